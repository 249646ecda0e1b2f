/* lede index into a database of Xapian's, killed at random steps (steps.h), or
 * without room on the disk: searches always find a sound database, the next run
 * brings both sides together, and the end is that of an undisturbed run. Twelve
 * rounds in the plain run, two hundred with LEDE_TEST_LONG=1. */
#include <signal.h>
#include <sys/wait.h>

#include "indexer/run.h"
#include "storage/shards.h"
#include "tests/crash/steps.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/home_state.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

enum { FILES = 16 };

static lede_error err;

/* Articles and live pages; the second time, some of them have changed. */
static void make_files(const char *folder, uint64_t seed, bool again)
{
    world_random random = {seed};
    lede_buf text = {0};
    char name[16];
    uint32_t i;

    for (i = 0; i < FILES; i++) {
        if (i % 4 == 0) {
            world_live(i / 8, i / 4 % 2, &text);
        } else {
            world_articles(&random, 12, &text);
        }
        snprintf(name, sizeof name, "%02u", i);
        if (again && i % 3 == 1) {
            unlink(in_folder(folder, name));
        } else if (!again || i % 3 == 2) {
            write_file(in_folder(folder, name), lede_buf_text(&text));
            set_time(in_folder(folder, name), 1000000000 + again);
        }
    }
    lede_buf_done(&text);
}

static lede_budget small_batches(void)
{
    lede_budget small = lede_budget_of(0);

    small.batch_bytes = 150000;
    small.spill_bytes = 15000;
    return small;
}

static lede_status index_home(const char *home, const char *folder)
{
    lede_budget small = small_batches();

    return home_index(home, folder, true, false, &small, &err);
}

static void index_plain(lede_archive *archive, const char *folder)
{
    lede_index_options options = {.read.now = 1800000000, .prune = true};
    lede_budget small = small_batches();
    lede_index_report report;

    assert_ok(lede_index_within(archive, &folder, 1, &options, &small, &report,
                                &err));
}

/* Indexes in a process that meets its fate at a step; whether it lived. */
static bool index_until(const char *home, const char *folder, steps_fate fate,
                        long step)
{
    pid_t child = fork();
    int result;

    assert_true(child >= 0);
    if (child == 0) {
        lede_status status;

        steps_reset(fate, step);
        status = index_home(home, folder);
        _exit(status == LEDE_OK ? 0 : status == LEDE_IO ? 1 : 3);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (fate == STEPS_KILL && WIFSIGNALED(result)) {
        assert_int_equal(WTERMSIG(result), SIGKILL);
        return false;
    }
    assert_true(WIFEXITED(result));
    assert_in_range(WEXITSTATUS(result), 0, 1); /* nothing but LEDE_IO */
    return WEXITSTATUS(result) == 0;
}

/* What was committed can be searched, if there is something yet. */
static void expect_searchable(const char *home)
{
    lede_shards *shards = NULL;
    lede_status status = lede_shards_open(home, 1000, &shards, &err);

    if (status != LEDE_OK) { /* killed before there was a database */
        assert_true(status == LEDE_NOT_FOUND || status == LEDE_IO ||
                    status == LEDE_BAD_INPUT);
    }
    lede_shards_close(shards);
}

static void live_through(uint64_t seed, steps_fate fate)
{
    char *folder = folder_new(), *plain_folder = folder_new();
    char *home_folder = folder_new();
    lede_archive *plain = open_archive(plain_folder);
    world_random random = {seed};
    unsigned failed = 0;
    char home[300], calm[300];

    snprintf(home, sizeof home, "%s/home", home_folder);
    snprintf(calm, sizeof calm, "%s/calm", home_folder);
    for (int again = 0; again < 2; again++) {
        long all;

        make_files(folder, seed, again != 0);
        index_plain(plain, folder);
        steps_reset(STEPS_NONE, 0);
        assert_ok(index_home(calm, folder));
        all = steps_taken();
        assert_true(all > 40);
        for (int i = 0; i < 3; i++) {
            long step = 1 + (long)world_below(&random, (uint32_t)all);

            failed += !index_until(home, folder, fate, step);
            expect_searchable(home);
            all = (all - step) / 2 + 10;
        }
        steps_reset(STEPS_NONE, 0);
        assert_ok(index_home(home, folder));
        assert_home_is(home, plain, true);
    }
    print_message("seed %u: %u of 6 runs failed\n", (unsigned)seed, failed);
    assert_true(failed > 0);
    lede_archive_close(plain);
    folder_remove(plain_folder);
    folder_remove(home_folder);
    folder_remove(folder);
}

static unsigned rounds(void)
{
    return getenv("LEDE_TEST_LONG") != NULL ? 100 : 6;
}

static void test_home_kill__loses_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= rounds(); seed++) {
        live_through(seed, STEPS_KILL);
    }
}

static void test_home_kill__survives_a_full_disk(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= rounds(); seed++) {
        live_through(seed, STEPS_NO_SPACE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_home_kill__loses_nothing),
        cmocka_unit_test(test_home_kill__survives_a_full_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
