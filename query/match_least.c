/* match_least.c - a threshold before any block is decoded; see match_paths.h.
 */
#include "query/match_paths.h"
#include "query/rank.h"

enum { MOST_WANTED = 64, CHUNK = 128 };

/* The k largest of the values that came, the largest first. */
typedef struct largest {
    double values[MOST_WANTED];
    uint32_t count, k;
} largest;

static double kth(const largest *best)
{
    return best->count == best->k ? best->values[best->k - 1] : 0.0;
}

static void put(largest *best, double value)
{
    uint32_t at;

    if (best->count == best->k && value <= best->values[best->k - 1]) {
        return;
    }
    at = best->count < best->k ? best->count++ : best->k - 1;
    for (; at > 0 && best->values[at - 1] < value; at--) {
        best->values[at] = best->values[at - 1];
    }
    best->values[at] = value;
}

/* Puts what blocks [from, to) attain, less what recency takes of it. Most are
 * told off by the text alone. */
static void put_blocks(lede_matching *matching, const lede_match_stream *stream,
                       uint32_t from, uint32_t to, largest *best)
{
    uint32_t parts[CHUNK], indices[CHUNK + 16];

    while (from < to) {
        bool is_full = best->count == best->k;
        uint32_t most = is_full ? CHUNK : best->k;
        uint32_t count = to - from < most ? to - from : most;
        uint32_t first = lede_match_stream_first(stream, from);
        uint64_t need = 0;
        uint32_t found = 0;

        if (is_full && matching->fading == NULL) {
            need = (uint64_t)kth(best) + 1;
        } else if (is_full && first < matching->entries) {
            need = (uint64_t)(kth(best) /
                              lede_fading_most(matching->fading, first)) +
                   1;
        }
        matching->kernels->attained(stream->weight, matching->norms,
                                    &stream->lists->items[0], from, count,
                                    parts);
        if (need < 0x80000000u) {
            found = matching->kernels->filter(parts, count, (uint32_t)need,
                                              indices);
        }
        for (uint32_t i = 0; i < found; i++) {
            uint32_t block = from + indices[i];
            uint32_t last = lede_match_stream_last(stream, block);
            double part = (double)parts[indices[i]];

            /* Which entry of the block attains it is not known. */
            if (matching->fading != NULL) {
                part *= last < matching->entries
                            ? lede_fading_least_of(
                                  matching->fading,
                                  lede_match_stream_first(stream, block), last)
                            : 0.0;
            }
            put(best, part);
        }
        from += count;
    }
}

/* The same of what each posting in [begin, end) of a block attains. */
static void put_postings(lede_matching *matching,
                         const lede_match_stream *stream, uint32_t begin,
                         uint32_t end, largest *best)
{
    const uint32_t *entries = stream->entries;
    uint32_t from = lede_match_lower_bound(entries, stream->size, begin);
    uint32_t to = lede_match_lower_bound(entries, stream->size, end);

    matching->kernels->parts(stream->weight, matching->norms, matching->lengths,
                             entries + from, stream->frequencies + from,
                             to - from, matching->parts);
    for (uint32_t i = from; i < to; i++) {
        double part = (double)matching->parts[i - from];

        if (matching->fading != NULL) {
            part *=
                lede_fading_least_of(matching->fading, entries[i], entries[i]);
        }
        put(best, part);
    }
}

static bool can_raise(const lede_match_plan *plan,
                      const lede_match_stream *stream)
{
    const lede_matching *matching = plan->matching;

    return matching->deleted.len == 0 && plan->check_count == 0 &&
           !matching->options.has_after && stream->lists->count == 1 &&
           stream->weight > 0.0f && stream->most > matching->least &&
           matching->top.k <= MOST_WANTED &&
           !lede_match_top_is_full(&matching->top);
}

static void raise(lede_matching *matching, const largest *best)
{
    double least = kth(best);

    if (matching->fading == NULL) {
        matching->least =
            least > (double)matching->least ? (uint64_t)least : matching->least;
        return;
    }
    least *= LEDE_RANK_UNIT;
    matching->least_score =
        least > matching->least_score ? least : matching->least_score;
}

void lede_match_raise_least(lede_match_plan *plan,
                            const lede_match_stream *stream)
{
    uint64_t k = plan->matching->top.k;
    largest best = {.count = 0, .k = (uint32_t)k};
    uint32_t from, to;

    if (!can_raise(plan, stream) || stream->block_count < k) {
        return;
    }
    from = lede_match_stream_find(stream, 0, plan->begin);
    to = lede_match_stream_find(stream, from, plan->end);
    /* Who attains the impact of a block that is cut may lie outside. */
    from += from < to && lede_match_stream_first(stream, from) < plan->begin;
    if (to - from < k) {
        return;
    }
    put_blocks(plan->matching, stream, from, to, &best);
    raise(plan->matching, &best);
}

void lede_match_raise_least_by_postings(lede_match_plan *plan,
                                        lede_match_stream *stream)
{
    uint64_t k = plan->matching->top.k;
    largest best = {.count = 0, .k = (uint32_t)k};

    if (!can_raise(plan, stream) || stream->postings < k) {
        return;
    }
    for (uint32_t block = 0; block < stream->block_count; block++) {
        if (!lede_match_stream_load(stream, block) ||
            !lede_match_stream_load_frequencies(stream)) {
            return;
        }
        put_postings(plan->matching, stream, plan->begin, plan->end, &best);
    }
    raise(plan->matching, &best);
}
