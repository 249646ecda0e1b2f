/* html_tree.h - "which element is inside which?"
 *
 * A page as a compact tree. libxml2 reads the markup and calls back (its SAX
 * interface, of which no tree of its own is built); what is kept here are
 * elements, the few attributes that mean something, text, scripts that hold
 * data, and the comments in which savers say where a page came from.
 *
 * The tree is at most LEDE_HTML_DEPTH_MAX deep and bounded in number of nodes
 * and bytes: what is deeper stands beside its parent, what is more is left out
 * (is_cut).
 *
 * Threads: a tree belongs to one thread. */
#ifndef LEDE_CORPUS_HTML_TREE_H
#define LEDE_CORPUS_HTML_TREE_H

#include "base/arena.h"
#include "base/status.h"
#include "corpus/html_tags.h"

enum {
    LEDE_HTML_DEPTH_MAX = 512,
    LEDE_HTML_NODES_MAX = 1 << 20,
    LEDE_HTML_TREE_BYTES_MAX = 192 << 20
};

/* Marks on nodes, set by html_marks.c: what their names say of them. */
enum {
    LEDE_HTML_MARK_HIDDEN = 1, /* not shown: no text inside */
    LEDE_HTML_MARK_ASIDE = 2,  /* by its names no part of an article */
    LEDE_HTML_MARK_TEXT = 4,   /* by its names the text of an article */
    LEDE_HTML_MARK_CAPTION = 8,
    LEDE_HTML_MARK_CREDIT = 16,
    LEDE_HTML_MARK_PICTURE = 32,
    LEDE_HTML_MARK_OTHER = 64,    /* by its names comments, other articles */
    LEDE_HTML_MARK_HEADLINE = 128 /* the headline stands inside (html_home.c) */
};

typedef struct lede_html_attr {
    lede_attr name;
    lede_span value;
} lede_html_attr;

typedef struct lede_html_node lede_html_node;
struct lede_html_node {
    lede_html_node *parent, *first, *last, *next;
    lede_html_attr *attrs;
    lede_span text; /* of a text node, or a script that is kept */
    uint16_t attr_count;
    uint8_t tag;
    uint8_t marks;  /* LEDE_HTML_MARK_...; 0 at first */
    uint32_t order; /* its number in the document, the root is 0 */
};

typedef struct lede_html_tree {
    lede_html_node *root; /* OTHER, holds all */
    lede_span *comments;  /* of savers */
    uint32_t comment_count;
    uint32_t count; /* nodes */
    bool is_cut;    /* something was left out */
} lede_html_tree;

/* Reads a page, which is valid UTF-8 without NULs, into the arena.
 * LEDE_NO_MEMORY is the only failure. */
lede_status lede_html_tree_read(lede_span page, lede_arena *arena,
                                lede_html_tree *out, lede_error *err);

/* The next node in document order inside `top`: NULL behind the last. `at` is
 * `top` to begin with. The second passes over what is inside `at`. */
lede_html_node *lede_html_next(const lede_html_node *top, lede_html_node *at);
lede_html_node *lede_html_next_outside(const lede_html_node *top,
                                       lede_html_node *at);

/* An attribute's value, trimmed; empty if it is missing. */
lede_span lede_html_attr_get(const lede_html_node *node, lede_attr name);
bool lede_html_attr_has(const lede_html_node *node, lede_attr name);
/* Whether an attribute is `lower`, ignoring case, and whether `lower` is one of
 * the words in it. */
bool lede_html_attr_is(const lede_html_node *node, lede_attr name,
                       const char *lower);
bool lede_html_attr_has_word(const lede_html_node *node, lede_attr name,
                             const char *lower);
/* Whether `part` (lower case) stands anywhere in the attribute. */
bool lede_html_attr_contains(const lede_html_node *node, lede_attr name,
                             const char *part);

/* The first element of a tag inside `top`, NULL if there is none. */
lede_html_node *lede_html_find_tag(const lede_html_node *top, lede_tag tag);
bool lede_html_is_inside(const lede_html_node *node, const lede_html_node *top);

/* All text inside as one line, blanks joined, without what is no text of the
 * page; at most `max` bytes. Empty, with *failed, when out of memory. */
lede_span lede_html_line(const lede_html_node *node, size_t max,
                         lede_arena *arena, bool *failed);
/* The same with what is hidden from eyes and meant for ears. */
lede_span lede_html_line_aloud(const lede_html_node *node, size_t max,
                               lede_arena *arena, bool *failed);

#endif
