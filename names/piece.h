/* piece.h - "what does an entry say about its own words?"
 *
 * A piece is what is read together: the words of an entry (of a very long one
 * as many as fit), the runs of them that may be names, what the filter knows of
 * them, and what the rest of the piece says: whether the same word also stands
 * there in small letters, behind a title, behind "in".
 *
 * Private to names/.
 *
 * Threads: a piece belongs to one thread at a time. */
#ifndef LEDE_NAMES_PIECE_H
#define LEDE_NAMES_PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/varint.h"
#include "names/model.h"
#include "names/words.h"

/* A longer run is cut: no name has 64 words. */
enum { LEDE_RUN_MAX_WORDS = 64 };

typedef struct lede_run {
    uint32_t begin, end; /* words */
} lede_run;

/* Bits of `known`. */
enum {
    LEDE_IS_FORENAME = 1,
    LEDE_IS_SURNAME = 2,
    LEDE_IS_PLACE_BEGIN = 4, /* of the longest place that begins here */
    LEDE_IS_PLACE_PART = 8,
    LEDE_IS_SMALL_BEGIN = 16,
    LEDE_IS_SMALL_PART = 32,
    LEDE_IS_LISTED = 64, /* in a country or great city of the lists */
    LEDE_IS_WHOLE = 128  /* the place is the whole run */
};

/* Bits of `seen`. */
enum {
    LEDE_SEEN_LOWER = 1,
    LEDE_SEEN_INSIDE = 2, /* with a capital that no sentence start explains */
    LEDE_SEEN_TITLED = 4, /* behind a title or role */
    LEDE_SEEN_IN = 8,     /* behind a word that wants a place */
    LEDE_SEEN_SPEAKING = 16,
    LEDE_SEEN_LAST = 32, /* behind a known forename or an initial */
    LEDE_SEEN_ORG = 64,  /* in a run with University, Bank, ... */
    LEDE_SEEN_BARE = 128 /* with a capital, and no 's behind it; no feature */
};

typedef struct lede_piece {
    const lede_name_model *model;
    lede_word *words;
    size_t count, cap;
    uint8_t *known;   /* per word; set in runs only */
    uint8_t *labels;  /* per word, lede_label */
    int16_t *margins; /* per word: how far the second best kind is behind */
    lede_run *runs;
    size_t run_count;
    uint32_t *capitals; /* numbers of the words with capitals */
    size_t capital_count;
    uint8_t *seen; /* per hash of a word; equal hashes share an answer */
    uint32_t seen_mask;
} lede_piece;

/* A piece that can hold LEDE_NAME_PIECE_WORDS; false when out of memory. */
bool lede_piece_init(lede_piece *piece, const lede_name_model *model);
void lede_piece_done(lede_piece *piece);

/* Room for one more word at the least; false when out of memory. */
bool lede_piece_reserve(lede_piece *piece, size_t words);

/* Settles everything but labels and margins once the words are read and their
 * lines and classes marked. */
void lede_piece_settle(lede_piece *piece);

static inline uint8_t lede_piece_seen(const lede_piece *piece, uint32_t low)
{
    return piece->seen[low & piece->seen_mask];
}

/* The first word from i on that has a label but O; the end if there is none. */
static inline size_t lede_piece_labelled(const lede_piece *piece, size_t i)
{
    for (; i + 8 <= piece->count; i += 8) {
        uint64_t labels = lede_load_u64(piece->labels + i);

        if (labels != 0) {
            return i + (size_t)__builtin_ctzll(labels) / 8;
        }
    }
    while (i < piece->count && piece->labels[i] == LEDE_LABEL_O) {
        i++;
    }
    return i;
}

/* Whether word i and the one before it are of one line. */
static inline bool lede_piece_joined(const lede_piece *piece, size_t i)
{
    return i > 0 && i < piece->count &&
           (piece->words[i].flags & LEDE_WORD_LINE_START) == 0;
}

/* Whether word i begins with a capital. */
static inline bool lede_piece_capital(const lede_piece *piece, size_t i)
{
    return (piece->words[i].flags & LEDE_WORD_CAPITAL) != 0;
}

/* In a line of capitals a capital says nothing: its neighbour is no part of the
 * name for having one. */
static inline bool lede_piece_shouted(const lede_piece *piece, size_t i)
{
    return (piece->words[i].flags & LEDE_WORD_SHOUTED) != 0;
}

/* Whether a title stands before word i, on its line. */
static inline bool lede_piece_titled(const lede_piece *piece, size_t i)
{
    return lede_piece_joined(piece, i) &&
           (piece->words[i - 1].classes & LEDE_CLASS_HONORIFIC) != 0;
}

static inline bool lede_piece_is_punct(const lede_piece *piece, size_t i,
                                       char punct)
{
    return i < piece->count && piece->words[i].shape == LEDE_SHAPE_PUNCT &&
           piece->words[i].low == lede_byte_hash((uint8_t)punct);
}

/* Whether word i is one, a literal in small letters. */
__attribute__((always_inline)) static inline bool
lede_piece_is_word(const lede_piece *piece, size_t i, const char *literal)
{
    return i < piece->count &&
           piece->words[i].low == lede_literal_hash(literal);
}

/* The hash of words [begin, end) as a phrase (lists.h). */
static inline uint32_t lede_piece_phrase(const lede_piece *piece, size_t begin,
                                         size_t end)
{
    uint32_t phrase = 0;

    for (; begin < end; begin++) {
        phrase = lede_phrase_hash(phrase, piece->words[begin].low);
    }
    return phrase;
}

/* The end of the name that begins at word i; i itself if none does. */
static inline size_t lede_name_end(const lede_piece *piece, size_t i)
{
    uint8_t label = piece->labels[i];
    size_t end = i + 1;

    if (label != LEDE_LABEL_B_PERSON && label != LEDE_LABEL_B_PLACE &&
        label != LEDE_LABEL_B_ORG) {
        return i;
    }
    while (end < piece->count && piece->labels[end] == label + 1) {
        end++;
    }
    return end;
}

/* Whether words [begin, end) are a place that the filter knows. */
static inline bool lede_piece_is_place(const lede_piece *piece, size_t begin,
                                       size_t end)
{
    const uint8_t begins = LEDE_IS_PLACE_BEGIN | LEDE_IS_SMALL_BEGIN;
    const uint8_t goes_on = LEDE_IS_PLACE_PART | LEDE_IS_SMALL_PART;
    size_t i;

    for (i = begin + 1; i < end && (piece->known[i] & goes_on) != 0; i++) {
    }
    return (piece->known[begin] & begins) != 0 && i == end;
}

/* Makes words [begin, end) one name, that begins with a label; or none. */
static inline void lede_piece_relabel(lede_piece *piece, size_t begin,
                                      size_t end, lede_label first)
{
    size_t i;

    for (i = begin; i < end; i++) {
        piece->labels[i] =
            (uint8_t)(first == LEDE_LABEL_O || i == begin ? first : first + 1);
    }
}

#endif
