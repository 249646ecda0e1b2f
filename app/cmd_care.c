/* cmd_care.c - lede check, compact, backup, upgrade: looking after an archive.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/naming.h"
#include "app/opened.h"
#include "app/progress.h"
#include "app/written.h"
#include "indexer/indexer.h"

static const lede_option no_options[] = {{NULL, 0, NULL, NULL, 0}};

enum { OPT_MEMORY = 1 };

static const lede_option memory_option[] = {
    {"memory", 'm', "SIZE", "bound on memory, such as 512M (the default)",
     OPT_MEMORY},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    uint64_t memory_bytes;
} settings;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    (void)id;
    if (lede_parse_bytes(value, &s->memory_bytes) &&
        s->memory_bytes >= (32u << 20)) {
        return true;
    }
    lede_fail(err, LEDE_BAD_INPUT,
              "--memory '%s': give a size of 32M or more, such as 512M", value);
    return false;
}

static bool no_operands(const char *command, uint32_t count)
{
    if (count > 0) {
        lede_say("%s takes no operands (the archive is named by --archive)",
                 command);
    }
    return count == 0;
}

/* --- check --- */

enum { KEYS_TOLD = 3, FILES_TOLD = 3, BLOCKS_MOST = 200 };

/* Entries that cannot be read; told when it is known where they came from. */
typedef struct lost_block {
    char *problem;
    uint64_t keys[KEYS_TOLD]; /* the first */
    uint32_t count;
    char *files[FILES_TOLD];
    uint32_t file_count;
    bool has_more_files;
} lost_block;

typedef struct lost_key {
    uint64_t key;
    uint32_t block;
} lost_key;

typedef struct check_state {
    lede_progress progress;
    uint64_t problems;
    lost_block blocks[BLOCKS_MOST];
    uint32_t block_count;
    lost_key *keys; /* of all blocks; NULL if there is no memory for them */
    uint32_t key_count;
} check_state;

static void on_problem(void *ctx, const char *problem)
{
    check_state *state = ctx;

    state->problems++;
    lede_progress_clear(&state->progress);
    lede_say("%s", problem);
}

static void on_lost(void *ctx, const char *problem, const uint64_t *keys,
                    uint32_t count)
{
    check_state *state = ctx;
    lost_block *block = &state->blocks[state->block_count];
    lost_key *grown;
    uint32_t i;

    state->problems++;
    if (state->block_count == BLOCKS_MOST) {
        return;
    }
    block->problem = strdup(problem);
    block->count = count;
    for (i = 0; i < count && i < KEYS_TOLD; i++) {
        block->keys[i] = keys[i];
    }
    grown = realloc(state->keys,
                    ((size_t)state->key_count + count + 1) * sizeof grown[0]);
    if (grown != NULL) {
        state->keys = grown;
        for (i = 0; i < count; i++) {
            grown[state->key_count++] = (lost_key){keys[i], state->block_count};
        }
    }
    state->block_count++;
}

static int compare_lost(const void *left, const void *right)
{
    uint64_t a = ((const lost_key *)left)->key;
    uint64_t b = ((const lost_key *)right)->key;

    return a < b ? -1 : a > b;
}

/* Keeps the first by name, in order. */
static void on_file(void *ctx, uint32_t key, lede_span path)
{
    check_state *state = ctx;
    lost_block *block = &state->blocks[state->keys[key].block];
    uint32_t at = 0, last = block->file_count;
    char *name;

    while (at < last &&
           lede_span_compare(lede_span_text(block->files[at]), path) < 0) {
        at++;
    }
    if (at < last && lede_span_is(path, block->files[at])) {
        return;
    }
    block->has_more_files |= last == FILES_TOLD;
    if (at == FILES_TOLD) {
        return;
    }
    name = strndup((const char *)path.bytes, path.len);
    if (name == NULL) {
        return;
    }
    if (last == FILES_TOLD) {
        free(block->files[--last]);
    }
    memmove(block->files + at + 1, block->files + at,
            (last - at) * sizeof block->files[0]);
    block->files[at] = name;
    block->file_count = last + 1;
}

/* What file records cannot tell is left out. */
static void find_files(lede_archive *archive, check_state *state)
{
    uint64_t *keys = malloc(((size_t)state->key_count + 1) * sizeof keys[0]);
    uint32_t i, n = 0;

    if (keys != NULL && state->key_count > 0) {
        qsort(state->keys, state->key_count, sizeof state->keys[0],
              compare_lost);
        for (i = 0; i < state->key_count; i++) {
            if (n == 0 || keys[n - 1] != state->keys[i].key) {
                state->keys[n] = state->keys[i];
                keys[n++] = state->keys[i].key;
            }
        }
        lede_index_find_files(archive, keys, n, on_file, state, NULL);
    }
    free(keys);
}

static void say_lost(const lost_block *block)
{
    lede_buf line = {0};
    const char *text;
    uint32_t i;

    lede_buf_put_text(&line, block->problem == NULL ? "" : block->problem);
    lede_buf_put_format(&line, ": %" PRIu32 "%s cannot be read", block->count,
                        block->count == 1 ? " entry" : " entries");
    for (i = 0; i < block->count && i < KEYS_TOLD; i++) {
        lede_buf_put_format(&line, "%s%016" PRIx64, i == 0 ? ": " : ", ",
                            block->keys[i]);
    }
    if (block->count > KEYS_TOLD) {
        lede_buf_put_format(&line, " and %" PRIu32 " more",
                            block->count - KEYS_TOLD);
    }
    for (i = 0; i < block->file_count; i++) {
        lede_buf_put_text(&line, i == 0 ? "; from " : ", ");
        lede_buf_put_text(&line, block->files[i]);
    }
    if (block->has_more_files) {
        lede_buf_put_text(&line, " and other files");
    } else if (block->file_count == 0 && block->count > 0) {
        lede_buf_put_text(&line, "; no file that is known has them");
    }
    text = lede_buf_text(&line);
    if (text != NULL) {
        lede_say("%s", text);
    }
    lede_buf_done(&line);
}

static void end_lost(lede_archive *archive, check_state *state)
{
    uint32_t i, f;

    find_files(archive, state);
    for (i = 0; i < state->block_count; i++) {
        say_lost(&state->blocks[i]);
        for (f = 0; f < state->blocks[i].file_count; f++) {
            free(state->blocks[i].files[f]);
        }
        free(state->blocks[i].problem);
    }
    free(state->keys);
}

static void on_check_progress(void *ctx, uint64_t done, uint64_t all)
{
    check_state *state = ctx;

    lede_progress_show(&state->progress, "checking", done, all, "");
}

static int run_check(lede_app *app, void *any, const char **operands,
                     uint32_t count)
{
    check_state state = {0};
    lede_check_callbacks callbacks = {.ctx = &state,
                                      .found = on_problem,
                                      .lost = on_lost,
                                      .progress = on_check_progress,
                                      .stop = lede_app_stop_flag()};
    lede_archive *archive = NULL;
    lede_error err = {0};
    const char *shards;
    int result;

    (void)any;
    (void)operands;
    if (!no_operands("check", count)) {
        return LEDE_EXIT_ERROR;
    }
    shards = lede_app_shards(app, &result);
    if (shards != NULL) {
        return lede_check_of_shards(app, shards);
    }
    if (result == LEDE_EXIT_DONE) {
        result = lede_app_open(app, false, &archive);
    }
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    lede_app_catch_signals();
    lede_progress_start(&state.progress, !app->quiet);
    err.status = lede_archive_check(archive, &callbacks, &err);
    lede_progress_clear(&state.progress);
    end_lost(archive, &state);
    if (app->format != LEDE_OUTPUT_TEXT) {
        printf("{\"ok\": %s, \"problems\": %" PRIu64 "}\n",
               err.status == LEDE_OK ? "true" : "false", state.problems);
    }
    if (err.status == LEDE_OK) {
        if (!app->quiet && app->format == LEDE_OUTPUT_TEXT) {
            printf("%s: all is well\n", app->archive);
        }
    } else if (err.status == LEDE_CORRUPT) {
        lede_say("%s", err.message);
        lede_say("to repair it: lede index --reread PATH... with all that was "
                 "indexed; if that fails: a backup, or all of it into a new "
                 "archive");
        result = LEDE_EXIT_NOTHING;
    } else {
        result = lede_say_failure(&err);
    }
    lede_archive_close(archive);
    return result;
}

/* --- compact and upgrade --- */

static void on_progress(void *ctx, const lede_index_progress *p)
{
    if (p->phase_all > 0) {
        lede_progress_show(ctx, p->phase, p->phase_done, p->phase_all, "");
    } else {
        lede_progress_show(ctx, p->phase, p->files_done, p->files_all, "");
    }
}

static int run_rewrite(lede_app *app, const settings *s, bool upgrade)
{
    lede_progress progress;
    lede_index_options o = {.memory_bytes = s->memory_bytes,
                            .wait_ms = 10000,
                            .ctx = &progress,
                            .progress = on_progress,
                            .stop = lede_app_stop_flag()};
    lede_naming naming = {0};
    lede_written written;
    lede_error err = {0};
    int result = lede_open_to_write(app, false, &written);

    if (result == LEDE_EXIT_DONE && upgrade) {
        result = lede_app_open_naming(app, &naming);
    }
    if (result != LEDE_EXIT_DONE) {
        lede_close_written(&written);
        return result;
    }
    o.home = written.home;
    /* With less than that, the names that are there are better. */
    if (naming.makers.model != 0 && naming.makers.table != 0) {
        o.naming = &naming;
    }
    lede_app_catch_signals();
    lede_progress_start(&progress, !app->quiet);
    progress.counts_steps = true;
    err.status = (upgrade ? lede_index_upgrade
                          : lede_index_compact)(written.archive, &o, &err);
    lede_progress_clear(&progress);
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else if (!app->quiet) {
        fprintf(stderr, "%s in %.1f s\n", upgrade ? "upgraded" : "compacted",
                lede_progress_seconds(&progress));
    }
    lede_close_written(&written);
    lede_naming_close(&naming);
    return result;
}

static int run_compact(lede_app *app, void *any, const char **operands,
                       uint32_t count)
{
    (void)operands;
    return no_operands("compact", count) ? run_rewrite(app, any, false)
                                         : LEDE_EXIT_ERROR;
}

static int run_upgrade(lede_app *app, void *any, const char **operands,
                       uint32_t count)
{
    (void)operands;
    return no_operands("upgrade", count) ? run_rewrite(app, any, true)
                                         : LEDE_EXIT_ERROR;
}

/* --- backup --- */

static void on_backup_progress(void *ctx, uint64_t done, uint64_t all)
{
    lede_progress_show(ctx, "copying", done, all, "");
}

static bool copy_file(FILE *from, FILE *to)
{
    char bytes[4096];
    size_t len;

    while ((len = fread(bytes, 1, sizeof bytes, from)) > 0) {
        if (fwrite(bytes, 1, len, to) != len) {
            return false;
        }
    }
    return ferror(from) == 0;
}

/* The corrections of names, whatever is in them, beside the copy. */
static int copy_corrections(const char *from, const char *to)
{
    lede_buf path = {0};
    FILE *old, *copy = NULL;
    bool fine;

    lede_buf_put_format(&path, "%s/%s", from, LEDE_CORRECTIONS_FILE);
    old = path.failed ? NULL : fopen(lede_buf_text(&path), "rb");
    if (old == NULL) { /* there are none */
        lede_buf_done(&path);
        return LEDE_EXIT_DONE;
    }
    lede_buf_clear(&path);
    lede_buf_put_format(&path, "%s/%s", to, LEDE_CORRECTIONS_FILE);
    copy = path.failed ? NULL : fopen(lede_buf_text(&path), "wb");
    fine = copy != NULL && copy_file(old, copy);
    fine = (copy == NULL || fclose(copy) == 0) && fine;
    fclose(old);
    if (!fine) {
        lede_say("%s/%s: could not be written", to, LEDE_CORRECTIONS_FILE);
    }
    lede_buf_done(&path);
    return fine ? LEDE_EXIT_DONE : LEDE_EXIT_ERROR;
}

static int run_backup(lede_app *app, void *any, const char **operands,
                      uint32_t count)
{
    lede_progress progress;
    lede_backup_callbacks callbacks = {.ctx = &progress,
                                       .progress = on_backup_progress,
                                       .stop = lede_app_stop_flag()};
    lede_archive *archive = NULL;
    lede_error err = {0};
    int result;

    (void)any;
    if (count != 1 || operands[0][0] == '\0') {
        lede_say("backup takes one operand: the folder for the copy");
        return LEDE_EXIT_ERROR;
    }
    result = lede_app_open(app, false, &archive);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    lede_app_catch_signals();
    lede_progress_start(&progress, !app->quiet);
    err.status = lede_archive_backup(archive, operands[0], &callbacks, &err);
    lede_progress_clear(&progress);
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else {
        result = copy_corrections(lede_archive_directory(archive), operands[0]);
    }
    if (result == LEDE_EXIT_DONE && !app->quiet) {
        fprintf(stderr, "copied %s to %s\n", app->archive, operands[0]);
    }
    lede_archive_close(archive);
    return result;
}

const lede_command lede_command_check = {
    .name = "check",
    .operands = "",
    .summary = "Recompute what the archive claims and name what is wrong.",
    .options = no_options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_check,
};

const lede_command lede_command_compact = {
    .name = "compact",
    .operands = "",
    .summary = "Merge all segments, leaving out what was deleted.",
    .options = memory_option,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_compact,
};

const lede_command lede_command_backup = {
    .name = "backup",
    .operands = "DEST",
    .summary = "Copy the archive, even while it is in use.",
    .options = no_options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_backup,
};

const lede_command lede_command_upgrade = {
    .name = "upgrade",
    .operands = "",
    .summary = "Rebuild the archive in today's format, from its own copy.",
    .options = memory_option,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run_upgrade,
};
