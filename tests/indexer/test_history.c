/* Random histories of a folder, indexed step by step in small batches, against
 * an archive made of the folder as it is, in one go: the same entries, terms
 * and postings. And these against the words of the entries themselves. */
#include "indexer/indexer.h"
#include "indexer/run.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/plain.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

static lede_error err;

typedef struct history {
    char *folder, *archive_folder, *away;
    lede_archive *archive;
    world_random random;
    bool exists[40];
    uint32_t reads;
} history;

static void index_into(lede_archive *archive, const char *folder, bool prune,
                       const lede_budget *budget)
{
    lede_index_options options = {.read.now = 1800000000, .prune = prune};
    lede_index_report report;

    assert_ok(lede_index_within(archive, &folder, 1, &options, budget, &report,
                                &err));
}

static const char *name_of(uint32_t number, char name[32])
{
    /* Names in another order than that of the saves. */
    snprintf(name, 32, "%02u-%u.txt", number * 17 % 40, number);
    return name;
}

/* Writes, changes or removes one file. Files of live pages are not changed:
 * what they showed once would stay, which a fresh archive cannot know. */
static void change_file(history *h, uint32_t number)
{
    char name[32];
    const char *path = in_folder(h->folder, name_of(number, name));
    lede_buf text = {0};

    if (h->exists[number] && (number < 20 || world_below(&h->random, 3) == 0)) {
        unlink(path);
        h->exists[number] = false;
        return;
    }
    if (number < 20) {
        world_live(100 + number % 4, number / 4, &text);
    } else {
        world_articles(&h->random, 1 + world_below(&h->random, 25), &text);
    }
    write_file(path, lede_buf_text(&text));
    set_time(path, 1000000000 + (long)h->reads++);
    h->exists[number] = true;
    lede_buf_done(&text);
}

/* Takes some files out of sight, or puts them all back as they were. */
static void move_files(history *h, bool back)
{
    uint32_t number;
    char name[32];

    for (number = 0; number < 40; number++) {
        const char *here = in_folder(h->folder, name_of(number, name));
        const char *away = in_folder(h->away, name);

        if (back) {
            (void)rename(away, here);
        } else if (h->exists[number] && world_below(&h->random, 3) == 0) {
            assert_int_equal(rename(here, away), 0);
        }
    }
}

/* Files are changed while others, whose texts may be wanted just then, are not
 * there: when these come back, what they say is not lost. */
static void live_without_some(history *h, const lede_budget *budget)
{
    uint32_t changes = 1 + world_below(&h->random, 8), i;

    move_files(h, false);
    for (i = 0; i < changes; i++) {
        uint32_t number = world_below(&h->random, 40);
        char name[32];

        if (access(in_folder(h->away, name_of(number, name)), F_OK) != 0) {
            change_file(h, number);
        }
    }
    index_into(h->archive, h->folder, false, budget);
    assert_ok(lede_archive_check(h->archive, NULL, &err));
    move_files(h, true);
}

static void compare_with_fresh(history *h)
{
    char *folder = folder_new();
    lede_archive *fresh = open_archive(folder);

    index_into(fresh, h->folder, false, NULL);
    assert_same_archives(h->archive, fresh);
    lede_archive_close(fresh);
    folder_remove(folder);
}

/* Whether there are pair words: if so, all segments have the same, even those
 * that were written before there were enough entries to choose from. */
static bool assert_pairs_everywhere(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    const lede_pair_words *first = NULL;
    uint32_t i;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_pair_words *words = NULL;

        assert_ok(lede_segment_pair_words(lede_snapshot_segment(snapshot, i),
                                          &words, &err));
        first = i == 0 ? words : first;
        assert_true((words == NULL) == (first == NULL));
        assert_true(words == NULL ||
                    lede_span_equal(words->bytes, first->bytes));
    }
    lede_snapshot_close(snapshot);
    return first != NULL;
}

static bool live_through(uint64_t seed, unsigned steps, bool hides)
{
    history h = {.random = {seed}};
    lede_budget small = lede_budget_of(0);
    bool has_pairs = false;
    unsigned step, i;

    small.pair_words = 5 + world_below(&h.random, 20);
    small.pair_tokens = 1 + world_below(&h.random, 6000);
    h.folder = folder_new();
    h.away = folder_new();
    h.archive_folder = folder_new();
    h.archive = open_archive(h.archive_folder);
    for (step = 0; step < steps; step++) {
        uint32_t changes = 1 + world_below(&h.random, 8);

        for (i = 0; i < changes; i++) {
            change_file(&h, world_below(&h.random, 40));
        }
        small.batch_bytes = 1 + world_below(&h.random, 200000);
        small.accumulator_bytes = 1 + world_below(&h.random, 2000000);
        small.spill_bytes = 1 + world_below(&h.random, 20000);
        if (hides && step > 0) {
            live_without_some(&h, &small);
        }
        index_into(h.archive, h.folder, true, &small);
        assert_ok(lede_archive_check(h.archive, NULL, &err));
        compare_with_fresh(&h);
        assert_plain(h.archive);
        has_pairs = has_pairs || assert_pairs_everywhere(h.archive);
    }
    assert_ok(lede_index_compact(h.archive, NULL, &err));
    assert_in_range(count_segments(h.archive), 0, 1);
    assert_ok(lede_archive_check(h.archive, NULL, &err));
    compare_with_fresh(&h);
    assert_ok(lede_index_upgrade(
        h.archive, &(lede_index_options){.read.now = 1800000000}, &err));
    assert_ok(lede_archive_check(h.archive, NULL, &err));
    compare_with_fresh(&h);
    assert_plain(h.archive);
    assert_true(assert_pairs_everywhere(h.archive) == has_pairs);
    lede_archive_close(h.archive);
    folder_remove(h.archive_folder);
    folder_remove(h.folder);
    folder_remove(h.away);
    return has_pairs;
}

static void test_history__ends_where_a_fresh_archive_begins(void **state)
{
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    uint64_t seed, first = 1;
    unsigned with_pairs = 0;

    (void)state;
    if (getenv("LEDE_TEST_SEED") != NULL) {
        first = strtoull(getenv("LEDE_TEST_SEED"), NULL, 10);
    }
    for (seed = first; seed < first + (is_long ? 600 : 8); seed++) {
        print_message("seed %u\n", (unsigned)seed);
        with_pairs += live_through(seed, 5, seed % 2 == 0);
    }
    assert_true(with_pairs > 0);
}

/* Batches that are all too small to choose pair words from: once there are
 * enough entries together, old segments get their pairs too. */
static void test_history__small_steps_come_to_pairs(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive = open_archive(archive_folder);
    lede_budget budget = lede_budget_of(0);
    unsigned step, with_pairs = 0;

    (void)state;
    budget.pair_tokens = 1200;
    for (step = 0; step < 8; step++) {
        lede_buf text = {0};
        char name[16];

        snprintf(name, sizeof name, "%u.txt", step);
        world_live(100 + 7 * step, 3, &text); /* some 300 words */
        write_file(in_folder(folder, name), lede_buf_text(&text));
        lede_buf_done(&text);
        index_into(archive, folder, false, &budget);
        assert_ok(lede_archive_check(archive, NULL, &err));
        assert_plain(archive);
        with_pairs += assert_pairs_everywhere(archive);
        assert_true(step > 0 || with_pairs == 0);
    }
    assert_in_range(with_pairs, 2, 6);
    lede_archive_close(archive);
    folder_remove(archive_folder);
    folder_remove(folder);
}

/* Pages where everything comes at once, in one batch and in many, in one order
 * and bit by bit. */
static void read_in_batches(uint64_t seed)
{
    world_random random = {seed};
    uint32_t files = 2 + world_below(&random, 30);
    uint32_t pages = 1 + world_below(&random, 5), i;
    char *folder = folder_new(), *at_once_folder = folder_new();
    char *bit_by_bit_folder = folder_new();
    lede_archive *at_once = open_archive(at_once_folder);
    lede_archive *bit_by_bit = open_archive(bit_by_bit_folder);
    lede_budget small = lede_budget_of(0);
    lede_buf text = {0};
    char name[32];

    small.batch_bytes = 20000;
    small.spill_bytes = 1 + world_below(&random, 8000);
    for (i = 0; i < files; i++) {
        snprintf(name, sizeof name, "%03u.txt", i * 17 % 31);
        if (world_below(&random, 6) == 0) {
            world_articles(&random, 10, &text);
        } else {
            world_busy_live(&random, 1 + world_below(&random, pages), &text);
        }
        write_file(in_folder(folder, name), lede_buf_text(&text));
        if (world_below(&random, 8) == 0) {
            index_into(bit_by_bit, folder, false, &small);
        }
    }
    index_into(at_once, folder, false, NULL);
    index_into(bit_by_bit, folder, false, &small);
    assert_ok(lede_archive_check(bit_by_bit, NULL, &err));
    assert_same_archives(at_once, bit_by_bit);
    /* Some go again. */
    for (i = 0; i < files; i += 1 + world_below(&random, 4)) {
        snprintf(name, sizeof name, "%03u.txt", i * 17 % 31);
        unlink(in_folder(folder, name));
    }
    index_into(bit_by_bit, folder, true, &small);
    lede_archive_close(at_once);
    folder_remove(at_once_folder);
    at_once_folder = folder_new();
    at_once = open_archive(at_once_folder);
    index_into(at_once, folder, false, NULL);
    assert_same_archives(at_once, bit_by_bit);
    lede_buf_done(&text);
    lede_archive_close(at_once);
    lede_archive_close(bit_by_bit);
    folder_remove(at_once_folder);
    folder_remove(bit_by_bit_folder);
    folder_remove(folder);
}

static void test_history__does_not_depend_on_batches(void **state)
{
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    uint64_t seed, first = 1;

    (void)state;
    if (getenv("LEDE_TEST_SEED") != NULL) {
        first = strtoull(getenv("LEDE_TEST_SEED"), NULL, 10);
    }
    for (seed = first; seed < first + (is_long ? 1000 : 25); seed++) {
        print_message("seed %u\n", (unsigned)seed);
        read_in_batches(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history__ends_where_a_fresh_archive_begins),
        cmocka_unit_test(test_history__small_steps_come_to_pairs),
        cmocka_unit_test(test_history__does_not_depend_on_batches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
