/* pages.h - "which saves show the same page, and which posts are the same?"
 *
 * Live pages are saved again and again; each save shows the newest posts, some
 * of them edited. Given the live documents in question, this says which are
 * saves of one page, and which posts are one entry, as a function of the set
 * of documents: neither their order nor the batches in which they came count.
 *
 * Pages. Documents with the same url are one page. Without urls, documents of
 * the same form are one page if they share at least three raw keys, or at least
 * 30 % of the smaller one's; a page is what hangs together so. Posts of two
 * different known years are not shared.
 *
 * Posts. Same raw key on the same page: same entry - unless one document shows
 * the key twice with unlike bodies; then each body is an entry of its own.
 * Different raw keys: one entry, edited, if no document shows both, the posts
 * are of the same minute or have like headlines (words' Jaccard >= 0.6) at most
 * ten minutes apart, and like bodies (five-word shingles' Jaccard >= 0.5); the
 * likest are joined first. Native ids are believed: such posts are never
 * compared.
 *
 * What a file at the same path showed before it was overwritten (a kept
 * document) is older than all else. Otherwise, of an entry's claims the winner
 * is the one with the largest updated, then captured date, then the longest
 * body, then the last path; hashes decide between what one path says twice. The
 * key is that of the first in this order, the oldest version, so that it stays
 * when later saves come.
 *
 * Years. A post whose year is unknown or guessed gets it from the other saves
 * of it, or from the nearest dated post of its page.
 *
 * Threads: pure functions. */
#ifndef LEDE_INDEXER_PAGES_H
#define LEDE_INDEXER_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "indexer/claims.h"

/* One document's version of an entry. */
typedef struct lede_version {
    lede_claim claim;
    lede_span path; /* with location: the last tie-break */
    uint32_t tag;   /* the caller's */
} lede_version;

typedef struct lede_live_document {
    lede_claim_document about;
    uint64_t file; /* which file, for about.group */
    const lede_version *posts;
    uint32_t post_count;
} lede_live_document;

/* One entry, as one page has it. */
typedef struct lede_live_class {
    uint64_t key;
    uint64_t page_id;
    uint32_t page;         /* number of the page */
    bool was_split;        /* its raw key stands for several entries here */
    uint32_t first, count; /* its posts: members[first ... first + count) */
    const lede_version *winner, *oldest;
    lede_when published; /* the winner's, with the year filled in; no spans */
} lede_live_class;

typedef struct lede_pages {
    uint32_t *page_of; /* number of the page, per document */
    uint32_t page_count;
    lede_live_class *classes; /* by page, then key */
    uint32_t class_count, class_cap;
    const lede_version **members;
    uint32_t member_count;
} lede_pages;

/* Whether two documents are saves of one page, by themselves. */
bool lede_pages_match(const lede_live_document *a, const lede_live_document *b);

/* Settles pages and entries. All of *out lives in the arena. */
lede_status lede_pages_settle(const lede_live_document *documents,
                              uint32_t document_count, lede_arena *arena,
                              lede_pages *out, lede_error *err);

/* < 0 if `a` loses against `b` (an older version), > 0 if it wins. */
int lede_post_compare(const lede_claim *a, lede_span a_path,
                      const lede_claim *b, lede_span b_path);

/* Whether both dates have a trusted year, and not the same. */
bool lede_years_conflict(const lede_when *a, const lede_when *b);

/* Whether two claims of one raw key can be the same post: bodies equal or
 * alike.
 */
bool lede_claims_alike(const lede_claim *a, const lede_claim *b);

#endif
