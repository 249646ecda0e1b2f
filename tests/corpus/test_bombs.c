/* Files that are far more than they seem, in every wrapping and container: what
 * comes of them is bounded, so is the memory they take, and people are told. */
#include <brotli/encode.h>

#include "tests/corpus/pack.h"
#include "tests/corpus/pack_files.h"
#include "tests/support/check.h"
#include "tests/support/memory.h"

#include "corpus/reader.h"

#define ARTICLE                                                                \
    "{\"title\":\"Ferry\",\"body\":\"The ferry ran aground in the night.\"}"

typedef struct bomb {
    const char *name;
    lede_buf file;
    const char *told; /* in a note, or the message; NULL: nothing is refused */
} bomb;

/* What came of a file. */
typedef struct harm {
    size_t entries, text_bytes, deep;
    lede_buf told;
} harm;

/* Documents of nothing but tags take the most: their trees are held. */
enum { FREE_MB = 32, MB_PER_MB = 16, FILL_BYTES = 64 << 20 };

static lede_status on_page(void *ctx, const lede_page *page, lede_error *err)
{
    (void)page;
    (void)err;
    assert_int_equal(((harm *)ctx)->deep++, 0);
    return LEDE_OK;
}

static lede_status on_end(void *ctx, lede_error *err)
{
    (void)err;
    assert_int_equal(((harm *)ctx)->deep--, 1);
    return LEDE_OK;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    harm *h = ctx;
    uint32_t i;

    (void)location;
    (void)err;
    h->entries++;
    h->text_bytes += entry->headline.len + entry->deck.len;
    for (i = 0; i < entry->block_count; i++) {
        h->text_bytes += entry->body[i].text.len;
    }
    return LEDE_OK;
}

static void on_note(void *ctx, const char *location, const char *what)
{
    harm *h = ctx;

    lede_buf_put_format(&h->told, "%.200s %s\n", location, what);
}

/* Reads the bomb; it is given back. */
static void explode(bomb *b)
{
    static const lede_read_options options = {.now = 1795000000};
    harm h = {0};
    lede_sink sink = {.ctx = &h,
                      .page_begin = on_page,
                      .entry = on_entry,
                      .page_end = on_end,
                      .note = on_note};
    lede_error err = {0};
    double memory = memory_begin_mb();
    lede_status status;

    assert_false(b->file.failed);
    status = lede_corpus_read_bytes(lede_buf_span(&b->file), "", &options,
                                    &sink, &err);
    memory = memory_most_mb() - memory;
    lede_buf_put_format(&h.told, "%s\n", err.message);
    if (status != LEDE_OK && status != LEDE_BAD_INPUT) {
        fail_msg("%s: %s", b->name, err.message);
    }
    if (b->told != NULL && strstr(lede_buf_text(&h.told), b->told) == NULL) {
        fail_msg("%s: not told '%s', but '%s'", b->name, b->told,
                 lede_buf_text(&h.told));
    }
    /* 200 times, and a MiB, and what a document is read in pieces of. */
    if (h.text_bytes > b->file.len * 200 + (2 << 20)) {
        fail_msg("%s: %zu bytes of text", b->name, h.text_bytes);
    }
    if (!CHECK_IS_SANITIZED &&
        memory > FREE_MB + MB_PER_MB * (double)b->file.len / (1 << 20)) {
        fail_msg("%s: %.0f MB of memory", b->name, memory);
    }
    print_message("%-22s %7zu bytes, %zu entries, %zu bytes of text, %.0f MB\n",
                  b->name, b->file.len, h.entries, h.text_bytes, memory);
    lede_buf_done(&b->file);
    lede_buf_done(&h.told);
}

/* One article, and as many blanks as nobody types. */
static lede_span new_filling(void)
{
    static const char article[] = ARTICLE "\n";
    char *bytes = malloc(FILL_BYTES);

    assert_non_null(bytes);
    memset(bytes, ' ', FILL_BYTES);
    memcpy(bytes, article, sizeof article - 1);
    return lede_span_of(bytes, FILL_BYTES);
}

static void test_bombs__compressed_ones(void **state)
{
    static const char told[] = "expands to more than 200 times";
    lede_span filling = new_filling();
    bomb bombs[] = {{.name = "gzip", .told = told},
                    {.name = "zstd", .told = told},
                    {.name = "bzip2", .told = told},
                    {.name = "xz", .told = told},
                    {.name = "gzip in gzip", .told = told},
                    {.name = "xz in zstd in gzip", .told = told}};
    lede_buf inner = {0};
    size_t i;

    (void)state;
    pack_gzip(&bombs[0].file, filling);
    pack_zstd(&bombs[1].file, filling);
    pack_bzip2(&bombs[2].file, filling);
    pack_xz(&bombs[3].file, filling);
    pack_gzip(&bombs[4].file, lede_buf_span(&bombs[0].file));
    pack_zstd(&inner, lede_buf_span(&bombs[3].file));
    pack_gzip(&bombs[5].file, lede_buf_span(&inner));
    for (i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        explode(&bombs[i]);
    }
    lede_buf_done(&inner);
    free((void *)(uintptr_t)filling.bytes);
}

static void test_bombs__archives(void **state)
{
    static const char told[] = "expands to more than 200 times";
    lede_span filling = new_filling();
    pack_file files[] = {{"a.json", filling}, {NULL, {NULL, 0}}};
    lede_buf layers[6] = {{0}};
    bomb b;
    size_t i;

    (void)state;
    pack_files(&layers[0], true, files);
    for (i = 1; i < 6; i++) { /* zip, tar, zip ... */
        files[0] = (pack_file){i % 2 == 0 ? "b.zip" : "b.tar",
                               lede_buf_span(&layers[i - 1])};
        pack_files(&layers[i], i % 2 == 0, files);
    }
    for (i = 0; i < 6; i++) {
        char name[24];

        snprintf(name, sizeof name, "zip, %zu deep", i + 1);
        b = (bomb){.name = name,
                   .file = layers[i],
                   .told = i < 3 ? told : "more than 3 deep"};
        explode(&b);
    }
    /* A tar archive, compressed as a whole. */
    files[0] = (pack_file){"a.json", filling};
    memset(layers, 0, sizeof layers);
    pack_files(&layers[0], false, files);
    b = (bomb){.name = "tar.xz", .told = told};
    pack_xz(&b.file, lede_buf_span(&layers[0]));
    explode(&b);
    b = (bomb){.name = "tar.gz", .told = told};
    pack_gzip(&b.file, lede_buf_span(&layers[0]));
    explode(&b);
    lede_buf_done(&layers[0]);
    free((void *)(uintptr_t)filling.bytes);
}

static void put_response(lede_buf *out, const char *length, const char *headers,
                         lede_span body)
{
    char exact[24];
    size_t head = strlen(headers) + sizeof "HTTP/1.1 200 OK\r\n\r\n" - 1;

    snprintf(exact, sizeof exact, "%zu", head + body.len);
    lede_buf_put_format(out,
                        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: "
                        "https://p.example/\r\nWARC-Date: "
                        "2020-05-06T07:08:09Z\r\nContent-Type: "
                        "application/http\r\nContent-Length: %s\r\n\r\n"
                        "HTTP/1.1 200 OK\r\n%s\r\n",
                        length == NULL ? exact : length, headers);
    lede_buf_put_span(out, body);
    lede_buf_put_text(out, "\r\n\r\n");
}

static void test_bombs__web_archives(void **state)
{
    static const char told[] = "expands to more than 200 times";
    static const char *const lies[] = {"18446744073709551615",
                                       "18446744073709551616",
                                       "9223372036854775807",
                                       "-1",
                                       "0",
                                       "1",
                                       "0x10",
                                       "99999999999999999999999999",
                                       "4294967296",
                                       " ",
                                       "12, 12"};
    lede_span filling = new_filling();
    lede_span page = lede_span_text(
        "<html><body><article><h1>Ferry</h1><p>The ferry ran aground in the "
        "night.</p></article>");
    lede_buf packed = {0};
    size_t len = 1 << 20;
    uLongf zlib_len = 1 << 20;
    uint8_t *body = malloc(len);
    bomb b = {.name = "warc, gzip", .told = told};
    size_t i;

    (void)state;
    assert_non_null(body);
    pack_gzip(&packed, filling);
    put_response(&b.file, NULL,
                 "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
                 lede_buf_span(&packed));
    explode(&b);
    b = (bomb){.name = "warc, brotli", .told = told};
    assert_true(BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, filling.len,
                                      filling.bytes, &len, body));
    put_response(&b.file, NULL,
                 "Content-Type: application/json\r\nContent-Encoding: br\r\n",
                 lede_span_of(body, len));
    explode(&b);
    b = (bomb){.name = "warc, deflate", .told = told};
    assert_int_equal(compress(body, &zlib_len, filling.bytes, filling.len),
                     Z_OK);
    put_response(
        &b.file, NULL,
        "Content-Type: application/json\r\nContent-Encoding: deflate\r\n",
        lede_span_of(body, zlib_len));
    explode(&b);
    for (i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        b = (bomb){.name = lies[i]};
        put_response(&b.file, lies[i], "Content-Type: text/html\r\n", page);
        put_response(&b.file, lies[i],
                     "Content-Type: text/html\r\n"
                     "Transfer-Encoding: chunked\r\n",
                     lede_span_text("ffffffffffffffff\r\n<p>a\r\n0\r\n\r\n"));
        put_response(&b.file, NULL, "Content-Type: text/html\r\n", page);
        explode(&b);
    }
    lede_buf_done(&packed);
    free(body);
    free((void *)(uintptr_t)filling.bytes);
}

/* A thousand of "lol" each time, nine times over. */
static void put_entities(lede_buf *out, const char *root)
{
    int i;

    lede_buf_put_format(out,
                        "<?xml version=\"1.0\"?>\n<!DOCTYPE %s [\n"
                        "<!ENTITY e0 \"lolololol\">\n"
                        "<!ENTITY file SYSTEM \"file:///etc/passwd\">\n"
                        "<!ENTITY %% outer SYSTEM \"http://a.example/\">\n",
                        root);
    for (i = 1; i < 10; i++) {
        lede_buf_put_format(out,
                            "<!ENTITY e%d \"&e%d;&e%d;&e%d;&e%d;&e%d;&e%d;&e%d;"
                            "&e%d;&e%d;&e%d;\">\n",
                            i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1,
                            i - 1, i - 1, i - 1);
    }
    lede_buf_put_text(out, "%outer;]>\n");
}

static void test_bombs__entities(void **state)
{
    static const struct {
        const char *root, *text;
    } documents[] = {
        {"rss", "<rss><channel><item><title>A &e9;</title><description>&e9; "
                "&file;</description></item></channel></rss>"},
        {"feed", "<feed><entry><title>A &e9;</title><content>&e9; &file;"
                 "</content></entry></feed>"},
        {"nitf", "<nitf><body><body.head><hedline><hl1>A &e9;</hl1></hedline>"
                 "</body.head><body.content><p>&e9; &file;</p></body.content>"
                 "</body></nitf>"},
        {"newsItem", "<newsItem guid=\"a\"><contentMeta><headline>A &e9;"
                     "</headline></contentMeta><contentSet><inlineData>&e9; "
                     "&file;</inlineData></contentSet></newsItem>"},
        {"html", "<html><body><article><h1>A &e9;</h1><p>&e9; &file; and some "
                 "words of a text.</p></article></body></html>"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        bomb b = {.name = documents[i].root};

        put_entities(&b.file, documents[i].root);
        lede_buf_put_text(&b.file, documents[i].text);
        explode(&b);
    }
}

static void test_bombs__nesting(void **state)
{
    static const struct {
        const char *name, *before, *piece, *after;
    } documents[] = {
        {"json arrays", "", "[", ""},
        {"json objects", "", "{\"a\":", ""},
        {"json in an article", "{\"title\":\"A\",\"body\":\"b\",\"x\":", "[",
         "}"},
        {"html", "<html><body><p>Text of it.", "<div>", "a"},
        {"html, ld+json", "<script type=application/ld+json>",
         "{\"mainEntity\":[", "</script><p>Text of it."},
        {"rss", "<rss><channel><item><title>A</title>", "<a>", ""},
        {"nitf", "<nitf><body><body.content><p>A</p>", "<block>", ""},
        {"newsml", "<newsItem><contentSet><inlineXML>", "<a>", ""},
        {"mail", "From: a@b.example\nSubject: A\nMIME-Version: 1.0\n",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "\ntext"},
        {"mail in mail", "From: a@b.example\nSubject: A\nMIME-Version: 1.0\n",
         "Content-Type: message/rfc822\n\n", "\ntext"},
        {"markdown", "---\ntitle: A\n---\n\n", "[", "\n"},
        {"bookmarks", "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n", "<DL><DT><H3>A",
         "<DT><A HREF=\"https://a.example/\">A</A>"},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        bomb b = {.name = documents[i].name};

        lede_buf_put_text(&b.file, documents[i].before);
        for (k = 0; k < 200000; k++) {
            lede_buf_put_text(&b.file, documents[i].piece);
        }
        lede_buf_put_text(&b.file, documents[i].after);
        explode(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bombs__compressed_ones),
        cmocka_unit_test(test_bombs__archives),
        cmocka_unit_test(test_bombs__web_archives),
        cmocka_unit_test(test_bombs__entities),
        cmocka_unit_test(test_bombs__nesting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
