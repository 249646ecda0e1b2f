#include "query/facets.h"

#include <stdio.h>

#include "base/zone.h"
#include "query/added_names.h"
#include "query/ledger.h"
#include "query/name_counts.h"
#include "query/own_filter.h"
#include "query/results.h"

enum { DAY_S = 86400 };

static const struct {
    const char *name;
    lede_subject subject;
    lede_tally_kind kind; /* LEDE_TALLY_KINDS: by date */
    size_t date_bytes;    /* of 2025-02-17 */
    unsigned named;       /* 1 << lede_named_kind: by name */
} facets[LEDE_FACET_COUNT] = {
    {"source", LEDE_SUBJECT_SOURCE, LEDE_TALLY_SOURCE, 0, 0},
    {"author", LEDE_SUBJECT_AUTHOR, LEDE_TALLY_AUTHOR, 0, 0},
    {"label", LEDE_SUBJECT_LABEL, LEDE_TALLY_LABEL, 0, 0},
    {"kind", LEDE_SUBJECT_KIND, LEDE_TALLY_KIND, 0, 0},
    {"lang", LEDE_SUBJECT_LANGUAGE, LEDE_TALLY_LANGUAGE, 0, 0},
    {"year", LEDE_SUBJECT_DATE, LEDE_TALLY_KINDS, 4, 0},
    {"month", LEDE_SUBJECT_DATE, LEDE_TALLY_KINDS, 7, 0},
    {"day", LEDE_SUBJECT_DATE, LEDE_TALLY_KINDS, 10, 0},
    {"person", LEDE_SUBJECT_PERSON, LEDE_TALLY_KINDS, 0,
     1u << LEDE_NAMED_PERSON},
    {"place", LEDE_SUBJECT_PLACE, LEDE_TALLY_KINDS, 0, 1u << LEDE_NAMED_PLACE},
};

const char *lede_facet_name(lede_facet facet)
{
    return facets[facet].name;
}

bool lede_facet_parse(lede_span name, lede_facet *out)
{
    for (int i = 0; i < LEDE_FACET_COUNT; i++) {
        if (lede_span_is(name, facets[i].name)) {
            *out = (lede_facet)i;
            return true;
        }
    }
    return false;
}

/* One run, for the facets of which no filter is left out, or the same. */
typedef struct gathering {
    lede_facet_counts *out;
    bool *is_in; /* which of them this run is for */
    uint32_t count;
    const lede_zone *zone;
    int32_t offset_s;
    /* Entries come by time, so the day at hand is mostly that of the one
     * before.
     */
    int64_t day_begin, day_end;
    uint64_t day_count;
    char date[16];
    lede_name_view view;
    lede_name_counts names;
} gathering;

static bool put_value(void *ctx, lede_tally_kind kind, lede_span value,
                      uint64_t count)
{
    gathering *g = ctx;

    for (uint32_t i = 0; i < g->count; i++) {
        if (g->is_in[i] && facets[g->out[i].facet].kind == kind &&
            !lede_counts_add(&g->out[i].values, value, count)) {
            return false;
        }
    }
    return true;
}

static bool put_any(void *ctx, lede_tally_kind kind, uint64_t count)
{
    gathering *g = ctx;

    for (uint32_t i = 0; i < g->count; i++) {
        if (g->is_in[i] && facets[g->out[i].facet].kind == kind) {
            g->out[i].with += count;
        }
    }
    return true;
}

static bool put_date(void *ctx, lede_span date, uint64_t count)
{
    gathering *g = ctx;

    for (uint32_t i = 0; i < g->count; i++) {
        size_t len = facets[g->out[i].facet].date_bytes;

        if (!g->is_in[i] || len == 0) {
            continue;
        }
        if (date.len < len) {
            g->out[i].without += count;
        } else if (!lede_counts_add(&g->out[i].values,
                                    lede_span_part(date, 0, len), count)) {
            return false;
        }
    }
    return true;
}

static bool flush_day(gathering *g)
{
    uint64_t count = g->day_count;

    g->day_count = 0;
    return count == 0 || put_date(g, lede_span_text(g->date), count);
}

/* Begins the day of an instant; where the clocks change in it, the half that
 * the instant is in. */
static void enter_day(gathering *g, int64_t instant)
{
    int32_t offset =
        g->zone == NULL ? g->offset_s : lede_zone_offset_at(g->zone, instant);
    int64_t local = instant + offset;
    int64_t day = local >= 0 ? local / DAY_S : -((DAY_S - 1 - local) / DAY_S);
    lede_civil civil;

    lede_civil_from_days(day, &civil);
    snprintf(g->date, sizeof g->date, "%04d-%02u-%02u", (int)civil.year,
             civil.month, civil.day);
    g->day_begin = day * DAY_S - offset;
    g->day_end = g->day_begin + DAY_S;
    if (g->zone != NULL) {
        bool same = lede_zone_offset_at(g->zone, g->day_begin) == offset &&
                    lede_zone_offset_at(g->zone, g->day_end - 1) == offset;

        g->day_begin = same ? g->day_begin : instant;
        g->day_end = same ? g->day_end : instant + 1;
    }
}

static bool put_time(void *ctx, int64_t instant)
{
    gathering *g = ctx;

    if (instant == LEDE_INSTANT_NONE) {
        for (uint32_t i = 0; i < g->count; i++) {
            g->out[i].without +=
                g->is_in[i] && facets[g->out[i].facet].date_bytes > 0;
        }
        return true;
    }
    if (instant < g->day_begin || instant >= g->day_end) {
        if (!flush_day(g)) {
            return false;
        }
        enter_day(g, instant);
    }
    g->day_count++;
    return true;
}

static lede_status put_names(void *ctx, lede_span list, uint64_t key,
                             int64_t instant, lede_error *err)
{
    gathering *g = ctx;

    return lede_name_counts_add(&g->names, &g->view, list, key, instant, err);
}

/* "Paris, FR"; with its id too, if another has the same name and country. */
static bool add_named(lede_counts *values, const lede_name_count *item,
                      lede_buf *text)
{
    uint32_t before = values->count;

    lede_buf_clear(text);
    lede_buf_put_span(text, item->name);
    if (item->country[0] != '\0') {
        lede_buf_put_format(text, ", %s", item->country);
    }
    if (text->failed || !lede_counts_add(values, lede_buf_span(text), 0)) {
        return false;
    }
    if (values->count == before) {
        lede_buf_put_format(text, " (%.*s)", (int)item->key.len - 1,
                            (const char *)item->key.bytes + 1);
    }
    return !text->failed &&
           lede_counts_add(values, lede_buf_span(text), item->entries);
}

/* From the table of names to the facets. */
static bool add_names(gathering *g)
{
    lede_buf text = {0};
    bool fine = true;

    lede_name_counts_sort(&g->names);
    for (uint32_t i = 0; i < g->count; i++) {
        unsigned named = g->is_in[i] ? facets[g->out[i].facet].named : 0;

        for (uint32_t n = 0; named != 0 && n < g->names.count && fine; n++) {
            const lede_name_count *item = &g->names.items[n];

            fine = (named >> item->kind & 1) == 0 ||
                   add_named(&g->out[i].values, item, &text);
        }
        for (unsigned kind = 0; kind < 2; kind++) {
            g->out[i].with +=
                (named >> kind & 1) != 0 ? g->names.with[kind] : 0;
        }
    }
    lede_buf_done(&text);
    return fine;
}

/* Names alone, for part after part of them. */
typedef struct renaming {
    lede_results *results;
    const lede_name_view *view;
    lede_name_counts *counts;
} renaming;

static lede_status put_again(void *ctx, lede_span list, uint64_t key,
                             int64_t instant, lede_error *err)
{
    renaming *r = ctx;

    return lede_name_counts_add(r->counts, r->view, list, key, instant, err);
}

static lede_status count_names(void *ctx, lede_name_counts *counts,
                               lede_error *err)
{
    renaming *r = ctx;
    lede_tally tally = {.ctx = r, .put_names = put_again};
    uint64_t matches;
    lede_status status;

    r->counts = counts;
    status = lede_tally_matches(r->results->tree, &r->results->match, &tally,
                                &matches, err);
    lede_name_counts_sort(counts);
    return status;
}

/* There are more names than can be held at once. */
static lede_status count_in_parts(lede_results *results, gathering *g,
                                  lede_error *err)
{
    lede_name_counts fresh = {.kinds = g->names.kinds};
    renaming r = {.results = results, .view = &g->view};

    lede_name_counts_done(&g->names);
    g->names = fresh;
    return lede_name_counts_run(&g->names, count_names, &r, err);
}

/* --- Runs ------------------------------------------------------------------
 */

static lede_status run(lede_results *results, gathering *g, lede_node *root,
                       lede_error *err)
{
    lede_tally tally = {.ctx = g,
                        .put_value = put_value,
                        .put_any = put_any,
                        .put_time = put_time,
                        .put_date = put_date};
    lede_node *kept = results->plan.tree.root;
    uint64_t matches = 0;
    lede_status status;

    for (uint32_t i = 0; i < g->count; i++) {
        if (g->is_in[i] && facets[g->out[i].facet].kind < LEDE_TALLY_KINDS) {
            tally.wanted |= 1u << facets[g->out[i].facet].kind;
        }
        tally.wants_times =
            tally.wants_times ||
            (g->is_in[i] && facets[g->out[i].facet].date_bytes > 0);
        g->names.kinds |= g->is_in[i] ? facets[g->out[i].facet].named : 0;
    }
    tally.put_names = g->names.kinds != 0 ? put_names : NULL;
    g->day_begin = g->day_end = 0;
    results->plan.tree.root = root;
    status = lede_tally_matches(results->tree, &results->match, &tally,
                                &matches, err);
    if (status == LEDE_OK && g->names.is_full) {
        status = count_in_parts(results, g, err);
    }
    results->plan.tree.root = kept;
    if (status == LEDE_OK && !(flush_day(g) && add_names(g))) {
        status = lede_fail(err, LEDE_NO_MEMORY, "out of memory for facets");
    }
    lede_name_counts_done(&g->names);
    for (uint32_t i = 0; i < g->count; i++) {
        if (g->is_in[i]) {
            g->out[i].matches = matches;
            g->out[i].without +=
                facets[g->out[i].facet].date_bytes == 0 ? matches : 0;
            g->out[i].without -= g->out[i].with;
        }
    }
    return status;
}

/* The root for facets of a subject: of the query without its own filter, those
 * that match as is asked (query/ledger.h). The results' own if it has none. */
static lede_status without_own(lede_results *results, lede_subject subject,
                               lede_node **out, lede_error *err)
{
    lede_plan plan = results->plan;
    lede_node *stripped;
    lede_status status = LEDE_OK;

    *out = plan.tree.root;
    if (results->options.matched != LEDE_MATCHED_ANY) {
        status = lede_plan_require(&plan, plan.need, &results->arena, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    stripped = lede_tree_without(&plan.tree, subject, &results->arena);
    if (stripped == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "out of memory for facets");
    }
    if (stripped == plan.tree.root) {
        return LEDE_OK;
    }
    plan.tree.root = stripped;
    *out = stripped;
    return lede_ledger_filter(&plan, results->options.matched, &results->arena,
                              out, err);
}

static lede_status run_all(lede_results *results, gathering *g, lede_error *err)
{
    lede_node *root = results->plan.tree.root;
    bool is_done[LEDE_FACET_COUNT + 1] = {false};
    bool any = false;
    lede_status status = LEDE_OK;

    for (int subject = 0; subject < LEDE_SUBJECT_COUNT && status == LEDE_OK;
         subject++) {
        lede_node *stripped;

        status = without_own(results, (lede_subject)subject, &stripped, err);
        any = false;
        for (uint32_t i = 0; i < g->count; i++) {
            g->is_in[i] = stripped != root && facets[g->out[i].facet].subject ==
                                                  (lede_subject)subject;
            is_done[i] = is_done[i] || g->is_in[i];
            any = any || g->is_in[i];
        }
        if (status == LEDE_OK && any) {
            status = run(results, g, stripped, err);
        }
    }
    any = false;
    for (uint32_t i = 0; i < g->count; i++) {
        g->is_in[i] = !is_done[i];
        any = any || g->is_in[i];
    }
    return status == LEDE_OK && any ? run(results, g, root, err) : status;
}

lede_status lede_results_facets(lede_results *results, const lede_facet *wanted,
                                uint32_t count, lede_facet_counts *out,
                                lede_error *err)
{
    bool is_in[LEDE_FACET_COUNT];
    gathering g = {.out = out,
                   .is_in = is_in,
                   .count = count,
                   .offset_s = results->options.zone_offset_s};
    lede_zone *zone = NULL;
    lede_status status = lede_engine_name_view(results->engine, &g.view, err);

    for (uint32_t i = 0; i < count; i++) {
        out[i] = (lede_facet_counts){.facet = wanted[i]};
    }
    if (count > LEDE_FACET_COUNT) {
        return lede_fail(err, LEDE_BAD_INPUT, "a facet is asked for twice");
    }
    if (status == LEDE_OK && results->options.zone != NULL) {
        status = lede_zone_open(results->options.zone, &zone, err);
        g.zone = zone;
    }
    if (status == LEDE_OK) {
        status = run_all(results, &g, err);
    }
    lede_zone_close(zone);
    for (uint32_t i = 0; i < count; i++) {
        lede_counts_sort(&out[i].values);
    }
    return status;
}

void lede_facet_counts_done(lede_facet_counts *counts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        lede_counts_done(&counts[i].values);
    }
}
