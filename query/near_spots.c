#include "query/near_spots.h"

#include <stdlib.h>

/* Stretches tried one by one, and ways to go on from a phrase's first word. */
enum { MAX_TRIED = 256, MAX_STEPS = 4096 };

typedef struct gathering {
    const lede_spots *spots;
    const lede_node *near;
    lede_stretches *out;
    lede_stretches bytes; /* first and last spot of each, if wanted */
    bool with_spots;
    uint32_t operand;
    uint32_t steps;
} gathering;

static bool fits(const gathering *g, uint32_t spot, uint32_t leaf,
                 const lede_constraint *constraint)
{
    return g->spots->items[spot].leaf == leaf &&
           lede_spot_counts(g->spots, &g->spots->items[spot], constraint);
}

static void put(gathering *g, uint32_t first, uint32_t last)
{
    const lede_spot *begin = &g->spots->items[first];
    const lede_spot *end = &g->spots->items[last];
    lede_stretch stretch = {.begin = begin->position,
                            .end = end->position + end->width,
                            .operand = g->operand};
    lede_stretch bytes = {.begin = first, .end = last};

    stretch.place = lede_near_by_paragraph(&g->near->near)
                        ? begin->section
                        : (uint32_t)g->spots->sections[begin->section].field;
    lede_stretches_put(g->out, &stretch);
    if (g->with_spots) {
        lede_stretches_put(&g->bytes, &bytes);
    }
}

/* All ways to go on with a phrase's slots from `slot` on, behind `before`. */
static void follow(gathering *g, const lede_node *node, uint32_t slot,
                   uint32_t first, uint32_t before)
{
    const lede_spots *spots = g->spots;
    uint32_t position =
        spots->items[before].position + spots->items[before].width;

    if (slot == node->slot_count) {
        put(g, first, before);
        return;
    }
    for (uint32_t i = lede_spots_from(spots, position);
         i < spots->count && spots->items[i].position == position; i++) {
        if (fits(g, i, node->slots[slot].leaf, &node->slots[slot].constraint) &&
            ++g->steps <= MAX_STEPS) {
            follow(g, node, slot + 1, first, i);
        }
    }
}

static void gather(gathering *g, const lede_node *node)
{
    for (uint32_t i = 0; i < node->child_count; i++) {
        gather(g, node->children[i]);
    }
    for (uint32_t i = 0; i < g->spots->count; i++) {
        if (node->type == LEDE_NODE_WORD &&
            fits(g, i, node->leaf, &node->constraint)) {
            put(g, i, i);
        } else if (node->type == LEDE_NODE_PHRASE && node->slot_count > 0 &&
                   fits(g, i, node->slots[0].leaf,
                        &node->slots[0].constraint)) {
            g->steps = 0;
            follow(g, node, 1, i, i);
        }
    }
}

/* False if an operand does not stand anywhere. */
static bool gather_all(gathering *g)
{
    g->out->count = 0;
    for (g->operand = 0; g->operand < g->near->child_count; g->operand++) {
        uint32_t before = g->out->count;

        gather(g, g->near->children[g->operand]);
        if (g->out->count == before) {
            return false;
        }
    }
    return !g->out->failed;
}

static lede_near asked(const lede_node *node)
{
    lede_near near = node->near;

    near.operands = node->child_count;
    return near;
}

bool lede_near_spots_hold(const lede_spots *spots, const lede_node *node,
                          lede_stretches *scratch)
{
    gathering g = {.spots = spots, .near = node, .out = scratch};
    lede_near near = asked(node);

    return gather_all(&g) && lede_stretches_hold(scratch, &near);
}

/* Whether it holds with stretch `index` as the only one of its operand. */
static bool has_part(const lede_stretches *all, uint32_t index,
                     const lede_near *near, lede_stretches *some)
{
    some->count = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        if (i == index || all->items[i].operand != all->items[index].operand) {
            lede_stretches_put(some, &all->items[i]);
        }
    }
    return lede_stretches_hold(some, near);
}

bool lede_near_spots_each(const lede_spots *spots, const lede_node *node,
                          lede_near_spots_fn *fn, void *ctx)
{
    lede_stretches all = {0}, some = {0};
    gathering g = {
        .spots = spots, .near = node, .out = &all, .with_spots = true};
    lede_near near = asked(node);
    bool holds = gather_all(&g);
    bool failed;

    for (uint32_t i = 0; holds && i < all.count && !some.failed; i++) {
        if (i < g.bytes.count &&
            (all.count > MAX_TRIED || has_part(&all, i, &near, &some))) {
            fn(ctx, &spots->items[g.bytes.items[i].begin],
               &spots->items[g.bytes.items[i].end]);
        }
    }
    failed = all.failed || some.failed || g.bytes.failed;
    lede_stretches_done(&all);
    lede_stretches_done(&some);
    lede_stretches_done(&g.bytes);
    return !failed;
}
