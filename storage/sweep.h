/* sweep.h - "which values belong to no segment?"
 *
 * Clears the values of segments that the manifest does not list: what a killed
 * or failed writer left, and segments given up. For the holder of the writer's
 * lock.
 *
 * Threads: as the writer. */
#ifndef LEDE_STORAGE_SWEEP_H
#define LEDE_STORAGE_SWEEP_H

#include <lmdb.h>

#include "storage/archive.h"

/* *last_segment: the highest number given out so far. */
lede_status lede_sweep(lede_archive *archive, uint32_t *last_segment,
                       lede_error *err);

/* Deletes all values of a segment, or the first `max` of them; *left says
 * whether there are more. */
lede_status lede_sweep_segment(const lede_archive *archive, MDB_txn *txn,
                               uint32_t segment, uint32_t max, bool *left,
                               lede_error *err);

#endif
