/* words.h - "what are the words of a text, to someone who looks for names?"
 *
 * Search folds words until they are alike; here case and punctuation are the
 * evidence, so names/ cuts text in its own way: punctuation is a word too, a
 * possessive 's is cut off, "U.S.", "J." and "Mr." keep their full stops,
 * O'Brien, al-Assad and Jean-Pierre stay whole. Each word carries a hash of its
 * lower-case form, which is all that later steps compare, and its shape.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_WORDS_H
#define LEDE_NAMES_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"

typedef enum lede_word_shape {
    LEDE_SHAPE_PUNCT = 0,
    LEDE_SHAPE_LOWER,
    LEDE_SHAPE_DIGIT,   /* begins with a digit */
    LEDE_SHAPE_CAPITAL, /* Xxxx */
    LEDE_SHAPE_UPPER,   /* XXXX, two letters or more */
    LEDE_SHAPE_LETTER,  /* X */
    LEDE_SHAPE_INITIAL, /* X. */
    LEDE_SHAPE_DOTTED,  /* X.X. */
    LEDE_SHAPE_MIXED,   /* XxxxXxx, O'Xxxx */
    LEDE_SHAPE_HYPHEN,  /* Xxxx-Xxxx */
    LEDE_SHAPE_TAILED,  /* Xxxx-xxxx: Moscow-based */
    LEDE_SHAPE_INNER,   /* xx-Xxxx: al-Assad */
    LEDE_SHAPE_COUNT
} lede_word_shape;

enum {
    LEDE_WORD_LINE_START = 1,
    LEDE_WORD_SENTENCE_START = 2,
    LEDE_WORD_CAPITAL = 4, /* may be part of a name by its own shape */
    LEDE_WORD_SHOUTED = 8, /* in a line of capitals alone */
    LEDE_WORD_TITLED = 16, /* in a line Where Most Words Begin So */
    LEDE_WORD_ABBREVIATED = 32,
    LEDE_WORD_RECALLED = 64 /* classes, hints and `filtered` are set */
};

struct lede_word_memo;

typedef struct lede_word {
    uint32_t begin, end; /* bytes of its text */
    uint32_t text;       /* which text */
    uint32_t low;        /* hash of the lower-case form */
    uint16_t classes;    /* of lists.h, filled in by lists.c */
    uint8_t shape;
    uint8_t flags;
    uint16_t hints;   /* of lists.h, likewise */
    uint8_t filtered; /* of one that is recalled and has a capital: what the
                         filter knows of it by itself (lede_filter_get) */
} lede_word;

/* Reads words of `text` from byte *at on, at most `max`, and moves *at behind
 * the last one; fewer than `max` mean that the text is at its end. */
size_t lede_words_read(lede_span text, uint32_t number, size_t *at,
                       lede_word *out, size_t max);

/* The same, with a memory (word_memo.h) that most words are taken from; their
 * lines, classes and hints are marked, too. */
size_t lede_words_recall(lede_span text, uint32_t number, size_t *at,
                         struct lede_word_memo *memo, lede_word *out,
                         size_t max);

/* Marks lines of capitals and lines in title case among whole lines. */
void lede_words_mark_lines(lede_word *words, size_t count);

/* The hash of one lower-case form, as `low` has it. */
uint32_t lede_word_hash(lede_span word);

/* The same of one byte: of punctuation, say. */
static inline uint32_t lede_byte_hash(uint8_t byte)
{
    uint32_t hash = (2166136261u ^ byte) * 16777619u;

    return hash ^ hash >> 15;
}

__attribute__((always_inline)) static inline uint32_t
lede_literal_step(uint32_t hash, const char *literal, size_t i)
{
    return i < strlen(literal) ? (hash ^ (uint8_t)literal[i]) * 16777619u
                               : hash;
}

/* The same of a literal of at most 10 bytes: compilers make a number of it. */
__attribute__((always_inline)) static inline uint32_t
lede_literal_hash(const char *literal)
{
    uint32_t hash = 2166136261u;

    hash = lede_literal_step(hash, literal, 0);
    hash = lede_literal_step(hash, literal, 1);
    hash = lede_literal_step(hash, literal, 2);
    hash = lede_literal_step(hash, literal, 3);
    hash = lede_literal_step(hash, literal, 4);
    hash = lede_literal_step(hash, literal, 5);
    hash = lede_literal_step(hash, literal, 6);
    hash = lede_literal_step(hash, literal, 7);
    hash = lede_literal_step(hash, literal, 8);
    hash = lede_literal_step(hash, literal, 9);
    return hash ^ hash >> 15;
}

/* The hash of words in a row: begin with 0, add one word after the other. */
static inline uint32_t lede_phrase_hash(uint32_t phrase, uint32_t low)
{
    phrase = (phrase ^ low) * 0x9E3779B1u;
    return phrase ^ phrase >> 15;
}

#endif
