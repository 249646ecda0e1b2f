/* The promises of query/feedback.h, through whole searches: long queries of
 * optional words learn, and nothing else does. */
#include "tests/support/check.h"

#include <math.h>

#include "query/search.h"
#include "tests/support/small_archive.h"

/* 0 and 1 answer the query; 2 shares their other words; 3 shares none, but is
 * shorter. The rest make those words rare. */
static const char *const bodies[] = {
    "The volcano erupted over the northern island: lava and ash and pumice.",
    "A volcano erupted near an island; lava, ash and pumice on the island.",
    "Lava and ash and pumice fell in the northern parts of the country again.",
    "The northern league resumes.",
    "A minister spoke of taxes.",
    "Ferries stopped in the strait.",
    "A team won in extra time.",
    "Prices of grain rose again.",
    "A choir sang at the opening.",
    "New trams for the old town.",
};

enum { ENTRIES = sizeof bodies / sizeof bodies[0] };

static const char long_query[] =
    "volcano erupted over which northern island yesterday";

typedef struct fixture {
    lede_archive *archive;
    lede_snapshot *snapshot;
    char directory[256];
    lede_results *results;
} fixture;

static fixture f;

static int open_archive_of(const char *const *bodies_of, uint32_t per_segment)
{
    static lede_entry entries[ENTRIES];
    static lede_block blocks[ENTRIES];
    lede_error err = {0};
    uint32_t i;

    for (i = 0; i < ENTRIES; i++) {
        lede_entry_init(&entries[i]);
        entries[i].key = 100 + i;
        entries[i].lang = lede_span_text("en");
        blocks[i] = (lede_block){LEDE_BLOCK_P, lede_span_text(bodies_of[i])};
        entries[i].body = &blocks[i];
        entries[i].block_count = 1;
    }
    assert_ok(small_archive_make(entries, ENTRIES, per_segment, 1740000000,
                                 f.directory, &f.archive, &err));
    assert_ok(lede_snapshot_open(f.archive, &f.snapshot, &err));
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return open_archive_of(bodies, 0);
}

static int set_up_segments(void **state)
{
    (void)state;
    return open_archive_of(bodies, 3);
}

static int tear_down(void **state)
{
    (void)state;
    lede_results_free(f.results);
    lede_snapshot_close(f.snapshot);
    small_archive_remove(f.archive, f.directory);
    f = (fixture){0};
    return 0;
}

static void search(const char *query, lede_search_options options)
{
    lede_error err = {0};

    options.no_recency = true;
    options.explain = true;
    lede_results_free(f.results);
    f.results = NULL;
    assert_ok(lede_search(f.snapshot, lede_span_text(query), &options,
                          &f.results, &err));
}

static const lede_hit *hit(uint32_t index)
{
    const lede_hit *out = NULL;
    lede_error err = {0};

    assert_ok(lede_results_get(f.results, index, &out, &err));
    return out;
}

static uint32_t place_of(uint64_t entry)
{
    uint32_t i;

    for (i = 0; i < lede_results_count(f.results); i++) {
        if (hit(i)->entry->key == 100 + entry) {
            return i;
        }
    }
    return UINT32_MAX;
}

static const lede_explain_term *find_term(const lede_explain *explain,
                                          const char *term, uint32_t *times)
{
    const lede_explain_term *found = NULL;
    uint32_t i;

    *times = 0;
    for (i = 0; i < explain->term_count; i++) {
        if (strcmp(explain->terms[i].term, term) == 0) {
            found = &explain->terms[i];
            ++*times;
        }
    }
    return found;
}

static uint32_t learnt_count(void)
{
    const lede_explain *explain = hit(0)->explain;
    uint32_t count = 0;
    uint32_t i;

    for (i = 0; i < explain->term_count; i++) {
        count += explain->terms[i].is_learnt;
    }
    return count;
}

static void test_feedback__shared_words_move_an_entry_up(void **state)
{
    uint64_t total;

    (void)state;
    search(long_query,
           (lede_search_options){.match_any = true, .rank_plain = true});
    assert_true(place_of(3) < place_of(2));
    total = lede_results_total(f.results);
    search(long_query, (lede_search_options){.match_any = true});
    assert_true(place_of(2) < place_of(3));
    assert_int_equal(lede_results_total(f.results), total);
    assert_int_equal(lede_results_count(f.results), total);
}

static void test_feedback__is_explained(void **state)
{
    const lede_explain_term *term;
    const lede_explain *explain;
    double sum = 0;
    double typed = 0;
    double learnt = 0;
    uint32_t times;
    uint32_t i;

    (void)state;
    search(long_query, (lede_search_options){.match_any = true});
    explain = hit(place_of(0))->explain;
    term = find_term(explain, "lava", &times);
    assert_int_equal(times, 1);
    assert_true(term->is_learnt);
    assert_true(term->boost > 0 && term->boost < 1 && term->part > 0);
    assert_string_equal(term->forms, "lava");
    /* A typed word is not added again: it weighs more. */
    term = find_term(explain, "volcano", &times);
    assert_int_equal(times, 1);
    assert_false(term->is_learnt);
    assert_true(term->boost > 1);
    for (i = 0; i < explain->term_count; i++) {
        sum += explain->terms[i].part;
        typed += !explain->terms[i].is_learnt;
        learnt += explain->terms[i].boost;
    }
    assert_float_equal(sum, explain->text, 1e-9);
    /* What is like the best hits gains. */
    explain = hit(place_of(2))->explain;
    assert_true(explain->fit_parts.like > 0);
    sum = (1 + explain->fit_parts.order + explain->fit_parts.near +
           explain->fit_parts.exact + explain->fit_parts.headline +
           explain->fit_parts.name) *
          (1 + explain->fit_parts.typed) * (1 + explain->fit_parts.like);
    assert_true(fabs(sum - 1 - explain->fit) < 1e-9);
    assert_true(hit(place_of(3))->explain->fit_parts.like <
                explain->fit_parts.like);
    explain = hit(place_of(0))->explain;
    /* All that is learnt weighs 1.2 times what was typed. */
    assert_true(fabs(learnt - typed * 2.2) < 1e-9);
}

static void test_feedback__only_long_optional_queries_learn(void **state)
{
    (void)state;
    search(long_query, (lede_search_options){.match_any = true});
    assert_true(learnt_count() > 0);
    search("volcano erupted northern island",
           (lede_search_options){.match_any = true});
    assert_int_equal(learnt_count(), 0);
    assert_true(hit(0)->explain->fit_parts.like <= 0);
    search("the volcano erupted over the northern island",
           (lede_search_options){0});
    assert_int_equal(lede_results_count(f.results), 1);
    assert_int_equal(learnt_count(), 0);
    search(long_query, (lede_search_options){0}); /* relaxed */
    assert_true(
        lede_results_relaxed(f.results, &(uint32_t){0}, &(uint32_t){0}));
    assert_int_equal(learnt_count(), 0);
    search(long_query,
           (lede_search_options){.match_any = true, .rank_plain = true});
    assert_int_equal(learnt_count(), 0);
}

/* 0 and 1 answer the query and share one word more; each has 41 of its own, six
 * times, which 2 and 3 have once. */
static int set_up_crowd(void **state)
{
    enum { OWN = 41, TIMES = 6 };
    static char made[4][8192];
    const char *crowd[ENTRIES];

    (void)state;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        crowd[i] = bodies[i];
    }
    for (uint32_t i = 0; i < 4; i++) {
        size_t len = 0;

        made[i][0] = 0;
        if (i < 2) {
            len = (size_t)sprintf(
                made[i], "volcano erupted over northern island quietus ");
        }
        for (uint32_t j = 0; j < OWN * (i < 2 ? TIMES : 1); j++) {
            len += (size_t)sprintf(made[i] + len, "%c%c%czy ", "bk"[i % 2],
                                   'a' + (int)(j % OWN / 26),
                                   'a' + (int)(j % OWN % 26));
        }
        crowd[i] = made[i];
    }
    return open_archive_of(crowd, 0);
}

static void test_feedback__prefers_what_hits_agree_on(void **state)
{
    uint32_t times;

    (void)state;
    search("volcano erupted over northern island",
           (lede_search_options){.match_any = true});
    assert_true(learnt_count() > 0);
    assert_non_null(find_term(hit(0)->explain, "quietus", &times));
}

static void test_feedback__is_no_match(void **state)
{
    const lede_hit *second;
    uint32_t i;

    (void)state;
    search(long_query, (lede_search_options){.match_any = true});
    second = hit(place_of(2));
    for (i = 0; i < second->mark_count; i++) { /* only "northern" */
        assert_int_equal(second->marks[i].end - second->marks[i].begin, 8);
    }
    assert_int_equal(second->mark_count, 1);
    search("zzz yyy xxx www vvv uuu", (lede_search_options){.match_any = true});
    assert_int_equal(lede_results_count(f.results), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_SEGMENTS(name)                                                    \
    cmocka_unit_test_setup_teardown(name, set_up_segments, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_feedback__shared_words_move_an_entry_up),
        TEST_SEGMENTS(test_feedback__shared_words_move_an_entry_up),
        TEST(test_feedback__is_explained),
        TEST_SEGMENTS(test_feedback__is_explained),
        TEST(test_feedback__only_long_optional_queries_learn),
        TEST_SEGMENTS(test_feedback__only_long_optional_queries_learn),
        cmocka_unit_test_setup_teardown(
            test_feedback__prefers_what_hits_agree_on, set_up_crowd, tear_down),
        TEST(test_feedback__is_no_match),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
