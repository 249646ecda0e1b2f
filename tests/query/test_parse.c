/* The promises of query/parse.h: what each query is read as, and that every
 * string is a query. */
#include "tests/query/readings.h"

#include <stdlib.h>
#include <time.h>

static void test_parse__words_and_operators(void **state)
{
    static const reading table[] = {
        {"", "*", -1},
        {"  \t ", "*", -1},
        {"*", "*", -1},
        {"storm", "storm", -1},
        {"storm surge", "storm AND surge", -1},
        {"storm\u00A0surge\u3000coast", "storm AND surge AND coast", -1},
        {"storm AND surge", "storm AND surge", -1},
        {"example.org/~storm", "example.org/~storm", -1},
        {"a b OR c", "(a AND b) OR c", -1},
        {"a OR b c OR d", "a OR (b AND c) OR d", -1},
        {"(a OR b) c", "(a OR b) AND c", -1},
        {"a and b or not c", "a AND and AND b AND or AND not AND c", -1},
        {"-a", "NOT a", -1},
        {"a -b", "a AND NOT b", -1},
        {"a NOT b", "a AND NOT b", -1},
        {"-(a b)", "NOT (a AND b)", -1},
        {"-\"a b\"", "NOT \"a b\"", -1},
        {"NOT NOT a", "a", -1},
        {"- a", "a", 0},
        {"a - b", "a AND b", 2},
        {"a – b", "a AND b", -1},
        {"cease-fire", "cease-fire", -1},
        {"+a", "+a", 0},
        {"+44 20", "+44 AND 20", -1},
        {"a -- b", "a AND b", -1},
        {"What happened?", "What AND happened?", -1},
        {"C++ AT&T 20.04", "C++ AND AT&T AND 20.04", -1},
        {"((a))", "a", -1},
        {"()", "", 0},
        {"A B C OR D E F", "(A AND B AND C) OR (D AND E AND F)", -1},
        {"A B C D E F AND NOT G",
         "A AND B AND C AND D AND E AND F AND AND AND NOT AND G", 12},
        {"A B C D E F AND NOT g", "A AND B AND C AND D AND E AND F AND NOT g",
         -1},
        {"\"A B\" C D E F G OR H I",
         "(\"A B\" AND C AND D AND E AND F AND G) "
         "OR (H AND I)",
         -1},
        {"?!", "", 0},
        {"**", "*", -1},
    };

    (void)state;
    CHECK_ALL(table);
}

static void test_parse__quotation_marks(void **state)
{
    static const reading table[] = {
        {"\"a b\"", "\"a b\"", -1},
        {"“a b” c", "\"a b\" AND c", -1},
        {"«a b»", "\"a b\"", -1},
        {"»a b«", "\"a b\"", -1},
        {"„a b“", "\"a b\"", -1},
        {"‘a b’ c", "\"a b\" AND c", -1},
        {"‘til dawn", "‘til AND dawn", -1},
        {"O’Brien ‘twas", "O’Brien AND ‘twas", -1},
        {"a\"b c\"d", "a AND \"b c\" AND d", -1},
        {"\"a b", "a AND b", 0},
        {"x \"a b", "x AND a AND b", 2},
        {"\"\" a", "a", 0},
        {"\"--\"", "", 0},
        {"=\"a b\"", "=\"a b\"", -1},
        {"headline:“a b”", "headline:\"a b\"", -1},
    };

    (void)state;
    CHECK_ALL(table);
}

static void test_parse__fields(void **state)
{
    static const reading table[] = {
        {"headline:storm", "headline:storm", -1},
        {"Headline:storm", "headline:storm", -1},
        {"headline:(a b) c", "headline:a AND headline:b AND c", -1},
        {"(a b) (c OR (d OR e))", "a AND b AND (c OR d OR e)", -1},
        {"headline:(a OR author:b)", "headline:a OR author:b", -1},
        {"headline:=Storm", "headline:=Storm", -1},
        {"-author:x", "NOT author:x", -1},
        {"role:editor credit:reuters label:live source:bbc deck:x body:y "
         "caption:z",
         "role:editor AND credit:reuters AND label:live AND source:bbc AND "
         "deck:x AND body:y AND caption:z",
         -1},
        {"=us", "=us", -1},
        {"=", "", 0},
        {"kind:article", "kind:article", -1},
        {"kind:Live-Update", "kind:live_update", -1},
        {"kind:nonsense", "kind:nonsense", 5},
        {"colour:red", "colour:red", 0},
        {"headline: storm", "headline: AND storm", 0},
        {"headline:", "headline:", 0},
        {"Live:storm", "Live:storm", 0},
        {"https://example.org/a", "https://example.org/a", -1},
        {"10:30", "10:30", -1},
        {"headline:author:x", "headline:author:x", -1},
    };

    (void)state;
    CHECK_ALL(table);
}

static void test_parse__languages(void **state)
{
    static const reading table[] = {
        {"lang:en", "lang:en", -1},
        {"LANG:pt-BR storm", "lang:pt-BR AND storm", -1},
        {"lang:(en OR deu)", "lang:en OR lang:deu", -1},
        {"-lang:fr", "NOT lang:fr", -1},
        {"lang:klingonese", "lang:klingonese", 5},
        {"lang:", "lang:", 0},
    };

    (void)state;
    CHECK_ALL(table);
}

static void test_parse__nesting_has_an_end(void **state)
{
    lede_buf query = {0};
    reading wanted = {NULL, "(a OR b) AND c", LEDE_QUERY_MAX_NESTING};
    unsigned n;

    (void)state;
    for (n = 0; n < 1000; n++) {
        lede_buf_put_text(&query, "(");
    }
    lede_buf_put_text(&query, "a OR b");
    for (n = 0; n < 1000; n++) {
        lede_buf_put_text(&query, ")");
    }
    lede_buf_put_text(&query, " c");
    wanted.query = lede_buf_text(&query);
    check_reading(&wanted);
    lede_buf_done(&query);
}

static void test_parse__match_any_is_shown(void **state)
{
    lede_search_options options = {0};
    lede_error err = {0};
    lede_buf out = {0};

    (void)state;
    options.match_any = true;
    assert_ok(lede_query_explain(lede_span_text("a b \"c d\" -e"), &options,
                                 &out, NULL, NULL, &err));
    assert_span(lede_buf_span(&out), "(a OR b) AND \"c d\" AND NOT e");
    lede_buf_clear(&out);
    options.match_any = false;
    assert_ok(lede_query_explain(lede_span_text("a b"), &options, &out, NULL,
                                 NULL, &err));
    assert_span(lede_buf_span(&out), "a AND b");
    lede_buf_done(&out);
}

/* Deep and long queries: bounded nesting, no time but that of reading. */
/* Much of each shape (a megabyte in the long form), parsed and planned: four
 * times as much takes about four times as long. The bound is far above that,
 * for machines that are busy with something else, and far below what a square
 * would come to. */
static double time_of(const char *unit, size_t bytes)
{
    static const lede_plan_source source = {
        .languages = 1u << LEDE_LANGUAGE_ENGLISH | 1u << LEDE_LANGUAGE_NONE};
    lede_parse_options options = {.analyzer = analyzer, .now = NOW};
    lede_error err = {0};
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parsed parsed;
    lede_plan plan;
    lede_buf query = {0};
    clock_t begin;

    while (query.len < bytes) {
        lede_buf_put_text(&query, unit);
    }
    begin = clock();
    assert_ok(lede_query_parse(lede_buf_span(&query), &options, &arena, &notes,
                               &parsed, &err));
    assert_ok(lede_plan_make(&parsed, lede_buf_span(&query), &source, analyzer,
                             false, &arena, &notes, &plan, &err));
    assert_true(notes.count <= LEDE_NOTES_MAX);
    lede_arena_done(&arena);
    lede_buf_done(&query);
    return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

static void test_parse__extremes_are_queries_too(void **state)
{
    static const char *const units[] = {"(",
                                        ")",
                                        "-",
                                        "-(",
                                        "NOT ",
                                        "\"",
                                        "‘",
                                        "date:",
                                        "headline:(",
                                        "OR ",
                                        "AND ",
                                        "a OR ",
                                        "=",
                                        "\xFF",
                                        "“”",
                                        "date:\"",
                                        "a,",
                                        "(a",
                                        "a)",
                                        "((a)",
                                        "(a OR ",
                                        "\"a ",
                                        "\"\"",
                                        "“a ",
                                        "‘a ",
                                        "'a ",
                                        "a' ",
                                        "«a ",
                                        "„a”",
                                        "a AND ",
                                        "a OR b ",
                                        "NOT a ",
                                        "- ",
                                        "-a ",
                                        "a NEAR/3 ",
                                        "a ADJ ",
                                        "a SAME ",
                                        "a NEAR/0 ",
                                        "a NEAR/3 (b OR c) ",
                                        "*",
                                        "a*",
                                        "a* ",
                                        "*a ",
                                        "?",
                                        "a?b ",
                                        "*a*",
                                        "^",
                                        "a^2 ",
                                        "a^",
                                        "(a)^2 ",
                                        "~",
                                        "storm~2 ",
                                        "a~",
                                        "\"a b\"~3 ",
                                        ":",
                                        "a:",
                                        "date:x ",
                                        "date:2025 ",
                                        "updated:(",
                                        "headline:a ",
                                        "headline:",
                                        "headline:\"a ",
                                        "person:a ",
                                        "place:(a ",
                                        "date:last ",
                                        "date:(2025 OR ",
                                        "kind:(article OR ",
                                        "lang:en ",
                                        "dup:show ",
                                        "a\xFF ",
                                        "\xE2\x80",
                                        "\xF0\x9F\x98",
                                        "\u200D",
                                        "a\u0301",
                                        "=a ",
                                        "=\"a ",
                                        "a-",
                                        "a'",
                                        "a.",
                                        "a/",
                                        "東",
                                        "ก",
                                        "..",
                                        "1,",
                                        ";",
                                        " ",
                                        "a\x01",
                                        "&&",
                                        "! ",
                                        "[a]",
                                        "\\",
                                        "since:2w ",
                                        "town:a ",
                                        "SEVEN DIE AND "};
    size_t bytes = getenv("LEDE_TEST_LONG") != NULL ? 1000000 : 150000;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        double quarter = time_of(units[i], bytes / 4);
        double whole = time_of(units[i], bytes);

        if (whole > 0.5 + 10 * quarter) {
            fail_msg("'%s': %g s, a quarter of it %g s", units[i], whole,
                     quarter);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse__words_and_operators),
        cmocka_unit_test(test_parse__quotation_marks),
        cmocka_unit_test(test_parse__fields),
        cmocka_unit_test(test_parse__languages),
        cmocka_unit_test(test_parse__nesting_has_an_end),
        cmocka_unit_test(test_parse__match_any_is_shown),
        cmocka_unit_test(test_parse__extremes_are_queries_too),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
