/* xapian_tree.h - "what does this tree ask of Xapian?"
 *
 * Walks a tree and builds Xapian's query from the terms and values of storage/
 * xapian_terms.h. Not all that a tree can ask can be asked of Xapian (a phrase
 * with a joined form inside, a capital in a field, many of very many words), so
 * a node becomes two queries: one that matches at least what the node does, one
 * that matches at most that. Where they are not the same, what is between them
 * has to be looked at (query/xapian_check.h).
 *
 * Threads: as the set of queries. */
#ifndef LEDE_QUERY_XAPIAN_TREE_H
#define LEDE_QUERY_XAPIAN_TREE_H

#include "base/arena.h"
#include "query/match.h"
#include "query/tree.h"
#include "storage/xapian_shim.h"

typedef struct lede_xapian_bounds {
    lede_xapian_query most, least;
    bool is_exact; /* both are the same */
    /* If they are not: all that `most` matches and `least` doesn't matches
     * this, which is `most` where nothing better is known. */
    lede_xapian_query doubt;
} lede_xapian_bounds;

/* What the root matches, without weights, and what is added to the score: the
 * sum of both is what is to be run.
 *
 * "At least so many of very many" can be counted, if it is the root or one of
 * what the root wants all of, and all else is exact: of what match.most
 * matches, that matches which `need` of `votes`, an OR, has a vote of. */
typedef struct lede_xapian_plan {
    lede_xapian_bounds match;
    lede_xapian_query votes;
    uint32_t need;         /* 0: it can't be counted, or need not */
    lede_xapian_query run; /* match.most, weighed by the leaves that score */
    bool scores;           /* some leaf does */
    bool has_phrases;      /* it reads positions, so asking again is dear */
} lede_xapian_plan;

/* LEDE_NO_MEMORY, or what the set of queries says. `is_of_today`: the documents
 * have the terms that came with names. `arena` is scratch. */
lede_status lede_xapian_plan_make(lede_xapian_queries *queries,
                                  const lede_tree *tree,
                                  const lede_match_options *options,
                                  bool is_of_today, lede_arena *arena,
                                  lede_xapian_plan *out, lede_error *err);

#endif
