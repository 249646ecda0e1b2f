/* word_memo.h - "what was this word the last time?"
 *
 * Most words of a text are among a few thousand, and their hash and classes
 * follow from their bytes: a table remembers them for plain words of up to 16
 * letters (words.h says what is plain). A later word takes the place of an
 * earlier one; what is told is the same with and without.
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_WORD_MEMO_H
#define LEDE_NAMES_WORD_MEMO_H

#include <stdint.h>

#include "names/model.h"

enum { LEDE_WORD_MEMO_BITS = 12, LEDE_WORD_MEMO_BYTES = 16 };

typedef struct lede_word_memo_slot {
    uint64_t bytes[2]; /* as written, behind them zeros; a free one is zeros */
    uint32_t low;
    uint16_t classes;
    uint16_t hints;
    uint8_t filtered; /* of those with a capital */
} lede_word_memo_slot;

/* Zeros and a model make an empty one. */
typedef struct lede_word_memo {
    const lede_name_model *model;
    lede_word_memo_slot slots[1 << LEDE_WORD_MEMO_BITS];
} lede_word_memo;

/* The number of the slot in which a word stands, if it does. */
static inline uint32_t lede_word_memo_number(uint64_t first, uint64_t second)
{
    uint64_t hash =
        (first ^ second * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;

    return (uint32_t)(hash >> (64 - LEDE_WORD_MEMO_BITS));
}

/* That slot: the first byte of a word is never 0. */
static inline lede_word_memo_slot *
lede_word_memo_slot_of(lede_word_memo *memo, uint64_t first, uint64_t second)
{
    return &memo->slots[lede_word_memo_number(first, second)];
}

#endif
