/* postings_block.c - the parts of one block, from bytes that nobody vouches
 * for.
 */
#include <assert.h>

#include "storage/postings_codec.h"

static lede_span span_from(const lede_postings_block *block, const uint8_t *p)
{
    return lede_span_of(p, (size_t)(block->rest.end - p));
}

static inline bool find_gaps(lede_postings_block *block)
{
    unsigned width = block->head[0];
    uint32_t range = block->last - block->first + 1;

    if (width <= LEDE_GAPS_MAX_WIDTH) {
        block->gap_bytes = lede_bits_bytes(block->size, width);
    } else if (width == LEDE_GAPS_BITS) {
        block->gap_bytes = ((size_t)range + 7) / 8;
    } else if (width >= LEDE_GAPS_SPLIT &&
               width - LEDE_GAPS_SPLIT <= LEDE_GAPS_MAX_WIDTH) {
        block->gap_bytes = lede_split_bytes(block->size, range - block->size,
                                            width - LEDE_GAPS_SPLIT);
    } else {
        return false;
    }
    block->gaps = block->rest.p;
    if (block->gap_bytes > (size_t)(block->rest.end - block->gaps)) {
        return false;
    }
    block->rest.p += block->gap_bytes;
    return true;
}

/* A short list is one block, of which nothing is at hand but its place. */
static bool open_short(const lede_postings *list, lede_postings_block *out)
{
    out->list = list;
    out->number = 0;
    out->size = list->entry_count;
    return true;
}

bool lede_postings_block_open(const lede_postings *list, uint32_t number,
                              lede_postings_block *out)
{
    const uint8_t *last = lede_postings_last_entries(list);
    size_t at = number;
    const uint8_t *p, *end;
    size_t offset, head;

    assert(number < list->block_count);
    if ((list->flags & LEDE_LIST_BLOCKS) == 0) {
        return open_short(list, out);
    }
    offset = lede_load_u32(last + ((size_t)list->block_count + at) * 4);
    out->list = list;
    out->number = number;
    out->size = lede_postings_block_size(list, number);
    out->first = number == 0 ? 0 : lede_load_u32(last + (at - 1) * 4) + 1;
    out->last = lede_load_u32(last + at * 4);
    if (out->last >= list->segment.entries || out->first > out->last ||
        out->last - out->first + 1 < out->size ||
        offset > list->block_bytes.len) {
        return false;
    }
    p = list->block_bytes.bytes + offset;
    end = list->block_bytes.bytes + list->block_bytes.len;
    if ((size_t)(end - p) < sizeof out->head) {
        return false;
    }
    memcpy(out->head, p, sizeof out->head);
    head = sizeof out->head;
    out->position_offset = 0;
    if ((out->head[2] & LEDE_PARTS_POSITIONS) != 0 && list->block_count > 1) {
        head += 3;
        if ((size_t)(end - p) < head) {
            return false;
        }
        out->position_offset = lede_load_u16(p + 3) | (uint32_t)p[5] << 16;
    }
    out->rest = (lede_reader){p + head, end, false};
    out->has_frequencies = false;
    return find_gaps(out);
}

static bool read_entries(const lede_postings_block *block,
                         uint32_t out[LEDE_BLOCK_POSTINGS])
{
    unsigned head = block->head[0];
    lede_span gaps = span_from(block, block->gaps);

    if (head <= LEDE_GAPS_MAX_WIDTH) {
        lede_bits_unpack_gaps(gaps, block->size, head, block->first, out);
    } else if (head == LEDE_GAPS_BITS) {
        gaps.len = block->gap_bytes;
        if (lede_bits_unpack_set(gaps, block->first, out) != block->size) {
            return false;
        }
    } else {
        unsigned width = head - LEDE_GAPS_SPLIT;
        size_t low = lede_bits_bytes(block->size, width);
        lede_span high =
            lede_span_of(block->gaps + low, block->gap_bytes - low);

        if (!lede_bits_unpack_split(gaps, width, high, block->size,
                                    block->first, out)) {
            return false;
        }
    }
    return out[block->size - 1] == block->last;
}

/* --- Frequencies -----------------------------------------------------------
 */

static bool find_exceptions(lede_postings_block *block)
{
    uint8_t head = lede_read_byte(&block->rest);

    block->exception_count = head & 63u;
    block->exception_bytes = 1u << (head >> 6);
    if (block->exception_bytes > 4 || block->frequency_width > 31) {
        return false;
    }
    block->exception_indices =
        lede_read_bytes(&block->rest, block->exception_count).bytes;
    block->exception_values =
        lede_read_bytes(&block->rest,
                        (size_t)block->exception_count * block->exception_bytes)
            .bytes;
    return !block->rest.bad;
}

bool lede_block_find_frequencies(lede_postings_block *block)
{
    if (block->has_frequencies) {
        return true;
    }
    block->frequency_width = block->head[1] & LEDE_FREQUENCY_WIDTH;
    block->frequency_shift =
        (block->head[1] & LEDE_FREQUENCY_HALVED) != 0 ? 1 : 0;
    block->exception_count = 0;
    if (block->frequency_width > 32 ||
        ((block->head[1] & LEDE_FREQUENCY_EXCEPTIONS) != 0 &&
         !find_exceptions(block))) {
        return false;
    }
    block->packed = block->rest.p;
    (void)lede_read_bytes(&block->rest,
                          lede_bits_bytes(block->size, block->frequency_width));
    block->has_frequencies = !block->rest.bad;
    return block->has_frequencies;
}

static uint32_t exception_value(const lede_postings_block *block, uint32_t i)
{
    const uint8_t *p =
        block->exception_values + (size_t)i * block->exception_bytes;
    uint32_t value = block->exception_bytes == 1   ? *p
                     : block->exception_bytes == 2 ? lede_load_u16(p)
                                                   : lede_load_u32(p);

    return value << block->frequency_width << block->frequency_shift;
}

bool lede_block_read_frequencies(const lede_postings_block *block,
                                 uint32_t from, uint32_t count, uint32_t *out)
{
    lede_span packed =
        lede_span_part(span_from(block, block->packed),
                       (size_t)from * block->frequency_width / 8, SIZE_MAX);
    uint32_t i;

    lede_bits_unpack_scaled(packed, count, block->frequency_width, 1,
                            block->frequency_shift, out);
    for (i = 0; i < block->exception_count; i++) {
        uint32_t index = block->exception_indices[i];

        if (index >= block->size) {
            return false;
        }
        if (index - from < count) { /* wraps, for those before */
            out[index - from] += exception_value(block, i);
        }
    }
    return true;
}

static bool read_frequency(const lede_postings_block *block, uint32_t index,
                           uint32_t *out)
{
    unsigned width = block->frequency_width;
    uint32_t i;

    *out = ((uint32_t)lede_bits_get(span_from(block, block->packed),
                                    (uint64_t)index * width, width) +
            1)
           << block->frequency_shift;
    for (i = 0; i < block->exception_count; i++) {
        if (block->exception_indices[i] == index) {
            *out += exception_value(block, i);
        }
    }
    return index < block->size;
}

/* --- Parts, by block and by number -----------------------------------------
 */

static bool is_short(const lede_postings *list)
{
    return (list->flags & LEDE_LIST_BLOCKS) == 0;
}

bool lede_postings_block_entries(const lede_postings_block *block,
                                 uint32_t entries[LEDE_BLOCK_POSTINGS])
{
    lede_short_posting few[LEDE_SHORT_POSTINGS];

    if (!is_short(block->list)) {
        return read_entries(block, entries);
    }
    if (!lede_short_read(block->list, few)) {
        return false;
    }
    for (uint32_t i = 0; i < block->size; i++) {
        entries[i] = few[i].entry;
    }
    return true;
}

bool lede_postings_block_frequencies(lede_postings_block *block,
                                     uint32_t frequencies[LEDE_BLOCK_POSTINGS])
{
    lede_short_posting few[LEDE_SHORT_POSTINGS];

    if (!is_short(block->list)) {
        return lede_block_find_frequencies(block) &&
               lede_block_read_frequencies(block, 0, block->size, frequencies);
    }
    if (!lede_short_read(block->list, few)) {
        return false;
    }
    for (uint32_t i = 0; i < block->size; i++) {
        frequencies[i] = few[i].frequency;
    }
    return true;
}

bool lede_postings_block_frequency(lede_postings_block *block, uint32_t index,
                                   uint32_t *out)
{
    lede_short_posting few[LEDE_SHORT_POSTINGS];

    assert(index < block->size);
    if (!is_short(block->list)) {
        return lede_block_find_frequencies(block) &&
               read_frequency(block, index, out);
    }
    if (!lede_short_read(block->list, few)) {
        return false;
    }
    *out = few[index].frequency;
    return true;
}

bool lede_postings_block_find(const lede_postings_block *block, uint32_t entry,
                              uint32_t *place)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    unsigned head = block->head[0];

    if (!is_short(block->list) && head <= LEDE_GAPS_MAX_WIDTH) {
        *place = lede_bits_find_gap(span_from(block, block->gaps), block->size,
                                    head, block->first, entry);
        return true;
    }
    if (!is_short(block->list) && head >= LEDE_GAPS_SPLIT) {
        unsigned width = head - LEDE_GAPS_SPLIT;
        size_t low = lede_bits_bytes(block->size, width);

        *place = lede_bits_find_split(
            span_from(block, block->gaps), width,
            lede_span_of(block->gaps + low, block->gap_bytes - low),
            block->size, block->first, entry);
        return true;
    }
    if (!lede_postings_block_entries(block, entries)) {
        return false;
    }
    for (*place = 0; *place < block->size && entries[*place] != entry;) {
        ++*place;
    }
    return true;
}

bool lede_postings_block_set(const lede_postings_block *block, uint32_t *first,
                             lede_span *bits)
{
    static const uint8_t all[LEDE_BLOCK_POSTINGS / 8] = {
        255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255};
    uint32_t range;
    lede_span set;

    if (is_short(block->list)) {
        return false;
    }
    range = block->last - block->first + 1;
    if (block->head[0] == 0 && block->size == LEDE_BLOCK_POSTINGS &&
        range == block->size) {
        *first = block->first;
        *bits = lede_span_of(all, sizeof all);
        return true;
    }
    if (block->head[0] != LEDE_GAPS_BITS) {
        return false;
    }
    set = lede_span_of(block->gaps, block->gap_bytes);
    if (set.bytes[set.len - 1] >> ((range - 1) & 7) != 1) {
        return false;
    }
    *first = block->first;
    *bits = set;
    return true;
}

bool lede_postings_block_bits(const lede_postings_block *block, uint32_t *first,
                              lede_span *bits)
{
    lede_span set;

    if (!lede_postings_block_set(block, first, &set) ||
        (block->head[0] != 0 && lede_bits_count(set) != block->size)) {
        return false;
    }
    *bits = set;
    return true;
}

bool lede_postings_entries(const lede_postings *list, uint32_t block,
                           uint32_t entries[LEDE_BLOCK_POSTINGS])
{
    lede_postings_block opened;

    return lede_postings_block_open(list, block, &opened) &&
           lede_postings_block_entries(&opened, entries);
}

bool lede_postings_frequencies(const lede_postings *list, uint32_t block,
                               uint32_t frequencies[LEDE_BLOCK_POSTINGS])
{
    lede_postings_block opened;

    return lede_postings_block_open(list, block, &opened) &&
           lede_postings_block_frequencies(&opened, frequencies);
}

bool lede_postings_frequency_at(const lede_postings *list, uint32_t block,
                                uint32_t index, uint32_t *out)
{
    lede_postings_block opened;

    return lede_postings_block_open(list, block, &opened) &&
           lede_postings_block_frequency(&opened, index, out);
}

bool lede_postings_bits(const lede_postings *list, uint32_t block,
                        uint32_t *first, lede_span *bits)
{
    lede_postings_block opened;

    return lede_postings_block_open(list, block, &opened) &&
           lede_postings_block_bits(&opened, first, bits);
}

/* --- Fields, forms, corrections --------------------------------------------
 */

bool lede_block_find_fields(lede_block_view *view)
{
    uint32_t count;
    uint32_t i;

    view->masks = lede_span_of(NULL, 0);
    if ((view->b.head[2] & LEDE_PARTS_FIELDS) == 0) {
        return true;
    }
    count = lede_read_byte(&view->b.rest);
    view->masks = lede_read_bytes(&view->b.rest, count);
    if (view->b.rest.bad || count == 0) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (view->masks.bytes[i] >= LEDE_FIELD_MASKS) {
            return false;
        }
    }
    return lede_labels_open(&view->b.rest, view->b.size, count,
                            &view->field_labels);
}

bool lede_block_read_fields(const lede_block_view *view, uint32_t from,
                            uint32_t count, uint8_t *out)
{
    uint32_t i;

    if (view->masks.len == 0) {
        memset(out, view->b.list->usual_fields, count);
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
    uint32_t form_count = view->b.list->form_count;
    uint32_t i;

    view->set_count = 1;
    if (form_count < 2) {
        view->set_labels = (lede_labels){0};
        return true;
    }
    if ((view->b.head[2] & LEDE_PARTS_FORMS) != 0) {
        view->set_count = lede_read_byte(&view->b.rest);
    }
    if (view->set_count == 0 || view->set_count > LEDE_BLOCK_POSTINGS) {
        return false;
    }
    for (i = 0; i < view->set_count; i++) {
        uint32_t size;
        lede_span set = lede_set_read(&view->b.rest, form_count, &size);

        if (sets != NULL) {
            sets[i] = set;
            sizes[i] = size;
        }
    }
    return !view->b.rest.bad &&
           lede_labels_open(&view->b.rest, view->b.size, view->set_count,
                            &view->set_labels);
}

bool lede_block_find_corrections(lede_block_view *view)
{
    view->corrected = lede_span_of(NULL, 0);
    if ((view->b.head[2] & LEDE_PARTS_COUNTS) != 0) {
        view->corrected =
            lede_read_bytes(&view->b.rest, lede_read_byte(&view->b.rest));
    }
    view->corrections = view->b.rest;
    return !view->b.rest.bad;
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

        if (corrections.bad || index >= view->b.size) {
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

    if ((view->b.head[2] & LEDE_PARTS_POSITIONS) == 0) {
        memset(out, 0, count * sizeof *out);
        return true;
    }
    if (!lede_block_read_frequencies(&view->b, from, count, out)) {
        return false;
    }
    if (view->masks.len == 0 &&
        view->b.list->usual_fields == LEDE_FIELDS_BODY) {
        for (i = 0; i < count; i++) {
            out[i] /= 2; /* the body's weight */
        }
    } else {
        if (!lede_block_read_fields(view, from, count, fields)) {
            return false;
        }
        for (i = 0; i < count; i++) {
            out[i] = (uint32_t)lede_expected_count(out[i], fields[i]);
        }
    }
    return view->corrected.len == 0 || correct_counts(view, from, count, out);
}
