/* postings_reader.c - positions, read: a posting at a time, from anywhere.
 *
 * What is decoded is kept at three levels: the block (where its parts are), the
 * sub-block of 16 postings (how many positions each has, and how wide their
 * codes are), and how far its unary part has been passed over, so that reading
 * a block from front to back passes over nothing twice. */
#include <assert.h>
#include <stdlib.h>

#include "storage/postings_codec.h"

typedef struct subblock {
    bool is_ready;
    uint32_t number;
    uint64_t begin, end; /* bits of the stream */
    uint32_t counts[LEDE_SUBBLOCK_POSTINGS];
    uint8_t labels[LEDE_SUBBLOCK_POSTINGS]; /* of the sets of forms */
    uint8_t low_widths[LEDE_SUBBLOCK_POSTINGS];
    uint8_t rank_widths[LEDE_SUBBLOCK_POSTINGS];
    /* Before each posting: how many ones, and how many low bits. */
    uint64_t ones[LEDE_SUBBLOCK_POSTINGS];
    uint64_t low_bits[LEDE_SUBBLOCK_POSTINGS];
    /* The bit at which `passed` ones have been passed over. */
    uint64_t passed, passed_bit;
} subblock;

/* A position block, ready to read postings from. */
struct lede_position_block {
    lede_block_view view;
    lede_rice_mode mode;
    lede_span stream;
    uint64_t ends[LEDE_SUBBLOCKS]; /* in bits */
    lede_span sets[LEDE_BLOCK_POSTINGS];
    uint32_t set_sizes[LEDE_BLOCK_POSTINGS];
    subblock sub;
    uint16_t members[]; /* of one set; room for all forms */
};

void lede_position_reader_init(lede_position_reader *reader,
                               const lede_postings *list)
{
    *reader = (lede_position_reader){0};
    reader->list = list;
    reader->chunk = UINT32_MAX;
}

void lede_position_reader_lend(lede_position_reader *reader, uint32_t block,
                               const uint32_t entries[LEDE_BLOCK_POSTINGS])
{
    memcpy(reader->entries, entries, sizeof reader->entries);
    reader->entries_block = block;
    reader->has_entries = true;
}

void lede_position_reader_done(lede_position_reader *reader)
{
    free(reader->positions);
    free(reader->forms);
    free(reader->state);
    *reader = (lede_position_reader){0};
}

static lede_status corrupt(lede_error *err)
{
    return lede_fail(err, LEDE_CORRUPT, "postings: bad positions");
}

static lede_status reserve(lede_position_reader *reader, uint32_t count,
                           lede_error *err)
{
    uint32_t cap = reader->cap < 64 ? 64 : reader->cap;
    uint32_t *positions;
    uint16_t *forms;

    if (count <= reader->cap) {
        return LEDE_OK;
    }
    while (cap < count) {
        cap = cap > UINT32_MAX / 2 ? UINT32_MAX : cap * 2;
    }
    positions = realloc(reader->positions, (size_t)cap * sizeof *positions);
    if (positions != NULL) {
        reader->positions = positions;
    }
    forms = realloc(reader->forms, (size_t)cap * sizeof *forms);
    if (forms != NULL) {
        reader->forms = forms;
    }
    if (positions == NULL || forms == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "postings: %u positions", count);
    }
    reader->cap = cap;
    return LEDE_OK;
}

/* Fills state->members with the set; false if it has not `size` members. */
static bool load_members(const lede_postings *list, lede_span set,
                         uint32_t size, uint16_t *members)
{
    lede_set_walk walk;
    uint32_t member;
    uint32_t i;

    if (list->form_count < 2) {
        members[0] = 0;
        return true;
    }
    lede_set_walk_init(&walk, set, list->form_count);
    for (i = 0; i < size && lede_set_walk_next(&walk, &member); i++) {
        members[i] = (uint16_t)member;
    }
    return i == size;
}

static lede_status ensure_state(lede_position_reader *reader, lede_error *err)
{
    size_t room = reader->list->form_count < 1 ? 1 : reader->list->form_count;

    if (reader->state == NULL) {
        reader->state = malloc(sizeof *reader->state + room * sizeof(uint16_t));
    }
    return reader->state != NULL
               ? LEDE_OK
               : lede_fail(err, LEDE_NO_MEMORY, "postings: position block");
}

/* --- Short lists -----------------------------------------------------------
 */

static lede_status get_short(lede_position_reader *reader, uint32_t index,
                             uint32_t *count, lede_error *err)
{
    lede_short_walk walk;
    lede_short_posting p;
    uint64_t position = 0;
    lede_status status;
    uint32_t i;

    lede_short_walk_init(&walk, reader->list);
    for (i = 0; i < index; i++) {
        if (!lede_short_walk_next(&walk, &p) ||
            !lede_short_walk_skip(&walk, &p)) {
            return corrupt(err);
        }
    }
    if (!lede_short_walk_next(&walk, &p) ||
        p.count > (size_t)(walk.reader.end - walk.reader.p) ||
        !load_members(reader->list, p.set, p.set_size,
                      reader->state->members)) {
        return corrupt(err);
    }
    status = reserve(reader, p.count, err);
    if (status != LEDE_OK) {
        return status;
    }
    for (i = 0; i < p.count; i++) {
        uint32_t rank = 0;

        position += lede_read_varint_max(&walk.reader, UINT32_MAX);
        if (lede_rank_width(p.set_size) > 0) {
            rank = (uint32_t)lede_read_varint_max(&walk.reader, p.set_size - 1);
        }
        if (walk.reader.bad || position > UINT32_MAX) {
            return corrupt(err);
        }
        reader->positions[i] = (uint32_t)position;
        reader->forms[i] = p.set_size == 0 ? 0 : reader->state->members[rank];
    }
    *count = p.count;
    return LEDE_OK;
}

/* --- Blocks ----------------------------------------------------------------
 */

static uint32_t chunk_of(const lede_postings *list, uint32_t block)
{
    uint32_t low = 0; /* begins at or before the block */
    uint32_t high = list->chunk_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (lede_load_u32(list->chunks + (size_t)middle * 4) <= block) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static lede_status load_chunk(lede_position_reader *reader, uint32_t block,
                              lede_error *err)
{
    const lede_position_source *source = &reader->list->source;
    uint32_t chunk = chunk_of(reader->list, block);
    lede_status status;

    if (reader->chunk == chunk) {
        return LEDE_OK;
    }
    if (source->chunk == NULL) {
        return lede_fail(err, LEDE_BUG, "postings: no source of positions");
    }
    status = source->chunk(source->ctx, source->id, chunk, &reader->chunk_bytes,
                           err);
    if (status == LEDE_OK) {
        reader->chunk = chunk;
    }
    return status;
}

static bool read_ends(struct lede_position_block *state, lede_reader *reader,
                      uint64_t bits)
{
    uint32_t subblocks = (state->view.b.size + LEDE_SUBBLOCK_POSTINGS - 1) /
                         LEDE_SUBBLOCK_POSTINGS;
    uint64_t before = 0;
    unsigned width;
    lede_span steps;
    uint32_t j;

    state->ends[subblocks - 1] = bits;
    if (subblocks == 1) {
        return true;
    }
    width = lede_read_byte(reader);
    if (width > 32) {
        return false;
    }
    steps = lede_read_bytes(reader, lede_bits_bytes(subblocks - 1, width));
    for (j = 1; j < subblocks && !reader->bad; j++) {
        uint64_t expected =
            bits * (j * LEDE_SUBBLOCK_POSTINGS) / state->view.b.size;
        uint64_t end = expected + (uint64_t)lede_zigzag_decode(lede_bits_get(
                                      steps, (uint64_t)(j - 1) * width, width));

        if (end < before || end > bits) {
            return false;
        }
        state->ends[j - 1] = end;
        before = end;
    }
    return !reader->bad;
}

static bool read_head(struct lede_position_block *state, lede_span bytes)
{
    lede_reader reader = lede_reader_of(bytes);
    uint8_t head = lede_read_byte(&reader);
    uint64_t bits = lede_read_varint_max(&reader, (UINT64_C(1) << 31) - 1);

    state->mode.is_fixed = (head & LEDE_RICE_FIXED) != 0;
    state->mode.value = state->mode.is_fixed ? head & (LEDE_RICE_FIXED - 1)
                                             : (int)head - LEDE_RICE_BIAS;
    if (state->mode.value > (state->mode.is_fixed ? LEDE_RICE_MAX_WIDTH
                                                  : LEDE_RICE_BIAS_MOST) ||
        !read_ends(state, &reader, bits)) {
        return false;
    }
    state->stream = lede_read_bytes(&reader, (size_t)(bits + 7) / 8);
    state->stream.len += (size_t)(reader.end - reader.p);
    return !reader.bad;
}

static lede_status load_block(lede_position_reader *reader, uint32_t block,
                              lede_error *err)
{
    struct lede_position_block *state = reader->state;
    lede_block_view *view = &state->view;
    lede_status status;

    reader->block_ready = false;
    if (!lede_postings_block_open(reader->list, block, &view->b)) {
        return corrupt(err);
    }
    if ((view->b.head[2] & LEDE_PARTS_POSITIONS) != 0) {
        status = load_chunk(reader, block, err);
        if (status != LEDE_OK) {
            return status;
        }
        state->set_sizes[0] = reader->list->form_count;
        if (!lede_block_find_frequencies(&view->b) ||
            !lede_block_find_fields(view) ||
            !lede_block_find_forms(view, state->sets, state->set_sizes) ||
            !lede_block_find_corrections(view) ||
            !read_head(state,
                       lede_span_part(reader->chunk_bytes,
                                      view->b.position_offset, SIZE_MAX))) {
            return corrupt(err);
        }
    }
    state->sub.is_ready = false;
    reader->block = block;
    reader->block_ready = true;
    return LEDE_OK;
}

lede_status lede_position_reader_parts(lede_position_reader *reader,
                                       uint32_t block, lede_position_parts *out,
                                       lede_error *err)
{
    struct lede_position_block *state;
    lede_status status = ensure_state(reader, err);

    if (status == LEDE_OK) {
        status = load_block(reader, block, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    state = reader->state;
    *out = (lede_position_parts){NULL,        state->mode, state->stream,
                                 state->ends, state->sets, state->set_sizes};
    if ((state->view.b.head[2] & LEDE_PARTS_POSITIONS) != 0) {
        out->view = &state->view;
    }
    return LEDE_OK;
}

/* --- Sub-blocks ------------------------------------------------------------
 */

static bool ensure_entries(lede_position_reader *reader)
{
    if (reader->has_entries && reader->entries_block == reader->block) {
        return true;
    }
    reader->has_entries = false;
    if (!lede_postings_block_entries(&reader->state->view.b, reader->entries)) {
        return false;
    }
    reader->entries_block = reader->block;
    reader->has_entries = true;
    return true;
}

static bool load_widths(lede_position_reader *reader, subblock *sub,
                        uint32_t from, uint32_t n)
{
    const struct lede_position_block *state = reader->state;
    const lede_postings_segment *segment = &reader->list->segment;
    uint64_t ones = 0;
    uint64_t low_bits = 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        uint32_t entry = reader->entries[from + i];
        uint32_t count = sub->counts[i];
        unsigned low;
        unsigned rank;

        if (entry >= segment->entries) {
            return false;
        }
        low = lede_rice_mode_width(state->mode, segment->lengths[entry], count);
        rank = lede_rank_width(state->set_sizes[sub->labels[i]]);
        sub->low_widths[i] = (uint8_t)low;
        sub->rank_widths[i] = (uint8_t)rank;
        sub->ones[i] = ones;
        sub->low_bits[i] = low_bits;
        ones += count;
        low_bits += (uint64_t)count * (low + rank);
    }
    return ones + low_bits <= sub->end - sub->begin;
}

static bool load_subblock(lede_position_reader *reader, uint32_t number)
{
    struct lede_position_block *state = reader->state;
    subblock *sub = &state->sub;
    uint32_t from = number * LEDE_SUBBLOCK_POSTINGS;
    uint32_t n = state->view.b.size - from;

    n = n < LEDE_SUBBLOCK_POSTINGS ? n : LEDE_SUBBLOCK_POSTINGS;
    sub->is_ready = false;
    sub->number = number;
    sub->begin = number == 0 ? 0 : state->ends[number - 1];
    sub->end = state->ends[number];
    sub->passed = 0;
    sub->passed_bit = sub->begin;
    if (!lede_block_read_counts(&state->view, from, n, sub->counts) ||
        !lede_labels_read(&state->view.set_labels, from, n, sub->labels) ||
        !ensure_entries(reader) || !load_widths(reader, sub, from, n)) {
        return false;
    }
    sub->is_ready = true;
    return true;
}

/* --- Codes -----------------------------------------------------------------
 */

/* A window of 56 bits: what can be loaded at any bit. */
enum { WINDOW = 56 };

/* Passes over `count` ones from *bit on; false if that leads past `end`. */
static bool pass_ones(lede_span bytes, uint64_t *bit, uint64_t end,
                      uint64_t count)
{
    while (count > 0 && *bit < end) {
        uint64_t window = lede_bits_get(bytes, *bit, WINDOW);
        unsigned ones = (unsigned)__builtin_popcountll(window);

        if (ones < count) {
            count -= ones;
            *bit += WINDOW;
            continue;
        }
        for (; count > 1; count--) {
            window &= window - 1;
        }
        *bit += (unsigned)__builtin_ctzll(window) + 1u;
        count = 0;
    }
    return count == 0 && *bit <= end;
}

/* Reads a unary number. */
static bool read_unary(lede_span bytes, uint64_t *bit, uint64_t end,
                       uint64_t *out)
{
    uint64_t value = 0;

    while (*bit < end) {
        uint64_t window = lede_bits_get(bytes, *bit, WINDOW);

        if (window != 0) {
            unsigned zeros = (unsigned)__builtin_ctzll(window);

            *bit += zeros + 1u;
            *out = value + zeros;
            return *bit <= end;
        }
        value += WINDOW;
        *bit += WINDOW;
    }
    return false;
}

/* Reads `count` positions whose codes have `width` low bits, which end at
 * `low_end`, and no rank. */
static bool read_plain(lede_position_reader *reader, uint32_t count,
                       unsigned width, uint64_t low_end)
{
    lede_span stream = reader->state->stream;
    uint16_t form = reader->state->members[0];
    uint64_t bit = reader->state->sub.passed_bit;
    uint64_t end = reader->state->sub.end;
    uint64_t position = 0;
    uint32_t k;

    for (k = 0; k < count; k++) {
        uint64_t window = lede_bits_get(stream, bit, WINDOW);
        uint64_t high;

        if (window != 0) {
            high = (unsigned)__builtin_ctzll(window);
            bit += high + 1;
        } else if (!read_unary(stream, &bit, end, &high)) {
            return false;
        }
        low_end -= width;
        position += high << width | lede_bits_get(stream, low_end, width);
        if (position > UINT32_MAX) {
            return false;
        }
        reader->positions[k] = (uint32_t)position;
        reader->forms[k] = form;
    }
    reader->state->sub.passed_bit = bit;
    return bit <= end;
}

/* Reads the positions of posting `i` of the sub-block. */
static bool read_posting(lede_position_reader *reader, uint32_t i)
{
    struct lede_position_block *state = reader->state;
    subblock *sub = &state->sub;
    uint32_t size = state->set_sizes[sub->labels[i]];
    unsigned rank_width = sub->rank_widths[i];
    unsigned width = sub->low_widths[i] + rank_width;
    uint64_t low_end = sub->end - sub->low_bits[i];
    uint64_t position = 0;
    uint32_t k;

    if (sub->ones[i] < sub->passed) {
        sub->passed = 0;
        sub->passed_bit = sub->begin;
    }
    if (!pass_ones(state->stream, &sub->passed_bit, sub->end,
                   sub->ones[i] - sub->passed)) {
        return false;
    }
    sub->passed = sub->ones[i] + sub->counts[i];
    if (size <= 1 && rank_width == 0) {
        return read_plain(reader, sub->counts[i], width, low_end);
    }
    for (k = 0; k < sub->counts[i]; k++) {
        uint64_t high;
        uint64_t low;
        uint64_t rank;

        if (!read_unary(state->stream, &sub->passed_bit, sub->end, &high)) {
            return false;
        }
        low_end -= width;
        low = lede_bits_get(state->stream, low_end, width);
        rank = low & ((UINT64_C(1) << rank_width) - 1);
        position += high << sub->low_widths[i] | low >> rank_width;
        if (position > UINT32_MAX || (size > 1 && rank >= size)) {
            return false;
        }
        reader->positions[k] = (uint32_t)position;
        reader->forms[k] = state->members[rank];
    }
    return true;
}

static lede_status get_from_block(lede_position_reader *reader, uint32_t index,
                                  uint32_t *count, lede_error *err)
{
    struct lede_position_block *state = reader->state;
    subblock *sub = &state->sub;
    uint32_t i = index % LEDE_SUBBLOCK_POSTINGS;
    lede_status status;
    uint8_t label;

    assert(index < state->view.b.size);
    if ((state->view.b.head[2] & LEDE_PARTS_POSITIONS) == 0) {
        *count = 0;
        return LEDE_OK;
    }
    if ((!sub->is_ready || sub->number != index / LEDE_SUBBLOCK_POSTINGS) &&
        !load_subblock(reader, index / LEDE_SUBBLOCK_POSTINGS)) {
        return corrupt(err);
    }
    label = sub->labels[i];
    if ((sub->counts[i] > 0 && reader->list->form_count > 1 &&
         state->set_sizes[label] == 0) ||
        !load_members(reader->list, state->sets[label], state->set_sizes[label],
                      state->members)) {
        return corrupt(err);
    }
    status = reserve(reader, sub->counts[i], err);
    if (status != LEDE_OK) {
        return status;
    }
    if (!read_posting(reader, i)) {
        sub->is_ready = false;
        return corrupt(err);
    }
    *count = sub->counts[i];
    return LEDE_OK;
}

lede_status lede_position_reader_get(lede_position_reader *reader,
                                     uint32_t block, uint32_t index,
                                     uint32_t *count, lede_error *err)
{
    lede_status status;

    assert(block < reader->list->block_count);
    if (!reader->list->has_positions) {
        *count = 0;
        return LEDE_OK;
    }
    status = ensure_state(reader, err);
    if (status != LEDE_OK) {
        return status;
    }
    if ((reader->list->flags & LEDE_LIST_BLOCKS) == 0) {
        return get_short(reader, index, count, err);
    }
    if (!reader->block_ready || reader->block != block) {
        status = load_block(reader, block, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    return get_from_block(reader, index, count, err);
}
