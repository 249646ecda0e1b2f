#include "app/show_facets.h"

#include <inttypes.h>
#include <string.h>

#include "app/app.h"
#include "app/csv_out.h"

bool lede_facets_have_names(const lede_facets_wanted *wanted)
{
    for (uint32_t i = 0; i < wanted->count; i++) {
        if (wanted->items[i] == LEDE_FACET_PERSON ||
            wanted->items[i] == LEDE_FACET_PLACE) {
            return true;
        }
    }
    return false;
}

bool lede_facets_parse(lede_facets_wanted *wanted, const char *list,
                       lede_error *err)
{
    while (*list != '\0') {
        size_t len = strcspn(list, ",");
        lede_facet facet;
        uint32_t i = 0;

        if (!lede_facet_parse(lede_span_of(list, len), &facet)) {
            lede_fail(err, LEDE_BAD_INPUT,
                      "--facet '%.*s': the facets are source, author, label, "
                      "kind, lang, year, month, day, person and place",
                      (int)len, list);
            return false;
        }
        while (i < wanted->count && wanted->items[i] != facet) {
            i++;
        }
        if (i == wanted->count) {
            wanted->items[wanted->count++] = facet;
        }
        list += len + (list[len] == ',');
    }
    return true;
}

static uint32_t shown_of(const lede_facet_counts *facet, uint32_t limit)
{
    return facet->values.count < limit ? facet->values.count : limit;
}

void lede_put_facets_text(lede_buf *out, const lede_facet_counts *facets,
                          uint32_t count, uint32_t limit, uint64_t total)
{
    for (uint32_t i = 0; i < count; i++) {
        const lede_facet_counts *facet = &facets[i];
        uint32_t shown = shown_of(facet, limit);

        lede_buf_put_text(out, lede_facet_name(facet->facet));
        if (facet->matches != total) {
            lede_buf_put_text(out, ", without its own filter, of ");
            lede_put_entries(out, facet->matches);
        }
        lede_buf_put_byte(out, '\n');
        for (uint32_t v = 0; v < shown; v++) {
            lede_buf_put_format(out, "%10" PRIu64 "  ",
                                facet->values.items[v].count);
            lede_put_safe(out, facet->values.items[v].name);
            lede_buf_put_byte(out, '\n');
        }
        if (shown < facet->values.count) {
            lede_buf_put_text(out, "            and ");
            lede_put_grouped(out, facet->values.count - shown);
            lede_buf_put_text(out, " more values (--facet-limit)\n");
        }
        if (facet->without > 0) {
            lede_buf_put_format(out, "%10" PRIu64 "  without\n",
                                facet->without);
        }
        lede_buf_put_byte(out, '\n');
    }
}

void lede_json_facets(lede_json_out *json, const lede_facet_counts *facets,
                      uint32_t count, uint32_t limit)
{
    lede_json_name(json, "facets");
    lede_json_begin_object(json);
    for (uint32_t i = 0; i < count; i++) {
        const lede_facet_counts *facet = &facets[i];
        uint32_t shown = shown_of(facet, limit);

        lede_json_name(json, lede_facet_name(facet->facet));
        lede_json_begin_object(json);
        lede_json_name(json, "entries");
        lede_json_unsigned(json, facet->matches);
        lede_json_name(json, "without");
        lede_json_unsigned(json, facet->without);
        lede_json_name(json, "distinct");
        lede_json_unsigned(json, facet->values.count);
        lede_json_name(json, "values");
        lede_json_begin_array(json);
        for (uint32_t v = 0; v < shown; v++) {
            lede_json_begin_object(json);
            lede_json_name(json, "value");
            lede_json_span(json, facet->values.items[v].name);
            lede_json_name(json, "count");
            lede_json_unsigned(json, facet->values.items[v].count);
            lede_json_end_object(json);
        }
        lede_json_end_array(json);
        lede_json_end_object(json);
    }
    lede_json_end_object(json);
}

void lede_put_facets_csv(lede_buf *out, const lede_facet_counts *facets,
                         uint32_t count, uint32_t limit)
{
    lede_csv_out csv = {.buf = out};

    lede_csv_text(&csv, "facet");
    lede_csv_text(&csv, "value");
    lede_csv_text(&csv, "count");
    lede_csv_end_line(&csv);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t shown = shown_of(&facets[i], limit);

        for (uint32_t v = 0; v < shown; v++) {
            lede_csv_text(&csv, lede_facet_name(facets[i].facet));
            lede_csv_span(&csv, facets[i].values.items[v].name);
            lede_csv_unsigned(&csv, facets[i].values.items[v].count);
            lede_csv_end_line(&csv);
        }
    }
}
