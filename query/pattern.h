/* pattern.h - "does this word fit what was typed?"
 *
 * A word with wildcards (* is any number of characters, none too, ? is one), or
 * one in which some characters may be wrong. Both are compared with words as
 * texts have them, folded: stems never count. A character is a code point of
 * the folded word.
 *
 * A wrong character is one too many, one too few, another one, or two
 * neighbours that changed places (the optimal string alignment distance, which
 * edits no part of a word twice).
 *
 * Threads: read-only once made; lives in its arena. */
#ifndef LEDE_QUERY_PATTERN_H
#define LEDE_QUERY_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/analyze.h"
#include "base/arena.h"

typedef struct lede_pattern {
    lede_span name;        /* its folded form: "stor*", "storm~1" */
    lede_span begin;       /* bytes with which all words that fit begin */
    lede_span end;         /* ... and end; both are empty with edits */
    lede_case letter_case; /* as typed */
    unsigned edits;        /* 0: wildcards */

    uint32_t *codes; /* private: characters and wildcards */
    uint32_t count;
    uint32_t least; /* characters that are not * */
    bool has_any;   /* some is * */
} lede_pattern;

/* Makes a pattern of a typed word: with `edits` 0 its wildcards count (query/
 * signs.h says which are). *out is NULL where there is no one word to compare:
 * no letters at all, or several words. False when out of memory. */
bool lede_pattern_make(lede_span text, unsigned edits, lede_analyzer *analyzer,
                       lede_arena *arena, lede_pattern **out);

/* Whether a folded word fits. */
bool lede_pattern_fits(const lede_pattern *pattern, lede_span word);

#endif
