/* How names/ cuts text into words. */
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

#include "names/word_memo.h"
#include "names/words.h"

enum { MAX_WORDS = 64 };

/* The words of a text with bars between. */
static const char *cut(const char *text)
{
    static char out[1024];
    lede_word words[MAX_WORDS];
    size_t at = 0;
    size_t len = 0;
    size_t count =
        lede_words_read(lede_span_text(text), 0, &at, words, MAX_WORDS);
    size_t i;

    for (i = 0; i < count; i++) {
        size_t bytes = words[i].end - words[i].begin;

        if (i > 0) {
            out[len++] = '|';
        }
        memcpy(out + len, text + words[i].begin, bytes);
        len += bytes;
    }
    out[len] = '\0';
    return out;
}

static lede_word word_of(const char *text, size_t number)
{
    lede_word words[MAX_WORDS];
    size_t at = 0;
    size_t count =
        lede_words_read(lede_span_text(text), 0, &at, words, MAX_WORDS);

    assert_true(number < count);
    return words[number];
}

static void test_words__punctuation_is_a_word(void **state)
{
    (void)state;
    assert_string_equal(cut("Ferries, late again!"), "Ferries|,|late|again|!");
    assert_string_equal(cut("\"Go\" -- she said..."),
                        "\"|Go|\"|--|she|said|...");
    assert_string_equal(cut(""), "");
    assert_string_equal(cut(" \n\t"), "");
}

static void test_words__possessives_are_cut_off(void **state)
{
    (void)state;
    assert_string_equal(cut("Skarholm's pilots"), "Skarholm|'s|pilots");
    assert_string_equal(cut("Skarholm\u2019s pilots"),
                        "Skarholm|\u2019s|pilots");
    assert_string_equal(cut("the pilots' boat"), "the|pilots|'|boat");
    assert_int_equal(word_of("Ellery's", 1).low,
                     word_of("Ellery\u2019s", 1).low);
}

static void test_words__names_stay_whole(void **state)
{
    (void)state;
    assert_string_equal(cut("O'Brien, O\u2019Dowd and al-Assad"),
                        "O'Brien|,|O\u2019Dowd|and|al-Assad");
    assert_string_equal(cut("Jean-Luc d'Arcy of AT&T"),
                        "Jean-Luc|d'Arcy|of|AT&T");
    assert_int_equal(word_of("O'Brien", 0).low, word_of("O\u2019Brien", 0).low);
}

static void test_words__full_stops_of_abbreviations_stay(void **state)
{
    (void)state;
    assert_string_equal(cut("Mr. J. R. Vane of the U.S. Navy."),
                        "Mr.|J.|R.|Vane|of|the|U.S.|Navy|.");
    assert_int_equal(word_of("Mr. Vane", 0).low, word_of("Mr Vane", 0).low);
    assert_string_equal(cut("It ended.Then 1.5 m"), "It|ended|.|Then|1.5|m");
}

static void test_words__shapes(void **state)
{
    static const struct {
        const char *text;
        lede_word_shape shape;
    } cases[] = {
        {"pier", LEDE_SHAPE_LOWER},
        {"Pier", LEDE_SHAPE_CAPITAL},
        {"PIER", LEDE_SHAPE_UPPER},
        {"P", LEDE_SHAPE_LETTER},
        {"P.", LEDE_SHAPE_INITIAL},
        {"U.N.", LEDE_SHAPE_DOTTED},
        {"McVane", LEDE_SHAPE_MIXED},
        {"Smith-Jones", LEDE_SHAPE_HYPHEN},
        {"Oslo-based", LEDE_SHAPE_TAILED},
        {"al-Bashir", LEDE_SHAPE_INNER},
        {"3rd", LEDE_SHAPE_DIGIT},
        {"\u00c9lys\u00e9e", LEDE_SHAPE_CAPITAL},
        {"\u041e\u0441\u043b\u043e", LEDE_SHAPE_CAPITAL},
        {";", LEDE_SHAPE_PUNCT},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(word_of(cases[i].text, 0).shape, cases[i].shape);
    }
    assert_int_equal(word_of("\u00c9LYS\u00c9E", 0).low,
                     word_of("\u00e9lys\u00e9e", 0).low);
}

static void test_words__sentences_begin_behind_stops_and_quotes(void **state)
{
    (void)state;
    assert_true(word_of("Late. Again", 2).flags & LEDE_WORD_SENTENCE_START);
    assert_true(word_of("\"Late\" is it", 1).flags & LEDE_WORD_SENTENCE_START);
    assert_false(word_of("Mr. Vane", 1).flags & LEDE_WORD_SENTENCE_START);
    assert_false(word_of("so, Vane", 2).flags & LEDE_WORD_SENTENCE_START);
    assert_true(word_of("late\nVane", 1).flags & LEDE_WORD_LINE_START);
}

static void test_words__lines_of_capitals_are_marked(void **state)
{
    lede_word words[MAX_WORDS];
    size_t at = 0;
    size_t count = lede_words_read(
        lede_span_text("WHALE COMES HOME\nThe Carved Whale Comes Home\n"
                       "It came home on Friday."),
        0, &at, words, MAX_WORDS);

    (void)state;
    lede_words_mark_lines(words, count);
    assert_true(words[1].flags & LEDE_WORD_SHOUTED);
    assert_true(words[4].flags & LEDE_WORD_TITLED);
    assert_false(words[count - 2].flags &
                 (LEDE_WORD_TITLED | LEDE_WORD_SHOUTED));
}

/* However small the portions, the same words come. */
static void test_words__portions_do_not_matter(void **state)
{
    static const char text[] =
        "Dr. A. Vane\u2019s boat \xFF\xFE sank -- twice. \u201cNo,\u201d said "
        "al-Amin of St. Osyth's.";
    lede_word all[MAX_WORDS];
    size_t at = 0;
    size_t count = lede_words_read(lede_span_of(text, sizeof text - 1), 0, &at,
                                   all, MAX_WORDS);
    size_t i;

    (void)state;
    at = 0;
    for (i = 0; i < count; i++) {
        lede_word one;

        assert_int_equal(lede_words_read(lede_span_of(text, sizeof text - 1), 0,
                                         &at, &one, 1),
                         1);
        assert_int_equal(one.begin, all[i].begin);
        assert_int_equal(one.end, all[i].end);
        assert_int_equal(one.low, all[i].low);
        assert_int_equal(one.shape, all[i].shape);
    }
}

/* Most words take a short way: behind a no-break space instead of a blank,
 * which is no byte of ASCII, all of them take the long one. */
static void test_words__the_short_way_ends_where_the_long_one_does(void **state)
{
    static const char pieces[][8] = {"a",  "I",  "mr", "Dr", "no", "Li", "xY",
                                     "ab", "Ab", "'s", "'",  "-",  ".",  ",",
                                     ";",  "&",  "7",  "é",  "St", " ",  "U."};
    uint64_t seed = 88172645463325252u;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        char plain[128] = "";
        char high[192] = "";
        lede_word a[MAX_WORDS];
        lede_word b[MAX_WORDS];
        size_t at_a = 0;
        size_t at_b = 0;
        size_t count;
        size_t i;
        int n;

        for (n = 0; n < 8; n++) {
            const char *piece;

            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            piece = pieces[(seed >> 20) % (sizeof pieces / sizeof pieces[0])];
            strcat(plain, piece);
            strcat(high, piece[0] == ' ' ? "\u00A0" : piece);
        }
        strcat(high, "\u00A0");
        count = lede_words_read(lede_span_text(plain), 0, &at_a, a, MAX_WORDS);
        assert_int_equal(
            lede_words_read(lede_span_text(high), 0, &at_b, b, MAX_WORDS),
            count);
        for (i = 0; i < count; i++) {
            assert_int_equal(a[i].low, b[i].low);
            assert_int_equal(a[i].shape, b[i].shape);
            assert_int_equal(a[i].flags, b[i].flags);
            assert_int_equal(a[i].end - a[i].begin, b[i].end - b[i].begin);
        }
    }
}

/* What a memory tells of words is what they are without one. */
static void test_words__are_recalled_as_they_are_read(void **state)
{
    static const char *const pieces[] = {"the ",
                                         "of ",
                                         "said",
                                         "Mr. ",
                                         "no. ",
                                         "No.",
                                         "sept.",
                                         " ",
                                         "\n",
                                         "Oslo",
                                         "oslo ",
                                         "'s ",
                                         "a",
                                         "I",
                                         "U.S. ",
                                         "well-",
                                         "been ",
                                         "(in",
                                         ") ",
                                         "\"but\" ",
                                         "3.5 ",
                                         "Dublin, ",
                                         "counterpart ",
                                         "internationally ",
                                         "institutionalised ",
                                         "\u00e9t\u00e9 ",
                                         "republic ",
                                         "x",
                                         "; ",
                                         "Jan ",
                                         "Corp ",
                                         "\u2019s "};
    enum { COUNT = sizeof pieces / sizeof pieces[0], MOST = 1024 };
    static lede_word a[MOST];
    static lede_word b[MOST];
    lede_word_memo *memo = calloc(1, sizeof *memo);
    static lede_name_model model;
    static uint8_t filter[16 * LEDE_FILTER_LINE_BYTES];
    uint64_t seed = 88172645463325252u;
    int round;

    (void)state;
    assert_non_null(memo);
    lede_lists_init(&model.lists);
    for (round = 0; round < (int)sizeof filter; round++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        filter[round] = (uint8_t)(seed >> 32 | seed >> 40);
    }
    model.filter = filter;
    model.line_mask = 15;
    memo->model = &model;
    for (round = 0; round < 2000; round++) {
        char text[2048] = "";
        size_t at_a = 0;
        size_t at_b = 0;
        size_t count;
        size_t i;
        int n;

        for (n = 0; n < 160; n++) {
            char word[8] = "Abcde ";

            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            word[0] = (char)((seed >> 50 & 1 ? 'a' : 'A') + seed % 26);
            word[1] = (char)('a' + (seed >> 8) % 26);
            word[3] = (char)('a' + (seed >> 16) % 26);
            /* Every other text has more plain words in a row, and more of them,
             * than are held. */
            strcat(text, round % 2 == 0 ? word
                         : n < 40       ? pieces[(seed >> 20) % COUNT]
                                        : "");
        }
        count = lede_words_read(lede_span_text(text), 7, &at_a, a, MOST);
        lede_lists_mark(&model.lists, a, count);
        lede_words_mark_lines(a, count);
        assert_int_equal(
            lede_words_recall(lede_span_text(text), 7, &at_b, memo, b, MOST),
            count);
        assert_int_equal(at_a, at_b);
        for (i = 0; i < count; i++) {
            assert_int_equal(a[i].begin, b[i].begin);
            assert_int_equal(a[i].end, b[i].end);
            assert_int_equal(b[i].text, 7);
            assert_int_equal(a[i].low, b[i].low);
            assert_int_equal(a[i].shape, b[i].shape);
            assert_int_equal(a[i].flags, b[i].flags & ~LEDE_WORD_RECALLED);
            assert_int_equal(a[i].classes, b[i].classes);
            assert_int_equal(a[i].hints, b[i].hints);
            if ((b[i].flags & LEDE_WORD_RECALLED) != 0 &&
                (b[i].flags & LEDE_WORD_CAPITAL) != 0) {
                assert_int_equal(
                    b[i].filtered,
                    lede_filter_get(filter, 15, lede_phrase_hash(0, a[i].low)));
            }
        }
    }
    free(memo);
}

static void test_lists__words_have_their_classes(void **state)
{
    static lede_lists lists;
    uint32_t phrase = 0;

    (void)state;
    lede_lists_init(&lists);
    phrase = lede_phrase_hash(phrase, lede_word_hash(lede_span_text("new")));
    phrase =
        lede_phrase_hash(phrase, lede_word_hash(lede_span_text("zealand")));
    assert_true(lede_lists_get(&lists, phrase) & LEDE_CLASS_COUNTRY);
    phrase = lede_phrase_hash(0, lede_word_hash(lede_span_text("zealand")));
    assert_false(lede_lists_get(&lists, phrase) & LEDE_CLASS_COUNTRY);
    phrase = lede_phrase_hash(0, lede_word_hash(lede_span_text("mr")));
    assert_true(lede_lists_get(&lists, phrase) & LEDE_CLASS_HONORIFIC);
    phrase = lede_phrase_hash(0, lede_word_hash(lede_span_text("qwxz")));
    assert_int_equal(lede_lists_get(&lists, phrase), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words__punctuation_is_a_word),
        cmocka_unit_test(test_words__possessives_are_cut_off),
        cmocka_unit_test(test_words__names_stay_whole),
        cmocka_unit_test(test_words__full_stops_of_abbreviations_stay),
        cmocka_unit_test(test_words__shapes),
        cmocka_unit_test(test_words__sentences_begin_behind_stops_and_quotes),
        cmocka_unit_test(test_words__lines_of_capitals_are_marked),
        cmocka_unit_test(test_words__portions_do_not_matter),
        cmocka_unit_test(
            test_words__the_short_way_ends_where_the_long_one_does),
        cmocka_unit_test(test_words__are_recalled_as_they_are_read),
        cmocka_unit_test(test_lists__words_have_their_classes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
