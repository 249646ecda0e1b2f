/* When the updates of a live page were published: days and years that stand
 * elsewhere, New Year, midnight, zones. */
#include "tests/corpus/live_page.h"

static void test_live_when__the_date_of_the_page_gives_the_day(void **state)
{
    static const char updates[] =
        "19.30 GMT\n\nSummary of the day\n\nMars was reached by noon.\n\n"
        "18.10 GMT\n\nSecond one\n\nThe wheels were tested.\n";
    static const char *const dates[] = {
        "Fri 19 Feb 2021 19.41 GMT\n\n",
        "Fri Feb 19 2021 14.41 EST\n\n",
        "Fri 19 Feb 2021\n\n",
        "Fri 19 Feb 2021 19.41 GMT\nFri 19 Feb 2021 19.41 GMT\n\n",
        ("Fri 19 Feb 2021 19.41 GMT\n\n"
         "First published on Fri 19 Feb 2021 17.20 GMT\n\n"),
        "Fri 19 Feb 2021 17.20 GMT\n\n",
        "Sat 20 Feb 2021 00.05 GMT\n\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char text[1024];

        snprintf(text, sizeof text, "Mars live\n\n%s%s", dates[i], updates);
        read_page(text);
        assert_string_equal(got.page.format, "live text C");
        assert_span(got.page.title, "Mars live");
        assert_int_equal(got.count, 2);
        assert_entry(0, "Summary of the day", "2021-02-19T19:30:00Z",
                     "Mars was reached by noon.");
        assert_entry(1, "Second one", "2021-02-19T18:10:00Z",
                     "The wheels were tested.");
    }
    read_page("Mars live\n\nSat 20 Feb 2021 00.35 GMT\n\n"
              "00.30 GMT\n\nC\n\nText c.\n\n23.50 GMT\n\nB\n\nText b.\n\n"
              "23.10 GMT\n\nA\n\nText a.\n");
    assert_entry(0, "C", "2021-02-20T00:30:00Z", "Text c.");
    assert_entry(2, "A", "2021-02-19T23:10:00Z", "Text a.");
    read_page("Mars live\n\nFri 19 Feb 2021 23.00 GMT\n\n"
              "00.30 GMT\n\nC\n\nText c.\n\n23.50 GMT\n\nB\n\nText b.\n\n"
              "23.10 GMT\n\nA\n\nText a.\n");
    assert_entry(0, "C", "2021-02-20T00:30:00Z", "Text c.");
    assert_entry(2, "A", "2021-02-19T23:10:00Z", "Text a.");
}

static void test_live_when__the_date_of_the_page_gives_the_year(void **state)
{
    lede_read_options with = options;

    (void)state;
    with.mtime = 1600000000; /* September 2020 */
    context.options = &with;
    read_page("Fri 19 Feb 2021 19.41 GMT\n\n"
              "1. Twopublished at 14:50 GMT 19 February\n\nText.\n\n"
              "2. Onepublished at 14:10 GMT 19 February\n\nMore.\n");
    assert_int_equal(got.count, 2);
    assert_entry(0, "Two", "2021-02-19T14:50:00Z", "Text.");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_PAGE);
}

static void test_live_when__dates_of_the_page_are_no_summary(void **state)
{
    static const char *const openings[] = {
        "Last modified on Fri 19 Feb 2021 17.20 GMT\n"
        "First published on Fri 19 Feb 2021 10.05 GMT\n\n",
        "Fri 19 Feb 2021 17.20 GMT\n"
        "First published on Fri 19 Feb 2021 10.05 GMT\n\n",
        "Last modified on Fri 19 Feb 2021 17.20 GMT\n\n"
        "First published on Fri 19 Feb 2021 10.05 GMT\n\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        char text[1024];

        snprintf(text, sizeof text, "%s%s", openings[i],
                 "17.10 GMT\n\nB\n\nText b.\n\n10.10 GMT\n\nA\n\nText a.\n");
        read_page(text);
        assert_int_equal(got.page.title.len, 0);
        assert_int_equal(got.count, 2);
        assert_entry(0, "B", "2021-02-19T17:10:00Z", "Text b.");
        assert_entry(1, "A", "2021-02-19T10:10:00Z", "Text a.");
    }
}

static const char *const two_years =
    "1. Dpublished at 00:10 GMT 1 January\n\nText.\n\n"
    "2. Cpublished at 23:50 GMT 31 December\n\nText.\n\n"
    "3. Bpublished at 22:00 GMT 31 December\n\nPhoto: 31 December "
    "2019Image source, EPA\n\n"
    "4. Apublished at 09:00 GMT 30 December\n\nText.\n";

static void test_live_when__years_step_at_new_year(void **state)
{
    (void)state;
    read_page(two_years);
    assert_when(&entry(0)->published, "2020-01-01T00:10:00Z");
    assert_when(&entry(1)->published, "2019-12-31T23:50:00Z");
    assert_when(&entry(3)->published, "2019-12-30T09:00:00Z");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_PAGE);

    read_page("1. Apublished at 23:50 GMT 31 December 2021\n\nText.\n\n"
              "2. Bpublished at 00:10 GMT 1 January\n\nText.\n");
    assert_int_equal(entry(0)->rank_from_bottom, 1);
    assert_when(&entry(1)->published, "2022-01-01T00:10:00Z");
    assert_int_equal(entry(1)->published.year_source, LEDE_YEAR_EXPLICIT);
}

static const char *const no_year =
    "1. Bpublished at 12:00 British Summer Time 18 July\n\nText.\n\n"
    "2. Apublished at 11:00 British Summer Time 18 July\n\nText.\n";

static void test_live_when__an_unknown_year_keeps_the_rest(void **state)
{
    (void)state;
    read_page(no_year);
    assert_true(entry(0)->published.instant == LEDE_INSTANT_NONE);
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_NONE);
    assert_int_equal(entry(0)->published.precision, LEDE_PRECISION_MINUTE);
    assert_int_equal(entry(0)->published.local.month, 7);
    assert_int_equal(entry(0)->published.local.day, 18);
    assert_int_equal(entry(0)->published.local.hour, 12);
    assert_int_equal(entry(0)->published.offset_min, 60);
}

static void test_live_when__years_from_outside(void **state)
{
    lede_read_options with = options;

    (void)state;
    read_named(no_year, "archive/2022-07-19-page.txt");
    assert_when(&entry(0)->published, "2022-07-18T11:00:00Z");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_FILENAME);

    context.url = lede_span_text("https://x.org/live/2021/jul/18/a-page");
    read_page(no_year);
    assert_when(&entry(0)->published, "2021-07-18T11:00:00Z");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_URL);
    context.url = lede_span_of(NULL, 0);

    with.mtime = 1600000000; /* September 2020 */
    context.options = &with;
    read_page(no_year);
    assert_when(&entry(0)->published, "2020-07-18T11:00:00Z");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_MTIME);
    assert_true(entry(0)->flags & LEDE_FLAG_YEAR_GUESSED);

    with.mtime_is_copy = true;
    read_page(no_year);
    assert_true(entry(0)->published.instant == LEDE_INSTANT_NONE);

    with.year = 2018;
    read_page(no_year);
    assert_when(&entry(0)->published, "2018-07-18T11:00:00Z");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_OPTION);
    context.options = &options;
}

static void test_live_when__a_weekday_in_the_head_gives_the_year(void **state)
{
    static const char *const days[] = {"Monday 5 February", "Mon 5 Feb",
                                       "Monday, 5th February"};
    lede_read_options with = options;
    char text[400];

    (void)state;
    with.mtime = 1600000000; /* September 2020 */
    context.options = &with;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        snprintf(text, sizeof text,
                 "1. Twopublished at 10:00 GMT %s\n\nText.\n\n"
                 "2. Onepublished at 09:00 GMT %s\n\nMore.\n",
                 days[i], days[i]);
        read_page(text);
        assert_int_equal(got.count, 2);
        assert_when(&entry(1)->published, "2018-02-05T09:00:00Z");
        assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_WEEKDAY);
        assert_true(entry(0)->flags & LEDE_FLAG_YEAR_GUESSED);
    }
    context.options = &options;
}

static void test_live_when__times_alone_roll_over_midnight(void **state)
{
    (void)state;
    read_page("1. Dpublished at 00:40 GMT\n\nText.\n\n"
              "2. Cpublished at 23:50 GMT\n\nText.\n\n"
              "3. Bpublished at 22:00 GMT 1 March 2024\n\nText.\n\n"
              "4. Apublished at 23:00 GMT\n\nText.\n");
    assert_when(&entry(0)->published, "2024-03-02T00:40:00Z");
    assert_when(&entry(1)->published, "2024-03-01T23:50:00Z");
    assert_when(&entry(3)->published, "2024-02-29T23:00:00Z");
}

static void test_live_when__zones_of_the_page(void **state)
{
    (void)state;
    read_page("All times stated are UK\n\n"
              "1. Bpublished at 12:00 18 July 2022\n\nText.\n\n"
              "2. Apublished at 11:00 18 January 2022\n\nText.\n");
    assert_when(&entry(0)->published, "2022-07-18T11:00:00Z");
    assert_when(&entry(1)->published, "2022-01-18T11:00:00Z");
    assert_int_equal(entry(0)->flags, 0);

    read_page("1. Bpublished at 12:00 18 July 2022\n\nText.\n\n"
              "2. Apublished at 11:00 18 July 2022\n\nText.\n");
    assert_true(entry(0)->flags & LEDE_FLAG_ZONE_GUESSED);
}

/* A date of the page that names no zone is in that of its updates. */
static void test_live_when__page_dates_without_a_zone(void **state)
{
    (void)state;
    read_page("Port strike live\n\nUpdated March 4, 2025 6:12 p.m.\n\n"
              "6:10 PM EST\n\nTalks resume\n\nBoth are back.\n\n"
              "5:02 PM EST\n\nShips wait\n\nTwelve wait.\n");
    assert_entry(0, "Talks resume", "2025-03-04T23:10:00Z", "Both are back.");
    assert_entry(1, "Ships wait", "2025-03-04T22:02:00Z", "Twelve wait.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_live_when__the_date_of_the_page_gives_the_day),
        READ_TEST(test_live_when__the_date_of_the_page_gives_the_year),
        READ_TEST(test_live_when__dates_of_the_page_are_no_summary),
        READ_TEST(test_live_when__years_step_at_new_year),
        READ_TEST(test_live_when__an_unknown_year_keeps_the_rest),
        READ_TEST(test_live_when__years_from_outside),
        READ_TEST(test_live_when__a_weekday_in_the_head_gives_the_year),
        READ_TEST(test_live_when__times_alone_roll_over_midnight),
        READ_TEST(test_live_when__zones_of_the_page),
        READ_TEST(test_live_when__page_dates_without_a_zone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
