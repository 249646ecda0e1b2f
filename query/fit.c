#include "query/fit.h"

#include <math.h>

#include "base/buf.h"

/* The shares of the fit, for queries of several words and of one. */
static const double exact_share = 0.30;
static const double order_share = 0.25;
static const double close_share = 0.20;
static const double headline_share = 0.25;
static const double one_exact_share = 0.50;
static const double one_headline_share = 0.50;

/* What an exact form is worth, and what letter case and spelling add. */
static const double form_worth = 0.4;
static const double case_worth = 0.3;
static const double spelling_worth = 0.3;
/* A pair of neighbours of which one is there by its stem only. */
static const double stem_pair_worth = 0.8;

#define NOT_COUNTED UINT32_MAX

/* One word of the query. */
typedef struct fit_word {
    uint32_t leaf;
    double weight;
    lede_case letter_case;
    lede_span spelling; /* folded, with accents */
    double exact;       /* of the entry at hand */
    double headline;    /* 1 if it stands in the headline */
    double run;         /* the longest run that ends here, at ... */
    uint32_t run_end;   /* ... this position */
} fit_word;

struct lede_fit {
    lede_analyzer *analyzer;
    fit_word *words;
    uint32_t count;
    uint32_t *word_of; /* leaf to word, or NOT_COUNTED */
    uint32_t *seen;    /* per word: when last in the window */
    double weight;     /* of all words */
};

static lede_case case_of(lede_analyzer *analyzer, lede_span typed)
{
    lede_tokenizer tokenizer;
    lede_token token;

    lede_tokenizer_init(&tokenizer, analyzer, typed);
    return lede_tokenizer_next(&tokenizer, &token) ? token.letter_case
                                                   : LEDE_CASE_LOWER;
}

static lede_span spell(lede_span typed, lede_arena *arena)
{
    lede_buf folded = {0};
    lede_span copy;

    lede_fold_text(typed, false, &folded);
    copy = lede_arena_copy(arena, lede_buf_span(&folded));
    lede_buf_done(&folded);
    return copy;
}

static bool counts(const lede_leaf *leaf)
{
    return leaf->scores && !leaf->is_learnt && leaf->term_count > 0 &&
           !(leaf->terms[0].bytes[0] >= 'A' && leaf->terms[0].bytes[0] <= 'Z');
}

static bool add_word(lede_fit *fit, const lede_leaf *leaf, uint32_t index,
                     double weight, lede_arena *arena)
{
    fit_word *word = &fit->words[fit->count];

    word->leaf = index;
    word->weight = weight > 1e-3 ? weight : 1e-3;
    word->letter_case = case_of(fit->analyzer, leaf->typed);
    word->spelling = spell(leaf->typed, arena);
    fit->weight += word->weight;
    fit->word_of[index] = fit->count++;
    return word->spelling.bytes != NULL;
}

lede_fit *lede_fit_new(const lede_tree *tree, const double *weights,
                       lede_analyzer *analyzer, lede_arena *arena)
{
    lede_fit *fit = lede_arena_get(arena, sizeof *fit);
    uint32_t i;

    if (fit == NULL) {
        return NULL;
    }
    fit->analyzer = analyzer;
    fit->words =
        lede_arena_array(arena, tree->leaf_count + 1u, sizeof *fit->words);
    fit->word_of =
        lede_arena_array(arena, tree->leaf_count + 1u, sizeof *fit->word_of);
    fit->seen =
        lede_arena_array(arena, tree->leaf_count + 1u, sizeof *fit->seen);
    if (fit->words == NULL || fit->word_of == NULL || fit->seen == NULL) {
        return NULL;
    }
    for (i = 0; i < tree->leaf_count; i++) {
        fit->word_of[i] = NOT_COUNTED;
        if (counts(&tree->leaves[i]) &&
            !add_word(fit, &tree->leaves[i], i, weights[i], arena)) {
            return NULL;
        }
    }
    return fit;
}

/* --- Exact forms
 * ------------------------------------------------------------------ */

static bool is_plain_ascii(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        uint8_t byte = text.bytes[i];

        if (!((byte >= '0' && byte <= '9') ||
              ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'))) {
            return false;
        }
    }
    return true;
}

/* Is the occurrence spelt as typed, but for letter case? */
static bool same_spelling(const fit_word *word, lede_span text)
{
    lede_buf folded = {0};
    bool same;

    if (is_plain_ascii(text)) {
        /* Its exact form is the fold that the spot has: only a typed accent or
         * hyphen could make a difference. */
        return is_plain_ascii(word->spelling);
    }
    lede_fold_text(text, false, &folded);
    same = lede_span_equal(lede_buf_span(&folded), word->spelling);
    lede_buf_done(&folded);
    return same;
}

static double exactness(const fit_word *word, const lede_spots *spots,
                        const lede_spot *spot)
{
    lede_span text = lede_span_part(spots->sections[spot->section].text,
                                    spot->begin, spot->end - spot->begin);
    double value = form_worth;

    if (!spot->is_exact) {
        return 0;
    }
    if (spot->letter_case >= word->letter_case) {
        value += case_worth;
    }
    if (same_spelling(word, text)) {
        value += spelling_worth;
    }
    return value;
}

/* --- Order
 * ---------------------------------------------------------------------------
 */

/* The worth of the longest run of words that stand one behind the other as they
 * were typed; one word alone is worth 1. */
static double extend_run(lede_fit *fit, uint32_t index, const lede_spot *spot)
{
    fit_word *word = &fit->words[index];
    double run = 1;

    if (index > 0 && fit->words[index - 1].run > 0 &&
        fit->words[index - 1].run_end == spot->position) {
        run = fit->words[index - 1].run +
              (spot->is_exact ? 1.0 : stem_pair_worth);
    }
    /* A joined form and its first part share a position: the better stays. */
    if (word->run_end != spot->position + spot->width || run > word->run) {
        word->run = run;
        word->run_end = spot->position + spot->width;
    }
    return run;
}

/* --- Closeness
 * ------------------------------------------------------------------------ */

/* The share of the query's words that stand in a window of the section,
 * squared, times the root of how densely they stand there; of its best window.
 */
static double closeness(lede_fit *fit, const lede_spots *spots,
                        const lede_spot_section *section)
{
    uint32_t end = section->first_spot + section->spot_count;
    double best = 0;
    uint32_t i;
    uint32_t j;

    for (j = 0; j < fit->count; j++) {
        fit->seen[j] = NOT_COUNTED;
    }
    /* `seen` has each word's latest position; the window that ends at a spot
     * and holds the k latest words is the shortest with those k. */
    for (i = section->first_spot; i < end; i++) {
        const lede_spot *spot = &spots->items[i];
        uint32_t word = fit->word_of[spot->leaf];
        uint32_t first = spot->position;
        uint32_t have = 0;
        double density;
        double share;
        double value;

        if (word == NOT_COUNTED) {
            continue;
        }
        fit->seen[word] = spot->position;
        for (j = 0; j < fit->count; j++) {
            if (fit->seen[j] != NOT_COUNTED) {
                have++;
                first = fit->seen[j] < first ? fit->seen[j] : first;
            }
        }
        if (have < 2) {
            continue;
        }
        density = (double)have / (double)(spot->position - first + 1);
        share = (double)have / (double)fit->count;
        value = share * share * sqrt(density > 1 ? 1 : density);
        best = value > best ? value : best;
    }
    return best;
}

/* --- All together
 * ----------------------------------------------------------------------- */

typedef struct parts {
    double exact, order, close, headline;
} parts;

static void clear_words(lede_fit *fit)
{
    uint32_t i;

    for (i = 0; i < fit->count; i++) {
        fit->words[i].exact = 0;
        fit->words[i].headline = 0;
        fit->words[i].run = 0;
        fit->words[i].run_end = NOT_COUNTED;
    }
}

/* One pass over the spots of the default fields: exact forms, runs, and the
 * words of the headline. *in_headline: how many of its positions matched. */
static double scan_spots(lede_fit *fit, const lede_spots *spots,
                         uint32_t *in_headline)
{
    double best_run = 0;
    uint32_t headline_end = 0;
    uint32_t i;

    for (i = 0; i < spots->count; i++) {
        const lede_spot *spot = &spots->items[i];
        lede_field field = spots->sections[spot->section].field;
        uint32_t index = fit->word_of[spot->leaf];
        double run;

        if (index == NOT_COUNTED || field >= LEDE_DEFAULT_FIELDS) {
            continue;
        }
        if (fit->words[index].exact < 1) {
            double exact = exactness(&fit->words[index], spots, spot);

            if (exact > fit->words[index].exact) {
                fit->words[index].exact = exact;
            }
        }
        run = extend_run(fit, index, spot);
        best_run = run > best_run ? run : best_run;
        if (field == LEDE_FIELD_HEADLINE) {
            uint32_t begin =
                spot->position > headline_end ? spot->position : headline_end;
            uint32_t end = spot->position + spot->width;

            fit->words[index].headline = 1;
            *in_headline += end > begin ? end - begin : 0;
            headline_end = end > headline_end ? end : headline_end;
        }
    }
    return best_run;
}

static void weigh_words(const lede_fit *fit, parts *out)
{
    uint32_t i;

    for (i = 0; i < fit->count; i++) {
        const fit_word *word = &fit->words[i];

        out->exact += word->exact * word->weight / fit->weight;
        out->headline += word->headline * word->weight / fit->weight;
    }
}

static double at_most_one(double value)
{
    return value > 1 ? 1 : value;
}

double lede_fit_of(lede_fit *fit, const lede_spots *spots)
{
    parts p = {0};
    uint32_t in_headline = 0;
    double run;
    double value;
    uint32_t i;

    if (fit->count == 0) {
        return 0;
    }
    clear_words(fit);
    run = scan_spots(fit, spots, &in_headline);
    weigh_words(fit, &p);
    if (in_headline > 0) {
        const lede_spot_section *headline = &spots->sections[0];

        p.headline *= 0.5 + 0.5 * (double)in_headline /
                                (double)(headline->end - headline->begin);
    }
    if (fit->count == 1) {
        return at_most_one(one_exact_share * p.exact +
                           one_headline_share * p.headline);
    }
    p.order = run > 1 ? (run - 1) / (double)(fit->count - 1) : 0;
    for (i = 0; i < spots->section_count; i++) {
        if (spots->sections[i].field < LEDE_DEFAULT_FIELDS &&
            spots->sections[i].spot_count > 1) {
            double close = closeness(fit, spots, &spots->sections[i]);

            p.close = close > p.close ? close : p.close;
        }
    }
    value = exact_share * at_most_one(p.exact) +
            order_share * at_most_one(p.order) + close_share * p.close +
            headline_share * at_most_one(p.headline);
    return at_most_one(value);
}
