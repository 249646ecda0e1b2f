/* collect.h - a sink that keeps what a reader gives.
 *
 * Deep copies of pages, entries and notes, in one arena, for tests to look at
 * when the read is over. */
#ifndef LEDE_TESTS_SUPPORT_COLLECT_H
#define LEDE_TESTS_SUPPORT_COLLECT_H

#include <stdio.h>

#include "base/arena.h"
#include "corpus/format.h"
#include "tests/support/check.h"

enum { COLLECT_MAX = 20000 };

typedef struct collected {
    lede_arena arena;
    lede_entry *entries;
    const char **locations;
    size_t count;
    lede_page page; /* the last */
    size_t pages, page_ends;
    size_t notes;
    char last_note[512];
    size_t fail_at; /* the entry that the sink refuses; 0 = none */
    bool is_open;
} collected;

static inline lede_span collect_copy(collected *c, lede_span span)
{
    lede_span copy = lede_arena_copy(&c->arena, span);

    assert_non_null(copy.bytes);
    /* Text given by a reader is valid UTF-8 whose bytes can be read. */
    return copy;
}

static inline void *collect_array(collected *c, const void *items, size_t count,
                                  size_t size)
{
    void *copy = lede_arena_array(&c->arena, count == 0 ? 1 : count, size);

    assert_non_null(copy);
    if (count > 0) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

static inline void collect_when(collected *c, lede_when *when)
{
    when->zone_text = collect_copy(c, when->zone_text);
    when->text = collect_copy(c, when->text);
}

static inline lede_media *collect_media(collected *c, const lede_media *media,
                                        uint32_t count)
{
    lede_media *copy = collect_array(c, media, count, sizeof *media);

    for (uint32_t i = 0; i < count; i++) {
        copy[i].alt = collect_copy(c, media[i].alt);
        copy[i].caption = collect_copy(c, media[i].caption);
        copy[i].credit = collect_copy(c, media[i].credit);
        copy[i].url = collect_copy(c, media[i].url);
    }
    return copy;
}

static inline lede_status collect_page_begin(void *ctx, const lede_page *page,
                                             lede_error *err)
{
    collected *c = ctx;

    (void)err;
    assert_false(c->is_open);
    c->is_open = true;
    c->pages++;
    c->page = *page;
    c->page.url = collect_copy(c, page->url);
    c->page.title = collect_copy(c, page->title);
    c->page.site = collect_copy(c, page->site);
    c->page.media = collect_media(c, page->media, page->media_count);
    return LEDE_OK;
}

static inline void collect_lists(collected *c, lede_entry *e)
{
    e->authors =
        collect_array(c, e->authors, e->author_count, sizeof *e->authors);
    for (uint32_t i = 0; i < e->author_count; i++) {
        e->authors[i].name = collect_copy(c, e->authors[i].name);
        e->authors[i].role = collect_copy(c, e->authors[i].role);
        e->authors[i].location = collect_copy(c, e->authors[i].location);
    }
    e->labels = collect_array(c, e->labels, e->label_count, sizeof *e->labels);
    for (uint32_t i = 0; i < e->label_count; i++) {
        e->labels[i] = collect_copy(c, e->labels[i]);
    }
    e->tags = collect_array(c, e->tags, e->tag_count, sizeof *e->tags);
    for (uint32_t i = 0; i < e->tag_count; i++) {
        e->tags[i] = collect_copy(c, e->tags[i]);
    }
    e->media = collect_media(c, e->media, e->media_count);
    e->page_media = collect_media(c, e->page_media, e->page_media_count);
    e->body = collect_array(c, e->body, e->block_count, sizeof *e->body);
    for (uint32_t i = 0; i < e->block_count; i++) {
        e->body[i].text = collect_copy(c, e->body[i].text);
        assert_true(e->body[i].text.len > 0);
    }
}

static inline lede_status collect_entry(void *ctx, lede_entry *entry,
                                        const char *location, lede_error *err)
{
    collected *c = ctx;
    lede_entry *e;

    assert_true(c->is_open);
    assert_non_null(location);
    if (c->fail_at == c->count + 1) {
        return lede_fail(err, LEDE_IO, "the sink is full");
    }
    assert_true(c->count < COLLECT_MAX);
    if (c->entries == NULL) {
        c->entries = calloc(COLLECT_MAX, sizeof *c->entries);
        c->locations = calloc(COLLECT_MAX, sizeof *c->locations);
        assert_non_null(c->entries);
        assert_non_null(c->locations);
    }
    c->locations[c->count] =
        (const char *)collect_copy(c, lede_span_text(location)).bytes;
    e = &c->entries[c->count++];
    *e = *entry;
    e->headline = collect_copy(c, e->headline);
    if (e->why.len > 0) {
        e->why = collect_copy(c, e->why);
    }
    e->deck = collect_copy(c, e->deck);
    e->url = collect_copy(c, e->url);
    e->page_url = collect_copy(c, e->page_url);
    e->page_title = collect_copy(c, e->page_title);
    e->source = collect_copy(c, e->source);
    e->lang = collect_copy(c, e->lang);
    collect_when(c, &e->published);
    collect_when(c, &e->updated);
    collect_when(c, &e->captured);
    e->native_id = collect_copy(c, e->native_id);
    e->section = collect_copy(c, e->section);
    collect_lists(c, e);
    return LEDE_OK;
}

static inline lede_status collect_page_end(void *ctx, lede_error *err)
{
    collected *c = ctx;

    (void)err;
    assert_true(c->is_open);
    c->is_open = false;
    c->page_ends++;
    return LEDE_OK;
}

static inline void collect_note(void *ctx, const char *location,
                                const char *what)
{
    collected *c = ctx;

    assert_non_null(location);
    c->notes++;
    snprintf(c->last_note, sizeof c->last_note, "%s", what);
}

static inline lede_sink collect_sink(collected *c)
{
    lede_sink sink = {.ctx = c,
                      .page_begin = collect_page_begin,
                      .entry = collect_entry,
                      .page_end = collect_page_end,
                      .note = collect_note};
    return sink;
}

static inline void collect_done(collected *c)
{
    lede_arena_done(&c->arena);
    free(c->entries);
    free(c->locations);
    *c = (collected){0};
}

/* Reads bytes by one format. */
static inline lede_status collect_bytes(collected *c, const lede_format *format,
                                        lede_span bytes, const char *path,
                                        const lede_read_context *context,
                                        lede_error *err)
{
    lede_input *input = NULL;
    lede_sink sink = collect_sink(c);
    lede_status status = lede_input_open_bytes(bytes, path, &input, err);

    if (status == LEDE_OK) {
        status = format->read(input, context, &sink, err);
    }
    lede_input_close(input);
    return status;
}

/* The bytes of a file; free them. */
static inline lede_span collect_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t len = 0;
    size_t got;

    assert_non_null(file);
    do {
        bytes = realloc(bytes, len + 65536);
        assert_non_null(bytes);
        got = fread(bytes + len, 1, 65536, file);
        len += got;
    } while (got > 0);
    fclose(file);
    return lede_span_of(bytes, len);
}

#endif
