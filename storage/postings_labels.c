/* postings_labels.c - labels, sets of forms and the table of forms. */
#include <assert.h>

#include "storage/postings_codec.h"

/* --- Labels ----------------------------------------------------------------
 */

static unsigned label_width(uint32_t table_count)
{
    return table_count < 2 ? 0 : lede_bits_width(table_count - 1);
}

/* Which labels are not 0, and then those, less 1. */
static void put_masked(uint32_t *labels, uint32_t n, uint32_t others,
                       unsigned width, lede_buf *out)
{
    uint32_t mask[LEDE_BLOCK_POSTINGS];
    uint32_t kept = 0;
    uint32_t i;

    for (i = 0; i < n; i++) {
        mask[i] = labels[i] != 0;
        if (labels[i] != 0) {
            labels[kept++] = labels[i] - 1;
        }
    }
    lede_buf_put_byte(out, LEDE_LABELS_MASKED);
    lede_bits_pack(mask, n, 1, out);
    lede_bits_pack(labels, others, width, out);
}

void lede_labels_encode(const uint8_t *labels, uint32_t n, uint32_t table_count,
                        lede_buf *out)
{
    unsigned width = label_width(table_count);
    uint32_t wide[LEDE_BLOCK_POSTINGS];
    uint32_t others = 0;
    size_t dense, masked;
    uint32_t i;

    if (table_count < 2) {
        return;
    }
    for (i = 0; i < n; i++) {
        wide[i] = labels[i];
        others += labels[i] != 0;
    }
    dense = lede_bits_bytes(n, width);
    masked = lede_bits_bytes(n, 1) +
             lede_bits_bytes(others, label_width(table_count - 1));
    if ((size_t)others * 2 >= (masked < dense ? masked : dense)) {
        if (masked < dense) {
            put_masked(wide, n, others, label_width(table_count - 1), out);
        } else {
            lede_buf_put_byte(out, LEDE_LABELS_DENSE);
            lede_bits_pack(wide, n, width, out);
        }
        return;
    }
    lede_buf_put_byte(out, (uint8_t)others);
    for (i = 0; i < n; i++) {
        if (labels[i] != 0) {
            lede_buf_put_byte(out, (uint8_t)i);
            lede_buf_put_byte(out, labels[i]);
        }
    }
}

/* Bits [from, to) of a mask of at most 128, from < 128, that are set. */
static uint32_t count_bits(lede_span mask, uint32_t from, uint32_t to)
{
    uint32_t count = 0;

    for (; from < to; from += 56) {
        count += (uint32_t)__builtin_popcountll(
            lede_bits_get(mask, from, to - from < 56 ? to - from : 56));
    }
    return count;
}

static bool open_masked(lede_reader *reader, lede_labels *out)
{
    size_t mask_bytes = lede_bits_bytes(out->n, 1);
    const uint8_t *begin = reader->p;
    lede_span mask = lede_read_bytes(reader, mask_bytes);

    if (reader->bad) {
        return false;
    }
    lede_read_bytes(reader, lede_bits_bytes(count_bits(mask, 0, out->n),
                                            label_width(out->table_count - 1)));
    out->bytes = lede_span_of(begin, (size_t)(reader->end - begin));
    return !reader->bad;
}

bool lede_labels_open(lede_reader *reader, uint32_t n, uint32_t table_count,
                      lede_labels *out)
{
    *out = (lede_labels){n, table_count, 0, {NULL, 0}};
    if (table_count < 2) {
        return true;
    }
    out->kind = lede_read_byte(reader);
    if (out->kind == LEDE_LABELS_MASKED) {
        return open_masked(reader, out);
    }
    if (out->kind != LEDE_LABELS_DENSE) {
        out->bytes = lede_read_bytes(reader, (size_t)out->kind * 2);
        return !reader->bad;
    }
    out->bytes =
        lede_read_bytes(reader, lede_bits_bytes(n, label_width(table_count)));
    out->bytes.len += (size_t)(reader->end - reader->p);
    return !reader->bad;
}

static bool read_sparse(const lede_labels *labels, uint32_t from,
                        uint32_t count, uint8_t *out)
{
    size_t i;

    memset(out, 0, count);
    for (i = 0; i + 1 < labels->bytes.len; i += 2) {
        uint32_t index = labels->bytes.bytes[i];
        uint8_t label = labels->bytes.bytes[i + 1];

        if (index >= labels->n || label >= labels->table_count) {
            return false;
        }
        if (index - from < count) { /* wraps, for those before */
            out[index - from] = label;
        }
    }
    return true;
}

static bool read_masked(const lede_labels *labels, uint32_t from,
                        uint32_t count, uint8_t *out)
{
    size_t mask_bytes = lede_bits_bytes(labels->n, 1);
    lede_span packed = lede_span_part(labels->bytes, mask_bytes, SIZE_MAX);
    unsigned width = label_width(labels->table_count - 1);
    uint64_t bit = (uint64_t)count_bits(labels->bytes, 0, from) * width;
    uint32_t largest = 0;
    uint32_t i;

    for (i = 0; i < count; i++) {
        uint32_t at = from + i;
        uint32_t label = 0;

        if ((labels->bytes.bytes[at >> 3] >> (at & 7) & 1) != 0) {
            label = (uint32_t)lede_bits_get(packed, bit, width) + 1;
            bit += width;
        }
        largest = largest > label ? largest : label;
        out[i] = (uint8_t)label;
    }
    return largest < labels->table_count;
}

bool lede_labels_read(const lede_labels *labels, uint32_t from, uint32_t count,
                      uint8_t *out)
{
    unsigned width = label_width(labels->table_count);
    uint32_t wide[LEDE_BLOCK_POSTINGS];
    uint32_t largest = 0;
    uint32_t i;

    if (labels->kind == LEDE_LABELS_MASKED) {
        return read_masked(labels, from, count, out);
    }
    if (labels->kind != LEDE_LABELS_DENSE) {
        return read_sparse(labels, from, count, out);
    }
    lede_bits_unpack(
        lede_span_part(labels->bytes, (size_t)from * width / 8, SIZE_MAX),
        count, width, wide);
    for (i = 0; i < count; i++) {
        largest = largest > wide[i] ? largest : wide[i];
        out[i] = (uint8_t)wide[i];
    }
    return largest < labels->table_count;
}

/* --- Sets of forms ---------------------------------------------------------
 */

void lede_set_encode(const uint16_t *members, uint32_t count,
                     uint32_t form_count, lede_buf *out)
{
    uint32_t map = 0;
    uint32_t next = 0;
    uint32_t i;

    if (form_count <= LEDE_SET_MAP_FORMS) {
        for (i = 0; i < count; i++) {
            map |= UINT32_C(1) << members[i];
        }
        for (i = 0; i < form_count; i += 8) {
            lede_buf_put_byte(out, (uint8_t)(map >> i));
        }
        return;
    }
    lede_buf_put_varint(out, count);
    for (i = 0; i < count; i++) {
        lede_buf_put_varint(out, members[i] - next);
        next = members[i] + 1u;
    }
}

static uint32_t load_map(lede_span set)
{
    return (uint32_t)lede_bits_load_tail(set, 0);
}

lede_span lede_set_read(lede_reader *reader, uint32_t form_count,
                        uint32_t *size)
{
    const uint8_t *begin = reader->p;
    lede_span set = {NULL, 0};
    uint32_t i;

    *size = 0;
    if (form_count <= LEDE_SET_MAP_FORMS) {
        set = lede_read_bytes(reader, (form_count + 7) / 8);
        if (form_count < 32 && load_map(set) >> form_count != 0) {
            reader->bad = true;
        }
        *size = (uint32_t)__builtin_popcount(load_map(set));
        return set;
    }
    *size = (uint32_t)lede_read_varint_max(reader, form_count);
    for (i = 0; i < *size && !reader->bad; i++) {
        (void)lede_read_varint_max(reader, form_count);
    }
    if (!reader->bad) {
        set = lede_span_of(begin, (size_t)(reader->p - begin));
    }
    return set;
}

void lede_set_walk_init(lede_set_walk *walk, lede_span set, uint32_t form_count)
{
    *walk = (lede_set_walk){0};
    walk->form_count = form_count;
    walk->reader = lede_reader_of(set);
    if (form_count <= LEDE_SET_MAP_FORMS) {
        walk->map = load_map(set);
        walk->left = (uint32_t)__builtin_popcountll(walk->map);
    } else {
        walk->left = (uint32_t)lede_read_varint(&walk->reader);
    }
}

bool lede_set_walk_next(lede_set_walk *walk, uint32_t *member)
{
    if (walk->left == 0) {
        return false;
    }
    walk->left--;
    if (walk->form_count <= LEDE_SET_MAP_FORMS) {
        *member = (uint32_t)__builtin_ctzll(walk->map);
        walk->map &= walk->map - 1;
    } else {
        *member = walk->next + (uint32_t)lede_read_varint_max(&walk->reader,
                                                              walk->form_count);
        walk->next = *member + 1;
    }
    return !walk->reader.bad && *member < walk->form_count;
}

/* --- The table of forms ----------------------------------------------------
 */

/* A form is a byte: letter case, 3 more if marks follow (bits 0-2), width
 * follows (3), the length of what is shared with the stem follows (4; else all
 * of the stem is shared), the length of the rest (5-7; 7 = as varint + 7
 * follows). */
enum {
    FORM_CASE = 7,
    FORM_MARKED = LEDE_CASE_UPPER + 1,
    FORM_WIDTH = 1 << 3,
    FORM_SHARED = 1 << 4,
    FORM_REST_SHIFT = 5,
    FORM_LONG = 7
};

int lede_form_compare(const lede_form *a, const lede_form *b)
{
    int order = lede_span_compare(a->word, b->word);

    if (order == 0) {
        order = (int)a->letter_case - (int)b->letter_case;
    }
    if (order == 0) {
        order = (int)a->marks - (int)b->marks;
    }
    return order != 0 ? order : (int)a->width - (int)b->width;
}

void lede_forms_encode(lede_span stem, const lede_form *forms, uint32_t count,
                       lede_buf *out)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        lede_span word = forms[i].word;
        size_t shared = 0;
        size_t rest;

        while (shared < stem.len && shared < word.len &&
               stem.bytes[shared] == word.bytes[shared]) {
            shared++;
        }
        rest = word.len - shared;
        lede_buf_put_byte(
            out, (uint8_t)((unsigned)forms[i].letter_case +
                           (forms[i].marks != 0 ? FORM_MARKED : 0u) +
                           (forms[i].width != 1 ? FORM_WIDTH : 0u) +
                           (shared != stem.len ? FORM_SHARED : 0u) +
                           ((unsigned)(rest < FORM_LONG ? rest : FORM_LONG)
                            << FORM_REST_SHIFT)));
        if (forms[i].marks != 0) {
            lede_buf_put_byte(out, forms[i].marks);
        }
        if (forms[i].width != 1) {
            lede_buf_put_byte(out, forms[i].width);
        }
        if (shared != stem.len) {
            lede_buf_put_varint(out, shared);
        }
        if (rest >= FORM_LONG) {
            lede_buf_put_varint(out, rest - FORM_LONG);
        }
        lede_buf_put(out, word.bytes + shared, rest);
    }
}

/* *shared is SIZE_MAX for "all of the stem". */
static lede_span read_form(lede_reader *reader, lede_form *form, size_t *shared)
{
    uint8_t head = lede_read_byte(reader);
    unsigned letters = head & FORM_CASE;
    uint64_t rest = head >> FORM_REST_SHIFT;

    form->marks = 0;
    if (letters >= FORM_MARKED) {
        letters -= FORM_MARKED;
        form->marks = lede_read_byte(reader);
    }
    form->width = 1;
    *shared = SIZE_MAX;
    if ((head & FORM_WIDTH) != 0) {
        form->width = lede_read_byte(reader);
    }
    if ((head & FORM_SHARED) != 0) {
        *shared = (size_t)lede_read_varint_max(reader, LEDE_WORD_MAX_BYTES);
    }
    if (rest == FORM_LONG) {
        rest += lede_read_varint_max(reader, LEDE_WORD_MAX_BYTES);
    }
    if (letters > LEDE_CASE_UPPER) {
        reader->bad = true;
    }
    form->letter_case = (lede_case)letters;
    return lede_read_bytes(reader, (size_t)rest);
}

void lede_form_skip(lede_reader *reader)
{
    lede_form form;
    size_t shared;

    (void)read_form(reader, &form, &shared);
}

lede_status lede_postings_forms(const lede_postings *list, lede_span stem,
                                lede_arena *arena, lede_form *out,
                                lede_error *err)
{
    lede_reader reader = lede_reader_of(list->form_bytes);
    uint32_t i;

    for (i = 0; i < list->form_count; i++) {
        size_t shared;
        lede_span rest = read_form(&reader, &out[i], &shared);
        uint8_t *word;

        shared = shared == SIZE_MAX ? stem.len : shared;
        if (reader.bad || shared > stem.len) {
            return lede_fail(err, LEDE_CORRUPT, "postings: bad form %u", i);
        }
        word = lede_arena_get(arena, shared + rest.len + 1);
        if (word == NULL) {
            return lede_fail(err, LEDE_NO_MEMORY, "postings: forms");
        }
        if (shared > 0) {
            memcpy(word, stem.bytes, shared);
        }
        if (rest.len > 0) {
            memcpy(word + shared, rest.bytes, rest.len);
        }
        out[i].word = lede_span_of(word, shared + rest.len);
    }
    return LEDE_OK;
}
