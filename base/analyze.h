/* analyze.h - "which words are in this text?"
 *
 * Text to tokens, the one set of rules for index, query, snippets and
 * near-copies; docs/TOKENS.md is normative, with golden examples. In short:
 * words by Unicode Standard Annex #29; NFKC, full case fold, accents stripped;
 * possessive 's cut; a hyphenated word (and a word with an inner apostrophe)
 * is its parts at consecutive positions and the joined form at the first;
 * initials (U.S.) are one word; numbers keep inner . and ,; CJK as bigrams;
 * bidi marks, zero-width characters and soft hyphens do not count; a word is
 * cut at LEDE_WORD_MAX_BYTES after folding. Stems are Snowball's (libstemmer).
 *
 * Threads: an analyzer belongs to one thread at a time. */
#ifndef LEDE_BASE_ANALYZE_H
#define LEDE_BASE_ANALYZE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

enum { LEDE_WORD_MAX_BYTES = 200 };

/* How the letters of an occurrence are written. A word without case (CJK,
 * numbers) is LOWER. UPPER needs two letters or more ("A" is CAPITAL). A word
 * with capitals inside ("iPhone", "McDonald") is CAPITAL. */
typedef enum lede_case {
    LEDE_CASE_LOWER = 0,
    LEDE_CASE_CAPITAL = 1,
    LEDE_CASE_UPPER = 2
} lede_case;

/* One token. `word` lives until the next token of the same tokenizer. A joined
 * form ("obrien" of O'Brien) has width 2 or more: the positions that it covers,
 * so that the word behind it stands at position + width. */
typedef struct lede_token {
    lede_span word;    /* folded; never empty */
    uint32_t position; /* counts from 0 in the text given */
    uint8_t width;     /* 1, or the number of parts (at most 255) */
    uint8_t parts;     /* of the compound that it joins or is a part of; 1 */
    lede_case letter_case;
    uint8_t marks;     /* a hash of what it is written with beside the letters
                          a to z and digits: accents, apostrophes, hyphens,
                          another script; 0 for nothing */
    size_t begin, end; /* the bytes of the text that it stands for */
} lede_token;

typedef struct lede_analyzer lede_analyzer;

lede_status lede_analyzer_new(lede_analyzer **out, lede_error *err);
void lede_analyzer_free(lede_analyzer *analyzer); /* accepts NULL */

/* Whether a token counts where words are counted: a compound is one word, its
 * joined form, so that O'Brien is as long as OBrien. */
static inline bool lede_token_counts(const lede_token *token)
{
    return token->width == token->parts;
}

/* Walks the tokens of one text (valid UTF-8; bad bytes are skipped, never
 * fatal). Tokens come in order of position; at one position the joined form
 * comes first. `text` and `analyzer` must outlive the walk; an analyzer serves
 * one walk at a time. */
typedef struct lede_tokenizer {
    lede_analyzer *analyzer;
    lede_span text;
    size_t at; /* private from here on */
    uint32_t position;
    uint32_t queue_at, queue_len;
    bool in_run; /* among characters of a script without blanks */
} lede_tokenizer;

void lede_tokenizer_init(lede_tokenizer *tokenizer, lede_analyzer *analyzer,
                         lede_span text);
/* False at the end. Out of memory ends the walk too, with `failed` below. */
bool lede_tokenizer_next(lede_tokenizer *tokenizer, lede_token *out);
bool lede_analyzer_failed(const lede_analyzer *analyzer);

/* Whether a token's word is one syllable of a script without blanks, which
 * tokens have only where it stands alone (docs/TOKENS.md, section 7). */
bool lede_word_is_lone_syllable(lede_span word);

/* The position that follows the last token returned so far (and the parts of
 * the compound that it belongs to). */
uint32_t lede_tokenizer_end_position(const lede_tokenizer *tokenizer);

/* A language of stems: a small number, stable on disk (docs/TOKENS.md). 0 is
 * "no stemming". */
typedef uint8_t lede_language;
enum {
    LEDE_LANGUAGE_NONE = 0,
    LEDE_LANGUAGE_ENGLISH = 1,
    LEDE_LANGUAGE_COUNT = 29 /* never above 32: sets of languages are u32 */
};

/* The stems' language of a BCP 47 tag ("pt-BR"): LEDE_LANGUAGE_NONE when there
 * is no stemmer for it, `fallback` when the tag is empty. */
lede_language lede_language_of(lede_span tag, lede_language fallback);
const char *lede_language_tag(lede_language language); /* "en"; "" for none */
/* What the primary tag of entries can be that a code in small letters asks for,
 * with blanks between: "de" and "ger" stand for "de deu ger", "no" for both
 * kinds of Norwegian too, of which each asks for no more than itself. "" where
 * there is no stemmer: such a code stands for itself. */
const char *lede_language_codes(const char *code);
/* Whether the tag is well formed and its primary one that of a language: of ISO
 * 639-1 or 639-2, with a stemmer or not. */
bool lede_language_exists(lede_span tag);

/* The stem of a folded word: lent until lede_analyzer_clear_stems. Each
 * distinct (language, word) is stemmed once and remembered. A word with a
 * digit, or of CJK, is its own stem. Empty only when out of memory. */
lede_span lede_analyzer_stem(lede_analyzer *analyzer, lede_language language,
                             lede_span word);
size_t lede_analyzer_stems_bytes(const lede_analyzer *analyzer);
void lede_analyzer_clear_stems(lede_analyzer *analyzer);

/* The fold of whole texts, for comparing headlines and names: NFKC, case fold,
 * accents kept or stripped; between letters or digits every apostrophe is ',
 * every hyphen is - and an & stays, as a full stop or comma does between
 * digits; every other run of punctuation and blanks is one space, none at the
 * ends. Appends to `out`. Folding a folded text changes nothing. */
void lede_fold_text(lede_span text, bool strip_accents, lede_buf *out);

#endif
