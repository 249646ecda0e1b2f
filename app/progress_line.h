/* progress_line.h - "how is it said in so many columns?"
 *
 * One line of progress. What a person waits for comes first: the share done,
 * the time left, the rate. Then the phase and what was made so far, as far as
 * there is room, and a bar of what room is left.
 *
 * Threads: pure functions. */
#ifndef LEDE_APP_PROGRESS_LINE_H
#define LEDE_APP_PROGRESS_LINE_H

#include "base/buf.h"

typedef struct lede_progress_state {
    const char *phase;  /* "indexing" */
    const char *what;   /* "merging 12 %, 12,345 entries", or ""; pieces between
                           ", " are left out from the front */
    double part;        /* done, 0 to 1 */
    double bytes_per_s; /* 0: not known */
    double left_s;      /* below 0: not known */
} lede_progress_state;

/* Appends the line, of at most `width` columns; a bar only with `bar`. ASCII,
 * and no line break. */
void lede_put_progress_line(lede_buf *out, const lede_progress_state *state,
                            size_t width, bool bar);

#endif
