#include "query/own_filter.h"

#include "base/entry_values.h"

static const char *const exact_prefixes[LEDE_SUBJECT_COUNT] = {
    [LEDE_SUBJECT_AUTHOR] = LEDE_TERM_AUTHOR,
    [LEDE_SUBJECT_LABEL] = LEDE_TERM_LABEL,
    [LEDE_SUBJECT_KIND] = LEDE_TERM_KIND,
    [LEDE_SUBJECT_LANGUAGE] = LEDE_TERM_LANGUAGE,
    [LEDE_SUBJECT_DATE] = LEDE_TERM_MONTH_DAY,
};

static const lede_node_name names[LEDE_SUBJECT_COUNT] = {
    [LEDE_SUBJECT_PERSON] = LEDE_NODE_PERSON,
    [LEDE_SUBJECT_PLACE] = LEDE_NODE_PLACE,
};

/* The terms of a field by name: its prefix, and a word, which has no capital.
 */
static bool is_of_field(const lede_leaf *leaf, lede_field field)
{
    const char *prefix = lede_field_prefix(field);
    size_t len = strlen(prefix);

    return leaf->term_count > 0 && lede_span_starts(leaf->terms[0], prefix) &&
           leaf->terms[0].len > len &&
           !(leaf->terms[0].bytes[len] >= 'A' &&
             leaf->terms[0].bytes[len] <= 'Z');
}

static bool is_word_about(const lede_tree *tree, uint32_t leaf,
                          const lede_constraint *constraint,
                          lede_subject subject)
{
    switch (subject) {
    case LEDE_SUBJECT_SOURCE:
        return is_of_field(&tree->leaves[leaf], LEDE_FIELD_SOURCE);
    case LEDE_SUBJECT_LABEL:
        return is_of_field(&tree->leaves[leaf], LEDE_FIELD_LABEL);
    case LEDE_SUBJECT_AUTHOR:
        return constraint->fields == 1u << LEDE_FIELD_AUTHOR;
    default:
        return false;
    }
}

static bool is_about(const lede_tree *tree, const lede_node *node,
                     lede_subject subject)
{
    const char *prefix = exact_prefixes[subject];

    if (node->name != LEDE_NODE_NO_NAME) {
        return names[subject] == node->name;
    }
    switch (node->type) {
    case LEDE_NODE_WORD:
        return is_word_about(tree, node->leaf, &node->constraint, subject);
    case LEDE_NODE_PHRASE:
        for (uint32_t i = 0; i < node->slot_count; i++) {
            if (!is_word_about(tree, node->slots[i].leaf,
                               &node->slots[i].constraint, subject)) {
                return false;
            }
        }
        return node->slot_count > 0;
    case LEDE_NODE_GROUP:
    case LEDE_NODE_NOT:
        for (uint32_t i = 0; i < node->child_count; i++) {
            if (!is_about(tree, node->children[i], subject)) {
                return false;
            }
        }
        return node->child_count > 0;
    case LEDE_NODE_TIME:
        return subject == LEDE_SUBJECT_DATE;
    case LEDE_NODE_UPDATED:
        return subject == LEDE_SUBJECT_UPDATED;
    case LEDE_NODE_TERM:
        return prefix != NULL && tree->leaves[node->leaf].term_count > 0 &&
               lede_span_starts(tree->leaves[node->leaf].terms[0], prefix);
    default:
        return false;
    }
}

typedef bool is_dropped_fn(const lede_tree *tree, const lede_node *node,
                           lede_subject subject);

static bool is_and(const lede_node *node)
{
    return node->type == LEDE_NODE_GROUP && node->need == node->child_count;
}

static lede_node *everything(lede_arena *arena)
{
    lede_node *all = lede_arena_get(arena, sizeof *all);

    if (all != NULL) {
        *all = (lede_node){.type = LEDE_NODE_ALL};
    }
    return all;
}

/* The node without the conditions that are dropped; NULL on failure. */
static lede_node *strip(const lede_tree *tree, lede_node *node,
                        lede_subject subject, is_dropped_fn *is_dropped,
                        lede_arena *arena)
{
    lede_node *out;
    bool changed = false;

    if (is_dropped(tree, node, subject)) {
        return everything(arena);
    }
    if (!is_and(node) || node->name != LEDE_NODE_NO_NAME) {
        return node;
    }
    out = lede_arena_get(arena, sizeof *out);
    if (out == NULL) {
        return NULL;
    }
    *out = *node;
    out->child_count = 0;
    out->children =
        lede_arena_array(arena, node->child_count + 1, sizeof *out->children);
    for (uint32_t i = 0; i < node->child_count && out->children != NULL; i++) {
        lede_node *child =
            strip(tree, node->children[i], subject, is_dropped, arena);

        if (child == NULL) {
            return NULL;
        }
        changed = changed || child != node->children[i];
        if (child->type != LEDE_NODE_ALL) {
            out->children[out->child_count++] = child;
        }
    }
    if (out->children == NULL) {
        return NULL;
    }
    if (!changed) {
        return node;
    }
    out->need = out->child_count;
    return out->child_count == 0   ? everything(arena)
           : out->child_count == 1 ? out->children[0]
                                   : out;
}

lede_node *lede_tree_without(const lede_tree *tree, lede_subject subject,
                             lede_arena *arena)
{
    return strip(tree, tree->root, subject, is_about, arena);
}

static bool is_filter(const lede_tree *tree, const lede_node *node,
                      lede_subject subject)
{
    (void)subject;
    for (int i = 0; i < LEDE_SUBJECT_FILTERS; i++) {
        if (is_about(tree, node, (lede_subject)i)) {
            return true;
        }
    }
    return false;
}

/* What is no filter, and has nothing below it that could be one. */
static bool is_no_filter(const lede_tree *tree, const lede_node *node,
                         lede_subject subject)
{
    (void)subject;
    return node->name != LEDE_NODE_NO_NAME ||
           (!is_and(node) && !is_filter(tree, node, subject));
}

lede_node *lede_tree_filters(const lede_tree *tree, lede_arena *arena)
{
    return strip(tree, tree->root, LEDE_SUBJECT_COUNT, is_no_filter, arena);
}
