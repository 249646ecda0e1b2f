/* text_gather.h - "lines on their way to an entry"
 *
 * Gathers lines into blocks, copied into the arena of one entry. Lines that
 * were cut because of their length are put together again, up to a paragraph's
 * limit, behind which another begins; text beyond an entry's limit is left
 * out.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_TEXT_GATHER_H
#define LEDE_CORPUS_TEXT_GATHER_H

#include "corpus/paragraphs.h"

/* Text of one entry beyond this is left out, and the entry flagged. */
#define LEDE_ENTRY_TEXT_BYTES ((size_t)64 << 20)

/* Lines on their way to an entry. */
typedef struct lede_text_gather {
    lede_arena *arena;
    lede_text_block *blocks;
    uint32_t count, room;
    uint32_t line_room; /* of the last block */
    uint8_t *paragraph; /* room for a line that goes on; NULL = none yet */
    bool is_open;       /* the last block takes further lines */
    bool is_unended;    /* its last line goes on in the next */
    bool is_dense;      /* each line is a block */
    bool is_full;       /* lines were left out */
    bool failed;        /* out of memory */
} lede_text_gather;

/* Appends a line (copied), or ends the block if it is blank. */
void lede_text_gather_add(lede_text_gather *text, lede_span line, bool ended);
void lede_text_gather_end_block(lede_text_gather *text);

#endif
