#include "names/features.h"

#include <assert.h>
#include <string.h>

#include "names/feature_templates.h"

static const uint8_t kinds[LEDE_FEATURE_COUNT] = {
    LEDE_FEATURE_WORD,   LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND, LEDE_FEATURE_WORD,
    LEDE_FEATURE_WORD,   LEDE_FEATURE_AROUND, LEDE_FEATURE_SHAPE,
    LEDE_FEATURE_SHAPE,  LEDE_FEATURE_SHAPE,  LEDE_FEATURE_WORD,
    LEDE_FEATURE_WORD,   LEDE_FEATURE_WORD,   LEDE_FEATURE_WORD,
    LEDE_FEATURE_WORD,   LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND, LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_KNOWN,  LEDE_FEATURE_KNOWN,
    LEDE_FEATURE_KNOWN,  LEDE_FEATURE_KNOWN,  LEDE_FEATURE_SEEN,
    LEDE_FEATURE_SEEN,   LEDE_FEATURE_SEEN,   LEDE_FEATURE_SEEN,
    LEDE_FEATURE_KNOWN,  LEDE_FEATURE_AROUND, LEDE_FEATURE_SHAPE,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_KNOWN,  LEDE_FEATURE_AROUND,
    LEDE_FEATURE_AROUND, LEDE_FEATURE_WORD,   LEDE_FEATURE_KNOWN,
    LEDE_FEATURE_AROUND};

lede_feature_kind lede_feature_kind_of(int number)
{
    return (lede_feature_kind)kinds[number];
}

static void look(const lede_piece *piece, size_t i, lede_run_view *out,
                 size_t at)
{
    const lede_word *word = &piece->words[i];

    out->low[at] = word->low;
    out->shape[at] =
        (uint32_t)word->shape + 1 +
        ((uint32_t)(word->flags & (LEDE_WORD_SENTENCE_START |
                                   LEDE_WORD_SHOUTED | LEDE_WORD_TITLED))
         << 4);
    out->classes[at] = word->classes;
    out->seen[at] =
        lede_piece_seen(piece, word->low) & (uint8_t)~LEDE_SEEN_BARE;
}

void lede_run_view_make(const lede_piece *piece, const lede_run *run,
                        lede_run_view *out)
{
    size_t i;

    assert(run->end > run->begin &&
           run->end - run->begin <= LEDE_RUN_MAX_WORDS);
    out->len = run->end - run->begin;
    for (i = 0; i < LEDE_VIEW_PAD; i++) {
        size_t right = out->len + LEDE_VIEW_PAD + i;

        out->low[i] = out->shape[i] = out->known[i] = out->seen[i] =
            out->classes[i] = 0;
        out->low[right] = out->shape[right] = out->known[right] =
            out->seen[right] = out->classes[right] = 0;
    }
    for (i = 0; i < out->len; i++) {
        look(piece, run->begin + i, out, i + LEDE_VIEW_PAD);
        out->known[i + LEDE_VIEW_PAD] = piece->known[run->begin + i];
    }
    for (i = 0; i < LEDE_VIEW_PAD && lede_piece_joined(piece, run->begin - i);
         i++) {
        look(piece, run->begin - i - 1, out, LEDE_VIEW_PAD - 1 - i);
    }
    for (i = 0; i < LEDE_VIEW_PAD && lede_piece_joined(piece, run->end + i);
         i++) {
        look(piece, run->end + i, out, out->len + LEDE_VIEW_PAD + i);
    }
}

void lede_features_of_run(const lede_piece *piece, lede_span const *texts,
                          const lede_run *run,
                          uint32_t out[][LEDE_FEATURE_COUNT])
{
    lede_run_view v;
    size_t i;
    int n;

    lede_run_view_make(piece, run, &v);
    for (i = 0; i < v.len; i++) {
        const lede_word *word = &piece->words[run->begin + i];
        lede_word_letters letters = lede_word_letters_of(
            word, lede_span_part(texts[word->text], word->begin,
                                 word->end - word->begin));

        for (n = 0; n < LEDE_FEATURE_COUNT; n++) {
            out[i][n] = lede_feature_mix((uint32_t)n,
                                         lede_feature_key(&v, i, &letters, n));
        }
    }
}
