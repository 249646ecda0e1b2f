/* newsroom.h - one set of entries, on both engines
 *
 * Entries of chance in which what an answer tells about itself differs: dates
 * of every precision, unknown ones, sources, authors, labels, kinds, languages,
 * words in several forms. They are in an embedded archive of several segments,
 * and in shards of Xapian's made from it. Tests ask both, and compare with what
 * they work out from the entries themselves. The same seed gives the same. */
#ifndef LEDE_TESTS_SUPPORT_NEWSROOM_H
#define LEDE_TESTS_SUPPORT_NEWSROOM_H

#include "base/arena.h"
#include "query/engine.h"

enum { NEWSROOM_MOST = 1000, NEWSROOM_ENGINES = 2 };

typedef struct newsroom {
    char folder[256], directory[256];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_arena arena;
    lede_entry *entries;
    uint32_t count;
    lede_engine *engines[NEWSROOM_ENGINES]; /* embedded; shards */
    uint64_t state;                         /* of chance */
} newsroom;

/* Ends the program if that fails. */
newsroom *newsroom_open(uint64_t seed, uint32_t count);
void newsroom_close(newsroom *n);

/* Whether an entry has a word, in that form, in headline or body. */
bool newsroom_has(const lede_entry *entry, const char *word);
/* The entry of a key; NULL if there is none. */
const lede_entry *newsroom_find(const newsroom *n, uint64_t key);

#endif
