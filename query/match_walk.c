/* match_walk.c - entry by entry through the compiled tree: any shape, and the
 * date sorts, which need no scores and stop early; see match_paths.h. */
#include "query/copies.h"
#include "query/match_paths.h"
#include "query/rank.h"

/* The scoring leaves of a walk. */
typedef struct scoring {
    lede_match_stream *streams;
    uint32_t count;
} scoring;

static bool open_scorers(lede_matching *matching, scoring *out)
{
    *out = (scoring){0};
    if (!matching->by_score) {
        return true;
    }
    out->streams = lede_matching_get(matching, matching->tree->leaf_count,
                                     sizeof *out->streams);
    for (uint32_t i = 0; out->streams != NULL && i < matching->tree->leaf_count;
         i++) {
        if (matching->leaves[i].weight <= 0.0f ||
            lede_matching_lists(matching, i)->count == 0) {
            continue;
        }
        if (!lede_match_stream_open(&out->streams[out->count], matching, i)) {
            return false;
        }
        out->count++;
    }
    return out->streams != NULL;
}

/* Bounds the score of entries from `entry` up to *until, where a block ends. */
static uint64_t bound_at(scoring *scorers, uint32_t entry, uint32_t *until)
{
    uint64_t sum = 0;

    *until = LEDE_MATCH_END;
    for (uint32_t i = 0; i < scorers->count; i++) {
        lede_match_stream *stream = &scorers->streams[i];

        stream->hint = lede_match_stream_find(stream, stream->hint, entry);
        if (stream->hint < stream->block_count) {
            uint32_t last = lede_match_stream_last(stream, stream->hint);

            sum += lede_match_stream_bound(stream, stream->hint);
            *until = last < *until ? last : *until;
        }
    }
    return sum;
}

static uint64_t text_of(lede_matching *matching, scoring *scorers,
                        uint32_t entry)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < scorers->count; i++) {
        lede_match_stream *stream = &scorers->streams[i];
        uint32_t at;

        stream->hint = lede_match_stream_find(stream, stream->hint, entry);
        if (stream->hint == stream->block_count ||
            !lede_match_stream_load(stream, stream->hint)) {
            continue;
        }
        at = lede_match_lower_bound(stream->entries, stream->size, entry);
        if (at < stream->size && stream->entries[at] == entry) {
            sum += lede_rank_part(
                stream->weight, matching->norms[matching->lengths[entry]],
                lede_rank_frequency(lede_match_stream_frequency(stream, at)));
        }
    }
    return sum;
}

/* Where entries only get worse (newest first; those without a date): when one
 * can't enter the heap, none behind it can. */
static bool is_over(lede_matching *matching, uint32_t entry)
{
    bool oldest_first = matching->top.oldest_first;
    const lede_match_hit *worst = matching->top.items;
    lede_match_hit hit = {.segment = matching->segment_index,
                          .entry = entry,
                          .time = LEDE_INSTANT_NONE};

    if (!lede_match_top_is_full(&matching->top)) {
        return false;
    }
    if (matching->top.k == 0) {
        return true;
    }
    if (worst->segment == matching->segment_index && !oldest_first) {
        return worst->entry < entry;
    }
    if (entry < matching->dated) {
        hit.time = lede_matching_column(matching, LEDE_COLUMN_TIME, entry);
    }
    hit.key = (uint64_t)lede_matching_column(matching, LEDE_COLUMN_KEY, entry);
    return !lede_match_hit_before(&hit, worst, oldest_first);
}

static bool is_live_match(lede_match_plan *plan, uint32_t entry)
{
    return !lede_matching_is_deleted(plan->matching, entry) &&
           lede_match_node_matches(&plan->nodes, plan->root, entry);
}

void lede_match_walk(lede_match_plan *plan)
{
    lede_matching *matching = plan->matching;
    uint32_t entry = plan->begin;
    scoring scorers;

    if (!lede_match_plan_compile_root(plan) ||
        !open_scorers(matching, &scorers)) {
        return;
    }
    while (matching->status == LEDE_OK) {
        uint64_t need = 0;
        uint32_t until;

        entry = lede_match_node_advance(plan->root, entry);
        if (entry >= plan->end ||
            (!matching->by_score && is_over(matching, entry))) {
            break;
        }
        if (matching->by_score) {
            need = lede_matching_need(matching, entry);
        }
        if (need > 0 && bound_at(&scorers, entry, &until) < need) {
            if (until == LEDE_MATCH_END) {
                break;
            }
            entry = until + 1;
            continue;
        }
        if (is_live_match(plan, entry)) {
            lede_matching_offer(matching, entry,
                                text_of(matching, &scorers, entry));
        }
        entry++;
    }
}

/* The first of entries [from, count) that is not below `entry`: what is asked
 * for is mostly near, so by steps that double. */
static uint32_t find_from(const uint32_t *entries, uint32_t from,
                          uint32_t count, uint32_t entry)
{
    uint32_t step = 1, low = from, high;

    while (low < count && entries[low] < entry) {
        from = low + 1;
        low = count - low > step ? low + step : count;
        step = step < count ? step * 2 : step;
    }
    for (high = low; from < high;) {
        uint32_t middle = from + (high - from) / 2;

        if (entries[middle] < entry) {
            from = middle + 1;
        } else {
            high = middle;
        }
    }
    return high;
}

void lede_match_walk_chosen(lede_match_plan *plan)
{
    lede_matching *matching = plan->matching;
    const lede_chosen *chosen = matching->options.chosen;
    const uint32_t *entries = chosen->entries[matching->segment_index];
    uint32_t count = chosen->counts[matching->segment_index];
    uint32_t next = plan->begin, i = 0;
    scoring scorers;

    if (!lede_match_plan_compile_root(plan) ||
        !open_scorers(matching, &scorers)) {
        return;
    }
    while (matching->status == LEDE_OK) {
        i = find_from(entries, i, count, next);
        if (i == count) {
            break;
        }
        next = lede_match_node_advance(plan->root, entries[i]);
        if (next >= plan->end) {
            break;
        }
        if (next != entries[i]) {
            continue;
        }
        if (!is_live_match(plan, next)) {
            /* Not this one. */
        } else if (chosen->met != NULL) {
            chosen->met(chosen->ctx, matching->segment_index, i);
        } else {
            lede_matching_offer(matching, next,
                                text_of(matching, &scorers, next));
        }
        next++;
    }
}

/* --- Oldest first
 * ------------------------------------------------------------------ */

enum { FIRST_STRIDE = 1024 };

static void walk_range(lede_match_plan *plan, uint32_t begin, uint32_t end,
                       bool falling)
{
    lede_matching *matching = plan->matching;
    uint32_t entry = begin;

    if (!lede_match_plan_compile_root(plan)) {
        return;
    }
    while (matching->status == LEDE_OK) {
        entry = lede_match_node_advance(plan->root, entry);
        if (entry >= end || (falling && is_over(matching, entry))) {
            break;
        }
        if (is_live_match(plan, entry)) {
            lede_matching_offer(matching, entry, 0);
        }
        entry++;
    }
}

/* True if all entries before `entry` of the segment are newer than the worst
 * hit kept. */
static bool rest_is_newer(lede_matching *matching, uint32_t entry)
{
    return entry == 0 ||
           (lede_match_top_is_full(&matching->top) &&
            (matching->top.k == 0 ||
             (matching->top.items[0].time != LEDE_INSTANT_NONE &&
              lede_matching_column(matching, LEDE_COLUMN_TIME, entry - 1) >
                  matching->top.items[0].time)));
}

/* Ranges of entries from the oldest dated one up, each as long as all before
 * it; then those without a date, by key, of which no more than needed. */
void lede_match_walk_back(lede_match_plan *plan)
{
    lede_matching *matching = plan->matching;
    uint32_t dated = matching->dated < plan->end ? matching->dated : plan->end;
    uint32_t end = dated;
    uint32_t stride = FIRST_STRIDE;

    while (end > plan->begin && matching->status == LEDE_OK &&
           !rest_is_newer(matching, end)) {
        uint32_t begin =
            end - plan->begin > stride ? end - stride : plan->begin;

        walk_range(plan, begin, end, false);
        end = begin;
        stride = stride < matching->entries ? stride * 2 : stride;
    }
    if (dated < plan->end && matching->status == LEDE_OK &&
        (!lede_match_top_is_full(&matching->top) ||
         (matching->top.k > 0 &&
          matching->top.items[0].time == LEDE_INSTANT_NONE))) {
        walk_range(plan, dated > plan->begin ? dated : plan->begin, plan->end,
                   true);
    }
}
