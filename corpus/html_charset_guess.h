/* html_charset_guess.h - "in which encoding is a page that does not say so?"
 *
 * By the letters themselves (libuchardet), from a bounded part of the texts
 * that are not ASCII. Texts of other scripts are told with few words. Western
 * ones are told from those of Central Europe, the Baltic, Turkey and Vietnam
 * only where they have many letters with marks: a few names and quotation marks
 * in English say nothing.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_HTML_CHARSET_GUESS_H
#define LEDE_CORPUS_HTML_CHARSET_GUESS_H

#include <stdbool.h>

#include "base/span.h"

enum { LEDE_CHARSET_GUESS_BYTES = 32 * 1024, LEDE_CHARSET_NAME_BYTES = 40 };

/* The name of the encoding as iconv knows it; false, with `out` as it was, if
 * it cannot be told. `is_other_script`: most of the letters are not Latin, so
 * that the guess is better than any rule by language. */
bool lede_html_guess_charset(lede_span page, bool *is_other_script,
                             char out[LEDE_CHARSET_NAME_BYTES]);

#endif
