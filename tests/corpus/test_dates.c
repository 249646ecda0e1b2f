/* Every spelling of a date that formats are known to use, and what it means. */
#include "corpus/dates.h"

#include "base/buf.h"
#include "tests/support/check.h"

/* What a date says, in one line: its instant as formatted, or its local parts
 * when there is no instant; "?" when it is none. Guesses are marked. */
static const char *say(bool is_date, const lede_when *when, lede_buf *buf)
{
    lede_buf_clear(buf);
    if (!is_date) {
        return "?";
    }
    if (when->instant == LEDE_INSTANT_NONE) {
        lede_buf_put_format(buf, "--%02u-%02u", when->local.month,
                            when->local.day);
        if (when->precision >= LEDE_PRECISION_HOUR) {
            lede_buf_put_format(buf, "T%02u:%02u", when->local.hour,
                                when->local.minute);
        }
    } else {
        lede_when_format(when, buf);
    }
    if (when->precision == LEDE_PRECISION_HOUR ||
        when->precision == LEDE_PRECISION_MINUTE) {
        lede_buf_put_format(buf, " %s", lede_precision_name(when->precision));
    }
    if (when->zone_guessed) {
        lede_buf_put_text(buf, " zone?");
    }
    if (when->day_guessed) {
        lede_buf_put_text(buf, " day?");
    }
    return lede_buf_text(buf);
}

typedef struct date_case {
    const char *text, *means;
} date_case;

static void check_all(const date_case *cases, size_t count,
                      const lede_date_hints *hints)
{
    lede_buf buf = {0};
    size_t failures = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        lede_when when;
        bool is_date =
            lede_date_parse(lede_span_text(cases[i].text), hints, &when);
        const char *means = say(is_date, &when, &buf);

        if (strcmp(means, cases[i].means) != 0) {
            print_error("\"%s\"\n  is  %s\n  not %s\n", cases[i].text, means,
                        cases[i].means);
            failures++;
        }
    }
    lede_buf_done(&buf);
    assert_int_equal(failures, 0);
}

#define CHECK(cases, hints)                                                    \
    check_all((cases), sizeof(cases) / sizeof((cases)[0]), (hints))

static void test_dates__iso_8601_in_all_its_spellings(void **state)
{
    static const date_case cases[] = {
        {"2025-02-17T14:50:00Z", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00z", "2025-02-17T14:50:00Z"},
        {"2025-02-17t14:50:00Z", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00+01:00", "2025-02-17T13:50:00Z"},
        {"2025-02-17T14:50:00-0530", "2025-02-17T20:20:00Z"},
        {"2025-02-17T14:50:00+01", "2025-02-17T13:50:00Z"},
        {"2025-02-17T14:50:00 +0100", "2025-02-17T13:50:00Z"},
        {"2025-02-17T14:50+01:00", "2025-02-17T13:50:00Z minute"},
        {"2025-02-17T14:50Z", "2025-02-17T14:50:00Z minute"},
        {"2025-02-17T14Z", "2025-02-17T14:00:00Z hour"},
        {"2025-02-17T14:50:00", "2025-02-17T14:50:00Z zone?"},
        {"2025-02-17 14:50:00", "2025-02-17T14:50:00Z zone?"},
        {"2025-02-17 14:50", "2025-02-17T14:50:00Z minute zone?"},
        {"2025-02-17 14:50:00+00:00", "2025-02-17T14:50:00Z"},
        {"2025-02-17 14:50:00 UTC", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00.1Z", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00.123+0000", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00.123456Z", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00.123456789-05:00", "2025-02-17T19:50:00Z"},
        {"2025-02-17T14:50:00,5Z", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00.000Z[UTC]", "2025-02-17T14:50:00Z"},
        {"2025-02-17T14:50:00+01:00[Europe/Paris]", "2025-02-17T13:50:00Z"},
        {"20250217T145000Z", "2025-02-17T14:50:00Z"},
        {"20250217T145000+0100", "2025-02-17T13:50:00Z"},
        {"20250217T1450Z", "2025-02-17T14:50:00Z minute"},
        {"20250217T14Z", "2025-02-17T14:00:00Z hour"},
        {"20250217T145000.250Z", "2025-02-17T14:50:00Z"},
        {"20250217T14:50:00Z", "2025-02-17T14:50:00Z"},
        {"2025-02-17", "2025-02-17"},
        {"2025/02/17", "2025-02-17"},
        {"2025.02.17", "2025-02-17"},
        {"20250217", "2025-02-17"},
        {"2025-2-7", "2025-02-07"},
        {"2022-5-5 22:17:36", "2022-05-05T22:17:36Z zone?"},
        {"2025/02/17 14:50:00", "2025-02-17T14:50:00Z zone?"},
        {"2025-02", "2025-02"},
        {"2025", "2025"},
        {"2025-048", "2025-02-17"},
        {"2025-W08-1", "2025-02-17"},
        {"2025-W08-1T14:50:00Z", "2025-02-17T14:50:00Z"},
        {"2018-11-28CET11:59:00+0100", "2018-11-28T10:59:00Z"},
        {"2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z minute"},
        {"2025-02-17T24:00:00Z", "2025-02-17T00:00:00Z"},
        {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"},
        {"  2025-02-17T14:50:00Z\n", "2025-02-17T14:50:00Z"},
    };

    (void)state;
    CHECK(cases, NULL);
}

static void test_dates__mail_feeds_and_programs(void **state)
{
    static const date_case cases[] = {
        {"Mon, 17 Feb 2025 14:50:00 GMT", "2025-02-17T14:50:00Z"},
        {"Mon, 17 Feb 2025 14:50:00 +0100", "2025-02-17T13:50:00Z"},
        {"17 Feb 2025 14:50:00 EST", "2025-02-17T19:50:00Z"},
        {"Mon, 17 Feb 2025 14:50 PDT", "2025-02-17T21:50:00Z minute"},
        {"Mon, 17 Feb 2025 14:50:00 Z", "2025-02-17T14:50:00Z"},
        {"Mon, 17 Feb 2025 14:50:00 UT", "2025-02-17T14:50:00Z"},
        {"Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"},
        {"Thu, 01 Jan 99 19:48:21 GMT", "1999-01-01T19:48:21Z"},
        {"Mon, 17 Feb 2025 14:50:00 Etc/GMT", "2025-02-17T14:50:00Z"},
        {"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
        {"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z zone?"},
        {"Tue Jan 28 15:28:56 CET 2020", "2020-01-28T14:28:56Z"},
        {"Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06Z"},
        {"Tue Nov 19 2019 03:05:46 GMT+0000", "2019-11-19T03:05:46Z"},
        {"Mon Apr 07 2025 23:24:47 GMT+0200 (heure d’été d’Europe centrale)",
         "2025-04-07T21:24:47Z"},
        {"Tue Nov 19 2019 03:05:46 GMT+0000 (Coordinated Universal Time)",
         "2019-11-19T03:05:46Z"},
        {"19 Nov 2019 07:09 GMT", "2019-11-19T07:09:00Z minute"},
        {"Mon, 13 Feb, 2012", "2012-02-13"},
        {"Mon, 26 January 2004 16:31:00 EDT", "2004-01-26T20:31:00Z"},
        {"26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01Z zone?"},
        {"01:38:07 PM IST Nov 20, 2019", "2019-11-20T08:08:07Z"},
        {"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
        {"2004년 05월 28일 01:31:15", "2004-05-28T01:31:15Z zone?"},
        {"2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z zone?"},
        {"2025年2月17日 14:50", "2025-02-17T14:50:00Z minute zone?"},
        {"2025年2月17日", "2025-02-17"},
        {"2025年2月17日 14时50分", "2025-02-17T14:50:00Z minute zone?"},
        {"2025年02月17日下午2:50", "2025-02-17T14:50:00Z minute zone?"},
        {"1739803800", "2025-02-17T14:50:00Z"},
        {"1739803800123", "2025-02-17T14:50:00Z"},
        {"1739803800.25", "2025-02-17T14:50:00Z"},
        {"20250217145000", "2025-02-17T14:50:00Z"},
        {"2002", "2002"},
    };

    (void)state;
    CHECK(cases, NULL);
}

static void test_dates__people_and_pages(void **state)
{
    static const date_case cases[] = {
        {"November 19, 2019", "2019-11-19"},
        {"Nov. 19, 2019", "2019-11-19"},
        {"Nov 19 2019", "2019-11-19"},
        {"19th November 2019", "2019-11-19"},
        {"the 19th of November, 2019", "2019-11-19"},
        {"on the 19th of November, 2019", "2019-11-19"},
        {"Tuesday, November 19, 2019", "2019-11-19"},
        {"Tuesday 19 November 2019", "2019-11-19"},
        {"Sept. 3, 2019", "2019-09-03"},
        {"17 February", "--02-17"},
        {"Feb 29", "--02-29"},
        {"February 2025", "2025-02"},
        {"14:50 Greenwich Mean Time 17 February", "--02-17T14:50 minute"},
        {"14:50 Greenwich Mean Time, 17 February 2025",
         "2025-02-17T14:50:00Z minute"},
        {"06:48 Eastern Daylight Time 18 July 2024",
         "2024-07-18T10:48:00Z minute"},
        {"1:52am India Standard Time 7 October", "--10-07T01:52 minute"},
        {"22:22 CEST 6 October 2020", "2020-10-06T20:22:00Z minute"},
        {"4:22 p.m. ET, October 6, 2020", "2020-10-06T20:22:00Z minute"},
        {"Feb. 17, 2025, 2:40 p.m. ET", "2025-02-17T19:40:00Z minute"},
        {"February 17, 2025 at 2:40 PM EST", "2025-02-17T19:40:00Z minute"},
        {"Fri 19 Feb 2021 19.41 GMT", "2021-02-19T19:41:00Z minute"},
        {"Fri 19 Feb 2021 19.41\u00A0GMT", "2021-02-19T19:41:00Z minute"},
        {"First published on Fri 19 Feb 2021 17.20 GMT",
         "2021-02-19T17:20:00Z minute"},
        {"Last modified on Fri 19 Feb 2021 17.20 GMT",
         "2021-02-19T17:20:00Z minute"},
        {"Last updated: 19 Feb 2021", "2021-02-19"},
        {"Published 19 Feb 2021", "2021-02-19"},
        {"Posted on February 19, 2021", "2021-02-19"},
        {"Fri Feb 19 2021 14.41 EST", "2021-02-19T19:41:00Z minute"},
        {"17 Feb 2025 - 14:40 (14:40 GMT)", "2025-02-17T14:40:00Z minute"},
        {"17 Feb 2025 - 17:40 (14:40 GMT)", "2025-02-17T14:40:00Z minute"},
        {"Updated 9:15 PM EST, Mon February 17, 2025",
         "2025-02-18T02:15:00Z minute"},
        {"17 February 2025, 2.50pm", "2025-02-17T14:50:00Z minute zone?"},
        {"17 February 2025 2pm", "2025-02-17T14:00:00Z hour zone?"},
        {"noon, 17 February 2025", "2025-02-17T12:00:00Z minute zone?"},
        {"24:05 Greenwich Mean Time 17 February 2025",
         "2025-02-17T00:05:00Z minute"},
        {"17.02.2025", "2025-02-17"},
        {"11.11.2021", "2021-11-11"},
        {"17.02.2025 14:50", "2025-02-17T14:50:00Z minute zone?"},
        {"17.02.2025 um 14.50 Uhr", "2025-02-17T14:50:00Z minute zone?"},
        {"17/02/2025", "2025-02-17"},
        {"02/17/2025", "2025-02-17"},
        {"02/03/2025", "2025-03-02 day?"},
        {"02/02/2025", "2025-02-02"},
        {"1. Februar 2025", "2025-02-01"},
        {"Montag, 17. Februar 2025, 14:50 Uhr",
         "2025-02-17T14:50:00Z minute zone?"},
        {"Stand: 17.02.2025, 14:50 Uhr", "2025-02-17T14:50:00Z minute zone?"},
        {"Publié le 17 février 2025 à 14h50",
         "2025-02-17T14:50:00Z minute zone?"},
        {"mar. 17 févr. 2026", "2026-02-17"},
        {"1er août 2024", "2024-08-01"},
        {"17 de febrero de 2025", "2025-02-17"},
        {"lunes, 17 de febrero de 2025 a las 14:50",
         "2025-02-17T14:50:00Z minute zone?"},
        {"segunda-feira, 17 de fevereiro de 2025", "2025-02-17"},
        {"17 febbraio 2025 alle 14:50", "2025-02-17T14:50:00Z minute zone?"},
        {"maandag 17 februari 2025 om 14:50",
         "2025-02-17T14:50:00Z minute zone?"},
        {"17 февраля 2025, 14:50", "2025-02-17T14:50:00Z minute zone?"},
        {"17 ФЕВРАЛЯ 2025", "2025-02-17"},
        {"17 lutego 2025", "2025-02-17"},
        {"17 Şubat 2025", "2025-02-17"},
        {"Ağustos 2025", "2025-08"},
        {"17. februar 2025 kl. 14.50", "2025-02-17T14:50:00Z minute zone?"},
        {"17. února 2025", "2025-02-17"},
        {"17 fe\u0301vrier 2025", "2025-02-17"},
        {"14:50, 17 May 2024 UK time", "2024-05-17T13:50:00Z minute"},
    };

    (void)state;
    CHECK(cases, NULL);
}

static void test_dates__what_is_no_date(void **state)
{
    static const date_case cases[] = {
        {"", "?"},
        {"   ", "?"},
        {"yesterday", "?"},
        {"14:50", "?"},
        {"noon", "?"},
        {"17", "?"},
        {"2025-02-30", "?"},
        {"2025-13-01", "?"},
        {"29 February 2023", "?"},
        {"30 February", "?"},
        {"31 April 2024", "?"},
        {"0001-01-01T00:00:00Z", "?"},
        {"0000-00-00", "?"},
        {"1799-12-31", "?"},
        {"1970-01-01", "?"},
        {"1970-01-01T00:00:00Z", "?"},
        {"1969-12-31T19:00:00-05:00", "?"},
        {"Thu, 01 Jan 1970 00:00:00 GMT", "?"},
        {"0", "?"},
        {"1 January 1970", "1970-01-01"},
        {"17 February 2025 and more", "?"},
        {"three people, 17 February 2025", "?"},
        {"1.2.3", "?"},
        {"Mon", "?"},
        {"GMT", "?"},
        {"2025-02-17T25:00:00Z", "?"},
        {"published", "?"},
        {"17 Feb 2025 18 Feb 2025", "?"},
    };

    (void)state;
    CHECK(cases, NULL);
}

static void test_dates__hints_decide_what_is_open(void **state)
{
    static const date_case us[] = {
        {"02/03/2025", "2025-02-03"},
        {"17/02/2025", "2025-02-17"},
        {"2025-02-17 14:50", "2025-02-17T19:50:00Z minute"},
        {"2025-07-17 14:50", "2025-07-17T18:50:00Z minute"},
        {"2025-02-17", "2025-02-17"},
    };
    static const date_case berlin[] = {
        {"2025-02-17 14:50", "2025-02-17T13:50:00Z minute"},
        {"17 July 2025 14:50", "2025-07-17T12:50:00Z minute"},
        {"17 July 2025", "2025-07-17"},
        {"2099-01-01", "?"},
        {"2027-12-31", "2027-12-31"},
        {"4102444800", "?"},
    };
    lede_date_hints hints = {.site = lede_span_text("edition.cnn.com")};

    (void)state;
    CHECK(us, &hints);
    hints =
        (lede_date_hints){.default_zone = "Europe/Berlin", .year_max = 2028};
    CHECK(berlin, &hints);
}

/* A language says which of two numbers is the day. */
static void test_dates__languages_say_what_is_first(void **state)
{
    static const struct {
        const char *lang;
        unsigned month;
        bool guessed;
    } cases[] = {
        {"fr", 4, false},    {"pt-br", 4, false}, {"en-gb", 4, false},
        {"en-us", 1, false}, {"en", 4, true},     {"", 4, true},
        {"ja", 4, true},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_date_hints hints = {0};
        lede_when when;

        lede_date_hints_set_language(&hints, lede_span_text(cases[i].lang));
        assert_true(
            lede_date_parse(lede_span_text("01/04/2024"), &hints, &when));
        assert_int_equal(when.local.month, cases[i].month);
        assert_int_equal(when.day_guessed, cases[i].guessed);
    }
}

static void test_dates__days_belong_to_their_zone(void **state)
{
    lede_date_hints hints = {.default_zone = "Asia/Tokyo"};
    lede_when when;

    (void)state;
    assert_true(lede_date_parse(lede_span_text("17 July 2025"), &hints, &when));
    assert_int_equal(when.offset_min, 540);
    assert_int_equal(when.instant,
                     lede_days_from_civil(2025, 7, 16) * 86400 + 15 * 3600);
    hints = (lede_date_hints){.site = lede_span_text("www.lemonde.fr")};
    assert_true(lede_date_parse(lede_span_text("17 July 2025"), &hints, &when));
    assert_int_equal(when.instant, lede_days_from_civil(2025, 7, 17) * 86400);
    assert_false(when.zone_guessed);
}

static void test_dates__a_year_given_later_moves_the_zone(void **state)
{
    lede_when when;

    (void)state;
    assert_true(
        lede_date_parse(lede_span_text("3:30 p.m. ET, March 10"), NULL, &when));
    assert_int_equal(when.instant, LEDE_INSTANT_NONE);
    assert_int_equal(when.year_source, LEDE_YEAR_NONE);
    assert_span(when.zone_text, "ET");
    lede_when_set_year(&when, 2025, LEDE_YEAR_PAGE, NULL);
    assert_int_equal(when.offset_min, -240);
    lede_when_set_year(&when, 2006, LEDE_YEAR_URL, NULL);
    assert_int_equal(when.offset_min, -300);
    assert_int_equal(when.year_source, LEDE_YEAR_URL);
    assert_true(lede_date_parse(lede_span_text("29 February"), NULL, &when));
    lede_when_set_year(&when, 2023, LEDE_YEAR_PAGE, NULL);
    assert_int_equal(when.instant, LEDE_INSTANT_NONE);
    lede_when_set_year(&when, 1700, LEDE_YEAR_PAGE, NULL);
    assert_int_equal(when.instant, LEDE_INSTANT_NONE);
    lede_when_set_year(&when, 2024, LEDE_YEAR_PAGE, NULL);
    assert_int_equal(when.instant, lede_days_from_civil(2024, 2, 29) * 86400);
}

static void test_dates__finds_dates_in_running_text(void **state)
{
    static const date_case cases[] = {
        {"Photo: 15 February 2025Image source, EPA", "15 February 2025"},
        {"A map of 17 February 2025Image source", "17 February 2025"},
        {"First published on Fri 19 Feb 2021 17.20 GMT by x",
         "Fri 19 Feb 2021 17.20 GMT"},
        {"04/02/2025April 2, 2025", "04/02/2025"},
        {"seen on 2025-02-17T14:50:00Z.", "2025-02-17T14:50:00Z"},
        {"PARIS, Feb 26 (Reuters) -", "Feb 26"},
        {"It was Monday, February 17, at 2:40 p.m. ET, he said",
         "Monday, February 17, at 2:40 p.m. ET"},
        {"am 17. Februar 2025 in Bonn", "17. Februar 2025"},
        /* with the time of day, in the words of each language */
        {"Publié le lundi 1er avril 2024 à 14h50",
         "1er avril 2024 à 14h50"},
        {"Le 1er avril 2024 à 14 h 50, par Ann", "1er avril 2024 à 14 h 50"},
        {"Veröffentlicht am 01.04.2024 um 14:50 Uhr", "01.04.2024 um 14:50"},
        {"lunedì 1 aprile 2024, ore 14:50", "1 aprile 2024, ore 14:50"},
        {"1 aprile 2024 alle ore 14.50", "1 aprile 2024 alle ore 14.50"},
        {"Pubblicato: 1 aprile 2024 alle 14.50", "1 aprile 2024 alle 14.50"},
        {"01/04/2024 às 14h50", "01/04/2024 às 14h50"},
        {"1 april 2024 om 14:50", "1 april 2024 om 14:50"},
        {"Publicerad 1 apr 2024 kl. 14.50", "1 apr 2024 kl. 14.50"},
        {"1 апреля 2024 г., 14:50", "1 апреля 2024 г., 14:50"},
        {"1.4.2024 klo 14.50", "1.4.2024 klo 14.50"},
        {"Posted at 14:50 on 1 April 2024", "14:50 on 1 April 2024"},
        {"1 april 2024 om 14 uur", "1 april 2024"},
        {"le 1 avril 2024 à 14 km de Paris", "1 avril 2024"},
        {"on 1 April 2024 a 14 year old", "1 April 2024"},
        {"14:50 on 1 April", "1 April"},
        {"version 1.2.2025.3", "?"},
        {"the 5 may be 10", "5 may"},
        {"won 3-2 in 2024", "?"},
        {"half of 2024 was", "?"},
        {"In March 2024 he", "?"},
        {"5 ago", "?"},
        {"In 20250217 we", "20250217"},
        {"call 020 2502 1712", "?"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_span text = lede_span_text(cases[i].text);
        size_t begin = 0;
        size_t end = 0;
        lede_when when;

        if (!lede_date_find(text, 0, NULL, &begin, &end, &when)) {
            assert_string_equal(cases[i].means, "?");
            continue;
        }
        assert_span(lede_span_part(text, begin, end - begin), cases[i].means);
    }
}

static void test_dates__finds_them_all_in_turn(void **state)
{
    lede_span text = lede_span_text("04/02/2025April 2, 2025 and 3 May 2025");
    size_t begin = 0;
    size_t end = 0;
    size_t count = 0;
    lede_when when;

    (void)state;
    while (lede_date_find(text, end, NULL, &begin, &end, &when)) {
        count++;
    }
    assert_int_equal(count, 3);
    assert_int_equal(when.local.month, 5);
}

static void test_dates__numbers(void **state)
{
    static const struct {
        int64_t number;
        const char *means;
    } cases[] = {
        {1739803800, "2025-02-17T14:50:00Z"},
        {1739803800123, "2025-02-17T14:50:00Z"},
        {1739803800123456, "2025-02-17T14:50:00Z"},
        {1739803800123456789, "2025-02-17T14:50:00Z"},
        {631152000, "1990-01-01T00:00:00Z"},
        {631152000000, "1990-01-01T00:00:00Z"},
        {-315619200, "1960-01-01T00:00:00Z"},
        {-315619200001, "1959-12-31T23:59:59Z"},
        {20250217, "2025-02-17"},
        {20250217145000, "2025-02-17T14:50:00Z"},
        {202502171450, "2025-02-17T14:50:00Z minute"},
        {0, "?"},
        {5, "?"},
        {12345678, "?"},
        {INT64_MIN, "?"},
        {INT64_MAX, "2262-04-11T23:47:16Z"},
    };
    lede_buf buf = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_when when;
        bool is_date = lede_date_from_number(cases[i].number, &when);

        assert_string_equal(say(is_date, &when, &buf), cases[i].means);
    }
    lede_buf_done(&buf);
}

static void test_dates__paths(void **state)
{
    static const struct {
        const char *path;
        bool is_url;
        const char *means;
    } cases[] = {
        {"https://example.org/2025/02/17/story.html", true, "2025-02-17"},
        {"https://example.org/world/2025/feb/17/story", true, "2025-02-17"},
        {"https://example.org/2025-02-17-story", true, "2025-02-17"},
        {"https://example.org/story-20250217", true, "2025-02-17"},
        {"https://example.org/x?date=2025-02-17", true, "?"},
        {"https://example.org/x#2025/02/17", true, "?"},
        {"https://example.org/story-1739803800", true, "?"},
        {"https://example.org/news/world-europe-51234567", true, "?"},
        {"https://w.example/web/20250217120000/http://example.org/", true, "?"},
        {"https://example.org/2025/02/30/", true, "?"},
        {"https://example.org/1970/01/01/", true, "?"},
        {"archive/1739803800/index.json", false, "2025-02-17"},
        {"notes/20250217 meeting.txt", false, "2025-02-17"},
        {"notes/2025-02-17.md", false, "2025-02-17"},
        {"notes/2025_02_17.md", false, "2025-02-17"},
        {"2024-01-01/2025-02-17.md", false, "2025-02-17"},
        {"20250217145000.html", false, "2025-02-17"},
        {"story.txt", false, "?"},
        {"", false, "?"},
        {"1234567890123.txt", false, "?"},
        {"99999999.txt", false, "?"},
    };
    lede_buf buf = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_when when;
        bool is_date = lede_date_in_path(lede_span_text(cases[i].path),
                                         cases[i].is_url, &when);

        if (strcmp(say(is_date, &when, &buf), cases[i].means) != 0) {
            print_error("%s: %s\n", cases[i].path, say(is_date, &when, &buf));
            fail();
        }
        if (is_date) {
            assert_int_equal(when.year_source, cases[i].is_url
                                                   ? LEDE_YEAR_URL
                                                   : LEDE_YEAR_FILENAME);
            assert_int_equal(when.precision, LEDE_PRECISION_DAY);
        }
    }
    lede_buf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates__iso_8601_in_all_its_spellings),
        cmocka_unit_test(test_dates__mail_feeds_and_programs),
        cmocka_unit_test(test_dates__people_and_pages),
        cmocka_unit_test(test_dates__what_is_no_date),
        cmocka_unit_test(test_dates__hints_decide_what_is_open),
        cmocka_unit_test(test_dates__languages_say_what_is_first),
        cmocka_unit_test(test_dates__days_belong_to_their_zone),
        cmocka_unit_test(test_dates__a_year_given_later_moves_the_zone),
        cmocka_unit_test(test_dates__finds_dates_in_running_text),
        cmocka_unit_test(test_dates__finds_them_all_in_turn),
        cmocka_unit_test(test_dates__numbers),
        cmocka_unit_test(test_dates__paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
