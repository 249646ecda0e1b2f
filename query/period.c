/* period.c - dates as people type them; see parse.h. */
#include "query/parse.h"

#include <stdio.h>
#include <string.h>

enum { DAY_S = 86400, NAME_BYTES = 24, NUMBER_MOST = 9999 };

/* --- Zones ------------------------------------------------------------------
 */

static int64_t to_instant(const lede_parse_options *options, int64_t local)
{
    lede_civil civil;

    if (options->zone == NULL) {
        return local - options->zone_offset_s;
    }
    lede_civil_from_instant(local, 0, &civil);
    return local - lede_zone_offset_for_local(options->zone, &civil);
}

/* What clocks show at an instant, as seconds since 1970 there. */
static int64_t to_local(const lede_parse_options *options, int64_t instant)
{
    return instant + (options->zone == NULL
                          ? options->zone_offset_s
                          : lede_zone_offset_at(options->zone, instant));
}

static int64_t local_now(const lede_parse_options *options)
{
    return to_local(options, options->now);
}

static int64_t day_of(int64_t local)
{
    return local >= 0 ? local / DAY_S : -((-local + DAY_S - 1) / DAY_S);
}

/* What one date names: instants, and what clocks show then, which has no gaps
 * where they are changed at midnight. */
typedef struct stretch {
    int64_t begin, end;
    int64_t local_begin, local_end;
    bool is_relative;
} stretch;

static void set_local(const lede_parse_options *options, int64_t begin,
                      int64_t end, stretch *out)
{
    *out = (stretch){.begin = to_instant(options, begin),
                     .end = to_instant(options, end),
                     .local_begin = begin,
                     .local_end = end};
}

static void set_instants(const lede_parse_options *options, int64_t begin,
                         int64_t end, stretch *out)
{
    *out = (stretch){.begin = begin,
                     .end = end,
                     .local_begin = to_local(options, begin),
                     .local_end = to_local(options, end)};
}

static void days(const lede_parse_options *options, int64_t first,
                 int64_t behind, stretch *out)
{
    set_local(options, first * DAY_S, behind * DAY_S, out);
}

/* --- Relative dates ---------------------------------------------------------
 */

typedef enum unit { MINUTE, HOUR, DAY, WEEK, MONTH, YEAR, UNITS } unit;

/* The first day of the month that lies `months` before that of the day. */
static int64_t month_before(int64_t day, int64_t months)
{
    lede_civil civil;
    int64_t count;

    lede_civil_from_days(day, &civil);
    count = (int64_t)civil.year * 12 + civil.month - 1 - months;
    return lede_days_from_civil((int32_t)(count / 12),
                                (unsigned)(count % 12) + 1, 1);
}

/* The same day so many months before; the last of that month if it has none. */
static int64_t day_before(int64_t day, int64_t months)
{
    int64_t first = month_before(day, months);
    lede_civil civil, then;
    unsigned last;

    lede_civil_from_days(day, &civil);
    lede_civil_from_days(first, &then);
    last = lede_days_in_month(then.year, then.month);
    return first + (civil.day < last ? civil.day : last) - 1;
}

/* The instant so long ago. Hours are hours; days and more are the calendar's,
 * at the time of day that it is now. */
static int64_t ago(const lede_parse_options *options, uint32_t number,
                   unit what)
{
    int64_t local = local_now(options);
    int64_t day = day_of(local);
    int64_t time = local - day * DAY_S;

    switch (what) {
    case MINUTE:
        return options->now - (int64_t)number * 60;
    case HOUR:
        return options->now - (int64_t)number * 3600;
    case DAY:
        return to_instant(options, local - (int64_t)number * DAY_S);
    case WEEK:
        return to_instant(options, local - (int64_t)number * 7 * DAY_S);
    default:
        day = day_before(day, what == MONTH ? number : (int64_t)number * 12);
        return to_instant(options, day * DAY_S + time);
    }
}

/* The calendar's week, month or year at hand (0) or one before (1). */
static void period_before(const lede_parse_options *options, unit what,
                          int64_t number, stretch *out)
{
    int64_t today = day_of(local_now(options));
    int64_t monday = today - lede_weekday(today);
    lede_civil civil;

    if (what == WEEK) {
        days(options, monday - 7 * number, monday - 7 * number + 7, out);
    } else if (what == MONTH) {
        days(options, month_before(today, number),
             month_before(today, number - 1), out);
    } else {
        lede_civil_from_days(today, &civil);
        days(options, lede_days_from_civil(civil.year - (int32_t)number, 1, 1),
             lede_days_from_civil(civil.year - (int32_t)number + 1, 1, 1), out);
    }
}

/* Lower case, with a blank for each run of blanks, - and _; "" if it is too
 * long. */
static void simplify(lede_span text, char out[NAME_BYTES])
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.bytes[i];

        if (byte == '-' || byte == '_' || byte == ' ' || byte == '\t') {
            byte = ' ';
        } else if (byte >= 'A' && byte <= 'Z') {
            byte |= 0x20;
        }
        if (byte == ' ' && (len == 0 || out[len - 1] == ' ')) {
            continue;
        }
        if (byte == 0 || len + 1 == NAME_BYTES) {
            len = 0;
            break;
        }
        out[len++] = (char)byte;
    }
    out[len] = 0;
}

/* What a name begins with, cut off; false if it begins otherwise. */
static bool cut(const char **name, const char *first)
{
    size_t len = strlen(first);

    if (strncmp(*name, first, len) != 0) {
        return false;
    }
    *name += len;
    return true;
}

static bool find_unit(const char *name, unit *out)
{
    static const char *const names[UNITS][4] = {
        {"min", "minute", "minutes", "mins"},
        {"h", "hour", "hours", "hrs"},
        {"d", "day", "days", "d"},
        {"w", "week", "weeks", "wk"},
        {"m", "month", "months", "mo"},
        {"y", "year", "years", "yr"}};

    for (unsigned i = 0; i < UNITS; i++) {
        for (unsigned j = 0; j < 4; j++) {
            if (strcmp(name, names[i][j]) == 0) {
                *out = (unit)i;
                return true;
            }
        }
    }
    return false;
}

/* "monday", "last monday": the latest that is not later than today, or that is
 * before today. */
static bool parse_weekday(const lede_parse_options *options, const char *name,
                          bool is_last, stretch *out)
{
    static const char *const names[] = {"monday",   "tuesday", "wednesday",
                                        "thursday", "friday",  "saturday",
                                        "sunday"};
    int64_t today = day_of(local_now(options));
    size_t len = strlen(name);

    for (unsigned i = 0; i < 7; i++) {
        unsigned back = (lede_weekday(today) + 7 - i) % 7;

        if ((len == 3 && strncmp(name, names[i], 3) == 0) ||
            strcmp(name, names[i]) == 0) {
            back = is_last && back == 0 ? 7 : back;
            days(options, today - back, today - back + 1, out);
            return true;
        }
    }
    return false;
}

/* "two " and the like, cut off. */
static bool cut_number_word(const char **name, uint32_t *out)
{
    static const char *const words[] = {
        "a ",   "an ",    "one ",   "two ",  "three ", "four ",   "five ",
        "six ", "seven ", "eight ", "nine ", "ten ",   "eleven ", "twelve "};

    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (cut(name, words[i])) {
            *out = i < 2 ? 1 : i - 1;
            return true;
        }
    }
    return false;
}

/* "2w", "2 weeks", "two weeks": from then until now, or, as the end of a range,
 * then. With "ago" the day then, or the hour, or the minute. */
static bool parse_duration(const lede_parse_options *options, const char *name,
                           bool is_end, stretch *out)
{
    char word[NAME_BYTES];
    uint32_t number = 0;
    size_t len;
    bool is_ago;
    unit what;
    int64_t then;

    if (!cut_number_word(&name, &number) && (*name < '0' || *name > '9')) {
        return false;
    }
    for (; *name >= '0' && *name <= '9'; name++) {
        number = number * 10 + (uint32_t)(*name - '0');
        if (number > NUMBER_MOST) {
            return false;
        }
    }
    cut(&name, " ");
    snprintf(word, sizeof word, "%s", name);
    len = strlen(word);
    is_ago = len > 4 && strcmp(word + len - 4, " ago") == 0;
    if (is_ago) {
        word[len - 4] = 0;
    }
    if (!find_unit(word, &what) || (what == YEAR && number > 1000)) {
        return false;
    }
    then = ago(options, number, what);
    if (!is_ago) {
        set_instants(options, then, is_end ? then : options->now + 1, out);
    } else if (what <= HOUR) {
        set_instants(options, then, then + (what == HOUR ? 3600 : 60), out);
    } else {
        lede_parse_options at = *options;
        int64_t day;

        at.now = then;
        day = day_of(local_now(&at));
        days(options, day, day + 1, out);
    }
    return true;
}

static bool parse_relative(lede_span text, const lede_parse_options *options,
                           bool is_end, stretch *out)
{
    char room[NAME_BYTES];
    const char *name = room;
    bool is_last, is_this;
    int64_t today;
    unit what;

    simplify(text, room);
    if (options->now == LEDE_INSTANT_NONE || *name == 0) {
        return false;
    }
    today = day_of(local_now(options));
    if (strcmp(name, "now") == 0) {
        set_instants(options, options->now, options->now + 1, out);
        return true;
    }
    if (strcmp(name, "today") == 0 || strcmp(name, "yesterday") == 0 ||
        strcmp(name, "tomorrow") == 0) {
        today += strcmp(name, "tomorrow") == 0;
        today -= name[0] == 'y';
        days(options, today, today + 1, out);
        return true;
    }
    is_last = cut(&name, "last ");
    is_this = !is_last && cut(&name, "this ");
    if (is_last || is_this) {
        if (find_unit(name, &what) && what >= WEEK && strlen(name) > 3) {
            period_before(options, what, is_last, out);
            return true;
        }
        return is_last && (parse_weekday(options, name, true, out) ||
                           parse_duration(options, name, is_end, out));
    }
    return parse_weekday(options, name, false, out) ||
           parse_duration(options, name, is_end, out);
}

/* --- Dates in words ---------------------------------------------------------
 */

/* What was said of a date; 0: nothing. */
typedef struct spelled {
    uint32_t year, month, day, quarter;
} spelled;

/* The month of a name, or of its first letters. */
static uint32_t month_of(lede_span word)
{
    static const char *const names[] = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};

    for (uint32_t i = 0; i < 12; i++) {
        bool is_short = word.len == 3 || (i == 8 && word.len == 4);
        size_t same = 0;

        while (same < word.len && names[i][same] != 0 &&
               (word.bytes[same] | 0x20) == names[i][same]) {
            same++;
        }
        if (same == word.len && (is_short || names[i][same] == 0)) {
            return i + 1;
        }
    }
    return 0;
}

/* Sets what was not said before. */
static bool say(uint32_t *what, uint32_t value)
{
    bool is_new = *what == 0 && value != 0;

    *what = value;
    return is_new;
}

/* 2025: a year; 20250217; else a month if only a year stands before it, or a
 * day: 02/03/2025 is none, for nobody knows which of them is the month. */
static bool say_number(spelled *s, lede_span figures)
{
    uint32_t number = 0;

    if (figures.len > 8) {
        return false;
    }
    for (size_t i = 0; i < figures.len; i++) {
        number = number * 10 + figures.bytes[i] - '0';
    }
    if (figures.len == 8) {
        return say(&s->year, number / 10000) &&
               say(&s->month, number / 100 % 100) && say(&s->day, number % 100);
    }
    if (figures.len == 4) {
        return say(&s->year, number);
    }
    if (figures.len > 2) {
        return false;
    }
    return say(s->year != 0 && s->month == 0 ? &s->month : &s->day, number);
}

static bool is_one_of(lede_span word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;

        while (at < word.len && list[i][at] != 0 &&
               (word.bytes[at] | 0x20) == list[i][at]) {
            at++;
        }
        if (at == word.len && list[i][at] == 0) {
            return true;
        }
    }
    return false;
}

/* A word of a date: its month, or what is left out: 17th of. */
static bool say_word(spelled *s, lede_span word, bool is_behind_figures)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    static const char *const of[] = {"of"};

    return is_one_of(word, of, 1) ||
           (is_behind_figures && is_one_of(word, endings, 4)) ||
           say(&s->month, month_of(word));
}

static bool is_figure(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

static bool read_spelled(lede_span text, spelled *s)
{
    size_t at = 0;

    while (at < text.len) {
        size_t begin = at;
        uint8_t first = text.bytes[at];
        lede_span piece;

        while (at < text.len &&
               (is_figure(first)
                    ? is_figure(text.bytes[at])
                    : is_letter(first) && is_letter(text.bytes[at]))) {
            at++;
        }
        piece = lede_span_part(text, begin, at - begin);
        if (at == begin) {
            if (first == 0 || strchr(" \t,./-_", first) == NULL) {
                return false;
            }
            at++;
        } else if ((first | 0x20) == 'q' && piece.len == 1 && at < text.len &&
                   text.bytes[at] >= '1' && text.bytes[at] <= '4') {
            if (!say(&s->quarter, text.bytes[at] - (uint32_t)'0')) {
                return false;
            }
            at++;
        } else if (is_figure(first)
                       ? !say_number(s, piece)
                       : !say_word(s, piece,
                                   begin > 0 &&
                                       is_figure(text.bytes[begin - 1]))) {
            return false;
        }
    }
    return true;
}

/* The year of the latest such month or day that is not to come; 0: none. */
static uint32_t latest_year(const lede_parse_options *options, const spelled *s)
{
    int64_t today = day_of(local_now(options));
    lede_civil civil;

    lede_civil_from_days(today, &civil);
    for (int32_t year = civil.year; year > civil.year - 9 && year > 0; year--) {
        if (s->day <= lede_days_in_month(year, s->month) &&
            lede_days_from_civil(year, s->month, s->day == 0 ? 1 : s->day) <=
                today) {
            return (uint32_t)year;
        }
    }
    return 0;
}

/* "17 february 2025", "march", "2025/2/17", "20250217", "2025-Q1". */
static bool parse_spelled(lede_span text, const lede_parse_options *options,
                          stretch *out)
{
    spelled s = {0};
    uint32_t months = 1;
    int64_t first;

    if (!read_spelled(text, &s)) {
        return false;
    }
    if (s.quarter != 0) {
        if (s.month != 0 || s.day != 0) {
            return false;
        }
        s.month = s.quarter * 3 - 2;
        months = 3;
    }
    if (s.month < 1 || s.month > 12) {
        return false;
    }
    if (s.year == 0 && options->now != LEDE_INSTANT_NONE) {
        s.year = latest_year(options, &s);
    }
    if (s.year == 0 || s.day > lede_days_in_month((int32_t)s.year, s.month)) {
        return false;
    }
    first =
        lede_days_from_civil((int32_t)s.year, s.month, s.day == 0 ? 1 : s.day);
    days(options, first,
         s.day != 0 ? first + 1 : month_before(first, -(int64_t)months), out);
    return true;
}

/* --- Periods ----------------------------------------------------------------
 */

/* One date: a date that names its zone is taken as it is, which shows in that
 * another offset changes nothing. */
static bool parse_one(lede_span text, const lede_parse_options *options,
                      bool is_end, stretch *out)
{
    int64_t begin, end, other_begin, other_end;

    if (!lede_period_parse(text, 0, &begin, &end) ||
        !lede_period_parse(text, 3600, &other_begin, &other_end)) {
        if (parse_spelled(text, options, out)) {
            return true;
        }
        if (parse_relative(text, options, is_end, out)) {
            out->is_relative = true;
            return true;
        }
        return false;
    }
    if (other_begin != begin) {
        set_local(options, begin, end, out);
    } else {
        set_instants(options, begin, end, out);
    }
    return true;
}

/* The day that begins then, or the next that does. */
static int64_t next_day(int64_t local)
{
    return -day_of(-local);
}

static void begin_at(int64_t instant, int64_t local, lede_period *out)
{
    out->begin = instant;
    out->days.begin = next_day(local);
}

/* `of` says where the end is from. Up to now is up to all that was published
 * until now. */
static void end_at(int64_t instant, int64_t local, const stretch *of,
                   const lede_parse_options *options, lede_period *out)
{
    out->end = instant;
    out->days.end = day_of(local);
    if (of->is_relative && instant >= options->now) {
        out->days.begun = day_of(local_now(options)) + 1;
    }
}

/* Where ".." stands; text.len if nowhere. */
static size_t find_dots(lede_span text)
{
    size_t at;

    for (at = 0; at + 1 < text.len; at++) {
        if (text.bytes[at] == '.' && text.bytes[at + 1] == '.') {
            return at;
        }
    }
    return text.len;
}

static lede_period all_time(void)
{
    return (lede_period){.begin = INT64_MIN,
                         .end = INT64_MAX,
                         .days = {INT64_MIN, INT64_MAX, INT64_MIN}};
}

bool lede_query_parse_range(lede_span first, lede_span second,
                            const lede_parse_options *options, lede_period *out,
                            bool *swapped)
{
    lede_period period = all_time();
    stretch from, to;

    *swapped = false;
    if ((first.len == 0 && second.len == 0) ||
        (first.len > 0 && !parse_one(first, options, true, &from)) ||
        (second.len > 0 && !parse_one(second, options, true, &to))) {
        return false;
    }
    if (first.len > 0 && second.len > 0 && from.begin >= to.end) {
        stretch later = from;

        *swapped = true;
        from = to;
        to = later;
    }
    if (first.len > 0) {
        begin_at(from.begin, from.local_begin, &period);
    }
    if (second.len > 0) {
        end_at(to.end, to.local_end, &to, options, &period);
    }
    *out = period;
    return true;
}

bool lede_query_parse_period(lede_span text, const lede_parse_options *options,
                             lede_period *out, bool *swapped)
{
    size_t dots = find_dots(text);
    stretch date;

    if (dots < text.len) {
        return lede_query_parse_range(lede_span_part(text, 0, dots),
                                      lede_span_part(text, dots + 2, text.len),
                                      options, out, swapped);
    }
    *swapped = false;
    if (!parse_one(text, options, false, &date)) {
        return false;
    }
    *out = all_time();
    begin_at(date.begin, date.local_begin, out);
    end_at(date.end, date.local_end, &date, options, out);
    return true;
}

bool lede_query_parse_side(lede_span text, const lede_parse_options *options,
                           lede_date_side side, lede_period *out)
{
    stretch date;

    if (!parse_one(text, options, true, &date)) {
        return false;
    }
    *out = all_time();
    switch (side) {
    case LEDE_DATE_SINCE:
        begin_at(date.begin, date.local_begin, out);
        break;
    case LEDE_DATE_AFTER:
        begin_at(date.end, date.local_end, out);
        break;
    case LEDE_DATE_UNTIL:
        end_at(date.end, date.local_end, &date, options, out);
        break;
    case LEDE_DATE_BEFORE:
        end_at(date.begin, date.local_begin, &date, options, out);
    }
    return true;
}

static bool parse_two(lede_span text, size_t at, unsigned *out)
{
    uint8_t tens = text.bytes[at];
    uint8_t ones = text.bytes[at + 1];

    *out = (tens - (unsigned)'0') * 10 + (ones - (unsigned)'0');
    return tens >= '0' && tens <= '9' && ones >= '0' && ones <= '9';
}

static bool parse_month_day(lede_span text, uint16_t *out)
{
    unsigned month;
    unsigned day;

    if (text.len != 5 || text.bytes[2] != '-' || !parse_two(text, 0, &month) ||
        !parse_two(text, 3, &day) || month < 1 || month > 12 || day < 1 ||
        day > lede_days_in_month(2000, month)) { /* a leap year */
        return false;
    }
    *out = (uint16_t)(month * 100 + day);
    return true;
}

bool lede_query_parse_month_days(lede_span text, lede_month_days *out)
{
    size_t dots = find_dots(text);

    if (dots == text.len) {
        if (!parse_month_day(text, &out->first)) {
            return false;
        }
        out->last = out->first;
        return true;
    }
    return parse_month_day(lede_span_part(text, 0, dots), &out->first) &&
           parse_month_day(lede_span_part(text, dots + 2, text.len),
                           &out->last);
}
