/* How entries matched, against the words that they have; on both engines. */
#include "tests/support/check.h"

#include "query/facets.h"
#include "query/ledger.h"
#include "tests/support/newsroom.h"

enum { ENTRIES = 400 };

typedef struct reader {
    const char *query;
    /* The strictest way in which the entry matches; ANY: not at all. */
    lede_matched (*how)(const lede_entry *entry);
    bool match_any;
} reader;

static bool has(const lede_entry *entry, const char *word)
{
    return newsroom_has(entry, word);
}

static lede_matched better(lede_matched a, lede_matched b)
{
    if (a == LEDE_MATCHED_ANY || b == LEDE_MATCHED_ANY) {
        return a == LEDE_MATCHED_ANY ? b : a;
    }
    return a < b ? a : b;
}

static lede_matched both(lede_matched a, lede_matched b)
{
    if (a == LEDE_MATCHED_ANY || b == LEDE_MATCHED_ANY) {
        return LEDE_MATCHED_ANY;
    }
    return a > b ? a : b;
}

static lede_matched storm(const lede_entry *entry)
{
    return has(entry, "storm")    ? LEDE_MATCHED_EXACT
           : has(entry, "storms") ? LEDE_MATCHED_STEM
                                  : LEDE_MATCHED_ANY;
}

static lede_matched talks(const lede_entry *entry)
{
    return has(entry, "talks")  ? LEDE_MATCHED_EXACT
           : has(entry, "talk") ? LEDE_MATCHED_STEM
                                : LEDE_MATCHED_ANY;
}

static lede_matched storm_and_talks(const lede_entry *entry)
{
    return both(storm(entry), talks(entry));
}

static lede_matched storm_or_talks(const lede_entry *entry)
{
    return better(storm(entry), talks(entry));
}

static lede_matched storm_without_talks(const lede_entry *entry)
{
    return talks(entry) != LEDE_MATCHED_ANY ? LEDE_MATCHED_ANY : storm(entry);
}

static lede_matched exact_storms(const lede_entry *entry)
{
    return has(entry, "storms") ? LEDE_MATCHED_EXACT : LEDE_MATCHED_ANY;
}

static lede_matched stormy_pattern(const lede_entry *entry)
{
    return has(entry, "storm") || has(entry, "storms") ? LEDE_MATCHED_EXACT
                                                       : LEDE_MATCHED_ANY;
}

/* One wrong character: storms, too. */
static lede_matched fuzzy_storm(const lede_entry *entry)
{
    return has(entry, "storm")    ? LEDE_MATCHED_EXACT
           : has(entry, "storms") ? LEDE_MATCHED_FUZZY
                                  : LEDE_MATCHED_ANY;
}

static lede_matched fuzzy_and_talks(const lede_entry *entry)
{
    return both(fuzzy_storm(entry), talks(entry));
}

static lede_matched storm_in_articles(const lede_entry *entry)
{
    return entry->kind == LEDE_KIND_ARTICLE ? storm(entry) : LEDE_MATCHED_ANY;
}

static lede_matched lindqvists(const lede_entry *entry)
{
    for (uint32_t i = 0; i < entry->author_count; i++) {
        if (lede_span_is(entry->authors[i].name, "Bo Lindqvist")) {
            return LEDE_MATCHED_STEM;
        }
    }
    return LEDE_MATCHED_ANY;
}

static lede_matched storm_by_lindqvists(const lede_entry *entry)
{
    return both(storm(entry), lindqvists(entry));
}

static lede_matched all(const lede_entry *entry)
{
    (void)entry;
    return LEDE_MATCHED_EXACT;
}

static const reader readers[] = {
    {"storm", storm, false},
    {"storm talks", storm_and_talks, false},
    {"storm OR talks", storm_or_talks, false},
    {"storm talks", storm_or_talks, true},
    {"storm -talks", storm_without_talks, false},
    {"=storms", exact_storms, false},
    {"stor*", stormy_pattern, false},
    {"storm~1", fuzzy_storm, false},
    {"talks storm~1", fuzzy_and_talks, false},
    {"storm kind:article", storm_in_articles, false},
    {"author:lindqvists", lindqvists, false},
    {"storm author:lindqvists", storm_by_lindqvists, false},
    {"*", all, false},
};
enum { READERS = sizeof readers / sizeof readers[0] };

/* Each hit explains how it matched. */
static void check_hits(const newsroom *n, lede_engine *engine, const reader *r)
{
    lede_search_options options = {.match_any = r->match_any,
                                   .no_relax = true,
                                   .limit = 40,
                                   .explain = true};
    lede_results *results = NULL;
    lede_error err = {0};

    assert_ok(lede_engine_search(engine, lede_span_text(r->query), &options,
                                 &results, &err));
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit;

        assert_ok(lede_results_get(results, i, &hit, &err));
        assert_int_equal(hit->explain->matched,
                         r->how(newsroom_find(n, hit->entry->key)));
    }
    lede_results_free(results);
}

static void check(const newsroom *n, lede_engine *engine, const reader *r)
{
    uint64_t wanted[LEDE_MATCHED_COUNT] = {0}, got[LEDE_MATCHED_COUNT];
    lede_search_options options = {.match_any = r->match_any, .no_relax = true};
    lede_results *results = NULL;
    lede_error err = {0};

    for (uint32_t i = 0; i < n->count; i++) {
        lede_matched how = r->how(&n->entries[i]);

        wanted[how] += how != LEDE_MATCHED_ANY;
        wanted[LEDE_MATCHED_ANY] += how != LEDE_MATCHED_ANY;
    }
    assert_ok(lede_engine_search(engine, lede_span_text(r->query), &options,
                                 &results, &err));
    assert_ok(lede_results_ledger(results, got, &err));
    for (int i = 0; i < LEDE_MATCHED_COUNT; i++) {
        if (got[i] != wanted[i]) {
            fail_msg("%s: %u %s, not %u", r->query, (unsigned)got[i],
                     lede_matched_name((lede_matched)i), (unsigned)wanted[i]);
        }
    }
    lede_results_free(results);
    options.unlimited = true;
    for (int i = LEDE_MATCHED_EXACT; i < LEDE_MATCHED_COUNT; i++) {
        options.matched = (lede_matched)i;
        assert_ok(lede_engine_search(engine, lede_span_text(r->query), &options,
                                     &results, &err));
        assert_int_equal(lede_results_total(results), wanted[i]);
        for (uint32_t h = 0; h < lede_results_count(results); h++) {
            const lede_hit *hit;

            assert_ok(lede_results_get(results, h, &hit, &err));
            assert_int_equal(r->how(newsroom_find(n, hit->entry->key)), i);
        }
        lede_results_free(results);
    }
}

static void test_ledger__counts_and_filters(void **state)
{
    newsroom *n = newsroom_open(41, ENTRIES);

    (void)state;
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (int i = 0; i < READERS; i++) {
            check(n, n->engines[e], &readers[i]);
            check_hits(n, n->engines[e], &readers[i]);
        }
    }
    newsroom_close(n);
}

static void test_ledger__facets_of_one_class_lack_their_own_filter(void **state)
{
    newsroom *n = newsroom_open(42, ENTRIES);
    lede_search_options options = {.matched = LEDE_MATCHED_STEM};
    lede_facet kind = LEDE_FACET_KIND;
    lede_facet_counts counts;
    lede_results *results = NULL;
    uint64_t stems = 0;
    lede_error err = {0};

    (void)state;
    for (uint32_t i = 0; i < n->count; i++) {
        stems += storm(&n->entries[i]) == LEDE_MATCHED_STEM;
    }
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        assert_ok(lede_engine_search(n->engines[e],
                                     lede_span_text("storm kind:article"),
                                     &options, &results, &err));
        assert_ok(lede_results_facets(results, &kind, 1, &counts, &err));
        assert_int_equal(counts.matches, stems);
        lede_facet_counts_done(&counts, 1);
        lede_results_free(results);
    }
    newsroom_close(n);
}

/* A class without entries is empty: it is no reason to relax, nor to relax
 * further. */
static void test_ledger__a_class_is_as_large_as_it_was_counted(void **state)
{
    static const char *const queries[] = {
        "storm talks",         "storms talk",       "storms zeppelin",
        "storm talk quiet",    "harbours flooding", "coasting talks zeppelin",
        "quiet harbours flood"};
    newsroom *n = newsroom_open(43, 40);

    (void)state;
    for (size_t q = 0; q < sizeof queries / sizeof queries[0]; q++) {
        for (int e = 0; e < NEWSROOM_ENGINES; e++) {
            uint64_t counts[LEDE_MATCHED_COUNT];

            for (int i = LEDE_MATCHED_ANY; i < LEDE_MATCHED_COUNT; i++) {
                lede_search_options options = {.matched = (lede_matched)i};
                lede_results *results = NULL;
                lede_error err = {0};

                assert_ok(lede_engine_search(n->engines[e],
                                             lede_span_text(queries[q]),
                                             &options, &results, &err));
                if (i == LEDE_MATCHED_ANY) {
                    assert_ok(lede_results_ledger(results, counts, &err));
                }
                assert_int_equal(lede_results_total(results), counts[i]);
                lede_results_free(results);
            }
        }
    }
    newsroom_close(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledger__counts_and_filters),
        cmocka_unit_test(
            test_ledger__facets_of_one_class_lack_their_own_filter),
        cmocka_unit_test(test_ledger__a_class_is_as_large_as_it_was_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
