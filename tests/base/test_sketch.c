/* The promises of base/sketch.h: equal bodies have equal sketches, short ones
 * none, and the share of equal bytes follows the share of common runs. */
#include "tests/support/check.h"

#include "base/hash.h"
#include "base/sketch.h"

/* A body of words numbered from `first`. */
static lede_sketch sketch_of(uint32_t first, uint32_t count)
{
    lede_sketch_builder builder;
    char word[16];
    uint32_t i;

    lede_sketch_begin(&builder);
    for (i = first; i < first + count; i++) {
        snprintf(word, sizeof word, "w%u", i);
        lede_sketch_add(&builder, lede_span_text(word));
    }
    return lede_sketch_end(&builder);
}

static void test_sketch__short_bodies_have_none(void **state)
{
    lede_sketch a = sketch_of(0, LEDE_SKETCH_LEAST_WORDS - 1);
    lede_sketch b = sketch_of(0, LEDE_SKETCH_LEAST_WORDS);

    (void)state;
    assert_true(lede_sketch_is_none(a.bytes));
    assert_false(lede_sketch_is_none(b.bytes));
    assert_false(lede_sketch_are_copies(a.bytes, a.bytes));
    assert_true(lede_sketch_are_copies(b.bytes, b.bytes));
}

static void
test_sketch__equal_bodies_are_copies_and_others_are_not(void **state)
{
    uint32_t i;

    (void)state;
    for (i = 0; i < 2000; i++) {
        uint32_t words = LEDE_SKETCH_LEAST_WORDS + i % 700;
        lede_sketch a = sketch_of(i * 1000, words);
        lede_sketch b = sketch_of(i * 1000, words);
        lede_sketch c = sketch_of((i + 1) * 1000, words);

        assert_memory_equal(a.bytes, b.bytes, sizeof a.bytes);
        assert_true(lede_sketch_are_copies(a.bytes, b.bytes));
        assert_false(lede_sketch_are_copies(a.bytes, c.bytes));
    }
}

/* Vectors or not, the least of each bin is the same; some bins stay empty. */
static void test_sketch__runs_are_taken_as_one_by_one(void **state)
{
    uint64_t runs[100], random = 1;
    uint32_t count, i;

    (void)state;
    for (count = 0; count < 100; count++) {
        uint32_t least[LEDE_SKETCH_BYTES], other[LEDE_SKETCH_BYTES];

        for (i = 0; i < count; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            runs[i] = random ^ random >> 29;
        }
        memset(least, 0xFF, sizeof least);
        lede_sketch_take_runs_scalar(least, runs, count / 2);
        memcpy(other, least, sizeof other);
        lede_sketch_take_runs(least, runs + count / 2, count - count / 2);
        lede_sketch_take_runs_scalar(other, runs + count / 2,
                                     count - count / 2);
        assert_memory_equal(least, other, sizeof least);
    }
}

/* One word is the same run over and over: one least hash for all bins. */
static void test_sketch__one_run_fills_all_bins(void **state)
{
    lede_sketch_builder builder;
    lede_sketch sketch;
    uint32_t i;

    (void)state;
    lede_sketch_begin(&builder);
    for (i = 0; i < 50; i++) {
        lede_sketch_add(&builder, lede_span_text("again"));
    }
    sketch = lede_sketch_end(&builder);
    assert_false(lede_sketch_is_none(sketch.bytes));
    assert_true(lede_sketch_are_copies(sketch.bytes, sketch.bytes));
}

/* Bodies that share a known part of their runs: the mean of the equal bytes is
 * that part, within a few hundredths, for short and long ones. */
static void test_sketch__equal_bytes_estimate_the_share(void **state)
{
    static const uint32_t sizes[] = {30, 60, 200, 1500};
    unsigned s, tenths;

    (void)state;
    for (s = 0; s < 4; s++) {
        for (tenths = 1; tenths < 10; tenths++) {
            uint32_t words = sizes[s], i, equal = 0;
            uint32_t moved = words * tenths / 10;
            double runs = words - 2.0;
            double common = runs - moved > 0 ? runs - moved : 0;
            double share = common / (2 * runs - common), mean;

            for (i = 0; i < 400; i++) {
                uint32_t first = (i + 1) * 10000;
                lede_sketch a = sketch_of(first, words);
                lede_sketch b = sketch_of(first + moved, words);

                equal += lede_sketch_equal_bytes(a.bytes, b.bytes);
            }
            mean = equal / 400.0 / LEDE_SKETCH_BYTES;
            assert_true(mean > share - 0.03 && mean < share + 0.03);
        }
    }
}

/* Sketches are on disk: they never change. */
static void test_sketch__bytes_are_for_ever(void **state)
{
    lede_sketch a = sketch_of(0, 100);
    lede_sketch b = sketch_of(0, 20);

    (void)state;
    assert_int_equal(lede_hash64(lede_span_of(a.bytes, sizeof a.bytes)),
                     0xa4e2da8dcafd4845u);
    assert_int_equal(lede_hash64(lede_span_of(b.bytes, sizeof b.bytes)),
                     0xbd01d2cb51357ce3u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sketch__short_bodies_have_none),
        cmocka_unit_test(
            test_sketch__equal_bodies_are_copies_and_others_are_not),
        cmocka_unit_test(test_sketch__runs_are_taken_as_one_by_one),
        cmocka_unit_test(test_sketch__one_run_fills_all_bins),
        cmocka_unit_test(test_sketch__equal_bytes_estimate_the_share),
        cmocka_unit_test(test_sketch__bytes_are_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
