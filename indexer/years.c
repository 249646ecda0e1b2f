#include "indexer/years.h"

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

lede_when lede_years_move(const lede_when *when, int64_t anchor,
                          lede_year_source source)
{
    lede_when best = *when;
    int64_t nearest = INT64_MAX;
    lede_civil local = when->local, center;
    int32_t step;

    if (local.month < 1 || local.month > 12 || local.day < 1 ||
        when->precision < LEDE_PRECISION_DAY) {
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

/* The trusted date of the page that comes nearest, whatever the year. */
static const lede_when *near_anchor(const lede_pages *pages, uint32_t first,
                                    uint32_t count, const lede_when *when)
{
    const lede_when *best = NULL;
    int64_t best_distance = LEDE_YEAR_REACH_DAYS * day_s;
    uint32_t i;

    for (i = first; i < first + count; i++) {
        const lede_when *anchor = own_anchor(pages, &pages->classes[i]);
        lede_when moved;
        int64_t d;

        if (anchor == NULL) {
            continue;
        }
        moved = lede_years_move(when, anchor->instant, anchor->year_source);
        if (moved.instant == LEDE_INSTANT_NONE) {
            continue;
        }
        d = distance(moved.instant, anchor->instant);
        if (d < best_distance || (d == best_distance && best != NULL &&
                                  (trust_of(anchor) > trust_of(best) ||
                                   (trust_of(anchor) == trust_of(best) &&
                                    anchor->instant < best->instant)))) {
            best = anchor;
            best_distance = d;
        }
    }
    return best;
}

void lede_years_fill(lede_pages *pages, uint32_t first, uint32_t count)
{
    uint32_t i;

    for (i = first; i < first + count; i++) {
        lede_live_class *c = &pages->classes[i];
        const lede_when *when = &c->winner->claim.published;
        const lede_when *anchor = NULL;

        c->published = *when;
        if (is_anchor(when)) {
            continue;
        }
        anchor = own_anchor(pages, c);
        if (anchor == NULL) {
            anchor = near_anchor(pages, first, count, when);
        }
        if (anchor != NULL) {
            c->published =
                lede_years_move(when, anchor->instant, anchor->year_source);
        }
    }
}
