#include "corpus/years.h"

#include "corpus/text_match.h"

enum { MAX_CANDIDATES = 16 + LEDE_YEARS_TEXT_DATES };

typedef struct candidate {
    int32_t year;
    int weight;
    int best; /* the heaviest single reason, which names the source */
    lede_year_source source;
} candidate;

typedef struct candidates {
    candidate items[MAX_CANDIDATES];
    size_t count;
} candidates;

static void propose(candidates *all, int32_t year, int weight,
                    lede_year_source source)
{
    size_t i = 0;

    if (year < LEDE_YEAR_MIN) {
        return;
    }
    while (i < all->count && all->items[i].year != year) {
        i++;
    }
    if (i == all->count) {
        if (i == MAX_CANDIDATES) {
            return;
        }
        all->items[i] = (candidate){.year = year};
        all->count++;
    }
    all->items[i].weight += weight;
    if (weight > all->items[i].best) {
        all->items[i].best = weight;
        all->items[i].source = source;
    }
}

void lede_years_add_text_date(lede_years *years, const lede_civil *date)
{
    for (uint32_t i = 0; i < years->text_count; i++) {
        lede_year_date *known = &years->text[i];

        if (known->year == date->year && known->month == date->month &&
            known->day == date->day) {
            known->hits++;
            return;
        }
    }
    if (years->text_count < LEDE_YEARS_TEXT_DATES) {
        years->text[years->text_count++] =
            (lede_year_date){date->year, date->month, date->day, 1};
    }
}

static const char *const weekdays[] = {"monday",   "tuesday", "wednesday",
                                       "thursday", "friday",  "saturday",
                                       "sunday"};

/* "on Monday", "today, Monday", "Monday's": the name ends at `end`. */
static bool is_dated(lede_span line, size_t begin, size_t end)
{
    lede_span before = lede_span_part(line, 0, begin);
    lede_span behind = lede_span_part(line, end, line.len);

    return lede_match_ends(before, "on ") ||
           lede_match_ends(before, "today, ") ||
           lede_match_starts(behind, "'s") ||
           lede_span_starts(behind, "\u2019s");
}

void lede_years_add_weekdays(lede_years *years, lede_span line)
{
    size_t at = 0;

    while ((at = lede_match_find(line, at, "day")) != LEDE_MATCH_NONE) {
        size_t end = at + 3;

        for (unsigned day = 0; day < 7; day++) {
            size_t len = strlen(weekdays[day]);

            if (lede_match_ends(lede_span_part(line, 0, end), weekdays[day]) &&
                is_dated(line, end - len, end)) {
                years->weekdays[day]++;
            }
        }
        at = end;
    }
}

static int64_t days_of(int32_t year, unsigned month, unsigned day)
{
    unsigned last = lede_days_in_month(year, month);

    return lede_days_from_civil(year, month, day > last ? last : day);
}

int32_t lede_years_nearest(const lede_civil *reference, unsigned month,
                           unsigned day)
{
    int64_t at = days_of(reference->year, reference->month, reference->day);
    int32_t best = reference->year;
    int64_t best_distance = INT64_MAX;

    for (int32_t year = reference->year - 1; year <= reference->year + 1;
         year++) {
        int64_t distance = days_of(year, month, day) - at;

        distance = distance < 0 ? -distance : distance;
        if (distance < best_distance) {
            best_distance = distance;
            best = year;
        }
    }
    return best;
}

int32_t lede_years_latest(const lede_civil *reference, unsigned month,
                          unsigned day, int slack_days)
{
    int64_t at = days_of(reference->year, reference->month, reference->day);
    int32_t year = reference->year + 1;

    while (days_of(year, month, day) > at + slack_days) {
        year--;
    }
    return year;
}

/* Dates in the text count when they lie shortly before the heads' days. */
static void propose_text_dates(candidates *all, const lede_years *years,
                               const lede_civil *newest,
                               const lede_civil *oldest)
{
    for (uint32_t i = 0; i < years->text_count; i++) {
        const lede_year_date *date = &years->text[i];
        lede_civil reference = {
            .year = date->year, .month = date->month, .day = date->day};
        int64_t at = days_of(date->year, date->month, date->day);
        int32_t year =
            lede_years_latest(&reference, newest->month, newest->day, 60);
        int64_t last = days_of(year, newest->month, newest->day);
        int64_t first = last;
        uint32_t hits = 0;
        bool is_first = true;

        if (oldest->month != 0) {
            lede_civil end = {
                .year = year, .month = newest->month, .day = newest->day};
            first =
                days_of(lede_years_latest(&end, oldest->month, oldest->day, 0),
                        oldest->month, oldest->day);
        }
        if (at < first - 60 || at > last + 1) {
            continue;
        }
        /* One proposal per year: gather the hits of all its dates. */
        for (uint32_t j = 0; j < years->text_count; j++) {
            const lede_year_date *other = &years->text[j];
            int64_t there = days_of(other->year, other->month, other->day);

            if (there >= first - 60 && there <= last + 1) {
                hits += other->hits < 3 ? other->hits : 3;
                is_first &= j >= i;
            }
        }
        if (is_first) {
            int weight = 60 + 10 * (int)(hits < 3 ? hits : 3);

            propose(all, year, weight, LEDE_YEAR_PAGE);
        }
    }
}

/* What the weekdays named say of a year; they never propose one. */
static void weigh_weekdays(candidates *all, const lede_years *years,
                           const lede_civil *newest)
{
    unsigned most = 0;

    for (unsigned day = 1; day < 7; day++) {
        if (years->weekdays[day] > years->weekdays[most]) {
            most = day;
        }
    }
    if (years->weekdays[most] == 0) {
        return;
    }
    for (size_t i = 0; i < all->count; i++) {
        unsigned day = lede_weekday(
            days_of(all->items[i].year, newest->month, newest->day));
        unsigned apart = (day + 7 - most) % 7;

        all->items[i].weight += apart <= 1 || apart == 6 ? 15 : -15;
    }
}

static void propose_nearest(candidates *all, const lede_civil *reference,
                            const lede_civil *newest, int weight,
                            lede_year_source source)
{
    if (reference->year != 0 && reference->month != 0) {
        propose(all, lede_years_nearest(reference, newest->month, newest->day),
                weight, source);
    } else if (reference->year != 0) {
        propose(all, reference->year, weight, source);
    }
}

/* Whether a day is the weekday that is printed with it, if one is. */
static bool fits_printed(const lede_years *years, int32_t year,
                         const lede_civil *newest)
{
    return years->printed_weekday == 0 ||
           (newest->day <= lede_days_in_month(year, newest->month) &&
            lede_weekday(days_of(year, newest->month, newest->day)) + 1 ==
                years->printed_weekday);
}

/* The same as propose_latest, and back from there to a year that fits the
 * weekday printed. They come round within 12 years, in a leap day's case 40. */
static void propose_fitting(candidates *all, const lede_years *years,
                            const lede_civil *reference,
                            const lede_civil *newest, int weight,
                            lede_year_source source)
{
    int32_t latest;
    int32_t year;

    if (reference->year == 0 || reference->month == 0) {
        return;
    }
    latest = lede_years_latest(reference, newest->month, newest->day, 1);
    year = latest;
    while (year > latest - 40 && !fits_printed(years, year, newest)) {
        year--;
    }
    if (year != latest || (years->printed_weekday != 0 && weight < 50)) {
        source = LEDE_YEAR_WEEKDAY;
        weight = weight < 50 ? 50 : weight;
    }
    propose(all, year, weight, source);
}

static void propose_latest(candidates *all, const lede_civil *reference,
                           const lede_civil *newest, int slack_days, int weight,
                           lede_year_source source)
{
    if (reference->year != 0 && reference->month != 0) {
        propose(all,
                lede_years_latest(reference, newest->month, newest->day,
                                  slack_days),
                weight, source);
    }
}

bool lede_years_choose(const lede_years *years, const lede_civil *newest,
                       const lede_civil *oldest, int32_t *year,
                       lede_year_source *source)
{
    candidates all = {.count = 0};
    const candidate *best = NULL;
    bool is_tie = false;

    if (newest->month == 0 || newest->day == 0) {
        return false;
    }
    if (years->explicit_year != 0 || years->option != 0) {
        bool is_explicit = years->explicit_year != 0;

        *year = is_explicit ? years->explicit_year : years->option;
        *source = is_explicit ? LEDE_YEAR_EXPLICIT : LEDE_YEAR_OPTION;
        return true;
    }
    propose_nearest(&all, &years->page, newest, 90, LEDE_YEAR_METADATA);
    propose_nearest(&all, &years->furniture, newest, 85, LEDE_YEAR_PAGE);
    propose_fitting(&all, years, &years->captured, newest, 80,
                    LEDE_YEAR_CAPTURE);
    propose_nearest(&all, &years->url, newest, 80, LEDE_YEAR_URL);
    propose_text_dates(&all, years, newest, oldest);
    propose_latest(&all, &years->name, newest, 14, 70, LEDE_YEAR_FILENAME);
    propose_fitting(&all, years, &years->mtime, newest, 30, LEDE_YEAR_MTIME);
    weigh_weekdays(&all, years, newest);

    for (size_t i = 0; i < all.count; i++) {
        const candidate *item = &all.items[i];

        if (years->year_max != 0 && item->year > years->year_max) {
            continue;
        }
        if (best == NULL || item->weight > best->weight) {
            best = item;
            is_tie = false;
        } else if (item->weight == best->weight) {
            is_tie = true;
        }
    }
    if (best == NULL || is_tie || best->weight < LEDE_YEARS_MIN_WEIGHT) {
        return false;
    }
    *year = best->year;
    *source = best->source;
    return true;
}
