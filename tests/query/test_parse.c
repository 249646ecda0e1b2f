/* The promises of query/parse.h: what each query is read as, and that every
 * string is a query. */
#include "tests/support/check.h"

#include <stdlib.h>
#include <time.h>

#include "query/plan.h"

typedef struct reading {
    const char *query;
    const char *form; /* lede_ast_format */
    int note;         /* column of the first note, or -1 */
} reading;

static lede_analyzer *analyzer;

/* A Wednesday, 2025-02-19T10:30:00Z. */
static const int64_t NOW = 1739961000;

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
    lede_parse_options options = {.analyzer = analyzer, .now = NOW};
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
        {"date:someday", "date:someday", 5},
        {"date:..", "date:..", 5},
        {"date:2025-02-30", "date:2025-02-30", 5},
        {"date:", "date:", 0},
        {"date:(2025)", "date:[2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z)",
         -1},
        {"date:(2025 OR 02-17)",
         "date:[2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z) OR date:02-17", -1},
        {"-date:(\"2025-02-17 14:50\" OR ..2024)",
         "NOT (date:[2025-02-17T14:50:00Z, 2025-02-17T14:51:00Z) OR "
         "date:[, 2025-01-01T00:00:00Z))",
         -1},
        {"date:(2025 -2025-02) a",
         "date:[2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z) AND NOT "
         "date:[2025-02-01T00:00:00Z, 2025-03-01T00:00:00Z) AND a",
         -1},
        {"date:(2025 OR headline:x)",
         "date:[2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z) OR headline:x", -1},
        {"date:(storm OR \"a b\")", "storm OR \"a b\"", 6},
        {"kind:(article OR live-update)", "kind:article OR kind:live_update",
         -1},
        {"kind:(\"live update\" OR storm)", "kind:live_update OR storm", 23},
    };

    (void)state;
    CHECK_ALL(table);
}

#define DAY_OF(from, to) "date:[2025-" from "T00:00:00Z, 2025-" to "T00:00:00Z)"

/* It is Wednesday, 2025-02-19T10:30:00Z. */
static void test_parse__relative_dates(void **state)
{
    static const reading table[] = {
        {"date:today", DAY_OF("02-19", "02-20"), -1},
        {"date:yesterday", DAY_OF("02-18", "02-19"), -1},
        {"date:Yesterday", DAY_OF("02-18", "02-19"), -1},
        {"date:now", "date:[2025-02-19T10:30:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:wednesday", DAY_OF("02-19", "02-20"), -1},
        {"date:last-wednesday", DAY_OF("02-12", "02-13"), -1},
        {"date:tue", DAY_OF("02-18", "02-19"), -1},
        {"date:Thursday", DAY_OF("02-13", "02-14"), -1},
        {"date:\"last thursday\"", DAY_OF("02-13", "02-14"), -1},
        {"date:this-week", DAY_OF("02-17", "02-24"), -1},
        {"date:last-week", DAY_OF("02-10", "02-17"), -1},
        {"date:last week storm", DAY_OF("02-10", "02-17") " AND storm", -1},
        {"date:this_month", DAY_OF("02-01", "03-01"), -1},
        {"date:last month", DAY_OF("01-01", "02-01"), -1},
        {"date:last-year", "date:[2024-01-01T00:00:00Z, 2025-01-01T00:00:00Z)",
         -1},
        {"date:this year", "date:[2025-01-01T00:00:00Z, 2026-01-01T00:00:00Z)",
         -1},
        {"date:2w", "date:[2025-02-05T10:30:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:\"2 weeks\"",
         "date:[2025-02-05T10:30:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:36h", "date:[2025-02-17T22:30:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:90min", "date:[2025-02-19T09:00:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:1m", "date:[2025-01-19T10:30:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:12m", "date:[2024-02-19T10:30:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:1y", "date:[2024-02-19T10:30:00Z, 2025-02-19T10:30:01Z)", -1},
        {"date:3-days-ago", DAY_OF("02-16", "02-17"), -1},
        {"date:\"2 hours ago\"",
         "date:[2025-02-19T08:30:00Z, 2025-02-19T09:30:00Z)", -1},
        {"date:2w..", "date:[2025-02-05T10:30:00Z, )", -1},
        {"date:..2w", "date:[, 2025-02-05T10:30:00Z)", -1},
        {"date:4w..2w", "date:[2025-01-22T10:30:00Z, 2025-02-05T10:30:00Z)",
         -1},
        {"date:2025-01..yesterday", DAY_OF("01-01", "02-19"), -1},
        {"date:last-month..", "date:[2025-01-01T00:00:00Z, )", -1},
        {"date:(today OR last-monday)",
         DAY_OF("02-19", "02-20") " OR " DAY_OF("02-17", "02-18"), -1},
        {"since:2w", "date:[2025-02-05T10:30:00Z, )", -1},
        {"since:\"two weeks\"", "date:[2025-02-05T10:30:00Z, )", -1},
        {"since:two weeks", "date:[2025-02-05T10:30:00Z, )", -1},
        {"since:\"2 weeks ago\"", "date:[2025-02-05T00:00:00Z, )", -1},
        {"since:2 weeks ago", "date:[2025-02-05T00:00:00Z, )", -1},
        {"date:tomorrow", DAY_OF("02-20", "02-21"), -1},
        {"date:\"17 february 2025\"", DAY_OF("02-17", "02-18"), -1},
        {"date:17 February 2025", DAY_OF("02-17", "02-18"), -1},
        {"date:\"February 17th, 2025\"", DAY_OF("02-17", "02-18"), -1},
        {"date:17-feb-2025", DAY_OF("02-17", "02-18"), -1},
        {"date:2025/02/17", DAY_OF("02-17", "02-18"), -1},
        {"date:2025-2-7", DAY_OF("02-07", "02-08"), -1},
        {"date:20250217", DAY_OF("02-17", "02-18"), -1},
        {"date:february", DAY_OF("02-01", "03-01"), -1},
        {"date:\"17 february\"", DAY_OF("02-17", "02-18"), -1},
        {"date:march", "date:[2024-03-01T00:00:00Z, 2024-04-01T00:00:00Z)", -1},
        {"date:\"march 2023\"",
         "date:[2023-03-01T00:00:00Z, 2023-04-01T00:00:00Z)", -1},
        {"date:march 2023 storm",
         "date:[2023-03-01T00:00:00Z, 2023-04-01T00:00:00Z) AND storm", -1},
        {"date:\"29 feb\"", "date:[2024-02-29T00:00:00Z, 2024-03-01T00:00:00Z)",
         -1},
        {"date:2025-Q1", DAY_OF("01-01", "04-01"), -1},
        {"date:\"q4 2024\"",
         "date:[2024-10-01T00:00:00Z, 2025-01-01T00:00:00Z)", -1},
        {"date:2025/1..2025/02/03", DAY_OF("01-01", "02-04"), -1},
        {"date:02/03/2025", "date:02/03/2025", 5},
        {"date:20251301", "date:20251301", 5},
        {"date:2025-2-30", "date:2025-2-30", 5},
        {"date:2025-Q5", "date:2025-Q5", 5},
        {"lang:english", "lang:en", -1},
        {"lang:German", "lang:de", -1},
        {"since:2024", "date:[2024-01-01T00:00:00Z, )", -1},
        {"after:2024", "date:[2025-01-01T00:00:00Z, )", -1},
        {"until:2024", "date:[, 2025-01-01T00:00:00Z)", -1},
        {"before:2024", "date:[, 2024-01-01T00:00:00Z)", -1},
        {"before:last week", "date:[, 2025-02-10T00:00:00Z)", -1},
        {"until:last-week", "date:[, 2025-02-17T00:00:00Z)", -1},
        {"after:2w", "date:[2025-02-05T10:30:00Z, )", -1},
        {"Since:\"last month\" storm",
         "date:[2025-01-01T00:00:00Z, ) AND storm", -1},
        {"since:(2024 OR yesterday)",
         "date:[2024-01-01T00:00:00Z, ) OR date:[2025-02-18T00:00:00Z, )", -1},
        {"-before:2025-02", "NOT date:[, 2025-02-01T00:00:00Z)", -1},
        /* What is none. */
        {"date:tomorrowish", "date:tomorrowish", 5},
        {"date:last storm", "date:last AND storm", 5},
        {"date:last", "date:last", 5},
        {"date:this", "date:this", 5},
        {"date:2", "date:2", 5},
        {"date:99999w", "date:99999w", 5},
        {"since:2024..2025", "since:2024..2025", 6},
        {"since:02-17", "since:02-17", 6},
        {"since: today", "since: AND today", 0},
        {"before:the flood", "before:the AND flood", 7},
    };

    (void)state;
    CHECK_ALL(table);
}

static void check_date(const char *zone_name, int64_t now, const char *date,
                       const char *wanted)
{
    lede_error err = {0};
    lede_zone *zone = NULL;
    lede_parse_options options = {.now = now};
    int64_t begin, end;
    bool swapped;
    lede_buf form = {0};

    assert_ok(lede_zone_open(zone_name, &zone, &err));
    options.zone = zone;
    assert_true(lede_query_parse_period(lede_span_text(date), &options, &begin,
                                        &end, &swapped));
    lede_instant_format(begin, &form);
    lede_buf_put_text(&form, " ");
    lede_instant_format(end, &form);
    assert_string_equal(lede_buf_text(&form), wanted);
    lede_buf_done(&form);
    lede_zone_close(zone);
}

/* Days are the zone's; so many days ago clocks there showed the same time. */
static void test_parse__relative_dates_of_a_zone(void **state)
{
    const int64_t april = 1743460200; /* 2025-03-31T22:30:00Z, in summer time */
    lede_parse_options none = {.now = LEDE_INSTANT_NONE};
    int64_t begin, end;
    bool swapped;

    (void)state;
    check_date("Europe/London", april + 3600, "today",
               "2025-03-31T23:00:00Z 2025-04-01T23:00:00Z");
    check_date("Europe/London", april, "today",
               "2025-03-30T23:00:00Z 2025-03-31T23:00:00Z");
    check_date("Europe/London", april, "2d",
               "2025-03-29T23:30:00Z 2025-03-31T22:30:01Z");
    check_date("Europe/London", april, "3d",
               "2025-03-28T23:30:00Z 2025-03-31T22:30:01Z");
    check_date("Europe/London", april, "48h",
               "2025-03-29T22:30:00Z 2025-03-31T22:30:01Z");
    check_date("Europe/London", april, "last month",
               "2025-02-01T00:00:00Z 2025-03-01T00:00:00Z");
    check_date("+01:00", april, "yesterday",
               "2025-03-29T23:00:00Z 2025-03-30T23:00:00Z");
    check_date("UTC", 1743336000 /* 2025-03-30 */, "1m",
               "2025-02-28T12:00:00Z 2025-03-30T12:00:01Z");
    check_date("UTC", -86400 * 366, "last week",
               "1968-12-23T00:00:00Z 1968-12-30T00:00:00Z");
    check_date("UTC", 1735732800 /* 2025-01-01 */, "last-month",
               "2024-12-01T00:00:00Z 2025-01-01T00:00:00Z");
    assert_false(lede_query_parse_period(lede_span_text("today"), &none, &begin,
                                         &end, &swapped));
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

static void test_parse__broken_operators_are_words(void **state)
{
    static const reading table[] = {
        {"OR", "OR", 0},           {"a OR", "a AND OR", 2},
        {"OR a", "OR AND a", 0},   {"a OR OR b", "a OR (OR AND b)", 5},
        {"AND a", "AND AND a", 0}, {"a AND", "a AND AND", 2},
        {"NOT", "NOT", 0},         {"a (b OR) c", "a AND b AND OR AND c", 5},
        {"(a b", "a AND b", 0},    {"a) b", "a AND b", 1},
        {"a ) OR b", "a OR b", 2},
    };

    (void)state;
    CHECK_ALL(table);
}

/* All notes of a query as "column text; column text", or their end. */
typedef struct broken {
    const char *query;
    const char *form;
    const char *notes;
} broken;

static void check_broken(const broken *wanted)
{
    lede_error err = {0};
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parse_options options = {.analyzer = analyzer, .now = NOW};
    lede_parsed parsed;
    lede_buf out = {0};
    uint32_t i;

    assert_ok(lede_query_parse(lede_span_text(wanted->query), &options, &arena,
                               &notes, &parsed, &err));
    lede_ast_format(parsed.root, false, &out);
    for (i = 0; i < notes.count; i++) {
        lede_buf_put_format(&out, "\n  %u %s", notes.items[i].column,
                            notes.items[i].text);
    }
    i = (uint32_t)strlen(wanted->form);
    if (!lede_span_starts(lede_buf_span(&out), wanted->form) ||
        !lede_span_is(lede_span_part(lede_buf_span(&out), i, SIZE_MAX),
                      wanted->notes)) {
        print_error("%s\n  is read as %s\n  and not %s%s\n", wanted->query,
                    lede_buf_text(&out), wanted->form, wanted->notes);
        fail();
    }
    lede_buf_done(&out);
    lede_arena_done(&arena);
}

#define ALONE(c) "nothing stands behind this '" c "': it is ignored"
#define FRUITLESS(c) " there is nothing to search for in '" c "'"
#define NO_WORDS(c) " there are no words in '" c "': it is ignored"
#define NOT_HERE(c) " '" c "' has no meaning here: it is ignored"
#define NO_OPERAND(c) " " c " has nothing to work on here: it is read as a word"
#define EMPTY_GROUP " there are no words between these parentheses"
#define NO_MINUS " this '-' excludes nothing here: it is ignored"

static void test_parse__what_is_broken_is_told(void **state)
{
    static const broken table[] = {
        /* Signs alone. */
        {"-", "", "\n  0 " ALONE("-")},
        {"=", "", "\n  0 " ALONE("=")},
        {"a -", "a", "\n  2 " ALONE("-")},
        {"a AND - OR b", "a OR b", "\n  6 " ALONE("-")},
        {"- - -a", "NOT a", "\n  0 " ALONE("-") "\n  2 " ALONE("-")},
        {"== a", "a", "\n  1 " ALONE("=")},
        /* Nothing to search for at all. */
        {"!!!", "", "\n  0" FRUITLESS("!!!")},
        {" \u3000 --\n", "", "\n  5" FRUITLESS("--")},
        {"\U0001F600", "", "\n  0" FRUITLESS("\U0001F600")},
        {"headline:()", "",
         "\n  0" FRUITLESS("headline:()") "\n  9" EMPTY_GROUP},
        {"-()", "", "\n  0" FRUITLESS("-()") "\n  1" EMPTY_GROUP},
        {"()", "", "\n  0" EMPTY_GROUP},
        {"(())", "", "\n  0" FRUITLESS("(())") "\n  1" EMPTY_GROUP},
        {"\"\" ", "", "\n  0 there are no words between these quotation marks"},
        {"((", "",
         "\n  0 this parenthesis is never closed"
         "\n  1 this parenthesis is never closed"},
        {"))", "",
         "\n  0 this parenthesis closes nothing"
         "\n  1 this parenthesis closes nothing"},
        {"-!!!", "", "\n  0" FRUITLESS("-!!!") "\n  1" NO_WORDS("!!!")},
        {"headline:=!", "",
         "\n  0" FRUITLESS("headline:=!") "\n  9" NO_WORDS("=!")},
        {"................................................................", "",
         "\n  0" FRUITLESS("........................................")},
        /* Operands that are none. */
        {"a OR !!!", "a", "\n  5" NO_WORDS("!!!")},
        {"!!! OR a", "a", "\n  0" NO_WORDS("!!!")},
        {"a AND !!!", "a", "\n  6" NO_WORDS("!!!")},
        {"a !!! AND b", "a AND b", "\n  2" NO_WORDS("!!!")},
        {"a NOT !!!", "a", "\n  6" NO_WORDS("!!!")},
        {"a !!! b", "a AND b", ""},
        {"a OR ()", "a", "\n  5" EMPTY_GROUP},
        /* Operators that have nothing to work on. */
        {"a AND AND b", "a AND AND AND b", "\n  6" NO_OPERAND("AND")},
        {"a AND OR b", "a AND OR AND b", "\n  6" NO_OPERAND("OR")},
        {"a OR AND b", "a OR (AND AND b)", "\n  5" NO_OPERAND("AND")},
        {"a NOT OR b", "a AND NOT OR AND b", "\n  6" NO_OPERAND("OR")},
        {"(a OR) b", "a AND OR AND b", "\n  3" NO_OPERAND("OR")},
        {"(NOT) a", "NOT AND a", "\n  1" NO_OPERAND("NOT")},
        {"\u00E9 OR", "\u00E9 AND OR", "\n  3" NO_OPERAND("OR")},
        /* Minus where it excludes nothing. */
        {"headline:-a", "headline:-a", "\n  9" NO_MINUS},
        {"=-a", "=-a", "\n  1" NO_MINUS},
        {"---a", "---a", "\n  0" NO_MINUS},
        {"\"a\"-b", "\"a\" AND -b", "\n  3" NO_MINUS},
        {"“a”-\"b\"", "\"a\" AND \"b\"", "\n  7" NO_MINUS},
        {"\u00E9\u3000-a", "\u00E9 AND NOT a", ""},
        {"==a", "=a", "\n  1 one '=' is enough: this one is ignored"},
        /* What other languages know. */
        {"example.org/~1", "example.org/~1", "\n  12" NOT_HERE("~")},
        {"what? why?", "what? AND why?", ""},
        {"http://a.b/c?d=1", "http://a.b/c?d=1", ""},
        {"a || b|c", "a AND b|c",
         "\n  2 '||' is no operator here (OR is): it is ignored"
         "\n  6 '|' is no operator here (OR is): it is ignored"},
        {"a && b", "a AND b",
         "\n  2 '&&' is no operator here (AND is): it is ignored"},
        {"AT&T a & b", "AT&T AND a AND b", ""},
        {"a ~ b", "a AND b", "\n  2 " ALONE("~")},
        {"a + b ^ c", "a AND b AND c", "\n  2 " ALONE("+") "\n  6 " ALONE("^")},
        {"~", "", "\n  0 " ALONE("~")},
        {"ab+cd C++ 1+1 Canal+ +1", "ab+cd AND C++ AND 1+1 AND Canal+ AND +1",
         "\n  2 '+' is no operator here: it is read as a mark between two "
         "words, side by side"},
        {"ab! Ab! 100% US$", "ab! AND Ab! AND 100% AND US$",
         "\n  2 '!' has no meaning here ('*' stands for any letters): it is "
         "ignored"},
        {"ab$", "ab$",
         "\n  2 '$' has no meaning here ('*' stands for any letters): it is "
         "ignored"},
        {"a#b c# #a", "a#b AND c# AND #a",
         "\n  1 '#' has no meaning here ('?' stands for a letter): it is "
         "ignored"},
        {"!a", "!a",
         "\n  0 '!' excludes nothing here ('-' does): it is ignored"},
        {"+\"a b\"", "\"a b\"", "\n  0" NOT_HERE("+")},
        {"headline:*", "*", "\n  9 '*' finds everything, whatever the field"},
        {"title:(a b)", "title: AND a AND b",
         "\n  0 there is no field 'title' (headline: is): it is read as a "
         "word"},
        /* Pairs of syllables are words, one alone is where it stands alone. */
        {"a 駅", "a AND 駅",
         "\n  2 a single character of this script is found only where it "
         "stands alone"},
        {"\"a AI駅\"", "\"a AI駅\"",
         "\n  5 a single character of this script is found only where it "
         "stands alone"},
        {"東京 駅前", "東京 AND 駅前", ""},
        {"ไทย", "ไทย", ""},
        {"a か\u3099", "a AND か\u3099",
         "\n  2 a single character of this script is found only where it "
         "stands alone"},
        /* One kind of note is worth so many. */
        {"a^ b^ c^ d^ e^", "a AND b AND c AND d AND e",
         "\n  1" NOT_HERE("^") "\n  4" NOT_HERE("^") "\n  7" NOT_HERE("^")},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

/* Operators that people know from elsewhere, and what lede has for them. */
typedef struct foreign {
    const char *typed, *instead; /* "": nothing; NULL: is not told of */
} foreign;

static const foreign foreigners[] = {
    {"w/5", "NEAR/5"},     {"W/12", "NEAR/12"},   {"n/3", "NEAR/3"},
    {"/5", "NEAR/5"},      {"near/4", "NEAR/4"},  {"within/9", "NEAR/9"},
    {"pre/2", "ADJ/2"},    {"P/7", "ADJ/7"},      {"ONEAR/6", "ADJ/6"},
    {"adj/3", "ADJ/3"},    {"adj3", "ADJ/3"},     {"NEAR3", "NEAR/3"},
    {"near:8", "NEAR/8"},  {"w/0", "NEAR"},       {"w/99999999999", "NEAR"},
    {"/s", "SAME"},        {"/p", "SAME"},        {"w/s", "SAME"},
    {"W/PARA", "SAME"},    {"w/seg", "SAME"},     {"AROUND(5)", "NEAR/5"},
    {"NEAR(5)", "NEAR/5"}, {"ONEAR(5)", "ADJ/5"}, {"XOR", ""},
    {"ANDNOT", "NOT"},     {"w/o", NULL},         {"24/7", NULL},
    {"9/11", NULL},        {"n/a", NULL},         {"around", NULL},
    {"near", NULL},        {"adj", NULL},         {"and/or", NULL},
    {"w/5x", NULL},        {"xor", NULL},         {"around(5x)", NULL},
};

/* What may stand around them, and where the operator is in it: %s. */
static const char *const around[] = {
    "ab %s cd",       "\u00e9\u6771\u4eac  %s cd", "(ab OR x) %s \"c d\"",
    "x (ab %s cd)",   "headline:(ab %s cd)",       "\"ab cd\" %s =cd",
    "ab NOT x %s cd", "-ab \u3000%s\tcd",
};

/* The notes of a query; its text and columns live in the arena. */
static lede_notes notes_of(const char *query, lede_arena *arena)
{
    lede_parse_options options = {.analyzer = analyzer, .now = NOW};
    lede_notes notes = {0};
    lede_parsed parsed;
    lede_error err = {0};

    assert_ok(lede_query_parse(lede_span_text(query), &options, arena, &notes,
                               &parsed, &err));
    return notes;
}

static void check_foreign(const foreign *f, const char *frame)
{
    size_t before = (size_t)(strstr(frame, "%s") - frame);
    lede_arena arena = {0};
    lede_notes notes;
    char query[120], wanted[120];
    bool found = false;

    snprintf(query, sizeof query, "%.*s%s%s", (int)before, frame, f->typed,
             frame + before + 2);
    notes = notes_of(query, &arena);
    if (f->instead == NULL || f->instead[0] == '\0') {
        snprintf(wanted, sizeof wanted,
                 "'%s' is no operator here: it is read as words", f->typed);
    } else {
        snprintf(wanted, sizeof wanted,
                 "'%s' is no operator here (%s is): it is read as words",
                 f->typed, f->instead);
    }
    for (uint32_t i = 0; i < notes.count; i++) {
        found = found || (notes.items[i].column == before &&
                          strcmp(notes.items[i].text, wanted) == 0);
        if (f->instead == NULL &&
            strstr(notes.items[i].text, "no operator") != NULL) {
            fail_msg("%s: %s", query, notes.items[i].text);
        }
    }
    if (found != (f->instead != NULL)) {
        fail_msg("%s: not told at %u: %s", query, (unsigned)before, wanted);
    }
    lede_arena_done(&arena);
}

static void
test_parse__operators_of_others_are_told_where_they_stand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof foreigners / sizeof foreigners[0]; i++) {
        for (size_t j = 0; j < sizeof around / sizeof around[0]; j++) {
            check_foreign(&foreigners[i], around[j]);
        }
    }
}

/* Where nothing stands before or behind them they are words. */
static void test_parse__operators_of_others_alone_are_words(void **state)
{
    static const char *const queries[] = {
        "w/5 magazine",
        "the w/5",
        "/s",
        "/5 a",
        "a (w/5 b)",
        "(a adj3) b",
        "XOR gate",
        "\"a w/5 b\"",
        "a \u201cb XOR c\u201d",
        "A WORD W/5 OF MANY WORDS THAT ARE ALL SHOUTED AND LOUD"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        lede_arena arena = {0};
        lede_notes notes = notes_of(queries[i], &arena);

        for (uint32_t n = 0; n < notes.count; n++) {
            if (strstr(notes.items[n].text, "no operator") != NULL) {
                fail_msg("%s: %s", queries[i], notes.items[n].text);
            }
        }
        lede_arena_done(&arena);
    }
}

static void test_parse__fields_of_others_are_told(void **state)
{
    static const broken table[] = {
        {"a ATLEAST5(b c)", "a AND ATLEAST5 AND b AND c",
         "\n  2 'ATLEAST5' is no operator here: it is read as words"},
        {"a intitle:b", "a AND intitle:b",
         "\n  2 there is no field 'intitle' (headline: is): it is read as a "
         "word"},
        {"allintext:b", "allintext:b",
         "\n  0 there is no field 'allintext' (body: is): it is read as a "
         "word"},
        {"\u00e9 site:example.com", "\u00e9 AND site:example.com",
         "\n  3 there is no field 'site' (url: is): it is read as a word"},
        {"before=2024", "before=2024",
         "\n  0 'before=' is no field here (before: is): it is read as a "
         "word"},
        {"a date>=2024-01-01", "a AND date>=2024-01-01",
         "\n  2 'date>=' is no field here (since: is): it is read as a word"},
        {"date<2024 title=\"a b\"", "date<2024 AND title= AND \"a b\"",
         "\n  0 'date<' is no field here (before: is): it is read as a word"
         "\n  10 'title=' is no field here (headline: is): it is read as a "
         "word"},
        {"date:>2024", "date:>2024",
         "\n  5 '>' is no sign for dates here (after: is): it is read as "
         "words"},
        {"date:<=2024", "date:<=2024",
         "\n  5 '<=' is no sign for dates here (until: is): it is read as "
         "words"},
        {"HEADLINE(a b) x", "HEADLINE AND a AND b AND x",
         "\n  0 'HEADLINE(' is no field here (headline:( is): it is read as "
         "a word"},
        {"a BYLINE(b)", "a AND BYLINE AND b",
         "\n  2 'BYLINE(' is no field here (author:( is): it is read as a "
         "word"},
        {"text(a) US(b) e=mc2 before= a=b",
         "text AND a AND US AND b AND "
         "e=mc2 AND before= AND a=b",
         ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

#define NO_NUMBER(c)                                                           \
    " '" c "' wants a number from 1 to 1000 behind the slash: it is read as "  \
    "words"
#define NEAR_IS_AND(c)                                                         \
    " " c " works on words, phrases, and these joined by OR: it is read as "   \
    "AND"

static void test_parse__near(void **state)
{
    static const broken table[] = {
        {"a NEAR/3 b", "a NEAR/3 b", ""},
        {"a NEAR b", "a NEAR/10 b", ""},
        {"a ADJ b", "a ADJ/10 b", ""},
        {"a ADJ/1 \"b c\"", "a ADJ/1 \"b c\"", ""},
        {"a SAME b c", "(a SAME b) AND c", ""},
        {"a NEAR/3 b NEAR/3 a", "a NEAR/3 b NEAR/3 a", ""},
        {"a NEAR/3 b OR c", "(a NEAR/3 b) OR c", ""},
        {"-a NEAR/3 b", "NOT (a NEAR/3 b)", ""},
        {"c -(a SAME b)", "c AND NOT (a SAME b)", ""},
        {"(a OR \"b c\") NEAR/2 d", "(a OR \"b c\") NEAR/2 d", ""},
        {"headline:(a NEAR/2 b)", "headline:a NEAR/2 headline:b", ""},
        {"headline:a NEAR/2 =B*", "headline:a NEAR/2 =B*", ""},
        {"a NEAR/2 b ADJ/2 c", "(a NEAR/2 b) AND (b ADJ/2 c)", ""},
        {"a NEAR/2 b NEAR/3 c NEAR/3 d",
         "(a NEAR/2 b) AND (b NEAR/3 c NEAR/3 d)", ""},
        {"a NEAR/2 b NEAR/2 c NEAR/2 d NEAR/2 e NEAR/2 f NEAR/2 g NEAR/2 h "
         "NEAR/2 i",
         "(a NEAR/2 b NEAR/2 c NEAR/2 d NEAR/2 e NEAR/2 f NEAR/2 g NEAR/2 h) "
         "AND (h NEAR/2 i)",
         ""},
        {"near a adj/2 b", "near AND a AND adj/2 AND b",
         "\n  7 'adj/2' is no operator here (ADJ/2 is): it is read as words"},
        {"NEARBY ADJUST SAMEY", "NEARBY AND ADJUST AND SAMEY", ""},
        {"SEVEN DIE AS STORM HITS COAST NEAR TOWN",
         "SEVEN AND DIE AND AS AND STORM AND HITS AND COAST AND NEAR AND TOWN",
         "\n  30 the whole query is in capitals: AND, OR, NOT and the like are "
         "read as words"},
        {"A B C D E F G NEAR/2 H",
         "A AND B AND C AND D AND E AND F AND (G NEAR/2 H)", ""},
        /* What has no operand, no number, no places. */
        {"NEAR/3 a", "NEAR/3 AND a", "\n  0" NO_OPERAND("NEAR/3")},
        {"a NEAR/3", "a AND NEAR/3", "\n  2" NO_OPERAND("NEAR/3")},
        {"a SAME", "a AND SAME", "\n  2" NO_OPERAND("SAME")},
        {"a NEAR/3 OR b", "(a AND NEAR/3) OR b", "\n  2" NO_OPERAND("NEAR/3")},
        {"a NEAR/3 NEAR/3 b", "a AND (NEAR/3 NEAR/3 b)",
         "\n  2" NO_OPERAND("NEAR/3")},
        {"(a NEAR/3) b", "a AND NEAR/3 AND b", "\n  3" NO_OPERAND("NEAR/3")},
        {"a NEAR/0 b", "a AND NEAR/0 AND b", "\n  2" NO_NUMBER("NEAR/0")},
        {"a NEAR/1001 b", "a AND NEAR/1001 AND b",
         "\n  2" NO_NUMBER("NEAR/1001")},
        {"a ADJ/x b", "a AND ADJ/x AND b", "\n  2" NO_NUMBER("ADJ/x")},
        {"a NEAR/ b", "a AND NEAR/ AND b", "\n  2" NO_NUMBER("NEAR/")},
        {"a NEAR/99999999999999999999 b",
         "a AND NEAR/99999999999999999999 AND b",
         "\n  2" NO_NUMBER("NEAR/99999999999999999999")},
        {"a NEAR/3 !!!", "a", "\n  9" NO_WORDS("!!!")},
        {"a NEAR/3 (b c)", "a AND b AND c", "\n  2" NEAR_IS_AND("NEAR/3")},
        {"a NEAR/3 (b c) ADJ/2 d NEAR/4 e",
         "a AND b AND c AND d AND (d NEAR/4 e)",
         "\n  2" NEAR_IS_AND("NEAR/3") "\n  15" NEAR_IS_AND("ADJ/2")},
        {"(a b) NEAR/3 c ADJ/3 (d OR e) NEAR/2 f",
         "a AND b AND c AND (c ADJ/3 (d OR e)) AND ((d OR e) NEAR/2 f)",
         "\n  6" NEAR_IS_AND("NEAR/3")},
        {"a SAME kind:article", "a AND kind:article",
         "\n  2" NEAR_IS_AND("SAME")},
        {"a NEAR/3 (b NEAR/2 c)", "a AND (b NEAR/2 c)",
         "\n  2" NEAR_IS_AND("NEAR/3")},
        {"a NEAR/3 -b", "a NEAR/3 -b", "\n  9" NO_MINUS},
        {"a NEAR/3 \"b c\"~2", "a AND \"b c\"~2",
         "\n  2" NEAR_IS_AND("NEAR/3")},
        {"a NEAR/3 *", "a AND *", "\n  2" NEAR_IS_AND("NEAR/3")},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

#define TOO_MUCH(c, as) " '" c "' is more than can be: it is read as " as

static void test_parse__patterns_and_suffixes(void **state)
{
    static const broken table[] = {
        {"word* *word wo*rd w?rd w??d *o*",
         "word* AND *word AND wo*rd AND w?rd AND w??d AND *o*", ""},
        {"headline:st* =St*", "headline:st* AND =St*", ""},
        {"o'b* cease-f*", "o'b* AND cease-f*", ""},
        {"what? why?", "what? AND why?", ""},
        {"http://a.b/c?d=1", "http://a.b/c?d=1", ""},
        {"a*b* **", "a*b* AND *", ""},
        {"東*", "東*", ""},
        {"AC/D*", "AC/D*", "\n  4" NOT_HERE("*")},
        {"日本語*", "日本語*", "\n  9" NOT_HERE("*")},
        {"*!*", "", "\n  0" NOT_HERE("*")},
        {"\"storm* of the cent?ry\"", "\"storm* of the cent?ry\"", ""},
        {"a~1 a~2 a~", "a~1 AND a~2 AND a~1", ""},
        {"Storm~1^2 =Storm~2", "Storm~1^2 AND =Storm~2", ""},
        {"storm^2~1", "storm~1^2", ""},
        {"a~9", "a~2", "\n  1" TOO_MUCH("~9", "~2")},
        {"a~0 a~1.5", "a AND a",
         "\n  1" NOT_HERE("~0") "\n  5" NOT_HERE("~1.5")},
        {"AC/DC~1", "AC/DC", "\n  5" NOT_HERE("~1")},
        {"st*~1", "st*", "\n  3" NOT_HERE("~1")},
        {"~5 a", "~5 AND a", "\n  0" NOT_HERE("~")},
        {"\"a b\"~5 c", "\"a b\"~5 AND c", ""},
        {"\"a b\"~0", "\"a b\"", ""},
        {"\"a b\"~", "\"a b\"", "\n  5" NOT_HERE("~")},
        {"\"a b\"~1001", "\"a b\"~1000", "\n  5" TOO_MUCH("~1001", "~1000")},
        {"(a b)~2", "a AND b", "\n  5" NOT_HERE("~2")},
        {"(a)~2", "a", "\n  3" NOT_HERE("~2")},
        {"a^2 b^0.5 c^.5 d^1 e^0", "a^2 AND b^0.5 AND c AND d AND e^0",
         "\n  11" NOT_HERE("^.5")},
        {"(a b)^1.5 c", "(a AND b)^1.5 AND c", ""},
        {"(a b)^1.5", "(a AND b)^1.5", ""},
        {"(a^2)^3", "a^6", ""},
        {"\"a b\"^2 =x^3 headline:y^4", "\"a b\"^2 AND =x^3 AND headline:y^4",
         ""},
        {"(a NEAR/2 b)^2 c", "(a NEAR/2 b)^2 AND c", ""},
        {"a^20 b^20.01", "a^20 AND b^20", "\n  6" TOO_MUCH("^20.01", "^20")},
        {"a^99999999999999999999", "a^20",
         "\n  1" TOO_MUCH("^99999999999999999999", "^20")},
        {"a^2.5.1 b^", "a AND b",
         "\n  1" NOT_HERE("^2.5.1") "\n  9" NOT_HERE("^")},
        {"C++^2 a*^2", "C++^2 AND a*^2", ""},
        {"example.org/~1", "example.org/~1", "\n  12" NOT_HERE("~")},
        {"!!!^2", "", "\n  0" FRUITLESS("!!!^2")},
        {"-a^2", "NOT a^2", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        check_broken(&table[i]);
    }
}

/* Parentheses that go too deep are ignored in pairs: what stands behind them
 * belongs where it seems to. */
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

static void test_parse__days_are_those_of_the_zone(void **state)
{
    lede_search_options options = {0};
    lede_error err = {0};
    lede_buf out = {0};

    (void)state;
    options.zone = "+02:00";
    assert_ok(lede_query_explain(lede_span_text("date:2025-02-17"), &options,
                                 &out, NULL, NULL, &err));
    assert_span(lede_buf_span(&out),
                "date:[2025-02-16T22:00:00Z, 2025-02-17T22:00:00Z)");
    lede_buf_clear(&out);
    /* A date that names its own zone keeps it. */
    assert_ok(lede_query_explain(lede_span_text("date:2025-02-17T10:00Z"),
                                 &options, &out, NULL, NULL, &err));
    assert_span(lede_buf_span(&out),
                "date:[2025-02-17T10:00:00Z, 2025-02-17T10:01:00Z)");
    options.zone = "Nowhere/Atall";
    assert_status(lede_query_explain(lede_span_text("x"), &options, &out, NULL,
                                     NULL, &err),
                  LEDE_BAD_INPUT);
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
        cmocka_unit_test(test_parse__dates),
        cmocka_unit_test(test_parse__broken_operators_are_words),
        cmocka_unit_test(test_parse__what_is_broken_is_told),
        cmocka_unit_test(
            test_parse__operators_of_others_are_told_where_they_stand),
        cmocka_unit_test(test_parse__operators_of_others_alone_are_words),
        cmocka_unit_test(test_parse__fields_of_others_are_told),
        cmocka_unit_test(test_parse__near),
        cmocka_unit_test(test_parse__relative_dates),
        cmocka_unit_test(test_parse__relative_dates_of_a_zone),
        cmocka_unit_test(test_parse__languages),
        cmocka_unit_test(test_parse__patterns_and_suffixes),
        cmocka_unit_test(test_parse__nesting_has_an_end),
        cmocka_unit_test(test_parse__match_any_is_shown),
        cmocka_unit_test(test_parse__days_are_those_of_the_zone),
        cmocka_unit_test(test_parse__extremes_are_queries_too),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
