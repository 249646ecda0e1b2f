/* engine.h - "run this tree, give me hits and totals", whoever keeps the
 * archive
 *
 * The one seam between query/ and the two kinds of archive: the embedded one
 * (query/match.h over a snapshot) and shards of Xapian's (query/
 * xapian_engine.h). A search parses, plans, relaxes, learns, ranks by fit and
 * shows the same way on both; what it asks of an engine is here, and nothing
 * else. lede_match_hit's segment and entry mean what the engine likes: a
 * segment of the snapshot and an entry there, or a shard and a document.
 *
 * Threads: an engine, and all made from it, belongs to one thread. */
#ifndef LEDE_QUERY_ENGINE_H
#define LEDE_QUERY_ENGINE_H

#include "base/arena.h"
#include "query/match.h"
#include "query/places.h"
#include "query/search.h"
#include "query/tally.h"
#include "query/vocabulary.h"

typedef struct lede_engine lede_engine;
typedef struct lede_engine_tree lede_engine_tree;

/* The columns of a hit that scores are explained by. */
typedef struct lede_engine_columns {
    bool trusted;
    uint32_t length;
    uint8_t length_byte;
} lede_engine_columns;

typedef struct lede_engine_calls {
    bool pages_are_dear; /* each costs a run over all matches: fewer, of more
                            hits */
    void (*close)(lede_engine *engine);
    /* An analyzer that remembers stems, the caller's until put back. */
    lede_status (*take_analyzer)(lede_engine *engine, lede_analyzer **out,
                                 lede_error *err);
    void (*put_analyzer)(lede_engine *engine, lede_analyzer *analyzer);
    /* An empty arena, the caller's until put back. NULL: it keeps none. */
    lede_arena (*take_arena)(lede_engine *engine);
    void (*put_arena)(lede_engine *engine, lede_arena *arena);
    const lede_totals *(*totals)(const lede_engine *engine);
    /* Entries, deleted ones included, that statistics are made of. */
    uint64_t (*entries)(const lede_engine *engine);
    /* In how many of them a term is; 0 on failure, which shows in running. */
    uint64_t (*count)(lede_engine *engine, lede_span term);
    /* lede_vocabulary_walk; `ctx` is the engine. */
    lede_vocabulary_walk *words;
    lede_status (*statistics)(lede_engine *engine, const lede_leaf *leaf,
                              lede_leaf_statistics *out, lede_error *err);

    /* A tree made ready, as lede_lookup_new: nodes may change while it is open,
     * leaves may not. */
    lede_status (*open)(lede_engine *engine, const lede_tree *tree,
                        lede_engine_tree **out, lede_error *err);
    void (*close_tree)(lede_engine_tree *tree);
    const lede_leaf_statistics *(*leaf)(const lede_engine_tree *tree,
                                        uint32_t leaf);
    lede_status (*run)(lede_engine_tree *tree,
                       const lede_match_options *options,
                       lede_match_result *out, lede_error *err);
    lede_status (*any)(lede_engine_tree *tree,
                       const lede_match_options *options, bool *out,
                       lede_error *err);
    /* As lede_tally_run; NULL: entries have to be read (query/tally.h). */
    lede_status (*tally)(lede_engine_tree *tree,
                         const lede_match_options *options,
                         const lede_tally *tally, uint64_t *matches,
                         lede_error *err);
    /* How many entries have copies, and as query/copies.h says; NULL: it is not
     * known. */
    lede_status (*with_copies)(lede_engine *engine, uint64_t *out,
                               lede_error *err);
    lede_status (*all_copies)(lede_engine *engine, struct lede_chosen *out,
                              lede_error *err);
    lede_status (*group)(lede_engine *engine, const lede_match_hit *hit,
                         uint64_t *name, uint32_t *members, lede_error *err);
    lede_status (*fold)(lede_engine_tree *tree,
                        const lede_match_options *options,
                        lede_match_result *result, lede_error *err);
    lede_status (*folded)(lede_engine_tree *tree,
                          const lede_match_options *options, uint64_t *out,
                          lede_error *err);
    /* As lede_places_find. */
    lede_status (*places)(lede_engine_tree *tree, const bool *wanted,
                          const lede_match_hit *hits, uint32_t hit_count,
                          lede_places_fn *fn, void *ctx, lede_error *err);

    /* A hit's entry: its spans point into `record`, its arrays live in `arena`.
     */
    lede_status (*load)(lede_engine *engine, const lede_match_hit *hit,
                        lede_buf *record, lede_arena *arena, lede_entry *out,
                        lede_language *language, lede_error *err);
    lede_status (*matches)(lede_engine *engine, const lede_tree *tree,
                           const lede_node *node, const lede_match_hit *hit,
                           bool *out, lede_error *err);
    lede_status (*frequency)(lede_engine *engine, const lede_leaf *leaf,
                             const lede_match_hit *hit, uint32_t *out,
                             lede_error *err);
    lede_status (*columns)(lede_engine *engine, const lede_match_hit *hit,
                           lede_engine_columns *out, lede_error *err);

    /* In how many entries nobody looked for names; NULL: it is not known. */
    uint64_t (*without_names)(const lede_engine *engine);
    /* As lede_mentions_of_terms (query/mentions.h). NULL: lists of names have
     * to be read. */
    lede_status (*mentions)(lede_engine *engine, const lede_span *words,
                            uint32_t word_count, const lede_match_hit *hits,
                            uint32_t hit_count, uint32_t *out, lede_error *err);

    /* Fills `out` with the list of names (storage/name_list.h) of a hit, or of
     * a key; empty if there is none. NULL: the engine keeps none. */
    lede_status (*names)(lede_engine *engine, const lede_match_hit *hit,
                         lede_buf *out, lede_error *err);
    lede_status (*names_of_key)(lede_engine *engine, uint64_t key,
                                lede_buf *out, lede_error *err);
    /* Whether some entries were kept without looking for names in them. NULL:
     * it does not say. */
    bool (*lacks_names)(const lede_engine *engine);

    /* As lede_snapshot_find_key_prefix, and the record of a key. */
    lede_status (*find_keys)(lede_engine *engine, uint64_t prefix,
                             unsigned digits, uint64_t *keys, uint32_t max,
                             uint64_t *count, lede_error *err);
    lede_status (*record)(lede_engine *engine, uint64_t key, lede_buf *out,
                          lede_error *err);
    /* Parts of the archive that did not answer: how many, and which and why.
     * Answers are those of the rest. */
    uint32_t (*missing)(const lede_engine *engine);
    void (*missing_part)(const lede_engine *engine, uint32_t index,
                         const char **name, const char **why);
} lede_engine_calls;

/* What an engine, and a tree made ready for one, begins with. */
struct lede_engine {
    const lede_engine_calls *calls;
    /* What is known of names, lent by whoever opened the engine: NULL, NULL for
     * nothing. */
    const struct lede_gazetteer *gazetteer;
    const struct lede_corrections *corrections;
    struct lede_added *added; /* private: query/added_names.h */
    uint32_t words_most; /* that one pattern stands for; 0: LEDE_EXPAND_MOST
                            (query/expand.h) */
};

struct lede_engine_tree {
    lede_engine *engine;
};

/* The engine of a snapshot, which must outlive it. */
lede_status lede_engine_of_snapshot(const lede_snapshot *snapshot,
                                    lede_engine **out, lede_error *err);
void lede_engine_close(lede_engine *engine); /* accepts NULL */

/* As lede_search; the engine must outlive the results. */
lede_status lede_engine_search(lede_engine *engine, lede_span query,
                               const lede_search_options *options,
                               lede_results **out, lede_error *err);

#endif
