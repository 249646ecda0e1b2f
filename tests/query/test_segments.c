/* Answers do not depend on how the entries lie in segments, nor on what a
 * writer does meanwhile: a snapshot's answers stay what they were. */
#include <inttypes.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>

#include "indexer/indexer.h"
#include "indexer/run.h"
#include "query/search.h"
#include "storage/record.h"
#include "tests/indexer/dump.h"
#include "tests/indexer/fake_corpus.h"
#include "tests/indexer/world.h"
#include "tests/support/check.h"

static lede_error err;

static lede_status index_within(lede_archive *archive, const char *folder,
                                const lede_budget *budget,
                                const lede_index_options *options,
                                lede_error *reason)
{
    lede_index_options o = options == NULL ? (lede_index_options){0} : *options;
    lede_index_report report;

    o.read.now = 1800000000;
    o.wait_ms = 10000;
    return lede_index_within(archive, &folder, 1, &o, budget, &report, reason);
}

/* Appends all that a search says. */
static void put_answer(const lede_snapshot *snapshot, const char *query,
                       const lede_search_options *options, lede_buf *out)
{
    lede_results *results = NULL;
    uint32_t required = 0, of = 0, i;

    assert_ok(
        lede_search(snapshot, lede_span_text(query), options, &results, &err));
    lede_buf_put_format(
        out, "%s: %" PRIu64 " %d %u/%u\n", query,
        options->totals == LEDE_TOTALS_NONE ? 0 : lede_results_total(results),
        (int)lede_results_relaxed(results, &required, &of), required, of);
    for (i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit;
        uint64_t bits;

        assert_ok(lede_results_get(results, i, &hit, &err));
        memcpy(&bits, &hit->score, sizeof bits);
        lede_buf_put_format(out, " %" PRIu64 " %016" PRIx64 " %016" PRIx64 " ",
                            hit->rank, hit->entry->key, bits);
        lede_buf_put_span(out, hit->snippet);
        lede_buf_put_byte(out, '\n');
    }
    lede_results_free(results);
}

/* --- Segments ---------------------------------------------------------------
 */

static const char *const queries[] = {
    "harbour",
    "ferry night",
    "the budget of the minister",
    "\"the budget\"",
    "=runs train",
    "run",
    "Kyiv OR NATO",
    "flood -court",
    "headline:vote",
    "zeppelin ferry statement",
    "caf\xc3\xa9 100",
    "date:2020-09-13",
    "ferry date:2020-09-14..2023-12-31",
    "kind:article police",
    "",
};
enum { QUERIES = sizeof queries / sizeof queries[0] };

static const lede_search_options ways[] = {
    {.unlimited = true},
    {.limit = 5},
    {.limit = 4, .totals = LEDE_TOTALS_NONE, .rank_plain = true},
    {.limit = 7, .offset = 3, .match_any = true},
    {.unlimited = true, .no_recency = true, .rank_plain = true},
    {.limit = 6, .sort = LEDE_SORT_NEWEST},
    {.unlimited = true, .sort = LEDE_SORT_NEWEST},
    {.limit = 6, .sort = LEDE_SORT_OLDEST, .offset = 2},
    {.unlimited = true, .sort = LEDE_SORT_OLDEST},
    {.limit = 9, .as_of_given = true, .as_of = 1600100000},
};
enum { WAYS = sizeof ways / sizeof ways[0] };

static void answer_all(lede_archive *archive, lede_buf *out)
{
    lede_snapshot *snapshot = NULL;
    unsigned q, w;

    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    for (q = 0; q < QUERIES; q++) {
        for (w = 0; w < WAYS; w++) {
            put_answer(snapshot, queries[q], &ways[w], out);
        }
    }
    lede_snapshot_close(snapshot);
    assert_false(out->failed);
}

static void make_world(const char *folder, uint64_t seed)
{
    world_random random = {seed};
    lede_buf text = {0};
    char name[16];
    uint32_t i;

    for (i = 0; i < 12; i++) {
        if (i % 3 == 0) {
            world_live(i + seed, i, &text);
        } else {
            world_articles(&random, 20, &text);
        }
        snprintf(name, sizeof name, "%02u", i);
        write_file(in_folder(folder, name), lede_buf_text(&text));
    }
    lede_buf_done(&text);
}

/* One segment, or many that are full: each answer is the same, to the bit. */
static void test_segments__do_not_show_in_answers(void **state)
{
    static const uint32_t limits[] = {9, 40};
    uint32_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        char *folder = folder_new(), *first = folder_new(),
             *second = folder_new();
        lede_archive *whole = open_archive(first), *many = open_archive(second);
        lede_budget budget = lede_budget_of(0);
        lede_buf wanted = {0}, got = {0};

        make_world(folder, i);
        assert_ok(index_within(whole, folder, NULL, NULL, &err));
        assert_ok(lede_index_compact(whole, NULL, &err));
        assert_int_equal(count_segments(whole), 1);
        answer_all(whole, &wanted);
        assert_true(wanted.len > 100000);
        budget.segment_entries = limits[i];
        budget.spill_bytes = 2000;
        assert_ok(index_within(many, folder, &budget, NULL, &err));
        assert_ok(lede_index_compact_within(many, NULL, &budget, &err));
        assert_true(count_segments(many) > 3);
        answer_all(many, &got);
        assert_same_dump(&got, &wanted);
        lede_buf_done(&wanted);
        lede_buf_done(&got);
        lede_archive_close(whole);
        lede_archive_close(many);
        folder_remove(folder);
        folder_remove(first);
        folder_remove(second);
    }
}

/* --- While a writer works ---------------------------------------------------
 */

enum { FILES = 10, FILE_ENTRIES = 12, VERSIONS = 4 };

/* Every entry says which file and version it is of, so that a state which was
 * never published gives itself away. */
static void write_version(const char *folder, unsigned version)
{
    lede_buf text = {0};
    char name[16];
    uint32_t i, j;

    for (i = 0; i < FILES; i++) {
        lede_buf_clear(&text);
        lede_buf_put_text(&text, "LEDEFAKE\nP|plain||form|\n");
        for (j = 0; j < FILE_ENTRIES; j++) {
            lede_buf_put_format(
                &text,
                "E||Entry %u of file%c|%u|||https://x.org/%u/%u|The ferry and "
                "the harbour, version%c, of file%c.|#line=%u\n",
                j, '0' + (int)i, 1600000000 + (j * 7 + i) % 40 * 3600, i, j,
                '0' + (int)version, '0' + (int)i, j + 1);
        }
        snprintf(name, sizeof name, "%02u", i);
        write_file(in_folder(folder, name), lede_buf_text(&text));
        set_time(in_folder(folder, name), 1700000000 + (long)version);
    }
    lede_buf_done(&text);
}

/* Waits for the reader at the beginning of each phase: until it says that it
 * has looked once more. */
typedef struct writer {
    const char *folder;
    lede_archive *archive;
    const char *phase;
    void (*wait)(void *ctx);
    void *ctx;
    lede_status status;
    lede_error reason;
} writer;

static void on_progress(void *ctx, const lede_index_progress *p)
{
    writer *w = ctx;

    if (w->phase != p->phase) {
        w->phase = p->phase;
        w->wait(w->ctx);
    }
}

static void write_versions(writer *w)
{
    lede_index_options options = {.ctx = w, .progress = on_progress};
    lede_budget budget = lede_budget_of(0);
    unsigned version;

    budget.spill_bytes = 3000;
    budget.segment_entries = 50;
    for (version = 1; version <= VERSIONS && w->status == LEDE_OK; version++) {
        write_version(w->folder, version);
        w->status =
            index_within(w->archive, w->folder, &budget, &options, &w->reason);
    }
    if (w->status == LEDE_OK) {
        w->status = lede_index_compact_within(w->archive, &options, &budget,
                                              &w->reason);
    }
}

static uint64_t total_of(const lede_snapshot *snapshot, const char *query)
{
    lede_search_options options = {.limit = 1, .no_relax = true};
    lede_results *results = NULL;
    uint64_t total;

    assert_ok(
        lede_search(snapshot, lede_span_text(query), &options, &results, &err));
    total = lede_results_total(results);
    lede_results_free(results);
    return total;
}

/* Counts entries by file and version, from their records, without a search. */
typedef struct census {
    uint64_t counts[FILES][VERSIONS + 1];
} census;

static void take_census(const lede_snapshot *snapshot, census *out)
{
    lede_arena arena = {0};
    lede_buf record = {0};
    uint32_t s, i;

    *out = (census){0};
    for (s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, s);

        for (i = 0; i < lede_segment_entries(segment); i++) {
            const char *file, *version;
            lede_entry entry;
            lede_buf body = {0};

            if (lede_segment_is_deleted(segment, i)) {
                continue;
            }
            lede_arena_clear(&arena);
            assert_ok(lede_segment_record(segment, i, &record, &err));
            assert_ok(lede_record_decode(lede_buf_span(&record), &arena, &entry,
                                         &err));
            assert_int_equal(entry.block_count, 1);
            lede_buf_put_span(&body, entry.body[0].text);
            version = strstr(lede_buf_text(&body), "version");
            file = strstr(lede_buf_text(&body), "file");
            assert_true(file != NULL && version != NULL);
            out->counts[file[4] - '0'][version[7] - '0']++;
            lede_buf_done(&body);
        }
    }
    lede_buf_done(&record);
    lede_arena_done(&arena);
}

/* A file is read in parts: new entries stand beside old ones until it was read
 * to its end. None is ever missing, or there twice, or of a third version. */
static void assert_published(const lede_snapshot *snapshot, census *before)
{
    uint64_t all = 0;
    census now;
    char query[64];
    int i, v;

    take_census(snapshot, &now);
    for (i = 0; i < FILES; i++) {
        uint64_t of_file = 0, was = 0;
        int newest = 0;

        for (v = 0; v <= VERSIONS; v++) {
            snprintf(query, sizeof query, "file%c version%c", '0' + i, '0' + v);
            assert_int_equal(total_of(snapshot, query), now.counts[i][v]);
            of_file += now.counts[i][v];
            was += before->counts[i][v];
            newest = now.counts[i][v] > 0 ? v : newest;
        }
        for (v = 0; v < newest - 1; v++) {
            assert_int_equal(now.counts[i][v], 0);
        }
        assert_true(of_file >= was);
        assert_true(newest <= 1 || of_file == FILE_ENTRIES);
        all += of_file;
    }
    assert_int_equal(total_of(snapshot, ""), all);
    assert_int_equal(lede_snapshot_totals(snapshot)->entries, all);
    *before = now;
}

static void answer(const lede_snapshot *snapshot, lede_buf *out)
{
    static const char *const asked[] = {
        "ferry", "harbour version", "\"the ferry\"", "file2 OR version1", ""};
    unsigned q, w;

    lede_buf_clear(out);
    for (q = 0; q < sizeof asked / sizeof asked[0]; q++) {
        for (w = 0; w < WAYS; w += 5) {
            put_answer(snapshot, asked[q], &ways[w], out);
        }
    }
    assert_false(out->failed);
}

/* A snapshot that is held while the writer goes on, and what it said. */
typedef struct held {
    lede_snapshot *snapshot;
    uint64_t generation;
    lede_buf said, says;
    census census;
    uint64_t looks, generations;
} held;

static void look(held *h, lede_archive *archive)
{
    uint64_t generation;

    if (h->snapshot != NULL) {
        answer(h->snapshot, &h->says);
        assert_same_dump(&h->says, &h->said);
    }
    lede_snapshot_close(h->snapshot);
    h->snapshot = NULL;
    assert_ok(lede_snapshot_open(archive, &h->snapshot, &err));
    generation = lede_snapshot_totals(h->snapshot)->generation;
    assert_true(generation >= h->generation);
    h->generations += generation > h->generation;
    h->generation = generation;
    h->looks++;
    assert_published(h->snapshot, &h->census);
    answer(h->snapshot, &h->said);
}

static void held_done(held *h)
{
    print_message("%" PRIu64 " looks at %" PRIu64 " generations\n", h->looks,
                  h->generations);
    assert_true(h->generations > 20);
    lede_snapshot_close(h->snapshot);
    lede_buf_done(&h->said);
    lede_buf_done(&h->says);
}

static void assert_end(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;

    assert_ok(lede_archive_check(archive, NULL, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_int_equal(total_of(snapshot, "version"), 0);
    assert_int_equal(total_of(snapshot, "version4"), FILES * FILE_ENTRIES);
    lede_snapshot_close(snapshot);
}

/* From another process: the writer asks by one pipe and is answered by another.
 */
typedef struct pipes {
    int ask[2], tell[2];
} pipes;

static void wait_on_pipe(void *ctx)
{
    const pipes *p = ctx;
    char byte = 'a';

    if (write(p->ask[1], &byte, 1) != 1 || read(p->tell[0], &byte, 1) != 1) {
        _exit(3);
    }
}

static void
test_reader__in_another_process_sees_what_was_published(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    lede_archive *archive;
    held h = {0};
    pipes p;
    pid_t child;
    int result;
    char byte;

    (void)state;
    lede_archive_close(open_archive(archive_folder)); /* makes it */
    assert_true(pipe(p.ask) == 0 && pipe(p.tell) == 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        writer w = {.folder = folder, .wait = wait_on_pipe, .ctx = &p};

        close(p.ask[0]);
        close(p.tell[1]);
        w.archive = open_archive(archive_folder);
        write_versions(&w);
        lede_archive_close(w.archive);
        _exit(w.status == LEDE_OK ? 0 : 1);
    }
    close(p.ask[1]);
    close(p.tell[0]);
    archive = open_archive(archive_folder);
    while (read(p.ask[0], &byte, 1) == 1) {
        look(&h, archive);
        assert_int_equal(write(p.tell[1], &byte, 1), 1);
        look(&h, archive); /* while it goes on */
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
    look(&h, archive);
    held_done(&h);
    assert_end(archive);
    close(p.ask[0]);
    close(p.tell[1]);
    lede_archive_close(archive);
    folder_remove(folder);
    folder_remove(archive_folder);
}

/* From another thread of the same process, which shares the archive. */
typedef struct turn {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    uint64_t asked, told;
    bool is_over;
} turn;

static void wait_for_turn(void *ctx)
{
    turn *t = ctx;
    uint64_t mine;

    pthread_mutex_lock(&t->mutex);
    mine = ++t->asked;
    pthread_cond_broadcast(&t->changed);
    while (t->told < mine) {
        pthread_cond_wait(&t->changed, &t->mutex);
    }
    pthread_mutex_unlock(&t->mutex);
}

static void *run_writer(void *ctx)
{
    writer *w = ctx;
    turn *t = w->ctx;

    write_versions(w);
    pthread_mutex_lock(&t->mutex);
    t->is_over = true;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->mutex);
    return NULL;
}

/* False: the writer is done. */
static bool is_asked(turn *t)
{
    bool is_over;

    pthread_mutex_lock(&t->mutex);
    while (t->asked == t->told && !t->is_over) {
        pthread_cond_wait(&t->changed, &t->mutex);
    }
    is_over = t->is_over;
    pthread_mutex_unlock(&t->mutex);
    return !is_over;
}

static void tell(turn *t)
{
    pthread_mutex_lock(&t->mutex);
    t->told = t->asked;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->mutex);
}

static void test_reader__in_another_thread_sees_what_was_published(void **state)
{
    char *folder = folder_new(), *archive_folder = folder_new();
    turn t = {.mutex = PTHREAD_MUTEX_INITIALIZER,
              .changed = PTHREAD_COND_INITIALIZER};
    writer w = {.folder = folder, .wait = wait_for_turn, .ctx = &t};
    pthread_t thread;
    held h = {0};

    (void)state;
    w.archive = open_archive(archive_folder);
    assert_int_equal(pthread_create(&thread, NULL, run_writer, &w), 0);
    while (is_asked(&t)) {
        look(&h, w.archive);
        tell(&t);
        look(&h, w.archive);
    }
    pthread_join(thread, NULL);
    if (w.status != LEDE_OK) {
        print_error("%s\n", w.reason.message);
    }
    assert_int_equal(w.status, LEDE_OK);
    look(&h, w.archive);
    held_done(&h);
    assert_end(w.archive);
    pthread_cond_destroy(&t.changed);
    pthread_mutex_destroy(&t.mutex);
    lede_archive_close(w.archive);
    folder_remove(folder);
    folder_remove(archive_folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments__do_not_show_in_answers),
        cmocka_unit_test(
            test_reader__in_another_process_sees_what_was_published),
        cmocka_unit_test(
            test_reader__in_another_thread_sees_what_was_published),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
