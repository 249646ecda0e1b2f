/* warc.c - web archives: WARC and its forerunner ARC. Each page that was
 * fetched is a document, with the address and time of its record.
 *
 * The reader trusts no length that nothing bears out: a record that says where
 * it ends ends there if another begins there, else where another begins; behind
 * what is damaged it looks for the next record, in compressed files for the
 * next compressed member too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "corpus/dates.h"
#include "corpus/http_body.h"
#include "corpus/member.h"
#include "corpus/text_match.h"
#include "corpus/warc_marks.h"

enum {
    IN_BYTES = 64 * 1024,
    LINE_MAX_BYTES = 16 * 1024,
    HEADER_LINES_MAX = 256,
    FIRST_LINES = 12, /* of headers, by which a record is known */
    FIRST_BYTES = 2048,
    NOTES_MAX = 8
};

/* What is larger is no page; it is cut off here. */
static const size_t payload_max_bytes = (size_t)32 << 20;

typedef struct warc_reader {
    lede_input *input;
    const lede_read_context *context;
    const lede_sink *sink;
    lede_buf in; /* read, from in_at on not yet used */
    size_t in_at;
    lede_status ended; /* of the input, when in_at is at the end */
    lede_error failure;
    lede_buf line, headers, payload, decoded;
    uint64_t records, entries, damages;
    bool is_arc;
} warc_reader;

/* A record's header. Spans point into the reader's `headers`. */
typedef struct warc_record {
    lede_span type, url, date, mime;
    uint64_t length;
    bool has_length;
    bool is_http;
} warc_record;

/* Recognition. ------------------------------------------------------------ */

static lede_span line_at(lede_span text, size_t at)
{
    lede_span rest = lede_span_part(text, at, text.len);
    const uint8_t *end =
        rest.len == 0 ? NULL : memchr(rest.bytes, '\n', rest.len);

    return end == NULL ? rest
                       : lede_span_part(rest, 0, (size_t)(end - rest.bytes));
}

/* What stands there are the headers of a record, whatever the line before. */
static bool are_headers(lede_span text)
{
    static const char *const names[] = {
        "warc-type:",       "warc-record-id:", "warc-date:",
        "warc-target-uri:", "content-length:", "content-type:",
        "warc-filename:"};
    unsigned known = 0;
    unsigned of_warc = 0;
    size_t at = 0;
    int lines;

    for (lines = 0; lines < FIRST_LINES && at < text.len; lines++) {
        lede_span line = line_at(text, at);
        size_t i;

        for (i = 0; i < sizeof names / sizeof names[0]; i++) {
            if (lede_match_starts(line, names[i])) {
                known++;
                of_warc += names[i][0] == 'w';
            }
        }
        if (lede_span_trim(line).len == 0) {
            break;
        }
        at += line.len + 1;
    }
    return known >= 3 && of_warc >= 2;
}

/* "WARC/1.0" with something wrong in it, but a record behind it. */
static bool is_bad_version(lede_span line, lede_span behind)
{
    line = lede_span_trim(line);
    return line.len >= 4 && line.len <= 16 && are_headers(behind);
}

static bool is_arc(lede_span head)
{
    return lede_span_starts(lede_span_part(head, 1, head.len), "iledesc://");
}

static bool claims_warc(lede_span head, bool whole, const char *path)
{
    lede_span first = line_at(head, 0);

    (void)whole;
    (void)path;
    return lede_span_starts(head, "WARC/") || is_arc(head) ||
           is_bad_version(first, lede_span_part(head, first.len + 1, head.len));
}

/* Bytes. ------------------------------------------------------------------ */

static void note_damage(warc_reader *r, const char *what)
{
    char text[240];

    if (r->sink->is_damaged != NULL) {
        *r->sink->is_damaged = true;
    }
    if (r->sink->note == NULL || r->damages++ >= NOTES_MAX) {
        return;
    }
    snprintf(text, sizeof text, "damaged at record %" PRIu64 ": %.160s",
             r->records, what);
    r->sink->note(r->sink->ctx, "", text);
}

/* Makes sure that `len` bytes can be looked at, if there are as many. */
static size_t look_ahead(warc_reader *r, size_t len)
{
    while (r->in.len - r->in_at < len && r->ended == LEDE_OK) {
        size_t got = 0;

        if (r->in_at > r->in.len - r->in_at) { /* each byte a few times */
            memmove(r->in.bytes, r->in.bytes + r->in_at, r->in.len - r->in_at);
            r->in.len -= r->in_at;
            r->in_at = 0;
        }
        if (!lede_buf_reserve(&r->in, IN_BYTES)) {
            r->ended = lede_fail(&r->failure, LEDE_NO_MEMORY, "out of memory");
            break;
        }
        r->ended = lede_input_read(r->input, r->in.bytes + r->in.len, IN_BYTES,
                                   &got, &r->failure);
        r->in.len += r->ended == LEDE_OK ? got : 0;
    }
    return r->in.len - r->in_at;
}

/* Behind damaged compressed data: goes on with the next member of it. False if
 * there is none. */
static bool go_on(warc_reader *r)
{
    if (r->ended != LEDE_CORRUPT) {
        return false;
    }
    note_damage(r, r->failure.message);
    if (lede_input_resync(r->input, &r->failure) != LEDE_OK) {
        r->ended = LEDE_END; /* it is told once */
        return false;
    }
    r->ended = LEDE_OK;
    return true;
}

static lede_span ahead(const warc_reader *r)
{
    return lede_span_of(r->in.bytes + r->in_at, r->in.len - r->in_at);
}

/* The next line, without its end, in r->line; false at the end. A line that is
 * too long is cut. */
static bool take_line(warc_reader *r)
{
    size_t room = look_ahead(r, LINE_MAX_BYTES);
    const uint8_t *end;
    size_t len;

    if (room == 0) {
        return false;
    }
    room = room > LINE_MAX_BYTES ? LINE_MAX_BYTES : room;
    end = memchr(r->in.bytes + r->in_at, '\n', room);
    len = end == NULL ? room : (size_t)(end - r->in.bytes) - r->in_at + 1;
    lede_buf_clear(&r->line);
    lede_buf_put(&r->line, r->in.bytes + r->in_at, len);
    r->in_at += len;
    while (r->line.len > 0 && (r->line.bytes[r->line.len - 1] == '\n' ||
                               r->line.bytes[r->line.len - 1] == '\r')) {
        r->line.len--;
    }
    return !r->line.failed;
}

/* WARC's headers. --------------------------------------------------------- */

/* The value of "Name: value" if the name is that. */
static bool header_is(lede_span line, const char *name, lede_span *value)
{
    size_t len = strlen(name);

    if (!lede_match_starts(line, name) || line.len <= len ||
        line.bytes[len] != ':') {
        return false;
    }
    *value = lede_span_trim(lede_span_part(line, len + 1, line.len));
    return true;
}

static void take_header(lede_span line, warc_record *out)
{
    lede_span value;

    if (header_is(line, "warc-type", &value)) {
        out->type = value;
    } else if (header_is(line, "warc-target-uri", &value)) {
        if (value.len > 2 && value.bytes[0] == '<') {
            value = lede_span_part(value, 1, value.len - 2);
        }
        out->url = value;
    } else if (header_is(line, "warc-date", &value)) {
        out->date = value;
    } else if (header_is(line, "content-type", &value)) {
        out->mime = value;
        out->is_http =
            lede_match_find(value, 0, "application/http") != LEDE_MATCH_NONE;
    } else if (header_is(line, "content-length", &value)) {
        out->has_length = lede_warc_is_number(value);
        out->length = out->has_length ? lede_warc_number(value) : 0;
    }
}

/* The lines behind "WARC/1.0" up to the blank one, folded ones joined. */
static void take_headers(warc_reader *r, warc_record *out)
{
    size_t begin = 0;
    size_t i;
    int lines;

    *out = (warc_record){0};
    lede_buf_clear(&r->headers);
    for (lines = 0; lines < HEADER_LINES_MAX && take_line(r); lines++) {
        lede_span line = lede_buf_span(&r->line);

        if (line.len == 0) {
            break;
        }
        if ((line.bytes[0] == ' ' || line.bytes[0] == '\t') &&
            r->headers.len > 0) {
            r->headers.bytes[r->headers.len - 1] = ' ';
            line = lede_span_trim(line);
        }
        lede_buf_put_span(&r->headers, line);
        lede_buf_put_byte(&r->headers, '\n');
    }
    if (r->headers.len > 0 &&
        memchr(r->headers.bytes, 0, r->headers.len) != NULL) {
        note_damage(r, "zero bytes in its header");
    }
    for (i = 0; i < r->headers.len; i++) {
        if (r->headers.bytes[i] == '\n') {
            take_header(
                lede_span_part(lede_buf_span(&r->headers), begin, i - begin),
                out);
            begin = i + 1;
        }
    }
    out->is_http |= out->mime.len == 0 && lede_match_is(out->type, "response");
}

static bool take_arc_line(lede_span line, warc_record *out)
{
    lede_arc_line arc;

    if (!lede_arc_line_parse(line, &arc)) {
        return false;
    }
    *out = (warc_record){.type = lede_span_text("response"),
                         .url = arc.url,
                         .date = arc.date,
                         .mime = arc.mime,
                         .length = arc.length,
                         .has_length = arc.has_length,
                         .is_http = true};
    return true;
}

static bool is_version(lede_span line)
{
    return lede_span_starts(line, "WARC/") && line.len >= 8 && line.len < 16 &&
           line.bytes[5] >= '0' && line.bytes[5] <= '9';
}

/* Goes to the next record: false at the end. */
static bool next_record(warc_reader *r, warc_record *out)
{
    bool was_told = false;

    for (;;) {
        lede_span line;
        bool found;

        if (!take_line(r)) {
            if (!go_on(r)) {
                return false;
            }
            was_told = true;
            continue;
        }
        line = lede_buf_span(&r->line);
        if (line.len == 0) {
            continue;
        }
        if (r->is_arc) {
            lede_buf_clear(&r->headers);
            lede_buf_put_span(&r->headers, line);
            found = take_arc_line(lede_buf_span(&r->headers), out);
        } else {
            found = is_version(line);
            if (!found && look_ahead(r, FIRST_BYTES) > 0 &&
                is_bad_version(line, ahead(r))) {
                note_damage(r, "its first line");
                found = was_told = true;
            }
            if (found) {
                take_headers(r, out);
            }
        }
        if (found) {
            r->records++;
            return !r->headers.failed;
        }
        if (!was_told) {
            was_told = true;
            note_damage(r, "no record where one should be");
        }
    }
}

/* Content. ---------------------------------------------------------------- */

/* Whether the record ends where its length says, whatever it holds. What is
 * too long to be looked at whole is not trusted. */
static bool ends_as_said(warc_reader *r, uint64_t left)
{
    lede_span behind;
    size_t room;

    if (left > payload_max_bytes) {
        return false;
    }
    room = look_ahead(r, (size_t)left + LEDE_ARC_LINE_MAX_BYTES);
    behind = lede_span_part(ahead(r), (size_t)left, room);
    return room >= left &&
           lede_warc_ends_before(behind, r->ended == LEDE_END, r->is_arc);
}

/* Takes the record's bytes: into the payload if it is wanted, up to its bound.
 * *is_cut if there are fewer than there should be. */
static void take_content(warc_reader *r, const warc_record *record,
                         bool is_wanted, bool *is_cut)
{
    uint64_t left = record->has_length ? record->length : UINT64_MAX;
    size_t mark = r->is_arc ? LEDE_ARC_LINE_MAX_BYTES : 10;
    bool is_trusted = false;

    *is_cut = false;
    while (left > 0) {
        size_t room = look_ahead(r, 4096 + mark);
        size_t use = room > left ? (size_t)left : room;
        size_t seen = room - use > mark ? use + mark : room;
        size_t next =
            is_trusted
                ? SIZE_MAX
                : lede_warc_find(lede_span_part(ahead(r), 0, seen), r->is_arc);
        bool is_end = next < use;

        if (is_end && record->has_length && ends_as_said(r, left)) {
            is_trusted = true;
            continue;
        }

        if (room == 0) {
            *is_cut = record->has_length;
            if (go_on(r)) {
                note_damage(r, "going on behind it");
            }
            return;
        }
        if (is_end) {
            use = next;
            *is_cut = record->has_length;
        } else if (use == room && room > mark + 6 && use < left) {
            use -= mark; /* it may be cut in two */
        }
        if (is_wanted && r->payload.len < payload_max_bytes) {
            size_t more = payload_max_bytes - r->payload.len;

            lede_buf_put(&r->payload, r->in.bytes + r->in_at,
                         use < more ? use : more);
        }
        r->in_at += use;
        left -= use;
        if (is_end) {
            break;
        }
    }
    if (*is_cut) {
        note_damage(r, "shorter than it says");
    }
}

/* Kinds of content that may be articles. */
static bool is_readable(lede_span mime)
{
    static const char *const kinds[] = {
        "text/html",       "application/xhtml", "text/xml",
        "application/xml", "application/rss",   "application/atom",
        "application/rdf", "application/json",  "application/feed+json",
        "text/plain",      "application/pdf",   "multipart/related",
        "message/rfc822"};
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (lede_match_starts(mime, kinds[i])) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const warc_reader *r, const warc_record *record)
{
    if (lede_match_ends(record->url, "/robots.txt") ||
        lede_match_starts(record->url, "filedesc:") ||
        lede_match_starts(record->url, "metadata:") ||
        lede_match_starts(record->url, "urn:") ||
        lede_match_starts(record->url, "dns:")) {
        return false;
    }
    if (lede_match_is(record->type, "response")) {
        return record->is_http || r->is_arc || is_readable(record->mime);
    }
    return (lede_match_is(record->type, "resource") ||
            lede_match_is(record->type, "conversion")) &&
           is_readable(record->mime);
}

/* "charset=utf-8" in a content type. */
static lede_span charset_of(lede_span mime)
{
    size_t at = lede_match_find(mime, 0, "charset=");
    size_t end;

    if (at == LEDE_MATCH_NONE) {
        return lede_span_of(NULL, 0);
    }
    mime = lede_span_part(mime, at + 8, mime.len);
    for (end = 0; end < mime.len && mime.bytes[end] != ';'; end++) {
    }
    mime = lede_span_trim(lede_span_part(mime, 0, end));
    if (mime.len > 2 && (mime.bytes[0] == '"' || mime.bytes[0] == '\'')) {
        mime = lede_span_part(mime, 1, mime.len - 2);
    }
    return mime;
}

/* Bytes as text that is valid UTF-8, for addresses. */
static lede_span as_text(lede_span bytes, lede_buf *out)
{
    lede_utf8_repair(bytes, out);
    return lede_buf_span(out);
}

static lede_status read_document(warc_reader *r, const warc_record *record,
                                 lede_span bytes, lede_span mime,
                                 lede_error *err)
{
    char location[40];
    lede_buf url = {0};
    lede_buf date = {0};
    lede_date_hints hints = {0};
    lede_member member = {.location = location,
                          .published = lede_when_none(),
                          .captured = lede_when_none()};
    lede_member_fate fate = {0};
    /* Pictures are sent as pages, too, but do not begin as such. */
    bool has_zeros = lede_match_starts(mime, "text/") && bytes.len > 0 &&
                     (bytes.bytes[0] == '<' || bytes.bytes[0] == 0) &&
                     memchr(bytes.bytes, 0, bytes.len) != NULL;
    lede_source *source = lede_source_of_bytes(bytes);
    lede_status status;

    snprintf(location, sizeof location, "#record=%" PRIu64, r->records);
    member.url = as_text(record->url, &url);
    member.charset = charset_of(mime);
    as_text(record->date, &date);
    if (!lede_date_parse(lede_buf_span(&date), &hints, &member.captured)) {
        member.captured = lede_when_none();
    }
    if (source == NULL || url.failed || date.failed) {
        lede_source_close(source);
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    } else {
        status =
            lede_member_read(r->context, &member, source, r->sink, &fate, err);
    }
    if (status == LEDE_OK && fate.is_no_text && !r->is_arc && has_zeros) {
        note_damage(r, "zero bytes in its text");
    }
    r->entries += fate.entries;
    lede_buf_done(&url);
    lede_buf_done(&date);
    return status;
}

static lede_status give_record(warc_reader *r, const warc_record *record,
                               lede_error *err)
{
    lede_http_body body = {.mime = record->mime,
                           .bytes = lede_buf_span(&r->payload)};
    lede_status status = LEDE_OK;

    if (record->is_http || r->is_arc) {
        bool is_found = lede_http_body_find(lede_buf_span(&r->payload), &body);
        size_t head = is_found ? r->payload.len - body.bytes.len
                      : r->payload.len < FIRST_BYTES ? r->payload.len
                                                     : FIRST_BYTES;

        if (!r->is_arc && memchr(r->payload.bytes, 0, head) != NULL) {
            note_damage(r, "zero bytes in its HTTP header");
        }
        if (!is_found) {
            if (!r->is_arc) {
                return LEDE_OK;
            }
            body.mime = record->mime; /* old ones have the bare page */
            body.bytes = lede_buf_span(&r->payload);
        }
        if (body.status != 0 && (body.status < 200 || body.status > 299)) {
            return LEDE_OK;
        }
    }
    if ((body.mime.len > 0 && !is_readable(body.mime)) ||
        lede_span_trim(body.bytes).len == 0) {
        return LEDE_OK;
    }
    lede_buf_clear(&r->decoded);
    status =
        lede_http_body_decode(&body, r->context->unpacked, &r->decoded, err);
    if (status == LEDE_OK) {
        status = read_document(r, record, body.bytes, body.mime, err);
    }
    return status;
}

/* Reading. ---------------------------------------------------------------- */

static lede_status read_records(warc_reader *r, lede_error *err)
{
    lede_status status = LEDE_OK;
    warc_record record;

    while (status == LEDE_OK && next_record(r, &record)) {
        bool wanted = is_wanted(r, &record);
        bool is_cut;

        lede_buf_clear(&r->payload);
        if (!record.has_length && !r->is_arc) {
            note_damage(r, "no length");
        } else if (!record.has_length) {
            note_damage(r, "no length");
            continue; /* the next line that is a header */
        }
        take_content(r, &record, wanted, &is_cut);
        if (r->payload.failed || r->headers.failed || r->line.failed) {
            return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
        if (wanted && r->payload.len > 0) {
            status = give_record(r, &record, err);
        }
    }
    if (status == LEDE_OK && r->ended != LEDE_OK && r->ended != LEDE_END &&
        r->ended != LEDE_CORRUPT) {
        status = r->ended;
        if (err != NULL) {
            *err = r->failure;
        }
    }
    return status;
}

static lede_status read_warc(lede_input *input,
                             const lede_read_context *context,
                             const lede_sink *sink, lede_error *err)
{
    warc_reader *r;
    lede_status status;

    if (context->depth >= LEDE_CONTAINERS_MAX) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a web archive more than %d deep: not unpacked",
                         LEDE_CONTAINERS_MAX);
    }
    r = calloc(1, sizeof *r);
    if (r == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    r->input = input;
    r->context = context;
    r->sink = sink;
    r->is_arc = is_arc(lede_input_head(input));
    status = read_records(r, err);
    if (status == LEDE_OK && r->entries == 0) {
        status =
            lede_fail(err, LEDE_BAD_INPUT, "%s file without articles in it",
                      r->is_arc ? "an ARC" : "a WARC");
    }
    lede_buf_done(&r->in);
    lede_buf_done(&r->line);
    lede_buf_done(&r->headers);
    lede_buf_done(&r->payload);
    lede_buf_done(&r->decoded);
    free(r);
    return status;
}

const lede_format lede_format_warc = {"web archive", claims_warc, read_warc};
