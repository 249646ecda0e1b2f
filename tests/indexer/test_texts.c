/* Which text an entry has when the file of its best one is gone or changed. */
#include "indexer/indexer.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_folder.h"
#include "tests/support/check.h"

static lede_error err;

static int teardown(void **state)
{
    fake_folder *f = *state;

    assert_ok(lede_archive_check(f->archive, NULL, &err));
    return fake_folder_teardown(state);
}

/* Puts a file out of sight, and back as it was, inode and all. */
static void hide(fake_folder *f, const char *name)
{
    assert_int_equal(
        rename(in_folder(f->folder, name), in_folder(f->away, name)), 0);
}

static void bring_back(fake_folder *f, const char *name)
{
    assert_int_equal(
        rename(in_folder(f->away, name), in_folder(f->folder, name)), 0);
}

static void index_all(fake_folder *f, bool prune)
{
    lede_index_options options = fake_folder_options();

    options.prune = prune;
    fake_folder_index_with(f, &options);
}

/* Three texts of one url; the longest is the best. */
static void put_three(fake_folder *f)
{
    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||One|86400|||https://x.org/1|The longest text.|\n");
    fake_folder_put(
        f, "b.txt",
        "P|plain||form|\nE||One|86400|||https://x.org/1|A long text.|\n");
    fake_folder_put(f, "c.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|Text.|\n");
    index_all(f, false);
    fake_folder_assert_entries(f, "1970-01-02T00:00:00Z One: The longest text. "
                                  "[a.txt b.txt c.txt]\n");
}

static const char other[] =
    "P|plain||form|\nE||Two|86400|||https://x.org/2|Another.|\n";

static void test_texts__are_those_of_the_best_file_there(void **state)
{
    fake_folder *f = *state;

    put_three(f);
    hide(f, "b.txt");
    fake_folder_put(f, "a.txt",
                    other); /* the winner says it no more, the next is away */
    index_all(f, false);
    fake_folder_assert_entries(f,
                               "1970-01-02T00:00:00Z One: Text. [b.txt c.txt]\n"
                               "1970-01-02T00:00:00Z Two: Another. [a.txt]\n");
    bring_back(f, "b.txt"); /* as it was, yet it is read again */
    index_all(f, false);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z One: A long text. [b.txt c.txt]\n"
           "1970-01-02T00:00:00Z Two: Another. [a.txt]\n");
    fake_corpus_reads = 0;
    index_all(f, false); /* once is enough */
    assert_int_equal(fake_corpus_reads, 0);
}

static void test_texts__come_back_with_their_file(void **state)
{
    fake_folder *f = *state;

    put_three(f);
    hide(f, "b.txt");
    hide(f, "c.txt");
    fake_folder_put(f, "a.txt", other);
    index_all(f, false); /* nobody there says it */
    fake_folder_assert_entries(f,
                               "1970-01-02T00:00:00Z Two: Another. [a.txt]\n");
    assert_int_equal(f->report.entries_removed, 1);
    bring_back(f, "c.txt");
    index_all(f, false);
    fake_folder_assert_entries(f,
                               "1970-01-02T00:00:00Z One: Text. [c.txt]\n"
                               "1970-01-02T00:00:00Z Two: Another. [a.txt]\n");
    assert_int_equal(f->report.entries_added, 1);
    bring_back(f, "b.txt");
    index_all(f, true);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z One: A long text. [b.txt c.txt]\n"
           "1970-01-02T00:00:00Z Two: Another. [a.txt]\n");
}

/* The winner went, and the next best file was overwritten at once. */
static void test_texts__follow_a_file_that_changed_at_once(void **state)
{
    fake_folder *f = *state;

    put_three(f);
    unlink(in_folder(f->folder, "a.txt"));
    fake_folder_put(f, "b.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|B.|\n");
    index_all(f, true);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z One: Text. [b.txt c.txt]\n");
    fake_folder_put(f, "c.txt", other);
    hide(f, "b.txt");
    index_all(f, false);
    bring_back(f, "b.txt");
    index_all(f, false);
    fake_folder_assert_entries(f,
                               "1970-01-02T00:00:00Z One: B. [b.txt]\n"
                               "1970-01-02T00:00:00Z Two: Another. [c.txt]\n");
}

static void test_texts__of_posts_come_back(void **state)
{
    static const char first[] =
        "P|live||A|\n"
        "E||First post|02-17T12:10||||The first of the posts of this page.|\n"
        "E||Opening|02-17T12:00||||We begin our coverage of the day here.|\n";
    static const char second[] =
        "P|live||A|\n"
        "E||Second post|02-17T12:20||||The second of the posts here.|\n"
        "E||First post|02-17T12:10||||The first of the posts of this page, "
        "and more.|\n"
        "E||Opening|02-17T12:00||||We begin our coverage of the day here.|\n";
    static const char none[] =
        "P|live||B|\nE||Elsewhere|03-01T10:00||||Nothing of it.|\n";
    fake_folder *f = *state;

    fake_folder_put(f, "1.txt", first);
    fake_folder_put(f, "2.txt", second);
    index_all(f, false);
    hide(f, "1.txt");
    unlink(in_folder(f->folder, "2.txt"));
    fake_folder_put(f, "3.txt", none);
    index_all(f, true); /* both files are gone for good, it seems */
    fake_folder_assert_entries(f, " Elsewhere: Nothing of it. [3.txt]\n");
    bring_back(f, "1.txt");
    hide(f, "3.txt");
    index_all(f, true);
    fake_folder_assert_entries(
        f, " First post: The first of the posts of this page. [1.txt]\n"
           " Opening: We begin our coverage of the day here. [1.txt]\n");
}

/* A post that one file showed once and another shows later, edited: the version
 * that is stored is all that is left of it. */
static void test_texts__of_former_saves_stay(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(
        f, "1.txt",
        "P|live||A|\n"
        "E||Third|02-17T12:30||||The third of the posts of this page.|\n"
        "E||Second|02-17T12:20||||The second of the posts of this page.|\n"
        "E||First|02-17T12:10||||The first of the posts of this page.|\n"
        "E||Opening|02-17T12:00||||We begin our coverage of the day.|\n");
    fake_folder_put(
        f, "2.txt",
        "P|live||A|\n"
        "E||Third|02-17T12:30||||The third of the posts of this page.|\n"
        "E||Second|02-17T12:20||||The second of the posts of this page.|\n"
        "E||First|02-17T12:10||||The first of the posts of this page.|\n"
        "E||Opening|02-17T12:00||||We begin our coverage of the day here.|\n");
    index_all(f, false);
    fake_folder_put(
        f, "1.txt",
        "P|live||A|\n"
        "E||Third|02-17T12:30||||The third of the posts of this page.|\n"
        "E||Second|02-17T12:20||||The second of the posts of this page.|\n"
        "E||First|02-17T12:10||||The first of the posts of this page.|\n");
    index_all(f, false);
    unlink(in_folder(f->folder, "2.txt"));
    index_all(f, true);
    fake_folder_assert_entries(
        f, " First: The first of the posts of this page. [1.txt]\n"
           " Opening: We begin our coverage of the day here. [1.txt]\n"
           " Second: The second of the posts of this page. [1.txt]\n"
           " Third: The third of the posts of this page. [1.txt]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_texts__are_those_of_the_best_file_there, fake_folder_setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_texts__come_back_with_their_file,
                                        fake_folder_setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_texts__follow_a_file_that_changed_at_once, fake_folder_setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_texts__of_posts_come_back,
                                        fake_folder_setup, teardown),
        cmocka_unit_test_setup_teardown(test_texts__of_former_saves_stay,
                                        fake_folder_setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
