/* postings_codec.h - "what the bytes of a posting list mean"
 *
 * What encoder and decoder share; the layouts are in docs/FORMAT.md, "Posting
 * list" and "Positions". Internal to storage/postings*.c.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_POSTINGS_CODEC_H
#define LEDE_STORAGE_POSTINGS_CODEC_H

#include "base/entry_terms.h"
#include "base/varint.h"
#include "storage/postings.h"
#include "storage/postings_bits.h"

/* First byte of a list. In a short list bits 4 to 6 are its postings less 1. */
enum {
    LEDE_LIST_BLOCKS = 1 << 0,    /* in blocks, else short */
    LEDE_LIST_POSITIONS = 1 << 1, /* has positions */
    LEDE_LIST_USUAL = 1 << 2,     /* short: all postings have the union of
                                     fields; blocks: that is the usual mask */
    LEDE_LIST_BODY = 1 << 3,      /* the union of fields is the body alone */
    LEDE_LIST_FLAT = 1 << 4,    /* blocks: all frequencies are 1; no impacts */
    LEDE_LIST_ONE_FORM = 1 << 7 /* exactly one form */
};

/* First three bytes of a block. */
enum {
    LEDE_GAPS_MAX_WIDTH = 24,
    LEDE_GAPS_BITS = 0x40,  /* byte 0: a bit set; */
    LEDE_GAPS_SPLIT = 0x80, /* numbers in two parts, low bits; else the width
                               of gaps */

    LEDE_FREQUENCY_WIDTH = 0x3F, /* byte 1 */
    LEDE_FREQUENCY_HALVED = 0x40,
    LEDE_FREQUENCY_EXCEPTIONS = 0x80,

    LEDE_PARTS_FIELDS = 1 << 0,   /* byte 2: not all have the usual mask */
    LEDE_PARTS_FORMS = 1 << 1,    /* more than one set */
    LEDE_PARTS_COUNTS = 1 << 2,   /* some counts are not as expected */
    LEDE_PARTS_POSITIONS = 1 << 3 /* has positions */
};

enum {
    LEDE_FIELDS_BODY = 1 << 3,
    LEDE_FIELD_MASKS = 1 << 5,
    LEDE_SUBBLOCK_POSTINGS = 16,
    LEDE_SUBBLOCKS = LEDE_BLOCK_POSTINGS / LEDE_SUBBLOCK_POSTINGS,
    LEDE_LABELS_DENSE = 0xFF,
    LEDE_LABELS_MASKED = 0xFE,
    LEDE_ONE_BLOCK_IMPACTS = 2 /* those that a list of one block keeps */
};

/* Bytes of n numbers in two parts, of which the last, less first and its place,
 * is `last`. */
static inline size_t lede_split_bytes(uint32_t n, uint32_t last, unsigned width)
{
    return lede_bits_bytes(n, width) + ((last >> width) + n + 7) / 8;
}

/* How often a term probably stands in an entry, by its weighted frequency: as
 * if each of its fields but one had it once. What is wrong is corrected. */
int64_t lede_expected_count(uint32_t frequency, uint8_t fields);
/* The count, from what was expected and the zigzag code of the difference. */
bool lede_count_correct(int64_t expected, uint64_t correction, uint32_t *out);

/* First byte of a position block: a width for all, or the bias + 16. */
enum {
    LEDE_RICE_FIXED = 0x80,
    LEDE_RICE_BIAS = 16,
    LEDE_RICE_BIAS_LEAST = -16,
    LEDE_RICE_BIAS_MOST = 15,
    LEDE_RICE_MAX_WIDTH = 31
};

static inline unsigned lede_rice_rounded(int quarters)
{
    return quarters < 0                              ? 0
           : quarters / 4 > (int)LEDE_RICE_MAX_WIDTH ? LEDE_RICE_MAX_WIDTH
                                                     : (unsigned)quarters / 4;
}

/* Logarithms in quarters: of (what a length byte decodes to) + 1, and of
 * count + 1 (storage/postings_rice.c). */
enum { LEDE_RICE_COUNTS = 64 };
extern const uint8_t lede_rice_of_length[256];
extern const uint8_t lede_rice_of_count[LEDE_RICE_COUNTS];
int lede_rice_quarters_of_many(uint32_t count);

/* What of the bits below the unary part of an entry's positions does not depend
 * on the bias, in quarters of a bit: from the length byte and the number of
 * positions. */
static inline int lede_rice_quarters(uint8_t length, uint32_t count)
{
    return (int)lede_rice_of_length[length] -
           (count < LEDE_RICE_COUNTS ? (int)lede_rice_of_count[count]
                                     : lede_rice_quarters_of_many(count));
}

/* The bits; `bias` in quarters of a bit too. */
static inline unsigned lede_rice_width(uint8_t length, uint32_t count, int bias)
{
    return lede_rice_rounded(lede_rice_quarters(length, count) + bias);
}

typedef struct lede_rice_mode {
    bool is_fixed;
    int value; /* the width, or the bias */
} lede_rice_mode;

static inline unsigned lede_rice_mode_width(lede_rice_mode mode, uint8_t length,
                                            uint32_t count)
{
    return mode.is_fixed ? (unsigned)mode.value
                         : lede_rice_width(length, count, mode.value);
}

/* Bits of a position's form, where its posting has a set of `size` forms. */
static inline unsigned lede_rank_width(uint32_t size)
{
    return size < 2 ? 0 : lede_bits_width(size - 1);
}

/* --- Labels: a small number per posting, index of a block's own table ----- */

/* Appends the labels of n postings, each < table_count, the most frequent one
 * being 0. */
void lede_labels_encode(const uint8_t *labels, uint32_t n, uint32_t table_count,
                        lede_buf *out);

typedef struct lede_labels {
    uint32_t n;
    uint32_t table_count;
    uint8_t kind;    /* 0: all are 0; DENSE; MASKED; else how many pairs */
    lede_span bytes; /* dense, masked: to the end of the list */
} lede_labels;

/* Passes over the labels of n postings; false if they are cut off. */
bool lede_labels_open(lede_reader *reader, uint32_t n, uint32_t table_count,
                      lede_labels *out);
/* Reads those of postings [from, from + count), `from` a multiple of 16; places
 * of `out` up to a multiple of 16 may be written. False if one is out of range.
 */
bool lede_labels_read(const lede_labels *labels, uint32_t from, uint32_t count,
                      uint8_t *out);

/* --- Sets of forms ---------------------------------------------------------
 */

/* A set is a bit map of form_count / 8 bytes up to this many forms, else a
 * varint count and the members as varints: the first, then the steps less 1. */
enum { LEDE_SET_MAP_FORMS = 32 };

/* Appends the set of `count` ascending members. */
void lede_set_encode(const uint16_t *members, uint32_t count,
                     uint32_t form_count, lede_buf *out);
/* Lends the bytes of the next set; *size is how many members it has. */
lede_span lede_set_read(lede_reader *reader, uint32_t form_count,
                        uint32_t *size);
/* Walks the members of a set that lede_set_read gave. */
typedef struct lede_set_walk {
    lede_reader reader;
    uint64_t map;
    uint32_t left;
    uint32_t form_count;
    uint32_t next; /* the smallest that may come */
} lede_set_walk;
void lede_set_walk_init(lede_set_walk *walk, lede_span set,
                        uint32_t form_count);
/* False at the end, or if a member is out of range. */
bool lede_set_walk_next(lede_set_walk *walk, uint32_t *member);

/* --- The table of forms --------------------------------------------------- */

void lede_forms_encode(lede_span stem, const lede_form *forms, uint32_t count,
                       lede_buf *out);
/* Passes over one form. */
void lede_form_skip(lede_reader *reader);

/* --- Blocks, located -------------------------------------------------------
 */

/* One block with its parts found one after the other, as far as asked for.
 * Parts are read for postings [from, from + count), `from` a multiple of 16,
 * into arrays with room for count rounded up to 16. */
typedef struct lede_block_view {
    lede_postings_block b;

    lede_span masks; /* empty: all have the usual fields */
    lede_labels field_labels;

    uint32_t set_count;
    lede_labels set_labels;

    lede_span corrected; /* indices, ascending */
    lede_reader corrections;
} lede_block_view;

/* These find a part, each after the one before it: frequencies, */
bool lede_block_find_frequencies(lede_postings_block *block);
bool lede_block_find_fields(lede_block_view *view);
/* `sets` and `sizes` have room for 128 and may be NULL. */
bool lede_block_find_forms(lede_block_view *view, lede_span *sets,
                           uint32_t *sizes);
bool lede_block_find_corrections(lede_block_view *view);

bool lede_block_read_frequencies(const lede_postings_block *block,
                                 uint32_t from, uint32_t count, uint32_t *out);
bool lede_block_read_fields(const lede_block_view *view, uint32_t from,
                            uint32_t count, uint8_t *out);
/* How many positions each posting has. */
bool lede_block_read_counts(const lede_block_view *view, uint32_t from,
                            uint32_t count, uint32_t *out);

/* --- Positions -------------------------------------------------------------
 */

/* The positions of one block, as the encoder holds them: per posting how many,
 * its length byte and the size of its set of forms; then all positions (the
 * first of a posting, and differences), and for each the rank of its form in
 * that set (NULL where no set has two). */
typedef struct lede_position_rows {
    uint32_t n;
    const uint32_t *counts;
    const uint8_t *lengths;
    const uint32_t *set_sizes;
    const uint32_t *gaps;
    const uint16_t *ranks;
} lede_position_rows;

/* Appends a position block. *bias is where the search for the best one begins
 * and where it ended; `scratch` is cleared. False if the block would pass 2^31
 * bits. */
bool lede_positions_encode(const lede_position_rows *rows, int *bias,
                           lede_buf *scratch, lede_buf *out);

/* A block of positions, located: what lede_position_reader_get reads from. */
typedef struct lede_position_parts {
    const lede_block_view *view; /* all parts found; NULL: it has none */
    lede_rice_mode mode;
    lede_span stream;      /* its bits, and whatever comes behind them */
    const uint64_t *ends;  /* of sub-blocks, in bits */
    const lede_span *sets; /* of forms */
    const uint32_t *set_sizes;
} lede_position_parts;

/* Of a list in blocks; lent until the next call with the reader. */
lede_status lede_position_reader_parts(lede_position_reader *reader,
                                       uint32_t block, lede_position_parts *out,
                                       lede_error *err);

/* --- Short lists ------------------------------------------------------------
 */

typedef struct lede_short_posting {
    uint32_t entry, frequency, count;
    uint8_t fields;
    lede_span set;
    uint32_t set_size;
} lede_short_posting;

/* Walks the postings of a short list. After each `next` the reader stands
 * before the posting's positions, which must be read or skipped. */
typedef struct lede_short_walk {
    const lede_postings *list;
    lede_reader reader;
    uint32_t index;
    uint32_t next_entry;
} lede_short_walk;

void lede_short_walk_init(lede_short_walk *walk, const lede_postings *list);
bool lede_short_walk_next(lede_short_walk *walk, lede_short_posting *out);
bool lede_short_walk_skip(lede_short_walk *walk,
                          const lede_short_posting *posting);
/* All postings of a short list. */
bool lede_short_read(const lede_postings *list,
                     lede_short_posting out[LEDE_SHORT_POSTINGS]);

/* Checks all of a list whose head has been read, and makes up its skip area. */
lede_status lede_short_open(lede_postings *list, lede_error *err);

#endif
