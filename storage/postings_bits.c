#include "storage/postings_bits.h"

#include <assert.h>
#include <stdatomic.h>

#include "base/varint.h"
#include "storage/postings_codes.h"

uint64_t lede_bits_load_tail(lede_span bytes, size_t at)
{
    uint64_t v = 0;
    unsigned shift;

    for (shift = 0; at < bytes.len && shift < 64; at++, shift += 8) {
        v |= (uint64_t)bytes.bytes[at] << shift;
    }
    return v;
}

void lede_bits_pack(const uint32_t *values, uint32_t n, unsigned width,
                    lede_buf *out)
{
    uint8_t *p = lede_buf_extend(out, lede_bits_bytes(n, width));
    uint64_t pending = 0;
    unsigned have = 0;
    uint32_t i;

    if (p == NULL) {
        return;
    }
    for (i = 0; i < n; i++) {
        pending |= (uint64_t)values[i] << have;
        for (have += width; have >= 8; have -= 8) {
            *p++ = (uint8_t)pending;
            pending >>= 8;
        }
    }
    if (have > 0) {
        *p = (uint8_t)pending;
    }
}

/* --- Scalar ----------------------------------------------------------------
 */

static void unpack_scalar(lede_span bytes, uint32_t n, unsigned width,
                          uint32_t add, unsigned shift, uint32_t *out)
{
    uint64_t bit = 0;
    uint32_t i;

    for (i = 0; i < n; i++, bit += width) {
        out[i] = ((uint32_t)lede_bits_get(bytes, bit, width) + add) << shift;
    }
}

static void unpack_gaps_scalar(lede_span bytes, uint32_t n, unsigned width,
                               uint32_t first, uint32_t *out)
{
    uint64_t bit = 0;
    uint32_t i;

    for (i = 0; i < n; i++, bit += width) {
        first += (uint32_t)lede_bits_get(bytes, bit, width);
        out[i] = first++;
    }
}

static uint32_t unpack_set_scalar(lede_span bytes, uint32_t first,
                                  uint32_t *out)
{
    uint32_t count = 0;
    size_t at;

    for (at = 0; at < bytes.len; at += 8, first += 64) {
        uint64_t word = lede_bits_load_at(bytes, at);

        for (; word != 0; word &= word - 1) {
            if (count == LEDE_BITS_MAX) {
                return LEDE_BITS_MAX + 1;
            }
            out[count++] = first + (uint32_t)__builtin_ctzll(word);
        }
    }
    return count;
}

static uint32_t count_scalar(lede_span bytes)
{
    uint32_t count = 0;

    for (size_t at = 0; at < bytes.len; at += 8) {
        count += (uint32_t)__builtin_popcountll(lede_bits_load_at(bytes, at));
    }
    return count;
}

static bool unpack_split_scalar(lede_span low, unsigned width, lede_span high,
                                uint32_t n, uint32_t first, uint32_t *out)
{
    uint32_t ones[LEDE_BITS_MAX];
    bool ascends = unpack_set_scalar(high, 0, ones) == n;
    uint64_t bit = 0;
    uint32_t i;

    if (!ascends) {
        return false;
    }
    for (i = 0; i < n; i++, bit += width) {
        out[i] =
            first + i +
            ((ones[i] - i) << width | (uint32_t)lede_bits_get(low, bit, width));
        ascends = ascends && (i == 0 || out[i] > out[i - 1]);
    }
    return ascends;
}

static uint32_t find_gap_scalar(lede_span bytes, uint32_t n, unsigned width,
                                uint32_t first, uint32_t wanted)
{
    uint64_t bit = 0;
    uint32_t i;

    for (i = 0; i < n; i++, first++, bit += width) {
        first += (uint32_t)lede_bits_get(bytes, bit, width);
        if (first >= wanted) {
            return first == wanted ? i : n;
        }
    }
    return n;
}

static uint32_t find_split_scalar(lede_span low, unsigned width, lede_span high,
                                  uint32_t n, uint32_t first, uint32_t wanted)
{
    return lede_codes_find_split(low, width, high, n, first, wanted);
}

static uint32_t find_scalar(const uint8_t *values, uint32_t n, uint32_t least)
{
    uint32_t i = 0;

    while (i < n && lede_load_u32(values + (size_t)i * 4) < least) {
        i++;
    }
    return i;
}

static uint64_t rice_scalar(const uint32_t *values, const int8_t *quarters,
                            size_t n, int bias)
{
    uint64_t bits = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        int of = quarters[i] + bias;
        unsigned width = of < 0 ? 0 : (unsigned)of >> 2;

        width = width < 31 ? width : 31;
        bits += (values[i] >> width) + width;
    }
    return bits;
}

static bool pass_ones_scalar(lede_span bytes, uint64_t *bit, uint64_t end,
                             uint64_t count)
{
    return lede_codes_pass(bytes, bit, end, count);
}

static bool read_codes_scalar(lede_span bytes, lede_rice_codes *codes,
                              uint32_t *sums, uint16_t *ranks)
{
    return lede_codes_read_any(bytes, codes, sums, ranks);
}

static const lede_simd_table scalar = {
    unpack_scalar,       unpack_gaps_scalar, unpack_set_scalar, count_scalar,
    unpack_split_scalar, find_gap_scalar,    find_split_scalar, find_scalar,
    rice_scalar,         pass_ones_scalar,   read_codes_scalar};

/* --- The choice ------------------------------------------------------------
 */

/* NULL until first asked for. */
static _Atomic(const lede_simd_table *) chosen;

static const lede_simd_table *table_of(lede_simd variant)
{
    return variant == LEDE_SIMD_SCALAR ? &scalar : lede_simd_table_of(variant);
}

bool lede_simd_is_supported(lede_simd variant)
{
    return table_of(variant) != NULL;
}

static const lede_simd_table *choose(void)
{
    int best = LEDE_SIMD_COUNT - 1;

    while (!lede_simd_is_supported((lede_simd)best)) {
        best--;
    }
    atomic_store_explicit(&chosen, table_of((lede_simd)best),
                          memory_order_relaxed);
    return table_of((lede_simd)best);
}

const lede_simd_table *lede_simd_current_table(void)
{
    const lede_simd_table *known =
        atomic_load_explicit(&chosen, memory_order_relaxed);

    return known != NULL ? known : choose();
}

lede_simd lede_simd_current(void)
{
    int variant = LEDE_SIMD_COUNT - 1;

    while (table_of((lede_simd)variant) != lede_simd_current_table()) {
        variant--;
    }
    return (lede_simd)variant;
}

void lede_simd_force(lede_simd variant)
{
    assert(lede_simd_is_supported(variant));
    atomic_store_explicit(&chosen, table_of(variant), memory_order_relaxed);
}

/* Vector code reads whole groups: bytes too near the end of the span are read
 * from a copy with room behind. */
static lede_span with_room(lede_span bytes, uint32_t n, unsigned width,
                           uint8_t copy[LEDE_BITS_ROOM])
{
    size_t size = lede_bits_bytes(n, width);

    if (bytes.len >= size && bytes.len - size >= LEDE_BITS_PAD) {
        return bytes;
    }
    memset(copy, 0, LEDE_BITS_ROOM);
    if (bytes.len > 0) {
        memcpy(copy, bytes.bytes, bytes.len < size ? bytes.len : size);
    }
    return lede_span_of(copy, LEDE_BITS_ROOM);
}

void lede_bits_unpack_scaled(lede_span bytes, uint32_t n, unsigned width,
                             uint32_t add, unsigned shift, uint32_t *out)
{
    uint8_t copy[LEDE_BITS_ROOM];
    uint32_t i;

    assert(n <= LEDE_BITS_MAX);
    if (width == 0) {
        for (i = 0; i < n; i++) {
            out[i] = add << shift;
        }
    } else if (width > LEDE_SIMD_MAX_WIDTH) {
        unpack_scalar(bytes, n, width, add, shift, out);
    } else {
        lede_simd_current_table()->unpack(with_room(bytes, n, width, copy), n,
                                          width, add, shift, out);
    }
}

void lede_bits_unpack(lede_span bytes, uint32_t n, unsigned width,
                      uint32_t *out)
{
    lede_bits_unpack_scaled(bytes, n, width, 0, 0, out);
}

void lede_bits_unpack_gaps(lede_span bytes, uint32_t n, unsigned width,
                           uint32_t first, uint32_t *out)
{
    uint8_t copy[LEDE_BITS_ROOM];
    uint32_t i;

    assert(n <= LEDE_BITS_MAX && width <= LEDE_SIMD_MAX_WIDTH);
    if (width == 0) {
        for (i = 0; i < n; i++) {
            out[i] = first + i;
        }
        return;
    }
    lede_simd_current_table()->unpack_gaps(with_room(bytes, n, width, copy), n,
                                           width, first, out);
}

uint32_t lede_bits_unpack_set(lede_span bytes, uint32_t first,
                              uint32_t out[LEDE_BITS_MAX])
{
    return lede_simd_current_table()->unpack_set(bytes, first, out);
}

uint32_t lede_bits_count(lede_span bytes)
{
    return lede_simd_current_table()->count(bytes);
}

bool lede_bits_unpack_split(lede_span low, unsigned width, lede_span high,
                            uint32_t n, uint32_t first, uint32_t *out)
{
    uint8_t copy[LEDE_BITS_ROOM];

    assert(n <= LEDE_BITS_MAX && width <= LEDE_SIMD_MAX_WIDTH);
    return lede_simd_current_table()->unpack_split(
        with_room(low, n, width, copy), width, high, n, first, out);
}

uint32_t lede_bits_find_gap(lede_span bytes, uint32_t n, unsigned width,
                            uint32_t first, uint32_t wanted)
{
    uint8_t copy[LEDE_BITS_ROOM];

    assert(n <= LEDE_BITS_MAX && width <= LEDE_SIMD_MAX_WIDTH);
    if (width == 0) {
        return wanted - first < n ? wanted - first : n;
    }
    return lede_simd_current_table()->find_gap(with_room(bytes, n, width, copy),
                                               n, width, first, wanted);
}

uint32_t lede_bits_find_split(lede_span low, unsigned width, lede_span high,
                              uint32_t n, uint32_t first, uint32_t wanted)
{
    assert(n <= LEDE_BITS_MAX && width <= LEDE_SIMD_MAX_WIDTH);
    return lede_simd_current_table()->find_split(low, width, high, n, first,
                                                 wanted);
}

uint32_t lede_bits_find(const uint8_t *values, uint32_t n, uint32_t least)
{
    return lede_simd_current_table()->find(values, n, least);
}

uint64_t lede_bits_rice(const uint32_t *values, const int8_t *quarters,
                        size_t n, int bias)
{
    return lede_simd_current_table()->rice(values, quarters, n, bias);
}
