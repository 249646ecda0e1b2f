/* What becomes of entries whose file is damaged, or cut, or whose file's record
 * in the archive is. */
#include "indexer/indexer.h"

#include "indexer/run.h"
#include "storage/archive_internal.h"
#include "storage/file_records.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_folder.h"
#include "tests/support/check.h"

static lede_error err;

/* --- Damaged files -------------------------------------------------------- */

static void test_index_damaged__keeps_what_a_damaged_file_said(void **state)
{
    static const char whole[] =
        "P|plain||form|\nE||One|86400|||https://x.org/1|A.|#line=1\n"
        "E||Two|86400|||https://x.org/2|Long text of two.|#line=2\n"
        "E||Three|86400|||https://x.org/3|C.|#line=3\n";
    static const char after[] =
        "1970-01-02T00:00:00Z One: A, edited. [a.txt#line=1]\n"
        "1970-01-02T00:00:00Z Three: C. [a.txt#line=3]\n"
        "1970-01-02T00:00:00Z Two: Long text of two. [a.txt#line=2]\n";
    fake_folder *f = *state;
    unsigned round;

    fake_folder_put(f, "a.txt", whole);
    fake_folder_index(f);
    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||One|86400|||https://x.org/1|A, edited.|#line=1\n"
        "T||Two|86400|||https://x.org/2|Long.|#line=2\nCUT\n");
    for (round = 0; round < 3; round++) { /* an unchanged one is left alone */
        fake_corpus_reads = 0;
        fake_folder_index(f);
        assert_int_equal(fake_corpus_reads, round == 0 ? 1 : 0);
        assert_int_equal(f->report.entries_removed, 0);
        assert_int_equal(f->report.entries_updated, round == 0 ? 1 : 0);
        assert_int_equal(f->report.notes, round == 0 ? 1 : 0);
        fake_folder_assert_entries(f, after);
    }
    write_file(in_folder(f->folder, "a.txt"), "");
    for (round = 0; round < 2; round++) {
        fake_corpus_reads = 0;
        fake_folder_index(f);
        assert_int_equal(fake_corpus_reads, round == 0 ? 1 : 0);
        fake_folder_assert_entries(f, after);
        assert_int_equal(f->report.notes > 0, round == 0);
    }
    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||Three|86400|||https://x.org/3|C.|#line=1\n");
    fake_folder_index(f); /* whole again: what is no longer said goes */
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z Three: C. [a.txt#line=1]\n");
    fake_folder_assert_checked(f);
}

/* Half a record may lack what its key is made of. */
static void test_index_damaged__keeps_the_whole_of_what_was_cut(void **state)
{
    static const char alone[] =
        "1970-01-02T00:00:00Z A whole headline: All of the text. [a.txt]\n";
    static const char list[] =
        "1970-01-02T00:00:00Z One: First. [b.txt#line=1]\n"
        "1970-01-02T00:00:00Z Two: Some text of two. [b.txt#line=2]\n";
    fake_folder *f = *state;
    lede_budget small = lede_budget_of(0);
    const char *path = in_folder(f->folder, "b.txt");
    unsigned round;

    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||A whole headline|86400||||All of the text.|\n");
    fake_folder_index(f);
    fake_folder_put(f, "a.txt", "P|plain||form|\nT||A whole|||||All.|\nCUT\n");
    for (round = 0; round < 2; round++) {
        fake_folder_index(f);
        assert_int_equal(f->report.entries_added, 0);
        assert_int_equal(f->report.entries_removed, 0);
        fake_folder_assert_entries(f, alone);
    }
    unlink(in_folder(f->folder, "a.txt"));
    lede_archive_close(f->archive);
    folder_remove(f->archive_folder);
    f->archive_folder = folder_new();
    f->archive = open_archive(f->archive_folder);
    fake_folder_put(
        f, "b.txt",
        "P|plain||form|\n"
        "E||One|86400|||https://x.org/1|First.|#line=1\n"
        "E||Two|86400|||https://x.org/2|Some text of two.|#line=2\n");
    fake_folder_index(f);
    fake_folder_put(f, "b.txt",
                    "P|plain||form|\n"
                    "E||One|86400|||https://x.org/1|First.|#line=1\n"
                    "T||Two|||||Some.|#line=2\nCUT\n");
    small.batch_bytes = 1;
    for (round = 0; round < 2; round++) {
        assert_ok(lede_index_within(f->archive, &path, 1, NULL, &small,
                                    &f->report, &err));
        assert_int_equal(f->report.entries_added, 0);
        assert_int_equal(f->report.entries_removed, 0);
        fake_folder_assert_entries(f, list);
    }
    fake_folder_assert_checked(f);
}

/* A cut record that took the place of another one is not half of it. */
static void test_index_damaged__keeps_a_cut_record_that_is_new(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\n"
        "E||One|86400|||https://x.org/1|The first of the texts.|#line=1\n"
        "E||Two|86400|||https://x.org/2|The second of the texts.|#line=2\n");
    fake_folder_index(f);
    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\n"
        "E||Two|86400|||https://x.org/2|The second of the texts.|#line=1\n"
        "T||Three|86400||||The third.|#line=2\nCUT\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z One: The first of the texts. "
           "[a.txt#line=1]\n"
           "1970-01-02T00:00:00Z Three: The third. [a.txt#line=2]\n"
           "1970-01-02T00:00:00Z Two: The second of the texts. "
           "[a.txt#line=1]\n");
    fake_folder_assert_checked(f);
}

/* A text that a damaged file had is looked for in it once. */
static void test_index_damaged__looks_once_for_a_text_that_was_cut(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||One|86400|||https://x.org/1|A longer text.|\n");
    fake_folder_put(
        f, "b.txt",
        "P|plain||form|\nE||One|86400|||https://x.org/1|A text.|\n");
    fake_folder_index(f);
    fake_folder_put(f, "b.txt", "P|plain||form|\nCUT\n");
    fake_folder_index(f);
    fake_folder_put(f, "a.txt", "P|plain||form|\n");
    fake_folder_index(f);
    fake_corpus_reads = 0;
    fake_folder_index(f);
    assert_int_equal(fake_corpus_reads, 0);
    fake_folder_assert_entries(f, "");
    fake_folder_put(
        f, "b.txt",
        "P|plain||form|\nE||One|86400|||https://x.org/1|A text.|\n");
    fake_folder_index(f); /* whole again */
    fake_folder_assert_entries(f,
                               "1970-01-02T00:00:00Z One: A text. [b.txt]\n");
    fake_folder_assert_checked(f);
}

static void test_index_damaged__keeps_posts_of_a_damaged_page(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(f, "a.txt",
                    "P|live||A|\nE||One|86400||||A post of some words.|\n"
                    "E||Two|90000||||Another post, of other words.|\n");
    fake_folder_index(f);
    write_file(in_folder(f->folder, "a.txt"), "");
    fake_folder_index(f);
    assert_int_equal(f->report.entries_removed, 0);
    assert_int_equal(count_live(f->archive), 2);
    fake_folder_index(f);
    assert_int_equal(count_live(f->archive), 2);
    fake_folder_assert_checked(f);
}

/* --- Damaged records ------------------------------------------------------ */

/* Flips a bit of a file's record; returns its size. */
static size_t flip_record(fake_folder *f, const char *name, size_t at)
{
    lede_buf key = {0}, bytes = {0};
    MDB_txn *txn = NULL;
    MDB_val k, v;
    size_t len;

    lede_file_key(lede_span_text(in_folder(f->folder, name)), &key);
    k = (MDB_val){key.len, key.bytes};
    assert_int_equal(mdb_txn_begin(f->archive->env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_get(txn, f->archive->files, &k, &v), 0);
    lede_buf_put(&bytes, v.mv_data, v.mv_size);
    len = bytes.len;
    bytes.bytes[at % len] ^= 4;
    v = (MDB_val){bytes.len, bytes.bytes};
    assert_int_equal(mdb_put(txn, f->archive->files, &k, &v, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    lede_buf_done(&key);
    lede_buf_done(&bytes);
    return len;
}

static char told[4096];

static void on_told(void *ctx, const char *path, const char *what)
{
    (void)ctx;
    snprintf(told, sizeof told, "%s: %s", path, what);
}

static void on_found(void *ctx, const char *problem)
{
    (void)ctx;
    snprintf(told, sizeof told, "%s", problem);
}

static void
test_index_damaged__reads_a_file_again_if_its_record_is_damaged(void **state)
{
    static const char entries[] = "1970-01-02T00:00:00Z One: A. [a.txt]\n"
                                  "1970-01-02T00:00:00Z Two: B. [b.txt]\n";
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();
    lede_check_callbacks callbacks = {.found = on_found};
    size_t at, len = 1;

    options.note = on_told;
    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|A.|\n");
    fake_folder_put(f, "b.txt",
                    "P|plain||form|\nE||Two|86400|||https://x.org/2|B.|\n");
    fake_folder_index(f);
    for (at = 0; at < len; at += 7) {
        len = flip_record(f, "a.txt", at);
        told[0] = '\0';
        assert_status(lede_archive_check(f->archive, &callbacks, &err),
                      LEDE_CORRUPT);
        assert_non_null(strstr(told, "the record of the file"));
        assert_non_null(strstr(told, at > 200 ? "a.txt" : "file"));
        told[0] = '\0';
        fake_corpus_reads = 0;
        fake_folder_index_with(f, &options);
        assert_int_equal(fake_corpus_reads, 1);
        assert_non_null(strstr(told, "a.txt: its record was damaged"));
        fake_folder_assert_entries(f, entries);
        fake_folder_assert_checked(f);
    }
}

static void
test_index_damaged__tells_of_a_damaged_record_of_a_file_gone(void **state)
{
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();

    options.note = on_told;
    options.prune = true;
    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|A.|\n");
    fake_folder_index(f);
    unlink(in_folder(f->folder, "a.txt"));
    flip_record(f, "a.txt", 0);
    told[0] = '\0';
    fake_folder_index_with(f, &options);
    assert_non_null(strstr(told, "damaged"));
    assert_int_equal(count_live(f->archive), 1);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_index_damaged__keeps_what_a_damaged_file_said,
            fake_folder_setup, fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index_damaged__keeps_the_whole_of_what_was_cut,
            fake_folder_setup, fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index_damaged__keeps_a_cut_record_that_is_new,
            fake_folder_setup, fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index_damaged__looks_once_for_a_text_that_was_cut,
            fake_folder_setup, fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index_damaged__keeps_posts_of_a_damaged_page,
            fake_folder_setup, fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index_damaged__reads_a_file_again_if_its_record_is_damaged,
            fake_folder_setup, fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index_damaged__tells_of_a_damaged_record_of_a_file_gone,
            fake_folder_setup, fake_folder_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
