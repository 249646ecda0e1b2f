/* The promises of query/dates.h: a date that is a day, month or year is in a
 * period if all of it is, and its first instant tells that of all but a few. */
#include "tests/support/check.h"

#include <stdio.h>

#include "query/dates.h"
#include "tests/query/random_period.h"
#include "tests/support/random_archive.h"

static void check_days(const char *date, const char *first, const char *last)
{
    int64_t begin, end, first_day, last_day, behind;

    assert_true(lede_date_days(lede_span_text(date), &begin, &end));
    assert_true(lede_date_days(lede_span_text(first), &first_day, &behind));
    assert_true(lede_date_days(lede_span_text(last), &last_day, &behind));
    assert_int_equal(begin, first_day);
    assert_int_equal(end, last_day + 1);
}

static void test_query_dates__have_days(void **state)
{
    static const char *const none[] = {
        "",           "24",   "2024-",      "2024-13",    "2024-00",
        "2024-02-30", "2o24", "2024-02-00", "2024/02/01", "2024-2-01"};
    int64_t first, behind;

    (void)state;
    check_days("2024", "2024-01-01", "2024-12-31");
    check_days("2024-02", "2024-02-01", "2024-02-29");
    check_days("2023-12", "2023-12-01", "2023-12-31");
    check_days("1969-12-31", "1969-12-31", "1969-12-31");
    assert_true(lede_date_days(lede_span_text("1970-01-02"), &first, &behind));
    assert_int_equal(first, 1);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(lede_date_days(lede_span_text(none[i]), &first, &behind));
    }
}

static void test_query_dates__are_in_as_a_whole(void **state)
{
    lede_day_range range = {10, 20, INT64_MIN};

    (void)state;
    assert_true(lede_day_range_has(&range, 10, 20));
    assert_true(lede_day_range_has(&range, 12, 13));
    assert_false(lede_day_range_has(&range, 9, 11));
    assert_false(lede_day_range_has(&range, 19, 21));
    range.begun = 20; /* until now: what has begun may not be over */
    assert_true(lede_day_range_has(&range, 19, 400));
    assert_false(lede_day_range_has(&range, 20, 21));
    assert_false(lede_day_range_has(&range, 9, 400));
    range.end = INT64_MAX;
    assert_true(lede_day_range_has(&range, 20, 400));
}

/* A date printed somewhere, with its first instant there. */
static lede_when random_when(uint64_t *state)
{
    lede_when when = {
        .precision =
            (lede_precision)(LEDE_PRECISION_YEAR + random_below(state, 6)),
        .offset_min = (int16_t)(15 * ((int)random_below(state, 105) - 48))};
    lede_civil civil;

    when.instant = RANDOM_ARCHIVE_EPOCH + 3600 * random_below(state, 3000);
    if (when.precision >= LEDE_PRECISION_HOUR) {
        return when;
    }
    lede_civil_from_instant(when.instant, when.offset_min * 60, &civil);
    civil.hour = civil.minute = civil.second = 0;
    civil.day = when.precision < LEDE_PRECISION_DAY ? 1 : civil.day;
    civil.month = when.precision < LEDE_PRECISION_MONTH ? 1 : civil.month;
    when.instant = lede_instant_from_civil(&civil, when.offset_min * 60);
    return when;
}

/* What an engine does: the instant decides, but for the dates in doubt. */
static bool is_found(const lede_period *period, const lede_when *when)
{
    lede_doubtful_date dates[LEDE_DATES_IN_DOUBT_MOST];
    uint32_t count = lede_dates_in_doubt(period, dates);
    bool is_in = when->instant >= period->begin &&
                 (when->instant < period->end || period->end == INT64_MAX);
    lede_buf text = {0};

    lede_when_format(when, &text);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            assert_string_not_equal(dates[i].text, dates[j].text);
        }
        if (when->precision < LEDE_PRECISION_HOUR &&
            strcmp(dates[i].text, lede_buf_text(&text)) == 0) {
            is_in = dates[i].is_in;
        }
    }
    lede_buf_done(&text);
    return is_in;
}

static void
test_query_dates__in_doubt_are_all_that_instants_do_not_tell(void **state)
{
    uint64_t seed = 4711;
    uint32_t found = 0;

    (void)state;
    for (uint32_t i = 0; i < 4000; i++) {
        lede_period period =
            random_period(&seed, RANDOM_ARCHIVE_EPOCH, 3600, 3000);

        for (uint32_t j = 0; j < 50; j++) {
            lede_when when = random_when(&seed);
            bool is_in = lede_period_has(&period, &when);

            if (is_found(&period, &when) != is_in) {
                lede_buf text = {0};

                lede_when_format(&when, &text);
                fail_msg("%s at %d min, [%lld, %lld): it is %s",
                         lede_buf_text(&text), (int)when.offset_min,
                         (long long)period.begin, (long long)period.end,
                         is_in ? "in" : "not in");
            }
            found += is_in;
        }
    }
    assert_true(found > 10000 && found < 190000);
}

static void test_query_dates__unknown_ones_are_in_no_period(void **state)
{
    lede_period period = {
        INT64_MIN, INT64_MAX, {INT64_MIN, INT64_MAX, INT64_MIN}};
    lede_doubtful_date dates[LEDE_DATES_IN_DOUBT_MOST];
    lede_when when = lede_when_none();

    (void)state;
    assert_false(lede_period_has(&period, &when));
    when.precision = LEDE_PRECISION_DAY;
    when.local = (lede_civil){.month = 2, .day = 17};
    assert_false(lede_period_has(&period, &when));
    assert_int_equal(lede_dates_in_doubt(&period, dates), 0);
    period.begin = period.end = INT64_MAX - 1;
    assert_int_equal(lede_dates_in_doubt(&period, dates), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_dates__have_days),
        cmocka_unit_test(test_query_dates__are_in_as_a_whole),
        cmocka_unit_test(
            test_query_dates__in_doubt_are_all_that_instants_do_not_tell),
        cmocka_unit_test(test_query_dates__unknown_ones_are_in_no_period),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
