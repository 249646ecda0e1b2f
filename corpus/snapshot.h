/* snapshot.h - "is this folder one page, saved in many ways?"
 *
 * ArchiveBox keeps a folder for each page: index.json says what the page is,
 * and beside it stands the same page as HTML, text, pictures and more. Of those
 * one is read, and what index.json says belongs to it.
 *
 * Threads: plain functions. */
#ifndef LEDE_CORPUS_SNAPSHOT_H
#define LEDE_CORPUS_SNAPSHOT_H

#include "corpus/format.h"

/* The file below the folder to be read ("readability/content.html"), or NULL:
 * the folder is no such one, or has none of the files that can be read. */
const char *lede_snapshot_rendering(const char *folder);

/* If the file at `path` is what lede_snapshot_rendering would give for its
 * folder: sets url, title and captured of the context, as far as index.json
 * says them; texts live in the arena. */
void lede_snapshot_describe(const char *path, lede_arena *arena,
                            lede_read_context *context);

#endif
