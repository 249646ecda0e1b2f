/* dates.h - "which date do these words mean?"
 *
 * A scanner for dates as pages and records print them: ISO 8601 in all its
 * spellings, RFC 822, asctime, JavaScript's Date.toString, "17 February 2025",
 * "Feb. 17, 2025, 2:40 p.m. ET", "17.02.2025", month names of fourteen
 * languages; and for zones: offsets, CLDR's English names, abbreviations, rule
 * zones ("ET", "UK time"). No strptime: it depends on the locale and knows no
 * zone names. Zone rules come from the system's tz database.
 *
 * Threads: pure functions over constant tables. */
#ifndef LEDE_CORPUS_DATES_H
#define LEDE_CORPUS_DATES_H

#include <stdbool.h>

#include "base/span.h"
#include "base/time.h"

/* What decides where the text leaves room. All-zero: day before month, UTC. */
typedef struct lede_date_hints {
    lede_span site;           /* host, for ambiguous abbreviations and defaults */
    const char *default_zone; /* tz name; NULL = by site, else UTC, guessed */
    bool month_first;         /* 02/03/2025 is February 3 */
    int32_t year_max;         /* later years are refused; 0 = no bound */
} lede_date_hints;

/* Parses the date that makes up all of `text` (blanks, a leading "Published",
 * "Updated", "Posted on" and the like, and a weekday aside). False if it is no
 * date. A date without year has instant none and precision minute or day, and
 * its parts in `local`. Spans of *out point into `text`. year_source is
 * EXPLICIT or NONE; callers that know better (METADATA) set it. */
bool lede_date_parse(lede_span text, const lede_date_hints *hints,
                     lede_when *out);

/* Finds the first date inside `text` from *at on: true with *begin and *end,
 * its bytes. Only dates with day and month, or a full ISO date. */
bool lede_date_find(lede_span text, size_t at, const lede_date_hints *hints,
                    size_t *begin, size_t *end, lede_when *out);

/* The number of a record's date field: seconds, milliseconds, micro- or
 * nanoseconds since 1970 by its number of digits. */
bool lede_date_from_number(int64_t number, lede_when *out);

/* Fills in a year (local must have month and day): sets instant and
 * year_source. February 29 in a common year leaves it unset. */
void lede_when_set_year(lede_when *when, int32_t year, lede_year_source source,
                        const lede_date_hints *hints);

/* A date in a URL's path or a file's name: /2025/02/17/, 20250217, 2025-02-17,
 * /2025/feb/17/, a 10-digit epoch. Precision day. */
bool lede_date_in_path(lede_span path, bool is_url, lede_when *out);

#endif
