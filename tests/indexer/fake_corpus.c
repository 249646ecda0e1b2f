#include "tests/indexer/fake_corpus.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIELDS = 9, BLOCKS = 64 };

unsigned fake_corpus_reads;
unsigned fake_corpus_stop_after;
volatile int fake_corpus_stop;

/* Mapped, so that a large file is not on the heap, where memory is counted. */
static lede_status map_all(const char *path, lede_span *out, lede_error *err)
{
    int fd = open(path, O_RDONLY);
    struct stat st;
    void *bytes = NULL;

    if (fd < 0 || fstat(fd, &st) != 0) {
        return lede_fail(err, LEDE_IO, "cannot open");
    }
    if (st.st_size > 0) {
        bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    close(fd);
    if (bytes == MAP_FAILED) {
        return lede_fail(err, LEDE_IO, "cannot map");
    }
    *out = lede_span_of(bytes, bytes == NULL ? 0 : (size_t)st.st_size);
    return LEDE_OK;
}

static void split(lede_span line, char sep, lede_span *out, unsigned max,
                  unsigned *count)
{
    unsigned n = 0;
    size_t begin = 0, i;

    for (i = 0; i <= line.len; i++) {
        if (n < max && (i == line.len || line.bytes[i] == (uint8_t)sep)) {
            out[n++] = lede_span_part(line, begin, i - begin);
            begin = i + 1;
        }
    }
    *count = n;
}

/* The text as a C string, cut to fit. */
static void put_text(lede_span text, char *out, size_t size)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;

    if (len > 0) {
        memcpy(out, text.bytes, len);
    }
    out[len] = '\0';
}

static int64_t number(lede_span text)
{
    char digits[32];

    put_text(text, digits, sizeof digits);
    return strtoll(digits, NULL, 10);
}

static lede_when when_of(lede_span text, lede_year_source source)
{
    lede_when when = lede_when_none();
    unsigned month, day, hour, minute;
    char copy[32];

    if (text.len == 0) {
        return when;
    }
    put_text(text, copy, sizeof copy);
    when.precision = LEDE_PRECISION_MINUTE;
    when.text = text;
    if (sscanf(copy, "%2u-%2uT%2u:%2u", &month, &day, &hour, &minute) == 4) {
        when.local.month = (uint8_t)month;
        when.local.day = (uint8_t)day;
        when.local.hour = (uint8_t)hour;
        when.local.minute = (uint8_t)minute;
        return when;
    }
    when.instant = number(text);
    when.year_source = source;
    lede_civil_from_instant(when.instant, 0, &when.local);
    return when;
}

static lede_status give(const lede_sink *sink, const lede_page *page,
                        lede_span *f, lede_error *err)
{
    lede_block blocks[BLOCKS];
    lede_span texts[BLOCKS];
    char location[64];
    lede_entry entry;
    unsigned n, i;

    lede_entry_init(&entry);
    entry.kind = page->is_live ? LEDE_KIND_LIVE_UPDATE : LEDE_KIND_ARTICLE;
    entry.native_id = f[1];
    entry.headline = f[2];
    entry.published =
        when_of(f[3], f[4].len == 0 ? LEDE_YEAR_METADATA
                                    : (lede_year_source)number(f[4]));
    entry.updated = when_of(f[5], LEDE_YEAR_METADATA);
    entry.url = f[6];
    entry.page_url = page->url;
    entry.flags |= lede_span_is(f[0], "T") ? LEDE_FLAG_TRUNCATED : 0;
    entry.lang = lede_span_text("en");
    entry.source = lede_span_text("fake");
    split(f[7], '/', texts, BLOCKS, &n);
    for (i = 0; i < n; i++) {
        blocks[i] = (lede_block){LEDE_BLOCK_P, texts[i]};
    }
    entry.body = blocks;
    entry.block_count = f[7].len == 0 ? 0 : n;
    put_text(f[8], location, sizeof location);
    if (fake_corpus_stop_after > 0 && --fake_corpus_stop_after == 0) {
        fake_corpus_stop = 1;
    }
    return sink->entry(sink->ctx, &entry, location, err);
}

static lede_status begin_page(const lede_sink *sink, lede_page *page,
                              lede_span *f, char *form, size_t form_size,
                              lede_error *err)
{
    put_text(f[3], form, form_size);
    *page = (lede_page){.url = f[2],
                        .format = form,
                        .is_live = lede_span_is(f[1], "live"),
                        .captured = when_of(f[4], LEDE_YEAR_CAPTURE),
                        .updated = lede_when_none()};
    return sink->page_begin(sink->ctx, page, err);
}

static lede_status read_lines(lede_span text, const lede_sink *sink,
                              lede_error *err)
{
    lede_page page = {0};
    bool has_page = false;
    char form[32];
    lede_status status = LEDE_OK;

    while (text.len > 0 && status == LEDE_OK) {
        const uint8_t *end = memchr(text.bytes, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.bytes);
        lede_span line = lede_span_part(text, 0, len), f[FIELDS] = {{0}};
        unsigned n;

        text = lede_span_part(text, len + 1, text.len);
        split(line, '|', f, FIELDS, &n);
        if (lede_span_is(f[0], "P")) {
            status = has_page ? sink->page_end(sink->ctx, err) : LEDE_OK;
            has_page = true;
            if (status == LEDE_OK) {
                status = begin_page(sink, &page, f, form, sizeof form, err);
            }
        } else if (has_page &&
                   (lede_span_is(f[0], "E") || lede_span_is(f[0], "T"))) {
            status = give(sink, &page, f, err);
        } else if (lede_span_is(f[0], "CUT")) {
            if (sink->is_damaged != NULL) {
                *sink->is_damaged = true;
            }
        } else if (lede_span_is(f[0], "X")) {
            sink->note(sink->ctx, "", "a damaged line");
        }
    }
    return status == LEDE_OK && has_page ? sink->page_end(sink->ctx, err)
                                         : status;
}

lede_status lede_corpus_read_file(const char *path,
                                  const lede_read_options *options,
                                  const lede_sink *sink, lede_error *err)
{
    static const char head[] = "LEDEFAKE\n";
    lede_span bytes = {NULL, 0};
    lede_status status;

    (void)options;
    fake_corpus_reads++;
    status = map_all(path, &bytes, err);
    if (status == LEDE_OK) {
        if (lede_span_starts(bytes, head)) {
            status = read_lines(lede_span_part(bytes, strlen(head), bytes.len),
                                sink, err);
        } else {
            status = lede_fail(err, LEDE_BAD_INPUT, "nothing known in it");
        }
        if (bytes.len > 0) {
            munmap((void *)(uintptr_t)bytes.bytes, bytes.len);
        }
    }
    return status;
}
