/* One who reads an archive without a place in LMDB's table of readers (the
 * archive is another user's) and one who writes: each is kept out while the
 * other is at work, a reader's snapshot stays as it is, and nothing depends on
 * whether there was a writer before. */
#include "tests/support/check.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/hash.h"
#include "tests/storage/model.h"

enum { NOBODY = 65534, NOW = 1720000000 };

typedef struct fixture {
    char folder[256];
    char path[300];
    lede_archive *archive;
    model_world world;
    int to_reader[2], from_reader[2];
} fixture;

static lede_error err;

static void in_archive(const fixture *made, const char *name, char path[400])
{
    snprintf(path, 400, "%s/%s", made->path, name);
}

/* Publishes once, with a writer of its own that waits for nobody. */
static lede_status publish(fixture *made, uint64_t seed)
{
    lede_writer *writer = NULL;
    lede_status status = lede_writer_open(made->archive, 0, &writer, &err);

    if (status == LEDE_OK) {
        status = model_world_change(&made->world, seed, writer, NOW, &err);
    }
    lede_writer_close(writer);
    return status;
}

/* An archive that others may read and not write, of which no writer is known.
 */
static int setup(void **state)
{
    static fixture made;
    const lede_archive_options options = {.create = true};
    char path[400];
    uint64_t seed;

    made = (fixture){0};
    model_make_folder(made.folder);
    snprintf(made.path, sizeof made.path, "%s/a", made.folder);
    assert_ok(lede_archive_open(made.path, &options, &made.archive, &err));
    for (seed = 1; seed < 6; seed++) {
        assert_ok(publish(&made, seed));
    }
    assert_int_equal(chmod(made.folder, 0755), 0);
    in_archive(&made, "data.mdb", path);
    assert_int_equal(chmod(path, 0444), 0);
    in_archive(&made, "lock.mdb", path);
    assert_int_equal(chmod(path, 0444), 0);
    in_archive(&made, "writer.lock", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(pipe(made.to_reader), 0);
    assert_int_equal(pipe(made.from_reader), 0);
    *state = &made;
    return 0;
}

static int teardown(void **state)
{
    fixture *made = *state;
    unsigned i;

    for (i = 0; i < 2; i++) {
        close(made->to_reader[i]);
        close(made->from_reader[i]);
    }
    lede_archive_close(made->archive);
    model_world_free(&made->world);
    model_remove_folder(made->folder);
    return 0;
}

/* --- The reader ------------------------------------------------------------
 */

/* A hash of all records; 0 if one cannot be read. */
static uint64_t hash_all(const lede_snapshot *snapshot)
{
    uint32_t count = lede_snapshot_segment_count(snapshot), i, entry;
    lede_buf all = {0}, record = {0};
    uint64_t hash;

    for (i = 0; i < count; i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        for (entry = 0; entry < lede_segment_entries(segment); entry++) {
            if (lede_segment_record(segment, entry, &record, &err) != LEDE_OK) {
                return 0;
            }
            lede_buf_put_span(&all, lede_buf_span(&record));
        }
    }
    hash = lede_hash64(lede_buf_span(&all)) | 1;
    lede_buf_done(&all);
    lede_buf_done(&record);
    return hash;
}

/* Ends the process with 0 if all was as promised; else with the number of the
 * promise. As root one becomes somebody whom the modes of files bind. */
static void read_as_another(const fixture *made, bool waits)
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    uint64_t before;
    char sign;

    if (getuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
        _exit(10);
    }
    err.status = lede_archive_open(made->path, NULL, &archive, &err);
    if (err.status == LEDE_BUSY) {
        _exit(1);
    }
    if (err.status != LEDE_OK ||
        lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK) {
        _exit(2);
    }
    before = hash_all(snapshot);
    if (waits && (write(made->from_reader[1], "r", 1) != 1 ||
                  read(made->to_reader[0], &sign, 1) != 1)) {
        _exit(3);
    }
    if (before == 0 || hash_all(snapshot) != before) {
        _exit(4);
    }
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    _exit(0);
}

static pid_t start_reader(const fixture *made, bool waits)
{
    pid_t reader = fork();

    assert_true(reader >= 0);
    if (reader == 0) {
        read_as_another(made, waits);
    }
    return reader;
}

static int end_of(pid_t reader)
{
    int status;

    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* --- Tests -----------------------------------------------------------------
 */

/* Two publishes would give pages of the snapshot away. */
static void test_sharing__a_reader_keeps_writers_out(void **state)
{
    fixture *made = *state;
    pid_t reader = start_reader(made, true);
    struct timespec begin, end;
    char sign;

    assert_int_equal(read(made->from_reader[0], &sign, 1), 1);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    assert_status(publish(made, 6), LEDE_BUSY);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_non_null(strstr(err.message, "may not write its lock.mdb"));
    assert_in_range(end.tv_sec - begin.tv_sec, 9, 60);
    assert_status(publish(made, 6), LEDE_BUSY); /* and nothing is left locked */
    assert_int_equal(write(made->to_reader[1], "w", 1), 1);
    assert_int_equal(end_of(reader), 0);
    assert_ok(publish(made, 6));
    assert_ok(publish(made, 7));
    assert_int_equal(end_of(start_reader(made, false)), 0);
}

static void test_sharing__a_writer_keeps_readers_out(void **state)
{
    fixture *made = *state;
    lede_writer *writer = NULL;

    assert_int_equal(end_of(start_reader(made, false)), 0);
    assert_ok(lede_writer_open(made->archive, 0, &writer, &err));
    assert_int_equal(end_of(start_reader(made, false)), 1);
    assert_ok(model_world_change(&made->world, 8, writer, NOW, &err));
    assert_int_equal(end_of(start_reader(made, false)), 1);
    lede_writer_close(writer);
    assert_int_equal(end_of(start_reader(made, false)), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_sharing__a_reader_keeps_writers_out, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_sharing__a_writer_keeps_readers_out, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
