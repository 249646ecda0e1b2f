/* table.h - "is this a table of articles?"
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_TABLE_H
#define LEDE_CORPUS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* The separator of a table whose first line names at least two columns that
 * articles have (corpus/json_fields.h): a comma, semicolon or tab. 0 if it is
 * no such table. */
uint8_t lede_table_separator(lede_span head);

#endif
