#include "indexer/building.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "indexer/folder_lock.h"
#include "indexer/grow.h"
#include "indexer/merging.h"
#include "indexer/sort.h"
#include "storage/shards.h"

enum {
    FAN = 16,
    PATH_BYTES = 4096,
    MAX_DEPTH = 3,
    /* for the lock: a merge outlives its export by a moment */
    WAIT_MS = 5000
};

static const char ended[] = "built"; /* beside LEDE_SHARD_BUILDING */
static const char unnamed[] = "new"; /* in it */
static const char done[] = "done";
static const char version[] = "iamglass"; /* the last file of a database */

typedef struct run {
    uint32_t first, last; /* commits */
    uint32_t level;       /* merges that it went through */
} run;

struct lede_building {
    char *directory;
    int lock; /* the folder building/ */
    run *runs;
    uint32_t count, cap;
    uint32_t next;              /* commit */
    lede_xapian_writer *first;  /* runs[0], if earlier ones committed it */
    lede_xapian_writer *writer; /* of the run that is being written */
};

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "exporting: out of memory");
}

static lede_status failed(const char *path, lede_error *err)
{
    return lede_fail(err, LEDE_IO, "%s: %s", path, strerror(errno));
}

static lede_status join(const char *directory, const char *name,
                        char out[PATH_BYTES], lede_error *err)
{
    int len = snprintf(out, PATH_BYTES, "%s/%s", directory, name);

    return len < 0 || len >= PATH_BYTES
               ? lede_fail(err, LEDE_BAD_INPUT, "'%s' is too long a path",
                           directory)
               : LEDE_OK;
}

/* --- Folders -------------------------------------------------------------- */

static bool remove_at(int folder, const char *name, unsigned depth);

static bool empty_out(int folder, unsigned depth)
{
    DIR *dir = fdopendir(folder);
    struct dirent *item;
    bool fine = dir != NULL;

    if (dir == NULL) {
        close(folder);
        return false;
    }
    while (fine && (item = readdir(dir)) != NULL) {
        fine = strcmp(item->d_name, ".") == 0 ||
               strcmp(item->d_name, "..") == 0 ||
               remove_at(dirfd(dir), item->d_name, depth);
    }
    closedir(dir);
    return fine;
}

/* A file, or a folder with all in it; true if there is none. */
static bool remove_at(int folder, const char *name, unsigned depth)
{
    int below;

    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) {
        return true;
    }
    if ((errno != EISDIR && errno != EPERM) || depth == 0) {
        return false;
    }
    below =
        openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return below >= 0 && empty_out(below, depth - 1) &&
           unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

static lede_status remove_path(const char *path, lede_error *err)
{
    return remove_at(AT_FDCWD, path, MAX_DEPTH) ? LEDE_OK : failed(path, err);
}

static lede_status sync_folder(const char *path, lede_error *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = folder >= 0 && fsync(folder) == 0;
    lede_status status = fine ? LEDE_OK : failed(path, err);

    if (folder >= 0) {
        close(folder);
    }
    return status;
}

bool lede_building_is_at(const char *directory)
{
    char path[PATH_BYTES];
    struct stat st;

    return join(directory, LEDE_SHARD_BUILDING, path, NULL) == LEDE_OK &&
           stat(path, &st) == 0;
}

bool lede_building_is_of_database(const char *name)
{
    size_t len = strlen(name);

    return strcmp(name, "flintlock") == 0 ||
           strncmp(name, "iamglass", 8) == 0 ||
           (len > 6 && strcmp(name + len - 6, ".glass") == 0);
}

/* Of a database that was begun in the end. */
static lede_status remove_begun(const char *directory, lede_error *err)
{
    DIR *dir = opendir(directory);
    struct dirent *item;
    lede_status status = LEDE_OK;

    if (dir == NULL) {
        return failed(directory, err);
    }
    while (status == LEDE_OK && (item = readdir(dir)) != NULL) {
        if (lede_building_is_of_database(item->d_name) &&
            unlinkat(dirfd(dir), item->d_name, 0) != 0) {
            status = failed(directory, err);
        }
    }
    closedir(dir);
    return status;
}

/* --- Runs ----------------------------------------------------------------- */

static lede_status in_building(const lede_building *b, const char *name,
                               char out[PATH_BYTES], lede_error *err)
{
    char folder[PATH_BYTES];
    lede_status status = join(b->directory, LEDE_SHARD_BUILDING, folder, err);

    return status == LEDE_OK ? join(folder, name, out, err) : status;
}

static lede_status path_of(const lede_building *b, const run *r,
                           char out[PATH_BYTES], lede_error *err)
{
    char name[24];

    snprintf(name, sizeof name, "%08" PRIu32 "-%08" PRIu32, r->first, r->last);
    return in_building(b, name, out, err);
}

static lede_status add_run(lede_building *b, const run *r, lede_error *err)
{
    run *grown = lede_grown(b->runs, b->count, &b->cap, sizeof grown[0]);

    if (grown == NULL) {
        return no_memory(err);
    }
    b->runs = grown;
    grown[b->count++] = *r;
    return LEDE_OK;
}

/* What was written gets its name. */
static lede_status name_run(lede_building *b, const run *r, lede_error *err)
{
    char made[PATH_BYTES], path[PATH_BYTES], folder[PATH_BYTES];
    lede_status status = in_building(b, unnamed, made, err);

    if (status == LEDE_OK) {
        status = path_of(b, r, path, err);
    }
    if (status == LEDE_OK) {
        status = join(b->directory, LEDE_SHARD_BUILDING, folder, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    return rename(made, path) != 0 ? failed(path, err)
                                   : sync_folder(folder, err);
}

/* Merges runs into a database at `path`. */
static lede_status merge_into(lede_building *b, uint32_t from, uint32_t count,
                              const char *path, const lede_watch *watch,
                              lede_error *err)
{
    char **paths = calloc(count + 1u, sizeof *paths);
    lede_status status = paths == NULL ? no_memory(err) : LEDE_OK;

    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        char one[PATH_BYTES];

        status = path_of(b, &b->runs[from + i], one, err);
        if (status == LEDE_OK && (paths[i] = strdup(one)) == NULL) {
            status = no_memory(err);
        }
    }
    if (status == LEDE_OK) {
        status = lede_merging_run((const char *const *)paths, count, path,
                                  watch, err);
    }
    for (uint32_t i = 0; i < count && paths != NULL; i++) {
        free(paths[i]);
    }
    free(paths);
    return status;
}

static lede_status remove_unnamed(lede_building *b, lede_error *err)
{
    char path[PATH_BYTES];
    lede_status status = in_building(b, unnamed, path, err);

    return status == LEDE_OK ? remove_path(path, err) : status;
}

/* The runs from `from` on become one. One by itself is written anew, too, and
 * has a commit of nothing then, as it needs another name. */
static lede_status merge_last(lede_building *b, uint32_t from,
                              const lede_watch *watch, lede_error *err)
{
    const run made = {.first = b->runs[from].first,
                      .last = b->count - from == 1 ? b->next++
                                                   : b->runs[b->count - 1].last,
                      .level = b->runs[from].level + 1};
    char path[PATH_BYTES];
    lede_status status = remove_unnamed(b, err);

    if (status == LEDE_OK) {
        status = in_building(b, unnamed, path, err);
    }
    if (status == LEDE_OK) {
        status = merge_into(b, from, b->count - from, path, watch, err);
    }
    if (status == LEDE_OK) {
        status = name_run(b, &made, err);
    }
    for (uint32_t i = from; i < b->count && status == LEDE_OK; i++) {
        status = path_of(b, &b->runs[i], path, err);
        if (status == LEDE_OK) {
            status = remove_path(path, err);
        }
    }
    if (status == LEDE_OK) {
        b->runs[from] = made;
        b->count = from + 1;
    }
    return status;
}

/* Sixteen of one size, the last ones, become one, and so on. */
lede_status lede_building_tidy(lede_building *b, const lede_watch *watch,
                               lede_error *err)
{
    uint32_t fixed = b->first != NULL;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK && b->count >= fixed + FAN &&
           b->runs[b->count - FAN].level == b->runs[b->count - 1].level) {
        status = merge_last(b, b->count - FAN, watch, err);
    }
    return status;
}

/* --- What is there -------------------------------------------------------- */

static int wider_first(const void *left, const void *right)
{
    const run *a = left, *b = right;

    return a->first != b->first ? (a->first > b->first) - (a->first < b->first)
                                : (a->last < b->last) - (a->last > b->last);
}

static lede_status list_runs(lede_building *b, const char *folder,
                             lede_error *err)
{
    DIR *dir = opendir(folder);
    struct dirent *item;
    lede_status status = LEDE_OK;

    if (dir == NULL) {
        return failed(folder, err);
    }
    while (status == LEDE_OK && (item = readdir(dir)) != NULL) {
        run r = {0};
        char dash, rest;

        if (sscanf(item->d_name, "%8" SCNu32 "%c%8" SCNu32 "%c", &r.first,
                   &dash, &r.last, &rest) == 3 &&
            dash == '-' && r.first <= r.last) {
            r.level = r.first < r.last; /* at least */
            status = add_run(b, &r, err);
        }
    }
    closedir(dir);
    if (b->count > 1) {
        lede_sort(b->runs, b->count, sizeof b->runs[0], wider_first);
    }
    return status;
}

/* Removes those that were merged into others. */
static lede_status drop_merged(lede_building *b, lede_error *err)
{
    uint32_t kept = 0;
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < b->count && status == LEDE_OK; i++) {
        char path[PATH_BYTES];

        if (kept == 0 || b->runs[i].first > b->runs[kept - 1].last) {
            b->runs[kept++] = b->runs[i];
            continue;
        }
        status = path_of(b, &b->runs[i], path, err);
        if (status == LEDE_OK) {
            status = remove_path(path, err);
        }
    }
    b->count = kept;
    return status;
}

static lede_status take_lock(lede_building *b, const char *folder,
                             lede_error *err)
{
    lede_status status;

    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return failed(folder, err);
    }
    status = lede_folder_lock(folder, WAIT_MS, &b->lock, err);
    return status == LEDE_BUSY
               ? lede_fail(err, status,
                           "%s: another export writes here: wait for it",
                           b->directory)
               : status;
}

static lede_status take(const char *directory, lede_building **out,
                        lede_error *err)
{
    lede_building *b = calloc(1, sizeof *b);
    char folder[PATH_BYTES];
    lede_status status;

    if (b == NULL || (b->directory = strdup(directory)) == NULL) {
        free(b);
        return no_memory(err);
    }
    b->lock = -1;
    status = join(directory, LEDE_SHARD_BUILDING, folder, err);
    if (status == LEDE_OK) {
        status = take_lock(b, folder, err);
    }
    if (status != LEDE_OK) {
        lede_building_close(b);
        return status;
    }
    *out = b;
    return LEDE_OK;
}

static lede_status open_earlier(lede_building *b, const lede_watch *watch,
                                lede_error *err)
{
    char path[PATH_BYTES];
    lede_status status = LEDE_OK;

    if (b->count == 0) {
        return LEDE_OK;
    }
    b->next = b->runs[b->count - 1].last + 1;
    if (b->count > 1) {
        status = merge_last(b, 0, watch, err);
    }
    if (status == LEDE_OK) {
        status = path_of(b, &b->runs[0], path, err);
    }
    return status == LEDE_OK
               ? lede_xapian_writer_open(path, false, &b->first, err)
               : status;
}

lede_status lede_building_open(const char *directory, const lede_watch *watch,
                               lede_building **out, lede_error *err)
{
    lede_building *b = NULL;
    char folder[PATH_BYTES];
    lede_status status = take(directory, &b, err);

    if (status == LEDE_OK) {
        status = remove_unnamed(b, err);
    }
    if (status == LEDE_OK) {
        status = remove_begun(directory, err);
    }
    if (status == LEDE_OK) {
        status = join(directory, LEDE_SHARD_BUILDING, folder, err);
    }
    if (status == LEDE_OK) {
        status = list_runs(b, folder, err);
    }
    if (status == LEDE_OK) {
        status = drop_merged(b, err);
    }
    if (status == LEDE_OK) {
        status = open_earlier(b, watch, err);
    }
    if (status != LEDE_OK) {
        lede_building_close(b);
        return status;
    }
    *out = b;
    return LEDE_OK;
}

void lede_building_close(lede_building *b)
{
    if (b == NULL) {
        return;
    }
    lede_xapian_writer_close(b->writer);
    lede_xapian_writer_close(b->first);
    if (b->lock >= 0) {
        close(b->lock);
    }
    free(b->runs);
    free(b->directory);
    free(b);
}

/* --- Writing -------------------------------------------------------------- */

lede_xapian_writer *lede_building_earlier(lede_building *b)
{
    return b->first;
}

lede_status lede_building_put(lede_building *b,
                              const lede_xapian_document *document,
                              lede_error *err)
{
    lede_status status = LEDE_OK;

    if (b->writer == NULL) {
        char path[PATH_BYTES];

        status = in_building(b, unnamed, path, err);
        if (status == LEDE_OK) {
            status = lede_xapian_writer_open(path, true, &b->writer, err);
        }
    }
    return status == LEDE_OK
               ? lede_xapian_writer_put(b->writer, lede_span_of(NULL, 0),
                                        document, err)
               : status;
}

/* A run that was put is seen before what it replaces is deleted: a document
 * that is there twice is found and mended, one that is not there is put again.
 */
lede_status lede_building_commit(lede_building *b, lede_error *err)
{
    const run made = {.first = b->next, .last = b->next};
    lede_status status = LEDE_OK;

    if (b->writer != NULL) {
        status = lede_xapian_writer_commit(b->writer, err);
        lede_xapian_writer_close(b->writer);
        b->writer = NULL;
        if (status == LEDE_OK) {
            status = name_run(b, &made, err);
        }
        if (status == LEDE_OK) {
            status = add_run(b, &made, err);
            b->next++;
        }
    }
    if (status == LEDE_OK && b->first != NULL) {
        status = lede_xapian_writer_commit(b->first, err);
    }
    return status;
}

/* --- The end -------------------------------------------------------------- */

static bool is_to_merge(const lede_building *b)
{
    return b->count > 1 || (b->count == 1 && b->runs[0].level == 0);
}

uint64_t lede_building_left(const lede_building *b)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < b->count && is_to_merge(b); i++) {
        char path[PATH_BYTES];

        if (path_of(b, &b->runs[i], path, NULL) == LEDE_OK) {
            sum += lede_merging_bytes(path);
        }
    }
    return sum;
}

/* A run without documents. */
static lede_status make_empty(lede_building *b, lede_error *err)
{
    char path[PATH_BYTES];
    lede_status status = in_building(b, unnamed, path, err);

    if (status == LEDE_OK) {
        status = lede_xapian_writer_open(path, true, &b->writer, err);
    }
    return status == LEDE_OK ? lede_building_commit(b, err) : status;
}

lede_status lede_building_finish(lede_building *b, const lede_watch *watch,
                                 lede_xapian_writer **out, lede_error *err)
{
    char path[PATH_BYTES];
    lede_status status = b->count == 0 ? make_empty(b, err) : LEDE_OK;

    lede_xapian_writer_close(b->first);
    b->first = NULL;
    if (status == LEDE_OK && is_to_merge(b)) {
        status = merge_last(b, 0, watch, err);
    }
    if (status == LEDE_OK) {
        status = path_of(b, &b->runs[0], path, err);
    }
    return status == LEDE_OK ? lede_xapian_writer_open(path, false, out, err)
                             : status;
}

static lede_status move_file(const char *from, const char *to, const char *name,
                             lede_error *err)
{
    char before[PATH_BYTES], after[PATH_BYTES];
    lede_status status = join(from, name, before, err);

    if (status == LEDE_OK) {
        status = join(to, name, after, err);
    }
    return status != LEDE_OK || rename(before, after) == 0 || errno == ENOENT
               ? status
               : failed(after, err);
}

/* Moves the files of a database; that by which it is known, last. */
static lede_status move_all(const char *from, const char *to, lede_error *err)
{
    DIR *dir = opendir(from);
    struct dirent *item;
    lede_status status = LEDE_OK;

    if (dir == NULL) {
        return errno == ENOENT ? LEDE_OK : failed(from, err);
    }
    while (status == LEDE_OK && (item = readdir(dir)) != NULL) {
        if (lede_building_is_of_database(item->d_name) &&
            strcmp(item->d_name, version) != 0) {
            status = move_file(from, to, item->d_name, err);
        }
    }
    closedir(dir);
    if (status == LEDE_OK) {
        status = sync_folder(to, err);
    }
    return status == LEDE_OK ? move_file(from, to, version, err) : status;
}

/* The last run has its name. */
static lede_status put_in_place(lede_building *b, lede_error *err)
{
    char folder[PATH_BYTES], from[PATH_BYTES], gone[PATH_BYTES];
    lede_status status = in_building(b, done, from, err);

    if (status == LEDE_OK) {
        status = join(b->directory, LEDE_SHARD_BUILDING, folder, err);
    }
    if (status == LEDE_OK) {
        status = join(b->directory, ended, gone, err);
    }
    if (status == LEDE_OK) {
        status = move_all(from, b->directory, err);
    }
    if (status == LEDE_OK) {
        status = sync_folder(b->directory, err);
    }
    if (status == LEDE_OK && rename(folder, gone) != 0) {
        status = failed(folder, err);
    }
    if (status == LEDE_OK) {
        status = sync_folder(b->directory, err);
    }
    return status == LEDE_OK ? remove_path(gone, err) : status;
}

lede_status lede_building_end(lede_building *b, lede_error *err)
{
    char folder[PATH_BYTES], path[PATH_BYTES], last[PATH_BYTES];
    lede_status status = join(b->directory, LEDE_SHARD_BUILDING, folder, err);

    if (status == LEDE_OK) {
        status = path_of(b, &b->runs[0], path, err);
    }
    if (status == LEDE_OK) {
        status = in_building(b, done, last, err);
    }
    if (status == LEDE_OK && rename(path, last) != 0) {
        status = failed(path, err);
    }
    if (status == LEDE_OK) {
        status = sync_folder(folder, err);
    }
    return status == LEDE_OK ? put_in_place(b, err) : status;
}

lede_status lede_building_sweep(const char *directory, lede_error *err)
{
    char path[PATH_BYTES], folder[PATH_BYTES];
    lede_building *b = NULL;
    struct stat st;
    lede_status status = join(directory, ended, path, err);

    if (status == LEDE_OK) {
        status = remove_path(path, err);
    }
    if (status == LEDE_OK) {
        status = join(directory, LEDE_SHARD_BUILDING, folder, err);
    }
    if (status == LEDE_OK) {
        status = join(folder, done, path, err);
    }
    if (status != LEDE_OK || stat(path, &st) != 0) {
        return status;
    }
    status = take(directory, &b, err);
    if (status == LEDE_OK) {
        status = put_in_place(b, err);
    }
    lede_building_close(b);
    return status;
}
