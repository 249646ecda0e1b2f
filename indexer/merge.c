#include "indexer/merge_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "merging: out of memory");
}

lede_status lede_merge_steps(lede_merge *m, uint64_t steps, lede_error *err)
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

static lede_status open_source(lede_merge_source *s,
                               const lede_merge_part *part, lede_error *err)
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

static void close_source(lede_merge_source *s)
{
    lede_term_cursor_close(s->cursor);
    free(s->numbers);
}

static lede_status put_row(lede_merge *m, const lede_merge_source *s,
                           uint32_t entry, lede_error *err)
{
    lede_segment_row row = {0};
    const uint8_t *sketch;
    lede_status status;
    unsigned i;

    for (i = 0; i < LEDE_COLUMN_COUNT; i++) {
        row.columns[i] = lede_column_get(&s->columns[i], entry);
    }
    status = lede_segment_sketch(s->segment, entry, &sketch, err);
    if (status != LEDE_OK) {
        return status;
    }
    memcpy(row.sketch.bytes, sketch, sizeof row.sketch.bytes);
    status = lede_segment_source(s->segment,
                                 (uint32_t)row.columns[LEDE_COLUMN_SOURCE],
                                 &row.source, err);
    return status == LEDE_OK ? lede_segment_writer_put_row(m->out, &row, err)
                             : status;
}

static lede_status put_rows(lede_merge *m, const lede_merge_part *parts,
                            lede_error *err)
{
    walk walks[LEDE_MERGE_MOST], *first;
    lede_status status = LEDE_OK;
    uint32_t number = 0, i;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = walk_init(&walks[i], &parts[i], err);
    }
    while (status == LEDE_OK && (first = first_walk(walks, m->count)) != NULL) {
        lede_merge_source *s = &m->sources[first - walks];

        status = put_row(m, s, first->at, err);
        s->numbers[first->at - s->begin] = number++;
        first->at++;
        settle_walk(first);
        if (status == LEDE_OK) {
            status = lede_merge_steps(m, 1, err);
        }
    }
    return status;
}

/* --- Names -----------------------------------------------------------------
 */

static bool have_names(const lede_merge *m)
{
    bool some = false;
    uint32_t i;

    for (i = 0; i < m->count; i++) {
        some = some || lede_segment_has_names(m->sources[i].segment);
    }
    return some;
}

/* Marks that all sources agree on stay; else nobody's. */
static lede_status merge_makers(lede_merge *m, lede_error *err)
{
    lede_name_makers all = {0}, own;
    lede_status status = LEDE_OK;
    bool is_first = true;
    uint32_t i;

    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        if (!lede_segment_has_names(m->sources[i].segment)) {
            continue;
        }
        status = lede_segment_name_makers(m->sources[i].segment, &own, err);
        all = is_first ? own : all;
        all.model = all.model == own.model ? own.model : 0;
        all.table = all.table == own.table ? own.table : 0;
        is_first = false;
    }
    lede_segment_writer_set_name_makers(m->out, &all);
    return status;
}

/* Lists go over as they are, in the order of the rows. */
static lede_status put_names(lede_merge *m, const lede_merge_part *parts,
                             lede_error *err)
{
    walk walks[LEDE_MERGE_MOST], *first;
    lede_status status = LEDE_OK;
    uint32_t i;

    if (!have_names(m)) {
        return LEDE_OK;
    }
    status = merge_makers(m, err);
    for (i = 0; i < m->count && status == LEDE_OK; i++) {
        status = walk_init(&walks[i], &parts[i], err);
    }
    while (status == LEDE_OK && (first = first_walk(walks, m->count)) != NULL) {
        lede_span list;

        status = lede_segment_names(first->segment, first->at, &list, err);
        if (status == LEDE_OK) {
            status = lede_segment_writer_put_names(m->out, list, err);
        }
        first->at++;
        settle_walk(first);
    }
    return status;
}

/* --- Records ---------------------------------------------------------------
 */

/* A block goes over as it is if all of it is live and in the part, and unless
 * it is so small that it packs better with others. */
static bool is_copied(const lede_merge_source *s, const uint32_t *entries,
                      const lede_packed_records *block)
{
    uint32_t i;

    for (i = 0; i < block->count; i++) {
        if (lede_merge_number(s, entries[block->first + i]) ==
            LEDE_MERGE_GONE) {
            return false;
        }
    }
    return block->raw_bytes >= COPIED_MIN_BYTES;
}

static lede_status copy_records(lede_merge *m, const lede_merge_source *s,
                                uint32_t *entries,
                                const lede_packed_records *block,
                                uint64_t steps, lede_error *err)
{
    lede_status status;
    uint32_t i;

    for (i = 0; i < block->count; i++) {
        entries[block->first + i] =
            lede_merge_number(s, entries[block->first + i]);
    }
    status = lede_segment_writer_put_packed(m->out, entries + block->first,
                                            block, err);
    return status == LEDE_OK ? lede_merge_steps(m, block->count * steps, err)
                             : status;
}

static lede_status put_record(lede_merge *m, const lede_merge_source *s,
                              uint32_t entry, uint64_t steps, lede_error *err)
{
    lede_status status =
        lede_segment_own_record(s->segment, entry, &m->record, err);

    if (status == LEDE_OK) {
        status =
            lede_segment_writer_put_record(m->out, lede_merge_number(s, entry),
                                           lede_buf_span(&m->record), err);
    }
    return status == LEDE_OK ? lede_merge_steps(m, steps, err) : status;
}

static lede_status pack_records(lede_merge *m, const lede_merge_source *s,
                                const uint32_t *entries,
                                const lede_packed_records *block,
                                uint64_t steps, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < block->count && status == LEDE_OK; i++) {
        uint32_t entry = entries[block->first + i];

        if (lede_merge_number(s, entry) != LEDE_MERGE_GONE) {
            status = put_record(m, s, entry, steps, err);
        }
    }
    return status;
}

/* One pass over the blocks of a segment: those that are copied, or the others.
 */
static lede_status put_blocks(lede_merge *m, const lede_merge_source *s,
                              bool copied, uint64_t steps, lede_error *err)
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
static lede_status put_records(lede_merge *m, uint64_t steps, lede_error *err)
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
static lede_status compare_pair_words(lede_merge *m, lede_error *err)
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

static void merge_done(lede_merge *m)
{
    uint32_t i;

    for (i = 0; m->sources != NULL && i < m->count; i++) {
        close_source(&m->sources[i]);
    }
    for (i = 0; m->lists != NULL && i < m->count; i++) {
        lede_coded_block_done(&m->lists[i].coded);
    }
    free(m->sources);
    free(m->lists);
    free(m->staged);
    free(m->members);
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

static lede_status write_all(lede_merge *m, const lede_merge_part *parts,
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
    if (status == LEDE_OK) {
        status = put_names(m, parts, err);
    }
    if (status == LEDE_OK && m->pair_words != NULL) {
        status = lede_segment_writer_put_pair_words(m->out, m->pair_words, err);
    }
    if (status == LEDE_OK) {
        status = lede_merge_terms(m, err);
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

static lede_status merge_once(lede_merge *m, lede_writer *writer,
                              const lede_merge_part *parts, uint64_t live,
                              uint32_t *id, lede_error *err)
{
    lede_status status = LEDE_OK;
    uint32_t i;

    m->sources = calloc(m->count, sizeof m->sources[0]);
    m->lists = calloc(m->count, sizeof m->lists[0]);
    m->staged = calloc(1, sizeof *m->staged);
    if (m->sources == NULL || m->lists == NULL || m->staged == NULL) {
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
    lede_merge m = {.count = count, .forms_max = forms_max, .watch = watch};
    lede_merge again = m;
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
