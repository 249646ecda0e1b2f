/* places.h - "where in this entry do the query's words stand?", from the index
 *
 * The places of leaves in entries, read from their positions: what the fit is
 * made from, without a look at the stored entries. (query/spots.h walks a
 * stored entry instead, and knows the bytes that snippets mark.)
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_PLACES_H
#define LEDE_QUERY_PLACES_H

#include "base/analyze.h"
#include "base/entry_terms.h"
#include "base/status.h"
#include "query/match.h"

/* One occurrence of a leaf in a default field. */
typedef struct lede_place {
    uint32_t leaf;
    uint32_t position;
    lede_field field;
    lede_case letter_case;
    bool is_exact; /* its folded word is the leaf's */
    uint8_t marks; /* as a token has */
    uint8_t width;
} lede_place;

/* Those of an entry, by position, the wider first, then by leaf. */
typedef struct lede_places {
    const lede_place *items;
    uint32_t count;
    uint32_t headline_positions; /* how many the headline takes up */
    bool has_text; /* hits of this engine have their text roughly: this is it */
    uint64_t text;
    bool trusted; /* with it: whether the entry's date is */
    const lede_error *damage; /* NULL; or why the entry, which this engine has
                                 to read, cannot be: there are no items */
} lede_places;

/* Called for each hit, in any order; the places are lent until it returns. */
typedef void lede_places_fn(void *ctx, uint32_t hit, const lede_places *places);

/* Finds the leaves that are `wanted` (a flag for each) in the hits. Each list
 * is gone through once, however many of the hits it has. */
lede_status lede_places_find(const lede_lookup *lookup, const bool *wanted,
                             const lede_match_hit *hits, uint32_t hit_count,
                             lede_places_fn *fn, void *ctx, lede_error *err);

#endif
