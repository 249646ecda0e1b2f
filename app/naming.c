#include "app/naming.h"

#include <inttypes.h>

#include "names/files.h"
#include "query/engine.h"

enum { MOST_TOLD = 10 };

static void on_note(void *ctx, const char *what)
{
    (void)ctx;
    lede_say("%s", what);
}

int lede_app_open_naming(const lede_app *app, lede_naming *out)
{
    lede_error err = {0};
    lede_status status =
        lede_naming_open(NULL, app->quiet ? NULL : on_note, NULL, out, &err);

    return status == LEDE_OK ? LEDE_EXIT_DONE : lede_say_failure(&err);
}

static void open_table(lede_known_names *names)
{
    lede_buf path = {0};
    lede_error err = {0};

    if (lede_names_find_file(LEDE_NAMES_TABLE_FILE, NULL, &path) == LEDE_OK &&
        lede_gazetteer_open(lede_buf_text(&path), &names->gazetteer, &err) !=
            LEDE_OK) {
        lede_say("%s", err.message);
    }
    lede_buf_done(&path);
}

static void open_corrections(const char *directory, lede_known_names *names)
{
    lede_buf path = {0};
    lede_error err = {0};

    lede_buf_put_format(&path, "%s/%s", directory, LEDE_CORRECTIONS_FILE);
    if (lede_corrections_open(lede_buf_text(&path), &names->corrections,
                              &err) != LEDE_OK) {
        lede_say("%s: no correction of names holds", err.message);
        names->corrections = NULL;
    } else {
        lede_app_say_corrections(lede_buf_text(&path), names->corrections);
    }
    lede_buf_done(&path);
}

void lede_say_without_names(const lede_app *app, const lede_engine *engine)
{
    uint64_t without = engine->calls->without_names == NULL
                           ? 0
                           : engine->calls->without_names(engine);

    if (without > 0 && !app->quiet) {
        lede_say("names were not looked for in %" PRIu64 " of %" PRIu64
                 " entries: lede upgrade looks for them",
                 without, engine->calls->entries(engine));
    }
    if (engine->calls->lacks_names != NULL &&
        engine->calls->lacks_names(engine) && !app->quiet) {
        lede_say("names were not looked for in all of these entries: export "
                 "them again, or upgrade the archive, to have them");
    }
}

bool lede_app_say_corrections(const char *path,
                              const lede_corrections *corrections)
{
    const char *wrong;
    size_t i = 0;

    for (; (wrong = lede_corrections_error(corrections, i)) != NULL; i++) {
        if (i < MOST_TOLD) {
            lede_say("%s: %s; this line is passed over", path, wrong);
        }
    }
    if (i > MOST_TOLD) {
        lede_say("%s: and %zu more lines that cannot be read", path,
                 i - (size_t)MOST_TOLD);
    }
    return i > 0;
}

void lede_app_open_names(const lede_app *app, const char *directory,
                         lede_known_names *out)
{
    (void)app;
    *out = (lede_known_names){0};
    open_table(out);
    if (directory != NULL) {
        open_corrections(directory, out);
    }
}

void lede_known_names_close(lede_known_names *names)
{
    lede_gazetteer_close(names->gazetteer);
    lede_corrections_free(names->corrections);
    *names = (lede_known_names){0};
}
