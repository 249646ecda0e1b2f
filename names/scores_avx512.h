/* scores_avx512.h - "the sum of a word's rows, for AVX-512"
 *
 * Private to names/scores.c and its test.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_SCORES_AVX512_H
#define LEDE_NAMES_SCORES_AVX512_H

#include "names/scores.h"

/* As lede_scores_of_keys. Only where lede_names_have_avx512(). */
void lede_scores_of_keys_avx512(const lede_name_model *model,
                                const lede_feature_keys keys[], size_t count,
                                lede_scores out[]);

#endif
