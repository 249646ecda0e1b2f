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

static bool ends_in_keyword(lede_span text)
{
    return lede_match_ends(text, "lished") || lede_match_ends(text, "posted") ||
           lede_match_ends(text, "pdated");
}

/* A tab, or the last byte of a wide blank. */
static bool is_odd_blank(uint8_t byte)
{
    return byte == '\t' || byte >= 0x80;
}

/* "published at", "posted at", "updated at". */
static bool has_keyword(lede_span text)
{
    for (size_t i = 8; i < text.len; i++) {
        const uint8_t *p = text.bytes + i; /* the "t" of "at" */

        if ((*p | 0x20) != 't' || (p[-1] | 0x20) != 'a') {
            continue;
        }
        if (p[-2] == ' '
                ? (p[-3] | 0x20) == 'd' &&
                      ends_in_keyword(lede_span_of(text.bytes, i - 2))
                : is_odd_blank(p[-2]) && ends_in_keyword(lede_match_trim(
                                             lede_span_part(text, 0, i - 1)))) {
            return true;
        }
    }
    return false;
}

static bool has_clock(lede_span line)
{
    for (size_t i = 0; i + 3 < line.len; i++) {
        uint8_t separator = line.bytes[i + 1];

        if (is_digit(line.bytes[i]) && is_digit(line.bytes[i + 2]) &&
            is_digit(line.bytes[i + 3]) &&
            (separator == ':' || separator == '.' ||
             (separator | 0x20) == 'h')) {
            return true;
        }
    }
    return false;
}

/* How much a line speaks for a live page: two points make one. */
static unsigned points_of(lede_span line)
{
    if (lede_match_ends(lede_match_trim(line), "ago")) {
        bool is_a = lede_match_find(line, 0, "published") < line.len ||
                    lede_match_find(line, 0, "posted") < line.len ||
                    lede_match_find(line, 0, "updated") < line.len;

        return is_a ? 2 : 1;
    }
    if (line.len > SHORT_LINE_BYTES * 2) {
        return 0;
    }
    /* "Skip next section", with blanks of any width. */
    return has_clock(line) ||
           (lede_match_find(line, 0, "skip") != LEDE_MATCH_NONE &&
            lede_match_find(line, 0, "section") != LEDE_MATCH_NONE);
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

/* U+2028, U+2029 and U+0085 end lines too, U+FFFD stands for a lost byte. */
static bool has_odd_character(lede_span text, uint8_t lead)
{
    const uint8_t *p = text.bytes;
    const uint8_t *end = text.bytes + text.len;

    while ((p = memchr(p, lead, (size_t)(end - p))) != NULL) {
        if (end - p >= 3 &&
            ((lead == 0xE2 && p[1] == 0x80 && (p[2] | 1) == 0xA9) ||
             (lead == 0xEF && p[1] == 0xBF && p[2] == 0xBD))) {
            return true;
        }
        if (end - p >= 2 && lead == 0xC2 && p[1] == 0x85) {
            return true;
        }
        p++;
    }
    return false;
}

bool lede_live_could_claim(lede_span text)
{
    unsigned points = 0;

    if (text.len == 0) {
        return false;
    }
    if (has_keyword(text) || has_other_ends(text) ||
        has_odd_character(text, 0xE2) || has_odd_character(text, 0xC2)) {
        return true;
    }
    /* Words may have lost bytes, or have NULs in them, which are dropped. */
    if (has_odd_character(text, 0xEF) ||
        memchr(text.bytes, 0, text.len) != NULL ||
        lede_utf8_valid_prefix(text) < text.len) {
        return true;
    }
    while (text.len > 0) {
        const uint8_t *end = memchr(text.bytes, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.bytes);

        points += points_of(lede_span_part(text, 0, len));
        if (points >= 2) {
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
