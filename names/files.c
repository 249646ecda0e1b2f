#include "names/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_readable(lede_buf *path)
{
    const char *text = lede_buf_text(path);

    return text != NULL && access(text, R_OK) == 0;
}

/* The folder that the running program lies in, or with `up` the one above. */
static bool program_folder(bool up, lede_buf *out)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);
    int parts;

    if (len <= 0 || (size_t)len == sizeof path) {
        return false;
    }
    for (parts = 0; parts < (up ? 2 : 1); parts++) {
        while (len > 0 && path[len - 1] != '/') {
            len--;
        }
        len -= len > 0;
    }
    lede_buf_put(out, path, (size_t)len);
    return true;
}

static bool try_folder(const char *folder, const char *file, lede_buf *path)
{
    lede_buf_put_format(path, "%s/%s", folder, file);
    return is_readable(path);
}

lede_status lede_names_find_file(const char *file, const char *folder,
                                 lede_buf *out)
{
    const char *named = folder != NULL ? folder : getenv("LEDE_NAMES");
    lede_buf path = {0};
    bool found = false;

    if (named != NULL && named[0] != '\0') {
        found = try_folder(named, file, &path);
    } else {
        int up;

        for (up = 1; up >= 0 && !found; up--) {
            lede_buf_clear(&path);
            if (program_folder(up == 1, &path)) {
                lede_buf_put_format(&path, "/share/lede/%s", file);
                found = is_readable(&path);
            }
        }
        if (!found) {
            lede_buf_clear(&path);
            found = try_folder(LEDE_NAMES_INSTALLED, file, &path);
        }
    }
    if (found) {
        lede_buf_put_span(out, lede_buf_span(&path));
    }
    lede_buf_done(&path);
    return found ? LEDE_OK : LEDE_NOT_FOUND;
}
