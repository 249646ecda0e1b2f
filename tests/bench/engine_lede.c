/* engine_lede.c - lede behind the benchmark's protocol (protocol.h).
 *
 * Documents come as JSON Lines (what lede reads). Queries go through the whole
 * of lede_search, from the typed string to the ranked hits; hits are not read
 * from the entry store, as no other engine stores text. A mode with "_fit" at
 * its end ranks as the command line does by default. */
#include <sys/stat.h>

#include "base/buf.h"
#include "indexer/indexer.h"
#include "indexer/run.h"
#include "query/xapian_engine.h"
#include "storage/pair_words.h"
#include "tests/bench/lede_query.h"

static void die(const lede_error *err)
{
    fprintf(stderr, "lede: %s\n", err->message);
    exit(2);
}

static const lede_index_options options_512 = {.memory_bytes = (uint64_t)512
                                                               << 20};

static lede_archive *open_archive(const char *dir)
{
    lede_archive_options create = {.create = true};
    lede_archive *archive = NULL;
    lede_error err = {0};

    if (lede_archive_open(dir, &create, &archive, &err) != LEDE_OK) {
        die(&err);
    }
    return archive;
}

/* Peak memory in KiB: of this program alone, which what its parent is told is
 * not, since that includes the parent's own before this one began. */
static unsigned long long peak_kib(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    unsigned long long peak = 0;
    char line[256];

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmHWM: %llu", &peak) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return peak;
}

/* What the lists of pairs take: all behind the heads of their terms. */
static uint64_t bytes_of_pairs(const lede_snapshot *snapshot, lede_error *err)
{
    lede_span prefix = lede_span_text(LEDE_TERM_PAIR);
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        lede_term_cursor *cursor = NULL;
        lede_term term;
        lede_status status = lede_term_cursor_open(
            lede_snapshot_segment(snapshot, i), &cursor, err);

        if (status == LEDE_OK) {
            status = lede_term_cursor_seek(cursor, prefix, &term, err);
        }
        while (status == LEDE_OK &&
               lede_span_starts(term.bytes, LEDE_TERM_PAIR)) {
            const lede_postings *list = &term.postings;

            if (memchr(term.bytes.bytes, ' ', term.bytes.len) != NULL) {
                const uint8_t *begin =
                    list->skip != NULL ? list->skip : list->block_bytes.bytes;

                bytes += (uint64_t)(list->block_bytes.bytes +
                                    list->block_bytes.len - begin);
            }
            status = lede_term_cursor_next(cursor, &term, err);
        }
        lede_term_cursor_close(cursor);
        if (status != LEDE_OK && status != LEDE_END &&
            status != LEDE_NOT_FOUND) {
            die(err);
        }
    }
    return bytes;
}

/* Whole bytes on the first line; what other engines have nothing like on the
 * second. */
static void report_and_close(lede_archive *archive)
{
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    const lede_totals *t;

    if (lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK) {
        die(&err);
    }
    t = lede_snapshot_totals(snapshot);
    printf("bytes\t%llu\n",
           (unsigned long long)(t->bytes_terms + t->bytes_postings +
                                t->bytes_positions + t->bytes_columns));
    printf("apart\t%llu\t%llu\n",
           (unsigned long long)bytes_of_pairs(snapshot, &err),
           (unsigned long long)((t->entries + t->deleted) * LEDE_SKETCH_BYTES));
    fprintf(stderr,
            "lede: %u segments; terms %llu, postings %llu, positions %llu, "
            "columns %llu; entries %llu, keys %llu; peak %llu KiB\n",
            lede_snapshot_segment_count(snapshot),
            (unsigned long long)t->bytes_terms,
            (unsigned long long)t->bytes_postings,
            (unsigned long long)t->bytes_positions,
            (unsigned long long)t->bytes_columns,
            (unsigned long long)t->bytes_entries,
            (unsigned long long)t->bytes_keys, peak_kib());
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
}

static void index_docs(const char *docs, const char *dir)
{
    lede_archive *archive = open_archive(dir);
    lede_index_report report = {0};
    lede_error err = {0};

    if (lede_index_paths(archive, &docs, 1, &options_512, &report, &err) !=
            LEDE_OK ||
        (getenv("LEDE_BENCH_SEGMENTS") == NULL &&
         lede_index_compact(archive, &options_512, &err) != LEDE_OK)) {
        die(&err);
    }
    report_and_close(archive);
}

static void compact(const char *dir)
{
    lede_archive *archive = open_archive(dir);
    lede_error err = {0};

    if (lede_index_compact(archive, &options_512, &err) != LEDE_OK) {
        die(&err);
    }
    report_and_close(archive);
}

/* Indexes into about so many segments, and merges none of them. */
static void pile(const char *docs, const char *dir, uint64_t segments)
{
    lede_archive *archive = open_archive(dir);
    lede_budget budget = lede_budget_of(options_512.memory_bytes);
    lede_index_report report = {0};
    lede_error err = {0};
    struct stat about;

    if (stat(docs, &about) != 0) {
        fprintf(stderr, "lede: cannot read %s\n", docs);
        exit(2);
    }
    budget.merge_bytes = 0;
    budget.spill_bytes =
        (uint64_t)about.st_size / (segments > 0 ? segments : 1) + 1;
    if (lede_index_within(archive, &docs, 1, &options_512, &budget, &report,
                          &err) != LEDE_OK) {
        die(&err);
    }
    report_and_close(archive);
}

/* An embedded archive, or xapian: and shards. */
typedef struct served {
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_engine *engine;
} served;

static served open_served(const char *name)
{
    static const char scheme[] = "xapian:";
    lede_archive_options options = {0};
    lede_shards *shards = NULL;
    served s = {0};
    lede_error err = {0};
    lede_status status;

    if (strncmp(name, scheme, strlen(scheme)) == 0) {
        status = lede_shards_open(name + strlen(scheme), 30000, &shards, &err);
        if (status == LEDE_OK) {
            status = lede_engine_of_shards(shards, &s.engine, &err);
        }
    } else {
        status = lede_archive_open(name, &options, &s.archive, &err);
        if (status == LEDE_OK) {
            status = lede_snapshot_open(s.archive, &s.snapshot, &err);
        }
        if (status == LEDE_OK) {
            status = lede_engine_of_snapshot(s.snapshot, &s.engine, &err);
        }
    }
    if (status != LEDE_OK) {
        die(&err);
    }
    return s;
}

static void serve(const char *name)
{
    served s = open_served(name);
    lede_error err = {0};
    lede_buf text = {0};
    static char line[BENCH_LINE_BYTES];
    bench_query q;

    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        lede_search_options o;
        lede_results *results = NULL;
        int64_t begin;
        int64_t taken;

        if (!bench_parse(line, &q)) {
            continue;
        }
        bench_put_query(&q, &text);
        o = bench_options(&q);
        begin = bench_now_ns();
        if (lede_engine_search(s.engine, lede_buf_span(&text), &o, &results,
                               &err) != LEDE_OK) {
            die(&err);
        }
        taken = bench_now_ns() - begin;
        printf("%lld\t%lld\t%u\n", (long long)taken,
               o.totals == LEDE_TOTALS_EXACT || o.count_only
                   ? (long long)lede_results_total(results)
                   : -1,
               lede_results_count(results));
        fflush(stdout);
        lede_results_free(results);
    }
    lede_buf_done(&text);
    lede_engine_close(s.engine);
    lede_snapshot_close(s.snapshot);
    lede_archive_close(s.archive);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "index") == 0) {
        index_docs(argv[2], argv[3]);
    } else if (argc == 5 && strcmp(argv[1], "pile") == 0) {
        pile(argv[2], argv[3], strtoull(argv[4], NULL, 10));
    } else if (argc == 3 && strcmp(argv[1], "compact") == 0) {
        compact(argv[2]);
    } else if (argc == 3 && strcmp(argv[1], "serve") == 0) {
        serve(argv[2]);
    } else {
        fprintf(stderr,
                "usage: index DOCS.jsonl DIR words|raw, serve DIR,\n"
                "       pile DOCS.jsonl DIR SEGMENTS, or compact DIR\n");
        return 2;
    }
    return 0;
}
