/* test_codes.c - what posting lists are made of: packed bits, Rice codes,
 * labels and length bytes, each variant beside a plain one. */
#include "tests/storage/lists.h"

#include "base/entry_terms.h"
#include "base/varint.h"
#include "storage/postings_bits.h"
#include "storage/postings_codec.h"
#include "storage/postings_coded.h"

static int plain_rice_width(uint8_t length, uint32_t count, int bias)
{
    uint64_t of[2] = {(uint64_t)lede_length_decode(length) + 1,
                      count == UINT32_MAX ? count : (uint64_t)count + 1};
    int quarters[2];
    int i;

    for (i = 0; i < 2; i++) {
        int e = 0;

        while (of[i] >> (e + 1) != 0) {
            e++;
        }
        quarters[i] = e * 4 + (int)((of[i] << 2 >> e) & 3);
    }
    i = quarters[0] - quarters[1] + bias;
    i = i < 0 ? 0 : i / 4;
    return i < 31 ? i : 31;
}

static void test_rice__tables_equal_the_definition(void **state)
{
    static const uint32_t counts[] = {200, 65535, 1u << 30, UINT32_MAX - 1,
                                      UINT32_MAX};
    unsigned length;
    uint32_t i;
    int bias;

    (void)state;
    for (length = 0; length < 256; length++) {
        for (i = 0; i < 105; i++) {
            uint32_t count = i < 100 ? i : counts[i - 100];

            for (bias = -16; bias < 16; bias++) {
                assert_int_equal(
                    lede_rice_width((uint8_t)length, count, bias),
                    plain_rice_width((uint8_t)length, count, bias));
            }
        }
    }
}

static void test_count__expectation_uses_the_weights_of_fields(void **state)
{
    unsigned fields;
    unsigned i;

    (void)state;
    for (fields = 1; fields < 32; fields++) {
        uint32_t frequency = 0;
        unsigned count = 0;

        for (i = 0; i < LEDE_DEFAULT_FIELDS; i++) {
            if ((fields >> i & 1) != 0) {
                frequency += lede_field_weight((lede_field)i);
                count++;
            }
        }
        assert_int_equal(lede_expected_count(frequency, (uint8_t)fields),
                         count);
        if ((fields & 8) != 0) {
            frequency += 10 * lede_field_weight(LEDE_FIELD_BODY);
            assert_int_equal(lede_expected_count(frequency, (uint8_t)fields),
                             count + 10);
        }
    }
    for (i = LEDE_DEFAULT_FIELDS; i < LEDE_FIELD_COUNT; i++) {
        assert_int_equal(
            lede_expected_count(7 * lede_field_weight((lede_field)i), 0), 7);
    }
}

/* `rare` of 256 labels are not 0: all three kinds of labels come up. */
static void put_labels(random_source *r, uint32_t n, uint32_t table_count,
                       uint32_t rare, bool seen[256])
{
    uint8_t labels[LEDE_BLOCK_POSTINGS], out[LEDE_BLOCK_POSTINGS];
    lede_buf packed = {0};
    lede_labels opened;
    lede_reader reader;
    lede_span tight;
    uint32_t i, from;

    for (i = 0; i < n; i++) {
        bool is_rare = random_below(r, 256) < rare;

        labels[i] = (uint8_t)(is_rare ? random_below(r, table_count) : 0);
    }
    lede_labels_encode(labels, n, table_count, &packed);
    tight = tight_copy(lede_buf_span(&packed));
    reader = lede_reader_of(tight);
    assert_true(lede_labels_open(&reader, n, table_count, &opened));
    assert_true(reader.p == reader.end);
    seen[opened.kind] = true;
    for (from = 0; from < n; from += 16) {
        assert_true(lede_labels_read(&opened, from, n - from, out));
        assert_memory_equal(out, labels + from, n - from);
    }
    if (tight.len > 0) {
        reader = lede_reader_of(lede_span_of(tight.bytes, tight.len - 1));
        assert_false(lede_labels_open(&reader, n, table_count, &opened));
    }
    free((void *)(uintptr_t)tight.bytes);
    lede_buf_done(&packed);
}

static void test_labels__are_read_from_anywhere(void **state)
{
    static const uint32_t rare[] = {0, 2, 10, 30, 60, 100, 200, 256};
    static const uint32_t tables[] = {1, 2, 3, 4, 5, 9, 17, 33, 128};
    bool seen[256] = {false};
    random_source r = {23};
    unsigned i, j, k;

    (void)state;
    for (i = 0; i < sizeof rare / sizeof rare[0]; i++) {
        for (j = 0; j < sizeof tables / sizeof tables[0]; j++) {
            for (k = 0; k < 40; k++) {
                put_labels(&r, 1 + random_below(&r, LEDE_BLOCK_POSTINGS),
                           tables[j], rare[i], seen);
                put_labels(&r, LEDE_BLOCK_POSTINGS, tables[j], rare[i], seen);
            }
        }
    }
    assert_true(seen[LEDE_LABELS_DENSE] && seen[LEDE_LABELS_MASKED]);
    assert_true(seen[0] && seen[1]);
}

/* Every number up to the last is found where it is, or not at all. */
typedef uint32_t finder(const void *ctx, uint32_t n, uint32_t wanted);

static void check_found(finder *find, const void *ctx, const uint32_t *numbers,
                        uint32_t n, uint32_t first, random_source *r)
{
    uint32_t last = numbers[n - 1];
    uint32_t i;

    for (i = 0; i < n; i++) {
        uint32_t before = i == 0 ? first : numbers[i - 1] + 1;
        uint32_t free = numbers[i] - before;

        assert_int_equal(find(ctx, n, numbers[i]), i);
        if (free > 0) {
            assert_int_equal(find(ctx, n, before), n);
            assert_int_equal(find(ctx, n, numbers[i] - 1), n);
            assert_int_equal(find(ctx, n, before + random_below(r, free)), n);
        }
    }
    assert_int_equal(find(ctx, n, last), n - 1);
}

typedef struct packed_numbers {
    lede_span low, high;
    unsigned width;
    uint32_t first;
} packed_numbers;

static uint32_t find_gap(const void *ctx, uint32_t n, uint32_t wanted)
{
    const packed_numbers *p = ctx;

    return lede_bits_find_gap(p->low, n, p->width, p->first, wanted);
}

static uint32_t find_split(const void *ctx, uint32_t n, uint32_t wanted)
{
    const packed_numbers *p = ctx;

    return lede_bits_find_split(p->low, p->width, p->high, n, p->first, wanted);
}

static void test_bits__variants_agree_on_every_width(void **state)
{
    random_source r = {17};
    uint32_t values[LEDE_BITS_MAX];
    unsigned width;
    int variant;
    uint32_t i;

    (void)state;
    for (width = 0; width <= 32; width++) {
        uint32_t n = 1 + random_below(&r, LEDE_BITS_MAX);
        lede_buf packed = {0};
        lede_span tight;

        for (i = 0; i < n; i++) {
            values[i] =
                (uint32_t)(random_next(&r) & ((UINT64_C(1) << width) - 1));
        }
        lede_bits_pack(values, n, width, &packed);
        assert_int_equal(packed.len, lede_bits_bytes(n, width));
        tight = tight_copy(lede_buf_span(&packed));
        for (variant = 0; variant < LEDE_SIMD_COUNT; variant++) {
            uint32_t out[LEDE_BITS_MAX];
            uint64_t sum = 5;

            if (!lede_simd_is_supported((lede_simd)variant)) {
                continue;
            }
            lede_simd_force((lede_simd)variant);
            lede_bits_unpack(tight, n, width, out);
            for (i = 0; i < n; i++) {
                assert_int_equal(out[i], values[i]);
            }
            lede_bits_unpack_scaled(tight, n, width, 1, 1, out);
            for (i = 0; i < n; i++) {
                assert_int_equal(out[i], (values[i] + 1u) << 1);
            }
            if (width > 24) {
                continue;
            }
            lede_bits_unpack_gaps(tight, n, width, 5, out);
            for (i = 0; i < n; i++, sum++) {
                sum += values[i];
                assert_int_equal(out[i], sum);
            }
            check_found(
                find_gap,
                &(packed_numbers){.low = tight, .width = width, .first = 5},
                out, n, 5, &r);
        }
        free((void *)(uintptr_t)tight.bytes);
        lede_buf_done(&packed);
    }
}

/* Ascending numbers, as two parts. */
static void split_numbers(const uint32_t *numbers, uint32_t n, uint32_t first,
                          unsigned width, lede_buf *low, lede_buf *high)
{
    uint32_t lows[LEDE_BITS_MAX];
    uint32_t last = numbers[n - 1] - first - (n - 1);
    size_t bytes = lede_split_bytes(n, last, width) - lede_bits_bytes(n, width);
    uint32_t i;

    for (i = 0; i < bytes; i++) {
        lede_buf_put_byte(high, 0);
    }
    for (i = 0; i < n; i++) {
        uint32_t rest = numbers[i] - first - i;
        uint32_t at = (rest >> width) + i;

        lows[i] = rest & ((UINT32_C(1) << width) - 1);
        high->bytes[at / 8] |= (uint8_t)(1u << (at % 8));
    }
    lede_bits_pack(lows, n, width, low);
}

static void test_bits__variants_agree_on_two_parts(void **state)
{
    random_source r = {29};
    uint32_t numbers[LEDE_BITS_MAX], out[LEDE_BITS_MAX];
    uint32_t round, i;
    int variant;

    (void)state;
    for (round = 0; round < 2000; round++) {
        uint32_t n = 1 + random_below(&r, LEDE_BITS_MAX);
        uint32_t first = random_below(&r, 1000);
        uint32_t most = 1 + random_below(&r, round % 2 == 0 ? 8 : 90000);
        unsigned width = random_below(&r, 18);
        lede_buf low = {0}, high = {0};
        lede_span tight_low, tight_high;

        numbers[0] = first + random_below(&r, most);
        for (i = 1; i < n; i++) {
            numbers[i] = numbers[i - 1] + 1 + random_below(&r, most);
        }
        split_numbers(numbers, n, first, width, &low, &high);
        tight_low = tight_copy(lede_buf_span(&low));
        tight_high = tight_copy(lede_buf_span(&high));
        for (variant = 0; variant < LEDE_SIMD_COUNT; variant++) {
            if (!lede_simd_is_supported((lede_simd)variant)) {
                continue;
            }
            lede_simd_force((lede_simd)variant);
            assert_true(lede_bits_unpack_split(tight_low, width, tight_high, n,
                                               first, out));
            assert_memory_equal(out, numbers, n * sizeof out[0]);
            assert_false(lede_bits_unpack_split(tight_low, width, tight_high,
                                                n - 1, first, out));
            check_found(find_split,
                        &(packed_numbers){tight_low, tight_high, width, first},
                        numbers, n, first, &r);
        }
        free((void *)(uintptr_t)tight_low.bytes);
        free((void *)(uintptr_t)tight_high.bytes);
        lede_buf_done(&low);
        lede_buf_done(&high);
    }
}

/* Low parts that fall where nothing is above them: no variant lets them pass.
 */
static void test_bits__two_parts_must_ascend(void **state)
{
    uint32_t lows[LEDE_BITS_MAX], out[LEDE_BITS_MAX];
    uint8_t ones[LEDE_BITS_MAX / 8];
    uint32_t n, at, i;
    int variant;

    (void)state;
    for (variant = 0; variant < LEDE_SIMD_COUNT; variant++) {
        if (!lede_simd_is_supported((lede_simd)variant)) {
            continue;
        }
        lede_simd_force((lede_simd)variant);
        for (n = 8; n <= LEDE_BITS_MAX; n += 8) {
            memset(ones, 0xFF, sizeof ones);
            for (at = 0; at < n; at++) {
                lede_buf low = {0};

                for (i = 0; i < n; i++) {
                    lows[i] = i < at ? 3 : 0;
                }
                lede_bits_pack(lows, n, 2, &low);
                assert_true(lede_bits_unpack_split(lede_buf_span(&low), 2,
                                                   lede_span_of(ones, n / 8), n,
                                                   9, out) == (at == 0));
                lede_buf_done(&low);
            }
        }
    }
}

/* Whatever the bytes: no place past the end, and no byte past theirs. */
static void test_bits__finds_in_any_bytes(void **state)
{
    random_source r = {31};
    uint8_t bytes[96];
    uint32_t round, i;
    int variant;

    (void)state;
    for (round = 0; round < 5000; round++) {
        uint32_t n = 1 + random_below(&r, LEDE_BITS_MAX);
        unsigned width = random_below(&r, 6);
        uint32_t rare = random_below(&r, 3);
        uint32_t most = 1 + random_below(&r, 1 + random_below(&r, 9000));
        packed_numbers p = {.width = width, .first = random_below(&r, 50)};
        uint32_t wanted = p.first + random_below(&r, most);

        for (i = 0; i < sizeof bytes; i++) {
            bytes[i] = rare == 0   ? 0xFF
                       : rare == 1 ? 0
                                   : (uint8_t)random_next(&r);
        }
        bytes[random_below(&r, sizeof bytes)] ^= (uint8_t)random_next(&r);
        p.low = tight_copy(lede_span_of(bytes, lede_bits_bytes(n, width)));
        p.high =
            tight_copy(lede_span_of(bytes, 1 + random_below(&r, sizeof bytes)));
        for (variant = 0; variant < LEDE_SIMD_COUNT; variant++) {
            if (lede_simd_is_supported((lede_simd)variant)) {
                lede_simd_force((lede_simd)variant);
                assert_true(find_gap(&p, n, wanted) <= n);
                assert_true(find_split(&p, n, wanted) <= n);
            }
        }
        free((void *)(uintptr_t)p.low.bytes);
        free((void *)(uintptr_t)p.high.bytes);
    }
}

static void test_bits__variants_agree_on_sets(void **state)
{
    random_source r = {23};
    uint8_t bytes[70];
    uint32_t wanted[LEDE_BITS_MAX];
    uint32_t got[LEDE_BITS_MAX];
    uint32_t round;
    int variant;
    uint32_t i;

    (void)state;
    for (round = 0; round < 400; round++) {
        size_t len = random_below(&r, sizeof bytes + 1);
        uint32_t spread = 1 + random_below(&r, 8);
        lede_span set;
        uint32_t n;

        memset(bytes, 0, sizeof bytes);
        for (i = 0; i < len * 8; i++) {
            if (random_below(&r, spread) == 0) {
                bytes[i / 8] |= (uint8_t)(1u << i % 8);
            }
        }
        set = tight_copy(lede_span_of(bytes, len));
        lede_simd_force(LEDE_SIMD_SCALAR);
        n = lede_bits_unpack_set(set, 77, wanted);
        for (variant = 1; variant < LEDE_SIMD_COUNT; variant++) {
            if (lede_simd_is_supported((lede_simd)variant)) {
                lede_simd_force((lede_simd)variant);
                assert_int_equal(lede_bits_unpack_set(set, 77, got), n);
                assert_true(n > 128 ||
                            memcmp(got, wanted, n * sizeof *got) == 0);
            }
        }
        free((void *)(uintptr_t)set.bytes);
    }
}

static void test_bits__variants_agree_on_what_rice_codes_take(void **state)
{
    random_source r = {31};
    uint32_t round, i;
    int variant;

    (void)state;
    for (round = 0; round < 500; round++) {
        uint32_t n = random_below(&r, 300);
        uint32_t *values = calloc(n + 1u, sizeof *values);
        int8_t *quarters = calloc(n + 1u, 1);
        int bias = (int)random_below(&r, 160) - 32;
        uint64_t wanted = 0;

        assert_non_null(values);
        assert_non_null(quarters);
        for (i = 0; i < n; i++) {
            int of;

            values[i] = UINT32_MAX >> random_below(&r, 32);
            quarters[i] = (int8_t)((int)random_below(&r, 256) - 128);
            of = quarters[i] + bias;
            of = of < 0 ? 0 : of / 4 > 31 ? 31 : of / 4;
            wanted += (uint64_t)of + (values[i] >> of);
        }
        for (variant = 0; variant < LEDE_SIMD_COUNT; variant++) {
            if (lede_simd_is_supported((lede_simd)variant)) {
                lede_simd_force((lede_simd)variant);
                assert_true(lede_bits_rice(values, quarters, n, bias) ==
                            wanted);
            }
        }
        free(values);
        free(quarters);
    }
}

static void test_length__codes_are_exact_then_rounded_down(void **state)
{
    uint32_t v;
    unsigned code;

    (void)state;
    for (v = 0; v < 40; v++) {
        assert_int_equal(lede_length_decode(lede_length_encode(v)), v);
    }
    for (v = 40; v < 100000; v += 7) {
        uint32_t back = lede_length_decode(lede_length_encode(v));

        assert_true(back <= v && v - back <= v / 8);
        assert_true(lede_length_encode(v) >= lede_length_encode(v - 7));
    }
    for (code = 0; code < 256; code++) {
        assert_int_equal(lede_length_encode(lede_length_decode((uint8_t)code)),
                         code);
    }
    assert_int_equal(lede_length_encode(UINT32_MAX), 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rice__tables_equal_the_definition),
        cmocka_unit_test(test_count__expectation_uses_the_weights_of_fields),
        cmocka_unit_test(test_labels__are_read_from_anywhere),
        cmocka_unit_test(test_bits__variants_agree_on_every_width),
        cmocka_unit_test(test_bits__variants_agree_on_two_parts),
        cmocka_unit_test(test_bits__two_parts_must_ascend),
        cmocka_unit_test(test_bits__finds_in_any_bytes),
        cmocka_unit_test(test_bits__variants_agree_on_sets),
        cmocka_unit_test(test_bits__variants_agree_on_what_rice_codes_take),
        cmocka_unit_test(test_length__codes_are_exact_then_rounded_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
