/* pair_words.h - "of which words does a segment know who stands side by side?"
 *
 * Phrases of frequent words are the dearest of all queries: long lists, and
 * positions of each of their entries. So a segment may keep, for a small set of
 * words (exact folded forms), a list of the entries in which the second stands
 * right behind the first, for every two of them that do so anywhere. A pair
 * has a term of its own, LEDE_TERM_PAIR, the words, a blank between them; its
 * list has the fields in which they meet, frequencies of 1, and no positions.
 *
 * The lists are complete: two words of the set that have no list never stand
 * side by side in the default fields of the segment's entries. "Right behind"
 * is what a phrase means by it: at the first one's position and its width.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_PAIR_WORDS_H
#define LEDE_STORAGE_PAIR_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

#define LEDE_TERM_PAIR "P"

enum {
    LEDE_PAIR_WORDS_MOST = 255,
    LEDE_PAIR_WORD_BYTES = 100, /* a longer word is never one of the set */
    LEDE_PAIR_TERM_BYTES = 2 + 2 * LEDE_PAIR_WORD_BYTES
};

/* Words in byte order, strictly ascending. All is lent. */
typedef struct lede_pair_words {
    lede_span words[LEDE_PAIR_WORDS_MOST];
    uint32_t count;
    lede_span bytes; /* as stored: equal sets have equal bytes */
} lede_pair_words;

/* Appends the stored form. At least one word; each of 1 to
 * LEDE_PAIR_WORD_BYTES bytes. */
void lede_pair_words_encode(const lede_span *words, uint32_t count,
                            lede_buf *out);
/* Views into `bytes`, all of which is checked: LEDE_CORRUPT. */
lede_status lede_pair_words_decode(lede_span bytes, lede_pair_words *out,
                                   lede_error *err);

/* The number of a word, counted from 1; 0 if it is not in the set. */
uint32_t lede_pair_words_find(const lede_pair_words *words, lede_span word);

/* The term of two words, in `out`. */
lede_span lede_pair_term(lede_span first, lede_span second,
                         uint8_t out[LEDE_PAIR_TERM_BYTES]);
/* Whether a term of the dictionary is that of a pair. */
bool lede_term_is_pair(lede_span term);
/* Whether it is that of two words of the set. */
bool lede_pair_words_have(const lede_pair_words *words, lede_span term);

#endif
