/* chars.h - "what is this character to a word?"
 *
 * The classes that the word rules of docs/TOKENS.md are made of, and the fold
 * of single characters. A class is Unicode's Word_Break property (UAX #29,
 * through libunistring), with lede's own decisions laid over it: scripts that
 * do not separate words are CONTINUOUS, hyphens join, a full stop or comma
 * counts only between digits. Private to base/.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_CHARS_H
#define LEDE_BASE_CHARS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

typedef enum lede_char_class {
    LEDE_CHAR_OTHER = 0, /* between words */
    LEDE_CHAR_LETTER,    /* of a script that separates its words */
    LEDE_CHAR_DIGIT,
    LEDE_CHAR_CONTINUOUS, /* a letter of CJK, Thai, Lao, Khmer, Burmese... */
    LEDE_CHAR_JAMO,       /* a conjoining vowel or final: adds to a syllable */
    LEDE_CHAR_MARK,       /* belongs to the character before it */
    LEDE_CHAR_IGNORED,    /* zero-width: as if it were not there */
    LEDE_CHAR_APOSTROPHE,
    LEDE_CHAR_HYPHEN, /* and & and _: joins the words on its sides */
    LEDE_CHAR_STOP,   /* . */
    LEDE_CHAR_COMMA,
    LEDE_CHAR_DROPPED /* between two letters as if it were not there */
} lede_char_class;

lede_char_class lede_char_class_of(uint32_t code);

/* 'U', 'L', or 0 for a character without case. A title-case letter is 'U'. */
char lede_char_case(uint32_t code);

/* Folds one character: compatibility decomposition, full case fold, decimal
 * digits of every script to ASCII; with `strip` also accents, and letters such
 * as o-slash to their plain neighbours. What is no letter, mark or digit after
 * that is left out. Fills `out` and returns how many there are (maybe 0). The
 * result is decomposed: see lede_codes_compose. */
enum { LEDE_CHAR_FOLD_MAX = 32 };
unsigned lede_char_fold(uint32_t code, bool strip,
                        uint32_t out[LEDE_CHAR_FOLD_MAX]);

/* True if codes with this one among them may need lede_codes_compose. */
bool lede_char_composes(uint32_t code);

/* Canonical order and composition (the NFC of `count` codes), in place;
 * returns the new count. */
unsigned lede_codes_compose(uint32_t *codes, unsigned count);

/* True for a combining mark that `strip` takes away. */
bool lede_char_is_accent(uint32_t code);

#endif
