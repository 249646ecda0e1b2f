/* scores.h - "how well does each label suit a word by itself?"
 *
 * The sum of the rows of weights that its features choose (model.h), eight
 * features at a time where the machine can (scores_avx512.h).
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_SCORES_H
#define LEDE_NAMES_SCORES_H

#include <stdint.h>

#include "names/features.h"
#include "names/model.h"
#include "names/piece.h"

typedef int32_t lede_scores[LEDE_LABEL_COUNT];

/* The keys of all features of a word; feature n is the hash of n and its key
 * (feature_templates.h). */
typedef uint64_t lede_feature_keys[LEDE_FEATURE_COUNT];

/* How many of the runs from the first on are looked at together: as many as
 * have LEDE_SCORES_TOGETHER words, and at least one. */
enum { LEDE_SCORES_TOGETHER = LEDE_RUN_MAX_WORDS };
size_t lede_scores_runs_together(const lede_run *runs, size_t count);

/* The scores of each word of `count` such runs, one behind the other, with a
 * model that is learnt. */
void lede_scores_of_runs(const lede_name_model *model, const lede_piece *piece,
                         lede_span const *texts, const lede_run *runs,
                         size_t count, lede_scores out[]);

/* The same from features or their keys, one by one. */
void lede_scores_of_features(const lede_name_model *model,
                             uint32_t features[][LEDE_FEATURE_COUNT],
                             size_t count, lede_scores out[]);
void lede_scores_of_keys(const lede_name_model *model,
                         const lede_feature_keys keys[], size_t count,
                         lede_scores out[]);

#endif
