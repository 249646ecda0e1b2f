/* The promises of indexer/building.h: what was committed is in the database
 * once, whatever was killed when. */
#include "tests/support/check.h"

#include <dirent.h>
#include <sys/stat.h>

#include "indexer/building.h"
#include "storage/shards.h"
#include "tests/support/folder.h"

typedef struct world {
    char folder[256], to[300], building[320];
    lede_xapian_document *document;
    lede_building *b;
} world;

static int setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    lede_error err = {0};

    folder_make(w->folder);
    snprintf(w->to, sizeof w->to, "%s/shard", w->folder);
    snprintf(w->building, sizeof w->building, "%s/%s", w->to,
             LEDE_SHARD_BUILDING);
    assert_int_equal(mkdir(w->to, 0777), 0);
    assert_ok(lede_xapian_document_new(&w->document, &err));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    lede_building_close(w->b);
    lede_xapian_document_free(w->document);
    folder_remove(w->folder);
    free(w);
    return 0;
}

static void begin(world *w)
{
    lede_error err = {0};

    assert_ok(lede_building_open(w->to, NULL, &w->b, &err));
}

static void give_up(world *w)
{
    lede_building_close(w->b);
    w->b = NULL;
}

static lede_span number_term(char term[16], uint32_t number)
{
    snprintf(term, 16, "Q%04u", number);
    return lede_span_text(term);
}

static void put(world *w, uint32_t number)
{
    char term[16];
    lede_error err = {0};

    lede_xapian_document_clear(w->document);
    lede_xapian_document_term(w->document, number_term(term, number), 1);
    lede_xapian_document_post(w->document, lede_span_text("word"), number + 1,
                              1);
    lede_xapian_document_data(w->document, lede_span_text(term));
    assert_ok(lede_building_put(w->b, w->document, &err));
}

static void commit(world *w)
{
    lede_error err = {0};

    assert_ok(lede_building_commit(w->b, &err));
    assert_ok(lede_building_tidy(w->b, NULL, &err));
}

static void end(world *w)
{
    lede_xapian_writer *writer = NULL;
    lede_error err = {0};

    assert_ok(lede_building_commit(w->b, &err));
    assert_ok(lede_building_finish(w->b, NULL, &writer, &err));
    assert_ok(lede_xapian_writer_metadata(writer, "done", lede_span_text("yes"),
                                          &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_writer_close(writer);
    assert_true(lede_building_is_at(w->to));
    assert_ok(lede_building_end(w->b, &err));
    assert_false(lede_building_is_at(w->to));
    give_up(w);
}

/* Numbers [0, count) are there once each, and no others; in order of putting if
 * they came in that of numbers. */
static void expect(world *w, uint32_t count)
{
    lede_xapian *db = NULL;
    lede_xapian_statistics statistics;
    lede_error err = {0};
    lede_span text;
    uint32_t document, before = 0;
    char term[16];

    assert_ok(lede_xapian_open(w->to, &db, &err));
    assert_ok(lede_xapian_count(db, &statistics, &err));
    assert_int_equal(statistics.documents, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_ok(
            lede_xapian_find(db, number_term(term, i), 0, &document, &err));
        assert_true(document > before);
        before = document;
        assert_ok(lede_xapian_data(db, document, &text, &err));
        assert_span(text, term);
    }
    assert_ok(lede_xapian_metadata(db, "done", &text, &err));
    assert_span(text, "yes");
    lede_xapian_close(db);
}

/* Folders in building/, among them runs. */
static uint32_t count_runs(const world *w)
{
    DIR *dir = opendir(w->building);
    struct dirent *item;
    uint32_t count = 0;

    assert_non_null(dir);
    while ((item = readdir(dir)) != NULL) {
        count += item->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

static void test_building__runs_are_merged(void **state)
{
    world *w = *state;
    uint32_t most = 0;

    begin(w);
    assert_null(lede_building_earlier(w->b));
    for (uint32_t i = 0; i < 16 * 16 + 20; i++) {
        put(w, 2 * i);
        put(w, 2 * i + 1);
        commit(w);
        most = count_runs(w) > most ? count_runs(w) : most;
    }
    assert_in_range(most, 16, 31);
    assert_int_equal(count_runs(w), 1 + 1 + 4); /* of 256, of 16, of one */
    put(w, 2 * (16 * 16 + 20));
    end(w);
    expect(w, 2 * (16 * 16 + 20) + 1);
}

static void test_building__goes_on_with_what_was_committed(void **state)
{
    world *w = *state;
    lede_xapian *db;
    lede_error err = {0};
    uint32_t document;
    char term[16];

    begin(w);
    for (uint32_t i = 0; i < 40; i++) {
        put(w, i);
        if (i % 2 == 1) {
            commit(w);
        }
    }
    put(w, 40); /* not committed */
    give_up(w);
    begin(w);
    assert_int_equal(count_runs(w), 1);
    db = lede_xapian_writer_database(lede_building_earlier(w->b));
    assert_ok(lede_xapian_find(db, number_term(term, 39), 0, &document, &err));
    assert_status(
        lede_xapian_find(db, number_term(term, 40), 0, &document, &err),
        LEDE_NOT_FOUND);
    for (uint32_t i = 40; i < 100; i++) { /* many, so that some are merged */
        put(w, i);
        commit(w);
    }
    give_up(w);
    begin(w);
    end(w);
    expect(w, 100);
}

static void test_building__earlier_ones_can_be_deleted(void **state)
{
    world *w = *state;
    lede_error err = {0};
    uint32_t document;
    char term[16];

    begin(w);
    put(w, 0);
    put(w, 77);
    commit(w);
    give_up(w);
    begin(w);
    assert_ok(lede_xapian_find(
        lede_xapian_writer_database(lede_building_earlier(w->b)),
        number_term(term, 77), 0, &document, &err));
    assert_ok(
        lede_xapian_writer_delete(lede_building_earlier(w->b), document, &err));
    put(w, 1);
    end(w);
    expect(w, 2);
}

static void test_building__of_nothing(void **state)
{
    world *w = *state;
    lede_error err = {0};

    begin(w);
    end(w);
    expect(w, 0);
    folder_remove(w->to);
    assert_int_equal(mkdir(w->to, 0777), 0);
    begin(w);
    put(w, 5);
    commit(w);
    give_up(w);
    begin(w); /* all that there was goes */
    assert_ok(lede_xapian_writer_delete(lede_building_earlier(w->b), 1, &err));
    end(w);
    expect(w, 0);
}

static void copy(const char *from, const char *to)
{
    char command[1000];

    snprintf(command, sizeof command, "cp -r '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

/* Each kill leaves something behind. */
static void test_building__what_kills_left_is_told_from_runs(void **state)
{
    world *w = *state;
    char kept[400], path[400];
    lede_error err = {0};
    uint32_t i;

    begin(w);
    for (i = 0; i < 15; i++) {
        put(w, i);
        commit(w);
    }
    snprintf(kept, sizeof kept, "%s/kept", w->folder);
    copy(w->building, kept);
    put(w, i++);
    commit(w); /* which merges them */
    give_up(w);
    snprintf(path, sizeof path, "%s/kept/00000003-00000003", w->folder);
    copy(path, w->building); /* some of what was merged, */
    snprintf(path, sizeof path, "%s/kept/00000014-00000014", w->folder);
    copy(path, w->building);
    snprintf(path, sizeof path, "%s/new", w->building);
    snprintf(kept, sizeof kept, "%s/00000000-00000015", w->building);
    copy(kept, path); /* a merge before its name, */
    snprintf(kept, sizeof kept, "%s/kept/00000000-00000000/.", w->folder);
    copy(kept, w->to); /* and an end that was not one */
    begin(w);
    assert_int_equal(count_runs(w), 1);
    put(w, i++);
    end(w);
    expect(w, i);
    /* Killed while it was removed. */
    snprintf(path, sizeof path, "%s/built", w->to);
    snprintf(kept, sizeof kept, "%s/kept", w->folder);
    copy(kept, path);
    assert_ok(lede_building_sweep(w->to, &err));
    assert_int_not_equal(access(path, F_OK), 0);
    expect(w, i);
}

static void test_building__one_at_a_time(void **state)
{
    world *w = *state;
    lede_building *other = NULL;
    lede_error err = {0};

    begin(w);
    put(w, 0);
    assert_status(lede_building_open(w->to, NULL, &other, &err), LEDE_BUSY);
    assert_non_null(strstr(err.message, "another export"));
    commit(w);
    assert_status(lede_building_open(w->to, NULL, &other, &err), LEDE_BUSY);
    give_up(w);
    begin(w);
    end(w);
    expect(w, 1);
}

static void test_building__damage_is_told(void **state)
{
    world *w = *state;
    char path[400];
    lede_error err = {0};

    begin(w);
    put(w, 0);
    commit(w);
    give_up(w);
    snprintf(path, sizeof path, "%s/00000000-00000000/iamglass", w->building);
    assert_int_equal(truncate(path, 9), 0);
    assert_int_not_equal(lede_building_open(w->to, NULL, &w->b, &err), LEDE_OK);
    assert_true(strlen(err.message) > 0);
    assert_null(w->b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_building__runs_are_merged, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_building__goes_on_with_what_was_committed, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_building__earlier_ones_can_be_deleted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_building__of_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_building__what_kills_left_is_told_from_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_building__one_at_a_time, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_building__damage_is_told, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
