/* What only may match is looked for where it can be, and nothing is missed:
 * query/xapian_tree.h. */
#include "tests/support/check.h"

#include "query/xapian_tree.h"
#include "tests/query/xapian_trees.h"

enum { TREES = 400 };

typedef struct asked {
    lede_xapian *db;
    lede_xapian_queries *queries;
    lede_xapian_plan plan;
    lede_arena arena;
} asked;

static void ask(asked *a, const lede_tree *tree,
                const lede_match_options *options)
{
    lede_error err = {0};

    assert_ok(lede_xapian_queries_new(&a->queries, &err));
    assert_ok(lede_xapian_plan_make(a->queries, tree, options, true, &a->arena,
                                    &a->plan, &err));
}

static void forget(asked *a)
{
    lede_xapian_queries_free(a->queries);
    lede_arena_done(&a->arena);
}

/* Documents of the first that none of the others has. */
static uint32_t count_without(asked *a, const lede_xapian_query *queries,
                              uint32_t count)
{
    lede_xapian_search search = {.counts = true, .by_value = true};
    lede_xapian_found *found = NULL;
    lede_error err = {0};
    uint32_t total;

    search.query =
        lede_xapian_query_join(a->queries, LEDE_XAPIAN_AND_NOT, queries, count);
    assert_ok(lede_xapian_queries_status(a->queries, &err));
    assert_ok(lede_xapian_run(a->db, a->queries, &search, &found, &err));
    total = lede_xapian_found_total(found);
    lede_xapian_found_free(found);
    return total;
}

static void test_xapian_doubt__all_doubts_are_looked_at(void **state)
{
    uint32_t narrower = 0, doubtful = 0;
    lede_error err = {0};
    asked a = {0};
    world *w = NULL;

    (void)state;
    world_open(&w, 3);
    assert_ok(lede_xapian_open(w->one, &a.db, &err));
    for (uint32_t i = 0; i < TREES; i++) {
        lede_arena arena = {0};
        lede_tree tree = random_xapian_tree(w, &arena);
        lede_match_options options = {.k = 10,
                                      .has_as_of = below(w, 3) == 0,
                                      .as_of = EPOCH +
                                               86400 * (int64_t)below(w, 40)};
        const lede_xapian_bounds *match = &a.plan.match;

        ask(&a, &tree, &options);
        if (!match->is_exact) {
            const lede_xapian_query missed[] = {match->most, match->least,
                                                match->doubt};

            doubtful += count_without(&a, missed, 2);
            assert_int_equal(count_without(&a, missed, 3), 0);
            narrower += match->doubt != match->most;
        }
        forget(&a);
        lede_arena_done(&arena);
    }
    assert_true(doubtful > 0 && narrower > 0);
    lede_xapian_close(a.db);
    world_close(w);
}

/* Of a phrase only joined forms are in doubt: no positions are read to find
 * which. */
static void test_xapian_doubt__a_phrase_is_not_asked_for_twice(void **state)
{
    static const char *const text[] = {"storm", "in", "the"};
    lede_span words[3];
    lede_leaf leaves[3];
    lede_slot slots[3];
    lede_node root = {
        .type = LEDE_NODE_PHRASE, .slots = slots, .slot_count = 3};
    lede_tree tree = {.root = &root, .leaves = leaves, .leaf_count = 3};
    lede_match_options options = {.k = 10};
    asked a = {0};
    uint64_t most, least, doubt;

    (void)state;
    memset(slots, 0, sizeof slots);
    for (uint32_t i = 0; i < 3; i++) {
        words[i] = lede_span_text(text[i]);
        leaves[i] = (lede_leaf){.word = words[i],
                                .typed = words[i],
                                .terms = &words[i],
                                .term_count = 1,
                                .boost = 1};
        slots[i].leaf = i;
        slots[i].constraint.fields = LEDE_ALL_FIELDS;
    }
    ask(&a, &tree, &options);
    most = lede_xapian_query_leaves(a.queries, a.plan.match.most);
    least = lede_xapian_query_leaves(a.queries, a.plan.match.least);
    doubt = lede_xapian_query_leaves(a.queries, a.plan.match.doubt);
    assert_true(a.plan.has_phrases && !a.plan.match.is_exact);
    assert_int_equal(most, least + doubt);
    forget(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xapian_doubt__all_doubts_are_looked_at),
        cmocka_unit_test(test_xapian_doubt__a_phrase_is_not_asked_for_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
