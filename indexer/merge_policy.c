#include "indexer/merge_policy.h"

#include <stdlib.h>

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

/* The run of neighbours in time, 4 to 8 long, that goes together best. */
static uint32_t choose_run(const lede_merge_candidate *segments,
                           const uint32_t *list, uint32_t count,
                           uint64_t entries_max, uint32_t *chosen)
{
    uint32_t best_n = 0, n, i, j;
    double best = 0;

    for (n = count < LEDE_MERGE_FAN_MOST ? count : LEDE_MERGE_FAN_MOST;
         n >= LEDE_MERGE_FAN && best_n == 0; n--) {
        for (i = 0; i + n <= count; i++) {
            double w = waste(segments, list + i, n);
            uint64_t live = 0;

            for (j = 0; j < n; j++) {
                live += segments[list[i + j]].live;
            }
            if (live > entries_max || (best_n > 0 && w >= best)) {
                continue;
            }
            best = w;
            best_n = n;
            for (j = 0; j < n; j++) {
                chosen[j] = list[i + j];
            }
        }
    }
    return best_n;
}

uint32_t lede_merge_choose(const lede_merge_candidate *segments, uint32_t count,
                           uint64_t entries_max, uint32_t *chosen)
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
        found = choose_run(segments, list, n, entries_max, chosen);
    }
    for (i = 0; i < count && found == 0; i++) {
        if (segments[i].deleted > segments[i].live &&
            segments[i].live <= entries_max) {
            chosen[found++] = i;
        }
    }
    free(list);
    return found;
}

/* --- In a run
 * ------------------------------------------------------------------ */

static lede_status look_at(const lede_segment *segment,
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
    return LEDE_OK;
}

lede_status lede_run_merge_chosen(lede_run *run, const uint32_t *chosen,
                                  uint32_t count, lede_error *err)
{
    const lede_segment *segments[LEDE_MERGE_MOST];
    uint32_t removed[LEDE_MERGE_MOST], id = 0, i;
    lede_publish change = {.removed = removed,
                           .removed_count = count,
                           .added = &id,
                           .added_count = 1,
                           .now = run->now};
    lede_status status;

    for (i = 0; i < count; i++) {
        segments[i] = lede_snapshot_segment(run->snapshot, chosen[i]);
        removed[i] = lede_segment_id(segments[i]);
    }
    lede_run_progress(run, "merging");
    status = lede_segments_merge(run->writer, segments, count,
                                 run->options->stop, &id, err);
    if (status == LEDE_END) {
        change.added_count = 0;
        status = LEDE_OK;
    }
    if (status == LEDE_OK) {
        status = lede_writer_publish(run->writer, &change, err);
    }
    return status;
}

/* A stop leaves merging to another run: all is published. */
lede_status lede_run_merge(lede_run *run, lede_error *err)
{
    uint64_t entries_max = run->budget.merge_bytes / LEDE_MERGE_ENTRY_BYTES;
    lede_status status = LEDE_OK;

    entries_max = entries_max < LEDE_SEGMENT_MAX_ENTRIES
                      ? entries_max
                      : LEDE_SEGMENT_MAX_ENTRIES;
    while (status == LEDE_OK && !lede_run_is_stopped(run)) {
        uint32_t chosen[LEDE_MERGE_FAN_MOST], count, n, i;
        lede_merge_candidate *candidates;

        status = lede_run_refresh(run, err);
        if (status != LEDE_OK) {
            break;
        }
        count = lede_snapshot_segment_count(run->snapshot);
        candidates = malloc((count + 1u) * sizeof candidates[0]);
        if (candidates == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "merging: out of memory");
        }
        for (i = 0; i < count && status == LEDE_OK; i++) {
            status = look_at(lede_snapshot_segment(run->snapshot, i),
                             &candidates[i], err);
        }
        n = status == LEDE_OK
                ? lede_merge_choose(candidates, count, entries_max, chosen)
                : 0;
        free(candidates);
        if (n == 0) {
            break;
        }
        status = lede_run_merge_chosen(run, chosen, n, err);
        if (status == LEDE_INTERRUPTED) {
            return LEDE_OK;
        }
    }
    return status;
}
