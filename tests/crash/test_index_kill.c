/* Index runs killed at random moments: whatever was published stays whole, the
 * next run goes on, and the end is that of an undisturbed run. Fifteen moments
 * in the plain run, two hundred with LEDE_TEST_LONG=1. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "indexer/indexer.h"
#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

enum { FILES = 40, LARGE_ENTRIES = 1500 };

static lede_error err;

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void sleep_s(double seconds)
{
    struct timespec time = {(time_t)seconds,
                            (long)((seconds - (double)(time_t)seconds) * 1e9)};

    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}

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

/* Runs the index in a process of its own and kills it after `seconds`; false if
 * it was done before. */
static bool killed_after(const char *archive_folder, const char *folder,
                         double seconds)
{
    pid_t child = fork();
    int result;

    assert_true(child >= 0);
    if (child == 0) {
        _exit(index_folder(archive_folder, folder) == LEDE_OK ? 0 : 1);
    }
    sleep_s(seconds);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &result, 0), child);
    if (WIFEXITED(result)) {
        assert_int_equal(WEXITSTATUS(result), 0);
    }
    return WIFSIGNALED(result);
}

static void assert_clean(const char *archive_folder)
{
    lede_archive *archive = open_archive(archive_folder);

    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_archive_close(archive);
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
    unsigned killed = 0;
    char *folder = folder_new(), *calm = folder_new();
    world_random random = {getenv("LEDE_TEST_SEED") == NULL
                               ? 1
                               : strtoull(getenv("LEDE_TEST_SEED"), NULL, 10)};
    lede_buf wanted = {0}, got = {0};
    double began, whole;

    (void)state;
    make_folder(folder);
    began = now_s();
    assert_ok(index_folder(calm, folder));
    whole = now_s() - began;
    dump_compacted(calm, &wanted);
    assert_true(wanted.len > 10000);
    for (round = 0; round < rounds; round++) {
        char *archive_folder = folder_new();
        unsigned kills = 1 + world_below(&random, 3);

        while (kills-- > 0) {
            double after = whole * world_below(&random, 1000) / 1000;

            killed += killed_after(archive_folder, folder, after);
            assert_clean(archive_folder);
        }
        assert_ok(index_folder(archive_folder, folder));
        assert_clean(archive_folder);
        lede_buf_clear(&got);
        dump_compacted(archive_folder, &got);
        assert_same_dump(&got, &wanted);
        folder_remove(archive_folder);
    }
    print_message("%u runs were killed\n", killed);
    assert_true(killed > 0); /* on a busy machine few are caught in time */
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
