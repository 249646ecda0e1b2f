#include "corpus/live_heads.h"

#include "corpus/page_words.h"
#include "corpus/paragraphs.h"
#include "corpus/text_match.h"

/* A time, its zone and its day take no more than this. */
enum { TAIL_BYTES = 200, SHORT_LINE_BYTES = 120 };

static size_t skip_blanks(lede_span text, size_t at)
{
    while (at < text.len && text.bytes[at] == ' ') {
        at++;
    }
    return at;
}

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_span_part(text, at, text.len);
}

/* Blanks, commas and the words that join a day to a time. */
static size_t skip_joint(lede_span text, size_t at)
{
    static const char *const joints[] = {"at ", "on ", "- ", "\u2013 ", "| "};

    for (;;) {
        size_t before = at;

        while (at < text.len &&
               (text.bytes[at] == ' ' || text.bytes[at] == ',')) {
            at++;
        }
        for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
            if (lede_match_starts(rest_of(text, at), joints[i])) {
                at += strlen(joints[i]);
            }
        }
        if (at == before) {
            return at;
        }
    }
}

static size_t take_clock(lede_span text, size_t at, lede_head_time *out)
{
    lede_span rest = rest_of(text, at);
    lede_precision precision;
    size_t len;

    if (rest.len == 0 || rest.bytes[0] < '0' || rest.bytes[0] > '9') {
        return 0; /* "noon" is no head's time */
    }
    len = lede_clock_take(rest, &out->local, &precision);
    if (len == 0 || precision < LEDE_PRECISION_MINUTE) {
        return 0;
    }
    out->has_clock = true;
    out->precision = precision;
    return len;
}

/* Copies with runs of blanks made one (a wide blank counts as several). */
static void copy_words(char *out, lede_span text)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] != ' ' || (len > 0 && out[len - 1] != ' ')) {
            out[len++] = (char)text.bytes[i];
        }
    }
    out[len] = '\0';
}

static size_t take_zone(lede_span text, size_t at, const lede_date_hints *hints,
                        lede_head_time *out)
{
    bool framed = at < text.len && text.bytes[at] == '(';
    lede_span rest = rest_of(text, at + framed);
    lede_zone_word word;
    size_t len = lede_zone_word_take(rest, hints, &word);

    if (len == 0 || len >= sizeof out->zone) {
        return 0;
    }
    if (framed && !(len < rest.len && rest.bytes[len] == ')')) {
        return 0;
    }
    copy_words(out->zone, lede_span_part(rest, 0, len));
    return len + (framed ? 2 : 0);
}

static size_t take_day(lede_span text, size_t at, const lede_date_hints *hints,
                       lede_head_time *out)
{
    size_t len =
        lede_day_take(rest_of(text, at), hints, &out->local, &out->day_guessed);

    if (len > 0 && out->precision == LEDE_PRECISION_NONE) {
        out->precision = LEDE_PRECISION_DAY;
    }
    return len;
}

/* Takes a clock, its zone and a day, in any order, from `at` on; returns the
 * end of the last, or `at` if there is none. `text` has plain blanks. */
static size_t take_time(lede_span text, size_t at, const lede_date_hints *hints,
                        lede_head_time *out)
{
    size_t end = at;

    *out = (lede_head_time){.begin = skip_blanks(text, at)};
    for (;;) {
        size_t next = skip_joint(text, end);
        size_t len = 0;

        if (out->local.month == 0) {
            len = take_day(text, next, hints, out);
        }
        if (len == 0 && !out->has_clock) {
            len = take_clock(text, next, out);
        } else if (len == 0 && out->zone[0] == '\0') {
            len = take_zone(text, next, hints, out);
        }
        if (len == 0) {
            out->end = end;
            return end;
        }
        end = next + len;
    }
}

static bool is_blank_from(lede_span text, size_t at)
{
    return skip_blanks(text, at) >= text.len;
}

/* Lost bytes and blanks only. */
static bool is_lost_from(lede_span text, size_t at)
{
    while (at < text.len) {
        if (text.bytes[at] == ' ') {
            at++;
        } else if (lede_span_starts(rest_of(text, at), "\uFFFD")) {
            at += 3;
        } else {
            return false;
        }
    }
    return true;
}

bool lede_head_parse_time(lede_span text, const lede_date_hints *hints,
                          lede_head_time *out)
{
    uint8_t bytes[SHORT_LINE_BYTES];
    lede_span plain = {bytes, text.len};
    size_t end;

    if (text.len == 0 || text.len > sizeof bytes) {
        return false;
    }
    lede_match_plain(text, bytes);
    end = take_time(plain, 0, hints, out);
    return out->precision != LEDE_PRECISION_NONE && is_blank_from(plain, end);
}

/* "  12. ": the number at the beginning of a line; the byte behind it and its
 * blanks, or 0. */
static size_t take_number(lede_span plain, uint32_t *ordinal)
{
    size_t at = 0;
    size_t len;

    while (at < plain.len && at < 16 &&
           (plain.bytes[at] == ' ' || plain.bytes[at] == '\t')) {
        at++;
    }
    len = lede_match_number(rest_of(plain, at), 5, ordinal);
    if (len == 0 || at + len >= plain.len ||
        (plain.bytes[at + len] != '.' && plain.bytes[at + len] != ')')) {
        return 0;
    }
    at += len + 1;
    if (at < plain.len && plain.bytes[at] != ' ') {
        return 0;
    }
    return skip_blanks(plain, at);
}

bool lede_head_parse_number(lede_span line, uint32_t *ordinal, lede_span *rest)
{
    uint32_t number;
    size_t at = take_number(line, &number);

    if (at == 0 || number == 0) {
        return false;
    }
    *ordinal = number;
    *rest = lede_match_trim(rest_of(line, at));
    return true;
}

/* The seconds of a unit's name, and how exact a time counted in it is. */
static int64_t unit_seconds(lede_span word, lede_precision *precision)
{
    static const struct unit {
        const char *name;
        int64_t seconds;
        lede_precision precision;
    } units[] = {
        {"s", 1, LEDE_PRECISION_MINUTE},
        {"sec", 1, LEDE_PRECISION_MINUTE},
        {"second", 1, LEDE_PRECISION_MINUTE},
        {"m", 60, LEDE_PRECISION_MINUTE},
        {"min", 60, LEDE_PRECISION_MINUTE},
        {"minute", 60, LEDE_PRECISION_MINUTE},
        {"h", 3600, LEDE_PRECISION_HOUR},
        {"hr", 3600, LEDE_PRECISION_HOUR},
        {"hour", 3600, LEDE_PRECISION_HOUR},
        {"d", 86400, LEDE_PRECISION_DAY},
        {"day", 86400, LEDE_PRECISION_DAY},
    };

    if (word.len > 2 &&
        (word.bytes[word.len - 1] == 's' || word.bytes[word.len - 1] == '.')) {
        word.len--;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (lede_match_is(word, units[i].name)) {
            *precision = units[i].precision;
            return units[i].seconds;
        }
    }
    return 0;
}

/* "5 min ago", "1 hr 20 min ago", "3h ago", "Updated 5 min ago". */
static bool parse_h(lede_span plain, lede_head *out)
{
    static const char *const words[] = {"posted ", "updated ", "published "};
    lede_span rest = lede_span_trim(plain);
    size_t pairs = 0;

    if (rest.len > 40 || !lede_match_ends(rest, "ago")) {
        return false;
    }
    out->time.begin = (size_t)(rest.bytes - plain.bytes);
    out->time.end = out->time.begin + rest.len;
    rest.len -= 3;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_starts(rest, words[i])) {
            rest = lede_span_trim(rest_of(rest, strlen(words[i])));
            break;
        }
    }
    while (rest.len > 0 && pairs < 2) {
        uint32_t number;
        size_t len = lede_match_number(rest, 3, &number);
        size_t at = skip_blanks(rest, len);
        size_t end = at;
        int64_t unit;

        while (end < rest.len && rest.bytes[end] != ' ') {
            end++;
        }
        unit = len == 0 ? 0
                        : unit_seconds(lede_span_part(rest, at, end - at),
                                       &out->time.precision);
        if (unit == 0) {
            return false;
        }
        out->time.ago_s += unit * number;
        rest = lede_span_trim(rest_of(rest, end));
        pairs++;
    }
    out->time.is_relative = true;
    return pairs > 0 && rest.len == 0;
}

/* Form A. ------------------------------------------------------------ */

static const char *const keywords[] = {"published at", "posted at",
                                       "updated at"};
enum { KEYWORDS = sizeof keywords / sizeof *keywords };

/* The last keyword of a line, and the byte behind it. */
static size_t find_keyword(lede_span text, bool damaged, size_t *end)
{
    size_t best = LEDE_MATCH_NONE;

    for (size_t i = 0; i < KEYWORDS; i++) {
        size_t stop = 0;
        size_t at = damaged ? lede_match_find_damaged(text, keywords[i], &stop)
                            : lede_match_find_last(text, keywords[i]);

        if (at != LEDE_MATCH_NONE && (best == LEDE_MATCH_NONE || at > best)) {
            best = at;
            *end = damaged ? stop : at + strlen(keywords[i]);
        }
    }
    return best;
}

/* A number of which bytes were lost: "1?. ", "?. ". */
static size_t lost_number(lede_span text)
{
    size_t at = 0;
    size_t chars = 0;

    while (at < text.len && chars < 5) {
        if (lede_span_starts(rest_of(text, at), "\uFFFD")) {
            at += 3;
        } else if (text.bytes[at] >= '0' && text.bytes[at] <= '9') {
            at++;
        } else {
            break;
        }
        chars++;
    }
    if (chars == 0 || chars > 4) {
        return 0;
    }
    if (at < text.len && text.bytes[at] == '.') {
        at++;
    }
    return lede_match_blank(text, at) != 0 ? at : 0;
}

/* The headline between the number and the keyword. */
static void set_headline(lede_head *out, lede_span line, size_t begin,
                         size_t end)
{
    lede_span text = lede_match_trim(lede_span_part(line, begin, end - begin));

    if (out->ordinal == 0 && lede_match_is_damaged(text)) {
        text = lede_match_trim(rest_of(text, lost_number(text)));
    }
    if (out->ordinal == 0) {
        text = lede_span_part(text, lede_bullet_len(text), text.len);
    }
    while (text.len > 0 && text.bytes[text.len - 1] == ',') {
        text.len--;
    }
    out->headline = lede_match_trim(text);
}

/* "Last updated at 19.38 GMT" tells of the page, "Updated at" of the update
 * above it: neither begins one. */
static bool is_no_headline(const lede_head *head, lede_span plain, size_t at)
{
    static const char *const words[] = {"first", "last",          "originally",
                                        "last-", "this page was", "page"};

    if (head->ordinal != 0) {
        return false;
    }
    if (head->headline.len == 0) {
        return lede_match_starts(rest_of(plain, at), "updated");
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_is(head->headline, words[i])) {
            return true;
        }
    }
    return false;
}

static bool parse_a(lede_span line, lede_span plain, bool damaged,
                    const lede_date_hints *hints, lede_head *out)
{
    size_t from = plain.len > TAIL_BYTES ? plain.len - TAIL_BYTES : 0;
    size_t stop = 0;
    size_t at = find_keyword(rest_of(plain, from), damaged, &stop);
    size_t begin;
    size_t end;

    if (at == LEDE_MATCH_NONE) {
        return false;
    }
    at += from;
    stop += from;
    if (!damaged && stop < plain.len && plain.bytes[stop] != ' ') {
        return false;
    }
    *out = (lede_head){.form = LEDE_HEAD_A};
    end = take_time(plain, stop, hints, &out->time);
    out->is_damaged = damaged;
    if (damaged ? !is_lost_from(plain, end)
                : !out->time.has_clock || !is_blank_from(plain, end)) {
        if (!damaged) {
            return false;
        }
        out->time.has_clock = false; /* half a time is none */
        out->time.precision = LEDE_PRECISION_NONE;
        take_clock(plain, skip_blanks(plain, stop), &out->time);
        out->time.local.month = 0;
        out->time.local.day = 0;
        out->time.local.year = 0;
        out->time.zone[0] = '\0';
    }
    begin = take_number(plain, &out->ordinal);
    set_headline(out, line, begin < at ? begin : at, at);
    return !is_no_headline(out, plain, at);
}

/* Form A while an update is young: "3. Headlinepublished 5 minutes ago". */
static bool parse_a_relative(lede_span line, lede_span plain, lede_head *out)
{
    static const char *const words[] = {"published ", "posted ", "updated "};
    size_t begin = take_number(plain, &out->ordinal);
    size_t at = LEDE_MATCH_NONE;

    if (begin == 0 || !lede_match_ends(lede_span_trim(plain), " ago")) {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        size_t found = lede_match_find_last(plain, words[i]);

        if (found != LEDE_MATCH_NONE && (at == LEDE_MATCH_NONE || found > at)) {
            at = found;
        }
    }
    if (at == LEDE_MATCH_NONE || at < begin ||
        !parse_h(rest_of(plain, at), out)) {
        return false;
    }
    out->time.begin += at;
    out->time.end += at;
    set_headline(out, line, begin, at);
    return true;
}

bool lede_head_parse_label(lede_span line, uint32_t *ordinal, lede_span *label)
{
    lede_span rest;
    lede_head_time time;
    lede_date_hints none = {0};

    if (line.len > 80 || !lede_head_parse_number(line, ordinal, &rest)) {
        return false;
    }
    *label = rest;
    return lede_words_is_label(rest) ||
           (rest.len <= 40 && !lede_head_parse_time(rest, &none, &time));
}

bool lede_head_parse_cut(lede_span line, const lede_date_hints *hints,
                         lede_head *out)
{
    uint8_t bytes[LEDE_HEAD_MAX_BYTES];
    lede_span plain = {bytes, line.len};
    size_t stop = 0;
    size_t at;
    size_t begin;

    if (line.len == 0 || line.len > sizeof bytes) {
        return false;
    }
    lede_match_plain(line, bytes);
    *out = (lede_head){.form = LEDE_HEAD_A, .is_damaged = true};
    begin = take_number(plain, &out->ordinal);
    at = find_keyword(plain, false, &stop);
    if (begin == 0 || at == LEDE_MATCH_NONE || plain.len - at > TAIL_BYTES) {
        return false;
    }
    take_time(plain, stop, hints, &out->time);
    if (!is_blank_from(plain, out->time.end)) {
        /* A day or zone cut in two may still read as one: keep the clock. */
        lede_head_time whole = out->time;

        out->time = (lede_head_time){.begin = whole.begin, .end = whole.end};
        out->time.end = skip_blanks(plain, stop);
        out->time.end += take_clock(plain, out->time.end, &out->time);
        memcpy(out->time.zone, whole.zone, sizeof whole.zone);
    }
    set_headline(out, line, begin, at);
    return true;
}

bool lede_head_has_keyword_trace(lede_span line)
{
    return lede_match_find(line, 0, "publ") != LEDE_MATCH_NONE ||
           lede_match_find(line, 0, "ished at") != LEDE_MATCH_NONE;
}

/* Where a keyword that ends in the " at" at `at` begins. */
static size_t keyword_before(lede_span text, size_t at)
{
    for (size_t i = 0; i < KEYWORDS; i++) {
        size_t len = strlen(keywords[i]) - 3;

        if (at >= len &&
            lede_match_starts(rest_of(text, at - len), keywords[i])) {
            return at - len;
        }
    }
    return LEDE_MATCH_NONE;
}

bool lede_head_find_in_text(lede_span text, size_t at,
                            const lede_date_hints *hints, size_t *begin,
                            size_t *end)
{
    for (; at + 4 < text.len; at++) {
        uint8_t bytes[TAIL_BYTES];
        lede_span tail;
        lede_head_time time;
        size_t found;
        size_t stop;

        if (text.bytes[at] != ' ' ||
            !lede_match_starts(rest_of(text, at), " at ")) {
            continue;
        }
        found = keyword_before(text, at);
        if (found == LEDE_MATCH_NONE) {
            continue;
        }
        tail = lede_span_part(text, at + 3, sizeof bytes);
        lede_match_plain(tail, bytes);
        stop = take_time(lede_span_of(bytes, tail.len), 0, hints, &time);
        if (time.has_clock) {
            *begin = found;
            *end = at + 3 + stop;
            return true;
        }
    }
    return false;
}

/* The other forms. ---------------------------------------------------- */

/* "14:5014:50 17 Feb17 Feb" without what is there twice, in `out`. */
static lede_span undouble(lede_span text, uint8_t out[SHORT_LINE_BYTES])
{
    size_t clock = 0;
    size_t len = 0;
    lede_span rest;

    while (clock < text.len && text.bytes[clock] >= '0' &&
           text.bytes[clock] <= '9') {
        clock++;
    }
    if (clock == 0 || clock > 2 || text.len < clock + 3 ||
        (text.bytes[clock] != ':' && text.bytes[clock] != '.')) {
        return text;
    }
    clock += 3;
    memcpy(out, text.bytes, clock);
    len = clock;
    rest = rest_of(text, clock);
    if (rest.len >= clock && memcmp(rest.bytes, text.bytes, clock) == 0) {
        rest = rest_of(rest, clock);
    }
    for (size_t half = rest.len / 2 + 1; half >= 3; half--) {
        lede_span head = lede_match_trim(lede_span_part(rest, 0, half));
        lede_span tail = lede_match_trim(rest_of(rest, half));

        if (head.len > 0 && lede_span_equal(head, tail)) {
            out[len++] = ' ';
            rest = head;
            break;
        }
    }
    if (rest.len > 0) {
        memcpy(out + len, rest.bytes, rest.len);
    }
    return lede_span_of(out, len + rest.len);
}

static bool parse_b(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    uint8_t bytes[SHORT_LINE_BYTES + 1];
    lede_span rest = lede_span_trim(plain);
    lede_span time;
    size_t begin;

    if (!lede_match_starts(rest, "posted at") || rest.len < 11) {
        return false;
    }
    rest = lede_span_trim(rest_of(rest, 9));
    begin = (size_t)(rest.bytes - plain.bytes);
    if (rest.len >= SHORT_LINE_BYTES) {
        return false;
    }
    time = undouble(rest, bytes);
    if (!lede_head_parse_time(time, hints, &out->time) ||
        !out->time.has_clock) {
        return false;
    }
    out->time.begin = begin;
    out->time.end = begin + rest.len;
    return true;
}

static bool is_abbreviation(const char *zone)
{
    size_t len = strlen(zone);

    if (len < 2 || len > 5) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (zone[i] < 'A' || zone[i] > 'Z') {
            return false;
        }
    }
    return true;
}

static bool parse_c(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    return plain.len <= 40 &&
           lede_head_parse_time(lede_span_trim(plain), hints, &out->time) &&
           out->time.has_clock && out->time.local.month == 0 &&
           is_abbreviation(out->time.zone);
}

/* A clock first, then zone and full date; or a word before them. */
static bool parse_d(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    static const char *const words[] = {"posted ", "updated ", "published "};
    size_t at = skip_blanks(plain, 0);
    size_t end;

    for (size_t i = 0; i < 3; i++) {
        if (lede_match_starts(rest_of(plain, at), words[i])) {
            at += strlen(words[i]);
            break;
        }
    }
    at = skip_blanks(plain, at);
    if (at >= plain.len || plain.bytes[at] < '0' || plain.bytes[at] > '9') {
        return false;
    }
    end = take_time(plain, at, hints, &out->time);
    if (!out->time.has_clock || out->time.local.month == 0 ||
        out->time.local.year == 0 || out->time.zone[0] == '\0' ||
        !is_blank_from(plain, end)) {
        return false;
    }
    /* The clock stands first: else it is form E. */
    return take_clock(plain, at, &(lede_head_time){0}) > 0;
}

static bool parse_e(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    lede_head_time day = {0};
    size_t at = skip_blanks(plain, 0);
    size_t end;

    if (take_day(plain, at, hints, &day) == 0 || day.local.year == 0) {
        return false;
    }
    end = take_time(plain, at, hints, &out->time);
    return out->time.has_clock && out->time.zone[0] != '\0' &&
           is_blank_from(plain, end);
}

/* Minutes from GMT that make `gmt` of `local`: -720 < offset <= 840. */
static int16_t offset_between(const lede_civil *local, const lede_civil *gmt)
{
    int minutes = (local->hour - gmt->hour) * 60 + local->minute - gmt->minute;

    if (minutes <= -720) {
        minutes += 1440;
    } else if (minutes > 840) {
        minutes -= 1440;
    }
    return (int16_t)minutes;
}

static bool parse_f(lede_span plain, const lede_date_hints *hints,
                    lede_head *out)
{
    const uint8_t *open =
        plain.len == 0 ? NULL : memchr(plain.bytes, '(', plain.len);
    lede_head_time gmt;
    size_t at;
    size_t end;

    if (open == NULL) {
        return false;
    }
    at = (size_t)(open - plain.bytes);
    end = take_time(lede_span_part(plain, 0, at), 0, hints, &out->time);
    if (!out->time.has_clock || out->time.local.month == 0 ||
        !is_blank_from(lede_span_part(plain, 0, at), end)) {
        return false;
    }
    end = take_time(plain, at + 1, hints, &gmt);
    if (!gmt.has_clock || gmt.local.month != 0 ||
        (strcmp(gmt.zone, "GMT") != 0 && strcmp(gmt.zone, "UTC") != 0) ||
        end >= plain.len || plain.bytes[end] != ')' ||
        !is_blank_from(plain, end + 1)) {
        return false;
    }
    out->time.offset_min = offset_between(&out->time.local, &gmt.local);
    out->time.has_offset = true;
    out->time.end = end + 1;
    return true;
}

static bool parse_g(lede_span line, lede_span plain, lede_head *out)
{
    static const char words[] = "skip next section";
    size_t at = skip_blanks(plain, 0);

    if (!lede_match_starts(rest_of(plain, at), words)) {
        return false;
    }
    out->headline = lede_match_trim(rest_of(line, at + strlen(words)));
    return out->headline.len > 0;
}

/* Whether the line could be one of the forms that begin so; most lines are
 * told from heads here. */
static bool is_short_form(lede_span plain)
{
    size_t at = skip_blanks(plain, 0);

    return plain.len <= SHORT_LINE_BYTES && at < plain.len &&
           lede_match_has_digit(plain);
}

static bool parse_short(lede_span plain, const lede_date_hints *hints,
                        lede_head *out)
{
    *out = (lede_head){.form = LEDE_HEAD_B};
    if (parse_b(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_C};
    if (parse_c(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_D};
    if (parse_d(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_F};
    if (parse_f(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_E};
    if (parse_e(plain, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_H};
    return parse_h(plain, out);
}

bool lede_head_parse(lede_span line, const lede_date_hints *hints,
                     lede_head *out)
{
    uint8_t bytes[LEDE_HEAD_MAX_BYTES];
    lede_span plain = {bytes, line.len};

    if (line.len == 0 || line.len > sizeof bytes) {
        return false;
    }
    lede_match_plain(line, bytes);
    if (is_short_form(plain) && parse_short(plain, hints, out)) {
        return true;
    }
    if (parse_a(line, plain, false, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_A};
    if (parse_a_relative(line, plain, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_G};
    if (parse_g(line, plain, out)) {
        return true;
    }
    return lede_match_is_damaged(line) &&
           parse_a(line, plain, true, hints, out);
}

bool lede_head_parse_updated(lede_span line, const lede_date_hints *hints,
                             lede_head_time *out)
{
    static const char *const words[] = {"updated at ", "last updated at ",
                                        "updated: ", "last updated: "};

    line = lede_match_trim(line);
    if (line.len > SHORT_LINE_BYTES) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_starts(line, words[i])) {
            return lede_head_parse_time(rest_of(line, strlen(words[i])), hints,
                                        out) &&
                   out->has_clock;
        }
    }
    return false;
}

const char *lede_head_form_name(lede_head_form form)
{
    static const char *const names[LEDE_HEAD_FORMS] = {"",  "A", "B", "C", "D",
                                                       "E", "F", "G", "H"};

    return names[form];
}
