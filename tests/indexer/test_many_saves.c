/* A live page that was saved very many times: each save shows its newest posts,
 * some of them edited. */
#include <time.h>

#include "indexer/indexer.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/support/check.h"

static lede_error err;

enum { POSTS = 100 };

/* Save `save` of a page, which went on by `step` posts since the one before.
 * Every fifth was edited when it had been shown for a while. */
static void write_save(const char *folder, uint32_t save, uint32_t step,
                       bool has_url)
{
    uint32_t newest = POSTS + step * save, i;
    lede_buf text = {0};
    char name[32];

    lede_buf_put_format(&text, "LEDEFAKE\nP|live|%s|A|\n",
                        has_url ? "https://example.org/live" : "");
    for (i = newest; i > newest - POSTS; i--) {
        bool is_edited = i % 5 == 0 && newest - i > 20;
        uint32_t minute = i * 3;

        lede_buf_put_format(
            &text,
            "E||Headline number %u of the day%s|%02u-%02uT%02u:%02u||||"
            "The post %u says that word%u and word%u and word%u were seen by "
            "witness%u at place%u%s|\n",
            i, i % 10 == 0 && is_edited ? " edited" : "",
            1 + minute / 1440 / 28 % 12, 1 + minute / 1440 % 28,
            minute / 60 % 24, minute % 60, i, i * 7 % 1000, i * 13 % 1000,
            i * 29 % 1000, i % 77, i % 33, is_edited ? ", it was said" : "");
    }
    snprintf(name, sizeof name, "%06u.txt", save);
    write_file(in_folder(folder, name), lede_buf_text(&text));
    lede_buf_done(&text);
}

static double clock_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double index_saves(uint32_t saves, uint32_t step, bool has_url)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    lede_index_options options = {.read.now = 1800000000};
    lede_index_report report;
    const char *path = folder;
    double began;
    uint32_t i;

    for (i = 0; i < saves; i++) {
        write_save(folder, i, step, has_url);
    }
    began = clock_s();
    assert_ok(lede_index_paths(archive, &path, 1, &options, &report, &err));
    began = clock_s() - began;
    print_message("%u saves, %u new posts each, %s url: %.2f s, "
                  "%.2f ms each\n",
                  saves, step, has_url ? "with" : "without", began,
                  began / (double)saves * 1000);
    assert_int_equal(count_live(archive), POSTS + step * (saves - 1));
    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_archive_close(archive);
    folder_remove(folder);
    folder_remove(archive_folder);
    return began;
}

static void test_many_saves__are_one_page(void **state)
{
    (void)state;
    (void)index_saves(50, 0, false);
    (void)index_saves(50, 3, true);
    (void)index_saves(200, 3, false);
}

/* What one save takes grows little with the number of saves. LEDE_SAVES: as
 * many of them. */
static void test_many_saves__take_time_in_proportion(void **state)
{
    const char *given = getenv("LEDE_SAVES");
    uint32_t most = given != NULL ? (uint32_t)strtoul(given, NULL, 10) : 3200;
    uint32_t step;

    (void)state;
    if (given == NULL && getenv("LEDE_TEST_LONG") == NULL) {
        skip();
    }
    for (step = 0; step <= 3; step += 3) {
        double few = index_saves(200, step, false) / 200;
        double many = index_saves(most, step, false) / most;

        (void)index_saves(most, step, true);
        assert_true(many < 8 * few);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_saves__are_one_page),
        cmocka_unit_test(test_many_saves__take_time_in_proportion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
