/* postings_list.c - opened lists: skip area, and the parts of their blocks. */
#include <assert.h>

#include "storage/postings_codec.h"

/* --- Lists -----------------------------------------------------------------
 */

static size_t skip_bytes(uint32_t block_count, bool is_flat)
{
    /* A single block begins at 0: its offset is not stored. */
    if (is_flat) {
        return block_count == 1 ? 4 : (size_t)block_count * 8;
    }
    return block_count == 1
               ? 4 + 3 * (size_t)LEDE_ONE_BLOCK_IMPACTS
               : (size_t)block_count * (8 + 3 * (size_t)LEDE_BLOCK_IMPACTS);
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

/* Spreads the skip area of a list's only block to its full form. */
static void open_only_block(lede_postings *list, const uint8_t *skip)
{
    uint8_t *lengths = list->one + 8 + 2 * (size_t)LEDE_BLOCK_IMPACTS;
    unsigned i;

    memcpy(list->one, skip, 4);
    if (list->is_flat) {
        return;
    }
    for (i = 0; i < LEDE_BLOCK_IMPACTS; i++) {
        unsigned kept =
            i < LEDE_ONE_BLOCK_IMPACTS ? i : LEDE_ONE_BLOCK_IMPACTS - 1u;

        memcpy(list->one + 8 + 2 * (size_t)i, skip + 4 + 2 * (size_t)kept, 2);
        lengths[i] = skip[4 + 2 * LEDE_ONE_BLOCK_IMPACTS + kept];
    }
}

/* What a block-formed list has behind its common head. */
static lede_status open_blocks(lede_reader *reader, lede_postings *list,
                               lede_error *err)
{
    uint32_t count = list->block_count;
    lede_span skip;

    list->is_flat = (list->flags & LEDE_LIST_FLAT) != 0;
    if (list->is_flat && list->has_positions) {
        return bad_list(err, "a flat list with positions");
    }
    list->max_frequency =
        list->is_flat
            ? 1
            : (uint32_t)lede_read_varint_max(reader, LEDE_FREQUENCY_CAP);
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
    skip = lede_read_bytes(reader, skip_bytes(count, list->is_flat));
    if (reader->bad) {
        return bad_list(err, "list cut off");
    }
    if (count == 1) {
        open_only_block(list, skip.bytes);
    } else {
        list->skip = skip.bytes;
    }
    list->block_bytes =
        lede_span_of(reader->p, (size_t)(reader->end - reader->p));
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
        status = lede_short_open(&opened, err);
    }
    if (status == LEDE_OK) {
        *out = opened;
    }
    return status;
}

/* The answer is mostly near: some blocks are looked at one after the other,
 * then steps double, then the last step is halved. */
uint32_t lede_postings_find_block(const lede_postings *list, uint32_t from,
                                  uint32_t entry)
{
    enum { NEAR = 32 };
    const uint8_t *last = lede_postings_last_entries(list);
    uint32_t count = list->block_count;
    uint32_t left = from < count ? count - from : 0;
    uint32_t near = left < NEAR ? left : NEAR;
    uint32_t low = from + lede_bits_find(last + (size_t)from * 4, near, entry);
    uint32_t high = low;
    uint32_t step = NEAR;

    if (low < from + near || near == left) {
        return low;
    }
    while (high < count && lede_load_u32(last + (size_t)high * 4) < entry) {
        low = high + 1;
        high = step < count - high ? high + step : count;
        step *= 2;
    }
    while (high - low > NEAR / 2) {
        uint32_t middle = low + (high - low) / 2;

        if (lede_load_u32(last + (size_t)middle * 4) < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low + lede_bits_find(last + (size_t)low * 4, high - low, entry);
}

void lede_postings_prefetch(const lede_postings *list, uint32_t block)
{
    enum { LINE = 64, LINES = 4 };
    size_t at;

    if (list->skip == NULL || list->block_count < 2 ||
        block >= list->block_count) {
        return;
    }
    at = lede_load_u32(lede_postings_last_entries(list) +
                       (size_t)list->block_count * 4 + (size_t)block * 4);
    for (unsigned i = 0; i < LINES && at < list->block_bytes.len; i++) {
        __builtin_prefetch(list->block_bytes.bytes + at);
        at += LINE;
    }
}

static void prefetch_lines(const uint8_t *bytes, size_t len, size_t most)
{
    enum { LINE = 64 };

    len = len < most * LINE ? len : most * LINE;
    for (size_t at = 0; at < len; at += LINE) {
        __builtin_prefetch(bytes + at);
    }
}

void lede_postings_prefetch_skip(const lede_postings *list, bool with_impacts)
{
    enum { IMPACT_LINES = 48, LAST_LINES = 16 };
    size_t count = list->block_count;

    if (list->skip == NULL || list->is_flat) {
        return;
    }
    if (with_impacts) {
        prefetch_lines(list->skip + 8 * count, 3 * LEDE_BLOCK_IMPACTS * count,
                       IMPACT_LINES);
    }
    prefetch_lines(list->skip, 4 * count, LAST_LINES);
}

/* --- Parts -----------------------------------------------------------------
 */

bool lede_short_read(const lede_postings *list,
                     lede_short_posting out[LEDE_SHORT_POSTINGS])
{
    lede_short_walk walk;
    uint32_t n;

    lede_short_walk_init(&walk, list);
    for (n = 0; n < list->entry_count; n++) {
        if (!lede_short_walk_next(&walk, &out[n]) ||
            !lede_short_walk_skip(&walk, &out[n])) {
            return false;
        }
    }
    return true;
}

bool lede_postings_fields(const lede_postings *list, uint32_t block,
                          uint8_t fields[LEDE_BLOCK_POSTINGS])
{
    lede_short_posting few[LEDE_SHORT_POSTINGS];
    lede_block_view view;
    uint32_t i;

    if ((list->flags & LEDE_LIST_BLOCKS) != 0) {
        return lede_postings_block_open(list, block, &view.b) &&
               lede_block_find_frequencies(&view.b) &&
               lede_block_find_fields(&view) &&
               lede_block_read_fields(&view, 0, view.b.size, fields);
    }
    if (!lede_short_read(list, few)) {
        return false;
    }
    for (i = 0; i < list->entry_count; i++) {
        fields[i] = few[i].fields;
    }
    return true;
}

bool lede_postings_has_fields(const lede_postings *list, uint32_t block,
                              uint8_t fields, bool *out)
{
    lede_short_posting few[LEDE_SHORT_POSTINGS];
    lede_block_view view;
    unsigned all = 0;

    if ((list->flags & LEDE_LIST_BLOCKS) == 0) {
        if (!lede_short_read(list, few)) {
            return false;
        }
        for (uint32_t i = 0; i < list->entry_count; i++) {
            all |= few[i].fields;
        }
    } else {
        if (!lede_postings_block_open(list, block, &view.b) ||
            !lede_block_find_frequencies(&view.b) ||
            !lede_block_find_fields(&view)) {
            return false;
        }
        all = view.masks.len == 0 ? list->usual_fields : 0;
        for (size_t i = 0; i < view.masks.len; i++) {
            all |= view.masks.bytes[i];
        }
    }
    *out = (all & fields) != 0;
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

bool lede_postings_with_forms(const lede_postings *list, uint32_t block,
                              const bool *wanted, bool out[LEDE_BLOCK_POSTINGS])
{
    lede_short_posting few[LEDE_SHORT_POSTINGS];
    lede_span sets[LEDE_BLOCK_POSTINGS];
    uint32_t sizes[LEDE_BLOCK_POSTINGS];
    bool hits[LEDE_BLOCK_POSTINGS];
    uint8_t labels[LEDE_BLOCK_POSTINGS];
    lede_block_view view;
    uint32_t i;

    if (list->form_count < 2) {
        memset(out, list->form_count == 1 && wanted[0], LEDE_BLOCK_POSTINGS);
        return true;
    }
    if ((list->flags & LEDE_LIST_BLOCKS) == 0) {
        if (!lede_short_read(list, few)) {
            return false;
        }
        for (i = 0; i < list->entry_count; i++) {
            out[i] = set_hits(few[i].set, list->form_count, wanted);
        }
        return true;
    }
    if (!lede_postings_block_open(list, block, &view.b) ||
        !lede_block_find_frequencies(&view.b) ||
        !lede_block_find_fields(&view) ||
        !lede_block_find_forms(&view, sets, sizes) ||
        !lede_labels_read(&view.set_labels, 0, view.b.size, labels)) {
        return false;
    }
    for (i = 0; i < view.set_count; i++) {
        hits[i] = set_hits(sets[i], list->form_count, wanted);
    }
    for (i = 0; i < view.b.size; i++) {
        out[i] = hits[labels[i]];
    }
    return true;
}
