/* Which texts are live pages, and what a head is: heads of form A, headlines
 * and labels beside them, and what only looks like a head. */
#include "corpus/live_claims.h"
#include "tests/corpus/live_page.h"

static void test_live_heads__a_glance_misses_no_page(void **state)
{
    static const char *const pages[] = {
        "1. Apublished at 14:50 GMT 17 February\n",
        "1. APUBLISHED AT 14:50 GMT 17 February\n",
        "Posted at 14:50\n\nA\n\nPosted at 13:50\n\nB\n",
        "19.30 GMT\n\nA\n\n18.30 GMT\n\nB\n",
        "7.30pm BST\n\nA\n\n6.30pm BST\n\nB\n",
        "14h50 CET\n\nA\n\n13h50 CET\n\nB\n",
        "2:40 p.m. ET, July 17, 2024\n\nA\n\n2:30 p.m. ET, July 17, "
        "2024\n\nB\n",
        "Feb. 17, 2025, 2:40 p.m. ET\rA\rFeb. 17, 2025, 1:40 p.m. ET\rB\r",
        "1. a published 5 minutes ago\n2. b published 7 minutes ago\n",
        "5 min ago\n\nA\n\n6 min ago\n\nB\n\n7 min AGO\n\nC\n",
        "Skip next section A\nApril 2, 2025\n\nB\n\nSkip next section "
        "C\nApril 1, 2025\n\nD\n",
        "a 1. Bpublished at 12:00 GMT c 2. Dpublished at 11:00 GMT e",
        "1. Apublished 5 mins ago\u20282. Bpublished 7 mins ago\u2028",
    };

    /* NULs are no part of a line. */
    static const char with_nuls[] =
        "One\n5 min a\0go\n\nText.\n\nTwo\n7 min ag\0\0o\n\nText.\n\n"
        "Three\n9 min a\0go\n\nText.\n";

    (void)state;
    assert_true(lede_format_live_text.claims(
        lede_span_of(with_nuls, sizeof with_nuls - 1), true, ""));
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (!is_claimed(pages[i])) {
            print_error("not claimed: %s\n", pages[i]);
        }
        assert_true(is_claimed(pages[i]));
    }
    assert_false(lede_live_could_claim(
        lede_span_text("A title\n\nThey looked at 14 ships.\n\nMore.\n")));
}

static void test_live_heads__form_a_glued_and_spaced(void **state)
{
    (void)state;
    read_page("Harbour strike\n\n"
              "  1. Ships turn back, published at 14:50 GMT 3 March 2024\n\n"
              "    The last ferry turned at noon.\n\n"
              "  2. Talks failpublished at 2.05 p.m. Central European Summer "
              "Time, Sunday 2nd June 2024\n\n"
              "    Nobody signed.\n"
              "  3. posted at 09:30 India Standard Time January 5, 2024\n\n"
              "    No headline was printed here.\n");
    assert_int_equal(got.count, 3);
    assert_span(got.page.title, "Harbour strike");
    assert_string_equal(got.page.format, "live text A");
    assert_entry(0, "Ships turn back", "2024-03-03T14:50:00Z",
                 "The last ferry turned at noon.");
    assert_entry(1, "Talks fail", "2024-06-02T12:05:00Z", "Nobody signed.");
    assert_entry(2, "No headline was printed here.", "2024-01-05T04:00:00Z",
                 "No headline was printed here.");
    assert_true(entry(2)->headline_derived);
    assert_false(entry(1)->headline_derived);
    assert_int_equal(entry(1)->ordinal, 2);
    assert_span(entry(1)->published.zone_text, "Central European Summer Time");
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_EXPLICIT);
}

static void test_live_heads__the_last_keyword_of_a_line_counts(void **state)
{
    (void)state;
    read_page("1. Report published at 9:00 is wrong, ministry says"
              "published at 10:15 GMT 4 May 2021\n\nText.\n\n"
              "2. Otherpublished at 10:00 GMT 4 May 2021\n\nMore.\n");
    assert_int_equal(got.count, 2);
    assert_span(entry(0)->headline,
                "Report published at 9:00 is wrong, ministry says");
}

static void test_live_heads__labels_before_and_behind_the_head(void **state)
{
    (void)state;
    read_page("  7. Analysis\n\n"
              "    Why the bridge fellpublished at 18:01 GMT 9 May 2022\n\n"
              "    Ada Finch\n    Transport correspondent, in Leeds\n\n"
              "    Steel tires.\n\n"
              "  8. Bridge closedpublished at 17:30 GMT 9 May 2022\n"
              "    Breaking\n\n"
              "    It is shut.\n\n"
              "  9. How to crosspublished at 17:00 GMT 9 May 2022\n\n"
              "    At the scene\n\n"
              "    BBC Visual Journalism Team\n\n"
              "    Take the tunnel.\n");
    assert_int_equal(got.count, 3);
    assert_int_equal(entry(0)->ordinal, 7);
    assert_int_equal(entry(0)->label_count, 1);
    assert_span(entry(0)->labels[0], "Analysis");
    assert_int_equal(entry(0)->author_count, 1);
    assert_span(entry(0)->authors[0].name, "Ada Finch");
    assert_span(entry(0)->authors[0].role, "Transport correspondent, in Leeds");
    assert_span(entry(0)->authors[0].location, "Leeds");
    assert_int_equal(entry(0)->block_count, 1);
    assert_span(entry(1)->labels[0], "Breaking");
    assert_int_equal(entry(1)->block_count, 1);
    assert_span(entry(2)->labels[0], "At the scene");
    assert_span(entry(2)->authors[0].name, "BBC Visual Journalism Team");
    assert_int_equal(entry(2)->block_count, 1);
}

static void test_live_heads__headlines_broken_over_two_lines(void **state)
{
    (void)state;
    read_page("  1. Ships turn back as the wind rises over the whole bay\n"
              "published at 14:50 GMT 3 March 2024\n\n    Text one.\n\n"
              "  2. Ferries\nstay inpublished at 13:50 GMT 3 March 2024\n\n"
              "    Text two.\n\n"
              "  3. Analysis\nWhy it blowspublished at 12:50 GMT 3 March "
              "2024\n\n    Text three.\n");
    assert_int_equal(got.count, 3);
    assert_span(entry(0)->headline,
                "Ships turn back as the wind rises over the whole bay");
    assert_int_equal(entry(0)->ordinal, 1);
    assert_span(entry(1)->headline, "Ferries stay in");
    assert_int_equal(entry(1)->label_count, 0);
    assert_span(entry(2)->headline, "Why it blows");
    assert_span(entry(2)->labels[0], "Analysis");
}

static void test_live_heads__fake_heads_are_body(void **state)
{
    (void)state;
    read_page("1. Firstpublished at 12:00 GMT 1 March 2023\n\n"
              "The list:\n\n"
              "1. one thing published at noon\n"
              "2. another thing\n\n"
              "The figures were published at 11:00 GMT\n\n"
              "2. Secondpublished at 11:30 GMT 1 March 2023\n\nEnd.\n");
    assert_int_equal(got.count, 2);
    assert_int_equal(entry(0)->block_count, 4);
    assert_int_equal(entry(0)->body[1].type, LEDE_BLOCK_LI);
    assert_span(entry(0)->body[3].text,
                "The figures were published at 11:00 GMT");
}

static void test_live_heads__articles_are_no_live_pages(void **state)
{
    (void)state;
    assert_false(is_claimed("A title\n\nBy Ann Lee\n\nSome text.\n"));
    assert_false(is_claimed("A title\n\nPublished at 14:50 GMT 17 February "
                            "2025\n\nSome text.\n"));
    assert_false(is_claimed("A title\n\nPublished 4:30 AM EST, Mon February "
                            "17, 2025\nUpdated 5:32 PM EST, Mon February 17, "
                            "2025\n\nSome text.\n"));
    assert_false(is_claimed("A title\n\nThe note was published at 10:00 GMT 3 "
                            "May and updated at 11:00 GMT 3 May, they say.\n"));
    assert_false(is_claimed("A title\n\n5 min ago\n\nText\n\n7 min ago\n\n"));
    assert_false(is_claimed(""));
    assert_false(is_claimed("\n\n\n"));
    assert_true(is_claimed("1. Onlypublished at 14:50 GMT 17 February\n"));
}

static void test_live_heads__one_page_has_one_form(void **state)
{
    (void)state;
    read_page("1. Onepublished at 12:00 GMT 1 March 2023\n\n"
              "14.30 GMT\n\nText one.\n\n"
              "2. Twopublished at 11:00 GMT 1 March 2023\n\nText two.\n\n"
              "3. Threepublished at 10:00 GMT 1 March 2023\n\n5 min ago\n");
    assert_int_equal(got.count, 3);
    assert_span(entry(0)->body[0].text, "14.30 GMT");
    assert_span(entry(2)->body[0].text, "5 min ago");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_live_heads__a_glance_misses_no_page),
        READ_TEST(test_live_heads__form_a_glued_and_spaced),
        READ_TEST(test_live_heads__the_last_keyword_of_a_line_counts),
        READ_TEST(test_live_heads__labels_before_and_behind_the_head),
        READ_TEST(test_live_heads__headlines_broken_over_two_lines),
        READ_TEST(test_live_heads__fake_heads_are_body),
        READ_TEST(test_live_heads__articles_are_no_live_pages),
        READ_TEST(test_live_heads__one_page_has_one_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
