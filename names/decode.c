#include "names/decode.h"

#include <assert.h>

enum { N = LEDE_LABEL_COUNT, MAX = LEDE_RUN_MAX_WORDS };

/* best[i][y]: the best score of words 0 to i with label y at i. */
static void go_forward(const lede_name_model *model, lede_scores *words,
                       size_t count, lede_scores *best)
{
    size_t i;
    int x;
    int y;

    for (y = 0; y < N; y++) {
        best[0][y] = model->transitions[LEDE_LABEL_O][y] + words[0][y];
    }
    for (i = 1; i < count; i++) {
        lede_scores top;

        for (y = 0; y < N; y++) {
            top[y] = best[i - 1][0] + model->transitions[0][y];
        }
        for (x = 1; x < N; x++) {
            for (y = 0; y < N; y++) {
                int32_t score = best[i - 1][x] + model->transitions[x][y];
                top[y] = score > top[y] ? score : top[y];
            }
        }
        /* An impossible score stays one, however many are added. */
        for (y = 0; y < N; y++) {
            top[y] = top[y] < LEDE_IMPOSSIBLE ? LEDE_IMPOSSIBLE : top[y];
            best[i][y] = top[y] + words[i][y];
        }
    }
}

/* best[i][y]: the best score of the words behind i with label y at i. */
static void go_backward(const lede_name_model *model, lede_scores *words,
                        size_t count, lede_scores *best)
{
    size_t i;
    int x;
    int y;

    for (y = 0; y < N; y++) {
        best[count - 1][y] = model->transitions[y][LEDE_LABEL_O];
    }
    for (i = count - 1; i-- > 0;) {
        for (x = 0; x < N; x++) {
            int32_t top = 2 * LEDE_IMPOSSIBLE;

            for (y = 0; y < N; y++) {
                int32_t score =
                    model->transitions[x][y] + words[i + 1][y] + best[i + 1][y];
                top = score > top ? score : top;
            }
            best[i][x] = top < LEDE_IMPOSSIBLE ? LEDE_IMPOSSIBLE : top;
        }
    }
}

static int kind_of(int label)
{
    static const uint8_t kinds[N] = {0, 1, 1, 2, 2, 0, 0, 0};

    return kinds[label];
}

static int16_t margin_of(const lede_scores total, int label)
{
    int32_t other = 2 * LEDE_IMPOSSIBLE;
    int32_t margin;
    int y;

    for (y = 0; y < N; y++) {
        if (kind_of(y) != kind_of(label) && total[y] > other) {
            other = total[y];
        }
    }
    margin = total[label] - other;
    return (int16_t)(margin < 0 ? 0 : margin > INT16_MAX ? INT16_MAX : margin);
}

/* What the rest of this comes to where there is one word, as in most runs. */
static void decode_word(const lede_name_model *model, const lede_scores word,
                        uint8_t *label, int16_t *margin)
{
    lede_scores total;
    int best = 0;
    int y;

    for (y = 0; y < N; y++) {
        total[y] = model->alone[y] + word[y];
    }
    for (y = 1; y < N; y++) {
        best = total[y] > total[best] ? y : best;
    }
    *label = (uint8_t)best;
    *margin = margin_of(total, best);
}

void lede_decode_run(const lede_name_model *model, lede_scores *words,
                     size_t count, uint8_t *labels, int16_t *margins)
{
    lede_scores before[MAX];
    lede_scores behind[MAX];
    size_t i;
    int y;

    assert(count > 0 && count <= MAX);
    if (count == 1) {
        decode_word(model, words[0], labels, margins);
        return;
    }
    go_forward(model, words, count, before);
    go_backward(model, words, count, behind);
    for (i = 0; i < count; i++) {
        lede_scores total;
        int best = -1;

        for (y = 0; y < N; y++) {
            total[y] = before[i][y] + behind[i][y];
            /* Readings of equal worth must not be mixed: go on from the label
             * chosen before. */
            if (i > 0) {
                int32_t on = before[i - 1][labels[i - 1]] +
                             model->transitions[labels[i - 1]][y] +
                             words[i][y] + behind[i][y];
                if (on < before[i - 1][labels[i - 1]] +
                             behind[i - 1][labels[i - 1]]) {
                    continue;
                }
            }
            if (best < 0 || total[y] > total[best]) {
                best = y;
            }
        }
        labels[i] = (uint8_t)(best < 0 ? LEDE_LABEL_O : best);
        margins[i] = margin_of(total, labels[i]);
    }
}
