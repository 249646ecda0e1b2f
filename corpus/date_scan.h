/* date_scan.h - "what stands here?"
 *
 * What the files of the date scanner share and nobody else needs: looking at
 * single characters and words of a span without ever running past its end.
 * corpus/dates.h is the door.
 *
 * Threads: pure functions over constant tables. */
#ifndef LEDE_CORPUS_DATE_SCAN_H
#define LEDE_CORPUS_DATE_SCAN_H

#include "corpus/dates.h"

/* The byte at `at`, or 0 past the end. */
static inline uint8_t lede_scan_at(lede_span text, size_t at)
{
    return at < text.len ? text.bytes[at] : 0;
}

static inline lede_span lede_scan_from(lede_span text, size_t at)
{
    return lede_span_part(text, at, text.len);
}

static inline bool lede_scan_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool lede_scan_is_alpha(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A letter begins at `at`: an ASCII one, or any character outside ASCII that is
 * not a blank, a dash, a bullet or the like. */
bool lede_scan_is_letter(lede_span text, size_t at);

/* The length of the blanks at `at`: ASCII ones and Unicode's (no-break, thin,
 * narrow, ideographic), and characters of no width. */
size_t lede_scan_blanks(lede_span text, size_t at);

/* How many digits stand at `at`, and what they make (at most 9 are read). */
size_t lede_scan_digits(lede_span text, size_t at, uint32_t *value);

/* `word` (ASCII, lower case) stands at `at` in any case of letters: its length,
 * else 0. Says nothing of what follows. */
size_t lede_scan_word(lede_span text, size_t at, const char *word);

/* The letters at `at`, folded: lower case, accents stripped, Latin, Greek and
 * Cyrillic; NUL-terminated. Returns the bytes they take in `text`, 0 if there
 * are none or more than fit. */
enum { LEDE_SCAN_WORD_BYTES = 40 };
size_t lede_scan_fold(lede_span text, size_t at,
                      char out[LEDE_SCAN_WORD_BYTES]);

/* Whether the word of `len` bytes is one of those from `list` to `end`, which
 * are parted by single blanks. */
bool lede_scan_is_listed(const char *list, const char *end, const char *word,
                         size_t len);

/* Names of months (1 to 12) and weekdays, by a folded word. */
typedef struct lede_month_name {
    unsigned number;
    bool is_english;
    bool is_short;
} lede_month_name;
typedef struct lede_month_word {
    const char *word;
    lede_month_name month;
} lede_month_word;
extern const lede_month_word lede_month_words[];
extern const size_t lede_month_word_count;
extern const char *const lede_weekday_words[];
extern const size_t lede_weekday_word_count;
bool lede_month_name_get(const char *folded, lede_month_name *out);
bool lede_weekday_name_get(const char *folded);

/* Zone tables (corpus/zone_names.c). Names are folded to lower case and sorted;
 * `tz` is NULL when the offset is fixed. */
typedef struct lede_zone_name {
    const char *name;
    const char *tz;
    int16_t offset_min;
} lede_zone_name;
extern const lede_zone_name lede_zone_long_names[];
extern const size_t lede_zone_long_name_count;
extern const lede_zone_name lede_zone_abbreviations[];
extern const size_t lede_zone_abbreviation_count;

/* An abbreviation that means something else on some sites: `sites` is a list of
 * host endings, separated by blanks. The first that fits counts. */
typedef struct lede_zone_exception {
    const char *name;
    const char *sites;
    const char *tz;
    int16_t offset_min;
} lede_zone_exception;
extern const lede_zone_exception lede_zone_exceptions[];
extern const size_t lede_zone_exception_count;

/* Cities of "London time" and "local time in Paris", and the sites whose times
 * are a place's. */
typedef struct lede_zone_place {
    const char *name; /* folded city, or the ending of a host */
    const char *tz;
} lede_zone_place;
extern const lede_zone_place lede_zone_cities[];
extern const size_t lede_zone_city_count;
extern const lede_zone_place lede_zone_sites[];
extern const size_t lede_zone_site_count;

/* Whether `site` is `ending` or ends in "." and it. An ending that begins with
 * "." is a country's. ASCII case does not count. */
bool lede_site_ends(lede_span site, const char *ending);

/* The machine's spellings of a day, as lede_day_take reads them besides words:
 * 2025-02-17, 2025/2/17, 20250217, 2025-048, 2025-W08-1, 2025-Feb-17, and the
 * Chinese, Japanese and Korean signs. */
size_t lede_iso_day_take(lede_span text, lede_civil *out);

/* lede_day_take with two-digit years if `is_whole` (the text is known to be a
 * date). *is_weak: words too common to be a date alone ("ago 5"). */
size_t lede_day_scan(lede_span text, const lede_date_hints *hints,
                     bool is_whole, lede_civil *out, bool *day_guessed,
                     bool *is_weak);
/* The weekday that a text begins with, if it is English: 1 for Monday to 7; 0
 * if there is none (some short names are several days' in several languages).
 */
unsigned lede_weekday_english(lede_span text);
/* A weekday with its comma, dot and blanks, or 0. */
size_t lede_weekday_take(lede_span text);

#endif
