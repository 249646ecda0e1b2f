/* hits_text.c - hits for people, on a terminal or in a file. */
#include <inttypes.h>

#include "app/hits_out.h"
#include "app/show_entry.h"
#include "app/show_names.h"
#include "query/ledger.h"

/* "      1 + fit = (1 + near 0.2500 + exact 0.5000) x (1 + typed 1.0000)" */
static void put_fit_text(lede_buf *out, const lede_fit_parts *parts)
{
    const struct {
        const char *name;
        double value;
    } summands[] = {{"order", parts->order},
                    {"near", parts->near},
                    {"exact", parts->exact},
                    {"headline", parts->headline},
                    {"name", parts->name}};

    lede_buf_put_text(out, "      1 + fit = (1");
    for (size_t i = 0; i < sizeof summands / sizeof summands[0]; i++) {
        if (summands[i].value > 0) {
            lede_buf_put_format(out, " + %s %.4f", summands[i].name,
                                summands[i].value);
        }
    }
    lede_buf_put_format(out, ") x (1 + typed %.4f)", parts->typed);
    if (parts->like > 0) {
        lede_buf_put_format(out, " x (1 + like %.4f)", parts->like);
    }
    lede_buf_put_text(out, "\n");
}

static void put_if_any(lede_buf *out, const char *text)
{
    if (text[0] != '\0') {
        lede_buf_put_text(out, "; ");
        lede_put_safe(out, lede_span_text(text));
    }
}

static void put_explain_text(lede_buf *out, const lede_hit *hit)
{
    const lede_explain *e = hit->explain;
    uint32_t i;

    if (hit->has_score) {
        lede_buf_put_format(out,
                            "    text %.4f x recency %.4f x (1 + fit %.4f); ",
                            e->text, e->recency, e->fit);
    } else {
        lede_buf_put_text(out, "    no score, since sorted by date; ");
    }
    lede_buf_put_format(out, "matched: %s; date: %s\n",
                        lede_matched_name(e->matched), e->date_used);
    if (hit->has_score && e->fit > 0) {
        put_fit_text(out, &e->fit_parts);
    }
    for (i = 0; i < e->term_count; i++) {
        const lede_explain_term *t = &e->terms[i];

        lede_buf_put_text(out, "      ");
        lede_put_safe(out, lede_span_text(t->word));
        lede_buf_put_text(out, " -> ");
        lede_put_safe(out, lede_span_text(t->term));
        lede_buf_put_format(
            out, "%s: %.4f = boost %.4f, idf %.4f, frequency %.1f, in ",
            t->is_learnt ? " (learnt)" : "", t->part, t->boost, t->idf,
            t->frequency / 2.0);
        lede_put_entries(out, t->entry_count);
        put_if_any(out, t->fields);
        put_if_any(out, t->forms);
        lede_buf_put_byte(out, '\n');
    }
}

static void put_missing_text(lede_buf *out, const lede_hit *hit)
{
    uint32_t i;

    if (hit->missing_count == 0) {
        return;
    }
    lede_buf_put_text(out, "    without: ");
    for (i = 0; i < hit->missing_count; i++) {
        if (i > 0) {
            lede_buf_put_text(out, ", ");
        }
        lede_put_safe(out, lede_span_text(hit->missing[i]));
    }
    lede_buf_put_byte(out, '\n');
}

/* "label: Breaking": what was found outside of headline and passage. */
static void put_parts_text(const lede_app *app, lede_buf *out,
                           const lede_hit *hit)
{
    for (uint32_t i = 0; i < hit->part_count; i++) {
        const lede_hit_part *part = &hit->parts[i];

        lede_buf_put_format(out, "    %s: ", part->field);
        lede_put_marked(app, out, part->text, part->marks, part->mark_count,
                        LEDE_STYLE_PLAIN);
        lede_buf_put_byte(out, '\n');
    }
}

static void put_hit_text(const lede_hits_page *page, const lede_zone *zone,
                         lede_buf *out, const lede_hit *hit)
{
    const lede_app *app = page->app;
    const lede_entry *entry = hit->entry;
    lede_buf byline = {0};

    lede_buf_put_format(out, "%2" PRIu64 ". ", hit->rank);
    lede_put_marked(app, out, entry->headline, hit->headline_marks,
                    hit->headline_mark_count, LEDE_STYLE_BOLD);
    lede_buf_put_text(out, "\n    ");
    lede_put_style(app, out, LEDE_STYLE_DIM);
    lede_put_when(out, &entry->published, zone, page->options->zone);
    lede_put_byline(&byline, entry);
    if (byline.len > 0) {
        lede_buf_put_text(out, " \xC2\xB7 ");
        lede_buf_put_span(out, lede_buf_span(&byline));
    }
    lede_buf_put_format(out, " \xC2\xB7 %016" PRIx64, entry->key);
    lede_put_style(app, out, LEDE_STYLE_PLAIN);
    lede_buf_put_byte(out, '\n');
    if (hit->copies > 0) {
        lede_buf_put_format(out, "    also in %" PRIu32 "\n", hit->copies);
    }
    put_missing_text(out, hit);
    lede_put_name_matches(out, "    ", hit);
    put_parts_text(app, out, hit);
    if (hit->snippet.len > 0) {
        lede_buf_put_text(out, "    ");
        lede_put_marked(app, out, hit->snippet, hit->marks, hit->mark_count,
                        LEDE_STYLE_PLAIN);
        lede_buf_put_byte(out, '\n');
    }
    if (hit->explain != NULL) {
        put_explain_text(out, hit);
    }
    lede_buf_put_byte(out, '\n');
    lede_buf_done(&byline);
}

/* " (8 exact, 5 stem)"; nothing if all are exact. */
static void put_ledger(const lede_hits_page *page, lede_buf *out)
{
    bool any = false;

    if (page->ledger[LEDE_MATCHED_EXACT] == page->ledger[LEDE_MATCHED_ANY]) {
        return;
    }
    for (int i = LEDE_MATCHED_EXACT; i < LEDE_MATCHED_COUNT; i++) {
        if (page->ledger[i] > 0) {
            lede_buf_put_text(out, any ? ", " : " (");
            lede_put_grouped(out, page->ledger[i]);
            lede_buf_put_format(out, " %s", lede_matched_name((lede_matched)i));
            any = true;
        }
    }
    lede_buf_put_text(out, any ? ")" : "");
}

/* " (2 not recognised)": those that merely have the words of a name. */
static void put_unrecognized(const lede_hits_page *page, lede_buf *out)
{
    uint64_t total = lede_results_total(page->results);

    if (page->has_names && page->recognized < total) {
        lede_buf_put_text(out, " (");
        lede_put_grouped(out, total - page->recognized);
        lede_buf_put_text(out, " not recognised)");
    }
}

static void put_count_text(const lede_hits_page *page, lede_buf *out)
{
    uint64_t total = lede_results_total(page->results);
    uint32_t shown = lede_results_count(page->results);
    uint64_t stories, first;

    lede_put_entries(out, total);
    put_ledger(page, out);
    put_unrecognized(page, out);
    if (lede_results_stories(page->results, &stories) && stories < total) {
        lede_buf_put_text(out, stories == 1 ? " of " : " in ");
        lede_put_grouped(out, stories);
        lede_buf_put_text(out, stories == 1 ? " story" : " stories");
    }
    if (shown == 0) {
        lede_buf_put_format(
            out, ", none shown: --offset %" PRIu64 " passes over %s\n",
            page->options->offset, total == 1 ? "it" : "all of them");
        return;
    }
    first = page->options->after == NULL
                ? page->options->offset + 1
                : lede_results_place(page->results, 0).rank;
    if (first > 1 || lede_results_has_more(page->results)) {
        lede_buf_put_text(out, shown == 1 ? ", number " : ", ");
        lede_put_grouped(out, first);
        if (shown > 1) {
            lede_buf_put_text(out, " to ");
            lede_put_grouped(out, first + shown - 1);
        }
        lede_buf_put_text(out, " shown");
    }
    lede_buf_put_text(out, "\n\n");
}

/* In place of a hit whose record cannot be read. */
static void put_damaged_text(lede_buf *out, const lede_hit_place *place,
                             const lede_error *err)
{
    lede_buf_put_format(out, "%2" PRIu64 ". %016" PRIx64 " cannot be read: ",
                        place->rank, place->key);
    lede_put_safe(out, lede_span_text(err->message));
    lede_buf_put_text(out, "\n\n");
}

static void begin(lede_hits_out *out)
{
    const lede_hits_page *page = out->page;

    if (page->app->quiet) {
        return; /* the hits alone */
    }
    if (lede_results_total(page->results) == 0) {
        lede_put_nothing(&out->buf, page->nothing);
    } else {
        put_count_text(page, &out->buf);
    }
}

static void put_hit(lede_hits_out *out, const lede_hit *hit)
{
    put_hit_text(out->page, out->zone, &out->buf, hit);
}

static void put_damaged(lede_hits_out *out, const lede_hit_place *place,
                        const lede_error *err)
{
    put_damaged_text(&out->buf, place, err);
}

static void end(lede_hits_out *out, const lede_error *err)
{
    (void)err;
    lede_put_facets_text(&out->buf, out->page->facets, out->page->facet_count,
                         out->page->facet_limit,
                         lede_results_total(out->page->results));
}

const lede_hits_writer lede_hits_text = {
    .begin = begin, .put_hit = put_hit, .put_damaged = put_damaged, .end = end};
