/* shards.c - stats and check of an archive of shards. */
#include <inttypes.h>
#include <string.h>

#include "app/json_out.h"
#include "app/opened.h"
#include "app/partial.h"
#include "app/progress.h"
#include "indexer/xapian_home.h"
#include "storage/shards.h"
#include "storage/shards_check.h"

/* --- stats ---------------------------------------------------------------- */

static void put_shard_json(lede_json_out *json, const lede_shard *shard)
{
    lede_json_begin_object(json);
    lede_json_name(json, "shard");
    lede_json_text(json, shard->name);
    lede_json_name(json, "entries");
    if (shard->db == NULL) {
        lede_json_null(json);
        lede_json_name(json, "reason");
        lede_json_text(json, shard->failure.message);
    } else {
        lede_json_unsigned(json, shard->statistics.documents);
    }
    lede_json_end_object(json);
}

static void put_stats_json(lede_buf *out, const lede_app *app,
                           const lede_shards *shards)
{
    const lede_totals *t = lede_shards_totals(shards);
    lede_json_out json;

    lede_json_out_init(&json, out);
    lede_json_begin_object(&json);
    lede_json_path(&json, "archive", lede_span_text(app->archive));
    lede_json_name(&json, "generation");
    lede_json_unsigned(&json, t->generation);
    lede_json_name(&json, "entries");
    lede_json_unsigned(&json, t->entries);
    lede_json_instant(&json, "oldest", t->oldest);
    lede_json_instant(&json, "newest", t->newest);
    lede_json_name(&json, "half_life_s");
    lede_json_signed(&json, t->half_life_s);
    lede_json_name(&json, "shards");
    lede_json_begin_array(&json);
    for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
        put_shard_json(&json, lede_shards_get(shards, i));
    }
    lede_json_end_array(&json);
    lede_json_partial_shards(&json, shards);
    lede_json_end_object(&json);
    lede_buf_put_byte(out, '\n');
}

static void put_stats_text(lede_buf *out, const lede_app *app,
                           const lede_shards *shards)
{
    const lede_totals *t = lede_shards_totals(shards);

    lede_buf_put_text(out, "archive    ");
    lede_put_safe(out, lede_span_text(app->archive));
    lede_buf_put_byte(out, '\n');
    lede_put_count_line(out, "entries", t->entries);
    lede_put_count_line(out, "shards", lede_shards_count(shards));
    lede_put_instant_line(out, "oldest", t->oldest);
    lede_put_instant_line(out, "newest", t->newest);
    for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
        const lede_shard *shard = lede_shards_get(shards, i);

        lede_buf_put_text(out, "  ");
        lede_put_safe(out, lede_span_text(shard->name));
        lede_buf_put_text(out, "  ");
        if (shard->db == NULL) {
            lede_put_safe(out, lede_span_text(shard->failure.message));
        } else {
            lede_put_grouped(out, shard->statistics.documents);
        }
        lede_buf_put_byte(out, '\n');
    }
}

static bool has_missing(const lede_shards *shards)
{
    for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
        if (lede_shards_get(shards, i)->db == NULL) {
            return true;
        }
    }
    return false;
}

int lede_stats_of_shards(const lede_app *app, const char *name)
{
    lede_shards *shards = NULL;
    lede_buf out = {0};
    lede_error err = {0};
    int result = LEDE_EXIT_DONE;

    lede_say_waiting(app, name);
    err.status = lede_shards_open(name, app->wait_ms, &shards, &err);
    if (err.status != LEDE_OK) {
        return lede_say_failure(&err);
    }
    (app->format == LEDE_OUTPUT_TEXT ? put_stats_text
                                     : put_stats_json)(&out, app, shards);
    if (!lede_flush(&out, stdout) || (has_missing(shards) && !app->partial)) {
        result = LEDE_EXIT_ERROR;
    }
    lede_buf_done(&out);
    lede_shards_close(shards);
    return result;
}

/* --- check ---------------------------------------------------------------- */

typedef struct check_state {
    lede_progress progress;
    uint64_t problems;
    bool has_notes;
} check_state;

static void on_problem(void *ctx, const char *problem)
{
    check_state *state = ctx;

    state->problems++;
    lede_progress_clear(&state->progress);
    lede_say("%s", problem);
}

static void on_note(void *ctx, const char *what)
{
    check_state *state = ctx;

    state->has_notes = true;
    lede_progress_clear(&state->progress);
    lede_say("%s", what);
}

static void on_progress(void *ctx, uint64_t done, uint64_t all)
{
    check_state *state = ctx;

    lede_progress_show(&state->progress, "checking", done, all, "");
}

/* What lede index keeps beside a database that it writes. */
static lede_status check_home(const char *directory,
                              const lede_check_callbacks *callbacks,
                              lede_error *err)
{
    lede_xapian_home *home = NULL;
    lede_status status = lede_xapian_home_open(directory, false, &home, err);

    if (status == LEDE_OK) {
        status = lede_xapian_home_check(home, callbacks, err);
    }
    lede_xapian_home_close(home);
    return status;
}

static bool print_check_json(const lede_shards *shards, bool ok,
                             uint64_t problems)
{
    lede_buf out = {0};
    lede_json_out json;
    bool fine;

    lede_json_out_init(&json, &out);
    lede_json_begin_object(&json);
    lede_json_name(&json, "ok");
    lede_json_bool(&json, ok);
    lede_json_name(&json, "problems");
    lede_json_unsigned(&json, problems);
    lede_json_partial_shards(&json, shards);
    lede_json_end_object(&json);
    lede_buf_put_byte(&out, '\n');
    fine = lede_flush(&out, stdout);
    lede_buf_done(&out);
    return fine;
}

int lede_check_of_shards(const lede_app *app, const char *name)
{
    check_state state = {0};
    lede_check_callbacks callbacks = {.ctx = &state,
                                      .found = on_problem,
                                      .noted = on_note,
                                      .progress = on_progress,
                                      .stop = lede_app_stop_flag()};
    lede_shards *shards = NULL;
    lede_error err = {0};
    int result = LEDE_EXIT_DONE;

    lede_app_catch_signals();
    lede_say_waiting(app, name);
    err.status = lede_shards_open(name, app->wait_ms, &shards, &err);
    if (err.status == LEDE_OK) {
        lede_progress_start(&state.progress, !app->quiet);
        state.progress.counts_steps = true;
        err.status = lede_shards_check(shards, &callbacks, &err);
        if (err.status == LEDE_OK && lede_xapian_home_is_at(name)) {
            err.status = check_home(name, &callbacks, &err);
        }
        lede_progress_clear(&state.progress);
    }
    if (app->format != LEDE_OUTPUT_TEXT && shards != NULL &&
        !print_check_json(shards, err.status == LEDE_OK, state.problems)) {
        result = LEDE_EXIT_ERROR;
    }
    if (err.status == LEDE_OK) {
        if (!app->quiet && app->format == LEDE_OUTPUT_TEXT) {
            printf("%s: all %sis well\n", app->archive,
                   state.has_notes ? "that was looked at " : "");
        }
    } else if (err.status == LEDE_CORRUPT && shards != NULL) {
        lede_say("%s", err.message);
        lede_say(lede_xapian_home_is_at(name)
                     ? "to repair it: lede index --reread PATH... with all "
                       "that was indexed; if that fails: all of it into a new "
                       "archive"
                     : "to make damaged shards anew: remove them, then lede "
                       "export");
        result = LEDE_EXIT_NOTHING;
    } else {
        lede_say("%s", err.message);
        result = err.status == LEDE_INTERRUPTED ? LEDE_EXIT_INTERRUPTED
                                                : LEDE_EXIT_ERROR;
    }
    lede_shards_close(shards);
    return result;
}
