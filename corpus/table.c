/* table.c - tables (CSV): an entry per row. A row is read as the JSON record
 * that it could have been, so that columns mean what keys do. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "corpus/format.h"
#include "corpus/html_charset.h"
#include "corpus/json_entry.h"
#include "corpus/table_rows.h"
#include "corpus/text_match.h"

enum { NOTES_MAX = 8 };

typedef struct table {
    const lede_read_context *context;
    const lede_sink *sink;
    lede_rows rows;
    lede_buf names; /* of the columns, as keys */
    size_t name_ends[LEDE_COLUMNS_MAX];
    bool is_date[LEDE_COLUMNS_MAX];
    bool is_tags[LEDE_COLUMNS_MAX];
    bool is_instapaper; /* its time is that of saving */
    size_t columns;
    lede_buf text, valid; /* the row as JSON */
    lede_json *json;
    lede_date_order order;
    lede_arena arena;
    uint64_t row, entries, notes, others, longer;
    bool page_is_open;
} table;

static bool claims_table(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return lede_table_form_of(head).separator != 0;
}

static bool take_header(table *t)
{
    bool has_folder = false;
    bool has_selection = false;
    size_t i;

    if (!lede_rows_next(&t->rows) || t->rows.cells.failed) {
        return false;
    }
    t->columns = t->rows.count;
    for (i = 0; i < t->columns; i++) {
        lede_span name = lede_span_trim(lede_rows_cell(&t->rows, i));
        lede_span key;
        lede_json_field field = lede_table_field(name, &key);

        t->is_date[i] = field == LEDE_JSON_FIELD_PUBLISHED ||
                        field == LEDE_JSON_FIELD_UPDATED ||
                        field == LEDE_JSON_FIELD_CAPTURED;
        t->is_tags[i] = field == LEDE_JSON_FIELD_TAGS;
        has_folder |= lede_match_is(name, "folder");
        has_selection |= lede_match_is(name, "selection");
        lede_buf_put_span(&t->names, key);
        t->name_ends[i] = t->names.len;
    }
    t->is_instapaper = has_folder && has_selection;
    return !t->names.failed;
}

static lede_span name_at(const table *t, size_t i)
{
    size_t begin = i == 0 ? 0 : t->name_ends[i - 1];

    return lede_span_part(lede_buf_span(&t->names), begin,
                          t->name_ends[i] - begin);
}

/* Rows as JSON. ----------------------------------------------------------- */

static void put_string(lede_buf *out, lede_span text, bool is_tags)
{
    size_t i;

    lede_buf_put_byte(out, '"');
    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c == '"' || c == '\\') {
            lede_buf_put_byte(out, '\\');
            lede_buf_put_byte(out, c);
        } else if (c < ' ') {
            lede_buf_put_format(out, "\\u%04x", c);
        } else {
            lede_buf_put_byte(out, is_tags && c == '|' ? ',' : c);
        }
    }
    lede_buf_put_byte(out, '"');
}

static bool is_number(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
    }
    return text.len >= 9 && text.len <= 18 && text.bytes[0] != '0';
}

/* Whether the row's cells from there on are empty. */
static bool is_blank_from(const table *t, size_t i)
{
    while (i < t->rows.count &&
           lede_span_trim(lede_rows_cell(&t->rows, i)).len == 0) {
        i++;
    }
    return i == t->rows.count;
}

static lede_status put_row(table *t, lede_error *err)
{
    bool is_first = true;
    uint32_t repaired;
    size_t i;

    lede_buf_clear(&t->text);
    lede_buf_clear(&t->valid);
    lede_buf_put_byte(&t->text, '{');
    for (i = 0; i < t->rows.count && i < t->columns; i++) {
        lede_span cell = lede_span_trim(lede_rows_cell(&t->rows, i));
        lede_span name;

        if (cell.len == 0) {
            continue;
        }
        lede_buf_put_text(&t->text, is_first ? "" : ",");
        is_first = false;
        name = name_at(t, i);
        if (t->is_instapaper && lede_match_is(name, "timestamp")) {
            name = lede_span_text("time_added");
        }
        put_string(&t->text, name, false);
        lede_buf_put_byte(&t->text, ':');
        if (t->is_date[i] && is_number(cell)) {
            lede_buf_put_span(&t->text, cell);
        } else {
            put_string(&t->text, cell, t->is_tags[i]);
        }
    }
    lede_buf_put_byte(&t->text, '}');
    if (t->text.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    return lede_html_decode(lede_buf_span(&t->text), t->context->charset,
                            &t->valid, &repaired, err);
}

static lede_status open_page(table *t, lede_error *err)
{
    const lede_page page = {.format = "table",
                            .captured = lede_when_none(),
                            .updated = lede_when_none()};

    if (t->page_is_open) {
        return LEDE_OK;
    }
    t->page_is_open = true;
    return t->sink->page_begin(t->sink->ctx, &page, err);
}

static lede_status give_row(table *t, lede_error *err)
{
    char location[40];
    lede_json_record record;
    lede_entry entry;
    lede_status status = put_row(t, err);

    lede_arena_clear(&t->arena);
    if (status == LEDE_OK) {
        status = lede_json_record_read(t->json, lede_buf_span(&t->valid),
                                       &t->arena, &record, err);
    }
    if (status == LEDE_BAD_INPUT || status == LEDE_NOT_FOUND ||
        (status == LEDE_OK && !lede_json_record_is_entry(&record))) {
        t->others++;
        return LEDE_OK;
    }
    record.order = t->order;
    if (status == LEDE_OK) {
        status = lede_json_entry_make(&record, t->context->options, &t->arena,
                                      &entry, err);
    }
    if (status == LEDE_OK) {
        status = lede_entry_set_captured(
            &t->context->captured, t->context->options, &t->arena, &entry, err);
    }
    if (status == LEDE_OK) {
        status = open_page(t, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    snprintf(location, sizeof location, "#record=%" PRIu64, t->row);
    t->entries++;
    return t->sink->entry(t->sink->ctx, &entry, location, err);
}

static void note_row(table *t, const char *what)
{
    char location[40];

    if (t->notes++ < NOTES_MAX && t->sink->note != NULL) {
        snprintf(location, sizeof location, "#record=%" PRIu64, t->row);
        t->sink->note(t->sink->ctx, location, what);
    }
}

static void note_count(table *t, uint64_t count, const char *what)
{
    char text[128];

    if (count > 0 && t->sink->note != NULL) {
        snprintf(text, sizeof text, "%s: %" PRIu64, what, count);
        t->sink->note(t->sink->ctx, "", text);
    }
}

static void note_all(table *t)
{
    if (t->notes > NOTES_MAX) {
        note_count(t, t->notes - NOTES_MAX, "notes that are not shown");
    }
    if (t->entries > 0) {
        note_count(t, t->others,
                   "rows without text that are no headline with an address, "
                   "summary, date, author or outlet");
        note_count(t, t->longer,
                   "rows with more cells than columns, whose last are left "
                   "out");
    }
}

static lede_status take_row(table *t, lede_error *err)
{
    if (t->rows.cells.failed || t->rows.window.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    t->row += t->rows.count > 1 || !is_blank_from(t, 0);
    if (is_blank_from(t, 0)) {
        return LEDE_OK;
    }
    if (t->rows.is_mended) {
        note_row(t, "a quotation mark that opens a cell is not closed: the "
                    "row is taken to end with its line");
    }
    if (t->rows.is_too_long) {
        note_row(t, "a row of more than 16 MiB: passed over");
        return LEDE_OK;
    }
    t->longer += t->rows.count > t->columns && !is_blank_from(t, t->columns);
    return give_row(t, err);
}

static lede_status read_rows(table *t, lede_error *err)
{
    lede_status status = LEDE_OK;

    if (!take_header(t)) {
        return lede_fail(err, LEDE_BAD_INPUT, "a table (CSV) without rows");
    }
    while (status == LEDE_OK && lede_rows_next(&t->rows)) {
        status = take_row(t, err);
    }
    note_all(t);
    if (status == LEDE_OK && t->page_is_open) {
        status = t->sink->page_end(t->sink->ctx, err);
    }
    if (status == LEDE_OK && t->rows.ended != LEDE_END &&
        t->rows.ended != LEDE_OK) {
        status = t->rows.ended;
        if (err != NULL) {
            *err = t->rows.failure;
        }
    }
    if (status == LEDE_OK && t->entries == 0) {
        status =
            lede_fail(err, LEDE_BAD_INPUT, "a table (CSV) without articles");
    }
    return status;
}

static lede_status read_table(lede_input *input,
                              const lede_read_context *context,
                              const lede_sink *sink, lede_error *err)
{
    table *t = calloc(1, sizeof *t);
    lede_table_form form;
    lede_status status;

    if (t == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    form = lede_table_form_of(lede_input_head(input));
    form.separator = form.separator == 0 ? ',' : form.separator;
    t->context = context;
    t->sink = sink;
    t->json = lede_json_new();
    status = t->json == NULL ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : lede_date_order_survey(input, &t->order, err);
    if (status == LEDE_OK) {
        lede_rows_init(&t->rows, input, form);
        status = read_rows(t, err);
    }
    lede_json_free(t->json);
    lede_arena_done(&t->arena);
    lede_rows_done(&t->rows);
    lede_buf_done(&t->names);
    lede_buf_done(&t->text);
    lede_buf_done(&t->valid);
    free(t);
    return status;
}

const lede_format lede_format_table = {"table", claims_table, read_table};
