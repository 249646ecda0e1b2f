/* Live pages of the project's own writing: every form of head, every rule. */
#include "corpus/live_bylines.h"
#include "corpus/live_claims.h"
#include "tests/support/collect.h"

static const lede_read_options options = {.now = 1795000000};
static lede_read_context context;
static collected got;

static int setup(void **state)
{
    (void)state;
    context = (lede_read_context){.options = &options, .location = ""};
    context.published = lede_when_none();
    context.captured = lede_when_none();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    collect_done(&got);
    return 0;
}

static void read_named(const char *text, const char *path)
{
    lede_error err = {0};

    collect_done(&got);
    assert_true(lede_format_live_text.claims(lede_span_text(text), true, ""));
    assert_ok(collect_bytes(&got, &lede_format_live_text, lede_span_text(text),
                            path, &context, &err));
}

static void read_page(const char *text)
{
    read_named(text, "");
}

static bool is_claimed(const char *text)
{
    return lede_format_live_text.claims(lede_span_text(text), true, "");
}

static const lede_entry *entry(size_t at)
{
    assert_true(at < got.count);
    return &got.entries[at];
}

static void assert_when(const lede_when *when, const char *wanted)
{
    lede_buf text = {0};

    lede_when_format(when, &text);
    assert_span(lede_buf_span(&text), wanted);
    lede_buf_done(&text);
}

static void assert_entry(size_t at, const char *headline, const char *when,
                         const char *first)
{
    const lede_entry *e = entry(at);

    assert_span(e->headline, headline);
    assert_when(&e->published, when);
    if (first == NULL) {
        assert_int_equal(e->block_count, 0);
    } else {
        assert_true(e->block_count > 0);
        assert_span(e->body[0].text, first);
    }
}

static void test_live_text__a_glance_misses_no_page(void **state)
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

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (!is_claimed(pages[i])) {
            print_error("not claimed: %s\n", pages[i]);
        }
        assert_true(is_claimed(pages[i]));
    }
    assert_false(lede_live_could_claim(
        lede_span_text("A title\n\nThey looked at 14 ships.\n\nMore.\n")));
}

/* Form A. ----------------------------------------------------------------- */

static void test_live_text__form_a_glued_and_spaced(void **state)
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

static void test_live_text__the_last_keyword_of_a_line_counts(void **state)
{
    (void)state;
    read_page("1. Report published at 9:00 is wrong, ministry says"
              "published at 10:15 GMT 4 May 2021\n\nText.\n\n"
              "2. Otherpublished at 10:00 GMT 4 May 2021\n\nMore.\n");
    assert_int_equal(got.count, 2);
    assert_span(entry(0)->headline,
                "Report published at 9:00 is wrong, ministry says");
}

static void test_live_text__labels_before_and_behind_the_head(void **state)
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

static void test_live_text__headlines_broken_over_two_lines(void **state)
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

static void test_live_text__fake_heads_are_body(void **state)
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

static void test_live_text__articles_are_no_live_pages(void **state)
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

static void test_live_text__media_of_all_shapes(void **state)
{
    (void)state;
    read_page("1. Onepublished at 12:00 GMT 1 March 2023\n\n"
              "A man at a deskImage source, EPA\nImage caption,\n\n"
              "The mayor, on Monday\n\n"
              "Text one.\n\n"
              "Image caption, A bridgeImage source, Reuters\n\n"
              "Text two.\n\n"
              "Media caption,\n\nWatch: the bridge falls\n\n"
              "Foto ya mtoChanzo cha picha, Getty Images\n\n"
              "2. Twopublished at 11:00 GMT 1 March 2023\n\n"
              "Two dogsImage source, PA\n\nImage caption,\n"
              "3. Threepublished at 10:00 GMT 1 March 2023\n\nText three.\n");
    assert_int_equal(got.count, 3);
    assert_int_equal(entry(0)->media_count, 4);
    assert_span(entry(0)->media[0].alt, "A man at a desk");
    assert_span(entry(0)->media[0].credit, "EPA");
    assert_span(entry(0)->media[0].caption, "The mayor, on Monday");
    assert_span(entry(0)->media[1].caption, "A bridge");
    assert_span(entry(0)->media[1].credit, "Reuters");
    assert_span(entry(0)->media[1].alt, "");
    assert_int_equal(entry(0)->media[2].type, LEDE_MEDIA_VIDEO);
    assert_span(entry(0)->media[2].caption, "Watch: the bridge falls");
    assert_span(entry(0)->media[3].credit, "Getty Images");
    assert_int_equal(entry(0)->block_count, 2);
    assert_int_equal(entry(1)->media_count, 1);
    assert_span(entry(1)->media[0].caption, "");
    assert_span(entry(1)->headline, "Two");
    assert_span(entry(2)->body[0].text, "Text three.");
}

static void test_live_text__hidden_words_go_and_buttons_too(void **state)
{
    (void)state;
    read_page("1. Onepublished at 12:00 GMT 1 March 2023\n\n"
              "The paper, external says so (more, external), and external "
              "help came.\n\n"
              "Share\n\nSkip twitter post by someone\n\nA post.\n\n"
              "End of twitter post by someone\n\nView more on twitter\n\n"
              "Page 2 of 5\n\n"
              "2. Twopublished at 11:00 GMT 1 March 2023\n\nText.\n");
    assert_int_equal(entry(0)->block_count, 2);
    assert_span(entry(0)->body[0].text,
                "The paper says so (more), and external help came.");
    assert_span(entry(0)->body[1].text, "A post.");

    /* A record may know the outlet by name only. */
    context.site = lede_span_text("BBC News");
    read_page("1. Onepublished at 12:00 GMT 1 March 2023\n\nMore, external.\n");
    assert_span(entry(0)->body[0].text, "More.");
    context.site = lede_span_text("World");
    context.url = lede_span_text("https://www.bbc.co.uk/news/live/x");
    read_page("1. Onepublished at 12:00 1 July 2023\n\nMore, external.\n");
    assert_span(entry(0)->body[0].text, "More.");
    assert_when(&entry(0)->published, "2023-07-01T11:00:00Z");
    assert_int_equal(entry(0)->flags, 0);
    context.url = lede_span_of(NULL, 0);

    context.site = lede_span_text("www.example.org");
    read_page("1. Onepublished at 12:00 GMT 1 March 2023\n\n"
              "The inner, external and upper walls.\n\n"
              "2. Twopublished at 11:00 GMT 1 March 2023\n\nText.\n");
    assert_span(entry(0)->body[0].text, "The inner, external and upper walls.");
}

static void test_live_text__a_summary_is_an_entry_of_its_own(void **state)
{
    (void)state;
    read_page("Storm reaches the coast\n\nSummary\n\n"
              "  • Two harbours are shut\n  • Trains run late\n\n"
              "Image source, EPA\n\nMedia caption,\n\nWatch: waves\n\n"
              "1. Onepublished at 12:00 GMT 1 March 2023\n\nText.\n\n"
              "2. Twopublished at 11:00 GMT 1 March 2023\n\nText.\n");
    assert_int_equal(got.count, 3);
    assert_int_equal(entry(0)->kind, LEDE_KIND_LIVE_SUMMARY);
    assert_span(entry(0)->headline, "Storm reaches the coast");
    assert_span(entry(0)->labels[0], "Summary");
    assert_int_equal(entry(0)->block_count, 2);
    assert_int_equal(entry(0)->body[0].type, LEDE_BLOCK_LI);
    assert_when(&entry(0)->published, "2023-03-01T12:00:00Z");
    assert_int_equal(entry(0)->rank_from_bottom, 0);
    assert_int_equal(entry(1)->rank_from_bottom, 2);
    assert_int_equal(entry(2)->rank_from_bottom, 1);
    assert_span(entry(1)->page_title, "Storm reaches the coast");
}

static void test_live_text__wrapped_lines_are_one_paragraph(void **state)
{
    (void)state;
    read_page(
        "1. Onepublished at 12:00 GMT 1 March 2023\n\n"
        "The council met for the third time this week and could not agree on\n"
        "who should pay for the new roof of the market hall, which fell in\n"
        "last winter.\n\n"
        "A map showing the old market hall.\n"
        "A map showing the new market hall.\n\n"
        "2. Twopublished at 11:00 GMT 1 March 2023\n\nText.\n");
    assert_int_equal(entry(0)->block_count, 3);
    assert_span(entry(0)->body[0].text,
                "The council met for the third time this week and could not "
                "agree on who should pay for the new roof of the market hall, "
                "which fell in last winter.");
    assert_span(entry(0)->body[1].text, "A map showing the old market hall.");
}

static void test_live_text__a_page_without_blank_lines(void **state)
{
    (void)state;
    read_page("1. Onepublished at 12:00 GMT 1 March 2023\n"
              "Ada Finch\nReporting from Leeds\nText one.\nText two.\n"
              "2. Twopublished at 11:00 GMT 1 March 2023\nText three.\n"
              "3. Threepublished at 10:00 GMT 1 March 2023\nText four.\n");
    assert_int_equal(got.count, 3);
    assert_span(entry(0)->authors[0].name, "Ada Finch");
    assert_span(entry(0)->authors[0].location, "Leeds");
    assert_int_equal(entry(0)->block_count, 2);
}

/* Forms B to H. ------------------------------------------------------------ */

static void test_live_text__form_b_doubled_times(void **state)
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

static void test_live_text__form_c_titled_untitled_and_updated(void **state)
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

static void test_live_text__form_c_mostly_without_titles(void **state)
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

static void test_live_text__the_date_of_the_page_gives_the_day(void **state)
{
    static const char updates[] =
        "19.30 GMT\n\nSummary of the day\n\nMars was reached by noon.\n\n"
        "18.10 GMT\n\nSecond one\n\nThe wheels were tested.\n";
    static const char *const dates[] = {
        "Fri 19 Feb 2021 19.41 GMT\n\n",
        "Fri Feb 19 2021 14.41 EST\n\n",
        "Fri 19 Feb 2021\n\n",
        "Fri 19 Feb 2021 19.41 GMT\nFri 19 Feb 2021 19.41 GMT\n\n",
        "Fri 19 Feb 2021 19.41 GMT\n\n"
        "First published on Fri 19 Feb 2021 17.20 GMT\n\n",
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

static void test_live_text__the_date_of_the_page_gives_the_year(void **state)
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

static void test_live_text__dates_of_the_page_are_no_summary(void **state)
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

static void test_live_text__form_d_and_its_bylines(void **state)
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

static void test_live_text__form_e(void **state)
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

static void test_live_text__form_f_uses_the_second_clock(void **state)
{
    (void)state;
    read_page("17 Feb 2025 - 01:40 (22:40 GMT)\n\nTruce holds\n\nText one.\n\n"
              "16 Feb 2025 - 14:40 (11:40 GMT)\n\nTruce begins\n\nText two.\n");
    assert_int_equal(got.count, 2);
    assert_entry(0, "Truce holds", "2025-02-16T22:40:00Z", "Text one.");
    assert_int_equal(entry(0)->published.offset_min, 180);
    assert_entry(1, "Truce begins", "2025-02-16T11:40:00Z", "Text two.");
}

static void test_live_text__form_g_dates_printed_twice(void **state)
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

static void test_live_text__form_h_before_and_behind_headlines(void **state)
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

static void test_live_text__one_page_has_one_form(void **state)
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

/* Recovery. ---------------------------------------------------------------- */

static void test_live_text__lost_line_breaks(void **state)
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

static void test_live_text__lost_bytes_in_heads(void **state)
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

static void test_live_text__lost_heads_where_numbers_fall(void **state)
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

static void test_live_text__cut_off_pages(void **state)
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

/* Dates. --------------------------------------------------------------------
 */

static const char *const two_years =
    "1. Dpublished at 00:10 GMT 1 January\n\nText.\n\n"
    "2. Cpublished at 23:50 GMT 31 December\n\nText.\n\n"
    "3. Bpublished at 22:00 GMT 31 December\n\nPhoto: 31 December "
    "2019Image source, EPA\n\n"
    "4. Apublished at 09:00 GMT 30 December\n\nText.\n";

static void test_live_text__years_step_at_new_year(void **state)
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

static void test_live_text__an_unknown_year_keeps_the_rest(void **state)
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

static void test_live_text__years_from_outside(void **state)
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

static void test_live_text__times_alone_roll_over_midnight(void **state)
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

static void test_live_text__zones_of_the_page(void **state)
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

/* Bylines. ------------------------------------------------------------------
 */

static size_t byline(const char *text, bool is_first, lede_authors *authors,
                     lede_arena *arena)
{
    lede_span lines[8];
    lede_text_block block = {lines, 0};

    *authors = (lede_authors){0};
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        lines[block.line_count++] = lede_span_of(text, len);
        text += len + (text[len] == '\n');
    }
    return lede_byline_take(&block, is_first, arena, authors) ? authors->count
                                                              : 0;
}

static void test_live_text__bylines_and_what_is_none(void **state)
{
    static const struct line {
        const char *text;
        size_t authors;
        const char *name, *role, *location;
    } lines[] = {
        {"Ada Finch\nBBC Verify", 1, "Ada Finch", "BBC Verify", ""},
        {"Ada de la Cruz\nHealth editor, in Bath", 1, "Ada de la Cruz",
         "Health editor, in Bath", "Bath"},
        {"Ada Finch\nReporting from Palm Beach, Florida", 1, "Ada Finch",
         "Reporting from Palm Beach, Florida", "Palm Beach, Florida"},
        {"Ada Finch and Tom Reed\nBBC News", 2, "Ada Finch", "BBC News", ""},
        {"Ada Finch\nBBC News\nTom Reed\nBBC Sport", 2, "Ada Finch", "BBC News",
         ""},
        {"By Ada FinchBBC News, Delhi", 1, "Ada Finch", "BBC News, Delhi",
         "Delhi"},
        {"By Ada Finch", 1, "Ada Finch", "", ""},
        {"By Ada Finch, Tom Reed and Bo Lind", 3, "Ada Finch", "", ""},
        {"By Ada Finch, Political correspondent", 1, "Ada Finch",
         "Political correspondent", ""},
        {"By Ada Finch in Paris", 1, "Ada Finch", "in Paris", "Paris"},
        {"By Ada FinchBy Tom ReedBBC News", 2, "Ada Finch", "", ""},
        {"BBC Verify", 1, "BBC Verify", "", ""},
        {"Ada Finch, BBC correspondent", 1, "Ada Finch", "BBC correspondent",
         ""},
        {"Ada Finch\nEditor in Chief", 1, "Ada Finch", "Editor in Chief", ""},
        {"By Monday, the town was empty", 0, NULL, NULL, NULL},
        {"By the end of the week they had gone", 0, NULL, NULL, NULL},
        {"From here it gets worse", 0, NULL, NULL, NULL},
        {"Meet our political editor", 0, NULL, NULL, NULL},
        {"Ada Finch", 0, NULL, NULL, NULL},
        {"Ada Finch said so.\nBBC News", 0, NULL, NULL, NULL},
        {"A map of the town\nA map of the river", 0, NULL, NULL, NULL},
    };
    lede_arena arena = {0};
    lede_authors authors;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t count = byline(lines[i].text, false, &authors, &arena);

        if (count != lines[i].authors) {
            print_error("\"%s\" has %zu authors\n", lines[i].text, count);
        }
        assert_int_equal(count, lines[i].authors);
        if (count > 0) {
            assert_span(authors.items[0].name, lines[i].name);
            assert_span(authors.items[0].role, lines[i].role);
            assert_span(authors.items[0].location, lines[i].location);
        }
    }
    /* Directly behind a head, two short lines will do. */
    assert_int_equal(byline("Ada Finch\nWeather", true, &authors, &arena), 1);
    assert_int_equal(byline("Ada Finch\nWeather", false, &authors, &arena), 0);
    lede_arena_done(&arena);
}

/* Bounds. --------------------------------------------------------------------
 */

static void test_live_text__long_lines_are_put_together(void **state)
{
    lede_buf page = {0};

    (void)state;
    lede_buf_put_text(&page, "1. Onepublished at 12:00 GMT 1 March 2023\n\n");
    for (int i = 0; i < 30000; i++) {
        lede_buf_put_text(&page, "word ");
    }
    lede_buf_put_text(&page,
                      "end.\n\n2. Twopublished at 11:00 GMT 1 March 2023\n\n"
                      "Text.\n");
    read_page(lede_buf_text(&page));
    assert_int_equal(got.count, 2);
    assert_int_equal(entry(0)->block_count, 1);
    assert_int_equal(entry(0)->body[0].text.len, 30000 * 5 + 4);
    lede_buf_done(&page);
}

static void test_live_text__a_sink_that_fails_stops_the_read(void **state)
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

static void test_live_text__an_interruption_stops_the_read(void **state)
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_live_text__a_glance_misses_no_page),
        TEST(test_live_text__form_a_glued_and_spaced),
        TEST(test_live_text__the_last_keyword_of_a_line_counts),
        TEST(test_live_text__labels_before_and_behind_the_head),
        TEST(test_live_text__headlines_broken_over_two_lines),
        TEST(test_live_text__fake_heads_are_body),
        TEST(test_live_text__articles_are_no_live_pages),
        TEST(test_live_text__media_of_all_shapes),
        TEST(test_live_text__hidden_words_go_and_buttons_too),
        TEST(test_live_text__a_summary_is_an_entry_of_its_own),
        TEST(test_live_text__wrapped_lines_are_one_paragraph),
        TEST(test_live_text__a_page_without_blank_lines),
        TEST(test_live_text__form_b_doubled_times),
        TEST(test_live_text__form_c_titled_untitled_and_updated),
        TEST(test_live_text__form_c_mostly_without_titles),
        TEST(test_live_text__the_date_of_the_page_gives_the_day),
        TEST(test_live_text__the_date_of_the_page_gives_the_year),
        TEST(test_live_text__dates_of_the_page_are_no_summary),
        TEST(test_live_text__form_d_and_its_bylines),
        TEST(test_live_text__form_e),
        TEST(test_live_text__form_f_uses_the_second_clock),
        TEST(test_live_text__form_g_dates_printed_twice),
        TEST(test_live_text__form_h_before_and_behind_headlines),
        TEST(test_live_text__one_page_has_one_form),
        TEST(test_live_text__lost_line_breaks),
        TEST(test_live_text__lost_bytes_in_heads),
        TEST(test_live_text__lost_heads_where_numbers_fall),
        TEST(test_live_text__cut_off_pages),
        TEST(test_live_text__years_step_at_new_year),
        TEST(test_live_text__an_unknown_year_keeps_the_rest),
        TEST(test_live_text__years_from_outside),
        TEST(test_live_text__times_alone_roll_over_midnight),
        TEST(test_live_text__zones_of_the_page),
        TEST(test_live_text__bylines_and_what_is_none),
        TEST(test_live_text__long_lines_are_put_together),
        TEST(test_live_text__a_sink_that_fails_stops_the_read),
        TEST(test_live_text__an_interruption_stops_the_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
