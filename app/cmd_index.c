/* cmd_index.c - lede index: read files and folders into the archive. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/app.h"
#include "app/index_files.h"
#include "app/inspect.h"
#include "app/json_out.h"
#include "app/naming.h"
#include "app/path_list.h"
#include "app/progress.h"
#include "app/sources.h"
#include "app/written.h"
#include "base/analyze.h"
#include "base/zone.h"
#include "indexer/indexer.h"

static const lede_option options[] = {
    {"memory", 'm', "SIZE", "bound on memory, such as 512M (the default)",
     LEDE_INDEX_MEMORY},
    {"zone", 0, "ZONE", "time zone of dates that name none (Europe/London)",
     LEDE_INDEX_ZONE},
    {"language", 0, "TAG", "language of entries that name none (en)",
     LEDE_INDEX_LANGUAGE},
    {"year", 0, "YEAR", "year of dates that name none", LEDE_INDEX_YEAR},
    {"prune", 0, NULL, "drop entries whose file is gone", LEDE_INDEX_PRUNE},
    {"reread", 0, NULL, "read files again even if unchanged",
     LEDE_INDEX_REREAD},
    {"dry-run", 0, NULL, "say what would be read, and write nothing",
     LEDE_INDEX_DRY_RUN},
    {"files-from", 0, "FILE", "read paths from a file, a line each (-: input)",
     LEDE_INDEX_FILES_FROM},
    {"null", '0', NULL, "paths from a file end in NUL, not in a line end",
     LEDE_INDEX_NUL},
    {"no-names", 0, NULL, "do not look for people and places",
     LEDE_INDEX_NO_NAMES},
    {"sources", 0, "FILE", "settings per folder (ARCHIVE.sources)",
     LEDE_INDEX_SOURCES},
    {"wait", 0, "TIME", "how long to wait for another writer (10s)",
     LEDE_INDEX_WAIT},
    {NULL, 0, NULL, NULL, 0},
};

static bool set_zone(lede_index_settings *s, const char *value, lede_error *err)
{
    lede_zone *zone = NULL;

    if (lede_zone_open(value, &zone, err) != LEDE_OK) {
        return lede_refuse("--zone", err);
    }
    lede_zone_close(zone);
    s->zone = value;
    return true;
}

static bool set_language(lede_index_settings *s, const char *value,
                         lede_error *err)
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
static bool set_year(lede_index_settings *s, const char *value, lede_error *err)
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

bool lede_index_set(void *any, int id, const char *value, lede_error *err)
{
    lede_index_settings *s = any;

    switch (id) {
    case LEDE_INDEX_MEMORY:
        if (lede_parse_bytes(value, &s->memory_bytes) &&
            s->memory_bytes >= (32u << 20)) {
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT,
                  "--memory '%s': give a size of 32M or more, such as 512M",
                  value);
        return false;
    case LEDE_INDEX_ZONE:
        return set_zone(s, value, err);
    case LEDE_INDEX_LANGUAGE:
        return set_language(s, value, err);
    case LEDE_INDEX_YEAR:
        return set_year(s, value, err);
    case LEDE_INDEX_PRUNE:
        s->prune = true;
        return true;
    case LEDE_INDEX_REREAD:
        s->reread = true;
        return true;
    case LEDE_INDEX_DRY_RUN:
        s->dry_run = true;
        return true;
    case LEDE_INDEX_FILES_FROM:
        s->files_from = value;
        return true;
    case LEDE_INDEX_NUL:
        s->ends_in_nul = true;
        return true;
    case LEDE_INDEX_NO_NAMES:
        s->no_names = true;
        return true;
    case LEDE_INDEX_SOURCES:
        s->sources = value;
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
static bool has_any(const char *const *paths, uint32_t count)
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

int lede_index_files(lede_app *app, lede_index_settings *s,
                     const char *const *operands, uint32_t count)
{
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
    lede_naming naming = {0};
    lede_source_settings *sources = NULL;
    lede_index_report report = {0};
    lede_written written;
    lede_error err = {0};
    lede_status status;
    int result;

    if (s->wait_s == 0) {
        o.wait_ms = 10000;
    }
    if (!has_any(operands, count)) {
        return LEDE_EXIT_ERROR;
    }
    if (!lede_app_open_sources(app, s->sources, &sources)) {
        return LEDE_EXIT_ERROR;
    }
    o.sources = sources;
    result = lede_open_to_write(app, true, &written);
    if (result != LEDE_EXIT_DONE) {
        lede_source_settings_close(sources);
        return result;
    }
    o.home = written.home;
    if (!s->no_names) {
        result = lede_app_open_naming(app, &naming);
        o.naming = &naming;
    }
    if (result != LEDE_EXIT_DONE) {
        lede_source_settings_close(sources);
        lede_close_written(&written);
        return result;
    }
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
    if (result == LEDE_EXIT_DONE) {
        result = lede_written_correct(&written);
    }
    lede_naming_close(&naming);
    lede_close_written(&written);
    lede_source_settings_close(sources);
    return result;
}

/* Where paths come from. -------------------------------------------------- */

static bool take_paths(lede_index_settings *s, lede_path_list *list)
{
    lede_error err = {0};

    if (s->files_from != NULL &&
        lede_path_list_read(list, s->files_from, s->ends_in_nul, &err) !=
            LEDE_OK) {
        lede_say("%s", err.message);
        return false;
    }
    return true;
}

/* What is read from standard input is kept, under its content's name, in a
 * folder beside the archive: a text may have to be read again. */
static bool keep_input(const lede_app *app, lede_path_list *list)
{
    lede_error err = {0};
    lede_buf folder = {0};
    lede_status status;

    lede_buf_put_text(&folder, app->archive);
    lede_buf_put_text(&folder, ".stdin");
    status = lede_path_list_keep(list, STDIN_FILENO, lede_buf_text(&folder),
                                 lede_app_stop_flag(), &err);
    lede_buf_done(&folder);
    if (status != LEDE_OK) {
        lede_say("standard input: %s", err.message);
    }
    return status == LEDE_OK;
}

static bool add_operands(const lede_app *app, const lede_index_settings *s,
                         const char **operands, uint32_t count,
                         lede_path_list *list)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (operands[i][0] == '\0') {
            lede_say("one of the paths is empty (a variable without a value?)");
            return false;
        }
        if (strcmp(operands[i], "-") == 0) {
            if (s->files_from != NULL && strcmp(s->files_from, "-") == 0) {
                lede_say("standard input has either the paths or a document");
                return false;
            }
            if (!s->dry_run) {
                if (!keep_input(app, list)) {
                    return false;
                }
                continue;
            }
        }
        if (!lede_path_list_add(list, operands[i])) {
            lede_say("out of memory");
            return false;
        }
    }
    return true;
}

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    lede_index_settings *s = any;
    lede_path_list list = {0};
    lede_read_options read = {.default_zone = s->zone,
                              .default_language = s->language,
                              .year = s->year,
                              .mtime = LEDE_INSTANT_NONE};
    int result = LEDE_EXIT_ERROR;

    if (count == 0 && s->files_from == NULL) {
        lede_say("which files? Give one or more files or folders to index");
        return LEDE_EXIT_ERROR;
    }
    if (!s->dry_run && !lede_app_find_archive(app)) {
        return LEDE_EXIT_ERROR;
    }
    lede_app_catch_signals();
    if (add_operands(app, s, operands, count, &list) && take_paths(s, &list)) {
        const char *const *paths = (const char *const *)list.paths;

        if (list.count == 0) {
            lede_say("%s: no paths in it", s->files_from);
            result = LEDE_EXIT_DONE;
        } else if (s->dry_run) {
            result = lede_dry_run(app, paths, list.count, &read, s->sources);
        } else {
            result = lede_index_files(app, s, paths, list.count);
        }
    }
    lede_path_list_done(&list);
    return result;
}

const lede_command lede_command_index = {
    .name = "index",
    .operands = "PATH...",
    .summary = "Read files and folders into the archive.",
    .options = options,
    .set = lede_index_set,
    .settings_bytes = sizeof(lede_index_settings),
    .run = run,
};
