#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define LEDE_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEDE_HAS_ASAN 1
#endif
#endif
#ifdef LEDE_HAS_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST_CHUNK_BYTES = 4096, LAST_CHUNK_BYTES = 1 << 20 };

struct lede_arena_chunk {
    lede_arena_chunk *older;
    size_t size;
    size_t used;
    alignas(max_align_t) uint8_t bytes[];
};

static void free_chunks(lede_arena *arena, lede_arena_chunk *chunk)
{
    while (chunk != NULL) {
        lede_arena_chunk *older = chunk->older;

        ASAN_UNPOISON_MEMORY_REGION(chunk->bytes, chunk->size);
        arena->held_bytes -= sizeof *chunk + chunk->size;
        if (arena->source == NULL) {
            free(chunk);
        } else {
            arena->source->put(arena->source->ctx, chunk,
                               sizeof *chunk + chunk->size);
        }
        chunk = older;
    }
}

void lede_arena_done(lede_arena *arena)
{
    free_chunks(arena, arena->chunks);
    *arena = (lede_arena){.source = arena->source};
}

void lede_arena_clear(lede_arena *arena)
{
    lede_arena_chunk *chunk = arena->chunks;

    arena->used_bytes = 0;
    if (chunk == NULL) {
        return;
    }
    free_chunks(arena, chunk->older);
    chunk->older = NULL;
    if (chunk->size > LAST_CHUNK_BYTES) {
        free_chunks(arena, chunk);
        arena->chunks = NULL;
        return;
    }
    chunk->used = 0;
    ASAN_POISON_MEMORY_REGION(chunk->bytes, chunk->size);
}

static lede_arena_chunk *add_chunk(lede_arena *arena, size_t need)
{
    lede_arena_chunk *chunk = arena->chunks;
    size_t size = FIRST_CHUNK_BYTES;

    if (chunk != NULL) {
        size = chunk->size >= LAST_CHUNK_BYTES / 2 ? LAST_CHUNK_BYTES
                                                   : chunk->size * 2;
    }
    if (size < need) {
        size = need;
    }
    chunk = arena->source == NULL
                ? malloc(sizeof *chunk + size)
                : arena->source->get(arena->source->ctx, sizeof *chunk + size);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->older = arena->chunks;
    chunk->size = size;
    chunk->used = 0;
    arena->chunks = chunk;
    arena->held_bytes += sizeof *chunk + size;
    ASAN_POISON_MEMORY_REGION(chunk->bytes, chunk->size);
    return chunk;
}

void *lede_arena_room(lede_arena *arena, size_t bytes)
{
    lede_arena_chunk *chunk = arena->chunks;
    size_t align = alignof(max_align_t);
    size_t need;
    void *memory;

    if (bytes > SIZE_MAX / 4) {
        return NULL;
    }
    need = (bytes + align) / align * align;
    if (chunk == NULL || need > chunk->size - chunk->used) {
        chunk = add_chunk(arena, need);
        if (chunk == NULL) {
            return NULL;
        }
    }
    memory = chunk->bytes + chunk->used;
    chunk->used += need;
    arena->used_bytes += need;
    ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
    return memory;
}

void *lede_arena_get(lede_arena *arena, size_t bytes)
{
    void *memory = lede_arena_room(arena, bytes);

    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}

void *lede_arena_array(lede_arena *arena, size_t count, size_t item_bytes)
{
    if (item_bytes != 0 && count > SIZE_MAX / 4 / item_bytes) {
        return NULL;
    }
    return lede_arena_get(arena, count * item_bytes);
}

lede_span lede_arena_copy(lede_arena *arena, lede_span span)
{
    uint8_t *bytes = lede_arena_get(arena, span.len + 1);

    if (bytes == NULL) {
        return lede_span_of(NULL, 0);
    }
    if (span.len > 0) {
        memcpy(bytes, span.bytes, span.len);
    }
    return lede_span_of(bytes, span.len);
}
