/* aliases.h - "by which other raw keys is an entry known?"
 *
 * They stand in the terms of a segment only, and not in its records: whoever
 * writes entries anew takes them over from there.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_INDEXER_ALIASES_H
#define LEDE_INDEXER_ALIASES_H

#include "base/arena.h"
#include "storage/segment.h"

typedef struct lede_aliases {
    lede_arena *arena; /* the caller's: there can be many */
    uint32_t *entries; /* ascending */
    uint64_t *raws;    /* of each */
    uint32_t count;
} lede_aliases;

/* All those of a segment. LEDE_CORRUPT where its terms are damaged. */
lede_status lede_aliases_list(lede_aliases *aliases,
                              const lede_segment *segment, lede_error *err);
/* Those of one entry, ascending; lent like the arena. */
const uint64_t *lede_aliases_of(const lede_aliases *aliases, uint32_t entry,
                                uint32_t *count);

#endif
