/* The promises of query/fit.h: which of two entries fits a query better. */
#include "tests/support/check.h"

#include <math.h>

#include "tests/support/small_archive.h"

#include "query/fit.h"
#include "query/plan.h"

typedef struct text {
    const char *headline, *body;
} text;

static lede_analyzer *analyzer;

static void take_fit(void *ctx, uint32_t hit, const lede_places *places)
{
    void **args = ctx;

    assert_int_equal(hit, 0);
    *(lede_fit_parts *)args[1] = lede_fit_of(args[0], places, NULL);
}

static lede_fit_parts parts_of(const char *query, const text *of)
{
    static const lede_plan_source source = {.languages =
                                                1u << LEDE_LANGUAGE_ENGLISH};
    static const lede_match_hit hit = {.segment = 0, .entry = 0};
    lede_error err = {0};
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parse_options options = {.analyzer = analyzer};
    lede_parsed parsed;
    lede_plan plan;
    lede_entry entry;
    lede_block block = {LEDE_BLOCK_P, lede_span_text(of->body)};
    double weights[LEDE_TREE_MAX_LEAVES];
    bool wanted[LEDE_TREE_MAX_LEAVES];
    char directory[256];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_lookup *lookup;
    lede_fit *fit;
    lede_fit_parts parts = {0};
    void *args[2];
    unsigned i;

    for (i = 0; i < LEDE_TREE_MAX_LEAVES; i++) {
        weights[i] = 1;
    }
    lede_entry_init(&entry);
    entry.key = 1;
    entry.headline = lede_span_text(of->headline);
    entry.body = &block;
    entry.block_count = 1;
    assert_ok(small_archive_make(&entry, 1, 0, 0, directory, &archive, &err));
    assert_ok(lede_snapshot_open(archive, &snapshot, &err));
    assert_ok(lede_query_parse(lede_span_text(query), &options, &arena, &notes,
                               &parsed, &err));
    assert_ok(lede_plan_make(&parsed, lede_span_text(query), &source, analyzer,
                             false, &arena, &notes, &plan, &err));
    assert_ok(lede_lookup_new(snapshot, &plan.tree, &lookup, &err));
    fit = lede_fit_new(&plan.tree, weights, analyzer, &arena);
    assert_non_null(fit);
    for (i = 0; i < plan.tree.leaf_count; i++) {
        wanted[i] = lede_fit_counts(fit, i);
    }
    args[0] = fit;
    args[1] = &parts;
    assert_ok(lede_places_find(lookup, wanted, &hit, 1, take_fit, args, &err));
    lede_lookup_free(lookup);
    lede_snapshot_close(snapshot);
    small_archive_remove(archive, directory);
    lede_arena_done(&arena);
    return parts;
}

static double fit_of(const char *query, const text *of)
{
    lede_fit_parts parts = parts_of(query, of);
    double value = lede_fit_sum(&parts);

    assert_true(value >= 0 && value <= 14);
    return value;
}

static void check_order(const char *query, const text *texts, size_t count)
{
    size_t i;

    for (i = 0; i + 1 < count; i++) {
        double better = fit_of(query, &texts[i]);
        double worse = fit_of(query, &texts[i + 1]);

        if (!(better > worse)) {
            print_error("%s: number %zu fits with %f, the next with %f\n",
                        query, i, better, worse);
            fail();
        }
    }
}

#define CHECK_ORDER(query, texts)                                              \
    check_order((query), (texts), sizeof(texts) / sizeof((texts)[0]))

static void test_fit__headline_phrase_words_stems(void **state)
{
    static const text texts[] = {
        {"Storm hits coast", "It did."},
        {"Storm hits coast again and again", "It did."},
        {"News", "A storm hits coast towns."},
        {"News", "A storm came, and hits the coast hard."},
        {"News", "The coast: hits of all kinds, and then, much later, a storm "
                 "came over the sea."},
        {"News", "Storms hitting, as we said before many other words, the "
                 "coasts."},
        {"News", "A storm."},
        {"News", "Nothing."},
    };

    (void)state;
    CHECK_ORDER("storm hits coast", texts);
    assert_true(fabs(fit_of("storm hits coast", &texts[0]) -
                     (1 + 0.65 / 2 + 0.25 + 0.35)) < 1e-12);
    assert_true(fit_of("storm hits coast", &texts[7]) == 0);
}

static void
test_fit__words_once_far_away_do_not_spoil_a_close_pair(void **state)
{
    static const text texts[] = {
        {"News", "The coast. Then one two three four five six seven eight nine "
                 "ten eleven twelve, and a storm hits, and ends."},
        {"News", "The coast. Then one two three four five six seven eight nine "
                 "ten eleven twelve, and a storm that never ever hits it."},
    };

    (void)state;
    CHECK_ORDER("storm hits coast", texts);
}

/* The rest of the formula, for a word alone or with a capital. */
static void test_fit__the_word_as_typed_by_hand(void **state)
{
    static const text texts[] = {{"x", "in Manly today"},
                                 {"x", "a manly man"},
                                 {"x", "manning a post"},
                                 {"Manly", "x"}};

    (void)state;
    assert_true(fabs(fit_of("Manly", &texts[0]) - (1.5 * 5 - 1)) < 1e-9);
    assert_true(fabs(fit_of("Manly", &texts[1]) - (1.35 * 2 - 1)) < 1e-9);
    assert_true(fabs(fit_of("Manly", &texts[2]) - 0) < 1e-9);
    assert_true(fabs(fit_of("Manly", &texts[3]) - (2.0 * 5 - 1)) < 1e-9);
    assert_true(fabs(fit_of("manly", &texts[0]) - (1.5 * 2 - 1)) < 1e-9);
    /* Beside another word only the parts count. */
    assert_true(fabs(fit_of("Manly post", &texts[0]) - (1.125 - 1)) < 1e-9);
}

/* The formula of docs/RANKING.md, worked out by hand. All words weigh the same
 * and are exact: 0.25. */
static void test_fit__parts_by_hand(void **state)
{
    static const text texts[] = {
        /* A run of two of three: (1/2)^4. Storm and hits stand 1, 9 and 1
         * apart, and 7 turned round; hits and coast 3, and 5 turned. */
        {"News", "storm hits so the coast and a big storm hits"},
        /* Too far apart to be near: 17 positions. */
        {"News", "storm a b c d e f g h i j k l m n o p hits"},
        /* 16 are near enough. */
        {"News", "storm a b c d e f g h i j k l m n o hits"},
    };
    double n1 = 1 + 1.0 / 9 + 0.5 / 7 + 1;
    double n2 = 1.0 / 3 + 0.5 / 5;
    double first = 0.25 + 1.0 / 16 + 0.65 * (n1 / (1 + n1) + n2 / (1 + n2)) / 2;

    (void)state;
    assert_true(fabs(fit_of("storm hits", &texts[1]) - 0.25) < 1e-12);
    assert_true(fabs(fit_of("storm hits", &texts[2]) -
                     (0.25 + 0.65 * (1.0 / 16) / (1 + 1.0 / 16))) < 1e-12);
    assert_true(fabs(fit_of("storm hits coast", &texts[0]) - first) < 1e-9);
}

static void test_fit__one_word(void **state)
{
    static const text texts[] = {{"Storm", "x"},
                                 {"A storm at sea", "x"},
                                 {"x", "A storm."},
                                 {"x", "Many storms."}};

    (void)state;
    CHECK_ORDER("storm", texts);
}

static void test_fit__letter_case_as_typed(void **state)
{
    static const text upper[] = {{"x", "the US said"}, {"x", "told us that"}};
    static const text other[] = {{"x", "the US said"},
                                 {"Tell us", "let us go"}};
    static const text capital[] = {
        {"x", "in Manly today"}, {"x", "a manly man"}, {"x", "manning a post"}};

    (void)state;
    CHECK_ORDER("US", upper);
    CHECK_ORDER("US", other);
    CHECK_ORDER("Manly", capital);
    assert_true(fit_of("us", &upper[0]) == fit_of("us", &upper[1]));
}

static void test_fit__many_words_in_capitals_say_nothing_by_them(void **state)
{
    static const text small = {"Storm hits eastern coast again", "It did."};
    static const text acronym = {"US and EU talks on NATO aid", "It did."};
    static const text pronoun = {"Eu gives us talks on nato aid", "It did."};

    (void)state;
    assert_true(fit_of("STORM HITS EASTERN COAST AGAIN", &small) ==
                fit_of("storm hits eastern coast again", &small));
    /* Few words, or one in small letters: US is not us. */
    assert_true(fit_of("US EU NATO", &acronym) >
                fit_of("US EU NATO", &pronoun));
    assert_true(fit_of("US EU talks NATO aid", &acronym) >
                fit_of("US EU talks NATO aid", &pronoun));
}

static void test_fit__spelling_as_typed(void **state)
{
    static const text apostrophe[] = {{"x", "said O’Brien"},
                                      {"x", "said OBrien"}};
    static const text joined[] = {{"x", "said OBrien"}, {"x", "said O’Brien"}};
    static const text accent[] = {{"x", "said Erdoğan"}, {"x", "said Erdogan"}};
    static const text plain[] = {{"x", "said Erdogan"}, {"x", "said Erdoğan"}};
    static const text umlaut[] = {{"x", "said Müller"},
                                  {"Muller, Muller", "said Muller"}};
    static const text sharp[] = {{"x", "die Straße"},
                                 {"Strasse", "die Strasse"}};
    static const text dotted[] = {{"x", "in İstanbul"},
                                  {"Istanbul", "in Istanbul"}};
    static const text shouted[] = {{"x", "said O’Brien"},
                                   {"OBrien", "said OBrien"}};
    static const text hyphen[] = {{"x", "a cease-fire"}, {"x", "a ceasefire"}};

    (void)state;
    CHECK_ORDER("O'Brien", apostrophe);
    CHECK_ORDER("OBrien", joined);
    CHECK_ORDER("Erdoğan", accent);
    CHECK_ORDER("Erdogan", plain);
    CHECK_ORDER("cease-fire", hyphen);
    CHECK_ORDER("Müller", umlaut);
    CHECK_ORDER("müller", umlaut);
    CHECK_ORDER("Straße", sharp);
    CHECK_ORDER("straße", sharp);
    CHECK_ORDER("İstanbul", dotted);
    CHECK_ORDER("O'Brien", shouted);
    /* Whoever types none may have left them out. */
    assert_true(fit_of("Muller", &umlaut[0]) > 4);
}

static void test_fit__exclusions_do_not_count(void **state)
{
    static const text one = {"x", "a storm at sea"};

    (void)state;
    assert_true(fit_of("storm -sea", &one) == fit_of("storm", &one));
    assert_true(fit_of("-storm", &one) == 0);
    assert_true(fit_of("*", &one) == 0);
}

static int set_up(void **state)
{
    (void)state;
    return lede_analyzer_new(&analyzer, NULL) == LEDE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    lede_analyzer_free(analyzer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit__headline_phrase_words_stems),
        cmocka_unit_test(
            test_fit__words_once_far_away_do_not_spoil_a_close_pair),
        cmocka_unit_test(test_fit__parts_by_hand),
        cmocka_unit_test(test_fit__one_word),
        cmocka_unit_test(test_fit__the_word_as_typed_by_hand),
        cmocka_unit_test(test_fit__letter_case_as_typed),
        cmocka_unit_test(test_fit__many_words_in_capitals_say_nothing_by_them),
        cmocka_unit_test(test_fit__spelling_as_typed),
        cmocka_unit_test(test_fit__exclusions_do_not_count),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
