#include "base/sketch.h"

#include <string.h>

#include "base/hash.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

enum { TIMES = 4, BINS = LEDE_SKETCH_BYTES / TIMES };

static const uint64_t factors[TIMES] = {
    0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu,
    0xd6e8feb86659fd93u};

void lede_sketch_take_runs_scalar(uint32_t least[LEDE_SKETCH_BYTES],
                                  const uint64_t *runs, uint32_t count)
{
    uint32_t n;
    unsigned i;

    for (n = 0; n < count; n++) {
        for (i = 0; i < TIMES; i++) {
            uint64_t mixed = runs[n] * factors[i];
            uint32_t value = (uint32_t)(mixed >> 32);
            uint32_t low = (uint32_t)(mixed ^ mixed >> 29);
            unsigned bin = i * BINS + (unsigned)((uint64_t)low * BINS >> 32);

            least[bin] = value < least[bin] ? value : least[bin];
        }
    }
}

#if defined(__x86_64__) && defined(__GNUC__)

#define AVX2 __attribute__((target("avx2")))

/* The products of four runs and a factor, and in their upper halves the bins
 * that these lead to. */
AVX2 static inline __m256i mix4(const uint64_t *runs, uint64_t factor,
                                __m256i *bins)
{
    __m256i run = _mm256_loadu_si256((const __m256i *)(const void *)runs);
    __m256i low = _mm256_set1_epi64x((int64_t)(factor & UINT32_MAX));
    __m256i high = _mm256_set1_epi64x((int64_t)(factor >> 32));
    __m256i cross =
        _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(run, 32), low),
                         _mm256_mul_epu32(run, high));
    __m256i mixed = _mm256_add_epi64(_mm256_mul_epu32(run, low),
                                     _mm256_slli_epi64(cross, 32));

    *bins = _mm256_mul_epu32(
        _mm256_xor_si256(mixed, _mm256_srli_epi64(mixed, 29)),
        _mm256_set1_epi64x(BINS));
    return mixed;
}

/* The upper halves of eight numbers of 64 bits, in some order. */
AVX2 static inline __m256i upper_halves(__m256i a, __m256i b)
{
    return _mm256_castps_si256(_mm256_shuffle_ps(
        _mm256_castsi256_ps(a), _mm256_castsi256_ps(b), 0xDD));
}

AVX2 static inline uint32_t greatest_of(__m256i v)
{
    __m128i m = _mm_max_epu32(_mm256_castsi256_si128(v),
                              _mm256_extracti128_si256(v, 1));

    m = _mm_max_epu32(m, _mm_shuffle_epi32(m, 0x4E));
    m = _mm_max_epu32(m, _mm_shuffle_epi32(m, 0xB1));
    return (uint32_t)_mm_cvtsi128_si32(m);
}

/* Values are turned round, so that 0 stands for no value: then a mask is all
 * it takes to leave a bin alone. `count` is a multiple of eight. Unrolled, the
 * bins stay in registers. */
AVX2 static void take_avx2(uint32_t *least, const uint64_t *runs,
                           uint32_t count, uint64_t factor)
{
    __m256i greatest[BINS];
    uint32_t n;
    unsigned bin;

#pragma GCC unroll 9
    for (bin = 0; bin < BINS; bin++) {
        greatest[bin] = _mm256_set1_epi32((int)~least[bin]);
    }
    for (n = 0; n < count; n += 8) {
        __m256i bins0, bins1, bins, values;
        __m256i mixed0 = mix4(runs + n, factor, &bins0);
        __m256i mixed1 = mix4(runs + n + 4, factor, &bins1);

        bins = upper_halves(bins0, bins1);
        values = _mm256_xor_si256(upper_halves(mixed0, mixed1),
                                  _mm256_set1_epi32(-1));
#pragma GCC unroll 9
        for (bin = 0; bin < BINS; bin++) {
            __m256i is_here =
                _mm256_cmpeq_epi32(bins, _mm256_set1_epi32((int)bin));

            greatest[bin] = _mm256_max_epu32(
                greatest[bin], _mm256_and_si256(values, is_here));
        }
    }
#pragma GCC unroll 9
    for (bin = 0; bin < BINS; bin++) {
        least[bin] = ~greatest_of(greatest[bin]);
    }
}

void lede_sketch_take_runs(uint32_t least[LEDE_SKETCH_BYTES],
                           const uint64_t *runs, uint32_t count)
{
    uint32_t whole = count & ~7u;
    unsigned i;

    if (!__builtin_cpu_supports("avx2")) {
        whole = 0;
    }
    for (i = 0; i < TIMES && whole > 0; i++) {
        take_avx2(least + (size_t)i * BINS, runs, whole, factors[i]);
    }
    lede_sketch_take_runs_scalar(least, runs + whole, count - whole);
}

#else

void lede_sketch_take_runs(uint32_t least[LEDE_SKETCH_BYTES],
                           const uint64_t *runs, uint32_t count)
{
    lede_sketch_take_runs_scalar(least, runs, count);
}

#endif

void lede_sketch_begin(lede_sketch_builder *builder)
{
    memset(builder->least, 0xFF, sizeof builder->least);
    builder->before[0] = builder->before[1] = 0;
    builder->words = builder->waiting = 0;
}

static void take_waiting(lede_sketch_builder *builder)
{
    lede_sketch_take_runs(builder->least, builder->runs, builder->waiting);
    builder->waiting = 0;
}

void lede_sketch_add_hash(lede_sketch_builder *builder, uint64_t hash)
{
    if (builder->words >= 2) {
        uint64_t run = builder->before[0] * 0x9fb21c651e98df25u;

        run = (run ^ run >> 32 ^ builder->before[1]) * 0xa0761d6478bd642fu;
        run = (run ^ run >> 32 ^ hash) * 0xe7037ed1a0b428dbu;
        builder->runs[builder->waiting++] = run ^ run >> 32;
        if (builder->waiting == LEDE_SKETCH_WAITING) {
            take_waiting(builder);
        }
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

lede_sketch lede_sketch_end(lede_sketch_builder *builder)
{
    lede_sketch sketch = {{0}};
    unsigned i;

    if (builder->words < LEDE_SKETCH_LEAST_WORDS) {
        return sketch;
    }
    take_waiting(builder);
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
