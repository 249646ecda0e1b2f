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

/* Opens the terms of a leaf in a segment and adds to `found`, the document
 * frequency of each. */
static lede_status open_lists(lede_lookup *lookup, uint32_t segment,
                              uint32_t index, uint64_t *found, lede_error *err)
{
    const lede_leaf *leaf = &lookup->tree->leaves[index];
    lede_match_lists *lists =
        &lookup->lists[(size_t)segment * lookup->tree->leaf_count + index];

    lists->items = get(lookup, leaf->term_count + 1u, sizeof *lists->items);
    lists->terms = get(lookup, leaf->term_count + 1u, sizeof *lists->terms);
    if (lists->items == NULL || lists->terms == NULL) {
        return no_memory(err);
    }
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        lede_term term;
        lede_status status = lede_segment_find_term(
            lede_snapshot_segment(lookup->snapshot, segment), leaf->terms[i],
            &term, err);
        uint64_t postings;

        if (status == LEDE_NOT_FOUND) {
            continue;
        }
        if (status != LEDE_OK) {
            return status;
        }
        if (term.postings.is_flat) { /* it has no bounds to go by */
            return lede_fail(err, LEDE_CORRUPT,
                             "the list of a term has no impacts");
        }
        found[i] += term.postings.entry_count;
        postings = (uint64_t)lists->postings + term.postings.entry_count;
        lists->postings =
            postings < UINT32_MAX ? (uint32_t)postings : UINT32_MAX;
        lists->items[lists->count] = term.postings;
        lists->terms[lists->count] = leaf->terms[i];
        lists->count++;
    }
    return LEDE_OK;
}

static lede_status open_leaf(lede_lookup *lookup, uint32_t index,
                             uint64_t entries, const uint32_t *only,
                             lede_error *err)
{
    const lede_leaf *leaf = &lookup->tree->leaves[index];
    lede_match_leaf *own = &lookup->leaves[index];
    uint32_t segments = lede_snapshot_segment_count(lookup->snapshot);
    uint64_t *found = get(lookup, leaf->term_count + 1u, sizeof *found);

    if (found == NULL) {
        return no_memory(err);
    }
    own->leaf = leaf;
    for (uint32_t i = only != NULL ? *only : 0;
         i < (only != NULL ? *only + 1 : segments); i++) {
        lede_status status = open_lists(lookup, i, index, found, err);

        if (status != LEDE_OK) {
            return status;
        }
    }
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        if (found[i] > own->statistics.entry_count) {
            own->statistics.entry_count = found[i];
        }
    }
    own->statistics.idf = lede_rank_idf(entries, own->statistics.entry_count);
    if (leaf->scores && own->statistics.entry_count > 0) {
        own->weight = lede_rank_weight(own->statistics.idf, leaf->boost);
    }
    return LEDE_OK;
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
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        lede_status status = open_leaf(lookup, i, entries, only, err);

        if (status != LEDE_OK) {
            return status;
        }
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
