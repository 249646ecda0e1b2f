/* archive_names.h - "which members of an archive are documents of their own?"
 *
 * What the names of all members say about each: "X_files/..." belongs to the
 * page "X.html", and of a page that ArchiveBox saved in many ways (snapshot.h)
 * one is read. Pages and folders may stand in any order, so a member may have
 * to wait until all names are known.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_ARCHIVE_NAMES_H
#define LEDE_CORPUS_ARCHIVE_NAMES_H

#include "base/arena.h"
#include "corpus/snapshot.h"

enum { LEDE_ARCHIVE_INDEX_MAX_BYTES = 1 << 20 };

struct lede_archive_snapshot;

/* All-zero knows no names. What no memory is left for is not known. */
typedef struct lede_archive_names {
    uint64_t *pages; /* hashes of "folder/X" of each folder/X.html: an open
                        table, 0 is free */
    size_t page_count, page_room;            /* room: a power of two, or 0 */
    struct lede_archive_snapshot *snapshots; /* an open table by folder */
    size_t snapshot_count, snapshot_room;
    lede_arena arena; /* of what snapshots say */
    bool has_package, has_web_archives;
    bool is_whole;     /* all names are known, not just those so far */
    const char *other; /* the kind of document that is a zip archive, or NULL */
} lede_archive_names;

void lede_archive_names_done(lede_archive_names *names);

void lede_archive_names_put(lede_archive_names *names, lede_span name);

/* Whether this is what says of a snapshot what it is; then its text. */
bool lede_archive_names_is_index(lede_span name);
void lede_archive_names_put_index(lede_archive_names *names, lede_span name,
                                  lede_span json);

typedef enum lede_archive_verdict {
    LEDE_ARCHIVE_READ,
    LEDE_ARCHIVE_PASS, /* belongs to something else */
    LEDE_ARCHIVE_WAIT  /* not known before all names are; never once they are */
} lede_archive_verdict;

lede_archive_verdict lede_archive_names_judge(const lede_archive_names *names,
                                              lede_span name);

/* What is known of the page that the member is one rendering of; NULL if it is
 * none. Lives as long as the names. */
const lede_snapshot_facts *
lede_archive_names_facts(const lede_archive_names *names, lede_span name);

#endif
