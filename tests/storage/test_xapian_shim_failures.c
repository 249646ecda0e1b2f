/* The promises of storage/xapian_shim.h: servers that die, databases that are
 * damaged. */
#include "tests/support/check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/storage/shim_world.h"
#include "tests/support/folder.h"
#include "tests/support/tcpsrv.h"

/* Xapian 1.4's check deletes an object by the size of its base; and operator
 * new below is not the sanitizer's. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "new_delete_type_mismatch=0:alloc_dealloc_mismatch=0";
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void test_xapian__no_server_is_waited_for_without_end(void **state)
{
    tcpsrv mute;
    lede_xapian *db = NULL;
    lede_error err = {0};
    double begin = now_s();

    (void)state;
    assert_status(lede_xapian_open_remote("127.0.0.1", tcpsrv_free_port(), 300,
                                          300, &db, &err),
                  LEDE_IO);
    assert_true(strlen(err.message) > 0);
    tcpsrv_start_mute(&mute);
    assert_status(
        lede_xapian_open_remote("127.0.0.1", mute.port, 300, 300, &db, &err),
        LEDE_IO);
    assert_true(strlen(err.message) > 0);
    tcpsrv_kill(&mute);
    assert_true(now_s() - begin < 60);
}

static void test_xapian__a_server_that_dies_is_told(void **state)
{
    shim_world *w = *state;
    tcpsrv server;
    lede_xapian *db = NULL;
    lede_xapian_statistics statistics;
    lede_xapian_queries *q = NULL;
    lede_xapian_search search = {.size = 10, .slot = 3};
    lede_xapian_found *found = NULL;
    lede_error err = {0};

    if (!tcpsrv_is_there()) {
        skip();
    }
    shim_make(w->path[0], 1, 2);
    tcpsrv_start(&server, w->path[0]);
    assert_ok(lede_xapian_open_remote("127.0.0.1", server.port, 5000, 5000, &db,
                                      &err));
    assert_ok(lede_xapian_count(db, &statistics, &err));
    assert_ok(lede_xapian_queries_new(&q, &err));
    search.query = lede_xapian_query_all(q);
    tcpsrv_kill(&server);
    assert_status(lede_xapian_run(db, q, &search, &found, &err), LEDE_IO);
    assert_true(strlen(err.message) > 0);
    lede_xapian_queries_free(q);
    lede_xapian_close(db);
}

/* Each question to a server that has gone fails, and says so. */
static void test_xapian__a_dead_server_answers_nothing(void **state)
{
    enum { QUESTIONS = 10 };
    static const uint32_t slots[] = {3};
    shim_world *w = *state;
    lede_error err = {0};

    if (!tcpsrv_is_there()) {
        skip();
    }
    shim_make(w->path[0], 1, 2);
    for (int i = 0; i < QUESTIONS; i++) {
        tcpsrv server;
        lede_xapian *db = NULL;
        lede_xapian *all = NULL;
        lede_xapian_statistics statistics;
        shim_counted counts = {.sum = 0};
        lede_span got, values[1];
        uint32_t number;
        lede_status status = LEDE_OK;

        tcpsrv_start(&server, w->path[0]);
        assert_ok(lede_xapian_open_remote("127.0.0.1", server.port, 5000, 5000,
                                          &db, &err));
        assert_ok(lede_xapian_join(&db, 1, &all, &err));
        tcpsrv_kill(&server);
        err = (lede_error){0};
        switch (i) {
        case 0:
            status = lede_xapian_term_count(db, text("all"), &number, &err);
            break;
        case 1:
            status = lede_xapian_metadata(db, "name", &got, &err);
            break;
        case 2:
            status = lede_xapian_each_term(db, text("a"), shim_take_term, NULL,
                                           &err);
            break;
        case 3:
            status = lede_xapian_each_count(db, text("a"), shim_take_count,
                                            &counts, &err);
            break;
        case 4:
            status = lede_xapian_find(db, text("all"), 0, &number, &err);
            break;
        case 5:
            status = lede_xapian_data(db, 1, &got, &err);
            break;
        case 6:
            status = lede_xapian_value(db, 1, 3, &got, &err);
            break;
        case 7:
            status = lede_xapian_stored(db, 1, slots, 1, &got, values, &err);
            break;
        case 8:
            status = lede_xapian_data(all, 1, &got, &err);
            break;
        default: /* came with the connection: */
            assert_ok(lede_xapian_count(db, &statistics, &err));
            assert_ok(lede_xapian_uuid(db, &got, &err));
            status = LEDE_IO;
            lede_fail(&err, status, "-");
            break;
        }
        if (status != LEDE_IO || strlen(err.message) == 0) {
            fail_msg("question %d: %s", i, lede_status_name(status));
        }
        lede_xapian_close(all);
        lede_xapian_close(db);
    }
}

/* --- Failures ------------------------------------------------------------- */

/* Who reads while others write twice has to open it again. */
static void test_xapian__what_was_written_over_is_stale(void **state)
{
    shim_world *w = *state;
    lede_xapian *db = NULL;
    lede_error err = {0};
    lede_status status = LEDE_OK;
    lede_span got;

    shim_make(w->path[0], 1, 2000); /* more than a block */
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    for (uint32_t i = 0; i < 6 && status == LEDE_OK; i++) {
        lede_xapian_writer *writer = NULL;

        assert_ok(lede_xapian_writer_open(w->path[0], false, &writer, &err));
        for (uint32_t j = i; j < 1000; j += 10) {
            assert_ok(lede_xapian_writer_delete(writer, 1 + j, &err));
        }
        assert_ok(lede_xapian_writer_commit(writer, &err));
        lede_xapian_writer_close(writer);
        status = lede_xapian_data(db, 100 + i * 130, &got, &err);
    }
    assert_status(status, LEDE_STALE);
    assert_true(strlen(err.message) > 0);
    lede_xapian_close(db);
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    assert_ok(lede_xapian_data(db, 2000, &got, &err));
    lede_xapian_close(db);
}

static void test_xapian__what_is_no_database_is_told(void **state)
{
    shim_world *w = *state;
    lede_xapian *db = NULL;
    lede_error err = {0};

    assert_status(lede_xapian_open(w->path[0], &db, &err), LEDE_NOT_FOUND);
    assert_true(strlen(err.message) > 0);
    assert_int_equal(mkdir(w->path[1], 0777), 0);
    assert_status(lede_xapian_open(w->path[1], &db, &err), LEDE_NOT_FOUND);
}

static void change_byte(const char *path, const char *file, long at, int value)
{
    char name[400];
    FILE *f;

    snprintf(name, sizeof name, "%s/%s", path, file);
    f = fopen(name, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    fputc(value, f);
    fclose(f);
}

static void test_xapian__damage_and_versions_are_told(void **state)
{
    shim_world *w = *state;
    lede_xapian *db = NULL;
    lede_error err = {0};
    unsigned lines = 0;
    int i;

    shim_make(w->path[0], 1, 6);
    assert_ok(lede_xapian_check(w->path[0], shim_note, &lines, &err));
    assert_true(lines > 0);
    change_byte(w->path[0], "iamglass", 14, 0x7F); /* the format's version */
    assert_status(lede_xapian_open(w->path[0], &db, &err), LEDE_TOO_NEW);
    assert_true(strlen(err.message) > 0);
    shim_make(w->path[1], 1, 6);
    for (i = 0; i < 64; i++) {
        change_byte(w->path[1], "postlist.glass", 8192 - 40 - i, 0xFF);
    }
    assert_true(lede_xapian_check(w->path[1], shim_note, &lines, &err) !=
                LEDE_OK);
    assert_true(strlen(err.message) > 0);
    assert_true(lede_xapian_check(w->path[2], shim_note, &lines, &err) !=
                LEDE_OK); /* nothing there */
}

/* Each block of each table damaged: a status, and never worse. */
static void test_xapian__a_corrupt_database_is_told(void **state)
{
    static const char *const tables[] = {"postlist.glass", "docdata.glass",
                                         "termlist.glass", "position.glass"};
    shim_world *w = *state;
    unsigned told = 0;

    for (int i = 0; i < 4; i++) {
        const char *const paths[] = {w->path[0]};
        lede_xapian *db = NULL;
        lede_xapian_writer *writer = NULL;
        lede_xapian_queries *q = NULL;
        lede_xapian_found *found = NULL;
        lede_xapian_search search = {.size = 10, .counts = true, .slot = 3};
        lede_xapian_query pair[2];
        lede_error err = {0};
        lede_span got;
        uint32_t number;
        shim_counted counts = {.sum = 0};

        folder_remove(w->path[0]);
        shim_make(w->path[0], 1, 6);
        for (long at = 4; at < 24; at++) { /* the head of the first block */
            change_byte(w->path[0], tables[i], at, 0xFF);
        }
        if (lede_xapian_open(w->path[0], &db, &err) != LEDE_OK) {
            told++;
            continue;
        }
        assert_ok(lede_xapian_queries_new(&q, &err));
        pair[0] = lede_xapian_query_term(q, text("odd"));
        pair[1] = lede_xapian_query_term(q, text("side"));
        search.query = lede_xapian_query_join(q, LEDE_XAPIAN_PHRASE, pair, 2);
        told += lede_xapian_term_count(db, text("all"), &number, &err) ==
                LEDE_CORRUPT;
        told +=
            lede_xapian_find(db, text("Q4"), 0, &number, &err) == LEDE_CORRUPT;
        told += lede_xapian_metadata(db, "name", &got, &err) == LEDE_CORRUPT;
        told += lede_xapian_data(db, 4, &got, &err) == LEDE_CORRUPT;
        told += lede_xapian_value(db, 4, 3, &got, &err) == LEDE_CORRUPT;
        told += lede_xapian_each_count(db, text(""), shim_take_count, &counts,
                                       &err) == LEDE_CORRUPT;
        told += lede_xapian_run(db, q, &search, &found, &err) == LEDE_CORRUPT;
        told += lede_xapian_merge(paths, 1, w->path[2], &err) == LEDE_CORRUPT;
        lede_xapian_found_free(found);
        lede_xapian_queries_free(q);
        lede_xapian_close(db);
        folder_remove(w->path[2]);
        if (lede_xapian_writer_open(w->path[0], false, &writer, &err) ==
            LEDE_OK) {
            told += lede_xapian_writer_delete(writer, 4, &err) == LEDE_CORRUPT;
            lede_xapian_writer_close(writer);
        }
    }
    assert_true(told >= 4);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, shim_setup, shim_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_xapian__no_server_is_waited_for_without_end),
        TEST(test_xapian__a_server_that_dies_is_told),
        TEST(test_xapian__a_dead_server_answers_nothing),
        TEST(test_xapian__what_was_written_over_is_stale),
        TEST(test_xapian__what_is_no_database_is_told),
        TEST(test_xapian__damage_and_versions_are_told),
        TEST(test_xapian__a_corrupt_database_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
