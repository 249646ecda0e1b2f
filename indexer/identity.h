/* identity.h - "is this the same entry as that?"
 *
 * The raw key of an entry, a function of what one document says of it, by the
 * first of these that applies:
 *
 *   native   H("n", site or page, native id)
 *   url      H("u", canonical url), unless the url is no more than a host
 *   post     H("t", page or site, MM-DD, HH:MM in UTC, headline or the body's
 *            first 120 letters), for live posts
 *   article  H("a", site, headline, day, simhash of the body)
 *
 * It holds no ordinal, no file name and no year (a guessed year may change);
 * texts are folded, so that typography does not tell twins apart. Which raw
 * keys make one entry, and which key it is shown by, depends on all documents
 * that have it: see pages.h and resolve.h.
 *
 * Threads: an identifier (scratch memory) belongs to one thread; the rest are
 * pure functions. */
#ifndef LEDE_INDEXER_IDENTITY_H
#define LEDE_INDEXER_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/entry.h"
#include "base/span.h"
#include "base/status.h"
#include "corpus/reader.h"

/* Appends the canonical form of a url: no scheme, user, default port,
 * fragment, trailing slash or index.html; host in lower case without www, m or
 * amp; no parameters that only track (utm_*, fbclid, gclid, at_*, ns_*, ocid,
 * CMP, ref, amp) or that page through (page). Not a url with a host: as it is,
 * without blanks around it. */
void lede_url_canonical(lede_span url, lede_buf *out);

/* Whether a canonical url names more than a host. */
bool lede_url_has_path(lede_span canonical);

/* The 64-bit simhash (Charikar, "Similarity Estimation Techniques from Rounding
 * Algorithms", STOC 2002) of the pairs of neighbouring words of the body.
 * ASCII case, punctuation and blanks do not count. */
uint64_t lede_simhash_of_body(const lede_entry *entry);

typedef enum lede_key_kind {
    LEDE_KEY_NATIVE = 0, /* an id with the site that gave it: never doubted */
    LEDE_KEY_NATIVE_WEAK = 1, /* an id of unknown home: "1" is not rare */
    LEDE_KEY_URL = 2,
    LEDE_KEY_POST = 3,
    LEDE_KEY_ARTICLE = 4
} lede_key_kind;

/* What one document's reading of an entry is known by. */
typedef struct lede_identity {
    uint64_t raw; /* never 0 */
    lede_key_kind kind;
    uint64_t page_id; /* H("p", canonical page url) of a live page, or 0 */
    uint64_t digest;  /* of all but key, page, paths and what its date means */
    uint32_t when_hash;     /* of the published date */
    uint32_t body_hash;     /* of the body's words as written */
    uint32_t headline_hash; /* of the folded headline; 0 if there is none */
    uint32_t body_bytes;    /* length of the body, capped */
} lede_identity;

typedef struct lede_identifier {
    lede_buf text, folded, key; /* private */
} lede_identifier;

void lede_identifier_done(lede_identifier *identifier);

/* Settles who an entry is. LEDE_NO_MEMORY is the only failure. */
lede_status lede_identity_of(lede_identifier *identifier, const lede_page *page,
                             const lede_entry *entry, lede_identity *out,
                             lede_error *err);

/* The digest alone. */
lede_status lede_identity_digest(lede_identifier *identifier,
                                 const lede_entry *entry, uint64_t *out,
                                 lede_error *err);
/* The hash of a published date, as in lede_identity. */
uint32_t lede_identity_when_hash(const lede_when *when);

/* The folded headline without labels before a colon ("Breaking: "), as keys
 * and comparisons see it; empty if it has none or a derived one. Lent until the
 * identifier's next use. */
lede_span lede_identity_headline(lede_identifier *identifier,
                                 const lede_entry *entry);
/* The folded body, blocks joined by blanks; lent likewise. */
lede_span lede_identity_body(lede_identifier *identifier,
                             const lede_entry *entry);

/* Month, day, hour and minute in UTC, for dates with or without a year; false
 * if month and day are unknown. `*has_time` tells whether hour and minute
 * are known. */
bool lede_when_utc_parts(const lede_when *when, lede_civil *out,
                         bool *has_time);

/* The key of one of several entries that share a raw key. `year` is 0 unless
 * only the year tells them apart. */
uint64_t lede_identity_split(uint64_t raw, uint32_t body_hash, int32_t year);

#endif
