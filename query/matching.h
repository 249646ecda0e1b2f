/* matching.h - "what one run of the matcher knows"
 *
 * A run gets the tree's lists from a lookup (lookup.h) and visits the segments
 * newest first. Per segment a plan is made
 * (match_plan.h) and one of the paths of match_paths.h runs it, offering
 * entries to the one heap. What lives for the whole run is in `lasting`, what
 * lives for a segment in `passing`.
 *
 * Damage is noted once, in `status`, and what is damaged is read as empty, so
 * that inner loops need no error paths; whoever loops over blocks or entries
 * ends soon after, and the run returns the status.
 *
 * Private to query/match*.c and its tests.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_MATCHING_H
#define LEDE_QUERY_MATCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "query/fading.h"
#include "query/kept.h"
#include "query/lookup.h"
#include "query/match_kernels.h"
#include "query/match_top.h"

/* Behind the last entry. */
#define LEDE_MATCH_END UINT32_MAX

enum {
    LEDE_MATCH_BATCH = 512,
    LEDE_MATCH_WINDOW = 1 << 14 /* entries of an OR window */
};

/* What tests may turn; all-zero is the default. */
typedef struct lede_match_tuning {
    const lede_match_kernels *kernels; /* NULL: the best */
    uint32_t window; /* 0: LEDE_MATCH_WINDOW; at most a counting window */
    bool general;    /* only the general path */
} lede_match_tuning;

lede_status lede_match_run_tuned(const lede_lookup *lookup,
                                 const lede_match_options *options,
                                 const lede_match_tuning *tuning,
                                 lede_match_result *out, lede_error *err);

/* Entries on their way to the heap, with the sum of their parts so far and how
 * many streams they were found in. */
typedef struct lede_match_batch {
    uint32_t count;
    uint32_t entries[LEDE_MATCH_BATCH + 8];
    uint32_t sums[LEDE_MATCH_BATCH];
    uint16_t hits[LEDE_MATCH_BATCH];
} lede_match_batch;

/* Ascending entries cut into runs, each of those that one block of a stream
 * reaches (match_stream.h). Run `i` is in blocks[i], which is block_count for
 * entries behind the last; it ends before entries[ends[i]]. */
typedef struct lede_match_runs {
    uint32_t count;
    uint32_t blocks[LEDE_MATCH_BATCH];
    uint16_t ends[LEDE_MATCH_BATCH];
} lede_match_runs;

typedef struct lede_matching {
    const lede_lookup *lookup;
    const lede_snapshot *snapshot; /* ... and what else is the lookup's */
    const lede_tree *tree;
    lede_match_options options;
    const lede_match_kernels *kernels;
    bool general;
    lede_arena lasting, passing;
    const lede_match_leaf *leaves;
    const float *norms;
    bool by_score; /* by relevance, and some leaf scores */
    bool heavy;    /* sums could pass 2^31: only the general path */
    lede_match_top top;
    uint64_t met; /* offered */
    lede_status status;
    lede_error *err;

    /* The segment at hand. */
    const lede_segment *segment;
    uint32_t segment_index;
    uint32_t entries, dated;
    uint64_t least; /* the heap will be full of hits with so much text, ... */
    double least_score;     /* ... or, with recency, of this score */
    uint64_t asked, agreed; /* entries asked about before scoring, and those
                               that all required lists had */
    bool late; /* times and keys of hits are filled in when leaving: as long
                  as all hits are of one segment, entry numbers are the order */
    const uint8_t *lengths;
    lede_span deleted; /* empty if none is */
    lede_column columns[LEDE_COLUMN_COUNT];
    struct lede_match_pairs *pairs; /* of its phrases, as far as asked for */
    struct lede_match_made *made;   /* of its leaves of many lists, likewise */
    uint32_t columns_ready;         /* bit set */
    const lede_fading *fading;      /* with recency */

    /* Scratch of the run. */
    uint32_t window;             /* entries of an OR window */
    lede_match_windows *windows; /* NULL until first needed */
    lede_match_batch batch;
    lede_match_runs runs;
    uint32_t indices[LEDE_MATCH_BATCH + 16];
    uint32_t parts[LEDE_MATCH_BATCH];
} lede_matching;

/* Close after failure too. */
lede_status lede_matching_open(lede_matching *matching,
                               const lede_lookup *lookup,
                               const lede_match_options *options,
                               const lede_match_tuning *tuning,
                               lede_error *err);
void lede_matching_close(lede_matching *matching);

/* Makes segment `index` the one at hand. */
lede_status lede_matching_enter(lede_matching *matching, uint32_t index);

/* Completes the hits of the segment at hand. */
void lede_matching_leave(lede_matching *matching);

/* Notes a failure, if it is the first, and returns it. */
lede_status lede_matching_fail(lede_matching *matching, lede_status status,
                               const char *what);

/* Makes `windows` ready; false (noted) when out of memory. */
bool lede_matching_make_windows(lede_matching *matching);

/* Zeroed memory for the segment or the run; NULL is noted. */
void *lede_matching_get(lede_matching *matching, size_t count, size_t bytes);
void *lede_matching_keep(lede_matching *matching, size_t count, size_t bytes);
/* For the segment, holding anything. */
void *lede_matching_room(lede_matching *matching, size_t count, size_t bytes);

static inline const lede_match_lists *
lede_matching_lists(const lede_matching *matching, uint32_t leaf)
{
    return lede_lookup_lists(matching->lookup, matching->segment_index, leaf);
}

static inline bool lede_matching_is_deleted(const lede_matching *matching,
                                            uint32_t entry)
{
    return matching->deleted.len != 0 &&
           (matching->deleted.bytes[entry >> 3] >> (entry & 7) & 1) != 0;
}

/* A value of a column of the segment at hand (0 when it can't be read, which
 * is noted). */
int64_t lede_matching_column(lede_matching *matching, lede_column_id id,
                             uint32_t entry);

/* Asks for the memory of a leaf's skip areas, of which all is read soon. */
void lede_matching_ask_for_impacts(const lede_matching *matching,
                                   uint32_t leaf);

/* The least sum of parts with which an entry at or behind `entry` of the
 * segment at hand could enter the heap (a bound: some that have it will not).
 * 0 while the heap is not full. */
uint64_t lede_matching_need(lede_matching *matching, uint32_t entry);

/* A live match: to the heap with it. */
void lede_matching_offer(lede_matching *matching, uint32_t entry,
                         uint64_t text);

#endif
