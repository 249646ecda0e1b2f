/* export.h - "this archive, as shards of Xapian's"
 *
 * Brings shards to the state of an archive: entries that they lack or have
 * otherwise are put, those that the archive has no more are deleted. So a run
 * that was stopped, killed, or met a full disk is finished by the next one, and
 * shards of an archive that grew are brought up to date by the same.
 *
 * Threads: a run belongs to one thread. */
#ifndef LEDE_INDEXER_EXPORT_H
#define LEDE_INDEXER_EXPORT_H

#include "indexer/watch.h"
#include "indexer/xapian_home.h"
#include "storage/archive.h"

enum { LEDE_EXPORT_MAX_SHARDS = 256 };

typedef struct lede_export_options {
    uint32_t shards;         /* 0: as it was, or one */
    bool by_time;            /* each shard a stretch of time; else by key */
    bool by_key;             /* asked for: LEDE_BAD_INPUT if it is not so */
    bool replaces;           /* whatever the shards have now */
    uint64_t batch_bytes;    /* of entries, between commits; 0 = 8 MiB. Xapian
                                takes some 35 times as much memory for it */
    const lede_watch *watch; /* told of entries; NULL: nobody */
    /* Told of bytes while databases are merged: now and then between entries,
     * and behind the last; NULL: nobody. The stop of the other counts. */
    const lede_watch *merging;
    lede_span corrections;  /* of names, as text: names/corrections.h */
    lede_xapian_home *home; /* that has the archive's entries, begun; NULL: it
                               has them itself */
} lede_export_options;

typedef struct lede_export_report {
    uint32_t shards;
    uint64_t entries; /* looked at */
    uint64_t put, deleted, unchanged;
} lede_export_report;

/* `directory` is one shard itself, or has them in folders shard-000 ... and a
 * list of them (storage/shards.h). LEDE_BAD_INPUT if it has something else,
 * another number of shards, or (unless it `replaces`) mostly entries that this
 * archive does not have, or if it is one of the shards of another folder, whose
 * list an export wrote: nothing is changed then. LEDE_BUSY while another export
 * works there. LEDE_INTERRUPTED after a stop. The report is filled in every
 * case. */
lede_status lede_export(const lede_snapshot *snapshot, const char *directory,
                        const lede_export_options *options,
                        lede_export_report *report, lede_error *err);

#endif
