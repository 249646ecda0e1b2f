#include <brotli/encode.h>
#include <unistd.h>

#include "corpus/walk.h"
#include "tests/corpus/pack.h"
#include "tests/corpus/read_text.h"

#define WARCS TEST_DATA("warc")
#define PAGE(title)                                                            \
    "<html><head><title>" title "</title></head><body><article><h1>" title     \
    "</h1><p>The harbour was closed for two days, the office of the port "     \
    "said on Monday.</p></article></body></html>"

static lede_error err;

static void put_record(lede_buf *out, const char *type, const char *mime,
                       const char *url, lede_span content)
{
    lede_buf_put_format(out,
                        "WARC/1.0\r\nWARC-Type: %s\r\n"
                        "WARC-Target-URI: <%s>\r\n"
                        "WARC-Date: 2020-05-06T07:08:09Z\r\n"
                        "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                        type, url, mime, content.len);
    lede_buf_put_span(out, content);
    lede_buf_put_text(out, "\r\n\r\n");
}

static void put_page(lede_buf *out, const char *url, const char *headers,
                     lede_span body)
{
    lede_buf content = {0};

    lede_buf_put_format(&content, "HTTP/1.1 200 OK\r\n%s\r\n", headers);
    lede_buf_put_span(&content, body);
    put_record(out, "response", "application/http; msgtype=response", url,
               lede_buf_span(&content));
    lede_buf_done(&content);
}

static lede_status read_warc_bytes(lede_span bytes)
{
    lede_sink sink = collect_sink(&got);

    collect_done(&got);
    err = (lede_error){0};
    return lede_corpus_read_bytes(bytes, "/x/crawl/a.warc", &options, &sink,
                                  &err);
}

static void test_warc__pages_with_address_and_time(void **state)
{
    lede_buf warc = {0};
    lede_span page = lede_span_text(PAGE("Storm"));

    (void)state;
    put_record(&warc, "warcinfo", "application/warc-fields", "",
               lede_span_text("software: a\r\n"));
    put_record(&warc, "request", "application/http; msgtype=request",
               "https://p.example/1", lede_span_text("GET / HTTP/1.1\r\n\r\n"));
    put_page(&warc, "https://p.example/1",
             "Content-Type: text/html; charset=utf-8\r\n", page);
    put_page(&warc, "https://p.example/a.png", "Content-Type: image/png\r\n",
             page);
    put_record(&warc, "resource", "text/html", "https://p.example/2",
               lede_span_text(PAGE("Calm")));
    put_record(&warc, "conversion", "text/plain", "https://p.example/3",
               lede_span_text("Plain headline\n\nAnd the text of it, which is "
                              "a paragraph.\n"));
    assert_ok(read_warc_bytes(lede_buf_span(&warc)));
    assert_int_equal(got.count, 3);
    assert_span(entry(0)->headline, "Storm");
    assert_span(entry(0)->url, "https://p.example/1");
    assert_when(&entry(0)->captured, "2020-05-06T07:08:09Z");
    assert_string_equal(got.locations[0], "#record=3");
    assert_span(entry(1)->headline, "Calm");
    assert_span(entry(2)->headline, "Plain headline");
    assert_int_equal(got.notes, 0);
    lede_buf_done(&warc);
}

/* A page in chunks, and in all encodings, also mislabelled. */
static void test_warc__encodings_of_bodies(void **state)
{
    static const char chunked[] =
        "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n";
    lede_span page = lede_span_text(PAGE("Storm"));
    lede_buf warc = {0};
    lede_buf body = {0};
    uint8_t packed[1000];
    size_t len = sizeof packed;
    uLongf zlib_len = sizeof packed;

    (void)state;
    lede_buf_put_format(&body, "%zx;ext=1\r\n", (size_t)40);
    lede_buf_put_span(&body, lede_span_part(page, 0, 40));
    lede_buf_put_format(&body, "\r\n%zx\r\n", page.len - 40);
    lede_buf_put_span(&body, lede_span_part(page, 40, page.len));
    lede_buf_put_text(&body, "\r\n0\r\n\r\n");
    put_page(&warc, "https://p.example/1", chunked, lede_buf_span(&body));
    put_page(&warc, "https://p.example/2", chunked, page);
    lede_buf_clear(&body);
    pack_gzip(&body, page);
    put_page(&warc, "https://p.example/3",
             "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
             lede_buf_span(&body));
    put_page(&warc, "https://p.example/4",
             "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", page);
    assert_true(BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, page.len,
                                      page.bytes, &len, packed));
    put_page(&warc, "https://p.example/5",
             "Content-Type: text/html\r\nContent-Encoding: br\r\n",
             lede_span_of(packed, len));
    assert_int_equal(compress(packed, &zlib_len, page.bytes, page.len), Z_OK);
    put_page(&warc, "https://p.example/6",
             "Content-Type: text/html\r\nContent-Encoding: deflate\r\n",
             lede_span_of(packed, zlib_len));
    put_page(&warc, "https://p.example/7",
             "Content-Type: text/html\r\nContent-Encoding: deflate\r\n",
             lede_span_of(packed + 2, zlib_len - 6));
    assert_ok(read_warc_bytes(lede_buf_span(&warc)));
    assert_int_equal(got.count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_span(entry(i)->headline, "Storm");
        assert_span(entry(i)->body[0].text,
                    "The harbour was closed for two days, the office of the "
                    "port said on Monday.");
    }
    lede_buf_done(&warc);
    lede_buf_done(&body);
}

/* Ten pages; record 5 is damaged in some way. */
static void put_ten(lede_buf *out, bool compressed, const char *bad_length)
{
    int i;

    for (i = 0; i < 10; i++) {
        lede_buf one = {0};
        char url[64];

        snprintf(url, sizeof url, "https://p.example/%d", i);
        put_page(&one, url, "Content-Type: text/html\r\n",
                 lede_span_text(PAGE("Storm")));
        if (i == 5 && bad_length != NULL) {
            char *at = strstr((char *)one.bytes, "Content-Length: ");

            memcpy(at + 16, bad_length, 3);
        }
        if (compressed) {
            pack_gzip(out, lede_buf_span(&one));
        } else {
            lede_buf_put_span(out, lede_buf_span(&one));
        }
        lede_buf_done(&one);
    }
}

static bool has_url(const char *wanted)
{
    size_t i;

    for (i = 0; i < got.count; i++) {
        if (lede_span_is(entry(i)->url, wanted)) {
            return true;
        }
    }
    return false;
}

static void check_others(void)
{
    char url[64];
    int i;

    for (i = 0; i < 10; i++) {
        snprintf(url, sizeof url, "https://p.example/%d", i);
        if (i != 5 && !has_url(url)) {
            fail_msg("%s is lost", url);
        }
    }
    assert_true(got.notes > 0);
}

static void test_warc__what_follows_damage_is_found(void **state)
{
    static const char *const lengths[] = {"999", "100", "xyz"};
    lede_buf warc = {0};
    size_t i;
    size_t at;

    (void)state;
    for (i = 0; i < 6; i++) {
        lede_buf_clear(&warc);
        put_ten(&warc, i >= 3, lengths[i % 3]);
        assert_ok(read_warc_bytes(lede_buf_span(&warc)));
        check_others();
    }
    /* A byte flipped anywhere in the sixth member harms no other. */
    lede_buf_clear(&warc);
    put_ten(&warc, true, NULL);
    assert_ok(read_warc_bytes(lede_buf_span(&warc)));
    assert_int_equal(got.count, 10);
    for (at = warc.len / 2; at < warc.len / 2 + warc.len / 11; at += 7) {
        warc.bytes[at] ^= 0x55;
        assert_ok(read_warc_bytes(lede_buf_span(&warc)));
        warc.bytes[at] ^= 0x55;
        assert_true(got.count >= 9);
        assert_true(has_url("https://p.example/9"));
        assert_true(has_url("https://p.example/4"));
    }
    lede_buf_done(&warc);
}

/* A file that ends too early says so once, and what to do. */
static void test_warc__a_cut_is_told_once(void **state)
{
    lede_buf warc = {0};

    (void)state;
    put_ten(&warc, true, NULL);
    assert_ok(read_warc_bytes(
        lede_span_part(lede_buf_span(&warc), 0, warc.len - 40)));
    assert_true(got.count >= 9);
    assert_int_equal(got.notes, 1);
    assert_non_null(strstr(got.last_note, "cut off after"));
    assert_non_null(strstr(got.last_note, "fetch it again"));
    lede_buf_done(&warc);
}

/* An article in JSON is from when its record is. */
static void test_warc__json_is_captured(void **state)
{
    lede_buf warc = {0};

    (void)state;
    put_page(&warc, "https://p.example/api",
             "Content-Type: application/json\r\n",
             lede_span_text(
                 "[{\"title\":\"Storm\",\"text\":\"Rain.\"},{\"title\":"
                 "\"Sun\",\"text\":\"Dry.\",\"crawled\":\"2024-01-02\"}]"));
    assert_ok(read_warc_bytes(lede_buf_span(&warc)));
    assert_int_equal(got.count, 2);
    assert_true(entry(0)->captured.instant != LEDE_INSTANT_NONE);
    assert_when(&entry(1)->captured, "2024-01-02");
    lede_buf_done(&warc);
}

/* Records are compressed one by one: the first is lost, with its magic. */
static void test_warc__wrong_first_bytes_lose_one_record(void **state)
{
    static const lede_read_options plain = {.now = 1795000000};
    lede_error why = {0};
    lede_buf warc = {0};
    lede_sink sink;
    size_t i;

    (void)state;
    put_ten(&warc, true, NULL);
    for (i = 0; i < 3; i++) {
        warc.bytes[i] ^= 0x55;
        collect_done(&got);
        sink = collect_sink(&got);
        assert_ok(lede_corpus_read_bytes(lede_buf_span(&warc), "/a/b.warc.gz",
                                         &plain, &sink, &why));
        assert_int_equal(got.count, 9);
        assert_true(has_url("https://p.example/1"));
        assert_true(got.notes > 0);
        assert_non_null(strstr(got.last_note, "beginning"));
        warc.bytes[i] ^= 0x55;
    }
    lede_buf_done(&warc);
}

/* The version line is what a WARC is known by, but not all that it is known
 * by. */
static void test_warc__first_lines_with_a_byte_changed(void **state)
{
    lede_buf warc = {0};
    size_t second;
    size_t at;

    (void)state;
    put_page(&warc, "https://p.example/1", "Content-Type: text/html\r\n",
             lede_span_text(PAGE("One")));
    second = warc.len;
    put_page(&warc, "https://p.example/2", "Content-Type: text/html\r\n",
             lede_span_text(PAGE("Two")));
    for (at = 0; at < 8; at++) {
        warc.bytes[at] ^= 0x20;
        assert_ok(read_warc_bytes(lede_buf_span(&warc)));
        assert_int_equal(got.count, 2);
        assert_string_equal(got.locations[0], "#record=1");
        warc.bytes[at] ^= 0x20;
        warc.bytes[second + at] ^= 0x20;
        assert_ok(read_warc_bytes(lede_buf_span(&warc)));
        assert_int_equal(got.count, 2);
        warc.bytes[second + at] ^= 0x20;
    }
    warc.bytes[0] = 'X';
    assert_ok(read_warc_bytes(lede_buf_span(&warc)));
    assert_true(got.notes > 0);
    lede_buf_done(&warc);
}

/* Zeros in a header or a page, as a bad disk leaves them, are told. */
static void test_warc__zeros_are_told(void **state)
{
    lede_buf warc = {0};
    size_t at;

    (void)state;
    put_page(&warc, "https://p.example/1", "Content-Type: text/html\r\n",
             lede_span_text(PAGE("One")));
    put_page(&warc, "https://p.example/2", "Content-Type: text/html\r\n",
             lede_span_text(PAGE("Two")));
    assert_ok(read_warc_bytes(lede_buf_span(&warc)));
    assert_int_equal(got.notes, 0);
    for (at = 0; at + 16 < warc.len; at += 16) {
        uint8_t kept[16];

        memcpy(kept, warc.bytes + at, sizeof kept);
        memset(warc.bytes + at, 0, sizeof kept);
        (void)read_warc_bytes(lede_buf_span(&warc));
        if (got.notes == 0 && err.message[0] == '\0') {
            fail_msg("zeros at %zu are not told", at);
        }
        memcpy(warc.bytes + at, kept, sizeof kept);
    }
    lede_buf_done(&warc);
}

/* What a page says is no record, whatever it looks like, where the length of
 * its own is borne out. */
static void test_warc__pages_forge_no_records(void **state)
{
    static const char forged[] =
        "<html><body><article><h1>Storm</h1><p>The harbour was closed for two "
        "days, the office of the port said.</p>\r\n\r\nWARC/1.0\r\n"
        "WARC-Type: response\r\nWARC-Target-URI: https://q.example/1\r\n"
        "WARC-Date: 2020-05-06T07:08:09Z\r\n"
        "Content-Type: application/http\r\nContent-Length: 90\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        "<h1>A lie</h1><p>Nobody wrote this.</p>\r\n\r\n"
        "<p>The end of the text comes behind it.</p></article></body></html>";
    int form;

    (void)state;
    for (form = 0; form < 4; form++) { /* last or not, packed or not */
        lede_buf warc = {0};
        lede_buf packed = {0};

        put_page(&warc, "https://p.example/1", "Content-Type: text/html\r\n",
                 lede_span_text(forged));
        if (form >= 2) {
            pack_gzip(&packed, lede_buf_span(&warc));
            lede_buf_clear(&warc);
        }
        if (form % 2 == 1) {
            put_page(&warc, "https://p.example/2",
                     "Content-Type: text/html\r\n",
                     lede_span_text(PAGE("Calm")));
        }
        if (form == 3) {
            pack_gzip(&packed, lede_buf_span(&warc));
        }
        assert_ok(read_warc_bytes(lede_buf_span(form >= 2 ? &packed : &warc)));
        assert_int_equal(got.count, 1 + form % 2);
        assert_span(entry(0)->headline, "Storm");
        assert_span(entry(0)->body[entry(0)->block_count - 1].text,
                    "The end of the text comes behind it.");
        assert_int_equal(got.notes, 0);
        lede_buf_done(&warc);
        lede_buf_done(&packed);
    }
}

static void test_warc__pages_of_no_declared_type(void **state)
{
    lede_buf warc = {0};

    (void)state;
    put_page(&warc, "https://p.example/1", "", lede_span_text(PAGE("Storm")));
    put_page(&warc, "https://p.example/2", "",
             lede_span_of("\x89PNG\r\n\x1a\n\0\0\0\0\0\0", 14));
    assert_ok(read_warc_bytes(lede_buf_span(&warc)));
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->headline, "Storm");
    assert_int_equal(got.notes, 0);
    lede_buf_done(&warc);
}

static void put_arc_page(lede_buf *out, int number, size_t wrong_by)
{
    static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: "
                               "text/html\r\n\r\n" PAGE("Storm");

    lede_buf_put_format(out,
                        "http://p.example/%d 192.0.2.1 20200506070809 "
                        "text/html %zu\n%s\n",
                        number, sizeof page - 1 + wrong_by, page);
}

/* A length that is too large takes nothing from the next record. */
static void test_warc__arc_lengths_that_are_wrong(void **state)
{
    static const size_t wrong_by[] = {20, 300, 100000};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        lede_buf arc = {0};

        lede_buf_put_text(&arc, "filedesc://a.arc 0.0.0.0 20200506070809 "
                                "text/plain 69\n1 0 Archive\nURL IP-address "
                                "Archive-date Content-type Archive-length\n\n");
        put_arc_page(&arc, 1, wrong_by[i]);
        put_arc_page(&arc, 2, 0);
        put_arc_page(&arc, 3, 0);
        assert_ok(read_warc_bytes(lede_buf_span(&arc)));
        assert_int_equal(got.count, 3);
        assert_span(entry(1)->url, "http://p.example/2");
        assert_true(got.notes > 0);
        lede_buf_done(&arc);
    }
}

static void test_warc__arc_1_and_2(void **state)
{
    static const char page[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" PAGE("Storm");
    lede_buf arc = {0};

    (void)state;
    lede_buf_put_text(&arc,
                      "filedesc://a.arc 0.0.0.0 20140216050221 text/plain "
                      "63\n1 0 A\nURL IP-address Archive-date "
                      "Content-type Archive-length\n\n\n");
    lede_buf_put_format(&arc,
                        "http://p.example/a b?c=d e 1.2.3.4 20140216050221 "
                        "text/html %zu\n%s\n",
                        sizeof page - 1, page);
    lede_buf_put_format(&arc,
                        "http://p.example/2 1.2.3.4 20140216050222 "
                        "text/html abc\n%s\n",
                        page);
    lede_buf_put_format(&arc,
                        "http://p.example/3 1.2.3.4 20140216050223 "
                        "text/html %zu\n%s\n",
                        sizeof page - 1, page);
    assert_ok(read_warc_bytes(lede_buf_span(&arc)));
    assert_int_equal(got.count, 2);
    assert_span(entry(0)->url, "http://p.example/a b?c=d e");
    assert_when(&entry(0)->captured, "2014-02-16T05:02:21Z");
    assert_true(has_url("http://p.example/3"));
    lede_buf_clear(&arc);
    lede_buf_put_text(&arc,
                      "filedesc://a.arc 0.0.0.0 20140216050221 text/plain "
                      "200 - - 0 a.arc 8\n2 0 A\nU\n\n");
    lede_buf_put_format(&arc,
                        "http://p.example/4 1.2.3.4 20140216050221 text/html "
                        "200 - - 209 a.arc %zu\n%s\n",
                        sizeof page - 1, page);
    assert_ok(read_warc_bytes(lede_buf_span(&arc)));
    assert_int_equal(got.count, 1);
    assert_span(entry(0)->url, "http://p.example/4");
    lede_buf_done(&arc);
}

/* What comes of each of the samples: entries, and the first one's address. */
static const struct {
    const char *name;
    size_t entries;
    const char *url;
} samples[] = {
    {"bad.arc", 0, NULL},
    {"example-bad-non-chunked.warc.gz", 1, "http://example.com/"},
    {"example-bad.warc.gz.bad", 1, "http://example.com?example=1"},
    {"example-collection.warc", 1, "http://www.example.com/"},
    {"example-digest.warc", 0, NULL}, /* requests only */
    {"example-iana.org-chunked.warc", 1, "http://www.iana.org/"},
    {"example-iana.warc", 6, "https://example.com/"},
    {"example-resource.warc.gz", 1, "https://example.com/index.html"},
    {"example-space-in-url.arc", 1,
     "http://example.com/index.cfm?FuseAction=Email&EmailTitle=Examples From "
     "The Live Web&IsPopUp=False"},
    {"example-trunc.warc", 1, "http://example.com/"},
    {"example-wget-bad-target-uri.warc.gz", 1, "http://example.com/"},
    {"example-wrong-chunks.warc.gz", 1, "http://example.com/"},
    {"example.arc", 1, "http://example.com/"},
    {"example.arc.gz", 1, "http://example.com/"},
    {"example.warc", 1, "http://example.com/"},
    {"example.warc.gz", 1, "http://example.com/"},
    {"valid_example_1.wacz", 1, "http://www.example.com/"},
    {"valid_example_2.wacz", 1, "http://www.example.com/"},
};

static void test_warc__samples(void **state)
{
    size_t i;

    (void)state;
    if (access(WARCS, R_OK) != 0) {
        print_message("%s is missing\n", WARCS);
        skip();
    }
    for (i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        lede_sink sink = collect_sink(&got);
        char path[1024];
        lede_status status;

        collect_done(&got);
        snprintf(path, sizeof path, "%s/%s", WARCS, samples[i].name);
        status = lede_corpus_read_file(path, &options, &sink, &err);
        if (got.count != samples[i].entries) {
            fail_msg("%s: %zu entries (%s)", samples[i].name, got.count,
                     err.message);
        }
        assert_int_equal(status, got.count > 0 ? LEDE_OK : LEDE_BAD_INPUT);
        if (got.count > 0) {
            assert_span(entry(0)->url, samples[i].url);
            assert_true(entry(0)->block_count > 0);
            assert_int_equal(entry(0)->captured.precision,
                             LEDE_PRECISION_SECOND);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        READ_TEST(test_warc__pages_with_address_and_time),
        READ_TEST(test_warc__encodings_of_bodies),
        READ_TEST(test_warc__what_follows_damage_is_found),
        READ_TEST(test_warc__a_cut_is_told_once),
        READ_TEST(test_warc__json_is_captured),
        READ_TEST(test_warc__wrong_first_bytes_lose_one_record),
        READ_TEST(test_warc__first_lines_with_a_byte_changed),
        READ_TEST(test_warc__zeros_are_told),
        READ_TEST(test_warc__pages_forge_no_records),
        READ_TEST(test_warc__pages_of_no_declared_type),
        READ_TEST(test_warc__arc_lengths_that_are_wrong),
        READ_TEST(test_warc__arc_1_and_2),
        READ_TEST(test_warc__samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
