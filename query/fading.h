/* fading.h - "what can recency leave of a score here?"
 *
 * Bounds of the recency factor over stretches of a segment. Entries are
 * numbered newest first, so the factor of those with a trusted date falls as
 * numbers rise; others have the least there is. Made once for a segment and a
 * setting of recency, and kept with the snapshot: dates are read for that
 * alone.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_FADING_H
#define LEDE_QUERY_FADING_H

#include "query/match.h"

enum { LEDE_FADING_STRETCHES = 256 };

typedef struct lede_fading {
    double recency; /* of which settings */
    int64_t half_life_s, origin;
    unsigned shift; /* entry >> shift is its stretch */
    /* No entry of the stretch, or behind it, has a greater factor ... */
    double most[LEDE_FADING_STRETCHES];
    /* ... and none of the stretch has a smaller one. */
    double least[LEDE_FADING_STRETCHES];
    /* All of the stretch have a trusted date. */
    bool is_trusted[LEDE_FADING_STRETCHES];
    /* How many stretches before it are not like that. */
    uint16_t untrusted[LEDE_FADING_STRETCHES + 1];
    double floor; /* no entry has a smaller factor */
} lede_fading;

lede_status lede_fading_make(const lede_segment *segment,
                             const lede_match_options *options,
                             lede_fading *out, lede_error *err);

static inline double lede_fading_most(const lede_fading *fading, uint32_t entry)
{
    return fading->most[entry >> fading->shift];
}

static inline double lede_fading_least(const lede_fading *fading,
                                       uint32_t entry)
{
    return fading->least[entry >> fading->shift];
}

/* The same of the entries from one to another: the factor only falls where all
 * dates between are trusted. */
static inline double lede_fading_least_of(const lede_fading *fading,
                                          uint32_t first, uint32_t last)
{
    uint32_t from = first >> fading->shift;
    uint32_t to = last >> fading->shift;

    return fading->untrusted[to + 1] > fading->untrusted[from]
               ? fading->floor
               : fading->least[to];
}

static inline bool lede_fading_is_trusted(const lede_fading *fading,
                                          uint32_t entry)
{
    return fading->is_trusted[entry >> fading->shift];
}

#endif
