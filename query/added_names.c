#include "query/added_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "names/variants.h"
#include "query/plan_corrected.h"
#include "query/results.h"

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for added names");
}

uint32_t lede_added_find(const lede_added *added, uint64_t entry)
{
    uint32_t low = 0, high = added == NULL ? 0 : added->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (added->items[middle].entry < entry) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool lede_added_is(const lede_added *added, uint32_t at, uint64_t entry)
{
    return added != NULL && at < added->count &&
           added->items[at].entry == entry;
}

void lede_added_free(lede_added *added)
{
    if (added != NULL) {
        free(added->items);
        lede_arena_done(&added->arena);
        free(added);
    }
}

/* --- Where a name stands ----------------------------------------------------
 */

/* One added name, and the results of asking for it. */
typedef struct finding {
    lede_added *added;
    lede_results *results;
    const lede_match_hit *hits;
    lede_named_kind kind;
    uint32_t name; /* its number */
    lede_span key;
    uint32_t *leaves; /* of its words, in order */
    uint32_t leaf_count;
    lede_buf list;
    lede_status status;
    lede_error *err;
} finding;

static bool is_word(const lede_leaf *leaf, lede_span word)
{
    return leaf->term_count > 0 && lede_span_equal(leaf->word, word) &&
           !(leaf->terms[0].bytes[0] >= 'A' && leaf->terms[0].bytes[0] <= 'Z');
}

/* A compound is its joined form, and what is inside it is passed over. */
static bool find_leaves(finding *f, lede_span text)
{
    const lede_tree *tree = &f->results->plan.tree;
    lede_tokenizer tokenizer;
    lede_token token;
    uint32_t end = 0;

    f->leaves =
        lede_arena_array(&f->added->arena, text.len + 1, sizeof *f->leaves);
    if (f->leaves == NULL) {
        return false;
    }
    lede_tokenizer_init(&tokenizer, f->results->analyzer, text);
    while (lede_tokenizer_next(&tokenizer, &token)) {
        uint32_t i = 0;

        if (token.position < end) {
            continue;
        }
        end = token.position + token.width;
        while (i < tree->leaf_count && !is_word(&tree->leaves[i], token.word)) {
            i++;
        }
        if (i < tree->leaf_count) {
            f->leaves[f->leaf_count++] = i;
        }
    }
    return !lede_analyzer_failed(f->results->analyzer);
}

static bool stands_at(const finding *f, const lede_places *places, uint32_t at)
{
    const lede_place *place = &places->items[at];
    uint32_t end = place->position + place->width, next = 1;

    if (place->leaf != f->leaves[0] || !place->is_exact ||
        place->letter_case < LEDE_CASE_CAPITAL) {
        return false;
    }
    for (uint32_t i = at + 1; i < places->count && next < f->leaf_count; i++) {
        const lede_place *other = &places->items[i];

        if (other->position > end) {
            break;
        }
        if (other->position == end && other->leaf == f->leaves[next]) {
            end = other->position + other->width;
            next++;
        }
    }
    return next == f->leaf_count;
}

/* Whether the entry's own list has the name, or a longer one with it. */
static lede_status is_listed(finding *f, const lede_match_hit *hit, bool *out)
{
    lede_engine *engine = f->results->engine;
    lede_status status = LEDE_OK;
    lede_name_reader reader;
    lede_buf key = {0};
    lede_named n;

    *out = false;
    lede_buf_clear(&f->list);
    if (engine->calls->names != NULL) {
        status = engine->calls->names(engine, hit, &f->list, f->err);
    }
    reader = lede_name_reader_of(lede_buf_span(&f->list));
    while (status == LEDE_OK && !*out && lede_name_reader_next(&reader, &n)) {
        if ((lede_named_kind)n.kind != f->kind || n.mentions == 0) {
            continue;
        }
        lede_buf_clear(&key);
        lede_correction_key((lede_name_kind)f->kind, n.name, &key);
        *out = lede_name_has_words(lede_buf_span(&key), f->key);
    }
    lede_buf_done(&key);
    return status;
}

static bool put_item(lede_added *added, const lede_added_item *item)
{
    if (added->count == added->cap) {
        uint32_t cap = added->cap == 0 ? 64 : added->cap * 2;
        lede_added_item *grown =
            added->cap >= 1u << 26 ? NULL
                                   : realloc(added->items, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        added->items = grown;
        added->cap = cap;
    }
    added->items[added->count++] = *item;
    return true;
}

static void put_hit(void *ctx, uint32_t hit, const lede_places *places)
{
    finding *f = ctx;
    lede_added_item item = {
        .entry = f->hits[hit].key, .kind = f->kind, .name = f->name};
    bool listed = false;

    if (places->damage != NULL) { /* told of where it is to be shown */
        return;
    }
    for (uint32_t i = 0; i < places->count; i++) {
        item.mentions += stands_at(f, places, i);
    }
    if (item.mentions == 0 || f->status != LEDE_OK) {
        return;
    }
    f->status = is_listed(f, &f->hits[hit], &listed);
    if (f->status == LEDE_OK && !listed && !put_item(f->added, &item)) {
        f->status = no_memory(f->err);
    }
}

static lede_status find_hits(finding *f, lede_span text)
{
    lede_results *results = f->results;
    lede_match_options options = results->match;
    lede_match_result found = {0};
    bool wanted[LEDE_TREE_MAX_LEAVES] = {false};
    lede_status status;

    if (!find_leaves(f, text)) {
        return no_memory(f->err);
    }
    if (f->leaf_count == 0) {
        return LEDE_OK;
    }
    for (uint32_t i = 0; i < f->leaf_count; i++) {
        wanted[f->leaves[i]] = true;
    }
    options.k = UINT32_MAX;
    status =
        results->engine->calls->run(results->tree, &options, &found, f->err);
    f->hits = found.hits;
    if (status == LEDE_OK) {
        status = results->engine->calls->places(
            results->tree, wanted, found.hits, (uint32_t)found.hit_count,
            put_hit, f, f->err);
    }
    lede_match_result_done(&found);
    return status == LEDE_OK ? f->status : status;
}

/* Asks for the name as nothing but itself; quotes in it would end it. */
static lede_status find_name(lede_engine *engine, lede_added *added,
                             const lede_correction *c, uint32_t number,
                             lede_error *err)
{
    lede_search_options options = {
        .count_only = true, .unfolded = true, .no_relax = true};
    lede_place_number place =
        c->kind == LEDE_NAME_PLACE
            ? lede_place_by_id(engine->gazetteer, c->names[0])
            : LEDE_PLACE_NONE;
    finding f = {.added = added,
                 .kind = (lede_named_kind)c->kind,
                 .name = number,
                 .err = err};
    lede_buf query = {0}, key = {0};
    lede_place_facts facts;
    lede_span text = c->names[0];
    lede_status status;

    if (place != LEDE_PLACE_NONE) {
        lede_gazetteer_get(engine->gazetteer, place, &facts);
        text = lede_span_text(facts.name);
    }
    lede_buf_put_format(&query, "%s:=\"",
                        c->kind == LEDE_NAME_PERSON ? "person" : "place");
    for (size_t i = 0; i < text.len; i++) {
        lede_buf_put_byte(&query, text.bytes[i] == '"' ? ' ' : text.bytes[i]);
    }
    lede_buf_put_byte(&query, '"');
    lede_correction_key(c->kind, text, &key);
    f.key = lede_buf_span(&key);
    status = query.failed || key.failed
                 ? no_memory(err)
                 : lede_engine_search(engine, lede_buf_span(&query), &options,
                                      &f.results, err);
    if (status == LEDE_OK) {
        status = find_hits(&f, text);
    }
    lede_results_free(f.results);
    lede_buf_done(&f.list);
    lede_buf_done(&query);
    lede_buf_done(&key);
    return status;
}

/* --- All of them ------------------------------------------------------------
 */

static int compare_items(const void *a, const void *b)
{
    const lede_added_item *x = a, *y = b;

    if (x->entry != y->entry) {
        return x->entry < y->entry ? -1 : 1;
    }
    return (x->name > y->name) - (x->name < y->name);
}

/* How many names are added, and what tells these from others. */
static uint32_t count_added(const lede_corrections *corrections,
                            uint64_t *stamp)
{
    lede_correction c;
    uint32_t count = 0;
    size_t line = 0;

    *stamp = 1;
    while (corrections != NULL &&
           lede_corrections_next(corrections, &line, &c)) {
        if (c.verb == LEDE_CORRECTION_ADD) {
            *stamp = *stamp * 31 + lede_hash64(c.names[0]) + (uint64_t)c.kind;
            count++;
        }
    }
    return count;
}

static lede_status fill(lede_engine *engine,
                        const lede_corrections *corrections, lede_added *added,
                        uint32_t count, lede_error *err)
{
    lede_status status = LEDE_OK;
    lede_correction c;
    uint32_t number = 0;
    size_t line = 0;

    added->names =
        lede_arena_array(&added->arena, count + 1u, sizeof *added->names);
    if (added->names == NULL) {
        return no_memory(err);
    }
    while (status == LEDE_OK && lede_corrections_next(corrections, &line, &c)) {
        if (c.verb != LEDE_CORRECTION_ADD) {
            continue;
        }
        added->names[number] = lede_arena_copy(&added->arena, c.names[0]);
        status = added->names[number].bytes == NULL
                     ? no_memory(err)
                     : find_name(engine, added, &c, number, err);
        number++;
    }
    if (added->count > 0) {
        qsort(added->items, added->count, sizeof *added->items, compare_items);
    }
    return status;
}

lede_status lede_engine_added(lede_engine *engine, const lede_added **out,
                              lede_error *err)
{
    const lede_corrections *corrections = engine->corrections;
    uint64_t stamp;
    uint32_t count = count_added(corrections, &stamp);
    lede_added *added;
    lede_status status;

    *out = NULL;
    if (count == 0) {
        return LEDE_OK;
    }
    if (engine->added != NULL && engine->added->stamp == stamp) {
        *out = engine->added;
        return LEDE_OK;
    }
    added = calloc(1, sizeof *added);
    if (added == NULL) {
        return no_memory(err);
    }
    added->stamp = stamp;
    engine->corrections = NULL; /* they are asked for as they are written */
    status = fill(engine, corrections, added, count, err);
    engine->corrections = corrections;
    if (status != LEDE_OK) {
        lede_added_free(added);
        return status;
    }
    lede_added_free(engine->added);
    *out = engine->added = added;
    return LEDE_OK;
}

lede_status lede_engine_name_view(lede_engine *engine, lede_name_view *out,
                                  lede_error *err)
{
    *out = (lede_name_view){.gazetteer = engine->gazetteer,
                            .corrections = engine->corrections};
    return lede_engine_added(engine, &out->added, err);
}
