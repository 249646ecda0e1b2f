/* html_live.h - "which elements of a live page hold an update each?"
 *
 * By hooks that publishers keep (BBC, Guardian, CNN, Al Jazeera and generic
 * ones), else by three or more elements in a row that are alike and have a time
 * and text each, on a page that calls itself live. Names made by build tools
 * are not looked at.
 *
 * Threads: pure functions over the page. */
#ifndef LEDE_CORPUS_HTML_LIVE_H
#define LEDE_CORPUS_HTML_LIVE_H

#include "corpus/html_page.h"

/* Appends an update for each such element; none if there are none. */
void lede_html_live_elements(lede_html_page *page, lede_html_posts *posts);

/* The text of an update that JSON-LD has without it: that of the element with
 * this id. */
void lede_html_live_join(lede_html_page *page, lede_span id, lede_span headline,
                         lede_body *body);

#endif
