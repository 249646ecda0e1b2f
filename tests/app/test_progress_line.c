/* The promise of app/progress_line.h: what matters most is there at any width,
 * and no line is wider than asked. */
#include "tests/support/check.h"

#include "app/progress_line.h"

static const lede_progress_state at_work = {
    .phase = "indexing",
    .what = "merging 41 %, 1,234,567 entries",
    .part = 0.427,
    .bytes_per_s = 23.4e6,
    .left_s = 754};

static void check_line(const lede_progress_state *state, size_t columns,
                       bool bar, const char *wanted)
{
    lede_buf out = {0};

    lede_put_progress_line(&out, state, columns, bar);
    assert_span(lede_buf_span(&out), wanted);
    assert_true(out.len <= columns);
    lede_buf_done(&out);
}

static void test_progress_line__rate_and_time_left_come_first(void **state)
{
    (void)state;
    check_line(&at_work, 119, true,
               "[##########..............] indexing  43 %, merging 41 %, "
               "1,234,567 entries, 23.4 MB/s, 12 min 34 s left");
    check_line(&at_work, 79, true,
               "indexing  43 %, merging 41 %, 1,234,567 entries, 23.4 MB/s, "
               "12 min 34 s left");
    check_line(&at_work, 75, true,
               "[####......] indexing  43 %, 1,234,567 entries, 23.4 MB/s, "
               "12 min 34 s left");
    check_line(&at_work, 59, true,
               "[#####........] indexing  43 %, 23.4 MB/s, 12 min 34 s left");
    check_line(&at_work, 39, true, "inde  43 %, 23.4 MB/s, 12 min 34 s left");
    check_line(&at_work, 24, true, " 43 %, 12 min 34 s left");
    check_line(&at_work, 12, true, "indexi  43 %");
    check_line(&at_work, SIZE_MAX, false,
               "indexing  43 %, merging 41 %, 1,234,567 entries, 23.4 MB/s, "
               "12 min 34 s left");
}

static void test_progress_line__says_only_what_is_known(void **state)
{
    lede_progress_state checking = {"checking", "", 0, 0, -1};

    (void)state;
    check_line(&checking, 79, true,
               "[........................] checking   0 %");
    checking.part = 1;
    check_line(&checking, 30, true, "[#############] checking 100 %");
    checking.left_s = 0.2;
    check_line(&checking, SIZE_MAX, false, "checking 100 %, 0 s left");
    checking.left_s = 3599.7;
    check_line(&checking, SIZE_MAX, false, "checking 100 %, 1 h 00 min left");
    checking.left_s = 3 * 86400;
    check_line(&checking, SIZE_MAX, false, "checking 100 %, 3 d left");
    checking.left_s = 1e300;
    check_line(&checking, SIZE_MAX, false, "checking 100 %, > 99 d left");
}

static void test_progress_line__is_never_too_wide(void **state)
{
    size_t width;

    (void)state;
    for (width = 0; width < 200; width++) {
        lede_progress_state now = at_work;
        lede_buf out = {0};

        now.bytes_per_s = 1.5 * (double)(width * width);
        now.left_s = (double)(width * width * width);
        lede_put_progress_line(&out, &now, width, true);
        assert_true(out.len <= width);
        lede_buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_progress_line__rate_and_time_left_come_first),
        cmocka_unit_test(test_progress_line__says_only_what_is_known),
        cmocka_unit_test(test_progress_line__is_never_too_wide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
