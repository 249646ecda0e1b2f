/* expand.h - "which words of this archive fit?"
 *
 * Private to query/plan*.c.
 *
 * Threads: as the plan. */
#ifndef LEDE_QUERY_EXPAND_H
#define LEDE_QUERY_EXPAND_H

#include "query/pattern.h"
#include "query/plan_words.h"

/* More words than this do not stand for one: the most frequent count, those in
 * the most entries (lede_vocabulary_count), then by bytes; the same on every
 * engine. */
enum {
    LEDE_EXPAND_MOST = 1024,
    LEDE_EXPAND_PATTERNS = 32 /* of a query: each may read all words */
};

/* Gives a pattern's leaf, of the field with the prefix, its forms and terms.
 * Tells if there are more than count. Where none fits, the leaf gets a term
 * that no dictionary has. */
void lede_expand(lede_planner *planner, lede_leaf *leaf,
                 const lede_pattern *pattern, const char *prefix);

#endif
