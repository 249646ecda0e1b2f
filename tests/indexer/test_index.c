#include "indexer/indexer.h"

#include <sys/stat.h>

#include "indexer/accumulate.h"
#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_folder.h"
#include "tests/support/check.h"

static lede_error err;

/* --- Files ---------------------------------------------------------------- */

static void test_index__reads_files(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\n"
        "E|a-very-long-id-of-a|First|86400|||https://x.org/1|One two.|\n"
        "E||Second|172800||||Three./Four.|\n");
    fake_folder_put(f, "b.txt", "P|plain||form|\nE||Third|259200||||Five.|\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z First: One two. [a.txt]\n"
           "1970-01-03T00:00:00Z Second: Three. Four. [a.txt]\n"
           "1970-01-04T00:00:00Z Third: Five. [b.txt]\n");
    assert_int_equal(f->report.entries_read, 3);
    assert_int_equal(f->report.entries_added, 3);
    assert_int_equal(f->report.files, 2);
    fake_folder_assert_checked(f);
}

static void test_index__passes_over_unchanged_files(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||First|86400||||One two.|\n");
    fake_folder_index(f);
    fake_corpus_reads = 0;
    fake_folder_index(f);
    assert_int_equal(fake_corpus_reads, 0);
    assert_int_equal(f->report.files_unchanged, 1);
    assert_int_equal(f->report.entries_added, 0);
    /* Another time, the same content: a hash tells. */
    set_time(in_folder(f->folder, "a.txt"), 5000);
    fake_folder_index(f);
    assert_int_equal(fake_corpus_reads, 0);
    assert_int_equal(f->report.files_unchanged, 1);
    /* That was remembered: a third run need not look into the file. */
    fake_folder_index(f);
    assert_int_equal(f->report.files_unchanged, 1);
    assert_int_equal(count_segments(f->archive), 1);
    fake_folder_assert_checked(f);
}

static void test_index__updates_changed_files(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||Same|86400|||https://x.org/1|One.|#line=1\n"
        "E||Edited|86400|||https://x.org/2|Two.|#line=2\n"
        "E||Gone|86400|||https://x.org/3|Three.|#line=3\n");
    fake_folder_index(f);
    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||Same|86400|||https://x.org/1|One.|#line=1\n"
        "E||Edited|86400|||https://x.org/2|Two and more.|#line=2\n"
        "E||New|86400|||https://x.org/4|Four.|#line=3\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z Edited: Two and more. "
           "[a.txt#line=2]\n"
           "1970-01-02T00:00:00Z New: Four. [a.txt#line=3]\n"
           "1970-01-02T00:00:00Z Same: One. [a.txt#line=1]\n");
    assert_int_equal(f->report.entries_added, 1);
    assert_int_equal(f->report.entries_updated, 1);
    assert_int_equal(f->report.entries_removed, 1);
    assert_int_equal(f->report.entries_unchanged, 1);
    fake_folder_assert_checked(f);
}

static void test_index__merges_what_several_files_hold(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||Old|86400|||https://x.org/1|Short.|\n");
    fake_folder_put(
        f, "b.txt",
        "P|plain||form|\nE||New|86400|||http://www.x.org/1/|A longer one.|\n");
    fake_folder_put(
        f, "c.txt",
        "P|plain||form|\nE||Newest|86400||90000|https://x.org/1|Up.|\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z Newest: Up. [a.txt b.txt c.txt]\n");
    /* The winner goes: the file of the next best is read again. */
    fake_folder_put(f, "c.txt",
                    "P|plain||form|\nE||Other|86400|||https://x.org/2|Up.|\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z New: A longer one. [a.txt b.txt]\n"
           "1970-01-02T00:00:00Z Other: Up. [c.txt]\n");
    fake_folder_assert_checked(f);
}

static void test_index__prunes_files_that_are_gone(void **state)
{
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();

    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|A.|\n");
    fake_folder_put(
        f, "b.txt",
        "P|plain||form|\nE||Two|86400|||https://x.org/1|Longer text.|\n");
    fake_folder_put(f, "c.txt",
                    "P|plain||form|\nE||Three|86400|||https://x.org/3|C.|\n");
    fake_folder_index(f);
    unlink(in_folder(f->folder, "b.txt"));
    unlink(in_folder(f->folder, "c.txt"));
    fake_folder_index(f); /* without --prune nothing goes */
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z Three: C. [c.txt]\n"
           "1970-01-02T00:00:00Z Two: Longer text. [a.txt b.txt]\n");
    options.prune = true;
    fake_folder_index_with(f, &options);
    fake_folder_assert_entries(f, "1970-01-02T00:00:00Z One: A. [a.txt]\n");
    assert_int_equal(f->report.files_pruned, 2);
    fake_folder_index_with(f, &options);
    assert_int_equal(f->report.files_pruned, 0);
    unlink(in_folder(f->folder, "a.txt")); /* a folder takes its place */
    assert_int_equal(mkdir(in_folder(f->folder, "a.txt"), 0777), 0);
    fake_folder_index_with(f, &options);
    assert_int_equal(f->report.files_pruned, 1);
    fake_folder_assert_entries(f, "");
    fake_folder_assert_checked(f);
}

static void test_index__prunes_only_under_roots_that_exist(void **state)
{
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();
    char missing[600];
    const char *paths[1] = {missing};

    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|A.|\n");
    fake_folder_index(f);
    unlink(in_folder(f->folder, "a.txt"));
    snprintf(missing, sizeof missing, "%s/a.txt", f->folder);
    options.prune = true;
    assert_status(
        lede_index_paths(f->archive, paths, 1, &options, &f->report, &err),
        LEDE_NOT_FOUND);
    assert_int_equal(count_live(f->archive), 1);
}

static void test_index__goes_on_after_garbage(void **state)
{
    fake_folder *f = *state;
    char bytes[3000];
    size_t i;

    for (i = 0; i < sizeof bytes - 1; i++) {
        bytes[i] = (char)(1 + i * 7 % 250);
    }
    bytes[sizeof bytes - 1] = '\0';
    write_file(in_folder(f->folder, "0"), bytes);
    write_file(in_folder(f->folder, "1"), "");
    fake_folder_put(
        f, "2", "X\nP|plain||form|\nE||One|86400|||https://x.org/1|A.|\nX\n");
    fake_folder_index(f);
    assert_int_equal(count_live(f->archive), 1);
    assert_true(f->report.files_skipped >= 2);
    assert_true(f->report.notes >= 3);
    fake_corpus_reads = 0;
    fake_folder_index(f);
    assert_int_equal(fake_corpus_reads, 0);
}

/* --- Counts ----------------------------------------------------------------
 */

static void assert_counts(const fake_folder *f, unsigned added,
                          unsigned updated, unsigned removed,
                          unsigned unchanged)
{
    assert_int_equal(f->report.entries_added, added);
    assert_int_equal(f->report.entries_updated, updated);
    assert_int_equal(f->report.entries_removed, removed);
    assert_int_equal(f->report.entries_unchanged, unchanged);
}

static void test_index__counts_an_entry_once(void **state)
{
    static const char one[] =
        "P|plain||form|\nE||One|86400|||https://x.org/1|A.|\n";
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();
    lede_budget small = lede_budget_of(0);
    const char *path = f->folder;
    int round;

    options.prune = true;
    fake_folder_put(f, "a.txt", one);
    fake_folder_put(f, "z.txt", one);
    small.batch_bytes = 1; /* a batch for each file */
    assert_ok(lede_index_within(f->archive, &path, 1, &options, &small,
                                &f->report, &err));
    assert_counts(f, 1, 0, 0, 0);
    for (round = 0; round < 2; round++) { /* a file gets another name */
        assert_int_equal(
            rename(in_folder(f->folder, round ? "b.txt" : "a.txt"),
                   in_folder(f->folder, round ? "a.txt" : "b.txt")),
            0);
        assert_ok(lede_index_within(f->archive, &path, 1, &options,
                                    round == 0 ? NULL : &small, &f->report,
                                    &err));
        assert_counts(f, 0, 1, 0, 0);
    }
    /* Several files change what they say of it. */
    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|AB.|\n");
    fake_folder_put(f, "z.txt",
                    "P|plain||form|\nE||One|86400|||https://x.org/1|ABC.|\n");
    assert_ok(lede_index_within(f->archive, &path, 1, &options, &small,
                                &f->report, &err));
    assert_counts(f, 0, 1, 0, 0);
    /* It goes from one file and comes in another. */
    unlink(in_folder(f->folder, "z.txt"));
    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||Two|86400|||https://x.org/2|B.|\n");
    fake_folder_put(f, "c.txt", one);
    assert_ok(lede_index_within(f->archive, &path, 1, &options, &small,
                                &f->report, &err));
    assert_counts(f, 1, 1, 0, 0);
    /* What is read again and is as it was is neither. */
    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE||Two|86400|||https://x.org/2|B.|\n"
                    "E||Three|86400|||https://x.org/3|C.|#line=2\n");
    fake_folder_put(f, "d.txt", one);
    assert_ok(lede_index_within(f->archive, &path, 1, &options, &small,
                                &f->report, &err));
    assert_counts(f, 1, 1, 0, 1);
    unlink(in_folder(f->folder, "a.txt"));
    assert_ok(lede_index_within(f->archive, &path, 1, &options, &small,
                                &f->report, &err));
    assert_counts(f, 0, 0, 2, 0);
    fake_folder_assert_checked(f);
}

/* --- Keys -------------------------------------------------------------------
 */

static void test_index__tells_weak_ids_apart(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(f, "a.txt",
                    "P|plain||form|\nE|1|Ships|86400||||Of ships.|#line=1\n");
    fake_folder_index(f);
    fake_folder_put(f, "b.txt",
                    "P|plain||form|\nE|1|Wings|86400||||Of wings.|#line=1\n");
    fake_folder_put(
        f, "c.txt",
        "P|plain||form|\nE|1|Wings|86400||||Of wings, again.|#line=1\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z Ships: Of ships. [a.txt#line=1]\n"
           "1970-01-02T00:00:00Z Wings: Of wings, again. "
           "[b.txt#line=1 c.txt#line=1]\n");
    fake_folder_assert_checked(f);
}

static void test_index__keeps_twins_of_one_url_in_a_file(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\n"
        "E||One|86400|||https://x.org/home|Of this.|#line=1\n"
        "E||Two|86400|||https://x.org/home|Of that.|#line=2\n"
        "E||Two|86400|||https://x.org/home|Of that, too.|#line=3\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, "1970-01-02T00:00:00Z One: Of this. [a.txt#line=1]\n"
           "1970-01-02T00:00:00Z Two: Of that, too. "
           "[a.txt#line=2 a.txt#line=3]\n");
}

/* --- Live pages
 * --------------------------------------------------------------- */

static const char save1[] =
    "P|live||A|\n"
    "E||Third post|02-17T12:30||||The third of the posts of this page.|\n"
    "E||Second post|02-17T12:20||||The second of the posts of this page.|\n"
    "E||First post|02-17T12:10||||The first of the posts of this page.|\n"
    "E||Opening|02-17T12:00||||We begin our coverage of the day here now.|\n";
static const char save2[] =
    "P|live||A|\n"
    "E||Fourth post|02-17T12:40||||The fourth of the posts of this page.|\n"
    "E||Third post|02-17T12:30||||The third of the posts of this page.|\n"
    "E||Second post, edited|02-17T12:20||||The second of the posts of this "
    "page, and more.|\n"
    "E||First post|02-17T12:10||||The first of the posts of this page.|\n"
    "E||Opening|02-17T12:00||||We begin our coverage of the day here now.|\n";

static void assert_both(fake_folder *f)
{
    fake_folder_assert_entries(
        f, " First post: The first of the posts of this page. [1.txt 2.txt]\n"
           " Fourth post: The fourth of the posts of this page. [2.txt]\n"
           " Opening: We begin our coverage of the day here now. [1.txt "
           "2.txt]\n"
           " Second post, edited: The second of the posts of this page, and "
           "more. [1.txt 2.txt]\n"
           " Third post: The third of the posts of this page. [1.txt 2.txt]\n");
}

static void test_index__knows_a_page_saved_again(void **state)
{
    fake_folder *f = *state, *g;
    void *other = NULL;
    int round;

    for (round = 0; round < 3; round++) {
        fake_folder_setup(&other);
        g = other;
        fake_folder_put(g, round == 1 ? "2.txt" : "1.txt",
                        round == 1 ? save2 : save1);
        if (round != 2) {
            fake_folder_index(g);
        }
        fake_folder_put(g, round == 1 ? "1.txt" : "2.txt",
                        round == 1 ? save1 : save2);
        fake_folder_index(g);
        assert_both(g);
        fake_folder_assert_checked(g);
        fake_folder_teardown(&other);
    }
    /* In one run, either order of names is the order of saves. */
    fake_folder_put(f, "1.txt", save2);
    fake_folder_put(f, "2.txt", save1);
    fake_folder_index(f);
    assert_int_equal(count_live(f->archive), 5);
}

static void test_index__keeps_posts_of_an_overwritten_page(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(f, "live.txt", save1);
    fake_folder_index(f);
    fake_folder_put(
        f, "live.txt",
        "P|live||A|\n"
        "E||Fifth post|02-17T12:50||||The fifth of the posts here.|\n"
        "E||Third post|02-17T12:30||||The third of the posts of this page.|\n"
        "E||Second post, edited|02-17T12:20||||The second of the posts of "
        "this.|\n"
        "E||First post|02-17T12:10||||The first of the posts of this page.|\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f, " Fifth post: The fifth of the posts here. [live.txt]\n"
           " First post: The first of the posts of this page. [live.txt]\n"
           " Opening: We begin our coverage of the day here now. [live.txt]\n"
           " Second post, edited: The second of the posts of this. [live.txt]\n"
           " Third post: The third of the posts of this page. [live.txt]\n");
    /* The same again is no news. */
    set_time(in_folder(f->folder, "live.txt"), 77);
    fake_folder_index(f);
    assert_int_equal(f->report.entries_updated, 0);
    fake_folder_assert_checked(f);
}

static void test_index__gives_a_page_one_number(void **state)
{
    fake_folder *f = *state;
    lede_snapshot *snapshot = NULL;
    lede_column pages;
    uint32_t s, i;
    int64_t page = 0;

    fake_folder_put(f, "1.txt", save1);
    fake_folder_index(f);
    fake_folder_put(f, "2.txt", save2);
    fake_folder_index(f);
    assert_ok(lede_snapshot_open(f->archive, &snapshot, &err));
    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);

        assert_ok(lede_segment_column(segment, LEDE_COLUMN_PAGE, &pages, &err));
        for (i = 0; i < lede_segment_entries(segment); i++) {
            if (!lede_segment_is_deleted(segment, i)) {
                assert_int_not_equal(lede_column_get(&pages, i), 0);
                assert_true(page == 0 || page == lede_column_get(&pages, i));
                page = lede_column_get(&pages, i);
            }
        }
    }
    lede_snapshot_close(snapshot);
}

static void test_index__learns_the_year_of_a_page(void **state)
{
    fake_folder *f = *state;

    fake_folder_put(f, "1.txt", save1);
    fake_folder_index(f);
    /* 2025-02-17T12:30Z, from what the later save tells */
    fake_folder_put(
        f, "2.txt",
        "P|live||A|\n"
        "E||Third post|1739795400|3|||The third of the posts of this page.|\n"
        "E||Second post|1739794800|3|||The second of the posts of this page.|"
        "\n"
        "E||First post|1739794200|3|||The first of the posts of this page.|\n");
    fake_folder_index(f);
    fake_folder_assert_entries(
        f,
        "2025-02-17T12:00:00Z Opening: We begin our coverage of the day here "
        "now. [1.txt]\n"
        "2025-02-17T12:10:00Z First post: The first of the posts of this "
        "page. [1.txt 2.txt]\n"
        "2025-02-17T12:20:00Z Second post: The second of the posts of this "
        "page. [1.txt 2.txt]\n"
        "2025-02-17T12:30:00Z Third post: The third of the posts of this "
        "page. [1.txt 2.txt]\n");
    fake_folder_assert_checked(f);
}

/* Many pages without urls show the same line at the same minute of the same
 * day, in two years. */
static void test_index__keeps_a_line_of_many_pages(void **state)
{
    enum { PAGES = 90, POSTS = 12 };
    fake_folder *f = *state;
    uint64_t live = 0;
    unsigned i, j;

    for (i = 0; i < PAGES; i++) {
        /* 2024-02-17T12:00Z or 2025-02-17T12:00Z */
        long when = i % 2 == 0 ? 1708171200 : 1739793600;
        lede_buf text = {0};
        char name[16];

        lede_buf_put_text(&text, "P|live||A|\n");
        lede_buf_put_format(&text,
                            "E||Good evening|%ld||"
                            "||The same good evening to all of you.|\n",
                            when);
        for (j = 1; j < POSTS; j++) {
            lede_buf_put_format(&text,
                                "E||Post %u of %u|%ld||||Word%u word%u of "
                                "page%u alone.|\n",
                                j, i, when + 60 * j, i * 100 + j, j * 7 + i, i);
        }
        snprintf(name, sizeof name, "%u.txt", i);
        fake_folder_put(f, name, lede_buf_text(&text));
        lede_buf_done(&text);
        if (i >= 60) {
            fake_folder_index(f);
        }
    }
    live = count_live(f->archive);
    assert_int_equal(live, PAGES * (POSTS - 1) + 2);
    fake_folder_assert_checked(f);
}

static void put_page(fake_folder *f, const char *name, const char *posts,
                     unsigned number)
{
    lede_buf text = {0};
    unsigned i;

    lede_buf_put_text(&text, "P|live||A|\n");
    lede_buf_put_text(&text, posts);
    for (i = 0; i < 12; i++) {
        lede_buf_put_format(&text,
                            "E||Post %u of %u|02-17T13:%02u||||Word%u of "
                            "page%u alone.|\n",
                            i, number, i, i * 7 + number, number);
    }
    fake_folder_put(f, name, lede_buf_text(&text));
    lede_buf_done(&text);
}

/* One page shows a key twice, so that its entries have keys by their bodies;
 * two others show it once each, unlike, which gives the same keys. */
static void test_index__gives_no_key_to_two_entries(void **state)
{
#define SHIPS "E||Update|02-17T12:00||||Of the ships that came to harbour.|\n"
#define WINGS "E||Update|02-17T12:00||||Nothing is known of any wings yet.|\n"
    fake_folder *f = *state;

    put_page(f, "a.txt", SHIPS, 1);
    put_page(f, "b.txt", SHIPS WINGS, 2);
    put_page(f, "c.txt", WINGS, 3);
    fake_folder_index(f);
    assert_int_equal(count_live(f->archive), 3 * 12 + 2);
    fake_folder_assert_checked(f);
    unlink(in_folder(f->folder, "b.txt"));
    unlink(in_folder(f->folder, "c.txt"));
    fake_folder_index_with(
        f, &(lede_index_options){.read.now = 1800000000, .prune = true});
    assert_int_equal(count_live(f->archive), 12 + 1);
    fake_folder_assert_checked(f);
#undef SHIPS
#undef WINGS
}

/* --- Upgrades
 */

static int64_t count_trusted(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    lede_column trust;
    int64_t n = 0;
    uint32_t s, i;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);

        assert_ok(
            lede_segment_column(segment, LEDE_COLUMN_TRUST, &trust, &err));
        for (i = 0; i < lede_segment_entries(segment); i++) {
            if (!lede_segment_is_deleted(segment, i)) {
                n += lede_column_get(&trust, i);
            }
        }
    }
    lede_snapshot_close(snapshot);
    return n;
}

static void test_index__keeps_trust_when_upgrading(void **state)
{
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();

    fake_folder_put(
        f, "a.txt",
        "P|plain||form|\nE||One|86400|||https://x.org/1|A.|#line=1\n"
        "E||Two|1700000000|||https://x.org/2|B.|#line=2\n");
    options.read.now = 1600000000;
    fake_folder_index_with(f, &options);
    assert_int_equal(count_trusted(f->archive), 1);
    options.read.now = 1800000000;
    assert_ok(lede_index_upgrade(f->archive, &options, &err));
    assert_int_equal(count_trusted(f->archive), 1);
    options.read.now = 1000;
    assert_ok(lede_index_upgrade(f->archive, &options, &err));
    assert_int_equal(count_trusted(f->archive), 1);
    fake_folder_assert_checked(f);
}

/* A post whose headline is new in each of thousands of saves. */
static void test_index__keeps_all_aliases_when_upgrading(void **state)
{
    enum { SAVES = 4200 };
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();
    lede_buf text = {0}, before = {0}, after = {0};
    size_t aliases = 0;
    const char *at;
    unsigned i;

    for (i = 0; i < SAVES; i++) {
        lede_buf_put_format(&text,
                            "P|live|https://x.org/live|A|\n"
                            "E||Headline %u|02-17T12:00||||The same body.|\n",
                            i);
    }
    fake_folder_put(f, "a.txt", lede_buf_text(&text));
    fake_folder_index(f);
    assert_int_equal(count_live(f->archive), 1);
    dump_archive(f->archive, &before);
    for (at = lede_buf_text(&before);
         (at = strstr(at, "\nT " LEDE_TERM_ALIAS)) != NULL; at++) {
        aliases++;
    }
    assert_int_equal(aliases, SAVES - 1);
    assert_ok(lede_index_upgrade(f->archive, &options, &err));
    dump_archive(f->archive, &after);
    assert_same_dump(&after, &before);
    fake_folder_assert_checked(f);
    lede_buf_done(&text);
    lede_buf_done(&before);
    lede_buf_done(&after);
}

/* --- Interruption
 * ----------------------------------------------------------------- */

static void test_index__publishes_what_is_done_on_a_stop(void **state)
{
    fake_folder *f = *state;
    lede_index_options options = fake_folder_options();
    const char *path = f->folder;
    lede_buf text = {0};
    unsigned i;

    lede_buf_put_text(&text, "P|plain||form|\n");
    for (i = 0; i < 100; i++) {
        lede_buf_put_format(&text,
                            "E||Number %u|%u|||https://x.org/%u|Body "
                            "%u.|#line=%u\n",
                            i, 86400 + i * 60, i, i, i + 1);
    }
    fake_folder_put(f, "a.txt", lede_buf_text(&text));
    fake_corpus_stop_after = 40;
    assert_status(
        lede_index_paths(f->archive, &path, 1, &options, &f->report, &err),
        LEDE_INTERRUPTED);
    assert_in_range(count_live(f->archive), 30, 60);
    assert_int_equal(f->report.files, 1); /* in part */
    fake_folder_assert_checked(f);
    fake_corpus_stop = 0;
    fake_folder_index(f);
    assert_int_equal(count_live(f->archive), 100);
    fake_folder_assert_checked(f);
    fake_folder_index(f);
    assert_int_equal(f->report.files_unchanged, 1);
    lede_buf_done(&text);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_index__reads_files, fake_folder_setup, fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__passes_over_unchanged_files,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__updates_changed_files,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index__merges_what_several_files_hold, fake_folder_setup,
            fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__prunes_files_that_are_gone,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index__prunes_only_under_roots_that_exist, fake_folder_setup,
            fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__goes_on_after_garbage,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__tells_weak_ids_apart,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index__keeps_twins_of_one_url_in_a_file, fake_folder_setup,
            fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__knows_a_page_saved_again,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index__keeps_posts_of_an_overwritten_page, fake_folder_setup,
            fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__gives_a_page_one_number,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__learns_the_year_of_a_page,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__keeps_trust_when_upgrading,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__gives_no_key_to_two_entries,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__counts_an_entry_once,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index__keeps_all_aliases_when_upgrading, fake_folder_setup,
            fake_folder_teardown),
        cmocka_unit_test_setup_teardown(test_index__keeps_a_line_of_many_pages,
                                        fake_folder_setup,
                                        fake_folder_teardown),
        cmocka_unit_test_setup_teardown(
            test_index__publishes_what_is_done_on_a_stop, fake_folder_setup,
            fake_folder_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
