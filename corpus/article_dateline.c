/* article_dateline.c - "LONDON, Feb 26 (Reuters) - " */
#include "corpus/article_head.h"

#include "base/utf8.h"
#include "corpus/text_match.h"

static const lede_span nothing = {NULL, 0};

static lede_span rest_of(lede_span text, size_t at)
{
    return lede_match_trim(lede_span_part(text, at, text.len));
}

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
