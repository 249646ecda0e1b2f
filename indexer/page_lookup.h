/* page_lookup.h - "which of these documents shows the page of that one?"
 *
 * A file with many live pages is read again: for each page that it held, the
 * first of those that it holds now which matches it (pages.h). A page without
 * an url is looked for by its raw keys. What matches shares one to three of
 * them, by the number that both have; so the one or two that most documents
 * show can be left out of the search.
 *
 * Threads: a lookup belongs to one thread. */
#ifndef LEDE_INDEXER_PAGE_LOOKUP_H
#define LEDE_INDEXER_PAGE_LOOKUP_H

#include "indexer/map.h"
#include "indexer/pages.h"

/* Private. */
typedef struct lede_page_lookup {
    const lede_live_document *documents;
    uint32_t count;
    struct lede_looked_up *looked_up; /* one for each document */
    struct lede_key_shower *showers;  /* by key */
    uint32_t shower_count;
    lede_map by_url;
    bool has_any, has_nameless;
    uint32_t mark; /* of the last search */
    lede_arena *arena;
} lede_page_lookup;

/* Its memory is the arena's, in which the documents live too. Those that are
 * not live, or have no posts, are passed over. False when out of memory. */
bool lede_page_lookup_init(lede_page_lookup *lookup,
                           const lede_live_document *documents, uint32_t count,
                           lede_arena *arena);
/* The first that lede_pages_match finds to be the page of `old`, which is of no
 * group, or LEDE_MAP_NONE. False when out of memory. */
bool lede_page_lookup_first(lede_page_lookup *lookup,
                            const lede_live_document *old, uint32_t *out);
/* Whether one of them could be that page, as far as urls tell. */
bool lede_page_lookup_may_have(const lede_page_lookup *lookup,
                               const lede_claim_document *old);

#endif
