/* resolve.h - "which entries follow from these claims?"
 *
 * Turns a batch and what is stored into what has to change: entries to write,
 * entries to delete. The result depends on the set of claims only, not on the
 * order in which they came.
 *
 * All versions with one raw key make one entry, with these exceptions, in which
 * the key of each is made of the raw key and the hash of the body:
 *   - posts, and ids of unknown home, that are not alike;
 *   - urls, and articles without, that one file has twice with neither the same
 *     headline nor the same body, and without dates that tell versions apart.
 * Live pages: pages.h. The text of the winning version becomes the entry; the
 * paths are those of all versions.
 *
 * Threads: a resolution belongs to one thread. */
#ifndef LEDE_INDEXER_RESOLVE_H
#define LEDE_INDEXER_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "indexer/batch.h"
#include "indexer/scratch.h"
#include "indexer/tally.h"
#include "indexer/universe.h"
#include "storage/archive.h"

typedef enum lede_text_source {
    LEDE_TEXT_MISSING, /* a file has to be read again */
    LEDE_TEXT_SPILLED,
    LEDE_TEXT_STORED
} lede_text_source;

/* A text that is neither at hand nor in the archive, and the file that claims
 * it. */
typedef struct lede_text_wish {
    uint64_t raw, digest;
    uint32_t when_hash;
    lede_span file;
} lede_text_wish;

/* An entry as it should be. */
typedef struct lede_settled {
    uint64_t key, page_id;
    int64_t time; /* published */
    lede_text_source source;
    uint32_t text_bytes;
    uint64_t text_at;            /* in the spill */
    const lede_segment *segment; /* of a stored text */
    uint32_t entry;
    uint32_t stored;            /* the stored entry of that key, or NONE */
    const lede_when *published; /* of posts: overrules the text's; no spans */
    bool year_is_guessed;       /* with it */
    bool is_unchanged;          /* nothing to do */
    const lede_span *paths;
    uint32_t path_count;
    const uint64_t *aliases;
    uint32_t alias_count;
    /* Texts that come before the one at hand, best first: none, unless the
     * winner's has to be read again. */
    const lede_text_wish *wishes;
    uint32_t wish_count;
    uint32_t wish_found; /* the best one that was read; else wish_count */
    bool was_kept;       /* a former save at a path had it */
} lede_settled;

/* What becomes of the entry of a key. */
typedef struct lede_key_change {
    uint64_t key;
    lede_change change;
} lede_key_change;

typedef struct lede_resolution {
    lede_scratch *scratch; /* of all memory of settling */
    lede_arena arena;
    const lede_batch *batch;
    const lede_snapshot *snapshot;
    lede_universe *universe;
    lede_settled *entries;
    uint32_t count, cap;
    uint32_t wanting;  /* how many have wishes */
    lede_span *unread; /* files whose texts could not be had */
    uint32_t unread_count, unread_cap;
    lede_deletion *deletions;
    uint32_t deletion_count;
    lede_key_change *changes; /* and what was found to be as it should be */
    uint32_t change_count, change_cap;
} lede_resolution;

/* Settles the entries. Where resolution->wanting is not 0, the caller reads the
 * files of wishes again (reread.c) and takes the best of them that it finds.
 * What does not fit into `heap_bytes` is worked on in a temporary file in the
 * directory (scratch.h). */
lede_status lede_resolve(const lede_batch *batch, const lede_snapshot *snapshot,
                         const char *directory, size_t heap_bytes,
                         lede_resolution *out, lede_error *err);

/* Gives up on the wishes that were not met and lists their files; what has no
 * text at all goes, unless a former save had it: that cannot be read again, so
 * the stored version stays. Drops what is as it should be, sorts the rest as a
 * segment wants it, and lists the deletions. */
lede_status lede_resolution_finish(lede_resolution *resolution,
                                   lede_error *err);
/* Notes a change; false when out of memory. */
bool lede_resolution_note(lede_resolution *resolution, uint64_t key,
                          lede_change change);
void lede_resolution_done(lede_resolution *resolution);

/* Loads texts of settled entries. */
typedef struct lede_text_loader {
    const lede_snapshot *snapshot;
    lede_spill *spill;
    lede_buf record;
    lede_arena arena;
} lede_text_loader;

void lede_text_loader_done(lede_text_loader *loader);
/* The complete entry; lent until the next load. */
lede_status lede_text_load(lede_text_loader *loader,
                           const lede_settled *settled, lede_entry *out,
                           lede_error *err);
/* The same as a record. Most need not be decoded for it. */
lede_status lede_text_record(lede_text_loader *loader,
                             const lede_settled *settled, lede_buf *out,
                             lede_error *err);

#endif
