/* opened.h - "an archive that questions can be put to", of either kind
 *
 * A folder with an embedded archive, or xapian: and shards (storage/shards.h).
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_OPENED_H
#define LEDE_APP_OPENED_H

#include "app/app.h"
#include "app/naming.h"
#include "query/engine.h"

typedef struct lede_opened {
    lede_archive *archive; /* NULL: shards */
    lede_snapshot *snapshot;
    lede_engine *engine;
    lede_known_names names; /* lent to the engine */
} lede_opened;

/* Opens it, and says why when it can't. */
int lede_open(lede_app *app, lede_opened *out);
/* Closes it and gives the exit status: `result`, unless the answer is not to be
 * relied on. What is missing from it is said; without --partial that is an
 * error. */
int lede_close(const lede_app *app, lede_opened *opened, int result);

/* The name of shards, behind the scheme; NULL for an embedded archive. Says why
 * when there is no name at all, with *result not LEDE_EXIT_DONE. */
const char *lede_app_shards(lede_app *app, int *result);

/* Shards that an export writes: whoever wants them otherwise changes the
 * archive, and exports again. */
bool lede_app_is_exported(lede_app *app);

/* Says, unless told to be quiet, that a run of `lede index` on this database of
 * Xapian's has left a change that waits. `directory` may be NULL, or none of
 * lede's. */
void lede_say_waiting(const lede_app *app, const char *directory);

/* stats and check, of shards. */
int lede_stats_of_shards(const lede_app *app, const char *name);
int lede_check_of_shards(const lede_app *app, const char *name);

#endif
