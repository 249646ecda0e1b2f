/* postings_bits.h - "many small integers in few bits"
 *
 * What the parts of a posting list are packed with: integers of one width, laid
 * end to end, least significant bit first, so that integer i begins at bit
 * i x width. Any one of them can be read alone; eight of width w fill exactly w
 * bytes, which is what lets vector code load them by whole bytes.
 *
 * Internal to storage/postings*.c. Reads never leave the span given, whatever
 * the widths; where a vector load would, a padded copy is read instead.
 *
 * Threads: pure functions; the choice of variant is made once and is the same
 * for all threads. */
#ifndef LEDE_STORAGE_POSTINGS_BITS_H
#define LEDE_STORAGE_POSTINGS_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"

/* Which code unpacks: the best that the processor has, unless a test wants
 * another. All give the same result. */
typedef enum lede_simd {
    LEDE_SIMD_SCALAR = 0,
    LEDE_SIMD_AVX2 = 1,
    LEDE_SIMD_AVX512 = 2,
    LEDE_SIMD_COUNT
} lede_simd;

bool lede_simd_is_supported(lede_simd variant);
lede_simd lede_simd_current(void);
/* For tests: `variant` must be supported. */
void lede_simd_force(lede_simd variant);

/* A little-endian load of eight bytes at any address, and a store. */
static inline uint64_t lede_bits_load(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

static inline void lede_bits_store(uint8_t *p, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    memcpy(p, &v, sizeof v);
}

/* The same where fewer than eight bytes may be left: what is missing reads as
 * 0. `at` may be anything. */
uint64_t lede_bits_load_tail(lede_span bytes, size_t at);

static inline uint64_t lede_bits_load_at(lede_span bytes, size_t at)
{
    if (bytes.len >= 8 && at <= bytes.len - 8) {
        return lede_bits_load(bytes.bytes + at);
    }
    return lede_bits_load_tail(bytes, at);
}

/* Bits [bit, bit + count) of `bytes`, count <= 56; 0 beyond the end. */
static inline uint64_t lede_bits_get(lede_span bytes, uint64_t bit,
                                     unsigned count)
{
    return lede_bits_load_at(bytes, (size_t)(bit >> 3)) >> (bit & 7) &
           ((UINT64_C(1) << count) - 1);
}

/* The number of bits that `v` needs: 0 for 0. */
static inline unsigned lede_bits_width(uint32_t v)
{
    return v == 0 ? 0 : 32 - (unsigned)__builtin_clz(v);
}

/* The bytes of `n` integers of `width` bits. */
static inline size_t lede_bits_bytes(uint32_t n, unsigned width)
{
    return ((size_t)n * width + 7) / 8;
}

/* Appends `n` integers below 2^width, width <= 32. */
void lede_bits_pack(const uint32_t *values, uint32_t n, unsigned width,
                    lede_buf *out);

enum {
    LEDE_BITS_MAX = 128,      /* integers at a time */
    LEDE_SIMD_MAX_WIDTH = 25, /* what fits in 32 bits at any bit of a byte */
    LEDE_BITS_PAD = 64,
    LEDE_BITS_ROOM = LEDE_BITS_MAX * LEDE_SIMD_MAX_WIDTH / 8 + LEDE_BITS_PAD
};

/* Reads the first `n` <= 128 of the integers at the beginning of `bytes`, which
 * must hold them all; what follows them in `bytes` may be read, too, but no
 * more. `out` has room for n rounded up to 16; places from n on hold anything.
 */
void lede_bits_unpack(lede_span bytes, uint32_t n, unsigned width,
                      uint32_t *out);

/* The same, but each is (integer + add) << shift. */
void lede_bits_unpack_scaled(lede_span bytes, uint32_t n, unsigned width,
                             uint32_t add, unsigned shift, uint32_t *out);

/* The same with a running sum: out[i] = first + i + the sum of integers 0 to
 * i. The width is at most 24, so that nothing wraps. */
void lede_bits_unpack_gaps(lede_span bytes, uint32_t n, unsigned width,
                           uint32_t first, uint32_t *out);

/* Writes first + i for each bit i that is set in `bytes`; returns how many
 * there are, or 129 if more than 128. */
uint32_t lede_bits_unpack_set(lede_span bytes, uint32_t first,
                              uint32_t out[LEDE_BITS_MAX]);

/* The number of bits set. */
uint32_t lede_bits_count(lede_span bytes);

/* Ascending numbers in two parts (P. Elias, "Efficient storage and retrieval by
 * content and address of static files", 1974): of each, less `first` and less
 * its place i, the low `width` bits are packed in `low`; what is above them is
 * that many zeros, counted from number 0 on, before its one in `high`, which
 * has exactly n ones. False if the numbers do not ascend. The bytes behind
 * `low` may be read, those behind `high` not; `out` has room for n rounded up
 * to 16. */
bool lede_bits_unpack_split(lede_span low, unsigned width, lede_span high,
                            uint32_t n, uint32_t first, uint32_t *out);

/* The place of `wanted` among what unpack_gaps or unpack_split would write,
 * which all of it need not be unpacked for; `n` if it is not there. It is at
 * least `first`, and at most the last of the numbers. Whether they ascend is
 * not looked at: of a damaged block the answer may be any, up to n. */
uint32_t lede_bits_find_gap(lede_span bytes, uint32_t n, unsigned width,
                            uint32_t first, uint32_t wanted);
uint32_t lede_bits_find_split(lede_span low, unsigned width, lede_span high,
                              uint32_t n, uint32_t first, uint32_t wanted);

/* How many of `n` ascending little-endian u32s come before the first that is
 * >= least. Linear: for few, or where the answer is near. */
uint32_t lede_bits_find(const uint8_t *values, uint32_t n, uint32_t least);

/* The bits of `n` Rice codes without their ones: number i has `values[i] >> w`
 * above its w low bits, where 4 w is quarters[i] + bias, rounded down, at least
 * 0 and at most 4 x 31. */
uint64_t lede_bits_rice(const uint32_t *values, const int8_t *quarters,
                        size_t n, int bias);

/* `count` Rice codes (docs/FORMAT.md, "Positions"): their unary parts run up
 * from `bit`, which moves behind them, to `end` at most; their low bits run
 * down from `low_end`: those of the number, and below them those of a rank. */
typedef struct lede_rice_codes {
    uint64_t bit, end, low_end;
    uint32_t count;                 /* to read; then, that were read */
    uint32_t limit;                 /* a sum behind it may be the last */
    unsigned low_width, rank_width; /* at most 47 together */
} lede_rice_codes;

/* One variant: what the functions above do, for widths 1 (parts: 0) to
 * LEDE_SIMD_MAX_WIDTH, with LEDE_BITS_PAD bytes to read behind the integers. */
typedef struct lede_simd_table {
    void (*unpack)(lede_span bytes, uint32_t n, unsigned width, uint32_t add,
                   unsigned shift, uint32_t *out);
    void (*unpack_gaps)(lede_span bytes, uint32_t n, unsigned width,
                        uint32_t first, uint32_t *out);
    uint32_t (*unpack_set)(lede_span bytes, uint32_t first, uint32_t *out);
    uint32_t (*count)(lede_span bytes);
    bool (*unpack_split)(lede_span low, unsigned width, lede_span high,
                         uint32_t n, uint32_t first, uint32_t *out);
    uint32_t (*find_gap)(lede_span bytes, uint32_t n, unsigned width,
                         uint32_t first, uint32_t wanted);
    uint32_t (*find_split)(lede_span low, unsigned width, lede_span high,
                           uint32_t n, uint32_t first, uint32_t wanted);
    uint32_t (*find)(const uint8_t *values, uint32_t n, uint32_t least);
    uint64_t (*rice)(const uint32_t *values, const int8_t *quarters, size_t n,
                     int bias);
    /* Passes over `count` ones from *bit on; false if that leads past `end`. */
    bool (*pass_ones)(lede_span bytes, uint64_t *bit, uint64_t end,
                      uint64_t count);
    /* The sums of the numbers of codes 0 to k, and, if ranks have a width, the
     * rank of each. False if the codes lead past their end or a sum past 32
     * bits. The low bits must lie within `bytes`. */
    bool (*read_codes)(lede_span bytes, lede_rice_codes *codes, uint32_t *sums,
                       uint16_t *ranks);
} lede_simd_table;

const lede_simd_table *lede_simd_current_table(void);

/* NULL if the processor has it not (storage/postings_simd.c). */
const lede_simd_table *lede_simd_table_of(lede_simd variant);

#endif
