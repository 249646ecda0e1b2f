/* cmd_index.c - lede index: read files and folders into the archive. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "app/app.h"
#include "app/json_out.h"
#include "app/progress.h"
#include "app/written.h"
#include "base/analyze.h"
#include "base/zone.h"
#include "indexer/indexer.h"

enum {
    OPT_MEMORY = 1,
    OPT_ZONE,
    OPT_LANGUAGE,
    OPT_YEAR,
    OPT_PRUNE,
    OPT_REREAD,
    OPT_WAIT
};

static const lede_option options[] = {
    {"memory", 'm', "SIZE", "bound on memory, such as 512M (the default)",
     OPT_MEMORY},
    {"zone", 0, "ZONE", "time zone of dates that name none (Europe/London)",
     OPT_ZONE},
    {"language", 0, "TAG", "language of entries that name none (en)",
     OPT_LANGUAGE},
    {"year", 0, "YEAR", "year of dates that name none", OPT_YEAR},
    {"prune", 0, NULL, "drop entries whose file is gone", OPT_PRUNE},
    {"reread", 0, NULL, "read files again even if unchanged", OPT_REREAD},
    {"wait", 0, "TIME", "how long to wait for another writer (10s)", OPT_WAIT},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    uint64_t memory_bytes;
    const char *zone;
    const char *language;
    int32_t year;
    bool prune;
    bool reread;
    int64_t wait_s;
} settings;

static bool set_zone(settings *s, const char *value, lede_error *err)
{
    lede_zone *zone = NULL;

    if (lede_zone_open(value, &zone, err) != LEDE_OK) {
        return lede_refuse("--zone", err);
    }
    lede_zone_close(zone);
    s->zone = value;
    return true;
}

static bool set_language(settings *s, const char *value, lede_error *err)
{
    lede_buf known = {0};
    const char *text;
    lede_language i;

    s->language = value;
    if (strlen(value) <= 35 && lede_language_exists(lede_span_text(value))) {
        return true;
    }
    for (i = LEDE_LANGUAGE_NONE + 1; i < LEDE_LANGUAGE_COUNT; i++) {
        lede_buf_put_format(&known, "%s%s", i > 1 ? " " : "",
                            lede_language_tag(i));
    }
    text = lede_buf_text(&known);
    lede_fail(err, LEDE_BAD_INPUT,
              "--language '%.40s': give the code of a language (ISO 639), such "
              "as en or pt-BR; word forms are known for %s",
              value, text != NULL ? text : "some");
    lede_buf_done(&known);
    return false;
}

/* A date without a year is of the past, or of plans for the next year. */
static bool set_year(settings *s, const char *value, lede_error *err)
{
    uint64_t number = 0;
    lede_civil now;

    lede_civil_from_instant((int64_t)time(NULL), 0, &now);
    if (lede_parse_count(value, (uint64_t)now.year + 1, &number) &&
        number >= LEDE_YEAR_MIN) {
        s->year = (int32_t)number;
        return true;
    }
    lede_fail(err, LEDE_BAD_INPUT,
              "--year '%.40s': give a year from %d to %d (next year)", value,
              LEDE_YEAR_MIN, (int)now.year + 1);
    return false;
}

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;

    switch (id) {
    case OPT_MEMORY:
        if (lede_parse_bytes(value, &s->memory_bytes) &&
            s->memory_bytes >= (32u << 20)) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--memory '%s': give a size of 32M or more, such as 512M",
                  value);
        return false;
    case OPT_ZONE:
        return set_zone(s, value, err);
    case OPT_LANGUAGE:
        return set_language(s, value, err);
    case OPT_YEAR:
        return set_year(s, value, err);
    case OPT_PRUNE:
        s->prune = true;
        return true;
    case OPT_REREAD:
        s->reread = true;
        return true;
    default:
        if (lede_parse_duration(value, &s->wait_s) && s->wait_s <= 86400) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--wait '%s': give a time of at most a day, such as 30s",
                  value);
        return false;
    }
}

typedef struct run_state {
    lede_app *app;
    lede_progress progress;
    uint64_t notes;
} run_state;

static void on_progress(void *ctx, const lede_index_progress *p)
{
    run_state *state = ctx;
    bool is_reading = p->phase_all == 0;
    lede_buf what = {0};
    const char *text;

    if (!is_reading) {
        lede_buf_put_format(&what, "%s %.0f %%, ", p->phase,
                            100 * (double)p->phase_done / (double)p->phase_all);
    }
    lede_put_entries(&what, p->entries);
    text = lede_buf_text(&what);
    lede_progress_show(&state->progress, is_reading ? p->phase : "indexing",
                       p->bytes_done, p->bytes_all, text != NULL ? text : "");
    lede_buf_done(&what);
}

static void on_note(void *ctx, const char *path, const char *what)
{
    run_state *state = ctx;

    state->notes++;
    lede_progress_clear(&state->progress);
    lede_say("%s: %s", path, what);
}

static void put_summary(lede_buf *out, const lede_index_report *r,
                        lede_status status)
{
    lede_put_entries(out, r->entries_added);
    lede_buf_put_text(out, " added, ");
    lede_put_grouped(out, r->entries_updated);
    lede_buf_put_text(out, " updated, ");
    lede_put_grouped(out, r->entries_removed);
    lede_buf_put_text(out, " removed; ");
    lede_put_grouped(out, r->files);
    lede_buf_put_text(out, r->files == 1 ? " file" : " files");
    if (r->files_unchanged > 0) {
        lede_buf_put_text(out, ", ");
        lede_put_grouped(out, r->files_unchanged);
        lede_buf_put_text(out, " unchanged");
    }
    if (r->files_skipped > 0) {
        lede_buf_put_text(out, ", ");
        lede_put_grouped(out, r->files_skipped);
        lede_buf_put_text(out, " skipped");
    }
    lede_buf_put_text(out, "; ");
    lede_put_bytes(out, r->bytes);
    lede_buf_put_format(out, " in %.1f s", r->seconds);
    if (status == LEDE_INTERRUPTED) {
        lede_buf_put_text(out, " (interrupted: what was done is kept; run it "
                               "again to go on)");
    }
    lede_buf_put_byte(out, '\n');
}

static void put_report_json(lede_buf *out, const lede_index_report *r,
                            lede_status status)
{
    lede_json_out json;
    const struct {
        const char *name;
        uint64_t value;
    } fields[] = {
        {"files", r->files},
        {"files_unchanged", r->files_unchanged},
        {"files_skipped", r->files_skipped},
        {"files_pruned", r->files_pruned},
        {"entries_read", r->entries_read},
        {"entries_added", r->entries_added},
        {"entries_updated", r->entries_updated},
        {"entries_removed", r->entries_removed},
        {"entries_unchanged", r->entries_unchanged},
        {"bytes", r->bytes},
        {"notes", r->notes},
    };
    size_t i;

    lede_json_out_init(&json, out);
    lede_json_begin_object(&json);
    for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        lede_json_name(&json, fields[i].name);
        lede_json_unsigned(&json, fields[i].value);
    }
    lede_json_name(&json, "seconds");
    lede_json_double(&json, r->seconds);
    lede_json_name(&json, "interrupted");
    lede_json_bool(&json, status == LEDE_INTERRUPTED);
    lede_json_end_object(&json);
    lede_buf_put_byte(out, '\n');
}

/* A run that failed before it did anything has nothing to report. */
static bool has_report(const lede_index_report *report, lede_status status)
{
    return status == LEDE_OK || status == LEDE_NOT_FOUND ||
           status == LEDE_INTERRUPTED || report->files > 0 ||
           report->entries_added > 0 || report->entries_updated > 0 ||
           report->entries_removed > 0;
}

/* Whether one of the paths is there at all: if not, no archive is made. */
static bool has_any(const char **paths, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        struct stat st;

        if (stat(paths[i], &st) == 0) {
            return true;
        }
    }
    for (i = 0; i < count; i++) {
        struct stat st;

        if (stat(paths[i], &st) == 0) { /* since just now */
            return true;
        }
        lede_say("%s: %s", paths[i], strerror(errno));
    }
    return false;
}

static bool print_report(const lede_app *app, const lede_index_report *report,
                         lede_status status)
{
    lede_buf out = {0};
    bool fine = true;

    if (app->format != LEDE_OUTPUT_TEXT) {
        put_report_json(&out, report, status);
        fine = lede_flush(&out, stdout);
    } else if (!app->quiet) {
        put_summary(&out, report, status);
        lede_flush(&out, stderr); /* a message: nobody may be listening */
    }
    lede_buf_done(&out);
    return fine;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    settings *s = any;
    run_state state = {.app = app};
    lede_index_options o = {.memory_bytes = s->memory_bytes,
                            .read = {.default_zone = s->zone,
                                     .default_language = s->language,
                                     .year = s->year,
                                     .mtime = LEDE_INSTANT_NONE},
                            .prune = s->prune,
                            .reread = s->reread,
                            .wait_ms = (uint32_t)(s->wait_s * 1000),
                            .ctx = &state,
                            .progress = on_progress,
                            .note = on_note,
                            .stop = lede_app_stop_flag()};
    lede_index_report report = {0};
    lede_written written;
    lede_error err = {0};
    lede_status status;
    uint32_t i;
    int result;

    if (count == 0) {
        lede_say("which files? Give one or more files or folders to index");
        return LEDE_EXIT_ERROR;
    }
    if (s->wait_s == 0) {
        o.wait_ms = 10000;
    }
    for (i = 0; i < count; i++) {
        if (operands[i][0] == '\0') {
            lede_say("one of the paths is empty (a variable without a value?)");
            return LEDE_EXIT_ERROR;
        }
    }
    if (!has_any(operands, count)) {
        return LEDE_EXIT_ERROR;
    }
    result = lede_open_to_write(app, true, &written);
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    o.home = written.home;
    lede_app_catch_signals();
    lede_progress_start(&state.progress, !app->quiet);
    status =
        lede_index_paths(written.archive, operands, count, &o, &report, &err);
    lede_progress_clear(&state.progress);
    if (has_report(&report, status) && !print_report(app, &report, status)) {
        result = LEDE_EXIT_ERROR;
    }
    if (status == LEDE_INTERRUPTED) {
        result = LEDE_EXIT_INTERRUPTED;
    } else if (status != LEDE_OK) {
        err.status = status;
        result = lede_say_failure(&err);
        if (status == LEDE_CORRUPT && s->reread) {
            lede_say("this cannot be repaired: use a backup, or index all that "
                     "was indexed into a new archive");
        }
    }
    lede_close_written(&written);
    return result;
}

const lede_command lede_command_index = {
    .name = "index",
    .operands = "PATH...",
    .summary = "Read files and folders into the archive.",
    .options = options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};
