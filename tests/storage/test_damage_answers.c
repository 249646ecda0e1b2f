/* What a reader is told by a damaged archive: the right answer or an error,
 * never a wrong answer. LEDE_TEST_LONG=1 tries many more places. */
#include "tests/support/check.h"

#include "storage/archive_internal.h"
#include "tests/storage/damaged.h"

enum { MAX_ANSWERS = 20000 };

/* What one question gave: a hash of all that came back, or an error. */
typedef struct answer {
    uint64_t hash;
    bool is_error;
} answer;

/* Answers to the same questions, in the same order. */
typedef struct answers {
    answer given[MAX_ANSWERS];
    unsigned count;
} answers;

static answers sound, found;

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return lede_hash64_seeded(lede_span_of(&value, sizeof value), hash);
}

static void put(answers *to, lede_status status, uint64_t hash,
                const lede_error *err)
{
    bool is_error = status != LEDE_OK && status != LEDE_NOT_FOUND;

    assert_true(to->count < MAX_ANSWERS);
    if (is_error) {
        assert_int_equal(status, LEDE_CORRUPT);
        assert_true(err->message[0] != '\0');
    }
    to->given[to->count++] =
        (answer){is_error || status == LEDE_NOT_FOUND ? 0 : hash, is_error};
}

/* --- The questions ---------------------------------------------------------
 */

static void ask_columns(answers *to, const lede_segment *segment)
{
    uint32_t entries = lede_segment_entries(segment);
    lede_error err = {0};
    lede_column column;
    lede_span source;
    uint64_t hash = 0;
    uint32_t i;
    unsigned c;
    lede_status status;

    for (c = 0; c < LEDE_COLUMN_COUNT; c++) {
        status = lede_segment_column(segment, (lede_column_id)c, &column, &err);
        for (i = 0, hash = 0; status == LEDE_OK && i < entries; i++) {
            hash = mix(hash, (uint64_t)lede_column_get(&column, i));
            if (c == LEDE_COLUMN_SOURCE && i % 50 == 0) {
                status = lede_segment_source(
                    segment, (uint32_t)lede_column_get(&column, i), &source,
                    &err);
                hash =
                    status == LEDE_OK ? lede_hash64_seeded(source, hash) : hash;
            }
        }
        put(to, status, hash, &err);
    }
    hash = lede_hash64(lede_span_of(lede_segment_lengths(segment), entries));
    for (i = 0; i < entries; i++) {
        hash = mix(hash, lede_segment_is_deleted(segment, i));
    }
    hash = mix(hash, lede_segment_first_before(segment, DAMAGED_NOW - 100000));
    put(to, LEDE_OK, hash, &err);
}

static uint64_t hash_of_postings(const lede_term *term, lede_status *status,
                                 lede_error *err)
{
    const lede_postings *list = &term->postings;
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    lede_position_reader reader;
    uint32_t block, i, k, count;
    uint64_t hash = mix(term->occurrences, term->entry_count);

    lede_position_reader_init(&reader, list);
    for (block = 0; *status == LEDE_OK && block < list->block_count; block++) {
        uint32_t size = lede_postings_block_size(list, block);

        if (!lede_postings_entries(list, block, entries) ||
            !lede_postings_frequencies(list, block, frequencies) ||
            !lede_postings_fields(list, block, fields)) {
            *status = lede_fail(err, LEDE_CORRUPT, "block does not decode");
        }
        for (i = 0; *status == LEDE_OK && i < size; i++) {
            hash = mix(mix(mix(hash, entries[i]), frequencies[i]), fields[i]);
            *status = lede_position_reader_get(&reader, block, i, &count, err);
            for (k = 0; *status == LEDE_OK && k < count; k++) {
                hash = mix(mix(hash, reader.positions[k]), reader.forms[k]);
            }
        }
    }
    lede_position_reader_done(&reader);
    return hash;
}

static void ask_terms(answers *to, const lede_segment *segment,
                      const model_segment *model)
{
    uint32_t step = model->term_count / 100 + 1;
    lede_error err = {0};
    lede_term term;
    uint32_t i;

    for (i = 0; i < model->term_count; i += step) {
        const model_term *wanted = &model->terms[i];
        lede_status status = lede_segment_find_term(
            segment, lede_span_of(wanted->bytes, wanted->len), &term, &err);
        uint64_t hash =
            status == LEDE_OK ? hash_of_postings(&term, &status, &err) : 0;

        put(to, status, hash, &err);
    }
}

static void ask_all_terms(answers *to, const lede_segment *segment)
{
    lede_term_cursor *cursor = NULL;
    lede_error err = {0};
    lede_term term;
    uint64_t hash = 0;
    lede_status status = lede_term_cursor_open(segment, &cursor, &err);

    while (status == LEDE_OK) {
        status = lede_term_cursor_next(cursor, &term, &err);
        if (status == LEDE_OK) {
            hash = mix(lede_hash64_seeded(term.bytes, hash), term.entry_count);
        }
    }
    lede_term_cursor_close(cursor);
    put(to, status == LEDE_END ? LEDE_OK : status, hash, &err);
}

static void ask_entries(answers *to, const lede_segment *segment,
                        const model_segment *model)
{
    uint32_t step = model->entries / 50 + 1;
    lede_buf record = {0};
    lede_error err = {0};
    uint32_t i, entry = 0;

    for (i = 0; i < model->entries; i += step) {
        lede_status status = lede_segment_record(segment, i, &record, &err);

        put(to, status, lede_hash64(lede_buf_span(&record)), &err);
        status = lede_segment_find_key(
            segment, (uint64_t)model->rows[i].columns[LEDE_COLUMN_KEY], &entry,
            &err);
        put(to, status, entry, &err);
    }
    lede_buf_done(&record);
}

static void ask_for_keys(answers *to, const damaged *made,
                         const lede_snapshot *snapshot)
{
    lede_error err = {0};
    uint64_t prefix, keys[4] = {0}, count = 0;
    uint32_t i;

    for (i = 0; i < made->world.count; i++) {
        const lede_segment_row *row = &made->world.segments[i]->rows[0];
        const lede_segment *segment = NULL;
        uint32_t entry = 0;
        lede_status status = lede_snapshot_find_key(
            snapshot, (uint64_t)row->columns[LEDE_COLUMN_KEY], &segment, &entry,
            &err);

        put(to, status,
            status == LEDE_OK ? mix(lede_segment_id(segment), entry) : 0, &err);
    }
    for (prefix = 0; prefix < 16; prefix++) {
        lede_status status = lede_snapshot_find_key_prefix(
            snapshot, prefix << 60, 1, keys, 4, &count, &err);

        put(to, status, mix(mix(count, keys[0]), keys[3]), &err);
    }
}

static void ask_for_files(answers *to, const lede_snapshot *snapshot)
{
    lede_file_record file = {0};
    lede_error err = {0};
    char name[40];
    int i;

    for (i = 0; i < 200; i += 10) {
        lede_status status;

        snprintf(name, sizeof name, "/folder/%d/file-%d.txt", i / 50, i);
        status = lede_snapshot_find_file(snapshot, lede_span_text(name), &file,
                                         &err);
        put(to, status,
            status == LEDE_OK ? lede_hash64_seeded(file.payload, file.size) : 0,
            &err);
    }
}

static void ask_names(answers *to, const lede_segment *segment)
{
    lede_name_makers makers;
    lede_error err = {0};
    lede_span list;
    lede_status status = lede_segment_name_makers(segment, &makers, &err);
    uint32_t i;

    put(to, status, status == LEDE_OK ? mix(makers.model, makers.table) : 0,
        &err);
    for (i = 0; i < lede_segment_entries(segment); i++) {
        status = lede_segment_names(segment, i, &list, &err);
        put(to, status, status == LEDE_OK ? lede_hash64(list) : 0, &err);
    }
}

/* False: the archive does not even open, which is an answer, too. */
static bool ask(const damaged *made, answers *to)
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    uint32_t i, j;
    lede_status status = lede_archive_open(made->path, NULL, &archive, &err);

    to->count = 0;
    if (status == LEDE_OK) {
        status = lede_snapshot_open(archive, &snapshot, &err);
    }
    if (status != LEDE_OK) {
        assert_true(err.message[0] != '\0');
        lede_archive_close(archive);
        return false;
    }
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        for (j = 0; j < made->world.count; j++) {
            const model_segment *model = made->world.segments[j];

            if (model->id == lede_segment_id(segment)) {
                ask_columns(to, segment);
                ask_terms(to, segment, model);
                ask_all_terms(to, segment);
                ask_entries(to, segment, model);
                ask_names(to, segment);
            }
        }
    }
    ask_for_keys(to, made, snapshot);
    ask_for_files(to, snapshot);
    put(to, LEDE_OK, lede_snapshot_totals(snapshot)->entries, &err);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return true;
}

/* --- The answers -----------------------------------------------------------
 */

/* How many of the answers to a file are errors; a wrong one fails. */
static unsigned count_errors(const damaged *made, const uint8_t *bytes,
                             const char *what, size_t at)
{
    unsigned errors = 0;
    unsigned i;

    damaged_write(made, bytes, made->len);
    if (!ask(made, &found)) {
        return 1;
    }
    assert_int_equal(found.count, sound.count);
    for (i = 0; i < found.count; i++) {
        if (found.given[i].is_error) {
            errors++;
        } else if (found.given[i].hash != sound.given[i].hash) {
            fail_msg("%s, byte %zu: question %u got a wrong answer", what, at,
                     i);
        }
    }
    return errors;
}

static void test_reading__a_damaged_value_gives_no_wrong_answer(void **state)
{
    const damaged *made = *state;
    damaged_place places[LEDE_VALUE_KIND_COUNT];
    uint8_t *bytes = malloc(made->len);
    model_random random = {77};
    unsigned count, round, i;

    assert_non_null(bytes);
    damaged_write(made, made->bytes, made->len);
    count = damaged_places(made, places);
    assert_true(ask(made, &sound));
    for (round = 0; round < damaged_rounds(5, 300); round++) {
        for (i = 0; i < count; i++) {
            const char *name =
                lede_value_kind_name((lede_value_kind)places[i].kind);
            size_t at = places[i].offset + model_next(&random) % places[i].len;

            memcpy(bytes, made->bytes, made->len);
            bytes[at] ^= (uint8_t)(1u << model_below(&random, 8));
            /* A record that was not asked for may be the damaged one, and no
             * answer needs sketches. */
            if (count_errors(made, bytes, name, at - places[i].offset) == 0 &&
                places[i].kind != LEDE_VALUE_RECORDS &&
                places[i].kind != LEDE_VALUE_SKETCHES) {
                fail_msg("a flipped bit of the %s went unnoticed (byte %zu)",
                         name, at - places[i].offset);
            }
        }
    }
    free(bytes);
}

static void test_reading__a_damaged_file_gives_no_wrong_answer(void **state)
{
    const damaged *made = *state;
    uint8_t *bytes = malloc(made->len);
    model_random random = {78};
    unsigned round;

    assert_non_null(bytes);
    damaged_write(made, made->bytes, made->len);
    assert_true(ask(made, &sound));
    for (round = 0; round < damaged_rounds(60, 3000); round++) {
        size_t at = model_next(&random) % made->len;

        memcpy(bytes, made->bytes, made->len);
        bytes[at] ^= (uint8_t)(1u << model_below(&random, 8));
        count_errors(made, bytes, "the file", at);
    }
    free(bytes);
}

/* What one snapshot has found sound, the next need not look at again: seen by
 * damage that comes while the archive is open. */
static void test_seals__are_remembered_until_the_archive_closes(void **state)
{
    const damaged *made = *state;
    damaged_place places[LEDE_VALUE_KIND_COUNT];
    lede_archive *archive = NULL;
    lede_snapshot *first = NULL;
    lede_snapshot *second = NULL;
    lede_error err = {0};
    lede_column column;
    FILE *file;
    unsigned i = 0;
    int byte;
    uint32_t s;

    damaged_write(made, made->bytes, made->len);
    damaged_places(made, places);
    while (places[i].kind != LEDE_VALUE_KEYS) {
        i++;
    }
    assert_ok(lede_archive_open(made->path, NULL, &archive, &err));
    assert_ok(lede_snapshot_open(archive, &first, &err));
    for (s = 0; s < lede_snapshot_segment_count(first); s++) {
        uint32_t entry;

        assert_status(lede_segment_find_key(lede_snapshot_segment(first, s), 1,
                                            &entry, &err),
                      LEDE_NOT_FOUND);
    }
    lede_snapshot_close(first);

    file = fopen(made->file, "r+b");
    assert_non_null(file);
    fseek(file, (long)(places[i].offset + places[i].len / 2), SEEK_SET);
    byte = fgetc(file);
    fseek(file, -1, SEEK_CUR);
    fputc(byte ^ 1, file);
    assert_int_equal(fclose(file), 0);

    assert_ok(lede_snapshot_open(archive, &second, &err));
    for (s = 0; s < lede_snapshot_segment_count(second); s++) {
        const lede_segment *segment = lede_snapshot_segment(second, s);
        uint32_t entry;

        assert_ok(lede_segment_column(segment, LEDE_COLUMN_KEY, &column, &err));
        lede_segment_find_key(segment, (uint64_t)lede_column_get(&column, 0),
                              &entry, &err);
        assert_int_not_equal(err.status, LEDE_CORRUPT);
    }
    lede_snapshot_close(second);
    lede_archive_close(archive);

    archive = NULL;
    assert_ok(lede_archive_open(made->path, NULL, &archive, &err));
    assert_ok(lede_snapshot_open(archive, &first, &err));
    for (s = 0; s < lede_snapshot_segment_count(first); s++) {
        uint32_t entry;

        lede_segment_find_key(lede_snapshot_segment(first, s), 1, &entry, &err);
    }
    assert_int_equal(err.status, LEDE_CORRUPT);
    lede_snapshot_close(first);
    lede_archive_close(archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading__a_damaged_value_gives_no_wrong_answer),
        cmocka_unit_test(test_reading__a_damaged_file_gives_no_wrong_answer),
        cmocka_unit_test(test_seals__are_remembered_until_the_archive_closes),
    };

    return cmocka_run_group_tests(tests, damaged_setup, damaged_teardown);
}
