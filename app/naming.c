#include "app/naming.h"

#include "names/files.h"

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
    }
    lede_buf_done(&path);
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
