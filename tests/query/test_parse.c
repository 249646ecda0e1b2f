/* The promises of query/parse.h: what each query is read as, and that every
 * string is a query. */
#include "tests/support/check.h"

#include "query/parse.h"

typedef struct reading {
    const char *query;
    const char *form; /* lede_ast_format */
    int note;         /* column of the first note, or -1 */
} reading;

static lede_analyzer *analyzer;

static int set_up(void **state)
{
    (void)state;
    return lede_analyzer_new(&analyzer, NULL) == LEDE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    lede_analyzer_free(analyzer);
    return 0;
}

static void check_reading(const reading *wanted)
{
    lede_error err = {0};
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parse_options options = {analyzer, NULL, 0};
    lede_parsed parsed;
    lede_buf form = {0};

    assert_ok(lede_query_parse(lede_span_text(wanted->query), &options, &arena,
                               &notes, &parsed, &err));
    lede_ast_format(parsed.root, false, &form);
    if (!lede_span_is(lede_buf_span(&form), wanted->form)) {
        print_error("%s\n  is read as %s\n  and not    %s\n", wanted->query,
                    lede_buf_text(&form), wanted->form);
        fail();
    }
    if ((notes.count > 0 ? (int)notes.items[0].column : -1) != wanted->note) {
        print_error("%s\n  has the note '%s' at %d\n", wanted->query,
                    notes.count > 0 ? notes.items[0].text : "",
                    notes.count > 0 ? (int)notes.items[0].column : -1);
        fail();
    }
    lede_buf_done(&form);
    lede_arena_done(&arena);
}

#define CHECK_ALL(table)                                                       \
    do {                                                                       \
        for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++) {      \
            check_reading(&(table)[i]);                                        \
        }                                                                      \
    } while (0)

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
        {"- a", "a", -1},
        {"a - b", "a AND b", -1},
        {"cease-fire", "cease-fire", -1},
        {"+a", "+a", -1},
        {"a -- b", "a AND b", -1},
        {"What happened?", "What AND happened?", -1},
        {"C++ AT&T 20.04", "C++ AND AT&T AND 20.04", -1},
        {"((a))", "a", -1},
        {"()", "", -1},
        {"A B C OR D E F", "(A AND B AND C) OR (D AND E AND F)", -1},
        {"A B C D E F AND NOT G",
         "A AND B AND C AND D AND E AND F AND AND AND NOT AND G", 12},
        {"A B C D E F AND NOT g", "A AND B AND C AND D AND E AND F AND NOT g",
         -1},
        {"\"A B\" C D E F G OR H I",
         "(\"A B\" AND C AND D AND E AND F AND G) "
         "OR (H AND I)",
         -1},
        {"?!", "", -1},
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
        {"=", "", -1},
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

static void test_parse__dates(void **state)
{
    static const reading table[] = {
        {"date:2025", "date:[2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z)", -1},
        {"date:2025-02", "date:[2025-02-01T00:00:00Z, 2025-03-01T00:00:00Z)",
         -1},
        {"date:2025-02-17", "date:[2025-02-17T00:00:00Z, 2025-02-18T00:00:00Z)",
         -1},
        {"date:2024..2025-02",
         "date:[2024-01-01T00:00:00Z, 2025-03-01T00:00:00Z)", -1},
        {"date:2024..", "date:[2024-01-01T00:00:00Z, )", -1},
        {"date:..2024", "date:[, 2025-01-01T00:00:00Z)", -1},
        {"date:2025..2024", "date:[2024-01-01T00:00:00Z, 2026-01-01T00:00:00Z)",
         5},
        {"date:\"2025-02-17 14:50\"",
         "date:[2025-02-17T14:50:00Z, 2025-02-17T14:51:00Z)", -1},
        {"-date:2025", "NOT date:[2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z)",
         -1},
        {"date:02-17", "date:02-17", -1},
        {"date:\"02-29\"", "date:02-29", -1},
        {"-date:02-16..02-18 a", "NOT date:02-16..02-18 AND a", -1},
        {"date:12-30..01-02", "date:12-30..01-02", -1},
        {"date:02-17..02-17", "date:02-17", -1},
        {"date:02-30", "date:02-30", 5},
        {"date:13-01", "date:13-01", 5},
        {"date:00-10", "date:00-10", 5},
        {"date:01-00", "date:01-00", 5},
        {"date:0/-01", "date:0/-01", 5},
        {"date:2-17", "date:2-17", 5},
        {"date:02-17..", "date:02-17..", 5},
        {"date:02-17..02-30", "date:02-17..02-30", 5},
        {"date:02-17..2025", "date:02-17..2025", 5},
        {"date:tomorrow", "date:tomorrow", 5},
        {"date:..", "date:..", 5},
        {"date:2025-02-30", "date:2025-02-30", 5},
        {"date:", "date:", 0},
        {"date:(2025)", "date: AND 2025", 0},
    };

    (void)state;
    CHECK_ALL(table);
}

static void test_parse__broken_operators_are_words(void **state)
{
    static const reading table[] = {
        {"OR", "OR", 0},
        {"a OR", "a AND OR", 2},
        {"OR a", "OR AND a", 0},
        {"a OR OR b", "a OR (OR AND b)", 5},
        {"AND a", "AND AND a", 0},
        {"a AND", "a AND AND", 2},
        {"NOT", "NOT", 0},
        {"a (b OR) c", "a AND b AND OR AND c", 5},
        {"(a b", "a AND b", 0},
        {"a) b", "a AND b", 1},
        {"a ) OR b", "a OR b", 2},
        {"word*", "word*", 4},
        {"a~1", "a~1", 1},
        {"a~", "a~", 1},
        {"a^2", "a^2", 1},
        {"a NEAR/3 b", "a AND NEAR/3 AND b", 2},
    };

    (void)state;
    CHECK_ALL(table);
}

static void test_parse__match_any_is_shown(void **state)
{
    lede_search_options options = {0};
    lede_error err = {0};
    lede_buf out = {0};

    (void)state;
    options.match_any = true;
    assert_ok(lede_query_explain(lede_span_text("a b \"c d\" -e"), &options,
                                 &out, &err));
    assert_span(lede_buf_span(&out), "(a OR b) AND \"c d\" AND NOT e");
    lede_buf_clear(&out);
    options.match_any = false;
    assert_ok(lede_query_explain(lede_span_text("a b"), &options, &out, &err));
    assert_span(lede_buf_span(&out), "a AND b");
    lede_buf_done(&out);
}

static void test_parse__days_are_those_of_the_zone(void **state)
{
    lede_search_options options = {0};
    lede_error err = {0};
    lede_buf out = {0};

    (void)state;
    options.zone = "+02:00";
    assert_ok(lede_query_explain(lede_span_text("date:2025-02-17"), &options,
                                 &out, &err));
    assert_span(lede_buf_span(&out),
                "date:[2025-02-16T22:00:00Z, 2025-02-17T22:00:00Z)");
    lede_buf_clear(&out);
    /* A date that names its own zone keeps it. */
    assert_ok(lede_query_explain(lede_span_text("date:2025-02-17T10:00Z"),
                                 &options, &out, &err));
    assert_span(lede_buf_span(&out),
                "date:[2025-02-17T10:00:00Z, 2025-02-17T10:01:00Z)");
    options.zone = "Nowhere/Atall";
    assert_status(lede_query_explain(lede_span_text("x"), &options, &out, &err),
                  LEDE_BAD_INPUT);
    lede_buf_done(&out);
}

/* Deep and long queries: bounded nesting, no time but that of reading. */
static void test_parse__extremes_are_queries_too(void **state)
{
    static const char *const units[] = {
        "(", ")",     "-",          "-(",      "NOT ", "\"",
        "‘", "date:", "headline:(", "OR ",     "AND ", "a OR ",
        "=", "\xFF",  "“”",         "date:\"", "a,"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        lede_parse_options options = {analyzer, NULL, 0};
        lede_error err = {0};
        lede_arena arena = {0};
        lede_notes notes = {0};
        lede_parsed parsed;
        lede_buf query = {0};
        unsigned n;

        for (n = 0; n < 20000; n++) {
            lede_buf_put_text(&query, units[i]);
        }
        assert_ok(lede_query_parse(lede_buf_span(&query), &options, &arena,
                                   &notes, &parsed, &err));
        assert_true(notes.count <= LEDE_NOTES_MAX);
        lede_arena_done(&arena);
        lede_buf_done(&query);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse__words_and_operators),
        cmocka_unit_test(test_parse__quotation_marks),
        cmocka_unit_test(test_parse__fields),
        cmocka_unit_test(test_parse__dates),
        cmocka_unit_test(test_parse__broken_operators_are_words),
        cmocka_unit_test(test_parse__match_any_is_shown),
        cmocka_unit_test(test_parse__days_are_those_of_the_zone),
        cmocka_unit_test(test_parse__extremes_are_queries_too),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
