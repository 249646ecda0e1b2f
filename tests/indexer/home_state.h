/* home_state.h - is a database that lede index writes what it should be?
 *
 * The embedded archive that was made by the same runs is its oracle. */
#ifndef LEDE_TESTS_INDEXER_HOME_STATE_H
#define LEDE_TESTS_INDEXER_HOME_STATE_H

#include "indexer/xapian_home.h"

/* Indexes a folder into the database, or makes it, with a budget of small
 * batches if `budget` is not NULL. */
struct lede_budget;
lede_status home_index(const char *home, const char *folder, bool prune,
                       bool reread, const struct lede_budget *budget,
                       lede_error *err);

/* Fails the test unless the database is sound and has the entries of the
 * archive: records, dates and their trust; the same totals, and the same
 * answers to some questions. `settled`: its own archive agrees with it too. */
void assert_home_is(const char *home, lede_archive *archive, bool settled);

#endif
