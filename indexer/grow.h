/* grow.h - "room for one more"
 *
 * Threads: pure. */
#ifndef LEDE_INDEXER_GROW_H
#define LEDE_INDEXER_GROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* The array with room for one more item, moved if need be, *cap grown by half;
 * NULL (and the array as it was) when out of memory. */
static inline void *lede_grown(void *items, uint32_t count, uint32_t *cap,
                               size_t item_bytes)
{
    uint32_t wanted = *cap + *cap / 2 + 16;
    void *grown;

    if (count < *cap) {
        return items;
    }
    if (wanted < *cap) {
        return NULL;
    }
    grown = realloc(items, wanted * item_bytes);
    if (grown != NULL) {
        *cap = wanted;
    }
    return grown;
}

/* Likewise in an arena, where the outgrown array stays. */
static inline void *lede_grown_in(lede_arena *arena, void *items,
                                  uint32_t count, uint32_t *cap,
                                  size_t item_bytes)
{
    uint32_t wanted = *cap + *cap + 16;
    void *grown;

    if (count < *cap) {
        return items;
    }
    if (wanted < *cap) {
        return NULL;
    }
    grown = lede_arena_array(arena, wanted, item_bytes);
    if (grown != NULL) {
        if (count > 0) {
            memcpy(grown, items, count * item_bytes);
        }
        *cap = wanted;
    }
    return grown;
}

#endif
