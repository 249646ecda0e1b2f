#include "corpus/reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "corpus/format.h"
#include "corpus/json_list.h"
#include "corpus/member.h"
#include "corpus/page_words.h"
#include "corpus/reasons.h"
#include "corpus/snapshot.h"
#include "corpus/source.h"
#include "corpus/spool.h"
#include "corpus/text_match.h"
#include "corpus/unread.h"

enum {
    STREAM_BYTES = 64 * 1024,
    TAGS_AROUND_MAX = 64,
    BINARY_HEAD_BYTES = 8192,
    NUL_PER_MILLE = 1, /* fewer NULs are dropped, more are no text */
    CONTROL_PER_HUNDRED = 10
};

/* Texts are read twice and more; records are streamed whatever their number. */
static const uint64_t text_max_bytes = UINT64_C(2) << 30;

/* The formats in order of recognition. */
static const lede_format *const binary_formats[] = {
    &lede_format_archive, /* zip and tar */
    &lede_format_warc,
    &lede_format_pdf,
};
static const lede_format *const text_formats[] = {
    &lede_format_mail,      /* by header lines */
    &lede_format_bookmarks, /* by their first words */
    &lede_format_json,      /* begins with a brace or bracket */
    &lede_format_feed,      /* by the root of its XML */
    &lede_format_reuters,   /* too */
    &lede_format_newsml,    /* too */
    &lede_format_trec,      /* too */
    &lede_format_markdown,  /* by what stands in front, or the name */
    &lede_format_table,     /* by the names of columns */
    &lede_format_html,      /* by tags */
    &lede_format_live_text, /* by heads of updates */
    &lede_format_article,   /* any text */
};

/* The sink that formats see: it fills in what all entries have, stops the read
 * when asked, and keeps in mind whether the caller's own sink failed. */
typedef struct guard {
    const lede_sink *sink;
    const lede_read_options *options;
    const char *prefix; /* of locations: a member's place in its container */
    lede_input *input;
    lede_span folder;
    lede_span tags;   /* of all entries, with commas between */
    lede_arena arena; /* of an entry's tags */
    bool has_failed;
    bool page_is_open;
    bool is_no_text;
    uint64_t entries;
    uint64_t guessed; /* entries whose day and month may be the other way */
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

/* The location behind the prefix, in `out`; NULL when out of memory. */
static const char *place(const guard *g, const char *location, lede_buf *out)
{
    if (g->prefix[0] == '\0') {
        return location;
    }
    lede_buf_put_text(out, g->prefix);
    lede_buf_put_text(out, location);
    return lede_buf_text(out);
}

/* Adds the tags that the document has from around it. */
static bool put_tags(guard *g, lede_entry *entry)
{
    lede_span *tags;
    lede_span tag;
    size_t at = 0;
    uint32_t count = entry->tag_count;
    uint32_t i;

    if (g->tags.len == 0) {
        return true;
    }
    tags = lede_arena_array(&g->arena, (size_t)count + TAGS_AROUND_MAX,
                            sizeof *tags);
    if (tags == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(tags, entry->tags, count * sizeof *tags);
    }
    while (count < entry->tag_count + TAGS_AROUND_MAX &&
           lede_json_list_next(g->tags, &at, &tag)) {
        for (i = 0; i < count && !lede_span_equal(tags[i], tag); i++) {
        }
        if (i == count && tag.len > 0) {
            tags[count++] = tag;
        }
    }
    entry->tags = tags;
    entry->tag_count = count;
    return true;
}

static bool is_end(lede_span text, lede_span end)
{
    return text.len >= end.len &&
           lede_span_equal(lede_span_part(text, text.len - end.len, text.len),
                           end);
}

/* An outlet that the document does not name, and where that and the language
 * came from. */
static bool settle_outlet(guard *g, lede_entry *entry)
{
    const lede_read_options *options = g->options;
    const char *outlet = "the document";
    const char *language = "the document";

    if (entry->source.len == 0 && options->source_name != NULL) {
        entry->source = lede_span_text(options->source_name);
        outlet = "the settings";
    } else if (entry->source.len == 0) {
        entry->source = g->folder;
        outlet = "the folder's name";
    } else if (is_end(lede_words_host(entry->url), entry->source)) {
        outlet = "the address";
    }
    if (!options->explains) {
        return true;
    }
    if (options->default_language != NULL &&
        entry->lang.bytes == (const uint8_t *)options->default_language) {
        language = "the settings, or --language";
    }
    return (entry->source.len == 0 ||
            lede_reasons_add(LEDE_REASON_OUTLET, outlet, &g->arena, entry)) &&
           (entry->lang.len == 0 ||
            lede_reasons_add(LEDE_REASON_LANGUAGE, language, &g->arena, entry));
}

static lede_status guard_entry(void *ctx, lede_entry *entry,
                               const char *location, lede_error *err)
{
    guard *g = ctx;
    lede_status status = check_stop(g, err);
    lede_buf full = {0};

    location = place(g, location, &full);
    lede_arena_clear(&g->arena);
    if (status == LEDE_OK &&
        (location == NULL || !put_tags(g, entry) || !settle_outlet(g, entry))) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    if (status == LEDE_OK) {
        g->entries++;
        g->guessed += (entry->flags & LEDE_FLAG_DAY_GUESSED) != 0;
        status = g->sink->entry(g->sink->ctx, entry, location, err);
    }
    lede_buf_done(&full);
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
    lede_buf full = {0};

    location = place(g, location, &full);
    if (g->sink->note != NULL && location != NULL) {
        g->sink->note(g->sink->ctx, location, what);
    }
    lede_buf_done(&full);
}

/* The name of the folder that a file is in, in its archive if that has one: the
 * last resort for a source. */
static lede_span folder_of(const char *path, size_t file_len)
{
    const char *end = strrchr(path, '/');
    const char *begin;

    if (end != NULL && end < path + file_len) {
        for (end = path + file_len; end > path && *end != '/'; end--) {
        }
    }
    if (end == NULL || end == path) {
        return lede_span_of(NULL, 0);
    }
    for (begin = end;
         begin > path && begin[-1] != '/' && begin - 1 != path + file_len;
         begin--) {
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

/* The name is of a compressed file or an archive. */
static bool is_said_packed(const char *path)
{
    static const char *const endings[] = {".gz",  ".zst", ".bz2", ".xz",
                                          ".zip", ".tgz", ".tar", ".wacz"};
    lede_span name = lede_span_text(path);
    size_t i;

    for (i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (lede_match_ends(name, endings[i])) {
            return true;
        }
    }
    return false;
}

static lede_status fail_unread(lede_error *err, const char *name)
{
    return lede_fail(err, LEDE_BAD_INPUT,
                     "%s: not a kind of file that lede reads", name);
}

static lede_status recognise(guard *g, const lede_format **out, lede_error *err)
{
    lede_input *input = g->input;
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
        g->is_no_text = true;
        return fail_unread(err, name);
    }
    if (lede_wrapping_of(head) != LEDE_WRAPPING_NONE) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "compressed more than %d times over: what lies deeper "
                         "is not unpacked",
                         LEDE_WRAPPINGS_MAX);
    }
    for (i = 0; i < sizeof binary_formats / sizeof binary_formats[0]; i++) {
        if (binary_formats[i]->claims(head, whole, path)) {
            *out = binary_formats[i];
            return LEDE_OK;
        }
    }
    if (is_binary(head)) {
        g->is_no_text = true;
        if (is_said_packed(path) && lede_input_unwrapped(input) == 0) {
            return lede_fail(err, LEDE_BAD_INPUT,
                             "binary data, but not compressed as its name "
                             "says: its beginning may be damaged");
        }
        return lede_fail(err, LEDE_BAD_INPUT, "binary data");
    }
    for (i = 0; i < sizeof text_formats / sizeof text_formats[0]; i++) {
        if (text_formats[i] == &lede_format_markdown) {
            bool has_none;

            name = lede_unread_text(head, whole, path, &has_none);
            if (name != NULL && has_none) {
                g->is_no_text = true;
                return lede_fail(err, LEDE_BAD_INPUT, "%s: no articles", name);
            }
            if (name != NULL) {
                return fail_unread(err, name);
            }
        }
        if (text_formats[i]->claims(head, whole, path)) {
            *out = text_formats[i];
            return LEDE_OK;
        }
    }
    return lede_fail(err, LEDE_BAD_INPUT, "no known format");
}

/* Reading. */

static lede_status read_with(guard *g, const lede_format *format,
                             const lede_read_context *context, lede_error *err)
{
    lede_sink sink = {.ctx = g,
                      .page_begin = guard_page_begin,
                      .entry = guard_entry,
                      .page_end = guard_page_end,
                      .note = guard_note,
                      .is_damaged = g->sink->is_damaged};
    lede_status status;

    /* The input of the file tells the progress. */
    lede_input_watch(g->input, g->options->stop, g->sink);
    status = format->read(g->input, context, &sink, err);
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
static lede_status settle(guard *g, lede_status status, lede_error *err)
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
    guard_note(g, "", err->message);
    return LEDE_OK;
}

static lede_status read_document(guard *g, const lede_read_context *context,
                                 lede_error *err)
{
    const lede_format *format = NULL;
    lede_status status = lede_input_check(g->input, err);

    if (status == LEDE_OK) {
        status = recognise(g, &format, err);
    }
    if (status == LEDE_OK && format != &lede_format_json &&
        format != &lede_format_archive && format != &lede_format_warc &&
        lede_input_size(g->input) > text_max_bytes) {
        status = lede_fail(err, LEDE_BAD_INPUT,
                           "too large: text of more than 2 GiB");
    }
    if (status == LEDE_OK && lede_input_has_lost_beginning(g->input)) {
        guard_note(g, "", "the beginning is damaged, and passed over");
        if (g->sink->is_damaged != NULL) {
            *g->sink->is_damaged = true;
        }
    }
    if (status == LEDE_OK) {
        status = read_with(g, format, context, err);
    }
    return settle(g, status, err);
}

static void tell_guessed(guard *g)
{
    char text[160];

    if (g->guessed > 0) {
        snprintf(text, sizeof text,
                 "%" PRIu64 " date%s like 03/04/2021 taken as day before "
                 "month: nothing in the file says which is first",
                 g->guessed, g->guessed == 1 ? "" : "s");
        guard_note(g, "", text);
    }
}

/* Takes the input over. */
static lede_status read_input(lede_input *input,
                              const lede_read_options *options,
                              const lede_sink *sink, lede_error *err)
{
    static const lede_read_options no_options;
    lede_error local = {0};
    const char *path = lede_input_path(input);
    lede_unpacked unpacked = {.file_bytes = lede_input_file_size(input)};
    guard g = {.sink = sink,
               .input = input,
               .prefix = "",
               .options = options == NULL ? &no_options : options,
               .folder = folder_of(path, strlen(path))};
    lede_arena arena = {0};
    lede_read_context context = {.options = g.options,
                                 .published = lede_when_none(),
                                 .captured = lede_when_none(),
                                 .location = "",
                                 .path = path,
                                 .unpacked = &unpacked};
    lede_status status;

    lede_snapshot_describe(path, &arena, &context);
    g.tags = context.tags;
    status = read_document(&g, &context, err == NULL ? &local : err);
    if (status == LEDE_OK) {
        tell_guessed(&g);
    }
    lede_arena_done(&g.arena);
    lede_arena_done(&arena);
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

static lede_status spool_stream(int fd, const volatile int *stop,
                                lede_source *spool, lede_error *err)
{
    uint8_t *bytes = malloc(STREAM_BYTES);
    lede_status status = LEDE_OK;

    if (bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    while (status == LEDE_OK) {
        ssize_t n = read(fd, bytes, STREAM_BYTES);

        if (stop != NULL && *stop != 0) {
            status = lede_fail(err, LEDE_INTERRUPTED, "interrupted");
        } else if (n > 0) {
            status = lede_spool_put(spool, bytes, (size_t)n, err);
        } else if (n == 0) {
            break;
        } else if (errno != EINTR) {
            status =
                lede_fail(err, LEDE_IO, "cannot be read: %s", strerror(errno));
        }
    }
    free(bytes);
    return status;
}

lede_status lede_corpus_read_stream(int fd, const char *path,
                                    const lede_read_options *options,
                                    const lede_sink *sink, lede_error *err)
{
    lede_source *spool = lede_spool_new();
    lede_input *input = NULL;
    lede_status status;

    if (spool == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    status =
        spool_stream(fd, options == NULL ? NULL : options->stop, spool, err);
    if (status != LEDE_OK) {
        lede_source_close(spool);
        return status;
    }
    status = lede_input_open_source(spool, path, &input, err);
    return status == LEDE_OK ? read_input(input, options, sink, err) : status;
}

/* Documents in containers. */

uint64_t lede_unpacked_room(const lede_unpacked *unpacked)
{
    const lede_unwrap_limits *limits = &lede_unwrap_default_limits;
    uint64_t most = unpacked->file_bytes < limits->max_bytes
                        ? (unpacked->file_bytes + 1) * limits->max_ratio
                        : limits->max_bytes;

    most = most < limits->free_bytes ? limits->free_bytes : most;
    return most > unpacked->bytes ? most - unpacked->bytes : 1;
}

lede_status lede_unpacked_add(lede_unpacked *unpacked, uint64_t bytes,
                              lede_error *err)
{
    const lede_unwrap_limits *limits = &lede_unwrap_default_limits;

    unpacked->bytes += bytes;
    if (unpacked->bytes > limits->free_bytes &&
        unpacked->bytes / limits->max_ratio > unpacked->file_bytes) {
        return lede_fail(err, LEDE_CORRUPT,
                         "refused: expands to more than %d times its size: "
                         "unpack it first if it can be trusted",
                         (int)limits->max_ratio);
    }
    return LEDE_OK;
}

/* "archive.zip!folder/page.html": what stands before the member. */
static char *member_path(const char *outer, const lede_member *member)
{
    lede_buf path = {0};
    const char *text;
    char *copy;

    lede_buf_put_text(&path, outer);
    if (member->name.len > 0) {
        lede_buf_put_byte(&path, '!');
        lede_buf_put_span(&path, member->name);
    }
    text = lede_buf_text(&path);
    copy = text == NULL ? NULL : strdup(text);
    lede_buf_done(&path);
    return copy;
}

/* *unwrapped: bytes that came of what was compressed. */
static lede_status read_member(guard *g, const lede_read_context *context,
                               lede_source *source, const char *path,
                               uint64_t *unwrapped, lede_error *err)
{
    lede_status status = lede_input_open_member(
        source, path, lede_unpacked_room(context->unpacked), &g->input, err);

    if (status != LEDE_OK) {
        return status;
    }
    status = read_document(g, context, err);
    *unwrapped = lede_input_unwrapped(g->input);
    lede_input_close(g->input);
    return status;
}

lede_status lede_member_read(const lede_read_context *outer,
                             const lede_member *member, lede_source *source,
                             const lede_sink *sink, lede_member_fate *fate,
                             lede_error *err)
{
    lede_read_options options = *outer->options;
    lede_sink quiet = *sink;
    lede_error reason = {0};
    char *path = member_path(outer->path, member);
    guard g = {.sink = &quiet,
               .options = &options,
               .prefix = member->location,
               .tags = member->tags};
    lede_read_context context = {.options = &options,
                                 .url = member->url,
                                 .title = member->title,
                                 .site = member->site,
                                 .language = member->language,
                                 .tags = member->tags,
                                 .charset = member->charset,
                                 .published = member->published,
                                 .captured = member->captured,
                                 .location = "",
                                 .path = path,
                                 .depth = outer->depth + 1,
                                 .unpacked = outer->unpacked};
    uint64_t unwrapped = 0;
    lede_status status;

    if (path == NULL) {
        lede_source_close(source);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    quiet.progress = NULL;
    options.mtime = member->mtime;
    options.mtime_is_copy = false;
    g.folder = folder_of(path, strlen(outer->path));
    status = read_member(&g, &context, source, path, &unwrapped, &reason);
    lede_arena_done(&g.arena);
    free(path);
    fate->entries = g.entries;
    fate->is_no_text = g.is_no_text;
    if (status != LEDE_OK && (g.has_failed || status == LEDE_INTERRUPTED ||
                              status == LEDE_NO_MEMORY || status == LEDE_IO)) {
        if (err != NULL) {
            *err = reason;
        }
        return status;
    }
    if (status != LEDE_OK && !g.is_no_text) {
        guard_note(&g, "", reason.message);
    }
    return lede_unpacked_add(outer->unpacked, unwrapped, err);
}
