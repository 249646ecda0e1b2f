#include "tests/support/check.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "storage/archive.h"
#include "tests/storage/model.h"

typedef struct fixture {
    char folder[256];
    char path[300];
    lede_archive *archive;
    lede_error err;
} fixture;

static int setup(void **state)
{
    static fixture made;
    const lede_archive_options options = {.create = true};
    lede_error err = {0};

    made = (fixture){0};
    model_make_folder(made.folder);
    snprintf(made.path, sizeof made.path, "%s/a/b", made.folder);
    assert_ok(lede_archive_open(made.path, &options, &made.archive, &err));
    *state = &made;
    return 0;
}

static int teardown(void **state)
{
    fixture *made = *state;

    lede_archive_close(made->archive);
    model_remove_folder(made->folder);
    return 0;
}

/* --- Opening ---------------------------------------------------------------
 */

static void test_archive__is_empty_at_first(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_snapshot *snapshot = NULL;

    assert_ok(lede_snapshot_open(made->archive, &snapshot, &err));
    model_compare(NULL, 0, snapshot, 0);
    assert_int_equal(lede_snapshot_totals(snapshot)->generation, 0);
    lede_snapshot_close(snapshot);
}

static void test_archive__opens_once_per_process(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_archive *second = NULL;
    char other[320];

    snprintf(other, sizeof other, "%s/../b", made->path);
    assert_status(lede_archive_open(other, NULL, &second, &err), LEDE_EXISTS);
    lede_archive_close(made->archive);
    made->archive = NULL;
    assert_ok(lede_archive_open(other, NULL, &made->archive, &err));
}

static void test_archive__is_not_made_unasked(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_archive *other = NULL;
    char path[320];

    snprintf(path, sizeof path, "%s/none", made->folder);
    assert_status(lede_archive_open(path, NULL, &other, &err), LEDE_NOT_FOUND);
    assert_true(strlen(err.message) > 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_status(lede_archive_open("", NULL, &other, &err), LEDE_BAD_INPUT);
}

static void test_archive__keeps_out_of_folders_in_use(void **state)
{
    fixture *made = *state;
    const lede_archive_options options = {.create = true};
    lede_error err = {0};
    lede_archive *other = NULL;

    /* The folder above holds "a". */
    assert_status(lede_archive_open(made->folder, &options, &other, &err),
                  LEDE_BAD_INPUT);
}

static void test_archive__takes_what_map_there_is(void **state)
{
    fixture *made = *state;
    lede_archive_options options = {.create = true, .map_bytes = 1 << 20};
    lede_error err = {0};
    lede_archive *other = NULL;
    char path[320];

    snprintf(path, sizeof path, "%s/small", made->folder);
    assert_ok(lede_archive_open(path, &options, &other, &err));
    lede_archive_close(other);
}

/* --- Writing ---------------------------------------------------------------
 */

static void test_writer__is_one_at_a_time(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_writer *first = NULL;
    lede_writer *second = NULL;
    char pid[32];

    assert_ok(lede_writer_open(made->archive, 0, &first, &err));
    assert_status(lede_writer_open(made->archive, 30, &second, &err),
                  LEDE_BUSY);
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    assert_non_null(strstr(err.message, pid));
    lede_writer_close(first);
    assert_ok(lede_writer_open(made->archive, 0, &second, &err));
    lede_writer_close(second);
}

static void test_writer__waits_for_another_process(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_writer *writer = NULL;
    const struct timespec nap = {0, 300000000};
    int ready[2];
    char byte;
    pid_t child;

    lede_archive_close(made->archive);
    made->archive = NULL;
    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        lede_archive *archive = NULL;

        if (lede_archive_open(made->path, NULL, &archive, NULL) != LEDE_OK ||
            lede_writer_open(archive, 0, &writer, NULL) != LEDE_OK ||
            write(ready[1], "r", 1) != 1) {
            _exit(1);
        }
        nanosleep(&nap, NULL);
        lede_writer_close(writer);
        lede_archive_close(archive);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_ok(lede_archive_open(made->path, NULL, &made->archive, &err));
    assert_status(lede_writer_open(made->archive, 0, &writer, &err), LEDE_BUSY);
    assert_ok(lede_writer_open(made->archive, 10000, &writer, &err));
    lede_writer_close(writer);
    close(ready[0]);
    close(ready[1]);
    waitpid(child, NULL, 0);
}

static void publish(lede_writer *writer, const lede_publish *change)
{
    lede_error err = {0};

    assert_ok(lede_writer_publish(writer, change, &err));
}

static void test_publish__shows_a_segment_as_it_was_written(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    const model_options options = {3000, 800, 1720000000, 5000};
    model_segment *model = model_segment_new(42, &options);
    lede_publish change = {.added = &model->id, .added_count = 1};
    lede_snapshot *snapshot = NULL;
    lede_writer *writer = NULL;

    change.now = 1719000000;
    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    assert_ok(model_write(model, writer, &err));
    publish(writer, &change);
    lede_writer_close(writer);
    assert_ok(lede_snapshot_open(made->archive, &snapshot, &err));
    model_compare(&model, 1, snapshot, change.now);
    lede_snapshot_close(snapshot);
    model_segment_free(model);
}

static void test_publish__drops_what_was_not_published(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    model_segment *model = model_segment_random(7);
    lede_publish change = {.added = &model->id, .added_count = 1};
    lede_snapshot *snapshot = NULL;
    lede_writer *writer = NULL;
    lede_totals before;

    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    assert_ok(model_write(model, writer, &err));
    lede_writer_close(writer);
    assert_ok(lede_snapshot_open(made->archive, &snapshot, &err));
    before = *lede_snapshot_totals(snapshot);
    assert_int_equal(lede_snapshot_segment_count(snapshot), 0);
    lede_snapshot_close(snapshot);
    /* The values are gone, so there is nothing to publish under that number. */
    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    assert_status(lede_writer_publish(writer, &change, &err), LEDE_BAD_INPUT);
    lede_writer_close(writer);
    assert_ok(lede_snapshot_open(made->archive, &snapshot, &err));
    assert_true(lede_snapshot_totals(snapshot)->generation ==
                before.generation);
    lede_snapshot_close(snapshot);
    model_segment_free(model);
}

static void test_publish__refuses_what_does_not_fit(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    model_segment *model = model_segment_random(8);
    uint32_t none = 999;
    lede_deletion deletion = {0, 0};
    lede_publish good = {.added = &model->id, .added_count = 1};
    lede_publish bad;
    lede_writer *writer = NULL;

    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    assert_ok(model_write(model, writer, &err));
    bad = (lede_publish){.removed = &none, .removed_count = 1};
    assert_status(lede_writer_publish(writer, &bad, &err), LEDE_BAD_INPUT);
    bad = (lede_publish){.added = &none, .added_count = 1};
    assert_status(lede_writer_publish(writer, &bad, &err), LEDE_BAD_INPUT);
    deletion = (lede_deletion){model->id, model->entries};
    bad = good;
    bad.deletions = &deletion;
    bad.deletion_count = 1;
    assert_status(lede_writer_publish(writer, &bad, &err), LEDE_BAD_INPUT);
    deletion.segment = none;
    assert_status(lede_writer_publish(writer, &bad, &err), LEDE_BAD_INPUT);
    publish(writer, &good);
    assert_status(lede_writer_publish(writer, &good, &err), LEDE_BAD_INPUT);
    lede_writer_close(writer);
    model_segment_free(model);
}

/* --- Files -----------------------------------------------------------------
 */

static lede_file_record make_file(const char *path, uint64_t n)
{
    lede_file_record record = {0};

    record.path = lede_span_text(path);
    record.size = n;
    record.mtime_ns = -(int64_t)n * 1000000007;
    record.inode = n << 40;
    record.device = 3;
    record.hash = lede_hash128(lede_span_text(path));
    record.payload = lede_span_of(path, strlen(path) / 2);
    return record;
}

static lede_status count_file(void *ctx, const lede_file_record *file,
                              lede_error *err)
{
    (void)err;
    (void)file;
    return ++*(unsigned *)ctx == 3 ? LEDE_INTERRUPTED : LEDE_OK;
}

static void test_files__are_put_found_and_forgotten(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    char long_path[900];
    lede_file_record files[3], found;
    lede_publish change = {.files = files, .file_count = 3};
    lede_snapshot *snapshot = NULL;
    lede_writer *writer = NULL;
    unsigned count = 0;

    memset(long_path, 'x', sizeof long_path - 1);
    long_path[0] = '/';
    long_path[sizeof long_path - 1] = '\0';
    files[0] = make_file("/news/a.txt", 1);
    files[1] = make_file("/news/b.txt", UINT64_MAX);
    files[2] = make_file(long_path, 77);
    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    publish(writer, &change);
    assert_ok(lede_snapshot_open(made->archive, &snapshot, &err));
    for (int i = 0; i < 3; i++) {
        assert_ok(
            lede_snapshot_find_file(snapshot, files[i].path, &found, &err));
        assert_true(lede_span_equal(found.path, files[i].path));
        assert_true(lede_span_equal(found.payload, files[i].payload));
        assert_true(found.size == files[i].size &&
                    found.mtime_ns == files[i].mtime_ns &&
                    found.inode == files[i].inode &&
                    found.device == files[i].device &&
                    found.hash.low == files[i].hash.low &&
                    found.hash.high == files[i].hash.high);
    }
    assert_status(lede_snapshot_find_file(snapshot, lede_span_text("/news/c"),
                                          &found, &err),
                  LEDE_NOT_FOUND);
    assert_status(lede_snapshot_each_file(snapshot, count_file, &count, &err),
                  LEDE_INTERRUPTED);
    assert_int_equal(count, 3);
    change = (lede_publish){.forgotten = &files[1].path, .forgotten_count = 1};
    publish(writer, &change);
    /* The old snapshot still knows the file. */
    assert_ok(lede_snapshot_find_file(snapshot, files[1].path, &found, &err));
    lede_snapshot_close(snapshot);
    assert_ok(lede_snapshot_open(made->archive, &snapshot, &err));
    assert_status(
        lede_snapshot_find_file(snapshot, files[1].path, &found, &err),
        LEDE_NOT_FOUND);
    count = 0;
    assert_ok(lede_snapshot_each_file(snapshot, count_file, &count, &err));
    assert_int_equal(count, 2);
    lede_snapshot_close(snapshot);
    lede_writer_close(writer);
}

/* --- Threads ---------------------------------------------------------------
 */

struct reading {
    lede_archive *archive;
    volatile int *stop;
    unsigned snapshots;
};

/* Reads all that it sees, again and again, while the archive changes. */
static void *read_on(void *ctx)
{
    struct reading *reading = ctx;
    lede_buf record = {0};

    do {
        lede_snapshot *snapshot = NULL;
        uint64_t live = 0;
        uint32_t i, entry;

        if (lede_snapshot_open(reading->archive, &snapshot, NULL) != LEDE_OK) {
            break;
        }
        for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
            const lede_segment *segment = lede_snapshot_segment(snapshot, i);

            for (entry = 0; entry < lede_segment_entries(segment); entry++) {
                live += !lede_segment_is_deleted(segment, entry);
                if (entry % 16 == 0 &&
                    lede_segment_record(segment, entry, &record, NULL) !=
                        LEDE_OK) {
                    live = UINT64_MAX / 2;
                }
            }
        }
        if (live == lede_snapshot_totals(snapshot)->entries) {
            reading->snapshots++;
        }
        lede_snapshot_close(snapshot);
    } while (!__atomic_load_n(reading->stop, __ATOMIC_RELAXED));
    lede_buf_done(&record);
    return NULL;
}

static void test_snapshot__is_read_while_a_writer_works(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_writer *writer = NULL;
    model_world world = {0};
    int stop = 0;
    struct reading readings[3];
    pthread_t threads[3];
    uint64_t i;

    for (i = 0; i < 3; i++) {
        readings[i] = (struct reading){made->archive, &stop, 0};
        assert_int_equal(
            pthread_create(&threads[i], NULL, read_on, &readings[i]), 0);
    }
    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    for (i = 0; i < 25; i++) {
        assert_ok(
            model_world_change(&world, 700 + i, writer, 1720000000, &err));
    }
    lede_writer_close(writer);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_true(readings[i].snapshots > 0);
    }
    model_world_free(&world);
}

/* --- Backup ----------------------------------------------------------------
 */

static void test_backup__is_the_same_archive(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_writer *writer = NULL;
    lede_archive *copy = NULL;
    lede_snapshot *snapshot = NULL;
    model_world world = {0};
    char path[320];

    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    for (uint64_t i = 0; i < 5; i++) {
        assert_ok(model_world_change(&world, 50 + i, writer, 1720000000, &err));
    }
    snprintf(path, sizeof path, "%s/copy", made->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_ok(lede_archive_backup(made->archive, path, NULL, &err)); /* live */
    assert_ok(lede_archive_open(path, NULL, &copy, &err));
    assert_int_equal(model_check(copy), 0);
    assert_ok(lede_snapshot_open(copy, &snapshot, &err));
    model_compare(world.segments, world.count, snapshot, 1720000000);
    lede_snapshot_close(snapshot);
    lede_writer_close(writer);
    /* The copy is an archive like any other. */
    assert_ok(lede_writer_open(copy, 0, &writer, &err));
    assert_ok(model_world_change(&world, 60, writer, 1720000000, &err));
    lede_writer_close(writer);
    assert_int_equal(model_check(copy), 0);
    lede_archive_close(copy);
    assert_status(lede_archive_backup(made->archive, path, NULL, &err),
                  LEDE_BAD_INPUT);
    assert_status(lede_archive_backup(made->archive, made->path, NULL, &err),
                  LEDE_BAD_INPUT);
    snprintf(path, sizeof path, "%s/none/copy", made->folder);
    assert_status(lede_archive_backup(made->archive, path, NULL, &err),
                  LEDE_IO);
    model_world_free(&world);
}

typedef struct watcher {
    uint64_t stop_at, done, all; /* bytes; stops from there on */
    bool stops;
    volatile int stop;
} watcher;

static void on_copied(void *ctx, uint64_t done, uint64_t all)
{
    watcher *w = ctx;

    assert_true(done >= w->done && done <= all);
    w->done = done;
    w->all = all;
    w->stop = w->stops && done >= w->stop_at;
}

static unsigned count_items(const char *folder)
{
    DIR *dir = opendir(folder);
    unsigned count = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL) {
        count++;
    }
    closedir(dir);
    return count;
}

/* Wherever it is stopped, it leaves nothing, and the next one is whole. */
static void test_backup__that_is_stopped_leaves_nothing(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    lede_writer *writer = NULL;
    lede_archive *copy = NULL;
    model_world world = {0};
    watcher whole = {0};
    lede_backup_callbacks callbacks = {.ctx = &whole, .progress = on_copied};
    unsigned items;
    char path[320];
    uint64_t i;

    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    for (i = 0; i < 8; i++) {
        assert_ok(model_world_change(&world, 70 + i, writer, 1720000000, &err));
    }
    lede_writer_close(writer);
    model_world_free(&world);
    snprintf(path, sizeof path, "%s/copy", made->folder);
    items = count_items(made->folder);
    assert_ok(lede_archive_backup(made->archive, path, &callbacks, &err));
    assert_true(whole.done == whole.all && whole.all > 65536);
    model_remove_folder(path);
    for (i = 0; i <= 8; i++) {
        watcher w = {.stops = true, .stop_at = whole.all * i / 8};

        w.stop = i == 0;
        callbacks.ctx = &w;
        callbacks.stop = &w.stop;
        assert_status(
            lede_archive_backup(made->archive, path, &callbacks, &err),
            LEDE_INTERRUPTED);
        assert_int_equal(count_items(made->folder), items);
    }
    assert_ok(lede_archive_backup(made->archive, path, NULL, &err));
    assert_ok(lede_archive_open(path, NULL, &copy, &err));
    assert_int_equal(model_check(copy), 0);
    lede_archive_close(copy);
}

/* --- Random changes against the model --------------------------------------
 */

/* A reader's frozen view: the snapshot and what it must show. */
struct frozen {
    lede_snapshot *snapshot;
    model_world world;
    int64_t now;
};

static void thaw(struct frozen *frozen)
{
    if (frozen->snapshot != NULL) {
        model_compare(frozen->world.segments, frozen->world.count,
                      frozen->snapshot, frozen->now);
        lede_snapshot_close(frozen->snapshot);
        model_world_free(&frozen->world);
        frozen->snapshot = NULL;
    }
}

static void test_publish__equals_the_model_over_random_changes(void **state)
{
    fixture *made = *state;
    lede_error err = {0};
    model_random random = {2024};
    model_world world = {0};
    struct frozen readers[4] = {0};
    lede_writer *writer = NULL;
    uint64_t seed = 1000;
    int round;

    for (round = 0; round < 60; round++) {
        struct frozen *reader = &readers[model_below(&random, 4)];
        int64_t now = 1700000000 + model_below(&random, 40000000);

        if (writer == NULL) {
            assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
        }
        assert_ok(model_world_change(&world, seed++, writer, now, &err));
        if (round % 10 == 0) {
            assert_int_equal(model_check(made->archive), 0);
        }
        if (model_below(&random, 5) == 0) {
            lede_writer_close(writer);
            writer = NULL;
        }
        thaw(reader);
        assert_ok(lede_snapshot_open(made->archive, &reader->snapshot, &err));
        assert_int_equal(lede_snapshot_totals(reader->snapshot)->generation,
                         round + 1);
        reader->world = model_world_copy(&world);
        reader->now = now;
    }
    for (round = 0; round < 4; round++) {
        thaw(&readers[round]);
    }
    lede_writer_close(writer);
    model_world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_archive__is_empty_at_first, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_archive__opens_once_per_process,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_archive__is_not_made_unasked,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_archive__keeps_out_of_folders_in_use, setup, teardown),
        cmocka_unit_test_setup_teardown(test_archive__takes_what_map_there_is,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_writer__is_one_at_a_time, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_writer__waits_for_another_process,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_publish__shows_a_segment_as_it_was_written, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_publish__drops_what_was_not_published, setup, teardown),
        cmocka_unit_test_setup_teardown(test_publish__refuses_what_does_not_fit,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_files__are_put_found_and_forgotten,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_snapshot__is_read_while_a_writer_works, setup, teardown),
        cmocka_unit_test_setup_teardown(test_backup__is_the_same_archive, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_backup__that_is_stopped_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_publish__equals_the_model_over_random_changes, setup,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
