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

static uint32_t gap_at(const uint32_t *positions, uint32_t i)
{
    return i == 0 ? positions[0] : positions[i] - positions[i - 1];
}

/* Bits of the postings [from, to), whose positions begin at `positions`. */
static uint64_t cost_of(const lede_position_rows *rows, lede_rice_mode mode,
                        uint32_t from, uint32_t to, const uint32_t *positions)
{
    uint64_t bits = 0;
    uint32_t i;
    uint32_t k;

    for (i = from; i < to; i++) {
        uint32_t count = rows->counts[i];
        unsigned width = lede_rice_mode_width(mode, rows->lengths[i], count);

        bits +=
            (uint64_t)count * (1 + width + lede_rank_width(rows->set_sizes[i]));
        for (k = 0; k < count; k++) {
            bits += gap_at(positions, k) >> width;
        }
        positions += count;
    }
    return bits;
}

static uint64_t cost_of_all(const lede_position_rows *rows, lede_rice_mode mode)
{
    return cost_of(rows, mode, 0, rows->n, rows->positions);
}

/* Walks from *mode in steps of `step` as long as it gets better. */
static uint64_t climb(const lede_position_rows *rows, lede_rice_mode *mode,
                      int step, uint64_t best)
{
    for (;;) {
        lede_rice_mode next = {mode->is_fixed, mode->value + step};
        int most = next.is_fixed ? LEDE_RICE_MAX_WIDTH : LEDE_RICE_BIAS_MOST;
        int least = next.is_fixed ? 0 : LEDE_RICE_BIAS_LEAST;
        uint64_t cost;

        if (next.value < least || next.value > most) {
            return best;
        }
        cost = cost_of_all(rows, next);
        if (cost >= best) {
            return best;
        }
        best = cost;
        *mode = next;
    }
}

static uint64_t best_from(const lede_position_rows *rows, lede_rice_mode *mode)
{
    uint64_t start = cost_of_all(rows, *mode);
    uint64_t best = climb(rows, mode, 1, start);

    return best < start ? best : climb(rows, mode, -1, start);
}

/* The mean of the gaps, for a width that suits all. */
static int fixed_width(const lede_position_rows *rows)
{
    uint64_t sum = 0;
    uint64_t count = 0;
    const uint32_t *p = rows->positions;
    uint32_t i;

    for (i = 0; i < rows->n; i++) {
        if (rows->counts[i] > 0) {
            sum += p[rows->counts[i] - 1];
        }
        count += rows->counts[i];
        p += rows->counts[i];
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

/* The sub-block of postings [from, to) in bits [begin, end). */
static void put_subblock(const lede_position_rows *rows, lede_rice_mode mode,
                         uint32_t from, uint32_t to, const uint32_t *positions,
                         const uint16_t *ranks, uint8_t *bytes, uint64_t begin,
                         uint64_t end)
{
    uint32_t i;
    uint32_t k;

    for (i = from; i < to; i++) {
        uint32_t count = rows->counts[i];
        unsigned width = lede_rice_mode_width(mode, rows->lengths[i], count);
        unsigned rank_width = lede_rank_width(rows->set_sizes[i]);

        for (k = 0; k < count; k++) {
            uint32_t gap = gap_at(positions, k);
            uint64_t low = gap & ((UINT64_C(1) << width) - 1);

            begin += gap >> width;
            put_bits(bytes, begin++, 1);
            end -= width + rank_width;
            low = low << rank_width | (rank_width == 0 ? 0 : ranks[k]);
            put_bits(bytes, end, low);
        }
        positions += count;
        ranks += count;
    }
    assert(begin == end);
}

static void put_directory(const uint64_t *ends, uint32_t subblocks, uint32_t n,
                          lede_buf *out)
{
    uint32_t steps[LEDE_SUBBLOCKS];
    uint32_t all = 0;
    uint32_t j;

    for (j = 1; j < subblocks; j++) {
        uint64_t expected =
            ends[subblocks - 1] * (j * LEDE_SUBBLOCK_POSTINGS) / n;

        steps[j - 1] = (uint32_t)lede_zigzag_encode((int64_t)ends[j - 1] -
                                                    (int64_t)expected);
        all |= steps[j - 1];
    }
    lede_buf_put_byte(out, (uint8_t)lede_bits_width(all));
    lede_bits_pack(steps, subblocks - 1, lede_bits_width(all), out);
}

static void put_block(const lede_position_rows *rows, lede_rice_mode mode,
                      lede_buf *out)
{
    uint32_t subblocks =
        (rows->n + LEDE_SUBBLOCK_POSTINGS - 1) / LEDE_SUBBLOCK_POSTINGS;
    uint64_t ends[LEDE_SUBBLOCKS] = {0};
    uint32_t firsts[LEDE_SUBBLOCKS + 1] = {0};
    uint64_t bits = 0;
    size_t bytes;
    uint8_t *to;
    uint32_t j;
    uint32_t i;

    for (j = 0; j < subblocks; j++) {
        uint32_t from = j * LEDE_SUBBLOCK_POSTINGS;
        uint32_t until = from + LEDE_SUBBLOCK_POSTINGS;

        until = until < rows->n ? until : rows->n;
        firsts[j + 1] = firsts[j];
        for (i = from; i < until; i++) {
            firsts[j + 1] += rows->counts[i];
        }
        bits += cost_of(rows, mode, from, until, rows->positions + firsts[j]);
        ends[j] = bits;
    }
    lede_buf_put_byte(out,
                      (uint8_t)(mode.is_fixed ? LEDE_RICE_FIXED | mode.value
                                              : mode.value + LEDE_RICE_BIAS));
    lede_buf_put_varint(out, bits);
    if (subblocks > 1) {
        put_directory(ends, subblocks, rows->n, out);
    }
    bytes = (size_t)(bits + 7) / 8;
    to = lede_buf_extend(out, bytes + 8);
    if (to == NULL) {
        return;
    }
    memset(to, 0, bytes + 8);
    for (j = 0; j < subblocks; j++) {
        uint32_t from = j * LEDE_SUBBLOCK_POSTINGS;
        uint32_t until = from + LEDE_SUBBLOCK_POSTINGS;

        put_subblock(rows, mode, from, until < rows->n ? until : rows->n,
                     rows->positions + firsts[j], rows->ranks + firsts[j], to,
                     j == 0 ? 0 : ends[j - 1], ends[j]);
    }
    out->len -= 8;
}

bool lede_positions_encode(const lede_position_rows *rows, int *bias,
                           lede_buf *out)
{
    lede_rice_mode mode = {false, *bias};
    lede_rice_mode fixed = {true, fixed_width(rows)};
    uint64_t best = best_from(rows, &mode);
    uint64_t best_fixed = cost_of_all(rows, fixed);

    if (best_fixed < best) {
        best_fixed = best_from(rows, &fixed);
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
    put_block(rows, mode, out);
    return true;
}
