/* html_deck.h - "which of the page's descriptions is its standfirst?"
 *
 * Metadata often has several descriptions: one for readers, which the page
 * shows between headline and text, others for search engines and networks, and
 * some that only repeat how the text begins.
 *
 * Threads: pure functions over the page. */
#ifndef LEDE_CORPUS_HTML_DECK_H
#define LEDE_CORPUS_HTML_DECK_H

#include "corpus/html_page.h"

/* The first description that the page has; may be empty. */
lede_span lede_html_deck_first(lede_html_page *page);

/* Sets the deck of an entry that has its body: what the page shows, best one
 * that a description says too; else the first description that is not how the
 * body begins. May be empty. */
void lede_html_deck_set(lede_html_page *page, lede_entry *entry);

#endif
