/* match_kernels.h - "the inner loops of matching"
 *
 * The loops over whole blocks that are worth SIMD, in one table per variant.
 * All variants give the same bits; the best that the machine has is chosen at
 * run time. Everything here works on data already checked.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_MATCH_KERNELS_H
#define LEDE_QUERY_MATCH_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "storage/postings.h"

typedef struct lede_match_kernels {
    const char *name;
    /* The largest part possible in each of `count` blocks from `from`. */
    void (*bounds)(float weight, const float norms[256],
                   const lede_postings *list, uint32_t from, uint32_t count,
                   uint32_t *out);
    /* The parts that the first impacts of the blocks attain: some posting of
     * each block has as large a part, or a larger one. */
    void (*attained)(float weight, const float norms[256],
                     const lede_postings *list, uint32_t from, uint32_t count,
                     uint32_t *out);
    /* The parts of `count` postings; `lengths` is addressed by entry. */
    void (*parts)(float weight, const float norms[256], const uint8_t *lengths,
                  const uint32_t *entries, const uint32_t *frequencies,
                  uint32_t count, uint32_t *out);
    /* Indices of the values >= least, ascending; returns how many. Values and
     * least are below 2^31; `out` has room for count + 16. */
    uint32_t (*filter)(const uint32_t *values, uint32_t count, uint32_t least,
                       uint32_t *out);
    /* The largest of `count` values below 2^31; 0 if there are none. */
    uint32_t (*largest)(const uint32_t *values, uint32_t count);
    /* The rank (the number of bits set before it) of each of `count` ascending
     * bits of a set, as little-endian bytes; `none` for one that is not set.
     * No bit lies behind the set. */
    void (*ranks)(lede_span set, uint32_t first, const uint32_t *bits,
                  uint32_t count, uint16_t none, uint16_t *out);
    /* The place of each of `count` wanted values among `size` (1 to 128)
     * ascending entries, in a room of 128; `none` for one that is not there.
     * All values are below 2^31, none wanted is above the last entry. */
    void (*places)(const uint32_t *entries, uint32_t size,
                   const uint32_t *wanted, uint32_t count, uint16_t none,
                   uint16_t *out);
    /* The places of bytes >= least (>= 1), each with `first` added, ascending;
     * returns how many. `out` has room for len + 8. */
    uint32_t (*filter_bytes)(const uint8_t *bytes, uint32_t len, uint8_t least,
                             uint32_t first, uint32_t *out);
    /* How many of the bytes are >= least (least >= 1). */
    uint64_t (*count_bytes)(const uint8_t *bytes, size_t len, uint8_t least);
    /* Sets bit i of `words` for each byte i that is not 0, and makes it 0;
     * `len` is a multiple of 64. */
    void (*fold_bytes)(uint8_t *bytes, size_t len, uint64_t *words);
    /* How many bits of the words are set. */
    uint64_t (*count_words)(const uint64_t *words, size_t count);
} lede_match_kernels;

/* Variant `index` from 0 (scalar) up; NULL past the last that the machine can
 * run. */
const lede_match_kernels *lede_match_kernels_get(unsigned index);
const lede_match_kernels *lede_match_kernels_best(void);

#endif
