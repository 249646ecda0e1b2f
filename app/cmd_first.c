/* cmd_first.c - lede first and lede last: when was it first, or last, written
 * about? The first hit by date, of those that have one. */
#include "app/asked.h"
#include "app/show_hits.h"

static const lede_option options[] = {
    LEDE_QUERY_OPTIONS,
    {NULL, 0, NULL, NULL, 0},
};

static bool set(void *settings, int id, const char *value, lede_error *err)
{
    return lede_query_set(settings, id, value, err);
}

static int run(lede_app *app, lede_query_settings *s, lede_sort sort,
               const char **operands, uint32_t count)
{
    lede_asked asked;
    int result;

    s->search.sort = sort;
    s->search.limit = 1;
    result = lede_ask(app, s, operands, count, &asked);
    while (result == LEDE_EXIT_DONE) {
        lede_engine *engine = asked.opened.engine;
        lede_hits_page page = {.app = app,
                               .results = asked.results,
                               .engine = engine,
                               .missing = asked.missing,
                               .totals = engine->calls->totals(engine),
                               .query = lede_buf_span(&asked.query),
                               .options = &s->search};

        result = lede_print_hits(&page);
        if (result != LEDE_EXIT_AGAIN) {
            break;
        }
        result = lede_asked_search(s, &asked);
    }
    return lede_asked_done(app, &asked, result);
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
