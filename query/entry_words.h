/* entry_words.h - "which words do these entries have, and how often?"
 *
 * A table of the words of entries that are read one after another: by their
 * stems, each with a number, and counted by the weights of the fields that they
 * stand in. For what is learnt from hits (query/feedback.h, query/likeness.h).
 *
 * Threads: belongs to one search. */
#ifndef LEDE_QUERY_ENTRY_WORDS_H
#define LEDE_QUERY_ENTRY_WORDS_H

#include "base/analyze.h"
#include "base/arena.h"
#include "base/entry.h"

typedef struct lede_entry_words lede_entry_words;

typedef struct lede_entry_word {
    lede_span term;
    uint32_t count;   /* in the entry read last: weighted, doubled */
    uint32_t entries; /* those read that have it */
} lede_entry_word;

/* Lives in `arena`, with its words. NULL when out of memory. */
lede_entry_words *lede_entry_words_new(lede_analyzer *analyzer,
                                       lede_arena *arena);

/* Reads the first `most` words of an entry's default fields. *numbers: of the
 * words it has, in order of appearance; good until the next read. False when
 * out of memory. */
bool lede_entry_words_read(lede_entry_words *words, const lede_entry *entry,
                           lede_language language, uint32_t most,
                           const uint32_t **numbers, uint32_t *count);

/* Of all entries read; numbers go from 0 on. */
uint32_t lede_entry_words_total(const lede_entry_words *words);
/* Good until the next read. */
const lede_entry_word *lede_entry_words_get(const lede_entry_words *words,
                                            uint32_t number);

#endif
