#include "base/time.h"

int64_t lede_days_from_civil(int32_t year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year =
        (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

void lede_civil_from_days(int64_t days, lede_civil *out)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 +
                           -day_of_era / 146096 + day_of_era / 36524) /
                          365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t mp = (5 * day_of_year + 2) / 153;

    out->day = (uint8_t)(day_of_year - (153 * mp + 2) / 5 + 1);
    out->month = (uint8_t)(mp < 10 ? mp + 3 : mp - 9);
    out->year = (int32_t)(year_of_era + era * 400 + (out->month <= 2));
    out->hour = out->minute = out->second = 0;
}

int64_t lede_instant_from_civil(const lede_civil *civil, int32_t offset_s)
{
    int64_t days = lede_days_from_civil(civil->year, civil->month, civil->day);

    return days * 86400 + civil->hour * 3600 + civil->minute * 60 +
           civil->second - offset_s;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

void lede_civil_from_instant(int64_t instant, int32_t offset_s, lede_civil *out)
{
    int64_t local = instant + offset_s;
    int64_t days = floor_div(local, 86400);
    int64_t rest = local - days * 86400;

    lede_civil_from_days(days, out);
    out->hour = (uint8_t)(rest / 3600);
    out->minute = (uint8_t)(rest / 60 % 60);
    out->second = (uint8_t)(rest % 60);
}

unsigned lede_days_in_month(int32_t year, unsigned month)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (month < 1 || month > 12) {
        return 0;
    }
    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

unsigned lede_weekday(int64_t days)
{
    return (unsigned)(((days + 3) % 7 + 7) % 7);
}

bool lede_year_source_is_trusted(lede_year_source source)
{
    return source >= LEDE_YEAR_EXPLICIT && source <= LEDE_YEAR_OPTION;
}

lede_when lede_when_none(void)
{
    lede_when when = {.instant = LEDE_INSTANT_NONE};

    return when;
}

bool lede_when_is_trusted(const lede_when *when)
{
    return when->instant != LEDE_INSTANT_NONE &&
           lede_year_source_is_trusted(when->year_source);
}

unsigned lede_when_month_day(const lede_when *when)
{
    lede_civil c = when->local;

    if (when->precision < LEDE_PRECISION_DAY) {
        return 0;
    }
    if (c.month == 0 && when->instant != LEDE_INSTANT_NONE) {
        lede_civil_from_instant(when->instant, when->offset_min * 60, &c);
    }
    /* 2000 has a February 29; a stored date may be damaged. */
    if (c.month < 1 || c.month > 12 || c.day < 1 ||
        c.day > lede_days_in_month(2000, c.month)) {
        return 0;
    }
    return c.month * 100u + c.day;
}

void lede_instant_format(int64_t instant, lede_buf *out)
{
    lede_civil c;

    lede_civil_from_instant(instant, 0, &c);
    lede_buf_put_format(out, "%04d-%02u-%02uT%02u:%02u:%02uZ", (int)c.year,
                        c.month, c.day, c.hour, c.minute, c.second);
}

void lede_when_format(const lede_when *when, lede_buf *out)
{
    lede_civil c;

    if (when->instant == LEDE_INSTANT_NONE ||
        when->precision == LEDE_PRECISION_NONE) {
        return;
    }
    if (when->precision >= LEDE_PRECISION_HOUR) {
        lede_instant_format(when->instant, out);
        return;
    }
    lede_civil_from_instant(when->instant, when->offset_min * 60, &c);
    lede_buf_put_format(out, "%04d", (int)c.year);
    if (when->precision >= LEDE_PRECISION_MONTH) {
        lede_buf_put_format(out, "-%02u", c.month);
    }
    if (when->precision >= LEDE_PRECISION_DAY) {
        lede_buf_put_format(out, "-%02u", c.day);
    }
}

const char *lede_precision_name(lede_precision precision)
{
    static const char *const names[] = {"none", "year",   "month", "day",
                                        "hour", "minute", "second"};

    return (unsigned)precision < 7 ? names[precision] : "none";
}

const char *lede_year_source_name(lede_year_source source)
{
    static const char *const names[] = {
        "none", "explicit", "metadata", "page",    "capture",
        "url",  "filename", "option",   "weekday", "mtime"};

    return (unsigned)source < 10 ? names[source] : "none";
}

/* Exactly `digits` digits at *p. */
static bool take_number(lede_span *rest, unsigned digits, unsigned *out)
{
    unsigned value = 0;
    unsigned i;

    if (rest->len < digits) {
        return false;
    }
    for (i = 0; i < digits; i++) {
        uint8_t c = rest->bytes[i];

        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(c - '0');
    }
    *rest = lede_span_part(*rest, digits, rest->len);
    *out = value;
    return true;
}

static bool take_char(lede_span *rest, char c)
{
    if (rest->len == 0 || rest->bytes[0] != (uint8_t)c) {
        return false;
    }
    *rest = lede_span_part(*rest, 1, rest->len);
    return true;
}

static bool take_offset(lede_span *rest, int32_t *offset_s)
{
    unsigned hours = 0;
    unsigned minutes = 0;
    bool west;

    if (take_char(rest, 'Z') || take_char(rest, 'z')) {
        *offset_s = 0;
        return true;
    }
    west = take_char(rest, '-');
    if (!west && !take_char(rest, '+')) {
        return false;
    }
    if (!take_number(rest, 2, &hours) || hours > 23) {
        return false;
    }
    (void)take_char(rest, ':');
    if (rest->len > 0 && (!take_number(rest, 2, &minutes) || minutes > 59)) {
        return false;
    }
    *offset_s = (int32_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return true;
}

/* The time part after the date: sets the length of the period it names. */
static bool take_time(lede_span *rest, lede_civil *c, int64_t *length)
{
    unsigned value = 0;

    if (!take_number(rest, 2, &value) || value > 23) {
        return false;
    }
    c->hour = (uint8_t)value;
    *length = 3600;
    if (!take_char(rest, ':')) {
        return true;
    }
    if (!take_number(rest, 2, &value) || value > 59) {
        return false;
    }
    c->minute = (uint8_t)value;
    *length = 60;
    if (!take_char(rest, ':')) {
        return true;
    }
    if (!take_number(rest, 2, &value) || value > 60) {
        return false;
    }
    c->second = (uint8_t)(value > 59 ? 59 : value);
    *length = 1;
    return true;
}

bool lede_period_parse(lede_span text, int32_t offset_s, int64_t *begin,
                       int64_t *end)
{
    lede_civil c = {.month = 1, .day = 1};
    lede_span rest = text;
    unsigned value = 0;
    int64_t length = 0;

    if (!take_number(&rest, 4, &value) || value == 0) {
        return false;
    }
    c.year = (int32_t)value;
    if (rest.len == 0) {
        lede_civil next = {.year = c.year + 1, .month = 1, .day = 1};
        *begin = lede_instant_from_civil(&c, offset_s);
        *end = lede_instant_from_civil(&next, offset_s);
        return true;
    }
    if (!take_char(&rest, '-') || !take_number(&rest, 2, &value) || value < 1 ||
        value > 12) {
        return false;
    }
    c.month = (uint8_t)value;
    length = (int64_t)lede_days_in_month(c.year, c.month) * 86400;
    if (rest.len > 0) {
        if (!take_char(&rest, '-') || !take_number(&rest, 2, &value) ||
            value < 1 || value > lede_days_in_month(c.year, c.month)) {
            return false;
        }
        c.day = (uint8_t)value;
        length = 86400;
    }
    if (rest.len > 0) {
        if (length != 86400 ||
            (!take_char(&rest, 'T') && !take_char(&rest, 't') &&
             !take_char(&rest, ' '))) {
            return false;
        }
        if (!take_time(&rest, &c, &length)) {
            return false;
        }
        if (rest.len > 0 && (!take_offset(&rest, &offset_s) || rest.len > 0)) {
            return false;
        }
    }
    *begin = lede_instant_from_civil(&c, offset_s);
    *end = *begin + length;
    return true;
}
