/* match_stream.h - "a leaf in a segment, block by block, with bounds"
 *
 * What the fast paths walk. A leaf with one list is that list. A leaf with
 * several (a synonym group) is their union, made lazily: its blocks are cut
 * where any of the lists ends a block, so that each holds at most 128 postings
 * of each list, and their frequencies are added. Either way a block has a last
 * entry, a bound of the parts in it, and is decoded on demand. The union of
 * very many lists is made at once (match_made.h).
 *
 * Threads: belongs to one run. */
#ifndef LEDE_QUERY_MATCH_STREAM_H
#define LEDE_QUERY_MATCH_STREAM_H

#include "query/match_list.h"

typedef struct lede_match_stream {
    lede_matching *matching;
    float weight; /* 0: frequencies and parts are not needed */
    const lede_match_lists *lists;
    uint32_t postings; /* at most so many */
    uint32_t block_count;
    const uint8_t *lasts; /* u32, little-endian */
    uint32_t *bounds;     /* per block; NULL until there is room for them */
    uint32_t bounds_from, bounds_to; /* the blocks of which they are made */
    uint32_t most;                   /* bound of all blocks */
    uint8_t fields; /* one list: what counts has one of these; 0: any */

    /* The block at hand: what of it is decoded. */
    uint32_t block, size, probes;
    bool is_open, entries_ready, frequencies_ready;
    lede_postings_block opened; /* one list */
    uint32_t *entries, *frequencies;

    uint32_t hint; /* blocks before it lie behind the last probe */
    const struct lede_match_made *made; /* union of many lists */
    uint32_t
        *starts; /* union of few: per list, the first block for each block */
    lede_match_list *scratch;
} lede_match_stream;

/* Opens the stream of a leaf in the segment at hand; false (noted) when out of
 * memory. A leaf without lists has no blocks. */
bool lede_match_stream_open(lede_match_stream *stream, lede_matching *matching,
                            uint32_t leaf);

/* The same of lists that no leaf has and that do not score. */
bool lede_match_stream_open_lists(lede_match_stream *stream,
                                  lede_matching *matching,
                                  const lede_match_lists *lists);

/* Makes `bounds` and `most` exact. */
bool lede_match_stream_make_bounds(lede_match_stream *stream);

/* Makes room for bounds, which are then made as they are asked for. */
bool lede_match_stream_expect_bounds(lede_match_stream *stream);
/* The bound of blocks [from, to), where neither goes back from call to call;
 * there is room for bounds. */
uint32_t lede_match_stream_most_in(lede_match_stream *stream, uint32_t from,
                                   uint32_t to);

/* The bound of one block, whether or not its is made. */
uint32_t lede_match_stream_bound(const lede_match_stream *stream,
                                 uint32_t block);

/* False if no posting of the block is in one of the stream's `fields`. */
bool lede_match_stream_may_count(const lede_match_stream *stream,
                                 uint32_t block);

/* Decodes the entries of a block, which is then at hand; false if it is damaged
 * (noted). */
bool lede_match_stream_load(lede_match_stream *stream, uint32_t block);

/* The bits of a block that is stored as a set (lede_postings_block_bits), which
 * is then at hand; else, or if it is damaged, false. */
bool lede_match_stream_bits(lede_match_stream *stream, uint32_t block,
                            uint32_t *first, lede_span *bits);

/* Cuts 1 to LEDE_MATCH_BATCH entries, in a room of LEDE_MATCH_BATCH + 8, that
 * do not go back from call to call, and asks for the memory of the first
 * blocks. */
void lede_match_stream_cut(lede_match_stream *stream, const uint32_t *entries,
                           uint32_t count, lede_match_runs *out);
/* Asks for the memory of a block that is looked up soon after run `i`. */
void lede_match_stream_ask_ahead(const lede_match_stream *stream,
                                 const lede_match_runs *runs, uint32_t i);

#define LEDE_MATCH_NO_PLACE UINT16_MAX
/* Looks `count` ascending entries up in a block, all behind the block before
 * it and none behind its last: for each its place among the postings (any, if
 * the stream does not score), or LEDE_MATCH_NO_PLACE. The block is at hand
 * then, its entries need not be decoded. False if it is damaged (noted). */
bool lede_match_stream_look_up(lede_match_stream *stream, uint32_t block,
                               const uint32_t *entries, uint32_t count,
                               uint16_t *places);

/* Decodes the frequencies of the block at hand. */
bool lede_match_stream_load_frequencies(lede_match_stream *stream);
/* The frequency of posting `index` of the block at hand. */
uint32_t lede_match_stream_frequency(lede_match_stream *stream, uint32_t index);

static inline uint32_t lede_match_stream_last(const lede_match_stream *stream,
                                              uint32_t block)
{
    return lede_load_u32(stream->lasts + 4 * (size_t)block);
}

static inline uint32_t lede_match_stream_find(const lede_match_stream *stream,
                                              uint32_t from, uint32_t entry)
{
    return lede_match_find_last(stream->lasts, from, stream->block_count,
                                entry);
}

/* The first entry that block could hold. */
static inline uint32_t lede_match_stream_first(const lede_match_stream *stream,
                                               uint32_t block)
{
    return block == 0 ? 0 : lede_match_stream_last(stream, block - 1) + 1;
}

#endif
