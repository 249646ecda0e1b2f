#include "corpus/article_head.h"

#include "base/utf8.h"
#include "corpus/page_words.h"
#include "corpus/text_match.h"

enum {
    HEADER_UNITS = 14, /* where header lines are looked for */
    MAX_HEADERS = 10,
    HEADLINE_CHARS = 200,
    LINE_CHARS = 160, /* a longer line is no byline and no date */
    BLOCKS_BEHIND = 3 /* blocks behind the headline that may belong to it */
};

static const lede_span nothing = {NULL, 0};

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_match_trim(lede_span_part(text, at, text.len));
}

/* Datelines. ------------------------------------------------------------- */

/* Bytes of a dash with blanks around it, or of a colon, at `at`. */
static size_t take_dash(lede_span text, size_t at)
{
    static const char *const dashes[] = {"\u2014", "\u2013", "--", "-", ":"};
    size_t begin = at;

    while (lede_match_blank(text, at) != 0) {
        at += lede_match_blank(text, at);
    }
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        size_t len = strlen(dashes[i]);

        if (lede_match_starts(lede_span_part(text, at, text.len), dashes[i]) &&
            lede_match_blank(text, at + len) != 0) {
            at += len;
            while (lede_match_blank(text, at) != 0) {
                at += lede_match_blank(text, at);
            }
            return at - begin;
        }
    }
    return 0;
}

static bool is_all_capitals(lede_span word)
{
    size_t letters = 0;

    for (size_t at = 0; at < word.len;) {
        uint32_t c;

        at += lede_utf8_decode(word.bytes + at, word.bytes + word.len, &c);
        if (lede_utf8_is_lower(c)) {
            return false;
        }
        letters += lede_utf8_is_upper(c);
    }
    return letters >= 2;
}

/* "Palm Beach, Florida": each part between commas is a name. */
static bool is_place(lede_span text)
{
    if (text.len == 0 || lede_utf8_count(text) > 50) {
        return false;
    }
    while (text.len > 0) {
        size_t comma = lede_match_find(text, 0, ",");
        lede_span part =
            comma == LEDE_MATCH_NONE ? text : lede_span_part(text, 0, comma);

        if (!lede_byline_is_name(lede_match_trim(part))) {
            return false;
        }
        text = comma == LEDE_MATCH_NONE ? nothing : rest_of(text, comma + 1);
    }
    return true;
}

/* Cuts a day from the end of "LONDON, Feb 26": what is left is the place. */
static lede_span cut_day(lede_span text, const lede_date_hints *hints,
                         lede_when *day)
{
    size_t comma = 0;

    *day = lede_when_none();
    while ((comma = lede_match_find(text, comma, ",")) != LEDE_MATCH_NONE) {
        lede_span rest = rest_of(text, comma + 1);

        if (lede_match_has_digit(rest) && lede_date_parse(rest, hints, day) &&
            day->local.month != 0) {
            return lede_match_trim(lede_span_part(text, 0, comma));
        }
        comma++;
    }
    *day = lede_when_none();
    return text;
}

/* With an agency in brackets: "(Reuters) -", "LONDON (AP) -". */
static bool parse_with_agency(lede_span text, const lede_date_hints *hints,
                              lede_dateline *out)
{
    size_t open = lede_match_find(lede_span_part(text, 0, 90), 0, "(");
    size_t close;
    size_t dash;
    lede_span agency;

    if (open == LEDE_MATCH_NONE) {
        return false;
    }
    close = lede_match_find(lede_span_part(text, 0, open + 40), open, ")");
    if (close == LEDE_MATCH_NONE) {
        return false;
    }
    dash = take_dash(text, close + 1);
    agency = lede_match_trim(lede_span_part(text, open + 1, close - open - 1));
    if (dash == 0 || agency.len < 2 || !lede_match_starts_upper(agency)) {
        return false;
    }
    out->agency = agency;
    out->location = cut_day(lede_match_trim(lede_span_part(text, 0, open)),
                            hints, &out->day);
    if (lede_match_ends(out->location, ",")) {
        out->location.len--;
    }
    out->end = close + 1 + dash;
    return out->location.len == 0 || is_place(out->location);
}

/* Without one, the town must be in capitals: "PARIS, Feb 26 - ". */
static bool parse_bare(lede_span text, const lede_date_hints *hints,
                       lede_dateline *out)
{
    lede_span front = lede_span_part(text, 0, 80);
    size_t at = 0;
    lede_span town = lede_match_word(text, &at);

    while (town.len > 0 && strchr(",:", town.bytes[town.len - 1]) != NULL) {
        town.len--;
    }
    if (!is_all_capitals(town)) {
        return false;
    }
    for (size_t i = town.len; i < front.len; i++) {
        size_t dash;

        if (lede_match_blank(front, i) == 0) {
            continue;
        }
        dash = take_dash(text, i);
        if (dash > 0) {
            out->agency = nothing;
            out->location =
                cut_day(lede_span_part(text, 0, i), hints, &out->day);
            out->end = i + dash;
            return is_place(out->location);
        }
    }
    return false;
}

bool lede_dateline_parse(lede_span text, const lede_date_hints *hints,
                         lede_dateline *out)
{
    *out = (lede_dateline){.day = lede_when_none()};
    return parse_with_agency(text, hints, out) || parse_bare(text, hints, out);
}

/* Lines. ------------------------------------------------------------------ */

static bool is_address(lede_span line)
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

    if (lede_match_starts(text, "the ") || lede_words_has_role(text)) {
        return true;
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
    return true;
}

static bool add_span(lede_article_head *head, lede_span **list, uint32_t *count,
                     lede_span span)
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
    if (is_address(line)) {
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
    if (lede_words_is_label(line)) {
        return add_span(head, &head->labels, &head->label_count, line);
    }
    if (is_top && !lede_match_starts(line, "by ")) {
        return false; /* it may be the headline */
    }
    if (lede_byline_is_line(&block)) {
        return lede_byline_take(&block, false, head->arena, &head->authors);
    }
    return take_name_and_outlet(head, line);
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

/* Header lines. ----------------------------------------------------------- */

typedef enum header_key {
    HEADER_NONE = 0,
    HEADER_TITLE,
    HEADER_DECK,
    HEADER_URL,
    HEADER_SOURCE,
    HEADER_DATE,
    HEADER_UPDATED,
    HEADER_CAPTURED,
    HEADER_AUTHOR,
    HEADER_SECTION,
    HEADER_TAGS,
    HEADER_LANGUAGE,
    HEADER_LOCATION,
    HEADER_PASSED /* of no interest */
} header_key;

static header_key find_key(lede_span name)
{
    static const struct key {
        const char *name;
        header_key key;
    } keys[] = {
        {"title", HEADER_TITLE},
        {"headline", HEADER_TITLE},
        {"subtitle", HEADER_DECK},
        {"subhead", HEADER_DECK},
        {"standfirst", HEADER_DECK},
        {"description", HEADER_DECK},
        {"url", HEADER_URL},
        {"link", HEADER_URL},
        {"source url", HEADER_URL},
        {"permalink", HEADER_URL},
        {"source", HEADER_SOURCE},
        {"publication", HEADER_SOURCE},
        {"publisher", HEADER_SOURCE},
        {"outlet", HEADER_SOURCE},
        {"newspaper", HEADER_SOURCE},
        {"site", HEADER_SOURCE},
        {"date", HEADER_DATE},
        {"published", HEADER_DATE},
        {"publication date", HEADER_DATE},
        {"published at", HEADER_DATE},
        {"date published", HEADER_DATE},
        {"pub date", HEADER_DATE},
        {"pubdate", HEADER_DATE},
        {"posted", HEADER_DATE},
        {"updated", HEADER_UPDATED},
        {"modified", HEADER_UPDATED},
        {"last updated", HEADER_UPDATED},
        {"last modified", HEADER_UPDATED},
        {"saved", HEADER_CAPTURED},
        {"captured", HEADER_CAPTURED},
        {"retrieved", HEADER_CAPTURED},
        {"accessed", HEADER_CAPTURED},
        {"clipped", HEADER_CAPTURED},
        {"author", HEADER_AUTHOR},
        {"authors", HEADER_AUTHOR},
        {"byline", HEADER_AUTHOR},
        {"by", HEADER_AUTHOR},
        {"section", HEADER_SECTION},
        {"category", HEADER_SECTION},
        {"tags", HEADER_TAGS},
        {"keywords", HEADER_TAGS},
        {"language", HEADER_LANGUAGE},
        {"lang", HEADER_LANGUAGE},
        {"dateline", HEADER_LOCATION},
        {"location", HEADER_LOCATION},
        {"length", HEADER_PASSED},
        {"word count", HEADER_PASSED},
        {"load-date", HEADER_PASSED},
        {"body", HEADER_PASSED},
        {"text", HEADER_PASSED},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (lede_match_is(name, keys[i].name)) {
            return keys[i].key;
        }
    }
    return HEADER_NONE;
}

static header_key split_header(lede_span line, lede_span *value)
{
    size_t colon = lede_match_find(lede_span_part(line, 0, 24), 0, ":");
    header_key key;

    if (colon == LEDE_MATCH_NONE) {
        return HEADER_NONE;
    }
    key = find_key(lede_match_trim(lede_span_part(line, 0, colon)));
    *value = rest_of(line, colon + 1);
    return value->len == 0 && key != HEADER_PASSED ? HEADER_NONE : key;
}

static bool set_date(lede_when *slot, lede_span value,
                     const lede_date_hints *hints)
{
    lede_when when;

    if (!lede_date_parse(value, hints, &when) || when.local.month == 0) {
        return false;
    }
    *slot = when;
    return true;
}

static void set_span(lede_span *slot, lede_span value)
{
    if (slot->len == 0) {
        *slot = value;
    }
}

static void add_tags(lede_article_head *head, lede_span value)
{
    while (value.len > 0) {
        size_t comma = lede_match_find(value, 0, ",");
        size_t semicolon = lede_match_find(value, 0, ";");
        size_t cut = comma < semicolon ? comma : semicolon;
        lede_span tag = cut == LEDE_MATCH_NONE
                            ? value
                            : lede_match_trim(lede_span_part(value, 0, cut));

        if (tag.len > 0) {
            add_span(head, &head->tags, &head->tag_count, tag);
        }
        value = cut == LEDE_MATCH_NONE ? nothing : rest_of(value, cut + 1);
    }
}

static void add_authors(lede_article_head *head, lede_span value)
{
    lede_text_block block = {&value, 1};

    if (!lede_byline_is_line(&block) ||
        !lede_byline_take(&block, false, head->arena, &head->authors)) {
        lede_authors_add_names(&head->authors, head->arena, value, nothing,
                               nothing);
    }
}

/* What one header line says; false if its value cannot be that. */
static bool take_header(lede_article_head *head, header_key key,
                        lede_span value)
{
    switch (key) {
    case HEADER_TITLE:
        set_span(&head->headline, value);
        return true;
    case HEADER_DECK:
        set_span(&head->deck, value);
        return true;
    case HEADER_URL:
        if (is_address(value)) {
            set_span(&head->url, value);
        }
        return is_address(value);
    case HEADER_SOURCE:
        set_span(is_address(value) ? &head->url : &head->source, value);
        return true;
    case HEADER_DATE:
        return set_date(&head->published, value, head->hints);
    case HEADER_UPDATED:
        return set_date(&head->updated, value, head->hints);
    case HEADER_CAPTURED:
        return set_date(&head->captured, value, head->hints);
    case HEADER_AUTHOR:
        add_authors(head, value);
        return true;
    case HEADER_SECTION:
        set_span(&head->section, value);
        return true;
    case HEADER_TAGS:
        add_tags(head, value);
        return true;
    case HEADER_LANGUAGE:
        set_span(&head->lang, value);
        return true;
    case HEADER_LOCATION:
        set_span(&head->location, value);
        return true;
    default:
        return true;
    }
}

/* Alone, only these are taken for header lines: "Location: ..." may well be a
 * sentence. */
static bool is_strong(header_key key)
{
    return key == HEADER_TITLE || key == HEADER_URL || key == HEADER_DATE ||
           key == HEADER_SOURCE || key == HEADER_AUTHOR ||
           key == HEADER_UPDATED;
}

static void read_headers(lede_article_unit *units, size_t count,
                         lede_article_head *head)
{
    size_t reach = count < HEADER_UNITS ? count : HEADER_UNITS;
    size_t found = 0;
    size_t taken = 0;
    lede_span value;

    for (size_t i = 0; i < reach; i++) {
        found += split_header(units[i].text, &value) != HEADER_NONE;
        if (lede_utf8_count(units[i].text) > HEADLINE_CHARS) {
            reach = i;
        }
    }
    for (size_t i = 0; i < reach && taken < MAX_HEADERS; i++) {
        header_key key = split_header(units[i].text, &value);

        if (key != HEADER_NONE && (found >= 2 || is_strong(key)) &&
            take_header(head, key, value)) {
            units[i].is_used = true;
            taken++;
        }
    }
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

static bool is_headline(const lede_article_unit *units, size_t count, size_t at,
                        const lede_date_hints *hints)
{
    const lede_article_unit *unit = &units[at];
    size_t chars = lede_utf8_count(unit->text);
    size_t next = next_unused(units, count, at + 1);
    lede_dateline dateline;

    if (chars > HEADLINE_CHARS || lede_bullet_len(unit->text) > 0 ||
        lede_dateline_parse(unit->text, hints, &dateline) ||
        (unit->is_joined && lede_match_ends_in(unit->text, ".", true))) {
        return false;
    }
    if (next >= count) {
        return !lede_match_ends_in(unit->text, ".!?", true);
    }
    return unit->is_last || chars * 2 < lede_utf8_count(units[next].text);
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
            lede_utf8_count(units[at].text) > HEADLINE_CHARS) {
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
            set_span(&head->location, dateline.location);
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

    read_headers(units, count, out);
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
        is_headline(units, count, at, out->hints)) {
        out->headline = units[at].text;
        units[at].is_used = true;
    } else if (at < count && lede_span_equal(units[at].text, out->headline)) {
        units[at].is_used = true;
    }
    read_behind(units, count, next_unused(units, count, at), out);
    read_dateline(units, count, out);
    out->failed |= out->authors.failed;
}
