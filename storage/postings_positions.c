/* postings_positions.c - positions, written.
 *
 * Gaps between positions are Rice codes (R. F. Rice, "Some Practical Universal
 * Noiseless Coding Techniques", 1979) whose width follows from how long the
 * entry is and how often the term stands in it. In each sub-block of 16
 * postings the unary parts run forward from its beginning, the bits below them
 * backward from its end: so the postings before the wanted one are passed over
 * by counting ones, without decoding them. */
#include <assert.h>

#include "storage/postings_codec.h"

/* --- Writing ---------------------------------------------------------------
 */

/* A block, prepared for trying widths. */
typedef struct codes {
    const lede_position_rows *rows;
    int8_t of_posting[LEDE_BLOCK_POSTINGS]; /* quarters of its width */
    const int8_t *quarters;                 /* the same for each position */
    const int8_t *zeros; /* as many: what widths of all begin from */
    size_t count;        /* of positions */
    uint64_t least;      /* bits whatever the widths: the ones, and the ranks */
    size_t counts[LEDE_SUBBLOCKS]; /* the same of each sub-block */
    uint64_t leasts[LEDE_SUBBLOCKS];
    bool has_ranks;
} codes;

enum { EXPANDED_ROOM = 8 };

/* Writes `count` times the same, and maybe more. */
static int8_t *put_quarters(int8_t *at, int8_t quarters, uint32_t count)
{
    if (count <= EXPANDED_ROOM) {
        lede_store_u64((uint8_t *)at,
                       (uint8_t)quarters * UINT64_C(0x0101010101010101));
    } else {
        memset(at, quarters, count);
    }
    return at + count;
}

static void count_codes(codes *c)
{
    const lede_position_rows *rows = c->rows;
    uint32_t i;

    for (i = 0; i < rows->n; i++) {
        uint32_t j = i / LEDE_SUBBLOCK_POSTINGS, count = rows->counts[i];

        c->of_posting[i] = (int8_t)lede_rice_quarters(rows->lengths[i], count);
        c->counts[j] += count;
        c->leasts[j] += count;
        if (rows->set_sizes[i] > 1) {
            c->has_ranks = true;
            c->leasts[j] +=
                (uint64_t)count * lede_rank_width(rows->set_sizes[i]);
        }
    }
    for (i = 0; i < LEDE_SUBBLOCKS; i++) {
        c->count += c->counts[i];
        c->least += c->leasts[i];
    }
}

/* False when out of memory. */
static bool prepare(const lede_position_rows *rows, lede_buf *scratch, codes *c)
{
    int8_t *at;
    uint32_t i;

    *c = (codes){.rows = rows};
    count_codes(c);
    lede_buf_clear(scratch);
    at = (int8_t *)lede_buf_extend(scratch, 2 * c->count + EXPANDED_ROOM);
    if (at == NULL) {
        return false;
    }
    c->quarters = at;
    for (i = 0; i < rows->n; i++) {
        at = put_quarters(at, c->of_posting[i], rows->counts[i]);
    }
    memset(at, 0, c->count);
    c->zeros = at;
    return true;
}

static unsigned width_of(const codes *c, lede_rice_mode mode, uint32_t i)
{
    return mode.is_fixed ? (unsigned)mode.value
                         : lede_rice_rounded(c->of_posting[i] + mode.value);
}

/* Of positions [first, first + count), without ones and ranks. */
static uint64_t cost_of(const codes *c, lede_rice_mode mode, size_t first,
                        size_t count)
{
    return mode.is_fixed
               ? lede_bits_rice(c->rows->gaps + first, c->zeros, count,
                                4 * mode.value)
               : lede_bits_rice(c->rows->gaps + first, c->quarters + first,
                                count, mode.value);
}

static uint64_t cost_of_all(const codes *c, lede_rice_mode mode)
{
    return c->least + cost_of(c, mode, 0, c->count);
}

/* Walks from *mode in steps of `step` as long as it gets better. */
static uint64_t climb(const codes *c, lede_rice_mode *mode, int step,
                      uint64_t best)
{
    for (;;) {
        lede_rice_mode next = {mode->is_fixed, mode->value + step};
        int most = next.is_fixed ? LEDE_RICE_MAX_WIDTH : LEDE_RICE_BIAS_MOST;
        int least = next.is_fixed ? 0 : LEDE_RICE_BIAS_LEAST;
        uint64_t cost;

        if (next.value < least || next.value > most) {
            return best;
        }
        cost = cost_of_all(c, next);
        if (cost >= best) {
            return best;
        }
        best = cost;
        *mode = next;
    }
}

static uint64_t best_from(const codes *c, lede_rice_mode *mode)
{
    uint64_t start = cost_of_all(c, *mode);
    uint64_t best = climb(c, mode, 1, start);

    return best < start ? best : climb(c, mode, -1, start);
}

/* The mean of the gaps, for a width that suits all. */
static int fixed_width(const codes *c)
{
    uint64_t sum = 0;
    size_t i;

    for (i = 0; i < c->count; i++) {
        sum += c->rows->gaps[i];
    }
    return c->count == 0 ? 0
                         : (int)lede_bits_width((uint32_t)(sum / c->count) / 2);
}

/* Writes at most 57 bits at a bit offset of zeroed bytes; eight bytes past
 * the last one written must be there, too. */
static void put_bits(uint8_t *bytes, uint64_t bit, uint64_t value)
{
    uint8_t *p = bytes + (bit >> 3);

    lede_bits_store(p, lede_bits_load(p) | value << (bit & 7));
}

/* Where a sub-block lies: its bits, and its codes among those of the block. */
typedef struct place {
    uint32_t from, to; /* postings */
    size_t first;
    uint64_t begin, end;
} place;

/* What is on its way to the two ends of a sub-block. */
typedef struct bit_writer {
    uint8_t *bytes;
    uint64_t ones, ones_at; /* and the bit that they begin at */
    uint64_t next;          /* bit behind the last one */
    uint64_t lows;
    unsigned low_count;
    uint64_t end; /* bit before which they go */
} bit_writer;

/* As many bits as put_bits has room for. */
enum { WRITTEN_BITS = 57 };

static inline void put_unary(bit_writer *w, uint32_t zeros)
{
    uint64_t at = w->next + zeros;

    if (at - w->ones_at >= WRITTEN_BITS) {
        put_bits(w->bytes, w->ones_at, w->ones);
        w->ones = 0;
        w->ones_at = at;
    }
    w->ones |= UINT64_C(1) << (at - w->ones_at);
    w->next = at + 1;
}

static inline void put_low(bit_writer *w, uint64_t low, unsigned width)
{
    if (w->low_count + width > WRITTEN_BITS) {
        w->end -= w->low_count;
        put_bits(w->bytes, w->end, w->lows);
        w->lows = 0;
        w->low_count = 0;
    }
    w->lows = w->lows << width | low;
    w->low_count += width;
}

static inline void put_codes(const codes *c, lede_rice_mode mode,
                             const place *p, uint8_t *bytes, bool has_ranks)
{
    const lede_position_rows *rows = c->rows;
    const uint32_t *gaps = rows->gaps + p->first;
    bit_writer w = {
        .bytes = bytes, .ones_at = p->begin, .next = p->begin, .end = p->end};
    size_t at = p->first;
    uint32_t i;
    uint32_t k;

    for (i = p->from; i < p->to; i++) {
        uint32_t count = rows->counts[i];
        unsigned width = width_of(c, mode, i);
        unsigned rank_width =
            has_ranks ? lede_rank_width(rows->set_sizes[i]) : 0;
        uint32_t mask = (UINT32_C(1) << width) - 1;

        for (k = 0; k < count; k++) {
            put_unary(&w, gaps[k] >> width);
            put_low(&w, gaps[k] & mask, width);
            if (has_ranks && rank_width > 0) {
                put_low(&w, rows->ranks[at + k], rank_width);
            }
        }
        gaps += count;
        at += count;
    }
    put_bits(bytes, w.ones_at, w.ones);
    put_bits(bytes, w.end - w.low_count, w.lows);
    assert(w.next == w.end - w.low_count);
}

static void put_subblock(const codes *c, lede_rice_mode mode, const place *p,
                         uint8_t *bytes)
{
    if (c->has_ranks) {
        put_codes(c, mode, p, bytes, true);
    } else {
        put_codes(c, mode, p, bytes, false);
    }
}

static void put_directory(const place *places, uint32_t subblocks, uint32_t n,
                          lede_buf *out)
{
    uint32_t steps[LEDE_SUBBLOCKS];
    uint32_t all = 0;
    uint32_t j;

    for (j = 1; j < subblocks; j++) {
        uint64_t expected =
            places[subblocks - 1].end * (j * LEDE_SUBBLOCK_POSTINGS) / n;

        steps[j - 1] = (uint32_t)lede_zigzag_encode((int64_t)places[j - 1].end -
                                                    (int64_t)expected);
        all |= steps[j - 1];
    }
    lede_buf_put_byte(out, (uint8_t)lede_bits_width(all));
    lede_bits_pack(steps, subblocks - 1, lede_bits_width(all), out);
}

static void put_block(const codes *c, lede_rice_mode mode, lede_buf *out)
{
    uint32_t n = c->rows->n;
    uint32_t subblocks =
        (n + LEDE_SUBBLOCK_POSTINGS - 1) / LEDE_SUBBLOCK_POSTINGS;
    place places[LEDE_SUBBLOCKS];
    place next = {0, 0, 0, 0, 0};
    uint64_t bits;
    size_t bytes;
    uint8_t *to;
    uint32_t j;

    for (j = 0; j < subblocks; j++) {
        next.to = next.from + LEDE_SUBBLOCK_POSTINGS;
        next.to = next.to < n ? next.to : n;
        next.end = next.begin + c->leasts[j] +
                   cost_of(c, mode, next.first, c->counts[j]);
        places[j] = next;
        next.first += c->counts[j];
        next.from = next.to;
        next.begin = next.end;
    }
    bits = next.end;
    lede_buf_put_byte(out,
                      (uint8_t)(mode.is_fixed ? LEDE_RICE_FIXED | mode.value
                                              : mode.value + LEDE_RICE_BIAS));
    lede_buf_put_varint(out, bits);
    if (subblocks > 1) {
        put_directory(places, subblocks, n, out);
    }
    bytes = (size_t)(bits + 7) / 8;
    to = lede_buf_extend(out, bytes + 8);
    if (to == NULL) {
        return;
    }
    memset(to, 0, bytes + 8);
    for (j = 0; j < subblocks; j++) {
        put_subblock(c, mode, &places[j], to);
    }
    out->len -= 8;
}

bool lede_positions_encode(const lede_position_rows *rows, int *bias,
                           lede_buf *scratch, lede_buf *out)
{
    lede_rice_mode mode = {false, *bias};
    lede_rice_mode fixed = {true, 0};
    uint64_t best, best_fixed;
    codes c;

    if (!prepare(rows, scratch, &c)) {
        return true; /* the scratch buffer tells */
    }
    best = best_from(&c, &mode);
    fixed.value = fixed_width(&c);
    best_fixed = cost_of_all(&c, fixed);
    if (best_fixed < best) {
        best_fixed = best_from(&c, &fixed);
    }
    if (best_fixed < best) {
        mode = fixed;
        best = best_fixed;
    } else {
        *bias = mode.value;
    }
    if (best >= UINT64_C(1) << 31) {
        return false;
    }
    put_block(&c, mode, out);
    return true;
}
