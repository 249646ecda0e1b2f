#include "app/opened.h"

#include <string.h>

#include "app/partial.h"
#include "indexer/xapian_home.h"
#include "query/xapian_engine.h"

/* Corrections are where lede index writes, or came with the shards. */
static lede_status know_names(const lede_app *app, const char *directory,
                              lede_span text, lede_opened *out, lede_error *err)
{
    lede_status status = LEDE_OK;

    lede_app_open_names(app, directory, &out->names);
    if (directory == NULL && text.len > 0) {
        status = lede_corrections_parse(text, &out->names.corrections, err);
    }
    out->engine->gazetteer = out->names.gazetteer;
    out->engine->corrections = out->names.corrections;
    return status;
}

void lede_say_waiting(const lede_app *app, const char *directory)
{
    if (!app->quiet && directory != NULL &&
        lede_xapian_home_is_waiting(directory)) {
        lede_say("%s: what an earlier 'lede index' has read is not all there "
                 "yet: run it again, with room on the disk",
                 app->archive);
    }
}

static int open_shards(const lede_app *app, const char *name, lede_opened *out)
{
    const char *directory = lede_xapian_home_is_at(name) ? name : NULL;
    lede_shards *shards = NULL;
    lede_buf corrections = {0};
    lede_error err = {0};

    lede_say_waiting(app, directory);
    err.status = lede_shards_open(name, app->wait_ms, &shards, &err);
    if (err.status == LEDE_OK) {
        err.status = lede_shards_corrections(shards, &corrections, &err);
        if (err.status != LEDE_OK) {
            lede_shards_close(shards);
        }
    }
    if (err.status == LEDE_OK) {
        err.status = lede_engine_of_shards(shards, &out->engine, &err);
    }
    if (err.status == LEDE_OK) {
        err.status =
            know_names(app, directory, lede_buf_span(&corrections), out, &err);
    }
    lede_buf_done(&corrections);
    if (err.status != LEDE_OK) {
        lede_say("%s", err.message);
        return LEDE_EXIT_ERROR;
    }
    return LEDE_EXIT_DONE;
}

bool lede_app_is_exported(lede_app *app)
{
    int result = LEDE_EXIT_DONE;
    const char *shards = lede_app_shards(app, &result);

    return shards != NULL && !lede_xapian_home_is_at(shards);
}

int lede_open(lede_app *app, lede_opened *out)
{
    int result = LEDE_EXIT_DONE;
    const char *shards = lede_app_shards(app, &result);
    lede_error err = {0};

    *out = (lede_opened){0};
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    if (shards != NULL) {
        result = open_shards(app, shards, out);
        return result == LEDE_EXIT_DONE ? result : lede_close(app, out, result);
    }
    result = lede_app_open_snapshot(app, &out->archive, &out->snapshot);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    err.status = lede_engine_of_snapshot(out->snapshot, &out->engine, &err);
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
        lede_close(app, out, result);
        return result;
    }
    know_names(app, lede_archive_directory(out->archive), lede_span_of(NULL, 0),
               out, &err);
    return result;
}

int lede_close(const lede_app *app, lede_opened *opened, int result)
{
    if (lede_partial_count(opened->engine) > 0) {
        lede_say_partial(opened->engine);
        result = app->partial ? result : LEDE_EXIT_ERROR;
    }
    lede_engine_close(opened->engine);
    lede_snapshot_close(opened->snapshot);
    lede_archive_close(opened->archive);
    lede_known_names_close(&opened->names);
    *opened = (lede_opened){0};
    return result;
}
