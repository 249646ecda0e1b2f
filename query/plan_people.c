#include "names/variants.h"
#include "query/plan_corrected.h"
#include "query/plan_spellings.h"
#include "query/rank.h"

/* The name without the titles in front, which entries' names have not either:
 * without a title's words a name is compared as with them. */
static lede_span untitled(lede_planner *planner, lede_span name)
{
    lede_buf whole = {0}, key = {0};
    lede_span rest = lede_span_trim(name);
    bool is_same = true;

    lede_person_key(rest, &whole);
    while (is_same) {
        size_t end = 0;
        lede_span less;

        while (end < rest.len && rest.bytes[end] != ' ') {
            end++;
        }
        less = lede_span_trim(lede_span_part(rest, end, rest.len - end));
        lede_buf_clear(&key);
        lede_person_key(less, &key);
        is_same = less.len > 0 &&
                  lede_span_equal(lede_buf_span(&key), lede_buf_span(&whole));
        rest = is_same ? less : rest;
    }
    planner->no_memory = planner->no_memory || whole.failed || key.failed;
    lede_buf_done(&whole);
    lede_buf_done(&key);
    return rest;
}

static void tell_of_title(lede_planner *planner, const lede_ast *ast,
                          lede_span name)
{
    lede_span title = lede_span_trim(
        lede_span_part(ast->text, 0, (size_t)(name.bytes - ast->text.bytes)));

    lede_notes_put(planner->notes, planner->arena, ast->column,
                   "'%.*s' is a title, which any name may have or lack: it is "
                   "left out (person:=... asks for it, too)",
                   (int)title.len, (const char *)title.bytes);
}

/* How rare the words of a name are among those of people. */
static double rarity(lede_planner *planner, lede_span name)
{
    const lede_plan_source *source = planner->source;
    lede_tokenizer tokenizer;
    lede_token token;
    double sum = 0;

    lede_tokenizer_init(&tokenizer, planner->analyzer, name);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        lede_span term =
            lede_plan_join_term(planner, LEDE_TERM_PERSON, token.word);

        if (token.parts <= 1 && term.bytes != NULL) {
            sum += lede_rank_idf(source->entries,
                                 source->entry_count(source->ctx, term));
        }
    }
    return sum;
}

/* What another name is worth beside the one typed: being rarer is no merit. */
static double worth_of(lede_planner *planner, lede_span typed, lede_span other)
{
    double own, its;

    if (planner->source->entries == 0 || planner->source->entry_count == NULL) {
        return LEDE_OTHER_NAME_WORTH;
    }
    own = rarity(planner, typed);
    its = rarity(planner, other);
    return its > own ? LEDE_OTHER_NAME_WORTH * own / its
                     : LEDE_OTHER_NAME_WORTH;
}

void lede_plan_person_names(lede_planner *planner, lede_ast *ast,
                            lede_corrected_names *out)
{
    lede_span typed = ast->text;

    *out = (lede_corrected_names){.items = {typed}, .count = 1};
    if (ast->is_exact) {
        return;
    }
    ast->text = untitled(planner, typed);
    if (ast->text.len < lede_span_trim(typed).len) {
        const lede_ast whole = {.text = typed, .column = ast->column};

        tell_of_title(planner, &whole, ast->text);
    }
    lede_plan_people(planner, ast->text, out);
    lede_plan_spellings(planner, ast->text, ast->column, out);
}

/* Whoever was split off is asked for entry by entry; how often the entry speaks
 * of it says the name that it has there. */
static void score_split_off(lede_planner *planner, const lede_ast *ast,
                            const struct lede_plan_named *named)
{
    uint32_t size = planner->size;
    lede_buf key = {0}, before = {0};
    lede_correction c;
    size_t line = 0;

    while (named->corrections != NULL &&
           lede_corrections_next(named->corrections, &line, &c)) {
        if (c.verb != LEDE_CORRECTION_SPLIT || c.kind != LEDE_NAME_PERSON) {
            continue;
        }
        lede_buf_clear(&key);
        lede_buf_clear(&before);
        lede_correction_key(c.kind, c.names[1], &key);
        lede_correction_key(c.kind, c.names[0], &before);
        if (lede_name_has_words(lede_buf_span(&key), named->keys[0]) &&
            !lede_name_has_words(lede_buf_span(&before), named->keys[0])) {
            lede_plan_name_words(planner, ast, c.names[0], LEDE_TERM_PERSON,
                                 true);
        }
    }
    planner->size = size; /* leaves alone count */
    planner->no_memory = planner->no_memory || key.failed || before.failed;
    lede_buf_done(&key);
    lede_buf_done(&before);
}

/* Who has a middle name, too: a name of two words is also the first and the
 * last of a longer one. */
static lede_node *longer_name(lede_planner *planner, const lede_ast *ast,
                              lede_span name, bool scores)
{
    lede_node *node = NULL;
    lede_buf key = {0};
    uint32_t leaf, blanks = 0;

    lede_person_key(name, &key);
    for (size_t i = 0; i < key.len; i++) {
        blanks += key.bytes[i] == ' ';
    }
    if (lede_buf_text(&key) == NULL) {
        planner->no_memory = true;
    } else if (blanks == 1 && planner->leaf_count < LEDE_TREE_MAX_LEAVES) {
        node = lede_plan_node(planner, LEDE_NODE_WORD);
        leaf = lede_plan_exact_leaf(planner, 1, ast->column);
        lede_plan_add_value(planner, leaf, LEDE_TERM_PERSON_SHORT,
                            lede_buf_text(&key));
        if (node != NULL && !planner->no_memory) {
            planner->leaves[leaf].typed = ast->text;
            planner->leaves[leaf].is_alias = true;
            planner->leaves[leaf].boost =
                LEDE_OTHER_NAME_WORTH * planner->boost;
            leaf = lede_plan_settle_leaf(planner);
            planner->leaves[leaf].scores =
                planner->leaves[leaf].scores || scores;
            node->leaf = leaf;
        }
    }
    lede_buf_done(&key);
    return node;
}

/* What was typed comes first. */
lede_node *lede_plan_person(lede_planner *planner, const lede_ast *typed,
                            bool negated)
{
    lede_ast as = *typed;
    const lede_ast *ast = &as;
    lede_corrected_names who;
    struct lede_plan_named spare;
    struct lede_plan_named *named;
    lede_node *all_known = NULL, *all_text = NULL;
    double boost = planner->boost;
    uint32_t i;

    lede_plan_person_names(planner, &as, &who);
    named = lede_plan_keep_named(planner, ast, &spare);
    for (i = 0; i < who.count && !planner->no_memory; i++) {
        lede_node *known, *text, *place;

        planner->is_alias = i > 0;
        if (i > 0) {
            planner->boost =
                boost * worth_of(planner, who.items[0], who.items[i]);
            lede_plan_keep_key(planner, named, who.items[i]);
        }
        known = lede_plan_name_words(planner, ast, who.items[i],
                                     LEDE_TERM_PERSON, !negated);
        all_known = lede_plan_name_join(planner, all_known, known, false);
        if (!ast->is_exact) {
            known = longer_name(planner, ast, who.items[i], !negated);
            all_known = lede_plan_name_join(planner, all_known, known, false);
        }
        if (who.is_hidden) { /* a person said that it is no name */
            continue;
        }
        text = lede_plan_name_words(planner, ast, who.items[i], "", !negated);
        place = lede_plan_name_words(planner, ast, who.items[i],
                                     LEDE_TERM_PLACE, false);
        all_text = lede_plan_name_join(
            planner, all_text, lede_plan_name_without(planner, text, place),
            false);
    }
    if (!negated) {
        planner->is_alias = true;
        planner->boost = boost * LEDE_OTHER_NAME_WORTH;
        score_split_off(planner, ast, named);
    }
    planner->boost = boost;
    planner->is_alias = false;
    return lede_plan_name_correct(planner, named, all_known, all_text);
}
