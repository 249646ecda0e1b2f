/* xapian_time.h - "how is a period asked for in a shard?"
 *
 * As a range of values, but for the few dates of which their first instants do
 * not tell whether they are in it (query/dates.h): those are terms.
 *
 * Threads: as the queries. */
#ifndef LEDE_QUERY_XAPIAN_TIME_H
#define LEDE_QUERY_XAPIAN_TIME_H

#include "query/dates.h"
#include "storage/xapian_shim.h"

/* Entries whose dates begin in [first, last]. */
lede_xapian_query lede_xapian_time_between(lede_xapian_queries *queries,
                                           int64_t first, int64_t last);
/* Entries that were published in the period. */
lede_xapian_query lede_xapian_time_in(lede_xapian_queries *queries,
                                      const lede_period *period);

#endif
