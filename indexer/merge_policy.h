/* merge_policy.h - "which segments should be one?"
 *
 * Segments are of a tier by their live entries: tier 0 up to 1,000, each next
 * one up to four times that of the one before. When a tier has four segments or
 * more, those of its neighbours in time that overlap most are merged, as many
 * as can be, which makes one of the next tier. So there are at most three
 * segments in each tier, and each entry is written again once for each tier
 * that it rises through. A merge of most of the archive takes along what there
 * is besides, so that one segment comes out. While a run goes on, a tier may
 * have sixteen: most entries of a long run are then written again only once. As
 * tests/indexer/test_merge.c counts it: three batches of 75,000 entries are not
 * merged; 16 in one run become one segment, each entry written twice in all
 * (three times, if each batch was a run); ten million entries in one run are at
 * most 22 segments on the way and 9 at its end, each entry written twice (13
 * and three times, if each batch was a run); a hundred entries a day, each day
 * a run, for a hundred years at most 19 segments, each entry written 8.2 times;
 * a hundred million in batches of 150,000 at most 65, most of them full. A
 * segment of which more than half is deleted is written anew by itself.
 *
 * Where four would be too large together - a merge takes LEDE_MERGE_ENTRY_BYTES
 * of memory an entry, and a segment has a largest size (segment.h) - three or
 * two of them are merged, if they fit.
 *
 * Threads: pure functions. */
#ifndef LEDE_INDEXER_MERGE_POLICY_H
#define LEDE_INDEXER_MERGE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LEDE_MERGE_TIER_ENTRIES = 1000,
    LEDE_MERGE_FAN = 4,
    LEDE_MERGE_FAN_READING = 16 /* while a run goes on */
};

typedef struct lede_merge_candidate {
    uint32_t live, deleted;
    int64_t newest, oldest; /* of the entries with a date */
    uint64_t table_bytes;   /* lede_segment_table_bytes */
} lede_merge_candidate;

/* What a merged segment may not exceed. */
typedef struct lede_merge_limits {
    uint64_t entries, table_bytes;
} lede_merge_limits;

/* Chooses from segments in order of their newest entry: fills `chosen` (room
 * for LEDE_MERGE_MOST) and returns how many, 0 if all is well. `fan` is how
 * many segments of a tier are too many. */
uint32_t lede_merge_choose(const lede_merge_candidate *segments, uint32_t count,
                           const lede_merge_limits *most, uint32_t fan,
                           uint32_t *chosen);

#endif
