/* text_wrap.h - "are these lines paragraphs, or was the text cut to a width?"
 *
 * A text with line breaks has a paragraph per line, or was broken to fit a
 * page, often unevenly (old databases and wires). lede_block_is_wrapped proves
 * it for a block alone; this judges a whole text by most of its lines, so that
 * it may be lenient.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_TEXT_WRAP_H
#define LEDE_CORPUS_TEXT_WRAP_H

#include <stdbool.h>

#include "base/span.h"

/* Whether most lines that another follows stop inside a sentence, most are
 * about as wide as the widest (40 to 120 characters), and most lines go on
 * without a capital (in a text that has small letters). */
bool lede_text_is_wrapped(lede_span text);

/* The next line of *text, trimmed, and whether it was indented by two blanks or
 * more; false at the end. */
bool lede_text_next_line(lede_span *text, lede_span *out, bool *indented);

#endif
