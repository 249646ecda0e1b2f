/* cmd_search.c - lede search: find entries, best first. */
#include <inttypes.h>
#include <string.h>

#include "app/opened.h"
#include "app/show_hits.h"
#include "base/zone.h"
#include "query/search.h"

enum {
    OPT_LIMIT = 1,
    OPT_COUNT,
    OPT_KEYS,
    OPT_AFTER,
    OPT_OFFSET,
    OPT_SORT,
    OPT_MATCH,
    OPT_NO_RELAX,
    OPT_RANK,
    OPT_RECENCY,
    OPT_NO_RECENCY,
    OPT_HALF_LIFE,
    OPT_AS_OF,
    OPT_ZONE,
    OPT_EXPLAIN,
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
    {"match", 0, "WHICH", "all words (the default), or any", OPT_MATCH},
    {"no-relax", 0, NULL, "never drop a word when nothing has them all",
     OPT_NO_RELAX},
    {"rank", 0, "HOW", "fit (the default) or plain: no re-ordering of the top",
     OPT_RANK},
    {"recency", 0, "W", "share of recency in the score, 0 to 1 (0.3)",
     OPT_RECENCY},
    {"no-recency", 0, NULL, "rank by the words alone", OPT_NO_RECENCY},
    {"half-life", 0, "TIME", "age at which recency is half, such as 36h",
     OPT_HALF_LIFE},
    {"as-of", 0, "DATE", "search as it was then: nothing later, ages from then",
     OPT_AS_OF},
    {"zone", 0, "ZONE", "time zone of dates, typed and shown (UTC)", OPT_ZONE},
    {"explain", 0, NULL, "show what each score is made of", OPT_EXPLAIN},
    {"parse", 0, NULL, "show the query as understood, search nothing",
     OPT_PARSE},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    lede_search_options search;
    const char *as_of;
    bool parse_only;
    bool keys_only;
} settings;

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
    s->search.unlimited = number == 0;
    s->search.limit = (uint32_t)number;
    return true;
}

static bool set_sort(settings *s, const char *value, lede_error *err)
{
    if (strcmp(value, "relevance") == 0) {
        s->search.sort = LEDE_SORT_RELEVANCE;
    } else if (strcmp(value, "newest") == 0) {
        s->search.sort = LEDE_SORT_NEWEST;
    } else if (strcmp(value, "oldest") == 0) {
        s->search.sort = LEDE_SORT_OLDEST;
    } else {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--sort '%s': it is relevance, newest or oldest", value);
        return false;
    }
    return true;
}

/* An option with two words: false is the first. */
static bool set_choice(const char *option, const char *value, const char *first,
                       const char *second, bool *out, lede_error *err)
{
    if (strcmp(value, first) != 0 && strcmp(value, second) != 0) {
        lede_fail(err, LEDE_BAD_INPUT, "--%s '%s': it is %s or %s", option,
                  value, first, second);
        return false;
    }
    *out = strcmp(value, second) == 0;
    return true;
}

static bool set_zone(settings *s, const char *value, lede_error *err)
{
    lede_zone *zone = NULL;

    if (lede_zone_open(value, &zone, err) != LEDE_OK) {
        return lede_refuse("--zone", err);
    }
    lede_zone_close(zone);
    s->search.zone = value;
    return true;
}

static bool set_recency(settings *s, int id, const char *value, lede_error *err)
{
    if (id == OPT_RECENCY) {
        s->search.recency_given = true;
        s->search.no_recency = false;
        if (lede_parse_number(value, 0, 1, &s->search.recency)) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--recency '%s': give a number from 0 to 1", value);
        return false;
    }
    if (lede_parse_duration(value, &s->search.half_life_s)) {
        return true;
    }
    lede_fail(err, LEDE_BAD_INPUT,
              "--half-life '%s': give a time such as 36h, 90d or 2y", value);
    return false;
}

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    switch (id) {
    case OPT_LIMIT:
        return set_limit(s, value, err);
    case OPT_COUNT:
        s->search.count_only = true;
        return true;
    case OPT_KEYS:
        s->keys_only = true;
        return true;
    case OPT_AFTER:
        s->search.after = value;
        return true;
    case OPT_OFFSET:
        if (lede_parse_count(value, UINT64_MAX, &s->search.offset)) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--offset '%s': give a whole number (of 64 bits)", value);
        return false;
    case OPT_SORT:
        return set_sort(s, value, err);
    case OPT_MATCH:
        return set_choice("match", value, "all", "any", &s->search.match_any,
                          err);
    case OPT_RANK:
        return set_choice("rank", value, "fit", "plain", &s->search.rank_plain,
                          err);
    case OPT_NO_RELAX:
        s->search.no_relax = true;
        return true;
    case OPT_NO_RECENCY: /* of the two the last counts */
        s->search.no_recency = true;
        s->search.recency_given = false;
        return true;
    case OPT_RECENCY:
    case OPT_HALF_LIFE:
        return set_recency(s, id, value, err);
    case OPT_AS_OF:
        s->as_of = value;
        return true;
    case OPT_ZONE:
        return set_zone(s, value, err);
    case OPT_EXPLAIN:
        s->search.explain = true;
        return true;
    default:
        s->parse_only = true;
        return true;
    }
}

/* The end of the period that DATE names, in the zone asked for. */
static bool read_as_of(settings *s, lede_error *err)
{
    lede_zone *zone = NULL;
    int64_t begin = 0;
    int64_t end = 0;
    lede_civil civil;

    if (s->as_of == NULL) {
        return true;
    }
    if (!lede_period_parse(lede_span_text(s->as_of), 0, &begin, &end)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--as-of '%s': give a date such as 2025, 2025-02-17 or "
                  "2025-02-17T14:50Z",
                  s->as_of);
        return false;
    }
    if (s->search.zone != NULL && strpbrk(s->as_of, "Zz+") == NULL &&
        strlen(s->as_of) <= 19) {
        if (lede_zone_open(s->search.zone, &zone, err) != LEDE_OK) {
            return false;
        }
        lede_civil_from_instant(end, 0, &civil);
        end -= lede_zone_offset_for_local(zone, &civil);
        lede_zone_close(zone);
    }
    s->search.as_of_given = true;
    s->search.as_of = end - 1;
    return true;
}

static bool join_query(const char **operands, uint32_t count, lede_buf *query)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (i > 0) {
            lede_buf_put_byte(query, ' ');
        }
        lede_buf_put_text(query, operands[i]);
    }
    if (query->failed) {
        lede_say("out of memory");
    }
    return !query->failed;
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
        lede_query_explain(query, &s->search, &parsed, on_note, &r, &err);
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

static int search(lede_app *app, const settings *s, lede_span query)
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
                               .options = &s->search,
                               .keys_only = s->keys_only};

        result = lede_print_hits(&page);
    }
    lede_results_free(results);
    return lede_close(app, &opened, result);
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    settings *s = any;
    lede_buf query = {0};
    lede_error err = {0};
    int result = LEDE_EXIT_ERROR;

    if (!read_as_of(s, &err)) {
        lede_say("%s", err.message);
    } else if (s->keys_only && app->format != LEDE_OUTPUT_TEXT) {
        lede_say("--keys are text: leave out one of --keys and --format");
    } else if (join_query(operands, count, &query)) {
        result = s->parse_only ? print_parse(app, s, lede_buf_span(&query))
                               : search(app, s, lede_buf_span(&query));
    }
    lede_buf_done(&query);
    return result;
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
