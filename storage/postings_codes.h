/* postings_codes.h - the loops over codes of single bits, compiled once for
 * each variant: with and without the instructions that count and find bits.
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

/* Looks a number up in two parts (lede_bits_find_split). The least number that
 * could stand at or behind a bit follows from the ones before it alone: first
 * the word, then the bit is found up to which that is not more than `wanted`.
 * If it is a zero, it ends those that have the upper part of `wanted`: they are
 * the ones just before it. */
LEDE_ALWAYS_INLINE uint32_t lede_codes_find_split(lede_span low, unsigned width,
                                                  lede_span high, uint32_t n,
                                                  uint32_t first,
                                                  uint32_t wanted)
{
    uint64_t distance = wanted - first;
    uint64_t word = lede_bits_load_at(high, 0);
    uint64_t from = 0, ones = 0; /* bits and ones before the word */
    uint64_t before, bit, upper;
    unsigned at = 0;

    while (from + 64 < (uint64_t)high.len * 8) {
        uint64_t next = ones + (unsigned)__builtin_popcountll(word);

        if (next + ((from + 64 - next) << width) > distance) {
            break;
        }
        ones = next;
        from += 64;
        word = lede_bits_load_at(high, (size_t)(from / 8));
    }
    before = ones;
    for (unsigned step = 32; step > 0; step /= 2) {
        uint64_t mask = (UINT64_C(1) << (at + step)) - 1;
        uint64_t next = ones + (unsigned)__builtin_popcountll(word & mask);
        bool is_behind =
            next + ((from + at + step - next) << width) <= distance;

        at += is_behind ? step : 0;
        before = is_behind ? next : before;
    }
    bit = from + at;
    upper = bit - before;
    if ((word >> at & 1) != 0) {
        before++;
        bit++;
    }
    /* `before` ones stand before `bit`. */
    while (before > 0 && before <= n && bit <= (uint64_t)high.len * 8 &&
           (high.bytes[(bit - 1) / 8] >> (bit - 1) % 8 & 1) != 0) {
        uint64_t number;

        before--;
        bit--;
        number = before +
                 (upper << width | lede_bits_get(low, before * width, width));
        if (number <= distance) {
            return number == distance ? (uint32_t)before : n;
        }
    }
    return n;
}

#endif
