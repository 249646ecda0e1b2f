/* article_split.h - "where does the next article of this file begin?"
 *
 * Files of several articles separate them by lines of "=====" or "----------"
 * that stand alone, by form feeds, or by the lines that news databases print
 * ("Document 3 of 20", "Document ABCD000002025021700001"). A separator counts
 * only if it is repeated, and a file has one kind of them: the strongest that
 * is.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_ARTICLE_SPLIT_H
#define LEDE_CORPUS_ARTICLE_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

typedef enum lede_separator {
    LEDE_SEPARATOR_NONE = 0,
    LEDE_SEPARATOR_COUNTED,   /* "Document 3 of 20", "3 of 20 DOCUMENTS" */
    LEDE_SEPARATOR_ACCESSION, /* "Document ABCD0000020250217": ends one */
    LEDE_SEPARATOR_PAGE,      /* a form feed */
    LEDE_SEPARATOR_EQUALS,
    LEDE_SEPARATOR_DASHES,
    LEDE_SEPARATOR_KINDS
} lede_separator;

/* What a line is; `behind_blank`: the line before it is blank or there is
 * none. */
lede_separator lede_separator_of(lede_span line, bool behind_blank);

/* The number of an accession line. */
lede_span lede_separator_accession(lede_span line);

/* Counts of a first pass over a file. All-zero is empty. */
typedef struct lede_separators {
    uint32_t counts[LEDE_SEPARATOR_KINDS];
    uint32_t mid_sentence; /* form feeds followed by a small letter */
    bool is_behind_page;
    bool is_behind_text;
} lede_separators;

void lede_separators_add(lede_separators *separators, lede_span line,
                         bool page_end);
/* The kind to split at, or LEDE_SEPARATOR_NONE. */
lede_separator lede_separators_choose(const lede_separators *separators);

#endif
