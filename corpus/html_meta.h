/* html_meta.h - "what does the head of this page say?"
 *
 * <meta> of all families (OpenGraph, article:, Dublin Core, parsely, sailthru,
 * plain names), <link>, <title>, and elements with itemprop (microdata). Also
 * where a saved page came from: comments of browsers, SingleFile and web
 * archives.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_HTML_META_H
#define LEDE_CORPUS_HTML_META_H

#include "base/time.h"
#include "corpus/html_tree.h"

typedef struct lede_html_meta {
    const lede_html_tree *tree;
    lede_html_node **metas; /* those that have content */
    uint32_t meta_count;
    lede_html_node **props; /* elements with itemprop */
    uint32_t prop_count;
    lede_span title;     /* <title>, one line */
    lede_span canonical; /* link rel=canonical */
    lede_span lang;      /* of <html> */
    lede_span saved_url; /* by a saver's comment; or empty */
    lede_when saved;     /* when it was saved */
    bool failed;         /* out of memory */
} lede_html_meta;

/* Gathers. LEDE_NO_MEMORY is the only failure. */
lede_status lede_html_meta_read(const lede_html_tree *tree, lede_arena *arena,
                                lede_html_meta *out, lede_error *err);

/* The content of the first <meta> whose name, property or itemprop is `key`
 * (lower case), that is not empty. *at (0 to begin with) goes on behind it. */
lede_span lede_html_meta_get(const lede_html_meta *meta, const char *key);
lede_span lede_html_meta_next(const lede_html_meta *meta, const char *key,
                              uint32_t *at);

/* The value of the first element with that itemprop (lower case): its content,
 * datetime or text. */
lede_span lede_html_prop_get(const lede_html_meta *meta, const char *prop,
                             lede_arena *arena, bool *failed);

/* An address without what a web archive puts before it. */
lede_span lede_html_bare_address(lede_span url);

#endif
