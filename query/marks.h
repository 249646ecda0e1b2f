/* marks.h - "which bytes made this entry match?"
 *
 * Marks are where the tree's words stand: a word wherever it counts, a phrase
 * only where all of it stands, from its first word to its last, the operands of
 * NEAR where they stand near each other. What is behind a - is never marked.
 *
 * Threads: pure functions over the spots given. */
#ifndef LEDE_QUERY_MARKS_H
#define LEDE_QUERY_MARKS_H

#include "query/search.h"
#include "query/spots.h"

/* Bytes [begin, end) of a section, because of the leaves [leaf] (the first of a
 * phrase's). */
typedef struct lede_found {
    uint32_t section, leaf;
    size_t begin, end;
} lede_found;

/* Everything that the tree finds, sorted by section and begin; it may overlap.
 * Fills *out and *count; the array lives in `arena`. False when out of memory.
 */
bool lede_marks_find(const lede_tree *tree, const lede_spots *spots,
                     lede_arena *arena, lede_found **out, uint32_t *count);

/* Marks of those of `found` in [begin, end) of the bytes (of one section, or of
 * texts that were put together), merged where they touch or overlap, each
 * shifted by `shift`. False when out of memory. */
bool lede_marks_merge(const lede_found *found, uint32_t count, size_t begin,
                      size_t end, int64_t shift, lede_arena *arena,
                      const lede_mark **out, uint32_t *out_count);

#endif
