/* random_tree.h - queries of chance over a random archive
 *
 * Trees of every node type over the vocabulary of
 * tests/support/random_archive.h, small enough to match something. */
#ifndef LEDE_TESTS_QUERY_RANDOM_TREE_H
#define LEDE_TESTS_QUERY_RANDOM_TREE_H

#include "base/arena.h"
#include "query/match.h"
#include "query/tree.h"
#include "tests/support/random_archive.h"

/* The tree lives in the arena. */
lede_tree random_tree_make(const random_archive_options *archive,
                           uint64_t *state, lede_arena *arena);
/* Groups of plain words only: AND, OR, at least so many, one in another. */
lede_tree random_tree_groups(const random_archive_options *archive,
                             uint64_t *state, lede_arena *arena);
/* A phrase of exact words, by itself or beside something else. */
lede_tree random_tree_phrase(const random_archive_options *archive,
                             uint64_t *state, lede_arena *arena);
/* Such a phrase, and some of several plain words. */
lede_tree random_tree_phrase_and_group(const random_archive_options *archive,
                                       uint64_t *state, lede_arena *arena);
/* Words that must be there and words that must not; or a word in some forms or
 * fields. */
lede_tree random_tree_without(const random_archive_options *archive,
                              uint64_t *state, lede_arena *arena);
lede_match_options random_tree_options(const random_archive_options *archive,
                                       uint64_t *state);
/* The tree in words, for the report of a failure. */
void random_tree_print(const lede_tree *tree, const lede_node *node);

#endif
