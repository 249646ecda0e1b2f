#include "indexer/word_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/large.h"

enum {
    ADDRESS = sizeof(uint8_t *),
    SLAB_PAGES = LEDE_LARGE_PAGE_BYTES / LEDE_PAGE_ARENA_BYTES
};

/* The first slab is of small pages: many runs need no more. */
static uint8_t *get_slab(size_t page_count)
{
    return page_count == 0 ? malloc(LEDE_LARGE_PAGE_BYTES)
                           : lede_large_get(LEDE_LARGE_PAGE_BYTES);
}

static bool add_page(lede_page_arena *arena)
{
    if (arena->page_count == arena->page_cap) {
        size_t cap = arena->page_cap * 2 + 16;
        uint8_t **pages = realloc(arena->pages, cap * sizeof pages[0]);

        if (pages == NULL) {
            return false;
        }
        arena->pages = pages;
        arena->page_cap = cap;
    }
    if (arena->page_count % SLAB_PAGES == 0) {
        arena->slab = get_slab(arena->page_count);
        if (arena->slab == NULL) {
            return false;
        }
    }
    arena->pages[arena->page_count] =
        arena->slab +
        arena->page_count % SLAB_PAGES * (size_t)LEDE_PAGE_ARENA_BYTES;
    arena->page_count++;
    arena->used = 0;
    return true;
}

void *lede_page_arena_get(lede_page_arena *arena, size_t bytes)
{
    uint8_t *got;

    bytes = (bytes + 7) & ~(size_t)7;
    if (arena->page_count == 0 || bytes > LEDE_PAGE_ARENA_BYTES - arena->used) {
        if (bytes > LEDE_PAGE_ARENA_BYTES || !add_page(arena)) {
            return NULL;
        }
    }
    got = arena->pages[arena->page_count - 1] + arena->used;
    arena->used += bytes;
    return got;
}

uint32_t lede_page_arena_reference(const lede_page_arena *arena,
                                   const void *last)
{
    size_t page = arena->page_count - 1;
    size_t at = (size_t)((const uint8_t *)last - arena->pages[page]);

    return (uint32_t)(page << LEDE_PAGE_ARENA_SHIFT | at / 8);
}

size_t lede_page_arena_bytes(const lede_page_arena *arena)
{
    size_t pages = arena->page_count;

    if (pages > SLAB_PAGES) {
        pages = (pages + SLAB_PAGES - 1) / SLAB_PAGES * SLAB_PAGES;
    }
    return pages * LEDE_PAGE_ARENA_BYTES +
           arena->page_cap * sizeof arena->pages[0];
}

void lede_page_arena_done(lede_page_arena *arena)
{
    size_t i;

    for (i = 0; i < arena->page_count; i += SLAB_PAGES) {
        free(arena->pages[i]); /* a slab */
    }
    free(arena->pages);
    *arena = (lede_page_arena){0};
}

void lede_word_list_init(lede_word_list *list)
{
    list->at = list->first;
    list->end = list->first + sizeof list->first;
    list->bytes = 0;
    list->piece = sizeof list->first;
}

static bool grow(lede_word_list *list, lede_page_arena *arena)
{
    uint32_t size = list->piece * 2;
    uint8_t *piece;

    if (size > LEDE_WORD_LIST_LARGEST) {
        size = LEDE_WORD_LIST_LARGEST;
    }
    piece = lede_page_arena_get(arena, size);
    if (piece == NULL) {
        return false;
    }
    memcpy(piece, list->end - ADDRESS, ADDRESS);
    memcpy(list->end - ADDRESS, &piece, sizeof piece);
    list->at = piece + ADDRESS;
    list->end = piece + size;
    list->piece = size;
    return true;
}

bool lede_word_list_put(lede_word_list *list, lede_page_arena *arena,
                        const uint8_t *bytes, size_t len)
{
    if (len > UINT32_MAX - list->bytes) {
        return false;
    }
    list->bytes += (uint32_t)len;
    while (len > 0) {
        size_t room = (size_t)(list->end - list->at);
        size_t part = len < room ? len : room;

        if (part == 0) {
            if (!grow(list, arena)) {
                return false;
            }
            continue;
        }
        memcpy(list->at, bytes, part);
        list->at += part;
        bytes += part;
        len -= part;
    }
    return true;
}

void lede_word_list_copy(const lede_word_list *list, uint8_t *out)
{
    const uint8_t *piece = list->first;
    uint32_t left = list->bytes, size = sizeof list->first;

    while (left > size) { /* more than this piece holds: it has an address */
        uint8_t *next;

        memcpy(out, piece, size - ADDRESS);
        out += size - ADDRESS;
        left -= size - ADDRESS;
        memcpy(&next, piece + size - ADDRESS, sizeof next);
        piece = next;
        size = size * 2 > LEDE_WORD_LIST_LARGEST ? LEDE_WORD_LIST_LARGEST
                                                 : size * 2;
    }
    memcpy(out, piece, left);
}
