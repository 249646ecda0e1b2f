/* segment.h - "an immutable piece of an archive"
 *
 * Entries are numbered by published time, newest first, unknown times last;
 * equal times by key, ascending. So a range of dates is a range of numbers and
 * a scan meets the newest first. A segment has a dictionary of terms (front-
 * coded blocks), postings, positions, columns, the entry store, and a sorted
 * table of keys.
 *
 * How large. Readers take LEDE_SEGMENT_MAX_ENTRIES entries. Some values have
 * room for each entry, though, and a value is written in one transaction, whose
 * pages LMDB holds in memory: so nobody writes a segment of more than
 * LEDE_SEGMENT_FULL_ENTRIES. A column then takes 17 MB at most (8.1 bytes an
 * entry), and the list of a word that all entries have 32 MB, as a posting
 * takes less than 16 bytes, unless entry after entry writes one word in dozens
 * of ways. Values that grow with words, sources or texts are bounded by
 * LEDE_SEGMENT_FULL_BYTES: see lede_segment_table_bytes.
 *
 * Threads: reading belongs to the thread of the snapshot; a writer to its own.
 */
#ifndef LEDE_STORAGE_SEGMENT_H
#define LEDE_STORAGE_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/entry.h"
#include "base/sketch.h"
#include "base/span.h"
#include "base/status.h"
#include "storage/column.h"
#include "storage/name_list.h"
#include "storage/pair_words.h"
#include "storage/postings.h"
#include "storage/postings_coded.h"

enum {
    LEDE_SEGMENT_MAX_ENTRIES = 1 << 24,
    LEDE_SEGMENT_FULL_ENTRIES = 1 << 21,
    LEDE_SEGMENT_FULL_BYTES = 16 << 20
};

typedef struct lede_segment lede_segment;

/* Columns of numbers. Stored on disk. */
typedef enum lede_column_id {
    LEDE_COLUMN_TIME = 0, /* published instant; LEDE_INSTANT_NONE = unknown */
    LEDE_COLUMN_TRUST,    /* 1 if the published date is trusted, else 0 */
    LEDE_COLUMN_KEY,      /* the entry's key, as the bits of an i64 */
    LEDE_COLUMN_KIND,
    LEDE_COLUMN_LANGUAGE, /* lede_language */
    LEDE_COLUMN_SOURCE,   /* index in the segment's table of sources */
    LEDE_COLUMN_PAGE,     /* page id, as the bits of an i64; 0 = none */
    /* The position where each default field ends (one behind its last word; a
     * field without words: where the one before ends), so that a position tells
     * its field. */
    LEDE_COLUMN_END_HEADLINE,
    LEDE_COLUMN_END_DECK,
    LEDE_COLUMN_END_AUTHOR,
    LEDE_COLUMN_END_BODY,
    LEDE_COLUMN_END_CAPTION,
    LEDE_COLUMN_LENGTH,  /* exact weighted length (lengths has the byte) */
    LEDE_COLUMN_UPDATED, /* lede_updated_encode; the last, and missing where
                            none of a segment's entries has one */
    LEDE_COLUMN_COUNT
} lede_column_id;

/* When an entry was last changed, as a column keeps it: 0 is unknown, as an
 * instant far from all others would make its block wide. */
static inline int64_t lede_updated_encode(int64_t instant)
{
    return instant == LEDE_INSTANT_NONE          ? 0
           : instant >= 0 && instant < INT64_MAX ? instant + 1
                                                 : instant;
}

static inline int64_t lede_updated_decode(int64_t value)
{
    return value == 0 ? LEDE_INSTANT_NONE : value > 0 ? value - 1 : value;
}

/* --- Reading ----------------------------------------------------------- */

uint32_t lede_segment_id(const lede_segment *segment);
uint32_t lede_segment_entries(const lede_segment *segment); /* with deleted */
uint32_t lede_segment_live(const lede_segment *segment);
/* Bit set of entries / 8 bytes rounded up to 8, bit i of byte i / 8 set if
 * deleted; an empty span if none is. */
lede_span lede_segment_deleted(const lede_segment *segment);
bool lede_segment_is_deleted(const lede_segment *segment, uint32_t entry);
uint64_t lede_segment_total_length(const lede_segment *segment);
uint64_t lede_segment_postings(const lede_segment *segment); /* of all terms */
/* The largest of its single values that grow with something else than entries:
 * names of sources, index of the dictionary, tables of record blocks and of
 * checksums. That of a merged segment is at most about the sum. */
uint64_t lede_segment_table_bytes(const lede_segment *segment);
/* How many entries have a known time: they are numbers 0 to this - 1. */
uint32_t lede_segment_dated(const lede_segment *segment);
/* The first number whose time is < `instant`, or the number of dated entries:
 * entries newer or equal are [0, result). */
uint32_t lede_segment_first_before(const lede_segment *segment,
                                   int64_t instant);

/* One byte per entry (lede_length_encode), in place. */
const uint8_t *lede_segment_lengths(const lede_segment *segment);
/* A column, checked when first asked for. */
lede_status lede_segment_column(const lede_segment *segment, lede_column_id id,
                                lede_column *out, lede_error *err);
/* The sketch of an entry's body (base/sketch.h), in place. All 0: it has none,
 * for it is short, or the segment is of an older format. */
lede_status lede_segment_sketch(const lede_segment *segment, uint32_t entry,
                                const uint8_t **out, lede_error *err);
/* The rows of its entries that have copies, in order of entries: entry u32,
 * members of the group u32, name of the group u64 (copies.h). */
lede_status lede_segment_copies(const lede_segment *segment, lede_span *out,
                                lede_error *err);
/* Name `index` of the table of sources. */
lede_status lede_segment_source(const lede_segment *segment, uint32_t index,
                                lede_span *out, lede_error *err);

typedef struct lede_term {
    lede_span bytes; /* lent until the cursor moves; as given for find */
    uint32_t entry_count;
    uint64_t occurrences;
    lede_postings postings; /* lent as long as the snapshot */
} lede_term;

/* LEDE_NOT_FOUND if the segment has no such term. */
lede_status lede_segment_find_term(const lede_segment *segment, lede_span term,
                                   lede_term *out, lede_error *err);

/* Finds `count` terms, LEDE_TERMS_AT_ONCE at most, side by side, which takes
 * less than one after the other: most of it is waiting for memory. Says of each
 * whether it is there; else its `out` is left as it is. */
enum { LEDE_TERMS_AT_ONCE = 16 };
lede_status lede_segment_find_terms(const lede_segment *segment,
                                    const lede_span *terms, uint32_t count,
                                    lede_term *out, bool *is_there,
                                    lede_error *err);

/* The words of which the segment knows who stands side by side; NULL: of none.
 * Lent as long as the snapshot. */
lede_status lede_segment_pair_words(const lede_segment *segment,
                                    const lede_pair_words **out,
                                    lede_error *err);

/* Terms in byte order, those of pairs among them. */
typedef struct lede_term_cursor lede_term_cursor;
lede_status lede_term_cursor_open(const lede_segment *segment,
                                  lede_term_cursor **out, lede_error *err);
void lede_term_cursor_close(lede_term_cursor *cursor);
/* Moves to the first term >= `term`, or on to the next; LEDE_END past the last.
 * A fresh cursor stands before the first. */
lede_status lede_term_cursor_seek(lede_term_cursor *cursor, lede_span term,
                                  lede_term *out, lede_error *err);
lede_status lede_term_cursor_next(lede_term_cursor *cursor, lede_term *out,
                                  lede_error *err);

/* Replaces the content of `out` with the record (storage/record.h), wherever it
 * is kept (lede_archive_options.records). */
lede_status lede_segment_record(const lede_segment *segment, uint32_t entry,
                                lede_buf *out, lede_error *err);
/* The same with what the segment itself has: where records are elsewhere, one
 * without texts. */
lede_status lede_segment_own_record(const lede_segment *segment, uint32_t entry,
                                    lede_buf *out, lede_error *err);

/* Records as they lie, for whoever copies them: block `index`, compressed, with
 * the numbers of its records. The bytes are those that were written, or
 * LEDE_CORRUPT; LEDE_END past the last block. */
typedef struct lede_packed_records {
    uint32_t first, count;
    uint32_t raw_bytes; /* unpacked */
    lede_span bytes;    /* lent as long as the snapshot */
} lede_packed_records;
lede_status lede_segment_packed_records(const lede_segment *segment,
                                        uint32_t index,
                                        lede_packed_records *out,
                                        lede_error *err);
/* Fills `out` (one item an entry) with the entry that each record is of. */
lede_status lede_segment_record_entries(const lede_segment *segment,
                                        uint32_t *out, lede_error *err);

/* Who made lists of names: marks of the model and of the table of places. 0: no
 * model, no table; or, where segments were merged, several. */
typedef struct lede_name_makers {
    uint64_t model, table;
} lede_name_makers;

/* Whether entries were looked at for the names in them, some at least. */
bool lede_segment_has_names(const lede_segment *segment);
lede_status lede_segment_name_makers(const lede_segment *segment,
                                     lede_name_makers *out, lede_error *err);
/* The list of names (storage/name_list.h) of an entry, lent until the next call
 * for the segment. Empty if the entry was not looked at. Blocks of lists are
 * unpacked as they are asked for, so who asks for many asks in their order. */
lede_status lede_segment_names(const lede_segment *segment, uint32_t entry,
                               lede_span *out, lede_error *err);

/* Any entry with that key, deleted or not (the newest number wins). */
lede_status lede_segment_find_key(const lede_segment *segment, uint64_t key,
                                  uint32_t *entry, lede_error *err);

/* --- Writing ----------------------------------------------------------- */

typedef struct lede_segment_writer lede_segment_writer;
struct lede_writer;

/* One entry's row, given in order of entry number. */
typedef struct lede_segment_row {
    int64_t columns[LEDE_COLUMN_COUNT]; /* SOURCE is ignored: see source */
    lede_span source;
    lede_sketch sketch; /* of its body; all 0: none */
} lede_segment_row;

/* A new, unpublished segment of `entry_count` entries. Written in order: all
 * rows; all terms, in byte order; all records, in any order of entries; then
 * finish. What is written goes to disk in transactions of at most 32 MB, and
 * vanishes unless the segment is published. */
lede_status lede_segment_writer_new(struct lede_writer *writer,
                                    uint32_t entry_count,
                                    lede_segment_writer **out, lede_error *err);
/* Gives up an unfinished segment; accepts NULL. Also frees after finish. */
void lede_segment_writer_free(lede_segment_writer *writer);

lede_status lede_segment_writer_put_row(lede_segment_writer *writer,
                                        const lede_segment_row *row,
                                        lede_error *err);
/* A term: begin, its postings by ascending entry, end. LEDE_BAD_INPUT if terms
 * are not strictly ascending. A term without postings leaves no trace. */
lede_status lede_segment_writer_begin_term(lede_segment_writer *writer,
                                           lede_span term,
                                           const lede_form *forms,
                                           uint32_t form_count,
                                           lede_error *err);
lede_status lede_segment_writer_put_posting(lede_segment_writer *writer,
                                            const lede_posting *posting,
                                            lede_error *err);
/* The same for postings [from, to) of a run (postings_coded.h). */
lede_status lede_segment_writer_put_run(lede_segment_writer *writer,
                                        const lede_coded_run *run,
                                        uint32_t from, uint32_t to, size_t gap,
                                        lede_error *err);
lede_status lede_segment_writer_end_term(lede_segment_writer *writer,
                                         lede_error *err);
/* Says that the terms of pairs, all of them, were put for these words. Once, or
 * not at all; before finish. */
lede_status lede_segment_writer_put_pair_words(lede_segment_writer *writer,
                                               const lede_pair_words *words,
                                               lede_error *err);
/* A list of names of each entry, in their order, any time before finish: of all
 * or of none. */
lede_status lede_segment_writer_put_names(lede_segment_writer *writer,
                                          lede_span list, lede_error *err);
void lede_segment_writer_set_name_makers(lede_segment_writer *writer,
                                         const lede_name_makers *makers);
/* Records are compressed in blocks in the order given. */
lede_status lede_segment_writer_put_record(lede_segment_writer *writer,
                                           uint32_t entry, lede_span record,
                                           lede_error *err);
/* A block of another segment, as it is: `entries` says which entry each of its
 * records is of here. Ends the block at hand, so the single records best come
 * after all of these. */
lede_status lede_segment_writer_put_packed(lede_segment_writer *writer,
                                           const uint32_t *entries,
                                           const lede_packed_records *records,
                                           lede_error *err);
lede_status lede_segment_writer_finish(lede_segment_writer *writer,
                                       uint32_t *id, lede_error *err);

#endif
