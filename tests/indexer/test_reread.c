/* Texts that are wanted of a file that would be read otherwise today. */
#include "indexer/indexer.h"
#include "tests/indexer/dump.h"
#include "tests/support/check.h"

static lede_error err;

static void index_with_zone(lede_archive *archive, const char *folder,
                            const char *zone, lede_index_report *report)
{
    lede_index_options options = {
        .read = {.now = 1800000000, .default_zone = zone}};

    assert_ok(lede_index_paths(archive, &folder, 1, &options, report, &err));
}

/* The claims of b were made with a zone that was not given again: when its text
 * is wanted, what it says now has another date, and all of it is settled anew.
 */
static void test_reread__takes_what_a_file_says_now(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    lede_index_report report;
    lede_buf got = {0}, wanted = {0};

    (void)state;
    write_file(in_folder(folder, "a.json"),
               "{\"headline\":\"One\",\"url\":\"https://x.org/1\","
               "\"published\":\"2020-01-02 12:00\","
               "\"body\":\"The longest of the texts.\"}\n");
    write_file(in_folder(folder, "b.json"),
               "{\"headline\":\"One\",\"url\":\"https://x.org/1\","
               "\"published\":\"2020-01-02 12:00\","
               "\"body\":\"A text.\"}\n");
    index_with_zone(archive, folder, "America/New_York", &report);
    assert_int_equal(report.entries_added, 1);
    write_file(in_folder(folder, "a.json"),
               "{\"headline\":\"Two\",\"url\":\"https://x.org/2\","
               "\"published\":\"2020-01-02 12:00\","
               "\"body\":\"Another one.\"}\n");
    index_with_zone(archive, folder, NULL, &report);
    assert_int_equal(report.files, 2);
    dump_entries(archive, &got);
    lede_buf_put_text(&wanted, "2020-01-02T12:00:00Z One: A text. [b.json]\n"
                               "2020-01-02T12:00:00Z Two: Another one. "
                               "[a.json]\n");
    assert_same_dump(&got, &wanted);
    assert_ok(lede_archive_check(archive, NULL, &err));
    index_with_zone(archive, folder, NULL, &report);
    assert_int_equal(report.files_unchanged, 2);
    lede_archive_close(archive);
    lede_buf_done(&got);
    lede_buf_done(&wanted);
    folder_remove(folder);
    folder_remove(archive_folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reread__takes_what_a_file_says_now),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
