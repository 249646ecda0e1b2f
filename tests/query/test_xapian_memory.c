/* All hits of an answer from shards pass through the same memory, however many
 * they are. What is held besides the hits of a page and a window is Xapian's.
 */
#include "tests/support/check.h"

#include "indexer/export.h"
#include "query/xapian_engine.h"
#include "tests/support/folder.h"
#include "tests/support/heap.h"
#include "tests/support/small_archive.h"
#include "tests/support/tcpsrv.h"

enum { FEW = 400, MANY = 1600, SHARDS = 2, HELD = 64, EPOCH = 1700000000 };

typedef struct world {
    char folder[256], directory[256], to[300];
    lede_entry entries[MANY];
    tcpsrv servers[SHARDS];
    lede_engine *engine;
} world;

static lede_error err;

static void open_engine(world *w, uint32_t count)
{
    lede_export_options options = {.shards = SHARDS};
    lede_export_report report;
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_shards *shards = NULL;
    char name[256] = "tcp:";

    folder_make(w->folder);
    snprintf(w->to, sizeof w->to, "%s/shards", w->folder);
    for (uint32_t i = 0; i < count; i++) {
        lede_entry_init(&w->entries[i]);
        w->entries[i].key = (uint64_t)(i + 1) * 0x9E3779B97F4A7C15u;
        w->entries[i].headline = lede_span_text("Storm over the harbour");
        w->entries[i].published.instant = EPOCH + 3600 * (int64_t)i;
        w->entries[i].published.precision = LEDE_PRECISION_SECOND;
        w->entries[i].published.year_source = LEDE_YEAR_EXPLICIT;
    }
    assert_ok(small_archive_make(w->entries, count, 0, EPOCH + 3600 * MANY,
                                 w->directory, &archive, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_ok(lede_export(snapshot, w->to, &options, &report, &err));
    lede_snapshot_close(snapshot);
    small_archive_remove(archive, w->directory);
    for (int i = 0; i < SHARDS && tcpsrv_is_there(); i++) {
        char path[400];
        size_t len = strlen(name);

        snprintf(path, sizeof path, "%s/shard-%03d", w->to, i);
        tcpsrv_start(&w->servers[i], path);
        snprintf(name + len, sizeof name - len, "%s127.0.0.1:%u",
                 i > 0 ? "," : "", (unsigned)w->servers[i].port);
    }
    assert_ok(lede_shards_open(tcpsrv_is_there() ? name : w->to, 60000, &shards,
                               &err));
    assert_ok(lede_engine_of_shards(shards, &w->engine, &err));
    lede_engine_of_shards_hold(w->engine, HELD);
}

static void close_engine(world *w)
{
    lede_engine_close(w->engine);
    for (int i = 0; i < SHARDS && tcpsrv_is_there(); i++) {
        tcpsrv_kill(&w->servers[i]);
    }
    folder_remove(w->folder);
}

/* Reads all hits; the most bytes of the heap that this took. */
static size_t read_all(world *w, const char *query, lede_sort sort,
                       uint32_t count)
{
    lede_search_options options = {
        .sort = sort, .unlimited = true, .unfolded = true, .page_hits = HELD};
    lede_results *results = NULL;
    size_t most;

    heap_watch_begin();
    assert_ok(lede_engine_search(w->engine, lede_span_text(query), &options,
                                 &results, &err));
    assert_int_equal(lede_results_count(results), count);
    for (uint32_t i = 0; i < count; i++) {
        const lede_hit *hit = NULL;

        assert_ok(lede_results_get(results, i, &hit, &err));
        assert_non_null(hit);
    }
    lede_results_free(results);
    most = heap_watch_end();
    return most;
}

static void test_xapian_memory__does_not_grow_with_hits(void **state)
{
    static const struct {
        const char *query;
        lede_sort sort;
    } asked[] = {{"storm", LEDE_SORT_NEWEST},
                 {"storm", LEDE_SORT_OLDEST},
                 {"storm", LEDE_SORT_RELEVANCE},
                 {"\"over harbour\" OR storm", LEDE_SORT_RELEVANCE}};
    enum { ASKED = sizeof asked / sizeof asked[0] };
    static world w;
    size_t few[ASKED], many[ASKED];

    (void)state;
    open_engine(&w, FEW);
    for (int i = 0; i < ASKED; i++) {
        few[i] = read_all(&w, asked[i].query, asked[i].sort, FEW);
    }
    close_engine(&w);
    open_engine(&w, MANY);
    for (int i = 0; i < ASKED; i++) {
        many[i] = read_all(&w, asked[i].query, asked[i].sort, MANY);
    }
    close_engine(&w);
    for (int i = 0; i < ASKED; i++) {
        print_message("%s: %d hits %zu KiB, %d hits %zu KiB\n", asked[i].query,
                      FEW, few[i] / 1024, MANY, many[i] / 1024);
    }
    for (int i = 0; i < ASKED; i++) {
        assert_true(many[i] < few[i] + few[i] / 4 + (64 << 10));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xapian_memory__does_not_grow_with_hits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
