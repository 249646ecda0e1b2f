#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/format.h"
#include "corpus/source.h"
#include "corpus/text_match.h"

struct lede_input {
    lede_source *source;
    char *path;
    uint8_t *head; /* what has been read ahead */
    size_t head_room;
    size_t head_len;
    size_t head_at;    /* how much of it has been consumed */
    size_t head_skip;  /* a mark at the beginning that nobody sees */
    lede_status ended; /* what stopped the source while the head was read */
    lede_error failure;
    const volatile int *stop;
    const lede_sink *sink;
    uint64_t told;      /* as progress */
    uint64_t max_bytes; /* of what was compressed; 0: as usual */
    bool is_unwrapped;
    bool has_lost_beginning;
    bool is_past_head; /* the source has been read beyond the head */
};

/* Reads until `head` is full or the source ends. */
static void read_head(lede_input *input)
{
    size_t room = input->head_room;

    input->head_len = 0;
    input->ended = LEDE_OK;
    while (input->ended == LEDE_OK && input->head_len < room) {
        size_t got = 0;

        input->ended =
            lede_source_read(input->source, input->head + input->head_len,
                             room - input->head_len, &got, &input->failure);
        if (input->ended == LEDE_OK) {
            input->head_len += got;
        }
    }
}

static lede_span head_span(const lede_input *input)
{
    return lede_span_of(input->head, input->head_len);
}

/* The wrapping of a web archive whose name says that it is compressed, and
 * whose first bytes are wrong: each of its records is compressed by itself, so
 * another one's beginning is soon to come. */
static lede_wrapping said_wrapping(const lede_input *input)
{
    static const char *const endings[] = {".warc.gz", ".arc.gz", ".warc.zst"};
    lede_span path = lede_span_text(input->path);
    lede_span head = head_span(input);
    size_t i, at;

    for (i = 0; i < sizeof endings / sizeof endings[0] &&
                !lede_match_ends(path, endings[i]);
         i++) {
    }
    if (i == sizeof endings / sizeof endings[0] || input->is_unwrapped ||
        lede_span_starts(head, "WARC/")) {
        return LEDE_WRAPPING_NONE;
    }
    for (at = 1; at + 4 <= head.len; at++) {
        lede_wrapping found =
            lede_wrapping_of(lede_span_part(head, at, head.len));

        if (found == (i < 2 ? LEDE_WRAPPING_GZIP : LEDE_WRAPPING_ZSTD)) {
            return found;
        }
    }
    return LEDE_WRAPPING_NONE;
}

/* Stacks what undoes the wrapping that the head shows. LEDE_NOT_FOUND if there
 * is none. */
static lede_status unwrap_once(lede_input *input, lede_error *err)
{
    lede_wrapping wrapping = lede_wrapping_of(head_span(input));
    lede_unwrap_limits limits = lede_unwrap_default_limits;
    lede_status status;
    lede_source *above;

    if (wrapping == LEDE_WRAPPING_NONE) {
        wrapping = said_wrapping(input);
    }
    if (wrapping == LEDE_WRAPPING_NONE) {
        return LEDE_NOT_FOUND;
    }
    if (input->max_bytes > 0 && input->max_bytes < limits.max_bytes) {
        limits.max_bytes = input->max_bytes;
    }
    status = lede_source_unwrap(input->source, wrapping, &limits, &above, err);
    if (status != LEDE_OK) {
        return status;
    }
    input->source = above;
    input->is_unwrapped = true;
    return LEDE_OK;
}

/* Units at the beginning that have to be ASCII, where there is no mark. */
enum { WIDE_LEAST_UNITS = 8 };

static bool begins_wide(lede_span head, lede_wide_form form)
{
    size_t i, k;

    if (head.len < WIDE_LEAST_UNITS * form.bytes) {
        return false;
    }
    for (i = 0; i < WIDE_LEAST_UNITS; i++) {
        const uint8_t *unit = head.bytes + i * form.bytes;
        size_t low = form.is_big ? form.bytes - 1 : 0;

        for (k = 0; k < form.bytes; k++) {
            if (k != low && unit[k] != 0) {
                return false;
            }
        }
        if (unit[low] > '~' ||
            (unit[low] < ' ' && (unit[low] < '\t' || unit[low] > '\r'))) {
            return false;
        }
    }
    return true;
}

/* By its mark, or because it begins with ASCII. */
static bool is_wide(lede_span head, lede_wide_form *out)
{
    static const struct {
        const char *mark;
        lede_wide_form form;
    } forms[] = {{"\xFF\xFE\0\0", {4, false}},
                 {"\0\0\xFE\xFF", {4, true}},
                 {"\xFF\xFE", {2, false}},
                 {"\xFE\xFF", {2, true}}};
    size_t i;

    for (i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        *out = forms[i].form;
        if ((head.len >= out->bytes &&
             memcmp(head.bytes, forms[i].mark, out->bytes) == 0) ||
            begins_wide(head, *out)) {
            return true;
        }
    }
    return false;
}

static lede_status restart(lede_input *input, lede_error *err)
{
    lede_status status = lede_source_restart(input->source, err);

    if (status == LEDE_OK) {
        read_head(input);
    }
    /* What is damaged from its first byte on may be sound behind. */
    while (status == LEDE_OK && input->head_len == 0 &&
           input->ended == LEDE_CORRUPT &&
           lede_source_resync(input->source, NULL) == LEDE_OK) {
        input->has_lost_beginning = true;
        read_head(input);
    }
    return status;
}

/* Looks at the beginning again and again until nothing is left to undo. */
static lede_status unwrap_all(lede_input *input, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_wide_form wide;
    int depth;

    for (depth = 0; depth < LEDE_WRAPPINGS_MAX && status == LEDE_OK; depth++) {
        status = unwrap_once(input, err);
        if (status == LEDE_OK) {
            status = restart(input, err);
        }
    }
    if (status != LEDE_OK && status != LEDE_NOT_FOUND) {
        return status;
    }
    if (is_wide(head_span(input), &wide)) {
        lede_source *above = lede_source_of_wide(input->source, wide);

        if (above == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
        input->source = above;
        return restart(input, err);
    }
    return LEDE_OK;
}

static void settle_head(lede_input *input)
{
    if (lede_span_starts(head_span(input), "\xEF\xBB\xBF")) {
        input->head_skip = 3;
    }
    input->head_at = input->head_skip;
}

/* Takes the source over, also on failure. */
static lede_status open_source(lede_source *source, const char *path,
                               size_t head_room, lede_input **out,
                               lede_error *err)
{
    lede_input *input = calloc(1, sizeof *input);

    if (input == NULL || source == NULL) {
        free(input);
        lede_source_close(source);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    input->source = source;
    input->path = strdup(path == NULL ? "" : path);
    input->head = malloc(head_room == 0 ? 1 : head_room);
    if (input->path == NULL || input->head == NULL) {
        lede_input_close(input);
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    input->head_room = head_room;
    read_head(input);
    *out = input;
    return LEDE_OK;
}

static lede_status open_document(lede_source *source, const char *path,
                                 uint64_t max_bytes, lede_input **out,
                                 lede_error *err)
{
    lede_input *input = NULL;
    lede_status status;

    status = open_source(source, path, LEDE_INPUT_HEAD_BYTES, &input, err);
    if (status != LEDE_OK) {
        return status;
    }
    input->max_bytes = max_bytes;
    if (input->ended == LEDE_IO && input->head_len == 0) {
        status = LEDE_IO;
        if (err != NULL) {
            *err = input->failure;
        }
    } else {
        status = unwrap_all(input, err);
    }
    if (status != LEDE_OK) {
        lede_input_close(input);
        return status;
    }
    settle_head(input);
    *out = input;
    return LEDE_OK;
}

lede_status lede_input_open_file(const char *path, lede_input **out,
                                 lede_error *err)
{
    lede_source *source = NULL;
    lede_status status = lede_source_of_file(path, &source, err);

    if (status != LEDE_OK) {
        return status;
    }
    return open_document(source, path, 0, out, err);
}

lede_status lede_input_open_bytes(lede_span bytes, const char *path,
                                  lede_input **out, lede_error *err)
{
    return open_document(lede_source_of_bytes(bytes), path, 0, out, err);
}

lede_status lede_input_open_source(lede_source *source, const char *path,
                                   lede_input **out, lede_error *err)
{
    return open_document(source, path, 0, out, err);
}

lede_status lede_input_open_member(lede_source *source, const char *path,
                                   uint64_t max_bytes, lede_input **out,
                                   lede_error *err)
{
    assert(max_bytes > 0);
    return open_document(source, path, max_bytes, out, err);
}

lede_input *lede_input_of_bytes(lede_span bytes, const char *path)
{
    size_t room = bytes.len < LEDE_INPUT_HEAD_BYTES ? bytes.len + 1
                                                    : LEDE_INPUT_HEAD_BYTES;
    lede_input *input = NULL;

    if (open_source(lede_source_of_bytes(bytes), path, room, &input, NULL) !=
        LEDE_OK) {
        return NULL;
    }
    settle_head(input);
    return input;
}

void lede_input_close(lede_input *input)
{
    if (input == NULL) {
        return;
    }
    lede_source_close(input->source);
    free(input->path);
    free(input->head);
    free(input);
}

/* Said here for all formats: some take what ends early for the end. */
static lede_status tell_damage(const lede_input *input, lede_status status)
{
    if ((status == LEDE_CORRUPT || status == LEDE_IO) && input->sink != NULL &&
        input->sink->is_damaged != NULL) {
        *input->sink->is_damaged = true;
    }
    return status;
}

lede_status lede_input_read(lede_input *input, uint8_t *bytes, size_t len,
                            size_t *got, lede_error *err)
{
    size_t left = input->head_len - input->head_at;

    if (input->stop != NULL && *input->stop != 0) {
        return lede_fail(err, LEDE_INTERRUPTED, "interrupted");
    }
    if (input->sink != NULL && input->sink->progress != NULL) {
        input->told = lede_input_consumed(input);
        input->sink->progress(input->sink->ctx, input->told);
    }
    if (left > 0) {
        *got = len < left ? len : left;
        memcpy(bytes, input->head + input->head_at, *got);
        input->head_at += *got;
        return LEDE_OK;
    }
    if (input->ended != LEDE_OK) {
        if (err != NULL && input->ended != LEDE_END) {
            *err = input->failure;
        }
        return tell_damage(input, input->ended);
    }
    input->is_past_head = true;
    return tell_damage(input,
                       lede_source_read(input->source, bytes, len, got, err));
}

lede_status lede_input_rewind(lede_input *input, lede_error *err)
{
    lede_status status = LEDE_OK;

    if (input->is_past_head) {
        status = restart(input, err);
        input->is_past_head = false;
    }
    input->head_at =
        input->head_skip < input->head_len ? input->head_skip : input->head_len;
    return status;
}

lede_span lede_input_head(const lede_input *input)
{
    return lede_span_part(head_span(input), input->head_skip, input->head_len);
}

bool lede_input_is_whole(const lede_input *input)
{
    return input->ended != LEDE_OK;
}

const char *lede_input_path(const lede_input *input)
{
    return input->path;
}

/* What is read a second time was consumed before. */
uint64_t lede_input_consumed(const lede_input *input)
{
    uint64_t bytes = lede_source_consumed(input->source);
    uint64_t all = lede_source_bottom_size(input->source);

    bytes = all > 0 && bytes > all ? all : bytes;
    return bytes > input->told ? bytes : input->told;
}

void lede_input_watch(lede_input *input, const volatile int *stop,
                      const lede_sink *sink)
{
    input->stop = stop;
    input->sink = sink;
}

uint64_t lede_input_unwrapped(const lede_input *input)
{
    return input->is_unwrapped ? input->source->delivered : 0;
}

uint64_t lede_input_size(const lede_input *input)
{
    return input->source->size;
}

lede_status lede_input_check(const lede_input *input, lede_error *err)
{
    if (input->head_len > 0 || input->ended == LEDE_OK ||
        input->ended == LEDE_END) {
        return LEDE_OK;
    }
    if (err != NULL) {
        *err = input->failure;
    }
    return input->ended;
}

uint64_t lede_input_file_size(const lede_input *input)
{
    return lede_source_bottom_size(input->source);
}

bool lede_input_can_seek(const lede_input *input)
{
    return lede_source_can_seek(input->source);
}

lede_status lede_input_seek(lede_input *input, uint64_t at, lede_error *err)
{
    lede_status status = lede_source_seek(input->source, at, err);

    if (status == LEDE_OK) {
        /* From here on the head is no longer what comes first. */
        input->head_at = input->head_len;
        input->ended = LEDE_OK;
        input->is_past_head = true;
    }
    return status;
}

bool lede_input_has_lost_beginning(const lede_input *input)
{
    return input->has_lost_beginning;
}

lede_status lede_input_resync(lede_input *input, lede_error *err)
{
    lede_status status = lede_source_resync(input->source, err);

    if (status == LEDE_OK) {
        input->head_at = input->head_len;
        input->ended = LEDE_OK;
        input->is_past_head = true;
    }
    return status;
}
