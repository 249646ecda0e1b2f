#include "query/live.h"

#include <string.h>

#include "base/varint.h"

/* Entries that a segment does not have count as deleted. */
static bool is_deleted(lede_span deleted, uint32_t entry)
{
    return entry >> 3 >= deleted.len ||
           (deleted.bytes[entry >> 3] >> (entry & 7) & 1) != 0;
}

/* Whether any entry of [first, last] is deleted, or one beside them. */
static bool has_deleted(lede_span deleted, uint32_t first, uint32_t last)
{
    size_t at = first >> 3, end = (size_t)(last >> 3) + 1;

    for (; at + 8 <= end; at += 8) {
        uint64_t eight;

        memcpy(&eight, deleted.bytes + at, sizeof eight);
        if (eight != 0) {
            return true;
        }
    }
    for (; at < end; at++) {
        if (deleted.bytes[at] != 0) {
            return true;
        }
    }
    return false;
}

static lede_status damaged(lede_error *err)
{
    return lede_fail(err, LEDE_CORRUPT, "a list of a word is damaged");
}

lede_status lede_live_count(const lede_segment *segment,
                            const lede_postings *list, uint64_t *out,
                            lede_error *err)
{
    lede_span deleted = lede_segment_deleted(segment);
    const uint8_t *lasts = lede_postings_last_entries(list);
    uint64_t count = list->entry_count;
    uint32_t first = 0;

    for (uint32_t i = 0; deleted.len > 0 && i < list->block_count; i++) {
        uint32_t last = lede_load_u32(lasts + (size_t)i * 4);
        uint32_t entries[LEDE_BLOCK_POSTINGS];
        uint32_t size = lede_postings_block_size(list, i);

        if (last >> 3 >= deleted.len || first > last) {
            return damaged(err);
        }
        if (has_deleted(deleted, first, last)) {
            if (!lede_postings_entries(list, i, entries)) {
                return damaged(err);
            }
            for (uint32_t j = 0; j < size; j++) {
                count -= is_deleted(deleted, entries[j]);
            }
        }
        first = last;
    }
    *out = count;
    return LEDE_OK;
}

lede_status lede_live_has_form(const lede_segment *segment,
                               const lede_postings *list, const bool *wanted,
                               bool *out, lede_error *err)
{
    lede_span deleted = lede_segment_deleted(segment);

    *out = deleted.len == 0;
    for (uint32_t i = 0; !*out && i < list->block_count; i++) {
        uint32_t entries[LEDE_BLOCK_POSTINGS];
        uint32_t size = lede_postings_block_size(list, i);
        bool has[LEDE_BLOCK_POSTINGS];

        if (!lede_postings_entries(list, i, entries) ||
            !lede_postings_with_forms(list, i, wanted, has)) {
            return damaged(err);
        }
        for (uint32_t j = 0; j < size && !*out; j++) {
            *out = has[j] && !is_deleted(deleted, entries[j]);
        }
    }
    return LEDE_OK;
}
