#include "storage/segment_rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "base/varint.h"

/* Bytes kept of each column while gathering. */
static const uint8_t widths[LEDE_COLUMN_COUNT] = {8, 1, 8, 1, 1, 4, 8,
                                                  4, 4, 4, 4, 4, 4, 8};

typedef struct source_table {
    lede_buf ends, bytes;
    uint32_t count;
    uint32_t *slots; /* index + 1; open addressing, a power of two */
    uint32_t slot_count;
} source_table;

struct lede_segment_rows {
    uint32_t count, filled;
    uint8_t *columns[LEDE_COLUMN_COUNT];
    uint8_t *lengths;
    source_table sources;
    lede_segment_numbers numbers;
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "segment: out of memory");
}

lede_status lede_segment_rows_new(uint32_t count, lede_segment_rows **out,
                                  lede_error *err)
{
    lede_segment_rows *rows = calloc(1, sizeof *rows);
    unsigned i;
    bool failed = rows == NULL;

    for (i = 0; i < LEDE_COLUMN_COUNT && !failed; i++) {
        rows->columns[i] = malloc((size_t)count * widths[i]);
        failed = rows->columns[i] == NULL;
    }
    if (!failed) {
        rows->lengths = malloc(count);
        failed = rows->lengths == NULL;
    }
    if (failed) {
        lede_segment_rows_free(rows);
        return no_memory(err);
    }
    rows->count = count;
    rows->numbers.oldest = LEDE_INSTANT_NONE;
    rows->numbers.newest = LEDE_INSTANT_NONE;
    *out = rows;
    return LEDE_OK;
}

void lede_segment_rows_free(lede_segment_rows *rows)
{
    unsigned i;

    if (rows == NULL) {
        return;
    }
    for (i = 0; i < LEDE_COLUMN_COUNT; i++) {
        free(rows->columns[i]);
    }
    free(rows->lengths);
    lede_buf_done(&rows->sources.ends);
    lede_buf_done(&rows->sources.bytes);
    free(rows->sources.slots);
    free(rows);
}

/* --- Sources ---------------------------------------------------------------
 */

static lede_span source_at(const source_table *table, uint32_t index)
{
    uint32_t begin =
        index == 0 ? 0 : lede_load_u32(table->ends.bytes + 4 * (index - 1));
    uint32_t end = lede_load_u32(table->ends.bytes + 4 * (size_t)index);

    return lede_span_of(table->bytes.bytes + begin, end - begin);
}

static uint32_t *find_slot(const source_table *table, lede_span name)
{
    uint32_t at = (uint32_t)lede_hash64(name) & (table->slot_count - 1);

    while (table->slots[at] != 0 &&
           !lede_span_equal(source_at(table, table->slots[at] - 1), name)) {
        at = (at + 1) & (table->slot_count - 1);
    }
    return &table->slots[at];
}

static bool grow_slots(source_table *table)
{
    source_table grown = *table;
    uint32_t i;

    grown.slot_count = table->slot_count == 0 ? 64 : table->slot_count * 2;
    grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
    if (grown.slots == NULL) {
        return false;
    }
    for (i = 0; i < table->count; i++) {
        *find_slot(&grown, source_at(table, i)) = i + 1;
    }
    free(table->slots);
    *table = grown;
    return true;
}

static bool put_source(source_table *table, lede_span name, uint32_t *index)
{
    uint32_t *slot;

    if (table->count >= table->slot_count / 2 && !grow_slots(table)) {
        return false;
    }
    slot = find_slot(table, name);
    if (*slot == 0) {
        lede_buf_put_span(&table->bytes, name);
        lede_buf_put_u32(&table->ends, (uint32_t)table->bytes.len);
        if (table->bytes.failed || table->ends.failed ||
            table->bytes.len > UINT32_MAX) {
            return false;
        }
        *slot = ++table->count;
    }
    *index = *slot - 1;
    return true;
}

void lede_segment_rows_sources(const lede_segment_rows *rows, lede_buf *out)
{
    lede_buf_put_u32(out, rows->sources.count);
    lede_buf_put_span(out, lede_buf_span(&rows->sources.ends));
    lede_buf_put_span(out, lede_buf_span(&rows->sources.bytes));
}

/* --- Rows ------------------------------------------------------------------
 */

/* Narrow columns are unsigned. */
static void store(lede_segment_rows *rows, unsigned column, uint32_t entry,
                  int64_t value)
{
    uint8_t *at = rows->columns[column] + (size_t)entry * widths[column];

    switch (widths[column]) {
    case 1:
        *at = (uint8_t)value;
        break;
    case 4:
        lede_store_u32(at, (uint32_t)value);
        break;
    default:
        lede_store_u64(at, (uint64_t)value);
        break;
    }
}

static int64_t load(const lede_segment_rows *rows, unsigned column,
                    uint32_t entry)
{
    const uint8_t *at = rows->columns[column] + (size_t)entry * widths[column];

    switch (widths[column]) {
    case 1:
        return *at;
    case 4:
        return lede_load_u32(at);
    default:
        return (int64_t)lede_load_u64(at);
    }
}

static bool is_in_range(unsigned column, int64_t value)
{
    switch (widths[column]) {
    case 1:
        return value >= 0 && value <= UINT8_MAX;
    case 4:
        return value >= 0 && value <= UINT32_MAX;
    default:
        return true;
    }
}

/* Newest first, unknown last, equal times by key. */
static bool is_in_order(const lede_segment_rows *rows,
                        const lede_segment_row *row)
{
    int64_t time = row->columns[LEDE_COLUMN_TIME];
    int64_t before;
    uint32_t last = rows->filled - 1;

    if (rows->filled == 0) {
        return true;
    }
    before = load(rows, LEDE_COLUMN_TIME, last);
    if (time != before) {
        return time < before; /* unknown is the least number of all */
    }
    return (uint64_t)load(rows, LEDE_COLUMN_KEY, last) <=
           (uint64_t)row->columns[LEDE_COLUMN_KEY];
}

static void count_row(lede_segment_rows *rows, const lede_segment_row *row)
{
    lede_segment_numbers *numbers = &rows->numbers;
    int64_t time = row->columns[LEDE_COLUMN_TIME];
    uint32_t length = (uint32_t)row->columns[LEDE_COLUMN_LENGTH];

    if (time != LEDE_INSTANT_NONE) {
        if (numbers->dated == 0) {
            numbers->newest = time;
        }
        numbers->oldest = time;
        numbers->dated++;
    }
    numbers->total_length += length;
    numbers->has_updated =
        numbers->has_updated || row->columns[LEDE_COLUMN_UPDATED] != 0;
    numbers->languages |= (uint32_t)1
                          << (row->columns[LEDE_COLUMN_LANGUAGE] & 31);
    rows->lengths[rows->filled] = lede_length_encode(length);
}

lede_status lede_segment_rows_put(lede_segment_rows *rows,
                                  const lede_segment_row *row, lede_error *err)
{
    uint32_t source;
    unsigned i;

    if (!is_in_order(rows, row)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "segment: entry %u is out of order", rows->filled);
    }
    for (i = 0; i < LEDE_COLUMN_COUNT; i++) {
        if (i != LEDE_COLUMN_SOURCE && !is_in_range(i, row->columns[i])) {
            return lede_fail(err, LEDE_BAD_INPUT,
                             "segment: entry %u has a value out of range in "
                             "column %u",
                             rows->filled, i);
        }
    }
    if (row->columns[LEDE_COLUMN_LANGUAGE] >= LEDE_LANGUAGE_COUNT) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "segment: entry %u has an unknown language",
                         rows->filled);
    }
    if (!put_source(&rows->sources, row->source, &source)) {
        return no_memory(err);
    }
    for (i = 0; i < LEDE_COLUMN_COUNT; i++) {
        store(rows, i, rows->filled,
              i == LEDE_COLUMN_SOURCE ? (int64_t)source : row->columns[i]);
    }
    count_row(rows, row);
    rows->filled++;
    return LEDE_OK;
}

bool lede_segment_rows_are_complete(const lede_segment_rows *rows)
{
    return rows->filled == rows->count;
}

const lede_segment_numbers *
lede_segment_rows_numbers(const lede_segment_rows *rows)
{
    return &rows->numbers;
}

uint8_t *lede_segment_rows_take_lengths(lede_segment_rows *rows)
{
    uint8_t *lengths = rows->lengths;

    rows->lengths = NULL;
    return lengths;
}

/* --- Columns and keys ------------------------------------------------------
 */

lede_status lede_segment_rows_column(const lede_segment_rows *rows,
                                     lede_column_id id, lede_buf *out,
                                     lede_error *err)
{
    int64_t *values = malloc(rows->count * sizeof *values);
    uint32_t i;

    if (values == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < rows->count; i++) {
        values[i] = load(rows, id, i);
    }
    lede_column_encode(values, rows->count, out);
    free(values);
    return LEDE_OK;
}

typedef struct keyed {
    uint64_t key;
    uint32_t entry;
} keyed;

static int compare_keyed(const void *a, const void *b)
{
    const keyed *x = a;
    const keyed *y = b;

    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    return (x->entry > y->entry) - (x->entry < y->entry);
}

lede_status lede_segment_rows_keys(const lede_segment_rows *rows, lede_buf *out,
                                   lede_error *err)
{
    keyed *order = malloc(rows->count * sizeof *order);
    int64_t *entries = malloc(rows->count * sizeof *entries);
    uint32_t i;
    lede_status status = LEDE_OK;

    if (order == NULL || entries == NULL) {
        status = no_memory(err);
        goto done;
    }
    for (i = 0; i < rows->count; i++) {
        order[i].key = (uint64_t)load(rows, LEDE_COLUMN_KEY, i);
        order[i].entry = i;
    }
    qsort(order, rows->count, sizeof *order, compare_keyed);
    for (i = 0; i < rows->count; i++) {
        entries[i] = order[i].entry;
    }
    lede_column_encode(entries, rows->count, out);

done:
    free(order);
    free(entries);
    return status;
}
