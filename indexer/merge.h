/* merge.h - "several segments as one"
 *
 * Renumbers the live entries of some segments by time and key, and writes rows,
 * terms and records anew: what was deleted is gone, and the result is what the
 * entries would have been if they had been indexed together (but for the forms
 * of words that only deleted entries had: they keep their places in the tables
 * of forms). Segments that do not overlap in time are joined list by list in
 * one sweep; others are merged posting by posting. Blocks of records that are
 * all live are copied as they are.
 *
 * What is too much for one segment is cut by time: each part of it takes a
 * range of entries of each segment, so that the new segments do not overlap.
 *
 * Pairs (storage/pair_words.h) stay if all segments have those of the same
 * words, and no term has too many forms; else the new segment has none.
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
#include "indexer/watch.h"
#include "storage/archive.h"

enum { LEDE_MERGE_ENTRY_BYTES = 112, LEDE_MERGE_MOST = 64 };

/* Entries begin to end - 1 of a segment. */
typedef struct lede_merge_part {
    const lede_segment *segment;
    uint32_t begin, end;
} lede_merge_part;

/* All of a segment. */
lede_merge_part lede_merge_whole(const lede_segment *segment);

/* Moves the ends so that the parts hold the first `most` (1 or more) of the
 * live entries that are in them, in the order that they have together. */
lede_status lede_merge_cut(lede_merge_part *parts, uint32_t count,
                           uint32_t most, lede_error *err);

/* Writes an unpublished segment with the live entries of `count` parts (1 to
 * LEDE_MERGE_MOST, of different segments). LEDE_END if none is live: then there
 * is nothing to add. A term keeps at most `forms_max` forms. */
lede_status lede_segments_merge(lede_writer *writer,
                                const lede_merge_part *parts, uint32_t count,
                                uint32_t forms_max, const lede_watch *watch,
                                uint32_t *id, lede_error *err);

#endif
