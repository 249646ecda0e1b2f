/* results_fit.c - the first hits in their final order; see results.h.
 *
 * Candidates are the first by text, and, where few of these have the words as
 * typed, the first of those entries that do: text counts all forms of a stem,
 * so that of a rare form among frequent ones it knows nothing. */
#include "query/results.h"

#include <stdlib.h>
#include <string.h>

#include "query/feedback.h"
#include "query/likeness.h"
#include "query/mentions.h"
#include "query/rank.h"

/* The most that likeness to the best hits adds. */
static const double like_worth = 0.65;

typedef struct fitted {
    lede_match_hit hit;
    lede_fit_parts parts;
} fitted;

typedef struct fitting {
    lede_fit *fit;
    const lede_match_options *options;
    fitted all[LEDE_FIT_MOST];
    uint32_t first;     /* the hits at hand begin here */
    uint32_t *mentions; /* hit x word */
    uint32_t preferred; /* hits with the preferred words as typed */
    lede_error damage;  /* of one that could not be read; LEDE_OK: none */
} fitting;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to rank the hits");
}

/* Score, newer first (unknown dates last), key: as the plain order. */
static int compare_fitted(const void *a, const void *b)
{
    const lede_match_hit *x = &((const fitted *)a)->hit;
    const lede_match_hit *y = &((const fitted *)b)->hit;

    if (x->score != y->score) {
        return x->score > y->score ? -1 : 1;
    }
    if (x->time != y->time) { /* LEDE_INSTANT_NONE is the least */
        return x->time > y->time ? -1 : 1;
    }
    return (x->key > y->key) - (x->key < y->key);
}

static void fit_one(void *ctx, uint32_t hit, const lede_places *places)
{
    fitting *f = ctx;

    fitted *one = &f->all[f->first + hit];

    if (places->damage != NULL) { /* stays where its text puts it */
        f->damage = *places->damage;
        return;
    }
    one->parts = lede_fit_of(
        f->fit, places, f->mentions + (size_t)hit * lede_fit_words(f->fit));
    if (places->has_text) {
        one->hit.text = places->text;
        one->hit.score =
            (double)places->text * LEDE_RANK_UNIT *
            lede_recency_factor(f->options, places->trusted, one->hit.time);
    }
    one->hit.score *= 1 + lede_fit_sum(&one->parts);
    f->preferred += lede_fit_has_preferred(f->fit);
}

/* Fills f->mentions. */
static lede_status find_mentions(lede_results *results, fitting *f,
                                 const lede_match_hit *hits, uint32_t count,
                                 lede_error *err)
{
    uint32_t word_count = lede_fit_words(f->fit), i;
    lede_span *words =
        lede_arena_array(&results->arena, word_count + 1u, sizeof *words);

    f->mentions = lede_arena_array(
        &results->arena, (size_t)count * word_count + 1u, sizeof *f->mentions);
    if (words == NULL || f->mentions == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < word_count; i++) {
        words[i] = lede_fit_word(f->fit, i);
    }
    return lede_mentions_find(results->engine, results->analyzer, words,
                              word_count, hits, count, f->mentions, err);
}

/* Puts hits behind those that are fitted, with their fit. */
static lede_status fit_hits(lede_results *results, fitting *f,
                            const lede_match_hit *hits, uint32_t count,
                            lede_error *err)
{
    bool wanted[LEDE_TREE_MAX_LEAVES];
    lede_status status = find_mentions(results, f, hits, count, err);

    for (uint32_t i = 0; i < results->plan.tree.leaf_count; i++) {
        wanted[i] = lede_fit_counts(f->fit, i);
    }
    for (uint32_t i = 0; i < count; i++) {
        f->all[f->first + i] = (fitted){.hit = hits[i]};
    }
    if (status == LEDE_OK) {
        status = results->engine->calls->places(results->tree, wanted, hits,
                                                count, fit_one, f, err);
    }
    if (status == LEDE_OK && f->damage.status != LEDE_OK) {
        status = lede_results_note_damage(results, &f->damage);
        if (status != LEDE_OK) {
            return no_memory(err);
        }
    }
    f->first += count;
    return status;
}

/* --- Those with words as typed
 * ------------------------------------------------------ */

/* Makes a copy of the node of which the words that are preferred have to stand
 * as typed. NULL when out of memory. */
typedef struct strictness {
    const lede_fit *fit;
    lede_arena *arena;
    bool changed;
} strictness;

static void make_strict(strictness *s, uint32_t leaf,
                        lede_constraint *constraint)
{
    lede_case least;

    if (lede_fit_prefers(s->fit, leaf, &least)) {
        s->changed = true;
        constraint->exact = true;
        if (least > constraint->case_least) {
            constraint->case_least = least;
        }
    }
}

static lede_node *strict(strictness *s, const lede_node *node)
{
    lede_node *made = lede_arena_get(s->arena, sizeof *made);

    if (made == NULL) {
        return NULL;
    }
    *made = *node;
    if (node->type == LEDE_NODE_WORD) {
        make_strict(s, made->leaf, &made->constraint);
    } else if (node->type == LEDE_NODE_PHRASE) {
        made->slots = lede_arena_array(s->arena, node->slot_count + 1u,
                                       sizeof *made->slots);
        if (made->slots == NULL) {
            return NULL;
        }
        memcpy(made->slots, node->slots,
               node->slot_count * sizeof *made->slots);
        for (uint32_t i = 0; i < node->slot_count; i++) {
            make_strict(s, made->slots[i].leaf, &made->slots[i].constraint);
        }
    } else if (node->type == LEDE_NODE_GROUP || node->type == LEDE_NODE_NEAR) {
        made->children = lede_arena_array(s->arena, node->child_count + 1u,
                                          sizeof *made->children);
        for (uint32_t i = 0; made->children != NULL && i < node->child_count;
             i++) {
            made->children[i] = strict(s, node->children[i]);
            if (made->children[i] == NULL) {
                return NULL;
            }
        }
        if (made->children == NULL) {
            return NULL;
        }
    }
    return made;
}

/* Whether the words, all of which have to be there, say what is preferred, and
 * most of the first hits lack it. */
static bool wants_preferred(const lede_results *results, const fitting *f,
                            uint32_t count)
{
    return count == LEDE_FIT_DEPTH && f->preferred < LEDE_FIT_DEPTH / 2 &&
           !results->is_relaxed &&
           (!results->options.match_any || results->plan.plain_count < 2);
}

/* The first entries that have the preferred words as typed. Of near-copies the
 * one that leads in the whole search. */
static lede_status find_preferred(lede_results *results, const fitting *f,
                                  lede_match_result *out, lede_error *err)
{
    const lede_engine_calls *calls = results->engine->calls;
    strictness s = {.fit = f->fit, .arena = &results->arena};
    lede_match_options options = results->match;
    lede_node *kept = results->plan.tree.root;
    lede_node *root = strict(&s, kept);
    lede_status status = LEDE_OK;

    if (root == NULL) {
        return no_memory(err);
    }
    if (!s.changed) {
        return LEDE_OK;
    }
    options.k = LEDE_FIT_DEPTH;
    options.totals = LEDE_TOTALS_NONE;
    results->plan.tree.root = root;
    status = calls->run(results->tree, &options, out, err);
    results->plan.tree.root = kept;
    if (status == LEDE_OK && results->has_copies &&
        results->copies_wanted == LEDE_COPIES_FOLD) {
        status = calls->fold(results->tree, &options, out, err);
    }
    return status;
}

/* Leaves those that are not among the first, and remembers them. False when out
 * of memory. */
static bool keep_new(lede_results *results, const fitting *f,
                     lede_match_result *more)
{
    uint64_t kept = 0;

    results->early = lede_arena_array(&results->arena, more->hit_count + 1,
                                      sizeof results->early[0]);
    for (uint64_t i = 0; results->early != NULL && i < more->hit_count; i++) {
        bool is_new = true;

        for (uint32_t j = 0; j < f->first && is_new; j++) {
            is_new = f->all[j].hit.key != more->hits[i].key;
        }
        if (is_new) {
            results->early[kept] = more->hits[i].key;
            more->hits[kept++] = more->hits[i];
        }
    }
    more->hit_count = kept;
    results->early_count = (uint32_t)kept;
    return results->early != NULL;
}

static lede_status add_preferred(lede_results *results, fitting *f,
                                 lede_error *err)
{
    lede_match_result more = {0};
    lede_status status = find_preferred(results, f, &more, err);

    if (status == LEDE_OK && !keep_new(results, f, &more)) {
        status = no_memory(err);
    }
    if (status == LEDE_OK && more.hit_count > 0) {
        status = fit_hits(results, f, more.hits, results->early_count, err);
    }
    lede_match_result_done(&more);
    return status;
}

void lede_results_drop_early(const lede_results *results,
                             lede_match_result *result, uint64_t from)
{
    uint64_t kept = from;

    for (uint64_t i = from; results->early_count > 0 && i < result->hit_count;
         i++) {
        bool is_early = false;

        for (uint32_t j = 0; j < results->early_count && !is_early; j++) {
            is_early = results->early[j] == result->hits[i].key;
        }
        if (!is_early) {
            result->hits[kept++] = result->hits[i];
        }
    }
    if (results->early_count > 0) {
        result->hit_count = kept;
    }
}

/* --- Those like the best
 * ---------------------------------------------------------------- */

static bool add_to_likeness(void *ctx, uint32_t hit, const lede_entry *entry,
                            lede_language language)
{
    (void)hit;
    return lede_likeness_add(ctx, entry, language);
}

/* Of a long query: the fitted, which are in order, gain by how like the best of
 * them they are. */
static lede_status liken(lede_results *results, fitting *f, lede_error *err)
{
    lede_likeness *likeness =
        lede_likeness_new(f->first, results->analyzer, &results->arena);
    lede_match_hit hits[LEDE_FIT_MOST];
    double shares[LEDE_FIT_MOST], likest[LEDE_FIT_MOST];
    uint32_t best = f->first < LEDE_FEEDBACK_ENTRIES
                        ? f->first
                        : (uint32_t)LEDE_FEEDBACK_ENTRIES;
    lede_status status;

    if (likeness == NULL) {
        return no_memory(err);
    }
    for (uint32_t i = 0; i < f->first; i++) {
        hits[i] = f->all[i].hit;
        shares[i] = hits[0].score > 0 ? hits[i].score / hits[0].score : 0;
    }
    status = lede_results_read(results, hits, f->first, add_to_likeness,
                               likeness, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_likeness_find(likeness, shares, best, likest)) {
        return no_memory(err);
    }
    for (uint32_t i = 0; i < f->first; i++) {
        f->all[i].parts.like = like_worth * likest[i];
        f->all[i].hit.score *= 1 + f->all[i].parts.like;
    }
    qsort(f->all, f->first, sizeof f->all[0], compare_fitted);
    return LEDE_OK;
}

/* --- All together
 * ------------------------------------------------------------------- */

/* The fitted, then the others; of an answer in pages as many as before. */
static lede_status put_in_order(lede_results *results, const fitting *f,
                                uint32_t plain, lede_error *err)
{
    lede_match_result *found = &results->found;
    uint64_t before = found->hit_count, rest;
    lede_match_hit *hits;

    results->fits = lede_arena_array(&results->arena, f->first + 1u,
                                     sizeof results->fits[0]);
    if (results->fits == NULL) {
        return no_memory(err);
    }
    lede_results_drop_early(results, found, plain);
    rest = found->hit_count - plain;
    hits = realloc(found->hits, (f->first + rest + 1) * sizeof hits[0]);
    if (hits == NULL) {
        return no_memory(err);
    }
    memmove(hits + f->first, hits + plain, rest * sizeof hits[0]);
    for (uint32_t i = 0; i < f->first; i++) {
        hits[i] = f->all[i].hit;
        results->fits[i] = f->all[i].parts;
    }
    found->hits = hits;
    found->hit_count = f->first + rest;
    if (found->hit_count > before && before >= f->first) {
        found->hit_count = before;
        results->last =
            before > f->first ? hits[before - 1] : results->last_fitted;
    }
    if (found->total < found->hit_count) {
        found->total = found->hit_count;
    }
    return LEDE_OK;
}

lede_status lede_results_fit(lede_results *results, lede_error *err)
{
    fitting f = {.options = &results->match};
    uint32_t count = results->found.hit_count < LEDE_FIT_DEPTH
                         ? (uint32_t)results->found.hit_count
                         : (uint32_t)LEDE_FIT_DEPTH;
    lede_status status;

    f.fit = lede_fit_new(&results->plan.tree, results->weights,
                         results->analyzer, &results->arena);
    if (f.fit == NULL) {
        return no_memory(err);
    }
    status = fit_hits(results, &f, results->found.hits, count, err);
    if (status == LEDE_OK && wants_preferred(results, &f, count)) {
        status = add_preferred(results, &f, err);
    }
    if (status != LEDE_OK || count == 0) {
        return status;
    }
    results->last_fitted = results->found.hits[count - 1];
    qsort(f.all, f.first, sizeof f.all[0], compare_fitted);
    if (results->has_learnt) {
        status = liken(results, &f, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    results->fit_count = f.first;
    if (results->is_behind) { /* only what is not to come again matters */
        return LEDE_OK;
    }
    return put_in_order(results, &f, count, err);
}
