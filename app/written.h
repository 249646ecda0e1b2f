/* written.h - "an archive that is written to", of either kind
 *
 * A folder with an embedded archive, or xapian: and the folder of a local
 * database (indexer/xapian_home.h).
 *
 * Threads: the program's main thread. */
#ifndef LEDE_APP_WRITTEN_H
#define LEDE_APP_WRITTEN_H

#include "app/app.h"
#include "base/buf.h"
#include "indexer/xapian_home.h"

typedef struct lede_written {
    lede_xapian_home *home; /* NULL: an embedded archive */
    lede_archive *archive;
} lede_written;

/* Opens it (`create`: or makes it), and says why when it can't. */
int lede_open_to_write(lede_app *app, bool create, lede_written *out);
void lede_close_written(lede_written *written);

/* Fills `out` with the corrections of names, as text; nothing, and says why, if
 * they cannot be read. */
void lede_written_corrections(const lede_written *from, lede_buf *out);
/* Gives a database its corrections, for who asks through a server; nothing for
 * an embedded archive. Says why when it can't. */
int lede_written_correct(const lede_written *to);

#endif
