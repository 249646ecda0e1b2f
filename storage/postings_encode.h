/* postings_encode.h - "postings on their way to a block"
 *
 * What the encoder (postings_encode.c) gathers and postings_encode_block.c
 * turns into bytes. Internal to storage/postings*.c.
 *
 * Threads: as the encoder. */
#ifndef LEDE_STORAGE_POSTINGS_ENCODE_H
#define LEDE_STORAGE_POSTINGS_ENCODE_H

#include "storage/postings_codec.h"

/* Postings not yet written: at most one block. */
typedef struct lede_pending_block {
    uint32_t n;
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint32_t counts[LEDE_BLOCK_POSTINGS];
    uint8_t lengths[LEDE_BLOCK_POSTINGS];
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    uint32_t set_sizes[LEDE_BLOCK_POSTINGS];
    uint8_t set_labels[LEDE_BLOCK_POSTINGS]; /* in order of arrival */
    uint32_t set_count;
    size_t set_ends[LEDE_BLOCK_POSTINGS];
    uint64_t set_maps[LEDE_BLOCK_POSTINGS]; /* up to 64 forms: as bits */
    lede_buf sets;                          /* distinct ones, encoded */
    lede_buf gaps;                          /* u32s: of the positions */
    lede_buf ranks; /* u16s; none in a list of fewer than two forms */
} lede_pending_block;

/* A frequency as impacts have it. */
static inline uint16_t lede_frequency_capped(uint32_t frequency)
{
    return (uint16_t)(frequency < LEDE_FREQUENCY_CAP ? frequency
                                                     : LEDE_FREQUENCY_CAP);
}

typedef struct lede_impacts {
    uint16_t frequencies[LEDE_BLOCK_IMPACTS];
    uint8_t lengths[LEDE_BLOCK_IMPACTS];
} lede_impacts;

/* By length byte: the score of frequency f is f / (f + slowness). */
typedef struct lede_slowness {
    float average; /* that it was made for */
    double of[256];
} lede_slowness;
void lede_slowness_set(lede_slowness *slowness, float average_length);

/* The first impact, and at most `corners` others; what is left repeats the
 * last. */
lede_impacts lede_pending_impacts(const lede_pending_block *pending,
                                  uint32_t corners,
                                  const lede_slowness *slowness);

/* The count of posting `i`, less the expected one. */
int64_t lede_pending_correction(const lede_pending_block *pending, uint32_t i);

/* The encoded set of forms of posting `i`. */
lede_span lede_pending_set(const lede_pending_block *pending, uint32_t i);

/* What a block's bytes depend on, besides its postings. */
typedef struct lede_block_context {
    uint32_t first; /* the least entry that can be in it */
    uint8_t usual_fields;
    uint32_t form_count;
    bool is_only;             /* no other comes before or behind it */
    uint32_t position_offset; /* where it has positions */
} lede_block_context;

/* Appends the block. */
void lede_pending_encode(const lede_pending_block *pending,
                         const lede_block_context *context, lede_buf *out);

#endif
