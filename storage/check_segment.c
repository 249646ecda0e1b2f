#include "storage/check_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "storage/record.h"

enum { STOP_EVERY = 1024 };

/* --- Values ----------------------------------------------------------------
 */

struct sums {
    uint32_t counts[LEDE_VALUE_KIND_COUNT];
    uint64_t bytes[LEDE_VALUE_KIND_COUNT];
};

/* One row of the table of checksums against the value that it names. */
static void check_value(lede_check *check, const lede_segment *segment,
                        lede_reader *rows, struct sums *sums)
{
    unsigned kind = lede_read_byte(rows);
    uint32_t index = lede_read_u32(rows);
    uint32_t len = lede_read_u32(rows);
    uint64_t hash = lede_read_u64(rows);
    lede_span value;
    lede_error err = {0};
    lede_status status;

    if (kind >= LEDE_VALUE_KIND_COUNT || index != sums->counts[kind]) {
        lede_check_found(check, "segment %u: its checksums are out of order",
                         segment->id);
        rows->bad = true;
        return;
    }
    sums->counts[kind]++;
    sums->bytes[kind] += len;
    status =
        lede_segment_value(segment, (lede_value_kind)kind, index, &value, &err);
    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err,
                          lede_value_kind_name((lede_value_kind)kind));
    } else if (value.len != len || lede_hash64(value) != hash) {
        lede_check_found(check, "segment %u: %s %u: wrong checksum",
                         segment->id,
                         lede_value_kind_name((lede_value_kind)kind), index);
    }
    lede_check_progress(check, len);
}

static void check_values(lede_check *check, const lede_segment *segment)
{
    const lede_footer *footer = &segment->footer;
    struct sums sums = {0};
    lede_span table;
    lede_error err = {0};
    lede_reader rows;
    unsigned kind;
    lede_status status =
        lede_segment_value(segment, LEDE_VALUE_CHECKSUMS, 0, &table, &err);

    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "checksums");
        return;
    }
    if (table.len % LEDE_CHECKSUM_BYTES != 0 ||
        lede_hash64(table) != footer->checksums_hash) {
        lede_check_found(check, "segment %u: its checksums are damaged",
                         segment->id);
        return;
    }
    sums.counts[LEDE_VALUE_FOOTER] = 1;
    sums.counts[LEDE_VALUE_CHECKSUMS] = 1;
    sums.bytes[LEDE_VALUE_CHECKSUMS] = table.len;
    rows = lede_reader_of(table);
    while (rows.p < rows.end && !rows.bad && !lede_check_stopped(check)) {
        check_value(check, segment, &rows, &sums);
    }
    if (rows.bad || lede_check_stopped(check)) {
        return;
    }
    for (kind = 0; kind < LEDE_VALUE_KIND_COUNT; kind++) {
        if (sums.counts[kind] != footer->counts[kind] ||
            sums.bytes[kind] != footer->bytes[kind]) {
            lede_check_found(check, "segment %u: %s: not what the footer says",
                             segment->id,
                             lede_value_kind_name((lede_value_kind)kind));
        }
    }
}

/* --- Columns ---------------------------------------------------------------
 */

static bool open_columns(lede_check *check, const lede_segment *segment,
                         lede_column columns[LEDE_COLUMN_COUNT])
{
    lede_error err = {0};
    unsigned i;

    for (i = 0; i < LEDE_COLUMN_COUNT; i++) {
        lede_status status =
            lede_segment_column(segment, (lede_column_id)i, &columns[i], &err);

        if (status != LEDE_OK) {
            lede_check_failed(check, status, &err, "a column");
            return false;
        }
    }
    return true;
}

/* What the columns of one entry must be by themselves, and behind the one
 * before. NULL: nothing is wrong. */
static const char *fault_of_row(const lede_segment *segment,
                                const lede_column *columns, uint32_t entry)
{
    int64_t time = lede_column_get(&columns[LEDE_COLUMN_TIME], entry);
    int64_t length = lede_column_get(&columns[LEDE_COLUMN_LENGTH], entry);
    int64_t language = lede_column_get(&columns[LEDE_COLUMN_LANGUAGE], entry);
    int64_t source = lede_column_get(&columns[LEDE_COLUMN_SOURCE], entry);
    int64_t before;

    if ((time != LEDE_INSTANT_NONE) != (entry < segment->footer.dated)) {
        return "a date is where there should be none, or missing";
    }
    if (length < 0 || length > UINT32_MAX ||
        lede_length_encode((uint32_t)length) != segment->lengths.bytes[entry]) {
        return "its length byte is not that of its length";
    }
    if (language < 0 || language >= LEDE_LANGUAGE_COUNT ||
        (segment->footer.languages >> language & 1) == 0) {
        return "its language is not among the segment's";
    }
    if (source < 0 || source >= segment->cache->source_count) {
        return "it has no source";
    }
    if (entry == 0) {
        return NULL;
    }
    before = lede_column_get(&columns[LEDE_COLUMN_TIME], entry - 1);
    if (time > before ||
        (time == before && lede_segment_key(segment, entry - 1) >
                               lede_segment_key(segment, entry))) {
        return "it is not in order of time";
    }
    return NULL;
}

static void check_columns(lede_check *check, const lede_segment *segment)
{
    const lede_footer *footer = &segment->footer;
    lede_column columns[LEDE_COLUMN_COUNT];
    lede_error err = {0};
    lede_span source;
    uint64_t length = 0;
    uint32_t i;
    lede_status status;

    if (!open_columns(check, segment, columns)) {
        return;
    }
    status =
        lede_segment_source(segment, 0, &source, &err); /* opens the table */
    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "sources");
        return;
    }
    for (i = 0; i < footer->entries; i++) {
        const char *fault = fault_of_row(segment, columns, i);

        if (fault != NULL) {
            lede_check_found(check, "segment %u: entry %u: %s", segment->id, i,
                             fault);
        }
        length += (uint64_t)lede_column_get(&columns[LEDE_COLUMN_LENGTH], i);
        if (i % STOP_EVERY == 0 && lede_check_stopped(check)) {
            return;
        }
    }
    if (length != footer->total_length ||
        (footer->dated > 0 &&
         (lede_column_get(&columns[LEDE_COLUMN_TIME], 0) != footer->newest ||
          lede_column_get(&columns[LEDE_COLUMN_TIME], footer->dated - 1) !=
              footer->oldest))) {
        lede_check_found(check,
                         "segment %u: its columns are not what the "
                         "footer says",
                         segment->id);
    }
}

/* --- Deletions -------------------------------------------------------------
 */

static void check_deletions(lede_check *check, const lede_segment *segment,
                            const lede_manifest_segment *listed)
{
    uint32_t entries = segment->footer.entries;
    uint32_t dated = segment->footer.dated;
    int64_t newest = LEDE_INSTANT_NONE;
    int64_t oldest = LEDE_INSTANT_NONE;
    uint64_t bits = 0;
    uint32_t i, deleted = 0;
    size_t byte;

    for (byte = 0; byte < segment->deleted.len; byte++) {
        bits += (unsigned)__builtin_popcount(segment->deleted.bytes[byte]);
    }
    for (i = 0; i < entries; i++) {
        bool is_live = !lede_segment_is_deleted(segment, i);

        deleted += !is_live;
        if (is_live && i < dated) {
            oldest = lede_column_get(&segment->times, i);
            newest = newest == LEDE_INSTANT_NONE ? oldest : newest;
        }
    }
    /* More bits than deletions: some stand behind the last entry. */
    if (bits != deleted || deleted != listed->deleted ||
        newest != listed->live_newest || oldest != listed->live_oldest) {
        lede_check_found(check,
                         "segment %u: its deletions are not what the manifest "
                         "says",
                         segment->id);
    }
}

/* --- Keys ------------------------------------------------------------------
 */

/* The table names every entry once, in order of their keys. */
static void check_keys(lede_check *check, const lede_segment *segment)
{
    uint32_t entries = segment->footer.entries;
    uint8_t *seen = calloc((size_t)entries / 8 + 1, 1);
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};
    uint32_t begin, end, i, previous = 0;
    bool is_good = true;
    lede_status status = seen == NULL
                             ? LEDE_NO_MEMORY
                             : lede_segment_key_range(segment, 0, UINT64_MAX,
                                                      &begin, &end, &err);

    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "keys");
        free(seen);
        return;
    }
    for (i = 0; i < entries && is_good; i++) {
        uint32_t entry = lede_segment_key_entry(segment, i);

        is_good = (seen[entry / 8] >> entry % 8 & 1) == 0 &&
                  (i == 0 || lede_segment_key(segment, previous) <=
                                 lede_segment_key(segment, entry));
        seen[entry / 8] |= (uint8_t)(1u << entry % 8);
        previous = entry;
    }
    if (!is_good) {
        lede_check_found(check,
                         "segment %u: its table of keys is not complete or not "
                         "in order",
                         segment->id);
    }
    free(seen);
}

/* --- Records ---------------------------------------------------------------
 */

static const char *fault_of_record(const lede_segment *segment, uint32_t entry,
                                   const lede_column *columns,
                                   const lede_entry *record)
{
    if (record->key != lede_segment_key(segment, entry)) {
        return "its record has another key";
    }
    if (record->published.instant !=
            lede_column_get(&columns[LEDE_COLUMN_TIME], entry) ||
        record->kind != lede_column_get(&columns[LEDE_COLUMN_KIND], entry) ||
        (int64_t)record->page_id !=
            lede_column_get(&columns[LEDE_COLUMN_PAGE], entry)) {
        return "its record and its columns do not agree";
    }
    if (segment->footer.counts[LEDE_VALUE_COLUMN] > LEDE_COLUMN_UPDATED &&
        record->updated.instant != lede_updated_decode(lede_column_get(
                                       &columns[LEDE_COLUMN_UPDATED], entry)) &&
        lede_column_get(&columns[LEDE_COLUMN_UPDATED], entry) != 0) {
        return "it was changed at another time than its record says";
    }
    return NULL;
}

/* Entries in the order of their records, and those of them that cannot be read,
 * in one block. */
typedef struct damaged_block {
    uint64_t *keys; /* live */
    uint32_t count;
    lede_error why; /* LEDE_OK: all were read so far */
} damaged_block;

static void end_block(lede_check *check, const lede_segment *segment,
                      damaged_block *block)
{
    char problem[LEDE_ERROR_MESSAGE_BYTES];

    if (block->why.status != LEDE_OK) {
        snprintf(problem, sizeof problem, "segment %u: %s", segment->id,
                 "damaged block of records");
        lede_check_lost(check, problem, block->keys, block->count);
    }
    block->why.status = LEDE_OK;
    block->count = 0;
}

static void note_damage(lede_check *check, const lede_segment *segment,
                        uint32_t entry, const lede_error *why,
                        damaged_block *block)
{
    if (lede_check_is_fatal(why->status)) {
        lede_check_failed(check, why->status, why, "records");
        return;
    }
    block->why = *why;
    if (!lede_segment_is_deleted(segment, entry)) {
        block->keys[block->count++] = lede_segment_key(segment, entry);
    }
}

static void check_record(lede_check *check, const lede_segment *segment,
                         uint32_t entry, const lede_column *columns,
                         damaged_block *block, lede_buf *buf, lede_arena *arena)
{
    lede_error err = {0};
    lede_entry record;
    const char *fault;
    lede_status status = lede_segment_own_record(segment, entry, buf, &err);

    if (status == LEDE_OK) {
        lede_arena_clear(arena);
        status = lede_record_decode(lede_buf_span(buf), arena, &record, &err);
    }
    if (status != LEDE_OK) {
        err.status = status;
        note_damage(check, segment, entry, &err, block);
        return;
    }
    fault = fault_of_record(segment, entry, columns, &record);
    if (fault != NULL) {
        lede_check_found(check, "segment %u: entry %u: %s", segment->id, entry,
                         fault);
    }
}

/* Entries in the order of their records, so that each block is unpacked once.
 * False (and told) unless entries and records are one to one. */
static bool order_by_record(lede_check *check, const lede_segment *segment,
                            uint32_t *order)
{
    uint32_t entries = segment->footer.entries;
    const lede_record_blocks *blocks;
    lede_column sequence;
    lede_error err = {0};
    uint32_t i;
    lede_status status = lede_segment_store(segment, &blocks, &sequence, &err);

    if (status != LEDE_OK) {
        lede_check_failed(check, status, &err, "records");
        return false;
    }
    memset(order, 0xFF, entries * sizeof *order);
    for (i = 0; i < entries; i++) {
        uint64_t number = (uint64_t)lede_column_get(&sequence, i);

        if (blocks->record_count != entries || number >= entries ||
            order[number] != UINT32_MAX) {
            lede_check_found(check,
                             "segment %u: entries and records are not one to "
                             "one",
                             segment->id);
            return false;
        }
        order[number] = i;
    }
    return true;
}

/* Whether a record is the first of a block, or nobody knows. */
static bool begins_block(const lede_record_blocks *blocks, uint32_t record)
{
    lede_record_block block;
    uint32_t index = lede_record_blocks_find(blocks, record);

    return lede_record_blocks_get(blocks, index, &block, NULL) == LEDE_OK &&
           block.first == record;
}

static void check_all_records(lede_check *check, const lede_segment *segment,
                              const uint32_t *order, damaged_block *block)
{
    lede_column columns[LEDE_COLUMN_COUNT], sequence;
    const lede_record_blocks *blocks;
    lede_arena arena = {0};
    lede_buf buf = {0};
    uint32_t i;

    if (open_columns(check, segment, columns) &&
        lede_segment_store(segment, &blocks, &sequence, NULL) == LEDE_OK) {
        for (i = 0; i < segment->footer.entries && !lede_check_stopped(check);
             i++) {
            if (begins_block(blocks, i)) {
                end_block(check, segment, block);
            }
            check_record(check, segment, order[i], columns, block, &buf,
                         &arena);
        }
        end_block(check, segment, block);
    }
    lede_arena_done(&arena);
    lede_buf_done(&buf);
}

static void check_records(lede_check *check, const lede_segment *segment)
{
    uint32_t entries = segment->footer.entries;
    uint32_t *order = malloc(entries * sizeof *order);
    damaged_block block = {.keys = malloc(entries * sizeof block.keys[0])};
    lede_error err = {LEDE_NO_MEMORY, "out of memory"};

    if (order == NULL || block.keys == NULL) {
        lede_check_failed(check, LEDE_NO_MEMORY, &err, "records");
    } else if (order_by_record(check, segment, order)) {
        check_all_records(check, segment, order, &block);
    }
    free(order);
    free(block.keys);
}

/* --- Names -----------------------------------------------------------------
 */

static void check_list_of_names(lede_check *check, const lede_segment *segment,
                                uint32_t entry, lede_span list)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_named named;
    lede_error err = {0};

    while (lede_name_reader_next(&reader, &named)) {
    }
    if (lede_name_reader_end(&reader, &err) != LEDE_OK) {
        lede_check_found(check, "segment %u: entry %u: %s", segment->id, entry,
                         err.message);
    }
}

/* Of a block that cannot be read, only the first entry is told. */
static void check_names(lede_check *check, const lede_segment *segment)
{
    bool is_told = false;
    uint32_t i;

    for (i = 0; lede_segment_has_names(segment) && i < segment->footer.entries;
         i++) {
        lede_error err = {0};
        lede_span list;
        lede_status status = lede_segment_names(segment, i, &list, &err);

        if (status == LEDE_OK) {
            is_told = false;
            check_list_of_names(check, segment, i, list);
        } else if (!is_told || lede_check_is_fatal(status)) {
            is_told = true;
            lede_check_failed(check, status, &err, "names");
        }
        if (i % STOP_EVERY == 0 && lede_check_stopped(check)) {
            return;
        }
    }
}

/* --- All -------------------------------------------------------------------
 */

void lede_check_segment(lede_check *check, const lede_segment *segment,
                        const lede_manifest_segment *listed)
{
    check_values(check, segment);
    check_keys(check, segment);
    check_columns(check, segment);
    check_deletions(check, segment, listed);
    lede_check_terms(check, segment);
    check_names(check, segment);
    check_records(check, segment);
}
