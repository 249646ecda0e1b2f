/* marking.h - "where in this whole entry does the query match?"
 *
 * The marks of every text of an entry, found as those of snippets are: by
 * walking it again and looking where the tree's words stand (query/marks.h).
 *
 * Threads: as the results. */
#ifndef LEDE_QUERY_MARKING_H
#define LEDE_QUERY_MARKING_H

#include "base/arena.h"
#include "query/search.h"

typedef struct lede_marked_text {
    lede_span text; /* one of the entry's own, the very same bytes */
    const lede_mark *marks;
    uint32_t count;
} lede_marked_text;

typedef struct lede_marking {
    lede_marked_text *items;
    uint32_t count;
} lede_marking;

/* Marks an entry of the results' archive, found or not. It lives in `arena` and
 * as long as the entry. */
lede_status lede_results_mark(lede_results *results, const lede_entry *entry,
                              lede_arena *arena, lede_marking *out,
                              lede_error *err);
/* The marks of one of the entry's texts. */
const lede_mark *lede_marking_of(const lede_marking *marking, lede_span text,
                                 uint32_t *count);

#endif
