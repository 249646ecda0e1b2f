/* postings_codes.h - the loops over Rice codes, compiled once for each variant:
 * with and without the instructions that count and find bits.
 *
 * Internal to storage/postings_bits.c and postings_simd.c.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_POSTINGS_CODES_H
#define LEDE_STORAGE_POSTINGS_CODES_H

#include "storage/postings_bits.h"

#define LEDE_ALWAYS_INLINE static inline __attribute__((always_inline))

/* What is left of 64 bits loaded at the byte of a bit. */
LEDE_ALWAYS_INLINE uint64_t lede_codes_window(lede_span bytes, uint64_t bit)
{
    return lede_bits_load_at(bytes, (size_t)(bit >> 3)) >> (bit & 7);
}

LEDE_ALWAYS_INLINE bool lede_codes_pass(lede_span bytes, uint64_t *bit,
                                        uint64_t end, uint64_t count)
{
    uint64_t at = *bit;

    while (count > 0 && at < end) {
        uint64_t window = lede_codes_window(bytes, at);
        unsigned ones = (unsigned)__builtin_popcountll(window);

        if (ones < count) {
            count -= ones;
            at += 64 - (at & 7);
            continue;
        }
        for (; count > 1; count--) {
            window &= window - 1;
        }
        at += (unsigned)__builtin_ctzll(window) + 1u;
        count = 0;
    }
    *bit = at;
    return count == 0 && at <= end;
}

/* All ones of a window are taken before the next is loaded, so that a code need
 * not wait for the load of the one before. */
LEDE_ALWAYS_INLINE bool lede_codes_read(lede_span bytes, lede_rice_codes *codes,
                                        uint32_t *sums, uint16_t *ranks,
                                        unsigned rank_width)
{
    unsigned low_width = codes->low_width;
    unsigned width = low_width + rank_width;
    uint64_t low_end = codes->low_end;
    uint64_t end = codes->end;
    uint64_t at = codes->bit;
    uint64_t next = at; /* behind the one before */
    uint64_t sum = 0;
    uint32_t count = codes->count;
    uint32_t limit = codes->limit;
    uint32_t k = 0;

    while (k < count && sum <= limit) {
        uint64_t window;

        if (at >= end) {
            return false;
        }
        window = lede_codes_window(bytes, at);
        for (; window != 0 && k < count; window &= window - 1) {
            uint64_t one = at + (unsigned)__builtin_ctzll(window);
            uint64_t low;

            low_end -= width;
            low = lede_bits_get(bytes, low_end, width);
            sum += (one - next) << low_width | low >> rank_width;
            next = one + 1;
            sums[k] = (uint32_t)sum;
            if (rank_width > 0) {
                ranks[k] = (uint16_t)(low & ((UINT64_C(1) << rank_width) - 1));
            }
            k++;
            if (sum > limit) {
                break;
            }
        }
        at += 64 - (at & 7);
    }
    codes->bit = next;
    codes->count = k;
    return next <= end && sum <= UINT32_MAX;
}

LEDE_ALWAYS_INLINE bool lede_codes_read_any(lede_span bytes,
                                            lede_rice_codes *codes,
                                            uint32_t *sums, uint16_t *ranks)
{
    return codes->rank_width == 0
               ? lede_codes_read(bytes, codes, sums, ranks, 0)
               : lede_codes_read(bytes, codes, sums, ranks, codes->rank_width);
}

#endif
