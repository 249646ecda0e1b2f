/* Index runs and compacting, killed at random steps (steps.h): whatever was
 * published stays whole, the next run goes on, and the end is that of an
 * undisturbed run. Fifteen rounds in the plain run, two hundred with
 * LEDE_TEST_LONG=1; in each at least one run is killed. */
#include <signal.h>
#include <sys/wait.h>

#include "indexer/indexer.h"
#include "indexer/run.h"
#include "tests/crash/steps.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

enum { FILES = 40, LARGE_ENTRIES = 1500 };

static lede_error err;

/* Articles, live pages, and a file of many batches. */
static void make_folder(const char *folder)
{
    world_random random = {7};
    lede_buf text = {0};
    char name[16];
    uint32_t i;

    for (i = 0; i < FILES; i++) {
        if (i % 4 == 0) {
            world_live(i / 16, i / 4 % 4, &text);
        } else {
            world_articles(&random, 20, &text);
        }
        snprintf(name, sizeof name, "%02u", i);
        write_file(in_folder(folder, name), lede_buf_text(&text));
    }
    lede_buf_clear(&text);
    lede_buf_put_text(&text, "LEDEFAKE\nP|plain||form|\n");
    for (i = 0; i < LARGE_ENTRIES; i++) {
        lede_buf_put_format(&text,
                            "E||Entry %u|%u|||https://x.org/%u|Some words of "
                            "number %u, and the ferry.|#line=%u\n",
                            i, 1000000000 + i * 7919 % 100000 * 60, i, i, i);
    }
    write_file(in_folder(folder, "large"), lede_buf_text(&text));
    lede_buf_done(&text);
}

static lede_status index_folder(const char *archive_folder, const char *folder)
{
    lede_index_options options = {.read.now = 1800000000, .wait_ms = 10000};
    lede_archive_options open = {.create = true,
                                 .map_bytes = UINT64_C(1) << 30};
    lede_budget small = lede_budget_of(0);
    lede_index_report report;
    lede_archive *archive = NULL;
    lede_status status;

    small.batch_bytes = 150000;
    small.spill_bytes = 20000;
    status = lede_archive_open(archive_folder, &open, &archive, &err);
    if (status == LEDE_OK) {
        status = lede_index_within(archive, &folder, 1, &options, &small,
                                   &report, &err);
    }
    lede_archive_close(archive);
    return status;
}

/* Into several segments, cut by time; `folder` is not looked at. */
static lede_status compact_folder(const char *archive_folder,
                                  const char *folder)
{
    lede_archive_options open = {.map_bytes = UINT64_C(1) << 30};
    lede_budget small = lede_budget_of(0);
    lede_archive *archive = NULL;
    lede_status status;

    (void)folder;
    small.segment_entries = 300;
    status = lede_archive_open(archive_folder, &open, &archive, &err);
    if (status == LEDE_OK) {
        status = lede_index_compact_within(archive, NULL, &small, &err);
    }
    lede_archive_close(archive);
    return status;
}

typedef lede_status work_fn(const char *archive_folder, const char *folder);

/* Does the work in a process of its own that is killed at a step. */
static void run_killed_at(work_fn *work, const char *archive_folder,
                          const char *folder, long step)
{
    pid_t child = fork();
    int result;

    assert_true(child >= 0);
    if (child == 0) {
        steps_reset(STEPS_KILL, step);
        _exit(work(archive_folder, folder) == LEDE_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFSIGNALED(result));
    assert_int_equal(WTERMSIG(result), SIGKILL);
}

static void assert_clean(const char *archive_folder)
{
    lede_archive *archive = open_archive(archive_folder);

    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_archive_close(archive);
}

static uint32_t count_segments_of(const char *archive_folder)
{
    lede_archive *archive = open_archive(archive_folder);
    uint32_t count = count_segments(archive);

    lede_archive_close(archive);
    return count;
}

static void dump_compacted(const char *archive_folder, lede_buf *out)
{
    lede_archive *archive = open_archive(archive_folder);

    assert_ok(lede_index_compact(archive, NULL, &err));
    assert_ok(lede_archive_check(archive, NULL, &err));
    assert_int_equal(count_segments(archive), 1);
    dump_archive(archive, out);
    lede_archive_close(archive);
}

static void test_index_kill__loses_nothing(void **state)
{
    unsigned rounds = getenv("LEDE_TEST_LONG") != NULL ? 200 : 15, round;
    char *folder = folder_new(), *calm = folder_new();
    world_random random = {getenv("LEDE_TEST_SEED") == NULL
                               ? 1
                               : strtoull(getenv("LEDE_TEST_SEED"), NULL, 10)};
    lede_buf wanted = {0}, got = {0};
    unsigned killed = 0;
    long all, compacting;

    (void)state;
    make_folder(folder);
    steps_reset(STEPS_NONE, 0);
    assert_ok(index_folder(calm, folder));
    all = steps_taken();
    assert_true(all > 100);
    steps_reset(STEPS_NONE, 0);
    assert_ok(compact_folder(calm, folder));
    compacting = steps_taken();
    assert_true(count_segments_of(calm) > 3);
    dump_compacted(calm, &wanted);
    assert_true(wanted.len > 10000);
    for (round = 0; round < rounds; round++) {
        char *archive_folder = folder_new();
        long left = all;

        /* What a killed run has not done takes the next one as many steps as
         * it would have taken, or more. */
        do {
            long step = 1 + (long)world_below(&random, (uint32_t)left);

            run_killed_at(index_folder, archive_folder, folder, step);
            killed++;
            assert_clean(archive_folder);
            left = (left - step) / 2;
        } while (left > all / 8 && world_below(&random, 2) == 0);
        steps_reset(STEPS_NONE, 0);
        assert_ok(index_folder(archive_folder, folder));
        assert_clean(archive_folder);
        run_killed_at(compact_folder, archive_folder, folder,
                      1 + (long)world_below(&random, (uint32_t)compacting / 3));
        killed++;
        assert_clean(archive_folder);
        lede_buf_clear(&got);
        dump_compacted(archive_folder, &got);
        assert_same_dump(&got, &wanted);
        folder_remove(archive_folder);
    }
    print_message("%u runs of %ld steps, or %ld to compact, were killed\n",
                  killed, all, compacting);
    lede_buf_done(&wanted);
    lede_buf_done(&got);
    folder_remove(calm);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_kill__loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
