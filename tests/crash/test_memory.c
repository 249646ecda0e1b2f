/* Each allocation of lede's own fails in turn: every call returns an error that
 * says so, nothing leaks, and the archive is as it was or as it was to become.
 */
#include "tests/support/check.h"

#include "storage/archive.h"
#include "tests/storage/model.h"

enum { NOW = 1720000000 };

/* The linker sends lede's calls here, not those of libraries. */
void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *memory, size_t len);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *memory, size_t len);
char *__wrap_strdup(const char *text);

static long left = -1; /* allocations until one fails; negative: never */
static bool has_failed;

static bool is_denied(void)
{
    if (left < 0) {
        return false;
    }
    has_failed = has_failed || left == 0;
    return left-- == 0;
}

void *__wrap_malloc(size_t len)
{
    return is_denied() ? NULL : __real_malloc(len);
}

void *__wrap_calloc(size_t count, size_t len)
{
    return is_denied() ? NULL : __real_calloc(count, len);
}

void *__wrap_realloc(void *memory, size_t len)
{
    return is_denied() ? NULL : __real_realloc(memory, len);
}

char *__wrap_strdup(const char *text)
{
    return is_denied() ? NULL : __real_strdup(text);
}

/* --- What is done while memory runs out ------------------------------------
 */

static lede_status write_one(lede_archive *archive, model_segment *segment,
                             lede_error *err)
{
    lede_file_record file = {0};
    lede_deletion deletion = {0, 0};
    lede_publish change = {.added = &segment->id,
                           .added_count = 1,
                           .deletions = &deletion,
                           .deletion_count = 1,
                           .files = &file,
                           .file_count = 1,
                           .now = NOW};
    lede_writer *writer = NULL;
    lede_status status = lede_writer_open(archive, 0, &writer, err);

    file.path = lede_span_text("/a/file");
    if (status == LEDE_OK) {
        status = model_write(segment, writer, err);
        deletion.segment = segment->id;
    }
    if (status == LEDE_OK) {
        status = lede_writer_publish(writer, &change, err);
    }
    lede_writer_close(writer);
    return status;
}

static lede_status read_all(lede_archive *archive, lede_error *err)
{
    lede_snapshot *snapshot = NULL;
    const lede_segment *segment;
    lede_term_cursor *cursor = NULL;
    lede_buf record = {0};
    lede_file_record file;
    lede_term term;
    lede_status status = lede_snapshot_open(archive, &snapshot, err);

    if (status != LEDE_OK) {
        return status;
    }
    segment = lede_snapshot_segment(snapshot, 0);
    status = lede_segment_record(segment, 0, &record, err);
    if (status == LEDE_OK) {
        status = lede_snapshot_find_file(snapshot, lede_span_text("/a/file"),
                                         &file, err);
    }
    if (status == LEDE_OK) {
        status = lede_term_cursor_open(segment, &cursor, err);
    }
    if (status == LEDE_OK) {
        status = lede_term_cursor_next(cursor, &term, err);
    }
    lede_term_cursor_close(cursor);
    lede_buf_done(&record);
    lede_snapshot_close(snapshot);
    return status;
}

static lede_status do_all(const char *path, const char *copy,
                          model_segment *segment, lede_error *err)
{
    const lede_archive_options options = {.create = true};
    lede_archive *archive = NULL;
    lede_status status = lede_archive_open(path, &options, &archive, err);

    if (status == LEDE_OK) {
        status = write_one(archive, segment, err);
    }
    if (status == LEDE_OK) {
        status = read_all(archive, err);
    }
    if (status == LEDE_OK) {
        status = lede_archive_check(archive, NULL, err);
    }
    if (status == LEDE_OK) {
        status = lede_archive_backup(archive, copy, NULL, err);
    }
    lede_archive_close(archive);
    return status;
}

static void verify(const char *path)
{
    lede_archive *archive = NULL;
    lede_error err = {0};
    lede_status status = lede_archive_open(path, NULL, &archive, &err);

    if (status != LEDE_NOT_FOUND) {
        assert_ok(status);
        assert_int_equal(model_check(archive), 0);
        lede_archive_close(archive);
    }
}

static void test_memory__may_run_out_anywhere(void **state)
{
    const model_options options = {60, 20, NOW, 5000};
    char folder[256], path[300], copy[300];
    lede_error err;
    long round;
    lede_status status = LEDE_NO_MEMORY;

    (void)state;
    model_make_folder(folder);
    snprintf(path, sizeof path, "%s/a", folder);
    snprintf(copy, sizeof copy, "%s/copy", folder);
    for (round = 0; status != LEDE_OK && round < 20000; round++) {
        model_segment *segment = model_segment_new(4, &options);

        err = (lede_error){0};
        has_failed = false;
        left = round;
        status = do_all(path, copy, segment, &err);
        left = -1;
        if (has_failed && status != LEDE_NO_MEMORY && status != LEDE_OK) {
            fail_msg("allocation %ld: '%s' (%s)", round,
                     lede_status_name(status), err.message);
        }
        verify(path);
        model_remove_folder(path);
        model_remove_folder(copy);
        model_segment_free(segment);
        status = has_failed ? LEDE_NO_MEMORY : status;
        round += round / 60; /* the first ones all, then a sample */
    }
    assert_int_equal(status, LEDE_OK);
    model_remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory__may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
