/* varint.h - "an integer as bytes"
 *
 * Fixed-width little-endian loads and stores that do not care about alignment,
 * LEB128 varints (seven bits a byte, least significant first; the integers of
 * DWARF and Protocol Buffers), zigzag for signed values, and a bounded reader
 * for bytes that nobody vouches for.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_VARINT_H
#define LEDE_BASE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"

#define LEDE_VARINT_MAX_BYTES 10

static inline uint16_t lede_load_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t lede_load_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static inline uint64_t lede_load_u64(const uint8_t *p)
{
    return (uint64_t)lede_load_u32(p) | (uint64_t)lede_load_u32(p + 4) << 32;
}

static inline void lede_store_u16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void lede_store_u32(uint8_t *p, uint32_t v)
{
    lede_store_u16(p, (uint16_t)v);
    lede_store_u16(p + 2, (uint16_t)(v >> 16));
}

static inline void lede_store_u64(uint8_t *p, uint64_t v)
{
    lede_store_u32(p, (uint32_t)v);
    lede_store_u32(p + 4, (uint32_t)(v >> 32));
}

/* Big-endian, for keys whose byte order must be number order. */
static inline void lede_store_u32_be(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

static inline uint32_t lede_load_u32_be(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

/* Signed to unsigned, small magnitudes staying small. */
static inline uint64_t lede_zigzag_encode(int64_t v)
{
    return ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0);
}

static inline int64_t lede_zigzag_decode(uint64_t v)
{
    return (int64_t)((v >> 1) ^ (~(v & 1) + 1));
}

/* Writes at most LEDE_VARINT_MAX_BYTES; returns how many. */
size_t lede_varint_encode(uint8_t *out, uint64_t value);

/* Reads from [p, end); returns the byte after the varint, or NULL if it is cut
 * off or longer than 64 bits. */
const uint8_t *lede_varint_decode(const uint8_t *p, const uint8_t *end,
                                  uint64_t *out);

/* A cursor over untrusted bytes. The first read past the end, or of a value
 * out of range, sets `bad`; from then on every read gives 0 or an empty span,
 * so that a decoder checks once, at the end. */
typedef struct lede_reader {
    const uint8_t *p;
    const uint8_t *end;
    bool bad;
} lede_reader;

static inline lede_reader lede_reader_of(lede_span span)
{
    lede_reader reader = {
        span.bytes, span.len == 0 ? span.bytes : span.bytes + span.len, false};
    return reader;
}

/* `len` bytes, lent from the input. */
static inline lede_span lede_read_bytes(lede_reader *reader, size_t len)
{
    lede_span span = {0};

    if (reader->bad || len > (size_t)(reader->end - reader->p)) {
        reader->bad = true;
        return span;
    }
    if (len > 0) {
        span = lede_span_of(reader->p, len);
        reader->p += len;
    }
    return span;
}

static inline uint8_t lede_read_byte(lede_reader *reader)
{
    if (reader->bad || reader->p == reader->end) {
        reader->bad = true;
        return 0;
    }
    return *reader->p++;
}

uint16_t lede_read_u16(lede_reader *reader);
uint32_t lede_read_u32(lede_reader *reader);
uint64_t lede_read_u64(lede_reader *reader);

/* Of more than one byte. */
uint64_t lede_read_long_varint(lede_reader *reader);

static inline uint64_t lede_read_varint(lede_reader *reader)
{
    if (!reader->bad && reader->p != reader->end && *reader->p < 0x80) {
        return *reader->p++;
    }
    return lede_read_long_varint(reader);
}

/* A varint that must be at most `max`. */
static inline uint64_t lede_read_varint_max(lede_reader *reader, uint64_t max)
{
    uint64_t value = lede_read_varint(reader);

    if (value > max) {
        reader->bad = true;
        return 0;
    }
    return value;
}

/* What lede_buf_put_block wrote, lent from the input. */
lede_span lede_read_block(lede_reader *reader);

#endif
