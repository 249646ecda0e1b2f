/* feedback.h - "which words do the best entries share?"
 *
 * Pseudo-relevance feedback for long queries whose words are optional: the
 * relevance model of Lavrenko and Croft ("Relevance-Based Language Models",
 * SIGIR 2001), mixed with the query as RM3 does (Abdul-Jaleel et al., "UMass at
 * TREC 2004"). Each of the first hits gives its words, by their share of its
 * text and by how near its score comes to the best one. Words are chosen by that
 * and by how many of the hits have them, lest one hit drags the query elsewhere
 * (the "DF effect" of Clinchant and Gaussier, "A Theoretical Analysis of
 * Pseudo-Relevance Feedback Models", ICTIR 2013), and become leaves of the tree
 * that score but are never needed: what matches does not change, and neither do
 * the parts of the words typed. docs/RANKING.md has the formula.
 *
 * Threads: belongs to one search. */
#ifndef LEDE_QUERY_FEEDBACK_H
#define LEDE_QUERY_FEEDBACK_H

#include "base/analyze.h"
#include "base/arena.h"
#include "base/entry.h"
#include "query/engine.h"
#include "query/tree.h"

enum {
    LEDE_FEEDBACK_MIN_WORDS = 5,   /* typed, for a query to be long */
    LEDE_FEEDBACK_ENTRIES = 15,    /* are learnt from */
    LEDE_FEEDBACK_LEAVES = 40,     /* are learnt at most */
    LEDE_FEEDBACK_TOKENS = 1 << 14 /* of an entry count, at most */
};

typedef struct lede_feedback lede_feedback;

/* Lives in `arena`, with all that is learnt. NULL when out of memory. */
lede_feedback *lede_feedback_new(lede_analyzer *analyzer, lede_arena *arena);

/* Learns from an entry whose text scored `share` (0 to 1) of the best one's.
 * False when out of memory. */
bool lede_feedback_add(lede_feedback *feedback, const lede_entry *entry,
                       lede_language language, double share);

/* Adds the words that weigh most to the tree: as leaves of their own, behind
 * those that are there, or to the boost of the typed word that they are. */
lede_status lede_feedback_extend(lede_feedback *feedback, lede_engine *engine,
                                 lede_tree *tree, lede_error *err);

#endif
