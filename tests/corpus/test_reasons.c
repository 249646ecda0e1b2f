/* Every reader says where it found what it gives, where it is asked to. */
#include "tests/corpus/read_text.h"

static const lede_read_options explaining = {.now = 1795000000,
                                             .explains = true};

static void assert_why(const lede_format *format, const char *text,
                       const char *why)
{
    context.options = &explaining;
    read_as(format, text, "");
    assert_span(entry(got.count - 1)->why, why);
}

static void test_reasons__of_newsroom_formats(void **state)
{
    (void)state;
    assert_why(&lede_format_newsml,
               "<newsItem xml:lang=\"en\"><itemMeta><provider><name>AP</name>"
               "</provider><versionCreated>2024-02-17</versionCreated>"
               "</itemMeta><contentMeta><headline>A</headline><by>Ann Lee</by>"
               "</contentMeta><contentSet><inlineData>x</inlineData>"
               "</contentSet></newsItem>",
               "headline: headline; text: the item's content; published: "
               "versioncreated; updated: versioncreated; authors: by");
    assert_why(&lede_format_newsml,
               "<nitf><head><title>B</title></head><body><body.head><hedline>"
               "<hl1>A</hl1></hedline><byline>By Ann Lee</byline></body.head>"
               "<body.content><p>x</p></body.content></body></nitf>",
               "headline: hl1; text: the item's content; authors: byline");
}

/* Language and outlet, which settings and folders may say. */
static void test_reasons__of_language_and_outlet(void **state)
{
    static const struct {
        const char *text, *path, *why;
    } cases[] = {
        {"{\"title\":\"A\",\"body\":\"x\",\"lang\":\"en\",\"publisher\":"
         "\"The Post\"}",
         "/a/papers/b.json",
         "headline: title; text: body; language: lang; outlet: publisher"},
        {"{\"title\":\"A\",\"body\":\"x\"}", "/a/papers/b.json",
         "headline: title; text: body; outlet: the folder's name; language: "
         "the settings, or --language"},
        {"<html lang=en><head><meta property=og:site_name content=Post></head>"
         "<body><h1>A</h1><p>x</p>",
         "/a/b.html",
         "headline: h1; text: what text there is; language: html lang; outlet: "
         "og:site_name"},
    };
    lede_read_options with = explaining;
    lede_error err = {0};
    size_t i;

    (void)state;
    with.default_language = "ga";
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_sink sink;

        collect_done(&got);
        sink = collect_sink(&got);
        assert_ok(lede_corpus_read_bytes(lede_span_text(cases[i].text),
                                         cases[i].path, &with, &sink, &err));
        assert_span(entry(got.count - 1)->why, cases[i].why);
    }
}

static void test_reasons__of_every_reader(void **state)
{
    (void)state;
    assert_why(&lede_format_json,
               "{\"title\":\"A\",\"content_html\":\"<p>x</p>\",\"author\":"
               "\"Ann Lee\",\"date\":\"nonsense\",\"created_at\":1708182000,"
               "\"modified\":\"2024-02-18\"}",
               "headline: title; text: contenthtml; published: createdat; "
               "updated: modified; authors: author");
    assert_why(&lede_format_json,
               "{\"body\":\"x\",\"url\":\"https://a.example/2024/02/17/x\"}",
               "headline: the first sentence; text: body; published: the "
               "address");
    assert_why(&lede_format_feed,
               "<rss><channel><item><title>A</title><description>x"
               "</description><dc:date>2024-02-17</dc:date></item></channel>"
               "</rss>",
               "headline: title; text: description; published: date");
    assert_why(&lede_format_feed,
               "<feed><entry><title>A</title><updated>2024-02-17T10:00:00Z"
               "</updated></entry></feed>",
               "headline: title; published: its last change, the only date; "
               "updated: updated");
    assert_why(
        &lede_format_mail,
        "From: Ann Lee <a@b.example>\nSubject: A\n"
        "Date: Mon, 17 Feb 2025 10:00:00 +0000\nMIME-Version: 1.0\n\nx\n",
        "headline: Subject; text: the plain part; published: Date; "
        "authors: From");
    assert_why(&lede_format_markdown,
               "---\ntitle: A\ndate_published: 2024-02-17\n---\nx\n",
               "headline: title; published: date_published");
    assert_why(&lede_format_trec,
               "<DOC><DOCNO>AP880212-1</DOCNO><TEXT>x</TEXT></DOC>",
               "headline: the first sentence; published: the document's "
               "number");
    assert_why(&lede_format_newsml,
               "<nitf><head><docdata><date.issue norm=\"20240217\"/></docdata>"
               "</head><body><body.content><p>x</p></body.content></body>"
               "</nitf>",
               "headline: the first sentence; text: the item's content; "
               "published: date.issue");
    assert_why(&lede_format_article,
               "Ferry aground\n\nPublished: 17 February 2024\n\nIt ran "
               "aground.\n",
               "headline: the head of the text; text: below the head; "
               "published: a line at the head of the text");
    assert_why(&lede_format_live_text,
               "1. Ferry agroundpublished at 10:00 GMT 17 February 2024\n\nIt "
               "ran aground.\n\n2. Ferry afloatpublished at 09:00 GMT 17 "
               "February 2024\n\nIt floats.\n",
               "headline: the head of the update; text: below the head; "
               "published: the head of the update (form A)");
    assert_why(&lede_format_html,
               "<html><body><article><meta itemprop=datePublished "
               "content='2024-02-17'><meta itemprop=dateModified "
               "content='2024-02-18'><h1>A</h1><p>x</p></article>",
               "headline: h1; text: an article element; published: microdata "
               "datePublished; updated: microdata dateModified");
    assert_why(&lede_format_html,
               "<html><head><meta property=og:title content='Ferry aground'>"
               "<meta property=article:published_time content='2024-02-17'>"
               "</head><body><article><p>The ferry to the northern islands ran "
               "aground after three weeks, and nobody was hurt.</p></article>",
               "headline: og:title; text: an article element; published: meta "
               "published_time");
}

/* Where nobody asks, records are read without. */
static void test_reasons__only_where_they_are_wanted(void **state)
{
    (void)state;
    read_as(&lede_format_json, "{\"title\":\"A\",\"body\":\"x\"}", "");
    assert_int_equal(entry(0)->why.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_reasons__of_every_reader),
        READ_TEST(test_reasons__of_newsroom_formats),
        READ_TEST(test_reasons__of_language_and_outlet),
        READ_TEST(test_reasons__only_where_they_are_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
