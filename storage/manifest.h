/* manifest.h - "which segments make up the archive?"
 *
 * The one value that a publish replaces: generation, totals, and a row for each
 * segment. And the "format" value, which stands apart so that any version of
 * the program can read at least that: a version, and named features with what
 * they are needed for. docs/FORMAT.md is normative for both.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_MANIFEST_H
#define LEDE_STORAGE_MANIFEST_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

enum { LEDE_FORMAT_VERSION = 3 };

/* What an archive's feature is needed for. */
enum { LEDE_FEATURE_TO_READ = 1, LEDE_FEATURE_TO_WRITE = 2 };

/* The records of entries are elsewhere: see lede_archive_options. */
#define LEDE_FEATURE_RECORDS_ELSEWHERE "records-elsewhere"

/* The format value of an archive made by this program. */
void lede_format_encode(bool records_elsewhere, lede_buf *out);
/* LEDE_TOO_NEW, naming what is unknown, if this program cannot read (or, with
 * `to_write`, not write) such an archive; LEDE_CORRUPT if it is no format. */
lede_status lede_format_check(lede_span bytes, bool to_write, lede_error *err);
/* Whether a format that was checked has a feature. */
bool lede_format_has(lede_span bytes, const char *feature);

typedef struct lede_manifest_segment {
    uint32_t id;
    uint32_t entries;
    uint32_t deleted;
    uint64_t footer_hash;  /* of the footer's bytes */
    uint64_t deleted_hash; /* of the deletion bits; 0 if none are kept */
    int64_t newest;        /* as in the footer: the order of segments */
    int64_t live_oldest, live_newest;
} lede_manifest_segment;

typedef struct lede_manifest {
    uint64_t generation;
    uint32_t last_segment; /* numbers up to this were given out */
    int64_t now;           /* of the publish: what "trusted" counts from */
    uint64_t entries, deleted, length;
    int64_t oldest, newest, newest_trusted, half_life_s;
    uint32_t languages;
    uint64_t bytes_terms, bytes_postings, bytes_positions, bytes_columns,
        bytes_entries, bytes_keys;
    lede_manifest_segment *segments; /* newest first; owned */
    uint32_t segment_count;
} lede_manifest;

void lede_manifest_init(lede_manifest *manifest); /* an empty archive */
void lede_manifest_done(lede_manifest *manifest);
void lede_manifest_encode(const lede_manifest *manifest, lede_buf *out);
/* Checks the hash, the order of segments and the sums. */
lede_status lede_manifest_decode(lede_span bytes, lede_manifest *out,
                                 lede_error *err);

/* Newest first; equal ones by number, the later first. */
int lede_manifest_segment_compare(const void *a, const void *b);

/* The index of a segment, or segment_count. */
uint32_t lede_manifest_find(const lede_manifest *manifest, uint32_t id);

#endif
