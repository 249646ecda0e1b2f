/* The best reading of a run, held against all readings of it. */
#include "tests/support/check.h"

#include <string.h>

#include "names/avx512.h"
#include "names/decode.h"
#include "names/feature_templates.h"
#include "names/scores_avx512.h"

enum { N = LEDE_LABEL_COUNT, ROWS = 64, MAX_LEN = 4 };

static uint64_t seed = 88172645463325252u;

static uint32_t random_below(uint32_t bound)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % bound;
}

static int8_t rows[ROWS * N];
static lede_name_model model;

static void make_model(void)
{
    int i;
    int x;
    int y;

    for (i = 0; i < ROWS * N; i++) {
        rows[i] = (int8_t)((int)random_below(41) - 20);
    }
    model.rows = rows;
    model.row_mask = ROWS - 1;
    for (x = 0; x < N; x++) {
        for (y = 0; y < N; y++) {
            model.transitions[x][y] =
                lede_label_may_follow((lede_label)x, (lede_label)y)
                    ? (int)random_below(61) - 30
                    : LEDE_IMPOSSIBLE;
        }
    }
    lede_model_settle(&model);
}

static int kind_of(int label)
{
    return label == LEDE_LABEL_B_PERSON || label == LEDE_LABEL_I_PERSON ? 1
           : label == LEDE_LABEL_B_PLACE || label == LEDE_LABEL_I_PLACE ? 2
                                                                        : 0;
}

static int64_t score_of(uint32_t features[][LEDE_FEATURE_COUNT],
                        const int *labels, size_t count)
{
    int64_t score = 0;
    int before = LEDE_LABEL_O;
    size_t i;
    int f;

    for (i = 0; i < count; i++) {
        for (f = 0; f < LEDE_FEATURE_COUNT; f++) {
            score +=
                rows[(features[i][f] & (ROWS - 1)) * N + (uint32_t)labels[i]];
        }
        score += model.transitions[before][labels[i]];
        before = labels[i];
    }
    return score + model.transitions[before][LEDE_LABEL_O];
}

/* Every labelling there is: the best score of all, and of those in which word
 * `at` has a kind. */
typedef struct best {
    int64_t all;
    int64_t of_kind[MAX_LEN][3];
} best;

static void try_all(uint32_t features[][LEDE_FEATURE_COUNT], size_t count,
                    best *out)
{
    int labels[MAX_LEN] = {0};
    size_t i;

    out->all = INT64_MIN;
    for (i = 0; i < MAX_LEN * 3; i++) {
        out->of_kind[i / 3][i % 3] = INT64_MIN;
    }
    for (;;) {
        int64_t score = score_of(features, labels, count);

        out->all = score > out->all ? score : out->all;
        for (i = 0; i < count; i++) {
            int64_t *kind = &out->of_kind[i][kind_of(labels[i])];

            *kind = score > *kind ? score : *kind;
        }
        for (i = 0; i < count && ++labels[i] == N; i++) {
            labels[i] = 0;
        }
        if (i == count) {
            return;
        }
    }
}

static void test_decode__finds_the_best_of_all_readings(void **state)
{
    int round;

    (void)state;
    for (round = 0; round < 120; round++) {
        uint32_t features[MAX_LEN][LEDE_FEATURE_COUNT];
        size_t count = 1 + random_below(MAX_LEN);
        uint8_t labels[MAX_LEN];
        int16_t margins[MAX_LEN];
        lede_scores scores[MAX_LEN];
        int wide[MAX_LEN];
        best twin;
        size_t i;
        int f;

        make_model();
        for (i = 0; i < count; i++) {
            for (f = 0; f < LEDE_FEATURE_COUNT; f++) {
                features[i][f] = random_below(UINT32_MAX);
            }
        }
        lede_scores_of_features(&model, features, count, scores);
        lede_decode_run(&model, scores, count, labels, margins);
        try_all(features, count, &twin);
        for (i = 0; i < count; i++) {
            wide[i] = labels[i];
        }
        assert_true(score_of(features, wide, count) == twin.all);
        for (i = 0; i < count; i++) {
            int64_t other = INT64_MIN;
            int64_t margin;
            int k;

            for (k = 0; k < 3; k++) {
                if (k != kind_of(labels[i]) && twin.of_kind[i][k] > other) {
                    other = twin.of_kind[i][k];
                }
            }
            margin = twin.all - other;
            assert_int_equal(margins[i],
                             margin > INT16_MAX ? INT16_MAX : margin);
        }
    }
}

/* The scores of runs together, and those of all features one by one. */
static void compare_runs(const lede_piece *piece, const lede_span *text,
                         const lede_run *runs, size_t count)
{
    lede_scores together[LEDE_SCORES_TOGETHER];
    size_t at = 0;
    size_t r;

    lede_scores_of_runs(&model, piece, text, runs, count, together);
    for (r = 0; r < count; r++) {
        size_t words = runs[r].end - runs[r].begin;
        uint32_t features[LEDE_RUN_MAX_WORDS][LEDE_FEATURE_COUNT];
        lede_scores plain[LEDE_RUN_MAX_WORDS];

        lede_features_of_run(piece, text, &runs[r], features);
        lede_scores_of_features(&model, features, words, plain);
        assert_memory_equal(plain, together + at, words * sizeof plain[0]);
        at += words;
    }
}

static void test_scores__are_the_sums_of_all_features(void **state)
{
    static const char *const pieces[] = {"Ann ",
                                         "LEE ",
                                         "of ",
                                         "van ",
                                         "Oslo ",
                                         "said ",
                                         "the ",
                                         ", ",
                                         ". ",
                                         "\n",
                                         "Mr. ",
                                         "O'Dowd ",
                                         "B. ",
                                         "in ",
                                         "McVane ",
                                         "Smith-Jones ",
                                         "University ",
                                         "\u00c9lys\u00e9e ",
                                         "Internationalisation ",
                                         "U.S. "};
    static uint8_t filter[16 * LEDE_FILTER_LINE_BYTES];
    lede_piece piece;
    int round;

    (void)state;
    make_model();
    lede_lists_init(&model.lists);
    model.filter = filter;
    model.line_mask = 15;
    for (round = 0; round < (int)sizeof filter; round++) {
        filter[round] = (uint8_t)random_below(256);
    }
    assert_true(lede_piece_init(&piece, &model));
    for (round = 0; round < 400; round++) {
        char bytes[2048] = "";
        lede_span text;
        size_t at = 0;
        size_t r;
        size_t together;
        int n;

        for (n = 0; n < 60; n++) {
            strcat(bytes, pieces[random_below(sizeof pieces / sizeof *pieces)]);
        }
        text = lede_span_text(bytes);
        piece.count = lede_words_read(text, 0, &at, piece.words, piece.cap);
        lede_words_mark_lines(piece.words, piece.count);
        lede_lists_mark(&model.lists, piece.words, piece.count);
        lede_piece_settle(&piece);
        for (r = 0; r < piece.run_count; r += together) {
            together =
                lede_scores_runs_together(&piece.runs[r], piece.run_count - r);
            assert_in_range(together, 1, piece.run_count - r);
            compare_runs(&piece, &text, &piece.runs[r], together);
        }
    }
    lede_piece_done(&piece);
}

/* Hashes of keys, where the machine takes eight at a time, too. */
static void test_scores__are_the_same_from_keys(void **state)
{
    static lede_feature_keys keys[LEDE_RUN_MAX_WORDS];
    uint32_t features[LEDE_RUN_MAX_WORDS][LEDE_FEATURE_COUNT];
    lede_scores of_features[LEDE_RUN_MAX_WORDS];
    lede_scores of_keys[LEDE_RUN_MAX_WORDS];
    size_t i;
    uint32_t n;

    (void)state;
    make_model();
    for (i = 0; i < LEDE_RUN_MAX_WORDS; i++) {
        for (n = 0; n < LEDE_FEATURE_COUNT; n++) {
            keys[i][n] = lede_feature_pair(random_below(UINT32_MAX),
                                           random_below(UINT32_MAX));
            features[i][n] = lede_feature_mix(n, keys[i][n]);
        }
    }
    lede_scores_of_features(&model, features, LEDE_RUN_MAX_WORDS, of_features);
    lede_scores_of_keys(&model, (const lede_feature_keys *)keys,
                        LEDE_RUN_MAX_WORDS, of_keys);
    assert_memory_equal(of_features, of_keys, sizeof of_keys);
    if (lede_names_have_avx512()) {
        memset(of_keys, 0, sizeof of_keys);
        lede_scores_of_keys_avx512(&model, (const lede_feature_keys *)keys,
                                   LEDE_RUN_MAX_WORDS, of_keys);
        assert_memory_equal(of_features, of_keys, sizeof of_keys);
    }
}

static void test_filter__knows_places_by_themselves(void **state)
{
    static uint8_t filter[16 * LEDE_FILTER_LINE_BYTES];
    unsigned places = 0;
    int round;

    (void)state;
    for (round = 0; round < 3000; round++) {
        lede_filter_put(filter, 15, random_below(UINT32_MAX),
                        (lede_known)random_below(LEDE_KNOWN_COUNT));
    }
    for (round = 0; round < 10000; round++) {
        uint32_t phrase = random_below(UINT32_MAX);
        unsigned known =
            lede_filter_get(filter, 15, phrase) &
            (1u << LEDE_KNOWN_PLACE | 1u << LEDE_KNOWN_SMALL_PLACE);

        assert_int_equal(lede_filter_get_place(filter, 15, phrase), known);
        assert_int_equal(lede_filter_get_plain(filter, 15, phrase),
                         lede_filter_get(filter, 15, phrase));
        places += known != 0;
    }
    assert_true(places > 100 && places < 9900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode__finds_the_best_of_all_readings),
        cmocka_unit_test(test_scores__are_the_sums_of_all_features),
        cmocka_unit_test(test_scores__are_the_same_from_keys),
        cmocka_unit_test(test_filter__knows_places_by_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
