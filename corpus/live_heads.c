#include "corpus/live_head_parts.h"

#include "corpus/page_words.h"
#include "corpus/paragraphs.h"
#include "corpus/text_match.h"

/* A time, its zone and its day take no more than this. */
enum { TAIL_BYTES = 200 };

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_span_part(text, at, text.len);
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

static const char *const keywords[] = {"published at", "posted at",
                                       "updated at"};
enum { KEYWORDS = sizeof keywords / sizeof *keywords };

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

/* The last keyword of a line, and the byte behind it. */
static size_t find_keyword(lede_span text, size_t *end)
{
    for (size_t at = text.len; at-- > 0;) {
        if (text.bytes[at] == ' ' && at + 3 <= text.len &&
            lede_match_starts(rest_of(text, at), " at")) {
            size_t begin = keyword_before(text, at);

            if (begin != LEDE_MATCH_NONE) {
                *end = at + 3;
                return begin;
            }
        }
    }
    return LEDE_MATCH_NONE;
}

/* The same where bytes were lost. */
static size_t find_damaged_keyword(lede_span text, size_t *end)
{
    size_t best = LEDE_MATCH_NONE;

    for (size_t i = 0; i < KEYWORDS; i++) {
        size_t stop = 0;
        size_t at = lede_match_find_damaged(text, keywords[i], &stop);

        if (at != LEDE_MATCH_NONE && (best == LEDE_MATCH_NONE || at > best)) {
            best = at;
            *end = stop;
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
    lede_span tail = rest_of(plain, from);
    size_t at =
        damaged ? find_damaged_keyword(tail, &stop) : find_keyword(tail, &stop);
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
    end = lede_head_take_time(plain, stop, hints, &out->time);
    out->is_damaged = damaged;
    if (damaged ? !is_lost_from(plain, end)
                : !out->time.has_clock || !lede_is_blank_from(plain, end)) {
        if (!damaged) {
            return false;
        }
        out->time.has_clock = false; /* half a time is none */
        out->time.precision = LEDE_PRECISION_NONE;
        lede_head_take_clock(plain, lede_skip_spaces(plain, stop), &out->time);
        out->time.local.month = 0;
        out->time.local.day = 0;
        out->time.local.year = 0;
        out->time.zone[0] = '\0';
    }
    begin = lede_head_take_number(plain, &out->ordinal);
    set_headline(out, line, begin < at ? begin : at, at);
    return !is_no_headline(out, plain, at);
}

/* Form A while an update is young: "3. Headlinepublished 5 minutes ago". */
static bool parse_a_relative(lede_span line, lede_span plain, lede_head *out)
{
    static const char *const words[] = {"published ", "posted ", "updated "};
    size_t begin = lede_head_take_number(plain, &out->ordinal);
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
        !lede_head_parse_h(rest_of(plain, at), out)) {
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
    begin = lede_head_take_number(plain, &out->ordinal);
    at = find_keyword(plain, &stop);
    if (begin == 0 || at == LEDE_MATCH_NONE || plain.len - at > TAIL_BYTES) {
        return false;
    }
    lede_head_take_time(plain, stop, hints, &out->time);
    if (!lede_is_blank_from(plain, out->time.end)) {
        /* A day or zone cut in two may still read as one: keep the clock. */
        lede_head_time whole = out->time;

        out->time = (lede_head_time){.begin = whole.begin, .end = whole.end};
        out->time.end = lede_skip_spaces(plain, stop);
        out->time.end += lede_head_take_clock(plain, out->time.end, &out->time);
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
        stop =
            lede_head_take_time(lede_span_of(bytes, tail.len), 0, hints, &time);
        if (time.has_clock) {
            *begin = found;
            *end = at + 3 + stop;
            return true;
        }
    }
    return false;
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
    if (lede_head_parse_short(line, plain, hints, out)) {
        return true;
    }
    if (parse_a(line, plain, false, hints, out)) {
        return true;
    }
    *out = (lede_head){.form = LEDE_HEAD_A};
    if (parse_a_relative(line, plain, out)) {
        return true;
    }
    if (lede_head_parse_g(line, plain, out)) {
        return true;
    }
    if (lede_head_parse_j(line, plain, hints, out)) {
        return true;
    }
    return lede_match_is_damaged(line) &&
           parse_a(line, plain, true, hints, out);
}

const char *lede_head_form_name(lede_head_form form)
{
    static const char *const names[LEDE_HEAD_FORMS] = {
        "", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J"};

    return names[form];
}
