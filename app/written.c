#include "app/written.h"

#include <string.h>

#include "app/opened.h"

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
