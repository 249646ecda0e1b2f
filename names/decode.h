/* decode.h - "what is the best reading of a run?"
 *
 * Viterbi's algorithm over the labels of a run, forwards and backwards: the
 * best labels, and for each word how much worse the best reading is in which
 * it is of another kind.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_DECODE_H
#define LEDE_NAMES_DECODE_H

#include <stdint.h>

#include "names/model.h"
#include "names/scores.h"

/* Labels and margins of the words of a run, out of the scores of each. */
void lede_decode_run(const lede_name_model *model, lede_scores words[],
                     size_t count, uint8_t *labels, int16_t *margins);

#endif
