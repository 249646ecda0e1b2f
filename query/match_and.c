/* match_and.c - one word, and all of several; see match_paths.h. */
#include <stdlib.h>

#include "query/match_paths.h"

enum { MAX_SEEDS = 64, BOUNDS_CHUNK = 256 };

/* --- One word
 * ------------------------------------------------------------------- */

/* Lets every entry of a block that could enter the heap try. */
static void try_block(lede_match_plan *plan, lede_match_stream *stream,
                      uint32_t block)
{
    uint32_t first = lede_match_stream_first(stream, block);

    first = first < plan->begin ? plan->begin : first;
    if (first < plan->end &&
        stream->bounds[block] >= lede_matching_need(plan->matching, first)) {
        lede_match_lead(plan, stream, first,
                        lede_match_stream_last(stream, block) < plan->end
                            ? lede_match_stream_last(stream, block) + 1
                            : plan->end,
                        NULL, 0, 1);
    }
}

/* The blocks in [from, to) with the largest bounds, by number; returns how
 * many. They set a threshold that lets most others be passed over. With
 * recency the order of bounds is only a guess at the order of scores: the
 * threshold is then lower, not wrong. */
static uint32_t choose_seeds(const lede_match_stream *stream, uint32_t from,
                             uint32_t to, uint32_t wanted,
                             uint32_t seeds[MAX_SEEDS])
{
    uint32_t count = 0;

    for (uint32_t block = from; block < to; block++) {
        uint32_t at;

        if (count == wanted &&
            stream->bounds[block] <= stream->bounds[seeds[count - 1]]) {
            continue;
        }
        at = count < wanted ? count++ : count - 1;
        while (at > 0 &&
               stream->bounds[seeds[at - 1]] < stream->bounds[block]) {
            seeds[at] = seeds[at - 1];
            at--;
        }
        seeds[at] = block;
    }
    return count;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

static void try_all(lede_match_plan *plan, lede_match_stream *stream,
                    uint32_t from, uint32_t to, const uint32_t *seeds,
                    uint32_t seed_count)
{
    lede_matching *matching = plan->matching;
    uint32_t seed = 0;

    while (from < to && matching->status == LEDE_OK) {
        uint32_t count = to - from > BOUNDS_CHUNK ? BOUNDS_CHUNK : to - from;
        uint64_t need =
            lede_matching_need(matching, lede_match_stream_first(stream, from));
        uint32_t indices[BOUNDS_CHUNK + 16];
        uint32_t found = 0;

        if (need < 0x80000000u) {
            found = matching->kernels->filter(stream->bounds + from, count,
                                              (uint32_t)need, indices);
        }
        for (uint32_t i = 0; i < found; i++) {
            uint32_t block = from + indices[i];

            if (i + 1 < found) {
                lede_postings_prefetch(&stream->lists->items[0],
                                       from + indices[i + 1]);
            }
            while (seed < seed_count && seeds[seed] < block) {
                seed++;
            }
            if (seed == seed_count || seeds[seed] != block) {
                try_block(plan, stream, block);
            }
        }
        from += count;
    }
}

void lede_match_one(lede_match_plan *plan)
{
    lede_matching *matching = plan->matching;
    uint32_t seeds[MAX_SEEDS];
    uint32_t seed_count = 0;
    lede_match_stream stream;
    uint32_t from, to;

    if (!lede_match_stream_open(&stream, matching, plan->required[0]) ||
        !lede_match_stream_make_bounds(&stream)) {
        return;
    }
    stream.fields = lede_match_plan_fields(plan, plan->required[0]);
    from = lede_match_stream_find(&stream, 0, plan->begin);
    to = lede_match_stream_find(&stream, from, plan->end - 1);
    to = to < stream.block_count ? to + 1 : to;
    if (stream.most < lede_matching_need(matching, plan->begin)) {
        return;
    }
    lede_match_raise_least(plan, &stream);
    /* A check walks lists forward: it can't follow a jump to the best blocks
     * without starting again. */
    if (matching->least == 0 && matching->least_score <= 0.0 &&
        matching->top.k <= MAX_SEEDS &&
        !lede_match_top_is_full(&matching->top)) {
        seed_count =
            choose_seeds(&stream, from, to, (uint32_t)matching->top.k, seeds);
        if (seed_count > 1) {
            qsort(seeds, seed_count, sizeof *seeds, by_number);
        }
    }
    for (uint32_t i = 0; i < seed_count; i++) {
        if (i + 1 < seed_count) {
            lede_postings_prefetch(&stream.lists->items[0], seeds[i + 1]);
        }
        try_block(plan, &stream, seeds[i]);
    }
    lede_match_plan_rewind(plan);
    try_all(plan, &stream, from, to, seeds, seed_count);
}

/* --- All of several
 * ---------------------------------------------------------------- */

static int by_postings(const void *left, const void *right)
{
    const lede_match_stream *a = left;
    const lede_match_stream *b = right;

    return (a->postings > b->postings) - (a->postings < b->postings);
}

/* Bounds of a list are worth making unless few of its blocks will be asked for;
 * all at once only if there is something to compare them with. */
static bool make_bounds(lede_match_stream *stream, uint32_t lead_postings,
                        bool has_threshold)
{
    if (stream->block_count / 4 > lead_postings) {
        return true;
    }
    return has_threshold ? lede_match_stream_make_bounds(stream)
                         : lede_match_stream_expect_bounds(stream);
}

static bool open_streams(lede_match_plan *plan, lede_match_stream *streams,
                         lede_match_probe *probes)
{
    lede_matching *matching = plan->matching;
    uint32_t required = plan->required_count + plan->pair_count;
    uint32_t covered = required + plan->cover_count;
    bool has_threshold = lede_matching_need(matching, plan->begin) > 0;
    uint32_t count = 0;

    for (uint32_t i = 0; i < plan->required_count; i++) {
        if (!lede_match_stream_open(&streams[count], matching,
                                    plan->required[i])) {
            return false;
        }
        streams[count].fields = lede_match_plan_fields(plan, plan->required[i]);
        count++;
    }
    for (uint32_t i = 0; i < plan->pair_count; i++) {
        if (!lede_match_stream_open_lists(&streams[count], matching,
                                          plan->pairs[i])) {
            return false;
        }
        count++;
    }
    for (uint32_t i = 0; i < plan->cover_count; i++) {
        if (!lede_match_stream_open(&streams[count], matching,
                                    plan->cover[i])) {
            return false;
        }
        count++;
    }
    for (uint32_t i = 0; i < plan->optional_count; i++) {
        if (!lede_match_stream_open(&streams[count], matching,
                                    plan->optional[i])) {
            return false;
        }
        count++;
    }
    qsort(streams, required, sizeof *streams, by_postings);
    for (uint32_t i = 0; i < count; i++) {
        if (!make_bounds(&streams[i], streams[0].postings, has_threshold)) {
            return false;
        }
        if (i > 0) {
            probes[i - 1] =
                (lede_match_probe){.stream = &streams[i],
                                   .required = i < required,
                                   .counts = i >= required && i < covered};
        }
    }
    return true;
}

void lede_match_and(lede_match_plan *plan)
{
    lede_matching *matching = plan->matching;
    uint32_t count = plan->required_count + plan->pair_count +
                     plan->cover_count + plan->optional_count;
    lede_match_stream *streams =
        lede_matching_get(matching, count, sizeof *streams);
    lede_match_probe *probes =
        lede_matching_get(matching, count, sizeof *probes);
    uint64_t most = 0;

    if (streams == NULL || probes == NULL ||
        !open_streams(plan, streams, probes)) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        most += streams[i].most;
    }
    if (most >= lede_matching_need(matching, plan->begin)) {
        lede_match_lead(plan, &streams[0], plan->begin, plan->end, probes,
                        count - 1,
                        1 + (plan->cover_count > 0 ? plan->need : 0));
    }
}
