/* segment_rows.h - "the rows of a segment being written"
 *
 * Gathers the rows of a segment (about 63 bytes each), checks their order, and
 * turns them into columns, the table of sources and the table of keys. Part of
 * the segment writer.
 *
 * Threads: belongs to the segment writer's thread. */
#ifndef LEDE_STORAGE_SEGMENT_ROWS_H
#define LEDE_STORAGE_SEGMENT_ROWS_H

#include "storage/segment.h"

typedef struct lede_segment_rows lede_segment_rows;

typedef struct lede_segment_numbers {
    uint32_t dated;
    uint64_t total_length;
    int64_t oldest, newest;
    uint32_t languages;
    bool has_updated; /* of some row it is known when it was changed */
} lede_segment_numbers;

lede_status lede_segment_rows_new(uint32_t count, lede_segment_rows **out,
                                  lede_error *err);
void lede_segment_rows_free(lede_segment_rows *rows); /* accepts NULL */

/* LEDE_BAD_INPUT if the row is out of order or a value out of its range. */
lede_status lede_segment_rows_put(lede_segment_rows *rows,
                                  const lede_segment_row *row, lede_error *err);
bool lede_segment_rows_are_complete(const lede_segment_rows *rows);
const lede_segment_numbers *
lede_segment_rows_numbers(const lede_segment_rows *rows);

/* Each appends an encoding, once the rows are complete. */
lede_status lede_segment_rows_column(const lede_segment_rows *rows,
                                     lede_column_id id, lede_buf *out,
                                     lede_error *err);
void lede_segment_rows_sources(const lede_segment_rows *rows, lede_buf *out);
/* Entry numbers in order of their keys (equal keys: ascending entries). */
lede_status lede_segment_rows_keys(const lede_segment_rows *rows, lede_buf *out,
                                   lede_error *err);
/* The length bytes; the caller frees them. */
uint8_t *lede_segment_rows_take_lengths(lede_segment_rows *rows);

#endif
