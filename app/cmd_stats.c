/* cmd_stats.c - lede stats: what the archive holds, and how big it is. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/json_out.h"
#include "app/opened.h"

static const lede_option options[] = {{NULL, 0, NULL, NULL, 0}};

static bool set(void *settings, int id, const char *value, lede_error *err)
{
    (void)settings;
    (void)id;
    (void)value;
    lede_fail(err, LEDE_BUG, "stats has no options of its own");
    return false;
}

/* Distinct terms: a merge of the segments' sorted dictionaries, without pairs,
 * which are no words of anybody's. */
typedef struct merge_source {
    lede_term_cursor *cursor;
    lede_term term;
    bool at_end;
} merge_source;

static lede_status advance(merge_source *source, lede_error *err)
{
    lede_status status;

    do {
        status = lede_term_cursor_next(source->cursor, &source->term, err);
    } while (status == LEDE_OK && lede_term_is_pair(source->term.bytes));
    source->at_end = status == LEDE_END;
    return status == LEDE_END ? LEDE_OK : status;
}

static merge_source *smallest(merge_source *sources, uint32_t count)
{
    merge_source *best = NULL;
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (!sources[i].at_end &&
            (best == NULL ||
             lede_span_compare(sources[i].term.bytes, best->term.bytes) < 0)) {
            best = &sources[i];
        }
    }
    return best;
}

static lede_status merge_terms(merge_source *sources, uint32_t count,
                               uint64_t *distinct, lede_error *err)
{
    lede_buf last = {0};
    lede_status status = LEDE_OK;
    merge_source *best;

    *distinct = 0;
    while (status == LEDE_OK && (best = smallest(sources, count)) != NULL) {
        if (*distinct == 0 ||
            !lede_span_equal(best->term.bytes, lede_buf_span(&last))) {
            (*distinct)++;
            lede_buf_clear(&last);
            lede_buf_put_span(&last, best->term.bytes);
            if (last.failed) {
                status = lede_fail(err, LEDE_NO_MEMORY, "out of memory");
                break;
            }
        }
        status = advance(best, err);
    }
    lede_buf_done(&last);
    return status;
}

static lede_status count_terms(const lede_snapshot *snapshot, uint64_t *out,
                               lede_error *err)
{
    uint32_t count = lede_snapshot_segment_count(snapshot);
    merge_source *sources = calloc((size_t)count + 1, sizeof *sources);
    lede_status status = LEDE_OK;
    uint32_t i;

    if (sources == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    for (i = 0; i < count && status == LEDE_OK; i++) {
        status = lede_term_cursor_open(lede_snapshot_segment(snapshot, i),
                                       &sources[i].cursor, err);
        if (status == LEDE_OK) {
            status = advance(&sources[i], err);
        }
    }
    if (status == LEDE_OK) {
        status = merge_terms(sources, count, out, err);
    }
    for (i = 0; i < count; i++) {
        lede_term_cursor_close(sources[i].cursor);
    }
    free(sources);
    return status;
}

typedef struct part {
    const char *name;
    uint64_t bytes;
} part;

enum { PART_COUNT = 6 };

static void list_parts(const lede_totals *t, part parts[PART_COUNT])
{
    const part list[PART_COUNT] = {
        {"terms", t->bytes_terms},         {"postings", t->bytes_postings},
        {"positions", t->bytes_positions}, {"columns", t->bytes_columns},
        {"entries", t->bytes_entries},     {"keys", t->bytes_keys},
    };

    memcpy(parts, list, sizeof list);
}

static void put_json(lede_buf *out, const lede_app *app, const lede_totals *t,
                     uint32_t segments, uint64_t terms)
{
    lede_json_out json;
    part parts[PART_COUNT];
    int i;

    list_parts(t, parts);
    lede_json_out_init(&json, out);
    lede_json_begin_object(&json);
    lede_json_path(&json, "archive", lede_span_text(app->archive));
    lede_json_name(&json, "generation");
    lede_json_unsigned(&json, t->generation);
    lede_json_name(&json, "entries");
    lede_json_unsigned(&json, t->entries);
    lede_json_name(&json, "deleted");
    lede_json_unsigned(&json, t->deleted);
    lede_json_name(&json, "segments");
    lede_json_unsigned(&json, segments);
    lede_json_name(&json, "terms");
    lede_json_unsigned(&json, terms);
    lede_json_name(&json, "bytes");
    lede_json_unsigned(&json, t->bytes_file);
    lede_json_instant(&json, "oldest", t->oldest);
    lede_json_instant(&json, "newest", t->newest);
    lede_json_name(&json, "half_life_s");
    lede_json_signed(&json, t->half_life_s);
    lede_json_name(&json, "parts");
    lede_json_begin_object(&json);
    for (i = 0; i < PART_COUNT; i++) {
        lede_json_name(&json, parts[i].name);
        lede_json_unsigned(&json, parts[i].bytes);
    }
    lede_json_end_object(&json);
    lede_json_end_object(&json);
    lede_buf_put_byte(out, '\n');
}

static void put_text(lede_buf *out, const lede_app *app, const lede_totals *t,
                     uint32_t segments, uint64_t terms)
{
    part parts[PART_COUNT];
    int i;

    list_parts(t, parts);
    lede_buf_put_text(out, "archive    ");
    lede_put_safe(out, lede_span_text(app->archive));
    lede_buf_put_byte(out, '\n');
    lede_put_count_line(out, "entries", t->entries);
    lede_put_count_line(out, "deleted", t->deleted);
    lede_put_count_line(out, "segments", segments);
    lede_put_count_line(out, "terms", terms);
    lede_put_instant_line(out, "oldest", t->oldest);
    lede_put_instant_line(out, "newest", t->newest);
    lede_buf_put_text(out, "on disk    ");
    lede_put_bytes(out, t->bytes_file);
    lede_buf_put_byte(out, '\n');
    for (i = 0; i < PART_COUNT; i++) {
        lede_buf_put_format(out, "  %-8s ", parts[i].name);
        lede_put_bytes(out, parts[i].bytes);
        lede_buf_put_byte(out, '\n');
    }
}

static int run(lede_app *app, void *settings, const char **operands,
               uint32_t count)
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    lede_buf out = {0};
    uint64_t terms = 0;
    const char *shards;
    int result;

    (void)settings;
    (void)operands;
    if (count != 0) {
        lede_say("stats takes no operands");
        return LEDE_EXIT_ERROR;
    }
    shards = lede_app_shards(app, &result);
    if (shards != NULL) {
        return lede_stats_of_shards(app, shards);
    }
    if (result == LEDE_EXIT_DONE) {
        result = lede_app_open_snapshot(app, &archive, &snapshot);
    }
    if (result != LEDE_EXIT_DONE) {
        return result;
    }
    err.status = count_terms(snapshot, &terms, &err);
    if (err.status != LEDE_OK) {
        result = lede_say_failure(&err);
    } else {
        (app->format == LEDE_OUTPUT_TEXT ? put_text : put_json)(
            &out, app, lede_snapshot_totals(snapshot),
            lede_snapshot_segment_count(snapshot), terms);
        result = lede_flush(&out, stdout) ? LEDE_EXIT_DONE : LEDE_EXIT_ERROR;
    }
    lede_buf_done(&out);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return result;
}

const lede_command lede_command_stats = {
    .name = "stats",
    .operands = "",
    .summary = "Say what the archive holds, and how big it is.",
    .options = options,
    .set = set,
    .settings_bytes = 1,
    .run = run,
};
