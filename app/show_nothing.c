#include "app/show_nothing.h"

#include <inttypes.h>

#include "app/app.h"
#include "app/show_hits.h"
#include "base/time.h"

lede_status lede_nothing_explain(lede_results *results, lede_nothing *out,
                                 const lede_nothing **explained,
                                 lede_error *err)
{
    uint32_t required, of;
    bool wanted = lede_results_total(results) == 0 ||
                  lede_results_relaxed(results, &required, &of);
    lede_status status =
        wanted ? lede_results_nothing(results, out, err) : LEDE_OK;

    if (status == LEDE_OK) {
        *explained = wanted ? out : NULL;
    }
    return status;
}

static void put_word(lede_buf *out, lede_span word)
{
    lede_buf_put_byte(out, '\'');
    lede_put_safe(out, word);
    lede_buf_put_byte(out, '\'');
}

void lede_say_unknown(const lede_nothing *nothing)
{
    for (uint32_t i = 0; i < nothing->unknown_count; i++) {
        const lede_unknown *unknown = &nothing->unknown[i];
        lede_buf text = {0};

        lede_buf_put_text(&text, "no entry has ");
        put_word(&text, unknown->typed);
        for (uint32_t j = 0; j < unknown->count; j++) {
            lede_buf_put_text(&text, j == 0 ? "; did you mean " : ", ");
            put_word(&text, unknown->suggestions[j].word);
            lede_buf_put_text(&text, " (");
            lede_put_entries(&text, unknown->suggestions[j].entries);
            lede_buf_put_byte(&text, ')');
        }
        lede_buf_put_text(&text, unknown->count > 0 ? "?" : "");
        if (lede_buf_text(&text) != NULL) {
            lede_say("%s", lede_buf_text(&text));
        }
        lede_buf_done(&text);
    }
}

static void format_day(int64_t day, char out[16])
{
    lede_civil civil;

    lede_civil_from_days(day, &civil);
    snprintf(out, 16, "%04d-%02u-%02u", (int)civil.year, civil.month,
             civil.day);
}

void lede_put_nothing(lede_buf *out, const lede_nothing *nothing)
{
    char first[16], last[16];

    lede_buf_put_text(out, "nothing found among ");
    lede_put_entries(out, nothing->within);
    if (nothing->has_filters) {
        lede_buf_put_text(out, " that the filters leave of ");
        lede_put_grouped(out, nothing->entries);
    }
    if (nothing->within == 0 && nothing->archive_oldest != LEDE_INSTANT_NONE) {
        format_day(nothing->archive_oldest, first);
        format_day(nothing->archive_newest, last);
        lede_buf_put_format(out, ", which are from %s to %s", first, last);
    }
    if (nothing->has_sources && nothing->sources > 0) {
        lede_buf_put_text(out, ", from ");
        lede_put_grouped(out, nothing->sources);
        lede_buf_put_text(out, nothing->sources == 1 ? " source" : " sources");
    }
    if (nothing->oldest != LEDE_INSTANT_NONE) {
        format_day(nothing->oldest, first);
        format_day(nothing->newest, last);
        lede_buf_put_format(out, ", %s to %s", first, last);
    }
    lede_buf_put_byte(out, '\n');
    for (uint32_t i = 0; i < nothing->gap_count; i++) {
        const lede_gap *gap = &nothing->gaps[i];

        format_day(gap->first, first);
        format_day(gap->last, last);
        lede_buf_put_format(
            out, "of %s to %s (%" PRId64 " days) there is no entry at all\n",
            first, last, gap->last - gap->first + 1);
    }
}

static void put_day(lede_json_out *json, const char *name, int64_t day)
{
    char text[16];

    lede_json_name(json, name);
    if (day == LEDE_INSTANT_NONE) {
        lede_json_null(json);
    } else {
        format_day(day, text);
        lede_json_text(json, text);
    }
}

static void put_searched(lede_json_out *json, const lede_nothing *nothing)
{
    lede_json_name(json, "searched");
    lede_json_begin_object(json);
    lede_json_name(json, "entries");
    lede_json_unsigned(json, nothing->entries);
    lede_json_name(json, "within_filters");
    lede_json_unsigned(json, nothing->within);
    lede_json_name(json, "sources");
    if (nothing->has_sources) {
        lede_json_unsigned(json, nothing->sources);
    } else {
        lede_json_null(json);
    }
    put_day(json, "archive_oldest", nothing->archive_oldest);
    put_day(json, "archive_newest", nothing->archive_newest);
    put_day(json, "oldest", nothing->oldest);
    put_day(json, "newest", nothing->newest);
    lede_json_name(json, "gaps");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < nothing->gap_count; i++) {
        lede_json_begin_object(json);
        put_day(json, "first", nothing->gaps[i].first);
        put_day(json, "last", nothing->gaps[i].last);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
    lede_json_end_object(json);
}

void lede_json_nothing(lede_json_out *json, lede_span query,
                       const lede_nothing *nothing, bool has_hits)
{
    lede_json_name(json, "unknown");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < nothing->unknown_count; i++) {
        const lede_unknown *unknown = &nothing->unknown[i];

        lede_json_begin_object(json);
        lede_json_name(json, "word");
        lede_json_span(json, unknown->typed);
        lede_json_name(json, "column");
        lede_json_unsigned(json, lede_column_of(query, unknown->column));
        lede_json_name(json, "suggestions");
        lede_json_begin_array(json);
        for (uint32_t j = 0; j < unknown->count; j++) {
            lede_json_begin_object(json);
            lede_json_name(json, "word");
            lede_json_span(json, unknown->suggestions[j].word);
            lede_json_name(json, "entries");
            lede_json_unsigned(json, unknown->suggestions[j].entries);
            lede_json_end_object(json);
        }
        lede_json_end_array(json);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
    if (!has_hits) {
        put_searched(json, nothing);
    }
}
