/* xapian_structure.h - "does Xapian find its own database sound?"
 *
 * Xapian's check of the blocks of a database, what it says cut down to what is
 * wrong, in a process of its own (storage/apart.h): damage can crash it.
 *
 * Threads: as lede_apart_run. */
#ifndef LEDE_STORAGE_XAPIAN_STRUCTURE_H
#define LEDE_STORAGE_XAPIAN_STRUCTURE_H

#include <stdbool.h>

#include "base/status.h"

typedef struct lede_xapian_structure {
    void *ctx;
    void (*found)(void *ctx, const char *problem); /* the first few of them */
    const volatile int *stop; /* nonzero: LEDE_INTERRUPTED; may be NULL */
} lede_xapian_structure;

/* LEDE_OK if nothing is wrong; LEDE_CORRUPT, with a message, if something is,
 * or the check did not survive it, or found no end. *looked is false, and all
 * is LEDE_OK, if nothing could be looked at: Xapian opens files for writing to
 * check them, and these may only be read. */
lede_status lede_xapian_structure_check(const char *path,
                                        const lede_xapian_structure *how,
                                        bool *looked, lede_error *err);

#endif
