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

void *model_alloc(size_t count, size_t size)
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

bool model_has_term(const model_segment *segment, const model_term *term)
{
    return bsearch(term, segment->terms, segment->term_count,
                   sizeof *segment->terms, compare_terms) != NULL;
}

model_segment *model_segment_new(uint64_t seed, const model_options *options)
{
    model_segment *segment = model_alloc(1, sizeof *segment);

    segment->seed = seed;
    segment->entries = options->entries;
    segment->term_count = options->terms;
    segment->rows = model_alloc(segment->entries, sizeof *segment->rows);
    segment->deleted = model_alloc(segment->entries, sizeof *segment->deleted);
    segment->terms = model_alloc(segment->term_count, sizeof *segment->terms);
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
    model_posting *postings = model_alloc(segment->entries, sizeof *postings);
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
