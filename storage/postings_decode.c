/* postings_decode.c - lists and blocks, from bytes that nobody vouches for. */
#include <assert.h>

#include "storage/postings_codec.h"

/* --- Lists -----------------------------------------------------------------
 */

static size_t skip_bytes(uint32_t block_count)
{
    /* A single block begins at 0: its offset is not stored. */
    return block_count == 1 ? 10 : (size_t)block_count * 14;
}

static lede_status bad_list(lede_error *err, const char *what)
{
    return lede_fail(err, LEDE_CORRUPT, "postings: %s", what);
}

static void read_forms(lede_reader *reader, lede_postings *list)
{
    const uint8_t *begin;

    list->form_count = 1;
    if ((list->flags & LEDE_LIST_ONE_FORM) == 0) {
        list->form_count =
            (uint32_t)lede_read_varint_max(reader, LEDE_MAX_FORMS);
        if (list->form_count != 0) {
            list->form_bytes = lede_read_block(reader);
        }
        return;
    }
    begin = reader->p;
    lede_form_skip(reader);
    if (!reader->bad) {
        list->form_bytes = lede_span_of(begin, (size_t)(reader->p - begin));
    }
}

/* What a block-formed list has behind its common head. */
static lede_status open_blocks(lede_reader *reader, lede_postings *list,
                               lede_error *err)
{
    uint32_t count = list->block_count;
    lede_span skip;

    list->max_frequency =
        (uint32_t)lede_read_varint_max(reader, LEDE_FREQUENCY_CAP);
    if (list->has_positions) {
        list->occurrences = lede_read_varint(reader);
        list->chunk_count = (uint32_t)lede_read_varint_max(reader, count);
        if (list->chunk_count == 0) {
            reader->bad = true;
        }
        if (list->chunk_count > 1) {
            list->chunks =
                lede_read_bytes(reader, (size_t)list->chunk_count * 4).bytes;
        }
    }
    skip = lede_read_bytes(reader, skip_bytes(count));
    if (reader->bad) {
        return bad_list(err, "list cut off");
    }
    if (count == 1) {
        memcpy(list->one, skip.bytes, 4);
        memcpy(list->one + 8, skip.bytes + 4, 6);
    } else {
        list->skip = skip.bytes;
    }
    list->block_bytes =
        lede_span_of(reader->p, (size_t)(reader->end - reader->p));
    return LEDE_OK;
}

static bool is_better_impact(uint32_t frequency, uint8_t length,
                             const lede_short_posting *than,
                             uint8_t than_length)
{
    return frequency > than->frequency ||
           (frequency == than->frequency && length < than_length);
}

static uint32_t capped(uint32_t frequency)
{
    return frequency < LEDE_FREQUENCY_CAP ? frequency : LEDE_FREQUENCY_CAP;
}

/* Walks all postings of a short list: checks it and makes up its skip area. */
static lede_status open_short(lede_postings *list, lede_error *err)
{
    lede_short_walk walk;
    lede_short_posting p;
    lede_short_posting best = {0};
    uint8_t best_length = 0;
    uint32_t rest_frequency = 0;
    uint8_t rest_length = UINT8_MAX;
    uint8_t fields = 0;
    uint32_t entries[LEDE_SHORT_POSTINGS];
    uint32_t frequencies[LEDE_SHORT_POSTINGS];
    uint32_t i;

    lede_short_walk_init(&walk, list);
    for (i = 0; i < list->entry_count; i++) {
        if (!lede_short_walk_next(&walk, &p) ||
            !lede_short_walk_skip(&walk, &p)) {
            return bad_list(err, "bad short list");
        }
        entries[i] = p.entry;
        frequencies[i] = capped(p.frequency);
        fields |= p.fields;
        list->occurrences += p.count;
        if (i == 0 ||
            is_better_impact(p.frequency, list->segment.lengths[p.entry], &best,
                             best_length)) {
            best = p;
            best_length = list->segment.lengths[p.entry];
        }
    }
    if (walk.reader.p != walk.reader.end) {
        return bad_list(err, "bytes behind a short list");
    }
    for (i = 0; i < list->entry_count; i++) {
        uint8_t length = list->segment.lengths[entries[i]];

        if (length < best_length) {
            rest_frequency = rest_frequency > frequencies[i] ? rest_frequency
                                                             : frequencies[i];
            rest_length = rest_length < length ? rest_length : length;
        }
    }
    if (rest_frequency == 0) {
        rest_frequency = capped(best.frequency);
        rest_length = best_length;
    }
    list->fields = fields;
    list->max_frequency = capped(best.frequency);
    lede_store_u32(list->one, entries[list->entry_count - 1]);
    lede_store_u16(list->one + 8, (uint16_t)capped(best.frequency));
    lede_store_u16(list->one + 10, (uint16_t)rest_frequency);
    list->one[12] = best_length;
    list->one[13] = rest_length;
    return LEDE_OK;
}

lede_status lede_postings_open(lede_span list,
                               const lede_postings_segment *segment,
                               const lede_position_source *source,
                               lede_postings *out, lede_error *err)
{
    lede_reader reader = lede_reader_of(list);
    lede_postings opened = {0};
    lede_status status;

    opened.segment = *segment;
    if (source != NULL) {
        opened.source = *source;
    }
    opened.flags = lede_read_byte(&reader);
    opened.has_positions = (opened.flags & LEDE_LIST_POSITIONS) != 0;
    opened.entry_count = (opened.flags >> 4 & 7) + 1u;
    if ((opened.flags & LEDE_LIST_BLOCKS) != 0) {
        opened.entry_count =
            (uint32_t)lede_read_varint_max(&reader, LEDE_LIST_MAX_POSTINGS);
    }
    opened.fields = (opened.flags & LEDE_LIST_BODY) != 0
                        ? LEDE_FIELDS_BODY
                        : lede_read_byte(&reader);
    opened.usual_fields = opened.fields;
    if ((opened.flags & (LEDE_LIST_USUAL | LEDE_LIST_BLOCKS)) ==
        LEDE_LIST_BLOCKS) {
        opened.usual_fields = lede_read_byte(&reader);
    }
    read_forms(&reader, &opened);
    if (reader.bad || opened.entry_count == 0 ||
        opened.entry_count > segment->entries ||
        opened.fields >= LEDE_FIELD_MASKS ||
        opened.usual_fields >= LEDE_FIELD_MASKS) {
        return bad_list(err, "bad head of list");
    }
    opened.block_count =
        (opened.entry_count + LEDE_BLOCK_POSTINGS - 1) / LEDE_BLOCK_POSTINGS;
    if ((opened.flags & LEDE_LIST_BLOCKS) != 0) {
        status = open_blocks(&reader, &opened, err);
    } else {
        opened.block_bytes =
            lede_span_of(reader.p, (size_t)(reader.end - reader.p));
        status = open_short(&opened, err);
    }
    if (status == LEDE_OK) {
        *out = opened;
    }
    return status;
}

uint32_t lede_postings_block_size(const lede_postings *list, uint32_t block)
{
    uint32_t before = block * LEDE_BLOCK_POSTINGS;

    assert(block < list->block_count);
    return list->entry_count - before < LEDE_BLOCK_POSTINGS
               ? list->entry_count - before
               : LEDE_BLOCK_POSTINGS;
}

uint32_t lede_postings_find_block(const lede_postings *list, uint32_t from,
                                  uint32_t entry)
{
    const uint8_t *last = lede_postings_last_entries(list);
    uint32_t count = list->block_count;
    uint32_t step = 1;
    uint32_t low = from; /* all before are too small */
    uint32_t high = from;

    while (high < count && lede_load_u32(last + (size_t)high * 4) < entry) {
        low = high + 1;
        high = step < count - high ? high + step : count;
        step *= 2;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (lede_load_u32(last + (size_t)middle * 4) < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* --- Blocks ----------------------------------------------------------------
 */

static bool is_short(const lede_postings *list)
{
    return (list->flags & LEDE_LIST_BLOCKS) == 0;
}

/* From `p` to the end of the view's bytes. */
static lede_span span_from(const lede_block_view *view, const uint8_t *p)
{
    return lede_span_of(p, (size_t)(view->all.bytes + view->all.len - p));
}

static bool open_gaps(lede_block_view *view)
{
    unsigned width = view->head[0];
    uint32_t range = view->last - view->first + 1;

    if (width == LEDE_GAPS_BITS) {
        view->gap_bytes = ((size_t)range + 7) / 8;
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

    assert(block < list->block_count && !is_short(list));
    out->list = list;
    out->n = lede_postings_block_size(list, block);
    out->first =
        block == 0 ? 0 : lede_load_u32(last + (size_t)(block - 1) * 4) + 1;
    out->last = lede_load_u32(last + (size_t)block * 4);
    if (out->last >= list->segment.entries || out->first > out->last ||
        out->last - out->first + 1 < out->n || offset > list->block_bytes.len) {
        return false;
    }
    out->all = lede_span_part(list->block_bytes, offset, SIZE_MAX);
    out->rest = lede_reader_of(out->all);
    head = lede_read_bytes(&out->rest, sizeof out->head);
    if (out->rest.bad) {
        return false;
    }
    memcpy(out->head, head.bytes, sizeof out->head);
    out->position_offset = 0;
    if ((out->head[2] & LEDE_PARTS_POSITIONS) != 0) {
        out->position_offset = lede_read_u16(&out->rest);
        out->position_offset |= (uint32_t)lede_read_byte(&out->rest) << 16;
    }
    return open_gaps(out);
}

bool lede_block_frequencies(lede_block_view *view)
{
    unsigned width = view->head[1] & LEDE_FREQUENCY_WIDTH;

    view->exception_count = 0;
    if (width > 32) {
        return false;
    }
    if ((view->head[1] & LEDE_FREQUENCY_EXCEPTIONS) != 0) {
        uint8_t head = lede_read_byte(&view->rest);

        view->exception_count = head & 63u;
        view->exception_bytes = 1u << (head >> 6);
        if (view->exception_bytes > 4) {
            return false;
        }
        view->exception_indices =
            lede_read_bytes(&view->rest, view->exception_count).bytes;
        view->exception_values =
            lede_read_bytes(&view->rest, (size_t)view->exception_count *
                                             view->exception_bytes)
                .bytes;
    }
    view->packed = span_from(view, view->rest.p);
    (void)lede_read_bytes(&view->rest, lede_bits_bytes(view->n, width));
    return !view->rest.bad;
}

bool lede_block_fields(lede_block_view *view, uint8_t out[LEDE_BLOCK_POSTINGS])
{
    uint8_t labels[LEDE_BLOCK_POSTINGS];
    uint32_t count;
    lede_span masks;
    uint32_t i;

    if ((view->head[2] & LEDE_PARTS_FIELDS) == 0) {
        if (out != NULL) {
            memset(out, view->list->usual_fields, LEDE_BLOCK_POSTINGS);
        }
        return true;
    }
    count = lede_read_byte(&view->rest);
    masks = lede_read_bytes(&view->rest, count);
    if (view->rest.bad || count == 0) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (masks.bytes[i] >= LEDE_FIELD_MASKS) {
            return false;
        }
    }
    if (out == NULL) {
        return lede_labels_skip(&view->rest, view->n, count);
    }
    if (!lede_labels_decode(&view->rest, view->n, count, labels)) {
        return false;
    }
    for (i = 0; i < view->n; i++) {
        out[i] = masks.bytes[labels[i]];
    }
    return true;
}

bool lede_block_forms(lede_block_view *view, lede_block_sets *out)
{
    uint32_t i;

    out->count = 1;
    if (view->list->form_count < 2) {
        out->sizes[0] = view->list->form_count;
        memset(out->labels, 0, sizeof out->labels);
        return true;
    }
    if ((view->head[2] & LEDE_PARTS_FORMS) != 0) {
        out->count = lede_read_byte(&view->rest);
    }
    if (out->count == 0 || out->count > LEDE_BLOCK_POSTINGS) {
        return false;
    }
    for (i = 0; i < out->count; i++) {
        out->sets[i] =
            lede_set_read(&view->rest, view->list->form_count, &out->sizes[i]);
    }
    return !view->rest.bad &&
           lede_labels_decode(&view->rest, view->n, out->count, out->labels);
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

    if (fields == 0) {
        return frequency;
    }
    for (i = 0; i < LEDE_DEFAULT_FIELDS; i++) {
        if ((fields >> i & 1) != 0 && i != main) {
            rest -= weights[i];
            count++;
        }
    }
    return count + (rest > 0 ? rest / weights[main] : 0);
}

bool lede_block_counts(lede_block_view *view, const uint32_t *frequencies,
                       const uint8_t *fields, uint32_t out[LEDE_BLOCK_POSTINGS])
{
    lede_span indices;
    uint32_t i;

    if ((view->head[2] & LEDE_PARTS_POSITIONS) == 0) {
        memset(out, 0, LEDE_BLOCK_POSTINGS * sizeof *out);
        return true;
    }
    for (i = 0; i < view->n; i++) {
        out[i] = (uint32_t)lede_expected_count(frequencies[i], fields[i]);
    }
    if ((view->head[2] & LEDE_PARTS_COUNTS) == 0) {
        return true;
    }
    indices = lede_read_bytes(&view->rest, lede_read_byte(&view->rest));
    for (i = 0; i < indices.len; i++) {
        int64_t change = lede_zigzag_decode(lede_read_varint(&view->rest));
        uint8_t index = indices.bytes[i];

        if (view->rest.bad || index >= view->n ||
            change < -(INT64_C(1) << 33) || change > INT64_C(1) << 33 ||
            out[index] + change < 0 || out[index] + change > UINT32_MAX) {
            return false;
        }
        out[index] = (uint32_t)(out[index] + change);
    }
    return !view->rest.bad;
}

/* --- Short lists -----------------------------------------------------------
 */

void lede_short_walk_init(lede_short_walk *walk, const lede_postings *list)
{
    walk->list = list;
    walk->reader = lede_reader_of(list->block_bytes);
    walk->index = 0;
    walk->next_entry = 0;
}

static bool read_short_count(lede_short_walk *walk, bool is_corrected,
                             lede_short_posting *out)
{
    int64_t count = lede_expected_count(out->frequency, out->fields);

    if (is_corrected) {
        int64_t change = lede_zigzag_decode(lede_read_varint(&walk->reader));

        if (change < -(INT64_C(1) << 33) || change > INT64_C(1) << 33) {
            return false;
        }
        count += change;
    }
    out->count = (uint32_t)count;
    return count >= 0 && count <= UINT32_MAX;
}

bool lede_short_walk_next(lede_short_walk *walk, lede_short_posting *out)
{
    const lede_postings *list = walk->list;
    lede_reader *reader = &walk->reader;
    uint64_t entry = walk->next_entry;
    uint64_t code;

    if (walk->index == list->entry_count) {
        return false;
    }
    walk->index++;
    *out = (lede_short_posting){0};
    entry += lede_read_varint_max(reader, LEDE_LIST_MAX_POSTINGS);
    code = lede_read_varint_max(reader, (UINT64_C(1) << 33) - 1);
    if (entry >= list->segment.entries || code >> 1 == 0) {
        return false;
    }
    out->entry = (uint32_t)entry;
    walk->next_entry = out->entry + 1;
    out->frequency = (uint32_t)(code >> 1);
    out->fields = (list->flags & LEDE_LIST_USUAL) != 0 ? list->fields
                                                       : lede_read_byte(reader);
    if (out->fields >= LEDE_FIELD_MASKS) {
        return false;
    }
    out->set_size = list->form_count;
    if (list->form_count > 1) {
        out->set = lede_set_read(reader, list->form_count, &out->set_size);
    }
    if (list->has_positions && !read_short_count(walk, (code & 1) != 0, out)) {
        return false;
    }
    return !reader->bad;
}

bool lede_short_walk_skip(lede_short_walk *walk,
                          const lede_short_posting *posting)
{
    uint64_t varints = posting->count;

    varints *= lede_rank_width(posting->set_size) > 0 ? 2 : 1;
    while (varints > 0 && !walk->reader.bad) {
        (void)lede_read_varint(&walk->reader);
        varints--;
    }
    return !walk->reader.bad;
}

/* --- Parts, for short lists and blocks -------------------------------------
 */

bool lede_postings_entries(const lede_postings *list, uint32_t block,
                           uint32_t entries[LEDE_BLOCK_POSTINGS])
{
    lede_block_view view;
    uint32_t n;

    if (is_short(list)) {
        lede_short_walk walk;
        lede_short_posting p;

        lede_short_walk_init(&walk, list);
        for (n = 0; lede_short_walk_next(&walk, &p); n++) {
            entries[n] = p.entry;
            (void)lede_short_walk_skip(&walk, &p);
        }
        return n == list->entry_count;
    }
    if (!lede_block_open(list, block, &view)) {
        return false;
    }
    if (view.head[0] == LEDE_GAPS_BITS) {
        view.gaps.len = view.gap_bytes;
        n = lede_bits_unpack_set(view.gaps, view.first, entries);
        return n == view.n && entries[n - 1] == view.last;
    }
    lede_bits_unpack_gaps(view.gaps, view.n, view.head[0], view.first, entries);
    return entries[view.n - 1] == view.last;
}

static uint32_t exception_value(const lede_block_view *view, uint32_t i)
{
    const uint8_t *p =
        view->exception_values + (size_t)i * view->exception_bytes;

    return view->exception_bytes == 1   ? *p
           : view->exception_bytes == 2 ? lede_load_u16(p)
                                        : lede_load_u32(p);
}

/* (packed + 1), doubled where all frequencies of the block are even. */
static uint32_t frequency_of(const lede_block_view *view, uint32_t packed)
{
    return (packed + 1) << ((view->head[1] & LEDE_FREQUENCY_HALVED) != 0 ? 1
                                                                         : 0);
}

static bool block_frequencies(lede_block_view *view,
                              uint32_t frequencies[LEDE_BLOCK_POSTINGS])
{
    unsigned width = view->head[1] & LEDE_FREQUENCY_WIDTH;
    uint32_t i;

    if (!lede_block_frequencies(view)) {
        return false;
    }
    lede_bits_unpack(view->packed, view->n, width, frequencies);
    for (i = 0; i < view->exception_count; i++) {
        if (view->exception_indices[i] >= view->n || width > 31) {
            return false;
        }
        frequencies[view->exception_indices[i]] |= exception_value(view, i)
                                                   << width;
    }
    for (i = 0; i < view->n; i++) {
        frequencies[i] = frequency_of(view, frequencies[i]);
    }
    return true;
}

bool lede_postings_frequencies(const lede_postings *list, uint32_t block,
                               uint32_t frequencies[LEDE_BLOCK_POSTINGS])
{
    lede_block_view view;

    if (is_short(list)) {
        lede_short_walk walk;
        lede_short_posting p;
        uint32_t n;

        lede_short_walk_init(&walk, list);
        for (n = 0; lede_short_walk_next(&walk, &p); n++) {
            frequencies[n] = p.frequency;
            (void)lede_short_walk_skip(&walk, &p);
        }
        return n == list->entry_count;
    }
    return lede_block_open(list, block, &view) &&
           block_frequencies(&view, frequencies);
}

bool lede_postings_frequency_at(const lede_postings *list, uint32_t block,
                                uint32_t index, uint32_t *out)
{
    lede_block_view view;
    unsigned width;
    uint32_t packed;
    uint32_t i;

    if (is_short(list)) {
        uint32_t frequencies[LEDE_BLOCK_POSTINGS] = {0};

        if (!lede_postings_frequencies(list, block, frequencies)) {
            return false;
        }
        *out = frequencies[index];
        return true;
    }
    if (!lede_block_open(list, block, &view) ||
        !lede_block_frequencies(&view) || index >= view.n) {
        return false;
    }
    width = view.head[1] & LEDE_FREQUENCY_WIDTH;
    packed =
        (uint32_t)lede_bits_get(view.packed, (uint64_t)index * width, width);
    for (i = 0; i < view.exception_count; i++) {
        if (view.exception_indices[i] == index && width < 32) {
            packed |= exception_value(&view, i) << width;
        }
    }
    *out = frequency_of(&view, packed);
    return true;
}

bool lede_postings_fields(const lede_postings *list, uint32_t block,
                          uint8_t fields[LEDE_BLOCK_POSTINGS])
{
    lede_block_view view;

    if (is_short(list)) {
        lede_short_walk walk;
        lede_short_posting p;
        uint32_t n;

        lede_short_walk_init(&walk, list);
        for (n = 0; lede_short_walk_next(&walk, &p); n++) {
            fields[n] = p.fields;
            (void)lede_short_walk_skip(&walk, &p);
        }
        return n == list->entry_count;
    }
    return lede_block_open(list, block, &view) &&
           lede_block_frequencies(&view) && lede_block_fields(&view, fields);
}

bool lede_postings_bits(const lede_postings *list, uint32_t block,
                        uint32_t *first, lede_span *words)
{
    static const uint8_t all[LEDE_BLOCK_POSTINGS / 8] = {
        255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255};
    lede_block_view view;
    uint32_t range;
    uint32_t ones = 0;
    size_t at;

    if (is_short(list) || !lede_block_open(list, block, &view)) {
        return false;
    }
    range = view.last - view.first + 1;
    if (view.head[0] == 0 && view.n == LEDE_BLOCK_POSTINGS && range == view.n) {
        *first = view.first;
        *words = lede_span_of(all, sizeof all);
        return true;
    }
    if (view.head[0] != LEDE_GAPS_BITS) {
        return false;
    }
    view.gaps.len = view.gap_bytes;
    for (at = 0; at < view.gaps.len; at += 8) {
        ones +=
            (uint32_t)__builtin_popcountll(lede_bits_load_at(view.gaps, at));
    }
    if (ones != view.n ||
        view.gaps.bytes[view.gap_bytes - 1] >> ((range - 1) & 7) != 1) {
        return false;
    }
    *first = view.first;
    *words = view.gaps;
    return true;
}

static bool set_hits(lede_span set, uint32_t form_count, const bool *wanted)
{
    lede_set_walk walk;
    uint32_t member;

    lede_set_walk_init(&walk, set, form_count);
    while (lede_set_walk_next(&walk, &member)) {
        if (wanted[member]) {
            return true;
        }
    }
    return false;
}

static bool short_with_forms(const lede_postings *list, const bool *wanted,
                             bool out[LEDE_BLOCK_POSTINGS])
{
    lede_short_walk walk;
    lede_short_posting p;
    uint32_t n;

    lede_short_walk_init(&walk, list);
    for (n = 0; lede_short_walk_next(&walk, &p); n++) {
        out[n] = set_hits(p.set, list->form_count, wanted);
        (void)lede_short_walk_skip(&walk, &p);
    }
    return n == list->entry_count;
}

bool lede_postings_with_forms(const lede_postings *list, uint32_t block,
                              const bool *wanted, bool out[LEDE_BLOCK_POSTINGS])
{
    lede_block_view view;
    lede_block_sets sets;
    bool hits[LEDE_BLOCK_POSTINGS];
    uint32_t i;

    if (list->form_count < 2) {
        memset(out, list->form_count == 1 && wanted[0], LEDE_BLOCK_POSTINGS);
        return true;
    }
    if (is_short(list)) {
        return short_with_forms(list, wanted, out);
    }
    if (!lede_block_open(list, block, &view) ||
        !lede_block_frequencies(&view) || !lede_block_fields(&view, NULL) ||
        !lede_block_forms(&view, &sets)) {
        return false;
    }
    for (i = 0; i < sets.count; i++) {
        hits[i] = set_hits(sets.sets[i], list->form_count, wanted);
    }
    for (i = 0; i < view.n; i++) {
        out[i] = hits[sets.labels[i]];
    }
    return true;
}
