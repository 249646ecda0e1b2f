/* exhaustive.h - the matcher's plain twin
 *
 * Does what query/match.h promises in the most naive way: reads every posting
 * of every term, asks every entry of every segment, walks positions for every
 * constraint and phrase, sorts everything. Shares with the matcher the formula
 * of a part and the recency factor, nothing else. */
#ifndef LEDE_TESTS_QUERY_EXHAUSTIVE_H
#define LEDE_TESTS_QUERY_EXHAUSTIVE_H

#include "query/match.h"

lede_status exhaustive_run(const lede_snapshot *snapshot, const lede_tree *tree,
                           const lede_match_options *options,
                           lede_match_result *out, lede_error *err);

/* Whether a node matches an entry, deleted ones never. */
lede_status exhaustive_entry(const lede_snapshot *snapshot,
                             const lede_tree *tree, const lede_node *node,
                             uint32_t segment, uint32_t entry, bool *out,
                             lede_error *err);

#endif
