/* date_iso.c - days that begin with the year: ISO 8601's, and the signs of
 * Chinese, Japanese and Korean. */
#include "corpus/date_scan.h"

static bool set_days(int64_t days, lede_civil *out)
{
    lede_civil day;

    lede_civil_from_days(days, &day);
    out->year = day.year;
    out->month = day.month;
    out->day = day.day;
    return true;
}

/* 2025-048: the 48th day. */
static bool set_ordinal(uint32_t year, uint32_t day, lede_civil *out)
{
    int64_t first = lede_days_from_civil((int32_t)year, 1, 1);
    int64_t next = lede_days_from_civil((int32_t)year + 1, 1, 1);

    return day >= 1 && first + day - 1 < next && set_days(first + day - 1, out);
}

/* Week 1 is the one with January 4. */
static bool set_week(uint32_t year, uint32_t week, uint32_t day,
                     lede_civil *out)
{
    int64_t fourth = lede_days_from_civil((int32_t)year, 1, 4);
    int64_t monday = fourth - (int64_t)lede_weekday(fourth);

    return week >= 1 && week <= 53 && day >= 1 && day <= 7 &&
           set_days(monday + (int64_t)(week - 1) * 7 + day - 1, out);
}

/* -Www[-D] behind the year. */
static size_t take_week(lede_span text, uint32_t year, lede_civil *out)
{
    size_t at = 4;
    uint32_t week;
    uint32_t day = 1;

    at += lede_scan_at(text, at) == '-';
    if (lede_scan_at(text, at) != 'W' ||
        lede_scan_digits(text, at + 1, &week) != 2) {
        return 0;
    }
    at += 3;
    if (lede_scan_at(text, at) == '-' &&
        lede_scan_digits(text, at + 1, &day) == 1) {
        at += 2;
    } else {
        day = 1;
    }
    return set_week(year, week, day, out) ? at : 0;
}

/* The sign that closes a year, month or day; its length. */
static size_t take_sign(lede_span text, size_t at, const char *sign,
                        const char *korean)
{
    lede_span rest = lede_scan_from(text, at);

    if (lede_span_starts(rest, sign)) {
        return strlen(sign);
    }
    return lede_span_starts(rest, korean) ? strlen(korean) : 0;
}

/* 2025年2月17日, 2025년 2월 17일. */
static size_t take_signs(lede_span text, uint32_t year, lede_civil *out)
{
    size_t at = 4 + lede_scan_blanks(text, 4);
    size_t len = take_sign(text, at, "年", "년");
    uint32_t month;
    uint32_t day;

    if (len == 0) {
        return 0;
    }
    at += len;
    at += lede_scan_blanks(text, at);
    len = lede_scan_digits(text, at, &month);
    if (len == 0 || len > 2) {
        return 0;
    }
    at += len;
    at += lede_scan_blanks(text, at);
    len = take_sign(text, at, "月", "월");
    if (len == 0) {
        return 0;
    }
    at += len;
    at += lede_scan_blanks(text, at);
    len = lede_scan_digits(text, at, &day);
    if (len == 0 || len > 2) {
        return 0;
    }
    at += len;
    at += lede_scan_blanks(text, at);
    len = take_sign(text, at, "日", "일");
    if (len == 0 || month < 1 || month > 12 || day < 1 || day > 31) {
        return 0;
    }
    out->year = (int32_t)year;
    out->month = (uint8_t)month;
    out->day = (uint8_t)day;
    return at + len;
}

/* The month in the middle: one or two digits, or a name. */
static size_t take_month(lede_span text, size_t at, uint32_t *month)
{
    char word[LEDE_SCAN_WORD_BYTES];
    lede_month_name name;
    size_t len = lede_scan_digits(text, at, month);

    if (len > 0) {
        return len <= 2 ? len : 0;
    }
    len = lede_scan_fold(text, at, word);
    if (len == 0 || !lede_month_name_get(word, &name)) {
        return 0;
    }
    *month = name.number;
    return len;
}

/* 2025-02-17, 2025/2/17, 2025.02.17, 2025-Feb-17, 2025-048. */
static size_t take_separated(lede_span text, uint32_t year, lede_civil *out)
{
    uint8_t joint = lede_scan_at(text, 4);
    uint32_t month;
    uint32_t day;
    size_t at = 5;
    size_t len;

    if (joint != '-' && joint != '/' && joint != '.') {
        return 0;
    }
    len = lede_scan_digits(text, at, &day);
    if (len == 3 && joint == '-') {
        return set_ordinal(year, day, out) ? at + len : 0;
    }
    len = take_month(text, at, &month);
    if (len == 0 || lede_scan_at(text, at + len) != joint) {
        return 0;
    }
    at += len + 1;
    len = lede_scan_digits(text, at, &day);
    if (len == 0 || len > 2 || month < 1 || month > 12 || day < 1 || day > 31) {
        return 0;
    }
    out->year = (int32_t)year;
    out->month = (uint8_t)month;
    out->day = (uint8_t)day;
    return at + len;
}

static size_t take_compact(uint32_t number, lede_civil *out)
{
    uint32_t month = number / 100 % 100;
    uint32_t day = number % 100;

    if (number < 10000000u || month < 1 || month > 12 || day < 1 || day > 31) {
        return 0;
    }
    out->year = (int32_t)(number / 10000);
    out->month = (uint8_t)month;
    out->day = (uint8_t)day;
    return 8;
}

size_t lede_iso_day_take(lede_span text, lede_civil *out)
{
    uint32_t number;
    size_t digits = lede_scan_digits(text, 0, &number);
    size_t len;

    if (digits == 8) {
        return take_compact(number, out);
    }
    if (digits != 4 || number == 0) {
        return 0;
    }
    len = take_separated(text, number, out);
    if (len == 0) {
        len = take_week(text, number, out);
    }
    return len > 0 ? len : take_signs(text, number, out);
}
