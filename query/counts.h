/* counts.h - "how many of each?"
 *
 * A table from short texts to numbers. Texts are copied. All-zero is empty;
 * done frees.
 *
 * Threads: a table belongs to one thread. */
#ifndef LEDE_QUERY_COUNTS_H
#define LEDE_QUERY_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

typedef struct lede_count {
    lede_span name;
    uint64_t count;
} lede_count;

typedef struct lede_counts {
    lede_count *items; /* in the order they came, until sorted */
    uint32_t count, cap;
    uint32_t
        *slots; /* private: number + 1 of an item, a power of two of them */
    uint32_t slot_count;
    lede_arena names;
} lede_counts;

/* False when out of memory. */
bool lede_counts_add(lede_counts *counts, lede_span name, uint64_t count);
/* False if it is not there. */
bool lede_counts_get(const lede_counts *counts, lede_span name, uint64_t *out);
/* The largest first, equal ones by name. Nothing may be added afterwards. */
void lede_counts_sort(lede_counts *counts);
void lede_counts_done(lede_counts *counts);

#endif
