/* Real live pages, saved twice: whatever the order, the second save's entries
 * once each. */
#include "indexer/indexer.h"
#include "tests/indexer/dump.h"
#include "tests/support/check.h"

static lede_error err;

static void index_file(lede_archive *archive, const char *path)
{
    lede_index_options options = {.read.now = 1800000000};
    lede_index_report report;

    assert_ok(lede_index_paths(archive, &path, 1, &options, &report, &err));
}

/* How many entries the truth beside a save has. */
static unsigned count_truth(const char *path)
{
    FILE *file = fopen(path, "rb");
    static char text[1 << 20];
    const char *at = text;
    unsigned count = 0;
    size_t len;

    assert_non_null(file);
    len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    while ((at = strstr(at, "\"published\":")) != NULL) {
        count++;
        at++;
    }
    return count;
}

static void copy_file(const char *from, const char *to)
{
    static char text[1 << 20];
    FILE *file = fopen(from, "rb");
    size_t len;

    assert_non_null(file);
    len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    write_file(to, text);
}

typedef struct archive_at {
    char *folder;
    lede_archive *archive;
} archive_at;

static archive_at fresh(void)
{
    archive_at a = {.folder = folder_new()};

    a.archive = open_archive(a.folder);
    return a;
}

static void finish(archive_at *a)
{
    assert_ok(lede_archive_check(a->archive, NULL, &err));
    lede_archive_close(a->archive);
    folder_remove(a->folder);
}

/* A later save over the first one, at one path. */
static void overwrite(const char *first, const char *second, unsigned wanted)
{
    archive_at over = fresh(), alone = fresh();
    char *folder = folder_new();
    char path[64];
    lede_buf a = {0}, b = {0};

    snprintf(path, sizeof path, "%s/live.txt", folder);
    copy_file(first, path);
    index_file(over.archive, path);
    copy_file(second, path);
    index_file(over.archive, path);
    index_file(alone.archive, path);
    assert_int_equal(count_live(over.archive), wanted);
    dump_entries(over.archive, &a);
    dump_entries(alone.archive, &b);
    assert_same_dump(&a, &b);
    lede_buf_done(&a);
    lede_buf_done(&b);
    finish(&over);
    finish(&alone);
    folder_remove(folder);
}

static void test_live_saves__are_one_page_in_any_order(void **state)
{
    static const char *const pages[] = {"corkbeo", "express", "guardian_Live"};
    size_t i;

    (void)state;
    skip_without_data(TEST_DATA("live-text"));
    for (i = 0; i < 3; i++) {
        char first[512], second[512], truth[512];
        archive_at forth = fresh(), back = fresh(), once = fresh();
        const char *paths[2] = {first, second};
        lede_index_report report;
        unsigned wanted;

        snprintf(first, sizeof first, "%s/%s.save1.txt", TEST_DATA("live-text"),
                 pages[i]);
        snprintf(second, sizeof second, "%s/%s.save2.txt",
                 TEST_DATA("live-text"), pages[i]);
        snprintf(truth, sizeof truth, "%s/%s.save2.txt.truth.json",
                 TEST_DATA("live-text"), pages[i]);
        wanted = count_truth(truth);
        assert_true(wanted > 5);
        index_file(forth.archive, first);
        index_file(forth.archive, second);
        index_file(back.archive, second);
        index_file(back.archive, first);
        assert_ok(lede_index_paths(
            once.archive, paths, 2,
            &(lede_index_options){.read.now = 1800000000}, &report, &err));
        assert_int_equal(count_live(forth.archive), wanted);
        assert_same_archives(forth.archive, back.archive);
        assert_same_archives(forth.archive, once.archive);
        overwrite(first, second, wanted);
        finish(&forth);
        finish(&back);
        finish(&once);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_saves__are_one_page_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
