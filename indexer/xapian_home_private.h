/* xapian_home_private.h - what the parts of a home share
 *
 * xapian_home.c opens one and takes what a run gives; xapian_home_change.c
 * writes to the database, and makes the change that is due;
 * xapian_home_copies.c tells documents of their groups of near-copies;
 * xapian_home_care.c checks, repairs and upgrades.
 *
 * Threads: as a home. */
#ifndef LEDE_INDEXER_XAPIAN_HOME_PRIVATE_H
#define LEDE_INDEXER_XAPIAN_HOME_PRIVATE_H

#include "base/arena.h"
#include "indexer/redo.h"
#include "indexer/xapian_entry.h"
#include "indexer/xapian_home.h"

struct lede_xapian_home {
    char *directory;
    lede_record_source source;
    lede_archive *archive;
    lede_xapian_writer *writer; /* from begin to end */
    lede_xapian *db;            /* the writer's */
    lede_redo_writer *redo;     /* of the change that is being gathered */
    uint64_t taken;             /* items in it */
    uint64_t batch_bytes;
    bool is_prepared;
    bool counts;           /* what it makes: of what was due at the beginning */
    lede_xapian_made made; /* counted */
    bool finds_names; /* of what it takes */
    bool has_names;   /* so has all that is in the database */
    bool has_copies;  /* the archive knows those of all */
    uint32_t rules;   /* by which all of that was made */
    lede_xapian_maker *maker;
    lede_xapian_document *document;
    lede_arena arena;
};

lede_status lede_home_no_memory(lede_error *err);
const char *lede_home_archive_directory(const lede_xapian_home *home);

/* --- xapian_home_change.c ------------------------------------------------- */

/* The totals of the archive as it is now. */
lede_status lede_home_totals(const lede_xapian_home *home, lede_totals *out,
                             lede_error *err);
/* Opens the database for writing, and makes one if there is none and the
 * archive has no entries. */
lede_status lede_home_open_database(lede_xapian_home *home, uint32_t wait_ms,
                                    lede_error *err);
/* LEDE_CORRUPT if the two sides do not have as many entries. */
lede_status lede_home_compare_counts(const lede_xapian_home *home,
                                     lede_error *err);
/* Says of the database that it is as the archive says, and commits. */
lede_status lede_home_commit(lede_xapian_home *home, lede_error *err);
lede_status lede_home_put(lede_xapian_home *home, lede_span record,
                          bool trusted, lede_span names, uint64_t group,
                          lede_error *err);
/* No failure if it is not there. */
lede_status lede_home_delete(lede_xapian_home *home, uint64_t key,
                             lede_error *err);
/* Makes the change of a redo, if one is due. */
lede_status lede_home_make_due(lede_xapian_home *home, const lede_watch *watch,
                               lede_error *err);

/* --- xapian_home_copies.c ------------------------------------------------- */

/* Gives the documents the groups that the archive says, if these have changed
 * since. */
lede_status lede_home_tell_copies(lede_xapian_home *home, lede_error *err);

/* --- xapian_home.c -------------------------------------------------------- */

/* A document's list of names. */
lede_status lede_home_stored_names(lede_xapian_home *home, uint32_t document,
                                   lede_span *out, lede_error *err);

#endif
