/* pairs.h - "which two frequent words stand side by side, in which entries?"
 *
 * Gathers the lists of pairs (storage/pair_words.h) while the words of entries
 * go by. Two words of the set name a place in a table, which leads to a growing
 * list of bytes in the accumulator's arena:
 *
 *   item: varint(entry gap << 1 | has other fields than the body);
 *         if it has: u8 fields
 *
 * Threads: as the accumulator. */
#ifndef LEDE_INDEXER_PAIRS_H
#define LEDE_INDEXER_PAIRS_H

#include "base/entry_terms.h"
#include "indexer/word_list.h"
#include "storage/pair_words.h"

/* How many words can wait for the one behind them: a compound, its last part,
 * and some to spare. */
enum { LEDE_PAIRS_WAITING = 8 };

/* Pairs found but not yet in their lists: memory that a pair needs is asked for
 * while others are put. A power of two. */
enum { LEDE_PAIRS_UNDER_WAY = 8 };

typedef struct lede_pair_found {
    uint32_t place; /* in the table */
    uint32_t entry; /* + 1 */
    uint8_t fields;
} lede_pair_found;

typedef struct lede_pair_list {
    lede_word_list list;
    uint32_t written; /* entry + 1 of the last item; 0 = none */
    uint32_t entry;   /* entry + 1 of the one at hand, not written yet */
    uint8_t fields;   /* of that one */
} lede_pair_list;

typedef struct lede_pairs {
    const lede_pair_words *words; /* lent; NULL: no pairs are gathered */
    uint32_t *lists;              /* words x words: reference + 1, or 0 */
    uint32_t most_bytes;          /* of a list */
    bool is_lost; /* something escaped: the lists would not be complete */
    lede_pair_found under_way[LEDE_PAIRS_UNDER_WAY];
    uint32_t found, put; /* so many so far */
    uint32_t waiting_count;
    uint8_t waiting[LEDE_PAIRS_WAITING];
    uint32_t ends[LEDE_PAIRS_WAITING]; /* where each wants its neighbour */
} lede_pairs;

/* For these words, or none; whatever was gathered is forgotten. */
bool lede_pairs_init(lede_pairs *pairs, const lede_pair_words *words);
void lede_pairs_done(lede_pairs *pairs);
size_t lede_pairs_bytes(const lede_pairs *pairs);

void lede_pairs_begin_entry(lede_pairs *pairs);
/* The next of the entry's words that are in the set, by its number; positions
 * ascend. `entry` counts from 1. False when out of memory. */
bool lede_pairs_add(lede_pairs *pairs, lede_page_arena *arena, uint32_t entry,
                    uint8_t word, lede_field field, uint32_t position,
                    uint32_t width);

/* After the last entry. False when out of memory. */
bool lede_pairs_end(lede_pairs *pairs, lede_page_arena *arena);
/* The list of two words, NULL if they never meet; complete from now on. */
bool lede_pairs_finish(lede_pairs *pairs, lede_page_arena *arena,
                       uint32_t first, uint32_t second,
                       const lede_pair_list **out);

#endif
