/* entry_store.h - "here is a record's place: give me its bytes"
 *
 * Entry records in compressed blocks (zstd, with its content checksum), as
 * bytes with no idea of where they are kept. Records are numbered in the order
 * in which they were put; a table has for each block its first record and its
 * address. Reading a record decompresses one block, and a small cache keeps the
 * last one.
 *
 *   block (decompressed)  ends u32[records], records
 *   table                 record count u32, block count u32, then per block:
 *                         first record, value, offset, bytes, raw bytes (u32)
 *
 * Threads: a packer or cache belongs to one thread. */
#ifndef LEDE_STORAGE_ENTRY_STORE_H
#define LEDE_STORAGE_ENTRY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

enum {
    LEDE_RECORD_BLOCK_BYTES = 32 * 1024, /* a block is ended by it */
    LEDE_RECORD_MAX_BYTES = 1 << 29
};

typedef struct lede_record_packer lede_record_packer;

lede_status lede_record_packer_new(lede_record_packer **out, lede_error *err);
void lede_record_packer_free(lede_record_packer *packer);
lede_status lede_record_packer_put(lede_record_packer *packer, lede_span record,
                                   lede_error *err);
bool lede_record_packer_is_full(const lede_record_packer *packer);
/* Compresses the block at hand and lends it until the next call (empty if it
 * has no records); the caller stores it and says where. */
lede_status lede_record_packer_block(lede_record_packer *packer, lede_span *out,
                                     lede_error *err);
lede_status lede_record_packer_placed(lede_record_packer *packer,
                                      uint32_t value, uint32_t offset,
                                      lede_error *err);
/* Counts a block that was compressed elsewhere and stored there; no record may
 * be waiting. */
lede_status lede_record_packer_add(lede_record_packer *packer, uint32_t records,
                                   uint32_t value, uint32_t offset,
                                   uint32_t bytes, uint32_t raw_bytes,
                                   lede_error *err);
uint32_t lede_record_packer_count(const lede_record_packer *packer);
uint32_t lede_record_packer_block_count(const lede_record_packer *packer);
void lede_record_packer_table(const lede_record_packer *packer, lede_buf *out);

typedef struct lede_record_blocks {
    uint32_t record_count, block_count;
    const uint8_t *rows;
} lede_record_blocks;

typedef struct lede_record_block {
    uint32_t first, count;
    uint32_t value, offset, bytes, raw_bytes;
} lede_record_block;

lede_status lede_record_blocks_open(lede_span table, lede_record_blocks *out,
                                    lede_error *err);
lede_status lede_record_blocks_get(const lede_record_blocks *blocks,
                                   uint32_t index, lede_record_block *out,
                                   lede_error *err);
/* The block that holds a record < record_count. */
uint32_t lede_record_blocks_find(const lede_record_blocks *blocks,
                                 uint32_t record);

/* The last block decompressed. All-zero is empty. */
typedef struct lede_record_cache {
    void *context; /* zstd's */
    lede_buf raw;
    lede_record_block block;
    bool is_filled;
} lede_record_cache;

void lede_record_cache_done(lede_record_cache *cache);
/* Makes `block` the one at hand, from its compressed bytes. */
lede_status lede_record_cache_fill(lede_record_cache *cache,
                                   const lede_record_block *block,
                                   lede_span compressed, lede_error *err);
/* The same from the first of blocks that stand end to end, of which nothing
 * else is known. *bytes is how long it is, for LEDE_CORRUPT too: 0 if that
 * cannot be told. */
lede_status lede_record_cache_fill_next(lede_record_cache *cache,
                                        lede_span blocks, size_t *bytes,
                                        lede_error *err);
/* Lends record `index` of the block at hand until the next fill. */
lede_status lede_record_cache_get(const lede_record_cache *cache,
                                  uint32_t index, lede_span *out,
                                  lede_error *err);

#endif
