/* archive.h - "where is it kept?"
 *
 * An archive is a directory with one LMDB environment: one writer and any
 * number of readers that never block each other, commits that survive a crash,
 * pages mapped into memory and read in place. Its content is a manifest, the
 * immutable segments that the manifest lists, and records of the files read.
 *
 * A reader holds a snapshot: the archive as one publish left it, unchanged
 * until the snapshot is closed. Long-lived snapshots make the file grow.
 *
 * Threads: a lede_archive may be shared by all threads (LMDB demands one
 * environment per file and process: opening the same directory twice in a
 * process is LEDE_EXISTS). A snapshot and everything reached from it belongs
 * to one thread at a time. There is one writer at a time over all processes. */
#ifndef LEDE_STORAGE_ARCHIVE_H
#define LEDE_STORAGE_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/span.h"
#include "base/status.h"
#include "storage/segment.h"

typedef struct lede_archive lede_archive;
typedef struct lede_snapshot lede_snapshot;
typedef struct lede_writer lede_writer;

/* Who keeps the records, if the archive itself has no more of its entries than
 * settling asks for. `get` replaces the content of `out`; LEDE_CORRUPT, with a
 * message, if there is none. */
typedef struct lede_record_source {
    void *ctx;
    lede_status (*get)(void *ctx, uint64_t key, lede_buf *out, lede_error *err);
} lede_record_source;

typedef struct lede_archive_options {
    bool create; /* make the directory and an empty archive if absent */
    /* Not NULL: the archive is, or becomes, one whose records are elsewhere
     * (indexer/xapian_home.h); the source is the caller's until it is closed.
     * Whoever opens such an archive without, or another one with, gets
     * LEDE_BAD_INPUT. */
    const lede_record_source *records;
    uint64_t map_bytes; /* address space to reserve; 0 = 1 TiB, halved until
                           it is granted */
} lede_archive_options;

/* LEDE_NOT_FOUND (with a message here, since a person named it) if there is no
 * archive and create is false; LEDE_TOO_NEW for a newer format; LEDE_CORRUPT
 * for a damaged one; LEDE_BAD_INPUT on a network file system; LEDE_BUSY while a
 * writer is at work, for one who may not write lock.mdb (another user's
 * archive, a read-only mount): as long as it is open there, writers are kept
 * out. */
lede_status lede_archive_open(const char *directory,
                              const lede_archive_options *options,
                              lede_archive **out, lede_error *err);
void lede_archive_close(lede_archive *archive);
const char *lede_archive_directory(const lede_archive *archive);

/* --- Reading ----------------------------------------------------------- */

typedef struct lede_totals {
    uint64_t generation;    /* one more with each publish */
    uint64_t entries;       /* live */
    uint64_t deleted;       /* deleted, not yet merged away */
    uint64_t length;        /* sum of the weighted lengths, deleted included */
    int64_t oldest, newest; /* published, live; LEDE_INSTANT_NONE if none */
    int64_t newest_trusted; /* the origin of ages: DESIGN "Ranking" */
    int64_t half_life_s;    /* median age of live trusted entries, >= 3600 */
    uint32_t languages; /* bit set of lede_language in the archive's entries */
    uint64_t bytes_terms, bytes_postings, bytes_positions, bytes_columns,
        bytes_entries, bytes_keys; /* of the segments */
    uint64_t bytes_file;           /* of the archive on disk */
} lede_totals;

lede_status lede_snapshot_open(lede_archive *archive, lede_snapshot **out,
                               lede_error *err);
/* The same without segments, whole or not: for who looks at file records. */
lede_status lede_snapshot_open_files(lede_archive *archive, lede_snapshot **out,
                                     lede_error *err);
void lede_snapshot_close(lede_snapshot *snapshot); /* accepts NULL */

/* What its reader keeps beside a snapshot from one question to the next:
 * anything, which the snapshot frees by `free_kept` when it is closed, or when
 * something else is kept. NULL until then. */
void lede_snapshot_keep(const lede_snapshot *snapshot, void *kept,
                        void (*free_kept)(void *kept));
void *lede_snapshot_kept(const lede_snapshot *snapshot);
const lede_totals *lede_snapshot_totals(const lede_snapshot *snapshot);
/* Segments in order of their newest entry, newest first. */
uint32_t lede_snapshot_segment_count(const lede_snapshot *snapshot);
const lede_segment *lede_snapshot_segment(const lede_snapshot *snapshot,
                                          uint32_t index);

/* Finds the live entry with a key. */
lede_status lede_snapshot_find_key(const lede_snapshot *snapshot, uint64_t key,
                                   const lede_segment **segment,
                                   uint32_t *entry, lede_error *err);
/* The live keys that begin with the first `digits` hex digits (1 to 16) of
 * `prefix` (left-aligned in 64 bits): `*count` is how many there are in all,
 * `keys` gets at most `max` of them. */
lede_status lede_snapshot_find_key_prefix(const lede_snapshot *snapshot,
                                          uint64_t prefix, unsigned digits,
                                          uint64_t *keys, uint32_t max,
                                          uint64_t *count, lede_error *err);

/* --- Files ------------------------------------------------------------- */

/* What is remembered of a file that was read. `payload` is the indexer's own
 * (which keys it holds ...). Lent spans live as long as the snapshot, or until
 * the iteration's next call. */
typedef struct lede_file_record {
    lede_span path; /* absolute */
    uint64_t size;
    int64_t mtime_ns;
    uint64_t inode, device;
    lede_hash128_value hash; /* of the content */
    lede_span payload;
    bool is_damaged; /* see lede_snapshot_each_file; not stored */
} lede_file_record;

/* LEDE_CORRUPT if the record is damaged: the file is then to be read again. */
lede_status lede_snapshot_find_file(const lede_snapshot *snapshot,
                                    lede_span path, lede_file_record *out,
                                    lede_error *err);
/* Calls `fn` for each file record (order of no meaning) until it returns other
 * than LEDE_OK, which is then returned. A damaged record has nothing but
 * `is_damaged` and, if that can still be told, its path. */
lede_status lede_snapshot_each_file(
    const lede_snapshot *snapshot,
    lede_status (*fn)(void *ctx, const lede_file_record *file, lede_error *err),
    void *ctx, lede_error *err);

/* --- Writing ----------------------------------------------------------- */

/* Takes the writer's lock, clears what an interrupted writer left, and frees
 * the slots of dead readers. LEDE_BUSY with the other's process id if another
 * writer holds the lock and `wait_ms` have passed. */
lede_status lede_writer_open(lede_archive *archive, uint32_t wait_ms,
                             lede_writer **out, lede_error *err);
/* Gives the lock back; segments not published are dropped. */
void lede_writer_close(lede_writer *writer);

typedef struct lede_deletion {
    uint32_t segment; /* lede_segment_id */
    uint32_t entry;
} lede_deletion;

/* One change, all or nothing: new segments appear, old ones go, entries are
 * deleted, files are remembered or forgotten. Deletions may name entries of the
 * new segments too. Durable when it returns LEDE_OK. */
typedef struct lede_publish {
    const uint32_t *added; /* ids of finished segments */
    uint32_t added_count;
    const uint32_t *removed; /* ids of segments in the manifest */
    uint32_t removed_count;
    const lede_deletion *deletions;
    uint32_t deletion_count;
    const lede_file_record *files; /* put */
    uint32_t file_count;
    const lede_span *forgotten; /* paths of files */
    uint32_t forgotten_count;
    int64_t now; /* for "trusted": dates more than a day after it are not */
} lede_publish;

lede_status lede_writer_publish(lede_writer *writer, const lede_publish *change,
                                lede_error *err);

/* --- Housekeeping ------------------------------------------------------- */

/* Recomputes what the archive claims: checksums, list and block invariants,
 * counts, lengths, key tables, times in order, records that decode, totals.
 * Calls `found` for each thing wrong (one line each), `progress` now and then
 * (either may be NULL). LEDE_OK if all is well, LEDE_CORRUPT if not. */
typedef struct lede_check_callbacks {
    void *ctx;
    void (*found)(void *ctx, const char *problem);
    /* Live entries that cannot be read, of one damaged block of records; one
     * call a block, and may be none of its entries. NULL: told as other things,
     * with a few of the keys. */
    void (*lost)(void *ctx, const char *problem, const uint64_t *keys,
                 uint32_t count);
    /* What was not looked at, and why; nothing is wrong with it. NULL: nobody
     * is told. */
    void (*noted)(void *ctx, const char *what);
    void (*progress)(void *ctx, uint64_t done_bytes, uint64_t all_bytes);
    const volatile int *stop; /* nonzero: LEDE_INTERRUPTED */
} lede_check_callbacks;
lede_status lede_archive_check(lede_archive *archive,
                               const lede_check_callbacks *callbacks,
                               lede_error *err);

/* Copies a live archive, compacted, into a directory that is empty or absent.
 * It is made in a folder beside that one, DIRECTORY.partial-PID, which is gone
 * again whenever this returns; only a process that is killed leaves it.
 * Stopped, it returns LEDE_INTERRUPTED. `callbacks` may be NULL. */
typedef struct lede_backup_callbacks {
    void *ctx;
    void (*progress)(void *ctx, uint64_t done_bytes, uint64_t all_bytes);
    const volatile int *stop; /* nonzero: end; may be NULL, as progress may */
} lede_backup_callbacks;
lede_status lede_archive_backup(lede_archive *archive, const char *directory,
                                const lede_backup_callbacks *callbacks,
                                lede_error *err);

#endif
