/* live_when.c - from the time that a head prints to a date of the entry. */
#include "corpus/live_when.h"

/* A day of whose offset nothing depends but the guess for a bare time. */
static const lede_civil any_day = {.year = 2023, .month = 1, .day = 15};

static bool copy_texts(lede_when *when, lede_span zone, lede_span text,
                       lede_arena *arena)
{
    when->zone_text = lede_arena_copy(arena, zone);
    when->text = lede_arena_copy(arena, text);
    return when->zone_text.bytes != NULL && when->text.bytes != NULL;
}

/* "5 min ago", as far as the time of saving is known. */
static void make_relative(const lede_when *captured, const lede_head_time *time,
                          lede_when *out)
{
    int64_t instant;

    if (captured->instant == LEDE_INSTANT_NONE ||
        captured->precision < LEDE_PRECISION_HOUR) {
        return;
    }
    instant = captured->instant - time->ago_s;
    instant -= ((instant % 60) + 60) % 60;
    out->precision = time->precision;
    if (out->precision == LEDE_PRECISION_DAY) {
        instant -= ((instant % 86400) + 86400) % 86400;
    }
    lede_civil_from_instant(instant, 0, &out->local);
    out->instant = instant;
    out->year_source = LEDE_YEAR_CAPTURE;
}

/* A time whose day nobody knows: its offset, and its parts. */
static void make_bare(const lede_head_time *time, lede_span zone,
                      const lede_date_hints *hints, lede_when *out)
{
    lede_civil local = any_day;

    local.hour = time->local.hour;
    local.minute = time->local.minute;
    local.second = time->local.second;
    if (!lede_when_make(&local, time->precision, zone, hints, out)) {
        *out = lede_when_none();
    }
    out->instant = LEDE_INSTANT_NONE;
    out->year_source = LEDE_YEAR_NONE;
    out->precision = time->precision;
    out->local = time->local;
}

/* The offset of a date whose year nobody knows: keys and searches by day and
 * minute want it. Rules of zones change less often than years do. */
static void set_offset(lede_civil local, lede_span zone,
                       const lede_date_hints *hints, lede_when *out)
{
    lede_when other;

    local.year = local.month == 2 && local.day == 29 ? 2024 : any_day.year;
    if (lede_when_make(&local, out->precision, zone, hints, &other)) {
        out->offset_min = other.offset_min;
        out->zone_guessed = other.zone_guessed;
    }
}

/* Form F prints the time twice, and so its offset. */
static void make_offset(const lede_head_time *time, const lede_civil *local,
                        bool has_year, lede_year_source source, lede_when *out)
{
    out->local = *local;
    out->precision = LEDE_PRECISION_MINUTE;
    out->offset_min = time->offset_min;
    if (local->year != 0) {
        out->instant = lede_instant_from_civil(local, time->offset_min * 60);
        out->year_source = has_year ? LEDE_YEAR_EXPLICIT : source;
    }
}

bool lede_live_when_make(const lede_live_survey *survey,
                         const lede_when *captured, const lede_civil *known,
                         const lede_head_time *time, lede_span text,
                         lede_arena *arena, lede_when *out)
{
    lede_span zone = lede_span_text(time->zone);
    lede_civil local = time->local;
    bool has_year = local.year != 0;

    *out = lede_when_none();
    if (local.month == 0) {
        local.year = known->year;
        local.month = known->month;
        local.day = known->day;
    }
    if (time->is_relative) {
        make_relative(captured, time, out);
    } else if (!time->has_clock && time->local.month == 0) {
        return true; /* nothing is printed, or it is lost */
    } else if (local.month == 0) {
        make_bare(time, zone, &survey->hints, out);
    } else if (time->has_offset) {
        local.year = has_year ? local.year : known->year;
        make_offset(time, &local, has_year, survey->year_source, out);
    } else {
        local.year = has_year ? local.year : 0;
        if (!lede_when_make(&local, time->precision, zone, &survey->hints,
                            out)) {
            *out = lede_when_none();
        } else if (!has_year && known->year != 0) {
            lede_when_set_year(out, known->year, survey->year_source,
                               &survey->hints);
        }
        if (out->instant == LEDE_INSTANT_NONE &&
            out->precision >= LEDE_PRECISION_HOUR) {
            set_offset(local, zone, &survey->hints, out);
        }
    }
    if (zone.len == 0 && survey->is_zone_assumed &&
        out->precision >= LEDE_PRECISION_HOUR && !time->is_relative) {
        out->zone_guessed = true;
    }
    out->day_guessed |= time->day_guessed;
    return copy_texts(out, zone, text, arena);
}
