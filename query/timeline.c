/* timeline.c - entries by time; see timeline.h.
 *
 * What comes from the index is counted by the hour, which is a number (hours of
 * the local calendar since 1970), and by the printed date; both are folded to
 * the step when its span is known. */
#include "query/timeline.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/varint.h"
#include "base/zone.h"
#include "query/counts.h"
#include "query/results.h"

enum { HOUR_S = 3600, HOURS = 24, EPOCH_MONDAY = 3 /* 1970-01-01: Thursday */ };

static const char *const names[LEDE_STEP_COUNT] = {"auto", "hour",  "day",
                                                   "week", "month", "year"};
/* The most buckets that the step is chosen for by itself. */
static const int64_t suits[LEDE_STEP_COUNT] = {0, 72, 92, 80, 100, INT64_MAX};

const char *lede_step_name(lede_step step)
{
    return names[step];
}

bool lede_step_parse(lede_span name, lede_step *out)
{
    for (int i = 0; i < LEDE_STEP_COUNT; i++) {
        if (lede_span_is(name, names[i])) {
            *out = (lede_step)i;
            return true;
        }
    }
    return false;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}

/* --- Gathering -------------------------------------------------------------
 */

typedef struct gathering {
    lede_counts hours; /* names are numbers of hours, 8 bytes */
    lede_counts dates;
    uint64_t unknown;
    const lede_zone *zone;
    int32_t offset_s;
    int64_t hour, hour_count; /* the hour at hand */
} gathering;

static bool flush_hour(gathering *g)
{
    uint8_t bytes[8];
    uint64_t count = (uint64_t)g->hour_count;

    lede_store_u64(bytes, (uint64_t)g->hour);
    g->hour_count = 0;
    return count == 0 ||
           lede_counts_add(&g->hours, lede_span_of(bytes, sizeof bytes), count);
}

static bool put_time(void *ctx, int64_t instant)
{
    gathering *g = ctx;
    int32_t offset = g->offset_s;
    int64_t hour;

    if (instant == LEDE_INSTANT_NONE) {
        g->unknown++;
        return true;
    }
    if (g->zone != NULL) {
        offset = lede_zone_offset_at(g->zone, instant);
    }
    hour = floor_div(instant + offset, HOUR_S);
    if (hour != g->hour && !flush_hour(g)) {
        return false;
    }
    g->hour = hour;
    g->hour_count++;
    return true;
}

static bool put_date(void *ctx, lede_span date, uint64_t count)
{
    gathering *g = ctx;

    return lede_counts_add(&g->dates, date, count);
}

static void gathering_done(gathering *g)
{
    lede_counts_done(&g->hours);
    lede_counts_done(&g->dates);
}

static lede_status gather(lede_results *results, lede_node *root, gathering *g,
                          uint64_t *matches, lede_error *err)
{
    lede_tally tally = {.ctx = g,
                        .wants_times = true,
                        .put_time = put_time,
                        .put_date = put_date};
    lede_node *kept = results->plan.tree.root;
    lede_status status;

    results->plan.tree.root = root;
    status = lede_tally_matches(results->tree, &results->match, &tally, matches,
                                err);
    results->plan.tree.root = kept;
    return status == LEDE_OK && !flush_hour(g)
               ? lede_fail(err, LEDE_NO_MEMORY, "out of memory for a timeline")
               : status;
}

/* --- Folding ---------------------------------------------------------------
 */

/* The number of a bucket from an hour. */
static int64_t bucket_of_hour(lede_step step, int64_t hour)
{
    int64_t day = floor_div(hour, HOURS);
    lede_civil civil;

    switch (step) {
    case LEDE_STEP_HOUR:
        return hour;
    case LEDE_STEP_DAY:
        return day;
    case LEDE_STEP_WEEK:
        return floor_div(day + EPOCH_MONDAY, 7);
    default:
        lede_civil_from_days(day, &civil);
        return step == LEDE_STEP_YEAR
                   ? civil.year
                   : (int64_t)civil.year * 12 + civil.month - 1;
    }
}

/* ... and from a printed date; false if that is too coarse. */
static bool bucket_of_date(lede_step step, lede_span date, int64_t *out)
{
    char text[16];
    int year;
    unsigned month = 0, day = 0;
    int parts;

    snprintf(text, sizeof text, "%.*s", (int)date.len,
             (const char *)date.bytes);
    parts = sscanf(text, "%d-%u-%u", &year, &month, &day);
    if (parts < 1 || (step == LEDE_STEP_MONTH && parts < 2) ||
        (step < LEDE_STEP_MONTH && parts < 3) || step == LEDE_STEP_HOUR) {
        return false;
    }
    *out = step == LEDE_STEP_YEAR ? year
           : step == LEDE_STEP_MONTH
               ? (int64_t)year * 12 + month - 1
               : bucket_of_hour(step,
                                lede_days_from_civil(year, month, day) * HOURS);
    return true;
}

static int64_t hour_of(const lede_count *count)
{
    return (int64_t)lede_load_u64(count->name.bytes);
}

/* The range of buckets that have something; false: there is none. */
static bool find_range(const gathering *g, lede_step step, int64_t *first,
                       int64_t *last)
{
    *first = INT64_MAX;
    *last = INT64_MIN;
    for (uint32_t i = 0; i < g->hours.count; i++) {
        int64_t at = bucket_of_hour(step, hour_of(&g->hours.items[i]));

        *first = at < *first ? at : *first;
        *last = at > *last ? at : *last;
    }
    for (uint32_t i = 0; i < g->dates.count; i++) {
        int64_t at;

        if (bucket_of_date(step, g->dates.items[i].name, &at)) {
            *first = at < *first ? at : *first;
            *last = at > *last ? at : *last;
        }
    }
    return *first <= *last;
}

/* Whether the step has a bucket for most of what has a date. */
static bool is_known_to(const gathering *g, lede_step step)
{
    uint64_t in = 0, out = 0;
    int64_t at;

    for (uint32_t i = 0; i < g->hours.count; i++) {
        in += g->hours.items[i].count;
    }
    for (uint32_t i = 0; i < g->dates.count; i++) {
        uint64_t count = g->dates.items[i].count;

        if (bucket_of_date(step, g->dates.items[i].name, &at)) {
            in += count;
        } else {
            out += count;
        }
    }
    return in > out;
}

static lede_step choose_step(const gathering *g)
{
    int step = LEDE_STEP_HOUR;
    int64_t first, last;

    while (step < LEDE_STEP_YEAR &&
           !(is_known_to(g, (lede_step)step) &&
             find_range(g, (lede_step)step, &first, &last) &&
             last - first < suits[step])) {
        step++;
    }
    return (lede_step)step;
}

static void name_bucket(lede_step step, int64_t number, char name[24])
{
    lede_civil civil = {0};

    switch (step) {
    case LEDE_STEP_YEAR:
        snprintf(name, 24, "%04d", (int)number);
        return;
    case LEDE_STEP_MONTH:
        snprintf(name, 24, "%04d-%02d", (int)floor_div(number, 12),
                 (int)(number - floor_div(number, 12) * 12) + 1);
        return;
    case LEDE_STEP_WEEK:
        lede_civil_from_days(number * 7 - EPOCH_MONDAY, &civil);
        break;
    case LEDE_STEP_DAY:
        lede_civil_from_days(number, &civil);
        break;
    default:
        lede_civil_from_days(floor_div(number, HOURS), &civil);
    }
    snprintf(name, 24, "%04d-%02u-%02u", (int)civil.year, civil.month,
             civil.day);
    if (step == LEDE_STEP_HOUR) {
        snprintf(name + 10, 14, "T%02d",
                 (int)(number - floor_div(number, HOURS) * HOURS));
    }
}

/* Adds what was gathered to the buckets; gives how many had no place. */
static uint64_t fold(const gathering *g, int64_t first, bool is_volume,
                     lede_timeline *out)
{
    uint64_t imprecise = 0;

    for (uint32_t i = 0; i < g->hours.count + g->dates.count; i++) {
        bool is_hour = i < g->hours.count;
        const lede_count *item =
            is_hour ? &g->hours.items[i] : &g->dates.items[i - g->hours.count];
        lede_bucket *bucket;
        int64_t at = 0;

        if (is_hour) {
            at = bucket_of_hour(out->step, hour_of(item));
        } else if (!bucket_of_date(out->step, item->name, &at)) {
            imprecise += item->count;
            continue;
        }
        if (at < first || at - first >= out->count) {
            continue;
        }
        bucket = &out->buckets[at - first];
        if (is_volume) {
            bucket->volume += item->count;
        } else {
            bucket->count += item->count;
        }
    }
    return imprecise;
}

static lede_status make(const gathering *found, const gathering *all,
                        lede_step step, lede_timeline *out, lede_error *err)
{
    int64_t first, last;

    out->step = step == LEDE_STEP_AUTO ? choose_step(found) : step;
    out->unknown = found->unknown;
    if (!find_range(found, out->step, &first, &last)) {
        first = 0;
        last = -1;
    }
    if (last - first >= LEDE_TIMELINE_MOST) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "by the %s that would be more than %d of them: take a "
                         "longer step",
                         lede_step_name(out->step), (int)LEDE_TIMELINE_MOST);
    }
    out->count = (uint32_t)(last - first + 1);
    out->buckets = calloc(out->count + 1u, sizeof *out->buckets);
    if (out->buckets == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory for a timeline");
    }
    for (uint32_t i = 0; i < out->count; i++) {
        name_bucket(out->step, first + i, out->buckets[i].name);
    }
    out->imprecise = fold(found, first, false, out);
    fold(all, first, true, out);
    return LEDE_OK;
}

lede_status lede_results_timeline(lede_results *results, lede_step step,
                                  lede_timeline *out, lede_error *err)
{
    lede_node everything = {.type = LEDE_NODE_ALL};
    gathering found = {.offset_s = results->options.zone_offset_s};
    gathering all = {.offset_s = results->options.zone_offset_s};
    lede_timeline made = {0};
    lede_zone *zone = NULL;
    uint64_t volume;
    lede_status status = LEDE_OK;

    if (results->options.zone != NULL) {
        status = lede_zone_open(results->options.zone, &zone, err);
        found.zone = all.zone = zone;
    }
    if (status == LEDE_OK) {
        status = gather(results, results->plan.tree.root, &found, &made.matches,
                        err);
    }
    if (status == LEDE_OK && made.matches > 0) {
        status = gather(results, &everything, &all, &volume, err);
    }
    if (status == LEDE_OK) {
        status = make(&found, &all, step, &made, err);
    }
    lede_zone_close(zone);
    gathering_done(&found);
    gathering_done(&all);
    if (status == LEDE_OK) {
        *out = made;
    }
    return status;
}

void lede_timeline_done(lede_timeline *timeline)
{
    free(timeline->buckets);
    *timeline = (lede_timeline){0};
}
