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
    int quarters[LEDE_BLOCK_POSTINGS]; /* of each posting's width */
    uint64_t least; /* bits whatever the widths: the ones, and the ranks */
} codes;

static void prepare(const lede_position_rows *rows, codes *c)
{
    uint32_t i;

    c->rows = rows;
    c->least = 0;
    for (i = 0; i < rows->n; i++) {
        c->quarters[i] = lede_rice_quarters(rows->lengths[i], rows->counts[i]);
        c->least += (uint64_t)rows->counts[i] *
                    (1 + lede_rank_width(rows->set_sizes[i]));
    }
}

static unsigned width_of(const codes *c, lede_rice_mode mode, uint32_t i)
{
    return mode.is_fixed ? (unsigned)mode.value
                         : lede_rice_rounded(c->quarters[i] + mode.value);
}

static uint64_t cost_of_all(const codes *c, lede_rice_mode mode)
{
    const lede_position_rows *rows = c->rows;
    const uint32_t *gaps = rows->gaps;
    uint64_t bits = c->least;
    uint32_t i;
    uint32_t k;

    for (i = 0; i < rows->n; i++) {
        uint32_t count = rows->counts[i];
        unsigned width = width_of(c, mode, i);

        bits += (uint64_t)count * width;
        for (k = 0; k < count; k++) {
            bits += gaps[k] >> width;
        }
        gaps += count;
    }
    return bits;
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
static int fixed_width(const lede_position_rows *rows)
{
    uint64_t sum = 0;
    uint64_t count = 0;
    uint64_t i;

    for (i = 0; i < rows->n; i++) {
        count += rows->counts[i];
    }
    for (i = 0; i < count; i++) {
        sum += rows->gaps[i];
    }
    return count == 0 ? 0 : (int)lede_bits_width((uint32_t)(sum / count) / 2);
}

/* Writes `count` <= 48 bits at a bit offset of zeroed bytes; eight bytes past
 * the last one written must be there, too. */
static void put_bits(uint8_t *bytes, uint64_t bit, uint64_t value)
{
    uint8_t *p = bytes + (bit >> 3);

    lede_bits_store(p, lede_bits_load(p) | value << (bit & 7));
}

/* Where a sub-block lies: its bits, and its codes among those of the block. */
typedef struct place {
    uint32_t from, to; /* postings */
    uint32_t first;
    uint64_t begin, end;
} place;

static void measure(const codes *c, lede_rice_mode mode, place *p)
{
    const lede_position_rows *rows = c->rows;
    const uint32_t *gaps = rows->gaps + p->first;
    uint32_t i;
    uint32_t k;

    p->end = p->begin;
    for (i = p->from; i < p->to; i++) {
        uint32_t count = rows->counts[i];
        unsigned width = width_of(c, mode, i);

        p->end +=
            (uint64_t)count * (1 + width + lede_rank_width(rows->set_sizes[i]));
        for (k = 0; k < count; k++) {
            p->end += gaps[k] >> width;
        }
        gaps += count;
    }
}

static void put_subblock(const codes *c, lede_rice_mode mode, const place *p,
                         uint8_t *bytes)
{
    const lede_position_rows *rows = c->rows;
    uint64_t begin = p->begin, end = p->end;
    uint32_t at = p->first;
    uint32_t i;
    uint32_t k;

    for (i = p->from; i < p->to; i++) {
        unsigned width = width_of(c, mode, i);
        unsigned rank_width = lede_rank_width(rows->set_sizes[i]);

        for (k = 0; k < rows->counts[i]; k++, at++) {
            uint32_t gap = rows->gaps[at];
            uint64_t low = gap & ((UINT64_C(1) << width) - 1);

            begin += gap >> width;
            put_bits(bytes, begin++, 1);
            end -= width + rank_width;
            low = low << rank_width | (rank_width == 0 ? 0 : rows->ranks[at]);
            put_bits(bytes, end, low);
        }
    }
    assert(begin == end);
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
    uint32_t i;

    for (j = 0; j < subblocks; j++) {
        next.to = next.from + LEDE_SUBBLOCK_POSTINGS;
        next.to = next.to < n ? next.to : n;
        measure(c, mode, &next);
        places[j] = next;
        for (i = next.from; i < next.to; i++) {
            next.first += c->rows->counts[i];
        }
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
                           lede_buf *out)
{
    lede_rice_mode mode = {false, *bias};
    lede_rice_mode fixed = {true, fixed_width(rows)};
    uint64_t best, best_fixed;
    codes c;

    prepare(rows, &c);
    best = best_from(&c, &mode);
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
