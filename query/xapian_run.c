/* xapian_run.c - "run this tree" on shards: hits and totals. */
#include <math.h>
#include <stdlib.h>

#include "query/match_top.h"
#include "query/rank.h"
#include "query/xapian_ask.h"
#include "query/xapian_tree.h"
#include "storage/postings.h"

enum {
    FIRST_BATCH = 256, /* hits by text, at least */
    BATCH_GROWTH = 4,  /* each as many times the one before */
    BEYOND = 8,        /* more than are wanted, if recency does not count */
    FIRST_VOTES = 4096,
    MOST_BATCHES = 3 /* of hits whose texts are the same but for rounding */
};

/* Frequencies are doubled, hence k1 is: f / (f + k1) stays what it was. The
 * factor k1 + 1 in front does not. */
static const double doubled_k1 = 2 * LEDE_RANK_K1;
static const double text_scale = (LEDE_RANK_K1 + 1) / (2 * LEDE_RANK_K1 + 1);

typedef struct running {
    lede_sharded *s;
    lede_sharded_tree *tree;
    const lede_match_options *options;
    lede_arena arena;
    lede_xapian_queries *queries;
    lede_xapian_plan plan;
    bool by_score;
    /* Documents that may match by the query, and do not, or, where votes are
     * counted, that do; ascending. */
    uint32_t *judged;
    uint32_t judged_count, judged_cap;
    uint64_t total;
    lede_match_hit *hits;
    uint64_t count, cap;
} running;

static void running_clear(running *r)
{
    free(r->judged);
    free(r->hits);
    r->judged = NULL;
    r->hits = NULL;
    r->judged_count = r->judged_cap = 0;
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
    bool is_judged = r->judged_count > 0 &&
                     bsearch(&document, r->judged, r->judged_count,
                             sizeof document, compare_documents) != NULL;

    return r->plan.need > 0 ? !is_judged : is_judged;
}

static lede_status judge(running *r, uint32_t document, lede_error *err)
{
    if (r->judged_count == r->judged_cap) {
        uint32_t cap = r->judged_cap * 2 + 64;
        uint32_t *judged = realloc(r->judged, cap * sizeof *judged);

        if (judged == NULL) {
            return lede_sharded_no_memory(err);
        }
        r->judged = judged;
        r->judged_cap = cap;
    }
    r->judged[r->judged_count++] = document;
    return LEDE_OK;
}

static void sort_judged(running *r)
{
    if (r->judged_count > 1) {
        qsort(r->judged, r->judged_count, sizeof *r->judged, compare_documents);
    }
}

/* --- Counting votes ------------------------------------------------------- */

/* Takes those with votes enough, which come first; *more: all of these had. */
static lede_status take_votes(running *r, lede_xapian_found *found, bool *more,
                              lede_error *err)
{
    lede_status status = LEDE_OK;

    *more = true;
    while (status == LEDE_OK && *more) {
        lede_xapian_hit next;

        status = lede_xapian_found_next(found, &next, err);
        if (status == LEDE_OK && next.weight < r->plan.need - 0.5) {
            *more = false;
        } else if (status == LEDE_OK) {
            status = judge(r, next.document, err);
        }
    }
    return status == LEDE_END ? LEDE_OK : status;
}

/* Lists the documents that match, no more than `most` if it is not 0. Xapian
 * has a limit for weights, too, but with it might pass over some (below). */
static lede_status count_votes(running *r, lede_xapian *db, uint32_t documents,
                               uint32_t most, uint64_t *matching,
                               lede_error *err)
{
    const lede_xapian_query pair[2] = {r->plan.votes, r->plan.match.most};
    lede_xapian_search search = {.size = most > 0 ? most : FIRST_VOTES,
                                 .counts = true,
                                 .votes = true,
                                 .slot = LEDE_XAPIAN_SLOT_NEWEST};
    bool more = true;
    lede_status status;

    search.query =
        lede_xapian_query_join(r->queries, LEDE_XAPIAN_FILTER, pair, 2);
    status = lede_xapian_queries_status(r->queries, err);
    while (status == LEDE_OK && more && search.offset < documents) {
        lede_xapian_found *found = NULL;

        status = lede_xapian_run(db, r->queries, &search, &found, err);
        if (status == LEDE_OK) {
            bool is_full = lede_xapian_found_count(found) == search.size;

            status = take_votes(r, found, &more, err);
            more = more && is_full && most == 0;
        }
        lede_xapian_found_free(found);
        search.offset += search.size;
        search.size = search.size < UINT32_MAX / BATCH_GROWTH
                          ? search.size * BATCH_GROWTH
                          : search.size;
    }
    sort_judged(r);
    *matching = r->judged_count;
    return status;
}

/* --- Reading what is doubtful --------------------------------------------- */

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
            status = lede_sharded_read_spots(r->s, &hit, r->tree->spotter, err);
        }
        if (status != LEDE_OK) {
            break;
        }
        if (!lede_xapian_reading_matches(&r->s->reading, r->tree->tree,
                                         r->tree->tree->root)) {
            status = lede_xapian_reading_failed(&r->s->reading)
                         ? lede_sharded_no_memory(err)
                         : judge(r, next.document, err);
        } else if (++*matching > 0 && only_one) {
            break;
        }
    }
    lede_xapian_found_free(found);
    sort_judged(r);
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
            return lede_sharded_no_memory(err);
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
           (r->options->recency > 0 || batches < MOST_BATCHES) &&
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
            r->total = r->plan.need > 0
                           ? r->judged_count
                           : lede_xapian_found_total(found) - r->judged_count;
            status = take_batch(r, found, &least, err);
        }
        lede_xapian_found_free(found);
        if (status != LEDE_OK) {
            break;
        }
        if (r->by_score && r->count > 1) {
            qsort(r->hits, (size_t)r->count, sizeof *r->hits, compare_hits);
        }
        more = more && can_improve(r, least, ++batches) && r->count < r->total;
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
        status = r->plan.need > 0
                     ? count_votes(r, db, all.documents, 0, &doubtful, err)
                     : check_doubtful(r, db, false, &doubtful, err);
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

    *r = (running){.s = lede_sharded_of(tree->engine),
                   .tree = lede_sharded_tree_of(tree),
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

lede_status lede_sharded_run(lede_engine_tree *tree,
                             const lede_match_options *options,
                             lede_match_result *out, lede_error *err)
{
    running r;
    lede_status status = running_open(&r, tree, options, err);

    if (status == LEDE_OK) {
        status = lede_sharded_ask(r.s, run_once, &r, err);
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
    if (r->plan.need > 0) {
        return count_votes(r, db, 1, 1, &r->total, err);
    }
    status = lede_xapian_run(db, r->queries, &search, &found, err);
    if (status == LEDE_OK) {
        r->total = lede_xapian_found_count(found);
    }
    lede_xapian_found_free(found);
    return status == LEDE_OK && r->total == 0 && !r->plan.match.is_exact
               ? check_doubtful(r, db, true, &r->total, err)
               : status;
}

lede_status lede_sharded_any(lede_engine_tree *tree,
                             const lede_match_options *options, bool *out,
                             lede_error *err)
{
    running r;
    lede_status status = running_open(&r, tree, options, err);

    if (status == LEDE_OK) {
        status = lede_sharded_ask(r.s, any_once, &r, err);
    }
    if (status == LEDE_OK) {
        *out = r.total > 0;
    }
    running_close(&r);
    return status;
}
