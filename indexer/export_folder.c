/* export_folder.c - the folder of an export, and its list of shards. */
#include "indexer/export_private.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/shards.h"

static lede_status system_failed(lede_exporting *x, const char *path)
{
    return lede_fail(x->err, LEDE_IO, "%s: %s", path, strerror(errno));
}

lede_status lede_export_path(lede_exporting *x, const char *name, char *out,
                             size_t room)
{
    int len = snprintf(out, room, "%s%s%s", x->directory,
                       name[0] == '\0' ? "" : "/", name);

    return len < 0 || (size_t)len >= room
               ? lede_fail(x->err, LEDE_BAD_INPUT, "'%s' is too long a path",
                           x->directory)
               : LEDE_OK;
}

/* Or it has no more than pieces of a database that was never made. */
static lede_status is_empty_folder(lede_exporting *x, bool *out)
{
    DIR *dir = opendir(x->directory);
    struct dirent *item;

    *out = true;
    if (dir == NULL) {
        return errno == ENOENT ? LEDE_OK : system_failed(x, x->directory);
    }
    while ((item = readdir(dir)) != NULL) {
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 &&
            strcmp(item->d_name, LEDE_SHARD_LIST ".new") != 0 &&
            !lede_building_is_of_database(item->d_name)) {
            *out = false;
        }
    }
    closedir(dir);
    return LEDE_OK;
}

lede_status lede_export_make_targets(lede_exporting *x, uint32_t count)
{
    x->count = count;
    x->targets = calloc(count, sizeof *x->targets);
    return x->targets == NULL
               ? lede_fail(x->err, LEDE_NO_MEMORY, "exporting: out of memory")
               : LEDE_OK;
}

lede_status lede_export_not_as_asked(lede_exporting *x, const char *what)
{
    return lede_fail(x->err, LEDE_BAD_INPUT,
                     "%s: there are shards here already, %s: name another "
                     "folder, or ask for the same",
                     x->directory, what);
}

lede_status lede_export_look(lede_exporting *x)
{
    char path[4096];
    struct stat st;
    bool empty = true;
    FILE *file;
    lede_status status =
        lede_export_path(x, LEDE_SHARD_LIST, path, sizeof path);

    if (status != LEDE_OK) {
        return status;
    }
    file = fopen(path, "r");
    if (file != NULL) {
        status = lede_export_read_list(x, file);
        fclose(file);
        return status;
    }
    if (lede_xapian_home_is_at(x->directory)) {
        return lede_fail(x->err, LEDE_BAD_INPUT,
                         "%s: 'lede index' writes here: name another folder",
                         x->directory);
    }
    status = lede_export_path(x, "iamglass", path, sizeof path);
    if (status == LEDE_OK &&
        (stat(path, &st) == 0 || lede_building_is_at(x->directory))) {
        return x->options->shards > 1 ||
                       (x->options->by_time && x->options->shards == 0)
                   ? lede_export_not_as_asked(x, "one")
                   : lede_export_make_targets(x, 1);
    }
    if (status == LEDE_OK) {
        status = is_empty_folder(x, &empty);
    }
    if (status == LEDE_OK && !empty) {
        status =
            lede_fail(x->err, LEDE_BAD_INPUT,
                      "%s: this folder has something else in it", x->directory);
    }
    if (status == LEDE_OK && x->options->by_time && x->options->shards == 0) {
        status = lede_fail(x->err, LEDE_BAD_INPUT,
                           "by time entries are dealt out to several shards: "
                           "say how many, such as --shards 3");
    }
    if (status == LEDE_OK) {
        status = lede_export_make_targets(
            x, x->options->shards == 0 ? 1 : x->options->shards);
        x->by_time = x->options->by_time && x->count > 1;
        x->is_new = true;
    }
    return status;
}

lede_status lede_export_make_folder(lede_exporting *x, const char *name)
{
    char path[4096];
    size_t i;
    lede_status status = lede_export_path(x, name, path, sizeof path);

    for (i = 1; status == LEDE_OK && path[i - 1] != '\0'; i++) {
        char here = path[i];

        if (here == '/' || here == '\0') {
            path[i] = '\0';
            if (mkdir(path, 0777) != 0 && errno != EEXIST) {
                status = system_failed(x, path);
            }
            path[i] = here;
        }
        if (here == '\0') {
            break;
        }
    }
    return status;
}
