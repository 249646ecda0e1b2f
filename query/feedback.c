#include "query/feedback.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"

/* What the learnt words weigh, against the typed ones' 1. */
static const double learnt_weight = 1.0;
/* How steeply a hit counts less as its score falls behind the best. */
static const double share_power = 10;
/* Words in more than this share of all entries say nothing of the topic. */
static const double common_share = 0.5;

enum {
    FIRST_SLOTS = 4096,
    CANDIDATES = 512 /* whose frequency in the archive is looked up */
};

/* A term of the entries learnt from. */
typedef struct word {
    lede_span term;
    double weight;  /* of the entries so far; later, times the idf */
    uint32_t count; /* weighted, in the entry at hand */
} word;

struct lede_feedback {
    lede_analyzer *analyzer;
    lede_arena *arena;
    word **slots; /* a hash table; NULL: free */
    size_t slot_count;
    word **words; /* in order of appearance; room for half the slots */
    size_t word_count;
};

static bool make_slots(lede_feedback *feedback, size_t count)
{
    word **slots = lede_arena_array(feedback->arena, count, sizeof *slots);
    word **words = lede_arena_array(feedback->arena, count / 2, sizeof *words);
    size_t i;

    if (slots == NULL || words == NULL) {
        return false;
    }
    for (i = 0; i < feedback->word_count; i++) {
        size_t at = lede_hash64(feedback->words[i]->term) & (count - 1);

        while (slots[at] != NULL) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = words[i] = feedback->words[i];
    }
    feedback->slots = slots;
    feedback->words = words;
    feedback->slot_count = count;
    return true;
}

lede_feedback *lede_feedback_new(lede_analyzer *analyzer, lede_arena *arena)
{
    lede_feedback *feedback = lede_arena_get(arena, sizeof *feedback);

    if (feedback == NULL) {
        return NULL;
    }
    feedback->analyzer = analyzer;
    feedback->arena = arena;
    return make_slots(feedback, FIRST_SLOTS) ? feedback : NULL;
}

/* --- Learning --------------------------------------------------------------
 */

static word *find_word(lede_feedback *feedback, lede_span term)
{
    size_t mask = feedback->slot_count - 1;
    size_t at = lede_hash64(term) & mask;
    word *found;

    while (feedback->slots[at] != NULL) {
        if (lede_span_equal(feedback->slots[at]->term, term)) {
            return feedback->slots[at];
        }
        at = (at + 1) & mask;
    }
    if (feedback->word_count == feedback->slot_count / 2) {
        return make_slots(feedback, feedback->slot_count * 2)
                   ? find_word(feedback, term)
                   : NULL;
    }
    found = lede_arena_get(feedback->arena, sizeof *found);
    if (found == NULL) {
        return NULL;
    }
    found->term = lede_arena_copy(feedback->arena, term);
    if (found->term.bytes == NULL) {
        return NULL;
    }
    feedback->slots[at] = found;
    feedback->words[feedback->word_count++] = found;
    return found;
}

/* Counts the entry's words. False when out of memory. */
static bool count_words(lede_feedback *feedback, const lede_entry *entry,
                        lede_language language)
{
    lede_entry_walk walk;
    lede_occurrence occurrence;
    uint32_t tokens = 0;

    lede_entry_walk_init(&walk, feedback->analyzer, entry);
    while (tokens < LEDE_FEEDBACK_TOKENS &&
           lede_entry_walk_next(&walk, &occurrence) &&
           occurrence.field < LEDE_DEFAULT_FIELDS) {
        lede_span stem = lede_analyzer_stem(feedback->analyzer, language,
                                            occurrence.token.word);
        word *found = stem.len > 0 ? find_word(feedback, stem) : NULL;

        if (found == NULL) {
            return false;
        }
        found->count += lede_field_weight(occurrence.field);
        tokens++;
    }
    return !lede_analyzer_failed(feedback->analyzer);
}

bool lede_feedback_add(lede_feedback *feedback, const lede_entry *entry,
                       lede_language language, double share)
{
    double weight = pow(share, share_power);
    double length = 0;
    size_t i;

    if (!count_words(feedback, entry, language)) {
        return false;
    }
    for (i = 0; i < feedback->word_count; i++) {
        length += sqrt(feedback->words[i]->count);
    }
    for (i = 0; i < feedback->word_count; i++) {
        word *w = feedback->words[i];

        if (w->count > 0) {
            w->weight += weight * sqrt(w->count) / length;
            w->count = 0;
        }
    }
    return true;
}

/* --- Choosing --------------------------------------------------------------
 */

typedef struct candidate {
    const word *word;
    double order; /* by which it is chosen */
} candidate;

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a;
    const candidate *y = b;

    if (x->order != y->order) {
        return x->order > y->order ? -1 : 1;
    }
    return lede_span_compare(x->word->term, y->word->term);
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
        lede_span term = candidates[i].word->term;
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
        unit += candidates[i].word->weight;
    }
    unit = learnt_weight * typed_boosts(tree) / unit;
    for (i = 0; i < count; i++) {
        double boost = unit * candidates[i].word->weight;
        lede_leaf *known = typed_leaf(leaves, typed, candidates[i].word->term);

        if (known != NULL) {
            known->boost += boost;
        } else if (total < LEDE_TREE_MAX_LEAVES) {
            terms[i] = candidates[i].word->term;
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
    size_t count = feedback->word_count;
    candidate *candidates =
        lede_arena_array(feedback->arena, count + 1, sizeof *candidates);
    lede_status status;
    size_t i;

    if (candidates == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to learn from hits");
    }
    for (i = 0; i < count; i++) {
        candidates[i].word = feedback->words[i];
        candidates[i].order = feedback->words[i]->weight;
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
