/* match_search.h - "where among these ascending numbers?"
 *
 * Searches that never branch on a comparison nobody could predict.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_MATCH_SEARCH_H
#define LEDE_QUERY_MATCH_SEARCH_H

#include <stdint.h>
#include <string.h>

#include "base/varint.h"

/* The first of n ascending values that is >= x; n if there is none. The number
 * of steps depends on n alone. The mask keeps compilers from making a branch of
 * each step. */
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

/* The same, where it is probably one of the first. */
static inline uint32_t lede_match_near(const uint32_t *values, uint32_t n,
                                       uint32_t x)
{
    uint32_t count = 0;

    if (n < 8) {
        return lede_match_lower_bound(values, n, x);
    }
    for (unsigned i = 0; i < 8; i++) {
        count += values[i] < x;
    }
    return count < 8 ? count : 8 + lede_match_lower_bound(values + 8, n - 8, x);
}

/* How many of n ascending values are <= x, where few are. `values` has room for
 * n + 3, with anything behind n. */
static inline uint32_t lede_match_run_end(const uint32_t *values, uint32_t n,
                                          uint32_t x)
{
    uint32_t count = 0;

    while (count + 4 < n && values[count + 3] <= x) {
        count += 4;
    }
    for (uint32_t i = count, end = count + 4; i < end; i++) {
        count += (values[i] <= x) & (i < n);
    }
    return count;
}

enum { LEDE_MATCH_NEAR = 8 };

/* How many of LEDE_MATCH_NEAR little-endian numbers are < x. */
static inline uint32_t lede_match_count_near(const uint8_t *numbers, uint32_t x)
{
    uint32_t values[LEDE_MATCH_NEAR];
    uint32_t count = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(values, numbers, sizeof values);
#else
    for (unsigned i = 0; i < LEDE_MATCH_NEAR; i++) {
        values[i] = lede_load_u32(numbers + 4 * (size_t)i);
    }
#endif
    for (unsigned i = 0; i < LEDE_MATCH_NEAR; i++) {
        count += values[i] < x;
    }
    return count;
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
    if (count - from > LEDE_MATCH_NEAR) {
        uint32_t near =
            lede_match_count_near(lasts + 4 * ((size_t)from + 1), entry);

        low += near;
        if (near < LEDE_MATCH_NEAR) {
            return low + 1;
        }
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
