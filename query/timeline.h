/* timeline.h - "when was it written about?"
 *
 * The entries found, and all entries of the archive, by hour, day, week, month
 * or year of their publication, in the zone of the search. Buckets are those
 * from the first to the last that has an entry found, empty ones among them. A
 * date of unknown year, and one that is not known as exactly as the step asks
 * for, stand in no bucket: they are counted apart.
 *
 * Threads: as the results. */
#ifndef LEDE_QUERY_TIMELINE_H
#define LEDE_QUERY_TIMELINE_H

#include "query/search.h"

typedef enum lede_step {
    LEDE_STEP_AUTO = 0, /* the finest that makes no more than about a hundred
                           buckets, and that the dates are known to */
    LEDE_STEP_HOUR,
    LEDE_STEP_DAY,
    LEDE_STEP_WEEK, /* from Monday on */
    LEDE_STEP_MONTH,
    LEDE_STEP_YEAR,
    LEDE_STEP_COUNT
} lede_step;

const char *lede_step_name(lede_step step); /* "auto", "hour", ... */
bool lede_step_parse(lede_span name, lede_step *out);

typedef struct lede_bucket {
    char name[24]; /* 2025, 2025-02, 2025-02-17 (a week: its Monday), or
                      2025-02-17T14 */
    uint64_t count;
    uint64_t volume; /* entries of the archive, found or not */
} lede_bucket;

enum { LEDE_TIMELINE_MOST = 100000 }; /* buckets */

typedef struct lede_timeline {
    lede_step step; /* never AUTO */
    lede_bucket *buckets;
    uint32_t count;
    uint64_t matches;
    uint64_t imprecise; /* of which so many have too coarse a date, ... */
    uint64_t unknown;   /* ... and so many none */
} lede_timeline;

/* LEDE_BAD_INPUT if the step makes more than LEDE_TIMELINE_MOST buckets. */
lede_status lede_results_timeline(lede_results *results, lede_step step,
                                  lede_timeline *out, lede_error *err);
void lede_timeline_done(lede_timeline *timeline);

#endif
