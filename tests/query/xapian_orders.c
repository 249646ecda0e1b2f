/* xapian_orders.c - what is found, in every order; see xapian_comparing.h. */
#include "tests/support/check.h"

#include "query/places.h"
#include "tests/query/xapian_comparing.h"

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const lede_match_hit *)a)->key;
    uint64_t y = ((const lede_match_hit *)b)->key;

    return (x > y) - (x < y);
}

typedef struct noted {
    lede_place *items[ENTRIES];
    uint32_t counts[ENTRIES], headlines[ENTRIES];
} noted;

static void note_places(void *ctx, uint32_t hit, const lede_places *places)
{
    noted *n = ctx;

    n->items[hit] = malloc((places->count + 1u) * sizeof *n->items[hit]);
    if (places->count > 0) {
        memcpy(n->items[hit], places->items,
               places->count * sizeof *places->items);
    }
    n->counts[hit] = places->count;
    n->headlines[hit] = places->headline_positions;
}

static bool same_place(const lede_place *a, const lede_place *b)
{
    return a->leaf == b->leaf && a->position == b->position &&
           a->field == b->field && a->letter_case == b->letter_case &&
           a->is_exact == b->is_exact && a->marks == b->marks &&
           a->width == b->width;
}

/* Hits of two engines, in the same order. */
static void compare_places(world *w, const lede_tree *tree, int engine,
                           lede_engine_tree *const *trees,
                           const lede_match_result *a,
                           const lede_match_result *b)
{
    static bool wanted[64];
    noted *notes = calloc(2, sizeof *notes);
    lede_error err = {0};
    uint32_t i, j;

    memset(wanted, 1, sizeof wanted);
    assert_ok(w->engines[0]->calls->places(trees[0], wanted, a->hits,
                                           (uint32_t)a->hit_count, note_places,
                                           &notes[0], &err));
    assert_ok(w->engines[engine]->calls->places(trees[engine], wanted, b->hits,
                                                (uint32_t)b->hit_count,
                                                note_places, &notes[1], &err));
    for (i = 0; i < a->hit_count; i++) {
        if (notes[0].counts[i] != notes[1].counts[i] ||
            notes[0].headlines[i] != notes[1].headlines[i]) {
            differ(w, tree, engine, "places");
        }
        for (j = 0; j < notes[0].counts[i]; j++) {
            if (!same_place(&notes[0].items[i][j], &notes[1].items[i][j])) {
                differ(w, tree, engine, "a place");
            }
        }
        free(notes[0].items[i]);
        free(notes[1].items[i]);
    }
    free(notes);
}

void compare_by_date(world *w, const lede_tree *tree,
                     lede_engine_tree *const *trees, lede_match_options options,
                     lede_sort sort)
{
    lede_match_result results[ENGINES] = {{0}};
    lede_error err = {0};
    int i;
    uint64_t j;

    options.sort = sort;
    options.k = below(w, 3) == 0 ? 1 + below(w, 20) : UINT64_MAX;
    options.totals = LEDE_TOTALS_EXACT;
    for (i = 0; i < ENGINES; i++) {
        bool matches = false;

        if (w->engines[i]->calls->run(trees[i], &options, &results[i], &err) !=
            LEDE_OK) {
            differ(w, tree, i, err.message);
        }
        assert_ok(
            w->engines[i]->calls->any(trees[i], &options, &matches, &err));
        if (results[i].total != results[0].total ||
            results[i].hit_count != results[0].hit_count ||
            matches != (results[0].total > 0)) {
            fprintf(stderr, "%llu, not %llu\n",
                    (unsigned long long)results[i].total,
                    (unsigned long long)results[0].total);
            differ(w, tree, i, "total");
        }
        for (j = 0; j < results[i].hit_count; j++) {
            if (results[i].hits[j].key != results[0].hits[j].key ||
                results[i].hits[j].time != results[0].hits[j].time) {
                differ(w, tree, i, "order");
            }
        }
        if (i > 0 && below(w, 8) == 0) {
            compare_places(w, tree, i, trees, &results[0], &results[i]);
        }
    }
    for (i = 0; i < ENGINES; i++) {
        lede_match_result_done(&results[i]);
    }
}

static bool has_synonyms(const lede_tree *tree)
{
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        if (tree->leaves[i].scores && tree->leaves[i].term_count > 1) {
            return true;
        }
    }
    return false;
}

bool has_twin(const lede_match_result *all, uint64_t index)
{
    double score = all->hits[index].score;

    for (uint64_t i = 0; i < all->hit_count; i++) {
        double other = all->hits[i].score;

        if (i != index && other > score * (1 - 1e-5) &&
            other < score * (1 + 1e-5)) {
            return true;
        }
    }
    return false;
}

uint64_t compare_by_score(world *w, const lede_tree *tree,
                          lede_engine_tree *const *trees,
                          lede_match_options options)
{
    lede_match_result all[ENGINES] = {{0}}, best = {0};
    lede_error err = {0};
    int i;
    uint64_t matches, j;

    options.sort = LEDE_SORT_RELEVANCE;
    options.totals = LEDE_TOTALS_EXACT;
    for (i = 0; i < ENGINES; i++) {
        options.k = UINT64_MAX;
        if (w->engines[i]->calls->run(trees[i], &options, &all[i], &err) !=
            LEDE_OK) {
            differ(w, tree, i, err.message);
        }
        options.k = 1 + below(w, 12);
        assert_ok(w->engines[i]->calls->run(trees[i], &options, &best, &err));
        if (best.total != all[i].total ||
            best.hit_count !=
                (options.k < best.total ? options.k : best.total)) {
            differ(w, tree, i, "total of the best");
        }
        for (j = 0; j < best.hit_count; j++) {
            uint64_t text = all[i].hits[j].text;

            /* Xapian may add weights in another order. */
            if (best.hits[j].text + 1 < text || best.hits[j].text > text + 1 ||
                (best.hits[j].key != all[i].hits[j].key &&
                 !has_twin(&all[i], j))) {
                differ(w, tree, i, "the best");
            }
        }
        lede_match_result_done(&best);
        best = (lede_match_result){0};
        if (all[i].hit_count > 1) {
            qsort(all[i].hits, all[i].hit_count, sizeof all[i].hits[0], by_key);
        }
        if (all[i].hit_count != all[0].hit_count) {
            differ(w, tree, i, "count by score");
        }
        for (j = 0; j < all[i].hit_count; j++) {
            if (all[i].hits[j].key != all[0].hits[j].key) {
                differ(w, tree, i, "set by score");
            }
        }
    }
    /* One database or several: the same statistics, so the same scores. (How
     * many entries have one of several synonyms, Xapian guesses.) */
    for (j = 0; j < all[1].hit_count && !has_synonyms(tree); j++) {
        if (llabs((long long)all[1].hits[j].text -
                  (long long)all[2].hits[j].text) > 2) {
            differ(w, tree, 2, "text");
        }
    }
    matches = all[0].hit_count;
    for (i = 0; i < ENGINES; i++) {
        lede_match_result_done(&all[i]);
    }
    return matches;
}

void compare_pages(world *w, const lede_tree *tree,
                   lede_engine_tree *const *trees, lede_match_options options)
{
    int engine = (int)below(w, ENGINES);
    const lede_engine_calls *calls = w->engines[engine]->calls;
    lede_match_result all = {0}, page = {0};
    lede_error err = {0};
    uint64_t done = 0, i;

    options.sort = (lede_sort)below(w, 3);
    options.totals = LEDE_TOTALS_NONE;
    options.k = UINT64_MAX;
    assert_ok(calls->run(trees[engine], &options, &all, &err));
    options.k = 1 + below(w, 40);
    do {
        lede_match_result_done(&page);
        page = (lede_match_result){0};
        assert_ok(calls->run(trees[engine], &options, &page, &err));
        for (i = 0; i < page.hit_count; i++, done++) {
            if (done >= all.hit_count ||
                (page.hits[i].key != all.hits[done].key &&
                 !has_twin(&all, done))) {
                differ(w, tree, engine, "a page");
            }
        }
        if (page.hit_count > 0) {
            options.has_after = true;
            options.after = page.hits[page.hit_count - 1];
        }
    } while (page.hit_count == options.k);
    if (done != all.hit_count) {
        differ(w, tree, engine, "pages");
    }
    lede_match_result_done(&page);
    lede_match_result_done(&all);
}
