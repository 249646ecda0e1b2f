#include "query/search.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "query/added_names.h"
#include "query/feedback.h"
#include "query/ledger.h"
#include "query/paging.h"
#include "query/plan_names.h"

static const double default_recency = 0.3;

enum { MIN_HALF_LIFE_S = 3600, MOST_TRIES = 16 };

/* --- Options
 * ------------------------------------------------------------------------ */

static lede_status check_options(const lede_search_options *options,
                                 lede_error *err)
{
    if (options->recency_given &&
        !(options->recency >= 0 && options->recency <= 1)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "recency must lie between 0 and 1");
    }
    if (options->half_life_s < 0) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "the half-life must be longer than nothing");
    }
    if ((unsigned)options->sort > LEDE_SORT_OLDEST ||
        (unsigned)options->totals > LEDE_TOTALS_NONE ||
        (unsigned)options->matched >= LEDE_MATCHED_COUNT) {
        return lede_fail(err, LEDE_BAD_INPUT, "unknown sort, totals or match");
    }
    return LEDE_OK;
}

/* w: off for date sorts, and under a date filter unless asked for. */
static double recency_of(const lede_search_options *options, bool has_time)
{
    if (options->sort != LEDE_SORT_RELEVANCE || options->no_recency) {
        return 0;
    }
    if (options->recency_given) {
        return options->recency;
    }
    return has_time ? 0 : default_recency;
}

static bool wants_fit(const lede_search_options *options)
{
    return options->sort == LEDE_SORT_RELEVANCE && !options->rank_plain &&
           !options->count_only;
}

static void set_match_options(lede_results *results)
{
    const lede_search_options *options = &results->options;
    const lede_totals *totals = results->engine->calls->totals(results->engine);
    lede_match_options *match = &results->match;

    match->sort = options->count_only ? LEDE_SORT_NEWEST : options->sort;
    match->k = lede_results_first_run(results, wants_fit(options));
    match->totals = options->count_only || lede_results_is_paged(results)
                        ? LEDE_TOTALS_EXACT
                        : options->totals;
    match->recency = recency_of(options, results->plan.tree.has_time);
    match->half_life_s =
        options->half_life_s > 0 ? options->half_life_s : totals->half_life_s;
    if (options->half_life_s == 0 && match->half_life_s < MIN_HALF_LIFE_S) {
        match->half_life_s = MIN_HALF_LIFE_S;
    }
    match->has_as_of = options->as_of_given;
    match->as_of = options->as_of;
    match->origin =
        options->as_of_given ? options->as_of : totals->newest_trusted;
}

/* --- Steps
 * ----------------------------------------------------------------------------
 */

static lede_status parse(lede_span query, const lede_search_options *options,
                         lede_analyzer *analyzer, lede_arena *arena,
                         lede_notes *notes, lede_parsed *out, lede_error *err)
{
    lede_parse_options parse_options = {0};
    lede_zone *zone = NULL;
    lede_status status = LEDE_OK;

    parse_options.analyzer = analyzer;
    parse_options.zone_offset_s = options->zone_offset_s;
    parse_options.now = options->now_given     ? options->now
                        : options->as_of_given ? options->as_of
                                               : (int64_t)time(NULL);
    if (options->zone != NULL) {
        status = lede_zone_open(options->zone, &zone, err);
        parse_options.zone = zone;
    }
    if (status == LEDE_OK) {
        status =
            lede_query_parse(query, &parse_options, arena, notes, out, err);
    }
    lede_zone_close(zone);
    return status;
}

static uint64_t count_entries(void *ctx, lede_span term)
{
    lede_engine *engine = ctx;

    return engine->calls->count(engine, term);
}

static lede_status names_of(void *ctx, uint64_t key, lede_buf *out,
                            lede_error *err)
{
    lede_engine *engine = ctx;

    lede_buf_clear(out);
    return engine->calls->names_of_key == NULL
               ? LEDE_NOT_FOUND
               : engine->calls->names_of_key(engine, key, out, err);
}

static lede_status each_names(void *ctx, const lede_tree *tree,
                              lede_status (*put)(void *ctx, lede_span list,
                                                 uint64_t key, int64_t instant,
                                                 lede_error *err),
                              void *put_ctx, lede_error *err)
{
    static const lede_match_options options = {.half_life_s = 1,
                                               .origin = LEDE_INSTANT_NONE};
    lede_engine *engine = ctx;
    lede_tally tally = {.ctx = put_ctx, .put_names = put};
    lede_engine_tree *open = NULL;
    uint64_t matches;
    lede_status status = engine->calls->open(engine, tree, &open, err);

    if (status == LEDE_OK) {
        status = lede_tally_matches(open, &options, &tally, &matches, err);
        engine->calls->close_tree(open);
    }
    return status;
}

/* Says that nobody is known who was asked for, where nobody looked. */
static void tell_of_names(lede_results *results)
{
    lede_engine *engine = results->engine;
    uint64_t without =
        results->plan.named_count == 0 || engine->calls->without_names == NULL
            ? 0
            : engine->calls->without_names(engine);

    if (without > 0) {
        lede_notes_put(&results->notes, &results->arena,
                       results->plan.named[0].column,
                       "names were not looked for in %" PRIu64 " of %" PRIu64
                       " entries, only their words are found: lede upgrade "
                       "looks for them",
                       without, engine->calls->entries(engine));
    }
    if (results->plan.named_count > 0 && engine->calls->lacks_names != NULL &&
        engine->calls->lacks_names(engine)) {
        lede_notes_put(&results->notes, &results->arena,
                       results->plan.named[0].column,
                       "names were not looked for in all of these entries: "
                       "there, it is found by its words");
    }
}

static lede_status plan(lede_results *results, lede_span query, lede_error *err)
{
    lede_plan_source source = {0};
    lede_parsed parsed;
    lede_status status;

    query = lede_arena_copy(&results->arena, query);
    if (query.bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the query");
    }
    results->query = query;
    status = parse(query, &results->options, results->analyzer, &results->arena,
                   &results->notes, &parsed, err);
    if (status != LEDE_OK) {
        return status;
    }
    results->copies_wanted = parsed.copies;
    if (results->options.unfolded && parsed.copies == LEDE_COPIES_FOLD) {
        results->copies_wanted = LEDE_COPIES_SHOW;
    }
    source.languages =
        results->engine->calls->totals(results->engine)->languages;
    source.entries = results->engine->calls->entries(results->engine);
    source.ctx = results->engine;
    source.entry_count = count_entries;
    source.words = results->engine->calls->words;
    source.has_deleted =
        results->engine->calls->totals(results->engine)->deleted > 0;
    source.words_most = results->engine->words_most;
    source.gazetteer = results->engine->gazetteer;
    source.corrections = results->engine->corrections;
    source.names_of = names_of;
    source.each_names = each_names;
    status = lede_engine_added(results->engine, &source.added, err);
    if (status != LEDE_OK) {
        return status;
    }
    status = lede_plan_make(&parsed, query, &source, results->analyzer,
                            results->options.match_any, &results->arena,
                            &results->notes, &results->plan, err);
    if (status == LEDE_OK) {
        tell_of_names(results);
    }
    return status;
}

/* What is known of copies, if anything. */
static lede_status find_copies(lede_results *results, lede_error *err)
{
    const lede_engine_calls *calls = results->engine->calls;
    uint64_t count = 0;
    lede_status status;

    if (calls->with_copies == NULL) {
        if (results->copies_wanted == LEDE_COPIES_ONLY) {
            lede_notes_put(&results->notes, &results->arena, 0,
                           "these shards, of an older lede, do not know which "
                           "entries are copies: dup:only changes nothing");
        }
        return LEDE_OK;
    }
    status = calls->with_copies(results->engine, &count, err);
    results->has_copies = count > 0;
    if (status == LEDE_OK && results->copies_wanted == LEDE_COPIES_ONLY) {
        status = calls->all_copies(results->engine, &results->chosen, err);
    }
    return status;
}

/* How rare each leaf is, for snippets and the fit. */
static lede_status weigh_leaves(lede_results *results, lede_error *err)
{
    const lede_tree *tree = &results->plan.tree;
    uint32_t i;

    results->weights = lede_arena_array(&results->arena, tree->leaf_count + 1u,
                                        sizeof *results->weights);
    results->spotter =
        lede_spotter_new(tree, results->analyzer, &results->arena);
    if (results->weights == NULL || results->spotter == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for the query");
    }
    for (i = 0; i < tree->leaf_count; i++) {
        results->weights[i] =
            results->engine->calls->leaf(results->tree, i)->idf;
    }
    return LEDE_OK;
}

static lede_status run(lede_results *results, lede_error *err)
{
    return lede_results_run(results, &results->match, &results->found, err);
}

/* Makes the plan require so many of the plain words, and a way of matching. */
static lede_status require(lede_results *results, uint32_t need,
                           lede_error *err)
{
    lede_status status =
        lede_plan_require(&results->plan, need, &results->arena, err);

    return status != LEDE_OK
               ? status
               : lede_ledger_filter(&results->plan, results->options.matched,
                                    &results->arena, &results->plan.tree.root,
                                    err);
}

/* Whether entries have so many of the plain words, however they matched: what
 * --matched leaves out is no reason to relax. */
static lede_status matches_with(lede_results *results, uint32_t need, bool *out,
                                lede_error *err)
{
    lede_status status =
        lede_plan_require(&results->plan, need, &results->arena, err);

    return status != LEDE_OK ? status
                             : results->engine->calls->any(
                                   results->tree, &results->match, out, err);
}

/* The largest number of plain words that some entry has: if one has so many,
 * one has fewer, so halving finds it. *found is 0 if none has any. */
static lede_status find_need(lede_results *results, uint32_t *found,
                             lede_error *err)
{
    uint32_t low = 0;                          /* matches (or is 0) */
    uint32_t high = results->plan.plain_count; /* does not */

    while (high - low > 1) {
        uint32_t need = low == 0 ? 1 : low + (high - low) / 2;
        bool matches = false;
        lede_status status = matches_with(results, need, &matches, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (matches) {
            low = need;
        } else {
            high = need;
        }
        if (low == 0) {
            break; /* not even one */
        }
    }
    *found = low;
    return LEDE_OK;
}

static lede_status relax(lede_results *results, lede_error *err)
{
    uint32_t need = 0;
    bool all_match = false;
    lede_status status = LEDE_OK;

    if (results->found.total > 0 || results->options.no_relax ||
        results->options.match_any || results->plan.plain_count < 2) {
        return LEDE_OK;
    }
    if (results->options.matched != LEDE_MATCHED_ANY) {
        status =
            matches_with(results, results->plan.plain_count, &all_match, err);
    }
    if (status == LEDE_OK && !all_match) {
        status = find_need(results, &need, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (need == 0) {
        return require(results, results->plan.plain_count, err);
    }
    results->is_relaxed = true;
    results->required = need;
    status = require(results, need, err);
    if (status != LEDE_OK) {
        return status;
    }
    lede_match_result_done(&results->found);
    results->found = (lede_match_result){0};
    return run(results, err);
}

/* A long query of optional words: it describes what is sought, and no entry is
 * likely to have all of its words. */
static bool wants_feedback(const lede_results *results)
{
    return wants_fit(&results->options) && results->options.match_any &&
           results->plan.plain_count >= LEDE_FEEDBACK_MIN_WORDS &&
           results->found.hit_count > 0;
}

static lede_status search(lede_results *results, lede_span query,
                          lede_error *err)
{
    lede_status status = plan(results, query, err);

    if (status == LEDE_OK) {
        status = lede_ledger_prepare(&results->plan, &results->arena, err);
    }
    if (status == LEDE_OK) {
        status =
            lede_ledger_filter(&results->plan, results->options.matched,
                               &results->arena, &results->plan.tree.root, err);
    }
    if (status == LEDE_OK) {
        status = lede_results_go_on(results, query, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    status = find_copies(results, err);
    if (status != LEDE_OK) {
        return status;
    }
    set_match_options(results);
    if (results->copies_wanted == LEDE_COPIES_ONLY &&
        results->chosen.entries != NULL) {
        results->match.chosen = &results->chosen;
    }
    status = results->engine->calls->open(results->engine, &results->plan.tree,
                                          &results->tree, err);
    if (status == LEDE_OK) {
        status = run(results, err);
    }
    if (status == LEDE_OK) {
        status = relax(results, err);
    }
    if (status == LEDE_OK && wants_feedback(results)) {
        status = lede_results_learn(results, err);
    }
    if (status == LEDE_OK) {
        status = weigh_leaves(results, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (!results->is_behind) {
        lede_results_note_last(results);
    }
    if (wants_fit(&results->options)) {
        status = lede_results_fit(results, err);
    }
    return status == LEDE_OK ? lede_results_begin(results, err) : status;
}

/* Searches an engine; which belongs to the results if it is `owned`, and is
 * closed with them, or on failure. */
static lede_status search_engine(lede_engine *engine, lede_engine *owned,
                                 lede_span query,
                                 const lede_search_options *options,
                                 lede_results **out, lede_error *err)
{
    lede_results *results = NULL;
    lede_status status = check_options(options, err);

    if (status == LEDE_OK) {
        results = malloc(sizeof *results);
        status = results == NULL
                     ? lede_fail(err, LEDE_NO_MEMORY, "no memory for a search")
                     : LEDE_OK;
    }
    if (status != LEDE_OK) {
        lede_engine_close(owned);
        return status;
    }
    *results =
        (lede_results){.engine = engine, .owned = owned, .options = *options};
    if (engine->calls->take_arena != NULL) {
        results->arena = engine->calls->take_arena(engine);
    }
    status = engine->calls->take_analyzer(engine, &results->analyzer, err);
    if (status == LEDE_OK) {
        status = search(results, query, err);
    }
    if (status == LEDE_OK) {
        *out = results;
    } else {
        lede_results_free(results);
    }
    return status;
}

lede_status lede_engine_search(lede_engine *engine, lede_span query,
                               const lede_search_options *options,
                               lede_results **out, lede_error *err)
{
    lede_status status;
    int tries = 0;
    bool lost;

    /* Parts of the archive may go while it is asked: then what was found before
     * and after would be of two archives. */
    do {
        uint32_t missing = engine->calls->missing(engine);

        status = search_engine(engine, NULL, query, options, out, err);
        lost = engine->calls->missing(engine) > missing;
        if (status == LEDE_OK && lost) {
            lede_results_free(*out);
            *out = NULL;
        }
    } while ((status == LEDE_OK && lost) ||
             (status == LEDE_STALE && ++tries < MOST_TRIES));
    return status;
}

lede_status lede_search(const lede_snapshot *snapshot, lede_span query,
                        const lede_search_options *options, lede_results **out,
                        lede_error *err)
{
    lede_engine *engine = NULL;
    lede_status status = lede_engine_of_snapshot(snapshot, &engine, err);

    return status == LEDE_OK
               ? search_engine(engine, engine, query, options, out, err)
               : status;
}

void lede_results_free(lede_results *results)
{
    if (results == NULL) {
        return;
    }
    lede_results_free_slots(results);
    lede_chosen_done(&results->chosen);
    lede_match_result_done(&results->found);
    if (results->tree != NULL) {
        results->engine->calls->close_tree(results->tree);
    }
    lede_spots_done(&results->spots);
    results->engine->calls->put_analyzer(results->engine, results->analyzer);
    if (results->engine->calls->put_arena != NULL) {
        results->engine->calls->put_arena(results->engine, &results->arena);
    } else {
        lede_arena_done(&results->arena);
    }
    lede_engine_close(results->owned);
    free(results);
}

lede_status lede_query_explain(lede_span query,
                               const lede_search_options *options,
                               lede_buf *out,
                               void (*note)(void *ctx, lede_query_note note),
                               void *ctx, lede_error *err)
{
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_analyzer *analyzer = NULL;
    lede_parsed parsed;
    lede_status status = lede_analyzer_new(&analyzer, err);
    uint32_t i;

    if (status == LEDE_OK) {
        status = parse(query, options, analyzer, &arena, &notes, &parsed, err);
    }
    if (status == LEDE_OK) {
        lede_ast_format(parsed.root, options->match_any, out);
        if (out->failed) {
            status =
                lede_fail(err, LEDE_NO_MEMORY, "no memory to show the query");
        }
    }
    for (i = 0; status == LEDE_OK && note != NULL && i < notes.count; i++) {
        note(ctx, notes.items[i]);
    }
    lede_analyzer_free(analyzer);
    lede_arena_done(&arena);
    return status;
}
