/* quality.c - how good is the ranking? MAP and nDCG@10 over judged queries.
 *
 *   quality COLLECTION.jsonl QUERIES.tsv QRELS.txt [MIN_MAP MIN_NDCG]
 *
 * Indexes the collection into a temporary archive and runs every query with all
 * words optional and recency off. Judgements are TREC qrels; a grade from 1
 * (best) to 4 counts as relevant with gain 5 - grade when grades above 1 occur
 * (Cranfield), else the gain is 1. Average precision and discounted gain as
 * trec_eval computes them, over the queries that have a relevant entry. Prints
 * one line per half of the queries and one for all; with minima given, the
 * status is 1 when they are missed, 77 when the collection is absent. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/indexer.h"
#include "query/search.h"

enum { DEPTH = 1000, MAX_JUDGED = 8192, MAX_QUERIES = 4096, NDCG_AT = 10 };

typedef struct judgement {
    unsigned query;
    char id[64];
    int grade;
} judgement;

static judgement judged[MAX_JUDGED];
static size_t judged_count;
static bool is_graded;

typedef struct scores {
    double average_precision, ndcg;
    unsigned queries;
} scores;

static bool read_qrels(const char *path)
{
    FILE *file = fopen(path, "r");
    judgement j;

    if (file == NULL) {
        return false;
    }
    while (judged_count < MAX_JUDGED &&
           fscanf(file, "%u %*s %63s %d", &j.query, j.id, &j.grade) == 3) {
        is_graded = is_graded || j.grade > 1;
        judged[judged_count++] = j;
    }
    fclose(file);
    return judged_count > 0;
}

static double gain_of(int grade)
{
    if (grade < 1) {
        return 0;
    }
    return is_graded ? 5 - grade : 1;
}

static double gain_for(unsigned query, lede_span id)
{
    size_t i;

    for (i = 0; i < judged_count; i++) {
        if (judged[i].query == query && lede_span_is(id, judged[i].id)) {
            return gain_of(judged[i].grade);
        }
    }
    return 0;
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x < y) - (x > y);
}

/* The gains of a query's relevant entries, best first. */
static size_t ideal_gains(unsigned query, double *gains)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < judged_count; i++) {
        double gain = gain_of(judged[i].grade);

        if (judged[i].query == query && gain > 0) {
            gains[count++] = gain;
        }
    }
    qsort(gains, count, sizeof *gains, descending);
    return count;
}

static bool score_query(const lede_snapshot *snapshot, unsigned query,
                        const char *text, scores *into)
{
    static double ideal[MAX_JUDGED];
    size_t relevant = ideal_gains(query, ideal);
    lede_search_options options = {
        .limit = DEPTH, .match_any = true, .no_recency = true};
    lede_results *results = NULL;
    lede_error err = {0};
    double precision = 0;
    double dcg = 0;
    double best = 0;
    unsigned found = 0;
    uint32_t i;

    if (relevant == 0) {
        return true;
    }
    if (lede_search(snapshot, lede_span_text(text), &options, &results, &err) !=
        LEDE_OK) {
        fprintf(stderr, "query %u: %s\n", query, err.message);
        return false;
    }
    for (i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit = NULL;
        double gain;

        if (lede_results_get(results, i, &hit, &err) != LEDE_OK) {
            fprintf(stderr, "query %u: %s\n", query, err.message);
            lede_results_free(results);
            return false;
        }
        gain = gain_for(query, hit->entry->native_id);
        if (gain > 0) {
            precision += ++found / (double)(i + 1);
        }
        if (i < NDCG_AT) {
            dcg += gain / log2(i + 2.0);
        }
    }
    for (i = 0; i < relevant && i < NDCG_AT; i++) {
        best += ideal[i] / log2(i + 2.0);
    }
    lede_results_free(results);
    into->average_precision += precision / (double)relevant;
    into->ndcg += dcg / best;
    into->queries++;
    return true;
}

static void print_scores(const char *name, const scores *s)
{
    printf("%-12s queries %4u  MAP %.4f  nDCG@10 %.4f\n", name, s->queries,
           s->average_precision / s->queries, s->ndcg / s->queries);
}

static bool run_queries(const lede_snapshot *snapshot, const char *path,
                        scores *all)
{
    FILE *file = fopen(path, "r");
    static char line[16384];
    scores half[2] = {{0}};
    bool fine = file != NULL;

    while (fine && fgets(line, sizeof line, file) != NULL) {
        char *tab = strchr(line, '\t');
        unsigned query = (unsigned)strtoul(line, NULL, 10);

        if (tab != NULL) {
            tab[1 + strcspn(tab + 1, "\r\n")] = '\0';
            fine = score_query(snapshot, query, tab + 1, &half[query % 2]);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    all->average_precision =
        half[0].average_precision + half[1].average_precision;
    all->ndcg = half[0].ndcg + half[1].ndcg;
    all->queries = half[0].queries + half[1].queries;
    if (fine && half[0].queries > 0 && half[1].queries > 0) {
        print_scores("odd queries", &half[1]);
        print_scores("even queries", &half[0]);
        print_scores("all queries", all);
    }
    return fine && all->queries > 0;
}

static bool measure(const char *directory, char **args, scores *all)
{
    const char *paths[] = {args[1]};
    lede_archive_options create = {.create = true};
    lede_index_options options = {.memory_bytes = 256u << 20};
    lede_index_report report = {0};
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_naming naming = {0};
    lede_error err = {0};
    bool fine = false;

    options.naming = &naming;
    if (lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &naming, &err) !=
            LEDE_OK ||
        lede_archive_open(directory, &create, &archive, &err) != LEDE_OK ||
        lede_index_paths(archive, paths, 1, &options, &report, &err) !=
            LEDE_OK ||
        lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK) {
        fprintf(stderr, "%s\n", err.message);
    } else {
        fine = run_queries(snapshot, args[2], all);
    }
    lede_snapshot_close(snapshot);
    if (archive != NULL) {
        lede_archive_close(archive);
    }
    lede_naming_close(&naming);
    return fine;
}

static void remove_archive(const char *directory)
{
    char command[512];

    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    if (system(command) != 0) {
        fprintf(stderr, "could not remove %s\n", directory);
    }
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/lede-quality-XXXXXX";
    scores all = {0};
    bool fine;

    if (argc != 4 && argc != 6) {
        fprintf(stderr, "usage: quality COLLECTION.jsonl QUERIES.tsv QRELS.txt "
                        "[MIN_MAP MIN_NDCG]\n");
        return 2;
    }
    if (access(argv[1], R_OK) != 0) {
        printf("skipped: no test material at %s\n", argv[1]);
        return 77;
    }
    if (!read_qrels(argv[3]) || mkdtemp(directory) == NULL) {
        fprintf(stderr, "cannot read %s, or make a folder in /tmp\n", argv[3]);
        return 2;
    }
    fine = measure(directory, argv, &all);
    remove_archive(directory);
    if (!fine) {
        return 2;
    }
    if (argc == 6 && (all.average_precision / all.queries < atof(argv[4]) ||
                      all.ndcg / all.queries < atof(argv[5]))) {
        printf("below MAP %s or nDCG@10 %s\n", argv[4], argv[5]);
        return 1;
    }
    return 0;
}
