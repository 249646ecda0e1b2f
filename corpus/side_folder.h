/* side_folder.h - "is this the folder that a browser made for a saved page?"
 *
 * Beside "X.html" browsers put pictures, scripts and frames into "X_files", or
 * what that is called in their language.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_SIDE_FOLDER_H
#define LEDE_CORPUS_SIDE_FOLDER_H

#include "base/span.h"

/* The bytes of `name` before "_files", "-Dateien", "_fichiers"...; 0 if it ends
 * in none of them. Whether a page of that name stands beside it is the caller's
 * to see. `name` may be a path. */
size_t lede_side_folder_stem(lede_span name);

#endif
