/* name_words.h - "which words and ids find an entry by the names in it?"
 *
 * The terms of a list of names (storage/name_list.h) but for whole names, which
 * indexer/name_terms.h adds, and query/spots.h to what it looks for: what segments and Xapian's shards are searched by,
 * and what an entry is looked through for. Each comes with a position and with
 * how often it counts: a person who is named five times counts five times, and
 * twice more in a headline, up to LEDE_NAME_COUNT_MOST.
 *
 * Threads: pure functions; the analyzer is the caller's. */
#ifndef LEDE_STORAGE_NAME_WORDS_H
#define LEDE_STORAGE_NAME_WORDS_H

#include "base/analyze.h"
#include "base/entry_terms.h"
#include "storage/name_list.h"

typedef enum lede_name_space {
    LEDE_NAME_SPACE_PERSON = 0,
    LEDE_NAME_SPACE_PERSON_WHOLE,
    LEDE_NAME_SPACE_PERSON_SHORT,
    LEDE_NAME_SPACE_PLACE,
    LEDE_NAME_SPACE_PLACE_WHOLE,
    LEDE_NAME_SPACE_PLACE_ID,
    LEDE_NAME_SPACE_PLACE_INSIDE,
    LEDE_NAME_SPACE_FROM,
    LEDE_NAME_SPACE_FROM_ID,
    LEDE_NAME_SPACE_COUNT
} lede_name_space;

/* LEDE_TERM_PERSON and so on. */
const char *lede_name_space_prefix(lede_name_space space);
/* The space of a term, and what stands behind its prefix. False if it is none
 * of names. */
bool lede_name_space_of(lede_span term, lede_name_space *space,
                        lede_span *value);
/* Words, as opposed to ids and whole names. */
bool lede_name_space_has_words(lede_name_space space);
/* Whole and short names are values: without position, counting once. */
bool lede_name_space_has_positions(lede_name_space space);
/* The space in which a name has a term for all of it (lede_person_key,
 * lede_place_key): people, and places that are not known; else
 * LEDE_NAME_SPACE_COUNT. */
lede_name_space lede_name_space_of_whole(const lede_named *named);

typedef struct lede_name_term {
    lede_name_space space;
    lede_token token; /* with the position in the space; of an id, its bytes */
    uint32_t count;   /* 1 to LEDE_NAME_COUNT_MOST */
} lede_name_term;

/* Calls `put` with each; of one space they come by position. False, and no
 * more calls, once `put` is, or when out of memory. A damaged list gives what
 * can be read of it. */
bool lede_name_words_each(lede_span list, lede_analyzer *analyzer,
                          bool (*put)(void *ctx, const lede_name_term *term),
                          void *ctx);

#endif
