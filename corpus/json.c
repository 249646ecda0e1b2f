#include "corpus/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "corpus/json_number.h"
#include "corpus/json_scan.h"

/* Scratch above this is given back when a much smaller text comes. */
enum { SCRATCH_KEEP_BYTES = 1 << 20 };

typedef enum expect {
    EXPECT_VALUE,        /* at the top, or behind a key */
    EXPECT_VALUE_OR_END, /* just inside an array, or behind a comma in it */
    EXPECT_KEY_OR_END,   /* the same for an object */
    EXPECT_COMMA_OR_END  /* behind a value inside */
} expect;

struct lede_json {
    const uint8_t *begin, *p, *end;
    expect expect;
    bool is_valid_utf8; /* all of the text */
    bool is_cut;
    bool after_key;
    lede_status failed;
    lede_error failure;
    uint32_t depth;
    bool is_object[LEDE_JSON_DEPTH_MAX];
    /* Decoded strings: never longer than the text they come from, so that room
     * for one text holds all of its strings without moving. */
    uint8_t *scratch;
    size_t scratch_cap, scratch_used;
    lede_arena repaired; /* only repair makes text longer */
};

lede_json *lede_json_new(void)
{
    return calloc(1, sizeof(lede_json));
}

void lede_json_free(lede_json *json)
{
    if (json != NULL) {
        free(json->scratch);
        lede_arena_done(&json->repaired);
        free(json);
    }
}

void lede_json_begin(lede_json *json, lede_span text)
{
    static const uint8_t nothing[1] = {0};

    if (json->scratch_cap > SCRATCH_KEEP_BYTES &&
        json->scratch_cap / 8 > text.len) {
        free(json->scratch);
        json->scratch = NULL;
        json->scratch_cap = 0;
    }
    json->scratch_used = 0;
    lede_arena_clear(&json->repaired);
    json->begin = json->p = text.len == 0 ? nothing : text.bytes;
    json->end = json->begin + text.len;
    json->expect = EXPECT_VALUE;
    json->is_valid_utf8 = lede_utf8_valid_prefix(text) == text.len;
    json->is_cut = json->after_key = false;
    json->failed = LEDE_OK;
    json->depth = 0;
}

size_t lede_json_position(const lede_json *json)
{
    return (size_t)(json->p - json->begin);
}

bool lede_json_is_cut(const lede_json *json)
{
    return json->is_cut;
}

static lede_status fail_here(lede_json *json, const char *what)
{
    const uint8_t *line = json->begin;
    const uint8_t *p = json->begin;
    size_t number = 1;

    while (p < json->p &&
           (p = memchr(p, '\n', (size_t)(json->p - p))) != NULL) {
        number++;
        line = ++p;
    }
    json->failed = LEDE_BAD_INPUT;
    if (number == 1) {
        return lede_fail(&json->failure, LEDE_BAD_INPUT,
                         "bad JSON at byte %zu: %s",
                         (size_t)(json->p - line) + 1, what);
    }
    return lede_fail(&json->failure, LEDE_BAD_INPUT,
                     "bad JSON in its line %zu at byte %zu: %s", number,
                     (size_t)(json->p - line) + 1, what);
}

static lede_status fail_memory(lede_json *json)
{
    json->failed = LEDE_NO_MEMORY;
    return lede_fail(&json->failure, LEDE_NO_MEMORY, "out of memory");
}

/* Blanks and what pages wrap JSON in. */

static bool has(const lede_json *json, const char *text)
{
    size_t len = strlen(text);

    return (size_t)(json->end - json->p) >= len &&
           memcmp(json->p, text, len) == 0;
}

/* Moves behind the next `text`, or to the end. */
static void skip_past(lede_json *json, const char *text)
{
    while (json->p < json->end && !has(json, text)) {
        json->p++;
    }
    json->p += json->p < json->end ? strlen(text) : 0;
}

static bool skip_text(lede_json *json, const char *text)
{
    if (!has(json, text)) {
        return false;
    }
    json->p += strlen(text);
    return true;
}

/* One comment, wrapper or odd blank; false if there is none. */
static bool skip_wrapper(lede_json *json)
{
    switch (*json->p) {
    case '/':
        if (skip_text(json, "/*")) {
            skip_past(json, "*/");
            return true;
        }
        if (has(json, "//")) {
            skip_past(json, "\n");
            return true;
        }
        return false;
    case '<':
        return skip_text(json, "<![CDATA[") || skip_text(json, "<!--");
    case '-':
        return skip_text(json, "-->");
    case ']':
        return json->depth == 0 && skip_text(json, "]]>");
    case ';':
    case ',':
        if (json->depth > 0) {
            return false;
        }
        json->p++;
        return true;
    case 0xC2:
        return skip_text(json, "\xC2\xA0");
    case 0xEF:
        return skip_text(json, "\xEF\xBB\xBF");
    default:
        return false;
    }
}

static void skip_blanks(lede_json *json)
{
    while (json->p < json->end) {
        if (*json->p <= ' ') {
            json->p++;
        } else if (!skip_wrapper(json)) {
            return;
        }
    }
}

/* Strings. */

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to four hexadecimal digits at *p, which it passes; returns how many. */
static int read_hex(const uint8_t **p, const uint8_t *end, uint32_t *out)
{
    uint32_t value = 0;
    int count;

    for (count = 0; count < 4 && *p < end; count++) {
        int digit = hex_value(**p);

        if (digit < 0) {
            break;
        }
        value = value << 4 | (uint32_t)digit;
        (*p)++;
    }
    *out = value;
    return count;
}

/* Whether \uXXXX with the lower half of a pair stands at *p; passes it. */
static bool read_low_half(const uint8_t **p, const uint8_t *end, uint32_t *low)
{
    const uint8_t *q = *p + 2;

    if (end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u' ||
        read_hex(&q, end, low) != 4 || *low < 0xDC00 || *low > 0xDFFF) {
        return false;
    }
    *p = q;
    return true;
}

/* The escape behind \u into `out`. What is no character has at least one digit
 * or gives one byte, so that the text never grows. */
static size_t decode_unicode(const uint8_t **p, const uint8_t *end,
                             uint8_t *out, uint32_t *repaired)
{
    uint32_t c;
    uint32_t low;
    int digits = read_hex(p, end, &c);

    if (digits == 4 && (c < 0xD800 || c > 0xDFFF)) {
        return lede_utf8_encode(out, c);
    }
    if (digits == 4 && c < 0xDC00 && read_low_half(p, end, &low)) {
        return lede_utf8_encode(out, 0x10000 + ((c - 0xD800) << 10) +
                                         (low - 0xDC00));
    }
    (*repaired)++;
    if (digits == 0) {
        *out = 'u';
        return 1;
    }
    return lede_utf8_encode(out, LEDE_UTF8_REPLACEMENT);
}

/* Decodes the escape behind the backslash at *p into `out`; returns how many
 * bytes, which are never more than it was written with. */
static size_t decode_escape(const uint8_t **p, const uint8_t *end, uint8_t *out,
                            uint32_t *repaired)
{
    uint8_t c = *(*p)++;

    switch (c) {
    case 'n':
        *out = '\n';
        return 1;
    case 't':
        *out = '\t';
        return 1;
    case 'r':
        *out = '\r';
        return 1;
    case 'b':
        *out = '\b';
        return 1;
    case 'f':
        *out = '\f';
        return 1;
    case 'u':
        return decode_unicode(p, end, out, repaired);
    default:
        *out = c;
        return 1;
    }
}

static bool reserve_scratch(lede_json *json)
{
    size_t wanted = (size_t)(json->end - json->begin);

    if (json->scratch_cap >= wanted) {
        return true;
    }
    /* Nothing has been lent from the old one: scratch is empty until the first
     * escape of a text. */
    free(json->scratch);
    json->scratch_cap = 0;
    json->scratch = malloc(wanted);
    if (json->scratch == NULL) {
        return false;
    }
    json->scratch_cap = wanted;
    return true;
}

static lede_status repair(lede_json *json, lede_span raw,
                          lede_json_token *token)
{
    lede_buf buf = {0};

    token->text = raw;
    if (json->is_valid_utf8 || lede_utf8_valid_prefix(raw) == raw.len) {
        return LEDE_OK;
    }
    token->repaired += (uint32_t)lede_utf8_repair(raw, &buf);
    token->text = lede_arena_copy(&json->repaired, lede_buf_span(&buf));
    if (buf.failed || token->text.bytes == NULL) {
        lede_buf_done(&buf);
        return fail_memory(json);
    }
    lede_buf_done(&buf);
    return LEDE_OK;
}

/* A string with escapes: `p` is at the first backslash, `raw` at the string's
 * first byte. */
static lede_status read_escaped(lede_json *json, const uint8_t *raw,
                                const uint8_t *p, lede_json_token *token)
{
    uint8_t *begin;
    uint8_t *out;

    if (!reserve_scratch(json)) {
        return fail_memory(json);
    }
    begin = out = json->scratch + json->scratch_used;
    for (;;) {
        memcpy(out, raw, (size_t)(p - raw));
        out += p - raw;
        if (p == json->end || *p == '"') {
            break;
        }
        p++;
        if (p == json->end) {
            break; /* cut off behind the backslash */
        }
        out += decode_escape(&p, json->end, out, &token->repaired);
        raw = p;
        p = lede_json_scan_string(p, json->end);
    }
    json->is_cut |= p == json->end;
    json->p = p < json->end ? p + 1 : p;
    json->scratch_used += (size_t)(out - begin);
    return repair(json, lede_span_of(begin, (size_t)(out - begin)), token);
}

/* The string whose opening quotation mark is at json->p. */
static lede_status read_string(lede_json *json, lede_json_token *token)
{
    const uint8_t *raw = json->p + 1;
    const uint8_t *p = lede_json_scan_string(raw, json->end);

    if (p < json->end && *p == '\\') {
        return read_escaped(json, raw, p, token);
    }
    json->is_cut |= p == json->end;
    json->p = p < json->end ? p + 1 : p;
    return repair(json, lede_span_of(raw, (size_t)(p - raw)), token);
}

/* Values. */

/* `word` at json->p, or the beginning of it cut off by the end. */
static bool read_word(lede_json *json, const char *word)
{
    size_t len = strlen(word);
    size_t left = (size_t)(json->end - json->p);

    if (left < len && memcmp(json->p, word, left) == 0) {
        json->is_cut = true;
        json->p = json->end;
        return true;
    }
    return skip_text(json, word);
}

static lede_status read_literal(lede_json *json, lede_json_token *token)
{
    if (read_word(json, "true")) {
        token->type = json->is_cut ? LEDE_JSON_NULL : LEDE_JSON_TRUE;
        return LEDE_OK;
    }
    if (read_word(json, "false")) {
        token->type = json->is_cut ? LEDE_JSON_NULL : LEDE_JSON_FALSE;
        return LEDE_OK;
    }
    token->type = LEDE_JSON_NULL;
    if (read_word(json, "null") || read_word(json, "NaN") ||
        read_word(json, "Infinity") || read_word(json, "-Infinity")) {
        return LEDE_OK;
    }
    return fail_here(json, "no value");
}

static lede_status read_number(lede_json *json, lede_json_token *token)
{
    lede_json_number number;
    size_t len = lede_json_number_parse(json->p, json->end, &number);

    if (len == 0) {
        if (lede_json_number_is_cut(json->p, json->end)) {
            json->is_cut = true;
            json->p = json->end;
            token->type = LEDE_JSON_NULL;
            return LEDE_OK;
        }
        return read_literal(json, token); /* -Infinity */
    }
    token->type = LEDE_JSON_NUMBER;
    token->text = lede_span_of(json->p, len);
    token->is_integer = number.is_integer;
    token->integer = number.integer;
    token->number = number.number;
    json->p += len;
    return LEDE_OK;
}

static lede_status open_bracket(lede_json *json, lede_json_token *token)
{
    bool is_object = *json->p == '{';

    if (json->depth == LEDE_JSON_DEPTH_MAX) {
        return fail_here(json, "nested too deeply");
    }
    json->p++;
    json->is_object[json->depth++] = is_object;
    json->expect = is_object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
    token->type = is_object ? LEDE_JSON_OBJECT : LEDE_JSON_ARRAY;
    return LEDE_OK;
}

static void value_is_done(lede_json *json)
{
    json->expect = json->depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_VALUE;
}

static lede_status close_bracket(lede_json *json, lede_json_token *token)
{
    token->type = json->is_object[json->depth - 1] ? LEDE_JSON_OBJECT_END
                                                   : LEDE_JSON_ARRAY_END;
    json->depth--;
    value_is_done(json);
    return LEDE_OK;
}

static lede_status read_value(lede_json *json, lede_json_token *token)
{
    lede_status status;

    json->after_key = false;
    switch (*json->p) {
    case '{':
    case '[':
        return open_bracket(json, token);
    case '"':
        token->type = LEDE_JSON_STRING;
        status = read_string(json, token);
        break;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        status = read_number(json, token);
        break;
    default:
        status = read_literal(json, token);
        break;
    }
    value_is_done(json);
    return status;
}

static lede_status read_key(lede_json *json, lede_json_token *token)
{
    lede_status status;

    if (*json->p != '"') {
        return fail_here(json, "no key");
    }
    status = read_string(json, token);
    if (status != LEDE_OK) {
        return status;
    }
    if (json->is_cut) { /* a key cut off says nothing */
        return close_bracket(json, token);
    }
    skip_blanks(json);
    if (json->p < json->end) {
        if (*json->p != ':') {
            return fail_here(json, "no colon behind a key");
        }
        json->p++;
    }
    token->type = LEDE_JSON_KEY;
    json->expect = EXPECT_VALUE;
    json->after_key = true;
    return LEDE_OK;
}

/* The text is over. */
static lede_status read_end(lede_json *json, lede_json_token *token)
{
    if (json->depth == 0) {
        json->failed = LEDE_END;
        return LEDE_END;
    }
    json->is_cut = true;
    if (json->after_key) {
        json->after_key = false;
        token->type = LEDE_JSON_NULL;
        value_is_done(json);
        return LEDE_OK;
    }
    return close_bracket(json, token);
}

static bool is_close(const lede_json *json)
{
    uint8_t close = json->is_object[json->depth - 1] ? '}' : ']';

    return *json->p == close;
}

static lede_status read_token(lede_json *json, lede_json_token *token)
{
    skip_blanks(json);
    if (json->p == json->end) {
        return read_end(json, token);
    }
    if (json->expect == EXPECT_COMMA_OR_END) {
        if (is_close(json)) {
            json->p++;
            return close_bracket(json, token);
        }
        if (*json->p != ',') {
            return fail_here(json, "no comma or end behind a value");
        }
        json->p++;
        json->expect = json->is_object[json->depth - 1] ? EXPECT_KEY_OR_END
                                                        : EXPECT_VALUE_OR_END;
        skip_blanks(json);
        if (json->p == json->end) {
            return read_end(json, token);
        }
    }
    if (json->expect == EXPECT_VALUE) {
        return read_value(json, token);
    }
    if (is_close(json)) {
        json->p++;
        return close_bracket(json, token);
    }
    return json->expect == EXPECT_KEY_OR_END ? read_key(json, token)
                                             : read_value(json, token);
}

lede_status lede_json_next(lede_json *json, lede_json_token *token,
                           lede_error *err)
{
    lede_json_token next = {0};
    lede_status status = json->failed;

    if (status == LEDE_OK) {
        status = read_token(json, &next);
    }
    if (status == LEDE_OK) {
        *token = next;
    } else if (status != LEDE_END && err != NULL) {
        *err = json->failure;
    }
    return status;
}

/* Passes over the object or array that begins at json->p. */
static void skip_nested(lede_json *json, uint32_t open)
{
    lede_json_walk walk = {.depth = open};

    json->p = lede_json_walk_on(&walk, json->p, json->end);
    json->is_cut |= !walk.is_done;
}

lede_status lede_json_skip(lede_json *json, lede_error *err)
{
    lede_json_token token;

    if (json->failed != LEDE_OK) {
        return json->failed == LEDE_END ? LEDE_OK
                                        : lede_json_next(json, &token, err);
    }
    if (!json->after_key) {
        if (json->depth == 0) {
            return LEDE_OK;
        }
        skip_nested(json, 1);
        json->depth--;
        value_is_done(json);
        return LEDE_OK;
    }
    skip_blanks(json);
    if (json->p < json->end && (*json->p == '{' || *json->p == '[')) {
        json->after_key = false;
        skip_nested(json, 0);
        value_is_done(json);
        return LEDE_OK;
    }
    return lede_json_next(json, &token, err);
}
