/* sink.h - a sink that writes down what it is given, and checks its order. */
#ifndef LEDE_TESTS_CORPUS_SINK_H
#define LEDE_TESTS_CORPUS_SINK_H

#include "tests/support/check.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/reader.h"

typedef struct test_sink {
    lede_buf entries; /* one line each, as put_entry has it */
    lede_buf notes;   /* "location what\n" */
    size_t entry_count, note_count, page_count, live_pages;
    bool page_is_open;
    size_t fail_at; /* entry number that gives LEDE_IO; 0 = none */
    volatile int stop;
    size_t stop_at;
    uint64_t progress;
} test_sink;

static inline void check_text(lede_span text)
{
    assert_true(text.len == 0 || text.bytes != NULL);
    assert_int_equal(lede_utf8_valid_prefix(text), text.len);
}

static inline void put_field(lede_buf *out, const char *name, lede_span text)
{
    check_text(text);
    if (text.len > 0) {
        lede_buf_put_format(out, " %s=", name);
        lede_buf_put_span(out, text);
    }
}

static inline void put_when(lede_buf *out, const char *name,
                            const lede_when *when)
{
    if (when->instant != LEDE_INSTANT_NONE) {
        lede_buf_put_format(out, " %s=", name);
        lede_when_format(when, out);
    }
}

/* "kind headline=... deck=... author=Name/role/place p(...)li(...)\n" */
static inline void put_entry(lede_buf *out, const lede_entry *entry)
{
    uint32_t i;

    lede_buf_put_text(out, lede_kind_name(entry->kind));
    put_field(out, entry->headline_derived ? "derived" : "headline",
              entry->headline);
    put_field(out, "deck", entry->deck);
    put_when(out, "published", &entry->published);
    put_when(out, "updated", &entry->updated);
    put_when(out, "captured", &entry->captured);
    for (i = 0; i < entry->author_count; i++) {
        put_field(out, "author", entry->authors[i].name);
        put_field(out, "role", entry->authors[i].role);
        put_field(out, "place", entry->authors[i].location);
    }
    put_field(out, "url", entry->url);
    put_field(out, "id", entry->native_id);
    put_field(out, "source", entry->source);
    put_field(out, "lang", entry->lang);
    put_field(out, "section", entry->section);
    for (i = 0; i < entry->tag_count; i++) {
        put_field(out, "tag", entry->tags[i]);
    }
    for (i = 0; i < LEDE_FLAG_COUNT; i++) {
        if (entry->flags >> i & 1) {
            lede_buf_put_format(out, " %s", lede_flag_name(i));
        }
    }
    lede_buf_put_byte(out, ' ');
    for (i = 0; i < entry->block_count; i++) {
        check_text(entry->body[i].text);
        assert_true(entry->body[i].text.len > 0);
        lede_buf_put_format(out, "%s(",
                            lede_block_type_name(entry->body[i].type));
        lede_buf_put_span(out, entry->body[i].text);
        lede_buf_put_byte(out, ')');
    }
    lede_buf_put_byte(out, '\n');
}

static inline lede_status test_page_begin(void *ctx, const lede_page *page,
                                          lede_error *err)
{
    test_sink *sink = ctx;

    (void)err;
    assert_false(sink->page_is_open);
    assert_non_null(page->format);
    sink->page_is_open = true;
    sink->page_count++;
    sink->live_pages += page->is_live;
    return LEDE_OK;
}

static inline lede_status test_entry(void *ctx, lede_entry *entry,
                                     const char *location, lede_error *err)
{
    test_sink *sink = ctx;

    assert_true(sink->page_is_open);
    sink->entry_count++;
    if (sink->entry_count == sink->stop_at) {
        sink->stop = 1;
    }
    if (sink->entry_count == sink->fail_at) {
        return lede_fail(err, LEDE_IO, "the disk is full");
    }
    lede_buf_put_text(&sink->entries, location);
    lede_buf_put_byte(&sink->entries, ' ');
    put_entry(&sink->entries, entry);
    return LEDE_OK;
}

static inline lede_status test_page_end(void *ctx, lede_error *err)
{
    test_sink *sink = ctx;

    (void)err;
    assert_true(sink->page_is_open);
    sink->page_is_open = false;
    return LEDE_OK;
}

static inline void test_note(void *ctx, const char *location, const char *what)
{
    test_sink *sink = ctx;

    if (strchr(what, '\n') != NULL) {
        fail_msg("a note of several lines: %s", what);
    }
    sink->note_count++;
    lede_buf_put_format(&sink->notes, "%s %s\n", location, what);
}

static inline void test_progress(void *ctx, uint64_t bytes)
{
    test_sink *sink = ctx;

    assert_true(bytes >= sink->progress);
    sink->progress = bytes;
}

static inline lede_sink test_sink_of(test_sink *sink)
{
    lede_sink out = {sink,      test_page_begin, test_entry, test_page_end,
                     test_note, test_progress,   NULL};

    return out;
}

static inline void test_sink_done(test_sink *sink)
{
    lede_buf_done(&sink->entries);
    lede_buf_done(&sink->notes);
    memset(sink, 0, sizeof *sink);
}

/* Reads bytes as a file named `path` into a fresh sink. */
static inline lede_status read_into(test_sink *sink, lede_span bytes,
                                    const char *path, lede_error *err)
{
    lede_sink out = test_sink_of(sink);
    lede_read_options options = {.now = 1771200000, .stop = &sink->stop};
    lede_status status;

    sink->entries.len = sink->notes.len = 0;
    sink->entry_count = sink->note_count = sink->page_count = 0;
    sink->live_pages = 0;
    sink->page_is_open = false;
    sink->stop = 0;
    sink->progress = 0;
    status = lede_corpus_read_bytes(bytes, path, &options, &out, err);
    return status;
}

#endif
