#include "tests/storage/model.h"

#include "storage/record.h"
#include "tests/support/check.h"

static void compare_positions(const model_posting *posting,
                              lede_position_reader *reader, uint32_t block,
                              uint32_t index)
{
    lede_error err = {0};
    uint32_t count, i;

    assert_ok(lede_position_reader_get(reader, block, index, &count, &err));
    assert_int_equal(count, posting->count);
    for (i = 0; i < count; i++) {
        assert_int_equal(reader->positions[i], posting->positions[i]);
        assert_int_equal(reader->forms[i], posting->forms[i]);
    }
}

static void compare_list(const model_posting *postings, uint32_t count,
                         const lede_postings *list)
{
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    lede_position_reader reader;
    uint32_t block, i, at = 0;

    lede_position_reader_init(&reader, list);
    for (block = 0; block < list->block_count; block++) {
        uint32_t size = lede_postings_block_size(list, block);

        assert_true(lede_postings_entries(list, block, entries));
        assert_true(lede_postings_frequencies(list, block, frequencies));
        assert_true(lede_postings_fields(list, block, fields));
        for (i = 0; i < size; i++, at++) {
            assert_true(at < count);
            assert_int_equal(entries[i], postings[at].entry);
            assert_int_equal(frequencies[i], postings[at].frequency);
            assert_int_equal(fields[i], postings[at].fields);
            compare_positions(&postings[at], &reader, block, i);
        }
    }
    assert_int_equal(at, count);
    lede_position_reader_done(&reader);
}

static void compare_term(const model_segment *model, uint32_t index,
                         const lede_segment *segment, lede_term_cursor *cursor)
{
    lede_error err = {0};
    lede_span bytes =
        lede_span_of(model->terms[index].bytes, model->terms[index].len);
    uint32_t count;
    bool positions;
    model_posting *postings = model_postings(model, index, &count, &positions);
    lede_term term;

    if (count == 0) {
        assert_status(lede_segment_find_term(segment, bytes, &term, &err),
                      LEDE_NOT_FOUND);
    } else {
        assert_ok(lede_segment_find_term(segment, bytes, &term, &err));
        assert_int_equal(term.entry_count, count);
        compare_list(postings, count, &term.postings);
        assert_ok(lede_term_cursor_next(cursor, &term, &err));
        assert_true(lede_span_equal(term.bytes, bytes));
        compare_list(postings, count, &term.postings);
    }
    free(postings);
}

static void compare_absent(const model_segment *model,
                           const lede_segment *segment)
{
    model_random random = {model->seed ^ 3};
    lede_error err = {0};
    lede_term term;
    int i;

    for (i = 0; i < 50; i++) {
        model_term absent = {{0}, 3 + model_below(&random, 5)};
        uint32_t j;

        for (j = 0; j < absent.len; j++) {
            absent.bytes[j] = (uint8_t)('a' + model_below(&random, 3));
        }
        if (!model_has_term(model, &absent)) {
            assert_status(lede_segment_find_term(
                              segment, lede_span_of(absent.bytes, absent.len),
                              &term, &err),
                          LEDE_NOT_FOUND);
        }
    }
}

/* Many terms at once, those that are not there among them, as one by one. */
static void compare_together(const model_segment *model,
                             const lede_segment *segment)
{
    model_random random = {model->seed ^ 5};
    lede_error err = {0};
    uint32_t at = 0;

    while (at < model->term_count) {
        lede_span terms[LEDE_TERMS_AT_ONCE];
        lede_term found[LEDE_TERMS_AT_ONCE], term;
        bool is_there[LEDE_TERMS_AT_ONCE];
        uint32_t count = 1 + model_below(&random, LEDE_TERMS_AT_ONCE), i;

        for (i = 0; i < count; i++) {
            const model_term *one =
                &model->terms[(at + i * 7) % model->term_count];

            terms[i] = lede_span_of(
                one->bytes, one->len - (one->len > 1 && i % 5 == 4 ? 1 : 0));
        }
        assert_ok(lede_segment_find_terms(segment, terms, count, found,
                                          is_there, &err));
        for (i = 0; i < count; i++) {
            lede_status status =
                lede_segment_find_term(segment, terms[i], &term, &err);

            assert_status(status, is_there[i] ? LEDE_OK : LEDE_NOT_FOUND);
            if (is_there[i]) {
                assert_true(lede_span_equal(found[i].bytes, term.bytes));
                assert_int_equal(found[i].entry_count, term.entry_count);
                assert_ptr_equal(found[i].postings.block_bytes.bytes,
                                 term.postings.block_bytes.bytes);
            }
        }
        at += count;
    }
}

static void compare_entry(const model_segment *model, uint32_t entry,
                          const lede_segment *segment, lede_buf *wanted,
                          lede_buf *got)
{
    const lede_segment_row *row = &model->rows[entry];
    lede_error err = {0};
    lede_column column;
    lede_span names;
    const uint8_t *sketch;
    uint32_t found;
    unsigned c;

    for (c = 0; c < LEDE_COLUMN_COUNT; c++) {
        int64_t value;

        assert_ok(
            lede_segment_column(segment, (lede_column_id)c, &column, &err));
        value = lede_column_get(&column, entry);
        if (c == LEDE_COLUMN_SOURCE) {
            lede_span source;

            assert_ok(
                lede_segment_source(segment, (uint32_t)value, &source, &err));
            assert_true(lede_span_equal(source, row->source));
        } else {
            assert_true(value == row->columns[c]);
        }
    }
    assert_int_equal(
        lede_segment_lengths(segment)[entry],
        lede_length_encode((uint32_t)row->columns[LEDE_COLUMN_LENGTH]));
    assert_int_equal(lede_segment_is_deleted(segment, entry),
                     model->deleted[entry]);
    assert_ok(lede_segment_find_key(
        segment, (uint64_t)row->columns[LEDE_COLUMN_KEY], &found, &err));
    assert_int_equal(found, entry);
    lede_buf_clear(wanted);
    model_record(model, entry, wanted);
    assert_ok(lede_segment_record(segment, entry, got, &err));
    assert_true(lede_span_equal(lede_buf_span(wanted), lede_buf_span(got)));
    lede_buf_clear(wanted);
    if (model_has_names(model)) {
        model_names(model, entry, wanted);
    }
    assert_ok(lede_segment_names(segment, entry, &names, &err));
    assert_true(lede_span_equal(lede_buf_span(wanted), names));
    assert_ok(lede_segment_sketch(segment, entry, &sketch, &err));
    assert_memory_equal(sketch, row->sketch.bytes, LEDE_SKETCH_BYTES);
}

static void compare_times(const model_segment *model,
                          const lede_segment *segment)
{
    model_random random = {model->seed ^ 4};
    int i;

    for (i = 0; i < 20; i++) {
        uint32_t entry = model_below(&random, model->entries);
        uint32_t wanted = 0;
        int64_t instant;

        if (entry >= model->dated) {
            continue;
        }
        instant = model->rows[entry].columns[LEDE_COLUMN_TIME] +
                  (int64_t)model_below(&random, 3) - 1;
        while (wanted < model->dated &&
               model->rows[wanted].columns[LEDE_COLUMN_TIME] >= instant) {
            wanted++;
        }
        assert_int_equal(lede_segment_first_before(segment, instant), wanted);
    }
}

void model_compare_segment(const model_segment *model,
                           const lede_segment *segment)
{
    lede_error err = {0};
    lede_term_cursor *cursor = NULL;
    lede_buf wanted = {0};
    lede_buf got = {0};
    lede_name_makers makers;
    lede_term term;
    uint32_t i;

    assert_int_equal(lede_segment_id(segment), model->id);
    assert_int_equal(lede_segment_has_names(segment), model_has_names(model));
    assert_ok(lede_segment_name_makers(segment, &makers, &err));
    assert_true(!model_has_names(model) || (makers.model == model->seed &&
                                            makers.table == model->seed + 1));
    assert_int_equal(lede_segment_entries(segment), model->entries);
    assert_int_equal(lede_segment_dated(segment), model->dated);
    assert_int_equal(lede_segment_live(segment), model_live(model));
    assert_ok(lede_term_cursor_open(segment, &cursor, &err));
    for (i = 0; i < model->term_count; i++) {
        compare_term(model, i, segment, cursor);
    }
    assert_status(lede_term_cursor_next(cursor, &term, &err), LEDE_END);
    compare_together(model, segment);
    lede_term_cursor_close(cursor);
    for (i = 0; i < model->entries; i++) {
        compare_entry(model, i, segment, &wanted, &got);
    }
    compare_times(model, segment);
    compare_absent(model, segment);
    lede_buf_done(&wanted);
    lede_buf_done(&got);
}

static int compare_instants(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x < y) - (x > y);
}

struct naive {
    uint64_t live, deleted, length;
    int64_t oldest, newest;
    int64_t *trusted; /* newest first */
    size_t trusted_count;
};

static void count_naively(model_segment *const *models, uint32_t count,
                          int64_t now, struct naive *out)
{
    uint32_t i, j;

    out->oldest = out->newest = LEDE_INSTANT_NONE;
    for (i = 0; i < count; i++) {
        for (j = 0; j < models[i]->entries; j++) {
            const int64_t *columns = models[i]->rows[j].columns;
            int64_t time = columns[LEDE_COLUMN_TIME];

            out->length += (uint64_t)columns[LEDE_COLUMN_LENGTH];
            out->live += !models[i]->deleted[j];
            out->deleted += models[i]->deleted[j];
            if (models[i]->deleted[j] || time == LEDE_INSTANT_NONE) {
                continue;
            }
            if (out->newest == LEDE_INSTANT_NONE || time > out->newest) {
                out->newest = time;
            }
            if (out->oldest == LEDE_INSTANT_NONE || time < out->oldest) {
                out->oldest = time;
            }
            if (columns[LEDE_COLUMN_TRUST] == 1 && time <= now + 86400) {
                out->trusted[out->trusted_count++] = time;
            }
        }
    }
    qsort(out->trusted, out->trusted_count, sizeof *out->trusted,
          compare_instants);
}

static void compare_totals(model_segment *const *models, uint32_t count,
                           const lede_totals *totals, int64_t now)
{
    struct naive naive = {0};
    int64_t half_life = 3600;
    size_t all = 0;
    uint32_t i;

    for (i = 0; i < count; i++) {
        all += models[i]->entries;
    }
    naive.trusted = model_alloc(all, sizeof *naive.trusted);
    count_naively(models, count, now, &naive);
    assert_true(totals->entries == naive.live);
    assert_true(totals->deleted == naive.deleted);
    assert_true(totals->length == naive.length);
    assert_true(totals->oldest == naive.oldest);
    assert_true(totals->newest == naive.newest);
    if (naive.trusted_count == 0) {
        assert_true(totals->newest_trusted == LEDE_INSTANT_NONE);
    } else {
        int64_t median =
            naive.trusted[0] - naive.trusted[(naive.trusted_count - 1) / 2];

        assert_true(totals->newest_trusted == naive.trusted[0]);
        half_life = median > 3600 ? median : 3600;
    }
    assert_true(totals->half_life_s == half_life);
    free(naive.trusted);
}

static void compare_key(const lede_snapshot *snapshot,
                        const model_segment *model, uint32_t entry)
{
    uint64_t key = (uint64_t)model->rows[entry].columns[LEDE_COLUMN_KEY];
    const lede_segment *segment = NULL;
    uint64_t found = 0, count = 0;
    uint32_t at = 0;
    lede_error err = {0};
    bool is_live = !model->deleted[entry];

    assert_status(lede_snapshot_find_key(snapshot, key, &segment, &at, &err),
                  is_live ? LEDE_OK : LEDE_NOT_FOUND);
    if (is_live) {
        assert_int_equal(lede_segment_id(segment), model->id);
        assert_int_equal(at, entry);
    }
    assert_ok(lede_snapshot_find_key_prefix(snapshot, key, 16, &found, 1,
                                            &count, &err));
    assert_int_equal(count, is_live);
    assert_true(!is_live || found == key);
}

void model_compare(model_segment *const *models, uint32_t count,
                   const lede_snapshot *snapshot, int64_t now)
{
    uint64_t live = 0;
    uint64_t prefix, found;
    lede_error err = {0};
    uint32_t i, j;
    int64_t newest = INT64_MAX;

    assert_int_equal(lede_snapshot_segment_count(snapshot), count);
    for (i = 0; i < count; i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        int64_t own;

        for (j = 0; j < count && models[j]->id != lede_segment_id(segment);
             j++) {
        }
        assert_true(j < count);
        model_compare_segment(models[j], segment);
        own = models[j]->rows[0].columns[LEDE_COLUMN_TIME];
        assert_true(own <= newest);
        newest = own;
        compare_key(snapshot, models[j], 0);
        compare_key(snapshot, models[j], models[j]->entries / 2);
    }
    compare_totals(models, count, lede_snapshot_totals(snapshot), now);
    for (prefix = 0; prefix < 16; prefix++) {
        assert_ok(lede_snapshot_find_key_prefix(snapshot, prefix << 60, 1, NULL,
                                                0, &found, &err));
        live += found;
    }
    assert_true(live == lede_snapshot_totals(snapshot)->entries);
}
