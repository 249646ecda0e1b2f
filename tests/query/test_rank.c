/* test_rank.c - parts, recency, kernels, the heap. */
#include "tests/support/check.h"

#include <math.h>

#include "base/time.h"
#include "base/varint.h"
#include "query/match_kernels.h"
#include "query/match_search.h"
#include "query/match_top.h"
#include "query/rank.h"

static uint64_t random_state = 42;

static uint32_t chance(uint32_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % limit);
}

/* --- Parts -----------------------------------------------------------------
 */

static void test_rank__a_part_is_bm25_in_units(void **state)
{
    lede_leaf_statistics statistics = {.entry_count = 10,
                                       .idf = lede_rank_idf(1000, 10),
                                       .average_length = 80};

    (void)state;
    assert_true(fabs(statistics.idf - log(990.5 / 10.5)) < 1e-12);
    for (uint32_t f = 1; f < 60; f++) {
        for (unsigned length = 0; length < 200; length++) {
            double l = lede_length_decode((uint8_t)length);
            double wanted = 2.0 * statistics.idf * 2.2 * (f / 2.0) /
                            (f / 2.0 + 1.2 * (0.25 + 0.75 * l / 80));
            double got =
                lede_score_part(&statistics, 2.0, f, (uint8_t)length) * 0x1p-20;

            assert_true(fabs(got - wanted) < 4e-6);
        }
    }
}

static void test_rank__a_part_never_falls_with_frequency(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 400; round++) {
        float weight = lede_rank_weight((double)chance(20000) / 1000.0,
                                        (double)chance(5000) / 1000.0);
        uint8_t length = (uint8_t)chance(256);
        float norm = lede_rank_norm(1.0 + chance(5000), length);
        float shorter = lede_rank_norm(1.0 + chance(5000), 0);
        uint32_t last = 0;

        shorter = shorter > norm ? shorter : norm;
        for (uint32_t f = 1; f < 70000; f += 1 + f / 64) {
            uint32_t part = lede_rank_part(weight, norm, (float)f);

            assert_true(part >= last);
            assert_true(part <= lede_rank_part(weight, shorter, (float)f));
            last = part;
        }
        assert_true(last <= lede_rank_part(weight, norm, INFINITY));
        assert_true((float)lede_rank_part(weight, norm, INFINITY) <=
                    weight + 1.0f);
    }
}

static void test_rank__no_lesser_frequency_reaches_a_part(void **state)
{
    uint32_t asked = 0, close = 0; /* to the largest such frequency */

    (void)state;
    for (uint32_t round = 0; round < 20000; round++) {
        float weight = lede_rank_weight((double)(1 + chance(20000)) / 1000.0,
                                        (double)(1 + chance(5000)) / 1000.0);
        float norm = lede_rank_norm(1.0 + chance(5000), (uint8_t)chance(256));
        uint32_t frequency = 1 + chance(1u << chance(17));
        uint32_t least = lede_rank_part(weight, norm, (float)frequency) +
                         chance(3) - chance(2);
        uint32_t limit = lede_rank_least_frequency(weight, norm, least);

        assert_true(limit <= LEDE_RANK_MAX_FREQUENCY);
        for (uint32_t i = 1; i <= 40 && i < limit; i++) {
            assert_true(lede_rank_part(weight, norm, (float)(limit - i)) <
                        least);
        }
        asked += frequency > 2 && frequency < 1000;
        close += frequency > 2 && frequency < 1000 &&
                 limit + 2 + frequency / 50 >= frequency;
    }
    assert_true(asked > 1000 && close > asked - asked / 10);
}

static void test_rank__norms_fall_with_length(void **state)
{
    float norms[256];

    (void)state;
    lede_rank_norms(123.4, norms);
    for (unsigned i = 1; i < 256; i++) {
        assert_true(norms[i] <= norms[i - 1]);
        assert_true(norms[i] > 0.0f);
    }
}

static void test_rank__odd_weights_are_tamed(void **state)
{
    lede_leaf_statistics statistics = {.idf = 5.0, .average_length = 0.0};

    (void)state;
    assert_true(lede_rank_weight(5.0, -1.0) == 0.0f);
    assert_true(lede_rank_weight(5.0, (double)NAN) == 0.0f);
    assert_true(lede_rank_weight(5.0, (double)INFINITY) == 0x1p30f);
    assert_true(lede_score_part(&statistics, 1e300, UINT32_MAX, 0) <= 1u << 30);
    assert_int_equal(lede_score_part(&statistics, 0.0, 7, 9), 0);
}

/* --- Recency ---------------------------------------------------------------
 */

static void test_rank__recency_is_bounded_and_halves(void **state)
{
    lede_match_options options = {
        .recency = 0.3, .half_life_s = 100, .origin = 1000};

    (void)state;
    assert_true(lede_recency_factor(&options, true, 1000) == 1.0);
    assert_true(lede_recency_factor(&options, true, 5000) == 1.0);
    assert_true(fabs(lede_recency_factor(&options, true, 900) - 0.85) < 1e-12);
    assert_true(fabs(lede_recency_factor(&options, true, 800) - 0.775) < 1e-12);
    assert_true(lede_recency_factor(&options, false, 1000) == 0.7);
    assert_true(lede_recency_factor(&options, true, LEDE_INSTANT_NONE) == 0.7);
    assert_true(lede_recency_factor(&options, true, INT64_MIN + 1) >= 0.7);
    options.origin = LEDE_INSTANT_NONE;
    assert_true(lede_recency_factor(&options, true, 1000) == 0.7);
    options.recency = 0.0;
    assert_true(lede_recency_factor(&options, false, 0) == 1.0);
}

/* --- Kernels ---------------------------------------------------------------
 */

enum { BLOCKS = 77, VALUES = 531 };

static void test_kernels__bounds_are_the_same_bits(void **state)
{
    uint8_t skip[BLOCKS * (8 + 3 * LEDE_BLOCK_IMPACTS)];
    lede_postings list = {.block_count = BLOCKS, .skip = skip};
    float norms[256];

    (void)state;
    lede_rank_norms(200.0, norms);
    for (unsigned i = 0; i < sizeof skip; i++) {
        skip[i] = chance(4) == 0 ? 0xff : (uint8_t)chance(256);
    }
    for (unsigned which = 1; lede_match_kernels_get(which) != NULL; which++) {
        for (uint32_t from = 0; from < BLOCKS; from++) {
            uint32_t wanted[BLOCKS], got[BLOCKS];
            float weight = lede_rank_weight(chance(20), 1.0);
            uint32_t count = chance(BLOCKS - from + 1);

            lede_match_kernels_get(0)->bounds(weight, norms, &list, from, count,
                                              wanted);
            lede_match_kernels_get(which)->bounds(weight, norms, &list, from,
                                                  count, got);
            assert_memory_equal(got, wanted, count * sizeof *got);
        }
    }
}

static void test_kernels__parts_are_the_same_bits(void **state)
{
    uint8_t lengths[2000];
    uint32_t entries[VALUES], frequencies[VALUES];
    uint32_t wanted[VALUES], got[VALUES];
    float norms[256];

    (void)state;
    lede_rank_norms(90.0, norms);
    for (unsigned i = 0; i < sizeof lengths; i++) {
        lengths[i] = (uint8_t)chance(256);
    }
    for (unsigned round = 0; round < 200; round++) {
        float weight = lede_rank_weight(chance(20000) / 1000.0, 1.0);
        uint32_t count = chance(VALUES + 1);

        for (uint32_t i = 0; i < count; i++) {
            entries[i] = chance(sizeof lengths);
            frequencies[i] = chance(20) == 0 ? UINT32_MAX - chance(9)
                                             : 1 + chance(1u << chance(20));
        }
        lede_match_kernels_get(0)->parts(weight, norms, lengths, entries,
                                         frequencies, count, wanted);
        for (unsigned which = 1; lede_match_kernels_get(which) != NULL;
             which++) {
            lede_match_kernels_get(which)->parts(
                weight, norms, lengths, entries, frequencies, count, got);
            assert_memory_equal(got, wanted, count * sizeof *got);
        }
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(
                wanted[i], lede_rank_part(weight, norms[lengths[entries[i]]],
                                          lede_rank_frequency(frequencies[i])));
        }
    }
}

static uint32_t naive_place(const uint32_t *entries, uint32_t size, uint32_t x)
{
    uint32_t at = 0;

    while (at < size && entries[at] < x) {
        at++;
    }
    return at;
}

static void test_kernels__places_are_where_the_values_stand(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        uint32_t size = 1 + chance(LEDE_BLOCK_POSTINGS);
        uint32_t step = 1 + chance(1u << chance(16));
        uint32_t entries[LEDE_BLOCK_POSTINGS], wanted[VALUES];
        uint16_t places[VALUES];
        uint32_t count = 0;
        uint32_t entry = chance(1000);

        for (uint32_t i = 0; i < LEDE_BLOCK_POSTINGS; i++) {
            entries[i] = i < size ? entry : entry - chance(2 * step);
            entry += i < size ? 1 + chance(step) : 0;
        }
        for (uint32_t at = entries[0] - chance(entries[0] + 1);
             count < VALUES && at <= entries[size - 1];
             at += 1 + chance(step)) {
            wanted[count++] = chance(2) == 0 ? at : entries[chance(size)];
        }
        for (unsigned which = 0; lede_match_kernels_get(which) != NULL;
             which++) {
            lede_match_kernels_get(which)->places(entries, size, wanted, count,
                                                  UINT16_MAX, places);
            for (uint32_t i = 0; i < count; i++) {
                uint32_t at = naive_place(entries, size, wanted[i]);

                assert_int_equal(places[i],
                                 entries[at] == wanted[i] ? at : UINT16_MAX);
            }
        }
    }
}

static void test_search__finds_what_a_walk_finds(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        uint32_t n = chance(120);
        uint32_t values[124];
        uint8_t numbers[4 * 124];
        uint32_t x, from;
        uint32_t value = chance(5);

        for (uint32_t i = 0; i < 124; i++) {
            values[i] = i < n ? value : chance(2) * UINT32_MAX;
            lede_store_u32(numbers + 4 * (size_t)i, values[i]);
            value += 1 + chance(1u << chance(24));
        }
        x = n == 0 || chance(4) == 0 ? value + chance(2)
                                     : values[chance(n)] + chance(2);
        from = chance(n + 1);
        assert_int_equal(lede_match_lower_bound(values, n, x),
                         naive_place(values, n, x));
        assert_int_equal(lede_match_run_end(values, n, x),
                         naive_place(values, n, x + 1));
        assert_int_equal(lede_match_find_last(numbers, from, n, x),
                         from + naive_place(values + from, n - from, x));
    }
}

static void test_kernels__bytes_fold_into_bits(void **state)
{
    enum { WORDS = 9 };

    (void)state;
    for (unsigned round = 0; round < 500; round++) {
        uint8_t bytes[64 * WORDS], copy[64 * WORDS];
        uint64_t words[WORDS], before[WORDS];
        uint32_t count = chance(WORDS + 1);
        uint32_t rarity = 1 + chance(20);

        for (unsigned i = 0; i < sizeof bytes; i++) {
            bytes[i] = chance(rarity) == 0 ? (uint8_t)chance(256) : 0;
        }
        for (unsigned i = 0; i < WORDS; i++) {
            before[i] = (uint64_t)chance(3) << chance(64);
        }
        for (unsigned which = 0; lede_match_kernels_get(which) != NULL;
             which++) {
            const lede_match_kernels *kernels = lede_match_kernels_get(which);
            uint64_t set = 0;

            memcpy(copy, bytes, sizeof copy);
            memcpy(words, before, sizeof words);
            kernels->fold_bytes(copy, 64 * (size_t)count, words);
            for (unsigned i = 0; i < 64 * WORDS; i++) {
                bool is_folded = i < 64 * count;
                bool is_set = (words[i / 64] >> i % 64 & 1) != 0;

                assert_int_equal(is_set, (before[i / 64] >> i % 64 & 1) != 0 ||
                                             (is_folded && bytes[i] != 0));
                assert_int_equal(copy[i], is_folded ? 0 : bytes[i]);
                set += i < 64 * count && is_set;
            }
            assert_int_equal(kernels->count_words(words, count), set);
        }
    }
}

static void test_kernels__filters_and_maxima_agree(void **state)
{
    uint32_t values[VALUES];
    uint8_t bytes[VALUES];

    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        uint32_t count = chance(VALUES + 1);
        uint32_t limit = 1 + chance(0x7fffffff);
        uint32_t least = chance(limit);
        uint32_t most = 0, above = 0;
        uint64_t counted = 0;
        uint8_t need = (uint8_t)(1 + chance(255));

        for (uint32_t i = 0; i < count; i++) {
            values[i] = chance(limit);
            bytes[i] = (uint8_t)chance(256);
            most = values[i] > most ? values[i] : most;
            above += values[i] >= least;
            counted += bytes[i] >= need;
        }
        for (unsigned which = 0; lede_match_kernels_get(which) != NULL;
             which++) {
            const lede_match_kernels *kernels = lede_match_kernels_get(which);
            uint32_t out[VALUES + 16];
            uint32_t found = kernels->filter(values, count, least, out);

            assert_int_equal(found, above);
            for (uint32_t i = 0; i < found; i++) {
                assert_true(values[out[i]] >= least);
                assert_true(i == 0 || out[i] > out[i - 1]);
            }
            assert_int_equal(kernels->largest(values, count), most);
            assert_int_equal(kernels->count_bytes(bytes, count, need), counted);
        }
    }
}

static void test_kernels__ranks_and_places_agree(void **state)
{
    static uint8_t bytes[1024 + 8];
    static uint32_t bits[1024], out[1024 + 16];
    static uint16_t ranks[1024], wanted[1024];

    (void)state;
    for (uint32_t round = 0; round < 300; round++) {
        uint32_t len = 1 + chance(160);
        uint32_t first = chance(5000), every = 1 + chance(40);
        uint32_t count = 0, before = 0, found = 0;
        uint8_t least = (uint8_t)(1 + chance(255));

        for (uint32_t i = 0; i < len; i++) {
            bytes[i] = (uint8_t)chance(256);
        }
        for (uint32_t bit = 0; bit < len * 8; bit++) {
            bool is_set = (bytes[bit / 8] >> bit % 8 & 1) != 0;

            if (count < 1024 && chance(every) == 0) {
                bits[count] = first + bit;
                wanted[count++] =
                    is_set ? (uint16_t)before : (uint16_t)UINT16_MAX;
            }
            before += is_set;
        }
        for (unsigned which = 0; lede_match_kernels_get(which) != NULL;
             which++) {
            const lede_match_kernels *kernels = lede_match_kernels_get(which);

            kernels->ranks(lede_span_of(bytes, len), first, bits, count,
                           UINT16_MAX, ranks);
            assert_memory_equal(ranks, wanted, count * sizeof *ranks);
            found = kernels->filter_bytes(bytes, len, least, first, out);
            for (uint32_t i = 0, at = 0; i < len; i++) {
                if (bytes[i] >= least) {
                    assert_int_equal(out[at++], first + i);
                }
                assert_true(i + 1 < len || at == found);
            }
        }
    }
}

/* --- The heap --------------------------------------------------------------
 */

static void test_top__keeps_the_best_in_order(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 60; round++) {
        uint64_t k = round % 7 == 0 ? UINT64_MAX : 1 + chance(40);
        uint32_t count = chance(300);
        bool oldest_first = round % 2 == 0;
        lede_match_top top, all;

        lede_match_top_init(&top, k, oldest_first);
        lede_match_top_init(&all, UINT64_MAX, oldest_first);
        for (uint32_t i = 0; i < count; i++) {
            lede_match_hit hit = {.score = oldest_first ? 0 : chance(6),
                                  .time = chance(5) == 0 ? LEDE_INSTANT_NONE
                                                         : (int64_t)chance(9),
                                  .key = chance(3),
                                  .segment = i,
                                  .entry = i};

            assert_true(lede_match_top_put(&top, &hit));
            assert_true(lede_match_top_put(&all, &hit));
        }
        lede_match_top_sort(&top);
        lede_match_top_sort(&all);
        assert_int_equal(top.count, count < k ? count : k);
        for (uint64_t i = 0; i < top.count; i++) {
            assert_int_equal(top.items[i].entry, all.items[i].entry);
            assert_true(i == 0 ||
                        lede_match_hit_before(&top.items[i - 1], &top.items[i],
                                              oldest_first));
        }
        lede_match_top_done(&top);
        lede_match_top_done(&all);
    }
}

static void test_top__dates_unknown_come_last_both_ways(void **state)
{
    lede_match_hit dated = {.time = 5};
    lede_match_hit undated = {.time = LEDE_INSTANT_NONE, .segment = 1};

    (void)state;
    assert_true(lede_match_hit_before(&dated, &undated, false));
    assert_true(lede_match_hit_before(&dated, &undated, true));
    assert_false(lede_match_hit_before(&undated, &dated, true));
}

static void test_top__a_tie_goes_to_the_newer_then_the_smaller_key(void **state)
{
    lede_match_hit a = {.time = 9, .key = 2, .segment = 1};
    lede_match_hit b = {.time = 5, .key = 1, .segment = 0};

    (void)state;
    assert_true(lede_match_hit_before(&a, &b, false));
    assert_false(lede_match_hit_before(&a, &b, true));
    a.time = 5;
    assert_false(lede_match_hit_before(&a, &b, false));
    assert_false(lede_match_hit_before(&a, &b, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rank__a_part_is_bm25_in_units),
        cmocka_unit_test(test_rank__a_part_never_falls_with_frequency),
        cmocka_unit_test(test_rank__no_lesser_frequency_reaches_a_part),
        cmocka_unit_test(test_rank__norms_fall_with_length),
        cmocka_unit_test(test_rank__odd_weights_are_tamed),
        cmocka_unit_test(test_rank__recency_is_bounded_and_halves),
        cmocka_unit_test(test_kernels__bounds_are_the_same_bits),
        cmocka_unit_test(test_kernels__parts_are_the_same_bits),
        cmocka_unit_test(test_kernels__places_are_where_the_values_stand),
        cmocka_unit_test(test_search__finds_what_a_walk_finds),
        cmocka_unit_test(test_kernels__bytes_fold_into_bits),
        cmocka_unit_test(test_kernels__filters_and_maxima_agree),
        cmocka_unit_test(test_kernels__ranks_and_places_agree),
        cmocka_unit_test(test_top__keeps_the_best_in_order),
        cmocka_unit_test(test_top__dates_unknown_come_last_both_ways),
        cmocka_unit_test(
            test_top__a_tie_goes_to_the_newer_then_the_smaller_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
