/* column.h - "a number for each entry of a segment"
 *
 * Blocks of 128 values, each with a base and the differences from it packed
 * at the block's own width: any value is read with two loads, in place.
 *
 * Threads: columns are read-only. */
#ifndef LEDE_STORAGE_COLUMN_H
#define LEDE_STORAGE_COLUMN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

typedef struct lede_column {
    uint32_t count;
    lede_span heads; /* per block: base i64, offset u32, bits u8 */
    lede_span bytes;
} lede_column;

/* Appends the encoding of `count` values. */
void lede_column_encode(const int64_t *values, uint32_t count, lede_buf *out);

/* How many zero bytes are a column of so many zeros. */
size_t lede_column_zeros_bytes(uint32_t count);

/* Checks every head against the bytes, so that get needs no checks. */
lede_status lede_column_open(lede_span bytes, uint32_t count, lede_column *out,
                             lede_error *err);

/* The value of entry `i` < count. */
int64_t lede_column_get(const lede_column *column, uint32_t i);

/* Ask for the memory of values that are soon to be got: of their heads, and,
 * once those are there, of what the heads lead to. An entry that the column
 * does not have is passed over. */
void lede_column_prefetch_head(const lede_column *column, uint32_t i);
void lede_column_prefetch(const lede_column *column, uint32_t i);

#endif
