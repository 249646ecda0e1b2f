/* json_tree.h - "what is below this key?"
 *
 * A JSON text as a tree, for texts whose parts refer to each other: metadata in
 * pages. It takes what corpus/json.h takes, and of a text that is broken in the
 * middle all that stands before. Where quotation marks inside strings were not
 * escaped, they are told by what follows them.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_JSON_TREE_H
#define LEDE_CORPUS_JSON_TREE_H

#include "base/arena.h"
#include "corpus/json.h"

/* Values of one text beyond these are left out. */
enum { LEDE_JSON_TREE_MAX_VALUES = 1 << 18 };

typedef struct lede_json_value {
    lede_json_type type; /* OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NULL */
    lede_span key;       /* in an object; else empty */
    lede_span text;      /* of a string or number */
    struct lede_json_value *first, *next; /* members or items; siblings */
} lede_json_value;

/* Reads a text into the arena; its values live as long as that (texts are
 * copied). *out is an ARRAY of the values that stand one after another, without
 * items if nothing could be read. LEDE_NO_MEMORY is the only failure. */
lede_status lede_json_tree_read(lede_span text, lede_arena *arena,
                                const lede_json_value **out, lede_error *err);

/* The member of that key; NULL if there is none, or `object` is NULL or no
 * object. */
const lede_json_value *lede_json_member(const lede_json_value *object,
                                        const char *key);
/* The text of a string or number, of the first of a list of them, or of
 * "@value", "name" or "url" in an object; empty if it has none. */
lede_span lede_json_value_text(const lede_json_value *value);
/* The same of a member. */
lede_span lede_json_member_text(const lede_json_value *object, const char *key);

#endif
