/* The two engines against each other: what one matches, the other does, in the
 * same order by date, with the same places; on one database, and on three,
 * behind servers where there are any. Each is the other's oracle.
 * LEDE_TEST_LONG=1 asks 10,000 trees. */
#include "tests/support/check.h"

#include "tests/query/xapian_comparing.h"

/* Whether somebody's, or some place's, name is asked for. */
static bool asks_for_names(const lede_tree *tree)
{
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        if (lede_span_starts(tree->leaves[i].terms[0], LEDE_TERM_NAMES)) {
            return true;
        }
    }
    return false;
}

/* How many entries all engines say match. */
static uint64_t compare_tree(world *w, const lede_tree *tree)
{
    lede_match_options options = {
        .recency = below(w, 3) == 0 ? 0 : 0.3,
        .half_life_s = 86400 * (1 + (int64_t)below(w, 20)),
        .origin = lede_snapshot_totals(w->snapshot)->newest_trusted,
        .has_as_of = below(w, 5) == 0,
        .as_of = EPOCH + 86400 * (int64_t)below(w, 40)};
    lede_engine_tree *trees[ENGINES] = {NULL};
    lede_error err = {0};
    uint64_t matches;
    int i;

    for (i = 0; i < ENGINES; i++) {
        assert_ok(
            w->engines[i]->calls->open(w->engines[i], tree, &trees[i], &err));
    }
    compare_by_date(w, tree, trees, options, LEDE_SORT_NEWEST);
    compare_by_date(w, tree, trees, options, LEDE_SORT_OLDEST);
    matches = compare_by_score(w, tree, trees, options);
    compare_pages(w, tree, trees, options);
    compare_folds(w, tree, trees, options);
    compare_tallies(w, tree, trees, &options);
    for (i = 0; i < ENGINES; i++) {
        w->engines[i]->calls->close_tree(trees[i]);
    }
    return matches;
}

static void test_xapian__random_trees_match_the_same(void **state)
{
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    uint64_t worlds = is_long ? 20 : 3;
    uint32_t trees = is_long ? 500 : 120, i;
    uint64_t seed, agreed = 0, with_names = 0, matches = 0;

    (void)state;
    for (seed = 1; seed <= worlds; seed++) {
        world *w = NULL;

        world_open(&w, seed);
        for (i = 0; i < trees; i++) {
            lede_arena arena = {0};
            lede_tree tree = random_xapian_tree(w, &arena);

            matches += compare_tree(w, &tree);
            with_names += asks_for_names(&tree);
            agreed++;
            lede_arena_done(&arena);
        }
        world_close(w);
    }
    print_message("asked %llu trees (%llu with names) of %d engines: %llu "
                  "agreed, on %llu matches\n",
                  (unsigned long long)(worlds * trees),
                  (unsigned long long)with_names, ENGINES,
                  (unsigned long long)agreed, (unsigned long long)matches);
    assert_int_equal(agreed, worlds * trees);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xapian__random_trees_match_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
