/* postings_positions.c - the stream of positions.
 *
 * Gaps between positions are Rice codes (R. F. Rice, "Some Practical Universal
 * Noiseless Coding Techniques", 1979) whose width follows from how long the
 * entry is and how often the term stands in it. In each sub-block of 16
 * postings the unary parts run forward from its beginning, the bits below them
 * backward from its end: so the postings before the wanted one are passed over
 * by counting ones, without decoding them. */
#include <assert.h>
#include <stdlib.h>

#include "storage/postings_codec.h"

enum { BIAS_LEAST = -LEDE_RICE_BIAS, BIAS_MOST = LEDE_RICE_BIAS - 1 };

/* The base 2 logarithm in quarters, the mantissa's part linear. */
static int quarters(uint32_t v)
{
    unsigned e = lede_bits_width(v) - 1;

    return (int)(e * 4 + (uint32_t)((uint64_t)v << 2 >> e & 3));
}

unsigned lede_rice_width(uint8_t length, uint32_t count, int bias)
{
    int width = (quarters(lede_length_decode(length) + 1) -
                 quarters(count == UINT32_MAX ? count : count + 1) + bias);

    width = width < 0 ? 0 : width / 4;
    return width > LEDE_RICE_MAX_WIDTH ? LEDE_RICE_MAX_WIDTH : (unsigned)width;
}

/* --- Writing ---------------------------------------------------------------
 */

/* How the widths of a block are found: all the same, or by bias. */
typedef struct rice_mode {
    bool is_fixed;
    int value;
} rice_mode;

static unsigned width_of(rice_mode mode, uint8_t length, uint32_t count)
{
    return mode.is_fixed ? (unsigned)mode.value
                         : lede_rice_width(length, count, mode.value);
}

static uint32_t gap_at(const uint32_t *positions, uint32_t i)
{
    return i == 0 ? positions[0] : positions[i] - positions[i - 1];
}

/* Bits of the postings [from, to), whose positions begin at `positions`. */
static uint64_t cost_of(const lede_position_rows *rows, rice_mode mode,
                        uint32_t from, uint32_t to, const uint32_t *positions)
{
    uint64_t bits = 0;
    uint32_t i;
    uint32_t k;

    for (i = from; i < to; i++) {
        uint32_t count = rows->counts[i];
        unsigned width = width_of(mode, rows->lengths[i], count);

        bits +=
            (uint64_t)count * (1 + width + lede_rank_width(rows->set_sizes[i]));
        for (k = 0; k < count; k++) {
            bits += gap_at(positions, k) >> width;
        }
        positions += count;
    }
    return bits;
}

static uint64_t cost_of_all(const lede_position_rows *rows, rice_mode mode)
{
    return cost_of(rows, mode, 0, rows->n, rows->positions);
}

/* Walks from *mode in steps of `step` as long as it gets better. */
static uint64_t climb(const lede_position_rows *rows, rice_mode *mode, int step,
                      uint64_t best)
{
    for (;;) {
        rice_mode next = {mode->is_fixed, mode->value + step};
        int most = next.is_fixed ? LEDE_RICE_MAX_WIDTH : BIAS_MOST;
        int least = next.is_fixed ? 0 : BIAS_LEAST;
        uint64_t cost;

        if (next.value < least || next.value > most) {
            return best;
        }
        cost = cost_of_all(rows, next);
        if (cost >= best) {
            return best;
        }
        best = cost;
        *mode = next;
    }
}

static uint64_t best_from(const lede_position_rows *rows, rice_mode *mode)
{
    uint64_t start = cost_of_all(rows, *mode);
    uint64_t best = climb(rows, mode, 1, start);

    return best < start ? best : climb(rows, mode, -1, start);
}

/* The mean of the gaps, for a width that suits all. */
static int fixed_width(const lede_position_rows *rows)
{
    uint64_t sum = 0;
    uint64_t count = 0;
    const uint32_t *p = rows->positions;
    uint32_t i;

    for (i = 0; i < rows->n; i++) {
        if (rows->counts[i] > 0) {
            sum += p[rows->counts[i] - 1];
        }
        count += rows->counts[i];
        p += rows->counts[i];
    }
    return count == 0 ? 0 : (int)lede_bits_width((uint32_t)(sum / count) / 2);
}

/* Writes `count` <= 48 bits at a bit offset of zeroed bytes; eight bytes past
 * the last one written must be there, too. */
static void put_bits(uint8_t *bytes, uint64_t bit, uint64_t value)
{
    uint8_t *p = bytes + (bit >> 3);

    lede_bits_store(p, lede_bits_load(p) | value << (bit & 7));
}

/* The sub-block of postings [from, to) in bits [begin, end). */
static void put_subblock(const lede_position_rows *rows, rice_mode mode,
                         uint32_t from, uint32_t to, const uint32_t *positions,
                         const uint16_t *ranks, uint8_t *bytes, uint64_t begin,
                         uint64_t end)
{
    uint32_t i;
    uint32_t k;

    for (i = from; i < to; i++) {
        uint32_t count = rows->counts[i];
        unsigned width = width_of(mode, rows->lengths[i], count);
        unsigned rank_width = lede_rank_width(rows->set_sizes[i]);

        for (k = 0; k < count; k++) {
            uint32_t gap = gap_at(positions, k);
            uint64_t low = gap & ((UINT64_C(1) << width) - 1);

            begin += gap >> width;
            put_bits(bytes, begin++, 1);
            end -= width + rank_width;
            low = low << rank_width | (rank_width == 0 ? 0 : ranks[k]);
            put_bits(bytes, end, low);
        }
        positions += count;
        ranks += count;
    }
    assert(begin == end);
}

static void put_directory(const uint64_t *ends, uint32_t subblocks, uint32_t n,
                          lede_buf *out)
{
    uint32_t steps[LEDE_SUBBLOCKS];
    uint32_t all = 0;
    uint32_t j;

    for (j = 1; j < subblocks; j++) {
        uint64_t expected =
            ends[subblocks - 1] * (j * LEDE_SUBBLOCK_POSTINGS) / n;

        steps[j - 1] = (uint32_t)lede_zigzag_encode((int64_t)ends[j - 1] -
                                                    (int64_t)expected);
        all |= steps[j - 1];
    }
    lede_buf_put_byte(out, (uint8_t)lede_bits_width(all));
    lede_bits_pack(steps, subblocks - 1, lede_bits_width(all), out);
}

static void put_block(const lede_position_rows *rows, rice_mode mode,
                      lede_buf *out)
{
    uint32_t subblocks =
        (rows->n + LEDE_SUBBLOCK_POSTINGS - 1) / LEDE_SUBBLOCK_POSTINGS;
    uint64_t ends[LEDE_SUBBLOCKS] = {0};
    uint32_t firsts[LEDE_SUBBLOCKS + 1] = {0};
    uint64_t bits = 0;
    size_t bytes;
    uint8_t *to;
    uint32_t j;
    uint32_t i;

    for (j = 0; j < subblocks; j++) {
        uint32_t from = j * LEDE_SUBBLOCK_POSTINGS;
        uint32_t until = from + LEDE_SUBBLOCK_POSTINGS;

        until = until < rows->n ? until : rows->n;
        firsts[j + 1] = firsts[j];
        for (i = from; i < until; i++) {
            firsts[j + 1] += rows->counts[i];
        }
        bits += cost_of(rows, mode, from, until, rows->positions + firsts[j]);
        ends[j] = bits;
    }
    lede_buf_put_byte(out,
                      (uint8_t)(mode.is_fixed ? LEDE_RICE_FIXED | mode.value
                                              : mode.value + LEDE_RICE_BIAS));
    lede_buf_put_varint(out, bits);
    if (subblocks > 1) {
        put_directory(ends, subblocks, rows->n, out);
    }
    bytes = (size_t)(bits + 7) / 8;
    to = lede_buf_extend(out, bytes + 8);
    if (to == NULL) {
        return;
    }
    memset(to, 0, bytes + 8);
    for (j = 0; j < subblocks; j++) {
        uint32_t from = j * LEDE_SUBBLOCK_POSTINGS;
        uint32_t until = from + LEDE_SUBBLOCK_POSTINGS;

        put_subblock(rows, mode, from, until < rows->n ? until : rows->n,
                     rows->positions + firsts[j], rows->ranks + firsts[j], to,
                     j == 0 ? 0 : ends[j - 1], ends[j]);
    }
    out->len -= 8;
}

bool lede_positions_encode(const lede_position_rows *rows, int *bias,
                           lede_buf *out)
{
    rice_mode mode = {false, *bias};
    rice_mode fixed = {true, fixed_width(rows)};
    uint64_t best = best_from(rows, &mode);
    uint64_t best_fixed = cost_of_all(rows, fixed);

    if (best_fixed < best) {
        best_fixed = best_from(rows, &fixed);
    }
    if (best_fixed < best) {
        mode = fixed;
        best = best_fixed;
    } else {
        *bias = mode.value;
    }
    if (best >= UINT64_C(1) << 31) {
        return false;
    }
    put_block(rows, mode, out);
    return true;
}

/* --- Reading ---------------------------------------------------------------
 */

/* A position block, ready to read postings from. */
struct lede_position_block {
    uint32_t n;
    rice_mode mode;
    lede_span stream;
    uint64_t ends[LEDE_SUBBLOCKS]; /* in bits */
    uint32_t counts[LEDE_BLOCK_POSTINGS];
    uint8_t lengths[LEDE_BLOCK_POSTINGS];
    lede_block_sets sets;
    uint16_t members[]; /* of one set; room for all forms */
};

void lede_position_reader_init(lede_position_reader *reader,
                               const lede_postings *list)
{
    *reader = (lede_position_reader){0};
    reader->list = list;
    reader->chunk = UINT32_MAX;
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

/* --- of short lists --- */

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

/* --- of blocks --- */

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
    uint32_t subblocks =
        (state->n + LEDE_SUBBLOCK_POSTINGS - 1) / LEDE_SUBBLOCK_POSTINGS;
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
        uint64_t expected = bits * (j * LEDE_SUBBLOCK_POSTINGS) / state->n;
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
    if (state->mode.value >
            (state->mode.is_fixed ? LEDE_RICE_MAX_WIDTH : BIAS_MOST) ||
        !read_ends(state, &reader, bits)) {
        return false;
    }
    state->stream = lede_read_bytes(&reader, (size_t)(bits + 7) / 8);
    state->stream.len += (size_t)(reader.end - reader.p);
    return !reader.bad;
}

static bool load_lengths(const lede_postings *list, uint32_t block,
                         struct lede_position_block *state)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t i;

    if (!lede_postings_entries(list, block, entries)) {
        return false;
    }
    for (i = 0; i < state->n; i++) {
        state->lengths[i] = list->segment.lengths[entries[i]];
    }
    return true;
}

static bool load_counts(lede_block_view *view, const lede_postings *list,
                        uint32_t block, struct lede_position_block *state)
{
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];

    return lede_postings_frequencies(list, block, frequencies) &&
           lede_block_frequencies(view) && lede_block_fields(view, fields) &&
           lede_block_forms(view, &state->sets) &&
           lede_block_counts(view, frequencies, fields, state->counts);
}

static lede_status load_block(lede_position_reader *reader, uint32_t block,
                              lede_error *err)
{
    struct lede_position_block *state = reader->state;
    lede_block_view view;
    lede_status status;

    reader->block_ready = false;
    status = load_chunk(reader, block, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_block_open(reader->list, block, &view) ||
        view.position_offset > reader->chunk_bytes.len) {
        return corrupt(err);
    }
    state->n = view.n;
    if (!load_counts(&view, reader->list, block, state) ||
        !load_lengths(reader->list, block, state)) {
        return corrupt(err);
    }
    if ((view.head[2] & LEDE_PARTS_POSITIONS) != 0 &&
        !read_head(state, lede_span_part(reader->chunk_bytes,
                                         view.position_offset, SIZE_MAX))) {
        return corrupt(err);
    }
    reader->block = block;
    reader->block_ready = true;
    return LEDE_OK;
}

/* Reading of unary numbers, bounded. */
typedef struct unary {
    lede_span bytes;
    uint64_t bit, end;
} unary;

static uint64_t unary_window(const unary *u)
{
    return lede_bits_get(u->bytes, u->bit, 56);
}

/* Passes `count` numbers. */
static bool unary_skip(unary *u, uint64_t count)
{
    while (count > 0 && u->bit < u->end) {
        uint64_t window = unary_window(u);
        unsigned ones = (unsigned)__builtin_popcountll(window);

        if (ones < count) {
            count -= ones;
            u->bit += 56;
            continue;
        }
        for (; count > 1; count--) {
            window &= window - 1;
        }
        u->bit += (unsigned)__builtin_ctzll(window) + 1u;
        count = 0;
    }
    return count == 0 && u->bit <= u->end;
}

static bool unary_next(unary *u, uint64_t *out)
{
    uint64_t value = 0;

    while (u->bit < u->end) {
        uint64_t window = unary_window(u);

        if (window != 0) {
            unsigned zeros = (unsigned)__builtin_ctzll(window);

            u->bit += zeros + 1u;
            *out = value + zeros;
            return u->bit <= u->end;
        }
        value += 56;
        u->bit += 56;
    }
    return false;
}

typedef struct row_widths {
    unsigned low, rank;
} row_widths;

static row_widths widths_at(const struct lede_position_block *state,
                            uint32_t index)
{
    row_widths widths;

    widths.low =
        width_of(state->mode, state->lengths[index], state->counts[index]);
    widths.rank = lede_rank_width(state->sets.sizes[state->sets.labels[index]]);
    return widths;
}

/* Where the row's unary part begins and its low bits end. */
static bool find_row(const struct lede_position_block *state, uint32_t index,
                     unary *u, uint64_t *low_end)
{
    uint32_t subblock = index / LEDE_SUBBLOCK_POSTINGS;
    uint64_t room;
    uint64_t ones = 0;
    uint64_t low = 0;
    uint32_t i;

    u->bytes = state->stream;
    u->bit = subblock == 0 ? 0 : state->ends[subblock - 1];
    u->end = state->ends[subblock];
    room = u->end - u->bit;
    for (i = subblock * LEDE_SUBBLOCK_POSTINGS; i < index; i++) {
        row_widths widths = widths_at(state, i);

        ones += state->counts[i];
        low += (uint64_t)state->counts[i] * (widths.low + widths.rank);
    }
    *low_end = u->end - low;
    return low <= room && ones + state->counts[index] <= room &&
           unary_skip(u, ones);
}

static bool read_row(lede_position_reader *reader, uint32_t index, unary *u,
                     uint64_t low_end)
{
    const struct lede_position_block *state = reader->state;
    row_widths widths = widths_at(state, index);
    uint32_t size = state->sets.sizes[state->sets.labels[index]];
    uint64_t position = 0;
    uint32_t i;

    for (i = 0; i < state->counts[index]; i++) {
        uint64_t high;
        uint64_t low;
        uint32_t rank;

        if (low_end < widths.low + widths.rank || !unary_next(u, &high)) {
            return false;
        }
        low_end -= widths.low + widths.rank;
        low = lede_bits_get(state->stream, low_end, widths.low + widths.rank);
        rank = (uint32_t)(low & ((UINT64_C(1) << widths.rank) - 1));
        position += high << widths.low | low >> widths.rank;
        if (position > UINT32_MAX || (size > 0 && rank >= size)) {
            return false;
        }
        reader->positions[i] = (uint32_t)position;
        reader->forms[i] = size == 0 ? 0 : state->members[rank];
    }
    return true;
}

lede_status lede_position_reader_get(lede_position_reader *reader,
                                     uint32_t block, uint32_t index,
                                     uint32_t *count, lede_error *err)
{
    const lede_postings *list = reader->list;
    struct lede_position_block *state;
    lede_status status;
    uint64_t low_end;
    uint8_t label;
    unary u;

    assert(block < list->block_count);
    if (!list->has_positions) {
        *count = 0;
        return LEDE_OK;
    }
    status = ensure_state(reader, err);
    if (status != LEDE_OK) {
        return status;
    }
    if ((list->flags & LEDE_LIST_BLOCKS) == 0) {
        return get_short(reader, index, count, err);
    }
    if (!reader->block_ready || reader->block != block) {
        status = load_block(reader, block, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    state = reader->state;
    assert(index < state->n);
    if (state->counts[index] == 0) {
        *count = 0;
        return LEDE_OK;
    }
    label = state->sets.labels[index];
    if (!find_row(state, index, &u, &low_end) ||
        !load_members(list, state->sets.sets[label], state->sets.sizes[label],
                      state->members)) {
        return corrupt(err);
    }
    status = reserve(reader, state->counts[index], err);
    if (status == LEDE_OK && !read_row(reader, index, &u, low_end)) {
        status = corrupt(err);
    }
    if (status == LEDE_OK) {
        *count = state->counts[index];
    }
    return status;
}
