/* kept.h - "what need not be made again for the next query?"
 *
 * Kept with a snapshot: an analyzer, with the stems that it remembers, arenas
 * of queries before, the windows of the matcher, the norms of the length bytes,
 * how recency fades, which segments have dates that are no better known than to
 * the day, and the groups of near-copies.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_KEPT_H
#define LEDE_QUERY_KEPT_H

#include "base/analyze.h"
#include "base/arena.h"
#include "query/copy_groups.h"
#include "query/fading.h"

/* The caller's until put back. */
lede_status lede_kept_take_analyzer(const lede_snapshot *snapshot,
                                    lede_analyzer **out, lede_error *err);
/* Accepts NULL. */
void lede_kept_put_analyzer(const lede_snapshot *snapshot,
                            lede_analyzer *analyzer);

enum {
    LEDE_MATCH_COUNT_WINDOW = 1 << 15, /* entries of a counting window */
    /* Entries on either side of it that a set which crosses its border can
     * have. */
    LEDE_MATCH_SET_MARGIN = 1 << 12,
    LEDE_MATCH_SET_WORDS =
        (LEDE_MATCH_COUNT_WINDOW + 2 * LEDE_MATCH_SET_MARGIN) / 64 + 1
};

/* What the matcher adds up in, a window of entries at a time. It leaves zeros
 * where it has been, so that the next query finds nothing to clear and no page
 * to be asked for. */
typedef struct lede_match_windows {
    uint32_t sums[LEDE_MATCH_COUNT_WINDOW];
    uint8_t counts[LEDE_MATCH_COUNT_WINDOW];
    uint64_t set[LEDE_MATCH_SET_WORDS];
    uint64_t all[LEDE_MATCH_SET_WORDS]; /* this alone may hold anything */
} lede_match_windows;

/* The caller's until put back. NULL when out of memory. */
lede_match_windows *lede_kept_take_windows(const lede_snapshot *snapshot);
/* Accepts NULL. Zeros, but for `all`: what a failed run left is freed instead.
 */
void lede_kept_put_windows(const lede_snapshot *snapshot,
                           lede_match_windows *windows);

/* Memory of one query that the next one may use, empty; the caller's until put
 * back. As many are kept as one query has at a time; what is large is not. */
lede_arena lede_kept_take_arena(const lede_snapshot *snapshot);
void lede_kept_put_arena(const lede_snapshot *snapshot, lede_arena *arena);

/* The 256 norms (query/rank.h) for an average length, lent until norms for
 * another one are asked for: a snapshot has but one. NULL when out of memory.
 */
const float *lede_kept_norms(const lede_snapshot *snapshot, double average);

/* Segment `index` under the recency of `options`, lent until asked for the same
 * segment again. */
lede_status lede_kept_fading(const lede_snapshot *snapshot, uint32_t index,
                             const lede_match_options *options,
                             const lede_fading **out, lede_error *err);

/* Whether segment `index` has dates that are known no better than to the day
 * (LEDE_TERM_DATE). */
lede_status lede_kept_has_dates(const lede_snapshot *snapshot, uint32_t index,
                                bool *out, lede_error *err);

/* The groups of near-copies, lent as long as the snapshot is. */
lede_status lede_kept_copies(const lede_snapshot *snapshot,
                             const lede_copy_groups **out, lede_error *err);

#endif
