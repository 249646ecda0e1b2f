#include "storage/postings_bits.h"

#include <assert.h>

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

static void unpack_scalar(lede_span bytes, uint32_t n, unsigned width,
                          uint32_t *out)
{
    uint64_t bit = 0;
    uint32_t i;

    for (i = 0; i < n; i++, bit += width) {
        out[i] = (uint32_t)lede_bits_get(bytes, bit, width);
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

void lede_bits_unpack(lede_span bytes, uint32_t n, unsigned width,
                      uint32_t *out)
{
    unpack_scalar(bytes, n, width, out);
}

void lede_bits_unpack_gaps(lede_span bytes, uint32_t n, unsigned width,
                           uint32_t first, uint32_t *out)
{
    unpack_gaps_scalar(bytes, n, width, first, out);
}

uint32_t lede_bits_unpack_set(lede_span bytes, uint32_t first,
                              uint32_t out[128])
{
    uint32_t count = 0;
    size_t at;

    for (at = 0; at < bytes.len; at += 8, first += 64) {
        uint64_t word = lede_bits_load_at(bytes, at);

        if (count + (uint32_t)__builtin_popcountll(word) > 128) {
            return 129;
        }
        for (; word != 0; word &= word - 1) {
            out[count++] = first + (uint32_t)__builtin_ctzll(word);
        }
    }
    return count;
}
