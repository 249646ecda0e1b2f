/* namer.h - "whom and what places do these entries name?"
 *
 * Finds and links the names of entries (names/recognize.h, names/link.h) while
 * others are being inverted: entries go in one after another, a thread of the
 * namer's own reads them, and lists of names (storage/name_list.h) come out in
 * the same order. Few texts wait at a time; one that is too large to wait is
 * read at once, in the caller's thread. So is everything where there can be no
 * other thread. An entry's list depends on the entry, on its surroundings, and
 * on what names are found with, and on nothing else.
 *
 * German texts are not looked at: there, every noun has a capital.
 *
 * Threads: a namer belongs to one thread; what it shares with its own is
 * guarded. */
#ifndef LEDE_INDEXER_NAMER_H
#define LEDE_INDEXER_NAMER_H

#include <stdbool.h>

#include "base/entry.h"
#include "base/span.h"
#include "base/status.h"
#include "indexer/naming.h"

typedef struct lede_namer lede_namer;

/* What waits takes no more than this, and a recogniser besides. */
enum { LEDE_NAMER_BYTES = 2 << 20 };

/* What is known around an entry; all-zero: nothing. */
typedef struct lede_surroundings {
    const lede_span *people; /* full names that its page has (page_people.h) */
    uint32_t people_count;
    const lede_span *places; /* ids of places that it has */
    uint32_t place_count;
    lede_span home; /* where its source is at home, as its owner writes it:
                       "Cork, Ireland" */
} lede_surroundings;

/* `naming` must outlive it. */
lede_status lede_namer_new(const lede_naming *naming, lede_namer **out,
                           lede_error *err);
void lede_namer_free(lede_namer *namer); /* accepts NULL */

const lede_naming *lede_namer_naming(const lede_namer *namer);

/* Whether the next entry has to wait until a list was taken. */
bool lede_namer_is_full(const lede_namer *namer, const lede_entry *entry);
/* Says what is known around the next entry, for that entry alone; lent until
 * its list was taken. */
void lede_namer_know(lede_namer *namer, const lede_surroundings *around);
/* Takes a copy of the texts. Not if it is full. */
lede_status lede_namer_put(lede_namer *namer, const lede_entry *entry,
                           lede_error *err);
/* How many lists were not taken yet. */
uint32_t lede_namer_waiting(const lede_namer *namer);
/* The list of the first entry that was not taken yet, lent until the next call;
 * LEDE_NOT_FOUND if it is not ready and nobody wants to `wait`, or there is
 * none. */
lede_status lede_namer_take(lede_namer *namer, bool wait, lede_span *out,
                            lede_error *err);
/* Forgets all that was put. */
void lede_namer_clear(lede_namer *namer);

#endif
