/* proposals.h - "which two names may be one person's?"
 *
 * Pairs of names that a person may want to make one, with what speaks for it:
 * they are spelled alike (names/variants.h), both are called by the same title
 * ("prime minister"), and the same people and places are named beside both.
 * Names that entries name side by side are two people. Nothing is ever made one
 * by this: a person accepts a pair as a correction.
 *
 * Threads: as the engine. */
#ifndef LEDE_QUERY_PROPOSALS_H
#define LEDE_QUERY_PROPOSALS_H

#include "query/engine.h"
#include "query/name_counts.h"

enum { LEDE_PROPOSAL_COMPANY = 3, LEDE_PROPOSAL_TITLES = 2 };

typedef struct lede_proposal {
    lede_span names[2]; /* the more frequent first */
    uint64_t entries[2];
    const char *reason; /* "spelling", "initial", "part", "order", "surname" */
    uint32_t shared;    /* names beside both */
    uint64_t together;  /* entries that name both */
    lede_span company[LEDE_PROPOSAL_COMPANY]; /* the most telling of them */
    uint32_t company_count;
    lede_span
        titles[LEDE_PROPOSAL_TITLES]; /* that both have, in small letters */
    uint32_t title_count;
    double weight; /* of the evidence */
} lede_proposal;

typedef struct lede_proposals {
    lede_proposal *items; /* the best first */
    uint32_t count;
    lede_name_counts names; /* private from here on */
    lede_arena arena;
} lede_proposals;

/* At most `most` of them; with a prefix of a word (as names are compared),
 * those of which a name has it. Done frees, after failure too. */
lede_status lede_engine_proposals(lede_engine *engine, lede_span prefix,
                                  uint32_t most, lede_proposals *out,
                                  lede_error *err);
void lede_proposals_done(lede_proposals *proposals);

#endif
