#include "app/written.h"

#include <string.h>

#include "app/naming.h"
#include "app/opened.h"

enum { WAIT_MS = 10000 }; /* for a writer */

static int open_home(const lede_app *app, const char *directory, bool create,
                     lede_written *out)
{
    lede_error err = {0};

    if (strncmp(directory, "tcp:", 4) == 0) {
        lede_say("%s: servers only answer. Index into an archive in a folder "
                 "(lede index --archive DIR PATH...), and bring the databases "
                 "that they serve up to date where these lie (lede export "
                 "--archive DIR --to xapian:FOLDER)",
                 app->archive);
        return LEDE_EXIT_ERROR;
    }
    if (directory[0] == '\0') {
        lede_say("'xapian:' needs a folder");
        return LEDE_EXIT_ERROR;
    }
    if (lede_xapian_home_open(directory, create, &out->home, &err) != LEDE_OK) {
        lede_say("%s", err.message);
        return LEDE_EXIT_ERROR;
    }
    out->archive = lede_xapian_home_archive(out->home);
    return LEDE_EXIT_DONE;
}

int lede_open_to_write(lede_app *app, bool create, lede_written *out)
{
    int result = LEDE_EXIT_DONE;
    const char *directory = lede_app_shards(app, &result);

    *out = (lede_written){0};
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    return directory != NULL ? open_home(app, directory, create, out)
                             : lede_app_open(app, create, &out->archive);
}

void lede_close_written(lede_written *written)
{
    if (written->home != NULL) {
        lede_xapian_home_close(written->home);
    } else {
        lede_archive_close(written->archive);
    }
    *written = (lede_written){0};
}

void lede_written_corrections(const lede_written *from, lede_buf *out)
{
    const char *directory = from->home == NULL
                                ? lede_archive_directory(from->archive)
                                : lede_xapian_home_directory(from->home);
    lede_corrections *corrections = NULL;
    lede_buf path = {0};
    lede_error err = {0};

    lede_buf_put_format(&path, "%s/%s", directory, LEDE_CORRECTIONS_FILE);
    if (lede_corrections_open(lede_buf_text(&path), &corrections, &err) !=
        LEDE_OK) {
        lede_say("%s: no correction of names is taken along", err.message);
    } else if (lede_corrections_count(corrections) > 0) {
        lede_corrections_format(corrections, out);
    }
    lede_corrections_free(corrections);
    lede_buf_done(&path);
}

int lede_written_correct(const lede_written *to)
{
    lede_writer *writer = NULL;
    lede_buf text = {0};
    lede_error err = {0};

    if (to->home == NULL) {
        return LEDE_EXIT_DONE;
    }
    lede_written_corrections(to, &text);
    err.status = lede_writer_open(to->archive, WAIT_MS, &writer, &err);
    if (err.status == LEDE_OK) {
        err.status = lede_xapian_home_begin(to->home, WAIT_MS, false, &err);
    }
    if (err.status == LEDE_OK) {
        err.status =
            lede_xapian_home_correct(to->home, lede_buf_span(&text), &err);
    }
    if (writer != NULL) {
        lede_xapian_home_end(to->home);
        lede_writer_close(writer);
    }
    lede_buf_done(&text);
    if (err.status == LEDE_OK) {
        return LEDE_EXIT_DONE;
    }
    lede_say("%s: who asks through a server is told of the corrections of "
             "names by the next 'lede index' or 'lede names'",
             err.message);
    return LEDE_EXIT_ERROR;
}
