/* postings_coded.h - "a block of one list, on its way into another"
 *
 * What a merge reads and writes. Positions stay gaps and forms stay ranks in
 * the posting's set of forms, as they are coded: so nothing is made of them
 * that would have to be undone. Ranks hold in the new list as long as its table
 * keeps the order of the forms.
 *
 * Threads: a block and an encoder belong to one thread. */
#ifndef LEDE_STORAGE_POSTINGS_CODED_H
#define LEDE_STORAGE_POSTINGS_CODED_H

#include "storage/postings.h"

/* So that a few gaps can be copied as many. */
enum { LEDE_CODED_SLACK = 8 };

/* The postings of a block. All is its own, or lent by the list. */
typedef struct lede_coded_block {
    const lede_postings *list;
    uint32_t number, n;
    uint32_t entries[LEDE_BLOCK_POSTINGS];
    uint32_t frequencies[LEDE_BLOCK_POSTINGS];
    uint32_t counts[LEDE_BLOCK_POSTINGS]; /* of positions */
    uint8_t fields[LEDE_BLOCK_POSTINGS];
    uint8_t labels[LEDE_BLOCK_POSTINGS]; /* which set of forms */
    uint32_t set_count;
    uint32_t set_sizes[LEDE_BLOCK_POSTINGS];
    lede_span sets[LEDE_BLOCK_POSTINGS];
    uint32_t *gaps;  /* of all positions: the first of a posting, and
                        differences */
    uint16_t *ranks; /* as many; nothing where the set has fewer than two */
    size_t cap;      /* LEDE_CODED_SLACK more may be read, of no meaning */
    lede_position_reader reader; /* private */
} lede_coded_block;

/* For a list, which may not move. Allocates nothing; what earlier lists left
 * is used again. */
void lede_coded_block_begin(lede_coded_block *block, const lede_postings *list);
void lede_coded_block_done(lede_coded_block *block);
/* The entries of a block, and how many. */
lede_status lede_coded_block_entries(lede_coded_block *block, uint32_t number,
                                     lede_error *err);
/* All else of the same block. */
lede_status lede_coded_block_read(lede_coded_block *block, lede_error *err);
/* The members of one of its sets: set_sizes[label], ascending; false if they
 * are damaged. */
bool lede_coded_block_set(const lede_coded_block *block, uint8_t label,
                          uint16_t *members);

/* Whether two lists of the same term have the same table of forms. */
bool lede_postings_same_forms(const lede_postings *a, const lede_postings *b);

/* Postings as the encoder takes them, each part an array. */
typedef struct lede_coded_run {
    const uint32_t *entries, *frequencies, *counts;
    const uint8_t *lengths, *fields;
    const uint32_t *gaps;
    /* In a list of two or more forms, at most LEDE_CODED_FORMS: for each
     * posting a label, by which its set of forms is found, as bits and their
     * number; and for each position the rank in the set, if that has two. */
    const uint8_t *labels;
    const uint64_t *maps;
    const uint32_t *set_sizes;
    const uint16_t *ranks;
} lede_coded_run;

enum { LEDE_CODED_FORMS = 64 };

/* As lede_postings_encoder_put for postings [from, to), whose positions begin
 * at gap number `gap`; positions and forms are taken on trust. */
lede_status lede_postings_encoder_put_run(lede_postings_encoder *encoder,
                                          const lede_coded_run *run,
                                          uint32_t from, uint32_t to,
                                          size_t gap, lede_error *err);

#endif
