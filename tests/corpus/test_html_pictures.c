/* Pictures of saved pages: which are the article's, what stands below them. */
#include "tests/corpus/read_text.h"

static void read_page(const char *text)
{
    read_as(&lede_format_html, text, "");
}

#define TEXT                                                                   \
    "<p>The ferry to the northern islands sails again after three weeks, and " \
    "the first crossing was full to the last seat on the lower deck.</p>"

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"

static void test_html_pictures__pictures_have_captions_and_credits(void **state)
{
    (void)state;
    read_page(
        "<html><body><article><h1>The ferry is back</h1>" TEXT
        "<figure><img src=a.jpg alt='A white ferry'><figcaption>The ferry "
        "in the port. <span class=credit>Photo: Bo "
        "Ray</span></figcaption></figure><div class=article-image><img "
        "src=b.jpg><p>The new engine</p></div><p>She sails.</p>" TEXT
        "</article>");
    assert_int_equal(entry(0)->media_count, 2);
    assert_span(entry(0)->media[0].url, "a.jpg");
    assert_span(entry(0)->media[0].alt, "A white ferry");
    assert_span(entry(0)->media[0].caption, "The ferry in the port.");
    assert_span(entry(0)->media[0].credit, "Photo: Bo Ray");
    assert_span(entry(0)->media[1].caption, "The new engine");
    assert_int_equal(entry(0)->block_count, 2);
}

/* Credits that only their words tell. */
static void test_html_pictures__captions_end_in_credits(void **state)
{
    static const struct {
        const char *text, *caption, *credit;
    } captions[] = {
        {"The ferry in the port. Photograph: Bo Ray/Alamy",
         "The ferry in the port.", "Photograph: Bo Ray/Alamy"},
        {"The ferry in the port Photo: Bo Ray", "The ferry in the port",
         "Photo: Bo Ray"},
        {"The ferry. (Photo by Bo Ray)", "The ferry.", "Photo by Bo Ray"},
        {"Photograph: Bo Ray", "", "Photograph: Bo Ray"},
        {"The ferry. Photo credit: Bo Ray", "The ferry.",
         "Photo credit: Bo Ray"},
        {"The ferry. \u00A9 Bo Ray", "The ferry.", "\u00A9 Bo Ray"},
        {"F\u00E4hre im Hafen. Foto: Bo Ray", "F\u00E4hre im Hafen.",
         "Foto: Bo Ray"},
        {"He took the photo by accident.", "He took the photo by accident.",
         ""},
        {"The big picture: how the ferry was built. It took years.",
         "The big picture: how the ferry was built. It took years.", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof captions / sizeof captions[0]; i++) {
        char page[2000];

        snprintf(page, sizeof page,
                 "<html><meta charset=utf-8><body><article><h1>The ferry is "
                 "back</h1>" TEXT "<figure><img src=a.jpg><figcaption>%s"
                 "</figcaption></figure>" TEXT "</article>",
                 captions[i].text);
        read_page(page);
        assert_int_equal(entry(0)->media_count, 1);
        assert_span(entry(0)->media[0].caption, captions[i].caption);
        assert_span(entry(0)->media[0].credit, captions[i].credit);
    }
}

/* A page of pictures has hardly any text, or none. */
static void test_html_pictures__galleries_have_their_pictures(void **state)
{
    static const char *const texts[] = {"", "<p>Crowds lined the harbour.</p>",
                                        TEXT};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_buf page = {0};

        lede_buf_put_format(
            &page,
            "<html><body><img src=logo.png alt='The Post'><main><h1>In "
            "pictures: the regatta</h1>%s<figure><img src=1.jpg alt='A "
            "yacht'><figcaption>Children wave flags on the pier. <span "
            "class=credit>Ann Roe/PA</span></figcaption></figure><figure><img "
            "src=2.jpg alt='A yacht'><figcaption>The crew of Marigold."
            "</figcaption></figure></main><aside><figure><img src=3.jpg>"
            "<figcaption>Another story.</figcaption></figure></aside>",
            texts[i]);
        read_page(lede_buf_text(&page));
        assert_int_equal(entry(0)->kind, LEDE_KIND_ARTICLE);
        assert_int_equal(entry(0)->media_count, 2);
        assert_span(entry(0)->media[0].caption,
                    "Children wave flags on the pier.");
        assert_span(entry(0)->media[0].credit, "Ann Roe/PA");
        assert_span(entry(0)->media[1].url, "2.jpg");
        lede_buf_done(&page);
    }
}

/* Of three drawings one is a chart; a button does not take the caption. */
static void test_html_pictures__icons_are_no_pictures(void **state)
{
    (void)state;
    read_page("<html><body><article><h1>The ferry is back</h1>" TEXT
              "<a href=x><img src=/i/share.svg alt=Share></a>" TEXT
              "<figure><img src=a.jpg alt='A ferry'><button><img "
              "src='/i/zoom.svg?v=2' alt=Enlarge></button><figcaption>The "
              "ferry at sea</figcaption></figure>" TEXT
              "<figure><img src=chart.svg alt=Fares><figcaption>Fares since "
              "1990</figcaption></figure></article>");
    assert_int_equal(entry(0)->media_count, 2);
    assert_span(entry(0)->media[0].url, "a.jpg");
    assert_span(entry(0)->media[0].alt, "A ferry");
    assert_span(entry(0)->media[0].caption, "The ferry at sea");
    assert_span(entry(0)->media[1].url, "chart.svg");
    assert_span(entry(0)->media[1].caption, "Fares since 1990");
}

static void test_html_pictures__the_lead_picture_of_metadata(void **state)
{
    (void)state;
    read_page("<html><head>" LD("{\"@type\":\"NewsArticle\",\"image\":[{"
                                "\"url\":\"https://harbour.example/a.jpg\","
                                "\"caption\":\"The ferry\",\"creditText\":"
                                "\"Bo Ray\"}]}") "</head><body>" TEXT);
    assert_int_equal(entry(0)->media_count, 1);
    assert_span(entry(0)->media[0].caption, "The ferry");
    assert_span(entry(0)->media[0].credit, "Bo Ray");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_html_pictures__pictures_have_captions_and_credits),
        READ_TEST(test_html_pictures__captions_end_in_credits),
        READ_TEST(test_html_pictures__galleries_have_their_pictures),
        READ_TEST(test_html_pictures__icons_are_no_pictures),
        READ_TEST(test_html_pictures__the_lead_picture_of_metadata),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
