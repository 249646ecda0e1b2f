/* All hits of an answer, page by page and cursor by cursor, against the same
 * answer in one piece; on both engines. */
#include "tests/support/check.h"

#include "query/cursor.h"
#include "query/results.h"
#include "tests/support/newsroom.h"
#include "tests/support/random_archive.h"
#include "tests/support/small_archive.h"

enum { ENTRIES = 400, PAGE = 2 * 70 };

static const lede_search_options orders[] = {
    {.sort = LEDE_SORT_RELEVANCE},
    {.sort = LEDE_SORT_RELEVANCE, .rank_plain = true},
    {.sort = LEDE_SORT_RELEVANCE, .no_recency = true},
    {.sort = LEDE_SORT_RELEVANCE, .match_any = true},
    {.sort = LEDE_SORT_NEWEST},
    {.sort = LEDE_SORT_OLDEST},
};
enum { ORDERS = sizeof orders / sizeof orders[0] };

static const char *const queries[] = {
    "storm",
    "*",
    "harbour OR quiet",
    "flood coast",
    "talk -minister",
    "storm flood coast harbour minister talk quiet flooding coasts "
    "storms talks zeppelin nothing"};
enum { QUERIES = sizeof queries / sizeof queries[0] };

typedef struct listing {
    uint64_t keys[NEWSROOM_MOST];
    uint64_t ranks[NEWSROOM_MOST];
    uint32_t count;
    uint64_t total;
    bool has_more;
    char cursor[128]; /* behind the last */
} listing;

static lede_status list(lede_engine *engine, const char *query,
                        const lede_search_options *options, listing *out,
                        lede_error *err)
{
    lede_results *results = NULL;
    lede_status status = lede_engine_search(engine, lede_span_text(query),
                                            options, &results, err);
    lede_buf cursor = {0};

    if (status != LEDE_OK) {
        return status;
    }
    *out = (listing){.total = lede_results_total(results),
                     .has_more = lede_results_has_more(results)};
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit;

        status = lede_results_get(results, i, &hit, err);
        if (status == LEDE_END) {
            break;
        }
        assert_int_equal(status, LEDE_OK);
        assert_true(options->page_hits == 0 ||
                    results->found.hit_count <=
                        options->page_hits +
                            (options->unlimited ? 0 : options->limit));
        out->keys[out->count] = hit->entry->key;
        out->ranks[out->count++] = hit->rank;
        lede_buf_clear(&cursor);
        lede_results_cursor(results, i, &cursor);
    }
    snprintf(out->cursor, sizeof out->cursor, "%s",
             cursor.len == 0 ? "" : lede_buf_text(&cursor));
    lede_buf_done(&cursor);
    lede_results_free(results);
    return LEDE_OK;
}

static void check_same(const listing *got, const listing *all, uint32_t from,
                       uint32_t count)
{
    assert_int_equal(got->total, all->total);
    assert_int_equal(got->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(got->keys[i], all->keys[from + i]);
        assert_int_equal(got->ranks[i], from + i + 1);
    }
}

/* Every answer in every order, whole; then `check` compares with it. */
static void each_answer(void (*check)(newsroom *n, lede_engine *engine,
                                      const char *query,
                                      const lede_search_options *options,
                                      const listing *all))
{
    newsroom *n = newsroom_open(7, ENTRIES);

    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (int q = 0; q < QUERIES; q++) {
            for (int o = 0; o < ORDERS; o++) {
                static listing all;
                lede_search_options options = orders[o];
                lede_error err = {0};

                options.limit = NEWSROOM_MOST;
                assert_ok(
                    list(n->engines[e], queries[q], &options, &all, &err));
                assert_int_equal(all.count, all.total);
                check(n, n->engines[e], queries[q], &orders[o], &all);
            }
        }
    }
    newsroom_close(n);
}

static void in_pages(newsroom *n, lede_engine *engine, const char *query,
                     const lede_search_options *options, const listing *all)
{
    lede_search_options paged = *options;
    static listing got;
    lede_error err = {0};

    (void)n;
    paged.page_hits = PAGE;
    paged.unlimited = true;
    for (paged.offset = 0; paged.offset < all->count + 90; paged.offset += 83) {
        uint32_t from =
            paged.offset < all->count ? (uint32_t)paged.offset : all->count;

        assert_ok(list(engine, query, &paged, &got, &err));
        check_same(&got, all, from, all->count - from);
        assert_false(got.has_more);
    }
    paged.unlimited = false;
    paged.limit = 30;
    for (paged.offset = 0; paged.offset < all->count; paged.offset += 64) {
        uint32_t left = all->count - (uint32_t)paged.offset;

        assert_ok(list(engine, query, &paged, &got, &err));
        check_same(&got, all, (uint32_t)paged.offset, left < 30 ? left : 30);
        assert_int_equal(got.has_more, left > 30);
    }
}

static void test_paging__pages_make_no_difference(void **state)
{
    (void)state;
    each_answer(in_pages);
}

static void by_cursor(newsroom *n, lede_engine *engine, const char *query,
                      const lede_search_options *options, const listing *all)
{
    lede_search_options next = *options;
    static listing got;
    char cursor[128] = "";
    uint32_t at = 0;
    lede_error err = {0};

    while (at < all->count) {
        uint32_t left = all->count - at;

        next.limit = 1 + random_below(&n->state, 90);
        next.unlimited = random_below(&n->state, 6) == 0;
        next.page_hits = PAGE;
        next.after = at == 0 ? NULL : cursor;
        assert_ok(list(engine, query, &next, &got, &err));
        check_same(&got, all, at,
                   next.unlimited || left < next.limit ? left : next.limit);
        assert_int_equal(got.has_more, got.count < left);
        snprintf(cursor, sizeof cursor, "%s", got.cursor);
        at += got.count;
    }
    if (all->count > 0) { /* behind the very last there is nothing */
        next.after = cursor;
        assert_ok(list(engine, query, &next, &got, &err));
        check_same(&got, all, at, 0);
    }
}

static void test_paging__cursors_reach_every_hit_once(void **state)
{
    (void)state;
    each_answer(by_cursor);
}

/* --- What a cursor is good for -------------------------------------------- */

static void test_paging__a_cursor_belongs_to_its_search(void **state)
{
    newsroom *n = newsroom_open(3, 100);
    lede_search_options options = {.limit = 5};
    static listing got;
    char cursor[128];
    lede_error err = {0};

    (void)state;
    assert_ok(list(n->engines[0], "storm", &options, &got, &err));
    assert_true(got.has_more);
    memcpy(cursor, got.cursor, sizeof cursor);
    options.after = cursor;
    options.limit = 9; /* is no matter */
    options.explain = true;
    assert_ok(list(n->engines[0], "storm", &options, &got, &err));
    assert_status(list(n->engines[0], "flood", &options, &got, &err),
                  LEDE_BAD_INPUT);
    options.no_recency = true;
    assert_status(list(n->engines[0], "storm", &options, &got, &err),
                  LEDE_BAD_INPUT);
    options.no_recency = false;
    options.offset = 1;
    assert_status(list(n->engines[0], "storm", &options, &got, &err),
                  LEDE_BAD_INPUT);
    options.offset = 0;
    for (size_t i = 0; cursor[i] != '\0'; i++) { /* and is whole, or none */
        char kept = cursor[i];

        cursor[i] = kept == 'A' ? 'B' : 'A';
        assert_status(list(n->engines[0], "storm", &options, &got, &err),
                      LEDE_BAD_INPUT);
        cursor[i] = '\0';
        assert_status(list(n->engines[0], "storm", &options, &got, &err),
                      LEDE_BAD_INPUT);
        cursor[i] = kept;
    }
    newsroom_close(n);
}

/* Half of the entries, then all: hits that come between two pages. */
static void test_paging__by_date_goes_on_in_a_changed_archive(void **state)
{
    newsroom *n = newsroom_open(11, 200);
    char directory[256];
    lede_archive *half = NULL;
    lede_snapshot *snapshot = NULL;
    lede_engine *before = NULL;
    static listing all, got;
    lede_error err = {0};

    (void)state;
    assert_ok(small_archive_make(n->entries, 100, 0, 1710400000, directory,
                                 &half, &err));
    assert_ok(lede_snapshot_open(half, &snapshot, &err));
    assert_ok(lede_engine_of_snapshot(snapshot, &before, &err));
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (int o = 0; o < ORDERS; o++) {
            lede_search_options options = orders[o];
            char cursor[128];
            uint64_t last;
            uint32_t at = 0;

            options.limit = NEWSROOM_MOST;
            assert_ok(list(n->engines[e], "storm", &options, &all, &err));
            options.limit = 13;
            assert_ok(list(before, "storm", &options, &got, &err));
            last = got.keys[12];
            memcpy(cursor, got.cursor, sizeof cursor);
            options.after = cursor;
            if (options.sort == LEDE_SORT_RELEVANCE) {
                assert_status(
                    list(n->engines[e], "storm", &options, &got, &err),
                    LEDE_BAD_INPUT);
                continue;
            }
            while (all.keys[at] != last) {
                at++;
            }
            for (int pass = 0; pass < 2; pass++) {
                options.limit = 20;
                options.unlimited = pass == 1;
                options.page_hits = PAGE;
                assert_ok(list(n->engines[e], "storm", &options, &got, &err));
                assert_int_equal(got.count,
                                 pass == 0 ? 20 : all.count - at - 1);
                for (uint32_t i = 0; i < got.count; i++) {
                    assert_int_equal(got.keys[i], all.keys[at + 1 + i]);
                }
            }
        }
    }
    lede_engine_close(before);
    lede_snapshot_close(snapshot);
    small_archive_remove(half, directory);
    newsroom_close(n);
}

static void test_paging__any_text_is_no_cursor(void **state)
{
    uint64_t chance = 1;
    lede_cursor cursor;

    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        uint8_t text[90];
        size_t len = i % 2 == 0 ? 71 : random_below(&chance, 90);

        for (size_t j = 0; j < len; j++) {
            text[j] = (uint8_t)(i % 3 == 0 ? 'A' + random_below(&chance, 26)
                                           : random_below(&chance, 256));
        }
        assert_false(lede_cursor_parse(lede_span_of(text, len), &cursor));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paging__pages_make_no_difference),
        cmocka_unit_test(test_paging__cursors_reach_every_hit_once),
        cmocka_unit_test(test_paging__a_cursor_belongs_to_its_search),
        cmocka_unit_test(test_paging__by_date_goes_on_in_a_changed_archive),
        cmocka_unit_test(test_paging__any_text_is_no_cursor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
