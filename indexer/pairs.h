/* pairs.h - "which two frequent words stand side by side, in which entries?"
 *
 * Gathers the lists of pairs (storage/pair_words.h) while the words of entries
 * go by. What is found is only noted, in order, as numbers of 16 bits: a pair
 * is the place of its two words in a table of words x words, and marks among
 * them tell entry and field. Lists come of it at the end, by counting and
 * dealing out.
 *
 * Threads: as the accumulator. */
#ifndef LEDE_INDEXER_PAIRS_H
#define LEDE_INDEXER_PAIRS_H

#include "base/entry_terms.h"
#include "storage/pair_words.h"

/* How many words can wait for the one behind them: a compound, its last part,
 * and some to spare. */
enum { LEDE_PAIRS_WAITING = 8 };

/* Entries that are dealt out at a time, unless one list has more. */
enum { LEDE_PAIRS_DEALT = 1 << 22 };

typedef struct lede_pairs {
    const lede_pair_words *words; /* lent; NULL: no pairs are gathered */
    uint16_t **pages;
    uint32_t page_count, page_cap;
    uint16_t *at, *end;    /* free room of the last page */
    uint64_t found;        /* pairs, again and again in an entry */
    uint32_t entry, field; /* as last noted; the entry + 1 */
    bool is_lost; /* something escaped: the lists would not be complete */
    uint32_t waiting_count;
    uint8_t waiting[LEDE_PAIRS_WAITING];
    uint32_t ends[LEDE_PAIRS_WAITING]; /* where each wants its neighbour */
} lede_pairs;

/* For these words, or none. */
void lede_pairs_init(lede_pairs *pairs, const lede_pair_words *words);
void lede_pairs_done(lede_pairs *pairs);
/* What is held. */
size_t lede_pairs_bytes(const lede_pairs *pairs);
/* What a walk over the lists of so many entries takes besides, at most. */
size_t lede_pairs_walk_bytes(const lede_pairs *pairs, uint32_t entries);

void lede_pairs_begin_entry(lede_pairs *pairs);
/* The next of the entry's words that are in the set, by its number; positions
 * ascend. `entry` counts from 1. False when out of memory. */
bool lede_pairs_add(lede_pairs *pairs, uint32_t entry, uint8_t word,
                    lede_field field, uint32_t position, uint32_t width);

/* An entry of a list, and the fields in which the two words are neighbours. */
static inline uint32_t lede_pair_item_entry(uint32_t item)
{
    return item >> LEDE_DEFAULT_FIELDS;
}

static inline uint8_t lede_pair_item_fields(uint32_t item)
{
    return (uint8_t)(item & ((1u << LEDE_DEFAULT_FIELDS) - 1));
}

typedef struct lede_pair_list {
    uint32_t first, second; /* numbers of words */
    const uint32_t *items;  /* entries ascend */
    uint32_t count;
} lede_pair_list;

typedef struct lede_pair_place {
    uint32_t count; /* of entries; when they are dealt out, where the next goes
                     */
    uint32_t entry; /* + 1, of the last one */
} lede_pair_place;

/* The lists, by the first word, then by the second. */
typedef struct lede_pair_walk {
    const lede_pairs *pairs;
    lede_pair_place *places;
    uint32_t *items;
    uint32_t dealt_most, item_cap;
    uint32_t place, place_count;
    uint32_t dealt_end; /* the place behind those that are dealt out */
    uint32_t item;      /* the first of the next list */
    bool failed;        /* out of memory */
} lede_pair_walk;

/* `dealt` is LEDE_PAIRS_DEALT, but in tests. */
void lede_pair_walk_init(lede_pair_walk *walk, const lede_pairs *pairs,
                         uint32_t dealt);
/* Lends the next list, until the next call. False at the end, or if it failed.
 */
bool lede_pair_walk_next(lede_pair_walk *walk, lede_pair_list *out);
void lede_pair_walk_done(lede_pair_walk *walk);

#endif
