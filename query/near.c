/* near.c - one pass from left to right; see near.h.
 *
 * Stretches are met by their beginnings, and become ones that others may follow
 * when the pass has reached their ends. What they have behind them is known by
 * then: for ADJ whether the operands before stand there, for SLOP with how much
 * room between them, for NEAR and SAME which sets of operands do. Of those with
 * the same behind them only the last to end matters, since whatever begins
 * later is nearest to it, and in its place if in any one's. */
#include "query/near.h"

#include <assert.h>
#include <stdlib.h>

#include "base/entry_terms.h"

bool lede_near_needs_places(const lede_near *near)
{
    return near->how == LEDE_NEAR_SAME ||
           near->distance + (near->how == LEDE_NEAR_SLOP) > LEDE_SECTION_GAP;
}

bool lede_near_by_paragraph(const lede_near *near)
{
    return lede_near_needs_places(near) &&
           (near->how == LEDE_NEAR_SAME || near->how == LEDE_NEAR_SLOP);
}

static int by_position(const void *left, const void *right)
{
    const lede_stretch *a = left;
    const lede_stretch *b = right;

    if (a->begin != b->begin) {
        return a->begin < b->begin ? -1 : 1;
    }
    return (a->end > b->end) - (a->end < b->end);
}

void lede_stretches_sort(lede_stretch *stretches, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (by_position(&stretches[i - 1], &stretches[i]) > 0) {
            qsort(stretches, count, sizeof *stretches, by_position);
            return;
        }
    }
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* The stretches in the order in which they end: each end, and in its lower half
 * whose it is. */
static void order_ends(const lede_stretch *stretches, uint32_t count,
                       uint64_t *ends)
{
    bool ascend = true;

    for (uint32_t i = 0; i < count; i++) {
        ends[i] = (uint64_t)stretches[i].end << 32 | i;
        ascend = ascend && (i == 0 || ends[i - 1] < ends[i]);
    }
    if (!ascend) {
        qsort(ends, count, sizeof *ends, by_number);
    }
}

/* Whether `next` may follow what ends at `end` in `place`. */
static bool follows(const lede_near *near, const lede_stretch *next,
                    uint32_t end, uint32_t place)
{
    return next->place == place &&
           (near->how == LEDE_NEAR_SAME || next->begin - end < near->distance);
}

/* --- In order
 * ---------------------------------------------------------------------------
 */

/* The last of an operand that stretches of the next may follow. */
typedef struct last {
    bool is_there;
    uint32_t end, place;
    int64_t room; /* SLOP: the least room so far, less the end it is up to */
} last;

static void admit_ordered(const lede_near *near, const lede_stretch *from,
                          uint64_t state, last *lasts)
{
    last *l = &lasts[from->operand];
    int64_t room = (int64_t)state - 1 - (int64_t)from->end;

    if (state == 0) {
        return;
    }
    if (near->how == LEDE_NEAR_SLOP && l->is_there && l->place == from->place &&
        l->room < room) {
        room = l->room;
    }
    *l = (last){true, from->end, from->place, room};
}

/* 0, or 1 and the room that the operands up to this one have between them. */
static uint64_t reach(const lede_near *near, const lede_stretch *next,
                      const last *lasts)
{
    const last *before;

    if (next->operand == 0) {
        return 1;
    }
    before = &lasts[next->operand - 1];
    if (!before->is_there || before->place != next->place) {
        return 0;
    }
    if (near->how == LEDE_NEAR_ADJ) {
        return follows(near, next, before->end, before->place);
    }
    return before->room + (int64_t)next->begin <= (int64_t)near->distance
               ? (uint64_t)(before->room + (int64_t)next->begin + 1)
               : 0;
}

static bool holds_ordered(const lede_near *near, const lede_stretch *stretches,
                          uint32_t count, const uint64_t *ends,
                          uint64_t *states)
{
    last lasts[LEDE_NEAR_MAX_ORDERED];
    uint32_t ended = 0;

    for (uint32_t i = 0; i < near->operands; i++) {
        lasts[i].is_there = false;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (; ends[ended] >> 32 <= stretches[i].begin; ended++) {
            uint32_t from = (uint32_t)ends[ended];

            admit_ordered(near, &stretches[from], states[from], lasts);
        }
        states[i] = reach(near, &stretches[i], lasts);
        if (states[i] != 0 && stretches[i].operand + 1 == near->operands) {
            return true;
        }
    }
    return false;
}

/* --- With gaps
 * ---------------------------------------------------------------------------
 */

/* Whether one of the operand before ends where the gap in front of `next`
 * begins. */
static bool is_behind_gap(const lede_near *near, const lede_stretch *next,
                          const lede_stretch *stretches, uint32_t count,
                          const uint64_t *ends, const uint64_t *states)
{
    uint32_t gap = near->gaps >> (4 * (next->operand - 1)) & 15;
    uint64_t end = (uint64_t)next->begin - gap;
    uint32_t low = 0, high = count;

    if (next->begin < gap) {
        return false;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (ends[middle] >> 32 < end) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < count && ends[low] >> 32 == end; low++) {
        uint32_t from = (uint32_t)ends[low]; /* met: it begins before `next` */

        if (stretches[from].operand + 1 == next->operand && states[from] != 0 &&
            stretches[from].place == next->place) {
            return true;
        }
    }
    return false;
}

static bool holds_gaps(const lede_near *near, const lede_stretch *stretches,
                       uint32_t count, const uint64_t *ends, uint64_t *states)
{
    for (uint32_t i = 0; i < count; i++) {
        const lede_stretch *next = &stretches[i];

        states[i] = next->operand == 0 ||
                    is_behind_gap(near, next, stretches, count, ends, states);
        if (states[i] != 0 && next->operand + 1 == near->operands) {
            return true;
        }
    }
    return false;
}

/* --- In any order
 * ------------------------------------------------------------------------
 */

/* A set of sets of operands, a bit for each. */
enum { SET_WORDS = LEDE_NEAR_SCRATCH - 1 };

typedef struct latest {
    uint32_t end, place; /* end 0: none has this set behind it */
} latest;

static void admit(const lede_stretch *from, const uint64_t *sets,
                  uint32_t subsets, latest *lasts)
{
    for (uint32_t set = 1; set < subsets; set++) {
        if (sets[set / 64] >> (set % 64) & 1) {
            lasts[set] = (latest){from->end, from->place};
        }
    }
}

/* The sets that end with `next`; true if one of them has all operands. */
static bool gather(const lede_near *near, const lede_stretch *next,
                   uint32_t subsets, const latest *lasts, uint64_t *sets)
{
    uint32_t own = 1u << next->operand;

    for (uint32_t i = 0; i < SET_WORDS; i++) {
        sets[i] = 0;
    }
    sets[own / 64] |= UINT64_C(1) << (own % 64);
    for (uint32_t set = 1; set < subsets; set++) {
        if ((set & own) == 0 && lasts[set].end > 0 &&
            follows(near, next, lasts[set].end, lasts[set].place)) {
            uint32_t more = set | own;

            sets[more / 64] |= UINT64_C(1) << (more % 64);
        }
    }
    return (sets[(subsets - 1) / 64] >> ((subsets - 1) % 64) & 1) != 0;
}

static bool holds_unordered(const lede_near *near,
                            const lede_stretch *stretches, uint32_t count,
                            const uint64_t *ends, uint64_t *states)
{
    latest lasts[1 << LEDE_NEAR_MAX_OPERANDS];
    uint32_t subsets = 1u << near->operands;
    uint32_t ended = 0;

    for (uint32_t set = 0; set < subsets; set++) {
        lasts[set].end = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (; ends[ended] >> 32 <= stretches[i].begin; ended++) {
            uint32_t from = (uint32_t)ends[ended];

            admit(&stretches[from], states + (size_t)from * SET_WORDS, subsets,
                  lasts);
        }
        if (gather(near, &stretches[i], subsets, lasts,
                   states + (size_t)i * SET_WORDS)) {
            return true;
        }
    }
    return false;
}

bool lede_near_holds(const lede_near *near, const lede_stretch *stretches,
                     uint32_t count, uint64_t *scratch)
{
    assert(near->operands > 0 && near->operands <= lede_near_most(near->how));
    if (count == 0) {
        return false;
    }
    order_ends(stretches, count, scratch);
    if (near->how == LEDE_NEAR_GAP) {
        return holds_gaps(near, stretches, count, scratch, scratch + count);
    }
    return near->how == LEDE_NEAR_ADJ || near->how == LEDE_NEAR_SLOP
               ? holds_ordered(near, stretches, count, scratch, scratch + count)
               : holds_unordered(near, stretches, count, scratch,
                                 scratch + count);
}

/* --- Gathering
 * ------------------------------------------------------------------------- */

void lede_stretches_done(lede_stretches *stretches)
{
    free(stretches->items);
    free(stretches->scratch);
    *stretches = (lede_stretches){0};
}

void lede_stretches_put(lede_stretches *stretches, const lede_stretch *stretch)
{
    if (stretches->count == stretches->cap) {
        uint32_t cap = stretches->cap == 0 ? 64 : stretches->cap * 2;
        lede_stretch *items =
            cap < stretches->cap
                ? NULL
                : realloc(stretches->items, (size_t)cap * sizeof *items);

        if (items == NULL) {
            stretches->failed = true;
            stretches->count = 0;
            return;
        }
        stretches->items = items;
        stretches->cap = cap;
    }
    stretches->items[stretches->count++] = *stretch;
}

bool lede_stretches_hold(lede_stretches *stretches, const lede_near *near)
{
    if (stretches->scratch_cap < stretches->count) {
        uint64_t *scratch = realloc(stretches->scratch, (size_t)stretches->cap *
                                                            LEDE_NEAR_SCRATCH *
                                                            sizeof *scratch);

        if (scratch == NULL) {
            stretches->failed = true;
            return false;
        }
        stretches->scratch = scratch;
        stretches->scratch_cap = stretches->cap;
    }
    lede_stretches_sort(stretches->items, stretches->count);
    return lede_near_holds(near, stretches->items, stretches->count,
                           stretches->scratch);
}
