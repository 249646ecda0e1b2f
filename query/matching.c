/* matching.c - the state of a run: statistics, threshold, offers. */
#include "query/matching.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "query/rank.h"

/* More hits than this are not asked for ahead: caches hold only so much. */
enum { FETCH_MOST = 64 };

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

void *lede_matching_room(lede_matching *matching, size_t count, size_t bytes)
{
    void *memory = count > SIZE_MAX / 4 / bytes
                       ? NULL
                       : lede_arena_room(&matching->passing, count * bytes);

    if (memory == NULL && matching->status == LEDE_OK) {
        matching->status = lede_fail(matching->err, LEDE_NO_MEMORY,
                                     "out of memory while matching");
    }
    return memory;
}

bool lede_matching_make_windows(lede_matching *matching)
{
    if (matching->windows == NULL) {
        matching->windows = lede_kept_take_windows(matching->snapshot);
    }
    if (matching->windows == NULL) {
        lede_matching_fail(matching, LEDE_NO_MEMORY,
                           "out of memory while matching");
    }
    return matching->windows != NULL;
}

void *lede_matching_keep(lede_matching *matching, size_t count, size_t bytes)
{
    return get(matching, &matching->lasting, count, bytes);
}

/* --- Opening -------------------------------------------------------------- */

lede_status lede_matching_open(lede_matching *matching,
                               const lede_lookup *lookup,
                               const lede_match_options *options,
                               const lede_match_tuning *tuning, lede_error *err)
{
    /* Not zeroed as a whole: the scratch arrays are large. */
    memset(matching, 0, offsetof(lede_matching, batch));
    matching->lookup = lookup;
    matching->snapshot = lookup->snapshot;
    matching->passing = lede_kept_take_arena(matching->snapshot);
    matching->tree = lookup->tree;
    matching->leaves = lookup->leaves;
    matching->norms = lookup->norms;
    matching->heavy = lookup->heavy;
    matching->by_score = lookup->scores && options->sort == LEDE_SORT_RELEVANCE;
    matching->options = *options;
    matching->err = err;
    matching->kernels =
        tuning->kernels != NULL ? tuning->kernels : lede_match_kernels_best();
    matching->general = tuning->general;
    matching->window = tuning->window != 0 ? tuning->window : LEDE_MATCH_WINDOW;
    if (matching->window > LEDE_MATCH_COUNT_WINDOW) {
        matching->window = LEDE_MATCH_COUNT_WINDOW;
    }
    lede_match_top_init(&matching->top, options->k,
                        options->sort == LEDE_SORT_OLDEST);
    if (!(options->recency >= 0.0 && options->recency <= 1.0) ||
        (options->recency > 0.0 && options->half_life_s <= 0)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "recency must be from 0 to 1, its half-life positive");
    }
    return LEDE_OK;
}

void lede_matching_close(lede_matching *matching)
{
    lede_match_top_done(&matching->top);
    lede_arena_done(&matching->lasting);
    lede_kept_put_arena(matching->snapshot, &matching->passing);
    if (matching->status == LEDE_OK) {
        lede_kept_put_windows(matching->snapshot, matching->windows);
    } else {
        free(matching->windows);
    }
}

static void ask_for_leaf(const lede_matching *matching, uint32_t leaf,
                         bool with_impacts)
{
    const lede_match_lists *lists = lede_matching_lists(matching, leaf);

    with_impacts = with_impacts && matching->by_score &&
                   matching->leaves[leaf].weight > 0.0f;
    for (uint32_t i = 0; i < lists->count; i++) {
        lede_postings_prefetch_skip(&lists->items[i], with_impacts);
    }
}

void lede_matching_ask_for_impacts(const lede_matching *matching, uint32_t leaf)
{
    ask_for_leaf(matching, leaf, true);
}

/* Asks for the skip areas of the lists, all at once. How many have one word is
 * known without. All impacts of one word are read; of several, maybe none. */
static void ask_for_lists(const lede_matching *matching)
{
    uint32_t leaves = matching->tree->leaf_count;

    for (uint32_t i = 0; i < leaves && (leaves > 1 || matching->top.k > 0);
         i++) {
        ask_for_leaf(matching, i, leaves == 1);
    }
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
    matching->pairs = NULL;
    matching->made = NULL;
    matching->columns_ready = 0;
    matching->least = 0;
    matching->asked = matching->agreed = 0;
    matching->late = matching->top.count == 0 && !matching->top.oldest_first;
    matching->least_score = 0.0;
    matching->fading = NULL;
    ask_for_lists(matching);
    if (matching->deleted.len != 0 &&
        matching->deleted.len < ((size_t)matching->entries + 7) / 8) {
        return lede_matching_fail(matching, LEDE_CORRUPT,
                                  "the deletion bits are cut off");
    }
    if (matching->options.recency > 0.0 && matching->by_score) {
        lede_status status =
            lede_kept_fading(matching->snapshot, index, &matching->options,
                             &matching->fading, matching->err);

        if (status != LEDE_OK && matching->status == LEDE_OK) {
            matching->status = status;
        }
        return status;
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

/* True if an entry at or behind `entry` would lose a tie with `worst`. */
static bool loses_ties(const lede_matching *matching,
                       const lede_match_hit *worst, uint32_t entry)
{
    return worst->segment == matching->segment_index && worst->entry < entry;
}

uint64_t lede_matching_need(lede_matching *matching, uint32_t entry)
{
    const lede_match_hit *worst = matching->top.items;
    bool is_full = lede_match_top_is_full(&matching->top);
    double factor, need, score;

    if (matching->top.k == 0) {
        return UINT64_MAX;
    }
    if (matching->options.recency <= 0.0) {
        return is_full ? worst->text + loses_ties(matching, worst, entry)
                       : matching->least;
    }
    score = is_full ? worst->score : matching->least_score;
    if (score <= 0.0) {
        return 0;
    }
    factor = entry < matching->entries
                 ? lede_fading_most(matching->fading, entry)
                 : 0.0;
    if (factor <= 0.0) {
        return UINT64_MAX;
    }
    need = score / (factor * LEDE_RANK_UNIT) * (1 - 0x1p-40);
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
        trusted = lede_fading_is_trusted(matching->fading, entry) ||
                  lede_matching_column(matching, LEDE_COLUMN_TRUST, entry) != 0;
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

/* Asks for the memory of what completes the hits: all at once, where reading it
 * hit by hit would wait for each. */
static void fetch(lede_matching *matching)
{
    static const lede_column_id ids[] = {LEDE_COLUMN_TIME, LEDE_COLUMN_KEY};

    for (unsigned i = 0; i < 2; i++) {
        (void)lede_matching_column(matching, ids[i], UINT32_MAX);
        for (uint64_t j = 0; j < matching->top.count; j++) {
            lede_column_prefetch_head(&matching->columns[ids[i]],
                                      matching->top.items[j].entry);
        }
    }
    for (unsigned i = 0; i < 2; i++) {
        for (uint64_t j = 0; j < matching->top.count; j++) {
            lede_column_prefetch(&matching->columns[ids[i]],
                                 matching->top.items[j].entry);
        }
    }
}

void lede_matching_leave(lede_matching *matching)
{
    if (matching->late && matching->top.count <= FETCH_MOST) {
        fetch(matching);
    }
    for (uint64_t i = 0; matching->late && i < matching->top.count; i++) {
        complete(matching, &matching->top.items[i]);
    }
}

/* Time and key are read where the score does not decide. */
static bool is_behind(lede_matching *matching, lede_match_hit *hit)
{
    const lede_match_hit *after = &matching->options.after;

    if (hit->score == after->score) {
        complete(matching, hit);
    }
    return lede_match_hit_behind(hit, after, matching->top.oldest_first);
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
    if (matching->options.has_after && !is_behind(matching, &hit)) {
        return;
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
