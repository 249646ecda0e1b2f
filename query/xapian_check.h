/* xapian_check.h - "and what does the entry itself say?"
 *
 * Answers about one entry from its words, for what Xapian can't be asked:
 * whether it matches a node, where the words stand, how often.
 *
 * Threads: a reading belongs to one thread. */
#ifndef LEDE_QUERY_XAPIAN_CHECK_H
#define LEDE_QUERY_XAPIAN_CHECK_H

#include "base/buf.h"
#include "query/places.h"
#include "query/spots.h"

/* An entry, with the spots of a tree's leaves. All-zero is empty. */
typedef struct lede_xapian_reading {
    lede_arena arena; /* of the entry at hand */
    lede_buf record;
    lede_entry entry;
    lede_language language;
    lede_buf names;          /* the list */
    lede_spots spots, named; /* in the texts, and in the list */
    lede_place *places;
    uint32_t place_cap;
    bool *flags; /* scratch: two for each spot of the one or the other */
    uint32_t flag_cap;
    lede_stretches *near; /* scratch of NEAR, made when spots are found */
} lede_xapian_reading;

void lede_xapian_reading_done(lede_xapian_reading *reading);

/* Replaces the entry at hand by that of a document's data and list of names. */
lede_status lede_xapian_reading_load(lede_xapian_reading *reading,
                                     lede_span data, lede_span names,
                                     lede_error *err);
/* Finds the leaves of the spotter's tree in it. False when out of memory. */
bool lede_xapian_reading_spot(lede_xapian_reading *reading,
                              lede_spotter *spotter);

/* Whether the entry matches a node of that tree; no, if it failed: out of
 * memory. */
bool lede_xapian_reading_matches(const lede_xapian_reading *reading,
                                 const lede_tree *tree, const lede_node *node);
bool lede_xapian_reading_failed(const lede_xapian_reading *reading);
/* The places of the wanted leaves; lent until the next call. False when out of
 * memory. */
bool lede_xapian_reading_places(lede_xapian_reading *reading,
                                const bool *wanted, lede_places *out);
/* The weighted frequency of a leaf. */
uint32_t lede_xapian_reading_frequency(const lede_xapian_reading *reading,
                                       uint32_t leaf);

#endif
