/* postings.h - "here is a term: in which entries, how often, where?"
 *
 * The posting list of one term in one segment: encoder and decoder over bytes,
 * with no idea of where they are kept. Entries are numbers in the segment,
 * newest first. Blocks of 128 postings; per block, in a skip area that is read
 * without touching the blocks: the last entry, where the block begins, and its
 * impacts, (frequency, length byte) pairs, from which any BM25 bound follows.
 * A block holds gaps (bit-packed, or a bit set where denser), frequencies,
 * field masks and form sets; each part can be decoded alone. Positions are a
 * stream of their own, decoded last. A list of LEDE_SHORT_POSTINGS postings or
 * fewer is short: bytes without blocks, positions among them, read as if it
 * were one block. docs/FORMAT.md has every byte.
 *
 * Forms. The term is a stem; a form is one way in which it is written: folded
 * word, letter case, marks, and width (see base/analyze.h). A list has a table
 * of its forms; a posting carries the set of forms that occur, and each
 * position says which one stands there. A term with one form pays nothing for
 * it.
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
#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "base/varint.h"

enum {
    LEDE_BLOCK_POSTINGS = 128,
    LEDE_SHORT_POSTINGS = 8,
    LEDE_LIST_MAX_POSTINGS = 1 << 24,
    LEDE_MAX_FORMS = 65535,
    LEDE_FREQUENCY_CAP = 65535, /* in impacts: this or more */
    LEDE_BLOCK_IMPACTS = 6,
    LEDE_POSITION_CHUNK_BYTES = 1 << 20
};

/* --- Writing ----------------------------------------------------------- */

typedef struct lede_form {
    lede_span word; /* folded */
    lede_case letter_case;
    uint8_t marks; /* as a token has */
    uint8_t width;
} lede_form;

/* An order: by word, letter case, marks, width. */
int lede_form_compare(const lede_form *a, const lede_form *b);

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

/* Where the positions of long lists go. Positions are cut into chunks of whole
 * blocks, at most LEDE_POSITION_CHUNK_BYTES each unless a single block is
 * larger. `put` takes all chunks but the last of each list, in order; the bytes
 * are lent until it returns. */
typedef struct lede_position_sink {
    void *ctx;
    lede_status (*put)(void *ctx, uint32_t index, lede_span chunk,
                       lede_error *err);
} lede_position_sink;

typedef struct lede_postings_encoder lede_postings_encoder;

/* A finished list. The list knows the rest: a dictionary entry has to remember
 * these bytes and, where chunk_count > 0, where the chunks are. All is lent
 * until the encoder's next begin. */
typedef struct lede_encoded_list {
    uint32_t entry_count; /* document frequency, deleted ones included */
    uint64_t occurrences; /* positions in all */
    lede_span list;
    uint32_t chunk_count; /* 0: short, or without positions */
    lede_span last_chunk; /* number chunk_count - 1 */
} lede_encoded_list;

/* Without a sink (NULL) a list whose positions need a second chunk fails with
 * LEDE_BAD_INPUT. */
lede_status lede_postings_encoder_new(const lede_position_sink *sink,
                                      lede_postings_encoder **out,
                                      lede_error *err);
void lede_postings_encoder_free(lede_postings_encoder *encoder);
/* Starts a list with its table of forms (none for terms without forms). The
 * words of forms are kept by what they do not share with `stem`: the same bytes
 * have to be given to lede_postings_forms. The average length is that of the
 * segment in frequency units: it decides which posting of a block is kept as
 * its attained impact. */
void lede_postings_encoder_begin(lede_postings_encoder *encoder, lede_span stem,
                                 const lede_form *forms, uint32_t form_count,
                                 float average_length);
/* Starts a list that says where something is and nothing more: frequencies of
 * 1, fields, neither forms nor positions, and, if it is not short, no impacts.
 */
void lede_postings_encoder_begin_flat(lede_postings_encoder *encoder);
/* Entries strictly ascend, positions ascend, forms are in the table; else
 * LEDE_BUG. */
lede_status lede_postings_encoder_put(lede_postings_encoder *encoder,
                                      const lede_posting *posting,
                                      lede_error *err);
/* LEDE_BUG if no posting was put. */
lede_status lede_postings_encoder_end(lede_postings_encoder *encoder,
                                      lede_encoded_list *out, lede_error *err);

/* --- Reading ----------------------------------------------------------- */

/* Where positions come from: chunk `index` of the list that `id` names to
 * `ctx`, lent as long as the list's bytes. Called when positions are first
 * asked for, never for short lists. */
typedef struct lede_position_source {
    lede_status (*chunk)(const void *ctx, uint64_t id, uint32_t index,
                         lede_span *out, lede_error *err);
    const void *ctx;
    uint64_t id;
} lede_position_source;

/* What a segment has to say to all its lists. */
typedef struct lede_postings_segment {
    uint32_t entries;       /* bound on entry numbers */
    const uint8_t *lengths; /* `entries` length bytes, as given when encoding */
} lede_postings_segment;

/* An opened list: views into the bytes given, which must outlive it. It may be
 * copied as any struct. */
typedef struct lede_postings {
    uint32_t entry_count; /* document frequency */
    uint32_t block_count;
    uint32_t form_count;
    uint32_t max_frequency; /* over the list, capped as impacts are */
    uint64_t occurrences;   /* positions in all */
    bool has_positions;
    bool is_flat;   /* it has no impacts, which must not be asked for */
    uint8_t fields; /* union of all postings' field masks */

    lede_postings_segment segment; /* private from here on */
    lede_position_source source;
    uint32_t chunk_count;
    const uint8_t *chunks; /* u32: first block of each chunk */
    const uint8_t *skip;   /* NULL: a short list; its skip area is `one` */
    uint8_t one[8 + 3 * LEDE_BLOCK_IMPACTS];
    uint8_t flags;
    uint8_t usual_fields;
    lede_span block_bytes;
    lede_span form_bytes;
} lede_postings;

/* Opens the bytes of an encoded list. `source` may be NULL when no positions
 * will be read. Short lists are checked in full, others block by block as they
 * are decoded. */
lede_status lede_postings_open(lede_span list,
                               const lede_postings_segment *segment,
                               const lede_position_source *source,
                               lede_postings *out, lede_error *err);

/* The skip area: unaligned little-endian arrays of block_count items, to be
 * read with lede_load_u32 / u16, or by unaligned vector loads that stay inside.
 * Lent as long as the lede_postings that was given stays where it is. */
static inline const uint8_t *lede_postings_skip(const lede_postings *list)
{
    return list->skip != NULL ? list->skip : list->one;
}

/* u32: the last entry of each block; strictly ascending. */
static inline const uint8_t *
lede_postings_last_entries(const lede_postings *list)
{
    return lede_postings_skip(list);
}

/* LEDE_BLOCK_IMPACTS impacts a block, number `which` (a list of one block keeps
 * two of them, the others repeat the second). The first is attained by
 * a posting of the block (so it may serve as a threshold); the others bound the
 * rest of the block from above: every posting has frequency <= and length >=
 * one of the pairs. Frequencies are u16, LEDE_FREQUENCY_CAP meaning that much
 * or more (then the first is no threshold); lengths are length bytes. */
static inline const uint8_t *
lede_postings_impact_frequencies(const lede_postings *list, unsigned which)
{
    return lede_postings_skip(list) +
           (size_t)list->block_count * (8 + 2 * which);
}

static inline const uint8_t *
lede_postings_impact_lengths(const lede_postings *list, unsigned which)
{
    return lede_postings_skip(list) +
           (size_t)list->block_count * (8 + 2 * LEDE_BLOCK_IMPACTS + which);
}

/* The number of postings in a block: 128, but for the last. */
static inline uint32_t lede_postings_block_size(const lede_postings *list,
                                                uint32_t block)
{
    uint32_t left = list->entry_count - block * LEDE_BLOCK_POSTINGS;

    return left < LEDE_BLOCK_POSTINGS ? left : LEDE_BLOCK_POSTINGS;
}

/* Asks for the memory of a block that is soon to be decoded. */
void lede_postings_prefetch(const lede_postings *list, uint32_t block);

/* Asks for the memory of the skip area, with the impacts in it or without, or
 * what of it is worth asking for. */
void lede_postings_prefetch_skip(const lede_postings *list, bool with_impacts);

/* The first block >= `from` whose last entry is >= `entry`; block_count if
 * there is none. */
uint32_t lede_postings_find_block(const lede_postings *list, uint32_t from,
                                  uint32_t entry);

/* A block opened, for whoever wants several of its parts; private but for
 * `size`. */
typedef struct lede_postings_block {
    const lede_postings *list;
    uint32_t size;        /* postings */
    uint32_t number;      /* in the list */
    uint32_t first, last; /* the least entry that can be in it; its last */
    lede_reader rest;     /* behind the part found last */
    uint8_t head[3];
    bool has_frequencies; /* they are found */
    uint32_t position_offset;

    const uint8_t *gaps;
    size_t gap_bytes;

    const uint8_t *packed; /* frequencies */
    unsigned frequency_width, frequency_shift;
    uint32_t exception_count;
    unsigned exception_bytes;
    const uint8_t *exception_indices, *exception_values;
} lede_postings_block;

/* Opens a block: lent as long as the lede_postings stays where it is. Its parts
 * are decoded into arrays of 128, places behind its size hold anything.
 * `entries` ascend and are below the segment's. All of these say false if the
 * block is corrupt (the caller reports it; no output is promised). */
bool lede_postings_block_open(const lede_postings *list, uint32_t number,
                              lede_postings_block *out);
bool lede_postings_block_entries(const lede_postings_block *block,
                                 uint32_t entries[LEDE_BLOCK_POSTINGS]);
bool lede_postings_block_frequencies(lede_postings_block *block,
                                     uint32_t frequencies[LEDE_BLOCK_POSTINGS]);
/* The frequency of one posting, without decoding the others. */
bool lede_postings_block_frequency(lede_postings_block *block, uint32_t index,
                                   uint32_t *out);
/* The place of an entry between `first` and `last` among the postings, without
 * decoding them all; `size` if it has none. Cheaper than all entries for one or
 * two, and checks no more than that no place is past the end. */
bool lede_postings_block_find(const lede_postings_block *block, uint32_t entry,
                              uint32_t *place);
/* If it is stored as a bit set: its bits (bit i of byte i / 8; those behind the
 * last entry are 0, as many are 1 as the block has postings) and the entry
 * number of bit 0, of which no alignment is promised; else, or if it is
 * corrupt, false. */
bool lede_postings_block_bits(const lede_postings_block *block, uint32_t *first,
                              lede_span *bits);
/* The same for whoever wants single bits and no ranks: how many are 1 is not
 * counted. */
bool lede_postings_block_set(const lede_postings_block *block, uint32_t *first,
                             lede_span *bits);

/* The same for whoever wants one part: each opens the block. */
bool lede_postings_entries(const lede_postings *list, uint32_t block,
                           uint32_t entries[LEDE_BLOCK_POSTINGS]);
bool lede_postings_frequencies(const lede_postings *list, uint32_t block,
                               uint32_t frequencies[LEDE_BLOCK_POSTINGS]);
bool lede_postings_frequency_at(const lede_postings *list, uint32_t block,
                                uint32_t index, uint32_t *out);
bool lede_postings_bits(const lede_postings *list, uint32_t block,
                        uint32_t *first, lede_span *bits);
bool lede_postings_fields(const lede_postings *list, uint32_t block,
                          uint8_t fields[LEDE_BLOCK_POSTINGS]);
/* Whether any posting of the block has one of `fields`, from what the block
 * says of all its postings together. */
bool lede_postings_has_fields(const lede_postings *list, uint32_t block,
                              uint8_t fields, bool *out);

/* The list's forms: fills list->form_count items; `stem` as given to the
 * encoder; words live in `arena`. */
lede_status lede_postings_forms(const lede_postings *list, lede_span stem,
                                lede_arena *arena, lede_form *out,
                                lede_error *err);
/* For each posting of the block: does it have any form that `wanted` (an array
 * of form_count flags) has? */
bool lede_postings_with_forms(const lede_postings *list, uint32_t block,
                              const bool *wanted,
                              bool out[LEDE_BLOCK_POSTINGS]);

/* Reads positions of single postings; keeps decoding state of the current
 * block. init never allocates; `positions` and `forms` are the reader's own,
 * grown as needed, lent until the next get; done frees them. The list may not
 * move while a reader is on it. */
typedef struct lede_position_reader {
    const lede_postings *list;
    uint32_t *positions;
    uint16_t *forms; /* indices in the list's table; 0 without forms */
    uint32_t cap;
    uint32_t block; /* private from here on */
    bool block_ready;
    uint32_t chunk;
    lede_span chunk_bytes;
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t entries_block;
    const uint32_t *lent;              /* entries of entries_block, or NULL */
    const lede_postings_block *opened; /* that block; NULL if it is own */
    struct lede_position_block *state;
} lede_position_reader;

void lede_position_reader_init(lede_position_reader *reader,
                               const lede_postings *list);
void lede_position_reader_done(lede_position_reader *reader);
/* Give the reader the entries of a block, as lede_postings_entries made them,
 * or, besides, the block opened: optional, and spare it doing so itself. Lent
 * for as long as this block is asked about. */
void lede_position_reader_lend(lede_position_reader *reader, uint32_t block,
                               const uint32_t entries[LEDE_BLOCK_POSTINGS]);
void lede_position_reader_lend_open(
    lede_position_reader *reader, const lede_postings_block *block,
    const uint32_t entries[LEDE_BLOCK_POSTINGS]);
/* The positions (ascending) and their forms of posting `index` of `block`;
 * *count is 0 in a list without positions. */
lede_status lede_position_reader_get(lede_position_reader *reader,
                                     uint32_t block, uint32_t index,
                                     uint32_t *count, lede_error *err);
/* The same, but those behind `limit` may be left out. */
lede_status lede_position_reader_get_until(lede_position_reader *reader,
                                           uint32_t block, uint32_t index,
                                           uint32_t limit, uint32_t *count,
                                           lede_error *err);

/* --- Length bytes ------------------------------------------------------- */

/* An entry's length (sum of its words' weights) as one byte: exact below 24,
 * then four significant bits, as Lucene's SmallFloat.intToByte4 does. Decoding
 * gives the smallest length of the step, so a bound from a byte is safe. */
uint8_t lede_length_encode(uint32_t length);
uint32_t lede_length_decode(uint8_t byte);

#endif
