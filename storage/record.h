/* record.h - "an entry as bytes"
 *
 * The encoding of a complete lede_entry for the entry store; docs/FORMAT.md,
 * "Entry record", is normative. Decoding checks everything.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_RECORD_H
#define LEDE_STORAGE_RECORD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/entry.h"
#include "base/status.h"

void lede_record_encode(const lede_entry *entry, lede_buf *out);

/* The entry's spans point into `record`, its arrays live in `arena`. */
lede_status lede_record_decode(lede_span record, lede_arena *arena,
                               lede_entry *out, lede_error *err);

#endif
