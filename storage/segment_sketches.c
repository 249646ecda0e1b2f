#include "base/hash.h"
#include "storage/archive_internal.h"
#include "storage/copies.h"

lede_status lede_segment_sketch(const lede_segment *segment, uint32_t entry,
                                const uint8_t **out, lede_error *err)
{
    static const uint8_t none[LEDE_SKETCH_BYTES] = {0};
    uint32_t entries = segment->footer.entries;
    uint32_t index = entry / LEDE_SKETCHES_A_VALUE;
    uint32_t first = index * LEDE_SKETCHES_A_VALUE;
    uint32_t count = entries - first < LEDE_SKETCHES_A_VALUE
                         ? entries - first
                         : LEDE_SKETCHES_A_VALUE;
    lede_span value;
    lede_status status;

    if (segment->footer.counts[LEDE_VALUE_SKETCHES] == 0) {
        *out = none;
        return LEDE_OK;
    }
    status =
        lede_segment_value(segment, LEDE_VALUE_SKETCHES, index, &value, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (value.len != (size_t)count * LEDE_SKETCH_BYTES) {
        return lede_segment_fail(segment, err, "its sketches are damaged");
    }
    *out = value.bytes + (size_t)(entry - first) * LEDE_SKETCH_BYTES;
    return LEDE_OK;
}

static bool are_rows_sound(const lede_segment *segment, lede_span rows)
{
    uint32_t last = 0;
    size_t at;

    for (at = 0; at < rows.len; at += LEDE_COPY_ROW_BYTES) {
        uint32_t entry = lede_load_u32(rows.bytes + at);

        if (entry >= segment->footer.entries || (at > 0 && entry <= last) ||
            lede_load_u32(rows.bytes + at + 4) < 2) {
            return false;
        }
        last = entry;
    }
    return true;
}

static lede_status read_rows(const lede_segment *segment,
                             const lede_copies_listed *listed, lede_span *out,
                             lede_error *err)
{
    const lede_snapshot *snapshot = segment->snapshot;
    uint8_t key[LEDE_VALUE_KEY_BYTES];
    lede_span rows;
    lede_status status;

    lede_value_key(segment->id, LEDE_VALUE_COPIES, 0, key);
    status = lede_txn_get(snapshot->archive, snapshot->txn,
                          snapshot->archive->segments,
                          lede_span_of(key, sizeof key), &rows, err);
    if (status != LEDE_OK && status != LEDE_NOT_FOUND) {
        return status;
    }
    if (status == LEDE_NOT_FOUND ||
        rows.len != (size_t)listed->rows * LEDE_COPY_ROW_BYTES ||
        lede_hash64(rows) != listed->hash || !are_rows_sound(segment, rows)) {
        return lede_segment_fail(segment, err, "its copies are damaged");
    }
    *out = rows;
    return LEDE_OK;
}

lede_status lede_segment_copies(const lede_segment *segment, lede_span *out,
                                lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span table = segment->snapshot->copies;
    lede_status status = LEDE_OK;
    uint32_t i;

    if (!cache->copies_ready) {
        cache->copies = lede_span_of(NULL, 0);
        for (i = 0; i < lede_copies_table_count(table); i++) {
            lede_copies_listed listed = lede_copies_table_get(table, i);

            if (listed.segment == segment->id) {
                status = read_rows(segment, &listed, &cache->copies, err);
            }
        }
        cache->copies_ready = status == LEDE_OK;
    }
    if (status == LEDE_OK) {
        *out = cache->copies;
    }
    return status;
}
