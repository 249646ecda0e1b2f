/* Folding of near-copies against a naive twin: groups are made here, of all
 * entries with all, and of the whole list of hits, copies shown, the first of
 * each group is kept. */
#include "tests/support/check.h"

#include "query/facets.h"
#include "query/ledger.h"
#include "query/timeline.h"
#include "tests/support/random_archive.h"
#include "tests/support/small_archive.h"

enum {
    ENTRIES = 420,
    WORDS = 40,
    BODY_MOST = 60,
    FIT_DEPTH = 64,
    ALL = 1000,
    PAGE = 70
};

static const char *const searched[] = {"storm", "storms", "flood",
                                       "coast", "talks",  "harbour",
                                       "quiet", "Storm",  "minister"};
enum { SEARCHED = sizeof searched / sizeof searched[0] };

typedef struct world {
    lede_arena arena;
    lede_entry entries[ENTRIES];
    uint32_t group[ENTRIES]; /* the least index of its members */
    uint32_t members[ENTRIES];
    char directory[256];
    lede_archive *archive;
    lede_snapshot *snapshot;
    uint64_t state;
} world;

typedef struct listing {
    uint64_t keys[ALL];
    double scores[ALL];
    uint32_t copies[ALL];
    uint64_t groups[ALL];
    uint32_t count;
    uint64_t total, stories;
    bool has_more;
    char cursor[128]; /* behind the last */
} listing;

static lede_error err;

/* --- Entries ---------------------------------------------------------------
 */

static void some_word(world *w, char out[16])
{
    uint32_t which = random_below(&w->state, WORDS);

    if (which < SEARCHED) {
        snprintf(out, 16, "%s", searched[which]);
    } else {
        snprintf(out, 16, "w%03u", which);
    }
}

/* Bodies are of families: one text each, with a few words changed; some are too
 * short for a sketch, though equal. */
static lede_span make_body(world *w, lede_sketch *sketch)
{
    uint64_t family = 1 + random_below(&w->state, 150);
    uint32_t len = family % 7 == 0 ? 12 : 30 + (uint32_t)family % 30;
    uint32_t changes = random_below(&w->state, 5);
    char words[BODY_MOST][16];
    lede_sketch_builder builder;
    lede_buf text = {0};
    lede_span kept;
    uint64_t own = w->state;

    w->state = family * 7919;
    for (uint32_t i = 0; i < len; i++) {
        some_word(w, words[i]);
    }
    w->state = own;
    while (changes-- > 0) {
        some_word(w, words[random_below(&w->state, len)]);
    }
    lede_sketch_begin(&builder);
    for (uint32_t i = 0; i < len; i++) {
        bool is_capital = words[i][0] == 'S';

        lede_buf_put_text(&text, i == 0 ? "" : " ");
        lede_buf_put_text(&text, words[i]);
        lede_sketch_add(&builder,
                        lede_span_text(is_capital ? "storm" : words[i]));
    }
    *sketch = lede_sketch_end(&builder);
    kept = lede_arena_copy(&w->arena, lede_buf_span(&text));
    lede_buf_done(&text);
    return kept;
}

static void make_entry(world *w, lede_entry *entry, lede_sketch *sketch)
{
    static const char *const sources[] = {"Argus", "Herald", "Post", ""};
    static const char *const years[] = {"2022", "2023", "2024"};
    char title[40], word[16];

    lede_entry_init(entry);
    entry->key = random_next(&w->state) | 1;
    entry->kind = (lede_kind)random_below(&w->state, 3);
    entry->lang = lede_span_text("en");
    entry->page_id =
        random_below(&w->state, 4) == 0 ? 1 + random_below(&w->state, 9) : 0;
    entry->source = lede_span_text(sources[random_below(&w->state, 4)]);
    some_word(w, word);
    snprintf(title, sizeof title, "%s", word);
    entry->headline = lede_arena_copy(&w->arena, lede_span_text(title));
    entry->block_count = 1;
    entry->body = lede_arena_array(&w->arena, 1, sizeof entry->body[0]);
    entry->body[0].type = LEDE_BLOCK_P;
    entry->body[0].text = make_body(w, sketch);
    if (random_below(&w->state, 10) > 0) {
        int64_t end;

        assert_true(
            lede_period_parse(lede_span_text(years[random_below(&w->state, 3)]),
                              0, &entry->published.instant, &end));
        entry->published.instant += 86400 * random_below(&w->state, 200);
        entry->published.precision = LEDE_PRECISION_MINUTE;
        entry->published.year_source = LEDE_YEAR_EXPLICIT;
        lede_civil_from_instant(entry->published.instant, 0,
                                &entry->published.local);
    }
}

/* All with all, until nothing changes. */
static void find_groups(world *w, const lede_sketch *sketches)
{
    bool changed = true;

    for (uint32_t i = 0; i < ENTRIES; i++) {
        w->group[i] = i;
    }
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < ENTRIES; i++) {
            for (uint32_t j = 0; j < ENTRIES; j++) {
                uint64_t page = w->entries[i].page_id;
                bool is_pair = lede_sketch_are_copies(sketches[i].bytes,
                                                      sketches[j].bytes) &&
                               (page == 0 || page != w->entries[j].page_id);

                if (i != j && is_pair && w->group[i] < w->group[j]) {
                    w->group[j] = w->group[i];
                    changed = true;
                }
            }
        }
    }
    for (uint32_t i = 0; i < ENTRIES; i++) {
        w->members[w->group[i]]++;
    }
}

static void open_world(world *w, uint64_t seed)
{
    static lede_sketch sketches[ENTRIES];

    *w = (world){.state = seed};
    for (uint32_t i = 0; i < ENTRIES; i++) {
        make_entry(w, &w->entries[i], &sketches[i]);
    }
    find_groups(w, sketches);
    assert_ok(small_archive_make(w->entries, ENTRIES, 1 + ENTRIES / 3,
                                 1735689600, w->directory, &w->archive, &err));
    assert_ok(lede_snapshot_open(w->archive, &w->snapshot, &err));
}

static void close_world(world *w)
{
    lede_snapshot_close(w->snapshot);
    small_archive_remove(w->archive, w->directory);
    lede_arena_done(&w->arena);
}

static uint32_t index_of(const world *w, uint64_t key)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        if (w->entries[i].key == key) {
            return i;
        }
    }
    fail_msg("an entry that is in no archive");
    return 0;
}

/* --- Answers ---------------------------------------------------------------
 */

static lede_results *search(const world *w, const char *query, const char *dup,
                            const lede_search_options *options)
{
    lede_results *results = NULL;
    char text[200];

    snprintf(text, sizeof text, "%s%s", query, dup);
    assert_ok(lede_search(w->snapshot, lede_span_text(text), options, &results,
                          &err));
    return results;
}

static void list(const world *w, const char *query, const char *dup,
                 const lede_search_options *options, listing *out)
{
    lede_results *results = search(w, query, dup, options);
    lede_buf cursor = {0};

    *out = (listing){.total = lede_results_total(results),
                     .has_more = lede_results_has_more(results)};
    assert_true(lede_results_stories(results, &out->stories));
    for (uint32_t i = 0; i < lede_results_count(results); i++) {
        const lede_hit *hit;

        assert_ok(lede_results_get(results, i, &hit, &err));
        out->keys[out->count] = hit->entry->key;
        out->scores[out->count] = hit->score;
        out->copies[out->count] = hit->copies;
        out->groups[out->count] = hit->group;
        assert_int_equal(hit->rank, lede_results_place(results, i).rank);
        out->count++;
        lede_buf_clear(&cursor);
        lede_results_cursor(results, i, &cursor);
    }
    snprintf(out->cursor, sizeof out->cursor, "%s",
             cursor.len == 0 ? "" : lede_buf_text(&cursor));
    lede_buf_done(&cursor);
    lede_results_free(results);
}

static const lede_search_options orders[] = {
    {.rank_plain = true},
    {.rank_plain = true, .no_recency = true},
    {.rank_plain = true, .match_any = true},
    {.sort = LEDE_SORT_NEWEST},
    {.sort = LEDE_SORT_OLDEST},
    {.sort = LEDE_SORT_NEWEST, .match_any = true},
};
enum { ORDERS = sizeof orders / sizeof orders[0] };

static const char *const queries[] = {"storm",
                                      "*",
                                      "flood coast",
                                      "=storms",
                                      "talks -quiet",
                                      "storm~1",
                                      "harbour OR w020",
                                      "zeppelin",
                                      "source:argus",
                                      "date:2023",
                                      "storm flood coast talks harbour quiet",
                                      "headline:storm",
                                      "\"w020 w021\"",
                                      "minister kind:article"};
enum { QUERIES = sizeof queries / sizeof queries[0] };

/* Of a list with all copies the first of each group. */
static void fold(const world *w, const listing *all, listing *out)
{
    bool seen[ENTRIES] = {false};

    *out = (listing){.total = all->total};
    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t group = w->group[index_of(w, all->keys[i])];

        if (!seen[group]) {
            out->scores[out->count] = all->scores[i];
            out->keys[out->count++] = all->keys[i];
        }
        seen[group] = true;
    }
    out->stories = out->count;
}

static void check_same(const listing *got, const listing *wanted, uint32_t from,
                       uint32_t count)
{
    assert_int_equal(got->total, wanted->total);
    assert_int_equal(got->stories, wanted->stories);
    assert_int_equal(got->count, count);
    assert_int_equal(got->has_more, count > 0 && from + count < wanted->count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(got->keys[i], wanted->keys[from + i]);
    }
}

/* `wanted`, in every way that it can be asked for. */
static void check_ways(world *w, const char *query, const char *dup,
                       const lede_search_options *options,
                       const listing *wanted)
{
    static listing got;
    lede_search_options own = *options;
    char cursor[128] = "";
    uint32_t at = 0;

    own.limit = ALL;
    list(w, query, dup, &own, &got);
    check_same(&got, wanted, 0, wanted->count);
    own.limit = 0;
    own.unlimited = true;
    own.page_hits = PAGE;
    list(w, query, dup, &own, &got);
    check_same(&got, wanted, 0, wanted->count);
    own.unlimited = false;
    for (own.offset = 0; own.offset < wanted->count + 20;
         own.offset += 1 + random_below(&w->state, 60)) {
        uint32_t from =
            own.offset < wanted->count ? (uint32_t)own.offset : wanted->count;
        uint32_t left = wanted->count - from;

        own.limit = 1 + random_below(&w->state, 30);
        own.page_hits = random_below(&w->state, 2) == 0 ? PAGE : 0;
        list(w, query, dup, &own, &got);
        check_same(&got, wanted, from, left < own.limit ? left : own.limit);
    }
    own.offset = 0;
    while (at < wanted->count) {
        uint32_t left = wanted->count - at;

        own.limit = 1 + random_below(&w->state, 90);
        own.unlimited = random_below(&w->state, 6) == 0;
        own.page_hits = PAGE;
        own.after = at == 0 ? NULL : cursor;
        list(w, query, dup, &own, &got);
        check_same(&got, wanted, at,
                   own.unlimited || left < own.limit ? left : own.limit);
        snprintf(cursor, sizeof cursor, "%s", got.cursor);
        at += got.count;
    }
    own = *options;
    own.count_only = true;
    list(w, query, dup, &own, &got);
    assert_int_equal(got.total, wanted->total);
    assert_int_equal(got.stories, wanted->stories);
}

/* What each hit says of its group. */
static void check_groups(const world *w, const listing *all)
{
    for (uint32_t i = 0; i < all->count; i++) {
        uint32_t own = w->group[index_of(w, all->keys[i])];

        assert_int_equal(all->copies[i] + 1, w->members[own]);
        for (uint32_t j = 0; j < i; j++) {
            uint32_t other = w->group[index_of(w, all->keys[j])];

            if (all->copies[i] > 0 && all->copies[j] > 0) {
                assert_int_equal(all->groups[i] == all->groups[j],
                                 own == other);
            }
        }
    }
}

static void each_query(uint64_t seed,
                       void (*check)(world *w, const char *query,
                                     const lede_search_options *options,
                                     const listing *all))
{
    static world w;
    static listing all;

    open_world(&w, seed);
    for (int q = 0; q < QUERIES; q++) {
        for (int o = 0; o < ORDERS; o++) {
            lede_search_options options = orders[o];

            options.limit = ALL;
            list(&w, queries[q], " dup:show", &options, &all);
            assert_int_equal(all.count, all.total);
            check(&w, queries[q], &orders[o], &all);
        }
    }
    close_world(&w);
}

static void first_of_each(world *w, const char *query,
                          const lede_search_options *options,
                          const listing *all)
{
    static listing wanted;

    check_groups(w, all);
    fold(w, all, &wanted);
    assert_int_equal(all->stories, wanted.count);
    check_ways(w, query, "", options, &wanted);
}

static void test_folding__the_first_of_each_group(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        each_query(seed, first_of_each);
    }
}

/* The fit puts the first of those that are left in an order of its own. */
static void test_folding__before_the_fit(void **state)
{
    static world w;
    static listing all, plain, got;

    (void)state;
    open_world(&w, 5);
    for (int q = 0; q < QUERIES; q++) {
        lede_search_options options = {.limit = ALL, .rank_plain = true};
        uint32_t first;

        list(&w, queries[q], " dup:show", &options, &all);
        fold(&w, &all, &plain);
        options.rank_plain = false;
        list(&w, queries[q], "", &options, &got);
        assert_int_equal(got.count, plain.count);
        first = got.count < FIT_DEPTH ? got.count : (uint32_t)FIT_DEPTH;
        for (uint32_t i = 0; i < got.count; i++) {
            uint32_t at = 0;

            while (at < plain.count && plain.keys[at] != got.keys[i]) {
                at++;
            }
            assert_true(i < first ? at < first : at == i);
            assert_true(i == 0 || i >= first ||
                        got.scores[i] <= got.scores[i - 1]);
        }
        plain = got;
        plain.stories = got.count;
        options.limit = 0;
        check_ways(&w, queries[q], "", &options, &plain);
    }
    close_world(&w);
}

/* --- Only what has copies ---------------------------------------------------
 */

static void only(world *w, const listing *all, listing *out)
{
    listing folded;

    *out = (listing){0};
    for (uint32_t i = 0; i < all->count; i++) {
        if (w->members[w->group[index_of(w, all->keys[i])]] > 1) {
            out->keys[out->count++] = all->keys[i];
        }
    }
    out->total = out->count;
    fold(w, out, &folded);
    out->stories = folded.count;
}

static void check_counted(const world *w, const char *query,
                          const lede_search_options *options,
                          const listing *wanted)
{
    static const lede_facet asked[] = {LEDE_FACET_SOURCE, LEDE_FACET_YEAR};
    lede_search_options own = *options;
    lede_results *results;
    lede_facet_counts facets[2] = {0};
    lede_timeline timeline = {0};
    uint64_t ledger[LEDE_MATCHED_COUNT], sum = 0;
    uint64_t argus = 0, of_2023 = 0;

    own.no_relax = true;
    results = search(w, query, " dup:only", &own);
    for (uint32_t i = 0; i < wanted->count; i++) {
        const lede_entry *entry = &w->entries[index_of(w, wanted->keys[i])];

        argus += lede_span_is(entry->source, "Argus");
        of_2023 += entry->published.local.year == 2023 &&
                   entry->published.precision == LEDE_PRECISION_MINUTE;
    }
    assert_ok(lede_results_facets(results, asked, 2, facets, &err));
    for (uint32_t v = 0; v < facets[0].values.count; v++) {
        if (lede_span_is(facets[0].values.items[v].name, "Argus")) {
            assert_int_equal(facets[0].values.items[v].count, argus);
            argus = 0;
        }
    }
    assert_int_equal(argus, 0);
    for (uint32_t v = 0; v < facets[1].values.count; v++) {
        if (lede_span_is(facets[1].values.items[v].name, "2023")) {
            assert_int_equal(facets[1].values.items[v].count, of_2023);
        }
    }
    if (strstr(query, "source:") == NULL) {
        assert_int_equal(facets[0].matches, wanted->total);
    }
    assert_ok(lede_results_timeline(results, LEDE_STEP_YEAR, &timeline, &err));
    assert_int_equal(timeline.matches, wanted->total);
    for (uint32_t b = 0; b < timeline.count; b++) {
        if (strcmp(timeline.buckets[b].name, "2023") == 0) {
            assert_int_equal(timeline.buckets[b].count, of_2023);
            assert_true(timeline.buckets[b].volume >= of_2023);
        }
    }
    assert_ok(lede_results_ledger(results, ledger, &err));
    for (int i = LEDE_MATCHED_EXACT; i < LEDE_MATCHED_COUNT; i++) {
        sum += ledger[i];
    }
    assert_int_equal(sum, wanted->total);
    lede_timeline_done(&timeline);
    lede_facet_counts_done(facets, 2);
    lede_results_free(results);
}

static void only_copies(world *w, const char *query,
                        const lede_search_options *options, const listing *all)
{
    static listing wanted;

    only(w, all, &wanted);
    if (wanted.count == 0) {
        return; /* the words asked for are fewer then */
    }
    check_ways(w, query, " dup:only", options, &wanted);
    check_counted(w, query, options, &wanted);
}

static void test_folding__only_copies(void **state)
{
    (void)state;
    each_query(9, only_copies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folding__the_first_of_each_group),
        cmocka_unit_test(test_folding__before_the_fit),
        cmocka_unit_test(test_folding__only_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
