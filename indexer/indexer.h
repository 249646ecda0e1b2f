/* indexer.h - "what is worth remembering about an entry?"
 *
 * Reads files through corpus/, settles who an entry is (its key, the page it
 * belongs to, which of two saves of it wins), posts its words, and writes
 * segments through storage/. Work is published in batches: an interrupted or
 * killed run keeps every published batch, and a later run goes on from there.
 * The result does not depend on the order of the paths.
 *
 * Threads: a run belongs to one thread; it may start others of its own. */
#ifndef LEDE_INDEXER_INDEXER_H
#define LEDE_INDEXER_INDEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "corpus/reader.h"
#include "indexer/naming.h"
#include "storage/archive.h"

typedef struct lede_index_progress {
    uint64_t files_done,
        files_all; /* files_all grows while folders are walked */
    uint64_t bytes_done, bytes_all; /* of files to be read (unchanged: counted
                                       as done) */
    uint64_t entries;               /* read so far */
    /* "reading"; or, for what was read, "settling", "writing", "merging" */
    const char *phase;
    uint64_t phase_done, phase_all; /* of such a phase, in steps of no meaning;
                                       0 while reading */
} lede_index_progress;

struct lede_xapian_home;

typedef struct lede_index_options {
    /* Who takes the entries of its archive (xapian_home.h); NULL: the segments
     * of the archive. */
    struct lede_xapian_home *home;
    uint64_t memory_bytes;  /* bound on anonymous memory; 0 = 512 MiB; at least
                               32 MiB */
    lede_read_options read; /* zone, language, year, now */
    const struct lede_source_settings
        *sources; /* per folder, before `read`; lent; may be NULL */
    bool prune;   /* drop entries of files that are gone, under the given
                     paths that exist */
    bool reread;  /* read files even if unchanged */
    const lede_naming
        *naming;      /* finds names; lent; NULL: none are looked for */
    uint32_t wait_ms; /* for another writer */
    void *ctx;        /* for the callbacks, each of which may be NULL */
    void (*progress)(void *ctx, const lede_index_progress *progress);
    /* A file, or a record in it, that was skipped or mended: one line. */
    void (*note)(void *ctx, const char *path, const char *what);
    const volatile int *stop; /* nonzero: commit what is done, LEDE_INTERRUPTED
                               */
} lede_index_options;

typedef struct lede_index_report {
    /* On a stop the file at hand counts, with the bytes read of it. */
    uint64_t files, files_unchanged, files_skipped, files_pruned;
    /* Read: as often as files have them. The others: each entry once, by what
     * it was before the run and is after it; unchanged: of those read. */
    uint64_t entries_read, entries_added, entries_updated, entries_removed,
        entries_unchanged;
    uint64_t bytes;
    uint64_t notes;
    double seconds;
} lede_index_report;

/* Indexes files and folders. LEDE_NOT_FOUND if a named path is missing (the
 * others are done first), LEDE_INTERRUPTED after a stop. The report is filled
 * in every case. */
lede_status lede_index_paths(lede_archive *archive, const char *const *paths,
                             uint32_t path_count,
                             const lede_index_options *options,
                             lede_index_report *report, lede_error *err);

/* Which files have the entries of these keys (ascending, no doubles), as far as
 * the records of files tell: calls `found` for each key and file, doubles
 * possible. Segments may be damaged. */
lede_status lede_index_find_files(lede_archive *archive, const uint64_t *keys,
                                  uint32_t count,
                                  void (*found)(void *ctx, uint32_t key,
                                                lede_span path),
                                  void *ctx, lede_error *err);

/* Merges segments into few, leaving deleted entries out: the statistics of
 * ranking become exact. More than fits into one segment
 * (LEDE_SEGMENT_FULL_ENTRIES) is cut by time, so that the segments do not
 * overlap. */
lede_status lede_index_compact(lede_archive *archive,
                               const lede_index_options *options,
                               lede_error *err);

/* Rebuilds every segment from the entry store with today's rules of analysis
 * and today's format; the files are not needed. */
lede_status lede_index_upgrade(lede_archive *archive,
                               const lede_index_options *options,
                               lede_error *err);

#endif
