/* xapian_copies.c - near-copies on shards; see query/copies.h.
 *
 * Each document says of which group it is, in the value that hits come with.
 * Xapian's own collapse is no use: it keeps the best by text, and recency may
 * put another one first; and each shard collapses by itself. */
#include <stdlib.h>

#include "query/copies.h"
#include "query/xapian_running.h"

typedef struct counting {
    lede_span term;
    uint32_t count;
} counting;

static lede_status count_once(void *ctx, lede_xapian *db, lede_error *err)
{
    counting *c = ctx;

    return lede_xapian_term_count(db, c->term, &c->count, err);
}

lede_status lede_sharded_with_copies(lede_engine *engine, uint64_t *out,
                                     lede_error *err)
{
    counting c = {.term = lede_span_text(LEDE_XAPIAN_HAS_COPIES)};
    lede_status status =
        lede_sharded_ask(lede_sharded_of(engine), count_once, &c, err);

    *out = c.count;
    return status;
}

/* That some are chosen is all that a run on shards looks at. */
lede_status lede_sharded_all_copies(lede_engine *engine,
                                    struct lede_chosen *out, lede_error *err)
{
    lede_chosen chosen = {.entries = calloc(1, sizeof chosen.entries[0])};

    (void)engine;
    if (chosen.entries == NULL) {
        return lede_sharded_no_memory(err);
    }
    *out = chosen;
    return LEDE_OK;
}

lede_status lede_sharded_group(lede_engine *engine, const lede_match_hit *hit,
                               uint64_t *name, uint32_t *members,
                               lede_error *err)
{
    lede_sharded *s = lede_sharded_of(engine);
    lede_status status = lede_sharded_read(s, hit, err);
    uint64_t group = status == LEDE_OK ? s->read_order.group : 0;
    lede_xapian_name term;
    counting c = {.term = lede_xapian_name_group(&term, group)};

    *name = group;
    *members = 0;
    if (status == LEDE_OK && group != 0) {
        status = lede_sharded_ask(s, count_once, &c, err);
        *members = c.count;
    }
    return status;
}

/* --- Folding -------------------------------------------------------------- */

static int compare_places(const void *left, const void *right)
{
    const lede_hit_group *a = left, *b = right;

    return a->shard != b->shard
               ? (a->shard > b->shard) - (a->shard < b->shard)
               : (a->document > b->document) - (a->document < b->document);
}

static void sort_groups(lede_hit_group *groups, uint64_t count)
{
    if (count > 1) {
        qsort(groups, (size_t)count, sizeof groups[0], compare_places);
    }
}

/* The group of a hit, of those that were met; 0: none. */
static uint64_t group_of(const lede_hit_group *groups, uint64_t count,
                         const lede_match_hit *hit)
{
    lede_hit_group wanted = {.shard = hit->segment, .document = hit->entry};
    const lede_hit_group *found =
        count == 0 ? NULL
                   : bsearch(&wanted, groups, (size_t)count, sizeof groups[0],
                             compare_places);

    return found == NULL ? 0 : found->group;
}

/* Who leads a group. */
typedef struct leader {
    uint64_t group, rank;
    uint32_t shard, document;
} leader;

static int compare_leaders(const void *left, const void *right)
{
    const leader *a = left, *b = right;

    return a->group != b->group ? (a->group > b->group) - (a->group < b->group)
                                : (a->rank > b->rank) - (a->rank < b->rank);
}

static int compare_names(const void *left, const void *right)
{
    const leader *a = left, *b = right;

    return (a->group > b->group) - (a->group < b->group);
}

/* The first of each group, sorted by group; `room` for as many as hits. */
static size_t find_leaders(const lede_hit_group *groups, uint64_t group_count,
                           const lede_match_hit *hits, uint64_t count,
                           leader *out)
{
    size_t some = 0, kept = 0;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t group = group_of(groups, group_count, &hits[i]);

        if (group != 0) {
            out[some++] = (leader){group, i, hits[i].segment, hits[i].entry};
        }
    }
    if (some > 1) {
        qsort(out, some, sizeof out[0], compare_leaders);
    }
    for (size_t i = 0; i < some; i++) {
        if (kept == 0 || out[kept - 1].group != out[i].group) {
            out[kept++] = out[i];
        }
    }
    return kept;
}

/* Asks for the members of these groups, wherever they stand in the order. */
static lede_status ask_members(lede_engine_tree *tree,
                               const lede_match_options *options,
                               const leader *of, size_t count, lede_running *r,
                               lede_error *err)
{
    lede_xapian_query *terms = malloc((count + 1) * sizeof terms[0]);
    lede_status status = terms == NULL
                             ? lede_sharded_no_memory(err)
                             : lede_running_open(r, tree, options, err);

    for (size_t i = 0; i < count && status == LEDE_OK; i++) {
        lede_xapian_name name;

        terms[i] = lede_xapian_query_term(
            r->queries, lede_xapian_name_group(&name, of[i].group));
    }
    if (status == LEDE_OK) {
        lede_running_restrict(r,
                              lede_xapian_query_join(r->queries, LEDE_XAPIAN_OR,
                                                     terms, (uint32_t)count));
        status = lede_running_ask(r, err);
    }
    free(terms);
    return status;
}

static void drop_others(lede_match_result *result, const lede_sharded *s,
                        const leader *leaders, size_t count)
{
    uint64_t kept = 0;

    for (uint64_t i = 0; i < result->hit_count; i++) {
        const lede_match_hit *hit = &result->hits[i];
        leader wanted = {.group = group_of(s->groups, s->group_count, hit)};
        const leader *first = wanted.group == 0 || count == 0
                                  ? NULL
                                  : bsearch(&wanted, leaders, count,
                                            sizeof leaders[0], compare_names);

        if (first == NULL ||
            (first->shard == hit->segment && first->document == hit->entry)) {
            result->hits[kept++] = *hit;
        }
    }
    result->hit_count = kept;
}

/* Where the run began with the first hit, the first of a group that it met
 * leads it. */
lede_status lede_sharded_fold(lede_engine_tree *tree,
                              const lede_match_options *options,
                              lede_match_result *result, lede_error *err)
{
    lede_sharded *s = lede_sharded_of(tree->engine);
    lede_match_options own = *options;
    lede_running members = {0};
    size_t room = (size_t)result->hit_count + 1, count;
    leader *leaders = malloc(room * sizeof leaders[0]), *grown;
    lede_status status = LEDE_OK;

    if (leaders == NULL) {
        return lede_sharded_no_memory(err);
    }
    sort_groups(s->groups, s->group_count);
    count = find_leaders(s->groups, s->group_count, result->hits,
                         result->hit_count, leaders);
    if (count > 0 && !s->from_the_first) {
        own.k = UINT64_MAX;
        own.totals = LEDE_TOTALS_NONE;
        own.has_after = false;
        status = ask_members(tree, &own, leaders, count, &members, err);
        if (status == LEDE_OK) {
            grown = realloc(leaders,
                            ((size_t)members.count + 1) * sizeof leaders[0]);
            leaders = grown == NULL ? leaders : grown;
            status = grown == NULL ? lede_sharded_no_memory(err) : LEDE_OK;
        }
        if (status == LEDE_OK) {
            sort_groups(members.groups, members.group_count);
            count = find_leaders(members.groups, members.group_count,
                                 members.hits, members.count, leaders);
        }
        lede_running_close(&members);
    }
    if (status == LEDE_OK) {
        drop_others(result, s, leaders, count);
    }
    free(leaders);
    return status;
}

/* --- Stories -------------------------------------------------------------- */

typedef struct folding {
    lede_running *r;
    uint64_t *groups;
    size_t count, cap;
} folding;

static lede_status note_group(void *ctx, const lede_running_match *match,
                              lede_error *err)
{
    folding *f = ctx;

    if (match->group == 0 || lede_running_rejects(f->r, match->document)) {
        return LEDE_OK;
    }
    if (f->count == f->cap) {
        size_t cap = f->cap * 2 + 1024;
        uint64_t *grown = realloc(f->groups, cap * sizeof grown[0]);

        if (grown == NULL) {
            return lede_sharded_no_memory(err);
        }
        f->groups = grown;
        f->cap = cap;
    }
    f->groups[f->count++] = match->group;
    return LEDE_OK;
}

static lede_status fold_once(void *ctx, lede_xapian *db, lede_error *err)
{
    folding *f = ctx;
    uint64_t doubtful;
    lede_status status = LEDE_OK;

    f->count = 0;
    lede_running_clear(f->r);
    if (!f->r->plan.match.is_exact) {
        status = lede_running_judge(f->r, db, &doubtful, err);
    }
    return status == LEDE_OK
               ? lede_running_each(f->r, db, f->r->plan.match.most, false,
                                   false, note_group, f, err)
               : status;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

lede_status lede_sharded_folded(lede_engine_tree *tree,
                                const lede_match_options *options,
                                uint64_t *out, lede_error *err)
{
    lede_match_options by_date = *options;
    lede_chosen any = {0};
    lede_running r;
    folding f = {.r = &r};
    uint64_t stories = 0;
    lede_status status;

    by_date.sort = LEDE_SORT_NEWEST; /* nothing to be scored */
    by_date.chosen = &any;
    status = lede_running_open(&r, tree, &by_date, err);
    if (status == LEDE_OK) {
        status = lede_sharded_ask(r.s, fold_once, &f, err);
    }
    if (status == LEDE_OK && f.count > 1) {
        qsort(f.groups, f.count, sizeof f.groups[0], compare_numbers);
    }
    for (size_t i = 0; i < f.count; i++) {
        stories += i == 0 || f.groups[i - 1] != f.groups[i];
    }
    *out = status == LEDE_OK ? f.count - stories : 0;
    free(f.groups);
    lede_running_close(&r);
    return status;
}
