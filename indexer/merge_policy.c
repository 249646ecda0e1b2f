#include "indexer/merge_policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "indexer/merge.h"
#include "indexer/run.h"

static unsigned tier_of(uint32_t live)
{
    uint64_t most = LEDE_MERGE_TIER_ENTRIES;
    unsigned tier = 0;

    while (live > most) {
        most *= LEDE_MERGE_FAN;
        tier++;
    }
    return tier;
}

/* The length of the time that segments [i, i + n) of a list span together, less
 * what each spans by itself: small (negative) if they overlap. */
static double waste(const lede_merge_candidate *segments, const uint32_t *list,
                    uint32_t n)
{
    double newest = 0, oldest = 0, parts = 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        const lede_merge_candidate *s = &segments[list[i]];

        if (s->newest == LEDE_INSTANT_NONE) {
            continue;
        }
        if (parts == 0) {
            newest = (double)s->newest;
            oldest = (double)s->oldest;
        }
        newest = newest > (double)s->newest ? newest : (double)s->newest;
        oldest = oldest < (double)s->oldest ? oldest : (double)s->oldest;
        parts += (double)s->newest - (double)s->oldest + 1;
    }
    return newest - oldest - parts;
}

static bool fits(const lede_merge_candidate *segments, const uint32_t *list,
                 uint32_t n, const lede_merge_limits *most)
{
    uint64_t live = 0, table_bytes = 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        live += segments[list[i]].live;
        table_bytes += segments[list[i]].table_bytes;
    }
    return live <= most->entries && table_bytes <= most->table_bytes;
}

/* The run of neighbours in time, as long as can be, that goes together best:
 * where even four would be too large, 3 or 2. */
static uint32_t choose_run(const lede_merge_candidate *segments,
                           const uint32_t *list, uint32_t count,
                           const lede_merge_limits *most, uint32_t fan,
                           uint32_t *chosen)
{
    uint32_t best_n = 0, n, i;
    double best = 0;

    if (count < fan) {
        return 0;
    }
    for (n = count < LEDE_MERGE_MOST ? count : LEDE_MERGE_MOST;
         n >= 2 && best_n == 0; n--) {
        for (i = 0; i + n <= count; i++) {
            double w = waste(segments, list + i, n);

            if (!fits(segments, list + i, n, most) ||
                (best_n > 0 && w >= best)) {
                continue;
            }
            best = w;
            best_n = n;
            memcpy(chosen, list + i, n * sizeof chosen[0]);
        }
    }
    return best_n;
}

/* All of them, if those chosen have most of the entries. */
static uint32_t choose_rest(const lede_merge_candidate *segments,
                            uint32_t count, const lede_merge_limits *most,
                            uint32_t *chosen, uint32_t n)
{
    uint32_t all[LEDE_MERGE_MOST], i;
    uint64_t live = 0, rest = 0;

    if (n == 0 || count > LEDE_MERGE_MOST) {
        return n;
    }
    for (i = 0; i < count; i++) {
        all[i] = i;
        rest += segments[i].live;
    }
    for (i = 0; i < n; i++) {
        live += segments[chosen[i]].live;
    }
    rest -= live;
    if (live < 2 * rest || !fits(segments, all, count, most)) {
        return n;
    }
    memcpy(chosen, all, count * sizeof chosen[0]);
    return count;
}

uint32_t lede_merge_choose(const lede_merge_candidate *segments, uint32_t count,
                           const lede_merge_limits *most, uint32_t fan,
                           uint32_t *chosen)
{
    uint32_t *list = malloc((count + 1u) * sizeof list[0]);
    uint32_t n, i, found = 0;
    unsigned tier;

    if (list == NULL) {
        return 0; /* there will be another time */
    }
    for (tier = 0; tier < 16 && found == 0; tier++) {
        for (i = 0, n = 0; i < count; i++) {
            if (tier_of(segments[i].live) == tier) {
                list[n++] = i;
            }
        }
        found = choose_run(segments, list, n, most, fan, chosen);
    }
    found = choose_rest(segments, count, most, chosen, found);
    for (i = 0; i < count && found == 0; i++) {
        if (segments[i].deleted > segments[i].live &&
            segments[i].live <= most->entries) {
            chosen[found++] = i;
        }
    }
    free(list);
    return found;
}

/* --- In a run
 * ------------------------------------------------------------------ */

lede_status lede_merge_look_at(const lede_segment *segment,
                               lede_merge_candidate *out, lede_error *err)
{
    uint32_t dated = lede_segment_dated(segment);
    lede_column times;
    lede_status status =
        lede_segment_column(segment, LEDE_COLUMN_TIME, &times, err);

    if (status != LEDE_OK) {
        return status;
    }
    out->live = lede_segment_live(segment);
    out->deleted = lede_segment_entries(segment) - out->live;
    out->newest = dated == 0 ? LEDE_INSTANT_NONE : lede_column_get(&times, 0);
    out->oldest =
        dated == 0 ? LEDE_INSTANT_NONE : lede_column_get(&times, dated - 1);
    out->table_bytes = lede_segment_table_bytes(segment);
    return LEDE_OK;
}

uint32_t lede_run_merged_most(const lede_run *run)
{
    uint64_t most = run->budget.merge_bytes / LEDE_MERGE_ENTRY_BYTES;

    return most < run->budget.segment_entries ? (uint32_t)most
                                              : run->budget.segment_entries;
}

/* The part of `whole` that the next of the new segments takes: what lies behind
 * the part before, cut to `most` entries. */
static lede_status next_parts(const lede_merge_part *whole,
                              lede_merge_part *parts, uint32_t count,
                              uint32_t most, lede_error *err)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        parts[i].begin = parts[i].end;
        parts[i].end = whole[i].end;
    }
    return lede_merge_cut(parts, count, most, err);
}

/* Makes the steps of each new segment those of all. */
typedef struct share {
    const lede_watch *watch;
    uint64_t made, all;
} share;

static void on_share(void *ctx, uint64_t done, uint64_t all)
{
    enum { PARTS = 1 << 20 };
    const share *s = ctx;
    double part = all == 0 ? 1 : (double)done / (double)all;

    lede_watch_step(s->watch,
                    s->made * PARTS + (uint64_t)(PARTS * (part < 1 ? part : 1)),
                    s->all * PARTS);
}

lede_status lede_run_merge_chosen(lede_run *run, const uint32_t *chosen,
                                  uint32_t count, uint32_t most,
                                  const lede_watch *watch, lede_error *err)
{
    lede_merge_part whole[LEDE_MERGE_MOST], parts[LEDE_MERGE_MOST];
    uint32_t removed[LEDE_MERGE_MOST], *ids, i;
    lede_publish change = {
        .removed = removed, .removed_count = count, .now = run->now};
    share s = {.watch = watch};
    lede_watch part = {&s, on_share, watch->stop};
    lede_status status = LEDE_OK;
    uint64_t live = 0;

    for (i = 0; i < count; i++) {
        whole[i] =
            lede_merge_whole(lede_snapshot_segment(run->snapshot, chosen[i]));
        parts[i] = whole[i];
        parts[i].end = 0;
        removed[i] = lede_segment_id(whole[i].segment);
        live += lede_segment_live(whole[i].segment);
    }
    s.all = (live + most - 1) / most;
    ids = calloc(s.all + 1, sizeof ids[0]);
    if (ids == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "merging: out of memory");
    }
    for (; s.made < s.all && status == LEDE_OK; s.made++) {
        status = next_parts(whole, parts, count, most, err);
        if (status == LEDE_OK) {
            status = lede_segments_merge(run->writer, parts, count,
                                         run->budget.term_forms, &part,
                                         &ids[s.made], err);
        }
    }
    if (status == LEDE_OK) {
        change.added = ids;
        change.added_count = (uint32_t)s.all;
        status = lede_writer_publish(run->writer, &change, err);
    }
    free(ids);
    return status;
}

static void on_step(void *ctx, uint64_t done, uint64_t all)
{
    lede_run_step(ctx, "merging", done, all);
}

/* What the policy says of the snapshot: how many it chose. */
static lede_status choose(lede_run *run, uint32_t fan, uint32_t *chosen,
                          uint32_t *n, lede_error *err)
{
    uint32_t count = lede_snapshot_segment_count(run->snapshot), i;
    lede_merge_limits most = {lede_run_merged_most(run),
                              run->budget.segment_bytes};
    lede_merge_candidate *candidates =
        malloc((count + 1u) * sizeof candidates[0]);
    lede_status status = LEDE_OK;

    if (candidates == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "merging: out of memory");
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        status = lede_merge_look_at(lede_snapshot_segment(run->snapshot, i),
                                    &candidates[i], err);
    }
    if (status == LEDE_OK) {
        *n = lede_merge_choose(candidates, count, &most, fan, chosen);
    }
    free(candidates);
    return status;
}

/* A stop leaves merging to another run: all is published, and what a merge had
 * begun is not. */
lede_status lede_run_merge(lede_run *run, uint32_t fan, lede_error *err)
{
    lede_watch watch = {run, on_step, run->options->stop};
    lede_status status = LEDE_OK;

    if (!lede_run_is_stopped(run)) {
        status = lede_run_refresh(run, err);
        if (status == LEDE_OK) {
            status = lede_run_give_pairs(run, err);
        }
    }
    while (status == LEDE_OK && !lede_run_is_stopped(run)) {
        uint32_t chosen[LEDE_MERGE_MOST], n = 0;

        status = lede_run_refresh(run, err);
        if (status == LEDE_OK) {
            status = choose(run, fan, chosen, &n, err);
        }
        if (status != LEDE_OK || n == 0) {
            break;
        }
        status = lede_run_merge_chosen(run, chosen, n, UINT32_MAX, &watch, err);
    }
    if (status == LEDE_OK && lede_run_is_stopped(run)) {
        status = lede_fail(err, LEDE_INTERRUPTED, "stopped");
    }
    return status;
}
