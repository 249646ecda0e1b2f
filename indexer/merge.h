/* merge.h - "several segments as one"
 *
 * Renumbers the live entries of some segments by time and key, and writes rows,
 * terms and records anew: what was deleted is gone, and the result is what the
 * entries would have been if they had been indexed together. Segments that do
 * not overlap in time are joined list by list in one sweep; others are merged
 * posting by posting.
 *
 * Memory is the new numbers (4 bytes an entry), the rows of the segment writer,
 * and one block of each list: LEDE_MERGE_ENTRY_BYTES an entry in all.
 *
 * When to merge, see merge_policy.h.
 *
 * Threads: a merge belongs to the writer's thread. */
#ifndef LEDE_INDEXER_MERGE_H
#define LEDE_INDEXER_MERGE_H

#include <stdint.h>

#include "base/status.h"
#include "storage/archive.h"

enum { LEDE_MERGE_ENTRY_BYTES = 112, LEDE_MERGE_MOST = 32 };

/* Writes an unpublished segment with the live entries of `count` segments
 * (1 to LEDE_MERGE_MOST, no two the same). LEDE_END if none is live: then there
 * is nothing to add. LEDE_INTERRUPTED once *stop is set. */
lede_status lede_segments_merge(lede_writer *writer,
                                const lede_segment *const *segments,
                                uint32_t count, const volatile int *stop,
                                uint32_t *id, lede_error *err);

#endif
