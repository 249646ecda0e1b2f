/* The words whose pairs a segment keeps, and the names of pairs. */
#include "storage/pair_words.h"
#include "tests/support/check.h"

static lede_error err;

static void encode(const char *const *texts, uint32_t count, lede_buf *out)
{
    lede_span words[8];
    uint32_t i;

    assert_in_range(count, 1, 8);
    for (i = 0; i < count; i++) {
        words[i] = lede_span_text(texts[i]);
    }
    lede_buf_clear(out);
    lede_pair_words_encode(words, count, out);
    assert_false(out->failed);
}

static void test_pair_words__come_back_and_are_found(void **state)
{
    static const char *const texts[] = {"a", "ab", "b", "caf\xc3\xa9", "the"};
    lede_pair_words words;
    lede_buf bytes = {0};
    uint32_t i;

    (void)state;
    encode(texts, 5, &bytes);
    assert_ok(lede_pair_words_decode(lede_buf_span(&bytes), &words, &err));
    assert_int_equal(words.count, 5);
    assert_true(lede_span_equal(words.bytes, lede_buf_span(&bytes)));
    for (i = 0; i < 5; i++) {
        assert_int_equal(lede_pair_words_find(&words, lede_span_text(texts[i])),
                         i + 1);
    }
    assert_int_equal(lede_pair_words_find(&words, lede_span_text("")), 0);
    assert_int_equal(lede_pair_words_find(&words, lede_span_text("aa")), 0);
    assert_int_equal(lede_pair_words_find(&words, lede_span_text("then")), 0);
    lede_buf_done(&bytes);
}

static void test_pair_words__disorder_and_damage_are_told(void **state)
{
    static const char *const falling[] = {"b", "a"};
    static const char *const twice[] = {"a", "a"};
    static const char *const good[] = {"a", "bc", "the"};
    lede_pair_words words;
    lede_buf bytes = {0};
    size_t i;

    (void)state;
    encode(falling, 2, &bytes);
    assert_status(lede_pair_words_decode(lede_buf_span(&bytes), &words, &err),
                  LEDE_CORRUPT);
    encode(twice, 2, &bytes);
    assert_status(lede_pair_words_decode(lede_buf_span(&bytes), &words, &err),
                  LEDE_CORRUPT);
    encode(good, 3, &bytes);
    for (i = 0; i < bytes.len; i++) {
        assert_status(
            lede_pair_words_decode(lede_span_of(bytes.bytes, i), &words, &err),
            LEDE_CORRUPT);
    }
    lede_buf_put_byte(&bytes, 0);
    assert_status(lede_pair_words_decode(lede_buf_span(&bytes), &words, &err),
                  LEDE_CORRUPT);
    bytes.len--;
    for (i = 0; i < bytes.len; i++) {
        unsigned bit;

        for (bit = 0; bit < 8; bit++) {
            uint32_t k;

            bytes.bytes[i] ^= (uint8_t)(1u << bit);
            words.count = 0;
            if (lede_pair_words_decode(lede_buf_span(&bytes), &words, &err) ==
                LEDE_OK) {
                for (k = 1; k < words.count; k++) {
                    assert_true(lede_span_compare(words.words[k - 1],
                                                  words.words[k]) < 0);
                }
            }
            bytes.bytes[i] ^= (uint8_t)(1u << bit);
        }
    }
    lede_buf_done(&bytes);
}

static void test_pair_words__pairs_have_names_of_their_own(void **state)
{
    static const char *const texts[] = {"of", "the", "theatre"};
    uint8_t name[LEDE_PAIR_TERM_BYTES];
    lede_pair_words words;
    lede_buf bytes = {0};
    lede_span term;

    (void)state;
    encode(texts, 3, &bytes);
    assert_ok(lede_pair_words_decode(lede_buf_span(&bytes), &words, &err));
    term = lede_pair_term(words.words[0], words.words[1], name);
    assert_true(lede_span_is(term, "Pof the"));
    assert_true(lede_term_is_pair(term));
    assert_true(lede_pair_words_have(&words, term));
    assert_false(lede_term_is_pair(lede_span_text("of")));
    assert_false(lede_term_is_pair(lede_span_text("XPof")));
    assert_false(lede_pair_words_have(&words, lede_span_text("Pof")));
    assert_false(lede_pair_words_have(&words, lede_span_text("Pof ")));
    assert_false(lede_pair_words_have(&words, lede_span_text("P the")));
    assert_false(lede_pair_words_have(&words, lede_span_text("Pof then")));
    assert_false(lede_pair_words_have(&words, lede_span_text("Pof the the")));
    assert_false(lede_pair_words_have(&words, lede_span_text("Xof the")));
    lede_buf_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pair_words__come_back_and_are_found),
        cmocka_unit_test(test_pair_words__disorder_and_damage_are_told),
        cmocka_unit_test(test_pair_words__pairs_have_names_of_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
