/* xapian_trees.h - queries of chance over tests/query/xapian_world.h
 *
 * Trees of every node type, of the words, names and dates that its entries
 * have. */
#ifndef LEDE_TESTS_QUERY_XAPIAN_TREES_H
#define LEDE_TESTS_QUERY_XAPIAN_TREES_H

#include "query/tree.h"
#include "tests/query/xapian_world.h"

enum { TREE_LEAVES = 64 };

/* The next one. It lives in `arena`. */
lede_tree random_xapian_tree(world *w, lede_arena *arena);
/* Fails the test, with the tree in words. */
void differ(world *w, const lede_tree *tree, int engine, const char *what);

#endif
