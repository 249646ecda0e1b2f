/* html_live_alike.h - "which elements of a live page are alike?"
 *
 * Pages of publishers whose hooks nobody knows: three or more siblings of one
 * tag and class, each with a time of its own and text, on a page that calls
 * itself live. A time is a `time` with datetime, or a text that is a time and
 * nothing else.
 *
 * Threads: pure functions over the page. */
#ifndef LEDE_CORPUS_HTML_LIVE_ALIKE_H
#define LEDE_CORPUS_HTML_LIVE_ALIKE_H

#include "corpus/html_page.h"

enum { LEDE_HTML_POSTS_MAX = 20000 };

typedef struct lede_html_post_list {
    lede_html_node **items;
    uint32_t *ends; /* the number of the node behind each update */
    uint32_t count;
} lede_html_post_list;

/* Appends; false when the list is full or memory out. */
bool lede_html_post_list_put(lede_html_page *page, lede_html_post_list *list,
                             lede_html_node *node);

/* Whether its address or title says so. */
bool lede_html_calls_itself_live(const lede_html_page *page);
/* Whether the page is about these elements, since it calls itself live or they
 * have most of its text: many an article has a list of news beside it. */
bool lede_html_live_are_most(lede_html_page *page,
                             const lede_html_post_list *list);

/* Replaces the list by such elements: three or more, or none. What follows a
 * paragraph or heading with a time belongs to it. */
void lede_html_live_alike(lede_html_page *page, lede_html_post_list *list);

/* The number behind the last node inside an element. */
uint32_t lede_html_end_order(const lede_html_page *page, lede_html_node *top);
/* The first block inside an element: blocks are in the order of their nodes. */
uint32_t lede_html_first_block(const lede_html_page *page,
                               const lede_html_node *top);
#endif
