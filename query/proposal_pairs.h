/* proposal_pairs.h - "which names look like one person's?"
 *
 * Pairs that may be proposed (proposals.h), by their words alone: spelled
 * alike, one with an initial, one a part of the other, turned round, or a last
 * name that one full name has by far most often.
 *
 * Private to query/proposals.c.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_PROPOSAL_PAIRS_H
#define LEDE_QUERY_PROPOSAL_PAIRS_H

#include "query/name_counts.h"

typedef struct lede_proposal_pair {
    uint32_t a, b;      /* items of the counts; a is the more frequent */
    const char *reason; /* as lede_proposal has it */
    uint32_t together;  /* for the caller */
} lede_proposal_pair;

typedef struct lede_proposal_pairs {
    lede_proposal_pair *items; /* ascending by a and b, each once */
    uint32_t count, cap;
} lede_proposal_pairs;

/* Of the first names of the counts, which are people's, the most frequent
 * first. False when out of memory; done frees, then too. */
bool lede_proposal_pairs_find(const lede_name_counts *names,
                              uint32_t name_count, lede_proposal_pairs *out);
void lede_proposal_pairs_done(lede_proposal_pairs *pairs);

#endif
