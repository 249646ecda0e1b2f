/* seals.h - "are these the bytes that were written?"
 *
 * A segment has a table of checksums, one for each of its values. A value is
 * hashed when a snapshot first gets it, and what agrees is remembered for as
 * long as the archive is open: segments never change, so later queries and
 * snapshots pay a look at a flag. Whole values are hashed, not parts: most are
 * 64 to 256 KiB, which takes some ten microseconds, once. Blocks of records
 * are left out; each is a zstd frame that has its own checksum. Only where they
 * are copied without being unpacked their values are hashed too.
 *
 * Threads: seals belong to the archive and are shared by its snapshots, in
 * whatever threads they are. */
#ifndef LEDE_STORAGE_SEALS_H
#define LEDE_STORAGE_SEALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "storage/footer.h"

struct lede_archive;

typedef struct lede_seals lede_seals;

/* Bytes of a row of the table of checksums: kind u8, index u32, bytes u32,
 * XXH3 u64. */
enum { LEDE_CHECKSUM_BYTES = 1 + 4 + 4 + 8 };

/* The seals that the archive has of a segment, or NULL. To be given back. */
lede_seals *lede_seals_find(struct lede_archive *archive, uint32_t segment,
                            const lede_footer *footer);
/* Makes them from the segment's table, which is checked against the footer;
 * `bases` has for each kind the place of its first value, and at last the
 * number of all. To be given back. LEDE_CORRUPT if the table is damaged. */
lede_status lede_seals_make(struct lede_archive *archive, uint32_t segment,
                            const lede_footer *footer,
                            const uint32_t bases[LEDE_VALUE_KIND_COUNT + 1],
                            lede_span table, lede_seals **out, lede_error *err);
void lede_seals_give_back(struct lede_archive *archive,
                          lede_seals *seals); /* accepts NULL */

/* Whether the value at a place is what was written. */
bool lede_seals_agree(lede_seals *seals, uint32_t place, lede_span value);

/* Drops the seals that no snapshot holds: of segments that are gone, if called
 * while the newest snapshot holds its own. */
void lede_seals_forget(struct lede_archive *archive);

#endif
