/* match_kernels.c - inner loops, scalar and AVX2; see match_kernels.h. */
#include "query/match_kernels_avx512.h"

#include <math.h>

#include "base/varint.h"
#include "query/match_search.h"
#include "query/rank.h"

/* --- Scalar ------------------------------------------------------------- */

static float impact_frequency(const lede_postings *list, unsigned which,
                              uint32_t block)
{
    uint16_t f = lede_load_u16(lede_postings_impact_frequencies(list, which) +
                               2 * (size_t)block);

    return f == LEDE_FREQUENCY_CAP ? INFINITY : (float)f;
}

static void bounds_scalar(float weight, const float norms[256],
                          const lede_postings *list, uint32_t from,
                          uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t block = from + i;
        float most = 0.0f;

        for (unsigned which = 0; which < LEDE_BLOCK_IMPACTS; which++) {
            float grown =
                impact_frequency(list, which, block) *
                norms[lede_postings_impact_lengths(list, which)[block]];

            most = grown > most ? grown : most;
        }
        /* A part depends on the product alone, and is monotone in it. */
        out[i] = lede_rank_part(weight, 1.0f, most);
    }
}

static void attained_scalar(float weight, const float norms[256],
                            const lede_postings *list, uint32_t from,
                            uint32_t count, uint32_t *out)
{
    const uint8_t *f = lede_postings_impact_frequencies(list, 0);
    const uint8_t *l = lede_postings_impact_lengths(list, 0);

    for (uint32_t i = 0; i < count; i++) {
        size_t block = (size_t)from + i;

        out[i] = lede_rank_part(weight, norms[l[block]],
                                (float)lede_load_u16(f + 2 * block));
    }
}

static void parts_scalar(float weight, const float norms[256],
                         const uint8_t *lengths, const uint32_t *entries,
                         const uint32_t *frequencies, uint32_t count,
                         uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        out[i] = lede_rank_part(weight, norms[lengths[entries[i]]],
                                lede_rank_frequency(frequencies[i]));
    }
}

static uint32_t filter_scalar(const uint32_t *values, uint32_t count,
                              uint32_t least, uint32_t *out)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        out[n] = i;
        n += values[i] >= least;
    }
    return n;
}

static uint32_t largest_scalar(const uint32_t *values, uint32_t count)
{
    uint32_t most = 0;

    for (uint32_t i = 0; i < count; i++) {
        most = values[i] > most ? values[i] : most;
    }
    return most;
}

static uint64_t load_word(lede_span set, size_t index)
{
    size_t at = index * 8;
    uint64_t word = 0;

    if (at + 8 <= set.len) {
        return lede_load_u64(set.bytes + at);
    }
    for (size_t i = at; i < set.len; i++) {
        word |= (uint64_t)set.bytes[i] << 8 * (i - at);
    }
    return word;
}

/* Compiled once for each variant: with and without the instruction that counts
 * bits. */
static inline __attribute__((always_inline)) void
find_ranks(lede_span set, uint32_t first, const uint32_t *bits, uint32_t count,
           uint16_t none, uint16_t *out)
{
    uint64_t word = load_word(set, 0);
    uint32_t before = 0;
    size_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t bit = bits[i] - first;
        uint64_t below;

        while (at < bit / 64) {
            before += (uint32_t)__builtin_popcountll(word);
            word = load_word(set, ++at);
        }
        below = word & ((UINT64_C(1) << bit % 64) - 1);
        out[i] =
            (word >> bit % 64 & 1) != 0
                ? (uint16_t)(before + (uint32_t)__builtin_popcountll(below))
                : none;
    }
}

static void ranks_scalar(lede_span set, uint32_t first, const uint32_t *bits,
                         uint32_t count, uint16_t none, uint16_t *out)
{
    find_ranks(set, first, bits, count, none, out);
}

static void places_scalar(const uint32_t *entries, uint32_t size,
                          const uint32_t *wanted, uint32_t count, uint16_t none,
                          uint16_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = lede_match_lower_bound(entries, size, wanted[i]);

        out[i] = at < size && entries[at] == wanted[i] ? (uint16_t)at : none;
    }
}

static uint64_t count_bytes_scalar(const uint8_t *bytes, size_t len,
                                   uint8_t least)
{
    uint64_t n = 0;

    for (size_t i = 0; i < len; i++) {
        n += bytes[i] >= least;
    }
    return n;
}

static uint32_t filter_bytes_scalar(const uint8_t *bytes, uint32_t len,
                                    uint8_t least, uint32_t first,
                                    uint32_t *out)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < len; i++) {
        out[n] = first + i;
        n += bytes[i] >= least;
    }
    return n;
}

static void fold_bytes_scalar(uint8_t *bytes, size_t len, uint64_t *words)
{
    for (size_t i = 0; i < len; i++) {
        words[i / 64] |= (uint64_t)(bytes[i] != 0) << i % 64;
        bytes[i] = 0;
    }
}

static uint64_t count_words_scalar(const uint64_t *words, size_t count)
{
    uint64_t n = 0;

    for (size_t i = 0; i < count; i++) {
        n += (uint64_t)__builtin_popcountll(words[i]);
    }
    return n;
}

static const lede_match_kernels scalar = {
    .name = "scalar",
    .bounds = bounds_scalar,
    .attained = attained_scalar,
    .parts = parts_scalar,
    .filter = filter_scalar,
    .largest = largest_scalar,
    .ranks = ranks_scalar,
    .places = places_scalar,
    .filter_bytes = filter_bytes_scalar,
    .count_bytes = count_bytes_scalar,
    .fold_bytes = fold_bytes_scalar,
    .count_words = count_words_scalar,
};

/* --- AVX2 ---------------------------------------------------------------- */

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,popcnt,bmi")))

AVX2 static __m256 part_floats(__m256 weight, __m256 norm, __m256 frequency)
{
    __m256 grown =
        _mm256_add_ps(_mm256_set1_ps(1.0f), _mm256_mul_ps(frequency, norm));

    return _mm256_sub_ps(weight, _mm256_div_ps(weight, grown));
}

AVX2 static __m256i part_units(__m256 part)
{
    return _mm256_cvttps_epi32(_mm256_add_ps(part, _mm256_set1_ps(0.5f)));
}

/* Eight norms by length bytes. */
AVX2 static __m256 load_norms(const float norms[256], const uint8_t *bytes)
{
    __m128i packed = _mm_loadl_epi64((const __m128i *)(const void *)bytes);

    return _mm256_i32gather_ps(norms, _mm256_cvtepu8_epi32(packed), 4);
}

AVX2 static __m256 impact_products(const float norms[256],
                                   const uint8_t *frequencies,
                                   const uint8_t *lengths)
{
    __m256i f = _mm256_cvtepu16_epi32(
        _mm_loadu_si128((const __m128i *)(const void *)frequencies));
    __m256 capped = _mm256_castsi256_ps(
        _mm256_cmpeq_epi32(f, _mm256_set1_epi32(LEDE_FREQUENCY_CAP)));
    __m256 frequency = _mm256_blendv_ps(_mm256_cvtepi32_ps(f),
                                        _mm256_set1_ps(INFINITY), capped);

    return _mm256_mul_ps(frequency, load_norms(norms, lengths));
}

AVX2 static void bounds_avx2(float weight, const float norms[256],
                             const lede_postings *list, uint32_t from,
                             uint32_t count, uint32_t *out)
{
    const uint8_t *f =
        lede_postings_impact_frequencies(list, 0) + 2 * (size_t)from;
    const uint8_t *l = lede_postings_impact_lengths(list, 0) + from;
    size_t step = list->block_count;
    __m256 w = _mm256_set1_ps(weight);
    uint32_t i = 0;

    for (; i + 8 <= count; i += 8) {
        __m256 most = _mm256_setzero_ps();

        for (unsigned which = 0; which < LEDE_BLOCK_IMPACTS; which++) {
            most = _mm256_max_ps(
                most, impact_products(norms, f + 2 * (which * step + i),
                                      l + which * step + i));
        }
        _mm256_storeu_si256(
            (__m256i *)(void *)(out + i),
            part_units(part_floats(w, _mm256_set1_ps(1.0f), most)));
    }
    bounds_scalar(weight, norms, list, from + i, count - i, out + i);
}

AVX2 static void attained_avx2(float weight, const float norms[256],
                               const lede_postings *list, uint32_t from,
                               uint32_t count, uint32_t *out)
{
    const uint8_t *f =
        lede_postings_impact_frequencies(list, 0) + 2 * (size_t)from;
    const uint8_t *l = lede_postings_impact_lengths(list, 0) + from;
    __m256 w = _mm256_set1_ps(weight);
    uint32_t i = 0;

    for (; i + 8 <= count; i += 8) {
        __m256i frequency = _mm256_cvtepu16_epi32(
            _mm_loadu_si128((const __m128i *)(const void *)(f + 2 * i)));
        __m256 part = part_floats(w, load_norms(norms, l + i),
                                  _mm256_cvtepi32_ps(frequency));

        _mm256_storeu_si256((__m256i *)(void *)(out + i), part_units(part));
    }
    attained_scalar(weight, norms, list, from + i, count - i, out + i);
}

/* Length bytes are fetched for a whole stretch before they are used: eight
 * stores of a byte and one load of all eight stall the load. */
enum { STRETCH = 128 };

AVX2 static void parts_avx2(float weight, const float norms[256],
                            const uint8_t *lengths, const uint32_t *entries,
                            const uint32_t *frequencies, uint32_t count,
                            uint32_t *out)
{
    __m256 w = _mm256_set1_ps(weight);
    __m256i cap = _mm256_set1_epi32((int32_t)LEDE_RANK_MAX_FREQUENCY);
    uint8_t bytes[STRETCH];
    uint32_t from = 0;

    while (count - from >= 8) {
        uint32_t n = count - from < STRETCH ? (count - from) & ~7u : STRETCH;

        for (uint32_t i = 0; i < n; i++) {
            bytes[i] = lengths[entries[from + i]];
        }
        for (uint32_t i = 0; i < n; i += 8) {
            __m256i f = _mm256_min_epu32(
                _mm256_loadu_si256(
                    (const __m256i *)(const void *)(frequencies + from + i)),
                cap);
            __m256 part = part_floats(w, load_norms(norms, bytes + i),
                                      _mm256_cvtepi32_ps(f));

            _mm256_storeu_si256((__m256i *)(void *)(out + from + i),
                                part_units(part));
        }
        from += n;
    }
    parts_scalar(weight, norms, lengths, entries + from, frequencies + from,
                 count - from, out + from);
}

AVX2 static __m256i load_values(const uint32_t *values)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)values);
}

AVX2 static uint32_t filter_eight(const uint32_t *values, uint32_t i,
                                  __m256i below, uint32_t *out, uint32_t n)
{
    unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(
        _mm256_cmpgt_epi32(load_values(values + i), below)));

    while (mask != 0) {
        out[n++] = i + (uint32_t)__builtin_ctz(mask);
        mask &= mask - 1;
    }
    return n;
}

/* Most stretches have none: 32 at a time are told off by their largest. */
AVX2 static uint32_t filter_avx2(const uint32_t *values, uint32_t count,
                                 uint32_t least, uint32_t *out)
{
    __m256i below = _mm256_set1_epi32((int32_t)least - 1);
    uint32_t n = 0;
    uint32_t i = 0;

    for (; i + 32 <= count; i += 32) {
        __m256i a = _mm256_max_epi32(load_values(values + i),
                                     load_values(values + i + 8));
        __m256i b = _mm256_max_epi32(load_values(values + i + 16),
                                     load_values(values + i + 24));
        __m256i hit = _mm256_cmpgt_epi32(_mm256_max_epi32(a, b), below);

        if (!_mm256_testz_si256(hit, hit)) {
            for (uint32_t j = i; j < i + 32; j += 8) {
                n = filter_eight(values, j, below, out, n);
            }
        }
    }
    for (; i + 8 <= count; i += 8) {
        n = filter_eight(values, i, below, out, n);
    }
    for (; i < count; i++) {
        out[n] = i;
        n += values[i] >= least;
    }
    return n;
}

AVX2 static uint32_t largest_avx2(const uint32_t *values, uint32_t count)
{
    __m256i most = _mm256_setzero_si256();
    uint32_t lanes[8];
    uint32_t i = 0;
    uint32_t rest;

    for (; i + 8 <= count; i += 8) {
        most = _mm256_max_epu32(
            most,
            _mm256_loadu_si256((const __m256i *)(const void *)(values + i)));
    }
    rest = largest_scalar(values + i, count - i);
    if (i > 0) {
        uint32_t full;

        _mm256_storeu_si256((__m256i *)(void *)lanes, most);
        full = largest_scalar(lanes, 8);
        rest = full > rest ? full : rest;
    }
    return rest;
}

AVX2 static void ranks_avx2(lede_span set, uint32_t first, const uint32_t *bits,
                            uint32_t count, uint16_t none, uint16_t *out)
{
    find_ranks(set, first, bits, count, none, out);
}

/* The last entry of each eight: what is above them all is greater than any that
 * is wanted. */
AVX2 static void places_avx2(const uint32_t *entries, uint32_t size,
                             const uint32_t *wanted, uint32_t count,
                             uint16_t none, uint16_t *out)
{
    uint32_t lasts[16];
    __m256i low, high;

    for (uint32_t i = 0; i < 16; i++) {
        lasts[i] = 8 * i + 7 < size ? entries[8 * i + 7] : INT32_MAX;
    }
    low = load_values(lasts);
    high = load_values(lasts + 8);
    for (uint32_t i = 0; i < count; i++) {
        __m256i value = _mm256_set1_epi32((int32_t)wanted[i]);
        unsigned before =
            (unsigned)_mm256_movemask_ps(
                _mm256_castsi256_ps(_mm256_cmpgt_epi32(value, low))) |
            (unsigned)_mm256_movemask_ps(
                _mm256_castsi256_ps(_mm256_cmpgt_epi32(value, high)))
                << 8;
        uint32_t eight = (uint32_t)__builtin_popcount(before) & 15u;
        unsigned hit = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(
            _mm256_cmpeq_epi32(value, load_values(entries + 8 * eight))));
        uint32_t at = 8 * eight + (uint32_t)__builtin_ctz(hit | 256u);

        out[i] = hit != 0 && at < size ? (uint16_t)at : none;
    }
}

AVX2 static uint64_t count_bytes_avx2(const uint8_t *bytes, size_t len,
                                      uint8_t least)
{
    __m256i limit = _mm256_set1_epi8((char)least);
    uint64_t n = 0;
    size_t i = 0;

    for (; i + 32 <= len; i += 32) {
        __m256i v =
            _mm256_loadu_si256((const __m256i *)(const void *)(bytes + i));
        __m256i hit = _mm256_cmpeq_epi8(_mm256_max_epu8(v, limit), v);

        n += (unsigned)__builtin_popcount((unsigned)_mm256_movemask_epi8(hit));
    }
    return n + count_bytes_scalar(bytes + i, len - i, least);
}

AVX2 static uint32_t filter_bytes_avx2(const uint8_t *bytes, uint32_t len,
                                       uint8_t least, uint32_t first,
                                       uint32_t *out)
{
    __m256i limit = _mm256_set1_epi8((char)least);
    uint32_t n = 0;
    uint32_t i = 0;

    for (; i + 32 <= len; i += 32) {
        __m256i v =
            _mm256_loadu_si256((const __m256i *)(const void *)(bytes + i));
        unsigned mask = (unsigned)_mm256_movemask_epi8(
            _mm256_cmpeq_epi8(_mm256_max_epu8(v, limit), v));

        for (; mask != 0; mask &= mask - 1) {
            out[n++] = first + i + (uint32_t)__builtin_ctz(mask);
        }
    }
    return n +
           filter_bytes_scalar(bytes + i, len - i, least, first + i, out + n);
}

AVX2 static uint64_t fold_half(uint8_t *bytes)
{
    __m256i zero = _mm256_setzero_si256();
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    unsigned none = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, zero));

    _mm256_storeu_si256((__m256i *)(void *)bytes, zero);
    return ~none & UINT32_MAX;
}

AVX2 static void fold_bytes_avx2(uint8_t *bytes, size_t len, uint64_t *words)
{
    for (size_t i = 0; i < len; i += 64) {
        words[i / 64] |= fold_half(bytes + i) | fold_half(bytes + i + 32) << 32;
    }
}

AVX2 static uint64_t count_words_avx2(const uint64_t *words, size_t count)
{
    uint64_t n = 0;

    for (size_t i = 0; i < count; i++) {
        n += (uint64_t)__builtin_popcountll(words[i]);
    }
    return n;
}

static const lede_match_kernels avx2 = {
    .name = "avx2",
    .bounds = bounds_avx2,
    .attained = attained_avx2,
    .parts = parts_avx2,
    .filter = filter_avx2,
    .largest = largest_avx2,
    .ranks = ranks_avx2,
    .places = places_avx2,
    .filter_bytes = filter_bytes_avx2,
    .count_bytes = count_bytes_avx2,
    .fold_bytes = fold_bytes_avx2,
    .count_words = count_words_avx2,
};

static const lede_match_kernels avx512 = {
    .name = "avx512",
    .bounds = lede_match_bounds_avx512,
    .attained = lede_match_attained_avx512,
    .parts = lede_match_parts_avx512,
    .filter = lede_match_filter_avx512,
    .largest = lede_match_largest_avx512,
    .ranks = ranks_avx2,
    .places = lede_match_places_avx512,
    .filter_bytes = lede_match_filter_bytes_avx512,
    .count_bytes = lede_match_count_bytes_avx512,
    .fold_bytes = lede_match_fold_bytes_avx512,
    .count_words = lede_match_count_words_avx512,
};

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

static bool has_avx512(void)
{
    return has_avx2() && lede_match_has_avx512();
}
#else
static bool has_avx512(void)
{
    return false;
}

static bool has_avx2(void)
{
    return false;
}
#endif

const lede_match_kernels *lede_match_kernels_get(unsigned index)
{
    if (index == 0) {
        return &scalar;
    }
#if defined(__x86_64__)
    if (index == 1 && has_avx2()) {
        return &avx2;
    }
    if (index == 2 && has_avx512()) {
        return &avx512;
    }
#endif
    return NULL;
}

const lede_match_kernels *lede_match_kernels_best(void)
{
    return lede_match_kernels_get(has_avx512() ? 2 : has_avx2() ? 1 : 0);
}
