#include "names/scores.h"

#include "names/avx512.h"
#include "names/feature_templates.h"
#include "names/scores_avx512.h"

_Static_assert(LEDE_LABEL_COUNT == 8 && LEDE_FEATURE_COUNT < 256,
               "sums of rows fit into 16 bits");

enum { N = LEDE_LABEL_COUNT };

/* Eight labels at a time, which compilers make instructions of their machine
 * of. */
typedef int8_t pairs __attribute__((vector_size(2 * N)));
typedef int16_t sum __attribute__((vector_size(2 * N)));

/* Eight bytes as numbers of twice the width: each byte twice, and then only the
 * upper one of the two, with its sign. */
static inline sum widen(const int8_t *row)
{
    pairs bytes = {0};

    memcpy(&bytes, row, N);
    bytes = __builtin_shufflevector(bytes, bytes, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4,
                                    5, 5, 6, 6, 7, 7);
    return (sum)bytes >> 8;
}

static inline void add_row(const lede_name_model *model, uint32_t feature,
                           sum *to)
{
    *to += widen(model->rows + (size_t)(feature & model->row_mask) * N);
}

static void put_scores(sum of, lede_scores out)
{
    int i;

    for (i = 0; i < N; i++) {
        out[i] = of[i];
    }
}

void lede_scores_of_features(const lede_name_model *model,
                             uint32_t features[][LEDE_FEATURE_COUNT],
                             size_t count, lede_scores out[])
{
    size_t i;
    int n;

    for (i = 0; i < count; i++) {
        sum all = {0};

        for (n = 0; n < LEDE_FEATURE_COUNT; n++) {
            add_row(model, features[i][n], &all);
        }
        put_scores(all, out[i]);
    }
}

void lede_scores_of_keys(const lede_name_model *model,
                         const lede_feature_keys keys[], size_t count,
                         lede_scores out[])
{
    size_t i;
    uint32_t n;

    for (i = 0; i < count; i++) {
        sum all = {0};

        for (n = 0; n < LEDE_FEATURE_COUNT; n++) {
            add_row(model, lede_feature_mix(n, keys[i][n]), &all);
        }
        put_scores(all, out[i]);
    }
}

/* --- Runs -------------------------------------------------------------------
 */

/* The keys of word i of the run in view. */
static void put_keys(const lede_run_view *v, size_t i,
                     const lede_word_letters *letters, lede_feature_keys out)
{
    int n;

    /* Each template by itself: then they share what they look up. */
#pragma GCC unroll 40
    for (n = 0; n < LEDE_FEATURE_COUNT; n++) {
        out[n] = lede_feature_key(v, i, letters, n);
    }
}

static void put_run(const lede_piece *piece, lede_span const *texts,
                    const lede_run *run, lede_feature_keys out[])
{
    lede_run_view v;
    size_t i;

    lede_run_view_make(piece, run, &v);
    for (i = 0; i < v.len; i++) {
        const lede_word *word = &piece->words[run->begin + i];
        lede_word_letters letters = lede_word_letters_of(
            word, lede_span_part(texts[word->text], word->begin,
                                 word->end - word->begin));

        put_keys(&v, i, &letters, out[i]);
    }
}

size_t lede_scores_runs_together(const lede_run *runs, size_t count)
{
    size_t words = 0;
    size_t n;

    for (n = 0; n < count; n++) {
        words += runs[n].end - runs[n].begin;
        if (words > LEDE_SCORES_TOGETHER) {
            break;
        }
    }
    return n;
}

void lede_scores_of_runs(const lede_name_model *model, const lede_piece *piece,
                         lede_span const *texts, const lede_run *runs,
                         size_t count, lede_scores out[])
{
    lede_feature_keys keys[LEDE_SCORES_TOGETHER];
    size_t words = 0;
    size_t n;

    for (n = 0; n < count; n++) {
        put_run(piece, texts, &runs[n], keys + words);
        words += runs[n].end - runs[n].begin;
    }
    if (lede_names_have_avx512()) {
        lede_scores_of_keys_avx512(model, (const lede_feature_keys *)keys,
                                   words, out);
    } else {
        lede_scores_of_keys(model, (const lede_feature_keys *)keys, words, out);
    }
}
