/* cmd_people.c - lede people and lede places: who, and what places, the archive
 * speaks of. */
#include "app/opened.h"
#include "app/query_options.h"
#include "app/show_name_counts.h"

static const lede_option options[] = {
    LEDE_NAME_LIMIT_OPTION,
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    uint32_t limit;
} settings;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    (void)id;
    return lede_name_limit_set(value, &s->limit, err);
}

static int show(lede_app *app, const settings *s, lede_named_kind kind,
                lede_span prefix, lede_engine *engine)
{
    lede_name_counts counts = {0};
    lede_name_page page = {
        .app = app, .engine = engine, .counts = &counts, .limit = s->limit};
    lede_error err = {0};
    int result;

    lede_say_without_names(app, engine);
    err.status =
        lede_engine_name_counts(engine, 1u << kind, prefix, &counts, &err);
    result = err.status == LEDE_OK ? lede_print_name_counts(&page)
                                   : lede_say_failure(&err);
    lede_name_counts_done(&counts);
    return result;
}

static int run(lede_app *app, const settings *s, lede_named_kind kind,
               const char **operands, uint32_t count)
{
    lede_opened opened = {0};
    lede_buf prefix = {0};
    int result = LEDE_EXIT_ERROR;

    if (lede_join_operands(operands, count, &prefix)) {
        result = lede_open(app, &opened);
    }
    if (result == LEDE_EXIT_DONE) {
        result = show(app, s, kind, lede_buf_span(&prefix), opened.engine);
    }
    lede_buf_done(&prefix);
    return lede_close(app, &opened, result);
}

static int run_people(lede_app *app, void *any, const char **operands,
                      uint32_t count)
{
    return run(app, any, LEDE_NAMED_PERSON, operands, count);
}

static int run_places(lede_app *app, void *any, const char **operands,
                      uint32_t count)
{
    return run(app, any, LEDE_NAMED_PLACE, operands, count);
}

const lede_command lede_command_people = {
    .name = "people",
    .operands = "[PREFIX]",
    .summary = "List the people that are spoken of, and how often.",
    .options = options,
    .formats = 1u << LEDE_OUTPUT_CSV,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_people,
};

const lede_command lede_command_places = {
    .name = "places",
    .operands = "[PREFIX]",
    .summary = "List the places that are spoken of, and how often.",
    .options = options,
    .formats = 1u << LEDE_OUTPUT_CSV,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_places,
};
