/* What an index run holds of memory at most, whatever it reads. */
#include "indexer/indexer.h"
#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"
#include "tests/support/heap.h"

static lede_error err;

/* 8 MB of text with many distinct words: more than fits at once. */
enum { ENTRIES = 3500 };

static void write_large(const char *path)
{
    FILE *file = fopen(path, "wb");
    world_random random = {5};
    uint32_t i, j;

    assert_non_null(file);
    fputs("LEDEFAKE\nP|plain||form|\n", file);
    for (i = 0; i < ENTRIES; i++) {
        fprintf(file, "E||Entry %u|%u|||https://x.org/%u|", i,
                1000000000 + (i * 7919u) % ENTRIES * 60, i);
        for (j = 0; j < 200; j++) {
            uint32_t word =
                world_below(&random, 1 + world_below(&random, 300000));

            fprintf(file, "%c%u ", 'a' + (int)(word % 26), word);
        }
        fprintf(file, "|#line=%u\n", i);
    }
    fclose(file);
}

static void test_memory_bound__is_kept(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    lede_index_options options = {.read.now = 1800000000,
                                  .memory_bytes = 32u << 20};
    const char *path = folder;
    lede_index_report report;
    size_t most;

    (void)state;
    write_large(in_folder(folder, "large"));
    heap_watch_begin();
    assert_ok(lede_index_paths(archive, &path, 1, &options, &report, &err));
    assert_ok(lede_index_compact(archive, &options, &err));
    most = heap_watch_end();
    print_message("at most %zu KiB\n", most / 1024);
    assert_in_range(most, 1 << 20, 32u << 20);
    assert_int_equal(count_live(archive), ENTRIES);
    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_archive_close(archive);
    folder_remove(folder);
    folder_remove(archive_folder);
}

/* --- Many saves ------------------------------------------------------------
 */

enum { SAVES = 900, POSTS = 100 };

static void write_save(const char *path, uint32_t save)
{
    FILE *file = fopen(path, "wb");
    uint32_t i;

    assert_non_null(file);
    fputs("LEDEFAKE\nP|live||A|\n", file);
    for (i = 0; i < POSTS; i++) {
        fprintf(file,
                "E||Headline %u|02-17T%02u:%02u||||What word%u and word%u of "
                "post %u say, and how they say it%s|\n",
                i, 10 + i / 10, i % 10 * 6, i, i * 7 % POSTS, i,
                (i + save) % 40 == 0 ? ", all of them" : "");
    }
    fclose(file);
}

/* All saves of a page are settled together when one more comes: that takes no
 * more memory for many of them. */
static void test_memory_bound__is_kept_with_many_saves(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    lede_index_options options = {.read.now = 1800000000};
    const char *path = folder;
    lede_index_report report;
    size_t most;
    char name[32];
    uint32_t i;

    (void)state;
    for (i = 0; i < SAVES; i++) {
        snprintf(name, sizeof name, "%04u", i);
        write_save(in_folder(folder, name), i);
    }
    assert_ok(lede_index_paths(archive, &path, 1, &options, &report, &err));
    write_save(in_folder(folder, "one-more"), SAVES);
    options.memory_bytes = 32u << 20;
    heap_watch_begin();
    assert_ok(lede_index_paths(archive, &path, 1, &options, &report, &err));
    most = heap_watch_end();
    print_message("at most %zu KiB\n", most / 1024);
    assert_true(most < 32u << 20);
    assert_int_equal(report.entries_updated, POSTS);
    assert_int_equal(count_live(archive), POSTS);
    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_archive_close(archive);
    folder_remove(folder);
    folder_remove(archive_folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_bound__is_kept),
        cmocka_unit_test(test_memory_bound__is_kept_with_many_saves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
