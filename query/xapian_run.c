/* xapian_run.c - "run this tree" on shards: hits and totals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "query/rank.h"
#include "query/xapian_running.h"
#include "storage/postings.h"

enum {
    FIRST_BATCH = 256, /* hits by text, at least */
    BATCH_GROWTH = 4,  /* each as many times the one before */
    BEYOND = 8,        /* more than are wanted, if recency does not count */
    GROUPS_LEAST = 1 << 16,
    MOST_BATCHES = 3, /* of hits whose texts are the same but for rounding */
    MOST_TWINS = 64   /* of one date and key, in archives that are searched
                         together */
};

/* Frequencies are doubled, hence k1 is: f / (f + k1) stays what it was. The
 * factor k1 + 1 in front does not. */
static const double doubled_k1 = 2 * LEDE_RANK_K1;
static const double text_scale = (LEDE_RANK_K1 + 1) / (2 * LEDE_RANK_K1 + 1);

void lede_running_clear(lede_running *r)
{
    free(r->judged);
    free(r->hits);
    free(r->groups);
    r->judged = NULL;
    r->hits = NULL;
    r->groups = NULL;
    r->judged_count = r->judged_cap = 0;
    r->total = r->count = r->cap = 0;
    r->group_count = r->group_cap = 0;
}

static uint32_t slot_of(const lede_match_options *options)
{
    return options->sort == LEDE_SORT_OLDEST ? LEDE_XAPIAN_SLOT_OLDEST
                                             : LEDE_XAPIAN_SLOT_NEWEST;
}

/* A hit of Xapian's as one of lede's. */
static lede_status to_match(const lede_running *r, const lede_xapian_hit *found,
                            bool oldest_first, lede_running_match *out,
                            lede_error *err)
{
    lede_xapian_order order = {0};

    if (!lede_xapian_order_decode(found->value, oldest_first, &order)) {
        return lede_fail(err, LEDE_CORRUPT, "a document's values are damaged");
    }
    *out = (lede_running_match){.hit = {.time = order.time, .key = order.key},
                                .document = found->document,
                                .weight = found->weight,
                                .trusted = order.trusted,
                                .group = order.group};
    if (r->s->only != UINT32_MAX) {
        out->hit.segment = r->s->only;
        out->hit.entry = found->document;
    } else {
        lede_shards_locate(r->s->shards, found->document, &out->hit.segment,
                           &out->hit.entry);
    }
    return LEDE_OK;
}

/* --- Windows -------------------------------------------------------------- */

/* Where a window ended: those of the last value, which the next window has
 * again. */
typedef struct window_end {
    uint8_t value[LEDE_XAPIAN_ORDER_BYTES];
    size_t len;
    uint32_t twins[MOST_TWINS];
    uint32_t twin_count;
} window_end;

static void note_end(window_end *end, const lede_xapian_hit *hit)
{
    if (!lede_span_equal(lede_span_of(end->value, end->len), hit->value)) {
        end->len = hit->value.len < sizeof end->value ? hit->value.len
                                                      : sizeof end->value;
        memcpy(end->value, hit->value.bytes, end->len);
        end->twin_count = 0;
    }
    if (end->twin_count < MOST_TWINS) {
        end->twins[end->twin_count++] = hit->document;
    }
}

static bool was_there(const window_end *end, const lede_xapian_hit *hit)
{
    if (!lede_span_equal(lede_span_of(end->value, end->len), hit->value)) {
        return false;
    }
    for (uint32_t i = 0; i < end->twin_count; i++) {
        if (end->twins[i] == hit->document) {
            return true;
        }
    }
    return false;
}

static lede_status go_through(lede_running *r, lede_xapian_found *found,
                              bool oldest_first, window_end *end, bool *is_over,
                              lede_running_fn *fn, void *ctx, lede_error *err)
{
    lede_status status = LEDE_OK;
    bool some = false;

    while (status == LEDE_OK) {
        lede_xapian_hit next;
        lede_running_match match;

        status = lede_xapian_found_next(found, &next, err);
        if (status == LEDE_OK && was_there(end, &next)) {
            continue;
        }
        if (status == LEDE_OK) {
            some = true;
            note_end(end, &next);
            status = to_match(r, &next, oldest_first, &match, err);
        }
        if (status == LEDE_OK) {
            status = fn(ctx, &match, err);
            if (status == LEDE_END) {
                *is_over = true;
                return LEDE_OK;
            }
        }
    }
    *is_over = *is_over || !some;
    return status == LEDE_END ? LEDE_OK : status;
}

lede_status lede_running_each(lede_running *r, lede_xapian *db,
                              lede_xapian_query query, bool oldest_first,
                              bool weighs, lede_running_fn *fn, void *ctx,
                              lede_error *err)
{
    static const uint8_t least[1] = {0};
    lede_xapian_search search = {.query = query,
                                 .size = r->s->window,
                                 .counts = true,
                                 .weighs = weighs,
                                 .k1 = doubled_k1,
                                 .b = LEDE_RANK_B,
                                 .by_value = true,
                                 .slot = oldest_first
                                             ? LEDE_XAPIAN_SLOT_OLDEST
                                             : LEDE_XAPIAN_SLOT_NEWEST};
    window_end end = {0};
    bool is_over = false;
    lede_status status = lede_xapian_queries_status(r->queries, err);

    while (status == LEDE_OK && !is_over) {
        lede_xapian_found *found = NULL;

        if (end.len > 0) {
            const lede_xapian_query pair[2] = {
                query, lede_xapian_query_range(
                           r->queries, search.slot, lede_span_of(least, 1),
                           lede_span_of(end.value, end.len))};

            search.query =
                lede_xapian_query_join(r->queries, LEDE_XAPIAN_FILTER, pair, 2);
            search.size = r->s->window + end.twin_count;
            status = lede_xapian_queries_status(r->queries, err);
        }
        if (status == LEDE_OK) {
            status = lede_xapian_run(db, r->queries, &search, &found, err);
        }
        if (status == LEDE_OK) {
            is_over = lede_xapian_found_count(found) < search.size;
            status = go_through(r, found, oldest_first, &end, &is_over, fn, ctx,
                                err);
        }
        lede_xapian_found_free(found);
    }
    return status;
}

static lede_status stop_there(void *ctx, const lede_running_match *match,
                              lede_error *err)
{
    (void)ctx;
    (void)match;
    (void)err;
    return LEDE_END;
}

/* --- The best ------------------------------------------------------------- */

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

static lede_status put_hit(lede_running *r, const lede_match_hit *hit,
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

static lede_status put_group(lede_running *r, const lede_running_match *match,
                             lede_error *err)
{
    if (match->group == 0) {
        return LEDE_OK;
    }
    if (r->group_count == r->group_cap) {
        uint64_t cap = r->group_cap * 2 + 64;
        lede_hit_group *groups =
            realloc(r->groups, (size_t)cap * sizeof *groups);

        if (groups == NULL) {
            return lede_sharded_no_memory(err);
        }
        r->groups = groups;
        r->group_cap = cap;
    }
    r->groups[r->group_count++] =
        (lede_hit_group){match->hit.segment, match->hit.entry, match->group};
    return LEDE_OK;
}

/* Its text in units, not rounded; and its score. */
static double score(const lede_running *r, lede_running_match *match)
{
    double text = match->weight * text_scale / LEDE_RANK_UNIT;

    if (r->by_score) {
        match->hit.text = (uint64_t)(text + 0.5);
        match->hit.score =
            (double)match->hit.text * LEDE_RANK_UNIT *
            lede_recency_factor(r->options, match->trusted, match->hit.time);
    }
    return text;
}

static bool is_wanted(const lede_running *r, const lede_running_match *match)
{
    return !lede_running_rejects(r, match->document) &&
           (!r->options->has_after ||
            lede_match_hit_behind(&match->hit, &r->options->after,
                                  r->options->sort == LEDE_SORT_OLDEST));
}

/* Takes a batch in; *least: the lowest text in it, in units. */
static lede_status take_batch(lede_running *r, lede_xapian_found *found,
                              double *least, lede_error *err)
{
    bool oldest_first = r->options->sort == LEDE_SORT_OLDEST;
    lede_status status = LEDE_OK;

    while (status == LEDE_OK) {
        lede_xapian_hit next;
        lede_running_match match;

        status = lede_xapian_found_next(found, &next, err);
        if (status == LEDE_OK) {
            status = to_match(r, &next, oldest_first, &match, err);
        }
        if (status != LEDE_OK) {
            break;
        }
        *least = score(r, &match);
        if (is_wanted(r, &match)) {
            status = put_hit(r, &match.hit, err);
        }
        if (status == LEDE_OK) {
            status = put_group(r, &match, err);
        }
    }
    return status == LEDE_END ? LEDE_OK : status;
}

/* Whether a hit behind this batch could still be among those wanted. Rounding
 * can add half a unit to its text. Without recency that matters among hits
 * whose text is the same but for rounding: for a few batches, as there may be
 * many whose text is the same. */
static bool can_improve(const lede_running *r, double least, uint32_t batches)
{
    double best = (least + 1) * LEDE_RANK_UNIT;

    if (r->count < r->options->k) {
        return true;
    }
    return r->by_score && least > 0 &&
           (r->options->recency > 0 || batches < MOST_BATCHES) &&
           r->hits[r->options->k - 1].score < best;
}

/* Where hits are by date, and nobody asks how many there are, those behind the
 * one of a page or a cursor are a range. */
static lede_xapian_query behind(lede_running *r)
{
    static const uint8_t least[1] = {0};
    const lede_match_options *options = r->options;
    lede_xapian_order last = {options->after.time, options->after.key, true,
                              UINT64_MAX};
    uint8_t bytes[LEDE_XAPIAN_ORDER_BYTES];
    lede_xapian_query pair[2];

    if (r->by_score || !options->has_after ||
        options->totals != LEDE_TOTALS_NONE) {
        return r->plan.run;
    }
    pair[0] = r->plan.run;
    pair[1] = lede_xapian_query_range(
        r->queries, slot_of(options), lede_span_of(least, 1),
        lede_xapian_order_encode(&last, options->sort == LEDE_SORT_OLDEST,
                                 bytes));
    return lede_xapian_query_join(r->queries, LEDE_XAPIAN_FILTER, pair, 2);
}

/* Xapian is made to look at all matches: where it passes over what can't be
 * among the best, version 1.4.22 loses a hit now and then, of an OR of three
 * terms already. So the total is known too. Positions are read anew for each
 * batch: of phrases the second one has the rest. *is_done: no more are needed.
 */
static lede_status take_batches(lede_running *r, lede_xapian *db,
                                uint32_t documents, bool *is_done,
                                lede_error *err)
{
    lede_xapian_search search = {.query = behind(r),
                                 .counts = true,
                                 .weighs = r->by_score,
                                 .k1 = doubled_k1,
                                 .b = LEDE_RANK_B,
                                 .by_value = !r->by_score,
                                 .slot = slot_of(r->options)};
    uint64_t size = r->options->k;
    uint32_t batches = 0;
    bool more = true;
    lede_status status = lede_xapian_queries_status(r->queries, err);

    if (r->by_score && size < UINT32_MAX) {
        size = r->options->recency > 0 ? size * BATCH_GROWTH : size + BEYOND;
    }
    if (r->options->recency > 0 && size < FIRST_BATCH) {
        size = FIRST_BATCH;
    }
    while (more && status == LEDE_OK) {
        lede_xapian_found *found = NULL;
        double least = 0;

        size = size < r->s->window ? size : r->s->window;
        search.size = size < documents ? (uint32_t)size : documents;
        status = lede_xapian_run(db, r->queries, &search, &found, err);
        if (status == LEDE_OK) {
            more = lede_xapian_found_count(found) == search.size &&
                   search.size > 0;
            r->total = lede_xapian_found_total(found);
            if (r->plan.need > 0) {
                r->total = r->judged_count;
            } else if (search.query == r->plan.run) { /* not only behind */
                r->total -= r->judged_count;
            }
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
        size = r->plan.has_phrases ? documents : size * BATCH_GROWTH;
        more = more && search.offset < documents;
        if (more && search.offset >= r->s->window) {
            return status; /* servers hold what is passed over, too */
        }
    }
    *is_done = true;
    return status;
}

static int compare_places(const void *left, const void *right)
{
    const lede_match_hit *a = left, *b = right;

    return a->segment != b->segment
               ? (a->segment > b->segment) - (a->segment < b->segment)
               : (a->entry > b->entry) - (a->entry < b->entry);
}

/* Forgets the groups of hits that were not kept, when these are most. */
static lede_status prune_groups(lede_running *r, lede_error *err)
{
    uint64_t kept = 0;
    lede_match_hit *hits;

    if (r->group_count < GROUPS_LEAST || r->group_count / 4 < r->count) {
        return LEDE_OK;
    }
    hits = malloc((size_t)(r->count + 1) * sizeof *hits);
    if (hits == NULL) {
        return lede_sharded_no_memory(err);
    }
    memcpy(hits, r->hits, (size_t)r->count * sizeof *hits);
    qsort(hits, (size_t)r->count, sizeof *hits, compare_places);
    for (uint64_t i = 0; i < r->group_count; i++) {
        lede_match_hit wanted = {.segment = r->groups[i].shard,
                                 .entry = r->groups[i].document};

        if (bsearch(&wanted, hits, (size_t)r->count, sizeof *hits,
                    compare_places) != NULL) {
            r->groups[kept++] = r->groups[i];
        }
    }
    r->group_count = kept;
    free(hits);
    return LEDE_OK;
}

/* Puts the hits in order and keeps those that are wanted. */
static lede_status keep_best(lede_running *r, lede_error *err)
{
    if (r->by_score && r->count > 1) {
        qsort(r->hits, (size_t)r->count, sizeof *r->hits, compare_hits);
    }
    r->count = r->count < r->options->k ? r->count : r->options->k;
    return prune_groups(r, err);
}

/* Hits by score are gathered until they are twice as many as are wanted. Once
 * some were dropped, the last of those kept is hits[k - 1]. */
typedef struct gathering {
    lede_running *r;
    bool has_worst;
} gathering;

static lede_status gather(void *ctx, const lede_running_match *match,
                          lede_error *err)
{
    gathering *g = ctx;
    lede_running *r = g->r;
    uint64_t k = r->options->k;
    lede_running_match own = *match;
    lede_status status;

    score(r, &own);
    if (!is_wanted(r, &own) ||
        (g->has_worst && compare_hits(&own.hit, &r->hits[k - 1]) > 0)) {
        return LEDE_OK;
    }
    if (!r->by_score && r->count == k) {
        return LEDE_END; /* they come in order */
    }
    status = put_hit(r, &own.hit, err);
    if (status == LEDE_OK) {
        status = put_group(r, &own, err);
    }
    if (status == LEDE_OK && r->by_score && r->count / 2 >= k &&
        r->count >= r->s->window) {
        status = keep_best(r, err);
        g->has_worst = true;
    }
    return status;
}

/* All matches go by, window after window, and the best are kept. */
static lede_status go_through_all(lede_running *r, lede_xapian *db,
                                  lede_error *err)
{
    bool oldest_first = r->options->sort == LEDE_SORT_OLDEST;
    gathering g = {.r = r};
    lede_status status;

    r->count = r->group_count = 0;
    status = lede_running_each(r, db, behind(r), oldest_first, r->by_score,
                               gather, &g, err);
    return status == LEDE_OK ? keep_best(r, err) : status;
}

static lede_status find_best(lede_running *r, lede_xapian *db,
                             uint32_t documents, lede_error *err)
{
    bool is_done = false;
    lede_status status = take_batches(r, db, documents, &is_done, err);

    return status == LEDE_OK && !is_done ? go_through_all(r, db, err) : status;
}

lede_status lede_running_count(lede_running *r, lede_xapian *db,
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
    lede_running *r = ctx;
    lede_xapian_statistics all;
    uint64_t doubtful = 0;
    lede_status status;

    lede_running_clear(r);
    status = lede_xapian_count(db, &all, err);
    if (status == LEDE_OK && !r->plan.match.is_exact) {
        status = lede_running_judge(r, db, &doubtful, err);
    }
    if (status == LEDE_OK && r->options->k > 0 && all.documents > 0) {
        status = find_best(r, db, all.documents, err);
    }
    if (status == LEDE_OK && r->options->k == 0) {
        status = lede_running_count(r, db, r->plan.match.least, &r->total, err);
        r->total += doubtful;
    }
    return status;
}

lede_status lede_running_open(lede_running *r, lede_engine_tree *tree,
                              const lede_match_options *options,
                              lede_error *err)
{
    lede_status status;

    *r = (lede_running){.s = lede_sharded_of(tree->engine),
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
                                       lede_shards_are_of_today(r->s->shards),
                                       &r->arena, &r->plan, err);
    }
    r->by_score = options->sort == LEDE_SORT_RELEVANCE && r->plan.scores;
    if (status == LEDE_OK && options->chosen != NULL) {
        lede_running_restrict(
            r, lede_xapian_query_term(r->queries,
                                      lede_span_text(LEDE_XAPIAN_HAS_COPIES)));
    }
    return status;
}

void lede_running_restrict(lede_running *r, lede_xapian_query only)
{
    lede_xapian_query *all[] = {&r->plan.match.most, &r->plan.match.least,
                                &r->plan.run};
    bool doubts_all = r->plan.match.doubt == r->plan.match.most;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const lede_xapian_query pair[2] = {*all[i], only};

        if (pair[0] != 0) {
            *all[i] =
                lede_xapian_query_join(r->queries, LEDE_XAPIAN_FILTER, pair, 2);
        }
    }
    if (doubts_all) {
        r->plan.match.doubt = r->plan.match.most;
    }
}

void lede_running_close(lede_running *r)
{
    lede_running_clear(r);
    lede_xapian_queries_free(r->queries);
    lede_arena_done(&r->arena);
}

lede_status lede_running_ask(lede_running *r, lede_error *err)
{
    return lede_sharded_ask(r->s, run_once, r, err);
}

lede_status lede_sharded_run(lede_engine_tree *tree,
                             const lede_match_options *options,
                             lede_match_result *out, lede_error *err)
{
    lede_running r;
    lede_status status = lede_running_open(&r, tree, options, err);

    if (status == LEDE_OK) {
        status = lede_running_ask(&r, err);
    }
    if (status == LEDE_OK) {
        *out = (lede_match_result){
            .hits = r.hits, .hit_count = r.count, .total = r.total};
        r.hits = NULL;
        free(r.s->groups);
        r.s->groups = r.groups;
        r.s->group_count = r.group_count;
        r.s->from_the_first = !options->has_after;
        r.groups = NULL;
    }
    lede_running_close(&r);
    return status;
}

static lede_status any_once(void *ctx, lede_xapian *db, lede_error *err)
{
    lede_running *r = ctx;
    lede_xapian_search search = {.query = r->plan.match.least,
                                 .size = 1,
                                 .by_value = true,
                                 .slot = LEDE_XAPIAN_SLOT_NEWEST};
    lede_xapian_found *found = NULL;
    lede_status status;

    lede_running_clear(r);
    if (r->plan.need > 0) {
        return lede_running_votes(r, db, 1, 1, &r->total, err);
    }
    status = lede_xapian_run(db, r->queries, &search, &found, err);
    if (status == LEDE_OK) {
        r->total = lede_xapian_found_count(found);
    }
    lede_xapian_found_free(found);
    return status == LEDE_OK && r->total == 0 && !r->plan.match.is_exact
               ? lede_running_check(r, db, stop_there, NULL, &r->total, err)
               : status;
}

lede_status lede_sharded_any(lede_engine_tree *tree,
                             const lede_match_options *options, bool *out,
                             lede_error *err)
{
    lede_running r;
    lede_status status = lede_running_open(&r, tree, options, err);

    if (status == LEDE_OK) {
        status = lede_sharded_ask(r.s, any_once, &r, err);
    }
    if (status == LEDE_OK) {
        *out = r.total > 0;
    }
    lede_running_close(&r);
    return status;
}
