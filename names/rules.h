/* rules.h - "what can be said of a run without a model?"
 *
 * Known places, titles and forenames label runs; also where a byline or a
 * dateline says by itself what its words are.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_RULES_H
#define LEDE_NAMES_RULES_H

#include "names/piece.h"

/* Labels a run from lists alone. */
void lede_rules_label(lede_piece *piece, const lede_run *run);

/* Labels words [begin, end) of a byline as people, by their commas and "and";
 * or of a dateline as places. */
void lede_rules_label_byline(lede_piece *piece, size_t begin, size_t end);
void lede_rules_label_dateline(lede_piece *piece, size_t begin, size_t end);

/* How many words at the head of an opening are the place of a dateline:
 * "PARIS, June 3 (Reuters) -". 0 if there is none. */
size_t lede_rules_dateline(const lede_piece *piece, size_t begin, size_t end);

#endif
