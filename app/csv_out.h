/* csv_out.h - "say it to a spreadsheet"
 *
 * Lines and cells of CSV (RFC 4180): lines end in CR LF, what needs quotes has
 * them. Text from an archive is made harmless twice: controls become U+FFFD or
 * blanks, as on a terminal, and text that a spreadsheet would take for a
 * formula (it begins with = + - or @) has an apostrophe before it, as is the
 * custom.
 *
 * Threads: a writer belongs to one thread. */
#ifndef LEDE_APP_CSV_OUT_H
#define LEDE_APP_CSV_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

typedef struct lede_csv_out {
    lede_buf *buf; /* the caller's */
    bool has_cells;
} lede_csv_out;

/* Each appends one cell. */
void lede_csv_span(lede_csv_out *out, lede_span text);
void lede_csv_text(lede_csv_out *out, const char *text);
void lede_csv_unsigned(lede_csv_out *out, uint64_t number); /* 0: "0" */
void lede_csv_double(lede_csv_out *out, double number);
void lede_csv_nothing(lede_csv_out *out);

void lede_csv_end_line(lede_csv_out *out);

#endif
