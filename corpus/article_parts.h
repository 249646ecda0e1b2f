/* article_parts.h - what the files that read an article's head share
 *
 * Private to article_head.c, article_headers.c and article_text.c.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_ARTICLE_PARTS_H
#define LEDE_CORPUS_ARTICLE_PARTS_H

#include "corpus/article_head.h"

enum { LEDE_HEADLINE_CHARS = 200 };

/* Whether the line is a web address and nothing else. */
bool lede_article_is_address(lede_span line);
/* Sets a span that is still empty. */
void lede_article_set_span(lede_span *slot, lede_span value);
/* Appends to a list; false, and failed, when out of memory. */
bool lede_article_add_span(lede_article_head *head, lede_span **list,
                           uint32_t *count, lede_span span);

/* Reads header lines among the first units: at most ten. One alone counts only
 * if its key is no word that begins a sentence. */
void lede_article_headers_read(lede_article_unit *units, size_t count,
                               lede_article_head *head);

#endif
