#include "app/show_hits.h"

#include <inttypes.h>

#include "app/hits_out.h"
#include "app/partial.h"
#include "base/utf8.h"

enum { FLUSH_BYTES = 1 << 16 };

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

unsigned lede_column_of(lede_span query, uint32_t offset)
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
    lede_say("query, column %u: %s", lede_column_of(query, note.column),
             note.text);
}

void lede_json_note(lede_json_out *json, lede_span query, lede_query_note note)
{
    lede_json_begin_object(json);
    lede_json_name(json, "column");
    lede_json_unsigned(json, lede_column_of(query, note.column));
    lede_json_name(json, "offset");
    lede_json_unsigned(json, note.column);
    lede_json_name(json, "text");
    lede_json_text(json, note.text);
    lede_json_end_object(json);
}

void lede_say_answer(const lede_app *app, lede_span query,
                     const lede_results *results)
{
    uint32_t count = lede_results_note_count(results);
    uint32_t required = 0;
    uint32_t of = 0;
    uint32_t i;

    if (app->quiet || app->format == LEDE_OUTPUT_JSON ||
        app->format == LEDE_OUTPUT_NDJSON) {
        return;
    }
    for (i = 0; i < count; i++) {
        lede_say_note(query, lede_results_note(results, i));
    }
    if (lede_results_relaxed(results, &required, &of)) {
        lede_say("no entry has all %u words; these have %u of them", of,
                 required);
    }
}

/* --- The answer ----------------------------------------------------------- */

static const lede_hits_writer *writer_of(const lede_hits_page *page)
{
    switch (page->app->format) {
    case LEDE_OUTPUT_JSON:
        return &lede_hits_json;
    case LEDE_OUTPUT_NDJSON:
        return &lede_hits_ndjson;
    case LEDE_OUTPUT_CSV:
        return &lede_hits_csv;
    case LEDE_OUTPUT_ATOM:
        return &lede_hits_atom;
    default:
        return page->keys_only ? &lede_hits_keys : &lede_hits_text;
    }
}

static bool is_json(const lede_hits_page *page)
{
    return page->app->format == LEDE_OUTPUT_JSON ||
           page->app->format == LEDE_OUTPUT_NDJSON;
}

/* One hit into the answer: damage to it does not end the run. */
static lede_status put_one(const lede_hits_writer *writer, lede_hits_out *out,
                           uint32_t index, damage *met, lede_error *err)
{
    lede_results *results = out->page->results;
    const lede_hit *hit = NULL;
    lede_hit_place place;
    lede_status status;

    if (writer->put_place != NULL) {
        status = lede_results_reach_place(results, index, &place, err);
        if (status == LEDE_OK) {
            writer->put_place(out, &place);
        }
        return status;
    }
    status = lede_results_get(results, index, &hit, err);
    if (status == LEDE_OK) {
        writer->put_hit(out, hit);
    } else if (status == LEDE_CORRUPT) {
        place = lede_results_place(results, index);
        note_damage(met, err);
        writer->put_damaged(out, &place, err);
        status = LEDE_OK;
    }
    return status;
}

static bool put_hits(const lede_hits_writer *writer, lede_hits_out *out,
                     damage *met, lede_error *err)
{
    uint32_t count = lede_results_count(out->page->results);
    bool fine = true;

    err->status = LEDE_OK;
    for (uint32_t i = 0; i < count && fine && err->status == LEDE_OK; i++) {
        err->status = put_one(writer, out, i, met, err);
        fine = out->buf.len < FLUSH_BYTES || lede_flush(&out->buf, stdout);
    }
    if (err->status == LEDE_END) {
        err->status = LEDE_OK;
    }
    return fine;
}

static int print(const lede_hits_page *page)
{
    const lede_hits_writer *writer = writer_of(page);
    lede_hits_out out = {.page = page};
    lede_error err = {0};
    damage met = {0};
    bool fine;

    if (page->options->zone != NULL) {
        err.status = lede_zone_open(page->options->zone, &out.zone, &err);
        if (err.status != LEDE_OK) {
            return lede_say_failure(&err);
        }
    }
    lede_say_answer(page->app, page->query, page->results);
    if (page->nothing != NULL && !is_json(page) && !page->app->quiet) {
        lede_say_unknown(page->nothing);
    }
    if (page->options->count_only && !is_json(page) &&
        !(page->facet_count > 0 && page->app->format == LEDE_OUTPUT_CSV)) {
        lede_buf_put_format(&out.buf, "%" PRIu64 "\n",
                            lede_results_total(page->results));
        if (page->app->format == LEDE_OUTPUT_TEXT) {
            lede_put_facets_text(&out.buf, page->facets, page->facet_count,
                                 page->facet_limit,
                                 lede_results_total(page->results));
        }
        fine = true;
    } else if (page->app->format == LEDE_OUTPUT_CSV && page->facet_count > 0) {
        lede_put_facets_csv(&out.buf, page->facets, page->facet_count,
                            page->facet_limit);
        fine = true;
    } else {
        if (writer->begin != NULL) {
            writer->begin(&out);
        }
        fine = put_hits(writer, &out, &met, &err);
        if (writer->end != NULL) {
            writer->end(&out, &err);
        }
    }
    fine = fine && lede_flush(&out.buf, stdout);
    lede_buf_done(&out.buf);
    lede_zone_close(out.zone);
    fine = say_damage(page, &met) && fine;
    if (err.status != LEDE_OK) {
        return lede_say_failure(&err);
    }
    return fine ? LEDE_EXIT_DONE : LEDE_EXIT_ERROR;
}

/* Where it is shown: counting costs. */
static bool wants_ledger(const lede_hits_page *page)
{
    return is_json(page) ||
           (lede_results_total(page->results) > 0 &&
            page->app->format == LEDE_OUTPUT_TEXT && !page->app->quiet &&
            !page->options->count_only && !page->keys_only);
}

int lede_print_hits(const lede_hits_page *whole)
{
    lede_hits_page copy = *whole;
    const lede_hits_page *page = &copy;
    lede_nothing nothing;
    lede_error err = {0};
    int result;

    if (lede_nothing_explain(page->results, &nothing, &copy.nothing, &err) !=
        LEDE_OK) {
        return lede_say_failure(&err);
    }
    copy.has_ledger = wants_ledger(page);
    if (copy.has_ledger &&
        (lede_results_ledger(page->results, copy.ledger, &err) != LEDE_OK ||
         lede_results_recognized(page->results, &copy.has_names,
                                 &copy.recognized, &err) != LEDE_OK)) {
        return lede_say_failure(&err);
    }
    if (lede_partial_count(page->engine) > page->missing) {
        return LEDE_EXIT_AGAIN;
    }
    result = print(page);

    if (result == LEDE_EXIT_DONE && lede_results_total(page->results) == 0) {
        result = LEDE_EXIT_NOTHING;
    }
    return result;
}
