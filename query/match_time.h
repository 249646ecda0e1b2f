/* match_time.h - "which entries of this segment were published then?"
 *
 * Entries are in order of time, so those of a period are a stretch of numbers,
 * but for dates that are known no better than to the day (query/dates.h). Their
 * lists are looked at only where a segment has any and they are in doubt; where
 * these make no difference, as where all is printed in the zone that is asked
 * in, it is a stretch still.
 *
 * Private to query/match*.c.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_TIME_H
#define LEDE_QUERY_MATCH_TIME_H

#include "query/dates.h"
#include "query/matching.h"

typedef struct lede_match_time {
    uint32_t begin, end;
    uint64_t *set; /* NULL: all of [begin, end); else a bit for each entry of
                      the segment, none outside; of the segment's memory */
} lede_match_time;

/* False (noted in the run) on failure. */
bool lede_match_time_find(lede_matching *matching, const lede_period *period,
                          lede_match_time *out);

#endif
