#include "app/show_names.h"

#include <inttypes.h>
#include <math.h>

#include "app/app.h"
#include "base/analyze.h"

/* The table is no more exact than four places. */
static double rounded(double degrees)
{
    return round(degrees * 1e4) / 1e4;
}

static void put_name(lede_json_out *json, const lede_hit_name *name,
                     bool is_place)
{
    lede_json_begin_object(json);
    lede_json_name(json, "name");
    lede_json_span(json, name->name);
    if (is_place) {
        lede_json_name(json, "id");
        lede_json_span_or_null(json, name->id);
        lede_json_name(json, "country");
        lede_json_span_or_null(json, lede_span_text(name->country));
        lede_json_name(json, "lat");
        if (name->has_point) {
            lede_json_double(json, rounded(name->lat));
        } else {
            lede_json_null(json);
        }
        lede_json_name(json, "lon");
        if (name->has_point) {
            lede_json_double(json, rounded(name->lon));
        } else {
            lede_json_null(json);
        }
    }
    lede_json_name(json, "mentions");
    lede_json_unsigned(json, name->mentions);
    lede_json_end_object(json);
}

void lede_json_names(lede_json_out *json, const lede_hit_name *people,
                     uint32_t person_count, const lede_hit_name *places,
                     uint32_t place_count)
{
    uint32_t i;

    lede_json_name(json, "people");
    lede_json_begin_array(json);
    for (i = 0; i < person_count; i++) {
        put_name(json, &people[i], false);
    }
    lede_json_end_array(json);
    lede_json_name(json, "places");
    lede_json_begin_array(json);
    for (i = 0; i < place_count; i++) {
        put_name(json, &places[i], true);
    }
    lede_json_end_array(json);
}

void lede_json_name_matches(lede_json_out *json, const lede_hit *hit)
{
    uint32_t i;

    if (hit->match_count == 0) {
        return;
    }
    lede_json_name(json, "names");
    lede_json_begin_array(json);
    for (i = 0; i < hit->match_count; i++) {
        const lede_hit_match *match = &hit->matches[i];

        lede_json_begin_object(json);
        lede_json_name(json, "field");
        lede_json_text(json, match->field);
        lede_json_name(json, "typed");
        lede_json_span(json, match->typed);
        lede_json_name(json, "form");
        lede_json_span_or_null(json, match->form);
        lede_json_name(json, "recognized");
        lede_json_bool(json, match->is_recognized);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}

static bool is_as_typed(const lede_hit_match *match)
{
    lede_buf a = {0}, b = {0};
    bool same;

    lede_fold_text(match->typed, true, &a);
    lede_fold_text(match->form, true, &b);
    same = lede_span_equal(lede_buf_span(&a), lede_buf_span(&b));
    lede_buf_done(&a);
    lede_buf_done(&b);
    return same;
}

void lede_put_name_matches(lede_buf *out, const char *indent,
                           const lede_hit *hit)
{
    uint32_t i;

    for (i = 0; i < hit->match_count; i++) {
        const lede_hit_match *match = &hit->matches[i];

        if (match->form.len == 0 ||
            (match->is_recognized && is_as_typed(match))) {
            continue;
        }
        lede_buf_put_format(out, "%s%s: ", indent, match->field);
        lede_put_safe(out, match->form);
        lede_buf_put_text(out, match->is_recognized
                                   ? "\n"
                                   : " (in the text; not recognised)\n");
    }
}

void lede_put_names(lede_buf *out, const lede_hit_name *names, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        lede_buf_put_text(out, i == 0 ? "" : "; ");
        lede_put_safe(out, names[i].name);
        if (names[i].country[0] != '\0') {
            lede_buf_put_format(out, ", %s", names[i].country);
        }
        if (names[i].mentions > 1) {
            lede_buf_put_format(out, " (%" PRIu32 ")", names[i].mentions);
        }
    }
}
