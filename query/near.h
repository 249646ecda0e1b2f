/* near.h - "do these stand near each other?"
 *
 * The one account of NEAR, ADJ, SAME and phrases with room between their words,
 * over where their operands stand in an entry. An operand stands in stretches
 * of positions [begin, end): a word in one position, or as many as its joined
 * form is wide, a phrase from its first word to its last. What matches is one
 * stretch of each operand, no two of which overlap, in one field, such that
 *
 *   NEAR  taken in the order of the text, each begins at most `distance`
 *         positions behind the last one of the one before (1: side by side)
 *   ADJ   the same, and they stand in the order of the operands
 *   SLOP  they stand in the order of the operands in one paragraph, with at
 *         most `distance` positions between them in all
 *   GAP   they stand in the order of the operands, with exactly as many
 *         positions between two as `gaps` says
 *   SAME  they stand in one paragraph (caption, headline ...), in any order
 *
 * The end of a paragraph counts LEDE_SECTION_GAP positions.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_NEAR_H
#define LEDE_QUERY_NEAR_H

#include <stdbool.h>
#include <stdint.h>

typedef enum lede_near_how {
    LEDE_NEAR_NEAR,
    LEDE_NEAR_ADJ,
    LEDE_NEAR_SLOP,
    LEDE_NEAR_SAME,
    LEDE_NEAR_GAP
} lede_near_how;

/* Operands of NEAR and SAME, which may stand in any order, so that the time
 * grows with their subsets. */
enum {
    LEDE_NEAR_MAX_OPERANDS = 8,
    LEDE_NEAR_MAX_ORDERED = 256, /* of ADJ and SLOP */
    LEDE_NEAR_GAP_MOST = 7,      /* fewer than the end of a paragraph counts */
    LEDE_NEAR_SCRATCH = 1 + (1 << LEDE_NEAR_MAX_OPERANDS) / 64
};

typedef struct lede_stretch {
    uint32_t begin, end; /* begin < end */
    uint32_t operand;
    uint32_t place; /* its field, or its paragraph (lede_near_by_paragraph);
                       they ascend with the positions */
} lede_stretch;

/* What is asked. */
typedef struct lede_near {
    lede_near_how how;
    uint32_t distance;
    uint32_t operands; /* how many */
    uint32_t gaps;     /* GAP: four bits each, those behind the first operand
                          lowest; at most LEDE_NEAR_GAP_MOST */
} lede_near;

/* Sorts by position, as lede_near_holds wants them. */
void lede_stretches_sort(lede_stretch *stretches, uint32_t count);

/* Whether the stretches, sorted, hold what is asked. `scratch` has room for
 * LEDE_NEAR_SCRATCH times `count`. */
bool lede_near_holds(const lede_near *near, const lede_stretch *stretches,
                     uint32_t count, uint64_t *scratch);

/* Stretches gathered, of one entry after the other. All-zero is empty. */
typedef struct lede_stretches {
    lede_stretch *items;
    uint32_t count, cap;
    uint64_t *scratch;
    uint32_t scratch_cap;
    bool failed; /* out of memory: what was gathered since is nothing */
} lede_stretches;

void lede_stretches_done(lede_stretches *stretches);
void lede_stretches_put(lede_stretches *stretches, const lede_stretch *stretch);
/* Sorts what was gathered and asks whether it holds. */
bool lede_stretches_hold(lede_stretches *stretches, const lede_near *near);

/* Whether places matter: stretches of different fields can be so near. */
bool lede_near_needs_places(const lede_near *near);
/* Whether they matter and are paragraphs, not fields: for SAME, and for a
 * phrase with so much room that the end of a paragraph would not end it. */
bool lede_near_by_paragraph(const lede_near *near);

/* The largest number of operands that an operator takes. */
static inline uint32_t lede_near_most(lede_near_how how)
{
    return how == LEDE_NEAR_ADJ || how == LEDE_NEAR_SLOP
               ? LEDE_NEAR_MAX_ORDERED
               : LEDE_NEAR_MAX_OPERANDS;
}

#endif
