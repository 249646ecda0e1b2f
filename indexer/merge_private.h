/* merge_private.h - what the two sources of a merge share: merge.c has entries,
 * rows and records, merge_terms.c terms and their lists.
 *
 * Threads: as a merge. */
#ifndef LEDE_INDEXER_MERGE_PRIVATE_H
#define LEDE_INDEXER_MERGE_PRIVATE_H

#include "base/arena.h"
#include "indexer/merge.h"
#include "storage/segment.h"

#define LEDE_MERGE_GONE UINT32_MAX

/* One of the parts. */
typedef struct lede_merge_source {
    const lede_segment *segment;
    lede_column columns[LEDE_COLUMN_COUNT];
    uint32_t begin, end;
    uint32_t *numbers; /* of begin to end - 1: the new number, or gone */
    lede_term_cursor *cursor;
    lede_term term;
    bool is_at_end;
} lede_merge_source;

/* The list of the term at hand in one segment. */
typedef struct lede_merge_list {
    const lede_merge_source *from;
    const lede_postings *postings;
    const uint8_t *lengths;
    uint16_t *forms; /* its form -> the new table's; NULL: they are the same */
    uint32_t next_block;
    uint32_t index, number; /* of the next posting; its entry's new one */
    bool is_at_end;
    bool is_read; /* the block, and not only its entries */
    size_t gap;   /* the first of posting gap_index */
    uint32_t gap_index;
    uint32_t numbers[LEDE_BLOCK_POSTINGS]; /* new ones, or gone */
    uint8_t block_lengths[LEDE_BLOCK_POSTINGS];
    /* New sets of forms, if they are kept as bits, by the block's labels. */
    uint64_t maps[LEDE_BLOCK_POSTINGS];
    lede_coded_block coded;
    lede_coded_run run; /* what is in it, for the new list */
} lede_merge_list;

/* Postings of several lists in turn, on their way to the new one: a block of
 * them costs the encoder little more than one. */
enum { LEDE_STAGED_GAPS = 4096 };

typedef struct lede_merge_staged {
    uint32_t n;
    uint32_t gap_count;
    uint32_t entries[LEDE_BLOCK_POSTINGS], frequencies[LEDE_BLOCK_POSTINGS];
    uint32_t counts[LEDE_BLOCK_POSTINGS], set_sizes[LEDE_BLOCK_POSTINGS];
    uint8_t lengths[LEDE_BLOCK_POSTINGS], fields[LEDE_BLOCK_POSTINGS];
    uint8_t labels[LEDE_BLOCK_POSTINGS]; /* each has its own set */
    uint64_t maps[LEDE_BLOCK_POSTINGS];
    uint32_t gaps[LEDE_STAGED_GAPS + LEDE_CODED_SLACK];
    uint16_t ranks[LEDE_STAGED_GAPS + LEDE_CODED_SLACK];
} lede_merge_staged;

typedef struct lede_merge {
    lede_merge_source *sources;
    uint32_t count;
    lede_merge_list *lists; /* one for each source that has the term */
    uint32_t list_count;
    lede_merge_staged *staged;
    lede_segment_writer *out;
    lede_arena arena; /* of one term */
    lede_buf term, record;
    lede_form *forms;
    uint32_t form_count, forms_max;
    bool is_recoded;   /* there are too many forms, or the last of them count as
                          one: ranks do not hold */
    uint16_t *members; /* of a set: room for LEDE_MAX_FORMS, when needed */
    const lede_pair_words *pair_words; /* of all sources alike; or NULL */
    bool drops_pairs;
    bool has_cut_forms; /* which ends the merge: without pairs, it would not */
    const lede_watch *watch;
    uint64_t steps, all_steps;
    uint64_t stage_end; /* of the steps of rows and terms, as expected */
} lede_merge;

/* The new number of an entry, or gone. */
static inline uint32_t lede_merge_number(const lede_merge_source *s,
                                         uint32_t entry)
{
    uint32_t index = entry - s->begin; /* wraps, for those before */

    return index < s->end - s->begin ? s->numbers[index] : LEDE_MERGE_GONE;
}

/* A step is an entry's row, or one of its postings; its record weighs as much
 * as half of its postings. LEDE_INTERRUPTED when asked to stop. */
lede_status lede_merge_steps(lede_merge *m, uint64_t steps, lede_error *err);

/* Writes all terms that still have a live entry. */
lede_status lede_merge_terms(lede_merge *m, lede_error *err);

#endif
