#include "names/train/field.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = LEDE_LABEL_COUNT, MAX = LEDE_RUN_MAX_WORDS, STEPS = 16 };

/* How often features of a kind are left out, of 256. */
static const uint8_t left_out[] = {
    [LEDE_FEATURE_WORD] = 26, [LEDE_FEATURE_AROUND] = 26,
    [LEDE_FEATURE_SHAPE] = 0, [LEDE_FEATURE_KNOWN] = 64,
    [LEDE_FEATURE_SEEN] = 40,
};

void examples_done(examples *all)
{
    free(all->runs);
    free(all->features);
    free(all->permitted);
    memset(all, 0, sizeof *all);
}

static bool grow_words(examples *all, size_t more)
{
    size_t cap = all->word_cap == 0 ? 4096 : all->word_cap;
    void *grown;

    while (cap < all->word_count + more) {
        cap *= 2;
    }
    if (cap == all->word_cap) {
        return true;
    }
    grown = realloc(all->features, cap * sizeof *all->features);
    if (grown == NULL) {
        return false;
    }
    all->features = grown;
    grown = realloc(all->permitted, cap);
    if (grown == NULL) {
        return false;
    }
    all->permitted = grown;
    all->word_cap = cap;
    return true;
}

bool examples_add(examples *all, uint32_t features[][LEDE_FEATURE_COUNT],
                  const uint8_t *permitted, size_t count, uint8_t source,
                  uint8_t fold)
{
    example run = {all->word_count, (uint16_t)count, source, fold, false};

    if (all->run_count == all->run_cap) {
        size_t cap = all->run_cap == 0 ? 4096 : all->run_cap * 2;
        example *grown = realloc(all->runs, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        all->runs = grown;
        all->run_cap = cap;
    }
    if (!grow_words(all, count)) {
        return false;
    }
    memcpy(all->features + all->word_count, features,
           count * sizeof *all->features);
    memcpy(all->permitted + all->word_count, permitted, count);
    all->word_count += count;
    all->runs[all->run_count++] = run;
    return true;
}

bool field_init(field *self, uint32_t rows)
{
    memset(self, 0, sizeof *self);
    self->row_mask = rows - 1;
    self->weights = calloc((size_t)rows * N, sizeof(float));
    self->squares = calloc((size_t)rows * N, sizeof(float));
    self->averages = calloc((size_t)rows * N, sizeof(float));
    return self->weights != NULL && self->squares != NULL &&
           self->averages != NULL;
}

void field_done(field *self)
{
    free(self->weights);
    free(self->squares);
    free(self->averages);
    memset(self, 0, sizeof *self);
}

static uint32_t random_next(field *self)
{
    self->random ^= self->random << 13;
    self->random ^= self->random >> 7;
    self->random ^= self->random << 17;
    return (uint32_t)(self->random >> 24);
}

static float *row_of(float *rows, const field *self, uint32_t feature)
{
    return rows + (size_t)(feature & self->row_mask) * N;
}

static void score_run(const field *self, const examples *all,
                      const example *run, const bool *used,
                      float scores[MAX][N])
{
    size_t i;
    int k;
    int y;

    for (i = 0; i < run->count; i++) {
        const uint32_t *features = all->features[run->first + i];

        for (y = 0; y < N; y++) {
            scores[i][y] = 0;
        }
        for (k = 0; k < LEDE_FEATURE_COUNT; k++) {
            const float *row = row_of(self->weights, self, features[k]);

            for (y = 0; used[k] && y < N; y++) {
                scores[i][y] += row[y];
            }
        }
    }
}

typedef struct pass {
    float emit[MAX][N];    /* exp of scores, largest 1 */
    float move[N][N];      /* exp of transitions, 0 where impossible */
    float forward[MAX][N]; /* normalised per word */
    float backward[MAX][N];
    float node[MAX][N]; /* probabilities */
    float edge[N][N];   /* summed over the run */
} pass;

static float normalise(float *values)
{
    float sum = 0;
    int y;

    for (y = 0; y < N; y++) {
        sum += values[y];
    }
    for (y = 0; y < N && sum > 0; y++) {
        values[y] /= sum;
    }
    return sum;
}

static bool may(const uint8_t *permitted, size_t i, int y)
{
    return permitted == NULL || (permitted[i] >> y & 1) != 0;
}

/* Forward and backward probabilities over the permitted readings (NULL: all).
 * False if there is none. */
static bool run_pass(pass *p, size_t count, const uint8_t *permitted)
{
    size_t i;
    int x;
    int y;

    for (i = 0; i < count; i++) {
        for (y = 0; y < N; y++) {
            float sum = 0;

            for (x = 0; x < N; x++) {
                sum +=
                    (i == 0 ? (x == 0 ? 1.0f : 0.0f) : p->forward[i - 1][x]) *
                    p->move[x][y];
            }
            p->forward[i][y] = may(permitted, i, y) ? sum * p->emit[i][y] : 0;
        }
        if (!(normalise(p->forward[i]) > 0)) {
            return false;
        }
    }
    memset(p->edge, 0, sizeof p->edge);
    for (i = count; i-- > 0;) {
        for (x = 0; x < N; x++) {
            float sum = 0;

            if (i + 1 == count) {
                sum = p->move[x][0];
            } else {
                for (y = 0; y < N; y++) {
                    sum += p->move[x][y] *
                           (may(permitted, i + 1, y) ? p->emit[i + 1][y] : 0) *
                           p->backward[i + 1][y];
                }
            }
            p->backward[i][x] = sum;
        }
        if (!(normalise(p->backward[i]) > 0)) {
            return false;
        }
        for (y = 0; y < N; y++) {
            p->node[i][y] = p->forward[i][y] * p->backward[i][y];
        }
        if (!(normalise(p->node[i]) > 0)) {
            return false;
        }
    }
    for (i = 0; i <= count; i++) {
        float local[N][N];
        float sum = 0;

        for (x = 0; x < N; x++) {
            float from = i == 0 ? (x == 0 ? 1.0f : 0.0f) : p->forward[i - 1][x];

            for (y = 0; y < N; y++) {
                float to = i == count
                               ? (y == 0 ? 1.0f : 0.0f)
                               : (may(permitted, i, y) ? p->emit[i][y] : 0) *
                                     p->backward[i][y];
                local[x][y] = from * p->move[x][y] * to;
                sum += local[x][y];
            }
        }
        for (x = 0; x < N && sum > 0; x++) {
            for (y = 0; y < N; y++) {
                p->edge[x][y] += local[x][y] / sum;
            }
        }
    }
    return true;
}

static void exponentiate(const field *self, float scores[MAX][N], size_t count,
                         pass *p)
{
    size_t i;
    int x;
    int y;

    for (i = 0; i < count; i++) {
        float top = scores[i][0];

        for (y = 1; y < N; y++) {
            top = scores[i][y] > top ? scores[i][y] : top;
        }
        for (y = 0; y < N; y++) {
            p->emit[i][y] = expf(scores[i][y] - top) + 1e-12f;
        }
    }
    for (x = 0; x < N; x++) {
        for (y = 0; y < N; y++) {
            p->move[x][y] = lede_label_may_follow((lede_label)x, (lede_label)y)
                                ? expf(self->transitions[x][y])
                                : 0;
        }
    }
}

static void step(float *weight, float *square, float gradient, float rate)
{
    *square += gradient * gradient;
    *weight -= rate * gradient / sqrtf(*square + 1e-8f);
}

static void learn(field *self, const examples *all, const example *run,
                  const field_options *options, pass *p, pass *gold)
{
    float scores[MAX][N];
    bool used[LEDE_FEATURE_COUNT];
    bool drop[LEDE_FEATURE_SEEN + 1];
    size_t i;
    int k;
    int x;
    int y;

    for (k = 0; k <= LEDE_FEATURE_SEEN; k++) {
        drop[k] = (random_next(self) & 255) < left_out[k];
    }
    for (k = 0; k < LEDE_FEATURE_COUNT; k++) {
        used[k] = !drop[lede_feature_kind_of(k)];
    }
    score_run(self, all, run, used, scores);
    exponentiate(self, scores, run->count, p);
    memcpy(gold->emit, p->emit, run->count * sizeof p->emit[0]);
    memcpy(gold->move, p->move, sizeof p->move);
    if (!run_pass(p, run->count, NULL) ||
        !run_pass(gold, run->count, all->permitted + run->first)) {
        return;
    }
    for (i = 0; i < run->count; i++) {
        const uint32_t *features = all->features[run->first + i];

        for (k = 0; k < LEDE_FEATURE_COUNT; k++) {
            float *weights = row_of(self->weights, self, features[k]);
            float *squares = row_of(self->squares, self, features[k]);

            for (y = 0; used[k] && y < N; y++) {
                step(&weights[y], &squares[y],
                     p->node[i][y] - gold->node[i][y] +
                         options->pull * weights[y],
                     options->rate);
            }
        }
    }
    for (x = 0; x < N; x++) {
        for (y = 0; y < N; y++) {
            step(&self->transitions[x][y], &self->transition_squares[x][y],
                 p->edge[x][y] - gold->edge[x][y], options->rate);
        }
    }
}

static void average(field *self)
{
    size_t count = ((size_t)self->row_mask + 1) * N;
    size_t i;
    int x;
    int y;

    for (i = 0; i < count; i++) {
        self->averages[i] += self->weights[i];
    }
    for (x = 0; x < N; x++) {
        for (y = 0; y < N; y++) {
            self->transition_averages[x][y] += self->transitions[x][y];
        }
    }
    self->averaged++;
}

static void take_average(field *self)
{
    size_t count = ((size_t)self->row_mask + 1) * N;
    float share = 1.0f / (float)self->averaged;
    size_t i;
    int x;
    int y;

    for (i = 0; i < count; i++) {
        self->weights[i] = self->averages[i] * share;
    }
    for (x = 0; x < N; x++) {
        for (y = 0; y < N; y++) {
            self->transitions[x][y] = self->transition_averages[x][y] * share;
        }
    }
}

void field_train(field *self, const examples *all, const field_options *options)
{
    size_t *order = malloc((all->run_count + 1) * sizeof *order);
    static pass p;
    static pass gold;
    size_t i;
    int round;

    self->random = options->seed | 1;
    assert(order != NULL && options->passes > 0);
    for (i = 0; i < all->run_count; i++) {
        order[i] = i;
    }
    for (round = 0; round < options->passes; round++) {
        for (i = all->run_count; i > 1; i--) {
            size_t other = random_next(self) % i;
            size_t kept = order[i - 1];

            order[i - 1] = order[other];
            order[other] = kept;
        }
        for (i = 0; i < all->run_count; i++) {
            const example *run = &all->runs[order[i]];

            if (!run->skipped && run->fold != options->held_out) {
                learn(self, all, run, options, &p, &gold);
            }
        }
        if (round >= options->passes / 2) {
            average(self);
        }
    }
    take_average(self);
    free(order);
}

bool field_agrees(const field *self, const examples *all, const example *run)
{
    bool used[LEDE_FEATURE_COUNT];
    float scores[MAX][N];
    float best[MAX][N];
    int from[MAX][N];
    size_t i;
    int x;
    int y;

    for (x = 0; x < LEDE_FEATURE_COUNT; x++) {
        used[x] = true;
    }
    score_run(self, all, run, used, scores);
    for (i = 0; i < run->count; i++) {
        for (y = 0; y < N; y++) {
            best[i][y] = -1e9f;
            from[i][y] = 0;
            for (x = 0; x < N; x++) {
                float score = i == 0 ? (x == 0 ? 0 : -1e9f) : best[i - 1][x];

                score += self->transitions[x][y];
                if (lede_label_may_follow((lede_label)x, (lede_label)y) &&
                    score > best[i][y]) {
                    best[i][y] = score;
                    from[i][y] = x;
                }
            }
            best[i][y] += scores[i][y];
        }
    }
    y = 0;
    for (x = 0; x < N; x++) {
        if (best[run->count - 1][x] + self->transitions[x][0] >
            best[run->count - 1][y] + self->transitions[y][0]) {
            y = x;
        }
    }
    for (i = run->count; i-- > 0;) {
        if ((all->permitted[run->first + i] >> y & 1) == 0) {
            return false;
        }
        y = from[i][y];
    }
    return true;
}

static int32_t quantise(float weight, int32_t limit)
{
    float scaled = roundf(weight * STEPS);

    return scaled > (float)limit    ? limit
           : scaled < (float)-limit ? -limit
                                    : (int32_t)scaled;
}

void field_write(const field *self, const uint8_t *filter,
                 uint32_t filter_lines, lede_buf *out)
{
    size_t count = ((size_t)self->row_mask + 1) * N;
    size_t start = out->len;
    uint64_t hash;
    size_t i;
    int x;

    lede_buf_put_text(out, "ledename");
    lede_buf_put_u32(out, LEDE_MODEL_VERSION);
    lede_buf_put_u32(out, self->row_mask + 1);
    lede_buf_put_u32(out, filter_lines);
    lede_buf_put_u32(out, STEPS);
    lede_buf_put_u64(out, 0);
    for (x = 0; x < N * N; x++) {
        lede_buf_put_u32(
            out, (uint32_t)quantise(self->transitions[x / N][x % N], 10000));
    }
    for (i = 0; i < count; i++) {
        lede_buf_put_byte(out, (uint8_t)quantise(self->weights[i], 127));
    }
    lede_buf_put(out, filter, (size_t)filter_lines * LEDE_FILTER_LINE_BYTES);
    if (!out->failed) {
        hash =
            lede_model_hash(lede_span_of(out->bytes + start, out->len - start));
        for (x = 0; x < 8; x++) {
            out->bytes[start + 24 + (size_t)x] = (uint8_t)(hash >> (8 * x));
        }
    }
}
