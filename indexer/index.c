/* realpath is of the X/Open part of POSIX */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/merge_policy.h"
#include "indexer/run.h"

/* The named paths, resolved; those inside another one are left out. */
typedef struct roots {
    char **paths;
    uint32_t count;
    bool has_missing;
} roots;

static bool is_under(const char *path, const char *root)
{
    size_t len = strlen(root);

    if (len > 0 && root[len - 1] == '/') { /* the root of all */
        len--;
    }
    return strncmp(path, root, len) == 0 &&
           (path[len] == '/' || path[len] == '\0');
}

/* A slash before all else: what is inside a folder follows it at once. */
static int compare_paths(const void *left, const void *right)
{
    const uint8_t *a = *(const uint8_t *const *)left;
    const uint8_t *b = *(const uint8_t *const *)right;

    while (*a == *b && *a != 0) {
        a++;
        b++;
    }
    if (*a == *b) {
        return 0;
    }
    if (*a == '/' || *b == '/') {
        return *a == 0 ? -1 : *b == 0 ? 1 : *a == '/' ? -1 : 1;
    }
    return *a < *b ? -1 : 1;
}

static void drop_nested(roots *r)
{
    uint32_t i, n = 0;

    for (i = 0; i < r->count; i++) {
        if (n > 0 && is_under(r->paths[i], r->paths[n - 1])) {
            free(r->paths[i]);
        } else {
            r->paths[n++] = r->paths[i];
        }
    }
    r->count = n;
}

/* The folder of a path is resolved and its last name kept, as the walk does: a
 * link to a file goes by its own name. NULL, and errno, if that fails. */
static char *resolve(const char *path)
{
    lede_buf whole = {0};
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    char *folder, *resolved = NULL;
    const char *text;

    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        return realpath(path, NULL);
    }
    errno = ENOMEM; /* unless the system says otherwise */
    lede_buf_put(&whole, path, (size_t)(name - path));
    text = lede_buf_text(&whole);
    folder = text == NULL ? NULL : realpath(*text == '\0' ? "." : text, NULL);
    if (folder != NULL) {
        errno = ENOMEM;
        lede_buf_clear(&whole);
        lede_buf_put_text(&whole, folder);
        if (strcmp(folder, "/") != 0) {
            lede_buf_put_byte(&whole, '/');
        }
        lede_buf_put_text(&whole, name);
        text = lede_buf_text(&whole);
        resolved = text == NULL ? NULL : strdup(text);
    }
    free(folder);
    lede_buf_done(&whole);
    return resolved;
}

static lede_status find_roots(lede_run *run, const char *const *paths,
                              uint32_t count, roots *out, lede_error *err)
{
    uint32_t i;

    out->paths = calloc(count + 1u, sizeof out->paths[0]);
    if (out->paths == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "files: out of memory");
    }
    for (i = 0; i < count; i++) {
        lede_walk_file file;
        char *path;

        if (!lede_file_stat(paths[i], &file)) {
            lede_run_note(run, paths[i], strerror(errno));
            out->has_missing = true;
            continue;
        }
        path = resolve(paths[i]);
        if (path == NULL) {
            return lede_fail(err, errno == ENOMEM ? LEDE_NO_MEMORY : LEDE_IO,
                             "%s: %s", paths[i], strerror(errno));
        }
        out->paths[out->count++] = path;
    }
    qsort(out->paths, out->count, sizeof out->paths[0], compare_paths);
    drop_nested(out);
    return LEDE_OK;
}

static void roots_done(roots *r)
{
    uint32_t i;

    for (i = 0; i < r->count; i++) {
        free(r->paths[i]);
    }
    free(r->paths);
}

/* --- The walk
 * ----------------------------------------------------------------- */

static bool is_own(const lede_run *run, const char *path)
{
    return (run->directory != NULL && is_under(path, run->directory)) ||
           lede_source_settings_are(run->options->sources, path);
}

static lede_status count_file(void *ctx, const lede_walk_file *file,
                              lede_error *err)
{
    lede_run *run = ctx;

    (void)err;
    if (!is_own(run, file->path)) {
        run->progress.files_all++;
        run->progress.bytes_all += file->size;
        lede_run_progress(run, "reading");
    }
    return LEDE_OK;
}

static void ignore_note(void *ctx, const char *path, const char *what)
{
    (void)ctx; /* said by the walk that reads */
    (void)path;
    (void)what;
}

static lede_status touch(lede_run *run, const lede_file_record *record,
                         const lede_file_state *state, lede_error *err)
{
    lede_status status =
        lede_batch_add_file(&run->batch, record, LEDE_FILE_TOUCHED, state, err);

    if (status == LEDE_OK && lede_run_is_full(run)) {
        status = lede_run_flush(run, err);
    }
    return status;
}

static lede_status on_file(void *ctx, const lede_walk_file *file,
                           lede_error *err)
{
    lede_run *run = ctx;
    lede_file_record record;
    lede_file_state state;
    lede_file_news news;
    lede_error reason = {0};
    lede_status status;

    if (lede_run_is_stopped(run)) {
        return lede_fail(err, LEDE_INTERRUPTED, "stopped");
    }
    if (is_own(run, file->path) ||
        lede_batch_find_file(&run->batch, lede_span_text(file->path)) != NULL) {
        return LEDE_OK;
    }
    status = lede_file_look(run, file, &news, &record, &state, &reason);
    if (status == LEDE_IO) { /* what it said before stays */
        run->report->files_skipped++;
        lede_run_note(run, file->path, reason.message);
        news = LEDE_NEWS_NONE;
    } else if (status != LEDE_OK) {
        if (err != NULL) {
            *err = reason;
        }
        return status;
    } else if (news != LEDE_NEWS_CHANGED) {
        run->report->files++;
        run->report->files_unchanged++;
    }
    if (news == LEDE_NEWS_CHANGED) {
        status = lede_run_read_file(run, file, &record, &state, err);
        if (status == LEDE_OK && lede_run_is_full(run)) {
            status = lede_run_flush(run, err);
        }
    } else {
        status = news == LEDE_NEWS_TOUCHED ? touch(run, &record, &state, err)
                                           : LEDE_OK;
        run->progress.bytes_done += file->size;
    }
    run->progress.files_done++;
    lede_run_progress(run, "reading");
    return status;
}

static void on_note(void *ctx, const char *path, const char *what)
{
    lede_run_note(ctx, path, what);
}

static lede_status walk(lede_run *run, const roots *r, bool is_counting,
                        lede_error *err)
{
    lede_walk_callbacks callbacks = {.ctx = run,
                                     .file = is_counting ? count_file : on_file,
                                     .note =
                                         is_counting ? ignore_note : on_note,
                                     .stop = run->options->stop};
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < r->count && status == LEDE_OK; i++) {
        status = lede_walk(r->paths[i], &callbacks, err);
        if (status == LEDE_NOT_FOUND) { /* gone since, or unreadable */
            if (!is_counting) {
                lede_run_note(run, r->paths[i], "cannot be read");
            }
            status = LEDE_OK;
        }
    }
    return status;
}

/* Reads once more the files whose texts were wanted and not found: they were
 * changing just then, or are read with other options now. What comes of it is
 * counted, but they are not counted twice as files. */
static lede_status read_wanted(lede_run *run, lede_error *err)
{
    lede_walk_callbacks callbacks = {
        .ctx = run, .file = on_file, .note = ignore_note};
    lede_index_report before = *run->report;
    uint32_t count = run->wanted_count, i;
    lede_status status = LEDE_OK;

    for (i = 0; i < count && status == LEDE_OK; i++) {
        status = lede_walk(run->wanted[i], &callbacks, err);
        status = status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    run->report->files = before.files;
    run->report->files_unchanged = before.files_unchanged;
    run->report->files_skipped = before.files_skipped;
    run->report->entries_read = before.entries_read;
    run->report->bytes = before.bytes;
    return status;
}

/* Reads, then prunes; a stop publishes what was read. */
static lede_status index_roots(lede_run *run, const roots *r, lede_error *err)
{
    lede_error reason = {0};
    lede_status status = LEDE_OK, flushed;

    if (run->options->progress != NULL) {
        status = walk(run, r, true, &reason);
    }
    if (status == LEDE_OK) {
        status = walk(run, r, false, &reason);
    }
    if (status == LEDE_OK && run->options->prune) {
        status = lede_run_prune(run, r->paths, r->count, &reason);
    }
    if (status == LEDE_OK) {
        status = lede_run_flush(run, &reason);
    }
    if (status == LEDE_OK) {
        status = read_wanted(run, &reason);
    }
    if (status == LEDE_OK || status == LEDE_INTERRUPTED) {
        flushed = lede_run_flush(run, err);
        if (flushed != LEDE_OK) {
            return flushed;
        }
    }
    if (status != LEDE_OK && err != NULL) {
        *err = reason;
    }
    return status;
}

lede_status lede_index_within(lede_archive *archive, const char *const *paths,
                              uint32_t path_count,
                              const lede_index_options *options,
                              const lede_budget *budget,
                              lede_index_report *report, lede_error *err)
{
    static const lede_index_options defaults = {0};
    lede_index_report unused;
    roots r = {0};
    lede_error reason = {0};
    lede_run run;
    lede_status status, told;

    report = report == NULL ? &unused : report;
    *report = (lede_index_report){0};
    status = lede_run_open(archive, options == NULL ? &defaults : options,
                           report, &run, err);
    if (status != LEDE_OK) {
        return status;
    }
    run.budget = budget == NULL ? run.budget : *budget;
    status = find_roots(&run, paths, path_count, &r, err);
    if (status == LEDE_OK) {
        status = index_roots(&run, &r, err);
    }
    if (status == LEDE_OK) {
        status = lede_run_merge(&run, LEDE_MERGE_FAN, err);
    }
    if (status == LEDE_OK && run.home != NULL && run.options->reread) {
        status = lede_xapian_home_drop_unknown(run.home, err);
    }
    if (status == LEDE_OK || status == LEDE_INTERRUPTED) {
        told = lede_run_tell_losses(&run, &reason);
        if (told != LEDE_OK) {
            status = told;
            if (err != NULL) {
                *err = reason;
            }
        }
    }
    if (status == LEDE_OK && r.has_missing) {
        status = lede_fail(err, LEDE_NOT_FOUND,
                           "some of the paths named are not there");
    }
    roots_done(&r);
    lede_run_close(&run);
    return status;
}

lede_status lede_index_paths(lede_archive *archive, const char *const *paths,
                             uint32_t path_count,
                             const lede_index_options *options,
                             lede_index_report *report, lede_error *err)
{
    return lede_index_within(archive, paths, path_count, options, NULL, report,
                             err);
}
