/* match_kernels_avx512.c - inner loops for AVX-512; see match_kernels.h.
 *
 * For machines with VBMI2 (2019 on, and AMD's since 2022), not for the first
 * ones with AVX-512, which slow down for it. Nothing is compressed straight to
 * memory: that is microcode on some, a register stored whole is not. */
#include "query/match_kernels_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "query/match_search.h"
#include "query/rank.h"

#define AVX512                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2,"    \
                          "avx512vpopcntdq,avx2,popcnt,bmi,bmi2")))

/* What is fetched one by one is fetched for a whole stretch before it is used:
 * stores of single numbers and one load of them all stall the load. */
enum { STRETCH = 128 };

/* weight - weight / (1 + product), in whole units. */
AVX512 static __m512i parts_of(__m512 weight, __m512 product)
{
    __m512 grown = _mm512_add_ps(_mm512_set1_ps(1.0f), product);

    __m512 part = _mm512_sub_ps(weight, _mm512_div_ps(weight, grown));

    return _mm512_cvttps_epi32(_mm512_add_ps(part, _mm512_set1_ps(0.5f)));
}

AVX512 static __mmask16 first_lanes(uint32_t count)
{
    return (__mmask16)_bzhi_u32(0xffff, count < 16 ? count : 16);
}

/* Norms by length bytes: loads one by one are quicker than a gather. */
AVX512 static void fetch_norms(const float norms[256], const uint8_t *bytes,
                               uint32_t count, float out[STRETCH])
{
    for (uint32_t i = 0; i < count; i++) {
        out[i] = norms[bytes[i]];
    }
}

AVX512 static __m512i frequencies_of(__mmask16 lanes, const uint8_t *bytes)
{
    return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(lanes, bytes));
}

AVX512 void lede_match_bounds_avx512(float weight, const float norms[256],
                                     const lede_postings *list, uint32_t from,
                                     uint32_t count, uint32_t *out)
{
    const uint8_t *f =
        lede_postings_impact_frequencies(list, 0) + 2 * (size_t)from;
    const uint8_t *l = lede_postings_impact_lengths(list, 0) + from;
    size_t step = list->block_count;
    __m512 w = _mm512_set1_ps(weight);
    float fetched[LEDE_BLOCK_IMPACTS][STRETCH];

    for (uint32_t at = 0; at < count; at += STRETCH) {
        uint32_t n = count - at < STRETCH ? count - at : STRETCH;

        for (unsigned which = 0; which < LEDE_BLOCK_IMPACTS; which++) {
            fetch_norms(norms, l + which * step + at, n, fetched[which]);
        }
        for (uint32_t i = 0; i < n; i += 16) {
            __mmask16 lanes = first_lanes(n - i);
            __m512 most = _mm512_setzero_ps();

            for (unsigned which = 0; which < LEDE_BLOCK_IMPACTS; which++) {
                __m512i units =
                    frequencies_of(lanes, f + 2 * (which * step + at + i));
                __mmask16 capped = _mm512_cmpeq_epi32_mask(
                    units, _mm512_set1_epi32((int32_t)LEDE_FREQUENCY_CAP));
                __m512 frequency =
                    _mm512_mask_blend_ps(capped, _mm512_cvtepi32_ps(units),
                                         _mm512_set1_ps(INFINITY));

                most = _mm512_max_ps(
                    most,
                    _mm512_mul_ps(frequency, _mm512_maskz_loadu_ps(
                                                 lanes, fetched[which] + i)));
            }
            _mm512_mask_storeu_epi32(out + at + i, lanes, parts_of(w, most));
        }
    }
}

AVX512 void lede_match_attained_avx512(float weight, const float norms[256],
                                       const lede_postings *list, uint32_t from,
                                       uint32_t count, uint32_t *out)
{
    const uint8_t *f =
        lede_postings_impact_frequencies(list, 0) + 2 * (size_t)from;
    const uint8_t *l = lede_postings_impact_lengths(list, 0) + from;
    __m512 w = _mm512_set1_ps(weight);
    float fetched[STRETCH];

    for (uint32_t at = 0; at < count; at += STRETCH) {
        uint32_t n = count - at < STRETCH ? count - at : STRETCH;

        fetch_norms(norms, l + at, n, fetched);
        for (uint32_t i = 0; i < n; i += 16) {
            __mmask16 lanes = first_lanes(n - i);
            __m512 product =
                _mm512_mul_ps(_mm512_cvtepi32_ps(frequencies_of(
                                  lanes, f + 2 * (size_t)(at + i))),
                              _mm512_maskz_loadu_ps(lanes, fetched + i));

            _mm512_mask_storeu_epi32(out + at + i, lanes, parts_of(w, product));
        }
    }
}

AVX512 void lede_match_parts_avx512(float weight, const float norms[256],
                                    const uint8_t *lengths,
                                    const uint32_t *entries,
                                    const uint32_t *frequencies, uint32_t count,
                                    uint32_t *out)
{
    __m512 w = _mm512_set1_ps(weight);
    __m512i cap = _mm512_set1_epi32((int32_t)LEDE_RANK_MAX_FREQUENCY);
    float fetched[STRETCH];

    for (uint32_t at = 0; at < count; at += STRETCH) {
        uint32_t n = count - at < STRETCH ? count - at : STRETCH;

        for (uint32_t i = 0; i < n; i++) {
            fetched[i] = norms[lengths[entries[at + i]]];
        }
        for (uint32_t i = 0; i < n; i += 16) {
            __mmask16 lanes = first_lanes(n - i);
            __m512i f = _mm512_min_epu32(
                _mm512_maskz_loadu_epi32(lanes, frequencies + at + i), cap);
            __m512 product =
                _mm512_mul_ps(_mm512_cvtepi32_ps(f),
                              _mm512_maskz_loadu_ps(lanes, fetched + i));

            _mm512_mask_storeu_epi32(out + at + i, lanes, parts_of(w, product));
        }
    }
}

AVX512 static uint32_t keep_lanes(uint32_t i, __mmask16 lanes, uint32_t *out,
                                  uint32_t n)
{
    __m512i numbers =
        _mm512_add_epi32(_mm512_set1_epi32((int32_t)i),
                         _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                           12, 13, 14, 15));

    if (lanes != 0) {
        _mm512_storeu_si512(out + n,
                            _mm512_maskz_compress_epi32(lanes, numbers));
        n += (uint32_t)__builtin_popcount(lanes);
    }
    return n;
}

/* Most stretches have none: 64 at a time are told off by their largest. */
AVX512 uint32_t lede_match_filter_avx512(const uint32_t *values, uint32_t count,
                                         uint32_t least, uint32_t *out)
{
    __m512i limit = _mm512_set1_epi32((int32_t)least);
    uint32_t n = 0;
    uint32_t i = 0;

    for (; i + 64 <= count; i += 64) {
        __m512i a = _mm512_loadu_si512(values + i);
        __m512i b = _mm512_loadu_si512(values + i + 16);
        __m512i c = _mm512_loadu_si512(values + i + 32);
        __m512i d = _mm512_loadu_si512(values + i + 48);
        __m512i most =
            _mm512_max_epi32(_mm512_max_epi32(a, b), _mm512_max_epi32(c, d));

        if (_mm512_cmpge_epi32_mask(most, limit) != 0) {
            n = keep_lanes(i, _mm512_cmpge_epi32_mask(a, limit), out, n);
            n = keep_lanes(i + 16, _mm512_cmpge_epi32_mask(b, limit), out, n);
            n = keep_lanes(i + 32, _mm512_cmpge_epi32_mask(c, limit), out, n);
            n = keep_lanes(i + 48, _mm512_cmpge_epi32_mask(d, limit), out, n);
        }
    }
    for (; i < count; i += 16) {
        __mmask16 lanes = first_lanes(count - i);
        __m512i a = _mm512_maskz_loadu_epi32(lanes, values + i);

        n = keep_lanes(i, _mm512_mask_cmpge_epi32_mask(lanes, a, limit), out,
                       n);
    }
    return n;
}

AVX512 uint32_t lede_match_largest_avx512(const uint32_t *values,
                                          uint32_t count)
{
    __m512i most = _mm512_setzero_si512();

    if (count == 1) {
        return values[0];
    }
    for (uint32_t i = 0; i < count; i += 16) {
        most = _mm512_max_epu32(
            most, _mm512_maskz_loadu_epi32(first_lanes(count - i), values + i));
    }
    return _mm512_reduce_max_epu32(most);
}

/* The last entry of each sixteen: what is above them all is greater than any
 * that is wanted. They are gathered, since entries were only just stored: what
 * is put together from single loads would wait for its own stores. */
AVX512 void lede_match_places_avx512(const uint32_t *entries, uint32_t size,
                                     const uint32_t *wanted, uint32_t count,
                                     uint16_t none, uint16_t *out)
{
    __m256i is_there =
        _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(size / 16)),
                           _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m256i last = _mm256_mask_i32gather_epi32(
        _mm256_set1_epi32(INT32_MAX), (const int *)entries,
        _mm256_setr_epi32(15, 31, 47, 63, 79, 95, 111, 127), is_there, 4);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t before = (uint32_t)__builtin_popcount(_mm256_cmpgt_epi32_mask(
            _mm256_set1_epi32((int32_t)wanted[i]), last));
        unsigned hit = _mm512_cmpeq_epi32_mask(
            _mm512_set1_epi32((int32_t)wanted[i]),
            _mm512_loadu_si512(entries + 16 * (before & 7u)));
        uint32_t at = 16 * before + (uint32_t)__builtin_ctz(hit | 65536u);

        out[i] = hit != 0 && at < size ? (uint16_t)at : none;
    }
}

AVX512 uint32_t lede_match_filter_bytes_avx512(const uint8_t *bytes,
                                               uint32_t len, uint8_t least,
                                               uint32_t first, uint32_t *out)
{
    __m512i limit = _mm512_set1_epi8((char)least);
    uint32_t n = 0;

    for (uint32_t i = 0; i < len; i += 64) {
        __mmask64 lanes = _bzhi_u64(~UINT64_C(0), len - i < 64 ? len - i : 64);
        uint64_t hits = _mm512_mask_cmpge_epu8_mask(
            lanes, _mm512_maskz_loadu_epi8(lanes, bytes + i), limit);

        for (; hits != 0; hits &= hits - 1) {
            out[n++] = first + i + (uint32_t)__builtin_ctzll(hits);
        }
    }
    return n;
}

AVX512 uint64_t lede_match_count_bytes_avx512(const uint8_t *bytes, size_t len,
                                              uint8_t least)
{
    __m512i limit = _mm512_set1_epi8((char)least);
    uint64_t n = 0;

    for (size_t i = 0; i < len; i += 64) {
        __mmask64 lanes =
            _bzhi_u64(~UINT64_C(0), len - i < 64 ? (unsigned)(len - i) : 64);

        n += (uint64_t)__builtin_popcountll(_mm512_mask_cmpge_epu8_mask(
            lanes, _mm512_maskz_loadu_epi8(lanes, bytes + i), limit));
    }
    return n;
}

AVX512 void lede_match_fold_bytes_avx512(uint8_t *bytes, size_t len,
                                         uint64_t *words)
{
    for (size_t i = 0; i < len; i += 64) {
        __m512i v = _mm512_loadu_si512(bytes + i);

        words[i / 64] |= _mm512_test_epi8_mask(v, v);
        _mm512_storeu_si512(bytes + i, _mm512_setzero_si512());
    }
}

AVX512 uint64_t lede_match_count_words_avx512(const uint64_t *words,
                                              size_t count)
{
    __m512i sum = _mm512_setzero_si512();

    for (size_t i = 0; i < count; i += 8) {
        __mmask8 lanes = (__mmask8)_bzhi_u32(
            0xff, count - i < 8 ? (unsigned)(count - i) : 8);

        sum = _mm512_add_epi64(
            sum,
            _mm512_popcnt_epi64(_mm512_maskz_loadu_epi64(lanes, words + i)));
    }
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}

bool lede_match_has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") != 0 &&
           __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512vl") != 0 &&
           __builtin_cpu_supports("avx512dq") != 0 &&
           __builtin_cpu_supports("avx512vbmi2") != 0 &&
           __builtin_cpu_supports("avx512vpopcntdq") != 0 &&
           __builtin_cpu_supports("bmi2") != 0;
}
#else
/* A file needs a declaration. */
typedef int lede_no_avx512;
#endif
