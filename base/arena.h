/* arena.h - "memory that all dies at once"
 *
 * Allocations out of growing chunks, freed together by clear or done. One
 * arena serves one piece of work (an entry, a query) and is cleared between.
 * Freed room is poisoned for AddressSanitizer. All-zero is an empty arena.
 *
 * Threads: an arena belongs to one thread at a time. */
#ifndef LEDE_BASE_ARENA_H
#define LEDE_BASE_ARENA_H

#include <stddef.h>

#include "base/span.h"

typedef struct lede_arena_chunk lede_arena_chunk;

/* Where chunks come from, if not from the heap: `get` gives memory aligned for
 * any type, or NULL; `put` takes it back. */
typedef struct lede_arena_source {
    void *ctx;
    void *(*get)(void *ctx, size_t bytes);
    void (*put)(void *ctx, void *memory, size_t bytes);
} lede_arena_source;

typedef struct lede_arena {
    lede_arena_chunk *chunks;        /* newest first */
    size_t used_bytes;               /* handed out since the last clear */
    size_t held_bytes;               /* held from the heap, or the source */
    const lede_arena_source *source; /* NULL: the heap; set while it is empty */
} lede_arena;

/* Frees everything and leaves an empty arena with the same source. */
void lede_arena_done(lede_arena *arena);

/* Forgets all allocations; keeps one chunk for reuse. */
void lede_arena_clear(lede_arena *arena);

/* Zeroed memory aligned for any type, or NULL. */
void *lede_arena_get(lede_arena *arena, size_t bytes);

/* The same, holding anything: for what is written before it is read. */
void *lede_arena_room(lede_arena *arena, size_t bytes);

/* An array of `count` zeroed items, or NULL (also when the product overflows).
 */
void *lede_arena_array(lede_arena *arena, size_t count, size_t item_bytes);

/* A copy of the bytes with a NUL behind; bytes is NULL on failure only. */
lede_span lede_arena_copy(lede_arena *arena, lede_span span);

#endif
