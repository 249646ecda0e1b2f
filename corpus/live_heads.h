/* live_heads.h - "does an update begin on this line?"
 *
 * The forms in which live pages print the head of an update, in one line each:
 *
 *   A  3. Headlinepublished at 14:50 Greenwich Mean Time 17 February
 *   B  Posted at 14:5014:50 17 Feb17 Feb      (doubled: shown and hidden)
 *   C  19.30 GMT
 *   D  2:40 p.m. ET, February 17, 2025     Updated 5:32 PM EST, Mon February...
 *   E  Feb. 17, 2025, 2:40 p.m. ET
 *   F  17 Feb 2025 - 14:40 (14:40 GMT)
 *   G  Skip next section Headline                 (its date on a line behind)
 *   H  5 min ago
 *   I  14:50      11:20am      14:50 17 Feb           (no zone, or with a day)
 *   J  14:50 GMT - Headline      14:50 Headline - Name
 *
 * What a line says about its own update is all that is decided here; which form
 * a page has, and which heads are real, is live_survey.h.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_LIVE_HEADS_H
#define LEDE_CORPUS_LIVE_HEADS_H

#include "corpus/dates.h"

typedef enum lede_head_form {
    LEDE_HEAD_NONE = 0,
    LEDE_HEAD_A,
    LEDE_HEAD_B,
    LEDE_HEAD_C,
    LEDE_HEAD_D,
    LEDE_HEAD_E,
    LEDE_HEAD_F,
    LEDE_HEAD_G,
    LEDE_HEAD_H,
    LEDE_HEAD_I,
    LEDE_HEAD_J,
    LEDE_HEAD_FORMS
} lede_head_form;

enum { LEDE_HEAD_ZONE_BYTES = 64, LEDE_HEAD_MAX_BYTES = 4096 };

/* A time as a head prints it: any part may be missing. */
typedef struct lede_head_time {
    lede_civil local;         /* month 0: no day; year 0: no year */
    lede_precision precision; /* none: no time of day and no day */
    bool has_clock;
    bool day_guessed;
    bool is_relative; /* "5 min ago" */
    int64_t ago_s;
    bool has_offset; /* form F prints the time twice, and so its offset */
    int16_t offset_min;
    char zone[LEDE_HEAD_ZONE_BYTES]; /* as printed; "" = none */
    size_t begin, end;               /* its words in the line */
    uint8_t weekday; /* printed with the day: 1 Monday to 7; 0 = none */
} lede_head_time;

typedef struct lede_head {
    lede_head_form form;
    uint32_t ordinal;   /* 0 = none printed */
    lede_span headline; /* in the line; empty: none there */
    lede_span author;   /* "Posted at 14:50 by Ann Lee"; empty: none there */
    bool is_damaged;    /* bytes were lost in it: the time may be missing */
    lede_head_time time;
} lede_head;

/* Whether `line` is a head, and what it says. Spans of *out point into `line`.
 */
bool lede_head_parse(lede_span line, const lede_date_hints *hints,
                     lede_head *out);

/* Forms B to G on a short line in which one character was lost (U+FFFD): a head
 * if some character there makes it one, with what all such characters agree on.
 * Costs about a hundred times as much: callers bound how often they ask. */
bool lede_head_parse_mended(lede_span line, const lede_date_hints *hints,
                            lede_head *out);

/* "9. Analysis", whose head follows without a number: true with the number and
 * the label (maybe empty). */
bool lede_head_parse_label(lede_span line, uint32_t *ordinal, lede_span *label);

/* A head of form A of which the end of the file has cut something off. */
bool lede_head_parse_cut(lede_span line, const lede_date_hints *hints,
                         lede_head *out);

/* "Headline - Ann Lee", "Headline | By Ann Lee": the headline, and in *name who
 * wrote it; false if no name stands there. */
bool lede_head_parse_signed(lede_span text, lede_span *headline,
                            lede_span *name);

/* "7. Anything": the number, and in *rest what follows it. */
bool lede_head_parse_number(lede_span line, uint32_t *ordinal, lede_span *rest);
/* Whether something like "published" is in it, some of its bytes lost. */
bool lede_head_has_keyword_trace(lede_span line);

/* The first "published at 14:50 GMT 17 February" in running text from `at` on:
 * the keyword stands at *begin, the time ends at *end. */
bool lede_head_find_in_text(lede_span text, size_t at,
                            const lede_date_hints *hints, size_t *begin,
                            size_t *end);

/* "Updated at 19.38 GMT", "Last updated at ...": when an update was changed. */
bool lede_head_parse_updated(lede_span line, const lede_date_hints *hints,
                             lede_head_time *out);

/* A time and day in one line, in any order and nothing else. */
bool lede_head_parse_time(lede_span text, const lede_date_hints *hints,
                          lede_head_time *out);

/* "A" to "J". */
const char *lede_head_form_name(lede_head_form form);

#endif
