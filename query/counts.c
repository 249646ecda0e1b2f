#include "query/counts.h"

#include <stdlib.h>

#include "base/hash.h"

enum { FIRST_SLOTS = 64 };

/* The slot of a name, or the free one where it belongs. */
static uint32_t *find_slot(const lede_counts *counts, lede_span name)
{
    uint32_t mask = counts->slot_count - 1;
    uint32_t at = (uint32_t)lede_hash64(name) & mask;

    while (counts->slots[at] != 0 &&
           !lede_span_equal(counts->items[counts->slots[at] - 1].name, name)) {
        at = (at + 1) & mask;
    }
    return &counts->slots[at];
}

/* Twice the room, and the slots half empty at most. */
static bool grow(lede_counts *counts)
{
    uint32_t slot_count = counts->slot_count == 0 ? (uint32_t)FIRST_SLOTS
                                                  : counts->slot_count * 2;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    lede_count *items =
        slots == NULL || slot_count > 1u << 30
            ? NULL
            : realloc(counts->items, slot_count / 2 * sizeof *items);

    if (items == NULL) {
        free(slots);
        return false;
    }
    free(counts->slots);
    counts->items = items;
    counts->cap = slot_count / 2;
    counts->slots = slots;
    counts->slot_count = slot_count;
    for (uint32_t i = 0; i < counts->count; i++) {
        *find_slot(counts, items[i].name) = i + 1;
    }
    return true;
}

bool lede_counts_add(lede_counts *counts, lede_span name, uint64_t count)
{
    uint32_t *slot;
    lede_span kept;

    if (counts->count == counts->cap && !grow(counts)) {
        return false;
    }
    slot = find_slot(counts, name);
    if (*slot == 0) {
        kept = lede_arena_copy(&counts->names, name);
        if (kept.bytes == NULL) {
            return false;
        }
        counts->items[counts->count] = (lede_count){.name = kept};
        *slot = ++counts->count;
    }
    counts->items[*slot - 1].count += count;
    return true;
}

bool lede_counts_get(const lede_counts *counts, lede_span name, uint64_t *out)
{
    uint32_t slot = counts->slot_count == 0 ? 0 : *find_slot(counts, name);

    if (slot != 0) {
        *out = counts->items[slot - 1].count;
    }
    return slot != 0;
}

static int compare(const void *a, const void *b)
{
    const lede_count *x = a, *y = b;

    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return lede_span_compare(x->name, y->name);
}

void lede_counts_sort(lede_counts *counts)
{
    if (counts->count > 1) {
        qsort(counts->items, counts->count, sizeof *counts->items, compare);
    }
}

void lede_counts_done(lede_counts *counts)
{
    free(counts->items);
    free(counts->slots);
    lede_arena_done(&counts->names);
    *counts = (lede_counts){0};
}
