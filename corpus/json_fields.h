/* json_fields.h - "which key means what?"
 *
 * Archives, APIs and exports name the same things in many ways. One table says
 * which keys give a headline, a body, a date..., best first; another under
 * which keys lists of records stand. Keys are compared folded: ASCII lower
 * case, without _, - and blanks, so that date_published, datePublished and
 * "Date-Published" are one. A nested key is joined by a dot, and may stand so
 * in the file ("headline.main").
 *
 * Threads: constant tables. */
#ifndef LEDE_CORPUS_JSON_FIELDS_H
#define LEDE_CORPUS_JSON_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "corpus/reasons.h"

typedef enum lede_json_field {
    LEDE_JSON_FIELD_NONE = 0,
    LEDE_JSON_FIELD_HEADLINE,
    LEDE_JSON_FIELD_BODY,
    LEDE_JSON_FIELD_DECK,
    LEDE_JSON_FIELD_LEAD,
    LEDE_JSON_FIELD_PUBLISHED,
    LEDE_JSON_FIELD_UPDATED,
    LEDE_JSON_FIELD_CAPTURED,
    LEDE_JSON_FIELD_AUTHORS,
    LEDE_JSON_FIELD_URL,
    LEDE_JSON_FIELD_SITE,
    LEDE_JSON_FIELD_LANGUAGE,
    LEDE_JSON_FIELD_SECTION,
    LEDE_JSON_FIELD_TAGS,
    LEDE_JSON_FIELD_ID,
    LEDE_JSON_FIELD_STATUS, /* "usable", "canceled" */
    LEDE_JSON_FIELD_MEDIA,  /* pictures and the like, of ninjs */
    LEDE_JSON_FIELD_COUNT
} lede_json_field;

/* A key's meaning. The smaller `rank` wins among keys of one field. */
typedef struct lede_json_key {
    lede_json_field field;
    uint8_t rank;
} lede_json_key;

enum { LEDE_JSON_KEY_MAX_BYTES = 48 };

/* Folds a key into `out`; returns its length, 0 if it cannot be one of the
 * tables': too long, or with a NUL. */
size_t lede_json_key_fold(lede_span key, char out[LEDE_JSON_KEY_MAX_BYTES]);

/* The meaning of a folded key; field NONE if it has none. */
lede_json_key lede_json_key_find(lede_span folded);
/* The folded key of a field that has that rank; "" if there is none. */
const char *lede_json_key_name(lede_json_field field, uint8_t rank);
/* Which reason of an entry (reasons.h) a field is; false if it is none. */
bool lede_json_field_reason(lede_json_field field, lede_reason *out);
/* The folded keys of the table in its order; NULL past the last. */
const char *lede_json_key_at(size_t index);

/* What the role of one of a list of texts ({"role": "main", "value": ...})
 * makes of it, for a field that may be such a list (DECK, HEADLINE): the
 * smaller is nearer to the field, negative is something else (whom to credit).
 */
int lede_json_role_distance(lede_json_field field, lede_span role);

/* An object under this key is passed through: its keys count as the record's
 * own. `key` is as written. */
bool lede_json_key_is_wrapper(lede_span key);
/* An object under this folded key is entered for keys joined by a dot. */
bool lede_json_key_is_prefix(lede_span folded);

/* Inside an object that stands for a text ({"main": ...}, {"rendered": ...}):
 * the rank of a folded key, 0xFF if it is not the text. */
uint8_t lede_json_text_key_rank(lede_span folded);

/* Whether a list of records may stand under a path (folded keys from the top,
 * joined by dots), and whether such a path goes on below this one. */
bool lede_json_is_list_path(lede_span path);
bool lede_json_is_list_prefix(lede_span path);

#endif
