/* universe.h - "who else has a say in this?"
 *
 * Finds what bears upon a batch: the stored entries that its raw keys name, the
 * files that hold them, the live documents in these files, and which of them
 * hang together as pages. Stored and pending claims look the same here.
 *
 * A live document is settled if something of its page changed. Documents that
 * share a key with a settled one without being its page are neighbours: their
 * pages are computed too, so that posts of one key on two pages are seen side
 * by side, and settled together.
 *
 * What leads to an entry that is to be settled is at stake: all raw keys by
 * which files have it, whichever changed. An entry whose keys are all at stake
 * and that nobody claims is gone.
 *
 * Threads: a universe belongs to one thread, and lives while its snapshot and
 * batch do. */
#ifndef LEDE_INDEXER_UNIVERSE_H
#define LEDE_INDEXER_UNIVERSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "indexer/batch.h"
#include "indexer/map.h"
#include "indexer/pages.h"
#include "storage/archive.h"

/* An entry of the snapshot that a raw key led to. */
typedef struct lede_stored_entry {
    const lede_segment *segment;
    uint32_t entry;
    uint64_t key;
    bool has_alias;        /* was found by another key than its own */
    bool is_at_stake;      /* a key that changed led to it */
    bool can_have_aliases; /* other keys than that may lead to it */
} lede_stored_entry;

typedef enum lede_stake {
    LEDE_STAKE_NONE,
    LEDE_STAKE_NEIGHBOUR,
    LEDE_STAKE_SETTLED
} lede_stake;

/* A live document. versions[].tag is the pending claim, or LEDE_MAP_NONE. */
typedef struct lede_universe_document {
    lede_live_document live;
    uint32_t file;
    lede_stake stake;
    lede_stake followed; /* what it leads to was loaded, for that stake */
} lede_universe_document;

typedef struct lede_universe_file {
    lede_span path;
    const lede_pending_file *pending; /* or NULL */
    lede_file_state state;
    bool live_is_loaded;
    bool is_unclear; /* it is one of an entry's at stake, by another key */
} lede_universe_file;

typedef struct lede_universe lede_universe;

/* Its memory comes from the source, which must outlive it (NULL: the heap). */
lede_status lede_universe_new(const lede_batch *batch,
                              const lede_snapshot *snapshot,
                              const lede_arena_source *source,
                              lede_universe **out, lede_error *err);
void lede_universe_free(lede_universe *universe); /* accepts NULL */

/* Gathers everything: afterwards the rest only reads. */
lede_status lede_universe_gather(lede_universe *universe, lede_error *err);

/* Whether something that has the raw key is to be settled. */
bool lede_universe_is_at_stake(const lede_universe *universe, uint64_t raw);
/* A raw key is to be settled too; then lede_universe_follow gathers what that
 * leads to. */
lede_status lede_universe_stake(lede_universe *universe, uint64_t raw,
                                lede_error *err);
lede_status lede_universe_follow(lede_universe *universe, lede_error *err);

/* The distinct raw keys of articles to settle, ascending. */
const uint64_t *lede_universe_raws(const lede_universe *universe,
                                   uint32_t *count);
/* The live documents; those with a stake are settled or neighbours. */
const lede_universe_document *
lede_universe_documents(const lede_universe *universe, uint32_t *count);
/* The stored entries met. */
const lede_stored_entry *lede_universe_stored(const lede_universe *universe,
                                              uint32_t *count);
/* The stored entries that a raw key names: calls `fn` with each number. */
void lede_universe_each_stored(const lede_universe *universe, uint64_t raw,
                               void (*fn)(void *ctx, uint32_t stored),
                               void *ctx);
/* Stored versions of articles with a raw key among lede_universe_raws. */
void lede_universe_each_article(const lede_universe *universe, uint64_t raw,
                                void (*fn)(void *ctx,
                                           const lede_version *version),
                                void *ctx);

#endif
