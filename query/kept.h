/* kept.h - "what need not be made again for the next query?"
 *
 * Kept with a snapshot: an analyzer, with the stems that it remembers, memory
 * that need not go back to the system, the norms of the length bytes, how
 * recency fades, and the groups of near-copies.
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

/* Memory of one query that the next one may use, empty; the caller's until put
 * back. What is large is not kept. */
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

/* The groups of near-copies, lent as long as the snapshot is. */
lede_status lede_kept_copies(const lede_snapshot *snapshot,
                             const lede_copy_groups **out, lede_error *err);

#endif
