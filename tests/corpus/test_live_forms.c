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

/* Clocks alone, as many pages print them; a day stands where it changes. */
static void test_live_forms__form_i_clocks_without_zones(void **state)
{
    static const char *const pages[] = {
        "14:50\n\nBoat lands\n\nAll are safe.\n\n"
        "13.32\n\nFog thickens\n\nNobody sees.\n\n"
        "9:05\n\nDistress call\n\nA call came.\n",
        "2:50pm\nBoat lands\nAll are safe.\n\n"
        "1:32 p.m.\nFog thickens\nNobody sees.\n\n"
        "9:05am\nDistress call\nA call came.\n",
        "14:50 Uhr\n\nBoat lands\n\nAll are safe.\n\n"
        "13:32 Uhr\n\nFog thickens\n\nNobody sees.\n\n"
        "9:05 Uhr\n\nDistress call\n\nA call came.\n",
        "14h50\n\nBoat lands\n\nAll are safe.\n\n"
        "13h32\n\nFog thickens\n\nNobody sees.\n\n"
        "9h05\n\nDistress call\n\nA call came.\n",
        "Posted: 2:50 PM, Mar 04, 2025\nBoat lands\n\nAll are safe.\n\n"
        "Posted: 1:32 PM, Mar 04, 2025\nFog thickens\n\nNobody sees.\n\n"
        "Posted: 9:05 AM, Mar 04, 2025\nDistress call\n\nA call came.\n",
        "4 March 2025, 14:50\nBoat lands\nAll are safe.\n\n"
        "4 March 2025, 13:32\nFog thickens\nNobody sees.\n\n"
        "4 March 2025, 9:05\nDistress call\nA call came.\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        context.captured.instant = 1741104000; /* 2025-03-04 16:00 */
        context.captured.precision = LEDE_PRECISION_SECOND;
        read_page(pages[i]);
        assert_int_equal(got.count, 3);
        assert_string_equal(got.page.format, "live text I");
        assert_entry(0, "Boat lands", "2025-03-04T14:50:00Z", "All are safe.");
        assert_entry(1, "Fog thickens", "2025-03-04T13:32:00Z", "Nobody sees.");
        assert_entry(2, "Distress call", "2025-03-04T09:05:00Z",
                     "A call came.");
        assert_false(entry(1)->headline_derived);
    }
}

static void test_live_forms__form_j_time_and_headline_in_a_line(void **state)
{
    static const char *const pages[] = {
        "14:50 GMT \u2013 Boat lands\n\nAll are safe.\n\n"
        "13:32 GMT \u2013 Fog thickens\n\nNobody sees.\n\n"
        "9:05 GMT \u2013 Distress call\n\nA call came.\n",
        "[14:50] Boat lands\nAll are safe.\n\n"
        "[13:32] Fog thickens\nNobody sees.\n\n"
        "[09:05] Distress call\nA call came.\n",
        "2.50pm Boat lands\n\nAll are safe.\n\n"
        "1.32pm Fog thickens\n\nNobody sees.\n\n"
        "9.05am Distress call\n\nA call came.\n",
        "14:50 Boat lands - Ann Lee\nAll are safe.\n"
        "13:32 Fog thickens - By Bo Hart\nNobody sees.\n"
        "09:05 Distress call - Ann Lee\nA call came.\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        context.captured.instant = 1741104000; /* 2025-03-04 16:00 */
        context.captured.precision = LEDE_PRECISION_SECOND;
        read_page(pages[i]);
        assert_int_equal(got.count, 3);
        assert_string_equal(got.page.format, "live text J");
        assert_entry(0, "Boat lands", "2025-03-04T14:50:00Z", "All are safe.");
        assert_entry(1, "Fog thickens", "2025-03-04T13:32:00Z", "Nobody sees.");
        assert_entry(2, "Distress call", "2025-03-04T09:05:00Z",
                     "A call came.");
        assert_int_equal(entry(1)->author_count, i == 3);
    }
    assert_span(entry(1)->authors[0].name, "Bo Hart");
    assert_span(entry(2)->authors[0].name, "Ann Lee");
    /* All of an update in its line. */
    read_page("Storm live\n\n14:50 - The boat has landed, and all are safe.\n\n"
              "13:32 - Fog is thick.\n\n09:05 - A call came.\n");
    assert_int_equal(got.count, 3);
    assert_true(entry(1)->headline_derived);
    assert_span(entry(1)->body[0].text, "Fog is thick.");
}

/* Tables and timelines have such lines as well. */
static void test_live_forms__times_in_other_texts(void **state)
{
    static const char *const texts[] = {
        /* An article with a timeline. */
        "Ferry strike: what we know\n\nBy Ann Lee\n\n4 March 2025\n\n"
        "The strike has entered its third day.\n\nTimeline\n\n"
        "08:00 - Pickets gather.\n\n09:30 - Managers arrive.\n\n"
        "11:15 - Police come.\n\nIt will go on.\n",
        /* Programmes. */
        "TV tonight\n\n20:00 News\n20:15 The Weather\n20:20 Film\n22:00 News\n",
        /* A transcript. */
        "00:00 Welcome to the show.\n\nHello.\n\n00:32 Today we talk.\n\n"
        "Yes.\n\n01:10 First the news.\n\nWell.\n",
        /* Results. */
        "2.30 Silver Cup - 5 to 1.\n\nWon by a head.\n\n"
        "3.05 Long Road - evens.\n\nWon.\n\n3.40 Old Hat - 7 to 2.\n\nWon.\n",
        /* Times that go up and down. */
        "14:50 - Paris\n\nLate.\n\n09:10 - Rome\n\nOn time.\n\n"
        "13:05 - Oslo\n\nLate.\n\n10:00 - Bonn\n\nOn time.\n\n"
        "12:00 - Bern\n\nLate.\n",
        "At 14:50 it rained.\n\n14:50\n\nThen it was over.\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (is_claimed(texts[i])) {
            fail_msg("taken for a live page: %s", texts[i]);
        }
    }
}

/* "22:00 GMT 31 December 2024" among heads that are times alone. */
static void test_live_forms__form_c_with_a_day(void **state)
{
    (void)state;
    read_page("00:15 GMT\n\nFireworks end\n\nThe last is up.\n\n"
              "23:58 GMT\n\nNearly there\n\nPeople count.\n\n"
              "22:00 GMT 31 December 2024\n\nCrowds arrive\n\nIt is full.\n\n"
              "21:00 GMT\n\nRain stops\n\nIt is dry.\n");
    assert_int_equal(got.count, 4);
    assert_string_equal(got.page.format, "live text C");
    assert_entry(0, "Fireworks end", "2025-01-01T00:15:00Z", "The last is up.");
    assert_entry(2, "Crowds arrive", "2024-12-31T22:00:00Z", "It is full.");
    assert_entry(3, "Rain stops", "2024-12-31T21:00:00Z", "It is dry.");
}

static void test_live_forms__headlines_right_on_their_text(void **state)
{
    (void)state;
    context.captured.instant = 1741104000; /* 2025-03-04 16:00 */
    context.captured.precision = LEDE_PRECISION_SECOND;
    read_page("Updated 1h ago\nBoat lands\nBy Ann Lee\nAll are safe.\n\n"
              "Updated 2h ago\nFog thickens\nNobody sees.\n\n"
              "Updated 3h ago\nA call came. It was short.\n\n"
              "Updated 4h ago\nQuiet so far\nNothing happens.\nNothing.\n");
    assert_int_equal(got.count, 4);
    assert_span(entry(0)->headline, "Boat lands");
    assert_false(entry(0)->headline_derived);
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    assert_span(entry(0)->body[0].text, "All are safe.");
    assert_span(entry(1)->headline, "Fog thickens");
    assert_true(entry(2)->headline_derived);
    assert_int_equal(entry(3)->block_count, 2);
}

static void test_live_forms__bylines_on_the_head(void **state)
{
    (void)state;
    read_page("Storm\n4 March 2025\n\n"
              "Posted at 16:05 by Ann Lee\n\nTrees down\n\nTwo are down.\n\n"
              "Posted at 15:40 by Bo Hart\n\nPower cut\n\nAll is dark.\n\n"
              "Posted at 15:0115:01\n\nNo ferry\n\nIt stays.\n");
    assert_int_equal(got.count, 3);
    assert_entry(0, "Trees down", "2025-03-04T16:05:00Z", "Two are down.");
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    assert_span(entry(1)->authors[0].name, "Bo Hart");
    assert_int_equal(entry(2)->author_count, 0);
    /* Form E prints a name, and often no headline. */
    read_page("Feb. 17, 2025, 2:40 p.m. ET\n\nMaria Lopez\n\nWinds drop.\n\n"
              "Feb. 17, 2025, 1:05 p.m. ET\n\nRoads closed\n\nTwo are.\n");
    assert_span(entry(0)->authors[0].name, "Maria Lopez");
    assert_true(entry(0)->headline_derived);
    assert_span(entry(1)->headline, "Roads closed");
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
        READ_TEST(test_live_forms__form_i_clocks_without_zones),
        READ_TEST(test_live_forms__form_j_time_and_headline_in_a_line),
        READ_TEST(test_live_forms__times_in_other_texts),
        READ_TEST(test_live_forms__form_c_with_a_day),
        READ_TEST(test_live_forms__headlines_right_on_their_text),
        READ_TEST(test_live_forms__bylines_on_the_head),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
