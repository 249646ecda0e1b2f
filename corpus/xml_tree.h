/* xml_tree.h - "which element is inside which, in XML that may be broken?"
 *
 * Feeds and newsroom documents are XML more or less: with raw ampersands, HTML
 * entities, prefixes that nobody declared, tags that are never closed, SGML
 * that no XML parser takes. This reads what is meant: names without case and
 * prefix, references decoded, CDATA as text; an end tag closes all that is open
 * inside its element, or is passed over. Document types are not read, entities
 * not expanded, nothing is ever fetched.
 *
 * A tree is at most LEDE_XML_DEPTH_MAX deep (what is deeper stands beside its
 * parent) and has at most LEDE_XML_NODES_MAX nodes; what is more is left out.
 *
 * Threads: pure functions; a tree belongs to one thread. */
#ifndef LEDE_CORPUS_XML_TREE_H
#define LEDE_CORPUS_XML_TREE_H

#include "base/arena.h"
#include "base/status.h"

enum { LEDE_XML_DEPTH_MAX = 256, LEDE_XML_NODES_MAX = 3 << 20 };

typedef struct lede_xml_attr {
    lede_span prefix, name; /* lower case */
    lede_span value;        /* decoded, trimmed */
} lede_xml_attr;

typedef struct lede_xml_node lede_xml_node;
struct lede_xml_node {
    lede_xml_node *parent, *first, *last, *next;
    lede_span name; /* lower case; text has no name */
    union {
        lede_span text;  /* of a text node, decoded */
        lede_span inner; /* of an element: as written between its tags */
    };
    lede_xml_attr *attrs;
    uint16_t attr_count;
    uint16_t prefix_len; /* of lede_xml_prefix */
    bool is_closed;      /* its own end tag was there */
};

/* The prefix of an element, lower case; empty if it has none. */
lede_span lede_xml_prefix(const lede_xml_node *node);

/* Reads the next element from *at on, and goes behind it. LEDE_END if there is
 * none. Spans point into `text` (valid UTF-8) or the arena. */
lede_status lede_xml_read(lede_span text, size_t *at, lede_arena *arena,
                          lede_xml_node **out, lede_error *err);

/* The name of the first element at the beginning of a document, behind
 * declaration, comments and document type, as lower case in `name` (with room
 * for 64 bytes), without prefix: false if there is none. *at is where it
 * begins. */
bool lede_xml_root(lede_span head, char *name, size_t *at);

/* The first child with that local name; the one behind it. NULL if none. */
lede_xml_node *lede_xml_child(const lede_xml_node *node, const char *name);
lede_xml_node *lede_xml_sibling(const lede_xml_node *node, const char *name);
/* The first element with that name inside, at any depth. */
lede_xml_node *lede_xml_find(const lede_xml_node *node, const char *name);
/* The next node in document order inside `top`; NULL behind the last. */
lede_xml_node *lede_xml_next(const lede_xml_node *top, lede_xml_node *at);
lede_xml_node *lede_xml_next_outside(const lede_xml_node *top,
                                     lede_xml_node *at);

bool lede_xml_is(const lede_xml_node *node, const char *name);
/* An attribute's value by its local name; empty if it is missing. */
lede_span lede_xml_attr_get(const lede_xml_node *node, const char *name);
/* All text inside, as it stands, trimmed. Empty, with *failed, when out of
 * memory. */
lede_span lede_xml_text(const lede_xml_node *node, lede_arena *arena,
                        bool *failed);
/* The text of the first child of that name; empty if there is none. */
lede_span lede_xml_child_text(const lede_xml_node *node, const char *name,
                              lede_arena *arena, bool *failed);
/* All text inside as one line. */
lede_span lede_xml_line(const lede_xml_node *node, lede_arena *arena,
                        bool *failed);

#endif
