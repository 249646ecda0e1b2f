/* claims.h - "what does this file say?"
 *
 * A claim is one document's statement that an entry exists: the raw key, the
 * hashes of what it says, and what decides which of several claims wins. The
 * claims of all files are the truth from which the entries of an archive
 * follow, whatever the order in which they came. They are kept in the payload
 * of file records, in blocks whose rows are sorted by raw key:
 *
 *   version u8 | documents varint | rows varint | pool bytes varint
 *   documents: flags u8, form u64, url page id u64, group u32
 *   rows (36 bytes each): raw u64, digest u64, when hash u32, body hash u32,
 *          headline hash u32, body bytes u32, pool offset u32
 *   pool:  per row: flags u8, kind u8, document varint, line or location,
 *          updated and captured, and for posts of live pages the date and the
 *          sketches of headline and body
 *
 * Live posts carry sketches, so that edited posts are recognised from claims
 * alone: the hashes of the headline's words, and the smallest LEDE_SKETCH_MAX
 * hashes of the body's five-word shingles (Broder, "On the resemblance and
 * containment of documents", 1997), which is all of them for most posts.
 *
 * Threads: a block view is read-only; a builder belongs to one thread. */
#ifndef LEDE_INDEXER_CLAIMS_H
#define LEDE_INDEXER_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/entry.h"
#include "base/span.h"
#include "base/status.h"
#include "indexer/identity.h"

enum { LEDE_SKETCH_MAX = 64, LEDE_SHINGLE_WORDS = 5 };

/* A document: what stands between page_begin and page_end of one file. */
typedef struct lede_claim_document {
    uint64_t form;        /* hash of the format's name */
    uint64_t url_page_id; /* 0: the page is known by its content alone */
    uint32_t group; /* documents of a file with the same group, unless it is 0,
                       are one page */
    bool is_live;
    bool is_kept; /* the posts of a former save at this path that the present
                     one no longer shows */
} lede_claim_document;

typedef struct lede_claim {
    uint64_t raw, digest;
    uint32_t when_hash, body_hash, headline_hash, body_bytes;
    lede_key_kind kind;
    uint32_t document;  /* index in the block */
    uint32_t line;      /* location "#line=N", if not 0; else see location */
    lede_span location; /* "" or "#..." */
    int64_t updated, captured;
    bool is_kept;        /* as its document; not stored for itself */
    bool is_post;        /* of a live page: what follows is kept in blocks */
    lede_when published; /* without spans */
    bool year_was_guessed;
    lede_span headline; /* ascending little-endian u32s */
    lede_span shingles; /* likewise */
} lede_claim;

/* Instants of claims are within this many seconds of 1970, which is beyond the
 * year 9999; or LEDE_INSTANT_NONE. */
#define LEDE_CLAIM_INSTANT_MAX (INT64_C(1) << 38)

/* Fills a claim from a reading. `is_post`: date and sketches too; spans live in
 * the arena. */
lede_status lede_claim_of(lede_identifier *identifier,
                          const lede_identity *identity, const lede_page *page,
                          const lede_entry *entry, const char *location,
                          bool is_post, lede_arena *arena, lede_claim *out,
                          lede_error *err);

/* Whether both say the same of the entry, place and date included. */
bool lede_claim_equal(const lede_claim *a, const lede_claim *b);

/* Appends the file's path and the claim's location. */
void lede_claim_put_path(const lede_claim *claim, lede_span file,
                         lede_buf *out);

/* Jaccard's measure of two ascending lists of hashes: exact when both are
 * whole, else the estimate from the smallest of their union. Both empty: 0. */
double lede_sketch_likeness(lede_span a, lede_span b);

/* --- Blocks ------------------------------------------------------------ */

/* Sorts the claims (by raw key, then location) and appends their block. */
void lede_claims_encode(const lede_claim_document *documents,
                        uint32_t document_count, lede_claim *claims,
                        uint32_t claim_count, lede_buf *out);

typedef struct lede_claims {
    uint32_t document_count, claim_count;
    const uint8_t *rows;
    lede_span pool;
    lede_span document_bytes;
} lede_claims;

/* Opens a block: a view into `bytes`. LEDE_CORRUPT if it is not one. */
lede_status lede_claims_open(lede_span bytes, lede_claims *out,
                             lede_error *err);
lede_status lede_claims_document(const lede_claims *claims, uint32_t index,
                                 lede_claim_document *out, lede_error *err);
lede_status lede_claims_get(const lede_claims *claims, uint32_t index,
                            lede_claim *out, lede_error *err);
uint64_t lede_claims_raw(const lede_claims *claims, uint32_t index);
/* The first row whose raw key is >= `raw`. */
uint32_t lede_claims_find(const lede_claims *claims, uint64_t raw);

#endif
