#include "app/show_hits.h"

#include <inttypes.h>

#include "app/show_entry.h"
#include "base/utf8.h"

enum { FLUSH_BYTES = 1 << 16 };

/* --- JSON ---------------------------------------------------------------- */

static void put_marks_json(lede_json_out *json, const lede_mark *marks,
                           uint32_t count)
{
    uint32_t i;

    lede_json_begin_array(json);
    for (i = 0; i < count; i++) {
        lede_json_begin_array(json);
        lede_json_unsigned(json, marks[i].begin);
        lede_json_unsigned(json, marks[i].end);
        lede_json_end_array(json);
    }
    lede_json_end_array(json);
}

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

static void put_explain_json(lede_json_out *json, const lede_hit *hit)
{
    const lede_explain *explain = hit->explain;
    uint32_t i;

    lede_json_name(json, "explain");
    lede_json_begin_object(json);
    lede_json_name(json, "terms");
    lede_json_begin_array(json);
    for (i = 0; i < explain->term_count; i++) {
        put_explain_term(json, &explain->terms[i]);
    }
    lede_json_end_array(json);
    put_share(json, "text", explain->text, hit->has_score);
    put_share(json, "recency", explain->recency, hit->has_score);
    put_share(json, "fit", explain->fit, hit->has_score);
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
    lede_json_name(json, "kind");
    lede_json_text(json, lede_kind_name(entry->kind));
    lede_json_name(json, "headline");
    lede_json_span(json, entry->headline);
    lede_json_entry_dates(json, entry);
    lede_json_name(json, "updated");
    lede_json_when(json, &entry->updated);
    lede_json_entry_authors(json, entry);
    lede_json_entry_labels(json, entry);
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
    put_marks_json(json, hit->marks, hit->mark_count);
    lede_json_end_object(json);
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

/* --- Damage -------------------------------------------------------------- */

/* What of an answer could not be read. */
typedef struct damage {
    uint32_t hits;
    lede_error first;
} damage;

static void note_damage(damage *met, const lede_error *err)
{
    if (met->hits++ == 0) {
        met->first = *err;
    }
}

/* One line, however many hits there are. False if all was well. */
static bool say_damage(const lede_hits_page *page, const damage *met)
{
    const lede_error *learning = lede_results_damage(page->results);

    if (met->hits > 0) {
        lede_say("%" PRIu32 " of the hits cannot be read: %s; run 'lede check'",
                 met->hits, met->first.message);
    } else if (learning != NULL) {
        lede_say("the order of the hits may suffer from damage: %s; run 'lede "
                 "check'",
                 learning->message);
    }
    return met->hits == 0 && learning == NULL;
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

/* The number of the character at a byte of the query, from 1. */
static unsigned column_of(lede_span query, uint32_t offset)
{
    const uint8_t *p = query.bytes;
    unsigned column = 1;

    while (p < query.bytes + offset && p < query.bytes + query.len) {
        uint32_t code;

        p += lede_utf8_decode(p, query.bytes + query.len, &code);
        column++;
    }
    return column;
}

void lede_say_note(lede_span query, lede_query_note note)
{
    lede_say("query, column %u: %s", column_of(query, note.column), note.text);
}

void lede_json_note(lede_json_out *json, lede_span query, lede_query_note note)
{
    lede_json_begin_object(json);
    lede_json_name(json, "column");
    lede_json_unsigned(json, column_of(query, note.column));
    lede_json_name(json, "offset");
    lede_json_unsigned(json, note.column);
    lede_json_name(json, "text");
    lede_json_text(json, note.text);
    lede_json_end_object(json);
}

/* Which shards are not in the answer, and why. */
static void put_partial_json(lede_json_out *json, const lede_engine *engine)
{
    uint32_t missing = engine->calls->missing(engine);

    if (missing == 0) {
        return;
    }
    lede_json_name(json, "partial");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < missing; i++) {
        const char *name, *why;

        engine->calls->missing_part(engine, i, &name, &why);
        lede_json_begin_object(json);
        lede_json_name(json, "shard");
        lede_json_text(json, name);
        lede_json_name(json, "reason");
        lede_json_text(json, why);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
}

/* What is said about the answer as a whole. */
static void put_summary_json(lede_json_out *json, const lede_hits_page *page)
{
    uint32_t notes = lede_results_note_count(page->results);
    uint32_t required = 0;
    uint32_t of = 0;
    uint32_t i;

    lede_json_name(json, "query");
    lede_json_span(json, page->query);
    lede_json_name(json, "total");
    lede_json_unsigned(json, lede_results_total(page->results));
    lede_json_name(json, "stories");
    lede_json_null(json);
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
    lede_json_name(json, "next");
    lede_json_null(json);
    put_partial_json(json, page->engine);
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

/* One hit into the answer: damage to it does not end the run. */
static lede_status put_result_json(const lede_hits_page *page, uint32_t index,
                                   lede_json_out *json, damage *met,
                                   lede_error *err)
{
    const lede_hit *hit = NULL;
    lede_status status = lede_results_get(page->results, index, &hit, err);

    if (status == LEDE_OK) {
        put_hit_json(json, hit);
    } else if (status == LEDE_CORRUPT) {
        lede_hit_place place = lede_results_place(page->results, index);

        note_damage(met, err);
        put_damaged_json(json, &place, err);
        status = LEDE_OK;
    }
    return status;
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

static bool put_hits_json(const lede_hits_page *page, lede_json_out *json,
                          damage *met, lede_error *err)
{
    uint32_t count = lede_results_count(page->results);
    bool lines = page->app->format == LEDE_OUTPUT_NDJSON;
    bool fine = true;
    uint32_t i;

    err->status = LEDE_OK;
    for (i = 0; i < count && fine && err->status == LEDE_OK; i++) {
        if (lines) {
            lede_json_out_init(json, json->buf);
        }
        err->status = put_result_json(page, i, json, met, err);
        if (lines && err->status == LEDE_OK) {
            lede_buf_put_byte(json->buf, '\n');
        }
        if (json->buf->len >= FLUSH_BYTES) {
            fine = lede_flush(json->buf, stdout);
        }
    }
    return fine;
}

static int print_json(const lede_hits_page *page)
{
    bool lines = page->app->format == LEDE_OUTPUT_NDJSON;
    lede_buf out = {0};
    lede_error err = {0};
    damage met = {0};
    lede_json_out json;
    bool fine;

    lede_json_out_init(&json, &out);
    if (!lines) {
        lede_json_begin_object(&json);
        put_summary_json(&json, page);
        lede_json_name(&json, "hits");
        lede_json_begin_array(&json);
    }
    fine = put_hits_json(page, &json, &met, &err);
    if (lines) {
        lede_json_out_init(&json, &out);
        lede_json_begin_object(&json);
        lede_json_name(&json, "summary");
        lede_json_begin_object(&json);
        put_summary_json(&json, page);
        put_failure_json(&json, &err);
        lede_json_end_object(&json);
    } else {
        lede_json_end_array(&json);
        put_failure_json(&json, &err);
    }
    lede_json_end_object(&json);
    lede_buf_put_byte(&out, '\n');
    fine = fine && lede_flush(&out, stdout);
    lede_buf_done(&out);
    fine = say_damage(page, &met) && fine;
    if (err.status != LEDE_OK) {
        return lede_say_failure(&err);
    }
    return fine ? LEDE_EXIT_DONE : LEDE_EXIT_ERROR;
}

/* --- Text ---------------------------------------------------------------- */

/* Marks are colours on a terminal and nothing elsewhere: text that is piped on
 * should be the text. */
static void put_marked(const lede_app *app, lede_buf *out, lede_span text,
                       const lede_mark *marks, uint32_t count, lede_style base)
{
    size_t at = 0;
    uint32_t i;

    lede_put_style(app, out, base);
    for (i = 0; i < count; i++) {
        if (marks[i].begin < at || marks[i].end > text.len) {
            continue;
        }
        lede_put_safe(out, lede_span_part(text, at, marks[i].begin - at));
        lede_put_style(app, out, LEDE_STYLE_MARK);
        lede_put_safe(out, lede_span_part(text, marks[i].begin,
                                          marks[i].end - marks[i].begin));
        lede_put_style(app, out, LEDE_STYLE_PLAIN);
        lede_put_style(app, out, base);
        at = marks[i].end;
    }
    lede_put_safe(out, lede_span_part(text, at, text.len));
    lede_put_style(app, out, LEDE_STYLE_PLAIN);
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
    lede_buf_put_format(out, "date: %s\n", e->date_used);
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
        lede_buf_put_text(out, "; ");
        lede_put_safe(out, lede_span_text(t->fields));
        lede_buf_put_text(out, "; ");
        lede_put_safe(out, lede_span_text(t->forms));
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

static void put_hit_text(const lede_hits_page *page, const lede_zone *zone,
                         lede_buf *out, const lede_hit *hit)
{
    const lede_app *app = page->app;
    const lede_entry *entry = hit->entry;
    lede_buf byline = {0};

    lede_buf_put_format(out, "%2" PRIu64 ". ", hit->rank);
    put_marked(app, out, entry->headline, hit->headline_marks,
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
    put_missing_text(out, hit);
    if (hit->snippet.len > 0) {
        lede_buf_put_text(out, "    ");
        put_marked(app, out, hit->snippet, hit->marks, hit->mark_count,
                   LEDE_STYLE_PLAIN);
        lede_buf_put_byte(out, '\n');
    }
    if (hit->explain != NULL) {
        put_explain_text(out, hit);
    }
    lede_buf_put_byte(out, '\n');
    lede_buf_done(&byline);
}

static void say_notes(const lede_hits_page *page)
{
    uint32_t count = lede_results_note_count(page->results);
    uint32_t required = 0;
    uint32_t of = 0;
    uint32_t i;

    if (page->app->quiet) {
        return;
    }
    for (i = 0; i < count; i++) {
        lede_say_note(page->query, lede_results_note(page->results, i));
    }
    if (lede_results_relaxed(page->results, &required, &of)) {
        lede_say("no entry has all %u words; these have %u of them", of,
                 required);
    }
}

static void put_count_text(const lede_hits_page *page, lede_buf *out)
{
    uint64_t total = lede_results_total(page->results);
    uint32_t shown = lede_results_count(page->results);

    lede_put_entries(out, total);
    if (shown == 0) {
        lede_buf_put_format(
            out, ", none shown: --offset %" PRIu64 " passes over %s\n",
            page->options->offset, total == 1 ? "it" : "all of them");
        return;
    }
    if (shown < total) {
        lede_buf_put_text(out, shown == 1 ? ", number " : ", ");
        lede_put_grouped(out, page->options->offset + 1);
        if (shown > 1) {
            lede_buf_put_text(out, " to ");
            lede_put_grouped(out, page->options->offset + shown);
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

static bool put_hits_text(const lede_hits_page *page, const lede_zone *zone,
                          lede_buf *out, damage *met, lede_error *err)
{
    uint32_t count = lede_results_count(page->results);
    bool fine = true;
    uint32_t i;

    err->status = LEDE_OK;
    for (i = 0; i < count && fine && err->status == LEDE_OK; i++) {
        const lede_hit *hit = NULL;

        err->status = lede_results_get(page->results, i, &hit, err);
        if (err->status == LEDE_OK) {
            put_hit_text(page, zone, out, hit);
        } else if (err->status == LEDE_CORRUPT) {
            lede_hit_place place = lede_results_place(page->results, i);

            note_damage(met, err);
            put_damaged_text(out, &place, err);
            err->status = LEDE_OK;
        }
        fine = out->len < FLUSH_BYTES || lede_flush(out, stdout);
    }
    return fine;
}

static int print_text(const lede_hits_page *page)
{
    lede_zone *zone = NULL;
    lede_buf out = {0};
    lede_error err = {0};
    damage met = {0};
    bool fine;

    say_notes(page);
    if (page->options->zone != NULL) {
        err.status = lede_zone_open(page->options->zone, &zone, &err);
        if (err.status != LEDE_OK) {
            return lede_say_failure(&err);
        }
    }
    if (page->options->count_only) {
        lede_buf_put_format(&out, "%" PRIu64 "\n",
                            lede_results_total(page->results));
    } else if (page->app->quiet) {
        /* The hits alone. */
    } else if (lede_results_total(page->results) == 0) {
        lede_buf_put_text(&out, "nothing found among ");
        lede_put_entries(&out, page->totals->entries);
        lede_buf_put_byte(&out, '\n');
    } else {
        put_count_text(page, &out);
    }
    fine = put_hits_text(page, zone, &out, &met, &err);
    fine = lede_flush(&out, stdout) && fine;
    lede_buf_done(&out);
    lede_zone_close(zone);
    fine = say_damage(page, &met) && fine;
    if (err.status != LEDE_OK) {
        return lede_say_failure(&err);
    }
    return fine ? LEDE_EXIT_DONE : LEDE_EXIT_ERROR;
}

int lede_print_hits(const lede_hits_page *page)
{
    int result = page->app->format == LEDE_OUTPUT_TEXT ? print_text(page)
                                                       : print_json(page);

    if (result == LEDE_EXIT_DONE && lede_results_total(page->results) == 0) {
        result = LEDE_EXIT_NOTHING;
    }
    return result;
}
