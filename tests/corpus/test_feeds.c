/* Feeds: samples of our own, and what the tests of feedparser expect. */
#include <unistd.h>

#include "base/utf8.h"
#include "corpus/dates.h"
#include "corpus/html_charset.h"
#include "corpus/markup.h"
#include "corpus/text_match.h"
#include "corpus/walk.h"
#include "tests/corpus/read_text.h"

#define FEEDPARSER TEST_DATA("feeds/feedparser-tests")

static void read_feed(const char *text)
{
    read_as(&lede_format_feed, text, "");
}

static void test_feeds__rss_with_everything(void **state)
{
    const lede_entry *e;

    (void)state;
    read_feed(
        "<?xml version=\"1.0\"?>\n<!-- made by hand -->\n"
        "<rss version=\"2.0\" xmlns:c=\"http://purl.org/rss/1.0/modules/"
        "content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>"
        "<title>Evening Paper</title><link>https://paper.example/</link>"
        "<language>en-GB</language>"
        "<item><title>Rain &amp;amp; wind at the coast</title>"
        "<link>https://paper.example/rain?utm_source=rss</link>"
        "<guid isPermaLink=\"false\">tag:paper.example,2025:1</guid>"
        "<pubDate>Mon, 17 Feb 2025 14:50:00 GMT</pubDate>"
        "<dc:creator>Ann Lee and Bo Ray</dc:creator>"
        "<category>Weather</category><category>Coast</category>"
        "<description>It rained &lt;b&gt;a lot&lt;/b&gt;.</description>"
        "<c:encoded><![CDATA[<p>The coast road is shut.</p><ul><li>One lane "
        "is open</li></ul>]]></c:encoded>"
        "<media:content url=\"https://paper.example/a.jpg\" "
        "type=\"image/jpeg\"><media:description>The road</media:description>"
        "<media:credit>Cy Dow</media:credit></media:content></item>"
        "<item><title>Short</title><link>https://paper.example/2</link>"
        "<author>mail@paper.example (Eve Fox)</author>"
        "<description>Only a line.</description></item>"
        "</channel></rss>");
    assert_int_equal(got.count, 2);
    assert_entry(0, "Rain & wind at the coast", "2025-02-17T14:50:00Z",
                 "The coast road is shut.");
    e = entry(0);
    assert_int_equal(e->kind, LEDE_KIND_FEED_ITEM);
    assert_span(e->deck, "It rained a lot.");
    assert_span(e->source, "Evening Paper");
    assert_span(e->lang, "en-gb");
    assert_int_equal(e->author_count, 2);
    assert_span(e->authors[1].name, "Bo Ray");
    assert_int_equal(e->tag_count, 2);
    assert_int_equal(e->block_count, 2);
    assert_int_equal(e->body[1].type, LEDE_BLOCK_LI);
    assert_int_equal(e->media_count, 1);
    assert_span(e->media[0].caption, "The road");
    assert_span(e->media[0].credit, "Cy Dow");
    assert_int_equal(e->flags & LEDE_FLAG_STUB, 0);
    e = entry(1);
    assert_span(e->authors[0].name, "Eve Fox");
    assert_true((e->flags & LEDE_FLAG_STUB) != 0);
    assert_span(e->body[0].text, "Only a line.");
    assert_span(got.page.title, "Evening Paper");
}

static void test_feeds__atom(void **state)
{
    (void)state;
    read_feed(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"de\">"
        "<title type=\"html\">Die &amp;lt;Zeitung&amp;gt;</title>"
        "<author><name>Ann Lee</name></author>"
        "<entry><title type=\"text\">1 &lt; 2 &amp; 3</title>"
        "<link rel=\"self\" href=\"https://a.example/self\"/>"
        "<link href=\"https://a.example/1\"/>"
        "<id>urn:uuid:1</id><updated>2025-02-17T15:00:00+01:00</updated>"
        "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">"
        "<p>Erster <b>Absatz</b>.</p><p>Zweiter.</p></div></content></entry>"
        "<entry><id>urn:uuid:2</id><published>2025-02-16T10:00:00Z</published>"
        "<updated>2025-02-17T10:00:00Z</updated>"
        "<summary mode=\"base64\" type=\"text/html\">"
        "PHA+SGFyYm91cjwvcD4=</summary></entry></feed>");
    assert_int_equal(got.count, 2);
    assert_entry(0, "1 < 2 & 3", "2025-02-17T14:00:00Z", "Erster Absatz.");
    assert_span(entry(0)->url, "https://a.example/1");
    assert_span(entry(0)->lang, "de");
    assert_span(entry(0)->authors[0].name, "Ann Lee");
    assert_int_equal(entry(0)->block_count, 2);
    assert_entry(1, "Harbour", "2025-02-16T10:00:00Z", "Harbour");
    assert_true(entry(1)->headline_derived);
    assert_span(entry(1)->native_id, "urn:uuid:2");
    assert_when(&entry(1)->updated, "2025-02-17T10:00:00Z");
}

static void test_feeds__rss_1(void **state)
{
    (void)state;
    read_feed(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
        "xmlns=\"http://purl.org/rss/1.0/\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        "<channel rdf:about=\"https://b.example/\"><title>B</title>"
        "<items><rdf:Seq/></items></channel>"
        "<item rdf:about=\"https://b.example/1\"><title>One</title>"
        "<dc:date>2004-05-06</dc:date><description>Text</description></item>"
        "</rdf:RDF>");
    assert_int_equal(got.count, 1);
    assert_entry(0, "One", "2004-05-06", "Text");
    assert_span(entry(0)->url, "https://b.example/1");
}

/* Two papers have a /news/1 each. */
static void test_feeds__links_lead_from_the_feeds_page(void **state)
{
    (void)state;
    read_feed("<rss><channel><title>A</title><link>https://a.example/</link>"
              "<item><title>One</title><link>/news/1</link></item>"
              "<item><title>Two</title><link>//b.example/2</link></item>"
              "<item><title>Three</title><link>https://c.example/3</link>"
              "</item></channel></rss>");
    assert_int_equal(got.count, 3);
    assert_span(entry(0)->url, "https://a.example/news/1");
    assert_span(entry(1)->url, "https://b.example/2");
    assert_span(entry(2)->url, "https://c.example/3");
    read_feed("<feed xmlns='http://www.w3.org/2005/Atom' "
              "xml:base='https://a.example/x/'><title>A</title>"
              "<link rel='self' href='https://f.example/feed'/>"
              "<entry><title>One</title><link href='../2024/greve'/></entry>"
              "<entry xml:base='https://d.example/y/z'><title>Two</title>"
              "<link href='w?a=1'/></entry></feed>");
    assert_int_equal(got.count, 2);
    assert_span(entry(0)->url, "https://a.example/2024/greve");
    assert_span(entry(1)->url, "https://d.example/y/w?a=1");
    read_feed("<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>"
              "<link rel='self' href='https://f.example/feed/all'/>"
              "<entry><title>One</title><link href='1'/></entry></feed>");
    assert_span(entry(0)->url, "https://f.example/feed/1");
}

/* An address without a host is none that two files could share. */
static void test_feeds__a_link_from_nowhere_is_an_id(void **state)
{
    (void)state;
    read_feed("<rss><channel><title>A</title>"
              "<item><title>One</title><link>/news/1</link></item>"
              "<item><title>Two</title><link>/2</link><guid>g2</guid></item>"
              "</channel></rss>");
    assert_int_equal(got.count, 2);
    assert_int_equal(entry(0)->url.len, 0);
    assert_span(entry(0)->native_id, "/news/1");
    assert_int_equal(entry(1)->url.len, 0);
    assert_span(entry(1)->native_id, "g2");
}

/* What no XML parser takes. */
static void test_feeds__broken_ones(void **state)
{
    (void)state;
    read_feed(
        "<rss><channel><title>C&nbsp;&copy; & D</title>"
        "<item><title>Q&A: what <now?</title><dc:creator>No Prefix"
        "</dc:creator><description><p>never closed & <b>bold</description>"
        "<pubDate>Monday, 17 Feb 2025 14:50</pubDate></item>"
        "<item><title>Cut off in the mid");
    assert_int_equal(got.count, 2);
    assert_span(entry(0)->headline, "Q&A: what <now?");
    assert_span(entry(0)->authors[0].name, "No Prefix");
    assert_span(entry(0)->body[0].text, "never closed & bold");
    assert_span(entry(1)->headline, "Cut off in the mid");
    read_feed("<rss><channel><item><title>One</title><item><title>Two</title>"
              "</item><item><title>Three</title></channel></rss>");
    assert_int_equal(got.count, 3);
    assert_span(entry(1)->headline, "Two");
}

/* Bytes that are UTF-8 are, whatever the label. */
/* What servers print in front of their feeds. */
static void test_feeds__dirt_in_front(void **state)
{
    static const char *const fronts[] = {
        "\n\n",
        "\xEF\xBB\xBF\xEF\xBB\xBF",
        "\n\xEF\xBB\xBF  ",
        "\n <!-- cached -->\xEF\xBB\xBF\n",
        "<br />\n<b>Warning</b>: Undefined in <b>/x.php</b> on line "
        "<b>3</b><br />\n",
        "PHP Notice:  Undefined index: lang in /srv/feed.php on line 12\n\n",
        "connected & ready > \n",
    };
    char text[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof fronts / sizeof fronts[0] * 2; i++) {
        snprintf(text, sizeof text,
                 "%s%s<rss version=\"2.0\"><channel><title>L</title><item>"
                 "<title>Rain</title><link>https://l.example/1</link></item>"
                 "</channel></rss>",
                 fronts[i / 2], i % 2 == 0 ? "<?xml version=\"1.0\"?>" : "");
        read_feed(text);
        assert_int_equal(got.count, 1);
        assert_entry(0, "Rain", "", NULL);
    }
    /* A page that shows a feed's source is none. */
    assert_false(lede_format_feed.claims(
        lede_span_text("<html><body><xmp><?xml version=\"1.0\"?><rss "
                       "version=\"2.0\"><channel></channel></rss></xmp>"),
        true, ""));
    assert_false(lede_format_feed.claims(
        lede_span_text("Write <?xml version=\"1.0\"?> first, then the rest.\n"),
        true, ""));
}

static void test_feeds__wrong_labels(void **state)
{
    (void)state;
    read_feed("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss><channel>"
              "<item><title>Caf\u00E9</title></item></channel></rss>");
    assert_span(entry(0)->headline, "Caf\u00E9");
    read_feed("<?xml version=\"1.0\" encoding=\"us-ascii\"?><rss><channel>"
              "<item><title>It\u2019s on</title></item></channel></rss>");
    assert_span(entry(0)->headline, "It\u2019s on");
    read_feed("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss><channel>"
              "<item><title>Caf\xE9</title></item></channel></rss>");
    assert_span(entry(0)->headline, "Caf\u00E9");
}

static void test_feeds__sitemap_of_news(void **state)
{
    (void)state;
    read_feed(
        "<?xml version=\"1.0\"?><urlset "
        "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
        "xmlns:n=\"http://www.google.com/schemas/sitemap-news/0.9\">"
        "<url><loc>https://p.example/a</loc></url>"
        "<url><loc>https://p.example/b</loc><n:news><n:publication><n:name>The "
        "P</n:name><n:language>fr</n:language></n:publication>"
        "<n:publication_date>2025-02-17T14:50:00Z</n:publication_date>"
        "<n:title>Grève</n:title><n:keywords>train, Paris</n:keywords>"
        "</n:news></url></urlset>");
    assert_int_equal(got.count, 1);
    assert_entry(0, "Grève", "2025-02-17T14:50:00Z", NULL);
    assert_int_equal(entry(0)->kind, LEDE_KIND_BOOKMARK);
    assert_span(entry(0)->source, "The P");
    assert_span(entry(0)->lang, "fr");
    assert_int_equal(entry(0)->tag_count, 2);
}

/* Entities that are defined in the document stay what they are called. */
static void test_feeds__no_entity_is_expanded(void **state)
{
    (void)state;
    read_feed(
        "<!DOCTYPE rss [<!ENTITY a \"boom\"><!ENTITY b \"&a;&a;&a;\">"
        "<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
        "<rss><channel><item><title>&b; &x;</title></item></channel></rss>");
    assert_span(entry(0)->headline, "&b; &x;");
}

/* Nesting and sizes that nobody means. */
static void test_feeds__hostile(void **state)
{
    lede_buf text = {0};
    lede_error err = {0};
    int i;

    (void)state;
    lede_buf_put_text(&text, "<rss><channel><item><title>A</title>"
                             "<description>");
    for (i = 0; i < 300000; i++) {
        lede_buf_put_text(&text, "<a>");
    }
    lede_buf_put_text(&text, "word");
    for (i = 0; i < 300000; i++) {
        lede_buf_put_text(&text, "</b>");
    }
    assert_ok(collect_bytes(&got, &lede_format_feed, lede_buf_span(&text), "",
                            &context, &err));
    assert_int_equal(got.count, 1);
    lede_buf_done(&text);
}

static void put_utf32(lede_buf *out, const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    const uint8_t *end = at + strlen(text);

    while (at < end) {
        uint32_t c;

        at += lede_utf8_decode(at, end, &c);
        lede_buf_put_byte(out, 0);
        lede_buf_put_byte(out, (uint8_t)(c >> 16));
        lede_buf_put_byte(out, (uint8_t)(c >> 8));
        lede_buf_put_byte(out, (uint8_t)c);
    }
}

/* With a mark, and told by zeros; whatever the declaration says. */
static void test_feeds__letters_of_four_bytes(void **state)
{
    static const lede_read_options plain = {.now = 1795000000};
    lede_error err = {0};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        lede_buf wide = {0};
        lede_sink sink;

        put_utf32(&wide, i == 0 ? "\uFEFF" : "");
        put_utf32(&wide,
                  "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss><channel>"
                  "<title>Post</title><item><title>Fähre \u4E2D "
                  "\U0001F6A2</title><description>She "
                  "sails.</description></item></channel></rss>");
        collect_done(&got);
        sink = collect_sink(&got);
        assert_ok(lede_corpus_read_bytes(lede_buf_span(&wide), "/a/b.xml",
                                         &plain, &sink, &err));
        assert_int_equal(got.count, 1);
        assert_span(entry(0)->headline, "Fähre \u4E2D \U0001F6A2");
        assert_span(entry(0)->source, "Post");
        lede_buf_done(&wide);
    }
}

/* feedparser's expectations. ---------------------------------------------- */

typedef struct tally {
    size_t files, titles, titles_held, dates, dates_held;
} tally;

static void load(const char *path, lede_buf *out)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_true(lede_buf_reserve(out, 1 << 20));
    out->len = fread(out->bytes, 1, 1 << 20, file);
    fclose(file);
}

/* The Python string at *at, with its escapes: only one-byte ones. */
static bool take_string(lede_span text, size_t *at, lede_buf *out)
{
    uint8_t quote;

    if (*at < text.len && text.bytes[*at] == 'u') {
        ++*at;
    }
    if (*at >= text.len ||
        (text.bytes[*at] != '\'' && text.bytes[*at] != '"')) {
        return false;
    }
    quote = text.bytes[(*at)++];
    while (*at < text.len && text.bytes[*at] != quote) {
        uint8_t c = text.bytes[(*at)++];

        if (c == '\\') {
            c = text.bytes[(*at)++];
            if (c == 'u' || c == 'x') {
                int digits = c == 'u' ? 4 : 2;
                char number[5] = "";
                uint8_t utf8[4];

                memcpy(number, text.bytes + *at, (size_t)digits);
                *at += (size_t)digits;
                lede_buf_put(out, utf8,
                             lede_utf8_encode(
                                 utf8, (uint32_t)strtoul(number, NULL, 16)));
                continue;
            }
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        lede_buf_put_byte(out, c);
    }
    return *at < text.len;
}

/* A text as people read it: without markup, references and blanks' widths. */
static void put_plain(lede_span text, lede_buf *out)
{
    lede_arena arena = {0};
    bool failed = false;
    lede_span line = lede_markup_line(text, &arena, &failed);
    lede_span word;
    size_t at = 0;

    assert_false(failed);
    lede_buf_clear(out);
    while ((word = lede_match_word(line, &at)).len > 0) {
        lede_buf_put_span(out, word);
        lede_buf_put_byte(out, ' ');
    }
    lede_arena_done(&arena);
}

static void judge_title(tally *sum, lede_span wanted, lede_span title,
                        const char *path)
{
    lede_buf a = {0};
    lede_buf b = {0};

    put_plain(wanted, &a);
    put_plain(title, &b);
    if (a.len > 0) {
        sum->titles++;
        if (lede_span_equal(lede_buf_span(&a), lede_buf_span(&b))) {
            sum->titles_held++;
        } else if (getenv("LEDE_TEST_VERBOSE") != NULL) {
            print_message("%s: title %.*s, not %.*s\n", path, (int)b.len,
                          (char *)b.bytes, (int)a.len, (char *)a.bytes);
        }
    }
    lede_buf_done(&a);
    lede_buf_done(&b);
}

/* "(2003, 12, 31, 10, 14, 55, ..." */
static void judge_date(tally *sum, const char *wanted, const lede_when *when,
                       const char *path)
{
    int y, mo, d, h, mi, s;
    lede_civil c;

    if (sscanf(wanted, "(%d, %d, %d, %d, %d, %d", &y, &mo, &d, &h, &mi, &s) !=
        6) {
        return;
    }
    sum->dates++;
    lede_civil_from_instant(
        when->instant == LEDE_INSTANT_NONE ? 0 : when->instant, 0, &c);
    if (when->instant != LEDE_INSTANT_NONE && c.year == y && c.month == mo &&
        c.day == d && c.hour == h && c.minute == mi && c.second == s) {
        sum->dates_held++;
    } else if (getenv("LEDE_TEST_VERBOSE") != NULL) {
        print_message("%s: date %d-%d-%d %d:%d:%d, not %s\n", path, c.year,
                      c.month, c.day, c.hour, c.minute, c.second, wanted);
    }
}

static void judge_expectation(tally *sum, lede_span line, const char *path)
{
    static const char *const titles[] = {
        "entries[0]['title'] == ", "entries[0]['title_detail']['value'] == ",
        "feed['title'] == ", "feed['title_detail']['value'] == "};
    static const char *const dates[] = {"entries[0]['published_parsed'] == ",
                                        "entries[0]['updated_parsed'] == ",
                                        "entries[0]['created_parsed'] == ",
                                        "entries[0]['date_parsed'] == ",
                                        "entries[0]['modified_parsed'] == ",
                                        "entries[0]['issued_parsed'] == "};
    size_t at;
    size_t i;

    for (i = 0; i < 4; i++) {
        lede_buf wanted = {0};

        at = lede_match_find(line, 0, titles[i]);
        if (at != LEDE_MATCH_NONE) {
            at += strlen(titles[i]);
            if (take_string(line, &at, &wanted)) {
                lede_span none = {NULL, 0};

                judge_title(sum, lede_buf_span(&wanted),
                            i >= 2           ? got.page.title
                            : got.count == 0 ? none
                                             : entry(0)->headline,
                            path);
            }
        }
        lede_buf_done(&wanted);
    }
    for (i = 0; i < 6; i++) {
        at = lede_match_find(line, 0, dates[i]);
        if (at != LEDE_MATCH_NONE) {
            lede_when none = lede_when_none();
            const lede_when *when = got.count == 0     ? &none
                                    : i == 1 || i == 4 ? &entry(0)->updated
                                                       : &entry(0)->published;

            if (got.count > 0 && when->instant == LEDE_INSTANT_NONE) {
                when = &entry(0)->published;
            }
            judge_date(sum, (const char *)line.bytes + at + strlen(dates[i]),
                       when, path);
        }
    }
}

static lede_status judge_file(void *ctx, const lede_walk_file *file,
                              lede_error *err)
{
    tally *sum = ctx;
    lede_buf bytes = {0};
    lede_buf raw = {0};
    lede_buf valid = {0};
    lede_input *input = NULL;
    uint32_t repaired;
    size_t got_bytes;
    lede_sink sink = collect_sink(&got);
    lede_span text;
    size_t at;
    lede_status status;

    sum->files++;
    load(file->path, &bytes);
    collect_done(&got);
    status =
        lede_input_open_bytes(lede_buf_span(&bytes), file->path, &input, err);
    assert_int_equal(status, LEDE_OK);
    status = lede_format_feed.read(input, &context, &sink, err);
    assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
    /* What is expected stands in the file's own encoding. */
    assert_int_equal(lede_input_rewind(input, err), LEDE_OK);
    assert_true(lede_buf_reserve(&raw, 4 << 20));
    while (raw.len < 3 << 20 &&
           lede_input_read(input, raw.bytes + raw.len, 1 << 20, &got_bytes,
                           err) == LEDE_OK) {
        raw.len += got_bytes;
    }
    lede_input_close(input);
    assert_int_equal(lede_html_decode(lede_buf_span(&raw),
                                      lede_span_of(NULL, 0), &valid, &repaired,
                                      err),
                     LEDE_OK);
    lede_buf_done(&raw);
    lede_buf_put_byte(&valid, 0);
    text = lede_buf_span(&valid);
    at = lede_match_find(text, 0, "expect:");
    if (at != LEDE_MATCH_NONE) {
        size_t end = lede_match_find(text, at, "\n");

        end = end == LEDE_MATCH_NONE ? text.len : end;
        judge_expectation(sum, lede_span_part(text, at, end - at), file->path);
    }
    lede_buf_done(&bytes);
    lede_buf_done(&valid);
    return LEDE_OK;
}

static void test_feeds__what_feedparser_expects(void **state)
{
    static const char *const sets[] = {"wellformed", "encoding", "illformed",
                                       "entities"};
    tally all = {0};
    size_t i;

    (void)state;
    if (access(FEEDPARSER, R_OK) != 0) {
        print_message("%s is missing\n", FEEDPARSER);
        skip();
    }
    for (i = 0; i < 4; i++) {
        tally sum = {0};
        lede_walk_callbacks callbacks = {.ctx = &sum, .file = judge_file};
        lede_error err = {0};
        char path[1024];

        snprintf(path, sizeof path, "%s/%s", FEEDPARSER, sets[i]);
        assert_ok(lede_walk(path, &callbacks, &err));
        print_message("%s: %zu files, titles %zu of %zu, dates %zu of %zu\n",
                      sets[i], sum.files, sum.titles_held, sum.titles,
                      sum.dates_held, sum.dates);
        if (i < 2) {
            all.titles += sum.titles;
            all.titles_held += sum.titles_held;
            all.dates += sum.dates;
            all.dates_held += sum.dates_held;
        }
    }
    assert_true(all.titles_held * 100 >= all.titles * 90);
    assert_true(all.dates_held == all.dates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_feeds__rss_with_everything),
        READ_TEST(test_feeds__atom),
        READ_TEST(test_feeds__rss_1),
        READ_TEST(test_feeds__links_lead_from_the_feeds_page),
        READ_TEST(test_feeds__a_link_from_nowhere_is_an_id),
        READ_TEST(test_feeds__broken_ones),
        READ_TEST(test_feeds__dirt_in_front),
        READ_TEST(test_feeds__wrong_labels),
        READ_TEST(test_feeds__sitemap_of_news),
        READ_TEST(test_feeds__no_entity_is_expanded),
        READ_TEST(test_feeds__hostile),
        READ_TEST(test_feeds__letters_of_four_bytes),
        READ_TEST(test_feeds__what_feedparser_expects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
