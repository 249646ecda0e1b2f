/* footer.h - "what is in this segment?"
 *
 * A segment's values by kind, and its footer: counts, sizes and the hash of its
 * table of checksums. The footer carries its own hash and is the last value
 * written; docs/FORMAT.md, "Segment", is normative.
 *
 * Threads: pure functions. */
#ifndef LEDE_STORAGE_FOOTER_H
#define LEDE_STORAGE_FOOTER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/* Stored on disk: numbers never change. */
typedef enum lede_value_kind {
    LEDE_VALUE_FOOTER = 0,
    LEDE_VALUE_SOURCES,
    LEDE_VALUE_LENGTHS,
    LEDE_VALUE_COLUMN, /* index: lede_column_id */
    LEDE_VALUE_KEYS,
    LEDE_VALUE_DICTIONARY, /* packs of blocks of terms */
    LEDE_VALUE_DICTIONARY_INDEX,
    LEDE_VALUE_LISTS, /* packs of posting lists */
    LEDE_VALUE_POSITIONS,
    LEDE_VALUE_RECORDS, /* packs of compressed blocks of entry records */
    LEDE_VALUE_RECORD_BLOCKS,
    LEDE_VALUE_RECORD_SEQUENCE,
    LEDE_VALUE_CHECKSUMS,
    LEDE_VALUE_DELETED,     /* changes after finish */
    LEDE_VALUE_PAIR_WORDS,  /* none, or one: pair_words.h */
    LEDE_VALUE_NAMES,       /* packs of compressed blocks of lists of names */
    LEDE_VALUE_NAME_BLOCKS, /* none, or one */
    LEDE_VALUE_SKETCHES,    /* of LEDE_SKETCHES_A_VALUE entries each */
    LEDE_VALUE_KIND_COUNT,
    LEDE_VALUE_COPIES = 64 /* copies.h; not of the segment's own: no footer
                              counts it, and it changes after finish */
} lede_value_kind;

/* Kinds that a footer of format 1 counts: it has no names. */
enum { LEDE_VALUE_KINDS_OF_1 = LEDE_VALUE_NAMES };
/* ... and of format 2: it has no sketches. */
enum { LEDE_VALUE_KINDS_OF_2 = LEDE_VALUE_SKETCHES };

enum { LEDE_SKETCHES_A_VALUE = 1 << 16 };

const char *lede_value_kind_name(lede_value_kind kind);

typedef struct lede_footer {
    uint32_t entries;
    uint32_t dated; /* entries 0 .. dated - 1 have a known time */
    uint64_t total_length;
    int64_t oldest, newest; /* LEDE_INSTANT_NONE if none is dated */
    uint32_t languages;     /* bit set of lede_language */
    uint64_t terms, postings, occurrences;
    uint32_t dictionary_blocks, record_blocks;
    uint64_t checksums_hash;
    uint32_t counts[LEDE_VALUE_KIND_COUNT]; /* values by kind */
    uint64_t bytes[LEDE_VALUE_KIND_COUNT];
} lede_footer;

void lede_footer_encode(const lede_footer *footer, lede_buf *out);
/* Checks the hash and every number against the others. */
lede_status lede_footer_decode(lede_span bytes, lede_footer *out,
                               lede_error *err);

#endif
