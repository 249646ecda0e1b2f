/* What long work says while it goes on, and that it can be stopped in each of
 * its phases without loss. */
#include "indexer/indexer.h"
#include "indexer/merge.h"
#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

enum { FILES = 24 };

static lede_error err;

static void make_folder(const char *folder)
{
    world_random random = {11};
    lede_buf text = {0};
    char name[16];
    uint32_t i;

    for (i = 0; i < FILES; i++) {
        if (i % 3 == 0) {
            world_live(i / 3, i, &text);
        } else {
            world_articles(&random, 20, &text);
        }
        snprintf(name, sizeof name, "%02u", i);
        write_file(in_folder(folder, name), lede_buf_text(&text));
    }
    lede_buf_done(&text);
}

/* Sees every report; stops the run when a phase begins for the n-th time. */
typedef struct observer {
    bool merges_never;
    const char *stop_phase;
    unsigned stop_at;
    volatile int stop;
    const char *phase;
    unsigned begun[4]; /* reading, settling, writing, merging */
} observer;

static const char *const phases[] = {"reading", "settling", "writing",
                                     "merging"};

static void on_progress(void *ctx, const lede_index_progress *p)
{
    observer *seen = ctx;
    unsigned i;

    assert_true(p->phase_done <= p->phase_all);
    assert_true((strcmp(p->phase, "reading") == 0) == (p->phase_all == 0));
    if (seen->phase == p->phase) {
        return;
    }
    seen->phase = p->phase;
    for (i = 0; strcmp(phases[i], p->phase) != 0; i++) {
        assert_true(i < 3);
    }
    seen->begun[i]++;
    if (seen->stop_phase != NULL && strcmp(seen->stop_phase, p->phase) == 0 &&
        seen->begun[i] == seen->stop_at) {
        seen->stop = 1;
    }
}

static lede_status index_observed(lede_archive *archive, const char *folder,
                                  observer *seen)
{
    lede_index_options options = {.read.now = 1800000000,
                                  .ctx = seen,
                                  .progress = on_progress,
                                  .stop = &seen->stop};
    lede_budget small = lede_budget_of(0);
    lede_index_report report;

    small.spill_bytes = 1500;
    small.merge_bytes = seen->merges_never ? 0 : small.merge_bytes;
    return lede_index_within(archive, &folder, 1, &options, &small, &report,
                             &err);
}

/* A file read is a file kept, whatever was going on when the stop came. */
static void test_progress__a_stop_in_any_phase_loses_nothing(void **state)
{
    char *folder = folder_new(), *calm_folder = folder_new();
    lede_archive *calm = open_archive(calm_folder);
    observer whole = {0};
    unsigned i, at;

    (void)state;
    make_folder(folder);
    assert_ok(index_observed(calm, folder, &whole));
    for (i = 1; i < 4; i++) {
        assert_true(whole.begun[i] > 1);
        for (at = 1; at <= whole.begun[i]; at += 1 + whole.begun[i] / 3) {
            char *archive_folder = folder_new();
            lede_archive *archive = open_archive(archive_folder);
            observer seen = {.stop_phase = phases[i], .stop_at = at};
            observer rest = {0};
            lede_status status = index_observed(archive, folder, &seen);
            uint64_t live = count_live(archive);

            assert_int_equal(seen.stop, 1);
            assert_status(status, LEDE_INTERRUPTED);
            assert_true(live > 0); /* the batch at hand was published */
            assert_ok(lede_archive_check(archive, NULL, &err));
            assert_ok(index_observed(archive, folder, &rest));
            assert_true(count_live(archive) >= live);
            assert_ok(lede_archive_check(archive, NULL, &err));
            assert_same_archives(archive, calm);
            lede_archive_close(archive);
            folder_remove(archive_folder);
        }
    }
    lede_archive_close(calm);
    folder_remove(calm_folder);
    folder_remove(folder);
}

/* All is read, and only the last merge is left: that is a stop, too. */
static void test_progress__a_stop_in_the_last_merge_is_told(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    observer seen = {.merges_never = true},
             stopping = {.stop_phase = "merging", .stop_at = 1}, rest = {0};
    uint32_t segments;

    (void)state;
    make_folder(folder);
    assert_ok(index_observed(archive, folder, &seen));
    segments = count_segments(archive);
    assert_status(index_observed(archive, folder, &stopping), LEDE_INTERRUPTED);
    assert_int_equal(stopping.begun[1] + stopping.begun[2], 0);
    assert_int_equal(count_segments(archive), segments);
    assert_ok(lede_archive_check(archive, NULL, &err));
    assert_ok(index_observed(archive, folder, &rest));
    assert_true(count_segments(archive) < segments);
    lede_archive_close(archive);
    folder_remove(archive_folder);
    folder_remove(folder);
}

static void test_progress__a_stop_leaves_compacting_undone(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    observer seen = {.merges_never = true},
             stopping = {.stop_phase = "merging", .stop_at = 1};
    lede_index_options options = {
        .ctx = &stopping, .progress = on_progress, .stop = &stopping.stop};
    lede_buf before = {0}, after = {0};
    uint32_t segments;

    (void)state;
    make_folder(folder);
    assert_ok(index_observed(archive, folder, &seen));
    segments = count_segments(archive);
    assert_true(segments > 1);
    dump_archive(archive, &before);
    assert_status(lede_index_compact(archive, &options, &err),
                  LEDE_INTERRUPTED);
    assert_int_equal(count_segments(archive), segments);
    assert_ok(lede_archive_check(archive, NULL, &err));
    dump_archive(archive, &after);
    assert_same_dump(&before, &after);
    stopping = (observer){0};
    assert_ok(lede_index_compact(archive, &options, &err));
    assert_int_equal(stopping.begun[3], 1);
    assert_int_equal(count_segments(archive), 1);
    lede_buf_done(&before);
    lede_buf_done(&after);
    lede_archive_close(archive);
    folder_remove(archive_folder);
    folder_remove(folder);
}

/* --- Steps ---------------------------------------------------------------- */

typedef struct steps {
    uint64_t calls, done, all;
} steps;

static void on_step(void *ctx, uint64_t done, uint64_t all)
{
    steps *s = ctx;

    assert_true(s->calls == 0 || all == s->all);
    assert_true(done >= s->done);
    *s = (steps){s->calls + 1, done, all};
}

/* Step after step, and in the end about all of them. */
static void test_progress__merging_counts_its_steps(void **state)
{
    static const uint32_t mosts[] = {UINT32_MAX, 50};
    unsigned i;

    (void)state;
    for (i = 0; i < 2; i++) {
        char *folder = folder_new(), *archive_folder = folder_new();
        lede_archive *archive = open_archive(archive_folder);
        static const lede_index_options none = {0};
        lede_index_report report = {0};
        steps s = {0};
        lede_watch watch = {.ctx = &s, .step = on_step};
        uint32_t chosen[LEDE_MERGE_MOST], count, k;
        observer seen = {.merges_never = true};
        lede_run run;

        make_folder(folder);
        assert_ok(index_observed(archive, folder, &seen));
        assert_ok(lede_run_open(archive, &none, &report, &run, &err));
        count = lede_snapshot_segment_count(run.snapshot);
        assert_in_range(count, 2, LEDE_MERGE_MOST);
        for (k = 0; k < count; k++) {
            chosen[k] = k;
        }
        assert_ok(
            lede_run_merge_chosen(&run, chosen, count, mosts[i], &watch, &err));
        lede_run_close(&run);
        assert_true(s.calls > 2 * count_live(archive)); /* rows, records */
        assert_true(s.done >= s.all / 10 * 9);
        assert_true(s.done <= s.all);
        lede_archive_close(archive);
        folder_remove(archive_folder);
        folder_remove(folder);
    }
}

/* So does rewriting one segment, as an upgrade does: three for each entry. */
static void test_progress__rewriting_counts_its_steps(void **state)
{
    static const lede_index_options none = {0};
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    observer seen = {.merges_never = true};
    lede_index_report report = {0};
    const lede_segment *segment;
    volatile int stop = 0;
    steps s = {0};
    lede_watch watch = {.ctx = &s, .step = on_step, .stop = &stop};
    lede_run run;

    (void)state;
    make_folder(folder);
    assert_ok(index_observed(archive, folder, &seen));
    assert_ok(lede_index_compact(archive, NULL, &err));
    assert_ok(lede_run_open(archive, &none, &report, &run, &err));
    assert_int_equal(lede_snapshot_segment_count(run.snapshot), 1);
    segment = lede_snapshot_segment(run.snapshot, 0);
    assert_ok(lede_run_rewrite_segment(&run, segment, &watch, &err));
    assert_true(s.calls > 2 * (uint64_t)lede_segment_live(segment));
    assert_int_equal(s.done, s.all);
    assert_ok(lede_run_refresh(&run, &err));
    stop = 1;
    assert_status(
        lede_run_rewrite_segment(&run, lede_snapshot_segment(run.snapshot, 0),
                                 &watch, &err),
        LEDE_INTERRUPTED);
    lede_run_close(&run);
    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_archive_close(archive);
    folder_remove(archive_folder);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_progress__a_stop_in_any_phase_loses_nothing),
        cmocka_unit_test(test_progress__a_stop_in_the_last_merge_is_told),
        cmocka_unit_test(test_progress__a_stop_leaves_compacting_undone),
        cmocka_unit_test(test_progress__merging_counts_its_steps),
        cmocka_unit_test(test_progress__rewriting_counts_its_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
