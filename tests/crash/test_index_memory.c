/* Each allocation of an index run fails in turn, or a sample of them: the run
 * says so and nothing leaks; what was published stays; the next run ends as an
 * undisturbed one. */
#include "tests/support/check.h"

#include "indexer/indexer.h"
#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
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
static bool has_failed;
static unsigned refused; /* runs that gave up */

static bool is_denied(void)
{
    seen++;
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

static lede_status index_folder(lede_archive *archive, const char *folder)
{
    lede_index_options options = {.read.now = 1800000000, .prune = true};
    lede_budget small = lede_budget_of(0);
    lede_index_report report;

    small.batch_bytes = 60000;
    small.spill_bytes = 8000;
    return lede_index_within(archive, &folder, 1, &options, &small, &report,
                             &err);
}

static void write_some(const char *folder, uint32_t first, uint32_t saves)
{
    world_random random = {first};
    lede_buf text = {0};
    char name[16];
    uint32_t i;

    for (i = 0; i < 6; i++) {
        if (i < 3) {
            world_articles(&random, 12, &text);
        } else {
            world_live(1 + i % 2, i - 3 + saves, &text);
        }
        snprintf(name, sizeof name, "%u", i);
        write_file(in_folder(folder, name), lede_buf_text(&text));
    }
    lede_buf_done(&text);
}

static void say_problem(void *ctx, const char *problem)
{
    (void)ctx;
    print_error("%s\n", problem);
}

static const lede_check_callbacks checking = {.found = say_problem};

/* An archive of one state of the folder; then the folder changes, and the run
 * that sees it fails. Returns how many allocations it made. */
static long fail_once(const char *folder, long at, const lede_buf *wanted)
{
    char *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    lede_buf got = {0};
    lede_status status;
    long made;

    write_some(folder, 1, 0);
    assert_ok(index_folder(archive, folder));
    write_some(folder, 2, 1);
    seen = 0;
    has_failed = false;
    left = at;
    status = index_folder(archive, folder);
    left = -1;
    made = seen;
    refused += status == LEDE_NO_MEMORY;
    /* Some failures are made up for: a merge that waits for another time. */
    if (status != LEDE_OK && status != LEDE_NO_MEMORY) {
        print_error("allocation %ld: %s (%s)\n", at, lede_status_name(status),
                    err.message);
        fail();
    }
    assert_true(status == LEDE_OK || has_failed);
    assert_ok(lede_archive_check(archive, &checking, &err));
    assert_ok(index_folder(archive, folder));
    assert_ok(lede_archive_check(archive, &checking, &err));
    dump_entries(archive, &got);
    if (wanted->len > 0) {
        assert_same_dump(&got, wanted);
    }
    lede_buf_done(&got);
    lede_archive_close(archive);
    folder_remove(archive_folder);
    return made;
}

static void test_index_memory__may_run_out_anywhere(void **state)
{
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    char *folder = folder_new(), *calm = folder_new();
    lede_archive *archive = open_archive(calm);
    lede_buf wanted = {0}, none = {0};
    long all, at;
    unsigned runs = 0;

    (void)state;
    write_some(folder, 1, 0);
    assert_ok(index_folder(archive, folder));
    write_some(folder, 2, 1);
    assert_ok(index_folder(archive, folder));
    dump_entries(archive, &wanted);
    all = fail_once(folder, -1, &none);
    assert_true(all > 500);
    for (at = 0; at < all; at += is_long ? 1 : 1 + all / 150) {
        (void)fail_once(folder, at, &wanted);
        runs++;
    }
    print_message("%ld allocations, %u of %u runs gave up\n", all, refused,
                  runs);
    assert_true(refused > runs / 2);
    lede_buf_done(&wanted);
    lede_archive_close(archive);
    folder_remove(calm);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_memory__may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
