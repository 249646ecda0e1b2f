/* date_day.c - the day in a date: words, numbers, and the machine's spellings.
 */
#include "corpus/date_scan.h"

/* RFC 2822: 00-49 is this century, 50-99 the last. */
static int32_t full_year(uint32_t year, size_t digits)
{
    if (digits <= 2) {
        return (int32_t)(year < 50 ? 2000 + year : 1900 + year);
    }
    return (int32_t)year;
}

static bool set_day(lede_civil *out, int32_t year, uint32_t month, uint32_t day)
{
    if (month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    out->year = year;
    out->month = (uint8_t)month;
    out->day = (uint8_t)day;
    return true;
}

/* 17th, 17TH, 1er, 17de, 1º, "17." */
static size_t take_ordinal(lede_span text, size_t at)
{
    static const char *const words[] = {"st", "nd",  "rd", "th",
                                        "er", "ste", "de", "re"};
    static const char *const signs[] = {"º", "ª", "°", "."};
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = lede_scan_word(text, at, words[i]);

        if (len > 0 && !lede_scan_is_letter(text, at + len)) {
            return len;
        }
    }
    for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (lede_span_starts(lede_scan_from(text, at), signs[i])) {
            return strlen(signs[i]);
        }
    }
    return 0;
}

/* "of", "de", "del", "d'" between day, month and year. */
static size_t take_of(lede_span text, size_t at)
{
    static const char *const words[] = {"of", "del", "de", "do"};
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = lede_scan_word(text, at, words[i]);
        size_t gap = len == 0 ? 0 : lede_scan_blanks(text, at + len);

        if (gap > 0) {
            return len + gap;
        }
    }
    return 0;
}

/* A word that is a month; its length, with a dot behind a short name. */
static size_t take_month(lede_span text, size_t at, lede_month_name *month)
{
    char word[LEDE_SCAN_WORD_BYTES];
    size_t len = lede_scan_fold(text, at, word);

    if (len == 0 || !lede_month_name_get(word, month)) {
        return 0;
    }
    if (month->is_short && lede_scan_at(text, at + len) == '.') {
        len++;
    }
    return len;
}

/* Two digits are a year only if they begin no time of day. */
static bool is_short_year(lede_span text, size_t at, size_t digits)
{
    lede_civil clock;
    lede_precision precision;

    return digits == 2 && !lede_scan_is_letter(text, at + 2) &&
           lede_clock_take(lede_scan_from(text, at), &clock, &precision) == 0;
}

/* The year behind a day and a month at `at`, with what parts it from them:
 * blanks, a comma, a dot, "de", or `joint`. 0 if there is none. */
static size_t take_year(lede_span text, size_t at, uint8_t joint, bool is_whole,
                        int32_t *year)
{
    size_t begin = at;
    uint32_t value;
    size_t digits;

    if (joint != 0) {
        if (lede_scan_at(text, at) != joint) {
            return 0;
        }
        at++;
    } else {
        at += lede_scan_at(text, at) == '.';
        at += lede_scan_blanks(text, at);
        at += lede_scan_at(text, at) == ',';
        at += lede_scan_blanks(text, at);
        at += take_of(text, at);
    }
    at += is_whole && lede_scan_at(text, at) == '\'';
    digits = lede_scan_digits(text, at, &value);
    if (digits == 4
            ? value == 0 || lede_scan_at(text, at + 4) == ':'
            : !is_whole || at == begin || !is_short_year(text, at, digits)) {
        return 0;
    }
    *year = full_year(value, digits);
    return at + digits - begin;
}

unsigned lede_weekday_english(lede_span text)
{
    static const char *const names[] = {"monday",   "tuesday", "wednesday",
                                        "thursday", "friday",  "saturday",
                                        "sunday"};
    char word[LEDE_SCAN_WORD_BYTES];
    size_t len = lede_scan_fold(text, 0, word);

    for (unsigned day = 0; len > 0 && day < 7; day++) {
        bool is_short = strlen(word) == 3 && memcmp(word, names[day], 3) == 0;

        if (is_short || strcmp(word, names[day]) == 0) {
            return day + 1;
        }
    }
    return 0;
}

size_t lede_weekday_take(lede_span text)
{
    char word[LEDE_SCAN_WORD_BYTES];
    size_t len = lede_scan_fold(text, 0, word);

    if (len == 0 || !lede_weekday_name_get(word)) {
        return 0;
    }
    len += lede_scan_word(text, len, "-feira");
    len += lede_scan_at(text, len) == '.';
    len += lede_scan_blanks(text, len);
    len += lede_scan_at(text, len) == ',';
    return len + lede_scan_blanks(text, len);
}

/* 17[th] [of] February[,] [2025], 17-Feb-2025. */
static size_t day_first(lede_span text, bool is_whole, lede_civil *out,
                        bool *is_weak)
{
    lede_month_name month;
    uint32_t day;
    size_t at = lede_scan_digits(text, 0, &day);
    uint8_t joint = 0;
    int32_t year = 0;
    size_t len;

    if (at == 0 || at > 2) {
        return 0;
    }
    at += take_ordinal(text, at);
    if (lede_scan_at(text, at) == '-' || lede_scan_at(text, at) == '/') {
        joint = text.bytes[at++];
    } else {
        at += lede_scan_blanks(text, at);
        at += take_of(text, at);
    }
    len = take_month(text, at, &month);
    if (len == 0) {
        return 0;
    }
    at += len;
    len = take_year(text, at, joint, is_whole, &year);
    if (!set_day(out, year, month.number, day)) {
        return 0;
    }
    *is_weak = len == 0 && month.is_short && !month.is_english;
    return at + len;
}

/* February 17[th][,] [2025], Feb-17-2025. */
static size_t month_first(lede_span text, bool is_whole, lede_civil *out,
                          bool *is_weak)
{
    lede_month_name month;
    size_t at = take_month(text, 0, &month);
    uint8_t joint = 0;
    int32_t year = 0;
    uint32_t day;
    size_t len;

    if (at == 0) {
        return 0;
    }
    if (lede_scan_at(text, at) == '-' || lede_scan_at(text, at) == '/') {
        joint = text.bytes[at++];
    } else {
        at += lede_scan_blanks(text, at);
    }
    len = lede_scan_digits(text, at, &day);
    if (len == 0 || len > 2) {
        return 0;
    }
    at += len;
    len = take_ordinal(text, at);
    if (len == 1 && lede_scan_is_digit(lede_scan_at(text, at + 1))) {
        return 0; /* "March 3.5 million" */
    }
    if (len > 1) {
        at += len;
    }
    if (lede_scan_at(text, at) == ':' || lede_scan_is_letter(text, at)) {
        return 0; /* "Feb 17:30", "March 5pm" */
    }
    len = take_year(text, at, joint, is_whole, &year);
    if (!set_day(out, year, month.number, day)) {
        return 0;
    }
    *is_weak = len == 0 && !month.is_english;
    return at + len;
}

void lede_date_hints_set_language(lede_date_hints *hints, lede_span lang)
{
    /* "en" alone is of both; where the year comes first, 02/03/2025 is some
     * other country's. */
    static const char languages[] =
        "en-gb en-ie en-au en-nz en-in en-za ar bg ca cs cy da de el es et eu "
        "fi fr ga gl he hr id it lv nb nl nn no pl pt ro ru sk sl sr sv tr uk "
        "vi";
    const uint8_t *dash =
        lang.len == 0 ? NULL : memchr(lang.bytes, '-', lang.len);
    size_t len = dash == NULL ? lang.len : (size_t)(dash - lang.bytes);
    const char *end = languages + sizeof languages - 1;
    const char *text = (const char *)lang.bytes;

    hints->month_first = lede_span_is(lang, "en-us");
    hints->day_first =
        len > 0 && (lede_scan_is_listed(languages, end, text, len) ||
                    lede_scan_is_listed(languages, end, text, lang.len));
}

/* Whether 02/03 is February 3 here; *guessed if nothing says so. */
static bool is_month_first(const lede_date_hints *hints, bool *guessed)
{
    const char *zone;

    if (hints != NULL && hints->month_first) {
        return true;
    }
    if (hints != NULL && hints->day_first) {
        return false;
    }
    zone = hints == NULL ? NULL : lede_site_zone(hints->site);
    *guessed = zone == NULL;
    return zone != NULL && (strncmp(zone, "America/New_York", 16) == 0 ||
                            strncmp(zone, "America/Los_Angeles", 19) == 0 ||
                            strncmp(zone, "America/Chicago", 15) == 0);
}

/* 17/02/2025, 17.02.2025, 17-2-2025. */
static size_t numbers(lede_span text, const lede_date_hints *hints,
                      bool is_whole, lede_civil *out, bool *day_guessed)
{
    uint32_t a;
    uint32_t b;
    uint32_t year;
    size_t at = lede_scan_digits(text, 0, &a);
    uint8_t joint = lede_scan_at(text, at);
    size_t len;
    bool guessed = false;
    bool swap;

    if (at == 0 || at > 2 || (joint != '.' && joint != '/' && joint != '-')) {
        return 0;
    }
    at++;
    at += joint == '.' ? lede_scan_blanks(text, at) : 0;
    len = lede_scan_digits(text, at, &b);
    if (len == 0 || len > 2 || lede_scan_at(text, at + len) != joint) {
        return 0;
    }
    at += len + 1;
    at += joint == '.' ? lede_scan_blanks(text, at) : 0;
    len = lede_scan_digits(text, at, &year);
    if (!(len == 4 && year > 0) && !(len == 2 && is_whole)) {
        return 0;
    }
    if (lede_scan_at(text, at + len) == joint &&
        lede_scan_is_digit(lede_scan_at(text, at + len + 1))) {
        return 0; /* the number of a version */
    }
    swap = joint != '.' && is_month_first(hints, &guessed);
    if (a > 12 || b > 12 || a == b) {
        swap = b > 12;
        guessed = false;
    }
    if (!set_day(out, full_year(year, len), swap ? a : b, swap ? b : a)) {
        return 0;
    }
    *day_guessed = guessed;
    return at + len;
}

size_t lede_day_scan(lede_span text, const lede_date_hints *hints,
                     bool is_whole, lede_civil *out, bool *day_guessed,
                     bool *is_weak)
{
    lede_civil found = *out;
    size_t weekday = lede_weekday_take(text);
    size_t skip = weekday;
    size_t len = 0;

    *day_guessed = *is_weak = false;
    /* "mar" is a Tuesday, and March: whatever makes a date */
    do {
        lede_span rest = lede_scan_from(text, skip);

        len = lede_iso_day_take(rest, &found);
        if (len == 0) {
            len = numbers(rest, hints, is_whole, &found, day_guessed);
        }
        if (len == 0) {
            len = day_first(rest, is_whole, &found, is_weak);
        }
        if (len == 0) {
            len = month_first(rest, is_whole, &found, is_weak);
        }
        if (len > 0 || skip == 0) {
            break;
        }
        skip = 0;
    } while (true);
    if (len == 0) {
        return 0;
    }
    out->year = found.year;
    out->month = found.month;
    out->day = found.day;
    return skip + len;
}

size_t lede_day_take(lede_span text, const lede_date_hints *hints,
                     lede_civil *out, bool *day_guessed)
{
    bool guessed;
    bool is_weak;
    size_t len = lede_day_scan(text, hints, false, out, &guessed, &is_weak);

    if (len > 0 && day_guessed != NULL) {
        *day_guessed = guessed;
    }
    return len;
}
