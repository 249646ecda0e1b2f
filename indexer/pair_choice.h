/* pair_choice.h - "for which words are pairs worth their bytes?"
 *
 * Those that are in the most entries: where both words of a phrase have long
 * lists, the list of the pair spares the most work, and where one is rare the
 * phrase is cheap anyway. A set is chosen once, from a sample of the first
 * entries that are enough to tell, and serves the archive from then on, since
 * lists of pairs can only be merged if they were made for the same words. (So
 * which words have pairs depends on what was indexed first. No answer does.)
 *
 * Threads: a choice belongs to one thread. */
#ifndef LEDE_INDEXER_PAIR_CHOICE_H
#define LEDE_INDEXER_PAIR_CHOICE_H

#include "base/analyze.h"
#include "base/arena.h"
#include "base/entry.h"
#include "storage/pair_words.h"

enum {
    LEDE_PAIR_SAMPLE = 1024,          /* entries that are looked at, at most */
    LEDE_PAIR_SAMPLE_WORDS = 1 << 15, /* that bound its memory to 4 MB */
    LEDE_PAIR_TOKENS = 1 << 15,       /* that a sample must have */
    LEDE_PAIR_WORDS = 192,            /* the most that are chosen */
    LEDE_PAIR_RARITY = 11 /* a word has to be in one of so many entries */
};

typedef struct lede_pair_count {
    uint64_t hash;
    lede_span word;
    uint32_t entries, last_entry;
} lede_pair_count;

/* Zeroed but for the analyzer, which is lent. */
typedef struct lede_pair_choice {
    lede_analyzer *analyzer;
    lede_arena arena;
    lede_pair_count *counts; /* a hash table; word.bytes NULL: free */
    uint32_t size, count;
    uint32_t entries;
    uint64_t tokens;
} lede_pair_choice;

/* Counts the words of one entry more; none if the sample is full. */
lede_status lede_pair_choice_add(lede_pair_choice *choice,
                                 const lede_entry *entry, lede_error *err);
/* Appends the set of at most `most` words (storage/pair_words.h), or nothing
 * if none is worth it or less than `tokens` tokens were seen. */
lede_status lede_pair_choice_end(lede_pair_choice *choice, uint32_t most,
                                 uint64_t tokens, lede_buf *out,
                                 lede_error *err);
void lede_pair_choice_done(lede_pair_choice *choice);

#endif
