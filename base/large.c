/* madvise is of no standard */
#define _DEFAULT_SOURCE

#include "base/large.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

void *lede_large_get(size_t bytes)
{
    void *memory;

    assert(bytes > 0 && bytes % LEDE_LARGE_PAGE_BYTES == 0);
    memory = aligned_alloc(LEDE_LARGE_PAGE_BYTES, bytes);
#ifdef MADV_HUGEPAGE
    if (memory != NULL) {
        (void)madvise(memory, bytes, MADV_HUGEPAGE); /* a wish */
    }
#endif
    return memory;
}
