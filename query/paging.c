/* paging.c - which hits an answer has, and those that are at hand.
 *
 * An answer holds one page of hits at a time, so that all hits of any number
 * pass through the same memory. Behind the last of a page the search is run
 * again, for hits behind it: that costs a run each page, which reading the
 * entries that are shown always outweighs. */
#include "query/paging.h"

#include <assert.h>

#include "query/cursor.h"

enum { DEFAULT_LIMIT = 10, DEAR_PAGES = 8 /* times as many hits */ };

uint64_t lede_results_limit(const lede_search_options *options)
{
    if (options->unlimited) {
        return UINT64_MAX;
    }
    return options->limit == 0 ? (uint64_t)DEFAULT_LIMIT : options->limit;
}

/* Hits held at a time. */
static uint64_t page_of(const lede_results *results)
{
    uint64_t page = results->options.page_hits;

    if (page == 0) {
        page = results->engine->calls->pages_are_dear
                   ? (uint64_t)LEDE_RESULTS_PAGE * DEAR_PAGES
                   : (uint64_t)LEDE_RESULTS_PAGE;
    }
    return page < LEDE_FIT_MOST ? (uint64_t)LEDE_FIT_MOST : page;
}

lede_status lede_results_go_on(lede_results *results, lede_span query,
                               lede_error *err)
{
    const lede_search_options *options = &results->options;
    lede_cursor cursor;

    results->offset = options->offset;
    if (options->after == NULL || options->count_only) {
        return LEDE_OK;
    }
    if (!lede_cursor_parse(lede_span_text(options->after), &cursor)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "this is no cursor, or not a whole one");
    }
    if (cursor.search != lede_cursor_search(query, options)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "the cursor belongs to another search: query, order "
                         "and filters have to be the same");
    }
    if (options->offset > 0) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "a cursor and an offset: give one of them");
    }
    results->has_changed =
        cursor.archive != lede_cursor_archive(results->engine);
    if (results->has_changed && options->sort == LEDE_SORT_RELEVANCE) {
        return lede_fail(
            err, LEDE_BAD_INPUT,
            "the archive has changed since the cursor was made, and "
            "with it the order by relevance: start again without "
            "it");
    }
    if (options->sort == LEDE_SORT_RELEVANCE && !options->rank_plain &&
        cursor.rank < LEDE_FIT_MOST) {
        /* The first are in an order of their own: to be counted off. */
        results->offset = cursor.rank;
        return LEDE_OK;
    }
    results->is_behind = true;
    results->base = cursor.rank;
    results->last = (lede_match_hit){
        .score = cursor.score, .time = cursor.time, .key = cursor.key};
    return LEDE_OK;
}

uint64_t lede_results_first_run(const lede_results *results, bool wants_fit)
{
    uint64_t limit = lede_results_limit(&results->options);
    uint64_t page = page_of(results);
    uint64_t least = wants_fit ? (uint64_t)LEDE_FIT_DEPTH : 0;
    uint64_t wanted;

    if (results->options.count_only) {
        return 0;
    }
    if (results->is_behind) {
        return least; /* this run counts, and learns */
    }
    if (results->offset >= page || results->options.unlimited) {
        return page;
    }
    wanted = results->offset + limit;
    return wanted > least ? wanted : least;
}

bool lede_results_is_paged(const lede_results *results)
{
    return results->is_behind || results->options.unlimited ||
           results->offset >= page_of(results);
}

void lede_results_note_last(lede_results *results)
{
    if (results->found.hit_count > 0) {
        results->last = results->found.hits[results->found.hit_count - 1];
    }
}

/* The page behind the last hit: `most` hits. The total stays. */
static lede_status turn(lede_results *results, uint64_t most, lede_error *err)
{
    lede_match_options options = results->match;
    uint64_t total = results->found.total;
    lede_match_result next = {0};
    lede_status status;

    options.k = most < UINT64_MAX - results->early_count
                    ? most + results->early_count
                    : most;
    options.totals = LEDE_TOTALS_NONE;
    options.has_after = true;
    options.after = results->last;
    status = lede_results_run(results, &options, &next, err);
    if (status != LEDE_OK) {
        return status;
    }
    lede_results_drop_early(results, &next, 0);
    if (next.hit_count > most) {
        next.hit_count = most;
    }
    results->base += results->found.hit_count;
    lede_match_result_done(&results->found);
    results->found = next;
    results->found.total = total;
    lede_results_note_last(results);
    return LEDE_OK;
}

lede_status lede_results_reach(lede_results *results, uint64_t at,
                               lede_error *err)
{
    lede_status status = LEDE_OK;

    if (at < results->base) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "the hits of a long answer are read in order");
    }
    while (status == LEDE_OK &&
           at - results->base >= results->found.hit_count) {
        if (results->found.hit_count < results->page) {
            return LEDE_END;
        }
        status = turn(results, results->page, err);
    }
    return status;
}

/* Those behind the first that are in the answer. */
static void count_page(lede_results *results, uint64_t reachable)
{
    uint64_t limit = lede_results_limit(&results->options);
    uint64_t left = reachable > results->first ? reachable - results->first : 0;

    results->has_more = left > limit;
    left = left < limit ? left : limit;
    results->count = left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
}

static lede_status begin_behind(lede_results *results, lede_error *err)
{
    uint64_t limit = lede_results_limit(&results->options);
    uint64_t total = results->found.total;
    lede_status status;

    results->page = results->options.unlimited ? page_of(results) : limit + 1;
    lede_match_result_done(&results->found);
    results->found.total = total;
    results->fit_count = 0;
    results->first = results->base;
    status = turn(results, results->page, err);
    if (status == LEDE_OK) {
        /* In a changed archive only the hits themselves tell how many. */
        count_page(results, results->options.unlimited
                                ? (results->has_changed ? UINT64_MAX
                                                        : results->found.total)
                                : results->base + results->found.hit_count);
    }
    return status;
}

/* All hits of the answer are at hand, so that its last is known at once: goes
 * through pages to the hit before the first, and on from there. */
static lede_status pass_pages(lede_results *results, lede_error *err)
{
    uint64_t total = results->found.total;
    uint64_t before = results->first - 1;
    lede_status status = lede_results_reach(results, before, err);

    if (status != LEDE_OK) {
        return status;
    }
    results->last = results->first == results->fit_count
                        ? results->last_fitted
                        : results->found.hits[before - results->base];
    lede_match_result_done(&results->found);
    results->found.total = total;
    results->base = results->first;
    return turn(results, results->count, err);
}

lede_status lede_results_begin(lede_results *results, lede_error *err)
{
    uint64_t total = results->found.total;
    lede_status status = LEDE_OK;

    if (results->options.count_only) {
        return LEDE_OK;
    }
    if (results->is_behind) {
        return begin_behind(results, err);
    }
    if (!lede_results_is_paged(results)) {
        results->first = results->offset < results->found.hit_count
                             ? results->offset
                             : results->found.hit_count;
        results->page = UINT64_MAX;
        count_page(results, results->match.totals == LEDE_TOTALS_EXACT
                                ? total
                                : results->found.hit_count);
        return LEDE_OK;
    }
    results->page = results->match.k;
    results->first = results->offset < total ? results->offset : total;
    count_page(results, total);
    if (results->count > 0 && !results->options.unlimited) {
        status = pass_pages(results, err);
    }
    return status == LEDE_END ? LEDE_OK : status;
}

bool lede_results_has_more(const lede_results *results)
{
    return results->has_more && results->count > 0;
}

void lede_results_cursor(const lede_results *results, uint32_t index,
                         lede_buf *out)
{
    uint64_t at = results->first + index - results->base;
    const lede_match_hit *hit = &results->found.hits[at];
    lede_cursor cursor = {
        .archive = lede_cursor_archive(results->engine),
        .search = lede_cursor_search(results->query, &results->options),
        .rank = results->first + index + 1};

    assert(index < results->count && at < results->found.hit_count);
    if (cursor.rank <= results->fit_count) { /* behind it come those after all
                                                that were fitted */
        hit = &results->last_fitted;
    }
    cursor.score = hit->score;
    cursor.time = hit->time;
    cursor.key = hit->key;
    lede_cursor_format(&cursor, out);
}
