/* What the operators of the query language cost: for each, the time to count
 * and to find the ten best, beside the time it takes to read all lists of its
 * words from one end to the other, with positions, forms and fields where the
 * operator asks for them. Usage: bench_language ARCHIVE [QUERY...]
 *
 * Without queries it makes some of the archive's own words: of the default
 * fields, in a tenth, a fiftieth and a five-hundredth of the entries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "query/plan.h"
#include "query/results.h"

enum { ROUNDS = 5, WORDS = 3 };

typedef struct word {
    char text[64];
    double wanted, off; /* of all entries: the share, how far from it */
} word;

typedef struct choosing {
    word words[WORDS];
    double entries;
} choosing;

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void die(const char *what, const lede_error *err)
{
    fprintf(stderr, "%s: %s\n", what, err->message);
    exit(1);
}

/* --- Words ---------------------------------------------------------------- */

static void consider(void *ctx, lede_span text, lede_span term,
                     uint64_t entries)
{
    choosing *c = ctx;
    double share = (double)entries / c->entries;

    /* Words that are their stems: their lists have few other forms. */
    if (text.len < 5 || text.len > 12 || !lede_span_equal(text, term)) {
        return;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] < 'a' || text.bytes[i] > 'z') {
            return;
        }
    }
    for (int i = 0; i < WORDS; i++) {
        word *w = &c->words[i];
        double off =
            share > w->wanted ? share / w->wanted : w->wanted / (share + 1e-9);

        if (w->off == 0 || off < w->off) {
            w->off = off;
            snprintf(w->text, sizeof w->text, "%.*s", (int)text.len,
                     (const char *)text.bytes);
        }
    }
}

/* --- Reading lists -------------------------------------------------------- */

/* What an operator has to know of occurrences. */
typedef struct parts {
    bool positions, forms, fields;
} parts;

static void want(const lede_constraint *c, parts *out)
{
    out->forms = out->forms || c->exact || c->case_least != LEDE_CASE_LOWER;
    out->fields = out->fields || c->fields != LEDE_ALL_FIELDS;
}

static void find_parts(const lede_node *node, parts *out)
{
    for (uint32_t i = 0; i < node->child_count; i++) {
        find_parts(node->children[i], out);
    }
    for (uint32_t i = 0; i < node->slot_count; i++) {
        want(&node->slots[i].constraint, out);
    }
    want(&node->constraint, out);
    out->positions = out->positions || node->type == LEDE_NODE_NEAR ||
                     node->type == LEDE_NODE_PHRASE;
}

static void scan_list(const lede_postings *list, const parts *p,
                      lede_error *err)
{
    static const bool wanted[LEDE_MAX_FORMS] = {true};
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    bool with_forms[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    lede_position_reader reader;

    lede_position_reader_init(&reader, list);
    for (uint32_t block = 0; block < list->block_count; block++) {
        uint32_t size = lede_postings_block_size(list, block);

        if (!lede_postings_entries(list, block, entries) ||
            !lede_postings_frequencies(list, block, frequencies) ||
            (p->fields && !lede_postings_fields(list, block, fields)) ||
            (p->forms && list->form_count > 1 &&
             !lede_postings_with_forms(list, block, wanted, with_forms))) {
            die("block", err);
        }
        for (uint32_t i = 0; p->positions && list->has_positions && i < size;
             i++) {
            uint32_t count;

            if (lede_position_reader_get(&reader, block, i, &count, err) !=
                LEDE_OK) {
                die("positions", err);
            }
        }
    }
    lede_position_reader_done(&reader);
}

static double scan(const lede_snapshot *snapshot, const lede_tree *tree,
                   lede_error *err)
{
    parts p = {0};
    double best = 0;

    find_parts(tree->root, &p);

    for (int round = 0; round < ROUNDS; round++) {
        double begin = now_us(), took;

        for (uint32_t s = 0; s < lede_snapshot_segment_count(snapshot); s++) {
            for (uint32_t i = 0; i < tree->leaf_count; i++) {
                for (uint32_t j = 0; j < tree->leaves[i].term_count; j++) {
                    lede_term term;

                    if (lede_segment_find_term(
                            lede_snapshot_segment(snapshot, s),
                            tree->leaves[i].terms[j], &term, err) == LEDE_OK) {
                        scan_list(&term.postings, &p, err);
                    }
                }
            }
        }
        took = now_us() - begin;
        best = round == 0 || took < best ? took : best;
    }
    return best;
}

/* --- Queries -------------------------------------------------------------- */

static double run(lede_engine_tree *tree, lede_engine *engine,
                  const lede_match_options *options, uint64_t *total,
                  lede_error *err)
{
    double best = 0;

    for (int round = 0; round < ROUNDS; round++) {
        lede_match_result result = {0};
        double begin = now_us(), took;

        if (engine->calls->run(tree, options, &result, err) != LEDE_OK) {
            die("run", err);
        }
        took = now_us() - begin;
        best = round == 0 || took < best ? took : best;
        *total = result.total;
        lede_match_result_done(&result);
    }
    return best;
}

static void measure(const lede_snapshot *snapshot, lede_engine *engine,
                    const char *query)
{
    lede_search_options options = {
        .rank_plain = true, .no_recency = true, .no_relax = true};
    lede_match_options count = {.sort = LEDE_SORT_NEWEST,
                                .totals = LEDE_TOTALS_EXACT};
    lede_match_options top = {.sort = LEDE_SORT_RELEVANCE,
                              .k = 10,
                              .totals = LEDE_TOTALS_NONE,
                              .origin = LEDE_INSTANT_NONE,
                              .half_life_s = 3600};
    lede_results *results = NULL;
    lede_error err = {0};
    double begin = now_us(), whole, scanned, counted, found;
    uint64_t total = 0, ignored = 0;

    if (lede_engine_search(engine, lede_span_text(query), &options, &results,
                           &err) != LEDE_OK) {
        die(query, &err);
    }
    whole = now_us() - begin;
    scanned = scan(snapshot, &results->plan.tree, &err);
    counted = run(results->tree, engine, &count, &total, &err);
    found = run(results->tree, engine, &top, &ignored, &err);
    printf("| `%s` | %llu | %.0f | %.0f | %.2f | %.0f | %.2f | %.0f |\n", query,
           (unsigned long long)total, scanned, counted, counted / scanned,
           found, found / scanned, whole);
    lede_results_free(results);
}

static void measure_own(const lede_snapshot *snapshot, lede_engine *engine)
{
    static const char *const forms[] = {"%1$s %2$s",
                                        "%1$s OR %2$s OR %3$s",
                                        "%1$s -%2$s",
                                        "=%1$s =%2$s",
                                        "headline:%1$s",
                                        "\"%1$s %2$s\"",
                                        "\"%1$s %2$s\"~5",
                                        "%1$s NEAR/5 %2$s",
                                        "%1$s NEAR/50 %2$s",
                                        "%1$s ADJ/5 %2$s",
                                        "%1$s SAME %2$s",
                                        "%1$s NEAR/9 %2$s NEAR/9 %1$s",
                                        "%1$s SAME %2$s SAME %3$s",
                                        "(%1$s OR %2$s) NEAR/5 %3$s",
                                        "%1$.4s*",
                                        "%3$.4s* %1$s",
                                        "*%1$.3s*",
                                        "%2$s~1",
                                        "%3$s~2",
                                        "\"%1$.4s* %2$.4s*\"",
                                        "%1$.4s* NEAR/5 %2$s",
                                        "%1$s^2 %2$s^0.5"};
    lede_error err = {0};
    choosing c = {.words = {{"", 0.1, 0}, {"", 0.02, 0}, {"", 0.002, 0}},
                  .entries = (double)engine->calls->entries(engine)};

    if (engine->calls->words(engine, "", lede_span_of(NULL, 0), NULL, consider, &c,
                             &err) != LEDE_OK) {
        die("words", &err);
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char query[256];
        const char *at = forms[i];
        size_t len = 0;

        /* "%1$s" and "%1$.4s", which not every libc takes. */
        while (*at != 0 && len + 64 < sizeof query) {
            if (*at != '%') {
                query[len++] = *at++;
                continue;
            }
            const char *text = c.words[at[1] - '1'].text;
            int most = at[3] == '.' ? at[4] - '0' : 63;

            len += (size_t)snprintf(query + len, sizeof query - len, "%.*s",
                                    most, text);
            at += at[3] == '.' ? 6 : 4;
        }
        query[len] = 0;
        measure(snapshot, engine, query);
    }
}

int main(int argc, char **argv)
{
    lede_archive *archive = NULL;
    lede_snapshot *snapshot = NULL;
    lede_engine *engine = NULL;
    lede_error err = {0};

    if (argc < 2) {
        fprintf(stderr, "usage: bench_language ARCHIVE [QUERY...]\n");
        return 2;
    }
    if (lede_archive_open(argv[1], &(lede_archive_options){0}, &archive,
                          &err) != LEDE_OK ||
        lede_snapshot_open(archive, &snapshot, &err) != LEDE_OK ||
        lede_engine_of_snapshot(snapshot, &engine, &err) != LEDE_OK) {
        die(argv[1], &err);
    }
    printf("| query | entries | lists us | count us | ratio | top 10 us | "
           "ratio | first search us |\n|---|---|---|---|---|---|---|---|\n");
    for (int i = 2; i < argc; i++) {
        measure(snapshot, engine, argv[i]);
    }
    if (argc == 2) {
        measure_own(snapshot, engine);
    }
    lede_engine_close(engine);
    lede_snapshot_close(snapshot);
    lede_archive_close(archive);
    return 0;
}
