/* article_head.h - "what stands above the text of an article?"
 *
 * A plain article as units (paragraphs, or lines where each is one): header
 * lines ("Source: ..."), headline, byline, dates, address, labels, and the
 * dateline of its first paragraph ("LONDON, Feb 26 (Reuters) - "). What is one
 * of these is marked as used; the rest is body.
 *
 * Threads: belongs to one thread. */
#ifndef LEDE_CORPUS_ARTICLE_HEAD_H
#define LEDE_CORPUS_ARTICLE_HEAD_H

#include "base/arena.h"
#include "corpus/dates.h"
#include "corpus/live_bylines.h"

typedef struct lede_article_unit {
    lede_span text;
    bool is_first;  /* of its block */
    bool is_last;   /* a blank line or the end follows */
    bool is_joined; /* of several lines */
    bool is_used;   /* by the head */
} lede_article_unit;

typedef struct lede_article_head {
    lede_arena *arena;
    const lede_date_hints *hints;

    lede_span headline, deck, url, source, section, lang, location, agency;
    lede_when published, updated, captured;
    lede_when dateline; /* the day in the dateline */
    lede_authors authors;
    lede_span *labels;
    uint32_t label_count;
    lede_span *tags;
    uint32_t tag_count;
    bool failed; /* out of memory */
} lede_article_head;

/* Reads the head of an article. `title` is known from outside, or empty. Spans
 * of *out lie in the units' texts. out->arena and out->hints are the caller's,
 * all else empty and the dates unset. */
void lede_article_head_read(lede_article_unit *units, size_t count,
                            lede_span title, lede_article_head *out);

/* "LONDON, Feb 26 (Reuters) - ": true with the parts; agency or day may be
 * missing (local.month 0). *end is where the text begins. */
typedef struct lede_dateline {
    lede_span location, agency;
    lede_when day;
    size_t end;
} lede_dateline;
bool lede_dateline_parse(lede_span text, const lede_date_hints *hints,
                         lede_dateline *out);

#endif
