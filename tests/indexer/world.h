/* world.h - folders of random files for the fake corpus.
 *
 * Everything follows from the seed. Articles have urls, ids or neither, a few
 * of them in several files and in several versions; live pages are saved again
 * and again, each save with the newest posts, some of them edited. */
#ifndef LEDE_TESTS_INDEXER_WORLD_H
#define LEDE_TESTS_INDEXER_WORLD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/time.h"

typedef struct world_random {
    uint64_t state;
} world_random;

uint64_t world_next(world_random *random);
uint32_t world_below(world_random *random, uint32_t bound);

/* Replaces the content of `out` with that of a file of articles. */
void world_articles(world_random *random, uint32_t count, lede_buf *out);
/* Save number `save` of live page `page`: the same posts each time, but for
 * those that were edited in between. */
void world_live(uint64_t page, uint32_t save, lede_buf *out);
/* A random save of live page `page`, of those where everything comes at once:
 * lines that many pages show, keys shown twice with unlike bodies, edits of
 * headline, time and body, two years or none, two forms, urls, two pages in a
 * file. */
void world_busy_live(world_random *random, uint32_t page, lede_buf *out);

#endif
