/* keys.h - "which words is a name compared by?"
 *
 * The folded words of a name (base/analyze.h) without accents: hyphens part
 * words, apostrophes between letters vanish, other punctuation and blanks lie
 * between words. Names in ASCII take a short way to the same words.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_KEYS_H
#define LEDE_NAMES_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

enum { LEDE_KEY_WORD_BYTES = 128 }; /* longer words are cut */

typedef struct lede_key_words {
    lede_span text;
    size_t at;
    size_t word_len;
    uint8_t word[LEDE_KEY_WORD_BYTES];
} lede_key_words;

/* `folded` holds the text during the walk, if it needs to. False when out of
 * memory. */
bool lede_key_words_init(lede_key_words *words, lede_span name,
                         lede_buf *folded);

/* Puts the next word into words->word; false at the end. */
bool lede_key_word_next(lede_key_words *words);

#endif
