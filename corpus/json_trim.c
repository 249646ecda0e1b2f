#include "corpus/json_trim.h"

#include <assert.h>
#include <string.h>

enum {
    BEGIN,
    KEY_OR_END, /* commas and blanks, too */
    IN_KEY,
    COLON,
    VALUE,
    IN_STRING,
    IN_NESTED, /* an object or array that is not entered */
    IN_SCALAR,
    VERBATIM /* no plain JSON: all that is left is kept */
};

static bool is_blank(uint8_t c)
{
    return c <= ' ';
}

/* --- What a value is for ---------------------------------------------------
 */

static void enter(lede_json_trim *trim, bool is_wrapped, size_t path_len)
{
    trim->levels[trim->depth].is_wrapped = is_wrapped;
    trim->levels[trim->depth].path_len = path_len;
    trim->depth++;
}

typedef enum use { KEEP, DROP, ENTER } use;

/* Follows read_member in json_record.c. */
static use use_of(lede_json_trim *trim, uint8_t first)
{
    bool is_object = first == '{';
    bool is_open = is_object || first == '[';
    lede_span key = lede_span_of(trim->key, trim->key_len);
    bool is_wrapped = trim->levels[trim->depth - 1].is_wrapped;
    size_t path_len = trim->levels[trim->depth - 1].path_len;
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(key, folded);
    lede_span path;

    if (trim->key_is_odd) {
        return KEEP;
    }
    if (len == 0 || path_len + len >= LEDE_JSON_TRIM_PATH_BYTES) {
        return DROP;
    }
    memcpy(trim->path + path_len, folded, len);
    len += path_len;
    path = lede_span_of(trim->path, len);
    if (is_object && !is_wrapped && lede_json_key_is_wrapper(key)) {
        enter(trim, true, 0);
        return ENTER;
    }
    if (lede_json_key_find(path).field != LEDE_JSON_FIELD_NONE) {
        return KEEP;
    }
    if (is_object && path_len == 0 && lede_json_key_is_prefix(path) &&
        len + 1 < LEDE_JSON_TRIM_PATH_BYTES &&
        trim->depth < LEDE_JSON_TRIM_LEVELS) {
        trim->path[len] = '.';
        enter(trim, true, len + 1);
        return ENTER;
    }
    if (is_open &&
        (lede_json_is_list_path(path) || lede_json_is_list_prefix(path))) {
        return KEEP;
    }
    return DROP;
}

/* --- Going on --------------------------------------------------------------
 */

/* The place in one piece. */
typedef struct place {
    const uint8_t *p, *end;
    uint8_t *to;
} place;

static void keep_to(place *at, const uint8_t *behind)
{
    size_t len = (size_t)(behind - at->p);

    memmove(at->to, at->p, len);
    at->to += len;
    at->p = behind;
}

static void drop_to(lede_json_trim *trim, place *at, const uint8_t *behind)
{
    const uint8_t *p = at->p;

    while ((p = memchr(p, '\n', (size_t)(behind - p))) != NULL) {
        trim->newlines++;
        p++;
    }
    at->p = behind;
}

static void be_verbatim(lede_json_trim *trim)
{
    trim->walk = (lede_json_walk){.depth = trim->depth};
    trim->state = VERBATIM;
}

/* What is left out keeps its first and its last byte: "", {} or []. */
static void begin_value(lede_json_trim *trim, place *at)
{
    uint8_t c = *at->p;

    if (is_blank(c)) {
        keep_to(at, at->p + 1);
        return;
    }
    if (strchr(",:}]</", c) != NULL) { /* c is not 0: a blank, by is_blank */
        be_verbatim(trim);
        return;
    }
    if (c != '"' && c != '{' && c != '[') {
        trim->state = IN_SCALAR;
        return;
    }
    switch (use_of(trim, c)) {
    case ENTER:
        trim->state = KEY_OR_END;
        break;
    case DROP:
        trim->drops = true; /* fall through */
    default:
        trim->state = c == '"' ? IN_STRING : IN_NESTED;
        trim->walk = (lede_json_walk){.depth = 1, .in_string = c == '"'};
    }
    keep_to(at, at->p + 1);
}

static void read_value(lede_json_trim *trim, place *at)
{
    bool is_string = trim->state == IN_STRING;
    const uint8_t *behind =
        is_string ? lede_json_walk_string(&trim->walk, at->p, at->end)
                  : lede_json_walk_on(&trim->walk, at->p, at->end);
    bool has_ended = is_string ? !trim->walk.in_string : trim->walk.is_done;

    if (trim->drops) {
        drop_to(trim, at, behind - has_ended);
    }
    keep_to(at, behind);
    if (has_ended) {
        trim->drops = false;
        trim->state = KEY_OR_END;
    }
}

static void read_scalar(lede_json_trim *trim, place *at)
{
    const uint8_t *p = at->p;

    while (p < at->end && !is_blank(*p) && strchr(",:\"{}[]", *p) == NULL) {
        p++;
    }
    keep_to(at, p);
    if (p < at->end && (is_blank(*p) || *p == ',' || *p == '}')) {
        trim->state = KEY_OR_END;
    } else if (p < at->end) {
        be_verbatim(trim);
    }
}

static void read_between(lede_json_trim *trim, place *at)
{
    uint8_t c = *at->p;

    if (is_blank(c) || c == ',') {
        keep_to(at, at->p + 1);
    } else if (c == '"') {
        keep_to(at, at->p + 1);
        trim->walk = (lede_json_walk){.in_string = true};
        trim->key_len = 0;
        trim->key_is_odd = false;
        trim->state = IN_KEY;
    } else if (c == '}') {
        keep_to(at, at->p + 1);
        trim->depth--;
        trim->is_done = trim->depth == 0;
    } else {
        be_verbatim(trim);
    }
}

static void read_key(lede_json_trim *trim, place *at)
{
    const uint8_t *behind = lede_json_walk_string(&trim->walk, at->p, at->end);
    size_t len = (size_t)(behind - at->p) - !trim->walk.in_string;

    if (len > LEDE_JSON_TRIM_KEY_BYTES - trim->key_len ||
        memchr(at->p, '\\', len) != NULL) {
        trim->key_is_odd = true;
    } else {
        memcpy(trim->key + trim->key_len, at->p, len);
        trim->key_len += len;
    }
    keep_to(at, behind);
    if (!trim->walk.in_string) {
        trim->state = COLON;
    }
}

static void read_colon(lede_json_trim *trim, place *at)
{
    if (is_blank(*at->p)) {
        keep_to(at, at->p + 1);
    } else if (*at->p == ':') {
        keep_to(at, at->p + 1);
        trim->state = VALUE;
    } else {
        be_verbatim(trim);
    }
}

static void read_verbatim(lede_json_trim *trim, place *at)
{
    keep_to(at, lede_json_walk_on(&trim->walk, at->p, at->end));
    trim->is_done = trim->walk.is_done;
}

static void begin(lede_json_trim *trim, place *at)
{
    assert(*at->p == '{');
    enter(trim, false, 0);
    keep_to(at, at->p + 1);
    trim->state = KEY_OR_END;
}

size_t lede_json_trim_on(lede_json_trim *trim, const uint8_t *bytes, size_t len,
                         bool only_drop, uint8_t *to, size_t *used)
{
    static void (*const steps[])(lede_json_trim * trim, place * at) = {
        [BEGIN] = begin,           [KEY_OR_END] = read_between,
        [IN_KEY] = read_key,       [COLON] = read_colon,
        [VALUE] = begin_value,     [IN_STRING] = read_value,
        [IN_NESTED] = read_value,  [IN_SCALAR] = read_scalar,
        [VERBATIM] = read_verbatim};
    place at = {bytes, bytes + len, to};

    while (at.p < at.end && !trim->is_done && (trim->drops || !only_drop)) {
        steps[trim->state](trim, &at);
    }
    *used = (size_t)(at.p - bytes);
    return (size_t)(at.to - to);
}
