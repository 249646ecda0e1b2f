/* signs.h - "what would this sign mean in another search language?"
 *
 * Wildcards, boosts, fuzzy words, other spellings of AND, OR and NOT: signs
 * that people know from elsewhere and that mean nothing here. The parser tells
 * of them, and leaves the numbers that belong to them out of the words. Private
 * to the parser.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_SIGNS_H
#define LEDE_QUERY_SIGNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* Formats of notes: what a sign's length and bytes ("%.*s") are put into. */
#define LEDE_SIGN_IGNORED "'%.*s' has no meaning here: it is ignored"

typedef struct lede_sign {
    size_t at, len; /* in the word; what the note shows */
    const char *note;
    size_t next; /* private: where to look on */
} lede_sign;

/* The next sign of the word at `begin` that means nothing here; false if there
 * is none. Begin with {0}. */
bool lede_sign_next(lede_span query, size_t begin, size_t word_len,
                    lede_sign *sign);

/* How much of a word is left without "~2" or "^1.5" at its end. */
size_t lede_sign_free_len(lede_span word);

/* The length of "~", "~2" or "^1.5" at `at`, if a word could end there; or 0.
 */
size_t lede_sign_suffix(lede_span query, size_t at);

#endif
