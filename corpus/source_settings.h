/* source_settings.h - "what does the owner say of the folder this came from?"
 *
 * Settings per source, from a text file that the owner of an archive writes:
 *
 *   # papers of the north
 *   [saved/cork]
 *   zone = Europe/Dublin
 *   language = en
 *   name = Cork Beo
 *   home = Cork, Ireland
 *
 * A section's name is a folder or a file, from the settings file's own folder
 * on if it is not absolute; what follows holds for all below it. Where sections
 * lie in each other, the innermost that has a setting decides. Settings are
 * defaults: what a document says itself counts more, what was asked for on the
 * command line less. A line that cannot be understood fails the whole file, so
 * that a slip of the pen is not read past.
 *
 * Threads: read-only once open. */
#ifndef LEDE_CORPUS_SOURCE_SETTINGS_H
#define LEDE_CORPUS_SOURCE_SETTINGS_H

#include "corpus/reader.h"

typedef struct lede_source_settings lede_source_settings;

/* LEDE_NOT_FOUND if there is no such file, LEDE_IO if it cannot be read,
 * LEDE_BAD_INPUT with path and line number if it is not as above. */
lede_status lede_source_settings_open(const char *path,
                                      lede_source_settings **out,
                                      lede_error *err);
void lede_source_settings_close(lede_source_settings *settings); /* or NULL */

/* Whether that is the file of the settings itself: no document. False for NULL
 * settings. */
bool lede_source_settings_are(const lede_source_settings *settings,
                              const char *path);
/* The folders (or files) with settings that do not exist, one a call: *at
 * begins with 0. NULL behind the last; *line is where the section begins. */
const char *
lede_source_settings_next_missing(const lede_source_settings *settings,
                                  size_t *at, unsigned *line);

/* Puts into `options` what is set for the file at `path` (absolute, as walk.h
 * gives it); the texts are lent by the settings. Accepts NULL settings. */
void lede_source_settings_apply(const lede_source_settings *settings,
                                const char *path, lede_read_options *options);

#endif
