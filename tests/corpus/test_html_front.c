/* Pages that are no article: front pages, and what servers show instead. */
#include "tests/corpus/read_text.h"

#define TEASER(n)                                                              \
    "<article class=card><h2><a href=/" n ">Story " n " of the port</a></h2>"  \
    "<p>A short summary of the story.</p><time>1h</time></article>"
#define TEASERS_5 TEASER("1") TEASER("2") TEASER("3") TEASER("4") TEASER("5")
#define TEASERS_8 TEASERS_5 TEASER("6") TEASER("7") TEASER("8")

/* A paragraph that is no longer than a teaser's. */
#define SHORT "<p>The ferry to the northern islands sails again, says Ann.</p>"
#define SHORTS SHORT SHORT SHORT SHORT SHORT
#define LONG                                                                   \
    "<p>The ferry to the northern islands sails again after three weeks, "     \
    "and the first crossing was full to the last seat on the lower deck, "     \
    "where dogs travel without a ticket, as they always did.</p>"

static void read_page(const char *head, const char *body)
{
    char page[12000];
    int len = snprintf(page, sizeof page,
                       "<html><head><title>The Harbour Post</title>%s</head>"
                       "<body><main>%s</main></body></html>",
                       head, body);

    assert_true(len > 0 && (size_t)len < sizeof page);
    read_as(&lede_format_html, page, "");
    assert_int_equal(got.count, 1);
}

#define AT(path)                                                               \
    "<link rel=canonical href=\"https://harbourpost.example" path "\">"

static void test_html_front__a_list_of_teasers_is_a_bookmark(void **state)
{
    (void)state;
    read_page(AT("/"), TEASERS_5);
    assert_int_equal(entry(0)->kind, LEDE_KIND_BOOKMARK);
    assert_span(entry(0)->headline, "The Harbour Post");
    assert_span(entry(0)->url, "https://harbourpost.example/");
    assert_int_equal(entry(0)->block_count, 0);
    assert_true(entry(0)->published.instant == LEDE_INSTANT_NONE);
    read_page(AT("/sport"), "<h1>Sport</h1>" TEASERS_8);
    assert_int_equal(entry(0)->kind, LEDE_KIND_BOOKMARK);
    assert_span(entry(0)->headline, "Sport");
    assert_int_equal(entry(0)->block_count, 0);
}

static void expect_article(const char *head, const char *body)
{
    read_page(head, body);
    assert_int_equal(entry(0)->kind, LEDE_KIND_ARTICLE);
}

/* Whatever is listed around them. */
static void test_html_front__articles_stay_articles(void **state)
{
    (void)state;
    /* A few teasers of a page that is not the outlet's first. */
    expect_article(AT("/ferry"), "<h1>Ferry</h1>" SHORT TEASERS_5);
    /* A text of long paragraphs, or of short ones in a row. */
    expect_article(AT("/ferry"),
                   "<h1>Ferry</h1><div>" LONG LONG LONG "</div>" TEASERS_8);
    expect_article(AT("/ferry"),
                   "<h1>Ferry</h1><div>" SHORTS SHORTS "</div>" TEASERS_8);
    expect_article(AT("/ferry"), "<h1>Ferry</h1>" LONG "<h3>On board</h3>" LONG
                                 "<h3>At sea</h3>" LONG TEASERS_8);
    expect_article(AT("/"),
                   "<h1>Ferry</h1><div>" SHORTS SHORTS "</div>" TEASERS_8);
    /* A headline above a text that was cut short. */
    expect_article(AT("/ferry"),
                   "<h1>The ferry to the northern islands sails again</h1>"
                   "<div>" SHORT "</div>" TEASERS_8);
    /* An element that says so. */
    expect_article(AT("/ferry"),
                   "<article><h1>Ferry</h1>" SHORT "</article>" TEASERS_8);
}

static void test_html_front__metadata_may_say_article(void **state)
{
    static const char *const heads[] = {
        "<meta property=og:type content=article>",
        "<meta property=article:published_time content=2025-02-17T10:00:00Z>",
        "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", "
        "\"headline\": \"Ferry\", \"datePublished\": \"2025-02-17T10:00:00Z\"}"
        "</script>",
        "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", "
        "\"headline\": \"Ferry\", \"articleBody\": \"It sails.\"}</script>",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        expect_article(heads[i], "<h1>Ferry</h1>" SHORT TEASERS_8);
    }
    /* A front page's own type is none. */
    read_page("<meta property=og:type content=website>", TEASERS_8);
    assert_int_equal(entry(0)->kind, LEDE_KIND_BOOKMARK);
}

/* Reads a page of this title and says whether it is kept. */
static bool is_kept(const char *title, const char *body)
{
    char page[8000];
    lede_error error = {0};
    lede_status status;

    snprintf(page, sizeof page,
             "<html><head><title>%s</title></head><body>%s</body></html>",
             title, body);
    collect_done(&got);
    status = collect_bytes(&got, &lede_format_html, lede_span_text(page), "",
                           &context, &error);
    assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
    assert_int_equal(got.count, status == LEDE_OK);
    if (status != LEDE_OK) {
        assert_non_null(strstr(error.message, "instead of an article"));
    }
    return status == LEDE_OK;
}

static void test_html_front__what_servers_show_is_not_kept(void **state)
{
    static const char *const titles[] = {
        "Just a moment...",
        "Attention Required! | Cloudflare",
        "Access Denied",
        "404 Not Found",
        "404: Not Found",
        "Page not found - Harbour Post",
        "Page not found | Harbour Post",
        "Seite nicht gefunden \u2013 Hafenpost",
        "P\u00E1gina no encontrada",
        "Are you a robot?",
        "503 Service Temporarily Unavailable",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (is_kept(titles[i], "<h1>Oh</h1><p>Reference 12.34.</p>")) {
            fail_msg("kept: %s", titles[i]);
        }
    }
    assert_false(is_kept("", "<h1>404 Not Found</h1><p>nginx</p>"));
}

/* Headlines may begin alike, and articles be called so. */
static void test_html_front__headlines_that_begin_so_are_kept(void **state)
{
    static const char *const titles[] = {
        "Access denied: how the port was closed",
        "Access denied to the port, captains say",
        "Just a moment of peace",
        "Page not found in the archive of the bishop",
        "Security checks at the port will be longer",
        "One more step to the title",
        "404 passengers on the first ferry",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (!is_kept(titles[i], "<h1>Oh</h1><p>The ferry sails.</p>")) {
            fail_msg("not kept: %s", titles[i]);
        }
    }
    assert_true(is_kept("Access denied",
                        "<article><h1>Access denied</h1>" LONG LONG LONG LONG
                        "</article>"));
    assert_true(is_kept("Access denied</title><meta property=og:type "
                        "content=article><title>",
                        "<h1>Access denied</h1>" SHORT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html_front__a_list_of_teasers_is_a_bookmark),
        READ_TEST(test_html_front__articles_stay_articles),
        READ_TEST(test_html_front__metadata_may_say_article),
        READ_TEST(test_html_front__what_servers_show_is_not_kept),
        READ_TEST(test_html_front__headlines_that_begin_so_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
