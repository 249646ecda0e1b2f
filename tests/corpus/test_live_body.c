/* What stands between the heads of a live page: paragraphs, media, buttons,
 * summaries. */
#include "corpus/text_match.h"
#include "tests/corpus/live_page.h"

static void test_live_body__media_of_all_shapes(void **state)
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

static void test_live_body__hidden_words_go_and_buttons_too(void **state)
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

static void test_live_body__a_summary_is_an_entry_of_its_own(void **state)
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

static void test_live_body__wrapped_lines_are_one_paragraph(void **state)
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

static void test_live_body__a_page_without_blank_lines(void **state)
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

static void test_live_body__long_lines_are_put_together(void **state)
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

static void test_live_body__bad_bytes_are_told_once(void **state)
{
    (void)state;
    read_page("1. Onepublished at 12:00 GMT 1 March 2023\n\nA caf\xE9.\n\n"
              "2. Twopublished at 11:00 GMT 1 March 2023\n\n\xC9t\xE9.\n");
    assert_int_equal(got.notes, 1);
    assert_string_equal(
        got.last_note,
        "not UTF-8 (or NUL) in 3 places: replaced there by U+FFFD");
}

static void test_live_body__a_long_line_is_split_not_cut(void **state)
{
    enum { WORDS = 1700000 };
    static const char word[] = "wombat ";
    lede_buf text = {0};
    const lede_entry *e;

    (void)state;
    lede_buf_put_text(&text, "1. Onepublished at 12:00 GMT 1 March 2023\n\n");
    for (size_t i = 0; i < WORDS; i++) {
        lede_buf_put(&text, word, strlen(word));
    }
    lede_buf_put_text(&text, "quokka\n\nThe next paragraph.\n\n"
                             "2. Twopublished at 11:00 GMT 1 March 2023\n\n"
                             "Text two.\n");
    lede_buf_put_byte(&text, 0);
    assert_false(text.failed);
    read_page((const char *)text.bytes);
    lede_buf_done(&text);
    assert_int_equal(got.count, 2);
    e = entry(0);
    assert_true(e->block_count > 10);
    assert_span(e->body[e->block_count - 1].text, "The next paragraph.");
    assert_true(lede_match_ends(e->body[e->block_count - 2].text, " quokka"));
    assert_int_equal(e->flags & LEDE_FLAG_TRUNCATED, 0);
    assert_int_equal(got.notes, 0);
    assert_span(entry(1)->body[0].text, "Text two.");
}

/* Media above the first update are the page's: every entry has them, and the
 * summary, which stands there, has them as its own too. */
static void test_live_body__media_at_the_head_of_the_page(void **state)
{
    lede_buf text = {0};

    (void)state;
    read_page("Summary\n\n• Ice breaks\n\nMedia caption,\n\nWatch: the ice\n\n"
              "A bearImage source, Lens\n\n"
              "  2. Onepublished at 14:50 GMT 3 March 2020\n\n    Text.\n\n"
              "    Another bearImage source, Lens\n\n"
              "  1. Twopublished at 14:40 GMT 3 March 2020\n\n    Text.\n");
    assert_int_equal(got.count, 3);
    assert_int_equal(got.page.media_count, 2);
    assert_int_equal(entry(0)->kind, LEDE_KIND_LIVE_SUMMARY);
    assert_int_equal(entry(0)->media_count, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(entry(i)->page_media_count, 2);
        assert_int_equal(entry(i)->page_media[0].type, LEDE_MEDIA_VIDEO);
        assert_span(entry(i)->page_media[0].caption, "Watch: the ice");
        assert_span(entry(i)->page_media[1].alt, "A bear");
        assert_span(entry(i)->page_media[1].credit, "Lens");
    }
    assert_int_equal(entry(1)->media_count, 1);
    assert_span(entry(1)->media[0].alt, "Another bear");

    /* Each entry carries them, so there is an end to them. */
    for (int i = 0; i < 100; i++) {
        lede_buf_put_text(&text, "Image caption, A bear on the ice\n\n");
    }
    lede_buf_put_text(&text, "1. Onepublished at 14:50 GMT 3 March 2020\n\nA.\n"
                             "\n2. Twopublished at 14:55 GMT 3 March 2020\n");
    read_page(lede_buf_text(&text));
    assert_int_equal(got.page.media_count, 32);
    assert_int_equal(entry(1)->page_media_count, 32);
    assert_int_equal(got.notes, 1);
    assert_non_null(strstr(got.last_note, "not all media"));
    lede_buf_done(&text);
}

/* A sentence above the updates is a summary, whatever it says of itself. */
static void test_live_body__sentences_at_the_head_of_the_page(void **state)
{
    (void)state;
    read_page("Ice live\n\nOur reporters follow the thaw on the river.\n\n"
              "Sign in\n\n"
              "  1. Onepublished at 14:50 GMT 3 March 2020\n\n    Text.\n");
    assert_int_equal(got.count, 2);
    assert_int_equal(entry(0)->kind, LEDE_KIND_LIVE_SUMMARY);
    assert_span(entry(0)->body[0].text,
                "Our reporters follow the thaw on the river.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_live_body__media_of_all_shapes),
        READ_TEST(test_live_body__hidden_words_go_and_buttons_too),
        READ_TEST(test_live_body__a_summary_is_an_entry_of_its_own),
        READ_TEST(test_live_body__wrapped_lines_are_one_paragraph),
        READ_TEST(test_live_body__a_page_without_blank_lines),
        READ_TEST(test_live_body__long_lines_are_put_together),
        READ_TEST(test_live_body__bad_bytes_are_told_once),
        READ_TEST(test_live_body__a_long_line_is_split_not_cut),
        READ_TEST(test_live_body__media_at_the_head_of_the_page),
        READ_TEST(test_live_body__sentences_at_the_head_of_the_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
