#include "tests/support/check.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/json.h"
#include "corpus/json_scan.h"
#include "tests/corpus/pack.h"

static lede_status put_token(lede_buf *out, const lede_json_token *token)
{
    switch (token->type) {
    case LEDE_JSON_OBJECT:
        lede_buf_put_byte(out, '{');
        break;
    case LEDE_JSON_OBJECT_END:
        lede_buf_put_byte(out, '}');
        break;
    case LEDE_JSON_ARRAY:
        lede_buf_put_byte(out, '[');
        break;
    case LEDE_JSON_ARRAY_END:
        lede_buf_put_byte(out, ']');
        break;
    case LEDE_JSON_KEY:
    case LEDE_JSON_STRING:
        lede_buf_put_byte(out, '\'');
        lede_buf_put_span(out, token->text);
        lede_buf_put_text(out, token->type == LEDE_JSON_KEY ? "':" : "' ");
        break;
    case LEDE_JSON_NUMBER:
        lede_buf_put_span(out, token->text);
        lede_buf_put_byte(out, ' ');
        break;
    case LEDE_JSON_TRUE:
        lede_buf_put_text(out, "T ");
        break;
    case LEDE_JSON_FALSE:
        lede_buf_put_text(out, "F ");
        break;
    case LEDE_JSON_NULL:
        lede_buf_put_text(out, "N ");
        break;
    }
    return LEDE_OK;
}

/* Reads all tokens as text; the final status is returned. */
static lede_status read_all(lede_json *json, lede_span text, lede_buf *out,
                            lede_error *err)
{
    lede_json_token token;
    lede_status status;

    lede_buf_clear(out);
    lede_json_begin(json, text);
    while ((status = lede_json_next(json, &token, err)) == LEDE_OK) {
        put_token(out, &token);
        assert_true(lede_json_position(json) <= text.len);
        assert_int_equal(lede_utf8_valid_prefix(token.text), token.text.len);
    }
    assert_int_equal(lede_json_next(json, &token, err), status);
    return status;
}

static void check_reads(const char *text, const char *wanted, bool cut)
{
    lede_json *json = lede_json_new();
    lede_error err = {0};
    lede_buf got = {0};

    assert_non_null(json);
    assert_status(read_all(json, lede_span_text(text), &got, &err), LEDE_END);
    assert_span(lede_buf_span(&got), wanted);
    assert_int_equal(lede_json_is_cut(json), cut);
    lede_json_free(json);
    lede_buf_done(&got);
}

static void check_rejects(const char *text)
{
    lede_json *json = lede_json_new();
    lede_error err = {0};
    lede_buf got = {0};

    assert_non_null(json);
    if (read_all(json, lede_span_text(text), &got, &err) != LEDE_BAD_INPUT) {
        fail_msg("accepted: %s", text);
    }
    assert_non_null(strstr(err.message, "bad JSON"));
    lede_json_free(json);
    lede_buf_done(&got);
}

static void test_json__what_the_standard_accepts(void **state)
{
    (void)state;
    check_reads("", "", false);
    check_reads(" \t\r\n", "", false);
    check_reads("{}", "{}", false);
    check_reads("[]", "[]", false);
    check_reads("null", "N ", false);
    check_reads(" true ", "T ", false);
    check_reads("\"\"", "'' ", false);
    check_reads("[1,-0,0.5,1e5,1E+2,-1.25e-3,0e0]",
                "[1 -0 0.5 1e5 1E+2 -1.25e-3 0e0 ]", false);
    check_reads("[true,false,null]", "[T F N ]", false);
    check_reads("{\"a\":1,\"b\":[{}],\"\":{\"c\":\"d\"}}",
                "{'a':1 'b':[{}]'':{'c':'d' }}", false);
    check_reads("{\"a\" : 1 ,\n\t\"a\" : 2}", "{'a':1 'a':2 }", false);
    check_reads("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "'\"\\/\b\f\n\r\t' ", false);
    check_reads("\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\"",
                "'A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80' ", false);
    check_reads("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\"",
                "'\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\x7F' ", false);
    check_reads("{\"a\":\"\\\\\"}", "{'a':'\\' }", false);
    check_reads("[\"a\\\\\\\"b\",\"c\"]", "['a\\\"b' 'c' ]", false);
}

static void test_json__what_the_standard_rejects(void **state)
{
    static const char *const texts[] = {
        "[1,,2]",      "[,1]",      "{,}",
        "[1 2]",       "{\"a\" 1}", "{\"a\":}",
        "{a:1}",       "{1:1}",     "{\"a\":1 \"b\":2}",
        "{'a':1}",     "['a']",     "[01]",
        "[1.]",        "[.5]",      "[+1]",
        "[1e]",        "[0x10]",    "[1a]",
        "[-]",         "[--1]",     "[tru]",
        "[nul l]",     "[True]",    "[}",
        "{]",          "{\"a\":1]", "]",
        "}",           "[1}",       "[\"a\",]]",
        "{\"a\":1,,}", "undefined", "<html>",
        "[-a]",        "{\"a\"}",   "{\"a\",1}",
        "[\"a\":1]",   "[1,2,3,x]", "\\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_rejects(texts[i]);
    }
}

static void test_json__what_pages_get_wrong(void **state)
{
    (void)state;
    check_reads("<![CDATA[ {\"a\":1} ]]>", "{'a':1 }", false);
    check_reads("//<![CDATA[\n{\"a\":1}\n//]]>", "{'a':1 }", false);
    check_reads("/*<![CDATA[*/{\"a\":[1]}/*]]>*/", "{'a':[1 ]}", false);
    check_reads("<!-- {\"a\":1} -->", "{'a':1 }", false);
    check_reads("\xEF\xBB\xBF{\"a\":1};", "{'a':1 }", false);
    check_reads("{/* one */\"a\":1, // two\n\"b\":2}", "{'a':1 'b':2 }", false);
    check_reads("{\"a\":\"x\ny\tz\x01\"}", "{'a':'x\ny\tz\x01' }", false);
    check_reads("{\"a\":[1,2,],}", "{'a':[1 2 ]}", false);
    check_reads("{\"a\":1}\n{\"b\":2} [3], 4;\"e\"",
                "{'a':1 }{'b':2 }[3 ]4 'e' ", false);
    check_reads("[NaN,Infinity,-Infinity]", "[N N N ]", false);
    check_reads("\"it\\'s \\x41 \\é\"", "'it's x41 é' ", false);
    check_reads("{\"a\":\xC2\xA0"
                "1}",
                "{'a':1 }", false);
    check_reads("[[1]]]]>", "[[1 ]]", false);
}

static void test_json__a_missing_end(void **state)
{
    (void)state;
    check_reads("{\"a\":1", "{'a':1 }", true);
    check_reads("{\"a\":1,", "{'a':1 }", true);
    check_reads("{\"a\":1,\"b", "{'a':1 }", true);
    check_reads("{\"a\":1,\"b\"", "{'a':1 'b':N }", true);
    check_reads("{\"a\":1,\"b\":", "{'a':1 'b':N }", true);
    check_reads("{\"a\":\"cut o", "{'a':'cut o' }", true);
    check_reads("{\"a\":\"cut\\", "{'a':'cut' }", true);
    check_reads("{\"a\":\"cut\\n\\", "{'a':'cut\n' }", true);
    check_reads("[[{\"a\":[\"b\"", "[[{'a':['b' ]}]]", true);
    check_reads("[tru", "[N ]", true);
    check_reads("[-", "[N ]", true);
    check_reads("[1.", "[N ]", true);
    check_reads("[12", "[12 ]", true);
    check_reads("{", "{}", true);
    check_reads("\"open", "'open' ", true);
}

static void check_string(const char *raw, size_t len, const char *wanted,
                         uint32_t repaired)
{
    lede_json *json = lede_json_new();
    lede_json_token token;
    lede_error err = {0};

    assert_non_null(json);
    lede_json_begin(json, lede_span_of(raw, len));
    assert_ok(lede_json_next(json, &token, &err));
    assert_int_equal(token.type, LEDE_JSON_STRING);
    assert_span(token.text, wanted);
    assert_int_equal(token.repaired, repaired);
    lede_json_free(json);
}

#define CHECK_STRING(raw, wanted, repaired)                                    \
    check_string(raw, sizeof(raw) - 1, wanted, repaired)
#define BAD "\xEF\xBF\xBD"

static void test_json__bad_characters_are_replaced(void **state)
{
    (void)state;
    CHECK_STRING("\"a\\uD800b\"", "a" BAD "b", 1);
    CHECK_STRING("\"\\uDC00\\uD800\"", BAD BAD, 2);
    CHECK_STRING("\"\\uD800\\u0041\"", BAD "A", 1);
    CHECK_STRING("\"\\uD800\\uD83D\\uDE00\"", BAD "\xF0\x9F\x98\x80", 1);
    CHECK_STRING("\"\\uD83D", BAD, 1);
    CHECK_STRING("\"\\u12x\"", BAD "x", 1);
    CHECK_STRING("\"\\u1\\u2\\u3\"", BAD BAD BAD, 3);
    CHECK_STRING("\"\\u\\u\"", "uu", 2);
    CHECK_STRING("\"a\xFF"
                 "b\xC3\"",
                 "a" BAD "b" BAD, 2);
    CHECK_STRING("\"\\n\xFF\\n\"", "\n" BAD "\n", 1);
    CHECK_STRING("\"\xED\xA0\x80\"", BAD BAD BAD, 3);
}

static void test_json__numbers(void **state)
{
    static const struct {
        const char *text;
        bool is_integer;
        int64_t integer;
        double number;
    } cases[] = {
        {"0", true, 0, 0},
        {"-0", true, 0, 0},
        {"1612137600", true, 1612137600, 1612137600},
        {"9223372036854775807", true, INT64_MAX, 9223372036854775807.0},
        {"9223372036854775808", false, 0, 9223372036854775808.0},
        {"-9223372036854775808", true, INT64_MIN, -9223372036854775808.0},
        {"-9223372036854775809", false, 0, -9223372036854775808.0},
        {"99999999999999999999", false, 0, 1e20},
        {"1.5", false, 0, 1.5},
        {"-0.001", false, 0, -0.001},
        {"1e3", false, 0, 1000},
        {"1.0", false, 0, 1},
        {"123456789.25e-2", false, 0, 1234567.8925},
        {"1e308", false, 0, 1e308},
        {"2.5e-310", false, 0, 2.5e-310},
        {"0e999999999999", false, 0, 0},
    };
    lede_json *json = lede_json_new();
    lede_json_token token;
    lede_error err = {0};
    size_t i;

    (void)state;
    assert_non_null(json);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double error;

        lede_json_begin(json, lede_span_text(cases[i].text));
        assert_ok(lede_json_next(json, &token, &err));
        assert_int_equal(token.type, LEDE_JSON_NUMBER);
        assert_span(token.text, cases[i].text);
        assert_int_equal(token.is_integer, cases[i].is_integer);
        assert_true(!token.is_integer || token.integer == cases[i].integer);
        error = token.number - cases[i].number;
        error = error < 0 ? -error : error;
        assert_true(error <=
                    1e-14 * (token.number < 0 ? -token.number : token.number));
    }
    lede_json_begin(json, lede_span_text("1e999999999"));
    assert_ok(lede_json_next(json, &token, &err));
    assert_true(token.number > 1e308);
    lede_json_free(json);
}

static void test_json__depth_is_bounded(void **state)
{
    lede_json *json = lede_json_new();
    lede_error err = {0};
    lede_buf text = {0};
    lede_buf got = {0};
    int i;

    (void)state;
    assert_non_null(json);
    for (i = 0; i < LEDE_JSON_DEPTH_MAX; i++) {
        lede_buf_put_byte(&text, '[');
    }
    for (i = 0; i < LEDE_JSON_DEPTH_MAX; i++) {
        lede_buf_put_byte(&text, ']');
    }
    assert_int_equal(read_all(json, lede_buf_span(&text), &got, &err),
                     LEDE_END);
    assert_false(lede_json_is_cut(json));
    lede_buf_clear(&text);
    for (i = 0; i <= LEDE_JSON_DEPTH_MAX; i++) {
        lede_buf_put_text(&text, "{\"a\":");
    }
    assert_status(read_all(json, lede_buf_span(&text), &got, &err),
                  LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "deep"));
    lede_json_free(json);
    lede_buf_done(&text);
    lede_buf_done(&got);
}

static void test_json__skips(void **state)
{
    static const char text[] =
        "{\"a\":{\"x\":[1,\"]}\\\"\"]},\"b\":\"s\",\"c\":[1,[2],3],\"d\":4}";
    lede_json *json = lede_json_new();
    lede_json_token token;
    lede_error err = {0};

    (void)state;
    assert_non_null(json);
    lede_json_begin(json, lede_span_text(text));
    assert_ok(lede_json_skip(json, &err)); /* nothing is open yet */
    assert_ok(lede_json_next(json, &token, &err));
    assert_ok(lede_json_next(json, &token, &err));
    assert_span(token.text, "a");
    assert_ok(lede_json_skip(json, &err)); /* a key's value */
    assert_ok(lede_json_next(json, &token, &err));
    assert_span(token.text, "b");
    assert_ok(lede_json_skip(json, &err));
    assert_ok(lede_json_next(json, &token, &err));
    assert_span(token.text, "c");
    assert_ok(lede_json_next(json, &token, &err));
    assert_int_equal(token.type, LEDE_JSON_ARRAY);
    assert_ok(lede_json_next(json, &token, &err));
    assert_ok(lede_json_skip(json, &err)); /* half-read */
    assert_ok(lede_json_next(json, &token, &err));
    assert_span(token.text, "d");
    assert_ok(lede_json_next(json, &token, &err));
    assert_int_equal(token.integer, 4);
    assert_ok(lede_json_skip(json, &err)); /* the rest of the whole */
    assert_int_equal(lede_json_position(json), sizeof text - 1);
    assert_false(lede_json_is_cut(json));
    assert_int_equal(lede_json_next(json, &token, &err), LEDE_END);
    lede_json_free(json);
}

/* Strings stay while the text is read, however many there are. */
static void test_json__strings_live_until_the_next_text(void **state)
{
    enum { COUNT = 3000 };
    static lede_span kept[COUNT];
    lede_json *json = lede_json_new();
    lede_json_token token;
    lede_error err = {0};
    lede_buf text = {0};
    int i;

    (void)state;
    assert_non_null(json);
    lede_buf_put_byte(&text, '[');
    for (i = 0; i < COUNT; i++) {
        lede_buf_put_format(&text, "\"%d\\t%s\",", i, i % 3 ? "" : "\xFF");
    }
    lede_buf_put_byte(&text, ']');
    lede_json_begin(json, lede_buf_span(&text));
    assert_ok(lede_json_next(json, &token, &err));
    for (i = 0; i < COUNT; i++) {
        assert_ok(lede_json_next(json, &token, &err));
        kept[i] = token.text;
    }
    for (i = 0; i < COUNT; i++) {
        char wanted[40];

        snprintf(wanted, sizeof wanted, "%d\t%s", i, i % 3 ? "" : BAD);
        assert_span(kept[i], wanted);
    }
    lede_json_free(json);
    lede_buf_done(&text);
}

static void test_json__fast_scan_equals_the_plain_one(void **state)
{
    uint8_t bytes[200];
    uint64_t seed = 5;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        size_t begin = pack_random(&seed) % 40;
        size_t end = begin + pack_random(&seed) % (sizeof bytes - begin);
        const uint8_t *wanted;
        size_t i;

        for (i = 0; i < sizeof bytes; i++) {
            static const uint8_t near_misses[] = {'!', '#',  '[',  ']',
                                                  0,   0xA2, 0xDC, 0x21};
            uint32_t n = pack_random(&seed) % 300;

            bytes[i] = n == 0   ? '"'
                       : n == 1 ? '\\'
                                : (n < 100 ? near_misses[n % 8] : (uint8_t)'a');
        }
        wanted = lede_json_scan_string_plain(bytes + begin, bytes + end);
        assert_ptr_equal(lede_json_scan_string(bytes + begin, bytes + end),
                         wanted);
        assert_ptr_equal(
            lede_json_scan_string_words(bytes + begin, bytes + end), wanted);
    }
}

/* The naive twin of lede_json_walk_on: one byte after the other. */
static size_t naive_walk(lede_span text)
{
    size_t depth = 0;
    bool in_string = false;
    size_t i;

    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
            if (depth == 0) {
                return i + 1;
            }
        }
    }
    return SIZE_MAX;
}

static void test_json__walk_in_pieces_equals_the_naive_one(void **state)
{
    static const char letters[] = "{}[]\"\\,:aaaaaaaaaaaaaaaaaaaa";
    uint64_t seed = 6;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        uint8_t bytes[120] = "[";
        size_t len = 1 + pack_random(&seed) % 119;
        lede_json_walk walk = {0};
        const uint8_t *p = bytes;
        size_t piece = 0;
        size_t wanted;
        size_t i;

        for (i = 1; i < len; i++) {
            bytes[i] = (uint8_t)letters[pack_random(&seed) % 28];
        }
        wanted = naive_walk(lede_span_of(bytes, len));
        while (piece < len && !walk.is_done) {
            piece += 1 + pack_random(&seed) % 50;
            piece = piece < len ? piece : len;
            p = lede_json_walk_on(&walk, p, bytes + piece);
        }
        assert_int_equal(walk.is_done ? (size_t)(p - bytes) : SIZE_MAX, wanted);
    }
}

/* Any bytes: no crash, and an end. */
static void test_json__random_bytes(void **state)
{
    static const char *const pieces[] = {
        "{",     "}",  "[",       "]",    ",",   ":",   "\"",        "\\",
        "\"a\"", "1",  "-",       ".",    "e",   "tru", "null",      " ",
        "\\u",   "d8", "\\uD83D", "\xFF", "/*",  "//",  "<![CDATA[", "]]>",
        "-->",   "\n", "é",       ";",    "NaN", "0123"};
    lede_json *json = lede_json_new();
    lede_buf text = {0};
    lede_buf got = {0};
    uint64_t seed = 8;
    int round;

    (void)state;
    assert_non_null(json);
    for (round = 0; round < 30000; round++) {
        size_t count = pack_random(&seed) % 30;
        lede_error err = {0};
        lede_status status;
        uint8_t *copy;
        size_t i;

        lede_buf_clear(&text);
        for (i = 0; i < count; i++) {
            lede_buf_put_text(&text, pieces[pack_random(&seed) % 30]);
        }
        copy = malloc(text.len + 1); /* so that reading past it is seen */
        assert_non_null(copy);
        copy = realloc(copy, text.len == 0 ? 1 : text.len);
        assert_non_null(copy);
        if (text.len > 0) {
            memcpy(copy, text.bytes, text.len);
        }
        status = read_all(json, lede_span_of(copy, text.len), &got, &err);
        assert_true(status == LEDE_END || status == LEDE_BAD_INPUT);
        free(copy);
    }
    lede_json_free(json);
    lede_buf_done(&text);
    lede_buf_done(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__what_the_standard_accepts),
        cmocka_unit_test(test_json__what_the_standard_rejects),
        cmocka_unit_test(test_json__what_pages_get_wrong),
        cmocka_unit_test(test_json__a_missing_end),
        cmocka_unit_test(test_json__bad_characters_are_replaced),
        cmocka_unit_test(test_json__numbers),
        cmocka_unit_test(test_json__depth_is_bounded),
        cmocka_unit_test(test_json__skips),
        cmocka_unit_test(test_json__strings_live_until_the_next_text),
        cmocka_unit_test(test_json__fast_scan_equals_the_plain_one),
        cmocka_unit_test(test_json__walk_in_pieces_equals_the_naive_one),
        cmocka_unit_test(test_json__random_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
