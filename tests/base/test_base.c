/* The small promises of base/: errors, buffers, varints, UTF-8, time. */
#include "tests/support/check.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/varint.h"

static void test_status__a_prefix_is_added_on_the_way_up(void **state)
{
    lede_error err = {0};

    (void)state;
    assert_int_equal(lede_fail(&err, LEDE_IO, "no space"), LEDE_IO);
    assert_int_equal(lede_fail_in(&err, LEDE_IO, "entry %d", 7), LEDE_IO);
    assert_string_equal(err.message, "entry 7: no space");
}

static void test_varint__every_length_comes_back(void **state)
{
    lede_buf buf = {0};
    unsigned shift;

    (void)state;
    for (shift = 0; shift < 64; shift++) {
        lede_buf_put_varint(&buf, UINT64_C(1) << shift);
        lede_buf_put_varint(&buf, (UINT64_C(1) << shift) - 1);
    }
    lede_buf_put_varint(&buf, UINT64_MAX);
    {
        lede_reader reader = lede_reader_of(lede_buf_span(&buf));

        for (shift = 0; shift < 64; shift++) {
            assert_true(lede_read_varint(&reader) == UINT64_C(1) << shift);
            assert_true(lede_read_varint(&reader) ==
                        (UINT64_C(1) << shift) - 1);
        }
        assert_true(lede_read_varint(&reader) == UINT64_MAX);
        assert_false(reader.bad);
        assert_true(lede_read_varint(&reader) == 0);
        assert_true(reader.bad);
    }
    lede_buf_done(&buf);
}

static void test_varint__too_long_is_refused(void **state)
{
    uint8_t bytes[11];
    uint64_t value = 0;

    (void)state;
    memset(bytes, 0xFF, sizeof bytes);
    assert_null(lede_varint_decode(bytes, bytes + sizeof bytes, &value));
    bytes[9] = 0x02; /* bit 64 */
    assert_null(lede_varint_decode(bytes, bytes + sizeof bytes, &value));
}

static void test_utf8__letters_have_a_case_in_any_script(void **state)
{
    (void)state;
    assert_true(lede_utf8_is_upper('A') && lede_utf8_is_upper(0xC9) &&
                lede_utf8_is_upper(0x416) && lede_utf8_is_upper(0x1C5));
    assert_true(lede_utf8_is_lower('z') && lede_utf8_is_lower(0xE9) &&
                lede_utf8_is_lower(0x436));
    assert_false(lede_utf8_is_upper('a') || lede_utf8_is_lower('A'));
    assert_false(lede_utf8_is_upper('1') || lede_utf8_is_lower(0x4E2D));
    assert_false(lede_utf8_is_upper(0x110000) || lede_utf8_is_lower(0xD800));
}

static void test_utf8__bad_sequences_become_replacements(void **state)
{
    static const struct {
        const char *in, *out;
        size_t count;
    } cases[] = {
        {"plain", "plain", 0},
        {"caf\xC3\xA9", "caf\xC3\xA9", 0},
        {"\xEF\xBF\xBD", "\xEF\xBF\xBD", 0},
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b",
         1},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
        {"\xE2\x82", "\xEF\xBF\xBD", 1},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3},
        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", 0},
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
         4},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lede_buf out = {0};

        assert_int_equal(lede_utf8_repair(lede_span_text(cases[i].in), &out),
                         cases[i].count);
        assert_span(lede_buf_span(&out), cases[i].out);
        lede_buf_done(&out);
    }
}

static void test_time__civil_days_come_back(void **state)
{
    int64_t days;

    (void)state;
    for (days = -200000; days < 200000; days += 7) {
        lede_civil c;

        lede_civil_from_days(days, &c);
        assert_true(lede_days_from_civil(c.year, c.month, c.day) == days);
        assert_true(c.day <= lede_days_in_month(c.year, c.month));
    }
    assert_int_equal(lede_weekday(0), 3); /* 1970-01-01 was a Thursday */
}

static void check_period(const char *text, const char *begin, const char *end)
{
    lede_buf out = {0};
    int64_t b = 0;
    int64_t e = 0;

    assert_true(lede_period_parse(lede_span_text(text), 0, &b, &e));
    lede_instant_format(b, &out);
    assert_span(lede_buf_span(&out), begin);
    lede_buf_clear(&out);
    lede_instant_format(e, &out);
    assert_span(lede_buf_span(&out), end);
    lede_buf_done(&out);
}

static void test_time__periods_end_where_the_next_begins(void **state)
{
    int64_t b;
    int64_t e;

    (void)state;
    check_period("2024", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z");
    check_period("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
    check_period("2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z");
    check_period("2025-02-17T14:50", "2025-02-17T14:50:00Z",
                 "2025-02-17T14:51:00Z");
    check_period("2025-02-17T14:50:30+05:30", "2025-02-17T09:20:30Z",
                 "2025-02-17T09:20:31Z");
    assert_false(lede_period_parse(lede_span_text("2023-02-29"), 0, &b, &e));
    assert_false(lede_period_parse(lede_span_text("2023-13"), 0, &b, &e));
    assert_false(lede_period_parse(lede_span_text("20231"), 0, &b, &e));
    assert_false(lede_period_parse(lede_span_text("2023-01-01T25"), 0, &b, &e));
    assert_false(lede_period_parse(lede_span_text(""), 0, &b, &e));
}

static void test_time__a_day_is_known_without_its_year(void **state)
{
    lede_when when = lede_when_none();

    (void)state;
    assert_int_equal(lede_when_month_day(&when), 0);
    when.local.month = 2;
    when.local.day = 29;
    when.precision = LEDE_PRECISION_MONTH; /* its day says nothing */
    assert_int_equal(lede_when_month_day(&when), 0);
    when.precision = LEDE_PRECISION_DAY;
    assert_int_equal(lede_when_month_day(&when), 229);
    when.local.day = 30;
    assert_int_equal(lede_when_month_day(&when), 0);
    when.local.month = 13;
    assert_int_equal(lede_when_month_day(&when), 0);
    when.local.month = 1; /* as printed, whatever day it was in UTC */
    when.local.day = 1;
    when.instant = lede_days_from_civil(2024, 12, 31) * 86400 + 82800;
    when.offset_min = 120;
    when.precision = LEDE_PRECISION_MINUTE;
    assert_int_equal(lede_when_month_day(&when), 101);
    when.local = (lede_civil){0}; /* nothing printed: the instant's own day */
    assert_int_equal(lede_when_month_day(&when), 101);
    when.offset_min = 0;
    assert_int_equal(lede_when_month_day(&when), 1231);
}

static void test_arena__memory_is_zeroed_after_clear(void **state)
{
    lede_arena arena = {0};
    int round;

    (void)state;
    for (round = 0; round < 3; round++) {
        size_t i;

        for (i = 1; i < 3000; i += 37) {
            uint8_t *p = lede_arena_get(&arena, i);
            size_t j;

            assert_non_null(p);
            for (j = 0; j < i; j++) {
                assert_int_equal(p[j], 0);
            }
            memset(p, 0xAA, i);
        }
        lede_arena_clear(&arena);
    }
    assert_null(lede_arena_array(&arena, SIZE_MAX / 2, 16));
    lede_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status__a_prefix_is_added_on_the_way_up),
        cmocka_unit_test(test_varint__every_length_comes_back),
        cmocka_unit_test(test_varint__too_long_is_refused),
        cmocka_unit_test(test_utf8__letters_have_a_case_in_any_script),
        cmocka_unit_test(test_utf8__bad_sequences_become_replacements),
        cmocka_unit_test(test_time__civil_days_come_back),
        cmocka_unit_test(test_time__periods_end_where_the_next_begins),
        cmocka_unit_test(test_time__a_day_is_known_without_its_year),
        cmocka_unit_test(test_arena__memory_is_zeroed_after_clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
