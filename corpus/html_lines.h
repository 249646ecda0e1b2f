/* html_lines.h - "is this line between two paragraphs none of the article's?"
 *
 * Pointers to other articles, credits of pictures, the words above an
 * advertisement, boxes that ask for consent or to sign in. Told by how they
 * begin, in the languages of newspapers.
 *
 * Threads: a constant table. */
#ifndef LEDE_CORPUS_HTML_LINES_H
#define LEDE_CORPUS_HTML_LINES_H

#include "base/span.h"

/* What all text of an article may be asked; false for most. */
bool lede_html_is_no_text(lede_span text);
/* Whether it is part of such a box: something is missing there. */
bool lede_html_is_box(lede_span text);

#endif
