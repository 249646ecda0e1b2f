#include "tests/corpus/sink.h"

#include "tests/corpus/pack.h"

static void check_refused(lede_span bytes, const char *message)
{
    test_sink sink = {0};
    lede_error err = {0};

    if (read_into(&sink, bytes, "folder/name", &err) != LEDE_BAD_INPUT) {
        fail_msg("read, but should not: %.*s", (int)bytes.len,
                 (const char *)bytes.bytes);
    }
    if (strstr(err.message, message) == NULL) {
        fail_msg("message is: %s, not %s", err.message, message);
    }
    assert_int_equal(sink.entry_count, 0);
    assert_false(sink.page_is_open);
    test_sink_done(&sink);
}

#define CHECK_REFUSED(bytes, message)                                          \
    check_refused(lede_span_of(bytes, sizeof(bytes) - 1), message)

static void test_reader__empty_and_binary(void **state)
{
    lede_buf packed = {0};

    (void)state;
    CHECK_REFUSED("", "empty");
    CHECK_REFUSED(" \n\t\r\n", "empty");
    CHECK_REFUSED("\xEF\xBB\xBF", "empty");
    CHECK_REFUSED("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "binary");
    CHECK_REFUSED("\x7F"
                  "ELF\2\1\1\0\0\0\0\0",
                  "binary");
    CHECK_REFUSED("\1\2\3\4\5 some text with too much else in it", "binary");
    pack_gzip(&packed, lede_span_text(""));
    check_refused(lede_buf_span(&packed), "empty");
    lede_buf_clear(&packed);
    pack_zstd(&packed, lede_span_of("\0\1\2\3", 4));
    check_refused(lede_buf_span(&packed), "binary");
    lede_buf_done(&packed);
}

static void test_reader__says_how_deep_it_unpacks(void **state)
{
    lede_span text = lede_span_text("{\"title\": \"A\", \"text\": \"B\"}");
    lede_buf layers[4] = {{0}};
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        pack_gzip(&layers[i], i == 0 ? text : lede_buf_span(&layers[i - 1]));
    }
    assert_ok(read_into(&sink, lede_buf_span(&layers[2]), "a.gz", &err));
    assert_int_equal(sink.entry_count, 1);
    check_refused(lede_buf_span(&layers[3]), "compressed more than 3 times");
    for (size_t i = 0; i < 4; i++) {
        lede_buf_done(&layers[i]);
    }
    test_sink_done(&sink);
}

static void test_reader__names_what_it_cannot_read(void **state)
{
    static const struct {
        const char *text;
        const char *name;
    } cases[] = {
        {"BZh91AY&SY", "bzip2"},
        {"PK\3\4rest", "zip"},
        {"WARC/1.0\r\nWARC-Type: response\r\n", "WARC"},
        {"filedesc://a 0.0.0.0 2020 text/plain 9", "ARC"},
        {"%PDF-1.7\n%", "PDF"},
        {"<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel>", "RSS"},
        {"<!-- a feed -->\n<feed xmlns=\"http://a\">", "Atom"},
        {"<rdf:RDF xmlns:rdf=\"x\">", "RSS 1.0"},
        {"<?xml version=\"1.0\"?><urlset>", "sitemap"},
        {"<newsItem guid=\"a\">", "NewsML"},
        {"<?xml version=\"1.0\"?><nitf>", "NITF"},
        {"<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS A=\"B\">", "Reuters"},
        {"<DOC>\n<DOCNO> AP-1 </DOCNO>", "TREC"},
        {"<!DOCTYPE NETSCAPE-Bookmark-file-1>", "bookmark"},
        {"<?xml version=\"1.0\"?><other/>", "XML"},
        {"<html lang=en>", "an HTML page without text"},
        {"From ann@n.example Mon Feb 17 14:50:00 2025\nTo: b\n", "mbox"},
        {"From: Ann <ann@n.example>\nMIME-Version: 1.0\nDate: now\n\n", "mail"},
        {"From: <Saved by Blink>\nSnapshot-Content-Location: "
         "http://a\nSubject: "
         "A\nDate: now\n",
         "MHTML"},
        {"id,title,publication,author,date,content\n", "CSV"},
        {"\"URL\";\"Title\";\"Folder\"\n", "CSV"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_refused(lede_span_text(cases[i].text), cases[i].name);
    }
    CHECK_REFUSED("SQLite format 3\0\20\0", "SQLite");
}

/* Nothing that was to be read is missed there. */
static void test_reader__what_has_no_articles(void **state)
{
    lede_buf words = {0};
    size_t i;

    (void)state;
    CHECK_REFUSED("<!-- v1 -->\n<!ELEMENT LEWIS O O (REUTERS+)>\n",
                  "a document type (DTD): no articles");
    CHECK_REFUSED("<?xml version=\"1.0\"?><opml version=\"2.0\"><head><title>A"
                  "</title></head><body><outline text=\"B\"/></body></opml>",
                  "a list of feeds (OPML): no articles");
    CHECK_REFUSED("<opml><body><outline text=\"B\"/></body></opml>",
                  "a list of feeds (OPML): no articles");
    for (i = 0; i < 30; i++) {
        lede_buf_put_format(&words, "place-%zu \n", i);
    }
    check_refused(lede_buf_span(&words), "a list of words: no articles");
    lede_buf_done(&words);
    /* A name that promises what the bytes are not. */
    {
        test_sink sink = {0};
        lede_error err = {0};

        assert_int_equal(read_into(&sink, lede_span_of("\x1E\x8B\x08\0\0", 5),
                                   "a.warc.gz", &err),
                         LEDE_BAD_INPUT);
        assert_non_null(strstr(err.message, "not compressed as its name says"));
        test_sink_done(&sink);
    }
    /* It is compressed, and holds no text. */
    {
        uint8_t zeros[4096] = {0};
        test_sink sink = {0};
        lede_error err = {0};
        lede_buf packed = {0};

        pack_gzip(&packed, lede_span_of(zeros, sizeof zeros));
        assert_int_equal(read_into(&sink, lede_buf_span(&packed), "a.gz", &err),
                         LEDE_BAD_INPUT);
        assert_string_equal(err.message, "binary data");
        lede_buf_done(&packed);
        test_sink_done(&sink);
    }
}

/* Words that only look like another format. */
static void test_reader__plain_text_stays_text(void **state)
{
    static const char *const texts[] = {
        "[Music] plays\n\nAnd then a long paragraph of words follows here.\n",
        "{Braces} in a headline\n\nAnd then a paragraph of words follows.\n",
        "From the archive\n\nA long paragraph of words follows here, too.\n",
        "Date: 17 February 2025\nTitle: Rain\nSource: The Post\n\nIt rained.\n",
        "Rain, wind and snow\n\nThe coast road is shut until the morning.\n",
        "A <b>bold</b> title\n\nThe coast road is shut until the morning.\n",
    };
    test_sink sink = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_error err = {0};

        assert_ok(read_into(&sink, lede_span_text(texts[i]),
                            "/a/folder/name.txt", &err));
        assert_int_equal(sink.entry_count, 1);
        assert_non_null(strstr(lede_buf_text(&sink.entries), " source="));
    }
    test_sink_done(&sink);
}

static void test_reader__folder_is_the_last_source(void **state)
{
    static const char text[] = "{\"title\":\"A\",\"text\":\"x\"}";
    test_sink sink = {0};
    lede_error err = {0};

    (void)state;
    assert_ok(
        read_into(&sink, lede_span_text(text), "/a/The Post/n.json", &err));
    assert_non_null(strstr(lede_buf_text(&sink.entries), "source=The Post"));
    assert_ok(read_into(&sink, lede_span_text(text), "n.json", &err));
    assert_null(strstr(lede_buf_text(&sink.entries), "source="));
    test_sink_done(&sink);
}

static void test_reader__utf16_json(void **state)
{
    static const char text[] = "{\"title\":\"A\",\"text\":\"x\"}";
    test_sink sink = {0};
    lede_error err = {0};
    lede_buf wide = {0};
    size_t i;

    (void)state;
    lede_buf_put(&wide, "\xFF\xFE", 2);
    for (i = 0; i < sizeof text - 1; i++) {
        lede_buf_put_byte(&wide, (uint8_t)text[i]);
        lede_buf_put_byte(&wide, 0);
    }
    assert_ok(read_into(&sink, lede_buf_span(&wide), "", &err));
    assert_span(lede_buf_span(&sink.entries), " article headline=A p(x)\n");
    test_sink_done(&sink);
    lede_buf_done(&wide);
}

/* A date that could be read the other way round is marked, and told once. */
static void test_reader__tells_of_guessed_days(void **state)
{
    const char *lines =
        "{\"title\":\"A\",\"text\":\"a\",\"date\":\"03/04/2021\"}\n"
        "{\"title\":\"B\",\"text\":\"b\",\"date\":\"05/04/2021\"}\n";
    const char *more =
        "{\"title\":\"C\",\"text\":\"c\",\"date\":\"04/13/2021\"}\n";
    test_sink sink = {0};
    lede_buf text = {0};
    lede_error err = {0};

    (void)state;
    lede_buf_put_text(&text, lines);
    assert_ok(read_into(&sink, lede_buf_span(&text), "", &err));
    assert_string_equal(lede_buf_text(&sink.entries),
                        "#line=1 article headline=A published=2021-04-03 "
                        "day_guessed p(a)\n"
                        "#line=2 article headline=B published=2021-04-05 "
                        "day_guessed p(b)\n");
    assert_int_equal(sink.note_count, 1);
    assert_string_equal(lede_buf_text(&sink.notes),
                        " 2 dates like 03/04/2021 taken as day before month: "
                        "nothing in the file says which is first\n");
    lede_buf_put_text(&text, more);
    assert_ok(read_into(&sink, lede_buf_span(&text), "", &err));
    assert_string_equal(
        lede_buf_text(&sink.entries),
        "#line=1 article headline=A published=2021-03-04 p(a)\n"
        "#line=2 article headline=B published=2021-05-04 p(b)\n"
        "#line=3 article headline=C published=2021-04-13 p(c)\n");
    assert_int_equal(sink.note_count, 0);
    lede_buf_done(&text);
    test_sink_done(&sink);
}

static void test_reader__stops_when_asked(void **state)
{
    test_sink sink = {.stop_at = 1};
    lede_error err = {0};

    (void)state;
    assert_status(read_into(&sink,
                            lede_span_text("[{\"title\":\"A\",\"text\":\"x\"},"
                                           "{\"title\":\"B\",\"text\":\"x\"}]"),
                            "", &err),
                  LEDE_INTERRUPTED);
    assert_int_equal(sink.entry_count, 1);
    test_sink_done(&sink);
}

static void test_reader__missing_file(void **state)
{
    test_sink sink = {0};
    lede_sink out = test_sink_of(&sink);
    lede_error err = {0};

    (void)state;
    assert_status(lede_corpus_read_file("/nonexistent/file", NULL, &out, &err),
                  LEDE_IO);
    assert_status(lede_corpus_read_file("/", NULL, &out, &err), LEDE_BAD_INPUT);
}

static bool slurp(const char *path, lede_buf *out)
{
    FILE *file = fopen(path, "rb");
    uint8_t bytes[4096];
    size_t got;

    lede_buf_clear(out);
    if (file == NULL) {
        return false;
    }
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0) {
        lede_buf_put(out, bytes, got);
    }
    fclose(file);
    return true;
}

/* A copy that ends where the text ends, so that reading past it is seen. */
static void read_damaged(test_sink *sink, const lede_buf *text, size_t len)
{
    uint8_t *copy = malloc(len == 0 ? 1 : len);
    lede_error err = {0};
    lede_status status;

    assert_non_null(copy);
    memcpy(copy, text->bytes, len);
    status = read_into(sink, lede_span_of(copy, len), "a/b", &err);
    assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
    assert_false(sink->page_is_open);
    free(copy);
}

/* Real files cut at 20 places and with 200 bytes changed: no crash, no hang. */
static void test_reader__damaged_files(void **state)
{
    static const char *const files[] = {
        TEST_DATA("exports/wallabag-v2-read.json"),
        TEST_DATA("exports/omnivore.json"),
        TEST_DATA("newsroom/ninjs/1.4/ninjsExComplex1.json"),
        TEST_DATA("live-text/express.save1.txt"),
    };
    lede_buf text = {0};
    lede_buf packed = {0};
    test_sink sink = {0};
    uint64_t seed = 99;
    size_t i;
    int round;

    (void)state;
    skip_without_data(files[0]);
    for (i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_true(slurp(files[i], &text));
        for (round = 0; round < 20; round++) {
            read_damaged(&sink, &text, pack_random(&seed) % text.len);
        }
        for (round = 0; round < 200; round++) {
            uint8_t *at = &text.bytes[pack_random(&seed) % text.len];
            uint8_t before = *at;

            *at = (uint8_t)pack_random(&seed);
            read_damaged(&sink, &text, text.len);
            *at = before;
        }
        lede_buf_clear(&packed);
        pack_gzip(&packed, lede_buf_span(&text));
        for (round = 0; round < 40; round++) {
            packed.bytes[pack_random(&seed) % packed.len] ^= 4;
            read_damaged(&sink, &packed, packed.len);
        }
    }
    test_sink_done(&sink);
    lede_buf_done(&text);
    lede_buf_done(&packed);
}

static bool is_known_damaged(lede_span bytes, const char *path)
{
    bool is_damaged = false;
    test_sink sink = {0};
    lede_sink out = test_sink_of(&sink);
    lede_error err = {0};

    out.is_damaged = &is_damaged;
    is_damaged |=
        lede_corpus_read_bytes(bytes, path, NULL, &out, &err) == LEDE_BAD_INPUT;
    test_sink_done(&sink);
    return is_damaged;
}

/* Whatever the format makes of what is left. */
static void test_reader__tells_that_a_file_is_cut_off(void **state)
{
    static const char *const texts[] = {
        "A headline\n\nThe first paragraph of it.\n\nThe second one.\n",
        "{\"title\":\"A\",\"text\":\"First.\"}\n"
        "{\"title\":\"B\",\"text\":\"Second.\"}\n",
    };
    lede_buf packed = {0};
    size_t i, cut;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        lede_buf_clear(&packed);
        pack_gzip(&packed, lede_span_text(texts[i]));
        assert_false(is_known_damaged(lede_buf_span(&packed), "a"));
        for (cut = 1; cut < packed.len - 3; cut++) {
            assert_true(is_known_damaged(
                lede_span_of(packed.bytes, packed.len - cut), "a"));
        }
    }
    lede_buf_done(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reader__empty_and_binary),
        cmocka_unit_test(test_reader__says_how_deep_it_unpacks),
        cmocka_unit_test(test_reader__names_what_it_cannot_read),
        cmocka_unit_test(test_reader__what_has_no_articles),
        cmocka_unit_test(test_reader__plain_text_stays_text),
        cmocka_unit_test(test_reader__folder_is_the_last_source),
        cmocka_unit_test(test_reader__utf16_json),
        cmocka_unit_test(test_reader__tells_of_guessed_days),
        cmocka_unit_test(test_reader__stops_when_asked),
        cmocka_unit_test(test_reader__missing_file),
        cmocka_unit_test(test_reader__damaged_files),
        cmocka_unit_test(test_reader__tells_that_a_file_is_cut_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
