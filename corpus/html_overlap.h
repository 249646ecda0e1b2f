/* html_overlap.h - "how much of this text is in that one?"
 *
 * The runs of three words of a text as a set of hashes, for texts that two
 * places of a page have: what the metadata calls the article, and what the page
 * shows. Case counts, marks and blanks do not; a character of Chinese or
 * Japanese is a word.
 *
 * Threads: plain values. */
#ifndef LEDE_CORPUS_HTML_OVERLAP_H
#define LEDE_CORPUS_HTML_OVERLAP_H

#include "base/arena.h"
#include "base/status.h"
#include "corpus/paragraphs.h"

typedef struct lede_overlap {
    uint64_t *slots; /* 0 = empty */
    uint8_t *is_met;
    size_t mask;
    size_t count; /* different runs in the set */
    size_t met;   /* of them met by lede_overlap_share */
} lede_overlap;

/* The set of a text's runs. LEDE_NO_MEMORY is the only failure. */
lede_status lede_overlap_read(const lede_body *text, lede_arena *arena,
                              lede_overlap *out, lede_error *err);

/* The share of a text's runs that are in the set, 0 to 100; what is shorter
 * than a run has none: -1. Counts the set's runs that it has as met. */
int lede_overlap_share(lede_overlap *set, lede_span text);

#endif
