/* building.h - "a database of Xapian's, made in runs"
 *
 * Where a database grows by commits, each of them changes nearly all blocks of
 * the last: words come from everywhere in its trees. The blocks are written
 * anew, and stay half full. So one that is not there yet is made of runs, as
 * logs are merged (O'Neil et al., "The log-structured merge-tree", 1996): each
 * commit is a small database of its own, written in order; sixteen of one size
 * are merged into one; and what is left in the end, into the database. An entry
 * is copied as often as there are sizes, which costs little: merging reads and
 * writes from one end to the other.
 *
 *   DIR/building/00000000-00000015   runs, named by the first and the last
 *   DIR/building/00000016-00000016   commit that they have
 *   DIR/building/new                 what is being written
 *   DIR/                             the database, once building/ has gone
 *
 * A run is renamed when it is whole, and one whose commits another has, too, is
 * what a kill left of a merge: so nothing that was committed is lost, or there
 * twice. While there is a folder building/ (LEDE_SHARD_BUILDING), what is
 * beside it is no database.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_INDEXER_BUILDING_H
#define LEDE_INDEXER_BUILDING_H

#include "storage/xapian_shim.h"

typedef struct lede_building lede_building;

/* Whether a database is being made there. */
bool lede_building_is_at(const char *directory);
/* Whether a name is that of a file that a database consists of, or is begun
 * with. */
bool lede_building_is_of_database(const char *name);
/* Removes what a kill left of a building that had ended. */
lede_status lede_building_sweep(const char *directory, lede_error *err);

/* Begins, or goes on with what earlier ones committed. The folder is there.
 * LEDE_BUSY: another process does. */
lede_status lede_building_open(const char *directory, lede_building **out,
                               lede_error *err);
/* Drops what was not committed. Accepts NULL. */
void lede_building_close(lede_building *building);

/* What earlier ones committed, to look at and to delete from; committed with
 * the rest. NULL: nothing. Lent until the end. */
lede_xapian_writer *lede_building_earlier(lede_building *building);
lede_status lede_building_put(lede_building *building,
                              const lede_xapian_document *document,
                              lede_error *err);
/* After a failure, here and above, only closing makes sense. */
lede_status lede_building_commit(lede_building *building, lede_error *err);

/* Commits, and makes the database; *out is the caller's, for what is to be said
 * of it. It is one for others after `end`. */
lede_status lede_building_finish(lede_building *building,
                                 lede_xapian_writer **out, lede_error *err);
lede_status lede_building_end(lede_building *building, lede_error *err);

#endif
