#include "query/xapian_engine.h"

#include <math.h>
#include <stdlib.h>

#include "query/match_top.h"
#include "query/rank.h"
#include "query/xapian_check.h"
#include "query/xapian_tree.h"
#include "query/xapian_words.h"
#include "storage/postings.h"
#include "storage/record.h"

enum {
    FIRST_BATCH = 256, /* hits by text, at least */
    BATCH_GROWTH = 4,  /* each as many times the one before */
    BEYOND = 8,        /* more than are wanted, if recency does not count */
    MOST_TRIES = 3     /* of a run that fails for no shard's fault */
};

/* Frequencies are doubled, hence k1 is: f / (f + k1) stays what it was. The
 * factor k1 + 1 in front does not. */
static const double doubled_k1 = 2 * LEDE_RANK_K1;
static const double text_scale = (LEDE_RANK_K1 + 1) / (2 * LEDE_RANK_K1 + 1);

typedef struct sharded {
    lede_engine base;
    lede_shards *shards;
    lede_analyzer *analyzer;
    lede_xapian_reading reading;
    bool is_asking;
    uint32_t only; /* the shard that is asked by itself; UINT32_MAX: all are */
} sharded;

typedef struct sharded_tree {
    lede_engine_tree base;
    const lede_tree *tree;
    lede_arena arena; /* statistics and spotter */
    lede_leaf_statistics *leaves;
    lede_spotter *spotter;
} sharded_tree;

static sharded *sharded_of(const lede_engine *engine)
{
    return (sharded *)(uintptr_t)engine;
}

static lede_status no_memory(lede_error *err)
{
    return lede_fail(err, LEDE_NO_MEMORY, "no memory for a search");
}

/* --- Failures ------------------------------------------------------------- */

/* What a status says of the shards: that asking again may help. */
static bool is_of_shards(lede_status status)
{
    return status == LEDE_IO || status == LEDE_CORRUPT ||
           status == LEDE_STALE || status == LEDE_TOO_NEW ||
           status == LEDE_NOT_FOUND;
}

/* One question to all shards. */
typedef lede_status question(void *ctx, lede_xapian *db, lede_error *err);

/* Asks each shard by itself, and leaves out those that fail. */
static lede_status find_culprits(sharded *s, question *ask, void *ctx,
                                 bool *found, lede_error *err)
{
    lede_status status = LEDE_OK;

    *found = false;
    for (uint32_t i = 0; i < lede_shards_count(s->shards) && status == LEDE_OK;
         i++) {
        lede_xapian *db = lede_shards_get(s->shards, i)->db;
        lede_error why = {0};
        lede_status one;

        if (db == NULL) {
            continue;
        }
        s->only = i;
        one = ask(ctx, db, &why);
        s->only = UINT32_MAX;
        if (one == LEDE_NO_MEMORY || one == LEDE_BUG) {
            return lede_fail(err, one, "%s", why.message);
        }
        if (one != LEDE_OK) {
            *found = true;
            status = lede_shards_drop(s->shards, i, &why, err);
        }
    }
    return status;
}

/* Asks all shards together, without those that fail, until it works. */
static lede_status ask_until_answered(sharded *s, question *ask, void *ctx,
                                      lede_error *err)
{
    uint32_t tries = 0;

    for (;;) {
        lede_error why = {0};
        lede_status status = ask(ctx, lede_shards_all(s->shards), &why);
        bool blamed = false;

        if (status == LEDE_OK || !is_of_shards(status)) {
            return status == LEDE_OK
                       ? LEDE_OK
                       : lede_fail(err, status, "%s", why.message);
        }
        why.status = status;
        status = lede_shards_recover(s->shards, &why, &blamed, err);
        if (status == LEDE_OK && !blamed && why.status != LEDE_STALE) {
            status = find_culprits(s, ask, ctx, &blamed, err);
        }
        if (status != LEDE_OK) {
            return status;
        }
        if (!blamed && ++tries == MOST_TRIES) {
            return lede_fail(err, why.status, "%s", why.message);
        }
    }
}

static lede_status ask_all(sharded *s, question *ask, void *ctx,
                           lede_error *err)
{
    lede_status status;

    s->is_asking = true;
    status = ask_until_answered(s, ask, ctx, err);
    s->is_asking = false;
    return status;
}

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
    return lede_shards_totals(sharded_of(engine)->shards);
}

static uint64_t entries(const lede_engine *engine)
{
    return totals(engine)->entries;
}

static lede_status words(void *ctx, const char *prefix, lede_span begin,
                         lede_vocabulary_fn *fn, void *fn_ctx, lede_error *err)
{
    lede_xapian_words all = {.prefix = prefix, .begin = begin};
    lede_status status =
        ask_all(sharded_of(ctx), lede_xapian_words_read, &all, err);

    if (status == LEDE_OK) {
        lede_xapian_words_each(&all, fn, fn_ctx);
    }
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

static lede_status count_of(sharded *s, lede_span term, uint64_t *out,
                            lede_error *err)
{
    lede_xapian_name name;
    counting c = {.term = term};
    unsigned space;
    lede_span stem;
    lede_status status;

    if (lede_xapian_split_term(term, &space, &stem)) {
        c.term =
            lede_xapian_name_word(&name, true, LEDE_XAPIAN_WORD, space, stem);
    }
    status = ask_all(s, count_term, &c, err);
    *out = status == LEDE_OK ? c.count : 0;
    return status;
}

static uint64_t count_entries(lede_engine *engine, lede_span term)
{
    uint64_t count;

    count_of(sharded_of(engine), term, &count, NULL);
    return count;
}

static lede_status statistics(lede_engine *engine, const lede_leaf *leaf,
                              lede_leaf_statistics *out, lede_error *err)
{
    sharded *s = sharded_of(engine);
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

static sharded_tree *tree_of(const lede_engine_tree *tree)
{
    return (sharded_tree *)(uintptr_t)tree;
}

static void close_tree(lede_engine_tree *tree)
{
    lede_arena_done(&tree_of(tree)->arena);
    free(tree);
}

static lede_status open_tree(lede_engine *engine, const lede_tree *tree,
                             lede_engine_tree **out, lede_error *err)
{
    sharded *s = sharded_of(engine);
    sharded_tree *made = calloc(1, sizeof *made);
    lede_status status = LEDE_OK;

    if (made == NULL) {
        return no_memory(err);
    }
    made->base.engine = engine;
    made->tree = tree;
    made->leaves = lede_arena_array(&made->arena, tree->leaf_count + 1u,
                                    sizeof *made->leaves);
    made->spotter = lede_spotter_new(tree, s->analyzer, &made->arena);
    if (made->leaves == NULL || made->spotter == NULL) {
        status = no_memory(err);
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
    return &tree_of(tree)->leaves[leaf];
}

/* --- Entries -------------------------------------------------------------- */

/* Reads a hit's entry. LEDE_STALE if that showed that its shard does not answer
 * any more, or was written to: the search is to be made again. (While shards
 * are asked by themselves, they are judged by whoever does.) */
static lede_status read_document(sharded *s, const lede_match_hit *hit,
                                 lede_error *err)
{
    const lede_shard *shard = lede_shards_get(s->shards, hit->segment);
    lede_error why = {0};
    bool blamed;
    lede_span data;
    lede_status status;

    if (shard->db == NULL) {
        return lede_fail(err, shard->failure.status, "%s: %s", shard->name,
                         shard->failure.message);
    }
    status = lede_xapian_data(shard->db, hit->entry, &data, &why);
    if (status == LEDE_OK) {
        status = lede_xapian_reading_load(&s->reading, data, &why);
    }
    if (status == LEDE_OK) {
        return LEDE_OK;
    }
    lede_fail(err, status, "%s: %s", shard->name, why.message);
    if (s->is_asking || (status != LEDE_IO && status != LEDE_STALE)) {
        return status;
    }
    status = status == LEDE_IO
                 ? lede_shards_drop(s->shards, hit->segment, &why, err)
                 : lede_shards_recover(s->shards, &why, &blamed, err);
    return status != LEDE_OK
               ? status
               : lede_fail(err, LEDE_STALE, "%s: %s", shard->name, why.message);
}

static lede_status load(lede_engine *engine, const lede_match_hit *hit,
                        lede_buf *record, lede_arena *arena, lede_entry *out,
                        lede_language *language, lede_error *err)
{
    sharded *s = sharded_of(engine);
    lede_status status = read_document(s, hit, err);

    if (status != LEDE_OK) {
        return status;
    }
    lede_buf_clear(record);
    lede_buf_put_span(record, lede_buf_span(&s->reading.record));
    if (record->failed) {
        return no_memory(err);
    }
    *language = s->reading.language;
    return lede_record_decode(lede_buf_span(record), arena, out, err);
}

/* Reads a hit's entry and finds the words of a tree in it. */
static lede_status read_spots(sharded *s, const lede_match_hit *hit,
                              lede_spotter *spotter, lede_error *err)
{
    lede_status status = read_document(s, hit, err);

    return status == LEDE_OK && !lede_xapian_reading_spot(&s->reading, spotter)
               ? no_memory(err)
               : status;
}

static lede_status matches(lede_engine *engine, const lede_tree *tree,
                           const lede_node *node, const lede_match_hit *hit,
                           bool *out, lede_error *err)
{
    sharded *s = sharded_of(engine);
    lede_arena arena = {0};
    lede_spotter *spotter = lede_spotter_new(tree, s->analyzer, &arena);
    lede_status status =
        spotter == NULL ? no_memory(err) : read_spots(s, hit, spotter, err);

    if (status == LEDE_OK) {
        *out = lede_xapian_reading_matches(&s->reading, tree, node);
        status =
            lede_xapian_reading_failed(&s->reading) ? no_memory(err) : LEDE_OK;
    }
    lede_arena_done(&arena);
    return status;
}

static lede_status frequency(lede_engine *engine, const lede_leaf *leaf,
                             const lede_match_hit *hit, uint32_t *out,
                             lede_error *err)
{
    sharded *s = sharded_of(engine);
    lede_tree tree = {.leaves = (lede_leaf *)(uintptr_t)leaf, .leaf_count = 1};
    lede_arena arena = {0};
    lede_spotter *spotter = lede_spotter_new(&tree, s->analyzer, &arena);
    lede_status status =
        spotter == NULL ? no_memory(err) : read_spots(s, hit, spotter, err);

    if (status == LEDE_OK) {
        *out = lede_xapian_reading_frequency(&s->reading, 0);
    }
    lede_arena_done(&arena);
    return status;
}

static lede_status columns(lede_engine *engine, const lede_match_hit *hit,
                           lede_engine_columns *out, lede_error *err)
{
    sharded *s = sharded_of(engine);
    lede_status status = read_document(s, hit, err);
    lede_xapian_order order = {0};
    lede_entry_walk walk;
    lede_occurrence found;
    lede_span value;

    if (status == LEDE_OK) {
        status =
            lede_xapian_value(lede_shards_get(s->shards, hit->segment)->db,
                              hit->entry, LEDE_XAPIAN_SLOT_NEWEST, &value, err);
    }
    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_xapian_order_decode(value, false, &order)) {
        return lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
    }
    *out = (lede_engine_columns){.trusted = order.trusted};
    lede_entry_walk_init(&walk, s->analyzer, &s->reading.entry);
    while (lede_entry_walk_next(&walk, &found)) {
        if (found.field < LEDE_DEFAULT_FIELDS &&
            lede_token_counts(&found.token)) {
            out->length += lede_field_weight(found.field);
        }
    }
    out->length_byte = lede_length_encode(out->length);
    return lede_analyzer_failed(s->analyzer) ? no_memory(err) : LEDE_OK;
}

/* --- Running -------------------------------------------------------------- */

typedef struct running {
    sharded *s;
    sharded_tree *tree;
    const lede_match_options *options;
    lede_arena arena;
    lede_xapian_queries *queries;
    lede_xapian_plan plan;
    bool by_score;
    /* Documents that may match by the query, and do not; ascending. */
    uint32_t *rejected;
    uint32_t rejected_count, rejected_cap;
    uint64_t total;
    lede_match_hit *hits;
    uint64_t count, cap;
} running;

static void running_clear(running *r)
{
    free(r->rejected);
    free(r->hits);
    r->rejected = NULL;
    r->hits = NULL;
    r->rejected_count = r->rejected_cap = 0;
    r->total = r->count = r->cap = 0;
}

static uint32_t slot_of(const lede_match_options *options)
{
    return options->sort == LEDE_SORT_OLDEST ? LEDE_XAPIAN_SLOT_OLDEST
                                             : LEDE_XAPIAN_SLOT_NEWEST;
}

/* A hit of Xapian's as one of lede's, without its score. */
static lede_status to_hit(const running *r, const lede_xapian_hit *found,
                          bool oldest_first, lede_match_hit *out, bool *trusted,
                          lede_error *err)
{
    lede_xapian_order order = {0};

    if (!lede_xapian_order_decode(found->value, oldest_first, &order)) {
        return lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
    }
    *out = (lede_match_hit){.time = order.time, .key = order.key};
    if (r->s->only != UINT32_MAX) {
        out->segment = r->s->only;
        out->entry = found->document;
    } else {
        lede_shards_locate(r->s->shards, found->document, &out->segment,
                           &out->entry);
    }
    *trusted = order.trusted;
    return LEDE_OK;
}

static int compare_documents(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static bool is_rejected(const running *r, uint32_t document)
{
    return r->rejected_count > 0 &&
           bsearch(&document, r->rejected, r->rejected_count, sizeof document,
                   compare_documents) != NULL;
}

static lede_status reject(running *r, uint32_t document, lede_error *err)
{
    if (r->rejected_count == r->rejected_cap) {
        uint32_t cap = r->rejected_cap * 2 + 64;
        uint32_t *rejected = realloc(r->rejected, cap * sizeof *rejected);

        if (rejected == NULL) {
            return no_memory(err);
        }
        r->rejected = rejected;
        r->rejected_cap = cap;
    }
    r->rejected[r->rejected_count++] = document;
    return LEDE_OK;
}

/* Looks at the entries that only may match; *matching: how many do. With
 * `only_one`, ends at the first. */
static lede_status check_doubtful(running *r, lede_xapian *db, bool only_one,
                                  uint64_t *matching, lede_error *err)
{
    const lede_xapian_query pair[2] = {r->plan.match.most, r->plan.match.least};
    lede_xapian_search search = {
        .size = UINT32_MAX, .by_value = true, .slot = LEDE_XAPIAN_SLOT_NEWEST};
    lede_xapian_statistics all;
    lede_xapian_found *found = NULL;
    lede_xapian_hit next;
    lede_status status = lede_xapian_count(db, &all, err);

    *matching = 0;
    if (status != LEDE_OK) {
        return status;
    }
    search.size = all.documents;
    search.query =
        lede_xapian_query_join(r->queries, LEDE_XAPIAN_AND_NOT, pair, 2);
    status = lede_xapian_queries_status(r->queries, err);
    if (status == LEDE_OK) {
        status = lede_xapian_run(db, r->queries, &search, &found, err);
    }
    while (status == LEDE_OK) {
        lede_match_hit hit;
        bool trusted;

        status = lede_xapian_found_next(found, &next, err);
        if (status != LEDE_OK) {
            break;
        }
        status = to_hit(r, &next, false, &hit, &trusted, err);
        if (status == LEDE_OK) {
            status = read_spots(r->s, &hit, r->tree->spotter, err);
        }
        if (status != LEDE_OK) {
            break;
        }
        if (!lede_xapian_reading_matches(&r->s->reading, r->tree->tree,
                                         r->tree->tree->root)) {
            status = lede_xapian_reading_failed(&r->s->reading)
                         ? no_memory(err)
                         : reject(r, next.document, err);
        } else if (++*matching > 0 && only_one) {
            break;
        }
    }
    lede_xapian_found_free(found);
    if (r->rejected_count > 0) {
        qsort(r->rejected, r->rejected_count, sizeof *r->rejected,
              compare_documents);
    }
    return status == LEDE_END ? LEDE_OK : status;
}

/* Score, then newer first (unknown dates last), then key. */
static int compare_hits(const void *left, const void *right)
{
    const lede_match_hit *a = left, *b = right;

    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    if (a->time != b->time) {
        return a->time > b->time ? -1 : 1;
    }
    return (a->key > b->key) - (a->key < b->key);
}

static lede_status put_hit(running *r, const lede_match_hit *hit,
                           lede_error *err)
{
    if (r->count == r->cap) {
        uint64_t cap = r->cap * 2 + 64;
        lede_match_hit *hits = realloc(r->hits, (size_t)cap * sizeof *hits);

        if (hits == NULL) {
            return no_memory(err);
        }
        r->hits = hits;
        r->cap = cap;
    }
    r->hits[r->count++] = *hit;
    return LEDE_OK;
}

/* Takes a batch in; *least: the lowest text in it, in units. */
static lede_status take_batch(running *r, lede_xapian_found *found,
                              double *least, lede_error *err)
{
    bool oldest_first = r->options->sort == LEDE_SORT_OLDEST;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        lede_xapian_hit next;
        lede_match_hit hit;
        bool trusted;

        status = lede_xapian_found_next(found, &next, err);
        if (status != LEDE_OK) {
            break;
        }
        *least = next.weight * text_scale / LEDE_RANK_UNIT;
        status = to_hit(r, &next, oldest_first, &hit, &trusted, err);
        if (status != LEDE_OK || is_rejected(r, next.document)) {
            continue;
        }
        if (r->by_score) {
            hit.text = (uint64_t)(*least + 0.5);
            hit.score = (double)hit.text * LEDE_RANK_UNIT *
                        lede_recency_factor(r->options, trusted, hit.time);
        }
        if (!r->options->has_after ||
            lede_match_hit_behind(&hit, &r->options->after, oldest_first)) {
            status = put_hit(r, &hit, err);
        }
    }
    return status == LEDE_END ? LEDE_OK : status;
}

/* Whether a hit behind this batch could still be among those wanted. Rounding
 * can add half a unit to its text. Without recency that matters among hits
 * whose text is the same but for rounding: for a few batches, as there may be
 * many whose text is the same. */
static bool can_improve(const running *r, double least, uint32_t batches)
{
    double best = (least + 1) * LEDE_RANK_UNIT;

    if (r->count < r->options->k) {
        return true;
    }
    return r->by_score && least > 0 &&
           (r->options->recency > 0 || batches < MOST_TRIES) &&
           r->hits[r->options->k - 1].score < best;
}

/* Xapian is made to look at all matches: where it passes over what can't be
 * among the best, version 1.4.22 loses a hit now and then, of an OR of three
 * terms already. So the total is known too. */
static lede_status find_best(running *r, lede_xapian *db, uint32_t documents,
                             lede_error *err)
{
    lede_xapian_search search = {.query = r->plan.run,
                                 .counts = true,
                                 .weighs = r->by_score,
                                 .k1 = doubled_k1,
                                 .b = LEDE_RANK_B,
                                 .by_value = !r->by_score,
                                 .slot = slot_of(r->options)};
    uint64_t size = r->options->k;
    uint32_t batches = 0;
    bool more = true;
    lede_status status = LEDE_OK;

    if (r->by_score && size < UINT32_MAX) {
        size = r->options->recency > 0 ? size * BATCH_GROWTH : size + BEYOND;
    }
    if (r->options->recency > 0 && size < FIRST_BATCH) {
        size = FIRST_BATCH;
    }
    while (more && status == LEDE_OK) {
        lede_xapian_found *found = NULL;
        double least = 0;

        search.size = size < documents ? (uint32_t)size : documents;
        status = lede_xapian_run(db, r->queries, &search, &found, err);
        if (status == LEDE_OK) {
            more = lede_xapian_found_count(found) == search.size &&
                   search.size > 0;
            r->total = lede_xapian_found_total(found) - r->rejected_count;
            status = take_batch(r, found, &least, err);
        }
        lede_xapian_found_free(found);
        if (status != LEDE_OK) {
            break;
        }
        if (r->by_score && r->count > 1) {
            qsort(r->hits, (size_t)r->count, sizeof *r->hits, compare_hits);
        }
        more = more && can_improve(r, least, ++batches);
        r->count = r->count < r->options->k ? r->count : r->options->k;
        search.offset += search.size;
        size = size < UINT32_MAX ? size * BATCH_GROWTH : size;
        more = more && search.offset < documents;
    }
    return status;
}

static lede_status count_matches(running *r, lede_xapian *db,
                                 lede_xapian_query query, uint64_t *out,
                                 lede_error *err)
{
    lede_xapian_search search = {.query = query,
                                 .counts = true,
                                 .by_value = true,
                                 .slot = LEDE_XAPIAN_SLOT_NEWEST};
    lede_xapian_found *found = NULL;
    lede_status status = lede_xapian_run(db, r->queries, &search, &found, err);

    if (status == LEDE_OK) {
        *out = lede_xapian_found_total(found);
    }
    lede_xapian_found_free(found);
    return status;
}

static lede_status run_once(void *ctx, lede_xapian *db, lede_error *err)
{
    running *r = ctx;
    lede_xapian_statistics all;
    uint64_t doubtful = 0;
    lede_status status;

    running_clear(r);
    status = lede_xapian_count(db, &all, err);
    if (status == LEDE_OK && !r->plan.match.is_exact) {
        status = check_doubtful(r, db, false, &doubtful, err);
    }
    if (status == LEDE_OK && r->options->k > 0 && all.documents > 0) {
        status = find_best(r, db, all.documents, err);
    }
    if (status == LEDE_OK && r->options->k == 0) {
        status = count_matches(r, db, r->plan.match.least, &r->total, err);
        r->total += doubtful;
    }
    return status;
}

static lede_status running_open(running *r, lede_engine_tree *tree,
                                const lede_match_options *options,
                                lede_error *err)
{
    lede_status status;

    *r = (running){.s = sharded_of(tree->engine),
                   .tree = tree_of(tree),
                   .options = options};
    if (!(options->recency >= 0.0 && options->recency <= 1.0) ||
        (options->recency > 0.0 && options->half_life_s <= 0)) {
        return lede_fail(err, LEDE_BAD_INPUT,
                         "recency must be from 0 to 1, its half-life positive");
    }
    status = lede_xapian_queries_new(&r->queries, err);
    if (status == LEDE_OK) {
        status = lede_xapian_plan_make(r->queries, r->tree->tree, options,
                                       &r->arena, &r->plan, err);
    }
    r->by_score = options->sort == LEDE_SORT_RELEVANCE && r->plan.scores;
    return status;
}

static void running_close(running *r)
{
    running_clear(r);
    lede_xapian_queries_free(r->queries);
    lede_arena_done(&r->arena);
}

static lede_status run(lede_engine_tree *tree,
                       const lede_match_options *options,
                       lede_match_result *out, lede_error *err)
{
    running r;
    lede_status status = running_open(&r, tree, options, err);

    if (status == LEDE_OK) {
        status = ask_all(r.s, run_once, &r, err);
    }
    if (status == LEDE_OK) {
        *out = (lede_match_result){
            .hits = r.hits, .hit_count = r.count, .total = r.total};
        r.hits = NULL;
    }
    running_close(&r);
    return status;
}

static lede_status any_once(void *ctx, lede_xapian *db, lede_error *err)
{
    running *r = ctx;
    lede_xapian_search search = {.query = r->plan.match.least,
                                 .size = 1,
                                 .by_value = true,
                                 .slot = LEDE_XAPIAN_SLOT_NEWEST};
    lede_xapian_found *found = NULL;
    lede_status status;

    running_clear(r);
    status = lede_xapian_run(db, r->queries, &search, &found, err);
    if (status == LEDE_OK) {
        r->total = lede_xapian_found_count(found);
    }
    lede_xapian_found_free(found);
    return status == LEDE_OK && r->total == 0 && !r->plan.match.is_exact
               ? check_doubtful(r, db, true, &r->total, err)
               : status;
}

static lede_status any(lede_engine_tree *tree,
                       const lede_match_options *options, bool *out,
                       lede_error *err)
{
    running r;
    lede_status status = running_open(&r, tree, options, err);

    if (status == LEDE_OK) {
        status = ask_all(r.s, any_once, &r, err);
    }
    if (status == LEDE_OK) {
        *out = r.total > 0;
    }
    running_close(&r);
    return status;
}

static lede_status places(lede_engine_tree *tree, const bool *wanted,
                          const lede_match_hit *hits, uint32_t hit_count,
                          lede_places_fn *fn, void *ctx, lede_error *err)
{
    sharded *s = sharded_of(tree->engine);
    lede_status status = LEDE_OK;

    for (uint32_t i = 0; i < hit_count && status == LEDE_OK; i++) {
        lede_places found;

        status = read_spots(s, &hits[i], tree_of(tree)->spotter, err);
        if (status == LEDE_OK &&
            !lede_xapian_reading_places(&s->reading, wanted, &found)) {
            status = no_memory(err);
        }
        if (status == LEDE_OK) {
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

static lede_status find_keys(lede_engine *engine, uint64_t prefix,
                             unsigned digits, uint64_t *keys, uint32_t max,
                             uint64_t *count, lede_error *err)
{
    key_search k = {
        .prefix = prefix, .digits = digits, .keys = keys, .max = max};
    lede_status status = ask_all(sharded_of(engine), find_keys_once, &k, err);

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
        status = r->out->failed ? no_memory(err) : LEDE_OK;
    }
    return status;
}

static lede_status record(lede_engine *engine, uint64_t key, lede_buf *out,
                          lede_error *err)
{
    lede_xapian_name name;
    record_search r = {.term = lede_xapian_name_key(&name, key), .out = out};
    lede_status status = ask_all(sharded_of(engine), record_once, &r, err);

    return status == LEDE_OK && !r.is_there ? LEDE_NOT_FOUND : status;
}

/* --- The engine ----------------------------------------------------------- */

static uint32_t missing(const lede_engine *engine)
{
    const lede_shards *shards = sharded_of(engine)->shards;
    uint32_t count = 0;

    for (uint32_t i = 0; i < lede_shards_count(shards); i++) {
        count += lede_shards_get(shards, i)->db == NULL;
    }
    return count;
}

static void missing_part(const lede_engine *engine, uint32_t index,
                         const char **name, const char **why)
{
    const lede_shards *shards = sharded_of(engine)->shards;
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
    sharded *s = sharded_of(engine);

    lede_shards_close(s->shards);
    lede_analyzer_free(s->analyzer);
    lede_xapian_reading_done(&s->reading);
    free(s);
}

static const lede_engine_calls sharded_calls = {
    .ranks_all = true,
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
    .run = run,
    .any = any,
    .places = places,
    .load = load,
    .matches = matches,
    .frequency = frequency,
    .columns = columns,
    .find_keys = find_keys,
    .record = record,
    .missing = missing,
    .missing_part = missing_part,
};

lede_status lede_engine_of_shards(lede_shards *shards, lede_engine **out,
                                  lede_error *err)
{
    sharded *s = calloc(1, sizeof *s);
    lede_status status;

    if (s == NULL) {
        lede_shards_close(shards);
        return no_memory(err);
    }
    s->base.calls = &sharded_calls;
    s->only = UINT32_MAX;
    s->shards = shards;
    status = lede_analyzer_new(&s->analyzer, err);
    if (status != LEDE_OK) {
        close_sharded(&s->base);
        return status;
    }
    *out = &s->base;
    return LEDE_OK;
}
