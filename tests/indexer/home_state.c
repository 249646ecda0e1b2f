#include "tests/indexer/home_state.h"

#include "base/varint.h"
#include "indexer/redo.h"
#include "indexer/run.h"
#include "query/xapian_engine.h"
#include "storage/copies.h"
#include "storage/shards_check.h"
#include "tests/support/check.h"

lede_status home_index(const char *path, const char *folder, bool prune,
                       bool reread, const lede_budget *budget, lede_error *err)
{
    lede_index_options options = {.read.now = 1800000000,
                                  .prune = prune,
                                  .reread = reread,
                                  .wait_ms = 10000};
    lede_index_report report;
    lede_xapian_home *home = NULL;
    lede_status status = lede_xapian_home_open(path, true, &home, err);

    if (status == LEDE_OK) {
        options.home = home;
        status = lede_index_within(lede_xapian_home_archive(home), &folder, 1,
                                   &options, budget, &report, err);
    }
    lede_xapian_home_close(home);
    return status;
}

/* --- Entries -------------------------------------------------------------- */

/* The group of near-copies that the archive says; 0: none. */
static uint64_t group_of(const lede_segment *segment, uint32_t number)
{
    lede_error err = {0};
    lede_span rows;

    assert_ok(lede_segment_copies(segment, &rows, &err));
    for (size_t at = 0; at < rows.len; at += LEDE_COPY_ROW_BYTES) {
        if (lede_load_u32(rows.bytes + at) == number) {
            return lede_load_u64(rows.bytes + at + 8);
        }
    }
    return 0;
}

static void expect_entry(lede_xapian *db, const lede_segment *segment,
                         uint32_t number)
{
    lede_error err = {0};
    lede_buf wanted = {0};
    lede_column key, time, trust;
    lede_xapian_order order = {0};
    lede_xapian_name name;
    lede_span span, record;
    uint32_t document, again;

    assert_ok(lede_segment_column(segment, LEDE_COLUMN_KEY, &key, &err));
    assert_ok(lede_segment_column(segment, LEDE_COLUMN_TIME, &time, &err));
    assert_ok(lede_segment_column(segment, LEDE_COLUMN_TRUST, &trust, &err));
    assert_ok(lede_segment_record(segment, number, &wanted, &err));
    span = lede_xapian_name_key(&name, (uint64_t)lede_column_get(&key, number));
    assert_ok(lede_xapian_find(db, span, 0, &document, &err));
    assert_int_equal(lede_xapian_find(db, span, document, &again, &err),
                     LEDE_NOT_FOUND);
    assert_ok(lede_xapian_data(db, document, &span, &err));
    assert_ok(lede_xapian_data_record(span, &record, &err));
    assert_true(lede_span_equal(record, lede_buf_span(&wanted)));
    assert_ok(
        lede_xapian_value(db, document, LEDE_XAPIAN_SLOT_NEWEST, &span, &err));
    assert_true(lede_xapian_order_decode(span, false, &order));
    assert_int_equal(order.time, lede_column_get(&time, number));
    assert_int_equal(order.trusted, lede_column_get(&trust, number) != 0);
    assert_true(order.group == group_of(segment, number));
    lede_buf_done(&wanted);
}

static void expect_entries(const lede_shards *shards,
                           const lede_snapshot *snapshot)
{
    lede_xapian *db = lede_shards_all(shards);
    const lede_totals *got = lede_shards_totals(shards);
    const lede_totals *wanted = lede_snapshot_totals(snapshot);

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        for (uint32_t j = 0; j < lede_segment_entries(segment); j++) {
            if (!lede_segment_is_deleted(segment, j)) {
                expect_entry(db, segment, j);
            }
        }
    }
    assert_int_equal(got->entries, wanted->entries);
    assert_int_equal(got->oldest, wanted->oldest);
    assert_int_equal(got->newest, wanted->newest);
    assert_int_equal(got->newest_trusted, wanted->newest_trusted);
    assert_int_equal(got->half_life_s, wanted->half_life_s);
    assert_int_equal(got->languages & ~wanted->languages, 0);
}

/* --- Answers -------------------------------------------------------------- */

static void expect_answers(lede_engine *got, lede_engine *wanted)
{
    static const char *const queries[] = {
        "ferry",    "\"the ferry\"",     "words -ferry", "entry OR number",
        "headline", "\"some words of\"", "the",          ""};
    lede_search_options options = {.limit = 50, .sort = LEDE_SORT_NEWEST};

    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        lede_results *a = NULL, *b = NULL;
        uint64_t stories[2] = {0};
        lede_error err = {0};

        assert_ok(lede_engine_search(got, lede_span_text(queries[i]), &options,
                                     &a, &err));
        assert_ok(lede_engine_search(wanted, lede_span_text(queries[i]),
                                     &options, &b, &err));
        assert_int_equal(lede_results_total(a), lede_results_total(b));
        assert_int_equal(lede_results_count(a), lede_results_count(b));
        assert_true(lede_results_stories(a, &stories[0]));
        assert_true(lede_results_stories(b, &stories[1]));
        assert_int_equal(stories[0], stories[1]);
        for (uint32_t j = 0; j < lede_results_count(a); j++) {
            const lede_hit *x = NULL, *y = NULL;

            assert_ok(lede_results_get(a, j, &x, &err));
            assert_ok(lede_results_get(b, j, &y, &err));
            assert_true(x->entry->key == y->entry->key);
        }
        lede_results_free(a);
        lede_results_free(b);
    }
}

/* --- The other side ------------------------------------------------------- */

static void expect_settled(const char *path)
{
    lede_xapian_home *home = NULL;
    lede_writer *writer = NULL;
    lede_redo_reader *redo = NULL;
    lede_error err = {0};
    lede_archive *archive;
    uint64_t generation;

    assert_ok(lede_xapian_home_open(path, false, &home, &err));
    archive = lede_xapian_home_archive(home);
    assert_int_equal(lede_redo_open(lede_archive_directory(archive), &redo,
                                    &generation, &err),
                     LEDE_NOT_FOUND);
    assert_ok(lede_archive_check(archive, NULL, &err));
    assert_ok(lede_writer_open(archive, 0, &writer, &err));
    assert_ok(lede_xapian_home_begin(home, 10000, false, &err));
    lede_xapian_home_end(home);
    lede_writer_close(writer);
    lede_xapian_home_close(home);
}

static void print_problem(void *ctx, const char *problem)
{
    (void)ctx;
    print_message("%s\n", problem);
}

void assert_home_is(const char *path, lede_archive *archive, bool settled)
{
    lede_check_callbacks callbacks = {.found = print_problem};
    lede_snapshot *snapshot = NULL;
    lede_shards *shards = NULL;
    lede_engine *got = NULL, *wanted = NULL;
    lede_error err = {0};

    assert_ok(lede_shards_open(path, 1000, &shards, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_ok(lede_shards_check(shards, &callbacks, &err));
    expect_entries(shards, snapshot);
    assert_ok(lede_engine_of_snapshot(snapshot, &wanted, &err));
    assert_ok(lede_engine_of_shards(shards, &got, &err));
    expect_answers(got, wanted);
    lede_engine_close(got);
    lede_engine_close(wanted);
    lede_snapshot_close(snapshot);
    if (settled) {
        expect_settled(path);
    }
}
