/* salvage.h - "what can still be read of damaged segments?"
 *
 * Compares all values of all segments with their checksums. Of those that are
 * not whole it gives the records that can be read, for new segments to be made
 * of them: nothing else of a segment is needed for that, and hardly anything
 * else is relied upon. The manifest must be whole; it says how many entries and
 * deletions a segment has.
 *
 * Where the deletions themselves are damaged, or it is lost which record is
 * which entry's, records are doubtful: they may be of entries that were
 * deleted.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_STORAGE_SALVAGE_H
#define LEDE_STORAGE_SALVAGE_H

#include "base/entry.h"
#include "storage/archive.h"

typedef struct lede_salvage lede_salvage;

/* LEDE_CORRUPT if the manifest is damaged; LEDE_INTERRUPTED if `stop` (or NULL)
 * becomes nonzero. */
lede_status lede_salvage_open(lede_archive *archive, const volatile int *stop,
                              lede_salvage **out, lede_error *err);
void lede_salvage_close(lede_salvage *salvage); /* accepts NULL */

/* The archive without its damaged segments. */
const lede_snapshot *lede_salvage_rest(const lede_salvage *salvage);
/* The damaged segments, by number descending. */
uint32_t lede_salvage_count(const lede_salvage *salvage);
uint32_t lede_salvage_id(const lede_salvage *salvage, uint32_t index);
/* The damaged segment as far as it can be opened, for its terms: what is
 * damaged in it is LEDE_CORRUPT. NULL if it cannot be opened. */
const lede_segment *lede_salvage_segment(const lede_salvage *salvage,
                                         uint32_t index);

/* A record that can be read, in no order of meaning; lent for the call. */
typedef struct lede_salvaged {
    const lede_entry *entry;
    lede_span record;
    uint32_t number;  /* of the entry, or UINT32_MAX if that is lost */
    bool is_doubtful; /* the entry may have been deleted */
    bool has_trust, is_trusted; /* its date, as far as known */
} lede_salvaged;

typedef struct lede_salvage_callbacks {
    void *ctx;
    lede_status (*found)(void *ctx, const lede_salvaged *salvaged,
                         lede_error *err);
    /* Entries whose records cannot be read: one with its key, or (`key` NULL)
     * so many whose keys cannot be told. */
    lede_status (*lost)(void *ctx, const uint64_t *key, uint64_t count,
                        lede_error *err);
} lede_salvage_callbacks;

/* All live entries of a damaged segment, until a callback fails. */
lede_status lede_salvage_each(const lede_salvage *salvage, uint32_t index,
                              const lede_salvage_callbacks *callbacks,
                              lede_error *err);

#endif
