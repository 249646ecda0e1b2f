/* match_plan.c - from a tree to a shape; see match_plan.h. */
#include "query/match_plan.h"

#include <string.h>

#include "query/match_time.h"

enum { USED = 1 };

static void require(lede_match_plan *plan, uint32_t leaf)
{
    if (lede_matching_lists(plan->matching, leaf)->count == 0) {
        plan->none = true;
    } else if (plan->uses[leaf] == 0) {
        plan->uses[leaf] = USED;
        plan->required[plan->required_count] = leaf;
        plan->required_count++;
    }
}

static bool check(lede_match_plan *plan, const lede_node *node)
{
    if (plan->check_count == plan->check_cap) {
        uint32_t cap = plan->check_cap == 0 ? 8 : plan->check_cap * 2;
        const lede_node **checks =
            lede_matching_get(plan->matching, cap, sizeof *checks);

        if (checks == NULL) {
            return false;
        }
        if (plan->check_count > 0) {
            memcpy(checks, plan->checks, plan->check_count * sizeof *checks);
        }
        plan->checks = checks;
        plan->check_cap = cap;
    }
    plan->checks[plan->check_count] = node;
    plan->check_count++;
    return true;
}

static void require_pair(lede_match_plan *plan, const lede_node *node,
                         const lede_match_pair *pair)
{
    const lede_postings *list = &pair->lists.items[0];
    uint32_t i = 0;

    if (plan->pair_count == LEDE_TREE_MAX_LEAVES) {
        return; /* the check asks for it */
    }
    plan->implied[node->slots[pair->slot].leaf] = true;
    plan->implied[node->slots[pair->slot + 1].leaf] = true;
    while (i < plan->pair_count && plan->pairs[i]->items[0].block_bytes.bytes !=
                                       list->block_bytes.bytes) {
        i++;
    }
    if (i == plan->pair_count) {
        plan->pairs[plan->pair_count] = &pair->lists;
        plan->pair_count++;
    }
}

static bool require_phrase(lede_match_plan *plan, const lede_node *node)
{
    const lede_match_pairs *pairs = lede_match_pairs_of(plan->matching, node);
    uint32_t before = plan->pair_count;

    if (pairs == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < node->slot_count; i++) {
        require(plan, node->slots[i].leaf);
    }
    plan->none = plan->none || pairs->none;
    for (uint32_t i = 0; i < pairs->count && !plan->none; i++) {
        require_pair(plan, node, &pairs->items[i]);
    }
    return (pairs->answers && pairs->items[0].fields == 0 &&
            before < LEDE_TREE_MAX_LEAVES) ||
           check(plan, node);
}

static void narrow(lede_match_plan *plan, uint32_t begin, uint32_t end)
{
    plan->begin = begin > plan->begin ? begin : plan->begin;
    plan->end = end < plan->end ? end : plan->end;
}

static bool collect(lede_match_plan *plan, const lede_node *node);

/* The operands' words are required; where these stand is a check, and the only
 * one: it says that they are there in the forms and fields that count. */
static bool require_near(lede_match_plan *plan, const lede_node *node)
{
    for (uint32_t i = 0; i < node->child_count && !plan->none; i++) {
        const lede_node *child = node->children[i];

        if (child->type == LEDE_NODE_WORD) {
            require(plan, child->leaf);
        } else if (child->type == LEDE_NODE_PHRASE) {
            for (uint32_t j = 0; j < child->slot_count; j++) {
                require(plan, child->slots[j].leaf);
            }
        } else if (!collect(plan, child)) {
            return false;
        }
    }
    return check(plan, node);
}

static bool require_time(lede_match_plan *plan, const lede_node *node)
{
    lede_match_time time;

    if (!lede_match_time_find(plan->matching, &node->period, &time)) {
        return false;
    }
    narrow(plan, time.begin, time.end);
    return time.set == NULL || check(plan, node);
}

/* Splits a conjunction. */
static bool collect(lede_match_plan *plan, const lede_node *node)
{
    switch (node->type) {
    case LEDE_NODE_WORD:
        require(plan, node->leaf);
        return !lede_match_is_constrained(&node->constraint) ||
               check(plan, node);
    case LEDE_NODE_TERM:
        require(plan, node->leaf);
        return true;
    case LEDE_NODE_PHRASE:
        return require_phrase(plan, node);
    case LEDE_NODE_NEAR:
        return require_near(plan, node);
    case LEDE_NODE_GROUP:
        if (node->need < node->child_count) {
            return node->need == 0 || check(plan, node);
        }
        plan->none = plan->none || node->need > node->child_count;
        for (uint32_t i = 0; i < node->child_count && !plan->none; i++) {
            if (!collect(plan, node->children[i])) {
                return false;
            }
        }
        return true;
    case LEDE_NODE_TIME:
        return require_time(plan, node);
    case LEDE_NODE_NOT:
    case LEDE_NODE_ENTRIES:
    case LEDE_NODE_UPDATED:
        return check(plan, node);
    case LEDE_NODE_NONE:
        plan->none = true;
        return true;
    case LEDE_NODE_ALL:
        break;
    }
    return true;
}

/* --- Covers
 * -------------------------------------------------------------------- */

typedef struct cover {
    bool leaves[LEDE_TREE_MAX_LEAVES];
    uint64_t cost;
} cover;

static void cover_leaf(const lede_match_plan *plan, cover *out, uint32_t leaf)
{
    if (!out->leaves[leaf]) {
        out->leaves[leaf] = true;
        out->cost += lede_matching_lists(plan->matching, leaf)->postings;
    }
}

static bool find_cover(const lede_match_plan *plan, const lede_node *node,
                       cover *out);

/* One child that must match is enough: the cheapest. */
static bool cover_by_one(const lede_match_plan *plan, const lede_node *node,
                         cover *out)
{
    cover best;
    bool found = false;

    for (uint32_t i = 0; i < node->child_count; i++) {
        cover one = *out;

        if (find_cover(plan, node->children[i], &one) &&
            (!found || one.cost < best.cost)) {
            best = one;
            found = true;
        }
    }
    if (found) {
        *out = best;
    }
    return found;
}

/* Adds leaves such that every match of the node has at least one; false if
 * there are none such. */
static bool find_cover(const lede_match_plan *plan, const lede_node *node,
                       cover *out)
{
    uint32_t rarest;

    switch (node->type) {
    case LEDE_NODE_WORD:
    case LEDE_NODE_TERM:
        cover_leaf(plan, out, node->leaf);
        return true;
    case LEDE_NODE_PHRASE:
        if (node->slot_count == 0) {
            return true;
        }
        rarest = node->slots[0].leaf;
        for (uint32_t i = 1; i < node->slot_count; i++) {
            uint32_t leaf = node->slots[i].leaf;

            if (lede_matching_lists(plan->matching, leaf)->postings <
                lede_matching_lists(plan->matching, rarest)->postings) {
                rarest = leaf;
            }
        }
        cover_leaf(plan, out, rarest);
        return true;
    case LEDE_NODE_GROUP:
        if (node->need == 0) {
            return false;
        }
        if (node->need >= node->child_count) {
            return cover_by_one(plan, node, out);
        }
        for (uint32_t i = 0; i < node->child_count; i++) {
            if (!find_cover(plan, node->children[i], out)) {
                return false;
            }
        }
        return true;
    case LEDE_NODE_NEAR:
        return cover_by_one(plan, node, out);
    case LEDE_NODE_NONE:
        return true;
    case LEDE_NODE_NOT:
    case LEDE_NODE_TIME:
    case LEDE_NODE_ENTRIES:
    case LEDE_NODE_UPDATED:
    case LEDE_NODE_ALL:
        break;
    }
    return false;
}

/* A group of plain words is its own cover, with its own need; but if several
 * are needed, one that is there twice would count twice. */
static bool is_plain_group(const lede_node *node)
{
    bool seen[LEDE_TREE_MAX_LEAVES] = {false};

    if (node->type != LEDE_NODE_GROUP) {
        return false;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        const lede_node *child = node->children[i];
        bool plain = child->type == LEDE_NODE_TERM ||
                     (child->type == LEDE_NODE_WORD &&
                      !lede_match_is_constrained(&child->constraint));

        if (!plain || (seen[child->leaf] && node->need > 1)) {
            return false;
        }
        seen[child->leaf] = true;
    }
    return true;
}

static void take_cover(lede_match_plan *plan, const cover *found)
{
    for (uint32_t i = 0; i < plan->matching->tree->leaf_count; i++) {
        if (found->leaves[i] &&
            lede_matching_lists(plan->matching, i)->count > 0) {
            plan->uses[i] = USED;
            plan->cover[plan->cover_count] = i;
            plan->cover_count++;
        }
    }
    plan->none = plan->none || plan->cover_count < plan->need;
}

static void take_group(lede_match_plan *plan, uint32_t check)
{
    plan->need = plan->checks[check]->need;
    plan->check_count--;
    plan->checks[check] = plan->checks[plan->check_count];
}

static bool has_used_leaf(const lede_match_plan *plan, const lede_node *group)
{
    for (uint32_t i = 0; i < group->child_count; i++) {
        if (plan->uses[group->children[i]->leaf] != 0) {
            return true;
        }
    }
    return false;
}

/* Beside required leaves, a group of other plain words is counted while they
 * are looked up, not checked one entry after the other. */
static void choose_group(lede_match_plan *plan)
{
    for (uint32_t i = 0; i < plan->check_count; i++) {
        const lede_node *group = plan->checks[i];
        cover one = {.cost = 0};

        if (is_plain_group(group) && !has_used_leaf(plan, group) &&
            find_cover(plan, group, &one)) {
            take_group(plan, i);
            take_cover(plan, &one);
            return;
        }
    }
}

static void choose_cover(lede_match_plan *plan)
{
    cover best = {.cost = UINT64_MAX};
    uint32_t chosen = UINT32_MAX;

    for (uint32_t i = 0; i < plan->check_count; i++) {
        cover one = {.cost = 0};

        if (find_cover(plan, plan->checks[i], &one) && one.cost < best.cost) {
            best = one;
            chosen = i;
        }
    }
    if (chosen == UINT32_MAX) {
        return;
    }
    plan->need = 1;
    if (is_plain_group(plan->checks[chosen])) {
        take_group(plan, chosen);
    }
    take_cover(plan, &best);
}

static void add_optional(lede_match_plan *plan)
{
    for (uint32_t i = 0; i < plan->matching->tree->leaf_count; i++) {
        if (plan->uses[i] == 0 && plan->matching->leaves[i].weight > 0.0f &&
            lede_matching_lists(plan->matching, i)->count > 0) {
            plan->optional[plan->optional_count] = i;
            plan->optional_count++;
        }
    }
}

/* --- Plans
 * --------------------------------------------------------------------- */

/* A phrase of one free word says no more than the word does. */
static bool is_idle(const lede_match_plan *plan, const lede_node *node)
{
    const lede_match_lists *lists;

    if (node->type != LEDE_NODE_PHRASE || node->slot_count != 1 ||
        lede_match_is_constrained(&node->slots[0].constraint)) {
        return false;
    }
    lists = lede_matching_lists(plan->matching, node->slots[0].leaf);
    for (uint32_t i = 0; i < lists->count; i++) {
        if (!lists->items[i].has_positions) {
            return false;
        }
    }
    return true;
}

static void drop_idle_checks(lede_match_plan *plan)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < plan->check_count; i++) {
        if (!is_idle(plan, plan->checks[i])) {
            plan->checks[kept] = plan->checks[i];
            kept++;
        }
    }
    plan->check_count = kept;
}

bool lede_match_plan_make(lede_match_plan *plan, lede_matching *matching)
{
    /* What counts how many there are is zeroed, not the rooms for all. */
    plan->matching = matching;
    plan->none = false;
    plan->begin = 0;
    plan->end = matching->entries;
    plan->required_count = plan->pair_count = plan->cover_count = 0;
    plan->need = plan->optional_count = 0;
    plan->checks = NULL;
    plan->check_count = plan->check_cap = 0;
    plan->nodes = (lede_match_nodes){.matching = matching};
    plan->compiled = NULL;
    plan->root = NULL;
    memset(plan->implied, 0,
           matching->tree->leaf_count * sizeof *plan->implied);
    memset(plan->uses, 0, matching->tree->leaf_count * sizeof *plan->uses);
    if (matching->options.has_as_of && matching->options.as_of != INT64_MAX) {
        narrow(plan,
               lede_segment_first_before(matching->segment,
                                         matching->options.as_of + 1),
               matching->entries);
    }
    if (!collect(plan, matching->tree->root)) {
        return false;
    }
    drop_idle_checks(plan);
    if (!plan->none && plan->required_count > 0) {
        choose_group(plan);
    } else if (!plan->none) {
        choose_cover(plan);
    }
    add_optional(plan);
    plan->none = plan->none || plan->begin >= plan->end;
    return matching->status == LEDE_OK;
}

void lede_match_plan_done(lede_match_plan *plan)
{
    lede_match_nodes_done(&plan->nodes);
}

bool lede_match_plan_cover_leads(const lede_match_plan *plan)
{
    uint64_t postings = 0;

    for (uint32_t i = 0; i < plan->cover_count; i++) {
        postings +=
            lede_matching_lists(plan->matching, plan->cover[i])->postings;
    }
    for (uint32_t i = 0; i < plan->required_count; i++) {
        if (lede_matching_lists(plan->matching, plan->required[i])->postings <=
            postings) {
            return false;
        }
    }
    for (uint32_t i = 0; i < plan->pair_count; i++) {
        if (plan->pairs[i]->postings <= postings) {
            return false;
        }
    }
    return plan->cover_count > 0;
}

/* --- What checks say, for those who need not ask them
 * --------------------------- */

static bool is_plain_leaf(const lede_node *node)
{
    return node->type == LEDE_NODE_TERM ||
           (node->type == LEDE_NODE_WORD &&
            !lede_match_is_constrained(&node->constraint));
}

/* Whether the check is NOT of plain words, of which one is enough. */
static bool excludes_leaves(const lede_node *check)
{
    const lede_node *child;

    if (check->type != LEDE_NODE_NOT) {
        return false;
    }
    child = check->children[0];
    if (child->type != LEDE_NODE_GROUP) {
        return is_plain_leaf(child);
    }
    for (uint32_t i = 0; i < child->child_count; i++) {
        if (!is_plain_leaf(child->children[i])) {
            return false;
        }
    }
    return child->need == 1;
}

static void exclude(const lede_match_plan *plan, lede_match_excluded *out,
                    uint32_t leaf)
{
    bool is_known = lede_matching_lists(plan->matching, leaf)->count == 0;

    for (uint32_t i = 0; i < out->count && !is_known; i++) {
        is_known = out->leaves[i] == leaf;
    }
    if (!is_known) {
        out->leaves[out->count++] = leaf;
    }
}

void lede_match_plan_take_excluded(lede_match_plan *plan,
                                   lede_match_excluded *out)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < plan->check_count; i++) {
        const lede_node *check = plan->checks[i];

        if (!excludes_leaves(check)) {
            plan->checks[kept++] = check;
        } else if (check->children[0]->type == LEDE_NODE_GROUP) {
            for (uint32_t j = 0; j < check->children[0]->child_count; j++) {
                exclude(plan, out, check->children[0]->children[j]->leaf);
            }
        } else {
            exclude(plan, out, check->children[0]->leaf);
        }
    }
    plan->check_count = kept;
}

uint8_t lede_match_plan_fields(const lede_match_plan *plan, uint32_t leaf)
{
    const lede_match_lists *lists = lede_matching_lists(plan->matching, leaf);

    if (lists->count != 1 || !lede_match_has_fields(lists->terms[0])) {
        return 0;
    }
    for (uint32_t i = 0; i < plan->check_count; i++) {
        const lede_node *check = plan->checks[i];
        uint8_t fields = check->constraint.fields & LEDE_ALL_FIELDS;

        if (check->type == LEDE_NODE_WORD && check->leaf == leaf &&
            fields != LEDE_ALL_FIELDS) {
            return fields;
        }
    }
    return 0;
}

bool lede_match_plan_compile_root(lede_match_plan *plan)
{
    plan->root =
        lede_match_node_compile(&plan->nodes, plan->matching->tree->root);
    return plan->root != NULL;
}

static bool compile_checks(lede_match_plan *plan)
{
    plan->compiled = lede_matching_get(plan->matching, plan->check_count,
                                       sizeof(lede_match_node *));
    for (uint32_t i = 0; plan->compiled != NULL && i < plan->check_count; i++) {
        plan->compiled[i] =
            lede_match_node_compile(&plan->nodes, plan->checks[i]);
        if (plan->compiled[i] == NULL) {
            plan->compiled = NULL;
        }
    }
    return plan->compiled != NULL;
}

void lede_match_plan_rewind(lede_match_plan *plan)
{
    plan->compiled = NULL;
}

bool lede_match_plan_accepts(lede_match_plan *plan, uint32_t entry)
{
    if (lede_matching_is_deleted(plan->matching, entry)) {
        return false;
    }
    if (plan->check_count == 0) {
        return true;
    }
    if (plan->compiled == NULL && !compile_checks(plan)) {
        return false;
    }
    for (uint32_t i = 0; i < plan->check_count; i++) {
        if (!lede_match_node_matches(&plan->nodes, plan->compiled[i], entry)) {
            return false;
        }
    }
    return true;
}
