/* map.h - "which number goes with this key?"
 *
 * A hash map from 64-bit keys (hashes already) to 32-bit numbers, and nothing
 * more: no removal. All-zero is an empty map on the heap; one with an arena
 * takes its room from there, and what it outgrew stays there too.
 *
 * Threads: a map belongs to one thread. */
#ifndef LEDE_INDEXER_MAP_H
#define LEDE_INDEXER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define LEDE_MAP_NONE UINT32_MAX

typedef struct lede_map {
    uint64_t *keys;
    uint32_t *numbers; /* LEDE_MAP_NONE = free */
    uint32_t size, count;
    lede_arena *arena; /* NULL: the heap */
} lede_map;

void lede_map_done(lede_map *map);
/* The number of a key, or LEDE_MAP_NONE. */
uint32_t lede_map_get(const lede_map *map, uint64_t key);
/* Sets a key's number; false when out of memory. */
bool lede_map_put(lede_map *map, uint64_t key, uint32_t number);
size_t lede_map_bytes(const lede_map *map);

#endif
