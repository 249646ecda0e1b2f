/* match_list.h - "where does this list stand?"
 *
 * A cursor over one posting list: decodes a block when it steps into it and no
 * sooner, frequencies when asked for. Only goes forward. A damaged block is
 * noted in the run and ends the list.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_LIST_H
#define LEDE_QUERY_MATCH_LIST_H

#include "base/varint.h"
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

/* The first of n ascending values that is >= x; n if there is none. The number
 * of steps depends on n alone. The mask keeps compilers from making a branch of
 * each step, which nobody could predict. */
static inline uint32_t lede_match_lower_bound(const uint32_t *values,
                                              uint32_t n, uint32_t x)
{
    uint32_t base = 0;

    while (n > 1) {
        uint32_t half = n / 2;

        base += half & (0u - (uint32_t)(values[base + half - 1] < x));
        n -= half;
    }
    return base + (n == 1 && values[base] < x);
}

/* The first block >= from, of `count`, whose last entry is >= `entry`; count
 * if there is none. Near blocks are found soonest. */
static inline uint32_t lede_match_find_last(const uint8_t *lasts, uint32_t from,
                                            uint32_t count, uint32_t entry)
{
    uint32_t low = from;
    uint32_t high, step;

    if (from >= count || lede_load_u32(lasts + 4 * (size_t)from) >= entry) {
        return from < count ? from : count;
    }
    for (step = 1; step < count - low &&
                   lede_load_u32(lasts + 4 * (size_t)(low + step)) < entry;
         step *= 2) {
        low += step;
    }
    high = step < count - low ? low + step : count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (lede_load_u32(lasts + 4 * (size_t)middle) < entry) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

#endif
