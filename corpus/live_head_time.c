#include "corpus/live_head_parts.h"

#include "corpus/date_scan.h"
#include "corpus/text_match.h"

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_span_part(text, at, text.len);
}

size_t lede_skip_spaces(lede_span text, size_t at)
{
    while (at < text.len && text.bytes[at] == ' ') {
        at++;
    }
    return at;
}

/* Blanks, commas and the words that join a day to a time. */
static size_t skip_joint(lede_span text, size_t at)
{
    static const char *const joints[] = {"at ", "on ", "- ", "\u2013 ", "| "};

    for (;;) {
        size_t before = at;

        while (at < text.len &&
               (text.bytes[at] == ' ' || text.bytes[at] == ',')) {
            at++;
        }
        for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
            if (lede_match_starts(rest_of(text, at), joints[i])) {
                at += strlen(joints[i]);
            }
        }
        if (at == before) {
            return at;
        }
    }
}

size_t lede_head_take_clock(lede_span text, size_t at, lede_head_time *out)
{
    lede_span rest = rest_of(text, at);
    lede_precision precision;
    size_t len;

    if (rest.len == 0 || rest.bytes[0] < '0' || rest.bytes[0] > '9') {
        return 0; /* "noon" is no head's time */
    }
    len = lede_clock_take(rest, &out->local, &precision);
    if (len == 0 || precision < LEDE_PRECISION_MINUTE) {
        return 0;
    }
    out->has_clock = true;
    out->precision = precision;
    if (lede_match_starts(rest_of(rest, len), " uhr") &&
        (rest.len == len + 4 || rest.bytes[len + 4] == ' ' ||
         rest.bytes[len + 4] == ',')) {
        len += 4;
    }
    return len;
}

/* Copies with runs of blanks made one (a wide blank counts as several). */
static void copy_words(char *out, lede_span text)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] != ' ' || (len > 0 && out[len - 1] != ' ')) {
            out[len++] = (char)text.bytes[i];
        }
    }
    out[len] = '\0';
}

static size_t take_zone(lede_span text, size_t at, const lede_date_hints *hints,
                        lede_head_time *out)
{
    bool framed = at < text.len && text.bytes[at] == '(';
    lede_span rest = rest_of(text, at + framed);
    lede_zone_word word;
    size_t len = lede_zone_word_take(rest, hints, &word);

    if (len == 0 || len >= sizeof out->zone) {
        return 0;
    }
    if (framed && !(len < rest.len && rest.bytes[len] == ')')) {
        return 0;
    }
    copy_words(out->zone, lede_span_part(rest, 0, len));
    return len + (framed ? 2 : 0);
}

size_t lede_head_take_day(lede_span text, size_t at,
                          const lede_date_hints *hints, lede_head_time *out)
{
    size_t len =
        lede_day_take(rest_of(text, at), hints, &out->local, &out->day_guessed);

    if (len > 0) {
        out->weekday = (uint8_t)lede_weekday_english(rest_of(text, at));
    }
    if (len > 0 && out->precision == LEDE_PRECISION_NONE) {
        out->precision = LEDE_PRECISION_DAY;
    }
    return len;
}

size_t lede_head_take_time(lede_span text, size_t at,
                           const lede_date_hints *hints, lede_head_time *out)
{
    size_t end = at;

    *out = (lede_head_time){.begin = lede_skip_spaces(text, at)};
    for (;;) {
        size_t next = skip_joint(text, end);
        size_t len = 0;

        if (out->local.month == 0) {
            len = lede_head_take_day(text, next, hints, out);
        }
        if (len == 0 && !out->has_clock) {
            len = lede_head_take_clock(text, next, out);
        } else if (len == 0 && out->zone[0] == '\0') {
            len = take_zone(text, next, hints, out);
        }
        if (len == 0) {
            out->end = end;
            return end;
        }
        end = next + len;
    }
}

bool lede_is_blank_from(lede_span text, size_t at)
{
    return lede_skip_spaces(text, at) >= text.len;
}

bool lede_head_parse_time(lede_span text, const lede_date_hints *hints,
                          lede_head_time *out)
{
    uint8_t bytes[LEDE_HEAD_SHORT_BYTES];
    lede_span plain = {bytes, text.len};
    size_t end;

    if (text.len == 0 || text.len > sizeof bytes) {
        return false;
    }
    lede_match_plain(text, bytes);
    end = lede_head_take_time(plain, 0, hints, out);
    return out->precision != LEDE_PRECISION_NONE &&
           lede_is_blank_from(plain, end);
}

size_t lede_head_take_number(lede_span plain, uint32_t *ordinal)
{
    size_t at = 0;
    size_t len;

    while (at < plain.len && at < 16 &&
           (plain.bytes[at] == ' ' || plain.bytes[at] == '\t')) {
        at++;
    }
    len = lede_match_number(rest_of(plain, at), 5, ordinal);
    if (len == 0 || at + len >= plain.len ||
        (plain.bytes[at + len] != '.' && plain.bytes[at + len] != ')')) {
        return 0;
    }
    at += len + 1;
    if (at < plain.len && plain.bytes[at] != ' ') {
        return 0;
    }
    return lede_skip_spaces(plain, at);
}

bool lede_head_parse_number(lede_span line, uint32_t *ordinal, lede_span *rest)
{
    uint32_t number;
    size_t at = lede_head_take_number(line, &number);

    if (at == 0 || number == 0) {
        return false;
    }
    *ordinal = number;
    *rest = lede_match_trim(rest_of(line, at));
    return true;
}

/* The seconds of a unit's name, and how exact a time counted in it is. */
static int64_t unit_seconds(lede_span word, lede_precision *precision)
{
    static const struct unit {
        const char *name;
        int64_t seconds;
        lede_precision precision;
    } units[] = {
        {"s", 1, LEDE_PRECISION_MINUTE},
        {"sec", 1, LEDE_PRECISION_MINUTE},
        {"second", 1, LEDE_PRECISION_MINUTE},
        {"m", 60, LEDE_PRECISION_MINUTE},
        {"min", 60, LEDE_PRECISION_MINUTE},
        {"minute", 60, LEDE_PRECISION_MINUTE},
        {"h", 3600, LEDE_PRECISION_HOUR},
        {"hr", 3600, LEDE_PRECISION_HOUR},
        {"hour", 3600, LEDE_PRECISION_HOUR},
        {"d", 86400, LEDE_PRECISION_DAY},
        {"day", 86400, LEDE_PRECISION_DAY},
    };

    if (word.len > 2 &&
        (word.bytes[word.len - 1] == 's' || word.bytes[word.len - 1] == '.')) {
        word.len--;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (lede_match_is(word, units[i].name)) {
            *precision = units[i].precision;
            return units[i].seconds;
        }
    }
    return 0;
}

bool lede_head_parse_h(lede_span plain, lede_head *out)
{
    static const char *const words[] = {"posted ", "updated ", "published "};
    lede_span rest = lede_span_trim(plain);
    size_t pairs = 0;

    if (rest.len > 40 || !lede_match_ends(rest, "ago")) {
        return false;
    }
    out->time.begin = (size_t)(rest.bytes - plain.bytes);
    out->time.end = out->time.begin + rest.len;
    rest.len -= 3;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_starts(rest, words[i])) {
            rest = lede_span_trim(rest_of(rest, strlen(words[i])));
            break;
        }
    }
    while (rest.len > 0 && pairs < 2) {
        uint32_t number;
        size_t len = lede_match_number(rest, 3, &number);
        size_t at = lede_skip_spaces(rest, len);
        size_t end = at;
        int64_t unit;

        while (end < rest.len && rest.bytes[end] != ' ') {
            end++;
        }
        unit = len == 0 ? 0
                        : unit_seconds(lede_span_part(rest, at, end - at),
                                       &out->time.precision);
        if (unit == 0) {
            return false;
        }
        out->time.ago_s += unit * number;
        rest = lede_span_trim(rest_of(rest, end));
        pairs++;
    }
    out->time.is_relative = true;
    return pairs > 0 && rest.len == 0;
}

bool lede_head_parse_updated(lede_span line, const lede_date_hints *hints,
                             lede_head_time *out)
{
    static const char *const words[] = {"updated at ", "last updated at ",
                                        "updated: ", "last updated: "};

    line = lede_match_trim(line);
    if (line.len > LEDE_HEAD_SHORT_BYTES) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_starts(line, words[i])) {
            return lede_head_parse_time(rest_of(line, strlen(words[i])), hints,
                                        out) &&
                   out->has_clock;
        }
    }
    return false;
}
