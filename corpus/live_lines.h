/* live_lines.h - "what are the lines of this page?"
 *
 * The lines of a live page's text, numbered from 1, the same in each pass. A
 * page whose line breaks were lost (copied through something that took them for
 * blanks) is broken again: before each "N. " that is the next number and has a
 * head within 300 characters, and behind each head.
 *
 * An input that fails in the middle (compressed data cut off) ends there: what
 * came before is good, and `failure` says what happened.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_LIVE_LINES_H
#define LEDE_CORPUS_LIVE_LINES_H

#include "corpus/dates.h"
#include "corpus/format.h"

typedef struct lede_live_lines lede_live_lines;

typedef struct lede_live_line {
    lede_span text; /* lives until the next call */
    uint64_t number;
    uint32_t repaired; /* bad sequences replaced in it */
    bool ended; /* by a line end; else it goes on in the next line, if any */
} lede_live_line;

/* Rewinds the input and begins; `input` and `hints` must outlive it. */
lede_status lede_live_lines_new(lede_input *input, bool rejoined,
                                const lede_date_hints *hints,
                                lede_live_lines **out, lede_error *err);
void lede_live_lines_free(lede_live_lines *lines); /* accepts NULL */

/* LEDE_END behind the last line. */
lede_status lede_live_lines_next(lede_live_lines *lines, lede_live_line *out,
                                 lede_error *err);

/* Why the input ended early, or NULL. */
const char *lede_live_lines_failure(const lede_live_lines *lines);

#endif
