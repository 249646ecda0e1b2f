/* text_match.h - "does this line say that?"
 *
 * Small questions that the readers of plain text ask about lines: comparisons
 * that ignore ASCII case, blanks of every width, words, ends of sentences.
 * Patterns are given in lower case. Positions are bytes; "not found" is
 * LEDE_MATCH_NONE.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_TEXT_MATCH_H
#define LEDE_CORPUS_TEXT_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define LEDE_MATCH_NONE SIZE_MAX

/* Comparisons; other bytes than A-Z must be equal. */
bool lede_match_is(lede_span text, const char *lower);
bool lede_match_equal(lede_span a, lede_span b);
bool lede_match_starts(lede_span text, const char *lower);
bool lede_match_ends(lede_span text, const char *lower);
size_t lede_match_find(lede_span text, size_t at, const char *lower);
size_t lede_match_find_last(lede_span text, const char *lower);

/* The same, where U+FFFD in the text (a lost byte) stands for any character of
 * the pattern. *end is the byte behind the match. */
size_t lede_match_find_damaged(lede_span text, const char *lower, size_t *end);
bool lede_match_is_damaged(lede_span text); /* has U+FFFD */

/* Bytes of the blank at `at`: ASCII blanks, no-break, thin, narrow, wide and
 * zero-width spaces and byte order marks. 0 if there is none. */
size_t lede_match_blank(lede_span text, size_t at);
lede_span lede_match_trim(lede_span text);
/* Copies `text` to `out` (as many bytes) with each byte of a wide blank made a
 * space, so that positions stay the same. */
void lede_match_plain(lede_span text, uint8_t *out);

/* The next run without blanks from *at on; empty at the end. */
lede_span lede_match_word(lede_span text, size_t *at);
size_t lede_match_word_count(lede_span text);

bool lede_match_starts_upper(lede_span text); /* a capital of any script */
bool lede_match_starts_lower(lede_span text);
bool lede_match_has_digit(lede_span text);

/* Whether the text ends in one of the characters of `ends`, or in a closing
 * curly quotation mark when `quotes`. */
bool lede_match_ends_in(lede_span text, const char *ends, bool quotes);

/* The first sentence, cut between words to at most `max_chars` characters. */
lede_span lede_match_first_sentence(lede_span text, size_t max_chars);

/* Digits at the beginning: how many bytes (at most `max_digits`), the value in
 * *out. 0 if there are none, or more than max_digits. */
size_t lede_match_number(lede_span text, size_t max_digits, uint32_t *out);

#endif
