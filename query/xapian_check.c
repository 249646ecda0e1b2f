#include "query/xapian_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/entry_values.h"
#include "query/near_spots.h"
#include "storage/record.h"
#include "storage/xapian_terms.h"

void lede_xapian_reading_done(lede_xapian_reading *reading)
{
    lede_arena_done(&reading->arena);
    lede_buf_done(&reading->record);
    lede_buf_done(&reading->names);
    lede_spots_done(&reading->spots);
    lede_spots_done(&reading->named);
    free(reading->places);
    free(reading->flags);
    if (reading->near != NULL) {
        lede_stretches_done(reading->near);
    }
    free(reading->near);
    *reading = (lede_xapian_reading){0};
}

lede_status lede_xapian_reading_load(lede_xapian_reading *reading,
                                     lede_span data, lede_span names,
                                     lede_error *err)
{
    lede_span record;
    lede_status status = lede_xapian_data_record(data, &record, err);

    if (status != LEDE_OK) {
        return status;
    }
    lede_arena_clear(&reading->arena);
    lede_buf_clear(&reading->record);
    lede_buf_put_span(&reading->record, record);
    lede_buf_clear(&reading->names);
    lede_buf_put_span(&reading->names, names);
    if (reading->record.failed || reading->names.failed) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory to read an entry");
    }
    status = lede_record_decode(lede_buf_span(&reading->record),
                                &reading->arena, &reading->entry, err);
    if (status == LEDE_OK) {
        reading->language =
            lede_language_of(reading->entry.lang, LEDE_LANGUAGE_ENGLISH);
    }
    return status;
}

bool lede_xapian_reading_spot(lede_xapian_reading *reading,
                              lede_spotter *spotter)
{
    uint32_t most;

    if (!lede_spotter_find(spotter, &reading->entry, reading->language, false,
                           &reading->spots) ||
        !lede_spotter_find_names(spotter, lede_buf_span(&reading->names),
                                 &reading->named)) {
        return false;
    }
    if (reading->near == NULL) {
        reading->near = calloc(1, sizeof *reading->near);
        if (reading->near == NULL) {
            return false;
        }
    }
    most = reading->spots.count > reading->named.count ? reading->spots.count
                                                       : reading->named.count;
    if (most > reading->flag_cap) {
        bool *flags = realloc(reading->flags, (size_t)most * 2 * sizeof *flags);

        if (flags == NULL) {
            return false;
        }
        reading->flags = flags;
        reading->flag_cap = most;
    }
    return true;
}

/* --- Matching ------------------------------------------------------------- */

static bool has_word(const lede_spots *spots, uint32_t leaf,
                     const lede_constraint *constraint)
{
    for (uint32_t i = 0; i < spots->count; i++) {
        if (spots->items[i].leaf == leaf &&
            lede_spot_counts(spots, &spots->items[i], constraint)) {
            return true;
        }
    }
    return false;
}

static bool fits(const lede_spots *spots, uint32_t at, const lede_slot *slot)
{
    return spots->items[at].leaf == slot->leaf &&
           lede_spot_counts(spots, &spots->items[at], &slot->constraint);
}

/* The positions where slot `next` could stand, after those of the slots before;
 * in order of spots, so a set of flags for each spot is enough. */
static bool has_phrase(const lede_xapian_reading *reading,
                       const lede_spots *spots, const lede_node *node)
{
    bool *ends = reading->flags; /* of each spot: the slots so far end here */
    bool *more = ends == NULL ? NULL : ends + spots->count;
    bool found = false;

    if (spots->count == 0) {
        return false;
    }
    for (uint32_t i = 0; i < spots->count; i++) {
        ends[i] = fits(spots, i, &node->slots[0]);
        found = found || ends[i];
    }
    for (uint32_t slot = 1; slot < node->slot_count && found; slot++) {
        found = false;
        memset(more, 0, spots->count * sizeof *more);
        for (uint32_t i = 0; i < spots->count; i++) {
            uint32_t position =
                spots->items[i].position + spots->items[i].width;

            for (uint32_t j = ends[i] ? lede_spots_from(spots, position)
                                      : spots->count;
                 j < spots->count && spots->items[j].position == position;
                 j++) {
                if (fits(spots, j, &node->slots[slot])) {
                    more[j] = found = true;
                }
            }
        }
        memcpy(ends, more, spots->count * sizeof *ends);
    }
    return found;
}

static bool is_value(lede_span term, const char *prefix, lede_span value)
{
    size_t len = strlen(prefix);

    return lede_span_starts(term, prefix) &&
           lede_span_equal(lede_span_part(term, len, term.len), value);
}

/* A term that is looked for among the values of an entry. */
typedef struct sought_value {
    lede_span term;
    bool is_there;
} sought_value;

static bool look_for_value(void *ctx, const char *prefix, lede_span value)
{
    sought_value *sought = ctx;

    sought->is_there = is_value(sought->term, prefix, value);
    return !sought->is_there;
}

/* Exact values, as the indexer posts them. */
static bool has_value(const lede_entry *entry, lede_language language,
                      lede_span term)
{
    unsigned day = lede_when_month_day(&entry->published);
    char text[32], lower[LEDE_TAG_MAX_BYTES];
    lede_span tag = lede_primary_tag(entry->lang, lower);
    sought_value sought = {.term = term};

    snprintf(text, sizeof text, "%04u", day % 10000);
    if (day != 0 && is_value(term, LEDE_TERM_MONTH_DAY, lede_span_text(text))) {
        return true;
    }
    snprintf(text, sizeof text, "%016" PRIx64, entry->page_id);
    if (entry->page_id != 0 &&
        is_value(term, LEDE_TERM_PAGE, lede_span_text(text))) {
        return true;
    }
    if (tag.len == 0) {
        tag = lede_span_text(lede_language_tag(language));
    }
    if (is_value(term, LEDE_TERM_KIND,
                 lede_span_text(lede_kind_name(entry->kind))) ||
        (tag.len > 0 && is_value(term, LEDE_TERM_LANGUAGE, tag))) {
        return true;
    }
    lede_entry_values(entry, look_for_value, &sought);
    return sought.is_there;
}

static bool has_term(const lede_xapian_reading *reading, const lede_leaf *leaf,
                     uint32_t index)
{
    static const lede_constraint any = {.fields = LEDE_ALL_FIELDS};

    for (uint32_t i = 0; i < leaf->term_count; i++) {
        if (has_value(&reading->entry, reading->language, leaf->terms[i])) {
            return true;
        }
    }
    return has_word(&reading->spots, index, &any) ||
           has_word(&reading->named, index, &any);
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

bool lede_xapian_reading_matches(const lede_xapian_reading *reading,
                                 const lede_tree *tree, const lede_node *node)
{
    int64_t time;
    uint32_t matching = 0;

    switch (node->type) {
    case LEDE_NODE_WORD:
        return has_word(&reading->spots, node->leaf, &node->constraint) ||
               has_word(&reading->named, node->leaf, &node->constraint);
    case LEDE_NODE_TERM:
        return has_term(reading, &tree->leaves[node->leaf], node->leaf);
    case LEDE_NODE_PHRASE:
        return node->slot_count > 0 &&
               (has_phrase(reading, &reading->spots, node) ||
                has_phrase(reading, &reading->named, node));
    case LEDE_NODE_NEAR:
        return lede_near_spots_hold(&reading->spots, node, reading->near);
    case LEDE_NODE_GROUP:
        for (uint32_t i = 0; i < node->child_count && matching < node->need;
             i++) {
            matching +=
                lede_xapian_reading_matches(reading, tree, node->children[i]);
        }
        return matching >= node->need;
    case LEDE_NODE_NOT:
        return !lede_xapian_reading_matches(reading, tree, node->children[0]);
    case LEDE_NODE_UPDATED:
        time = reading->entry.updated.instant;
        return time != LEDE_INSTANT_NONE && time >= node->period.begin &&
               (time < node->period.end || node->period.end == INT64_MAX);
    case LEDE_NODE_TIME:
        return lede_period_has(&node->period, &reading->entry.published);
    case LEDE_NODE_ENTRIES:
        return bsearch(&reading->entry.key, node->keys, node->key_count,
                       sizeof *node->keys, compare_keys) != NULL;
    case LEDE_NODE_ALL:
        return true;
    case LEDE_NODE_NONE:
        break;
    }
    return false;
}

bool lede_xapian_reading_failed(const lede_xapian_reading *reading)
{
    return reading->near != NULL && reading->near->failed;
}

/* --- Places --------------------------------------------------------------- */

static bool comes_before(const lede_place *a, const lede_place *b)
{
    if (a->position != b->position) {
        return a->position < b->position;
    }
    if (a->width != b->width) {
        return a->width > b->width;
    }
    return a->leaf <= b->leaf;
}

bool lede_xapian_reading_places(lede_xapian_reading *reading,
                                const bool *wanted, lede_places *out)
{
    const lede_spots *spots = &reading->spots;
    uint32_t count = 0;

    if (spots->count > reading->place_cap) {
        lede_place *places =
            realloc(reading->places, spots->count * sizeof *places);

        if (places == NULL) {
            return false;
        }
        reading->places = places;
        reading->place_cap = spots->count;
    }
    for (uint32_t i = 0; i < spots->count; i++) {
        const lede_spot *spot = &spots->items[i];
        lede_place place = {.leaf = spot->leaf,
                            .position = spot->position,
                            .field = spots->sections[spot->section].field,
                            .letter_case = spot->letter_case,
                            .is_exact = spot->is_exact,
                            .marks = spot->marks,
                            .width = spot->width};
        uint32_t at = count;

        if (!wanted[spot->leaf] || place.field >= LEDE_DEFAULT_FIELDS) {
            continue;
        }
        for (; at > 0 && !comes_before(&reading->places[at - 1], &place);
             at--) {
            reading->places[at] = reading->places[at - 1];
        }
        reading->places[at] = place;
        count++;
    }
    *out = (lede_places){.items = reading->places, .count = count};
    if (spots->section_count > 0 &&
        spots->sections[0].field == LEDE_FIELD_HEADLINE) {
        out->headline_positions = spots->sections[0].end;
    }
    return true;
}

static uint32_t sum_weights(const lede_spots *spots, uint32_t leaf)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < spots->count; i++) {
        if (spots->items[i].leaf == leaf) {
            sum += lede_field_weight(
                spots->sections[spots->items[i].section].field);
        }
    }
    return sum;
}

uint32_t lede_xapian_reading_frequency(const lede_xapian_reading *reading,
                                       uint32_t leaf)
{
    return sum_weights(&reading->spots, leaf) +
           sum_weights(&reading->named, leaf);
}
