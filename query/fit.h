/* fit.h - "how well does this entry fit what was typed?"
 *
 * A number from 0 to 14 by which the first hits are re-ordered (score x (1 +
 * fit)): do the words stand in the order typed, do those typed side by side
 * stand near each other, is the headline what was typed, are they the very
 * forms typed (letter case, accents, hyphens) or only of the same stem, are
 * they names of people and places of whom the entry speaks. The
 * nearness of neighbours is that of Buettcher, Clarke and Lushman, "Term
 * proximity scoring for ad-hoc retrieval on very large text collections" (SIGIR
 * 2006), by distance instead of its square. docs/RANKING.md has the formula.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_QUERY_FIT_H
#define LEDE_QUERY_FIT_H

#include "base/arena.h"
#include "query/places.h"
#include "query/search.h"

typedef struct lede_fit lede_fit;

/* What of the tree counts: its scoring words, in the order typed. `weights` has
 * a number for each leaf (how rare it is). Lives in `arena`. NULL when out of
 * memory. */
lede_fit *lede_fit_new(const lede_tree *tree, const double *weights,
                       lede_analyzer *analyzer, lede_arena *arena);

/* Whether the places of a leaf matter. */
bool lede_fit_counts(const lede_fit *fit, uint32_t leaf);

/* The words that count, in the order typed; each folded, as names have it, or
 * empty if it is none (a pattern). */
uint32_t lede_fit_words(const lede_fit *fit);
lede_span lede_fit_word(const lede_fit *fit, uint32_t word);

/* Whether entries that have this leaf's word as typed are to come first: of
 * words with capitals among few, or of a word alone. *least: the letter case
 * typed. */
bool lede_fit_prefers(const lede_fit *fit, uint32_t leaf, lede_case *least);
/* Whether the entry whose fit was asked last has all of these as typed. */
bool lede_fit_has_preferred(const lede_fit *fit);

/* What the fit of an entry is made of, given the places of the leaves that
 * count, and how often it speaks of somebody or some place so called
 * (query/mentions.h), for each word that counts; NULL: never. */
lede_fit_parts lede_fit_of(lede_fit *fit, const lede_places *places,
                           const uint32_t *mentions);
/* The fit itself. */
double lede_fit_sum(const lede_fit_parts *parts);

#endif
