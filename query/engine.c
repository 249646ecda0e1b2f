/* engine.c - the engine of a snapshot; see engine.h. */
#include "query/engine.h"

#include <stdlib.h>

#include "query/added_names.h"
#include "query/copies.h"
#include "query/kept.h"
#include "query/live.h"
#include "query/mentions.h"
#include "storage/record.h"

typedef struct embedded {
    lede_engine base;
    const lede_snapshot *snapshot;
} embedded;

typedef struct embedded_tree {
    lede_engine_tree base;
    lede_lookup *lookup;
} embedded_tree;

static const lede_snapshot *snapshot_of(const lede_engine *engine)
{
    return ((const embedded *)engine)->snapshot;
}

static const lede_lookup *lookup_of(const lede_engine_tree *tree)
{
    return ((const embedded_tree *)tree)->lookup;
}

static void close_embedded(lede_engine *engine)
{
    free(engine);
}

static lede_status take_analyzer(lede_engine *engine, lede_analyzer **out,
                                 lede_error *err)
{
    return lede_kept_take_analyzer(snapshot_of(engine), out, err);
}

static void put_analyzer(lede_engine *engine, lede_analyzer *analyzer)
{
    lede_kept_put_analyzer(snapshot_of(engine), analyzer);
}

static lede_arena take_arena(lede_engine *engine)
{
    return lede_kept_take_arena(snapshot_of(engine));
}

static void put_arena(lede_engine *engine, lede_arena *arena)
{
    lede_kept_put_arena(snapshot_of(engine), arena);
}

static const lede_totals *totals(const lede_engine *engine)
{
    return lede_snapshot_totals(snapshot_of(engine));
}

static uint64_t entries(const lede_engine *engine)
{
    const lede_snapshot *snapshot = snapshot_of(engine);
    uint64_t count = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        count += lede_segment_entries(lede_snapshot_segment(snapshot, i));
    }
    return count;
}

static uint64_t count_entries(lede_engine *engine, lede_span term)
{
    const lede_snapshot *snapshot = snapshot_of(engine);
    uint64_t count = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);
        lede_term found;
        uint64_t live;

        /* Damage shows when the query is run. */
        if (lede_segment_find_term(segment, term, &found, NULL) == LEDE_OK &&
            lede_live_count(segment, &found.postings, &live, NULL) == LEDE_OK) {
            count += live;
        }
    }
    return count;
}

static lede_status statistics(lede_engine *engine, const lede_leaf *leaf,
                              lede_leaf_statistics *out, lede_error *err)
{
    return lede_match_leaf_statistics(snapshot_of(engine), leaf, out, err);
}

static void close_tree(lede_engine_tree *tree)
{
    lede_lookup_free(((embedded_tree *)tree)->lookup);
    free(tree);
}

static lede_status open_tree(lede_engine *engine, const lede_tree *tree,
                             lede_engine_tree **out, lede_error *err)
{
    embedded_tree *made = malloc(sizeof *made);
    lede_status status;

    if (made == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for a search");
    }
    *made = (embedded_tree){.base.engine = engine};
    status = lede_lookup_new(snapshot_of(engine), tree, &made->lookup, err);
    if (status != LEDE_OK) {
        close_tree(&made->base);
        return status;
    }
    *out = &made->base;
    return LEDE_OK;
}

static const lede_leaf_statistics *leaf_of(const lede_engine_tree *tree,
                                           uint32_t leaf)
{
    return lede_lookup_statistics(lookup_of(tree), leaf);
}

static lede_status run(lede_engine_tree *tree,
                       const lede_match_options *options,
                       lede_match_result *out, lede_error *err)
{
    return lede_match_run(lookup_of(tree), options, out, err);
}

static lede_status any(lede_engine_tree *tree,
                       const lede_match_options *options, bool *out,
                       lede_error *err)
{
    return lede_match_any(lookup_of(tree), options, out, err);
}

static lede_status tally(lede_engine_tree *tree,
                         const lede_match_options *options,
                         const lede_tally *tally, uint64_t *matches,
                         lede_error *err)
{
    return lede_tally_run(lookup_of(tree), options, tally, matches, err);
}

static lede_status words(void *ctx, const char *prefix, lede_span begin,
                         lede_vocabulary_matters *matters,
                         lede_vocabulary_fn *fn, void *fn_ctx, lede_error *err)
{
    const lede_engine *engine = ctx;

    return lede_vocabulary_of_snapshot(snapshot_of(engine),
                                       totals(engine)->languages, prefix, begin,
                                       matters, fn, fn_ctx, err);
}

static lede_status with_copies(lede_engine *engine, uint64_t *out,
                               lede_error *err)
{
    return lede_copies_count(snapshot_of(engine), out, err);
}

static lede_status all_copies(lede_engine *engine, lede_chosen *out,
                              lede_error *err)
{
    return lede_copies_all(snapshot_of(engine), out, err);
}

static lede_status group_of(lede_engine *engine, const lede_match_hit *hit,
                            uint64_t *name, uint32_t *members, lede_error *err)
{
    return lede_copies_group(snapshot_of(engine), hit->segment, hit->entry,
                             name, members, err);
}

static lede_status fold(lede_engine_tree *tree,
                        const lede_match_options *options,
                        lede_match_result *result, lede_error *err)
{
    return lede_copies_fold(lookup_of(tree), options, result, err);
}

static lede_status folded(lede_engine_tree *tree,
                          const lede_match_options *options, uint64_t *out,
                          lede_error *err)
{
    return lede_copies_folded(lookup_of(tree), options, out, err);
}

static lede_status places(lede_engine_tree *tree, const bool *wanted,
                          const lede_match_hit *hits, uint32_t hit_count,
                          lede_places_fn *fn, void *ctx, lede_error *err)
{
    return lede_places_find(lookup_of(tree), wanted, hits, hit_count, fn, ctx,
                            err);
}

static lede_status load(lede_engine *engine, const lede_match_hit *hit,
                        lede_buf *record, lede_arena *arena, lede_entry *out,
                        lede_language *language, lede_error *err)
{
    const lede_segment *segment =
        lede_snapshot_segment(snapshot_of(engine), hit->segment);
    lede_column column;
    lede_status status;
    int64_t number;

    status = lede_segment_record(segment, hit->entry, record, err);
    if (status == LEDE_OK) {
        status = lede_record_decode(lede_buf_span(record), arena, out, err);
    }
    if (status == LEDE_OK) {
        status =
            lede_segment_column(segment, LEDE_COLUMN_LANGUAGE, &column, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    number = lede_column_get(&column, hit->entry);
    *language = number > 0 && number < LEDE_LANGUAGE_COUNT
                    ? (lede_language)number
                    : LEDE_LANGUAGE_NONE;
    return LEDE_OK;
}

static lede_status matches(lede_engine *engine, const lede_tree *tree,
                           const lede_node *node, const lede_match_hit *hit,
                           bool *out, lede_error *err)
{
    return lede_match_entry(snapshot_of(engine), tree, node, hit->segment,
                            hit->entry, out, err);
}

static lede_status frequency(lede_engine *engine, const lede_leaf *leaf,
                             const lede_match_hit *hit, uint32_t *out,
                             lede_error *err)
{
    return lede_match_leaf_frequency(snapshot_of(engine), leaf, hit->segment,
                                     hit->entry, out, err);
}

static lede_status columns(lede_engine *engine, const lede_match_hit *hit,
                           lede_engine_columns *out, lede_error *err)
{
    const lede_segment *segment =
        lede_snapshot_segment(snapshot_of(engine), hit->segment);
    lede_column column;
    lede_status status;

    status = lede_segment_column(segment, LEDE_COLUMN_TRUST, &column, err);
    if (status != LEDE_OK) {
        return status;
    }
    out->trusted = lede_column_get(&column, hit->entry) != 0;
    status = lede_segment_column(segment, LEDE_COLUMN_LENGTH, &column, err);
    if (status != LEDE_OK) {
        return status;
    }
    out->length = (uint32_t)lede_column_get(&column, hit->entry);
    out->length_byte = lede_segment_lengths(segment)[hit->entry];
    return LEDE_OK;
}

static lede_status names_at(const lede_segment *segment, uint32_t entry,
                            lede_buf *out, lede_error *err)
{
    lede_span list;
    lede_status status = lede_segment_names(segment, entry, &list, err);

    lede_buf_clear(out);
    if (status == LEDE_OK) {
        lede_buf_put_span(out, list);
    }
    return out->failed ? lede_fail(err, LEDE_NO_MEMORY, "no memory for names")
                       : status;
}

static lede_status names(lede_engine *engine, const lede_match_hit *hit,
                         lede_buf *out, lede_error *err)
{
    return names_at(lede_snapshot_segment(snapshot_of(engine), hit->segment),
                    hit->entry, out, err);
}

static lede_status names_of_key(lede_engine *engine, uint64_t key,
                                lede_buf *out, lede_error *err)
{
    const lede_segment *segment = NULL;
    uint32_t entry = 0;
    lede_status status =
        lede_snapshot_find_key(snapshot_of(engine), key, &segment, &entry, err);

    return status == LEDE_OK ? names_at(segment, entry, out, err) : status;
}

static uint64_t without_names(const lede_engine *engine)
{
    const lede_snapshot *snapshot = snapshot_of(engine);
    uint64_t count = 0;

    for (uint32_t i = 0; i < lede_snapshot_segment_count(snapshot); i++) {
        const lede_segment *segment = lede_snapshot_segment(snapshot, i);

        count +=
            lede_segment_has_names(segment) ? 0 : lede_segment_entries(segment);
    }
    return count;
}

static lede_status mentions(lede_engine *engine, const lede_span *words,
                            uint32_t word_count, const lede_match_hit *hits,
                            uint32_t hit_count, uint32_t *out, lede_error *err)
{
    return lede_mentions_of_terms(snapshot_of(engine), words, word_count, hits,
                                  hit_count, out, err);
}

static lede_status find_keys(lede_engine *engine, uint64_t prefix,
                             unsigned digits, uint64_t *keys, uint32_t max,
                             uint64_t *count, lede_error *err)
{
    return lede_snapshot_find_key_prefix(snapshot_of(engine), prefix, digits,
                                         keys, max, count, err);
}

static lede_status record(lede_engine *engine, uint64_t key, lede_buf *out,
                          lede_error *err)
{
    const lede_segment *segment = NULL;
    uint32_t entry = 0;
    lede_status status =
        lede_snapshot_find_key(snapshot_of(engine), key, &segment, &entry, err);

    return status == LEDE_OK ? lede_segment_record(segment, entry, out, err)
                             : status;
}

static uint32_t missing(const lede_engine *engine)
{
    (void)engine;
    return 0;
}

static void missing_part(const lede_engine *engine, uint32_t index,
                         const char **name, const char **why)
{
    (void)engine;
    (void)index;
    *name = "";
    *why = "";
}

static const lede_engine_calls embedded_calls = {
    .close = close_embedded,
    .take_analyzer = take_analyzer,
    .put_analyzer = put_analyzer,
    .take_arena = take_arena,
    .put_arena = put_arena,
    .totals = totals,
    .entries = entries,
    .count = count_entries,
    .words = words,
    .statistics = statistics,
    .open = open_tree,
    .close_tree = close_tree,
    .leaf = leaf_of,
    .run = run,
    .any = any,
    .tally = tally,
    .with_copies = with_copies,
    .all_copies = all_copies,
    .group = group_of,
    .fold = fold,
    .folded = folded,
    .places = places,
    .load = load,
    .matches = matches,
    .frequency = frequency,
    .columns = columns,
    .without_names = without_names,
    .mentions = mentions,
    .names = names,
    .names_of_key = names_of_key,
    .find_keys = find_keys,
    .record = record,
    .missing = missing,
    .missing_part = missing_part,
};

lede_status lede_engine_of_snapshot(const lede_snapshot *snapshot,
                                    lede_engine **out, lede_error *err)
{
    embedded *engine = calloc(1, sizeof *engine);

    if (engine == NULL) {
        return lede_fail(err, LEDE_NO_MEMORY, "no memory for a search");
    }
    engine->base.calls = &embedded_calls;
    engine->snapshot = snapshot;
    *out = &engine->base;
    return LEDE_OK;
}

void lede_engine_close(lede_engine *engine)
{
    if (engine != NULL) {
        lede_added_free(engine->added);
        engine->calls->close(engine);
    }
}
