/* html_front.h - "is this page no article at all?"
 *
 * Front pages and those of a section are lists of teasers: they are kept as
 * bookmarks, without a text. What servers show instead of a page ("Just a
 * moment...", "404 Not Found") is not kept.
 *
 * Threads: a page belongs to one thread. */
#ifndef LEDE_CORPUS_HTML_FRONT_H
#define LEDE_CORPUS_HTML_FRONT_H

#include "corpus/html_page.h"

/* Whether most headings lead elsewhere, with little text to each, and nothing
 * says that it is an article: no metadata, no headline, no text. Running out
 * of memory is told in page->failed. */
bool lede_html_is_front(lede_html_page *page);

/* Whether the title, or the h1 where there is none, says that and no more (but
 * the site's name), on a page with little text. */
bool lede_html_is_barrier(lede_html_page *page);

#endif
