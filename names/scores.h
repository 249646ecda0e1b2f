/* scores.h - "how well does each label suit a word by itself?"
 *
 * The sum of the rows of weights that its features choose (model.h). Most words
 * come again and again, and so do shapes with places in the run: the sum of all
 * features that see only the letters of a word is remembered, that of those
 * which see only what is known of it, too, and one look-up takes the place of
 * several rows. What comes later takes the place of what came earlier; the
 * scores are the same with and without. (To remember sums for the words beside
 * a run as well does not pay: most pairs of words are new.)
 *
 * Private to names/.
 *
 * Threads: a memory belongs to one thread at a time. */
#ifndef LEDE_NAMES_SCORES_H
#define LEDE_NAMES_SCORES_H

#include <stdint.h>

#include "names/features.h"
#include "names/model.h"
#include "names/piece.h"

typedef int32_t lede_scores[LEDE_LABEL_COUNT];

typedef struct lede_score_memo lede_score_memo;

/* For one model, which must be learnt and outlive it. NULL when out of memory.
 */
lede_score_memo *lede_score_memo_new(const lede_name_model *model);
void lede_score_memo_free(lede_score_memo *memo);

/* The scores of each word of a run: out[word - run->begin]. */
void lede_scores_of_run(lede_score_memo *memo, const lede_piece *piece,
                        lede_span const *texts, const lede_run *run,
                        lede_scores out[]);

/* The same from all features of each word, one by one. */
void lede_scores_of_features(const lede_name_model *model,
                             uint32_t features[][LEDE_FEATURE_COUNT],
                             size_t count, lede_scores out[]);

#endif
