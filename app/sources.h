/* sources.h - "which settings do the sources have?"
 *
 * Finds and opens the file of settings per source (source_settings.h) for the
 * commands that read files.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_SOURCES_H
#define LEDE_APP_SOURCES_H

#include "app/app.h"
#include "corpus/source_settings.h"

/* Opens the file that was named; if `path` is NULL, ARCHIVE.sources beside the
 * archive, where there is one: else *out is NULL. False after saying what is
 * wrong. */
bool lede_app_open_sources(lede_app *app, const char *path,
                           lede_source_settings **out);

#endif
