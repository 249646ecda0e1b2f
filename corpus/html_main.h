/* html_main.h - "which blocks of a page are its article?"
 *
 * Long blocks that are no links are taken for text. The article is the smallest
 * element that has most of it, found by going down from the body; elements that
 * are named as articles name their text go first. Inside it, what is named as
 * something else (teasers, shares, comments) is left out, unless it has most of
 * the text; then blocks that are links, and lines that pages put between
 * paragraphs.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_HTML_MAIN_H
#define LEDE_CORPUS_HTML_MAIN_H

#include "corpus/dates.h"
#include "corpus/html_blocks.h"
#include "corpus/paragraphs.h"

typedef struct lede_html_main {
    const lede_html_node
        *node; /* the element chosen; NULL if there is no text */
    lede_body body;
    lede_media *media;
    uint32_t media_count;
} lede_html_main;

/* What is known of the article from elsewhere. */
typedef struct lede_html_hints {
    const lede_html_node *h1;   /* the headline's; NULL = unknown */
    lede_span headline;         /* not to be repeated in the body */
    const lede_author *authors; /* their names stand above the text */
    uint32_t author_count;
    const lede_date_hints *dates;
    const lede_body *text; /* the article as metadata has it, maybe only its
                              beginning */
} lede_html_hints;

/* Whether a block is text, and no line of links or words that pages put around
 * it; what stands in places named for something else aside. */
bool lede_html_block_is_text(const lede_html_block *block);

/* How much of a block is text of an article for certain, by its length and its
 * links: bytes, 0 if it is none. */
uint64_t lede_html_block_good(const lede_html_block *block);

/* Picks from the blocks of a tree that is marked. LEDE_NO_MEMORY is the only
 * failure. */
lede_status lede_html_main_read(const lede_html_tree *tree,
                                const lede_html_blocks *blocks,
                                const lede_html_hints *hints, lede_arena *arena,
                                lede_html_main *out, lede_error *err);

#endif
