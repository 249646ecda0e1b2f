#include "corpus/front_matter.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/text_match.h"

enum {
    FRONT_LINES = 1000,
    FRONT_BYTES = 256 * 1024,
    KEY_BYTES = 80,
    DEPTH_MAX = 8
};

typedef struct front_reader {
    lede_span text;
    size_t at;
    bool is_toml;
    lede_arena *arena;
    lede_span values[LEDE_FRONT_VALUES_MAX];
    size_t count;
    bool failed;
} front_reader;

/* Lines. ------------------------------------------------------------------ */

static lede_span line_at(lede_span text, size_t at, size_t *next)
{
    const uint8_t *end =
        at < text.len ? memchr(text.bytes + at, '\n', text.len - at) : NULL;
    size_t len = end == NULL ? text.len - at : (size_t)(end - text.bytes) - at;
    lede_span line = lede_span_part(text, at, len);

    *next = at + len + (end != NULL);
    if (line.len > 0 && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

/* The colon or equals sign behind a key; 0 if the line has none. */
static size_t key_end(lede_span line, bool is_toml)
{
    uint8_t mark = is_toml ? '=' : ':';
    size_t i;

    for (i = 0; i < line.len && i < KEY_BYTES; i++) {
        uint8_t c = line.bytes[i];

        if (c == mark && i > 0) {
            return !is_toml && i + 1 < line.len && line.bytes[i + 1] != ' ' ? 0
                                                                            : i;
        }
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c >= 0x80 ||
              strchr("_- ./\"'", c) != NULL)) {
            return 0;
        }
    }
    return 0;
}

size_t lede_front_len(lede_span text, bool *is_toml)
{
    size_t at = 0;
    lede_span line;
    bool toml;
    bool has_key = false;
    int lines;

    text = lede_span_part(text, 0, FRONT_BYTES);
    line = lede_span_trim(line_at(text, 0, &at));
    toml = lede_span_is(line, "+++");
    if (is_toml != NULL) {
        *is_toml = toml;
    }
    if (!toml && !lede_span_is(line, "---")) {
        return 0;
    }
    for (lines = 0; lines < FRONT_LINES && at < text.len; lines++) {
        line = line_at(text, at, &at);
        if (lede_span_is(lede_span_trim(line), toml ? "+++" : "---") ||
            (!toml && lede_span_is(lede_span_trim(line), "..."))) {
            return has_key ? at : 0;
        }
        has_key |= key_end(line, toml) > 0;
    }
    return 0;
}

/* Values. ----------------------------------------------------------------- */

static void put_value(front_reader *r, lede_span value)
{
    value = lede_span_trim(value);
    if (value.len == 0 || r->count == LEDE_FRONT_VALUES_MAX ||
        lede_span_is(value, "~") || lede_match_is(value, "null")) {
        return;
    }
    r->values[r->count++] = value;
}

static void put_copy(front_reader *r, lede_buf *text)
{
    lede_span copy = {NULL, 0};

    if (text->len > 0) {
        copy = lede_arena_copy(r->arena, lede_buf_span(text));
        r->failed |= copy.bytes == NULL;
    }
    r->failed |= text->failed;
    if (!r->failed) {
        put_value(r, copy);
    }
    lede_buf_done(text);
}

static uint8_t byte_at(const front_reader *r)
{
    return r->at < r->text.len ? r->text.bytes[r->at] : 0;
}

static void skip_blanks(front_reader *r)
{
    while (byte_at(r) == ' ' || byte_at(r) == '\t') {
        r->at++;
    }
}

/* Blanks, line ends and comments between the items of a list. */
static void skip_space(front_reader *r)
{
    for (;;) {
        skip_blanks(r);
        if (byte_at(r) == '#') {
            line_at(r->text, r->at, &r->at);
        } else if (byte_at(r) == '\n' || byte_at(r) == '\r') {
            r->at++;
        } else {
            return;
        }
    }
}

/* "\u00FC" and "\xFC" behind their letter. */
static void put_number(front_reader *r, size_t digits, lede_buf *out)
{
    uint8_t utf8[4];
    uint32_t code = 0;
    size_t i;

    for (i = 0; i < digits && r->at < r->text.len; i++, r->at++) {
        uint8_t c = r->text.bytes[r->at];
        uint8_t low = c | 0x20;

        if (c >= '0' && c <= '9') {
            code = code * 16 + (uint32_t)(c - '0');
        } else if (low >= 'a' && low <= 'f') {
            code = code * 16 + (uint32_t)(low - 'a') + 10;
        } else {
            break;
        }
    }
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
        code = LEDE_UTF8_REPLACEMENT;
    }
    lede_buf_put(out, utf8, lede_utf8_encode(utf8, code));
}

static void put_escape(front_reader *r, lede_buf *out)
{
    uint8_t c = byte_at(r);

    r->at += r->at < r->text.len;
    if (c == 'u' || c == 'U' || c == 'x') {
        put_number(r, c == 'u' ? 4 : c == 'U' ? 8 : 2, out);
    } else if (c == 'n' || c == 't' || c == 'r' || c == '\n' || c == '\r') {
        lede_buf_put_byte(out, ' ');
    } else {
        lede_buf_put_byte(out, c);
    }
}

/* How many marks open a quoted text: one, or three in TOML. */
static size_t quote_len(const front_reader *r, size_t at)
{
    uint8_t quote = r->text.bytes[at];

    return r->is_toml && at + 2 < r->text.len &&
                   r->text.bytes[at + 1] == quote &&
                   r->text.bytes[at + 2] == quote
               ? 3
               : 1;
}

/* False, where it was, if it is not closed. */
static bool take_quoted(front_reader *r)
{
    size_t begin = r->at;
    uint8_t quote = byte_at(r);
    size_t marks = quote_len(r, r->at);
    lede_buf out = {0};

    r->at += marks;
    while (r->at < r->text.len) {
        uint8_t c = r->text.bytes[r->at];

        if (c == quote && !r->is_toml && quote == '\'' &&
            r->at + 1 < r->text.len && r->text.bytes[r->at + 1] == quote) {
            lede_buf_put_byte(&out, quote);
            r->at += 2;
        } else if (c == quote && quote_len(r, r->at) >= marks) {
            r->at += marks;
            put_copy(r, &out);
            return true;
        } else {
            r->at++;
            if (c == '\\' && quote == '"') {
                put_escape(r, &out);
            } else {
                lede_buf_put_byte(&out, c);
            }
        }
    }
    lede_buf_done(&out);
    r->at = begin;
    return false;
}

/* The same where nothing else may follow in the line: a title may begin with a
 * word in quotation marks. */
static bool take_whole_quoted(front_reader *r, bool is_item)
{
    size_t begin = r->at;
    size_t count = r->count;

    if (!take_quoted(r)) {
        return false;
    }
    skip_blanks(r);
    if (!is_item && r->at < r->text.len &&
        strchr("\r\n#", byte_at(r)) == NULL) {
        r->at = begin;
        r->count = count;
        return false;
    }
    return true;
}

/* Up to the line's end, a comment, or what ends an item. */
static void take_plain(front_reader *r, bool is_item)
{
    size_t begin = r->at;

    while (r->at < r->text.len) {
        uint8_t c = r->text.bytes[r->at];
        bool is_comment = c == '#' && r->at > begin &&
                          (r->text.bytes[r->at - 1] == ' ' ||
                           r->text.bytes[r->at - 1] == '\t');

        if (c == '\n' || is_comment ||
            (is_item && strchr(",]}", c) != NULL && c != 0)) {
            break;
        }
        r->at++;
    }
    put_value(r, lede_span_part(r->text, begin, r->at - begin));
}

static void take_item(front_reader *r, bool is_item, unsigned depth);

static void take_list(front_reader *r, unsigned depth)
{
    r->at++;
    while (r->at < r->text.len) {
        size_t before;

        skip_space(r);
        if (byte_at(r) == ']') {
            r->at++;
            return;
        }
        before = r->at;
        take_item(r, true, depth + 1);
        skip_space(r);
        r->at += byte_at(r) == ',' || r->at == before;
    }
}

static bool is_name_key(lede_span key)
{
    static const char *const keys[] = {"name", "title", "value", "label",
                                       "text"};
    size_t i;

    key = lede_span_trim(key);
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (lede_match_is(key, keys[i])) {
            return true;
        }
    }
    return false;
}

/* "{name: Ann Lee, mail: x}": the name. */
static void take_map(front_reader *r, unsigned depth)
{
    size_t named = r->count;

    r->at++;
    while (r->at < r->text.len) {
        size_t count = r->count;
        size_t begin;
        bool is_name;

        skip_space(r);
        begin = r->at;
        if (byte_at(r) == '}') {
            r->at++;
            return;
        }
        while (r->at < r->text.len && strchr(":=,}\n", byte_at(r)) == NULL) {
            r->at++;
        }
        is_name = is_name_key(lede_span_part(r->text, begin, r->at - begin));
        if (byte_at(r) == ':' || byte_at(r) == '=') {
            r->at++;
            skip_blanks(r);
            take_item(r, true, depth + 1);
        }
        if (!is_name || named > count || count > named) {
            r->count = count;
        }
        skip_space(r);
        r->at += byte_at(r) == ',' || r->at == begin;
    }
}

/* "&anchor", "!!str". */
static void skip_properties(front_reader *r)
{
    while (!r->is_toml && (byte_at(r) == '&' || byte_at(r) == '!')) {
        while (r->at < r->text.len && byte_at(r) > ' ') {
            r->at++;
        }
        skip_blanks(r);
    }
}

static void take_item(front_reader *r, bool is_item, unsigned depth)
{
    lede_span rest;
    uint8_t c;

    skip_properties(r);
    rest = lede_span_part(r->text, r->at, r->text.len);
    c = byte_at(r);
    if ((c == '"' || c == '\'') && take_whole_quoted(r, is_item)) {
        return;
    }
    if (c == '[' && !lede_span_starts(rest, "[[") && depth < DEPTH_MAX) {
        take_list(r, depth);
    } else if (c == '{' && depth < DEPTH_MAX) {
        take_map(r, depth);
    } else if (c == '*' && !r->is_toml && !is_item) {
        line_at(r->text, r->at, &r->at); /* an alias */
    } else {
        take_plain(r, is_item && !lede_span_starts(rest, "[["));
    }
}

/* YAML. ------------------------------------------------------------------- */

static size_t indent_of(lede_span line)
{
    size_t i;

    for (i = 0; i < line.len && (line.bytes[i] == ' ' || line.bytes[i] == '\t');
         i++) {
    }
    return i;
}

/* Whether the next line belongs to the key above it. */
static bool goes_on(const front_reader *r, lede_span *line, size_t *next)
{
    if (r->at >= r->text.len) {
        return false;
    }
    *line = line_at(r->text, r->at, next);
    return indent_of(*line) > 0 || lede_span_starts(*line, "- ") ||
           lede_span_is(*line, "-") || lede_span_trim(*line).len == 0;
}

/* "|" and ">" with what may stand behind them: the lines that are indented. */
static bool take_block(front_reader *r)
{
    size_t next;
    lede_span line = lede_span_trim(line_at(r->text, r->at, &next));
    lede_buf out = {0};
    size_t i;

    for (i = 1; i < line.len && strchr("+-123456789", line.bytes[i]) != NULL;
         i++) {
    }
    if (line.len == 0 || (line.bytes[0] != '|' && line.bytes[0] != '>') ||
        (i < line.len && line.bytes[i] != ' ')) {
        return false;
    }
    r->at = next;
    while (goes_on(r, &line, &next) &&
           (indent_of(line) > 0 || lede_span_trim(line).len == 0)) {
        lede_buf_put_text(&out, out.len > 0 ? "\n" : "");
        lede_buf_put_span(&out, lede_span_trim(line));
        r->at = next;
    }
    put_copy(r, &out);
    return true;
}

/* Lines of a plain text that stand below its first. */
static void take_more(front_reader *r)
{
    lede_buf out = {0};
    lede_span line;
    size_t next;

    lede_buf_put_span(&out, r->values[--r->count]);
    while (goes_on(r, &line, &next) && indent_of(line) > 0) {
        lede_buf_put_byte(&out, ' ');
        lede_buf_put_span(&out, lede_span_trim(line));
        r->at = next;
    }
    put_copy(r, &out);
}

/* The lines below a key that has nothing behind it: a list, a map, or a text.
 */
static void take_below(front_reader *r)
{
    bool has_items = false;
    lede_span line;
    size_t next;

    while (!r->failed && goes_on(r, &line, &next)) {
        size_t indent = indent_of(line);
        size_t end;

        line = lede_span_trim(line);
        if (line.len == 0 || line.bytes[0] == '#') {
            r->at = next;
            continue;
        }
        if (line.bytes[0] == '-' && (line.len == 1 || line.bytes[1] == ' ')) {
            has_items = true;
            indent += line.len == 1 ? 1 : 2;
            line = lede_span_trim(lede_span_part(line, 1, line.len));
            r->at += indent;
            skip_blanks(r);
        } else {
            r->at += indent;
        }
        end = key_end(line, false);
        if (end > 0 && is_name_key(lede_span_part(line, 0, end))) {
            r->at += end + 1;
            skip_blanks(r);
            take_item(r, false, 0);
        } else if (end == 0 && line.len > 0 && !take_block(r)) {
            take_item(r, false, 0);
            if (!has_items && r->count > 0) {
                take_more(r);
            }
        }
        if (r->at < next) {
            r->at = next;
        } else if (r->at > 0 && r->text.bytes[r->at - 1] != '\n') {
            line_at(r->text, r->at, &r->at);
        }
    }
}

static void take_yaml_value(front_reader *r)
{
    size_t begin;

    skip_blanks(r);
    skip_properties(r);
    begin = r->at;
    if (byte_at(r) == '\n' || byte_at(r) == '\r' || byte_at(r) == '#' ||
        r->at == r->text.len) {
        line_at(r->text, r->at, &r->at);
        take_below(r);
        return;
    }
    if (take_block(r)) {
        return;
    }
    take_item(r, false, 0);
    line_at(r->text, r->at, &r->at);
    if (r->count == 1 && begin < r->text.len &&
        strchr("\"'[{", r->text.bytes[begin]) == NULL) {
        take_more(r);
    }
}

/* Reading. ---------------------------------------------------------------- */

static lede_span bare_key(lede_span key)
{
    key = lede_span_trim(key);
    if (key.len > 2 && (key.bytes[0] == '"' || key.bytes[0] == '\'')) {
        key = lede_span_trim(lede_span_part(key, 1, key.len - 2));
    }
    return key;
}

/* "[author]" and "[[authors]]": the name in them is the author's. What other
 * sections have is the note's. */
static lede_span section_of(lede_span line)
{
    static const char *const plain[] = {"extra", "params", "taxonomies"};
    size_t i;

    line = lede_span_trim(line);
    while (line.len > 1 && line.bytes[0] == '[' &&
           line.bytes[line.len - 1] == ']') {
        line = lede_span_trim(lede_span_part(line, 1, line.len - 2));
    }
    for (i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (lede_match_is(line, plain[i])) {
            return lede_span_of(NULL, 0);
        }
    }
    return line;
}

bool lede_front_read(lede_span front, bool is_toml, lede_arena *arena,
                     lede_front_fn *fn, void *ctx)
{
    front_reader *r = lede_arena_get(arena, sizeof *r);
    lede_span section = {NULL, 0};
    lede_span line;
    size_t next;

    if (r == NULL) {
        return false;
    }
    *r = (front_reader){.text = front, .is_toml = is_toml, .arena = arena};
    line_at(front, 0, &r->at);
    while (r->at < front.len && !r->failed) {
        lede_span key;
        size_t end;

        line = line_at(front, r->at, &next);
        if (is_toml && lede_span_starts(lede_span_trim(line), "[")) {
            section = section_of(line);
        }
        end = key_end(line, is_toml);
        if (end == 0 || (!is_toml && indent_of(line) > 0)) {
            r->at = next;
            continue;
        }
        r->at += end + 1;
        r->count = 0;
        if (is_toml) {
            skip_blanks(r);
            take_item(r, false, 0);
            line_at(front, r->at, &r->at);
        } else {
            take_yaml_value(r);
        }
        key = bare_key(lede_span_part(line, 0, end));
        if (section.len > 0 && is_name_key(key)) {
            key = section;
        }
        if (r->count > 0 && !r->failed) {
            fn(ctx, key, r->values, r->count);
        }
    }
    return !r->failed;
}
