/* accumulate.h - "which words stand where, of all the entries gathered?"
 *
 * The inversion in memory: entries go in one after another, in the order of
 * their numbers in the segment to be; rows and terms come out.
 *
 * A hash table leads from an occurrence as written (language, field, folded
 * word, letter case, width) to its term and form, so that each distinct word
 * is stemmed once. A term's occurrences are one growing list of bytes, which
 * lives in an arena in pieces of doubling size; the first sixteen bytes lie in
 * the term itself, which is enough for the many words that occur once:
 *
 *   item: varint(position gap << 2 | is other form << 1 | is new entry),
 *         if new entry: varint(entry gap); if other form: varint(form)
 *
 * Positions count from 0 in each entry, and tell the field by the ends kept for
 * each entry; so field masks and frequencies need no room.
 *
 * Threads: an accumulator belongs to one thread. */
#ifndef LEDE_INDEXER_ACCUMULATE_H
#define LEDE_INDEXER_ACCUMULATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/analyze.h"
#include "base/entry.h"
#include "base/sketch.h"
#include "base/status.h"
#include "indexer/namer.h"
#include "indexer/watch.h"
#include "storage/segment.h"

/* On entries that are known under other raw keys than their own (edited posts,
 * split keys): the prefix and the raw key as 16 hex digits. */
#define LEDE_TERM_ALIAS "XALIAS"

typedef struct lede_accumulator lede_accumulator;

/* The analyzer is lent and outlives it. */
lede_status lede_accumulator_new(lede_analyzer *analyzer,
                                 lede_accumulator **out, lede_error *err);
void lede_accumulator_free(lede_accumulator *accumulator); /* accepts NULL */

/* Gathers pairs of these words, which are lent (NULL: of none), from now on;
 * only without entries. */
lede_status lede_accumulator_set_pair_words(lede_accumulator *accumulator,
                                            const lede_pair_words *words,
                                            lede_error *err);

/* From now on entries are looked at for names, by a namer that is lent (NULL:
 * by nobody); only without entries. Lists and terms of names come a little
 * after the words of an entry, and all before writing is done. */
lede_status lede_accumulator_set_namer(lede_accumulator *accumulator,
                                       lede_namer *namer, lede_error *err);

/* Forgets all entries; keeps little memory, the pair words and the namer. */
void lede_accumulator_clear(lede_accumulator *accumulator);

/* Adds an entry that is complete: key, page and paths are settled. Entries come
 * newest first, unknown times last, equal times by key, or LEDE_BUG. `now`
 * decides whether its date is trusted. After LEDE_NO_MEMORY only clear and free
 * make sense. */
lede_status lede_accumulator_add(lede_accumulator *accumulator,
                                 const lede_entry *entry,
                                 const uint64_t *aliases, uint32_t alias_count,
                                 int64_t now, lede_error *err);

/* Gives the entry added last the sketch of a body that it came without. */
void lede_accumulator_give_sketch(lede_accumulator *a,
                                  const lede_sketch *sketch);

/* Without a namer: gives the entry added last the list of names that it had
 * before, empty or not, with who made it. Of all entries, or of none. */
lede_status lede_accumulator_keep_names(lede_accumulator *accumulator,
                                        lede_span list,
                                        const lede_name_makers *makers,
                                        lede_error *err);

/* Whether a date counts for recency. */
bool lede_accumulator_trusts(const lede_when *when, int64_t now);

uint32_t lede_accumulator_entries(const lede_accumulator *accumulator);

/* What the names of sources would take; more, if it meets them in turns. */
uint64_t lede_accumulator_source_bytes(const lede_accumulator *accumulator);

/* What it holds, and would hold at most while it is written. */
size_t lede_accumulator_bytes(const lede_accumulator *accumulator);

/* Writes all rows, then all terms, which are the steps that `watch` (NULL:
 * nobody) is told of. A term keeps at most `forms_max` forms (1 to
 * LEDE_MAX_FORMS): the first in their order; the others count as the last of
 * these. Records are the caller's. */
lede_status lede_accumulator_write(lede_accumulator *accumulator,
                                   lede_segment_writer *writer,
                                   uint32_t forms_max, const lede_watch *watch,
                                   lede_error *err);

#endif
