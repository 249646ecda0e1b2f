/* spots.h - "where in this entry do the query's words stand?"
 *
 * Walks a stored entry's tokens again, as the indexer did, and keeps those that
 * are one of the query's leaves. Fit, snippets, marks and explanations are made
 * from what it finds: from the positions that matched, never from a second
 * reading of the query.
 *
 * Threads: a spotter belongs to one thread. */
#ifndef LEDE_QUERY_SPOTS_H
#define LEDE_QUERY_SPOTS_H

#include "base/analyze.h"
#include "base/arena.h"
#include "base/entry_terms.h"
#include "query/tree.h"

/* One occurrence of a leaf. */
typedef struct lede_spot {
    uint32_t leaf;
    uint32_t section; /* index in lede_spots.sections */
    uint32_t position;
    uint8_t width;
    lede_case letter_case;
    bool is_exact;     /* its folded word is the one typed */
    uint8_t marks;     /* as a token has */
    size_t begin, end; /* in the section's text */
} lede_spot;

/* A section of the entry that has words. */
typedef struct lede_spot_section {
    lede_field field;
    lede_span text;
    uint32_t first_spot, spot_count;
    uint32_t begin, end; /* positions */
    bool is_derived;     /* a derived headline: the body has its words */
} lede_spot_section;

/* What was found, in order of position (a joined form before its parts). All
 * zero is empty; done frees; what is found replaces what was there. */
typedef struct lede_spots {
    lede_spot *items;
    uint32_t count, cap;
    lede_spot_section *sections;
    uint32_t section_count, section_cap;
    uint32_t length; /* of the entry, as it is indexed: weighted words */
} lede_spots;

void lede_spots_done(lede_spots *spots);

typedef struct lede_spotter lede_spotter;

/* Lives in `arena`, and as long as the tree. NULL when out of memory. */
lede_spotter *lede_spotter_new(const lede_tree *tree, lede_analyzer *analyzer,
                               lede_arena *arena);

/* Finds all leaves in an entry whose stems are of `language`. With
 * `with_headline` a derived headline is looked through too, as the first
 * section, and all other positions move up. False when out of memory. */
bool lede_spotter_find(lede_spotter *spotter, const lede_entry *entry,
                       lede_language language, bool with_headline,
                       lede_spots *out);

/* Finds leaves that are terms of names (base/entry_terms.h) in an entry's list
 * of names. They stand in a section of a field by name, at positions of the
 * names' own; one that counts several times is there so often; whole names
 * stand at the first. False when out of memory. */
bool lede_spotter_find_names(lede_spotter *spotter, lede_span list,
                             lede_spots *out);

/* True if the spot counts under a constraint. */
bool lede_spot_counts(const lede_spots *spots, const lede_spot *spot,
                      const lede_constraint *constraint);

/* The first spot at a position >= `position`. */
uint32_t lede_spots_from(const lede_spots *spots, uint32_t position);

#endif
