/* Servers that die in the middle of a search, or fall silent: the answer is
 * that of the others and says so, in time, and nothing leaks. */
#include "tests/support/check.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "indexer/export.h"
#include "query/ledger.h"
#include "query/xapian_engine.h"
#include "tests/support/folder.h"
#include "tests/support/silent.h"
#include "tests/support/small_archive.h"
#include "tests/support/tcpsrv.h"

enum { ENTRIES = 300, SHARDS = 3, WAIT_MS = 700 };

typedef struct world {
    char folder[256], directory[256], many[300];
    lede_archive *archive;
    lede_entry entries[ENTRIES];
    lede_block bodies[ENTRIES];
    char texts[ENTRIES][96];
    uint64_t in_shard[SHARDS]; /* entries */
    tcpsrv servers[SHARDS];
    lede_engine *engine;
} world;

static int setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    lede_export_options options = {.shards = SHARDS};
    lede_export_report report;
    lede_snapshot *snapshot = NULL;
    static const char *const did[] = {"ferrying", "ferried", "harbouring",
                                      "stormed"};
    lede_error err = {0};
    uint32_t i;

    folder_make(w->folder);
    snprintf(w->many, sizeof w->many, "%s/many", w->folder);
    for (i = 0; i < ENTRIES; i++) {
        lede_entry *entry = &w->entries[i];

        lede_entry_init(entry);
        snprintf(w->texts[i], sizeof w->texts[i],
                 "Storm %u near the harbour, and a ferry called %u was %s", i,
                 i % 7, did[i % 4]);
        entry->key = (uint64_t)(i + 1) * 0x9E3779B97F4A7C15u;
        w->in_shard[entry->key % SHARDS]++;
        w->bodies[i].text = lede_span_text(w->texts[i]);
        entry->body = &w->bodies[i];
        entry->block_count = 1;
        entry->published.instant = 1700000000 + 60 * i;
        entry->published.precision = LEDE_PRECISION_SECOND;
        entry->published.year_source = LEDE_YEAR_EXPLICIT;
    }
    assert_ok(small_archive_make(w->entries, ENTRIES, 0, 1800000000,
                                 w->directory, &w->archive, &err));
    assert_ok(lede_snapshot_open(w->archive, &snapshot, &err));
    assert_ok(lede_export(snapshot, w->many, &options, &report, &err));
    lede_snapshot_close(snapshot);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world *w = *state;

    small_archive_remove(w->archive, w->directory);
    folder_remove(w->folder);
    free(w);
    return 0;
}

/* --- Servers -------------------------------------------------------------- */

typedef void starter(tcpsrv *server, const char *database);

static void start_by(world *w, starter *start_one)
{
    char name[256] = "tcp:";
    lede_shards *shards = NULL;
    lede_error err = {0};

    for (int i = 0; i < SHARDS; i++) {
        char path[400];
        size_t len = strlen(name);

        snprintf(path, sizeof path, "%s/shard-%03d", w->many, i);
        start_one(&w->servers[i], path);
        snprintf(name + len, sizeof name - len, "%s127.0.0.1:%u",
                 i > 0 ? "," : "", (unsigned)w->servers[i].port);
    }
    assert_ok(lede_shards_open(name, WAIT_MS, &shards, &err));
    assert_ok(lede_engine_of_shards(shards, &w->engine, &err));
}

static void start(world *w)
{
    start_by(w, tcpsrv_start);
}

static void stop(world *w)
{
    lede_engine_close(w->engine);
    w->engine = NULL;
    for (int i = 0; i < SHARDS; i++) {
        tcpsrv_kill(&w->servers[i]);
    }
}

/* Sends a signal to a server and all that it forked, a little later. */
static pid_t send_later(const tcpsrv *server, int signal, long after_us)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        nanosleep(&(struct timespec){0, after_us * 1000}, NULL);
        kill(-server->pid, signal);
        _exit(0);
    }
    return child;
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint32_t missing(const world *w)
{
    return w->engine->calls->missing(w->engine);
}

/* Searches, reads the hits, and gives the total. */
static uint64_t search(world *w, const char *query)
{
    lede_search_options options = {.limit = 20};
    lede_results *results = NULL;
    lede_error err = {0};
    uint64_t total;

    assert_ok(lede_engine_search(w->engine, lede_span_text(query), &options,
                                 &results, &err));
    total = lede_results_total(results);
    lede_results_free(results);
    return total;
}

/* Searches until a server is missing; each answer is whole, or of the others.
 */
static void search_until_missing(world *w, int gone)
{
    static const char *const queries[] = {"storm ferry", "\"the harbour\"",
                                          "storm -gale", "ferry NEAR harbour"};
    uint64_t rest = ENTRIES - w->in_shard[gone];
    char port[16];
    const char *name, *why;
    unsigned i;

    for (i = 0; missing(w) == 0; i++) {
        uint64_t total = search(w, queries[i % 4]);

        assert_true(i < 100000);
        assert_int_equal(total, missing(w) == 0 ? ENTRIES : rest);
    }
    for (i = 0; i < 4; i++) {
        assert_int_equal(search(w, queries[i]), rest);
    }
    assert_int_equal(missing(w), 1);
    w->engine->calls->missing_part(w->engine, 0, &name, &why);
    snprintf(port, sizeof port, ":%u", (unsigned)w->servers[gone].port);
    assert_non_null(strstr(name, port));
    assert_true(strlen(why) > 0);
}

static void test_failures__a_server_killed_in_mid_query(void **state)
{
    world *w = *state;

    if (!tcpsrv_is_there()) {
        skip();
    }
    for (int round = 0; round < 8; round++) {
        int gone = round % SHARDS;
        pid_t child;

        start(w);
        child = send_later(&w->servers[gone], SIGKILL, 1000 * round * round);
        search_until_missing(w, gone);
        waitpid(child, NULL, 0);
        stop(w);
    }
}

/* It accepts connections, and answered before; now it says nothing. */
static void test_failures__a_server_that_falls_silent(void **state)
{
    world *w = *state;

    if (!tcpsrv_is_there()) {
        skip();
    }
    for (int round = 0; round < 3; round++) {
        pid_t child;
        double begin;

        start(w);
        child = send_later(&w->servers[round], SIGSTOP, 3000 * round);
        waitpid(child, NULL, 0);
        begin = now_s();
        search_until_missing(w, round);
        assert_true(now_s() - begin < 30 * WAIT_MS / 1000.0);
        stop(w);
    }
}

static void test_failures__no_server_is_left(void **state)
{
    world *w = *state;
    lede_search_options options = {.limit = 20};
    lede_results *results = NULL;
    lede_error err = {0};

    if (!tcpsrv_is_there()) {
        skip();
    }
    start(w);
    assert_int_equal(search(w, "storm"), ENTRIES);
    for (int i = 0; i < SHARDS; i++) {
        kill(-w->servers[i].pid, SIGKILL);
    }
    assert_true(lede_engine_search(w->engine, lede_span_text("storm"), &options,
                                   &results, &err) != LEDE_OK);
    assert_non_null(strstr(err.message, "127.0.0.1:"));
    stop(w);
}

/* All are gone, and what took their places says nothing: it is waited for once.
 */
static void test_failures__silent_ones_are_waited_for_together(void **state)
{
    world *w = *state;
    lede_search_options options = {.limit = 20};
    lede_results *results = NULL;
    lede_error err = {0};
    uint16_t ports[SHARDS];
    silent s;

    if (!tcpsrv_is_there()) {
        skip();
    }
    start(w);
    assert_int_equal(search(w, "storm"), ENTRIES);
    for (int i = 0; i < SHARDS; i++) {
        ports[i] = w->servers[i].port;
        tcpsrv_kill(&w->servers[i]);
    }
    silent_start(&s, ports, SHARDS);
    assert_true(lede_engine_search(w->engine, lede_span_text("storm"), &options,
                                   &results, &err) != LEDE_OK);
    assert_true(silent_finish(&s));
    stop(w);
}

/* --- Servers that fail after so many answers -------------------------------
 */

enum { SHORT_MS = 100, LONG_MS = 100000, MOST_PIECES = 16 };

/* All that is said of an answer is said of the same entries. False if nobody
 * answered, though others are left, as they are unless it is the `whole`: they
 * were too slow. */
static bool check_answer(world *w, const char *query, bool whole)
{
    lede_search_options options = {.limit = 20};
    lede_results *results = NULL;
    lede_error err = {0};
    lede_status status = lede_engine_search(w->engine, lede_span_text(query),
                                            &options, &results, &err);
    uint64_t there = 0, ledger[LEDE_MATCHED_COUNT];
    uint32_t before = missing(w);
    bool is_there[SHARDS] = {true, true, true};

    if (status != LEDE_OK) {
        assert_true(strlen(err.message) > 0);
        return whole;
    }
    for (uint32_t i = 0; i < before; i++) {
        const char *name, *why;

        w->engine->calls->missing_part(w->engine, i, &name, &why);
        assert_true(strlen(why) > 0);
        for (int s = 0; s < SHARDS; s++) {
            char port[16];

            snprintf(port, sizeof port, ":%u", (unsigned)w->servers[s].port);
            is_there[s] = is_there[s] && strstr(name, port) == NULL;
        }
    }
    for (int s = 0; s < SHARDS; s++) {
        there += is_there[s] && (!whole || s == 1) ? w->in_shard[s] : 0;
    }
    assert_int_equal(lede_results_total(results), there);
    if (lede_results_ledger(results, ledger, &err) == LEDE_OK &&
        missing(w) == before) {
        assert_int_equal(ledger[LEDE_MATCHED_ANY], there);
    }
    lede_results_free(results);
    return true;
}

/* Asks servers that are waited for so long. */
static bool ask_within(world *w, const char *name, uint32_t wait_ms,
                       uint16_t failing, const char *query, bool alone)
{
    tcpsrv real = w->servers[1];
    lede_shards *shards = NULL;
    lede_error err = {0};
    bool answered;

    if (lede_shards_open(name, wait_ms, &shards, &err) != LEDE_OK) {
        assert_true(strlen(err.message) > 0);
        return alone;
    }
    assert_ok(lede_engine_of_shards(shards, &w->engine, &err));
    w->servers[1].port = failing;
    answered = check_answer(w, query, alone);
    w->servers[1] = real;
    lede_engine_close(w->engine);
    w->engine = NULL;
    return answered;
}

/* `alone`: nothing is left when it fails. Only one that falls silent has to be
 * waited for; on a busy machine longer, until the others answer in that time.
 */
static void ask_failing(world *w, unsigned pieces, bool hangs_up, bool alone)
{
    static const char *const queries[] = {
        "storm*", "harbouring* OR stormed* OR storm", "storm ferry"};
    char name[256] = "tcp:";
    tcpsrv failing;

    tcpsrv_start_failing(&failing, w->servers[1].port, pieces, hangs_up);
    if (alone) {
        snprintf(name, sizeof name, "tcp:127.0.0.1:%u", (unsigned)failing.port);
    } else {
        snprintf(name, sizeof name,
                 "tcp:127.0.0.1:%u,127.0.0.1:%u,127.0.0.1:%u",
                 (unsigned)w->servers[0].port, (unsigned)failing.port,
                 (unsigned)w->servers[2].port);
    }
    for (unsigned i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        uint32_t wait_ms = hangs_up ? LONG_MS : SHORT_MS;

        while (!ask_within(w, name, wait_ms, failing.port, queries[i], alone)) {
            assert_true(wait_ms < LONG_MS);
            wait_ms *= 10;
        }
    }
    tcpsrv_kill(&failing);
}

static void test_failures__after_any_answer(void **state)
{
    world *w = *state;

    if (!tcpsrv_is_there()) {
        skip();
    }
    start(w);
    lede_engine_close(w->engine);
    for (unsigned pieces = 1; pieces <= MOST_PIECES; pieces++) {
        ask_failing(w, pieces, true, true);
        ask_failing(w, pieces, true, false);
        ask_failing(w, pieces, false, true);
        ask_failing(w, pieces, false, false);
    }
    w->engine = NULL;
    stop(w);
}

/* --- Servers that hang up on who is idle -----------------------------------
 */

static void wait_long(void)
{
    nanosleep(&(struct timespec){2, 500000000}, NULL);
}

static void test_failures__who_was_idle_is_answered(void **state)
{
    world *w = *state;
    lede_search_options options = {.limit = 20};
    lede_results *results = NULL;
    const lede_hit *hit;
    lede_error err = {0};

    if (!tcpsrv_is_there()) {
        skip();
    }
    start_by(w, tcpsrv_start_hasty);
    assert_ok(lede_engine_search(w->engine, lede_span_text("storm"), &options,
                                 &results, &err));
    wait_long();
    for (uint32_t i = 0; i < 20; i++) {
        assert_ok(lede_results_get(results, i, &hit, &err));
    }
    lede_results_free(results);
    assert_int_equal(missing(w), 0);
    stop(w);
    start_by(w, tcpsrv_start_hasty);
    wait_long();
    assert_int_equal(search(w, "storm ferry"), ENTRIES);
    assert_int_equal(missing(w), 0);
    stop(w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_failures__a_server_killed_in_mid_query),
        TEST(test_failures__a_server_that_falls_silent),
        TEST(test_failures__no_server_is_left),
        TEST(test_failures__silent_ones_are_waited_for_together),
        TEST(test_failures__after_any_answer),
        TEST(test_failures__who_was_idle_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
