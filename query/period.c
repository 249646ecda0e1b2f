#include "query/parse.h"

static int64_t to_instant(const lede_parse_options *options, int64_t local)
{
    lede_civil civil;

    if (options->zone == NULL) {
        return local - options->zone_offset_s;
    }
    lede_civil_from_instant(local, 0, &civil);
    return local - lede_zone_offset_for_local(options->zone, &civil);
}

/* One date: a date that names its zone is taken as it is, which shows in that
 * another offset changes nothing. */
static bool parse_one(lede_span text, const lede_parse_options *options,
                      int64_t *begin, int64_t *end)
{
    int64_t other_begin;
    int64_t other_end;

    if (!lede_period_parse(text, 0, begin, end) ||
        !lede_period_parse(text, 3600, &other_begin, &other_end)) {
        return false;
    }
    if (other_begin != *begin) {
        *begin = to_instant(options, *begin);
        *end = to_instant(options, *end);
    }
    return true;
}

/* Where ".." stands; text.len if nowhere. */
static size_t find_dots(lede_span text)
{
    size_t at;

    for (at = 0; at + 1 < text.len; at++) {
        if (text.bytes[at] == '.' && text.bytes[at + 1] == '.') {
            return at;
        }
    }
    return text.len;
}

bool lede_query_parse_period(lede_span text, const lede_parse_options *options,
                             int64_t *begin, int64_t *end, bool *swapped)
{
    size_t dots = find_dots(text);
    lede_span from = lede_span_part(text, 0, dots);
    lede_span to = lede_span_part(text, dots + 2, text.len);
    int64_t from_begin = INT64_MIN;
    int64_t from_end = INT64_MAX;
    int64_t to_begin = INT64_MIN;
    int64_t to_end = INT64_MAX;

    *swapped = false;
    if (dots == text.len) {
        return parse_one(text, options, begin, end);
    }
    if ((from.len == 0 && to.len == 0) ||
        (from.len > 0 && !parse_one(from, options, &from_begin, &from_end)) ||
        (to.len > 0 && !parse_one(to, options, &to_begin, &to_end))) {
        return false;
    }
    *begin = from_begin;
    *end = to_end;
    if (from.len > 0 && to.len > 0 && from_begin >= to_end) {
        *swapped = true;
        *begin = to_begin;
        *end = from_end;
    }
    return true;
}

static bool parse_two(lede_span text, size_t at, unsigned *out)
{
    uint8_t tens = text.bytes[at];
    uint8_t ones = text.bytes[at + 1];

    *out = (tens - (unsigned)'0') * 10 + (ones - (unsigned)'0');
    return tens >= '0' && tens <= '9' && ones >= '0' && ones <= '9';
}

static bool parse_month_day(lede_span text, uint16_t *out)
{
    unsigned month;
    unsigned day;

    if (text.len != 5 || text.bytes[2] != '-' || !parse_two(text, 0, &month) ||
        !parse_two(text, 3, &day) || month < 1 || month > 12 || day < 1 ||
        day > lede_days_in_month(2000, month)) { /* a leap year */
        return false;
    }
    *out = (uint16_t)(month * 100 + day);
    return true;
}

bool lede_query_parse_month_days(lede_span text, lede_month_days *out)
{
    size_t dots = find_dots(text);

    if (dots == text.len) {
        if (!parse_month_day(text, &out->first)) {
            return false;
        }
        out->last = out->first;
        return true;
    }
    return parse_month_day(lede_span_part(text, 0, dots), &out->first) &&
           parse_month_day(lede_span_part(text, dots + 2, text.len),
                           &out->last);
}
