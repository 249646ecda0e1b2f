#include "tests/support/check.h"

#include "storage/entry_store.h"
#include "tests/storage/model.h"

enum { RECORDS = 3000 };

typedef struct fixture {
    lede_buf packed, table;
    lede_record_blocks blocks;
} fixture;

static void make_record(uint32_t number, lede_buf *out)
{
    model_random random = {number};
    uint32_t words = model_below(&random, 60);

    if (number % 500 == 7) {
        words = 20000; /* larger than a block */
    }
    lede_buf_clear(out);
    while (words-- > 0) {
        lede_buf_put_format(out, "word%u ", model_below(&random, 300));
    }
}

static void place(fixture *made, lede_record_packer *packer)
{
    lede_error err = {0};
    lede_span block;

    assert_ok(lede_record_packer_block(packer, &block, &err));
    if (block.len > 0) {
        uint32_t offset = (uint32_t)made->packed.len;

        lede_buf_put_span(&made->packed, block);
        assert_ok(lede_record_packer_placed(packer, 0, offset, &err));
    }
}

static int setup(void **state)
{
    static fixture made;
    lede_record_packer *packer = NULL;
    lede_buf record = {0};
    lede_error err = {0};
    uint32_t i;

    made = (fixture){0};
    assert_ok(lede_record_packer_new(&packer, &err));
    for (i = 0; i < RECORDS; i++) {
        make_record(i, &record);
        assert_ok(lede_record_packer_put(packer, lede_buf_span(&record), &err));
        if (lede_record_packer_is_full(packer)) {
            place(&made, packer);
        }
    }
    place(&made, packer);
    place(&made, packer); /* nothing at hand: nothing is stored */
    lede_record_packer_table(packer, &made.table);
    assert_int_equal(lede_record_packer_count(packer), RECORDS);
    lede_record_packer_free(packer);
    lede_buf_done(&record);
    assert_ok(lede_record_blocks_open(lede_buf_span(&made.table), &made.blocks,
                                      &err));
    *state = &made;
    return 0;
}

static int teardown(void **state)
{
    fixture *made = *state;

    lede_buf_done(&made->packed);
    lede_buf_done(&made->table);
    return 0;
}

static lede_status read_record(const fixture *made, lede_record_cache *cache,
                               uint32_t number, lede_span *out)
{
    lede_record_block block;
    lede_error err = {0};
    uint32_t index = lede_record_blocks_find(&made->blocks, number);
    lede_status status =
        lede_record_blocks_get(&made->blocks, index, &block, &err);

    if (status == LEDE_OK) {
        assert_true(number >= block.first &&
                    number < block.first + block.count);
        status =
            lede_record_cache_fill(cache, &block,
                                   lede_span_part(lede_buf_span(&made->packed),
                                                  block.offset, block.bytes),
                                   &err);
    }
    if (status == LEDE_OK) {
        status = lede_record_cache_get(cache, number - block.first, out, &err);
    }
    return status;
}

static void test_store__gives_each_record_back(void **state)
{
    const fixture *made = *state;
    lede_record_cache cache = {0};
    lede_buf wanted = {0};
    model_random random = {3};
    lede_span got;
    uint32_t i;

    assert_true(made->blocks.block_count > 5);
    for (i = 0; i < 600; i++) {
        uint32_t number =
            i < 10 ? RECORDS - 1 - i : model_below(&random, RECORDS);

        make_record(number, &wanted);
        assert_int_equal(read_record(made, &cache, number, &got), LEDE_OK);
        assert_true(lede_span_equal(got, lede_buf_span(&wanted)));
    }
    lede_buf_done(&wanted);
    lede_record_cache_done(&cache);
}

static void test_store__notices_damage_to_a_block(void **state)
{
    const fixture *made = *state;
    lede_record_block block;
    lede_record_cache cache = {0};
    model_random random = {4};
    lede_error err = {0};
    uint32_t round;

    for (round = 0; round < 300; round++) {
        uint32_t index = model_below(&random, made->blocks.block_count);
        uint8_t *bytes;

        assert_ok(lede_record_blocks_get(&made->blocks, index, &block, &err));
        bytes = malloc(block.bytes);
        assert_non_null(bytes);
        memcpy(bytes, made->packed.bytes + block.offset, block.bytes);
        bytes[model_below(&random, block.bytes)] ^=
            (uint8_t)(1u << model_below(&random, 8));
        /* Some bits of a frame mean nothing; then the content is as it was. */
        if (lede_record_cache_fill(&cache, &block,
                                   lede_span_of(bytes, block.bytes),
                                   &err) == LEDE_OK) {
            lede_buf raw = {0};

            lede_buf_put_span(&raw, lede_buf_span(&cache.raw));
            assert_ok(lede_record_cache_fill(
                &cache, &block,
                lede_span_of(made->packed.bytes + block.offset, block.bytes),
                &err));
            assert_true(lede_span_equal(lede_buf_span(&raw),
                                        lede_buf_span(&cache.raw)));
            lede_buf_done(&raw);
        } else {
            assert_int_equal(err.status, LEDE_CORRUPT);
        }
        assert_status(
            lede_record_cache_fill(&cache, &block,
                                   lede_span_of(bytes, block.bytes / 2), &err),
            LEDE_CORRUPT);
        free(bytes);
    }
    lede_record_cache_done(&cache);
}

static void test_store__bears_a_damaged_table(void **state)
{
    const fixture *made = *state;
    model_random random = {5};
    uint32_t round, i;

    for (round = 0; round < 2000; round++) {
        fixture copy = {.packed = made->packed};
        lede_record_cache cache = {0};
        lede_record_block block;
        uint8_t *bytes = malloc(made->table.len);
        lede_span got;

        assert_non_null(bytes);
        memcpy(bytes, made->table.bytes, made->table.len);
        for (i = model_below(&random, 6); i > 0; i--) {
            bytes[model_below(&random, (uint32_t)made->table.len)] =
                (uint8_t)model_next(&random);
        }
        if (lede_record_blocks_open(lede_span_of(bytes, made->table.len),
                                    &copy.blocks, NULL) == LEDE_OK) {
            uint32_t number = model_below(&random, copy.blocks.record_count);
            uint32_t at = lede_record_blocks_find(&copy.blocks, number);

            if (lede_record_blocks_get(&copy.blocks, at, &block, NULL) ==
                    LEDE_OK &&
                lede_record_cache_fill(
                    &cache, &block,
                    lede_span_part(lede_buf_span(&copy.packed), block.offset,
                                   block.bytes),
                    NULL) == LEDE_OK) {
                for (i = 0; i < block.count; i++) {
                    lede_record_cache_get(&cache, i, &got, NULL);
                }
            }
        }
        lede_record_cache_done(&cache);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_store__gives_each_record_back),
        cmocka_unit_test(test_store__notices_damage_to_a_block),
        cmocka_unit_test(test_store__bears_a_damaged_table),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
