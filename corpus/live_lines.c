#include "corpus/live_lines.h"

#include "base/buf.h"
#include "corpus/live_heads.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

#include <stdlib.h>

/* Text held while looking for the next head, and the most that becomes one
 * line. */
enum { HOLD_BYTES = 128 * 1024, PIECE_BYTES = 64 * 1024, REACH_BYTES = 600 };

struct lede_live_lines {
    lede_line_reader *reader;
    const lede_date_hints *hints;
    uint64_t number;
    bool rejoined;
    bool has_failed;
    lede_error failure;

    /* Rejoined text: single line ends are blanks, empty lines are \n\n. */
    lede_buf held;
    size_t at;
    bool at_end;
    uint32_t repaired;
    bool is_found; /* a head is known at [head_begin, head_end) */
    size_t head_begin, head_end;
    size_t clear_until; /* no head begins before this byte */
    bool behind_head;
    uint32_t expected; /* the next number; 0 = any */
};

lede_status lede_live_lines_new(lede_input *input, bool rejoined,
                                const lede_date_hints *hints,
                                lede_live_lines **out, lede_error *err)
{
    lede_live_lines *lines = calloc(1, sizeof *lines);
    lede_status status;

    if (lines == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "live text: out of memory");
    }
    lines->rejoined = rejoined;
    lines->hints = hints;
    status = lede_input_rewind(input, err);
    if (status == LEDE_OK) {
        status = lede_line_reader_new(input, &lines->reader, err);
    }
    if (status != LEDE_OK) {
        lede_live_lines_free(lines);
        return status;
    }
    *out = lines;
    return LEDE_OK;
}

void lede_live_lines_free(lede_live_lines *lines)
{
    if (lines != NULL) {
        lede_line_reader_free(lines->reader);
        lede_buf_done(&lines->held);
        free(lines);
    }
}

const char *lede_live_lines_failure(const lede_live_lines *lines)
{
    return lines->has_failed ? lines->failure.message : NULL;
}

/* A line as it is in the input; a damaged input just ends. */
static lede_status next_raw(lede_live_lines *lines, lede_span *text,
                            uint32_t *repaired, lede_error *err)
{
    lede_status status =
        lede_line_reader_next(lines->reader, text, repaired, &lines->failure);

    if (status == LEDE_CORRUPT || status == LEDE_IO) {
        lines->has_failed = true;
        return LEDE_END;
    }
    if (status != LEDE_OK && status != LEDE_END) {
        return lede_fail(err, status, "%s", lines->failure.message);
    }
    return status;
}

/* Appends one raw line to the held text. */
static lede_status hold_more(lede_live_lines *lines, lede_error *err)
{
    lede_span text;
    uint32_t repaired = 0;
    lede_status status = next_raw(lines, &text, &repaired, err);

    if (status == LEDE_END) {
        lines->at_end = true;
        return LEDE_OK;
    }
    if (status != LEDE_OK) {
        return status;
    }
    lines->repaired += repaired;
    if (lede_match_trim(text).len == 0 &&
        lede_line_reader_was_ended(lines->reader)) {
        lede_buf_put_text(&lines->held, "\n\n");
    } else {
        lede_buf_put_span(&lines->held, text);
        if (lede_line_reader_was_ended(lines->reader)) {
            lede_buf_put_byte(&lines->held, ' ');
        }
    }
    return lines->held.failed
               ? lede_fail(err, LEDE_NO_MEMORY, "live text: out of memory")
               : LEDE_OK;
}

static lede_status hold_enough(lede_live_lines *lines, lede_error *err)
{
    if (lines->at > HOLD_BYTES) {
        size_t gone = lines->at;

        memmove(lines->held.bytes, lines->held.bytes + gone,
                lines->held.len - gone);
        lines->held.len -= gone;
        lines->at = 0;
        lines->head_begin -= lines->is_found ? gone : 0;
        lines->head_end -= lines->is_found ? gone : 0;
        lines->clear_until -=
            lines->clear_until > gone ? gone : lines->clear_until;
    }
    while (!lines->at_end && lines->held.len - lines->at < HOLD_BYTES) {
        lede_status status = hold_more(lines, err);

        if (status != LEDE_OK) {
            return status;
        }
    }
    return LEDE_OK;
}

/* Whether a number and its dot stand at `at`, as before a head. */
static bool is_number_at(lede_span text, size_t from, size_t at,
                         uint32_t *number)
{
    size_t len;

    if (at > from && lede_match_blank(text, at - 1) == 0 &&
        text.bytes[at - 1] != 0xBD) { /* the last byte of U+FFFD */
        return false;
    }
    len = lede_match_number(lede_span_part(text, at, 8), 5, number);
    return len > 0 && at + len + 1 < text.len && text.bytes[at + len] == '.' &&
           lede_match_blank(text, at + len + 1) != 0;
}

/* Where the head begins whose keyword stands at `keyword`: at its number, else
 * behind the last sentence. */
static size_t find_begin(lede_live_lines *lines, lede_span text, size_t keyword)
{
    size_t from = lines->at;
    size_t best = LEDE_MATCH_NONE;
    uint32_t best_number = 0;

    if (keyword - from > REACH_BYTES) {
        from = keyword - REACH_BYTES;
    }
    for (size_t at = from; at < keyword; at++) {
        uint32_t number;

        if (text.bytes[at] < '0' || text.bytes[at] > '9' ||
            !is_number_at(text, lines->at, at, &number) || number == 0) {
            continue;
        }
        if (lines->expected == 0
                ? best_number != 1 || number == 1
                : number >= lines->expected && number - lines->expected < 4 &&
                      (best_number == 0 || number <= best_number)) {
            best = at;
            best_number = number;
        }
    }
    if (best != LEDE_MATCH_NONE) {
        lines->expected = best_number + 1;
        return best;
    }
    for (size_t at = keyword; at-- > from;) {
        if (strchr(".!?\"", text.bytes[at]) != NULL &&
            lede_match_blank(text, at + 1) != 0) {
            return at + 1;
        }
    }
    return from;
}

static void find_head(lede_live_lines *lines, lede_span text)
{
    size_t begin;
    size_t end;
    size_t from =
        lines->clear_until > lines->at ? lines->clear_until : lines->at;

    if (lines->is_found) {
        return;
    }
    if (lede_head_find_in_text(text, from, lines->hints, &begin, &end)) {
        lines->is_found = true;
        lines->head_begin = find_begin(lines, text, begin);
        lines->head_end = end;
    } else {
        lines->clear_until =
            text.len > REACH_BYTES ? text.len - REACH_BYTES : 0;
    }
}

/* The end of the text that starts at lines->at and becomes one line. */
static size_t find_piece_end(const lede_live_lines *lines, lede_span text)
{
    size_t end = lines->is_found ? lines->head_begin : text.len;
    const uint8_t *line_end;

    if (!lines->is_found && !lines->at_end && end > REACH_BYTES) {
        end -= REACH_BYTES; /* a head may begin in the rest */
    }
    if (end <= lines->at) {
        end = lines->at + 1;
    }
    line_end = memchr(text.bytes + lines->at, '\n', end - lines->at);
    if (line_end != NULL) {
        return (size_t)(line_end - text.bytes);
    }
    if (end - lines->at > PIECE_BYTES) {
        size_t cut = lines->at + PIECE_BYTES;

        while (cut > lines->at + PIECE_BYTES / 2 && text.bytes[cut] != ' ') {
            cut--;
        }
        end = cut;
    }
    while (end < text.len && (text.bytes[end] & 0xC0) == 0x80) {
        end++;
    }
    return end;
}

static void give(lede_live_lines *lines, size_t end, lede_live_line *out)
{
    out->text = lede_match_trim(
        lede_span_of(lines->held.bytes + lines->at, end - lines->at));
    out->number = ++lines->number;
    out->repaired = lines->repaired;
    out->ended = end < lines->held.len || !lines->at_end;
    lines->repaired = 0;
    lines->at = end;
}

/* One piece of the rejoined text, or LEDE_NOT_FOUND if only blanks went by. */
static lede_status next_piece(lede_live_lines *lines, lede_live_line *out,
                              lede_error *err)
{
    lede_status status = hold_enough(lines, err);
    lede_span text;
    size_t label;

    if (status != LEDE_OK) {
        return status;
    }
    text = lede_buf_span(&lines->held);
    while (lines->at < text.len && text.bytes[lines->at] == ' ') {
        lines->at++;
    }
    if (lines->at >= text.len) {
        return lines->at_end ? LEDE_END : LEDE_NOT_FOUND;
    }
    if (text.bytes[lines->at] == '\n') {
        lines->at++;
        *out = (lede_live_line){.number = ++lines->number, .ended = true};
        return LEDE_OK;
    }
    find_head(lines, text);
    if (lines->is_found && lines->head_begin <= lines->at) {
        lines->is_found = false;
        lines->behind_head = true;
        give(lines, lines->head_end, out);
        return LEDE_OK;
    }
    label = lede_words_leading_label(lede_span_part(text, lines->at, 200));
    if (lines->behind_head && label > 0) {
        give(lines, lines->at + label, out);
    } else {
        give(lines, find_piece_end(lines, text), out);
    }
    lines->behind_head = false;
    return LEDE_OK;
}

lede_status lede_live_lines_next(lede_live_lines *lines, lede_live_line *out,
                                 lede_error *err)
{
    lede_status status;

    if (!lines->rejoined) {
        *out = (lede_live_line){0};
        status = next_raw(lines, &out->text, &out->repaired, err);
        out->ended = lede_line_reader_was_ended(lines->reader);
        out->number = ++lines->number;
        return status;
    }
    do {
        status = next_piece(lines, out, err);
    } while (status == LEDE_NOT_FOUND);
    return status;
}
