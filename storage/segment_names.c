#include "storage/archive_internal.h"

#include "base/varint.h"

enum { MAKERS_BYTES = 16 };

bool lede_segment_has_names(const lede_segment *segment)
{
    return segment->footer.counts[LEDE_VALUE_NAME_BLOCKS] > 0;
}

static lede_status open_names(const lede_segment *segment, lede_error *err)
{
    lede_segment_cache *cache = segment->cache;
    lede_span bytes;
    lede_status status;

    if (cache->names_ready) {
        return LEDE_OK;
    }
    status =
        lede_segment_value(segment, LEDE_VALUE_NAME_BLOCKS, 0, &bytes, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (bytes.len < MAKERS_BYTES) {
        return lede_segment_fail(segment, err, "its names are damaged");
    }
    status =
        lede_record_blocks_open(lede_span_part(bytes, MAKERS_BYTES, bytes.len),
                                &cache->name_blocks, err);
    if (status != LEDE_OK) {
        return lede_segment_fail_in(segment, status, err);
    }
    if (cache->name_blocks.record_count != segment->footer.entries) {
        return lede_segment_fail(segment, err, "its names are damaged");
    }
    cache->name_makers.model = lede_load_u64(bytes.bytes);
    cache->name_makers.table = lede_load_u64(bytes.bytes + 8);
    cache->names_ready = true;
    return LEDE_OK;
}

lede_status lede_segment_name_makers(const lede_segment *segment,
                                     lede_name_makers *out, lede_error *err)
{
    lede_status status = LEDE_OK;

    *out = (lede_name_makers){0};
    if (lede_segment_has_names(segment)) {
        status = open_names(segment, err);
        *out = status == LEDE_OK ? segment->cache->name_makers : *out;
    }
    return status;
}

static lede_status load_block(const lede_segment *segment, uint32_t entry,
                              lede_error *err)
{
    lede_record_cache *cache = &segment->cache->names;
    const lede_record_blocks *blocks = &segment->cache->name_blocks;
    lede_record_block block;
    lede_span compressed;
    lede_address at;
    lede_status status;

    if (cache->is_filled && entry >= cache->block.first &&
        entry - cache->block.first < cache->block.count) {
        return LEDE_OK;
    }
    status = lede_record_blocks_get(
        blocks, lede_record_blocks_find(blocks, entry), &block, err);
    if (status != LEDE_OK) {
        return lede_segment_fail_in(segment, status, err);
    }
    if (entry < block.first || entry - block.first >= block.count) {
        return lede_segment_fail(segment, err, "its names are damaged");
    }
    at = (lede_address){block.value, block.offset, block.bytes};
    status =
        lede_segment_part(segment, LEDE_VALUE_NAMES, &at, &compressed, err);
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_record_cache_fill(cache, &block, compressed, err);
    return status == LEDE_OK ? LEDE_OK
                             : lede_segment_fail_in(segment, status, err);
}

lede_status lede_segment_names(const lede_segment *segment, uint32_t entry,
                               lede_span *out, lede_error *err)
{
    lede_span list;
    lede_status status;

    if (!lede_segment_has_names(segment)) {
        *out = lede_span_of(NULL, 0);
        return LEDE_OK;
    }
    status = open_names(segment, err);
    if (status == LEDE_OK) {
        status = load_block(segment, entry, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_record_cache_get(&segment->cache->names,
                                   entry - segment->cache->names.block.first,
                                   &list, err);
    if (status != LEDE_OK) {
        return lede_segment_fail_in(segment, status, err);
    }
    *out = list;
    return LEDE_OK;
}
