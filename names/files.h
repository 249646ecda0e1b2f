/* files.h - "where are the model and the gazetteer?"
 *
 * They are installed into share/lede beside the program's bin; a build has
 * share/lede beside its program. In order: the folder that is given (an option
 * of the user's), the one that the environment variable LEDE_NAMES names,
 * ../share/lede and share/lede from where the running program lies, share/lede
 * of where it was to be installed.
 *
 * Threads: pure functions, but for reading the environment. */
#ifndef LEDE_NAMES_FILES_H
#define LEDE_NAMES_FILES_H

#include "base/buf.h"
#include "base/status.h"

#define LEDE_NAMES_MODEL_FILE "names.model"
#define LEDE_NAMES_TABLE_FILE "places.table"

/* Appends the path of a file of one of the names above. `folder` may be NULL.
 * LEDE_NOT_FOUND if no folder has it; where a folder was given or named, only
 * that one is looked at. */
lede_status lede_names_find_file(const char *file, const char *folder,
                                 lede_buf *out);

#endif
