/* read_format.h - any bytes through one format's reader.
 *
 * Whatever the bytes, the reader ends well or says that there is nothing in
 * them, pages and entries come in order, and all text is valid UTF-8. */
#ifndef LEDE_TESTS_FUZZ_READ_FORMAT_H
#define LEDE_TESTS_FUZZ_READ_FORMAT_H

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "corpus/format.h"
#include "corpus/member.h"

typedef struct format_run {
    int depth;
    size_t entries;
} format_run;

static inline void format_demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "broken promise: %s\n", what);
        abort();
    }
}

static inline void format_text(lede_span text)
{
    format_demand(lede_utf8_valid_prefix(text) == text.len, "text is UTF-8");
}

static inline void format_when(const lede_when *when)
{
    format_text(when->text);
    format_text(when->zone_text);
    format_demand(when->precision != LEDE_PRECISION_NONE ||
                      when->instant == LEDE_INSTANT_NONE,
                  "an instant has a precision");
    format_demand(when->local.month <= 12 && when->local.day <= 31 &&
                      when->local.hour < 24 && when->local.minute < 60,
                  "the parts of a date are in range");
}

static inline lede_status format_begin(void *ctx, const lede_page *page,
                                       lede_error *err)
{
    format_run *run = ctx;

    (void)err;
    format_demand(run->depth++ == 0, "pages do not nest");
    format_text(page->title);
    return LEDE_OK;
}

static inline lede_status format_entry(void *ctx, lede_entry *e,
                                       const char *location, lede_error *err)
{
    format_run *run = ctx;

    (void)err;
    format_demand(run->depth == 1, "entries stand in pages");
    format_demand(location != NULL, "there is a location");
    run->entries++;
    format_text(e->headline);
    format_text(e->url);
    format_demand(!e->headline_derived || lede_utf8_count(e->headline) <= 120,
                  "a derived headline is short");
    format_when(&e->published);
    format_when(&e->updated);
    for (uint32_t i = 0; i < e->author_count; i++) {
        format_demand(e->authors[i].name.len > 0, "authors have names");
        format_text(e->authors[i].name);
        format_text(e->authors[i].role);
        format_text(e->authors[i].location);
    }
    for (uint32_t i = 0; i < e->label_count; i++) {
        format_text(e->labels[i]);
    }
    for (uint32_t i = 0; i < e->media_count; i++) {
        format_text(e->media[i].alt);
        format_text(e->media[i].caption);
        format_text(e->media[i].credit);
    }
    for (uint32_t i = 0; i < e->block_count; i++) {
        format_demand(e->body[i].text.len > 0, "no block is empty");
        format_text(e->body[i].text);
    }
    return LEDE_OK;
}

static inline lede_status format_end(void *ctx, lede_error *err)
{
    format_run *run = ctx;

    (void)err;
    format_demand(--run->depth == 0, "pages end once");
    return LEDE_OK;
}

static inline lede_sink format_sink(format_run *run)
{
    return (lede_sink){.ctx = run,
                       .page_begin = format_begin,
                       .entry = format_entry,
                       .page_end = format_end};
}

static inline void format_read(const lede_format *format, lede_span bytes)
{
    static const lede_read_options options = {.now = 1795000000,
                                              .mtime = 1700000000};
    format_run run = {0};
    lede_sink sink = format_sink(&run);
    lede_unpacked unpacked = {.file_bytes = bytes.len};
    lede_read_context context = {.options = &options,
                                 .location = "",
                                 .path = "2024-05-06.txt",
                                 .unpacked = &unpacked};
    lede_input *input = lede_input_of_bytes(bytes, "2024-05-06.txt");
    lede_error err = {0};
    bool claimed = format->claims(bytes, true, "");
    lede_status status;

    format_demand(input != NULL, "memory for an input");
    context.published = lede_when_none();
    context.captured = lede_when_none();
    if (bytes.len % 3 == 0) {
        context.captured.instant = 1739803800;
        context.captured.precision = LEDE_PRECISION_SECOND;
    }
    status = format->read(input, &context, &sink, &err);
    format_demand(status == LEDE_OK || status == LEDE_BAD_INPUT ||
                      status == LEDE_CORRUPT,
                  "a read ends well or says why not");
    format_demand(run.depth == 0, "pages end");
    format_demand(status == LEDE_CORRUPT ||
                      (status == LEDE_OK) == (run.entries > 0),
                  "a read that is fine gives entries");
    /* What a glance refuses, a survey does not find: a page is read if and
     * only if it is claimed. */
    format_demand(format != &lede_format_live_text ||
                      claimed == (status == LEDE_OK),
                  "what is claimed is read");
    lede_input_close(input);
}

/* The same through the choice of a reader. */
static inline void document_read(lede_span bytes)
{
    static const lede_read_options options = {.now = 1795000000,
                                              .mtime = 1700000000};
    format_run run = {0};
    lede_sink sink = format_sink(&run);
    lede_status status =
        lede_corpus_read_bytes(bytes, "2024-05-06.txt", &options, &sink, NULL);

    format_demand(status == LEDE_OK || status == LEDE_BAD_INPUT,
                  "a document ends well or says why not");
    format_demand(run.depth == 0, "pages end");
    format_demand((status == LEDE_OK) == (run.entries > 0),
                  "a document that is fine gives entries");
}

#endif
