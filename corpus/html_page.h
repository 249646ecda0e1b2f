/* html_page.h - "what is known of the page at hand?"
 *
 * All that the files of the HTML reader share while they make entries of one
 * page. Everything lives in the page's arena.
 *
 * Threads: a page belongs to one thread. */
#ifndef LEDE_CORPUS_HTML_PAGE_H
#define LEDE_CORPUS_HTML_PAGE_H

#include "corpus/dates.h"
#include "corpus/format.h"
#include "corpus/html_blocks.h"
#include "corpus/html_ld.h"
#include "corpus/html_main.h"
#include "corpus/html_meta.h"

typedef struct lede_html_page {
    const lede_read_context *context;
    const char *path;
    lede_arena *arena;
    lede_html_tree tree;
    lede_html_meta meta;
    lede_html_ld ld;
    lede_html_blocks blocks;
    lede_span url;    /* of the page; may be empty */
    lede_span source; /* the outlet, else the host */
    lede_span lang;
    lede_date_hints hints;
    lede_when captured;          /* when the page was kept, if that is known */
    lede_html_node *h1;          /* the one that is the headline, or NULL */
    uint32_t flags;              /* of all its entries */
    const lede_json_value *next; /* html_next.c's, if it looked for it */
    bool reads_next;
    /* Where a fact was found, for people; NULL if nowhere. */
    const char *from_headline, *from_published, *from_updated, *from_text;
    const char *from_authors, *from_source, *from_lang;
    const char *from_updates; /* of a live page */
    unsigned joins;           /* searches for the text of an update by its id */
    bool failed;              /* out of memory */
} lede_html_page;

/* Facts of the head (html_facts.c). ---------------------------------------- */

/* Sets url, source, lang, hints, h1. */
void lede_html_facts_page(lede_html_page *page);
/* Sets all of an article's entry but its body and media. */
void lede_html_facts_entry(lede_html_page *page, lede_entry *entry);
/* Says in the article's entry, and in an update's, where what is in them was
 * found. */
void lede_html_tell_entry(lede_html_page *page, lede_entry *entry);
void lede_html_tell_post(lede_html_page *page, lede_entry *entry);

/* Sets the dates (html_dates.c). */
void lede_html_set_published(lede_html_page *page, lede_entry *entry);
void lede_html_set_updated(lede_html_page *page, lede_entry *entry);

/* Sets h1, and the headline with the page's other one (html_headline.c). */
void lede_html_find_h1(lede_html_page *page);
void lede_html_set_headlines(lede_html_page *page, lede_entry *entry);

/* Parses a date of metadata; false, and *out unset, if it is none. */
bool lede_html_date_parse(const lede_html_page *page, lede_span text,
                          lede_when *out);
/* The date in an element's attributes: datetime, data-seconds and the like. */
bool lede_html_element_date(lede_html_page *page, const lede_html_node *node,
                            lede_when *out);
/* A text of metadata as one line: markup and references undone. */
lede_span lede_html_clean(lede_html_page *page, lede_span text);
/* Sets an entry's authors from a value of JSON-LD. */
void lede_html_ld_set_authors(lede_html_page *page,
                              const lede_json_value *value, lede_span publisher,
                              lede_entry *entry);
/* Paragraphs of a text of metadata, which may be HTML. */
void lede_html_put_text(lede_html_page *page, lede_span text, lede_body *body);

/* Live pages (html_live.c). ------------------------------------------------ */

typedef struct lede_html_posts {
    lede_entry *items; /* in the page's order */
    uint32_t count, room;
    uint32_t first; /* number of the node where the first stands; 0 = none */
} lede_html_posts;

/* The updates of a live page; none if it is no live page. */
void lede_html_live_read(lede_html_page *page, lede_html_posts *out);
/* A new update at the end of the list; NULL when out of memory or there are
 * more than anyone writes. */
lede_entry *lede_html_post_new(lede_html_page *page, lede_html_posts *posts);

/* The data that BBC pages carry (html_next.c). ----------------------------- */

/* Fills in what the page's __NEXT_DATA__ has of an article: body, and headline,
 * authors and media where the entry has none. False if it has none of it. */
bool lede_html_next_article(lede_html_page *page, lede_entry *entry);
/* Appends the updates in it. */
void lede_html_next_posts(lede_html_page *page, lede_html_posts *posts);

#endif
