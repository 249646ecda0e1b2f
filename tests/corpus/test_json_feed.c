/* JSON Feeds: what a feed says for all its items. */
#include "tests/corpus/read_text.h"

#define HEAD                                                                   \
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Harbour "   \
    "&amp; Sea\",\"home_page_url\":\"https://harbour.example/\","              \
    "\"language\":\"en-GB\",\"authors\":[{\"name\":\"Ann L\\u0065e\"}],"

#define ITEM                                                                   \
    "\"items\":[{\"id\":\"https://harbour.example/1\",\"content_html\":"       \
    "\"<p>The ferry sails.</p><figure><img "                                   \
    "src='https://harbour.example/a.jpg'"                                      \
    " alt='A ferry'><figcaption>The ferry on Monday</figcaption></figure>\","  \
    "\"date_modified\":\"2025-02-17T15:00:00Z\",\"image\":"                    \
    "\"https://harbour.example/b.jpg\",\"attachments\":[{\"url\":"             \
    "\"https://harbour.example/c.mp3\",\"mime_type\":\"audio/"                 \
    "mpeg\",\"title\":"                                                        \
    "\"Listen\"},{\"url\":\"https://harbour.example/d.pdf\",\"mime_type\":"    \
    "\"application/pdf\"}]},{\"id\":7,\"title\":\"Two\",\"content_text\":"     \
    "\"Two ferries.\",\"external_url\":\"https://elsewhere.example/2\","       \
    "\"author\":{\"name\":\"Bo Ray\"},\"language\":\"fr\",\"date_published\":" \
    "\"2025-02-16T15:00:00Z\"}]"

static void assert_items(void)
{
    const lede_entry *e;

    assert_int_equal(got.count, 2);
    assert_span(lede_span_text(got.page.format), "feed");
    assert_span(got.page.title, "Harbour & Sea");
    assert_span(got.page.url, "https://harbour.example/");
    assert_entry(0, "The ferry sails.", "2025-02-17T15:00:00Z",
                 "The ferry sails.");
    e = entry(0);
    assert_int_equal(e->kind, LEDE_KIND_FEED_ITEM);
    assert_int_equal(e->block_count, 1);
    assert_span(e->url, "https://harbour.example/1");
    assert_int_equal(e->native_id.len, 0);
    assert_span(e->source, "Harbour & Sea");
    assert_span(e->lang, "en-gb");
    assert_int_equal(e->author_count, 1);
    assert_span(e->authors[0].name, "Ann Lee");
    assert_int_equal(e->media_count, 3);
    assert_span(e->media[0].alt, "A ferry");
    assert_span(e->media[0].caption, "The ferry on Monday");
    assert_span(e->media[1].url, "https://harbour.example/b.jpg");
    assert_int_equal(e->media[2].type, LEDE_MEDIA_AUDIO);
    assert_span(e->media[2].caption, "Listen");
    e = entry(1);
    assert_span(e->url, "https://elsewhere.example/2");
    assert_span(e->native_id, "7");
    assert_span(e->authors[0].name, "Bo Ray");
    assert_span(e->lang, "fr");
}

static void test_json_feed__items_have_what_their_feed_says(void **state)
{
    (void)state;
    read_as(&lede_format_json, HEAD ITEM "}", "");
    assert_items();
}

/* It is one by its members, in any order, and whatever its version is. */
static void test_json_feed__by_shape(void **state)
{
    (void)state;
    read_as(&lede_format_json,
            "{" ITEM ",\"title\":\"Harbour &amp; Sea\",\"home_page_url\":"
            "\"https://harbour.example/\",\"language\":\"en-GB\",\"author\":"
            "{\"name\":\"Ann Lee\"}}",
            "");
    assert_items();
    read_as(&lede_format_json,
            "{\"title\":\"No feed\",\"items\":[{\"title\":\"A\",\"body\":\"x\"}"
            "]}",
            "");
    assert_int_equal(got.count, 1);
    assert_int_equal(entry(0)->kind, LEDE_KIND_ARTICLE);
    assert_int_equal(entry(0)->source.len, 0);
}

/* Two feeds in a row keep what is theirs; what is damaged costs what it hits.
 */
static void test_json_feed__in_a_row_and_damaged(void **state)
{
    (void)state;
    read_as(&lede_format_json,
            HEAD
            "\"items\":[{\"title\":\"A\",\"content_text\":\"x\"}]}\n"
            "{\"title\":\"B\",\"body\":\"y\"}\n"
            "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"Sea\","
            "\"items\":[{\"title\":\"C\",\"content_text\":\"z\"},{\"title\":\"D"
            "\",\"content_text\":\"zz",
            "");
    assert_int_equal(got.count, 4);
    assert_span(entry(0)->source, "Harbour & Sea");
    assert_int_equal(entry(1)->source.len, 0);
    assert_int_equal(entry(1)->author_count, 0);
    assert_span(entry(2)->source, "Sea");
    assert_span(entry(3)->headline, "D");
    assert_int_equal(got.pages, got.page_ends);
}

static void test_json_feed__real_one(void **state)
{
    lede_span bytes;
    lede_error err = {0};
    size_t i;

    (void)state;
    skip_without_data(TEST_DATA("feeds/feed.json"));
    bytes = collect_file(TEST_DATA("feeds/feed.json"));
    assert_ok(
        collect_bytes(&got, &lede_format_json, bytes, "", &context, &err));
    assert_true(got.count >= 10);
    for (i = 0; i < got.count; i++) {
        assert_int_equal(entry(i)->kind, LEDE_KIND_FEED_ITEM);
        assert_span(entry(i)->source, "Technology");
        assert_true(entry(i)->headline.len > 0 && entry(i)->url.len > 0);
        assert_int_equal(entry(i)->published.precision, LEDE_PRECISION_SECOND);
        assert_true(entry(i)->author_count > 0);
    }
    free((void *)bytes.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_json_feed__items_have_what_their_feed_says),
        READ_TEST(test_json_feed__by_shape),
        READ_TEST(test_json_feed__in_a_row_and_damaged),
        READ_TEST(test_json_feed__real_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
