#include "app/json_out.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "app/app.h"
#include "base/utf8.h"

void lede_json_out_init(lede_json_out *out, lede_buf *buf)
{
    *out = (lede_json_out){.buf = buf};
}

static void begin_value(lede_json_out *out)
{
    if (out->after_name) {
        out->after_name = false;
        return;
    }
    if (out->depth > 0) {
        if (out->has_items[out->depth - 1]) {
            lede_buf_put_text(out->buf, ", ");
        }
        out->has_items[out->depth - 1] = true;
    }
}

static void open_level(lede_json_out *out, char bracket)
{
    begin_value(out);
    assert(out->depth < LEDE_JSON_MAX_DEPTH);
    out->has_items[out->depth++] = false;
    lede_buf_put_byte(out->buf, (uint8_t)bracket);
}

static void close_level(lede_json_out *out, char bracket)
{
    assert(out->depth > 0 && !out->after_name);
    out->depth--;
    lede_buf_put_byte(out->buf, (uint8_t)bracket);
}

void lede_json_begin_object(lede_json_out *out)
{
    open_level(out, '{');
}

void lede_json_end_object(lede_json_out *out)
{
    close_level(out, '}');
}

void lede_json_begin_array(lede_json_out *out)
{
    open_level(out, '[');
}

void lede_json_end_array(lede_json_out *out)
{
    close_level(out, ']');
}

static void put_escaped(lede_buf *buf, uint8_t c)
{
    switch (c) {
    case '"':
        lede_buf_put_text(buf, "\\\"");
        break;
    case '\\':
        lede_buf_put_text(buf, "\\\\");
        break;
    case '\n':
        lede_buf_put_text(buf, "\\n");
        break;
    case '\r':
        lede_buf_put_text(buf, "\\r");
        break;
    case '\t':
        lede_buf_put_text(buf, "\\t");
        break;
    default:
        lede_buf_put_format(buf, "\\u%04x", c);
    }
}

static bool needs_escape(uint8_t c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

/* JSON may end up on a terminal: C1 controls and the marks that reorder a line
 * are escaped as well. Gives the bytes of such a character, or 0. */
static size_t harmful_bytes(lede_span text, size_t at, uint32_t *c)
{
    size_t len;

    if (text.bytes[at] != 0xC2 && text.bytes[at] != 0xE2) {
        return 0;
    }
    len = lede_utf8_decode(text.bytes + at, text.bytes + text.len, c);
    return lede_is_harmful(*c) ? len : 0;
}

/* `text` is valid UTF-8. */
static void put_string(lede_buf *buf, lede_span text)
{
    size_t begin = 0;
    size_t i;
    size_t len;
    uint32_t c;

    lede_buf_put_byte(buf, '"');
    for (i = 0; i < text.len; i++) {
        if (needs_escape(text.bytes[i])) {
            lede_buf_put(buf, text.bytes + begin, i - begin);
            put_escaped(buf, text.bytes[i]);
            begin = i + 1;
        } else if ((len = harmful_bytes(text, i, &c)) > 0) {
            lede_buf_put(buf, text.bytes + begin, i - begin);
            lede_buf_put_format(buf, "\\u%04x", (unsigned)c);
            begin = i + len;
            i = begin - 1;
        }
    }
    lede_buf_put(buf, text.bytes + begin, text.len - begin);
    lede_buf_put_byte(buf, '"');
}

void lede_json_span(lede_json_out *out, lede_span text)
{
    begin_value(out);
    if (text.len == 0) {
        lede_buf_put_text(out->buf, "\"\"");
    } else if (lede_utf8_valid_prefix(text) == text.len) {
        put_string(out->buf, text);
    } else {
        lede_buf repaired = {0};

        lede_utf8_repair(text, &repaired);
        put_string(out->buf, lede_buf_span(&repaired));
        out->buf->failed = out->buf->failed || repaired.failed;
        lede_buf_done(&repaired);
    }
}

void lede_json_name(lede_json_out *out, const char *name)
{
    lede_json_text(out, name);
    lede_buf_put_text(out->buf, ": ");
    out->after_name = true;
}

void lede_json_text(lede_json_out *out, const char *text)
{
    lede_json_span(out, lede_span_text(text));
}

void lede_json_span_or_null(lede_json_out *out, lede_span text)
{
    if (text.len == 0) {
        lede_json_null(out);
    } else {
        lede_json_span(out, text);
    }
}

void lede_json_unsigned(lede_json_out *out, uint64_t value)
{
    begin_value(out);
    lede_buf_put_format(out->buf, "%" PRIu64, value);
}

void lede_json_signed(lede_json_out *out, int64_t value)
{
    begin_value(out);
    lede_buf_put_format(out->buf, "%" PRId64, value);
}

void lede_json_double(lede_json_out *out, double value)
{
    if (!isfinite(value)) {
        lede_json_null(out);
        return;
    }
    begin_value(out);
    lede_buf_put_format(out->buf, "%.9g", value);
}

void lede_json_bool(lede_json_out *out, bool value)
{
    begin_value(out);
    lede_buf_put_text(out->buf, value ? "true" : "false");
}

void lede_json_null(lede_json_out *out)
{
    begin_value(out);
    lede_buf_put_text(out->buf, "null");
}

void lede_json_when(lede_json_out *out, const lede_when *when)
{
    lede_buf text = {0};

    lede_when_format(when, &text);
    lede_json_span_or_null(out, lede_buf_span(&text));
    lede_buf_done(&text);
}

/* RFC 4648, section 4. */
static void put_base64(lede_buf *buf, lede_span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                 "stuvwxyz0123456789+/";
    size_t i;

    for (i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t v = (uint32_t)bytes.bytes[i] << 16 |
                     (left > 1 ? (uint32_t)bytes.bytes[i + 1] << 8 : 0) |
                     (left > 2 ? bytes.bytes[i + 2] : 0);

        lede_buf_put_byte(buf, (uint8_t)digits[v >> 18]);
        lede_buf_put_byte(buf, (uint8_t)digits[v >> 12 & 63]);
        lede_buf_put_byte(buf, left > 1 ? (uint8_t)digits[v >> 6 & 63] : '=');
        lede_buf_put_byte(buf, left > 2 ? (uint8_t)digits[v & 63] : '=');
    }
}

void lede_json_instant(lede_json_out *out, const char *name, int64_t instant)
{
    lede_buf text = {0};

    lede_json_name(out, name);
    if (instant != LEDE_INSTANT_NONE) {
        lede_instant_format(instant, &text);
    }
    lede_json_span_or_null(out, lede_buf_span(&text));
    lede_buf_done(&text);
}

void lede_json_path(lede_json_out *out, const char *name, lede_span path)
{
    lede_json_name(out, name);
    lede_json_span_or_null(out, path);
    if (lede_utf8_valid_prefix(path) != path.len) {
        lede_buf bytes_name = {0};

        lede_buf_put_text(&bytes_name, name);
        lede_buf_put_text(&bytes_name, "_bytes");
        lede_json_span(out, lede_buf_span(&bytes_name));
        lede_buf_put_text(out->buf, ": \"");
        put_base64(out->buf, path);
        lede_buf_put_byte(out->buf, '"');
        out->buf->failed |= bytes_name.failed;
        lede_buf_done(&bytes_name);
    }
}

void lede_json_key(lede_json_out *out, uint64_t key)
{
    begin_value(out);
    lede_buf_put_format(out->buf, "\"%016" PRIx64 "\"", key);
}
