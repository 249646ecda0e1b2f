#include "corpus/reader.h"

#include <string.h>

#include "corpus/format.h"
#include "corpus/source.h"
#include "corpus/unread.h"

enum {
    BINARY_HEAD_BYTES = 8192,
    NUL_PER_MILLE = 1, /* fewer NULs are dropped, more are no text */
    CONTROL_PER_HUNDRED = 10
};

/* Texts are read twice and more; records are streamed whatever their number. */
static const uint64_t text_max_bytes = UINT64_C(2) << 30;

/* The formats in order of recognition. */
static const lede_format *const formats[] = {
    &lede_format_json,
    &lede_format_html,
    &lede_format_live_text,
    &lede_format_article,
};

/* The sink that formats see: it fills in what all entries have, stops the read
 * when asked, and keeps in mind whether the caller's own sink failed. */
typedef struct guard {
    const lede_sink *sink;
    const lede_read_options *options;
    lede_input *input;
    lede_span folder;
    bool has_failed;
    bool page_is_open;
    bool is_too_large;
    uint64_t entries;
} guard;

static lede_status check_stop(const guard *g, lede_error *err)
{
    if (g->options->stop != NULL && *g->options->stop != 0) {
        return lede_fail(err, LEDE_INTERRUPTED, "interrupted");
    }
    return LEDE_OK;
}

static lede_status guard_page_begin(void *ctx, const lede_page *page,
                                    lede_error *err)
{
    guard *g = ctx;
    lede_status status = g->sink->page_begin(g->sink->ctx, page, err);

    g->has_failed |= status != LEDE_OK;
    g->page_is_open = status == LEDE_OK;
    return status;
}

static lede_status guard_entry(void *ctx, lede_entry *entry,
                               const char *location, lede_error *err)
{
    guard *g = ctx;
    lede_status status = check_stop(g, err);

    if (status == LEDE_OK) {
        if (entry->source.len == 0) {
            entry->source = g->folder;
        }
        g->entries++;
        status = g->sink->entry(g->sink->ctx, entry, location, err);
    }
    g->has_failed |= status != LEDE_OK;
    return status;
}

static lede_status guard_page_end(void *ctx, lede_error *err)
{
    guard *g = ctx;
    lede_status status = g->sink->page_end(g->sink->ctx, err);

    g->page_is_open = false;
    g->has_failed |= status != LEDE_OK;
    return status;
}

static void guard_note(void *ctx, const char *location, const char *what)
{
    guard *g = ctx;

    if (g->sink->note != NULL) {
        g->sink->note(g->sink->ctx, location, what);
    }
}

/* The name of the folder that a file is in: the last resort for a source. */
static lede_span folder_of(const char *path)
{
    const char *end = strrchr(path, '/');
    const char *begin;

    if (end == NULL || end == path) {
        return lede_span_of(NULL, 0);
    }
    for (begin = end; begin > path && begin[-1] != '/'; begin--) {
    }
    return lede_span_of(begin, (size_t)(end - begin));
}

/* Recognition. */

static bool is_binary(lede_span head)
{
    size_t nuls = 0;
    size_t controls = 0;
    size_t i;

    head = lede_span_part(head, 0, BINARY_HEAD_BYTES);
    for (i = 0; i < head.len; i++) {
        uint8_t c = head.bytes[i];

        nuls += c == 0;
        controls += c < ' ' && c != '\t' && c != '\n' && c != '\r' &&
                    c != '\f' && c != 0x1B;
    }
    return nuls * 1000 > head.len * NUL_PER_MILLE ||
           controls * 100 > head.len * CONTROL_PER_HUNDRED;
}

static lede_status fail_unread(lede_error *err, const char *name)
{
    return lede_fail(err, LEDE_BAD_INPUT, "%s: cannot be read yet", name);
}

static lede_status recognise(lede_input *input, const lede_format **out,
                             lede_error *err)
{
    lede_span head = lede_input_head(input);
    bool whole = lede_input_is_whole(input);
    const char *path = lede_input_path(input);
    const char *name;
    size_t i;

    if (lede_span_trim(head).len == 0 && whole) {
        return lede_fail(err, LEDE_BAD_INPUT, "empty");
    }
    name = lede_unread_binary(head);
    if (name != NULL) {
        return fail_unread(err, name);
    }
    if (lede_wrapping_of(head) != LEDE_WRAPPING_NONE) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "compressed more than %d times over: what lies deeper "
                         "is not unpacked",
                         LEDE_WRAPPINGS_MAX);
    }
    if (is_binary(head)) {
        return lede_fail(err, LEDE_BAD_INPUT, "binary data");
    }
    if (lede_format_json.claims(head, whole, path)) {
        *out = &lede_format_json;
        return LEDE_OK;
    }
    name = lede_unread_text(head, path);
    if (name != NULL) {
        return fail_unread(err, name);
    }
    for (i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i]->claims(head, whole, path)) {
            *out = formats[i];
            return LEDE_OK;
        }
    }
    return lede_fail(err, LEDE_BAD_INPUT, "no known format");
}

/* Reading. */

static lede_status read_with(guard *g, const lede_format *format,
                             lede_error *err)
{
    const lede_read_context context = {.options = g->options,
                                       .published = lede_when_none(),
                                       .captured = lede_when_none(),
                                       .location = ""};
    lede_sink sink = {.ctx = g,
                      .page_begin = guard_page_begin,
                      .entry = guard_entry,
                      .page_end = guard_page_end,
                      .note = guard_note,
                      .progress = g->sink->progress,
                      .is_damaged = g->sink->is_damaged};
    lede_status status;

    lede_input_watch(g->input, g->options->stop, g->sink);
    sink.progress = NULL; /* the input tells it */
    status = format->read(g->input, &context, &sink, err);
    if (g->has_failed || status == LEDE_INTERRUPTED ||
        status == LEDE_NO_MEMORY) {
        return status;
    }
    if (g->page_is_open) {
        lede_error failure = {0};
        lede_status closed = guard_page_end(g, &failure);

        if (closed != LEDE_OK) {
            if (err != NULL) {
                *err = failure;
            }
            return closed;
        }
    }
    return status;
}

/* What is wrong with the input itself becomes a note, if something came of it;
 * otherwise the message is the note. */
static lede_status settle(const guard *g, lede_status status, lede_error *err)
{
    if (g->has_failed || status != LEDE_CORRUPT) {
        return status;
    }
    if (g->sink->is_damaged != NULL) {
        *g->sink->is_damaged = true;
    }
    if (g->entries == 0) {
        if (err != NULL) {
            err->status = LEDE_BAD_INPUT;
        }
        return LEDE_BAD_INPUT;
    }
    if (g->sink->note != NULL && err != NULL) {
        g->sink->note(g->sink->ctx, "", err->message);
    }
    return LEDE_OK;
}

/* Takes the input over. */
static lede_status read_input(lede_input *input,
                              const lede_read_options *options,
                              const lede_sink *sink, lede_error *err)
{
    static const lede_read_options no_options;
    lede_error local = {0};
    guard g = {.sink = sink, .input = input};
    const lede_format *format = NULL;
    lede_status status;

    err = err == NULL ? &local : err;
    g.options = options == NULL ? &no_options : options;
    g.folder = folder_of(lede_input_path(input));
    status = lede_input_check(input, err);
    if (status == LEDE_OK) {
        status = recognise(input, &format, err);
    }
    if (status == LEDE_OK && format != &lede_format_json &&
        lede_input_size(input) > text_max_bytes) {
        status = lede_fail(err, LEDE_BAD_INPUT,
                           "too large: text of more than 2 GiB");
    }
    if (status == LEDE_OK) {
        status = read_with(&g, format, err);
    }
    status = settle(&g, status, err);
    if (sink->progress != NULL) {
        sink->progress(sink->ctx, lede_input_consumed(input));
    }
    lede_input_close(input);
    return status;
}

lede_status lede_corpus_read_file(const char *path,
                                  const lede_read_options *options,
                                  const lede_sink *sink, lede_error *err)
{
    lede_input *input = NULL;
    lede_status status = lede_input_open_file(path, &input, err);

    return status == LEDE_OK ? read_input(input, options, sink, err) : status;
}

lede_status lede_corpus_read_bytes(lede_span bytes, const char *path,
                                   const lede_read_options *options,
                                   const lede_sink *sink, lede_error *err)
{
    lede_input *input = NULL;
    lede_status status = lede_input_open_bytes(bytes, path, &input, err);

    return status == LEDE_OK ? read_input(input, options, sink, err) : status;
}
