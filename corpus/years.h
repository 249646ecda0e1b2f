/* years.h - "which year, when none is printed?"
 *
 * A page's heads say "17 February". Its year is inferred once per page. A year
 * printed with any of the heads decides, then the user's option. Else there are
 * candidates, each with a weight; the highest sum wins, and less than
 * LEDE_YEARS_MIN_WEIGHT, or a tie, means that nobody knows:
 *
 *    90  the record's or page's own date
 *    85  full dates in the page's furniture ("First published on ...")
 *    80  when the page was saved; its URL
 *    70+ full dates in the text shortly before the heads' day: 60, 10 more for
 *        each, at most 90
 *    70  the file's name
 *    50  the weekday printed with the newest head's day ("Monday 5 February"):
 *        the latest year before the file's time in which it fits; so for 80,
 *        when the page was saved
 *    30  the file's time
 *   +-15 weekdays named in the text ("on Monday") that fit or do not
 *
 * A reference with day and month gives the year that brings the heads' day
 * nearest to it, or, for the time of saving, the latest that does not lie after
 * it. So a page of New Year's Eve saved in January is right.
 *
 * Threads: an inference belongs to one thread. */
#ifndef LEDE_CORPUS_YEARS_H
#define LEDE_CORPUS_YEARS_H

#include <stdbool.h>

#include "base/time.h"

enum { LEDE_YEARS_MIN_WEIGHT = 30, LEDE_YEARS_TEXT_DATES = 64 };

typedef struct lede_year_date {
    int32_t year;
    uint8_t month, day;
    uint32_t hits;
} lede_year_date;

/* All-zero is an empty inference. */
typedef struct lede_years {
    int32_t option;        /* 0 = none, here and below */
    int32_t explicit_year; /* of the newest head, by a year on some head */
    lede_civil page;       /* the record's own date; year 0 = none */
    lede_civil furniture;  /* a full date around the page's text */
    lede_civil captured, url, name, mtime;
    int32_t year_max;
    uint8_t printed_weekday; /* with the newest head's day: 1 Monday to 7; 0 */

    lede_year_date text[LEDE_YEARS_TEXT_DATES]; /* full dates in the text */
    uint32_t text_count;
    uint32_t weekdays[7]; /* how often each was named, Monday first */
} lede_years;

/* A full date met in the text. */
void lede_years_add_text_date(lede_years *years, const lede_civil *date);
/* Counts "on Monday", "today, Monday", "Monday's" in a line of English. */
void lede_years_add_weekdays(lede_years *years, lede_span line);

/* The year of the newest head, whose day is given; `oldest` is the oldest
 * head's. False if it cannot be told. */
bool lede_years_choose(const lede_years *years, const lede_civil *newest,
                       const lede_civil *oldest, int32_t *year,
                       lede_year_source *source);

/* The year that brings month and day nearest to `reference`, and the latest one
 * that puts them at most `slack_days` behind it. */
int32_t lede_years_nearest(const lede_civil *reference, unsigned month,
                           unsigned day);
int32_t lede_years_latest(const lede_civil *reference, unsigned month,
                          unsigned day, int slack_days);

#endif
