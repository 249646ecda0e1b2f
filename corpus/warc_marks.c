#include "corpus/warc_marks.h"

#include <string.h>

#include "corpus/text_match.h"

enum { VERSION_BYTES = 9 }; /* "WARC/1.0\r" */

/* The last word of a line, which loses it. */
static lede_span take_last(lede_span *line)
{
    size_t begin = line->len;
    lede_span word;

    while (begin > 0 && line->bytes[begin - 1] != ' ') {
        begin--;
    }
    word = lede_span_part(*line, begin, line->len);
    *line = lede_span_part(*line, 0, begin > 0 ? begin - 1 : 0);
    return word;
}

bool lede_warc_is_number(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
    }
    return text.len > 0 && text.len < 18;
}

uint64_t lede_warc_number(lede_span text)
{
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < text.len; i++) {
        value = value * 10 + (uint64_t)(text.bytes[i] - '0');
    }
    return value;
}

/* "URL IP date mime length", in version 2 with five more before the length. */
static bool parse_arc_as(bool is_2, lede_span line, lede_arc_line *out)
{
    lede_span length = take_last(&line);
    int more;

    *out = (lede_arc_line){0};
    for (more = 0; is_2 && more < 5; more++) {
        take_last(&line);
    }
    out->mime = take_last(&line);
    out->date = take_last(&line);
    take_last(&line);
    out->url = line;
    out->has_length = lede_warc_is_number(length);
    out->length = out->has_length ? lede_warc_number(length) : 0;
    return memchr(out->mime.bytes == NULL ? (const uint8_t *)""
                                          : out->mime.bytes,
                  '/', out->mime.len) != NULL &&
           lede_warc_is_number(out->date) && out->date.len >= 8 &&
           lede_match_find(out->url, 0, ":") != LEDE_MATCH_NONE;
}

bool lede_arc_line_parse(lede_span line, lede_arc_line *out)
{
    return parse_arc_as(true, line, out) || parse_arc_as(false, line, out);
}
/* Marks. ------------------------------------------------------------------ */

static bool is_version_at(lede_span bytes, size_t at)
{
    const uint8_t *p = bytes.bytes + at;

    return bytes.len - at >= VERSION_BYTES && memcmp(p, "WARC/", 5) == 0 &&
           p[5] >= '0' && p[5] <= '9' && p[6] == '.' &&
           (p[8] == '\r' || p[8] == '\n');
}

/* As strict as can be: in a page such a line is a forgery. */
static bool is_arc_line_at(lede_span bytes, size_t at)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://",
                                          "dns:"};
    lede_span line =
        lede_span_part(bytes, at, bytes.len - at < LEDE_ARC_LINE_MAX_BYTES
                                      ? bytes.len - at
                                      : LEDE_ARC_LINE_MAX_BYTES);
    const uint8_t *end;
    lede_arc_line arc;
    size_t i;

    for (i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (lede_span_starts(line, schemes[i])) {
            break;
        }
    }
    if (i == sizeof schemes / sizeof schemes[0]) {
        return false;
    }
    end = memchr(line.bytes, '\n', line.len);
    if (end == NULL) {
        return false;
    }
    line = lede_span_trim(
        lede_span_part(line, 0, (size_t)(end - line.bytes)));
    return lede_arc_line_parse(line, &arc) && arc.has_length &&
           arc.date.len == 14;
}

size_t lede_warc_find(lede_span bytes, bool is_arc)
{
    size_t at = 0;

    while (at < bytes.len) {
        const uint8_t *hit =
            memchr(bytes.bytes + at, is_arc ? '\n' : 'W', bytes.len - at);

        if (hit == NULL) {
            break;
        }
        at = (size_t)(hit - bytes.bytes) + (is_arc ? 1 : 0);
        if (is_arc ? is_arc_line_at(bytes, at)
                   : at > 0 && hit[-1] == '\n' && is_version_at(bytes, at)) {
            return at;
        }
        at += is_arc ? 0 : 1;
    }
    return SIZE_MAX;
}

bool lede_warc_ends_before(lede_span behind, bool is_all, bool is_arc)
{
    size_t at = 0;
    int lines;

    for (lines = 0; lines < (is_arc ? 1 : 2); lines++) {
        at += at < behind.len && behind.bytes[at] == '\r';
        if (at >= behind.len || behind.bytes[at] != '\n') {
            return false;
        }
        at++;
    }
    return (at == behind.len && is_all) ||
           (is_arc ? is_arc_line_at(behind, at) : is_version_at(behind, at));
}
