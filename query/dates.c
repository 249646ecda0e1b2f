/* dates.c - dates that are days, months or years; see dates.h. */
#include "query/dates.h"

#include <string.h>

enum {
    DAY_S = 86400,
    /* Clocks differ by 26 hours at most, so that a day begins in no place two
     * days before or after it does in another. */
    DAYS_APART = 2,
    FROM_UTC_MOST_S = 18 * 3600 /* no place's clock was ever farther */
};

bool lede_day_range_has(const lede_day_range *range, int64_t first,
                        int64_t behind)
{
    return first >= range->begin &&
           (behind <= range->end || first < range->begun);
}

/* The first of the month that is so many after January of year 0. */
static int64_t first_of_month(int64_t month)
{
    return lede_days_from_civil((int32_t)(month / 12),
                                (unsigned)(month % 12) + 1, 1);
}

/* Figures and what ends them; false if it is not so. */
static bool read_number(lede_span text, size_t at, size_t digits, uint32_t *out)
{
    uint32_t number = 0;

    if (text.len < at + digits) {
        return false;
    }
    for (size_t i = at; i < at + digits; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
        number = number * 10 + (text.bytes[i] - (uint32_t)'0');
    }
    *out = number;
    return text.len == at + digits || text.bytes[at + digits] == '-';
}

bool lede_date_days(lede_span date, int64_t *first, int64_t *behind)
{
    uint32_t year, month = 1, day = 1;

    if ((date.len != 4 && date.len != 7 && date.len != 10) ||
        !read_number(date, 0, 4, &year) ||
        (date.len > 4 && !read_number(date, 5, 2, &month)) ||
        (date.len > 7 && !read_number(date, 8, 2, &day)) || month < 1 ||
        day < 1 || day > lede_days_in_month((int32_t)year, month)) {
        return false;
    }
    *first = lede_days_from_civil((int32_t)year, month, day);
    *behind = date.len == 10  ? *first + 1
              : date.len == 7 ? first_of_month((int64_t)year * 12 + month)
                              : first_of_month((int64_t)year * 12 + 12);
    return true;
}

bool lede_period_has(const lede_period *period, const lede_when *when)
{
    int64_t first, behind;
    lede_buf date = {0};
    bool is_date = when->precision != LEDE_PRECISION_NONE &&
                   when->precision < LEDE_PRECISION_HOUR;

    if (when->instant == LEDE_INSTANT_NONE) {
        return false;
    }
    if (is_date) {
        lede_when_format(when, &date);
        is_date = lede_date_days(lede_buf_span(&date), &first, &behind);
        lede_buf_done(&date);
    }
    return is_date
               ? lede_day_range_has(&period->days, first, behind)
               : when->instant >= period->begin &&
                     (when->instant < period->end || period->end == INT64_MAX);
}

/* --- In doubt ---------------------------------------------------------------
 */

typedef struct doubts {
    const lede_period *period;
    lede_doubtful_date *out;
    uint32_t count;
    /* The last that were put, so that no date is put twice: those around the
     * end follow those around the beginning. */
    int64_t day, month, year;
} doubts;

/* (These are made for each query: snprintf would take longer than all else.) */
static void put_figures(char *out, unsigned count, uint32_t number)
{
    while (count-- > 0) {
        out[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* Whether the first instant of a date says the same of it, wherever it was
 * printed. */
static bool is_told(const lede_period *period, int64_t first, bool is_in)
{
    int64_t earliest = first * DAY_S - FROM_UTC_MOST_S;
    int64_t latest = first * DAY_S + FROM_UTC_MOST_S;

    return is_in ? earliest >= period->begin &&
                       (latest < period->end || period->end == INT64_MAX)
                 : latest < period->begin || earliest >= period->end;
}

static void put(doubts *d, const char text[static 12])
{
    lede_doubtful_date *item = &d->out[d->count];
    int64_t first, behind;

    if (!lede_date_days(lede_span_text(text), &first, &behind)) {
        return;
    }
    item->is_in = lede_day_range_has(&d->period->days, first, behind);
    if (!is_told(d->period, first, item->is_in)) {
        memcpy(item->text, text, sizeof item->text);
        d->count++;
    }
}

static void put_day(doubts *d, int64_t day)
{
    lede_civil civil;
    int64_t month;
    char text[sizeof d->out->text] = "0000-00-00";

    lede_civil_from_days(day, &civil);
    if (day <= d->day || civil.year < 0 || civil.year > 9999) {
        return;
    }
    month = (int64_t)civil.year * 12 + civil.month;
    put_figures(text, 4, (uint32_t)civil.year);
    put_figures(text + 5, 2, civil.month);
    put_figures(text + 8, 2, civil.day);
    put(d, text);
    if (month > d->month) {
        text[7] = 0;
        put(d, text);
    }
    if (civil.year > d->year) {
        text[4] = 0;
        put(d, text);
    }
    d->day = day;
    d->month = month;
    d->year = civil.year;
}

static void put_around(doubts *d, int64_t instant)
{
    int64_t day =
        instant >= 0 ? instant / DAY_S : -((DAY_S - 1 - instant) / DAY_S);

    for (int64_t i = day - DAYS_APART; i <= day + DAYS_APART; i++) {
        put_day(d, i);
    }
}

uint32_t lede_dates_in_doubt(const lede_period *period,
                             lede_doubtful_date out[LEDE_DATES_IN_DOUBT_MOST])
{
    const int64_t least = -62167219200, most = 253402300799; /* years 0, 9999 */
    bool is_open = period->begin == INT64_MIN;
    doubts d = {.period = period,
                .out = out,
                .day = INT64_MIN,
                .month = INT64_MIN,
                .year = INT64_MIN};

    if (!is_open && period->begin >= least && period->begin <= most) {
        put_around(&d, period->begin);
    }
    if (period->end >= least && period->end <= most &&
        (is_open || period->end >= period->begin)) {
        put_around(&d, period->end);
    }
    return d.count;
}
