/* date_clock.c - times of day as people and machines print them. */
#include "corpus/date_scan.h"

/* "am", "a.m.", "AM", "A.M" at `at`: its length, and whether it is pm. */
static size_t take_half(lede_span text, size_t at, bool *is_pm)
{
    uint8_t c = (uint8_t)(lede_scan_at(text, at) | 0x20);
    size_t len = 1;

    if (c != 'a' && c != 'p') {
        return 0;
    }
    len += lede_scan_at(text, at + len) == '.';
    if ((lede_scan_at(text, at + len) | 0x20) != 'm') {
        return 0;
    }
    len++;
    if (lede_scan_is_letter(text, at + len) ||
        lede_scan_is_digit(lede_scan_at(text, at + len))) {
        return 0;
    }
    if (len == 3 && lede_scan_at(text, at + len) == '.') {
        len++;
    }
    *is_pm = c == 'p';
    return len;
}

/* Chinese and Korean say the half of the day first. */
static size_t take_half_first(lede_span text, bool *is_pm)
{
    static const struct {
        const char *word;
        bool is_pm;
    } halves[] = {{"上午", false},  {"下午", true},  {"午前", false},
                  {"午後", true},   {"오전", false}, {"오후", true},
                  {"오 전", false}, {"오 후", true}};
    size_t i;

    for (i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        if (lede_span_starts(text, halves[i].word)) {
            size_t len = strlen(halves[i].word);

            *is_pm = halves[i].is_pm;
            return len + lede_scan_blanks(text, len);
        }
    }
    return 0;
}

/* "14 h 50", as the French print it: the blanks and the letter. */
static size_t take_wide_h(lede_span text, size_t at)
{
    size_t len = lede_scan_blanks(text, at);
    uint32_t minute;
    size_t digits;

    if (len == 0 || lede_scan_at(text, at + len) != 'h') {
        return 0;
    }
    len++;
    len += lede_scan_blanks(text, at + len);
    digits = lede_scan_digits(text, at + len, &minute);
    return digits == 2 && minute < 60 ? len : 0;
}

/* A separator between hours and minutes: one byte, or an East Asian sign. */
static size_t take_separator(lede_span text, size_t at)
{
    static const char *const signs[] = {"時", "时", "點", "点", "시"};
    uint8_t c = lede_scan_at(text, at);
    size_t i;

    if (c == ':' || c == '.' || ((c | 0x20) == 'h')) {
        return 1;
    }
    if (c == ' ' || c == 0xC2 || c == 0xE2) {
        return take_wide_h(text, at);
    }
    for (i = 0; c >= 0x80 && i < sizeof signs / sizeof signs[0]; i++) {
        if (lede_span_starts(lede_scan_from(text, at), signs[i])) {
            size_t len = strlen(signs[i]);

            return len + lede_scan_blanks(text, at + len);
        }
    }
    return 0;
}

/* What closes minutes or seconds: "分", "分", "분", "秒", "초", with blanks
 * behind if digits follow. */
static size_t take_sign(lede_span text, size_t at)
{
    static const char *const signs[] = {"分", "분", "秒", "초"};
    size_t i;

    for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (lede_span_starts(lede_scan_from(text, at), signs[i])) {
            return strlen(signs[i]);
        }
    }
    return 0;
}

/* ":SS" with a fraction, after the minutes; 0 if there is none. */
static size_t take_seconds(lede_span text, size_t at, uint8_t separator,
                           uint32_t *second)
{
    size_t begin = at;
    size_t sign = take_sign(text, at);
    uint32_t rest;
    size_t digits;

    if (sign > 0) {
        at += sign + lede_scan_blanks(text, at + sign);
    } else if (separator != 0 && lede_scan_at(text, at) == separator) {
        at++;
    } else {
        return 0;
    }
    digits = lede_scan_digits(text, at, second);
    if (digits != 2 || *second > 60) {
        *second = 0;
        return sign;
    }
    at += 2;
    at += take_sign(text, at);
    if (lede_scan_at(text, at) == '.' || lede_scan_at(text, at) == ',') {
        digits = lede_scan_digits(text, at + 1, &rest);
        at += digits > 0 ? digits + 1 : 0;
    }
    return at - begin;
}

static size_t take_word(lede_span text, lede_civil *out,
                        lede_precision *precision)
{
    bool is_noon = false;
    size_t len = lede_scan_word(text, 0, "midnight");

    if (len == 0) {
        len = lede_scan_word(text, 0, "12 noon");
        if (len == 0) {
            len = lede_scan_word(text, 0, "noon");
        }
        is_noon = len > 0;
    }
    if (len == 0 || lede_scan_is_letter(text, len)) {
        return 0;
    }
    out->hour = is_noon ? 12 : 0;
    out->minute = out->second = 0;
    *precision = LEDE_PRECISION_MINUTE;
    return len;
}

typedef struct clock {
    uint32_t hour, minute, second;
    lede_precision precision;
    size_t len;
} clock;

/* Minutes and seconds after the hour. False: a dot or colon without two digits
 * behind it. */
static bool take_minutes(lede_span text, clock *c)
{
    size_t separator = take_separator(text, c->len);
    uint8_t sign = lede_scan_at(text, c->len);
    size_t digits;
    size_t more;

    if (separator == 0) {
        return true;
    }
    if (separator > 1 && lede_scan_blanks(text, c->len) > 0) {
        sign = 'h';
    }
    digits = lede_scan_digits(text, c->len + separator, &c->minute);
    if (digits == 1 && separator == 1 && sign == ':' &&
        lede_scan_at(text, c->len + 2) != ':') {
        digits = 0;
    }
    if (digits == 0 || digits > 2 || c->minute > 59) {
        c->minute = 0;
        if ((sign | 0x20) != 'h' && sign < 0x80) {
            return false;
        }
        /* "14h", and not "14hours" */
        if (digits != 0 ||
            (sign < 0x80 && lede_scan_is_letter(text, c->len + 1))) {
            return false;
        }
        c->len += separator;
        c->precision = LEDE_PRECISION_HOUR;
        return true;
    }
    c->len += separator + digits;
    c->precision = LEDE_PRECISION_MINUTE;
    more = take_seconds(text, c->len,
                        (sign | 0x20) == 'h' || sign >= 0x80 ? 0 : sign,
                        &c->second);
    if (more > 3 || (more == 3 && lede_scan_at(text, c->len) < 0x80)) {
        c->precision = LEDE_PRECISION_SECOND;
    }
    c->len += more;
    return true;
}

/* am and pm behind the digits, or before them (`half` bytes were there). */
static bool apply_half(lede_span text, clock *c, size_t half, bool is_pm)
{
    size_t gap = lede_scan_blanks(text, c->len);
    bool pm_behind = false;
    size_t behind = take_half(text, c->len + gap, &pm_behind);

    if (behind > 0) {
        c->len += gap + behind;
        is_pm = pm_behind;
    } else if (half == 0) {
        return true;
    }
    if (c->precision == LEDE_PRECISION_NONE) {
        c->precision = LEDE_PRECISION_HOUR;
    }
    if (c->hour > 12) {
        return c->hour < 24; /* "14:50 pm" is printed, and meant */
    }
    c->hour = c->hour % 12 + (is_pm ? 12 : 0);
    return true;
}

size_t lede_clock_take(lede_span text, lede_civil *out,
                       lede_precision *precision)
{
    clock c = {0};
    bool is_pm = false;
    size_t half = take_word(text, out, precision);
    size_t digits;

    if (half > 0) {
        return half;
    }
    half = take_half_first(text, &is_pm);
    digits = lede_scan_digits(text, half, &c.hour);
    if (digits == 0 || digits > 2 || c.hour > 24) {
        return 0;
    }
    c.len = half + digits;
    if (!take_minutes(text, &c) || !apply_half(text, &c, half, is_pm) ||
        c.precision == LEDE_PRECISION_NONE ||
        lede_scan_is_digit(lede_scan_at(text, c.len))) {
        return 0;
    }
    out->hour = (uint8_t)(c.hour == 24 ? 0 : c.hour);
    out->minute = (uint8_t)c.minute;
    out->second = (uint8_t)(c.second > 59 ? 59 : c.second);
    *precision = c.precision;
    return c.len;
}
