/* warc_marks.h - "where does a record of a web archive begin?"
 *
 * By their first lines: "WARC/1.0", and in ARC "URL IP date mime length". What
 * a page says may look like one, so that a record's length decides where it
 * holds, and marks where it does not.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_WARC_MARKS_H
#define LEDE_CORPUS_WARC_MARKS_H

#include "base/span.h"

enum { LEDE_ARC_LINE_MAX_BYTES = 4096 };

/* The first line of a record in ARC, version 1 or 2. */
typedef struct lede_arc_line {
    lede_span url, date, mime;
    uint64_t length;
    bool has_length;
} lede_arc_line;

bool lede_warc_is_number(lede_span text); /* of at most 17 digits */
uint64_t lede_warc_number(lede_span digits);

/* Spans point into the line. */
bool lede_arc_line_parse(lede_span line, lede_arc_line *out);

/* Where another record begins behind the first byte of `bytes`; SIZE_MAX if
 * nowhere. */
size_t lede_warc_find(lede_span bytes, bool is_arc);

/* Whether a record ends where `behind` begins: line ends, as its kind has them
 * between records, and then the next one or, if it is all there is, nothing. */
bool lede_warc_ends_before(lede_span behind, bool is_all, bool is_arc);

#endif
