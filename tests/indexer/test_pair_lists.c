/* Pairs found while words go by, and the lists that come of them, against a
 * table with a place for every pair and entry. */
#include "indexer/pairs.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { WORDS = 7, ENTRIES = 400, TOKENS = 300 };

static uint8_t fields_of[WORDS][WORDS][ENTRIES];

static uint64_t seed = 41;

static uint32_t below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

/* One entry: words of which some are compounds, whose parts stand at their
 * first position and behind it. */
static void add_entry(lede_pairs *pairs, uint32_t entry)
{
    struct {
        uint8_t word, field;
        uint32_t position, width;
    } all[2 * TOKENS];
    uint32_t n = 0, count = below(TOKENS), position = 0, i, j;

    for (i = 0; i < count; i++, position += 1 + below(8) / 7) {
        uint8_t field = (uint8_t)(i * LEDE_DEFAULT_FIELDS / count);
        bool is_compound = below(6) == 0;

        all[n].word = (uint8_t)(1 + below(WORDS));
        all[n].field = field;
        all[n].position = position;
        all[n++].width = is_compound ? 2 : below(20) != 0;
        if (is_compound) {
            all[n].word = (uint8_t)(1 + below(WORDS));
            all[n].field = field;
            all[n].position = position;
            all[n++].width = 1;
        }
    }
    lede_pairs_begin_entry(pairs);
    for (i = 0; i < n; i++) {
        uint32_t width = all[i].width == 0 ? 1 : all[i].width;

        assert_true(lede_pairs_add(pairs, entry + 1, all[i].word,
                                   (lede_field)all[i].field, all[i].position,
                                   all[i].width));
        for (j = i + 1; j < n; j++) {
            if (all[j].position == all[i].position + width) {
                fields_of[all[i].word - 1][all[j].word - 1][entry] |=
                    (uint8_t)(1u << all[j].field);
            }
        }
    }
}

static void check_lists(const lede_pairs *pairs, uint32_t dealt)
{
    lede_pair_walk walk;
    lede_pair_list list = {0};
    bool more, is_due = true;
    uint32_t first, second, entry;

    lede_pair_walk_init(&walk, pairs, dealt);
    for (first = 1; first <= WORDS; first++) {
        for (second = 1; second <= WORDS; second++) {
            uint32_t n = 0;

            if (is_due) {
                more = lede_pair_walk_next(&walk, &list);
                assert_int_equal(more, true);
                is_due = false;
            }
            for (entry = 0; entry < ENTRIES; entry++) {
                uint8_t fields = fields_of[first - 1][second - 1][entry];

                if (fields == 0) {
                    continue;
                }
                assert_int_equal(list.first, first);
                assert_int_equal(list.second, second);
                assert_in_range(n, 0, list.count - 1);
                assert_int_equal(lede_pair_item_entry(list.items[n]), entry);
                assert_int_equal(lede_pair_item_fields(list.items[n]), fields);
                n++;
            }
            if (n > 0) {
                assert_int_equal(n, list.count);
                is_due = true;
            }
        }
    }
    assert_false(lede_pair_walk_next(&walk, &list));
    assert_false(walk.failed);
    lede_pair_walk_done(&walk);
}

static void test_pair_lists__are_those_of_a_full_table(void **state)
{
    static const uint32_t dealt[] = {1, 300, 1000, LEDE_PAIRS_DEALT};
    lede_pair_words words = {.count = WORDS};
    lede_pairs pairs;
    uint32_t entry, i;

    (void)state;
    lede_pairs_init(&pairs, &words);
    for (entry = 0; entry < ENTRIES; entry++) {
        add_entry(&pairs, entry);
    }
    assert_false(pairs.is_lost);
    assert_in_range(pairs.page_count, 2, 100); /* so they are turned, too */
    for (i = 0; i < sizeof dealt / sizeof dealt[0]; i++) {
        check_lists(&pairs, dealt[i]);
    }
    lede_pairs_done(&pairs);
}

static void test_pair_lists__of_nothing_are_none(void **state)
{
    lede_pair_words words = {.count = WORDS};
    lede_pair_walk walk;
    lede_pair_list list;
    lede_pairs pairs;

    (void)state;
    lede_pairs_init(&pairs, &words);
    lede_pairs_begin_entry(&pairs);
    assert_true(lede_pairs_add(&pairs, 1, 2, LEDE_FIELD_BODY, 0, 1));
    lede_pair_walk_init(&walk, &pairs, LEDE_PAIRS_DEALT);
    assert_false(lede_pair_walk_next(&walk, &list));
    assert_false(walk.failed);
    lede_pair_walk_done(&walk);
    assert_int_equal(lede_pairs_bytes(&pairs), 0);
    lede_pairs_done(&pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pair_lists__are_those_of_a_full_table),
        cmocka_unit_test(test_pair_lists__of_nothing_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
