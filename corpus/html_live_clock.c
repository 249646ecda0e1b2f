#include "corpus/html_live_clock.h"

#include <stdio.h>
#include <string.h>

#include "corpus/live_bylines.h"
#include "corpus/text_match.h"
#include "corpus/years.h"

enum {
    TIME_LINE_BYTES = 80,
    ZONE_LETTERS = 5,
    ZONE_LINE_BYTES = 200,
    DAY_MINUTES = 24 * 60,
    JITTER_MINUTES = 60,   /* updates out of order are no midnight */
    PIN_MINUTES = 12 * 60, /* a first update farther from the next is pinned */
    SLACK_MINUTES = 10,    /* of clocks behind the page's last change */
    ZONE_MINUTES = 6 * 60, /* the same where the zone is not known */
    EARLY_MINUTES = 3 * 60
};

/* Lines. ------------------------------------------------------------------ */

/* "Posted at ", "Heute, ", "Publié à ": the time behind them. */
static lede_span without_words(lede_span line)
{
    static const char *const words[] = {
        "published at",
        "posted at",
        "published",
        "posted",
        "today at",
        "today",
        "heute um",
        "heute",
        "publi\u00E9",
        "aujourd'hui",
        "aujourd\u2019hui",
        "publicado a las",
        "hoy",
        "oggi",
        "vandaag",
        "at",
        "um",
        "\u00E0",
        "alle",
        "le",
        "am",
        "den",
        "el",
        "on",
        "kl.",
        "kl",
    };
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i]);

        if (lede_match_starts(line, words[i]) && line.len > len &&
            strchr(" :,", line.bytes[len]) != NULL) {
            return without_words(
                lede_match_trim(lede_span_part(line, len + 1, line.len)));
        }
    }
    return line;
}

/* Signs around a time: "[14:50]", "14:50 |", "14:50:". */
static lede_span without_signs(lede_span line)
{
    static const char *const signs[] = {":",      "|",      "-",      "[", "]",
                                        "\u2013", "\u2014", "\u2022", ".", ","};
    size_t i;

    for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t len = strlen(signs[i]);

        if (line.len > len && lede_span_starts(line, signs[i])) {
            return without_signs(
                lede_match_trim(lede_span_part(line, len, line.len)));
        }
        if (line.len > len &&
            lede_span_starts(lede_span_part(line, line.len - len, len),
                             signs[i]) &&
            !lede_match_ends(line, ".m.")) {
            return without_signs(
                lede_match_trim(lede_span_part(line, 0, line.len - len)));
        }
    }
    return line;
}

/* Of the forms of whole heads ("17 Feb 2025 - 14:40 (14:40 GMT)") the time. */
static bool parse_head(const lede_html_page *page, lede_span line,
                       lede_head_time *out)
{
    lede_head head;

    if (!lede_head_parse(line, &page->hints, &head) || head.headline.len > 0) {
        return false;
    }
    *out = head.time;
    if (out->has_offset && out->zone[0] == 0) {
        int minutes = out->offset_min < 0 ? -out->offset_min : out->offset_min;

        snprintf(out->zone, sizeof out->zone, "%c%02d:%02d",
                 out->offset_min < 0 ? '-' : '+', minutes / 60 % 24,
                 minutes % 60);
    }
    return true;
}

bool lede_live_clock_parse(const lede_html_page *page, lede_span line,
                           lede_live_clock *out)
{
    lede_head_time time;

    if (line.len == 0 || line.len > TIME_LINE_BYTES) {
        return false;
    }
    if (!lede_head_parse_time(line, &page->hints, &time) &&
        !lede_head_parse_time(without_signs(without_words(line)), &page->hints,
                              &time) &&
        !parse_head(page, line, &time)) {
        return false;
    }
    *out = (lede_live_clock){.is_printed = true, .time = time, .text = line};
    return true;
}

/* The bytes of a sign that parts a time from what follows. */
static size_t seam_len(lede_span text)
{
    static const char *const seams[] = {":",      "-",      "|",     "\u2022",
                                        "\u2013", "\u2014", "\u00B7"};
    size_t i;

    for (i = 0; i < sizeof seams / sizeof seams[0]; i++) {
        if (lede_span_starts(text, seams[i])) {
            return strlen(seams[i]);
        }
    }
    return 0;
}

/* "Uhr", "h", a zone's letters behind a time. */
static size_t unit_len(const lede_html_page *page, lede_span text,
                       lede_span *zone)
{
    lede_zone_word word;
    size_t len;

    if (lede_match_starts(text, "uhr")) {
        return 3;
    }
    len = lede_zone_word_take(text, &page->hints, &word);
    if (len < 2 || len > ZONE_LETTERS || text.bytes[0] < 'A' ||
        text.bytes[0] > 'Z') {
        return 0;
    }
    *zone = lede_span_part(text, 0, len);
    return len;
}

bool lede_live_clock_split(const lede_html_page *page, lede_span line,
                           lede_live_clock *out, lede_span *rest)
{
    lede_live_clock found = {.is_printed = true};
    lede_span zone = {NULL, 0};
    lede_precision precision;
    size_t at = lede_clock_take(line, &found.time.local, &precision);
    lede_span more;
    size_t seam;

    if (at == 0 || precision < LEDE_PRECISION_MINUTE || line.bytes[0] < '0' ||
        line.bytes[0] > '9') {
        return false;
    }
    more = lede_match_trim(lede_span_part(line, at, line.len));
    more = lede_span_part(more, unit_len(page, more, &zone), more.len);
    more = lede_match_trim(more);
    seam = seam_len(more);
    more = lede_match_trim(lede_span_part(more, seam, more.len));
    if (seam == 0 || more.len == 0) {
        return false;
    }
    found.time.has_clock = true;
    found.time.precision = precision;
    memcpy(found.time.zone, zone.len == 0 ? (const uint8_t *)"" : zone.bytes,
           zone.len);
    found.text = lede_span_of(line.bytes, (size_t)(more.bytes - line.bytes));
    *out = found;
    *rest = more;
    return true;
}

bool lede_live_clock_is_day(const lede_html_page *page, lede_span line,
                            lede_civil *out)
{
    lede_live_clock clock;

    if (!lede_live_clock_parse(page, line, &clock) || clock.time.has_clock ||
        clock.time.local.month == 0) {
        return false;
    }
    *out = clock.time.local;
    return true;
}

bool lede_live_clock_is_line(const lede_html_page *page, lede_span line)
{
    lede_precision precision;
    lede_live_clock clock;
    lede_civil civil;
    lede_span rest;
    size_t len;

    if (line.len >= TIME_LINE_BYTES) {
        return false;
    }
    if (lede_live_clock_parse(page, line, &clock) ||
        lede_head_parse_updated(line, &page->hints, &clock.time)) {
        return true;
    }
    len = lede_clock_take(line, &civil, &precision);
    rest = lede_match_trim(lede_span_part(line, len, line.len));
    return len > 0 && (rest.len == 0 || lede_byline_is_name(rest));
}

/* The page's own dates. --------------------------------------------------- */

typedef struct page_dates {
    lede_when first, last; /* when it was published and changed, or saved */
} page_dates;

static bool is_set(const lede_when *when)
{
    return when->precision != LEDE_PRECISION_NONE &&
           when->instant != LEDE_INSTANT_NONE;
}

/* A day in the page's headline or title: "Storm live: 26 December 2024". */
static bool date_in_title(const lede_html_page *page, lede_span text,
                          lede_when *out)
{
    size_t begin;
    size_t end;

    return lede_date_find(text, 0, &page->hints, &begin, &end, out) &&
           is_set(out);
}

/* A line of any place that is a date and nothing else, if all are of one day:
 * what stands below the updates says when they were. */
static bool date_of_lines(const lede_html_page *page, lede_when *out)
{
    lede_when when;
    uint32_t i;

    *out = lede_when_none();
    for (i = 0; i < page->blocks.count; i++) {
        lede_span text = page->blocks.items[i].text;
        size_t begin;
        size_t end;

        if (text.len > TIME_LINE_BYTES || page->blocks.items[i].is_aside ||
            !lede_date_find(text, 0, &page->hints, &begin, &end, &when) ||
            end < text.len || !is_set(&when)) {
            continue;
        }
        if (is_set(out) && (out->local.month != when.local.month ||
                            out->local.day != when.local.day ||
                            out->local.year != when.local.year)) {
            *out = lede_when_none();
            return false;
        }
        *out = when;
    }
    return is_set(out);
}

static page_dates dates_of(lede_html_page *page)
{
    page_dates dates;
    lede_entry entry;
    lede_when end;

    lede_entry_init(&entry);
    lede_html_set_published(page, &entry);
    lede_html_set_updated(page, &entry);
    dates.first = entry.published;
    dates.last = entry.updated;
    if (lede_html_date_parse(
            page, lede_json_member_text(page->ld.article, "coverageEndTime"),
            &end) &&
        (!is_set(&dates.last) || end.instant < dates.last.instant)) {
        dates.last = end;
    }
    if (!is_set(&dates.first) && !is_set(&dates.last) &&
        !date_in_title(page, page->meta.title, &dates.first) &&
        !date_in_title(page, lede_html_meta_get(&page->meta, "og:title"),
                       &dates.first)) {
        date_of_lines(page, &dates.first);
    }
    if (!is_set(&dates.last) && !is_set(&dates.first)) {
        dates.last = page->captured;
    }
    return dates;
}

/* Days. ------------------------------------------------------------------- */

static int32_t minute_of(const lede_civil *local)
{
    return local->hour * 60 + local->minute;
}

static void add_days(lede_civil *day, int64_t days)
{
    lede_civil_from_days(
        lede_days_from_civil(day->year, day->month, day->day) + days, day);
}

static int64_t days_between(const lede_civil *from, const lede_civil *to)
{
    return lede_days_from_civil(to->year, to->month, to->day) -
           lede_days_from_civil(from->year, from->month, from->day);
}

/* A page's date as clocks of this zone show it; false if it is a day only. */
static bool in_zone(const lede_html_page *page, const lede_when *when,
                    const lede_head_time *time, lede_civil *local,
                    bool *is_guessed)
{
    lede_when here;

    *is_guessed = false;
    *local = when->local;
    if (when->precision < LEDE_PRECISION_MINUTE ||
        !lede_when_make(local, LEDE_PRECISION_MINUTE,
                        lede_span_text(time->zone), &page->hints, &here)) {
        return false;
    }
    lede_civil_from_instant(when->instant, here.offset_min * 60, local);
    *is_guessed = here.zone_guessed;
    return true;
}

/* The day of the newest update: not behind the page's last change. */
static lede_civil newest_day(const lede_html_page *page, const lede_when *last,
                             const lede_head_time *time)
{
    lede_civil day;
    bool is_guessed;

    if (in_zone(page, last, time, &day, &is_guessed) &&
        minute_of(&time->local) >
            minute_of(&day) + (is_guessed ? ZONE_MINUTES : SLACK_MINUTES)) {
        add_days(&day, -1);
    }
    return day;
}

/* The day of the oldest update: that of the page, unless the page was begun
 * just before midnight. *is_near: it is one that may well be the page's first.
 */
static lede_civil oldest_day(const lede_html_page *page, const lede_when *first,
                             const lede_head_time *time, bool *is_near)
{
    lede_civil day;
    int32_t behind;
    bool is_guessed;

    *is_near = true;
    if (in_zone(page, first, time, &day, &is_guessed)) {
        behind = minute_of(&time->local) - minute_of(&day);
        if (behind + DAY_MINUTES <= EARLY_MINUTES) {
            add_days(&day, 1);
            behind += DAY_MINUTES;
        }
        *is_near = behind >= -JITTER_MINUTES && behind <= 2 * EARLY_MINUTES;
    }
    return day;
}

/* Order. ------------------------------------------------------------------ */

typedef struct run {
    lede_html_page *page;
    lede_live_clock **items; /* of the updates that have to be dated */
    lede_entry **entries;
    uint32_t count;
    bool is_newest_first;
} run;

static int32_t clock_at(const run *r, uint32_t i)
{
    return minute_of(&r->items[i]->time.local);
}

static bool is_newest_first(const run *r)
{
    uint32_t down = 0;
    uint32_t up = 0;
    uint32_t i;

    for (i = 1; i < r->count; i++) {
        int32_t apart = clock_at(r, i) - clock_at(r, i - 1);

        if (apart > DAY_MINUTES / 2 || apart < -DAY_MINUTES / 2) {
            apart = -apart; /* over midnight */
        }
        down += apart < 0;
        up += apart > 0;
    }
    return down >= up;
}

/* Midnights between an update and the one before it on the page: 0 or 1. */
static int midnights(const run *r, uint32_t i)
{
    int32_t back = clock_at(r, i) - clock_at(r, i - 1);

    back = r->is_newest_first ? back : -back;
    if (back <= JITTER_MINUTES ||
        (i == 1 && r->count > 2 && DAY_MINUTES - back > PIN_MINUTES)) {
        return 0;
    }
    return 1;
}

/* The day of the first time of the run that has no day of its own. */
static lede_civil first_day(const run *r, const page_dates *dates)
{
    uint32_t newest = r->is_newest_first ? 0 : r->count - 1;
    uint32_t oldest = r->count - 1 - newest;
    lede_civil none = {0};
    lede_civil last = {0};
    lede_civil first = {0};
    int64_t days = 0;
    bool is_near = false;
    uint32_t i;

    for (i = 1; i < r->count; i++) {
        days += midnights(r, i);
    }
    if (is_set(&dates->last)) {
        last = newest_day(r->page, &dates->last, &r->items[newest]->time);
    }
    if (is_set(&dates->first)) {
        first = oldest_day(r->page, &dates->first, &r->items[oldest]->time,
                           &is_near);
    }
    if (first.month == 0 && last.month == 0) {
        return none;
    }
    /* Pages are touched again days later; but long ones show their end only. */
    if (last.month == 0 ||
        (first.month != 0 && is_near && days_between(&first, &last) > days)) {
        last = first;
        add_days(&last, days);
    }
    if (!r->is_newest_first) {
        add_days(&last, -days);
    }
    return last;
}

static lede_year_source source_of(const lede_civil *day)
{
    return day->year != 0 ? LEDE_YEAR_EXPLICIT : LEDE_YEAR_METADATA;
}

/* Puts an update's date together; the words of its zone have to outlive the
 * clock. */
static void put_date(const run *r, uint32_t i, const lede_civil *day,
                     lede_year_source source)
{
    const lede_live_clock *clock = r->items[i];
    lede_civil local = clock->time.local;
    lede_arena *arena = r->page->arena;
    lede_when when;

    local.year = day->year;
    local.month = day->month;
    local.day = day->day;
    if (!lede_when_make(&local, clock->time.precision,
                        lede_span_text(clock->time.zone), &r->page->hints,
                        &when)) {
        return;
    }
    when.year_source = source;
    when.text = clock->text;
    when.zone_text = lede_arena_copy(arena, when.zone_text);
    r->page->failed |= when.zone_text.bytes == NULL;
    r->entries[i]->published = when;
}

static void put_dates(const run *r, const page_dates *dates)
{
    const lede_when *of_page =
        is_set(&dates->last) ? &dates->last : &dates->first;
    lede_civil day = first_day(r, dates);
    uint32_t i;

    for (i = 0; i < r->count; i++) {
        lede_civil printed = r->items[i]->time.local;
        lede_year_source source = LEDE_YEAR_METADATA;

        if (printed.month == 0 && r->items[i]->day.month != 0) {
            printed = r->items[i]->day;
        }
        if (printed.month != 0) {
            source = source_of(&printed);
            if (printed.year == 0 && (day.year != 0 || is_set(of_page))) {
                printed.year =
                    lede_years_nearest(day.year != 0 ? &day : &of_page->local,
                                       printed.month, printed.day);
            }
            if (printed.year == 0) {
                continue;
            }
            day = printed;
        } else if (i > 0 && day.month != 0 && midnights(r, i) > 0) {
            add_days(&day, r->is_newest_first ? -1 : 1);
        }
        if (day.month != 0) {
            put_date(r, i, &day, source);
        }
    }
}

/* "5 min ago", as of when the page was kept. */
static void put_ago(lede_html_page *page, const lede_live_clock *clock,
                    lede_entry *entry)
{
    lede_when when;

    if (is_set(&page->captured) &&
        lede_date_ago(clock->text, page->captured.instant, &when)) {
        when.text = clock->text;
        entry->published = when;
    }
}

/* "All times stated are UK", "All times ET": the zone of times that have none.
 */
static lede_span zone_of_page(const lede_html_page *page)
{
    lede_zone_word word;
    uint32_t i;

    for (i = 0; i < page->blocks.count; i++) {
        lede_span text = page->blocks.items[i].text;
        size_t at = text.len > ZONE_LINE_BYTES
                        ? LEDE_MATCH_NONE
                        : lede_match_find(text, 0, "all times ");

        if (at == LEDE_MATCH_NONE) {
            continue;
        }
        for (at += strlen("all times "); at < text.len; at++) {
            lede_span rest = lede_span_part(text, at, text.len);
            size_t len = 0;

            if (text.bytes[at - 1] == ' ' && rest.bytes[0] >= 'A' &&
                rest.bytes[0] <= 'Z') {
                len = lede_zone_word_take(rest, &page->hints, &word);
            }
            if (len == 0 && lede_span_starts(rest, "UK")) {
                return lede_span_text("UK time");
            }
            if (len > 0 && len < LEDE_HEAD_ZONE_BYTES) {
                return lede_span_part(rest, 0, len);
            }
        }
    }
    return lede_span_of(NULL, 0);
}

static void put_zone(lede_live_clock *clock, lede_span zone)
{
    if (clock->time.zone[0] == 0 && zone.len > 0) {
        memcpy(clock->time.zone, zone.bytes, zone.len);
        clock->time.zone[zone.len] = 0;
    }
}

void lede_live_clock_settle(lede_html_page *page, lede_live_clock *clocks,
                            lede_html_posts *posts)
{
    run r = {.page = page};
    lede_span zone = zone_of_page(page);
    page_dates dates;
    uint32_t i;

    r.items = lede_arena_array(page->arena, posts->count, sizeof *r.items);
    r.entries = lede_arena_array(page->arena, posts->count, sizeof *r.entries);
    if (r.items == NULL || r.entries == NULL) {
        page->failed = true;
        return;
    }
    for (i = 0; i < posts->count; i++) {
        lede_entry *entry = &posts->items[i];

        if (!clocks[i].is_printed ||
            entry->published.precision != LEDE_PRECISION_NONE) {
            continue;
        }
        if (clocks[i].time.is_relative) {
            put_ago(page, &clocks[i], entry);
        } else if (clocks[i].time.has_clock ||
                   clocks[i].time.local.month != 0) {
            put_zone(&clocks[i], zone);
            r.items[r.count] = &clocks[i];
            r.entries[r.count++] = entry;
        }
    }
    if (r.count == 0) {
        return;
    }
    r.is_newest_first = is_newest_first(&r);
    dates = dates_of(page);
    put_dates(&r, &dates);
}
