/* time.h - "when was that, and how exactly do we know?"
 *
 * Instants are whole seconds of POSIX time (UTC, no leap seconds). The civil
 * calendar is proleptic Gregorian; the arithmetic is Howard Hinnant's
 * "chrono-Compatible Low-Level Date Algorithms". A lede_when is what an entry
 * knows of one of its dates: maybe only a year, maybe all but the year.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_TIME_H
#define LEDE_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* No instant known. */
#define LEDE_INSTANT_NONE INT64_MIN

enum { LEDE_YEAR_MIN = 1800 }; /* earlier years are taken for mistakes */

typedef struct lede_civil {
    int32_t year; /* 0 = unknown */
    uint8_t month, day;
    uint8_t hour, minute, second;
} lede_civil;

/* Days since 1970-01-01 of a civil date, and back. */
int64_t lede_days_from_civil(int32_t year, unsigned month, unsigned day);
void lede_civil_from_days(int64_t days, lede_civil *out); /* time part 0 */

int64_t lede_instant_from_civil(const lede_civil *civil, int32_t offset_s);
void lede_civil_from_instant(int64_t instant, int32_t offset_s,
                             lede_civil *out);

unsigned lede_days_in_month(int32_t year, unsigned month);
/* 0 = Monday ... 6 = Sunday (as ISO 8601 counts, less one). */
unsigned lede_weekday(int64_t days);

typedef enum lede_precision {
    LEDE_PRECISION_NONE = 0,
    LEDE_PRECISION_YEAR,
    LEDE_PRECISION_MONTH,
    LEDE_PRECISION_DAY,
    LEDE_PRECISION_HOUR,
    LEDE_PRECISION_MINUTE,
    LEDE_PRECISION_SECOND
} lede_precision;

/* Where the year of a date came from. Trusted: explicit to option. Guessed:
 * weekday, mtime. Stored on disk: numbers never change. */
typedef enum lede_year_source {
    LEDE_YEAR_NONE = 0,
    LEDE_YEAR_EXPLICIT = 1, /* printed with the date */
    LEDE_YEAR_METADATA = 2, /* the record's or page's own date field */
    LEDE_YEAR_PAGE = 3,     /* other full dates in the page's text */
    LEDE_YEAR_CAPTURE = 4,  /* when the page was saved */
    LEDE_YEAR_URL = 5,
    LEDE_YEAR_FILENAME = 6,
    LEDE_YEAR_OPTION = 7, /* the user said so */
    LEDE_YEAR_WEEKDAY = 8,
    LEDE_YEAR_MTIME = 9
} lede_year_source;

bool lede_year_source_is_trusted(lede_year_source source);

/* One date of an entry. `instant` is LEDE_INSTANT_NONE when the year (or all)
 * is unknown; a coarser precision has the first instant of its period. `local`
 * holds the parts as printed in the zone of `offset_min`. The spans belong to
 * whoever made the entry. */
typedef struct lede_when {
    int64_t instant;
    lede_precision precision;
    lede_year_source year_source;
    lede_civil local;
    int16_t offset_min;  /* local minus UTC */
    bool zone_guessed;   /* no zone was printed, none is known for the site */
    bool day_guessed;    /* printed as 02/03: could be the other way round */
    lede_span zone_text; /* "Greenwich Mean Time", as printed */
    lede_span text;      /* the date's own words, as printed */
} lede_when;

/* An unset date: instant none, precision none. */
lede_when lede_when_none(void);

bool lede_when_is_trusted(const lede_when *when);

/* Month and day as printed, which may be known though the year is not: 217 for
 * February 17; 0 if they are unknown. Where nothing was printed (a feed's or a
 * file's own number), those of the instant at `offset_min`. */
unsigned lede_when_month_day(const lede_when *when);

/* Appends "2025", "2025-02", "2025-02-17", "2025-02-17T14:50:00Z" by
 * precision (an hour or minute is written in full), in UTC for hours and
 * finer, in the local calendar for days and coarser. Nothing for an unset
 * instant. */
void lede_when_format(const lede_when *when, lede_buf *out);

const char *lede_precision_name(lede_precision precision);  /* "minute", ... */
const char *lede_year_source_name(lede_year_source source); /* "page", ... */

/* Appends "2025-02-17T14:50:00Z". */
void lede_instant_format(int64_t instant, lede_buf *out);

/* Parses "2025", "2025-02", "2025-02-17", "2025-02-17T14:50[:00][Z|±hh[:mm]]"
 * (blank for T accepted; no zone: `offset_s`) into the half-open period of
 * instants [begin, end) that it names. False if it is none of these, or names
 * no real date, or a year outside 1..9999. */
bool lede_period_parse(lede_span text, int32_t offset_s, int64_t *begin,
                       int64_t *end);

#endif
