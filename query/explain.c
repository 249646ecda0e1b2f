#include "query/explain.h"

#include "query/fit.h"
#include "storage/name_words.h"

enum { MAX_FORMS = 8 };

static const double score_unit = 1.0 / 1048576; /* 2^-20 */

static const char *keep_text(lede_arena *arena, const lede_buf *buf)
{
    return (const char *)lede_arena_copy(arena, lede_buf_span(buf)).bytes;
}

static const char *keep_span(lede_arena *arena, lede_span span)
{
    return (const char *)lede_arena_copy(arena, span).bytes;
}

/* "headline, body": where a leaf was found. */
static const char *list_fields(const lede_spots *spots, uint32_t leaf,
                               lede_arena *arena)
{
    bool has[LEDE_FIELD_COUNT] = {false};
    lede_buf text = {0};
    const char *kept;
    uint32_t i;

    for (i = 0; i < spots->count; i++) {
        const lede_spot_section *section =
            &spots->sections[spots->items[i].section];

        if (spots->items[i].leaf == leaf && !section->is_derived) {
            has[section->field] = true;
        }
    }
    for (i = 0; i < LEDE_FIELD_COUNT; i++) {
        if (has[i]) {
            lede_buf_put_text(&text, text.len > 0 ? ", " : "");
            lede_buf_put_text(&text, lede_field_name((lede_field)i));
        }
    }
    kept = text.failed ? NULL : keep_text(arena, &text);
    lede_buf_done(&text);
    return kept;
}

/* "Starmer, STARMER": the first few ways in which a leaf is written. */
static const char *list_forms(const lede_spots *spots, uint32_t leaf,
                              lede_arena *arena)
{
    lede_span forms[MAX_FORMS];
    uint32_t count = 0;
    lede_buf text = {0};
    const char *kept;
    uint32_t i;
    uint32_t j;

    for (i = 0; i < spots->count && count < MAX_FORMS; i++) {
        const lede_spot *spot = &spots->items[i];
        lede_span form = lede_span_part(spots->sections[spot->section].text,
                                        spot->begin, spot->end - spot->begin);

        if (spot->leaf != leaf) {
            continue;
        }
        for (j = 0; j < count && !lede_span_equal(forms[j], form); j++) {
        }
        if (j == count) {
            forms[count++] = form;
            lede_buf_put_text(&text, text.len > 0 ? ", " : "");
            lede_buf_put_span(&text, form);
        }
    }
    kept = text.failed ? NULL : keep_text(arena, &text);
    lede_buf_done(&text);
    return kept;
}

/* Terms of names as a query would ask for them, any other as it is. */
static void put_term(lede_span term, lede_buf *out)
{
    static const char *const asked[LEDE_NAME_SPACE_COUNT] = {
        [LEDE_NAME_SPACE_PERSON] = "person:",
        [LEDE_NAME_SPACE_PERSON_WHOLE] = "person:=",
        [LEDE_NAME_SPACE_PERSON_SHORT] = "person:",
        [LEDE_NAME_SPACE_PLACE] = "place:",
        [LEDE_NAME_SPACE_PLACE_WHOLE] = "place:=",
        [LEDE_NAME_SPACE_PLACE_ID] = "place:",
        [LEDE_NAME_SPACE_PLACE_INSIDE] = "inside place:",
        [LEDE_NAME_SPACE_FROM] = "from:",
        [LEDE_NAME_SPACE_FROM_ID] = "from:"};
    lede_name_space space;
    lede_span value = term;

    if (lede_name_space_of(term, &space, &value)) {
        lede_buf_put_text(out, asked[space]);
    }
    lede_buf_put_span(out, value);
}

/* Where a word of names stands: not in the text. */
static const char *name_list_of(const lede_leaf *leaf)
{
    lede_name_space space;
    lede_span value;

    if (leaf->term_count == 0 ||
        !lede_name_space_of(leaf->terms[0], &space, &value)) {
        return NULL;
    }
    return space <= LEDE_NAME_SPACE_PERSON_SHORT ? "people"
           : space >= LEDE_NAME_SPACE_FROM       ? "datelines"
                                                 : "places";
}

static const char *join_terms(const lede_leaf *leaf, lede_arena *arena)
{
    lede_buf text = {0};
    const char *kept;
    uint32_t i;

    for (i = 0; i < leaf->term_count; i++) {
        lede_buf_put_text(&text, i > 0 ? ", " : "");
        put_term(leaf->terms[i], &text);
    }
    kept = text.failed ? NULL : keep_text(arena, &text);
    lede_buf_done(&text);
    return kept;
}

static lede_status explain_term(lede_engine *engine, const lede_tree *tree,
                                uint32_t leaf, const lede_match_hit *hit,
                                uint8_t length, const lede_spots *spots,
                                lede_arena *arena, lede_explain_term *out,
                                double *average, lede_error *err)
{
    lede_leaf_statistics statistics;
    lede_status status;

    status = engine->calls->statistics(engine, &tree->leaves[leaf], &statistics,
                                       err);
    if (status == LEDE_OK) {
        status = engine->calls->frequency(engine, &tree->leaves[leaf], hit,
                                          &out->frequency, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    out->term = join_terms(&tree->leaves[leaf], arena);
    out->word = keep_span(arena, tree->leaves[leaf].typed);
    out->fields = list_fields(spots, leaf, arena);
    out->forms = list_forms(spots, leaf, arena);
    out->entry_count = statistics.entry_count;
    out->idf = statistics.idf;
    out->boost = tree->leaves[leaf].boost;
    out->is_learnt = tree->leaves[leaf].is_learnt;
    if (out->frequency > 0 && name_list_of(&tree->leaves[leaf]) != NULL) {
        out->fields = name_list_of(&tree->leaves[leaf]);
    }
    if (out->frequency > 0) {
        out->part =
            score_unit * lede_score_part(&statistics, tree->leaves[leaf].boost,
                                         out->frequency, length);
    }
    *average = statistics.average_length;
    if (out->term == NULL || out->word == NULL || out->fields == NULL ||
        out->forms == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to explain a hit");
    }
    return LEDE_OK;
}

/* Which date the recency was reckoned from, in words. */
static const char *name_date(const lede_entry *entry, bool trusted,
                             lede_arena *arena)
{
    const lede_when *when = &entry->published;
    lede_buf text = {0};
    const char *kept;

    if (when->instant == LEDE_INSTANT_NONE) {
        lede_buf_put_text(&text, "none: no date is known");
    } else if (when->year_source == LEDE_YEAR_EXPLICIT) {
        lede_buf_put_text(&text, trusted ? "published"
                                         : "none: it lies in the future");
    } else {
        lede_buf_put_format(&text, "%s year from %s",
                            trusted ? "published," : "none:",
                            lede_year_source_name(when->year_source));
    }
    kept = text.failed ? NULL : keep_text(arena, &text);
    lede_buf_done(&text);
    return kept;
}

lede_status lede_explain_make(lede_engine *engine, const lede_tree *tree,
                              const lede_match_options *options,
                              const lede_match_hit *hit,
                              const lede_fit_parts *fit, lede_matched matched,
                              const lede_entry *entry, const lede_spots *spots,
                              lede_arena *arena, const lede_explain **out,
                              lede_error *err)
{
    lede_explain *explain = lede_arena_get(arena, sizeof *explain);
    lede_explain_term *terms =
        lede_arena_array(arena, tree->leaf_count + 1u, sizeof *terms);
    lede_engine_columns columns = {0};
    lede_status status;
    uint32_t i;

    if (explain == NULL || terms == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to explain a hit");
    }
    status = engine->calls->columns(engine, hit, &columns, err);
    explain->length = columns.length;
    for (i = 0; status == LEDE_OK && i < tree->leaf_count; i++) {
        if (tree->leaves[i].scores) {
            status = explain_term(engine, tree, i, hit, columns.length_byte,
                                  spots, arena, &terms[explain->term_count++],
                                  &explain->average_length, err);
            if (status == LEDE_OK && tree->leaves[i].languages != 0 &&
                terms[explain->term_count - 1].frequency == 0) {
                explain->term_count--; /* a stem of other languages */
            }
        }
    }
    if (status != LEDE_OK) {
        return status;
    }
    explain->terms = terms;
    explain->text = (double)hit->text * score_unit;
    explain->recency = lede_recency_factor(options, columns.trusted, hit->time);
    explain->fit = lede_fit_sum(fit);
    explain->fit_parts = *fit;
    explain->matched = matched;
    explain->age_s = -1;
    if (columns.trusted && hit->time != LEDE_INSTANT_NONE &&
        options->origin != LEDE_INSTANT_NONE) {
        explain->age_s =
            hit->time < options->origin ? options->origin - hit->time : 0;
    }
    explain->date_used = name_date(entry, columns.trusted, arena);
    if (explain->date_used == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to explain a hit");
    }
    *out = explain;
    return LEDE_OK;
}
