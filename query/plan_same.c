#include "query/plan_same.h"

#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

static uint64_t mix_word(uint64_t hash, uint32_t leaf,
                         const lede_constraint *constraint)
{
    hash = mix(hash, leaf);
    return mix(hash, (uint64_t)constraint->exact << 16 |
                         (uint64_t)constraint->case_least << 8 |
                         constraint->fields);
}

static uint64_t hash_of(const lede_node *node)
{
    uint64_t hash = mix(0, (uint64_t)node->type);
    uint32_t i;

    hash = mix_word(hash, node->leaf, &node->constraint);
    hash = mix(hash, (uint64_t)node->period.begin);
    hash = mix(hash, (uint64_t)node->period.end);
    hash = mix(hash, node->need);
    hash = mix(hash, (uint64_t)node->near.how << 32 | node->near.distance);
    hash = mix(hash, node->near.gaps);
    for (i = 0; i < node->slot_count; i++) {
        hash = mix_word(hash, node->slots[i].leaf, &node->slots[i].constraint);
    }
    for (i = 0; i < node->key_count; i++) {
        hash = mix(hash, node->keys[i]);
    }
    for (i = 0; i < node->child_count; i++) {
        hash = mix(hash, hash_of(node->children[i]));
    }
    return hash;
}

static bool same_constraint(const lede_constraint *a, const lede_constraint *b)
{
    return a->exact == b->exact && a->case_least == b->case_least &&
           a->fields == b->fields;
}

static bool same_period(const lede_period *a, const lede_period *b)
{
    return a->begin == b->begin && a->end == b->end &&
           a->days.begin == b->days.begin && a->days.end == b->days.end &&
           a->days.begun == b->days.begun;
}

bool lede_node_is_same(const lede_node *a, const lede_node *b)
{
    uint32_t i;

    if (a->type != b->type || a->leaf != b->leaf ||
        !same_period(&a->period, &b->period) || a->near.how != b->near.how ||
        a->near.distance != b->near.distance || a->near.gaps != b->near.gaps ||
        a->need != b->need || a->slot_count != b->slot_count ||
        a->child_count != b->child_count || a->key_count != b->key_count ||
        (a->key_count > 0 &&
         memcmp(a->keys, b->keys, a->key_count * sizeof *a->keys) != 0) ||
        !same_constraint(&a->constraint, &b->constraint)) {
        return false;
    }
    for (i = 0; i < a->slot_count; i++) {
        if (a->slots[i].leaf != b->slots[i].leaf ||
            !same_constraint(&a->slots[i].constraint,
                             &b->slots[i].constraint)) {
            return false;
        }
    }
    for (i = 0; i < a->child_count; i++) {
        if (!lede_node_is_same(a->children[i], b->children[i])) {
            return false;
        }
    }
    return true;
}

/* Where the node is, or where it would stand. */
static uint32_t find(const lede_node_set *set, const lede_node *node)
{
    uint32_t at = (uint32_t)hash_of(node) & (set->cap - 1);

    while (set->nodes[at] != NULL && !lede_node_is_same(set->nodes[at], node)) {
        at = (at + 1) & (set->cap - 1);
    }
    return at;
}

static bool grow(lede_node_set *set, lede_planner *planner)
{
    lede_node_set more = {NULL, set->cap == 0 ? 8 : set->cap * 2, set->count};
    uint32_t i;

    more.nodes = lede_plan_array(planner, more.cap, sizeof(lede_node *));
    if (more.nodes == NULL) {
        return false;
    }
    for (i = 0; i < set->cap; i++) {
        if (set->nodes[i] != NULL) {
            more.nodes[find(&more, set->nodes[i])] = set->nodes[i];
        }
    }
    *set = more;
    return true;
}

bool lede_node_set_put(lede_node_set *set, lede_planner *planner,
                       lede_node *node)
{
    uint32_t at;

    if (set->count * 2 >= set->cap && !grow(set, planner)) {
        return false;
    }
    at = find(set, node);
    if (set->nodes[at] != NULL) {
        return false;
    }
    set->nodes[at] = node;
    set->count++;
    return true;
}
