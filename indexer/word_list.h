/* word_list.h - "bytes that grow, a million times over"
 *
 * A list of bytes in pieces of doubling size out of one arena: the first piece
 * of 16 bytes lies in the owner. When a piece is full, its last 8 bytes move on
 * to the next one and make room for its address.
 *
 * Threads: a list belongs to one thread. */
#ifndef LEDE_INDEXER_WORD_LIST_H
#define LEDE_INDEXER_WORD_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEDE_WORD_LIST_FIRST = 16, LEDE_WORD_LIST_LARGEST = 16 * 1024 };

/* Memory in pages of one size, freed all at once; everything is aligned to 8
 * bytes and has a reference of 32 bits. At most LEDE_PAGE_ARENA_BYTES a piece.
 */
enum { LEDE_PAGE_ARENA_BYTES = 256 * 1024, LEDE_PAGE_ARENA_SHIFT = 15 };

typedef struct lede_page_arena {
    uint8_t **pages;
    size_t page_count, page_cap;
    uint8_t *slab; /* that the last page is of: several have one (large.h) */
    size_t used;   /* of the last page */
} lede_page_arena;

/* NULL when out of memory. */
void *lede_page_arena_get(lede_page_arena *arena, size_t bytes);
/* A number for the last thing got. */
uint32_t lede_page_arena_reference(const lede_page_arena *arena,
                                   const void *last);
static inline void *lede_page_arena_at(const lede_page_arena *arena,
                                       uint32_t reference)
{
    return arena->pages[reference >> LEDE_PAGE_ARENA_SHIFT] +
           (size_t)8 * (reference & ((1u << LEDE_PAGE_ARENA_SHIFT) - 1));
}
size_t lede_page_arena_bytes(const lede_page_arena *arena);
void lede_page_arena_done(lede_page_arena *arena);

typedef struct lede_word_list {
    uint8_t *at, *end; /* free room of the last piece */
    uint32_t bytes;    /* in all */
    uint32_t piece;    /* size of the last piece */
    uint8_t first[LEDE_WORD_LIST_FIRST];
} lede_word_list;

void lede_word_list_init(lede_word_list *list);
/* Appends; false when out of memory, or beyond 4 GiB. */
bool lede_word_list_put(lede_word_list *list, lede_page_arena *arena,
                        const uint8_t *bytes, size_t len);
/* Copies all of it (list->bytes bytes). */
void lede_word_list_copy(const lede_word_list *list, uint8_t *out);

#endif
