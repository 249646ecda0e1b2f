/* scratch.h - "work on more than memory may hold"
 *
 * A source of arenas' chunks (base/arena.h): from the heap up to a share, then
 * from a temporary file without a name, mapped into memory. What lies there is
 * no anonymous memory: the system writes it out when it wants the room. So the
 * work on very many claims needs disk, not memory.
 *
 * Threads: a scratch belongs to one thread. */
#ifndef LEDE_INDEXER_SCRATCH_H
#define LEDE_INDEXER_SCRATCH_H

#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct lede_scratch lede_scratch;

/* No file is made before it is needed. */
lede_status lede_scratch_new(const char *directory, size_t heap_bytes,
                             lede_scratch **out, lede_error *err);
/* Its arenas must be done. Accepts NULL. */
void lede_scratch_free(lede_scratch *scratch);

/* For the arenas; valid until the scratch is freed. */
const lede_arena_source *lede_scratch_source(const lede_scratch *scratch);

#endif
