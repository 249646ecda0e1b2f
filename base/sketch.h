/* sketch.h - "is this text a copy of that one, near enough?"
 *
 * A sketch stands for the set of all runs of three words of a body, in 36
 * bytes: MinHash (Broder, "On the resemblance and containment of documents",
 * 1997) by one permutation (Li, Owen and Zhang, NIPS 2012), done four times
 * over nine bins each, so that short texts leave few bins empty; one byte is
 * kept of each least hash. The share of equal bytes estimates how much of the
 * runs two bodies share (Jaccard). Words count as they are folded, so letter
 * case, accents and punctuation do not.
 *
 * Two bodies are copies if their sketches agree in at least
 * LEDE_SKETCH_LEAST_EQUAL bytes, and in all bytes of some band: bands are three
 * bytes each, and what lets copies be looked up instead of compared with
 * everything. docs/FORMAT.md has the figures, byte for byte.
 *
 * A body of fewer than LEDE_SKETCH_LEAST_WORDS words has no sketch: it is no
 * copy of anything, whatever it says.
 *
 * Threads: a builder belongs to one thread; the rest are pure functions. */
#ifndef LEDE_BASE_SKETCH_H
#define LEDE_BASE_SKETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum {
    LEDE_SKETCH_BYTES = 36,
    LEDE_SKETCH_BANDS = 12,
    LEDE_SKETCH_LEAST_EQUAL = 22,
    LEDE_SKETCH_LEAST_WORDS = 20,
    LEDE_SKETCH_WAITING = 256
};

typedef struct lede_sketch {
    uint8_t bytes[LEDE_SKETCH_BYTES]; /* all 0: none */
} lede_sketch;

/* Private. Runs wait until there are many, which are taken in by vectors. */
typedef struct lede_sketch_builder {
    uint32_t least[LEDE_SKETCH_BYTES]; /* UINT32_MAX: empty */
    uint64_t before[2];                /* hashes of the words before */
    uint32_t words, waiting;
    uint64_t runs[LEDE_SKETCH_WAITING];
} lede_sketch_builder;

void lede_sketch_begin(lede_sketch_builder *builder);
/* The words of a body in their order, folded. */
void lede_sketch_add(lede_sketch_builder *builder, lede_span word);
/* The same, of a word whose lede_hash64 is known. */
void lede_sketch_add_hash(lede_sketch_builder *builder, uint64_t hash);
lede_sketch lede_sketch_end(lede_sketch_builder *builder);

/* What a builder does with hashes of runs: the least of each bin. By AVX2,
 * where the processor has it, else by lede_sketch_take_runs_scalar. */
void lede_sketch_take_runs(uint32_t least[LEDE_SKETCH_BYTES],
                           const uint64_t *runs, uint32_t count);
void lede_sketch_take_runs_scalar(uint32_t least[LEDE_SKETCH_BYTES],
                                  const uint64_t *runs, uint32_t count);

bool lede_sketch_is_none(const uint8_t *sketch);
/* In how many bytes two sketches agree. */
unsigned lede_sketch_equal_bytes(const uint8_t *a, const uint8_t *b);
bool lede_sketch_are_copies(const uint8_t *a, const uint8_t *b);

/* Band `index`, as a number below 2^24. */
static inline uint32_t lede_sketch_band(const uint8_t *sketch, unsigned index)
{
    const uint8_t *band = sketch + 3 * (size_t)index;

    return (uint32_t)band[0] | (uint32_t)band[1] << 8 | (uint32_t)band[2] << 16;
}

#endif
