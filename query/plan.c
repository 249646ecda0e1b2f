#include "query/plan.h"

#include <assert.h>
#include <stdio.h>

#include "base/entry_values.h"
#include "query/plan_names.h"
#include "query/plan_same.h"

enum { DAYS_OF_LEAP_YEAR = 366 };

static lede_node *build(lede_planner *planner, const lede_ast *ast,
                        bool negated);

/* Room for `cap` children in a GROUP. */
static lede_node *new_group(lede_planner *planner, uint32_t cap)
{
    lede_node *node = lede_plan_node(planner, LEDE_NODE_GROUP);

    if (node == NULL) {
        return NULL;
    }
    node->children = lede_plan_array(planner, cap, sizeof *node->children);
    return node->children == NULL ? NULL : node;
}

static void add_child(lede_node *group, lede_node *child)
{
    if (child != NULL) {
        group->children[group->child_count++] = child;
    }
}

static bool has_only_not(const lede_node *group)
{
    uint32_t i;

    for (i = 0; i < group->child_count; i++) {
        if (group->children[i]->type != LEDE_NODE_NOT) {
            return false;
        }
    }
    return true;
}

/* A finished group: nothing, its only child, or itself. `group` has room for
 * one child more than were promised. */
static lede_node *close_group(lede_planner *planner, lede_node *group,
                              bool needs_all)
{
    if (group == NULL) {
        return NULL;
    }
    if (group->child_count == 0) {
        planner->size--;
        return NULL;
    }
    if (needs_all && has_only_not(group)) {
        add_child(group, lede_plan_node(planner, LEDE_NODE_ALL));
    }
    group->need = needs_all ? group->child_count : 1;
    if (group->child_count == 1) {
        planner->size--;
        return group->children[0];
    }
    return group;
}

static lede_node *build_text(lede_planner *planner, const lede_ast *ast,
                             bool negated)
{
    lede_plan_runs runs;
    lede_node *group;
    uint32_t i;

    if (ast->field >= LEDE_AST_PERSON) {
        return lede_plan_name(planner, ast, negated);
    }
    runs = lede_plan_text(planner, ast, negated);
    group = new_group(planner, runs.count + 1);
    for (i = 0; group != NULL && i < runs.count; i++) {
        add_child(group, runs.items[i].node);
    }
    return close_group(planner, group, true);
}

/* The node, or NULL if the like of it was there. */
static lede_node *once(lede_planner *planner, lede_node_set *seen,
                       lede_node *node)
{
    if (node == NULL || lede_node_set_put(seen, planner, node)) {
        return node;
    }
    lede_plan_drop(planner, node);
    return NULL;
}

static lede_node *build_children(lede_planner *planner, const lede_ast *ast,
                                 bool negated)
{
    lede_node *group = new_group(planner, ast->child_count + 1);
    lede_node_set seen = {0};
    uint32_t copies = 0;
    const lede_ast *child;

    for (child = ast->first; group != NULL && child != NULL;
         child = child->next) {
        if (child->type == LEDE_AST_COPIES) {
            copies++; /* asks for no entry: a OR dup:show is a */
            continue;
        }
        add_child(group, once(planner, &seen, build(planner, child, negated)));
    }
    if (group != NULL && copies == ast->child_count) {
        group->type = LEDE_NODE_ALL;
        return group;
    }
    return close_group(planner, group, ast->type == LEDE_AST_AND);
}

static lede_node *build_not(lede_planner *planner, const lede_ast *ast)
{
    lede_node *child = build(planner, ast->first, true);
    lede_node *node;

    if (child == NULL) {
        return NULL;
    }
    node = new_group(planner, 1);
    if (node != NULL) {
        node->type = LEDE_NODE_NOT;
        add_child(node, child);
    }
    return node;
}

static void build_operand(lede_planner *planner, const lede_ast *ast,
                          bool negated, lede_node *out, uint32_t cap);

/* One of several, as one operand. */
static lede_node *build_choice(lede_planner *planner, const lede_ast *ast,
                               bool negated)
{
    lede_node *group = new_group(planner, LEDE_NEAR_MAX_ORDERED + 1);
    double boost = planner->boost;
    const lede_ast *child;

    lede_plan_boost(planner, ast->boost);
    for (child = ast->first; group != NULL && child != NULL;
         child = child->next) {
        build_operand(planner, child, negated, group, LEDE_NEAR_MAX_ORDERED);
    }
    planner->boost = boost;
    return close_group(planner, group, false);
}

/* Adds an operand of NEAR: of words that a comma divides, each. */
static void build_operand(lede_planner *planner, const lede_ast *ast,
                          bool negated, lede_node *out, uint32_t cap)
{
    lede_plan_runs runs = {0};
    uint32_t i;

    if (ast->type == LEDE_AST_OR) {
        lede_node *choice = build_choice(planner, ast, negated);

        if (out->child_count < cap) {
            add_child(out, choice);
        }
        return;
    }
    if (ast->field >= LEDE_AST_PERSON) {
        if (out->child_count < cap) {
            add_child(out, lede_plan_name_near(planner, ast, negated));
        }
        return;
    }
    if (planner->size < LEDE_TREE_MAX_SIZE) {
        runs = lede_plan_text(planner, ast, negated);
    }
    for (i = 0; i < runs.count && out->child_count < cap; i++) {
        add_child(out, runs.items[i].node);
    }
    if (i < runs.count || planner->size >= LEDE_TREE_MAX_SIZE) {
        lede_plan_tell_full(planner, ast->column);
    }
}

static lede_node *build_near(lede_planner *planner, const lede_ast *ast,
                             bool negated)
{
    uint32_t cap = lede_near_most(ast->how);
    lede_node *near = lede_plan_near(planner, ast->how, ast->distance, cap);
    const lede_ast *child;

    planner->is_near = true;
    for (child = ast->first; near != NULL && child != NULL;
         child = child->next) {
        build_operand(planner, child, negated, near, cap);
    }
    planner->is_near = false;
    if (near == NULL || near->child_count > 1) {
        return near;
    }
    planner->size--;
    return near->child_count == 1 ? near->children[0] : NULL;
}

static lede_node *build_time(lede_planner *planner, const lede_ast *ast)
{
    lede_node *node =
        lede_plan_node(planner, ast->type == LEDE_AST_TIME ? LEDE_NODE_TIME
                                                           : LEDE_NODE_UPDATED);

    if (node != NULL) {
        node->period = ast->period;
    }
    return node;
}

/* A node that wants one of at most `cap` exact values; NULL if it is one word
 * too many. */
static lede_node *new_term(lede_planner *planner, const lede_ast *ast,
                           uint32_t cap)
{
    lede_node *node;

    if (planner->leaf_count >= LEDE_TREE_MAX_LEAVES) {
        lede_plan_tell_full(planner, ast->column);
        return NULL;
    }
    node = lede_plan_node(planner, LEDE_NODE_TERM);
    if (node != NULL) {
        node->leaf = lede_plan_exact_leaf(planner, cap, ast->column);
    }
    return node;
}

static lede_node *build_kind(lede_planner *planner, const lede_ast *ast)
{
    lede_node *node = new_term(planner, ast, 1);

    if (node != NULL) {
        lede_plan_put_value(planner, node->leaf, LEDE_TERM_KIND,
                            lede_kind_name(ast->kind));
        node->leaf = lede_plan_settle_leaf(planner);
    }
    return node;
}

/* Entries of the tag's language; a region or script does not count. */
static lede_node *build_language(lede_planner *planner, const lede_ast *ast)
{
    enum { CODES_MOST = 8 };
    lede_node *node = new_term(planner, ast, CODES_MOST);
    char tag[LEDE_TAG_MAX_BYTES + 1], code[8];
    lede_span primary = lede_primary_tag(ast->text, tag);
    const char *codes;

    if (node == NULL) {
        return NULL;
    }
    tag[primary.len] = 0;
    codes = lede_language_codes(tag);
    lede_plan_add_value(planner, node->leaf, LEDE_TERM_LANGUAGE, tag);
    while (sscanf(codes, "%7s", code) == 1) {
        lede_plan_add_value(planner, node->leaf, LEDE_TERM_LANGUAGE, code);
        codes += strlen(code) + (codes[strlen(code)] == ' ');
    }
    if (!planner->no_memory) {
        node->leaf = lede_plan_settle_leaf(planner);
    }
    return node;
}

static bool is_among(lede_month_days days, unsigned day)
{
    if (days.first <= days.last) {
        return day >= days.first && day <= days.last;
    }
    return day >= days.first || day <= days.last;
}

static lede_node *build_month_days(lede_planner *planner, const lede_ast *ast)
{
    lede_node *node = new_term(planner, ast, DAYS_OF_LEAP_YEAR);
    unsigned month;
    unsigned day;

    for (month = 1; node != NULL && month <= 12; month++) {
        for (day = 1; day <= lede_days_in_month(2000, month); day++) {
            char figures[8];

            if (is_among(ast->days, month * 100 + day)) {
                snprintf(figures, sizeof figures, "%02u%02u", month % 100,
                         day % 100);
                lede_plan_put_value(planner, node->leaf, LEDE_TERM_MONTH_DAY,
                                    figures);
            }
        }
    }
    if (node != NULL && !planner->no_memory) {
        node->leaf = lede_plan_settle_leaf(planner);
    }
    return node;
}

static lede_node *build_node(lede_planner *planner, const lede_ast *ast,
                             bool negated)
{
    if (planner->size >= LEDE_TREE_MAX_SIZE) {
        lede_plan_tell_full(planner, ast->column);
        return NULL;
    }
    switch (ast->type) {
    case LEDE_AST_WORD:
    case LEDE_AST_PHRASE:
        return build_text(planner, ast, negated);
    case LEDE_AST_AND:
    case LEDE_AST_OR:
        return build_children(planner, ast, negated);
    case LEDE_AST_NOT:
        return build_not(planner, ast);
    case LEDE_AST_NEAR:
        return build_near(planner, ast, negated);
    case LEDE_AST_TIME:
    case LEDE_AST_UPDATED:
        return build_time(planner, ast);
    case LEDE_AST_MONTH_DAYS:
        return build_month_days(planner, ast);
    case LEDE_AST_KIND:
        return build_kind(planner, ast);
    case LEDE_AST_LANGUAGE:
        return build_language(planner, ast);
    case LEDE_AST_COPIES:
    case LEDE_AST_ALL:
        return lede_plan_node(planner, LEDE_NODE_ALL);
    }
    return NULL;
}

/* NULL if it asks for nothing. Negated words do not score. */
static lede_node *build(lede_planner *planner, const lede_ast *ast,
                        bool negated)
{
    double boost = planner->boost;
    lede_node *node;

    if (ast->type != LEDE_AST_WORD && ast->type != LEDE_AST_PHRASE) {
        lede_plan_boost(planner, ast->boost); /* those see to it themselves */
    }
    node = build_node(planner, ast, negated);
    planner->boost = boost;
    return node;
}

/* --- The top level -----------------------------------------------------------
 */

typedef struct top {
    lede_planner *planner;
    lede_plan *plan;
    uint32_t plain_cap, rest_cap;
    lede_node_set seen; /* of the rest */
} top;

static bool grow(lede_planner *planner, void **items, uint32_t count,
                 uint32_t *cap, size_t bytes)
{
    uint32_t more = *cap == 0 ? 8 : *cap * 2;
    void *grown;

    if (count < *cap) {
        return true;
    }
    grown = lede_plan_array(planner, more, bytes);
    if (grown == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(grown, *items, count * bytes);
    }
    *items = grown;
    *cap = more;
    return true;
}

static void add_rest(top *t, lede_node *node)
{
    void *items = t->plan->rest;

    node = once(t->planner, &t->seen, node);
    if (node != NULL && grow(t->planner, &items, t->plan->rest_count,
                             &t->rest_cap, sizeof *t->plan->rest)) {
        t->plan->rest = items;
        t->plan->rest[t->plan->rest_count++] = node;
    }
}

static lede_plan_word *find_plain(const lede_plan *plan, lede_span key)
{
    uint32_t i;

    for (i = 0; i < plan->plain_count; i++) {
        if (lede_span_equal(plan->plain[i].key, key)) {
            return &plan->plain[i];
        }
    }
    return NULL;
}

static void add_plain(top *t, const lede_plan_run *run)
{
    lede_plan_word *word = find_plain(t->plan, run->key);
    void *items = t->plan->plain;

    if (word != NULL) {
        word->uses++;
        lede_plan_drop(t->planner, run->node);
        return;
    }
    if (run->node == NULL || !grow(t->planner, &items, t->plan->plain_count,
                                   &t->plain_cap, sizeof *t->plan->plain)) {
        return;
    }
    t->plan->plain = items;
    word = &t->plan->plain[t->plan->plain_count++];
    run->node->plain = true;
    word->node = run->node;
    word->typed = run->typed;
    word->key = run->key;
    word->column = (uint32_t)(run->typed.bytes - t->planner->query.bytes);
    word->uses = 1;
}

static void add_top(top *t, const lede_ast *ast)
{
    lede_plan_runs runs;
    uint32_t i;

    if (!lede_ast_is_plain(ast)) {
        add_rest(t, build(t->planner, ast, false));
        return;
    }
    if (t->planner->size >= LEDE_TREE_MAX_SIZE) {
        lede_plan_tell_full(t->planner, ast->column);
        return;
    }
    runs = lede_plan_text(t->planner, ast, false);
    for (i = 0; i < runs.count && !t->planner->no_memory; i++) {
        add_plain(t, &runs.items[i]);
    }
}

static void boost_leaf(lede_planner *planner, uint32_t leaf, uint32_t uses)
{
    double n = uses;

    planner->leaves[leaf].boost =
        planner->planned[leaf].boost * 2 * n / (1 + n);
}

static void boost_node(lede_planner *planner, const lede_node *node,
                       uint32_t uses)
{
    uint32_t i;

    if (node->type == LEDE_NODE_WORD) {
        boost_leaf(planner, node->leaf, uses);
    }
    for (i = 0; i < node->slot_count; i++) {
        boost_leaf(planner, node->slots[i].leaf, uses);
    }
    for (i = 0; i < node->child_count; i++) {
        boost_node(planner, node->children[i], uses);
    }
}

/* Only exclusions: all entries but those. */
static void add_all_to_exclusions(top *t)
{
    uint32_t i;

    if (t->plan->plain_count > 0 || t->plan->rest_count == 0) {
        return;
    }
    for (i = 0; i < t->plan->rest_count; i++) {
        if (t->plan->rest[i]->type != LEDE_NODE_NOT) {
            return;
        }
    }
    add_rest(t, lede_plan_node(t->planner, LEDE_NODE_ALL));
}

static void plan_top(top *t, const lede_ast *root)
{
    const lede_ast *child;
    uint32_t copies = 0, i;

    if (root != NULL && root->type == LEDE_AST_AND) {
        t->planner->boost = root->boost;
        for (child = root->first; child != NULL; child = child->next) {
            if (child->type == LEDE_AST_COPIES) {
                copies++;
            } else {
                add_top(t, child);
            }
        }
        if (copies == root->child_count) {
            add_rest(t, lede_plan_node(t->planner, LEDE_NODE_ALL));
        }
    } else if (root != NULL) {
        add_top(t, root);
    }
    add_all_to_exclusions(t);
    for (i = 0; i < t->plan->plain_count && !t->planner->no_memory; i++) {
        if (t->plan->plain[i].uses > 1) {
            boost_node(t->planner, t->plan->plain[i].node,
                       t->plan->plain[i].uses);
        }
    }
}

lede_status lede_plan_make(const lede_parsed *parsed, lede_span query,
                           const lede_plan_source *source,
                           lede_analyzer *analyzer, bool match_any,
                           lede_arena *arena, lede_notes *notes, lede_plan *out,
                           lede_error *err)
{
    lede_planner planner = {0};
    lede_plan plan = {0};
    top t = {.planner = &planner, .plan = &plan};
    lede_status status;

    planner.query = query;
    planner.source = source;
    planner.analyzer = analyzer;
    planner.arena = arena;
    planner.notes = notes;
    planner.boost = 1;
    planner.err = err;
    plan_top(&t, parsed->root);
    if (planner.status != LEDE_OK) {
        return planner.status;
    }
    if (planner.no_memory || lede_analyzer_failed(analyzer)) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to plan the query");
    }
    plan.named = planner.named;
    plan.named_count = planner.named_count;
    plan.tree.leaves = planner.leaves;
    plan.tree.leaf_count = planner.leaf_count;
    plan.tree.has_time = parsed->has_time;
    status = lede_plan_require(
        &plan, match_any && plan.plain_count > 0 ? 1 : plan.plain_count, arena,
        err);
    if (status == LEDE_OK) {
        *out = plan;
    }
    return status;
}

/* --- Relaxing ----------------------------------------------------------------
 */

static lede_node *plain_group(lede_planner *planner, const lede_plan *plan,
                              uint32_t need)
{
    lede_node *group = new_group(planner, plan->plain_count + 1);
    uint32_t i;

    for (i = 0; group != NULL && i < plan->plain_count; i++) {
        add_child(group, plan->plain[i].node);
    }
    if (group == NULL || group->child_count == 0) {
        return NULL;
    }
    group->need = need;
    return group->child_count == 1 ? group->children[0] : group;
}

lede_status lede_plan_require(lede_plan *plan, uint32_t need, lede_arena *arena,
                              lede_error *err)
{
    lede_planner planner = {0};
    bool needs_all = need == plan->plain_count;
    lede_node *root;
    uint32_t i;

    assert(need <= plan->plain_count && (need > 0 || needs_all));
    planner.arena = arena;
    root = new_group(&planner, plan->plain_count + plan->rest_count + 2);
    for (i = 0; root != NULL && needs_all && i < plan->plain_count; i++) {
        add_child(root, plan->plain[i].node);
    }
    if (root != NULL && !needs_all) {
        add_child(root, plain_group(&planner, plan, need));
    }
    for (i = 0; root != NULL && i < plan->rest_count; i++) {
        add_child(root, plan->rest[i]);
    }
    if (root != NULL && root->child_count == 0) {
        root->type = LEDE_NODE_NONE;
    } else {
        root = close_group(&planner, root, true);
    }
    if (planner.no_memory || root == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to plan the query");
    }
    plan->tree.root = root;
    plan->need = need;
    return LEDE_OK;
}
