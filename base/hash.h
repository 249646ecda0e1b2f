/* hash.h - "a number that stands for some bytes"
 *
 * XXH3 (Yann Collet) through libxxhash: fast, well mixed, the same on every
 * machine, not for secrets. Hashes on disk and in entry keys are these.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_HASH_H
#define LEDE_BASE_HASH_H

#include <stdint.h>

#include "base/span.h"

uint64_t lede_hash64(lede_span span);
uint64_t lede_hash64_seeded(lede_span span, uint64_t seed);

typedef struct lede_hash128_value {
    uint64_t low;
    uint64_t high;
} lede_hash128_value;

lede_hash128_value lede_hash128(lede_span span);

/* The same over pieces: new, update..., then the digest; free accepts NULL.
 * `new` gives NULL when out of memory. */
typedef struct lede_hasher lede_hasher;
lede_hasher *lede_hasher_new(void);
void lede_hasher_free(lede_hasher *hasher);
void lede_hasher_clear(lede_hasher *hasher);
void lede_hasher_put(lede_hasher *hasher, lede_span span);
lede_hash128_value lede_hasher_get(const lede_hasher *hasher);

#endif
