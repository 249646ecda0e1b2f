#include "storage/archive_internal.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"

lede_status lede_segment_fail(const lede_segment *segment, lede_error *err,
                              const char *what)
{
    return lede_fail(err, LEDE_CORRUPT, "%s: segment %u: %s",
                     segment->snapshot->archive->directory, segment->id, what);
}

lede_status lede_segment_fail_in(const lede_segment *segment,
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

static lede_status check_seal(const lede_segment *segment, lede_value_kind kind,
                              uint32_t index, lede_span value, lede_error *err)
{
    if (segment->seals == NULL ||
        lede_seals_agree(segment->seals, segment->kind_base[kind] + index,
                         value)) {
        return LEDE_OK;
    }
    return lede_fail(err, LEDE_CORRUPT, "%s: segment %u: %s %u: wrong checksum",
                     segment->snapshot->archive->directory, segment->id,
                     lede_value_kind_name(kind), index);
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
        if (kind != LEDE_VALUE_RECORDS && kind != LEDE_VALUE_NAMES) {
            status = check_seal(segment, kind, index, *known, err);
        }
        if (status != LEDE_OK) {
            *known = lede_span_of(NULL, 0);
            return status;
        }
    }
    *out = *known;
    return LEDE_OK;
}

lede_status lede_segment_part(const lede_segment *segment, lede_value_kind kind,
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
        return lede_segment_fail_in(segment, status, err);
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

/* The table of checksums is read by the first snapshot that has the segment. */
static lede_status open_seals(lede_segment *segment, lede_error *err)
{
    lede_archive *archive = segment->snapshot->archive;
    lede_span table;
    lede_status status;

    if (segment->snapshot->is_for_check) {
        return LEDE_OK;
    }
    segment->seals = lede_seals_find(archive, segment->id, &segment->footer);
    if (segment->seals != NULL) {
        return LEDE_OK;
    }
    status = get_value(segment, LEDE_VALUE_CHECKSUMS, 0, &table, err);
    if (status == LEDE_NOT_FOUND) {
        return lede_segment_fail(segment, err, "a value is missing");
    }
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_seals_make(archive, segment->id, &segment->footer,
                             segment->kind_base, table, &segment->seals, err);
    return status == LEDE_OK ? LEDE_OK
                             : lede_segment_fail_in(segment, status, err);
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
        status = open_seals(out, err);
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
        lede_record_cache_done(&segment->cache->names);
        lede_buf_done(&segment->cache->zeros);
        free(segment->cache->pair_words);
        free(segment->cache->values);
        free(segment->cache);
        segment->cache = NULL;
    }
    if (segment->seals != NULL) {
        lede_seals_give_back(segment->snapshot->archive, segment->seals);
        segment->seals = NULL;
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

uint64_t lede_segment_postings(const lede_segment *segment)
{
    return segment->footer.postings;
}

uint64_t lede_segment_table_bytes(const lede_segment *segment)
{
    static const lede_value_kind kinds[] = {
        LEDE_VALUE_SOURCES, LEDE_VALUE_DICTIONARY_INDEX,
        LEDE_VALUE_RECORD_BLOCKS, LEDE_VALUE_CHECKSUMS, LEDE_VALUE_NAME_BLOCKS};
    uint64_t most = 0;
    unsigned i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        uint64_t bytes = segment->footer.bytes[kinds[i]];

        most = bytes > most ? bytes : most;
    }
    return most;
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

/* Of what no entry has, nothing is kept. */
static lede_status open_missing(const lede_segment *segment, lede_column_id id,
                                lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    size_t len = lede_column_zeros_bytes(segment->footer.entries);
    uint8_t *zeros;

    lede_buf_clear(&cache->zeros);
    zeros = lede_buf_extend(&cache->zeros, len);
    if (zeros == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "segment: out of memory");
    }
    memset(zeros, 0, len);
    return lede_column_open(lede_span_of(zeros, len), segment->footer.entries,
                            &cache->columns[id], err);
}

lede_status lede_segment_column(const lede_segment *segment, lede_column_id id,
                                lede_column *out, lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span bytes;
    lede_status status;

    assert((unsigned)id < LEDE_COLUMN_COUNT);
    if (!cache->column_ready[id] && id == LEDE_COLUMN_UPDATED &&
        segment->footer.counts[LEDE_VALUE_COLUMN] == LEDE_COLUMN_UPDATED) {
        status = open_missing(segment, id, err);
        if (status != LEDE_OK) {
            return status;
        }
        cache->column_ready[id] = true;
    }
    if (!cache->column_ready[id]) {
        status = lede_segment_value(segment, LEDE_VALUE_COLUMN, (uint32_t)id,
                                    &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        if (bytes.len == 0 && lede_column_may_repeat(id)) {
            return lede_segment_column(segment, (lede_column_id)(id - 1), out,
                                       err);
        }
        status = lede_column_open(bytes, segment->footer.entries,
                                  &cache->columns[id], err);
        if (status != LEDE_OK) {
            return lede_segment_fail_in(segment, status, err);
        }
        cache->column_ready[id] = true;
    }
    *out = cache->columns[id];
    return LEDE_OK;
}

static lede_status open_sources(const lede_segment *segment, lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span bytes;
    lede_status status;

    if (cache->sources_ready) {
        return LEDE_OK;
    }
    status = lede_segment_value(segment, LEDE_VALUE_SOURCES, 0, &bytes, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (bytes.len < 4 || lede_load_u32(bytes.bytes) > (bytes.len - 4) / 4) {
        return lede_segment_fail(segment, err, "its sources are damaged");
    }
    cache->source_count = lede_load_u32(bytes.bytes);
    cache->sources = lede_span_part(bytes, 4, bytes.len);
    cache->sources_ready = true;
    return LEDE_OK;
}

lede_status lede_segment_source(const lede_segment *segment, uint32_t index,
                                lede_span *out, lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    uint32_t begin, end;
    size_t ends;
    lede_status status = open_sources(segment, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (index >= cache->source_count) {
        return lede_segment_fail(segment, err, "an entry has no source");
    }
    ends = 4 * (size_t)cache->source_count;
    begin = index == 0
                ? 0
                : lede_load_u32(cache->sources.bytes + 4 * (size_t)(index - 1));
    end = lede_load_u32(cache->sources.bytes + 4 * (size_t)index);
    *out = lede_span_part(cache->sources, ends + begin,
                          end > begin ? end - begin : 0);
    return LEDE_OK;
}

/* --- Keys ------------------------------------------------------------------
 */

static lede_status open_keys(const lede_segment *segment, lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_column unused;
    lede_span bytes;
    lede_status status;

    if (cache->keys_ready) {
        return LEDE_OK;
    }
    status = lede_segment_column(segment, LEDE_COLUMN_KEY, &unused, err);
    if (status == LEDE_OK) {
        status = lede_segment_value(segment, LEDE_VALUE_KEYS, 0, &bytes, err);
    }
    if (status == LEDE_OK) {
        status =
            lede_column_open(bytes, segment->footer.entries, &cache->keys, err);
        if (status != LEDE_OK) {
            return lede_segment_fail_in(segment, status, err);
        }
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
                                   uint32_t *end, lede_error *err)
{
    lede_status status = open_keys(segment, err);

    if (status == LEDE_OK) {
        *begin = first_place(segment, first, false);
        *end = first_place(segment, last, true);
        *end = *end < *begin ? *begin : *end;
    }
    return status;
}

lede_status lede_segment_find_key(const lede_segment *segment, uint64_t key,
                                  uint32_t *entry, lede_error *err)
{
    uint32_t begin, end;
    lede_status status =
        lede_segment_key_range(segment, key, key, &begin, &end, err);

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
            return lede_segment_fail_in(segment, status, err);
        }
        status = lede_segment_value(segment, LEDE_VALUE_RECORD_SEQUENCE, 0,
                                    &bytes, err);
        if (status != LEDE_OK) {
            return status;
        }
        status = lede_column_open(bytes, segment->footer.entries,
                                  &cache->sequence, err);
        if (status != LEDE_OK) {
            return lede_segment_fail_in(segment, status, err);
        }
        cache->records_ready = true;
    }
    *blocks = &cache->blocks;
    *sequence = cache->sequence;
    return LEDE_OK;
}

/* What is copied without being looked into must be what was written. */
static lede_status check_packed(const lede_segment *segment,
                                const lede_record_block *block, lede_error *err)
{
    lede_span value;
    lede_status status = lede_segment_value(segment, LEDE_VALUE_RECORDS,
                                            block->value, &value, err);

    return status == LEDE_OK ? check_seal(segment, LEDE_VALUE_RECORDS,
                                          block->value, value, err)
                             : status;
}

lede_status lede_segment_packed_records(const lede_segment *segment,
                                        uint32_t index,
                                        lede_packed_records *out,
                                        lede_error *err)
{
    const lede_record_blocks *blocks;
    lede_record_block block;
    lede_column sequence;
    lede_status status = lede_segment_store(segment, &blocks, &sequence, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (index >= blocks->block_count) {
        return LEDE_END;
    }
    status = lede_record_blocks_get(blocks, index, &block, err);
    if (status != LEDE_OK) {
        return lede_segment_fail_in(segment, status, err);
    }
    status = check_packed(segment, &block, err);
    if (status == LEDE_OK) {
        lede_address at = {block.value, block.offset, block.bytes};

        *out = (lede_packed_records){
            block.first, block.count, block.raw_bytes, {NULL, 0}};
        status = lede_segment_part(segment, LEDE_VALUE_RECORDS, &at,
                                   &out->bytes, err);
    }
    return status;
}

lede_status lede_segment_record_entries(const lede_segment *segment,
                                        uint32_t *out, lede_error *err)
{
    uint32_t entries = segment->footer.entries, i;
    const lede_record_blocks *blocks;
    lede_column sequence;
    lede_status status = lede_segment_store(segment, &blocks, &sequence, err);

    if (status != LEDE_OK) {
        return status;
    }
    memset(out, 0xFF, entries * sizeof out[0]);
    for (i = 0; i < entries; i++) {
        uint64_t number = (uint64_t)lede_column_get(&sequence, i);

        if (blocks->record_count != entries || number >= entries ||
            out[number] != UINT32_MAX) {
            return lede_segment_fail(segment, err,
                                     "entries and records are not one to one");
        }
        out[number] = i;
    }
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
    if (status != LEDE_OK) {
        return lede_segment_fail_in(segment, status, err);
    }
    if (record < block.first || record - block.first >= block.count) {
        return lede_segment_fail(segment, err, "entry store: damaged table");
    }
    at = (lede_address){block.value, block.offset, block.bytes};
    status =
        lede_segment_part(segment, LEDE_VALUE_RECORDS, &at, &compressed, err);
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_record_cache_fill(cache, &block, compressed, err);
    return status == LEDE_OK ? LEDE_OK
                             : lede_segment_fail_in(segment, status, err);
}

lede_status lede_segment_own_record(const lede_segment *segment, uint32_t entry,
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
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_record_cache_get(
        &segment->cache->record,
        (uint32_t)number - segment->cache->record.block.first, &record, err);
    if (status != LEDE_OK) {
        return lede_segment_fail_in(segment, status, err);
    }
    lede_buf_clear(out);
    lede_buf_put_span(out, record);
    return out->failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                       : LEDE_OK;
}

lede_status lede_segment_record(const lede_segment *segment, uint32_t entry,
                                lede_buf *out, lede_error *err)
{
    const lede_record_source *source = segment->snapshot->archive->records;
    lede_column keys;
    lede_status status;

    if (source == NULL) {
        return lede_segment_own_record(segment, entry, out, err);
    }
    status = lede_segment_column(segment, LEDE_COLUMN_KEY, &keys, err);
    return status == LEDE_OK
               ? source->get(source->ctx,
                             (uint64_t)lede_column_get(&keys, entry), out, err)
               : status;
}
