/* apart.h - "work that may crash, or never end, in a process of its own"
 *
 * A library that follows what a damaged file says can read where nothing is, or
 * go in circles; neither is an exception that could be caught. So such work is
 * done in a process made by fork, which says lines and gives a result; whatever
 * becomes of it, this one goes on. It may compute for so long and no longer;
 * time that it waits for disks is not counted. It dies with the process that
 * began it. So is work that nothing else could stop.
 *
 * Threads: any; but while others hold locks, those of malloc aside, none may
 * run work that takes them. */
#ifndef LEDE_STORAGE_APART_H
#define LEDE_STORAGE_APART_H

#include <stdint.h>

#include "base/status.h"

enum { LEDE_APART_LINE_BYTES = 512 }; /* of a line; the rest is dropped */

typedef struct lede_apart {
    void *ctx;
    /* Done there: what it changes in memory stays there. */
    lede_status (*work)(void *ctx, int out, lede_error *err);
    /* Called here for each line that was said there, in order; may be NULL. */
    void (*line)(void *ctx, const char *line);
    /* Called here about ten times a second, to see how far it is; may be NULL.
     */
    void (*look)(void *ctx);
    uint32_t compute_s;       /* CPU time it may take, in seconds; 0: any */
    const volatile int *stop; /* nonzero: LEDE_INTERRUPTED; may be NULL */
} lede_apart;

/* What `work` returned; LEDE_BUG, with how it ended, if it did not return. */
lede_status lede_apart_run(const lede_apart *apart, lede_error *err);

/* For `work`: says a line, without newlines of its own, and none if nobody can
 * hear it. */
void lede_apart_say(int out, const char *line);

#endif
