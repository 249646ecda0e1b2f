/* random_period.c - see random_period.h. */
#include "tests/query/random_period.h"

#include "tests/support/random_archive.h"

static int64_t day_of(int64_t local)
{
    return local >= 0 ? local / 86400 : -((86399 - local) / 86400);
}

lede_period random_period(uint64_t *state, int64_t from, int64_t step,
                          uint32_t steps)
{
    int64_t offset = 900 * ((int64_t)random_below(state, 97) - 40);
    int64_t begin = from + step * random_below(state, steps + 3);
    int64_t end =
        begin + step * random_below(state, steps + 3) + random_below(state, 2);
    lede_period period = {
        INT64_MIN, INT64_MAX, {INT64_MIN, INT64_MAX, INT64_MIN}};

    if (random_below(state, 2) == 0) { /* whole days, there */
        begin = day_of(begin + offset) * 86400 - offset;
        end = day_of(end + offset) * 86400 - offset;
    }
    if (random_below(state, 4) > 0) {
        period.begin = begin;
        period.days.begin = -day_of(-(begin + offset));
    }
    if (random_below(state, 4) > 0) {
        period.end = end;
        period.days.end = day_of(end + offset);
        if (random_below(state, 3) == 0) { /* until now */
            period.days.begun = period.days.end + 1;
        }
    }
    return period;
}
