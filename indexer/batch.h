/* batch.h - "what was read since the last publish?"
 *
 * The claims of files read, and where their texts wait (spill.h); which raw
 * keys and live documents have to be settled anew because of them; and which
 * blocks of which file records are no longer valid. resolve.h makes entries of
 * it, flush.h publishes them.
 *
 * Threads: a batch belongs to one thread. */
#ifndef LEDE_INDEXER_BATCH_H
#define LEDE_INDEXER_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "indexer/claims.h"
#include "indexer/file_state.h"
#include "indexer/map.h"
#include "indexer/spill.h"
#include "storage/archive.h"

enum {
    LEDE_CHUNK_CLAIMS = 8192,
    LEDE_LIVE_POSTS_MAX = 4096, /* of one document: more become another */
    LEDE_INSIDE_MAX_BYTES = 64 * 1024
};

#define LEDE_NO_TEXT UINT64_MAX
enum { LEDE_RECORD_TEXT_MAX = 1 << 29 };

/* A claim of this batch. */
typedef struct lede_pending_claim {
    lede_claim claim; /* document counts in the batch */
    uint32_t file;
    uint32_t text_bytes;
    uint64_t
        text_at; /* in the spill; LEDE_NO_TEXT: not kept, being unchanged */
    bool is_truncated; /* the entry was cut off */
} lede_pending_claim;

typedef struct lede_pending_document {
    lede_claim_document about;
    uint32_t file;
    uint32_t first, count; /* claims */
    bool is_dirty;         /* live, and not as it was */
} lede_pending_document;

typedef enum lede_file_fate {
    LEDE_FILE_READING, /* not read to its end yet */
    LEDE_FILE_COMPLETE,
    LEDE_FILE_TOUCHED, /* the same content at another time: claims stand */
    LEDE_FILE_FORGOTTEN
} lede_file_fate;

typedef struct lede_pending_file {
    lede_file_record record; /* as it will be stored, but for the payload */
    lede_file_fate fate;
    lede_file_state state; /* before this batch; spans lent from the snapshot */
    uint32_t old_void;     /* its first old blocks that no longer count */
    uint32_t first_document, document_count;
    uint32_t first_claim, claim_count;
} lede_pending_file;

typedef struct lede_batch {
    lede_arena arena; /* of all that hangs on it */
    lede_pending_file *files;
    uint32_t file_count, file_cap;
    lede_pending_document *documents;
    uint32_t document_count, document_cap;
    lede_pending_claim *claims;
    uint32_t claim_count, claim_cap;
    lede_map file_by_path; /* hash of the path -> file */
    /* Raw keys to settle anew, doubles possible: of articles, and of live posts
     * that a document no longer shows. */
    uint64_t *raws;
    uint32_t raw_count, raw_cap;
    uint64_t *live_raws;
    uint32_t live_raw_count, live_raw_cap;
    uint64_t *pages; /* by url, that a document is no longer a save of */
    uint32_t page_count, page_cap;
    lede_spill *spill; /* owned */
    bool repairs;      /* stored records that are damaged are written anew */
} lede_batch;

lede_status lede_batch_init(lede_batch *batch, const char *directory,
                            lede_error *err);
void lede_batch_done(lede_batch *batch);
/* Forgets everything, keeping little memory. */
lede_status lede_batch_clear(lede_batch *batch, lede_error *err);
size_t lede_batch_bytes(const lede_batch *batch);
bool lede_batch_is_empty(const lede_batch *batch);

/* Adds a file (the path is copied; the state is kept as given). Documents and
 * claims added later are its. */
lede_status lede_batch_add_file(lede_batch *batch,
                                const lede_file_record *record,
                                lede_file_fate fate,
                                const lede_file_state *state, lede_error *err);
lede_pending_file *lede_batch_file(lede_batch *batch); /* the last one */
/* The file of that path in this batch, or NULL. */
const lede_pending_file *lede_batch_find_file(const lede_batch *batch,
                                              lede_span path);

lede_status lede_batch_add_document(lede_batch *batch,
                                    const lede_claim_document *about,
                                    lede_error *err);
/* Adds a claim to the last document. `text` is the entry's record, empty if it
 * need not be kept. The claim's spans must live in batch->arena or longer than
 * the batch. */
lede_status lede_batch_add_claim(lede_batch *batch, const lede_claim *claim,
                                 lede_span text, lede_error *err);
lede_status lede_batch_add_raw(lede_batch *batch, uint64_t raw, bool is_live,
                               lede_error *err);
/* A page that lost a document: all its others are to be settled anew. 0 (a page
 * without url) is passed over: its keys tell. */
lede_status lede_batch_add_page(lede_batch *batch, uint64_t url_page_id,
                                lede_error *err);

/* Whether a block of a file's state before this batch still counts. */
bool lede_batch_block_counts(const lede_pending_file *file, uint32_t block);

#endif
