/* Pages: what is recognised, which letters their bytes are, where a saved page
 * came from, and that nothing breaks the reader. */
#include "base/utf8.h"
#include <iconv.h>

#include "corpus/html_charset.h"
#include "corpus/html_ends.h"
#include "corpus/html_thin.h"
#include "corpus/html_tree.h"
#include "corpus/text_match.h"
#include "tests/corpus/pack.h"
#include "tests/corpus/read_text.h"

static void read_page(const char *text)
{
    read_as(&lede_format_html, text, "");
}

/* Recognition. ------------------------------------------------------------ */

static void test_html__pages_are_told_by_their_tags(void **state)
{
    static const char *const pages[] = {
        "<!DOCTYPE html>\n<title>Rain</title>",
        "\n <html lang=en>",
        "<!-- a note --><head><title>A</title>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"a\"><html>",
        "<article><h1>Rain</h1>",
        "<META charset=utf-8><p>Rain",
        "words <p>a <p>b <a href=x>c</a> <span>d</span> <div>e",
    };
    static const char *const others[] = {
        "A <b>bold</b> title\n\nThe coast road is shut.\n",
        "<headline>Rain</headline>",
        "one <p>two",
        "The <html> tag, explained",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        assert_true(
            lede_format_html.claims(lede_span_text(pages[i]), true, ""));
    }
    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(
            lede_format_html.claims(lede_span_text(others[i]), true, ""));
    }
}

static void test_html__a_plain_page_is_an_article(void **state)
{
    (void)state;
    read_page("<!DOCTYPE html><html lang=\"en-GB\"><head><title>Ferry back - "
              "The Harbour Post</title></head><body><article><h1>The ferry is "
              "back</h1><p>The ferry to the northern islands sails again "
              "after three weeks, and the first crossing was full to the last "
              "seat.</p><h2>Repairs</h2><p>A new engine was fitted in the "
              "yard, and the captain said that she would not trade it for any "
              "other in the fleet.</p><ul><li>First boat at six in the morning "
              "</li></ul></article></body></html>");
    assert_int_equal(got.count, 1);
    assert_int_equal(entry(0)->kind, LEDE_KIND_ARTICLE);
    assert_span(entry(0)->headline, "The ferry is back");
    assert_span(entry(0)->lang, "en-gb");
    assert_int_equal(entry(0)->block_count, 4);
    assert_int_equal(entry(0)->body[1].type, LEDE_BLOCK_HEADING);
    assert_span(entry(0)->body[1].text, "Repairs");
    assert_int_equal(entry(0)->body[3].type, LEDE_BLOCK_LI);
    assert_span(entry(0)->body[3].text, "First boat at six in the morning");
    assert_string_equal(got.page.format, "html");
}

static void test_html__a_page_without_text_is_refused(void **state)
{
    lede_error err = {0};

    (void)state;
    assert_int_equal(collect_bytes(&got, &lede_format_html,
                                   lede_span_text("<html><body><script>var a "
                                                  "= 'text';</script>"),
                                   "", &context, &err),
                     LEDE_BAD_INPUT);
    assert_int_equal(got.pages, 0);
}

static void test_html__a_title_alone_is_a_bookmark(void **state)
{
    (void)state;
    read_page("<!DOCTYPE html>\n<title>Tide tables</title>");
    assert_int_equal(entry(0)->kind, LEDE_KIND_BOOKMARK);
    assert_span(entry(0)->headline, "Tide tables");
}

/* Bytes. ------------------------------------------------------------------ */

static void expect_decoded(const char *page, size_t len, const char *wanted,
                           uint32_t bad)
{
    lede_buf text = {0};
    uint32_t repaired = 99;
    lede_error err = {0};

    assert_ok(lede_html_decode(lede_span_of(page, len), lede_span_of(NULL, 0),
                               &text, &repaired, &err));
    assert_non_null(strstr(lede_buf_text(&text), wanted));
    assert_int_equal(repaired, bad);
    assert_int_equal(lede_utf8_valid_prefix(lede_buf_span(&text)), text.len);
    lede_buf_done(&text);
}

#define DECODED(page, wanted) expect_decoded(page, sizeof(page) - 1, wanted, 0)

static void test_html__charsets_are_read_as_browsers_do(void **state)
{
    (void)state;
    DECODED("<meta charset=iso-8859-1><p>caf\xE9 \x93quoted\x94 \x80",
            "caf\u00E9 \u201Cquoted\u201D \u20AC");
    DECODED("<META http-equiv='Content-Type' content='text/html; "
            "charset=windows-1251'><p>\xCC\xE8\xF0",
            "\u041C\u0438\u0440");
    DECODED("<meta charset=\"gb2312\"><p>\xD6\xD0\xB9\xFA", "\u4E2D\u56FD");
    DECODED("<meta charset=Shift_JIS><p>\x93\xFA\x96\x7B", "\u65E5\u672C");
    DECODED("<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><html><p>"
            "\xB3\xF3\xBC",
            "\u0142\u00F3\u017A");
    DECODED("<html lang=pl><p>\xB9\xEA", "\u0105\u0119");
    DECODED("<html><p>caf\xE9", "caf\u00E9");
    DECODED("<meta charset=no-such-charset><p>caf\xC3\xA9", "caf\u00E9");
}

/* A label is wrong more often than four letters are UTF-8 by chance. */
static void test_html__utf8_is_utf8_whatever_it_is_declared(void **state)
{
    (void)state;
    DECODED("<meta charset=latin1><p>d\u00E9j\u00E0 vu, \u201Cna\u00EFve\u201D",
            "d\u00E9j\u00E0 vu, \u201Cna\u00EFve\u201D");
    DECODED("<html><p>\u0142\u00F3\u017A", "\u0142\u00F3\u017A");
    /* One is enough where nobody would write it in bytes of a letter each. */
    DECODED("<meta charset=latin1><p>caf\u00E9", "caf\u00E9");
    DECODED("<meta charset=windows-1251><p>it\u2019s", "it\u2019s");
    DECODED("<meta charset=latin1><p>\x93"
            "CAF\xC9\x94",
            "\u201CCAF\u00C9\u201D");
    DECODED("<meta charset=latin1><p>CAF\xC9\x94", "CAF\u00C9\u201D");
    DECODED("<meta charset=gb2312><p>\xC3\xA9", "\u8305");
}

static void test_html__few_bad_bytes_leave_utf8_what_it_is(void **state)
{
    char page[8192];
    size_t len;

    (void)state;
    len = (size_t)snprintf(page, sizeof page,
                           "<meta charset=utf-8><p>\u00E9\u00E8\u00E0\u00FC");
    memset(page + len, 'a', 6000);
    len += 6000;
    page[len++] = '\xE9';
    memset(page + len, 'b', 10);
    len += 10;
    expect_decoded(page, len, "a\uFFFDb", 1);
    /* Many say that it is something else. */
    DECODED("<html><meta charset=utf-8><p>\xE9t\xE9 \xE0 la mer",
            "\u00E9t\u00E9 \u00E0 la mer");
}

/* A page of a text in an encoding that it does not name is read as the text. */
static void expect_guessed(const char *head, const char *text,
                           const char *charset)
{
    iconv_t cd = iconv_open(charset, "UTF-8");
    char bytes[4096];
    char page[5000];
    char *in = (char *)(uintptr_t)text;
    char *out = bytes;
    size_t in_left = strlen(text);
    size_t out_left = sizeof bytes - 1;

    assert_true(cd != (iconv_t)-1);
    assert_int_equal(iconv(cd, &in, &in_left, &out, &out_left), 0);
    iconv_close(cd);
    *out = 0;
    snprintf(page, sizeof page, "<html>%s<body><p>%s</p>", head, bytes);
    expect_decoded(page, strlen(page), text, 0);
}

#define RUSSIAN                                                                \
    "\u041F\u0430\u0440\u043E\u043C \u0432\u044B\u0448\u0435\u043B "           \
    "\u0438\u0437 "                                                            \
    "\u043F\u043E\u0440\u0442\u0430 \u0441\u043E "                             \
    "\u0432\u0441\u0435\u043C\u0438 "                                          \
    "\u043F\u0430\u0441\u0441\u0430\u0436\u0438\u0440\u0430\u043C\u0438"
#define POLISH                                                                 \
    "Prom na p\u00F3\u0142nocne wyspy znowu p\u0142ywa po trzech tygodniach, " \
    "a "                                                                       \
    "pierwszy rejs by\u0142 pe\u0142ny. B\u0119dziemy "                        \
    "p\u0142yn\u0105\u0107 "                                                   \
    "codziennie, powiedzia\u0142 kapitan, kt\u00F3ry "                         \
    "dzi\u0119kowa\u0142 "                                                     \
    "swojej za\u0142odze za ci\u0119\u017Ck\u0105 prac\u0119 przy naprawie "   \
    "silnika i za cierpliwo\u015B\u0107 wszystkich pasa\u017Cer\u00F3w."
#define JAPANESE                                                               \
    "\u30D5\u30A7\u30EA\u30FC\u306F\u4E09\u9031\u9593\u3076\u308A\u306B"       \
    "\u5CF6\u3078\u51FA\u822A\u3057\u307E\u3057\u305F\u3002"

static void test_html__encodings_are_guessed_where_sure(void **state)
{
    static const char *const english =
        "The ferry is \u201Cback\u201D, says the captain\u2019s caf\u00E9 "
        "\u2013 "
        "and Ren\u00E9e M\u00FCller of the port\u2019s office agrees. The crew "
        "is "
        "testing the new engine one more time, says a note on the wall.";

    (void)state;
    expect_guessed("", RUSSIAN, "CP1251");
    expect_guessed("", RUSSIAN, "KOI8-R");
    expect_guessed("<meta charset=utf-8>", RUSSIAN, "CP1251");
    /* The letters go before what was usual for a language of another script. */
    expect_guessed("<head lang=ru>", RUSSIAN, "KOI8-R");
    expect_guessed("", JAPANESE, "CP932");
    expect_guessed("", JAPANESE, "EUC-JP");
    expect_guessed("", POLISH, "CP1250");
    expect_guessed("", POLISH, "ISO-8859-2");
    expect_guessed("", english, "CP1252");
}

static void test_html__nuls_are_dropped(void **state)
{
    (void)state;
    expect_decoded("<p>ra\0in", sizeof("<p>ra\0in") - 1, "<p>rain", 1);
}

/* A declaration may stand behind a saver's long comment. */
static void test_html__a_late_declaration_counts(void **state)
{
    char page[12000];
    size_t len = 0;

    (void)state;
    len = (size_t)snprintf(page, sizeof page, "<html><!-- ");
    memset(page + len, '-', 9000);
    len += 9000;
    len += (size_t)snprintf(page + len, sizeof page - len,
                            " --><meta charset=windows-1251><p>\xCC\xE8\xF0");
    expect_decoded(page, len, "\u041C\u0438\u0440", 0);
}

/* Provenance. ------------------------------------------------------------- */

#define STORY                                                                  \
    "<article><h1>The ferry is back</h1><p>The ferry to the northern islands " \
    "sails again after three weeks, and the first crossing was full to the "   \
    "last seat on the lower deck.</p></article>"

static void test_html__savers_say_where_a_page_came_from(void **state)
{
    (void)state;
    read_page(
        "<!DOCTYPE html>\n<!-- saved from "
        "url=(0035)https://harbour.example/news/ferry -->\n<html><body>" STORY);
    assert_span(entry(0)->url, "https://harbour.example/news/ferry");
    read_page(
        "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: "
        "https://harbour.example/news/ferry \n saved date: Mon Apr 07 "
        "2025 23:24:47 GMT+0200 (heure d\u2019\u00E9t\u00E9)\n--><body>" STORY);
    assert_span(entry(0)->url, "https://harbour.example/news/ferry");
    assert_when(&entry(0)->captured, "2025-04-07T21:24:47Z");
    assert_when(&got.page.captured, "2025-04-07T21:24:47Z");
    read_page("<html><head><link rel=canonical "
              "href=\"https://web.archive.org/web/20200203121314/"
              "https://harbour.example/news/ferry\"></head><body>" STORY
              "</body></html><!--\n     FILE ARCHIVED ON 12:13:14 Feb 03, 2020 "
              "AND RETRIEVED FROM THE\n     INTERNET ARCHIVE -->");
    assert_span(entry(0)->url, "https://harbour.example/news/ferry");
    assert_when(&entry(0)->captured, "2020-02-03T12:13:14Z");
}

/* The archive's own script has the address and the time; its prefix goes from
 * pictures, too. */
static void test_html__what_the_wayback_machine_says(void **state)
{
    (void)state;
    read_page(
        "<html><head><script src=\"//archive.org/a.js\"></script><script>\n "
        "__wm.init(\"https://web.archive.org/web\");\n</script><script>\n"
        "__wm.wombat(\"http://www.paper.example/story.html\",\n"
        "\"20030502030405\",\"https://web.archive.org/\",\"web\");</script>"
        "</head><body><article><h1>The ferry is back</h1><p>The ferry to the "
        "northern islands sails again after three weeks, and the first "
        "crossing was full to the last seat on the lower deck.</p><img "
        "alt=Ferry src=\"https://web.archive.org/web/20030502030405im_/"
        "http://www.paper.example/p.jpg\"></article>");
    assert_span(entry(0)->url, "http://www.paper.example/story.html");
    assert_when(&entry(0)->captured, "2003-05-02T03:04:05Z");
    assert_int_equal(entry(0)->media_count, 1);
    assert_span(entry(0)->media[0].url, "http://www.paper.example/p.jpg");
}

/* "3 hours ago" means something when the time of saving is known. */
static void test_html__how_long_ago_counts_from_the_saving(void **state)
{
#define LATER                                                                  \
    "<p>The ferry to the northern islands sails again after three weeks, and " \
    "the first crossing was full to the last seat on the lower deck.</p>"
    static const char *const saved =
        "<!--\n Page saved with SingleFile \n url: https://a.example/x \n "
        "saved "
        "date: Mon Apr 07 2025 23:24:47 GMT+0200 (x)\n-->";
    static const char *const lines[][2] = {
        {"3 hours ago", "2025-04-07T18:00:00Z"},
        {"Updated 20 mins ago", "2025-04-07T21:00:00Z"},
        {"vor 2 Tagen", "2025-04-05"},
        {"il y a 5 heures", "2025-04-07T16:00:00Z"},
        {"hace 3 horas", "2025-04-07T18:00:00Z"},
        {"3 hours", ""},
        {"90 days ago", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char page[1000];

        snprintf(page, sizeof page,
                 "<!DOCTYPE html><html>%s<body><article><h1>The ferry is back"
                 "</h1><span>%s</span>" LATER "</article>",
                 saved, lines[i][0]);
        read_page(page);
        assert_when(&entry(0)->published, lines[i][1]);
        assert_int_equal(entry(0)->block_count, lines[i][1][0] == 0 ? 2 : 1);
    }
    read_page("<html><body><article><h1>The ferry is back</h1><span>3 hours "
              "ago</span>" LATER "</article>");
    assert_when(&entry(0)->published, "");
#undef LATER
}

/* An h1 with the site's name, and the headline below it. */
static void test_html__a_heading_that_the_title_confirms(void **state)
{
    (void)state;
    read_page("<html><head><title>Ferry sinks off coast - BNN</title></head>"
              "<body><h1><a href=/>BNN</a></h1><h2>Ferry sinks off coast</h2>"
              "<p>The ferry to the northern islands sails again after three "
              "weeks, and the first crossing was full to the last seat.</p>");
    assert_span(entry(0)->headline, "Ferry sinks off coast");
}

static void test_html__the_canonical_address_counts_first(void **state)
{
    (void)state;
    read_page(
        "<!-- saved from url=(0044)https://harbour.example/a?utm_source=x "
        "--><html><head><link rel=\"canonical\" "
        "href=\"https://harbour.example/a\"></head><body>" STORY);
    assert_span(entry(0)->url, "https://harbour.example/a");
    /* But not where it is the front page. */
    read_page(
        "<html><head><link rel=canonical href=\"https://harbour.example/\">"
        "<meta property=og:url content=\"https://harbour.example/b\">"
        "</head><body>" STORY);
    assert_span(entry(0)->url, "https://harbour.example/b");
}

/* Trees. ------------------------------------------------------------------ */

static void test_html__trees_are_as_deep_as_they_may_be(void **state)
{
    enum { DEPTH = 100000 };
    lede_buf page = {0};
    lede_arena arena = {0};
    lede_html_tree tree;
    lede_error err = {0};
    lede_html_node *node;
    size_t deepest = 0;
    int i;

    (void)state;
    for (i = 0; i < DEPTH; i++) {
        lede_buf_put_text(&page, i % 2 == 0 ? "<div>" : "<b>");
    }
    lede_buf_put_text(&page, "the end");
    for (i = 0; i < DEPTH; i++) {
        lede_buf_put_text(&page, "</i></b>");
    }
    assert_ok(lede_html_tree_read(lede_buf_span(&page), &arena, &tree, &err));
    for (node = tree.root; node != NULL;
         node = lede_html_next(tree.root, node)) {
        const lede_html_node *at = node;
        size_t depth = 0;

        if (node->tag == LEDE_TAG_TEXT && deepest == 0) {
            assert_span(node->text, "the end");
            for (; at->parent != NULL; at = at->parent) {
                depth++;
            }
            deepest = depth;
        }
    }
    assert_in_range(deepest, LEDE_HTML_DEPTH_MAX, LEDE_HTML_DEPTH_MAX + 1);
    lede_arena_done(&arena);
    lede_buf_done(&page);
}

/* What is left of a page whose element has `count` attributes like `one`. */
static void expect_thinned(const char *before, const char *one, int count,
                           const char *after, bool is_changed)
{
    lede_buf page = {0}, room = {0};
    lede_span thin;
    int i;

    lede_buf_put_text(&page, before);
    for (i = 0; i < count; i++) {
        lede_buf_put_format(&page, "%s%d ", one, i);
    }
    lede_buf_put_text(&page, after);
    thin = lede_html_thin(lede_buf_span(&page), &room);
    assert_int_equal(thin.len, page.len);
    for (i = 0; i < (int)thin.len; i++) {
        assert_true(thin.bytes[i] == page.bytes[i] || thin.bytes[i] == ' ');
    }
    assert_memory_equal(thin.bytes + thin.len - strlen(after), after,
                        strlen(after));
    assert_int_equal(room.len, is_changed ? page.len : 0);
    lede_buf_done(&page);
    lede_buf_done(&room);
}

static void test_html__attributes_without_end_are_blanks(void **state)
{
    enum { MANY = LEDE_HTML_ATTRIBUTES_MAX + 200 };
    lede_buf room = {0}, many = {0};
    lede_span thin;
    int i;
    lede_span page = lede_span_text("<p a=1 b='2>3' c>text</p>");

    (void)state;
    expect_thinned("<p ", "a", MANY, ">The <b>ferry</b> sails</p>", true);
    expect_thinned("<p ", "x='>' y=\"<\" z = 1 a", MANY / 4, ">Sails</p>",
                   true);
    expect_thinned("<P/", "k=v/a", MANY, "><i a>Sails</i>", true);
    expect_thinned("<p ", "a", MANY, "", true);
    lede_buf_put_text(&many, "<p ");
    for (i = 0; i < MANY; i++) {
        lede_buf_put_format(&many, "a%d ", i);
    }
    thin = lede_html_thin(lede_buf_span(&many), &room);
    assert_true(lede_match_find(thin, 0, "a511 ") != LEDE_MATCH_NONE);
    assert_true(lede_match_find(thin, 0, "a512 ") == LEDE_MATCH_NONE);
    lede_buf_done(&many);
    lede_buf_done(&room);
    /* Nothing is touched where no element begins. */
    expect_thinned("<script>if (i<n && ", "a", MANY, "></script>", false);
    expect_thinned("<style media=a>b<c ", "a", MANY, "></style>", false);
    expect_thinned("<!-- <p ", "a", MANY, ">-->", false);
    expect_thinned("1 < 2 ", "a", MANY, ">", false);
    assert_ptr_equal(lede_html_thin(page, &room).bytes, page.bytes);
    assert_int_equal(room.len, 0);
}

static void expect_ends(const char *page, const char *wanted)
{
    lede_buf room = {0};

    assert_span(lede_html_put_ends(lede_span_text(page), &room), wanted);
    lede_buf_done(&room);
}

static void test_html__divs_end_with_what_they_are_in(void **state)
{
    static const char *const right[] = {
        "<section><div>a</div></section>",
        "<div><section>a</div>",
        "<section>a</section></section></div>",
        "<table><tr><td><div>a</td></tr></table>",
        "<section><table><td><div></section></table></section>",
        "<section><!-- <div> --><script>\"<div>\"</script></section>",
        "<section><p title='<div>'>a</section>",
        "<form><div></form>",
        "<section><div/></section>",
        "<div",
        "</",
        ""};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof right / sizeof right[0]; i++) {
        expect_ends(right[i], right[i]);
    }
    expect_ends("<section><div>a</section>b",
                "<section><div>a</div></section>b");
    expect_ends("<UL><li><DIV class='x'><div>a</UL>b",
                "<UL><li><DIV class='x'><div>a</div></div></UL>b");
    expect_ends("<main><div><article><div>a</article></div></main>",
                "<main><div><article><div>a</div></article></div></main>");
}

/* The parser alone takes minutes for these. */
static void test_html__attributes_without_end_cost_no_time(void **state)
{
    enum { COUNT = 200000 };
    lede_buf page = {0};
    lede_arena arena = {0};
    lede_html_tree tree;
    lede_error err = {0};
    int i;

    (void)state;
    lede_buf_put_text(&page, "<html><body><p ");
    for (i = 0; i < COUNT; i++) {
        lede_buf_put_format(&page, "a%d=\"%d\" ", i, i);
    }
    lede_buf_put_text(&page, ">The ferry sails");
    assert_ok(lede_html_tree_read(lede_buf_span(&page), &arena, &tree, &err));
    assert_non_null(lede_html_find_tag(tree.root, LEDE_TAG_TEXT));
    lede_arena_done(&arena);
    lede_buf_done(&page);
}

static void test_html__too_many_nodes_are_cut(void **state)
{
    lede_buf page = {0};
    lede_arena arena = {0};
    lede_html_tree tree;
    lede_error err = {0};
    int i;

    (void)state;
    for (i = 0; i < LEDE_HTML_NODES_MAX + 10; i++) {
        lede_buf_put_text(&page, "<p>");
    }
    assert_ok(lede_html_tree_read(lede_buf_span(&page), &arena, &tree, &err));
    assert_true(tree.is_cut);
    assert_true(tree.count <= LEDE_HTML_NODES_MAX);
    lede_arena_done(&arena);
    lede_buf_done(&page);
}

/* A file that was cut off gives what it still has, and says so. */
static void test_html__a_damaged_file_gives_what_precedes(void **state)
{
    lede_buf page = {0};
    lede_buf packed = {0};
    lede_error err = {0};
    uint32_t noise = 1;
    int i;

    (void)state;
    lede_buf_put_text(&page, "<html><body>" STORY "<!--");
    for (i = 0; i < 20000; i++) {
        noise = noise * 1664525u + 1013904223u;
        lede_buf_put_format(&page, "%x", noise);
    }
    pack_gzip(&packed, lede_buf_span(&page));
    assert_int_equal(
        collect_bytes(&got, &lede_format_html,
                      lede_span_part(lede_buf_span(&packed), 0, packed.len / 2),
                      "", &context, &err),
        LEDE_CORRUPT);
    assert_span(entry(0)->headline, "The ferry is back");
    assert_true(entry(0)->flags & LEDE_FLAG_TRUNCATED);
    assert_true(err.message[0] != 0);
    lede_buf_done(&page);
    lede_buf_done(&packed);
}

static void test_html__a_page_that_is_too_large_is_cut(void **state)
{
    lede_buf page = {0};

    (void)state;
    lede_buf_put_text(&page, "<html><body>" STORY "<p>");
    while (page.len < (size_t)17 << 20) {
        lede_buf_put_text(&page, "More words about ferries. ");
    }
    read_page(lede_buf_text(&page));
    assert_true(entry(0)->flags & LEDE_FLAG_TRUNCATED);
    assert_int_equal(got.notes, 1);
    assert_non_null(strstr(got.last_note, "16 MiB"));
    lede_buf_done(&page);
}

/* The names are kept in order for a binary search. */
static void test_html__every_name_finds_itself(void **state)
{
    (void)state;
    assert_int_equal(lede_tag_find("a"), LEDE_TAG_A);
    assert_int_equal(lede_tag_find("VIDEO"), LEDE_TAG_VIDEO);
    assert_int_equal(lede_tag_find("figcaption"), LEDE_TAG_FIGCAPTION);
    assert_int_equal(lede_tag_find("h3"), LEDE_TAG_H3);
    assert_int_equal(lede_tag_find("header"), LEDE_TAG_HEADER);
    assert_int_equal(lede_tag_find("no-such"), LEDE_TAG_OTHER);
    assert_int_equal(lede_attr_find("alt"), LEDE_ATTR_ALT);
    assert_int_equal(lede_attr_find("Data-TestId"), LEDE_ATTR_DATA_TESTID);
    assert_int_equal(lede_attr_find("type"), LEDE_ATTR_TYPE);
    assert_int_equal(lede_attr_find("datetime"), LEDE_ATTR_DATETIME);
    assert_int_equal(lede_attr_find("onclick"), LEDE_ATTR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html__pages_are_told_by_their_tags),
        READ_TEST(test_html__a_plain_page_is_an_article),
        READ_TEST(test_html__a_page_without_text_is_refused),
        READ_TEST(test_html__a_title_alone_is_a_bookmark),
        READ_TEST(test_html__charsets_are_read_as_browsers_do),
        READ_TEST(test_html__encodings_are_guessed_where_sure),
        READ_TEST(test_html__utf8_is_utf8_whatever_it_is_declared),
        READ_TEST(test_html__few_bad_bytes_leave_utf8_what_it_is),
        READ_TEST(test_html__nuls_are_dropped),
        READ_TEST(test_html__a_late_declaration_counts),
        READ_TEST(test_html__savers_say_where_a_page_came_from),
        READ_TEST(test_html__what_the_wayback_machine_says),
        READ_TEST(test_html__how_long_ago_counts_from_the_saving),
        READ_TEST(test_html__a_heading_that_the_title_confirms),
        READ_TEST(test_html__the_canonical_address_counts_first),
        READ_TEST(test_html__trees_are_as_deep_as_they_may_be),
        READ_TEST(test_html__attributes_without_end_are_blanks),
        READ_TEST(test_html__divs_end_with_what_they_are_in),
        READ_TEST(test_html__attributes_without_end_cost_no_time),
        READ_TEST(test_html__too_many_nodes_are_cut),
        READ_TEST(test_html__a_damaged_file_gives_what_precedes),
        READ_TEST(test_html__a_page_that_is_too_large_is_cut),
        READ_TEST(test_html__every_name_finds_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
