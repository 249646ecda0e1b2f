#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "corpus/format.h"

/* Room for one line of full length and a good read behind it. */
enum { ROOM_BYTES = LEDE_LINE_MAX_BYTES + 64 * 1024 };

struct lede_line_reader {
    lede_input *input;
    lede_status ended; /* of the input; passed on behind the last line */
    lede_error failure;
    bool was_ended;
    bool was_page_end;
    bool skip_newline; /* the last line ended in \r: a \n belongs to it */
    size_t at, len;    /* what is unread in `bytes` */
    lede_buf repaired;
    uint8_t bytes[ROOM_BYTES];
};

lede_status lede_line_reader_new(lede_input *input, lede_line_reader **out,
                                 lede_error *err)
{
    lede_line_reader *reader = malloc(sizeof *reader);

    if (reader == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    memset(reader, 0, offsetof(lede_line_reader, bytes));
    reader->input = input;
    *out = reader;
    return LEDE_OK;
}

void lede_line_reader_free(lede_line_reader *reader)
{
    if (reader != NULL) {
        lede_buf_done(&reader->repaired);
        free(reader);
    }
}

/* Moves the rest to the front and reads more behind it. */
static void fill(lede_line_reader *reader)
{
    size_t got = 0;

    memmove(reader->bytes, reader->bytes + reader->at,
            reader->len - reader->at);
    reader->len -= reader->at;
    reader->at = 0;
    reader->ended =
        lede_input_read(reader->input, reader->bytes + reader->len,
                        ROOM_BYTES - reader->len, &got, &reader->failure);
    if (reader->ended == LEDE_OK) {
        reader->len += got;
    }
}

/* The length in bytes of the line end at `p`, 0 if there is none. A three-byte
 * one that is cut off by `end` counts as none. */
static size_t line_end_at(const uint8_t *p, const uint8_t *end)
{
    if (*p >= '\n' && *p <= '\r') {
        return 1;
    }
    if (*p == 0xC2 && end - p >= 2 && p[1] == 0x85) {
        return 2;
    }
    if (*p == 0xE2 && end - p >= 3 && p[1] == 0x80 &&
        (p[2] == 0xA8 || p[2] == 0xA9)) {
        return 3;
    }
    return 0;
}

/* Finds the first line end at or behind `from`; returns its length, 0 and
 * *found = end without one. */
static size_t find_line_end(const uint8_t *from, const uint8_t *end,
                            const uint8_t **found)
{
    const uint8_t *p;

    for (p = from; p < end; p++) {
        size_t len;

        if (*p > '\r' && *p != 0xC2 && *p != 0xE2) {
            continue;
        }
        len = line_end_at(p, end);
        if (len > 0) {
            *found = p;
            return len;
        }
    }
    *found = end;
    return 0;
}

/* Where to cut a line that is too long: behind its last blank. */
static size_t cut_at(lede_span line)
{
    size_t at = line.len;

    while (at > 0 && line.bytes[at - 1] != ' ' && line.bytes[at - 1] != '\t') {
        at--;
    }
    if (at > 0) {
        return at;
    }
    at = lede_utf8_floor(lede_span_of(line.bytes, line.len), line.len - 1);
    return at == 0 ? line.len : at;
}

/* Drops NULs and replaces what is not UTF-8. */
static lede_status repair(lede_line_reader *reader, lede_span raw,
                          lede_span *line, uint32_t *repaired, lede_error *err)
{
    const uint8_t *nul;
    size_t count = 0;

    *repaired = 0;
    *line = raw;
    if (raw.len == 0) {
        return LEDE_OK;
    }
    if (memchr(raw.bytes, 0, raw.len) == NULL &&
        lede_utf8_valid_prefix(raw) == raw.len) {
        return LEDE_OK;
    }
    lede_buf_clear(&reader->repaired);
    while ((nul = memchr(raw.bytes, 0, raw.len)) != NULL) {
        size_t before = (size_t)(nul - raw.bytes);

        count += 1 + lede_utf8_repair(lede_span_part(raw, 0, before),
                                      &reader->repaired);
        raw = lede_span_part(raw, before + 1, raw.len);
        if (raw.len == 0) {
            break;
        }
    }
    count += lede_utf8_repair(raw, &reader->repaired);
    if (reader->repaired.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    *line = lede_buf_span(&reader->repaired);
    *repaired = (uint32_t)count;
    return LEDE_OK;
}

/* Finds the next line in the buffer, reading on as needed; LEDE_END when
 * nothing is left. */
static lede_status next_raw(lede_line_reader *reader, lede_span *raw)
{
    size_t scanned = 0;

    for (;;) {
        const uint8_t *begin = reader->bytes + reader->at;
        const uint8_t *end = reader->bytes + reader->len;
        const uint8_t *found;
        size_t end_len;

        if (reader->skip_newline && begin < end) {
            reader->skip_newline = false;
            if (*begin == '\n') {
                reader->at++;
                continue;
            }
        }
        end_len = find_line_end(begin + scanned, end, &found);
        *raw = lede_span_of(begin, (size_t)(found - begin));
        if (raw->len > LEDE_LINE_MAX_BYTES) {
            raw->len = cut_at(lede_span_of(begin, LEDE_LINE_MAX_BYTES));
            reader->at += raw->len;
            reader->was_ended = false;
            return LEDE_OK;
        }
        if (end_len > 0) {
            reader->skip_newline = *found == '\r';
            reader->at += raw->len + end_len;
            reader->was_ended = true;
            reader->was_page_end = *found == '\f';
            return LEDE_OK;
        }
        if (reader->ended != LEDE_OK) {
            reader->at = reader->len;
            reader->was_ended = false;
            return raw->len > 0 ? LEDE_OK : LEDE_END;
        }
        /* The last two bytes may be the beginning of a long line end. */
        scanned = raw->len < 2 ? 0 : raw->len - 2;
        fill(reader);
    }
}

lede_status lede_line_reader_next(lede_line_reader *reader, lede_span *line,
                                  uint32_t *repaired, lede_error *err)
{
    lede_span raw;

    if (next_raw(reader, &raw) == LEDE_END) {
        if (err != NULL && reader->ended != LEDE_END) {
            *err = reader->failure;
        }
        return reader->ended;
    }
    return repair(reader, raw, line, repaired, err);
}

bool lede_line_reader_was_page_end(const lede_line_reader *reader)
{
    return reader->was_ended && reader->was_page_end;
}

bool lede_line_reader_was_ended(const lede_line_reader *reader)
{
    return reader->was_ended;
}
