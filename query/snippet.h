/* snippet.h - "which passage shows why this entry was found?"
 *
 * The best passage of about so many bytes: the one with the most of the query's
 * words (weighted by how rare they are), then the most occurrences, then the
 * first. From the body, else captions, else the deck, wherever something
 * stands; with nothing found, the beginning of the body. Cut at words, with an
 * ellipsis where something is left out; blanks instead of line ends and other
 * control characters.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_SNIPPET_H
#define LEDE_QUERY_SNIPPET_H

#include "query/marks.h"

typedef struct lede_snippet {
    lede_span text;
    const lede_mark *marks;
    uint32_t mark_count;
} lede_snippet;

/* `weights` has a number for each leaf of the tree. Everything lives in
 * `arena`. False when out of memory. */
bool lede_snippet_make(const lede_spots *spots, const lede_found *found,
                       uint32_t found_count, const double *weights,
                       uint32_t leaf_count, uint32_t about_bytes,
                       lede_arena *arena, lede_snippet *out);

/* Marks in the headline, if it is a section of the spots. */
bool lede_snippet_headline(const lede_spots *spots, const lede_found *found,
                           uint32_t found_count, lede_arena *arena,
                           const lede_mark **marks, uint32_t *mark_count);

/* The texts of authors, labels and the like in which something is marked, at
 * most LEDE_SNIPPET_PARTS of them. */
enum { LEDE_SNIPPET_PARTS = 8 };
bool lede_snippet_parts(const lede_spots *spots, const lede_found *found,
                        uint32_t found_count, lede_arena *arena,
                        const lede_hit_part **out, uint32_t *out_count);

#endif
