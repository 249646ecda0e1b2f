/* cmd_search.c - lede search: find entries, best first. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/asked.h"
#include "app/show_hits.h"
#include "query/search.h"

enum {
    OPT_LIMIT = 1,
    OPT_COUNT,
    OPT_KEYS,
    OPT_AFTER,
    OPT_OFFSET,
    OPT_SORT,
    OPT_RANK,
    OPT_RECENCY,
    OPT_NO_RECENCY,
    OPT_HALF_LIFE,
    OPT_FACET,
    OPT_FACET_LIMIT,
    OPT_EXPLAIN,
    OPT_SELF,
    OPT_PARSE
};

static const lede_option options[] = {
    {"limit", 'n', "N", "how many hits to show (10); 0 = all", OPT_LIMIT},
    {"count", 'c', NULL, "say only how many entries match", OPT_COUNT},
    {"keys", 'l', NULL, "only the keys of the hits, one a line", OPT_KEYS},
    {"offset", 0, "N", "pass over the first N hits", OPT_OFFSET},
    {"after", 0, "CURSOR", "go on behind the last hit of an answer (its next)",
     OPT_AFTER},
    {"sort", 's', "ORDER", "relevance, newest or oldest", OPT_SORT},
    LEDE_QUERY_OPTIONS,
    {"rank", 0, "HOW", "fit (the default) or plain: no re-ordering of the top",
     OPT_RANK},
    {"recency", 0, "W", "share of recency in the score, 0 to 1 (0.3)",
     OPT_RECENCY},
    {"no-recency", 0, NULL, "rank by the words alone", OPT_NO_RECENCY},
    {"half-life", 0, "TIME", "age at which recency is half, such as 36h",
     OPT_HALF_LIFE},
    {"facet", 0, "LIST",
     "count by source, author, label, kind, lang, year, month, day, person, "
     "place",
     OPT_FACET},
    {"facet-limit", 0, "N", "how many values of each to show (10); 0 = all",
     OPT_FACET_LIMIT},
    {"explain", 0, NULL, "show what each score is made of", OPT_EXPLAIN},
    {"self", 0, "URL", "where the Atom feed will be, which it then says",
     OPT_SELF},
    {"parse", 0, NULL, "show the query as understood, search nothing",
     OPT_PARSE},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    lede_query_settings query; /* the first */
    bool parse_only;
    bool keys_only;
    lede_facets_wanted facets;
    bool facet_limit_given;
    const char *self; /* NULL: not said */
} settings;

enum { FACET_LIMIT = 10 };

static bool set_limit(settings *s, const char *value, lede_error *err)
{
    uint64_t number = 0;

    if (!lede_parse_count(value, UINT32_MAX, &number)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--limit '%s': give a whole number up to 4294967295; 0 means "
                  "all",
                  value);
        return false;
    }
    s->query.search.unlimited = number == 0;
    s->query.search.limit = (uint32_t)number;
    return true;
}

static bool set_sort(settings *s, const char *value, lede_error *err)
{
    if (strcmp(value, "relevance") == 0) {
        s->query.search.sort = LEDE_SORT_RELEVANCE;
    } else if (strcmp(value, "newest") == 0) {
        s->query.search.sort = LEDE_SORT_NEWEST;
    } else if (strcmp(value, "oldest") == 0) {
        s->query.search.sort = LEDE_SORT_OLDEST;
    } else {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--sort '%s': it is relevance, newest or oldest", value);
        return false;
    }
    return true;
}

static bool set_recency(settings *s, int id, const char *value, lede_error *err)
{
    if (id == OPT_RECENCY) {
        s->query.search.recency_given = true;
        s->query.search.no_recency = false;
        if (lede_parse_number(value, 0, 1, &s->query.search.recency)) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--recency '%s': give a number from 0 to 1", value);
        return false;
    }
    if (lede_parse_duration(value, &s->query.search.half_life_s)) {
        return true;
    }
    lede_fail(err, LEDE_BAD_INPUT,
              "--half-life '%s': give a time such as 36h, 90d or 2y", value);
    return false;
}

static bool set_facet_limit(settings *s, const char *value, lede_error *err)
{
    uint64_t number = 0;

    if (!lede_parse_count(value, UINT32_MAX, &number)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--facet-limit '%s': give a whole number; 0 means all",
                  value);
        return false;
    }
    s->facet_limit_given = true;
    s->facets.limit = number == 0 ? UINT32_MAX : (uint32_t)number;
    return true;
}

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    switch (id) {
    case OPT_LIMIT:
        return set_limit(s, value, err);
    case OPT_COUNT:
        s->query.search.count_only = true;
        return true;
    case OPT_KEYS:
        s->keys_only = true;
        return true;
    case OPT_AFTER:
        s->query.search.after = value;
        return true;
    case OPT_OFFSET:
        if (lede_parse_count(value, UINT64_MAX, &s->query.search.offset)) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--offset '%s': give a whole number (of 64 bits)", value);
        return false;
    case OPT_SORT:
        return set_sort(s, value, err);
    case OPT_RANK:
        return lede_set_choice("rank", value, "fit", "plain",
                               &s->query.search.rank_plain, err);
    case OPT_NO_RECENCY: /* of the two the last counts */
        s->query.search.no_recency = true;
        s->query.search.recency_given = false;
        return true;
    case OPT_RECENCY:
    case OPT_HALF_LIFE:
        return set_recency(s, id, value, err);
    case OPT_FACET:
        return lede_facets_parse(&s->facets, value, err);
    case OPT_FACET_LIMIT:
        return set_facet_limit(s, value, err);
    case OPT_EXPLAIN:
        s->query.search.explain = true;
        return true;
    case OPT_SELF:
        s->self = value;
        if (lede_is_web_address(lede_span_text(value))) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--self '%s': give an address that begins with http:// or "
                  "https://",
                  value);
        return false;
    case OPT_PARSE:
        s->parse_only = true;
        return true;
    default:
        return lede_query_set(&s->query, id, value, err);
    }
}

/* Where the notes of --parse go. */
typedef struct reading {
    const lede_app *app;
    lede_span query;
    lede_json_out *json; /* NULL: to people */
} reading;

static void on_note(void *ctx, lede_query_note note)
{
    const reading *r = ctx;

    if (r->json != NULL) {
        lede_json_note(r->json, r->query, note);
    } else if (!r->app->quiet) {
        lede_say_note(r->query, note);
    }
}

static int print_parse(const lede_app *app, const settings *s, lede_span query)
{
    reading r = {.app = app, .query = query};
    lede_buf parsed = {0};
    lede_buf out = {0};
    lede_error err = {0};
    lede_json_out json;
    bool is_text = app->format == LEDE_OUTPUT_TEXT;
    int result = LEDE_EXIT_DONE;

    lede_json_out_init(&json, &out);
    if (!is_text) {
        lede_json_begin_object(&json);
        lede_json_name(&json, "query");
        lede_json_span(&json, query);
        lede_json_name(&json, "notes");
        lede_json_begin_array(&json);
        r.json = &json;
    }
    err.status =
        lede_query_explain(query, &s->query.search, &parsed, on_note, &r, &err);
    if (is_text) {
        lede_put_safe(&out, lede_buf_span(&parsed));
    } else {
        lede_json_end_array(&json);
        lede_json_name(&json, "parsed");
        lede_json_span(&json, lede_buf_span(&parsed));
        lede_json_end_object(&json);
    }
    lede_buf_put_byte(&out, '\n');
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else if (!lede_flush(&out, stdout)) {
        result = LEDE_EXIT_ERROR;
    }
    lede_buf_done(&parsed);
    lede_buf_done(&out);
    return result;
}

static int print(lede_app *app, const settings *s, lede_span query,
                 const lede_asked *asked)
{
    const lede_engine *engine = asked->opened.engine;
    lede_results *results = asked->results;
    lede_facet_counts facets[LEDE_FACET_COUNT];
    lede_hits_page page = {.app = app,
                           .results = results,
                           .engine = engine,
                           .missing = asked->missing,
                           .totals = engine->calls->totals(engine),
                           .query = query,
                           .options = &s->query.search,
                           .keys_only = s->keys_only,
                           .self = s->self,
                           .facets = facets,
                           .facet_count = s->facets.count,
                           .facet_limit = s->facet_limit_given
                                              ? s->facets.limit
                                              : (uint32_t)FACET_LIMIT};
    lede_error err = {0};
    int result;

    if (s->facets.count > 0) {
        err.status = lede_results_facets(results, s->facets.items,
                                         s->facets.count, facets, &err);
    }
    result =
        err.status == LEDE_OK ? lede_print_hits(&page) : lede_say_failure(&err);
    lede_facet_counts_done(facets, s->facets.count);
    return result;
}

static int search(lede_app *app, const settings *s, lede_asked *asked)
{
    int result = lede_asked_open(app, asked);

    if (result == LEDE_EXIT_DONE && lede_facets_have_names(&s->facets)) {
        lede_say_without_names(app, asked->opened.engine);
    }
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    do {
        result = lede_asked_search(&s->query, asked);
        if (result == LEDE_EXIT_DONE) {
            result = print(app, s, lede_buf_span(&asked->query), asked);
        }
    } while (result == LEDE_EXIT_AGAIN);
    return result;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    settings *s = any;
    lede_asked asked;
    int result;

    if (s->keys_only && app->format != LEDE_OUTPUT_TEXT) {
        lede_say("--keys are text: leave out one of --keys and --format");
        return LEDE_EXIT_ERROR;
    }
    if (s->facets.count > 0 &&
        (s->keys_only || app->format == LEDE_OUTPUT_ATOM)) {
        lede_say("neither keys nor a feed have a place for facets");
        return LEDE_EXIT_ERROR;
    }
    result = lede_asked_begin(&s->query, operands, count, &asked);
    if (result == LEDE_EXIT_DONE) {
        result = s->parse_only
                     ? print_parse(app, s, lede_buf_span(&asked.query))
                     : search(app, s, &asked);
    }
    return lede_asked_done(app, &asked, result);
}

const lede_command lede_command_search = {
    .name = "search",
    .operands = "QUERY",
    .summary = "Find entries, best first.",
    .options = options,
    .dash_operands = true,
    .formats = 1u << LEDE_OUTPUT_CSV | 1u << LEDE_OUTPUT_ATOM,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};
