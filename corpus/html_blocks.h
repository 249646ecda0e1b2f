/* html_blocks.h - "which paragraphs and pictures does this page show?"
 *
 * All text of a page as blocks in document order, each with the element it
 * stands in and how much of it is links; pictures with captions and credits
 * apart. What is not shown (hidden, for screen readers) is left out; what
 * stands in places that hold no article (navigation, teasers, share buttons)
 * is marked. Which of the blocks are the article is html_main.h's question.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_HTML_BLOCKS_H
#define LEDE_CORPUS_HTML_BLOCKS_H

#include "base/entry.h"
#include "corpus/html_tree.h"

typedef struct lede_html_block {
    lede_block_type type;
    lede_span text;
    uint32_t link_bytes;        /* of the text */
    const lede_html_node *node; /* the innermost block element around it */
    uint32_t order;             /* of the first node in it */
    bool is_caption;            /* of a picture: no text */
    bool is_aside;
} lede_html_block;

typedef struct lede_html_picture {
    lede_media media;
    const lede_html_node *node;
} lede_html_picture;

typedef struct lede_html_blocks {
    lede_html_block *items;
    uint32_t count, room;
    lede_html_picture *pictures;
    uint32_t picture_count, picture_room;
} lede_html_blocks;

/* Marks the nodes of a tree by what their names say. */
void lede_html_mark(const lede_html_tree *tree);

/* The blocks inside `top`, of a tree that is marked. LEDE_NO_MEMORY is the only
 * failure. */
lede_status lede_html_blocks_read(const lede_html_node *top, lede_arena *arena,
                                  lede_html_blocks *out, lede_error *err);

#endif
