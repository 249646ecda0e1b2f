#include "query/fit.h"

#include <math.h>

/* The most that each part adds, for queries of several words and of one. */
static const double order_worth = 1.00;
static const double near_worth = 0.65;
static const double exact_worth = 0.25;
static const double headline_worth = 0.35;
static const double one_exact_worth = 0.50;
static const double one_headline_worth = 0.50;
static const double name_worth = 0.40;
static const double one_name_worth = 1.00;

/* What entries with a word alone as typed are worth beyond others: by its
 * form, and if capitals or accents were typed that stand there. */
static const double one_form_worth = 1.00;
static const double one_as_typed_worth = 4.00;

enum { PREFERRED_WORDS = 4 };

/* What an exact form is worth, and what letter case and spelling add. */
static const double form_worth = 0.4;
static const double case_worth = 0.3;
static const double spelling_worth = 0.3;
/* ... if the marks differ, as ' and \u2019 do. */
static const double other_marks_worth = 0.28;
/* A pair of neighbours of which one is there by its stem only. */
static const double stem_pair_worth = 0.8;

/* How far apart neighbours of the query are near each other. */
enum { NEAR_POSITIONS = 16 };
/* Neighbours of the query that stand the other way round. */
static const double turned_worth = 0.5;

#define NOT_COUNTED UINT32_MAX

/* One word of the query. */
typedef struct fit_word {
    uint32_t leaf;
    double weight;
    lede_case letter_case; /* as typed */
    uint8_t marks;
    lede_span folded; /* "": no name is looked for */
    double exact;     /* of the entry at hand */
    bool has_form;    /* as typed, but for the letter case, ... */
    bool is_typed;    /* ... and with that, and with marks if any were typed */
    double headline;  /* 1 if it stands in the headline */
    double run;       /* the longest run that ends here, at ... */
    uint32_t run_end; /* ... this position */
    double near;      /* 1 / distance to the next word, wherever they meet */
} fit_word;

struct lede_fit {
    fit_word *words;
    uint32_t count;
    uint32_t *word_of; /* leaf to word, or NOT_COUNTED */
    double weight;     /* of all words */
};

static void read_typed(fit_word *word, lede_analyzer *analyzer, lede_span typed)
{
    lede_tokenizer tokenizer;
    lede_token token;

    lede_tokenizer_init(&tokenizer, analyzer, typed);
    if (lede_tokenizer_next(&tokenizer, &token)) {
        word->letter_case = token.letter_case;
        word->marks = token.marks;
    }
}

static bool counts(const lede_leaf *leaf)
{
    return leaf->scores && !leaf->is_learnt && !leaf->is_aside &&
           leaf->term_count > 0 &&
           !(leaf->terms[0].bytes[0] >= 'A' && leaf->terms[0].bytes[0] <= 'Z');
}

static void add_word(lede_fit *fit, const lede_leaf *leaf, uint32_t index,
                     double weight, lede_analyzer *analyzer)
{
    fit_word *word = &fit->words[fit->count];

    word->leaf = index;
    if (leaf->is_alias && leaf->worth > 0) {
        weight *= leaf->worth;
    }
    word->weight = weight > 1e-3 ? weight : 1e-3;
    if (leaf->form_count == 0) {
        word->folded = leaf->word;
    }
    read_typed(word, analyzer, leaf->typed);
    fit->weight += word->weight;
    fit->word_of[index] = fit->count++;
}

/* Whether a word has letters that are small, or of a script that may have none.
 */
static bool has_small_letters(lede_span typed)
{
    for (size_t i = 0; i < typed.len; i++) {
        uint8_t byte = typed.bytes[i];

        if ((byte >= 'a' && byte <= 'z') || byte >= 0x80) {
            return true;
        }
    }
    return false;
}

/* Of many words that are all in capitals, as headlines are in some papers, the
 * capitals say nothing. */
static void pass_over_capitals(lede_fit *fit, const lede_tree *tree)
{
    for (uint32_t i = 0; i < fit->count; i++) {
        if (has_small_letters(tree->leaves[fit->words[i].leaf].typed)) {
            return;
        }
    }
    for (uint32_t i = 0; fit->count > PREFERRED_WORDS && i < fit->count; i++) {
        fit->words[i].letter_case = LEDE_CASE_LOWER;
    }
}

/* Other stems of a word that is known (plan_languages.h) are that word. */
static uint32_t part_known(const lede_fit *fit, const lede_tree *tree,
                           uint32_t leaf)
{
    for (uint32_t i = 0; i < leaf && tree->leaves[leaf].is_part; i++) {
        if (tree->leaves[i].is_part && fit->word_of[i] != NOT_COUNTED &&
            lede_span_equal(tree->leaves[i].word, tree->leaves[leaf].word)) {
            return fit->word_of[i];
        }
    }
    return NOT_COUNTED;
}

lede_fit *lede_fit_new(const lede_tree *tree, const double *weights,
                       lede_analyzer *analyzer, lede_arena *arena)
{
    lede_fit *fit = lede_arena_get(arena, sizeof *fit);
    size_t room = tree->leaf_count + 1u;

    if (fit == NULL) {
        return NULL;
    }
    fit->words = lede_arena_array(arena, room, sizeof *fit->words);
    fit->word_of = lede_arena_array(arena, room, sizeof *fit->word_of);
    if (fit->words == NULL || fit->word_of == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < tree->leaf_count; i++) {
        fit->word_of[i] = NOT_COUNTED;
        uint32_t known = part_known(fit, tree, i);

        if (known != NOT_COUNTED) {
            fit->word_of[i] = known;
        } else if (counts(&tree->leaves[i])) {
            add_word(fit, &tree->leaves[i], i, weights[i], analyzer);
        }
    }
    pass_over_capitals(fit, tree);
    return fit;
}

bool lede_fit_counts(const lede_fit *fit, uint32_t leaf)
{
    return fit->word_of[leaf] != NOT_COUNTED;
}

/* A word alone, or one with a capital; of many words, which describe, none. */
static bool is_preferred(const lede_fit *fit, const fit_word *word)
{
    return word->folded.len > 0 &&
           (fit->count == 1 || (fit->count <= PREFERRED_WORDS &&
                                word->letter_case != LEDE_CASE_LOWER));
}

bool lede_fit_prefers(const lede_fit *fit, uint32_t leaf, lede_case *least)
{
    const fit_word *word =
        lede_fit_counts(fit, leaf) ? &fit->words[fit->word_of[leaf]] : NULL;

    if (word == NULL || !is_preferred(fit, word)) {
        return false;
    }
    *least = word->letter_case;
    return true;
}

bool lede_fit_has_preferred(const lede_fit *fit)
{
    for (uint32_t i = 0; i < fit->count; i++) {
        if (is_preferred(fit, &fit->words[i]) && !fit->words[i].is_typed) {
            return false;
        }
    }
    return true;
}

uint32_t lede_fit_words(const lede_fit *fit)
{
    return fit->count;
}

lede_span lede_fit_word(const lede_fit *fit, uint32_t word)
{
    return fit->words[word].folded;
}

static double at_most_one(double value)
{
    return value > 1 ? 1 : value;
}

/* --- Exact forms
 * ------------------------------------------------------------------ */

/* Whoever types capitals alone (US) means another word than small letters have
 * (us). */
static bool is_another_word(const fit_word *word, const lede_place *place)
{
    return word->letter_case == LEDE_CASE_UPPER &&
           place->letter_case != LEDE_CASE_UPPER;
}

static double exactness(const fit_word *word, const lede_place *place)
{
    double value = form_worth;

    if (!place->is_exact || is_another_word(word, place)) {
        return 0;
    }
    if (place->letter_case >= word->letter_case) {
        value += case_worth;
    }
    if (place->marks == word->marks) {
        value += spelling_worth;
    } else if (place->marks != 0 && word->marks != 0) {
        value += other_marks_worth;
    }
    return value;
}

/* Accents and the like that were typed are meant; who typed none may have left
 * them out. That an apostrophe is another sign makes no difference. */
static bool has_marks_typed(const fit_word *word, const lede_place *place)
{
    return word->marks == 0 || place->marks != 0;
}

static void note_form(fit_word *word, const lede_place *place)
{
    if (place->is_exact && !is_another_word(word, place)) {
        word->has_form = true;
        word->is_typed =
            word->is_typed || (place->letter_case >= word->letter_case &&
                               has_marks_typed(word, place));
    }
}

/* By how much entries with a word alone as typed come before others. */
static double preference(const lede_fit *fit)
{
    const fit_word *word = &fit->words[0];

    if (fit->count > 1 || !is_preferred(fit, word) || !word->has_form) {
        return 0;
    }
    return word->is_typed &&
                   (word->letter_case != LEDE_CASE_LOWER || word->marks != 0)
               ? one_as_typed_worth
               : one_form_worth;
}

/* --- Order
 * ---------------------------------------------------------------------------
 */

/* The worth of the longest run of words that stand one behind the other as they
 * were typed; one word alone is worth 1. */
static double extend_run(lede_fit *fit, uint32_t index, const lede_place *place)
{
    fit_word *word = &fit->words[index];
    double run = 1;

    if (index > 0 && fit->words[index - 1].run > 0 &&
        fit->words[index - 1].run_end == place->position) {
        run = fit->words[index - 1].run +
              (place->is_exact ? 1.0 : stem_pair_worth);
    }
    /* A joined form and its first part share a position: the better stays. */
    if (word->run_end != place->position + place->width || run > word->run) {
        word->run = run;
        word->run_end = place->position + place->width;
    }
    return run;
}

/* --- Nearness
 * ------------------------------------------------------------------------ */

/* How many positions lie from the end of one place to another behind it, if a
 * compound that matched in between took up one. */
typedef struct gap {
    uint32_t end;              /* of the earlier place */
    uint32_t extra;            /* of the compounds in between */
    uint32_t inner, inner_end; /* the latest compound: its extra, its end */
} gap;

static gap gap_behind(const lede_place *earlier)
{
    return (gap){.end = earlier->position + earlier->width};
}

/* The distance to a place, 1 for a neighbour; 0 if they overlap. To be asked
 * place by place. */
static uint32_t distance(gap *g, const lede_place *later)
{
    uint32_t apart;

    if (g->inner > 0 && later->position >= g->inner_end) {
        g->extra += g->inner;
        g->inner = 0;
    }
    apart = later->position < g->end ? 0 : later->position - g->end + 1;
    apart = apart > g->extra ? apart - g->extra : apart > 0;
    if (later->width > 1 && later->position >= g->end &&
        later->position >= g->inner_end) {
        g->inner = later->width - 1u;
        g->inner_end = later->position + later->width;
    }
    return apart;
}

/* Gathers, for each two words that were typed side by side, how near they stand
 * wherever they do. */
static void gather_near(lede_fit *fit, const lede_places *places)
{
    for (uint32_t i = 0; i < places->count; i++) {
        const lede_place *a = &places->items[i];
        uint32_t word = fit->word_of[a->leaf];
        gap g = gap_behind(a);

        for (uint32_t j = i + 1; j < places->count; j++) {
            const lede_place *b = &places->items[j];
            uint32_t other = fit->word_of[b->leaf];
            uint32_t apart = distance(&g, b);

            if (b->field != a->field || apart > NEAR_POSITIONS) {
                break;
            }
            if (apart > 0 && other == word + 1) {
                fit->words[word].near += 1.0 / (double)apart;
            } else if (apart > 0 && word == other + 1) {
                fit->words[other].near += turned_worth / (double)apart;
            }
        }
    }
}

/* A pair that meets often counts little more than one that meets once; one of
 * a common word no more than that word. */
static double nearness(const lede_fit *fit)
{
    double sum = 0;
    double all = 0;

    for (uint32_t i = 0; i + 1 < fit->count; i++) {
        const fit_word *word = &fit->words[i];
        double weight = fmin(word->weight, word[1].weight);

        all += weight;
        sum += weight * word->near / (1.0 + word->near);
    }
    return all > 0 ? sum / all : 0;
}

/* --- All together
 * ----------------------------------------------------------------------- */

static void clear_words(lede_fit *fit)
{
    uint32_t i;

    for (i = 0; i < fit->count; i++) {
        fit->words[i].exact = 0;
        fit->words[i].has_form = false;
        fit->words[i].is_typed = false;
        fit->words[i].headline = 0;
        fit->words[i].run = 0;
        fit->words[i].run_end = NOT_COUNTED;
        fit->words[i].near = 0;
    }
}

/* Exact forms, runs, and the words of the headline. *in_headline: how many of
 * its positions matched; *extra: how many less there would be if the compounds
 * among these took up one each. Returns the best run. */
static double scan_places(lede_fit *fit, const lede_places *places,
                          uint32_t *in_headline, uint32_t *extra)
{
    double best_run = 0;
    uint32_t headline_end = 0;

    for (uint32_t i = 0; i < places->count; i++) {
        const lede_place *place = &places->items[i];
        uint32_t index = fit->word_of[place->leaf];
        fit_word *word = &fit->words[index];
        double run = extend_run(fit, index, place);

        note_form(word, place);
        if (word->exact < 1) { /* the most it can be */
            word->exact = fmax(word->exact, exactness(word, place));
        }
        best_run = run > best_run ? run : best_run;
        if (place->field == LEDE_FIELD_HEADLINE) {
            uint32_t begin =
                place->position > headline_end ? place->position : headline_end;
            uint32_t end = place->position + place->width;

            if (!is_another_word(word, place)) {
                word->headline = 1;
            }
            *in_headline += end > begin ? end - begin : 0;
            *extra += begin == place->position ? place->width - 1u : 0;
            headline_end = end > headline_end ? end : headline_end;
        }
    }
    return best_run;
}

/* Of one word alone, how much the entry is about who is so called: mentions
 * beyond the first say ever less. Beside other words it only matters whether it
 * is a name there. */
static double name_of(uint32_t mentions, bool is_alone)
{
    return is_alone ? (double)mentions / (1.0 + (double)mentions)
                    : (double)(mentions > 0);
}

static void weigh_words(const lede_fit *fit, const uint32_t *mentions,
                        lede_fit_parts *out)
{
    uint32_t i;

    for (i = 0; i < fit->count; i++) {
        const fit_word *word = &fit->words[i];

        out->exact += word->exact * word->weight / fit->weight;
        out->headline += word->headline * word->weight / fit->weight;
        if (mentions != NULL && mentions[i] > 0) {
            out->name += name_of(mentions[i], fit->count == 1) * word->weight /
                         fit->weight;
        }
    }
}

static void find_parts(lede_fit *fit, const lede_places *places,
                       const uint32_t *mentions, lede_fit_parts *out)
{
    uint32_t in_headline = 0, extra = 0;
    double run = scan_places(fit, places, &in_headline, &extra);

    weigh_words(fit, mentions, out);
    if (in_headline > 0 && places->headline_positions >= in_headline) {
        out->headline *= 0.5 + 0.5 * (double)(in_headline - extra) /
                                   (double)(places->headline_positions - extra);
    }
    if (fit->count > 1) {
        /* Half a run says little, and all words in a row nearly everything. */
        out->order =
            run > 1 ? at_most_one((run - 1) / (double)(fit->count - 1)) : 0;
        out->order = out->order * out->order * out->order * out->order;
        gather_near(fit, places);
        out->near = nearness(fit);
    }
    out->typed = preference(fit);
}

lede_fit_parts lede_fit_of(lede_fit *fit, const lede_places *places,
                           const uint32_t *mentions)
{
    bool is_alone = fit->count == 1;
    lede_fit_parts parts = {0};

    if (fit->count == 0) {
        return parts;
    }
    clear_words(fit);
    find_parts(fit, places, mentions, &parts);
    parts.order *= order_worth;
    parts.near *= near_worth;
    parts.exact =
        at_most_one(parts.exact) * (is_alone ? one_exact_worth : exact_worth);
    parts.headline = at_most_one(parts.headline) *
                     (is_alone ? one_headline_worth : headline_worth);
    parts.name =
        at_most_one(parts.name) * (is_alone ? one_name_worth : name_worth);
    return parts;
}

double lede_fit_sum(const lede_fit_parts *parts)
{
    double base = parts->order + parts->near + parts->exact + parts->headline +
                  parts->name;

    /* (A product, so that all else counts the same among those as typed.) */
    base += (1 + base) * parts->typed;
    return base + (1 + base) * parts->like;
}
