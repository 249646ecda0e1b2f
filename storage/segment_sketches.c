#include "storage/archive_internal.h"

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
