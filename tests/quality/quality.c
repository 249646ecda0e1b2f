/* quality.c - how good is the ranking? MAP and nDCG@10 over judged queries.
 *
 *   quality [--each] [--plain] [--archive DIR]
 *           COLLECTION.jsonl QUERIES.tsv QRELS.txt [MIN_MAP MIN_NDCG]
 *
 * Indexes the collection into a temporary archive, or takes one where it is
 * indexed already, and runs every query with all words optional and recency
 * off; --plain: without fit and learnt words. --each prints a line per query.
 * Judgements are TREC qrels; a grade from 1 (best) to 4 counts as relevant with
 * gain 5 - grade when grades above 1 occur (Cranfield), else the gain is 1.
 * Average precision and discounted gain as trec_eval computes them, over the
 * queries that have a relevant entry. Prints one line per half of the queries
 * and one for all; with minima given, the status is 1 when they are missed, 77
 * when the collection is absent. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/indexer.h"
#include "query/search.h"

enum { DEPTH = 1000, MAX_JUDGED = 8192, NDCG_AT = 10, NAME_SLOTS = 1 << 18 };

typedef struct judgement {
    unsigned query;
    char id[64];
    int grade;
} judgement;

static judgement judged[MAX_JUDGED];
static size_t judged_count;
static bool is_graded;

/* What the command line asks for. */
static bool prints_each, is_plain;

/* The ids of entries by their keys, so that each is read once and not for
 * every query: a hash table, as full as entries were found. */
typedef struct name {
    uint64_t key;
    bool is_used;
    char id[64];
} name;

static name names[NAME_SLOTS];

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

static double gain_for(unsigned query, const char *id)
{
    size_t i;

    for (i = 0; i < judged_count; i++) {
        if (judged[i].query == query && strcmp(id, judged[i].id) == 0) {
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

/* The id of a hit; NULL with `err` set, or when there are too many. */
static const char *id_of(lede_results *results, uint32_t index, lede_error *err)
{
    lede_hit_place place = {0};
    const lede_hit *hit = NULL;
    name *at = names;
    size_t i;

    if (lede_results_reach_place(results, index, &place, err) != LEDE_OK) {
        return NULL;
    }
    for (i = 0; i < NAME_SLOTS; i++) {
        at = &names[(place.key + i) % NAME_SLOTS];
        if (!at->is_used || at->key == place.key) {
            break;
        }
    }
    if (i == NAME_SLOTS) {
        lede_fail(err, LEDE_BAD_INPUT, "more than %d entries", NAME_SLOTS);
        return NULL;
    }
    if (!at->is_used) {
        if (lede_results_get(results, index, &hit, err) != LEDE_OK) {
            return NULL;
        }
        at->is_used = true;
        at->key = place.key;
        snprintf(at->id, sizeof at->id, "%.*s", (int)hit->entry->native_id.len,
                 (const char *)hit->entry->native_id.bytes);
    }
    return at->id;
}

static bool score_query(const lede_snapshot *snapshot, unsigned query,
                        const char *text, scores *into)
{
    static double ideal[MAX_JUDGED];
    size_t relevant = ideal_gains(query, ideal);
    lede_search_options options = {.limit = DEPTH,
                                   .match_any = true,
                                   .no_recency = true,
                                   .rank_plain = is_plain};
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
        const char *id = id_of(results, i, &err);
        double gain;

        if (id == NULL) {
            fprintf(stderr, "query %u: %s\n", query, err.message);
            lede_results_free(results);
            return false;
        }
        gain = gain_for(query, id);
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
    precision /= (double)relevant;
    if (prints_each) {
        printf("query %u  AP %.4f  nDCG@10 %.4f\n", query, precision,
               dcg / best);
    }
    into->average_precision += precision;
    into->ndcg += dcg / best;
    into->queries++;
    return true;
}

static void print_scores(const char *which, const scores *s)
{
    printf("%-12s queries %4u  MAP %.4f  nDCG@10 %.4f\n", which, s->queries,
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

static lede_status index_collection(lede_archive *archive, const char *path,
                                    lede_error *err)
{
    const char *paths[] = {path};
    lede_index_options options = {.memory_bytes = 256u << 20};
    lede_index_report report = {0};
    lede_naming naming = {0};
    lede_status status =
        lede_naming_open(LEDE_TEST_SHARE, NULL, NULL, &naming, err);

    options.naming = &naming;
    if (status == LEDE_OK) {
        status = lede_index_paths(archive, paths, 1, &options, &report, err);
    }
    lede_naming_close(&naming);
    return status;
}

/* Indexes where `is_new`. */
static bool measure(const char *directory, bool is_new, char **args,
                    scores *all)
{
    lede_archive_options options = {.create = is_new};
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_error err = {0};
    bool fine = false;

    if (lede_archive_open(directory, &options, &archive, &err) != LEDE_OK ||
        (is_new && index_collection(archive, args[0], &err) != LEDE_OK) ||
        lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK) {
        fprintf(stderr, "%s\n", err.message);
    } else {
        fine = run_queries(snapshot, args[1], all);
    }
    lede_snapshot_close(snapshot);
    if (archive != NULL) {
        lede_archive_close(archive);
    }
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

/* Takes the options off the arguments; false if they make no sense. */
static bool read_options(int *argc, char ***argv, const char **archive)
{
    static const struct option known[] = {
        {"each", no_argument, NULL, 'e'},
        {"plain", no_argument, NULL, 'p'},
        {"archive", required_argument, NULL, 'a'},
        {NULL, 0, NULL, 0}};
    int c;

    while ((c = getopt_long(*argc, *argv, "+", known, NULL)) != -1) {
        if (c == '?') {
            return false;
        }
        prints_each = prints_each || c == 'e';
        is_plain = is_plain || c == 'p';
        *archive = c == 'a' ? optarg : *archive;
    }
    *argc -= optind;
    *argv += optind;
    return *argc == 3 || *argc == 5;
}

int main(int argc, char **argv)
{
    char directory[] = "/tmp/lede-quality-XXXXXX";
    const char *archive = NULL;
    scores all = {0};
    bool fine;

    if (!read_options(&argc, &argv, &archive)) {
        fprintf(stderr,
                "usage: quality [--each] [--plain] [--archive DIR] "
                "COLLECTION.jsonl QUERIES.tsv QRELS.txt [MIN_MAP MIN_NDCG]\n");
        return 2;
    }
    if (access(argv[0], R_OK) != 0) {
        printf("skipped: no test material at %s\n", argv[0]);
        return 77;
    }
    if (!read_qrels(argv[2]) ||
        (archive == NULL && mkdtemp(directory) == NULL)) {
        fprintf(stderr, "cannot read %s, or make a folder in /tmp\n", argv[2]);
        return 2;
    }
    if (archive != NULL) {
        fine = measure(archive, false, argv, &all);
    } else {
        fine = measure(directory, true, argv, &all);
        remove_archive(directory);
    }
    if (!fine) {
        return 2;
    }
    if (argc == 5 && (all.average_precision / all.queries < atof(argv[3]) ||
                      all.ndcg / all.queries < atof(argv[4]))) {
        printf("below MAP %s or nDCG@10 %s\n", argv[3], argv[4]);
        return 1;
    }
    return 0;
}
