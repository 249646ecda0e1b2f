/* copy_groups.h - "which entries say the same?", of a whole snapshot
 *
 * The rows of all segments (storage/copies.h) with a number for each group, and
 * the members of each: made once for a snapshot and kept with it (kept.h), so
 * that a search that folds or counts copies looks at those it met and not at
 * all there are. Memory: 12 bytes for each row, 4 for each group.
 *
 * Threads: read-only once made. */
#ifndef LEDE_QUERY_COPY_GROUPS_H
#define LEDE_QUERY_COPY_GROUPS_H

#include "storage/archive.h"

/* No row. */
#define LEDE_COPY_NONE UINT32_MAX

/* A row is an entry that has copies: those of one segment ascend by entry, and
 * stand behind those of the segments before. */
typedef struct lede_copy_groups {
    uint32_t segment_count;
    uint32_t *firsts;  /* a segment's first row; one more, behind all */
    uint32_t *entries; /* of each row */
    uint32_t *groups;  /* of each row */
    uint32_t group_count;
    uint32_t *begins;  /* a group's first member; one more, behind all */
    uint32_t *members; /* rows, ascending within a group */
} lede_copy_groups;

/* LEDE_CORRUPT if the rows cannot be read. */
lede_status lede_copy_groups_make(const lede_snapshot *snapshot,
                                  lede_copy_groups **out, lede_error *err);
void lede_copy_groups_free(lede_copy_groups *groups); /* accepts NULL */

/* The row of an entry, or LEDE_COPY_NONE. */
uint32_t lede_copy_groups_row(const lede_copy_groups *groups, uint32_t segment,
                              uint32_t entry);
/* The segment of a row. */
uint32_t lede_copy_groups_segment(const lede_copy_groups *groups, uint32_t row);

#endif
