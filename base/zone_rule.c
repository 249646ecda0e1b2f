#include "base/zone_rule.h"

#include "base/time.h"

/* A cursor; every take_ moves it only if it succeeds. */
typedef struct cursor {
    lede_span text;
    size_t at;
} cursor;

static uint8_t peek(const cursor *c)
{
    return c->at < c->text.len ? c->text.bytes[c->at] : 0;
}

static bool take(cursor *c, char wanted)
{
    if (peek(c) != (uint8_t)wanted || wanted == '\0') {
        return false;
    }
    c->at++;
    return true;
}

static bool is_alpha(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool take_number(cursor *c, uint32_t max, uint32_t *out)
{
    uint32_t value = 0;
    size_t begin = c->at;

    while (peek(c) >= '0' && peek(c) <= '9' && c->at - begin < 4) {
        value = value * 10 + (uint32_t)(peek(c) - '0');
        c->at++;
    }
    *out = value;
    return c->at > begin && value <= max;
}

/* "GMT", or anything between < and >. */
static bool take_name(cursor *c)
{
    size_t begin = c->at;

    if (take(c, '<')) {
        while (peek(c) != '>') {
            if (peek(c) == 0) {
                return false;
            }
            c->at++;
        }
        c->at++;
        return c->at - begin > 2;
    }
    while (is_alpha(peek(c))) {
        c->at++;
    }
    return c->at - begin >= 3;
}

/* [+-]h[:mm[:ss]] in seconds. */
static bool take_time(cursor *c, uint32_t max_hours, int32_t *out)
{
    bool is_negative = take(c, '-');
    uint32_t hours;
    uint32_t minutes = 0;
    uint32_t seconds = 0;

    if (!is_negative) {
        (void)take(c, '+');
    }
    if (!take_number(c, max_hours, &hours) ||
        (take(c, ':') && (!take_number(c, 59, &minutes) ||
                          (take(c, ':') && !take_number(c, 59, &seconds))))) {
        return false;
    }
    *out = (int32_t)(hours * 3600 + minutes * 60 + seconds) *
           (is_negative ? -1 : 1);
    return true;
}

static bool take_change(cursor *c, lede_zone_change *out)
{
    uint32_t a = 0;
    uint32_t b = 0;
    uint32_t w = 0;

    if (take(c, 'M')) {
        out->form = 'M';
        if (!take_number(c, 12, &a) || a < 1 || !take(c, '.') ||
            !take_number(c, 5, &b) || b < 1 || !take(c, '.') ||
            !take_number(c, 6, &w)) {
            return false;
        }
        out->month = (uint8_t)a;
        out->week = (uint8_t)b;
        out->weekday = (uint8_t)w;
    } else {
        out->form = take(c, 'J') ? 'J' : 'N';
        if (!take_number(c, 365, &a) || (out->form == 'J' && a < 1)) {
            return false;
        }
        out->day = (uint16_t)a;
    }
    out->second = 7200;
    return !take(c, '/') || take_time(c, 167, &out->second);
}

bool lede_zone_rule_parse(lede_span text, lede_zone_rule *out)
{
    cursor c = {text, 0};
    lede_zone_rule rule = {0};

    if (!take_name(&c) || !take_time(&c, 24, &rule.standard_s)) {
        return false;
    }
    rule.standard_s = -rule.standard_s; /* POSIX counts westward */
    rule.summer_s = rule.standard_s + 3600;
    if (c.at < text.len) {
        rule.has_summer = true;
        if (!take_name(&c)) {
            return false;
        }
        if (peek(&c) != ',') {
            if (!take_time(&c, 24, &rule.summer_s)) {
                return false;
            }
            rule.summer_s = -rule.summer_s;
        }
        if (!take(&c, ',') || !take_change(&c, &rule.begin) || !take(&c, ',') ||
            !take_change(&c, &rule.end)) {
            return false;
        }
    }
    if (c.at != text.len) {
        return false;
    }
    *out = rule;
    return true;
}

static int64_t change_day(const lede_zone_change *change, int32_t year)
{
    int64_t first = lede_days_from_civil(year, 1, 1);
    unsigned length;
    int64_t day;

    if (change->form == 'N') {
        return first + change->day;
    }
    if (change->form == 'J') {
        bool is_leap = lede_days_in_month(year, 2) == 29;

        return first + change->day - 1 + (is_leap && change->day >= 60);
    }
    first = lede_days_from_civil(year, change->month, 1);
    length = lede_days_in_month(year, change->month);
    /* lede_weekday counts from Monday, POSIX from Sunday */
    day = (change->weekday + 6 - (int64_t)lede_weekday(first) + 7) % 7;
    day += (int64_t)(change->week - 1) * 7;
    while (day >= (int64_t)length) {
        day -= 7;
    }
    return first + day;
}

int32_t lede_zone_rule_offset_at(const lede_zone_rule *rule, int64_t instant)
{
    int32_t offset = rule->standard_s;
    int64_t latest = INT64_MIN;
    lede_civil now;
    int32_t year;

    if (!rule->has_summer) {
        return rule->standard_s;
    }
    lede_civil_from_instant(instant, rule->standard_s, &now);
    /* A change may be written as hours before or after its day: the years
     * beside this one count too. When summer begins as it ends, it goes on. */
    for (year = now.year - 1; year <= now.year + 1; year++) {
        int64_t end = change_day(&rule->end, year) * 86400 + rule->end.second -
                      rule->summer_s;
        int64_t begin = change_day(&rule->begin, year) * 86400 +
                        rule->begin.second - rule->standard_s;

        if (end <= instant && end > latest) {
            latest = end;
            offset = rule->standard_s;
        }
        if (begin <= instant && begin >= latest) {
            latest = begin;
            offset = rule->summer_s;
        }
    }
    return offset;
}
