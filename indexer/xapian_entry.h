/* xapian_entry.h - "an entry as a document of Xapian's"
 *
 * Makes the terms, values and data of storage/xapian_terms.h out of an entry,
 * with the same walk over its words as the embedded engine's.
 *
 * Threads: a maker belongs to one thread. */
#ifndef LEDE_INDEXER_XAPIAN_ENTRY_H
#define LEDE_INDEXER_XAPIAN_ENTRY_H

#include "base/analyze.h"
#include "base/entry.h"
#include "storage/archive.h"
#include "storage/xapian_terms.h"

typedef struct lede_xapian_maker lede_xapian_maker;

lede_status lede_xapian_maker_new(lede_xapian_maker **out, lede_error *err);
void lede_xapian_maker_free(lede_xapian_maker *maker); /* accepts NULL */

/* What an archive knows of an entry besides its record. */
typedef struct lede_xapian_known {
    bool trusted;    /* its date counts for recency */
    lede_span names; /* its list (storage/name_list.h); empty: nobody looked */
    uint64_t group;  /* of near-copies (storage/copies.h); 0: it has none */
} lede_xapian_known;

/* What tells whether a stored document is still this entry, made by today's
 * rules. */
uint64_t lede_xapian_digest(lede_span record, const lede_xapian_known *known);

/* Replaces the content of `document`. `record` is the entry's, as stored. */
lede_status lede_xapian_maker_fill(lede_xapian_maker *maker,
                                   const lede_entry *entry, lede_span record,
                                   const lede_xapian_known *known,
                                   lede_xapian_document *document,
                                   lede_error *err);

/* Says of a database that it has entries of the archive with these totals; of
 * `has`, whether that is all of its part, and what the documents have. */
lede_status lede_xapian_put_mark(lede_xapian_writer *writer,
                                 const lede_totals *totals,
                                 const lede_xapian_mark *has, lede_error *err);

#endif
