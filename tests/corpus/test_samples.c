/* Every sample of every format, cut off and with bytes flipped: whatever is
 * left, reading it ends well, in time, and what it gives is in order.
 *
 *     test_samples [FOLDER...]
 *
 * Instead of the samples any other files may be read. LEDE_TEST_LONG=1 damages
 * all of them, and more often. */
#include <time.h>
#include <unistd.h>

#include "corpus/format.h"
#include "corpus/walk.h"
#include "tests/corpus/sink.h"

enum {
    CUTS = 20,
    FLIPS = 200,
    FILE_MAX_BYTES = 3 << 20, /* of larger ones the beginning */
    SHORT_CUTS = 2,
    SHORT_FLIPS = 5,
    SHORT_STRIDE = 13, /* files that are passed over in the short form */
    SHORT_SECONDS = 5
};

/* In milliseconds of this process: the promise is a second per MB, which
 * sanitizers make four. The slack is what a small file may take. */
static const double slack_ms = CHECK_IS_SANITIZED ? 1000 : 100;
static const double ms_per_mb = CHECK_IS_SANITIZED ? 4000 : 1000;

static char **asked; /* folders, up to NULL */

typedef struct damage {
    uint64_t random;
    size_t files, reads, entries;
    double began, worst_ms, worst_rate; /* the latter per MB, of 64 KiB up */
    char worst[256], slowest[256];
} damage;

static bool is_long(void)
{
    return getenv("LEDE_TEST_LONG") != NULL;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static size_t below(damage *d, size_t bound)
{
    d->random ^= d->random << 13;
    d->random ^= d->random >> 7;
    d->random ^= d->random << 17;
    return bound == 0 ? 0 : (size_t)(d->random >> 11) % bound;
}

/* An exact copy on the heap: the sanitizer sees reads past its end. */
static void read_copy(damage *d, lede_span bytes, const char *path)
{
    uint8_t *copy = malloc(bytes.len == 0 ? 1 : bytes.len);
    test_sink got = {0};
    lede_error err = {0};
    double begin = now_ms();
    double took;
    lede_status status;

    assert_non_null(copy);
    memcpy(copy, bytes.bytes, bytes.len);
    status = read_into(&got, lede_span_of(copy, bytes.len), path, &err);
    took = now_ms() - begin;
    if (status != LEDE_OK && status != LEDE_BAD_INPUT) {
        fail_msg("%s: %s: %s", path, lede_status_name(status), err.message);
    }
    if (took > slack_ms + ms_per_mb * (double)bytes.len / (1 << 20)) {
        fail_msg("%s: %zu bytes took %.0f ms", path, bytes.len, took);
    }
    if (took > d->worst_ms) {
        d->worst_ms = took;
        snprintf(d->worst, sizeof d->worst, "%.200s", path);
    }
    took /= (double)bytes.len / (1 << 20);
    if (bytes.len >= 64 << 10 && took > d->worst_rate) {
        d->worst_rate = took;
        snprintf(d->slowest, sizeof d->slowest, "%.200s", path);
    }
    assert_false(got.page_is_open);
    d->reads++;
    d->entries += got.entry_count;
    test_sink_done(&got);
    free(copy);
}

static void load(const char *path, lede_buf *out)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_true(lede_buf_reserve(out, FILE_MAX_BYTES));
    out->len = fread(out->bytes, 1, FILE_MAX_BYTES, file);
    fclose(file);
}

static lede_status damage_file(void *ctx, const lede_walk_file *file,
                               lede_error *err)
{
    damage *d = ctx;
    lede_buf bytes = {0};
    size_t cuts = is_long() ? CUTS : SHORT_CUTS;
    size_t flips = is_long() ? FLIPS : SHORT_FLIPS;
    size_t i;

    (void)err;
    if (!is_long() && (d->files++ % SHORT_STRIDE != 0 ||
                       now_ms() - d->began > SHORT_SECONDS * 1000.0)) {
        return LEDE_OK;
    }
    load(file->path, &bytes);
    read_copy(d, lede_buf_span(&bytes), file->path);
    for (i = 0; i < cuts; i++) {
        read_copy(d, lede_span_of(bytes.bytes, below(d, bytes.len + 1)),
                  file->path);
    }
    for (i = 0; i < flips && bytes.len > 0; i++) {
        size_t at = below(d, bytes.len);
        uint8_t before = bytes.bytes[at];

        bytes.bytes[at] ^= (uint8_t)(1u << below(d, 8));
        read_copy(d, lede_buf_span(&bytes), file->path);
        bytes.bytes[at] = before;
    }
    lede_buf_done(&bytes);
    return LEDE_OK;
}

static void test_samples__damaged_ones_do_no_harm(void **state)
{
    static const char *const folders[] = {"feeds",   "warc",      "newsroom",
                                          "exports", "live-html", "live-text",
                                          "time1963"};
    damage d = {.random = 88172645463325252u, .began = now_ms()};
    lede_walk_callbacks callbacks = {.ctx = &d, .file = damage_file};
    lede_error err = {0};
    size_t i;

    (void)state;
    for (i = 0; asked[i] != NULL; i++) {
        assert_ok(lede_walk(asked[i], &callbacks, &err));
    }
    for (i = 0; asked[0] == NULL && i < sizeof folders / sizeof folders[0];
         i++) {
        char path[1024];

        snprintf(path, sizeof path, "%s/%s", TEST_DATA(""), folders[i]);
        if (access(path, R_OK) != 0) {
            print_message("%s is missing\n", path);
            continue;
        }
        d.began = now_ms();
        assert_ok(lede_walk(path, &callbacks, &err));
    }
    if (d.reads == 0) {
        skip();
    }
    print_message("%zu reads, %zu entries, the slowest took %.0f ms (%s), the "
                  "slowest MB %.0f ms (%s)\n",
                  d.reads, d.entries, d.worst_ms, d.worst, d.worst_rate,
                  d.slowest);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples__damaged_ones_do_no_harm),
    };

    (void)argc;
    asked = argv + 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
