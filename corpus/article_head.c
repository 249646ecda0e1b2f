#include "corpus/article_parts.h"

#include "base/utf8.h"
#include "corpus/live_heads.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum {
    LINE_CHARS = 160, /* a longer line is no byline and no date */
    BLOCKS_BEHIND = 3 /* blocks behind the headline that may belong to it */
};

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_match_trim(lede_span_part(text, at, text.len));
}

bool lede_article_add_span(lede_article_head *head, lede_span **list,
                           uint32_t *count, lede_span span)
{
    lede_span *grown =
        lede_arena_array(head->arena, *count + (size_t)1, sizeof *grown);

    if (grown == NULL) {
        head->failed = true;
        return false;
    }
    if (*count > 0) {
        memcpy(grown, *list, *count * sizeof *grown);
    }
    grown[(*count)++] = span;
    *list = grown;
    return true;
}

void lede_article_set_span(lede_span *slot, lede_span value)
{
    if (slot->len == 0) {
        *slot = value;
    }
}

/* Lines. ------------------------------------------------------------------ */

bool lede_article_is_address(lede_span line)
{
    size_t at = 0;
    lede_span word = lede_match_word(line, &at);

    return (lede_match_starts(line, "https://") ||
            lede_match_starts(line, "http://") ||
            lede_match_starts(line, "www.")) &&
           word.len == line.len;
}

/* It could be anything. */
static bool is_bare_number(lede_span text)
{
    uint32_t number;

    return lede_match_number(text, 9, &number) == text.len || text.len == 0 ||
           (text.bytes[0] >= '0' && text.bytes[0] <= '9' &&
            lede_match_number(text, 9, &number) == 0);
}

/* A date that makes up the line, maybe behind "Published" or "Updated". */
static bool is_date_line(lede_span line, const lede_date_hints *hints,
                         bool *is_update, lede_when *out)
{
    static const struct opening {
        const char *text;
        bool is_update;
    } openings[] = {
        {"first published", false}, {"originally published", false},
        {"last updated", true},     {"last modified", true},
        {"published", false},       {"updated", true},
        {"modified", true},         {"posted", false},
        {"created", false},
    };

    *is_update = false;
    if (!lede_match_has_digit(line) || lede_utf8_count(line) > LINE_CHARS) {
        return false;
    }
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        if (lede_match_starts(line, openings[i].text)) {
            line = rest_of(line, strlen(openings[i].text));
            *is_update = openings[i].is_update;
            break;
        }
    }
    while (line.len > 0 && (line.bytes[0] == ':' || line.bytes[0] == ' ')) {
        line = lede_span_part(line, 1, line.len);
    }
    if (lede_match_starts(line, "on ") || lede_match_starts(line, "at ")) {
        line = rest_of(line, 3);
    }
    return !is_bare_number(line) && lede_date_parse(line, hints, out) &&
           out->local.month != 0;
}

static bool is_outlet(lede_span text)
{
    static const char *const words[] = {
        "news",    "times",     "post",  "guardian", "herald",
        "tribune", "journal",   "press", "agency",   "radio",
        "tv",      "telegraph", "mail",  "reuters",  "observer"};

    static const char *const last_words[] = {
        " chronicle", " courier", " echo",     " examiner", " express",
        " gazette",   " globe",   " inquirer", " mirror",   " record",
        " standard",  " star",    " sun",      " weekly"};

    if (lede_match_starts(text, "the ") || lede_words_has_role(text)) {
        return true;
    }
    for (size_t i = 0; i < sizeof last_words / sizeof *last_words; i++) {
        if (lede_match_ends(text, last_words[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (lede_match_find(text, 0, words[i]) != LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

/* "Jane Doe, The Guardian". */
static bool take_name_and_outlet(lede_article_head *head, lede_span line)
{
    size_t comma = lede_match_find(line, 0, ", ");
    lede_span name;
    lede_span outlet;

    if (comma == LEDE_MATCH_NONE || lede_utf8_count(line) > 80 ||
        lede_match_ends_in(line, ".!?:;\"", true)) {
        return false;
    }
    name = lede_span_part(line, 0, comma);
    outlet = rest_of(line, comma + 1);
    if (!lede_byline_is_name(name) || lede_match_word_count(name) < 2 ||
        lede_match_word_count(name) > 4 || !lede_byline_is_name(outlet) ||
        !is_outlet(outlet)) {
        return false;
    }
    lede_authors_add(&head->authors, head->arena, name, outlet,
                     lede_byline_location(outlet));
    if (head->source.len == 0 && !lede_words_has_role(outlet)) {
        head->source = lede_match_trim(outlet);
    }
    return true;
}

/* "Updated 5:02 p.m." behind a date: on the same day. */
static bool take_later_clock(lede_article_head *head, lede_span line)
{
    static const char *const words[] = {"updated", "last updated"};
    const lede_when *published = &head->published;
    lede_head_time time;
    lede_civil local;
    lede_when when;
    size_t i;

    for (i = 0; i < 2 && !lede_match_starts(line, words[i]); i++) {
    }
    if (i == 2 || published->precision < LEDE_PRECISION_DAY ||
        published->local.month == 0) {
        return false;
    }
    line = rest_of(line, strlen(words[i]));
    while (line.len > 0 && (line.bytes[0] == ':' || line.bytes[0] == ' ')) {
        line = lede_span_part(line, 1, line.len);
    }
    if (!lede_head_parse_time(line, head->hints, &time) || !time.has_clock ||
        time.local.month != 0) {
        return false;
    }
    local = published->local;
    local.hour = time.local.hour;
    local.minute = time.local.minute;
    local.second = 0;
    if (!lede_when_make(&local, LEDE_PRECISION_MINUTE,
                        time.zone[0] != '\0' ? lede_span_text(time.zone)
                                             : published->zone_text,
                        head->hints, &when)) {
        return false;
    }
    when.zone_text = published->zone_text;
    when.text = line;
    if (head->updated.precision == LEDE_PRECISION_NONE &&
        when.instant >= published->instant) {
        head->updated = when;
    }
    return true;
}

/* One piece of a line: a byline, date, address or label; false if none. Above
 * the headline (`is_top`), only what cannot be one. */
static bool take_piece(lede_article_head *head, lede_span line, bool is_top)
{
    lede_text_block block = {&line, 1};
    lede_when when;
    bool is_update;

    line = lede_match_trim(line);
    if (line.len == 0) {
        return false;
    }
    if (lede_article_is_address(line)) {
        head->url = head->url.len == 0 ? line : head->url;
        return true;
    }
    if (is_date_line(line, head->hints, &is_update, &when)) {
        lede_when *slot = is_update ? &head->updated : &head->published;

        if (slot->precision == LEDE_PRECISION_NONE) {
            *slot = when;
        }
        return true;
    }
    if (take_later_clock(head, line)) {
        return true;
    }
    if (lede_words_is_label(line)) {
        return lede_article_add_span(head, &head->labels, &head->label_count,
                                     line);
    }
    if (is_top && !lede_match_starts(line, "by ")) {
        return false; /* it may be the headline */
    }
    if (lede_match_starts(line, "by ") &&
        take_name_and_outlet(head, rest_of(line, 3))) {
        return true;
    }
    if (lede_byline_is_line(&block)) {
        return lede_byline_take(&block, false, head->arena, &head->authors);
    }
    return take_name_and_outlet(head, line);
}

/* What underlines a headline, or parts it from the text. */
static bool is_rule(lede_span line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.bytes[i] != line.bytes[0]) {
            return false;
        }
    }
    return line.len >= 3 && strchr("=-~_*", line.bytes[0]) != NULL;
}

/* Where the next piece of "By A | 17 Feb 2025 | Updated 18 Feb" ends. */
static size_t piece_end(lede_span line, size_t at, size_t *skip)
{
    static const char *const marks[] = {" | ",       "|",         " \u00B7 ",
                                        " \u2022 ",  " - ",       " \u2013 ",
                                        ", updated", "; updated", " updated "};
    size_t best = line.len;

    *skip = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t found = lede_match_find(line, at + 1, marks[i]);

        if (found < best) {
            best = found;
            *skip = i >= 6 ? 1 : strlen(marks[i]);
        }
    }
    return best;
}

/* A whole line of such pieces; nothing is taken unless all are. */
static bool take_line(lede_article_head *head, lede_span line, bool is_top)
{
    lede_article_head trial = *head;
    size_t at = 0;

    if (lede_utf8_count(line) > LINE_CHARS) {
        return false;
    }
    if (!is_top && is_rule(line)) {
        return true;
    }
    if (take_piece(&trial, line, is_top)) {
        *head = trial;
        return true;
    }
    trial = *head;
    while (at < line.len) {
        size_t skip;
        size_t end = piece_end(line, at, &skip);

        if ((at == 0 && end == line.len) ||
            !take_piece(&trial, lede_span_part(line, at, end - at), is_top)) {
            return false;
        }
        at = end + skip;
    }
    *head = trial;
    return true;
}

/* The headline. ------------------------------------------------------------ */

static size_t next_unused(const lede_article_unit *units, size_t count,
                          size_t at)
{
    while (at < count && units[at].is_used) {
        at++;
    }
    return at;
}

/* Bylines, dates and the like directly below a line, in its own block: the end
 * of them. */
static size_t end_of_furniture(const lede_article_unit *units, size_t count,
                               size_t at, const lede_article_head *head)
{
    lede_article_head trial = *head;

    while (at < count && !units[at].is_first &&
           (units[at].is_used || take_line(&trial, units[at].text, false))) {
        at++;
    }
    return at;
}

static bool is_headline(const lede_article_unit *units, size_t count, size_t at,
                        const lede_article_head *head)
{
    const lede_article_unit *unit = &units[at];
    size_t chars = lede_utf8_count(unit->text);
    size_t next = end_of_furniture(units, count, at + 1, head);
    bool is_block = unit->is_last || units[next - 1].is_last;
    lede_dateline dateline;

    if (chars > LEDE_HEADLINE_CHARS || lede_bullet_len(unit->text) > 0 ||
        lede_dateline_parse(unit->text, head->hints, &dateline) ||
        (unit->is_joined && lede_match_ends_in(unit->text, ".", true))) {
        return false;
    }
    next = next_unused(units, count, next);
    if (next >= count) {
        return !lede_match_ends_in(unit->text, ".!?", true);
    }
    return is_block || chars * 2 < lede_utf8_count(units[next].text);
}

/* "Jane Doe" and "Political editor" on two lines of their own block. */
static bool take_pair(lede_article_head *head, lede_article_unit *units,
                      size_t count, size_t at)
{
    lede_span lines[2];
    lede_text_block block = {lines, 2};

    if (at + 1 >= count || !units[at].is_first || units[at].is_last ||
        !units[at + 1].is_last || units[at + 1].is_used) {
        return false;
    }
    lines[0] = units[at].text;
    lines[1] = units[at + 1].text;
    if (!lede_words_has_role(lines[1]) ||
        !lede_byline_take(&block, false, head->arena, &head->authors)) {
        return false;
    }
    units[at].is_used = true;
    units[at + 1].is_used = true;
    return true;
}

/* Bylines, dates and the like in the blocks behind the headline. */
static void read_behind(lede_article_unit *units, size_t count, size_t at,
                        lede_article_head *head)
{
    size_t blocks = 0;

    for (; at < count && blocks < BLOCKS_BEHIND; at++) {
        if (!units[at].is_used && !take_pair(head, units, count, at) &&
            take_line(head, units[at].text, false)) {
            units[at].is_used = true;
        }
        blocks += units[at].is_last;
        if (!units[at].is_used &&
            lede_utf8_count(units[at].text) > LEDE_HEADLINE_CHARS) {
            return; /* the text has begun */
        }
    }
}

static void read_dateline(lede_article_unit *units, size_t count,
                          lede_article_head *head)
{
    size_t at = next_unused(units, count, 0);
    lede_dateline dateline;

    for (size_t i = 0; i < 2 && at < count; i++) {
        if (lede_dateline_parse(units[at].text, head->hints, &dateline)) {
            lede_article_set_span(&head->location, dateline.location);
            head->agency = dateline.agency;
            head->dateline = dateline.day;
            return;
        }
        at = next_unused(units, count, at + 1);
    }
}

void lede_article_head_read(lede_article_unit *units, size_t count,
                            lede_span title, lede_article_head *out)
{
    size_t at;

    lede_article_headers_read(units, count, out);
    if (title.len > 0) {
        out->headline = title;
    }
    at = next_unused(units, count, 0);
    for (int i = 0; i < 4 && at < count; i++) {
        if (!take_line(out, units[at].text, true)) {
            break;
        }
        units[at].is_used = true;
        at = next_unused(units, count, at + 1);
    }
    if (at < count && out->headline.len == 0 &&
        is_headline(units, count, at, out)) {
        out->headline = units[at].text;
        units[at].is_used = true;
    } else if (at < count && lede_span_equal(units[at].text, out->headline)) {
        units[at].is_used = true;
    }
    read_behind(units, count, next_unused(units, count, at), out);
    read_dateline(units, count, out);
    out->failed |= out->authors.failed;
}
