/* xapian_world.h - "one random archive, kept in three ways"
 *
 * Entries of few words in many forms, with people and places named by the same
 * words: in an embedded archive, in one database of Xapian's, and in three,
 * behind servers where there are any.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_TESTS_QUERY_XAPIAN_WORLD_H
#define LEDE_TESTS_QUERY_XAPIAN_WORLD_H

#include "base/analyze.h"
#include "base/arena.h"
#include "query/engine.h"
#include "tests/support/random_archive.h"
#include "tests/support/tcpsrv.h"

enum { ENTRIES = 150, WORDS = 20, SHARDS = 3, ENGINES = 3, EPOCH = 1700000000 };

/* Forms that share stems, in one language and not in another; compounds and
 * their parts; numbers, initials, two scripts. */
extern const char *const world_words[WORDS];

/* Of places; some lie in others. */
enum { IDS = 4 };
extern const char *const world_ids[IDS];

typedef struct world {
    char folder[256], directory[256], one[300], many[300];
    lede_archive *archive;
    lede_snapshot *snapshot;
    lede_arena arena;
    lede_entry entries[ENTRIES];
    lede_span names[ENTRIES];
    lede_analyzer *analyzer;
    uint32_t languages;
    tcpsrv servers[SHARDS];
    lede_engine *engines[ENGINES];
    lede_span long_body; /* that some entries have all or most of */
    uint64_t state;
    char at[40]; /* the tree that is asked, as LEDE_TEST_TREE has it */
} world;

void world_open(world **out, uint64_t seed);
void world_close(world *w);

/* The term of somebody's, or of an unknown place's, whole name (or of none);
 * lives in `arena`. */
lede_span world_whole_name(world *w, const char *prefix, lede_arena *arena);

static inline uint32_t below(world *w, uint32_t limit)
{
    return random_below(&w->state, limit);
}

#endif
