/* copies_map.h - "which node stands for this number?"
 *
 * An open-addressed table for storage/copies.c: numbers to numbers of nodes.
 * Grown by doubling; `slots` is the owner's to free.
 *
 * Threads: belongs to one computation. */
#ifndef LEDE_STORAGE_COPIES_MAP_H
#define LEDE_STORAGE_COPIES_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define LEDE_COPIES_NONE UINT32_MAX

typedef struct lede_copies_slot {
    uint64_t key;
    uint32_t node; /* LEDE_COPIES_NONE: free */
} lede_copies_slot;

typedef struct lede_copies_map {
    lede_copies_slot *slots;
    uint32_t count, size;
} lede_copies_map;

static inline uint32_t lede_copies_map_slot(const lede_copies_map *m,
                                            uint64_t key)
{
    return (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (m->size - 1);
}

static inline uint32_t *lede_copies_map_find(const lede_copies_map *m,
                                             uint64_t key)
{
    uint32_t at = lede_copies_map_slot(m, key);

    while (m->slots[at].node != LEDE_COPIES_NONE && m->slots[at].key != key) {
        at = (at + 1) & (m->size - 1);
    }
    m->slots[at].key = key;
    return &m->slots[at].node;
}

static inline bool lede_copies_map_grow(lede_copies_map *m)
{
    lede_copies_map grown = {.size = m->size == 0 ? 1024 : m->size * 2};
    uint32_t i;

    if (m->size > UINT32_MAX / 4) {
        return false;
    }
    grown.slots = malloc((size_t)grown.size * sizeof grown.slots[0]);
    if (grown.slots == NULL) {
        return false;
    }
    for (i = 0; i < grown.size; i++) {
        grown.slots[i].node = LEDE_COPIES_NONE;
    }
    grown.count = m->count;
    for (i = 0; i < m->size; i++) {
        if (m->slots[i].node != LEDE_COPIES_NONE) {
            *lede_copies_map_find(&grown, m->slots[i].key) = m->slots[i].node;
        }
    }
    free(m->slots);
    *m = grown;
    return true;
}

/* The node of a key, or NULL when out of memory; LEDE_COPIES_NONE: to be filled
 * in. */
static inline uint32_t *lede_copies_map_put(lede_copies_map *m, uint64_t key)
{
    uint32_t *node;

    if (m->count >= m->size / 2 && !lede_copies_map_grow(m)) {
        return NULL;
    }
    node = lede_copies_map_find(m, key);
    m->count += *node == LEDE_COPIES_NONE;
    return node;
}

static inline uint32_t lede_copies_map_get(const lede_copies_map *m,
                                           uint64_t key)
{
    return m->size == 0 ? (uint32_t)LEDE_COPIES_NONE
                        : *lede_copies_map_find(m, key);
}

static inline void lede_copies_map_prefetch(const lede_copies_map *m,
                                            uint64_t key)
{
    if (m->size > 0) {
        __builtin_prefetch(&m->slots[lede_copies_map_slot(m, key)]);
    }
}

#endif
