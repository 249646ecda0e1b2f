#include "names/decode.h"

#include <assert.h>
#include <string.h>

enum { N = LEDE_LABEL_COUNT, MAX = LEDE_RUN_MAX_WORDS };

/* Scores of four labels, which compilers make one number of. */
typedef int32_t four __attribute__((vector_size(16)));

static inline four load(const int32_t *from)
{
    four made;

    memcpy(&made, from, sizeof made);
    return made;
}

static inline void store(int32_t *to, four from)
{
    memcpy(to, &from, sizeof from);
}

static inline four greater(four a, four b)
{
    four is = a > b;

    return (a & is) | (b & ~is);
}

/* For each label the best of all steps to it: from label x, whose score is
 * from[x], for steps[x]. An impossible score stays one, however many are
 * added. */
static void best_steps(const int32_t steps[N][N], const lede_scores from,
                       lede_scores out)
{
    const four impossible = (four){0} + LEDE_IMPOSSIBLE;
    four low = impossible;
    four high = impossible;
    int x;

    for (x = 0; x < N; x++) {
        low = greater(load(steps[x]) + from[x], low);
        high = greater(load(steps[x] + 4) + from[x], high);
    }
    store(out, low);
    store(out + 4, high);
}

static void add(const lede_scores a, const lede_scores b, lede_scores out)
{
    store(out, load(a) + load(b));
    store(out + 4, load(a + 4) + load(b + 4));
}

/* best[i][y]: the best score of words 0 to i with label y at i. */
static void go_forward(const lede_name_model *model, lede_scores *words,
                       size_t count, lede_scores *best)
{
    size_t i;

    add(model->transitions[LEDE_LABEL_O], words[0], best[0]);
    for (i = 1; i < count; i++) {
        best_steps(model->transitions, best[i - 1], best[i]);
        add(best[i], words[i], best[i]);
    }
}

/* best[i][y]: the best score of the words behind i with label y at i. */
static void go_backward(const lede_name_model *model, lede_scores *words,
                        size_t count, lede_scores *best)
{
    lede_scores from;
    size_t i;

    memcpy(best[count - 1], model->back[LEDE_LABEL_O], sizeof best[0]);
    for (i = count - 1; i-- > 0;) {
        add(words[i + 1], best[i + 1], from);
        best_steps(model->back, from, best[i]);
    }
}

static int32_t greater_of(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int16_t margin_of(const lede_scores total, int label)
{
    static const uint8_t kinds[N] = {0, 1, 1, 2, 2, 0, 0, 0};
    int32_t best[3] = {greater_of(greater_of(total[0], total[5]),
                                  greater_of(total[6], total[7])),
                       greater_of(total[1], total[2]),
                       greater_of(total[3], total[4])};
    int kind = kinds[label];
    int32_t other = greater_of(best[(kind + 1) % 3], best[(kind + 2) % 3]);
    int32_t margin = total[label] - other;

    return (int16_t)(margin < 0 ? 0 : margin > INT16_MAX ? INT16_MAX : margin);
}

/* What the rest of this comes to where there is one word, as in most runs. */
static void decode_word(const lede_name_model *model, const lede_scores word,
                        uint8_t *label, int16_t *margin)
{
    lede_scores total;
    int best = 0;
    int y;

    add(model->alone, word, total);
    for (y = 1; y < N; y++) {
        best = total[y] > total[best] ? y : best;
    }
    *label = (uint8_t)best;
    *margin = margin_of(total, best);
}

/* The label with the best total among those that may go on: of those whose
 * `on` is no less than `least`. The first one, if none may. */
static int best_label(const lede_scores total, const int32_t *on, int32_t least)
{
    int best = -1;
    int y;

    for (y = 0; y < N; y++) {
        if ((on == NULL || on[y] >= least) &&
            (best < 0 || total[y] > total[best])) {
            best = y;
        }
    }
    return best < 0 ? LEDE_LABEL_O : best;
}

void lede_decode_run(const lede_name_model *model, lede_scores *words,
                     size_t count, uint8_t *labels, int16_t *margins)
{
    lede_scores before[MAX];
    lede_scores behind[MAX];
    size_t i;

    assert(count > 0 && count <= MAX);
    if (count == 1) {
        decode_word(model, words[0], labels, margins);
        return;
    }
    go_forward(model, words, count, before);
    go_backward(model, words, count, behind);
    for (i = 0; i < count; i++) {
        lede_scores total;

        add(before[i], behind[i], total);
        if (i == 0) {
            labels[i] = (uint8_t)best_label(total, NULL, 0);
        } else {
            /* Readings of equal worth must not be mixed: go on from the label
             * chosen before. */
            uint8_t last = labels[i - 1];
            lede_scores on;

            add(model->transitions[last], words[i], on);
            add(on, behind[i], on);
            labels[i] = (uint8_t)best_label(total, on, behind[i - 1][last]);
        }
        margins[i] = margin_of(total, labels[i]);
    }
}
