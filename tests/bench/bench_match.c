/* bench_match.c - how fast is the matcher?
 *
 *   bench_match [ENTRIES [DIRECTORY [MODE [CLASS]]]]
 *
 * Makes an archive of chance (one segment, words of Zipf frequencies, with
 * positions), or opens the one that an earlier run left in DIRECTORY, and
 * prints microseconds per query, best of several passes: p50, p90 and p99 of
 * classes of queries in several modes. Words of a query are drawn log-uniformly
 * by rank. Not a test: it promises nothing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/entry_terms.h"
#include "base/time.h"
#include "query/match.h"
#include "storage/record.h"
#include "tests/support/random_archive.h"

enum { WORDS = 3000, QUERIES = 250, PASSES = 7, MAX_LEAVES = 5, SPAN = 400 };

static uint64_t state = 12345;

static double uniform(void)
{
    return ((double)(random_next(&state) >> 11) + 0.5) * 0x1p-53;
}

static void must(lede_status status, const lede_error *err)
{
    if (status != LEDE_OK) {
        fprintf(stderr, "bench_match: %s\n", err->message);
        exit(2);
    }
}

/* --- The archive ------------------------------------------------------------
 */

static double share_of(uint32_t word)
{
    return 0.6 / pow(word + 1.0, 0.85);
}

static void put_word(lede_segment_writer *writer, uint32_t word,
                     uint32_t entries, const uint32_t *lengths, lede_error *err)
{
    double share = share_of(word);
    char name[16];
    lede_form form = {.width = 1};
    int len = snprintf(name, sizeof name, "w%05u", word);
    double entry = -1;

    form.word = lede_span_of(name, (size_t)len);
    must(lede_segment_writer_begin_term(writer, form.word, &form, 1, err), err);
    for (;;) {
        uint32_t positions[16];
        uint16_t forms[16] = {0};
        lede_posting posting = {.positions = positions,
                                .forms = forms,
                                .fields = 1u << LEDE_FIELD_BODY};

        entry += 1 + floor(log(uniform()) / log(1 - share));
        if (entry >= entries) {
            break;
        }
        posting.entry = (uint32_t)entry;
        posting.count = 1 + (uint32_t)(-log(uniform()) * (0.6 + 2 * share));
        posting.count = posting.count > 16 ? 16 : posting.count;
        posting.frequency = 2 * posting.count;
        posting.length = lede_length_encode(lengths[posting.entry]);
        for (uint32_t i = 0; i < posting.count; i++) {
            positions[i] = (i == 0 ? 0 : positions[i - 1]) + 1 +
                           random_below(&state, SPAN / posting.count);
        }
        must(lede_segment_writer_put_posting(writer, &posting, err), err);
    }
    must(lede_segment_writer_end_term(writer, err), err);
}

static void put_rows(lede_segment_writer *writer, uint32_t entries,
                     uint32_t *lengths, lede_error *err)
{
    for (uint32_t i = 0; i < entries; i++) {
        lede_segment_row row = {.source = lede_span_text("bench")};

        lengths[i] = (uint32_t)(exp(uniform() + uniform() + uniform()) * 120);
        row.columns[LEDE_COLUMN_TIME] =
            1700000000 - (int64_t)i * 600 + random_below(&state, 600) % 500;
        row.columns[LEDE_COLUMN_TRUST] = 1;
        row.columns[LEDE_COLUMN_KEY] = (int64_t)random_next(&state);
        row.columns[LEDE_COLUMN_LENGTH] = lengths[i];
        for (unsigned f = LEDE_COLUMN_END_HEADLINE;
             f <= LEDE_COLUMN_END_CAPTION; f++) {
            row.columns[f] = f < LEDE_COLUMN_END_BODY ? 0 : SPAN + 100;
        }
        must(lede_segment_writer_put_row(writer, &row, err), err);
    }
}

static void make_archive(lede_archive *archive, uint32_t entries,
                         lede_error *err)
{
    uint32_t *lengths = calloc(entries, sizeof *lengths);
    lede_writer *writer = NULL;
    lede_segment_writer *segment = NULL;
    lede_buf record = {0};
    lede_entry entry;
    uint32_t id;
    lede_publish change = {.added = &id, .added_count = 1, .now = 1800000000};

    if (lengths == NULL) {
        abort();
    }
    must(lede_writer_open(archive, 0, &writer, err), err);
    must(lede_segment_writer_new(writer, entries, &segment, err), err);
    put_rows(segment, entries, lengths, err);
    for (uint32_t word = 0; word < WORDS; word++) {
        put_word(segment, word, entries, lengths, err);
    }
    lede_entry_init(&entry);
    lede_record_encode(&entry, &record);
    for (uint32_t i = 0; i < entries; i++) {
        must(lede_segment_writer_put_record(segment, i, lede_buf_span(&record),
                                            err),
             err);
    }
    must(lede_segment_writer_finish(segment, &id, err), err);
    must(lede_writer_publish(writer, &change, err), err);
    lede_segment_writer_free(segment);
    lede_writer_close(writer);
    lede_buf_done(&record);
    free(lengths);
}

/* --- Queries
 * ------------------------------------------------------------------ */

typedef struct query {
    char names[MAX_LEAVES][16];
    lede_span terms[MAX_LEAVES];
    lede_leaf leaves[MAX_LEAVES];
    lede_node words[MAX_LEAVES];
    lede_node *children[MAX_LEAVES];
    lede_slot slots[MAX_LEAVES];
    lede_node root;
    lede_tree tree;
} query;

typedef enum query_shape { TERM, AND, OR, PHRASE, SHAPES } query_shape;
static const char *const shape_names[SHAPES] = {"term", "and", "or", "phrase"};

static void make_query(query *q, query_shape shape)
{
    uint32_t count = shape == TERM     ? 1
                     : shape == PHRASE ? 2 + random_below(&state, 2)
                                       : 2 + random_below(&state, 4);

    *q = (query){.root = {.type = shape == TERM     ? LEDE_NODE_WORD
                                  : shape == PHRASE ? LEDE_NODE_PHRASE
                                                    : LEDE_NODE_GROUP,
                          .constraint = {.fields = LEDE_ALL_FIELDS},
                          .child_count = count,
                          .slot_count = count,
                          .need = shape == OR ? 1 : count}};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = (uint32_t)exp(uniform() * log(WORDS)) - 1;
        int len = snprintf(q->names[i], sizeof q->names[i], "w%05u", word);

        q->terms[i] = lede_span_of(q->names[i], (size_t)len);
        q->leaves[i] = (lede_leaf){.word = q->terms[i],
                                   .terms = &q->terms[i],
                                   .term_count = 1,
                                   .scores = true,
                                   .boost = 1.0};
        q->words[i] = (lede_node){.type = LEDE_NODE_WORD,
                                  .leaf = i,
                                  .constraint = {.fields = LEDE_ALL_FIELDS}};
        q->children[i] = &q->words[i];
        q->slots[i] =
            (lede_slot){.leaf = i, .constraint = {.fields = LEDE_ALL_FIELDS}};
    }
    q->root.children = q->children;
    q->root.slots = q->slots;
    q->tree =
        (lede_tree){.root = &q->root, .leaves = q->leaves, .leaf_count = count};
}

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static int by_value(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;

    return (*a > *b) - (*a < *b);
}

static void time_class(const lede_snapshot *snapshot, const query *queries,
                       const lede_match_options *options, const char *mode,
                       const char *name)
{
    static double best[QUERIES];
    uint64_t hits = 0, totals = 0;
    double sum = 0;

    for (unsigned pass = 0; pass < PASSES; pass++) {
        for (unsigned i = 0; i < QUERIES; i++) {
            lede_match_result result;
            lede_lookup *lookup;
            lede_error err = {0};
            double begin = now_us();
            double took;

            must(lede_lookup_new(snapshot, &queries[i].tree, &lookup, &err),
                 &err);
            must(lede_match_run(lookup, options, &result, &err), &err);
            lede_lookup_free(lookup);
            took = now_us() - begin;
            best[i] = pass == 0 || took < best[i] ? took : best[i];
            hits += pass == 0 ? result.hit_count : 0;
            totals += pass == 0 ? result.total : 0;
            lede_match_result_done(&result);
        }
    }
    qsort(best, QUERIES, sizeof *best, by_value);
    for (unsigned i = 0; i < QUERIES; i++) {
        sum += best[i];
    }
    printf("%-14s %-7s p50 %8.1f  p90 %8.1f  p99 %8.1f  mean %8.1f  hits %llu "
           "of %llu\n",
           mode, name, best[QUERIES / 2], best[QUERIES * 9 / 10],
           best[QUERIES * 99 / 100], sum / QUERIES, (unsigned long long)hits,
           (unsigned long long)totals);
    fflush(stdout);
}

static void time_all(const lede_snapshot *snapshot, const char *only_mode,
                     const char *only_class)
{
    static query queries[SHAPES][QUERIES];
    const lede_totals *totals = lede_snapshot_totals(snapshot);
    lede_match_options plain = {.k = 10, .totals = LEDE_TOTALS_NONE};
    lede_match_options modes[5];
    static const char *const names[5] = {"top10", "top10+total", "count",
                                         "recency", "newest"};

    for (unsigned i = 0; i < 5; i++) {
        modes[i] = plain;
    }
    modes[1].totals = modes[2].totals = LEDE_TOTALS_EXACT;
    modes[2].k = 0;
    modes[3].recency = 0.3;
    modes[3].half_life_s = totals->half_life_s;
    modes[3].origin = totals->newest_trusted;
    modes[4].sort = LEDE_SORT_NEWEST;
    for (unsigned s = 0; s < SHAPES; s++) {
        for (unsigned i = 0; i < QUERIES; i++) {
            make_query(&queries[s][i], (query_shape)s);
        }
    }
    for (unsigned mode = 0; mode < 5; mode++) {
        for (unsigned s = 0; s < SHAPES; s++) {
            if ((only_mode == NULL || strcmp(only_mode, names[mode]) == 0) &&
                (only_class == NULL ||
                 strcmp(only_class, shape_names[s]) == 0)) {
                time_class(snapshot, queries[s], &modes[mode], names[mode],
                           shape_names[s]);
            }
        }
    }
}

int main(int argc, char **argv)
{
    uint32_t entries = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 200000;
    char directory[256] = "";
    lede_archive_options how = {.create = true};
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};

    snprintf(directory, sizeof directory, "%s",
             argc > 2 ? argv[2] : "/tmp/lede-bench-XXXXXX");
    if (entries == 0 || entries > LEDE_SEGMENT_MAX_ENTRIES ||
        (argc <= 2 && mkdtemp(directory) == NULL)) {
        return 2;
    }
    must(lede_archive_open(directory, &how, &archive, &err), &err);
    must(lede_snapshot_open(archive, &snapshot, &err), &err);
    if (lede_snapshot_segment_count(snapshot) == 0) {
        lede_snapshot_close(snapshot);
        make_archive(archive, entries, &err);
        must(lede_snapshot_open(archive, &snapshot, &err), &err);
    }
    printf("%llu entries, %u segments\n",
           (unsigned long long)lede_snapshot_totals(snapshot)->entries,
           lede_snapshot_segment_count(snapshot));
    time_all(snapshot, argc > 3 ? argv[3] : NULL, argc > 4 ? argv[4] : NULL);
    lede_snapshot_close(snapshot);
    if (argc > 2) {
        lede_archive_close(archive);
    } else {
        random_archive_remove(archive, directory);
    }
    return 0;
}
