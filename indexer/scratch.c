#include "indexer/scratch.h"

#include <fcntl.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"

enum { FREED_MAX = 32, PAGE_BYTES = 1 << 16 };

/* What is handed out, and where it is from. */
typedef struct block {
    size_t bytes; /* with this */
    bool is_mapped;
    alignas(max_align_t) uint8_t memory[];
} block;

/* Given back: taken again by who needs as much. */

typedef struct mapping {
    void *memory;
    size_t bytes;
} mapping;

struct lede_scratch {
    lede_arena_source source;
    char *directory;
    size_t heap_bytes, heap_used;
    int fd; /* -1: none yet */
    uint64_t file_bytes;
    mapping freed[FREED_MAX];
    size_t freed_count;
};

static size_t rounded(size_t bytes)
{
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

static bool open_file(lede_scratch *scratch)
{
    lede_buf name = {0};

    lede_buf_put_format(&name, "%s/settling-XXXXXX", scratch->directory);
    if (lede_buf_text(&name) != NULL) {
        scratch->fd = mkstemp((char *)name.bytes);
    }
    if (scratch->fd >= 0) {
        unlink((const char *)name.bytes);
        (void)fcntl(scratch->fd, F_SETFD, FD_CLOEXEC);
    }
    lede_buf_done(&name);
    return scratch->fd >= 0;
}

static void *take_freed(lede_scratch *scratch, size_t bytes)
{
    size_t i;

    for (i = 0; i < scratch->freed_count; i++) {
        if (scratch->freed[i].bytes == bytes) {
            void *memory = scratch->freed[i].memory;

            scratch->freed[i] = scratch->freed[--scratch->freed_count];
            return memory;
        }
    }
    return NULL;
}

/* The room is reserved on the disk first: a page for which there is none would
 * kill the process when it is touched. */
static void *map_more(lede_scratch *scratch, size_t bytes)
{
    void *memory = take_freed(scratch, bytes);

    if (memory != NULL) {
        return memory;
    }
    if ((scratch->fd < 0 && !open_file(scratch)) ||
        posix_fallocate(scratch->fd, (off_t)scratch->file_bytes,
                        (off_t)bytes) != 0) {
        return NULL;
    }
    memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, scratch->fd,
                  (off_t)scratch->file_bytes);
    if (memory == MAP_FAILED) {
        return NULL;
    }
    scratch->file_bytes += bytes;
    return memory;
}

static void *get(void *ctx, size_t bytes)
{
    lede_scratch *scratch = ctx;
    size_t whole = sizeof(block) + bytes;
    bool is_mapped = whole > scratch->heap_bytes - scratch->heap_used;
    block *b;

    whole = is_mapped ? rounded(whole) : whole;
    b = is_mapped ? map_more(scratch, whole) : malloc(whole);
    if (b == NULL) {
        return NULL;
    }
    scratch->heap_used += is_mapped ? 0 : whole;
    b->bytes = whole;
    b->is_mapped = is_mapped;
    return b->memory;
}

static void put(void *ctx, void *memory, size_t bytes)
{
    lede_scratch *scratch = ctx;
    block *b = (block *)((uint8_t *)memory - offsetof(block, memory));

    (void)bytes;
    if (!b->is_mapped) {
        scratch->heap_used -= b->bytes;
        free(b);
    } else if (scratch->freed_count < FREED_MAX) {
        scratch->freed[scratch->freed_count++] = (mapping){b, b->bytes};
    } else {
        munmap(b, b->bytes);
    }
}

lede_status lede_scratch_new(const char *directory, size_t heap_bytes,
                             lede_scratch **out, lede_error *err)
{
    lede_scratch *scratch = calloc(1, sizeof *scratch);

    if (scratch == NULL || (scratch->directory = strdup(directory)) == NULL) {
        free(scratch);
        return lede_fail(err, LEDE_NO_MEMORY, "settling: out of memory");
    }
    scratch->source = (lede_arena_source){scratch, get, put};
    scratch->heap_bytes = heap_bytes;
    scratch->fd = -1;
    *out = scratch;
    return LEDE_OK;
}

void lede_scratch_free(lede_scratch *scratch)
{
    size_t i;

    if (scratch == NULL) {
        return;
    }
    for (i = 0; i < scratch->freed_count; i++) {
        munmap(scratch->freed[i].memory, scratch->freed[i].bytes);
    }
    if (scratch->fd >= 0) {
        close(scratch->fd);
    }
    free(scratch->directory);
    free(scratch);
}

const lede_arena_source *lede_scratch_source(const lede_scratch *scratch)
{
    return &scratch->source;
}
