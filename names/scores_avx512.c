/* scores_avx512.c - eight features at a time: their hashes, a gather of their
 * rows, sums of bytes widened to 16 bits. See scores_avx512.h. */
#include "names/scores_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "names/avx512.h"
#include "names/feature_templates.h"

enum { LANES = 8 };
_Static_assert(LEDE_FEATURE_COUNT % LANES == 0 && LEDE_LABEL_COUNT == 8,
               "features come in eights, and rows have eight bytes");

/* The rows of eight features: lede_feature_mix, and what it chooses. */
LEDE_NAMES_AVX512 static inline __m512i
rows_of(const lede_name_model *model, const uint64_t *keys, __m512i steps)
{
    const __m512i odd = _mm512_set1_epi64((long long)LEDE_FEATURE_ODD);
    const __m512i mask = _mm512_set1_epi64(model->row_mask);
    __m512i x = _mm512_add_epi64(_mm512_loadu_si512(keys), steps);

    x = _mm512_mullo_epi64(x, odd);
    x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 32));
    x = _mm512_mullo_epi64(x, odd);
    x = _mm512_and_si512(_mm512_srli_epi64(x, 32), mask);
    return _mm512_i64gather_epi64(x, model->rows, LEDE_LABEL_COUNT);
}

/* Four rows as one, and all their labels as wide as scores. */
LEDE_NAMES_AVX512 static inline __m256i join(__m512i sums)
{
    __m256i half = _mm256_add_epi16(_mm512_castsi512_si256(sums),
                                    _mm512_extracti64x4_epi64(sums, 1));

    return _mm256_cvtepi16_epi32(_mm_add_epi16(
        _mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1)));
}

LEDE_NAMES_AVX512 void
lede_scores_of_keys_avx512(const lede_name_model *model,
                           const lede_feature_keys keys[], size_t count,
                           lede_scores out[])
{
    const __m512i step = _mm512_set1_epi64((long long)LEDE_FEATURE_STEP);
    const __m512i numbers = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    size_t i;

    for (i = 0; i < count; i++) {
        __m512i steps = _mm512_mullo_epi64(numbers, step);
        __m512i sums = _mm512_setzero_si512();
        int n;

        for (n = 0; n < LEDE_FEATURE_COUNT; n += LANES) {
            __m512i rows = rows_of(model, keys[i] + n, steps);

            sums = _mm512_add_epi16(
                sums, _mm512_cvtepi8_epi16(_mm512_castsi512_si256(rows)));
            sums = _mm512_add_epi16(
                sums, _mm512_cvtepi8_epi16(_mm512_extracti64x4_epi64(rows, 1)));
            steps = _mm512_add_epi64(steps, _mm512_slli_epi64(step, 3));
        }
        _mm256_storeu_si256((__m256i *)(void *)out[i], join(sums));
    }
}
#else
void lede_scores_of_keys_avx512(const lede_name_model *model,
                                const lede_feature_keys keys[], size_t count,
                                lede_scores out[])
{
    lede_scores_of_keys(model, keys, count, out);
}
#endif
