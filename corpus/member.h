/* member.h - "how is a document read that stands in another?"
 *
 * Containers (archives, web archives, messages) unpack a document and hand it
 * over here; it is recognised and read like a file, its entries' locations get
 * its place in the container put before, and what is wrong with it becomes a
 * note. Containers nest LEDE_CONTAINERS_MAX deep.
 *
 * What is unpacked from one file has a bound, whatever the nesting: 200 times
 * the file's size (1 MiB is free), so that no bomb goes off. What members that
 * are compressed themselves come to counts, too.
 *
 * Threads: a read belongs to one thread. */
#ifndef LEDE_CORPUS_MEMBER_H
#define LEDE_CORPUS_MEMBER_H

#include "corpus/format.h"
#include "corpus/source.h"

enum { LEDE_CONTAINERS_MAX = 3 };

/* What all containers in one file have unpacked. */
struct lede_unpacked {
    uint64_t file_bytes; /* size of the file */
    uint64_t bytes;      /* unpacked so far */
    uint64_t members;
};

/* Counts unpacked bytes: LEDE_CORRUPT, with a message for people, if they are
 * more than the file can be trusted with. */
lede_status lede_unpacked_add(lede_unpacked *unpacked, uint64_t bytes,
                              lede_error *err);
/* How many more would be too many; at least 1. */
uint64_t lede_unpacked_room(const lede_unpacked *unpacked);

/* One document. All-zero but for the dates (lede_when_none) says nothing. */
typedef struct lede_member {
    const char *location; /* in its container: "!folder/page.html" */
    lede_span name;       /* of the file that it was; or empty */
    lede_span url, site, title, language, charset;
    lede_span tags; /* with commas between them */
    lede_when published, captured;
    int64_t mtime; /* of the file that it was; 0 = unknown */
} lede_member;

/* What came of a member. */
typedef struct lede_member_fate {
    uint64_t entries;
    bool is_no_text; /* a picture, a program: passed over without a word */
} lede_member_fate;

/* Reads a document out of `source`, which is taken over. LEDE_OK also if
 * nothing came of it. Other statuses end the container's read. */
lede_status lede_member_read(const lede_read_context *context,
                             const lede_member *member, lede_source *source,
                             const lede_sink *sink, lede_member_fate *fate,
                             lede_error *err);

#endif
