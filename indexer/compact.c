#include <stdlib.h>

#include "indexer/grow.h"
#include "indexer/merge.h"
#include "indexer/run.h"

/* Segments that become one, or several cut by time. */
typedef struct group {
    uint32_t first, count; /* of the plan's segments */
    uint64_t live, table_bytes;
    bool has_work;
} group;

typedef struct plan {
    lede_run *run;
    uint32_t *ids; /* of all segments, newest first */
    uint32_t count;
    group *groups;
    uint32_t group_count, group_cap;
    uint64_t steps_done, steps_all; /* entries, times STEP_SHARE */
    uint64_t steps;                 /* of the group at hand */
} plan;

enum { STEP_SHARE = 1024 };

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "merging: out of memory");
}

/* --- The plan ------------------------------------------------------------ */

/* How many segments after `from` belong to its cluster: those that overlap in
 * time with it or with one another. */
static uint32_t cluster_of(const lede_merge_candidate *all, uint32_t from,
                           uint32_t count)
{
    int64_t oldest = all[from].oldest;
    uint32_t n = 1;

    while (from + n < count && n < LEDE_MERGE_MOST &&
           all[from + n].newest > oldest) {
        if (all[from + n].oldest < oldest) {
            oldest = all[from + n].oldest;
        }
        n++;
    }
    return n;
}

static group group_of(const lede_merge_candidate *all, uint32_t first,
                      uint32_t count, uint64_t largest)
{
    group g = {.first = first, .count = count, .has_work = count > 1};
    uint32_t i;

    for (i = first; i < first + count; i++) {
        g.live += all[i].live;
        g.table_bytes += all[i].table_bytes;
        g.has_work |= all[i].deleted > 0 || all[i].live > largest;
    }
    return g;
}

/* Neighbours that fit together are one group. */
static bool join(const plan *p, group *g, const group *next)
{
    const lede_run *run = p->run;

    if (g->count + next->count > LEDE_MERGE_MOST ||
        g->live + next->live > lede_run_merged_most(run) ||
        g->table_bytes + next->table_bytes > run->budget.segment_bytes) {
        return false;
    }
    g->count += next->count;
    g->live += next->live;
    g->table_bytes += next->table_bytes;
    g->has_work = true;
    return true;
}

static lede_status add_group(plan *p, const group *g, lede_error *err)
{
    group *groups =
        lede_grown(p->groups, p->group_count, &p->group_cap, sizeof groups[0]);

    if (groups == NULL) {
        return no_memory(err);
    }
    p->groups = groups;
    groups[p->group_count++] = *g;
    return LEDE_OK;
}

static lede_status make_groups(plan *p, const lede_merge_candidate *all,
                               lede_error *err)
{
    uint64_t largest = p->run->budget.segment_entries;
    lede_status status = LEDE_OK;
    uint32_t at = 0, i;

    while (at < p->count && status == LEDE_OK) {
        group next = group_of(all, at, cluster_of(all, at, p->count), largest);

        if (p->group_count == 0 ||
            !join(p, &p->groups[p->group_count - 1], &next)) {
            status = add_group(p, &next, err);
        }
        at += next.count;
    }
    for (i = 0; i < p->group_count; i++) {
        if (p->groups[i].has_work) {
            p->steps_all += p->groups[i].live * STEP_SHARE;
        }
    }
    return status;
}

static lede_status make_plan(plan *p, lede_error *err)
{
    const lede_snapshot *snapshot = p->run->snapshot;
    lede_merge_candidate *all;
    lede_status status = LEDE_OK;
    uint32_t i;

    p->count = lede_snapshot_segment_count(snapshot);
    p->ids = calloc(p->count + 1u, sizeof p->ids[0]);
    all = calloc(p->count + 1u, sizeof all[0]);
    if (p->ids == NULL || all == NULL) {
        status = no_memory(err);
    }
    for (i = 0; i < p->count && status == LEDE_OK; i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        p->ids[i] = lede_segment_id(segment);
        status = lede_merge_look_at(segment, &all[i], err);
    }
    if (status == LEDE_OK) {
        status = make_groups(p, all, err);
    }
    free(all);
    return status;
}

/* --- Merging ------------------------------------------------------------- */

static void on_step(void *ctx, uint64_t done, uint64_t all)
{
    plan *p = ctx;
    double part = (double)done / (double)all;

    lede_run_step(p->run, "merging",
                  p->steps_done + (uint64_t)((double)p->steps * part),
                  p->steps_all);
}

static uint32_t index_of(const lede_snapshot *snapshot, uint32_t id)
{
    uint32_t i = 0;

    while (lede_segment_id(lede_snapshot_segment(snapshot, i)) != id) {
        i++;
    }
    return i;
}

static uint64_t parts_of(uint64_t all, uint64_t most)
{
    return (all + most - 1) / most;
}

static lede_status merge_group(plan *p, const group *g, lede_error *err)
{
    lede_run *run = p->run;
    lede_watch watch = {p, on_step, run->options->stop};
    uint64_t most = lede_run_merged_most(run), made, by_tables;
    uint32_t chosen[LEDE_MERGE_MOST], i;
    lede_status status;

    for (i = 0; i < g->count; i++) {
        chosen[i] = index_of(run->snapshot, p->ids[g->first + i]);
    }
    made = parts_of(g->live, most == 0 ? 1 : most);
    by_tables = parts_of(g->table_bytes, run->budget.segment_bytes);
    made = made > by_tables ? made : by_tables;
    made = made == 0 ? 1 : made;
    p->steps = g->live * STEP_SHARE;
    most = parts_of(g->live, made);
    status = lede_run_merge_chosen(run, chosen, g->count,
                                   most == 0 ? 1 : (uint32_t)most, &watch, err);
    p->steps_done += p->steps;
    return status == LEDE_OK ? lede_run_refresh(run, err) : status;
}

static lede_status merge_groups(lede_run *run, lede_error *err)
{
    plan p = {.run = run};
    lede_status status = make_plan(&p, err);
    uint32_t i;

    for (i = 0; i < p.group_count && status == LEDE_OK; i++) {
        if (lede_run_is_stopped(run)) {
            status = lede_fail(err, LEDE_INTERRUPTED, "stopped");
        } else if (p.groups[i].has_work) {
            status = merge_group(&p, &p.groups[i], err);
        }
    }
    free(p.ids);
    free(p.groups);
    return status;
}

/* More than LEDE_MERGE_MOST small segments take several rounds. */
static lede_status compact(lede_run *run, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t before;

    do {
        before = lede_snapshot_segment_count(run->snapshot);
        status = merge_groups(run, err);
    } while (status == LEDE_OK &&
             lede_snapshot_segment_count(run->snapshot) < before);
    return status;
}

lede_status lede_index_compact_within(lede_archive *archive,
                                      const lede_index_options *options,
                                      const lede_budget *budget,
                                      lede_error *err)
{
    static const lede_index_options defaults = {0};
    lede_index_report report = {0};
    lede_run run;
    lede_status status;

    status = lede_run_open(archive, options == NULL ? &defaults : options,
                           &report, &run, err);
    if (status == LEDE_OK) {
        run.budget = budget == NULL ? run.budget : *budget;
        status = compact(&run, err);
        lede_run_close(&run);
    }
    return status;
}

lede_status lede_index_compact(lede_archive *archive,
                               const lede_index_options *options,
                               lede_error *err)
{
    return lede_index_compact_within(archive, options, NULL, err);
}
