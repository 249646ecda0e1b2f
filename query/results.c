#include "query/results.h"

#include <assert.h>
#include <stdlib.h>

#include "query/added_names.h"
#include "query/explain.h"
#include "query/feedback.h"
#include "query/hit_names.h"
#include "query/ledger.h"
#include "query/marks.h"
#include "query/name_marks.h"
#include "query/paging.h"
#include "query/plan_names.h"
#include "query/snippet.h"

lede_status lede_results_load(lede_results *results, const lede_match_hit *hit,
                              lede_buf *record, lede_arena *arena,
                              lede_entry *out, lede_language *language,
                              lede_error *err)
{
    return results->engine->calls->load(results->engine, hit, record, arena,
                                        out, language, err);
}

lede_status lede_results_note_damage(lede_results *results, lede_error *reason)
{
    if (results->damage == NULL) {
        results->damage =
            lede_arena_get(&results->arena, sizeof *results->damage);
    }
    if (results->damage == NULL) {
        return lede_fail(reason, LEDE_NO_MEMORY, "no memory to tell of damage");
    }
    *results->damage = *reason;
    results->damage->status = LEDE_CORRUPT;
    return LEDE_OK;
}

/* --- Feedback
 * -------------------------------------------------------------------------- */

lede_status lede_results_read(lede_results *results, const lede_match_hit *hits,
                              uint32_t count, lede_results_entry_fn *fn,
                              void *ctx, lede_error *err)
{
    lede_arena arena = {0};
    lede_buf record = {0};
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        lede_entry entry;
        lede_language language = LEDE_LANGUAGE_NONE;
        lede_error reason = {0};
        bool is_whole;

        lede_arena_clear(&arena);
        status = lede_results_load(results, &hits[i], &record, &arena, &entry,
                                   &language, &reason);
        is_whole = status == LEDE_OK;
        if (status == LEDE_CORRUPT) {
            status = lede_results_note_damage(results, &reason);
        }
        if (status != LEDE_OK && err != NULL) {
            *err = reason;
        }
        if (status == LEDE_OK &&
            !fn(ctx, i, is_whole ? &entry : NULL, language)) {
            status =
                lede_fail(err, LEDE_NO_MEMORY, "no memory to learn from hits");
        }
    }
    lede_buf_done(&record);
    lede_arena_done(&arena);
    return status;
}

typedef struct learning {
    lede_feedback *feedback;
    const lede_match_hit *hits;
    uint64_t best; /* text of the hits */
} learning;

static bool learn_from(void *ctx, uint32_t hit, const lede_entry *entry,
                       lede_language language)
{
    learning *l = ctx;

    return entry == NULL ||
           lede_feedback_add(l->feedback, entry, language,
                             (double)l->hits[hit].text / (double)l->best);
}

static lede_status learn(lede_results *results, lede_feedback *feedback,
                         lede_error *err)
{
    const lede_match_result *found = &results->found;
    learning l = {.feedback = feedback, .hits = found->hits};
    uint32_t count = found->hit_count < LEDE_FEEDBACK_ENTRIES
                         ? (uint32_t)found->hit_count
                         : (uint32_t)LEDE_FEEDBACK_ENTRIES;

    for (uint32_t i = 0; i < count; i++) {
        l.best = found->hits[i].text > l.best ? found->hits[i].text : l.best;
    }
    return l.best == 0 ? LEDE_OK
                       : lede_results_read(results, found->hits, count,
                                           learn_from, &l, err);
}

lede_status lede_results_learn(lede_results *results, lede_error *err)
{
    lede_match_options options = results->match;
    uint64_t total = results->found.total;
    lede_feedback *feedback =
        lede_feedback_new(results->analyzer, &results->arena);
    lede_status status;

    if (feedback == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to learn from hits");
    }
    results->has_learnt = true;
    status = learn(results, feedback, err);
    if (status == LEDE_OK) {
        status = lede_feedback_extend(feedback, results->engine,
                                      &results->plan.tree, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    results->engine->calls->close_tree(results->tree);
    results->tree = NULL;
    status = results->engine->calls->open(results->engine, &results->plan.tree,
                                          &results->tree, err);
    if (status != LEDE_OK) {
        return status;
    }
    /* Learnt words only score: what matches is counted already. */
    options.totals = LEDE_TOTALS_NONE;
    lede_match_result_done(&results->found);
    results->found = (lede_match_result){0};
    status = lede_results_run(results, &options, &results->found, err);
    if (results->match.totals == LEDE_TOTALS_EXACT ||
        total > results->found.total) {
        results->found.total = total;
    }
    return status;
}

/* --- One hit
 * -------------------------------------------------------------------------- */

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to show a hit");
}

/* The plain words that the hit does not match, after a relaxed search. */
static lede_status list_missing(lede_results *results,
                                const lede_match_hit *found,
                                lede_result_slot *slot, lede_error *err)
{
    const lede_plan *plan = &results->plan;
    const char **missing;
    uint32_t i;

    if (!results->is_relaxed) {
        return LEDE_OK;
    }
    missing =
        lede_arena_array(&slot->arena, plan->plain_count, sizeof *missing);
    if (missing == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < plan->plain_count; i++) {
        lede_span typed;
        bool matches;
        lede_status status = results->engine->calls->matches(
            results->engine, &plan->tree, plan->plain[i].node, found, &matches,
            err);

        if (status != LEDE_OK) {
            return status;
        }
        if (matches) {
            continue;
        }
        typed = lede_arena_copy(&slot->arena, plan->plain[i].typed);
        if (typed.bytes == NULL) {
            return no_memory(err);
        }
        missing[slot->hit.missing_count++] = (const char *)typed.bytes;
    }
    slot->hit.missing = missing;
    return LEDE_OK;
}

/* Passages with the words and names of the query. */
static lede_status make_passages(lede_results *results, lede_result_slot *slot,
                                 uint64_t key, lede_error *err)
{
    uint32_t about = results->options.snippet_bytes;
    lede_found *found;
    uint32_t count;
    lede_snippet snippet;

    if (!lede_marks_find(&results->plan.tree, &results->spots, &slot->arena,
                         &found, &count) ||
        !lede_name_marks_add(&results->plan, results->analyzer,
                             lede_buf_span(&slot->names), key, &results->spots,
                             &slot->arena, &found, &count) ||
        !lede_snippet_make(&results->spots, found, count, results->weights,
                           results->plan.tree.leaf_count,
                           about == 0 ? 240 : about, &slot->arena, &snippet) ||
        !lede_snippet_headline(&results->spots, found, count, &slot->arena,
                               &slot->hit.headline_marks,
                               &slot->hit.headline_mark_count) ||
        !lede_snippet_parts(&results->spots, found, count, &slot->arena,
                            &slot->hit.parts, &slot->hit.part_count)) {
        return no_memory(err);
    }
    slot->hit.snippet = snippet.text;
    slot->hit.marks = snippet.marks;
    slot->hit.mark_count = snippet.mark_count;
    return LEDE_OK;
}

/* What is written where the words of a name stand that was not recognised, or
 * that a correction made one. */
static lede_status form_in_text(lede_results *results,
                                const lede_match_hit *hit,
                                const struct lede_plan_named *named,
                                lede_arena *arena, lede_span *out,
                                lede_error *err)
{
    lede_tree tree = results->plan.tree;
    lede_found *found = NULL;
    uint32_t count = 0;
    bool matches = false;
    lede_status status;

    tree.root = named->text;
    if (tree.root == NULL) {
        return LEDE_OK;
    }
    status = results->engine->calls->matches(
        results->engine, &results->plan.tree, tree.root, hit, &matches, err);
    if (status != LEDE_OK || !matches) {
        return status;
    }
    if (!lede_marks_find(&tree, &results->spots, arena, &found, &count)) {
        return no_memory(err);
    }
    if (count > 0) {
        *out = lede_span_part(results->spots.sections[found[0].section].text,
                              found[0].begin, found[0].end - found[0].begin);
    }
    return LEDE_OK;
}

/* How the list writes it: rather a place itself than what is inside it. */
static lede_span form_in_list(const struct lede_plan_named *named,
                              lede_span list, uint64_t entry)
{
    lede_name_reader reader = lede_name_reader_of(list);
    lede_span form = {0};
    lede_named n;

    while (lede_name_reader_next(&reader, &n)) {
        if (!lede_plan_named_is(named, &n, entry)) {
            continue;
        }
        if (named->id.len == 0 ||
            (n.id_count > 0 && lede_span_equal(n.ids[0], named->id))) {
            return n.name;
        }
        form = form.len == 0 ? n.name : form;
    }
    return form;
}

static lede_status match_name(lede_results *results,
                              const lede_match_hit *found,
                              const struct lede_plan_named *named,
                              lede_span list, lede_arena *arena,
                              lede_hit_match *out, lede_error *err)
{
    lede_status status = LEDE_OK;

    if (named->is_excluded) {
        return LEDE_OK;
    }
    out->field = lede_ast_field_name(named->field);
    out->typed = named->typed;
    if (named->known != NULL) {
        status = results->engine->calls->matches(
            results->engine, &results->plan.tree, named->known, found,
            &out->is_recognized, err);
    }
    if (status == LEDE_OK && out->is_recognized) {
        out->form = form_in_list(named, list, found->key);
    }
    if (status == LEDE_OK && out->form.len == 0) {
        status = form_in_text(results, found, named, arena, &out->form, err);
    }
    if (named->is_near) {
        out->is_recognized = out->form.len > 0 &&
                             lede_plan_named_speaks(named, list, found->key);
    }
    return status;
}

static lede_status read_names(lede_results *results,
                              const lede_match_hit *found,
                              lede_result_slot *slot, lede_error *err)
{
    lede_buf_clear(&slot->names);
    return results->engine->calls->names == NULL
               ? LEDE_OK
               : results->engine->calls->names(results->engine, found,
                                               &slot->names, err);
}

/* Its people and places, and what of them was asked for. */
static lede_status list_names(lede_results *results,
                              const lede_match_hit *found,
                              lede_result_slot *slot, lede_error *err)
{
    lede_name_view view;
    uint32_t count = results->plan.named_count, i;
    lede_hit_match *matches =
        lede_arena_array(&slot->arena, count + 1u, sizeof *matches);
    lede_hit_names names = {0};
    lede_status status = lede_engine_name_view(results->engine, &view, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (matches == NULL) {
        return no_memory(err);
    }
    status = lede_hit_names_make(&view, lede_buf_span(&slot->names), found->key,
                                 &slot->arena, &names, err);
    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_hit_match *match = &matches[slot->hit.match_count];

        *match = (lede_hit_match){0};
        status =
            match_name(results, found, &results->plan.named[i],
                       lede_buf_span(&slot->names), &slot->arena, match, err);
        slot->hit.match_count += match->is_recognized || match->form.len > 0;
    }
    slot->hit.people = names.people;
    slot->hit.person_count = names.person_count;
    slot->hit.places = names.places;
    slot->hit.place_count = names.place_count;
    slot->hit.matches = matches;
    return status;
}

static lede_hit_place place_of(const lede_results *results, uint64_t at)
{
    const lede_match_hit *found = &results->found.hits[at - results->base];
    bool has_score = results->options.sort == LEDE_SORT_RELEVANCE;

    return (lede_hit_place){.rank = at + 1,
                            .score = has_score ? found->score : 0,
                            .has_score = has_score,
                            .key = found->key};
}

static lede_status explain_hit(lede_results *results, uint64_t index,
                               const lede_match_hit *found,
                               lede_result_slot *slot, lede_error *err)
{
    lede_fit_parts fit = {0};
    lede_matched matched;
    lede_status status =
        lede_ledger_classify(results, found, &slot->arena, &matched, err);

    if (results->fits != NULL && index < results->fit_count) {
        fit = results->fits[index];
    }
    return status == LEDE_OK
               ? lede_explain_make(results->engine, &results->plan.tree,
                                   &results->match, found, &fit, matched,
                                   &slot->entry, &results->spots, &slot->arena,
                                   &slot->hit.explain, err)
               : status;
}

static lede_status find_group(lede_results *results,
                              const lede_match_hit *found, lede_hit *hit,
                              lede_error *err)
{
    uint32_t members = 0;
    lede_status status = LEDE_OK;

    if (results->has_copies) {
        status = results->engine->calls->group(results->engine, found,
                                               &hit->group, &members, err);
    }
    hit->copies = members > 0 ? members - 1 : 0;
    return status;
}

static lede_status fill_slot(lede_results *results, uint64_t index,
                             lede_result_slot *slot, lede_error *err)
{
    const lede_match_hit *found = &results->found.hits[index - results->base];
    lede_hit_place place;
    lede_language language;
    lede_status status;

    lede_arena_clear(&slot->arena);
    slot->hit = (lede_hit){0};
    status = lede_results_load(results, found, &slot->record, &slot->arena,
                               &slot->entry, &language, err);
    if (status != LEDE_OK) {
        return status;
    }
    place = place_of(results, index);
    slot->hit.rank = place.rank;
    slot->hit.entry = &slot->entry;
    slot->hit.has_score = place.has_score;
    slot->hit.score = place.score;
    status = find_group(results, found, &slot->hit, err);
    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_spotter_find(results->spotter, &slot->entry, language, true,
                           &results->spots)) {
        return no_memory(err);
    }
    status = read_names(results, found, slot, err);
    if (status == LEDE_OK) {
        status = make_passages(results, slot, found->key, err);
    }
    if (status == LEDE_OK) {
        status = list_missing(results, found, slot, err);
    }
    if (status == LEDE_OK) {
        status = list_names(results, found, slot, err);
    }
    if (status == LEDE_OK && results->options.explain) {
        status = explain_hit(results, index, found, slot, err);
    }
    return status;
}

static bool make_slots(lede_results *results)
{
    uint32_t i;

    if (results->slots == NULL) {
        results->slots = calloc(LEDE_RESULTS_WINDOW, sizeof *results->slots);
        for (i = 0; results->slots != NULL && i < LEDE_RESULTS_WINDOW; i++) {
            results->slots[i].index = UINT64_MAX;
        }
    }
    return results->slots != NULL;
}

void lede_results_free_slots(lede_results *results)
{
    uint32_t i;

    for (i = 0; results->slots != NULL && i < LEDE_RESULTS_WINDOW; i++) {
        lede_arena_done(&results->slots[i].arena);
        lede_buf_done(&results->slots[i].record);
        lede_buf_done(&results->slots[i].names);
    }
    free(results->slots);
}

lede_status lede_results_get(lede_results *results, uint32_t index,
                             const lede_hit **out, lede_error *err)
{
    uint64_t at = results->first + index;
    lede_result_slot *slot;
    lede_status status;

    if (index >= results->count) {
        return lede_fail(err, LEDE_BAD_INPUT, "there is no hit %u", index);
    }
    if (!make_slots(results)) {
        return no_memory(err);
    }
    slot = &results->slots[index % LEDE_RESULTS_WINDOW];
    if (slot->index != at) {
        slot->index = UINT64_MAX;
        status = lede_results_reach(results, at, err);
        if (status == LEDE_OK) {
            status = fill_slot(results, at, slot, err);
        }
        if (status != LEDE_OK) {
            return status;
        }
        slot->index = at;
    }
    *out = &slot->hit;
    return LEDE_OK;
}

lede_hit_place lede_results_place(const lede_results *results, uint32_t index)
{
    assert(index < results->count);
    return place_of(results, results->first + index);
}

lede_status lede_results_reach_place(lede_results *results, uint32_t index,
                                     lede_hit_place *out, lede_error *err)
{
    lede_status status =
        lede_results_reach(results, results->first + index, err);

    if (status == LEDE_OK) {
        *out = place_of(results, results->first + index);
    }
    return status;
}

const lede_error *lede_results_damage(const lede_results *results)
{
    return results->damage;
}

uint64_t lede_results_total(const lede_results *results)
{
    return results->has_stories || results->entries > 0 ? results->entries
                                                        : results->found.total;
}

bool lede_results_stories(const lede_results *results, uint64_t *out)
{
    *out = results->stories;
    return results->has_stories;
}

uint32_t lede_results_count(const lede_results *results)
{
    return results->count;
}

bool lede_results_relaxed(const lede_results *results, uint32_t *required,
                          uint32_t *of)
{
    if (!results->is_relaxed) {
        return false;
    }
    *required = results->required;
    *of = results->plan.plain_count;
    return true;
}

uint32_t lede_results_note_count(const lede_results *results)
{
    return results->notes.count;
}

lede_query_note lede_results_note(const lede_results *results, uint32_t index)
{
    lede_query_note none = {0, ""};

    return index < results->notes.count ? results->notes.items[index] : none;
}
