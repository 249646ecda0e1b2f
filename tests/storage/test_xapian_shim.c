/* The promises of storage/xapian_shim.h: documents, and what finds them. */
#include "tests/support/check.h"

#include "tests/storage/shim_world.h"
#include "tests/support/folder.h"
#include "tests/support/tcpsrv.h"

static void test_xapian__documents_are_found_by_key(void **state)
{
    shim_world *w = *state;
    lede_xapian *db = NULL;
    lede_xapian_statistics statistics;
    lede_error err = {0};
    lede_span got;
    uint32_t document = 0;

    shim_make(w->path[0], 1, 6);
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    assert_ok(lede_xapian_count(db, &statistics, &err));
    assert_int_equal(statistics.documents, 6);
    assert_int_equal(statistics.last, 6);
    assert_true(statistics.average_length > 5.4 &&
                statistics.average_length < 5.6);
    assert_ok(lede_xapian_find(db, text("Q4"), 0, &document, &err));
    assert_int_equal(document, 4);
    assert_ok(lede_xapian_data(db, document, &got, &err));
    assert_span(got, "data 4");
    assert_ok(lede_xapian_value(db, document, 3, &got, &err));
    assert_span(got, "e");
    assert_ok(lede_xapian_value(db, document, 4, &got, &err));
    assert_int_equal(got.len, 0);
    assert_status(lede_xapian_find(db, text("Q4"), 4, &document, &err),
                  LEDE_NOT_FOUND);
    assert_status(lede_xapian_find(db, text("Q9"), 0, &document, &err),
                  LEDE_NOT_FOUND);
    assert_ok(lede_xapian_find(db, text(""), 5, &document, &err));
    assert_int_equal(document, 6);
    assert_status(lede_xapian_find(db, text(""), UINT32_MAX, &document, &err),
                  LEDE_NOT_FOUND);
    assert_ok(lede_xapian_metadata(db, "name", &got, &err));
    assert_span(got, w->path[0]);
    assert_ok(lede_xapian_metadata(db, "other", &got, &err));
    assert_int_equal(got.len, 0);
    assert_int_equal(shim_count_of(db, "odd"), 3);
    assert_int_equal(shim_count_of(db, "none"), 0);
    assert_status(lede_xapian_data(db, 99, &got, &err), LEDE_NOT_FOUND);
    assert_true(strlen(err.message) > 0);
    lede_xapian_close(db);
    lede_xapian_close(NULL);
}

static void test_xapian__put_replaces_and_delete_removes(void **state)
{
    shim_world *w = *state;
    lede_xapian_writer *writer = NULL;
    lede_xapian *db = NULL;
    lede_error err = {0};
    lede_span got;
    uint32_t document = 0;

    shim_make(w->path[0], 1, 4);
    assert_ok(lede_xapian_writer_open(w->path[0], false, &writer, &err));
    shim_put(writer, 3);
    assert_int_equal(shim_count_of(lede_xapian_writer_database(writer), "all"),
                     4);
    assert_ok(lede_xapian_writer_delete(writer, 2, &err));
    assert_int_equal(shim_count_of(lede_xapian_writer_database(writer), "all"),
                     3);
    assert_status(lede_xapian_writer_delete(writer, 77, &err), LEDE_NOT_FOUND);
    assert_ok(lede_xapian_writer_commit(writer, &err));
    shim_put(writer, 9); /* and never committed */
    lede_xapian_writer_close(writer);
    lede_xapian_writer_close(NULL);
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    assert_int_equal(shim_count_of(db, "all"), 3);
    assert_int_equal(shim_count_of(db, "Q9"), 0);
    assert_status(lede_xapian_find(db, text("Q2"), 0, &document, &err),
                  LEDE_NOT_FOUND);
    assert_ok(lede_xapian_find(db, text("Q3"), 0, &document, &err));
    assert_ok(lede_xapian_data(db, document, &got, &err));
    assert_span(got, "data 3");
    lede_xapian_close(db);
}

static void test_xapian__one_writer_at_a_time(void **state)
{
    shim_world *w = *state;
    lede_xapian_writer *writer = NULL;
    lede_xapian_writer *other = NULL;
    lede_error err = {0};

    assert_ok(lede_xapian_writer_open(w->path[0], false, &writer, &err));
    assert_status(lede_xapian_writer_open(w->path[0], false, &other, &err),
                  LEDE_BUSY);
    assert_true(strlen(err.message) > 0);
    lede_xapian_writer_close(writer);
}

static bool keep_last(void *ctx, lede_span term)
{
    char *last = ctx;

    snprintf(last, 16, "%.*s", (int)term.len, (const char *)term.bytes);
    return strcmp(last, "Q11") != 0;
}

static void test_xapian__terms_come_in_order(void **state)
{
    shim_world *w = *state;
    lede_xapian *db = NULL;
    lede_error err = {0};
    char last[16] = "";

    shim_make(w->path[0], 1, 12);
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    assert_ok(lede_xapian_each_term(db, text("Q2"), keep_last, last, &err));
    assert_string_equal(last, "Q2");
    assert_ok(lede_xapian_each_term(db, text("Q"), keep_last, last, &err));
    assert_string_equal(last, "Q11");
    last[0] = '\0';
    assert_ok(lede_xapian_each_term(db, text("R"), keep_last, last, &err));
    assert_string_equal(last, "");
    lede_xapian_close(db);
}

static void test_xapian__merged_documents_are_numbered_on(void **state)
{
    shim_world *w = *state;
    const char *const paths[] = {w->path[0], w->path[1]};
    const char *const gone[] = {w->path[0], w->folder};
    lede_xapian *db = NULL;
    lede_error err = {0};
    lede_span got;
    char data[16];

    shim_make(w->path[0], 1, 3);
    shim_make(w->path[1], 4, 2);
    assert_ok(lede_xapian_merge(paths, 2, w->path[2], &err));
    assert_ok(lede_xapian_open(w->path[2], &db, &err));
    for (uint32_t i = 1; i <= 5; i++) {
        snprintf(data, sizeof data, "data %u", i);
        assert_ok(lede_xapian_data(db, i, &got, &err));
        assert_span(got, data);
    }
    assert_int_equal(shim_count_of(db, "side"), 5);
    lede_xapian_close(db);
    folder_remove(w->path[2]);
    assert_status(lede_xapian_merge(gone, 2, w->path[2], &err), LEDE_NOT_FOUND);
    assert_true(strlen(err.message) > 0);
    assert_int_equal(access(w->path[2], F_OK), -1);
    snprintf(w->path[2], sizeof w->path[2], "%s/none/there", w->folder);
    assert_true(lede_xapian_merge(paths, 2, w->path[2], &err) != LEDE_OK);
    assert_true(strlen(err.message) > 0);
}

static void get_uuid(const char *path, char out[64])
{
    lede_xapian *db = NULL;
    lede_error err = {0};
    lede_span got;

    assert_ok(lede_xapian_open(path, &db, &err));
    assert_ok(lede_xapian_uuid(db, &got, &err));
    assert_in_range(got.len, 8, 63);
    snprintf(out, 64, "%.*s", (int)got.len, (const char *)got.bytes);
    lede_xapian_close(db);
}

static void test_xapian__each_has_a_name_of_its_own(void **state)
{
    shim_world *w = *state;
    char command[1000], first[64], again[64], copy[64], other[64];

    shim_make(w->path[0], 1, 2);
    shim_make(w->path[1], 1, 2);
    get_uuid(w->path[0], first);
    get_uuid(w->path[1], other);
    shim_make(w->path[0], 3, 1); /* a change keeps it */
    get_uuid(w->path[0], again);
    snprintf(command, sizeof command, "cp -r '%s' '%s'", w->path[0],
             w->path[2]);
    assert_int_equal(system(command), 0);
    get_uuid(w->path[2], copy);
    assert_string_equal(first, again);
    assert_string_equal(first, copy);
    assert_string_not_equal(first, other);
}

/* --- Searching ------------------------------------------------------------ */

/* The documents found, one letter each (that of slot 3), in order. */
static void find(lede_xapian *db, lede_xapian_queries *queries,
                 const lede_xapian_search *search, char *out, uint32_t *total)
{
    lede_xapian_found *found = NULL;
    lede_xapian_hit hit;
    lede_error err = {0};
    lede_status status;
    size_t count = 0;

    assert_ok(lede_xapian_queries_status(queries, &err));
    assert_ok(lede_xapian_run(db, queries, search, &found, &err));
    while ((status = lede_xapian_found_next(found, &hit, &err)) == LEDE_OK) {
        assert_int_equal(hit.value.len, 1);
        out[count++] = (char)hit.value.bytes[0];
    }
    assert_int_equal(status, LEDE_END);
    assert_int_equal(lede_xapian_found_count(found), count);
    out[count] = '\0';
    *total = lede_xapian_found_total(found);
    lede_xapian_found_free(found);
}

static void expect(lede_xapian *db, lede_xapian_queries *queries,
                   lede_xapian_query query, const char *wanted)
{
    lede_xapian_search search = {.query = query,
                                 .size = 100,
                                 .counts = true,
                                 .by_value = true,
                                 .slot = 3};
    uint32_t total = 0;
    char got[128];

    find(db, queries, &search, got, &total);
    assert_string_equal(got, wanted);
    assert_int_equal(total, strlen(wanted));
    search.size = 0;
    find(db, queries, &search, got, &total);
    assert_int_equal(total, strlen(wanted));
}

static void check_queries(lede_xapian *db)
{
    lede_xapian_queries *q = NULL;
    lede_error err = {0};
    lede_xapian_query all, odd, even, side, pair[2], range, none, scaled;

    assert_ok(lede_xapian_queries_new(&q, &err));
    all = lede_xapian_query_all(q);
    odd = lede_xapian_query_term(q, text("odd"));
    even = lede_xapian_query_term(q, text("even"));
    side = lede_xapian_query_term(q, text("side"));
    none = lede_xapian_query_term(q, text("none"));
    range = lede_xapian_query_range(q, 3, text("c"), text("e"));
    scaled = lede_xapian_query_scale(q, odd, 0.5);
    expect(db, q, 0, "");
    expect(db, q, all, "gfedcb");
    expect(db, q, odd, "fdb");
    expect(db, q, scaled, "fdb");
    expect(db, q, none, "");
    expect(db, q, range, "edc");
    pair[0] = odd;
    pair[1] = range;
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_AND, pair, 2), "d");
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_OR, pair, 2), "fedcb");
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_AND_NOT, pair, 2),
           "fb");
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_AND_MAYBE, pair, 2),
           "fdb");
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_FILTER, pair, 2), "d");
    pair[1] = even;
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_SYNONYM, pair, 2),
           "gfedcb");
    pair[1] = side;
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_PHRASE, pair, 2),
           "fdb");
    pair[0] = side;
    pair[1] = odd;
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_PHRASE, pair, 2), "");
    pair[0] = lede_xapian_query_join(q, LEDE_XAPIAN_OR,
                                     (lede_xapian_query[]){odd, even}, 2);
    pair[1] = side;
    expect(db, q, lede_xapian_query_join(q, LEDE_XAPIAN_PHRASE, pair, 2),
           "gfedcb");
    lede_xapian_queries_free(q);
}

static void check_weights(lede_xapian *db)
{
    lede_xapian_search search = {.size = 2,
                                 .counts = true,
                                 .weighs = true,
                                 .k1 = 2.4,
                                 .b = 0,
                                 .slot = 3};
    lede_xapian_queries *q = NULL;
    lede_error err = {0};
    uint32_t total = 0;
    char got[128];

    assert_ok(lede_xapian_queries_new(&q, &err));
    search.query = lede_xapian_query_term(q, text("odd"));
    find(db, q, &search, got, &total);
    assert_string_equal(got, "fd"); /* the most frequent first */
    assert_int_equal(total, 3);
    search.offset = 2;
    find(db, q, &search, got, &total);
    assert_string_equal(got, "b");
    search.offset = 0;
    search.size = 100;
    search.query = lede_xapian_query_term(q, text("side"));
    find(db, q, &search, got, &total);
    assert_string_equal(got, "gfedcb"); /* equal weights: by value */
    lede_xapian_queries_free(q);
}

/* One vote for each term, and one for a phrase, if it is a synonym of its own.
 */
static void check_votes(lede_xapian *db)
{
    lede_xapian_search search = {
        .size = 100, .counts = true, .votes = true, .slot = 3};
    lede_xapian_queries *q = NULL;
    lede_xapian_found *found = NULL;
    lede_xapian_query votes[3], pair[2];
    lede_xapian_hit hit;
    lede_error err = {0};
    uint32_t three = 0, two = 0;

    assert_ok(lede_xapian_queries_new(&q, &err));
    votes[0] = pair[0] = lede_xapian_query_term(q, text("odd"));
    votes[1] = pair[1] = lede_xapian_query_term(q, text("side"));
    votes[2] = lede_xapian_query_join(q, LEDE_XAPIAN_PHRASE, pair, 2);
    votes[2] = lede_xapian_query_join(q, LEDE_XAPIAN_SYNONYM, &votes[2], 1);
    votes[0] = lede_xapian_query_join(q, LEDE_XAPIAN_SYNONYM, &votes[0], 1);
    search.query = lede_xapian_query_join(q, LEDE_XAPIAN_OR, votes, 3);
    assert_ok(lede_xapian_run(db, q, &search, &found, &err));
    while (lede_xapian_found_next(found, &hit, &err) == LEDE_OK) {
        three += hit.weight > 2.9 && hit.weight < 3.1;
        two += hit.weight > 1.1;
    }
    assert_int_equal(lede_xapian_found_count(found), 6);
    assert_int_equal(three, 3); /* the odd ones */
    assert_int_equal(two, 3);   /* the others have side alone */
    lede_xapian_found_free(found);
    lede_xapian_queries_free(q);
}

/* Counts of values over all matches, however few hits are wanted; and of
 * terms. */
static void check_counts(lede_xapian *db)
{
    static const uint32_t slots[] = {3, 4};
    lede_xapian_queries *q = NULL;
    lede_xapian_found *found = NULL;
    lede_xapian_search search = {.counts = true,
                                 .by_value = true,
                                 .slot = 3,
                                 .counted = slots,
                                 .counted_count = 2};
    lede_error err = {0};
    shim_counted got = {.sum = 0}, none = {.sum = 0}, one = {.ends = true};

    assert_ok(lede_xapian_queries_new(&q, &err));
    search.query = lede_xapian_query_term(q, text("even"));
    for (search.size = 0; search.size < 2; search.size++) {
        got = (shim_counted){.sum = 0};
        assert_ok(lede_xapian_run(db, q, &search, &found, &err));
        assert_int_equal(lede_xapian_found_count(found), search.size);
        assert_int_equal(lede_xapian_found_total(found), 3);
        assert_ok(
            lede_xapian_found_counts(found, 0, shim_take_count, &got, &err));
        assert_string_equal(got.values, "c e g ");
        assert_int_equal(got.sum, 3);
        assert_ok(
            lede_xapian_found_counts(found, 1, shim_take_count, &none, &err));
        assert_int_equal(none.sum, 0);
        one.values[0] = '\0';
        assert_ok(
            lede_xapian_found_counts(found, 0, shim_take_count, &one, &err));
        assert_string_equal(one.values, "c ");
        assert_status(
            lede_xapian_found_counts(found, 2, shim_take_count, &none, &err),
            LEDE_BUG);
        lede_xapian_found_free(found);
    }
    lede_xapian_queries_free(q);
    got = (shim_counted){.sum = 0};
    assert_ok(
        lede_xapian_each_count(db, text("o"), shim_take_count, &got, &err));
    assert_string_equal(got.values, "odd ");
    assert_int_equal(got.sum, 3);
    got = (shim_counted){.sum = 0};
    assert_ok(
        lede_xapian_each_count(db, text("s"), shim_take_count, &got, &err));
    assert_string_equal(got.values, "side ");
    assert_int_equal(got.sum, 6);
}

/* All that is kept of a document, at once. */
static void check_stored(lede_xapian *db)
{
    static const uint32_t slots[] = {3, 4, 5, 6, 7};
    lede_error err = {0};
    lede_span data, values[5];
    uint32_t document = 0;

    assert_ok(lede_xapian_find(db, text("Q5"), 0, &document, &err));
    assert_ok(lede_xapian_stored(db, document, slots, 2, &data, values, &err));
    assert_span(data, "data 5");
    assert_span(values[0], "f");
    assert_int_equal(values[1].len, 0);
    assert_ok(lede_xapian_stored(db, document, NULL, 0, &data, NULL, &err));
    assert_status(
        lede_xapian_stored(db, document, slots, 5, &data, values, &err),
        LEDE_BAD_INPUT);
    assert_status(lede_xapian_stored(db, 1000, slots, 1, &data, values, &err),
                  LEDE_NOT_FOUND);
}

static void test_xapian__queries_match_what_they_say(void **state)
{
    shim_world *w = *state;
    lede_xapian *db = NULL;
    lede_error err = {0};

    shim_make(w->path[0], 1, 6);
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    check_queries(db);
    check_weights(db);
    check_votes(db);
    check_counts(db);
    check_stored(db);
    lede_xapian_close(db);
}

static void test_xapian__parts_are_searched_as_one(void **state)
{
    shim_world *w = *state;
    lede_xapian *parts[3] = {NULL};
    lede_xapian *all = NULL;
    lede_error err = {0};
    uint32_t document = 0;
    lede_span got;
    int i;

    for (i = 0; i < 3; i++) {
        shim_make(w->path[i], (unsigned)(1 + 2 * i), 2);
        assert_ok(lede_xapian_open(w->path[i], &parts[i], &err));
    }
    assert_ok(lede_xapian_join(parts, 3, &all, &err));
    check_queries(all);
    check_weights(all);
    check_votes(all);
    check_counts(all);
    check_stored(all);
    assert_ok(lede_xapian_find(all, text("Q4"), 0, &document, &err));
    assert_int_equal(document, (2 - 1) * 3 + 1 + 1);
    assert_ok(lede_xapian_data(parts[1], 2, &got, &err));
    assert_span(got, "data 4");
    lede_xapian_close(all);
    for (i = 0; i < 3; i++) {
        lede_xapian_close(parts[i]);
    }
}

/* --- Far away ------------------------------------------------------------- */

static void test_xapian__remote_is_as_local(void **state)
{
    shim_world *w = *state;
    tcpsrv servers[2];
    lede_xapian *parts[3] = {NULL};
    lede_xapian *all = NULL;
    lede_error err = {0};
    lede_span got;
    int i;

    if (!tcpsrv_is_there()) {
        skip();
    }
    for (i = 0; i < 3; i++) {
        shim_make(w->path[i], (unsigned)(1 + 2 * i), 2);
    }
    for (i = 0; i < 2; i++) {
        tcpsrv_start(&servers[i], w->path[i]);
        assert_ok(lede_xapian_open_remote("127.0.0.1", servers[i].port, 5000,
                                          5000, &parts[i], &err));
    }
    assert_ok(lede_xapian_open(w->path[2], &parts[2], &err));
    assert_ok(lede_xapian_join(parts, 3, &all, &err));
    check_queries(all);
    check_weights(all);
    check_votes(all);
    check_counts(all);
    check_stored(all);
    assert_ok(lede_xapian_metadata(parts[1], "name", &got, &err));
    assert_span(got, w->path[1]);
    lede_xapian_close(all);
    for (i = 0; i < 3; i++) {
        lede_xapian_close(parts[i]);
    }
    tcpsrv_kill(&servers[0]);
    tcpsrv_kill(&servers[1]);
}

static void test_xapian__a_query_set_remembers_failing(void **state)
{
    lede_xapian_queries *q = NULL;
    lede_xapian_query unknown[2] = {0, 77};
    lede_error err = {0};

    (void)state;
    assert_ok(lede_xapian_queries_new(&q, &err));
    assert_ok(lede_xapian_queries_status(q, &err));
    assert_int_equal(lede_xapian_query_join(q, LEDE_XAPIAN_AND, unknown, 2), 0);
    assert_status(lede_xapian_queries_status(q, &err), LEDE_BUG);
    assert_int_equal(lede_xapian_query_all(q), 0);
    lede_xapian_queries_free(q);
}

static void test_xapian__a_term_too_long_is_refused(void **state)
{
    shim_world *w = *state;
    lede_xapian_document *document = NULL;
    lede_xapian_writer *writer = NULL;
    lede_error err = {0};
    char word[300];

    memset(word, 'x', sizeof word);
    assert_ok(lede_xapian_writer_open(w->path[0], false, &writer, &err));
    assert_ok(lede_xapian_document_new(&document, &err));
    lede_xapian_document_term(document, lede_span_of(word, 246), 1);
    assert_status(lede_xapian_writer_put(writer, text(""), document, &err),
                  LEDE_BAD_INPUT);
    lede_xapian_document_clear(document);
    lede_xapian_document_term(document, lede_span_of(word, 245), 1);
    assert_ok(lede_xapian_writer_put(writer, text(""), document, &err));
    lede_xapian_document_free(document);
    lede_xapian_writer_close(writer);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, shim_setup, shim_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_xapian__documents_are_found_by_key),
        TEST(test_xapian__put_replaces_and_delete_removes),
        TEST(test_xapian__one_writer_at_a_time),
        TEST(test_xapian__terms_come_in_order),
        TEST(test_xapian__merged_documents_are_numbered_on),
        TEST(test_xapian__each_has_a_name_of_its_own),
        TEST(test_xapian__queries_match_what_they_say),
        TEST(test_xapian__parts_are_searched_as_one),
        TEST(test_xapian__remote_is_as_local),
        TEST(test_xapian__a_query_set_remembers_failing),
        TEST(test_xapian__a_term_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
