/* file_state.h - "what is remembered of this file?"
 *
 * The payload of a file record: which blocks of claims (claims.h) the file has.
 * A small file has one block, in the payload itself; a large one has chunks, in
 * file records of their own that are named
 *
 *   PATH NUL generation (8 hex digits) number (8 hex digits)
 *
 * A file that is larger than a batch is published in parts. Until it was read
 * whole its record is partial: it is read again by the next run, and the blocks
 * of the reading before stay, as old ones. Old blocks go one by one, which
 * bounds the work of a batch.
 *
 *   payload: version u8, flags u8, options u64, generation u32, chunks u32,
 *            old ranges u32, then per range generation, first, end (u32 each;
 *            generation 0 = the block in this payload), then that block
 *
 * An archive keeps the text of an entry's best claim alone. If that file goes
 * or changes, the next best one is read again; if its text cannot be had just
 * then, the record says that texts are wanted: the file is read again by the
 * next run, and all of it is settled anew. A damaged file is read for them
 * once: then they are wanted in vain until the file changes.
 *
 * Threads: as the snapshot. */
#ifndef LEDE_INDEXER_FILE_STATE_H
#define LEDE_INDEXER_FILE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "indexer/claims.h"
#include "storage/archive.h"

enum { LEDE_OLD_RANGES_MAX = 16 };

typedef struct lede_chunk_range {
    uint32_t generation, first, end;
} lede_chunk_range;

typedef struct lede_file_state {
    bool is_partial;
    bool texts_wanted;   /* a text that it claims is not in the archive */
    bool texts_in_vain;  /* nor in the file, while it is as it was: damaged */
    uint64_t options;    /* hash of the options it was read with; 0 = none */
    uint32_t generation; /* of this reading */
    uint32_t chunks;     /* 0 and complete: the block is inside */
    lede_chunk_range old[LEDE_OLD_RANGES_MAX];
    uint32_t old_count;
    lede_span inside; /* empty, or a block */
} lede_file_state;

void lede_file_state_encode(const lede_file_state *state, lede_buf *out);
/* Spans are lent from the payload. */
lede_status lede_file_state_decode(lede_span payload, lede_file_state *out,
                                   lede_error *err);

/* Whether a file record is a chunk of another. */
bool lede_file_is_chunk(lede_span path);
/* Replaces the content of `out` with a chunk's name. */
void lede_file_chunk_name(lede_span path, uint32_t generation, uint32_t index,
                          lede_buf *out);

/* Begins another reading: all blocks become old. */
void lede_file_state_restart(lede_file_state *state);

/* --- Blocks ------------------------------------------------------------ */

/* The blocks of this reading, then the old ones. */
uint32_t lede_file_new_blocks(const lede_file_state *state);
uint32_t lede_file_old_blocks(const lede_file_state *state);
/* Where a block is: LEDE_CORRUPT if there is no such one, or a damaged one,
 * with `out` a block without claims: who must go on does so with that. */
lede_status lede_file_block(const lede_snapshot *snapshot, lede_span path,
                            const lede_file_state *state, uint32_t index,
                            lede_claims *out, lede_error *err);
/* Its generation and number; generation 0 = inside. */
void lede_file_block_place(const lede_file_state *state, uint32_t index,
                           uint32_t *generation, uint32_t *number);
/* Drops the first `count` old blocks. */
void lede_file_drop_old(lede_file_state *state, uint32_t count);

#endif
