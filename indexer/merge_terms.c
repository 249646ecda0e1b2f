#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/varint.h"
#include "indexer/merge_private.h"

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "merging: out of memory");
}

static lede_status corrupt(const lede_merge_source *s, const char *what,
                           lede_error *err)
{
    return lede_fail(err, LEDE_CORRUPT, "segment %u: damaged %s",
                     lede_segment_id(s->segment), what);
}

/* --- Forms -----------------------------------------------------------------
 */

static int compare_forms(const void *left, const void *right)
{
    return lede_form_compare(left, right);
}

/* The place of a form among those of all lists; those past the last place count
 * as the last one. */
static uint16_t find_form(const lede_merge *m, uint32_t distinct,
                          const lede_form *form)
{
    const lede_form *found =
        bsearch(form, m->forms, distinct, sizeof m->forms[0], compare_forms);
    uint32_t place;

    assert(found != NULL);
    place = (uint32_t)(found - m->forms);
    return (uint16_t)(place < m->form_count ? place : m->form_count - 1);
}

/* As is the rule: most words have one form. */
static bool have_same_forms(const lede_merge *m)
{
    bool same = true;
    uint32_t i;

    for (i = 1; i < m->list_count; i++) {
        same = same && lede_postings_same_forms(m->lists[0].postings,
                                                m->lists[i].postings);
    }
    return same;
}

static lede_status keep_forms(lede_merge *m, lede_error *err)
{
    const lede_postings *list = m->lists[0].postings;

    m->form_count = list->form_count;
    m->is_recoded = list->form_count > LEDE_CODED_FORMS;
    m->forms =
        lede_arena_array(&m->arena, list->form_count + 1u, sizeof m->forms[0]);
    return m->forms == NULL ? no_memory(err)
                            : lede_postings_forms(list, lede_buf_span(&m->term),
                                                  &m->arena, m->forms, err);
}

/* The sorted union of the lists' forms, and from each list's numbers to it. A
 * list that was cut itself has the first of its forms, so the first of all are
 * the same as if no list had been cut. */
static lede_status merge_forms(lede_merge *m, lede_error *err)
{
    lede_span stem = lede_buf_span(&m->term);
    lede_form *all;
    uint32_t count = 0, distinct = 0, i, j, n = 0;

    for (i = 0; i < m->list_count; i++) {
        count += m->lists[i].postings->form_count;
    }
    if (have_same_forms(m) && count / m->list_count <= m->forms_max) {
        return keep_forms(m, err);
    }
    m->forms = all = lede_arena_array(&m->arena, count + 1u, sizeof all[0]);
    m->form_count = 0;
    if (all == NULL) {
        return no_memory(err);
    }
    for (i = 0; i < m->list_count; i++) {
        lede_status status = lede_postings_forms(m->lists[i].postings, stem,
                                                 &m->arena, all + n, err);

        if (status != LEDE_OK) {
            return status;
        }
        n += m->lists[i].postings->form_count;
    }
    m->forms = lede_arena_array(&m->arena, count + 1u, sizeof all[0]);
    if (m->forms == NULL) {
        return no_memory(err);
    }
    memcpy(m->forms, all, n * sizeof all[0]);
    qsort(m->forms, n, sizeof all[0], compare_forms);
    for (i = 0; i < n; i++) {
        if (distinct == 0 ||
            compare_forms(&m->forms[i], &m->forms[distinct - 1]) != 0) {
            m->forms[distinct++] = m->forms[i];
        }
    }
    if (distinct > m->forms_max && m->pair_words != NULL) {
        m->has_cut_forms = true; /* a phrase takes them for another form */
        return lede_fail(err, LEDE_BUG, "merging: too many forms for pairs");
    }
    m->form_count = distinct < m->forms_max ? distinct : m->forms_max;
    m->is_recoded = m->form_count < distinct || distinct > LEDE_CODED_FORMS;
    for (i = 0, n = 0; i < m->list_count; i++) {
        lede_merge_list *l = &m->lists[i];

        l->forms = lede_arena_array(&m->arena, l->postings->form_count + 1u,
                                    sizeof l->forms[0]);
        if (l->forms == NULL) {
            return no_memory(err);
        }
        for (j = 0; j < l->postings->form_count; j++) {
            l->forms[j] = find_form(m, distinct, &all[n++]);
        }
    }
    return LEDE_OK;
}

/* --- Lists -----------------------------------------------------------------
 */

/* Whether what follows the blocks read lies behind the part's end. */
static bool is_past_part(const lede_merge_list *l)
{
    return l->next_block > 0 &&
           lede_load_u32(lede_postings_last_entries(l->postings) +
                         4 * (size_t)(l->next_block - 1)) >= l->from->end - 1;
}

static lede_status ensure_members(lede_merge *m, lede_error *err)
{
    if (m->members == NULL) {
        m->members = malloc(LEDE_MAX_FORMS * sizeof m->members[0]);
    }
    return m->members == NULL ? no_memory(err) : LEDE_OK;
}

/* The members of a set of forms, as the new list numbers them. */
static lede_status read_members(lede_merge *m, const lede_merge_list *l,
                                uint8_t label, lede_error *err)
{
    lede_status status = ensure_members(m, err);
    uint32_t i;

    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_coded_block_set(&l->coded, label, m->members)) {
        return corrupt(l->from, "sets of forms", err);
    }
    for (i = 0; l->forms != NULL && i < l->coded.set_sizes[label]; i++) {
        m->members[i] = l->forms[m->members[i]];
    }
    return LEDE_OK;
}

/* New sets of the block at hand as bits, where there are few forms. */
static lede_status read_maps(lede_merge *m, lede_merge_list *l, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t label, i;

    if (m->form_count < 2 || m->is_recoded) {
        return LEDE_OK;
    }
    for (label = 0; label < l->coded.set_count && status == LEDE_OK; label++) {
        status = read_members(m, l, (uint8_t)label, err);
        l->maps[label] = 0;
        for (i = 0; status == LEDE_OK && i < l->coded.set_sizes[label]; i++) {
            l->maps[label] |= UINT64_C(1) << m->members[i];
        }
    }
    return status;
}

static lede_status add_reason(const lede_merge_list *l, lede_status status,
                              lede_error *err)
{
    return status == LEDE_CORRUPT ? corrupt(l->from, "postings", err) : status;
}

/* Goes on block after block until one has a live entry. */
static lede_status next_block(lede_merge_list *l, lede_error *err)
{
    uint32_t i, live = 0;
    lede_status status;

    while (live == 0) {
        if (l->next_block == l->postings->block_count || is_past_part(l)) {
            l->is_at_end = true;
            return LEDE_OK;
        }
        status = lede_coded_block_entries(&l->coded, l->next_block++, err);
        if (status != LEDE_OK) {
            return add_reason(l, status, err);
        }
        for (i = 0; i < l->coded.n; i++) {
            l->numbers[i] = lede_merge_number(l->from, l->coded.entries[i]);
            live += l->numbers[i] != LEDE_MERGE_GONE;
        }
    }
    l->index = 0;
    l->is_read = false;
    return LEDE_OK;
}

/* Stands on the next live posting, or at the end. */
static lede_status settle(lede_merge_list *l, lede_error *err)
{
    while (!l->is_at_end) {
        lede_status status;

        while (l->index < l->coded.n &&
               l->numbers[l->index] == LEDE_MERGE_GONE) {
            l->index++;
        }
        if (l->index < l->coded.n) {
            l->number = l->numbers[l->index];
            return LEDE_OK;
        }
        status = next_block(l, err);
        if (status != LEDE_OK) {
            return status;
        }
    }
    return LEDE_OK;
}

static void set_run(lede_merge_list *l)
{
    const lede_coded_block *block = &l->coded;
    uint32_t i;

    for (i = 0; i < block->n; i++) {
        l->block_lengths[i] = l->lengths[block->entries[i]];
    }
    l->run = (lede_coded_run){
        l->numbers,       block->frequencies, block->counts, l->block_lengths,
        block->fields,    block->gaps,        block->labels, l->maps,
        block->set_sizes, block->ranks};
}

/* All of the block, and where the gaps of the posting at hand begin. */
static lede_status read_posting(lede_merge *m, lede_merge_list *l,
                                lede_error *err)
{
    lede_status status = LEDE_OK;

    if (!l->is_read) {
        status = lede_coded_block_read(&l->coded, err);
        status = status == LEDE_OK ? read_maps(m, l, err)
                                   : add_reason(l, status, err);
        set_run(l);
        l->is_read = true;
        l->gap = l->gap_index = 0;
    }
    while (l->gap_index < l->index) {
        l->gap += l->coded.counts[l->gap_index++];
    }
    return status;
}

/* Positions and forms are made of the posting at hand, in the place of gaps and
 * ranks. */
static lede_status recode_posting(lede_merge *m, lede_merge_list *l,
                                  lede_error *err)
{
    const lede_coded_block *block = &l->coded;
    uint32_t at = l->index, i;
    uint8_t label = block->labels[at];
    bool is_sole = block->set_sizes[label] < 2;
    lede_posting posting = {.entry = l->numbers[at],
                            .frequency = block->frequencies[at],
                            .length = l->block_lengths[at],
                            .fields = block->fields[at],
                            .count = block->counts[at]};
    lede_status status = read_members(m, l, label, err);

    if (status == LEDE_OK && posting.count > 0) {
        uint32_t *positions = block->gaps + l->gap;
        uint16_t *forms = block->ranks + l->gap;

        for (i = 0; i < posting.count; i++) {
            positions[i] += i == 0 ? 0 : positions[i - 1];
            forms[i] = m->members[is_sole ? 0 : forms[i]];
        }
        posting.positions = positions;
        posting.forms = forms;
    }
    return status == LEDE_OK
               ? lede_segment_writer_put_posting(m->out, &posting, err)
               : status;
}

/* --- Postings in turn -------------------------------------------------------
 */

/* So many in a row go to the encoder as they are. */
enum { LONG_RUN = 32 };

static lede_status put_staged(lede_merge *m, lede_error *err)
{
    lede_merge_staged *s = m->staged;
    lede_coded_run run = {s->entries,   s->frequencies, s->counts, s->lengths,
                          s->fields,    s->gaps,        s->labels, s->maps,
                          s->set_sizes, s->ranks};
    uint32_t n = s->n;

    s->n = 0;
    s->gap_count = 0;
    return n == 0 ? LEDE_OK
                  : lede_segment_writer_put_run(m->out, &run, 0, n, 0, err);
}

/* Copies the gaps of a posting, and its ranks if they say something; both may
 * be read and written LEDE_CODED_SLACK too far. */
static inline void copy_positions(lede_merge_staged *s, const lede_merge_list *l,
                                  size_t gap, uint32_t count, bool has_ranks)
{
    if (count <= LEDE_CODED_SLACK) {
        memcpy(s->gaps + s->gap_count, l->coded.gaps + gap,
               LEDE_CODED_SLACK * sizeof s->gaps[0]);
    } else {
        memcpy(s->gaps + s->gap_count, l->coded.gaps + gap,
               count * sizeof s->gaps[0]);
    }
    if (has_ranks) {
        memcpy(s->ranks + s->gap_count, l->coded.ranks + gap,
               count * sizeof s->ranks[0]);
    }
    s->gap_count += count;
}

/* Stages one posting, for which there is room. */
static inline void stage(lede_merge *m, const lede_merge_list *l, uint32_t at,
                         size_t gap)
{
    lede_merge_staged *s = m->staged;
    const lede_coded_block *block = &l->coded;
    uint32_t n = s->n++, count = block->counts[at];
    bool has_ranks = false;

    s->entries[n] = l->numbers[at];
    s->frequencies[n] = block->frequencies[at];
    s->counts[n] = count;
    s->lengths[n] = l->block_lengths[at];
    s->fields[n] = block->fields[at];
    if (m->form_count > 1) {
        uint8_t label = block->labels[at];

        s->labels[n] = (uint8_t)n;
        s->maps[n] = l->maps[label];
        s->set_sizes[n] = block->set_sizes[label];
        has_ranks = s->set_sizes[n] > 1;
    }
    if (count > 0) {
        copy_positions(s, l, gap, count, has_ranks);
    }
}

/* Postings [from, to) of the block at hand, the first of which begins at
 * l->gap. */
static lede_status stage_run(lede_merge *m, const lede_merge_list *l,
                             uint32_t from, uint32_t to, lede_error *err)
{
    lede_merge_staged *s = m->staged;
    lede_status status = LEDE_OK;
    size_t gap = l->gap;

    for (; from < to && status == LEDE_OK; from++) {
        uint32_t count = l->coded.counts[from];

        if (s->n == LEDE_BLOCK_POSTINGS ||
            s->gap_count + (uint64_t)count > LEDE_STAGED_GAPS) {
            status = put_staged(m, err);
        }
        if (status != LEDE_OK) {
            break;
        }
        if (count > LEDE_STAGED_GAPS) {
            status = lede_segment_writer_put_run(m->out, &l->run, from,
                                                 from + 1, gap, err);
        } else {
            stage(m, l, from, gap);
        }
        gap += count;
    }
    return status;
}

/* The live postings at hand whose numbers are below `end`. */
static lede_status put_run(lede_merge *m, lede_merge_list *l, uint32_t end,
                           lede_error *err)
{
    lede_status status = read_posting(m, l, err);
    uint32_t from = l->index, to = from + 1;

    if (status != LEDE_OK) {
        return status;
    }
    if (m->is_recoded) {
        status = recode_posting(m, l, err);
    } else {
        while (to < l->coded.n && l->numbers[to] < end) { /* gone is none */
            to++;
        }
        if (to - from < LONG_RUN) {
            status = stage_run(m, l, from, to, err);
        } else {
            status = put_staged(m, err);
            if (status == LEDE_OK) {
                status = lede_segment_writer_put_run(m->out, &l->run, from, to,
                                                     l->gap, err);
            }
        }
    }
    l->index = to;
    m->steps += to - from;
    return status;
}

/* The list whose next posting comes first; a list goes on alone until another
 * one's turn, so that disjoint ones are swept through. */
static lede_status put_postings(lede_merge *m, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    while (status == LEDE_OK) {
        lede_merge_list *first = NULL;
        uint32_t least = LEDE_MERGE_GONE, second = LEDE_MERGE_GONE;

        for (i = 0; i < m->list_count; i++) {
            lede_merge_list *l = &m->lists[i];

            if (l->is_at_end) {
                continue;
            }
            if (l->number < least) {
                second = least;
                least = l->number;
                first = l;
            } else if (l->number < second) {
                second = l->number;
            }
        }
        if (first == NULL) {
            break;
        }
        do {
            status = put_run(m, first, second, err);
            if (status == LEDE_OK) {
                status = settle(first, err);
            }
        } while (status == LEDE_OK && !first->is_at_end &&
                 first->number < second);
    }
    return status == LEDE_OK ? put_staged(m, err) : status;
}

/* Opened lists stand nowhere yet: forms come first. */
static void open_list(lede_merge_list *l, const lede_merge_source *s)
{
    l->from = s;
    l->postings = &s->term.postings;
    l->lengths = lede_segment_lengths(s->segment);
    l->forms = NULL;
    l->next_block =
        s->begin == 0 ? 0 : lede_postings_find_block(l->postings, 0, s->begin);
    l->index = 0;
    l->is_read = false;
    l->is_at_end = s->begin == s->end;
    lede_coded_block_begin(&l->coded, l->postings);
}

/* --- Terms -----------------------------------------------------------------
 */

static lede_status advance(lede_merge_source *s, lede_error *err)
{
    lede_status status = lede_term_cursor_next(s->cursor, &s->term, err);

    s->is_at_end = status == LEDE_END;
    return status == LEDE_END ? LEDE_OK : status;
}

static const lede_merge_source *least_source(const lede_merge *m)
{
    const lede_merge_source *least = NULL;
    uint32_t i;

    for (i = 0; i < m->count; i++) {
        const lede_merge_source *s = &m->sources[i];

        if (!s->is_at_end &&
            (least == NULL ||
             lede_span_compare(s->term.bytes, least->term.bytes) < 0)) {
            least = s;
        }
    }
    return least;
}

static lede_status write_term(lede_merge *m, lede_error *err)
{
    lede_status status = merge_forms(m, err);

    if (status == LEDE_OK) {
        status = lede_segment_writer_begin_term(m->out, lede_buf_span(&m->term),
                                                m->forms, m->form_count, err);
    }
    if (status == LEDE_OK) {
        status = put_postings(m, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_end_term(m->out, err);
    }
    return status;
}

static bool has_live(const lede_merge *m)
{
    uint32_t i;

    for (i = 0; i < m->list_count; i++) {
        if (!m->lists[i].is_at_end) {
            return true;
        }
    }
    return false;
}

static lede_status put_term(lede_merge *m, lede_span bytes, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    lede_buf_clear(&m->term);
    lede_buf_put_span(&m->term, bytes);
    if (m->term.failed) {
        return no_memory(err);
    }
    lede_arena_clear(&m->arena);
    m->list_count = 0;
    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        lede_merge_source *s = &m->sources[i];

        if (!s->is_at_end &&
            lede_span_equal(s->term.bytes, lede_buf_span(&m->term))) {
            lede_merge_list *l = &m->lists[m->list_count++];

            open_list(l, s);
            status = settle(l, err);
        }
    }
    if (status == LEDE_OK && has_live(m) &&
        (m->pair_words != NULL ||
         !lede_term_is_pair(lede_buf_span(&m->term)))) {
        status = write_term(m, err);
    }
    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        lede_merge_source *s = &m->sources[i];

        if (!s->is_at_end &&
            lede_span_equal(s->term.bytes, lede_buf_span(&m->term))) {
            status = advance(s, err);
        }
    }
    return status;
}

lede_status lede_merge_terms(lede_merge *m, lede_error *err)
{
    const lede_merge_source *least;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = advance(&m->sources[i], err);
    }
    while (status == LEDE_OK && (least = least_source(m)) != NULL) {
        status = put_term(m, least->term.bytes, err);
        if (status == LEDE_OK) {
            status = lede_merge_steps(m, 0, err);
        }
    }
    return status;
}
