/* cmd_export.c - lede export: the archive as shards of Xapian's. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/json_out.h"
#include "app/progress.h"
#include "app/written.h"
#include "indexer/export.h"
#include "storage/shards.h"

enum { OPT_TO = 1, OPT_SHARDS, OPT_BY, OPT_REPLACE };

static const lede_option options[] = {
    {"to", 0, "xapian:DIR",
     "where: an empty folder, or shards to be brought "
     "up to date",
     OPT_TO},
    {"shards", 0, "N", "how many shards (one, or as many as there are)",
     OPT_SHARDS},
    {"by", 0, "WHAT", "key (the default), or time: a stretch of it each",
     OPT_BY},
    {"replace", 0, NULL, "even if the shards are those of another archive",
     OPT_REPLACE},
    {NULL, 0, NULL, NULL, 0},
};

enum { WAIT_MS = 10000 }; /* for a writer */

typedef struct settings {
    const char *to;
    lede_export_options export;
} settings;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;
    uint64_t number = 0;

    switch (id) {
    case OPT_TO:
        if (strncmp(value, LEDE_XAPIAN_SCHEME, strlen(LEDE_XAPIAN_SCHEME)) ==
                0 &&
            value[strlen(LEDE_XAPIAN_SCHEME)] != '\0' &&
            strncmp(value + strlen(LEDE_XAPIAN_SCHEME), "tcp:", 4) != 0) {
            s->to = value + strlen(LEDE_XAPIAN_SCHEME);
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--to '%s': give xapian: and a folder of this machine, such "
                  "as xapian:shards",
                  value);
        return false;
    case OPT_SHARDS:
        if (lede_parse_count(value, LEDE_EXPORT_MAX_SHARDS, &number) &&
            number > 0) {
            s->export.shards = (uint32_t)number;
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT, "--shards '%s': give a number to %d",
                  value, LEDE_EXPORT_MAX_SHARDS);
        return false;
    case OPT_REPLACE:
        s->export.replaces = true;
        return true;
    default:
        if (strcmp(value, "key") == 0 || strcmp(value, "time") == 0) {
            s->export.by_time = strcmp(value, "time") == 0;
            s->export.by_key = !s->export.by_time;
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT, "--by '%s': it is key or time", value);
        return false;
    }
}

/* Entries come first; behind the last, what was made of them is merged. */
typedef struct export_progress {
    lede_progress progress;
    uint64_t done, all; /* entries */
    bool merges;        /* nothing else is left */
} export_progress;

static void on_step(void *ctx, uint64_t done, uint64_t all)
{
    export_progress *t = ctx;

    t->done = done;
    t->all = all;
    lede_progress_show(&t->progress, "exporting", done, all, "entries");
}

static void on_merging(void *ctx, uint64_t done, uint64_t all)
{
    export_progress *t = ctx;
    char what[48];

    if (t->all == 0 || t->done < t->all) {
        snprintf(what, sizeof what, "merging %u %%, entries",
                 all == 0 ? 0 : (unsigned)((double)done * 100 / (double)all));
        lede_progress_show(&t->progress, "exporting", t->done, t->all, what);
        return;
    }
    if (!t->merges) {
        lede_progress_again(&t->progress);
        t->merges = true;
    }
    lede_progress_show(&t->progress, "merging", done, all, "");
}

static void print_report(const lede_app *app, const lede_export_report *r)
{
    const struct {
        const char *name;
        uint64_t value;
    } fields[] = {{"shards", r->shards},
                  {"entries", r->entries},
                  {"entries_put", r->put},
                  {"entries_deleted", r->deleted},
                  {"entries_unchanged", r->unchanged}};
    lede_json_out json;
    lede_buf out = {0};
    size_t i;

    if (app->format != LEDE_OUTPUT_TEXT) {
        lede_json_out_init(&json, &out);
        lede_json_begin_object(&json);
        for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            lede_json_name(&json, fields[i].name);
            lede_json_unsigned(&json, fields[i].value);
        }
        lede_json_end_object(&json);
        lede_buf_put_byte(&out, '\n');
        lede_flush(&out, stdout);
    } else if (!app->quiet) {
        lede_put_grouped(&out, r->put);
        lede_buf_put_text(&out, " entries put, ");
        lede_put_grouped(&out, r->deleted);
        lede_buf_put_text(&out, " deleted, ");
        lede_put_grouped(&out, r->unchanged);
        lede_buf_put_text(&out, " unchanged; ");
        lede_put_grouped(&out, r->shards);
        lede_buf_put_text(&out, r->shards == 1 ? " shard\n" : " shards\n");
        lede_flush(&out, stderr);
    }
    lede_buf_done(&out);
}

/* The entries of a database stay as they are meanwhile; it has no snapshots
 * that would last. */
static lede_status export(const lede_written *from, settings *s,
                          lede_export_report *report, lede_error *err)
{
    lede_writer *writer = NULL;
    lede_snapshot *snapshot = NULL;
    lede_status status = LEDE_OK;

    s->export.home = from->home;
    if (from->home != NULL) {
        status = lede_writer_open(from->archive, WAIT_MS, &writer, err);
        if (status == LEDE_OK) {
            status = lede_xapian_home_begin(from->home, WAIT_MS, false, err);
        }
    }
    if (status == LEDE_OK) {
        status = lede_snapshot_open(from->archive, &snapshot, err);
    }
    if (status == LEDE_OK) {
        status = lede_export(snapshot, s->to, &s->export, report, err);
    }
    lede_snapshot_close(snapshot);
    if (writer != NULL) {
        lede_xapian_home_end(from->home);
        lede_writer_close(writer);
    }
    return status;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    settings *s = any;
    export_progress telling = {.done = 0};
    lede_watch watch = {
        .ctx = &telling, .step = on_step, .stop = lede_app_stop_flag()};
    lede_watch merging = {.ctx = &telling, .step = on_merging};
    lede_export_report report = {0};
    lede_buf corrections = {0};
    lede_written written;
    lede_error err = {0};
    int result;

    (void)operands;
    if (count > 0 || s->to == NULL) {
        lede_say("export takes no operands; where to is --to xapian:DIR");
        return LEDE_EXIT_ERROR;
    }
    result = lede_open_to_write(app, false, &written);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    s->export.watch = &watch;
    s->export.merging = &merging;
    lede_app_catch_signals();
    lede_written_corrections(&written, &corrections);
    s->export.corrections = lede_buf_span(&corrections);
    lede_progress_start(&telling.progress, !app->quiet);
    telling.progress.counts_steps = true;
    err.status = export(&written, s, &report, &err);
    lede_progress_clear(&telling.progress);
    lede_buf_done(&corrections);
    if (err.status == LEDE_OK || err.status == LEDE_INTERRUPTED) {
        print_report(app, &report);
    }
    if (err.status == LEDE_INTERRUPTED) {
        lede_say("interrupted: what was done is kept; run it again to go on");
        result = LEDE_EXIT_INTERRUPTED;
    } else if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
        if (err.status == LEDE_IO && report.put > 0) {
            lede_say("what was put is kept; run it again to go on");
        }
    }
    lede_close_written(&written);
    return result;
}

const lede_command lede_command_export = {
    .name = "export",
    .operands = "",
    .summary = "Write the archive as Xapian shards, for many machines.",
    .options = options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};
