#include "storage/postings_coded.h"

#include <stdlib.h>

#include "storage/postings_codec.h"

void lede_coded_block_begin(lede_coded_block *block, const lede_postings *list)
{
    lede_position_reader_done(&block->reader);
    lede_position_reader_init(&block->reader, list);
    block->list = list;
    block->n = 0;
}

void lede_coded_block_done(lede_coded_block *block)
{
    lede_position_reader_done(&block->reader);
    free(block->gaps);
    free(block->ranks);
    *block = (lede_coded_block){0};
}

static lede_status corrupt(lede_error *err)
{
    return lede_fail(err, LEDE_CORRUPT, "postings: bad block");
}

static lede_status reserve(lede_coded_block *block, size_t count,
                           lede_error *err)
{
    size_t cap = block->cap < 1024 ? 1024 : block->cap;
    uint32_t *gaps;
    uint16_t *ranks;

    if (count <= block->cap) {
        return LEDE_OK;
    }
    while (cap < count) {
        cap *= 2;
    }
    gaps = realloc(block->gaps, (cap + LEDE_CODED_SLACK) * sizeof *gaps);
    block->gaps = gaps == NULL ? block->gaps : gaps;
    ranks = realloc(block->ranks, (cap + LEDE_CODED_SLACK) * sizeof *ranks);
    block->ranks = ranks == NULL ? block->ranks : ranks;
    if (gaps == NULL || ranks == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "postings: %zu positions", count);
    }
    block->cap = cap;
    return LEDE_OK;
}

static bool is_short(const lede_postings *list)
{
    return (list->flags & LEDE_LIST_BLOCKS) == 0;
}

lede_status lede_coded_block_entries(lede_coded_block *block, uint32_t number,
                                     lede_error *err)
{
    block->number = number;
    block->n = lede_postings_block_size(block->list, number);
    return lede_postings_entries(block->list, number, block->entries)
               ? LEDE_OK
               : corrupt(err);
}

/* --- Short lists -----------------------------------------------------------
 */

/* Reads the positions of one posting behind the `at` before it. */
static bool read_short_positions(lede_coded_block *block, lede_reader *reader,
                                 const lede_short_posting *p, size_t at)
{
    bool has_ranks = lede_rank_width(p->set_size) > 0;
    uint64_t position = 0;
    uint32_t k;

    for (k = 0; k < p->count; k++) {
        uint64_t gap = lede_read_varint_max(reader, UINT32_MAX);

        block->gaps[at + k] = (uint32_t)gap;
        if (has_ranks) {
            block->ranks[at + k] =
                (uint16_t)lede_read_varint_max(reader, p->set_size - 1);
        }
        position += gap;
    }
    return !reader->bad && position <= UINT32_MAX;
}

static lede_status read_short(lede_coded_block *block, lede_error *err)
{
    const lede_postings *list = block->list;
    lede_short_walk walk;
    lede_short_posting p;
    size_t at = 0;
    uint32_t i;

    lede_short_walk_init(&walk, list);
    block->set_count = list->form_count < 2 ? 1 : block->n;
    block->set_sizes[0] = list->form_count;
    for (i = 0; i < block->n; i++) {
        lede_status status;

        if (!lede_short_walk_next(&walk, &p) ||
            p.count > (size_t)(walk.reader.end - walk.reader.p) ||
            (p.count > 0 && list->form_count > 0 && p.set_size == 0)) {
            return corrupt(err);
        }
        status = reserve(block, at + p.count, err);
        if (status != LEDE_OK) {
            return status;
        }
        block->frequencies[i] = p.frequency;
        block->counts[i] = p.count;
        block->fields[i] = p.fields;
        block->labels[i] = 0;
        if (list->form_count > 1) {
            block->labels[i] = (uint8_t)i;
            block->sets[i] = p.set;
            block->set_sizes[i] = p.set_size;
        }
        if (!read_short_positions(block, &walk.reader, &p, at)) {
            return corrupt(err);
        }
        at += p.count;
    }
    return LEDE_OK;
}

/* --- Blocks ----------------------------------------------------------------
 */

/* The bits that codes of a posting have, but for their unary parts. */
typedef struct widths {
    uint8_t low[LEDE_SUBBLOCK_POSTINGS], rank[LEDE_SUBBLOCK_POSTINGS];
    uint64_t bits;  /* of all, ones included */
    uint64_t count; /* of positions */
} widths;

static widths widths_of(const lede_coded_block *block, lede_rice_mode mode,
                        uint32_t from, uint32_t to)
{
    const uint8_t *lengths = block->list->segment.lengths;
    widths w = {.bits = 0};
    uint32_t i;

    for (i = from; i < to; i++) {
        uint32_t count = block->counts[i];
        unsigned low =
            lede_rice_mode_width(mode, lengths[block->entries[i]], count);
        unsigned rank = lede_rank_width(block->set_sizes[block->labels[i]]);

        w.low[i - from] = (uint8_t)low;
        w.rank[i - from] = (uint8_t)rank;
        w.bits += (uint64_t)count * (1 + low + rank);
        w.count += count;
    }
    return w;
}

/* The ones of a stream, word by word. */
typedef struct ones {
    lede_span stream;
    uint64_t word, base; /* what is left of it, and its first bit */
    uint64_t end;
} ones;

static ones ones_from(lede_span stream, uint64_t begin, uint64_t end)
{
    ones o = {.stream = stream, .base = begin & ~UINT64_C(7), .end = end};

    o.word = lede_bits_load_at(stream, (size_t)(o.base >> 3)) &
             UINT64_MAX << (begin & 7);
    return o;
}

/* The bit of the next one, or some bit behind the end. */
static inline uint64_t next_one(ones *o)
{
    uint64_t at;

    while (o->word == 0) {
        o->base += 64;
        if (o->base >= o->end) {
            return o->base;
        }
        o->word = lede_bits_load_at(o->stream, (size_t)(o->base >> 3));
    }
    at = o->base + (unsigned)__builtin_ctzll(o->word);
    o->word &= o->word - 1;
    return at;
}

/* Bits [bit, bit + count), count <= 56: `is_inside` says that no load leaves
 * the stream. */
static inline uint64_t get_low(lede_span stream, uint64_t bit, unsigned count,
                               bool is_inside)
{
    return is_inside ? lede_bits_load(stream.bytes + (bit >> 3)) >> (bit & 7) &
                           ((UINT64_C(1) << count) - 1)
                     : lede_bits_get(stream, bit, count);
}

typedef struct subblock {
    uint32_t from, to; /* postings */
    uint64_t begin, end;
    size_t at; /* the first of its positions */
} subblock;

/* A sub-block that has all the bits which its widths ask for. */
static inline bool read_codes(lede_coded_block *block, lede_span stream,
                              const widths *w, const subblock *sub,
                              bool is_inside)
{
    ones o = ones_from(stream, sub->begin, sub->end);
    uint64_t behind = sub->begin, low_end = sub->end;
    uint32_t *gaps = block->gaps + sub->at;
    uint16_t *ranks = block->ranks + sub->at;
    uint32_t i;
    uint32_t k;

    for (i = sub->from; i < sub->to; i++) {
        uint32_t count = block->counts[i];
        unsigned width = w->low[i - sub->from];
        unsigned rank_width = w->rank[i - sub->from];
        uint64_t rank_mask = (UINT64_C(1) << rank_width) - 1;
        uint64_t position = 0, most = 0;

        for (k = 0; k < count && behind <= sub->end; k++) {
            uint64_t at = next_one(&o), low;

            low_end -= width + rank_width;
            low = get_low(stream, low_end, width + rank_width, is_inside);
            position += gaps[k] =
                (uint32_t)((at - behind) << width | low >> rank_width);
            if (rank_width > 0) {
                ranks[k] = (uint16_t)(low & rank_mask);
                most = most > ranks[k] ? most : ranks[k];
            }
            behind = at + 1;
        }
        if (behind > sub->end || position > UINT32_MAX ||
            (rank_width > 0 && most >= block->set_sizes[block->labels[i]])) {
            return false;
        }
        gaps += count;
        ranks += count;
    }
    return true;
}

static bool read_subblock(lede_coded_block *block, lede_span stream,
                          const widths *w, const subblock *sub)
{
    return (sub->end >> 3) + 8 <= stream.len
               ? read_codes(block, stream, w, sub, true)
               : read_codes(block, stream, w, sub, false);
}

static lede_status read_positions(lede_coded_block *block,
                                  const lede_position_parts *parts,
                                  lede_error *err)
{
    subblock sub = {.begin = 0};
    uint32_t j;

    for (j = 0; sub.to < block->n; j++) {
        lede_status status;
        widths w;

        sub.from = sub.to;
        sub.to += LEDE_SUBBLOCK_POSTINGS;
        sub.to = sub.to < block->n ? sub.to : block->n;
        sub.begin = sub.end;
        sub.end = parts->ends[j];
        w = widths_of(block, parts->mode, sub.from, sub.to);
        if (w.bits > sub.end - sub.begin) {
            return corrupt(err);
        }
        status = reserve(block, sub.at + (size_t)w.count, err);
        if (status != LEDE_OK) {
            return status;
        }
        if (!read_subblock(block, parts->stream, &w, &sub)) {
            return corrupt(err);
        }
        sub.at += (size_t)w.count;
    }
    return LEDE_OK;
}

/* Each posting that has positions has a form. */
static bool has_forms(const lede_coded_block *block)
{
    bool missing = false;
    uint32_t i;

    for (i = 0; i < block->n; i++) {
        missing = missing || (block->counts[i] > 0 &&
                              block->set_sizes[block->labels[i]] == 0);
    }
    return !missing || block->list->form_count == 0;
}

static lede_status read_blocks(lede_coded_block *block, lede_error *err)
{
    const lede_postings *list = block->list;
    lede_position_parts parts;
    lede_status status;
    uint32_t i;

    if (!lede_postings_frequencies(list, block->number, block->frequencies) ||
        !lede_postings_fields(list, block->number, block->fields)) {
        return corrupt(err);
    }
    memset(block->counts, 0, sizeof block->counts);
    memset(block->labels, 0, sizeof block->labels);
    block->set_count = 1;
    block->set_sizes[0] = list->form_count == 1 ? 1 : 0;
    block->sets[0] = lede_span_of(NULL, 0);
    if (!list->has_positions) {
        return LEDE_OK;
    }
    status =
        lede_position_reader_parts(&block->reader, block->number, &parts, err);
    if (status != LEDE_OK || parts.view == NULL) {
        return status;
    }
    if (!lede_block_read_counts(parts.view, 0, block->n, block->counts) ||
        !lede_labels_read(&parts.view->set_labels, 0, block->n,
                          block->labels)) {
        return corrupt(err);
    }
    block->set_count = parts.view->set_count;
    for (i = 0; i < block->set_count; i++) {
        block->sets[i] = parts.sets[i];
        block->set_sizes[i] = parts.set_sizes[i];
    }
    return has_forms(block) ? read_positions(block, &parts, err) : corrupt(err);
}

lede_status lede_coded_block_read(lede_coded_block *block, lede_error *err)
{
    return is_short(block->list) ? read_short(block, err)
                                 : read_blocks(block, err);
}

bool lede_coded_block_set(const lede_coded_block *block, uint8_t label,
                          uint16_t *members)
{
    uint32_t size = block->set_sizes[label],
             form_count = block->list->form_count;
    lede_set_walk walk;
    uint32_t member;
    uint32_t i;

    if (form_count < 2) {
        members[0] = 0;
        return true;
    }
    lede_set_walk_init(&walk, block->sets[label], form_count);
    for (i = 0; i < size && lede_set_walk_next(&walk, &member); i++) {
        members[i] = (uint16_t)member;
    }
    return i == size;
}

bool lede_postings_same_forms(const lede_postings *a, const lede_postings *b)
{
    return a->form_count == b->form_count &&
           lede_span_equal(a->form_bytes, b->form_bytes);
}
