/* xapian_judge.c - which documents match of those that only may: each is read,
 * or its votes are counted. */
#include <stdlib.h>

#include "query/xapian_running.h"

enum {
    FIRST_VOTES = 4096,
    VOTES_GROWTH = 4 /* each time as many times those of before */
};

static int compare_documents(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

bool lede_running_rejects(const lede_running *r, uint32_t document)
{
    bool is_judged = r->judged_count > 0 &&
                     bsearch(&document, r->judged, r->judged_count,
                             sizeof document, compare_documents) != NULL;

    return r->plan.need > 0 ? !is_judged : is_judged;
}

static lede_status judge(lede_running *r, uint32_t document, lede_error *err)
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

static void sort_judged(lede_running *r)
{
    if (r->judged_count > 1) {
        qsort(r->judged, r->judged_count, sizeof *r->judged, compare_documents);
    }
}

/* --- Counting votes ------------------------------------------------------- */

/* Takes those with votes enough, which come first; *more: all of these had. */
static lede_status take_votes(lede_running *r, lede_xapian_found *found,
                              bool *more, lede_error *err)
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

/* Xapian has a limit for weights, too, but with it might pass over some, as
 * query/xapian_run.c says. */
lede_status lede_running_votes(lede_running *r, lede_xapian *db,
                               uint32_t documents, uint32_t most,
                               uint64_t *matching, lede_error *err)
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
        search.size = search.size < r->s->window / VOTES_GROWTH
                          ? search.size * VOTES_GROWTH
                          : search.size;
    }
    sort_judged(r);
    *matching = r->judged_count;
    return status;
}

/* --- Reading what is doubtful --------------------------------------------- */

typedef struct checking {
    lede_running *r;
    lede_running_fn *fn;
    void *ctx;
    uint64_t matching;
} checking;

static lede_status check_one(void *ctx, const lede_running_match *match,
                             lede_error *err)
{
    checking *c = ctx;
    lede_running *r = c->r;
    lede_status status =
        lede_sharded_read_spots(r->s, &match->hit, r->tree->spotter, err);

    if (status != LEDE_OK) {
        return status;
    }
    if (!lede_xapian_reading_matches(&r->s->reading, r->tree->tree,
                                     r->tree->tree->root)) {
        return lede_xapian_reading_failed(&r->s->reading)
                   ? lede_sharded_no_memory(err)
                   : judge(r, match->document, err);
    }
    c->matching++;
    return c->fn == NULL ? LEDE_OK : c->fn(c->ctx, match, err);
}

/* What may match, and may not. Where that is known better than by what may
 * match, no more is asked for, as that may have to read positions. */
static lede_xapian_query doubtful(lede_running *r)
{
    const lede_xapian_bounds *match = &r->plan.match;
    lede_xapian_query most[2] = {match->most, match->doubt};
    lede_xapian_query least[2] = {match->least, match->doubt};
    lede_xapian_query both[2] = {match->most, match->least};

    if (match->doubt != match->most) {
        both[0] =
            lede_xapian_query_join(r->queries, LEDE_XAPIAN_FILTER, most, 2);
        both[1] =
            lede_xapian_query_join(r->queries, LEDE_XAPIAN_FILTER, least, 2);
    }
    return lede_xapian_query_join(r->queries, LEDE_XAPIAN_AND_NOT, both, 2);
}

lede_status lede_running_check(lede_running *r, lede_xapian *db,
                               lede_running_fn *fn, void *ctx,
                               uint64_t *matching, lede_error *err)
{
    checking c = {.r = r, .fn = fn, .ctx = ctx};
    lede_status status =
        lede_running_each(r, db, doubtful(r), false, false, check_one, &c, err);

    sort_judged(r);
    *matching = c.matching;
    return status;
}

lede_status lede_running_judge(lede_running *r, lede_xapian *db,
                               uint64_t *matching, lede_error *err)
{
    lede_xapian_statistics all;
    lede_status status = lede_xapian_count(db, &all, err);

    if (status != LEDE_OK) {
        return status;
    }
    return r->plan.need > 0
               ? lede_running_votes(r, db, all.documents, 0, matching, err)
               : lede_running_check(r, db, NULL, NULL, matching, err);
}
