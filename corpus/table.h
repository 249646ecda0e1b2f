/* table.h - "is this a table of articles?"
 *
 * What programs write as CSV differs in more than the separator: Excel puts a
 * line "sep=;" in front, old exports end their lines with \r alone, and columns
 * have the names of the program's language.
 *
 * Threads: pure functions. */
#ifndef LEDE_CORPUS_TABLE_H
#define LEDE_CORPUS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "corpus/json_fields.h"

typedef struct lede_table_form {
    uint8_t separator;  /* a comma, semicolon, tab or bar, or what "sep=" says;
                           0: it is no table */
    bool ends_at_cr;    /* lines end with \r alone */
    size_t names_begin; /* bytes before the line that names the columns */
} lede_table_form;

/* The form of a table whose first line names at least two columns that
 * articles have. */
lede_table_form lede_table_form_of(lede_span head);

/* The field of a column, and a key that means it in JSON (corpus/json_fields.h)
 * in *key: `name` itself, or a constant if it is a word of German, French,
 * Spanish, Italian, Portuguese, Dutch, Polish or Russian. The name may be of
 * Latin-1. */
lede_json_field lede_table_field(lede_span name, lede_span *key);

#endif
