/* The promises of query/likeness.h: entries that share words with the best
 * gain, by words that not all of them have. */
#include "tests/support/check.h"

#include "query/likeness.h"

enum { MOST = 8 };

typedef struct fixture {
    lede_analyzer *analyzer;
    lede_arena arena;
    lede_likeness *likeness;
} fixture;

static fixture f;

static int set_up(void **state)
{
    lede_error err = {0};

    (void)state;
    f = (fixture){0};
    assert_ok(lede_analyzer_new(&f.analyzer, &err));
    f.likeness = lede_likeness_new(MOST, f.analyzer, &f.arena);
    assert_non_null(f.likeness);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lede_arena_done(&f.arena);
    lede_analyzer_free(f.analyzer);
    return 0;
}

static void add(const char *body)
{
    lede_block block = {LEDE_BLOCK_P, lede_span_text(body)};
    lede_entry entry;

    lede_entry_init(&entry);
    entry.body = &block;
    entry.block_count = 1;
    assert_true(lede_likeness_add(f.likeness, &entry, LEDE_LANGUAGE_ENGLISH));
}

static void test_likeness__is_of_words_shared_with_the_best(void **state)
{
    const double shares[] = {1, 0.5, 0.4, 0.3};
    double out[4];

    (void)state;
    add("a volcano with lava and ash");
    add("a volcano with taxes and grain");
    add("a volcano with much lava");
    add("a volcano with trams and a choir");
    assert_true(lede_likeness_find(f.likeness, shares, 1, out));
    assert_float_equal(out[2], 1, 1e-9);
    assert_true(out[1] < out[2] && out[3] < out[2]);
    assert_float_equal(out[0], 0, 1e-9); /* it is compared to no other */
}

static void test_likeness__counts_the_best_by_their_scores(void **state)
{
    const double shares[] = {1, 0.1, 0.1, 0.1};
    double out[4];

    (void)state;
    add("lava ash");
    add("taxes grain");
    add("lava trams");
    add("taxes choir");
    assert_true(lede_likeness_find(f.likeness, shares, 2, out));
    assert_true(out[2] > 10 * out[3] && out[3] > 0);
}

static void test_likeness__what_all_have_says_nothing(void **state)
{
    const double shares[] = {1, 0.9, 0.8};
    double out[3];

    (void)state;
    add("storm coast");
    add("storm coast");
    add("storm coast");
    assert_true(lede_likeness_find(f.likeness, shares, 3, out));
    for (int i = 0; i < 3; i++) {
        assert_float_equal(out[i], 0, 0);
    }
}

static void
test_likeness__damaged_and_empty_entries_are_like_nothing(void **state)
{
    const double shares[] = {1, 0.5, 0.5, 0};
    double out[4];

    (void)state;
    add("lava ash");
    assert_true(lede_likeness_add(f.likeness, NULL, LEDE_LANGUAGE_NONE));
    add("");
    add("lava");
    assert_true(lede_likeness_find(f.likeness, shares, 3, out));
    assert_float_equal(out[1], 0, 0);
    assert_float_equal(out[2], 0, 0);
    assert_float_equal(out[3], 1, 1e-9);
}

static void test_likeness__reads_no_more_than_was_said(void **state)
{
    lede_entry entry;

    (void)state;
    lede_entry_init(&entry);
    for (int i = 0; i < MOST; i++) {
        assert_true(
            lede_likeness_add(f.likeness, &entry, LEDE_LANGUAGE_ENGLISH));
    }
    assert_false(lede_likeness_add(f.likeness, &entry, LEDE_LANGUAGE_ENGLISH));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_likeness__is_of_words_shared_with_the_best),
        TEST(test_likeness__counts_the_best_by_their_scores),
        TEST(test_likeness__what_all_have_says_nothing),
        TEST(test_likeness__damaged_and_empty_entries_are_like_nothing),
        TEST(test_likeness__reads_no_more_than_was_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
