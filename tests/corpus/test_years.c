#include "corpus/years.h"
#include "tests/support/check.h"

static lede_civil day(int32_t year, unsigned month, unsigned at)
{
    lede_civil civil = {
        .year = year, .month = (uint8_t)month, .day = (uint8_t)at};

    return civil;
}

static void assert_year(const lede_years *years, lede_civil newest,
                        int32_t wanted, lede_year_source wanted_source)
{
    int32_t year = 0;
    lede_year_source source = LEDE_YEAR_NONE;
    bool is = lede_years_choose(years, &newest, &newest, &year, &source);

    assert_int_equal(is, wanted != 0);
    if (is) {
        assert_int_equal(year, wanted);
        assert_int_equal(source, wanted_source);
    }
}

static void test_years__nothing_known_is_no_year(void **state)
{
    lede_years years = {0};

    (void)state;
    assert_year(&years, day(0, 2, 17), 0, LEDE_YEAR_NONE);
    years.option = 2020;
    assert_year(&years, day(0, 0, 0), 0, LEDE_YEAR_NONE);
}

static void test_years__explicit_beats_option_beats_the_rest(void **state)
{
    lede_years years = {0};

    (void)state;
    years.page = day(2019, 2, 17);
    years.furniture = day(2019, 2, 17);
    years.url = day(2019, 2, 17);
    assert_year(&years, day(0, 2, 17), 2019, LEDE_YEAR_METADATA);
    years.option = 2020;
    assert_year(&years, day(0, 2, 17), 2020, LEDE_YEAR_OPTION);
    years.explicit_year = 2021;
    assert_year(&years, day(0, 2, 17), 2021, LEDE_YEAR_EXPLICIT);
}

static void test_years__saving_comes_after_and_pages_come_near(void **state)
{
    lede_years years = {0};

    (void)state;
    years.captured = day(2025, 1, 2);
    assert_year(&years, day(0, 12, 31), 2024, LEDE_YEAR_CAPTURE);
    assert_year(&years, day(0, 1, 2), 2025, LEDE_YEAR_CAPTURE);
    assert_year(&years, day(0, 1, 3), 2025, LEDE_YEAR_CAPTURE);
    assert_year(&years, day(0, 1, 5), 2024, LEDE_YEAR_CAPTURE);
    years.captured = day(0, 0, 0);
    years.url = day(2024, 12, 31);
    assert_year(&years, day(0, 1, 1), 2025, LEDE_YEAR_URL);
    assert_year(&years, day(0, 12, 30), 2024, LEDE_YEAR_URL);
}

static void test_years__dates_in_the_text_shortly_before(void **state)
{
    lede_years years = {0};
    lede_civil near = day(2025, 2, 15);
    lede_civil after = day(2025, 2, 20);
    lede_civil old = day(2023, 11, 2);

    (void)state;
    lede_years_add_text_date(&years, &after);
    lede_years_add_text_date(&years, &old);
    assert_year(&years, day(0, 2, 17), 0, LEDE_YEAR_NONE);
    lede_years_add_text_date(&years, &near);
    assert_year(&years, day(0, 2, 17), 2025, LEDE_YEAR_PAGE);
    near = day(2024, 2, 16);
    lede_years_add_text_date(&years, &near);
    assert_year(&years, day(0, 2, 17), 0, LEDE_YEAR_NONE); /* a tie */
    near = day(2024, 1, 30);
    lede_years_add_text_date(&years, &near);
    assert_year(&years, day(0, 2, 17), 2024, LEDE_YEAR_PAGE);
    near = day(2024, 12, 30);
    years = (lede_years){0};
    lede_years_add_text_date(&years, &near);
    assert_year(&years, day(0, 1, 2), 2025, LEDE_YEAR_PAGE);
}

static void test_years__weekdays_weigh_and_never_propose(void **state)
{
    lede_years years = {0};
    lede_civil near = day(2024, 2, 16);

    (void)state;
    lede_years_add_weekdays(
        &years, lede_span_text("On Monday, and on Monday, and Monday's."));
    assert_int_equal(years.weekdays[0], 3);
    assert_int_equal(years.weekdays[1], 0);
    lede_years_add_weekdays(&years, lede_span_text("Tuesday was wet."));
    assert_int_equal(years.weekdays[1], 0);
    assert_year(&years, day(0, 2, 17), 0, LEDE_YEAR_NONE);
    lede_years_add_text_date(&years, &near);
    near = day(2025, 2, 16);
    lede_years_add_text_date(&years, &near);
    /* 17 February 2025 was a Monday, that of 2024 a Saturday. */
    assert_year(&years, day(0, 2, 17), 2025, LEDE_YEAR_PAGE);
}

static void test_years__the_file_s_time_is_weak(void **state)
{
    lede_years years = {0};

    (void)state;
    years.mtime = day(2022, 5, 1);
    assert_year(&years, day(0, 2, 17), 2022, LEDE_YEAR_MTIME);
    years.weekdays[2] = 1; /* 17 February 2022 was a Thursday: fits */
    assert_year(&years, day(0, 2, 17), 2022, LEDE_YEAR_MTIME);
    years.weekdays[2] = 0;
    years.weekdays[6] = 1;
    assert_year(&years, day(0, 2, 17), 0, LEDE_YEAR_NONE);
    years.weekdays[6] = 0;
    years.year_max = 2021;
    assert_year(&years, day(0, 2, 17), 0, LEDE_YEAR_NONE);
}

static void test_years__a_printed_weekday_tells_the_year(void **state)
{
    lede_years years = {.printed_weekday = 1};

    (void)state;
    /* It proposes nothing that no time bounds. */
    assert_year(&years, day(0, 2, 5), 0, LEDE_YEAR_NONE);
    years.mtime = day(2020, 9, 13);
    assert_year(&years, day(0, 2, 5), 2018, LEDE_YEAR_WEEKDAY);
    years.mtime = day(2018, 2, 4); /* a day of grace */
    assert_year(&years, day(0, 2, 5), 2018, LEDE_YEAR_WEEKDAY);
    years.mtime = day(2018, 2, 3);
    assert_year(&years, day(0, 2, 5), 2007, LEDE_YEAR_WEEKDAY);
    years.mtime = day(2020, 9, 13);
    years.captured = day(2020, 1, 1);
    assert_year(&years, day(0, 2, 5), 2018, LEDE_YEAR_WEEKDAY);
    years.captured = day(2018, 2, 6);
    assert_year(&years, day(0, 2, 5), 2018, LEDE_YEAR_CAPTURE);
    years.captured = day(0, 0, 0);
    years.page = day(2019, 2, 5);
    assert_year(&years, day(0, 2, 5), 2019, LEDE_YEAR_METADATA);

    years = (lede_years){.printed_weekday = 6, .mtime = day(2025, 1, 1)};
    assert_year(&years, day(0, 2, 29), 2020, LEDE_YEAR_WEEKDAY);
}

/* Against a count of days that knows only one Monday. With the day of grace,
 * all of 2025 may be meant. */
static void test_years__every_weekday_finds_its_nearest_year(void **state)
{
    (void)state;
    for (unsigned month = 1; month <= 12; month++) {
        for (unsigned at = 1; at <= 28; at++) {
            for (uint8_t weekday = 1; weekday <= 7; weekday++) {
                lede_years years = {.printed_weekday = weekday,
                                    .mtime = day(2025, 12, 30)};
                int32_t year = 2025;

                /* 1 January 2001 was a Monday. */
                while ((lede_days_from_civil(year, month, at) -
                        lede_days_from_civil(2001, 1, 1)) %
                               7 +
                           1 !=
                       weekday) {
                    year--;
                }
                assert_year(&years, day(0, month, at), year, LEDE_YEAR_WEEKDAY);
            }
        }
    }
}

static void test_years__a_leap_day_finds_a_year(void **state)
{
    lede_civil reference = day(2023, 3, 1);

    (void)state;
    assert_int_equal(lede_years_nearest(&reference, 2, 29), 2023);
    assert_int_equal(lede_years_latest(&reference, 2, 29, 0), 2023);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_years__nothing_known_is_no_year),
        cmocka_unit_test(test_years__explicit_beats_option_beats_the_rest),
        cmocka_unit_test(test_years__saving_comes_after_and_pages_come_near),
        cmocka_unit_test(test_years__dates_in_the_text_shortly_before),
        cmocka_unit_test(test_years__weekdays_weigh_and_never_propose),
        cmocka_unit_test(test_years__the_file_s_time_is_weak),
        cmocka_unit_test(test_years__a_printed_weekday_tells_the_year),
        cmocka_unit_test(test_years__every_weekday_finds_its_nearest_year),
        cmocka_unit_test(test_years__a_leap_day_finds_a_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
