/* match.h - "run this tree, give me hits and totals"
 *
 * The embedded engine: matches a tree against a snapshot and returns the best
 * k entries in order. Top-k is found by block-max pruning (Grand, Muir,
 * Ferenczi and Lin, "From MAXSCORE to Block-Max WAND", ECIR 2020; Ding and
 * Suel, "Faster Top-k Document Retrieval Using Block-Max Indexes", SIGIR 2011)
 * with the recency factor as a further bound of each block: entries are
 * numbered newest first, so the factor only falls as a scan proceeds. One
 * threshold serves all segments.
 *
 * Arithmetic. A leaf's part of the score is
 *     boost x idf x (k1 + 1) x f / (f + k1 x (1 - b + b x length / average))
 * where f is the weighted frequency with body text counting 1 (half of the
 * stored one, which is doubled), in float, rounded to a whole number of 2^-20;
 * idf is that of query/rank.h. Whole numbers add up the same in any order. The
 * score is (double)sum x 2^-20 x factor(age). N, n and the average count all
 * entries of all segments, deleted ones included.
 *
 * Order: score, then newer first (unknown dates last), then key ascending; the
 * date sorts: date, then key.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_QUERY_MATCH_H
#define LEDE_QUERY_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "query/search.h"
#include "query/tree.h"
#include "storage/archive.h"

typedef struct lede_match_hit {
    double score;  /* 0 under date sorts */
    uint64_t text; /* sum of parts, in units of 2^-20 */
    int64_t time;  /* published, or LEDE_INSTANT_NONE */
    uint64_t key;
    uint32_t segment; /* index in the snapshot */
    uint32_t entry;
} lede_match_hit;

typedef struct lede_match_options {
    lede_sort sort;
    uint64_t k; /* how many hits to return; UINT64_MAX = all */
    lede_totals_wanted totals;
    double recency;      /* w; 0 = off */
    int64_t half_life_s; /* > 0 */
    int64_t origin;      /* age counts from here; LEDE_INSTANT_NONE: no ages */
    bool has_as_of;      /* hide what was published later than `as_of` */
    int64_t as_of;
    bool has_after; /* only hits behind `after` in the order are returned; the
                       total is that of all */
    lede_match_hit after;             /* its score, time and key count */
    const struct lede_chosen *chosen; /* only these (copies.h); NULL: any */
} lede_match_options;

typedef struct lede_match_result {
    lede_match_hit *hits; /* in order; owned: lede_match_result_done */
    uint64_t hit_count;
    uint64_t total; /* exact, or with LEDE_TOTALS_NONE at least hit_count */
} lede_match_result;

/* A tree's leaves, looked up in every segment of a snapshot: what all runs of
 * the tree begin with. The tree may get other nodes while it is in use, not
 * other leaves. Both must outlive it. */
typedef struct lede_lookup lede_lookup;
lede_status lede_lookup_new(const lede_snapshot *snapshot,
                            const lede_tree *tree, lede_lookup **out,
                            lede_error *err);
void lede_lookup_free(lede_lookup *lookup); /* accepts NULL */

lede_status lede_match_run(const lede_lookup *lookup,
                           const lede_match_options *options,
                           lede_match_result *out, lede_error *err);
void lede_match_result_done(lede_match_result *result);

/* Only whether anything matches: for relaxation. */
lede_status lede_match_any(const lede_lookup *lookup,
                           const lede_match_options *options, bool *out,
                           lede_error *err);

/* What a leaf's part is made of, for explanations and for the exhaustive scorer
 * of the tests. */
typedef struct lede_leaf_statistics {
    uint64_t entry_count; /* n */
    double idf;
    double average_length; /* in frequency units */
} lede_leaf_statistics;
const lede_leaf_statistics *lede_lookup_statistics(const lede_lookup *lookup,
                                                   uint32_t leaf);
/* The same for a leaf of no tree. */
lede_status lede_match_leaf_statistics(const lede_snapshot *snapshot,
                                       const lede_leaf *leaf,
                                       lede_leaf_statistics *out,
                                       lede_error *err);
/* The weighted frequency of a leaf in an entry (0: does not occur). */
lede_status lede_match_leaf_frequency(const lede_snapshot *snapshot,
                                      const lede_leaf *leaf, uint32_t segment,
                                      uint32_t entry, uint32_t *out,
                                      lede_error *err);
/* One leaf's part, in units of 2^-20, from its numbers. */
uint32_t lede_score_part(const lede_leaf_statistics *statistics, double boost,
                         uint32_t frequency, uint8_t length);
/* The recency factor of an entry. */
double lede_recency_factor(const lede_match_options *options, bool trusted,
                           int64_t time);

/* Whether one entry matches a node by itself: for "missing" words and tests. */
lede_status lede_match_entry(const lede_snapshot *snapshot,
                             const lede_tree *tree, const lede_node *node,
                             uint32_t segment, uint32_t entry, bool *out,
                             lede_error *err);

#endif
