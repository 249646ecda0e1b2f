/* hits_json.c - hits for programs: one JSON text, or one a line. */
#include "app/hits_out.h"
#include "app/partial.h"
#include "app/show_entry.h"
#include "app/show_names.h"
#include "query/engine.h"
#include "query/ledger.h"

/* --- A hit ---------------------------------------------------------------- */

static void put_explain_term(lede_json_out *json, const lede_explain_term *term)
{
    lede_json_begin_object(json);
    lede_json_name(json, "word");
    lede_json_text(json, term->word);
    lede_json_name(json, "term");
    lede_json_text(json, term->term);
    lede_json_name(json, "frequency");
    lede_json_double(json, term->frequency / 2.0);
    lede_json_name(json, "document_frequency");
    lede_json_unsigned(json, term->entry_count);
    lede_json_name(json, "idf");
    lede_json_double(json, term->idf);
    lede_json_name(json, "boost");
    lede_json_double(json, term->boost);
    lede_json_name(json, "learnt");
    lede_json_bool(json, term->is_learnt);
    lede_json_name(json, "part");
    lede_json_double(json, term->part);
    lede_json_name(json, "fields");
    lede_json_text(json, term->fields);
    lede_json_name(json, "forms");
    lede_json_text(json, term->forms);
    lede_json_end_object(json);
}

/* A share in the score; null if there is no score. */
static void put_share(lede_json_out *json, const char *name, double value,
                      bool has_score)
{
    lede_json_name(json, name);
    if (has_score) {
        lede_json_double(json, value);
    } else {
        lede_json_null(json);
    }
}

static void put_fit_parts(lede_json_out *json, const lede_fit_parts *parts)
{
    lede_json_name(json, "fit_parts");
    lede_json_begin_object(json);
    put_share(json, "order", parts->order, true);
    put_share(json, "near", parts->near, true);
    put_share(json, "exact", parts->exact, true);
    put_share(json, "headline", parts->headline, true);
    put_share(json, "name", parts->name, true);
    put_share(json, "typed", parts->typed, true);
    put_share(json, "like", parts->like, true);
    lede_json_end_object(json);
}

static void put_explain_json(lede_json_out *json, const lede_hit *hit)
{
    const lede_explain *explain = hit->explain;
    uint32_t i;

    lede_json_name(json, "explain");
    lede_json_begin_object(json);
    lede_json_name(json, "matched");
    lede_json_text(json, lede_matched_name(explain->matched));
    lede_json_name(json, "terms");
    lede_json_begin_array(json);
    for (i = 0; i < explain->term_count; i++) {
        put_explain_term(json, &explain->terms[i]);
    }
    lede_json_end_array(json);
    put_share(json, "text", explain->text, hit->has_score);
    put_share(json, "recency", explain->recency, hit->has_score);
    put_share(json, "fit", explain->fit, hit->has_score);
    put_fit_parts(json, &explain->fit_parts);
    lede_json_name(json, "age_s");
    if (explain->age_s < 0) {
        lede_json_null(json);
    } else {
        lede_json_signed(json, explain->age_s);
    }
    lede_json_name(json, "date_used");
    lede_json_text(json, explain->date_used);
    lede_json_name(json, "length");
    lede_json_double(json, explain->length / 2.0);
    lede_json_name(json, "average_length");
    lede_json_double(json, explain->average_length / 2.0);
    lede_json_end_object(json);
}

static void put_name_span(lede_json_out *json, const char *name,
                          lede_span value)
{
    lede_json_name(json, name);
    lede_json_span_or_null(json, value);
}

static void put_place_json(lede_json_out *json, const lede_hit_place *place)
{
    lede_json_name(json, "rank");
    lede_json_unsigned(json, place->rank);
    lede_json_name(json, "score");
    if (place->has_score) {
        lede_json_double(json, place->score);
    } else {
        lede_json_null(json);
    }
    lede_json_name(json, "key");
    lede_json_key(json, place->key);
}

static void put_hit_head_json(lede_json_out *json, const lede_hit *hit)
{
    const lede_entry *entry = hit->entry;
    lede_hit_place place = {.rank = hit->rank,
                            .score = hit->score,
                            .has_score = hit->has_score,
                            .key = entry->key};

    put_place_json(json, &place);
    if (hit->copies > 0) {
        lede_json_name(json, "copies");
        lede_json_unsigned(json, hit->copies);
        lede_json_name(json, "group");
        lede_json_key(json, hit->group);
    }
    lede_json_name(json, "kind");
    lede_json_text(json, lede_kind_name(entry->kind));
    lede_json_name(json, "headline");
    lede_json_span(json, entry->headline);
    lede_json_name(json, "headline_marks");
    lede_json_marks(json, hit->headline_marks, hit->headline_mark_count);
    lede_json_entry_dates(json, entry);
    lede_json_name(json, "updated");
    lede_json_when(json, &entry->updated);
    lede_json_entry_authors(json, entry);
    lede_json_entry_labels(json, entry);
}

/* Member "found_in": texts besides headline and passage with words of the
 * query. */
static void put_parts_json(lede_json_out *json, const lede_hit *hit)
{
    if (hit->part_count == 0) {
        return;
    }
    lede_json_name(json, "found_in");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < hit->part_count; i++) {
        lede_json_begin_object(json);
        lede_json_name(json, "field");
        lede_json_text(json, hit->parts[i].field);
        lede_json_name(json, "text");
        lede_json_span(json, hit->parts[i].text);
        lede_json_name(json, "marks");
        lede_json_marks(json, hit->parts[i].marks, hit->parts[i].mark_count);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}

static void put_hit_rest_json(lede_json_out *json, const lede_hit *hit)
{
    const lede_entry *entry = hit->entry;
    uint32_t i;

    lede_json_name(json, "ordinal");
    if (entry->ordinal == 0) {
        lede_json_null(json);
    } else {
        lede_json_unsigned(json, entry->ordinal);
    }
    lede_json_place(json, entry->path_count == 0 ? lede_span_of(NULL, 0)
                                                 : entry->paths[0]);
    put_name_span(json, "source", entry->source);
    put_name_span(json, "url", entry->url);
    put_name_span(json, "page_title", entry->page_title);
    lede_json_name(json, "missing");
    lede_json_begin_array(json);
    for (i = 0; i < hit->missing_count; i++) {
        lede_json_text(json, hit->missing[i]);
    }
    lede_json_end_array(json);
    lede_json_name(json, "snippet");
    lede_json_begin_object(json);
    lede_json_name(json, "text");
    lede_json_span(json, hit->snippet);
    lede_json_name(json, "marks");
    lede_json_marks(json, hit->marks, hit->mark_count);
    lede_json_end_object(json);
    put_parts_json(json, hit);
    lede_json_names(json, hit->people, hit->person_count, hit->places,
                    hit->place_count);
    lede_json_name_matches(json, hit);
}

static void put_hit_json(lede_json_out *json, const lede_hit *hit)
{
    lede_json_begin_object(json);
    put_hit_head_json(json, hit);
    put_hit_rest_json(json, hit);
    if (hit->explain != NULL) {
        put_explain_json(json, hit);
    }
    lede_json_end_object(json);
}

/* A hit whose record cannot be read; the others stand all the same. */
static void put_damaged_json(lede_json_out *json, const lede_hit_place *place,
                             const lede_error *err)
{
    lede_json_begin_object(json);
    put_place_json(json, place);
    lede_json_name(json, "error");
    lede_json_text(json, err->message);
    lede_json_end_object(json);
}

/* --- The answer ----------------------------------------------------------- */

/* The cursor behind the last hit, if there are more. */
static void put_next_json(lede_json_out *json, const lede_results *results)
{
    lede_buf cursor = {0};

    lede_json_name(json, "next");
    if (lede_results_has_more(results)) {
        lede_results_cursor(results, lede_results_count(results) - 1, &cursor);
        lede_json_span(json, lede_buf_span(&cursor));
    } else {
        lede_json_null(json);
    }
    json->buf->failed = json->buf->failed || cursor.failed;
    lede_buf_done(&cursor);
}

/* What is said about the answer as a whole. */
static void put_summary_json(lede_json_out *json, const lede_hits_page *page)
{
    uint32_t notes = lede_results_note_count(page->results);
    uint32_t required = 0;
    uint32_t of = 0;
    uint64_t stories;
    uint32_t i;

    lede_json_name(json, "query");
    lede_json_span(json, page->query);
    lede_json_name(json, "total");
    lede_json_unsigned(json, lede_results_total(page->results));
    lede_json_name(json, "stories");
    if (lede_results_stories(page->results, &stories)) {
        lede_json_unsigned(json, stories);
    } else {
        lede_json_null(json);
    }
    lede_json_name(json, "relaxed");
    if (lede_results_relaxed(page->results, &required, &of)) {
        lede_json_begin_object(json);
        lede_json_name(json, "required");
        lede_json_unsigned(json, required);
        lede_json_name(json, "of");
        lede_json_unsigned(json, of);
        lede_json_end_object(json);
    } else {
        lede_json_null(json);
    }
    lede_json_name(json, "generation");
    lede_json_unsigned(json, page->totals->generation);
    put_next_json(json, page->results);
    if (page->has_ledger) {
        lede_json_name(json, "matched");
        lede_json_begin_object(json);
        for (i = LEDE_MATCHED_EXACT; i < LEDE_MATCHED_COUNT; i++) {
            lede_json_name(json, lede_matched_name((lede_matched)i));
            lede_json_unsigned(json, page->ledger[i]);
        }
        lede_json_end_object(json);
    }
    if (page->has_names) {
        lede_json_name(json, "recognized");
        lede_json_unsigned(json, page->recognized);
    }
    if (page->nothing != NULL) {
        lede_json_nothing(json, page->query, page->nothing,
                          lede_results_total(page->results) > 0);
    }
    if (page->facet_count > 0) {
        lede_json_facets(json, page->facets, page->facet_count,
                         page->facet_limit);
    }
    if (notes > 0) {
        lede_json_name(json, "notes");
        lede_json_begin_array(json);
        for (i = 0; i < notes; i++) {
            lede_json_note(json, page->query,
                           lede_results_note(page->results, i));
        }
        lede_json_end_array(json);
    }
}

/* What ended the run early. A program that reads this gets a whole text that
 * says so, and not one that breaks off. */
static void put_failure_json(lede_json_out *json, const lede_error *err)
{
    if (err->status != LEDE_OK) {
        lede_json_name(json, "error");
        lede_json_text(json, err->message[0] != '\0'
                                 ? err->message
                                 : lede_status_name(err->status));
    }
}

/* --- One text --------------------------------------------------------------
 */

static void begin(lede_hits_out *out)
{
    lede_json_out_init(&out->json, &out->buf);
    lede_json_begin_object(&out->json);
    put_summary_json(&out->json, out->page);
    lede_json_name(&out->json, "hits");
    lede_json_begin_array(&out->json);
}

static void put_hit(lede_hits_out *out, const lede_hit *hit)
{
    put_hit_json(&out->json, hit);
}

static void put_damaged(lede_hits_out *out, const lede_hit_place *place,
                        const lede_error *err)
{
    put_damaged_json(&out->json, place, err);
}

static void end(lede_hits_out *out, const lede_error *err)
{
    lede_json_end_array(&out->json);
    put_failure_json(&out->json, err);
    lede_json_partial(&out->json, out->page->engine);
    lede_json_end_object(&out->json);
    lede_buf_put_byte(&out->buf, '\n');
}

const lede_hits_writer lede_hits_json = {begin, put_hit, put_damaged, end,
                                         NULL};

/* --- Lines -----------------------------------------------------------------
 */

static void put_line(lede_hits_out *out, const lede_hit *hit)
{
    lede_json_out_init(&out->json, &out->buf);
    put_hit_json(&out->json, hit);
    lede_buf_put_byte(&out->buf, '\n');
}

static void put_damaged_line(lede_hits_out *out, const lede_hit_place *place,
                             const lede_error *err)
{
    lede_json_out_init(&out->json, &out->buf);
    put_damaged_json(&out->json, place, err);
    lede_buf_put_byte(&out->buf, '\n');
}

static void end_lines(lede_hits_out *out, const lede_error *err)
{
    lede_json_out_init(&out->json, &out->buf);
    lede_json_begin_object(&out->json);
    lede_json_name(&out->json, "summary");
    lede_json_begin_object(&out->json);
    put_summary_json(&out->json, out->page);
    put_failure_json(&out->json, err);
    lede_json_partial(&out->json, out->page->engine);
    lede_json_end_object(&out->json);
    lede_json_end_object(&out->json);
    lede_buf_put_byte(&out->buf, '\n');
}

const lede_hits_writer lede_hits_ndjson = {NULL, put_line, put_damaged_line,
                                           end_lines, NULL};
