#include "corpus/json_mend.h"

#include <string.h>

#include "corpus/entities.h"
#include "corpus/text_match.h"

enum { DEPTH_MAX = 64, AHEAD_BYTES = 200 };

typedef enum place { WANTS_KEY, WANTS_COLON, WANTS_VALUE, HAS_VALUE } place;

typedef struct mender {
    lede_span text;
    lede_buf *out;
    size_t at;
    place place;
    unsigned depth;
    bool owes_comma;           /* none stands before what closes */
    bool in_object[DEPTH_MAX]; /* by depth; deeper ones are as the last */
} mender;

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static uint8_t byte_at(const mender *m, size_t at)
{
    return at < m->text.len ? m->text.bytes[at] : 0;
}

static size_t skip_blanks(const mender *m, size_t at)
{
    while (is_blank(byte_at(m, at))) {
        at++;
    }
    return at;
}

static bool is_in_object(const mender *m)
{
    unsigned depth = m->depth < DEPTH_MAX ? m->depth : DEPTH_MAX - 1;

    return m->in_object[depth];
}

/* Whether a name and its colon stand at `at`. */
static bool is_member(const mender *m, size_t at)
{
    uint8_t quote = byte_at(m, at);
    size_t end = at + AHEAD_BYTES;

    if (quote != '"' && quote != '\'') {
        return quote == 0 || strchr("}]", quote) != NULL;
    }
    for (at++; at < m->text.len && at < end; at++) {
        if (m->text.bytes[at] == quote) {
            return byte_at(m, skip_blanks(m, at + 1)) == ':';
        }
    }
    return false;
}

/* Whether the mark at `at` ends a string: behind it stands what goes on with
 * an object or array. */
static bool ends_string(const mender *m, size_t at)
{
    size_t next = skip_blanks(m, at + 1);
    uint8_t c = byte_at(m, next);

    if (m->place == WANTS_KEY) {
        return c == ':';
    }
    if (c == 0 || c == '}' || c == ']') {
        return true;
    }
    if (!is_in_object(m)) {
        return c == ',' && strchr("\"'{[]}-tfn0123456789",
                                  byte_at(m, skip_blanks(m, next + 1))) != NULL;
    }
    if (c == ',') {
        next = skip_blanks(m, next + 1);
        c = byte_at(m, next);
        /* a name without marks is one if a colon is near */
        return is_member(m, next) ||
               (c != '"' && lede_match_find(lede_span_part(m->text, next, 40),
                                            0, ":") != LEDE_MATCH_NONE);
    }
    return c == '"' && is_member(m, next); /* the comma is missing */
}

static void put_string(mender *m)
{
    uint8_t quote = m->text.bytes[m->at++];

    lede_buf_put_byte(m->out, '"');
    for (; m->at < m->text.len; m->at++) {
        uint8_t c = m->text.bytes[m->at];

        if (c == '\\' && m->at + 1 < m->text.len) {
            uint8_t next = m->text.bytes[++m->at];

            if (next != '\'') {
                lede_buf_put_byte(m->out, c);
            }
            lede_buf_put_byte(m->out, next);
            continue;
        }
        if (c == quote && ends_string(m, m->at)) {
            m->at++;
            break;
        }
        if (c == '"') {
            lede_buf_put_byte(m->out, '\\');
        }
        lede_buf_put_byte(m->out, c);
    }
    lede_buf_put_byte(m->out, '"');
    m->place = m->place == WANTS_KEY ? WANTS_COLON : HAS_VALUE;
}

static bool is_plain_value(lede_span text)
{
    size_t i = 0;

    if (lede_span_is(text, "true") || lede_span_is(text, "false") ||
        lede_span_is(text, "null")) {
        return true;
    }
    i += text.len > 0 && text.bytes[0] == '-';
    for (; i < text.len; i++) {
        if (strchr("0123456789.", text.bytes[i]) == NULL) {
            return false;
        }
    }
    return text.len > 0;
}

/* Letters and figures without marks: a name, a number, a date. */
static void put_bare(mender *m)
{
    const char *ends = m->place == WANTS_KEY ? ":,{}[]\"" : ",{}[]\"\n";
    size_t begin = m->at;
    lede_span text;

    while (m->at < m->text.len && strchr(ends, m->text.bytes[m->at]) == NULL) {
        m->at++;
    }
    m->at += m->at == begin; /* a stray sign */
    text = lede_span_trim(lede_span_part(m->text, begin, m->at - begin));
    if (m->place == WANTS_VALUE && is_plain_value(text)) {
        lede_buf_put_span(m->out, text);
    } else if (lede_span_is(text, "undefined") || lede_span_is(text, "NaN")) {
        lede_buf_put_text(m->out, "null");
    } else {
        lede_buf_put_byte(m->out, '"');
        lede_buf_put_span(m->out, text);
        lede_buf_put_byte(m->out, '"');
    }
    m->place = m->place == WANTS_KEY ? WANTS_COLON : HAS_VALUE;
}

/* The length of a comment at `at`, and of what ends a statement. */
static size_t comment_len(const mender *m)
{
    const char *end = byte_at(m, m->at + 1) == '*'   ? "*/"
                      : byte_at(m, m->at + 1) == '/' ? "\n"
                                                     : NULL;
    size_t at;

    if (byte_at(m, m->at) == ';') {
        return 1;
    }
    if (byte_at(m, m->at) != '/' || end == NULL) {
        return 0;
    }
    at = lede_match_find(m->text, m->at + 2, end);
    return (at == LEDE_MATCH_NONE ? m->text.len : at + strlen(end)) - m->at;
}

static void open_or_close(mender *m, uint8_t c)
{
    if (c == '{' || c == '[') {
        m->depth++;
        m->in_object[m->depth < DEPTH_MAX ? m->depth : DEPTH_MAX - 1] =
            c == '{';
        m->place = c == '{' ? WANTS_KEY : WANTS_VALUE;
    } else {
        if (m->place == WANTS_VALUE && is_in_object(m)) {
            lede_buf_put_text(m->out, "null");
        }
        m->depth -= m->depth > 0;
        m->place = HAS_VALUE;
        m->owes_comma = false;
    }
    lede_buf_put_byte(m->out, c);
}

static void put_comma(mender *m)
{
    if (m->place == WANTS_VALUE && is_in_object(m)) {
        lede_buf_put_text(m->out, "null");
    }
    m->owes_comma = true;
    m->place = is_in_object(m) ? WANTS_KEY : WANTS_VALUE;
}

/* The brackets of "<![CDATA[". */
static bool is_wrapper(const mender *m)
{
    lede_span before = lede_span_part(m->text, 0, m->at);

    return lede_match_ends(before, "<!") || lede_match_ends(before, "cdata");
}

/* One piece of the text; what stands without its comma gets one. */
static void put_piece(mender *m)
{
    uint8_t c = m->text.bytes[m->at];
    size_t len;

    if (m->depth == 0 && c != '{' && !(c == '[' && !is_wrapper(m))) {
        m->at++; /* what is wrapped around it */
        return;
    }
    len = comment_len(m);
    if (len > 0 || is_blank(c)) {
        m->at += len > 0 ? len : 1;
        lede_buf_put_byte(m->out, ' ');
        return;
    }
    if (c == ',' || c == '}' || c == ']') {
        m->at++;
        if (c == ',' && !m->owes_comma) {
            put_comma(m);
        } else if (c != ',') {
            open_or_close(m, c);
        }
        return;
    }
    if (c == ':' && m->place == WANTS_COLON) {
        m->at++;
        lede_buf_put_byte(m->out, c);
        m->place = WANTS_VALUE;
        return;
    }
    if (m->place == HAS_VALUE && m->depth > 0) {
        put_comma(m);
    }
    if (m->owes_comma) {
        lede_buf_put_byte(m->out, ',');
        m->owes_comma = false;
    }
    if (c == '{' || c == '[') {
        m->at++;
        open_or_close(m, c);
    } else if (c == '"' || c == '\'') {
        put_string(m);
    } else {
        put_bare(m);
    }
}

static void mend(lede_span text, lede_buf *out)
{
    mender m = {.text = text, .out = out, .place = WANTS_VALUE};

    while (m.at < text.len && !out->failed) {
        put_piece(&m);
    }
}

void lede_json_mend(lede_span text, lede_buf *out)
{
    lede_buf decoded = {0};

    /* Escaped for an attribute, though it is none. */
    if (text.len > 0 && memchr(text.bytes, '"', text.len) == NULL &&
        lede_match_find(text, 0, "&quot;") != LEDE_MATCH_NONE &&
        lede_entity_decode_all(text, &decoded)) {
        text = lede_buf_span(&decoded);
    }
    out->failed |= decoded.failed;
    mend(text, out);
    lede_buf_done(&decoded);
}
