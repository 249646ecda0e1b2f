/* A paragraph larger than anyone writes, in every reader: it ends in time and
 * in bounded memory, no text is lost before a reader's bound, and what is left
 * out is told. */
#include <stdlib.h>
#include <time.h>

#include "corpus/member.h"
#include "tests/support/check.h"
#include "tests/support/memory.h"

/* The promises, which leave room for the machine: a second per MB, and 12 MB of
 * memory for each that a document has. */
static const double seconds_per_mb = CHECK_IS_SANITIZED ? 4 : 1;
static const double memory_mb_per_mb = 12;

typedef struct huge {
    const char *name, *before, *after;
} huge;

typedef struct sum {
    size_t entries, bytes, notes;
    uint32_t flags;
} sum;

static lede_status on_page(void *ctx, const lede_page *page, lede_error *err)
{
    (void)ctx;
    (void)page;
    (void)err;
    return LEDE_OK;
}

static lede_status on_end(void *ctx, lede_error *err)
{
    (void)ctx;
    (void)err;
    return LEDE_OK;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    sum *s = ctx;
    uint32_t i;

    (void)location;
    (void)err;
    s->entries++;
    s->flags |= entry->flags;
    for (i = 0; i < entry->block_count; i++) {
        s->bytes += entry->body[i].text.len;
    }
    return LEDE_OK;
}

static void on_note(void *ctx, const char *location, const char *what)
{
    (void)location;
    (void)what;
    ((sum *)ctx)->notes++;
}

/* Of this process: neighbours do not count. */
static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_huge__one_paragraph(void **state)
{
    static const huge cases[] = {
        {"article", "Ferry aground\n\n", "\n"},
        {"live text",
         "1. Ferry agroundpublished at 10:00 GMT 17 February "
         "2024\n\n",
         "\n\n2. Ferry afloatpublished at 09:00 GMT 17 February 2024\n\nIt.\n"},
        {"html", "<html><body><article><h1>Ferry</h1><p>", "</p></article>"},
        {"json", "{\"title\":\"A\",\"body\":\"", "\"}"},
        {"json, html", "{\"title\":\"A\",\"body\":\"<p>", "</p>\"}"},
        {"json feed",
         "{\"version\":\"https://jsonfeed.org/version/1\",\"items\""
         ":[{\"title\":\"A\",\"content_html\":\"<p>",
         "</p>\"}]}"},
        {"rss", "<rss><channel><item><title>A</title><description>",
         "</description></item></channel></rss>"},
        {"reuters", "<REUTERS NEWID=\"1\"><TEXT><TITLE>A</TITLE><BODY>",
         "</BODY></TEXT></REUTERS>"},
        {"trec", "<DOC><DOCNO>1</DOCNO><TEXT>", "</TEXT></DOC>"},
        {"nitf", "<nitf><body><body.content><p>",
         "</p></body.content></body></nitf>"},
        {"mail",
         "From: a@b.example\nSubject: A\nDate: Mon, 17 Feb 2025 "
         "10:00:00 +0000\n\n",
         "\n"},
        {"mail, html",
         "From: a@b.example\nSubject: A\nMIME-Version: 1.0\n"
         "Content-Type: text/html\n\n<p>",
         "</p>\n"},
        {"markdown", "---\ntitle: A\ndate: 2024-02-17\n---\n", "\n"},
        {"table", "title,content\nA,\"", "\"\n"},
        {"bookmarks",
         "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A "
         "HREF=\"https://a.example/\">",
         "</A></DL>"},
    };
    size_t bytes =
        getenv("LEDE_TEST_LONG") != NULL ? (size_t)30 << 20 : (size_t)3 << 20;
    static const lede_read_options options = {.now = 1795000000};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_buf text = {0};
        sum got = {0};
        lede_sink sink = {.ctx = &got,
                          .page_begin = on_page,
                          .entry = on_entry,
                          .page_end = on_end,
                          .note = on_note};
        lede_error err = {0};
        lede_status status;
        double took, memory;

        lede_buf_put_text(&text, cases[i].before);
        while (text.len < bytes) {
            lede_buf_put_text(&text, "The ferry ran aground in the night, and "
                                     "nobody was hurt. ");
        }
        lede_buf_put_text(&text, cases[i].after);
        memory = memory_begin_mb();
        took = now_s();
        status = lede_corpus_read_bytes(lede_buf_span(&text), "", &options,
                                        &sink, &err);
        took = now_s() - took;
        memory = memory_most_mb() - memory;
        print_message(
            "%-12s %.2f s, %.0f MB, %zu entries, %zu of %zu bytes, %zu notes\n",
            cases[i].name, took, memory, got.entries, got.bytes, text.len,
            got.notes);
        assert_true(took < seconds_per_mb * (double)text.len / (1 << 20));
        assert_true(CHECK_IS_SANITIZED ||
                    memory < memory_mb_per_mb * (double)text.len / (1 << 20));
        assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
        assert_true(got.bytes <= text.len);
        /* Most of it is there, or its loss is told. */
        assert_true(got.bytes + text.len / 50 > text.len || got.notes > 0 ||
                    (got.flags & LEDE_FLAG_TRUNCATED) != 0 ||
                    status != LEDE_OK ||
                    i + 1 == sizeof cases / sizeof cases[0]);
        lede_buf_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_huge__one_paragraph),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
