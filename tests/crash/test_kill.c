/* A writer is killed, or the disk fails it, at any step (steps.h): what was
 * committed is there, the archive is sound, and the next writer goes on.
 * LEDE_TEST_LONG=1 takes every step of long runs; the plain form takes a
 * sample. */
#include "tests/support/check.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "storage/archive.h"
#include "tests/crash/steps.h"
#include "tests/storage/model.h"

enum { NOW = 1720000000, RUN_CHANGES = 6 };

/* --- A run -----------------------------------------------------------------
 */

typedef struct fixture {
    char folder[256];
    char path[300];
} fixture;

static int setup(void **state)
{
    static fixture made;

    model_make_folder(made.folder);
    snprintf(made.path, sizeof made.path, "%s/a", made.folder);
    *state = &made;
    return 0;
}

static int teardown(void **state)
{
    const fixture *made = *state;

    model_remove_folder(made->folder);
    return 0;
}

static bool is_long(void)
{
    const char *text = getenv("LEDE_TEST_LONG");

    return text != NULL && text[0] == '1';
}

/* The world after `generation` publishes; the numbers of its segments are left
 * to be found, as failed runs use some up. */
static model_world world_at(uint64_t generation)
{
    model_world world = {0};
    uint64_t i;

    for (i = 0; i < generation; i++) {
        model_world_change(&world, 300 + i, NULL, NOW, NULL);
    }
    return world;
}

/* Segments are told apart by the key of their first entry. */
static void find_numbers(model_world *world, const lede_snapshot *snapshot)
{
    uint32_t i, entry;

    for (i = 0; i < world->count; i++) {
        const lede_segment_row *row = &world->segments[i]->rows[0];
        uint64_t key = (uint64_t)row->columns[LEDE_COLUMN_KEY];
        uint32_t j;

        for (j = 0; j < lede_snapshot_segment_count(snapshot); j++) {
            const lede_segment *segment = lede_snapshot_segment(snapshot, j);

            if (lede_segment_find_key(segment, key, &entry, NULL) == LEDE_OK) {
                world->segments[i]->id = lede_segment_id(segment);
            }
        }
    }
}

static uint64_t generation_of(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    uint64_t generation;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    generation = lede_snapshot_totals(snapshot)->generation;
    lede_snapshot_close(snapshot);
    return generation;
}

/* The archive is sound and shows exactly what its generation says. */
static uint64_t verify(const char *path, uint64_t at_least)
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    uint64_t generation;
    model_world world;
    lede_status status = lede_archive_open(path, NULL, &archive, &err);

    if (status == LEDE_NOT_FOUND) {
        assert_true(at_least == 0);
        return 0;
    }
    assert_ok(status);
    assert_int_equal(model_check(archive), 0);
    generation = generation_of(archive);
    assert_true(generation >= at_least);
    world = world_at(generation);
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    find_numbers(&world, snapshot);
    model_compare(world.segments, world.count, snapshot, NOW);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    model_world_free(&world);
    return generation;
}

static lede_status go_on(lede_archive *archive, uint64_t until, int done_fd,
                         lede_error *err)
{
    lede_writer *writer = NULL;
    lede_snapshot *snapshot = NULL;
    uint64_t generation;
    model_world world;
    lede_status status = lede_writer_open(archive, 0, &writer, err);

    if (status != LEDE_OK) {
        return status;
    }
    status = lede_snapshot_open(archive, &snapshot, err);
    if (status != LEDE_OK) {
        lede_writer_close(writer);
        return status;
    }
    generation = lede_snapshot_totals(snapshot)->generation;
    world = world_at(generation);
    find_numbers(&world, snapshot);
    lede_snapshot_close(snapshot);
    while (status == LEDE_OK && generation < until) {
        status = model_world_change(&world, 300 + generation, writer, NOW, err);
        generation++;
        if (status == LEDE_OK && done_fd >= 0 && write(done_fd, "d", 1) != 1) {
            status = LEDE_IO;
        }
    }
    model_world_free(&world);
    lede_writer_close(writer);
    return status;
}

/* Opens (or makes) the archive and publishes up to `until`. */
static lede_status run(const char *path, uint64_t until, int done_fd,
                       lede_error *err)
{
    const lede_archive_options options = {.create = true};
    lede_archive *archive = NULL;
    lede_status status = lede_archive_open(path, &options, &archive, err);

    if (status == LEDE_OK) {
        status = go_on(archive, until, done_fd, err);
    }
    lede_archive_close(archive);
    return status;
}

/* Runs in a child that meets its fate at step `step` (0: none); returns how
 * many publishes it was told of as done. */
static uint64_t run_in_child(const char *path, uint64_t until, long step,
                             steps_fate then, long kill_after_us,
                             bool *finished)
{
    const struct timespec nap = {0, kill_after_us * 1000};
    int done[2], result = 0;
    uint64_t count = 0;
    char byte;
    pid_t child;

    assert_int_equal(pipe(done), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        lede_error err = {0};

        steps_reset(then, step);
        close(done[0]);
        _exit(run(path, until, done[1], &err) == LEDE_OK ? 0 : 1);
    }
    close(done[1]);
    if (kill_after_us > 0) {
        nanosleep(&nap, NULL);
        kill(child, SIGKILL);
    }
    while (read(done[0], &byte, 1) == 1) {
        count++;
    }
    close(done[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFSIGNALED(result) ? WTERMSIG(result) == SIGKILL
                                    : WEXITSTATUS(result) <= 1);
    *finished = WIFEXITED(result) && WEXITSTATUS(result) == 0;
    return count;
}

/* How many steps a whole run takes. */
static long count_steps(const char *folder)
{
    char path[300];
    lede_error err = {0};

    snprintf(path, sizeof path, "%s/count", folder);
    steps_reset(STEPS_NONE, 0);
    assert_ok(run(path, RUN_CHANGES, -1, &err));
    model_remove_folder(path);
    return steps_taken();
}

/* --- Tests -----------------------------------------------------------------
 */

static void test_kill__at_any_step_loses_nothing(void **state)
{
    const fixture *made = *state;
    long all = count_steps(made->folder);
    long stride = is_long() ? 1 : 1 + all / 12;
    long step;

    assert_true(all > 40);
    for (step = 1; step <= all; step += stride) {
        bool finished;
        uint64_t told = run_in_child(made->path, RUN_CHANGES, step, STEPS_KILL,
                                     0, &finished);

        assert_false(finished);
        verify(made->path, told);
        run_in_child(made->path, RUN_CHANGES, 0, STEPS_NONE, 0, &finished);
        assert_true(finished);
        assert_int_equal(verify(made->path, RUN_CHANGES), RUN_CHANGES);
        model_remove_folder(made->path);
    }
}

/* Killed again and again: the work of many lives adds up. */
static void test_kill__at_any_moment_loses_nothing(void **state)
{
    const fixture *made = *state;
    model_random random = {77};
    unsigned round, rounds = is_long() ? 200 : 8;
    uint64_t generation = 0;
    uint64_t until = 0;

    for (round = 0; round < rounds; round++) {
        bool finished;
        uint64_t told;

        until = generation + 8;
        told = run_in_child(made->path, until, 0, STEPS_NONE,
                            1000 + model_below(&random, 300000), &finished);
        generation = verify(made->path, generation + told);
        assert_true(!finished || generation == until);
    }
    assert_true(generation > 0);
}

static void fail_at_steps(const fixture *made, steps_fate then)
{
    long all = count_steps(made->folder);
    long stride = is_long() ? 1 : 1 + all / 6;
    long step;

    for (step = 1; step <= all; step += stride) {
        bool finished;
        uint64_t told;

        told = run_in_child(made->path, RUN_CHANGES, step, then, 0, &finished);
        verify(made->path, told);
        run_in_child(made->path, RUN_CHANGES, 0, STEPS_NONE, 0, &finished);
        assert_true(finished);
        verify(made->path, RUN_CHANGES);
        model_remove_folder(made->path);
    }
}

static void test_write__that_fails_once_loses_nothing(void **state)
{
    fail_at_steps(*state, STEPS_IO);
}

static void test_write__on_a_full_disk_loses_nothing(void **state)
{
    fail_at_steps(*state, STEPS_NO_SPACE);
}

/* In one process: the message, and that the archive still answers. */
static void test_write__on_a_full_disk_says_so(void **state)
{
    const fixture *made = *state;
    const lede_archive_options options = {.create = true};
    lede_archive *archive = NULL;
    lede_error err = {0};

    assert_ok(lede_archive_open(made->path, &options, &archive, &err));
    assert_ok(go_on(archive, 2, -1, &err));
    steps_reset(STEPS_NO_SPACE, 4);
    assert_status(go_on(archive, 6, -1, &err), LEDE_IO);
    assert_non_null(strstr(err.message, "no space"));
    steps_reset(STEPS_NONE, 0);
    assert_true(generation_of(archive) >= 2);
    lede_archive_close(archive);
    verify(made->path, 2);
}

static void test_write__beyond_the_map_says_so(void **state)
{
    const fixture *made = *state;
    const lede_archive_options options = {.create = true,
                                          .map_bytes = 400 * 1024};
    lede_archive *archive = NULL;
    lede_error err = {0};
    uint64_t generation;

    assert_ok(lede_archive_open(made->path, &options, &archive, &err));
    assert_status(go_on(archive, 60, -1, &err), LEDE_IO);
    assert_non_null(strstr(err.message, "address space"));
    generation = generation_of(archive);
    lede_archive_close(archive);
    assert_true(generation > 0);
    verify(made->path, generation);
    /* With room to grow it goes on. */
    assert_ok(run(made->path, generation + 2, -1, &err));
    verify(made->path, generation + 2);
}

/* A reader whose map is too small for what another process has written. */
static void test_read__follows_a_map_that_grew(void **state)
{
    const fixture *made = *state;
    const lede_archive_options small = {.create = true,
                                        .map_bytes = 100 * 1024};
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    bool finished;

    assert_ok(lede_archive_open(made->path, &small, &archive, &err));
    run_in_child(made->path, RUN_CHANGES, 0, STEPS_NONE, 0, &finished);
    assert_true(finished);
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_int_equal(lede_snapshot_totals(snapshot)->generation, RUN_CHANGES);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kill__at_any_step_loses_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_kill__at_any_moment_loses_nothing,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_write__that_fails_once_loses_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_write__on_a_full_disk_loses_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_write__on_a_full_disk_says_so,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_write__beyond_the_map_says_so,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_read__follows_a_map_that_grew,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
