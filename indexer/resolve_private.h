/* resolve_private.h - what resolve.c settles and resolve_text.c finds texts
 * for.
 *
 * Threads: a resolver belongs to one thread. */
#ifndef LEDE_INDEXER_RESOLVE_PRIVATE_H
#define LEDE_INDEXER_RESOLVE_PRIVATE_H

#include "indexer/clusters.h"
#include "indexer/pages.h"
#include "indexer/resolve.h"

/* One version of an article, or all versions of a post that one page has. Parts
 * of one raw key (of a post's oldest version) are settled together: a page can
 * have split the key by itself. */
typedef struct part {
    uint64_t raw, key;
    const lede_live_class *live; /* NULL: an article */
    const lede_version *article; /* NULL: the pending claim */
    uint32_t pending;
} part;

typedef struct parts {
    part *items;
    uint32_t count, cap;
} parts;

typedef struct resolver {
    lede_resolution *out;
    lede_pages pages;
    lede_arena pages_arena;
    lede_map wanted;        /* raw keys whose entries are settled */
    lede_map stored_by_key; /* of the universe's */
    parts parts;
    lede_arena scratch; /* of one raw key */
    lede_buf name;
    lede_identifier identifier;
    lede_buf record;
    lede_arena decoded;
    uint64_t *digests; /* of stored texts, once they were asked for */
    uint32_t *when_hashes;
    bool *has_digest;
} resolver;

static inline lede_status resolve_no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "settling entries: out of memory");
}

/* Finds the winner's text at hand or in the archive. */
lede_status resolve_find_text(resolver *r, const lede_voice *voices,
                              uint32_t count, const lede_version *winner,
                              lede_settled *e, lede_error *err);

/* The winner's text is not at hand: goes down the voices, best first, to the
 * first one that is, and wishes for those before. What a former save had is in
 * no file. */
lede_status resolve_list_wishes(resolver *r, lede_voice *voices, uint32_t count,
                                lede_settled *e, lede_error *err);

#endif
