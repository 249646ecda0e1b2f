#include "base/sketch.h"

#include <string.h>

#include "base/hash.h"

enum { TIMES = 4, BINS = LEDE_SKETCH_BYTES / TIMES };

void lede_sketch_begin(lede_sketch_builder *builder)
{
    memset(builder->least, 0xFF, sizeof builder->least);
    builder->before[0] = builder->before[1] = 0;
    builder->words = 0;
}

static void add_run(lede_sketch_builder *builder, uint64_t hash)
{
    static const uint64_t factors[TIMES] = {
        0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu,
        0xd6e8feb86659fd93u};
    unsigned i;

    for (i = 0; i < TIMES; i++) {
        uint64_t mixed = hash * factors[i];
        uint32_t value = (uint32_t)(mixed >> 32);
        uint32_t low = (uint32_t)(mixed ^ mixed >> 29);
        unsigned bin = i * BINS + (unsigned)((uint64_t)low * BINS >> 32);

        builder->least[bin] =
            value < builder->least[bin] ? value : builder->least[bin];
    }
}

void lede_sketch_add_hash(lede_sketch_builder *builder, uint64_t hash)
{
    if (builder->words >= 2) {
        uint64_t run = builder->before[0] * 0x9fb21c651e98df25u;

        run = (run ^ run >> 32 ^ builder->before[1]) * 0xa0761d6478bd642fu;
        run = (run ^ run >> 32 ^ hash) * 0xe7037ed1a0b428dbu;
        add_run(builder, run ^ run >> 32);
    }
    builder->before[0] = builder->before[1];
    builder->before[1] = hash;
    builder->words += builder->words < UINT32_MAX;
}

void lede_sketch_add(lede_sketch_builder *builder, lede_span word)
{
    lede_sketch_add_hash(builder, lede_hash64(word));
}

/* An empty bin lends what another of its nine has, the same one for everybody
 * to whom the same are empty (Shrivastava, "Optimal densification for fast and
 * accurate minwise hashing", ICML 2017). Some bin has something, as there are
 * runs. */
static uint32_t least_of(const lede_sketch_builder *builder, unsigned bin)
{
    unsigned first = bin - bin % BINS;
    uint32_t step = bin * 0x9e3779b1u;
    uint32_t found = builder->least[bin];

    while (found == UINT32_MAX) {
        step = step * 0x915f77f5u + 0x6c8e9cf5u;
        found = builder->least[first + (unsigned)((uint64_t)step * BINS >> 32)];
    }
    return found;
}

lede_sketch lede_sketch_end(const lede_sketch_builder *builder)
{
    lede_sketch sketch = {{0}};
    unsigned i;

    if (builder->words < LEDE_SKETCH_LEAST_WORDS) {
        return sketch;
    }
    for (i = 0; i < LEDE_SKETCH_BYTES; i++) {
        sketch.bytes[i] = (uint8_t)(least_of(builder, i) * 0x9e3779b1u >> 24);
    }
    if (lede_sketch_is_none(sketch.bytes)) {
        sketch.bytes[0] = 1;
    }
    return sketch;
}

bool lede_sketch_is_none(const uint8_t *sketch)
{
    static const uint8_t none[LEDE_SKETCH_BYTES] = {0};

    return memcmp(sketch, none, sizeof none) == 0;
}

unsigned lede_sketch_equal_bytes(const uint8_t *a, const uint8_t *b)
{
    unsigned equal = 0;
    unsigned i;

    for (i = 0; i < LEDE_SKETCH_BYTES; i++) {
        equal += a[i] == b[i];
    }
    return equal;
}

static bool share_a_band(const uint8_t *a, const uint8_t *b)
{
    unsigned i;

    for (i = 0; i < LEDE_SKETCH_BANDS; i++) {
        if (lede_sketch_band(a, i) == lede_sketch_band(b, i)) {
            return true;
        }
    }
    return false;
}

bool lede_sketch_are_copies(const uint8_t *a, const uint8_t *b)
{
    return !lede_sketch_is_none(a) && !lede_sketch_is_none(b) &&
           lede_sketch_equal_bytes(a, b) >= LEDE_SKETCH_LEAST_EQUAL &&
           share_a_band(a, b);
}
