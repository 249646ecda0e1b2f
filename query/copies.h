/* copies.h - "which of these hits are copies of a better one?"
 *
 * Of each group of near-copies (storage/copies.h) the member leads that comes
 * first in the order of the search, before the fit; the others are folded under
 * it. Who leads is asked of the search itself, with nothing but the members of
 * the groups at hand: so it is the same for every page, cursor and limit.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_COPIES_H
#define LEDE_QUERY_COPIES_H

#include "query/match.h"

/* Chosen entries of a snapshot: of each segment ascending numbers. */
typedef struct lede_chosen {
    const uint32_t **entries; /* by segment */
    uint32_t *counts;
    uint32_t segment_count;
    uint32_t *owned; /* NULL: the entries are lent by the snapshot */
    /* NULL: those that match are hits. Else each is told, by its place among
     * the chosen of its segment, and is none. */
    void (*met)(void *ctx, uint32_t segment, uint32_t index);
    void *ctx;
} lede_chosen;
void lede_chosen_done(lede_chosen *chosen);

/* How many entries of the snapshot have copies. LEDE_CORRUPT if that cannot be
 * read. */
lede_status lede_copies_count(const lede_snapshot *snapshot, uint64_t *out,
                              lede_error *err);
/* The group of an entry: its name, and its members; 0 members: none. */
lede_status lede_copies_group(const lede_snapshot *snapshot, uint32_t segment,
                              uint32_t entry, uint64_t *name, uint32_t *members,
                              lede_error *err);
/* All entries with copies. */
lede_status lede_copies_all(const lede_snapshot *snapshot, lede_chosen *out,
                            lede_error *err);

/* Drops the hits of a run with `options` that another member of their group
 * comes before. The total stays. */
lede_status lede_copies_fold(const lede_lookup *lookup,
                             const lede_match_options *options,
                             lede_match_result *result, lede_error *err);
/* How many of the hits of a run are folded under others, in all. */
lede_status lede_copies_folded(const lede_lookup *lookup,
                               const lede_match_options *options, uint64_t *out,
                               lede_error *err);

#endif
