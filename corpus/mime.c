#include "corpus/mime.h"

#include <string.h>

#include "corpus/html_charset.h"
#include "corpus/text_match.h"
#include "corpus/transfer.h"

enum { WORD_BYTES = 4096 }; /* encoded words are shorter */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The line at *at without its end; *at goes behind it. */
static lede_span take_line(lede_span text, size_t *at)
{
    const uint8_t *end =
        *at < text.len ? memchr(text.bytes + *at, '\n', text.len - *at) : NULL;
    size_t len =
        end == NULL ? text.len - *at : (size_t)(end - text.bytes) - *at;
    lede_span line = lede_span_part(text, *at, len);

    *at += len + (end != NULL);
    if (line.len > 0 && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

lede_mime_part lede_mime_split(lede_span message)
{
    lede_mime_part part = {0};
    size_t at = 0;

    while (at < message.len) {
        size_t begin = at;

        if (take_line(message, &at).len == 0) {
            part.headers = lede_span_part(message, 0, begin);
            part.body = lede_span_part(message, at, message.len);
            return part;
        }
    }
    part.headers = message;
    return part;
}

/* Encoded words. ---------------------------------------------------------- */

/* Words that stand side by side in one encoding: a letter may begin in one and
 * end in the next. */
typedef struct encoded_words {
    lede_span charset;
    lede_buf bytes;
} encoded_words;

static void put_words(encoded_words *words, lede_buf *out)
{
    uint32_t repaired;

    if (words->bytes.len > 0 &&
        lede_html_decode(lede_buf_span(&words->bytes), words->charset, out,
                         &repaired, NULL) != LEDE_OK) {
        out->failed = true;
    }
    out->failed |= words->bytes.failed;
    lede_buf_clear(&words->bytes);
}

/* "=?utf-8?Q?caf=C3=A9?=" at the beginning: takes it and returns its length, 0
 * if there is none. */
static size_t take_word(lede_span text, encoded_words *words, lede_buf *out)
{
    size_t coding;
    size_t begin;
    size_t end;
    lede_span charset;
    lede_span word;

    if (!lede_span_starts(text, "=?")) {
        return 0;
    }
    text = lede_span_part(text, 0, WORD_BYTES);
    coding = lede_match_find(text, 2, "?");
    if (coding == LEDE_MATCH_NONE || coding + 3 >= text.len ||
        text.bytes[coding + 2] != '?') {
        return 0;
    }
    begin = coding + 3;
    end = lede_match_find(text, begin, "?=");
    if (end == LEDE_MATCH_NONE) {
        return 0;
    }
    charset = lede_span_part(text, 2, coding - 2);
    if (!lede_match_equal(charset, words->charset)) {
        put_words(words, out);
        words->charset = charset;
    }
    word = lede_span_part(text, begin, end - begin);
    if ((text.bytes[coding + 1] | 0x20) == 'b') {
        lede_base64_decode(word, &words->bytes);
    } else {
        lede_quoted_decode(word, true, &words->bytes);
    }
    return end + 2;
}

/* Headers. ---------------------------------------------------------------- */

/* Blanks between encoded words do not count, others are one. */
static void put_value(lede_span value, lede_buf *out)
{
    encoded_words words = {0};
    bool was_word = false;
    size_t at = 0;

    while (at < value.len) {
        size_t blanks = at;
        lede_span rest;
        size_t len;

        while (blanks < value.len && is_blank(value.bytes[blanks])) {
            blanks++;
        }
        rest = lede_span_part(value, blanks, value.len);
        if (blanks > at && blanks < value.len &&
            !(was_word && lede_span_starts(rest, "=?")) &&
            out->len + words.bytes.len > 0) {
            put_words(&words, out);
            lede_buf_put_byte(out, ' ');
        }
        at = blanks;
        if (at >= value.len) {
            break;
        }
        len = take_word(rest, &words, out);
        was_word = len > 0;
        if (len == 0) {
            put_words(&words, out);
            lede_buf_put_byte(out, value.bytes[at]);
            len = 1;
        }
        at += len;
    }
    put_words(&words, out);
    lede_buf_done(&words.bytes);
}

/* The raw value: lines that begin with a blank go on. */
static lede_span find_header(lede_span headers, const char *name)
{
    size_t len = strlen(name);
    size_t at = 0;

    while (at < headers.len) {
        size_t begin = at;
        lede_span line = take_line(headers, &at);

        if (!lede_match_starts(line, name) || line.len <= len ||
            line.bytes[len] != ':') {
            continue;
        }
        while (at < headers.len &&
               (headers.bytes[at] == ' ' || headers.bytes[at] == '\t')) {
            take_line(headers, &at);
        }
        return lede_span_trim(
            lede_span_part(headers, begin + len + 1, at - begin - len - 1));
    }
    return lede_span_of(NULL, 0);
}

lede_span lede_mime_header(const lede_mime_part *part, const char *name,
                           lede_arena *arena, bool *failed)
{
    lede_span value = find_header(part->headers, name);
    lede_buf raw = {0};
    lede_buf valid = {0};
    uint32_t repaired;

    if (value.len == 0) {
        return value;
    }
    put_value(value, &raw);
    /* Bare bytes of some encoding do stand in headers. */
    if (lede_html_decode(lede_buf_span(&raw), lede_span_of(NULL, 0), &valid,
                         &repaired, NULL) != LEDE_OK) {
        valid.failed = true;
    }
    value = lede_span_trim(lede_buf_span(&valid));
    if (value.len > 0) {
        value = lede_arena_copy(arena, value);
    }
    *failed |=
        raw.failed || valid.failed || (value.len > 0 && value.bytes == NULL);
    lede_buf_done(&raw);
    lede_buf_done(&valid);
    return value.bytes == NULL || value.len == 0 ? lede_span_of(NULL, 0)
                                                 : value;
}

lede_span lede_mime_parameter(lede_span value, const char *name)
{
    size_t len = strlen(name);
    size_t at = 0;

    while ((at = lede_match_find(value, at, name)) != LEDE_MATCH_NONE) {
        size_t begin = at + len;
        size_t end;

        if ((at > 0 && value.bytes[at - 1] != ';' &&
             !is_blank(value.bytes[at - 1])) ||
            begin >= value.len || value.bytes[begin] != '=') {
            at++;
            continue;
        }
        begin++;
        if (begin < value.len && value.bytes[begin] == '"') {
            end = lede_match_find(value, ++begin, "\"");
        } else {
            for (end = begin; end < value.len && value.bytes[end] != ';' &&
                              !is_blank(value.bytes[end]);
                 end++) {
            }
        }
        end = end == LEDE_MATCH_NONE ? value.len : end;
        return lede_span_part(value, begin, end - begin);
    }
    return lede_span_of(NULL, 0);
}

/* Parts. ------------------------------------------------------------------ */

typedef struct mime_walk {
    lede_arena *arena;
    bool *failed;
    lede_mime_fn *fn;
    void *ctx;
    unsigned parts;
    bool is_over;
} mime_walk;

static void walk_part(mime_walk *walk, const lede_mime_part *part,
                      unsigned depth);

/* Whether a line is the boundary, and whether it is the last. */
static bool is_boundary(lede_span line, lede_span boundary, bool *is_last)
{
    if (line.len < boundary.len + 2 || line.bytes[0] != '-' ||
        line.bytes[1] != '-' ||
        memcmp(line.bytes + 2, boundary.bytes, boundary.len) != 0) {
        return false;
    }
    line = lede_span_trim(lede_span_part(line, boundary.len + 2, line.len));
    *is_last = lede_span_is(line, "--");
    return line.len == 0 || *is_last;
}

static void walk_parts(mime_walk *walk, lede_span body, lede_span boundary,
                       unsigned depth)
{
    size_t begin = SIZE_MAX; /* of the part at hand */
    size_t at = 0;
    bool is_last = false;

    while (at < body.len && !is_last && !walk->is_over) {
        size_t line_at = at;
        lede_span line = take_line(body, &at);

        if (is_boundary(line, boundary, &is_last)) {
            if (begin != SIZE_MAX) {
                lede_mime_part part = lede_mime_split(
                    lede_span_part(body, begin, line_at - begin));

                walk_part(walk, &part, depth + 1);
            }
            begin = at;
        }
    }
    if (!is_last && begin != SIZE_MAX && !walk->is_over) { /* cut off */
        lede_mime_part part =
            lede_mime_split(lede_span_part(body, begin, body.len));

        walk_part(walk, &part, depth + 1);
    }
}

static void walk_part(mime_walk *walk, const lede_mime_part *part,
                      unsigned depth)
{
    lede_span type =
        lede_mime_header(part, "content-type", walk->arena, walk->failed);
    lede_span boundary = lede_mime_parameter(type, "boundary");

    if (lede_match_starts(type, "multipart/") && boundary.len > 0 &&
        depth < LEDE_MIME_DEPTH_MAX) {
        walk_parts(walk, part->body, boundary, depth);
        return;
    }
    walk->is_over =
        ++walk->parts > LEDE_MIME_PARTS_MAX || !walk->fn(walk->ctx, part);
}

void lede_mime_each(const lede_mime_part *message, lede_arena *arena,
                    bool *failed, lede_mime_fn *fn, void *ctx)
{
    mime_walk walk = {.arena = arena, .failed = failed, .fn = fn, .ctx = ctx};

    walk_part(&walk, message, 0);
}

void lede_mime_decode(const lede_mime_part *part, lede_arena *arena,
                      bool *failed, lede_buf *out)
{
    lede_span coding =
        lede_mime_header(part, "content-transfer-encoding", arena, failed);

    if (lede_match_is(coding, "base64")) {
        lede_base64_decode(part->body, out);
    } else if (lede_match_is(coding, "quoted-printable")) {
        lede_quoted_decode(part->body, false, out);
    } else {
        lede_buf_put_span(out, part->body);
    }
}
