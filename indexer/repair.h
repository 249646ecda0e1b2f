/* repair.h - "what of a damaged archive can be kept, and what must be read
 * again?"
 *
 * The first step of a run with `reread`. Each segment that is damaged in any
 * way becomes new ones, of those of its records that can be read
 * (storage/salvage.h). Entries that are lost come back when their files are
 * read, later in the run or in another one: the records of the files that have
 * them say that texts are wanted (file_state.h), from the same publish on. At
 * the end of the run those that are not back are named.
 *
 * A record that may be of a deleted entry is kept if some file still has the
 * entry.
 *
 * Threads: the run's. */
#ifndef LEDE_INDEXER_REPAIR_H
#define LEDE_INDEXER_REPAIR_H

#include "indexer/file_state.h"
#include "storage/archive.h"

struct lede_run;

/* What was lost: the keys, ascending, and how many more that cannot be named.
 */
typedef struct lede_losses {
    uint64_t *keys;
    uint32_t count, cap;
    uint64_t unnamed;
} lede_losses;

void lede_losses_done(lede_losses *losses);

/* Before the run has a snapshot. LEDE_CORRUPT if nothing can be repaired, the
 * manifest being damaged. */
lede_status lede_run_repair(struct lede_run *run, lede_error *err);
/* Names what is still lost, each in a note. */
lede_status lede_run_tell_losses(struct lede_run *run, lede_error *err);

/* claimants.c: calls `found` for each of the keys (ascending, no doubles) that
 * a file has as a raw key; once for each of the file's blocks that has it.
 * `files` needs no segments. Damaged records of files are passed over. */
typedef lede_status (*lede_claimant_found)(void *ctx, uint32_t key,
                                           const lede_file_record *file,
                                           const lede_file_state *state,
                                           lede_error *err);
lede_status lede_claimants_find(const lede_snapshot *files,
                                const uint64_t *keys, uint32_t count,
                                lede_claimant_found found, void *ctx,
                                lede_error *err);

#endif
