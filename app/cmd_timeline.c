/* cmd_timeline.c - lede timeline: when was it written about, and how much of
 * all that was written then. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/asked.h"
#include "app/csv_out.h"
#include "app/json_out.h"
#include "app/partial.h"
#include "app/show_entry.h"
#include "app/show_hits.h"
#include "query/timeline.h"

enum { OPT_BY = 1, OPT_SHARE };

static const lede_option options[] = {
    {"by", 0, "STEP", "hour, day, week, month, year; auto (the default)",
     OPT_BY},
    {"share", 0, NULL, "bars are shares of all entries published then",
     OPT_SHARE},
    LEDE_QUERY_OPTIONS,
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    lede_query_settings query;
    lede_step step;
    bool by_share;
} settings;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    if (id == OPT_SHARE) {
        s->by_share = true;
        return true;
    }
    if (id != OPT_BY) {
        return lede_query_set(&s->query, id, value, err);
    }
    if (!lede_step_parse(lede_span_text(value), &s->step)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--by '%s': it is hour, day, week, month, year or auto",
                  value);
        return false;
    }
    return true;
}

/* --- For people ------------------------------------------------------------
 */

enum { LEAST_BAR = 10, MOST_BAR = 60, BESIDE_BAR = 34, COLUMNS = 80 };

static unsigned bar_width(void)
{
    const char *told = getenv("COLUMNS");
    uint64_t columns = COLUMNS;
    struct winsize size;

    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 0) {
        columns = size.ws_col;
    } else if (told == NULL || !lede_parse_count(told, 10000, &columns)) {
        columns = COLUMNS;
    }
    return columns < BESIDE_BAR + LEAST_BAR  ? (unsigned)LEAST_BAR
           : columns > BESIDE_BAR + MOST_BAR ? (unsigned)MOST_BAR
                                             : (unsigned)columns - BESIDE_BAR;
}

static bool is_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (int i = 0; i < 3; i++) {
        const char *value = getenv(variables[i]);

        if (value != NULL && value[0] != '\0') {
            return strstr(value, "UTF-8") != NULL ||
                   strstr(value, "utf8") != NULL ||
                   strstr(value, "UTF8") != NULL ||
                   strstr(value, "utf-8") != NULL;
        }
    }
    return false;
}

/* A bar of eighths of a character, or of whole ones; something is never none.
 */
static void put_bar(lede_buf *out, double height, double most, unsigned width,
                    bool utf8)
{
    unsigned parts = utf8 ? 8 : 1;
    double part = most > 0 ? height / most : 0;
    unsigned length = (unsigned)(part * width * parts + 0.5);
    unsigned i;

    length = length == 0 && height > 0 ? 1 : length;
    for (i = 0; i < length / parts; i++) {
        lede_buf_put_text(out, utf8 ? "\xE2\x96\x88" : "#");
    }
    if (length % parts != 0) { /* U+258F is an eighth, U+2589 seven */
        lede_buf_put_text(out, "\xE2\x96");
        lede_buf_put_byte(out, (uint8_t)(0x90 - length % parts));
        i++;
    }
    for (; i < width; i++) {
        lede_buf_put_byte(out, ' ');
    }
}

/* Of all entries published then; 0 if there are none. */
static double share_of(const lede_bucket *bucket)
{
    return bucket->volume > 0 ? (double)bucket->count / (double)bucket->volume
                              : 0;
}

static double height_of(const lede_bucket *bucket, bool by_share)
{
    return by_share ? share_of(bucket) : (double)bucket->count;
}

static void put_apart(lede_buf *out, const lede_timeline *t)
{
    if (t->imprecise > 0) {
        lede_put_entries(out, t->imprecise);
        lede_buf_put_format(out, " known less exactly than to the %s\n",
                            lede_step_name(t->step));
    }
    if (t->unknown > 0) {
        lede_put_entries(out, t->unknown);
        lede_buf_put_text(out, " of unknown date\n");
    }
}

static void put_text(const lede_app *app, lede_buf *out, const lede_timeline *t,
                     const lede_nothing *nothing, bool by_share)
{
    unsigned width = bar_width();
    bool utf8 = is_utf8();
    double most = 0;

    for (uint32_t i = 0; i < t->count; i++) {
        double height = height_of(&t->buckets[i], by_share);

        most = height > most ? height : most;
    }
    if (!app->quiet && t->matches == 0) {
        lede_put_nothing(out, nothing);
    } else if (!app->quiet && t->count == 0) {
        lede_put_entries(out, t->matches);
        lede_buf_put_format(out, ", none known to the %s\n\n",
                            lede_step_name(t->step));
    } else if (!app->quiet) {
        lede_put_entries(out, t->matches);
        lede_buf_put_format(
            out, " by %s; %s\n\n", lede_step_name(t->step),
            by_share ? "bars show what share that is of all published then:"
                     : "of all entries published then, so many:");
    }
    for (uint32_t i = 0; i < t->count; i++) {
        const lede_bucket *bucket = &t->buckets[i];

        lede_buf_put_format(out, "%-13s ", bucket->name);
        lede_put_style(app, out, LEDE_STYLE_MARK);
        put_bar(out, height_of(bucket, by_share), most, width, utf8);
        lede_put_style(app, out, LEDE_STYLE_PLAIN);
        lede_buf_put_format(out, " %8" PRIu64, bucket->count);
        if (bucket->volume > 0) {
            lede_buf_put_format(out, " %6.1f %%", 100.0 * share_of(bucket));
        }
        lede_buf_put_byte(out, '\n');
    }
    if (t->imprecise + t->unknown > 0) {
        lede_buf_put_text(out, t->count > 0 && !app->quiet ? "\n" : "");
        put_apart(out, t);
    }
}

/* --- For programs ----------------------------------------------------------
 */

static void put_member(lede_json_out *json, const char *name, uint64_t value)
{
    lede_json_name(json, name);
    lede_json_unsigned(json, value);
}

static void put_json(lede_buf *out, lede_span query, const lede_asked *asked,
                     const lede_timeline *t, const lede_nothing *nothing)
{
    const lede_results *results = asked->results;
    uint32_t notes = lede_results_note_count(results);
    lede_json_out json;

    lede_json_out_init(&json, out);
    lede_json_begin_object(&json);
    lede_json_name(&json, "query");
    lede_json_span(&json, query);
    put_member(&json, "total", t->matches);
    lede_json_name(&json, "by");
    lede_json_text(&json, lede_step_name(t->step));
    put_member(&json, "imprecise", t->imprecise);
    put_member(&json, "unknown", t->unknown);
    lede_json_name(&json, "notes");
    lede_json_begin_array(&json);
    for (uint32_t i = 0; i < notes; i++) {
        lede_json_note(&json, query, lede_results_note(results, i));
    }
    lede_json_end_array(&json);
    lede_json_name(&json, "buckets");
    lede_json_begin_array(&json);
    for (uint32_t i = 0; i < t->count; i++) {
        const lede_bucket *bucket = &t->buckets[i];

        lede_json_begin_object(&json);
        lede_json_name(&json, "begin");
        lede_json_text(&json, bucket->name);
        put_member(&json, "count", bucket->count);
        put_member(&json, "volume", bucket->volume);
        lede_json_name(&json, "share");
        if (bucket->volume > 0) {
            lede_json_double(&json, share_of(bucket));
        } else {
            lede_json_null(&json);
        }
        lede_json_end_object(&json);
    }
    lede_json_end_array(&json);
    if (nothing != NULL) {
        lede_json_nothing(&json, query, nothing, t->matches > 0);
    }
    lede_json_partial(&json, asked->opened.engine);
    lede_json_end_object(&json);
    lede_buf_put_byte(out, '\n');
}

static void put_csv(lede_buf *out, const lede_timeline *t)
{
    lede_csv_out csv = {.buf = out};

    lede_csv_text(&csv, "begin");
    lede_csv_text(&csv, "count");
    lede_csv_text(&csv, "volume");
    lede_csv_text(&csv, "share");
    lede_csv_end_line(&csv);
    for (uint32_t i = 0; i < t->count; i++) {
        lede_csv_text(&csv, t->buckets[i].name);
        lede_csv_unsigned(&csv, t->buckets[i].count);
        lede_csv_unsigned(&csv, t->buckets[i].volume);
        if (t->buckets[i].volume > 0) {
            lede_csv_double(&csv, share_of(&t->buckets[i]));
        } else {
            lede_csv_nothing(&csv);
        }
        lede_csv_end_line(&csv);
    }
}

/* --- The command -----------------------------------------------------------
 */

static int print(const lede_app *app, const settings *s, lede_span query,
                 const lede_asked *asked, const lede_timeline *t,
                 const lede_nothing *nothing)
{
    lede_buf out = {0};
    bool fine;

    if (nothing != NULL && !app->quiet &&
        (app->format == LEDE_OUTPUT_TEXT || app->format == LEDE_OUTPUT_CSV)) {
        lede_say_unknown(nothing);
    }
    if (app->format == LEDE_OUTPUT_TEXT) {
        put_text(app, &out, t, nothing, s->by_share);
    } else if (app->format == LEDE_OUTPUT_CSV) {
        put_csv(&out, t);
    } else {
        put_json(&out, query, asked, t, nothing);
    }
    fine = lede_flush(&out, stdout);
    lede_buf_done(&out);
    return !fine             ? LEDE_EXIT_ERROR
           : t->matches == 0 ? LEDE_EXIT_NOTHING
                             : LEDE_EXIT_DONE;
}

static int show(const lede_app *app, const settings *s, const lede_asked *asked)
{
    lede_span query = lede_buf_span(&asked->query);
    lede_timeline timeline = {0};
    lede_nothing nothing;
    const lede_nothing *explained = NULL;
    lede_error err = {0};
    int result;

    lede_say_answer(app, query, asked->results);
    err.status =
        lede_results_timeline(asked->results, s->step, &timeline, &err);
    if (err.status == LEDE_OK) {
        err.status =
            lede_nothing_explain(asked->results, &nothing, &explained, &err);
    }
    result = err.status != LEDE_OK ? lede_say_failure(&err)
             : lede_asked_lost(asked)
                 ? LEDE_EXIT_AGAIN
                 : print(app, s, query, asked, &timeline, explained);
    lede_timeline_done(&timeline);
    return result;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    settings *s = any;
    lede_asked asked;
    int result;

    s->query.search.count_only = true;
    result = lede_ask(app, &s->query, operands, count, &asked);
    if (result == LEDE_EXIT_DONE) {
        result = show(app, s, &asked);
    }
    while (result == LEDE_EXIT_AGAIN) {
        result = lede_asked_search(&s->query, &asked);
        result = result == LEDE_EXIT_DONE ? show(app, s, &asked) : result;
    }
    return lede_asked_done(app, &asked, result);
}

const lede_command lede_command_timeline = {
    .name = "timeline",
    .operands = "QUERY",
    .summary = "Show how many entries were published when.",
    .options = options,
    .dash_operands = true,
    .formats = 1u << LEDE_OUTPUT_CSV,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};
