/* gazetteer_format.h - "where is what in a table of places?"
 *
 * The sections behind the head (gazetteer.h), little-endian:
 *
 *     records   12 bytes for each place: u16 the place that contains it,
 * counted from the first that is no town (0xFFFF: none); i16 latitude and i16
 * longitude in 32767ths of 90 and 180 degrees; u16 population, 11 bits shifted
 * left by the upper 5; u32 the number of its usual name, shifted left by 8,
 * with flags: 3 bits lede_place_kind, 8 capital, 16 seat lows      u16 for each
 * town: the low half of its GeoNames number highs     u32 for each high half,
 * and one more: the first town of it ids       of the others, ascending: u32
 * offsets, one more than there are, into the bytes behind them starts    u32
 * for each block of 16 names blocks    names ascending by key, then by their
 * bytes: a byte with the number of bytes shared with the name before (in its
 * block) in its upper half and of further ones in its lower (15: that number is
 * the next byte), the bytes, then varints: place number, bit 1 "word for its
 * people", bit 0 "the last one"
 *
 * Everything is checked where it is read: a damaged table gives wrong names,
 * never a read outside of it.
 *
 * Private to names/.
 *
 * Threads: pure functions. */
#ifndef LEDE_NAMES_GAZETTEER_FORMAT_H
#define LEDE_NAMES_GAZETTEER_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "names/gazetteer.h"

enum {
    LEDE_GAZETTEER_VERSION = 1,
    LEDE_GAZETTEER_HEAD_BYTES = 32,
    LEDE_GAZETTEER_MAX_BYTES = 256 << 20,
    LEDE_GAZETTEER_RECORD_BYTES = 12,
    LEDE_GAZETTEER_BLOCK_NAMES = 16
};

typedef struct lede_gazetteer_record {
    uint32_t parent; /* a place, or LEDE_PLACE_NONE */
    int16_t lat, lon;
    uint32_t population;
    uint32_t name;
    lede_place_kind kind;
    bool is_capital, is_seat;
} lede_gazetteer_record;

/* The record of a place of the table. */
lede_gazetteer_record lede_gazetteer_record_of(const lede_gazetteer *gazetteer,
                                               lede_place_number place);

double lede_gazetteer_lat(const lede_gazetteer_record *record);
double lede_gazetteer_lon(const lede_gazetteer_record *record);

/* Names in their order, from a block's first on. */
typedef struct lede_gazetteer_names {
    const lede_gazetteer *gazetteer;
    const uint8_t *at, *end;
    const uint8_t *places; /* of the name last read; NULL behind the last one */
    bool has_people; /* the name last read is a word for somebody's people */
    uint32_t next;   /* the number of the name that comes next */
    size_t name_len;
    uint8_t name[LEDE_PLACE_NAME_BYTES];
} lede_gazetteer_names;

void lede_gazetteer_names_init(lede_gazetteer_names *names,
                               const lede_gazetteer *gazetteer, uint32_t block);

/* Reads the next name into names->name; false at the end of all, or of what
 * can be read. */
bool lede_gazetteer_names_next(lede_gazetteer_names *names);

/* The next place of the name last read; false behind the last. */
bool lede_gazetteer_names_place(lede_gazetteer_names *names,
                                lede_place_number *place, bool *people);

/* What was seen of the keys that blocks begin with, for someone who looks many
 * names up: the first eight bytes of each, 0 for one not seen. Freed with
 * free(). Belongs to one thread; NULL where there are few look-ups. */
typedef uint64_t lede_gazetteer_heads;

/* NULL when out of memory. */
lede_gazetteer_heads *lede_gazetteer_heads_new(const lede_gazetteer *gazetteer);

/* Stands before the first name with a key of at least this one. */
void lede_gazetteer_names_seek(lede_gazetteer_names *names,
                               const lede_gazetteer *gazetteer,
                               lede_gazetteer_heads *heads, lede_span key,
                               lede_buf *scratch);

/* A place that goes by a name. */
typedef struct lede_gazetteer_found {
    lede_place_number place;
    int32_t weight;
    bool usual; /* the name is the one that it is shown by */
} lede_gazetteer_found;

/* lede_gazetteer_find with more to each; or, with `people`, the places for
 * whose people or things the name is a word. */
size_t
lede_gazetteer_find_all(const lede_gazetteer *gazetteer,
                        lede_gazetteer_heads *heads, lede_span name,
                        bool people,
                        lede_gazetteer_found out[LEDE_GAZETTEER_MAX_FOUND]);

#endif
