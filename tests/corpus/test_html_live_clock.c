/* Live pages whose updates print a time of day only. */
#include "tests/corpus/read_text.h"

#define TEXT                                                                   \
    "The ferry has left the port with all its passengers on board, says the "  \
    "captain."
#define POST(time, head)                                                       \
    "<div class=\"entry\"><span>" time "</span><h3>" head "</h3><p>" TEXT      \
    "</p></div>"

/* Reads a page that calls itself live and expects these dates, oldest or newest
 * first as they stand there. */
static void expect_dates(const char *head, const char *posts,
                         const char *const *dates)
{
    char page[8000];
    size_t updates = 0;
    size_t i;

    snprintf(page, sizeof page,
             "<html><head><title>Ferry: live updates</title>%s</head><body>"
             "<h1>Ferry live</h1><div>%s</div></body></html>",
             head, posts);
    read_as(&lede_format_html, page, "");
    for (i = 0; i < got.count; i++) {
        if (entry(i)->kind != LEDE_KIND_LIVE_UPDATE) {
            continue;
        }
        assert_non_null(dates[updates]);
        if (dates[updates][0] == 0) {
            assert_true(entry(i)->published.instant == LEDE_INSTANT_NONE);
        } else {
            assert_when(&entry(i)->published, dates[updates]);
        }
        assert_int_equal(entry(i)->block_count, 1);
        assert_span(entry(i)->body[0].text, TEXT);
        updates++;
    }
    assert_null(dates[updates]);
}

#define DATES (const char *const[])
#define MODIFIED(date) "<meta property=article:modified_time content=" date ">"
#define PUBLISHED(date)                                                        \
    "<meta property=article:published_time content=" date ">"

static void test_html_live_clock__the_page_has_the_day(void **state)
{
    const char *posts = POST("14:50", "C") POST("13:40", "B") POST("9:05", "A");
    const char *const *dates =
        DATES{"2025-02-17T14:50:00Z", "2025-02-17T13:40:00Z",
              "2025-02-17T09:05:00Z", NULL};

    (void)state;
    expect_dates(MODIFIED("2025-02-17T15:00:00Z"), posts, dates);
    expect_dates(PUBLISHED("2025-02-17T09:00:00Z"), posts, dates);
    expect_dates("<link rel=canonical href=https://h.example/2025/02/17/x>",
                 posts, dates);
    expect_dates("</head><body><p>Monday 17 February 2025</p>", posts, dates);
    expect_dates("<meta property=og:title content=\"Ferry, 17 February 2025, "
                 "live updates\">",
                 posts, dates);
}

static void test_html_live_clock__a_line_below_has_the_day(void **state)
{
    (void)state;
    expect_dates("",
                 POST("9h05", "A") POST("13h40", "B") POST(
                     "14h50", "C") "<p>Publi\u00E9 le 17 f\u00E9vrier 2025</p>",
                 DATES{"2025-02-17T09:05:00Z", "2025-02-17T13:40:00Z",
                       "2025-02-17T14:50:00Z", NULL});
}

/* "What happened so far" may stand between the day and its first update. */
static void test_html_live_clock__a_summary_below_the_day(void **state)
{
#define SO_FAR                                                                 \
    "<div class=key><h4>So far</h4><ul><li>The ferry sails.</li><li>The "      \
    "harbour is full.</li><li>Dogs travel free.</li></ul><p>All of "           \
    "this:</p></div>"

    (void)state;
    expect_dates(
        "",
        "<h2>Tuesday 18 February 2025</h2>" SO_FAR POST("14:50", "D")
            POST("13:40", "C") "<h2>Monday 17 February 2025</h2>" SO_FAR POST(
                "12:30", "B") POST("9:05", "A"),
        DATES{"2025-02-18T14:50:00Z", "2025-02-18T13:40:00Z",
              "2025-02-17T12:30:00Z", "2025-02-17T09:05:00Z", NULL});
#undef SO_FAR
}

static void test_html_live_clock__without_a_day_order_is_left(void **state)
{
    (void)state;
    expect_dates("", POST("14:50", "C") POST("13:40", "B") POST("9:05", "A"),
                 DATES{"", "", "", NULL});
    assert_int_equal(entry(got.count - 1)->rank_from_bottom, 1);
}

static void test_html_live_clock__midnight_newest_first(void **state)
{
    (void)state;
    expect_dates(MODIFIED("2025-02-18T01:00:00Z"),
                 POST("00:30", "D") POST("23:50", "C") POST("23:55", "C2")
                     POST("20:10", "B") POST("9:05", "A"),
                 DATES{"2025-02-18T00:30:00Z", "2025-02-17T23:50:00Z",
                       "2025-02-17T23:55:00Z", "2025-02-17T20:10:00Z",
                       "2025-02-17T09:05:00Z", NULL});
    /* The page was saved after midnight, the last update is of before. */
    expect_dates(MODIFIED("2025-02-18T00:05:00Z"),
                 POST("23:50", "C") POST("20:10", "B") POST("9:05", "A"),
                 DATES{"2025-02-17T23:50:00Z", "2025-02-17T20:10:00Z",
                       "2025-02-17T09:05:00Z", NULL});
}

/* A page that says when it was changed, and nothing of the zone in which its
 * updates give times, may be some hours ahead of it. */
static void test_html_live_clock__clocks_of_unknown_zones(void **state)
{
    (void)state;
    expect_dates(MODIFIED("2025-02-17T10:32:24Z"),
                 POST("12:31", "C") POST("11:40", "B") POST("9:05", "A"),
                 DATES{"2025-02-17T12:31:00Z", "2025-02-17T11:40:00Z",
                       "2025-02-17T09:05:00Z", NULL});
}

static void test_html_live_clock__midnight_oldest_first(void **state)
{
    (void)state;
    expect_dates(PUBLISHED("2025-02-17T20:00:00Z"),
                 POST("20:10", "A") POST("23:50", "B") POST("00:30", "C"),
                 DATES{"2025-02-17T20:10:00Z", "2025-02-17T23:50:00Z",
                       "2025-02-18T00:30:00Z", NULL});
    /* Begun just before midnight. */
    expect_dates(PUBLISHED("2025-02-16T23:58:00Z"),
                 POST("00:10", "A") POST("02:50", "B") POST("04:30", "C"),
                 DATES{"2025-02-17T00:10:00Z", "2025-02-17T02:50:00Z",
                       "2025-02-17T04:30:00Z", NULL});
}

/* Pages are edited days after they ended. */
static void test_html_live_clock__a_late_change_is_no_day(void **state)
{
    (void)state;
    expect_dates(PUBLISHED("2025-02-17T09:00:00Z")
                     MODIFIED("2025-02-20T11:00:00Z"),
                 POST("14:50", "C") POST("13:40", "B") POST("9:05", "A"),
                 DATES{"2025-02-17T14:50:00Z", "2025-02-17T13:40:00Z",
                       "2025-02-17T09:05:00Z", NULL});
}

static void test_html_live_clock__a_pinned_update_is_of_the_day(void **state)
{
    (void)state;
    expect_dates(
        MODIFIED("2025-02-17T15:00:00Z"),
        "<div class=\"entry pinned\"><span>08:00</span><h3>P</h3><p>" TEXT
        "</p></div>" POST("14:50", "C") POST("13:40", "B") POST("9:05", "A"),
        DATES{"2025-02-17T08:00:00Z", "2025-02-17T14:50:00Z",
              "2025-02-17T13:40:00Z", "2025-02-17T09:05:00Z", NULL});
}

static void test_html_live_clock__days_stand_between(void **state)
{
    (void)state;
    expect_dates(
        MODIFIED("2025-02-20T15:00:00Z"),
        "<h2>Monday, 17 February</h2>" POST("14:50", "C")
            POST("13:40", "B") "<h2>Sunday, 16 February</h2>" POST("9:05", "A"),
        DATES{"2025-02-17T14:50:00Z", "2025-02-17T13:40:00Z",
              "2025-02-16T09:05:00Z", NULL});
}

static void test_html_live_clock__zones_that_are_named(void **state)
{
    (void)state;
    expect_dates(MODIFIED("2024-07-01T23:00:00Z"),
                 POST("10:42 am ET", "C") POST("10:02 a.m. ET", "B")
                     POST("9:05 AM EDT", "A"),
                 DATES{"2024-07-01T14:42:00Z", "2024-07-01T14:02:00Z",
                       "2024-07-01T13:05:00Z", NULL});
    /* 9 p.m. in New York is of the day before. */
    expect_dates(MODIFIED("2024-12-02T02:10:00Z"),
                 POST("9:05 p.m. ET", "C") POST("8:05 p.m. ET", "B")
                     POST("7:05 p.m. ET", "A"),
                 DATES{"2024-12-02T02:05:00Z", "2024-12-02T01:05:00Z",
                       "2024-12-02T00:05:00Z", NULL});
    expect_dates(MODIFIED("2024-12-02T20:10:00Z"),
                 POST("Posted at 14.50 GMT", "C") POST("[13.40 GMT]", "B")
                     POST("09.05 GMT:", "A"),
                 DATES{"2024-12-02T14:50:00Z", "2024-12-02T13:40:00Z",
                       "2024-12-02T09:05:00Z", NULL});
}

static void test_html_live_clock__a_zone_for_all_times(void **state)
{
    (void)state;
    expect_dates(MODIFIED("2024-07-01T23:00:00Z"),
                 POST("Today, 14:50", "C") POST("13:40", "B")
                     POST("9:05", "A") "<p>All times stated are UK</p>",
                 DATES{"2024-07-01T13:50:00Z", "2024-07-01T12:40:00Z",
                       "2024-07-01T08:05:00Z", NULL});
    expect_dates(
        "</head><body><p>All times ET</p>" MODIFIED("2024-07-01T23:00:00Z"),
        POST("14:50", "C") POST("13:40", "B") POST("9:05", "A"),
        DATES{"2024-07-01T18:50:00Z", "2024-07-01T17:40:00Z",
              "2024-07-01T13:05:00Z", NULL});
}

static void test_html_live_clock__days_apart_from_times(void **state)
{
    (void)state;
    expect_dates(MODIFIED("2025-02-20T15:00:00Z"),
                 POST("17 Feb</span> <span class=time>14:50", "C")
                     POST("17 Feb</span> <span class=time>13:40", "B")
                         POST("16 Feb</span> <span class=time>9:05", "A"),
                 DATES{"2025-02-17T14:50:00Z", "2025-02-17T13:40:00Z",
                       "2025-02-16T09:05:00Z", NULL});
}

/* A quoted post's own date is not the update's. */
static void test_html_live_clock__quoted_posts_have_other_dates(void **state)
{
    (void)state;
    read_as(&lede_format_html,
            "<html><head><title>Ferry: live updates</title>" MODIFIED(
                "2025-02-17T15:00:00Z") "</head><body><div>"
                                        "<div "
                                        "class=entry><span>14:50</span><p>" TEXT
                                        "</p><p>And<b> so</b><i> on</i><b> "
                                        "it</b><i> goes</i><b> for</b>"
                                        "<i> a</i><b> "
                                        "while</b></p><blockquote>Ann Lee<time "
                                        "datetime=2020-01-01T10:00Z>1 Jan "
                                        "2020</time></blockquote></div>" POST(
                                            "13:40", "B")
                                            POST("9:05", "A") "</div>",
            "");
    assert_when(&entry(got.count - 3)->published, "2025-02-17T14:50:00Z");
}

/* Who wrote it may stand in the line of its time. */
static void test_html_live_clock__names_behind_times(void **state)
{
    (void)state;
    read_as(&lede_format_html,
            "<html><head><title>Ferry: live updates</title></head><body><div "
            "role=feed><article><header><span>Dec. 26, 2024, 1:05 p.m. ET"
            "</span><a href=a>Ann Lee</a><div>Reporting from Paris</div>"
            "</header><h3>She sails</h3><p>" TEXT "</p></article><article>"
            "<header><span>Dec. 26, 2024, 12:05 p.m. ET</span></header><div><p>"
            "Bo Ray</p><p>Transport correspondent</p></div><p>" TEXT
            "</p></article></div>",
            "");
    assert_int_equal(got.count, 2);
    assert_entry(0, "She sails", "2024-12-26T18:05:00Z", TEXT);
    assert_int_equal(entry(0)->author_count, 1);
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    assert_span(entry(0)->authors[0].location, "Paris");
    assert_int_equal(entry(1)->block_count, 1);
    assert_span(entry(1)->authors[0].name, "Bo Ray");
    assert_span(entry(1)->authors[0].role, "Transport correspondent");
}

/* What follows a heading or paragraph with a time belongs to it. */
static void test_html_live_clock__updates_without_elements(void **state)
{
    (void)state;
    read_as(&lede_format_html,
            "<html><head><title>Liveticker: the ferry</title>" MODIFIED(
                "2025-02-17T15:00:00Z") "</head><body><article><h1>The "
                                        "ferry</h1><h3>14:50 Uhr: She "
                                        "sails</h3><p>" TEXT "</p><p>And so "
                                        "on.</p><h3>13.40 Uhr \u2013 Cars on "
                                        "deck</h3><p>" TEXT
                                        "</p><h3>9:05 Uhr: Good "
                                        "morning</h3><p>" TEXT
                                        "</p><h2>More about "
                                        "it</h2><p>Read here.</p></article>",
            "");
    assert_entry(got.count - 3, "She sails", "2025-02-17T14:50:00Z", TEXT);
    assert_int_equal(entry(got.count - 3)->block_count, 2);
    assert_entry(got.count - 2, "Cars on deck", "2025-02-17T13:40:00Z", TEXT);
    assert_entry(got.count - 1, "Good morning", "2025-02-17T09:05:00Z", TEXT);
    assert_int_equal(entry(got.count - 1)->block_count, 1);
    read_as(&lede_format_html,
            "<html><head><title>The ferry: live updates</title>" MODIFIED(
                "2025-02-17T15:00:00Z") "</head><body><article><h1>The "
                                        "ferry</h1><p><b>14:50 GMT:</b> " TEXT
                                        "</p><p>And so on.</p><p>"
                                        "<b>13:40 GMT:</b> " TEXT
                                        "</p><p><b>9:05 GMT:</b> " TEXT
                                        "</p></article>",
            "");
    assert_when(&entry(got.count - 3)->published, "2025-02-17T14:50:00Z");
    assert_int_equal(entry(got.count - 3)->block_count, 2);
    assert_span(entry(got.count - 3)->body[0].text, TEXT);
    assert_span(entry(got.count - 3)->body[1].text, "And so on.");
    assert_when(&entry(got.count - 1)->published, "2025-02-17T09:05:00Z");
}

/* Programmes have times too. */
static void test_html_live_clock__programmes_are_no_live_pages(void **state)
{
    (void)state;
    read_as(&lede_format_html,
            "<html><head><title>Director's choice: what to see</title></head>"
            "<body><h1>What to see</h1><div>" POST("14:50", "C")
                POST("13:40", "B") POST("9:05", "A") "</div></body></html>",
            "");
    assert_int_equal(got.count, 1);
    assert_int_equal(entry(0)->kind, LEDE_KIND_ARTICLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html_live_clock__the_page_has_the_day),
        READ_TEST(test_html_live_clock__a_line_below_has_the_day),
        READ_TEST(test_html_live_clock__a_summary_below_the_day),
        READ_TEST(test_html_live_clock__without_a_day_order_is_left),
        READ_TEST(test_html_live_clock__midnight_newest_first),
        READ_TEST(test_html_live_clock__clocks_of_unknown_zones),
        READ_TEST(test_html_live_clock__midnight_oldest_first),
        READ_TEST(test_html_live_clock__a_late_change_is_no_day),
        READ_TEST(test_html_live_clock__a_pinned_update_is_of_the_day),
        READ_TEST(test_html_live_clock__days_stand_between),
        READ_TEST(test_html_live_clock__zones_that_are_named),
        READ_TEST(test_html_live_clock__a_zone_for_all_times),
        READ_TEST(test_html_live_clock__days_apart_from_times),
        READ_TEST(test_html_live_clock__quoted_posts_have_other_dates),
        READ_TEST(test_html_live_clock__names_behind_times),
        READ_TEST(test_html_live_clock__updates_without_elements),
        READ_TEST(test_html_live_clock__programmes_are_no_live_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
