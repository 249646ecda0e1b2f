#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "indexer/grow.h"
#include "indexer/run.h"

enum { PATHS_MOST_BYTES = 1 << 20 };

/* The next paths to forget: as many as fit, the rest in another round. */
typedef struct gone_files {
    lede_run *run;
    char *const *roots;
    uint32_t root_count;
    lede_arena arena;
    lede_span *paths;
    uint32_t count, cap;
    lede_buf name;
    bool has_more;
    bool has_told; /* of damaged records, in the first round */
} gone_files;

static bool is_under(lede_span path, const char *root)
{
    size_t len = strlen(root);

    if (len > 0 && root[len - 1] == '/') {
        len--;
    }
    return path.len >= len && memcmp(path.bytes, root, len) == 0 &&
           (path.len == len || path.bytes[len] == '/');
}

/* Only what is known to be gone: not what cannot be looked at just now. */
static bool is_gone(gone_files *g, lede_span path)
{
    struct stat st;
    const char *text;

    lede_buf_clear(&g->name);
    lede_buf_put_span(&g->name, path);
    text = lede_buf_text(&g->name);
    if (text == NULL) {
        return false;
    }
    if (stat(text, &st) == 0) {
        return S_ISDIR(st.st_mode); /* it has the file's name now */
    }
    return errno == ENOENT || errno == ENOTDIR;
}

static lede_status look_at(void *ctx, const lede_file_record *file,
                           lede_error *err)
{
    gone_files *g = ctx;
    lede_span *paths;
    uint32_t i;

    if (file->is_damaged && file->path.len == 0) {
        if (!g->has_told) {
            lede_run_note(g->run, "?",
                          "the record of a file is damaged, its path with it");
        }
        return LEDE_OK;
    }
    if (lede_file_is_chunk(file->path)) {
        return LEDE_OK;
    }
    for (i = 0; i < g->root_count; i++) {
        if (is_under(file->path, g->roots[i])) {
            break;
        }
    }
    if (i == g->root_count || !is_gone(g, file->path)) {
        return LEDE_OK;
    }
    if (file->is_damaged) {
        if (!g->has_told) {
            lede_run_note(g->run, lede_buf_text(&g->name),
                          "it is gone, but its record is damaged: what it had "
                          "stays");
        }
        return LEDE_OK;
    }
    if (g->arena.held_bytes > PATHS_MOST_BYTES) {
        g->has_more = true;
        return LEDE_END;
    }
    paths = lede_grown(g->paths, g->count, &g->cap, sizeof paths[0]);
    if (paths == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "pruning: out of memory");
    }
    g->paths = paths;
    paths[g->count] = lede_arena_copy(&g->arena, file->path);
    if (paths[g->count++].bytes == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "pruning: out of memory");
    }
    return LEDE_OK;
}

static lede_status forget(lede_run *run, lede_span path, lede_error *err)
{
    lede_file_record record;
    lede_file_state state;
    bool is_whole;
    lede_status status =
        lede_file_recall(run, path, &record, &state, &is_whole, err);

    if (status != LEDE_OK) {
        return status == LEDE_NOT_FOUND ? LEDE_OK : status;
    }
    if (!is_whole) {
        lede_run_note(run, (const char *)path.bytes,
                      "its record was damaged: some of what it had stays");
    }
    lede_file_state_restart(&state);
    run->path = (const char *)path.bytes; /* the arena ends it with NUL */
    run->has_page = false;
    status = lede_batch_add_file(&run->batch, &record, LEDE_FILE_READING,
                                 &state, err);
    if (status == LEDE_OK) {
        status = lede_old_open(run, err);
    }
    if (status == LEDE_OK) {
        status = lede_old_finish(run, true, err);
    }
    if (status == LEDE_OK) {
        lede_batch_file(&run->batch)->fate = LEDE_FILE_FORGOTTEN;
        run->report->files_pruned++;
        if (lede_run_is_full(run)) {
            status = lede_run_flush(run, err);
        }
    }
    return status;
}

static lede_status prune_some(gone_files *g, lede_error *err)
{
    lede_status status;
    uint32_t i;

    g->count = 0;
    g->has_more = false;
    lede_arena_clear(&g->arena);
    status = lede_run_flush(g->run, err);
    if (status == LEDE_OK) {
        status = lede_snapshot_each_file(g->run->snapshot, look_at, g, err);
        status = status == LEDE_END ? LEDE_OK : status;
        g->has_told = true;
    }
    for (i = 0; i < g->count && status == LEDE_OK; i++) {
        if (lede_run_is_stopped(g->run)) {
            return lede_fail(err, LEDE_INTERRUPTED, "stopped");
        }
        status = forget(g->run, g->paths[i], err);
    }
    return status;
}

lede_status lede_run_prune(lede_run *run, char *const *roots,
                           uint32_t root_count, lede_error *err)
{
    gone_files g = {.run = run, .roots = roots, .root_count = root_count};
    lede_status status;

    do {
        status = prune_some(&g, err);
    } while (status == LEDE_OK && g.has_more);
    if (status == LEDE_OK) {
        status = lede_run_flush(run, err);
    }
    free(g.paths);
    lede_buf_done(&g.name);
    lede_arena_done(&g.arena);
    return status;
}
