#include "indexer/map.h"

#include <stdlib.h>
#include <string.h>

void lede_map_done(lede_map *map)
{
    if (map->arena == NULL) {
        free(map->keys);
        free(map->numbers);
    }
    *map = (lede_map){.arena = map->arena};
}

size_t lede_map_bytes(const lede_map *map)
{
    return (size_t)map->size * (sizeof map->keys[0] + sizeof map->numbers[0]);
}

static uint32_t place_of(const lede_map *map, uint64_t key)
{
    uint32_t at =
        (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (map->size - 1);

    while (map->numbers[at] != LEDE_MAP_NONE && map->keys[at] != key) {
        at = (at + 1) & (map->size - 1);
    }
    return at;
}

uint32_t lede_map_get(const lede_map *map, uint64_t key)
{
    return map->size == 0 ? LEDE_MAP_NONE : map->numbers[place_of(map, key)];
}

static bool grow(lede_map *map)
{
    uint32_t size = map->size == 0 ? 64 : map->size * 2, i;
    lede_map grown = {NULL, NULL, size, map->count, map->arena};

    if (size == 0) {
        return false;
    }
    if (map->arena == NULL) {
        grown.keys = malloc(size * sizeof grown.keys[0]);
        grown.numbers = malloc(size * sizeof grown.numbers[0]);
    } else {
        grown.keys = lede_arena_array(map->arena, size, sizeof grown.keys[0]);
        grown.numbers =
            lede_arena_array(map->arena, size, sizeof grown.numbers[0]);
    }
    if (grown.keys == NULL || grown.numbers == NULL) {
        lede_map_done(&grown);
        return false;
    }
    memset(grown.numbers, 0xff, size * sizeof grown.numbers[0]);
    for (i = 0; i < map->size; i++) {
        if (map->numbers[i] != LEDE_MAP_NONE) {
            uint32_t at = place_of(&grown, map->keys[i]);

            grown.keys[at] = map->keys[i];
            grown.numbers[at] = map->numbers[i];
        }
    }
    lede_map_done(map);
    *map = grown;
    return true;
}

bool lede_map_put(lede_map *map, uint64_t key, uint32_t number)
{
    uint32_t at;

    if ((uint64_t)map->count * 3 >= (uint64_t)map->size * 2 && !grow(map)) {
        return false;
    }
    at = place_of(map, key);
    map->count += map->numbers[at] == LEDE_MAP_NONE;
    map->keys[at] = key;
    map->numbers[at] = number;
    return true;
}
