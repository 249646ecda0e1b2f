/* results_run.c - a run of the search, with near-copies folded; see results.h.
 */
#include "query/results.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_MORE = 16 };

static bool folds(const lede_results *results)
{
    return results->copies_wanted == LEDE_COPIES_FOLD && results->has_copies;
}

/* Hits behind those at hand, until there are as many as asked for. */
static lede_status add_more(lede_results *results,
                            const lede_match_options *options,
                            lede_match_result *all, lede_match_hit last,
                            lede_error *err)
{
    const lede_engine_calls *calls = results->engine->calls;
    bool is_end = false;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK && !is_end && all->hit_count < options->k) {
        lede_match_options next = *options;
        lede_match_result more = {0};
        uint64_t taken;
        lede_match_hit *hits;

        next.totals = LEDE_TOTALS_NONE;
        next.k = options->k - all->hit_count;
        next.k = next.k < LEAST_MORE ? LEAST_MORE : next.k;
        next.has_after = true;
        next.after = last;
        status = calls->run(results->tree, &next, &more, err);
        if (status != LEDE_OK) {
            break;
        }
        is_end = more.hit_count < next.k;
        if (more.hit_count > 0) {
            last = more.hits[more.hit_count - 1];
        }
        status = calls->fold(results->tree, options, &more, err);
        taken = options->k - all->hit_count;
        taken = more.hit_count < taken ? more.hit_count : taken;
        if (status == LEDE_OK && taken > 0) {
            hits =
                realloc(all->hits, (all->hit_count + taken) * sizeof hits[0]);
            if (hits == NULL) {
                status = lede_fail(err, LEDE_NO_MEMORY, "no memory for hits");
            } else {
                memcpy(hits + all->hit_count, more.hits,
                       taken * sizeof hits[0]);
                all->hits = hits;
                all->hit_count += taken;
            }
        }
        lede_match_result_done(&more);
    }
    return status;
}

static lede_status count_stories(lede_results *results,
                                 const lede_match_options *options,
                                 lede_match_result *out, lede_error *err)
{
    uint64_t folded = 0;
    lede_status status = LEDE_OK;

    results->entries = out->total;
    results->stories = out->total;
    results->has_stories = results->engine->calls->folded != NULL;
    if (results->options.unfolded) {
        results->has_stories = false;
    } else if (results->has_copies) {
        status = results->engine->calls->folded(results->tree, options, &folded,
                                                err);
        results->stories -= folded;
    }
    if (folds(results)) {
        out->total = results->stories;
    }
    return status;
}

lede_status lede_results_run(lede_results *results,
                             const lede_match_options *options,
                             lede_match_result *out, lede_error *err)
{
    const lede_engine_calls *calls = results->engine->calls;
    lede_match_options own = *options;
    lede_match_result found = {0};
    lede_status status;

    if (folds(results) && own.k > 0 && own.k < UINT64_MAX - LEAST_MORE) {
        own.k += LEAST_MORE; /* cheaper than a second run */
    }
    status = calls->run(results->tree, &own, &found, err);
    if (status == LEDE_OK && folds(results) && found.hit_count > 0) {
        lede_match_hit last = found.hits[found.hit_count - 1];
        bool is_end = found.hit_count < own.k;

        status = calls->fold(results->tree, options, &found, err);
        if (status == LEDE_OK && !is_end) {
            status = add_more(results, options, &found, last, err);
        }
        if (found.hit_count > options->k) {
            found.hit_count = options->k;
        }
    }
    if (status == LEDE_OK && options->totals == LEDE_TOTALS_EXACT) {
        status = count_stories(results, options, &found, err);
    }
    if (status != LEDE_OK) {
        lede_match_result_done(&found);
        return status;
    }
    *out = found;
    return LEDE_OK;
}
