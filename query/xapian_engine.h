/* xapian_engine.h - "run this tree" on shards of Xapian's
 *
 * Matches what the embedded engine matches. Text is Xapian's BM25 with lede's
 * parameters; its idf is that of lede, but of a group of synonyms, and lengths
 * count a compound's parts (docs/SCALING.md has figures). Recency is exact: the
 * factor is at most 1, so hits are taken by their text, in batches, and
 * multiplied, until the next text can't reach the last hit wanted.
 *
 * A shard that fails is left out, and the run is made again without it; the
 * engine's missing parts tell.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_QUERY_XAPIAN_ENGINE_H
#define LEDE_QUERY_XAPIAN_ENGINE_H

#include "query/engine.h"
#include "storage/shards.h"

/* The shards are closed with it, and on failure. */
lede_status lede_engine_of_shards(lede_shards *shards, lede_engine **out,
                                  lede_error *err);
/* Where all matches have to go by, so many are held at a time; 65,536 unless it
 * is said. Answers are the same. */
void lede_engine_of_shards_hold(lede_engine *engine, uint32_t window);

#endif
