/* postings_simd.c - unpacking by AVX2 and AVX-512.
 *
 * Eight (AVX2) or sixteen (AVX-512) integers of one width fill whole bytes. A
 * byte shuffle brings to each 32-bit lane the four bytes in which its integer
 * begins; a shift by the lane's own count and a mask do the rest. Running sums
 * are made in registers before anything is stored. */
#include "storage/postings_bits.h"

#include "base/varint.h"
#include "storage/postings_codes.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))
#define AVX512                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,"  \
                          "avx2,bmi,popcnt")))

/* Tables by width: the bytes of lane i, of which the first is at bit `from` +
 * i x width, and how far to shift. */
#define LANE(from, width, i)                                                   \
    ((from) + (i) * (width)) / 8, ((from) + (i) * (width)) / 8 + 1,            \
        ((from) + (i) * (width)) / 8 + 2, ((from) + (i) * (width)) / 8 + 3
#define LANES4(from, width)                                                    \
    LANE(from, width, 0), LANE(from, width, 1), LANE(from, width, 2),          \
        LANE(from, width, 3)
#define LANES16(width)                                                         \
    LANES4(0, width), LANES4(4 * (width), width), LANES4(8 * (width), width),  \
        LANES4(12 * (width), width)
#define SHIFT(width, i) ((i) * (width)) % 8
#define SHIFTS8(width)                                                         \
    SHIFT(width, 0), SHIFT(width, 1), SHIFT(width, 2), SHIFT(width, 3),        \
        SHIFT(width, 4), SHIFT(width, 5), SHIFT(width, 6), SHIFT(width, 7)
/* The upper half of a 256-bit register is loaded from the byte in which
 * integer 4 begins, since its shuffle cannot cross the middle. */
#define LANES8(width) LANES4(0, width), LANES4((4 * (width)) % 8, width)
#define ALL_WIDTHS(ROW)                                                        \
    ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8),    \
        ROW(9), ROW(10), ROW(11), ROW(12), ROW(13), ROW(14), ROW(15), ROW(16), \
        ROW(17), ROW(18), ROW(19), ROW(20), ROW(21), ROW(22), ROW(23),         \
        ROW(24), ROW(25)
#define ROW8(width)                                                            \
    {                                                                          \
        LANES8(width)                                                          \
    }
#define ROW16(width)                                                           \
    {                                                                          \
        LANES16(width)                                                         \
    }
#define ROW_SHIFTS(width)                                                      \
    {                                                                          \
        SHIFTS8(width)                                                         \
    }

static const uint8_t lanes8[LEDE_SIMD_MAX_WIDTH + 1][32]
    __attribute__((aligned(32))) = {ALL_WIDTHS(ROW8)};
static const uint8_t lanes16[LEDE_SIMD_MAX_WIDTH + 1][64]
    __attribute__((aligned(64))) = {ALL_WIDTHS(ROW16)};
/* Those of integers 8 to 15 are the same again. */
static const uint32_t shifts[LEDE_SIMD_MAX_WIDTH + 1][8]
    __attribute__((aligned(32))) = {ALL_WIDTHS(ROW_SHIFTS)};

/* --- AVX2 ------------------------------------------------------------------
 */

typedef struct width8 {
    __m256i lanes, shifts, mask;
    size_t half; /* where integer 4 begins */
    size_t step;
} width8;

AVX2 static inline width8 width8_of(unsigned width)
{
    width8 w;

    w.lanes = _mm256_load_si256((const __m256i *)(const void *)lanes8[width]);
    w.shifts = _mm256_load_si256((const __m256i *)(const void *)shifts[width]);
    w.mask = _mm256_set1_epi32((int)((UINT32_C(1) << width) - 1));
    w.half = width / 2;
    w.step = width;
    return w;
}

AVX2 static inline __m256i load8(const uint8_t *p, const width8 *w)
{
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i high =
        _mm_loadu_si128((const __m128i *)(const void *)(p + w->half));
    __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);

    v = _mm256_shuffle_epi8(v, w->lanes);
    return _mm256_and_si256(_mm256_srlv_epi32(v, w->shifts), w->mask);
}

AVX2 static void unpack_avx2(lede_span bytes, uint32_t n, unsigned width,
                             uint32_t add, unsigned shift, uint32_t *out)
{
    width8 w = width8_of(width);
    const uint8_t *p = bytes.bytes;
    const __m256i added = _mm256_set1_epi32((int)add);
    const __m128i shifted = _mm_cvtsi32_si128((int)shift);
    uint32_t i;

    for (i = 0; i < n; i += 8, p += w.step) {
        __m256i v = _mm256_add_epi32(load8(p, &w), added);

        v = _mm256_sll_epi32(v, shifted);
        _mm256_storeu_si256((__m256i *)(void *)(out + i), v);
    }
}

AVX2 static inline __m256i running_sum8(__m256i v)
{
    const __m256i upper = _mm256_setr_epi32(0, 0, 0, 0, -1, -1, -1, -1);
    __m256i fourth;

    v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
    v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
    fourth = _mm256_permutevar8x32_epi32(v, _mm256_set1_epi32(3));
    return _mm256_add_epi32(v, _mm256_and_si256(fourth, upper));
}

AVX2 static void unpack_gaps_avx2(lede_span bytes, uint32_t n, unsigned width,
                                  uint32_t first, uint32_t *out)
{
    width8 w = width8_of(width);
    const uint8_t *p = bytes.bytes;
    const __m256i one = _mm256_set1_epi32(1);
    __m256i before = _mm256_set1_epi32((int)(first - 1));
    uint32_t i;

    for (i = 0; i < n; i += 8, p += w.step) {
        __m256i v = running_sum8(_mm256_add_epi32(load8(p, &w), one));

        v = _mm256_add_epi32(v, before);
        _mm256_storeu_si256((__m256i *)(void *)(out + i), v);
        before = _mm256_permutevar8x32_epi32(v, _mm256_set1_epi32(7));
    }
}

AVX2 static uint32_t unpack_set_avx2(lede_span bytes, uint32_t first,
                                     uint32_t *out)
{
    uint32_t count = 0;
    size_t at;

    for (at = 0; at < bytes.len; at += 8, first += 64) {
        uint64_t word = lede_bits_load_at(bytes, at);
        uint32_t ones = (uint32_t)_mm_popcnt_u64(word);

        if (ones > LEDE_BITS_MAX - count) {
            return LEDE_BITS_MAX + 1;
        }
        for (; word != 0; word = _blsr_u64(word)) {
            out[count++] = first + (uint32_t)_tzcnt_u64(word);
        }
    }
    return count;
}

AVX2 static uint32_t count_avx2(lede_span bytes)
{
    uint32_t count = 0;

    for (size_t at = 0; at < bytes.len; at += 8) {
        count += (uint32_t)_mm_popcnt_u64(lede_bits_load_at(bytes, at));
    }
    return count;
}

/* Whether v[i] < v[i + 1]; all of them are below 2^31. */
AVX2 static inline __m256i is_less(const uint32_t *v)
{
    return _mm256_cmpgt_epi32(
        _mm256_loadu_si256((const __m256i *)(const void *)(v + 1)),
        _mm256_loadu_si256((const __m256i *)(const void *)v));
}

AVX2 static bool ascends_avx2(const uint32_t *v, uint32_t n)
{
    __m256i all = _mm256_set1_epi32(-1);
    bool tail = true;
    uint32_t i;

    for (i = 0; i + 8 < n; i += 8) {
        all = _mm256_and_si256(all, is_less(v + i));
    }
    for (; i + 1 < n; i++) {
        tail &= v[i] < v[i + 1];
    }
    return tail && _mm256_movemask_epi8(all) == -1;
}

AVX2 static bool unpack_split_avx2(lede_span low, unsigned width,
                                   lede_span high, uint32_t n, uint32_t first,
                                   uint32_t *out)
{
    uint32_t ones[LEDE_BITS_MAX];
    width8 w = width8_of(width);
    const uint8_t *p = low.bytes;
    const __m128i shift = _mm_cvtsi32_si128((int)width);
    const __m256i start = _mm256_set1_epi32((int)first);
    __m256i place = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    uint32_t i;

    if (unpack_set_avx2(high, 0, ones) != n) {
        return false;
    }
    for (i = 0; i < n; i += 8, p += w.step) {
        __m256i v =
            _mm256_loadu_si256((const __m256i *)(const void *)(ones + i));

        v = _mm256_sll_epi32(_mm256_sub_epi32(v, place), shift);
        v = _mm256_add_epi32(_mm256_or_si256(v, load8(p, &w)),
                             _mm256_add_epi32(start, place));
        _mm256_storeu_si256((__m256i *)(void *)(out + i), v);
        place = _mm256_add_epi32(place, _mm256_set1_epi32(8));
    }
    return ascends_avx2(out, n);
}

/* Numbers behind the n that there are lie behind `wanted`. */
AVX2 static uint32_t find_gap_avx2(lede_span bytes, uint32_t n, unsigned width,
                                   uint32_t first, uint32_t wanted)
{
    width8 w = width8_of(width);
    const uint8_t *p = bytes.bytes;
    const __m256i one = _mm256_set1_epi32(1);
    const __m256i sought = _mm256_set1_epi32((int)wanted);
    __m256i before = _mm256_set1_epi32((int)(first - 1));
    uint32_t i;

    for (i = 0; i < n; i += 8, p += w.step) {
        __m256i v = running_sum8(_mm256_add_epi32(load8(p, &w), one));
        unsigned found;

        v = _mm256_add_epi32(v, before);
        found = (unsigned)_mm256_movemask_ps(
            _mm256_castsi256_ps(_mm256_cmpeq_epi32(v, sought)));
        if (found != 0) {
            i += (uint32_t)_tzcnt_u32(found);
            return i < n ? i : n;
        }
        before = _mm256_permutevar8x32_epi32(v, _mm256_set1_epi32(7));
    }
    return n;
}

AVX2 static uint32_t find_split_avx2(lede_span low, unsigned width,
                                     lede_span high, uint32_t n, uint32_t first,
                                     uint32_t wanted)
{
    return lede_codes_find_split(low, width, high, n, first, wanted);
}

AVX2 static uint32_t find_avx2(const uint8_t *values, uint32_t n,
                               uint32_t least)
{
    __m256i wanted = _mm256_set1_epi32((int)least);
    uint32_t i;

    for (i = 0; i + 8 <= n; i += 8) {
        __m256i v = _mm256_loadu_si256(
            (const __m256i *)(const void *)(values + (size_t)i * 4));
        __m256i reached = _mm256_cmpeq_epi32(_mm256_max_epu32(v, wanted), v);
        unsigned lanes =
            (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(reached));

        if (lanes != 0) {
            return i + (uint32_t)_tzcnt_u32(lanes);
        }
    }
    while (i < n && lede_load_u32(values + (size_t)i * 4) < least) {
        i++;
    }
    return i;
}

/* Four sums of 64 bits. A number and its width have room in 32: where the width
 * is not 0, the number is halved at least. */
AVX2 static uint64_t rice_avx2(const uint32_t *values, const int8_t *quarters,
                               size_t n, int bias)
{
    const __m256i added = _mm256_set1_epi32(bias);
    const __m256i zero = _mm256_setzero_si256();
    const __m256i most = _mm256_set1_epi32(31);
    __m256i sums = zero;
    uint64_t parts[4];
    uint64_t bits = 0;
    size_t i;

    for (i = 0; i + 8 <= n; i += 8) {
        __m256i w = _mm256_cvtepi8_epi32(
            _mm_loadl_epi64((const __m128i *)(const void *)(quarters + i)));
        __m256i v =
            _mm256_loadu_si256((const __m256i *)(const void *)(values + i));

        w = _mm256_max_epi32(_mm256_add_epi32(w, added), zero);
        w = _mm256_min_epi32(_mm256_srli_epi32(w, 2), most);
        v = _mm256_add_epi32(_mm256_srlv_epi32(v, w), w);
        sums = _mm256_add_epi64(sums, _mm256_unpacklo_epi32(v, zero));
        sums = _mm256_add_epi64(sums, _mm256_unpackhi_epi32(v, zero));
    }
    _mm256_storeu_si256((__m256i *)(void *)parts, sums);
    for (; i < n; i++) {
        int of = quarters[i] + bias;
        unsigned width = of < 0 ? 0 : (unsigned)of >> 2;

        width = width < 31 ? width : 31;
        bits += (values[i] >> width) + width;
    }
    return bits + parts[0] + parts[1] + parts[2] + parts[3];
}

AVX2 static bool pass_ones_avx2(lede_span bytes, uint64_t *bit, uint64_t end,
                                uint64_t count)
{
    return lede_codes_pass(bytes, bit, end, count);
}

AVX2 static bool read_codes_avx2(lede_span bytes, lede_rice_codes *codes,
                                 uint32_t *sums, uint16_t *ranks)
{
    return lede_codes_read_any(bytes, codes, sums, ranks);
}

static const lede_simd_table avx2 = {
    unpack_avx2,       unpack_gaps_avx2, unpack_set_avx2, count_avx2,
    unpack_split_avx2, find_gap_avx2,    find_split_avx2, find_avx2,
    rice_avx2,         pass_ones_avx2,   read_codes_avx2};

/* --- AVX-512 ---------------------------------------------------------------
 */

typedef struct width16 {
    __m512i lanes, shifts, mask;
    size_t step;
} width16;

AVX512 static inline width16 width16_of(unsigned width)
{
    width16 w;

    w.lanes = _mm512_load_si512(lanes16[width]);
    w.shifts = _mm512_broadcast_i64x4(
        _mm256_load_si256((const __m256i *)(const void *)shifts[width]));
    w.mask = _mm512_set1_epi32((int)((UINT32_C(1) << width) - 1));
    w.step = (size_t)width * 2;
    return w;
}

AVX512 static inline __m512i load16(const uint8_t *p, const width16 *w)
{
    __m512i v = _mm512_permutexvar_epi8(w->lanes, _mm512_loadu_si512(p));

    return _mm512_and_si512(_mm512_srlv_epi32(v, w->shifts), w->mask);
}

AVX512 static void unpack_avx512(lede_span bytes, uint32_t n, unsigned width,
                                 uint32_t add, unsigned shift, uint32_t *out)
{
    width16 w = width16_of(width);
    const uint8_t *p = bytes.bytes;
    const __m512i added = _mm512_set1_epi32((int)add);
    const __m128i shifted = _mm_cvtsi32_si128((int)shift);
    uint32_t i;

    for (i = 0; i < n; i += 16, p += w.step) {
        __m512i v = _mm512_add_epi32(load16(p, &w), added);

        _mm512_storeu_si512(out + i, _mm512_sll_epi32(v, shifted));
    }
}

AVX512 static inline __m512i running_sum16(__m512i v)
{
    const __m512i zero = _mm512_setzero_si512();

    v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 15));
    v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 14));
    v = _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 12));
    return _mm512_add_epi32(v, _mm512_alignr_epi32(v, zero, 8));
}

AVX512 static void unpack_gaps_avx512(lede_span bytes, uint32_t n,
                                      unsigned width, uint32_t first,
                                      uint32_t *out)
{
    width16 w = width16_of(width);
    const uint8_t *p = bytes.bytes;
    const __m512i one = _mm512_set1_epi32(1);
    const __m512i last = _mm512_set1_epi32(15);
    __m512i before = _mm512_set1_epi32((int)(first - 1));
    uint32_t i;

    for (i = 0; i < n; i += 16, p += w.step) {
        __m512i v = running_sum16(_mm512_add_epi32(load16(p, &w), one));

        v = _mm512_add_epi32(v, before);
        _mm512_storeu_si512(out + i, v);
        before = _mm512_permutexvar_epi32(last, v);
    }
}

/* Without a branch for each sixteen: where it stands nobody can tell. */
AVX512 static uint32_t find_gap_avx512(lede_span bytes, uint32_t n,
                                       unsigned width, uint32_t first,
                                       uint32_t wanted)
{
    width16 w = width16_of(width);
    const uint8_t *p = bytes.bytes;
    const __m512i one = _mm512_set1_epi32(1);
    const __m512i last = _mm512_set1_epi32(15);
    const __m512i sought = _mm512_set1_epi32((int)wanted);
    __m512i before = _mm512_set1_epi32((int)(first - 1));
    uint64_t found[2] = {0, 0};
    uint32_t i, at;

    for (i = 0; i < n; i += 16, p += w.step) {
        __m512i v = running_sum16(_mm512_add_epi32(load16(p, &w), one));

        v = _mm512_add_epi32(v, before);
        found[i / 64] |= (uint64_t)_mm512_cmpeq_epi32_mask(v, sought)
                         << (i % 64);
        before = _mm512_permutexvar_epi32(last, v);
    }
    at = found[0] != 0 ? (uint32_t)_tzcnt_u64(found[0])
                       : 64 + (uint32_t)_tzcnt_u64(found[1]);
    return at < n ? at : n;
}

static const uint8_t counting[64] __attribute__((aligned(64))) = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/* Sixteen numbers at `at` of which `count` count, none of them past the end. */
AVX512 static inline void store16(uint32_t *out, uint32_t at, uint32_t count,
                                  __m512i v)
{
    if (at <= LEDE_BITS_MAX - 16) {
        _mm512_storeu_si512(out + at, v);
    } else {
        _mm512_mask_storeu_epi32(out + at, (__mmask16)((1u << count) - 1u), v);
    }
}

/* The places of the ones of a word are a compressed 0, 1, 2 ... 63. */
AVX512 static uint32_t unpack_set_avx512(lede_span bytes, uint32_t first,
                                         uint32_t *out)
{
    const __m512i places = _mm512_load_si512(counting);
    uint32_t count = 0;
    size_t at;

    for (at = 0; at < bytes.len; at += 8, first += 64) {
        uint64_t word = lede_bits_load_at(bytes, at);
        uint32_t ones = (uint32_t)_mm_popcnt_u64(word);
        __m512i start = _mm512_set1_epi32((int)first);
        __m512i v = _mm512_maskz_compress_epi8(word, places);
        uint32_t done;

        if (ones > LEDE_BITS_MAX - count) {
            return LEDE_BITS_MAX + 1;
        }
        for (done = 0; done < ones; done += 16) {
            __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(v));
            uint32_t left = ones - done;

            store16(out, count + done, left < 16 ? left : 16,
                    _mm512_add_epi32(wide, start));
            v = _mm512_alignr_epi64(v, v, 2);
        }
        count += ones;
    }
    return count;
}

/* The same into a room of LEDE_BITS_MAX + 64, without branches that depend on
 * how many ones a word has. */
AVX512 static uint32_t unpack_ones(lede_span bytes, uint32_t *out)
{
    const __m512i places = _mm512_load_si512(counting);
    uint32_t count = 0, first = 0;
    size_t at;

    for (at = 0; at < bytes.len; at += 8, first += 64) {
        uint64_t word = lede_bits_load_at(bytes, at);
        __m512i start = _mm512_set1_epi32((int)first);
        __m512i v = _mm512_maskz_compress_epi8(word, places);

        if (count > LEDE_BITS_MAX) {
            return count;
        }
        _mm512_storeu_si512(
            out + count,
            _mm512_add_epi32(start,
                             _mm512_cvtepu8_epi32(_mm512_castsi512_si128(v))));
        _mm512_storeu_si512(
            out + count + 16,
            _mm512_add_epi32(
                start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(v, 1))));
        _mm512_storeu_si512(
            out + count + 32,
            _mm512_add_epi32(
                start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(v, 2))));
        _mm512_storeu_si512(
            out + count + 48,
            _mm512_add_epi32(
                start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(v, 3))));
        count += (uint32_t)_mm_popcnt_u64(word);
    }
    return count;
}

/* The upper parts: how many zeros stand before each one, in a byte each, so
 * that a word takes one store; `bytes` has at most 255 zeros. The room as
 * above. */
AVX512 static uint32_t unpack_uppers(lede_span bytes, uint8_t *out)
{
    const __m512i places = _mm512_load_si512(counting);
    uint32_t count = 0, first = 0;
    size_t at;

    for (at = 0; at < bytes.len; at += 8, first += 64) {
        uint64_t word = lede_bits_load_at(bytes, at);
        __m512i v =
            _mm512_sub_epi8(_mm512_maskz_compress_epi8(word, places), places);

        if (count > LEDE_BITS_MAX) {
            return count;
        }
        _mm512_storeu_si512(
            out + count,
            _mm512_add_epi8(v, _mm512_set1_epi8((char)(first - count))));
        count += (uint32_t)_mm_popcnt_u64(word);
    }
    return count;
}

/* `upper` has the upper part of number `i` and the fifteen behind it. */
typedef struct split16 {
    width16 low;
    __m128i shift;
    __m512i start;
} split16;

AVX512 static inline __m512i join16(const split16 *s, const uint8_t *low,
                                    __m512i upper, __m512i place)
{
    __m512i v = _mm512_or_si512(_mm512_sll_epi32(upper, s->shift),
                                load16(low, &s->low));

    return _mm512_add_epi32(v, _mm512_add_epi32(s->start, place));
}

/* Lanes, of the first `left`, that are not above the lane before. */
AVX512 static inline unsigned falls16(__m512i v, __m512i before, uint32_t left)
{
    return _mm512_cmple_epi32_mask(v, _mm512_alignr_epi32(v, before, 15)) &
           (left < 16 ? (1u << left) - 1u : 0xFFFFu);
}

AVX512 static bool unpack_split_avx512(lede_span low, unsigned width,
                                       lede_span high, uint32_t n,
                                       uint32_t first, uint32_t *out)
{
    bool is_narrow = high.len * 8 <= n + 255u;
    uint32_t ones[LEDE_BITS_MAX + 64];
    uint8_t uppers[LEDE_BITS_MAX + 64];
    split16 s = {width16_of(width), _mm_cvtsi32_si128((int)width),
                 _mm512_set1_epi32((int)first)};
    const uint8_t *p = low.bytes;
    __m512i place =
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i before = _mm512_set1_epi32((int)first - 1);
    unsigned falls = 0;
    uint32_t i;

    if ((is_narrow ? unpack_uppers(high, uppers) : unpack_ones(high, ones)) !=
        n) {
        return false;
    }
    for (i = 0; i < n; i += 16, p += s.low.step) {
        __m512i upper =
            is_narrow ? _mm512_cvtepu8_epi32(_mm_loadu_si128(
                            (const __m128i *)(const void *)(uppers + i)))
                      : _mm512_sub_epi32(_mm512_loadu_si512(ones + i), place);
        __m512i v = join16(&s, p, upper, place);

        _mm512_storeu_si512(out + i, v);
        falls |= falls16(v, before, n - i);
        before = v;
        place = _mm512_add_epi32(place, _mm512_set1_epi32(16));
    }
    return falls == 0;
}

static const lede_simd_table avx512 = {
    unpack_avx512,       unpack_gaps_avx512, unpack_set_avx512, count_avx2,
    unpack_split_avx512, find_gap_avx512,    find_split_avx2,   find_avx2,
    rice_avx2,           pass_ones_avx2,     read_codes_avx2};

const lede_simd_table *lede_simd_table_of(lede_simd variant)
{
    bool has_avx2 = __builtin_cpu_supports("avx2") &&
                    __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("popcnt");

    if (variant == LEDE_SIMD_AVX2 && has_avx2) {
        return &avx2;
    }
    if (variant == LEDE_SIMD_AVX512 && has_avx2 &&
        __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vbmi") &&
        __builtin_cpu_supports("avx512vbmi2")) {
        return &avx512;
    }
    return NULL;
}

#else

const lede_simd_table *lede_simd_table_of(lede_simd variant)
{
    (void)variant;
    return NULL;
}

#endif
