/* json.h - "what does this JSON text say?"
 *
 * A pull reader: each call gives the next token of a text in memory. Strings
 * are lent from the text itself, and copied only when they have escapes or need
 * repair. Beyond RFC 8259 it takes what pages and archives get wrong:
 *
 *   CDATA sections, HTML and script comments around or between values;
 *   raw control characters in strings; unknown escapes (\' is ');
 *   one comma too many before ] or }; commas or semicolons between values;
 *   several values in a row; NaN and Infinity (as null);
 *   a missing end: open strings and brackets are closed (lede_json_is_cut).
 *
 * Lone surrogates and bad UTF-8 become U+FFFD. All else is LEDE_BAD_INPUT, as
 * is nesting deeper than LEDE_JSON_DEPTH_MAX. Large files are cut into records
 * first (corpus/json_split.h), so that a text fits in memory.
 *
 * Threads: a reader belongs to one thread at a time. */
#ifndef LEDE_CORPUS_JSON_H
#define LEDE_CORPUS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

enum { LEDE_JSON_DEPTH_MAX = 256 };

typedef enum lede_json_type {
    LEDE_JSON_OBJECT, /* its keys and values follow, then the end */
    LEDE_JSON_OBJECT_END,
    LEDE_JSON_ARRAY,
    LEDE_JSON_ARRAY_END,
    LEDE_JSON_KEY, /* exactly one value follows */
    LEDE_JSON_STRING,
    LEDE_JSON_NUMBER,
    LEDE_JSON_TRUE,
    LEDE_JSON_FALSE,
    LEDE_JSON_NULL
} lede_json_type;

typedef struct lede_json_token {
    lede_json_type type;
    lede_span text; /* of a key or string: decoded; of a number: as written */
    uint32_t repaired; /* bad sequences in `text` that were replaced */
    bool is_integer;   /* a number without . or exponent that fits int64 */
    int64_t integer;
    double number; /* within a few units in the last place; or infinite */
} lede_json_token;

typedef struct lede_json lede_json;

/* NULL when out of memory. */
lede_json *lede_json_new(void);
void lede_json_free(lede_json *json); /* accepts NULL */

/* Begins to read `text`, which must stay while its tokens are used. Ends the
 * life of all tokens given before. */
void lede_json_begin(lede_json *json, lede_span text);

/* LEDE_OK with a token; LEDE_END behind the last value; LEDE_BAD_INPUT with a
 * message that says where; LEDE_NO_MEMORY. A failure is final. */
lede_status lede_json_next(lede_json *json, lede_json_token *token,
                           lede_error *err);

/* Passes over the rest of what the last token began: behind a key its value,
 * inside an object or array (just begun or half read) all up to and with its
 * end. What is passed over is not checked. Does nothing outside. */
lede_status lede_json_skip(lede_json *json, lede_error *err);

/* Bytes of the text that have been read: behind the last token (or what was
 * skipped). */
size_t lede_json_position(const lede_json *json);

/* Whether the text ended inside a value. */
bool lede_json_is_cut(const lede_json *json);

#endif
