/* lede_query.h - a query of the benchmark as lede is asked it
 *
 * Threads: pure functions. */
#ifndef LEDE_TESTS_BENCH_LEDE_QUERY_H
#define LEDE_TESTS_BENCH_LEDE_QUERY_H

#include "base/buf.h"
#include "base/time.h"
#include "query/search.h"
#include "tests/bench/protocol.h"

static inline void bench_put_query(const bench_query *q, lede_buf *out)
{
    bool any = strcmp(q->type, "or") == 0;
    bool phrase = strcmp(q->type, "phrase") == 0;
    bool mixed = strcmp(q->type, "mixed") == 0;
    int i;

    lede_buf_clear(out);
    if (phrase) {
        lede_buf_put_byte(out, '"');
    }
    for (i = 0; i < q->word_count; i++) {
        if (i > 0) {
            lede_buf_put_text(out, any || (mixed && i > 1) ? " OR " : " ");
        }
        if (mixed && i == 1) {
            lede_buf_put_byte(out, '(');
        }
        lede_buf_put_text(out, q->words[i]);
    }
    if (phrase) {
        lede_buf_put_byte(out, '"');
    }
    if (mixed) {
        lede_buf_put_byte(out, ')');
    }
    if (q->end != 0) {
        lede_buf_put_text(out, " date:");
        lede_instant_format(q->begin, out);
        lede_buf_put_text(out, "..");
        lede_instant_format(q->end - 1, out);
    }
}

static inline lede_search_options bench_options(const bench_query *q)
{
    lede_search_options o = {.limit = BENCH_K,
                             .unfolded = true, /* as with the others */
                             .no_relax = true,
                             .no_recency = true,
                             .rank_plain = strstr(q->mode, "_fit") == NULL,
                             .totals = LEDE_TOTALS_NONE};

    if (strncmp(q->mode, "count", 5) == 0) {
        o.count_only = true;
    } else if (strncmp(q->mode, "newest", 6) == 0) {
        o.sort = LEDE_SORT_NEWEST;
    } else if (strncmp(q->mode, "top10_count", 11) == 0) {
        o.totals = LEDE_TOTALS_EXACT;
    } else if (strncmp(q->mode, "recency", 7) == 0) {
        o.no_recency = false;
        o.recency_given = true;
        o.recency = q->w;
        o.half_life_s = (int64_t)q->half_life;
    }
    return o;
}

#endif
