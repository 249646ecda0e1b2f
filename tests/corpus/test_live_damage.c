/* Live pages that were damaged on their way, and reads that are stopped. */
#include "tests/corpus/live_page.h"

static void test_live_damage__lost_line_breaks(void **state)
{
    (void)state;
    read_page("Summary 1. First thingpublished at 12:00 GMT 1 March 2023 Text "
              "one. It has 2. inside. 2. Analysis Second thingpublished at "
              "11:00 GMT 1 March 2023 Breaking Text two. 3. Third "
              "thingpublished at 10:00 GMT 1 March 2023 Text three.\n");
    assert_int_equal(got.count, 3);
    assert_entry(0, "First thing", "2023-03-01T12:00:00Z",
                 "Text one. It has 2. inside.");
    assert_span(entry(1)->headline, "Second thing");
    assert_int_equal(entry(1)->label_count, 2);
    assert_span(entry(1)->labels[0], "Analysis");
    assert_span(entry(1)->labels[1], "Breaking");
    assert_entry(2, "Third thing", "2023-03-01T10:00:00Z", "Text three.");
}

static void test_live_damage__lost_bytes_in_heads(void **state)
{
    (void)state;
    read_page("1. First thingpublished at 12:00 GMT 1 March 2023\n\nText.\n\n"
              "2. Second thingpubl\xFFshed at 11:00 GMT 1 March 2023\n\nB.\n\n"
              "3. Third thingpublished at 10:\xFF"
              "0 GMT 1 March 2023\n\nC.\n\n"
              "4. Fourth thingpublished at 09:00 G\xFFT 1 March 2023\n\nD.\n\n"
              "\xFF. Fifth thingpublished at 08:00 GMT 1 March 2023\n\nE.\n\n"
              "6. Sixth\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF 07:00\n\nF.\n\n"
              "7. Seventh thingpublished at 06:00 GMT 1 March 2023\n\nG goes "
              "on\xFF 8. Eighth thingpublished at 05:00 GMT 1 March 2023\n\n"
              "H.\n");
    assert_int_equal(got.count, 8);
    assert_span(entry(1)->headline, "Second thing");
    assert_when(&entry(1)->published, "2023-03-01T11:00:00Z");
    assert_span(entry(2)->headline, "Third thing");
    assert_span(entry(3)->headline, "Fourth thing");
    assert_when(&entry(3)->published, "2023-03-01T09:00:00Z");
    assert_span(entry(4)->headline, "Fifth thing");
    assert_span(entry(5)->body[0].text, "F.");
    assert_int_equal(entry(5)->ordinal, 6);
    assert_span(entry(7)->headline, "Eighth thing");
    assert_int_equal(entry(7)->ordinal, 8);
    assert_true(entry(1)->flags & LEDE_FLAG_BAD_BYTES);
    assert_true(entry(5)->flags & LEDE_FLAG_BAD_BYTES);
    assert_int_equal(entry(0)->flags, 0);
}

/* What the byte was is found by trying: where all that fit say the same, it is
 * known, and else the part that they do not agree on is not. */
static void test_live_damage__lost_bytes_in_heads_without_numbers(void **state)
{
    (void)state;
    read_page(
        "6:48 a.m. ET, July 18, 2024\n\nFirst thing\n\nText one.\n\n"
        "6:\xFF\x32 a.m. ET, July 18, 2024\n\nSecond thing\n\nText.\n\n"
        "5:21 a.m.\xFF\x45T, July 18, 2024\n\nThird thing\n\nText.\n\n"
        "5:20 a.m. ET, Ju\xFFy 18, 2024\n\nFourth thing\n\nText.\n\n"
        "5\xFF\x31\x39 a.m. ET, July 18, 2024\n\nFifth thing\n\nA b\xFFt.\n\n"
        "5:18 a.m. ET, July 18, 2024\n\nSixth thing\n\nText.\n");
    assert_int_equal(got.count, 6);
    assert_entry(0, "First thing", "2024-07-18T10:48:00Z", "Text one.");
    assert_span(entry(1)->headline, "Second thing");
    assert_true(entry(1)->published.precision < LEDE_PRECISION_MINUTE);
    assert_true(entry(1)->flags & LEDE_FLAG_BAD_BYTES);
    assert_entry(2, "Third thing", "2024-07-18T09:21:00Z", "Text.");
    assert_entry(3, "Fourth thing", "2024-07-18T09:20:00Z", "Text.");
    assert_entry(4, "Fifth thing", "2024-07-18T09:19:00Z", "A b\uFFFDt.");

    read_page("Posted at 14:5014:\xFF\x30 17 Mar17 Mar\n\nFirst\n\nText.\n\n"
              "Posted at 14:4014:40 17 Mar17 Mar\n\nSecond\n\nText.\n\n"
              "Posted at 14:3014:30 17 Mar17 M\xFFr\n\nThird\n\nText.\n");
    assert_int_equal(got.count, 3);
    assert_span(entry(0)->headline, "First");
    assert_span(entry(1)->headline, "Second");
    assert_span(entry(2)->headline, "Third");

    read_page("17 Mar 2023 - 14:40 (11:40 GMT)\n\nFirst\n\nText.\n\n"
              "17 Mar 2023 - 14:20 \xFF\x31\x31:20 GMT)\n\nSecond\n\nText.\n\n"
              "17 Mar 2023 - 14:00 (11\xFF\x30\x30 GMT)\n\nThird\n\nText.\n");
    assert_int_equal(got.count, 3);
    assert_entry(1, "Second", "2023-03-17T11:20:00Z", "Text.");
    assert_entry(2, "Third", "2023-03-17T11:00:00Z", "Text.");

    read_page("19.30\u00A0GMT\n\nFirst\n\nText.\n\n"
              "19.20\xFF\xA0GMT\n\nSecond\n\nText.\n\n"
              "It was 19.1\xFF GMT then.\n\n"
              "19.10\u00A0GMT\n\nThird\n\nText.\n");
    assert_int_equal(got.count, 3);
    assert_span(entry(1)->headline, "Second");
    assert_int_equal(entry(1)->published.local.minute, 20);
    assert_int_equal(entry(1)->block_count, 2);

    read_page("Skip next section First thing\n17/03/2023March 17, 2023\n\n"
              "First thing\n\nText.\n\n"
              "Ski\xFF next section Second thing\n17/03/2023March 17, 2023\n\n"
              "Second thing\n\nText.\n\n"
              "Skip next section Third thing\n17/03/2023March 17, 2023\n\n"
              "Third thing\n\nText.\n");
    assert_int_equal(got.count, 3);
    assert_span(entry(1)->headline, "Second thing");
}

static void test_live_damage__lost_heads_where_numbers_fall(void **state)
{
    (void)state;
    read_page("6. Sixpublished at 14:00 GMT 1 March 2023\n\nF.\n\n"
              "5. Five publ\xFF at 13 thing\n\nE.\n\n"
              "4. Fourpublished at 12:00 GMT 1 March 2023\n\nD.\n\n"
              "3. Threepublished at 11:00 GMT 1 March 2023\n\nC.\n\n"
              "2. Two\xFF\xFF\xFF\xFF\xFF\xFF\n\nB.\n\n"
              "1. Onepublished at 09:00 GMT 1 March 2023\n\nA.\n");
    assert_int_equal(got.count, 6);
    assert_span(entry(1)->headline, "Five");
    assert_int_equal(entry(1)->ordinal, 5);
    assert_int_equal(entry(1)->published.precision, LEDE_PRECISION_NONE);
    assert_true(entry(1)->flags & LEDE_FLAG_BAD_BYTES);
    assert_span(entry(1)->body[0].text, "E.");
    assert_int_equal(entry(0)->block_count, 1);
    assert_int_equal(entry(4)->ordinal, 2);
    assert_entry(5, "One", "2023-03-01T09:00:00Z", "A.");

    read_page("3. Threepublished at 11:00 GMT 1 March 2023\n\nC.\n\n"
              "2. Twopublished at 10:00 GMT 1 March 2023\n\nB.\n\n"
              "1. One publ\xFF at 9 thing\n\nA.\n");
    assert_int_equal(got.count, 3);
    assert_span(entry(2)->headline, "One");

    /* Two pages in one file: the list in the first is no update. */
    read_page("2. Twopublished at 14:00 GMT 1 March 2023\n\nB.\n\n"
              "3. Threepublished at 13:00 GMT 1 March 2023\n\n"
              "1. a thing\n2. another\n\n"
              "1. Onepublished at 12:00 GMT 1 March 2023\n\nA.\n");
    assert_int_equal(got.count, 3);
}

static void test_live_damage__cut_off_pages(void **state)
{
    (void)state;
    read_page("  1. Onepublished at 12:00 GMT 1 March 2023\n\n    Text one.\n\n"
              "  2. Twopublished at 11:00 GMT 1 March 2023\n\n    Text tw");
    assert_int_equal(got.count, 2);
    assert_true(entry(1)->flags & LEDE_FLAG_TRUNCATED);
    assert_int_equal(entry(0)->flags, 0);

    read_page("  1. Onepublished at 12:00 GMT 1 March 2023\n\n    Text one.\n\n"
              "  2. Twopublished at 11:00 GMT 1 Ma");
    assert_int_equal(got.count, 2);
    assert_span(entry(1)->headline, "Two");
    assert_true(entry(1)->flags & LEDE_FLAG_TRUNCATED);

    read_page("  1. Onepublished at 12:00 GMT 1 March 2023\n\n    Text one.\n\n"
              "  2. Two and a ha");
    assert_int_equal(got.count, 2);
    assert_span(entry(1)->headline, "Two and a ha");

    read_page("  1. Onepublished at 12:00 GMT 1 March 2023\n\n    Text one.\n\n"
              "  2. Twopublished at 11:00 GMT 1 March 2023\n\n    Text two.");
    assert_int_equal(entry(1)->flags, 0);
}

static const char *const two_years =
    "1. Dpublished at 00:10 GMT 1 January\n\nText.\n\n"
    "2. Cpublished at 23:50 GMT 31 December\n\nText.\n\n"
    "3. Bpublished at 22:00 GMT 31 December\n\nPhoto: 31 December "
    "2019Image source, EPA\n\n"
    "4. Apublished at 09:00 GMT 30 December\n\nText.\n";

static void test_live_damage__a_sink_that_fails_stops_the_read(void **state)
{
    lede_error err = {0};
    lede_span text = lede_span_text(two_years);

    (void)state;
    collect_done(&got);
    got.fail_at = 2;
    assert_status(
        collect_bytes(&got, &lede_format_live_text, text, "", &context, &err),
        LEDE_IO);
    assert_int_equal(got.count, 1);
}

static void test_live_damage__an_interruption_stops_the_read(void **state)
{
    static const volatile int stop = 1;
    lede_read_options with = options;
    lede_error err = {0};

    (void)state;
    with.stop = &stop;
    context.options = &with;
    collect_done(&got);
    assert_status(collect_bytes(&got, &lede_format_live_text,
                                lede_span_text(two_years), "", &context, &err),
                  LEDE_INTERRUPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_live_damage__lost_line_breaks),
        READ_TEST(test_live_damage__lost_bytes_in_heads),
        READ_TEST(test_live_damage__lost_bytes_in_heads_without_numbers),
        READ_TEST(test_live_damage__lost_heads_where_numbers_fall),
        READ_TEST(test_live_damage__cut_off_pages),
        READ_TEST(test_live_damage__a_sink_that_fails_stops_the_read),
        READ_TEST(test_live_damage__an_interruption_stops_the_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
