#include "query/marks.h"

#include <stdlib.h>

#include "query/near_spots.h"

/* A chain that could branch at every word stops after so many steps. */
enum { MAX_STEPS = 4096 };

typedef struct finder {
    const lede_tree *tree;
    const lede_spots *spots;
    lede_arena *arena;
    lede_found *items;
    uint32_t count, cap;
    uint32_t steps;
    bool failed;
} finder;

static void put_found(finder *f, const lede_spot *first, const lede_spot *last)
{
    if (f->count == f->cap) {
        uint32_t cap = f->cap == 0 ? 32 : f->cap * 2;
        lede_found *items = lede_arena_array(f->arena, cap, sizeof *items);

        if (items == NULL) {
            f->failed = true;
            return;
        }
        if (f->count > 0) {
            memcpy(items, f->items, f->count * sizeof *items);
        }
        f->items = items;
        f->cap = cap;
    }
    f->items[f->count].section = first->section;
    f->items[f->count].leaf = first->leaf;
    f->items[f->count].begin = first->begin;
    f->items[f->count].end = last->end;
    f->count++;
}

static bool spot_fits(const finder *f, const lede_spot *spot, uint32_t leaf,
                      const lede_constraint *constraint)
{
    return spot->leaf == leaf && lede_spot_counts(f->spots, spot, constraint);
}

static void find_word(finder *f, const lede_node *node)
{
    uint32_t i;

    for (i = 0; i < f->spots->count && !f->failed; i++) {
        const lede_spot *spot = &f->spots->items[i];

        if (spot_fits(f, spot, node->leaf, &node->constraint)) {
            put_found(f, spot, spot);
        }
    }
}

/* The last spot of slots from `slot` on, the first of which stands right
 * behind `before`; NULL if they do not. */
static const lede_spot *follow(finder *f, const lede_node *node, uint32_t slot,
                               const lede_spot *before)
{
    uint32_t position = before->position + before->width;
    uint32_t i;

    if (slot == node->slot_count) {
        return before;
    }
    for (i = lede_spots_from(f->spots, position);
         i < f->spots->count && f->spots->items[i].position == position; i++) {
        const lede_spot *spot = &f->spots->items[i];
        const lede_spot *last;

        if (spot->section != before->section ||
            !spot_fits(f, spot, node->slots[slot].leaf,
                       &node->slots[slot].constraint) ||
            ++f->steps > MAX_STEPS) {
            continue;
        }
        last = follow(f, node, slot + 1, spot);
        if (last != NULL) {
            return last;
        }
    }
    return NULL;
}

static void find_phrase(finder *f, const lede_node *node)
{
    uint32_t i;

    for (i = 0; i < f->spots->count && !f->failed; i++) {
        const lede_spot *spot = &f->spots->items[i];
        const lede_spot *last;

        if (!spot_fits(f, spot, node->slots[0].leaf,
                       &node->slots[0].constraint)) {
            continue;
        }
        f->steps = 0;
        last = follow(f, node, 1, spot);
        if (last != NULL) {
            put_found(f, spot, last);
        }
    }
}

static void put_stretch(void *ctx, const lede_spot *first,
                        const lede_spot *last)
{
    put_found(ctx, first, last);
}

static void find_near(finder *f, const lede_node *node)
{
    if (!lede_near_spots_each(f->spots, node, put_stretch, f)) {
        f->failed = true;
    }
}

static void find_node(finder *f, const lede_node *node)
{
    uint32_t i;

    switch (node->type) {
    case LEDE_NODE_WORD:
        find_word(f, node);
        break;
    case LEDE_NODE_PHRASE:
        find_phrase(f, node);
        break;
    case LEDE_NODE_NEAR:
        find_near(f, node);
        break;
    case LEDE_NODE_GROUP:
        for (i = 0; i < node->child_count && !f->failed; i++) {
            find_node(f, node->children[i]);
        }
        break;
    default:
        break;
    }
}

static int compare_found(const void *a, const void *b)
{
    const lede_found *x = a;
    const lede_found *y = b;

    if (x->section != y->section) {
        return x->section < y->section ? -1 : 1;
    }
    if (x->begin != y->begin) {
        return x->begin < y->begin ? -1 : 1;
    }
    if (x->end != y->end) {
        return x->end < y->end ? -1 : 1;
    }
    return (x->leaf > y->leaf) - (x->leaf < y->leaf);
}

bool lede_marks_find(const lede_tree *tree, const lede_spots *spots,
                     lede_arena *arena, lede_found **out, uint32_t *count)
{
    finder f = {0};

    f.tree = tree;
    f.spots = spots;
    f.arena = arena;
    find_node(&f, tree->root);
    if (f.failed) {
        return false;
    }
    if (f.count > 0) {
        qsort(f.items, f.count, sizeof *f.items, compare_found);
    }
    *out = f.items;
    *count = f.count;
    return true;
}

bool lede_marks_merge(const lede_found *found, uint32_t count, size_t begin,
                      size_t end, int64_t shift, lede_arena *arena,
                      const lede_mark **out, uint32_t *out_count)
{
    lede_mark *marks = lede_arena_array(arena, count + 1, sizeof *marks);
    uint32_t merged = 0;
    uint32_t i;

    if (marks == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        uint32_t from = (uint32_t)((int64_t)found[i].begin + shift);
        uint32_t to = (uint32_t)((int64_t)found[i].end + shift);

        if (found[i].begin < begin || found[i].end > end) {
            continue;
        }
        if (merged > 0 && from <= marks[merged - 1].end) {
            marks[merged - 1].end =
                to > marks[merged - 1].end ? to : marks[merged - 1].end;
        } else {
            marks[merged].begin = from;
            marks[merged].end = to;
            merged++;
        }
    }
    *out = marks;
    *out_count = merged;
    return true;
}
