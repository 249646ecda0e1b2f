/* xapian_comparing.h - "do all engines say the same of this tree?"
 *
 * The parts of tests/query/test_xapian.c: what is found and in which order;
 * copies and counts by value. Each fails the test where engines differ.
 * `trees` are those of the world's engines. */
#ifndef LEDE_TESTS_QUERY_XAPIAN_COMPARING_H
#define LEDE_TESTS_QUERY_XAPIAN_COMPARING_H

#include "tests/query/xapian_trees.h"

/* Found, newest or oldest first, and where words stand in it. */
void compare_by_date(world *w, const lede_tree *tree,
                     lede_engine_tree *const *trees, lede_match_options options,
                     lede_sort sort);
/* All that match, whatever their scores. And the best k are those of the whole
 * order, however the batches were cut. Returns how many match. */
uint64_t compare_by_score(world *w, const lede_tree *tree,
                          lede_engine_tree *const *trees,
                          lede_match_options options);
/* Hits behind one another, a page after a page, are those of the whole. */
void compare_pages(world *w, const lede_tree *tree,
                   lede_engine_tree *const *trees, lede_match_options options);
/* Folded page by page, and asked for behind a hit. */
void compare_folds(world *w, const lede_tree *tree,
                   lede_engine_tree *const *trees, lede_match_options options);
/* Counted by value. */
void compare_tallies(world *w, const lede_tree *tree,
                     lede_engine_tree *const *trees,
                     const lede_match_options *options);

/* Whether another hit has the same score, but for rounding. */
bool has_twin(const lede_match_result *all, uint64_t index);

#endif
