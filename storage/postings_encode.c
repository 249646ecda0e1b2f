/* postings_encode.c - the encoder of posting lists. */
#include <assert.h>
#include <stdlib.h>

#include "storage/postings_coded.h"
#include "storage/postings_encode.h"

struct lede_postings_encoder {
    lede_position_sink sink;
    bool has_sink;
    uint32_t form_count;
    lede_buf form_bytes;
    lede_slowness slowness;

    uint32_t entry_count;
    uint64_t occurrences;
    bool has_positions;
    bool is_flat;
    uint32_t max_frequency;
    uint32_t last_entry;  /* of the blocks written */
    uint8_t all_fields;   /* the union */
    uint8_t usual_fields; /* of the first posting */

    lede_pending_block pending;
    uint32_t block_count;
    lede_buf last_entries, offsets;
    lede_buf impact_frequencies[LEDE_BLOCK_IMPACTS];
    lede_buf impact_lengths[LEDE_BLOCK_IMPACTS];
    lede_buf blocks;
    lede_buf chunk;
    uint32_t chunk_count; /* finished ones */
    lede_buf chunk_firsts;
    int bias;

    lede_buf quarters; /* of the positions of a block */
    lede_buf set, members, list;
    uint16_t *form_ranks; /* per form: rank + 1 in the set at hand */
    uint32_t form_cap;
};

lede_status lede_postings_encoder_new(const lede_position_sink *sink,
                                      lede_postings_encoder **out,
                                      lede_error *err)
{
    lede_postings_encoder *encoder = calloc(1, sizeof *encoder);

    if (encoder == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "postings: encoder");
    }
    if (sink != NULL) {
        encoder->sink = *sink;
        encoder->has_sink = true;
    }
    *out = encoder;
    return LEDE_OK;
}

enum { BUFS = 12 + 2 * LEDE_BLOCK_IMPACTS };

static void list_bufs(lede_postings_encoder *e, lede_buf *bufs[BUFS])
{
    lede_buf *all[BUFS] = {
        &e->form_bytes,   &e->pending.sets, &e->pending.gaps, &e->pending.ranks,
        &e->last_entries, &e->offsets,      &e->blocks,       &e->chunk,
        &e->chunk_firsts, &e->quarters,     &e->set,          &e->members};
    unsigned i;

    for (i = 0; i < LEDE_BLOCK_IMPACTS; i++) {
        all[12 + 2 * i] = &e->impact_frequencies[i];
        all[13 + 2 * i] = &e->impact_lengths[i];
    }
    memcpy(bufs, all, sizeof all);
}

void lede_postings_encoder_free(lede_postings_encoder *encoder)
{
    lede_buf *bufs[BUFS];
    unsigned i;

    if (encoder == NULL) {
        return;
    }
    list_bufs(encoder, bufs);
    for (i = 0; i < BUFS; i++) {
        lede_buf_done(bufs[i]);
    }
    lede_buf_done(&encoder->list);
    free(encoder->form_ranks);
    free(encoder);
}

static bool has_failed(lede_postings_encoder *encoder)
{
    lede_buf *bufs[BUFS];
    bool failed = encoder->list.failed;
    unsigned i;

    list_bufs(encoder, bufs);
    for (i = 0; i < BUFS; i++) {
        failed = failed || bufs[i]->failed;
    }
    return failed;
}

static void clear_pending(lede_pending_block *pending)
{
    pending->n = 0;
    pending->set_count = 0;
    lede_buf_clear(&pending->sets);
    lede_buf_clear(&pending->gaps);
    lede_buf_clear(&pending->ranks);
}

void lede_postings_encoder_begin(lede_postings_encoder *encoder, lede_span stem,
                                 const lede_form *forms, uint32_t form_count,
                                 float average_length)
{
    lede_buf *bufs[BUFS];
    unsigned i;

    assert(form_count <= LEDE_MAX_FORMS);
    list_bufs(encoder, bufs);
    for (i = 0; i < BUFS; i++) {
        lede_buf_clear(bufs[i]);
    }
    lede_buf_clear(&encoder->list);
    clear_pending(&encoder->pending);
    encoder->form_count = form_count;
    lede_slowness_set(&encoder->slowness, average_length);
    encoder->entry_count = 0;
    encoder->occurrences = 0;
    encoder->has_positions = false;
    encoder->is_flat = false;
    encoder->max_frequency = 0;
    encoder->last_entry = UINT32_MAX;
    encoder->all_fields = 0;
    encoder->block_count = 0;
    encoder->chunk_count = 0;
    lede_buf_put_u32(&encoder->chunk_firsts, 0);
    encoder->bias = -5; /* where text mostly ends up */
    lede_forms_encode(stem, forms, form_count, &encoder->form_bytes);
}

void lede_postings_encoder_begin_flat(lede_postings_encoder *encoder)
{
    lede_postings_encoder_begin(encoder, lede_span_of(NULL, 0), NULL, 0, 1);
    encoder->is_flat = true;
}

/* --- One posting -----------------------------------------------------------
 */

/* The least that the next posting's can be. */
static uint32_t least_entry(const lede_postings_encoder *encoder)
{
    const lede_pending_block *pending = &encoder->pending;

    return pending->n > 0             ? pending->entries[pending->n - 1] + 1
           : encoder->block_count > 0 ? encoder->last_entry + 1
                                      : 0;
}

static bool is_valid(const lede_postings_encoder *encoder,
                     const lede_posting *posting)
{
    uint32_t i;

    if (posting->entry < least_entry(encoder) ||
        posting->entry >= LEDE_LIST_MAX_POSTINGS || posting->frequency == 0 ||
        posting->fields >= LEDE_FIELD_MASKS ||
        (encoder->is_flat && (posting->frequency != 1 || posting->count > 0))) {
        return false;
    }
    for (i = 0; i < posting->count; i++) {
        if ((i > 0 && posting->positions[i] < posting->positions[i - 1]) ||
            (encoder->form_count > 0 &&
             posting->forms[i] >= encoder->form_count)) {
            return false;
        }
    }
    return true;
}

static lede_status out_of_order(lede_error *err)
{
    return lede_fail(err, LEDE_BUG, "postings: posting out of order");
}

static bool ensure_ranks(lede_postings_encoder *encoder)
{
    uint16_t *ranks;

    if (encoder->form_count <= encoder->form_cap) {
        return true;
    }
    ranks = realloc(encoder->form_ranks, encoder->form_count * sizeof *ranks);
    if (ranks == NULL) {
        return false;
    }
    memset(ranks, 0, encoder->form_count * sizeof *ranks);
    encoder->form_ranks = ranks;
    encoder->form_cap = encoder->form_count;
    return true;
}

static int compare_members(const void *a, const void *b)
{
    uint16_t x;
    uint16_t y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Adds encoder->set to the block's distinct sets. */
static uint8_t add_set(lede_postings_encoder *encoder, uint64_t map)
{
    lede_pending_block *pending = &encoder->pending;
    uint32_t i = pending->set_count++;

    /* Of a run, the next set is put where this one was. */
    pending->sets.failed = pending->sets.failed || encoder->set.failed;
    lede_buf_put_span(&pending->sets, lede_buf_span(&encoder->set));
    pending->set_ends[i] = pending->sets.len;
    pending->set_maps[i] = map;
    return (uint8_t)i;
}

/* Which of them is encoder->set? Adds it if it is new. */
static uint8_t set_label(lede_postings_encoder *encoder)
{
    lede_pending_block *pending = &encoder->pending;
    lede_span wanted = lede_buf_span(&encoder->set);
    size_t begin = 0;
    uint32_t i;

    for (i = 0; i < pending->set_count; i++) {
        if (lede_span_equal(wanted,
                            lede_span_of(pending->sets.bytes + begin,
                                         pending->set_ends[i] - begin))) {
            return (uint8_t)i;
        }
        begin = pending->set_ends[i];
    }
    return add_set(encoder, 0);
}

/* The label of a set of forms of a list with at most 64. */
static uint8_t map_label(lede_postings_encoder *encoder, uint64_t map)
{
    lede_pending_block *pending = &encoder->pending;
    uint16_t members[LEDE_CODED_FORMS];
    uint64_t left = map;
    uint32_t size = 0;
    uint32_t i;

    for (i = 0; i < pending->set_count; i++) {
        if (pending->set_maps[i] == map) {
            return (uint8_t)i;
        }
    }
    for (; left != 0; left &= left - 1) {
        members[size++] = (uint16_t)__builtin_ctzll(left);
    }
    lede_buf_clear(&encoder->set);
    lede_set_encode(members, size, encoder->form_count, &encoder->set);
    return add_set(encoder, map);
}

/* Finds the posting's set of forms, and each position's rank in it. */
static bool put_few_forms(lede_postings_encoder *encoder,
                          const lede_posting *posting)
{
    lede_pending_block *pending = &encoder->pending;
    uint8_t *ranks =
        lede_buf_extend(&pending->ranks, posting->count * sizeof(uint16_t));
    uint64_t map = 0;
    uint32_t i;

    if (ranks == NULL && posting->count > 0) {
        return false;
    }
    for (i = 0; i < posting->count; i++) {
        map |= UINT64_C(1) << posting->forms[i];
    }
    pending->set_labels[pending->n] = map_label(encoder, map);
    pending->set_sizes[pending->n] = map != 0;
    if ((map & (map - 1)) == 0) {
        if (posting->count > 0) {
            memset(ranks, 0, posting->count * sizeof(uint16_t));
        }
        return true;
    }
    pending->set_sizes[pending->n] = (uint32_t)__builtin_popcountll(map);
    for (i = 0; i < posting->count; i++) {
        uint64_t below = (UINT64_C(1) << posting->forms[i]) - 1;
        uint16_t rank = (uint16_t)__builtin_popcountll(map & below);

        memcpy(ranks + i * sizeof rank, &rank, sizeof rank);
    }
    return true;
}

/* The same for any number of forms. */
static bool put_forms(lede_postings_encoder *encoder,
                      const lede_posting *posting)
{
    lede_pending_block *pending = &encoder->pending;
    uint16_t *members;
    uint32_t size = 0;
    uint32_t i;

    if (!ensure_ranks(encoder)) {
        return false;
    }
    lede_buf_clear(&encoder->members);
    for (i = 0; i < posting->count; i++) {
        if (encoder->form_ranks[posting->forms[i]] == 0) {
            encoder->form_ranks[posting->forms[i]] = 1;
            lede_buf_put(&encoder->members, &posting->forms[i],
                         sizeof *members);
            size++;
        }
    }
    if (encoder->members.failed) {
        memset(encoder->form_ranks, 0, encoder->form_cap * sizeof *members);
        return false;
    }
    members = (uint16_t *)(void *)encoder->members.bytes;
    if (size > 1) {
        qsort(members, size, sizeof *members, compare_members);
    }
    for (i = 0; i < size; i++) {
        encoder->form_ranks[members[i]] = (uint16_t)(i + 1);
    }
    for (i = 0; i < posting->count; i++) {
        uint16_t rank = (uint16_t)(encoder->form_ranks[posting->forms[i]] - 1);

        lede_buf_put(&pending->ranks, &rank, sizeof rank);
    }
    for (i = 0; i < size; i++) {
        encoder->form_ranks[members[i]] = 0;
    }
    lede_buf_clear(&encoder->set);
    lede_set_encode(members, size, encoder->form_count, &encoder->set);
    pending->set_sizes[pending->n] = size;
    pending->set_labels[pending->n] = set_label(encoder);
    return true;
}

static void put_gaps(lede_pending_block *pending, const lede_posting *posting)
{
    uint8_t *gaps =
        lede_buf_extend(&pending->gaps, posting->count * sizeof(uint32_t));
    uint32_t before = 0;
    uint32_t i;

    for (i = 0; gaps != NULL && i < posting->count; i++) {
        uint32_t gap = posting->positions[i] - before;

        memcpy(gaps + i * sizeof gap, &gap, sizeof gap);
        before = posting->positions[i];
    }
}

static lede_status flush_block(lede_postings_encoder *encoder, bool is_last,
                               lede_error *err);

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "postings: list of one term");
}

static lede_status make_room(lede_postings_encoder *encoder, lede_error *err)
{
    return encoder->pending.n == LEDE_BLOCK_POSTINGS
               ? flush_block(encoder, false, err)
               : LEDE_OK;
}

static bool has_room_failed(const lede_postings_encoder *encoder)
{
    const lede_pending_block *pending = &encoder->pending;

    return pending->sets.failed || pending->gaps.failed ||
           pending->ranks.failed || encoder->set.failed;
}

lede_status lede_postings_encoder_put(lede_postings_encoder *encoder,
                                      const lede_posting *posting,
                                      lede_error *err)
{
    lede_pending_block *pending = &encoder->pending;
    lede_status status;

    if (!is_valid(encoder, posting)) {
        return out_of_order(err);
    }
    status = make_room(encoder, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (encoder->form_count < 2) {
        pending->set_sizes[pending->n] = 1;
        pending->set_labels[pending->n] = 0;
    } else if (!(encoder->form_count <= LEDE_CODED_FORMS
                     ? put_few_forms(encoder, posting)
                     : put_forms(encoder, posting))) {
        return no_memory(err);
    }
    if (posting->count > 0) {
        put_gaps(pending, posting);
        encoder->has_positions = true;
    }
    pending->entries[pending->n] = posting->entry;
    pending->frequencies[pending->n] = posting->frequency;
    pending->counts[pending->n] = posting->count;
    pending->lengths[pending->n] = posting->length;
    pending->fields[pending->n] = posting->fields;
    pending->n++;
    encoder->entry_count++;
    encoder->occurrences += posting->count;
    encoder->all_fields |= posting->fields;
    if (posting->frequency > encoder->max_frequency) {
        encoder->max_frequency = posting->frequency;
    }
    return has_room_failed(encoder) ? no_memory(err) : LEDE_OK;
}

/* Sets of forms of the postings that come next, and ranks in them. */
static bool put_run_forms(lede_postings_encoder *encoder,
                          const lede_coded_run *run, uint32_t from, uint32_t to,
                          size_t gap)
{
    lede_pending_block *pending = &encoder->pending;
    uint32_t n = pending->n, i;

    for (i = from; i < to; i++, n++) {
        uint32_t count = run->counts[i];
        uint8_t label = run->labels[i];
        bool has_set = count > 0;
        size_t bytes = count * sizeof run->ranks[0];
        uint8_t *ranks = lede_buf_extend(&pending->ranks, bytes);

        pending->set_sizes[n] = has_set ? run->set_sizes[label] : 0;
        pending->set_labels[n] =
            map_label(encoder, has_set ? run->maps[label] : 0);
        if (ranks == NULL && bytes > 0) {
            return false;
        }
        if (bytes > 0 && pending->set_sizes[n] > 1) {
            memcpy(ranks, run->ranks + gap, bytes);
        } else if (bytes > 0) {
            memset(ranks, 0, bytes);
        }
        gap += count;
    }
    return true;
}

/* So many that the block has room for them. */
static lede_status put_part(lede_postings_encoder *encoder,
                            const lede_coded_run *run, uint32_t from,
                            uint32_t to, size_t *gap, lede_error *err)
{
    lede_pending_block *pending = &encoder->pending;
    uint32_t least = least_entry(encoder), most = encoder->max_frequency;
    uint32_t n = pending->n, i;
    uint8_t fields = 0;
    uint64_t positions = 0;
    bool bad = false;

    for (i = from; i < to; i++, n++) {
        uint32_t entry = run->entries[i], frequency = run->frequencies[i];

        bad |= entry < least || frequency == 0;
        least = entry + 1;
        pending->entries[n] = entry;
        pending->frequencies[n] = frequency;
        pending->counts[n] = run->counts[i];
        pending->lengths[n] = run->lengths[i];
        pending->fields[n] = run->fields[i];
        pending->set_sizes[n] = 1;
        pending->set_labels[n] = 0;
        positions += run->counts[i];
        fields |= run->fields[i];
        most = most > frequency ? most : frequency;
    }
    if (bad || least > LEDE_LIST_MAX_POSTINGS || fields >= LEDE_FIELD_MASKS ||
        (encoder->is_flat && (most != 1 || positions > 0))) {
        return out_of_order(err);
    }
    if (encoder->form_count >= 2 &&
        !put_run_forms(encoder, run, from, to, *gap)) {
        return no_memory(err);
    }
    if (positions > 0) {
        lede_buf_put(&pending->gaps, run->gaps + *gap,
                     positions * sizeof run->gaps[0]);
        encoder->has_positions = true;
    }
    *gap += positions;
    pending->n = n;
    encoder->entry_count += to - from;
    encoder->occurrences += positions;
    encoder->all_fields |= fields;
    encoder->max_frequency = most;
    return has_room_failed(encoder) ? no_memory(err) : LEDE_OK;
}

lede_status lede_postings_encoder_put_run(lede_postings_encoder *encoder,
                                          const lede_coded_run *run,
                                          uint32_t from, uint32_t to,
                                          size_t gap, lede_error *err)
{
    const lede_pending_block *pending = &encoder->pending;
    lede_status status = LEDE_OK;

    while (from < to && status == LEDE_OK) {
        uint32_t part = to - from;

        status = make_room(encoder, err);
        part = part < LEDE_BLOCK_POSTINGS - pending->n
                   ? part
                   : LEDE_BLOCK_POSTINGS - pending->n;
        if (status == LEDE_OK) {
            status = put_part(encoder, run, from, from + part, &gap, err);
        }
        from += part;
    }
    return status;
}

/* --- One block -------------------------------------------------------------
 */

/* Ends the chunk at hand if the position block that begins at `at` makes it too
 * long. *at becomes its offset in the chunk that has it. */
static lede_status cut_chunk(lede_postings_encoder *encoder, size_t *at,
                             lede_error *err)
{
    lede_span done = lede_span_of(encoder->chunk.bytes, *at);
    lede_status status;

    if (*at == 0 || encoder->chunk.len <= LEDE_POSITION_CHUNK_BYTES) {
        return LEDE_OK;
    }
    if (!encoder->has_sink) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "postings: more positions than one chunk holds");
    }
    status =
        encoder->sink.put(encoder->sink.ctx, encoder->chunk_count, done, err);
    if (status != LEDE_OK) {
        return status;
    }
    memmove(encoder->chunk.bytes, encoder->chunk.bytes + *at,
            encoder->chunk.len - *at);
    encoder->chunk.len -= *at;
    encoder->chunk_count++;
    lede_buf_put_u32(&encoder->chunk_firsts, encoder->block_count);
    *at = 0;
    return LEDE_OK;
}

static lede_status put_positions(lede_postings_encoder *encoder,
                                 uint32_t *offset, lede_error *err)
{
    lede_pending_block *pending = &encoder->pending;
    size_t at = encoder->chunk.len;
    lede_status status;
    lede_position_rows rows = {
        pending->n,
        pending->counts,
        pending->lengths,
        pending->set_sizes,
        (const uint32_t *)(const void *)pending->gaps.bytes,
        (const uint16_t *)(const void *)pending->ranks.bytes};

    if (!lede_positions_encode(&rows, &encoder->bias, &encoder->quarters,
                               &encoder->chunk)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "postings: too many positions in one block");
    }
    if (encoder->chunk.failed || encoder->quarters.failed) {
        return no_memory(err);
    }
    status = cut_chunk(encoder, &at, err);
    *offset = (uint32_t)at;
    return status;
}

static unsigned impacts_kept(bool is_only)
{
    return is_only ? LEDE_ONE_BLOCK_IMPACTS : LEDE_BLOCK_IMPACTS;
}

/* `is_only`: no other block comes before or behind it. */
static void put_impacts(lede_postings_encoder *encoder, bool is_only)
{
    lede_impacts impacts = lede_pending_impacts(
        &encoder->pending, impacts_kept(is_only) - 1, &encoder->slowness);
    unsigned i;

    for (i = 0; i < impacts_kept(is_only); i++) {
        lede_buf_put_u16(&encoder->impact_frequencies[i],
                         impacts.frequencies[i]);
        lede_buf_put_byte(&encoder->impact_lengths[i], impacts.lengths[i]);
    }
}

static lede_status flush_block(lede_postings_encoder *encoder, bool is_last,
                               lede_error *err)
{
    lede_pending_block *pending = &encoder->pending;
    lede_block_context context = {.first = encoder->last_entry + 1,
                                  .form_count = encoder->form_count,
                                  .is_only =
                                      is_last && encoder->block_count == 0};
    lede_status status;

    if (encoder->blocks.len > UINT32_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT, "postings: list too long");
    }
    if (pending->gaps.len > 0) {
        status = put_positions(encoder, &context.position_offset, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    if (encoder->block_count == 0) {
        encoder->usual_fields = pending->fields[0];
    }
    context.usual_fields = encoder->usual_fields;
    lede_buf_put_u32(&encoder->last_entries, pending->entries[pending->n - 1]);
    lede_buf_put_u32(&encoder->offsets, (uint32_t)encoder->blocks.len);
    if (!encoder->is_flat) {
        put_impacts(encoder, context.is_only);
    }
    lede_pending_encode(pending, &context, &encoder->blocks);
    if (has_failed(encoder)) {
        return no_memory(err);
    }
    encoder->last_entry = pending->entries[pending->n - 1];
    encoder->block_count++;
    clear_pending(pending);
    return LEDE_OK;
}

/* --- The list --------------------------------------------------------------
 */

static void put_head(lede_postings_encoder *encoder, bool is_usual,
                     uint8_t flags)
{
    lede_buf *out = &encoder->list;

    if (encoder->has_positions) {
        flags |= LEDE_LIST_POSITIONS;
    }
    if (encoder->form_count == 1) {
        flags |= LEDE_LIST_ONE_FORM;
    }
    if (is_usual) {
        flags |= LEDE_LIST_USUAL;
    }
    if (encoder->all_fields == LEDE_FIELDS_BODY) {
        flags |= LEDE_LIST_BODY;
    }
    lede_buf_put_byte(out, flags);
    if ((flags & LEDE_LIST_BLOCKS) != 0) {
        lede_buf_put_varint(out, encoder->entry_count);
    }
    if ((flags & LEDE_LIST_BODY) == 0) {
        lede_buf_put_byte(out, encoder->all_fields);
    }
    if ((flags & (LEDE_LIST_USUAL | LEDE_LIST_BLOCKS)) == LEDE_LIST_BLOCKS) {
        lede_buf_put_byte(out, encoder->usual_fields);
    }
    if (encoder->form_count != 1) {
        lede_buf_put_varint(out, encoder->form_count);
    }
    if (encoder->form_count > 1) {
        lede_buf_put_block(out, lede_buf_span(&encoder->form_bytes));
    } else {
        lede_buf_put_span(out, lede_buf_span(&encoder->form_bytes));
    }
}

static void put_short_posting(lede_postings_encoder *encoder, uint32_t i,
                              uint32_t next, bool has_masks, size_t at)
{
    const lede_pending_block *pending = &encoder->pending;
    lede_buf *out = &encoder->list;
    int64_t change =
        encoder->has_positions ? lede_pending_correction(pending, i) : 0;
    uint32_t k;

    lede_buf_put_varint(out, pending->entries[i] - next);
    lede_buf_put_varint(out, (uint64_t)pending->frequencies[i] << 1 |
                                 (change != 0 ? 1u : 0u));
    if (has_masks) {
        lede_buf_put_byte(out, pending->fields[i]);
    }
    if (encoder->form_count > 1) {
        lede_buf_put_span(out, lede_pending_set(pending, i));
    }
    if (change != 0) {
        lede_buf_put_varint(out, lede_zigzag_encode(change));
    }
    for (k = 0; k < pending->counts[i]; k++) {
        uint32_t gap;
        uint16_t rank;

        memcpy(&gap, pending->gaps.bytes + (at + k) * sizeof gap, sizeof gap);
        lede_buf_put_varint(out, gap);
        if (lede_rank_width(pending->set_sizes[i]) > 0) {
            memcpy(&rank, pending->ranks.bytes + (at + k) * sizeof rank,
                   sizeof rank);
            lede_buf_put_varint(out, rank);
        }
    }
}

static void put_short(lede_postings_encoder *encoder)
{
    const lede_pending_block *pending = &encoder->pending;
    bool has_masks = false;
    uint32_t next = 0;
    size_t at = 0;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        has_masks = has_masks || pending->fields[i] != encoder->all_fields;
    }
    put_head(encoder, !has_masks, (uint8_t)((pending->n - 1) << 4));
    for (i = 0; i < pending->n; i++) {
        put_short_posting(encoder, i, next, has_masks, at);
        next = pending->entries[i] + 1;
        at += pending->counts[i];
    }
}

static void put_blocks(lede_postings_encoder *encoder)
{
    lede_buf *out = &encoder->list;
    unsigned i;

    put_head(encoder, encoder->usual_fields == encoder->all_fields,
             encoder->is_flat ? LEDE_LIST_BLOCKS | LEDE_LIST_FLAT
                              : LEDE_LIST_BLOCKS);
    if (!encoder->is_flat) {
        lede_buf_put_varint(out, lede_frequency_capped(encoder->max_frequency));
    }
    if (encoder->has_positions) {
        lede_buf_put_varint(out, encoder->occurrences);
        lede_buf_put_varint(out, encoder->chunk_count + 1);
        if (encoder->chunk_count > 0) {
            lede_buf_put_span(out, lede_buf_span(&encoder->chunk_firsts));
        }
    }
    lede_buf_put_span(out, lede_buf_span(&encoder->last_entries));
    if (encoder->block_count > 1) {
        lede_buf_put_span(out, lede_buf_span(&encoder->offsets));
    }
    for (i = 0; i < LEDE_BLOCK_IMPACTS; i++) {
        lede_buf_put_span(out, lede_buf_span(&encoder->impact_frequencies[i]));
    }
    for (i = 0; i < LEDE_BLOCK_IMPACTS; i++) {
        lede_buf_put_span(out, lede_buf_span(&encoder->impact_lengths[i]));
    }
    lede_buf_put_span(out, lede_buf_span(&encoder->blocks));
}

lede_status lede_postings_encoder_end(lede_postings_encoder *encoder,
                                      lede_encoded_list *out, lede_error *err)
{
    lede_encoded_list list = {0};
    lede_status status;

    if (encoder->entry_count == 0) {
        return lede_fail(err, LEDE_BUG, "postings: an empty list");
    }
    if (encoder->block_count == 0 &&
        encoder->pending.n <= LEDE_SHORT_POSTINGS) {
        put_short(encoder);
    } else {
        status = flush_block(encoder, true, err);
        if (status != LEDE_OK) {
            return status;
        }
        put_blocks(encoder);
        if (encoder->has_positions) {
            list.chunk_count = encoder->chunk_count + 1;
            list.last_chunk = lede_buf_span(&encoder->chunk);
        }
    }
    if (has_failed(encoder)) {
        return no_memory(err);
    }
    list.entry_count = encoder->entry_count;
    list.occurrences = encoder->occurrences;
    list.list = lede_buf_span(&encoder->list);
    *out = list;
    return LEDE_OK;
}
