#include "query/plan_corrected.h"

lede_node *lede_plan_name_join(lede_planner *planner, lede_node *a,
                               lede_node *b, bool needs_both)
{
    lede_node *group;

    if (a == NULL || b == NULL) {
        return needs_both ? NULL : a == NULL ? b : a;
    }
    group = lede_plan_node(planner, LEDE_NODE_GROUP);
    if (group == NULL) {
        return NULL;
    }
    group->children = lede_plan_array(planner, 2, sizeof group->children[0]);
    if (group->children == NULL) {
        return NULL;
    }
    group->children[0] = a;
    group->children[1] = b;
    group->child_count = 2;
    group->need = needs_both ? 2 : 1;
    return group;
}

lede_node *lede_plan_name_without(lede_planner *planner, lede_node *node,
                                  lede_node *other)
{
    lede_node * not ;

    if (node == NULL || other == NULL) {
        return node;
    }
    not = lede_plan_node(planner, LEDE_NODE_NOT);
    if (not == NULL) {
        return NULL;
    }
    not ->children = lede_plan_array(planner, 1, sizeof not ->children[0]);
    if (not ->children == NULL) {
        return NULL;
    }
    not ->children[0] = other;
    not ->child_count = 1;
    return lede_plan_name_join(planner, node, not, true);
}

lede_node *lede_plan_name_words(lede_planner *planner, const lede_ast *ast,
                                lede_span name, const char *space, bool scores)
{
    lede_ast as = *ast;
    lede_plan_runs runs;
    lede_node *node = NULL;
    uint32_t i;

    as.type = LEDE_AST_PHRASE;
    as.text = name;
    as.field = LEDE_AST_ANY_FIELD;
    as.edits = 0;
    as.distance = 0;
    planner->name_space = space;
    planner->name_column = ast->column;
    runs = lede_plan_text(planner, &as, !scores);
    planner->name_space = NULL;
    for (i = 0; i < runs.count; i++) { /* a phrase is one run */
        node = node == NULL ? runs.items[i].node
                            : lede_plan_name_join(planner, node,
                                                  runs.items[i].node, true);
    }
    return node;
}

void lede_plan_keep_key(lede_planner *planner, struct lede_plan_named *named,
                        lede_span spelling)
{
    lede_buf key = {0};
    lede_span *out = &named->keys[named->spelling_count];

    if (named->field == LEDE_AST_PERSON) {
        lede_correction_key(LEDE_NAME_PERSON, spelling, &key);
    } else {
        lede_place_key(spelling, &key);
    }
    *out = lede_arena_copy(planner->arena, lede_buf_span(&key));
    planner->no_memory = planner->no_memory || key.failed || out->bytes == NULL;
    named->spelling_count++;
    lede_buf_done(&key);
}

struct lede_plan_named *lede_plan_keep_named(lede_planner *planner,
                                             const lede_ast *ast,
                                             struct lede_plan_named *spare)
{
    struct lede_plan_named *named = spare;

    if (planner->named == NULL) {
        planner->named = lede_plan_array(planner, LEDE_PLAN_NAMES_MOST,
                                         sizeof planner->named[0]);
    }
    if (planner->named != NULL && planner->named_count < LEDE_PLAN_NAMES_MOST) {
        named = &planner->named[planner->named_count++];
    }
    *named = (struct lede_plan_named){
        .field = ast->field,
        .typed = ast->text,
        .column = ast->column,
        .is_exact = ast->is_exact,
        .meant = LEDE_PLACE_NONE,
        .gazetteer = planner->source->gazetteer,
        .corrections = ast->is_exact ? NULL : planner->source->corrections,
        .added = ast->is_exact ? NULL : planner->source->added};
    lede_plan_keep_key(planner, named, ast->text);
    return named;
}

lede_node *lede_plan_name_correct(lede_planner *planner,
                                  struct lede_plan_named *named,
                                  lede_node *known, lede_node *text)
{
    lede_corrected c;

    lede_plan_corrected(planner, named, &c);
    known = lede_plan_name_join(
        planner, lede_plan_name_without(planner, known, c.gone), c.come, false);
    text = lede_plan_name_without(planner, text, c.gone);
    named->known = known;
    named->text = text;
    return lede_plan_name_join(planner, known, text, false);
}
