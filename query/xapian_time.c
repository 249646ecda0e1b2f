/* xapian_time.c - periods as queries of Xapian's; see xapian_time.h. */
#include "query/xapian_time.h"

#include <stdio.h>

#include "base/entry_values.h"
#include "storage/xapian_terms.h"

lede_xapian_query lede_xapian_time_between(lede_xapian_queries *queries,
                                           int64_t first, int64_t last)
{
    uint8_t low[LEDE_XAPIAN_ORDER_BYTES], high[LEDE_XAPIAN_ORDER_BYTES];
    lede_xapian_order from = {.time = first, .key = UINT64_MAX};
    lede_xapian_order to = {last, 0, true, UINT64_MAX};

    if (first == LEDE_INSTANT_NONE) {
        from.time = first + 1;
    }
    if (from.time > last) {
        return 0;
    }
    return lede_xapian_query_range(queries, LEDE_XAPIAN_SLOT_NEWEST,
                                   lede_xapian_order_encode(&from, false, low),
                                   lede_xapian_order_encode(&to, false, high));
}

/* Entries with one of the dates that are in the period, or that are not. */
static lede_xapian_query any_of(lede_xapian_queries *queries,
                                const lede_doubtful_date *dates, uint32_t count,
                                bool is_in)
{
    lede_xapian_query items[LEDE_DATES_IN_DOUBT_MOST];
    uint32_t taken = 0;

    for (uint32_t i = 0; i < count; i++) {
        char text[sizeof LEDE_TERM_DATE + sizeof dates[i].text];
        lede_xapian_name name;

        if (dates[i].is_in == is_in) {
            snprintf(text, sizeof text, "%s%.11s", LEDE_TERM_DATE,
                     dates[i].text);
            items[taken++] = lede_xapian_query_term(
                queries, lede_xapian_name_value(&name, lede_span_text(text)));
        }
    }
    return taken == 0
               ? 0
               : lede_xapian_query_join(queries, LEDE_XAPIAN_OR, items, taken);
}

lede_xapian_query lede_xapian_time_in(lede_xapian_queries *queries,
                                      const lede_period *period)
{
    lede_doubtful_date dates[LEDE_DATES_IN_DOUBT_MOST];
    uint32_t count = lede_dates_in_doubt(period, dates);
    lede_xapian_query pair[2];

    pair[0] = period->end == INT64_MIN
                  ? 0
                  : lede_xapian_time_between(
                        queries, period->begin,
                        period->end == INT64_MAX ? INT64_MAX : period->end - 1);
    if (count == 0) {
        return pair[0];
    }
    pair[1] = any_of(queries, dates, count, false);
    pair[0] = lede_xapian_query_join(queries, LEDE_XAPIAN_AND_NOT, pair, 2);
    pair[1] = any_of(queries, dates, count, true);
    return lede_xapian_query_join(queries, LEDE_XAPIAN_OR, pair, 2);
}
