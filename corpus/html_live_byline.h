/* html_live_byline.h - "who wrote this update?"
 *
 * By an element that is named for it, or by a line of its text that is a byline
 * (corpus/live_bylines.h).
 *
 * Threads: pure functions over the page. */
#ifndef LEDE_CORPUS_HTML_LIVE_BYLINE_H
#define LEDE_CORPUS_HTML_LIVE_BYLINE_H

#include "corpus/html_page.h"
#include "corpus/live_bylines.h"

/* Adds the authors that an element inside `top` names; that element, which is
 * no text of the update, or NULL. */
const lede_html_node *lede_html_live_byline(lede_html_page *page,
                                            lede_html_node *top,
                                            lede_authors *authors);

/* Whether the first line of an update's text is a byline, maybe one that was
 * read before: adds those of its authors that are new. NULL takes none. */
bool lede_html_live_byline_line(lede_html_page *page, lede_span line,
                                lede_authors *authors);

#endif
