/* features.h - "what does a word of a run tell about its label?"
 *
 * Each word gives the same number of features, one per template: a hash that
 * chooses a row of weights. The trainer and the recogniser share this code, so
 * a change here means a new LEDE_MODEL_VERSION and a new model.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_FEATURES_H
#define LEDE_NAMES_FEATURES_H

#include <stdint.h>

#include "names/piece.h"

enum { LEDE_FEATURE_COUNT = 40 };

/* What a template looks at; the trainer leaves some of a kind out now and then
 * so that the others learn to do without. */
typedef enum lede_feature_kind {
    LEDE_FEATURE_WORD = 0, /* the word itself, or its ends */
    LEDE_FEATURE_AROUND,   /* other words */
    LEDE_FEATURE_SHAPE,
    LEDE_FEATURE_KNOWN, /* the filter and lists */
    LEDE_FEATURE_SEEN   /* the rest of the entry */
} lede_feature_kind;

lede_feature_kind lede_feature_kind_of(int number);

/* The features of each word of a run: out[word - run->begin][template]. */
void lede_features_of_run(const lede_piece *piece, lede_span const *texts,
                          const lede_run *run,
                          uint32_t out[][LEDE_FEATURE_COUNT]);

#endif
