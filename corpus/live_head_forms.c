#include "corpus/live_head_parts.h"

#include "corpus/date_scan.h"
#include "corpus/live_bylines.h"
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
    } else if (rest.len > clock && rest.bytes[0] == '0' &&
               memcmp(rest.bytes + 1, text.bytes, clock) == 0) {
        rest = rest_of(rest, clock + 1); /* "9:0509:05" */
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

/* A clock, and nothing else but a day and a zone in any order. */
static bool parse_i(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    static const char *const words[] = {"posted", "published"};
    size_t at = lede_skip_spaces(plain, 0);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_starts(rest_of(plain, at), words[i])) {
            at += strlen(words[i]);
            at += at < plain.len && plain.bytes[at] == ':';
            at = lede_skip_spaces(plain, at);
            if (lede_match_starts(rest_of(plain, at), "at ")) {
                return false; /* form A or B */
            }
            break;
        }
    }
    return plain.len <= 60 && at < plain.len &&
           lede_is_blank_from(
               plain, lede_head_take_time(plain, at, hints, &out->time)) &&
           out->time.has_clock;
}

/* The byte behind what stands between a time and its headline, or 0. */
static size_t skip_separator(lede_span plain, size_t at, bool *is_blank)
{
    static const char *const marks[] = {"-", "\u2013", "\u2014", "|",
                                        ":", "\u00B7", "\u2022"};
    size_t begin = lede_skip_spaces(plain, at);

    *is_blank = false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t end = begin + strlen(marks[i]);

        if (lede_span_starts(rest_of(plain, begin), marks[i]) &&
            end < plain.len && plain.bytes[end] == ' ') {
            return lede_skip_spaces(plain, end);
        }
    }
    *is_blank = true;
    return begin > at ? begin : 0;
}

/* Digits of the hour, if a colon follows them; 0 where a point does, as in
 * "2.30 million". */
static size_t hour_digits(lede_span clock)
{
    size_t len = 0;

    while (len < clock.len && clock.bytes[len] >= '0' &&
           clock.bytes[len] <= '9') {
        len++;
    }
    return len < clock.len && clock.bytes[len] == ':' ? len : 0;
}

bool lede_head_parse_j(lede_span line, lede_span plain,
                       const lede_date_hints *hints, lede_head *out)
{
    size_t at = lede_skip_spaces(plain, 0);
    size_t clock;
    size_t end;
    size_t digits;
    lede_zone_word zone;
    lede_span head;
    bool is_blank;
    bool is_half; /* a.m. or p.m. */
    bool is_framed = at < plain.len && plain.bytes[at] == '[';

    *out = (lede_head){.form = LEDE_HEAD_J};
    at += is_framed;
    clock = lede_head_take_clock(plain, at, &out->time);
    if (clock == 0) {
        return false;
    }
    head = lede_span_part(plain, at, clock);
    digits = hour_digits(head);
    is_half = lede_match_ends_in(head, "mM.", false);
    end = at + clock;
    out->time.begin = at;
    if (end < plain.len && plain.bytes[end] == ' ') {
        size_t begin = lede_skip_spaces(plain, end);
        size_t len = lede_zone_word_take(rest_of(plain, begin), hints, &zone);

        if (len >= 2 && len < sizeof out->time.zone && len <= 5) {
            memcpy(out->time.zone, plain.bytes + begin, len);
            if (is_abbreviation(out->time.zone)) {
                end = begin + len;
            } else {
                out->time.zone[0] = '\0';
            }
        }
    }
    out->time.end = end;
    if (is_framed) {
        if (end >= plain.len || plain.bytes[end] != ']') {
            return false;
        }
        end++;
    }
    at = skip_separator(plain, end, &is_blank);
    if (at == 0 || at >= plain.len ||
        (digits == 0 && !is_half && out->time.zone[0] == '\0') ||
        (is_blank && digits != 2 && !is_half && out->time.zone[0] == '\0') ||
        lede_match_starts_lower(rest_of(plain, at))) {
        return false;
    }
    out->headline = lede_match_trim(rest_of(line, at));
    return out->headline.len > 0 && out->headline.len <= LEDE_HEAD_J_BYTES;
}

bool lede_head_parse_signed(lede_span text, lede_span *headline,
                            lede_span *name)
{
    static const char *const marks[] = {" - ", " \u2013 ", " \u2014 ", " | ",
                                        ", by "};

    for (size_t at = text.len; at-- > 1;) {
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            lede_span rest = rest_of(text, at);

            if (!lede_match_starts(rest, marks[i])) {
                continue;
            }
            rest = lede_match_trim(rest_of(rest, strlen(marks[i])));
            if (lede_match_starts(rest, "by ")) {
                rest = lede_match_trim(rest_of(rest, 3));
            }
            *headline = lede_match_trim(lede_span_part(text, 0, at));
            *name = rest;
            return headline->len > 0 && lede_byline_is_name(rest) &&
                   memchr(rest.bytes, ' ', rest.len) != NULL;
        }
    }
    return false;
}

/* Most lines are told from heads here. */
static bool is_short_form(lede_span plain)
{
    size_t at = lede_skip_spaces(plain, 0);

    return plain.len <= LEDE_HEAD_SHORT_BYTES && at < plain.len &&
           lede_match_has_digit(plain);
}

/* "14:50 by Ann Lee" without its last three words. */
static lede_span without_author(lede_span plain, lede_span *author)
{
    size_t at = lede_match_find_last(plain, " by ");

    *author = lede_span_of(NULL, 0);
    if (at == LEDE_MATCH_NONE || at == 0 ||
        !lede_byline_is_name(lede_match_trim(rest_of(plain, at + 4)))) {
        return plain;
    }
    *author = lede_match_trim(rest_of(plain, at + 4));
    while (at > 0 &&
           (plain.bytes[at - 1] == ' ' || plain.bytes[at - 1] == ',')) {
        at--;
    }
    return lede_span_part(plain, 0, at);
}

static bool parse_short(lede_span plain, const lede_date_hints *hints,
                        lede_head *out)
{
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
    if (lede_head_parse_h(plain, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_I};
    return parse_i(plain, hints, out);
}

bool lede_head_parse_short(lede_span line, lede_span plain,
                           const lede_date_hints *hints, lede_head *out)
{
    lede_span author;
    lede_span rest;

    if (!is_short_form(plain)) {
        return false;
    }
    if (parse_short(plain, hints, out)) {
        return true;
    }
    rest = without_author(plain, &author);
    if (author.len == 0 || !parse_short(rest, hints, out)) {
        return false;
    }
    out->author =
        lede_span_part(line, (size_t)(author.bytes - plain.bytes), author.len);
    return true;
}
