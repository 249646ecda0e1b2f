/* foreign.h - "how does lede write this operator of another search language?"
 *
 * Lexis and Westlaw have w/5, /s, pre/3 and ATLEAST, ProQuest N/5 and P/5, Ovid
 * adj3, Google AROUND(5). Such an operator is read as words here, and a note
 * says what to type instead. Only one that has something before and behind it
 * is told of. Private to the parser.
 *
 * Threads: pure functions. */
#ifndef LEDE_QUERY_FOREIGN_H
#define LEDE_QUERY_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

typedef struct lede_foreign {
    size_t len;       /* of the operator, to be quoted */
    char instead[16]; /* "NEAR/5"; empty: lede has nothing of the sort */
} lede_foreign;

/* An operator whose word begins at `at`; false if none does. */
bool lede_foreign_at(lede_span query, size_t at, lede_foreign *out);

/* Whether a number in parentheses stands at `at`: that of NEAR(5). */
bool lede_foreign_number(lede_span query, size_t at);

/* "date>=" and the like at `at`: how long the name and the sign are; 0: there
 * is none, or nothing stands behind it. */
size_t lede_foreign_equals(lede_span query, size_t at, lede_span *name,
                           lede_span *sign);

#endif
