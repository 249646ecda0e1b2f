#include "base/hash.h"

#include <xxhash.h>

uint64_t lede_hash64(lede_span span)
{
    return XXH3_64bits(span.bytes, span.len);
}

uint64_t lede_hash64_seeded(lede_span span, uint64_t seed)
{
    return XXH3_64bits_withSeed(span.bytes, span.len, seed);
}

lede_hash128_value lede_hash128(lede_span span)
{
    XXH128_hash_t hash = XXH3_128bits(span.bytes, span.len);
    lede_hash128_value value = {hash.low64, hash.high64};

    return value;
}

lede_hasher *lede_hasher_new(void)
{
    XXH3_state_t *state = XXH3_createState();

    if (state != NULL) {
        XXH3_128bits_reset(state);
    }
    return (lede_hasher *)state;
}

void lede_hasher_free(lede_hasher *hasher)
{
    XXH3_freeState((XXH3_state_t *)hasher);
}

void lede_hasher_clear(lede_hasher *hasher)
{
    XXH3_128bits_reset((XXH3_state_t *)hasher);
}

void lede_hasher_put(lede_hasher *hasher, lede_span span)
{
    if (span.len > 0) {
        XXH3_128bits_update((XXH3_state_t *)hasher, span.bytes, span.len);
    }
}

lede_hash128_value lede_hasher_get(const lede_hasher *hasher)
{
    XXH128_hash_t hash = XXH3_128bits_digest((const XXH3_state_t *)hasher);
    lede_hash128_value value = {hash.low64, hash.high64};

    return value;
}
