/* rank.c - the parts of a score; see rank.h and docs/RANKING.md. */
#include "query/rank.h"

#include <math.h>

#include "query/match.h"
#include "storage/postings.h"

double lede_rank_idf(uint64_t entries, uint64_t entry_count)
{
    double all = (double)entries;
    double with = (double)(entry_count < entries ? entry_count : entries);

    double odds = (all - with + 0.5) / (with + 0.5);

    return odds < 2.0 ? log(1.0 + odds / 2.0) : log(odds);
}

float lede_rank_weight(double idf, double boost)
{
    double weight = boost * idf * (LEDE_RANK_K1 + 1.0) / LEDE_RANK_UNIT;

    if (!(weight > 0.0)) {
        return 0.0f;
    }
    return (float)(weight < LEDE_RANK_MAX_PART ? weight : LEDE_RANK_MAX_PART);
}

float lede_rank_norm(double average_length, uint8_t length)
{
    double average = average_length > 0.0 ? average_length : 1.0;
    double share = (double)lede_length_decode(length) / average;

    return (float)(1.0 / (2.0 * LEDE_RANK_K1 *
                          (1.0 - LEDE_RANK_B + LEDE_RANK_B * share)));
}

void lede_rank_norms(double average_length, float norms[256])
{
    for (unsigned i = 0; i < 256; i++) {
        norms[i] = lede_rank_norm(average_length, (uint8_t)i);
    }
}

uint32_t lede_score_part(const lede_leaf_statistics *statistics, double boost,
                         uint32_t frequency, uint8_t length)
{
    return lede_rank_part(lede_rank_weight(statistics->idf, boost),
                          lede_rank_norm(statistics->average_length, length),
                          lede_rank_frequency(frequency));
}

double lede_recency_factor(const lede_match_options *options, bool trusted,
                           int64_t time)
{
    double floor_factor = 1.0 - options->recency;
    double age;

    if (options->recency <= 0.0) {
        return 1.0;
    }
    if (!trusted || time == LEDE_INSTANT_NONE ||
        options->origin == LEDE_INSTANT_NONE) {
        return floor_factor;
    }
    age = (double)options->origin - (double)time;
    if (age <= 0.0) {
        return 1.0;
    }
    return floor_factor +
           options->recency * exp2(-age / (double)options->half_life_s);
}
