/* signs.h - "what would this sign mean in another search language?"
 *
 * Other spellings of AND, OR and NOT, wildcards and numbers in odd places:
 * signs that people know from elsewhere and that mean nothing where they stand.
 * The parser tells of them. And where those that mean something are: wildcards,
 * and
 * "~2" and "^1.5" at the end of a word. Private to the parser.
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
    bool is_pattern; /* given: wildcards mean something */
    size_t next;     /* private: where to look on */
} lede_sign;

/* The next sign of the word at `begin` that means nothing here; false if there
 * is none. Begin with {.is_pattern}. The word is without its suffixes. */
bool lede_sign_next(lede_span query, size_t begin, size_t word_len,
                    lede_sign *sign);

/* Whether a wildcard is at `at`: * anywhere, ? between letters or other
 * wildcards, but not in an address. */
bool lede_sign_is_wildcard(lede_span word, size_t at);

/* How much of a word is left without suffixes ("~2", "^1.5", "~1^2") at its
 * end. */
size_t lede_sign_free_len(lede_span word);

/* The length of the suffixes at `at`, if a word could end there; or 0. */
size_t lede_sign_suffixes(lede_span query, size_t at);

#endif
