/* One and the same piece again and again, in every reader: eight times as many
 * pieces take about eight times as long, never sixty-four times. It measures
 * time, so LEDE_TEST_LONG=1 runs it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "corpus/reader.h"
#include "tests/corpus/growth_cases.h"
#include "tests/support/check.h"

enum { FEW = 10000, TIMES = 8, WORST = 5 * TIMES, TWICE_WORST = 3, TRIES = 4 };

static const double least_ms = 1; /* in milliseconds */

static lede_status on_page(void *ctx, const lede_page *page, lede_error *err)
{
    (void)ctx;
    (void)page;
    (void)err;
    return LEDE_OK;
}

static lede_status on_entry(void *ctx, lede_entry *entry, const char *location,
                            lede_error *err)
{
    (void)entry;
    (void)location;
    (void)err;
    ++*(size_t *)ctx;
    return LEDE_OK;
}

static lede_status on_end(void *ctx, lede_error *err)
{
    (void)ctx;
    (void)err;
    return LEDE_OK;
}

static void put_piece(lede_buf *out, const char *piece, size_t number)
{
    for (; *piece != '\0'; piece++) {
        if (*piece == '\1') {
            lede_buf_put_format(out, "%zu", number);
        } else {
            lede_buf_put_byte(out, (uint8_t)*piece);
        }
    }
}

static void put_case(lede_buf *out, const repeated *c, size_t count)
{
    size_t i;

    lede_buf_clear(out);
    lede_buf_put_text(out, c->before);
    for (i = 0; i < count; i++) {
        put_piece(out, c->piece, i);
    }
    lede_buf_put_text(out, c->between);
    for (i = count; i-- > 0 && c->end[0] != '\0';) {
        put_piece(out, c->end, i);
    }
    lede_buf_put_text(out, c->after);
    assert_false(out->failed);
}

/* Of this process: neighbours do not count. */
static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double time_of(const repeated *c, size_t count)
{
    static const lede_read_options options = {.now = 1795000000};
    size_t entries = 0;
    lede_buf text = {0};
    lede_sink sink = {.ctx = &entries,
                      .page_begin = on_page,
                      .entry = on_entry,
                      .page_end = on_end};
    lede_error err = {0};
    lede_status status;
    double begin;

    put_case(&text, c, count);
    begin = now_ms();
    status = lede_corpus_read_bytes(lede_buf_span(&text), c->path, &options,
                                    &sink, &err);
    begin = now_ms() - begin;
    assert_true(status == LEDE_OK || status == LEDE_BAD_INPUT);
    lede_buf_done(&text);
    return begin;
}

/* The best of several: a machine that others use, and memory that is fresh,
 * only ever make it slower. What is quick enough is not tried again. */
static double best_time(const repeated *c, size_t count, double enough)
{
    double best = time_of(c, count);
    int tries;

    for (tries = 1; tries < TRIES && best > enough; tries++) {
        double ms = time_of(c, count);

        best = ms < best ? ms : best;
    }
    return best;
}

/* What fits no cache any more takes longer, once: what is quadratic takes four
 * times as long for twice as much, again and again. */
static void check_growth(const repeated *c)
{
    double few = best_time(c, FEW, least_ms);
    double many, twice;

    /* What takes no time is no measure. */
    few = few < least_ms ? least_ms : few;
    many = best_time(c, FEW * TIMES, WORST * few);
    if (getenv("LEDE_TEST_VERBOSE") != NULL) {
        print_message("%.1f ms, %.1f ms: %s: '%s' behind '%.40s'\n", few, many,
                      c->path, c->piece, c->before);
    }
    if (many <= WORST * few) {
        return;
    }
    twice = best_time(c, FEW * TIMES * 2, TWICE_WORST * many);
    if (twice > TWICE_WORST * many) {
        fail_msg("%s: '%s' behind '%.40s': %d take %.1f ms, %d take %.1f ms, "
                 "%d take %.1f ms",
                 c->path, c->piece, c->before, FEW, few, FEW * TIMES, many,
                 FEW * TIMES * 2, twice);
    }
}

static void test_growth__no_reader_is_quadratic(void **state)
{
    size_t i;

    (void)state;
    if (getenv("LEDE_TEST_LONG") == NULL) {
        print_message("skipped: it measures time; LEDE_TEST_LONG=1 runs it\n");
        skip();
    }
    for (i = 0; i < sizeof repeated_cases / sizeof repeated_cases[0]; i++) {
        check_growth(&repeated_cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_growth__no_reader_is_quadratic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
