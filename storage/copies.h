/* copies.h - "which entries are copies of each other?"
 *
 * Two live entries are a pair if their sketches say so (base/sketch.h) and they
 * are not of one page. Groups are what pairs connect: so they follow from the
 * live entries alone, whatever came or went in which order. A group is called
 * by the least key of its members. What is kept, in the transaction of each
 * publish, is a row for each entry of a group of two or more, with its segment;
 * docs/FORMAT.md, "Copies".
 *
 * A publish looks for the pairs of what is new, band by band, among all
 * entries; and where a member went, the rest of its group are looked at as if
 * they were new. Entries that moved in a merge stay what they were, and so do
 * rows of groups that nothing new is of: they are copied. Memory: 16 bytes for
 * each row (33 while segments are merged), 61 for each entry looked at or group
 * met, and 3 MB.
 *
 * Threads: as the writer, or the snapshot. */
#ifndef LEDE_STORAGE_COPIES_H
#define LEDE_STORAGE_COPIES_H

#include "base/buf.h"
#include "storage/segment.h"

enum { LEDE_COPY_ROW_BYTES = 16 };

/* One segment of the state to come. */
typedef struct lede_copies_segment {
    const lede_segment *segment;
    const uint64_t *deleted; /* bits of entries; NULL: none */
    bool is_new;
    bool has_changed;   /* out: its rows are not what they were */
    uint32_t row_count; /* out */
    lede_buf rows;      /* out, if they changed; the caller's */
} lede_copies_segment;

/* Computes the rows of all segments from those that are kept, what is new and
 * what is gone; `afresh` from the entries alone. A segment whose sketches
 * cannot be read counts as without. */
lede_status lede_copies_compute(lede_copies_segment *segments, uint32_t count,
                                const lede_segment *const *removed,
                                uint32_t removed_count, bool afresh,
                                lede_error *err);

/* The table of all rows, in the database "meta". */
typedef struct lede_copies_listed {
    uint32_t segment, rows;
    uint64_t hash; /* of the value */
} lede_copies_listed;
void lede_copies_table_encode(const lede_copies_listed *items, uint32_t count,
                              lede_buf *out);
/* LEDE_CORRUPT if it is damaged; else *out lends the items, as stored. */
lede_status lede_copies_table_decode(lede_span bytes, lede_span *items,
                                     lede_error *err);
lede_copies_listed lede_copies_table_get(lede_span items, uint32_t index);
uint32_t lede_copies_table_count(lede_span items);

#endif
