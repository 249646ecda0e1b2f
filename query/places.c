#include "query/places.h"

#include <stdlib.h>
#include <string.h>

#include "query/lookup.h"
#include "query/match_list.h"

/* One list of a leaf in the segment at hand. */
typedef struct source {
    uint32_t leaf;
    lede_span term;
    lede_match_list list;
    lede_position_reader reader;
    lede_place *shapes; /* places of each form, but for where they are; NULL
                           until first needed */
} source;

typedef struct finder {
    const lede_lookup *lookup;
    lede_matching *matching; /* for its segment, columns and arena */
    source *sources;
    uint32_t source_count;
    lede_place *places, *spare; /* `cap` each */
    uint32_t count, cap;
    uint32_t ends[LEDE_DEFAULT_FIELDS]; /* of the entry at hand */
    lede_error *err;
} finder;

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory to rank the hits");
}

static void *get(finder *f, size_t count, size_t bytes)
{
    return lede_matching_get(f->matching, count, bytes);
}

/* --- Sources
 * --------------------------------------------------------------- */

/* A term of a field by name has an upper-case prefix. */
static bool is_default(lede_span term)
{
    return term.len > 0 && !(term.bytes[0] >= 'A' && term.bytes[0] <= 'Z');
}

static lede_status open_sources(finder *f, const bool *wanted)
{
    uint32_t leaves = f->lookup->tree->leaf_count;
    uint32_t count = 0;

    for (uint32_t i = 0; i < leaves; i++) {
        count += lede_matching_lists(f->matching, i)->count;
    }
    f->source_count = 0;
    f->sources = get(f, count + 1u, sizeof *f->sources);
    if (f->sources == NULL) {
        return no_memory(f->err);
    }
    for (uint32_t i = 0; i < leaves; i++) {
        const lede_match_lists *lists = lede_matching_lists(f->matching, i);

        for (uint32_t j = 0; wanted[i] && j < lists->count; j++) {
            source *one = &f->sources[f->source_count];

            if (!is_default(lists->terms[j])) {
                continue;
            }
            one->leaf = i;
            one->term = lists->terms[j];
            lede_match_list_init(&one->list, f->matching, &lists->items[j]);
            lede_position_reader_init(&one->reader, &lists->items[j]);
            f->source_count++;
        }
    }
    return LEDE_OK;
}

static void close_sources(finder *f)
{
    for (uint32_t i = 0; i < f->source_count; i++) {
        lede_position_reader_done(&f->sources[i].reader);
    }
    f->source_count = 0;
}

/* A list without forms has one, which is not known. */
static lede_status make_shapes(finder *f, source *one)
{
    uint32_t count = one->list.postings->form_count;
    const lede_leaf *leaf = &f->lookup->tree->leaves[one->leaf];
    lede_form *forms;
    lede_status status;

    if (one->shapes != NULL) {
        return LEDE_OK;
    }
    forms = get(f, count + 1u, sizeof *forms);
    one->shapes = get(f, count + 1u, sizeof *one->shapes);
    if (forms == NULL || one->shapes == NULL) {
        return no_memory(f->err);
    }
    one->shapes[0] = (lede_place){
        .leaf = one->leaf, .letter_case = LEDE_CASE_LOWER, .width = 1};
    if (count == 0) {
        return LEDE_OK;
    }
    status = lede_postings_forms(one->list.postings, one->term,
                                 &f->matching->passing, forms, f->err);
    for (uint32_t i = 0; status == LEDE_OK && i < count; i++) {
        one->shapes[i] = (lede_place){
            .leaf = one->leaf,
            .letter_case = forms[i].letter_case,
            .is_exact = lede_leaf_has_form(leaf, forms[i].word),
            .marks = forms[i].marks,
            .width = forms[i].width == 0 ? 1 : forms[i].width,
        };
    }
    return status;
}

/* --- An entry
 * -------------------------------------------------------------- */

static void read_ends(finder *f, uint32_t entry)
{
    for (unsigned i = 0; i < LEDE_DEFAULT_FIELDS; i++) {
        lede_column_id id =
            (lede_column_id)((unsigned)LEDE_COLUMN_END_HEADLINE + i);

        f->ends[i] = (uint32_t)lede_matching_column(f->matching, id, entry);
    }
}

static bool make_room(finder *f, uint32_t count)
{
    uint32_t cap = f->cap == 0 ? 256 : f->cap;
    lede_place *places, *spare;

    if (count <= f->cap) {
        return true;
    }
    while (cap < count) {
        cap = cap > UINT32_MAX / 2 ? UINT32_MAX : cap * 2;
    }
    places = realloc(f->places, (size_t)cap * sizeof *places);
    f->places = places != NULL ? places : f->places;
    spare = realloc(f->spare, (size_t)cap * sizeof *spare);
    f->spare = spare != NULL ? spare : f->spare;
    if (places == NULL || spare == NULL) {
        return false;
    }
    f->cap = cap;
    return true;
}

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

/* Merges places [0, old) and [old, count), each in order. */
static void merge(finder *f, uint32_t old)
{
    uint32_t a = 0, b = old, n = 0;
    lede_place *swap = f->spare;

    if (old == 0 || old == f->count ||
        comes_before(&f->places[old - 1], &f->places[old])) {
        return;
    }
    while (a < old && b < f->count) {
        bool first = comes_before(&f->places[a], &f->places[b]);

        f->spare[n++] = f->places[first ? a : b];
        a += first;
        b += !first;
    }
    memcpy(f->spare + n, f->places + a, (old - a) * sizeof *f->spare);
    n += old - a;
    memcpy(f->spare + n, f->places + b, (f->count - b) * sizeof *f->spare);
    f->spare = f->places;
    f->places = swap;
}

/* Equal positions of one list are a joined form and its part. */
static void put_in_order(lede_place *places, uint32_t count)
{
    while (count > 1 && !comes_before(&places[count - 2], &places[count - 1])) {
        lede_place swap = places[count - 2];

        places[count - 2] = places[count - 1];
        places[count - 1] = swap;
        count--;
    }
}

static lede_status read_source(finder *f, source *one)
{
    uint32_t old = f->count;
    unsigned field = 0;
    uint32_t positions;
    lede_status status;

    if (one->reader.lent == NULL ||
        one->reader.entries_block != one->list.block) {
        lede_position_reader_lend_open(&one->reader, &one->list.opened,
                                       one->list.entries);
    }
    status = lede_position_reader_get(&one->reader, one->list.block,
                                      one->list.at, &positions, f->err);
    if (status == LEDE_OK) {
        status = make_shapes(f, one);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (positions > UINT32_MAX - old || !make_room(f, old + positions)) {
        return no_memory(f->err);
    }
    for (uint32_t i = 0; i < positions; i++) {
        uint32_t position = one->reader.positions[i];
        lede_place *place = &f->places[f->count];

        while (field < LEDE_DEFAULT_FIELDS && position >= f->ends[field]) {
            field++;
        }
        if (field == LEDE_DEFAULT_FIELDS) {
            return lede_fail(f->err, LEDE_CORRUPT,
                             "segment %u: a position lies behind its entry",
                             lede_segment_id(f->matching->segment));
        }
        *place = one->shapes[one->reader.forms[i]];
        place->position = position;
        place->field = (lede_field)field;
        f->count++;
        if (i > 0 && one->reader.positions[i - 1] == position) {
            put_in_order(f->places + old, f->count - old);
        }
    }
    merge(f, old);
    return LEDE_OK;
}

/* Whether the leaf's stems are another word's in the entry's language. */
static bool is_foreign(finder *f, const source *one, uint32_t entry)
{
    uint32_t languages = f->lookup->tree->leaves[one->leaf].languages;

    int64_t language;

    if (languages == 0) {
        return false;
    }
    language = lede_matching_column(f->matching, LEDE_COLUMN_LANGUAGE, entry);
    return language < 0 || language >= LEDE_LANGUAGE_COUNT ||
           (languages >> language & 1) == 0;
}

static lede_status find_in(finder *f, uint32_t entry, lede_places *out)
{
    lede_status status = LEDE_OK;

    read_ends(f, entry);
    f->count = 0;
    for (uint32_t i = 0; i < f->source_count && status == LEDE_OK; i++) {
        if (!is_foreign(f, &f->sources[i], entry) &&
            lede_match_list_seek(&f->sources[i].list, entry) == entry) {
            status = read_source(f, &f->sources[i]);
        }
    }
    if (status == LEDE_OK) {
        status = f->matching->status;
    }
    *out = (lede_places){.items = f->places,
                         .count = f->count,
                         .headline_positions = f->ends[LEDE_FIELD_HEADLINE]};
    return status;
}

/* --- All hits
 * -------------------------------------------------------------- */

typedef struct turn {
    uint32_t segment, entry, hit;
} turn;

static int compare_turns(const void *left, const void *right)
{
    const turn *a = left;
    const turn *b = right;

    if (a->segment != b->segment) {
        return a->segment < b->segment ? -1 : 1;
    }
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static lede_status find_all(finder *f, const bool *wanted, const turn *turns,
                            uint32_t count, lede_places_fn *fn, void *ctx)
{
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < count && status == LEDE_OK; i++) {
        lede_places places = {0};

        if (i == 0 || turns[i].segment != turns[i - 1].segment) {
            close_sources(f);
            status = lede_matching_enter(f->matching, turns[i].segment);
            if (status == LEDE_OK) {
                status = open_sources(f, wanted);
            }
        }
        if (status == LEDE_OK) {
            status = find_in(f, turns[i].entry, &places);
        }
        if (status == LEDE_OK) {
            fn(ctx, turns[i].hit, &places);
        }
    }
    close_sources(f);
    return status;
}

lede_status lede_places_find(const lede_lookup *lookup, const bool *wanted,
                             const lede_match_hit *hits, uint32_t hit_count,
                             lede_places_fn *fn, void *ctx, lede_error *err)
{
    static const lede_match_options options = {.sort = LEDE_SORT_NEWEST};
    static const lede_match_tuning usual = {0};
    lede_matching matching;
    finder f = {.lookup = lookup, .matching = &matching, .err = err};
    turn *turns = NULL;
    lede_status status;

    if (hit_count == 0) {
        return LEDE_OK;
    }
    status = lede_matching_open(&matching, lookup, &options, &usual, err);
    if (status == LEDE_OK) {
        turns = lede_matching_keep(&matching, hit_count, sizeof *turns);
        status = turns == NULL ? no_memory(err) : LEDE_OK;
    }
    if (status == LEDE_OK) {
        for (uint32_t i = 0; i < hit_count; i++) {
            turns[i] = (turn){hits[i].segment, hits[i].entry, i};
        }
        qsort(turns, hit_count, sizeof *turns, compare_turns);
        status = find_all(&f, wanted, turns, hit_count, fn, ctx);
    }
    free(f.places);
    free(f.spare);
    lede_matching_close(&matching);
    return status;
}
