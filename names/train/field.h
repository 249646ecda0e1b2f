/* field.h - "which weights make the annotators' reading the likely one?"
 *
 * The training of the conditional random field: stochastic gradient ascent on
 * the likelihood of the permitted readings of each run, with steps that shrink
 * per weight (AdaGrad: Duchi, Hazan and Singer 2011) and a pull to zero;
 * weights are averaged over the last passes. One thread, one seed: the same
 * input gives the same weights.
 *
 * Threads: a field belongs to one thread. */
#ifndef LEDE_NAMES_TRAIN_FIELD_H
#define LEDE_NAMES_TRAIN_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "names/features.h"
#include "names/model.h"

/* One run to learn from: its words stand at `first` of the arrays below. */
typedef struct example {
    size_t first;
    uint16_t count;
    uint8_t source; /* which set */
    uint8_t fold;
    bool skipped;
} example;

typedef struct examples {
    example *runs;
    size_t run_count, run_cap;
    uint32_t (*features)[LEDE_FEATURE_COUNT];
    uint8_t *permitted; /* per word, a bit per label */
    size_t word_count, word_cap;
} examples;

void examples_done(examples *all);

/* Adds a run; false when out of memory. */
bool examples_add(examples *all, uint32_t features[][LEDE_FEATURE_COUNT],
                  const uint8_t *permitted, size_t count, uint8_t source,
                  uint8_t fold);

typedef struct field {
    uint32_t row_mask;
    float *weights, *squares, *averages; /* rows x labels */
    float transitions[LEDE_LABEL_COUNT][LEDE_LABEL_COUNT];
    float transition_squares[LEDE_LABEL_COUNT][LEDE_LABEL_COUNT];
    float transition_averages[LEDE_LABEL_COUNT][LEDE_LABEL_COUNT];
    unsigned averaged;
    uint64_t random;
} field;

typedef struct field_options {
    int passes;
    int held_out; /* a fold that is left out, or -1 */
    uint64_t seed;
    float rate, pull;
} field_options;

bool field_init(field *self, uint32_t rows);
void field_done(field *self);
void field_train(field *self, const examples *all,
                 const field_options *options);

/* Whether the best reading of a run is a permitted one. */
bool field_agrees(const field *self, const examples *all, const example *run);

/* Appends the file of a model with this filter. */
void field_write(const field *self, const uint8_t *filter,
                 uint32_t filter_lines, lede_buf *out);

#endif
