/* place_names.h - "which places may a name mean?"
 *
 * The places of the table that go by a name, weightiest first, as candidates:
 * with what choosing between them needs. A name that the table has not is tried
 * without "southern" in front or "region" behind. What was found is remembered,
 * because texts of one archive speak of the same places.
 *
 * Private to names/.
 *
 * Threads: belongs to one thread at a time. */
#ifndef LEDE_NAMES_PLACE_NAMES_H
#define LEDE_NAMES_PLACE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "names/gazetteer.h"

/* Of a name: the weightiest ones. */
enum { LEDE_PLACE_MAX_CANDIDATES = 32 };

typedef struct lede_place_candidate {
    lede_place_number place, country, region;
    float lat, lon;
    int32_t weight; /* in 256ths of a doubling of people */
    uint8_t kind;
    bool usual; /* called by its usual name */
    bool capital;
} lede_place_candidate;

enum { LEDE_PLACE_RECENT_NAMES = 128 }; /* a power of two */

/* A name that was looked up. */
typedef struct lede_place_name {
    uint64_t raw;          /* hash of its bytes; 0 = free */
    uint64_t key;          /* of its key: never 0 */
    uint32_t begin, count; /* of lede_place_names.candidates */
} lede_place_name;

typedef struct lede_place_names {
    const lede_gazetteer *gazetteer;  /* NULL: no name means anything */
    lede_place_candidate *candidates; /* of all names that are remembered */
    size_t candidate_count, candidate_cap; /* private from here on */
    lede_buf key;
    uint64_t *heads;        /* lede_gazetteer_heads */
    lede_place_name *cache; /* a hash table */
    size_t cache_slots, cached_count;
    /* The last ones, which are near: an entry writes a name again and again. */
    lede_place_name recent[LEDE_PLACE_RECENT_NAMES];
} lede_place_names;

/* False when out of memory. */
bool lede_place_names_init(lede_place_names *names,
                           const lede_gazetteer *gazetteer);
void lede_place_names_done(lede_place_names *names);

/* Looks a name up. False when out of memory. */
bool lede_place_names_find(lede_place_names *names, lede_span name,
                           lede_place_name *out);

/* Forgets what was looked up, if it is much: between entries. */
void lede_place_names_tidy(lede_place_names *names);

/* A place as a candidate, by its usual name. */
lede_place_candidate lede_place_candidate_of(const lede_gazetteer *gazetteer,
                                             lede_place_number place);

/* The place itself, or the one around it, that is of a kind. */
lede_place_number lede_place_of_kind(const lede_gazetteer *gazetteer,
                                     lede_place_number place,
                                     lede_place_kind kind);

/* Whether place a lies in place b. */
bool lede_place_lies_in(const lede_gazetteer *gazetteer,
                        const lede_place_candidate *a,
                        const lede_place_candidate *b);

/* Whether both are of one rank, so that side by side they are a list: states
 * of one country ("Texas, Oklahoma") or capitals of two ("Moscow and
 * Washington"). */
bool lede_place_is_list(const lede_place_candidate *a,
                        const lede_place_candidate *b);

bool lede_place_is_near(const lede_place_candidate *a,
                        const lede_place_candidate *b, double km);

#endif
