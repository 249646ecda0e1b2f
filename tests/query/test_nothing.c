/* What is said when nothing is found, against the entries themselves and a
 * plain edit distance; on both engines. */
#include "tests/support/check.h"

#include "query/nothing.h"
#include "tests/support/newsroom.h"

enum { ENTRIES = 300 };

static newsroom *n;

static int set_up(void **state)
{
    (void)state;
    n = newsroom_open(31, ENTRIES);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    newsroom_close(n);
    return 0;
}

static lede_results *ask(int engine, const char *query, bool no_relax,
                         lede_nothing *out)
{
    lede_search_options options = {.no_relax = no_relax};
    lede_results *results = NULL;
    lede_error err = {0};

    assert_ok(lede_engine_search(n->engines[engine], lede_span_text(query),
                                 &options, &results, &err));
    assert_ok(lede_results_nothing(results, out, &err));
    return results;
}

/* Optimal string alignment, in the plainest way. */
static unsigned distance(const char *a, const char *b)
{
    size_t m = strlen(a), o = strlen(b);
    unsigned d[32][32];

    for (size_t i = 0; i <= m; i++) {
        for (size_t j = 0; j <= o; j++) {
            unsigned best = i == 0 ? (unsigned)j : (unsigned)i;

            if (i > 0 && j > 0) {
                best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
                best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
                best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best) {
                best = d[i - 2][j - 2] + 1;
            }
            d[i][j] = best;
        }
    }
    return d[m][o];
}

static const char *const vocabulary[] = {
    "storm",   "storms",   "flood", "flooding", "coast", "coasts",
    "harbour", "minister", "talks", "talk",     "quiet"};
enum { VOCABULARY = sizeof vocabulary / sizeof vocabulary[0] };

static uint64_t entries_with(const char *word)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < n->count; i++) {
        bool has = false;

        for (int v = 0; v < VOCABULARY; v++) {
            has = has || (strncmp(vocabulary[v], word, 4) == 0 &&
                          newsroom_has(&n->entries[i], vocabulary[v]));
        }
        count += has; /* words of one stem, in any language, begin alike here */
    }
    return count;
}

static void check_suggestions(const lede_unknown *unknown)
{
    unsigned wanted = 0;
    char typed[64];

    snprintf(typed, sizeof typed, "%.*s", (int)unknown->typed.len,
             (const char *)unknown->typed.bytes);
    for (int v = 0; v < VOCABULARY; v++) {
        unsigned wrong = distance(typed, vocabulary[v]);

        wanted += strlen(typed) >= 3 && wrong <= (strlen(typed) >= 5 ? 2u : 1u);
    }
    assert_int_equal(unknown->count, wanted < LEDE_SUGGESTIONS_MOST
                                         ? wanted
                                         : (unsigned)LEDE_SUGGESTIONS_MOST);
    for (uint32_t i = 0; i < unknown->count; i++) {
        const lede_suggestion *s = &unknown->suggestions[i];
        char word[64];

        snprintf(word, sizeof word, "%.*s", (int)s->word.len,
                 (const char *)s->word.bytes);
        assert_int_equal(s->wrong, distance(typed, word));
        assert_true(s->entries > 0 && s->entries <= entries_with(word));
        assert_true(i == 0 || s[-1].wrong < s->wrong ||
                    (s[-1].wrong == s->wrong && s[-1].entries >= s->entries));
    }
}

static void test_nothing__suggests_words_that_are_there(void **state)
{
    static const char *const typed[] = {
        "strom",    "storn",    "harbor", "tlak",    "coat",  "quit",
        "zeppelin", "ministre", "xy",     "floodin", "quiett"};

    (void)state;
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
            lede_nothing got;
            lede_results *results = ask(e, typed[i], false, &got);

            if (lede_results_total(results) == 0) {
                assert_int_equal(got.unknown_count, 1);
                assert_span(got.unknown[0].typed, typed[i]);
                check_suggestions(&got.unknown[0]);
            }
            lede_results_free(results);
        }
    }
}

static void test_nothing__names_the_words_that_nobody_has(void **state)
{
    static const struct {
        const char *query;
        const char *unknown[3];
        uint32_t columns[3];
    } cases[] = {
        {"strom flood", {"strom"}, {0}},
        {"flood zeppelin qwerty", {"zeppelin", "qwerty"}, {6, 15}},
        {"flood -zeppelin", {NULL}, {0}},
        {"(zeppelin OR flood) qwerty", {"qwerty"}, {20}},
        {"zeppelin OR qwerty", {"zeppelin", "qwerty"}, {0, 12}},
        {"\"the quiet zeppelin\"", {"the", "zeppelin"}, {1, 11}},
        {"zeppelin zeppelin", {"zeppelin"}, {0}},
        {"source:nowhere flood", {"nowhere"}, {7}},
        {"quiet", {NULL}, {0}},
    };

    (void)state;
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            lede_nothing got;
            lede_results *results = ask(e, cases[i].query, i % 2 == 0, &got);
            uint32_t count = 0;

            while (count < 3 && cases[i].unknown[count] != NULL) {
                assert_true(count < got.unknown_count);
                assert_span(got.unknown[count].typed, cases[i].unknown[count]);
                assert_int_equal(got.unknown[count].column,
                                 cases[i].columns[count]);
                count++;
            }
            assert_int_equal(got.unknown_count, count);
            lede_results_free(results);
        }
    }
}

static void test_nothing__tells_what_was_searched(void **state)
{
    uint64_t argus = 0;

    (void)state;
    for (uint32_t i = 0; i < n->count; i++) {
        argus += lede_span_is(n->entries[i].source, "Argus");
    }
    for (int e = 0; e < NEWSROOM_ENGINES; e++) {
        lede_nothing got;
        lede_results *results = ask(e, "zeppelin", true, &got);

        assert_int_equal(got.entries, ENTRIES);
        assert_int_equal(got.within, ENTRIES);
        assert_false(got.has_filters);
        assert_true(got.has_sources);
        assert_int_equal(got.sources, 3);
        /* 2023-12-31 and later; 2024-02-29 is the first day between. */
        assert_int_equal(got.oldest, lede_days_from_civil(2023, 12, 31));
        assert_true(got.newest >= lede_days_from_civil(2024, 3, 20));
        assert_true(got.gap_count >= 1);
        assert_true(got.gaps[0].first > lede_days_from_civil(2024, 1, 10) &&
                    got.gaps[0].last == lede_days_from_civil(2024, 2, 28));
        lede_results_free(results);
        results = ask(e, "zeppelin source:argus", true, &got);
        assert_true(got.has_filters);
        assert_int_equal(got.within, argus);
        assert_int_equal(got.sources, 1);
        lede_results_free(results);
        /* Where the filters leave nothing, the archive's own time helps. */
        results = ask(e, "storm date:1999", true, &got);
        assert_int_equal(got.within, 0);
        assert_int_equal(got.oldest, LEDE_INSTANT_NONE);
        /* ("2023" is as old as its first day.) */
        assert_int_equal(got.archive_oldest, lede_days_from_civil(2023, 1, 1));
        assert_true(got.archive_newest >= lede_days_from_civil(2024, 3, 20));
        lede_results_free(results);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing__suggests_words_that_are_there),
        cmocka_unit_test(test_nothing__names_the_words_that_nobody_has),
        cmocka_unit_test(test_nothing__tells_what_was_searched),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
