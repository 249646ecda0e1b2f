/* spill.h - "keep these records until they are needed, but not in memory"
 *
 * A temporary file without a name, in the archive's folder: gone when it is
 * closed, or when the process dies. What was read of the files waits here until
 * it is settled which of it becomes an entry.
 *
 * Threads: a spill belongs to one thread. */
#ifndef LEDE_INDEXER_SPILL_H
#define LEDE_INDEXER_SPILL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

typedef struct lede_spill lede_spill;

lede_status lede_spill_open(const char *directory, lede_spill **out,
                            lede_error *err);
void lede_spill_close(lede_spill *spill); /* accepts NULL */

/* Appends a record; *at is where to get it. */
lede_status lede_spill_put(lede_spill *spill, lede_span record, uint64_t *at,
                           lede_error *err);
/* Replaces the content of `out`. */
lede_status lede_spill_get(lede_spill *spill, uint64_t at, uint32_t len,
                           lede_buf *out, lede_error *err);
uint64_t lede_spill_bytes(const lede_spill *spill);
/* Forgets everything. */
lede_status lede_spill_clear(lede_spill *spill, lede_error *err);

#endif
