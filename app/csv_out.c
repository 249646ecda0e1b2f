#include "app/csv_out.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "app/app.h"

static void begin_cell(lede_csv_out *out)
{
    if (out->has_cells) {
        lede_buf_put_byte(out->buf, ',');
    }
    out->has_cells = true;
}

static bool is_formula(lede_span text)
{
    return text.len > 0 && text.bytes[0] != 0 &&
           strchr("=+-@", text.bytes[0]) != NULL;
}

static bool needs_quotes(lede_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] == '"' || text.bytes[i] == ',') {
            return true;
        }
    }
    /* Some readers trim cells. */
    return text.len > 0 &&
           (text.bytes[0] == ' ' || text.bytes[text.len - 1] == ' ');
}

void lede_csv_span(lede_csv_out *out, lede_span text)
{
    lede_buf safe = {0};
    lede_span cell;
    bool quotes;

    lede_put_safe(&safe, text);
    cell = lede_buf_span(&safe);
    quotes = needs_quotes(cell);
    begin_cell(out);
    if (quotes) {
        lede_buf_put_byte(out->buf, '"');
    }
    if (is_formula(cell)) {
        lede_buf_put_byte(out->buf, '\'');
    }
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.bytes[i] == '"') {
            lede_buf_put_byte(out->buf, '"');
        }
        lede_buf_put_byte(out->buf, cell.bytes[i]);
    }
    if (quotes) {
        lede_buf_put_byte(out->buf, '"');
    }
    out->buf->failed = out->buf->failed || safe.failed;
    lede_buf_done(&safe);
}

void lede_csv_text(lede_csv_out *out, const char *text)
{
    lede_csv_span(out, lede_span_text(text));
}

void lede_csv_unsigned(lede_csv_out *out, uint64_t number)
{
    begin_cell(out);
    lede_buf_put_format(out->buf, "%" PRIu64, number);
}

void lede_csv_double(lede_csv_out *out, double number)
{
    begin_cell(out);
    if (isfinite(number)) {
        lede_buf_put_format(out->buf, "%.9g", number);
    }
}

void lede_csv_nothing(lede_csv_out *out)
{
    begin_cell(out);
}

void lede_csv_end_line(lede_csv_out *out)
{
    lede_buf_put_text(out->buf, "\r\n");
    out->has_cells = false;
}
