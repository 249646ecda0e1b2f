/* cmd_who.c - lede who, lede where and lede with: whom and what places an
 * answer speaks of more than the archive does. */
#include "app/opened.h"
#include "app/query_options.h"
#include "app/show_hits.h"
#include "app/show_name_counts.h"

static const lede_option options[] = {
    LEDE_NAME_LIMIT_OPTION,
    LEDE_QUERY_OPTIONS,
    {NULL, 0, NULL, NULL, 0},
};

static const lede_option limit_only[] = {
    LEDE_NAME_LIMIT_OPTION,
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    lede_query_settings query;
    bool has_limit;
    uint32_t limit;
} settings;

enum {
    PEOPLE = 1u << LEDE_NAMED_PERSON,
    PLACES = 1u << LEDE_NAMED_PLACE,
    TOGETHER = 0
};

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    if (id != LEDE_OPT_NAME_LIMIT) {
        return lede_query_set(&s->query, id, value, err);
    }
    s->has_limit = true;
    return lede_name_limit_set(value, &s->limit, err);
}

static int show(lede_app *app, const settings *s, unsigned what,
                lede_span query, lede_span typed)
{
    lede_opened opened;
    lede_results *results = NULL;
    lede_name_counts counts = {0};
    lede_error err = {0};
    int result = lede_open(app, &opened);

    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    lede_say_without_names(app, opened.engine);
    err.status = lede_engine_search(opened.engine, query, &s->query.search,
                                    &results, &err);
    if (err.status == LEDE_OK && what == TOGETHER) {
        err.status = lede_results_names_with(results, &counts, &err);
    } else if (err.status == LEDE_OK) {
        lede_say_answer(app, query, results);
        err.status = lede_results_name_counts(results, what, &counts, &err);
    }
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else {
        lede_name_page page = {
            .app = app,
            .engine = opened.engine,
            .counts = &counts,
            .limit = s->has_limit ? s->limit : (uint32_t)LEDE_NAME_LIMIT,
            .query = typed,
            .results = results};

        result = lede_print_name_counts(&page);
    }
    lede_name_counts_done(&counts);
    lede_results_free(results);
    return lede_close(app, &opened, result);
}

static int run(lede_app *app, settings *s, unsigned kinds,
               const char **operands, uint32_t count)
{
    lede_buf query = {0};
    int result = LEDE_EXIT_ERROR;

    s->query.search.count_only = true;
    if (lede_query_join(&s->query, operands, count, &query)) {
        result =
            show(app, s, kinds, lede_buf_span(&query), lede_buf_span(&query));
    }
    lede_buf_done(&query);
    return result;
}

static int run_who(lede_app *app, void *any, const char **operands,
                   uint32_t count)
{
    return run(app, any, PEOPLE, operands, count);
}

static int run_where(lede_app *app, void *any, const char **operands,
                     uint32_t count)
{
    return run(app, any, PLACES, operands, count);
}

/* A name may be a person's or a place's; quotes in it would end it. */
static int run_with(lede_app *app, void *any, const char **operands,
                    uint32_t count)
{
    settings *s = any;
    lede_buf name = {0}, query = {0};
    int result = LEDE_EXIT_ERROR;

    if (count == 0) {
        lede_say("with: whom? Give a name");
        return LEDE_EXIT_ERROR;
    }
    s->query.search.count_only = true;
    if (!lede_query_join(&s->query, operands, count, &name)) {
        lede_buf_done(&name);
        return result;
    }
    for (size_t i = 0; i < name.len; i++) {
        name.bytes[i] = name.bytes[i] == '"' ? ' ' : name.bytes[i];
    }
    lede_buf_put_format(&query, "person:\"%s\" OR place:\"%s\"",
                        lede_buf_text(&name), lede_buf_text(&name));
    if (query.failed) {
        lede_say("out of memory");
    } else {
        result =
            show(app, s, TOGETHER, lede_buf_span(&query), lede_buf_span(&name));
    }
    lede_buf_done(&name);
    lede_buf_done(&query);
    return result;
}

const lede_command lede_command_who = {
    .name = "who",
    .operands = "QUERY",
    .summary = "Whom an answer speaks of, most telling first.",
    .options = options,
    .dash_operands = true,
    .formats = 1u << LEDE_OUTPUT_CSV,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_who,
};

const lede_command lede_command_where = {
    .name = "where",
    .operands = "QUERY",
    .summary = "What places an answer speaks of, most telling first.",
    .options = options,
    .dash_operands = true,
    .formats = 1u << LEDE_OUTPUT_CSV,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_where,
};

const lede_command lede_command_with = {
    .name = "with",
    .operands = "NAME",
    .summary = "Who, and what places, are named together with somebody.",
    .options = limit_only,
    .formats = 1u << LEDE_OUTPUT_CSV,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_with,
};
