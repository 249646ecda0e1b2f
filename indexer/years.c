#include "indexer/years.h"

#include "indexer/sort.h"

static const int64_t day_s = 24 * 60 * 60;

/* How far a source is believed: formats of pages differ most in this. */
static int trust_of(const lede_when *when)
{
    if (when->instant == LEDE_INSTANT_NONE) {
        return 0;
    }
    switch (when->year_source) {
    case LEDE_YEAR_EXPLICIT:
        return 9;
    case LEDE_YEAR_OPTION:
        return 8;
    case LEDE_YEAR_METADATA:
        return 7;
    case LEDE_YEAR_PAGE:
        return 6;
    case LEDE_YEAR_CAPTURE:
        return 5;
    case LEDE_YEAR_URL:
        return 4;
    case LEDE_YEAR_FILENAME:
        return 3;
    case LEDE_YEAR_WEEKDAY:
        return 2;
    case LEDE_YEAR_MTIME:
        return 1;
    case LEDE_YEAR_NONE:
        break;
    }
    return 0;
}

static bool is_anchor(const lede_when *when)
{
    return when->instant != LEDE_INSTANT_NONE && lede_when_is_trusted(when);
}

static int64_t distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

static bool has_day(const lede_when *when)
{
    return when->local.month >= 1 && when->local.month <= 12 &&
           when->local.day >= 1 && when->precision >= LEDE_PRECISION_DAY;
}

lede_when lede_years_move(const lede_when *when, int64_t anchor,
                          lede_year_source source)
{
    lede_when best = *when;
    int64_t nearest = INT64_MAX;
    lede_civil local = when->local, center;
    int32_t step;

    if (!has_day(when)) {
        return best;
    }
    lede_civil_from_instant(anchor, when->offset_min * 60, &center);
    for (step = -1; step <= 1; step++) {
        int64_t instant;

        local.year = center.year + step;
        if (local.year < LEDE_YEAR_MIN ||
            local.day > lede_days_in_month(local.year, local.month)) {
            continue;
        }
        instant = lede_instant_from_civil(&local, when->offset_min * 60);
        if (distance(instant, anchor) < nearest) {
            nearest = distance(instant, anchor);
            best.local.year = local.year;
            best.instant = instant;
            best.year_source = source;
        }
    }
    return best;
}

/* The most trusted date among the versions of one entry; NULL if none is
 * trusted. The newest version wins a tie, being last. */
static const lede_when *own_anchor(const lede_pages *pages,
                                   const lede_live_class *c)
{
    const lede_when *best = NULL;
    uint32_t i;

    for (i = c->first; i < c->first + c->count; i++) {
        const lede_when *when = &pages->members[i]->claim.published;

        if (is_anchor(when) &&
            (best == NULL || trust_of(when) >= trust_of(best))) {
            best = when;
        }
    }
    return best;
}

/* --- The nearest date of a page ------------------------------------------ */

/* By time; of the same time the most trusted one alone. */
typedef struct anchors {
    const lede_when **items;
    uint32_t count;
} anchors;

static int compare_anchors(const void *left, const void *right)
{
    const lede_when *a = *(const lede_when *const *)left;
    const lede_when *b = *(const lede_when *const *)right;

    if (a->instant != b->instant) {
        return a->instant < b->instant ? -1 : 1;
    }
    return trust_of(b) - trust_of(a);
}

static void sort_anchors(anchors *all)
{
    uint32_t i, n = 0;

    lede_sort(all->items, all->count, sizeof all->items[0], compare_anchors);
    for (i = 0; i < all->count; i++) {
        if (n == 0 || all->items[i]->instant != all->items[n - 1]->instant) {
            all->items[n++] = all->items[i];
        }
    }
    all->count = n;
}

/* The first anchor in [low, high) that is not before an instant. */
static uint32_t find_anchor(const anchors *all, uint32_t low, uint32_t high,
                            int64_t instant)
{
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (all->items[middle]->instant < instant) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

typedef struct nearest {
    const lede_when *anchor;
    int64_t distance;
} nearest;

static void try_anchor(nearest *best, const lede_when *anchor, int64_t instant)
{
    int64_t d = distance(instant, anchor->instant);

    if (d < best->distance || (d == best->distance && best->anchor != NULL &&
                               (trust_of(anchor) > trust_of(best->anchor) ||
                                (trust_of(anchor) == trust_of(best->anchor) &&
                                 anchor->instant < best->anchor->instant)))) {
        *best = (nearest){anchor, d};
    }
}

/* The anchors in [begin, end) on both sides of an instant. */
static void try_instant(nearest *best, const anchors *all, uint32_t begin,
                        uint32_t end, int64_t instant)
{
    uint32_t at = find_anchor(all, begin, end, instant);

    if (at < end) {
        try_anchor(best, all->items[at], instant);
    }
    if (at > begin) {
        try_anchor(best, all->items[at - 1], instant);
    }
}

/* As lede_years_move sees it: the date in the years around that of the anchors
 * in [begin, end), all of one year; or as it is. */
static void try_years(nearest *best, const anchors *all, uint32_t begin,
                      uint32_t end, const lede_when *when, int32_t year)
{
    lede_civil local = when->local;
    bool has_one = false;
    int32_t step;

    for (step = -1; step <= 1; step++) {
        local.year = year + step;
        if (local.year < LEDE_YEAR_MIN ||
            local.day > lede_days_in_month(local.year, local.month)) {
            continue;
        }
        has_one = true;
        try_instant(best, all, begin, end,
                    lede_instant_from_civil(&local, when->offset_min * 60));
    }
    if (!has_one && when->instant != LEDE_INSTANT_NONE) {
        try_instant(best, all, begin, end, when->instant);
    }
}

/* The trusted date of the page that comes nearest, whatever the year. */
static const lede_when *near_anchor(const anchors *all, const lede_when *when)
{
    nearest best = {NULL, LEDE_YEAR_REACH_DAYS * day_s};
    uint32_t begin, end;

    if (!has_day(when)) {
        if (when->instant != LEDE_INSTANT_NONE) {
            try_instant(&best, all, 0, all->count, when->instant);
        }
        return best.anchor;
    }
    for (begin = 0; begin < all->count; begin = end) {
        lede_civil next;

        lede_civil_from_instant(all->items[begin]->instant,
                                when->offset_min * 60, &next);
        next = (lede_civil){.year = next.year + 1, .month = 1, .day = 1};
        end =
            find_anchor(all, begin + 1, all->count,
                        lede_instant_from_civil(&next, when->offset_min * 60));
        try_years(&best, all, begin, end, when, next.year - 1);
    }
    return best.anchor;
}

bool lede_years_fill(lede_pages *pages, uint32_t first, uint32_t count,
                     lede_arena *arena)
{
    const lede_when **own = lede_arena_array(arena, count, sizeof own[0]);
    anchors all = {lede_arena_array(arena, count, sizeof own[0]), 0};
    uint32_t i;

    if (own == NULL || all.items == NULL) {
        return false;
    }
    for (i = 0; i < count; i++) {
        own[i] = own_anchor(pages, &pages->classes[first + i]);
        if (own[i] != NULL) {
            all.items[all.count++] = own[i];
        }
    }
    sort_anchors(&all);
    for (i = 0; i < count; i++) {
        lede_live_class *c = &pages->classes[first + i];
        const lede_when *when = &c->winner->claim.published;
        const lede_when *anchor = own[i];

        c->published = *when;
        if (is_anchor(when)) {
            continue;
        }
        if (anchor == NULL) {
            anchor = near_anchor(&all, when);
        }
        if (anchor != NULL) {
            c->published =
                lede_years_move(when, anchor->instant, anchor->year_source);
        }
    }
    return true;
}
