/* dates.c - a whole date out of its pieces.
 *
 * Spellings differ in order and in what stands between the pieces, hardly in
 * the pieces. So there is no grammar per spelling: pieces (day, time, zone,
 * year, month and year) are taken as they come, each once, over a small set of
 * joints, until one does not fit. lede_date_parse wants nothing left over;
 * lede_date_find stops behind the last piece. */
#include "corpus/date_scan.h"

typedef struct pieces {
    lede_civil local;
    lede_precision clock; /* NONE: no time of day yet */
    lede_span zone_text;
    bool has_day, has_year, has_numeric_zone;
    bool is_machine; /* begins with a year, as no person writes */
    bool day_guessed, is_weak;
    bool is_whole; /* the text is known to be a date */
    bool after_clock;
    const lede_date_hints *hints;
} pieces;

static bool is_any(lede_span text, size_t at, const char *set)
{
    uint8_t c = lede_scan_at(text, at);

    return c != 0 && strchr(set, c) != NULL;
}

/* A word of `list` (parted by blanks) stands whole at `at`: its length. */
static size_t take_listed(lede_span text, size_t at, const char *list)
{
    char word[LEDE_SCAN_WORD_BYTES];
    size_t len = lede_scan_fold(text, at, word);

    return len > 0 && lede_scan_is_listed(list, list + strlen(list), word,
                                          strlen(word))
               ? len
               : 0;
}

/* Signs between pieces, besides blanks. */
static size_t take_sign(lede_span text, size_t at, bool is_whole)
{
    static const char *const wide[] = {"\u2013", "\u2014", "\u00B7", "\u2022",
                                       "\uFF0C", "\u3000", "\u2011"};
    size_t i;

    if (is_any(text, at, is_whole ? ",;-|/." : ",-|")) {
        return 1;
    }
    for (i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (lede_span_starts(lede_scan_from(text, at), wide[i])) {
            return strlen(wide[i]);
        }
    }
    return 0;
}

/* In running text a word is a joint only before the piece that it leads to: "à"
 * before a time of day, "on" before a day. */
static size_t take_leading_word(lede_span text, size_t at, const pieces *p)
{
    static const char before_clock[] =
        "a as um om kl klo o alle las los ore ora g г в u ve saat";
    static const char before_day[] =
        "on le am vom de del el il den d op em dia na";
    bool wants_clock = p->has_day && p->clock == LEDE_PRECISION_NONE;
    bool wants_day = !p->has_day && p->clock >= LEDE_PRECISION_MINUTE;
    size_t len = 0;
    size_t next;
    lede_civil found = {0};
    lede_precision precision = LEDE_PRECISION_NONE;
    bool guessed;
    bool is_weak;

    if (wants_clock || wants_day) {
        len = take_listed(text, at, wants_clock ? before_clock : before_day);
    }
    if (len == 0) {
        return 0;
    }
    len += is_any(text, at + len, ".");
    next = at + len + lede_scan_blanks(text, at + len);
    if (wants_day) {
        return lede_day_scan(lede_scan_from(text, next), p->hints, false,
                             &found, &guessed, &is_weak) > 0 &&
                       found.year != 0
                   ? len
                   : 0;
    }
    next += is_any(text, next, ","); /* "2024 г., 14:50" */
    next += lede_scan_blanks(text, next);
    if (lede_clock_take(lede_scan_from(text, next), &found, &precision) > 0) {
        return precision >= LEDE_PRECISION_MINUTE ? len : 0;
    }
    return take_leading_word(text, next, p) > 0 ? len : 0; /* "alle ore" */
}

/* What may stand between two pieces. */
static size_t take_joint(lede_span text, size_t at, const pieces *p)
{
    static const char words[] = "at a as um om kl klo o alle las los ore uhr "
                                "hrs hours h on the de den "
                                "el le u g r г ora orah в saat";
    size_t begin = at;
    size_t len;

    do {
        len = lede_scan_blanks(text, at);
        /* a sign of an offset or a year is none of ours */
        if (len == 0 && !(p->after_clock && is_any(text, at, "+-"))) {
            len = take_sign(text, at, p->is_whole);
        }
        if (len == 0 && p->is_whole) {
            len = take_listed(text, at, words);
        } else if (len == 0) {
            len = take_listed(text, at, "at");
            len = len > 0 ? len : take_leading_word(text, at, p);
        }
        at += len;
    } while (len > 0);
    return at - begin;
}

/* 2003, and 2003-12 or February 2025, where a whole date is wanted. */
static size_t take_month_year(lede_span text, size_t at, pieces *p)
{
    char word[LEDE_SCAN_WORD_BYTES];
    lede_month_name month;
    uint32_t year;
    uint32_t number;
    size_t begin = at;
    size_t len = lede_scan_fold(text, at, word);

    if (len > 0 && lede_month_name_get(word, &month)) {
        at += len;
        at += is_any(text, at, ".");
        at += lede_scan_blanks(text, at);
        at += is_any(text, at, ",-");
        at += lede_scan_blanks(text, at);
        at += take_listed(text, at, "de del of");
        at += lede_scan_blanks(text, at);
        number = month.number;
        if (lede_scan_digits(text, at, &year) != 4 || year == 0) {
            return 0;
        }
        at += 4;
    } else {
        if (lede_scan_digits(text, at, &year) != 4 || year == 0 ||
            lede_scan_at(text, at + 4) != '-' ||
            lede_scan_digits(text, at + 5, &number) != 2) {
            return 0;
        }
        at += 7;
    }
    if (number < 1 || number > 12) {
        return 0;
    }
    p->local.year = (int32_t)year;
    p->local.month = (uint8_t)number;
    p->has_year = true;
    return at - begin;
}

/* A year that stands alone: "Tue Jan 28 15:28:56 CET 2020", "2002". */
static size_t take_year(lede_span text, size_t at, pieces *p)
{
    uint32_t year;

    if (p->has_year || lede_scan_digits(text, at, &year) != 4 || year == 0 ||
        lede_scan_at(text, at + 4) == ':') {
        return 0;
    }
    p->local.year = (int32_t)year;
    p->has_year = true;
    return 4;
}

static size_t take_day(lede_span text, size_t at, pieces *p)
{
    lede_civil day = {0};
    lede_span rest = lede_scan_from(text, at);
    bool guessed;
    bool is_weak;
    size_t len;

    if (p->has_day || (p->has_year && p->local.month != 0)) {
        return 0;
    }
    len = lede_day_scan(rest, p->hints, p->is_whole, &day, &guessed, &is_weak);
    if (len == 0 || (p->has_year && day.year != 0)) {
        return 0;
    }
    p->is_machine = lede_iso_day_take(rest, &day) > 0 || p->is_machine;
    p->has_day = true;
    p->has_year = p->has_year || day.year != 0;
    p->day_guessed = guessed;
    p->is_weak = is_weak;
    p->local.month = day.month;
    p->local.day = day.day;
    if (day.year != 0) {
        p->local.year = day.year;
    }
    return len;
}

/* hhmm[ss[.f]] behind an ISO date and its T. */
static size_t take_compact_clock(lede_span text, size_t at, pieces *p)
{
    uint32_t number;
    uint32_t fraction;
    size_t digits = lede_scan_digits(text, at, &number);
    size_t len = digits;
    uint32_t hour;

    if (digits == 2) {
        number *= 10000;
    } else if (digits == 4) {
        number *= 100;
    } else if (digits != 6) {
        return 0;
    }
    hour = number / 10000;
    if (hour > 24 || number / 100 % 100 > 59 || number % 100 > 60) {
        return 0;
    }
    p->local.hour = (uint8_t)(hour == 24 ? 0 : hour);
    p->local.minute = (uint8_t)(number / 100 % 100);
    p->local.second = (uint8_t)(number % 100 > 59 ? 59 : number % 100);
    p->clock = digits == 2   ? LEDE_PRECISION_HOUR
               : digits == 4 ? LEDE_PRECISION_MINUTE
                             : LEDE_PRECISION_SECOND;
    if (digits == 6 && is_any(text, at + len, ".,")) {
        digits = lede_scan_digits(text, at + len + 1, &fraction);
        len += digits > 0 ? digits + 1 : 0;
    }
    return len;
}

static size_t take_clock(lede_span text, size_t at, pieces *p)
{
    size_t begin = at;
    size_t len;

    if (p->clock != LEDE_PRECISION_NONE) {
        return 0;
    }
    if (p->is_machine && is_any(text, at, "Tt") &&
        lede_scan_is_digit(lede_scan_at(text, at + 1))) {
        at++;
    }
    len = lede_clock_take(lede_scan_from(text, at), &p->local, &p->clock);
    if (len == 0 && at > begin) {
        len = take_compact_clock(text, at, p);
    }
    return len == 0 ? 0 : at + len - begin;
}

static bool has_digit(lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (lede_scan_is_digit(text.bytes[i])) {
            return true;
        }
    }
    return false;
}

/* A zone; one in figures overrules a name, as in 2018-11-28CET11:59:00+0100,
 * and a second time in brackets with GMT overrules the first. */
static size_t take_zone(lede_span text, size_t at, pieces *p)
{
    lede_span rest = lede_scan_from(text, at);
    bool is_numeric =
        is_any(text, at, "+-") || lede_span_starts(rest, "\u2212");
    lede_zone_word word;
    size_t len;

    if (is_numeric ? !p->after_clock || p->has_numeric_zone
                   : p->zone_text.len > 0) {
        return 0;
    }
    if (!p->is_whole && !p->after_clock) {
        return 0;
    }
    len = lede_zone_word_take(rest, p->hints, &word);
    if (len == 0) {
        return 0;
    }
    p->zone_text = lede_span_part(rest, 0, len);
    p->has_numeric_zone = has_digit(p->zone_text);
    return len;
}

/* "(Coordinated Universal Time)", "[Europe/Paris]" behind a zone; or, after a
 * time, "(14:40 GMT)": that one counts. */
static size_t take_brackets(lede_span text, size_t at, pieces *p)
{
    uint8_t close = lede_scan_at(text, at) == '(' ? ')' : ']';
    lede_span rest = lede_scan_from(text, at + 1);
    const uint8_t *end =
        rest.len == 0
            ? NULL
            : memchr(rest.bytes, close, rest.len < 100 ? rest.len : 100);
    lede_zone_word word;
    lede_civil clock = p->local;
    lede_precision precision;
    size_t len;

    if (!is_any(text, at, "([") || end == NULL ||
        p->clock == LEDE_PRECISION_NONE) {
        return 0;
    }
    rest.len = (size_t)(end - rest.bytes);
    len = lede_clock_take(rest, &clock, &precision);
    if (len > 0) {
        len += lede_scan_blanks(rest, len);
        if (lede_zone_word_take(lede_scan_from(rest, len), p->hints, &word) ==
            0) {
            return 0;
        }
        p->local = clock;
        p->clock = precision;
        p->zone_text = lede_scan_from(rest, len);
    } else if (p->zone_text.len == 0) {
        return 0;
    }
    return rest.len + 2;
}

/* One piece of any kind; 0 if nothing fits. */
static size_t take_piece(lede_span text, size_t at, pieces *p)
{
    size_t len = take_brackets(text, at, p);

    if (len > 0) {
        return len;
    }
    len = take_day(text, at, p);
    if (len == 0) {
        len = take_clock(text, at, p);
        if (len > 0) {
            p->after_clock = true;
            return len;
        }
    }
    if (len == 0) {
        len = take_zone(text, at, p);
        if (len > 0) {
            return len;
        }
    }
    if (len == 0 && p->is_whole && !p->has_day && p->local.month == 0) {
        len = take_month_year(text, at, p);
    }
    if (len == 0 && (p->is_whole || p->has_day)) {
        len = take_year(text, at, p);
    }
    if (len == 0 && p->is_whole && !p->has_day) {
        len = lede_weekday_take(lede_scan_from(text, at));
    }
    return len;
}

/* Takes pieces from `at` on; the end of the last. */
static size_t take_pieces(lede_span text, size_t at, pieces *p)
{
    size_t end = at;

    for (;;) {
        size_t len = take_piece(text, at, p);

        if (len == 0 && is_any(text, at, "(")) {
            len = take_piece(text, ++at, p);
        }
        if (len == 0) {
            return end;
        }
        at += len;
        end = at;
        at += take_joint(text, at, p);
    }
}

/* Words before a date: "First published on", "Stand:", "Mis à jour le". */
static size_t take_lead(lede_span text)
{
    static const char words[] =
        "published publish publication posted updated update modified last "
        "first on at date dated created release released issued filed am pm "
        "time from of the "
        "publie publiee publiziert mis mise a jour le modifie ecrit "
        "veroffentlicht aktualisiert stand am vom der erstellt "
        "publicado publicada actualizado actualizada el em atualizado fecha "
        "pubblicato aggiornato il data "
        "gepubliceerd bijgewerkt op "
        "publicerad uppdaterad den publisert oppdatert publiceret opdateret "
        "opublikowano aktualizacja data dodano "
        "publikovano aktualizovano "
        "yayinlanma guncelleme tarihi tarih "
        "опубликовано обновлено дата";
    size_t at = lede_scan_blanks(text, 0);
    lede_civil day = {0};
    bool guessed;
    bool is_weak;
    size_t len;

    while (lede_day_scan(lede_scan_from(text, at), NULL, true, &day, &guessed,
                         &is_weak) == 0 &&
           (len = take_listed(text, at, words)) > 0) {
        at += len;
        at += lede_scan_blanks(text, at);
        at += is_any(text, at, ":|-");
        at += lede_scan_blanks(text, at);
    }
    return at;
}

/* The instant of 0, however it is dressed. */
static bool is_epoch(const pieces *p, const lede_when *when)
{
    return (p->is_machine && p->local.year == 1970 && p->local.month == 1 &&
            p->local.day == 1) ||
           (when->instant == 0 && when->precision >= LEDE_PRECISION_HOUR);
}

/* A date of pieces: what precision, and is it one at all? */
static bool make(pieces *p, lede_span text, lede_when *out)
{
    lede_civil local = p->local;
    lede_precision precision = LEDE_PRECISION_DAY;
    lede_when when;

    if (!p->has_day) {
        if (!p->has_year || p->clock != LEDE_PRECISION_NONE) {
            return false;
        }
        precision =
            local.month == 0 ? LEDE_PRECISION_YEAR : LEDE_PRECISION_MONTH;
        local.month = local.month == 0 ? 1 : local.month;
        local.day = 1;
    } else if (p->clock != LEDE_PRECISION_NONE) {
        precision = p->clock;
    }
    if (!lede_when_make(&local, precision, p->zone_text, p->hints, &when) ||
        is_epoch(p, &when)) {
        return false;
    }
    when.day_guessed = p->day_guessed;
    when.text = text;
    *out = when;
    return true;
}

/* 1739803800[.5], 20250217, 20250217145000. */
static bool parse_figures(lede_span text, lede_when *out)
{
    uint32_t rest;
    int64_t number = 0;
    size_t digits = 0;

    while (digits < text.len && digits < 19 &&
           lede_scan_is_digit(text.bytes[digits])) {
        if (number > (INT64_MAX - 9) / 10) {
            return false;
        }
        number = number * 10 + (text.bytes[digits++] - '0');
    }
    if (digits < 8) {
        return false;
    }
    if (lede_scan_at(text, digits) == '.') {
        digits += 1 + lede_scan_digits(text, digits + 1, &rest);
    }
    if (digits != text.len || !lede_date_from_number(number, out)) {
        return false;
    }
    out->text = text;
    return true;
}

bool lede_date_parse(lede_span text, const lede_date_hints *hints,
                     lede_when *out)
{
    pieces p = {.hints = hints, .is_whole = true};
    size_t lead;
    size_t end;

    *out = lede_when_none();
    text = lede_span_trim(text);
    if (text.len == 0 || text.len > 200) {
        return false;
    }
    if (parse_figures(text, out)) {
        int32_t max = hints == NULL ? 0 : hints->year_max;

        if (max == 0 || out->local.year <= max) {
            return true;
        }
        *out = lede_when_none();
        return false;
    }
    lead = take_lead(text);
    end = take_pieces(text, lead, &p);
    if (end == lead) {
        return false;
    }
    text = lede_scan_from(text, lead);
    end -= lead;
    p.after_clock = false;
    if (end + take_joint(text, end, &p) < text.len &&
        !(end + 1 == text.len && is_any(text, end, ").]"))) {
        return false;
    }
    return make(&p, lede_span_part(text, 0, end), out);
}

/* The first letters of an English month or weekday: the only words that a date
 * in running text is looked for at, as figures come first elsewhere. */
static bool begins_name(lede_span text, size_t at)
{
    static const char names[] = "jan feb mar apr may jun jul aug sep oct nov "
                                "dec mon tue wed thu fri sat sun";
    char word[4] = "";
    size_t i;

    for (i = 0; i < 3; i++) {
        word[i] = (char)(lede_scan_at(text, at + i) | 0x20);
    }
    return lede_scan_is_listed(names, names + sizeof names - 1, word, 3);
}

/* A date can begin here: not in the middle of a word or number. */
static bool is_start(lede_span text, size_t at, size_t from)
{
    uint8_t c = text.bytes[at];
    uint8_t before = at > from ? text.bytes[at - 1] : ' ';

    if (lede_scan_is_digit(c)) {
        return !lede_scan_is_digit(before) && before != '.' && before != ',' &&
               before != '/' && before != '-' && before != ':';
    }
    return c >= 'A' && c <= 'Z' && !lede_scan_is_alpha(before) &&
           before < 0x80 && begins_name(text, at);
}

bool lede_date_find(lede_span text, size_t at, const lede_date_hints *hints,
                    size_t *begin, size_t *end, lede_when *out)
{
    size_t from = at;

    for (; at < text.len; at++) {
        lede_span rest = lede_span_part(text, at, 200);
        pieces p = {.hints = hints};
        lede_when when;
        size_t stop;

        if (!is_start(text, at, from)) {
            continue;
        }
        stop = take_pieces(rest, 0, &p);
        if (stop == 0 || !p.has_day || p.is_weak ||
            !make(&p, lede_span_part(rest, 0, stop), &when)) {
            continue;
        }
        *begin = at;
        *end = at + stop;
        *out = when;
        return true;
    }
    return false;
}
