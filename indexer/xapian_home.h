/* xapian_home.h - "take these entries", said to a database of Xapian's
 *
 * The write side of an archive whose entries are documents of a local database
 * and nowhere else:
 *
 *   DIR/             the database, as searches, Omega and xapian-tcpsrv see it
 *   DIR/lede/        what settling asks for: an archive whose records are
 *                    elsewhere, with files, claims, keys and dates
 *   DIR/lede/redo    the change that is being made (redo.h)
 *
 * A flush gives its entries to the home instead of to segments: take and drop,
 * then prepare, which makes the change durable as a redo; the archive publishes
 * what it has of them; apply makes the change, and gives each document the
 * group of near-copies that the archive says (storage/copies.h). Who finds a
 * redo in `begin` makes its change first, if the archive has published it. So
 * both sides say the same whenever a run begins or ends, and whatever is
 * killed, no entry that was published is lost.
 *
 * Threads: a home belongs to its run's thread. */
#ifndef LEDE_INDEXER_XAPIAN_HOME_H
#define LEDE_INDEXER_XAPIAN_HOME_H

#include "base/entry.h"
#include "indexer/namer.h"
#include "indexer/watch.h"
#include "storage/archive.h"

typedef struct lede_xapian_home lede_xapian_home;

/* `create`: in a folder that is empty or not there. LEDE_NOT_FOUND, with a
 * message, if there is nothing; LEDE_BAD_INPUT if there is something else, such
 * as shards of an export, whose entries are settled elsewhere; LEDE_CORRUPT if
 * the archive beside the database is gone. */
lede_status lede_xapian_home_open(const char *directory, bool create,
                                  lede_xapian_home **out, lede_error *err);
void lede_xapian_home_close(lede_xapian_home *home); /* accepts NULL */
/* Whether `lede index` writes here. */
bool lede_xapian_home_is_at(const char *directory);
const char *lede_xapian_home_directory(const lede_xapian_home *home);
/* Lent as long as the home. */
lede_archive *lede_xapian_home_archive(const lede_xapian_home *home);

/* How much memory a run has for the database, about. */
void lede_xapian_home_bound(lede_xapian_home *home, uint64_t memory_bytes);
/* A run says before it begins that all it gives comes with names. */
void lede_xapian_home_will_find_names(lede_xapian_home *home);

/* Opens the database for writing and ends what another run began; the archive's
 * writer is open meanwhile, and until `end`. LEDE_BUSY as there. LEDE_CORRUPT
 * if database and archive do not have the same entries, unless the run is to
 * repair that. */
lede_status lede_xapian_home_begin(lede_xapian_home *home, uint32_t wait_ms,
                                   bool repairs, lede_error *err);
void lede_xapian_home_end(lede_xapian_home *home);

/* What `begin` made of a change that an earlier run had published and could not
 * finish, as a full disk stops one: entries that only now are there, are
 * changed or are gone. */
typedef struct lede_xapian_made {
    uint64_t added, updated, removed;
} lede_xapian_made;
lede_xapian_made lede_xapian_home_made(const lede_xapian_home *home);

/* Whether such a change waits here, and nobody is at work on it. */
bool lede_xapian_home_is_waiting(const char *directory);

/* What the archive itself has of an entry: nothing but what orders it and finds
 * it again. Lends from `entry`. */
lede_entry lede_xapian_home_bare(const lede_entry *entry);

/* An entry to put in the place of one with its key, as its record; `trusted`
 * and `names` as in lede_xapian_maker_fill. */
lede_status lede_xapian_home_take(lede_xapian_home *home, lede_span record,
                                  bool trusted, lede_span names,
                                  lede_error *err);
lede_status lede_xapian_home_drop(lede_xapian_home *home, uint64_t key,
                                  lede_error *err);
/* All since the last change is one, made by the next publish. */
lede_status lede_xapian_home_prepare(lede_xapian_home *home, lede_error *err);
/* It was published: now it is to be seen. Never stopped. */
lede_status lede_xapian_home_apply(lede_xapian_home *home,
                                   const lede_watch *watch, lede_error *err);

/* lede_archive_check of what the archive has by itself, and whether the
 * database has its entries and no others. For who only reads: outside of begin
 * and end.
 */
lede_status lede_xapian_home_check(lede_xapian_home *home,
                                   const lede_check_callbacks *callbacks,
                                   lede_error *err);
/* Replaces `out` by an entry's record; LEDE_CORRUPT if it is not there. */
lede_status lede_xapian_home_record(lede_xapian_home *home, uint64_t key,
                                    lede_buf *out, lede_error *err);
/* Whether the database has an entry. */
lede_status lede_xapian_home_has(lede_xapian_home *home, uint64_t key,
                                 bool *out, lede_error *err);
/* What ends a repair: drops the documents that the archive knows nothing of,
 * for it may have had to forget some, and gives the others their groups. */
lede_status lede_xapian_home_drop_unknown(lede_xapian_home *home,
                                          lede_error *err);
/* Makes every document anew from its record, by today's rules, with names found
 * by the namer; NULL: with those it had. */
lede_status lede_xapian_home_upgrade(lede_xapian_home *home, lede_namer *namer,
                                     const lede_watch *watch, lede_error *err);
/* Between begin and end: gives the database corrections of names
 * (names/corrections.h), as text, so that they reach who asks through a server.
 */
lede_status lede_xapian_home_correct(lede_xapian_home *home, lede_span text,
                                     lede_error *err);
/* Between begin and end: an entry's list of names, lent until the next call;
 * and whether names were looked for in all of them. */
lede_status lede_xapian_home_names(lede_xapian_home *home, uint64_t key,
                                   lede_span *out, lede_error *err);
bool lede_xapian_home_has_names(const lede_xapian_home *home);
/* Whether the archive knows near-copies: not if it is from before that. */
bool lede_xapian_home_has_copies(const lede_xapian_home *home);

#endif
