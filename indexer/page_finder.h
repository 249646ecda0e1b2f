/* page_finder.h - "which of these documents are saves of one page?"
 *
 * The half of pages.h that tells pages, for documents that come one by one: at
 * any time it knows which of those it has are one page, by the rules there. A
 * document is not compared with all before it: of each raw key is known which
 * pages show it, and a page is looked at only if it shares as many keys with
 * the document as one of its own documents would have to; then the latest
 * documents with these keys are tried first.
 *
 * Threads: a finder belongs to one thread. */
#ifndef LEDE_INDEXER_PAGE_FINDER_H
#define LEDE_INDEXER_PAGE_FINDER_H

#include "indexer/map.h"
#include "indexer/pages.h"

/* One raw key of a document: its oldest version there. */
typedef struct lede_shown_key {
    uint64_t raw;
    const lede_version *post;
} lede_shown_key;

/* The document's raw keys, ascending, without doubles; NULL when out of memory.
 */
lede_shown_key *lede_shown_keys_list(const lede_live_document *document,
                                     lede_arena *arena, uint32_t *count);
/* How many keys both show, not of two known years. */
uint32_t lede_shown_keys_shared(const lede_shown_key *a, uint32_t a_count,
                                const lede_shown_key *b, uint32_t b_count);
/* Whether so many make one page of documents with so many keys. */
bool lede_shown_keys_suffice(uint32_t shared, uint32_t a_keys, uint32_t b_keys);

typedef struct lede_found_document lede_found_document;
typedef struct lede_key_holder lede_key_holder;

/* Private but for `count`. */
typedef struct lede_page_finder {
    lede_arena *arena;
    lede_found_document *documents;
    uint32_t count, cap;
    lede_map raw_at; /* raw key -> heads[] */
    struct lede_key_heads *heads;
    uint32_t head_count, head_cap;
    lede_key_holder *holders;
    uint32_t holder_count, holder_cap;
    lede_map by_url, by_group; /* a document of each */
    uint32_t *touched;         /* pages that share a key with the document */
    uint32_t touched_cap;
    uint32_t mark;
} lede_page_finder;

/* All its memory is the arena's. */
void lede_page_finder_init(lede_page_finder *finder, lede_arena *arena);
/* Adds a document, which gets the next number; its posts must live as long as
 * the arena. False when out of memory. */
bool lede_page_finder_add(lede_page_finder *finder,
                          const lede_live_document *document);
/* The page of a document: a document's number, the same for all documents of a
 * page until another one is added. */
uint32_t lede_page_finder_page(lede_page_finder *finder, uint32_t document);
/* Calls `fn` with the pages that show a raw key, doubles possible. */
void lede_page_finder_each(lede_page_finder *finder, uint64_t raw,
                           void (*fn)(void *ctx, uint32_t page), void *ctx);

#endif
