/* match_list.h - "where does this list stand?"
 *
 * A cursor over one posting list: decodes a block when it steps into it and no
 * sooner, frequencies when asked for. Only goes forward. A damaged block is
 * noted in the run and ends the list.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_LIST_H
#define LEDE_QUERY_MATCH_LIST_H

#include "query/match_search.h"
#include "query/matching.h"

#define LEDE_MATCH_NO_BLOCK UINT32_MAX

typedef struct lede_match_list {
    lede_matching *matching;
    const lede_postings *postings;
    const uint8_t *lasts;
    uint32_t block; /* decoded; LEDE_MATCH_NO_BLOCK before the first */
    uint32_t size, at;
    uint32_t entry; /* entries[at], or LEDE_MATCH_END */
    bool frequencies_ready;
    lede_postings_block opened; /* the block at hand */
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
} lede_match_list;

/* Stands before the first entry. */
void lede_match_list_init(lede_match_list *list, lede_matching *matching,
                          const lede_postings *postings);

/* Moves to the first entry >= `entry` and returns it; stays if it is there
 * already. */
uint32_t lede_match_list_seek(lede_match_list *list, uint32_t entry);

/* The frequency where it stands. */
uint32_t lede_match_list_frequency(lede_match_list *list);

#endif
