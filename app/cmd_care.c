/* cmd_care.c - lede check, compact, backup, upgrade: looking after an archive.
 */
#include <inttypes.h>

#include "app/app.h"
#include "app/progress.h"
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

typedef struct check_state {
    lede_progress progress;
    uint64_t problems;
} check_state;

static void on_problem(void *ctx, const char *problem)
{
    check_state *state = ctx;

    state->problems++;
    lede_progress_clear(&state->progress);
    lede_say("%s", problem);
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
                                      .progress = on_check_progress,
                                      .stop = lede_app_stop_flag()};
    lede_archive *archive = NULL;
    lede_error err = {0};
    int result;

    (void)any;
    (void)operands;
    if (!no_operands("check", count)) {
        return LEDE_EXIT_ERROR;
    }
    result = lede_app_open(app, false, &archive);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    lede_app_catch_signals();
    lede_progress_start(&state.progress, !app->quiet);
    err.status = lede_archive_check(archive, &callbacks, &err);
    lede_progress_clear(&state.progress);
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
        lede_say("to write damaged entries anew: lede index --reread PATH... "
                 "with what was indexed, then lede compact; if that fails: a "
                 "backup, or all of it into a new archive");
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
    lede_archive *archive = NULL;
    lede_error err = {0};
    int result = lede_app_open(app, false, &archive);

    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    lede_app_catch_signals();
    lede_progress_start(&progress, !app->quiet);
    progress.counts_steps = true;
    err.status =
        (upgrade ? lede_index_upgrade : lede_index_compact)(archive, &o, &err);
    lede_progress_clear(&progress);
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else if (!app->quiet) {
        fprintf(stderr, "%s in %.1f s\n", upgrade ? "upgraded" : "compacted",
                lede_progress_seconds(&progress));
    }
    lede_archive_close(archive);
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
    } else if (!app->quiet) {
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
