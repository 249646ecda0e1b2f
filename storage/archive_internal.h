/* archive_internal.h - "what do the files behind archive.h share?"
 *
 * The environment (LMDB's handles, one per directory and process), the keys of
 * its three databases, and the bodies of the opaque types. LMDB's types stay
 * inside storage/: nobody outside includes this file.
 *
 * Databases of the environment (docs/FORMAT.md):
 *   meta      "format", "manifest"
 *   segments  segment u32 BE, kind u8, index u32 BE -> value
 *   files     folder hash u64, file name, path hash u64 -> file record
 *
 * Threads: as archive.h says. */
#ifndef LEDE_STORAGE_ARCHIVE_INTERNAL_H
#define LEDE_STORAGE_ARCHIVE_INTERNAL_H

#include <lmdb.h>
#include <pthread.h>

#include "storage/archive.h"
#include "storage/dictionary.h"
#include "storage/entry_store.h"
#include "storage/footer.h"
#include "storage/manifest.h"
#include "storage/pages.h"
#include "storage/seals.h"
#include "storage/writer_lock.h"

/* --- The environment --------------------------------------------------- */

struct lede_archive {
    char *directory;
    MDB_env *env;
    MDB_dbi meta, segments, files;
    int data_fd; /* data.mdb, for looking at pages before LMDB does */
    bool read_only;
    bool
        no_table; /* LMDB's table of readers cannot be written: see archive.c */
    bool no_room; /* ... because the disk is full */
    lede_lock shared; /* ... and this keeps writers away meanwhile */
    uint64_t map_bytes;
    const lede_record_source *records; /* NULL: they are here */
    dev_t device; /* identity of the directory in this process */
    ino_t inode;
    pid_t pid;
    struct lede_archive *next; /* in the list of open archives */

    pthread_mutex_t mutex;  /* guards what follows */
    uint32_t active;        /* transactions of this process */
    uint64_t checked_txn;   /* 1 + the state whose pages were found sound */
    uint64_t checked_files; /* ... and those of its file records */
    bool is_ours;      /* all were, and only this process has written since */
    lede_seals *seals; /* of segments that snapshots hold, or held last */
};

/* Turns LMDB's error numbers (and errno values) into a status and a sentence:
 * "DIRECTORY: WHAT: why". */
lede_status lede_lmdb_fail(lede_error *err, int rc, const lede_archive *archive,
                           const char *what);

/* Begins a transaction, following a map that another process has let grow. */
lede_status lede_txn_begin(lede_archive *archive, bool write, MDB_txn **out,
                           lede_error *err);
void lede_txn_abort(lede_archive *archive, MDB_txn *txn); /* accepts NULL */
/* The transaction is gone whatever the result. */
lede_status lede_txn_commit(lede_archive *archive, MDB_txn *txn,
                            lede_error *err);

/* Gets a value; LEDE_NOT_FOUND without a message. Lent until txn ends. */
lede_status lede_txn_get(const lede_archive *archive, MDB_txn *txn, MDB_dbi dbi,
                         lede_span key, lede_span *out, lede_error *err);
lede_status lede_txn_put(const lede_archive *archive, MDB_txn *txn, MDB_dbi dbi,
                         lede_span key, lede_span value, lede_error *err);

/* --- Keys ---------------------------------------------------------------- */

enum { LEDE_VALUE_KEY_BYTES = 9 };

void lede_value_key(uint32_t segment, lede_value_kind kind, uint32_t index,
                    uint8_t out[LEDE_VALUE_KEY_BYTES]);

/* --- Reading ------------------------------------------------------------- */

/* What is opened of a segment when it is first asked for. */
typedef struct lede_segment_cache {
    lede_span *values; /* by kind_base + index; bytes NULL = not asked yet */
    lede_column columns[LEDE_COLUMN_COUNT];
    bool column_ready[LEDE_COLUMN_COUNT];
    lede_buf zeros; /* stands for the column that is missing */
    bool dictionary_ready, keys_ready, records_ready, sources_ready;
    bool names_ready;
    lede_pair_words *pair_words; /* NULL = not asked yet */
    lede_dictionary dictionary;
    lede_column keys;     /* entry numbers in order of their keys */
    lede_column sequence; /* entry -> place in the entry store */
    lede_record_blocks blocks;
    lede_span sources;
    uint32_t source_count;
    lede_record_cache record;
    lede_name_makers name_makers;
    lede_record_blocks name_blocks;
    lede_record_cache names;
    bool copies_ready;
    lede_span copies;
} lede_segment_cache;

struct lede_segment {
    const struct lede_snapshot *snapshot;
    uint32_t id;
    uint32_t live;
    lede_footer footer;
    lede_span deleted;
    lede_span lengths;
    lede_column times;
    uint32_t kind_base[LEDE_VALUE_KIND_COUNT + 1];
    lede_segment_cache *cache;
    lede_seals *seals; /* NULL: values are taken as they are */
};

struct lede_snapshot {
    lede_archive *archive;
    MDB_txn *txn;
    lede_pages_head head; /* unless the writer's own */
    lede_manifest manifest;
    lede_totals totals;
    bool has_copies;  /* a table of copies: without one, they are to be found */
    lede_span copies; /* its items: copies.h */
    bool is_for_check;      /* which looks at the checksums itself */
    lede_segment *segments; /* newest first */
    uint32_t segment_count;
    void *kept; /* by its reader */
    void (*free_kept)(void *kept);
};

/* Columns that may be left empty: then they are as the one before. */
static inline bool lede_column_may_repeat(lede_column_id id)
{
    return id > LEDE_COLUMN_END_HEADLINE && id <= LEDE_COLUMN_END_CAPTION;
}

/* A value of a segment, found and compared with its checksum once, then
 * remembered. An index past the footer's count, a value that is not there or
 * not what was written is LEDE_CORRUPT. */
lede_status lede_segment_value(const lede_segment *segment,
                               lede_value_kind kind, uint32_t index,
                               lede_span *out, lede_error *err);
/* The bytes at an address, inside one value. */
lede_status lede_segment_part(const lede_segment *segment, lede_value_kind kind,
                              const lede_address *at, lede_span *out,
                              lede_error *err);
/* Damage to a segment; and the segment's name before a lower message. */
lede_status lede_segment_fail(const lede_segment *segment, lede_error *err,
                              const char *what);
lede_status lede_segment_fail_in(const lede_segment *segment,
                                 lede_status status, lede_error *err);

/* Opens one segment of a transaction: footer, deletions, lengths, times. */
lede_status lede_segment_open(const lede_snapshot *snapshot,
                              const lede_manifest_segment *listed,
                              lede_segment *out, lede_error *err);
void lede_segment_close(lede_segment *segment);

/* A snapshot in a transaction that the caller owns (the writer's). The one for
 * the check gives values as they are, so that all that is wrong can be told. A
 * bare one has the manifest and no segments. */
lede_status lede_snapshot_init_bare(lede_archive *archive, MDB_txn *txn,
                                    lede_snapshot *out, lede_error *err);
lede_status lede_snapshot_init(lede_archive *archive, MDB_txn *txn,
                               bool is_for_check, lede_snapshot *out,
                               lede_error *err);
void lede_snapshot_done(lede_snapshot *snapshot);

lede_status lede_segment_dictionary(const lede_segment *segment,
                                    const lede_dictionary **out,
                                    lede_error *err);
/* The bytes from a block of the dictionary to the end of its value: a block
 * knows its own end. */
lede_status lede_segment_term_block(const lede_segment *segment,
                                    const lede_dictionary *dictionary,
                                    uint32_t block, lede_span *out,
                                    lede_error *err);
/* Fills a term's numbers and lists from its entry in the dictionary. */
lede_status lede_segment_resolve_term(const lede_segment *segment,
                                      uint32_t block,
                                      const lede_dictionary_term *found,
                                      lede_term *out, lede_error *err);
/* The places [*begin, *end) in the key table of the keys first <= key <= last;
 * then the entry at a place (equal keys: ascending entries) and an entry's key.
 */
lede_status lede_segment_key_range(const lede_segment *segment, uint64_t first,
                                   uint64_t last, uint32_t *begin,
                                   uint32_t *end, lede_error *err);
uint32_t lede_segment_key_entry(const lede_segment *segment, uint32_t place);
uint64_t lede_segment_key(const lede_segment *segment, uint32_t entry);
lede_status lede_segment_store(const lede_segment *segment,
                               const lede_record_blocks **blocks,
                               lede_column *sequence, lede_error *err);

/* --- Writing ------------------------------------------------------------- */

struct lede_writer {
    lede_archive *archive;
    lede_lock lock;
    pthread_mutex_t mutex;          /* one transaction at a time */
    uint32_t last_segment;          /* the highest number in use */
    struct lede_trust_cache *trust; /* storage/ages.h */
};

/* Reserves a number for a segment to be written. */
lede_status lede_writer_next_segment(lede_writer *writer, uint32_t *id,
                                     lede_error *err);

/* A batch of values of one segment, written in one transaction. */
typedef struct lede_pending_value {
    lede_value_kind kind;
    uint32_t index;
    lede_span bytes;
} lede_pending_value;
lede_status lede_writer_put_values(lede_writer *writer, uint32_t segment,
                                   const lede_pending_value *values,
                                   size_t count, lede_error *err);

#endif
