#include "indexer/sort.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct sorter {
    uint8_t *items;
    size_t item_bytes;
    int (*compare)(const void *left, const void *right);
} sorter;

static uint8_t *at(const sorter *s, size_t i)
{
    return s->items + i * s->item_bytes;
}

static bool is_less(const sorter *s, size_t i, size_t j)
{
    return s->compare(at(s, i), at(s, j)) < 0;
}

static void swap(const sorter *s, size_t i, size_t j)
{
    uint8_t *a = at(s, i), *b = at(s, j), kept[64];
    size_t left = s->item_bytes;

    while (left > 0) {
        size_t n = left < sizeof kept ? left : sizeof kept;

        memcpy(kept, a, n);
        memcpy(a, b, n);
        memcpy(b, kept, n);
        a += n;
        b += n;
        left -= n;
    }
}

static bool is_in_order(const sorter *s, size_t count)
{
    size_t i;

    for (i = 1; i < count; i++) {
        if (is_less(s, i, i - 1)) {
            return false;
        }
    }
    return true;
}

/* Lets an item sink until no child is larger. */
static void sink(const sorter *s, size_t i, size_t count)
{
    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= count) {
            return;
        }
        if (child + 1 < count && is_less(s, child, child + 1)) {
            child++;
        }
        if (!is_less(s, i, child)) {
            return;
        }
        swap(s, i, child);
        i = child;
    }
}

void lede_sort(void *items, size_t count, size_t item_bytes,
               int (*compare)(const void *left, const void *right))
{
    sorter s = {items, item_bytes, compare};
    size_t i;

    if (count < 2 || is_in_order(&s, count)) {
        return;
    }
    for (i = count / 2; i-- > 0;) {
        sink(&s, i, count);
    }
    for (i = count; i-- > 1;) {
        swap(&s, 0, i);
        sink(&s, 0, i);
    }
}
