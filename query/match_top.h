/* match_top.h - "the best k so far"
 *
 * A heap whose root is the worst hit kept, so that the threshold is exact after
 * each insertion; without a bound, a plain array sorted at the end. The order
 * is total: better hits first, as query/match.h says. Within a segment that is
 * the order of entry numbers, so that a hit's time and key need not be known
 * until it meets one of another segment.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_TOP_H
#define LEDE_QUERY_MATCH_TOP_H

#include <stdbool.h>
#include <stdint.h>

#include "query/match.h"

typedef struct lede_match_top {
    lede_match_hit *items;
    uint64_t count, cap, k;
    bool oldest_first;
} lede_match_top;

void lede_match_top_init(lede_match_top *top, uint64_t k, bool oldest_first);
void lede_match_top_done(lede_match_top *top);

/* True if `a` stands before `b` in the answer. */
bool lede_match_hit_before(const lede_match_hit *a, const lede_match_hit *b,
                           bool oldest_first);

/* True if `hit` stands behind a hit known by its score, time and key alone, and
 * is not that hit. */
bool lede_match_hit_behind(const lede_match_hit *hit,
                           const lede_match_hit *after, bool oldest_first);

/* True when another hit has to beat items[0], the worst. */
static inline bool lede_match_top_is_full(const lede_match_top *top)
{
    return top->count >= top->k;
}

/* Keeps the hit if it is among the best; false when out of memory. */
bool lede_match_top_put(lede_match_top *top, const lede_match_hit *hit);

/* Puts the items in order, best first; nothing may be put afterwards. */
void lede_match_top_sort(lede_match_top *top);

#endif
