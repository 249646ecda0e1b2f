/* feed_space.h - "whose element is this?"
 *
 * Feeds mix elements of several vocabularies, told by their namespaces: by the
 * address that a prefix was declared with, and where nobody declared it by what
 * the prefix usually means. Declarations count wherever they stand; the first
 * of a prefix holds.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_FEED_SPACE_H
#define LEDE_CORPUS_FEED_SPACE_H

#include "corpus/xml_tree.h"

typedef enum lede_feed_space {
    LEDE_FEED_CORE, /* RSS and Atom, whichever */
    LEDE_FEED_DC,
    LEDE_FEED_CONTENT,
    LEDE_FEED_MEDIA,
    LEDE_FEED_ITUNES,
    LEDE_FEED_FEEDBURNER,
    LEDE_FEED_NEWS,
    LEDE_FEED_XHTML,
    LEDE_FEED_RDF,
    LEDE_FEED_OTHER
} lede_feed_space;

enum { LEDE_FEED_SPACES_MAX = 32 };

typedef struct lede_feed_declared {
    lede_span prefix;
    lede_feed_space space;
} lede_feed_declared;

/* All-zero has none. The prefixes are the tree's. */
typedef struct lede_feed_spaces {
    lede_feed_declared items[LEDE_FEED_SPACES_MAX];
    uint32_t count;
} lede_feed_spaces;

/* Adds what is declared in the tree. */
void lede_feed_spaces_declare(lede_feed_spaces *spaces, lede_xml_node *root);

lede_feed_space lede_feed_space_of(const lede_feed_spaces *spaces,
                                   const lede_xml_node *node);

#endif
