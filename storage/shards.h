/* shards.h - "which databases make up this archive, and which of them answer?"
 *
 * An archive of Xapian's is one database or many, each on this machine or
 * behind a xapian-tcpsrv. It is named
 *
 *   DIR                    a database, or a folder with a list XAPIANDB
 *   FILE                   such a list (storage/shard_names.h): lines
 *                          "auto PATH" and "remote HOST:PORT", which is a stub
 *                          file for Xapian, too
 *   tcp:HOST:PORT,...      servers, reached by IPv4
 *
 * A shard that can't be opened, or fails later, is left out from then on, and
 * the list says why: whoever asks decides whether a part is enough.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_STORAGE_SHARDS_H
#define LEDE_STORAGE_SHARDS_H

#include "storage/archive.h"
#include "storage/xapian_terms.h"

#define LEDE_XAPIAN_SCHEME "xapian:"
#define LEDE_SHARD_LIST "XAPIANDB"
/* A folder beside a database that is being made: indexer/building.h. */
#define LEDE_SHARD_BUILDING "building"

typedef struct lede_shard {
    char *name; /* as messages have it: a path, or HOST:PORT */
    char *host; /* NULL: on this machine */
    uint16_t port;
    lede_xapian *db; /* NULL: it does not answer */
    lede_xapian_mark mark;
    lede_xapian_statistics statistics;
    lede_error failure; /* why there is no db */
    int64_t reopened_s; /* when it last hung up, by CLOCK_MONOTONIC; 0: never */
} lede_shard;

typedef struct lede_shards lede_shards;

enum { LEDE_SHARDS_MAX = 4096, LEDE_SHARD_AGAIN_S = 10 };

/* Opens what `name`, without the scheme, names: up to 64 servers side by side,
 * in threads that have ended when this returns. Waits for a server end after
 * `wait_ms`. LEDE_OK if one shard answers at least; else the failure of the
 * first. LEDE_BAD_INPUT or LEDE_NOT_FOUND, with a message, if nothing is named
 * by it. */
lede_status lede_shards_open(const char *name, uint32_t wait_ms,
                             lede_shards **out, lede_error *err);
void lede_shards_close(lede_shards *shards); /* accepts NULL */

uint32_t lede_shards_count(const lede_shards *shards);
const lede_shard *lede_shards_get(const lede_shards *shards, uint32_t index);
/* Of those that answer, taken together. */
const lede_totals *lede_shards_totals(const lede_shards *shards);

/* What all that answer have: names; groups of near-copies; all that comes with
 * today's rules. */
bool lede_shards_have_names(const lede_shards *shards);
bool lede_shards_have_copies(const lede_shards *shards);
bool lede_shards_are_of_today(const lede_shards *shards);

/* Appends the corrections of names that came with them; nothing if none did. */
lede_status lede_shards_corrections(const lede_shards *shards, lede_buf *out,
                                    lede_error *err);

/* All that answer, as one database; lent until the next failure is told. NULL
 * when the last of them has failed; the other gives why the first did. */
lede_xapian *lede_shards_all(const lede_shards *shards);
lede_status lede_shards_failure(const lede_shards *shards, lede_error *err);
/* Of a document of that: its shard, and its number there. */
void lede_shards_locate(const lede_shards *shards, uint32_t document,
                        uint32_t *shard, uint32_t *local);

/* The joined database failed, as `why` says: opens all anew and leaves out
 * those that fail, or are to blame: for a time limit at once, for a connection
 * that is gone if it goes again in LEDE_SHARD_AGAIN_S (servers hang up on who
 * is idle for a minute). *blamed: some were left out. LEDE_OK if shards are
 * left; else why not. */
lede_status lede_shards_recover(lede_shards *shards, const lede_error *why,
                                bool *blamed, lede_error *err);
/* One shard failed by itself: opens it anew, if it may only have hung up, or
 * leaves it out. */
lede_status lede_shards_reopen(lede_shards *shards, uint32_t index,
                               const lede_error *why, lede_error *err);
/* One shard failed by itself: leaves it out. */
lede_status lede_shards_drop(lede_shards *shards, uint32_t index,
                             const lede_error *why, lede_error *err);

/* Takes one in again that was left out; all are opened anew. */
lede_status lede_shards_readmit(lede_shards *shards, uint32_t index,
                                lede_error *err);

#endif
