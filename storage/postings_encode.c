/* postings_encode.c - the encoder of posting lists. */
#include <assert.h>
#include <stdlib.h>

#include "storage/postings_codec.h"

/* Postings not yet written: at most one block. */
typedef struct pending_block {
    uint32_t n;
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint32_t counts[LEDE_BLOCK_POSTINGS];
    uint8_t lengths[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    uint32_t set_sizes[LEDE_BLOCK_POSTINGS];
    uint8_t set_labels[LEDE_BLOCK_POSTINGS]; /* in order of arrival */
    uint32_t set_count;
    size_t set_ends[LEDE_BLOCK_POSTINGS];
    lede_buf sets;      /* distinct ones, encoded */
    lede_buf positions; /* u32s */
    lede_buf ranks;     /* u16s */
} pending_block;

struct lede_postings_encoder {
    lede_position_sink sink;
    bool has_sink;
    uint32_t form_count;
    lede_buf form_bytes;
    float average_length;

    uint32_t entry_count;
    uint64_t occurrences;
    bool has_positions;
    uint32_t max_frequency;
    uint32_t last_entry;  /* of the blocks written */
    uint8_t all_fields;   /* the union */
    uint8_t usual_fields; /* of the first posting */

    pending_block pending;
    uint32_t block_count;
    lede_buf last_entries, offsets, impact_frequencies[2], impact_lengths[2];
    lede_buf blocks;
    lede_buf chunk;
    uint32_t chunk_count; /* finished ones */
    lede_buf chunk_firsts;
    int bias;

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

enum { BUFS = 15 };

static void list_bufs(lede_postings_encoder *e, lede_buf *bufs[BUFS])
{
    lede_buf *all[BUFS] = {&e->form_bytes,
                           &e->pending.sets,
                           &e->pending.positions,
                           &e->pending.ranks,
                           &e->last_entries,
                           &e->offsets,
                           &e->impact_frequencies[0],
                           &e->impact_frequencies[1],
                           &e->impact_lengths[0],
                           &e->impact_lengths[1],
                           &e->blocks,
                           &e->chunk,
                           &e->chunk_firsts,
                           &e->set,
                           &e->members};

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

static void clear_pending(pending_block *pending)
{
    pending->n = 0;
    pending->set_count = 0;
    lede_buf_clear(&pending->sets);
    lede_buf_clear(&pending->positions);
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
    encoder->average_length = average_length;
    encoder->entry_count = 0;
    encoder->occurrences = 0;
    encoder->has_positions = false;
    encoder->max_frequency = 0;
    encoder->last_entry = UINT32_MAX;
    encoder->all_fields = 0;
    encoder->block_count = 0;
    encoder->chunk_count = 0;
    lede_buf_put_u32(&encoder->chunk_firsts, 0);
    encoder->bias = -5; /* where text mostly ends up */
    lede_forms_encode(stem, forms, form_count, &encoder->form_bytes);
}

/* --- One posting -----------------------------------------------------------
 */

static bool is_valid(const lede_postings_encoder *encoder,
                     const lede_posting *posting)
{
    const pending_block *pending = &encoder->pending;
    uint32_t least = 0;
    uint32_t i;

    if (pending->n > 0) {
        least = pending->entries[pending->n - 1] + 1;
    } else if (encoder->block_count > 0) {
        least = encoder->last_entry + 1;
    }
    if (posting->entry < least || posting->entry >= LEDE_LIST_MAX_POSTINGS ||
        posting->frequency == 0 || posting->fields >= LEDE_FIELD_MASKS) {
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

/* Which of the block's distinct sets is encoder->set? Adds it if it is new. */
static uint8_t set_label(lede_postings_encoder *encoder)
{
    pending_block *pending = &encoder->pending;
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
    lede_buf_put_span(&pending->sets, wanted);
    pending->set_ends[i] = pending->sets.len;
    pending->set_count++;
    return (uint8_t)i;
}

/* Finds the posting's set of forms, and each position's rank in it. */
static bool put_forms(lede_postings_encoder *encoder,
                      const lede_posting *posting)
{
    pending_block *pending = &encoder->pending;
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

static void put_without_forms(lede_postings_encoder *encoder,
                              const lede_posting *posting)
{
    pending_block *pending = &encoder->pending;
    uint8_t *ranks =
        lede_buf_extend(&pending->ranks, posting->count * sizeof(uint16_t));

    if (ranks != NULL) {
        memset(ranks, 0, posting->count * sizeof(uint16_t));
    }
    pending->set_sizes[pending->n] = 1;
    pending->set_labels[pending->n] = 0;
}

static lede_status flush_block(lede_postings_encoder *encoder, lede_error *err);

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "postings: list of one term");
}

lede_status lede_postings_encoder_put(lede_postings_encoder *encoder,
                                      const lede_posting *posting,
                                      lede_error *err)
{
    pending_block *pending = &encoder->pending;
    lede_status status;

    if (!is_valid(encoder, posting)) {
        return lede_fail(err, LEDE_BUG, "postings: posting out of order");
    }
    if (pending->n == LEDE_BLOCK_POSTINGS) {
        status = flush_block(encoder, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    if (encoder->form_count > 1 && posting->count > 0) {
        if (!put_forms(encoder, posting)) {
            return no_memory(err);
        }
    } else if (encoder->form_count > 1) {
        lede_buf_clear(&encoder->set);
        lede_set_encode(NULL, 0, encoder->form_count, &encoder->set);
        pending->set_sizes[pending->n] = 0;
        pending->set_labels[pending->n] = set_label(encoder);
    } else {
        put_without_forms(encoder, posting);
    }
    if (posting->count > 0) {
        lede_buf_put(&pending->positions, posting->positions,
                     posting->count * sizeof(uint32_t));
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
    return has_failed(encoder) ? no_memory(err) : LEDE_OK;
}

/* --- One block -------------------------------------------------------------
 */

static uint16_t capped(uint32_t frequency)
{
    return (uint16_t)(frequency < LEDE_FREQUENCY_CAP ? frequency
                                                     : LEDE_FREQUENCY_CAP);
}

static uint32_t best_posting(const lede_postings_encoder *encoder)
{
    const pending_block *pending = &encoder->pending;
    double average = encoder->average_length > 0 ? encoder->average_length : 1;
    double best = -1;
    uint32_t at = 0;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        double f = pending->frequencies[i];
        double length = lede_length_decode(pending->lengths[i]);
        double value = f / (f + 1.2 * (0.25 + 0.75 * length / average));

        if (value > best) {
            best = value;
            at = i;
        }
    }
    return at;
}

static void put_impacts(lede_postings_encoder *encoder)
{
    const pending_block *pending = &encoder->pending;
    uint32_t best = best_posting(encoder);
    uint16_t frequency = capped(pending->frequencies[best]);
    uint8_t length = pending->lengths[best];
    uint16_t rest_frequency = 0;
    uint8_t rest_length = UINT8_MAX;
    uint32_t i;

    lede_buf_put_u16(&encoder->impact_frequencies[0], frequency);
    lede_buf_put_byte(&encoder->impact_lengths[0], length);
    for (i = 0; i < pending->n; i++) {
        uint16_t f = capped(pending->frequencies[i]);
        uint8_t l = pending->lengths[i];

        if (f > frequency || l < length) {
            rest_frequency = f > rest_frequency ? f : rest_frequency;
            rest_length = l < rest_length ? l : rest_length;
        }
    }
    lede_buf_put_u16(&encoder->impact_frequencies[1],
                     rest_frequency == 0 ? frequency : rest_frequency);
    lede_buf_put_byte(&encoder->impact_lengths[1],
                      rest_frequency == 0 ? length : rest_length);
}

static void put_set_of_bits(const pending_block *pending, uint32_t first,
                            lede_buf *out)
{
    uint32_t range = pending->entries[pending->n - 1] - first + 1;
    uint8_t *bits = lede_buf_extend(out, (range + 7) / 8);
    uint32_t i;

    if (bits == NULL) {
        return;
    }
    memset(bits, 0, (range + 7) / 8);
    for (i = 0; i < pending->n; i++) {
        uint32_t at = pending->entries[i] - first;

        bits[at / 8] = (uint8_t)(bits[at / 8] | 1u << (at % 8));
    }
}

/* Returns the block's first byte. */
static uint8_t put_gaps(const pending_block *pending, uint32_t first,
                        lede_buf *out)
{
    uint32_t gaps[LEDE_BLOCK_POSTINGS];
    uint32_t all = 0;
    uint32_t next = first;
    uint32_t range = pending->entries[pending->n - 1] - first + 1;
    unsigned width;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        gaps[i] = pending->entries[i] - next;
        all |= gaps[i];
        next = pending->entries[i] + 1;
    }
    width = lede_bits_width(all);
    if (width > 0 && (range + 7) / 8 <= lede_bits_bytes(pending->n, width)) {
        put_set_of_bits(pending, first, out);
        return LEDE_GAPS_BITS;
    }
    lede_bits_pack(gaps, pending->n, width, out);
    return (uint8_t)width;
}

/* How many values do not fit in `width` bits, and what they cost as exceptions.
 */
typedef struct exceptions {
    uint32_t count;
    unsigned bytes_log2;
    size_t bytes; /* in all */
} exceptions;

enum { MAX_EXCEPTIONS = 63 };

static exceptions count_exceptions(const uint32_t *values, uint32_t n,
                                   unsigned width)
{
    exceptions e = {0, 0, 0};
    uint32_t largest = 0;
    uint32_t i;

    for (i = 0; i < n && width < 32; i++) {
        e.count += values[i] >> width != 0;
        largest |= values[i] >> width;
    }
    if (e.count > 0) {
        e.bytes_log2 = largest < 256 ? 0 : largest < 65536 ? 1 : 2;
        e.bytes = 1 + (size_t)e.count * (1 + (UINT64_C(1) << e.bytes_log2));
    }
    return e;
}

static void put_exceptions(const uint32_t *values, uint32_t n, unsigned width,
                           exceptions e, lede_buf *out)
{
    uint32_t i;

    lede_buf_put_byte(out, (uint8_t)(e.count | e.bytes_log2 << 6));
    for (i = 0; i < n; i++) {
        if (values[i] >> width != 0) {
            lede_buf_put_byte(out, (uint8_t)i);
        }
    }
    for (i = 0; i < n; i++) {
        uint8_t bytes[4];

        if (values[i] >> width != 0) {
            lede_store_u32(bytes, values[i] >> width);
            lede_buf_put(out, bytes, (size_t)1 << e.bytes_log2);
        }
    }
}

/* Returns the block's second byte. */
static uint8_t put_frequencies(const pending_block *pending, lede_buf *out)
{
    uint32_t values[LEDE_BLOCK_POSTINGS];
    uint32_t all = 0;
    unsigned shift;
    unsigned width;
    unsigned best;
    size_t best_bytes;
    exceptions e;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        all |= pending->frequencies[i];
    }
    shift = (all & 1) == 0 ? 1 : 0;
    for (i = 0, all = 0; i < pending->n; i++) {
        values[i] = (pending->frequencies[i] >> shift) - 1;
        all |= values[i];
    }
    best = lede_bits_width(all);
    best_bytes = lede_bits_bytes(pending->n, best);
    for (width = best; width-- > 0;) {
        e = count_exceptions(values, pending->n, width);
        if (e.count > MAX_EXCEPTIONS) {
            break;
        }
        if (e.bytes + lede_bits_bytes(pending->n, width) < best_bytes) {
            best = width;
            best_bytes = e.bytes + lede_bits_bytes(pending->n, width);
        }
    }
    e = count_exceptions(values, pending->n, best);
    if (e.count > 0) {
        put_exceptions(values, pending->n, best, e, out);
    }
    for (i = 0; i < pending->n && best < 32; i++) {
        values[i] &= (UINT32_C(1) << best) - 1;
    }
    lede_bits_pack(values, pending->n, best, out);
    return (uint8_t)(best | (shift != 0 ? LEDE_FREQUENCY_HALVED : 0u) |
                     (e.count > 0 ? LEDE_FREQUENCY_EXCEPTIONS : 0u));
}

/* Renumbers labels so that 0 is the most frequent; order[new] = old. */
static void order_labels(uint8_t *labels, uint32_t n, uint32_t count,
                         uint8_t *order)
{
    uint32_t uses[LEDE_BLOCK_POSTINGS] = {0};
    uint32_t top = 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        uses[labels[i]]++;
    }
    for (i = 0; i < count; i++) {
        top = uses[i] > uses[top] ? i : top;
        order[i] = (uint8_t)i;
    }
    order[0] = (uint8_t)top;
    order[top] = 0;
    for (i = 0; i < n; i++) {
        labels[i] = labels[i] == top ? 0
                    : labels[i] == 0 ? (uint8_t)top
                                     : labels[i];
    }
}

static bool put_fields(const pending_block *pending, uint8_t usual,
                       lede_buf *out)
{
    uint8_t labels[LEDE_BLOCK_POSTINGS];
    uint8_t label_of[LEDE_FIELD_MASKS];
    uint8_t masks[LEDE_FIELD_MASKS];
    uint8_t order[LEDE_BLOCK_POSTINGS];
    uint32_t count = 0;
    uint32_t i;

    memset(label_of, UINT8_MAX, sizeof label_of);
    for (i = 0; i < pending->n; i++) {
        uint8_t mask = pending->fields[i];

        if (label_of[mask] == UINT8_MAX) {
            masks[count] = mask;
            label_of[mask] = (uint8_t)count++;
        }
        labels[i] = label_of[mask];
    }
    if (count == 1 && masks[0] == usual) {
        return false;
    }
    order_labels(labels, pending->n, count, order);
    lede_buf_put_byte(out, (uint8_t)count);
    for (i = 0; i < count; i++) {
        lede_buf_put_byte(out, masks[order[i]]);
    }
    lede_labels_encode(labels, pending->n, count, out);
    return true;
}

static bool put_sets(const pending_block *pending, lede_buf *out)
{
    uint8_t labels[LEDE_BLOCK_POSTINGS];
    uint8_t order[LEDE_BLOCK_POSTINGS];
    uint32_t i;

    memcpy(labels, pending->set_labels, sizeof labels);
    order_labels(labels, pending->n, pending->set_count, order);
    if (pending->set_count > 1) {
        lede_buf_put_byte(out, (uint8_t)pending->set_count);
    }
    for (i = 0; i < pending->set_count; i++) {
        size_t begin = order[i] == 0 ? 0 : pending->set_ends[order[i] - 1];

        lede_buf_put(out, pending->sets.bytes + begin,
                     pending->set_ends[order[i]] - begin);
    }
    lede_labels_encode(labels, pending->n, pending->set_count, out);
    return pending->set_count > 1;
}

static int64_t correction(const pending_block *pending, uint32_t i)
{
    return (int64_t)pending->counts[i] -
           lede_expected_count(pending->frequencies[i], pending->fields[i]);
}

static bool put_corrections(const pending_block *pending, lede_buf *out)
{
    uint32_t count = 0;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        count += correction(pending, i) != 0;
    }
    if (count == 0) {
        return false;
    }
    lede_buf_put_byte(out, (uint8_t)count);
    for (i = 0; i < pending->n; i++) {
        if (correction(pending, i) != 0) {
            lede_buf_put_byte(out, (uint8_t)i);
        }
    }
    for (i = 0; i < pending->n; i++) {
        if (correction(pending, i) != 0) {
            lede_buf_put_varint(out,
                                lede_zigzag_encode(correction(pending, i)));
        }
    }
    return true;
}

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
    pending_block *pending = &encoder->pending;
    size_t at = encoder->chunk.len;
    lede_status status;
    lede_position_rows rows = {
        pending->n,
        pending->counts,
        pending->lengths,
        pending->set_sizes,
        (const uint32_t *)(const void *)pending->positions.bytes,
        (const uint16_t *)(const void *)pending->ranks.bytes};

    if (!lede_positions_encode(&rows, &encoder->bias, &encoder->chunk)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "postings: too many positions in one block");
    }
    if (encoder->chunk.failed) {
        return no_memory(err);
    }
    status = cut_chunk(encoder, &at, err);
    *offset = (uint32_t)at;
    return status;
}

static lede_status flush_block(lede_postings_encoder *encoder, lede_error *err)
{
    pending_block *pending = &encoder->pending;
    lede_buf *out = &encoder->blocks;
    uint32_t first = encoder->last_entry + 1; /* 0 for the first block */
    uint32_t offset = 0;
    uint8_t head[3] = {0, 0, 0};
    lede_status status;
    size_t at = out->len;

    if (at > UINT32_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT, "postings: list too long");
    }
    if (pending->positions.len > 0) {
        head[2] |= LEDE_PARTS_POSITIONS;
        status = put_positions(encoder, &offset, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    if (encoder->block_count == 0) {
        encoder->usual_fields = pending->fields[0];
    }
    lede_buf_put_u32(&encoder->last_entries, pending->entries[pending->n - 1]);
    lede_buf_put_u32(&encoder->offsets, (uint32_t)at);
    put_impacts(encoder);
    lede_buf_put(out, head, sizeof head);
    if ((head[2] & LEDE_PARTS_POSITIONS) != 0) {
        lede_buf_put_u16(out, (uint16_t)offset);
        lede_buf_put_byte(out, (uint8_t)(offset >> 16));
    }
    head[0] = put_gaps(pending, first, out);
    head[1] = put_frequencies(pending, out);
    if (put_fields(pending, encoder->usual_fields, out)) {
        head[2] |= LEDE_PARTS_FIELDS;
    }
    if (encoder->form_count > 1 && put_sets(pending, out)) {
        head[2] |= LEDE_PARTS_FORMS;
    }
    if ((head[2] & LEDE_PARTS_POSITIONS) != 0 &&
        put_corrections(pending, out)) {
        head[2] |= LEDE_PARTS_COUNTS;
    }
    if (has_failed(encoder)) {
        return no_memory(err);
    }
    memcpy(out->bytes + at, head, sizeof head);
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
    const pending_block *pending = &encoder->pending;
    lede_buf *out = &encoder->list;
    int64_t change = encoder->has_positions ? correction(pending, i) : 0;
    uint32_t before = 0;
    uint32_t k;

    lede_buf_put_varint(out, pending->entries[i] - next);
    lede_buf_put_varint(out, (uint64_t)pending->frequencies[i] << 1 |
                                 (change != 0 ? 1u : 0u));
    if (has_masks) {
        lede_buf_put_byte(out, pending->fields[i]);
    }
    if (encoder->form_count > 1) {
        uint8_t label = pending->set_labels[i];
        size_t begin = label == 0 ? 0 : pending->set_ends[label - 1];

        lede_buf_put(out, pending->sets.bytes + begin,
                     pending->set_ends[label] - begin);
    }
    if (change != 0) {
        lede_buf_put_varint(out, lede_zigzag_encode(change));
    }
    for (k = 0; k < pending->counts[i]; k++) {
        uint32_t position;
        uint16_t rank;

        memcpy(&position, pending->positions.bytes + (at + k) * sizeof position,
               sizeof position);
        lede_buf_put_varint(out, position - before);
        before = position;
        if (lede_rank_width(pending->set_sizes[i]) > 0) {
            memcpy(&rank, pending->ranks.bytes + (at + k) * sizeof rank,
                   sizeof rank);
            lede_buf_put_varint(out, rank);
        }
    }
}

static void put_short(lede_postings_encoder *encoder)
{
    const pending_block *pending = &encoder->pending;
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

    put_head(encoder, encoder->usual_fields == encoder->all_fields,
             LEDE_LIST_BLOCKS);
    lede_buf_put_varint(out, capped(encoder->max_frequency));
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
    lede_buf_put_span(out, lede_buf_span(&encoder->impact_frequencies[0]));
    lede_buf_put_span(out, lede_buf_span(&encoder->impact_frequencies[1]));
    lede_buf_put_span(out, lede_buf_span(&encoder->impact_lengths[0]));
    lede_buf_put_span(out, lede_buf_span(&encoder->impact_lengths[1]));
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
        status = flush_block(encoder, err);
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
