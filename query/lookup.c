/* lookup.c - terms to lists and statistics; see lookup.h. */
#include "query/lookup.h"

#include <stdlib.h>

#include "query/kept.h"
#include "query/rank.h"

static void *get(lede_lookup *lookup, size_t count, size_t bytes)
{
    return lede_arena_array(&lookup->arena, count, bytes);
}

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to look up the query");
}

/* Terms of leaves in a segment that are looked up together. */
typedef struct term_batch {
    uint32_t count;
    uint32_t leaves[LEDE_TERMS_AT_ONCE], places[LEDE_TERMS_AT_ONCE];
    lede_span terms[LEDE_TERMS_AT_ONCE];
    lede_term found[LEDE_TERMS_AT_ONCE];
    bool is_there[LEDE_TERMS_AT_ONCE];
} term_batch;

/* Opens the lists of a batch, and adds to `found`, by leaf and term, the
 * document frequency of each. */
static lede_status open_batch(lede_lookup *lookup, uint32_t segment,
                              term_batch *batch, uint64_t *const *found,
                              lede_error *err)
{
    lede_status status = lede_segment_find_terms(
        lede_snapshot_segment(lookup->snapshot, segment), batch->terms,
        batch->count, batch->found, batch->is_there, err);

    for (uint32_t i = 0; i < batch->count && status == LEDE_OK; i++) {
        uint32_t leaf = batch->leaves[i];
        const lede_postings *list = &batch->found[i].postings;
        lede_match_lists *lists =
            &lookup->lists[(size_t)segment * lookup->tree->leaf_count + leaf];
        uint64_t postings;

        if (!batch->is_there[i]) {
            continue;
        }
        if (list->is_flat) { /* it has no bounds to go by */
            return lede_fail(err, LEDE_CORRUPT,
                             "the list of a term has no impacts");
        }
        found[leaf][batch->places[i]] += list->entry_count;
        postings = (uint64_t)lists->postings + list->entry_count;
        lists->postings =
            postings < UINT32_MAX ? (uint32_t)postings : UINT32_MAX;
        lists->items[lists->count] = *list;
        lists->terms[lists->count] = batch->terms[i];
        lists->count++;
    }
    batch->count = 0;
    return status;
}

static lede_status open_lists(lede_lookup *lookup, uint32_t segment,
                              uint64_t *const *found, lede_error *err)
{
    const lede_tree *tree = lookup->tree;
    lede_status status = LEDE_OK;
    term_batch batch;

    batch.count = 0;
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        const lede_leaf *leaf = &tree->leaves[i];
        lede_match_lists *lists =
            &lookup->lists[(size_t)segment * tree->leaf_count + i];

        lists->items = get(lookup, leaf->term_count + 1u, sizeof *lists->items);
        lists->terms = get(lookup, leaf->term_count + 1u, sizeof *lists->terms);
        if (lists->items == NULL || lists->terms == NULL) {
            return no_memory(err);
        }
        for (uint32_t j = 0; j < leaf->term_count && status == LEDE_OK; j++) {
            batch.leaves[batch.count] = i;
            batch.places[batch.count] = j;
            batch.terms[batch.count] = leaf->terms[j];
            batch.count++;
            if (batch.count == LEDE_TERMS_AT_ONCE) {
                status = open_batch(lookup, segment, &batch, found, err);
            }
        }
    }
    return status == LEDE_OK && batch.count > 0
               ? open_batch(lookup, segment, &batch, found, err)
               : status;
}

static void weigh_leaf(lede_lookup *lookup, uint32_t index, uint64_t entries,
                       const uint64_t *found)
{
    const lede_leaf *leaf = &lookup->tree->leaves[index];
    lede_match_leaf *own = &lookup->leaves[index];

    own->leaf = leaf;
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        if (found[i] > own->statistics.entry_count) {
            own->statistics.entry_count = found[i];
        }
    }
    own->statistics.idf = lede_rank_idf(entries, own->statistics.entry_count);
    if (leaf->scores && own->statistics.entry_count > 0) {
        own->weight = lede_rank_weight(own->statistics.idf, leaf->boost);
    }
}

static lede_status open_leaves(lede_lookup *lookup, uint64_t entries,
                               const uint32_t *only, lede_error *err)
{
    const lede_tree *tree = lookup->tree;
    uint32_t segments = lede_snapshot_segment_count(lookup->snapshot);
    uint64_t **found = get(lookup, tree->leaf_count + 1u, sizeof *found);
    lede_status status = LEDE_OK;

    if (found == NULL) {
        return no_memory(err);
    }
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        found[i] =
            get(lookup, tree->leaves[i].term_count + 1u, sizeof *found[i]);
        if (found[i] == NULL) {
            return no_memory(err);
        }
    }
    for (uint32_t i = only != NULL ? *only : 0;
         i < (only != NULL ? *only + 1 : segments) && status == LEDE_OK; i++) {
        status = open_lists(lookup, i, found, err);
    }
    for (uint32_t i = 0; i < tree->leaf_count && status == LEDE_OK; i++) {
        weigh_leaf(lookup, i, entries, found[i]);
    }
    return status;
}

/* The number of entries, and their average length. */
static uint64_t count_entries(const lede_snapshot *snapshot, double *average)
{
    uint64_t entries = 0;
    uint64_t length = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        entries += lede_segment_entries(segment);
        length += lede_segment_total_length(segment);
    }
    *average =
        entries > 0 && length > 0 ? (double)length / (double)entries : 1.0;
    return entries;
}

lede_status lede_lookup_init(lede_lookup *lookup, const lede_snapshot *snapshot,
                             const lede_tree *tree, const uint32_t *only,
                             lede_error *err)
{
    uint32_t segments = lede_snapshot_segment_count(snapshot);
    uint64_t entries;
    double average, sum = 0.0;
    lede_status status;

    lookup->snapshot = snapshot;
    lookup->tree = tree;
    lookup->scores = lookup->heavy = false;
    lookup->arena = lede_kept_take_arena(snapshot);
    if (tree->leaf_count > LEDE_TREE_MAX_LEAVES) {
        return lede_fail(err, LEDE_BAD_INPUT, "more than %d words",
                         LEDE_TREE_MAX_LEAVES);
    }
    lookup->leaves = get(lookup, tree->leaf_count + 1u, sizeof *lookup->leaves);
    lookup->lists = get(lookup, (size_t)segments * tree->leaf_count + 1u,
                        sizeof *lookup->lists);
    if (lookup->leaves == NULL || lookup->lists == NULL) {
        return no_memory(err);
    }
    entries = count_entries(snapshot, &average);
    status = open_leaves(lookup, entries, only, err);
    if (status != LEDE_OK) {
        return status;
    }
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        lookup->leaves[i].statistics.average_length = average;
        sum += (double)lookup->leaves[i].weight + 1.0;
        lookup->scores = lookup->scores || lookup->leaves[i].weight > 0;
    }
    lookup->heavy = sum >= 0x1p31;
    if (lookup->scores) {
        lookup->norms = lede_kept_norms(snapshot, average);
        if (lookup->norms == NULL) {
            return no_memory(err);
        }
    }
    return LEDE_OK;
}

void lede_lookup_done(lede_lookup *lookup)
{
    lede_kept_put_arena(lookup->snapshot, &lookup->arena);
}

lede_status lede_lookup_new(const lede_snapshot *snapshot,
                            const lede_tree *tree, lede_lookup **out,
                            lede_error *err)
{
    lede_lookup *lookup = malloc(sizeof *lookup);
    lede_status status;

    if (lookup == NULL) {
        return no_memory(err);
    }
    status = lede_lookup_init(lookup, snapshot, tree, NULL, err);
    if (status != LEDE_OK) {
        lede_lookup_free(lookup);
        return status;
    }
    *out = lookup;
    return LEDE_OK;
}

void lede_lookup_free(lede_lookup *lookup)
{
    if (lookup != NULL) {
        lede_lookup_done(lookup);
        free(lookup);
    }
}

const lede_leaf_statistics *lede_lookup_statistics(const lede_lookup *lookup,
                                                   uint32_t leaf)
{
    return &lookup->leaves[leaf].statistics;
}
