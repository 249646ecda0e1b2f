#include "query/feedback.h"

#include <math.h>
#include <stdlib.h>

#include "query/entry_words.h"

/* What the learnt words weigh, against the typed ones' 1. */
static const double learnt_weight = 1.2;
/* How steeply a hit counts less as its score falls behind the best. */
static const double share_power = 10;
/* Words in more than this share of all entries say nothing of the topic. */
static const double common_share = 1.0 / 3;

enum { CANDIDATES = 512 /* whose frequency in the archive is looked up */ };

struct lede_feedback {
    lede_arena *arena;
    lede_entry_words *words;
    struct sums {
        double weight;    /* what it is worth to the entries so far */
        double agreement; /* how many of them have it, the best counting 1 */
    } * sums;             /* of each word */
    uint32_t room;
};

lede_feedback *lede_feedback_new(lede_analyzer *analyzer, lede_arena *arena)
{
    lede_feedback *feedback = lede_arena_get(arena, sizeof *feedback);

    if (feedback == NULL) {
        return NULL;
    }
    feedback->arena = arena;
    feedback->words = lede_entry_words_new(analyzer, arena);
    return feedback->words == NULL ? NULL : feedback;
}

/* --- Learning --------------------------------------------------------------
 */

/* Room for the sums of all words. */
static bool make_room(lede_feedback *feedback)
{
    uint32_t total = lede_entry_words_total(feedback->words);
    struct sums *sums;

    if (total <= feedback->room) {
        return true;
    }
    sums = lede_arena_array(feedback->arena, 2 * (size_t)total, sizeof *sums);
    if (sums == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < feedback->room; i++) {
        sums[i] = feedback->sums[i];
    }
    feedback->sums = sums;
    feedback->room = 2 * total;
    return true;
}

bool lede_feedback_add(lede_feedback *feedback, const lede_entry *entry,
                       lede_language language, double share)
{
    double weight = pow(share, share_power);
    double length = 0;
    const uint32_t *numbers;
    uint32_t count;

    if (!lede_entry_words_read(feedback->words, entry, language,
                               LEDE_FEEDBACK_TOKENS, &numbers, &count) ||
        !make_room(feedback)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        length +=
            sqrt(lede_entry_words_get(feedback->words, numbers[i])->count);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct sums *sums = &feedback->sums[numbers[i]];

        sums->weight +=
            weight *
            sqrt(lede_entry_words_get(feedback->words, numbers[i])->count) /
            length;
        sums->agreement += share;
    }
    return true;
}

/* --- Choosing --------------------------------------------------------------
 */

typedef struct candidate {
    lede_span term;
    double weight;
    double order; /* by which it is chosen */
} candidate;

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a;
    const candidate *y = b;

    if (x->order != y->order) {
        return x->order > y->order ? -1 : 1;
    }
    return lede_span_compare(x->term, y->term);
}

static lede_leaf leaf_of(lede_span *term)
{
    lede_leaf leaf = {0};

    leaf.typed = *term;
    leaf.word = *term;
    leaf.terms = term;
    leaf.term_count = 1;
    leaf.scores = true;
    leaf.is_learnt = true;
    return leaf;
}

/* Weighs the candidates by their rarity; what is too common or stands in one
 * entry only gets 0. */
static lede_status weigh(lede_engine *engine, candidate *candidates,
                         size_t count, lede_error *err)
{
    double most = common_share * (double)engine->calls->entries(engine);
    size_t i;

    for (i = 0; i < count; i++) {
        lede_span term = candidates[i].term;
        lede_leaf leaf = leaf_of(&term);
        lede_leaf_statistics statistics;
        lede_status status =
            engine->calls->statistics(engine, &leaf, &statistics, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (statistics.entry_count < 2 ||
            (double)statistics.entry_count > most) {
            candidates[i].order = 0;
        } else {
            candidates[i].order *= statistics.idf;
        }
    }
    return LEDE_OK;
}

/* The typed leaf that scores this term, if there is one. */
static lede_leaf *typed_leaf(lede_leaf *leaves, uint32_t count, lede_span term)
{
    uint32_t i;
    uint32_t j;

    for (i = 0; i < count; i++) {
        for (j = 0; leaves[i].scores && j < leaves[i].term_count; j++) {
            if (lede_span_equal(leaves[i].terms[j], term)) {
                return &leaves[i];
            }
        }
    }
    return NULL;
}

static double typed_boosts(const lede_tree *tree)
{
    double sum = 0;
    uint32_t i;

    for (i = 0; i < tree->leaf_count; i++) {
        sum += tree->leaves[i].scores ? tree->leaves[i].boost : 0;
    }
    return sum;
}

static lede_status add_leaves(lede_feedback *feedback,
                              const candidate *candidates, size_t count,
                              lede_tree *tree, lede_error *err)
{
    lede_leaf *leaves = lede_arena_array(
        feedback->arena, tree->leaf_count + count + 1, sizeof *leaves);
    lede_span *terms =
        lede_arena_array(feedback->arena, count + 1, sizeof *terms);
    uint32_t typed = tree->leaf_count;
    uint32_t total = typed;
    double unit = 0;
    size_t i;

    if (leaves == NULL || terms == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to learn from hits");
    }
    memcpy(leaves, tree->leaves, typed * sizeof *leaves);
    for (i = 0; i < count; i++) {
        unit += candidates[i].weight;
    }
    unit = learnt_weight * typed_boosts(tree) / unit;
    for (i = 0; i < count; i++) {
        double boost = unit * candidates[i].weight;
        lede_leaf *known = typed_leaf(leaves, typed, candidates[i].term);

        if (known != NULL) {
            known->boost += boost;
        } else if (total < LEDE_TREE_MAX_LEAVES) {
            terms[i] = candidates[i].term;
            leaves[total] = leaf_of(&terms[i]);
            leaves[total].boost = boost;
            total++;
        }
    }
    tree->leaves = leaves;
    tree->leaf_count = total;
    return LEDE_OK;
}

lede_status lede_feedback_extend(lede_feedback *feedback, lede_engine *engine,
                                 lede_tree *tree, lede_error *err)
{
    size_t count = lede_entry_words_total(feedback->words);
    candidate *candidates =
        lede_arena_array(feedback->arena, count + 1, sizeof *candidates);
    lede_status status;
    size_t i;

    if (candidates == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to learn from hits");
    }
    for (i = 0; i < count; i++) {
        candidates[i].term =
            lede_entry_words_get(feedback->words, (uint32_t)i)->term;
        candidates[i].weight = feedback->sums[i].weight;
        candidates[i].order =
            feedback->sums[i].weight * sqrt(feedback->sums[i].agreement);
    }
    qsort(candidates, count, sizeof *candidates, compare_candidates);
    count = count < CANDIDATES ? count : CANDIDATES;
    status = weigh(engine, candidates, count, err);
    if (status != LEDE_OK) {
        return status;
    }
    qsort(candidates, count, sizeof *candidates, compare_candidates);
    for (i = 0;
         i < count && i < LEDE_FEEDBACK_LEAVES && candidates[i].order > 0;
         i++) {
    }
    return i == 0 ? LEDE_OK : add_leaves(feedback, candidates, i, tree, err);
}
