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

/* What index.json says of the page, as far as it does. */
typedef struct lede_snapshot_facts {
    lede_span url, title;
    lede_span tags; /* with commas between them */
    lede_when captured;
} lede_snapshot_facts;

/* False if the text is not that of such an index.json. Texts are copied into
 * the arena, none of them long. */
bool lede_snapshot_facts_read(lede_span json, lede_arena *arena,
                              lede_snapshot_facts *out);

/* Which rendering of the page a file below the folder is: the smaller is
 * better. */
enum {
    LEDE_SNAPSHOT_WARC = 100, /* in front of bare texts */
    LEDE_SNAPSHOT_NONE = 1000
};
int lede_snapshot_rank(lede_span name);
/* Whether a file below the folder is of ArchiveBox's own making. */
bool lede_snapshot_is_own(lede_span name);

/* Puts the file below the folder that is to be read into `out`
 * ("readability/content.html", the web archive in "warc"; "index.json" itself
 * if there is nothing else). False if the folder is no such one, or has other
 * files alone, which are found like any others. */
bool lede_snapshot_rendering(const char *folder, lede_buf *out);

/* If the file at `path` is what lede_snapshot_rendering would give for its
 * folder: sets url, title, tags and captured of the context, as far as
 * index.json says them; texts live in the arena. */
void lede_snapshot_describe(const char *path, lede_arena *arena,
                            lede_read_context *context);

#endif
