/* What pages say of their articles, and which of their places counts. */
#include "corpus/publishers.h"
#include "tests/corpus/read_text.h"

static void read_page(const char *text)
{
    read_as(&lede_format_html, text, "");
}

#define TEXT                                                                   \
    "<p>The ferry to the northern islands sails again after three weeks, and " \
    "the first crossing was full to the last seat on the lower deck.</p>"

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"

/* JSON-LD. ---------------------------------------------------------------- */

static void test_html_facts__json_ld_gives_all_of_it(void **state)
{
    (void)state;
    read_page("<html><head>" LD(
        "{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\","
        "\"headline\":\"The ferry is back\",\"description\":\"After three "
        "weeks.\",\"datePublished\":\"2025-02-17T14:50:12+01:00\","
        "\"dateModified\":\"2025-02-17T15:00:00Z\",\"author\":[{\"@type\":"
        "\"Person\",\"name\":\"Ann Lee\",\"jobTitle\":\"Harbour "
        "reporter\"},{\"@type\":\"Person\",\"name\":\"Bo "
        "Ray\"}],\"publisher\":{\"@type\":\"Organization\",\"name\":\"The "
        "Harbour Post\"},\"articleSection\":\"Islands\",\"keywords\":["
        "\"ferry\",\"islands\"],\"isAccessibleForFree\":false}") "</head><body>"
                                                                 "<article><h1>"
                                                                 "The ferry is "
                                                                 "back</"
                                                                 "h1>" TEXT
                                                                 "</article>");
    assert_entry(0, "The ferry is back", "2025-02-17T13:50:12Z",
                 "The ferry to the northern islands sails again after three "
                 "weeks, and the first crossing was full to the last seat on "
                 "the lower deck.");
    assert_span(entry(0)->deck, "After three weeks.");
    assert_when(&entry(0)->updated, "2025-02-17T15:00:00Z");
    assert_int_equal(entry(0)->author_count, 2);
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    assert_span(entry(0)->authors[0].role, "Harbour reporter");
    assert_span(entry(0)->authors[1].name, "Bo Ray");
    assert_span(entry(0)->source, "The Harbour Post");
    assert_span(entry(0)->section, "Islands");
    assert_int_equal(entry(0)->tag_count, 2);
    assert_int_equal(entry(0)->flags, LEDE_FLAG_PAYWALLED);
    assert_int_equal(entry(0)->published.year_source, LEDE_YEAR_METADATA);
}

/* A graph refers by @id; the page's own article is not that of another. */
static void test_html_facts__a_graph_is_followed(void **state)
{
    (void)state;
    read_page("<html><head><link rel=canonical "
              "href=\"https://harbour.example/ferry\">" LD(
                  "{\"@graph\":[{\"@type\":\"WebSite\",\"name\":\"The Harbour "
                  "Post\"},{\"@type\":[\"Article\",\"Report\"],\"headline\":"
                  "\"The ferry "
                  "is "
                  "back\",\"mainEntityOfPage\":{\"@id\":\"https://"
                  "harbour.example/"
                  "ferry\"},\"author\":{\"@id\":\"#ann\"},\"datePublished\":"
                  "\"2025-02-17T14:50:00Z\"},{\"@type\":\"Person\",\"@id\":\"#"
                  "ann\","
                  "\"name\":\"Ann "
                  "Lee\"},{\"@type\":\"ItemList\",\"itemListElement\":[{"
                  "\"@type\":\"NewsArticle\",\"headline\":\"Another\"}]}]}")
                  LD("[{\"@type\":\"NewsArticle\",\"headline\":\"Not this "
                     "one\"}]") "</head><body><article>" TEXT "</article>");
    assert_span(entry(0)->headline, "The ferry is back");
    assert_span(entry(0)->authors[0].name, "Ann Lee");
}

/* Names that are lists of objects that stand for others, and these for the
 * first again, or for two others each. */
static void test_html_facts__names_that_go_in_circles_end(void **state)
{
    lede_buf page = {0};
    int i;

    (void)state;
    read_page("<html><head>" LD(
        "{\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"The ferry is "
        "back\",\"author\":[{\"@id\":\"#b\"},{\"name\":\"Ann Lee\"}]},"
        "{\"@id\":\"#b\",\"name\":[{\"@id\":\"#b\"}]}]}") "</head><body>" TEXT);
    assert_int_equal(entry(0)->author_count, 1);
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    lede_buf_put_text(&page, "<html><head><script type=application/ld+json>"
                             "{\"@graph\":[{\"@type\":\"NewsArticle\","
                             "\"headline\":\"The ferry is back\","
                             "\"author\":{\"@id\":\"#0\"}}");
    for (i = 0; i < 60; i++) {
        lede_buf_put_format(&page,
                            ",{\"@id\":\"#%d\",\"name\":[{\"@id\":\"#%d\"},"
                            "{\"@id\":\"#%d\"}]}",
                            i, i + 1, i + 1);
    }
    lede_buf_put_text(&page, "]}</script></head><body>" TEXT);
    read_page(lede_buf_text(&page));
    assert_span(entry(0)->headline, "The ferry is back");
    assert_int_equal(entry(0)->author_count, 0);
    lede_buf_done(&page);
}

static void test_html_facts__broken_json_ld_is_mended(void **state)
{
    static const char *const blocks[] = {
        "<![CDATA[{\"@type\":\"NewsArticle\",\"headline\":\"A \\u00e9\","
        "\"datePublished\":\"2025-02-17T14:50:00Z\"}]]>",
        "<!-- {\"@type\":\"NewsArticle\",\"headline\":\"A \u00E9\","
        "\"datePublished\":\"2025-02-17T14:50:00Z\",} -->",
        "{\"@type\":\"NewsArticle\",\"headline\":\"A\n\u00E9\","
        "\"datePublished\":\"2025-02-17T14:50:00Z\"};",
        "{\"@type\":\"NewsArticle\",\"headline\":\"A &eacute;\","
        "\"datePublished\":\"2025-02-17T14:50:00Z\",\"body\":\"cut",
        "{\"@type\":\"NewsArticle\",\"description\":\"The \"old\" one\","
        "\"headline\":\"A &amp;eacute;\",\"datePublished\":\"2025-02-17T14:50:"
        "00Z\"}",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        char page[2000];

        snprintf(page, sizeof page,
                 "<html><head><script type='application/ld+json'>%s</script>"
                 "</head><body><article>" TEXT "</article>",
                 blocks[i]);
        read_page(page);
        assert_span(entry(0)->headline, "A \u00E9");
        assert_when(&entry(0)->published, "2025-02-17T14:50:00Z");
    }
}

/* Headlines. -------------------------------------------------------------- */

static void expect_headline(const char *head, const char *body,
                            const char *wanted)
{
    char page[3000];

    snprintf(page, sizeof page, "<html><head>%s</head><body>%s" TEXT, head,
             body);
    read_page(page);
    assert_span(entry(0)->headline, wanted);
}

/* What templates of pages get wrong, one by one. */
static void test_html_facts__json_ld_of_careless_templates(void **state)
{
#define DATE "\"datePublished\":\"2025-02-17T14:50:00Z\""
    static const char *const blocks[][2] = {
        {"{\"@type\":\"NewsArticle\",\"headline\":\"He says \"no\", \"never\" "
         "and \"no way\"\",\n " DATE ",\"author\":\"Ann Lee\"}",
         "He says \"no\", \"never\" and \"no way\""},
        {"{\"@type\":\"NewsArticle\",\"headline\":\"He says \"no\" and\n "
         "goes\","
         "'x':1," DATE ",\"author\":{\"name\":\"Ann Lee\"},}",
         "He says \"no\" and goes"},
        {"{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:"
         "&quot;He goes&quot;,&quot;datePublished&quot;:&quot;2025-02-17T14:50:"
         "00Z&quot;,&quot;author&quot;:&quot;Ann Lee&quot;}",
         "He goes"},
        {"{\"@type\":\"NewsArticle\",\"headline\":\"He goes\"," DATE
         " \"author\":\"Ann Lee\"}",
         "He goes"},
        {"{\"@type\":\"NewsArticle\",headline:\"He goes\",/* c */" DATE
         ",'author':'Ann Lee'};",
         "He goes"},
        {"{\"@type\":\"NewsArticle\",\"headline\":\"He goes\","
         "\"datePublished\":2025-02-17T14:50:00Z,\"wordCount\":,\"x\":"
         "undefined,\"author\":\"Ann Lee\"}",
         "He goes"},
    };
#undef DATE
    size_t i;

    (void)state;
    for (i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        char page[2000];

        snprintf(page, sizeof page,
                 "<html><head><script type='application/ld+json'>%s</script>"
                 "</head><body><article>" TEXT "</article>",
                 blocks[i][0]);
        read_page(page);
        assert_span(entry(0)->headline, blocks[i][1]);
        assert_when(&entry(0)->published, "2025-02-17T14:50:00Z");
        assert_int_equal(entry(0)->author_count, 1);
        assert_span(entry(0)->authors[0].name, "Ann Lee");
    }
}

static void test_html_facts__headlines_by_precedence(void **state)
{
    (void)state;
    expect_headline("<title>Ferry back | The Harbour Post</title>", "",
                    "Ferry back");
    expect_headline("<title>Ferry back | The Harbour Post</title>",
                    "<h1>The ferry is back</h1>", "The ferry is back");
    expect_headline("<meta property=\"og:title\" content=\"The ferry is back "
                    "at last - Harbour Post\">",
                    "", "The ferry is back at last");
    expect_headline(LD("{\"@type\":\"NewsArticle\",\"headline\":\"Ferry sails "
                       "again: all you need to know\"}"),
                    "<h1>The ferry is back</h1>",
                    "Ferry sails again: all you need to know");
    /* What is shown counts if another place says the same. */
    expect_headline(
        LD("{\"@type\":\"NewsArticle\",\"headline\":\"Ferry sails "
           "again: all you need to know\"}") "<meta property=og:title "
                                             "content='The ferry is back'>",
        "<h1>The ferry is back</h1>", "The ferry is back");
    expect_headline(LD("{\"@type\":\"NewsArticle\",\"headline\":\"The ferry "
                       "is back - Islands - Post\"}"),
                    "<h1>The ferry is back</h1>", "The ferry is back");
}

/* So that either is found. */
static void test_html_facts__another_headline_is_the_pages_title(void **state)
{
    (void)state;
    expect_headline(
        LD("{\"@type\":\"NewsArticle\",\"headline\":\"Ferry sails "
           "again\"}") "<meta property=og:title content='Ferry sails again'>",
        "<h1>The ferry is back</h1>", "Ferry sails again");
    assert_span(entry(0)->page_title, "The ferry is back");
    expect_headline("<meta property=og:title content='The ferry is back'>",
                    "<h1>The Ferry is back!</h1>", "The ferry is back");
    assert_int_equal(entry(0)->page_title.len, 0);
}

static void test_html_facts__the_h1_of_the_article_is_the_headline(void **state)
{
    (void)state;
    expect_headline("",
                    "<h1>Log in</h1><article><h1>The ferry is "
                    "back</h1></article>",
                    "The ferry is back");
    expect_headline("", "<h1 hidden>The Post</h1><h1>The ferry is back</h1>",
                    "The ferry is back");
}

/* Dates. ------------------------------------------------------------------ */

static void expect_date(const char *head, const char *body, const char *wanted)
{
    char page[3000];

    snprintf(page, sizeof page,
             "<html><head>%s</head><body><h1>The ferry is back</h1>%s" TEXT,
             head, body);
    read_page(page);
    assert_when(&entry(0)->published, wanted);
}

static void test_html_facts__dates_by_precedence(void **state)
{
    (void)state;
    expect_date("<meta property=article:published_time "
                "content='2025-02-17T14:50:00+00:00'>",
                "<time datetime='2025-02-18T01:02:03Z'>",
                "2025-02-17T14:50:00Z");
    expect_date("",
                "<span itemprop=datePublished content='2025-02-17 "
                "14:50:00 GMT'></span>",
                "2025-02-17T14:50:00Z");
    expect_date("<meta name=DC.date.issued content=2025-02-17>", "",
                "2025-02-17");
    expect_date("<meta name=sailthru.date content='Mon, 17 Feb 2025 14:50:00 "
                "+0000'>",
                "", "2025-02-17T14:50:00Z");
    expect_date("", "<time datetime='2025-02-17T14:50Z'>Monday</time>",
                "2025-02-17T14:50:00Z");
    expect_date("", "<div class=date data-seconds=1739803800>x</div>",
                "2025-02-17T14:50:00Z");
    expect_date("<link rel=canonical "
                "href=https://harbour.example/2025/02/17/ferry>",
                "", "2025-02-17");
    expect_date("", "<p>Published 17 February 2025</p>", "2025-02-17");
}

#define HEAD "<html><body><article><h1>The ferry is back</h1>"

/* A date that the page shows is the article's if it stands with the headline:
 * in a line of its own, not in a sentence, a comment or another article. */
static void test_html_facts__a_date_stands_with_the_headline(void **state)
{
    static const char *const pages[][2] = {
        {HEAD TEXT TEXT TEXT TEXT "<p>It was built on <b>March 1, 1974</b> in "
                                  "Cork.</p></article>",
         ""},
        {HEAD "<p>It was built on March 1, 1974 in Cork.</p>" TEXT, ""},
        {HEAD "<p>It was built on March 1, 1974.</p>" TEXT, ""},
        {HEAD TEXT "<blockquote class=twitter-tweet><p>A word of somebody</p>"
                   "&mdash; Some Body (@some) <a href=t>March 1, 2024</a>"
                   "</blockquote></article>",
         ""},
        {HEAD TEXT TEXT TEXT TEXT
         "<h3>Read more</h3><ul><li><a href=x>Old story</a> <span "
         "class=date>March 1, 2014</span></li></ul></article>"
         "<aside><span>2 May 2013</span></aside>"
         "<footer>Copyright 5 June 2012</footer>",
         ""},
        {HEAD TEXT "<section class=comments><div class=comment><b>joe</b> "
                   "<time datetime=2024-03-09T10:00:00Z>9 March 2024</time>"
                   "</div></section></article>",
         ""},
        {HEAD TEXT "<div class=related><article><h3>Other</h3><time "
                   "datetime=2020-01-01T10:00:00Z>1 Jan</time></article></div>",
         ""},
        {"<html><body><main><article><h2><a href=/a>The bridge</a></h2><time "
         "datetime=2024-03-01T10:00:00Z>1h</time></article><article><h2><a "
         "href=/b>The port</a></h2><time datetime=2024-03-02T10:00:00Z>2h"
         "</time></article></main>",
         ""},
        {"<html><body><div class=top><span>30 November 2024</span></div>"
         "<article><h1>The ferry is back</h1>" TEXT,
         ""},
        {HEAD "<div>By Ann Lee Apr 1, 2024</div>" TEXT, "2024-04-01"},
        {HEAD "<div>Ann Lee | Apr 1, 2024 | Islands</div>" TEXT, "2024-04-01"},
        {HEAD "<div>Posted on 1 April 2024 by Ann Lee</div>" TEXT,
         "2024-04-01"},
        {HEAD TEXT "<div>1 April 2024, Cork</div>" TEXT, "2024-04-01"},
        {HEAD "<footer><time datetime=2024-04-01>1 Apr</time></footer>" TEXT,
         "2024-04-01"},
        {"<html><body><div><p>1 April 2024</p><h1>The ferry is back</h1>" TEXT,
         "2024-04-01"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        read_page(pages[i][0]);
        assert_when(&entry(0)->published, pages[i][1]);
    }
}

/* Lines that say when it was changed; two-digit years; the language says which
 * number is the day. */
static void test_html_facts__date_lines_of_many_languages(void **state)
{
    static const char *const lines[][4] = {
        {"en", "14:50, 1 Apr 2024 | Updated 15:10, 2 Apr 2024",
         "2024-04-01T14:50:00Z", "2024-04-02T15:10:00Z"},
        {"en", "Published 1 April 2024 Last updated 2 April 2024", "2024-04-01",
         "2024-04-02"},
        {"fr",
         "Publi\u00E9 le 01/04/2024 \u00E0 14:50, mis \u00E0 jour le "
         "02/04/2024 "
         "\u00E0 09:05",
         "2024-04-01T14:50:00Z", "2024-04-02T09:05:00Z"},
        {"de", "Stand: 01.04.24, 14:50", "2024-04-01T14:50:00Z",
         "2024-04-01T14:50:00Z"},
        {"de", "Aktualisiert am 2. April 2024 um 9.05 Uhr",
         "2024-04-02T09:05:00Z", "2024-04-02T09:05:00Z"},
        {"es", "1 abr 2024, 14:50 | Actualizado 2 abr 2024",
         "2024-04-01T14:50:00Z", "2024-04-02"},
        {"pt", "01/04/2024 \u00E0s 14h50", "2024-04-01T14:50:00Z", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        lede_buf page = {0};

        lede_buf_put_format(&page,
                            "<html lang=%s><body><article><h1>The ferry is "
                            "back</h1><div>%s</div>" TEXT,
                            lines[i][0], lines[i][1]);
        read_page(lede_buf_text(&page));
        assert_when(&entry(0)->published, lines[i][2]);
        assert_when(&entry(0)->updated, lines[i][3]);
        assert_int_equal(entry(0)->flags & LEDE_FLAG_DAY_GUESSED, 0);
        lede_buf_done(&page);
    }
}

static void test_html_facts__lying_dates_are_passed_over(void **state)
{
    (void)state;
    expect_date(
        LD("{\"@type\":\"NewsArticle\",\"datePublished\":"
           "\"0001-01-01T00:00:00Z\"}") "<meta property=article:published_time "
                                        "content='2099-01-01T00:00:00Z'>"
                                        "<meta name=pubdate "
                                        "content='2025-02-17T14:50:00Z'>",
        "", "2025-02-17T14:50:00Z");
    /* Midnight sharp is a day; an update long before is none. */
    expect_date("<meta property=article:published_time "
                "content='2025-02-17T00:00:00Z'><meta "
                "property=article:modified_time content=2025-02-10T10:00:00Z>",
                "", "2025-02-17");
    assert_int_equal(entry(0)->published.precision, LEDE_PRECISION_DAY);
    assert_int_equal(entry(0)->updated.precision, LEDE_PRECISION_NONE);
}

/* Authors. ---------------------------------------------------------------- */

static void expect_authors(const char *head, const char *body,
                           const char *wanted)
{
    char page[3000];
    char names[500] = "";
    uint32_t i;

    snprintf(
        page, sizeof page,
        "<html><head>%s</head><body><article><h1>The ferry is back</h1>%s" TEXT
        "</article>",
        head, body);
    read_page(page);
    for (i = 0; i < entry(0)->author_count; i++) {
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%.*s",
                 i == 0 ? "" : "; ", (int)entry(0)->authors[i].name.len,
                 (const char *)entry(0)->authors[i].name.bytes);
    }
    assert_string_equal(names, wanted);
}

#define BY(author)                                                             \
    LD("{\"@type\":\"NewsArticle\",\"author\":" author ","                     \
       "\"publisher\":{\"name\":\"The Harbour Post\"}}")

static void test_html_facts__authors_of_json_ld_in_all_shapes(void **state)
{
    (void)state;
    expect_authors(BY("\"Ann Lee\""), "", "Ann Lee");
    expect_authors(BY("[\"Ann Lee\",\"Bo Ray\"]"), "", "Ann Lee; Bo Ray");
    expect_authors(BY("{\"name\":[\"Ann Lee\",\"Bo Ray\"]}"), "",
                   "Ann Lee; Bo Ray");
    expect_authors(BY("{\"name\":\"By Ann Lee and Bo Ray\"}"), "",
                   "Ann Lee; Bo Ray");
    expect_authors(BY("{\"name\":\"Ann Lee und Bo Ray\"}"), "",
                   "Ann Lee; Bo Ray");
    expect_authors(BY("{\"name\":\"Ann Lee (al)\"}"), "", "Ann Lee");
    expect_authors(BY("{\"givenName\":\"Ann\",\"familyName\":\"Lee\"}"), "",
                   "Ann Lee");
    expect_authors(BY("[{\"name\":\"Ann Lee\"},{\"name\":\"The Harbour "
                      "Post\"},{\"name\":\"https://harbour.example/al\"},"
                      "{\"name\":\"(Image: Port)\"}]"),
                   "", "Ann Lee");
    expect_authors(BY("{\"name\":\"The Harbour Post\"}"), "",
                   "The Harbour Post");
}

static void test_html_facts__authors_below_the_headline(void **state)
{
    (void)state;
    expect_authors("<meta name=author content='Ann Lee'>", "", "Ann Lee");
    expect_authors("<meta property=article:author "
                   "content='https://social.example/annlee'>",
                   "<p class=byline>By Ann Lee and Bo Ray, Harbour "
                   "reporters</p>",
                   "Ann Lee; Bo Ray");
    expect_authors("",
                   "<span itemprop=author><span itemprop=name>Ann "
                   "Lee</span>, editor</span>",
                   "Ann Lee");
    expect_authors("", "<a rel=author href=/al>Ann Lee</a>", "Ann Lee");
    expect_authors(BY("{\"name\":\"The Harbour Post\"}"),
                   "<div class='article-author'>Von Ann Lee</div>", "Ann Lee");
    expect_authors("", "", "");
}

/* Where metadata names the outlet, a sign, or nobody. */
static void test_html_facts__authors_that_only_the_page_names(void **state)
{
    (void)state;
    expect_authors(BY("{\"name\":\"THP\"}"),
                   "<p class=info>von <a href=/al>Dr. Ann Lee</a></p>",
                   "Dr. Ann Lee");
    expect_authors("<meta name=author content='a.lee@harbour.example'>"
                   "<meta name='twitter:label1' content='Verfasst von'>"
                   "<meta name='twitter:data1' content='Ann Lee'>",
                   "", "Ann Lee");
    expect_authors("<meta name=author content='The Post (www.post.example)'>",
                   "<ul><li>6 May 2024</li><li>Von: <b>Ann LEE</b>, <b>Bo "
                   "RAY</b></li></ul>",
                   "Ann LEE; Bo RAY");
    expect_authors("", "<p class=author>von Ann Lee, MDR Th\u00FCringen</p>",
                   "Ann Lee");
    expect_authors("", "<p id=authors><i>Ann Lee</i></p>", "Ann Lee");
    expect_authors("", "<p style='text-align:right;'><b>Ann Lee</b></p>",
                   "Ann Lee");
    expect_authors("<meta name=author content='\uC2E0\uD604\uC8FC "
                   "\uAE30\uC790'>",
                   "", "\uC2E0\uD604\uC8FC");
    assert_span(entry(0)->authors[0].role, "\uAE30\uC790");
    expect_authors("<meta name=author content='THP'>",
                   "<div class=sidebar>" TEXT
                   "<p style='text-align:right'>Ann Lee</p></div>",
                   "Ann Lee");
    /* Where what is named as a byline has the outlet only. */
    expect_authors("<meta property=og:site_name content='Harbour Times'>",
                   "<span class=author>Harbour Times</span>"
                   "<p style='text-align:right;'>Ann Lee</p>",
                   "Ann Lee");
    /* A paragraph of its own in front of the text. */
    expect_authors(BY("{\"name\":\"The Harbour Post\"}"),
                   "<div><p><b>ANN LEE&nbsp;</b></p>" TEXT "</div>", "ANN LEE");
    expect_authors("", "<div><p>Harbour Place</p><p>Short.</p></div>", "");
    expect_authors("", "<div><p>Harbour News</p></div><div>" TEXT "</div>", "");
    /* Credits of pictures, numbers, and other articles' are no authors. */
    expect_authors("", "<a href=/b><h6>By Ann Lee</h6></a>", "");
    expect_authors("<meta name=author content='105092'>",
                   "<div class=bildautor>Ann Lee</div><div class=author>Bild: "
                   "APA/BO RAY</div>",
                   "");
}

/* Decks. ----------------------------------------------------------------- */

/* A description that is the first paragraph says nothing more. */
static void test_html_facts__a_deck_is_no_first_paragraph(void **state)
{
    (void)state;
    read_page("<html><head><meta name=description content='The ferry to the "
              "northern islands sails again after three weeks, and\u2026'>"
              "</head><body><h1>The ferry is back</h1>" TEXT);
    assert_int_equal(entry(0)->deck.len, 0);
    assert_int_equal(entry(0)->block_count, 1);
    /* Cut within a word of the second paragraph. */
    read_page("<html><head><meta name=description content='&nbsp; The ferry "
              "sails. The ferry to the nor […]'></head><body><article>"
              "<h1>The ferry is back</h1><p>The ferry sails.</p>" TEXT);
    assert_int_equal(entry(0)->deck.len, 0);
    /* Then another description may be the deck. */
    read_page("<html><head>" LD(
        "{\"@type\":\"NewsArticle\",\"description\":\"The ferry to the "
        "northern islands sails again...\"}") "<meta name=description "
                                              "content='Ferry full to the last "
                                              "seat.'></head><body>"
                                              "<h1>The ferry is "
                                              "back</h1>" TEXT);
    assert_span(entry(0)->deck, "Ferry full to the last seat.");
    /* But not the site's motto. */
    read_page("<html><head>" LD(
        "{\"@type\":\"NewsArticle\",\"description\":\"The ferry to the "
        "northern islands sails again...\"}") "<meta name=description "
                                              "content='News without "
                                              "fear.'></head><body>"
                                              "<h1>The ferry is "
                                              "back</h1>" TEXT);
    assert_int_equal(entry(0)->deck.len, 0);
}

/* Of several descriptions the one is the deck that the page shows. */
static void test_html_facts__a_deck_stands_below_the_headline(void **state)
{
    (void)state;
    read_page("<html><head>" LD(
        "{\"@type\":\"NewsArticle\",\"description\":\"A white ferry in "
        "the port.\"}") "<meta name=description content='She was full to the "
                        "last seat when she left the "
                        "port.'></head><body><header>"
                        "<h1>The ferry is back</h1><p>Harbour. She was full to "
                        "the last "
                        "seat when she left the port.</p><p>4 min "
                        "read</p></header>"
                        "<article>" TEXT TEXT "</article>");
    assert_span(entry(0)->deck, "Harbour. She was full to the last seat when "
                                "she left the port.");
    /* Though no description says it. */
    read_page("<html><head><meta name=description content='Ferry, islands, "
              "port: all news.'></head><body><header><h1>The ferry is "
              "back</h1><p>The ferry was full to the last seat when she "
              "left.</p></header><article>" TEXT TEXT "</article>");
    assert_span(entry(0)->deck,
                "The ferry was full to the last seat when she left.");
    /* Several lines are something else. */
    read_page(
        "<html><head><meta name=description content='Ferry, islands, "
        "port: all news.'></head><body><header><h1>The ferry is "
        "back</h1><p>Now read on wherever you are, with our app.</p>"
        "<p>There is a ferry for you when you are signed in.</p><p>The ferry "
        "is yours as a member of our club.</p></header>"
        "<article>" TEXT TEXT "</article>");
    assert_span(entry(0)->deck, "Ferry, islands, port: all news.");
}

/* Pages that show a small h1 for search engines have their headline as h2. */
static void test_html_facts__what_a_heading_of_the_article_says(void **state)
{
    (void)state;
    read_page("<html><head><meta property=og:title content='Ferry, again'>" LD(
        "{\"@type\":\"NewsArticle\",\"headline\":\"The ferry sails at "
        "last\"}") "</head><body><article><h1>Ferry, again</h1><h2>The ferry "
                   "sails at last</h2>" TEXT "</article>");
    assert_span(entry(0)->headline, "The ferry sails at last");
    assert_span(entry(0)->page_title, "Ferry, again");
    /* Its kicker is no part of it, where metadata has it without. */
    read_page(
        "<html><head><meta property=og:title content='It sails at last'>" LD(
            "{\"@type\":\"NewsArticle\",\"headline\":\"Ferry: It sails at "
            "last\"}") "</head><body><nav><h1>Ferry: It sails at "
                       "last</h1></nav>"
                       "<article><h2><span>Ferry</span> <span>It sails at "
                       "last</span></h2>" TEXT "</article>");
    assert_span(entry(0)->headline, "It sails at last");
    read_page("<html><head><meta property=og:title content='Storm: Ferry sails "
              "at last'></head><body><h1><span>Islands</span> - <span>Ferry "
              "sails at last</span></h1>" TEXT);
    assert_span(entry(0)->headline, "Ferry sails at last");
    /* A teaser of something else does not count. */
    read_page("<html><head><meta property=og:title content='The ferry, at "
              "last'>" LD("{\"@type\":\"NewsArticle\",\"headline\":\"It "
                          "sails at last\"}") "</head><body><article><h1>It "
                                              "sails at last</h1>" TEXT
                                              "</article><aside><h2>The ferry, "
                                              "at last</h2></aside>");
    assert_span(entry(0)->headline, "It sails at last");
    /* Nor is the end of a headline a site's name. */
    read_page("<html><head><meta property=og:title content='Ferry goes aground "
              "in the storm - updates'></head><body>" TEXT);
    assert_span(entry(0)->headline,
                "Ferry goes aground in the storm - updates");
    read_page("<html><head><meta name=headline content='Ferry sails'><meta "
              "property=og:title content='Ferry sails-PoliticsIPost'></head>"
              "<body>" TEXT);
    assert_span(entry(0)->headline, "Ferry sails");
}

static void test_html_facts__publishers_by_their_hosts(void **state)
{
    static const struct {
        const char *url;
        lede_headline_place place;
    } cases[] = {
        {"https://www.standard.co.uk/news/a", LEDE_HEADLINE_OG},
        {"https://standard.co.uk/", LEDE_HEADLINE_OG},
        {"https://fr.euronews.com/x", LEDE_HEADLINE_OG},
        {"https://apnews.com/article/x", LEDE_HEADLINE_LD},
        {"https://metro.co.uk/1", LEDE_HEADLINE_TITLE},
        {"https://nostandard.co.uk/a", LEDE_HEADLINE_ANY},
        {"https://harbour.example/standard.co.uk", LEDE_HEADLINE_ANY},
        {"", LEDE_HEADLINE_ANY},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(lede_publisher_headline(lede_span_text(cases[i].url)),
                         cases[i].place);
    }
    read_page("<html><head><link rel=canonical "
              "href='https://www.standard.co.uk/ferry'><meta "
              "property=og:title content='At last'></head><body><article>"
              "<h1>At last, it sails</h1>" TEXT "</article>");
    assert_span(entry(0)->headline, "At last");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html_facts__json_ld_gives_all_of_it),
        READ_TEST(test_html_facts__a_graph_is_followed),
        READ_TEST(test_html_facts__names_that_go_in_circles_end),
        READ_TEST(test_html_facts__broken_json_ld_is_mended),
        READ_TEST(test_html_facts__json_ld_of_careless_templates),
        READ_TEST(test_html_facts__headlines_by_precedence),
        READ_TEST(test_html_facts__another_headline_is_the_pages_title),
        READ_TEST(test_html_facts__the_h1_of_the_article_is_the_headline),
        READ_TEST(test_html_facts__what_a_heading_of_the_article_says),
        READ_TEST(test_html_facts__publishers_by_their_hosts),
        READ_TEST(test_html_facts__dates_by_precedence),
        READ_TEST(test_html_facts__a_date_stands_with_the_headline),
        READ_TEST(test_html_facts__date_lines_of_many_languages),
        READ_TEST(test_html_facts__lying_dates_are_passed_over),
        READ_TEST(test_html_facts__authors_of_json_ld_in_all_shapes),
        READ_TEST(test_html_facts__authors_below_the_headline),
        READ_TEST(test_html_facts__authors_that_only_the_page_names),
        READ_TEST(test_html_facts__a_deck_is_no_first_paragraph),
        READ_TEST(test_html_facts__a_deck_stands_below_the_headline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
