/* random_period.h - periods of chance
 *
 * Some are whole days of a zone of chance, some begin and end at any time, and
 * some reach until now. */
#ifndef LEDE_TESTS_QUERY_RANDOM_PERIOD_H
#define LEDE_TESTS_QUERY_RANDOM_PERIOD_H

#include "query/dates.h"

/* From about so many steps behind `from`, for about as many; an end may be
 * open.
 */
lede_period random_period(uint64_t *state, int64_t from, int64_t step,
                          uint32_t steps);

#endif
