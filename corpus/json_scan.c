#include "corpus/json_scan.h"

#include <string.h>

#include "base/varint.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#define HAS_SSE2 1
#else
#define HAS_SSE2 0
#endif

const uint8_t *lede_json_scan_string_plain(const uint8_t *p, const uint8_t *end)
{
    while (p < end && *p != '"' && *p != '\\') {
        p++;
    }
    return p;
}

/* The high bit of each byte of `word` that equals `byte`; bytes above the
 * lowest such one may be marked wrongly. */
static uint64_t equal_bytes(uint64_t word, uint8_t byte)
{
    uint64_t x = word ^ (UINT64_C(0x0101010101010101) * byte);

    return (x - UINT64_C(0x0101010101010101)) & ~x &
           UINT64_C(0x8080808080808080);
}

const uint8_t *lede_json_scan_string_words(const uint8_t *p, const uint8_t *end)
{
    while (end - p >= 8) {
        uint64_t word = lede_load_u64(p);
        uint64_t hits = equal_bytes(word, '"') | equal_bytes(word, '\\');

        if (hits != 0) {
            return p + __builtin_ctzll(hits) / 8;
        }
        p += 8;
    }
    return lede_json_scan_string_plain(p, end);
}

#if HAS_SSE2
const uint8_t *lede_json_scan_string(const uint8_t *p, const uint8_t *end)
{
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');

    while (end - p >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        int hits = _mm_movemask_epi8(_mm_or_si128(
            _mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));

        if (hits != 0) {
            return p + __builtin_ctz((unsigned)hits);
        }
        p += 16;
    }
    return lede_json_scan_string_words(p, end);
}
#else
const uint8_t *lede_json_scan_string(const uint8_t *p, const uint8_t *end)
{
    return lede_json_scan_string_words(p, end);
}
#endif

const uint8_t *lede_json_walk_string(lede_json_walk *walk, const uint8_t *p,
                                     const uint8_t *end)
{
    while (p < end) {
        if (walk->in_escape) {
            walk->in_escape = false;
            p++;
            continue;
        }
        p = lede_json_scan_string(p, end);
        if (p == end) {
            break;
        }
        if (*p == '"') {
            walk->in_string = false;
            return p + 1;
        }
        walk->in_escape = true;
        p++;
    }
    return p;
}

const uint8_t *lede_json_walk_on(lede_json_walk *walk, const uint8_t *p,
                                 const uint8_t *end)
{
    for (;;) {
        if (walk->in_string) {
            p = lede_json_walk_string(walk, p, end);
        }
        if (p == end) {
            return p;
        }
        switch (*p++) {
        case '"':
            walk->in_string = true;
            break;
        case '{':
        case '[':
            walk->depth++;
            break;
        case '}':
        case ']':
            if (walk->depth <= 1) {
                walk->depth = 0;
                walk->is_done = true;
                return p;
            }
            walk->depth--;
            break;
        default:
            break;
        }
    }
}
