#include "corpus/live_claims.h"

#include "base/utf8.h"
#include "corpus/live_survey.h"
#include "corpus/text_match.h"

/* Longer lines are heads of form A only, and those have the keyword. */
enum { SHORT_LINE_BYTES = 120 };

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* "published at 1", "posted at 1", "updated at 1". */
static bool has_keyword(lede_span text)
{
    const uint8_t *p = text.bytes;
    const uint8_t *end = text.bytes + text.len;

    while ((p = memchr(p, ' ', (size_t)(end - p))) != NULL) {
        if (end - p > 4 && (p[1] | 0x20) == 'a' && (p[2] | 0x20) == 't' &&
            p - text.bytes >= 6 && (p[-1] | 0x20) == 'd' &&
            (p[-2] | 0x20) == 'e') {
            lede_span before = lede_span_of(p - 6, 6);

            if (lede_match_ends(before, "lished") ||
                lede_match_ends(before, "posted") ||
                lede_match_ends(before, "pdated")) {
                return true;
            }
        }
        p++;
    }
    return false;
}

/* A short line with a clock, a relative time, or the opening of form G. */
static bool is_candidate(lede_span line)
{
    if (line.len > SHORT_LINE_BYTES * 2) {
        return false;
    }
    for (size_t i = 0; i + 3 < line.len; i++) {
        if (is_digit(line.bytes[i]) && is_digit(line.bytes[i + 2]) &&
            is_digit(line.bytes[i + 3]) &&
            (line.bytes[i + 1] == ':' || line.bytes[i + 1] == '.' ||
             (line.bytes[i + 1] | 0x20) == 'h')) {
            return true;
        }
    }
    return lede_match_ends(lede_match_trim(line), "ago") ||
           lede_match_find(line, 0, "skip next section") != LEDE_MATCH_NONE;
}

/* Line ends that are no \\n. */
static bool has_other_ends(lede_span text)
{
    const uint8_t *p = text.bytes;
    const uint8_t *end = text.bytes + text.len;

    while ((p = memchr(p, '\r', (size_t)(end - p))) != NULL) {
        if (p + 1 == end || p[1] != '\n') {
            return true;
        }
        p++;
    }
    return memchr(text.bytes, '\f', text.len) != NULL ||
           memchr(text.bytes, '\v', text.len) != NULL;
}

/* U+2028, U+2029 and U+0085 end lines too. */
static bool has_wide_ends(lede_span text)
{
    for (size_t i = 0; i + 2 < text.len; i++) {
        const uint8_t *p = text.bytes + i;

        if ((p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) ||
            (p[0] == 0xC2 && p[1] == 0x85)) {
            return true;
        }
    }
    return false;
}

bool lede_live_could_claim(lede_span text)
{
    if (text.len == 0) {
        return false;
    }
    if (lede_match_is_damaged(text) ||
        lede_utf8_valid_prefix(text) < text.len) {
        return true; /* the keyword itself may have lost bytes */
    }
    if (has_keyword(text) || has_other_ends(text) || has_wide_ends(text)) {
        return true;
    }
    while (text.len > 0) {
        const uint8_t *end = memchr(text.bytes, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.bytes);

        if (is_candidate(lede_span_part(text, 0, len))) {
            return true;
        }
        text = lede_span_part(text, len + 1, text.len);
    }
    return false;
}

/* The head of a longer document ends somewhere in a line. */
static lede_span whole_lines(lede_span head)
{
    size_t len = head.len;

    while (len > 0 && head.bytes[len - 1] != '\n') {
        len--;
    }
    return len > 0 ? lede_span_part(head, 0, len) : head;
}

bool lede_live_claims(lede_span head, bool whole, const char *path)
{
    lede_read_context context = {0};
    lede_live_survey survey = {0};
    lede_span lines = whole ? head : whole_lines(head);
    lede_input *input;
    lede_status status = LEDE_NOT_FOUND;

    if (!lede_live_could_claim(lines)) {
        return false;
    }
    input = lede_input_of_bytes(lines, path);
    if (input != NULL) {
        status = lede_live_survey_run(input, &context, &survey, NULL);
    }
    lede_live_survey_done(&survey);
    lede_input_close(input);
    return status == LEDE_OK;
}
