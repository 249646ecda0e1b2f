/* match_or.c - any of several words: windows of block-max MaxScore.
 *
 * Window by window: the lists whose bounds in the window, added up from the
 * smallest, stay below the threshold are not essential: no entry gets into the
 * heap by them alone. The essential ones pour their parts into an array of
 * sums, one list after the other; what then can reach the threshold is looked
 * up in the others. With one essential list it leads, as in AND. A list that is
 * optional (it adds to the score, but does not make an entry match) is never
 * essential, nor is one that is required: it is more frequent than the cover.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "query/match_paths.h"

/* A stream in a window: blocks [from, to), the bound of its parts there. */
typedef struct share {
    lede_match_stream *stream;
    bool cover, required;
    uint32_t from, to, bound;
} share;

static int by_bound(const void *left, const void *right)
{
    const share *a = left;
    const share *b = right;

    if (a->cover != b->cover) {
        return a->cover ? 1 : -1;
    }
    return (a->bound > b->bound) - (a->bound < b->bound);
}

/* Sets each share for the window; returns the sum of the bounds. `any` tells
 * whether a cover list has a block there, and every required one. */
static uint64_t narrow(share *shares, uint32_t count, uint32_t begin,
                       uint32_t end, bool *any)
{
    uint64_t sum = 0;
    bool lacks = false;

    *any = false;
    for (uint32_t i = 0; i < count; i++) {
        share *one = &shares[i];
        lede_match_stream *stream = one->stream;

        one->from = lede_match_stream_find(stream, one->from, begin);
        one->to = lede_match_stream_find(stream, one->from, end - 1);
        one->to = one->to < stream->block_count ? one->to + 1 : one->to;
        one->bound = one->to > one->from
                         ? stream->matching->kernels->largest(
                               stream->bounds + one->from, one->to - one->from)
                         : 0;
        *any = *any || (one->cover && one->to > one->from);
        lacks = lacks || (one->required && one->to == one->from);
        sum += one->bound;
    }
    *any = *any && !lacks;
    return sum;
}

/* How many of the shares, in order, are not essential. */
static uint32_t partition(share *shares, uint32_t count, uint64_t need)
{
    uint64_t sum = 0;
    uint32_t i = 0;

    if (count > 1) {
        qsort(shares, count, sizeof *shares, by_bound);
    }
    while (i < count && !shares[i].cover) {
        sum += shares[i].bound;
        i++;
    }
    while (i < count && sum + shares[i].bound < need) {
        sum += shares[i].bound;
        i++;
    }
    return i;
}

/* Strongest first: what is hopeless shows soonest. */
static void make_probes(lede_match_probe *probes, const share *shares,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const share *one = &shares[count - 1 - i];

        probes[i] = (lede_match_probe){.stream = one->stream,
                                       .required = one->required,
                                       .counts = one->cover,
                                       .bound = one->bound,
                                       .window = one->from};
    }
}

/* Bits from `first` to `last`. */
static uint64_t bits_between(uint32_t first, uint32_t last)
{
    return UINT64_MAX >> (63 - last) & UINT64_MAX << first;
}

/* Adds the parts of one list's postings in [begin, end) to the sums; returns
 * which batches of the window got any, a bit each. Blocks that can't reach the
 * threshold even with all that others could add (`rest`) are left out: their
 * entries' sums come out too small, and were hopeless. */
static uint64_t pour(lede_matching *matching, const share *one, uint32_t begin,
                     uint32_t end, uint64_t need, uint64_t rest, bool counting)
{
    uint64_t touched = 0;
    lede_match_stream *stream = one->stream;
    uint32_t *sums = matching->windows->sums;

    for (uint32_t block = one->from; block < one->to; block++) {
        uint32_t from, to;

        if (need > rest + stream->bounds[block] ||
            !lede_match_stream_load(stream, block)) {
            continue;
        }
        from = lede_match_lower_bound(stream->entries, stream->size, begin);
        to = lede_match_lower_bound(stream->entries, stream->size, end);
        if (from < to) {
            touched |= bits_between(
                (stream->entries[from] - begin) / LEDE_MATCH_BATCH,
                (stream->entries[to - 1] - begin) / LEDE_MATCH_BATCH);
        }
        if (counting && one->cover) {
            const uint32_t *entries = stream->entries;
            uint8_t *counts = matching->windows->counts;

            for (uint32_t i = from; i < to; i++) {
                counts[entries[i] - begin]++;
            }
        }
        if (stream->weight <= 0.0f ||
            !lede_match_stream_load_frequencies(stream)) {
            continue;
        }
        while (from < to) {
            uint32_t n =
                to - from > LEDE_MATCH_BATCH ? LEDE_MATCH_BATCH : to - from;
            const uint32_t *entries = stream->entries + from;

            matching->kernels->parts(
                stream->weight, matching->norms, matching->lengths, entries,
                stream->frequencies + from, n, matching->parts);
            for (uint32_t i = 0; i < n; i++) {
                sums[entries[i] - begin] += matching->parts[i];
            }
            from += n;
        }
    }
    return touched;
}

/* Gathers from the sums [from, from + n) of the window what may still reach
 * the threshold, given `rest`. */
static void gather(lede_matching *matching, uint32_t begin, uint32_t from,
                   uint32_t n, uint64_t rest, bool counting)
{
    lede_match_batch *batch = &matching->batch;
    uint64_t need = lede_matching_need(matching, begin + from);
    uint64_t least = need > rest ? need - rest : 0;
    uint32_t found;

    batch->count = 0;
    if (least >= 0x80000000u) {
        return;
    }
    least = least == 0 && !counting ? 1 : least;
    found = matching->kernels->filter(matching->windows->sums + from, n,
                                      (uint32_t)least, matching->indices);
    for (uint32_t i = 0; i < found; i++) {
        uint32_t at = from + matching->indices[i];
        uint32_t at_batch = batch->count;

        batch->entries[at_batch] = begin + at;
        batch->sums[at_batch] = matching->windows->sums[at];
        batch->hits[at_batch] = counting ? matching->windows->counts[at] : 1;
        batch->count += batch->hits[at_batch] > 0;
    }
}

/* What goes on from window to window. */
typedef struct passage {
    lede_match_plan *plan;
    share *shares;
    uint32_t count;
    lede_match_probe *probes;
    uint32_t candidates; /* expected of a window, before others are asked;
                            UINT32_MAX: not known yet */
} passage;

/* One window with several essential lists: shares[split..count) are poured,
 * among them `more` that are not essential. */
static void sum_window(passage *p, uint32_t split, uint32_t more,
                       uint32_t begin, uint32_t end, uint64_t need,
                       uint64_t sum)
{
    lede_match_plan *plan = p->plan;
    lede_matching *matching = plan->matching;
    uint32_t before = p->candidates, met = 0;
    uint64_t rest = 0, touched = 0;
    bool counting;

    for (uint32_t i = 0; i < split; i++) {
        rest += p->shares[i].bound;
    }
    /* A part may be 0: where a sum of 0 could be enough, sums do not tell who
     * was met. Nor do they where a list adds to them that makes nothing match.
     */
    counting = plan->need > 1 || rest >= need;
    for (uint32_t i = split; i < p->count; i++) {
        counting = counting || !p->shares[i].cover;
    }
    for (uint32_t i = split; i < p->count; i++) {
        touched |= pour(matching, &p->shares[i], begin, end, need,
                        sum - p->shares[i].bound, counting);
    }
    make_probes(p->probes, p->shares, split);
    for (; touched != 0; touched &= touched - 1) {
        uint32_t from = LEDE_MATCH_BATCH * (uint32_t)__builtin_ctzll(touched);
        uint32_t n = end - begin - from;

        n = n > LEDE_MATCH_BATCH ? LEDE_MATCH_BATCH : n;
        gather(matching, begin, from, n, rest, counting);
        met += matching->batch.count;
        if (matching->batch.count > 0) {
            lede_match_settle(plan, &matching->batch, p->probes, split,
                              plan->need);
        }
        memset(matching->windows->sums + from, 0,
               n * sizeof *matching->windows->sums);
        if (counting) {
            memset(matching->windows->counts + from, 0, n);
        }
    }
    /* What was poured has kept some from being candidates. */
    p->candidates = more > 0 && met < before / 2 ? before / 2 : met;
}

static uint32_t postings_in(const share *one)
{
    uint32_t blocks = one->to - one->from;

    return blocks > one->stream->postings / LEDE_BLOCK_POSTINGS
               ? one->stream->postings
               : blocks * LEDE_BLOCK_POSTINGS;
}

/* Pouring a posting takes about a sixth of looking an entry up: lists that
 * are not essential are poured, too, where that is less work. */
static uint32_t pour_more(passage *p, uint32_t split)
{
    enum { LOOK_UP_COST = 6 };

    if (p->candidates == UINT32_MAX) {
        uint64_t postings = 0;

        for (uint32_t i = split; i < p->count; i++) {
            postings += postings_in(&p->shares[i]);
        }
        p->candidates =
            postings < UINT32_MAX ? (uint32_t)postings : UINT32_MAX - 1;
    }
    for (uint32_t i = split; i > 0; i--) {
        share one = p->shares[i - 1];

        if (!one.required &&
            postings_in(&one) < (uint64_t)p->candidates * LOOK_UP_COST) {
            split--;
            memmove(&p->shares[i - 1], &p->shares[i],
                    (split - (i - 1)) * sizeof one);
            p->shares[split] = one;
        }
    }
    return split;
}

static void run_window(passage *p, uint32_t begin, uint32_t end)
{
    uint64_t need = lede_matching_need(p->plan->matching, begin);
    uint32_t split, poured;
    uint64_t sum;
    bool any;

    sum = narrow(p->shares, p->count, begin, end, &any);
    if (!any || sum < need) {
        return;
    }
    split = partition(p->shares, p->count, need);
    if (split == p->count) {
        return;
    }
    if (split + 1 == p->count) {
        make_probes(p->probes, p->shares, split);
        lede_match_lead(p->plan, p->shares[split].stream, begin, end, p->probes,
                        split, p->plan->need);
        return;
    }
    poured = pour_more(p, split);
    sum_window(p, poured, split - poured, begin, end, need, sum);
}

static_assert(LEDE_MATCH_COUNT_WINDOW / LEDE_MATCH_BATCH <= 64,
              "a bit for each batch of a window");

static bool open_shares(lede_match_plan *plan, lede_match_stream *streams,
                        share *shares)
{
    uint32_t leaves = plan->cover_count + plan->required_count;
    uint32_t needed = leaves + plan->pair_count;

    for (uint32_t i = 0; i < leaves; i++) {
        lede_matching_ask_for_impacts(
            plan->matching, i < plan->cover_count
                                ? plan->cover[i]
                                : plan->required[i - plan->cover_count]);
    }
    for (uint32_t i = 0; i < needed + plan->optional_count; i++) {
        bool good;

        if (i >= leaves && i < needed) {
            good = lede_match_stream_open_lists(&streams[i], plan->matching,
                                                plan->pairs[i - leaves]);
        } else {
            good = lede_match_stream_open(
                &streams[i], plan->matching,
                i < plan->cover_count ? plan->cover[i]
                : i < leaves          ? plan->required[i - plan->cover_count]
                                      : plan->optional[i - needed]);
        }
        if (!good || !lede_match_stream_make_bounds(&streams[i])) {
            return false;
        }
        shares[i] = (share){.stream = &streams[i],
                            .cover = i < plan->cover_count,
                            .required = i >= plan->cover_count && i < needed};
    }
    return true;
}

/* Whatever has a word of the cover matches. */
static void raise_least(lede_match_plan *plan, lede_match_stream *streams)
{
    enum { FEW_BLOCKS = 8 };
    uint64_t k = plan->matching->top.k;

    for (uint32_t i = 0; i < plan->cover_count; i++) {
        uint32_t blocks = streams[i].block_count;

        if (blocks >= k) {
            lede_match_raise_least(plan, &streams[i]);
        } else if (blocks <= FEW_BLOCKS) {
            lede_match_raise_least_by_postings(plan, &streams[i]);
        }
    }
}

void lede_match_or(lede_match_plan *plan)
{
    lede_matching *matching = plan->matching;
    uint32_t count = plan->cover_count + plan->required_count +
                     plan->pair_count + plan->optional_count;
    lede_match_stream *streams =
        lede_matching_get(matching, count, sizeof *streams);
    share *shares = lede_matching_get(matching, count, sizeof *shares);
    lede_match_probe *probes =
        lede_matching_get(matching, count, sizeof *probes);
    passage p = {plan, shares, count, probes, UINT32_MAX};

    if (streams == NULL || shares == NULL || probes == NULL ||
        !lede_matching_make_windows(matching) ||
        !open_shares(plan, streams, shares)) {
        return;
    }
    if (plan->need == 1 && plan->required_count + plan->pair_count == 0) {
        raise_least(plan, streams);
    }
    for (uint32_t begin = plan->begin; begin < plan->end;) {
        uint32_t end = plan->end - begin > matching->window
                           ? begin + matching->window
                           : plan->end;

        run_window(&p, begin, end);
        if (matching->status != LEDE_OK) {
            return;
        }
        begin = end;
    }
}
