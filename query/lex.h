/* lex.h - "what stands at this byte of the query?"
 *
 * Blanks, quotation marks of all scripts, words, and fields' names. Private to
 * the parser.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_LEX_H
#define LEDE_QUERY_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* The length of a blank (ASCII or Unicode) at `at`, or 0. */
size_t lede_lex_blank(lede_span query, size_t at);
/* The length of a double quotation mark or guillemet at `at`, or 0. */
size_t lede_lex_quote(lede_span query, size_t at);
/* The length of U+2018 or U+2019 at `at`, or 0: marks that are quotation marks
 * at times and apostrophes at others. */
size_t lede_lex_single_open(lede_span query, size_t at);
size_t lede_lex_single_close(lede_span query, size_t at);

/* True at the end, a blank, or a parenthesis. */
bool lede_lex_is_border(lede_span query, size_t at);

/* True at the beginning, and right behind a blank or a parenthesis. */
bool lede_lex_is_behind_border(lede_span query, size_t at);

/* A * by itself between blanks, as in "war * peace". */
bool lede_lex_is_lone_star(lede_span query, size_t at);

/* The end of the word at `at`: a blank, a parenthesis or a quotation mark. */
size_t lede_lex_word_end(lede_span query, size_t at);

/* The length of "name" if `word` begins with "name:", else 0. */
size_t lede_lex_field_name(lede_span word);

#endif
