/* live_bylines.h - "who wrote this?"
 *
 * Bylines in plain text: two lines (name, role), "By Name", a team's name, the
 * glued "By A BBBBC News, Delhi", "From CNN's A B in C". What is no byline by
 * these rules is text.
 *
 * Threads: pure functions over the caller's arena. */
#ifndef LEDE_CORPUS_LIVE_BYLINES_H
#define LEDE_CORPUS_LIVE_BYLINES_H

#include "base/arena.h"
#include "base/entry.h"
#include "corpus/paragraphs.h"

typedef struct lede_authors {
    lede_author *items;
    uint32_t count, room;
    bool failed; /* out of memory */
} lede_authors;

/* Whether a block of one line is a byline by itself. */
bool lede_byline_is_line(const lede_text_block *block);

/* Takes a block as byline and adds its authors; false if it is none.
 * `is_first`: it is the first block behind a head, so two short lines will do
 * without a role word. */
bool lede_byline_take(const lede_text_block *block, bool is_first,
                      lede_arena *arena, lede_authors *authors);
/* A name in a block and "Reporting from X" in the next. */
bool lede_byline_is_pair(const lede_text_block *name,
                         const lede_text_block *role);
bool lede_byline_take_pair(const lede_text_block *name,
                           const lede_text_block *role, lede_arena *arena,
                           lede_authors *authors);

/* One to six words, all capitalised or particles, without digits. */
bool lede_byline_is_name(lede_span text);

void lede_authors_add(lede_authors *authors, lede_arena *arena, lede_span name,
                      lede_span role, lede_span location);
/* Adds the names of "A B, C D and E F". */
void lede_authors_add_names(lede_authors *authors, lede_arena *arena,
                            lede_span names, lede_span role,
                            lede_span location);

/* The place at the end of a role: "Russia editor, in Moscow". Empty if there
 * is none. */
lede_span lede_byline_location(lede_span role);

#endif
