#include "query/plan_languages.h"

#include <stdio.h>

enum { CODES_MOST = 8, CODE_BYTES = 8 };

/* A stem, and the languages in which it is the word's. */
typedef struct stem {
    lede_span term;
    uint32_t languages;
} stem;

typedef struct stems {
    stem items[LEDE_LANGUAGE_COUNT];
    uint32_t count;
    uint32_t apart; /* those that are looked for by language, which come last */
} stems;

/* --- Which stems -----------------------------------------------------------
 */

/* The next code of a list, cut off; false if there is none. */
static bool next_code(const char **codes, char code[CODE_BYTES])
{
    if (sscanf(*codes, "%7s", code) != 1) {
        return false;
    }
    *codes += strlen(code);
    *codes += **codes == ' ';
    return true;
}

static uint64_t entries_of(lede_planner *planner, unsigned language)
{
    uint64_t *known = &planner->language_entries[language];
    const char *codes =
        lede_language_codes(lede_language_tag((lede_language)language));
    char code[CODE_BYTES];
    uint64_t count = 0;

    if (*known > 0) {
        return *known - 1;
    }
    while (next_code(&codes, code)) {
        count += planner->source->entry_count(
            planner->source->ctx,
            lede_plan_join_term(planner, LEDE_TERM_LANGUAGE,
                                lede_span_text(code)));
    }
    *known = count + 1;
    return count;
}

static void add_stem(stems *all, lede_span term, unsigned language)
{
    uint32_t i = 0;

    while (i < all->count && !lede_span_equal(all->items[i].term, term)) {
        i++;
    }
    if (i == all->count) {
        all->items[all->count++] = (stem){.term = term};
    }
    all->items[i].languages |= 1u << language;
}

/* Whether more entries have the stem than are of its languages. */
static bool is_apart(lede_planner *planner, const stem *one, lede_span word)
{
    uint64_t of_languages = 0;

    if (lede_span_equal(one->term, word)) {
        return false; /* a form of its own, in any language */
    }
    for (unsigned i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        if ((one->languages >> i & 1) != 0) {
            of_languages += entries_of(planner, i);
        }
    }
    return planner->source->entry_count(planner->source->ctx, one->term) >
           of_languages;
}

static void find_stems(lede_planner *planner, const lede_leaf *leaf, stems *out)
{
    stems all = {0};

    *out = (stems){0};
    for (unsigned i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        if ((planner->source->languages >> i & 1) != 0) {
            add_stem(&all,
                     lede_analyzer_stem(planner->analyzer, (lede_language)i,
                                        leaf->word),
                     i);
        }
    }
    for (uint32_t i = 0; i < all.count && all.count > 1; i++) {
        if (is_apart(planner, &all.items[i], leaf->word)) {
            out->apart++;
            out->items[LEDE_LANGUAGE_COUNT - out->apart] = all.items[i];
        } else {
            out->items[out->count++] = all.items[i];
        }
    }
    for (uint32_t i = 0; i < out->apart; i++) {
        out->items[out->count++] =
            out->items[LEDE_LANGUAGE_COUNT - out->apart + i];
    }
}

/* --- What becomes of the word ----------------------------------------------
 */

/* The leaf of some of a word's stems: the one that is there, or a new one. The
 * stems of `model` are sorted, and stay so. */
static uint32_t part_leaf(lede_planner *planner, const lede_leaf *model,
                          double boost, const stem *some, uint32_t count,
                          uint32_t languages)
{
    lede_leaf leaf = *model;
    uint32_t i;

    for (i = 0; i < planner->leaf_count; i++) {
        lede_leaf *known = &planner->leaves[i];

        if (known->is_part && known->languages == languages &&
            lede_span_equal(known->word, model->word)) {
            if (model->scores && (!known->scores || known->boost < boost)) {
                known->boost = planner->planned[i].boost = boost;
            }
            known->scores = known->scores || model->scores;
            return i;
        }
    }
    leaf.is_part = true;
    leaf.is_whole = false;
    leaf.languages = languages;
    leaf.boost = boost;
    leaf.term_count = 0;
    leaf.terms = lede_plan_array(planner, count + 1, sizeof *leaf.terms);
    for (uint32_t j = 0; leaf.terms != NULL && j < model->term_count; j++) {
        for (uint32_t k = 0; k < count; k++) {
            if (lede_span_equal(model->terms[j], some[k].term)) {
                leaf.terms[leaf.term_count++] = model->terms[j];
            }
        }
    }
    return lede_plan_put_leaf(planner, &leaf);
}

/* Entries of these languages. */
static lede_node *of_languages(lede_planner *planner, uint32_t languages,
                               uint32_t column)
{
    lede_node *node = lede_plan_node(planner, LEDE_NODE_TERM);
    uint32_t cap = 1, leaf;

    for (unsigned i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        cap += (languages >> i & 1) != 0 ? CODES_MOST : 0;
    }
    leaf = lede_plan_exact_leaf(planner, cap, column);
    for (unsigned i = 0; i < LEDE_LANGUAGE_COUNT; i++) {
        const char *codes =
            lede_language_codes(lede_language_tag((lede_language)i));
        char code[CODE_BYTES];

        while ((languages >> i & 1) != 0 && next_code(&codes, code)) {
            lede_plan_add_value(planner, leaf, LEDE_TERM_LANGUAGE, code);
        }
    }
    if (node != NULL && !planner->no_memory) {
        node->leaf = lede_plan_settle_leaf(planner);
    }
    return node;
}

static lede_node *new_group(lede_planner *planner, uint32_t need, uint32_t cap)
{
    lede_node *node = lede_plan_node(planner, LEDE_NODE_GROUP);

    if (node != NULL) {
        node->need = need;
        node->children = lede_plan_array(planner, cap, sizeof(lede_node *));
    }
    return node != NULL && node->children != NULL ? node : NULL;
}

/* The stem, in entries of its languages. */
static lede_node *one_apart(lede_planner *planner, const lede_node *word,
                            const lede_leaf *model, double boost,
                            const stem *one)
{
    lede_node *both = new_group(planner, 2, 2);
    lede_node *node = lede_plan_node(planner, LEDE_NODE_WORD);

    if (both == NULL || node == NULL) {
        return NULL;
    }
    node->constraint = word->constraint;
    node->leaf = part_leaf(planner, model, boost, one, 1, one->languages);
    both->children[both->child_count++] = node;
    both->children[both->child_count++] =
        of_languages(planner, one->languages, model->column);
    return both;
}

static bool can_be_split(const lede_planner *planner, const lede_leaf *leaf)
{
    return planner->name_space == NULL && !planner->is_near &&
           planner->source->entry_count != NULL && leaf->term_count > 1 &&
           leaf->form_count == 0 && leaf->terms[0].bytes[0] != 0 &&
           !(leaf->terms[0].bytes[0] >= 'A' &&
             leaf->terms[0].bytes[0] <= 'Z') &&
           planner->leaf_count + 2 * LEDE_LANGUAGE_COUNT < LEDE_TREE_MAX_LEAVES;
}

lede_node *lede_plan_by_language(lede_planner *planner, lede_node *word,
                                 uint32_t first_new)
{
    lede_leaf model;
    double boost = planner->boost;
    lede_node *group;
    stems all;
    uint32_t own;

    if (planner->no_memory ||
        !can_be_split(planner, &planner->leaves[word->leaf])) {
        return word;
    }
    model = planner->leaves[word->leaf];
    find_stems(planner, &model, &all);
    if (planner->no_memory || lede_analyzer_failed(planner->analyzer) ||
        all.apart == 0) {
        return word;
    }
    if (word->leaf >= first_new) { /* nobody else has it */
        lede_plan_forget_leaves(planner, first_new);
    }
    own = all.count - all.apart;
    group = new_group(planner, 1, all.apart + 1);
    if (group != NULL && own > 0) {
        word->leaf = part_leaf(planner, &model, boost, all.items, own, 0);
        group->children[group->child_count++] = word;
    }
    for (uint32_t i = own; group != NULL && i < all.count; i++) {
        group->children[group->child_count++] =
            one_apart(planner, word, &model, boost, &all.items[i]);
    }
    if (planner->no_memory) {
        return word;
    }
    if (group->child_count == 1) {
        planner->size--;
        return group->children[0];
    }
    return group;
}
