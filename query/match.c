/* match.c - runs: segment by segment, the path that fits; see match.h. */
#include "query/match.h"

#include <stdlib.h>

#include "query/match_paths.h"

static bool is_plain(const lede_match_plan *plan)
{
    return plan->matching->by_score && !plan->matching->heavy &&
           !plan->matching->general && plan->cover_count <= UINT8_MAX;
}

static void find_best(lede_match_plan *plan)
{
    lede_matching *matching = plan->matching;

    if (matching->options.chosen != NULL) {
        lede_match_walk_chosen(plan);
    } else if (matching->options.sort == LEDE_SORT_OLDEST) {
        lede_match_walk_back(plan);
    } else if (!is_plain(plan)) {
        lede_match_walk(plan);
    } else if (lede_match_plan_cover_leads(plan)) {
        lede_match_or(plan);
    } else if (plan->required_count == 1 && plan->pair_count == 0 &&
               plan->cover_count == 0 && plan->optional_count == 0) {
        lede_match_one(plan);
    } else if (plan->required_count > 0) {
        lede_match_and(plan);
    } else {
        lede_match_walk(plan);
    }
}

/* Newest first, nothing is wanted of what is newer than the hit before. */
static void pass_over(lede_match_plan *plan)
{
    const lede_match_options *options = &plan->matching->options;
    int64_t time = options->after.time;
    uint32_t begin = plan->matching->dated;

    if (!options->has_after || options->sort != LEDE_SORT_NEWEST ||
        options->totals == LEDE_TOTALS_EXACT) {
        return;
    }
    if (time != LEDE_INSTANT_NONE) {
        begin =
            time == INT64_MAX
                ? 0
                : lede_segment_first_before(plan->matching->segment, time + 1);
    }
    plan->begin = begin > plan->begin ? begin : plan->begin;
    plan->none = plan->begin >= plan->end;
}

/* Whether what was offered is all that matched is known only as long as the
 * heap is not full; from then on matches are passed over, and are counted
 * apart. */
static void run_segment(lede_matching *matching, uint32_t index,
                        uint64_t *total)
{
    uint64_t met = matching->met;
    lede_match_plan plan;

    if (lede_matching_enter(matching, index) != LEDE_OK) {
        return;
    }
    if (lede_match_plan_make(&plan, matching)) {
        pass_over(&plan);
    }
    if (matching->status == LEDE_OK && !plan.none) {
        if (matching->top.k > 0 || matching->options.chosen != NULL) {
            find_best(&plan);
            lede_matching_leave(matching);
        }
        if (matching->status != LEDE_OK) {
            /* Nothing more to say. */
        } else if (matching->options.totals == LEDE_TOTALS_EXACT &&
                   matching->options.chosen == NULL && /* all were met */
                   lede_match_top_is_full(&matching->top)) {
            *total += lede_match_count(&plan);
        } else {
            *total += matching->met - met;
        }
    }
    lede_match_plan_done(&plan);
}

lede_status lede_match_run_tuned(const lede_lookup *lookup,
                                 const lede_match_options *options,
                                 const lede_match_tuning *tuning,
                                 lede_match_result *out, lede_error *err)
{
    uint32_t segments = lede_snapshot_segment_count(lookup->snapshot);
    uint64_t total = 0;
    lede_matching matching;
    lede_status status;

    status = lede_matching_open(&matching, lookup, options, tuning, err);
    for (uint32_t i = 0; i < segments && status == LEDE_OK; i++) {
        run_segment(&matching, i, &total);
        status = matching.status;
    }
    if (status == LEDE_OK) {
        lede_match_top_sort(&matching.top);
        *out = (lede_match_result){.hits = matching.top.items,
                                   .hit_count = matching.top.count,
                                   .total = total};
        matching.top.items = NULL;
    }
    lede_matching_close(&matching);
    return status;
}

lede_status lede_match_run(const lede_lookup *lookup,
                           const lede_match_options *options,
                           lede_match_result *out, lede_error *err)
{
    static const lede_match_tuning usual = {0};

    return lede_match_run_tuned(lookup, options, &usual, out, err);
}

void lede_match_result_done(lede_match_result *result)
{
    free(result->hits);
    *result = (lede_match_result){0};
}

lede_status lede_match_any(const lede_lookup *lookup,
                           const lede_match_options *options, bool *out,
                           lede_error *err)
{
    lede_match_options first = *options;
    lede_match_result result;
    lede_status status;

    first.sort = LEDE_SORT_NEWEST;
    first.k = 1;
    first.totals = LEDE_TOTALS_NONE;
    first.recency = 0.0;
    status = lede_match_run(lookup, &first, &result, err);
    if (status == LEDE_OK) {
        *out = result.hit_count > 0;
        lede_match_result_done(&result);
    }
    return status;
}

lede_status lede_match_entry(const lede_snapshot *snapshot,
                             const lede_tree *tree, const lede_node *node,
                             uint32_t segment, uint32_t entry, bool *out,
                             lede_error *err)
{
    static const lede_match_options options = {.sort = LEDE_SORT_NEWEST};
    static const lede_match_tuning usual = {0};
    lede_match_nodes nodes = {0};
    lede_match_node *compiled;
    lede_lookup lookup;
    lede_matching matching;
    lede_status status;
    bool matches = false;

    if (segment >= lede_snapshot_segment_count(snapshot)) {
        return lede_fail(err, LEDE_BAD_INPUT, "there is no segment %u",
                         segment);
    }
    status = lede_lookup_init(&lookup, snapshot, tree, &segment, err);
    if (status != LEDE_OK) {
        lede_lookup_done(&lookup);
        return status;
    }
    status = lede_matching_open(&matching, &lookup, &options, &usual, err);
    if (status == LEDE_OK) {
        status = lede_matching_enter(&matching, segment);
    }
    if (status == LEDE_OK) {
        nodes.matching = &matching;
        compiled = lede_match_node_compile(&nodes, node);
        matches = compiled != NULL && entry < matching.entries &&
                  !lede_matching_is_deleted(&matching, entry) &&
                  lede_match_node_matches(&nodes, compiled, entry);
        status = matching.status;
    }
    if (status == LEDE_OK) {
        *out = matches;
    }
    lede_match_nodes_done(&nodes);
    lede_matching_close(&matching);
    lede_lookup_done(&lookup);
    return status;
}
