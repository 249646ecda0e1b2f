/* likeness.h - "how like the best hits is this one?"
 *
 * What is relevant to one query is alike (van Rijsbergen's cluster hypothesis),
 * so a hit that shares its words with the best ones is likelier to be so than
 * one that has some words of the query by chance. Of the hits that are fitted
 * each is a vector of its words, sqrt(frequency) x ln(hits / hits with the
 * word), so that what all have, the query's own words too, says nothing; its
 * likeness is the mean cosine with the best ones, by their scores. This
 * is Rocchio's centroid, by which hits are only put in another order; Diaz,
 * "Regularizing ad hoc retrieval scores" (CIKM 2005), has the reasons.
 * docs/RANKING.md has the formula.
 *
 * Threads: belongs to one search. */
#ifndef LEDE_QUERY_LIKENESS_H
#define LEDE_QUERY_LIKENESS_H

#include "base/analyze.h"
#include "base/arena.h"
#include "base/entry.h"

enum { LEDE_LIKENESS_TOKENS = 4096 /* of an entry count, at most */ };

typedef struct lede_likeness lede_likeness;

/* Of up to `most` entries. Lives in `arena`. NULL when out of memory. */
lede_likeness *lede_likeness_new(uint32_t most, lede_analyzer *analyzer,
                                 lede_arena *arena);

/* Reads the next entry; NULL: one that cannot be read, and is like nothing.
 * False when out of memory. */
bool lede_likeness_add(lede_likeness *likeness, const lede_entry *entry,
                       lede_language language);

/* How like the best each entry is: out[i] for the i-th added, from 0 to 1, 1
 * for the likest. `shares` are scores by the best one's, 0 to 1; the first
 * `best_count` are the best. False when out of memory. */
bool lede_likeness_find(lede_likeness *likeness, const double *shares,
                        uint32_t best_count, double *out);

#endif
