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

/* The same as if the entry of `bare`, a record without key, page id and paths,
 * had been given those of `about` and encoded, but its texts are only copied.
 * False, and nothing is put, if `bare` has one of them. */
bool lede_record_complete(lede_span bare, const lede_entry *about,
                          lede_buf *out);

/* The entry's spans point into `record`, its arrays live in `arena`. */
lede_status lede_record_decode(lede_span record, lede_arena *arena,
                               lede_entry *out, lede_error *err);

#endif
