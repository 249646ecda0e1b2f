/* large.h - "memory that is read all over the place"
 *
 * Large blocks aligned to, and where the system can, backed by, pages of 2 MiB:
 * reading here and there in hundreds of megabytes is then not a walk through the
 * page tables each time, and there is one page fault instead of 512. All of a
 * block counts as resident once any of it is used.
 *
 * Threads: pure functions. */
#ifndef LEDE_BASE_LARGE_H
#define LEDE_BASE_LARGE_H

#include <stddef.h>

enum { LEDE_LARGE_PAGE_BYTES = 2 << 20 };

/* A multiple of LEDE_LARGE_PAGE_BYTES, holding anything; NULL if there is none.
 * To be freed with free(). */
void *lede_large_get(size_t bytes);

#endif
