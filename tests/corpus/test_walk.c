/* The promises of corpus/walk.h, on trees made for the purpose. */
/* realpath and mkdtemp */
#define _XOPEN_SOURCE 700

#include "corpus/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/buf.h"
#include "corpus/reader.h"
#include "tests/support/check.h"

static char tree[512];
static lede_error err;

static int remove_one(const char *path, const struct stat *st, int kind,
                      struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    if (kind == FTW_DNR) {
        (void)chmod(path, 0700);
    }
    return remove(path);
}

static int make_tree(void **state)
{
    char name[] = "/tmp/lede-walk-XXXXXX";
    char *resolved;

    (void)state;
    memset(&err, 0, sizeof err);
    if (mkdtemp(name) == NULL || (resolved = realpath(name, NULL)) == NULL) {
        return -1;
    }
    (void)snprintf(tree, sizeof tree, "%s", resolved);
    free(resolved);
    return chmod(tree, 0755);
}

static int remove_tree(void **state)
{
    (void)state;
    return nftw(tree, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *in_tree(const char *name)
{
    static char paths[4][1024];
    static unsigned next;
    char *path = paths[next++ % 4];

    (void)snprintf(path, sizeof paths[0], "%s/%s", tree, name);
    return path;
}

static void make_folder(const char *name)
{
    assert_int_equal(mkdir(in_tree(name), 0755), 0);
}

static void make_file_at(const char *name, time_t when)
{
    struct timespec times[2] = {{when, 0}, {when, 5}};
    int fd = open(in_tree(name), O_WRONLY | O_CREAT | O_EXCL, 0644);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "news", 4), 4);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

static void make_file(const char *name)
{
    static time_t when = 1000000000;

    make_file_at(name, when);
    when += 3600;
}

static void make_link(const char *target, const char *name)
{
    assert_int_equal(symlink(target, in_tree(name)), 0);
}

/* What a walk said: one line per file ("name", or "name copy") and per note
 * ("name! text"), relative to the tree. */
typedef struct record {
    lede_buf files, notes;
    size_t count;
    int stop;
    size_t stop_after;
    const char *unlink_at_first;
    lede_status answer;
} record;

static const char *relative(const char *path)
{
    size_t len = strlen(tree);

    if (strncmp(path, tree, len) != 0) {
        return path;
    }
    return path[len] == '/' ? path + len + 1 : ".";
}

static lede_status on_file(void *ctx, const lede_walk_file *file,
                           lede_error *error)
{
    record *r = ctx;
    struct stat st;

    (void)error;
    assert_int_equal(stat(file->path, &st), 0);
    assert_int_equal(file->size, st.st_size);
    assert_int_equal(file->inode, st.st_ino);
    assert_int_equal(file->mtime_ns / 1000000000, st.st_mtim.tv_sec);
    lede_buf_put_text(&r->files, relative(file->path));
    lede_buf_put_text(&r->files, file->mtime_is_copy ? " copy\n" : "\n");
    r->count++;
    if (r->unlink_at_first != NULL) {
        (void)remove(r->unlink_at_first);
        r->unlink_at_first = NULL;
    }
    if (r->stop_after > 0 && r->count == r->stop_after) {
        r->stop = 1;
    }
    return r->answer;
}

static void on_note(void *ctx, const char *path, const char *what)
{
    record *r = ctx;

    lede_buf_put_format(&r->notes, "%s! %s\n", relative(path), what);
}

static lede_status walk(const char *path, record *r)
{
    lede_walk_callbacks callbacks = {r, on_file, on_note, &r->stop};

    return lede_walk(path, &callbacks, &err);
}

static void record_done(record *r)
{
    lede_buf_done(&r->files);
    lede_buf_done(&r->notes);
}

static void test_walk__gives_files_in_the_order_of_names(void **state)
{
    record r = {0};

    (void)state;
    make_folder("b");
    make_folder("b/deep");
    make_folder("empty");
    make_file("c.txt");
    make_file("b/2");
    make_file("b/10");
    make_file("b/deep/x");
    make_file("a.txt");
    make_file("B.txt");
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files),
                        "B.txt\na.txt\nb/10\nb/2\nb/deep/x\nc.txt\n");
    assert_int_equal(r.notes.len, 0);
    record_done(&r);
}

static void test_walk__takes_a_file_that_is_named(void **state)
{
    record r = {0};

    (void)state;
    make_file(".hidden");
    make_file("a.txt");
    make_link("a.txt", "link");
    assert_ok(walk(in_tree("a.txt"), &r));
    assert_ok(walk(in_tree(".hidden"), &r));
    assert_ok(walk(in_tree("link"), &r));
    assert_string_equal(lede_buf_text(&r.files), "a.txt\n.hidden\nlink\n");
    record_done(&r);
}

static void test_walk__resolves_the_way_to_a_file(void **state)
{
    record r = {0};

    (void)state;
    make_folder("real");
    make_file("real/a.txt");
    make_link("real", "way");
    assert_ok(walk(in_tree("way"), &r));
    assert_ok(walk(in_tree("way/"), &r));
    assert_ok(walk(in_tree("way/a.txt"), &r));
    assert_ok(walk(in_tree("real/../way/./a.txt"), &r));
    assert_string_equal(lede_buf_text(&r.files),
                        "real/a.txt\nreal/a.txt\nreal/a.txt\nreal/a.txt\n");
    record_done(&r);
}

static void test_walk__passes_over_hidden_names_and_page_parts(void **state)
{
    record r = {0};

    (void)state;
    make_folder(".git");
    make_file(".git/x");
    make_file(".x");
    make_folder("p_files");
    make_file("p_files/x");
    make_file("p.html");
    make_folder("q_files");
    make_file("q_files/x");
    make_file("r.htm");
    make_folder("r_files");
    make_file("r_files/x");
    make_folder("_files");
    make_file("_files/x");
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files),
                        "_files/x\np.html\nq_files/x\nr.htm\n");
    assert_ok(walk(in_tree(".git"), &r));
    assert_non_null(strstr(lede_buf_text(&r.files), ".git/x\n"));
    record_done(&r);
}

/* Browsers call a page's folder in their own language. */
static void test_walk__page_parts_in_other_languages(void **state)
{
    static const char *const folders[] = {"p-Dateien", "p_fichiers",
                                          "p_archivos", "p_bestanden",
                                          "p_pliki",    "p.files"};
    record r = {0};
    char path[64];
    size_t i;

    (void)state;
    make_file("p.htm");
    make_folder("q_archivos");
    make_file("q_archivos/x");
    for (i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        make_folder(folders[i]);
        snprintf(path, sizeof path, "%s/x", folders[i]);
        make_file(path);
    }
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files), "p.htm\nq_archivos/x\n");
    record_done(&r);
}

static void test_walk__follows_links_to_files_once(void **state)
{
    record r = {0};

    (void)state;
    make_folder("in");
    make_folder("in/.store");
    make_file("in/a");
    make_file("in/.store/s");
    make_file("out");
    make_link("a", "in/b");        /* read under its own name */
    make_link("../out", "in/c");   /* from elsewhere */
    make_link("c", "in/d");        /* the same again */
    make_link(".store/s", "in/e"); /* its own name is passed over */
    make_link("e", "in/f");
    assert_ok(walk(in_tree("in"), &r));
    assert_string_equal(lede_buf_text(&r.files), "in/a\nin/c\nin/e\n");
    record_done(&r);
}

static void test_walk__many_links(void **state)
{
    record r = {0};
    unsigned i;

    (void)state;
    make_folder("in");
    make_folder("out");
    for (i = 0; i < 300; i++) {
        char name[32];
        char target[64];

        (void)snprintf(name, sizeof name, "out/%03u", i);
        make_file_at(name, 1000000000 + (time_t)i * 60);
        (void)snprintf(target, sizeof target, "../%s", name);
        (void)snprintf(name, sizeof name, "in/a%03u", i);
        make_link(target, name);
        (void)snprintf(name, sizeof name, "in/b%03u", i);
        make_link(target, name);
    }
    assert_ok(walk(in_tree("in"), &r));
    assert_int_equal(r.count, 300);
    assert_null(strstr(lede_buf_text(&r.files), "in/b"));
    record_done(&r);
}

static void test_walk__does_not_run_in_circles(void **state)
{
    record r = {0};

    (void)state;
    make_folder("a");
    make_file("a/x");
    make_link("..", "a/up");
    make_link("loop", "loop");
    make_link("two", "one");
    make_link("one", "two");
    make_link("nowhere", "dangling");
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files), "a/x\n");
    assert_non_null(
        strstr(lede_buf_text(&r.notes), "a/up! a link to a folder"));
    assert_non_null(strstr(lede_buf_text(&r.notes), "loop! a link that leads"));
    assert_non_null(
        strstr(lede_buf_text(&r.notes), "dangling! a link that leads"));
    record_done(&r);
}

static void test_walk__notes_what_is_no_file(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    record r = {0};

    (void)state;
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s",
                   in_tree("sock"));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    assert_int_equal(mkfifo(in_tree("pipe"), 0644), 0);
    make_link("/dev/null", "null");
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.notes),
                        "null! a device: not read\npipe! a pipe: not read\n"
                        "sock! a socket: not read\n");
    lede_buf_clear(&r.notes);
    assert_ok(walk(in_tree("pipe"), &r));
    assert_string_equal(lede_buf_text(&r.notes), "pipe! a pipe: not read\n");
    assert_int_equal(r.count, 0);
    record_done(&r);
}

static void test_walk__goes_on_past_a_closed_folder(void **state)
{
    record r = {0};
    bool is_root = geteuid() == 0;
    lede_status named;

    (void)state;
    make_folder("closed");
    make_file("closed/x");
    make_file("open");
    assert_int_equal(chmod(in_tree("closed"), 0), 0);
    if (is_root) {
        assert_int_equal(seteuid(65534), 0);
    }
    assert_ok(walk(tree, &r));
    named = walk(in_tree("closed"), &r);
    if (is_root) {
        assert_int_equal(seteuid(0), 0);
    }
    assert_string_equal(lede_buf_text(&r.files), "open\n");
    assert_non_null(
        strstr(lede_buf_text(&r.notes), "closed! cannot list this folder"));
    assert_int_equal(named, LEDE_NOT_FOUND);
    assert_int_equal(chmod(in_tree("closed"), 0755), 0);
    record_done(&r);
}

static void test_walk__says_what_is_missing(void **state)
{
    record r = {0};

    (void)state;
    assert_status(walk(in_tree("none"), &r), LEDE_NOT_FOUND);
    assert_non_null(strstr(err.message, "none: No such file"));
    assert_status(walk("", &r), LEDE_NOT_FOUND);
    make_file("file");
    assert_status(walk(in_tree("file/x"), &r), LEDE_NOT_FOUND);
    record_done(&r);
}

static void test_walk__bears_files_that_vanish(void **state)
{
    char gone[1024];
    record r = {0};

    (void)state;
    make_file("a");
    make_folder("b");
    make_file("c");
    (void)snprintf(gone, sizeof gone, "%s", in_tree("b"));
    r.unlink_at_first = gone;
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files), "a\nc\n");
    assert_non_null(strstr(lede_buf_text(&r.notes), "b! cannot list"));
    record_done(&r);
}

static void test_walk__keeps_names_as_they_are(void **state)
{
    record r = {0};

    (void)state;
    make_file("line\nbreak");
    make_file("bad\xFF\xC3");
    make_file(" blank ");
    make_file("-dash");
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files),
                        " blank \n-dash\nbad\xFF\xC3\nline\nbreak\n");
    record_done(&r);
}

static void make_copies(const char *folder, unsigned count, time_t when)
{
    unsigned i;

    make_folder(folder);
    for (i = 0; i < count; i++) {
        char name[64];

        (void)snprintf(name, sizeof name, "%s/%03u", folder, i);
        make_file_at(name, when + (time_t)(i % 60));
    }
}

static void test_walk__knows_a_copy_by_its_minute(void **state)
{
    record r = {0};
    time_t minute = 1700000040; /* a whole minute */
    const char *p;
    size_t copies = 0;

    (void)state;
    make_copies("many", 51, minute);
    make_copies("few", 50, minute);
    make_file_at("many/other", minute + 60);
    assert_ok(walk(tree, &r));
    for (p = lede_buf_text(&r.files); (p = strstr(p, " copy")) != NULL; p++) {
        copies++;
    }
    assert_int_equal(r.count, 102);
    assert_int_equal(copies, 51);
    assert_null(strstr(lede_buf_text(&r.files), "other copy"));
    assert_non_null(strstr(lede_buf_text(&r.files), "few/049\n"));
    lede_buf_clear(&r.files);
    assert_ok(walk(in_tree("many/003"), &r));
    assert_ok(walk(in_tree("few/003"), &r));
    assert_ok(walk(in_tree("many/other"), &r));
    assert_string_equal(lede_buf_text(&r.files),
                        "many/003 copy\nfew/003\nmany/other\n");
    record_done(&r);
}

static void test_walk__bears_deep_folders(void **state)
{
    char path[1024] = "d";
    record r = {0};
    unsigned i;

    (void)state;
    for (i = 0; i < 300; i++) {
        make_folder(path);
        strcat(path, "/d");
    }
    make_file("x");
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files), "x\n");
    assert_non_null(strstr(lede_buf_text(&r.notes), "nested too deeply"));
    record_done(&r);
}

static void test_walk__stops_when_told(void **state)
{
    record r = {.stop_after = 2};

    (void)state;
    make_folder("d");
    make_file("a");
    make_file("b");
    make_file("c");
    make_file("d/x");
    assert_status(walk(tree, &r), LEDE_INTERRUPTED);
    assert_int_equal(r.count, 2);
    assert_status(walk(tree, &r), LEDE_INTERRUPTED);
    assert_int_equal(r.count, 2);
    record_done(&r);
}

static void test_walk__passes_on_what_the_caller_says(void **state)
{
    record r = {.answer = LEDE_CORRUPT};

    (void)state;
    make_file("a");
    make_file("b");
    assert_int_equal(walk(tree, &r), LEDE_CORRUPT);
    assert_int_equal(r.count, 1);
    record_done(&r);
}

static void make_text(const char *name, const char *text)
{
    FILE *out = fopen(in_tree(name), "w");

    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

typedef struct page_seen {
    char headline[64], url[64];
    int64_t captured;
    int entries;
} page_seen;

static lede_status on_page(void *ctx, const lede_page *page, lede_error *error)
{
    (void)ctx;
    (void)page;
    (void)error;
    return LEDE_OK;
}

static lede_status on_page_end(void *ctx, lede_error *error)
{
    (void)ctx;
    (void)error;
    return LEDE_OK;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *error)
{
    page_seen *seen = ctx;

    (void)location;
    (void)error;
    seen->entries++;
    (void)snprintf(seen->headline, sizeof seen->headline, "%.*s",
                   (int)entry->headline.len,
                   (const char *)entry->headline.bytes);
    (void)snprintf(seen->url, sizeof seen->url, "%.*s", (int)entry->url.len,
                   (const char *)entry->url.bytes);
    seen->captured = entry->captured.instant;
    return LEDE_OK;
}

static page_seen read_page(const char *name)
{
    page_seen seen = {0};
    const lede_sink sink = {.ctx = &seen,
                            .page_begin = on_page,
                            .entry = on_entry,
                            .page_end = on_page_end};

    assert_int_equal(lede_corpus_read_file(in_tree(name), NULL, &sink, &err),
                     LEDE_OK);
    return seen;
}

static void test_walk__gives_a_snapshot_once(void **state)
{
    static const char index[] =
        "{\"url\": \"https://n.example/ferry\", \"title\": \"Ferry aground\","
        " \"timestamp\": \"1717400000.5\", \"history\": {}}";
    record r = {0};
    page_seen seen;

    (void)state;
    make_folder("17");
    make_folder("17/readability");
    make_folder("17/media");
    make_folder("18");
    make_folder("19");
    make_text("17/index.json", index);
    make_file("17/index.html");
    make_file("17/media/a.txt");
    make_text("17/readability/content.txt",
              "The ferry ran aground in the night. Nobody was hurt.\n");
    make_text("17/singlefile.html", ""); /* its making failed */
    make_text("18/index.json", index);
    make_file("18/page.txt"); /* nothing that is known */
    make_text("19/index.json", "{\"url\": \"https://n.example/b\"}");
    make_file("19/output.html"); /* no snapshot */
    make_folder("20");
    make_folder("20/warc");
    make_text("20/index.json", index);
    make_file("20/index.html");
    make_file("20/warc/2.warc.gz");
    make_file("20/warc/1.warc.gz");
    make_folder("20/readability");
    make_file("20/readability/content.txt");
    make_folder("21");
    make_text("21/index.json", index);
    make_file("21/index.html"); /* its own page about the page */
    make_file("21/favicon.ico");
    assert_ok(walk(tree, &r));
    assert_string_equal(lede_buf_text(&r.files),
                        "17/readability/content.txt copy\n"
                        "18/index.json\n18/page.txt\n"
                        "19/index.json\n19/output.html\n"
                        "20/warc/1.warc.gz copy\n21/index.json copy\n");
    record_done(&r);
    seen = read_page("21/index.json");
    assert_int_equal(seen.entries, 1);
    assert_string_equal(seen.headline, "Ferry aground");
    seen = read_page("17/readability/content.txt");
    assert_int_equal(seen.entries, 1);
    assert_string_equal(seen.headline, "Ferry aground");
    assert_string_equal(seen.url, "https://n.example/ferry");
    assert_int_equal(seen.captured, 1717400000);
}

#define WALK_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, make_tree, remove_tree)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WALK_TEST(test_walk__gives_files_in_the_order_of_names),
        WALK_TEST(test_walk__takes_a_file_that_is_named),
        WALK_TEST(test_walk__resolves_the_way_to_a_file),
        WALK_TEST(test_walk__passes_over_hidden_names_and_page_parts),
        WALK_TEST(test_walk__page_parts_in_other_languages),
        WALK_TEST(test_walk__follows_links_to_files_once),
        WALK_TEST(test_walk__many_links),
        WALK_TEST(test_walk__does_not_run_in_circles),
        WALK_TEST(test_walk__notes_what_is_no_file),
        WALK_TEST(test_walk__goes_on_past_a_closed_folder),
        WALK_TEST(test_walk__says_what_is_missing),
        WALK_TEST(test_walk__bears_files_that_vanish),
        WALK_TEST(test_walk__keeps_names_as_they_are),
        WALK_TEST(test_walk__knows_a_copy_by_its_minute),
        WALK_TEST(test_walk__bears_deep_folders),
        WALK_TEST(test_walk__stops_when_told),
        WALK_TEST(test_walk__gives_a_snapshot_once),
        WALK_TEST(test_walk__passes_on_what_the_caller_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
