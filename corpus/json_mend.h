/* json_mend.h - "what did they mean who wrote this by hand?"
 *
 * JSON of pages as templates make it: quotation marks that are not escaped,
 * names without any or with single ones, comments, a comma too few or too many,
 * dates and "undefined" where a value belongs. The text is written again so
 * that a reader of JSON has a chance; nothing is thrown away but comments.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_JSON_MEND_H
#define LEDE_CORPUS_JSON_MEND_H

#include "base/buf.h"
#include "base/span.h"

/* Appends the mended text; out->failed when out of memory. Linear in the length
 * of the text but for a look ahead of at most some hundred bytes at each
 * quotation mark. */
void lede_json_mend(lede_span text, lede_buf *out);

#endif
