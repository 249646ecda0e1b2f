/* The promises of query/parse.h about dates: which period each names, and which
 * days lie in it. */
#include "tests/query/readings.h"

#define TWO_YEARS "date:[2023-01-01T00:00:00Z, 2025-01-01T00:00:00Z)"

static void test_period__dates(void **state)
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
        {"date:02-17 to 02-20", "date:02-17..02-20", -1},
        {"date:02-17 .. 02-20 a", "date:02-17..02-20 AND a", -1},
        {"date:02-17.. 02-20", "date:02-17..02-20", -1},
        {"date:02-17 ..02-20", "date:02-17..02-20", -1},
        {"date:(12-30 to 01-02 OR 2024)",
         "date:12-30..01-02 OR date:[2024-01-01T00:00:00Z, "
         "2025-01-01T00:00:00Z)",
         -1},
        {"date:02-17 to market", "date:02-17 AND to AND market", -1},
        {"date:02-17 to", "date:02-17 AND to", -1},
        {"date:02-17..02-20 to 02-22", "date:02-17..02-20 AND to AND 02-22",
         -1},
        {"since:2023 to 2024", "date:[2023-01-01T00:00:00Z, ) AND to AND 2024",
         11},
        {"before:2023 to may a",
         "date:[, 2023-01-01T00:00:00Z) AND to AND may AND a", 12},
        {"since:2023 to market",
         "date:[2023-01-01T00:00:00Z, ) AND to AND "
         "market",
         -1},
        {"date:02-30", "date:02-30", 5},
        {"date:13-01", "date:13-01", 5},
        {"date:00-10", "date:00-10", 5},
        {"date:01-00", "date:01-00", 5},
        {"date:0/-01", "date:0/-01", 5},
        {"date:2-17", "date:2-17", 5},
        {"date:02-17..", "date:02-17..", 5},
        {"date:02-17..02-30", "date:02-17..02-30", 5},
        {"date:02-17..2025", "date:02-17..2025", 5},
        {"date:august 5", "date:[2024-08-05T00:00:00Z, 2024-08-06T00:00:00Z)",
         -1},
        {"date:August 5th, 2023 a",
         "date:[2023-08-05T00:00:00Z, 2023-08-06T00:00:00Z) AND a", -1},
        {"date:march 2024 dead",
         "date:[2024-03-01T00:00:00Z, 2024-04-01T00:00:00Z) AND dead", -1},
        {"since:august 5 a", "date:[2024-08-05T00:00:00Z, ) AND a", -1},
        {"date:2023 .. 2024 a", TWO_YEARS " AND a", -1},
        {"date:2023 to 2024", TWO_YEARS, -1},
        {"date:2023.. 2024", TWO_YEARS, -1},
        {"date:2023 ..2024", TWO_YEARS, -1},
        {"date:(2023 .. 2024)", TWO_YEARS, -1},
        {"date:january 2023 to december 2024", TWO_YEARS, -1},
        {"date:\"1 january 2023\" to \"december 2024\"", TWO_YEARS, -1},
        {"date:2024 to 2023", TWO_YEARS, 5},
        {"date:2023 .. a", "date:[2023-01-01T00:00:00Z, ) AND a", -1},
        {"date:2023 ..", "date:[2023-01-01T00:00:00Z, )", -1},
        {"date:2023.. a 2024", "date:[2023-01-01T00:00:00Z, ) AND a AND 2024",
         -1},
        {"date:2023 to market",
         "date:[2023-01-01T00:00:00Z, 2024-01-01T00:00:00Z) AND to AND market",
         -1},
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
static void test_period__relative_dates(void **state)
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
    lede_period period;
    bool swapped;
    lede_buf form = {0};

    assert_ok(lede_zone_open(zone_name, &zone, &err));
    options.zone = zone;
    assert_true(lede_query_parse_period(lede_span_text(date), &options, &period,
                                        &swapped));
    lede_instant_format(period.begin, &form);
    lede_buf_put_text(&form, " ");
    lede_instant_format(period.end, &form);
    assert_string_equal(lede_buf_text(&form), wanted);
    lede_buf_done(&form);
    lede_zone_close(zone);
}

/* Days are the zone's; so many days ago clocks there showed the same time. */
static void test_period__relative_dates_of_a_zone(void **state)
{
    const int64_t april = 1743460200; /* 2025-03-31T22:30:00Z, in summer time */
    lede_parse_options none = {.now = LEDE_INSTANT_NONE};
    lede_period period;
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
    assert_false(lede_query_parse_period(lede_span_text("today"), &none,
                                         &period, &swapped));
}

static void test_period__days_are_those_of_the_zone(void **state)
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

/* The whole days of a period: of a zone, whatever its clocks show. */
static void check_whole_days(const char *zone_name, const char *date,
                             const char *first, const char *behind,
                             bool is_until_now)
{
    lede_error err = {0};
    lede_zone *zone = NULL;
    lede_parse_options options = {.now = NOW};
    lede_period period;
    int64_t day, begin = INT64_MIN, end = INT64_MAX;
    bool swapped;

    assert_ok(lede_zone_open(zone_name, &zone, &err));
    options.zone = zone;
    assert_true(lede_query_parse_period(lede_span_text(date), &options, &period,
                                        &swapped));
    assert_true(*first == 0 ||
                lede_date_days(lede_span_text(first), &begin, &day));
    assert_true(*behind == 0 ||
                lede_date_days(lede_span_text(behind), &end, &day));
    if (period.days.begin != begin || period.days.end != end) {
        fail_msg("%s: days %lld to %lld, not %lld to %lld", date,
                 (long long)period.days.begin, (long long)period.days.end,
                 (long long)begin, (long long)end);
    }
    assert_int_equal(period.days.begun != INT64_MIN, is_until_now);
    lede_zone_close(zone);
}

static void test_period__has_whole_days(void **state)
{
    (void)state;
    check_whole_days("UTC", "2024", "2024-01-01", "2025-01-01", false);
    check_whole_days("Asia/Tokyo", "2024", "2024-01-01", "2025-01-01", false);
    check_whole_days("Asia/Tokyo", "2024-02", "2024-02-01", "2024-03-01",
                     false);
    check_whole_days("UTC", "..2024-02", "", "2024-03-01", false);
    check_whole_days("UTC", "2024-02..", "2024-02-01", "", false);
    check_whole_days("UTC", "2024-02-17T14:50", "2024-02-18", "2024-02-17",
                     false);
    check_whole_days("UTC", "2024-02-17T00:00..2024-02-17T23:59", "2024-02-17",
                     "2024-02-18", false);
    check_whole_days("America/New_York", "2024-02-17T00:00Z..", "2024-02-17",
                     "", false);
    /* There was no midnight. */
    check_whole_days("America/Sao_Paulo", "2018-11-04", "2018-11-04",
                     "2018-11-05", false);
    check_whole_days("America/Sao_Paulo", "2018-11-03", "2018-11-03",
                     "2018-11-04", false);
    check_whole_days("UTC", "2w", "2025-02-06", "2025-02-19", true);
    check_whole_days("UTC", "4w..2w", "2025-01-23", "2025-02-05", false);
    check_whole_days("UTC", "2024..now", "2024-01-01", "2025-02-19", true);
    check_whole_days("UTC", "..today", "", "2025-02-20", true);
    check_whole_days("UTC", "yesterday", "2025-02-18", "2025-02-19", false);
    check_whole_days("Pacific/Kiritimati", "today", "2025-02-20", "2025-02-21",
                     true);
}

static void test_period__of_a_side_has_whole_days(void **state)
{
    lede_parse_options options = {.now = NOW};
    lede_period period;
    const lede_span date = lede_span_text("2025-02-17T14:50");

    (void)state;
    assert_true(
        lede_query_parse_side(date, &options, LEDE_DATE_AFTER, &period));
    assert_int_equal(period.days.begin, lede_days_from_civil(2025, 2, 18));
    assert_int_equal(period.days.end, INT64_MAX);
    assert_true(
        lede_query_parse_side(date, &options, LEDE_DATE_UNTIL, &period));
    assert_int_equal(period.days.begin, INT64_MIN);
    assert_int_equal(period.days.end, lede_days_from_civil(2025, 2, 17));
    assert_int_equal(period.days.begun, INT64_MIN);
    assert_true(lede_query_parse_side(lede_span_text("now"), &options,
                                      LEDE_DATE_BEFORE, &period));
    assert_int_equal(period.days.begun, lede_days_from_civil(2025, 2, 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_period__dates),
        cmocka_unit_test(test_period__relative_dates),
        cmocka_unit_test(test_period__relative_dates_of_a_zone),
        cmocka_unit_test(test_period__days_are_those_of_the_zone),
        cmocka_unit_test(test_period__has_whole_days),
        cmocka_unit_test(test_period__of_a_side_has_whole_days),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
