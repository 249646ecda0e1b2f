#include "storage/column.h"

#include <string.h>

#include "base/varint.h"
#include "storage/postings_bits.h"

enum {
    BLOCK_VALUES = 128,
    HEAD_BYTES = 13,
    PACKED_MAX_WIDTH = 56, /* a wider block has whole 64-bit values */
    PAD_BYTES = 7          /* so that eight bytes can be loaded at any value */
};

static unsigned width_of_range(uint64_t range)
{
    unsigned width = range == 0 ? 0 : 64 - (unsigned)__builtin_clzll(range);

    return width > PACKED_MAX_WIDTH ? 64 : width;
}

static size_t block_bytes(uint32_t n, unsigned width)
{
    return ((size_t)n * width + 7) / 8;
}

static void pack(const int64_t *values, uint32_t n, int64_t base,
                 unsigned width, lede_buf *out)
{
    size_t bytes = block_bytes(n, width);
    uint8_t *p = lede_buf_extend(out, bytes + 8);
    uint32_t i;

    if (p == NULL) {
        return;
    }
    memset(p, 0, bytes + 8);
    for (i = 0; i < n; i++) {
        uint64_t value = (uint64_t)values[i] - (uint64_t)base;
        uint64_t bit = (uint64_t)i * width;
        uint8_t *to = p + (bit >> 3);

        lede_bits_store(to, lede_bits_load(to) | value << (bit & 7));
    }
    out->len -= 8;
}

static void put_block(const int64_t *values, uint32_t n, lede_buf *heads,
                      lede_buf *bytes)
{
    int64_t least = values[0];
    int64_t most = values[0];
    unsigned width;
    uint32_t i;

    for (i = 1; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    width = width_of_range((uint64_t)most - (uint64_t)least);
    lede_buf_put_u64(heads, (uint64_t)least);
    lede_buf_put_u32(heads, (uint32_t)bytes->len);
    lede_buf_put_byte(heads, (uint8_t)width);
    pack(values, n, least, width, bytes);
}

void lede_column_encode(const int64_t *values, uint32_t count, lede_buf *out)
{
    static const uint8_t pad[PAD_BYTES] = {0};
    lede_buf bytes = {0};
    uint32_t i;

    for (i = 0; i < count; i += BLOCK_VALUES) {
        put_block(values + i,
                  count - i < BLOCK_VALUES ? count - i : BLOCK_VALUES, out,
                  &bytes);
    }
    lede_buf_put_span(out, lede_buf_span(&bytes));
    lede_buf_put(out, pad, sizeof pad);
    out->failed = out->failed || bytes.failed;
    lede_buf_done(&bytes);
}

size_t lede_column_zeros_bytes(uint32_t count)
{
    return ((size_t)count + BLOCK_VALUES - 1) / BLOCK_VALUES * HEAD_BYTES +
           PAD_BYTES;
}

lede_status lede_column_open(lede_span bytes, uint32_t count, lede_column *out,
                             lede_error *err)
{
    uint32_t blocks = count / BLOCK_VALUES + (count % BLOCK_VALUES != 0);
    size_t head_bytes = (size_t)blocks * HEAD_BYTES;
    lede_column column;
    uint32_t b;

    if (bytes.len < head_bytes + PAD_BYTES) {
        return lede_fail(err, LEDE_CORRUPT, "column: cut off");
    }
    column.count = count;
    column.heads = lede_span_of(bytes.bytes, head_bytes);
    column.bytes =
        lede_span_of(bytes.bytes + head_bytes, bytes.len - head_bytes);
    for (b = 0; b < blocks; b++) {
        const uint8_t *head = column.heads.bytes + (size_t)b * HEAD_BYTES;
        uint32_t n = count - b * BLOCK_VALUES;
        uint32_t offset = lede_load_u32(head + 8);
        unsigned width = head[12];
        size_t room = column.bytes.len - PAD_BYTES;

        n = n < BLOCK_VALUES ? n : BLOCK_VALUES;
        if ((width > PACKED_MAX_WIDTH && width != 64) || offset > room ||
            block_bytes(n, width) > room - offset) {
            return lede_fail(err, LEDE_CORRUPT, "column: bad block %u", b);
        }
    }
    *out = column;
    return LEDE_OK;
}

int64_t lede_column_get(const lede_column *column, uint32_t i)
{
    const uint8_t *head =
        column->heads.bytes + (size_t)(i / BLOCK_VALUES) * HEAD_BYTES;
    unsigned width = head[12];
    uint64_t bit = (uint64_t)(i % BLOCK_VALUES) * width;
    uint64_t value;

    if (width == 0) {
        return (int64_t)lede_load_u64(head);
    }
    value = lede_bits_load(column->bytes.bytes + lede_load_u32(head + 8) +
                           (bit >> 3)) >>
            (bit & 7);
    if (width < 64) {
        value &= (UINT64_C(1) << width) - 1;
    }
    return (int64_t)(lede_load_u64(head) + value);
}

void lede_column_prefetch_head(const lede_column *column, uint32_t i)
{
    if (i < column->count) {
        __builtin_prefetch(column->heads.bytes +
                           (size_t)(i / BLOCK_VALUES) * HEAD_BYTES);
    }
}

void lede_column_prefetch(const lede_column *column, uint32_t i)
{
    const uint8_t *head =
        column->heads.bytes + (size_t)(i / BLOCK_VALUES) * HEAD_BYTES;

    if (i < column->count) {
        __builtin_prefetch(column->bytes.bytes + lede_load_u32(head + 8) +
                           ((size_t)(i % BLOCK_VALUES) * head[12] >> 3));
    }
}
