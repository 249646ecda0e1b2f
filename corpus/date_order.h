/* date_order.h - "is 03/04/2025 of March or of April in this file?"
 *
 * Records and tables print their dates one way. Where the first bytes have a
 * value that leaves it open, all values of the file are looked at: 17/02/2025
 * is day before month, 02/17/2025 month before day. What nine in ten of these
 * say holds for all.
 *
 * Threads: an input belongs to one thread. */
#ifndef LEDE_CORPUS_DATE_ORDER_H
#define LEDE_CORPUS_DATE_ORDER_H

#include "corpus/dates.h"
#include "corpus/format.h"

typedef enum lede_date_order {
    LEDE_DATE_ORDER_UNKNOWN = 0,
    LEDE_DATE_ORDER_DAY_FIRST,
    LEDE_DATE_ORDER_MONTH_FIRST
} lede_date_order;

/* Surveys an input that nothing has been read of, and leaves it so. Values
 * begin behind a quotation mark, a separator of cells or a line's end. What
 * cannot be read ends the survey; it is the reader's to tell.
 * LEDE_INTERRUPTED, and LEDE_IO if it cannot go back to the beginning. */
lede_status lede_date_order_survey(lede_input *input, lede_date_order *out,
                                   lede_error *err);

/* What a file's order, else a language, makes of the hints. */
void lede_date_order_hint(lede_date_order order, lede_span language,
                          lede_date_hints *hints);

#endif
