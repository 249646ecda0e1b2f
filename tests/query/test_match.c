/* test_match.c - the matcher against its plain twin, on archives and queries
 * of chance. LEDE_TEST_LONG=1 runs many more. */
#include "tests/support/check.h"

#include "query/kept.h"
#include "query/match_paths.h"
#include "query/rank.h"
#include "tests/query/exhaustive.h"
#include "tests/query/random_tree.h"

typedef struct fixture {
    random_archive_options options;
    char directory[256];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_error err;
} fixture;

static void open_fixture(fixture *f, random_archive_options options)
{
    *f = (fixture){.options = options};
    if (random_archive_make(&f->options, f->directory, &f->archive, &f->err) !=
            LEDE_OK ||
        lede_snapshot_open(f->archive, &f->snapshot, &f->err) != LEDE_OK) {
        fail_msg("no archive: %s", f->err.message);
    }
}

static void close_fixture(fixture *f)
{
    lede_snapshot_close(f->snapshot);
    random_archive_remove(f->archive, f->directory);
}

static bool long_form(void)
{
    return getenv("LEDE_TEST_LONG") != NULL;
}

/* --- Against the twin ------------------------------------------------------
 */

static bool same_hit(const lede_match_hit *a, const lede_match_hit *b)
{
    return a->score == b->score && a->text == b->text && a->time == b->time &&
           a->key == b->key && a->segment == b->segment && a->entry == b->entry;
}

static bool same_hits(const lede_match_result *got,
                      const lede_match_result *wanted)
{
    bool same = got->hit_count == wanted->hit_count;

    if (!same) {
        print_error("%llu hits, not %llu\n", (unsigned long long)got->hit_count,
                    (unsigned long long)wanted->hit_count);
    }
    for (uint64_t i = 0; same && i < wanted->hit_count; i++) {
        const lede_match_hit *a = &got->hits[i];
        const lede_match_hit *b = &wanted->hits[i];

        if (!same_hit(a, b)) {
            print_error("hit %llu: %u/%u text %llu score %.17g, not %u/%u text "
                        "%llu score %.17g\n",
                        (unsigned long long)i, a->segment, a->entry,
                        (unsigned long long)a->text, a->score, b->segment,
                        b->entry, (unsigned long long)b->text, b->score);
            same = false;
        }
    }
    return same;
}

static bool same_total(const lede_match_options *options,
                       const lede_match_result *got,
                       const lede_match_result *wanted)
{
    bool same =
        options->totals == LEDE_TOTALS_EXACT
            ? got->total == wanted->total
            : got->total >= got->hit_count && got->total <= wanted->total;

    if (!same) {
        print_error("total %llu, not %llu\n", (unsigned long long)got->total,
                    (unsigned long long)wanted->total);
    }
    return same;
}

/* What the next run adds up in has to be as if nothing had run. */
static void check_windows(const fixture *f)
{
    static const uint8_t zeros[sizeof(lede_match_windows)];
    lede_match_windows *windows = lede_kept_take_windows(f->snapshot);

    assert_non_null(windows);
    assert_memory_equal(windows, zeros, offsetof(lede_match_windows, all));
    lede_kept_put_windows(f->snapshot, windows);
}

static void check_query(fixture *f, const lede_tree *tree,
                        const lede_match_options *options,
                        const lede_match_tuning *tuning,
                        const lede_match_result *wanted, uint64_t seed)
{
    lede_match_result got = {0};
    lede_lookup *lookup;
    lede_error err = {0};

    assert_ok(lede_lookup_new(f->snapshot, tree, &lookup, &err));
    assert_ok(lede_match_run_tuned(lookup, options, tuning, &got, &err));
    lede_lookup_free(lookup);
    if (!same_hits(&got, wanted) || !same_total(options, &got, wanted)) {
        print_error("archive %llu, query %llu, k %llu, sort %d, recency %g, "
                    "window %u, %s%s%s\n",
                    (unsigned long long)f->options.seed,
                    (unsigned long long)seed, (unsigned long long)options->k,
                    (int)options->sort, options->recency, tuning->window,
                    tuning->kernels == NULL ? "best" : tuning->kernels->name,
                    tuning->general ? ", general" : "",
                    options->has_after ? ", behind a hit" : "");
        random_tree_print(tree, tree->root);
        fputc('\n', stderr);
        fail();
    }
    lede_match_result_done(&got);
    check_windows(f);
}

/* Half of the runs go on behind one of the hits: what the twin has behind it is
 * wanted then. */
static void begin_behind_a_hit(lede_match_options *options,
                               lede_match_result *wanted, uint64_t *state)
{
    uint64_t from;

    if (wanted->hit_count == 0 || random_below(state, 2) == 0) {
        return;
    }
    from = random_below(state, (uint32_t)wanted->hit_count);
    options->has_after = true;
    options->after = (lede_match_hit){.score = wanted->hits[from].score,
                                      .time = wanted->hits[from].time,
                                      .key = wanted->hits[from].key};
    wanted->hit_count -= from + 1;
    memmove(wanted->hits, wanted->hits + from + 1,
            wanted->hit_count * sizeof *wanted->hits);
}

static void check_random_query(fixture *f, uint64_t seed)
{
    static const uint32_t windows[] = {0, 0, 64, 100, 256, 7};
    uint64_t state = seed;
    lede_arena arena = {0};
    lede_tree tree = random_tree_make(&f->options, &state, &arena);
    lede_match_options options = random_tree_options(&f->options, &state);
    uint32_t window = windows[random_below(&state, 6)];
    lede_match_result wanted = {0};
    lede_error err = {0};

    uint64_t k = options.k;

    options.k = UINT64_MAX;
    assert_ok(exhaustive_run(f->snapshot, &tree, &options, &wanted, &err));
    options.k = k;
    begin_behind_a_hit(&options, &wanted, &state);
    wanted.hit_count = wanted.hit_count < k ? wanted.hit_count : k;
    for (unsigned i = 0; lede_match_kernels_get(i) != NULL; i++) {
        lede_match_tuning tuning = {.kernels = lede_match_kernels_get(i),
                                    .window = window};

        check_query(f, &tree, &options, &tuning, &wanted, seed);
    }
    if (random_below(&state, 3) == 0) {
        lede_match_tuning tuning = {.general = true};

        check_query(f, &tree, &options, &tuning, &wanted, seed);
    }
    lede_match_result_done(&wanted);
    lede_arena_done(&arena);
}

static void check_archive(random_archive_options options, uint32_t queries)
{
    fixture f;

    open_fixture(&f, options);
    for (uint32_t i = 0; i < queries; i++) {
        check_random_query(&f, options.seed * 1000003 + i);
    }
    close_fixture(&f);
}

static random_archive_options random_options(uint64_t seed)
{
    uint64_t state = seed * 77;

    return (random_archive_options){
        .seed = seed,
        .segments = 1 + random_below(&state, 4),
        .entries =
            1 + random_below(&state, random_below(&state, 4) == 0 ? 20 : 900),
        .words = 4 + random_below(&state, 40),
        .tokens = 1 + random_below(&state, 24),
        .deleted = random_below(&state, 3) * 5,
        .undated = random_below(&state, 3) * 7,
        .times = 1 + random_below(&state, 300),
        .printed = seed % 4,
        .pairs = random_below(&state, 3) * 12};
}

static void test_match__equals_the_twin(void **state)
{
    uint32_t archives = long_form() ? 300 : 12;
    uint32_t queries = long_form() ? 400 : 60;

    (void)state;
    for (uint32_t i = 0; i < archives; i++) {
        random_archive_options options = random_options(i + 1);

        /* Of the many, most are small: the twin asks every entry. */
        if (i >= 12 && i % 4 != 0) {
            options.entries = 1 + options.entries % 250;
        }
        check_archive(options, queries);
    }
}

static void test_match__equals_the_twin_on_long_lists(void **state)
{
    random_archive_options options = {.seed = 99,
                                      .segments = 2,
                                      .entries = 6000,
                                      .words = 30,
                                      .tokens = 10,
                                      .deleted = 9,
                                      .undated = 11,
                                      .times = 1000,
                                      .pairs = 25};

    (void)state;
    check_archive(options, long_form() ? 2000 : 40);
    options.seed = 100;
    options.deleted = options.undated = 0;
    check_archive(options, long_form() ? 2000 : 40);
}

/* A threshold is raised by what a block attains, and an entry of the block
 * whose date is not trusted may be the one that does. */
static void test_match__one_word_under_recency_equals_the_twin(void **state)
{
    static lede_span term = {(const uint8_t *)"w000", 4};
    lede_node word = {.type = LEDE_NODE_WORD,
                      .constraint = {.fields = LEDE_ALL_FIELDS}};
    lede_leaf leaf = {.word = term,
                      .typed = term,
                      .terms = &term,
                      .term_count = 1,
                      .scores = true,
                      .boost = 1};
    lede_tree tree = {.root = &word, .leaves = &leaf, .leaf_count = 1};

    (void)state;
    for (uint64_t seed = 60; seed < 72; seed++) {
        fixture f;

        open_fixture(&f, random_options(seed));
        for (uint64_t i = 0; i < 60; i++) {
            uint64_t chance = seed * 1000 + i;
            lede_match_options options =
                random_tree_options(&f.options, &chance);
            lede_match_tuning tuning = {.kernels = lede_match_kernels_get(0)};
            lede_match_result wanted = {0};
            lede_error err = {0};

            options.sort = LEDE_SORT_RELEVANCE;
            options.k = 1 + i % 4;
            options.recency = i % 2 == 0 ? 0.3 : 1.0;
            assert_ok(
                exhaustive_run(f.snapshot, &tree, &options, &wanted, &err));
            check_query(&f, &tree, &options, &tuning, &wanted, i);
            lede_match_result_done(&wanted);
        }
        close_fixture(&f);
    }
}

static void test_match__fading_bounds_every_factor(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 24; round++) {
        random_archive_options options = random_options(500 + round);
        lede_match_options how = {
            .recency = 0.1 * (round % 11),
            .half_life_s = (1 + round % 7) * 9 * RANDOM_ARCHIVE_STEP,
            .origin = RANDOM_ARCHIVE_EPOCH +
                      RANDOM_ARCHIVE_STEP *
                          (int64_t)(options.times / (1 + round % 2))};
        lede_error err = {0};
        fixture f;

        open_fixture(&f, options);
        for (uint32_t i = 0; i < lede_snapshot_segment_count(f.snapshot); i++) {
            const lede_segment *segment = lede_snapshot_segment(f.snapshot, i);
            uint32_t entries = lede_segment_entries(segment);
            double after = 0.0; /* the greatest factor so far, from the end */
            lede_column times, trust;
            lede_fading fading;

            assert_ok(lede_fading_make(segment, &how, &fading, &err));
            assert_ok(
                lede_segment_column(segment, LEDE_COLUMN_TIME, &times, &err));
            assert_ok(
                lede_segment_column(segment, LEDE_COLUMN_TRUST, &trust, &err));
            for (uint32_t entry = entries; entry-- > 0;) {
                bool is_dated = entry < lede_segment_dated(segment);
                bool is_trusted =
                    is_dated && lede_column_get(&trust, entry) != 0;
                double factor = lede_recency_factor(
                    &how, is_trusted,
                    is_dated ? lede_column_get(&times, entry)
                             : LEDE_INSTANT_NONE);

                after = factor > after ? factor : after;
                assert_true(lede_fading_least(&fading, entry) <= factor);
                assert_true(lede_fading_most(&fading, entry) >= after);
                assert_true(is_trusted ||
                            !lede_fading_is_trusted(&fading, entry));
            }
        }
        close_fixture(&f);
    }
}

/* Few words and one token a field: most scores are equal. */
static void test_match__ties_go_to_the_newer_then_to_the_key(void **state)
{
    random_archive_options options = {.seed = 7,
                                      .segments = 4,
                                      .entries = 700,
                                      .words = 4,
                                      .tokens = 1,
                                      .undated = 20,
                                      .times = 6};

    (void)state;
    check_archive(options, long_form() ? 4000 : 150);
}

/* Groups of plain words with a small k: where most is passed over. */
static void check_groups(random_archive_options options, uint32_t queries)
{
    static const uint64_t ks[] = {1, 3, 10};
    uint64_t random = options.seed;
    fixture f;

    open_fixture(&f, options);
    for (uint32_t i = 0; i < queries; i++) {
        lede_arena arena = {0};
        lede_tree tree = random_tree_groups(&options, &random, &arena);
        lede_match_options how = {.k = ks[i % 3],
                                  .recency = i % 2 == 0 ? 0.0 : 0.4,
                                  .half_life_s = 20 * RANDOM_ARCHIVE_STEP,
                                  .origin = RANDOM_ARCHIVE_EPOCH +
                                            RANDOM_ARCHIVE_STEP *
                                                (int64_t)options.times};
        lede_match_result wanted = {0};
        lede_error err = {0};

        assert_ok(exhaustive_run(f.snapshot, &tree, &how, &wanted, &err));
        for (unsigned j = 0; j < 4; j++) {
            lede_match_tuning tuning = {
                .kernels = j == 0 ? lede_match_kernels_get(0) : NULL,
                .window = j == 1 ? 200 : 0,
                .general = j == 2};

            check_query(&f, &tree, &how, &tuning, &wanted, i);
        }
        lede_match_result_done(&wanted);
        lede_arena_done(&arena);
    }
    close_fixture(&f);
}

static void test_match__pruning_loses_nothing(void **state)
{
    random_archive_options options = {.seed = 23,
                                      .segments = 2,
                                      .entries = 3000,
                                      .words = 12,
                                      .tokens = 6,
                                      .times = 400};

    (void)state;
    check_groups(options, long_form() ? 3000 : 90);
    options.seed = 24;
    options.words = 60;
    options.tokens = 30;
    check_groups(options, long_form() ? 3000 : 60);
}

/* Counts of words without others, and of words in fields: where lists are read
 * block by block. */
static void check_without(random_archive_options options, uint32_t queries)
{
    uint64_t random = options.seed;
    uint64_t found = 0;
    fixture f;

    open_fixture(&f, options);
    for (uint32_t i = 0; i < queries; i++) {
        lede_arena arena = {0};
        lede_tree tree = random_tree_without(&options, &random, &arena);
        lede_match_options how = {
            .k = i % 2 == 0 ? 0 : 10,
            .sort = i % 3 == 0 ? LEDE_SORT_NEWEST : LEDE_SORT_RELEVANCE,
            .totals = i % 5 == 4 ? LEDE_TOTALS_NONE : LEDE_TOTALS_EXACT};
        lede_match_result wanted = {0};
        lede_error err = {0};

        assert_ok(exhaustive_run(f.snapshot, &tree, &how, &wanted, &err));
        found += wanted.total > 0;
        for (unsigned j = 0; lede_match_kernels_get(j) != NULL; j++) {
            lede_match_tuning tuning = {.kernels = lede_match_kernels_get(j)};

            check_query(&f, &tree, &how, &tuning, &wanted, i);
        }
        lede_match_result_done(&wanted);
        lede_arena_done(&arena);
    }
    assert_true(found > queries / 3);
    close_fixture(&f);
}

static void test_match__counts_without_words_equal_the_twin(void **state)
{
    random_archive_options options = {.seed = 41,
                                      .segments = 2,
                                      .entries = 4000,
                                      .words = 30,
                                      .tokens = 8,
                                      .times = 400};

    (void)state;
    check_without(options, long_form() ? 3000 : 90);
    options.seed = 42;
    options.deleted = 7;
    options.undated = 5;
    check_without(options, long_form() ? 3000 : 90);
    options.seed = 43;
    options.words = 400;
    options.tokens = 40;
    check_without(options, long_form() ? 3000 : 60);
}

/* Phrases where some segments have pairs, of some of the words. */
typedef lede_tree tree_maker(const random_archive_options *archive,
                             uint64_t *state, lede_arena *arena);

static void check_phrases(random_archive_options options, tree_maker *make_tree,
                          uint32_t queries)
{
    uint64_t random = options.seed;
    uint64_t found = 0;
    fixture f;

    open_fixture(&f, options);
    for (uint32_t i = 0; i < queries; i++) {
        lede_arena arena = {0};
        lede_tree tree = make_tree(&options, &random, &arena);
        lede_match_options how = random_tree_options(&options, &random);
        lede_match_result wanted = {0};
        lede_error err = {0};

        assert_ok(exhaustive_run(f.snapshot, &tree, &how, &wanted, &err));
        found += wanted.total > 0;
        for (unsigned j = 0; j < 3; j++) {
            lede_match_tuning tuning = {
                .kernels = j == 0 ? lede_match_kernels_get(0) : NULL,
                .general = j == 2};

            check_query(&f, &tree, &how, &tuning, &wanted, i);
        }
        lede_match_result_done(&wanted);
        lede_arena_done(&arena);
    }
    assert_true(found > queries / 20);
    close_fixture(&f);
}

static void test_match__phrases_by_pairs_equal_the_twin(void **state)
{
    random_archive_options options = {.segments = 3,
                                      .entries = 300,
                                      .words = 9,
                                      .tokens = 14,
                                      .undated = 9,
                                      .times = 200,
                                      .pairs = 12};

    (void)state;
    for (uint32_t i = 0; i < (long_form() ? 60u : 6u); i++) {
        options.seed = 500 + i;
        options.deleted = i % 2 * 6;
        options.pairs = 4 + i % 3 * 8;
        options.tokens = 4 + i % 4 * 6;
        check_phrases(options, random_tree_phrase, long_form() ? 1500 : 60);
    }
}

/* The group of words may be rarer than the phrase, or more frequent. */
static void test_match__phrases_beside_groups_equal_the_twin(void **state)
{
    random_archive_options options = {
        .segments = 2, .entries = 900, .tokens = 20, .times = 300, .pairs = 30};

    (void)state;
    for (uint32_t i = 0; i < (long_form() ? 30u : 4u); i++) {
        options.seed = 700 + i;
        options.deleted = i % 2 * 6;
        options.words = i / 2 % 2 == 0 ? 8 : 60;
        check_phrases(options, random_tree_phrase_and_group,
                      long_form() ? 1500 : 150);
    }
}

static void test_match__single_entries_equal_the_twin(void **state)
{
    random_archive_options options = random_options(5);
    uint64_t random = 4711;
    fixture f;

    (void)state;
    options.entries = 300;
    open_fixture(&f, options);
    for (uint32_t i = 0; i < (long_form() ? 4000u : 150u); i++) {
        lede_arena arena = {0};
        lede_tree tree = random_tree_make(&options, &random, &arena);
        uint32_t segment =
            random_below(&random, lede_snapshot_segment_count(f.snapshot));
        uint32_t entry = random_below(
            &random,
            lede_segment_entries(lede_snapshot_segment(f.snapshot, segment)));
        lede_match_options all = {.k = 0};
        lede_match_result result = {0};
        lede_lookup *lookup;
        lede_error err = {0};
        bool got = false, wanted = true;

        assert_ok(lede_match_entry(f.snapshot, &tree, tree.root, segment, entry,
                                   &got, &err));
        assert_ok(exhaustive_entry(f.snapshot, &tree, tree.root, segment, entry,
                                   &wanted, &err));
        assert_int_equal(got, wanted);
        assert_ok(lede_lookup_new(f.snapshot, &tree, &lookup, &err));
        assert_ok(lede_match_any(lookup, &all, &got, &err));
        lede_lookup_free(lookup);
        assert_ok(exhaustive_run(f.snapshot, &tree, &all, &result, &err));
        assert_int_equal(got, result.total > 0);
        lede_match_result_done(&result);
        lede_arena_done(&arena);
    }
    close_fixture(&f);
}

/* At least `need` of a word, another one, and the first again. */
static lede_tree twice_tree(lede_arena *arena, uint32_t need)
{
    static const char *const words[] = {"w001", "w002"};
    lede_tree tree = {.root = lede_arena_get(arena, sizeof *tree.root),
                      .leaf_count = 2};

    tree.leaves = lede_arena_array(arena, 2, sizeof *tree.leaves);
    for (uint32_t i = 0; i < 2; i++) {
        lede_leaf *leaf = &tree.leaves[i];

        leaf->word = leaf->typed = lede_span_text(words[i]);
        leaf->terms = lede_arena_array(arena, 1, sizeof *leaf->terms);
        leaf->terms[0] = leaf->word;
        leaf->term_count = 1;
        leaf->scores = true;
        leaf->boost = 1.0;
    }
    tree.root->type = LEDE_NODE_GROUP;
    tree.root->need = need;
    tree.root->child_count = 3;
    tree.root->children = lede_arena_array(arena, 3, sizeof(lede_node *));
    for (uint32_t i = 0; i < 3; i++) {
        lede_node *word = lede_arena_get(arena, sizeof *word);

        word->type = LEDE_NODE_WORD;
        word->leaf = i % 2;
        word->constraint.fields = LEDE_ALL_FIELDS;
        tree.root->children[i] = word;
    }
    return tree;
}

static void assert_plan(fixture *f, const lede_tree *tree, bool is_plain)
{
    lede_match_options how = {.k = 0, .totals = LEDE_TOTALS_EXACT};
    lede_match_tuning tuning = {.window = 0};
    lede_matching *matching = malloc(sizeof *matching);
    lede_match_plan plan;
    lede_lookup lookup;
    lede_error err = {0};

    assert_non_null(matching);
    assert_ok(lede_lookup_init(&lookup, f->snapshot, tree, NULL, &err));
    assert_ok(lede_matching_open(matching, &lookup, &how, &tuning, &err));
    assert_ok(lede_matching_enter(matching, 0));
    assert_true(lede_match_plan_make(&plan, matching));
    assert_int_equal(plan.cover_count, 2);
    assert_int_equal(plan.check_count, is_plain ? 0 : 1);
    lede_match_plan_done(&plan);
    lede_matching_close(matching);
    lede_lookup_done(&lookup);
    free(matching);
}

/* Where one word is enough, the same word twice needs no check of each entry.
 */
static void test_match__a_word_may_stand_twice(void **state)
{
    static const lede_match_tuning tuning = {.window = 0};
    random_archive_options options = {.seed = 29,
                                      .segments = 2,
                                      .entries = 300,
                                      .words = 6,
                                      .tokens = 4,
                                      .times = 50};
    fixture f;

    (void)state;
    open_fixture(&f, options);
    for (uint32_t need = 1; need <= 2; need++) {
        lede_arena arena = {0};
        lede_tree tree = twice_tree(&arena, need);
        lede_match_options how = {.k = 10, .totals = LEDE_TOTALS_EXACT};
        lede_match_result wanted = {0};
        lede_error err = {0};

        assert_plan(&f, &tree, need == 1);
        for (uint64_t k = 0; k <= 10; k += 10) {
            how.k = k;
            assert_ok(exhaustive_run(f.snapshot, &tree, &how, &wanted, &err));
            assert_true(wanted.total > 0);
            check_query(&f, &tree, &how, &tuning, &wanted, need);
            lede_match_result_done(&wanted);
        }
        lede_arena_done(&arena);
    }
    close_fixture(&f);
}

/* --- Bounds ----------------------------------------------------------------
 */

static void check_stream_bounds(lede_matching *matching, uint32_t leaf)
{
    lede_match_stream stream;

    assert_true(lede_match_stream_open(&stream, matching, leaf));
    assert_true(lede_match_stream_make_bounds(&stream));
    for (uint32_t block = 0; block < stream.block_count; block++) {
        assert_true(lede_match_stream_load(&stream, block));
        assert_true(lede_match_stream_load_frequencies(&stream));
        for (uint32_t i = 0; i < stream.size; i++) {
            uint32_t entry = stream.entries[i];
            uint32_t part = lede_score_part(&matching->leaves[leaf].statistics,
                                            matching->leaves[leaf].leaf->boost,
                                            stream.frequencies[i],
                                            matching->lengths[entry]);

            assert_true(entry <= lede_match_stream_last(&stream, block));
            assert_true(entry >= lede_match_stream_first(&stream, block));
            assert_true(stream.weight <= 0.0f || part <= stream.bounds[block]);
        }
        assert_true(stream.bounds[block] <= stream.most);
    }
}

static void test_match__bounds_hold_in_every_block(void **state)
{
    random_archive_options options = random_options(3);
    uint64_t random = 17;
    fixture f;

    (void)state;
    options.entries = 2500;
    open_fixture(&f, options);
    for (uint32_t i = 0; i < 60; i++) {
        lede_arena arena = {0};
        lede_tree tree = random_tree_make(&options, &random, &arena);
        lede_match_options how = {.k = 10};
        lede_match_tuning tuning = {.kernels =
                                        lede_match_kernels_get(i % 3 == 0)};
        lede_matching *matching = malloc(sizeof *matching);
        lede_lookup lookup;
        lede_error err = {0};

        assert_non_null(matching);
        assert_ok(lede_lookup_init(&lookup, f.snapshot, &tree, NULL, &err));
        assert_ok(lede_matching_open(matching, &lookup, &how, &tuning, &err));
        for (uint32_t s = 0; s < lede_snapshot_segment_count(f.snapshot); s++) {
            assert_ok(lede_matching_enter(matching, s));
            for (uint32_t leaf = 0; leaf < tree.leaf_count; leaf++) {
                check_stream_bounds(matching, leaf);
            }
        }
        lede_matching_close(matching);
        check_windows(&f);
        lede_lookup_done(&lookup);
        free(matching);
        lede_arena_done(&arena);
    }
    close_fixture(&f);
}

/* --- Damage ----------------------------------------------------------------
 */

/* Puts a damaged copy in the place of each list's blocks; frees with free. */
static uint8_t *damage(const lede_match_lists *lists, uint64_t *random)
{
    lede_postings *list = &lists->items[random_below(random, lists->count)];
    size_t len = list->block_bytes.len;
    uint8_t *copy = malloc(len + 1);

    assert_non_null(copy);
    memcpy(copy, list->block_bytes.bytes, len);
    for (unsigned i = 0; len > 0 && i < 1 + random_below(random, 4); i++) {
        copy[random_below(random, (uint32_t)len)] ^=
            (uint8_t)(1u << random_below(random, 8));
    }
    list->block_bytes.bytes = copy;
    return copy;
}

static void run_damaged(lede_matching *matching, unsigned path)
{
    lede_match_plan plan;

    if (lede_match_plan_make(&plan, matching) && !plan.none) {
        if (path == 0 && plan.required_count > 0) {
            lede_match_and(&plan);
        } else if (path == 0 && plan.cover_count > 0) {
            lede_match_or(&plan);
        } else {
            lede_match_walk(&plan);
        }
        lede_match_count(&plan);
        lede_match_plan_done(&plan);
    }
}

static void test_match__damage_is_told_not_followed(void **state)
{
    random_archive_options options = {.seed = 31,
                                      .segments = 1,
                                      .entries = 1500,
                                      .words = 9,
                                      .tokens = 6,
                                      .times = 50};
    uint32_t corrupt = 0;
    uint64_t random = 8;
    fixture f;

    (void)state;
    open_fixture(&f, options);
    for (uint32_t i = 0; i < (long_form() ? 4000u : 300u); i++) {
        lede_arena arena = {0};
        lede_tree tree = i % 2 == 0
                             ? random_tree_groups(&options, &random, &arena)
                             : random_tree_make(&options, &random, &arena);
        lede_match_options how = {.k = 5};
        lede_match_tuning tuning = {0};
        lede_matching *matching = malloc(sizeof *matching);
        lede_lookup lookup;
        lede_error err = {0};
        uint8_t *copy = NULL;

        assert_non_null(matching);
        assert_ok(lede_lookup_init(&lookup, f.snapshot, &tree, NULL, &err));
        assert_ok(lede_matching_open(matching, &lookup, &how, &tuning, &err));
        if (tree.leaf_count > 0 && lookup.lists[0].count > 0 &&
            matching->by_score) {
            copy = damage(&lookup.lists[0], &random);
            assert_ok(lede_matching_enter(matching, 0));
            run_damaged(matching, i / 2 % 2);
            assert_true(matching->status == LEDE_OK ||
                        matching->status == LEDE_CORRUPT);
            assert_true(matching->status == LEDE_OK || err.message[0] != 0);
            corrupt += matching->status == LEDE_CORRUPT;
        }
        lede_matching_close(matching);
        check_windows(&f);
        lede_lookup_done(&lookup);
        free(matching);
        free(copy);
        lede_arena_done(&arena);
    }
    assert_true(corrupt > 0);
    close_fixture(&f);
}

static void test_match__damaged_pairs_are_told_not_followed(void **state)
{
    random_archive_options options = {.seed = 34,
                                      .segments = 1,
                                      .entries = 1500,
                                      .words = 6,
                                      .tokens = 9,
                                      .times = 50,
                                      .pairs = 30};
    uint32_t corrupt = 0, damaged = 0;
    uint64_t random = 8;
    fixture f;

    (void)state;
    open_fixture(&f, options);
    for (uint32_t i = 0; i < (long_form() ? 4000u : 300u); i++) {
        lede_arena arena = {0};
        lede_tree tree = random_tree_phrase(&options, &random, &arena);
        lede_match_options how = {.k = 5};
        lede_match_tuning tuning = {0};
        lede_matching *matching = malloc(sizeof *matching);
        lede_lookup lookup;
        lede_error err = {0};
        uint8_t *copy = NULL;

        assert_non_null(matching);
        assert_ok(lede_lookup_init(&lookup, f.snapshot, &tree, NULL, &err));
        assert_ok(lede_matching_open(matching, &lookup, &how, &tuning, &err));
        assert_ok(lede_matching_enter(matching, 0));
        if (tree.root->type == LEDE_NODE_PHRASE && matching->by_score) {
            const lede_match_pairs *pairs =
                lede_match_pairs_of(matching, tree.root);

            assert_non_null(pairs);
            if (pairs->count > 0 && !pairs->none) {
                copy = damage(&pairs->items[0].lists, &random);
                damaged++;
            }
            run_damaged(matching, i % 2);
            assert_true(matching->status == LEDE_OK ||
                        matching->status == LEDE_CORRUPT);
            assert_true(matching->status == LEDE_OK || err.message[0] != 0);
            corrupt += matching->status == LEDE_CORRUPT;
        }
        lede_matching_close(matching);
        check_windows(&f);
        lede_lookup_done(&lookup);
        free(matching);
        free(copy);
        lede_arena_done(&arena);
    }
    assert_true(damaged > 20 && corrupt > 0);
    close_fixture(&f);
}

/* --- Options ---------------------------------------------------------------
 */

static void test_match__refuses_options_out_of_range(void **state)
{
    lede_node root = {.type = LEDE_NODE_ALL};
    lede_tree tree = {.root = &root};
    lede_match_options options = {.k = 1, .recency = 1.5, .half_life_s = 1};
    random_archive_options small = {.seed = 1,
                                    .segments = 1,
                                    .entries = 3,
                                    .words = 3,
                                    .tokens = 3,
                                    .times = 2};
    lede_match_result result;
    lede_lookup *lookup;
    lede_error err = {0};
    fixture f;

    (void)state;
    open_fixture(&f, small);
    assert_ok(lede_lookup_new(f.snapshot, &tree, &lookup, &err));
    assert_status(lede_match_run(lookup, &options, &result, &err),
                  LEDE_BAD_INPUT);
    options.recency = 0.5;
    options.half_life_s = 0;
    assert_status(lede_match_run(lookup, &options, &result, &err),
                  LEDE_BAD_INPUT);
    options.half_life_s = 1;
    assert_ok(lede_match_run(lookup, &options, &result, &err));
    lede_match_result_done(&result);
    lede_lookup_free(lookup);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match__equals_the_twin),
        cmocka_unit_test(test_match__equals_the_twin_on_long_lists),
        cmocka_unit_test(test_match__one_word_under_recency_equals_the_twin),
        cmocka_unit_test(test_match__fading_bounds_every_factor),
        cmocka_unit_test(test_match__ties_go_to_the_newer_then_to_the_key),
        cmocka_unit_test(test_match__pruning_loses_nothing),
        cmocka_unit_test(test_match__counts_without_words_equal_the_twin),
        cmocka_unit_test(test_match__phrases_by_pairs_equal_the_twin),
        cmocka_unit_test(test_match__phrases_beside_groups_equal_the_twin),
        cmocka_unit_test(test_match__single_entries_equal_the_twin),
        cmocka_unit_test(test_match__a_word_may_stand_twice),
        cmocka_unit_test(test_match__bounds_hold_in_every_block),
        cmocka_unit_test(test_match__damage_is_told_not_followed),
        cmocka_unit_test(test_match__damaged_pairs_are_told_not_followed),
        cmocka_unit_test(test_match__refuses_options_out_of_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
