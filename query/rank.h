/* rank.h - "what is an occurrence worth?"
 *
 * The arithmetic of text scores, in the one form that every path shares
 * (docs/RANKING.md). With c = 1 / (2 x k1 x (1 - b + b x length / average)) a
 * part is w - w / (1 + f x c), which equals w x f / (f + 1 / c); the 2 is there
 * because stored frequencies are doubled weights. Each of its four
 * operations is correctly rounded and monotone, so the whole is monotone in f
 * and c to the last bit: the part of a block's impact is a bound of the parts
 * in the block without any slack. Scalar and SIMD give the same bits.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_RANK_H
#define LEDE_QUERY_RANK_H

#include <stdint.h>

#define LEDE_RANK_K1 1.2
#define LEDE_RANK_B 0.75
/* Frequencies above it count as it, so that each is exact as a float. */
#define LEDE_RANK_MAX_FREQUENCY (1u << 24)
/* No part is larger; sums over all leaves stay far below 2^53. */
#define LEDE_RANK_MAX_PART (1u << 30)
/* One unit of text. */
#define LEDE_RANK_UNIT 0x1p-20

/* The idf of a term in n of N entries: with r = (N - n + 0.5) / (n + 0.5),
 * ln(r), or ln(1 + r / 2) for r below 2, which keeps it above 0. */
double lede_rank_idf(uint64_t entries, uint64_t entry_count);

/* w, in units: boost x idf x (k1 + 1), within [0, LEDE_RANK_MAX_PART]. No part
 * of the leaf is larger. */
float lede_rank_weight(double idf, double boost);

/* c for each length byte. Falls as the byte rises. */
float lede_rank_norm(double average_length, uint8_t length);
void lede_rank_norms(double average_length, float norms[256]);

/* A part in units, from w, c and f (already limited). f may be infinite. */
static inline uint32_t lede_rank_part(float weight, float norm, float frequency)
{
    float part = weight - weight / (1.0f + frequency * norm);

    return (uint32_t)(int32_t)(part + 0.5f);
}

/* A frequency below which no posting with this norm, or a smaller one, has a
 * part of `least` units; perhaps not the largest such. From the formula solved
 * for f, with room for what rounding does to it: a part is off by less than two
 * steps of a float of the weight's size, and one half. */
static inline uint32_t lede_rank_least_frequency(float weight, float norm,
                                                 uint64_t least)
{
    double w = (double)weight;
    double part = (double)least - 1.0 - w * 0x1p-20;
    double f;

    if (part <= 0.0) {
        return 0;
    }
    if (part >= w) {
        return LEDE_RANK_MAX_FREQUENCY;
    }
    f = part / ((w - part) * (double)norm) * (1.0 - 0x1p-20);
    return f < (double)LEDE_RANK_MAX_FREQUENCY ? (uint32_t)f
                                               : LEDE_RANK_MAX_FREQUENCY;
}

static inline float lede_rank_frequency(uint32_t frequency)
{
    return (float)(frequency < LEDE_RANK_MAX_FREQUENCY
                       ? frequency
                       : LEDE_RANK_MAX_FREQUENCY);
}

#endif
