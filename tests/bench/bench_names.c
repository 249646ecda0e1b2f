/* What names cost beside plain words: for people and places of an archive, from
 * the most frequent down, the time of person:x (or place:x) and of the word x,
 * to count them, to find the ten best, and to answer as the command line does,
 * with hits read and shown. Prints both and their ratio; the last lines are the
 * medians. Usage: bench_names ARCHIVE [FOLDER], where FOLDER has the table of
 * places. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names/files.h"
#include "query/name_counts.h"

enum { ROUNDS = 7, ASKED = 9, MODES = 3, HITS = 10 };

/* How far down the list of names those asked for stand. */
static const uint32_t ranks[ASKED] = {0, 1, 2, 5, 10, 20, 50, 100, 200};

static const char *const mode_names[MODES] = {"count", "ten best", "answer"};

static void die(const char *what, const lede_error *err)
{
    fprintf(stderr, "%s: %s\n", what, err->message);
    exit(1);
}

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void show(lede_results *results, lede_error *err)
{
    uint32_t count = lede_results_count(results);

    for (uint32_t i = 0; i < count && i < HITS; i++) {
        const lede_hit *hit = NULL;

        if (lede_results_get(results, i, &hit, err) != LEDE_OK) {
            die("hit", err);
        }
    }
}

static double ask(lede_engine *engine, const char *query, int mode,
                  uint64_t *total)
{
    lede_search_options options = {.no_relax = true, .unfolded = mode < 2};
    lede_error err = {0};
    double best = 0;

    options.count_only = mode == 0;
    options.rank_plain = mode == 1;
    options.totals = mode == 1 ? LEDE_TOTALS_NONE : LEDE_TOTALS_EXACT;
    for (int round = 0; round < ROUNDS; round++) {
        lede_results *results = NULL;
        double begin = now_us(), took;

        if (lede_engine_search(engine, lede_span_text(query), &options,
                               &results, &err) != LEDE_OK) {
            die(query, &err);
        }
        if (mode == 2) {
            show(results, &err);
        }
        took = now_us() - begin;
        best = round == 0 || took < best ? took : best;
        *total = lede_results_total(results);
        lede_results_free(results);
    }
    return best;
}

/* The last word of a name, if it is one by itself. */
static bool last_word(lede_span name, char *out, size_t size)
{
    size_t begin = name.len;

    while (begin > 0 && name.bytes[begin - 1] != ' ') {
        uint8_t byte = name.bytes[begin - 1] | 0x20;

        if (byte < 'a' || byte > 'z') {
            return false;
        }
        begin--;
    }
    snprintf(out, size, "%.*s", (int)(name.len - begin),
             (const char *)name.bytes + begin);
    return name.len - begin > 2;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(lede_engine *engine, const lede_name_counts *counts,
                    lede_named_kind kind)
{
    const char *field = kind == LEDE_NAMED_PERSON ? "person" : "place";
    double ratios[MODES][ASKED];
    uint32_t found = 0, at = 0;

    for (uint32_t i = 0; i < counts->count && found < ASKED; i++) {
        char word[64], query[96];
        uint64_t plain = 0, named = 0;

        if (counts->items[i].kind != kind || at++ < ranks[found] ||
            !last_word(counts->items[i].name, word, sizeof word)) {
            continue;
        }
        snprintf(query, sizeof query, "%s:%s", field, word);
        for (int mode = 0; mode < MODES; mode++) {
            double a = ask(engine, word, mode, &plain);
            double b = ask(engine, query, mode, &named);

            ratios[mode][found] = b / a;
            printf("%-24s %-9s %9.1f us, the word %9.1f us: %5.2f", query,
                   mode_names[mode], b, a, b / a);
            if (mode != 1) {
                printf("  (%llu, %llu entries)", (unsigned long long)named,
                       (unsigned long long)plain);
            }
            putchar('\n');
        }
        found++;
    }
    for (int mode = 0; mode < MODES && found > 0; mode++) {
        qsort(ratios[mode], found, sizeof(double), compare);
        printf("%s, median, %s: %.2f\n", field, mode_names[mode],
               ratios[mode][found / 2]);
    }
}

int main(int argc, char **argv)
{
    lede_archive_options open = {0};
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_engine *engine = NULL;
    lede_gazetteer *gazetteer = NULL;
    lede_name_counts counts = {0};
    lede_error err = {0};
    lede_buf path = {0};

    if (argc < 2) {
        fprintf(stderr, "usage: bench_names ARCHIVE [FOLDER]\n");
        return 2;
    }
    if (lede_archive_open(argv[1], &open, &archive, &err) != LEDE_OK ||
        lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK ||
        lede_engine_of_snapshot(snapshot, &engine, &err) != LEDE_OK) {
        die(argv[1], &err);
    }
    if (lede_names_find_file(LEDE_NAMES_TABLE_FILE, argc > 2 ? argv[2] : NULL,
                             &path) == LEDE_OK &&
        lede_gazetteer_open(lede_buf_text(&path), &gazetteer, &err) !=
            LEDE_OK) {
        die("places", &err);
    }
    engine->gazetteer = gazetteer;
    for (int kind = 0; kind < 2; kind++) {
        if (lede_engine_name_counts(engine, 1u << kind, lede_span_of(NULL, 0),
                                    &counts, &err) != LEDE_OK) {
            die("names", &err);
        }
        measure(engine, &counts, (lede_named_kind)kind);
        lede_name_counts_done(&counts);
    }
    lede_buf_done(&path);
    lede_engine_close(engine);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    lede_gazetteer_close(gazetteer);
    return 0;
}
