/* grow.h - "room for one more"
 *
 * Threads: pure. */
#ifndef LEDE_INDEXER_GROW_H
#define LEDE_INDEXER_GROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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

#endif
