/* xapian_entries.c - entries that shards have, one at a time. */
#include "query/xapian_ask.h"
#include "storage/record.h"

lede_status lede_sharded_load(lede_engine *engine, const lede_match_hit *hit,
                              lede_buf *record, lede_arena *arena,
                              lede_entry *out, lede_language *language,
                              lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_status status = lede_sharded_read(s, hit, err);

    if (status != LEDE_OK) {
        return status;
    }
    lede_buf_clear(record);
    lede_buf_put_span(record, lede_buf_span(&s->reading.record));
    if (record->failed) {
        return lede_sharded_no_memory(err);
    }
    *language = s->reading.language;
    return lede_record_decode(lede_buf_span(record), arena, out, err);
}

lede_status lede_sharded_matches(lede_engine *engine, const lede_tree *tree,
                                 const lede_node *node,
                                 const lede_match_hit *hit, bool *out,
                                 lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_arena arena = {0};
    lede_spotter *spotter = lede_spotter_new(tree, s->analyzer, &arena);
    lede_status status = spotter == NULL
                             ? lede_sharded_no_memory(err)
                             : lede_sharded_read_spots(s, hit, spotter, err);

    if (status == LEDE_OK) {
        *out = lede_xapian_reading_matches(&s->reading, tree, node);
        status = lede_xapian_reading_failed(&s->reading)
                     ? lede_sharded_no_memory(err)
                     : LEDE_OK;
    }
    lede_arena_done(&arena);
    return status;
}

lede_status lede_sharded_frequency(lede_engine *engine, const lede_leaf *leaf,
                                   const lede_match_hit *hit, uint32_t *out,
                                   lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_tree tree = {.leaves = (lede_leaf *)(uintptr_t)leaf, .leaf_count = 1};
    lede_arena arena = {0};
    lede_spotter *spotter = lede_spotter_new(&tree, s->analyzer, &arena);
    lede_status status = spotter == NULL
                             ? lede_sharded_no_memory(err)
                             : lede_sharded_read_spots(s, hit, spotter, err);

    if (status == LEDE_OK) {
        *out = lede_xapian_reading_frequency(&s->reading, 0);
    }
    lede_arena_done(&arena);
    return status;
}

lede_status lede_sharded_columns(lede_engine *engine, const lede_match_hit *hit,
                                 lede_engine_columns *out, lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_status status = lede_sharded_read(s, hit, err);
    lede_entry_walk walk;
    lede_occurrence found;

    if (status != LEDE_OK) {
        return status;
    }
    *out = (lede_engine_columns){.trusted = s->read_order.trusted};
    lede_entry_walk_init(&walk, s->analyzer, &s->reading.entry);
    while (lede_entry_walk_next(&walk, &found)) {
        if (found.field < LEDE_DEFAULT_FIELDS &&
            lede_token_counts(&found.token)) {
            out->length += lede_field_weight(found.field);
        }
    }
    out->length_byte = lede_length_encode(out->length);
    return lede_analyzer_failed(s->analyzer) ? lede_sharded_no_memory(err)
                                             : LEDE_OK;
}

/* By lede's own lengths, in which a compound is one word. */
static uint64_t text_of(const lede_sharded_tree *tree,
                        const lede_xapian_reading *reading)
{
    uint8_t length = lede_length_encode(reading->spots.length);
    uint64_t sum = 0;

    for (uint32_t i = 0; i < tree->tree->leaf_count; i++) {
        const lede_leaf *leaf = &tree->tree->leaves[i];
        uint32_t frequency =
            leaf->scores ? lede_xapian_reading_frequency(reading, i) : 0;

        if (frequency > 0) {
            sum += lede_score_part(&tree->leaves[i], leaf->boost, frequency,
                                   length);
        }
    }
    return sum;
}

lede_status lede_sharded_places(lede_engine_tree *tree, const bool *wanted,
                                const lede_match_hit *hits, uint32_t hit_count,
                                lede_places_fn *fn, void *ctx, lede_error *err)
{
    lede_sharded *s = lede_sharded_of(tree->engine);
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < hit_count && status == LEDE_OK; i++) {
        lede_places found;
        lede_error why = {0};

        status = lede_sharded_read_spots(
            s, &hits[i], lede_sharded_tree_of(tree)->spotter, &why);
        if (status == LEDE_CORRUPT) {
            found = (lede_places){.damage = &why};
            fn(ctx, i, &found);
            status = LEDE_OK;
            continue;
        }
        if (status != LEDE_OK) {
            return lede_fail(err, status, "%s", why.message);
        }
        if (!lede_xapian_reading_places(&s->reading, wanted, &found)) {
            status = lede_sharded_no_memory(err);
        }
        if (status == LEDE_OK) {
            found.has_text = true;
            found.trusted = s->read_order.trusted;
            found.text = text_of(lede_sharded_tree_of(tree), &s->reading);
            fn(ctx, i, &found);
        }
    }
    return status;
}
/* --- Keys ----------------------------------------------------------------- */

typedef struct key_search {
    uint64_t prefix;
    unsigned digits;
    uint64_t *keys;
    uint32_t max;
    uint64_t count;
} key_search;

static bool take_key(void *ctx, lede_span term)
{
    key_search *k = ctx;
    uint64_t key;

    if (!lede_xapian_parse_key(term, &key)) {
        return true;
    }
    if (k->count < k->max) {
        k->keys[k->count] = key;
    }
    k->count++;
    return true;
}

static lede_status find_keys_once(void *ctx, lede_xapian *db, lede_error *err)
{
    key_search *k = ctx;
    lede_xapian_name name;
    lede_span term = lede_xapian_name_key(&name, k->prefix);

    k->count = 0;
    return lede_xapian_each_term(db, lede_span_part(term, 0, 1 + k->digits),
                                 take_key, k, err);
}

lede_status lede_sharded_find_keys(lede_engine *engine, uint64_t prefix,
                                   unsigned digits, uint64_t *keys,
                                   uint32_t max, uint64_t *count,
                                   lede_error *err)
{
    key_search k = {
        .prefix = prefix, .digits = digits, .keys = keys, .max = max};
    lede_status status =
        lede_sharded_ask(lede_sharded_of(engine), find_keys_once, &k, err);

    if (status == LEDE_OK) {
        *count = k.count;
    }
    return status;
}

typedef struct record_search {
    lede_span term;
    lede_buf *out;
    bool is_there;
} record_search;

static lede_status record_once(void *ctx, lede_xapian *db, lede_error *err)
{
    record_search *r = ctx;
    uint32_t document;
    lede_span data, record;
    lede_status status = lede_xapian_find(db, r->term, 0, &document, err);

    r->is_there = status == LEDE_OK;
    if (status == LEDE_NOT_FOUND) {
        return LEDE_OK;
    }
    if (status == LEDE_OK) {
        status = lede_xapian_data(db, document, &data, err);
    }
    if (status == LEDE_OK) {
        status = lede_xapian_data_record(data, &record, err);
    }
    if (status == LEDE_OK) {
        lede_buf_clear(r->out);
        lede_buf_put_span(r->out, record);
        status = r->out->failed ? lede_sharded_no_memory(err) : LEDE_OK;
    }
    return status;
}

lede_status lede_sharded_record(lede_engine *engine, uint64_t key,
                                lede_buf *out, lede_error *err)
{
    lede_xapian_name name;
    record_search r = {.term = lede_xapian_name_key(&name, key), .out = out};
    lede_status status =
        lede_sharded_ask(lede_sharded_of(engine), record_once, &r, err);

    return status == LEDE_OK && !r.is_there ? LEDE_NOT_FOUND : status;
}

static lede_status names_of_document(lede_xapian *db, uint32_t document,
                                     lede_buf *out, lede_error *err)
{
    static const uint32_t slots[] = {LEDE_XAPIAN_SLOT_NAMED,
                                     LEDE_XAPIAN_SLOT_NAMES};
    lede_span data, values[2], names = {0};
    lede_xapian_order order;
    lede_status status =
        lede_xapian_stored(db, document, slots, 2, &data, values, err);

    lede_buf_clear(out);
    if (status != LEDE_OK) {
        return status;
    }
    names = values[1];
    if (values[0].len > 0 &&
        !lede_xapian_named_parse(values[0], &names, &order)) {
        return lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
    }
    lede_buf_put_span(out, names);
    return out->failed ? lede_sharded_no_memory(err) : LEDE_OK;
}

lede_status lede_sharded_names(lede_engine *engine, const lede_match_hit *hit,
                               lede_buf *out, lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_status status = lede_sharded_read(s, hit, err);

    lede_buf_clear(out);
    if (status == LEDE_OK) {
        lede_buf_put_span(out, lede_buf_span(&s->reading.names));
    }
    return status == LEDE_OK && out->failed ? lede_sharded_no_memory(err)
                                            : status;
}

static lede_status names_once(void *ctx, lede_xapian *db, lede_error *err)
{
    record_search *r = ctx;
    uint32_t document = 0;
    lede_status status = LEDE_NOT_FOUND;

    if (!r->is_there) {
        status = lede_xapian_find(db, r->term, 0, &document, err);
    }
    if (status == LEDE_OK) {
        status = names_of_document(db, document, r->out, err);
        r->is_there = status == LEDE_OK;
    }
    return status == LEDE_NOT_FOUND ? LEDE_OK : status;
}

lede_status lede_sharded_names_of_key(lede_engine *engine, uint64_t key,
                                      lede_buf *out, lede_error *err)
{
    lede_xapian_name name;
    record_search r = {.term = lede_xapian_name_key(&name, key), .out = out};
    lede_status status =
        lede_sharded_ask(lede_sharded_of(engine), names_once, &r, err);

    return status == LEDE_OK && !r.is_there ? LEDE_NOT_FOUND : status;
}
