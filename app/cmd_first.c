/* cmd_first.c - lede first and lede last: when was it first, or last, written
 * about? The first hit by date, of those that have one. */
#include "app/opened.h"
#include "app/query_options.h"
#include "app/show_hits.h"

static const lede_option options[] = {
    LEDE_QUERY_OPTIONS,
    {NULL, 0, NULL, NULL, 0},
};

static bool set(void *settings, int id, const char *value, lede_error *err)
{
    return lede_query_set(settings, id, value, err);
}

static int search(lede_app *app, lede_query_settings *s, lede_span query)
{
    lede_opened opened;
    lede_results *results = NULL;
    lede_error err = {0};
    int result = lede_open(app, &opened);

    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    err.status =
        lede_engine_search(opened.engine, query, &s->search, &results, &err);
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else {
        lede_hits_page page = {.app = app,
                               .results = results,
                               .engine = opened.engine,
                               .totals =
                                   opened.engine->calls->totals(opened.engine),
                               .query = query,
                               .options = &s->search};

        result = lede_print_hits(&page);
    }
    lede_results_free(results);
    return lede_close(app, &opened, result);
}

static int run(lede_app *app, lede_query_settings *s, lede_sort sort,
               const char **operands, uint32_t count)
{
    lede_buf query = {0};
    int result = LEDE_EXIT_ERROR;

    s->search.sort = sort;
    s->search.limit = 1;
    if (lede_query_join(s, operands, count, &query)) {
        result = search(app, s, lede_buf_span(&query));
    }
    lede_buf_done(&query);
    return result;
}

static int run_first(lede_app *app, void *settings, const char **operands,
                     uint32_t count)
{
    return run(app, settings, LEDE_SORT_OLDEST, operands, count);
}

static int run_last(lede_app *app, void *settings, const char **operands,
                    uint32_t count)
{
    return run(app, settings, LEDE_SORT_NEWEST, operands, count);
}

const lede_command lede_command_first = {
    .name = "first",
    .operands = "QUERY",
    .summary = "Find the first mention: the oldest entry found.",
    .options = options,
    .dash_operands = true,
    .formats = 1u << LEDE_OUTPUT_CSV | 1u << LEDE_OUTPUT_ATOM,
    .set = set,
    .settings_bytes = sizeof(lede_query_settings),
    .run = run_first,
};

const lede_command lede_command_last = {
    .name = "last",
    .operands = "QUERY",
    .summary = "Find the last mention: the newest entry found.",
    .options = options,
    .dash_operands = true,
    .formats = 1u << LEDE_OUTPUT_CSV | 1u << LEDE_OUTPUT_ATOM,
    .set = set,
    .settings_bytes = sizeof(lede_query_settings),
    .run = run_last,
};
