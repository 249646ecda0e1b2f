/* cmd_inspect.c - lede inspect: the entries of files as they are read, and what
 * lede index --dry-run would read. */
/* realpath is of the X/Open part of POSIX */
#define _XOPEN_SOURCE 700

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/inspect.h"
#include "app/json_out.h"
#include "app/show_entry.h"
#include "app/sources.h"
#include "base/place.h"
#include "base/zone.h"
#include "corpus/walk.h"

enum { FORMATS_SHOWN = 6 };

enum { OPT_ZONE = 1, OPT_LANGUAGE, OPT_YEAR, OPT_SOURCES };

static const lede_option options[] = {
    {"zone", 0, "ZONE", "time zone of dates that name none", OPT_ZONE},
    {"language", 0, "TAG", "language of entries that name none", OPT_LANGUAGE},
    {"year", 0, "YEAR", "year of dates that name none", OPT_YEAR},
    {"sources", 0, "FILE", "settings per folder (ARCHIVE.sources)",
     OPT_SOURCES},
    {NULL, 0, NULL, NULL, 0},
};

typedef struct settings {
    const char *zone;
    const char *language;
    int32_t year;
    const char *sources;
} settings;

/* One file on its way through. */
typedef struct inspection {
    lede_app *app;
    lede_read_options read;
    lede_source_settings *sources;
    const char *path;
    const char *format;                 /* of the page at hand */
    const char *formats[FORMATS_SHOWN]; /* of all pages of the file */
    unsigned format_count;
    lede_buf out;
    lede_buf notes; /* as JSON */
    uint64_t entries, notes_count;
    uint64_t all_files, all_entries, all_unread; /* of a dry run */
    bool prints_entries;
    bool is_broken; /* nobody reads the answer */
} inspection;

static bool set(void *any, int id, const char *value, lede_error *err)
{
    settings *s = any;
    uint64_t year = 0;

    switch (id) {
    case OPT_ZONE: {
        lede_zone *zone = NULL;

        if (lede_zone_open(value, &zone, err) != LEDE_OK) {
            return lede_refuse("--zone", err);
        }
        lede_zone_close(zone);
        s->zone = value;
        return true;
    }
    case OPT_LANGUAGE:
        s->language = value;
        return true;
    case OPT_SOURCES:
        s->sources = value;
        return true;
    default:
        if (lede_parse_count(value, 2200, &year) && year >= LEDE_YEAR_MIN) {
            s->year = (int32_t)year;
            return true;
        }
        lede_fail(err, LEDE_BAD_INPUT, "--year '%.40s': give a year", value);
        return false;
    }
}

/* The sink. --------------------------------------------------------------- */

static lede_status on_page_begin(void *ctx, const lede_page *page,
                                 lede_error *err)
{
    inspection *in = ctx;
    unsigned i;

    (void)err;
    in->format = page->format;
    for (i = 0; i < in->format_count; i++) {
        if (strcmp(in->formats[i], page->format) == 0) {
            return LEDE_OK;
        }
    }
    if (in->format_count < FORMATS_SHOWN) {
        in->formats[in->format_count++] = page->format;
    }
    return LEDE_OK;
}

static lede_status on_page_end(void *ctx, lede_error *err)
{
    (void)ctx;
    (void)err;
    return LEDE_OK;
}

static void put_why(inspection *in, const lede_entry *entry,
                    const char *location)
{
    lede_json_out json;

    lede_json_out_init(&json, &in->out);
    lede_json_begin_object(&json);
    lede_json_name(&json, "location");
    lede_json_text(&json, location);
    lede_json_name(&json, "format");
    lede_json_text(&json, in->format == NULL ? "" : in->format);
    lede_json_name(&json, "published_source");
    lede_json_text(&json,
                   entry->published.precision == LEDE_PRECISION_NONE
                       ? "none"
                       : lede_year_source_name(entry->published.year_source));
    lede_json_name(&json, "updated_text");
    lede_json_span_or_null(&json, entry->updated.text);
    lede_json_name(&json, "why");
    lede_json_span_or_null(&json, entry->why);
    lede_json_name(&json, "entry");
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    inspection *in = ctx;
    lede_buf path = {0};
    lede_span place;

    in->entries++;
    if (!in->prints_entries) {
        return LEDE_OK;
    }
    lede_place_put(lede_span_text(in->path), lede_span_text(location), &path);
    place = lede_buf_span(&path);
    entry->paths = &place;
    entry->path_count = 1;
    if (in->app->format == LEDE_OUTPUT_TEXT && in->app->color) {
        lede_put_entry_text(in->app, &in->out, entry, NULL, NULL);
        lede_buf_put_byte(&in->out, '\n');
    } else {
        put_why(in, entry, location);
        lede_put_entry_json(&in->out, entry, NULL, NULL, NULL);
        in->out.len -= in->out.len > 0; /* its line end */
        lede_buf_put_text(&in->out, "}\n");
    }
    lede_buf_done(&path);
    if (in->out.len > 1 << 16) {
        in->is_broken = !lede_flush(&in->out, stdout);
    }
    return in->is_broken ? lede_fail(err, LEDE_IO, "nobody reads the answer")
                         : LEDE_OK;
}

static void on_note(void *ctx, const char *location, const char *what)
{
    inspection *in = ctx;

    in->notes_count++;
    lede_say("%s%s: %s", in->path, location, what);
}

static lede_status read_one(inspection *in, const char *path, lede_error *err)
{
    const lede_sink sink = {.ctx = in,
                            .page_begin = on_page_begin,
                            .entry = on_entry,
                            .page_end = on_page_end,
                            .note = on_note};

    lede_read_options read = in->read;
    char *full = realpath(path, NULL);

    if (full != NULL) {
        lede_source_settings_apply(in->sources, full, &read);
    }
    free(full);
    in->path = strcmp(path, "-") == 0 ? "standard input" : path;
    in->format = NULL;
    in->format_count = 0;
    in->entries = 0;
    return strcmp(path, "-") == 0
               ? lede_corpus_read_stream(0, "-", &read, &sink, err)
               : lede_corpus_read_file(path, &read, &sink, err);
}

/* lede inspect. ----------------------------------------------------------- */

static int run(lede_app *app, void *any, const char **operands, uint32_t count)
{
    settings *s = any;
    inspection in = {.app = app,
                     .read = {.default_zone = s->zone,
                              .default_language = s->language,
                              .year = s->year,
                              .mtime = LEDE_INSTANT_NONE,
                              .explains = true,
                              .stop = lede_app_stop_flag()},
                     .prints_entries = true};
    int result = LEDE_EXIT_DONE;
    uint32_t i;

    if (count == 0) {
        lede_say("which files? Give one or more files, or - for standard "
                 "input");
        return LEDE_EXIT_ERROR;
    }
    if (!lede_app_open_sources(app, s->sources, &in.sources)) {
        return LEDE_EXIT_ERROR;
    }
    lede_app_catch_signals();
    for (i = 0; i < count && !in.is_broken; i++) {
        lede_error err = {0};
        lede_status status = read_one(&in, operands[i], &err);

        if (!lede_flush(&in.out, stdout)) {
            result = LEDE_EXIT_ERROR;
            break;
        }
        if (status == LEDE_INTERRUPTED) {
            result = LEDE_EXIT_INTERRUPTED;
            break;
        }
        if (status != LEDE_OK) {
            lede_say("%s: %s", in.path, err.message);
            result =
                status == LEDE_BAD_INPUT ? LEDE_EXIT_NOTHING : LEDE_EXIT_ERROR;
        }
    }
    lede_source_settings_close(in.sources);
    lede_buf_done(&in.out);
    return result;
}

const lede_command lede_command_inspect = {
    .name = "inspect",
    .operands = "FILE...",
    .summary = "Print the entries of files as they are read, with reasons.",
    .options = options,
    .set = set,
    .settings_bytes = sizeof(settings),
    .run = run,
};

/* lede index --dry-run. --------------------------------------------------- */

/* ": feed, "; a container may have several: ": html + feed, ". */
static void put_formats(inspection *in)
{
    unsigned i;

    lede_buf_put_text(&in->out, in->format_count == 0 ? ": nothing" : ": ");
    for (i = 0; i < in->format_count; i++) {
        lede_buf_put_text(&in->out, i == 0 ? "" : " + ");
        lede_buf_put_text(&in->out, in->formats[i]);
    }
    lede_buf_put_text(&in->out, ", ");
}

/* Reads a file, or standard input, and says what it is. */
static lede_status tell_file(inspection *in, const char *path, lede_error *err)
{
    lede_error reason = {0};
    lede_status status = read_one(in, path, &reason);

    in->all_files++;
    in->all_entries += in->entries;
    if (status == LEDE_INTERRUPTED || status == LEDE_NO_MEMORY) {
        if (err != NULL) {
            *err = reason;
        }
        return status;
    }
    lede_put_safe(&in->out, lede_span_text(in->path));
    if (status == LEDE_OK) {
        put_formats(in);
        lede_put_entries(&in->out, in->entries);
        lede_buf_put_byte(&in->out, '\n');
    } else {
        in->all_unread++;
        lede_buf_put_text(&in->out, ": not read: ");
        lede_put_safe(&in->out, lede_span_text(reason.message));
        lede_buf_put_byte(&in->out, '\n');
    }
    in->is_broken = !lede_flush(&in->out, stdout);
    return in->is_broken ? LEDE_IO : LEDE_OK;
}

static lede_status on_file(void *ctx, const lede_walk_file *file,
                           lede_error *err)
{
    inspection *in = ctx;

    if (lede_source_settings_are(in->sources, file->path)) {
        return LEDE_OK;
    }
    in->read.mtime = file->mtime_ns / 1000000000;
    in->read.mtime_is_copy = file->mtime_is_copy;
    return tell_file(in, file->path, err);
}

static void on_walk_note(void *ctx, const char *path, const char *what)
{
    (void)ctx;
    lede_say("%s: %s", path, what);
}

int lede_dry_run(lede_app *app, const char *const *paths, uint32_t count,
                 const lede_read_options *read, const char *sources)
{
    inspection in = {.app = app, .read = *read};
    lede_walk_callbacks callbacks = {.ctx = &in,
                                     .file = on_file,
                                     .note = on_walk_note,
                                     .stop = lede_app_stop_flag()};
    lede_status status = LEDE_OK;
    lede_error err = {0};
    int result = LEDE_EXIT_DONE;
    uint32_t i;

    if (!lede_app_open_sources(app, sources, &in.sources)) {
        return LEDE_EXIT_ERROR;
    }
    in.read.stop = lede_app_stop_flag();
    lede_app_catch_signals();
    for (i = 0; i < count && !in.is_broken; i++) {
        in.read.mtime = LEDE_INSTANT_NONE;
        status = strcmp(paths[i], "-") == 0
                     ? tell_file(&in, paths[i], &err)
                     : lede_walk(paths[i], &callbacks, &err);
        if (status == LEDE_INTERRUPTED) {
            result = LEDE_EXIT_INTERRUPTED;
            break;
        }
        if (status != LEDE_OK && !in.is_broken) {
            lede_say("%s", err.message);
            result = LEDE_EXIT_ERROR;
        }
    }
    lede_put_entries(&in.out, in.all_entries);
    lede_buf_put_format(&in.out, " in %" PRIu64 " file%s", in.all_files,
                        in.all_files == 1 ? "" : "s");
    if (in.all_unread > 0) {
        lede_buf_put_format(&in.out, ", of which %" PRIu64 " cannot be read",
                            in.all_unread);
    }
    lede_buf_put_text(&in.out, "; nothing was written\n");
    if (!app->quiet) {
        lede_flush(&in.out, stderr);
    }
    lede_source_settings_close(in.sources);
    lede_buf_done(&in.out);
    lede_buf_done(&in.notes);
    return in.is_broken ? LEDE_EXIT_ERROR : result;
}
