/* html_thin.h - "does any element have attributes without end?"
 *
 * The HTML parser compares each attribute of an element with all before it:
 * 300,000 of them take hours. Readers look at few, so those of one element that
 * come behind LEDE_HTML_ATTRIBUTES_MAX are made blanks before it sees them.
 * Scripts, styles and comments are left as they are.
 *
 * Threads: a pure function. */
#ifndef LEDE_CORPUS_HTML_THIN_H
#define LEDE_CORPUS_HTML_THIN_H

#include "base/buf.h"

enum { LEDE_HTML_ATTRIBUTES_MAX = 512 };

/* The page itself, or what was made of it in `room`, which the caller frees; no
 * bytes if there was no memory (room->failed). */
lede_span lede_html_thin(lede_span page, lede_buf *room);

#endif
