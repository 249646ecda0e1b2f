#include "tests/storage/model.h"

#include <dirent.h>

#include "base/arena.h"
#include "base/varint.h"
#include "storage/record.h"
#include "tests/support/check.h"

/* --- Random numbers --------------------------------------------------------
 */

/* splitmix64 (Sebastiano Vigna, public domain algorithm). */
uint64_t model_next(model_random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint32_t model_below(model_random *random, uint32_t bound)
{
    return bound == 0 ? 0 : (uint32_t)(model_next(random) % bound);
}

/* Not malloc: that is made to fail in some tests, for lede's sake. */
static void *get_memory(size_t count, size_t size)
{
    size_t len = (count * size + 32) / 16 * 16;
    void *memory = aligned_alloc(16, len);

    assert_non_null(memory);
    return memset(memory, 0, len);
}

/* --- Making ----------------------------------------------------------------
 */

static int compare_rows(const void *a, const void *b)
{
    const lede_segment_row *x = a;
    const lede_segment_row *y = b;
    int64_t xt = x->columns[LEDE_COLUMN_TIME];
    int64_t yt = y->columns[LEDE_COLUMN_TIME];
    uint64_t xk = (uint64_t)x->columns[LEDE_COLUMN_KEY];
    uint64_t yk = (uint64_t)y->columns[LEDE_COLUMN_KEY];

    if (xt != yt) {
        return xt > yt ? -1 : 1;
    }
    return (xk > yk) - (xk < yk);
}

/* One of a few families, whose members differ in more or fewer bytes; or none.
 */
static void model_sketch(model_random *random, lede_sketch *out)
{
    model_random family = {1 + model_below(random, 40)};
    uint32_t changes = model_below(random, 24);
    unsigned i;

    *out = (lede_sketch){{0}};
    if (model_below(random, 4) == 0) {
        return;
    }
    for (i = 0; i < LEDE_SKETCH_BYTES; i++) {
        out->bytes[i] = (uint8_t)(1 + model_below(&family, 255));
    }
    while (changes-- > 0) {
        out->bytes[model_below(random, LEDE_SKETCH_BYTES)] =
            (uint8_t)(1 + model_below(random, 255));
    }
}

static void make_rows(model_segment *segment, const model_options *options)
{
    static const char *const sources[] = {"", "The Courier", "example.org",
                                          "A longer name of an outlet"};
    model_random random = {segment->seed ^ 1};
    model_random sketches = {segment->seed * 83};
    int64_t time = options->first_time;
    uint32_t i;
    unsigned c;

    for (i = 0; i < segment->entries; i++) {
        int64_t *columns = segment->rows[i].columns;
        const char *source = sources[model_below(&random, 4)];

        for (c = 0; c < LEDE_COLUMN_COUNT; c++) {
            columns[c] = model_below(&random, 1000);
        }
        time -= model_below(&random, options->gap_s);
        columns[LEDE_COLUMN_TIME] = time;
        if (model_below(&random, 12) == 0) {
            columns[LEDE_COLUMN_TIME] = LEDE_INSTANT_NONE;
        }
        columns[LEDE_COLUMN_TRUST] = model_below(&random, 5) != 0;
        columns[LEDE_COLUMN_KEY] = (int64_t)model_next(&random);
        columns[LEDE_COLUMN_KIND] = model_below(&random, LEDE_KIND_COUNT);
        columns[LEDE_COLUMN_LANGUAGE] = model_below(&random, 3);
        columns[LEDE_COLUMN_PAGE] = (int64_t)model_next(&random);
        columns[LEDE_COLUMN_LENGTH] = model_below(&random, 5000);
        if (segment->seed % 3 == 0) {
            columns[LEDE_COLUMN_UPDATED] = 0; /* not known of any */
        }
        segment->rows[i].source = lede_span_text(source);
        model_sketch(&sketches, &segment->rows[i].sketch);
    }
    qsort(segment->rows, segment->entries, sizeof *segment->rows, compare_rows);
    for (i = 0; i < segment->entries; i++) {
        segment->dated +=
            segment->rows[i].columns[LEDE_COLUMN_TIME] != LEDE_INSTANT_NONE;
    }
}

static int compare_terms(const void *a, const void *b)
{
    const model_term *x = a;
    const model_term *y = b;

    return lede_span_compare(lede_span_of(x->bytes, x->len),
                             lede_span_of(y->bytes, y->len));
}

static void make_terms(model_segment *segment)
{
    model_random random = {segment->seed ^ 2};
    uint32_t i, kept = 0;

    for (i = 0; i < segment->term_count; i++) {
        model_term *term = &segment->terms[i];
        uint32_t letters = 2 + model_below(&random, 20);

        term->len = 1 + model_below(&random, 12);
        memset(term->bytes, 0, sizeof term->bytes);
        for (uint32_t j = 0; j < term->len; j++) {
            term->bytes[j] = (uint8_t)('a' + model_below(&random, letters));
        }
    }
    qsort(segment->terms, segment->term_count, sizeof *segment->terms,
          compare_terms);
    for (i = 0; i < segment->term_count; i++) {
        if (kept == 0 ||
            compare_terms(&segment->terms[kept - 1], &segment->terms[i]) != 0) {
            segment->terms[kept++] = segment->terms[i];
        }
    }
    segment->term_count = kept;
}

model_segment *model_segment_new(uint64_t seed, const model_options *options)
{
    model_segment *segment = get_memory(1, sizeof *segment);

    segment->seed = seed;
    segment->entries = options->entries;
    segment->term_count = options->terms;
    segment->rows = get_memory(segment->entries, sizeof *segment->rows);
    segment->deleted = get_memory(segment->entries, sizeof *segment->deleted);
    segment->terms = get_memory(segment->term_count, sizeof *segment->terms);
    make_rows(segment, options);
    make_terms(segment);
    return segment;
}

model_segment *model_segment_random(uint64_t seed)
{
    model_random random = {seed};
    model_options options = {0};

    options.entries = 1 + model_below(&random, 40);
    if (model_below(&random, 4) == 0) {
        options.entries = 1 + model_below(&random, 700);
    }
    options.terms = model_below(&random, 150);
    options.first_time = 1700000000 + model_below(&random, 30000000);
    options.gap_s = 1 + model_below(&random, 100000);
    return model_segment_new(seed, &options);
}

void model_segment_free(model_segment *segment)
{
    if (segment != NULL) {
        free(segment->rows);
        free(segment->deleted);
        free(segment->terms);
        free(segment);
    }
}

uint32_t model_live(const model_segment *segment)
{
    uint32_t i, live = 0;

    for (i = 0; i < segment->entries; i++) {
        live += !segment->deleted[i];
    }
    return live;
}

model_posting *model_postings(const model_segment *segment, uint32_t term,
                              uint32_t *count, bool *has_positions)
{
    model_random random = {segment->seed * 31 + term};
    model_posting *postings = get_memory(segment->entries, sizeof *postings);
    uint32_t share = 1u << model_below(&random, 8);
    bool positions = model_below(&random, 4) != 0;
    uint32_t i, j, n = 0;

    for (i = 0; i < segment->entries; i++) {
        model_posting *posting = &postings[n];
        uint32_t position = 0;

        if (model_below(&random, share) != 0) {
            continue;
        }
        posting->entry = i;
        posting->frequency = 1 + model_below(&random, 30);
        posting->fields = (uint8_t)model_below(&random, 32);
        posting->count = positions ? 1 + model_below(&random, 6) : 0;
        for (j = 0; j < posting->count; j++) {
            position += model_below(&random, 300);
            posting->positions[j] = position;
            posting->forms[j] = (uint16_t)model_below(&random, 2);
        }
        n++;
    }
    *count = n;
    *has_positions = positions;
    return postings;
}

void model_record(const model_segment *segment, uint32_t entry, lede_buf *out)
{
    const int64_t *columns = segment->rows[entry].columns;
    model_random random = {segment->seed * 77 + entry};
    uint32_t words =
        model_below(&random, 40) == 0 ? 8000 : model_below(&random, 120);
    lede_buf text = {0};
    lede_block block = {LEDE_BLOCK_P, {NULL, 0}};
    lede_entry made;
    uint32_t i;

    lede_entry_init(&made);
    for (i = 0; i < words; i++) {
        lede_buf_put_format(&text, "word%u ", model_below(&random, 500));
    }
    block.text = lede_buf_span(&text);
    made.key = (uint64_t)columns[LEDE_COLUMN_KEY];
    made.page_id = (uint64_t)columns[LEDE_COLUMN_PAGE];
    made.kind = (lede_kind)columns[LEDE_COLUMN_KIND];
    made.source = segment->rows[entry].source;
    made.headline = lede_span_text("A headline of the model");
    if (columns[LEDE_COLUMN_TIME] != LEDE_INSTANT_NONE) {
        made.published.instant = columns[LEDE_COLUMN_TIME];
        made.published.precision = LEDE_PRECISION_SECOND;
        made.published.year_source = columns[LEDE_COLUMN_TRUST] == 1
                                         ? LEDE_YEAR_EXPLICIT
                                         : LEDE_YEAR_MTIME;
    }
    if (columns[LEDE_COLUMN_UPDATED] != 0) {
        made.updated.instant =
            lede_updated_decode(columns[LEDE_COLUMN_UPDATED]);
        made.updated.precision = LEDE_PRECISION_SECOND;
    }
    made.body = &block;
    made.block_count = 1;
    lede_record_encode(&made, out);
    out->failed = out->failed || text.failed;
    lede_buf_done(&text);
}

bool model_has_names(const model_segment *segment)
{
    return segment->seed % 3 != 0;
}

void model_names(const model_segment *segment, uint32_t entry, lede_buf *out)
{
    static const char *const words[] = {"Ann Lee",  "Bo Ek", "Paris",
                                        "g2988507", "c:FR",  "Dr"};
    model_random random = {segment->seed * 79 + entry};
    lede_named named[20] = {0};
    uint32_t count = model_below(&random, 20), i, j;

    if (model_below(&random, 8) == 0) {
        return;
    }
    for (i = 0; i < count; i++) {
        lede_named *n = &named[i];

        n->kind = (uint8_t)model_below(&random, 2);
        n->state = (uint8_t)model_below(&random, 3);
        n->trust = (uint8_t)model_below(&random, 4);
        n->in_headline = model_below(&random, 2) == 0;
        n->mentions = model_below(&random, 300);
        n->sources = model_below(&random, 2);
        n->section = model_below(&random, 10);
        n->offset = model_below(&random, 9000);
        n->name = lede_span_text(words[model_below(&random, 3)]);
        n->id_count = model_below(&random, LEDE_NAMED_IDS + 1);
        n->parent_count = model_below(&random, 3);
        n->form_count = model_below(&random, LEDE_NAMED_FORMS + 1);
        for (j = 0; j < LEDE_NAMED_FORMS; j++) {
            n->forms[j] = lede_span_text(words[j % 3]);
            n->ids[j % LEDE_NAMED_IDS] = lede_span_text(words[3]);
            n->parents[j] = lede_span_text(words[4]);
        }
        if (model_below(&random, 2) == 0) {
            n->title = lede_span_text(words[5]);
        }
    }
    lede_name_list_encode(named, count, out);
}

/* --- Writing ---------------------------------------------------------------
 */

static lede_status write_term(const model_segment *segment, uint32_t index,
                              lede_segment_writer *out, lede_error *err)
{
    const model_term *term = &segment->terms[index];
    lede_span bytes = lede_span_of(term->bytes, term->len);
    lede_form forms[2] = {{bytes, LEDE_CASE_LOWER, 0, 1},
                          {bytes, LEDE_CASE_CAPITAL, 7, 1}};
    uint32_t count, i;
    bool positions;
    model_posting *postings =
        model_postings(segment, index, &count, &positions);
    lede_status status = lede_segment_writer_begin_term(out, bytes, forms,
                                                        positions ? 2 : 0, err);

    for (i = 0; i < count && status == LEDE_OK; i++) {
        lede_posting posting = {0};

        posting.entry = postings[i].entry;
        posting.frequency = postings[i].frequency;
        posting.length =
            lede_length_encode((uint32_t)segment->rows[postings[i].entry]
                                   .columns[LEDE_COLUMN_LENGTH]);
        posting.fields = postings[i].fields;
        posting.count = postings[i].count;
        posting.positions = postings[i].positions;
        posting.forms = postings[i].forms;
        status = lede_segment_writer_put_posting(out, &posting, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_end_term(out, err);
    }
    free(postings);
    return status;
}

static lede_status write_records(const model_segment *segment,
                                 lede_segment_writer *out, lede_error *err)
{
    bool backwards = segment->seed % 2 == 0; /* any order is allowed */
    lede_buf record = {0};
    lede_status status = LEDE_OK;
    uint32_t i;

    for (i = 0; i < segment->entries && status == LEDE_OK; i++) {
        uint32_t entry = backwards ? segment->entries - 1 - i : i;

        lede_buf_clear(&record);
        model_record(segment, entry, &record);
        status = record.failed
                     ? lede_fail(err, LEDE_NO_MEMORY, "model: out of memory")
                     : lede_segment_writer_put_record(
                           out, entry, lede_buf_span(&record), err);
    }
    lede_buf_done(&record);
    return status;
}

static lede_status write_names(const model_segment *segment,
                               lede_segment_writer *out, lede_error *err)
{
    lede_name_makers makers = {segment->seed, segment->seed + 1};
    lede_buf list = {0};
    lede_status status = LEDE_OK;
    uint32_t i;

    lede_segment_writer_set_name_makers(out, &makers);
    for (i = 0; i < segment->entries && status == LEDE_OK; i++) {
        lede_buf_clear(&list);
        model_names(segment, i, &list);
        status =
            list.failed
                ? lede_fail(err, LEDE_NO_MEMORY, "model: out of memory")
                : lede_segment_writer_put_names(out, lede_buf_span(&list), err);
    }
    lede_buf_done(&list);
    return status;
}

lede_status model_write(model_segment *segment, lede_writer *writer,
                        lede_error *err)
{
    lede_segment_writer *out = NULL;
    lede_status status =
        lede_segment_writer_new(writer, segment->entries, &out, err);
    uint32_t i;

    for (i = 0; i < segment->entries && status == LEDE_OK; i++) {
        status = lede_segment_writer_put_row(out, &segment->rows[i], err);
    }
    if (model_has_names(segment) && status == LEDE_OK) {
        status = write_names(segment, out, err);
    }
    for (i = 0; i < segment->term_count && status == LEDE_OK; i++) {
        status = write_term(segment, i, out, err);
    }
    if (status == LEDE_OK) {
        status = write_records(segment, out, err);
    }
    if (status == LEDE_OK) {
        status = lede_segment_writer_finish(out, &segment->id, err);
    }
    lede_segment_writer_free(out);
    return status;
}

/* --- Comparing -------------------------------------------------------------
 */

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
        if (bsearch(&absent, model->terms, model->term_count,
                    sizeof *model->terms, compare_terms) == NULL) {
            assert_status(lede_segment_find_term(
                              segment, lede_span_of(absent.bytes, absent.len),
                              &term, &err),
                          LEDE_NOT_FOUND);
        }
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
    naive.trusted = get_memory(all, sizeof *naive.trusted);
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

/* --- Worlds ------------------------------------------------------------------
 */

void model_world_free(model_world *world)
{
    for (uint32_t i = 0; i < world->count; i++) {
        model_segment_free(world->segments[i]);
    }
    world->count = 0;
}

model_world model_world_copy(const model_world *world)
{
    model_world copy = {.count = world->count};

    for (uint32_t i = 0; i < world->count; i++) {
        const model_segment *old = world->segments[i];

        copy.segments[i] = model_segment_random(old->seed);
        copy.segments[i]->id = old->id;
        memcpy(copy.segments[i]->deleted, old->deleted,
               old->entries * sizeof *old->deleted);
    }
    return copy;
}

lede_status model_world_change(model_world *world, uint64_t seed,
                               lede_writer *writer, int64_t now,
                               lede_error *err)
{
    model_random random = {seed};
    uint32_t added[2], removed[2];
    lede_deletion deletions[64];
    lede_publish change = {
        .added = added, .removed = removed, .deletions = deletions, .now = now};
    uint32_t i;
    lede_status status = LEDE_OK;

    while (change.removed_count < 2 && world->count > 0 &&
           (world->count > MODEL_MAX_SEGMENTS - 3 ||
            model_below(&random, 4) == 0)) {
        uint32_t at = model_below(&random, world->count);

        removed[change.removed_count++] = world->segments[at]->id;
        model_segment_free(world->segments[at]);
        world->segments[at] = world->segments[--world->count];
    }
    for (i = model_below(&random, 3); i > 0 && status == LEDE_OK; i--) {
        model_segment *made = model_segment_random(seed * 100 + i);

        world->segments[world->count++] = made;
        if (writer != NULL) {
            status = model_write(made, writer, err);
            added[change.added_count++] = made->id;
        }
    }
    for (i = world->count == 0 ? 0 : model_below(&random, 64); i > 0; i--) {
        model_segment *at = world->segments[model_below(&random, world->count)];
        uint32_t entry = model_below(&random, at->entries);

        at->deleted[entry] = true;
        deletions[change.deletion_count++] = (lede_deletion){at->id, entry};
    }
    if (writer != NULL && status == LEDE_OK) {
        status = lede_writer_publish(writer, &change, err);
    }
    return status;
}

static void print_found(void *ctx, const char *problem)
{
    ++*(unsigned *)ctx;
    print_message("found: %s\n", problem);
}

unsigned model_check(lede_archive *archive)
{
    unsigned count = 0;
    const lede_check_callbacks callbacks = {.ctx = &count,
                                            .found = print_found};
    lede_error err = {0};
    lede_status status = lede_archive_check(archive, &callbacks, &err);

    assert_int_equal(status, count == 0 ? LEDE_OK : LEDE_CORRUPT);
    return count;
}

/* --- Folders ---------------------------------------------------------------
 */

void model_make_folder(char path[256])
{
    const char *root = getenv("TMPDIR");

    snprintf(path, 256, "%s/lede-test-XXXXXX", root == NULL ? "/tmp" : root);
    assert_non_null(mkdtemp(path));
}

void model_remove_folder(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *item;
    char name[600];

    while (dir != NULL && (item = readdir(dir)) != NULL) {
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0) {
            snprintf(name, sizeof name, "%s/%s", path, item->d_name);
            if (unlink(name) != 0) {
                model_remove_folder(name);
            }
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rmdir(path);
}
