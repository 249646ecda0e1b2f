/* cmd_who.c - lede who, lede where and lede with: whom and what places an
 * answer speaks of more than the archive does. */
#include "app/asked.h"
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

    return id == LEDE_OPT_NAME_LIMIT
               ? lede_name_limit_set(value, &s->limit, err)
               : lede_query_set(&s->query, id, value, err);
}

/* `typed` is what the user asked for: the query itself, or a name. */
static int show(lede_app *app, const settings *s, unsigned what,
                const lede_asked *asked, lede_span typed)
{
    lede_name_counts counts = {0};
    lede_name_page page = {.app = app,
                           .engine = asked->opened.engine,
                           .counts = &counts,
                           .limit = s->limit,
                           .query = typed,
                           .results = asked->results};
    lede_error err = {0};
    int result;

    if (what == TOGETHER) {
        err.status = lede_results_names_with(asked->results, &counts, &err);
    } else {
        lede_say_answer(app, typed, asked->results);
        err.status =
            lede_results_name_counts(asked->results, what, &counts, &err);
    }
    result = err.status != LEDE_OK    ? lede_say_failure(&err)
             : lede_asked_lost(asked) ? LEDE_EXIT_AGAIN
                                      : lede_print_name_counts(&page);
    lede_name_counts_done(&counts);
    return result;
}

static int run(lede_app *app, settings *s, unsigned what, const char **operands,
               uint32_t count, lede_span typed)
{
    lede_asked asked;
    int result;

    s->query.search.count_only = true;
    result = lede_asked_begin(&s->query, operands, count, &asked);
    if (result == LEDE_EXIT_DONE) {
        result = lede_asked_open(app, &asked);
    }
    if (result == LEDE_EXIT_DONE) {
        lede_say_without_names(app, asked.opened.engine);
        do {
            result = lede_asked_search(&s->query, &asked);
            if (result == LEDE_EXIT_DONE) {
                result =
                    show(app, s, what, &asked,
                         typed.len > 0 ? typed : lede_buf_span(&asked.query));
            }
        } while (result == LEDE_EXIT_AGAIN);
    }
    return lede_asked_done(app, &asked, result);
}

static int run_who(lede_app *app, void *any, const char **operands,
                   uint32_t count)
{
    return run(app, any, PEOPLE, operands, count, lede_span_of(NULL, 0));
}

static int run_where(lede_app *app, void *any, const char **operands,
                     uint32_t count)
{
    return run(app, any, PLACES, operands, count, lede_span_of(NULL, 0));
}

/* A name may be a person's or a place's; quotes in it would end it. */
static int run_with(lede_app *app, void *any, const char **operands,
                    uint32_t count)
{
    lede_buf name = {0}, query = {0};
    int result = LEDE_EXIT_ERROR;

    if (count == 0) {
        lede_say("with: whom? Give a name");
        return LEDE_EXIT_ERROR;
    }
    if (!lede_join_operands(operands, count, &name)) {
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
        const char *operand = lede_buf_text(&query);

        result = run(app, any, TOGETHER, &operand, 1, lede_buf_span(&name));
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
