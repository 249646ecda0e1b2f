/* zones.c - from a zone's words to an offset, and from the pieces of a date to
 * an instant. */
#include "corpus/date_scan.h"

#include "base/zone.h"

enum { ZONE_NAME_BYTES = 64 };

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* The host's name without its port. */
static lede_span site_host(lede_span site)
{
    const uint8_t *colon =
        site.len == 0 ? NULL : memchr(site.bytes, ':', site.len);

    return colon == NULL
               ? site
               : lede_span_of(site.bytes, (size_t)(colon - site.bytes));
}

bool lede_site_ends(lede_span site, const char *ending)
{
    size_t len = strlen(ending);
    size_t i;

    site = site_host(site);
    if (site.len < len || len == 0) {
        return false;
    }
    for (i = 0; i < len; i++) {
        if (lower(site.bytes[site.len - len + i]) != (uint8_t)ending[i]) {
            return false;
        }
    }
    return ending[0] == '.' || site.len == len ||
           site.bytes[site.len - len - 1] == '.';
}

const char *lede_site_zone(lede_span site)
{
    size_t i;

    for (i = 0; i < lede_zone_site_count; i++) {
        if (lede_site_ends(site, lede_zone_sites[i].name)) {
            return lede_zone_sites[i].tz;
        }
    }
    return NULL;
}

/* Any of the endings in a list parted by blanks. */
static bool site_is_listed(lede_span site, const char *list)
{
    char ending[ZONE_NAME_BYTES];

    while (*list != '\0') {
        size_t len = strcspn(list, " ");

        if (len < sizeof ending) {
            memcpy(ending, list, len);
            ending[len] = '\0';
            if (lede_site_ends(site, ending)) {
                return true;
            }
        }
        list += len + (list[len] == ' ');
    }
    return false;
}

static void set_fixed(lede_zone_word *out, int32_t offset_s)
{
    out->tz = lede_span_of(NULL, 0);
    out->offset_s = offset_s;
}

static void set_named(lede_zone_word *out, const char *tz, int16_t offset_min)
{
    set_fixed(out, offset_min * 60);
    out->tz = lede_span_text(tz);
}

/* The sign of an offset: +, - or U+2212. */
static size_t take_sign(lede_span text, size_t at, bool *west)
{
    uint8_t c = lede_scan_at(text, at);

    *west = c != '+';
    if (c == '+' || c == '-') {
        return 1;
    }
    return lede_span_starts(lede_scan_from(text, at), "\u2212") ? 3 : 0;
}

/* +01, -5, +0530, +5:30, +05:30:00 */
static size_t take_offset(lede_span text, size_t at, int32_t *offset_s)
{
    size_t begin = at;
    bool west;
    uint32_t hours;
    uint32_t minutes = 0;
    size_t sign = take_sign(text, at, &west);
    size_t digits;

    if (sign == 0) {
        return 0;
    }
    at += sign;
    digits = lede_scan_digits(text, at, &hours);
    if (digits == 0 || digits > 4) {
        return 0;
    }
    at += digits;
    if (digits > 2) {
        minutes = hours % 100;
        hours /= 100;
    } else if (lede_scan_at(text, at) == ':' &&
               lede_scan_digits(text, at + 1, &minutes) == 2) {
        at += 3;
    } else {
        minutes = 0;
    }
    if (hours > 18 || minutes > 59) {
        return 0;
    }
    *offset_s = (int32_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return at - begin;
}

/* Nothing that would make the word longer follows. */
static bool ends_word(lede_span text, size_t at)
{
    return !lede_scan_is_letter(text, at);
}

/* Z, an offset, GMT+5, UTC-03:30. */
static size_t take_numeric(lede_span text, lede_zone_word *out)
{
    int32_t offset_s = 0;
    size_t word = 0;
    size_t len;

    if (lede_scan_word(text, 0, "z") > 0 && ends_word(text, 1) &&
        !lede_scan_is_digit(lede_scan_at(text, 1))) {
        set_fixed(out, 0);
        return 1;
    }
    if (lede_scan_word(text, 0, "gmt") + lede_scan_word(text, 0, "utc") > 0) {
        word = 3;
    }
    len = take_offset(text, word, &offset_s);
    if (len == 0 && word > 0) {
        size_t gap = lede_scan_blanks(text, word);

        len = gap == 0 ? 0 : take_offset(text, word + gap, &offset_s);
        len += len > 0 ? gap : 0;
    }
    if (len == 0 && (word == 0 || !ends_word(text, word))) {
        return 0;
    }
    set_fixed(out, offset_s);
    return word + len;
}

/* Compares the words of `name` with the text: any blanks between words, any
 * quote for an apostrophe, accents and case aside. The bytes taken, or 0. */
static size_t match_name(lede_span text, const char *name)
{
    char word[LEDE_SCAN_WORD_BYTES];
    size_t at = 0;

    while (*name != '\0') {
        size_t letters = strcspn(name, " -.'&");
        size_t len = lede_scan_fold(text, at, word);

        if (letters > 0) {
            if (len == 0 || strlen(word) != letters ||
                memcmp(word, name, letters) != 0) {
                return 0;
            }
            at += len;
            name += letters;
            continue;
        }
        if (*name == ' ') {
            len = lede_scan_blanks(text, at);
        } else if (*name == '\'' &&
                   lede_span_starts(lede_scan_from(text, at), "\u2019")) {
            len = 3;
        } else {
            len = lede_scan_at(text, at) == (uint8_t)*name;
        }
        if (len == 0) {
            return 0;
        }
        at += len;
        name++;
    }
    return ends_word(text, at) ? at : 0;
}

/* " Time" behind a name that the table has without it. */
static size_t take_time_word(lede_span text, size_t at)
{
    size_t gap = lede_scan_blanks(text, at);
    size_t len = gap == 0 ? 0 : lede_scan_word(text, at + gap, "time");

    return len > 0 && ends_word(text, at + gap + len) ? gap + len : 0;
}

/* Whether `name` can stand where the folded `word` begins. */
static bool begins_with(const char *name, const char *word)
{
    size_t len;

    if (name[0] != word[0]) {
        return false;
    }
    len = strcspn(name, " -.'&");
    return strncmp(name, word, len) == 0 && word[len] == '\0';
}

static size_t take_long_name(lede_span text, lede_zone_word *out)
{
    char word[LEDE_SCAN_WORD_BYTES];
    size_t best = 0;
    size_t i;

    if (lede_scan_fold(text, 0, word) == 0) {
        return 0;
    }
    for (i = 0; i < lede_zone_long_name_count; i++) {
        const lede_zone_name *name = &lede_zone_long_names[i];
        size_t len =
            begins_with(name->name, word) ? match_name(text, name->name) : 0;

        if (len > best) {
            best = len;
            set_named(out, name->tz, name->offset_min);
        }
    }
    return best == 0 ? 0 : best + take_time_word(text, best);
}

static bool has_letters(lede_span text, size_t len, const char *name)
{
    return strlen(name) == len && memcmp(text.bytes, name, len) == 0;
}

static bool take_exception(lede_span text, size_t len, lede_span site,
                           lede_zone_word *out)
{
    size_t i;

    for (i = 0; i < lede_zone_exception_count; i++) {
        const lede_zone_exception *e = &lede_zone_exceptions[i];

        if (has_letters(text, len, e->name) && site_is_listed(site, e->sites)) {
            set_named(out, e->tz, e->offset_min);
            return true;
        }
    }
    return false;
}

/* Capitals only, dots allowed between them ("E.T."). */
static size_t take_letters(lede_span text, char out[8], size_t *count)
{
    size_t at = 0;

    *count = 0;
    while (*count < 7 && lede_scan_at(text, at) >= 'A' &&
           lede_scan_at(text, at) <= 'Z') {
        out[(*count)++] = (char)text.bytes[at++];
        if (lede_scan_at(text, at) == '.' && at == *count * 2 - 1) {
            at++;
        }
    }
    out[*count] = '\0';
    return at;
}

static size_t take_abbreviation(lede_span text, lede_span site,
                                lede_zone_word *out)
{
    char letters[8];
    size_t count;
    size_t len = take_letters(text, letters, &count);
    size_t i;

    if (len == 0 || !ends_word(text, len)) {
        return 0;
    }
    if (len == count + 1) { /* one dot: a full stop */
        len--;
    }
    if (take_exception(lede_span_text(letters), count, site, out)) {
        return len;
    }
    for (i = 0; i < lede_zone_abbreviation_count; i++) {
        const lede_zone_name *name = &lede_zone_abbreviations[i];

        if (strcmp(name->name, letters) == 0) {
            set_named(out, name->tz, name->offset_min);
            return len;
        }
    }
    return 0;
}

static size_t take_city(lede_span text, size_t at, lede_zone_word *out)
{
    char word[LEDE_SCAN_WORD_BYTES];
    size_t best = 0;
    size_t i;

    if (lede_scan_fold(text, at, word) == 0) {
        return 0;
    }
    for (i = 0; i < lede_zone_city_count; i++) {
        const char *name = lede_zone_cities[i].name;
        size_t len = begins_with(name, word)
                         ? match_name(lede_scan_from(text, at), name)
                         : 0;

        if (len > best) {
            best = len;
            set_named(out, lede_zone_cities[i].tz, 0);
        }
    }
    return best;
}

/* "London time", "local time in Paris". */
static size_t take_place(lede_span text, lede_zone_word *out)
{
    size_t at = match_name(text, "local time in");
    lede_zone_word found;
    size_t len;

    if (at > 0) {
        at += lede_scan_blanks(text, at);
        len = take_city(text, at, out);
        return len == 0 ? 0 : at + len;
    }
    len = take_city(text, 0, &found);
    at = len == 0 ? 0 : take_time_word(text, len);
    if (at == 0) {
        return 0;
    }
    *out = found;
    return len + at;
}

/* Opens the tz zone; NULL if there is no such, or no memory. */
static lede_zone *open_zone(lede_span tz)
{
    char name[ZONE_NAME_BYTES];
    lede_zone *zone = NULL;

    if (tz.len == 0 || tz.len >= sizeof name ||
        memchr(tz.bytes, '\0', tz.len) != NULL) {
        return NULL;
    }
    memcpy(name, tz.bytes, tz.len);
    name[tz.len] = '\0';
    return lede_zone_open(name, &zone, NULL) == LEDE_OK ? zone : NULL;
}

/* "Europe/London", as far as the tz database knows it. */
static size_t take_tz_name(lede_span text, lede_zone_word *out)
{
    lede_zone *zone;
    size_t len = 0;
    bool has_slash = false;
    uint8_t c;

    while ((c = lede_scan_at(text, len)) != 0 &&
           (lede_scan_is_alpha(c) || c == '_' ||
            (has_slash && (c == '-' || c == '+' || lede_scan_is_digit(c))) ||
            (c == '/' && len > 0))) {
        has_slash = has_slash || c == '/';
        len++;
    }
    if (!has_slash) {
        return 0;
    }
    zone = open_zone(lede_span_part(text, 0, len));
    if (zone == NULL) {
        return 0;
    }
    lede_zone_close(zone);
    set_fixed(out, 0);
    out->tz = lede_span_part(text, 0, len);
    return len;
}

size_t lede_zone_word_take(lede_span text, const lede_date_hints *hints,
                           lede_zone_word *out)
{
    static const lede_span nowhere = {NULL, 0};
    lede_span site = hints == NULL ? nowhere : hints->site;
    lede_zone_word found = {nowhere, 0};
    lede_zone_word other = {nowhere, 0};
    size_t best = take_numeric(text, &found);
    size_t len;

    if (best > 0 && !lede_scan_is_letter(text, best) &&
        (lede_scan_from(text, best).len == 0 ||
         !lede_scan_is_alpha(text.bytes[0]))) {
        *out = found; /* figures are no name's beginning */
        return best;
    }
    len = take_long_name(text, &other);
    if (len > best) {
        best = len;
        found = other;
    }
    len = take_place(text, &other);
    if (len > best) {
        best = len;
        found = other;
    }
    len = take_abbreviation(text, site, &other);
    if (len > best) {
        best = len;
        found = other;
    }
    len = best > 0 ? 0 : take_tz_name(text, &other);
    if (len > best) {
        best = len;
        found = other;
    }
    if (best > 0) {
        *out = found;
    }
    return best;
}

static bool offset_of_tz(lede_span tz, const lede_civil *local, int32_t *offset)
{
    lede_zone *zone = open_zone(tz);

    if (zone == NULL) {
        return false;
    }
    *offset = lede_zone_offset_for_local(zone, local);
    lede_zone_close(zone);
    return true;
}

/* The offset that holds for when->local; sets zone_guessed. */
static int32_t resolve_zone(lede_when *when, const lede_date_hints *hints)
{
    lede_zone_word word;
    int32_t offset = 0;
    const char *site = NULL;

    when->zone_guessed = false;
    if (when->zone_text.len > 0 &&
        lede_zone_word_take(when->zone_text, hints, &word) > 0) {
        if (word.tz.len == 0) {
            return word.offset_s;
        }
        if (offset_of_tz(word.tz, &when->local, &offset)) {
            return offset;
        }
    }
    if (hints != NULL && hints->default_zone != NULL &&
        offset_of_tz(lede_span_text(hints->default_zone), &when->local,
                     &offset)) {
        return offset;
    }
    if (when->precision <= LEDE_PRECISION_DAY) {
        return 0;
    }
    site = hints == NULL ? NULL : lede_site_zone(hints->site);
    if (site != NULL &&
        offset_of_tz(lede_span_text(site), &when->local, &offset)) {
        return offset;
    }
    when->zone_guessed = true;
    return 0;
}

/* Sets instant and offset; local must be complete. Offsets before standard time
 * have seconds: offset_min is rounded so that midnight stays in its day. */
static void set_instant(lede_when *when, const lede_date_hints *hints)
{
    int32_t offset = resolve_zone(when, hints);

    when->instant = lede_instant_from_civil(&when->local, offset);
    when->offset_min = (int16_t)((offset + 86400 + 59) / 60 - 1440);
}

static bool is_year_in_bounds(int32_t year, const lede_date_hints *hints)
{
    int32_t max =
        hints == NULL || hints->year_max == 0 ? 9999 : hints->year_max;

    return year >= LEDE_YEAR_MIN && year <= max;
}

void lede_when_set_year(lede_when *when, int32_t year, lede_year_source source,
                        const lede_date_hints *hints)
{
    if (!is_year_in_bounds(year, hints) || when->local.day == 0 ||
        when->local.day > lede_days_in_month(year, when->local.month)) {
        return;
    }
    when->local.year = year;
    when->year_source = source;
    set_instant(when, hints);
}

bool lede_when_make(const lede_civil *local, lede_precision precision,
                    lede_span zone_text, const lede_date_hints *hints,
                    lede_when *out)
{
    lede_when when = lede_when_none();
    /* 2000 has a February 29 */
    int32_t year = local->year == 0 ? 2000 : local->year;

    *out = when;
    if (local->day == 0 ||
        local->day > lede_days_in_month(year, local->month)) {
        return false;
    }
    when.local = *local;
    when.precision = precision;
    when.zone_text = zone_text;
    if (local->year != 0) {
        if (!is_year_in_bounds(local->year, hints)) {
            return false;
        }
        when.year_source = LEDE_YEAR_EXPLICIT;
        set_instant(&when, hints);
    }
    *out = when;
    return true;
}

void lede_when_midnight_to_day(lede_when *when)
{
    if (when->precision >= LEDE_PRECISION_HOUR && when->local.hour == 0 &&
        when->local.minute == 0 && when->local.second == 0) {
        when->precision = LEDE_PRECISION_DAY;
    }
}
