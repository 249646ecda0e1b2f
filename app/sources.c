#include "app/sources.h"

#include <string.h>

#include "app/opened.h"
#include "base/buf.h"

/* "news/" has its settings in "news.sources". */
static const char *beside_archive(lede_app *app, lede_buf *out)
{
    int result;
    const char *path = lede_app_shards(app, &result);
    size_t len;

    if (result != LEDE_EXIT_DONE) {
        return NULL;
    }
    path = path != NULL ? path : app->archive;
    for (len = strlen(path); len > 1 && path[len - 1] == '/'; len--) {
    }
    lede_buf_put_span(out, lede_span_of(path, len));
    lede_buf_put_text(out, ".sources");
    return lede_buf_text(out);
}

/* A slip of the pen in a folder's name would else go unseen; a folder that is
 * made later is none. */
static void tell_missing(const lede_source_settings *sources, const char *path)
{
    const char *folder;
    unsigned line;
    size_t at = 0;

    while ((folder = lede_source_settings_next_missing(sources, &at, &line)) !=
           NULL) {
        lede_say("%s:%u: there is no such file or folder, so these settings "
                 "are of nothing: '%s'",
                 path, line, folder);
    }
}

bool lede_app_open_sources(lede_app *app, const char *path,
                           lede_source_settings **out)
{
    bool is_named = path != NULL;
    lede_buf usual = {0};
    lede_error err = {0};
    lede_status status = LEDE_OK;

    *out = NULL;
    if (!is_named && !lede_app_knows_archive(app)) {
        return true;
    }
    if (!is_named) {
        path = beside_archive(app, &usual);
    }
    if (path == NULL) {
        lede_buf_done(&usual);
        return false;
    }
    status = lede_source_settings_open(path, out, &err);
    if (status == LEDE_NOT_FOUND && !is_named) {
        status = LEDE_OK;
    } else if (status != LEDE_OK) {
        lede_say("%s", err.message);
    }
    tell_missing(*out, path);
    lede_buf_done(&usual);
    return status == LEDE_OK;
}
