/* The promises of storage/xapian_shim.h: no memory is a status. */
#include "tests/support/check.h"

#include "tests/storage/shim_world.h"

/* Xapian 1.4's check deletes an object by the size of its base; and operator
 * new below is not the sanitizer's. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "new_delete_type_mismatch=0:alloc_dealloc_mismatch=0";
}

/* C++'s operator new, by its name in object files, in the place of the
 * library's: the allocation after `allocations_left` more throws
 * std::bad_alloc. */
void *_Znwm(size_t bytes);
extern void _ZSt17__throw_bad_allocv(void); /* libstdc++ */
static long allocations_left = -1;          /* -1: no end */

void *_Znwm(size_t bytes)
{
    void *memory = allocations_left == 0 ? NULL : malloc(bytes);

    if (memory == NULL) {
        allocations_left = -1;
        _ZSt17__throw_bad_allocv();
    }
    allocations_left -= allocations_left > 0;
    return memory;
}

/* The call's first allocation fails. (What comes later is Xapian's own, and it
 * does not survive all of those.) */
#define assert_no_memory(call)                                                 \
    do {                                                                       \
        allocations_left = 0;                                                  \
        assert_status((call), LEDE_NO_MEMORY);                                 \
        assert_int_equal(allocations_left, -1);                                \
        assert_true(strlen(err.message) > 0);                                  \
    } while (0)

static void test_xapian__no_memory_to_write_is_a_status(void **state)
{
    static const char key[] = "a key too long for a string's own room";
    shim_world *w = *state;
    lede_xapian_document *document = NULL;
    lede_xapian_writer *writer = NULL;
    lede_error err = {0};

    assert_no_memory(lede_xapian_writer_open(w->path[0], false, &writer, &err));
    assert_ok(lede_xapian_writer_open(w->path[0], false, &writer, &err));
    assert_no_memory(lede_xapian_document_new(&document, &err));
    assert_ok(lede_xapian_document_new(&document, &err));
    allocations_left = 0;
    lede_xapian_document_term(document, text(key), 1);
    lede_xapian_document_term(document, text("word"), 1);
    assert_status(lede_xapian_writer_put(writer, text("Q1"), document, &err),
                  LEDE_NO_MEMORY);
    lede_xapian_document_clear(document);
    allocations_left = 0;
    lede_xapian_document_data(document, text(key));
    assert_status(lede_xapian_writer_put(writer, text("Q1"), document, &err),
                  LEDE_NO_MEMORY);
    lede_xapian_document_clear(document);
    allocations_left = 0;
    lede_xapian_document_post(document, text(key), 1, 1);
    assert_status(lede_xapian_writer_put(writer, text("Q1"), document, &err),
                  LEDE_NO_MEMORY);
    lede_xapian_document_clear(document);
    allocations_left = 0;
    lede_xapian_document_value(document, 3, text(key));
    assert_status(lede_xapian_writer_put(writer, text("Q1"), document, &err),
                  LEDE_NO_MEMORY);
    lede_xapian_document_clear(document);
    lede_xapian_document_term(document, text(key), 1);
    assert_no_memory(lede_xapian_writer_put(writer, text(key), document, &err));
    assert_no_memory(
        lede_xapian_writer_metadata(writer, "name", text(key), &err));
    assert_ok(lede_xapian_writer_put(writer, text(key), document, &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    assert_no_memory(lede_xapian_writer_delete(writer, 1, &err));
    lede_xapian_writer_close(writer);
    assert_ok(lede_xapian_writer_open(w->path[0], false, &writer, &err));
    assert_int_equal(shim_count_of(lede_xapian_writer_database(writer), key),
                     1);
    lede_xapian_document_free(document);
    lede_xapian_writer_close(writer);
}

static void test_xapian__no_memory_to_read_is_a_status(void **state)
{
    static const char term[] = "a term too long for a string's own room";
    shim_world *w = *state;
    lede_xapian_search search = {.size = 10, .slot = 3};
    lede_xapian *db = NULL;
    lede_xapian *all = NULL;
    lede_xapian_queries *q = NULL;
    lede_xapian_found *found = NULL;
    lede_error err = {0};
    lede_span got, values[1];
    shim_counted counts = {.sum = 0};
    const char *path = w->path[0];
    unsigned count = 0;

    shim_make(w->path[0], 1, 6);
    assert_no_memory(lede_xapian_open(w->path[0], &db, &err));
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    assert_no_memory(lede_xapian_join(&db, 1, &all, &err));
    assert_no_memory(lede_xapian_term_count(db, text(term), &count, &err));
    assert_no_memory(lede_xapian_find(db, text(term), 0, &count, &err));
    assert_no_memory(lede_xapian_metadata(db, term, &got, &err));
    assert_no_memory(lede_xapian_data(db, 1, &got, &err));
    assert_no_memory(lede_xapian_value(db, 1, 3, &got, &err));
    assert_no_memory(lede_xapian_uuid(db, &got, &err));
    assert_no_memory(
        lede_xapian_each_term(db, text(term), shim_take_term, NULL, &err));
    assert_no_memory(lede_xapian_check(w->path[0], shim_note, &count, &err));
    assert_no_memory(lede_xapian_merge(&path, 1, w->path[1], &err));
    assert_no_memory(lede_xapian_open_remote("127.0.0.1", 1, 1, 1, &all, &err));
    assert_no_memory(
        lede_xapian_stored(db, 1, &search.slot, 1, &got, values, &err));
    assert_no_memory(
        lede_xapian_each_count(db, text(term), shim_take_count, &counts, &err));
    assert_no_memory(lede_xapian_queries_new(&q, &err));
    assert_ok(lede_xapian_queries_new(&q, &err));
    allocations_left = 0;
    assert_int_equal(lede_xapian_query_term(q, text(term)), 0);
    assert_status(lede_xapian_queries_status(q, &err), LEDE_NO_MEMORY);
    lede_xapian_queries_free(q);
    assert_ok(lede_xapian_queries_new(&q, &err));
    search.query = lede_xapian_query_all(q);
    assert_no_memory(lede_xapian_run(db, q, &search, &found, &err));
    search.counts = true;
    search.counted = &search.slot;
    search.counted_count = 1;
    assert_no_memory(lede_xapian_run(db, q, &search, &found, &err));
    assert_ok(lede_xapian_run(db, q, &search, &found, &err));
    assert_int_equal(lede_xapian_found_count(found), 6);
    assert_no_memory(
        lede_xapian_found_counts(found, 0, shim_take_count, &counts, &err));
    lede_xapian_found_free(found);
    lede_xapian_queries_free(q);
    lede_xapian_close(db);
}

/* A query's node that has no memory is none, and the set says why. */
#define assert_no_node(make)                                                   \
    do {                                                                       \
        lede_xapian_query all;                                                 \
                                                                               \
        assert_ok(lede_xapian_queries_new(&q, &err));                          \
        all = lede_xapian_query_all(q);                                        \
        assert_int_not_equal(all, 0);                                          \
        allocations_left = 0;                                                  \
        assert_int_equal((make), 0);                                           \
        assert_int_equal(allocations_left, -1);                                \
        assert_status(lede_xapian_queries_status(q, &err), LEDE_NO_MEMORY);    \
        assert_true(strlen(err.message) > 0);                                  \
        lede_xapian_queries_free(q);                                           \
    } while (0)

static void test_xapian__no_memory_for_a_query_is_a_status(void **state)
{
    static const char word[] = "a value too long for a string's own room";
    static const lede_xapian_operator operators[] = {
        LEDE_XAPIAN_AND,    LEDE_XAPIAN_OR,      LEDE_XAPIAN_AND_NOT,
        LEDE_XAPIAN_FILTER, LEDE_XAPIAN_SYNONYM, LEDE_XAPIAN_AND_MAYBE};
    lede_xapian_queries *q = NULL;
    lede_error err = {0};

    (void)state;
    assert_no_node(lede_xapian_query_all(q));
    assert_no_node(lede_xapian_query_term(q, text(word)));
    assert_no_node(lede_xapian_query_range(q, 3, text(word), text("z")));
    assert_no_node(lede_xapian_query_scale(q, all, 2));
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        assert_no_node(lede_xapian_query_join(
            q, operators[i], (lede_xapian_query[2]){all, all}, 2));
    }
}

static void test_xapian__no_memory_for_a_hit_is_a_status(void **state)
{
    static const char value[] = "a value too long for a string's own room";
    shim_world *w = *state;
    lede_xapian_document *document = NULL;
    lede_xapian_writer *writer = NULL;
    lede_xapian *db = NULL;
    lede_xapian_queries *q = NULL;
    lede_xapian_search search = {.size = 10, .slot = 3, .by_value = true};
    lede_xapian_found *found = NULL;
    lede_xapian_hit hit;
    lede_xapian_statistics statistics;
    lede_error err = {0};

    assert_ok(lede_xapian_writer_open(w->path[0], false, &writer, &err));
    assert_ok(lede_xapian_document_new(&document, &err));
    lede_xapian_document_term(document, text("word"), 1);
    lede_xapian_document_value(document, 3, text(value));
    assert_ok(lede_xapian_writer_put(writer, text("Q1"), document, &err));
    assert_ok(lede_xapian_writer_commit(writer, &err));
    lede_xapian_document_free(document);
    lede_xapian_writer_close(writer);
    assert_ok(lede_xapian_open(w->path[0], &db, &err));
    assert_ok(lede_xapian_count(db, &statistics, &err));
    assert_ok(lede_xapian_queries_new(&q, &err));
    search.query = lede_xapian_query_all(q);
    assert_ok(lede_xapian_run(db, q, &search, &found, &err));
    assert_no_memory(lede_xapian_found_next(found, &hit, &err));
    lede_xapian_found_free(found);
    assert_ok(lede_xapian_run(db, q, &search, &found, &err));
    assert_ok(lede_xapian_found_next(found, &hit, &err));
    assert_true(lede_span_equal(hit.value, text(value)));
    lede_xapian_found_free(found);
    lede_xapian_queries_free(q);
    lede_xapian_close(db);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, shim_setup, shim_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_xapian__no_memory_to_write_is_a_status),
        TEST(test_xapian__no_memory_to_read_is_a_status),
        TEST(test_xapian__no_memory_for_a_query_is_a_status),
        TEST(test_xapian__no_memory_for_a_hit_is_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
