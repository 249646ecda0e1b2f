/* The two engines against each other: what one matches, the other does, in the
 * same order by date, with the same places; on one database, and on three,
 * behind servers where there are any. Each is the other's oracle.
 * LEDE_TEST_LONG=1 asks 10,000 trees, of twenty worlds; LEDE_TEST_TREE=SEED
 * those of one world, LEDE_TEST_TREE=SEED:NUMBER one of them. */
#include "tests/support/check.h"

#include "base/entry_values.h"
#include "indexer/name_terms.h"
#include "query/xapian_tree.h"
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

/* Each tree has a chance of its own, so that it can be asked by itself. */
static void begin_tree(world *w, uint64_t seed, uint32_t number)
{
    snprintf(w->at, sizeof w->at, "%llu:%u", (unsigned long long)seed, number);
    w->state = seed << 32 | number;
    random_next(&w->state);
}

static void test_xapian__random_trees_match_the_same(void **state)
{
    bool is_long = getenv("LEDE_TEST_LONG") != NULL;
    uint64_t worlds = is_long ? 20 : 3;
    uint32_t from = 0, trees = is_long ? 500 : 120, i;
    const char *only = getenv("LEDE_TEST_TREE");
    char *rest = NULL;
    uint64_t first = 1, seed, agreed = 0, with_names = 0, matches = 0;

    (void)state;
    if (only != NULL) {
        worlds = first = strtoull(only, &rest, 10);
        if (*rest == ':') {
            from = (uint32_t)strtoul(rest + 1, NULL, 10);
            trees = from + 1;
        }
    }
    for (seed = first; seed <= worlds; seed++) {
        world *w = NULL;

        world_open(&w, seed);
        for (i = from; i < trees; i++) {
            lede_arena arena = {0};
            lede_tree tree;

            begin_tree(w, seed, i);
            tree = random_xapian_tree(w, &arena);
            matches += compare_tree(w, &tree);
            with_names += asks_for_names(&tree);
            agreed++;
            lede_arena_done(&arena);
        }
        world_close(w);
    }
    print_message("asked %llu trees (%llu with names) of %d engines: %llu "
                  "agreed, on %llu matches\n",
                  (unsigned long long)((worlds - first + 1) * (trees - from)),
                  (unsigned long long)with_names, ENGINES,
                  (unsigned long long)agreed, (unsigned long long)matches);
}

/* --- Values --------------------------------------------------------------- */

enum { EACH_MOST = 4 };

typedef struct valued {
    world *w;
    uint32_t authors, labels, dates, people, places;
} valued;

/* The value, and not two words near each other: which only the entry says. */
static void compare_valued(world *w, const char *prefix, lede_span value)
{
    lede_buf term = {0};
    lede_span words[2] = {lede_span_text("storm"), lede_span_text("us")};
    lede_leaf leaves[3] = {{.boost = 1, .term_count = 1},
                           {.boost = 1, .term_count = 1, .terms = &words[0]},
                           {.boost = 1, .term_count = 1, .terms = &words[1]}};
    lede_node nodes[5] = {{.type = LEDE_NODE_TERM},
                          {.type = LEDE_NODE_WORD, .leaf = 1},
                          {.type = LEDE_NODE_WORD, .leaf = 2},
                          {.type = LEDE_NODE_NEAR, .child_count = 2},
                          {.type = LEDE_NODE_NOT, .child_count = 1}};
    lede_node *near[2] = {&nodes[1], &nodes[2]}, *not [1] = {&nodes[3]};
    lede_node *both[2] = {&nodes[0], &nodes[4]};
    lede_node root = {
        .type = LEDE_NODE_GROUP, .need = 2, .child_count = 2, .children = both};
    lede_tree tree = {.root = &root, .leaves = leaves, .leaf_count = 3};
    lede_span whole;

    lede_buf_put_text(&term, prefix);
    lede_buf_put_span(&term, value);
    whole = lede_buf_span(&term);
    leaves[0].terms = &whole;
    for (int i = 0; i < 3; i++) {
        leaves[i].word = leaves[i].typed = leaves[i].terms[0];
    }
    for (int i = 0; i < 5; i++) {
        nodes[i].constraint.fields = LEDE_ALL_FIELDS;
    }
    nodes[3].children = near;
    nodes[3].near.distance = 3;
    nodes[4].children = not ;
    compare_tree(w, &tree);
    lede_buf_done(&term);
}

static bool compare_value(void *ctx, const char *prefix, lede_span value)
{
    valued *v = ctx;
    uint32_t *count = strcmp(prefix, LEDE_TERM_AUTHOR) == 0  ? &v->authors
                      : strcmp(prefix, LEDE_TERM_LABEL) == 0 ? &v->labels
                                                             : &v->dates;

    if ((*count)++ < EACH_MOST) {
        compare_valued(v->w, prefix, value);
    }
    return true;
}

static bool compare_whole_name(void *ctx, const lede_name_term *named)
{
    valued *v = ctx;
    uint32_t *count = named->space == LEDE_NAME_SPACE_PERSON_WHOLE  ? &v->people
                      : named->space == LEDE_NAME_SPACE_PLACE_WHOLE ? &v->places
                                                                    : NULL;

    if (count != NULL && (*count)++ < EACH_MOST) {
        compare_valued(v->w, lede_name_space_prefix(named->space),
                       named->token.word);
    }
    return true;
}

static void test_xapian__values_are_looked_for_in_entries(void **state)
{
    valued v = {.authors = 0};

    (void)state;
    world_open(&v.w, 1);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        lede_entry_values(&v.w->entries[i], compare_value, &v);
        assert_true(lede_name_terms_each(v.w->names[i], v.w->analyzer,
                                         compare_whole_name, &v));
    }
    assert_true(v.authors >= EACH_MOST && v.labels >= EACH_MOST &&
                v.dates >= EACH_MOST && v.people >= EACH_MOST &&
                v.places >= EACH_MOST);
    world_close(v.w);
}

/* --- Size ----------------------------------------------------------------- */

/* "At least half of these", of which each is the same again: written out it
 * has a million terms, more than servers ought to be sent. */
static void test_xapian__nested_counts_are_not_written_out(void **state)
{
    enum { LEVELS = 5, EACH = 8 };
    lede_span words[EACH];
    lede_leaf leaves[EACH];
    lede_node nodes[LEVELS][EACH];
    lede_node *children[LEVELS][EACH];
    lede_tree tree = {.leaves = leaves, .leaf_count = EACH};
    lede_match_options options = {.k = 10};
    lede_xapian_queries *queries = NULL;
    lede_xapian_plan plan;
    lede_arena arena = {0};
    lede_error err = {0};
    world *w = NULL;

    (void)state;
    memset(nodes, 0, sizeof nodes);
    memset(leaves, 0, sizeof leaves);
    for (uint32_t i = 0; i < EACH; i++) {
        words[i] = lede_span_text(world_words[i]);
        leaves[i] = (lede_leaf){.word = words[i],
                                .typed = words[i],
                                .terms = &words[i],
                                .term_count = 1,
                                .boost = 1};
        for (uint32_t level = 0; level < LEVELS; level++) {
            lede_node *node = &nodes[level][i];

            children[level][i] = node;
            node->type = level == 0 ? LEDE_NODE_WORD : LEDE_NODE_GROUP;
            node->leaf = i;
            node->constraint.fields = LEDE_ALL_FIELDS;
            if (level > 0) {
                node->children = children[level - 1];
                node->child_count = EACH;
                node->need = EACH / 2;
            }
        }
    }
    tree.root = &nodes[LEVELS - 1][0];
    assert_ok(lede_xapian_queries_new(&queries, &err));
    assert_ok(lede_xapian_plan_make(queries, &tree, &options, true, &arena,
                                    &plan, &err));
    assert_in_range(lede_xapian_query_leaves(queries, plan.match.most), 1,
                    100000);
    assert_in_range(lede_xapian_query_leaves(queries, plan.match.least), 0,
                    100000);
    lede_xapian_queries_free(queries);
    lede_arena_done(&arena);
    world_open(&w, 1);
    tree.root = &nodes[2][0];
    assert_true(compare_tree(w, &tree) > 0);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xapian__values_are_looked_for_in_entries),
        cmocka_unit_test(test_xapian__nested_counts_are_not_written_out),
        cmocka_unit_test(test_xapian__random_trees_match_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
