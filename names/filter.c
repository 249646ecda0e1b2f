#include "names/filter.h"

#include <stddef.h>

#include "names/avx512.h"

/* All that is known of a phrase stands in one line, so that asking for it all
 * costs one miss of the cache. */
static uint64_t mix_phrase(uint32_t phrase)
{
    uint64_t mixed = (phrase + 1) * 0x9E3779B97F4A7C15u;

    mixed ^= mixed >> 29;
    mixed *= 0xBF58476D1CE4E5B9u;
    return mixed ^ mixed >> 32;
}

static size_t line_of(uint64_t mixed, uint32_t line_mask)
{
    return (size_t)(mixed >> 40 & line_mask) * LEDE_FILTER_LINE_BYTES;
}

static const uint64_t odds[LEDE_KNOWN_COUNT] = {
    0xD6E8FEB86659FD93u, 0xA0761D6478BD642Fu, 0xE7037ED1A0B428DBu,
    0x8EBC6AF09C88C6E3u};

/* Four bits of a line per kind, nine bits of this each. */
static uint64_t bits_of(uint64_t mixed, lede_known known)
{
    return mixed * odds[known] >> 28;
}

void lede_filter_put(uint8_t *filter, uint32_t line_mask, uint32_t phrase,
                     lede_known known)
{
    uint64_t mixed = mix_phrase(phrase);
    uint8_t *line = filter + line_of(mixed, line_mask);
    uint64_t bits = bits_of(mixed, known);
    int i;

    for (i = 0; i < 4; i++) {
        unsigned bit = (unsigned)(bits >> (9 * i)) & 511;
        line[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
}

/* Bit 0: whether the line has the bit that the lowest nine say. */
static inline unsigned has_bit(const uint8_t *line, uint64_t bits)
{
    return (unsigned)line[bits >> 3 & 63] >> (bits & 7);
}

static inline unsigned get_first(const uint8_t *filter, uint32_t line_mask,
                                 uint32_t phrase, int count)
{
    uint64_t mixed = mix_phrase(phrase);
    const uint8_t *line = filter + line_of(mixed, line_mask);
    unsigned found = 0;
    int known;

    /* Without branches, which nothing would foretell. */
    for (known = 0; known < count; known++) {
        uint64_t bits = bits_of(mixed, (lede_known)known);
        unsigned all = has_bit(line, bits) & has_bit(line, bits >> 9) &
                       has_bit(line, bits >> 18) & has_bit(line, bits >> 27);

        found |= (all & 1) << known;
    }
    return found;
}

void lede_filter_ask(const uint8_t *filter, uint32_t line_mask, uint32_t phrase)
{
    __builtin_prefetch(filter + line_of(mix_phrase(phrase), line_mask));
}

unsigned lede_filter_get_plain(const uint8_t *filter, uint32_t line_mask,
                               uint32_t phrase)
{
    return get_first(filter, line_mask, phrase, LEDE_KNOWN_COUNT);
}

#if defined(__x86_64__)
#include <immintrin.h>

_Static_assert(LEDE_KNOWN_COUNT == 4 && LEDE_FILTER_LINE_BYTES == 64,
               "two kinds are eight numbers, and a line is a register");

/* get_first for two kinds: eight bits of a line at a time. */
LEDE_NAMES_AVX512 static inline unsigned get_two(__m512i line, uint64_t mixed,
                                                 lede_known first)
{
    const __m512i shifts = _mm512_set_epi64(55, 46, 37, 28, 55, 46, 37, 28);
    const long long a = (long long)odds[first];
    const long long b = (long long)odds[first + 1];
    __m512i bits = _mm512_mullo_epi64(_mm512_set1_epi64((long long)mixed),
                                      _mm512_set_epi64(b, b, b, b, a, a, a, a));
    __m512i words;
    unsigned all;

    bits = _mm512_srlv_epi64(bits, shifts);
    words = _mm512_permutexvar_epi64(_mm512_srli_epi64(bits, 6), line);
    bits = _mm512_and_si512(bits, _mm512_set1_epi64(63));
    all = _mm512_test_epi64_mask(_mm512_srlv_epi64(words, bits),
                                 _mm512_set1_epi64(1));
    return (unsigned)((all & 15) == 15) | (unsigned)(all >> 4 == 15) << 1;
}

LEDE_NAMES_AVX512 static unsigned get_avx512(const uint8_t *filter,
                                             uint32_t line_mask,
                                             uint32_t phrase, bool places)
{
    uint64_t mixed = mix_phrase(phrase);
    __m512i line = _mm512_loadu_si512(filter + line_of(mixed, line_mask));
    unsigned found = get_two(line, mixed, LEDE_KNOWN_PLACE);

    return places ? found
                  : found | get_two(line, mixed, LEDE_KNOWN_FORENAME)
                                << LEDE_KNOWN_FORENAME;
}
#else
static unsigned get_avx512(const uint8_t *filter, uint32_t line_mask,
                           uint32_t phrase, bool places)
{
    return get_first(filter, line_mask, phrase,
                     places ? LEDE_KNOWN_SMALL_PLACE + 1 : LEDE_KNOWN_COUNT);
}
#endif

unsigned lede_filter_get(const uint8_t *filter, uint32_t line_mask,
                         uint32_t phrase)
{
    return lede_names_have_avx512()
               ? get_avx512(filter, line_mask, phrase, false)
               : lede_filter_get_plain(filter, line_mask, phrase);
}

unsigned lede_filter_get_place(const uint8_t *filter, uint32_t line_mask,
                               uint32_t phrase)
{
    return lede_names_have_avx512()
               ? get_avx512(filter, line_mask, phrase, true)
               : get_first(filter, line_mask, phrase,
                           LEDE_KNOWN_SMALL_PLACE + 1);
}
