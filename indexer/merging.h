/* merging.h - "a merge of databases that can be watched and stopped"
 *
 * Xapian merges in one call, which nothing stops and which tells nothing, and
 * that of a large shard takes an hour. So it is made in a process of its own:
 * how far it is shows in the files, and it can be ended at any point. It dies
 * with the process that began it.
 *
 * Threads: a merge belongs to one thread. The process is made by fork: while
 * others hold locks, but those of malloc, none may merge. */
#ifndef LEDE_INDEXER_MERGING_H
#define LEDE_INDEXER_MERGING_H

#include "base/status.h"
#include "indexer/watch.h"

/* lede_xapian_merge. The watch is told of bytes read, of all that the databases
 * have; NULL: nobody is. LEDE_INTERRUPTED after a stop; what was begun at `to`
 * is left there then, as after a failure. */
lede_status lede_merging_run(const char *const *paths, uint32_t count,
                             const char *to, const lede_watch *watch,
                             lede_error *err);

/* Bytes that a database has in its tables. */
uint64_t lede_merging_bytes(const char *path);

#endif
