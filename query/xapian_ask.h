/* xapian_ask.h - "ask all shards, and do without those that fail"
 *
 * What the parts of the engine on shards share: the engine and its trees, one
 * way to ask that leaves failing shards out, and one to read an entry. The
 * parts are xapian_engine.c (statistics, and the engine as a whole),
 * xapian_run.c (hits and totals) and xapian_entries.c (what is asked of single
 * entries). Not for others.
 *
 * Threads: as the engine. */
#ifndef LEDE_QUERY_XAPIAN_ASK_H
#define LEDE_QUERY_XAPIAN_ASK_H

#include "query/counts.h"
#include "query/engine.h"
#include "query/xapian_check.h"
#include "storage/shards.h"

/* The group of a hit. */
typedef struct lede_hit_group {
    uint32_t shard, document;
    uint64_t group;
} lede_hit_group;

typedef struct lede_sharded {
    lede_engine base;
    lede_engine_calls calls; /* those of copies only where groups are known */
    lede_shards *shards;
    lede_analyzer *analyzer;
    lede_xapian_reading reading;        /* of the entry read last: */
    uint32_t read_shard, read_document; /* 0: none */
    lede_xapian_order read_order;
    /* Groups of near-copies that hits of the last run are in. */
    lede_hit_group *groups;
    uint64_t group_count;
    bool from_the_first; /* that run began with the first hit */
    bool is_asking;
    uint32_t only; /* the shard that is asked by itself; UINT32_MAX: all are */
    lede_counts known; /* in how many documents terms are, as far as they came
                          with a list of words */
    uint32_t window;   /* hits that are held at a time where all go by */
} lede_sharded;

typedef struct lede_sharded_tree {
    lede_engine_tree base;
    const lede_tree *tree;
    lede_arena arena; /* statistics and spotter */
    lede_leaf_statistics *leaves;
    lede_spotter *spotter;
} lede_sharded_tree;

lede_sharded *lede_sharded_of(const lede_engine *engine);
lede_sharded_tree *lede_sharded_tree_of(const lede_engine_tree *tree);
lede_status lede_sharded_no_memory(lede_error *err);

/* One question to all shards, or to one. It may be asked again. */
typedef lede_status lede_sharded_question(void *ctx, lede_xapian *db,
                                          lede_error *err);

/* Asks all that answer as one, without those that fail, until it works. */
lede_status lede_sharded_ask(lede_sharded *s, lede_sharded_question *ask,
                             void *ctx, lede_error *err);

/* Reads a hit's entry into s->reading. LEDE_STALE if that showed that its shard
 * does not answer any more, or was written to: the search is to be made again.
 */
lede_status lede_sharded_read(lede_sharded *s, const lede_match_hit *hit,
                              lede_error *err);
/* The same, and finds the words of a tree in it. */
lede_status lede_sharded_read_spots(lede_sharded *s, const lede_match_hit *hit,
                                    lede_spotter *spotter, lede_error *err);

/* --- xapian_run.c: as the calls of the engine ----------------------------- */

lede_status lede_sharded_run(lede_engine_tree *tree,
                             const lede_match_options *options,
                             lede_match_result *out, lede_error *err);
lede_status lede_sharded_any(lede_engine_tree *tree,
                             const lede_match_options *options, bool *out,
                             lede_error *err);

/* --- xapian_copies.c: as query/copies.h says -------------------------------
 */

lede_status lede_sharded_with_copies(lede_engine *engine, uint64_t *out,
                                     lede_error *err);
lede_status lede_sharded_all_copies(lede_engine *engine,
                                    struct lede_chosen *out, lede_error *err);
lede_status lede_sharded_group(lede_engine *engine, const lede_match_hit *hit,
                               uint64_t *name, uint32_t *members,
                               lede_error *err);
lede_status lede_sharded_fold(lede_engine_tree *tree,
                              const lede_match_options *options,
                              lede_match_result *result, lede_error *err);
lede_status lede_sharded_folded(lede_engine_tree *tree,
                                const lede_match_options *options,
                                uint64_t *out, lede_error *err);

/* --- xapian_tally.c ------------------------------------------------------- */

lede_status lede_sharded_tally(lede_engine_tree *tree,
                               const lede_match_options *options,
                               const lede_tally *tally, uint64_t *matches,
                               lede_error *err);

/* --- xapian_entries.c: likewise ------------------------------------------- */

lede_status lede_sharded_places(lede_engine_tree *tree, const bool *wanted,
                                const lede_match_hit *hits, uint32_t hit_count,
                                lede_places_fn *fn, void *ctx, lede_error *err);
lede_status lede_sharded_load(lede_engine *engine, const lede_match_hit *hit,
                              lede_buf *record, lede_arena *arena,
                              lede_entry *out, lede_language *language,
                              lede_error *err);
lede_status lede_sharded_matches(lede_engine *engine, const lede_tree *tree,
                                 const lede_node *node,
                                 const lede_match_hit *hit, bool *out,
                                 lede_error *err);
lede_status lede_sharded_frequency(lede_engine *engine, const lede_leaf *leaf,
                                   const lede_match_hit *hit, uint32_t *out,
                                   lede_error *err);
lede_status lede_sharded_columns(lede_engine *engine, const lede_match_hit *hit,
                                 lede_engine_columns *out, lede_error *err);
lede_status lede_sharded_find_keys(lede_engine *engine, uint64_t prefix,
                                   unsigned digits, uint64_t *keys,
                                   uint32_t max, uint64_t *count,
                                   lede_error *err);
lede_status lede_sharded_record(lede_engine *engine, uint64_t key,
                                lede_buf *out, lede_error *err);
lede_status lede_sharded_names(lede_engine *engine, const lede_match_hit *hit,
                               lede_buf *out, lede_error *err);
lede_status lede_sharded_names_of_key(lede_engine *engine, uint64_t key,
                                      lede_buf *out, lede_error *err);

#endif
