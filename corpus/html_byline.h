/* html_byline.h - "whose name stands below the headline?"
 *
 * Authors of pages whose JSON-LD names none: from <meta>, microdata,
 * rel=author, and elements that are named as bylines.
 *
 * Threads: pure functions over the page. */
#ifndef LEDE_CORPUS_HTML_BYLINE_H
#define LEDE_CORPUS_HTML_BYLINE_H

#include "corpus/html_page.h"

/* Sets the entry's authors from names that metadata gave: "A und B" is two,
 * "Ann Lee (al)" is Ann Lee; addresses and notes in brackets are no names, nor
 * are the publisher and the outlet where a person is named too. */
void lede_html_byline_tidy(lede_html_page *page, const lede_json_byline *found,
                           lede_span publisher, lede_entry *entry);

/* Whether some of them is a person by a full name, and not the outlet. */
bool lede_html_byline_is_person(const lede_html_page *page,
                                const lede_author *authors, uint32_t count,
                                lede_span publisher);

/* Sets the entry's authors, if any are found that say more than those that it
 * has; else leaves them. */
void lede_html_byline_set(lede_html_page *page, lede_entry *entry);

#endif
