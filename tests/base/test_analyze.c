/* The promises of base/analyze.h: the tables of docs/TOKENS.md line by line,
 * the fast path against the slow one, invariants on all of Unicode. */
#include "tests/support/check.h"

#include <unistr.h>
#include <uniwbrk.h>

#include "base/analyze_private.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "tests/support/tokens.h"

static int set_up(void **state)
{
    static tokens_analyzers all;

    tokens_analyzers_init(&all);
    *state = &all;
    return 0;
}

static int tear_down(void **state)
{
    tokens_analyzers_done(*state);
    return 0;
}

/* --- docs/TOKENS.md ------------------------------------------------------ */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text;
    size_t len;

    assert_non_null(file);
    text = calloc(1, 1 << 20);
    assert_non_null(text);
    len = fread(text, 1, (1 << 20) - 1, file);
    assert_true(len > 0);
    fclose(file);
    return text;
}

/* Takes the text between the next two backticks of *line; false if none. */
static bool take_quoted(char **line, char **out)
{
    char *begin = strchr(*line, '`');
    char *end = begin == NULL ? NULL : strchr(begin + 1, '`');

    if (end == NULL) {
        return false;
    }
    *end = '\0';
    *out = begin + 1;
    *line = end + 1;
    return true;
}

/* Replaces \u{HEX} by the character, in place. */
static void unescape(char *text)
{
    char *to = text;

    while (*text != '\0') {
        if (strncmp(text, "\\u{", 3) == 0) {
            char *end;
            unsigned long code = strtoul(text + 3, &end, 16);

            assert_true(*end == '}');
            to += lede_utf8_encode((uint8_t *)to, (uint32_t)code);
            text = end + 1;
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
}

/* Writes tokens as the document does; checks their positions. */
static void describe(lede_analyzer *analyzer, lede_span text, lede_buf *out)
{
    static const char *const marks[] = {"", "^", "^^"};
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t position = 0;

    lede_tokenizer_init(&tokenizer, analyzer, text);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        assert_int_equal(token.position, position);
        lede_buf_put_format(out, "%s%s%.*s", out->len > 0 ? " " : "",
                            marks[token.letter_case], (int)token.word.len,
                            (const char *)token.word.bytes);
        if (token.width > 1) {
            lede_buf_put_format(out, "/%u", token.width);
        } else {
            position++;
        }
    }
    assert_int_equal(lede_tokenizer_end_position(&tokenizer), position);
}

static void check_example(tokens_analyzers *f, char *text, char *words)
{
    lede_buf fast = {0};
    lede_buf slow = {0};

    unescape(text);
    unescape(words);
    describe(f->fast, lede_span_text(text), &fast);
    describe(f->slow, lede_span_text(text), &slow);
    if (!lede_span_is(lede_buf_span(&fast), words)) {
        print_error("\"%s\"\n  gives %s\n  not   %s\n", text,
                    lede_buf_text(&fast), words);
        fail();
    }
    assert_string_equal(lede_buf_text(&slow), words);
    lede_buf_done(&fast);
    lede_buf_done(&slow);
}

static void check_language(lede_analyzer *analyzer, const char *line)
{
    unsigned number;
    char tag[8] = "";
    char algorithm[32] = "";

    if (sscanf(line, "| %u | %7[a-z] | %31[a-z] |", &number, tag, algorithm) !=
        3) {
        return;
    }
    assert_string_equal(lede_language_tag((lede_language)number), tag);
    assert_int_equal(lede_language_of(lede_span_text(tag), 0), number);
    /* The stemmer is there. */
    assert_true(lede_analyzer_stem(analyzer, (lede_language)number,
                                   lede_span_text("abc"))
                    .len > 0);
}

static void check_stem(lede_analyzer *analyzer, char *line)
{
    char tag[8] = "";
    char *word;
    char *stem;

    assert_int_equal(sscanf(line, "| %7[a-z] |", tag), 1);
    if (take_quoted(&line, &word) && take_quoted(&line, &stem)) {
        lede_language language = lede_language_of(lede_span_text(tag), 0);

        assert_span(
            lede_analyzer_stem(analyzer, language, lede_span_text(word)), stem);
    }
}

static void test_analyze__does_what_the_document_says(void **state)
{
    tokens_analyzers *f = *state;
    char *document = read_file(LEDE_SOURCE_DIR "/docs/TOKENS.md");
    char *rest = NULL;
    char *line;
    unsigned examples = 0;
    unsigned stems = 0;
    unsigned languages = 0;
    char *text;
    char *words;

    for (line = strtok_r(document, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (line[0] != '|') {
            continue;
        }
        if (line[2] == '`') {
            assert_true(take_quoted(&line, &text));
            assert_true(take_quoted(&line, &words));
            check_example(f, text, words);
            examples++;
        } else if (strchr(line, '`') != NULL) {
            check_stem(f->fast, line);
            stems++;
        } else if (line[2] >= '0' && line[2] <= '9') {
            check_language(f->fast, line);
            languages++;
        }
    }
    assert_true(examples >= 60);
    assert_true(stems >= 7);
    assert_int_equal(languages, LEDE_LANGUAGE_COUNT);
    free(document);
}

/* --- Invariants ----------------------------------------------------------- */

static void test_analyze__every_character_alone_and_in_pairs(void **state)
{
    tokens_analyzers *f = *state;
    uint32_t code;

    for (code = 1; code < 0x110000; code += code < 0x20000 ? 1 : 13) {
        static const char *const frames[][2] = {
            {"", ""}, {"a", "b"}, {"1", "2"}, {"x-", ""}};
        size_t i;

        for (i = 0; i < sizeof frames / sizeof frames[0]; i++) {
            uint8_t bytes[32];
            size_t len = strlen(frames[i][0]);

            memcpy(bytes, frames[i][0], len);
            len += lede_utf8_encode(bytes + len, code);
            len += lede_utf8_encode(bytes + len, code);
            memcpy(bytes + len, frames[i][1], strlen(frames[i][1]));
            len += strlen(frames[i][1]);
            tokens_check(f, lede_span_of(bytes, len));
        }
    }
}

static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(uint32_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

static void test_analyze__random_text_keeps_the_invariants(void **state)
{
    static const char *const pieces[] = {
        "a",      "B",      "z",      "S",      "s",      "'",      "\u2019",
        "-",      "\u2013", "&",      "_",      ".",      ",",      " ",
        "1",      "23",     "456",    "+",      "#",      "++",     "\n",
        "\u00AD", "\u200B", "\u0301", "\u0306", "и",      "É",      "ß",
        "日",     "ガ",     "ｶ",      "ﾞ",      "한",     "\u1100", "\u1161",
        "\u11A8", "ไ",      "ย",      "\u0E49", "\u0E33", "\"",     "ש",
        "\u05F4", "م",      "\u0640", "\u064F", "\xFF",   "\xC3",   "😀",
        "\u200D", "हि",     "न्दी",    "\u0345", "\u00B7", "l",      "word",
        "U.S.",   "//",     "@",      "\u3131", "\u314F", "\uFDFA", "\u037A",
        "ŉ"};
    tokens_analyzers *f = *state;
    unsigned round;

    for (round = 0; round < 60000; round++) {
        lede_buf text = {0};
        uint32_t count = random_below(24);

        while (count-- > 0) {
            lede_buf_put_text(
                &text, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
        }
        tokens_check(f, lede_buf_span(&text));
        lede_buf_done(&text);
    }
}

static void test_analyze__long_words_are_cut_at_characters(void **state)
{
    static const char *const units[] = {
        "a",  "é",  "И",      "日",      "9",
        "ß",  "1,", "1.",     "a\u0E49", "ไ\u0E49\u0E49",
        "x-", "A.", "\uFDFA", "𝒜"};
    tokens_analyzers *f = *state;
    size_t i;
    unsigned count;

    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        for (count = 60; count < 420; count += 1 + count / 16) {
            lede_buf text = {0};
            unsigned j;

            for (j = 0; j < count; j++) {
                lede_buf_put_text(&text, units[i]);
            }
            tokens_check(f, lede_buf_span(&text));
            lede_buf_put_text(&text, "7");
            tokens_check(f, lede_buf_span(&text));
            lede_buf_done(&text);
        }
    }
}

/* Where lede makes no decision of its own, words are libunistring's. */
static void test_analyze__words_are_those_of_uax29(void **state)
{
    static const char *const pieces[] = {
        "a",      "Q", "é", "ж",      "ש",      "ع",      "7", "٣",
        " ",      "(", "!", "/",      "\u0301", "\u0651", "€", "=",
        "\u2014", "ա", "क", "\u093F", "ǅ",      "\t",     "ზ", "𐐀"};
    tokens_analyzers *f = *state;
    unsigned round;

    for (round = 0; round < 20000; round++) {
        lede_buf text = {0};
        uint32_t count = 1 + random_below(20);
        char breaks[256];
        lede_tokenizer tokenizer;
        lede_token token;
        size_t at = 0;

        while (count-- > 0) {
            lede_buf_put_text(
                &text, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
        }
        u8_wordbreaks(text.bytes, text.len, breaks);
        lede_tokenizer_init(&tokenizer, f->fast, lede_buf_span(&text));
        while (at < text.len) {
            size_t end = at + 1;
            uint32_t code;
            lede_char_class class;

            while (end < text.len && !breaks[end]) {
                end++;
            }
            lede_utf8_decode(text.bytes + at, text.bytes + text.len, &code);
            class = lede_char_class_of(code);
            if (class == LEDE_CHAR_LETTER || class == LEDE_CHAR_DIGIT) {
                assert_true(lede_tokenizer_next(&tokenizer, &token));
                assert_int_equal(token.begin, at);
                assert_int_equal(token.end, end);
            }
            at = end;
        }
        assert_false(lede_tokenizer_next(&tokenizer, &token));
        lede_buf_done(&text);
    }
}

/* ASCII words of all lengths about sixteen, and what may stand behind them,
 * with and without sixteen bytes after them. */
static void test_analyze__ascii_words_are_the_same_on_both_paths(void **state)
{
    static const char chars[] = "azAZ09mMbB";
    static const char behind[] = " .,;'-_&#+`/@[{\x7f\t\x01";
    tokens_analyzers *f = *state;
    char text[64];
    unsigned len, end, variant, i;

    for (len = 1; len <= 20; len++) {
        for (end = 0; end < sizeof behind; end++) { /* NUL is a byte too */
            for (variant = 0; variant < 40; variant++) {
                for (i = 0; i < len; i++) {
                    text[i] = chars[(variant * 7 + i * (variant % 3)) % 10];
                }
                text[len] = behind[end];
                memset(text + len + 1, variant % 2 == 0 ? ' ' : 'x', 17);
                tokens_check(f, lede_span_of(text, len));
                tokens_check(f, lede_span_of(text, len + 1));
                tokens_check(f, lede_span_of(text, len + 18));
            }
        }
    }
}

static void test_analyze__real_text_is_the_same_on_both_paths(void **state)
{
    tokens_analyzers *f = *state;
    const char *path = TEST_DATA("seed/000_b9efb1aebfcbfe1b.txt");
    char *text;

    skip_without_data(path);
    text = read_file(path);
    tokens_check(f, lede_span_text(text));
    free(text);
}

/* --- Stems and languages ---------------------------------------------------
 */

static void test_stem__is_remembered_until_cleared(void **state)
{
    tokens_analyzers *f = *state;
    lede_span first =
        lede_analyzer_stem(f->fast, 1, lede_span_text("minister"));
    lede_span again;
    unsigned i;

    for (i = 0; i < 5000; i++) {
        char word[16];

        snprintf(word, sizeof word, "%c%c%cing", 'a' + i % 26,
                 'a' + i / 26 % 26, 'a' + i / 676);
        assert_true(lede_analyzer_stem(f->fast, 1, lede_span_text(word)).len >
                    0);
    }
    again = lede_analyzer_stem(f->fast, 1, lede_span_text("minister"));
    assert_ptr_equal(first.bytes, again.bytes);
    assert_span(again, "minist");
    assert_span(lede_analyzer_stem(f->fast, 0, lede_span_text("minister")),
                "minister");
    assert_true(lede_analyzer_stems_bytes(f->fast) > 5000 * 6);
    lede_analyzer_clear_stems(f->fast);
    assert_true(lede_analyzer_stems_bytes(f->fast) < 2 << 20);
    assert_span(lede_analyzer_stem(f->fast, 1, lede_span_text("ministers")),
                "minist");
    assert_span(lede_analyzer_stem(f->fast, 1, lede_span_text("happy")),
                "happi"); /* no beginning of its word */
    assert_false(lede_analyzer_failed(f->fast));
}

static void test_language__is_known_by_its_tag(void **state)
{
    static const char *const real[] = {"en",  "EN-gb",  "pt-BR", "zh-Hans-TW",
                                       "ja",  "uk",     "pcm",   "deu",
                                       "ger", "sr-Latn"};
    static const char *const unreal[] = {
        "",      "e",   "xx",    "english", "en-",          "-en", "en--GB",
        "en_GB", "qqq", "e\x01", "en-\x11", "en-abcdefghi", "und"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof real / sizeof *real; i++) {
        assert_true(lede_language_exists(lede_span_text(real[i])));
    }
    for (i = 0; i < sizeof unreal / sizeof *unreal; i++) {
        assert_false(lede_language_exists(lede_span_text(unreal[i])));
    }
    for (i = 1; i < LEDE_LANGUAGE_COUNT; i++) {
        assert_true(lede_language_exists(
            lede_span_text(lede_language_tag((lede_language)i))));
    }
    assert_int_equal(lede_language_of(lede_span_text("EN-gb"), 0), 1);
    assert_int_equal(lede_language_of(lede_span_text("eng"), 0), 1);
    assert_string_equal(
        lede_language_tag(lede_language_of(lede_span_text("pt_BR"), 0)), "pt");
    assert_string_equal(
        lede_language_tag(lede_language_of(lede_span_text("nb"), 0)), "no");
    assert_string_equal(
        lede_language_tag(lede_language_of(lede_span_text("ger"), 0)), "de");
    assert_int_equal(lede_language_of(lede_span_text(""), 7), 7);
    assert_int_equal(lede_language_of(lede_span_text("zh"), 7), 0);
    assert_int_equal(lede_language_of(lede_span_text("e"), 7), 0);
    assert_int_equal(lede_language_of(lede_span_text("en1"), 7), 0);
    assert_int_equal(lede_language_of(lede_span_text("english"), 7), 0);
    assert_string_equal(lede_language_tag(200), "");
}

/* --- Folding whole texts ----------------------------------------------------
 */

static void check_fold(const char *text, bool strip, const char *wanted)
{
    lede_buf once = {0};
    lede_buf twice = {0};

    lede_fold_text(lede_span_text(text), strip, &once);
    assert_span(lede_buf_span(&once), wanted);
    lede_fold_text(lede_buf_span(&once), strip, &twice);
    assert_span(lede_buf_span(&twice), wanted);
    lede_buf_done(&once);
    lede_buf_done(&twice);
}

static void test_fold__texts_compare(void **state)
{
    (void)state;
    check_fold("  “Erdoğan’s” — plan:  a  cease‑fire!  ", true,
               "erdogan's plan a cease-fire");
    check_fold("  “Erdoğan’s” — plan:  a  cease‑fire!  ", false,
               "erdoğan's plan a cease-fire");
    check_fold("Cafe\u0301 Straße 1,000.5 AT&T", false,
               "café strasse 1,000.5 at&t");
    check_fold("О войне й", true, "о войне й");
    check_fold("日本、 東京", true, "日本 東京");
    check_fold("", true, "");
    check_fold(" -- ", true, "");
    check_fold("a - b", true, "a b");
    check_fold("co\u00ADop \uFDFA", true,
               "coop \u0635\u0644\u0649\u0627\u0644\u0644\u0647"
               "\u0639\u0644\u064A\u0647\u0648\u0633\u0644\u0645");
}

static void test_fold__twice_is_once(void **state)
{
    uint32_t code;

    (void)state;
    for (code = 1; code<0x30000; code += code> 0x3400 ? 7 : 1) {
        uint8_t bytes[32] = "a";
        size_t len = 1;
        int strip;

        len += lede_utf8_encode(bytes + len, code);
        bytes[len++] = '-';
        len += lede_utf8_encode(bytes + len, code);
        bytes[len++] = '1';
        len += lede_utf8_encode(bytes + len, code);
        for (strip = 0; strip < 2; strip++) {
            lede_buf once = {0};
            lede_buf twice = {0};

            lede_fold_text(lede_span_of(bytes, len), strip, &once);
            lede_fold_text(lede_buf_span(&once), strip, &twice);
            if (!lede_span_equal(lede_buf_span(&once), lede_buf_span(&twice))) {
                print_error("U+%04X: %s, then %s\n", code, lede_buf_text(&once),
                            lede_buf_text(&twice));
                fail();
            }
            lede_buf_done(&once);
            lede_buf_done(&twice);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_analyze__does_what_the_document_says),
        cmocka_unit_test(test_analyze__every_character_alone_and_in_pairs),
        cmocka_unit_test(test_analyze__random_text_keeps_the_invariants),
        cmocka_unit_test(test_analyze__long_words_are_cut_at_characters),
        cmocka_unit_test(test_analyze__words_are_those_of_uax29),
        cmocka_unit_test(test_analyze__ascii_words_are_the_same_on_both_paths),
        cmocka_unit_test(test_analyze__real_text_is_the_same_on_both_paths),
        cmocka_unit_test(test_stem__is_remembered_until_cleared),
        cmocka_unit_test(test_language__is_known_by_its_tag),
        cmocka_unit_test(test_fold__texts_compare),
        cmocka_unit_test(test_fold__twice_is_once),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
