/* match_least.c - a threshold before any block is decoded; see match_paths.h.
 */
#include "query/match_paths.h"

enum { MOST_WANTED = 64 };

/* The k-th largest of the values, k being at most MOST_WANTED; 0 if there are
 * fewer. */
static uint32_t kth_largest(const uint32_t *values, uint32_t count, uint32_t k)
{
    uint32_t best[MOST_WANTED];
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t at;

        if (n == k && values[i] <= best[k - 1]) {
            continue;
        }
        at = n < k ? n++ : k - 1;
        for (; at > 0 && best[at - 1] < values[i]; at--) {
            best[at] = best[at - 1];
        }
        best[at] = values[i];
    }
    return n == k && k > 0 ? best[k - 1] : 0;
}

void lede_match_raise_least(lede_match_plan *plan,
                            const lede_match_stream *stream)
{
    lede_matching *matching = plan->matching;
    uint64_t k = matching->top.k;
    uint32_t from, to, least;
    uint32_t *parts;

    if (matching->deleted.len != 0 || plan->check_count > 0 ||
        stream->lists->count != 1 || stream->weight <= 0.0f ||
        stream->most <= matching->least || k > MOST_WANTED ||
        stream->block_count < k || lede_match_top_is_full(&matching->top)) {
        return;
    }
    from = lede_match_stream_find(stream, 0, plan->begin);
    to = lede_match_stream_find(stream, from, plan->end);
    /* Who attains the impact of a block that is cut may lie outside. */
    from += from < to && lede_match_stream_first(stream, from) < plan->begin;
    if (to - from < k) {
        return;
    }
    parts = lede_matching_get(matching, to - from, sizeof *parts);
    if (parts == NULL) {
        return;
    }
    matching->kernels->attained(stream->weight, matching->norms,
                                &stream->lists->items[0], from, to - from,
                                parts);
    least = kth_largest(parts, to - from, (uint32_t)k);
    if (least > matching->least) {
        matching->least = least;
    }
}
