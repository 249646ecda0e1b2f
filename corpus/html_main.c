#include "corpus/html_main.h"

#include <string.h>

#include "base/utf8.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum {
    GOOD_CHARS = 70,        /* a block of so many letters is text */
    LINKS_PER_HUNDRED = 40, /* of a block that is text still */
    DOMINANT_PER_HUNDRED = 75,
    NAMED_PER_HUNDRED = 50, /* of the text, in elements named for it */
    ASIDE_PER_HUNDRED = 50
};

typedef struct chooser {
    const lede_html_tree *tree;
    const lede_html_blocks *blocks;
    const lede_html_hints *hints;
    lede_arena *arena;
    uint64_t *good; /* by node: bytes of text inside */
} chooser;

/* How much of a block is text: bytes, 0 if it is none. */
static uint64_t good_of(const lede_html_block *block)
{
    size_t own;

    if (block->is_caption || block->type == LEDE_BLOCK_HEADING) {
        return 0;
    }
    if ((uint64_t)block->link_bytes * 100 >
        (uint64_t)block->text.len * LINKS_PER_HUNDRED) {
        return 0;
    }
    own = block->text.len - block->link_bytes;
    if (lede_utf8_count(block->text) < GOOD_CHARS) {
        return 0;
    }
    return own;
}

static void sum_up(chooser *c, bool with_asides)
{
    uint32_t i;

    memset(c->good, 0, c->tree->count * sizeof *c->good);
    for (i = 0; i < c->blocks->count; i++) {
        const lede_html_block *block = &c->blocks->items[i];
        uint64_t good = good_of(block);
        const lede_html_node *node = block->node;

        if (good == 0 || (block->is_aside && !with_asides)) {
            continue;
        }
        for (; node != NULL; node = node->parent) {
            c->good[node->order] += good;
        }
    }
}

/* What is named as no article, but has most of the text, is one all the same;
 * then blocks are no longer asides because of it. */
static void forgive_asides(chooser *c)
{
    uint64_t all;
    lede_html_node *node = c->tree->root;
    bool changed = false;
    uint32_t i;

    sum_up(c, true);
    all = c->good[c->tree->root->order];
    while (node != NULL) {
        if ((node->marks & LEDE_HTML_MARK_ASIDE) != 0 &&
            c->good[node->order] * 100 > all * ASIDE_PER_HUNDRED) {
            node->marks &= (uint8_t)~LEDE_HTML_MARK_ASIDE;
            changed = true;
        }
        node = lede_html_next(c->tree->root, node);
    }
    for (i = 0; changed && i < c->blocks->count; i++) {
        lede_html_block *block = &c->blocks->items[i];
        const lede_html_node *at = block->node;

        block->is_aside = false;
        for (; at != NULL; at = at->parent) {
            block->is_aside |= (at->marks & LEDE_HTML_MARK_ASIDE) != 0;
        }
    }
}

static const lede_html_node *named_inside(const chooser *c,
                                          const lede_html_node *top)
{
    lede_html_node *node = (lede_html_node *)(uintptr_t)top;
    uint64_t all = c->good[top->order];
    const lede_html_node *found = NULL;

    while ((node = lede_html_next(top, node)) != NULL) {
        if ((node->marks & LEDE_HTML_MARK_TEXT) != 0 &&
            c->good[node->order] * 100 >= all * NAMED_PER_HUNDRED) {
            found = node;
        }
    }
    return found;
}

/* The smallest element that has most of the text. */
static const lede_html_node *choose(const chooser *c)
{
    const lede_html_node *at = c->tree->root;
    const lede_html_node *named;

    if (c->good[at->order] == 0) {
        return NULL;
    }
    named = named_inside(c, at);
    at = named != NULL ? named : at;
    for (;;) {
        const lede_html_node *best = NULL;
        const lede_html_node *child;

        for (child = at->first; child != NULL; child = child->next) {
            if (lede_tag_is_block((lede_tag)child->tag) ||
                child->tag == LEDE_TAG_OTHER || child->first != NULL) {
                if (best == NULL ||
                    c->good[child->order] > c->good[best->order]) {
                    best = child;
                }
            }
        }
        if (best == NULL || c->good[best->order] * 100 <
                                c->good[at->order] * DOMINANT_PER_HUNDRED) {
            return at;
        }
        if (best->tag == LEDE_TAG_P || best->tag == LEDE_TAG_LI ||
            best->tag == LEDE_TAG_UL || best->tag == LEDE_TAG_OL ||
            best->tag == LEDE_TAG_BLOCKQUOTE || best->tag == LEDE_TAG_TABLE) {
            return at;
        }
        at = best;
    }
}

/* Filtering. -------------------------------------------------------------- */

static bool is_link_line(const lede_html_block *block)
{
    return (uint64_t)block->link_bytes * 100 > (uint64_t)block->text.len * 60;
}

static bool is_repeated(lede_span text, lede_span known)
{
    return known.len > 0 && lede_span_equal(text, known);
}

bool lede_html_block_is_text(const lede_html_block *block)
{
    return !block->is_caption && !is_link_line(block) &&
           !lede_words_is_furniture(block->text);
}

static bool is_wanted(const chooser *c, const lede_html_block *block)
{
    return !block->is_aside && !is_repeated(block->text, c->hints->headline) &&
           !is_repeated(block->text, c->hints->deck) &&
           lede_html_block_is_text(block);
}

/* Headings with nothing below them are those of what was left out. */
static void drop_last_headings(lede_body *body)
{
    while (body->count > 0 &&
           body->blocks[body->count - 1].type == LEDE_BLOCK_HEADING) {
        body->count--;
    }
}

static void put_body(chooser *c, const lede_html_node *node,
                     lede_html_main *out)
{
    uint32_t i;

    for (i = 0; i < c->blocks->count; i++) {
        const lede_html_block *block = &c->blocks->items[i];

        if (lede_html_is_inside(block->node, node) && is_wanted(c, block)) {
            lede_body_add(&out->body, c->arena, block->type, block->text);
        }
    }
    drop_last_headings(&out->body);
}

lede_status lede_html_main_read(const lede_html_tree *tree,
                                const lede_html_blocks *blocks,
                                const lede_html_hints *hints, lede_arena *arena,
                                lede_html_main *out, lede_error *err)
{
    chooser c = {
        .tree = tree, .blocks = blocks, .hints = hints, .arena = arena};

    *out = (lede_html_main){0};
    c.good = lede_arena_array(arena, tree->count, sizeof *c.good);
    if (c.good == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory");
    }
    forgive_asides(&c);
    sum_up(&c, false);
    out->node = choose(&c);
    if (out->node != NULL) {
        put_body(&c, out->node, out);
    }
    return out->body.failed ? lede_fail(err, LEDE_NO_MEMORY, "out of memory")
                            : LEDE_OK;
}
