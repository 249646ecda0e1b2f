/* spool.h - "where do the bytes of a document in a container wait?"
 *
 * A document inside another one (a member of a zip archive, a web archive's
 * record, a part of a message) is unpacked once and may be read twice. Up to
 * LEDE_SPOOL_MEMORY_BYTES of it wait in memory, more in a temporary file that
 * has no name ($TMPDIR, else /var/tmp). A spool is a source: first it is
 * written, then read.
 *
 * Threads: a spool belongs to one thread. */
#ifndef LEDE_CORPUS_SPOOL_H
#define LEDE_CORPUS_SPOOL_H

#include "corpus/source.h"

enum { LEDE_SPOOL_MEMORY_BYTES = 4 << 20 };

/* An empty one; NULL when out of memory. Closed by lede_source_close, or by
 * the input that it is opened as. */
lede_source *lede_spool_new(void);

/* Appends. Only before the first read. LEDE_IO if the disk is full. */
lede_status lede_spool_put(lede_source *spool, const void *bytes, size_t len,
                           lede_error *err);

/* All of it as a file, however small, that begins anew for whoever opens its
 * descriptor's name. *fd is lent. */
lede_status lede_spool_file(lede_source *spool, int *fd, lede_error *err);

/* From now on the spool ends with this failure: what was put is all that could
 * be had of the document. */
void lede_spool_fail(lede_source *spool, const lede_error *failure);

#endif
