/* html_ends.h - "which element does this end tag end?"
 *
 * Where a div inside a section was never closed, browsers close it with the
 * section; the HTML parser passes the section's end tag over, since to it a div
 * is what matters most, and all that follows is in the section, a newsletter's
 * box perhaps. So the end tags of such divs are put in.
 *
 * Threads: a pure function. */
#ifndef LEDE_CORPUS_HTML_ENDS_H
#define LEDE_CORPUS_HTML_ENDS_H

#include "base/buf.h"

/* What is nested deeper is left as it is. */
enum { LEDE_HTML_ENDS_DEPTH = 512 };

/* The page itself, or what was made of it in `room`, which the caller frees; no
 * bytes if there was no memory (room->failed). */
lede_span lede_html_put_ends(lede_span page, lede_buf *room);

#endif
