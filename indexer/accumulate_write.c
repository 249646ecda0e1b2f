#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/varint.h"
#include "indexer/accumulate_private.h"

/* Postings on their way to the segment, as many as a block has; of positions,
 * what is more than STAGED_GAPS is that of one posting. */
enum { STAGED_GAPS = 4096 };

typedef struct staged {
    uint32_t n;
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    uint32_t counts[LEDE_BLOCK_POSTINGS], set_sizes[LEDE_BLOCK_POSTINGS];
    uint8_t lengths[LEDE_BLOCK_POSTINGS], fields[LEDE_BLOCK_POSTINGS];
    uint8_t labels[LEDE_BLOCK_POSTINGS]; /* each has its own set */
    uint64_t maps[LEDE_BLOCK_POSTINGS];
    uint32_t *gaps;
    uint16_t *ranks;
    size_t gap_count;
} staged;

typedef struct term_writer {
    const lede_accumulator *a;
    lede_segment_writer *out;
    uint32_t forms_max;
    uint8_t *bytes; /* one list, in one piece */
    staged staged;
    const form **sorted; /* of one term */
    lede_form *table;
    uint32_t table_count;
    uint16_t *number; /* form index -> place in the table */
} term_writer;

/* A term, and its first eight bytes as a number in byte order, which decides
 * most comparisons. */
typedef struct ordered {
    uint64_t first;
    const term *term;
} ordered;

static uint64_t first_bytes(const term *t)
{
    uint64_t first = 0;
    unsigned i;

    for (i = 0; i < 8; i++) {
        first = first << 8 | (i < t->len ? t->bytes[i] : 0);
    }
    return first;
}

static int compare_terms(const void *left, const void *right)
{
    const ordered *a = left, *b = right;

    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    return lede_span_compare(lede_span_of(a->term->bytes, a->term->len),
                             lede_span_of(b->term->bytes, b->term->len));
}

static lede_form form_of(const form *f)
{
    return (lede_form){.word = lede_span_of(f->word, f->len),
                       .letter_case = form_case(f),
                       .marks = form_marks(f),
                       .width = form_width(f)};
}

static int compare_forms(const void *left, const void *right)
{
    lede_form a = form_of(*(const form *const *)left);
    lede_form b = form_of(*(const form *const *)right);

    return lede_form_compare(&a, &b);
}

/* Fills the table of forms, sorted, so that it does not depend on who came
 * first; merging keeps to it. Forms that differ in language only are one. */
static uint32_t make_table(term_writer *w, const term *t)
{
    uint32_t n = 0, count = 0, i;
    const form *f;
    uint32_t next;

    for (next = t->forms; next != 0; next = f->next) {
        f = lede_page_arena_at(&w->a->arena, next - 1);
        w->sorted[n++] = f;
    }
    assert(n == t->form_count);
    qsort(w->sorted, n, sizeof w->sorted[0], compare_forms);
    for (i = 0; i < n; i++) {
        f = w->sorted[i];
        if (count < w->forms_max &&
            (i == 0 || compare_forms(&w->sorted[i - 1], &w->sorted[i]) != 0)) {
            w->table[count++] = form_of(f);
        }
        w->number[f->index] = (uint16_t)(count - 1);
    }
    return count;
}

static lede_field field_at(const extent *e, uint32_t position)
{
    unsigned field = 0;

    while (field < LEDE_DEFAULT_FIELDS - 1 && position >= e->ends[field]) {
        field++;
    }
    return (lede_field)field;
}

/* --- Postings --------------------------------------------------------------
 */

static lede_status put_staged(term_writer *w, lede_error *err)
{
    staged *s = &w->staged;
    lede_coded_run run = {s->entries,   s->frequencies, s->counts, s->lengths,
                          s->fields,    s->gaps,        s->labels, s->maps,
                          s->set_sizes, s->ranks};
    lede_status status =
        lede_segment_writer_put_run(w->out, &run, 0, s->n, 0, err);

    s->n = 0;
    s->gap_count = 0;
    return status;
}

/* The posting at hand is the last one staged, with `count` positions: */
typedef struct at_hand {
    uint32_t entry, count, last_position;
    uint64_t map;
} at_hand;

/* What its fields are, and its weighted frequency. */
static uint64_t weigh(const term_writer *w, const term *t, const at_hand *p,
                      const uint32_t *gaps, uint8_t *fields)
{
    const uint8_t *weights = w->a->weights;
    const extent *e = &w->a->extents[p->entry];
    uint64_t frequency = 0;
    uint32_t position = 0, i;

    *fields = 0;
    if (!t->has_positions) {
        return 1;
    }
    if (!t->is_default) {
        return (uint64_t)p->count * weights[LEDE_FIELD_ROLE];
    }
    if (gaps[0] >= e->ends[LEDE_FIELD_AUTHOR] &&
        p->last_position < e->ends[LEDE_FIELD_BODY]) { /* as most are */
        *fields = 1u << LEDE_FIELD_BODY;
        return (uint64_t)p->count * weights[LEDE_FIELD_BODY];
    }
    for (i = 0; i < p->count; i++) {
        lede_field field;

        position += gaps[i];
        field = field_at(e, position);
        *fields |= (uint8_t)(1u << field);
        frequency += weights[field];
    }
    return frequency;
}

/* A posting of a term with more forms than a run can have. */
static lede_status put_whole(term_writer *w, uint32_t *gaps, uint16_t *forms,
                             lede_error *err)
{
    staged *s = &w->staged;
    lede_posting posting = {.entry = s->entries[0],
                            .frequency = s->frequencies[0],
                            .length = s->lengths[0],
                            .fields = s->fields[0],
                            .count = s->counts[0],
                            .positions = gaps,
                            .forms = forms};
    uint32_t i;

    for (i = 1; i < posting.count; i++) {
        gaps[i] += gaps[i - 1];
    }
    s->n = 0;
    s->gap_count = 0;
    return lede_segment_writer_put_posting(w->out, &posting, err);
}

/* The ranks of its forms, of which there are two or more. */
static void rank(uint16_t *ranks, uint32_t count, uint64_t map)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        ranks[i] = (uint16_t)__builtin_popcountll(
            map & ((UINT64_C(1) << ranks[i]) - 1));
    }
}

static lede_status end_posting(term_writer *w, const term *t, const at_hand *p,
                               lede_error *err)
{
    staged *s = &w->staged;
    size_t begin = s->gap_count - p->count;
    uint64_t frequency = weigh(w, t, p, s->gaps + begin, &s->fields[s->n]);

    s->entries[s->n] = p->entry;
    s->lengths[s->n] = w->a->extents[p->entry].length_byte;
    s->counts[s->n] = t->has_positions ? p->count : 0;
    s->frequencies[s->n] =
        frequency > UINT32_MAX ? UINT32_MAX : (uint32_t)frequency;
    s->maps[s->n] = p->map;
    s->set_sizes[s->n] = 1;
    if (!t->has_positions) {
        s->gap_count = begin;
    } else if (w->table_count > LEDE_CODED_FORMS) {
        return put_whole(w, s->gaps + begin, s->ranks + begin, err);
    } else if ((p->map & (p->map - 1)) != 0) {
        s->set_sizes[s->n] = (uint32_t)__builtin_popcountll(p->map);
        rank(s->ranks + begin, p->count, p->map);
    }
    s->n++;
    return s->n == LEDE_BLOCK_POSTINGS || s->gap_count >= STAGED_GAPS
               ? put_staged(w, err)
               : LEDE_OK;
}

static const uint8_t *get_varint(const uint8_t *p, uint64_t *out)
{
    uint64_t value = *p & 0x7f;
    unsigned shift = 7;

    while (*p++ & 0x80) {
        value |= (uint64_t)(*p & 0x7f) << shift;
        shift += 7;
    }
    *out = value;
    return p;
}

static lede_status put_postings(term_writer *w, const term *t, lede_error *err)
{
    const uint8_t *p = w->bytes, *end = p + t->list.bytes;
    staged *s = &w->staged;
    uint32_t next = 0; /* entry */
    at_hand posting = {0};
    lede_status status = LEDE_OK;

    lede_word_list_copy(&t->list, w->bytes);
    while (p < end && status == LEDE_OK) {
        uint64_t head, value = 0;
        uint16_t number;

        p = get_varint(p, &head);
        if (head & 1) {
            if (posting.count > 0) {
                status = end_posting(w, t, &posting, err);
            }
            p = get_varint(p, &value);
            next += (uint32_t)value; /* counts from 1 in the list */
            posting = (at_hand){.entry = next - 1};
            value = 0;
        }
        if (head & 2) {
            p = get_varint(p, &value);
        }
        number = t->has_positions ? w->number[value] : 0;
        s->gaps[s->gap_count] = (uint32_t)(head >> 2);
        s->ranks[s->gap_count++] = number;
        posting.last_position += (uint32_t)(head >> 2);
        posting.map |= UINT64_C(1) << (number % LEDE_CODED_FORMS);
        posting.count++;
    }
    if (status == LEDE_OK) {
        status = end_posting(w, t, &posting, err);
    }
    return status == LEDE_OK ? put_staged(w, err) : status;
}

static lede_status put_term(term_writer *w, const term *t, lede_error *err)
{
    lede_status status;

    if (t->list.bytes == 0) { /* sections of entries without words */
        return LEDE_OK;
    }
    w->table_count = t->has_positions ? make_table(w, t) : 0;
    status = lede_segment_writer_begin_term(
        w->out, lede_span_of(t->bytes, t->len), w->table, w->table_count, err);
    if (status == LEDE_OK) {
        status = put_postings(w, t, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_end_term(w->out, err);
    }
    return status;
}

/* --- Pairs ----------------------------------------------------------------
 */

static lede_status put_pair(term_writer *w, const lede_pair_list *list,
                            lede_error *err)
{
    const lede_pair_words *words = w->a->pairs.words;
    uint8_t name[LEDE_PAIR_TERM_BYTES];
    staged *s = &w->staged;
    lede_status status = lede_segment_writer_begin_term(
        w->out,
        lede_pair_term(words->words[list->first - 1],
                       words->words[list->second - 1], name),
        NULL, 0, err);
    uint32_t i;

    for (i = 0; i < list->count && status == LEDE_OK; i++) {
        uint32_t entry = lede_pair_item_entry(list->items[i]);

        s->entries[s->n] = entry;
        s->frequencies[s->n] = 1;
        s->counts[s->n] = 0;
        s->lengths[s->n] = w->a->extents[entry].length_byte;
        s->fields[s->n++] = lede_pair_item_fields(list->items[i]);
        if (s->n == LEDE_BLOCK_POSTINGS) {
            status = put_staged(w, err);
        }
    }
    if (status == LEDE_OK) {
        status = put_staged(w, err);
    }
    return status == LEDE_OK ? lede_segment_writer_end_term(w->out, err)
                             : status;
}

/* Words are in byte order, and so are their pairs: a blank is less than any
 * byte of a word. */
static lede_status put_pairs(term_writer *w, lede_error *err)
{
    lede_pair_walk walk;
    lede_pair_list list;
    lede_status status =
        lede_segment_writer_put_pair_words(w->out, w->a->pairs.words, err);

    lede_pair_walk_init(&walk, &w->a->pairs, LEDE_PAIRS_DEALT);
    while (status == LEDE_OK && lede_pair_walk_next(&walk, &list)) {
        status = put_pair(w, &list, err);
    }
    if (status == LEDE_OK && walk.failed) {
        status = lede_fail(err, LEDE_NO_MEMORY, "accumulator: out of memory");
    }
    lede_pair_walk_done(&walk);
    return status;
}

/* Not if forms are cut: a phrase takes what is cut off for another form. */
static bool has_pairs(const lede_accumulator *a, uint32_t forms_max)
{
    return a->pairs.words != NULL && !a->pairs.is_lost &&
           a->most_forms <= forms_max;
}

/* Puts all terms, and the pairs where they belong among them. */
static lede_status put_all(lede_accumulator *a, term_writer *w,
                           const ordered *terms, uint32_t count,
                           const lede_watch *watch, lede_error *err)
{
    static const lede_span prefix = {(const uint8_t *)LEDE_TERM_PAIR,
                                     sizeof LEDE_TERM_PAIR - 1};
    bool is_due = has_pairs(a, w->forms_max);
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < count && status == LEDE_OK; i++) {
        const term *t = terms[i].term;

        if (is_due &&
            lede_span_compare(lede_span_of(t->bytes, t->len), prefix) > 0) {
            is_due = false;
            status = put_pairs(w, err);
        }
        if (status == LEDE_OK) {
            status = put_term(w, t, err);
        }
        lede_watch_step(watch, i + 1, count);
    }
    return is_due && status == LEDE_OK ? put_pairs(w, err) : status;
}

static lede_status put_terms(lede_accumulator *a, lede_segment_writer *writer,
                             const ordered *terms, uint32_t count,
                             uint32_t forms_max, const lede_watch *watch,
                             lede_error *err)
{
    size_t gaps = (size_t)a->most_tokens + STAGED_GAPS + 1;
    size_t forms = a->most_forms + 1u;
    unsigned i;
    term_writer w = {.a = a, .out = writer, .forms_max = forms_max};
    lede_status status = LEDE_OK;

    w.bytes = malloc((size_t)a->largest_list + 1);
    w.staged.gaps = malloc(gaps * sizeof w.staged.gaps[0]);
    w.staged.ranks = malloc(gaps * sizeof w.staged.ranks[0]);
    w.sorted = malloc(forms * sizeof w.sorted[0]);
    w.table = malloc(forms * sizeof w.table[0]);
    w.number = malloc(forms * sizeof w.number[0]);
    for (i = 0; i < LEDE_BLOCK_POSTINGS; i++) {
        w.staged.labels[i] = (uint8_t)i;
    }
    if (w.bytes == NULL || w.staged.gaps == NULL || w.staged.ranks == NULL ||
        w.sorted == NULL || w.table == NULL || w.number == NULL) {
        status = lede_fail(err, LEDE_NO_MEMORY, "accumulator: out of memory");
    }
    if (status == LEDE_OK) {
        status = put_all(a, &w, terms, count, watch, err);
    }
    free(w.bytes);
    free(w.staged.gaps);
    free(w.staged.ranks);
    free(w.sorted);
    free(w.table);
    free(w.number);
    return status;
}

/* Lists of names, if they were looked for. */
static lede_status put_lists(const lede_accumulator *a,
                             lede_segment_writer *writer, lede_error *err)
{
    const lede_name_makers *makers =
        a->namer != NULL ? &lede_namer_naming(a->namer)->makers : &a->makers;
    lede_status status = LEDE_OK;
    uint32_t i;

    if (a->namer == NULL && a->named == 0) {
        return LEDE_OK;
    }
    assert(a->named == a->row_count);
    lede_segment_writer_set_name_makers(writer, makers);
    for (i = 0; i < a->row_count && status == LEDE_OK; i++) {
        status = lede_segment_writer_put_names(
            writer, lede_span_of(a->rows[i].names, a->rows[i].names_len), err);
    }
    return status;
}

static lede_status put_rows(const lede_accumulator *a,
                            lede_segment_writer *writer, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i, f;

    for (i = 0; i < a->row_count && status == LEDE_OK; i++) {
        const row *r = &a->rows[i];
        lede_segment_row out = {
            .columns = {[LEDE_COLUMN_TIME] = r->time,
                        [LEDE_COLUMN_TRUST] = r->trust,
                        [LEDE_COLUMN_KEY] = (int64_t)r->key,
                        [LEDE_COLUMN_KIND] = r->kind,
                        [LEDE_COLUMN_LANGUAGE] = r->language,
                        [LEDE_COLUMN_PAGE] = (int64_t)r->page,
                        [LEDE_COLUMN_LENGTH] = r->length,
                        [LEDE_COLUMN_UPDATED] =
                            lede_updated_encode(r->updated)},
            .source = lede_span_of(r->source, r->source_len),
            .sketch = r->sketch};

        for (f = 0; f < LEDE_DEFAULT_FIELDS; f++) {
            out.columns[LEDE_COLUMN_END_HEADLINE + f] = a->extents[i].ends[f];
        }
        status = lede_segment_writer_put_row(writer, &out, err);
    }
    return status;
}

lede_status lede_accumulator_write(lede_accumulator *a,
                                   lede_segment_writer *writer,
                                   uint32_t forms_max, const lede_watch *watch,
                                   lede_error *err)
{
    ordered *terms;
    lede_status status;
    uint32_t n = 0, i;

    assert(forms_max > 0 && forms_max <= LEDE_MAX_FORMS);
    status = accumulate_names(a, NULL, true, err);
    if (status == LEDE_OK) {
        status = put_rows(a, writer, err);
    }
    if (status == LEDE_OK) {
        status = put_lists(a, writer, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    terms = malloc((a->terms.count + 1u) * sizeof terms[0]);
    if (terms == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "accumulator: out of memory");
    }
    for (i = 0; a->terms.slots != NULL && i <= a->terms.mask; i++) {
        if (a->terms.slots[i].hash != 0) {
            const term *t =
                lede_page_arena_at(&a->arena, a->terms.slots[i].reference);

            terms[n++] = (ordered){first_bytes(t), t};
        }
    }
    if (n > 0) {
        qsort(terms, n, sizeof terms[0], compare_terms);
    }
    status = put_terms(a, writer, terms, n, forms_max, watch, err);
    free(terms);
    return status;
}
