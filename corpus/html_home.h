/* html_home.h - "which element is the article's, and what stands elsewhere?"
 *
 * An article element that has the headline, or an element that microdata calls
 * the article's body, is the article, however much else is on the page:
 * comments, teasers and the publisher's small print may well be longer.
 *
 * Threads: pure functions, once the headline is marked. */
#ifndef LEDE_CORPUS_HTML_HOME_H
#define LEDE_CORPUS_HTML_HOME_H

#include "corpus/html_blocks.h"

/* Marks the elements around the headline, which may be NULL. */
void lede_html_mark_headline(lede_html_node *h1);

/* Whether a node stands in what the headline is not of: comments, boxes of
 * other articles, quotations, the page's navigation and its foot. */
bool lede_html_is_elsewhere(const lede_html_node *node);

/* The article's element; NULL if nothing says so, or it has no text beside
 * what stands outside of asides and other articles. */
const lede_html_node *lede_html_home(const lede_html_tree *tree,
                                     const lede_html_blocks *blocks,
                                     const lede_html_node *h1);

#endif
