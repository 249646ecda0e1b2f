/* match_pairs.h - "what do the segment's pairs say about a phrase?"
 *
 * Of two slots that ask for exact words a segment may know the entries in which
 * they stand side by side (storage/pair_words.h). A phrase then needs no
 * positions of any entry that is not in the lists of all its pairs; one of two
 * words needs none at all, unless letter case matters. Where a segment knows
 * that there is no such entry, the phrase has no match.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_PAIRS_H
#define LEDE_QUERY_MATCH_PAIRS_H

#include "query/matching.h"

typedef struct lede_match_pair {
    uint32_t slot;          /* the first of the two */
    lede_match_lists lists; /* exactly one */
    uint8_t fields; /* in which of its fields they have to meet; 0: any */
} lede_match_pair;

typedef struct lede_match_pairs {
    const lede_node *node;
    struct lede_match_pairs *next;
    bool none;    /* the phrase matches nothing here */
    bool answers; /* the one pair has exactly the entries that match, if they
                     meet in its fields */
    lede_match_pair *items;
    uint32_t count;
} lede_match_pairs;

/* Of a PHRASE node in the segment at hand; the same each time it is asked. NULL
 * (noted) on failure. */
const lede_match_pairs *lede_match_pairs_of(lede_matching *matching,
                                            const lede_node *node);

#endif
