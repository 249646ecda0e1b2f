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
    lede_span site; /* host, for ambiguous abbreviations and defaults */
    const char *default_zone; /* tz name; NULL = by site, else UTC, guessed */
    bool month_first;         /* 02/03/2025 is February 3 */
    bool day_first;           /* it is March 2, and no guess */
    int32_t year_max;         /* later years are refused; 0 = no bound */
} lede_date_hints;

/* Sets month_first and day_first by a language tag in lower case ("en-us",
 * "fr"); what writes either way, or neither, leaves both unset. */
void lede_date_hints_set_language(lede_date_hints *hints, lede_span lang);

/* Parses the date that makes up all of `text` (blanks, a leading "Published",
 * "Updated", "Posted on" and the like, and a weekday aside). False if it is no
 * date. A date without year has instant none and precision minute or day, and
 * its parts in `local`. Spans of *out point into `text`. year_source is
 * EXPLICIT or NONE; callers that know better (METADATA) set it. The epoch
 * itself, 1970-01-01, is what programs write that know no date: refused, unless
 * it is spelled out as a day ("1 January 1970").
 *
 * A day without time and zone counts as a day of hints->default_zone, else of
 * UTC, whatever the site: archives are asked for days, not for instants. */
bool lede_date_parse(lede_span text, const lede_date_hints *hints,
                     lede_when *out);

/* Finds the first date inside `text` from *at on: true with *begin and *end,
 * its bytes. Only dates with day and month, or a full ISO date. */
bool lede_date_find(lede_span text, size_t at, const lede_date_hints *hints,
                    size_t *begin, size_t *end, lede_when *out);

/* A whole line that says how long ago: "3 hours ago", "vor 5 Minuten", "hace 2
 * dias", at most 30 days, counted back from `now` (seconds since 1970, UTC).
 * Precision hour, or day; year_source CAPTURE. False, with *out untouched, for
 * all else. */
bool lede_date_ago(lede_span text, int64_t now, lede_when *out);

/* The number of a record's date field: seconds, milliseconds, micro- or
 * nanoseconds since 1970 by its number of digits. */
bool lede_date_from_number(int64_t number, lede_when *out);

/* Fills in a year (local must have month and day): sets instant and
 * year_source, reading zone_text again, since the offset of "ET" depends on the
 * date. February 29 in a common year, or a year outside LEDE_YEAR_MIN to
 * year_max, leaves it unset. */
void lede_when_set_year(lede_when *when, int32_t year, lede_year_source source,
                        const lede_date_hints *hints);

/* A date in a URL's path or a file's name: /2025/02/17/, 20250217, 2025-02-17,
 * /2025/feb/17/, a 10-digit epoch. Precision day. */
bool lede_date_in_path(lede_span path, bool is_url, lede_when *out);

/* A value of midnight sharp in a page's or record's metadata is a day, not a
 * minute: lowers its precision to day. (A live post may well be of midnight.)
 */
void lede_when_midnight_to_day(lede_when *when);

/* Pieces, for readers that meet them in the middle of a line. Each reads at the
 * very beginning of `text` (blanks are the caller's) and returns how many bytes
 * it took: 0 if there is none, and then *out is untouched. */

/* A time of day: "14:50", "14.50", "14h50", "2.50pm", "2:50 p.m.", "2pm",
 * "noon", "midnight", "15:01:01.79". 24:05 is 00:05 of the same date. Sets
 * hour, minute and second of *out and no other part; *precision is hour, minute
 * or second. A number without a separator or am/pm is none. */
size_t lede_clock_take(lede_span text, lede_civil *out,
                       lede_precision *precision);

/* What a zone's words mean. */
typedef struct lede_zone_word {
    lede_span tz;     /* tz name of a zone whose offset depends on the date;
                         empty: offset_s holds always */
    int32_t offset_s; /* east of UTC */
} lede_zone_word;

/* A zone, the longest that matches: "Z", "+01:00", "GMT-5", "Greenwich Mean
 * Time", "Central European", "BST", "ET", "UK time", "local time in Paris",
 * "Europe/London". Abbreviations must be in capitals; ambiguous ones go by
 * hints->site. A bare "+1" counts; callers who do not come from a time of day
 * look first. tz points into `text` or to constants. */
size_t lede_zone_word_take(lede_span text, const lede_date_hints *hints,
                           lede_zone_word *out);

/* A day: "[Weekday,] 17[th] February[,] [2025]", "Feb. 17[, 2025]",
 * "17/02/2025", "17.02.2025", "2025-02-17", in fourteen languages. Sets year (0
 * if none is printed), month and day of *out and no other part. *day_guessed
 * (may be NULL): day and month could be swapped, and nothing said how. A year
 * may be followed by letters ("2025Image source"). */
size_t lede_day_take(lede_span text, const lede_date_hints *hints,
                     lede_civil *out, bool *day_guessed);

/* Puts the pieces together: `local` as printed (year 0: none), `precision` day
 * or finer, `zone_text` as taken above (empty: none was printed, and the
 * default of the hints or site counts, else UTC with zone_guessed). False, with
 * *out unset, if there is no such day, or it lies outside LEDE_YEAR_MIN to
 * year_max; a date without year is true, with instant none. `text` is left to
 * the caller. */
bool lede_when_make(const lede_civil *local, lede_precision precision,
                    lede_span zone_text, const lede_date_hints *hints,
                    lede_when *out);

/* The tz name of the place that a site's times are in ("www.bbc.co.uk":
 * "Europe/London"), or NULL. */
const char *lede_site_zone(lede_span site);

#endif
