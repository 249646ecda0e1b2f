/* paragraphs.h - "which lines belong together?"
 *
 * A block is a run of lines without a blank one between. A page's text dump has
 * a paragraph per line; a text wrapped to a width has one per block. This
 * decides which, and tells list items from paragraphs. A line is not copied: a
 * block holds spans of whoever gathers it.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_PARAGRAPHS_H
#define LEDE_CORPUS_PARAGRAPHS_H

#include "base/arena.h"
#include "base/entry.h"

typedef struct lede_text_block {
    lede_span *lines; /* trimmed, none empty */
    uint32_t line_count;
} lede_text_block;

/* An array of body blocks that grows in an arena. */
typedef struct lede_body {
    lede_block *blocks;
    uint32_t count, room;
    bool failed; /* out of memory */
} lede_body;

/* Whether the lines were broken to fit a width: none could have taken the first
 * word of the next, and at least one ends inside a sentence. */
bool lede_block_is_wrapped(const lede_text_block *block);

/* Bytes of the bullet at the beginning of a line ("• ", "- "), with the blanks
 * behind it; 0 if there is none. */
size_t lede_bullet_len(lede_span line);
/* Whether the line begins with a number as lists have it: "3. ", "12) ". */
bool lede_is_numbered_item(lede_span line);

/* Appends a block; an empty text is passed over. */
void lede_body_add(lede_body *body, lede_arena *arena, lede_block_type type,
                   lede_span text);
/* Appends lines [from, end) of a block as paragraphs and list items; wrapped
 * lines are joined. */
void lede_body_add_lines(lede_body *body, lede_arena *arena,
                         const lede_text_block *block, uint32_t from);

/* The same for lines that are known to be wrapped. */
void lede_body_add_wrapped(lede_body *body, lede_arena *arena,
                           const lede_text_block *block, uint32_t from);

/* All lines of a block, joined by blanks. */
lede_span lede_block_join(const lede_text_block *block, uint32_t from,
                          uint32_t end, lede_arena *arena);

#endif
