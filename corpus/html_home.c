#include "corpus/html_home.h"

#include "corpus/html_main.h"

enum { HOME_PER_HUNDRED = 20 }; /* of the text that might be the article */

void lede_html_mark_headline(lede_html_node *h1)
{
    for (; h1 != NULL; h1 = h1->parent) {
        h1->marks |= LEDE_HTML_MARK_HEADLINE;
    }
}

static bool has_headline(const lede_html_node *node)
{
    return (node->marks & LEDE_HTML_MARK_HEADLINE) != 0;
}

static const lede_html_node *article_of(const lede_html_node *node)
{
    while (node != NULL && node->tag != LEDE_TAG_ARTICLE) {
        node = node->parent;
    }
    return node;
}

/* A teaser: an article whose heading leads elsewhere. */
static bool is_card(const lede_html_node *article)
{
    lede_html_node *node = (lede_html_node *)(uintptr_t)article;

    while ((node = lede_html_next(article, node)) != NULL) {
        if (lede_tag_is_heading((lede_tag)node->tag)) {
            const lede_html_node *parent = node->parent;

            return lede_html_find_tag(node, LEDE_TAG_A) != NULL ||
                   parent->tag == LEDE_TAG_A;
        }
    }
    return false;
}

bool lede_html_is_elsewhere(const lede_html_node *node)
{
    bool in_foot = false;

    for (; node != NULL && !has_headline(node); node = node->parent) {
        if ((node->marks & LEDE_HTML_MARK_OTHER) != 0 ||
            node->tag == LEDE_TAG_BLOCKQUOTE || node->tag == LEDE_TAG_ASIDE ||
            node->tag == LEDE_TAG_NAV ||
            (node->tag == LEDE_TAG_ARTICLE && is_card(node))) {
            return true;
        }
        in_foot |= node->tag == LEDE_TAG_FOOTER;
        if (node->tag == LEDE_TAG_ARTICLE) {
            in_foot = false; /* of an article */
        }
    }
    return in_foot && article_of(node) == NULL;
}

typedef struct shares {
    uint64_t inside, outside;
    bool has_line; /* inside */
} shares;

/* What is inside, and what outside is neither an aside nor in an article of
 * its own. */
static shares weigh(const lede_html_blocks *blocks, const lede_html_node *node)
{
    shares sum = {0};
    uint32_t i;

    for (i = 0; i < blocks->count; i++) {
        const lede_html_block *block = &blocks->items[i];
        uint64_t good = lede_html_block_good(block);
        const lede_html_node *article;

        if (lede_html_is_inside(block->node, node)) {
            sum.inside += good;
            sum.has_line |= block->type != LEDE_BLOCK_HEADING &&
                            lede_html_block_is_text(block);
        } else if (good > 0 && !block->is_aside) {
            article = article_of(block->node);
            if (article == NULL || lede_html_is_inside(node, article)) {
                sum.outside += good;
            }
        }
    }
    return sum;
}

static bool is_home(const lede_html_blocks *blocks, const lede_html_node *node)
{
    shares sum = weigh(blocks, node);

    return sum.inside == 0 ? sum.has_line && sum.outside == 0
                           : sum.inside * 100 >=
                                 (sum.inside + sum.outside) * HOME_PER_HUNDRED;
}

const lede_html_node *lede_html_home(const lede_html_tree *tree,
                                     const lede_html_blocks *blocks,
                                     const lede_html_node *h1)
{
    const lede_html_node *article = article_of(h1);
    lede_html_node *node = tree->root;

    if (article != NULL) {
        return is_home(blocks, article) ? article : NULL;
    }
    for (; node != NULL; node = lede_html_next(tree->root, node)) {
        if ((node->marks & LEDE_HTML_MARK_TEXT) != 0 &&
            lede_html_attr_has_word(node, LEDE_ATTR_ITEMPROP, "articlebody")) {
            return is_home(blocks, node) ? node : NULL;
        }
    }
    return NULL;
}
