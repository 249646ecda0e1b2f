/* dates.h - "is an entry whose date is known to the day, or less, in a period?"
 *
 * A date that is known no better than to the day is a day, month or year of the
 * calendar of the place where it was printed, and no instant. It is in a period
 * if all of it is: what is known to be of 2024 is in 2024, and not in its
 * January; what is of a 5th of April is in that day, whatever the zone.
 *
 * Entries stand in the order of the first instants of their dates, and a period
 * of instants is a range of that order. It says of nearly all dates whether
 * they are in the period: in doubt are only those around its ends, and those
 * that reach over one. lede_dates_in_doubt names them, and so no engine has to
 * look at others one by one.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_DATES_H
#define LEDE_QUERY_DATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/time.h"

/* The days that lie in a period as a whole, in days since 1970. INT64_MIN and
 * INT64_MAX are open. */
typedef struct lede_day_range {
    int64_t begin, end;
    int64_t begun; /* what begins before this day may end at any time: the
                      period reaches until now, and nothing was published
                      later. INT64_MIN: nothing may */
} lede_day_range;

/* A period of instants, and what days it has. */
typedef struct lede_period {
    int64_t begin, end; /* [begin, end); INT64_MIN, INT64_MAX: open */
    lede_day_range days;
} lede_period;

/* Whether a date from day `first` up to the one before `behind` is in it. */
bool lede_day_range_has(const lede_day_range *range, int64_t first,
                        int64_t behind);

/* The first day of "2024", "2024-02" or "2024-02-17", and the day behind its
 * last; false if it is none of these. */
bool lede_date_days(lede_span date, int64_t *first, int64_t *behind);

/* Whether the date is in the period: by its days, or by its instant where that
 * is known to the hour at least. Never for a date of unknown year. */
bool lede_period_has(const lede_period *period, const lede_when *when);

enum { LEDE_DATES_IN_DOUBT_MOST = 18 };

/* A date as LEDE_TERM_DATE (base/entry_values.h) has it. */
typedef struct lede_doubtful_date {
    char text[12];
    bool is_in;
} lede_doubtful_date;

/* The dates of which the first instant does not tell whether they are in the
 * period; returns how many. All others that begin in [begin, end) are in it. */
uint32_t lede_dates_in_doubt(const lede_period *period,
                             lede_doubtful_date out[LEDE_DATES_IN_DOUBT_MOST]);

#endif
