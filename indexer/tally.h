/* tally.h - "what has this run done, as a person would count it?"
 *
 * An entry can be settled several times in one run: when a batch changes it and
 * a later one again, when a file is moved and its old name is pruned. It is
 * counted once, by what it was before the run and what it is now.
 *
 * Threads: a tally belongs to one thread. */
#ifndef LEDE_INDEXER_TALLY_H
#define LEDE_INDEXER_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "indexer/indexer.h"
#include "indexer/map.h"
#include "indexer/scratch.h"

typedef enum lede_change {
    LEDE_CHANGE_NONE,
    LEDE_CHANGE_ADDED,
    LEDE_CHANGE_UPDATED,
    LEDE_CHANGE_REMOVED
} lede_change;

/* Private. */
typedef struct lede_run_tally {
    lede_scratch *scratch;
    lede_arena arena;
    lede_map met;   /* key -> what it was and how it was counted last */
    bool was_empty; /* the archive: then nothing need be remembered */
} lede_run_tally;

/* The tally must stay where it is. Remembers up to `heap_bytes` in memory, more
 * in a file in the directory. */
lede_status lede_run_tally_init(lede_run_tally *tally, const char *directory,
                                size_t heap_bytes, bool was_empty,
                                lede_error *err);
/* Accepts one that is all-zero. */
void lede_run_tally_done(lede_run_tally *tally);

/* Counts what was done to the entry of a key. */
void lede_run_tally_note(lede_run_tally *tally, uint64_t key,
                         lede_change change, lede_index_report *report);

#endif
