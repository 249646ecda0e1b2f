/* gazetteer.h - "which places are called so, and where are they?"
 *
 * A table of the world's places: towns of 500 people and more with the other
 * names that they go by, their regions and countries with the words for their
 * people, larger areas (the Balkans, the Black Sea) and a few sites that stand
 * in the news for a place (the Kremlin). It is one file, made by
 * names/gazetteer/make_table.py, memory-mapped and read in place;
 * names/gazetteer/README.md is its card, with the licence of its data.
 *
 * A place has a number, which is good for one opened table, and an id, which is
 * the same in every table and is what belongs on disk:
 *
 *     g703448        a town: its number at GeoNames
 *     d:US.TX.113    a district (county) by GeoNames' codes
 *     a:UA.12        a region (state, province) by GeoNames' codes
 *     c:UA           a country by ISO 3166-1
 *     r:balkans      an area
 *     s:kremlin      a site
 *
 * The file, little-endian:
 *
 *     0   8  "ledegazt"
 *     8   4  version, LEDE_GAZETTEER_VERSION
 *    12   4  places
 *    16   4  names
 *    20   4  towns: the first places, ascending by GeoNames' number
 *    24   8  hash of all bytes from 32 on
 *    32  48  six times offset and length, u32: the places; the low halves of
 *            the towns' numbers and where each high half begins; the ids of the
 *            others; where each block of names begins; the blocks
 *
 * gazetteer_format.h has what is in each.
 *
 * Threads: a gazetteer is shared by any number of threads; a walk belongs to
 * one at a time. */
#ifndef LEDE_NAMES_GAZETTEER_H
#define LEDE_NAMES_GAZETTEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

typedef struct lede_gazetteer lede_gazetteer;

typedef uint32_t lede_place_number;
#define LEDE_PLACE_NONE UINT32_MAX

typedef enum lede_place_kind {
    LEDE_PLACE_TOWN = 0,
    LEDE_PLACE_DISTRICT,
    LEDE_PLACE_REGION,
    LEDE_PLACE_COUNTRY,
    LEDE_PLACE_AREA,
    LEDE_PLACE_SITE,
    LEDE_PLACE_KIND_COUNT
} lede_place_kind;

enum {
    LEDE_PLACE_ID_BYTES = 24,    /* with the NUL */
    LEDE_PLACE_NAME_BYTES = 128, /* longer names are not in a table */
    LEDE_PLACE_MAX_PARENTS = 4,
    LEDE_GAZETTEER_MAX_FOUND = 256
};

/* What is known of a place. */
typedef struct lede_place_facts {
    lede_place_kind kind;
    char id[LEDE_PLACE_ID_BYTES];
    char name[LEDE_PLACE_NAME_BYTES]; /* the usual one: UTF-8 */
    char country[3];                 /* "UA"; "" if it is in none, or several */
    lede_place_number country_place; /* LEDE_PLACE_NONE where country is "" */
    lede_place_number region_place;  /* state or province; or LEDE_PLACE_NONE */
    uint32_t population;             /* 0 = not known; three digits count */
    double lat, lon;                 /* degrees, to about 300 m */
    bool is_capital;                 /* of its country */
    bool is_seat;                    /* of its region, or capital */
} lede_place_facts;

/* Maps the file. LEDE_NOT_FOUND if there is no such file, LEDE_CORRUPT if it is
 * damaged, LEDE_TOO_NEW if this program cannot read it. */
lede_status lede_gazetteer_open(const char *path, lede_gazetteer **out,
                                lede_error *err);

/* The same from bytes, which must outlive it. */
lede_status lede_gazetteer_new(lede_span file, lede_gazetteer **out,
                               lede_error *err);
void lede_gazetteer_close(lede_gazetteer *gazetteer); /* accepts NULL */

/* Whether all bytes are as they were written: reads all of the file. Without it
 * damage gives wrong names, but never a read outside of the file. */
bool lede_gazetteer_is_whole(const lede_gazetteer *gazetteer);

/* Two tables with the same mark are the same: what was linked by another one
 * may be linked anew. */
uint64_t lede_gazetteer_mark(const lede_gazetteer *gazetteer);
uint32_t lede_gazetteer_count(const lede_gazetteer *gazetteer);

void lede_gazetteer_get(const lede_gazetteer *gazetteer,
                        lede_place_number place, lede_place_facts *out);
/* Only its id. */
void lede_gazetteer_put_id(const lede_gazetteer *gazetteer,
                           lede_place_number place,
                           char out[LEDE_PLACE_ID_BYTES]);

/* LEDE_PLACE_NONE if the table has no place of that id. */
lede_place_number lede_gazetteer_by_id(const lede_gazetteer *gazetteer,
                                       lede_span id);

/* The places that contain it, nearest first: of a town its district, region
 * and country. Returns how many. */
size_t lede_gazetteer_parents(const lede_gazetteer *gazetteer,
                              lede_place_number place,
                              lede_place_number out[LEDE_PLACE_MAX_PARENTS]);

/* The places that go by a name, however its case, accents, hyphens and
 * apostrophes are written; weightiest first (lede_gazetteer_weight). At most
 * `max` are written; returns how many. */
size_t lede_gazetteer_find(const lede_gazetteer *gazetteer, lede_span name,
                           lede_place_number *out, size_t max);

/* How likely a name means this place when nothing else is known: the logarithm
 * of its population to the base 2 in 256ths, with a bonus for countries,
 * capitals and seats. */
int32_t lede_gazetteer_weight(const lede_gazetteer *gazetteer,
                              lede_place_number place);

/* The country whose people or things are called so ("Kenyan", "Dutch", "the
 * Swiss"); LEDE_PLACE_NONE for other words. */
lede_place_number lede_gazetteer_of_people(const lede_gazetteer *gazetteer,
                                           lede_span word);

/* Appends the form of a name that names are compared in: folded
 * (base/analyze.h) without accents, hyphens as blanks, apostrophes left out,
 * initials joined
 * ("U.S." is "us"), without "the" in front. */
void lede_place_key(lede_span name, lede_buf *out);

/* Great-circle distance in km. */
double lede_place_distance_km(double lat_a, double lon_a, double lat_b,
                              double lon_b);

/* Walks the names that begin with a prefix, in the order of their keys; a name
 * of several places comes once for each. An empty prefix walks all. */
typedef struct lede_gazetteer_walk {
    const lede_gazetteer *gazetteer; /* private from here on */
    struct lede_gazetteer_names *names;
    lede_buf prefix, key;
} lede_gazetteer_walk;

void lede_gazetteer_walk_init(lede_gazetteer_walk *walk,
                              const lede_gazetteer *gazetteer,
                              lede_span prefix);

/* False at the end, or when out of memory. *name lives until the next call. */
bool lede_gazetteer_walk_next(lede_gazetteer_walk *walk, lede_span *name,
                              lede_place_number *place);
void lede_gazetteer_walk_done(lede_gazetteer_walk *walk);

#endif
