/* The promises of indexer/xapian_home.h and redo.h: a database that was written
 * by the same runs as an embedded archive has the same entries, dates and
 * answers; whatever else is in its folder is left alone. */
#include "tests/support/check.h"

#include <sys/stat.h>

#include "base/hash.h"
#include "indexer/export.h"
#include "indexer/redo.h"
#include "indexer/run.h"
#include "storage/shards.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/home_state.h"
#include "tests/indexer/world.h"

enum { FILES = 30, LIVE_FILES = 12 };

static lede_error err;

typedef struct history {
    char *folder, *archive_folder, *home_folder;
    char home[300];
    lede_archive *archive;
    world_random random;
    bool exists[FILES];
    uint32_t writes;
} history;

static void begin(history *h, uint64_t seed)
{
    *h = (history){.random = {seed}};
    h->folder = folder_new();
    h->archive_folder = folder_new();
    h->home_folder = folder_new();
    snprintf(h->home, sizeof h->home, "%s/home", h->home_folder);
    h->archive = open_archive(h->archive_folder);
}

static void end(history *h)
{
    lede_archive_close(h->archive);
    folder_remove(h->folder);
    folder_remove(h->archive_folder);
    folder_remove(h->home_folder);
}

/* Writes, changes or removes one file; some are saves of live pages. */
static void change_file(history *h, uint32_t number)
{
    lede_buf text = {0};
    char name[16];
    const char *path;

    snprintf(name, sizeof name, "%02u.txt", number * 7 % FILES);
    path = in_folder(h->folder, name);
    if (h->exists[number] && world_below(&h->random, 3) == 0) {
        unlink(path);
        h->exists[number] = false;
        return;
    }
    if (number < LIVE_FILES) {
        world_busy_live(&h->random, 1 + number % 3, &text);
    } else {
        world_articles(&h->random, 1 + world_below(&h->random, 15), &text);
    }
    write_file(path, lede_buf_text(&text));
    set_time(path, 1000000000 + (long)h->writes++);
    h->exists[number] = true;
    lede_buf_done(&text);
}

static void index_both(history *h, bool prune, bool reread,
                       const lede_budget *budget)
{
    const char *folder = h->folder;
    lede_index_options options = {
        .read.now = 1800000000, .prune = prune, .reread = reread};
    lede_index_report report;

    assert_ok(lede_index_within(h->archive, &folder, 1, &options, budget,
                                &report, &err));
    assert_ok(home_index(h->home, h->folder, prune, reread, budget, &err));
}

/* Runs of all kinds, in batches of all sizes. */
static void live_through(uint64_t seed, unsigned steps)
{
    lede_budget small = lede_budget_of(0);
    history h;

    begin(&h, seed);
    for (unsigned step = 0; step < steps; step++) {
        uint32_t changes = 1 + world_below(&h.random, 10);

        for (uint32_t i = 0; i < changes; i++) {
            change_file(&h, world_below(&h.random, FILES));
        }
        small.batch_bytes = 1 + world_below(&h.random, 200000);
        small.accumulator_bytes = 1 + world_below(&h.random, 2000000);
        small.spill_bytes = 1 + world_below(&h.random, 20000);
        index_both(&h, world_below(&h.random, 3) > 0,
                   world_below(&h.random, 4) == 0, &small);
        assert_home_is(h.home, h.archive, true);
    }
    end(&h);
}

static void test_xapian_home__has_what_an_archive_has(void **state)
{
    unsigned rounds = getenv("LEDE_TEST_LONG") != NULL ? 200 : 5;

    (void)state;
    for (uint64_t seed = 1; seed <= rounds; seed++) {
        print_message("seed %u\n", (unsigned)seed);
        live_through(seed, 5);
    }
}

/* --- Care ----------------------------------------------------------------- */

static lede_status care_for(const char *path,
                            lede_status (*care)(lede_archive *,
                                                const lede_index_options *,
                                                lede_error *))
{
    lede_index_options options = {.read.now = 1800000000};
    lede_status status =
        lede_xapian_home_open(path, false, &options.home, &err);

    if (status == LEDE_OK) {
        status = care(lede_xapian_home_archive(options.home), &options, &err);
    }
    lede_xapian_home_close(options.home);
    return status;
}

/* --- Copies --------------------------------------------------------------- */

/* Articles of few bodies, a word changed here and there. */
static void write_copies(history *h, uint32_t number)
{
    lede_buf text = {0};
    char name[16];
    const char *path;

    snprintf(name, sizeof name, "c%u.txt", number % 10);
    path = in_folder(h->folder, name);
    lede_buf_put_text(&text, "LEDEFAKE\nP|plain||articles|\n");
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t body = world_below(&h->random, 5);

        lede_buf_put_format(&text, "E|c%u-%u|Headline %u|%u||||", number, i,
                            body, 1600000000 + number * 100 + i);
        for (uint32_t word = 0; word < 40; word++) {
            uint32_t is_other = world_below(&h->random, 60) == 0;

            lede_buf_put_format(&text, "%sw%u", word == 0 ? "" : " ",
                                is_other ? 7777 : body * 100 + word);
        }
        lede_buf_put_format(&text, "|#line=%u\n", i + 1);
    }
    write_file(path, lede_buf_text(&text));
    set_time(path, 1000000000 + (long)h->writes++);
    lede_buf_done(&text);
}

static uint64_t count_copies(const char *path)
{
    lede_shards *shards = NULL;
    uint32_t count = 0;

    assert_ok(lede_shards_open(path, 1000, &shards, &err));
    assert_true(lede_shards_have_copies(shards));
    assert_ok(lede_xapian_term_count(lede_shards_all(shards),
                                     lede_span_text(LEDE_XAPIAN_HAS_COPIES),
                                     &count, &err));
    lede_shards_close(shards);
    return count;
}

/* Groups come, grow, change their names and go. */
static void test_xapian_home__tells_copies(void **state)
{
    unsigned rounds = getenv("LEDE_TEST_LONG") != NULL ? 60 : 3;
    uint64_t most = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= rounds; seed++) {
        history h;

        begin(&h, 100 + seed);
        for (unsigned step = 0; step < 5; step++) {
            uint32_t number = world_below(&h.random, 8);
            char name[16];
            uint64_t count;

            write_copies(&h, number);
            write_copies(&h, world_below(&h.random, 8));
            if (step % 2 == 1) {
                snprintf(name, sizeof name, "c%u.txt", number % 10);
                unlink(in_folder(h.folder, name));
            }
            index_both(&h, true, false, NULL);
            assert_home_is(h.home, h.archive, true);
            count = count_copies(h.home);
            most = count > most ? count : most;
        }
        assert_ok(care_for(h.home, lede_index_upgrade));
        assert_home_is(h.home, h.archive, true);
        end(&h);
    }
    assert_true(most > 10);
}

static void make_some(history *h)
{
    for (uint32_t i = 0; i < FILES; i++) {
        change_file(h, i);
    }
    index_both(h, false, false, NULL);
}

static void test_xapian_home__can_be_compacted_and_upgraded(void **state)
{
    history h;

    (void)state;
    begin(&h, 11);
    make_some(&h);
    change_file(&h, 20);
    index_both(&h, true, false, NULL);
    assert_ok(care_for(h.home, lede_index_compact));
    assert_home_is(h.home, h.archive, true);
    assert_ok(care_for(h.home, lede_index_upgrade));
    assert_home_is(h.home, h.archive, true);
    change_file(&h, 21);
    index_both(&h, true, false, NULL);
    assert_home_is(h.home, h.archive, true);
    end(&h);
}

static bool has_copies(const char *path)
{
    lede_shards *shards = NULL;
    bool has;

    assert_ok(lede_shards_open(path, 1000, &shards, &err));
    has = lede_shards_have_copies(shards) && lede_shards_are_of_today(shards);
    lede_shards_close(shards);
    return has;
}

/* The mark of the first version, whose documents had less. */
static void make_old(const char *path)
{
    lede_xapian_writer *writer = NULL;
    lede_span text;
    lede_buf mark = {0};

    assert_ok(lede_xapian_writer_open(path, false, &writer, &err));
    assert_ok(lede_xapian_metadata(lede_xapian_writer_database(writer),
                                   LEDE_XAPIAN_MARK, &text, &err));
    assert_true(lede_span_starts(text, "lede 2\n"));
    lede_buf_put_text(&mark, "lede 1");
    lede_buf_put_span(&mark, lede_span_part(text, 6, text.len));
    assert_ok(lede_xapian_writer_metadata(writer, LEDE_XAPIAN_MARK,
                                          lede_buf_span(&mark), &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_writer_close(writer);
    lede_buf_done(&mark);
}

static void test_xapian_home__of_before_is_upgraded(void **state)
{
    history h;

    (void)state;
    begin(&h, 18);
    make_some(&h);
    assert_true(has_copies(h.home));
    make_old(h.home);
    assert_false(has_copies(h.home));
    write_copies(&h, 1);
    write_copies(&h, 2);
    index_both(&h, true, false, NULL);
    assert_false(has_copies(h.home)); /* not all know */
    assert_ok(care_for(h.home, lede_index_upgrade));
    assert_true(has_copies(h.home));
    assert_home_is(h.home, h.archive, true);
    end(&h);
}

/* A database is exported as any archive. */
static void test_xapian_home__can_be_exported(void **state)
{
    lede_export_options options = {.shards = 2};
    lede_export_report report;
    lede_xapian_home *home = NULL;
    lede_writer *writer = NULL;
    lede_snapshot *snapshot = NULL;
    char shards[320];
    history h;

    (void)state;
    begin(&h, 12);
    make_some(&h);
    snprintf(shards, sizeof shards, "%s-shards", h.home);
    assert_ok(lede_xapian_home_open(h.home, false, &home, &err));
    assert_ok(
        lede_writer_open(lede_xapian_home_archive(home), 0, &writer, &err));
    assert_ok(lede_xapian_home_begin(home, 10000, false, &err));
    assert_ok(
        lede_snapshot_open(lede_xapian_home_archive(home), &snapshot, &err));
    assert_ok(lede_export(snapshot, shards, &options, &report, &err));
    assert_int_equal(report.put, count_live(h.archive));
    /* But not onto itself. */
    options.shards = 1;
    assert_status(lede_export(snapshot, h.home, &options, &report, &err),
                  LEDE_BAD_INPUT);
    lede_snapshot_close(snapshot);
    lede_xapian_home_end(home);
    lede_writer_close(writer);
    lede_xapian_home_close(home);
    assert_home_is(shards, h.archive, false);
    end(&h);
}

/* Of what the archive has by itself there is no text. */
static void test_xapian_home__keeps_texts_once(void **state)
{
    lede_xapian_home *home = NULL;
    lede_archive *archive = NULL;
    const lede_totals *totals;
    lede_snapshot *snapshot = NULL;
    char inner[320];
    history h;

    (void)state;
    begin(&h, 13);
    make_some(&h);
    snprintf(inner, sizeof inner, "%s/lede", h.home);
    assert_status(lede_archive_open(inner, NULL, &archive, &err),
                  LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "name that"));
    assert_ok(lede_xapian_home_open(h.home, false, &home, &err));
    assert_ok(
        lede_snapshot_open(lede_xapian_home_archive(home), &snapshot, &err));
    totals = lede_snapshot_totals(snapshot);
    assert_int_equal(totals->length, 0); /* no words */
    assert_int_equal(totals->entries, count_live(h.archive));
    lede_snapshot_close(snapshot);
    lede_xapian_home_close(home);
    end(&h);
}

/* --- Damage --------------------------------------------------------------- */

static void remove_a_document(const char *path)
{
    lede_xapian_writer *writer = NULL;
    uint32_t document;

    assert_ok(lede_xapian_writer_open(path, false, &writer, &err));
    assert_ok(lede_xapian_find(lede_xapian_writer_database(writer),
                               lede_span_of(NULL, 0), 0, &document, &err));
    assert_ok(lede_xapian_writer_delete(writer, document, &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_writer_close(writer);
}

/* A document with a key that nobody knows. */
static void add_a_document(const char *path)
{
    lede_xapian_writer *writer = NULL;
    lede_xapian_document *document = NULL;
    lede_xapian_name name;

    assert_ok(lede_xapian_writer_open(path, false, &writer, &err));
    assert_ok(lede_xapian_document_new(&document, &err));
    lede_xapian_document_term(document, lede_xapian_name_key(&name, 77), 0);
    assert_ok(
        lede_xapian_writer_put(writer, lede_span_of(NULL, 0), document, &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_document_free(document);
    lede_xapian_writer_close(writer);
}

static void test_xapian_home__repairs_what_the_database_lost(void **state)
{
    history h;

    (void)state;
    begin(&h, 14);
    make_some(&h);
    remove_a_document(h.home);
    assert_status(home_index(h.home, h.folder, false, false, NULL, &err),
                  LEDE_CORRUPT);
    assert_non_null(strstr(err.message, "entries"));
    assert_ok(home_index(h.home, h.folder, false, true, NULL, &err));
    assert_home_is(h.home, h.archive, true);
    add_a_document(h.home);
    assert_status(home_index(h.home, h.folder, false, false, NULL, &err),
                  LEDE_CORRUPT);
    assert_ok(home_index(h.home, h.folder, false, true, NULL, &err));
    assert_home_is(h.home, h.archive, true);
    end(&h);
}

static void test_xapian_home__notices_a_database_that_is_gone(void **state)
{
    history h;

    (void)state;
    begin(&h, 15);
    make_some(&h);
    assert_int_equal(unlink(in_folder(h.home, "iamglass")), 0);
    assert_status(home_index(h.home, h.folder, false, false, NULL, &err),
                  LEDE_CORRUPT);
    assert_non_null(strstr(err.message, "gone"));
    end(&h);
}

static void test_xapian_home__notices_that_it_was_left_alone(void **state)
{
    history h;

    (void)state;
    begin(&h, 15);
    make_some(&h);
    folder_remove(strdup(in_folder(h.home, "lede")));
    assert_status(home_index(h.home, h.folder, false, false, NULL, &err),
                  LEDE_CORRUPT);
    assert_non_null(strstr(err.message, "its folder 'lede' is gone"));
    assert_null(strstr(err.message, "export"));
    end(&h);
}

static void test_xapian_home__leaves_other_folders_alone(void **state)
{
    lede_export_options options = {.shards = 1};
    lede_export_report report;
    lede_snapshot *snapshot = NULL;
    struct stat st;
    history h;

    (void)state;
    begin(&h, 16);
    assert_int_equal(mkdir(h.home, 0777), 0);
    write_file(in_folder(h.home, "diary"), "Dear diary");
    assert_status(home_index(h.home, h.folder, false, false, NULL, &err),
                  LEDE_BAD_INPUT);
    assert_int_equal(unlink(in_folder(h.home, "diary")), 0);
    assert_ok(lede_snapshot_open(h.archive, &snapshot, &err));
    assert_ok(lede_export(snapshot, h.home, &options, &report, &err));
    lede_snapshot_close(snapshot);
    assert_status(home_index(h.home, h.folder, false, false, NULL, &err),
                  LEDE_BAD_INPUT);
    assert_non_null(strstr(err.message, "export"));
    assert_int_equal(stat(in_folder(h.home, "lede"), &st), -1);
    end(&h);
}

/* --- The redo ------------------------------------------------------------- */

static void make_redo(const char *folder, uint64_t generation)
{
    lede_redo_writer *writer = NULL;

    assert_ok(lede_redo_begin(folder, generation, &writer, &err));
    assert_ok(lede_redo_put(writer, lede_span_text("a record"), true,
                            lede_span_text("names"), &err));
    assert_ok(lede_redo_delete(writer, 42, &err));
    assert_ok(lede_redo_finish(writer, &err));
    lede_redo_free(writer);
}

static lede_status read_redo(const char *folder, uint32_t *items)
{
    lede_redo_reader *reader = NULL;
    lede_redo_item item = {0};
    uint64_t generation = 0;
    lede_status status = lede_redo_open(folder, &reader, &generation, &err);

    *items = 0;
    while (status == LEDE_OK) {
        status = lede_redo_next(reader, &item, &err);
        *items += status == LEDE_OK;
        if (status == LEDE_OK && item.is_put) {
            assert_true(item.trusted);
            assert_true(
                lede_span_equal(item.record, lede_span_text("a record")));
            assert_true(lede_span_equal(item.names, lede_span_text("names")));
        } else if (status == LEDE_OK) {
            assert_true(item.key == 42);
        }
    }
    lede_redo_close(reader);
    return status;
}

static void test_redo__gives_back_or_says_that_it_cannot(void **state)
{
    char *folder = folder_new();
    const char *path = in_folder(folder, LEDE_REDO_NAME);
    uint8_t bytes[256];
    FILE *file;
    size_t len;
    uint32_t items;

    (void)state;
    assert_status(read_redo(folder, &items), LEDE_NOT_FOUND);
    make_redo(folder, 7);
    assert_status(read_redo(folder, &items), LEDE_END);
    assert_int_equal(items, 2);
    file = fopen(path, "rb");
    assert_non_null(file);
    len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t i = 0; i < len * 2; i++) { /* cut, or one bit is wrong */
        file = fopen(path, "wb");
        assert_non_null(file);
        bytes[i / 2] ^= (uint8_t)(i % 2 == 0 ? 0 : 4);
        fwrite(bytes, 1, i % 2 == 0 ? i / 2 : len, file);
        bytes[i / 2] ^= (uint8_t)(i % 2 == 0 ? 0 : 4);
        fclose(file);
        assert_true(read_redo(folder, &items) != LEDE_END);
    }
    assert_ok(lede_redo_forget(folder, &err));
    assert_ok(lede_redo_forget(folder, &err));
    assert_status(read_redo(folder, &items), LEDE_NOT_FOUND);
    folder_remove(folder);
}

/* Of the first version, which had no names. */
static void test_redo__of_before_is_read(void **state)
{
    char *folder = folder_new();
    lede_redo_reader *reader = NULL;
    lede_redo_item item = {0};
    lede_buf bytes = {0};
    uint64_t generation = 0;
    FILE *file;

    (void)state;
    lede_buf_put_text(&bytes, "LEDEREDO");
    lede_buf_put_u32(&bytes, 1);
    lede_buf_put_u64(&bytes, 7);
    lede_buf_put_u64(&bytes, lede_hash64(lede_buf_span(&bytes)));
    lede_buf_put_u32(&bytes, 6);
    lede_buf_put_text(&bytes, "\1\1text");
    lede_buf_put_u64(&bytes, lede_hash64(lede_span_text("\1\1text")));
    lede_buf_put_u32(&bytes, 0);
    file = fopen(in_folder(folder, LEDE_REDO_NAME), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.bytes, 1, bytes.len, file), bytes.len);
    fclose(file);
    assert_ok(lede_redo_open(folder, &reader, &generation, &err));
    assert_int_equal(generation, 7);
    assert_ok(lede_redo_next(reader, &item, &err));
    assert_true(item.is_put && item.trusted);
    assert_true(lede_span_is(item.record, "text"));
    assert_int_equal(item.names.len, 0);
    assert_status(lede_redo_next(reader, &item, &err), LEDE_END);
    lede_redo_close(reader);
    lede_buf_done(&bytes);
    folder_remove(folder);
}

/* One whose change was never published is forgotten. */
static void test_redo__of_a_change_that_never_was(void **state)
{
    char inner[320];
    uint32_t items;
    history h;

    (void)state;
    begin(&h, 17);
    make_some(&h);
    snprintf(inner, sizeof inner, "%s/lede", h.home);
    make_redo(inner, 1000);
    change_file(&h, 25);
    index_both(&h, true, false, NULL);
    assert_status(read_redo(inner, &items), LEDE_NOT_FOUND);
    assert_home_is(h.home, h.archive, true);
    end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xapian_home__has_what_an_archive_has),
        cmocka_unit_test(test_xapian_home__tells_copies),
        cmocka_unit_test(test_xapian_home__can_be_compacted_and_upgraded),
        cmocka_unit_test(test_xapian_home__of_before_is_upgraded),
        cmocka_unit_test(test_xapian_home__can_be_exported),
        cmocka_unit_test(test_xapian_home__keeps_texts_once),
        cmocka_unit_test(test_xapian_home__repairs_what_the_database_lost),
        cmocka_unit_test(test_xapian_home__notices_a_database_that_is_gone),
        cmocka_unit_test(test_xapian_home__notices_that_it_was_left_alone),
        cmocka_unit_test(test_xapian_home__leaves_other_folders_alone),
        cmocka_unit_test(test_redo__gives_back_or_says_that_it_cannot),
        cmocka_unit_test(test_redo__of_before_is_read),
        cmocka_unit_test(test_redo__of_a_change_that_never_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
