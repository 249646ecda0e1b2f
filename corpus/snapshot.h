/* snapshot.h - "is this folder one page, saved in many ways?"
 *
 * ArchiveBox keeps a folder for each page: index.json says what the page is,
 * and beside it stands the same page as HTML, text, pictures and more. Of those
 * one is read, and what index.json says belongs to it.
 *
 * Threads: plain functions. */
#ifndef LEDE_CORPUS_SNAPSHOT_H
#define LEDE_CORPUS_SNAPSHOT_H

#include "base/buf.h"
#include "corpus/format.h"

/* Puts the file below the folder that is to be read into `out`
 * ("readability/content.html", the web archive in "warc"; "index.json" itself
 * if there is nothing else). False if the folder is no such one, or has other
 * files alone, which are found like any others. */
bool lede_snapshot_rendering(const char *folder, lede_buf *out);

/* If the file at `path` is what lede_snapshot_rendering would give for its
 * folder: sets url, title and captured of the context, as far as index.json
 * says them; texts live in the arena. */
void lede_snapshot_describe(const char *path, lede_arena *arena,
                            lede_read_context *context);

#endif
