/* table.c - tables (CSV): an entry per row. A row is read as the JSON record
 * that it could have been, so that columns mean what keys do. */
#include "corpus/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "corpus/format.h"
#include "corpus/html_charset.h"
#include "corpus/json_entry.h"
#include "corpus/text_match.h"

enum { HEADER_BYTES = 4096, NAME_BYTES = 64, COLUMNS_MAX = 512, NOTES_MAX = 8 };

/* A longer row is passed over. */
static const size_t row_max_bytes = (size_t)16 << 20;

typedef struct table {
    lede_input *input;
    const lede_read_context *context;
    const lede_sink *sink;
    uint8_t separator;
    uint8_t in[64 * 1024];
    size_t in_at, in_len;
    lede_status ended;
    lede_error failure;
    lede_buf cells;           /* of the row at hand, one behind the other */
    size_t ends[COLUMNS_MAX]; /* where each ends */
    size_t count;
    lede_buf names; /* of the columns */
    size_t name_ends[COLUMNS_MAX];
    bool is_date[COLUMNS_MAX];
    bool is_tags[COLUMNS_MAX];
    bool is_instapaper; /* its time is that of saving */
    size_t columns;
    lede_buf text, valid; /* the row as JSON */
    lede_json *json;
    lede_arena arena;
    uint64_t row, entries, notes;
    bool page_is_open;
} table;

/* Recognition. ------------------------------------------------------------ */

static lede_json_field field_of(lede_span name)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(name, folded);

    return lede_json_key_find(lede_span_of(folded, len)).field;
}

/* A name of a column is short, and no markup nor code. */
static bool may_be_name(lede_span cell)
{
    size_t i;

    for (i = 0; i < cell.len; i++) {
        if (cell.bytes[i] != 0 && strchr("<>{}=;", cell.bytes[i]) != NULL) {
            return false;
        }
    }
    return cell.len <= NAME_BYTES;
}

/* How many columns have names that are known; 0 if it is no line of names. */
static unsigned known_columns(lede_span line, uint8_t separator)
{
    unsigned known = 0;
    size_t begin = 0;
    size_t i;

    for (i = 0; i <= line.len; i++) {
        if (i == line.len || line.bytes[i] == separator) {
            lede_span cell =
                lede_span_trim(lede_span_part(line, begin, i - begin));

            if (cell.len >= 2 && cell.bytes[0] == '"') {
                cell = lede_span_part(cell, 1, cell.len - 2);
            }
            if (!may_be_name(cell)) {
                return 0;
            }
            known += field_of(cell) != LEDE_JSON_FIELD_NONE;
            begin = i + 1;
        }
    }
    return known;
}

uint8_t lede_table_separator(lede_span head)
{
    static const uint8_t separators[] = {',', ';', '\t'};
    lede_span line = lede_span_part(head, 0, HEADER_BYTES);
    const uint8_t *end =
        line.len == 0 ? NULL : memchr(line.bytes, '\n', line.len);
    unsigned best = 1;
    uint8_t separator = 0;
    size_t i;

    if (end == NULL && head.len > HEADER_BYTES) {
        return 0;
    }
    line.len = end == NULL ? line.len : (size_t)(end - line.bytes);
    for (i = 0; i < sizeof separators; i++) {
        unsigned known = known_columns(line, separators[i]);

        if (known > best) {
            best = known;
            separator = separators[i];
        }
    }
    return separator;
}

static bool claims_table(lede_span head, bool whole, const char *path)
{
    (void)whole;
    (void)path;
    return lede_table_separator(head) != 0;
}

/* Rows. ------------------------------------------------------------------- */

/* The next byte; -1 at the end. */
static int next_byte(table *t)
{
    if (t->in_at == t->in_len && t->ended == LEDE_OK) {
        t->in_at = t->in_len = 0;
        t->ended = lede_input_read(t->input, t->in, sizeof t->in, &t->in_len,
                                   &t->failure);
    }
    return t->in_at < t->in_len ? t->in[t->in_at++] : -1;
}

static int peek_byte(table *t)
{
    int c = next_byte(t);

    t->in_at -= c >= 0;
    return c;
}

static void end_cell(table *t)
{
    if (t->count < COLUMNS_MAX) {
        t->ends[t->count++] = t->cells.len;
    }
}

/* Reads a row (RFC 4180: quoted cells may hold line ends, "" is a quotation
 * mark). False at the end. *is_whole: it was not too long. */
static bool take_row(table *t, bool *is_whole)
{
    bool quoted = false;
    bool is_begin = true;
    bool has_any = false;
    int c;

    lede_buf_clear(&t->cells);
    t->count = 0;
    *is_whole = true;
    while ((c = next_byte(t)) >= 0) {
        has_any = true;
        if (quoted && c == '"') {
            quoted = peek_byte(t) == '"';
            if (quoted) {
                lede_buf_put_byte(&t->cells, (uint8_t)next_byte(t));
            }
            continue;
        }
        if (!quoted && c == '"' && is_begin) {
            quoted = true;
            is_begin = false;
            continue;
        }
        if (!quoted && c == t->separator) {
            end_cell(t);
            is_begin = true;
            continue;
        }
        if (!quoted && c == '\n') {
            break;
        }
        if (!quoted && c == '\r' && peek_byte(t) == '\n') {
            continue;
        }
        is_begin = is_begin && c == ' ';
        if (t->cells.len < row_max_bytes) {
            lede_buf_put_byte(&t->cells, (uint8_t)c);
        } else {
            *is_whole = false;
        }
    }
    if (has_any) {
        end_cell(t);
    }
    return has_any;
}

static lede_span cell_at(const lede_buf *cells, const size_t *ends, size_t i)
{
    size_t begin = i == 0 ? 0 : ends[i - 1];

    return lede_span_part(lede_buf_span(cells), begin, ends[i] - begin);
}

static bool take_header(table *t)
{
    bool has_folder = false;
    bool has_selection = false;
    bool is_whole;
    size_t i;

    if (!take_row(t, &is_whole) || t->cells.failed) {
        return false;
    }
    lede_buf_put_span(&t->names, lede_buf_span(&t->cells));
    memcpy(t->name_ends, t->ends, sizeof t->ends);
    t->columns = t->count;
    for (i = 0; i < t->columns; i++) {
        lede_span name = lede_span_trim(cell_at(&t->names, t->name_ends, i));
        lede_json_field field = field_of(name);

        t->is_date[i] = field == LEDE_JSON_FIELD_PUBLISHED ||
                        field == LEDE_JSON_FIELD_UPDATED ||
                        field == LEDE_JSON_FIELD_CAPTURED;
        t->is_tags[i] = field == LEDE_JSON_FIELD_TAGS;
        has_folder |= lede_match_is(name, "folder");
        has_selection |= lede_match_is(name, "selection");
    }
    t->is_instapaper = has_folder && has_selection;
    return !t->names.failed;
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

static lede_status put_row(table *t, lede_error *err)
{
    bool is_first = true;
    uint32_t repaired;
    size_t i;

    lede_buf_clear(&t->text);
    lede_buf_clear(&t->valid);
    lede_buf_put_byte(&t->text, '{');
    for (i = 0; i < t->count && i < t->columns; i++) {
        lede_span cell = lede_span_trim(cell_at(&t->cells, t->ends, i));
        lede_span name;

        if (cell.len == 0) {
            continue;
        }
        lede_buf_put_text(&t->text, is_first ? "" : ",");
        is_first = false;
        name = lede_span_trim(cell_at(&t->names, t->name_ends, i));
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
        return LEDE_OK;
    }
    if (status == LEDE_OK) {
        status = lede_json_entry_make(&record, t->context->options, &t->arena,
                                      &entry, err);
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

static lede_status read_rows(table *t, lede_error *err)
{
    lede_status status = LEDE_OK;
    bool is_whole;

    if (!take_header(t)) {
        return lede_fail(err, LEDE_BAD_INPUT, "a table (CSV) without rows");
    }
    while (status == LEDE_OK && take_row(t, &is_whole)) {
        if (t->count == 1 && t->ends[0] == 0) {
            continue; /* a blank line */
        }
        t->row++;
        if (t->cells.failed) {
            return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
        }
        if (is_whole) {
            status = give_row(t, err);
        } else {
            note_row(t, "a row of more than 16 MiB: passed over");
        }
    }
    if (status == LEDE_OK && t->page_is_open) {
        status = t->sink->page_end(t->sink->ctx, err);
    }
    if (status == LEDE_OK && t->ended != LEDE_END && t->ended != LEDE_OK) {
        status = t->ended;
        if (err != NULL) {
            *err = t->failure;
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
    lede_status status;

    if (t == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    t->input = input;
    t->context = context;
    t->sink = sink;
    t->separator = lede_table_separator(lede_input_head(input));
    t->separator = t->separator == 0 ? ',' : t->separator;
    t->json = lede_json_new();
    status = t->json == NULL ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                             : read_rows(t, err);
    lede_json_free(t->json);
    lede_arena_done(&t->arena);
    lede_buf_done(&t->cells);
    lede_buf_done(&t->names);
    lede_buf_done(&t->text);
    lede_buf_done(&t->valid);
    free(t);
    return status;
}

const lede_format lede_format_table = {"table", claims_table, read_table};
