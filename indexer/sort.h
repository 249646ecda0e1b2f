/* sort.h - "put these in order without taking memory"
 *
 * qsort of the C library may copy the whole array onto the heap, which is where
 * a run's memory is bounded. This is Williams's heapsort, in place ("Algorithm
 * 232", 1964), after a look whether the items are in order already, as they
 * mostly are here. Not stable.
 *
 * Threads: pure. */
#ifndef LEDE_INDEXER_SORT_H
#define LEDE_INDEXER_SORT_H

#include <stddef.h>

/* As qsort; `items` may be NULL if there are none. */
void lede_sort(void *items, size_t count, size_t item_bytes,
               int (*compare)(const void *left, const void *right));

#endif
