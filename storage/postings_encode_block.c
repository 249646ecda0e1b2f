/* postings_encode_block.c - one block of postings as bytes. */
#include "storage/postings_encode.h"

/* --- Impacts ---------------------------------------------------------------
 */

typedef struct impact {
    uint16_t frequency;
    uint8_t length;
    double slowness; /* of its length: the score is f / (f + slowness) */
} impact;

/* Frequencies and lengths are doubled weights, hence 2.4 = 2 k1. */
void lede_slowness_set(lede_slowness *slowness, float average_length)
{
    double average = average_length > 0 ? average_length : 1;
    unsigned i;

    if (slowness->average == average_length && slowness->of[0] > 0) {
        return;
    }
    slowness->average = average_length;
    for (i = 0; i < 256; i++) {
        slowness->of[i] =
            2.4 * (0.25 + 0.75 * lede_length_decode((uint8_t)i) / average);
    }
}

/* f / (f + s) grows with f / s, and fractions compare without a division. */
static uint32_t best_posting(const lede_pending_block *pending,
                             const lede_slowness *slowness)
{
    double best_f = -1, best_s = 1;
    uint32_t at = 0;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        double f = pending->frequencies[i];
        double s = slowness->of[pending->lengths[i]];

        if (f * best_s > best_f * s) {
            best_f = f;
            best_s = s;
            at = i;
        }
    }
    return at;
}

static bool bounds(const impact *left, const impact *right)
{
    return left->frequency >= right->frequency && left->length <= right->length;
}

/* Keeps `chain` what no other bounds, frequencies and lengths falling; returns
 * its new length. */
static uint32_t add_to_chain(impact *chain, uint32_t count, impact added)
{
    uint32_t at = 0;
    uint32_t end;

    while (at < count && chain[at].frequency > added.frequency) {
        at++;
    }
    if ((at > 0 && bounds(&chain[at - 1], &added)) ||
        (at < count && bounds(&chain[at], &added))) {
        return count;
    }
    for (end = at; end < count && bounds(&added, &chain[end]); end++) {
    }
    memmove(chain + at + 1, chain + end, (count - end) * sizeof *chain);
    chain[at] = added;
    return count - (end - at) + 1;
}

/* What bounds links [from, to) of the chain together. */
static impact corner(const impact *chain, uint32_t from, uint32_t to)
{
    impact out = chain[to - 1];

    out.frequency = chain[from].frequency;
    return out;
}

static double score(impact i)
{
    return i.frequency / (i.frequency + i.slowness);
}

enum { CORNERS = LEDE_BLOCK_IMPACTS - 1 };

/* Cuts the chain in at most `corners` stretches such that the highest of their
 * corners is as low as can be: `cuts[k][i]` is where the last of k + 1
 * stretches begins that end with link i. Appends the corners. */
static uint32_t cut_chain(const impact *chain, uint32_t count, uint32_t corners,
                          impact *out)
{
    double least[CORNERS][LEDE_BLOCK_POSTINGS];
    uint8_t cuts[CORNERS][LEDE_BLOCK_POSTINGS];
    double scores[LEDE_BLOCK_POSTINGS];
    uint32_t made = 0;
    uint32_t k, i, j;

    for (i = 0; i < count; i++) {
        for (j = 0; j <= i; j++) {
            scores[j] = score(corner(chain, j, i + 1));
        }
        least[0][i] = scores[0];
        cuts[0][i] = 0;
        for (k = 1; k < corners; k++) {
            least[k][i] = least[k - 1][i];
            cuts[k][i] = cuts[k - 1][i];
            for (j = 1; j <= i; j++) {
                double here = scores[j];

                here = here > least[k - 1][j - 1] ? here : least[k - 1][j - 1];
                if (here < least[k][i]) {
                    least[k][i] = here;
                    cuts[k][i] = (uint8_t)j;
                }
            }
        }
    }
    for (k = corners; count > 0; k--) {
        uint32_t from = cuts[k - 1][count - 1];

        out[made] = corner(chain, from, count);
        made++;
        count = from;
    }
    return made;
}

lede_impacts lede_pending_impacts(const lede_pending_block *pending,
                                  uint32_t corners,
                                  const lede_slowness *slowness)
{
    uint32_t best = best_posting(pending, slowness);
    impact kept[LEDE_BLOCK_IMPACTS];
    impact chain[LEDE_BLOCK_POSTINGS];
    uint32_t links = 0;
    uint32_t count;
    lede_impacts out;
    uint32_t i;

    kept[0] =
        (impact){.frequency = lede_frequency_capped(pending->frequencies[best]),
                 .length = pending->lengths[best]};
    for (i = 0; i < pending->n; i++) {
        impact one = {.frequency =
                          lede_frequency_capped(pending->frequencies[i]),
                      .length = pending->lengths[i]};

        if (!bounds(&kept[0], &one)) {
            one.slowness = slowness->of[one.length];
            links = add_to_chain(chain, links, one);
        }
    }
    count = 1 + cut_chain(chain, links, corners, kept + 1);
    for (i = 0; i < LEDE_BLOCK_IMPACTS; i++) {
        out.frequencies[i] = kept[i < count ? i : count - 1].frequency;
        out.lengths[i] = kept[i < count ? i : count - 1].length;
    }
    return out;
}

/* --- Parts -----------------------------------------------------------------
 */

static void put_set_of_bits(const lede_pending_block *pending, uint32_t first,
                            lede_buf *out)
{
    uint32_t range = pending->entries[pending->n - 1] - first + 1;
    uint8_t *bits = lede_buf_extend(out, (range + 7) / 8);
    uint32_t i;

    if (bits == NULL) {
        return;
    }
    memset(bits, 0, (range + 7) / 8);
    for (i = 0; i < pending->n; i++) {
        uint32_t at = pending->entries[i] - first;

        bits[at / 8] = (uint8_t)(bits[at / 8] | 1u << (at % 8));
    }
}

/* In two parts: `width` low bits of each packed, then a bit set of what is
 * above them. */
static void put_split(const lede_pending_block *pending, uint32_t first,
                      unsigned width, lede_buf *out)
{
    uint32_t low[LEDE_BLOCK_POSTINGS];
    uint32_t last = pending->entries[pending->n - 1] - first - pending->n + 1;
    size_t bytes = ((last >> width) + pending->n + 7) / 8;
    uint8_t *high;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        low[i] =
            (pending->entries[i] - first - i) & ((UINT32_C(1) << width) - 1);
    }
    lede_bits_pack(low, pending->n, width, out);
    high = lede_buf_extend(out, bytes);
    if (high == NULL) {
        return;
    }
    memset(high, 0, bytes);
    for (i = 0; i < pending->n; i++) {
        uint32_t at = ((pending->entries[i] - first - i) >> width) + i;

        high[at / 8] = (uint8_t)(high[at / 8] | 1u << (at % 8));
    }
}

/* The width at which two parts take the fewest bytes. */
static unsigned best_split(uint32_t n, uint32_t last, size_t *bytes)
{
    unsigned best = 0, width;

    *bytes = lede_split_bytes(n, last, 0);
    for (width = 1; width <= LEDE_GAPS_MAX_WIDTH; width++) {
        size_t here = lede_split_bytes(n, last, width);

        if (here < *bytes) {
            *bytes = here;
            best = width;
        }
    }
    return best;
}

/* Two parts take longer to decode than packed gaps: so they have to save an
 * eighth. */
enum { SPLIT_SAVES = 8 };

/* Returns the block's first byte. */
static uint8_t put_gaps(const lede_pending_block *pending, uint32_t first,
                        lede_buf *out)
{
    uint32_t gaps[LEDE_BLOCK_POSTINGS];
    uint32_t all = 0;
    uint32_t next = first;
    uint32_t range = pending->entries[pending->n - 1] - first + 1;
    unsigned width, split_width;
    size_t packed, split;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        gaps[i] = pending->entries[i] - next;
        all |= gaps[i];
        next = pending->entries[i] + 1;
    }
    width = lede_bits_width(all);
    if (width > 0 && (range + 7) / 8 <= lede_bits_bytes(pending->n, width)) {
        put_set_of_bits(pending, first, out);
        return LEDE_GAPS_BITS;
    }
    packed = lede_bits_bytes(pending->n, width);
    split_width = best_split(pending->n, range - pending->n, &split);
    if (split * SPLIT_SAVES < packed * (SPLIT_SAVES - 1)) {
        put_split(pending, first, split_width, out);
        return (uint8_t)(LEDE_GAPS_SPLIT + split_width);
    }
    lede_bits_pack(gaps, pending->n, width, out);
    return (uint8_t)width;
}

/* How many values do not fit in `width` bits, and what they cost as exceptions.
 */
typedef struct exceptions {
    uint32_t count;
    unsigned bytes_log2;
    size_t bytes; /* in all */
} exceptions;

enum { MAX_EXCEPTIONS = 63 };

static exceptions count_exceptions(const uint32_t *values, uint32_t n,
                                   unsigned width)
{
    exceptions e = {0, 0, 0};
    uint32_t largest = 0;
    uint32_t i;

    for (i = 0; i < n && width < 32; i++) {
        e.count += values[i] >> width != 0;
        largest |= values[i] >> width;
    }
    if (e.count > 0) {
        e.bytes_log2 = largest < 256 ? 0 : largest < 65536 ? 1 : 2;
        e.bytes = 1 + (size_t)e.count * (1 + (UINT64_C(1) << e.bytes_log2));
    }
    return e;
}

static void put_exceptions(const uint32_t *values, uint32_t n, unsigned width,
                           exceptions e, lede_buf *out)
{
    uint32_t i;

    lede_buf_put_byte(out, (uint8_t)(e.count | e.bytes_log2 << 6));
    for (i = 0; i < n; i++) {
        if (values[i] >> width != 0) {
            lede_buf_put_byte(out, (uint8_t)i);
        }
    }
    for (i = 0; i < n; i++) {
        uint8_t bytes[4];

        if (values[i] >> width != 0) {
            lede_store_u32(bytes, values[i] >> width);
            lede_buf_put(out, bytes, (size_t)1 << e.bytes_log2);
        }
    }
}

/* Returns the block's second byte. */
static uint8_t put_frequencies(const lede_pending_block *pending, lede_buf *out)
{
    uint32_t values[LEDE_BLOCK_POSTINGS];
    uint32_t all = 0;
    unsigned shift;
    unsigned width;
    unsigned best;
    size_t best_bytes;
    exceptions e;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        all |= pending->frequencies[i];
    }
    shift = (all & 1) == 0 ? 1 : 0;
    for (i = 0, all = 0; i < pending->n; i++) {
        values[i] = (pending->frequencies[i] >> shift) - 1;
        all |= values[i];
    }
    best = lede_bits_width(all);
    best_bytes = lede_bits_bytes(pending->n, best);
    for (width = best; width-- > 0;) {
        e = count_exceptions(values, pending->n, width);
        if (e.count > MAX_EXCEPTIONS) {
            break;
        }
        if (e.bytes + lede_bits_bytes(pending->n, width) < best_bytes) {
            best = width;
            best_bytes = e.bytes + lede_bits_bytes(pending->n, width);
        }
    }
    e = count_exceptions(values, pending->n, best);
    if (e.count > 0) {
        put_exceptions(values, pending->n, best, e, out);
    }
    for (i = 0; i < pending->n && best < 32; i++) {
        values[i] &= (UINT32_C(1) << best) - 1;
    }
    lede_bits_pack(values, pending->n, best, out);
    return (uint8_t)(best | (shift != 0 ? LEDE_FREQUENCY_HALVED : 0u) |
                     (e.count > 0 ? LEDE_FREQUENCY_EXCEPTIONS : 0u));
}

/* Renumbers labels so that 0 is the most frequent; order[new] = old. */
static void order_labels(uint8_t *labels, uint32_t n, uint32_t count,
                         uint8_t *order)
{
    uint32_t uses[LEDE_BLOCK_POSTINGS] = {0};
    uint32_t top = 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        uses[labels[i]]++;
    }
    for (i = 0; i < count; i++) {
        top = uses[i] > uses[top] ? i : top;
        order[i] = (uint8_t)i;
    }
    order[0] = (uint8_t)top;
    order[top] = 0;
    for (i = 0; i < n; i++) {
        labels[i] = labels[i] == top ? 0
                    : labels[i] == 0 ? (uint8_t)top
                                     : labels[i];
    }
}

static bool put_fields(const lede_pending_block *pending, uint8_t usual,
                       lede_buf *out)
{
    uint8_t labels[LEDE_BLOCK_POSTINGS];
    uint8_t label_of[LEDE_FIELD_MASKS];
    uint8_t masks[LEDE_FIELD_MASKS];
    uint8_t order[LEDE_BLOCK_POSTINGS];
    uint32_t count = 0;
    uint32_t i;

    memset(label_of, UINT8_MAX, sizeof label_of);
    for (i = 0; i < pending->n; i++) {
        uint8_t mask = pending->fields[i];

        if (label_of[mask] == UINT8_MAX) {
            masks[count] = mask;
            label_of[mask] = (uint8_t)count++;
        }
        labels[i] = label_of[mask];
    }
    if (count == 1 && masks[0] == usual) {
        return false;
    }
    order_labels(labels, pending->n, count, order);
    lede_buf_put_byte(out, (uint8_t)count);
    for (i = 0; i < count; i++) {
        lede_buf_put_byte(out, masks[order[i]]);
    }
    lede_labels_encode(labels, pending->n, count, out);
    return true;
}

static lede_span set_of_label(const lede_pending_block *pending, uint8_t label)
{
    size_t begin = label == 0 ? 0 : pending->set_ends[label - 1];

    return lede_span_of(pending->sets.bytes + begin,
                        pending->set_ends[label] - begin);
}

lede_span lede_pending_set(const lede_pending_block *pending, uint32_t i)
{
    return set_of_label(pending, pending->set_labels[i]);
}

static bool put_sets(const lede_pending_block *pending, lede_buf *out)
{
    uint8_t labels[LEDE_BLOCK_POSTINGS];
    uint8_t order[LEDE_BLOCK_POSTINGS];
    uint32_t i;

    memcpy(labels, pending->set_labels, sizeof labels);
    order_labels(labels, pending->n, pending->set_count, order);
    if (pending->set_count > 1) {
        lede_buf_put_byte(out, (uint8_t)pending->set_count);
    }
    for (i = 0; i < pending->set_count; i++) {
        lede_buf_put_span(out, set_of_label(pending, order[i]));
    }
    lede_labels_encode(labels, pending->n, pending->set_count, out);
    return pending->set_count > 1;
}

int64_t lede_pending_correction(const lede_pending_block *pending, uint32_t i)
{
    return (int64_t)pending->counts[i] -
           lede_expected_count(pending->frequencies[i], pending->fields[i]);
}

static bool put_corrections(const lede_pending_block *pending, lede_buf *out)
{
    uint32_t count = 0;
    uint32_t i;

    for (i = 0; i < pending->n; i++) {
        count += lede_pending_correction(pending, i) != 0;
    }
    if (count == 0) {
        return false;
    }
    lede_buf_put_byte(out, (uint8_t)count);
    for (i = 0; i < pending->n; i++) {
        if (lede_pending_correction(pending, i) != 0) {
            lede_buf_put_byte(out, (uint8_t)i);
        }
    }
    for (i = 0; i < pending->n; i++) {
        if (lede_pending_correction(pending, i) != 0) {
            lede_buf_put_varint(
                out, lede_zigzag_encode(lede_pending_correction(pending, i)));
        }
    }
    return true;
}

void lede_pending_encode(const lede_pending_block *pending,
                         const lede_block_context *context, lede_buf *out)
{
    bool has_positions = pending->gaps.len > 0;
    uint8_t head[3] = {0, 0, has_positions ? LEDE_PARTS_POSITIONS : 0};
    size_t at = out->len;

    lede_buf_put(out, head, sizeof head);
    if (has_positions && !context->is_only) {
        lede_buf_put_u16(out, (uint16_t)context->position_offset);
        lede_buf_put_byte(out, (uint8_t)(context->position_offset >> 16));
    }
    head[0] = put_gaps(pending, context->first, out);
    head[1] = put_frequencies(pending, out);
    if (put_fields(pending, context->usual_fields, out)) {
        head[2] |= LEDE_PARTS_FIELDS;
    }
    if (context->form_count > 1 && put_sets(pending, out)) {
        head[2] |= LEDE_PARTS_FORMS;
    }
    if (has_positions && put_corrections(pending, out)) {
        head[2] |= LEDE_PARTS_COUNTS;
    }
    if (!out->failed) {
        memcpy(out->bytes + at, head, sizeof head);
    }
}
