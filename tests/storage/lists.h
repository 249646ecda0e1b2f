/* lists.h - random posting lists, and the same lists as plain arrays. */
#ifndef LEDE_TESTS_STORAGE_LISTS_H
#define LEDE_TESTS_STORAGE_LISTS_H

#include "tests/support/check.h"

#include "storage/postings.h"

/* xorshift64* (Vigna), seeded, so that failures come again. */
typedef struct random_source {
    uint64_t state;
} random_source;

static inline uint64_t random_next(random_source *r)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * UINT64_C(2685821657736338717);
}

static inline uint32_t random_below(random_source *r, uint32_t n)
{
    return (uint32_t)((random_next(r) >> 32) * n >> 32);
}

/* Mostly small, sometimes large: a uniform number of a uniform number of bits.
 */
static inline uint32_t random_skewed(random_source *r, unsigned max_bits)
{
    unsigned bits = random_below(r, max_bits + 1);

    return (uint32_t)(random_next(r) & ((UINT64_C(1) << bits) - 1));
}

/* A list as arrays: what the encoder is given and the decoder must give. */
typedef struct plain_list {
    uint32_t n;
    lede_posting *postings;
    uint32_t *positions; /* backing of the postings' arrays */
    uint16_t *forms;
    uint32_t form_count;
    lede_form *form_table;
    char (*words)[32];
    lede_span stem;
    uint32_t segment_entries;
    uint8_t *lengths;
    uint64_t occurrences;
} plain_list;

typedef struct list_shape {
    uint32_t n;
    uint32_t segment_entries;
    uint32_t form_count;
    bool has_positions;
    bool is_natural; /* counts that follow from frequencies, mostly */
    unsigned frequency_bits, position_bits, count_bits;
    unsigned field_masks; /* 1: body alone; 0: none; else any */
} list_shape;

/* As many chunks as the encoder cut. */
typedef struct kept_chunks {
    lede_buf bytes;
    size_t ends[4096];
    uint32_t count;
} kept_chunks;

static inline lede_status keep_chunk(void *ctx, uint32_t index, lede_span chunk,
                                     lede_error *err)
{
    kept_chunks *kept = ctx;

    assert_int_equal(index, kept->count);
    assert_true(kept->count < 4096);
    (void)err;
    lede_buf_put_span(&kept->bytes, chunk);
    kept->ends[kept->count++] = kept->bytes.len;
    return LEDE_OK;
}

static inline lede_status give_chunk(const void *ctx, uint64_t id,
                                     uint32_t index, lede_span *out,
                                     lede_error *err)
{
    const kept_chunks *kept = ctx;
    size_t begin = index == 0 ? 0 : kept->ends[index - 1];

    (void)id;
    if (index >= kept->count) {
        return lede_fail(err, LEDE_CORRUPT, "no chunk %u", index);
    }
    *out = lede_span_of(kept->bytes.bytes + begin, kept->ends[index] - begin);
    return LEDE_OK;
}

static inline void plain_list_done(plain_list *list)
{
    free(list->postings);
    free(list->positions);
    free(list->forms);
    free(list->form_table);
    free(list->words);
    free(list->lengths);
}

static inline void *check_alloc(size_t n, size_t size)
{
    void *p = calloc(n == 0 ? 1 : n, size);

    assert_non_null(p);
    return p;
}

/* Bytes copied to a heap block of their own size, so that a read beyond them is
 * seen by AddressSanitizer. */
static inline lede_span tight_copy(lede_span span)
{
    uint8_t *bytes = check_alloc(span.len, 1);

    if (span.len > 0) {
        memcpy(bytes, span.bytes, span.len);
    }
    return lede_span_of(bytes, span.len);
}

static inline void make_forms(random_source *r, plain_list *list)
{
    uint32_t i;

    list->form_table = check_alloc(list->form_count, sizeof(lede_form));
    list->words = check_alloc(list->form_count, sizeof *list->words);
    list->stem = lede_span_text("stemmed");
    for (i = 0; i < list->form_count; i++) {
        int len = snprintf(list->words[i], sizeof *list->words, "%.*s%s%u",
                           (int)random_below(r, 8), "stemmed",
                           i % 3 == 0 ? "alongishending" : "x", i);

        list->form_table[i].word = lede_span_of(list->words[i], (size_t)len);
        list->form_table[i].letter_case = (lede_case)(i % 3);
        list->form_table[i].marks = (uint8_t)(i % 7 == 3 ? i : 0);
        list->form_table[i].width = (uint8_t)(i % 5 == 4 ? 3 : 1);
    }
}

/* `n` distinct entries, ascending: each of the segment's with the chance that
 * leaves exactly n. */
static inline void make_entries(random_source *r, plain_list *list)
{
    uint32_t left = list->n;
    uint32_t e;

    for (e = 0; e < list->segment_entries && left > 0; e++) {
        if (random_below(r, list->segment_entries - e) < left) {
            list->postings[list->n - left].entry = e;
            left--;
        }
    }
}

static inline void make_posting(random_source *r, const list_shape *shape,
                                lede_posting *p)
{
    p->fields =
        shape->field_masks == 1 ? 8
        : shape->field_masks == 0
            ? 0
            : (random_below(r, 4) != 0 ? 8 : (uint8_t)random_below(r, 32));
    p->frequency = 1 + random_skewed(r, shape->frequency_bits);
    p->count = 0;
    if (!shape->has_positions) {
        return;
    }
    p->count = 1 + random_skewed(r, shape->count_bits);
    if (shape->is_natural) {
        p->frequency = p->fields == 8   ? p->count * 2
                       : p->fields == 0 ? p->count
                                        : p->count * 2 + random_below(r, 6);
    } else if (random_below(r, 16) == 0) {
        p->count = 0;
    }
}

static inline void make_positions(random_source *r, const list_shape *shape,
                                  plain_list *list)
{
    size_t at = 0;
    uint32_t i;
    uint32_t k;

    for (i = 0; i < list->n; i++) {
        list->occurrences += list->postings[i].count;
    }
    list->positions = check_alloc(list->occurrences, sizeof(uint32_t));
    list->forms = check_alloc(list->occurrences, sizeof(uint16_t));
    for (i = 0; i < list->n; i++) {
        lede_posting *p = &list->postings[i];
        uint64_t position = 0;
        uint32_t usual =
            list->form_count == 0 ? 0 : random_below(r, list->form_count);

        p->positions = list->positions + at;
        p->forms = list->forms + at;
        for (k = 0; k < p->count; k++) {
            position += random_skewed(r, shape->position_bits);
            if (position > UINT32_MAX) {
                position = UINT32_MAX;
            }
            list->positions[at] = (uint32_t)position;
            list->forms[at] =
                (uint16_t)(list->form_count == 0 ? 0
                           : random_below(r, 3) != 0
                               ? usual
                               : random_below(r, list->form_count));
            at++;
        }
    }
}

static inline plain_list make_list(random_source *r, const list_shape *shape)
{
    plain_list list = {0};
    uint32_t i;

    list.n = shape->n;
    list.segment_entries = shape->segment_entries;
    list.form_count = shape->form_count;
    list.postings = check_alloc(list.n, sizeof(lede_posting));
    list.lengths = check_alloc(list.segment_entries, 1);
    for (i = 0; i < list.segment_entries; i++) {
        list.lengths[i] = (uint8_t)random_below(r, i % 7 == 0 ? 256 : 90);
    }
    make_forms(r, &list);
    make_entries(r, &list);
    for (i = 0; i < list.n; i++) {
        make_posting(r, shape, &list.postings[i]);
        list.postings[i].length = list.lengths[list.postings[i].entry];
    }
    make_positions(r, shape, &list);
    return list;
}

/* Encodes into `list` and `kept`. */
static inline void encode_list(const plain_list *plain, lede_buf *list,
                               kept_chunks *kept)
{
    lede_position_sink sink = {kept, keep_chunk};
    lede_postings_encoder *encoder = NULL;
    lede_encoded_list encoded = {0};
    lede_error err = {0};
    uint32_t i;

    assert_ok(lede_postings_encoder_new(&sink, &encoder, &err));
    lede_postings_encoder_begin(encoder, plain->stem, plain->form_table,
                                plain->form_count, 300);
    for (i = 0; i < plain->n; i++) {
        assert_ok(
            lede_postings_encoder_put(encoder, &plain->postings[i], &err));
    }
    assert_ok(lede_postings_encoder_end(encoder, &encoded, &err));
    assert_int_equal(encoded.entry_count, plain->n);
    assert_true(encoded.occurrences == plain->occurrences);
    if (encoded.chunk_count > 0) {
        assert_int_equal(encoded.chunk_count, kept->count + 1);
        assert_ok(keep_chunk(kept, kept->count, encoded.last_chunk, &err));
    }
    lede_buf_clear(list);
    lede_buf_put_span(list, encoded.list);
    assert_false(list->failed);
    lede_postings_encoder_free(encoder);
}

#endif
