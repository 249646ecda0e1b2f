/* Any bytes as a query: it parses, plans and shows; columns lie in the query,
 * the tree keeps the bounds of query/tree.h. */
#include <stdlib.h>

#include "query/plan.h"
#include "tests/fuzz/demand.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_constraint(const lede_constraint *constraint)
{
    DEMAND(constraint->fields != 0 &&
           (constraint->fields & ~LEDE_ALL_FIELDS) == 0);
    DEMAND(constraint->case_least <= LEDE_CASE_UPPER);
}

static void check_operand(const lede_node *node)
{
    uint32_t i;

    DEMAND(node->type == LEDE_NODE_WORD || node->type == LEDE_NODE_PHRASE ||
           (node->type == LEDE_NODE_GROUP && node->need == 1));
    for (i = 0; i < node->child_count; i++) {
        check_operand(node->children[i]);
    }
}

static void check_node(const lede_tree *tree, const lede_node *node,
                       unsigned depth)
{
    uint32_t i;

    DEMAND(depth <= LEDE_TREE_MAX_DEPTH);
    if (node->type == LEDE_NODE_WORD || node->type == LEDE_NODE_TERM) {
        DEMAND(node->leaf < tree->leaf_count);
        check_constraint(&node->constraint);
    }
    DEMAND((node->type == LEDE_NODE_PHRASE) == (node->slot_count >= 2));
    for (i = 0; i < node->slot_count; i++) {
        DEMAND(node->slots[i].leaf < tree->leaf_count);
        check_constraint(&node->slots[i].constraint);
    }
    if (node->type == LEDE_NODE_NEAR) {
        DEMAND(node->child_count >= 2);
        DEMAND(node->child_count <= lede_near_most(node->near.how));
        for (i = 0; i < node->child_count; i++) {
            check_operand(node->children[i]);
        }
    } else if (node->type == LEDE_NODE_GROUP) {
        DEMAND(node->child_count >= 2);
        DEMAND(node->need >= 1 && node->need <= node->child_count);
    } else {
        DEMAND(node->child_count == (node->type == LEDE_NODE_NOT ? 1u : 0u));
    }
    for (i = 0; i < node->child_count; i++) {
        check_node(tree, node->children[i], depth + 1);
    }
}

static void check_leaves(const lede_tree *tree, size_t len)
{
    uint32_t i;
    uint32_t j;

    DEMAND(tree->leaf_count <= LEDE_TREE_MAX_LEAVES);
    for (i = 0; i < tree->leaf_count; i++) {
        const lede_leaf *leaf = &tree->leaves[i];

        DEMAND(leaf->column <= len && leaf->term_count > 0);
        DEMAND(leaf->word.len > 0 && leaf->boost >= 0 && leaf->boost < 40);
        for (j = 1; j < leaf->term_count; j++) {
            DEMAND(lede_span_compare(leaf->terms[j - 1], leaf->terms[j]) < 0);
        }
    }
}

static size_t size_of(const lede_node *node)
{
    size_t size = 1 + node->slot_count;
    uint32_t i;

    for (i = 0; i < node->child_count; i++) {
        size += size_of(node->children[i]);
    }
    return size;
}

static void check_plan(lede_plan *plan, lede_arena *arena, size_t len)
{
    /* The last to get in may be as large as a phrase in all its spellings. */
    DEMAND(size_of(plan->tree.root) <=
           LEDE_TREE_MAX_SIZE + 9 * LEDE_TREE_MAX_LEAVES);
    check_leaves(&plan->tree, len);
    check_node(&plan->tree, plan->tree.root, 1);
    if (plan->plain_count > 0) {
        DEMAND(lede_plan_require(plan, 1, arena, NULL) == LEDE_OK);
        check_node(&plan->tree, plan->tree.root, 1);
    }
}

/* A vocabulary of a few words, with and without their terms. */
static lede_status walk(void *ctx, const char *prefix, lede_span begin,
                        lede_vocabulary_matters *matters,
                        lede_vocabulary_fn *fn, void *fn_ctx, lede_error *err)
{
    static const char *const words[] = {"storm", "storms", "strom", "word",
                                        "a",     "b",      "obrien"};
    size_t i;

    (void)ctx;
    (void)begin;
    (void)matters;
    (void)err;
    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        fn(fn_ctx, lede_span_text(words[i]),
           lede_span_text(prefix[0] == 0 && i < 2 ? "storm" : ""),
           i % 3 == 0 ? UINT64_MAX : i);
    }
    return LEDE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const lede_plan_source source = {
        .languages = 1u << LEDE_LANGUAGE_ENGLISH | 1u << LEDE_LANGUAGE_NONE,
        .words = walk};
    static lede_analyzer *analyzer;
    lede_parse_options options = {0};
    lede_span query = lede_span_of(bytes, len);
    lede_arena arena = {0};
    lede_notes notes = {0};
    lede_parsed parsed;
    lede_plan plan;
    lede_buf form = {0};
    uint32_t i;

    if (analyzer == NULL && lede_analyzer_new(&analyzer, NULL) != LEDE_OK) {
        abort();
    }
    options.analyzer = analyzer;
    DEMAND(lede_query_parse(query, &options, &arena, &notes, &parsed, NULL) ==
           LEDE_OK);
    DEMAND(lede_plan_make(&parsed, query, &source, analyzer, len % 2 == 1,
                          &arena, &notes, &plan, NULL) == LEDE_OK);
    DEMAND(parsed.root != NULL || notes.count > 0);
    for (i = 0; i < notes.count; i++) {
        DEMAND(notes.items[i].column <= len);
        DEMAND(i == 0 || notes.items[i - 1].column < notes.items[i].column);
    }
    check_plan(&plan, &arena, len);
    lede_ast_format(parsed.root, false, &form);
    lede_ast_format(parsed.root, true, &form);
    lede_buf_done(&form);
    lede_arena_done(&arena);
    lede_analyzer_clear_stems(analyzer);
    return 0;
}
