#include "indexer/merge.h"

#include "indexer/indexer.h"
#include "indexer/merge_policy.h"
#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

static lede_error err;

/* --- The policy ------------------------------------------------------------
 */

/* Adds segments of `batch` entries, one after another in time, merging as the
 * policy says; gives back how many segments there are and were at most, and how
 * often each entry was written. */
typedef struct growth {
    uint32_t segments, most_segments;
    double written;
} growth;

static void merge_as_told(lede_merge_candidate *all, uint32_t *count,
                          uint32_t fan, uint64_t *written)
{
    const lede_merge_limits most = {LEDE_SEGMENT_FULL_ENTRIES,
                                    LEDE_SEGMENT_FULL_BYTES};
    uint32_t chosen[LEDE_MERGE_MOST], n, i, j;

    while ((n = lede_merge_choose(all, *count, &most, fan, chosen)) > 0) {
        lede_merge_candidate merged = all[chosen[0]];

        for (i = 1; i < n; i++) {
            const lede_merge_candidate *s = &all[chosen[i]];

            merged.live += s->live;
            merged.newest =
                s->newest > merged.newest ? s->newest : merged.newest;
            merged.oldest =
                s->oldest < merged.oldest ? s->oldest : merged.oldest;
        }
        *written += merged.live;
        all[chosen[0]] = merged;
        for (i = 0, j = 0; i < *count; i++) {
            bool is_gone = false;
            uint32_t k;

            for (k = 1; k < n; k++) {
                is_gone = is_gone || chosen[k] == i;
            }
            if (!is_gone) {
                all[j++] = all[i];
            }
        }
        *count = j;
    }
}

/* `per_run` batches are of one run. */
static growth grow(uint32_t batch, uint32_t batches, uint32_t per_run)
{
    static lede_merge_candidate all[300];
    growth g = {0};
    uint64_t written = 0, entries = 0;
    uint32_t count = 0, i;

    for (i = 0; i < batches; i++) {
        lede_merge_candidate s = {.live = batch,
                                  .newest = (int64_t)i * 1000 + 999,
                                  .oldest = (int64_t)i * 1000};

        memmove(all + 1, all, count * sizeof all[0]); /* the newest first */
        all[0] = s;
        count++;
        written += batch;
        entries += batch;
        merge_as_told(all, &count, LEDE_MERGE_FAN_READING, &written);
        if (i % per_run == per_run - 1) {
            merge_as_told(all, &count, LEDE_MERGE_FAN, &written);
        }
        g.most_segments = count > g.most_segments ? count : g.most_segments;
    }
    g.segments = count;
    g.written = (double)written / (double)entries;
    return g;
}

static void test_merge__keeps_segments_few_and_writes_little(void **state)
{
    growth g;

    (void)state;
    g = grow(75000, 3, 1);
    assert_int_equal(g.segments, 3);
    assert_true(g.written == 1);
    g = grow(75000, 16, 1);
    print_message("16 batches of 75,000: %u segments, written %.2f times\n",
                  g.most_segments, g.written);
    assert_true(g.most_segments <= 6 && g.written <= 3);
    g = grow(75000, 16, 16);
    print_message("in one run: %u segments, then %u, written %.2f times\n",
                  g.most_segments, g.segments, g.written);
    assert_true(g.most_segments <= 16 && g.segments == 1 && g.written <= 2);
    g = grow(75000, 133, 1);
    print_message("10 million: %u segments, written %.2f times\n",
                  g.most_segments, g.written);
    assert_true(g.most_segments <= 13 && g.written <= 3);
    g = grow(75000, 133, 133);
    print_message("10 million in one run: %u segments, then %u, written %.2f "
                  "times\n",
                  g.most_segments, g.segments, g.written);
    assert_true(g.most_segments <= 24 && g.segments <= 13 && g.written <= 2.5);
    g = grow(100, 36500, 1);
    print_message("a hundred a day for a century: %u segments, written %.2f "
                  "times\n",
                  g.most_segments, g.written);
    assert_true(g.most_segments <= 24 && g.written <= 10);
}

static void test_merge__chooses_neighbours_in_time(void **state)
{
    /* five of a tier: two of them far from the others */
    lede_merge_candidate all[] = {
        {.live = 500, .newest = 100000, .oldest = 90000},
        {.live = 500, .newest = 950, .oldest = 0},
        {.live = 500, .newest = 900, .oldest = 0},
        {.live = 500, .newest = 850, .oldest = 0},
        {.live = 500, .newest = 800, .oldest = 0},
    };
    lede_merge_limits most = {2000, 100};
    uint32_t chosen[LEDE_MERGE_MOST];

    (void)state;
    assert_int_equal(lede_merge_choose(all, 5, &most, 4, chosen), 4);
    assert_int_equal(chosen[0], 1);
    assert_int_equal(lede_merge_choose(all, 3, &most, 4, chosen), 0);
    all[2].live = 10;
    all[2].deleted = 11;
    assert_int_equal(lede_merge_choose(all, 3, &most, 4, chosen), 1);
    assert_int_equal(chosen[0], 2);
}

/* Segments of which four are too large together go by threes and twos. */
static void test_merge__keeps_below_the_limits(void **state)
{
    lede_merge_candidate all[] = {
        {.live = 500, .newest = 950, .oldest = 0, .table_bytes = 30},
        {.live = 500, .newest = 900, .oldest = 0, .table_bytes = 30},
        {.live = 500, .newest = 850, .oldest = 0, .table_bytes = 30},
        {.live = 500, .newest = 800, .oldest = 0, .table_bytes = 30},
    };
    lede_merge_limits most = {2000, 120};
    uint32_t chosen[LEDE_MERGE_MOST];

    (void)state;
    assert_int_equal(lede_merge_choose(all, 4, &most, 4, chosen), 4);
    most.entries = 1999;
    assert_int_equal(lede_merge_choose(all, 4, &most, 4, chosen), 3);
    most.entries = 1000;
    assert_int_equal(lede_merge_choose(all, 4, &most, 4, chosen), 2);
    most.entries = 999;
    assert_int_equal(lede_merge_choose(all, 4, &most, 4, chosen), 0);
    most = (lede_merge_limits){2000, 119};
    assert_int_equal(lede_merge_choose(all, 4, &most, 4, chosen), 3);
    most.table_bytes = 59;
    assert_int_equal(lede_merge_choose(all, 4, &most, 4, chosen), 0);
}

/* A hundred million entries: full segments are left alone. */
static void test_merge__leaves_full_segments(void **state)
{
    growth g = grow(150000, 667, 1);

    (void)state;
    print_message("100 million: %u segments, written %.2f times\n",
                  g.most_segments, g.written);
    assert_true(g.most_segments <= 60 && g.written <= 3);
    g = grow(150000, 667, 667);
    print_message("in one run: %u segments, then %u, written %.2f times\n",
                  g.most_segments, g.segments, g.written);
    assert_true(g.most_segments <= 68 && g.segments <= 60 && g.written <= 2.5);
}

/* --- Merging -----------------------------------------------------------------
 */

static void index_with(lede_archive *archive, const char *folder,
                       const lede_budget *budget)
{
    lede_index_options options = {.read.now = 1800000000, .prune = true};
    lede_index_report report;

    assert_ok(lede_index_within(archive, &folder, 1, &options, budget, &report,
                                &err));
}

/* Merges all segments of an archive into one, leaving policy aside. */
static void merge_all(lede_archive *archive)
{
    lede_merge_part parts[LEDE_MERGE_MOST];
    uint32_t removed[LEDE_MERGE_MOST], id = 0, i;
    lede_publish change = {
        .added = &id, .added_count = 1, .removed = removed, .now = 1800000000};
    lede_snapshot *snapshot = NULL;
    lede_writer *writer = NULL;

    assert_ok(lede_writer_open(archive, 0, &writer, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    change.removed_count = lede_snapshot_segment_count(snapshot);
    assert_in_range(change.removed_count, 1, LEDE_MERGE_MOST);
    for (i = 0; i < change.removed_count; i++) {
        parts[i] = lede_merge_whole(lede_snapshot_segment(snapshot, i));
        removed[i] = lede_segment_id(parts[i].segment);
    }
    assert_ok(lede_segments_merge(writer, parts, change.removed_count,
                                  LEDE_MAX_FORMS, NULL, &id, &err));
    lede_snapshot_close(snapshot);
    assert_ok(lede_writer_publish(writer, &change, &err));
    lede_writer_close(writer);
}

/* Files one after another, so that segments interleave in time, some entries
 * deleted again: merged is as if indexed in one go. */
static void test_merge__is_as_if_indexed_together(void **state)
{
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 4; seed++) {
        char *folder = folder_new(), *first = folder_new(),
             *second = folder_new(), name[16];
        lede_archive *merged = open_archive(first);
        lede_archive *fresh = open_archive(second);
        lede_budget never = lede_budget_of(0);
        world_random random = {seed};
        lede_buf text = {0};
        uint32_t i;

        never.merge_bytes = 0;
        never.spill_bytes = seed == 1 ? never.spill_bytes : 3000;
        for (i = 0; i < 6; i++) {
            world_articles(&random, 30, &text);
            snprintf(name, sizeof name, "%u", i);
            write_file(in_folder(folder, name), lede_buf_text(&text));
            index_with(merged, folder, &never);
        }
        unlink(in_folder(folder, "1"));
        unlink(in_folder(folder, "4"));
        index_with(merged, folder, &never);
        assert_true(count_segments(merged) > 2);
        merge_all(merged);
        assert_int_equal(count_segments(merged), 1);
        assert_ok(lede_archive_check(merged, NULL, &err));
        index_with(fresh, folder, NULL);
        assert_same_archives(merged, fresh);
        lede_buf_done(&text);
        lede_archive_close(merged);
        lede_archive_close(fresh);
        folder_remove(folder);
        folder_remove(first);
        folder_remove(second);
    }
}

/* Long lists: several blocks, bit sets, chunks of positions. */
static void put_many(lede_buf *text, uint32_t from, uint32_t count)
{
    uint32_t i, j;

    lede_buf_clear(text);
    lede_buf_put_text(text, "LEDEFAKE\nP|plain||form|\n");
    for (i = from; i < from + count; i++) {
        lede_buf_put_format(text, "E||Entry %u|%u|||https://x.org/%u|the", i,
                            1000000000 + i * 60, i);
        for (j = 0; j < 20; j++) {
            lede_buf_put_format(text, " the word%u %s", i % (j + 2),
                                j % 3 == 0 ? "The" : "Runs");
        }
        lede_buf_put_format(text, "|#line=%u\n", i - from + 1);
    }
}

/* `kept` entries of the second segment stay live, and those before them. */
static void join_disjoint_segments(uint32_t kept)
{
    char *folder = folder_new(), *first = folder_new(), *second = folder_new();
    lede_archive *merged = open_archive(first), *fresh = open_archive(second);
    lede_budget never = lede_budget_of(0);
    lede_buf text = {0};
    uint32_t i;

    never.merge_bytes = 0;
    for (i = 0; i < 3; i++) {
        char name[16];

        put_many(&text, i * 700, 700);
        snprintf(name, sizeof name, "%u", i);
        write_file(in_folder(folder, name), lede_buf_text(&text));
        index_with(merged, folder, &never);
    }
    if (kept < 700) {
        put_many(&text, 700, kept);
        write_file(in_folder(folder, "1"), lede_buf_text(&text));
        index_with(merged, folder, &never);
    }
    assert_int_equal(count_segments(merged), 3);
    merge_all(merged);
    assert_ok(lede_archive_check(merged, NULL, &err));
    index_with(fresh, folder, NULL);
    assert_int_equal(count_segments(fresh), 1);
    assert_same_archives(merged, fresh);
    never.segment_entries = 450; /* cuts go through blocks */
    assert_ok(lede_index_compact_within(merged, NULL, &never, &err));
    assert_ok(lede_archive_check(merged, NULL, &err));
    assert_true(count_segments(merged) > 3);
    assert_same_archives(merged, fresh);
    lede_buf_done(&text);
    lede_archive_close(merged);
    lede_archive_close(fresh);
    folder_remove(folder);
    folder_remove(first);
    folder_remove(second);
}

/* Blocks of records are copied where all of them are live and go into the same
 * segment; else they are made anew. */
static void test_merge__joins_disjoint_segments(void **state)
{
    static const uint32_t kept[] = {700, 699, 350, 1};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        join_disjoint_segments(kept[i]);
    }
}

/* --- Limits ------------------------------------------------------------------
 */

/* A folder in which everything is: articles, undated ones too, and live pages.
 */
static void make_world(const char *folder, uint64_t seed)
{
    world_random random = {seed};
    lede_buf text = {0};
    char name[16];
    uint32_t i;

    for (i = 0; i < 12; i++) {
        if (i % 3 == 0) {
            world_live(i, i, &text);
        } else {
            world_articles(&random, 20, &text);
        }
        snprintf(name, sizeof name, "%02u", i);
        write_file(in_folder(folder, name), lede_buf_text(&text));
    }
    lede_buf_done(&text);
}

/* No segment has more than `most` entries; and, if asked for, none is deleted
 * and the segments follow one another in time. */
static void assert_segments(lede_archive *archive, uint32_t most,
                            bool are_compact)
{
    lede_snapshot *snapshot = NULL;
    int64_t oldest = INT64_MAX;
    uint32_t i;

    assert_ok(lede_archive_check(archive, NULL, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        uint32_t dated = lede_segment_dated(segment);
        lede_column times;

        assert_true(lede_segment_entries(segment) <= most);
        if (!are_compact) {
            continue;
        }
        assert_int_equal(lede_segment_live(segment),
                         lede_segment_entries(segment));
        assert_ok(lede_segment_column(segment, LEDE_COLUMN_TIME, &times, &err));
        assert_true(lede_column_get(&times, 0) <= oldest);
        oldest = dated == 0 ? oldest : lede_column_get(&times, dated - 1);
    }
    lede_snapshot_close(snapshot);
}

static uint64_t generation_of(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    uint64_t generation;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    generation = lede_snapshot_totals(snapshot)->generation;
    lede_snapshot_close(snapshot);
    return generation;
}

/* A limit that many runs meet: in batches, in merging and in compacting. */
static void test_merge__caps_every_segment(void **state)
{
    static const uint32_t limits[] = {5, 23, 64};
    uint32_t i;

    (void)state;
    for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char *folder = folder_new(), *first = folder_new(),
             *second = folder_new();
        lede_archive *capped = open_archive(first);
        lede_archive *fresh = open_archive(second);
        lede_budget budget = lede_budget_of(0);
        uint64_t generation, live;

        budget.segment_entries = limits[i];
        make_world(folder, i + 1);
        index_with(capped, folder, &budget);
        assert_segments(capped, limits[i], false);
        budget.spill_bytes = 2000; /* many batches, which overlap in time */
        make_world(folder, i + 100);
        index_with(capped, folder, &budget);
        unlink(in_folder(folder, "04"));
        index_with(capped, folder, &budget);
        assert_segments(capped, limits[i], false);
        live = count_live(capped);
        assert_true(live > 64);
        assert_ok(lede_index_compact_within(capped, NULL, &budget, &err));
        assert_segments(capped, limits[i], true);
        assert_true(count_segments(capped) <= 2 * (live / limits[i] + 1));
        index_with(fresh, folder, NULL);
        assert_same_archives(capped, fresh);
        generation = generation_of(capped);
        assert_ok(lede_index_compact_within(capped, NULL, &budget, &err));
        assert_int_equal(generation_of(capped), generation); /* nothing left */
        assert_ok(lede_index_compact(capped, NULL, &err));
        assert_int_equal(count_segments(capped), 1);
        assert_same_archives(capped, fresh);
        /* And back: one segment that is too large is cut. */
        assert_ok(lede_index_compact_within(capped, NULL, &budget, &err));
        assert_segments(capped, limits[i], true);
        assert_same_archives(capped, fresh);
        lede_archive_close(capped);
        lede_archive_close(fresh);
        folder_remove(folder);
        folder_remove(first);
        folder_remove(second);
    }
}

/* What grows with words and sources has a limit of its own. */
static void test_merge__caps_tables(void **state)
{
    char *folder = folder_new(), *first = folder_new();
    lede_archive *archive = open_archive(first);
    lede_budget budget = lede_budget_of(0);
    lede_snapshot *snapshot = NULL;
    uint32_t segments;

    (void)state;
    make_world(folder, 5);
    budget.spill_bytes = 1000;
    budget.segment_bytes = 700;
    index_with(archive, folder, &budget);
    segments = count_segments(archive);
    assert_true(segments > 2 * LEDE_MERGE_FAN);
    assert_ok(lede_index_compact_within(archive, NULL, &budget, &err));
    assert_ok(lede_archive_check(archive, NULL, &err));
    assert_true(count_segments(archive) > 1);
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (segments = lede_snapshot_segment_count(snapshot); segments-- > 0;) {
        assert_in_range(
            lede_segment_table_bytes(lede_snapshot_segment(snapshot, segments)),
            1, 700);
    }
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    folder_remove(folder);
    folder_remove(first);
}

/* Entries with one word in up to eleven ways, some of them in each. */
static void put_many_forms(uint64_t seed, lede_buf *text)
{
    static const char *const ways[] = {
        "run",   "runs",    "running", "Run",     "Runs",  "Running",
        "RUN",   "RUNS",    "RUNNING", "run-s",   "r-u-n", "the",
        "Ferry", "ferries", "FERRY",   "Ferries", "ferry", "fer-ry",
    };
    world_random random = {seed};
    uint32_t i, j;

    lede_buf_clear(text);
    lede_buf_put_text(text, "LEDEFAKE\nP|plain||form|\n");
    for (i = 0; i < 60; i++) {
        lede_buf_put_format(text, "E||Entry %u|%u|||https://x.org/%u|", i,
                            1600000000 + world_below(&random, 100000), i);
        for (j = world_below(&random, 7); j < 8; j++) {
            lede_buf_put_format(
                text, " %s",
                ways[world_below(&random, sizeof ways / sizeof ways[0])]);
        }
        lede_buf_put_format(text, "|#line=%u\n", i + 1);
    }
}

static bool has_pair_words(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    const lede_pair_words *words = NULL;
    bool has_some = false;
    uint32_t i;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        assert_ok(lede_segment_pair_words(lede_snapshot_segment(snapshot, i),
                                          &words, &err));
        has_some = has_some || words != NULL;
    }
    lede_snapshot_close(snapshot);
    return has_some;
}

/* Terms with more forms than are kept: whichever way the entries came together,
 * the same forms are left; and no pairs, which would say more than they. */
static void test_merge__keeps_the_first_forms(void **state)
{
    uint32_t forms;

    (void)state;
    for (forms = 1; forms <= 9; forms += 2) {
        char *folder = folder_new(), *first = folder_new(),
             *second = folder_new(), *third = folder_new();
        lede_archive *merged = open_archive(first);
        lede_archive *fresh = open_archive(second);
        lede_archive *whole = open_archive(third);
        lede_budget budget = lede_budget_of(0);
        lede_buf clamped = {0}, all = {0}, text = {0};

        make_world(folder, forms);
        put_many_forms(forms, &text);
        write_file(in_folder(folder, "forms"), lede_buf_text(&text));
        budget.pair_tokens = 1;
        index_with(whole, folder, &budget);
        assert_true(has_pair_words(whole));
        budget.term_forms = forms;
        index_with(fresh, folder, &budget);
        budget.spill_bytes = 1500;
        index_with(merged, folder, &budget);
        assert_ok(lede_index_compact_within(merged, NULL, &budget, &err));
        assert_int_equal(count_segments(merged), 1);
        assert_ok(lede_archive_check(merged, NULL, &err));
        assert_same_archives(merged, fresh);
        assert_false(has_pair_words(merged) || has_pair_words(fresh));
        /* It does cut; and merging whole lists is as good. */
        dump_archive(fresh, &clamped);
        dump_archive(whole, &all);
        assert_false(
            lede_span_equal(lede_buf_span(&clamped), lede_buf_span(&all)));
        budget.segment_entries = 30;
        assert_ok(lede_index_compact_within(whole, NULL, &budget, &err));
        assert_ok(lede_archive_check(whole, NULL, &err));
        assert_same_archives(whole, fresh);
        assert_false(has_pair_words(whole));
        lede_buf_done(&text);
        lede_buf_done(&clamped);
        lede_buf_done(&all);
        lede_archive_close(merged);
        lede_archive_close(fresh);
        lede_archive_close(whole);
        folder_remove(folder);
        folder_remove(first);
        folder_remove(second);
        folder_remove(third);
    }
}

/* --- Stopping ----------------------------------------------------------------
 */

static void test_merge__stops_when_told(void **state)
{
    char *folder = folder_new(), *first = folder_new();
    lede_archive *archive = open_archive(first);
    lede_snapshot *snapshot = NULL;
    lede_writer *writer = NULL;
    lede_merge_part part;
    volatile int stop = 1;
    lede_watch watch = {.stop = &stop};
    lede_buf text = {0};
    uint32_t id;

    (void)state;
    put_many(&text, 0, 50);
    write_file(in_folder(folder, "a"), lede_buf_text(&text));
    index_with(archive, folder, NULL);
    assert_ok(lede_writer_open(archive, 0, &writer, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    part = lede_merge_whole(lede_snapshot_segment(snapshot, 0));
    assert_status(lede_segments_merge(writer, &part, 1, LEDE_MAX_FORMS, &watch,
                                      &id, &err),
                  LEDE_INTERRUPTED);
    lede_snapshot_close(snapshot);
    lede_writer_close(writer);
    assert_int_equal(count_live(archive), 50);
    assert_ok(lede_archive_check(archive, NULL, &err));
    lede_buf_done(&text);
    lede_archive_close(archive);
    folder_remove(folder);
    folder_remove(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge__keeps_segments_few_and_writes_little),
        cmocka_unit_test(test_merge__chooses_neighbours_in_time),
        cmocka_unit_test(test_merge__keeps_below_the_limits),
        cmocka_unit_test(test_merge__leaves_full_segments),
        cmocka_unit_test(test_merge__is_as_if_indexed_together),
        cmocka_unit_test(test_merge__joins_disjoint_segments),
        cmocka_unit_test(test_merge__caps_every_segment),
        cmocka_unit_test(test_merge__caps_tables),
        cmocka_unit_test(test_merge__keeps_the_first_forms),
        cmocka_unit_test(test_merge__stops_when_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
