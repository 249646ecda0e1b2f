/* live_dates.c - the day and year of each head of a live page.
 *
 * Heads print a full date, a day without year, or a time only. Days missing are
 * filled in by rollover from a neighbour, or from what the page says of itself;
 * then the year is inferred once (years.h) and stepped at each New Year. */
#include "corpus/live_survey.h"

#include "corpus/text_match.h"

/* Times of neighbours that are out of order by no more than this are just that;
 * more is another day. */
enum { SLACK_MIN = 30, DAY_MIN = 1440, ANY_COMMON_YEAR = 2023 };

static int minutes_of(const lede_live_head *head)
{
    return head->local.hour * 60 + head->local.minute;
}

/* The i-th head counted from the newest. */
static lede_live_head *by_age(lede_live_survey *survey, uint32_t i)
{
    return &survey->heads[survey->newest_first ? i : survey->count - 1 - i];
}

/* > 0: `a` is later than `b`; across New Year by the shorter way. */
static int compare_times(const lede_live_head *a, const lede_live_head *b)
{
    if (a->is_relative && b->is_relative) {
        return (b->ago_s > a->ago_s) - (b->ago_s < a->ago_s);
    }
    if (a->has_year && b->has_year && a->local.year != b->local.year) {
        return a->local.year > b->local.year ? 1 : -1;
    }
    if (a->has_day && b->has_day && a->local.month != b->local.month) {
        int apart = a->local.month - b->local.month;

        return (apart > 0) == (apart <= 6 && apart >= -6) ? 1 : -1;
    }
    if (a->has_day && b->has_day && a->local.day != b->local.day) {
        return a->local.day > b->local.day ? 1 : -1;
    }
    if (a->has_clock && b->has_clock && a->has_day == b->has_day) {
        int apart = minutes_of(a) - minutes_of(b);

        /* Without days, a leap of most of a day is a midnight. */
        if (!a->has_day && (apart > 720 || apart < -720)) {
            apart = -apart;
        }
        return (apart > 0) - (apart < 0);
    }
    return 0;
}

static bool is_newest_first(const lede_live_survey *survey)
{
    uint64_t falling = 0;
    uint64_t rising = 0;

    for (uint32_t i = 0; i + 1 < survey->count; i++) {
        int order = compare_times(&survey->heads[i], &survey->heads[i + 1]);

        falling += order > 0;
        rising += order < 0;
    }
    return falling >= rising;
}

static int64_t days_of(const lede_civil *civil)
{
    int32_t year = civil->year != 0 ? civil->year : ANY_COMMON_YEAR;
    unsigned last = lede_days_in_month(year, civil->month);

    return lede_days_from_civil(year, civil->month,
                                civil->day > last ? last : civil->day);
}

static void set_day(lede_live_head *head, int64_t days, bool year_known)
{
    lede_civil day;

    lede_civil_from_days(days, &day);
    head->local.year = year_known ? day.year : 0;
    head->local.month = day.month;
    head->local.day = day.day;
}

/* A head without day from the one before or behind it in time. `step` is -1
 * towards older heads, +1 towards newer ones. */
static void roll_from(const lede_live_head *from, lede_live_head *head,
                      int step, bool at_least_one)
{
    int64_t days = days_of(&from->local);
    int apart = (minutes_of(head) - minutes_of(from)) * step;

    if (at_least_one ||
        (head->has_clock && from->has_clock && apart < -SLACK_MIN)) {
        days += step;
    }
    set_day(head, days, from->local.year != 0);
}

/* Fills the days that are missing, from those there are. On BBC pages (form B)
 * a time alone means the day of saving, later than all days printed. */
static void fill_days(lede_live_survey *survey)
{
    uint32_t first = 0;
    bool is_tail_bare = true;

    while (first < survey->count && (by_age(survey, first)->local.month == 0 ||
                                     by_age(survey, first)->is_relative)) {
        first++;
    }
    if (first == survey->count) {
        return;
    }
    for (uint32_t i = first; i < survey->count; i++) {
        is_tail_bare &= by_age(survey, i)->has_day;
    }
    for (uint32_t i = first + 1; i < survey->count; i++) {
        lede_live_head *head = by_age(survey, i);

        if (head->local.month == 0 && !head->is_relative) {
            roll_from(by_age(survey, i - 1), head, -1, false);
        }
    }
    for (uint32_t i = first; i-- > 0;) {
        bool is_next_day =
            survey->form == LEDE_HEAD_B && is_tail_bare && i + 1 == first;

        if (by_age(survey, i)->is_relative) {
            break; /* newer still, and counted from another time */
        }

        roll_from(by_age(survey, i + 1), by_age(survey, i), 1, is_next_day);
    }
}

/* Anchors for pages that print no day at all. --------------------------- */

/* An instant on the clocks of the page. */
static lede_civil page_clock(const lede_live_survey *survey,
                             const lede_when *when)
{
    lede_civil civil;
    lede_when local;

    lede_civil_from_instant(when->instant, 0, &civil);
    if (when->precision >= LEDE_PRECISION_HOUR &&
        lede_when_make(&civil, LEDE_PRECISION_MINUTE,
                       lede_span_text(survey->zone), &survey->hints, &local)) {
        lede_civil_from_instant(when->instant, local.offset_min * 60, &civil);
    } else if (when->precision < LEDE_PRECISION_HOUR && when->local.year != 0) {
        civil = when->local;
    }
    return civil;
}

static bool is_set(const lede_when *when)
{
    return when->instant != LEDE_INSTANT_NONE &&
           when->precision >= LEDE_PRECISION_DAY;
}

static uint32_t count_midnights(lede_live_survey *survey)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i + 1 < survey->count; i++) {
        count +=
            minutes_of(by_age(survey, i + 1)) - minutes_of(by_age(survey, i)) >
            SLACK_MIN;
    }
    return count;
}

/* The newest head lies at or before `last`. */
static void anchor_newest(lede_live_survey *survey, const lede_civil *last,
                          bool has_clock)
{
    lede_live_head *newest = by_age(survey, 0);
    int64_t days = days_of(last);

    if (has_clock && minutes_of(newest) > last->hour * 60 + last->minute + 1) {
        days--;
    }
    set_day(newest, days, true);
}

static void anchor_oldest(lede_live_survey *survey, const lede_civil *first)
{
    set_day(by_age(survey, survey->count - 1), days_of(first), true);
}

/* Minutes from one clock to the next time that another shows. */
static int minutes_until(int from, int to)
{
    return (to - from + DAY_MIN) % DAY_MIN;
}

/* A date and time without a word is when the page was last changed, or when it
 * began: whichever lies nearer to the updates. */
static bool is_printed_last(lede_live_survey *survey)
{
    lede_civil clock = page_clock(survey, &survey->printed);
    int at = clock.hour * 60 + clock.minute;

    return minutes_until(minutes_of(by_age(survey, 0)), at) <=
           minutes_until(at, minutes_of(by_age(survey, survey->count - 1)));
}

static void place_printed(lede_live_survey *survey, const lede_when **first,
                          const lede_when **last)
{
    if (!is_set(&survey->printed)) {
        return;
    }
    if (is_printed_last(survey)) {
        *last = is_set(&survey->last_modified) ? *last : &survey->printed;
    } else {
        *first = is_set(*first) ? *first : &survey->printed;
    }
}

/* Finds a day for a page without any; false if nothing tells it. */
static bool anchor(lede_live_survey *survey, const lede_read_context *context,
                   const lede_civil *url, const lede_civil *name,
                   lede_year_source *source)
{
    const lede_when *first = is_set(&survey->first_published)
                                 ? &survey->first_published
                                 : &context->published;
    const lede_when *last = is_set(&survey->last_modified)
                                ? &survey->last_modified
                                : &context->captured;
    lede_civil begin = {0};
    lede_civil end = {0};

    place_printed(survey, &first, &last);
    if (is_set(first)) {
        begin = page_clock(survey, first);
        *source =
            first == &context->published ? LEDE_YEAR_METADATA : LEDE_YEAR_PAGE;
    } else if (url->year != 0) {
        begin = *url;
        *source = LEDE_YEAR_URL;
    }
    if (is_set(last)) {
        end = page_clock(survey, last);
    }
    /* A change made days later says nothing of the newest update: the first
     * publication does, if the oldest update is near it. */
    if (begin.year != 0 &&
        (end.year == 0 ||
         days_of(&end) - days_of(&begin) <= (int64_t)count_midnights(survey) ||
         minutes_of(by_age(survey, survey->count - 1)) >=
             begin.hour * 60 + begin.minute)) {
        anchor_oldest(survey, &begin);
        return true;
    }
    if (end.year != 0) {
        *source =
            last == &context->captured ? LEDE_YEAR_CAPTURE : LEDE_YEAR_PAGE;
        anchor_newest(survey, &end, last->precision >= LEDE_PRECISION_MINUTE);
        return true;
    }
    if (name->year != 0) {
        *source = LEDE_YEAR_FILENAME;
        anchor_newest(survey, name, false);
        return true;
    }
    return false;
}

/* Years. ----------------------------------------------------------------- */

/* Steps at New Year between neighbours in time: -1 from January to the older
 * December, +1 where two posts are out of order. */
static int step_between(const lede_civil *newer, const lede_civil *older)
{
    int apart = (int)older->month - (int)newer->month;

    return apart > 6 ? -1 : apart < -6 ? 1 : 0;
}

static void find_explicit_year(lede_live_survey *survey)
{
    int32_t step = 0;
    const lede_live_head *newer = NULL;

    for (uint32_t i = 0; i < survey->count; i++) {
        const lede_live_head *head = by_age(survey, i);

        if (head->local.month == 0 || head->is_relative) {
            continue;
        }
        if (newer != NULL) {
            step += step_between(&newer->local, &head->local);
        }
        newer = head;
        if (head->has_year) {
            survey->years.explicit_year = head->local.year - step;
            return;
        }
    }
}

static void set_years(lede_live_survey *survey, int32_t year)
{
    const lede_live_head *newer = NULL;

    for (uint32_t i = 0; i < survey->count; i++) {
        lede_live_head *head = by_age(survey, i);

        if (head->local.month == 0 || head->is_relative) {
            continue;
        }
        if (newer != NULL) {
            year += step_between(&newer->local, &head->local);
        }
        newer = head;
        if (head->has_year) {
            year = head->local.year; /* what is printed is right */
        }
        head->local.year = year;
    }
}

static void gather_years(lede_live_survey *survey,
                         const lede_read_context *context, lede_when *url,
                         lede_when *name, const char *path)
{
    const lede_read_options *options = context->options;
    lede_years *years = &survey->years;

    if (is_set(&context->published)) {
        years->page = page_clock(survey, &context->published);
    }
    if (is_set(&context->captured)) {
        years->captured = page_clock(survey, &context->captured);
    }
    if (lede_date_in_path(context->url, true, url)) {
        years->url = url->local;
    }
    if (lede_date_in_path(lede_span_text(path), false, name)) {
        years->name = name->local;
    }
    if (options != NULL) {
        years->option = options->year;
        if (options->mtime != 0 && options->mtime != LEDE_INSTANT_NONE &&
            !options->mtime_is_copy) {
            lede_civil_from_instant(options->mtime, 0, &years->mtime);
        }
    }
}

/* Only pages of a day or two say by weekdays when they are from. */
static void forget_weekdays(lede_live_survey *survey,
                            const lede_live_head *newest,
                            const lede_live_head *oldest)
{
    int64_t apart = days_of(&newest->local) - days_of(&oldest->local);

    if (apart < 0 || apart > 2) {
        memset(survey->years.weekdays, 0, sizeof survey->years.weekdays);
    }
}

/* Days that were rolled before the year was known were rolled in another one:
 * the end of February may be off. */
static void refill_days(lede_live_survey *survey)
{
    for (uint32_t i = 0; i < survey->count; i++) {
        if (!survey->heads[i].has_day && !survey->heads[i].is_relative) {
            survey->heads[i].local.month = 0;
            survey->heads[i].local.day = 0;
            survey->heads[i].local.year = 0;
        }
    }
    fill_days(survey);
}

static void infer_years(lede_live_survey *survey)
{
    const lede_live_head *newest = NULL;
    const lede_live_head *oldest = NULL;
    int32_t year;

    for (uint32_t i = 0; i < survey->count; i++) {
        const lede_live_head *head = by_age(survey, i);

        if (head->local.month != 0 && !head->is_relative) {
            newest = newest == NULL ? head : newest;
            oldest = head;
        }
    }
    if (newest == NULL) {
        return;
    }
    find_explicit_year(survey);
    forget_weekdays(survey, newest, oldest);
    survey->years.printed_weekday = newest->has_day ? newest->weekday : 0;
    if (!lede_years_choose(&survey->years, &newest->local, &oldest->local,
                           &year, &survey->year_source)) {
        return;
    }
    set_years(survey, year);
    if (newest->has_day) {
        refill_days(survey);
    }
}

static void resolve_relative(lede_live_survey *survey,
                             const lede_read_context *context)
{
    if (!is_set(&context->captured) ||
        context->captured.precision < LEDE_PRECISION_HOUR) {
        return;
    }
    survey->year_source = LEDE_YEAR_CAPTURE;
    for (uint32_t i = 0; i < survey->count; i++) {
        lede_live_head *head = &survey->heads[i];

        if (head->is_relative) {
            lede_civil_from_instant(context->captured.instant - head->ago_s, 0,
                                    &head->local);
        }
    }
}

void lede_live_dates_resolve(lede_live_survey *survey,
                             const lede_read_context *context, const char *path)
{
    lede_when url = lede_when_none();
    lede_when name = lede_when_none();
    bool has_days = false;
    bool has_relative = false;

    survey->newest_first = is_newest_first(survey);
    for (uint32_t i = 0; i < survey->count; i++) {
        has_days |= survey->heads[i].has_day;
        has_relative |= survey->heads[i].is_relative;
    }
    gather_years(survey, context, &url, &name, path);
    if (has_relative) {
        resolve_relative(survey, context);
    }
    if (has_days) {
        fill_days(survey);
        infer_years(survey);
    } else if (!has_relative &&
               anchor(survey, context, &survey->years.url, &survey->years.name,
                      &survey->year_source)) {
        fill_days(survey);
    }
}
