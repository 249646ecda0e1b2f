/* match_top.c - the heap of the best hits; see match_top.h. */
#include "query/match_top.h"

#include <stdlib.h>

#include "base/time.h"

void lede_match_top_init(lede_match_top *top, uint64_t k, bool oldest_first)
{
    *top = (lede_match_top){.k = k, .oldest_first = oldest_first};
}

void lede_match_top_done(lede_match_top *top)
{
    free(top->items);
    *top = (lede_match_top){0};
}

/* Unknown dates are the smallest instant: last when newest go first. */
static bool time_before(int64_t a, int64_t b, bool oldest_first)
{
    if (!oldest_first) {
        return a > b;
    }
    return b == LEDE_INSTANT_NONE || (a != LEDE_INSTANT_NONE && a < b);
}

bool lede_match_hit_before(const lede_match_hit *a, const lede_match_hit *b,
                           bool oldest_first)
{
    if (a->score != b->score) {
        return a->score > b->score;
    }
    if (a->segment == b->segment && !oldest_first) {
        return a->entry < b->entry; /* the order of entries in a segment */
    }
    if (a->time != b->time) {
        return time_before(a->time, b->time, oldest_first);
    }
    if (a->key != b->key) {
        return a->key < b->key;
    }
    return a->segment != b->segment ? a->segment < b->segment
                                    : a->entry < b->entry;
}

bool lede_match_hit_behind(const lede_match_hit *hit,
                           const lede_match_hit *after, bool oldest_first)
{
    if (hit->score != after->score) {
        return hit->score < after->score;
    }
    if (hit->time != after->time) {
        return time_before(after->time, hit->time, oldest_first);
    }
    return hit->key > after->key;
}

static bool grow(lede_match_top *top)
{
    uint64_t cap = top->cap < 8 ? 16 : top->cap * 2;
    lede_match_hit *items;

    if (cap > top->k) {
        cap = top->k;
    }
    if (cap > SIZE_MAX / sizeof *items) {
        return false;
    }
    items = realloc(top->items, (size_t)cap * sizeof *items);
    if (items == NULL) {
        return false;
    }
    top->items = items;
    top->cap = cap;
    return true;
}

static void sift_up(lede_match_top *top, uint64_t at)
{
    lede_match_hit hit = top->items[at];

    while (at > 0) {
        uint64_t parent = (at - 1) / 2;

        if (!lede_match_hit_before(&top->items[parent], &hit,
                                   top->oldest_first)) {
            break;
        }
        top->items[at] = top->items[parent];
        at = parent;
    }
    top->items[at] = hit;
}

static void sift_down(lede_match_top *top, const lede_match_hit *hit)
{
    uint64_t at = 0;

    for (;;) {
        uint64_t child = 2 * at + 1;

        if (child >= top->count) {
            break;
        }
        if (child + 1 < top->count &&
            lede_match_hit_before(&top->items[child], &top->items[child + 1],
                                  top->oldest_first)) {
            child++;
        }
        if (!lede_match_hit_before(hit, &top->items[child],
                                   top->oldest_first)) {
            break;
        }
        top->items[at] = top->items[child];
        at = child;
    }
    top->items[at] = *hit;
}

bool lede_match_top_put(lede_match_top *top, const lede_match_hit *hit)
{
    if (top->k == 0) {
        return true;
    }
    if (lede_match_top_is_full(top)) {
        if (lede_match_hit_before(hit, &top->items[0], top->oldest_first)) {
            sift_down(top, hit);
        }
        return true;
    }
    if (top->count == top->cap && !grow(top)) {
        return false;
    }
    top->items[top->count] = *hit;
    top->count++;
    if (top->k != UINT64_MAX) {
        sift_up(top, top->count - 1);
    }
    return true;
}

static int compare(const void *left, const void *right, bool oldest_first)
{
    const lede_match_hit *a = left;
    const lede_match_hit *b = right;

    return lede_match_hit_before(a, b, oldest_first)   ? -1
           : lede_match_hit_before(b, a, oldest_first) ? 1
                                                       : 0;
}

static int compare_newest(const void *left, const void *right)
{
    return compare(left, right, false);
}

static int compare_oldest(const void *left, const void *right)
{
    return compare(left, right, true);
}

void lede_match_top_sort(lede_match_top *top)
{
    if (top->count > 1) {
        qsort(top->items, (size_t)top->count, sizeof *top->items,
              top->oldest_first ? compare_oldest : compare_newest);
    }
}
