/* The promises of storage/column.h. */
#include "tests/storage/lists.h"

#include "storage/column.h"
#include "storage/segment.h"

static void check_column(const int64_t *values, uint32_t count)
{
    lede_buf bytes = {0};
    lede_column column;
    lede_error err = {0};
    uint8_t *tight;
    uint32_t i;

    lede_column_encode(values, count, &bytes);
    assert_false(bytes.failed);
    tight = check_alloc(bytes.len, 1);
    memcpy(tight, bytes.bytes, bytes.len);
    assert_ok(
        lede_column_open(lede_span_of(tight, bytes.len), count, &column, &err));
    for (i = 0; i < count; i++) {
        assert_true(lede_column_get(&column, i) == values[i]);
    }
    assert_status(lede_column_open(lede_span_of(tight, bytes.len - 1),
                                   count + 128, &column, &err),
                  LEDE_CORRUPT);
    free(tight);
    lede_buf_done(&bytes);
}

static void test_column__values_of_every_width_come_back(void **state)
{
    random_source r = {1};
    int64_t values[300];
    unsigned bits;
    uint32_t i;

    (void)state;
    for (bits = 0; bits <= 64; bits++) {
        uint64_t base = random_next(&r);

        for (i = 0; i < 300; i++) {
            uint64_t v = random_next(&r);

            v = bits == 0 ? 0 : v >> (64 - bits);
            values[i] = (int64_t)(base + v);
        }
        check_column(values, 300);
        check_column(values, 128);
        check_column(values, 1);
    }
    check_column(values, 0);
}

static void test_column__extremes_come_back(void **state)
{
    int64_t values[] = {INT64_MIN, INT64_MAX, 0, -1, 1, INT64_MIN};

    (void)state;
    check_column(values, 6);
    check_column(values, 2);
    check_column(values, 1);
}

static void test_column__an_equal_block_costs_its_head(void **state)
{
    static int64_t values[12800];
    lede_buf bytes = {0};

    (void)state;
    lede_column_encode(values, 12800, &bytes);
    assert_int_equal(bytes.len, 100 * 13 + 7);
    lede_buf_done(&bytes);
}

/* What segment.h counts on: a column of a full segment fits a transaction. */
static void test_column__takes_at_most_17_mb(void **state)
{
    static int64_t values[1280]; /* every block has both extremes */
    lede_buf bytes = {0};
    uint32_t i;

    (void)state;
    for (i = 0; i < 1280; i++) {
        values[i] = i % 2 == 0 ? INT64_MIN : INT64_MAX;
    }
    lede_column_encode(values, 1280, &bytes);
    assert_true(bytes.len * (LEDE_SEGMENT_FULL_ENTRIES / 1280 + 1) <= 17400000);
    lede_buf_done(&bytes);
}

static void test_column__flipped_bits_stay_within_bounds(void **state)
{
    random_source r = {2};
    int64_t values[200];
    lede_buf bytes = {0};
    lede_column column;
    uint8_t *tight;
    size_t i;
    uint32_t k;

    (void)state;
    for (k = 0; k < 200; k++) {
        values[k] = random_below(&r, k < 128 ? 1000 : 7);
    }
    lede_column_encode(values, 200, &bytes);
    tight = check_alloc(bytes.len, 1);
    memcpy(tight, bytes.bytes, bytes.len);
    for (i = 0; i < bytes.len * 8; i++) {
        tight[i / 8] ^= (uint8_t)(1u << i % 8);
        if (lede_column_open(lede_span_of(tight, bytes.len), 200, &column,
                             NULL) == LEDE_OK) {
            for (k = 0; k < 200; k++) {
                (void)lede_column_get(&column, k);
            }
        }
        tight[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    free(tight);
    lede_buf_done(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_column__values_of_every_width_come_back),
        cmocka_unit_test(test_column__extremes_come_back),
        cmocka_unit_test(test_column__an_equal_block_costs_its_head),
        cmocka_unit_test(test_column__takes_at_most_17_mb),
        cmocka_unit_test(test_column__flipped_bits_stay_within_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
