#include "app/show_name_counts.h"

#include <inttypes.h>
#include <stdio.h>

#include "app/csv_out.h"
#include "app/json_out.h"
#include "app/partial.h"
#include "app/show_hits.h"
#include "storage/record.h"

bool lede_name_limit_set(const char *value, uint32_t *out, lede_error *err)
{
    uint64_t number;

    if (!lede_parse_count(value, UINT32_MAX - 1, &number)) {
        lede_fail(err, LEDE_BAD_INPUT,
                  "--limit '%s': give a whole number; 0 means all", value);
        return false;
    }
    *out = number == 0 ? UINT32_MAX : (uint32_t)number;
    return true;
}

/* --- Dates ------------------------------------------------------------------
 */

/* Reads the dates of entries, as exactly as they are known. */
typedef struct dates {
    lede_engine *engine;
    lede_buf record;
    lede_arena arena;
    lede_entry entry;
    lede_error err; /* of the first that could not be read */
} dates;

/* NULL if there is none. It is lent until the next call. */
static const lede_when *date_of(dates *d, int64_t instant, uint64_t key)
{
    lede_status status;

    if (instant == LEDE_INSTANT_NONE || d->err.status != LEDE_OK) {
        return NULL;
    }
    lede_arena_clear(&d->arena);
    lede_buf_clear(&d->record);
    status = d->engine->calls->record(d->engine, key, &d->record, &d->err);
    if (status == LEDE_OK) {
        status = lede_record_decode(lede_buf_span(&d->record), &d->arena,
                                    &d->entry, &d->err);
    }
    d->err.status = status;
    return status == LEDE_OK ? &d->entry.published : NULL;
}

static void dates_done(dates *d)
{
    lede_buf_done(&d->record);
    lede_arena_done(&d->arena);
}

typedef void put_fn(void *ctx, const lede_name_count *item);

/* Calls `put` with those of a kind that are to be shown; how many are not. */
static uint64_t each(const lede_name_page *page, lede_named_kind kind,
                     put_fn *put, void *ctx)
{
    const lede_name_counts *counts = page->counts;
    uint64_t left = counts->left_out[kind];
    uint32_t limit = page->limit > 0 ? page->limit : (uint32_t)LEDE_NAME_LIMIT;
    uint32_t shown = 0;

    for (uint32_t i = 0; i < counts->count; i++) {
        if (counts->items[i].kind == kind && shown < limit) {
            put(ctx, &counts->items[i]);
            shown++;
        } else {
            left += counts->items[i].kind == kind;
        }
    }
    return left;
}

static bool is_wanted(const lede_name_page *page, lede_named_kind kind)
{
    return (page->counts->kinds >> kind & 1) != 0;
}

static bool has_some(const lede_name_page *page, lede_named_kind kind)
{
    const lede_name_counts *counts = page->counts;
    uint32_t i = 0;

    while (i < counts->count && counts->items[i].kind != kind) {
        i++;
    }
    return i < counts->count;
}

static const char *plural(lede_named_kind kind)
{
    return kind == LEDE_NAMED_PERSON ? "people" : "places";
}

/* --- For people ------------------------------------------------------------
 */

typedef struct text_out {
    const lede_name_page *page;
    lede_buf *out;
    dates *dates;
} text_out;

/* To the day; "?" stands behind a guessed year. */
static void put_day(lede_buf *out, const lede_when *when)
{
    lede_buf text = {0};
    lede_civil civil;

    if (when == NULL) {
        lede_buf_put_text(&text, "-");
    } else if (when->precision < LEDE_PRECISION_HOUR) {
        lede_when_format(when, &text);
    } else {
        lede_civil_from_instant(when->instant, 0, &civil);
        lede_buf_put_format(&text, "%04d-%02u-%02u", (int)civil.year,
                            civil.month, civil.day);
    }
    if (when != NULL && !lede_year_source_is_trusted(when->year_source)) {
        lede_buf_put_text(&text, "?");
    }
    lede_buf_put_format(out, "  %-11s", lede_buf_text(&text));
    lede_buf_done(&text);
}

/* Other ways than the name as shown. */
static void put_variants(lede_buf *out, const lede_name_count *item)
{
    const char *before = " (also ";

    for (const lede_name_variant *v = item->variants; v != NULL; v = v->next) {
        if (!lede_span_equal(v->text, item->name)) {
            lede_buf_put_text(out, before);
            lede_put_safe(out, v->text);
            before = "; ";
        }
    }
    lede_buf_put_text(out, before[0] == ';' ? ")" : "");
}

static void put_line(void *ctx, const lede_name_count *item)
{
    const text_out *t = ctx;

    lede_buf_put_format(t->out, "%8" PRIu64, item->entries);
    if (t->page->results != NULL) {
        lede_buf_put_format(t->out, "  %8" PRIu64, item->archive);
    } else {
        put_day(t->out, date_of(t->dates, item->first, item->first_key));
        put_day(t->out, date_of(t->dates, item->last, item->last_key));
    }
    lede_buf_put_text(t->out, "  ");
    lede_put_safe(t->out, item->name);
    if (item->country[0] != '\0') {
        lede_buf_put_format(t->out, ", %s", item->country);
    }
    if (item->id.len > 0) {
        lede_buf_put_text(t->out, ", ");
        lede_put_safe(t->out, item->id);
    }
    if (t->page->results == NULL) {
        put_variants(t->out, item);
    }
    lede_buf_put_byte(t->out, '\n');
}

static void put_text(const lede_name_page *page, dates *d, lede_buf *out)
{
    bool is_answer = page->results != NULL;
    text_out t = {page, out, d};

    for (unsigned kind = 0; kind < 2; kind++) {
        uint64_t left;

        if (!has_some(page, (lede_named_kind)kind)) {
            continue;
        }
        lede_buf_put_text(out, out->len > 0 ? "\n" : "");
        if (!page->app->quiet && is_answer) {
            lede_buf_put_format(out, "%8s  %8s  %s\n", "entries", "of all",
                                plural((lede_named_kind)kind));
        } else if (!page->app->quiet) {
            lede_buf_put_format(out, "%8s  %-11s  %-11s  %s\n", "entries",
                                "first", "last", plural((lede_named_kind)kind));
        }
        left = each(page, (lede_named_kind)kind, put_line, &t);
        if (left > 0 && !page->app->quiet) {
            lede_buf_put_format(out, "%8s  and %" PRIu64 " more\n", "", left);
        }
    }
}

/* --- For programs ----------------------------------------------------------
 */

typedef struct json_names {
    lede_json_out json;
    bool is_answer;
    dates *dates;
} json_names;

static void put_number(lede_json_out *json, const char *name, uint64_t value)
{
    lede_json_name(json, name);
    lede_json_unsigned(json, value);
}

static void put_place_members(lede_json_out *json, const lede_name_count *item)
{
    lede_json_name(json, "id");
    lede_json_span_or_null(json, item->id);
    lede_json_name(json, "country");
    lede_json_span_or_null(json, lede_span_text(item->country));
    lede_json_name(json, "lat");
    if (item->has_point) {
        lede_json_double(json, item->lat);
    } else {
        lede_json_null(json);
    }
    lede_json_name(json, "lon");
    if (item->has_point) {
        lede_json_double(json, item->lon);
    } else {
        lede_json_null(json);
    }
}

/* The date and, as NAME_key, the key of the entry. */
static void put_date(json_names *j, const char *name, int64_t instant,
                     uint64_t key)
{
    const lede_when *when = date_of(j->dates, instant, key);
    char key_name[16];

    snprintf(key_name, sizeof key_name, "%s_key", name);
    lede_json_name(&j->json, name);
    if (when != NULL) {
        lede_json_when(&j->json, when);
    } else {
        lede_json_null(&j->json);
    }
    lede_json_name(&j->json, key_name);
    if (when != NULL) {
        lede_json_key(&j->json, key);
    } else {
        lede_json_null(&j->json);
    }
}

static void put_json_item(void *ctx, const lede_name_count *item)
{
    json_names *j = ctx;
    lede_json_out *json = &j->json;

    lede_json_begin_object(json);
    lede_json_name(json, "name");
    lede_json_span(json, item->name);
    if (item->kind == LEDE_NAMED_PLACE) {
        put_place_members(json, item);
    }
    put_number(json, "entries", item->entries);
    put_number(json, "mentions", item->mentions);
    if (j->is_answer) {
        put_number(json, "archive", item->archive);
        lede_json_name(json, "telling");
        lede_json_double(json, item->telling);
    }
    put_date(j, "first", item->first, item->first_key);
    put_date(j, "last", item->last, item->last_key);
    lede_json_name(json, "variants");
    lede_json_begin_array(json);
    for (const lede_name_variant *v = item->variants; v != NULL; v = v->next) {
        lede_json_begin_object(json);
        lede_json_name(json, "form");
        lede_json_span(json, v->text);
        put_number(json, "entries", v->entries);
        lede_json_end_object(json);
    }
    lede_json_end_array(json);
    lede_json_end_object(json);
}

static void put_question(const lede_name_page *page, lede_json_out *json)
{
    uint32_t notes = lede_results_note_count(page->results);

    lede_json_name(json, "query");
    lede_json_span(json, page->query);
    lede_json_name(json, "notes");
    lede_json_begin_array(json);
    for (uint32_t i = 0; i < notes; i++) {
        lede_json_note(json, page->query, lede_results_note(page->results, i));
    }
    lede_json_end_array(json);
}

static void put_json(const lede_name_page *page, dates *d, lede_buf *out)
{
    json_names j = {.is_answer = page->results != NULL, .dates = d};

    lede_json_out_init(&j.json, out);
    lede_json_begin_object(&j.json);
    if (j.is_answer) {
        put_question(page, &j.json);
    }
    put_number(&j.json, "total", page->counts->entries);
    for (unsigned kind = 0; kind < 2; kind++) {
        if (is_wanted(page, (lede_named_kind)kind)) {
            lede_json_name(&j.json, plural((lede_named_kind)kind));
            lede_json_begin_array(&j.json);
            each(page, (lede_named_kind)kind, put_json_item, &j);
            lede_json_end_array(&j.json);
        }
    }
    lede_json_partial(&j.json, page->engine);
    lede_json_end_object(&j.json);
    lede_buf_put_byte(out, '\n');
}

static void put_csv_date(lede_csv_out *csv, const lede_when *when)
{
    lede_buf text = {0};

    if (when == NULL) {
        lede_csv_nothing(csv);
        return;
    }
    lede_when_format(when, &text);
    lede_csv_span(csv, lede_buf_span(&text));
    lede_buf_done(&text);
}

typedef struct csv_names {
    lede_csv_out csv;
    bool is_answer;
    dates *dates;
} csv_names;

static void put_csv_item(void *ctx, const lede_name_count *item)
{
    csv_names *c = ctx;
    lede_csv_out *csv = &c->csv;

    lede_csv_text(csv, item->kind == LEDE_NAMED_PERSON ? "person" : "place");
    lede_csv_span(csv, item->name);
    lede_csv_span(csv, item->id);
    lede_csv_text(csv, item->country);
    lede_csv_unsigned(csv, item->entries);
    lede_csv_unsigned(csv, item->mentions);
    if (c->is_answer) {
        lede_csv_unsigned(csv, item->archive);
        lede_csv_double(csv, item->telling);
    } else {
        lede_csv_nothing(csv);
        lede_csv_nothing(csv);
    }
    put_csv_date(csv, date_of(c->dates, item->first, item->first_key));
    put_csv_date(csv, date_of(c->dates, item->last, item->last_key));
    lede_csv_end_line(csv);
}

static void put_csv(const lede_name_page *page, dates *d, lede_buf *out)
{
    static const char *const columns[] = {
        "kind",     "name",    "id",      "country", "entries",
        "mentions", "archive", "telling", "first",   "last"};
    csv_names c = {
        .csv = {.buf = out}, .is_answer = page->results != NULL, .dates = d};

    for (unsigned i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        lede_csv_text(&c.csv, columns[i]);
    }
    lede_csv_end_line(&c.csv);
    each(page, LEDE_NAMED_PERSON, put_csv_item, &c);
    each(page, LEDE_NAMED_PLACE, put_csv_item, &c);
}

int lede_print_name_counts(const lede_name_page *page)
{
    bool is_empty = page->counts->count == 0;
    dates d = {.engine = page->engine};
    lede_buf out = {0};
    bool fine;

    if (page->app->format == LEDE_OUTPUT_CSV) {
        put_csv(page, &d, &out);
    } else if (page->app->format != LEDE_OUTPUT_TEXT) {
        put_json(page, &d, &out);
    } else if (!is_empty) {
        put_text(page, &d, &out);
    } else if (!page->app->quiet) {
        lede_buf_put_text(&out, "nobody and no place found\n");
    }
    dates_done(&d);
    if (d.err.status != LEDE_OK) {
        lede_buf_done(&out);
        return lede_say_failure(&d.err);
    }
    fine = lede_flush(&out, stdout);
    lede_buf_done(&out);
    return !fine      ? LEDE_EXIT_ERROR
           : is_empty ? LEDE_EXIT_NOTHING
                      : LEDE_EXIT_DONE;
}
