#include "query/copies.h"

#include <stdlib.h>

#include "base/varint.h"
#include "query/kept.h"
#include "query/lookup.h"
#include "storage/copies.h"

enum { ROW_BYTES = LEDE_COPY_ROW_BYTES };

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for copies");
}

/* --- Rows ------------------------------------------------------------------
 */

static lede_status rows_of(const lede_snapshot *snapshot, uint32_t segment,
                           lede_span *out, lede_error *err)
{
    return lede_segment_copies(lede_snapshot_segment(snapshot, segment), out,
                               err);
}

static uint32_t entry_at(lede_span rows, size_t index)
{
    return lede_load_u32(rows.bytes + index * ROW_BYTES);
}

static uint64_t group_at(lede_span rows, size_t index)
{
    return lede_load_u64(rows.bytes + index * ROW_BYTES + 8);
}

lede_status lede_copies_count(const lede_snapshot *snapshot, uint64_t *out,
                              lede_error *err)
{
    uint64_t count = 0;
    uint32_t i;

    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        lede_span rows;
        lede_status status = rows_of(snapshot, i, &rows, err);

        if (status != LEDE_OK) {
            return status;
        }
        count += rows.len / ROW_BYTES;
    }
    *out = count;
    return LEDE_OK;
}

lede_status lede_copies_group(const lede_snapshot *snapshot, uint32_t segment,
                              uint32_t entry, uint64_t *name, uint32_t *members,
                              lede_error *err)
{
    size_t low = 0, high;
    lede_span rows;
    lede_status status = rows_of(snapshot, segment, &rows, err);

    if (status != LEDE_OK) {
        return status;
    }
    high = rows.len / ROW_BYTES;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (entry_at(rows, middle) < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *name = 0;
    *members = 0;
    if (low < rows.len / ROW_BYTES && entry_at(rows, low) == entry) {
        *name = group_at(rows, low);
        *members = lede_load_u32(rows.bytes + low * ROW_BYTES + 4);
    }
    return LEDE_OK;
}

/* --- Choosing --------------------------------------------------------------
 */

void lede_chosen_done(lede_chosen *chosen)
{
    free(chosen->entries);
    free(chosen->counts);
    free(chosen->owned);
    *chosen = (lede_chosen){0};
}

static bool make_chosen(lede_chosen *chosen, uint32_t segments)
{
    *chosen = (lede_chosen){
        .entries = calloc(segments + (size_t)1, sizeof chosen->entries[0]),
        .counts = calloc(segments + (size_t)1, sizeof chosen->counts[0]),
        .segment_count = segments};
    return chosen->entries != NULL && chosen->counts != NULL;
}

lede_status lede_copies_all(const lede_snapshot *snapshot, lede_chosen *out,
                            lede_error *err)
{
    const lede_copy_groups *groups;
    lede_chosen chosen = {0};
    lede_status status = lede_kept_copies(snapshot, &groups, err);

    if (status == LEDE_OK && !make_chosen(&chosen, groups->segment_count)) {
        status = no_memory(err);
    }
    if (status != LEDE_OK) {
        lede_chosen_done(&chosen);
        return status;
    }
    for (uint32_t i = 0; i < groups->segment_count; i++) {
        chosen.entries[i] = groups->entries + groups->firsts[i];
        chosen.counts[i] = groups->firsts[i + 1] - groups->firsts[i];
    }
    *out = chosen;
    return LEDE_OK;
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* The members of these groups. */
static lede_status choose(const lede_copy_groups *groups,
                          const uint32_t *wanted, size_t count,
                          lede_chosen *out, lede_error *err)
{
    lede_chosen chosen;
    size_t members = 0, at = 0;
    bool is_made = make_chosen(&chosen, groups->segment_count);

    for (size_t i = 0; i < count; i++) {
        members += groups->begins[wanted[i] + 1] - groups->begins[wanted[i]];
    }
    chosen.owned = malloc((members + 1) * sizeof chosen.owned[0]);
    if (!is_made || chosen.owned == NULL) {
        lede_chosen_done(&chosen);
        return no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        for (uint32_t j = groups->begins[wanted[i]];
             j < groups->begins[wanted[i] + 1]; j++) {
            chosen.owned[at++] = groups->members[j];
        }
    }
    /* By row is by segment, then by entry. */
    qsort(chosen.owned, members, sizeof chosen.owned[0], compare_numbers);
    for (size_t i = 0; i < members; i++) {
        uint32_t row = chosen.owned[i];
        uint32_t segment = lede_copy_groups_segment(groups, row);

        if (chosen.counts[segment]++ == 0) {
            chosen.entries[segment] = &chosen.owned[i];
        }
        chosen.owned[i] = groups->entries[row];
    }
    *out = chosen;
    return LEDE_OK;
}

/* --- Folding ---------------------------------------------------------------
 */

/* Each once, ascending. */
static size_t distinct(uint32_t *numbers, size_t count)
{
    size_t kept = 0;

    qsort(numbers, count, sizeof numbers[0], compare_numbers);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || numbers[kept - 1] != numbers[i]) {
            numbers[kept++] = numbers[i];
        }
    }
    return kept;
}

static uint32_t group_of(const lede_copy_groups *groups,
                         const lede_match_hit *hit)
{
    uint32_t row = lede_copy_groups_row(groups, hit->segment, hit->entry);

    return row == LEDE_COPY_NONE ? LEDE_COPY_NONE : groups->groups[row];
}

/* All members that match, in the order of the search. */
static lede_status run_chosen(const lede_lookup *lookup,
                              const lede_match_options *options,
                              const lede_chosen *chosen, lede_match_result *out,
                              lede_error *err)
{
    lede_match_options own = *options;

    own.k = UINT64_MAX;
    own.totals = LEDE_TOTALS_NONE;
    own.has_after = false;
    own.chosen = chosen;
    return lede_match_run(lookup, &own, out, err);
}

/* The first member of each wanted group. */
static void find_leaders(const lede_copy_groups *groups,
                         const lede_match_result *members,
                         const uint32_t *wanted, size_t count, uint64_t *keys,
                         bool *has_leader)
{
    for (uint64_t i = 0; i < members->hit_count; i++) {
        uint32_t group = group_of(groups, &members->hits[i]);
        const uint32_t *found =
            bsearch(&group, wanted, count, sizeof wanted[0], compare_numbers);

        if (found != NULL && !has_leader[found - wanted]) {
            has_leader[found - wanted] = true;
            keys[found - wanted] = members->hits[i].key;
        }
    }
}

/* A hit whose group has no leader stays: the search that asks for the members
 * would have to have missed it. */
static void drop_others(const lede_copy_groups *groups,
                        lede_match_result *result, const uint32_t *wanted,
                        size_t count, const uint64_t *keys,
                        const bool *has_leader)
{
    uint64_t kept = 0;

    for (uint64_t i = 0; i < result->hit_count; i++) {
        uint32_t group = group_of(groups, &result->hits[i]);
        const uint32_t *found =
            bsearch(&group, wanted, count, sizeof wanted[0], compare_numbers);

        if (found == NULL || !has_leader[found - wanted] ||
            keys[found - wanted] == result->hits[i].key) {
            result->hits[kept++] = result->hits[i];
        }
    }
    result->hit_count = kept;
}

lede_status lede_copies_fold(const lede_lookup *lookup,
                             const lede_match_options *options,
                             lede_match_result *result, lede_error *err)
{
    const lede_copy_groups *groups;
    size_t count = 0;
    uint32_t *wanted = malloc((result->hit_count + 1) * sizeof wanted[0]);
    uint64_t *keys = NULL;
    bool *has_leader = NULL;
    lede_match_result members = {0};
    lede_chosen chosen = {0};
    lede_status status = wanted == NULL
                             ? no_memory(err)
                             : lede_kept_copies(lookup->snapshot, &groups, err);

    for (uint64_t i = 0; status == LEDE_OK && i < result->hit_count; i++) {
        uint32_t group = group_of(groups, &result->hits[i]);

        if (group != LEDE_COPY_NONE) {
            wanted[count++] = group;
        }
    }
    if (status != LEDE_OK || count == 0) {
        goto done;
    }
    count = distinct(wanted, count);
    keys = malloc(count * sizeof keys[0]);
    has_leader = calloc(count, sizeof has_leader[0]);
    status = keys == NULL || has_leader == NULL
                 ? no_memory(err)
                 : choose(groups, wanted, count, &chosen, err);
    if (status == LEDE_OK) {
        status = run_chosen(lookup, options, &chosen, &members, err);
    }
    if (status == LEDE_OK) {
        find_leaders(groups, &members, wanted, count, keys, has_leader);
        drop_others(groups, result, wanted, count, keys, has_leader);
    }

done:
    free(wanted);
    free(keys);
    free(has_leader);
    lede_chosen_done(&chosen);
    lede_match_result_done(&members);
    return status;
}

/* --- Counting --------------------------------------------------------------
 */

typedef struct counting {
    const lede_copy_groups *groups;
    uint64_t *seen; /* bits of groups */
    uint64_t folded;
} counting;

static void count_met(void *ctx, uint32_t segment, uint32_t index)
{
    counting *c = ctx;
    uint32_t group = c->groups->groups[c->groups->firsts[segment] + index];
    uint64_t bit = UINT64_C(1) << (group % 64);

    c->folded += (c->seen[group / 64] & bit) != 0;
    c->seen[group / 64] |= bit;
}

lede_status lede_copies_folded(const lede_lookup *lookup,
                               const lede_match_options *options, uint64_t *out,
                               lede_error *err)
{
    lede_match_options own = *options;
    lede_match_result none = {0};
    lede_chosen chosen = {0};
    counting c = {0};
    lede_status status = lede_copies_all(lookup->snapshot, &chosen, err);

    if (status == LEDE_OK) {
        status = lede_kept_copies(lookup->snapshot, &c.groups, err);
    }
    if (status == LEDE_OK) {
        c.seen =
            calloc(c.groups->group_count / 64 + (size_t)1, sizeof c.seen[0]);
        status = c.seen == NULL ? no_memory(err) : LEDE_OK;
    }
    chosen.met = count_met;
    chosen.ctx = &c;
    own.sort = LEDE_SORT_NEWEST; /* nothing to be scored */
    own.k = 0;
    own.totals = LEDE_TOTALS_NONE;
    own.has_after = false;
    own.chosen = &chosen;
    if (status == LEDE_OK) {
        status = lede_match_run(lookup, &own, &none, err);
    }
    if (status == LEDE_OK) {
        *out = c.folded;
    }
    lede_match_result_done(&none);
    free(c.seen);
    lede_chosen_done(&chosen);
    return status;
}
