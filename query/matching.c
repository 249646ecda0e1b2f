/* matching.c - the state of a run: statistics, threshold, offers. */
#include "query/matching.h"

#include <string.h>

#include "base/time.h"
#include "query/rank.h"

/* Entries over which one recency bound serves, as a share of the segment. */
enum { FACTOR_STEPS = 64, FACTOR_STEP_LEAST = 64 };

lede_status lede_matching_fail(lede_matching *matching, lede_status status,
                               const char *what)
{
    if (matching->status == LEDE_OK) {
        matching->status = lede_fail(
            matching->err, status, "segment %u: %s",
            matching->segment == NULL ? 0 : lede_segment_id(matching->segment),
            what);
    }
    return matching->status;
}

static void *get(lede_matching *matching, lede_arena *arena, size_t count,
                 size_t bytes)
{
    void *memory = lede_arena_array(arena, count, bytes);

    if (memory == NULL && matching->status == LEDE_OK) {
        matching->status = lede_fail(matching->err, LEDE_NO_MEMORY,
                                     "out of memory while matching");
    }
    return memory;
}

void *lede_matching_get(lede_matching *matching, size_t count, size_t bytes)
{
    return get(matching, &matching->passing, count, bytes);
}

void *lede_matching_keep(lede_matching *matching, size_t count, size_t bytes)
{
    return get(matching, &matching->lasting, count, bytes);
}

/* --- Opening -------------------------------------------------------------- */

/* Opens the terms of a leaf in the segment at hand and adds to `found`, the
 * document frequency of each. */
static lede_status open_lists(lede_matching *matching, const lede_leaf *leaf,
                              lede_match_lists *lists, uint64_t *found)
{
    lists->items = lede_matching_keep(matching, leaf->term_count + 1u,
                                      sizeof *lists->items);
    lists->terms = lede_matching_keep(matching, leaf->term_count + 1u,
                                      sizeof *lists->terms);
    if (lists->items == NULL || lists->terms == NULL) {
        return matching->status;
    }
    for (uint32_t i = 0; i < leaf->term_count; i++) {
        lede_term term;
        lede_status status = lede_segment_find_term(
            matching->segment, leaf->terms[i], &term, matching->err);
        uint64_t postings;

        if (status == LEDE_NOT_FOUND) {
            continue;
        }
        if (status != LEDE_OK) {
            matching->status = status;
            return status;
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

static lede_status open_leaf(lede_matching *matching, uint32_t index,
                             uint64_t entries, const uint32_t *only)
{
    const lede_leaf *leaf = &matching->tree->leaves[index];
    lede_match_leaf *own = &matching->leaves[index];
    uint32_t segments = lede_snapshot_segment_count(matching->snapshot);
    uint64_t *found =
        lede_matching_keep(matching, leaf->term_count + 1u, sizeof *found);

    if (found == NULL) {
        return matching->status;
    }
    own->leaf = leaf;
    for (uint32_t i = only != NULL ? *only : 0; i < segments; i++) {
        matching->segment = lede_snapshot_segment(matching->snapshot, i);
        if (open_lists(matching, leaf,
                       &matching->lists[(size_t)i * matching->tree->leaf_count +
                                        index],
                       found) != LEDE_OK) {
            return matching->status;
        }
        if (only != NULL) {
            break;
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

static lede_status open_leaves(lede_matching *matching, const uint32_t *only)
{
    uint32_t segments = lede_snapshot_segment_count(matching->snapshot);
    uint32_t leaves = matching->tree->leaf_count;
    uint64_t entries = 0;
    uint64_t length = 0;
    double sum = 0.0;
    double average;

    for (uint32_t i = 0; i < segments; i++) {
        const lede_segment *segment =
            lede_snapshot_segment(matching->snapshot, i);

        entries += lede_segment_entries(segment);
        length += lede_segment_total_length(segment);
    }
    average =
        entries > 0 && length > 0 ? (double)length / (double)entries : 1.0;
    matching->leaves =
        lede_matching_keep(matching, leaves + 1u, sizeof *matching->leaves);
    matching->lists = lede_matching_keep(
        matching, (size_t)segments * leaves + 1u, sizeof *matching->lists);
    if (matching->leaves == NULL || matching->lists == NULL) {
        return matching->status;
    }
    for (uint32_t i = 0; i < leaves; i++) {
        matching->leaves[i].statistics.average_length = average;
        if (open_leaf(matching, i, entries, only) != LEDE_OK) {
            return matching->status;
        }
        sum += (double)matching->leaves[i].weight + 1.0;
        matching->by_score =
            matching->by_score || matching->leaves[i].weight > 0;
    }
    matching->heavy = sum >= 0x1p31;
    matching->by_score =
        matching->by_score && matching->options.sort == LEDE_SORT_RELEVANCE;
    if (matching->by_score) {
        lede_rank_norms(average, matching->norms);
    }
    return LEDE_OK;
}

lede_status lede_matching_open(lede_matching *matching,
                               const lede_snapshot *snapshot,
                               const lede_tree *tree,
                               const lede_match_options *options,
                               const lede_match_tuning *tuning,
                               const uint32_t *only, lede_error *err)
{
    /* Not zeroed as a whole: the scratch arrays are large. */
    memset(matching, 0, offsetof(lede_matching, batch));
    matching->snapshot = snapshot;
    matching->tree = tree;
    matching->options = *options;
    matching->err = err;
    matching->kernels =
        tuning->kernels != NULL ? tuning->kernels : lede_match_kernels_best();
    matching->general = tuning->general;
    matching->window = tuning->window != 0 ? tuning->window : LEDE_MATCH_WINDOW;
    lede_match_top_init(&matching->top, options->k,
                        options->sort == LEDE_SORT_OLDEST);
    if (tree->leaf_count > LEDE_TREE_MAX_LEAVES) {
        return lede_fail(err, LEDE_BAD_INPUT, "more than %d words",
                         LEDE_TREE_MAX_LEAVES);
    }
    if (!(options->recency >= 0.0 && options->recency <= 1.0) ||
        (options->recency > 0.0 && options->half_life_s <= 0)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "recency must be from 0 to 1, its half-life positive");
    }
    return open_leaves(matching, only);
}

void lede_matching_close(lede_matching *matching)
{
    lede_match_top_done(&matching->top);
    lede_arena_done(&matching->passing);
    lede_arena_done(&matching->lasting);
}

lede_status lede_matching_enter(lede_matching *matching, uint32_t index)
{
    const lede_segment *segment =
        lede_snapshot_segment(matching->snapshot, index);

    lede_arena_clear(&matching->passing);
    matching->segment = segment;
    matching->segment_index = index;
    matching->entries = lede_segment_entries(segment);
    matching->dated = lede_segment_dated(segment);
    matching->lengths = lede_segment_lengths(segment);
    matching->deleted = lede_segment_deleted(segment);
    matching->columns_ready = 0;
    matching->late = matching->top.count == 0 && !matching->top.oldest_first;
    matching->factor_from = matching->factor_until = 0;
    if (matching->deleted.len != 0 &&
        matching->deleted.len < ((size_t)matching->entries + 7) / 8) {
        return lede_matching_fail(matching, LEDE_CORRUPT,
                                  "the deletion bits are cut off");
    }
    return LEDE_OK;
}

/* --- Threshold --------------------------------------------------------------
 */

int64_t lede_matching_column(lede_matching *matching, lede_column_id id,
                             uint32_t entry)
{
    lede_column *column = &matching->columns[id];

    if ((matching->columns_ready >> id & 1) == 0) {
        lede_status status =
            lede_segment_column(matching->segment, id, column, matching->err);

        if (status != LEDE_OK) {
            *column = (lede_column){0};
            if (matching->status == LEDE_OK) {
                matching->status = status;
            }
        }
        matching->columns_ready |= 1u << id;
    }
    return entry < column->count ? lede_column_get(column, entry) : 0;
}

/* An upper bound of the recency factor at `entry` and behind it. exp2 is not
 * promised to be monotone to the last bit: the slack covers that. */
static double factor_bound(lede_matching *matching, uint32_t entry)
{
    uint32_t step = matching->entries / FACTOR_STEPS;
    int64_t time = LEDE_INSTANT_NONE;

    if (entry >= matching->factor_from && entry < matching->factor_until) {
        return matching->factor;
    }
    if (entry < matching->dated) {
        time = lede_matching_column(matching, LEDE_COLUMN_TIME, entry);
    }
    matching->factor =
        lede_recency_factor(&matching->options, true, time) * (1 + 0x1p-40);
    matching->factor_from = entry;
    step = step < FACTOR_STEP_LEAST ? FACTOR_STEP_LEAST : step;
    matching->factor_until =
        entry > UINT32_MAX - step ? UINT32_MAX : entry + step;
    return matching->factor;
}

/* True if an entry at or behind `entry` would lose a tie with `worst`. */
static bool loses_ties(const lede_matching *matching,
                       const lede_match_hit *worst, uint32_t entry)
{
    return worst->segment == matching->segment_index && worst->entry < entry;
}

uint64_t lede_matching_need(lede_matching *matching, uint32_t entry)
{
    const lede_match_hit *worst = matching->top.items;
    double factor, need;

    if (!lede_match_top_is_full(&matching->top)) {
        return 0;
    }
    if (matching->top.k == 0) {
        return UINT64_MAX;
    }
    if (matching->options.recency <= 0.0) {
        return worst->text + loses_ties(matching, worst, entry);
    }
    factor = factor_bound(matching, entry);
    if (worst->score <= 0.0) {
        return 0;
    }
    if (factor <= 0.0) {
        return UINT64_MAX;
    }
    need = worst->score / (factor * LEDE_RANK_UNIT) * (1 - 0x1p-40);
    return need >= 0x1p62 ? UINT64_MAX : (uint64_t)need;
}

static double score_of(lede_matching *matching, uint32_t entry, uint64_t text)
{
    double score = (double)text * LEDE_RANK_UNIT;
    int64_t time = LEDE_INSTANT_NONE;
    bool trusted = false;

    if (matching->options.recency <= 0.0) {
        return score;
    }
    if (entry < matching->dated) {
        time = lede_matching_column(matching, LEDE_COLUMN_TIME, entry);
        trusted = lede_matching_column(matching, LEDE_COLUMN_TRUST, entry) != 0;
    }
    return score * lede_recency_factor(&matching->options, trusted, time);
}

static void complete(lede_matching *matching, lede_match_hit *hit)
{
    hit->time =
        hit->entry < matching->dated
            ? lede_matching_column(matching, LEDE_COLUMN_TIME, hit->entry)
            : LEDE_INSTANT_NONE;
    hit->key =
        (uint64_t)lede_matching_column(matching, LEDE_COLUMN_KEY, hit->entry);
}

void lede_matching_leave(lede_matching *matching)
{
    for (uint64_t i = 0; matching->late && i < matching->top.count; i++) {
        complete(matching, &matching->top.items[i]);
    }
}

void lede_matching_offer(lede_matching *matching, uint32_t entry, uint64_t text)
{
    lede_match_hit hit = {.text = text,
                          .segment = matching->segment_index,
                          .entry = entry,
                          .time = LEDE_INSTANT_NONE};

    matching->met++;
    if (matching->top.k == 0) {
        return;
    }
    if (matching->by_score) {
        hit.score = score_of(matching, entry, text);
    }
    if (lede_match_top_is_full(&matching->top) &&
        (hit.score < matching->top.items[0].score ||
         (hit.score == matching->top.items[0].score &&
          !matching->top.oldest_first &&
          loses_ties(matching, &matching->top.items[0], entry)))) {
        return;
    }
    if (!matching->late) {
        complete(matching, &hit);
    }
    if (!lede_match_top_put(&matching->top, &hit) &&
        matching->status == LEDE_OK) {
        matching->status = lede_fail(matching->err, LEDE_NO_MEMORY,
                                     "out of memory while matching");
    }
}
