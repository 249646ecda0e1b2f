#include "storage/archive_internal.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"

lede_status lede_segment_fail(const lede_segment *segment, lede_error *err,
                              const char *what)
{
    return lede_fail(err, LEDE_CORRUPT, "%s: segment %u: %s; run 'lede check'",
                     segment->snapshot->archive->directory, segment->id, what);
}

/* Says of which segment a lower message speaks. */
static lede_status fail_in_segment(const lede_segment *segment,
                                   lede_status status, lede_error *err)
{
    return lede_fail_in(err, status, "%s: segment %u",
                        segment->snapshot->archive->directory, segment->id);
}

/* --- Values ----------------------------------------------------------------
 */

static lede_status get_value(const lede_segment *segment, lede_value_kind kind,
                             uint32_t index, lede_span *out, lede_error *err)
{
    const lede_snapshot *snapshot = segment->snapshot;
    uint8_t key[LEDE_VALUE_KEY_BYTES];

    lede_value_key(segment->id, kind, index, key);
    return lede_txn_get(snapshot->archive, snapshot->txn,
                        snapshot->archive->segments,
                        lede_span_of(key, sizeof key), out, err);
}

lede_status lede_segment_value(const lede_segment *segment,
                               lede_value_kind kind, uint32_t index,
                               lede_span *out, lede_error *err)
{
    lede_span *known;
    lede_status status;

    if (index >= segment->footer.counts[kind]) {
        return lede_segment_fail(segment, err,
                                 "points to a value beyond its own");
    }
    known = &segment->cache->values[segment->kind_base[kind] + index];
    if (known->bytes == NULL) {
        status = get_value(segment, kind, index, known, err);
        if (status == LEDE_NOT_FOUND) {
            return lede_segment_fail(segment, err, "a value is missing");
        }
        if (status != LEDE_OK) {
            return status;
        }
    }
    *out = *known;
    return LEDE_OK;
}

/* The bytes at an address, inside one value. */
static lede_status get_part(const lede_segment *segment, lede_value_kind kind,
                            const lede_address *at, lede_span *out,
                            lede_error *err)
{
    lede_span value;
    lede_status status =
        lede_segment_value(segment, kind, at->value, &value, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (at->offset > value.len || at->len > value.len - at->offset) {
        return lede_segment_fail(segment, err, "points beyond a value's end");
    }
    *out = lede_span_of(value.bytes + at->offset, (size_t)at->len);
    return LEDE_OK;
}

/* --- Opening ---------------------------------------------------------------
 */

static lede_status open_footer(lede_segment *segment,
                               const lede_manifest_segment *listed,
                               lede_error *err)
{
    lede_span bytes;
    lede_status status = get_value(segment, LEDE_VALUE_FOOTER, 0, &bytes, err);

    if (status == LEDE_NOT_FOUND) {
        return lede_segment_fail(segment, err, "is missing");
    }
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_footer_decode(bytes, &segment->footer, err);
    if (status != LEDE_OK) {
        return fail_in_segment(segment, status, err);
    }
    if (lede_hash64(bytes) != listed->footer_hash ||
        segment->footer.entries != listed->entries ||
        segment->footer.newest != listed->newest) {
        return lede_segment_fail(segment, err,
                                 "is not the one that the manifest lists");
    }
    return LEDE_OK;
}

static lede_status open_cache(lede_segment *segment, lede_error *err)
{
    const lede_snapshot *snapshot = segment->snapshot;
    MDB_stat stat;
    uint64_t count = 0;
    unsigned i;
    int rc = mdb_stat(snapshot->txn, snapshot->archive->segments, &stat);

    if (rc != 0) {
        return lede_lmdb_fail(err, rc, snapshot->archive, "read segments");
    }
    for (i = 0; i < LEDE_VALUE_KIND_COUNT; i++) {
        segment->kind_base[i] = (uint32_t)count;
        count += segment->footer.counts[i];
        if (count > UINT32_MAX || count > stat.ms_entries) {
            return lede_segment_fail(segment, err,
                                     "names more values than there are");
        }
    }
    segment->kind_base[i] = (uint32_t)count;
    segment->cache = calloc(1, sizeof *segment->cache);
    if (segment->cache != NULL) {
        segment->cache->values = calloc(count, sizeof(lede_span));
    }
    if (segment->cache == NULL || segment->cache->values == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "%s: out of memory",
                         segment->snapshot->archive->directory);
    }
    return LEDE_OK;
}

static size_t deleted_bytes(uint32_t entries)
{
    return ((size_t)entries + 63) / 64 * 8;
}

static lede_status open_deleted(lede_segment *segment,
                                const lede_manifest_segment *listed,
                                lede_error *err)
{
    lede_status status;

    if (listed->deleted == 0) {
        return LEDE_OK;
    }
    status = get_value(segment, LEDE_VALUE_DELETED, 0, &segment->deleted, err);
    if (status != LEDE_OK && status != LEDE_NOT_FOUND) {
        return status;
    }
    if (status == LEDE_NOT_FOUND ||
        segment->deleted.len != deleted_bytes(segment->footer.entries) ||
        lede_hash64(segment->deleted) != listed->deleted_hash) {
        segment->deleted = lede_span_of(NULL, 0);
        return lede_segment_fail(segment, err, "its deletions are damaged");
    }
    return LEDE_OK;
}

static lede_status open_always(lede_segment *segment, lede_error *err)
{
    lede_status status = lede_segment_value(segment, LEDE_VALUE_LENGTHS, 0,
                                            &segment->lengths, err);

    if (status == LEDE_OK && segment->lengths.len != segment->footer.entries) {
        status = lede_segment_fail(segment, err, "its lengths are damaged");
    }
    if (status == LEDE_OK) {
        status = lede_segment_column(segment, LEDE_COLUMN_TIME, &segment->times,
                                     err);
    }
    return status;
}

lede_status lede_segment_open(const lede_snapshot *snapshot,
                              const lede_manifest_segment *listed,
                              lede_segment *out, lede_error *err)
{
    lede_status status;

    *out = (lede_segment){0};
    out->snapshot = snapshot;
    out->id = listed->id;
    status = open_footer(out, listed, err);
    if (status == LEDE_OK) {
        status = open_cache(out, err);
    }
    if (status == LEDE_OK) {
        status = open_deleted(out, listed, err);
    }
    if (status == LEDE_OK) {
        status = open_always(out, err);
    }
    if (status != LEDE_OK) {
        lede_segment_close(out);
        return status;
    }
    out->live = out->footer.entries - listed->deleted;
    return LEDE_OK;
}

void lede_segment_close(lede_segment *segment)
{
    if (segment->cache != NULL) {
        lede_record_cache_done(&segment->cache->record);
        free(segment->cache->values);
        free(segment->cache);
        segment->cache = NULL;
    }
}

/* --- Numbers ---------------------------------------------------------------
 */

uint32_t lede_segment_id(const lede_segment *segment)
{
    return segment->id;
}

uint32_t lede_segment_entries(const lede_segment *segment)
{
    return segment->footer.entries;
}

uint32_t lede_segment_live(const lede_segment *segment)
{
    return segment->live;
}

lede_span lede_segment_deleted(const lede_segment *segment)
{
    return segment->deleted;
}

bool lede_segment_is_deleted(const lede_segment *segment, uint32_t entry)
{
    assert(entry < segment->footer.entries);
    return segment->deleted.len > 0 &&
           (segment->deleted.bytes[entry / 8] >> (entry % 8) & 1) != 0;
}

uint64_t lede_segment_total_length(const lede_segment *segment)
{
    return segment->footer.total_length;
}

uint32_t lede_segment_dated(const lede_segment *segment)
{
    return segment->footer.dated;
}

uint32_t lede_segment_first_before(const lede_segment *segment, int64_t instant)
{
    uint32_t low = 0;
    uint32_t high = segment->footer.dated;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (lede_column_get(&segment->times, middle) < instant) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

const uint8_t *lede_segment_lengths(const lede_segment *segment)
{
    return segment->lengths.bytes;
}

/* --- Columns and sources ---------------------------------------------------
 */

lede_status lede_segment_column(const lede_segment *segment, lede_column_id id,
                                lede_column *out, lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span bytes;
    lede_status status;

    assert((unsigned)id < LEDE_COLUMN_COUNT);
    if (!cache->column_ready[id]) {
        status = lede_segment_value(segment, LEDE_VALUE_COLUMN, (uint32_t)id,
                                    &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        status = lede_column_open(bytes, segment->footer.entries,
                                  &cache->columns[id], err);
        if (status != LEDE_OK) {
            return fail_in_segment(segment, status, err);
        }
        cache->column_ready[id] = true;
    }
    *out = cache->columns[id];
    return LEDE_OK;
}

lede_span lede_segment_source(const lede_segment *segment, uint32_t index)
{
    lede_segment_cache *cache = segment->cache;
    uint32_t begin, end;
    size_t ends;

    if (!cache->sources_ready) {
        lede_span bytes;

        if (lede_segment_value(segment, LEDE_VALUE_SOURCES, 0, &bytes, NULL) !=
                LEDE_OK ||
            bytes.len < 4 || lede_load_u32(bytes.bytes) > (bytes.len - 4) / 4) {
            return lede_span_of(NULL, 0);
        }
        cache->source_count = lede_load_u32(bytes.bytes);
        cache->sources = lede_span_part(bytes, 4, bytes.len);
        cache->sources_ready = true;
    }
    if (index >= cache->source_count) {
        return lede_span_of(NULL, 0);
    }
    ends = 4 * (size_t)cache->source_count;
    begin = index == 0
                ? 0
                : lede_load_u32(cache->sources.bytes + 4 * (size_t)(index - 1));
    end = lede_load_u32(cache->sources.bytes + 4 * (size_t)index);
    return lede_span_part(cache->sources, ends + begin,
                          end > begin ? end - begin : 0);
}

/* --- Keys ------------------------------------------------------------------
 */

static lede_status open_keys(const lede_segment *segment)
{
    lede_segment_cache *cache = segment->cache;
    lede_column unused;
    lede_span bytes;
    lede_status status;

    if (cache->keys_ready) {
        return LEDE_OK;
    }
    status = lede_segment_column(segment, LEDE_COLUMN_KEY, &unused, NULL);
    if (status == LEDE_OK) {
        status = lede_segment_value(segment, LEDE_VALUE_KEYS, 0, &bytes, NULL);
    }
    if (status == LEDE_OK) {
        status = lede_column_open(bytes, segment->footer.entries, &cache->keys,
                                  NULL);
    }
    cache->keys_ready = status == LEDE_OK;
    return status;
}

uint32_t lede_segment_key_entry(const lede_segment *segment, uint32_t place)
{
    uint64_t entry = (uint64_t)lede_column_get(&segment->cache->keys, place);

    /* A damaged table gives a wrong entry, never one out of bounds. */
    return entry < segment->footer.entries ? (uint32_t)entry : 0;
}

uint64_t lede_segment_key(const lede_segment *segment, uint32_t entry)
{
    return (uint64_t)lede_column_get(&segment->cache->columns[LEDE_COLUMN_KEY],
                                     entry);
}

/* The first place whose key is >= `key` (> with `above`). */
static uint32_t first_place(const lede_segment *segment, uint64_t key,
                            bool above)
{
    uint32_t low = 0;
    uint32_t high = segment->footer.entries;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t found =
            lede_segment_key(segment, lede_segment_key_entry(segment, middle));

        if (found < key || (above && found == key)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

lede_status lede_segment_key_range(const lede_segment *segment, uint64_t first,
                                   uint64_t last, uint32_t *begin,
                                   uint32_t *end)
{
    lede_status status = open_keys(segment);

    if (status == LEDE_OK) {
        *begin = first_place(segment, first, false);
        *end = first_place(segment, last, true);
        *end = *end < *begin ? *begin : *end;
    }
    return status;
}

lede_status lede_segment_find_key(const lede_segment *segment, uint64_t key,
                                  uint32_t *entry)
{
    uint32_t begin, end;
    lede_status status =
        lede_segment_key_range(segment, key, key, &begin, &end);

    if (status != LEDE_OK) {
        return status;
    }
    if (begin == end) {
        return LEDE_NOT_FOUND;
    }
    *entry = lede_segment_key_entry(segment, begin);
    return LEDE_OK;
}

/* --- Records ---------------------------------------------------------------
 */

lede_status lede_segment_store(const lede_segment *segment,
                               const lede_record_blocks **blocks,
                               lede_column *sequence, lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span bytes;
    lede_status status = LEDE_OK;

    if (!cache->records_ready) {
        status = lede_segment_value(segment, LEDE_VALUE_RECORD_BLOCKS, 0,
                                    &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        status = lede_record_blocks_open(bytes, &cache->blocks, err);
        if (status != LEDE_OK) {
            return fail_in_segment(segment, status, err);
        }
        status = lede_segment_value(segment, LEDE_VALUE_RECORD_SEQUENCE, 0,
                                    &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        status = lede_column_open(bytes, segment->footer.entries,
                                  &cache->sequence, err);
        if (status != LEDE_OK) {
            return fail_in_segment(segment, status, err);
        }
        cache->records_ready = true;
    }
    *blocks = &cache->blocks;
    *sequence = cache->sequence;
    return LEDE_OK;
}

/* Makes the block of record number `record` the one at hand. */
static lede_status load_block(const lede_segment *segment,
                              const lede_record_blocks *blocks, uint32_t record,
                              lede_error *err)
{
    lede_record_cache *cache = &segment->cache->record;
    lede_record_block block;
    lede_span compressed;
    lede_address at;
    lede_status status;

    if (cache->is_filled && record >= cache->block.first &&
        record - cache->block.first < cache->block.count) {
        return LEDE_OK;
    }
    status = lede_record_blocks_get(
        blocks, lede_record_blocks_find(blocks, record), &block, err);
    if (status == LEDE_OK) {
        at = (lede_address){block.value, block.offset, block.bytes};
        status = get_part(segment, LEDE_VALUE_RECORDS, &at, &compressed, err);
    }
    if (status == LEDE_OK &&
        (record < block.first || record - block.first >= block.count)) {
        status = lede_segment_fail(segment, err, "entry store: damaged table");
    }
    if (status == LEDE_OK) {
        status = lede_record_cache_fill(cache, &block, compressed, err);
    }
    return status;
}

lede_status lede_segment_record(const lede_segment *segment, uint32_t entry,
                                lede_buf *out, lede_error *err)
{
    const lede_record_blocks *blocks;
    lede_column sequence;
    lede_span record;
    uint64_t number;
    lede_status status;

    assert(entry < segment->footer.entries);
    status = lede_segment_store(segment, &blocks, &sequence, err);
    if (status != LEDE_OK) {
        return status;
    }
    number = (uint64_t)lede_column_get(&sequence, entry);
    if (number >= blocks->record_count) {
        return lede_segment_fail(segment, err, "an entry has no record");
    }
    status = load_block(segment, blocks, (uint32_t)number, err);
    if (status == LEDE_OK) {
        status = lede_record_cache_get(&segment->cache->record,
                                       (uint32_t)number -
                                           segment->cache->record.block.first,
                                       &record, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    lede_buf_clear(out);
    lede_buf_put_span(out, record);
    return out->failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                       : LEDE_OK;
}

/* --- Terms -----------------------------------------------------------------
 */

lede_status lede_segment_dictionary(const lede_segment *segment,
                                    const lede_dictionary **out,
                                    lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span bytes;
    lede_status status;

    if (!cache->dictionary_ready) {
        status = lede_segment_value(segment, LEDE_VALUE_DICTIONARY_INDEX, 0,
                                    &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        status = lede_dictionary_open(bytes, &cache->dictionary, err);
        if (status != LEDE_OK) {
            return fail_in_segment(segment, status, err);
        }
        cache->dictionary_ready = true;
    }
    *out = &cache->dictionary;
    return LEDE_OK;
}

/* The bytes from a block's beginning to the end of its value: a block knows
 * its own end. */
lede_status lede_segment_term_block(const lede_segment *segment,
                                    const lede_dictionary *dictionary,
                                    uint32_t block, lede_span *out,
                                    lede_error *err)
{
    lede_address at = lede_dictionary_block_at(dictionary, block);
    lede_span value;
    lede_status status = lede_segment_value(segment, LEDE_VALUE_DICTIONARY,
                                            at.value, &value, err);

    if (status == LEDE_OK) {
        *out = lede_span_part(value, at.offset, value.len);
    }
    return status;
}

/* Chunk of a list's positions, for its reader: `id` is the term's place in the
 * dictionary, so that an opened list can be copied freely. */
static lede_status get_chunk(const void *ctx, uint64_t id, uint32_t index,
                             lede_span *out, lede_error *err)
{
    const lede_segment *segment = ctx;
    const lede_dictionary *dictionary;
    lede_dictionary_term term;
    lede_address at;
    lede_span block;
    lede_status status = lede_segment_dictionary(segment, &dictionary, err);

    if (status == LEDE_OK) {
        status = lede_segment_term_block(segment, dictionary,
                                         (uint32_t)(id >> 8), &block, err);
    }
    if (status == LEDE_OK) {
        status = lede_dictionary_get(block, (uint32_t)(id & 0xFF), &term, err);
    }
    if (status == LEDE_OK) {
        status = lede_dictionary_chunk(&term, index, &at, err);
    }
    return status == LEDE_OK
               ? get_part(segment, LEDE_VALUE_POSITIONS, &at, out, err)
               : status;
}

lede_status lede_segment_resolve_term(const lede_segment *segment,
                                      uint32_t block,
                                      const lede_dictionary_term *found,
                                      lede_term *out, lede_error *err)
{
    lede_postings_segment about = {segment->footer.entries,
                                   segment->lengths.bytes};
    lede_position_source source = {get_chunk, segment,
                                   (uint64_t)block << 8 | found->ordinal};
    lede_span list = found->list;
    lede_status status = LEDE_OK;

    if (!found->is_inline) {
        status =
            get_part(segment, LEDE_VALUE_LISTS, &found->list_at, &list, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_postings_open(list, &about, &source, &out->postings, err);
    if (status != LEDE_OK) {
        return fail_in_segment(segment, status, err);
    }
    out->bytes = found->bytes;
    out->entry_count = out->postings.entry_count;
    out->occurrences = out->postings.occurrences;
    return LEDE_OK;
}

lede_status lede_segment_find_term(const lede_segment *segment, lede_span term,
                                   lede_term *out, lede_error *err)
{
    const lede_dictionary *dictionary;
    lede_dictionary_term found = {0};
    lede_span bytes;
    uint32_t block;
    lede_status status = lede_segment_dictionary(segment, &dictionary, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_dictionary_find_block(dictionary, term, &block)) {
        return LEDE_NOT_FOUND;
    }
    status = lede_segment_term_block(segment, dictionary, block, &bytes, err);
    if (status == LEDE_OK) {
        status = lede_dictionary_find(bytes, term, &found, err);
        if (status == LEDE_CORRUPT) {
            return fail_in_segment(segment, status, err);
        }
    }
    return status == LEDE_OK
               ? lede_segment_resolve_term(segment, block, &found, out, err)
               : status;
}

/* --- Cursor ----------------------------------------------------------------
 */

struct lede_term_cursor {
    const lede_segment *segment;
    const lede_dictionary *dictionary;
    uint32_t next_block; /* to be read when the one at hand has ended */
    lede_dictionary_cursor block;
};

lede_status lede_term_cursor_open(const lede_segment *segment,
                                  lede_term_cursor **out, lede_error *err)
{
    const lede_dictionary *dictionary;
    lede_term_cursor *cursor;
    lede_status status = lede_segment_dictionary(segment, &dictionary, err);

    if (status != LEDE_OK) {
        return status;
    }
    cursor = calloc(1, sizeof *cursor);
    if (cursor == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    cursor->segment = segment;
    cursor->dictionary = dictionary;
    *out = cursor;
    return LEDE_OK;
}

void lede_term_cursor_close(lede_term_cursor *cursor)
{
    free(cursor);
}

static lede_status enter_block(lede_term_cursor *cursor, lede_error *err)
{
    lede_span bytes;
    lede_status status;

    if (cursor->next_block >= cursor->dictionary->block_count) {
        return LEDE_END;
    }
    status = lede_segment_term_block(cursor->segment, cursor->dictionary,
                                     cursor->next_block, &bytes, err);
    if (status != LEDE_OK) {
        return status;
    }
    cursor->next_block++;
    status = lede_dictionary_cursor_init(&cursor->block, bytes, err);
    return status == LEDE_OK ? LEDE_OK
                             : fail_in_segment(cursor->segment, status, err);
}

static lede_status next_found(lede_term_cursor *cursor,
                              lede_dictionary_term *found, lede_error *err)
{
    lede_status status =
        lede_dictionary_cursor_next(&cursor->block, found, err);

    if (status == LEDE_END) {
        status = enter_block(cursor, err);
        if (status == LEDE_OK) {
            status = lede_dictionary_cursor_next(&cursor->block, found, err);
        }
    }
    return status == LEDE_CORRUPT
               ? fail_in_segment(cursor->segment, status, err)
               : status;
}

lede_status lede_term_cursor_next(lede_term_cursor *cursor, lede_term *out,
                                  lede_error *err)
{
    lede_dictionary_term found = {0};
    lede_status status = next_found(cursor, &found, err);

    return status == LEDE_OK ? lede_segment_resolve_term(cursor->segment,
                                                         cursor->next_block - 1,
                                                         &found, out, err)
                             : status;
}

lede_status lede_term_cursor_seek(lede_term_cursor *cursor, lede_span term,
                                  lede_term *out, lede_error *err)
{
    lede_dictionary_term found = {0};
    lede_status status;
    uint32_t block;

    if (!lede_dictionary_find_block(cursor->dictionary, term, &block)) {
        return LEDE_END;
    }
    cursor->next_block = block;
    cursor->block.left = 0;
    do {
        status = next_found(cursor, &found, err);
    } while (status == LEDE_OK && lede_span_compare(found.bytes, term) < 0);
    return status == LEDE_OK ? lede_segment_resolve_term(cursor->segment,
                                                         cursor->next_block - 1,
                                                         &found, out, err)
                             : status;
}
