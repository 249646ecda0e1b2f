/* plan_spellings.h - "how else does this archive spell the person asked for?"
 *
 * Zelenskyy is Zelensky, and Yuri Ushakov is Yuriy: names that the archive has
 * and that are spelled like the one typed (lede_person_words_alike) are asked
 * for besides. A skeleton alone joins one surname in five with another one, so
 * there is a guard:
 *
 *   - of several words, the whole name must be somebody's in the archive, and
 *     no entry may name both;
 *   - a last name alone is long, no entry may name both, and where both are
 *     in use, most who bear the other one have a forename of those who bear
 *     the one typed;
 *   - what a correction says of a name goes before what it looks like.
 *
 * A note tells what is asked for besides, and =x is only ever x.
 *
 * Private to query/plan*.c.
 *
 * Threads: as the plan. */
#ifndef LEDE_QUERY_PLAN_SPELLINGS_H
#define LEDE_QUERY_PLAN_SPELLINGS_H

#include "query/plan_corrected.h"

/* Adds the other spellings of the person typed at `column`. */
void lede_plan_spellings(lede_planner *planner, lede_span typed,
                         uint32_t column, lede_corrected_names *out);

#endif
