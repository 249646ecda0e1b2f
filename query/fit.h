/* fit.h - "how well does this entry fit what was typed?"
 *
 * A number from 0 to 2 by which the first hits are re-ordered (score x (1 +
 * fit)): do the words stand in the order typed, do those typed side by side
 * stand near each other, is the headline what was typed, are they the very
 * forms typed (letter case, accents, hyphens) or only of the same stem. The
 * nearness of neighbours is that of Buettcher, Clarke and Lushman, "Term
 * proximity scoring for ad-hoc retrieval on very large text collections" (SIGIR
 * 2006), by distance instead of its square. docs/RANKING.md has the formula.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_QUERY_FIT_H
#define LEDE_QUERY_FIT_H

#include "base/arena.h"
#include "query/places.h"

typedef struct lede_fit lede_fit;

/* What of the tree counts: its scoring words, in the order typed. `weights` has
 * a number for each leaf (how rare it is). Lives in `arena`. NULL when out of
 * memory. */
lede_fit *lede_fit_new(const lede_tree *tree, const double *weights,
                       lede_analyzer *analyzer, lede_arena *arena);

/* Whether the places of a leaf matter. */
bool lede_fit_counts(const lede_fit *fit, uint32_t leaf);

/* The fit of an entry, given the places of the leaves that count. */
double lede_fit_of(lede_fit *fit, const lede_places *places);

#endif
