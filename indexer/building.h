/* building.h - "a database of Xapian's, made in runs"
 *
 * Where a database grows by commits, each of them changes nearly all blocks of
 * the last: words come from everywhere in its trees. The blocks are written
 * anew, and stay half full. So one that is not there yet is made of runs, as
 * logs are merged (O'Neil et al., "The log-structured merge-tree", 1996): each
 * commit is a small database of its own, written in order; sixteen of one size
 * are merged into one; and what is left in the end, into the database. An entry
 * is copied as often as there are sizes, which costs little: merging reads and
 * writes from one end to the other. The last run becomes the database by being
 * moved.
 *
 *   DIR/building/00000000-00000015   runs, named by the first and the last
 *   DIR/building/00000016-00000016   commit that they have
 *   DIR/building/new                 what is being written
 *   DIR/building/done                the last run, while its files are moved
 *   DIR/                             the database, once building/ has gone
 *
 * A run is renamed when it is whole, and one whose commits another has, too, is
 * what a kill left of a merge: so nothing that was committed is lost, or there
 * twice, and no merge that was finished is made again. While there is a folder
 * building/ (LEDE_SHARD_BUILDING), what is beside it is no database.
 *
 * What is given a watch merges (indexer/merging.h, as for threads), and may end
 * with LEDE_INTERRUPTED.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_INDEXER_BUILDING_H
#define LEDE_INDEXER_BUILDING_H

#include "indexer/watch.h"
#include "storage/xapian_shim.h"

typedef struct lede_building lede_building;

/* Whether a database is being made there. */
bool lede_building_is_at(const char *directory);
/* Whether a name is that of a file that a database consists of, or is begun
 * with. */
bool lede_building_is_of_database(const char *name);
/* Ends what a kill left of a building that was ending. LEDE_BUSY: another
 * process does. */
lede_status lede_building_sweep(const char *directory, lede_error *err);

/* Begins, or goes on with what earlier ones committed, which are merged. The
 * folder is there. LEDE_BUSY: another process does. */
lede_status lede_building_open(const char *directory, const lede_watch *watch,
                               lede_building **out, lede_error *err);
/* Drops what was not committed. Accepts NULL. */
void lede_building_close(lede_building *building);

/* What earlier ones committed, to look at and to delete from; committed with
 * the rest. NULL: nothing. Lent until `finish`. */
lede_xapian_writer *lede_building_earlier(lede_building *building);
lede_status lede_building_put(lede_building *building,
                              const lede_xapian_document *document,
                              lede_error *err);
/* After a failure, here and above, only closing makes sense. */
lede_status lede_building_commit(lede_building *building, lede_error *err);
/* Merges runs of one size, if there are so many; for after a commit. */
lede_status lede_building_tidy(lede_building *building, const lede_watch *watch,
                               lede_error *err);

/* Bytes that `finish` will have to merge, as its watch counts them. */
uint64_t lede_building_left(const lede_building *building);
/* All was committed: merges it into one; *out is the caller's, for what is to
 * be said of it, to be committed and closed before `end`. */
lede_status lede_building_finish(lede_building *building,
                                 const lede_watch *watch,
                                 lede_xapian_writer **out, lede_error *err);
/* Makes it the database, for others too. */
lede_status lede_building_end(lede_building *building, lede_error *err);

#endif
