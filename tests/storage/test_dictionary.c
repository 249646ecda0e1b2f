#include "tests/support/check.h"

#include "base/varint.h"
#include "storage/dictionary.h"
#include "tests/storage/model.h"

enum { TERMS = 5000, VALUES = 8 };

/* A dictionary whose blocks lie in a few values. */
typedef struct fixture {
    model_term terms[TERMS];
    uint32_t count;
    lede_buf values[VALUES];
    lede_buf index;
    lede_dictionary dictionary;
} fixture;

static int compare(const void *a, const void *b)
{
    const model_term *x = a;
    const model_term *y = b;

    return lede_span_compare(lede_span_of(x->bytes, x->len),
                             lede_span_of(y->bytes, y->len));
}

static void make_terms(fixture *made)
{
    model_random random = {11};
    uint32_t i, j, kept = 0;

    memset(made->terms, 0, sizeof made->terms);
    for (i = 0; i < TERMS; i++) {
        made->terms[i].len = 1 + model_below(&random, 30);
        for (j = 0; j < made->terms[i].len; j++) {
            /* Long shared beginnings, and bytes that compare badly as char. */
            made->terms[i].bytes[j] =
                (uint8_t)(model_below(&random, 6) == 0
                              ? model_below(&random, 256)
                              : 'a' + model_below(&random, 2));
        }
    }
    qsort(made->terms, TERMS, sizeof *made->terms, compare);
    for (i = 0; i < TERMS; i++) {
        if (kept == 0 ||
            compare(&made->terms[kept - 1], &made->terms[i]) != 0) {
            made->terms[kept++] = made->terms[i];
        }
    }
    made->count = kept;
}

/* What is kept of term i follows from i. */
static lede_dictionary_term numbers_of(const fixture *made, uint32_t i,
                                       lede_address chunks[3],
                                       uint32_t *chunk_count)
{
    static const uint8_t list[LEDE_INLINE_MAX_BYTES] = "the bytes of a list";
    lede_dictionary_term term = {0};
    uint32_t c;

    term.bytes = lede_span_of(made->terms[i].bytes, made->terms[i].len);
    term.is_inline = i % 3 != 0;
    term.list = lede_span_of(list, 1 + i % LEDE_INLINE_MAX_BYTES);
    term.list_at = (lede_address){i / 100, i * 7, 1 + (uint64_t)i * i};
    *chunk_count = i % 5 == 0 ? i % 4 : 0;
    for (c = 0; c < *chunk_count; c++) {
        chunks[c] = (lede_address){i / 50 + c, i + c, 1000000u * c + i};
    }
    return term;
}

static void place(fixture *made, lede_dictionary_writer *writer)
{
    lede_span block = lede_dictionary_writer_block(writer);
    uint32_t value = writer->block_count % VALUES;

    if (block.len > 0) {
        uint32_t offset = (uint32_t)made->values[value].len;

        lede_buf_put_span(&made->values[value], block);
        lede_dictionary_writer_placed(writer, value, offset);
    }
}

static int setup(void **state)
{
    static fixture made;
    lede_dictionary_writer writer = {0};
    lede_error err = {0};
    uint32_t i;

    made = (fixture){0};
    make_terms(&made);
    for (i = 0; i < made.count; i++) {
        lede_address chunks[3];
        uint32_t chunk_count;
        lede_dictionary_term term = numbers_of(&made, i, chunks, &chunk_count);

        lede_dictionary_writer_put(&writer, &term, chunks, chunk_count);
        if (lede_dictionary_writer_is_full(&writer)) {
            place(&made, &writer);
        }
    }
    place(&made, &writer);
    lede_dictionary_writer_index(&writer, &made.index);
    assert_false(lede_dictionary_writer_failed(&writer));
    lede_dictionary_writer_done(&writer);
    assert_ok(lede_dictionary_open(lede_buf_span(&made.index), &made.dictionary,
                                   &err));
    *state = &made;
    return 0;
}

static int teardown(void **state)
{
    fixture *made = *state;

    for (int i = 0; i < VALUES; i++) {
        lede_buf_done(&made->values[i]);
    }
    lede_buf_done(&made->index);
    return 0;
}

static lede_span block_bytes(const fixture *made, uint32_t block)
{
    lede_address at = lede_dictionary_block_at(&made->dictionary, block);

    return lede_span_part(lede_buf_span(&made->values[at.value % VALUES]),
                          at.offset, SIZE_MAX);
}

static lede_status find(const fixture *made, lede_span term,
                        lede_dictionary_term *out, uint32_t *block)
{
    lede_error err = {0};

    if (!lede_dictionary_find_block(&made->dictionary, term, block)) {
        return LEDE_NOT_FOUND;
    }
    return lede_dictionary_find(block_bytes(made, *block), term, out, &err);
}

static void compare_numbers(const fixture *made, uint32_t i,
                            const lede_dictionary_term *got)
{
    lede_address chunks[3], at;
    uint32_t chunk_count, c;
    lede_error err = {0};
    lede_dictionary_term wanted = numbers_of(made, i, chunks, &chunk_count);

    assert_int_equal(got->is_inline, wanted.is_inline);
    if (wanted.is_inline) {
        assert_true(lede_span_equal(got->list, wanted.list));
    } else {
        assert_int_equal(got->list_at.value, wanted.list_at.value);
        assert_int_equal(got->list_at.offset, wanted.list_at.offset);
        assert_true(got->list_at.len == wanted.list_at.len);
    }
    for (c = 0; c < chunk_count; c++) {
        assert_ok(lede_dictionary_chunk(got, c, &at, &err));
        assert_int_equal(at.value, chunks[c].value);
        assert_int_equal(at.offset, chunks[c].offset);
        assert_true(at.len == chunks[c].len);
    }
    assert_status(lede_dictionary_chunk(got, chunk_count, &at, &err),
                  LEDE_CORRUPT);
}

static void test_dictionary__finds_each_term(void **state)
{
    const fixture *made = *state;
    lede_dictionary_term got = {0}, again = {0};
    lede_error err = {0};
    uint32_t i, block;

    for (i = 0; i < made->count; i++) {
        lede_span term = lede_span_of(made->terms[i].bytes, made->terms[i].len);

        assert_int_equal(find(made, term, &got, &block), LEDE_OK);
        compare_numbers(made, i, &got);
        assert_ok(lede_dictionary_get(block_bytes(made, block), got.ordinal,
                                      &again, &err));
        compare_numbers(made, i, &again);
    }
}

static void test_dictionary__finds_nothing_else(void **state)
{
    const fixture *made = *state;
    model_random random = {12};
    lede_dictionary_term got = {0};
    uint32_t i, block;

    for (i = 0; i < 20000; i++) {
        model_term absent = made->terms[model_below(&random, made->count)];

        switch (model_below(&random, 3)) {
        case 0:
            absent.len = model_below(&random, absent.len + 1);
            break;
        case 1:
            absent.bytes[absent.len++] = (uint8_t)model_next(&random);
            break;
        default:
            absent.bytes[model_below(&random, absent.len)] ^=
                (uint8_t)(1 + model_below(&random, 255));
            break;
        }
        memset(absent.bytes + absent.len, 0, sizeof absent.bytes - absent.len);
        if (bsearch(&absent, made->terms, made->count, sizeof *made->terms,
                    compare) == NULL) {
            assert_int_equal(find(made, lede_span_of(absent.bytes, absent.len),
                                  &got, &block),
                             LEDE_NOT_FOUND);
        }
    }
}

static void test_dictionary__walks_all_terms_in_order(void **state)
{
    const fixture *made = *state;
    lede_dictionary_cursor cursor;
    lede_dictionary_term got = {0};
    lede_error err = {0};
    uint32_t block, i = 0;
    lede_status status;

    for (block = 0; block < made->dictionary.block_count; block++) {
        lede_span separator =
            lede_dictionary_separator(&made->dictionary, block);

        if (i > 0) {
            assert_true(lede_span_compare(lede_span_of(made->terms[i - 1].bytes,
                                                       made->terms[i - 1].len),
                                          separator) < 0);
        }
        assert_true(lede_span_compare(separator,
                                      lede_span_of(made->terms[i].bytes,
                                                   made->terms[i].len)) <= 0);
        assert_ok(lede_dictionary_cursor_init(&cursor, block_bytes(made, block),
                                              &err));
        while ((status = lede_dictionary_cursor_next(&cursor, &got, &err)) ==
               LEDE_OK) {
            assert_true(
                lede_span_equal(got.bytes, lede_span_of(made->terms[i].bytes,
                                                        made->terms[i].len)));
            compare_numbers(made, i, &got);
            i++;
        }
        assert_int_equal(status, LEDE_END);
    }
    assert_int_equal(i, made->count);
}

static void test_dictionary__may_be_empty(void **state)
{
    lede_dictionary_writer writer = {0};
    lede_dictionary dictionary;
    lede_buf index = {0};
    lede_error err = {0};
    uint32_t block;

    (void)state;
    lede_dictionary_writer_index(&writer, &index);
    assert_ok(lede_dictionary_open(lede_buf_span(&index), &dictionary, &err));
    assert_false(
        lede_dictionary_find_block(&dictionary, lede_span_text("a"), &block));
    lede_buf_done(&index);
    lede_dictionary_writer_done(&writer);
}

/* One block after the other, as far as none begins behind the term. */
static uint32_t find_slowly(const lede_dictionary *dictionary, lede_span term)
{
    uint32_t block = 0;

    while (block + 1 < dictionary->block_count &&
           lede_span_compare(lede_dictionary_separator(dictionary, block + 1),
                             term) <= 0) {
        block++;
    }
    return block;
}

static void test_dictionary__finds_blocks_of_many_terms_at_once(void **state)
{
    const fixture *made = *state;
    model_random random = {7};
    int round;

    for (round = 0; round < 300; round++) {
        uint8_t bytes[LEDE_DICTIONARY_AT_ONCE][LEDE_TERM_MAX_BYTES];
        lede_span terms[LEDE_DICTIONARY_AT_ONCE];
        uint32_t blocks[LEDE_DICTIONARY_AT_ONCE];
        uint32_t count = 1 + model_below(&random, LEDE_DICTIONARY_AT_ONCE), i;

        for (i = 0; i < count; i++) {
            uint32_t which = model_below(&random, made->count);
            uint32_t len = made->terms[which].len;

            memcpy(bytes[i], made->terms[which].bytes, len);
            if (model_below(&random, 2) == 0) {
                bytes[i][model_below(&random, len)] =
                    (uint8_t)model_next(&random);
                len = model_below(&random, len + 1);
            }
            terms[i] = lede_span_of(bytes[i], len);
        }
        lede_dictionary_find_blocks(&made->dictionary, terms, count, blocks);
        for (i = 0; i < count; i++) {
            assert_int_equal(blocks[i],
                             find_slowly(&made->dictionary, terms[i]));
        }
    }
}

/* Damaged bytes, in memory of exactly their size, are never read beyond. */
static void test_dictionary__bears_any_damage(void **state)
{
    const fixture *made = *state;
    model_random random = {13};
    lede_dictionary_term got = {0};
    lede_address at;
    uint32_t round;

    for (round = 0; round < 20000; round++) {
        uint32_t block = model_below(&random, made->dictionary.block_count);
        lede_span sound = lede_span_part(block_bytes(made, block), 0, 3000);
        size_t len = model_below(&random, 4) == 0
                         ? model_below(&random, (uint32_t)sound.len + 1)
                         : sound.len;
        uint8_t *bytes = malloc(len + 1);
        const model_term *term =
            &made->terms[model_below(&random, made->count)];
        lede_dictionary_cursor cursor;
        lede_span damaged;
        uint32_t flips = model_below(&random, 5);

        assert_non_null(bytes);
        bytes = realloc(bytes, len == 0 ? 1 : len);
        memcpy(bytes, sound.bytes, len);
        while (len > 0 && flips-- > 0) {
            bytes[model_below(&random,
                              (uint32_t)(len < 100 || flips % 2 ? len : 100))] =
                (uint8_t)model_next(&random);
        }
        damaged = lede_span_of(bytes, len);
        if (lede_dictionary_find(damaged, lede_span_of(term->bytes, term->len),
                                 &got, NULL) == LEDE_OK) {
            lede_dictionary_chunk(&got, 1, &at, NULL);
        }
        lede_dictionary_get(damaged, model_below(&random, 70), &got, NULL);
        if (lede_dictionary_cursor_init(&cursor, damaged, NULL) == LEDE_OK) {
            while (lede_dictionary_cursor_next(&cursor, &got, NULL) ==
                   LEDE_OK) {
                lede_dictionary_chunk(&got, 0, &at, NULL);
            }
        }
        free(bytes);
    }
}

static void test_index__bears_any_damage(void **state)
{
    const fixture *made = *state;
    model_random random = {14};
    lede_span sound = lede_buf_span(&made->index);
    lede_dictionary dictionary;
    uint32_t round, i, block;

    for (round = 0; round < 500; round++) {
        uint8_t *bytes = malloc(sound.len);

        assert_non_null(bytes);
        memcpy(bytes, sound.bytes, sound.len);
        for (i = 0; i < 20; i++) {
            bytes[model_below(&random, (uint32_t)sound.len)] =
                (uint8_t)model_next(&random);
        }
        bytes[model_below(&random, 8)] ^= (uint8_t)(round % 3 == 0 ? 1 : 0);
        if (lede_dictionary_open(lede_span_of(bytes, sound.len), &dictionary,
                                 NULL) == LEDE_OK) {
            for (i = 0; i < made->count; i += 17) {
                lede_span term =
                    lede_span_of(made->terms[i].bytes, made->terms[i].len);

                assert_true(
                    lede_dictionary_find_block(&dictionary, term, &block));
                assert_true(block < dictionary.block_count);
                lede_dictionary_block_at(&dictionary, block);
            }
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dictionary__finds_each_term),
        cmocka_unit_test(test_dictionary__finds_nothing_else),
        cmocka_unit_test(test_dictionary__walks_all_terms_in_order),
        cmocka_unit_test(test_dictionary__may_be_empty),
        cmocka_unit_test(test_dictionary__finds_blocks_of_many_terms_at_once),
        cmocka_unit_test(test_dictionary__bears_any_damage),
        cmocka_unit_test(test_index__bears_any_damage),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
