#include "storage/apart.h"

#include <signal.h>
#include <unistd.h>

#include "tests/support/check.h"

typedef struct heard {
    uint32_t lines;
    char last[LEDE_APART_LINE_BYTES];
    volatile int stop;
} heard;

static void hear(void *ctx, const char *line)
{
    heard *h = ctx;

    h->lines++;
    snprintf(h->last, sizeof h->last, "%s", line);
}

static lede_status run(heard *h, lede_status (*work)(void *, int, lede_error *),
                       lede_error *err)
{
    lede_apart apart = {
        .ctx = h, .work = work, .line = hear, .compute_s = 1, .stop = &h->stop};

    return lede_apart_run(&apart, err);
}

static lede_status say_and_fail(void *ctx, int out, lede_error *err)
{
    ((heard *)ctx)->lines = 1000; /* stays there */
    lede_apart_say(out, "one");
    lede_apart_say(out, "");
    lede_apart_say(out, "three");
    return lede_fail(err, LEDE_CORRUPT, "as it is");
}

static lede_status do_well(void *ctx, int out, lede_error *err)
{
    (void)ctx, (void)out, (void)err;
    return LEDE_OK;
}

static void test_apart__lines_and_the_result_come_back(void **state)
{
    heard h = {0};
    lede_error err = {0};

    (void)state;
    assert_ok(run(&h, do_well, &err));
    assert_int_equal(h.lines, 0);
    assert_status(run(&h, say_and_fail, &err), LEDE_CORRUPT);
    assert_string_equal(err.message, "as it is");
    assert_int_equal(h.lines, 3);
    assert_string_equal(h.last, "three");
}

static lede_status crash(void *ctx, int out, lede_error *err)
{
    (void)ctx, (void)err;
    lede_apart_say(out, "so far");
    signal(SIGSEGV, SIG_DFL); /* a sanitizer's */
    raise(SIGSEGV);
    return LEDE_OK;
}

static lede_status leave(void *ctx, int out, lede_error *err)
{
    (void)ctx, (void)out, (void)err;
    _exit(0);
}

static void test_apart__who_dies_is_told(void **state)
{
    heard h = {0};
    lede_error err = {0};

    (void)state;
    assert_status(run(&h, crash, &err), LEDE_BUG);
    assert_non_null(strstr(err.message, "signal 11"));
    assert_string_equal(h.last, "so far");
    assert_status(run(&h, leave, &err), LEDE_BUG);
    assert_string_equal(err.message, "ended before its end");
}

static lede_status go_in_circles(void *ctx, int out, lede_error *err)
{
    volatile unsigned turns = 0;

    (void)ctx, (void)err;
    while (out >= 0) {
        turns++;
    }
    return LEDE_OK;
}

static lede_status say_without_end(void *ctx, int out, lede_error *err)
{
    (void)ctx, (void)err;
    while (out >= 0) {
        lede_apart_say(out, "and so on");
    }
    return LEDE_OK;
}

static void test_apart__no_end_is_told(void **state)
{
    heard h = {0};
    lede_error err = {0};

    (void)state;
    assert_status(run(&h, go_in_circles, &err), LEDE_BUG);
    assert_string_equal(err.message, "no end of it in 1 s of computing");
    assert_status(run(&h, say_without_end, &err), LEDE_BUG);
    assert_string_equal(err.message, "no end of it in 1 s of computing");
    assert_string_equal(h.last, "and so on");
}

static lede_status say_much(void *ctx, int out, lede_error *err)
{
    char line[3 * LEDE_APART_LINE_BYTES];

    (void)ctx, (void)err;
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    lede_apart_say(out, line);
    return LEDE_OK;
}

static void test_apart__long_lines_are_cut(void **state)
{
    heard h = {0};
    lede_error err = {0};

    (void)state;
    assert_ok(run(&h, say_much, &err));
    assert_int_equal(h.lines, 1);
    assert_int_equal(strlen(h.last), LEDE_APART_LINE_BYTES - 1);
}

static lede_status wait_long(void *ctx, int out, lede_error *err)
{
    (void)ctx, (void)out, (void)err;
    sleep(1000);
    return LEDE_OK;
}

static void test_apart__it_can_be_stopped(void **state)
{
    heard h = {.stop = 1};
    lede_error err = {0};

    (void)state;
    assert_status(run(&h, wait_long, &err), LEDE_INTERRUPTED);
}

/* Stops it at the third look. */
static void look(void *ctx)
{
    heard *h = ctx;

    h->lines++;
    h->stop = h->lines == 3;
}

static void test_apart__it_is_looked_at_while_it_works(void **state)
{
    heard h = {0};
    lede_apart apart = {
        .ctx = &h, .work = wait_long, .look = look, .stop = &h.stop};
    lede_error err = {0};

    (void)state;
    assert_status(lede_apart_run(&apart, &err), LEDE_INTERRUPTED);
    assert_int_equal(h.lines, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apart__lines_and_the_result_come_back),
        cmocka_unit_test(test_apart__who_dies_is_told),
        cmocka_unit_test(test_apart__no_end_is_told),
        cmocka_unit_test(test_apart__long_lines_are_cut),
        cmocka_unit_test(test_apart__it_can_be_stopped),
        cmocka_unit_test(test_apart__it_is_looked_at_while_it_works),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
