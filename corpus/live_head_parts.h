/* live_head_parts.h - the pieces of which heads are made
 *
 * Private to the four files that read heads: live_head_time.c (clocks, days,
 * zones, numbers), live_heads.c (form A, and which form a line has),
 * live_head_forms.c (the others) and live_head_mend.c (these, with a byte
 * lost). A `plain` text has had its wide blanks made spaces.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_LIVE_HEAD_PARTS_H
#define LEDE_CORPUS_LIVE_HEAD_PARTS_H

#include "corpus/live_heads.h"

/* A line longer than this is a head of form A or none. */
enum { LEDE_HEAD_SHORT_BYTES = 120, LEDE_HEAD_J_BYTES = 300 };

size_t lede_skip_spaces(lede_span plain, size_t at);
bool lede_is_blank_from(lede_span plain, size_t at);

/* Takes a clock, its zone and a day, in any order, from `at` on; returns the
 * end of the last, or `at` if there is none. */
size_t lede_head_take_time(lede_span plain, size_t at,
                           const lede_date_hints *hints, lede_head_time *out);
/* One of them, without blanks before it: its length, 0 if there is none. */
size_t lede_head_take_clock(lede_span plain, size_t at, lede_head_time *out);
size_t lede_head_take_day(lede_span plain, size_t at,
                          const lede_date_hints *hints, lede_head_time *out);

/* "  12. ": the number at the beginning of a line; the byte behind it and its
 * blanks, or 0. */
size_t lede_head_take_number(lede_span plain, uint32_t *ordinal);

/* "5 min ago", "1 hr 20 min ago", "3h ago", "Updated 5 min ago". */
bool lede_head_parse_h(lede_span plain, lede_head *out);

/* Forms B to F, H and I, on a short line; G; J. */
bool lede_head_parse_short(lede_span line, lede_span plain,
                           const lede_date_hints *hints, lede_head *out);
bool lede_head_parse_g(lede_span line, lede_span plain, lede_head *out);
bool lede_head_parse_j(lede_span line, lede_span plain,
                       const lede_date_hints *hints, lede_head *out);

#endif
