/* analyze_private.h - what the files behind base/analyze.h share.
 *
 * tokenize.c finds words, word.c folds them, stem.c stems them, fold.c folds
 * whole texts, chars.c knows single characters. Private to base/ (and to the
 * tests that compare the fast path with the slow one).
 *
 * Threads: as the analyzer. */
#ifndef LEDE_BASE_ANALYZE_PRIVATE_H
#define LEDE_BASE_ANALYZE_PRIVATE_H

#include "base/analyze.h"
#include "base/arena.h"
#include "base/chars.h"

enum {
    LEDE_COMPOUND_MAX_PARTS = 8,
    LEDE_WORD_MAX_CODES = 256, /* folded; more than any cut word holds */
    LEDE_MEMO_CODES = 0x800    /* Latin to Arabic: two bytes in UTF-8 */
};

/* What there is to know of a character, remembered for the common ones. */
typedef struct lede_char_memo {
    bool is_known;
    bool composes;
    uint8_t class;
    char letter_case;
    uint16_t fold[2];
    uint8_t fold_count; /* FOLD_LONG: ask lede_char_fold */
} lede_char_memo;

enum { LEDE_FOLD_LONG = 0xFF };

/* A word on its way to being folded. */
typedef struct lede_word_builder {
    uint32_t codes[LEDE_WORD_MAX_CODES];
    unsigned count;
    bool composes;
    bool has_comma, has_stop;
    bool is_over;   /* longer than codes can hold */
    uint8_t uppers; /* 0, 1, or 2 for more */
    uint8_t lowers;
} lede_word_builder;

typedef struct lede_word_part {
    uint8_t bytes[LEDE_WORD_MAX_BYTES];
    size_t len;
    uint8_t uppers, lowers;
    size_t begin, end;
} lede_word_part;

typedef struct lede_stem_slot lede_stem_slot;
struct sb_stemmer;

struct lede_analyzer {
    bool failed;
    bool slow_only; /* for tests: never the ASCII fast path */
    lede_token queue[LEDE_COMPOUND_MAX_PARTS + 1];
    lede_word_part parts[LEDE_COMPOUND_MAX_PARTS];
    lede_word_part joined;
    lede_word_builder builder;
    lede_char_memo memo[LEDE_MEMO_CODES];

    struct sb_stemmer *stemmers[LEDE_LANGUAGE_COUNT];
    lede_arena stems;
    lede_stem_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t slots_used;
};

lede_char_class lede_analyzer_class(lede_analyzer *analyzer, uint32_t code);

/* Empties the analyzer's builder. */
void lede_word_clear(lede_analyzer *analyzer);
/* Adds a character's fold to the word, and its case. */
void lede_word_put(lede_analyzer *analyzer, uint32_t code);
/* Adds '.', ',', '+' or '#' as they are. */
void lede_word_put_sign(lede_analyzer *analyzer, uint8_t sign);
/* Writes the finished word: thousands separators gone, cut at 200 bytes. */
void lede_word_finish(lede_analyzer *analyzer, lede_word_part *out);
lede_case lede_case_of_counts(unsigned uppers, unsigned lowers);

void lede_analyzer_free_stems(lede_analyzer *analyzer);

#endif
