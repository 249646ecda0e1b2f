/* lookup.h - "which lists do the words of this tree have?"
 *
 * The leaves of a tree looked up in every segment, once for all that a search
 * does with them: matching, relaxing, ranking, explaining. Statistics need all
 * segments anyway: the document frequency of a leaf is the largest of its
 * terms', over the whole archive.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_LOOKUP_H
#define LEDE_QUERY_LOOKUP_H

#include "base/arena.h"
#include "query/match.h"

/* The opened lists of a leaf in a segment. */
typedef struct lede_match_lists {
    lede_postings *items;
    lede_span *terms; /* of each */
    uint32_t count;
    uint32_t postings; /* at most so many entries */
} lede_match_lists;

typedef struct lede_match_leaf {
    const lede_leaf *leaf;
    lede_leaf_statistics statistics;
    float weight; /* 0 if it does not score */
} lede_match_leaf;

/* The tree's nodes may change while it is open, its leaves may not. */
struct lede_lookup {
    const lede_snapshot *snapshot;
    const lede_tree *tree;
    lede_match_leaf *leaves;
    lede_match_lists *lists; /* segment x leaf */
    bool scores;             /* some leaf does */
    bool heavy;              /* sums could pass 2^31 */
    const float *norms;      /* if it scores */
    lede_arena arena;
};

static inline const lede_match_lists *
lede_lookup_lists(const lede_lookup *lookup, uint32_t segment, uint32_t leaf)
{
    return &lookup->lists[(size_t)segment * lookup->tree->leaf_count + leaf];
}

/* In the caller's memory; done after failure too. With `only` not NULL, opens
 * the lists of that segment alone: for matching, not for scores. */
lede_status lede_lookup_init(lede_lookup *lookup, const lede_snapshot *snapshot,
                             const lede_tree *tree, const uint32_t *only,
                             lede_error *err);
void lede_lookup_done(lede_lookup *lookup);

#endif
