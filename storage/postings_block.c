/* postings_block.c - the parts of one block, from bytes that nobody vouches
 * for.
 */
#include <assert.h>

#include "storage/postings_codec.h"

/* From `p` to the end of the list's bytes. */
static lede_span span_from(const lede_block_view *view, const uint8_t *p)
{
    return lede_span_of(p, (size_t)(view->rest.end - p));
}

static bool find_gaps(lede_block_view *view)
{
    unsigned width = view->head[0];
    uint32_t range = view->last - view->first + 1;

    if (width == LEDE_GAPS_BITS) {
        view->gap_bytes = ((size_t)range + 7) / 8;
    } else if (width >= LEDE_GAPS_SPLIT &&
               width - LEDE_GAPS_SPLIT <= LEDE_GAPS_MAX_WIDTH) {
        view->gap_bytes =
            lede_split_bytes(view->n, range - view->n, width - LEDE_GAPS_SPLIT);
    } else if (width <= LEDE_GAPS_MAX_WIDTH) {
        view->gap_bytes = lede_bits_bytes(view->n, width);
    } else {
        return false;
    }
    view->gaps = span_from(view, view->rest.p);
    (void)lede_read_bytes(&view->rest, view->gap_bytes);
    return !view->rest.bad;
}

bool lede_block_open(const lede_postings *list, uint32_t block,
                     lede_block_view *out)
{
    const uint8_t *last = lede_postings_last_entries(list);
    const uint8_t *offsets = last + (size_t)list->block_count * 4;
    uint32_t offset = lede_load_u32(offsets + (size_t)block * 4);
    lede_span head;

    assert(block < list->block_count);
    out->list = list;
    out->n = lede_postings_block_size(list, block);
    out->first =
        block == 0 ? 0 : lede_load_u32(last + (size_t)(block - 1) * 4) + 1;
    out->last = lede_load_u32(last + (size_t)block * 4);
    if (out->last >= list->segment.entries || out->first > out->last ||
        out->last - out->first + 1 < out->n) {
        return false;
    }
    out->rest =
        lede_reader_of(lede_span_part(list->block_bytes, offset, SIZE_MAX));
    head = lede_read_bytes(&out->rest, sizeof out->head);
    if (out->rest.bad) {
        return false;
    }
    memcpy(out->head, head.bytes, sizeof out->head);
    out->position_offset = 0;
    if ((out->head[2] & LEDE_PARTS_POSITIONS) != 0 && list->block_count > 1) {
        out->position_offset = lede_read_u16(&out->rest);
        out->position_offset |= (uint32_t)lede_read_byte(&out->rest) << 16;
    }
    return find_gaps(out);
}

bool lede_block_read_entries(const lede_block_view *view,
                             uint32_t out[LEDE_BLOCK_POSTINGS])
{
    if (view->head[0] == LEDE_GAPS_BITS) {
        lede_span bits = lede_span_of(view->gaps.bytes, view->gap_bytes);

        if (lede_bits_unpack_set(bits, view->first, out) != view->n) {
            return false;
        }
    } else if (view->head[0] >= LEDE_GAPS_SPLIT) {
        unsigned width = view->head[0] - LEDE_GAPS_SPLIT;
        size_t low = lede_bits_bytes(view->n, width);
        lede_span high =
            lede_span_of(view->gaps.bytes + low, view->gap_bytes - low);

        if (!lede_bits_unpack_split(view->gaps, width, high, view->n,
                                    view->first, out)) {
            return false;
        }
    } else {
        lede_bits_unpack_gaps(view->gaps, view->n, view->head[0], view->first,
                              out);
    }
    return out[view->n - 1] == view->last;
}

/* --- Frequencies -----------------------------------------------------------
 */

static bool find_exceptions(lede_block_view *view)
{
    uint8_t head = lede_read_byte(&view->rest);

    view->exception_count = head & 63u;
    view->exception_bytes = 1u << (head >> 6);
    if (view->exception_bytes > 4 || view->frequency_width > 31) {
        return false;
    }
    view->exception_indices =
        lede_read_bytes(&view->rest, view->exception_count).bytes;
    view->exception_values =
        lede_read_bytes(&view->rest,
                        (size_t)view->exception_count * view->exception_bytes)
            .bytes;
    return !view->rest.bad;
}

bool lede_block_find_frequencies(lede_block_view *view)
{
    view->frequency_width = view->head[1] & LEDE_FREQUENCY_WIDTH;
    view->frequency_shift =
        (view->head[1] & LEDE_FREQUENCY_HALVED) != 0 ? 1 : 0;
    view->exception_count = 0;
    if (view->frequency_width > 32 ||
        ((view->head[1] & LEDE_FREQUENCY_EXCEPTIONS) != 0 &&
         !find_exceptions(view))) {
        return false;
    }
    view->packed = span_from(view, view->rest.p);
    (void)lede_read_bytes(&view->rest,
                          lede_bits_bytes(view->n, view->frequency_width));
    return !view->rest.bad;
}

static uint32_t exception_value(const lede_block_view *view, uint32_t i)
{
    const uint8_t *p =
        view->exception_values + (size_t)i * view->exception_bytes;
    uint32_t value = view->exception_bytes == 1   ? *p
                     : view->exception_bytes == 2 ? lede_load_u16(p)
                                                  : lede_load_u32(p);

    return value << view->frequency_width << view->frequency_shift;
}

bool lede_block_read_frequencies(const lede_block_view *view, uint32_t from,
                                 uint32_t count, uint32_t *out)
{
    lede_span packed = lede_span_part(
        view->packed, (size_t)from * view->frequency_width / 8, SIZE_MAX);
    uint32_t i;

    lede_bits_unpack_scaled(packed, count, view->frequency_width, 1,
                            view->frequency_shift, out);
    for (i = 0; i < view->exception_count; i++) {
        uint32_t index = view->exception_indices[i];

        if (index >= view->n) {
            return false;
        }
        if (index - from < count) { /* wraps, for those before */
            out[index - from] += exception_value(view, i);
        }
    }
    return true;
}

bool lede_block_read_frequency(const lede_block_view *view, uint32_t index,
                               uint32_t *out)
{
    unsigned width = view->frequency_width;
    uint32_t i;

    *out =
        ((uint32_t)lede_bits_get(view->packed, (uint64_t)index * width, width) +
         1)
        << view->frequency_shift;
    for (i = 0; i < view->exception_count; i++) {
        if (view->exception_indices[i] == index) {
            *out += exception_value(view, i);
        }
    }
    return index < view->n;
}

/* --- Fields, forms, corrections --------------------------------------------
 */

bool lede_block_find_fields(lede_block_view *view)
{
    uint32_t count;
    uint32_t i;

    view->masks = lede_span_of(NULL, 0);
    if ((view->head[2] & LEDE_PARTS_FIELDS) == 0) {
        return true;
    }
    count = lede_read_byte(&view->rest);
    view->masks = lede_read_bytes(&view->rest, count);
    if (view->rest.bad || count == 0) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (view->masks.bytes[i] >= LEDE_FIELD_MASKS) {
            return false;
        }
    }
    return lede_labels_open(&view->rest, view->n, count, &view->field_labels);
}

bool lede_block_read_fields(const lede_block_view *view, uint32_t from,
                            uint32_t count, uint8_t *out)
{
    uint32_t i;

    if (view->masks.len == 0) {
        memset(out, view->list->usual_fields, count);
        return true;
    }
    if (!lede_labels_read(&view->field_labels, from, count, out)) {
        return false;
    }
    for (i = 0; i < count; i++) {
        out[i] = view->masks.bytes[out[i]];
    }
    return true;
}

bool lede_block_find_forms(lede_block_view *view, lede_span *sets,
                           uint32_t *sizes)
{
    uint32_t form_count = view->list->form_count;
    uint32_t i;

    view->set_count = 1;
    if (form_count < 2) {
        view->set_labels = (lede_labels){0};
        return true;
    }
    if ((view->head[2] & LEDE_PARTS_FORMS) != 0) {
        view->set_count = lede_read_byte(&view->rest);
    }
    if (view->set_count == 0 || view->set_count > LEDE_BLOCK_POSTINGS) {
        return false;
    }
    for (i = 0; i < view->set_count; i++) {
        uint32_t size;
        lede_span set = lede_set_read(&view->rest, form_count, &size);

        if (sets != NULL) {
            sets[i] = set;
            sizes[i] = size;
        }
    }
    return !view->rest.bad &&
           lede_labels_open(&view->rest, view->n, view->set_count,
                            &view->set_labels);
}

bool lede_block_find_corrections(lede_block_view *view)
{
    view->corrected = lede_span_of(NULL, 0);
    if ((view->head[2] & LEDE_PARTS_COUNTS) != 0) {
        view->corrected =
            lede_read_bytes(&view->rest, lede_read_byte(&view->rest));
    }
    view->corrections = view->rest;
    return !view->rest.bad;
}

int64_t lede_expected_count(uint32_t frequency, uint8_t fields)
{
    static const uint8_t weights[LEDE_DEFAULT_FIELDS] = {6, 4, 2, 2, 1};
    unsigned main = (fields & LEDE_FIELDS_BODY) != 0
                        ? LEDE_FIELD_BODY
                        : (unsigned)__builtin_ctz(fields | 32u);
    int64_t rest = frequency;
    int64_t count = 0;
    unsigned i;

    if (fields == LEDE_FIELDS_BODY) {
        return frequency / weights[LEDE_FIELD_BODY];
    }
    if (fields == 0) { /* searched by name: these all weigh the same */
        return frequency / weights[LEDE_FIELD_AUTHOR];
    }
    for (i = 0; i < LEDE_DEFAULT_FIELDS; i++) {
        if ((fields >> i & 1) != 0 && i != main) {
            rest -= weights[i];
            count++;
        }
    }
    return count + (rest > 0 ? rest / weights[main] : 0);
}

bool lede_count_correct(int64_t expected, uint64_t correction, uint32_t *out)
{
    const int64_t most = INT64_C(1) << 33;
    int64_t change = lede_zigzag_decode(correction);

    if (change < -most || change > most || expected + change < 0 ||
        expected + change > UINT32_MAX) {
        return false;
    }
    *out = (uint32_t)(expected + change);
    return true;
}

static bool correct_counts(const lede_block_view *view, uint32_t from,
                           uint32_t count, uint32_t *out)
{
    lede_reader corrections = view->corrections;
    size_t i;

    for (i = 0; i < view->corrected.len; i++) {
        uint64_t correction = lede_read_varint(&corrections);
        uint32_t index = view->corrected.bytes[i];

        if (corrections.bad || index >= view->n) {
            return false;
        }
        if (index - from < count && /* wraps, for those before */
            !lede_count_correct(out[index - from], correction,
                                &out[index - from])) {
            return false;
        }
    }
    return true;
}

bool lede_block_read_counts(const lede_block_view *view, uint32_t from,
                            uint32_t count, uint32_t *out)
{
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    uint32_t i;

    if ((view->head[2] & LEDE_PARTS_POSITIONS) == 0) {
        memset(out, 0, count * sizeof *out);
        return true;
    }
    if (!lede_block_read_frequencies(view, from, count, out) ||
        !lede_block_read_fields(view, from, count, fields)) {
        return false;
    }
    for (i = 0; i < count; i++) {
        out[i] = (uint32_t)lede_expected_count(out[i], fields[i]);
    }
    return correct_counts(view, from, count, out);
}
