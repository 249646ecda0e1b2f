#include "names/scores.h"

#include <stdlib.h>

#include "base/varint.h"
#include "names/feature_templates.h"

_Static_assert(LEDE_LABEL_COUNT == 8 && LEDE_FEATURE_COUNT < 256,
               "sums of rows fit into 16 bits");

/* Small tables: what they push out of the caches of the machine is paid for by
 * everyone. */
enum { N = LEDE_LABEL_COUNT, WORD_BITS = 10, STATE_BITS = 9, WORD_BYTES = 15 };

/* Eight labels at a time, which compilers make instructions of their machine
 * of. */
typedef int8_t pairs __attribute__((vector_size(2 * N)));
typedef int16_t sum __attribute__((vector_size(2 * N)));

typedef struct slot {
    uint64_t key[2]; /* 0: nothing is remembered */
    sum sum;
} slot;

struct lede_score_memo {
    const lede_name_model *model;
    slot words[1 << WORD_BITS];
    slot states[1 << STATE_BITS];
};

lede_score_memo *lede_score_memo_new(const lede_name_model *model)
{
    lede_score_memo *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->model = model;
    }
    return self;
}

void lede_score_memo_free(lede_score_memo *self)
{
    free(self);
}

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

/* --- Parts ------------------------------------------------------------------
 */

/* A word of a run that is looked at. */
typedef struct here {
    const lede_name_model *model;
    const lede_run_view *v;
    size_t i;
    lede_span word;
    bool is_first, is_last;
} here;

/* What a number of features add up to; the numbers are constants. */
#define ADD(h, number, to)                                                     \
    add_row((h)->model, lede_feature_of((h)->v, (h)->i, (h)->word, number), to)

/* The letters of the word, and whether it is the first and the last one. */
static sum sum_word(const here *h)
{
    sum to = {0};

    ADD(h, 0, &to);
    ADD(h, 11, &to);
    ADD(h, 12, &to);
    ADD(h, 13, &to);
    ADD(h, 14, &to);
    ADD(h, 15, &to);
    ADD(h, 32, &to);
    ADD(h, 37, &to);
    if (h->is_first) {
        ADD(h, 21, &to);
    }
    if (h->is_last) {
        ADD(h, 20, &to);
    }
    if (h->is_first && h->is_last) {
        ADD(h, 36, &to);
    }
    return to;
}

/* Its shape and place, and what the filter, lists and piece know of it. */
static sum sum_state(const here *h)
{
    sum to = {0};

    ADD(h, 8, &to);
    ADD(h, 10, &to);
    ADD(h, 22, &to);
    ADD(h, 25, &to);
    ADD(h, 26, &to);
    ADD(h, 27, &to);
    ADD(h, 28, &to);
    if (h->is_first) {
        ADD(h, 24, &to);
    }
    if (h->is_last) {
        ADD(h, 23, &to);
    }
    return to;
}

/* What is left. */
static inline void add_rest(const here *h, sum *to)
{
    if (!h->is_first) {
        ADD(h, 21, to);
        ADD(h, 24, to);
    }
    if (!h->is_last) {
        ADD(h, 20, to);
        ADD(h, 23, to);
    }
    if (!h->is_first || !h->is_last) {
        ADD(h, 36, to);
    }
    ADD(h, 1, to);
    ADD(h, 2, to);
    ADD(h, 3, to);
    ADD(h, 4, to);
    ADD(h, 5, to);
    ADD(h, 6, to);
    ADD(h, 7, to);
    ADD(h, 9, to);
    ADD(h, 16, to);
    ADD(h, 17, to);
    ADD(h, 18, to);
    ADD(h, 19, to);
    ADD(h, 29, to);
    ADD(h, 30, to);
    ADD(h, 31, to);
    ADD(h, 33, to);
    ADD(h, 34, to);
    ADD(h, 35, to);
    ADD(h, 38, to);
    ADD(h, 39, to);
}

/* --- The memory -------------------------------------------------------------
 */

static inline void recall(const here *h, slot *slots, int bits, uint64_t a,
                          uint64_t b, sum (*make)(const here *h), sum *to)
{
    uint64_t hash = (a ^ b * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;
    slot *at = &slots[hash >> (64 - bits)];

    if (at->key[0] != a || at->key[1] != b) {
        *at = (slot){{a, b}, make(h)};
    }
    *to += at->sum;
}

static void add_word(lede_score_memo *self, const here *h, sum *to)
{
    uint8_t bytes[16] = {0};

    if (h->word.len > WORD_BYTES) {
        *to += sum_word(h);
        return;
    }
    memcpy(bytes, h->word.bytes, h->word.len);
    bytes[WORD_BYTES] = (uint8_t)(1 | h->is_first << 1 | h->is_last << 2);
    recall(h, self->words, WORD_BITS, lede_load_u64(bytes),
           lede_load_u64(bytes + 8), sum_word, to);
}

void lede_scores_of_run(lede_score_memo *self, const lede_piece *piece,
                        lede_span const *texts, const lede_run *run,
                        lede_scores out[])
{
    const size_t last = run->end - run->begin - 1;
    lede_run_view v;
    size_t i;

    lede_run_view_make(piece, run, &v);
    for (i = 0; i <= last; i++) {
        const lede_word *word = &piece->words[run->begin + i];
        here h = {self->model,
                  &v,
                  i,
                  lede_span_part(texts[word->text], word->begin,
                                 word->end - word->begin),
                  i == 0,
                  i == last};
        size_t at = i + LEDE_VIEW_PAD;
        sum all = {0};

        add_rest(&h, &all);
        add_word(self, &h, &all);
        recall(&h, self->states, STATE_BITS,
               v.shape[at] | lede_least(i, 3) << 9 |
                   lede_least(last - i, 3) << 11 | v.known[at] << 13 |
                   v.seen[at] << 21,
               1, sum_state, &all);
        put_scores(all, out[i]);
    }
}
