/* date_path.c - dates in numbers, addresses and file names. */
#include "corpus/date_scan.h"

/* 20250217, 202502171450, 20250217145000: a date written as one number. */
static bool from_calendar(int64_t number, unsigned digits, lede_when *out)
{
    lede_civil local = {0};
    lede_precision precision = LEDE_PRECISION_DAY;

    if (digits == 14) {
        local.second = (uint8_t)(number % 100);
        number /= 100;
        precision = LEDE_PRECISION_SECOND;
    }
    if (digits >= 12) {
        local.minute = (uint8_t)(number % 100);
        local.hour = (uint8_t)(number / 100 % 100);
        number /= 10000;
        if (precision == LEDE_PRECISION_DAY) {
            precision = LEDE_PRECISION_MINUTE;
        }
    }
    local.day = (uint8_t)(number % 100);
    local.month = (uint8_t)(number / 100 % 100);
    local.year = (int32_t)(number / 10000);
    if (local.hour > 23 || local.minute > 59 || local.second > 59 ||
        local.year >= 2200 ||
        (local.year == 1970 && local.month == 1 && local.day == 1)) {
        return false;
    }
    return lede_when_make(&local, precision, lede_span_text("Z"), NULL, out);
}

static unsigned count_digits(int64_t number)
{
    unsigned digits = 1;

    while ((number /= 10) != 0) {
        digits++;
    }
    return digits;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool from_epoch(int64_t number, int64_t per_second, lede_when *out)
{
    lede_when when = lede_when_none();
    int64_t instant = floor_div(number, per_second);

    if (instant == 0) {
        return false;
    }
    lede_civil_from_instant(instant, 0, &when.local);
    if (when.local.year < LEDE_YEAR_MIN || when.local.year > 9999) {
        return false;
    }
    when.instant = instant;
    when.precision = LEDE_PRECISION_SECOND;
    when.year_source = LEDE_YEAR_EXPLICIT;
    when.zone_text = lede_span_text("Z");
    *out = when;
    return true;
}

bool lede_date_from_number(int64_t number, lede_when *out)
{
    unsigned digits = count_digits(number);

    *out = lede_when_none();
    if (number > 0 && (digits == 8 || digits == 12 || digits == 14) &&
        from_calendar(number, digits, out)) {
        return true;
    }
    switch (digits) {
    case 9:
    case 10:
        return from_epoch(number, 1, out);
    case 11:
    case 12:
    case 13:
        return from_epoch(number, 1000, out);
    case 15:
    case 16:
        return from_epoch(number, 1000000, out);
    case 18:
    case 19:
        return from_epoch(number, 1000000000, out);
    default:
        return false;
    }
}

/* The end of a URL's path: what follows "?" or "#" is no date of the page. */
static lede_span url_path(lede_span url)
{
    size_t i;

    for (i = 0; i < url.len; i++) {
        if (url.bytes[i] == '?' || url.bytes[i] == '#') {
            return lede_span_part(url, 0, i);
        }
    }
    return url;
}

/* The whole run of digits at `at` as a date: 20250217, and in file names
 * 20250217145000 and seconds since 1970. */
static bool take_run(lede_span path, size_t at, size_t digits, bool is_url,
                     lede_civil *out)
{
    lede_when when;
    int64_t number = 0;
    size_t i;

    if (digits != 8 &&
        (is_url || (digits != 10 && digits != 12 && digits != 14))) {
        return false;
    }
    for (i = 0; i < digits; i++) {
        number = number * 10 + (path.bytes[at + i] - '0');
    }
    if (!lede_date_from_number(number, &when) ||
        (digits == 10 && (number < 946684800 || number > 4102444800))) {
        return false;
    }
    *out = when.local;
    return true;
}

static size_t take_month(lede_span path, size_t at, uint32_t *month)
{
    char word[LEDE_SCAN_WORD_BYTES];
    lede_month_name name;
    size_t len = lede_scan_digits(path, at, month);

    if (len > 0) {
        return len <= 2 ? len : 0;
    }
    len = lede_scan_fold(path, at, word);
    if (len == 0 || !lede_month_name_get(word, &name) || !name.is_english) {
        return 0;
    }
    *month = name.number;
    return len;
}

/* 2025/02/17, 2025/feb/17, 2025-02-17, 2025_02_17, 2025.02.17 */
static bool take_parts(lede_span path, size_t at, lede_civil *out)
{
    uint8_t joint = lede_scan_at(path, at + 4);
    uint32_t year;
    uint32_t month;
    uint32_t day;
    size_t len;

    if (joint == 0 || strchr("/-_.", joint) == NULL) {
        return false;
    }
    (void)lede_scan_digits(path, at, &year);
    len = take_month(path, at + 5, &month);
    if (len == 0 || lede_scan_at(path, at + 5 + len) != joint) {
        return false;
    }
    at += 6 + len;
    len = lede_scan_digits(path, at, &day);
    if (len == 0 || len > 2 || month > 12 || day > 31) {
        return false;
    }
    out->year = (int32_t)year;
    out->month = (uint8_t)month;
    out->day = (uint8_t)day;
    return true;
}

bool lede_date_in_path(lede_span path, bool is_url, lede_when *out)
{
    lede_span text = is_url ? url_path(path) : path;
    bool found = false;
    size_t at = 0;

    *out = lede_when_none();
    while (at < text.len) {
        lede_civil local = {0};
        lede_when when;
        uint32_t value;
        size_t digits = lede_scan_digits(text, at, &value);

        if (digits == 0) {
            at++;
            continue;
        }
        if ((digits == 4 ? take_parts(text, at, &local)
                         : take_run(text, at, digits, is_url, &local)) &&
            local.year < 2200) {
            local.hour = local.minute = local.second = 0;
            /* the last one is nearest to the document's own name */
            if (lede_when_make(&local, LEDE_PRECISION_DAY,
                               lede_span_of(NULL, 0), NULL, &when) &&
                when.instant != 0) {
                when.year_source = is_url ? LEDE_YEAR_URL : LEDE_YEAR_FILENAME;
                *out = when;
                found = true;
            }
        }
        at += digits;
    }
    return found;
}
