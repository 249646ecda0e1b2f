#include "corpus/table_rows.h"

#include <string.h>

enum { READ_BYTES = 64 * 1024, BLANKS_MAX = 64 };

static bool fill(lede_rows *r)
{
    uint8_t *bytes;
    size_t got = 0;

    if (r->ended != LEDE_OK || r->window.failed) {
        return false;
    }
    if (!r->is_kept) {
        lede_buf_clear(&r->window);
        r->at = r->bound_end = 0;
    }
    bytes = lede_buf_extend(&r->window, READ_BYTES);
    if (bytes == NULL) {
        return false;
    }
    r->window.len -= READ_BYTES;
    r->ended = lede_input_read(r->input, bytes, READ_BYTES, &got, &r->failure);
    r->window.len += r->ended == LEDE_OK ? got : 0;
    return r->ended == LEDE_OK;
}

/* The next byte; -1 at the end. */
static int next_byte(lede_rows *r)
{
    return r->at < r->window.len || fill(r) ? r->window.bytes[r->at++] : -1;
}

static int peek_byte(lede_rows *r)
{
    return r->at < r->window.len || fill(r) ? r->window.bytes[r->at] : -1;
}

static bool is_line_end(int c)
{
    return c == '\n' || c == '\r';
}

/* Whether the cell ends behind a mark: nothing follows but blanks. */
static bool is_cell_end(lede_rows *r)
{
    size_t begin = r->at;
    bool is_end;
    int c;

    while ((c = peek_byte(r)) == ' ' && r->at - begin < BLANKS_MAX) {
        r->at++;
    }
    is_end = c < 0 || c == r->form.separator || is_line_end(c);
    if (!is_end) {
        r->at = begin;
    }
    return is_end;
}

static bool is_within(const lede_rows *r)
{
    return r->cells.len < LEDE_ROW_MAX_BYTES;
}

/* The cell behind an opening mark; false if that is never closed. */
static bool take_quoted(lede_rows *r)
{
    bool has_lines = false;
    int before = 0;
    int c;

    while ((c = next_byte(r)) >= 0 && is_within(r)) {
        if (c == '"' && peek_byte(r) == '"') {
            r->at++;
        } else if (c == '"') {
            if (is_cell_end(r)) {
                return true;
            }
            if (has_lines &&
                (before == r->form.separator || is_line_end(before))) {
                return false;
            }
        } else if (is_line_end(c)) {
            if (r->at <= r->bound_end) {
                return false;
            }
            has_lines = true;
        }
        lede_buf_put_byte(&r->cells, (uint8_t)c);
        before = c;
    }
    return false;
}

static void take_cell(lede_rows *r)
{
    size_t begin = r->at;
    size_t len = r->cells.len;

    r->is_kept = true;
    if (!take_quoted(r)) {
        r->bound_end = r->at > r->bound_end ? r->at : r->bound_end;
        r->at = begin;
        r->cells.len = len;
        lede_buf_put_byte(&r->cells, '"');
        r->is_mended = true;
    }
    r->is_kept = false;
}

static void end_cell(lede_rows *r)
{
    if (r->count < LEDE_COLUMNS_MAX) {
        r->ends[r->count++] = r->cells.len;
    }
}

static bool is_row_end(lede_rows *r, int c)
{
    if (c == '\r' && !r->form.ends_at_cr && peek_byte(r) == '\n') {
        c = next_byte(r);
    }
    return c == '\n' || (c == '\r' && r->form.ends_at_cr);
}

bool lede_rows_next(lede_rows *r)
{
    bool is_begin = true;
    int c = peek_byte(r);

    lede_buf_clear(&r->cells);
    r->count = 0;
    r->is_too_long = r->is_mended = false;
    if (c < 0) {
        return false;
    }
    while ((c = next_byte(r)) >= 0 && !is_row_end(r, c)) {
        if (c == r->form.separator) {
            end_cell(r);
            is_begin = true;
        } else if (c == '"' && is_begin && !r->is_mended && is_within(r)) {
            is_begin = false;
            take_cell(r);
        } else {
            is_begin = is_begin && c == ' ';
            if (is_within(r)) {
                lede_buf_put_byte(&r->cells, (uint8_t)c);
            } else {
                r->is_too_long = true;
            }
        }
    }
    end_cell(r);
    return true;
}

lede_span lede_rows_cell(const lede_rows *rows, size_t i)
{
    size_t begin = i == 0 ? 0 : rows->ends[i - 1];

    return lede_span_part(lede_buf_span(&rows->cells), begin,
                          rows->ends[i] - begin);
}

void lede_rows_init(lede_rows *rows, lede_input *input, lede_table_form form)
{
    size_t i;

    memset(rows, 0, sizeof *rows);
    rows->input = input;
    rows->form = form;
    for (i = 0; i < form.names_begin && next_byte(rows) >= 0; i++) {
    }
}

void lede_rows_done(lede_rows *rows)
{
    lede_buf_done(&rows->window);
    lede_buf_done(&rows->cells);
}
