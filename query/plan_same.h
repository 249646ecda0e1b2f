/* plan_same.h - "was this asked for already?"
 *
 * A set of nodes that are different in what they ask for. What is asked for
 * twice side by side is asked for once: it changes neither what matches nor a
 * score, which is made of leaves (query/tree.h), and costs its time only once.
 * Private to query/plan*.c.
 *
 * Threads: as the plan. */
#ifndef LEDE_QUERY_PLAN_SAME_H
#define LEDE_QUERY_PLAN_SAME_H

#include "query/plan_words.h"

/* Lives in the planner's arena; {0} is empty. */
typedef struct lede_node_set {
    lede_node **nodes; /* open addressing */
    uint32_t cap, count;
} lede_node_set;

/* Takes a node in; false if one like it is there, or without memory. */
bool lede_node_set_put(lede_node_set *set, lede_planner *planner,
                       lede_node *node);

/* Whether two nodes match the same entries by the same leaves. */
bool lede_node_is_same(const lede_node *a, const lede_node *b);

#endif
