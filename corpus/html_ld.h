/* html_ld.h - "what do a page's JSON-LD blocks say?"
 *
 * Schema.org objects in scripts: all of a page's are gathered, whatever holds
 * them (lists, @graph, mainEntity, hasPart), and the one that is the page's
 * article is chosen: of the family of articles and postings, with a headline, a
 * date, the page's address.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_HTML_LD_H
#define LEDE_CORPUS_HTML_LD_H

#include "corpus/html_tree.h"
#include "corpus/json_byline.h"
#include "corpus/json_tree.h"

enum { LEDE_HTML_LD_MAX_OBJECTS = 4096 };

typedef struct lede_html_ld {
    const lede_json_value *article;  /* NULL if there is none; so the others */
    const lede_json_value *live;     /* a LiveBlogPosting that has updates */
    const lede_json_value *page;     /* a WebPage, a video: second best */
    const lede_json_value **objects; /* all that have a type or an @id */
    uint32_t count;
} lede_html_ld;

/* `url` is the page's address, or empty. LEDE_NO_MEMORY is the only failure. */
lede_status lede_html_ld_read(const lede_html_tree *tree, lede_span url,
                              lede_arena *arena, lede_html_ld *out,
                              lede_error *err);

/* The object that {"@id": ...} stands for, else `value` itself. */
const lede_json_value *lede_html_ld_resolve(const lede_html_ld *ld,
                                            const lede_json_value *value);
/* Whether an object is of that type ("Person"), or one of several. */
bool lede_html_ld_is(const lede_json_value *object, const char *type);

/* Adds who `value` (a name, an object, a list of either) says wrote it.
 * LEDE_NO_MEMORY is the only failure. */
lede_status lede_html_ld_authors(const lede_html_ld *ld,
                                 const lede_json_value *value,
                                 lede_json_byline *byline, lede_error *err);

/* The name of an article's publisher; empty if it is not told. */
lede_span lede_html_ld_publisher(const lede_html_ld *ld,
                                 const lede_json_value *article);

#endif
