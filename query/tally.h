/* tally.h - "under which values, and when, do the matches stand?"
 *
 * Goes through all entries that a tree matches, and says for each value of a
 * facet how many of them have it, and when they were published. Facets and
 * timelines are made from it. No record is read where the index knows the
 * answer: values are terms whose lists are laid over the set of matches, dates
 * and sources are columns.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_TALLY_H
#define LEDE_QUERY_TALLY_H

#include "base/analyze.h"
#include "base/entry.h"
#include "base/span.h"
#include "base/time.h"
#include "query/match.h"

struct lede_engine;
struct lede_engine_tree;

/* What can be counted by value. */
typedef enum lede_tally_kind {
    LEDE_TALLY_SOURCE = 0,
    LEDE_TALLY_AUTHOR,
    LEDE_TALLY_LABEL,
    LEDE_TALLY_KIND,
    LEDE_TALLY_LANGUAGE,
    LEDE_TALLY_KINDS
} lede_tally_kind;

/* Who is told. Each function may be called several times for the same thing,
 * and returns false when out of memory. */
typedef struct lede_tally {
    void *ctx;
    unsigned wanted; /* bit set of lede_tally_kind */
    bool wants_times;
    /* `count` more matches have the value. */
    bool (*put_value)(void *ctx, lede_tally_kind kind, lede_span value,
                      uint64_t count);
    /* `count` more matches have some value of the kind. */
    bool (*put_any)(void *ctx, lede_tally_kind kind, uint64_t count);
    /* A match was published then (LEDE_INSTANT_NONE: nobody knows), to the hour
     * at least. */
    bool (*put_time)(void *ctx, int64_t instant);
    /* `count` matches were published in 2025, 2025-02 or on 2025-02-17, of
     * which no more is known; by the calendar of where it was printed. */
    bool (*put_date)(void *ctx, lede_span date, uint64_t count);
    /* A match's list of names (storage/name_list.h; empty: it has none), lent
     * for the call, its key and when it was published. NULL: not wanted. */
    lede_status (*put_names)(void *ctx, lede_span list, uint64_t key,
                             int64_t instant, lede_error *err);
} lede_tally;

/* From the lists of a snapshot. *matches: how many there are. */
lede_status lede_tally_run(const lede_lookup *lookup,
                           const lede_match_options *options,
                           const lede_tally *tally, uint64_t *matches,
                           lede_error *err);
/* What one entry says by itself, but for its names. False when out of memory.
 */
bool lede_tally_put_entry(const lede_tally *tally, const lede_entry *entry,
                          lede_language language);
/* The same from the entries themselves, one after the other, by any engine. */
lede_status lede_tally_read(struct lede_engine_tree *tree,
                            const lede_match_options *options,
                            const lede_tally *tally, uint64_t *matches,
                            lede_error *err);
/* The one or the other. */
lede_status lede_tally_matches(struct lede_engine_tree *tree,
                               const lede_match_options *options,
                               const lede_tally *tally, uint64_t *matches,
                               lede_error *err);

#endif
