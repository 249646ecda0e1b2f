/* json_byline.h - "who wrote it?"
 *
 * The authors of a record, in all shapes: "By Ann Lee and Bo Ray, BBC News",
 * a list of names, objects with name and role, a list in a name, first and last
 * names apart.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_JSON_BYLINE_H
#define LEDE_CORPUS_JSON_BYLINE_H

#include "base/arena.h"
#include "base/entry.h"
#include "corpus/json.h"

enum { LEDE_JSON_AUTHORS_MAX = 64 };

typedef struct lede_json_byline {
    lede_json *json;
    lede_arena *arena;
    lede_author *authors; /* in the arena */
    uint32_t count, room;
} lede_json_byline;

/* Reads the value that `token` begins, whole. */
lede_status lede_json_byline_read(lede_json_byline *byline,
                                  const lede_json_token *token,
                                  lede_error *err);

/* Adds the names in one line of text. */
lede_status lede_json_byline_add(lede_json_byline *byline, lede_span line,
                                 lede_span role, lede_span location,
                                 lede_error *err);

#endif
