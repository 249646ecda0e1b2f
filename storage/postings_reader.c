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
    uint64_t ones[LEDE_SUBBLOCK_POSTINGS + 1];
    uint64_t low_bits[LEDE_SUBBLOCK_POSTINGS + 1];
    uint32_t size, known; /* postings; those whose widths are known */
    /* The bit at which `passed` ones have been passed over. */
    uint64_t passed, passed_bit;
} subblock;

/* A position block, ready to read postings from. */
struct lede_position_block {
    lede_block_view view;
    lede_rice_mode mode;
    lede_span stream;
    uint64_t bits;       /* of the stream */
    lede_span directory; /* where sub-blocks end */
    unsigned directory_width;
    uint64_t ends[LEDE_SUBBLOCKS]; /* made of it when asked for */
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
    reader->lent = entries;
    reader->opened = NULL;
    reader->entries_block = block;
}

void lede_position_reader_lend_open(lede_position_reader *reader,
                                    const lede_postings_block *block,
                                    const uint32_t entries[LEDE_BLOCK_POSTINGS])
{
    lede_position_reader_lend(reader, block->number, entries);
    reader->opened = block;
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

static bool find_directory(struct lede_position_block *state,
                           lede_reader *reader)
{
    uint32_t subblocks = (state->view.b.size + LEDE_SUBBLOCK_POSTINGS - 1) /
                         LEDE_SUBBLOCK_POSTINGS;

    if (subblocks == 1) {
        return true;
    }
    state->directory_width = lede_read_byte(reader);
    if (state->directory_width > 32) {
        return false;
    }
    /* What lies behind may be read, which is quicker. */
    state->directory =
        lede_span_of(reader->p, (size_t)(reader->end - reader->p));
    (void)lede_read_bytes(
        reader, lede_bits_bytes(subblocks - 1, state->directory_width));
    return !reader->bad;
}

/* The bit at which sub-block `number` ends. */
static uint64_t end_of(const struct lede_position_block *state, uint32_t number)
{
    uint32_t n = state->view.b.size;
    unsigned width = state->directory_width;
    uint64_t before = (uint64_t)(number + 1) * LEDE_SUBBLOCK_POSTINGS;
    uint64_t step;

    if (before >= n) {
        return state->bits;
    }
    step = lede_bits_get(state->directory, (uint64_t)number * width, width);
    return (n == LEDE_BLOCK_POSTINGS
                ? state->bits * before / LEDE_BLOCK_POSTINGS
                : state->bits * before / n) +
           (uint64_t)lede_zigzag_decode(step);
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
        !find_directory(state, &reader)) {
        return false;
    }
    state->bits = bits;
    state->stream = lede_span_of(reader.p, (size_t)(reader.end - reader.p));
    (void)lede_read_bytes(&reader, (size_t)(bits + 7) / 8);
    return !reader.bad;
}

static lede_status load_block(lede_position_reader *reader, uint32_t block,
                              lede_error *err)
{
    struct lede_position_block *state = reader->state;
    lede_block_view *view = &state->view;
    lede_status status;

    reader->block_ready = false;
    if (reader->opened != NULL && reader->entries_block == block) {
        view->b = *reader->opened;
    } else if (!lede_postings_block_open(reader->list, block, &view->b)) {
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

/* Where all sub-blocks end; false if they overlap. */
static bool make_ends(struct lede_position_block *state)
{
    uint32_t subblocks = (state->view.b.size + LEDE_SUBBLOCK_POSTINGS - 1) /
                         LEDE_SUBBLOCK_POSTINGS;
    uint64_t before = 0;

    for (uint32_t i = 0; i < subblocks; i++) {
        state->ends[i] = end_of(state, i);
        if (state->ends[i] < before || state->ends[i] > state->bits) {
            return false;
        }
        before = state->ends[i];
    }
    return true;
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
    if ((state->view.b.head[2] & LEDE_PARTS_POSITIONS) != 0 &&
        !make_ends(state)) {
        return corrupt(err);
    }
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
    if (reader->lent != NULL && reader->entries_block == reader->block) {
        return true;
    }
    reader->lent = NULL;
    reader->opened = NULL;
    if (!lede_postings_block_entries(&reader->state->view.b, reader->entries)) {
        return false;
    }
    reader->entries_block = reader->block;
    reader->lent = reader->entries;
    return true;
}

/* Makes the widths of the postings up to `index` known; false if their codes do
 * not fit into the sub-block. */
static bool load_widths(lede_position_reader *reader, subblock *sub,
                        uint32_t index)
{
    const struct lede_position_block *state = reader->state;
    const lede_postings_segment *segment = &reader->list->segment;
    const uint32_t *entries =
        reader->lent + (size_t)sub->number * LEDE_SUBBLOCK_POSTINGS;
    uint64_t ones = sub->ones[sub->known];
    uint64_t low_bits = sub->low_bits[sub->known];
    uint32_t i;

    for (i = sub->known; i <= index; i++) {
        uint32_t entry = entries[i];
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
        ones += count;
        low_bits += (uint64_t)count * (low + rank);
        sub->ones[i + 1] = ones;
        sub->low_bits[i + 1] = low_bits;
    }
    sub->known = i;
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
    sub->size = n;
    sub->known = 0;
    sub->ones[0] = sub->low_bits[0] = 0;
    sub->begin = number == 0 ? 0 : end_of(state, number - 1);
    sub->end = end_of(state, number);
    sub->passed = 0;
    sub->passed_bit = sub->begin;
    if (sub->begin > sub->end || sub->end > state->bits ||
        !lede_block_read_counts(&state->view, from, n, sub->counts) ||
        !lede_labels_read(&state->view.set_labels, from, n, sub->labels) ||
        !ensure_entries(reader)) {
        return false;
    }
    sub->is_ready = true;
    return true;
}

/* --- Codes -----------------------------------------------------------------
 */

/* Four at a time: there is room for 64, or a power of two above. */
static void fill_forms(uint16_t *forms, uint32_t count, uint16_t form)
{
    const uint16_t four[4] = {form, form, form, form};

    for (uint32_t i = 0; i < count; i += 4) {
        memcpy(forms + i, four, sizeof four);
    }
}

/* Reads the positions of posting `i` of the sub-block, and at least those up to
 * `limit`. */
static bool read_posting(lede_position_reader *reader, uint32_t i,
                         uint32_t limit, uint32_t *count)
{
    const lede_simd_table *simd = lede_simd_current_table();
    struct lede_position_block *state = reader->state;
    subblock *sub = &state->sub;
    uint32_t size = state->set_sizes[sub->labels[i]];
    lede_rice_codes codes = {.low_end = sub->end - sub->low_bits[i],
                             .end = sub->end,
                             .count = sub->counts[i],
                             .limit = limit,
                             .low_width = sub->low_widths[i],
                             .rank_width = sub->rank_widths[i]};

    if (sub->ones[i] < sub->passed) {
        sub->passed = 0;
        sub->passed_bit = sub->begin;
    }
    if (sub->ones[i] > sub->passed &&
        !simd->pass_ones(state->stream, &sub->passed_bit, sub->end,
                         sub->ones[i] - sub->passed)) {
        return false;
    }
    codes.bit = sub->passed_bit;
    if (!simd->read_codes(state->stream, &codes, reader->positions,
                          reader->forms)) {
        return false;
    }
    sub->passed = sub->ones[i] + codes.count;
    sub->passed_bit = codes.bit;
    *count = codes.count;
    if (codes.rank_width == 0) {
        fill_forms(reader->forms, codes.count, state->members[0]);
        return true;
    }
    for (uint32_t k = 0; k < codes.count; k++) {
        if (reader->forms[k] >= size) {
            return false;
        }
        reader->forms[k] = state->members[reader->forms[k]];
    }
    return true;
}

static lede_status get_from_block(lede_position_reader *reader, uint32_t index,
                                  uint32_t limit, uint32_t *count,
                                  lede_error *err)
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
    if (sub->known <= i && !load_widths(reader, sub, i)) {
        sub->is_ready = false;
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
    if (!read_posting(reader, i, limit, count)) {
        sub->is_ready = false;
        return corrupt(err);
    }
    return LEDE_OK;
}

lede_status lede_position_reader_get(lede_position_reader *reader,
                                     uint32_t block, uint32_t index,
                                     uint32_t *count, lede_error *err)
{
    return lede_position_reader_get_until(reader, block, index, UINT32_MAX,
                                          count, err);
}

lede_status lede_position_reader_get_until(lede_position_reader *reader,
                                           uint32_t block, uint32_t index,
                                           uint32_t limit, uint32_t *count,
                                           lede_error *err)
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
    return get_from_block(reader, index, limit, count, err);
}
