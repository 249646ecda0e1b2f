/* postings.h - "here is a term: in which entries, how often, where?"
 *
 * The posting list of one term in one segment: encoder and decoder over bytes,
 * with no idea of where they are kept. Entries are numbers in the segment,
 * newest first. Blocks of 128 postings; per block, in a skip area that is read
 * without touching the blocks: the last entry, where the block begins, and its
 * impacts, (frequency, length byte) pairs, from which any BM25 bound follows.
 * A block holds gaps (bit-packed, or a bit set where denser), frequencies, field
 * masks and form sets; each part can be decoded alone. Positions are a stream
 * of their own, decoded last. docs/FORMAT.md has every byte.
 *
 * Forms. The term is a stem; a form is one way in which it is written: folded
 * word, letter case, and width (see base/analyze.h). A list has a table of its
 * forms; a posting carries the set of forms that occur, and each position says
 * which one stands there. A term with one form pays nothing for it.
 *
 * Decoding trusts nothing: every offset, width and count is checked, and a
 * block that does not end on its recorded last entry is LEDE_CORRUPT. SIMD is
 * chosen at run time; all variants give the same result.
 *
 * Threads: lists are read-only; an encoder belongs to one thread. */
#ifndef LEDE_STORAGE_POSTINGS_H
#define LEDE_STORAGE_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/analyze.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

enum {
    LEDE_BLOCK_POSTINGS = 128,
    LEDE_FREQUENCY_CAP = 65535 /* in impacts: this or more */
};

/* --- Writing ----------------------------------------------------------- */

typedef struct lede_form {
    lede_span word; /* folded */
    lede_case letter_case;
    uint8_t width;
} lede_form;

/* One posting. `frequency` is the weighted one (lede_field_weight summed over
 * the occurrences), at least 1. `positions` ascend; equal positions are
 * allowed (a word and its joined form can share a stem). `forms[i]` is the
 * index in the list's table of the form at positions[i]. A list made without
 * positions has count 0 everywhere. */
typedef struct lede_posting {
    uint32_t entry;
    uint32_t frequency;
    uint8_t length; /* the entry's length byte */
    uint8_t fields; /* bit set of default fields; 0 for by-field-only terms */
    uint32_t count;
    const uint32_t *positions;
    const uint16_t *forms;
} lede_posting;

typedef struct lede_postings_encoder lede_postings_encoder;

/* What a dictionary entry has to remember of a finished list. `list` and
 * `positions` are lent until the encoder's next begin. `positions` is one run
 * of bytes in which each block knows its offset. Lists of few postings are
 * short enough to be kept inline. */
typedef struct lede_encoded_list {
    uint32_t entry_count;   /* document frequency, deleted ones included */
    uint64_t occurrences;   /* positions in all */
    lede_span list;
    lede_span positions;
} lede_encoded_list;

lede_status lede_postings_encoder_new(lede_postings_encoder **out,
                                      lede_error *err);
void lede_postings_encoder_free(lede_postings_encoder *encoder);
/* Starts a list with its table of forms (none for terms without forms). The
 * average length is that of the segment in frequency units: it decides which
 * posting of a block is kept as its attained impact. */
void lede_postings_encoder_begin(lede_postings_encoder *encoder,
                                 const lede_form *forms, uint32_t form_count,
                                 float average_length);
/* Entries strictly ascend. */
lede_status lede_postings_encoder_put(lede_postings_encoder *encoder,
                                      const lede_posting *posting,
                                      lede_error *err);
lede_status lede_postings_encoder_end(lede_postings_encoder *encoder,
                                      lede_encoded_list *out, lede_error *err);

/* --- Reading ----------------------------------------------------------- */

/* An opened list: views into the bytes given, which must outlive it. */
typedef struct lede_postings {
    uint32_t entry_count;  /* document frequency */
    uint32_t block_count;
    uint32_t segment_entries; /* bound on entry numbers */
    uint32_t form_count;
    uint32_t max_frequency; /* over the list, capped as impacts are */
    /* Skip area: unaligned little-endian arrays of block_count items. Load with
     * lede_load_u32 / u16, or unaligned vector loads. */
    const uint8_t *last_entries;   /* u32 */
    const uint8_t *block_offsets;  /* u32, from block_bytes */
    /* Two impacts a block. The first is attained by a posting of the block (so
     * it may serve as a threshold); the other bounds the rest of the block from
     * above: every posting has frequency <= and length >= one of the two pairs.
     */
    const uint8_t *impact_frequencies[2]; /* u16 */
    const uint8_t *impact_lengths[2];     /* u8 */
    lede_span block_bytes;
    lede_span form_bytes;
    lede_span positions; /* empty if the list has none */
} lede_postings;

/* Opens the bytes of an encoded list. */
lede_status lede_postings_open(lede_span list, lede_span positions,
                               uint32_t segment_entries, lede_postings *out,
                               lede_error *err);

/* The number of postings in a block: 128, but for the last. */
uint32_t lede_postings_block_size(const lede_postings *list, uint32_t block);

/* The first block >= `from` whose last entry is >= `entry`; block_count if there
 * is none. */
uint32_t lede_postings_find_block(const lede_postings *list, uint32_t from,
                                  uint32_t entry);

/* Each decodes one part of one block into arrays of 128. False: corrupt (the
 * caller reports it; no output is promised). `entries` ascend and are below
 * segment_entries. */
bool lede_postings_entries(const lede_postings *list, uint32_t block,
                           uint32_t entries[LEDE_BLOCK_POSTINGS]);
bool lede_postings_frequencies(const lede_postings *list, uint32_t block,
                               uint32_t frequencies[LEDE_BLOCK_POSTINGS]);
/* The frequency of one posting of a block, without decoding the others. */
bool lede_postings_frequency_at(const lede_postings *list, uint32_t block,
                                uint32_t index, uint32_t *out);
bool lede_postings_fields(const lede_postings *list, uint32_t block,
                          uint8_t fields[LEDE_BLOCK_POSTINGS]);

/* If the block is stored as a bit set: its words and the entry number of bit 0
 * (a multiple of 64 is not promised); else false. For counting. */
bool lede_postings_bits(const lede_postings *list, uint32_t block,
                        uint32_t *first, lede_span *words);

/* The list's forms: fills up to list->form_count items; words are lent from
 * the list's bytes. */
lede_status lede_postings_forms(const lede_postings *list, lede_form *out,
                                lede_error *err);
/* For each posting of the block: does it have any form that `wanted` (an array
 * of form_count flags) has? */
bool lede_postings_with_forms(const lede_postings *list, uint32_t block,
                              const bool *wanted,
                              bool out[LEDE_BLOCK_POSTINGS]);

/* Reads positions of single postings; keeps decoding state of the current
 * block. init never allocates; arrays are the reader's own, grown as needed,
 * lent until the next get; done frees them. */
typedef struct lede_position_reader {
    const lede_postings *list;
    uint32_t *positions;
    uint16_t *forms;
    uint32_t cap;
    uint32_t block; /* private from here on */
    uint32_t counts[LEDE_BLOCK_POSTINGS];
    uint32_t starts[LEDE_BLOCK_POSTINGS];
    bool block_ready;
} lede_position_reader;

void lede_position_reader_init(lede_position_reader *reader,
                               const lede_postings *list);
void lede_position_reader_done(lede_position_reader *reader);
/* The positions (ascending) and their forms of posting `index` of `block`. */
lede_status lede_position_reader_get(lede_position_reader *reader,
                                     uint32_t block, uint32_t index,
                                     uint32_t *count, lede_error *err);

/* --- Length bytes ------------------------------------------------------- */

/* An entry's length (sum of weighted frequencies) as one byte: exact below 24,
 * then four significant bits, as Lucene's SmallFloat.intToByte4 does. Decoding
 * gives the smallest length of the step, so a bound from a byte is safe. */
uint8_t lede_length_encode(uint32_t length);
uint32_t lede_length_decode(uint8_t byte);

#endif
