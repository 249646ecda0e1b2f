/* live.h - "of a list, what is left when deleted entries are left out?"
 *
 * Deleted entries stand in lists until segments are merged. Scores count them
 * (docs/RANKING.md); where an answer depends on how many entries have a word,
 * or whether any has, they are left out, so that it is the same after a merge,
 * and on shards, which have none of them.
 *
 * Threads: pure functions over a segment's bytes. */
#ifndef LEDE_QUERY_LIVE_H
#define LEDE_QUERY_LIVE_H

#include "storage/segment.h"

/* How many postings of the list are of entries that are not deleted. Only
 * blocks that deleted entries may be in are decoded. LEDE_CORRUPT if one is
 * damaged. */
lede_status lede_live_count(const lede_segment *segment,
                            const lede_postings *list, uint64_t *out,
                            lede_error *err);

/* Whether any of them has one of the forms that `wanted` (list->form_count
 * flags) has. */
lede_status lede_live_has_form(const lede_segment *segment,
                               const lede_postings *list, const bool *wanted,
                               bool *out, lede_error *err);

#endif
