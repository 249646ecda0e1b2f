#include "indexer/merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/varint.h"
#include "storage/segment.h"

static const uint32_t gone = UINT32_MAX;

/* Records of fewer bytes together are packed anew when segments are merged. */
enum { COPIED_MIN_BYTES = 16 * 1024 };

/* The live entries of a part, in order. */
typedef struct walk {
    const lede_segment *segment;
    lede_column times, keys;
    uint32_t at, end;
    int64_t time; /* of the entry at hand */
    uint64_t key;
} walk;

/* One of the parts. */
typedef struct source {
    const lede_segment *segment;
    lede_column columns[LEDE_COLUMN_COUNT];
    uint32_t begin, end;
    uint32_t *numbers; /* of begin to end - 1: the new number, or gone */
    lede_term_cursor *cursor;
    lede_term term;
    bool is_at_end;
} source;

/* The list of the term at hand in one segment. */
typedef struct list {
    const source *from;
    const lede_postings *postings;
    lede_position_reader positions;
    uint16_t *forms; /* its form -> the new table's */
    uint32_t block, index, size;
    uint32_t entries[LEDE_BLOCK_POSTINGS]; /* new numbers, or gone */
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    const uint8_t *lengths;
    bool is_at_end;
} list;

typedef struct merge {
    source *sources;
    uint32_t count;
    list *lists; /* one for each source that has the term */
    uint32_t list_count;
    lede_segment_writer *out;
    lede_arena arena; /* of one term */
    lede_buf term, record;
    lede_form *forms;
    uint32_t form_count, forms_max;
    const lede_pair_words *pair_words; /* of all sources alike; or NULL */
    bool drops_pairs;
    bool has_cut_forms; /* which ends the merge: without pairs, it would not */
    const lede_watch *watch;
    uint64_t steps, all_steps;
    uint64_t stage_end; /* of the steps of rows and terms, as expected */
} merge;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "merging: out of memory");
}

static lede_status corrupt(const source *s, const char *what, lede_error *err)
{
    return lede_fail(err, LEDE_CORRUPT, "segment %u: damaged %s",
                     lede_segment_id(s->segment), what);
}

/* A step is an entry's row, or one of its postings; its record weighs as much
 * as half of its postings. */
static lede_status take_steps(merge *m, uint64_t steps, lede_error *err)
{
    m->steps += steps;
    if (m->steps > m->stage_end) {
        m->steps = m->stage_end;
    }
    lede_watch_step(m->watch, m->steps, m->all_steps);
    return lede_watch_is_stopped(m->watch)
               ? lede_fail(err, LEDE_INTERRUPTED, "stopped")
               : LEDE_OK;
}

/* --- The order of entries --------------------------------------------------
 */

/* Goes on to the next live entry. */
static void settle_walk(walk *w)
{
    while (w->at < w->end && lede_segment_is_deleted(w->segment, w->at)) {
        w->at++;
    }
    if (w->at < w->end) {
        w->time = lede_column_get(&w->times, w->at);
        w->key = (uint64_t)lede_column_get(&w->keys, w->at);
    }
}

static lede_status walk_init(walk *w, const lede_merge_part *part,
                             lede_error *err)
{
    lede_status status;

    w->segment = part->segment;
    w->at = part->begin;
    w->end = part->end;
    status =
        lede_segment_column(part->segment, LEDE_COLUMN_TIME, &w->times, err);
    if (status == LEDE_OK) {
        status =
            lede_segment_column(part->segment, LEDE_COLUMN_KEY, &w->keys, err);
    }
    if (status == LEDE_OK) {
        settle_walk(w);
    }
    return status;
}

/* Newest first (unknown is least), equal times by key. */
static bool comes_first(const walk *a, const walk *b)
{
    return a->time != b->time ? a->time > b->time : a->key < b->key;
}

/* The walk that stands on the first entry of all, or NULL at the end. */
static walk *first_walk(walk *walks, uint32_t count)
{
    walk *first = NULL;
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (walks[i].at < walks[i].end &&
            (first == NULL || comes_first(&walks[i], first))) {
            first = &walks[i];
        }
    }
    return first;
}

lede_merge_part lede_merge_whole(const lede_segment *segment)
{
    return (lede_merge_part){segment, 0, lede_segment_entries(segment)};
}

lede_status lede_merge_cut(lede_merge_part *parts, uint32_t count,
                           uint32_t most, lede_error *err)
{
    walk walks[LEDE_MERGE_MOST], *first;
    lede_status status = LEDE_OK;
    uint32_t i;

    assert(count > 0 && count <= LEDE_MERGE_MOST && most > 0);
    for (i = 0; i < count && status == LEDE_OK; i++) {
        status = walk_init(&walks[i], &parts[i], err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    while (most > 0 && (first = first_walk(walks, count)) != NULL) {
        first->at++;
        settle_walk(first);
        most--;
    }
    for (i = 0; i < count; i++) {
        parts[i].end = walks[i].at;
    }
    return LEDE_OK;
}

/* --- Rows ------------------------------------------------------------------
 */

static lede_status open_source(source *s, const lede_merge_part *part,
                               lede_error *err)
{
    uint32_t size = part->end - part->begin, i;
    lede_status status = LEDE_OK;

    s->segment = part->segment;
    s->begin = part->begin;
    s->end = part->end;
    for (i = 0; i < LEDE_COLUMN_COUNT && status == LEDE_OK; i++) {
        status = lede_segment_column(part->segment, (lede_column_id)i,
                                     &s->columns[i], err);
    }
    if (status == LEDE_OK) {
        s->numbers = malloc(((size_t)size + 1) * sizeof s->numbers[0]);
        status = s->numbers == NULL ? no_memory(err) : status;
    }
    if (status == LEDE_OK) {
        memset(s->numbers, 0xFF, size * sizeof s->numbers[0]); /* gone */
        status = lede_term_cursor_open(part->segment, &s->cursor, err);
    }
    return status;
}

static void close_source(source *s)
{
    lede_term_cursor_close(s->cursor);
    free(s->numbers);
}

/* The new number of an entry, or gone. */
static inline uint32_t number_of(const source *s, uint32_t entry)
{
    uint32_t index = entry - s->begin; /* wraps, for those before */

    return index < s->end - s->begin ? s->numbers[index] : gone;
}

static lede_status put_row(merge *m, const source *s, uint32_t entry,
                           lede_error *err)
{
    lede_segment_row row = {0};
    lede_status status;
    unsigned i;

    for (i = 0; i < LEDE_COLUMN_COUNT; i++) {
        row.columns[i] = lede_column_get(&s->columns[i], entry);
    }
    status = lede_segment_source(s->segment,
                                 (uint32_t)row.columns[LEDE_COLUMN_SOURCE],
                                 &row.source, err);
    return status == LEDE_OK ? lede_segment_writer_put_row(m->out, &row, err)
                             : status;
}

static lede_status put_rows(merge *m, const lede_merge_part *parts,
                            lede_error *err)
{
    walk walks[LEDE_MERGE_MOST], *first;
    lede_status status = LEDE_OK;
    uint32_t number = 0, i;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = walk_init(&walks[i], &parts[i], err);
    }
    while (status == LEDE_OK && (first = first_walk(walks, m->count)) != NULL) {
        source *s = &m->sources[first - walks];

        status = put_row(m, s, first->at, err);
        s->numbers[first->at - s->begin] = number++;
        first->at++;
        settle_walk(first);
        if (status == LEDE_OK) {
            status = take_steps(m, 1, err);
        }
    }
    return status;
}

/* --- Forms -----------------------------------------------------------------
 */

static int compare_forms(const void *left, const void *right)
{
    return lede_form_compare(left, right);
}

/* The place of a form among those of all lists; those past the last place count
 * as the last one. */
static uint16_t find_form(const merge *m, uint32_t distinct,
                          const lede_form *form)
{
    const lede_form *found =
        bsearch(form, m->forms, distinct, sizeof m->forms[0], compare_forms);
    uint32_t place;

    assert(found != NULL);
    place = (uint32_t)(found - m->forms);
    return (uint16_t)(place < m->form_count ? place : m->form_count - 1);
}

/* The sorted union of the lists' forms, and from each list's numbers to it. A
 * list that was cut itself has the first of its forms, so the first of all are
 * the same as if no list had been cut. */
static lede_status merge_forms(merge *m, lede_error *err)
{
    lede_span stem = lede_buf_span(&m->term);
    lede_form *all;
    uint32_t count = 0, distinct = 0, i, j, n = 0;

    for (i = 0; i < m->list_count; i++) {
        count += m->lists[i].postings->form_count;
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
    if (m->list_count == 1 && n <= m->forms_max) { /* sorted already */
        m->lists[0].forms = NULL;
        m->form_count = n;
        return LEDE_OK;
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
    for (i = 0, n = 0; i < m->list_count; i++) {
        list *l = &m->lists[i];

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

/* Whether what follows the blocks decoded lies behind the part's end. */
static bool is_past_part(const list *l)
{
    return l->block > 0 &&
           lede_load_u32(lede_postings_last_entries(l->postings) +
                         4 * (size_t)(l->block - 1)) >= l->from->end - 1;
}

/* Decodes block after block until one has a live entry. */
static lede_status next_block(list *l, lede_error *err)
{
    uint32_t i, live = 0;

    while (live == 0) {
        if (l->block == l->postings->block_count || is_past_part(l)) {
            l->is_at_end = true;
            return LEDE_OK;
        }
        l->size = lede_postings_block_size(l->postings, l->block);
        if (!lede_postings_entries(l->postings, l->block, l->entries)) {
            return corrupt(l->from, "postings", err);
        }
        lede_position_reader_lend(&l->positions, l->block, l->entries);
        for (i = 0; i < l->size; i++) {
            live += number_of(l->from, l->entries[i]) != gone;
        }
        l->index = 0;
        l->block++;
    }
    if (!lede_postings_frequencies(l->postings, l->block - 1, l->frequencies) ||
        !lede_postings_fields(l->postings, l->block - 1, l->fields)) {
        return corrupt(l->from, "postings", err);
    }
    return LEDE_OK;
}

static uint32_t number_at(const list *l)
{
    return number_of(l->from, l->entries[l->index]);
}

/* Stands on the next live posting, or at the end. */
static lede_status settle(list *l, lede_error *err)
{
    while (!l->is_at_end) {
        while (l->index < l->size && number_at(l) == gone) {
            l->index++;
        }
        if (l->index < l->size) {
            return LEDE_OK;
        }
        if (next_block(l, err) != LEDE_OK) {
            return LEDE_CORRUPT;
        }
    }
    return LEDE_OK;
}

static lede_status put_posting(merge *m, list *l, lede_error *err)
{
    lede_posting posting = {
        .entry = number_at(l),
        .frequency = l->frequencies[l->index],
        .length = l->lengths[l->entries[l->index]],
        .fields = l->fields[l->index],
    };
    lede_status status = LEDE_OK;
    uint32_t i;

    if (l->postings->has_positions) {
        status = lede_position_reader_get(&l->positions, l->block - 1, l->index,
                                          &posting.count, err);
        posting.positions = l->positions.positions;
        posting.forms = l->positions.forms;
        for (i = 0; status == LEDE_OK && l->forms != NULL && i < posting.count;
             i++) {
            l->positions.forms[i] = l->forms[l->positions.forms[i]];
        }
    }
    l->index++;
    m->steps++;
    return status == LEDE_OK
               ? lede_segment_writer_put_posting(m->out, &posting, err)
               : status;
}

/* The list whose next posting comes first; a list goes on alone until another
 * one's turn, so that disjoint ones are swept through. */
static lede_status put_postings(merge *m, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    while (status == LEDE_OK) {
        list *first = NULL;
        uint32_t least = gone, second = gone;

        for (i = 0; i < m->list_count; i++) {
            list *l = &m->lists[i];
            uint32_t number;

            if (l->is_at_end) {
                continue;
            }
            number = number_at(l);
            if (number < least) {
                second = least;
                least = number;
                first = l;
            } else if (number < second) {
                second = number;
            }
        }
        if (first == NULL) {
            break;
        }
        do {
            status = put_posting(m, first, err);
            if (status == LEDE_OK) {
                status = settle(first, err);
            }
        } while (status == LEDE_OK && !first->is_at_end &&
                 number_at(first) < second);
    }
    return status;
}

static lede_status open_list(list *l, const source *s, lede_error *err)
{
    l->from = s;
    l->postings = &s->term.postings;
    l->lengths = lede_segment_lengths(s->segment);
    l->block =
        s->begin == 0 ? 0 : lede_postings_find_block(l->postings, 0, s->begin);
    l->index = 0;
    l->size = 0;
    l->is_at_end = s->begin == s->end;
    lede_position_reader_init(&l->positions, l->postings);
    return settle(l, err);
}

/* --- Terms -----------------------------------------------------------------
 */

static lede_status advance(source *s, lede_error *err)
{
    lede_status status = lede_term_cursor_next(s->cursor, &s->term, err);

    s->is_at_end = status == LEDE_END;
    return status == LEDE_END ? LEDE_OK : status;
}

static const source *least_source(const merge *m)
{
    const source *least = NULL;
    uint32_t i;

    for (i = 0; i < m->count; i++) {
        const source *s = &m->sources[i];

        if (!s->is_at_end &&
            (least == NULL ||
             lede_span_compare(s->term.bytes, least->term.bytes) < 0)) {
            least = s;
        }
    }
    return least;
}

static lede_status write_term(merge *m, lede_error *err)
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

static bool has_live(const merge *m)
{
    uint32_t i;

    for (i = 0; i < m->list_count; i++) {
        if (!m->lists[i].is_at_end) {
            return true;
        }
    }
    return false;
}

static lede_status put_term(merge *m, lede_span bytes, lede_error *err)
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
        source *s = &m->sources[i];

        if (!s->is_at_end &&
            lede_span_equal(s->term.bytes, lede_buf_span(&m->term))) {
            status = open_list(&m->lists[m->list_count++], s, err);
        }
    }
    if (status == LEDE_OK && has_live(m) &&
        (m->pair_words != NULL ||
         !lede_term_is_pair(lede_buf_span(&m->term)))) {
        status = write_term(m, err);
    }
    for (i = 0; i < m->list_count; i++) {
        lede_position_reader_done(&m->lists[i].positions);
    }
    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        source *s = &m->sources[i];

        if (!s->is_at_end &&
            lede_span_equal(s->term.bytes, lede_buf_span(&m->term))) {
            status = advance(s, err);
        }
    }
    return status;
}

static lede_status put_terms(merge *m, lede_error *err)
{
    const source *least;
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = advance(&m->sources[i], err);
    }
    while (status == LEDE_OK && (least = least_source(m)) != NULL) {
        status = put_term(m, least->term.bytes, err);
        if (status == LEDE_OK) {
            status = take_steps(m, 0, err);
        }
    }
    return status;
}

/* --- Records ---------------------------------------------------------------
 */

/* A block goes over as it is if all of it is live and in the part, and unless
 * it is so small that it packs better with others. */
static bool is_copied(const source *s, const uint32_t *entries,
                      const lede_packed_records *block)
{
    uint32_t i;

    for (i = 0; i < block->count; i++) {
        if (number_of(s, entries[block->first + i]) == gone) {
            return false;
        }
    }
    return block->raw_bytes >= COPIED_MIN_BYTES;
}

static lede_status copy_records(merge *m, const source *s, uint32_t *entries,
                                const lede_packed_records *block,
                                uint64_t steps, lede_error *err)
{
    lede_status status;
    uint32_t i;

    for (i = 0; i < block->count; i++) {
        entries[block->first + i] = number_of(s, entries[block->first + i]);
    }
    status = lede_segment_writer_put_packed(m->out, entries + block->first,
                                            block, err);
    return status == LEDE_OK ? take_steps(m, block->count * steps, err)
                             : status;
}

static lede_status put_record(merge *m, const source *s, uint32_t entry,
                              uint64_t steps, lede_error *err)
{
    lede_status status =
        lede_segment_record(s->segment, entry, &m->record, err);

    if (status == LEDE_OK) {
        status = lede_segment_writer_put_record(m->out, number_of(s, entry),
                                                lede_buf_span(&m->record), err);
    }
    return status == LEDE_OK ? take_steps(m, steps, err) : status;
}

static lede_status pack_records(merge *m, const source *s,
                                const uint32_t *entries,
                                const lede_packed_records *block,
                                uint64_t steps, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < block->count && status == LEDE_OK; i++) {
        uint32_t entry = entries[block->first + i];

        if (number_of(s, entry) != gone) {
            status = put_record(m, s, entry, steps, err);
        }
    }
    return status;
}

/* One pass over the blocks of a segment: those that are copied, or the others.
 */
static lede_status put_blocks(merge *m, const source *s, bool copied,
                              uint64_t steps, lede_error *err)
{
    uint32_t *entries =
        malloc((size_t)lede_segment_entries(s->segment) * sizeof entries[0]);
    lede_packed_records block;
    lede_status status;
    uint32_t i;

    if (entries == NULL) {
        return no_memory(err);
    }
    status = lede_segment_record_entries(s->segment, entries, err);
    for (i = 0; status == LEDE_OK; i++) {
        status = lede_segment_packed_records(s->segment, i, &block, err);
        if (status != LEDE_OK || is_copied(s, entries, &block) != copied) {
            continue;
        }
        status = copied ? copy_records(m, s, entries, &block, steps, err)
                        : pack_records(m, s, entries, &block, steps, err);
    }
    free(entries);
    return status == LEDE_END ? LEDE_OK : status;
}

/* Blocks are copied first, so that the single records share theirs. */
static lede_status put_records(merge *m, uint64_t steps, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = put_blocks(m, &m->sources[i], true, steps, err);
    }
    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = put_blocks(m, &m->sources[i], false, steps, err);
    }
    return status;
}

/* --- Pairs -----------------------------------------------------------------
 */

/* Pairs stay if all sources have them, of the same words: else the merged lists
 * would not be complete. */
static lede_status compare_pair_words(merge *m, lede_error *err)
{
    const lede_pair_words *first = NULL, *words = NULL;
    lede_status status = LEDE_OK;
    uint32_t i;

    if (m->drops_pairs) {
        return LEDE_OK;
    }
    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = lede_segment_pair_words(m->sources[i].segment, &words, err);
        if (status != LEDE_OK || words == NULL) {
            return status;
        }
        first = i == 0 ? words : first;
        if (!lede_span_equal(words->bytes, first->bytes)) {
            return LEDE_OK;
        }
    }
    m->pair_words = first;
    return status;
}

/* --- All of it ---------------------------------------------------------------
 */

static void merge_done(merge *m)
{
    uint32_t i;

    for (i = 0; m->sources != NULL && i < m->count; i++) {
        close_source(&m->sources[i]);
    }
    free(m->sources);
    free(m->lists);
    lede_arena_done(&m->arena);
    lede_buf_done(&m->term);
    lede_buf_done(&m->record);
    lede_segment_writer_free(m->out);
}

static uint32_t count_live(const lede_merge_part *part)
{
    uint32_t live = 0, entry;

    if (part->begin == 0 && part->end == lede_segment_entries(part->segment)) {
        return lede_segment_live(part->segment);
    }
    for (entry = part->begin; entry < part->end; entry++) {
        live += !lede_segment_is_deleted(part->segment, entry);
    }
    return live;
}

/* How many postings to expect, from each segment's share. */
static uint64_t expect_postings(const lede_merge_part *parts, uint32_t count)
{
    uint64_t all = 0;
    uint32_t i;

    for (i = 0; i < count; i++) {
        const lede_merge_part *p = &parts[i];

        all += (uint64_t)((double)lede_segment_postings(p->segment) *
                          count_live(p) / lede_segment_entries(p->segment));
    }
    return all;
}

static lede_status write_all(merge *m, const lede_merge_part *parts,
                             uint64_t live, uint32_t *id, lede_error *err)
{
    uint64_t postings = expect_postings(parts, m->count);
    uint64_t record_steps = postings / live / 2 + 1;
    lede_status status;

    m->stage_end = live + postings;
    m->all_steps = m->stage_end + live * record_steps;
    status = compare_pair_words(m, err);
    if (status == LEDE_OK) {
        status = put_rows(m, parts, err);
    }
    if (status == LEDE_OK && m->pair_words != NULL) {
        status = lede_segment_writer_put_pair_words(m->out, m->pair_words, err);
    }
    if (status == LEDE_OK) {
        status = put_terms(m, err);
    }
    if (status == LEDE_OK) {
        m->steps = m->stage_end;
        m->stage_end = m->all_steps;
        status = put_records(m, record_steps, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_finish(m->out, id, err);
    }
    return status;
}

static lede_status merge_once(merge *m, lede_writer *writer,
                              const lede_merge_part *parts, uint64_t live,
                              uint32_t *id, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    m->sources = calloc(m->count, sizeof m->sources[0]);
    m->lists = calloc(m->count, sizeof m->lists[0]);
    if (m->sources == NULL || m->lists == NULL) {
        status = no_memory(err);
    }
    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = open_source(&m->sources[i], &parts[i], err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_new(writer, (uint32_t)live, &m->out, err);
    }
    if (status == LEDE_OK) {
        status = write_all(m, parts, live, id, err);
    }
    merge_done(m);
    return status;
}

lede_status lede_segments_merge(lede_writer *writer,
                                const lede_merge_part *parts, uint32_t count,
                                uint32_t forms_max, const lede_watch *watch,
                                uint32_t *id, lede_error *err)
{
    merge m = {.count = count, .forms_max = forms_max, .watch = watch};
    merge again = m;
    lede_status status;
    uint64_t live = 0;
    uint32_t i;

    assert(count > 0 && count <= LEDE_MERGE_MOST);
    assert(forms_max > 0 && forms_max <= LEDE_MAX_FORMS);
    for (i = 0; i < count; i++) {
        live += count_live(&parts[i]);
    }
    if (live == 0) {
        return LEDE_END;
    }
    if (live > LEDE_SEGMENT_MAX_ENTRIES) {
        return lede_fail(err, LEDE_BUG, "merging: too many entries");
    }
    status = merge_once(&m, writer, parts, live, id, err);
    if (m.has_cut_forms) {
        again.drops_pairs = true;
        status = merge_once(&again, writer, parts, live, id, err);
    }
    return status;
}
