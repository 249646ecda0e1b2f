#include "corpus/live_head_parts.h"

#include "corpus/text_match.h"

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_span_part(text, at, text.len);
}

/* "14:5014:50 17 Feb17 Feb" without what is there twice, in `out`. */
static lede_span undouble(lede_span text, uint8_t out[LEDE_HEAD_SHORT_BYTES])
{
    size_t clock = 0;
    size_t len = 0;
    lede_span rest;

    while (clock < text.len && text.bytes[clock] >= '0' &&
           text.bytes[clock] <= '9') {
        clock++;
    }
    if (clock == 0 || clock > 2 || text.len < clock + 3 ||
        (text.bytes[clock] != ':' && text.bytes[clock] != '.')) {
        return text;
    }
    clock += 3;
    memcpy(out, text.bytes, clock);
    len = clock;
    rest = rest_of(text, clock);
    if (rest.len >= clock && memcmp(rest.bytes, text.bytes, clock) == 0) {
        rest = rest_of(rest, clock);
    }
    for (size_t half = rest.len / 2 + 1; half >= 3; half--) {
        lede_span head = lede_match_trim(lede_span_part(rest, 0, half));
        lede_span tail = lede_match_trim(rest_of(rest, half));

        if (head.len > 0 && lede_span_equal(head, tail)) {
            out[len++] = ' ';
            rest = head;
            break;
        }
    }
    if (rest.len > 0) {
        memcpy(out + len, rest.bytes, rest.len);
    }
    return lede_span_of(out, len + rest.len);
}

static bool parse_b(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    uint8_t bytes[LEDE_HEAD_SHORT_BYTES + 1];
    lede_span rest = lede_span_trim(plain);
    lede_span time;
    size_t begin;

    if (!lede_match_starts(rest, "posted at") || rest.len < 11) {
        return false;
    }
    rest = lede_span_trim(rest_of(rest, 9));
    begin = (size_t)(rest.bytes - plain.bytes);
    if (rest.len >= LEDE_HEAD_SHORT_BYTES) {
        return false;
    }
    time = undouble(rest, bytes);
    if (!lede_head_parse_time(time, hints, &out->time) ||
        !out->time.has_clock) {
        return false;
    }
    out->time.begin = begin;
    out->time.end = begin + rest.len;
    return true;
}

static bool is_abbreviation(const char *zone)
{
    size_t len = strlen(zone);

    if (len < 2 || len > 5) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (zone[i] < 'A' || zone[i] > 'Z') {
            return false;
        }
    }
    return true;
}

static bool parse_c(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    return plain.len <= 40 &&
           lede_head_parse_time(lede_span_trim(plain), hints, &out->time) &&
           out->time.has_clock && out->time.local.month == 0 &&
           is_abbreviation(out->time.zone);
}

/* A clock first, then zone and full date; or a word before them. */
static bool parse_d(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    static const char *const words[] = {"posted ", "updated ", "published "};
    size_t at = lede_skip_spaces(plain, 0);
    size_t end;

    for (size_t i = 0; i < 3; i++) {
        if (lede_match_starts(rest_of(plain, at), words[i])) {
            at += strlen(words[i]);
            break;
        }
    }
    at = lede_skip_spaces(plain, at);
    if (at >= plain.len || plain.bytes[at] < '0' || plain.bytes[at] > '9') {
        return false;
    }
    end = lede_head_take_time(plain, at, hints, &out->time);
    if (!out->time.has_clock || out->time.local.month == 0 ||
        out->time.local.year == 0 || out->time.zone[0] == '\0' ||
        !lede_is_blank_from(plain, end)) {
        return false;
    }
    /* The clock stands first: else it is form E. */
    return lede_head_take_clock(plain, at, &(lede_head_time){0}) > 0;
}

static bool parse_e(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    lede_head_time day = {0};
    size_t at = lede_skip_spaces(plain, 0);
    size_t end;

    if (lede_head_take_day(plain, at, hints, &day) == 0 ||
        day.local.year == 0) {
        return false;
    }
    end = lede_head_take_time(plain, at, hints, &out->time);
    return out->time.has_clock && out->time.zone[0] != '\0' &&
           lede_is_blank_from(plain, end);
}

/* Minutes from GMT that make `gmt` of `local`: -720 < offset <= 840. */
static int16_t offset_between(const lede_civil *local, const lede_civil *gmt)
{
    int minutes = (local->hour - gmt->hour) * 60 + local->minute - gmt->minute;

    if (minutes <= -720) {
        minutes += 1440;
    } else if (minutes > 840) {
        minutes -= 1440;
    }
    return (int16_t)minutes;
}

static bool parse_f(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    const uint8_t *open =
        plain.len == 0 ? NULL : memchr(plain.bytes, '(', plain.len);
    lede_head_time gmt;
    size_t at;
    size_t end;

    if (open == NULL) {
        return false;
    }
    at = (size_t)(open - plain.bytes);
    end =
        lede_head_take_time(lede_span_part(plain, 0, at), 0, hints, &out->time);
    if (!out->time.has_clock || out->time.local.month == 0 ||
        !lede_is_blank_from(lede_span_part(plain, 0, at), end)) {
        return false;
    }
    end = lede_head_take_time(plain, at + 1, hints, &gmt);
    if (!gmt.has_clock || gmt.local.month != 0 ||
        (strcmp(gmt.zone, "GMT") != 0 && strcmp(gmt.zone, "UTC") != 0) ||
        end >= plain.len || plain.bytes[end] != ')' ||
        !lede_is_blank_from(plain, end + 1)) {
        return false;
    }
    out->time.offset_min = offset_between(&out->time.local, &gmt.local);
    out->time.has_offset = true;
    out->time.end = end + 1;
    return true;
}

bool lede_head_parse_g(lede_span line, lede_span plain, lede_head *out)
{
    static const char words[] = "skip next section";
    size_t at = lede_skip_spaces(plain, 0);

    *out = (lede_head){.form = LEDE_HEAD_G};
    if (!lede_match_starts(rest_of(plain, at), words)) {
        return false;
    }
    out->headline = lede_match_trim(rest_of(line, at + strlen(words)));
    return out->headline.len > 0;
}

/* Most lines are told from heads here. */
static bool is_short_form(lede_span plain)
{
    size_t at = lede_skip_spaces(plain, 0);

    return plain.len <= LEDE_HEAD_SHORT_BYTES && at < plain.len &&
           lede_match_has_digit(plain);
}

bool lede_head_parse_short(lede_span plain, const lede_date_hints *hints,
                           lede_head *out)
{
    if (!is_short_form(plain)) {
        return false;
    }
    *out = (lede_head){.form = LEDE_HEAD_B};
    if (parse_b(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_C};
    if (parse_c(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_D};
    if (parse_d(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_F};
    if (parse_f(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_E};
    if (parse_e(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_H};
    return lede_head_parse_h(plain, out);
}
