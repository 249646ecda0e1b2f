/* dictionary.h - "which list belongs to this term?"
 *
 * The sorted terms of a segment as bytes, with no idea of where they are kept.
 * Terms stand in front-coded blocks of at most 64; an index holds for each
 * block its address and a separator (the shortest string that is greater than
 * the term before the block and not greater than the block's first), with the
 * separators' first eight bytes apart, as numbers, so that the binary search
 * seldom touches a string. All of it is searched where it lies in the map.
 *
 *   block  count u8, bytes of terms, bytes of infos, list base, positions base
 *          (varints); terms: shared and more in a byte, info bytes varint,
 *          suffix; infos: see docs/FORMAT.md, "Dictionary"
 *   index  count u32, string bytes u32, prefixes u64[count], ends u32[count],
 *          addresses (value u32, offset u32)[count], strings
 *
 * Threads: a writer or cursor belongs to one thread; the rest is read-only. */
#ifndef LEDE_STORAGE_DICTIONARY_H
#define LEDE_STORAGE_DICTIONARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "base/varint.h"

enum {
    LEDE_TERM_MAX_BYTES = 255,
    LEDE_DICTIONARY_BLOCK_TERMS = 64,
    LEDE_DICTIONARY_BLOCK_BYTES = 4096, /* a block is ended by it, too */
    LEDE_INLINE_MAX_BYTES = 48          /* of a list that is kept inline */
};

/* Where some bytes lie: in a value of its kind, from an offset on. */
typedef struct lede_address {
    uint32_t value, offset;
    uint64_t len;
} lede_address;

/* What is remembered of a term: its list, or where that is, and where the
 * chunks of its positions are (none: the list is short, or has no positions).
 */
typedef struct lede_dictionary_term {
    lede_span bytes; /* the term */
    bool is_inline;
    lede_span list;       /* inline */
    lede_address list_at; /* not inline */
    lede_span chunks;     /* encoded addresses: lede_dictionary_chunk */
    uint32_t positions_base;
    uint32_t ordinal; /* the term's place in its block */
} lede_dictionary_term;

/* --- Writing ---------------------------------------------------------------
 */

/* All-zero is an empty writer. Failing allocations show in the bufs. */
typedef struct lede_dictionary_writer {
    lede_buf terms, infos; /* of the block at hand */
    lede_buf previous;     /* the last term put */
    lede_buf separator;    /* of the block at hand */
    lede_buf block;
    uint32_t count;
    uint32_t list_base, positions_base;
    lede_buf prefixes, ends, addresses, strings;
    uint32_t block_count;
    uint64_t term_count;
} lede_dictionary_writer;

void lede_dictionary_writer_done(lede_dictionary_writer *writer);
/* Adds a term with its list and the addresses of its chunks (`chunks` of the
 * term is not looked at). Terms strictly ascend, of 1 to LEDE_TERM_MAX_BYTES
 * bytes; values ascend with the terms. */
void lede_dictionary_writer_put(lede_dictionary_writer *writer,
                                const lede_dictionary_term *term,
                                const lede_address *chunks,
                                uint32_t chunk_count);
bool lede_dictionary_writer_is_full(const lede_dictionary_writer *writer);
/* Lends the block at hand (empty if it has no terms) until the next call; the
 * caller stores it and says where. */
lede_span lede_dictionary_writer_block(lede_dictionary_writer *writer);
void lede_dictionary_writer_placed(lede_dictionary_writer *writer,
                                   uint32_t value, uint32_t offset);
void lede_dictionary_writer_index(const lede_dictionary_writer *writer,
                                  lede_buf *out);
bool lede_dictionary_writer_failed(const lede_dictionary_writer *writer);

/* --- Reading ---------------------------------------------------------------
 */

typedef struct lede_dictionary {
    uint32_t block_count;
    const uint8_t *prefixes, *ends, *addresses;
    lede_span strings;
} lede_dictionary;

lede_status lede_dictionary_open(lede_span index, lede_dictionary *out,
                                 lede_error *err);
/* The one block that can hold a term; false if there are no blocks. */
bool lede_dictionary_find_block(const lede_dictionary *dictionary,
                                lede_span term, uint32_t *block);
/* The same for up to LEDE_DICTIONARY_AT_ONCE terms, where there are blocks. */
enum { LEDE_DICTIONARY_AT_ONCE = 16 };
void lede_dictionary_find_blocks(const lede_dictionary *dictionary,
                                 const lede_span *terms, uint32_t count,
                                 uint32_t *blocks);
/* An address of length 0: a block knows its own. */
lede_address lede_dictionary_block_at(const lede_dictionary *dictionary,
                                      uint32_t block);
lede_span lede_dictionary_separator(const lede_dictionary *dictionary,
                                    uint32_t block);

/* Finds a term in the bytes that begin with its block. LEDE_NOT_FOUND without a
 * message. out->bytes is `term` as given; lists are lent from `block`. */
lede_status lede_dictionary_find(lede_span block, lede_span term,
                                 lede_dictionary_term *out, lede_error *err);

/* The term at a known place of a block, and where one of its chunks is: for
 * both LEDE_CORRUPT if there is no such. `bytes` is not set. */
lede_status lede_dictionary_get(lede_span block, uint32_t ordinal,
                                lede_dictionary_term *out, lede_error *err);
lede_status lede_dictionary_chunk(const lede_dictionary_term *term,
                                  uint32_t index, lede_address *out,
                                  lede_error *err);

/* Walks the terms of one block. */
typedef struct lede_dictionary_cursor {
    lede_reader terms, infos; /* private */
    uint32_t count, left;
    uint32_t list_base, positions_base;
    uint8_t term[LEDE_TERM_MAX_BYTES];
    uint32_t term_len;
} lede_dictionary_cursor;

lede_status lede_dictionary_cursor_init(lede_dictionary_cursor *cursor,
                                        lede_span block, lede_error *err);
/* LEDE_END behind the last term. out->bytes lives until the next call. */
lede_status lede_dictionary_cursor_next(lede_dictionary_cursor *cursor,
                                        lede_dictionary_term *out,
                                        lede_error *err);

#endif
