/* The other forms of heads, B to H, one by one. */
#include "tests/corpus/live_page.h"

static void test_live_forms__form_b_doubled_times(void **state)
{
    (void)state;
    context.captured.instant = 1487376000 + 3600; /* 2017-02-18 01:00 */
    context.captured.precision = LEDE_PRECISION_SECOND;
    read_page("Posted at 0:300:30\n\nOvernight fog\n\nText zero.\n\n"
              "Posted at 14:5014:50 17 Feb17 Feb\n\nBridge opens\n\n"
              "Tom Reed\nBBC News, York\n\nText one.\n\nArticle share tools\n\n"
              "Posted at 13:10 17 Feb\n\nPost update\n\nText two.\n\n"
              "Posted at 23:5523:55 16 Feb 16 Feb\n\nNight shift ends.\n\n"
              "Text three.\n");
    assert_int_equal(got.count, 4);
    assert_string_equal(got.page.format, "live text B");
    assert_entry(0, "Overnight fog", "2017-02-18T00:30:00Z", "Text zero.");
    assert_entry(1, "Bridge opens", "2017-02-17T14:50:00Z", "Text one.");
    assert_span(entry(1)->authors[0].location, "York");
    assert_entry(2, "Text two.", "2017-02-17T13:10:00Z", "Text two.");
    assert_true(entry(2)->headline_derived);
    assert_entry(3, "Night shift ends.", "2017-02-16T23:55:00Z", "Text three.");
    assert_int_equal(entry(1)->published.year_source, LEDE_YEAR_CAPTURE);
    assert_int_equal(entry(1)->flags, 0); /* the form's site gives the zone */
}

static void test_live_forms__form_c_titled_untitled_and_updated(void **state)
{
    (void)state;
    read_page("Vote count\n\nFirst published on Tue 3 Mar 2020 18.00 GMT\n\n"
              "00.10\u00A0GMT\n\nResult is in\n\nLee wins.\n\nShare\n\n"
              "Updated at 00.31\u00A0GMT\n\n"
              "23.40\u00A0GMT\n\nRecount begins\n\nIn two towns.\n\n"
              "Key event\n\n"
              "19.30\u00A0GMT\n\nPolls close\n\nShare\n");
    assert_int_equal(got.count, 3);
    assert_string_equal(got.page.format, "live text C");
    assert_span(got.page.title, "Vote count");
    assert_entry(0, "Result is in", "2020-03-04T00:10:00Z", "Lee wins.");
    assert_when(&entry(0)->updated, "2020-03-04T00:31:00Z");
    assert_entry(1, "Recount begins", "2020-03-03T23:40:00Z", "In two towns.");
    assert_entry(2, "Polls close", "2020-03-03T19:30:00Z", NULL);
    assert_false(entry(2)->headline_derived);
    assert_int_equal(entry(2)->label_count, 1);
    assert_span(entry(2)->labels[0], "Key event");
    assert_int_equal(entry(1)->label_count, 0);
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_PAGE);
}

static void test_live_forms__form_c_mostly_without_titles(void **state)
{
    (void)state;
    read_page("11.00 GMT\n\nWhat happens next? Nobody knows\n\nThey wait.\n\n"
              "10.40 GMT\n\nThe minister has left the building by a side "
              "door.\n\n"
              "10.20 GMT\n\nThe minister is still inside, we are told.\n\n"
              "10.00 GMT\n\nA short note, and nothing more to it.\n\n"
              "09.40 GMT\n\nGood morning and welcome to the page.\n\n"
              "09.20 GMT\n\nSummary\n\nThis is where we stand.\n");
    assert_int_equal(got.count, 6);
    assert_true(entry(0)->headline_derived);
    assert_int_equal(entry(0)->block_count, 2);
    assert_span(entry(5)->headline, "Summary");
    assert_false(entry(5)->headline_derived);
    /* No day anywhere: the time is kept, the instant unknown. */
    assert_true(entry(0)->published.instant == LEDE_INSTANT_NONE);
    assert_int_equal(entry(0)->published.precision, LEDE_PRECISION_MINUTE);
    assert_int_equal(entry(0)->published.local.hour, 11);
    assert_int_equal(entry(0)->published.local.month, 0);
}

static void test_live_forms__form_d_and_its_bylines(void **state)
{
    (void)state;
    read_page("Trial day four\n\n"
              "2:40 p.m. ET, July 17, 2024\n\nWitness steps down\n\n"
              "From CNN's Ada Finch and Tom Reed in Boston\n\nText one.\n\n"
              "9:05 a.m. ET, January 17, 2024\n\nCourt opens\n\n"
              "From CNN staff\n\nText two.\n\n"
              "8:05 a.m. ET, January 17, 2024\n\n\n\n"
              "From staff in Boston\n\nA queue forms\n\nText three.\n");
    assert_int_equal(got.count, 3);
    assert_entry(0, "Witness steps down", "2024-07-17T18:40:00Z", "Text one.");
    assert_int_equal(entry(0)->author_count, 2);
    assert_span(entry(0)->authors[0].name, "Ada Finch");
    assert_span(entry(0)->authors[0].role, "CNN");
    assert_span(entry(0)->authors[1].name, "Tom Reed");
    assert_span(entry(0)->authors[1].location, "Boston");
    assert_entry(1, "Court opens", "2024-01-17T14:05:00Z", "Text two.");
    assert_true(entry(2)->headline_derived);
    assert_int_equal(entry(2)->block_count, 2);

    read_page("Updated 5:32 PM EST, Mon February 17, 2025\n\nFirst\n\nA.\n\n"
              "Posted 4:02 PM EST, Mon February 17, 2025\n\nSecond\n\nB.\n");
    assert_int_equal(got.count, 2);
    assert_string_equal(got.page.format, "live text D");
    assert_entry(0, "First", "2025-02-17T22:32:00Z", "A.");
}

static void test_live_forms__form_e(void **state)
{
    (void)state;
    read_page("Feb. 17, 2025, 2:40 p.m. ET\n\nAda Finch\n\n"
              "Reporting from Paris\n\nThe leaders have arrived at last.\n\n"
              "Feb. 17, 2025, 1:15 p.m. ET\n\nTom Reed\nReporting from Rome\n\n"
              "Nothing has been heard from the other side.\n");
    assert_int_equal(got.count, 2);
    assert_string_equal(got.page.format, "live text E");
    assert_when(&entry(0)->published, "2025-02-17T19:40:00Z");
    assert_span(entry(0)->authors[0].name, "Ada Finch");
    assert_span(entry(0)->authors[0].location, "Paris");
    assert_int_equal(entry(0)->block_count, 1);
    assert_span(entry(1)->authors[0].location, "Rome");
}

static void test_live_forms__form_f_uses_the_second_clock(void **state)
{
    (void)state;
    read_page("17 Feb 2025 - 01:40 (22:40 GMT)\n\nTruce holds\n\nText one.\n\n"
              "16 Feb 2025 - 14:40 (11:40 GMT)\n\nTruce begins\n\nText two.\n");
    assert_int_equal(got.count, 2);
    assert_entry(0, "Truce holds", "2025-02-16T22:40:00Z", "Text one.");
    assert_int_equal(entry(0)->published.offset_min, 180);
    assert_entry(1, "Truce begins", "2025-02-16T11:40:00Z", "Text two.");
}

static void test_live_forms__form_g_dates_printed_twice(void **state)
{
    (void)state;
    read_page("Skip next section Rivers rise\n04/02/2025April 2, 2025\n\n"
              "Rivers rise\n\nText one.\n\n"
              "Skip next section Dams hold\n\n04/01/2025April 1, 2025\n\n"
              "Dams hold\n\nText two.\n");
    assert_int_equal(got.count, 2);
    assert_string_equal(got.page.format, "live text G");
    assert_entry(0, "Rivers rise", "2025-04-02", "Text one.");
    assert_int_equal(entry(0)->block_count, 1);
    assert_entry(1, "Dams hold", "2025-04-01", "Text two.");
}

static void test_live_forms__form_h_before_and_behind_headlines(void **state)
{
    (void)state;
    context.captured.instant = 1739803800; /* 2025-02-17 14:50 */
    context.captured.precision = LEDE_PRECISION_SECOND;
    read_page("Page\n\n5 min ago\n\nFirst thing\n\nText one.\n\n"
              "1 hr 20 min ago\n\nSecond thing\n\nText two.\n\n"
              "3 hours ago\n\nThird thing\n\nText three.\n");
    assert_int_equal(got.count, 3);
    assert_entry(0, "First thing", "2025-02-17T14:45:00Z", "Text one.");
    assert_entry(1, "Second thing", "2025-02-17T13:30:00Z", "Text two.");
    assert_int_equal(entry(2)->published.precision, LEDE_PRECISION_HOUR);
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_CAPTURE);

    read_page("First thing\n5 min ago\n\nText one is here.\n\n"
              "Second thing\n7 min ago\n\nText two is here.\n\n"
              "Third thing\n2 days ago\n\nText three is here.\n");
    assert_int_equal(got.count, 3);
    assert_entry(0, "First thing", "2025-02-17T14:45:00Z", "Text one is here.");
    assert_entry(2, "Third thing", "2025-02-15", "Text three is here.");

    context.captured = lede_when_none();
    read_page("5 min ago\n\nFirst thing\n\nText.\n\n9 min ago\n\nSecond\n\n"
              "Text.\n\n12 min ago\n\nThird\n\nText.\n");
    assert_true(entry(0)->published.instant == LEDE_INSTANT_NONE);
    assert_span(entry(0)->published.text, "5 min ago");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_live_forms__form_b_doubled_times),
        READ_TEST(test_live_forms__form_c_titled_untitled_and_updated),
        READ_TEST(test_live_forms__form_c_mostly_without_titles),
        READ_TEST(test_live_forms__form_d_and_its_bylines),
        READ_TEST(test_live_forms__form_e),
        READ_TEST(test_live_forms__form_f_uses_the_second_clock),
        READ_TEST(test_live_forms__form_g_dates_printed_twice),
        READ_TEST(test_live_forms__form_h_before_and_behind_headlines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
