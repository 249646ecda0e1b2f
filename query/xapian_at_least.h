/* xapian_at_least.h - "how is 'at least so many of these' asked of Xapian?"
 *
 * Xapian has AND and OR. A few of some are spelt out: so many of the one half,
 * and the rest of the other. Of very many that takes too many terms: then what
 * Xapian is asked matches at least as much, and each item gives a document one
 * vote, of which `need` are counted (query/xapian_judge.c).
 *
 * Lists of queries, which all of query/xapian_tree.c gathers, are here, too.
 *
 * Threads: as the set of queries. */
#ifndef LEDE_QUERY_XAPIAN_AT_LEAST_H
#define LEDE_QUERY_XAPIAN_AT_LEAST_H

#include "base/arena.h"
#include "storage/xapian_shim.h"

/* Where queries are made; what runs out of memory goes on, and says so here. */
typedef struct lede_xapian_builder {
    lede_xapian_queries *queries;
    lede_arena *arena;
    bool no_memory;
} lede_xapian_builder;

/* Queries gathered, in the arena. All-zero is empty. */
typedef struct lede_xapian_list {
    lede_xapian_query *items;
    uint32_t count, cap;
} lede_xapian_list;

void lede_xapian_list_add(lede_xapian_builder *b, lede_xapian_list *list,
                          lede_xapian_query query);
/* 0 of none, and one as it is. */
lede_xapian_query lede_xapian_list_join(lede_xapian_builder *b,
                                        lede_xapian_operator how,
                                        const lede_xapian_list *list);
lede_xapian_query lede_xapian_join_two(lede_xapian_builder *b,
                                       lede_xapian_operator how,
                                       lede_xapian_query one,
                                       lede_xapian_query other);

/* `need` is from 1 to the number of the items. */

/* Whether that many of them takes no more than 8,192 terms. */
bool lede_xapian_can_spell_out(const lede_xapian_builder *b,
                               const lede_xapian_list *items, uint32_t need);
lede_xapian_query lede_xapian_at_least(lede_xapian_builder *b,
                                       const lede_xapian_list *items,
                                       uint32_t need);
/* What matches that, and more, in as many terms as the items have. */
lede_xapian_query lede_xapian_at_least_roughly(lede_xapian_builder *b,
                                               const lede_xapian_list *items,
                                               uint32_t need);
/* Each of the items has one vote, however many terms it has. */
lede_xapian_query lede_xapian_votes(lede_xapian_builder *b,
                                    const lede_xapian_list *items);

#endif
