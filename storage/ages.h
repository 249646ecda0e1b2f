/* ages.h - "what is the median age of this archive?"
 *
 * The origin of ages and the half life of DESIGN "Ranking": over all live
 * entries with a trusted date that lies no more than a day after `now`. Exact,
 * by a binary search over instants with counts of bits, so that a publish costs
 * a sixty-fourth of the entries, not the entries.
 *
 * Threads: belongs to the writer's thread. */
#ifndef LEDE_STORAGE_AGES_H
#define LEDE_STORAGE_AGES_H

#include "storage/segment.h"

enum { LEDE_HALF_LIFE_MIN_S = 3600, LEDE_TRUST_MARGIN_S = 86400 };

/* Which entries of a segment have a trusted date: bits that never change, kept
 * by the segment's number. */
typedef struct lede_trust_cache lede_trust_cache;

lede_trust_cache *lede_trust_cache_new(void);        /* NULL: out of memory */
void lede_trust_cache_free(lede_trust_cache *cache); /* accepts NULL */
/* Keeps only what belongs to the segments named. */
void lede_trust_cache_keep(lede_trust_cache *cache, const uint32_t *ids,
                           uint32_t count);

typedef struct lede_ages_segment {
    const lede_segment *segment;
    const uint64_t *deleted; /* its deletion bits; NULL if none is deleted */
} lede_ages_segment;

typedef struct lede_ages {
    int64_t newest_trusted; /* LEDE_INSTANT_NONE if there is none */
    int64_t half_life_s;    /* of the lower median; at least an hour */
} lede_ages;

/* `cache` may be NULL. */
lede_status lede_ages_compute(const lede_ages_segment *segments, uint32_t count,
                              int64_t now, lede_trust_cache *cache,
                              lede_ages *out, lede_error *err);

#endif
