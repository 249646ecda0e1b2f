#include "base/varint.h"

size_t lede_varint_encode(uint8_t *out, uint64_t value)
{
    size_t len = 0;

    while (value >= 0x80) {
        out[len++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    out[len++] = (uint8_t)value;
    return len;
}

const uint8_t *lede_varint_decode(const uint8_t *p, const uint8_t *end,
                                  uint64_t *out)
{
    uint64_t value = 0;
    unsigned shift = 0;

    while (p < end) {
        uint8_t byte = *p++;

        if (shift == 63 && byte > 1) {
            return NULL;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            *out = value;
            return p;
        }
        shift += 7;
        if (shift > 63) {
            return NULL;
        }
    }
    return NULL;
}

uint16_t lede_read_u16(lede_reader *reader)
{
    lede_span span = lede_read_bytes(reader, 2);

    return span.len == 2 ? lede_load_u16(span.bytes) : 0;
}

uint32_t lede_read_u32(lede_reader *reader)
{
    lede_span span = lede_read_bytes(reader, 4);

    return span.len == 4 ? lede_load_u32(span.bytes) : 0;
}

uint64_t lede_read_u64(lede_reader *reader)
{
    lede_span span = lede_read_bytes(reader, 8);

    return span.len == 8 ? lede_load_u64(span.bytes) : 0;
}

uint64_t lede_read_long_varint(lede_reader *reader)
{
    uint64_t value = 0;
    const uint8_t *next;

    if (reader->bad) {
        return 0;
    }
    next = lede_varint_decode(reader->p, reader->end, &value);
    if (next == NULL) {
        reader->bad = true;
        return 0;
    }
    reader->p = next;
    return value;
}

lede_span lede_read_block(lede_reader *reader)
{
    uint64_t len = lede_read_varint_max(reader, SIZE_MAX / 2);

    return lede_read_bytes(reader, (size_t)len);
}
