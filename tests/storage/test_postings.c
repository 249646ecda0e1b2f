/* The promises of storage/postings.h, against lists kept as plain arrays. */
#include "tests/storage/lists.h"

#include "base/entry_terms.h"
#include "base/varint.h"
#include "storage/postings_bits.h"
#include "storage/postings_codec.h"
#include "storage/postings_coded.h"

static void check_impacts(const lede_postings *list, const plain_list *plain,
                          uint32_t b)
{
    uint32_t f[LEDE_BLOCK_IMPACTS];
    uint8_t l[LEDE_BLOCK_IMPACTS];
    bool attained = false;
    uint32_t i;

    for (i = 0; i < LEDE_BLOCK_IMPACTS; i++) {
        f[i] = lede_load_u16(lede_postings_impact_frequencies(list, i) +
                             (size_t)b * 2);
        l[i] = lede_postings_impact_lengths(list, i)[b];
    }
    for (i = b * 128; i < plain->n && i < b * 128 + 128; i++) {
        const lede_posting *p = &plain->postings[i];
        uint32_t capped = p->frequency < LEDE_FREQUENCY_CAP
                              ? p->frequency
                              : LEDE_FREQUENCY_CAP;

        bool bounded = false;
        unsigned k;

        for (k = 0; k < LEDE_BLOCK_IMPACTS; k++) {
            bounded = bounded || (capped <= f[k] && p->length >= l[k]);
        }
        assert_true(bounded);
        assert_true(capped <= list->max_frequency);
        attained = attained || (capped == f[0] && p->length == l[0]);
    }
    assert_true(attained);
}

static void check_forms_of_block(const lede_postings *list,
                                 const plain_list *plain, uint32_t b,
                                 random_source *r)
{
    bool *wanted = check_alloc(plain->form_count, sizeof *wanted);
    bool out[LEDE_BLOCK_POSTINGS];
    uint32_t i;
    uint32_t k;

    for (i = 0; i < plain->form_count; i++) {
        wanted[i] = random_below(r, plain->form_count < 8 ? 2 : 20) == 0;
    }
    assert_true(lede_postings_with_forms(list, b, wanted, out));
    for (i = b * 128; i < plain->n && i < b * 128 + 128; i++) {
        const lede_posting *p = &plain->postings[i];
        bool any = plain->form_count == 1 && wanted[0];

        for (k = 0; k < p->count && plain->form_count > 1; k++) {
            any = any || wanted[p->forms[k]];
        }
        assert_int_equal(out[i - b * 128], any);
    }
    free(wanted);
}

static void check_bits(const lede_postings *list, const plain_list *plain,
                       uint32_t b, uint32_t n)
{
    uint32_t first = 0;
    lede_span words = {NULL, 0};
    uint32_t i;
    uint32_t ones = 0;

    if (!lede_postings_bits(list, b, &first, &words)) {
        return;
    }
    for (i = 0; i < words.len; i++) {
        ones += (uint32_t)__builtin_popcount(words.bytes[i]);
    }
    assert_int_equal(ones, n);
    for (i = 0; i < n; i++) {
        uint32_t at = plain->postings[b * 128 + i].entry - first;

        assert_true(at / 8 < words.len);
        assert_true((words.bytes[at / 8] >> (at % 8) & 1) == 1);
    }
}

/* Entries that are there, and those beside them, are found or not without
 * decoding all. */
static void check_find(const lede_postings *list, uint32_t b,
                       const uint32_t *entries, uint32_t n)
{
    uint32_t least = b == 0 ? 0
                            : lede_load_u32(lede_postings_last_entries(list) +
                                            4 * (size_t)(b - 1)) +
                                  1;
    lede_postings_block block;
    uint32_t place;

    assert_true(lede_postings_block_open(list, b, &block));
    for (uint32_t i = 0; i < n; i++) {
        assert_true(lede_postings_block_find(&block, entries[i], &place));
        assert_int_equal(place, i);
        if (entries[i] > (i == 0 ? least : entries[i - 1] + 1)) {
            assert_true(
                lede_postings_block_find(&block, entries[i] - 1, &place));
            assert_int_equal(place, n);
        }
    }
}

static void check_block(const lede_postings *list, const plain_list *plain,
                        uint32_t b)
{
    unsigned all = 0;
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    uint32_t n = lede_postings_block_size(list, b);
    uint32_t i;

    assert_true(lede_postings_entries(list, b, entries));
    assert_true(lede_postings_frequencies(list, b, frequencies));
    assert_true(lede_postings_fields(list, b, fields));
    for (i = 0; i < n; i++) {
        const lede_posting *p = &plain->postings[b * 128 + i];
        uint32_t one = 0;

        assert_int_equal(entries[i], p->entry);
        assert_int_equal(frequencies[i], p->frequency);
        assert_int_equal(fields[i], p->fields);
        assert_true(lede_postings_frequency_at(list, b, i, &one));
        assert_int_equal(one, p->frequency);
        all |= p->fields;
    }
    for (i = 1; i < 32; i++) {
        bool has = false;

        assert_true(lede_postings_has_fields(list, b, (uint8_t)i, &has));
        assert_int_equal(has, (all & i) != 0);
    }
    check_find(list, b, entries, n);
    assert_int_equal(
        lede_load_u32(lede_postings_last_entries(list) + (size_t)b * 4),
        entries[n - 1]);
    check_bits(list, plain, b, n);
    check_impacts(list, plain, b);
}

static void check_position(lede_position_reader *reader,
                           const plain_list *plain, uint32_t i)
{
    const lede_posting *p = &plain->postings[i];
    lede_error err = {0};
    uint32_t count = 99;
    uint32_t k;

    assert_ok(lede_position_reader_get(reader, i / 128, i % 128, &count, &err));
    assert_int_equal(count, p->count);
    for (k = 0; k < count; k++) {
        assert_int_equal(reader->positions[k], p->positions[k]);
        assert_int_equal(reader->forms[k], p->forms[k]);
    }
}

/* Up to a limit: at least those, and no others than are there. */
static void check_position_until(lede_position_reader *reader,
                                 const plain_list *plain, uint32_t i,
                                 random_source *r)
{
    const lede_posting *p = &plain->postings[i];
    uint32_t limit =
        p->count == 0 ? 0 : p->positions[random_below(r, p->count)];
    lede_error err = {0};
    uint32_t count = 99;
    uint32_t k;

    limit += random_below(r, 3) == 0;
    assert_ok(lede_position_reader_get_until(reader, i / 128, i % 128, limit,
                                             &count, &err));
    assert_true(count <= p->count);
    assert_true(count == p->count || p->positions[count] > limit);
    for (k = 0; k < count; k++) {
        assert_int_equal(reader->positions[k], p->positions[k]);
        assert_int_equal(reader->forms[k], p->forms[k]);
    }
}

static void check_positions(const lede_postings *list, const plain_list *plain,
                            random_source *r)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS] = {0};
    lede_postings_block block;
    lede_position_reader reader;
    uint32_t i;

    lede_position_reader_init(&reader, list);
    for (i = 0; i < plain->n; i++) {
        check_position(&reader, plain, i);
    }
    for (i = 0; i < 50; i++) {
        uint32_t at = random_below(r, plain->n);

        if (i % 4 == 0) {
            assert_true(lede_postings_entries(list, at / 128, entries));
            lede_position_reader_lend(&reader, at / 128, entries);
        } else if (i % 4 == 2) {
            assert_true(lede_postings_block_open(list, at / 128, &block));
            assert_true(lede_postings_block_entries(&block, entries));
            lede_position_reader_lend_open(&reader, &block, entries);
        }
        check_position_until(&reader, plain, at, r);
        check_position(&reader, plain, at);
    }
    lede_position_reader_done(&reader);
}

static void check_form_table(const lede_postings *list, const plain_list *plain)
{
    lede_form *forms = check_alloc(plain->form_count, sizeof *forms);
    lede_arena arena = {0};
    lede_error err = {0};
    uint32_t i;

    assert_int_equal(list->form_count, plain->form_count);
    assert_ok(lede_postings_forms(list, plain->stem, &arena, forms, &err));
    for (i = 0; i < plain->form_count; i++) {
        assert_true(lede_span_equal(forms[i].word, plain->form_table[i].word));
        assert_int_equal(forms[i].letter_case,
                         plain->form_table[i].letter_case);
        assert_int_equal(forms[i].marks, plain->form_table[i].marks);
        assert_int_equal(forms[i].width, plain->form_table[i].width);
    }
    lede_arena_done(&arena);
    free(forms);
}

static void check_find_block(const lede_postings *list, const plain_list *plain,
                             random_source *r)
{
    uint32_t round;

    for (round = 0; round < 200; round++) {
        uint32_t from = random_below(r, list->block_count + 1);
        uint32_t entry = random_below(r, plain->segment_entries);
        uint32_t b = from;

        while (b < list->block_count &&
               lede_load_u32(lede_postings_last_entries(list) + (size_t)b * 4) <
                   entry) {
            b++;
        }
        assert_int_equal(lede_postings_find_block(list, from, entry), b);
    }
}

/* A block as it is coded says what the positions are. Puts its postings into
 * another list, unless there are too many forms. */
static void check_coded_block(const lede_coded_block *block,
                              const plain_list *plain, uint32_t b,
                              random_source *r, lede_postings_encoder *out)
{
    static uint16_t members[LEDE_MAX_FORMS];
    uint64_t maps[LEDE_BLOCK_POSTINGS] = {0};
    uint8_t lengths[LEDE_BLOCK_POSTINGS];
    lede_coded_run run = {
        block->entries,   block->frequencies, block->counts, lengths,
        block->fields,    block->gaps,        block->labels, maps,
        block->set_sizes, block->ranks};
    lede_error err = {0};
    size_t at = 0;
    uint32_t i, k, to;

    for (i = 0; i < block->n; i++) {
        const lede_posting *p = &plain->postings[b * 128 + i];
        uint8_t label = block->labels[i];
        uint32_t size = block->set_sizes[label], position = 0;

        lengths[i] = p->length;
        assert_int_equal(block->entries[i], p->entry);
        assert_int_equal(block->frequencies[i], p->frequency);
        assert_int_equal(block->fields[i], p->fields);
        assert_int_equal(block->counts[i], p->count);
        assert_true(lede_coded_block_set(block, label, members));
        for (k = 0; k < p->count; k++) {
            position += block->gaps[at + k];
            assert_int_equal(position, p->positions[k]);
            if (plain->form_count > 0) {
                assert_int_equal(members[size < 2 ? 0 : block->ranks[at + k]],
                                 p->forms[k]);
            }
        }
        for (k = 0; k < size; k++) {
            maps[label] |= UINT64_C(1) << (members[k] & 63u);
        }
        at += p->count;
    }
    for (i = 0, at = 0; i < block->n && out != NULL; i = to) {
        to = i + 1 + random_below(r, block->n - i);
        assert_ok(lede_postings_encoder_put_run(out, &run, i, to, at, &err));
        for (k = i; k < to; k++) {
            at += block->counts[k];
        }
    }
}

/* ... and the other list has the same bytes. */
static void check_coded(const lede_postings *list, const plain_list *plain,
                        random_source *r, lede_span bytes,
                        const kept_chunks *chunks)
{
    bool is_copied = plain->form_count <= LEDE_CODED_FORMS;
    kept_chunks *kept = check_alloc(1, sizeof *kept);
    lede_position_sink sink = {kept, keep_chunk};
    lede_postings_encoder *encoder = NULL;
    lede_encoded_list encoded = {0};
    lede_coded_block block = {0};
    lede_error err = {0};
    uint32_t b;

    assert_ok(lede_postings_encoder_new(&sink, &encoder, &err));
    lede_postings_encoder_begin(encoder, plain->stem, plain->form_table,
                                plain->form_count, 300);
    lede_coded_block_begin(&block, list);
    for (b = 0; b < list->block_count; b++) {
        assert_ok(lede_coded_block_entries(&block, b, &err));
        assert_ok(lede_coded_block_read(&block, &err));
        check_coded_block(&block, plain, b, r, is_copied ? encoder : NULL);
    }
    if (is_copied) {
        assert_ok(lede_postings_encoder_end(encoder, &encoded, &err));
        assert_true(lede_span_equal(encoded.list, bytes));
        if (encoded.chunk_count > 0) {
            assert_ok(keep_chunk(kept, kept->count, encoded.last_chunk, &err));
        }
        assert_true(lede_span_equal(lede_buf_span(&kept->bytes),
                                    lede_buf_span(&chunks->bytes)));
    }
    lede_coded_block_done(&block);
    lede_postings_encoder_free(encoder);
    lede_buf_done(&kept->bytes);
    free(kept);
}

/* With whatever variant is in force. */
static void check_opened(const lede_postings *list, const plain_list *plain,
                         random_source *r)
{
    uint32_t b;

    for (b = 0; b < list->block_count; b++) {
        check_block(list, plain, b);
        check_forms_of_block(list, plain, b, r);
    }
    check_find_block(list, plain, r);
    check_positions(list, plain, r);
}

static void check_list(const plain_list *plain, random_source *r)
{
    kept_chunks *kept = check_alloc(1, sizeof *kept);
    lede_buf bytes = {0};
    lede_postings_segment segment = {plain->segment_entries, plain->lengths};
    lede_position_source source = {give_chunk, kept, 0};
    lede_postings list;
    lede_error err = {0};
    lede_span tight;
    int variant;

    encode_list(plain, &bytes, kept);
    tight = tight_copy(lede_buf_span(&bytes));
    assert_ok(lede_postings_open(tight, &segment, &source, &list, &err));
    assert_int_equal(list.entry_count, plain->n);
    assert_true(list.occurrences == plain->occurrences);
    assert_int_equal(list.has_positions, plain->occurrences > 0);
    check_form_table(&list, plain);
    for (variant = 0; variant < LEDE_SIMD_COUNT; variant++) {
        if (lede_simd_is_supported((lede_simd)variant)) {
            lede_simd_force((lede_simd)variant);
            check_opened(&list, plain, r);
            check_coded(&list, plain, r, tight, kept);
        }
    }
    free((void *)(uintptr_t)tight.bytes);
    lede_buf_done(&bytes);
    lede_buf_done(&kept->bytes);
    free(kept);
}

static void check_shape(random_source *r, const list_shape *shape)
{
    plain_list list = make_list(r, shape);

    check_list(&list, r);
    plain_list_done(&list);
}

/* --- The promises ----------------------------------------------------------
 */

static void test_postings__random_lists_come_back(void **state)
{
    static const uint32_t sizes[] = {1,   2,   7,   8,   9,    127, 128,
                                     129, 255, 256, 257, 1000, 5000};
    static const uint32_t spreads[] = {1, 2, 5, 40, 1000};
    static const uint32_t forms[] = {0, 1, 2, 3, 9, 33, 300};
    random_source r = {20240229};
    uint32_t round;

    (void)state;
    for (round = 0; round < 130; round++) {
        list_shape shape = {0};

        shape.n = sizes[round % 13];
        shape.segment_entries = shape.n * spreads[random_below(&r, 5)];
        shape.form_count = forms[random_below(&r, 7)];
        shape.has_positions = random_below(&r, 5) != 0;
        shape.is_natural = random_below(&r, 2) != 0;
        shape.frequency_bits = random_below(&r, 33);
        shape.position_bits = random_below(&r, 3) == 0 ? 32 : 9;
        shape.count_bits = random_below(&r, 6);
        shape.field_masks = random_below(&r, 3);
        check_shape(&r, &shape);
    }
}

/* What segment.h counts on: the longest list of a full segment is no larger
 * than a transaction. */
static void test_postings__take_less_than_16_bytes_each(void **state)
{
    static const uint32_t forms[] = {1, 9, 30};
    random_source r = {31};
    uint32_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        list_shape shape = {.n = 20000,
                            .segment_entries = 200000,
                            .form_count = forms[i],
                            .has_positions = true,
                            .frequency_bits = 32,
                            .position_bits = 9,
                            .count_bits = 3,
                            .field_masks = 2};
        plain_list plain = make_list(&r, &shape);
        kept_chunks *kept = check_alloc(1, sizeof *kept);
        lede_buf bytes = {0};

        encode_list(&plain, &bytes, kept);
        print_message("%u forms: %.1f bytes a posting\n", forms[i],
                      (double)bytes.len / shape.n);
        assert_true(bytes.len < 16 * (size_t)shape.n);
        lede_buf_done(&bytes);
        lede_buf_done(&kept->bytes);
        free(kept);
        plain_list_done(&plain);
    }
}

static void test_postings__runs_without_gaps_are_bit_sets(void **state)
{
    random_source r = {7};
    list_shape shape = {.n = 128 * 5,
                        .segment_entries = 128 * 5,
                        .form_count = 1,
                        .has_positions = true,
                        .is_natural = true,
                        .position_bits = 9,
                        .field_masks = 1};
    plain_list plain = make_list(&r, &shape);
    lede_postings_segment segment = {plain.segment_entries, plain.lengths};
    kept_chunks *kept = check_alloc(1, sizeof *kept);
    lede_buf bytes = {0};
    lede_postings list;
    lede_error err = {0};
    lede_span words;
    uint32_t first;
    uint32_t b;

    (void)state;
    encode_list(&plain, &bytes, kept);
    assert_ok(
        lede_postings_open(lede_buf_span(&bytes), &segment, NULL, &list, &err));
    for (b = 0; b < 5; b++) {
        assert_true(lede_postings_bits(&list, b, &first, &words));
        assert_int_equal(first, b * 128);
        assert_int_equal(words.len, 16);
    }
    check_list(&plain, &r);
    lede_buf_done(&bytes);
    lede_buf_done(&kept->bytes);
    free(kept);
    plain_list_done(&plain);
}

static void test_postings__extreme_values_come_back(void **state)
{
    random_source r = {3};
    uint32_t sizes[] = {2, 9, 130};
    unsigned s;

    (void)state;
    for (s = 0; s < 3; s++) {
        list_shape shape = {.n = sizes[s],
                            .segment_entries = LEDE_LIST_MAX_POSTINGS,
                            .form_count = 300,
                            .has_positions = true,
                            .position_bits = 32,
                            .count_bits = 3,
                            .field_masks = 2};
        plain_list plain = make_list(&r, &shape);
        lede_posting *last = &plain.postings[plain.n - 1];

        plain.postings[0].entry = 0;
        plain.postings[0].length = plain.lengths[0];
        plain.postings[0].frequency = UINT32_C(1) << 31;
        last->entry = LEDE_LIST_MAX_POSTINGS - 1;
        last->length = plain.lengths[last->entry];
        last->frequency = UINT32_MAX;
        check_list(&plain, &r);
        plain_list_done(&plain);
    }
}

static void test_postings__equal_positions_are_kept(void **state)
{
    random_source r = {5};
    list_shape shape = {.n = 200,
                        .segment_entries = 300,
                        .form_count = 2,
                        .has_positions = true,
                        .is_natural = true,
                        .position_bits = 0,
                        .count_bits = 4,
                        .field_masks = 1};

    (void)state;
    check_shape(&r, &shape);
    shape.n = 3;
    check_shape(&r, &shape);
}

static void test_postings__positions_of_long_lists_come_in_chunks(void **state)
{
    random_source r = {11};
    list_shape shape = {.n = 3000,
                        .segment_entries = 4000,
                        .form_count = 1,
                        .has_positions = true,
                        .is_natural = true,
                        .position_bits = 14,
                        .count_bits = 13,
                        .field_masks = 1};
    plain_list plain = make_list(&r, &shape);
    kept_chunks *kept = check_alloc(1, sizeof *kept);
    lede_buf bytes = {0};
    uint32_t i;

    (void)state;
    encode_list(&plain, &bytes, kept);
    assert_true(kept->count > 2);
    for (i = 0; i < kept->count; i++) {
        assert_true(kept->ends[i] - (i == 0 ? 0 : kept->ends[i - 1]) <=
                    LEDE_POSITION_CHUNK_BYTES);
    }
    check_list(&plain, &r);
    lede_buf_done(&bytes);
    lede_buf_done(&kept->bytes);
    free(kept);
    plain_list_done(&plain);
}

static void test_postings__disorder_is_refused(void **state)
{
    static const uint32_t positions[] = {5, 4};
    static const uint16_t forms[] = {0, 0};
    static const lede_posting good = {.entry = 3, .frequency = 1};
    lede_posting bad[] = {{.entry = 3, .frequency = 1},
                          {.entry = 2, .frequency = 1},
                          {.entry = 4, .frequency = 0},
                          {.entry = LEDE_LIST_MAX_POSTINGS, .frequency = 1},
                          {.entry = 4, .frequency = 1, .fields = 32},
                          {.entry = 4,
                           .frequency = 4,
                           .count = 2,
                           .positions = positions,
                           .forms = forms}};
    lede_postings_encoder *encoder = NULL;
    lede_encoded_list encoded;
    lede_error err = {0};
    size_t i;

    (void)state;
    assert_ok(lede_postings_encoder_new(NULL, &encoder, &err));
    lede_postings_encoder_begin(encoder, lede_span_text(""), NULL, 0, 100);
    assert_status(lede_postings_encoder_end(encoder, &encoded, &err), LEDE_BUG);
    assert_ok(lede_postings_encoder_put(encoder, &good, &err));
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_status(lede_postings_encoder_put(encoder, &bad[i], &err),
                      LEDE_BUG);
    }
    assert_ok(lede_postings_encoder_end(encoder, &encoded, &err));
    lede_postings_encoder_free(encoder);
}

/* Lists of entries and fields alone: what goes in comes out, in fewer bytes,
 * and nothing else goes in. */
static void check_flat(random_source *r, uint32_t n, uint32_t spread,
                       lede_postings_encoder *encoder)
{
    lede_posting *postings = check_alloc(n, sizeof *postings);
    uint32_t entry = 0, i, at = 0;
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    lede_encoded_list flat, usual;
    size_t flat_len = 0;
    lede_postings list;
    lede_error err = {0};
    lede_span tight;
    uint8_t *lengths;
    unsigned as_flat;

    for (i = 0; i < n; i++) {
        entry += 1 + random_below(r, spread);
        postings[i] =
            (lede_posting){.entry = entry,
                           .frequency = 1,
                           .fields = random_below(r, 4) > 0
                                         ? 8
                                         : (uint8_t)(1 + random_below(r, 31))};
    }
    lengths = check_alloc(entry + 1, 1);
    for (as_flat = 2; as_flat-- > 0;) {
        if (as_flat) {
            lede_postings_encoder_begin_flat(encoder);
        } else {
            lede_postings_encoder_begin(encoder, lede_span_text(""), NULL, 0,
                                        10);
        }
        for (i = 0; i < n; i++) {
            assert_ok(lede_postings_encoder_put(encoder, &postings[i], &err));
        }
        assert_ok(
            lede_postings_encoder_end(encoder, as_flat ? &flat : &usual, &err));
        if (as_flat) {
            flat_len = flat.list.len;
            tight = tight_copy(flat.list);
        }
    }
    assert_true(n <= LEDE_SHORT_POSTINGS ? flat_len == usual.list.len
                                         : flat_len < usual.list.len);
    assert_ok(lede_postings_open(tight,
                                 &(lede_postings_segment){entry + 1, lengths},
                                 NULL, &list, &err));
    assert_int_equal(list.is_flat, n > LEDE_SHORT_POSTINGS);
    assert_int_equal(list.entry_count, n);
    assert_int_equal(list.max_frequency, 1);
    for (i = 0; i < list.block_count; i++) {
        uint32_t k;

        assert_true(lede_postings_entries(&list, i, entries));
        assert_true(lede_postings_frequencies(&list, i, frequencies));
        assert_true(lede_postings_fields(&list, i, fields));
        for (k = 0; k < lede_postings_block_size(&list, i); k++, at++) {
            assert_int_equal(entries[k], postings[at].entry);
            assert_int_equal(frequencies[k], 1);
            assert_int_equal(fields[k], postings[at].fields);
        }
        assert_int_equal(
            lede_load_u32(lede_postings_last_entries(&list) + 4 * (size_t)i),
            entries[k - 1]);
    }
    assert_int_equal(at, n);
    free((void *)(uintptr_t)tight.bytes);
    free(lengths);
    free(postings);
}

static void test_postings__flat_lists_come_back(void **state)
{
    static const uint32_t sizes[] = {1, 8, 9, 127, 128, 129, 1000, 5000};
    static const uint32_t position = 0;
    static const uint16_t form = 0;
    lede_postings_encoder *encoder = NULL;
    lede_error err = {0};
    random_source r = {5};
    unsigned i;

    (void)state;
    assert_ok(lede_postings_encoder_new(NULL, &encoder, &err));
    for (i = 0; i < 8 * 3; i++) {
        check_flat(&r, sizes[i % 8], 1 + i / 8 * 30, encoder);
    }
    lede_postings_encoder_begin_flat(encoder);
    assert_status(lede_postings_encoder_put(
                      encoder, &(lede_posting){.frequency = 2}, &err),
                  LEDE_BUG);
    assert_status(
        lede_postings_encoder_put(encoder,
                                  &(lede_posting){.frequency = 1,
                                                  .count = 1,
                                                  .positions = &position,
                                                  .forms = &form},
                                  &err),
        LEDE_BUG);
    lede_postings_encoder_free(encoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_postings__random_lists_come_back),
        cmocka_unit_test(test_postings__take_less_than_16_bytes_each),
        cmocka_unit_test(test_postings__runs_without_gaps_are_bit_sets),
        cmocka_unit_test(test_postings__extreme_values_come_back),
        cmocka_unit_test(test_postings__equal_positions_are_kept),
        cmocka_unit_test(test_postings__positions_of_long_lists_come_in_chunks),
        cmocka_unit_test(test_postings__disorder_is_refused),
        cmocka_unit_test(test_postings__flat_lists_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
