/* accumulate_private.h - what accumulate.c and accumulate_names.c gather and
 * accumulate_write.c writes.
 *
 * Threads: an accumulator belongs to one thread. */
#ifndef LEDE_INDEXER_ACCUMULATE_PRIVATE_H
#define LEDE_INDEXER_ACCUMULATE_PRIVATE_H

#include "base/entry_terms.h"
#include "indexer/accumulate.h"
#include "indexer/name_terms.h"
#include "indexer/pairs.h"
#include "indexer/word_list.h"

/* Kinds of terms beside the fields: values without positions. */
enum { KIND_VALUE = LEDE_FIELD_COUNT, KIND_NAMES };

typedef struct form {
    struct term *term;
    uint64_t hash; /* lede_hash64 of the word, for sketches */
    uint32_t next; /* of the same term, newest first: reference + 1, or 0 */
    uint32_t meta; /* marks, kind, language, width and letter case */
    uint32_t index;
    uint8_t len;
    uint8_t pair_word; /* its number among the pair words, or 0 */
    uint8_t word[];
} form;

typedef struct term {
    lede_word_list list;
    uint32_t forms; /* the newest: reference + 1, or 0 */
    uint32_t last_entry; /* number + 1; 0 = none */
    uint32_t last_position;
    uint32_t form_count;
    uint8_t is_default; /* of the fields that plain words search */
    uint8_t has_positions;
    uint16_t len;
    uint8_t bytes[];
} term;

/* An open hash table of references into the arena. */
typedef struct slot {
    uint32_t hash; /* 0 = free */
    uint32_t reference;
} slot;

typedef struct table {
    slot *slots;
    uint32_t mask, count;
} table;

/* What every posting of an entry asks for. */
typedef struct extent {
    uint32_t ends[LEDE_DEFAULT_FIELDS];
    uint8_t length_byte;
} extent;

typedef struct row {
    int64_t time, updated;
    uint64_t key, page;
    uint32_t length;
    uint8_t trust, kind, language;
    uint32_t source_len;
    const uint8_t *source;
    const uint8_t *names; /* a list; NULL: not looked at yet */
    uint32_t names_len;
    lede_sketch sketch;
} row;

struct lede_accumulator {
    lede_analyzer *analyzer;
    lede_page_arena arena;
    table forms, terms;
    row *rows;
    extent *extents; /* as many */
    uint32_t row_count, row_cap;
    uint8_t weights[LEDE_FIELD_COUNT];
    lede_pairs pairs;
    uint32_t largest_list; /* bytes of the longest list */
    uint32_t most_tokens;  /* of an entry */
    uint32_t most_forms;   /* of a term */
    uint64_t source_bytes; /* of the names of sources, some of them twice */
    lede_namer *namer;     /* NULL: nobody looks for names */
    uint32_t named;        /* rows that have their names */
    lede_name_makers makers;
};

/* Gives rows their names; with `wait`, all of them, else those that are ready
 * and as many as make room for an entry (NULL: for none). */
lede_status accumulate_names(lede_accumulator *a, const lede_entry *next,
                             bool wait, lede_error *err);

/* Posts the terms of the list of names of the next row that has none yet; false:
 * out of memory. */
bool accumulate_name_list(lede_accumulator *a, lede_span list);

static inline lede_case form_case(const form *f)
{
    return (lede_case)(f->meta & 3);
}

static inline uint8_t form_width(const form *f)
{
    return (uint8_t)(f->meta >> 2);
}

static inline uint8_t form_marks(const form *f)
{
    return (uint8_t)(f->meta >> 24);
}

#endif
