/* lede export, killed at random steps (steps.h) of its own or of a merge's,
 * killed or stopped at random moments, and without room on the disk: shards
 * that are not complete say so, and the next run ends with those of an
 * undisturbed one. A few rounds in the plain run, many with LEDE_TEST_LONG=1.
 */
#include "tests/support/check.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "indexer/export.h"
#include "storage/shards.h"
#include "storage/shards_check.h"
#include "tests/crash/steps.h"
#include "tests/support/folder.h"
#include "tests/support/random_archive.h"
#include "tests/support/small_archive.h"

enum { ENTRIES = 240, WORDS = 40, EPOCH = 1700000000, SHARDS = 2 };

typedef struct world {
    char folder[256], directory[256], calm[300], to[300];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_entry entries[ENTRIES];
    lede_block bodies[ENTRIES];
    char texts[ENTRIES][WORDS * 8];
    uint64_t state;
} world;

static lede_error err;

static void make_entry(world *w, uint32_t number)
{
    lede_entry *entry = &w->entries[number];
    size_t len = 0;

    lede_entry_init(entry);
    for (int i = 0; i < WORDS; i++) {
        len += (size_t)snprintf(w->texts[number] + len, 8, "w%u ",
                                random_below(&w->state, 900));
    }
    entry->key = random_next(&w->state) | 1;
    entry->headline = lede_span_text("Report");
    w->bodies[number].text = lede_span_text(w->texts[number]);
    entry->body = &w->bodies[number];
    entry->block_count = 1;
    entry->published.instant = EPOCH + 3600 * (int64_t)number;
    entry->published.precision = LEDE_PRECISION_SECOND;
    entry->published.year_source = LEDE_YEAR_EXPLICIT;
}

/* --- Exporting ------------------------------------------------------------ */

static volatile int stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static lede_status export(const world *w, const char *to)
{
    lede_watch watch = {.stop = &stop};
    lede_export_options options = {
        .shards = SHARDS, .batch_bytes = 3000, .watch = &watch};
    lede_export_report report;

    return lede_export(w->snapshot, to, &options, &report, &err);
}

static int setup(void **state)
{
    world *w = calloc(1, sizeof *w);

    w->state = 1;
    folder_make(w->folder);
    snprintf(w->calm, sizeof w->calm, "%s/calm", w->folder);
    snprintf(w->to, sizeof w->to, "%s/to", w->folder);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        make_entry(w, i);
    }
    assert_ok(small_archive_make(w->entries, ENTRIES, ENTRIES / 3,
                                 EPOCH + 3600 * ENTRIES, w->directory,
                                 &w->archive, &err));
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
    stop = 0;
    assert_ok(export(w, w->calm));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    lede_snapshot_close(w->snapshot);
    small_archive_remove(w->archive, w->directory);
    folder_remove(w->folder);
    free(w);
    return 0;
}

/* How an export is disturbed. */
typedef struct fate {
    steps_fate how;
    long step;
    int signal; /* 0: none; to the export alone, after so many ms: */
    uint32_t after_ms;
} fate;

/* It ran to the end; was stopped; failed; was killed. */
typedef enum outcome { DONE, STOPPED, FAILED, KILLED } outcome;

static void sleep_ms(uint32_t ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000,
                                   .tv_nsec = (long)(ms % 1000) * 1000000};

    nanosleep(&pause, NULL);
}

static outcome export_until(const world *w, const fate *f, long *steps)
{
    int ends[2], result;
    pid_t child;
    long taken = 0;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        lede_status status;

        setpgid(0, 0); /* with its merges */
        signal(SIGTERM, on_signal);
        steps_reset(f->how, f->step);
        status = export(w, w->to);
        taken = steps_taken();
        if (status == LEDE_IO && strlen(err.message) == 0) {
            status = LEDE_BUG;
        }
        if (write(ends[1], &taken, sizeof taken) != sizeof taken) {
            _exit(9);
        }
        _exit(status == LEDE_OK            ? 0
              : status == LEDE_INTERRUPTED ? 1
              : status == LEDE_IO          ? 2
                                           : 3);
    }
    if (f->signal != 0) {
        sleep_ms(f->after_ms);
        kill(child, f->signal);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    close(ends[1]);
    if (read(ends[0], &taken, sizeof taken) == sizeof taken) {
        *steps = taken;
    }
    close(ends[0]);
    if (WIFSIGNALED(result)) {
        assert_true(WTERMSIG(result) == SIGKILL ||
                    WTERMSIG(result) == SIGTERM); /* before the handler */
        return KILLED;
    }
    assert_true(WIFEXITED(result));
    assert_in_range(WEXITSTATUS(result), 0, 2);
    return (outcome)WEXITSTATUS(result);
}

/* --- What is there -------------------------------------------------------- */

static bool put_count(void *ctx, lede_span term, uint32_t count)
{
    lede_buf_put_format(ctx, "%u ", count);
    lede_buf_put_span(ctx, term);
    lede_buf_put_text(ctx, "\n");
    return true;
}

static void on_problem(void *ctx, const char *problem)
{
    (void)ctx;
    fail_msg("%s", problem);
}

/* All terms, in how many documents each is; and of each entry its data. */
static void describe(const world *w, const char *path, lede_buf *out)
{
    lede_check_callbacks callbacks = {.found = on_problem};
    lede_shards *shards = NULL;
    lede_xapian *all;

    assert_ok(lede_shards_open(path, 1000, &shards, &err));
    assert_int_equal(lede_shards_count(shards), SHARDS);
    assert_int_equal(lede_shards_totals(shards)->entries, ENTRIES);
    assert_ok(lede_shards_check(shards, &callbacks, &err));
    all = lede_shards_all(shards);
    assert_ok(lede_xapian_each_count(all, lede_span_of(NULL, 0), put_count, out,
                                     &err));
    for (uint32_t i = 0; i < ENTRIES; i++) {
        uint32_t document = 0;
        lede_xapian_name name;
        lede_span data;

        assert_ok(lede_xapian_find(
            all, lede_xapian_name_key(&name, w->entries[i].key), 0, &document,
            &err));
        assert_ok(lede_xapian_data(all, document, &data, &err));
        lede_buf_put_span(out, data);
    }
    lede_shards_close(shards);
}

static void expect_the_same(const world *w)
{
    lede_buf calm = {0}, here = {0};

    describe(w, w->calm, &calm);
    describe(w, w->to, &here);
    assert_true(lede_span_equal(lede_buf_span(&calm), lede_buf_span(&here)));
    lede_buf_done(&calm);
    lede_buf_done(&here);
}

/* Shards are complete, or nothing is there, or it is said that they are not. */
static void expect_no_half(const world *w)
{
    lede_shards *shards = NULL;

    if (lede_shards_open(w->to, 1000, &shards, &err) == LEDE_OK) {
        uint64_t entries = 0;
        uint32_t told = 0;

        for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
            const lede_shard *shard = lede_shards_get(shards, i);

            assert_true(shard->db != NULL ||
                        strstr(shard->failure.message, "not finished") != NULL);
            told += shard->db == NULL;
            entries += shard->db == NULL ? 0 : shard->statistics.documents;
        }
        assert_true(entries > 0 || told == lede_shards_count(shards));
        lede_shards_close(shards);
    }
}

/* Exports to an empty folder, disturbed a few times; then in peace. */
static void live_through(world *w, const fate *fates, uint32_t count,
                         uint32_t outcomes[4])
{
    const fate calm = {.how = STEPS_NONE};
    long steps;

    folder_remove(w->to);
    for (uint32_t i = 0; i < count; i++) {
        outcomes[export_until(w, &fates[i], &steps)]++;
        expect_no_half(w);
    }
    assert_int_equal(export_until(w, &calm, &steps), DONE);
    expect_the_same(w);
}

static unsigned rounds(void)
{
    return getenv("LEDE_TEST_LONG") != NULL ? 100 : 5;
}

static void tell(const char *what, const uint32_t outcomes[4])
{
    print_message("%s: %u done, %u stopped, %u failed, %u killed\n", what,
                  outcomes[DONE], outcomes[STOPPED], outcomes[FAILED],
                  outcomes[KILLED]);
}

/* Steps of the export itself, those of its merges left out. */
static long count_steps(world *w)
{
    const fate calm = {.how = STEPS_NONE};
    long steps = 0;

    folder_remove(w->to);
    assert_int_equal(export_until(w, &calm, &steps), DONE);
    expect_the_same(w);
    assert_true(steps > 100);
    return steps;
}

static void at_steps(world *w, steps_fate how, uint32_t outcomes[4])
{
    long all = count_steps(w);

    for (unsigned i = 0; i < rounds(); i++) {
        fate fates[3];

        for (int j = 0; j < 3; j++) {
            /* A merge counts on from the step before it. */
            uint32_t most = (uint32_t)(j == 0 ? all + 60 : all / 2);

            fates[j] =
                (fate){.how = how, .step = 1 + random_below(&w->state, most)};
        }
        live_through(w, fates, 3, outcomes);
    }
}

static void test_export_kill__at_any_step(void **state)
{
    uint32_t outcomes[4] = {0};

    at_steps(*state, STEPS_KILL_ALL, outcomes);
    tell("killed at steps", outcomes);
    assert_true(outcomes[KILLED] > 0);
}

static void test_export_kill__a_merge_alone(void **state)
{
    uint32_t outcomes[4] = {0};
    world *w = *state;
    long all = count_steps(w);

    for (unsigned i = 0; i < rounds(); i++) {
        const fate f = {.how = STEPS_KILL,
                        .step = all + 1 + random_below(&w->state, 60)};

        live_through(w, &f, 1, outcomes);
    }
    tell("merges killed", outcomes);
    assert_true(outcomes[FAILED] > 0);
    assert_int_equal(outcomes[KILLED], 0);
}

static void test_export_kill__a_full_disk(void **state)
{
    uint32_t outcomes[4] = {0};

    at_steps(*state, STEPS_NO_SPACE, outcomes);
    tell("full disks", outcomes);
    assert_true(outcomes[FAILED] > 0);
}

static void at_moments(world *w, int signal, uint32_t outcomes[4])
{
    for (unsigned i = 0; i < rounds(); i++) {
        fate fates[3];

        for (int j = 0; j < 3; j++) {
            fates[j] = (fate){.signal = signal,
                              .after_ms = random_below(&w->state, 1200)};
        }
        live_through(w, fates, 3, outcomes);
    }
}

/* Its merge, which is not killed with it, ends by itself. */
static void test_export_kill__at_any_moment(void **state)
{
    uint32_t outcomes[4] = {0};

    at_moments(*state, SIGKILL, outcomes);
    tell("killed at moments", outcomes);
}

static void test_export_kill__stopped_at_any_moment(void **state)
{
    uint32_t outcomes[4] = {0};

    at_moments(*state, SIGTERM, outcomes);
    tell("stopped at moments", outcomes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_export_kill__at_any_step),
        cmocka_unit_test(test_export_kill__a_merge_alone),
        cmocka_unit_test(test_export_kill__a_full_disk),
        cmocka_unit_test(test_export_kill__at_any_moment),
        cmocka_unit_test(test_export_kill__stopped_at_any_moment),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
