/* Live pages: updates from JSON-LD, from data, from elements. */
#include "tests/corpus/read_text.h"

static void read_page(const char *text)
{
    read_as(&lede_format_html, text, "");
}

/* The number of the first update; those before are the page's own entry. */
static size_t first_update(void)
{
    size_t i = 0;

    while (entry(i)->kind != LEDE_KIND_LIVE_UPDATE) {
        i++;
    }
    return i;
}

static size_t update_count(void)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < got.count; i++) {
        count += got.entries[i].kind == LEDE_KIND_LIVE_UPDATE;
    }
    return count;
}

#define LONG_1                                                                 \
    "The ferry has left the port with all its passengers on board, and the "   \
    "captain expects to be at the islands by noon."
#define LONG_2                                                                 \
    "The last cars are being driven onto the lower deck now, while the crew "  \
    "is testing the new engine one more time."

/* JSON-LD. ---------------------------------------------------------------- */

static void test_html_live__updates_of_json_ld(void **state)
{
    size_t at;

    (void)state;
    read_page(
        "<html><head><title>Ferry live</title><link rel=canonical "
        "href=\"https://harbour.example/live/ferry\"><script "
        "type=\"application/ld+json\">{\"@type\":\"LiveBlogPosting\","
        "\"headline\":\"Ferry LIVE\",\"description\":\"All updates from the "
        "port\",\"publisher\":{\"name\":\"Harbour Post\"},\"liveBlogUpdate\":[{"
        "\"@type\":\"BlogPosting\",\"headline\":\"She sails\\n\",\"url\":"
        "\"https://harbour.example/live/ferry#post2\",\"datePublished\":"
        "\"2025-02-17T12:50:12.500+01:00\",\"dateModified\":"
        "\"2025-02-17T11:55:00Z\",\"author\":\"Ann Lee\",\"articleBody\":"
        "\"&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two &amp;quot;three&amp;quot;&lt;/p"
        "&gt;\"},{\"@type\":\"BlogPosting\",\"url\":"
        "\"https://harbour.example/live/ferry#post1\",\"datePublished\":"
        "\"2025-02-17T00:00:00Z\",\"author\":[{\"name\":\"Bo Ray\"}],"
        "\"articleBody\":\"Good morning.\\nWe are in the port.\"}]}</script>"
        "</head><body><h1>Ferry LIVE</h1>");
    at = first_update();
    assert_int_equal(update_count(), 2);
    assert_true(got.page.is_live);
    assert_int_equal(entry(0)->kind, LEDE_KIND_LIVE_PAGE);
    assert_span(entry(0)->deck, "All updates from the port");
    assert_entry(at, "She sails", "2025-02-17T11:50:12Z", "One");
    assert_span(entry(at)->body[1].text, "Two \"three\"");
    assert_span(entry(at)->native_id,
                "https://harbour.example/live/ferry#post2");
    assert_span(entry(at)->page_url, "https://harbour.example/live/ferry");
    assert_when(&entry(at)->updated, "2025-02-17T11:55:00Z");
    assert_span(entry(at)->authors[0].name, "Ann Lee");
    assert_int_equal(entry(at)->rank_from_bottom, 2);
    /* Midnight is a time of day here, and headlines are made of text. */
    assert_entry(at + 1, "Good morning.", "2025-02-17T00:00:00Z",
                 "Good morning.");
    assert_true(entry(at + 1)->headline_derived);
    assert_int_equal(entry(at + 1)->published.precision, LEDE_PRECISION_SECOND);
    assert_int_equal(entry(at + 1)->block_count, 2);
    assert_int_equal(entry(at + 1)->rank_from_bottom, 1);
}

static void test_html_live__one_update_need_not_be_a_list(void **state)
{
    (void)state;
    read_page("<html><head><script type=\"application/ld+json\">{\"@type\":"
              "\"LiveBlogPosting\",\"liveBlogUpdate\":{\"headline\":\"She "
              "sails\",\"datePublished\":\"2025-02-17T12:50:00Z\"}}</script>"
              "</head><body><h1>Ferry LIVE</h1>");
    assert_int_equal(update_count(), 1);
}

/* The page may have the text that JSON-LD leaves out. */
static void test_html_live__a_text_may_be_a_list(void **state)
{
    size_t at;

    (void)state;
    read_page(
        "<html><head><script type=application/ld+json>{\"@type\":"
        "\"LiveBlogPosting\",\"headline\":\"Ferry LIVE\","
        "\"liveBlogUpdate\":[{\"headline\":\"She sails\",\"articleBody\":["
        "\"Good morning.\",\"We are in the port.\"]}]}</script></head>"
        "<body><h1>Ferry LIVE</h1>");
    at = first_update();
    assert_int_equal(entry(at)->block_count, 2);
    assert_span(entry(at)->body[1].text, "We are in the port.");
}

static void test_html_live__texts_are_joined_by_fragment(void **state)
{
    size_t at;

    (void)state;
    read_page("<html><head><script type=\"application/ld+json\">{\"@type\":"
              "\"LiveBlogPosting\",\"liveBlogUpdate\":[{\"headline\":\"She "
              "sails\",\"url\":\"https://a.example/x#p2\",\"datePublished\":"
              "\"2025-02-17T12:50:00Z\"}]}</script></head><body><div id=p2>"
              "<span>12:50</span><h2>She sails</h2><p>" LONG_1 "</p></div>");
    at = first_update();
    assert_int_equal(entry(at)->block_count, 1);
    assert_span(entry(at)->body[0].text, LONG_1);
}

/* Hooks. ------------------------------------------------------------------ */

#define META                                                                   \
    "<meta property=article:modified_time content=2025-02-17T20:00:00Z>"

static void expect_two(const char *posts)
{
    char page[6000];
    size_t at;

    snprintf(page, sizeof page,
             "<html><head><link rel=canonical "
             "href=https://www.bbc.co.uk/news/live/ferry>" META "</head><body>"
             "<h1>Ferry: live</h1>%s</body>",
             posts);
    read_page(page);
    assert_int_equal(update_count(), 2);
    at = first_update();
    assert_entry(at, "She sails", "2025-02-17T14:50:00Z", LONG_1);
    assert_entry(at + 1, "Cars on deck", "2025-02-17T13:40:00Z", LONG_2);
    assert_int_equal(entry(at)->block_count, 1);
    assert_true(got.page.is_live);
}

static void test_html_live__bbc(void **state)
{
    (void)state;
    expect_two(
        "<ol><li><article data-testid=content-post><header><span "
        "data-testid=timestamp><span class=visually-hidden>published at "
        "</span>14:50 Greenwich Mean Time 17 February</span><h2>She "
        "sails</h2></header><p>" LONG_1 "</p></article></li><li><article "
        "data-testid=content-post><span data-testid=timestamp>13:40 "
        "Greenwich Mean Time 17 February</span><h2>Cars on deck</h2><p>" LONG_2
        "</p></article></li></ol>");
    expect_two(
        "<ol><li><div><h3 id=\"asset:1-2-3-4\">She sails<span "
        "class=\"ssrcss-1abc-VisuallyHidden\">published at 14:50 "
        "Greenwich Mean Time 17 February</span></h3></div><div><p>" LONG_1
        "</p></div></li><li><div><h3 id=\"asset:1-2-3-5\">Cars on "
        "deck<span class=\"ssrcss-1abc-VisuallyHidden\">published at "
        "13:40 Greenwich Mean Time 17 February</span></h3></div><div><p>" LONG_2
        "</p></div></li></ol>");
    assert_span(entry(first_update())->native_id, "asset:1-2-3-4");
    expect_two(
        "<ol><li class=lx-stream__post-container><article "
        "id=post_1><time><span "
        "class=lx-u-vh>Posted at </span><span "
        "class=\"qa-post-auto-meta\">14:50 "
        "17 Feb</span></time><h3><span class=lx-stream-post__header-text>She "
        "sails</span></h3><div class=qa-contributor><p "
        "class=qa-contributor-name>Ann Lee</p><p class=qa-contributor-role>BBC "
        "News</p></div><p>" LONG_1 "</p></article></li><li "
        "class=lx-stream__post-container><article id=post_2><time><span "
        "class=qa-post-auto-meta>13:40</span></time><h3>Cars on "
        "deck</h3><p>" LONG_2 "</p></article></li></ol>");
    assert_span(entry(first_update())->authors[0].name, "Ann Lee");
    assert_span(entry(first_update())->authors[0].role, "BBC News");
}

/* A time that is only read aloud; and what a sure hook finds is an update even
 * if nobody says when. */
/* The credit has its label for screen readers only; posts may be items of a
 * list, and their paragraphs are none. */
static void test_html_live__credits_with_a_hidden_label(void **state)
{
    size_t at;

    (void)state;
    read_page(
        "<html><head><title>Ferry</title></head><body><h1>Ferry live</h1><ol>"
        "<li><article data-testid=content-post><h3>She sails</h3><span "
        "data-testid=timestamp>10:05 GMT 26 December 2024</span><p>" LONG_1
        "</p><figure><div><img alt=Ferry src=p.jpg><span class=Copyright>"
        "<span class=visually-hidden>Image source, </span>Reuters</span></div>"
        "<figcaption><span class=visually-hidden>Image caption, </span>At the "
        "pier</figcaption></figure></article></li><li><article "
        "data-testid=content-post><h3>She waits</h3><span "
        "data-testid=timestamp>09:05 GMT 26 December 2024</span><p>" LONG_2
        "</p></article></li></ol>");
    at = first_update();
    assert_int_equal(update_count(), 2);
    assert_int_equal(entry(at)->block_count, 1);
    assert_int_equal(entry(at)->body[0].type, LEDE_BLOCK_P);
    assert_int_equal(entry(at)->media_count, 1);
    assert_span(entry(at)->media[0].caption, "At the pier");
    assert_span(entry(at)->media[0].credit, "Reuters");
}

static void test_html_live__times_read_aloud(void **state)
{
    size_t at;

    (void)state;
    read_page(
        "<html><head><title>Ferry live</title></head><body><main><h1>Ferry "
        "live</h1><ol><li data-testid=content-post><article><header><h3><span "
        "class=visually-hidden>She sails</span><span aria-hidden=true>She "
        "sails</span></h3><span class=visually-hidden>published at 14:50 "
        "Greenwich Mean Time 17 February 2025</span><time aria-hidden=true>"
        "14:50 GMT</time></header><p>" LONG_1 "</p></article></li><li "
        "data-testid=content-post><article><header><h3>Cars on board</h3>"
        "</header><p>" LONG_2 "</p></article></li></ol></main>");
    assert_int_equal(update_count(), 2);
    at = first_update();
    assert_entry(at, "She sails", "2025-02-17T14:50:00Z", LONG_1);
    assert_span(entry(at + 1)->headline, "Cars on board");
    assert_span(entry(at + 1)->body[0].text, LONG_2);
    assert_int_equal(entry(at + 1)->published.precision, LEDE_PRECISION_NONE);
}

static void test_html_live__other_publishers(void **state)
{
    (void)state;
    expect_two("<article id=\"block-67b34f\" class=block><time "
               "datetime=\"2025-02-17T14:50:00.000Z\">14.50 GMT</time><h2>She "
               "sails</h2><p>" LONG_1 "</p></article><article "
               "id=\"block-67b34e\" class=block><time "
               "datetime=\"2025-02-17T13:40:00.000Z\">13.40 GMT</time><h2>Cars "
               "on deck</h2><p>" LONG_2 "</p></article>");
    expect_two("<article class=\"live-story-post live-story-post__wrapper\" "
               "data-last-updated=\"2025-02-17T14:50:00Z\"><h2 "
               "class=live-story-post__headline>She sails</h2><div "
               "class=live-story-post__content><p>" LONG_1
               "</p></div></article>"
               "<article class=\"live-story-post live-story-post__wrapper\" "
               "data-last-updated=\"2025-02-17T13:40:00Z\"><h2>Cars on "
               "deck</h2><p>" LONG_2 "</p></article>");
    expect_two(
        "<ul><li data-testid=live-blog-feed-item><div class=card-live>"
        "<div class=timestamp>17 Feb 2025 - 14:50 (14:50 GMT)</div><h2>She "
        "sails</h2><p>" LONG_1 "</p></div></li><li "
        "data-testid=live-blog-feed-item><div class=card-live><div "
        "class=timestamp>17 Feb 2025 - 13:40 (13:40 GMT)</div><h2>Cars on "
        "deck</h2><p>" LONG_2 "</p></div></li></ul>");
    expect_two("<div role=feed><div role=article><time "
               "datetime=2025-02-17T14:50Z></time><h3>She sails</h3><p>" LONG_1
               "</p></div><div role=article><time datetime=2025-02-17T13:40Z>"
               "</time><h3>Cars on deck</h3><p>" LONG_2 "</p></div></div>");
    expect_two(
        "<div itemprop=liveBlogUpdate><time itemprop=datePublished "
        "datetime=2025-02-17T14:50Z></time><h3>She sails</h3><p>" LONG_1
        "</p></div><div itemprop=liveBlogUpdate><time "
        "datetime=2025-02-17T13:40Z></time><h3>Cars on deck</h3><p>" LONG_2
        "</p></div>");
}

/* Bylines of one line with links in it, with several places, once more in the
 * text, or in the text alone. */
static void test_html_live__bylines_in_lines(void **state)
{
    size_t at;

    (void)state;
    expect_two(
        "<article class=\"live-story-post live-story-post__wrapper\" "
        "data-last-updated=\"2025-02-17T14:50:00Z\"><h2 "
        "class=live-story-post__headline>She sails</h2><span "
        "class=live-story-post__byline>From CNN's <a href=/a>Ada Finch</a> in "
        "Kyiv and <a href=/b>Tom Reed</a> in London</span><div "
        "class=live-story-post__content><p>From CNN\u2019s Ada Finch in Kyiv "
        "and Tom Reed in London</p><p>" LONG_1 "</p></div></article>"
        "<article class=\"live-story-post live-story-post__wrapper\" "
        "data-last-updated=\"2025-02-17T13:40:00Z\"><h2>Cars on "
        "deck</h2><p>From CNN's Bo Lind in Rome</p><p>" LONG_2
        "</p></article>");
    at = first_update();
    assert_int_equal(entry(at)->author_count, 2);
    assert_span(entry(at)->authors[0].name, "Ada Finch");
    assert_span(entry(at)->authors[0].location, "Kyiv");
    assert_span(entry(at)->authors[1].name, "Tom Reed");
    assert_span(entry(at)->authors[1].location, "London");
    assert_int_equal(entry(at + 1)->author_count, 1);
    assert_span(entry(at + 1)->authors[0].name, "Bo Lind");
    assert_span(entry(at + 1)->authors[0].location, "Rome");
}

#define ALIKE(time, head, text)                                                \
    "<div class=x1><time datetime=" time "></time><h3>" head "</h3><p>" text   \
    "</p></div>"

#define THREE                                                                  \
    ALIKE("2025-02-17T14:50Z", "She sails", LONG_1)                            \
    ALIKE("2025-02-17T13:40Z", "Cars on deck", LONG_2)                         \
    ALIKE("2025-02-17T13:30Z", "Good morning", LONG_1)

/* Teasers of other articles look the same: the page has to say that it is
 * live. */
static void test_html_live__three_alike_on_a_page_that_says_so(void **state)
{
    (void)state;
    read_page("<html><head><title>Liveticker: the ferry</title></head><body>"
              "<div>" THREE "</div>");
    assert_int_equal(update_count(), 3);
    read_page("<html><head><title>The ferry</title></head><body><div>" THREE
              "</div>");
    assert_int_equal(update_count(), 0);
    assert_int_equal(got.count, 1);
}

/* Other sites have blocks, too; and an article may have news beside it. */
static void test_html_live__articles_are_no_live_pages(void **state)
{
    (void)state;
    read_page(
        "<html><body><nav id=block-main-menu class=\"block\"><p>Home</p>"
        "</nav><div id=block-content class=\"block block-system\"><h1>The "
        "ferry</h1><p>" LONG_1 "</p><p>" LONG_2
        "</p></div><div id=block-face class=block><p>Follow us</p></div>");
    assert_int_equal(update_count(), 0);
    assert_int_equal(got.count, 1);
    assert_int_equal(entry(0)->block_count, 2);
    read_page("<html><body><article><h1>The ferry</h1><p>" LONG_1
              "</p><p>" LONG_2 "</p></article><div role=feed><article><time "
              "datetime=2025-02-17T14:50:00Z>14:50</time><h3>Cars on "
              "deck</h3><p>Ten of them.</p></article><article><time "
              "datetime=2025-02-17T14:40:00Z>14:40</time><h3>Rain</h3><p>A "
              "little.</p></article></div>");
    assert_int_equal(update_count(), 0);
    assert_int_equal(got.count, 1);
}

/* Days of times without one: a later time below is of the day before. */
static void test_html_live__days_roll_over(void **state)
{
    size_t at;

    (void)state;
    read_page(
        "<html><head><link rel=canonical "
        "href=https://www.bbc.co.uk/news/live/ferry><meta "
        "property=article:modified_time content=2025-01-01T02:00:00Z>"
        "</head><body><li class=lx-stream__post-container><time>00:30"
        "</time><h3>A</h3><p>" LONG_1 "</p></li><li "
        "class=lx-stream__post-container><time>23:50</time><h3>B</h3><p>" LONG_2
        "</p></li>");
    at = first_update();
    assert_when(&entry(at)->published, "2025-01-01T00:30:00Z");
    assert_when(&entry(at + 1)->published, "2024-12-31T23:50:00Z");
}

/* Data of BBC pages. ------------------------------------------------------ */

#define FRAGMENT(text)                                                         \
    "{\"type\":\"paragraph\",\"model\":{\"text\":\"" text "\",\"blocks\":[{"   \
    "\"type\":\"fragment\",\"model\":{\"text\":\"" text "\"}}]}}"
#define TEXT_BLOCK(text)                                                       \
    "{\"type\":\"text\",\"model\":{\"blocks\":[" FRAGMENT(text) "]}}"

static void test_html_live__next_data_has_articles(void **state)
{
    (void)state;
    read_page(
        "<html><body><h1>The ferry is back</h1><script id=__NEXT_DATA__ "
        "type=\"application/json\">{\"props\":{\"pageProps\":{\"page\":{"
        "\"@news\":{\"contents\":[{\"type\":\"headline\",\"model\":{"
        "\"blocks\":[" TEXT_BLOCK(
            "The ferry is back") "]}},{\"type\":\"byline\",\"model\":{"
                                 "\"blocks\":[{\"type\":\"contributor\","
                                 "\"model\":{\"blocks\":[{\"type\":"
                                 "\"name\",\"model\":{\"blocks\":"
                                 "[" TEXT_BLOCK(
                                     "Ann Lee") "]}},{\"type\":"
                                                "\"role\",\"model\":{"
                                                "\"blocks\":[" TEXT_BLOCK(
                                                    "BBC News, in Port "
                                                    "Ellen") "]}}]}}]}},{"
                                                             "\"type\":"
                                                             "\"image\","
                                                             "\"model\":"
                                                             "{\"blocks\""
                                                             ":[{"
                                                             "\"type\":"
                                                             "\"altText\""
                                                             ",\"model\":"
                                                             "{\"blocks\""
                                                             ":"
                                                             "[" TEXT_BLOCK(
                                                                 "A "
                                                                 "ferry") "]}},"
                                                                          "{\"t"
                                                                          "ype"
                                                                          "\":"
                                                                          "\"ra"
                                                                          "wIma"
                                                                          "ge\""
                                                                          ",\"m"
                                                                          "odel"
                                                                          "\":{"
                                                                          "\"co"
                                                                          "pyri"
                                                                          "ghtH"
                                                                          "olde"
                                                                          "r\":"
                                                                          "\"Bo"
                                                                          " Ray"
                                                                          "\"}}"
                                                                          "]}}"
                                                                          "," TEXT_BLOCK("She sails.") ",{\"type\":\"subheadline\",\"model\":{\"blocks\":[" TEXT_BLOCK(
                                                                              "Repairs") "]}}," TEXT_BLOCK("A new engine.") "]}}}}}"
                                                                                                                            "</script>");
    assert_entry(0, "The ferry is back", "", "She sails.");
    assert_int_equal(entry(0)->block_count, 3);
    assert_int_equal(entry(0)->body[1].type, LEDE_BLOCK_HEADING);
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    assert_span(entry(0)->authors[0].role, "BBC News, in Port Ellen");
    assert_span(entry(0)->media[0].alt, "A ferry");
    assert_span(entry(0)->media[0].credit, "Bo Ray");
}

static void test_html_live__next_data_has_updates(void **state)
{
    size_t at;

    (void)state;
    read_page(
        "<html><body><h1>Ferry</h1><script id=__NEXT_DATA__>{\"props\":{"
        "\"pageProps\":{\"pageData\":{\"liveTextStream\":{\"content\":{"
        "\"data\":"
        "{\"results\":[{\"urn\":\"asset:1-2-3\",\"options\":{"
        "\"isBreakingNews\":"
        "true},\"dates\":{\"firstPublished\":\"2025-02-17T14:50:10+00:00\","
        "\"lastPublished\":\"2025-02-17T14:55:00+00:00\"},\"header\":{"
        "\"model\":"
        "{\"blocks\":[{\"type\":\"headline\",\"model\":{\"blocks\":"
        "[" TEXT_BLOCK(
            "She sails") "]}}]}},\"content\":{\"model\":{\"blocks\":"
                         "[" FRAGMENT(
                             "At last.") ",{\"type\":"
                                         "\"unorderedList\","
                                         "\"model\":{\"blocks\":[{"
                                         "\"type\":\"listItem\","
                                         "\"model\":{\"blocks\":"
                                         "[" FRAGMENT(
                                             "First boat") "]}},{\"type\":"
                                                           "\"listItem\","
                                                           "\"model\":{"
                                                           "\"blocks\":[{"
                                                           "\"type\":"
                                                           "\"paragraph\","
                                                           "\"model\":{"
                                                           "\"blocks\":[{"
                                                           "\"type\":"
                                                           "\"urlLink\","
                                                           "\"model\":{"
                                                           "\"text\":\"Why she "
                                                           "stopped\","
                                                           "\"blocks\":"
                                                           "[" FRAGMENT(
                                                               "Why "
                                                               "she "
                                                               "stoppe"
                                                               "d") "]"
                                                                    "}"
                                                                    "}"
                                                                    "]"
                                                                    "}"
                                                                    "}"
                                                                    "]"
                                                                    "}"
                                                                    "}"
                                                                    "]"
                                                                    "}"
                                                                    "}"
                                                                    "]"
                                                                    "}"
                                                                    "}"
                                                                    "}"
                                                                    "]"
                                                                    "}"
                                                                    "}"
                                                                    "}"
                                                                    "}"
                                                                    "}"
                                                                    "}"
                                                                    "}"
                                                                    "<"
                                                                    "/"
                                                                    "s"
                                                                    "c"
                                                                    "r"
                                                                    "i"
                                                                    "p"
                                                                    "t"
                                                                    ">");
    at = first_update();
    assert_entry(at, "She sails", "2025-02-17T14:50:10Z", "At last.");
    assert_span(entry(at)->native_id, "asset:1-2-3");
    assert_int_equal(entry(at)->body[1].type, LEDE_BLOCK_LI);
    assert_int_equal(entry(at)->block_count, 2); /* no item that is a link */
    assert_int_equal(entry(at)->label_count, 1);
    assert_span(entry(at)->labels[0], "Breaking");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html_live__credits_with_a_hidden_label),
        READ_TEST(test_html_live__times_read_aloud),
        READ_TEST(test_html_live__updates_of_json_ld),
        READ_TEST(test_html_live__one_update_need_not_be_a_list),
        READ_TEST(test_html_live__a_text_may_be_a_list),
        READ_TEST(test_html_live__texts_are_joined_by_fragment),
        READ_TEST(test_html_live__bbc),
        READ_TEST(test_html_live__other_publishers),
        READ_TEST(test_html_live__bylines_in_lines),
        READ_TEST(test_html_live__three_alike_on_a_page_that_says_so),
        READ_TEST(test_html_live__articles_are_no_live_pages),
        READ_TEST(test_html_live__days_roll_over),
        READ_TEST(test_html_live__next_data_has_articles),
        READ_TEST(test_html_live__next_data_has_updates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
