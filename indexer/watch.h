/* watch.h - "how far is it, and should it stop?"
 *
 * What long work of the indexer is given to report to. Steps are units of no
 * meaning but their share of all.
 *
 * Threads: called back in the thread that works. */
#ifndef LEDE_INDEXER_WATCH_H
#define LEDE_INDEXER_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lede_watch {
    void *ctx;
    void (*step)(void *ctx, uint64_t done, uint64_t all); /* may be NULL */
    const volatile int *stop; /* nonzero: end with LEDE_INTERRUPTED; NULL: work
                                 to the end */
} lede_watch;

/* Both accept NULL. */
static inline void lede_watch_step(const lede_watch *watch, uint64_t done,
                                   uint64_t all)
{
    if (watch != NULL && watch->step != NULL) {
        watch->step(watch->ctx, done, all);
    }
}

static inline bool lede_watch_is_stopped(const lede_watch *watch)
{
    return watch != NULL && watch->stop != NULL && *watch->stop != 0;
}

#endif
