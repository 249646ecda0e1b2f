/* name_marks.h - "where does this entry name who was asked for?"
 *
 * An entry that answers person:x, place:x or from:x may have the name in other
 * words than were typed: Kyiv for place:ukraine, Robert Dudley for person:"bob
 * dudley". Its list of names says which forms it has, and these are looked for
 * in its texts, word by word, so that they are marked as the words of the query
 * are.
 *
 * Threads: as the results. */
#ifndef LEDE_QUERY_NAME_MARKS_H
#define LEDE_QUERY_NAME_MARKS_H

#include "query/marks.h"
#include "query/plan.h"

/* Adds what is found to *found (query/marks.h), in its order. `list` is the
 * entry's list of names, `entry` its key; the array lives in `arena`. False
 * when out of memory. */
bool lede_name_marks_add(const lede_plan *plan, lede_analyzer *analyzer,
                         lede_span list, uint64_t entry,
                         const lede_spots *spots, lede_arena *arena,
                         lede_found **found, uint32_t *count);

#endif
