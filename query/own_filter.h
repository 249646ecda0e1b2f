/* own_filter.h - "this query, without what it says of one thing"
 *
 * Threads: pure functions; what they make lives in the arena. */
#ifndef LEDE_QUERY_OWN_FILTER_H
#define LEDE_QUERY_OWN_FILTER_H

#include "base/arena.h"
#include "query/tree.h"

/* What a condition can be about. */
typedef enum lede_subject {
    LEDE_SUBJECT_SOURCE = 0,
    LEDE_SUBJECT_AUTHOR,
    LEDE_SUBJECT_LABEL,
    LEDE_SUBJECT_KIND,
    LEDE_SUBJECT_LANGUAGE,
    LEDE_SUBJECT_DATE,
    LEDE_SUBJECT_UPDATED, /* when it was last changed: no facet has it */
    LEDE_SUBJECT_PERSON,  /* from here on: what a text speaks of */
    LEDE_SUBJECT_PLACE,
    LEDE_SUBJECT_COUNT,
    LEDE_SUBJECT_FILTERS = LEDE_SUBJECT_PERSON /* so many are no text */
} lede_subject;

/* The tree's root without the conditions on the top level that are about this
 * alone (query/facets.h): the root itself if there are none, ALL if nothing is
 * left. NULL when out of memory. */
lede_node *lede_tree_without(const lede_tree *tree, lede_subject subject,
                             lede_arena *arena);
/* The root with nothing but conditions that are about filters: what was
 * searched. */
lede_node *lede_tree_filters(const lede_tree *tree, lede_arena *arena);

#endif
