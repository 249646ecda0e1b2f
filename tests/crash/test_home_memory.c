/* A sample of the allocations of an index run into a database of Xapian's fail
 * in turn, or all of them with LEDE_TEST_LONG=1: the run says so and nothing
 * leaks, and the next run ends as an undisturbed one. */
#include "tests/support/check.h"

#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/home_state.h"
#include "tests/indexer/world.h"

/* The linker sends lede's calls here, not those of libraries. */
void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *memory, size_t len);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *memory, size_t len);
char *__wrap_strdup(const char *text);

static lede_error err;
static long left = -1; /* allocations until one fails; negative: never */
static long seen;

static bool is_denied(void)
{
    seen++;
    return left >= 0 && left-- == 0;
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

static void write_some(const char *folder, uint32_t first)
{
    world_random random = {first};
    lede_buf text = {0};
    char name[32];
    uint32_t i;

    for (i = 0; i < 6; i++) {
        /* Saves of a live page stay beside each other. */
        if (i < 4) {
            world_articles(&random, 8, &text);
            snprintf(name, sizeof name, "%u", i);
        } else {
            world_live(1 + i % 2, first, &text);
            snprintf(name, sizeof name, "%u-%u", i, first);
        }
        write_file(in_folder(folder, name), lede_buf_text(&text));
        set_time(in_folder(folder, name), 1000000000 + (long)first);
    }
    lede_buf_done(&text);
}

static lede_budget small_batches(void)
{
    lede_budget small = lede_budget_of(0);

    small.batch_bytes = 60000;
    small.spill_bytes = 8000;
    return small;
}

static lede_status index_home(const char *home, const char *folder, bool reread)
{
    lede_budget small = small_batches();

    return home_index(home, folder, true, reread, &small, &err);
}

static lede_archive *index_plain(const char *archive_folder, const char *folder)
{
    lede_archive *archive = open_archive(archive_folder);
    lede_index_options options = {.read.now = 1800000000, .prune = true};
    lede_budget small = small_batches();
    lede_index_report report;

    for (uint32_t i = 1; i <= 2; i++) {
        write_some(folder, i);
        assert_ok(lede_index_within(archive, &folder, 1, &options, &small,
                                    &report, &err));
    }
    return archive;
}

static void remove_later(const char *folder)
{
    unlink(in_folder(folder, "4-2"));
    unlink(in_folder(folder, "5-2"));
}

/* A database of one state of the folder; then the folder changes, and the run
 * that sees it fails. Returns how many allocations it made. */
static long fail_once(lede_archive *plain, const char *folder, long at,
                      bool reread, unsigned *refused)
{
    char *home_folder = folder_new();
    lede_status status;
    char home[300];
    long made;

    snprintf(home, sizeof home, "%s/home", home_folder);
    remove_later(folder);
    write_some(folder, 1);
    assert_ok(index_home(home, folder, false));
    write_some(folder, 2);
    seen = 0;
    left = at;
    status = index_home(home, folder, reread);
    left = -1;
    made = seen;
    *refused += status == LEDE_NO_MEMORY;
    /* Some failures are made up for: a merge that waits for another time. */
    if (status != LEDE_OK && status != LEDE_NO_MEMORY) {
        print_error("allocation %ld: %s (%s)\n", at, lede_status_name(status),
                    err.message);
        fail();
    }
    assert_ok(index_home(home, folder, false));
    assert_home_is(home, plain, true);
    folder_remove(home_folder);
    return made;
}

static void test_home_memory__may_run_out_anywhere(void **state)
{
    long sample = getenv("LEDE_TEST_LONG") != NULL ? 100000 : 40;
    char *folder = folder_new(), *plain_folder = folder_new();
    lede_archive *plain = index_plain(plain_folder, folder);
    unsigned refused = 0;

    (void)state;
    for (int reread = 0; reread < 2; reread++) {
        long all = fail_once(plain, folder, -1, reread != 0, &refused);
        long step = all / sample + 1;

        print_message("%ld allocations\n", all);
        for (long at = 0; at < all; at += step) {
            fail_once(plain, folder, at, reread != 0, &refused);
        }
    }
    assert_true(refused > 50);
    lede_archive_close(plain);
    folder_remove(plain_folder);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_home_memory__may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
