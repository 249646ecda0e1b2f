/* match_paths.h - "the ways through a segment"
 *
 * Each path offers to the heap at least every match of the plan that could
 * stay in it. Failures are noted in the run.
 *
 * Threads: belong to one run. */
#ifndef LEDE_QUERY_MATCH_PATHS_H
#define LEDE_QUERY_MATCH_PATHS_H

#include "query/match_plan.h"
#include "query/match_stream.h"

/* A stream to be asked about the entries of a batch. */
typedef struct lede_match_probe {
    lede_match_stream *stream;
    bool required;
    bool counts;     /* being found in it counts towards `need` */
    uint32_t bound;  /* of its parts in the entries asked about */
    uint32_t window; /* first block that reaches them; only goes forward */
} lede_match_probe;

/* --- match_probe.c: from candidates to hits
 * ------------------------------------- */

/* What being found in a stream is to an entry. */
typedef enum lede_match_role {
    LEDE_MATCH_REQUIRED,
    LEDE_MATCH_EXCLUDED,
    LEDE_MATCH_COUNTED
} lede_match_role;

/* Looks the batch up in a stream, block by block of the stream, and keeps what
 * has it, or has it not; or, if that is COUNTED, notes who has it and keeps
 * those that can still be found in `need` of the `behind` streams to come.
 * Nothing is scored. */
void lede_match_intersect(lede_match_batch *batch, lede_match_stream *stream,
                          lede_match_role role, uint32_t behind, uint32_t need);

/* Asks `count` streams about the batch, one after the other, dropping what
 * can't reach the threshold or lacks a required stream; offers what is left
 * and was found in `need` streams that count. Entries ascend from call to call.
 */
void lede_match_settle(lede_match_plan *plan, lede_match_batch *batch,
                       lede_match_probe *probes, uint32_t count, uint32_t need);

/* Goes through the blocks of `lead` within [begin, end), settling each: first
 * by the block's bound and the others' in its range, then by the lead's parts,
 * then by probing. */
void lede_match_lead(lede_match_plan *plan, lede_match_stream *lead,
                     uint32_t begin, uint32_t end, lede_match_probe *probes,
                     uint32_t count, uint32_t need);

/* --- match_least.c
 * ------------------------------------------------------------------- */

/* Each block has an entry that attains its first impact, so the k-th largest of
 * these is what the k best of the list have at least, and all who have the list
 * match: raises matching->least to it. Not where an entry might not count: with
 * checks or deletions, or where only hits behind another are wanted. The
 * stream's bounds are made. */
void lede_match_raise_least(lede_match_plan *plan,
                            const lede_match_stream *stream);
/* The same by reading all postings: for lists of few blocks, which are rare
 * words' and promise most. */
void lede_match_raise_least_by_postings(lede_match_plan *plan,
                                        lede_match_stream *stream);

/* --- Top-k by score
 * --------------------------------------------------------------- */

/* One scoring leaf, nothing else to add: the most promising blocks first. */
void lede_match_one(lede_match_plan *plan);
/* Required leaves, the rarest leading. */
void lede_match_and(lede_match_plan *plan);
/* A cover: windows of block-max MaxScore. */
void lede_match_or(lede_match_plan *plan);
/* Anything, entry by entry; by score or, if the run does not score, by date. */
void lede_match_walk(lede_match_plan *plan);
/* The entries that the options choose, each by itself. */
void lede_match_walk_chosen(lede_match_plan *plan);
/* By date, oldest first. */
void lede_match_walk_back(lede_match_plan *plan);

/* --- Counting
 * --------------------------------------------------------------------- */

/* The number of live matches. */
uint64_t lede_match_count(lede_match_plan *plan);

#endif
