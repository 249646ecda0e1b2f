/* live_page_dates.c - dates that stand around the updates of a live page. */
#include "corpus/live_survey.h"

#include "corpus/text_match.h"

bool lede_live_furniture_date(lede_span line, bool bare,
                              const lede_date_hints *hints, bool *is_first,
                              lede_when *out)
{
    static const struct opening {
        const char *text;
        bool is_first;
    } openings[] = {
        {"first published", true}, {"originally published", true},
        {"last modified", false},  {"last updated", false},
        {"published", true},       {"updated", false},
        {"modified", false},       {"posted", true},
    };
    lede_span rest = lede_match_trim(line);
    lede_head_time time;
    bool found = bare;

    if (rest.len > 100 || !lede_match_has_digit(rest)) {
        return false;
    }
    *is_first = true;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        size_t len = strlen(openings[i].text);

        if (lede_match_starts(rest, openings[i].text)) {
            *is_first = openings[i].is_first;
            rest = lede_span_part(rest, len, rest.len);
            found = true;
            break;
        }
    }
    while (rest.len > 0 && (rest.bytes[0] == ':' || rest.bytes[0] == ' ')) {
        rest = lede_span_part(rest, 1, rest.len);
    }
    return found && lede_head_parse_time(rest, hints, &time) &&
           time.local.year != 0 && time.local.month != 0 &&
           lede_when_make(&time.local, time.precision,
                          lede_span_text(time.zone), hints, out);
}

static bool has_letters(lede_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((text.bytes[i] | 0x20) >= 'a' && (text.bytes[i] | 0x20) <= 'z') {
            return true;
        }
    }
    return false;
}

bool lede_live_doubled_day(lede_span line, const lede_date_hints *hints,
                           lede_head_time *out)
{
    lede_span text = lede_match_trim(line);
    lede_head_time second;
    lede_civil day = {0};
    size_t len;

    if (text.len > 80 || !lede_match_has_digit(text)) {
        return false;
    }
    if (lede_head_parse_time(text, hints, out)) {
        return out->local.month != 0;
    }
    len = lede_day_take(text, hints, &day, NULL);
    if (len == 0 ||
        !lede_head_parse_time(lede_span_part(text, len, text.len), hints,
                              &second) ||
        second.local.month == 0) {
        return false;
    }
    *out = second;
    if (has_letters(lede_span_part(text, 0, len)) ||
        !has_letters(lede_span_part(text, len, text.len))) {
        out->local.year = day.year;
        out->local.month = day.month;
        out->local.day = day.day;
    }
    return true;
}
