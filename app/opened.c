#include "app/opened.h"

#include <string.h>

#include "query/xapian_engine.h"

static int open_shards(const lede_app *app, const char *name, lede_opened *out)
{
    lede_shards *shards = NULL;
    lede_error err = {0};

    err.status = lede_shards_open(name, app->wait_ms, &shards, &err);
    if (err.status == LEDE_OK) {
        err.status = lede_engine_of_shards(shards, &out->engine, &err);
    }
    if (err.status != LEDE_OK) {
        lede_say("%s", err.message);
        return LEDE_EXIT_ERROR;
    }
    return LEDE_EXIT_DONE;
}

static void know_names(const lede_app *app, lede_opened *out)
{
    const char *directory =
        out->archive == NULL ? NULL : lede_archive_directory(out->archive);

    if (out->engine != NULL) {
        lede_app_open_names(app, directory, &out->names);
        out->engine->gazetteer = out->names.gazetteer;
        out->engine->corrections = out->names.corrections;
    }
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
        know_names(app, out);
        return result;
    }
    result = lede_app_open_snapshot(app, &out->archive, &out->snapshot);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    err.status = lede_engine_of_snapshot(out->snapshot, &out->engine, &err);
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
        lede_close(app, out, result);
    }
    know_names(app, out);
    return result;
}

static void say_missing(const lede_engine *engine, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *name, *why;

        engine->calls->missing_part(engine, i, &name, &why);
        lede_say("this is only a part: %s: %s", name, why);
    }
}

int lede_close(const lede_app *app, lede_opened *opened, int result)
{
    uint32_t missing = opened->engine == NULL
                           ? 0
                           : opened->engine->calls->missing(opened->engine);

    if (missing > 0) {
        say_missing(opened->engine, missing);
        result = app->partial ? result : LEDE_EXIT_ERROR;
    }
    lede_engine_close(opened->engine);
    lede_snapshot_close(opened->snapshot);
    lede_archive_close(opened->archive);
    lede_known_names_close(&opened->names);
    *opened = (lede_opened){0};
    return result;
}
