/* match_made.h - "many lists as one"
 *
 * The union of a leaf with very many lists (a word with wildcards, a range of
 * days), made once for a segment: entries in order, their frequencies added.
 * Merging lists block by block, as streams do with few of them, would cost the
 * number of lists again for each block.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_MADE_H
#define LEDE_QUERY_MATCH_MADE_H

#include "query/matching.h"

/* With more lists than this a union is made at once. */
enum { LEDE_MATCH_FEW_LISTS = 16 };

typedef struct lede_match_made lede_match_made;
struct lede_match_made {
    const lede_match_lists *lists;
    uint32_t count;
    uint32_t *entries, *frequencies; /* with room for a block behind the last */
    uint8_t *lasts; /* u32, little-endian: of each LEDE_BLOCK_POSTINGS */
    lede_match_made *next;
};

/* The union of the lists in the segment at hand, the same each time it is
 * asked for. NULL (noted) on failure. */
const lede_match_made *lede_match_made_of(lede_matching *matching,
                                          const lede_match_lists *lists);

#endif
