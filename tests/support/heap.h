/* heap.h - how much of the heap is in use at most, while something runs
 *
 * Libraries' memory counts; what is mapped does not. One watch at a time. */
#ifndef LEDE_TESTS_SUPPORT_HEAP_H
#define LEDE_TESTS_SUPPORT_HEAP_H

#include <stddef.h>

/* A thread looks each millisecond. */
void heap_watch_begin(void);
/* The most bytes that were in use since, beyond those at the beginning. */
size_t heap_watch_end(void);

#endif
