/* json_split.h - "where does one record end and the next begin?"
 *
 * Cuts a stream of JSON into texts that fit in memory, whatever it is: JSON
 * Lines, values in a row, one array of records, or an object around such an
 * array that is too large to be held. Only brackets and strings are looked at;
 * what a record says is the business of corpus/json.h. Memory is bounded by the
 * largest record, at most LEDE_JSON_RECORD_MAX_BYTES; of a large one only what
 * is of use is held and counts (corpus/json_trim.h).
 *
 * In JSON Lines each line stands for itself, so that a broken one cannot
 * swallow the next. Elsewhere lede_json_split_resync finds the next record
 * behind a broken one.
 *
 * Threads: a splitter belongs to one thread. */
#ifndef LEDE_CORPUS_JSON_SPLIT_H
#define LEDE_CORPUS_JSON_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "corpus/format.h"

enum { LEDE_JSON_RECORD_MAX_BYTES = 64 << 20 };

typedef struct lede_json_piece {
    lede_span text; /* one value, most often an object, trimmed if it is large;
                       until the next call */
    uint64_t line;  /* where it begins; counts from 1 */
    bool is_line;   /* of JSON Lines */
    bool is_top;    /* not inside an array or object */
    bool is_junk; /* no value: a line of what stands between values; no text */
    bool is_too_large; /* text is empty: it has been passed over */
} lede_json_piece;

typedef struct lede_json_split lede_json_split;

/* Begins where the input stands; the input must outlive the splitter.
 * `max_bytes` bounds a record (0: LEDE_JSON_RECORD_MAX_BYTES). */
lede_status lede_json_split_new(lede_input *input, size_t max_bytes,
                                lede_json_split **out, lede_error *err);
void lede_json_split_free(lede_json_split *split); /* accepts NULL */

/* LEDE_END behind the last record, else the failures of lede_input_read, after
 * what came before them. A value that the end cuts off is given as it is. */
lede_status lede_json_split_next(lede_json_split *split, lede_json_piece *out,
                                 lede_error *err);

/* The last piece was broken, so its end is not to be trusted: goes on at the
 * next line that begins like its own did, if it began a line. */
lede_status lede_json_split_resync(lede_json_split *split, lede_error *err);

#endif
