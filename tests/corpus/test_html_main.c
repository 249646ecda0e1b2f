/* The main text: which of a page's blocks are the article. */
#include "corpus/html_overlap.h"
#include "tests/corpus/read_text.h"

static void read_page(const char *text)
{
    read_as(&lede_format_html, text, "");
}

#define ONE                                                                    \
    "The ferry to the northern islands sails again after three weeks, and "    \
    "the "                                                                     \
    "first crossing was full to the last seat on the lower deck."
#define TWO                                                                    \
    "A new engine was fitted in the yard, and the captain said that she "      \
    "would "                                                                   \
    "not trade it for any other in the fleet."
#define OTHER                                                                  \
    "A reader writes that the old bridge should be painted blue, as it was "   \
    "in "                                                                      \
    "the days when the mill was still at work beside it."

#define THREE                                                                  \
    "The old one had been in her for thirty years, and nobody in the town "    \
    "could say who had made it or where its papers were."
#define FOUR                                                                   \
    "Tickets cost as much as before, and dogs still travel without one if "    \
    "they stay on the lower deck with their people."
#define FIRST                                                                  \
    "It was a quiet morning at the port, and then the horn was heard again."

#define P(text) "<p>" text "</p>"

/* The texts of the body, joined by bars. */
static void expect_body(const char *page, const char *wanted)
{
    lede_buf text = {0};
    uint32_t i;

    read_page(page);
    for (i = 0; i < entry(0)->block_count; i++) {
        lede_buf_put_text(&text, i == 0 ? "" : "|");
        lede_buf_put_span(&text, entry(0)->body[i].text);
    }
    assert_string_equal(text.len == 0 ? "" : lede_buf_text(&text), wanted);
    lede_buf_done(&text);
}

static void test_html_main__what_is_around_is_left_out(void **state)
{
    (void)state;
    expect_body("<html><body><nav><ul><li><a href=/>Home</a></ul></nav><main>"
                "<article><h1>The ferry is back</h1>" P(ONE)
                    P(TWO) "</article></main><aside>" P(
                        OTHER) "</aside><footer><p>All "
                               "rights reserved, and a long line about what "
                               "the law says of "
                               "copies.</p></footer>",
                ONE "|" TWO);
}

static void test_html_main__names_tell_what_is_no_article(void **state)
{
    static const char *const names[] = {
        "class=\"related-articles\"",
        "id=comments",
        "class=newsletter-signup",
        "class='share-bar'",
        "class=teaser",
        "role=complementary",
        "class=embed-placeholder",
        "class=\"mostRead most-read\"",
        "hidden",
        "style='display:none'",
        "aria-hidden=true",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        char page[2000];

        snprintf(page, sizeof page,
                 "<html><body><div><h1>The ferry is back</h1>" P(
                     ONE) "<div %s>" P(OTHER) "</div>" P(TWO) "</div>",
                 names[i]);
        expect_body(page, ONE "|" TWO);
    }
}

/* A site may call all of it what it likes. */
static void test_html_main__names_do_not_count_against_the_text(void **state)
{
    (void)state;
    expect_body("<html><body class=sidebar><div class=\"layout has-sidebar "
                "widget\"><h1>The ferry is back</h1>" P(ONE) P(TWO) "</div>",
                ONE "|" TWO);
    expect_body("<html><body><h1>The ferry is back</h1><div><div class=card>" P(
                    ONE) "</div><div class=card>" P(TWO) "</div></div>",
                ONE "|" TWO);
}

/* Comments and teasers may have more text than the article. */
static void
test_html_main__an_article_is_kept_however_much_is_around(void **state)
{
    static const char *const more[] = {
        "<div class=comment><b>joe</b>" P(OTHER) "<b>jim</b>" P(FOUR) "</div>",
        "<article class=card><h2><a href=/x>The bridge</a></h2>" P(OTHER)
            P(FOUR) "</article>",
        "<div class=related><h3><a href=/x>The bridge</a></h3>" P(OTHER)
            P(FOUR) "</div>",
    };
    static const char *const ends[][2] = {
        {"<article><h1>The ferry is back</h1>", "</article>"},
        {"<h1>The ferry is back</h1><div itemprop=articleBody>", "</div>"},
        {"<article><h1>The ferry is back</h1><div class=article-body>",
         "</div></article>"},
    };
    size_t i, k, n;

    (void)state;
    for (i = 0; i < sizeof more / sizeof more[0]; i++) {
        for (k = 0; k < sizeof ends / sizeof ends[0]; k++) {
            lede_buf page = {0};

            lede_buf_put_format(
                &page, "<html><body><main>%s" P(ONE) P(TWO) "%s<section>",
                ends[k][0], ends[k][1]);
            for (n = 0; n < 20; n++) {
                lede_buf_put_text(&page, more[i]);
            }
            expect_body(lede_buf_text(&page), ONE "|" TWO);
            lede_buf_done(&page);
        }
    }
    /* A short one stands against the small print. */
    expect_body("<html><body><main><article><h1>Road closed</h1><p>The N71 is "
                "closed after a crash.</p></article></main><footer>" P(
                    OTHER) "</footer>",
                "The N71 is closed after a crash.");
}

static void test_html_main__links_are_no_text(void **state)
{
    (void)state;
    expect_body(
        "<html><body><article>" P(ONE) "<p><a href=/b>The bridge will be "
                                       "painted blue after all, says "
                                       "the council in the town</a></p>" P(
                                           TWO) "<p>More in <a href=/c>our "
                                                "report</a> from the island of "
                                                "Jura.</p></article>",
        ONE "|" TWO "|More in our report from the island of Jura.");
}

static void test_html_main__lines_that_point_elsewhere_are_no_text(void **state)
{
    (void)state;
    expect_body(
        "<html><body><article>" P(
            ONE) "<p>READ MORE: The bridge</p>"
                 "<p>Anzeige</p><p>Lire aussi : le pont</p><p>Photo: Bo "
                 "Ray</p>" P(TWO) "<p>Anzeige gegen den Hafen.</p></article>",
        ONE "|" TWO "|Anzeige gegen den Hafen.");
    /* A box that asks stands for text: its heading stays. */
    expect_body(
        "<html><body><article>" P(
            ONE) "<h2>The port</h2><h3>Externer Inhalt nicht "
                 "verf\u00FCgbar</h3><p>An dieser Stelle finden Sie "
                 "einen externen Inhalt.</p><h2>The ferry</h2>" P(
                     TWO) "<p>Create an account or sign in to continue.</p>"
                          "</article>",
        ONE "|The port|The ferry|" TWO);
}

/* What stands between the headline and the text. */
static void test_html_main__the_head_is_no_text(void **state)
{
    (void)state;
    expect_body("<html><head><meta name=author content='Ann Lee'></head><body>"
                "<article><p>Islands and coasts of the north</p><h1>The ferry "
                "is back</h1><p>By Ann Lee</p><p>17 February 2025, 14:50</p>" P(
                    ONE) "<p>Ann Lee</p>" P(TWO) "</article>",
                ONE "|Ann Lee|" TWO);
}

static void test_html_main__the_tail_is_no_text(void **state)
{
    (void)state;
    expect_body("<html><body><article><h1>The ferry is back</h1>" P(ONE) P(
                    TWO) "<p>She sails.</p><h3>More on this</h3><p>Islands</p>"
                         "</article>",
                ONE "|" TWO "|She sails.");
}

/* Long pages go on with the next article. */
static void test_html_main__the_article_with_the_headline(void **state)
{
    (void)state;
    expect_body("<html><body><main><article><h1>The ferry is back</h1>" P(ONE)
                    P(TWO) "</article><article><h1>The bridge</h1>" P(OTHER)
                        P(OTHER) P(OTHER) P(OTHER) "</article></main>",
                ONE "|" TWO);
}

static void test_html_main__texts_in_several_parts_are_one(void **state)
{
    (void)state;
    expect_body(
        "<html><body><div id=page><div><h1>The ferry is back</h1></div>"
        "<section><div class=article-body>" P(
            ONE) "</div><div "
                 "class=advert>x</div><div class=article-body>" P(
                     TWO) "</div></section><div>" P(OTHER) "</div></div>",
        ONE "|" TWO);
}

/* Blocks. */
/* Browsers close a div with the section that it is in. */
static void test_html_main__a_box_that_was_never_closed(void **state)
{
    (void)state;
    expect_body(
        "<html><body><article>" P(ONE) "<div class=cta><section><div>" P(
            OTHER) "</section></div>" P(TWO) P(THREE) "</article>",
        ONE "|" TWO "|" THREE);
}

/* As where a paywall cuts: the first part may be small. */
static void test_html_main__a_first_part_belongs_to_the_second(void **state)
{
    (void)state;
    expect_body("<html><body><div><div>" P(OTHER) "</div><div id=metered>" P(
                    ONE) P(TWO) P(THREE) P(FOUR) "</div></div>",
                OTHER "|" ONE "|" TWO "|" THREE "|" FOUR);
    expect_body("<html><head><script type=application/ld+json>{\"@type\":"
                "\"NewsArticle\",\"articleBody\":\"" FIRST " " ONE " " TWO
                " " THREE " " FOUR "\"}</script></head><body><div><div>" P(
                    FIRST) "</div><div id=metered>" P(ONE) P(TWO) P(THREE)
                    P(FOUR) "</div></div>",
                FIRST "|" ONE "|" TWO "|" THREE "|" FOUR);
}

static void test_html_main__blocks_have_types(void **state)
{
    (void)state;
    read_page("<html><body><article>" P(
        ONE) "<h2>Repairs</h2><ul><li>A new "
             "engine.<li>New seats.</ul><blockquote><p>She is like "
             "new.</p></blockquote><table><tr><td>Monday<td>six "
             "boats</table>" P(TWO) "</article>");
    assert_int_equal(entry(0)->block_count, 7);
    assert_int_equal(entry(0)->body[1].type, LEDE_BLOCK_HEADING);
    assert_int_equal(entry(0)->body[2].type, LEDE_BLOCK_LI);
    assert_span(entry(0)->body[3].text, "New seats.");
    assert_int_equal(entry(0)->body[4].type, LEDE_BLOCK_QUOTE);
    assert_int_equal(entry(0)->body[5].type, LEDE_BLOCK_TABLE);
    assert_span(entry(0)->body[5].text, "Monday six boats");
}

static void test_html_main__lines_broken_twice_are_paragraphs(void **state)
{
    (void)state;
    expect_body("<html><body><div>" ONE "<br><br>" TWO "<br>She sails.</div>",
                ONE "|" TWO " She sails.");
}

static void test_html_main__letters_are_what_writers_meant(void **state)
{
    (void)state;
    expect_body("<html><body><article><p>Caf&eacute;s &#151; and &#147;bars"
                "&#148;&nbsp;&#x2014; all of them &lt;open&gt; &amp;amp; full "
                "of people from early in the morning until late.</article>",
                "Caf\u00E9s \u2014 and \u201Cbars\u201D \u2014 all of them "
                "<open> &amp; full of people from early in the morning until "
                "late.");
}

/* The metadata's text. ---------------------------------------------------- */

#define LD_BODY(text)                                                          \
    "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\","         \
    "\"articleBody\":\"" text "\"}</script>"

#define LONG                                                                   \
    ONE " " TWO " The harbour master has counted the passengers, and "         \
        "he says that there were never so many in a single winter's day."

static void test_html_main__metadata_tells_what_belongs_to_it(void **state)
{
    (void)state;
    expect_body(
        "<html><head>" LD_BODY(LONG) "</head><body><div>" P(ONE) "<div>" P(
            OTHER) "</div>" P(TWO) "<p>The harbour master has "
                                   "counted the passengers, and he says that "
                                   "there were never so "
                                   "many in a single winter's day.</p></div>",
        ONE "|" TWO "|The harbour master has counted the passengers, and "
            "he says that there were never so many in a single winter's "
            "day.");
}

/* It may leave out a paragraph that it has elsewhere. */
static void
test_html_main__paragraphs_beside_its_text_belong_to_it(void **state)
{
    (void)state;
    expect_body("<html><head>" LD_BODY(LONG) "</head><body><div>" P(OTHER)
                    P(ONE) P(TWO) "</div>",
                OTHER "|" ONE "|" TWO);
}

static void test_html_main__metadata_is_the_text_of_a_page_without(void **state)
{
    (void)state;
    expect_body(
        "<html><head>" LD_BODY(
            LONG) "</head><body><p>Please "
                  "enable JavaScript to read this page, which is made by a "
                  "program that runs in browsers only.</p>",
        LONG);
}

static void test_html_main__a_teaser_in_metadata_is_not_the_text(void **state)
{
    (void)state;
    expect_body("<html><head>" LD_BODY(ONE ONE ONE) "</head><body><div>" P(ONE)
                    P(TWO) P(OTHER) "</div>",
                ONE "|" TWO "|" OTHER);
}

/* Pages show some of it twice, for wide screens and for narrow ones. */
static void test_html_main__what_is_shown_twice_comes_once(void **state)
{
    (void)state;
    expect_body(
        "<html><body><div><p class=wide>" ONE "</p><p class=narrow>" ONE
        "</p>" P(TWO) "<p>She sails.</p><p>She sails.</p>" P(OTHER) "</div>",
        ONE "|" TWO "|She sails.|She sails.|" OTHER);
}

static void test_html_main__a_heading_goes_with_what_it_heads(void **state)
{
    (void)state;
    expect_body("<html><body><div>" P(ONE) "<h3>Read on</h3><p><a href=/b>The "
                                           "bridge will be painted blue after "
                                           "all</a></p><h3>Repairs</h3>" P(
                                               TWO) "</div>",
                ONE "|Repairs|" TWO);
}

static void test_html_main__short_pages_have_text_too(void **state)
{
    (void)state;
    expect_body("<html><body><h1>Ferry</h1><p>Sails at six</p><p><a "
                "href=/b>Tickets</a></p>",
                "Sails at six");
}

/* What a server streams is hidden until a script shows it; what a class hides
 * at all widths is not shown. */
static void test_html_main__what_is_shown_in_the_end(void **state)
{
    (void)state;
    expect_body(
        "<html><body><h1>The ferry is back</h1><div hidden id=\"S:1f\">" P(ONE)
            P(TWO) "</div><div hidden id=\"S:x\">" P(OTHER) "</div>",
        ONE "|" TWO);
    expect_body(
        "<html><body><article><h1>The ferry is back</h1>" P(ONE)
            P(TWO) "<div class=\"offer hidden\">" P(OTHER) "</div></article>",
        ONE "|" TWO);
    expect_body(
        "<html><body><article><h1>The ferry is back</h1>" P(ONE)
            P(TWO) "<div class=video-fallback>" P(OTHER) "</div></article>",
        ONE "|" TWO);
    expect_body("<html><body><article><h1>The ferry is back</h1>"
                "<div class=\"hidden md:block\">" P(ONE)
                    P(TWO) "</div></article>",
                ONE "|" TWO);
}

/* A layout's names do not count where the article's text is named, too. */
static void test_html_main__text_in_a_grid_of_sidebars(void **state)
{
    (void)state;
    expect_body(
        "<html><body><article><h1>The ferry is back</h1>"
        "<div class=\"sidebar-grid__content article__content\">" P(
            ONE) "</div><div class=\"sidebar-grid__aside\">" P(OTHER) "</"
                                                                      "div><"
                                                                      "div "
                                                                      "class="
                                                                      "\"sideba"
                                                                      "r-grid__"
                                                                      "content "
                                                                      "article_"
                                                                      "_content"
                                                                      "\">" P(
                                                                          TWO) "</div></article>",
        ONE "|" TWO);
}

/* What an account would give is no text; a list of the article's is. */
static void test_html_main__lists_of_boxes(void **state)
{
    (void)state;
    expect_body(
        "<html><body><article><h1>The ferry is back</h1>" P(
            ONE) "<div><p>Create an account or sign in to continue "
                 "with your reading.</p><ul><li>Read articles from "
                 "all of the country.</li><li>Share your thoughts "
                 "with others.</li></ul></div>" P(TWO)
                     P(THREE) "<ul><li>She sails on Mondays.</li></ul>" P(
                         FOUR) "</article>",
        ONE "|" TWO "|" THREE "|She sails on Mondays.|" FOUR);
    expect_body("<html><body><article><h1>The ferry is back</h1>" P(
                    ONE) "<p>Already a subscriber? Sign in.</p>" P(TWO)
                    P(THREE) "<ul><li>She sails on Mondays.</li></ul>" P(
                        FOUR) "</article>",
                ONE "|" TWO "|" THREE "|She sails on Mondays.|" FOUR);
}

/* Shown to whoever may read it: not to ears, as its beginning stands twice. */
static void test_html_main__text_behind_a_paywall(void **state)
{
    (void)state;
    expect_body("<html><body><div><h1>The ferry is back</h1>" P(
                    ONE) "<p class=paywall aria-hidden=true>" TWO "</p></div>",
                ONE "|" TWO);
}

/* "print:" and "md:" say when a class counts, and the slug of a heading says
 * what it is about. */
static void test_html_main__names_that_name_nothing(void **state)
{
    static const char *const names[] = {
        "class='my-6 print:max-w-small print:first-letter'",
        "class='card:hover [.related_&]:mt-0'",
        "id=the-actor-stunned-during-a-photo-shoot-in-paris",
        "id=what-readers-share-and-comment-on-most-in-may",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        char page[2000];

        snprintf(page, sizeof page,
                 "<html><body><div><h1>The ferry is back</h1><div %s>" P(
                     ONE) "</div>" P(TWO) P(THREE) "</div>",
                 names[i]);
        expect_body(page, ONE "|" TWO "|" THREE);
    }
}

/* A sentence may be mostly links, and is none. */
static void test_html_main__sentences_with_long_links(void **state)
{
#define LINKED                                                                 \
    "The port <a href=/a>raised its fees for ferries in the spring of last "   \
    "year, when the mayor was new in his office</a>, which led the line to "   \
    "ask for <a href=/b>help from the county and its bank</a>."
    (void)state;
    expect_body("<html><body><div><h1>The ferry is back</h1>" P(ONE) P(TWO)
                    P(LINKED) "</div>",
                ONE "|" TWO
                    "|The port raised its fees for ferries in the spring of "
                    "last year, when the mayor was new in his office, which "
                    "led the line to ask for help from the county and its "
                    "bank.");
}

static void test_html_main__shares_of_texts(void **state)
{
    lede_arena arena = {0};
    lede_overlap set;
    lede_error err = {0};
    lede_block block = {LEDE_BLOCK_P,
                        lede_span_text("One two THREE, four; \u4E2D\u56FD\u4EBA"
                                       "\u6C11")};
    lede_body body = {.blocks = &block, .count = 1};

    (void)state;
    assert_ok(lede_overlap_read(&body, &arena, &set, &err));
    assert_int_equal(set.count, 6);
    assert_int_equal(lede_overlap_share(&set, lede_span_text("One two")), -1);
    assert_int_equal(
        lede_overlap_share(&set, lede_span_text("One two THREE four")), 100);
    assert_int_equal(set.met, 2);
    assert_int_equal(
        lede_overlap_share(&set, lede_span_text("One two THREE five")), 50);
    assert_int_equal(
        lede_overlap_share(&set, lede_span_text("\u4E2D\u56FD\u4EBA")), 100);
    assert_int_equal(lede_overlap_share(&set, lede_span_text("a b c d")), 0);
    lede_arena_done(&arena);
}

/* What the newsroom asks of its readers is no text. */
static void test_html_main__calls_to_readers_are_no_text(void **state)
{
    (void)state;
    expect_body("<html><body><article><h1>The ferry is back</h1>" P(ONE)
                    P("Sign up for our newsletter to get more of this.") P(TWO)
                        P("Follow the police, he said, on foot.")
                            P("Follow The Paper on Twitter and Facebook.")
                                P("Got a story? Write to us.") "</article>",
                ONE "|" TWO "|Follow the police, he said, on foot.");
}

/* What savers write of a part with a shadow is shown. */
static void test_html_main__shadows_are_text(void **state)
{
    (void)state;
    expect_body("<html><body><article><h1>The ferry is back</h1><template "
                "shadowrootmode=open>" P(ONE) P(TWO) "</template><template>" P(
                    OTHER) "</template></article>",
                ONE "|" TWO);
}

/* Old pages are tables: a menu in one cell, the text in another. */
static void test_html_main__tables_may_be_there_for_looks(void **state)
{
    (void)state;
    expect_body("<html><title>The ferry is back</title><body><table><tr><td>"
                "<a href=i>Index</a> | <a href=s>Sport</a></td><td>" ONE
                "<br><br>" TWO "<br><br>" THREE "<br><br>" FOUR
                "</td></tr></table>",
                ONE "|" TWO "|" THREE "|" FOUR);
    assert_int_equal(entry(0)->body[1].type, LEDE_BLOCK_P);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html_main__calls_to_readers_are_no_text),
        READ_TEST(test_html_main__shadows_are_text),
        READ_TEST(test_html_main__tables_may_be_there_for_looks),
        READ_TEST(test_html_main__what_is_around_is_left_out),
        READ_TEST(test_html_main__names_tell_what_is_no_article),
        READ_TEST(test_html_main__names_do_not_count_against_the_text),
        READ_TEST(test_html_main__an_article_is_kept_however_much_is_around),
        READ_TEST(test_html_main__links_are_no_text),
        READ_TEST(test_html_main__lines_that_point_elsewhere_are_no_text),
        READ_TEST(test_html_main__the_head_is_no_text),
        READ_TEST(test_html_main__the_tail_is_no_text),
        READ_TEST(test_html_main__the_article_with_the_headline),
        READ_TEST(test_html_main__texts_in_several_parts_are_one),
        READ_TEST(test_html_main__a_first_part_belongs_to_the_second),
        READ_TEST(test_html_main__a_box_that_was_never_closed),
        READ_TEST(test_html_main__blocks_have_types),
        READ_TEST(test_html_main__lines_broken_twice_are_paragraphs),
        READ_TEST(test_html_main__letters_are_what_writers_meant),
        READ_TEST(test_html_main__metadata_tells_what_belongs_to_it),
        READ_TEST(test_html_main__paragraphs_beside_its_text_belong_to_it),
        READ_TEST(test_html_main__metadata_is_the_text_of_a_page_without),
        READ_TEST(test_html_main__a_teaser_in_metadata_is_not_the_text),
        READ_TEST(test_html_main__what_is_shown_twice_comes_once),
        READ_TEST(test_html_main__a_heading_goes_with_what_it_heads),
        READ_TEST(test_html_main__short_pages_have_text_too),
        READ_TEST(test_html_main__what_is_shown_in_the_end),
        READ_TEST(test_html_main__text_in_a_grid_of_sidebars),
        READ_TEST(test_html_main__lists_of_boxes),
        READ_TEST(test_html_main__text_behind_a_paywall),
        READ_TEST(test_html_main__names_that_name_nothing),
        READ_TEST(test_html_main__sentences_with_long_links),
        READ_TEST(test_html_main__shares_of_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
