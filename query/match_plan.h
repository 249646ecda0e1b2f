/* match_plan.h - "what does the tree come to in this segment?"
 *
 * Cuts the tree's top level into what the fast paths understand:
 *
 *   range     entries [begin, end): time filters and as_of
 *   required  leaves that every match has (AND)
 *   pairs     lists that every match is in, as a phrase wants it (with
 *             `required` only); they say of some of these leaves that the
 *             entry has them (`implied`)
 *   cover     leaves of which every match has at least `need` (OR); if there
 *             are no required ones and `checks` are left over, of which it
 *             has at least one
 *   optional  other leaves that add to the score
 *   checks    nodes that decide the rest, asked of each survivor
 *
 * With neither required nor cover the general path walks the compiled root.
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_PLAN_H
#define LEDE_QUERY_MATCH_PLAN_H

#include "query/match_node.h"
#include "query/match_pairs.h"

typedef struct lede_match_plan {
    lede_matching *matching;
    bool none; /* nothing can match here */
    uint32_t begin, end;
    uint32_t required[LEDE_TREE_MAX_LEAVES];
    uint32_t required_count;
    const lede_match_lists *pairs[LEDE_TREE_MAX_LEAVES];
    uint32_t pair_count;
    uint32_t cover[LEDE_TREE_MAX_LEAVES];
    uint32_t cover_count, need;
    uint32_t optional[LEDE_TREE_MAX_LEAVES];
    uint32_t optional_count;
    const lede_node **checks;
    uint32_t check_count, check_cap;

    lede_match_nodes nodes;
    lede_match_node **compiled; /* the checks; NULL until first asked for */
    lede_match_node *root;      /* for walks; NULL until compiled */
    bool implied[LEDE_TREE_MAX_LEAVES];
    uint8_t uses[LEDE_TREE_MAX_LEAVES]; /* private */
} lede_match_plan;

/* Plans for the segment at hand. The failure is noted in the run; done is
 * called in any case. */
bool lede_match_plan_make(lede_match_plan *plan, lede_matching *matching);
void lede_match_plan_done(lede_match_plan *plan);

/* Whether the cover has fewer postings than any required leaf or pair. */
bool lede_match_plan_cover_leads(const lede_match_plan *plan);

/* The fields of which every match has a required leaf in one, by the checks;
 * 0 if any will do, or if the leaf has not one list that tells fields apart. */
uint8_t lede_match_plan_fields(const lede_match_plan *plan, uint32_t leaf);

/* Leaves that no match has. */
typedef struct lede_match_excluded {
    uint32_t count;
    uint32_t leaves[LEDE_TREE_MAX_LEAVES];
} lede_match_excluded;

/* Takes the checks that exclude plain words out of the plan, for whoever sees
 * to that otherwise; adds the words, if the segment has them. */
void lede_match_plan_take_excluded(lede_match_plan *plan,
                                   lede_match_excluded *out);

/* Compiles the root afresh, with cursors before the first entry. */
bool lede_match_plan_compile_root(lede_match_plan *plan);

/* Whether an entry that the plan's leaves allow passes the checks and is not
 * deleted. Asked with ascending entries; rewind before going back. */
bool lede_match_plan_accepts(lede_match_plan *plan, uint32_t entry);
void lede_match_plan_rewind(lede_match_plan *plan);

#endif
