#include "query/likeness.h"

#include <math.h>
#include <string.h>

#include "query/entry_words.h"

/* How steeply a hit counts less as its score falls behind the best. */
static const double share_power = 2;

typedef struct part {
    uint32_t word;
    float weight;
} part;

typedef struct vector {
    part *parts;
    uint32_t count;
} vector;

struct lede_likeness {
    lede_arena *arena;
    lede_entry_words *words;
    vector *vectors;
    uint32_t count, most;
};

lede_likeness *lede_likeness_new(uint32_t most, lede_analyzer *analyzer,
                                 lede_arena *arena)
{
    lede_likeness *likeness = lede_arena_get(arena, sizeof *likeness);

    if (likeness == NULL) {
        return NULL;
    }
    likeness->arena = arena;
    likeness->words = lede_entry_words_new(analyzer, arena);
    likeness->vectors =
        lede_arena_array(arena, most + 1u, sizeof *likeness->vectors);
    likeness->most = most;
    return likeness->words == NULL || likeness->vectors == NULL ? NULL
                                                                : likeness;
}

bool lede_likeness_add(lede_likeness *likeness, const lede_entry *entry,
                       lede_language language)
{
    vector *v = &likeness->vectors[likeness->count];
    const uint32_t *numbers = NULL;

    if (likeness->count == likeness->most) {
        return false;
    }
    likeness->count++;
    if (entry == NULL) {
        return true;
    }
    if (!lede_entry_words_read(likeness->words, entry, language,
                               LEDE_LIKENESS_TOKENS, &numbers, &v->count)) {
        v->count = 0;
        return false;
    }
    v->parts =
        lede_arena_array(likeness->arena, v->count + 1u, sizeof *v->parts);
    for (uint32_t i = 0; v->parts != NULL && i < v->count; i++) {
        v->parts[i].word = numbers[i];
        v->parts[i].weight = sqrtf(
            (float)lede_entry_words_get(likeness->words, numbers[i])->count);
    }
    return v->parts != NULL;
}

/* Weighs the words by how few of the entries have them, and makes the vectors
 * one long. */
static void weigh(lede_likeness *likeness, const float *rarity)
{
    for (uint32_t i = 0; i < likeness->count; i++) {
        vector *v = &likeness->vectors[i];
        double sum = 0;
        float unit;

        for (uint32_t j = 0; j < v->count; j++) {
            v->parts[j].weight *= rarity[v->parts[j].word];
            sum += (double)v->parts[j].weight * (double)v->parts[j].weight;
        }
        unit = sum > 0 ? (float)(1 / sqrt(sum)) : 0.0f;
        for (uint32_t j = 0; j < v->count; j++) {
            v->parts[j].weight *= unit;
        }
    }
}

static double share_of(double share)
{
    return pow(share, share_power);
}

bool lede_likeness_find(lede_likeness *likeness, const double *shares,
                        uint32_t best_count, double *out)
{
    uint32_t total = lede_entry_words_total(likeness->words);
    float *rarity =
        lede_arena_array(likeness->arena, total + 1u, sizeof *rarity);
    double *middle =
        lede_arena_array(likeness->arena, total + 1u, sizeof *middle);
    double all = 0, likest = 0;

    if (rarity == NULL || middle == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < total; i++) {
        rarity[i] =
            logf((float)likeness->count /
                 (float)lede_entry_words_get(likeness->words, i)->entries);
    }
    weigh(likeness, rarity);
    for (uint32_t i = 0; i < best_count; i++) {
        const vector *v = &likeness->vectors[i];
        double share = share_of(shares[i]);

        all += share;
        for (uint32_t j = 0; j < v->count; j++) {
            middle[v->parts[j].word] += share * (double)v->parts[j].weight;
        }
    }
    for (uint32_t i = 0; i < likeness->count; i++) {
        const vector *v = &likeness->vectors[i];

        out[i] = 0;
        for (uint32_t j = 0; j < v->count; j++) {
            out[i] += middle[v->parts[j].word] * (double)v->parts[j].weight;
        }
    }
    /* (With itself nothing is compared.) */
    for (uint32_t i = 0; i < likeness->count; i++) {
        double own = i < best_count ? share_of(shares[i]) : 0;

        out[i] = likeness->vectors[i].count > 0 && all > own
                     ? fmax(0, (out[i] - own) / (all - own))
                     : 0;
        likest = fmax(likest, out[i]);
    }
    for (uint32_t i = 0; i < likeness->count; i++) {
        out[i] = likest > 1e-9 ? out[i] / likest : 0;
    }
    return true;
}
