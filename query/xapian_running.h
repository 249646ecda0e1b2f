/* xapian_running.h - "a tree, as it is being asked of shards"
 *
 * What running (xapian_run.c), judging (xapian_judge.c), folding
 * (xapian_copies.c) and counting (xapian_tally.c) on shards share: the tree as
 * Xapian's queries, the entries that had to be looked at, and ways to go
 * through matches that hold few of them at a time. Not for others.
 *
 * Threads: as the engine. */
#ifndef LEDE_QUERY_XAPIAN_RUNNING_H
#define LEDE_QUERY_XAPIAN_RUNNING_H

#include "query/match_top.h" /* lede_match_hit_behind */
#include "query/xapian_ask.h"
#include "query/xapian_tree.h"

typedef struct lede_running {
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
    lede_hit_group *groups; /* of the hits that were met */
    uint64_t group_count, group_cap;
} lede_running;

/* `options` must outlive it; what they choose (query/copies.h) is all that has
 * copies. Close after failure, too. */
lede_status lede_running_open(lede_running *r, lede_engine_tree *tree,
                              const lede_match_options *options,
                              lede_error *err);
void lede_running_close(lede_running *r);
/* Only what matches this, too. */
void lede_running_restrict(lede_running *r, lede_xapian_query only);
/* Forgets what was found, to ask again. */
void lede_running_clear(lede_running *r);

/* A match, as it is gone by. */
typedef struct lede_running_match {
    lede_match_hit hit; /* without a score */
    uint32_t document;
    double weight; /* of Xapian's */
    bool trusted;
    uint64_t group;
} lede_running_match;

/* LEDE_END ends it. */
typedef lede_status lede_running_fn(void *ctx, const lede_running_match *match,
                                    lede_error *err);

/* Each document of a query, by date, newest or oldest first, a window of them
 * after another. */
lede_status lede_running_each(lede_running *r, lede_xapian *db,
                              lede_xapian_query query, bool oldest_first,
                              bool weighs, lede_running_fn *fn, void *ctx,
                              lede_error *err);

/* Looks at what only may match, and judges it; `fn`, if not NULL, is told of
 * what does, as the entry of s->reading. *matching: how many do. */
lede_status lede_running_check(lede_running *r, lede_xapian *db,
                               lede_running_fn *fn, void *ctx,
                               uint64_t *matching, lede_error *err);

/* Judges the documents that have votes enough, no more than `most` if it is not
 * 0, of so many in the database. */
lede_status lede_running_votes(lede_running *r, lede_xapian *db,
                               uint32_t documents, uint32_t most,
                               uint64_t *matching, lede_error *err);

/* The one or the other: whatever the plan is not exact about. */
lede_status lede_running_judge(lede_running *r, lede_xapian *db,
                               uint64_t *matching, lede_error *err);

/* lede_sharded_run, with what the running was restricted to. */
lede_status lede_running_ask(lede_running *r, lede_error *err);

/* The total of a query. */
lede_status lede_running_count(lede_running *r, lede_xapian *db,
                               lede_xapian_query query, uint64_t *out,
                               lede_error *err);

/* Whether a document that the query matches is none that matches. */
bool lede_running_rejects(const lede_running *r, uint32_t document);

#endif
