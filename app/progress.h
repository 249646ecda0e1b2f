/* progress.h - "how far is it, and how long still?"
 *
 * On a terminal one line that is drawn over: a bar, the rate, the time left.
 * Elsewhere a line every few seconds. Notes in between come out whole.
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_PROGRESS_H
#define LEDE_APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct lede_progress {
    bool wanted;
    bool terminal;
    bool drawn;        /* a bar stands on the line */
    bool counts_steps; /* not bytes: no rate is told. For the caller to set */
    double started_s;  /* monotonic */
    double last_s;
    unsigned width;
} lede_progress;

void lede_progress_start(lede_progress *progress, bool wanted);
/* Bytes (or any unit) done of all; `what` such as "12,345 entries". */
void lede_progress_show(lede_progress *progress, const char *phase,
                        uint64_t done, uint64_t all, const char *what);
/* Other work begins: the time left is reckoned from here. */
void lede_progress_again(lede_progress *progress);
/* Takes the bar away, so that a line can be printed. */
void lede_progress_clear(lede_progress *progress);
double lede_progress_seconds(const lede_progress *progress);

#endif
