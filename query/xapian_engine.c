#include "query/xapian_engine.h"

#include <stdlib.h>

#include "query/rank.h"
#include "query/xapian_ask.h"
#include "query/xapian_words.h"

/* --- Statistics ----------------------------------------------------------- */

/* Next to asking shards, making one costs nothing. */
static lede_status take_analyzer(lede_engine *engine, lede_analyzer **out,
                                 lede_error *err)
{
    (void)engine;
    return lede_analyzer_new(out, err);
}

static void put_analyzer(lede_engine *engine, lede_analyzer *analyzer)
{
    (void)engine;
    lede_analyzer_free(analyzer);
}

static const lede_totals *totals(const lede_engine *engine)
{
    return lede_shards_totals(lede_sharded_of(engine)->shards);
}

static uint64_t entries(const lede_engine *engine)
{
    return totals(engine)->entries;
}

/* Xapian has no word that only deleted documents have. */
static lede_status words(void *ctx, const char *prefix, lede_span begin,
                         lede_vocabulary_matters *matters,
                         lede_vocabulary_fn *fn, void *fn_ctx, lede_error *err)
{
    lede_sharded *s = lede_sharded_of(ctx);
    lede_xapian_words all = {.prefix = prefix, .begin = begin};
    lede_status status = lede_sharded_ask(s, lede_xapian_words_read, &all, err);

    (void)matters;
    if (status == LEDE_OK) {
        lede_counts_done(&s->known);
        s->known = all.stems;
        all.stems = (lede_counts){0};
        lede_xapian_words_each(&all, fn, fn_ctx);
    }
    lede_counts_done(&all.stems);
    lede_buf_done(&all.bytes);
    return status;
}

typedef struct counting {
    lede_span term;
    uint32_t count;
} counting;

static lede_status count_term(void *ctx, lede_xapian *db, lede_error *err)
{
    counting *c = ctx;

    return lede_xapian_term_count(db, c->term, &c->count, err);
}

static lede_status count_of(lede_sharded *s, lede_span term, uint64_t *out,
                            lede_error *err)
{
    lede_xapian_name name;
    counting c = {.term = lede_xapian_name_term(&name, term)};
    lede_status status;

    if (lede_counts_get(&s->known, c.term, out)) {
        return LEDE_OK;
    }
    status = lede_sharded_ask(s, count_term, &c, err);
    *out = status == LEDE_OK ? c.count : 0;
    return status;
}

static uint64_t count_entries(lede_engine *engine, lede_span term)
{
    uint64_t count;

    count_of(lede_sharded_of(engine), term, &count, NULL);
    return count;
}

static lede_status statistics(lede_engine *engine, const lede_leaf *leaf,
                              lede_leaf_statistics *out, lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_leaf_statistics found = {.average_length = 1.0};
    const lede_totals *t;

    for (uint32_t i = 0; i < leaf->term_count; i++) {
        uint64_t count;
        lede_status status = count_of(s, leaf->terms[i], &count, err);

        if (status != LEDE_OK) {
            return status;
        }
        if (count > found.entry_count) {
            found.entry_count = count;
        }
    }
    t = totals(engine);
    if (t->entries > 0 && t->length > 0) { /* words count twice in it */
        found.average_length = (double)t->length / 2.0 / (double)t->entries;
    }
    found.idf = lede_rank_idf(t->entries, found.entry_count);
    *out = found;
    return LEDE_OK;
}
/* --- Trees ---------------------------------------------------------------- */

static void close_tree(lede_engine_tree *tree)
{
    lede_arena_done(&lede_sharded_tree_of(tree)->arena);
    free(tree);
}

static lede_status open_tree(lede_engine *engine, const lede_tree *tree,
                             lede_engine_tree **out, lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_sharded_tree *made = calloc(1, sizeof *made);
    lede_status status = LEDE_OK;

    if (made == NULL) {
        return lede_sharded_no_memory(err);
    }
    made->base.engine = engine;
    made->tree = tree;
    made->leaves = lede_arena_array(&made->arena, tree->leaf_count + 1u,
                                    sizeof *made->leaves);
    made->spotter = lede_spotter_new(tree, s->analyzer, &made->arena);
    if (made->leaves == NULL || made->spotter == NULL) {
        status = lede_sharded_no_memory(err);
    }
    for (uint32_t i = 0; i < tree->leaf_count && status == LEDE_OK; i++) {
        status = statistics(engine, &tree->leaves[i], &made->leaves[i], err);
    }
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
    return &lede_sharded_tree_of(tree)->leaves[leaf];
}
static bool lacks_names(const lede_engine *engine)
{
    return !lede_shards_have_names(lede_sharded_of(engine)->shards);
}

/* --- The engine ----------------------------------------------------------- */

static uint32_t missing(const lede_engine *engine)
{
    const lede_shards *shards = lede_sharded_of(engine)->shards;
    uint32_t count = 0;

    for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
        count += lede_shards_get(shards, i)->db == NULL;
    }
    return count;
}

static void missing_part(const lede_engine *engine, uint32_t index,
                         const char **name, const char **why)
{
    const lede_shards *shards = lede_sharded_of(engine)->shards;
    uint32_t count = 0;

    *name = *why = "";
    for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
        const lede_shard *shard = lede_shards_get(shards, i);

        if (shard->db == NULL && count++ == index) {
            *name = shard->name;
            *why = shard->failure.message;
        }
    }
}

static void close_sharded(lede_engine *engine)
{
    lede_sharded *s = lede_sharded_of(engine);

    lede_shards_close(s->shards);
    lede_analyzer_free(s->analyzer);
    lede_xapian_reading_done(&s->reading);
    lede_counts_done(&s->known);
    free(s->groups);
    free(s);
}

/* Xapian takes some 150 bytes for a hit, here and on each server. Fewer would
 * cost more time: each window is a search. */
enum { WINDOW = 1 << 16 };

static const lede_engine_calls sharded_calls = {
    .pages_are_dear = true,
    .close = close_sharded,
    .take_analyzer = take_analyzer,
    .put_analyzer = put_analyzer,
    .totals = totals,
    .entries = entries,
    .count = count_entries,
    .words = words,
    .statistics = statistics,
    .open = open_tree,
    .close_tree = close_tree,
    .leaf = leaf_of,
    .run = lede_sharded_run,
    .any = lede_sharded_any,
    .tally = lede_sharded_tally,
    .with_copies = lede_sharded_with_copies,
    .all_copies = lede_sharded_all_copies,
    .group = lede_sharded_group,
    .fold = lede_sharded_fold,
    .folded = lede_sharded_folded,
    .places = lede_sharded_places,
    .load = lede_sharded_load,
    .matches = lede_sharded_matches,
    .frequency = lede_sharded_frequency,
    .columns = lede_sharded_columns,
    .find_keys = lede_sharded_find_keys,
    .record = lede_sharded_record,
    .names = lede_sharded_names,
    .names_of_key = lede_sharded_names_of_key,
    .lacks_names = lacks_names,
    .missing = missing,
    .missing_part = missing_part,
};

lede_status lede_engine_of_shards(lede_shards *shards, lede_engine **out,
                                  lede_error *err)
{
    lede_sharded *s = calloc(1, sizeof *s);
    lede_status status;

    if (s == NULL) {
        lede_shards_close(shards);
        return lede_sharded_no_memory(err);
    }
    s->calls = sharded_calls;
    if (!lede_shards_have_copies(shards)) {
        s->calls.with_copies = NULL;
        s->calls.all_copies = NULL;
        s->calls.group = NULL;
        s->calls.fold = NULL;
        s->calls.folded = NULL;
    }
    s->base.calls = &s->calls;
    s->only = UINT32_MAX;
    s->window = WINDOW;
    s->shards = shards;
    status = lede_analyzer_new(&s->analyzer, err);
    if (status != LEDE_OK) {
        close_sharded(&s->base);
        return status;
    }
    *out = &s->base;
    return LEDE_OK;
}

void lede_engine_of_shards_hold(lede_engine *engine, uint32_t window)
{
    lede_sharded_of(engine)->window = window;
}
