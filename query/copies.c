#include "query/copies.h"

#include <stdlib.h>

#include "base/varint.h"
#include "query/lookup.h"

enum { ROW_BYTES = 16 };

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
    uint32_t i;

    for (i = 0; chosen->entries != NULL && i < chosen->segment_count; i++) {
        free(chosen->entries[i]);
    }
    free(chosen->entries);
    free(chosen->counts);
    *chosen = (lede_chosen){0};
}

static int compare_names(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static bool is_wanted(const uint64_t *names, size_t count, uint64_t name)
{
    return names == NULL ||
           bsearch(&name, names, count, sizeof name, compare_names) != NULL;
}

/* The members of groups by name, which ascend; NULL: of all. */
static lede_status choose(const lede_snapshot *snapshot, const uint64_t *names,
                          size_t count, lede_chosen *out, lede_error *err)
{
    uint32_t segments = lede_snapshot_segment_count(snapshot), i;
    lede_chosen chosen = {.segment_count = segments};
    lede_status status = LEDE_OK;

    chosen.entries = calloc(segments + 1u, sizeof chosen.entries[0]);
    chosen.counts = calloc(segments + 1u, sizeof chosen.counts[0]);
    if (chosen.entries == NULL || chosen.counts == NULL) {
        status = no_memory(err);
    }
    for (i = 0; i < segments && status == LEDE_OK; i++) {
        size_t wanted = 0, r, all;
        lede_span rows;

        status = rows_of(snapshot, i, &rows, err);
        if (status != LEDE_OK) {
            break;
        }
        all = rows.len / ROW_BYTES;
        for (r = 0; r < all; r++) {
            wanted += is_wanted(names, count, group_at(rows, r));
        }
        chosen.entries[i] = malloc((wanted + 1) * sizeof(uint32_t));
        if (chosen.entries[i] == NULL) {
            status = no_memory(err);
            break;
        }
        for (r = 0; r < all; r++) {
            if (is_wanted(names, count, group_at(rows, r))) {
                chosen.entries[i][chosen.counts[i]++] = entry_at(rows, r);
            }
        }
    }
    if (status != LEDE_OK) {
        lede_chosen_done(&chosen);
        return status;
    }
    *out = chosen;
    return LEDE_OK;
}

lede_status lede_copies_all(const lede_snapshot *snapshot, lede_chosen *out,
                            lede_error *err)
{
    return choose(snapshot, NULL, 0, out, err);
}

/* --- Folding ---------------------------------------------------------------
 */

/* The names of the hits' groups, 0 for those without; *some if there are any.
 */
static lede_status name_groups(const lede_snapshot *snapshot,
                               const lede_match_result *result, uint64_t *names,
                               bool *some, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint64_t i;

    *some = false;
    for (i = 0; i < result->hit_count && status == LEDE_OK; i++) {
        const lede_match_hit *hit = &result->hits[i];
        uint32_t members;

        status = lede_copies_group(snapshot, hit->segment, hit->entry,
                                   &names[i], &members, err);
        if (status == LEDE_OK && members == 0) {
            names[i] = 0;
        }
        *some = *some || (status == LEDE_OK && members > 0);
    }
    return status;
}

/* Only those that are in a group, sorted, each once; a name of 0 means none, so
 * a group of that name is never folded. */
static size_t distinct(uint64_t *names, size_t count)
{
    size_t kept = 0, i;

    qsort(names, count, sizeof names[0], compare_names);
    for (i = 0; i < count; i++) {
        if (names[i] != 0 && (kept == 0 || names[kept - 1] != names[i])) {
            names[kept++] = names[i];
        }
    }
    return kept;
}

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

typedef struct leader {
    uint64_t name, key;
    uint64_t rank;
} leader;

static int compare_leaders(const void *a, const void *b)
{
    const leader *x = a, *y = b;

    return x->name != y->name ? (x->name > y->name) - (x->name < y->name)
                              : (x->rank > y->rank) - (x->rank < y->rank);
}

static int compare_leader_names(const void *a, const void *b)
{
    const leader *x = a, *y = b;

    return (x->name > y->name) - (x->name < y->name);
}

/* The first member of each group: by name. */
static lede_status find_leaders(const lede_snapshot *snapshot,
                                const lede_match_result *members, leader *out,
                                size_t *count, lede_error *err)
{
    lede_status status = LEDE_OK;
    size_t kept = 0, i;

    for (i = 0; i < members->hit_count && status == LEDE_OK; i++) {
        const lede_match_hit *hit = &members->hits[i];
        uint32_t unused;

        out[i] = (leader){.key = hit->key, .rank = i};
        status = lede_copies_group(snapshot, hit->segment, hit->entry,
                                   &out[i].name, &unused, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    qsort(out, members->hit_count, sizeof out[0], compare_leaders);
    for (i = 0; i < members->hit_count; i++) {
        if (kept == 0 || out[kept - 1].name != out[i].name) {
            out[kept++] = out[i];
        }
    }
    *count = kept;
    return LEDE_OK;
}

static void drop_others(lede_match_result *result, const uint64_t *names,
                        const leader *leaders, size_t count)
{
    uint64_t kept = 0, i;

    for (i = 0; i < result->hit_count; i++) {
        leader wanted = {.name = names[i]};
        const leader *found =
            names[i] == 0 ? NULL
                          : bsearch(&wanted, leaders, count, sizeof wanted,
                                    compare_leader_names);

        if (found == NULL || found->key == result->hits[i].key) {
            result->hits[kept++] = result->hits[i];
        }
    }
    result->hit_count = kept;
}

lede_status lede_copies_fold(const lede_lookup *lookup,
                             const lede_match_options *options,
                             lede_match_result *result, lede_error *err)
{
    const lede_snapshot *snapshot = lookup->snapshot;
    size_t count = result->hit_count, wanted_count, leader_count = 0, i;
    uint64_t *names = malloc((count + 1) * sizeof names[0]);
    uint64_t *wanted = malloc((count + 1) * sizeof wanted[0]);
    lede_match_result members = {0};
    lede_chosen chosen = {0};
    leader *leaders = NULL;
    bool some = false;
    lede_status status = names == NULL || wanted == NULL
                             ? no_memory(err)
                             : name_groups(snapshot, result, names, &some, err);

    if (status != LEDE_OK || !some) {
        goto done;
    }
    for (i = 0; i < count; i++) {
        wanted[i] = names[i];
    }
    wanted_count = distinct(wanted, count);
    status = choose(snapshot, wanted, wanted_count, &chosen, err);
    if (status == LEDE_OK) {
        status = run_chosen(lookup, options, &chosen, &members, err);
    }
    if (status == LEDE_OK) {
        leaders = malloc((members.hit_count + 1) * sizeof leaders[0]);
        status = leaders == NULL ? no_memory(err)
                                 : find_leaders(snapshot, &members, leaders,
                                                &leader_count, err);
    }
    if (status == LEDE_OK) {
        drop_others(result, names, leaders, leader_count);
    }

done:
    free(names);
    free(wanted);
    free(leaders);
    lede_chosen_done(&chosen);
    lede_match_result_done(&members);
    return status;
}

lede_status lede_copies_folded(const lede_lookup *lookup,
                               const lede_match_options *options, uint64_t *out,
                               lede_error *err)
{
    lede_match_options by_date = *options;
    lede_match_result members = {0};
    lede_chosen chosen = {0};
    uint64_t *names = NULL;
    bool some;
    lede_status status = lede_copies_all(lookup->snapshot, &chosen, err);

    by_date.sort = LEDE_SORT_NEWEST; /* nothing to be scored */
    if (status == LEDE_OK) {
        status = run_chosen(lookup, &by_date, &chosen, &members, err);
    }
    if (status == LEDE_OK) {
        names = malloc((members.hit_count + 1) * sizeof names[0]);
        status = names == NULL ? no_memory(err)
                               : name_groups(lookup->snapshot, &members, names,
                                             &some, err);
    }
    if (status == LEDE_OK) {
        *out = members.hit_count - distinct(names, members.hit_count);
    }
    free(names);
    lede_chosen_done(&chosen);
    lede_match_result_done(&members);
    return status;
}
